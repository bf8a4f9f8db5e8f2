using System.CommandLine;
using System.Text.Json;
using Glossa.Catalog;
using Glossa.Cli.Output;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa search QUERY</c>: rules by words and structure.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var query = new Argument<string[]>("QUERY")
        {
            Description = $"Words, and pairs of {string.Join(": ", SearchQuery.Keys)}: with a value. All must hold; - before one says that it must not. Put -- before a query that starts with -.",
            Arity = ArgumentArity.OneOrMore,
        };
        var database = CatalogOptions.Database();
        var json = CatalogOptions.Json();
        var limit = new Option<int>("--limit") { Description = "Hits to show.", DefaultValueFactory = _ => 20 };
        var offset = new Option<int>("--offset") { Description = "Hits to pass over." };
        var command = new Command("search", "Finds rules by words and by what they look for.") { query, database, json, limit, offset };
        command.SetAction(parsed => CatalogOptions.WithCatalog(
            parsed.GetValue(database),
            [],
            [],
            catalog => Run(
                catalog,
                Join(parsed.GetValue(query)!),
                Math.Clamp(parsed.GetValue(limit), 1, 10_000),
                Math.Max(parsed.GetValue(offset), 0),
                parsed.GetValue(json))));
        return command;
    }

    /// <summary>One argument is the query as it stands; of several, one with a blank in it was quoted for the shell.</summary>
    private static string Join(string[] words)
        => words.Length == 1 ? words[0] : string.Join(' ', words.Select(Quote));

    private static string Quote(string word)
    {
        if (!word.Any(char.IsWhiteSpace) || word.Contains('"', StringComparison.Ordinal))
        {
            return word;
        }

        var colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && SearchQuery.Keys.Contains(word[..colon].TrimStart('-').ToLowerInvariant())
            ? $"{word[..(colon + 1)]}\"{word[(colon + 1)..]}\""
            : $"\"{word}\"";
    }

    private static int Run(CatalogDatabase catalog, string query, int limit, int offset, bool json)
    {
        var (result, error) = new RuleSearch(catalog).Search(query, limit, offset, withFacets: json);
        if (result is null)
        {
            Console.Error.WriteLine(TerminalText.CleanLines(error!.WithCaret(query)));
            return ExitCode.Usage;
        }

        return ResultWriter.Write(writer =>
        {
            if (json)
            {
                writer.WriteLine(JsonSerializer.Serialize(result, RecordJson.Indented.SearchResult));
                return;
            }

            foreach (var hit in result.Hits)
            {
                writer.WriteLine($"{hit.Severity ?? "",-8}  {TerminalText.Clean(hit.Title)}");
                writer.WriteLine($"          {hit.Family}/{hit.Slug}");
                foreach (var match in hit.Matched)
                {
                    var not = match.Role == "exclusion" ? "not " : "";
                    writer.WriteLine($"          {TerminalText.Clean($"{not}{(match.Field.Length > 0 ? match.Field : "any field")} {match.Kind} {match.Value}")}");
                }
            }

            writer.WriteLine(result.Total == 0
                ? "No rule found."
                : $"{(result.Hits.Count == result.Total ? "" : $"{result.Offset + 1} to {result.Offset + result.Hits.Count} of ")}{DiagnosticLines.Count(result.Total, "rule")}");
        });
    }
}
