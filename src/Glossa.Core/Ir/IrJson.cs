using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glossa.Core.Events;
using Glossa.Core.Rules;

namespace Glossa.Core.Ir;

/// <summary>
/// The IR as JSON, for programs that read what Glossa understood. Stable: properties are only added. A node is an object with
/// <c>node</c> (its name in <see cref="IrText"/>), its parts, and <c>span</c> ([start, length] in the query; absent where the node was
/// not written) and <c>origin</c> (absent where the author wrote it). A literal is its JSON value where JSON has the type, else
/// <c>{"type", "value"}</c>. For storing and reading back, <see cref="IrText"/> is the form.
/// </summary>
public static class IrJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    public static string Write(Predicate predicate, bool indented = false) => ToText(indented, writer => Write(writer, predicate));

    public static string Write(Plan plan, bool indented = false) => ToText(indented, writer => Write(writer, plan));

    public static string Write(DetectionLogic logic, bool indented = false) => ToText(indented, writer => Write(writer, logic));

    /// <summary>Writes the logic as the value of the property or element the writer stands at.</summary>
    public static void Write(Utf8JsonWriter writer, DetectionLogic logic)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("bindings");
        foreach (var binding in logic.Bindings)
        {
            writer.WriteStartObject();
            writer.WriteString("id", binding.Id);
            writer.WriteString("name", binding.Name);
            writer.WritePropertyName("plan");
            Write(writer, binding.Plan);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("parameters");
        foreach (var parameter in logic.Parameters)
        {
            writer.WriteStringValue(parameter);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("inputs");
        foreach (var input in logic.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("id", input.Id);
            writer.WriteString("kind", Snake(input.Kind.ToString()));
            writer.WriteString("name", input.Name);
            writer.WriteBoolean("requiredAsRows", input.RequiredAsRows);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("root");
        Write(writer, logic.Root);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Predicate predicate)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        predicate.Accept(new PredicateWriter(writer));
    }

    public static void Write(Utf8JsonWriter writer, Plan plan)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        plan.Accept(new PlanWriter(writer));
    }

    public static void Write(Utf8JsonWriter writer, ValueExpression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        expression.Accept(new ExpressionWriter(writer));
    }

    private static string ToText(bool indented, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // A writer's own depth limit is 1000; a tree nests two levels of JSON for each of its own.
        using (var writer = new Utf8JsonWriter(buffer, (indented ? Readable : Compact) with { MaxDepth = 10_000 }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Start(Utf8JsonWriter writer, string node, Origin origin)
    {
        writer.WriteStartObject();
        writer.WriteString("node", node);
        if (origin.Span != default)
        {
            writer.WriteStartArray("span");
            writer.WriteNumberValue(origin.Span.Start);
            writer.WriteNumberValue(origin.Span.Length);
            writer.WriteEndArray();
        }

        if (origin.Kind != OriginKind.Authored)
        {
            writer.WriteString("origin", Snake(origin.Kind.ToString()));
        }

        if (origin.StandsFor.Count > 0)
        {
            writer.WriteStartArray("standsFor");
            foreach (var number in origin.StandsFor)
            {
                writer.WriteNumberValue(number);
            }

            writer.WriteEndArray();
        }
    }

    private static void Children<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static void Path(Utf8JsonWriter writer, FieldPath path)
    {
        if (path.SimpleName is { } name && path.Lookup == FieldLookup.Lenient)
        {
            Text(writer, name);
        }
        else
        {
            writer.WriteStringValue(IrText.Write(new ValueExpression.Field(path)));
        }
    }

    /// <summary>JSON has no half surrogate pairs; they become U+FFFD, as everywhere bytes are written.</summary>
    private static void Text(Utf8JsonWriter writer, string text) => writer.WriteStringValue(Encoding.UTF8.GetBytes(text));

    private static void Literal(Utf8JsonWriter writer, Value value)
    {
        switch (value)
        {
            case Value.Null:
                writer.WriteNullValue();
                break;
            case Value.Boolean boolean:
                writer.WriteBooleanValue(boolean.Content);
                break;
            case Value.Integer integer:
                writer.WriteNumberValue(integer.Content);
                break;
            case Value.Decimal number:
                writer.WriteNumberValue(number.Content);
                break;
            case Value.Real real when double.IsFinite(real.Content):
                writer.WriteNumberValue(real.Content);
                break;
            case Value.Text text:
                Text(writer, text.Content);
                break;
            case Value.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    RuntimeHelpers.EnsureSufficientExecutionStack();
                    Literal(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                writer.WriteString("type", Snake(value.GetType().Name));
                writer.WritePropertyName("value");
                Text(writer, value.ToCanonicalText() ?? IrText.Write(new ValueExpression.Literal(value)));
                writer.WriteEndObject();
                break;
        }
    }

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }

    private sealed class PredicateWriter(Utf8JsonWriter writer) : PredicateVisitor<bool>
    {
        public override bool VisitAnd(Predicate.And and) => Group("and", and.Origin, and.Children);

        public override bool VisitOr(Predicate.Or or) => Group("or", or.Origin, or.Children);

        public override bool VisitNot(Predicate.Not not) => Group("not", not.Origin, [not.Child]);

        public override bool VisitAtLeast(Predicate.AtLeast atLeast)
        {
            Start(writer, "at_least", atLeast.Origin);
            writer.WriteNumber("count", atLeast.Count);
            return Rest(atLeast.Children);
        }

        public override bool VisitConstant(Predicate.Constant constant)
        {
            Start(writer, "constant", constant.Origin);
            writer.WriteBoolean("value", constant.Value);
            return End();
        }

        public override bool VisitNamed(Predicate.Named named)
        {
            Start(writer, "named", named.Origin);
            writer.WritePropertyName("name");
            Text(writer, named.Name);
            writer.WriteString("kind", Snake(named.Kind.ToString()));
            return Rest([named.Child]);
        }

        public override bool VisitOpaque(Predicate.Opaque opaque)
        {
            Start(writer, "opaque", opaque.Origin);
            writer.WritePropertyName("reason");
            Text(writer, opaque.Reason);
            Children(writer, "reads", opaque.Reads, path => Path(writer, path));
            return End();
        }

        public override bool VisitLeaf(Predicate.Leaf leaf)
        {
            Start(writer, "leaf", leaf.Origin);
            writer.WriteString("operator", IrText.Word(leaf.Operator));
            writer.WritePropertyName("subject");
            Write(writer, leaf.Subject);
            Children(writer, "operands", leaf.Operands, operand => Write(writer, operand));
            writer.WriteString("match", Snake(leaf.Match.ToString()));
            writer.WriteString("case", Snake(leaf.Case.ToString()));
            writer.WriteString("quantifier", Snake(leaf.Quantifier.ToString()));
            writer.WriteString("typing", Snake(leaf.Typing.ToString()));
            if (leaf.Regex is { } form)
            {
                writer.WriteStartObject("regex");
                writer.WriteString("dialect", Snake(form.Dialect.ToString()));
                writer.WriteString("anchor", Snake(form.Anchor.ToString()));
                writer.WriteBoolean("multiline", form.Options.HasFlag(RegexOptionSet.Multiline));
                writer.WriteBoolean("dotAll", form.Options.HasFlag(RegexOptionSet.DotAll));
                writer.WriteEndObject();
            }

            return End();
        }

        private bool Group(string node, Origin origin, IrList<Predicate> children)
        {
            Start(writer, node, origin);
            return Rest(children);
        }

        private bool Rest(IrList<Predicate> children)
        {
            Children(writer, "children", children, child => Write(writer, child));
            return End();
        }

        private bool End()
        {
            writer.WriteEndObject();
            return true;
        }
    }

    private sealed class ExpressionWriter(Utf8JsonWriter writer) : ValueExpressionVisitor<bool>
    {
        public override bool VisitLiteral(ValueExpression.Literal literal)
        {
            Start(writer, "literal", literal.Origin);
            writer.WritePropertyName("value");
            Literal(writer, literal.Value);
            if (literal.Text is not null)
            {
                writer.WritePropertyName("written");
                Text(writer, literal.Text);
            }

            return End();
        }

        public override bool VisitField(ValueExpression.Field field)
        {
            Start(writer, "field", field.Origin);
            writer.WritePropertyName("path");
            Path(writer, field.Path);
            return End();
        }

        public override bool VisitParameter(ValueExpression.Parameter parameter)
        {
            Start(writer, "parameter", parameter.Origin);
            writer.WritePropertyName("name");
            Text(writer, parameter.Name);
            return End();
        }

        public override bool VisitCall(ValueExpression.Call call)
        {
            Start(writer, "call", call.Origin);
            writer.WritePropertyName("function");
            Text(writer, call.Function);
            Children(writer, "arguments", call.Arguments, argument => Write(writer, argument));
            return End();
        }

        public override bool VisitExternalValue(ValueExpression.ExternalValue external)
        {
            Start(writer, "external_value", external.Origin);
            writer.WritePropertyName("input");
            Text(writer, external.Input);
            Children(writer, "arguments", external.Arguments, argument => Write(writer, argument));
            return End();
        }

        public override bool VisitOpaque(ValueExpression.Opaque opaque)
        {
            Start(writer, "opaque", opaque.Origin);
            writer.WritePropertyName("reason");
            Text(writer, opaque.Reason);
            Children(writer, "reads", opaque.Reads, path => Path(writer, path));
            return End();
        }

        private bool End()
        {
            writer.WriteEndObject();
            return true;
        }
    }

    private sealed class PlanWriter(Utf8JsonWriter writer) : PlanVisitor<bool>
    {
        public override bool VisitScan(Plan.Scan scan)
        {
            Start(writer, "scan", scan.Origin);
            if (scan.Source is ScanSource.LogSource source)
            {
                writer.WriteStartObject("logSource");
                foreach (var (name, value) in new[] { ("product", source.Product), ("category", source.Category), ("service", source.Service), ("definition", source.Definition) })
                {
                    if (value is not null)
                    {
                        writer.WritePropertyName(name);
                        Text(writer, value);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WritePropertyName("time");
            Text(writer, scan.TimeColumn);
            if (scan.Gate is not null)
            {
                writer.WritePropertyName("gate");
                Write(writer, scan.Gate);
            }

            return End();
        }

        public override bool VisitFilter(Plan.Filter filter)
        {
            Start(writer, "filter", filter.Origin);
            writer.WritePropertyName("predicate");
            Write(writer, filter.Predicate);
            return Inputs([filter.Input]);
        }

        public override bool VisitExtend(Plan.Extend extend)
        {
            Start(writer, "extend", extend.Origin);
            Children(writer, "assignments", extend.Assignments, assignment => Named(assignment.Name, "expression", () => Write(writer, assignment.Expression)));
            return Inputs([extend.Input]);
        }

        public override bool VisitUnion(Plan.Union union)
        {
            Start(writer, "union", union.Origin);
            return Inputs(union.Inputs);
        }

        public override bool VisitReference(Plan.Reference reference)
        {
            Start(writer, "reference", reference.Origin);
            writer.WritePropertyName("binding");
            Text(writer, reference.Binding);
            return Inputs([]);
        }

        public override bool VisitWindow(Plan.Window window)
        {
            Start(writer, "window", window.Origin);
            Keys("partition", window.Partition);
            writer.WriteString("order", window.Order);
            writer.WriteNumber("rangeSeconds", window.Range.TotalSeconds);
            Aggregates(window.Calls);
            return Inputs([window.Input]);
        }

        public override bool VisitSummarize(Plan.Summarize summarize)
        {
            Start(writer, "summarize", summarize.Origin);
            Keys("keys", summarize.Keys);
            Aggregates(summarize.Aggregates);
            return Inputs([summarize.Input]);
        }

        public override bool VisitSequence(Plan.Sequence sequence)
        {
            Start(writer, "sequence", sequence.Origin);
            writer.WriteString("order", Snake(sequence.Order.ToString()));
            if (sequence.MaxSpan is { } span)
            {
                writer.WriteNumber("maxSpanSeconds", span.TotalSeconds);
            }

            Children(writer, "steps", sequence.Steps, step => Named(step.Name, "plan", () =>
            {
                Write(writer, step.Plan);
                Keys("by", step.By);
                writer.WriteBoolean("missing", step.Missing);
            }));
            return End();
        }

        public override bool VisitOpaque(Plan.Opaque opaque)
        {
            Start(writer, "opaque", opaque.Origin);
            writer.WritePropertyName("construct");
            Text(writer, opaque.Construct);
            writer.WritePropertyName("reason");
            Text(writer, opaque.Reason);
            return Inputs(opaque.Inputs);
        }

        private void Keys(string name, IrList<GroupKey> keys)
            => Children(writer, name, keys, key => Named(key.Name, "expression", () =>
            {
                Write(writer, key.Expression);
                writer.WriteString("onNull", Snake(key.OnNull.ToString()));
            }));

        private void Aggregates(IrList<NamedAggregate> aggregates)
            => Children(writer, "aggregates", aggregates, aggregate => Named(aggregate.Name, "function", () =>
            {
                Text(writer, aggregate.Call.Function);
                Children(writer, "arguments", aggregate.Call.Arguments, argument => Write(writer, argument));
            }));

        private void Named(string name, string property, Action write)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("name");
            Text(writer, name);
            writer.WritePropertyName(property);
            write();
            writer.WriteEndObject();
        }

        private bool Inputs(IrList<Plan> inputs)
        {
            if (inputs.Count > 0)
            {
                Children(writer, "inputs", inputs, input => Write(writer, input));
            }

            return End();
        }

        private bool End()
        {
            writer.WriteEndObject();
            return true;
        }
    }
}
