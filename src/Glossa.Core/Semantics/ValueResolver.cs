using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Core.Semantics;

/// <summary>Computes value expressions over an event or a row, slowly and obviously.</summary>
/// <param name="values">The lists that external values read.</param>
/// <param name="parameters">Values of parameters by name; one that is not there has no value.</param>
public sealed class ValueResolver(ExternalValues values, IReadOnlyDictionary<string, Value> parameters)
{
    /// <summary>
    /// The value of an expression, or null where there is none (a missing field, a function that could do nothing with its
    /// arguments). Several values are a <see cref="Value.List"/>.
    /// </summary>
    public Value? Resolve(ValueExpression expression, IEvent row)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return null;
        }

        switch (expression)
        {
            case ValueExpression.Literal literal:
                return literal.Value;
            case ValueExpression.Field field:
                return Resolve(field.Path, row);
            case ValueExpression.Parameter parameter:
                return parameters.GetValueOrDefault(parameter.Name);
            case ValueExpression.Call call:
                var arguments = new Value?[call.Arguments.Count];
                for (var i = 0; i < arguments.Length; i++)
                {
                    arguments[i] = Resolve(call.Arguments[i], row);
                }

                return FunctionCatalogue.Find(call.Function) is { } function && function.Takes(arguments.Length) ? function.Evaluate(arguments) : null;
            case ValueExpression.ExternalValue external:
                return values.Find(external.Input) is { } list ? new Value.List([.. list.Select(text => new Value.Text(text))]) : null;
            default:
                return null;
        }
    }

    /// <summary>The operands of a leaf as <see cref="LeafSemantics"/> takes them: what spreads is spread.</summary>
    public IReadOnlyList<Value> ResolveOperands(Predicate.Leaf leaf, IEvent row)
    {
        var operands = new List<Value>(leaf.Operands.Count);
        foreach (var operand in leaf.Operands)
        {
            switch (Resolve(operand, row))
            {
                case null when ReadsEvent(operand):
                    // A field without a value is an operand that nothing fits, not an absent operand: match All must fail on it.
                    operands.Add(Value.Null.Instance);
                    break;
                case null:
                    break;
                case Value.List list when !ReadsEvent(operand):
                    operands.AddRange(list.Items);
                    break;
                case { } value:
                    operands.Add(value);
                    break;
            }
        }

        return operands;
    }

    /// <summary>Whether the expression's value hangs on something that has no meaning here.</summary>
    public static bool IsOpaque(ValueExpression expression) => expression switch
    {
        ValueExpression.Opaque => true,
        ValueExpression.Call call => FunctionCatalogue.Find(call.Function) is not { } function || !function.Takes(call.Arguments.Count) || call.Arguments.Any(IsOpaque),
        ValueExpression.ExternalValue external => external.Arguments.Any(IsOpaque),
        _ => false,
    };

    private static Value? Resolve(FieldPath path, IEvent row)
    {
        if (path.Root is PathRoot.Anywhere anywhere)
        {
            var scalars = new List<Value>();
            if (anywhere.Scope is AnywhereScope.Values or AnywhereScope.Both)
            {
                scalars.AddRange(row.Scalars());
            }

            if (anywhere.Scope is AnywhereScope.Raw or AnywhereScope.Both && row.RawText.Length > 0)
            {
                scalars.Add(new Value.Text(row.RawText));
            }

            return scalars.Count > 0 ? new Value.List(scalars) : null;
        }

        if (path.Steps is not [PathStep.Key first, ..])
        {
            return null;
        }

        var value = row.Find(first.Name, path.Lookup);
        for (var i = 1; i < path.Steps.Count && value is not null; i++)
        {
            value = path.Steps[i] is PathStep.Key key && value is Value.Map or Value.List
                ? new MapEvent(new Value.Map([new("", value)])).Find("." + key.Name, path.Lookup with { DottedNested = true })
                : null;
        }

        return value;
    }

    private static bool ReadsEvent(ValueExpression expression) => expression.FieldPaths().Any();
}
