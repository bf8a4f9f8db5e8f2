using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Execution.Matching;

/// <summary>
/// Puts the user's lists in the place of the inputs that name them. An input's id means something in its own rule only; after this, equal
/// leaves of different rules are equal whatever they call their inputs.
/// </summary>
internal sealed class ExternalBinding(IReadOnlyDictionary<string, IReadOnlyList<string>> lists) : PredicateVisitor<Predicate>
{
    public Predicate Bind(Predicate predicate)
        => lists.Count == 0 ? predicate
            : RuntimeHelpers.TryEnsureSufficientExecutionStack() ? predicate.Accept(this)
            : new Predicate.Opaque("nested too deeply", []);

    public ValueExpression Bind(ValueExpression expression) => expression switch
    {
        ValueExpression.ExternalValue external => new ValueExpression.Literal(
            new Value.List([.. (lists.GetValueOrDefault(external.Input) ?? []).Select(text => new Value.Text(text))]))
        { Origin = external.Origin },
        ValueExpression.Call call => call with { Arguments = call.Arguments.Select(Bind).ToIrList() },
        _ => expression,
    };

    public override Predicate VisitAnd(Predicate.And and) => and with { Children = Bind(and.Children) };

    public override Predicate VisitOr(Predicate.Or or) => or with { Children = Bind(or.Children) };

    public override Predicate VisitNot(Predicate.Not not) => not with { Child = Bind(not.Child) };

    public override Predicate VisitAtLeast(Predicate.AtLeast atLeast) => atLeast with { Children = Bind(atLeast.Children) };

    public override Predicate VisitConstant(Predicate.Constant constant) => constant;

    public override Predicate VisitNamed(Predicate.Named named) => named with { Child = Bind(named.Child) };

    public override Predicate VisitLeaf(Predicate.Leaf leaf)
        => leaf with { Subject = Bind(leaf.Subject), Operands = leaf.Operands.Select(Bind).ToIrList() };

    public override Predicate VisitOpaque(Predicate.Opaque opaque) => opaque;

    private IrList<Predicate> Bind(IrList<Predicate> predicates) => predicates.Select(Bind).ToIrList();
}
