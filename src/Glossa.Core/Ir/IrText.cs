using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Rules;

namespace Glossa.Core.Ir;

/// <summary>
/// The IR as text: s-expressions, one spelling for each meaning. Writing and reading again gives an equal IR; what is not part of
/// equality is not written (spans, the spelling of a literal, a log source's definition), but for the kind of an origin, which is.
/// </summary>
/// <remarks>
/// <code>
/// logic = "(logic" {"(let" id [":name" text] plan ")" | "(parameter" name ")" | "(input" id kind text [":required"] ")"} plan ")" | plan
/// plan  = "(scan" "(log_source" {":product" | ":category" | ":service" name} ")" [":time" name] [":gate" pred] ")"
///       | "(filter" plan pred ")" | "(extend" plan columns ")" | "(union" {plan} ")" | "(reference" id ")"
///       | "(window" plan ":partition" keys ":order" name ":range" duration aggregates ")" | "(summarize" plan keys aggregates ")"
///       | "(sequence" "ordered" | "unordered" [":span" duration] {"(step" name plan [keys] [":missing"] ")"} ")"
///       | "(opaque" text text {plan} ")"
/// pred  = "(and" {pred} ")" | "(or" {pred} ")" | "(not" pred ")" | "(at_least" n {pred} ")" | "true" | "false"
///       | "(named" name pred ")" | "(opaque" text {path} ")" | "(" op ["~"] subject {operand} {option} ")"
/// expr  = literal | path | "(parameter" name ")" | "(external_value" name {expr} ")" | "(opaque" text {path} ")" | "(" function {expr} ")" | "(call" text {expr} ")"
/// path  = name | "(field" {name} [":match" "exact"] [":dots" "key"] [":lists" "stop"] ")" | "(anywhere" "values" | "raw" | "both" ")"
/// literal = text | whole number | real (has a point or an exponent) | duration (5m) | instant | prefix | "true" | "false" | "null"
///       | "(decimal" text ")" | "(ticks" n ")" | "(address" text ")" | "(prefix" text ")" | "(list" {literal} ")" | "(map" {text literal} ")" | "(real" text ")"
/// </code>
/// After the head of a predicate or plan: <c>:derived :guard :gate :inherited :default</c> for an origin that is not the author's.
/// Options of a leaf: <c>:all</c> (match All), <c>:as literal</c>, <c>:flags ms</c> and <c>:form none</c> (regex). A name that is no
/// plain word is written as a text. A key: <c>name</c> (a field of that name) or <c>name=expr</c>, then <c>:drop</c> where rows without it go.
/// </remarks>
public static class IrText
{
    /// <summary>How wide <see cref="WriteIndented(Plan)"/> lets a line become before it breaks it.</summary>
    private const int LineWidth = 110;

    /// <summary>Words that mean something else where a function's name could stand.</summary>
    private static readonly HashSet<string> ReservedHeads = new(StringComparer.Ordinal)
    {
        "field", "anywhere", "parameter", "external_value", "opaque", "call", "decimal", "real", "ticks", "address", "prefix", "list", "map", "case", "template",
    };

    public static string Write(Predicate predicate) => IrTextTree.Flat(Of(predicate));

    public static string Write(Plan plan) => IrTextTree.Flat(Of(plan));

    public static string Write(ValueExpression expression) => IrTextTree.Flat(Of(expression));

    public static string Write(DetectionLogic logic) => IrTextTree.Flat(Of(logic));

    /// <summary>The same over several lines, where one would be long.</summary>
    public static string WriteIndented(Predicate predicate) => IrTextTree.Indented(Of(predicate), LineWidth);

    public static string WriteIndented(Plan plan) => IrTextTree.Indented(Of(plan), LineWidth);

    public static string WriteIndented(DetectionLogic logic) => IrTextTree.Indented(Of(logic), LineWidth);

    /// <summary>Reads a predicate; a text that is none gives no value and a diagnostic that says where, never an exception.</summary>
    public static IrReading<Predicate> ReadPredicate(string text) => IrTextReader.Read(text, reader => reader.Predicate());

    public static IrReading<Plan> ReadPlan(string text) => IrTextReader.Read(text, reader => reader.Plan());

    public static IrReading<ValueExpression> ReadExpression(string text) => IrTextReader.Read(text, reader => reader.Expression());

    /// <summary>Reads a logic; alert template and fidelity are not part of the text, and come back as none and exact.</summary>
    public static IrReading<DetectionLogic> ReadLogic(string text) => IrTextReader.Read(text, reader => reader.Logic());

    /// <summary>The word of an operator: <c>starts_with</c>.</summary>
    public static string Word(LeafOperator leafOperator) => leafOperator switch
    {
        LeafOperator.Eq => "eq",
        LeafOperator.Contains => "contains",
        LeafOperator.StartsWith => "starts_with",
        LeafOperator.EndsWith => "ends_with",
        LeafOperator.Wildcard => "wildcard",
        LeafOperator.Regex => "regex",
        LeafOperator.Cidr => "cidr",
        LeafOperator.Lt => "lt",
        LeafOperator.Le => "le",
        LeafOperator.Gt => "gt",
        LeafOperator.Ge => "ge",
        LeafOperator.Present => "present",
        LeafOperator.Missing => "missing",
        LeafOperator.HasValue => "has_value",
        LeafOperator.IsEmpty => "is_empty",
        _ => throw new ArgumentOutOfRangeException(nameof(leafOperator), leafOperator, null),
    };

    /// <summary>Text in quotes: backslash, quote and control characters escaped, half a surrogate pair too.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            switch (character)
            {
                case '"' or '\\':
                    quoted.Append('\\').Append(character);
                    break;
                case '\n':
                    quoted.Append("\\n");
                    break;
                case '\r':
                    quoted.Append("\\r");
                    break;
                case '\t':
                    quoted.Append("\\t");
                    break;
                default:
                    if (char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    {
                        quoted.Append(character).Append(text[++i]);
                    }
                    else if (char.IsControl(character) || char.IsSurrogate(character) || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                    {
                        quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)character:X}}}");
                    }
                    else
                    {
                        quoted.Append(character);
                    }

                    break;
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A field name as it is, where it is a plain word; else in quotes.</summary>
    public static string Name(string name) => IsWord(name) ? name : Quote(name);

    /// <summary>A letter, <c>_ # @</c>, then those, digits, <c>. -</c>; ASCII only, and none of the literals that are words.</summary>
    internal static bool IsWord(string text)
        => text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '_' or '#' or '@')
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '#' or '@' or '-')
            && text is not ("true" or "false" or "null");

    internal static bool IsReservedHead(string word) => ReservedHeads.Contains(word);

    internal static string? OriginWord(OriginKind kind) => kind switch
    {
        OriginKind.Authored => null,
        OriginKind.Derived => ":derived",
        OriginKind.Guard => ":guard",
        OriginKind.Gate => ":gate",
        OriginKind.Inherited => ":inherited",
        OriginKind.Default => ":default",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static IrTextTree Of(Predicate predicate)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return predicate.Accept(PredicateWriter.Instance);
    }

    private static IrTextTree Of(Plan plan)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return plan.Accept(PlanWriter.Instance);
    }

    private static IrTextTree Of(ValueExpression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return expression.Accept(ExpressionWriter.Instance);
    }

    private static IrTextTree Of(DetectionLogic logic)
    {
        var root = Of(logic.Root);
        if (logic.Bindings.Count == 0 && logic.Parameters.Count == 0 && logic.Inputs.Count == 0)
        {
            return root;
        }

        var items = new List<IrTextTree> { new("logic") };
        items.AddRange(logic.Parameters.Select(parameter => IrTextTree.List([new("parameter"), new(Name(parameter))])));
        items.AddRange(logic.Inputs.Select(input => IrTextTree.List(
            [new("input"), new(Name(input.Id)), new(Word(input.Kind)), new(Quote(input.Name)), .. input.RequiredAsRows ? [new IrTextTree(":required")] : Array.Empty<IrTextTree>()])));
        items.AddRange(logic.Bindings.Select(binding => IrTextTree.List(
            [new("let"), new(Name(binding.Id)), .. binding.Name == binding.Id ? [] : new[] { new IrTextTree(":name"), new IrTextTree(Quote(binding.Name)) }, Of(binding.Plan)])));
        items.Add(root);
        return IrTextTree.List(items);
    }

    private static string Word(ExternalInputKind kind) => kind switch
    {
        ExternalInputKind.ValueList => "value_list",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static List<IrTextTree> Head(string word, Origin origin)
    {
        var items = new List<IrTextTree> { new(word) };
        if (OriginWord(origin.Kind) is { } mark)
        {
            items.Add(new IrTextTree(mark));
        }

        return items;
    }

    private static IrTextTree Assignment(string name, IrTextTree value) => value with { Prefix = Name(name) + "=" };

    private static IrTextTree Keys(IrList<GroupKey> keys)
    {
        var items = new List<IrTextTree>();
        foreach (var key in keys)
        {
            items.Add(key.Expression is ValueExpression.Field field && field.Path.Equals(FieldPath.Named(key.Name)) && IsWord(key.Name)
                ? new IrTextTree(key.Name)
                : Assignment(key.Name, Of(key.Expression)));
            if (key.OnNull == NullKeys.Drop)
            {
                items.Add(new IrTextTree(":drop"));
            }
        }

        return IrTextTree.Bracketed(items);
    }

    private static IrTextTree Aggregates(IrList<NamedAggregate> aggregates)
        => IrTextTree.Bracketed(aggregates.Select(aggregate => Assignment(aggregate.Name, Call(aggregate.Call.Function, aggregate.Call.Arguments))));

    private static IrTextTree Call(string function, IrList<ValueExpression> arguments)
        => IrTextTree.List([.. IsWord(function) && !IsReservedHead(function) ? [new(function)] : new[] { new IrTextTree("call"), new IrTextTree(Quote(function)) }, .. arguments.Select(Of)]);

    private static IrTextTree Path(FieldPath path)
    {
        var isAnywhere = path.Root is PathRoot.Anywhere;
        if (path.SimpleName is { } name && path.Lookup == FieldLookup.Lenient && IsWord(name))
        {
            return new IrTextTree(name);
        }

        var items = new List<IrTextTree>();
        if (path.Root is PathRoot.Anywhere anywhere)
        {
            items.Add(new IrTextTree("anywhere"));
            items.Add(new IrTextTree(anywhere.Scope switch { AnywhereScope.Values => "values", AnywhereScope.Raw => "raw", _ => "both" }));
        }
        else
        {
            items.Add(new IrTextTree("field"));
        }

        items.AddRange(path.Steps.Select(step => new IrTextTree(step switch
        {
            PathStep.Key key => Name(key.Name),
            _ => throw new ArgumentOutOfRangeException(nameof(path), step, null),
        })));

        // What a path looks up by itself is not written: leniently below a row, not at all below everything.
        var usual = isAnywhere ? default : FieldLookup.Lenient;
        if (path.Lookup.IgnoreCaseNext != usual.IgnoreCaseNext)
        {
            items.AddRange([new(":match"), new(path.Lookup.IgnoreCaseNext ? "any_case" : "exact")]);
        }

        if (path.Lookup.DottedNested != usual.DottedNested)
        {
            items.AddRange([new(":dots"), new(path.Lookup.DottedNested ? "nested" : "key")]);
        }

        if (path.Lookup.FlattenLists != usual.FlattenLists)
        {
            items.AddRange([new(":lists"), new(path.Lookup.FlattenLists ? "flatten" : "stop")]);
        }

        return IrTextTree.List(items);
    }

    private static IrTextTree Literal(Value value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case Value.Null:
                return new IrTextTree("null");
            case Value.Boolean boolean:
                return new IrTextTree(boolean.Content ? "true" : "false");
            case Value.Integer integer:
                return new IrTextTree(integer.Content.ToString(CultureInfo.InvariantCulture));
            case Value.Decimal number:
                return Form("decimal", number.Content.ToString("0.############################", CultureInfo.InvariantCulture));
            case Value.Real real when !double.IsFinite(real.Content):
                return Form("real", real.Content.ToString(CultureInfo.InvariantCulture));
            case Value.Real real:
                var digits = real.Content.ToString("R", CultureInfo.InvariantCulture);
                return new IrTextTree(digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0" : digits);
            case Value.Text text:
                return new IrTextTree(Quote(text.Content));
            case Value.Instant instant:
                return new IrTextTree(instant.Content.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
            case Value.Duration duration:
                return Duration(duration.Content);
            case Value.Address address:
                return Form("address", address.Content.ToString());
            case Value.Prefix prefix when prefix.Content.BaseAddress.AddressFamily == AddressFamily.InterNetwork:
                return new IrTextTree(prefix.Content.ToString());
            case Value.Prefix prefix:
                return Form("prefix", prefix.Content.ToString());
            case Value.List list:
                return IrTextTree.List([new("list"), .. list.Items.Select(Literal)]);
            case Value.Map map:
                return IrTextTree.List([new("map"), .. map.Entries.SelectMany(entry => new[] { new IrTextTree(Quote(entry.Key)), Literal(entry.Value) })]);
            default:
                throw new ArgumentOutOfRangeException(nameof(value), value, null);
        }

        static IrTextTree Form(string word, string content) => IrTextTree.List([new(word), new(Quote(content))]);
    }

    /// <summary>In the largest unit that divides it, so that it reads as it was meant.</summary>
    private static IrTextTree Duration(TimeSpan duration)
    {
        foreach (var (unit, length) in DurationUnits)
        {
            if (duration.Ticks % length.Ticks == 0 && (duration != TimeSpan.Zero || unit == "s"))
            {
                return new IrTextTree(string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}"));
            }
        }

        return IrTextTree.List([new("ticks"), new(duration.Ticks.ToString(CultureInfo.InvariantCulture))]);
    }

    internal static readonly (string Unit, TimeSpan Length)[] DurationUnits =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    private sealed class PredicateWriter : PredicateVisitor<IrTextTree>
    {
        public static PredicateWriter Instance { get; } = new();

        public override IrTextTree VisitAnd(Predicate.And and) => IrTextTree.List([.. Head("and", and.Origin), .. and.Children.Select(Of)]);

        public override IrTextTree VisitOr(Predicate.Or or) => IrTextTree.List([.. Head("or", or.Origin), .. or.Children.Select(Of)]);

        public override IrTextTree VisitNot(Predicate.Not not) => IrTextTree.List([.. Head("not", not.Origin), Of(not.Child)]);

        public override IrTextTree VisitAtLeast(Predicate.AtLeast atLeast)
            => IrTextTree.List([.. Head("at_least", atLeast.Origin), new(atLeast.Count.ToString(CultureInfo.InvariantCulture)), .. atLeast.Children.Select(Of)]);

        public override IrTextTree VisitConstant(Predicate.Constant constant) => new(constant.Value ? "true" : "false");

        public override IrTextTree VisitNamed(Predicate.Named named) => IrTextTree.List([.. Head("named", named.Origin), new(Name(named.Name)), Of(named.Child)]);

        public override IrTextTree VisitOpaque(Predicate.Opaque opaque)
            => IrTextTree.List([.. Head("opaque", opaque.Origin), new(Quote(opaque.Reason)), .. opaque.Reads.Select(Path)]);

        public override IrTextTree VisitLeaf(Predicate.Leaf leaf)
        {
            var items = Head(Word(leaf.Operator) + (leaf.Case == CaseRule.Fold ? "~" : ""), leaf.Origin);
            items.Add(Of(leaf.Subject));
            items.AddRange(leaf.Operands.Select(Of));
            if (leaf.Match == MatchMode.All)
            {
                items.Add(new IrTextTree(":all"));
            }

            if (leaf.Typing == Typing.Literal)
            {
                items.AddRange([new(":as"), new("literal")]);
            }

            if (leaf.Operator == LeafOperator.Regex ? leaf.Regex is null : leaf.Regex is not null)
            {
                items.AddRange([new(":form"), new(leaf.Regex is null ? "none" : "pcre")]);
            }

            if (leaf.Regex is { Options: not RegexOptionSet.None } form)
            {
                items.AddRange([new(":flags"), new((form.Options.HasFlag(RegexOptionSet.Multiline) ? "m" : "") + (form.Options.HasFlag(RegexOptionSet.DotAll) ? "s" : ""))]);
            }

            return IrTextTree.List(items);
        }
    }

    private sealed class ExpressionWriter : ValueExpressionVisitor<IrTextTree>
    {
        public static ExpressionWriter Instance { get; } = new();

        public override IrTextTree VisitLiteral(ValueExpression.Literal literal) => IrText.Literal(literal.Value);

        public override IrTextTree VisitField(ValueExpression.Field field) => Path(field.Path);

        public override IrTextTree VisitParameter(ValueExpression.Parameter parameter) => IrTextTree.List([new("parameter"), new(Name(parameter.Name))]);

        public override IrTextTree VisitCall(ValueExpression.Call call) => Call(call.Function, call.Arguments);

        public override IrTextTree VisitExternalValue(ValueExpression.ExternalValue external)
            => IrTextTree.List([new("external_value"), new(Name(external.Input)), .. external.Arguments.Select(Of)]);

        public override IrTextTree VisitOpaque(ValueExpression.Opaque opaque)
            => IrTextTree.List([new("opaque"), new(Quote(opaque.Reason)), .. opaque.Reads.Select(Path)]);
    }

    private sealed class PlanWriter : PlanVisitor<IrTextTree>
    {
        public static PlanWriter Instance { get; } = new();

        public override IrTextTree VisitScan(Plan.Scan scan)
        {
            var items = Head("scan", scan.Origin);
            items.Add(scan.Source switch
            {
                ScanSource.LogSource source => LogSource(source),
                _ => throw new ArgumentOutOfRangeException(nameof(scan), scan.Source, null),
            });
            if (scan.TimeColumn != FieldPath.TimeColumn)
            {
                items.AddRange([new(":time"), new(Name(scan.TimeColumn))]);
            }

            if (scan.Gate is not null)
            {
                items.AddRange([new(":gate"), Of(scan.Gate)]);
            }

            return IrTextTree.List(items);
        }

        public override IrTextTree VisitFilter(Plan.Filter filter) => IrTextTree.List([.. Head("filter", filter.Origin), Of(filter.Input), Of(filter.Predicate)]);

        public override IrTextTree VisitExtend(Plan.Extend extend)
            => IrTextTree.List([.. Head("extend", extend.Origin), Of(extend.Input), IrTextTree.Bracketed(extend.Assignments.Select(assignment => Assignment(assignment.Name, Of(assignment.Expression))))]);

        public override IrTextTree VisitUnion(Plan.Union union) => IrTextTree.List([.. Head("union", union.Origin), .. union.Inputs.Select(Of)]);

        public override IrTextTree VisitReference(Plan.Reference reference) => IrTextTree.List([.. Head("reference", reference.Origin), new(Name(reference.Binding))]);

        public override IrTextTree VisitWindow(Plan.Window window) => IrTextTree.List(
        [
            .. Head("window", window.Origin), Of(window.Input), new(":partition"), Keys(window.Partition), new(":order"), new(Name(window.Order)),
            new(":range"), Duration(window.Range), Aggregates(window.Calls),
        ]);

        public override IrTextTree VisitSummarize(Plan.Summarize summarize)
            => IrTextTree.List([.. Head("summarize", summarize.Origin), Of(summarize.Input), Keys(summarize.Keys), Aggregates(summarize.Aggregates)]);

        public override IrTextTree VisitSequence(Plan.Sequence sequence)
        {
            var items = Head("sequence", sequence.Origin);
            items.Add(new IrTextTree(sequence.Order == SequenceOrder.Ordered ? "ordered" : "unordered"));
            if (sequence.MaxSpan is { } span)
            {
                items.AddRange([new(":span"), Duration(span)]);
            }

            foreach (var step in sequence.Steps)
            {
                var parts = new List<IrTextTree> { new("step"), new(Name(step.Name)), Of(step.Plan) };
                if (step.By.Count > 0)
                {
                    parts.Add(Keys(step.By));
                }

                if (step.Missing)
                {
                    parts.Add(new IrTextTree(":missing"));
                }

                items.Add(IrTextTree.List(parts));
            }

            return IrTextTree.List(items);
        }

        public override IrTextTree VisitOpaque(Plan.Opaque opaque)
            => IrTextTree.List([.. Head("opaque", opaque.Origin), new(Quote(opaque.Construct)), new(Quote(opaque.Reason)), .. opaque.Inputs.Select(Of)]);

        private static IrTextTree LogSource(ScanSource.LogSource source)
        {
            var items = new List<IrTextTree> { new("log_source") };
            foreach (var (word, value) in new[] { (":product", source.Product), (":category", source.Category), (":service", source.Service) })
            {
                if (value is not null)
                {
                    items.AddRange([new(word), new(Name(value))]);
                }
            }

            return IrTextTree.List(items);
        }
    }
}
