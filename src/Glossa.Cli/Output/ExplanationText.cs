using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution;
using Glossa.Execution.Alerts;

namespace Glossa.Cli.Output;

/// <summary>
/// Why a rule matches an event, or what keeps it from it, for a terminal: the answer, the comparisons that decided with what the event has, then the whole condition.
/// No line is wider than <see cref="Width"/> columns, except where one word is.
/// </summary>
internal static class ExplanationText
{
    public const int Width = 100;

    // Lists of hundreds of values are told by their beginning and their number.
    private const int MostValues = 8;
    private const int MostCharacters = 300;
    private const int DeepestLine = 20;

    /// <param name="number">Of the event where there are several; else 0.</param>
    public static void Write(TextWriter writer, DetectionRule rule, IEvent current, int number, ExternalValues values)
    {
        Line(writer, 0, $"{rule.Metadata.Title}{(number > 0 ? $", event {number}" : "")}");
        if (rule.Logic is null)
        {
            Line(writer, 1, "The rule carries no query that could be read.");
            return;
        }

        foreach (var need in rule.Needs)
        {
            Line(writer, 1, $"needs {need}, which --placeholders may give: until then a scan does not run it");
        }

        var explanations = RuleExplainer.Explain(rule, current, values);
        if (rule.Correlates is { } correlation)
        {
            Members(writer, rule, correlation, explanations, current);
        }

        foreach (var explanation in explanations)
        {
            Part(writer, explanation);
        }
    }

    /// <summary>A predicate in one line, without what the event has.</summary>
    public static string Describe(Predicate predicate) => predicate switch
    {
        Predicate.And => "and",
        Predicate.Or => "or",
        Predicate.Not => "not",
        Predicate.AtLeast atLeast => $"at least {atLeast.Count} of",
        Predicate.Constant constant => constant.Value ? "always" : "never",
        Predicate.Named named => named.Name,
        Predicate.Opaque opaque => $"not understood: {opaque.Reason}",
        Predicate.Leaf leaf => $"{RuleWords.FieldOf(leaf)} {LeafKinds.Of(leaf)}{(leaf.Match == MatchMode.All ? " all of" : "")}{Operands(leaf)}",
        _ => "?",
    };

    // One event cannot decide a correlation: what can be said is which of its members the event counts for, and under which group.
    private static void Members(TextWriter writer, DetectionRule rule, Correlation correlation, IReadOnlyList<RuleExplanation> explanations, IEvent current)
    {
        if (explanations.Count == 0)
        {
            Line(writer, 1, $"A correlation of {string.Join(", ", correlation.RuleIds)}, of which none could be read: give its files with --rules.");
            return;
        }

        var matched = explanations.Count(explanation => explanation.Matches);
        Line(writer, 1, "A correlation looks at several events together: one event alone does not decide it.");
        Line(writer, 1, matched == 0 ? "This event counts for none of its members." : $"This event counts for {matched} of its {explanations.Count} members.");
        foreach (var key in matched == 0 ? [] : RuleExplainer.GroupKeys(rule).Take(MostValues))
        {
            Line(writer, 1, $"group by {key}: {(current.Find(key, FieldLookup.Lenient) is { } value ? Show(value) : "the event has no such field")}");
        }
    }

    private static void Part(TextWriter writer, RuleExplanation explanation)
    {
        Line(writer, 1, $"{(explanation.Part is { } part ? $"{part}: " : "")}{Answer(explanation)}");
        if (!explanation.Matches)
        {
            var decisive = explanation.Decisive;
            foreach (var leaf in decisive.Take(MostValues))
            {
                Leaf(writer, 2, leaf, leaf.Result switch { Truth.True => "→ holds, but must not: ", Truth.False => "→ failed: ", _ => "→ not decided: " });
            }

            if (decisive.Count > MostValues)
            {
                Line(writer, 2, $"→ and {decisive.Count - MostValues} more below");
            }
        }

        if (explanation.Gate is { } gate)
        {
            Line(writer, 2, $"{Sign(gate.Result)} log source{Words(explanation.Source)}");
            if (gate.Result != Truth.True)
            {
                foreach (var child in gate.Predicate is Predicate.Leaf ? [gate] : gate.Parts)
                {
                    Tree(writer, child, 3);
                }
            }
        }

        Tree(writer, explanation.Condition, 2);
    }

    private static string Answer(RuleExplanation explanation) => explanation switch
    {
        { Matches: true } => "matches",
        { Gate.Result: Truth.False } => $"does not match: the event is not of the rule's log source{(explanation.Condition.Result == Truth.True ? ", though its condition holds" : "")}",
        { Condition.Result: Truth.Undecided } => "not decided: it hangs on a part that has no meaning here",
        _ => "does not match",
    };

    private static void Tree(TextWriter writer, Explanation node, int depth)
    {
        if (depth > DeepestLine)
        {
            Line(writer, DeepestLine, "… deeper parts: --json has them");
            return;
        }

        if (node.Predicate is Predicate.Leaf)
        {
            Leaf(writer, depth, node, $"{Sign(node.Result)} ");
            return;
        }

        // Filters that are not hit decide nothing; some rules have dozens.
        if (node is { Predicate: Predicate.Not, Result: Truth.True } && Names(node.Parts[0]) is { Count: > 0 } names)
        {
            Line(writer, depth, $"{Sign(node.Result)} not {string.Join(", ", names)}");
            return;
        }

        Line(writer, depth, $"{Sign(node.Result)} {Describe(node.Predicate)}");
        foreach (var child in node.Parts)
        {
            Tree(writer, child, depth + 1);
        }
    }

    /// <summary>The outermost names below it where all that stands below it has one; else none.</summary>
    private static List<string> Names(Explanation node)
    {
        if (node.Predicate is Predicate.Named named)
        {
            return [named.Name];
        }

        var below = node.Parts.Select(Names).ToList();
        return below.Count == 0 || below.Exists(names => names.Count == 0) ? [] : [.. below.SelectMany(names => names)];
    }

    private static void Leaf(TextWriter writer, int depth, Explanation leaf, string start)
    {
        var what = $"{start}{Describe(leaf.Predicate)}";
        var seen = Seen(leaf);
        if (TerminalText.Clean(what).Length + seen.Length + 2 + (depth * 2) <= Width)
        {
            Line(writer, depth, $"{what}  {seen}");
            return;
        }

        Line(writer, depth, what);
        Line(writer, depth + 2, seen);
    }

    private static string Words(ScanSource source) => source is not ScanSource.LogSource log ? ""
        : string.Concat(new[] { ("product", log.Product), ("category", log.Category), ("service", log.Service) }.Where(word => word.Item2 is not null).Select(word => $" {word.Item1}={word.Item2}"));

    private static string Sign(Truth truth) => truth switch
    {
        Truth.True => "✓",
        Truth.False => "✗",
        _ => "?",
    };

    private static string Operands(Predicate.Leaf leaf)
    {
        var words = leaf.Operands.Take(MostValues).Select(operand => operand switch
        {
            ValueExpression.Literal literal => Quoted(literal.Value.ToCanonicalText() ?? "null"),
            ValueExpression.Field { Path.SimpleName: { } name } => $"the field {name}",
            ValueExpression.ExternalValue external => $"the list {external.Input}",
            _ => "a computed value",
        }).ToList();
        if (words.Count == 0)
        {
            return "";
        }

        var more = leaf.Operands.Count > MostValues ? $" | … {leaf.Operands.Count - MostValues} more" : "";
        return $" {string.Join(" | ", words)}{more}";
    }

    private static string Seen(Explanation leaf) => leaf.Subject switch
    {
        null => "(the event has no such field)",
        Value.List list when leaf.Predicate is Predicate.Leaf { Subject: ValueExpression.Field { Path.Root: PathRoot.Anywhere } } => $"(looked through {list.Items.Count} values)",
        var value => $"(the event has {Show(value)})",
    };

    private static string Show(Value value) => value switch
    {
        Value.Null => "null",
        Value.Map => "an object",
        Value.List list => Cut(string.Join(" | ", list.Items.Take(MostValues).Select(item => item.ToCanonicalText() ?? "null"))),
        _ => Quoted(value.ToCanonicalText() ?? ""),
    };

    // Blanks at an end matter and do not show.
    private static string Quoted(string text) => Cut(text.Length == 0 || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) ? $"'{text}'" : text);

    private static string Cut(string text) => text.Length > MostCharacters ? $"{text[..MostCharacters]}…" : text;

    /// <summary>A line, broken at blanks; what does not fit goes on further in.</summary>
    private static void Line(TextWriter writer, int depth, string text)
    {
        var rest = TerminalText.Clean(text).AsSpan();
        var indent = Math.Min(depth, DeepestLine + 2) * 2;
        var room = Width - indent;
        for (var isFirst = true; ; isFirst = false)
        {
            writer.Write(new string(' ', isFirst ? indent : indent + 4));
            if (rest.Length <= room)
            {
                writer.WriteLine(rest);
                return;
            }

            // A path without a blank is cut where the line ends.
            var at = rest[..(room + 1)].LastIndexOf(' ');
            at = at < room / 2 ? room : at;
            at -= at < rest.Length && char.IsLowSurrogate(rest[at]) ? 1 : 0;
            writer.WriteLine(rest[..at].TrimEnd(' '));
            rest = rest[at..].TrimStart(' ');
            room = Width - indent - 4;
        }
    }
}
