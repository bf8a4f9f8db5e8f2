using System.Text.Json;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Execution;
using Glossa.Execution.Alerts;

namespace Glossa.Cli.Output;

/// <summary>
/// What <c>explain --json</c> prints, an array with one object a rule and event:
/// <code>
/// {"rule":"id","title":"…","event":1,          number of the event in its file, from 1
///  "matches":true|false|null,                  null where one event does not decide: a correlation, or a part without a meaning here
///  "correlation":true|false,"needs":["…"],     needs: what the user must supply before a scan runs the rule
///  "parts":[{"name":"…"|null,                  one for a rule of single events, one a member for a correlation (name: the member)
///    "matches":true|false,
///    "logSource":NODE,                         absent where the rule has none
///    "condition":NODE,
///    "decisive":[LEAF…]}]}                     what decided, in the order it was written: of the log source where that kept the event out
/// NODE  {"what":"and|or|not|at least N of|always|never|a selection's name|not understood: why","result":"true|false|undecided","parts":[NODE…]}, or a LEAF
/// LEAF  {"what":"eq|in|contains|starts_with|ends_with|regex|…","result":…,"field":"…","values":[…],"seen":value or null,"present":true|false}
/// </code>
/// A keyword's <c>field</c> is <c>keyword</c>, its <c>seen</c> null: it looks through every value of the event.
/// </summary>
internal static class ExplanationJson
{
    private const int DeepestNode = 400;

    public static void Write(Stream stream, IReadOnlyList<DetectionRule> rules, IReadOnlyList<IEvent> events, ExternalValues values)
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, MaxDepth = (2 * DeepestNode) + 32 }))
        {
            writer.WriteStartArray();
            foreach (var rule in rules)
            {
                for (var i = 0; i < events.Count; i++)
                {
                    Write(writer, rule, i + 1, RuleExplainer.Explain(rule, events[i], values));
                }
            }

            writer.WriteEndArray();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter writer, DetectionRule rule, int number, IReadOnlyList<RuleExplanation> explanations)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", rule.Metadata.Id);
        writer.WriteString("title", rule.Metadata.Title);
        writer.WriteNumber("event", number);
        if (rule.Correlates is null && explanations is [var single] && (single.Matches || single.IsDecided))
        {
            writer.WriteBoolean("matches", single.Matches);
        }
        else
        {
            writer.WriteNull("matches");
        }

        writer.WriteBoolean("correlation", rule.Correlates is not null);
        writer.WriteStartArray("needs");
        foreach (var need in rule.Needs)
        {
            writer.WriteStringValue(need);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("parts");
        foreach (var explanation in explanations)
        {
            writer.WriteStartObject();
            writer.WriteString("name", explanation.Part);
            writer.WriteBoolean("matches", explanation.Matches);
            if (explanation.Gate is { } gate)
            {
                writer.WritePropertyName("logSource");
                WriteNode(writer, gate, 0);
            }

            writer.WritePropertyName("condition");
            WriteNode(writer, explanation.Condition, 0);
            writer.WriteStartArray("decisive");
            foreach (var leaf in explanation.Decisive)
            {
                WriteNode(writer, leaf, 0);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter writer, Explanation node, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("what", node.Predicate is Predicate.Leaf named ? LeafKinds.Of(named) : ExplanationText.Describe(node.Predicate));
        writer.WriteString("result", node.Result switch { Truth.True => "true", Truth.False => "false", _ => "undecided" });
        if (node.Predicate is Predicate.Leaf leaf)
        {
            writer.WriteString("field", RuleWords.FieldOf(leaf));
            writer.WriteStartArray("values");
            foreach (var operand in node.Operands)
            {
                AlertWriter.WriteValue(writer, operand);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("seen");
            AlertWriter.WriteValue(writer, leaf.Subject is ValueExpression.Field { Path.Root: PathRoot.Anywhere } ? null : node.Subject);
            writer.WriteBoolean("present", node.Subject is not null);
        }

        if (node.Parts.Count > 0 && depth < DeepestNode)
        {
            writer.WriteStartArray("parts");
            foreach (var part in node.Parts)
            {
                WriteNode(writer, part, depth + 1);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
