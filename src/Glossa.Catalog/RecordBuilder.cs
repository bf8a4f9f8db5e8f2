using Glossa.Analysis;
using Glossa.Analysis.Witnesses;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Taxonomy;
using Glossa.Core.Text;

namespace Glossa.Catalog;

/// <summary>Makes the stored record of one rule: everything a page says that does not depend on other rules.</summary>
internal sealed class RecordBuilder
{
    /// <summary>Each level is an object in a list in the JSON; no rule of a person comes near.</summary>
    private const int DeepestTree = 200;

    private readonly DetectionRule _rule;
    private readonly RuleAnalysis _analysis;
    private readonly List<SourceFile> _files = [];

    private readonly RulePaths _paths;

    private readonly Witness? _witness;

    private RecordBuilder(DetectionRule rule, RuleAnalysis analysis, Witness? witness, RulePaths paths)
    {
        _rule = rule;
        _witness = witness;
        _analysis = analysis;
        _paths = paths;
        foreach (var range in rule.Query.Locate(new SourceSpan(0, rule.Query.Length)))
        {
            // The rule's own file first; documents that others add to it follow.
            if (!_files.Contains(range.File))
            {
                _files.Insert(string.Equals(paths.Of(range.File), rule.Metadata.File, StringComparison.Ordinal) ? 0 : _files.Count, range.File);
            }
        }
    }

    /// <param name="witness">Events that fire the rule; null where none is known.</param>
    /// <param name="ownText">The text of the rule's own file, which the record leaves out.</param>
    public static StoredRecord Build(DetectionRule rule, RuleAnalysis analysis, Witness? witness, string? logicHash, RulePaths paths, out string? ownText)
    {
        var builder = new RecordBuilder(rule, analysis, witness, paths);
        ownText = builder._files.Count > 0 ? builder._files[0].Text : null;
        return new StoredRecord(builder.Head(logicHash), builder.Rows());
    }

    private RuleRecord Head(string? logicHash)
    {
        var metadata = _rule.Metadata;
        return new RuleRecord
        {
            Id = metadata.Id,
            Title = metadata.Title,
            Family = metadata.Family,
            File = metadata.File,
            Path = metadata.File.Split('/')[..^1],
            Fidelity = Words.Of(_rule.Fidelity.Level),
            Reasons = [.. _rule.Fidelity.Reasons.Select(reason => new FidelityReasonRecord(reason.Span is { } span ? Span(span) : null, reason.Construct, reason.Text))],
            Needs = _rule.Needs,
            Facts = Facts(),
            Description = metadata.Description,
            Sections = Sections(),
            Attack = [.. _analysis.Attack.Select(Attack)],
            Body = [.. _files.Select((file, index) => new BodyRecord(index == 0 ? metadata.File : _paths.Of(file), Language(file.Path), index == 0 ? "" : file.Text))],
            Condition = _analysis.Condition,
            Stages = [.. _analysis.Stages.Select(Stage)],
            Outputs = [.. _analysis.Outputs.Select(output => new OutputRecord(output.Field, output.Source))],
            Data = [.. _analysis.Data.Select(data => new DataRecord(data.Product, data.Category, data.Service, data.Definition, data.Gate))],
            NotModelled = [.. _analysis.NotModelled.Select(part => new NotModelledRecord(Span(part.Span), part.Reason))],
            Kind = metadata.Kind,
            Language = _rule.Language,
            Severity = metadata.Severity is { } severity ? Words.Of(severity) : null,
            Status = metadata.Status,
            Author = metadata.Author,
            Created = metadata.Created,
            Modified = metadata.Modified,
            Tags = metadata.Tags,
            Assumptions = _rule.Fidelity.Assumptions,
            Examples = _witness is null ? [] : [ExampleBuilder.Of(_witness)],
            LogicHash = logicHash,
            Document = metadata.DocumentIndex,
            Logic = _analysis.Logic is { } logic ? Logic(logic) : null,
        };
    }

    private List<StoredRow> Rows()
        => [.. _analysis.Rows.Select(row => new StoredRow(
            row.Field,
            row.Concept,
            row.Kind,
            row.Stage,
            row.Match == MatchMode.All,
            row.Case == CaseRule.Exact,
            (int)row.Role,
            row.Scope,
            row.Part,
            [.. row.Values.Select(value => new StoredValue(
                value.Text,
                Place(value.Span) is { } place ? [place.Body, place.Start, place.Length] : null,
                value.Derived.Count > 0 ? value.Derived : null))]))];

    private List<FactRecord> Facts()
    {
        var metadata = _rule.Metadata;
        var facts = new List<FactRecord>();
        Add("Severity", metadata.Severity is { } severity ? Words.Of(severity) : null);
        Add("Status", metadata.Status);
        Add("Type", metadata.Kind == "rule" ? null : metadata.Kind);
        Add("Created", metadata.Created);
        Add("Modified", metadata.Modified);
        foreach (var fact in _analysis.Facts)
        {
            Add(fact.Name, fact.Value);
        }

        foreach (var data in _analysis.Data)
        {
            Add("Log source", string.Join(" / ", new[] { data.Product, data.Category, data.Service }.OfType<string>()));
        }

        Add("Needs", string.Join(", ", _rule.Needs));
        foreach (var fact in metadata.Facts)
        {
            Add(fact.Name, fact.Value);
        }

        Add("Tags", string.Join(", ", metadata.Tags));
        Add("Author", metadata.Author);
        Add("Licence", metadata.Licence);
        if (metadata.References.Count > 0)
        {
            facts.Add(new FactRecord("References", string.Join('\n', metadata.References), [.. metadata.References.Where(IsLink)]));
        }

        Add("File", metadata.File);
        return facts;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                facts.Add(new FactRecord(name, value, IsLink(value) ? [value] : []));
            }
        }
    }

    private List<SectionRecord> Sections()
    {
        var sections = new List<SectionRecord>();
        if (_rule.Metadata.FalsePositives.Count > 0)
        {
            sections.Add(new SectionRecord("falsePositives", Bullets(_rule.Metadata.FalsePositives)));
        }

        if (_rule.Metadata.References.Count > 0)
        {
            sections.Add(new SectionRecord("references", Bullets(_rule.Metadata.References.Select(reference => IsLink(reference) ? $"<{reference}>" : reference))));
        }

        return sections;
    }

    private static string Bullets(IEnumerable<string> items)
        => string.Join('\n', items.Select(item => $"- {item.ReplaceLineEndings(" ").Trim()}"));

    /// <summary>Only these ever become links; no blank, no bracket that would end one.</summary>
    private static bool IsLink(string text)
        => (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            && text.Length > 8
            && !text.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '<' or '>' or '"');

    private static AttackRecord Attack(AttackCoverageRow row)
        => new(
            row.Tactic is { } tactic ? new TacticRecord(tactic.Id, tactic.Name, tactic.Note, row.IsDeclared) : null,
            [.. row.Techniques.Select(technique => new TechniqueRecord(
                technique.Id,
                technique.Name,
                technique.Status.ToString().ToLowerInvariant(),
                technique.Successors.Count > 0 ? string.Join(", ", technique.Successors.Select(successor => successor.Id)) : null))]);

    private StageRecord Stage(RuleStage stage)
    {
        var places = stage.Sources.Select(Place).OfType<PlaceRecord>().ToList();
        return new StageRecord(
            stage.Number,
            stage.Name,
            stage.Source,
            places.Count > 0 && places[0].Body == 0 ? [places[0].Start, places[0].Length] : null,
            stage.Becomes,
            stage.Predicates,
            stage.Rows,
            places);
    }

    private LogicRecord Logic(LogicNode node, int depth = 0)
        => depth >= DeepestTree
            ? new(Words.Of(LogicKind.Opaque), "nested too deep to be shown", null, null, Place(node.Span), null)
            : new(
                Words.Of(node.Kind),
                node.Text,
                node.Kind == LogicKind.AtLeast ? node.Count : null,
                node.Row >= 0 ? node.Row : null,
                Place(node.Span),
                node.Children.Count > 0 ? [.. node.Children.Select(child => Logic(child, depth + 1))] : null);

    private int[]? Span(SourceSpan span) => Place(span) is { Body: 0 } place ? [place.Start, place.Length] : null;

    /// <summary>From a position in the query to one in a file. A span over several pieces of one file covers them all.</summary>
    private PlaceRecord? Place(SourceSpan span)
    {
        if (span.Length <= 0 || span.Start < 0 || span.End > _rule.Query.Length)
        {
            return null;
        }

        var ranges = _rule.Query.Locate(span);
        if (ranges.Count == 0)
        {
            return null;
        }

        var file = ranges[0].File;
        var whole = ranges[0].Span;
        for (var i = 1; i < ranges.Count && ReferenceEquals(ranges[i].File, file); i++)
        {
            whole = whole.Union(ranges[i].Span);
        }

        return new PlaceRecord(_files.IndexOf(file), whole.Start, whole.Length);
    }

    /// <summary>For the highlighter.</summary>
    private string Language(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".yml" or ".yaml" => "yaml",
        ".toml" => "toml",
        ".py" => "python",
        ".md" => "markdown",
        _ => _rule.Language,
    };
}
