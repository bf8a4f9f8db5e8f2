using System.Text.Json.Serialization;
using Glossa.Catalog;
using Glossa.Web.Components;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Rules;

/// <summary>A part of a file of a rule; the JSON of <c>/rules/{family}/{slug}/source</c>.</summary>
/// <param name="FirstLine">From 1.</param>
/// <param name="AllLines">Of the file.</param>
public sealed record SourceReport(RuleName Rule, string File, string Language, int FirstLine, int Lines, int AllLines, string Text)
{
    /// <param name="body">Into <see cref="RuleRecord.Body"/>.</param>
    public static SourceReport Of(RuleView view, int body)
    {
        var (file, window) = (view.Rule.Body[body], view.Windows[body]);
        return new SourceReport(RuleName.Of(view.Rule), file.File, file.Language, window.FirstLine, window.Lines, window.AllLines, file.Text[window.Start..window.End]);
    }
}

/// <summary>Predicates of a rule; the JSON of <c>/rules/{family}/{slug}/values</c>.</summary>
/// <param name="Total">All predicates.</param>
/// <param name="Page">From 1; a page has <see cref="PageSize"/>.</param>
public sealed record PredicatesReport(RuleName Rule, int Total, int Page, IReadOnlyList<PredicateReport> Predicates)
{
    public const int PageSize = 50;

    /// <summary>Values of a predicate that stand here; <c>/values/{number}</c> has all.</summary>
    public const int ValuesShown = 2;

    /// <summary>Null where the rule has no such page.</summary>
    public static PredicatesReport? Of(RuleRecord rule, int page)
    {
        var rows = PredicateRow.Of(rule.Indicators.Concat(rule.Exclusions));
        return page > 1 && (page - 1) * PageSize >= rows.Count
            ? null
            : new PredicatesReport(
                RuleName.Of(rule),
                rows.Count,
                page,
                [.. rows.Skip((page - 1) * PageSize).Take(PageSize).Select(row => new PredicateReport(row.Number, row.Values.Count, [.. row.Values.Take(ValuesShown)]))]);
    }
}

/// <param name="Number">From 1.</param>
/// <param name="Total">All its values.</param>
public sealed record PredicateReport(int Number, int Total, IReadOnlyList<IndicatorRecord> Values);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SourceReport))]
[JsonSerializable(typeof(PredicatesReport))]
internal sealed partial class RulesJson : JsonSerializerContext
{
    /// <summary>For people: indented.</summary>
    public static RulesJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));
}
