using Glossa.Core.Ir;
using Glossa.Core.Taxonomy;
using Glossa.Core.Text;

namespace Glossa.Analysis;

/// <summary>What can be said of one rule by looking at it alone. Spans are positions in the rule's <see cref="QueryText"/>.</summary>
/// <param name="Condition">The text that joins the named parts of a single-event rule, as written; null where there is none.</param>
/// <param name="Logic">What must hold, as authored; one child per filter of a plan with several. Null for a rule without logic.</param>
/// <param name="Stages">From the source of the events on, numbered from 1.</param>
/// <param name="Rows">Every predicate of the tree that compares a field, in the order written.</param>
/// <param name="Outputs">Fields the alert shows.</param>
/// <param name="Facts">Group by, time window, threshold and the like.</param>
public sealed record RuleAnalysis(
    string? Condition,
    LogicNode? Logic,
    IReadOnlyList<RuleStage> Stages,
    IReadOnlyList<PredicateRow> Rows,
    IReadOnlyList<OutputField> Outputs,
    IReadOnlyList<AttackCoverageRow> Attack,
    IReadOnlyList<AnalysisFact> Facts,
    IReadOnlyList<DataSource> Data,
    IReadOnlyList<NotModelled> NotModelled)
{
    public IEnumerable<PredicateRow> Indicators => Rows.Where(row => row.Role == RowRole.Indicator);

    /// <summary>What takes events away, and the exceptions that let them back in.</summary>
    public IEnumerable<PredicateRow> Exclusions => Rows.Where(row => row.Role != RowRole.Indicator);
}

public enum LogicKind
{
    And,
    Or,
    Not,

    /// <summary>At least <see cref="LogicNode.Count"/> of the children.</summary>
    AtLeast,

    /// <summary>A part with the author's name for it; one child.</summary>
    Named,

    /// <summary>A comparison; <see cref="LogicNode.Row"/> is its row.</summary>
    Leaf,

    Constant,
    Opaque,

    /// <summary>A part of a plan: a member rule, a step, the condition over a window. One child.</summary>
    Stage,
}

/// <summary>A node of the AND/OR tree: the authored predicate without guards and gates.</summary>
/// <param name="Text">A name, a constant, why a node is opaque; null where the kind says all.</param>
/// <param name="Row">Into <see cref="RuleAnalysis.Rows"/>; -1 where the node is no comparison of a field.</param>
public sealed record LogicNode(LogicKind Kind, string? Text, int Count, SourceSpan Span, int Row, IReadOnlyList<LogicNode> Children)
{
    public static LogicNode Of(LogicKind kind, SourceSpan span, IReadOnlyList<LogicNode> children, string? text = null, int count = 0)
        => new(kind, text, count, span, -1, children);
}

/// <summary>A step of the rule as its author wrote it.</summary>
/// <param name="Name">A condition term, a member rule, or the command of a pipe segment.</param>
/// <param name="Sources">Where its text stands, in order; a term over several selections has several places.</param>
/// <param name="Source">The text at those places, parted by line breaks.</param>
/// <param name="Becomes">What a macro in it expands to; null where it expands to nothing else.</param>
/// <param name="Rows">Into <see cref="RuleAnalysis.Rows"/>.</param>
/// <param name="Predicates">
/// What it asks, one line a predicate, long value lists cut short. All must hold, but for those with a dash, of which the line above them says
/// how many.
/// </param>
public sealed record RuleStage(
    int Number,
    string Name,
    IReadOnlyList<SourceSpan> Sources,
    string Source,
    string? Becomes,
    IReadOnlyList<int> Rows,
    IReadOnlyList<string> Predicates);

public enum RowRole
{
    /// <summary>The rule looks for it.</summary>
    Indicator,

    /// <summary>The rule looks away from it.</summary>
    Exclusion,

    /// <summary>Stands inside an exclusion and takes it back.</summary>
    Exception,
}

/// <summary>One comparison: a field, what is asked of it, and the values.</summary>
/// <param name="Number">Its place in <see cref="RuleAnalysis.Rows"/>, from 0.</param>
/// <param name="Field">The subject as written; empty for keywords, which are searched for everywhere.</param>
/// <param name="Concept">What vendors share under different names, or null where none is known.</param>
/// <param name="Kind">A word of IR.md 2.9: <c>eq in contains starts_with ends_with wildcard regex cidr lt le gt ge keyword in_list present missing has_value is_empty field_compare computed</c>.</param>
/// <param name="Match">Whether one value is enough or all must fit.</param>
/// <param name="IsNegated">It stands under an odd number of negations.</param>
/// <param name="Scope"><c>rule</c> where it always counts, <c>branch</c> where it stands in an alternative, <c>absence</c> in a step that must not happen.</param>
/// <param name="Part">The innermost named part it stands in (a selection), or null.</param>
/// <param name="Stage">Number of its stage.</param>
public sealed record PredicateRow(
    int Number,
    RowRole Role,
    string Field,
    string? Concept,
    string Kind,
    MatchMode Match,
    CaseRule Case,
    bool IsNegated,
    string Scope,
    string? Part,
    int Stage,
    SourceSpan Span,
    IReadOnlyList<RowValue> Values);

/// <summary>A value as its author wrote it.</summary>
/// <param name="Text">What is compared; <c>""</c> for a question without a value.</param>
/// <param name="Derived">What is really searched for, where that was computed from the text (encodings, kinds of dashes); else empty.</param>
/// <param name="Keys">What makes it the same as a value of another rule; several for derived values.</param>
public sealed record RowValue(string Text, SourceSpan Span, IReadOnlyList<string> Derived, IReadOnlyList<CountKey> Keys);

/// <summary>Two rules look for the same where a key of theirs is equal. See CountKeys.</summary>
/// <param name="Subject">The concept, or <c>family:folded field name</c>.</param>
/// <param name="Kind">The row's kind after reduction: one value of <c>in</c> is an <c>eq</c>, a wildcard of plain shape the operator it stands for.</param>
/// <param name="Value">Canonical, and folded: whether letters are compared exactly plays no part.</param>
public readonly record struct CountKey(string Subject, string Kind, string Value);

/// <summary>A field of the alert, and where it comes from.</summary>
public sealed record OutputField(string Field, string Source);

/// <summary>A line of the header that the logic gives: <c>Group by</c>, <c>Time window</c>, <c>Threshold</c>.</summary>
public sealed record AnalysisFact(string Name, string Value);

/// <summary>Where the events come from.</summary>
/// <param name="Gate">What that means in the log, in words: channel and event ids; null where nothing is known.</param>
/// <param name="Definition">What the author says must be configured.</param>
public sealed record DataSource(string? Product, string? Category, string? Service, string? Definition, string? Gate);

public sealed record NotModelled(SourceSpan Span, string Reason);
