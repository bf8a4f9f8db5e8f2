using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

internal sealed partial class SigmaLowering
{
    /// <summary>A map is an And of its items, a list an Or of what it holds; texts in a list are keywords.</summary>
    private Predicate LowerSelection(SigmaScope scope, YamlScalar name, YamlNode value)
    {
        switch (value)
        {
            case YamlMapping { Entries.Count: > 0 } mapping:
                return LowerItems(scope, mapping);
            case YamlSequence { Items.Count: > 0 } sequence:
                return LowerList(scope, name, sequence);
            case YamlScalar { IsNull: false } scalar:
                return LowerKeywords(scope, [scalar], scope.Document.SpanOf(scalar));
            default:
                var span = scope.Document.ContentOf(name);
                Report(scope, SigmaDiagnostics.EmptySelection, $"The selection '{Shorten(name.Text)}' is empty.", span);
                return Opaque(scope, span, "empty selection", $"The selection '{Shorten(name.Text)}' is empty.", []);
        }
    }

    private Predicate LowerItems(SigmaScope scope, YamlMapping mapping)
    {
        if (mapping.Entries.Count == 1)
        {
            return LowerItem(scope, mapping.Entries[0]);
        }

        var children = new Predicate[mapping.Entries.Count];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = LowerItem(scope, mapping.Entries[i]);
        }

        return new Predicate.And(children.ToIrList()) { Origin = scope.OriginOf(mapping) };
    }

    private Predicate LowerList(SigmaScope scope, YamlScalar name, YamlSequence sequence)
    {
        var children = new List<Predicate>();
        var keywords = new List<YamlScalar>();
        foreach (var item in sequence.Items)
        {
            if (item is YamlScalar scalar)
            {
                keywords.Add(scalar);
            }
            else
            {
                children.Add(LowerSelection(scope, name, item));
            }
        }

        if (keywords.Count > 0)
        {
            children.Insert(0, LowerKeywords(scope, keywords, scope.Document.SpanOf(sequence)));
        }

        return children.Count == 1 ? children[0] : new Predicate.Or(children.ToIrList()) { Origin = scope.OriginOf(sequence) };
    }

    private Predicate LowerKeywords(SigmaScope scope, IReadOnlyList<YamlScalar> keywords, SourceSpan span)
    {
        Use("keywords");
        return LowerValues(scope, null, new SigmaModifiers(), keywords, span, []);
    }

    private Predicate LowerItem(SigmaScope scope, YamlEntry entry)
    {
        var key = SigmaKeySyntax.Parse(entry.Key.Text);
        var span = scope.Document.SpanOf(entry);
        var isKeyword = key.Field.Name.Length == 0;
        var path = isKeyword ? FieldPath.Anywhere(AnywhereScope.Both) : FieldPath.Named(key.Field.Name);
        IrList<FieldPath> reads = [path];
        var field = isKeyword
            ? null
            : new ValueExpression.Field(path) { Origin = scope.OriginOf(entry.Key, key.Field.Span) };

        var modifiers = new SigmaModifiers();
        for (var i = 0; i < key.Modifiers.Count; i++)
        {
            var modifier = key.Modifiers[i];
            var place = scope.Document.SpanOf(entry.Key, modifier.Span);
            if (!SigmaModifiers.IsKnown(modifier.Name))
            {
                var near = SigmaModifiers.Nearest(modifier.Name);
                Report(scope, SigmaDiagnostics.UnknownModifier, $"The modifier '{Shorten(modifier.Name)}' is not known{(near is null ? "." : $"; did you mean '{near}'?")}", place);
                return Opaque(scope, span, $"modifier {Shorten(modifier.Name)}", $"The modifier '{Shorten(modifier.Name)}' is not known.", reads);
            }

            if (key.Modifiers.Take(i).Any(known => known.Name == modifier.Name) && !modifier.Name.StartsWith("base64", StringComparison.Ordinal))
            {
                Report(scope, SigmaDiagnostics.ModifierTwice, $"'{modifier.Name}' stands twice; once is enough.", place);
                continue;
            }

            if (modifiers.Add(modifier.Name) is { } why)
            {
                Report(scope, SigmaDiagnostics.ModifierDoesNotFit, $"The modifier '{modifier.Name}' does not fit here: {why}.", place);
                return Opaque(scope, span, $"modifier {modifier.Name} after {string.Join('|', key.Modifiers.Take(i).Select(known => known.Name))}", $"The modifier '{modifier.Name}' does not fit here: {why}.", reads);
            }

            Use(modifier.Name);
        }

        if (isKeyword)
        {
            Use("keywords");
            if (modifiers.TimePart is not null || modifiers.Kind is not (SigmaItemKind.Text or SigmaItemKind.Regex))
            {
                var what = key.Modifiers[^1];
                Report(scope, SigmaDiagnostics.ModifierDoesNotFit, $"The modifier '{what.Name}' needs a field.", scope.Document.SpanOf(entry.Key, what.Span));
                return Opaque(scope, span, $"modifier {what.Name} without a field", $"The modifier '{what.Name}' needs a field.", reads);
            }
        }

        if (modifiers.Kind == SigmaItemKind.Regex && modifiers.Place != SigmaTextPlace.Whole)
        {
            Report(scope, SigmaDiagnostics.TextModifierAfterRegex, "The specification does not know a text modifier after 're'; the pattern is looked for anywhere in the value as it is.", scope.Document.SpanOf(entry.Key));
        }

        var values = new List<YamlScalar>();
        if (!TryValues(scope, entry.Value, values, isNested: false))
        {
            return Opaque(scope, span, "map as value", "A field's value must be a single value or a list.", reads);
        }

        if (values.Count == 0)
        {
            Report(scope, SigmaDiagnostics.EmptyList, "The list is empty, so there is nothing to compare with.", span);
            return Opaque(scope, span, "empty list", "The list of values is empty.", reads);
        }

        if (modifiers.All && values.Count == 1)
        {
            Report(scope, SigmaDiagnostics.AllOnOneValue, "'all' has only one value here and changes nothing.", scope.Document.SpanOf(entry.Key));
        }

        return LowerValues(scope, field, modifiers, values, span, reads);
    }

    private bool TryValues(SigmaScope scope, YamlNode node, List<YamlScalar> values, bool isNested)
    {
        switch (node)
        {
            case YamlScalar scalar:
                values.Add(scalar);
                return true;
            case YamlSequence sequence:
                if (isNested)
                {
                    Report(scope, SigmaDiagnostics.NestedList, "A list stands in a list of values; its values are read as if they stood in the outer list.", scope.Document.SpanOf(sequence));
                }

                foreach (var item in sequence.Items)
                {
                    if (!TryValues(scope, item, values, isNested: true))
                    {
                        return false;
                    }
                }

                return true;
            default:
                Report(scope, SigmaDiagnostics.ValueIsNoScalar, $"A field's value must be a single value or a list; this is {node.KindName}.", scope.Document.SpanOf(node));
                return false;
        }
    }

    /// <param name="field">Null for keywords: any value at any depth, or the raw record.</param>
    private Predicate LowerValues(
        SigmaScope scope,
        ValueExpression.Field? field,
        SigmaModifiers modifiers,
        IReadOnlyList<YamlScalar> values,
        SourceSpan span,
        IrList<FieldPath> reads)
    {
        var origin = scope.OriginOf(span);
        ValueExpression subject = field is null
            ? new ValueExpression.Field(FieldPath.Anywhere(AnywhereScope.Both)) { Origin = origin }
            : field;
        if (modifiers.TimePart is { } part)
        {
            // Zone and calendar: docs/adr/0005.
            subject = new ValueExpression.Call("date_part", [new ValueExpression.Literal(new Value.Text(part)) { Origin = subject.Origin }, subject]) { Origin = subject.Origin };
        }

        var all = new LeafGroups(subject, origin);
        List<Predicate>? others = null;
        var alternatives = new List<Alternative>();
        Predicate? opaque = null;
        foreach (var value in values)
        {
            alternatives.Clear();
            if (value.IsNull && values.Count > 1)
            {
                Report(scope, SigmaDiagnostics.NullInList, "The specification does not allow null beside other values; it is read as one more alternative.", scope.Document.SpanOf(value));
            }

            if (LowerValue(scope, field is null, modifiers, value, alternatives) is { } failure)
            {
                opaque ??= Opaque(scope, scope.Document.SpanOf(value), failure.Construct, failure.Reason, reads);
                continue;
            }

            if (!modifiers.All || alternatives.Count == 1)
            {
                foreach (var alternative in alternatives)
                {
                    all.Add(alternative);
                }
            }
            else
            {
                var own = new LeafGroups(subject, scope.OriginOf(value));
                foreach (var alternative in alternatives)
                {
                    own.Add(alternative);
                }

                (others ??= []).AddRange(Join(own.Build(MatchMode.Any), isAnd: false, own.Origin));
            }
        }

        var children = all.Build(modifiers.All ? MatchMode.All : MatchMode.Any);
        if (others is not null)
        {
            children.AddRange(others);
        }

        if (opaque is not null)
        {
            children.Add(opaque);
        }

        var predicate = Join(children, modifiers.All, origin)[0];
        return modifiers.Negated ? new Predicate.Not(predicate) { Origin = origin } : predicate;
    }

    private static List<Predicate> Join(List<Predicate> children, bool isAnd, Origin origin)
        => children.Count == 1 ? children
            : isAnd ? [new Predicate.And(children.ToIrList()) { Origin = origin }]
            : [new Predicate.Or(children.ToIrList()) { Origin = origin }];

    /// <summary>One way a value may be met. No operand for an operator that has none.</summary>
    private readonly record struct Alternative(
        LeafOperator Operator,
        ValueExpression? Operand,
        CaseRule Case = CaseRule.Exact,
        Typing Typing = Typing.Text,
        RegexForm? Regex = null);

    private readonly record struct Failure(string Construct, string Reason);

    /// <summary>Gathers alternatives of one shape into one leaf, in the order the shapes were first written.</summary>
    private sealed class LeafGroups(ValueExpression subject, Origin origin)
    {
        private readonly List<(Alternative Shape, List<ValueExpression> Operands)> _groups = [];

        public Origin Origin { get; } = origin;

        public void Add(Alternative alternative)
        {
            foreach (var (shape, operands) in _groups)
            {
                if (shape.Operator == alternative.Operator && shape.Case == alternative.Case && shape.Typing == alternative.Typing && shape.Regex == alternative.Regex)
                {
                    if (alternative.Operand is not null)
                    {
                        operands.Add(alternative.Operand);
                    }

                    return;
                }
            }

            _groups.Add((alternative, alternative.Operand is null ? [] : [alternative.Operand]));
        }

        public List<Predicate> Build(MatchMode match)
        {
            var leaves = new List<Predicate>(_groups.Count);
            foreach (var (shape, operands) in _groups)
            {
                var isDerived = operands.Count > 0 && operands.TrueForAll(operand => operand.Origin.Kind == OriginKind.Derived);
                leaves.Add(new Predicate.Leaf(
                    shape.Operator,
                    subject,
                    operands.ToIrList(),
                    operands.Count > 1 ? match : MatchMode.Any,
                    shape.Case,
                    Typing: shape.Typing,
                    Regex: shape.Regex)
                {
                    Origin = isDerived && Origin.Kind == OriginKind.Authored ? Origin with { Kind = OriginKind.Derived } : Origin,
                });
            }

            return leaves;
        }
    }
}
