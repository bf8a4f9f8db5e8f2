using System.Globalization;
using Glossa.Core.Diagnostics;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages.Common;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>
/// https://github.com/SigmaHQ/sigma-specification, specification/sigma-correlation-rules-specification.md, with pySigma's
/// value_median and conditions over rule names.
/// </summary>
internal sealed partial class SigmaLowering
{
    private const string MemberColumn = "member";

    public static IReadOnlyList<string> CorrelationTypeNames => CorrelationTypes;

    private static readonly string[] CorrelationTypes =
        ["event_count", "value_count", "value_sum", "value_avg", "value_percentile", "value_median", "temporal", "temporal_ordered"];

    private static readonly Dictionary<string, SigmaComparison> Comparisons = new(StringComparer.Ordinal)
    {
        ["lt"] = SigmaComparison.Less,
        ["lte"] = SigmaComparison.LessOrEqual,
        ["gt"] = SigmaComparison.Greater,
        ["gte"] = SigmaComparison.GreaterOrEqual,
        ["eq"] = SigmaComparison.Equal,
        ["neq"] = SigmaComparison.NotEqual,
    };

    private readonly Dictionary<SigmaDocument, string> _bindingOf = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<SigmaDocument> _open = new(ReferenceEqualityComparer.Instance);
    private NestingGuard _correlationGuard = new(32);

    private Plan LowerCorrelation(SigmaScope scope, out Suppression? suppression, out Correlation? correlates)
    {
        suppression = null;
        correlates = null;
        var document = scope.Document;
        if (document.Root.Find("correlation") is not YamlMapping section)
        {
            var span = document.Root.TryFind("correlation", out var whole) ? document.SpanOf(whole) : default;
            return Broken(scope, span, "correlation", "The correlation section must be a map.");
        }

        _open.Add(document);
        var plan = LowerCorrelation(scope, section, out suppression, out correlates);
        _open.Remove(document);
        return plan;
    }

    private Plan LowerCorrelation(SigmaScope scope, YamlMapping section, out Suppression? suppression, out Correlation? correlates)
    {
        suppression = null;
        correlates = null;
        var document = scope.Document;
        var sectionSpan = document.SpanOf(section);
        if (section.Find("type") is not YamlScalar { IsNull: false } type)
        {
            return Broken(scope, sectionSpan, "correlation without type", "The correlation has no type.");
        }

        if (!CorrelationTypes.Contains(type.Text, StringComparer.Ordinal))
        {
            var near = NearNames.Find(type.Text, CorrelationTypes);
            Report(scope, SigmaDiagnostics.UnknownCorrelation, $"The correlation type '{Shorten(type.Text)}' is not known{(near is null ? "." : $"; did you mean '{near}'?")}", document.SpanOf(type), "", new DiagnosticNote(DiagnosticNoteKind.Help, $"Known: {string.Join(", ", CorrelationTypes)}."));
            return OpaquePlan(scope, document.SpanOf(type), [], $"correlation {Shorten(type.Text)}", "The correlation type is not known.");
        }

        Use(type.Text);
        var isTemporal = type.Text.StartsWith("temporal", StringComparison.Ordinal);
        var condition = ConditionOf(scope, section, out var conditionText, out var conditionSyntax);
        var references = ReferencesOf(scope, section, conditionText, conditionSyntax);
        if (references.Count == 0)
        {
            return Broken(scope, sectionSpan, "correlation without rules", "The correlation names no rules.");
        }

        var generates = (section.Find("generate") ?? document.Root.Find("generate")) is YamlScalar generate && generate.Text.Equals("true", StringComparison.OrdinalIgnoreCase);
        correlates = new Correlation([.. references.Select(reference => reference.Name)], generates);
        if (!TryTimespan(scope, section, out var timespan, out var broken))
        {
            return broken;
        }

        var aliases = AliasesOf(scope, section, references);
        var keys = KeysOf(scope, section);
        suppression = new Suppression(keys, timespan);
        var members = references
            .Select(reference => (reference.Name, Plan: Member(scope, reference, aliases)))
            .ToList();
        var origin = scope.OriginOf(section);
        if (!isTemporal)
        {
            if (conditionSyntax is not null || condition is null || condition.Count == 0)
            {
                var span = section.TryFind("condition", out var written) ? document.SpanOf(written) : sectionSpan;
                return Broken(scope, span, "correlation condition", $"'{type.Text}' needs a condition of one or two of 'gt', 'gte', 'lt', 'lte', 'eq', 'neq' with a number.", members);
            }

            var call = CallOf(scope, section, type, out broken);
            if (call is null)
            {
                return broken!;
            }

            ReportNeverCounted(scope, section, condition);
            return Count(Together(members.Select(member => member.Plan), origin), keys, call, timespan, condition, origin);
        }

        var order = type.Text == "temporal_ordered" ? SequenceOrder.Ordered : SequenceOrder.Unordered;
        if (conditionSyntax is not null && conditionText is not null)
        {
            Use("condition over rules");
            return LowerRuleCondition(scope, conditionText, conditionSyntax, members, keys, order, timespan, origin);
        }

        var limits = condition ?? [];
        var isAll = limits.Count == 0
            || (limits is [(SigmaComparison.GreaterOrEqual or SigmaComparison.Equal, Value.Integer integer, _)] && integer.Content == members.Count)
            || (limits is [(SigmaComparison.Greater, Value.Integer less, _)] && less.Content == members.Count - 1);
        if (isAll)
        {
            return SequenceOf(members.Select(member => (member.Name, member.Plan, false)), keys, order, timespan, origin);
        }

        if (order == SequenceOrder.Ordered)
        {
            return LowerOrderedCount(scope, section, members, limits, keys, timespan, origin);
        }

        // How many different rules: every event says which rule it is of, and those are counted.
        var tagged = members.Select(member => (Plan)new Plan.Extend(
            member.Plan,
            [new NamedExpression(MemberColumn, new ValueExpression.Literal(new Value.Text(member.Name)) { Origin = origin })])
        { Origin = origin });
        var distinct = new AggregateCall("count_distinct", [new ValueExpression.Field(FieldPath.Named(MemberColumn)) { Origin = origin }]);
        return Count(Together(tagged, origin), keys, distinct, timespan, limits, origin);
    }

    private Plan.Opaque Broken(SigmaScope scope, SourceSpan span, string construct, string message, IEnumerable<(string Name, Plan Plan)>? members = null)
    {
        Report(scope, SigmaDiagnostics.CorrelationPart, message, span);
        return OpaquePlan(scope, span, members?.Select(member => member.Plan).ToIrList() ?? [], construct, message);
    }

    /// <summary>The limits of a condition that is a map; or the syntax of one over rule names.</summary>
    private List<(SigmaComparison Comparison, Value Number, string Written)>? ConditionOf(
        SigmaScope scope, YamlMapping section, out YamlScalar? text, out SigmaCondition? syntax)
    {
        text = null;
        syntax = null;
        if (!section.TryFind("condition", out var entry))
        {
            return null;
        }

        if (entry.Value is YamlScalar { IsNull: false } scalar)
        {
            text = scalar;
            var parsed = SigmaConditionParser.Parse(scalar.Text, (message, span, isTooDeep) => Report(
                scope,
                isTooDeep ? SigmaDiagnostics.NestedTooDeep : SigmaDiagnostics.ConditionSyntax,
                message,
                scope.Document.SpanOf(scalar, span)));
            syntax = parsed.Root;
            if (parsed.Pipe is not null)
            {
                Report(scope, SigmaDiagnostics.ConditionSyntax, "A condition over rules cannot count.", scope.Document.SpanOf(scalar, parsed.Pipe.Span));
            }

            return null;
        }

        if (entry.Value is not YamlMapping mapping)
        {
            Report(scope, SigmaDiagnostics.CorrelationPart, $"The condition must be a map or a text; this is {entry.Value.KindName}.", scope.Document.SpanOf(entry));
            return [];
        }

        var limits = new List<(SigmaComparison, Value, string)>();
        foreach (var limit in mapping.Entries)
        {
            if (Comparisons.TryGetValue(limit.Key.Text, out var comparison))
            {
                Use(limit.Key.Text);
                if (limit.Value is YamlScalar number && TryNumber(number.Text, out var value))
                {
                    limits.Add((comparison, value, number.Text));
                }
                else
                {
                    Report(scope, SigmaDiagnostics.CorrelationPart, $"'{limit.Key.Text}' compares with a number.", scope.Document.SpanOf(limit));
                    _reasons.Add(new FidelityReason(scope.Place(scope.Document.SpanOf(limit)), "correlation condition", $"'{limit.Key.Text}' has no number."));
                    _isUnsupported = true;
                }
            }
            else if (limit.Key.Text is not ("field" or "percentile"))
            {
                Report(scope, SigmaDiagnostics.CorrelationPart, $"The condition knows no '{Shorten(limit.Key.Text)}'; expected one of {string.Join(", ", Comparisons.Keys)}, field, percentile.", scope.Document.SpanOf(limit));
                _reasons.Add(new FidelityReason(scope.Place(scope.Document.SpanOf(limit)), "correlation condition", $"'{Shorten(limit.Key.Text)}' is not known."));
                _isUnsupported = true;
            }
        }

        return limits;
    }

    private static List<(string Name, YamlScalar Scalar, SourceSpan Span)> ReferencesOf(SigmaScope scope, YamlMapping section, YamlScalar? conditionText, SigmaCondition? condition)
    {
        var references = new List<(string Name, YamlScalar Scalar, SourceSpan Span)>();
        IEnumerable<YamlNode> written = section.Find("rules") switch
        {
            YamlSequence sequence => sequence.Items,
            YamlScalar { IsNull: false } scalar => [scalar],
            _ => [],
        };
        foreach (var node in written)
        {
            if (node is YamlScalar { IsNull: false } scalar)
            {
                Add(scalar.Text, scalar, scope.Document.ContentOf(scalar));
            }
        }

        // pySigma: a condition over rules may stand for the list.
        if (references.Count == 0 && condition is not null && conditionText is not null)
        {
            var pending = new Stack<SigmaCondition>([condition]);
            while (pending.TryPop(out var next))
            {
                switch (next)
                {
                    case SigmaCondition.Reference reference:
                        Add(reference.Name, conditionText, scope.Document.SpanOf(conditionText, reference.Span));
                        break;
                    case SigmaCondition.Not not:
                        pending.Push(not.Child);
                        break;
                    case SigmaCondition.And { Children: var children }:
                        PushAll(children);
                        break;
                    case SigmaCondition.Or { Children: var children }:
                        PushAll(children);
                        break;
                }
            }

            void PushAll(IReadOnlyList<SigmaCondition> children)
            {
                for (var i = children.Count - 1; i >= 0; i--)
                {
                    pending.Push(children[i]);
                }
            }
        }

        return references;

        void Add(string name, YamlScalar scalar, SourceSpan span)
        {
            if (!references.Exists(known => known.Name == name))
            {
                references.Add((name, scalar, span));
            }
        }
    }

    private bool TryTimespan(SigmaScope scope, YamlMapping section, out TimeSpan timespan, out Plan broken)
    {
        timespan = default;
        broken = null!;
        if (!section.TryFind("timespan", out var entry))
        {
            broken = Broken(scope, scope.Document.SpanOf(section), "correlation without timespan", "The correlation has no timespan.");
            return false;
        }

        if (entry.Value is not YamlScalar scalar || !SigmaDuration.TryParse(scalar.Text, out timespan))
        {
            broken = Broken(scope, scope.Document.SpanOf(entry), "timespan", $"The timespan must be {SigmaDuration.Expected}.");
            return false;
        }

        return true;
    }

    private IrList<GroupKey> KeysOf(SigmaScope scope, YamlMapping section)
    {
        if (!section.TryFind("group-by", out var entry))
        {
            return [];
        }

        IEnumerable<YamlNode> nodes = entry.Value is YamlSequence sequence ? sequence.Items : [entry.Value];
        var keys = new List<GroupKey>();
        foreach (var node in nodes)
        {
            if (node is YamlScalar { IsNull: false } scalar)
            {
                keys.Add(KeyOf(scalar.Text, scope.ContentOf(scalar)));
            }
            else if (node is not YamlScalar)
            {
                Report(scope, SigmaDiagnostics.CorrelationPart, $"'group-by' lists fields; this is {node.KindName}.", scope.Document.SpanOf(node));
                _reasons.Add(new FidelityReason(scope.Place(scope.Document.SpanOf(node)), "group-by", "A key is no field."));
                _isUnsupported = true;
            }
        }

        return keys.ToIrList();
    }

    /// <summary>Alias, rule, field.</summary>
    private List<(YamlScalar Alias, string Rule, YamlScalar Field)> AliasesOf(SigmaScope scope, YamlMapping section, List<(string Name, YamlScalar Scalar, SourceSpan Span)> references)
    {
        var aliases = new List<(YamlScalar, string, YamlScalar)>();
        if (!section.TryFind("aliases", out var entry))
        {
            return aliases;
        }

        Use("aliases");
        foreach (var alias in entry.Value is YamlMapping mapping ? mapping.Entries : [])
        {
            foreach (var field in alias.Value is YamlMapping fields ? fields.Entries : [])
            {
                if (!references.Exists(reference => reference.Name == field.Key.Text))
                {
                    Report(scope, SigmaDiagnostics.UnknownAlias, $"The alias '{Shorten(alias.Key.Text)}' speaks of '{Shorten(field.Key.Text)}', which is not among the rules.", scope.Document.SpanOf(field));
                }
                else if (field.Value is YamlScalar { IsNull: false } name)
                {
                    aliases.Add((alias.Key, field.Key.Text, name));
                }
                else
                {
                    Report(scope, SigmaDiagnostics.CorrelationPart, "An alias names one field for each rule.", scope.Document.SpanOf(field));
                }
            }

            if (alias.Value is not YamlMapping)
            {
                Report(scope, SigmaDiagnostics.CorrelationPart, "An alias is a map from rules to fields.", scope.Document.SpanOf(alias));
            }
        }

        return aliases;
    }

    private Plan Member(SigmaScope scope, (string Name, YamlScalar Scalar, SourceSpan Span) reference, List<(YamlScalar Alias, string Rule, YamlScalar Field)> aliases)
    {
        var origin = scope.OriginOf(reference.Span);
        var plan = Bind(scope, reference.Name, reference.Span) is { } id
            ? new Plan.Reference(id) { Origin = origin }
            : (Plan)new Plan.Opaque([], "rule reference", $"The rule '{Shorten(reference.Name)}' cannot be used.") { Origin = origin };
        var columns = aliases
            .Where(alias => alias.Rule == reference.Name)
            .Select(alias => new NamedExpression(
                alias.Alias.Text,
                new ValueExpression.Field(FieldPath.Named(alias.Field.Text)) { Origin = scope.ContentOf(alias.Field) }))
            .ToIrList();
        return columns.Count == 0 ? plan : new Plan.Extend(plan, columns) { Origin = origin };
    }

    /// <summary>The binding of a rule that is named, lowered when it is first named; null where it cannot be used.</summary>
    private string? Bind(SigmaScope scope, string name, SourceSpan span)
    {
        var definitions = _definitions.Find(new DefinitionKey(DefinitionKind.Rule, RuleKey(name)));
        if (definitions.Count == 0)
        {
            Report(scope, SigmaDiagnostics.UnknownRule, $"No rule has the id or name '{Shorten(name)}'.", span);
            return Unusable("unknown rule", $"The rule '{Shorten(name)}' is not there.");
        }

        var own = definitions.Where(definition => definition.File == scope.Document.File).ToList();
        var definition = own.Count > 0 ? own[0] : definitions[0];
        if (own.Count != 1 && definitions.Count > 1)
        {
            Report(scope, SigmaDiagnostics.AmbiguousRule, $"{definitions.Count} rules have the id or name '{Shorten(name)}'; the one in {definition.File} is taken.", span);
        }

        if (SigmaDocument.Of(definition.Query) is not { Kind: SigmaDocumentKind.Rule or SigmaDocumentKind.Correlation } document)
        {
            Report(scope, SigmaDiagnostics.UnknownRule, $"'{Shorten(name)}' is no rule.", span);
            return Unusable("unknown rule", $"'{Shorten(name)}' is no rule.");
        }

        if (_bindingOf.TryGetValue(document, out var known))
        {
            return known;
        }

        // What is wrong with the chain is no single document's, so it is said with every rule that hangs on it.
        if (_open.Contains(document))
        {
            _diagnostics.Report(SigmaDiagnostics.CyclicCorrelation, $"'{Shorten(name)}' is itself built on this correlation.", scope.Document.Query, span);
            return Unusable("cyclic correlation", $"'{Shorten(name)}' is built on this correlation.");
        }

        if (!_correlationGuard.TryEnter())
        {
            _diagnostics.Report(SigmaDiagnostics.NestedTooDeep, $"Correlations are built on each other more than {_correlationGuard.Limit} deep.", scope.Document.Query, span);
            return Unusable("deep correlation", "Correlations are built on each other too deep.");
        }

        var inner = Enter(document, OriginKind.Authored, scope.Place(span));
        var plan = Quietly(() => document.Kind == SigmaDocumentKind.Correlation
            ? LowerCorrelation(inner, out _, out _)
            : LowerRule(inner, out _, out _));
        _correlationGuard.Leave();
        var id = UniqueId(document.Name ?? name);
        _bindingOf.Add(document, id);
        _bindings.Add(new PlanBinding(id, name, plan));
        return id;

        string? Unusable(string construct, string reason)
        {
            _reasons.Add(new FidelityReason(scope.Place(span), construct, reason));
            _isUnsupported = true;
            return null;
        }
    }

    private string UniqueId(string name)
    {
        var id = name;
        for (var number = 2; _bindings.Exists(binding => binding.Id == id); number++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }

        return id;
    }

    private AggregateCall? CallOf(SigmaScope scope, YamlMapping section, YamlScalar type, out Plan? broken)
    {
        broken = null;
        if (type.Text == "event_count")
        {
            return new AggregateCall("count_rows", []);
        }

        // The schema has the field in the condition; older rules have it beside.
        var condition = section.Find("condition") as YamlMapping;
        var node = condition?.Find("field") ?? section.Find("field");
        var fields = node switch
        {
            YamlScalar { IsNull: false } scalar => [scalar],
            YamlSequence sequence => sequence.Items.OfType<YamlScalar>().Where(scalar => !scalar.IsNull).ToList(),
            _ => (List<YamlScalar>)[],
        };
        if (fields.Count == 0 || (fields.Count > 1 && type.Text != "value_count"))
        {
            broken = Broken(
                scope,
                scope.Document.SpanOf(node ?? (YamlNode?)condition ?? section),
                "correlation field",
                type.Text == "value_count" ? "'value_count' needs a field in its condition, or a list of fields." : $"'{type.Text}' needs one field in its condition.");
            return null;
        }

        var arguments = fields
            .Select(field => (ValueExpression)new ValueExpression.Field(FieldPath.Named(field.Text)) { Origin = scope.ContentOf(field) })
            .ToList();
        switch (type.Text)
        {
            case "value_count":
                return new AggregateCall("count_distinct", arguments.ToIrList());
            case "value_sum":
                return new AggregateCall("sum", arguments.ToIrList());
            case "value_avg":
                return new AggregateCall("avg", arguments.ToIrList());
            case "value_median":
                return new AggregateCall("median", arguments.ToIrList());
        }

        Value percentile = new Value.Integer(50);
        var origin = scope.OriginOf(section);
        if (condition?.Find("percentile") is YamlScalar written)
        {
            if (!TryNumber(written.Text, out percentile) || !decimal.TryParse(written.Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) || number is < 0 or > 100)
            {
                broken = Broken(scope, scope.Document.SpanOf(written), "percentile", "The percentile must be a number from 0 to 100.");
                return null;
            }

            origin = scope.ContentOf(written);
        }
        else
        {
            Report(scope, SigmaDiagnostics.NoPercentile, "'value_percentile' has no 'percentile' in its condition; 50 is taken, the median by nearest rank.", scope.Document.SpanOf(type));
            origin = scope.OriginOf(scope.Document.SpanOf(type), OriginKind.Default);
        }

        arguments.Add(new ValueExpression.Literal(percentile) { Origin = origin });
        return new AggregateCall("percentile", arguments.ToIrList());
    }

    private void ReportNeverCounted(SigmaScope scope, YamlMapping section, List<(SigmaComparison Comparison, Value Number, string Written)> limits)
    {
        foreach (var (comparison, number, written) in limits)
        {
            var isZero = number is Value.Integer { Content: <= 0 } or Value.Decimal { Content: <= 0 };
            var isOne = number is Value.Integer { Content: 1 };
            if ((isZero && comparison is SigmaComparison.Equal or SigmaComparison.LessOrEqual) || (comparison == SigmaComparison.Less && (isZero || isOne)))
            {
                if (isZero || comparison == SigmaComparison.Less)
                {
                    Report(scope, SigmaDiagnostics.NeverCounted, $"A group in which nothing happens is not counted, so a count of {written} or less cannot be seen there.", section.TryFind("condition", out var entry) ? scope.Document.SpanOf(entry) : scope.Document.SpanOf(section));
                }
            }
        }
    }

    private static Plan Together(IEnumerable<Plan> members, Origin origin)
    {
        var plans = members.ToIrList();
        return plans.Count == 1 ? plans[0] : new Plan.Union(plans) { Origin = origin };
    }

    private static Plan.Sequence SequenceOf(
        IEnumerable<(string Name, Plan Plan, bool IsMissing)> steps, IrList<GroupKey> keys, SequenceOrder order, TimeSpan timespan, Origin origin)
        => new(order, steps.Select(step => new SequenceStep(step.Name, step.Plan, keys, step.IsMissing)).ToIrList(), timespan) { Origin = origin };

    /// <summary>At least so many of the rules, in the order of the list: a sequence for each choice.</summary>
    private Plan LowerOrderedCount(
        SigmaScope scope,
        YamlMapping section,
        List<(string Name, Plan Plan)> members,
        List<(SigmaComparison Comparison, Value Number, string Written)> limits,
        IrList<GroupKey> keys,
        TimeSpan timespan,
        Origin origin)
    {
        var span = section.TryFind("condition", out var entry) ? scope.Document.SpanOf(entry) : scope.Document.SpanOf(section);
        var wanted = limits is [(SigmaComparison.GreaterOrEqual, Value.Integer atLeast, _)] ? atLeast.Content
            : limits is [(SigmaComparison.Greater, Value.Integer more, _)] ? more.Content + 1
            : 0;
        if (wanted < 1 || wanted > members.Count || members.Count > 16)
        {
            return Broken(scope, span, "condition of temporal_ordered", $"'temporal_ordered' can ask for a number of rules with 'gte' or 'gt', from 1 to {members.Count}.", members);
        }

        var choices = new List<Plan>();
        for (var choice = 0; choice < 1 << members.Count; choice++)
        {
            if (int.PopCount(choice) != wanted)
            {
                continue;
            }

            if (choices.Count == MaxDisjuncts)
            {
                Report(scope, SigmaDiagnostics.TooComplexCorrelation, $"The condition stands for more than {MaxDisjuncts} sequences.", span);
                return OpaquePlan(scope, span, members.Select(member => member.Plan).ToIrList(), "condition of temporal_ordered", "The condition stands for too many sequences.");
            }

            var chosen = choice;
            choices.Add(SequenceOf(
                members.Where((_, index) => (chosen & (1 << index)) != 0).Select(member => (member.Name, member.Plan, false)),
                keys,
                SequenceOrder.Ordered,
                timespan,
                origin));
        }

        return Together(choices, origin);
    }

    /// <summary>A condition over rule names: a sequence for each way it can hold, in the order of the list of rules.</summary>
    private Plan LowerRuleCondition(
        SigmaScope scope,
        YamlScalar text,
        SigmaCondition condition,
        List<(string Name, Plan Plan)> members,
        IrList<GroupKey> keys,
        SequenceOrder order,
        TimeSpan timespan,
        Origin origin)
    {
        var span = scope.Document.SpanOf(text);
        var inputs = members.Select(member => member.Plan).ToIrList();
        if (!TryDisjuncts(condition, isNegated: false, out var disjuncts))
        {
            Report(scope, SigmaDiagnostics.TooComplexCorrelation, $"The condition stands for more than {MaxDisjuncts} combinations, or for something else than names of rules.", span);
            return OpaquePlan(scope, span, inputs, "condition over rules", "The condition over rules is too complex.");
        }

        var sequences = new List<Plan>();
        foreach (var terms in disjuncts)
        {
            var steps = new List<(string Name, Plan Plan, bool IsMissing)>();
            foreach (var (reference, isMissing) in terms)
            {
                var index = members.FindIndex(member => member.Name == reference.Name);
                if (index < 0)
                {
                    var near = NearNames.Find(reference.Name, members.Select(member => member.Name));
                    Report(scope, SigmaDiagnostics.UnknownRule, $"'{Shorten(reference.Name)}' is not among the rules of this correlation{(near is null ? "." : $"; did you mean '{near}'?")}", scope.Document.SpanOf(text, reference.Span));
                    return OpaquePlan(scope, span, inputs, "unknown rule", $"'{Shorten(reference.Name)}' is not among the rules.");
                }

                if (!steps.Contains((members[index].Name, members[index].Plan, isMissing)))
                {
                    steps.Add((members[index].Name, members[index].Plan, isMissing));
                }
            }

            if (steps.TrueForAll(step => step.IsMissing))
            {
                Report(scope, SigmaDiagnostics.TooComplexCorrelation, "The condition can hold without any event, so nothing says when.", span);
                return OpaquePlan(scope, span, inputs, "condition over rules", "The condition can hold without any event.");
            }

            steps.Sort((left, right) => IndexOf(left.Name).CompareTo(IndexOf(right.Name)));
            sequences.Add(SequenceOf(steps, keys, order, timespan, origin));
        }

        return Together(sequences, origin);

        int IndexOf(string name) => members.FindIndex(member => member.Name == name);
    }
}
