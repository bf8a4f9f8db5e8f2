using System.Net;
using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Tests.Unit.Analysis.Witness;

/// <summary>Short spellings of the predicates these tests speak of; text leaves fold case, as most rules do.</summary>
internal static class Ir
{
    public static Predicate And(params Predicate[] parts) => new Predicate.And([.. parts]);

    public static Predicate Or(params Predicate[] parts) => new Predicate.Or([.. parts]);

    public static Predicate Not(Predicate part) => new Predicate.Not(part);

    public static ValueExpression Field(string name) => new ValueExpression.Field(FieldPath.Named(name));

    public static ValueExpression Anywhere(AnywhereScope scope = AnywhereScope.Both) => new ValueExpression.Field(FieldPath.Anywhere(scope));

    public static ValueExpression Text(string text) => new ValueExpression.Literal(new Value.Text(text));

    public static ValueExpression Number(long number) => new ValueExpression.Literal(new Value.Integer(number));

    public static ValueExpression Prefix(string prefix) => new ValueExpression.Literal(new Value.Prefix(IPNetwork.Parse(prefix)));

    public static ValueExpression Listed(string id) => new ValueExpression.ExternalValue(id, []);

    public static Predicate.Leaf Leaf(LeafOperator leafOperator, string field, params string[] operands)
        => new(leafOperator, Field(field), operands.Select(Text).ToIrList(), Case: CaseRule.Fold);

    public static Predicate.Leaf All(LeafOperator leafOperator, string field, params string[] operands)
        => Leaf(leafOperator, field, operands) with { Match = MatchMode.All };

    public static Predicate.Leaf Regex(string field, params string[] patterns)
        => Leaf(LeafOperator.Regex, field, patterns) with { Case = CaseRule.Exact, Regex = new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None) };

    public static Predicate.Leaf Order(LeafOperator leafOperator, ValueExpression subject, long limit)
        => new(leafOperator, subject, [Number(limit)], Typing: Typing.Literal);

    public static Predicate.Leaf Keyword(LeafOperator leafOperator, params string[] operands)
        => new(leafOperator, Anywhere(), operands.Select(Text).ToIrList(), Case: CaseRule.Fold);
}
