using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution.Matching;
using Glossa.Languages;

namespace Glossa.Cli.Commands;

/// <summary>Rules read from paths, for commands that run them.</summary>
/// <param name="NoPathReadable">None of the paths could be read.</param>
internal sealed record LoadedRules(IReadOnlyList<DetectionRule> Rules, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists, IReadOnlyList<Diagnostic> Diagnostics, bool NoPathReadable)
{
    public static LoadedRules Read(IReadOnlyList<string> paths, IReadOnlyList<string> listFiles)
    {
        var bag = new DiagnosticBag();
        var options = CatalogOptions.Reading(listFiles, bag);
        var repository = RuleRepository.Open(paths, options);
        bag.AddRange(repository.Diagnostics);
        var results = new RuleFileResult[repository.Files.Count];
        Parallel.For(0, results.Length, index => results[index] = repository.Read(repository.Files[index]));
        var rules = new List<DetectionRule>();
        foreach (var result in results)
        {
            rules.AddRange(result.Rules);
            bag.AddRange(result.Diagnostics);
        }

        return new LoadedRules(rules, options.ValueLists, [.. bag], repository.NoPathReadable);
    }

    public RuleSet Compile() => RuleSet.Compile(Rules, new ExternalValues(Lists));

    /// <summary>Errors, and the first warnings, one a line.</summary>
    public static IEnumerable<string> Lines(IEnumerable<Diagnostic> diagnostics)
        => diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic.Path}{(diagnostic.Position is { } at ? $":{at.Line}:{at.Column}" : "")}: error {diagnostic.Id}: {diagnostic.Message}");
}
