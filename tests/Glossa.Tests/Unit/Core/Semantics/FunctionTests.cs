using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Core.Semantics.Functions;

namespace Glossa.Tests.Unit.Core.Semantics;

public sealed class FunctionTests
{
    /// <summary>The argument is an expression over an event with A = "a", L = ["x", "y"], N = 7.5 and T, a Friday; the result is written as a literal.</summary>
    [Theory]
    [InlineData("(concat \"-\" A \"-\")", "\"-a-\"")]
    [InlineData("(concat L \"/\" L)", "(list \"x/x\" \"x/y\" \"y/x\" \"y/y\")")]
    [InlineData("(concat \"n\" N)", "\"n7.5\"")]
    [InlineData("(concat A Absent)", null)]
    [InlineData("(concat)", "\"\"")]
    [InlineData("(date_part \"minute\" T)", "58")]
    [InlineData("(date_part \"hour\" T)", "23")]
    [InlineData("(date_part \"day\" T)", "1")]
    [InlineData("(date_part \"week\" T)", "53")]
    [InlineData("(date_part \"month\" T)", "1")]
    [InlineData("(date_part \"year\" T)", "2021")]
    [InlineData("(date_part \"week\" \"2020-12-28\")", "53")]
    [InlineData("(date_part \"week\" \"2022-01-03\")", "1")]
    [InlineData("(date_part \"hour\" \"1700000000\")", "22")]
    [InlineData("(date_part \"hour\" (list \"2024-01-01T01:00:00Z\" \"no time\" \"2024-01-01T02:00:00+01:00\"))", "(list 1 1)")]
    [InlineData("(date_part \"century\" T)", null)]
    [InlineData("(date_part \"hour\" A)", null)]
    [InlineData("(bin T 5m)", "2021-01-01T23:55:00Z")]
    [InlineData("(bin T 7d)", "2020-12-31T00:00:00Z")]
    [InlineData("(bin T 5m 2021-01-01T00:01:00Z)", "2021-01-01T23:56:00Z")]
    [InlineData("(bin -7 5)", "-10.0")]
    [InlineData("(bin T 0s)", null)]
    [InlineData("(coalesce Absent A)", "\"a\"")]
    [InlineData("(value_count L)", "2")]
    [InlineData("(value_count Absent)", "0")]
    [InlineData("(no_such_function A)", null)]
    public void Function_gives(string expression, string? expected)
    {
        var item = new MapEvent(new Value.Map(
        [
            new("A", new Value.Text("a")), new("L", new Value.List([new Value.Text("x"), new Value.Text("y")])), new("N", new Value.Real(7.5)), new("T", new Value.Text("2021-01-02T00:58:59+01:00")),
        ]));
        var value = new ValueResolver(ExternalValues.Empty, new Dictionary<string, Value>()).Resolve(IrText.ReadExpression(expression).Value!, item);
        Assert.Equal(expected, value is null ? null : IrText.Write(new ValueExpression.Literal(value)));
    }

    /// <summary>Over the rows ["1"], [2], [["3", "4"]], ["x"], missing.</summary>
    [Theory]
    [InlineData("count_rows", "5")]
    [InlineData("count_values", "5")]
    [InlineData("count_distinct", "5")]
    [InlineData("sum", "10")]
    [InlineData("avg", "2.5")]
    [InlineData("min", "1")]
    [InlineData("max", "4")]
    [InlineData("median", "2.5")]
    public void Aggregate_gives(string function, string expected)
    {
        IReadOnlyList<Value?>[] rows =
        [
            [new Value.Text("1")], [new Value.Integer(2)], [new Value.List([new Value.Text("3"), new Value.Text("4")])], [new Value.Text("x")], [null],
        ];
        Assert.Equal(expected, AggregateCatalogue.Find(function)!.Evaluate(rows)!.ToCanonicalText());
    }

    [Theory]
    [InlineData(0, "10")]
    [InlineData(25, "10")]
    [InlineData(26, "20")]
    [InlineData(50, "20")]
    [InlineData(75, "30")]
    [InlineData(99, "40")]
    [InlineData(100, "40")]
    [InlineData(400, "40")]
    public void Percentile_is_a_number_that_was_observed(int percent, string expected)
    {
        IReadOnlyList<Value?>[] rows = [.. new[] { 30, 10, 40, 20 }.Select(number => (IReadOnlyList<Value?>)[new Value.Integer(number), new Value.Integer(percent)])];
        Assert.Equal(expected, AggregateCatalogue.Find("percentile")!.Evaluate(rows)!.ToCanonicalText());
    }

    [Fact]
    public void Over_no_number_there_is_no_value_but_a_count()
    {
        IReadOnlyList<Value?>[] rows = [[new Value.Text("x"), new Value.Integer(50)]];
        foreach (var aggregate in AggregateCatalogue.All)
        {
            var value = aggregate.Evaluate(rows);
            Assert.Equal(aggregate.Id.StartsWith("count_", StringComparison.Ordinal), value is not null);
        }
    }

    [Fact]
    public void Distinct_tuples_need_every_part_and_are_not_confused()
    {
        IReadOnlyList<Value?>[] rows =
        [
            [new Value.Text("a"), new Value.Text("bc")], [new Value.Text("ab"), new Value.Text("c")], [new Value.Text("a"), null], [new Value.Text("A"), new Value.Text("bc")], [new Value.Text("a"), new Value.Text("bc")],
        ];
        Assert.Equal("3", AggregateCatalogue.Find("count_distinct")!.Evaluate(rows)!.ToCanonicalText());
    }

    [Fact]
    public void Sum_beyond_a_decimal_becomes_a_real()
    {
        IReadOnlyList<Value?>[] rows = [[new Value.Decimal(decimal.MaxValue)], [new Value.Decimal(decimal.MaxValue)]];
        Assert.IsType<Value.Real>(AggregateCatalogue.Find("sum")!.Evaluate(rows));
    }

    [Fact]
    public void Concat_of_many_lists_is_bounded()
    {
        var list = new Value.List([.. Enumerable.Range(0, 50).Select(number => new Value.Integer(number))]);
        Assert.Null(FunctionCatalogue.Find("concat")!.Evaluate([list, list, list]));
    }
}
