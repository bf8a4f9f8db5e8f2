using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Unit.Core.Semantics;

/// <summary>The table of missing values, typings and lists, row by row.</summary>
public sealed class LeafSemanticsTests
{
    private static readonly ReferenceEvaluator Evaluator = new(new ExternalValues(new Dictionary<string, IReadOnlyList<string>> { ["two"] = ["a", "b"], ["none"] = [] }));

    /// <summary>Columns: missing, null, [], "", ["a","b"], {}.</summary>
    [Theory]
    [InlineData("(eq F \"\")", "...T..")]
    [InlineData("(eq F \"a\")", "....T.")]
    [InlineData("(contains F \"\")", "...TT.")]
    [InlineData("(starts_with F \"a\")", "....T.")]
    [InlineData("(ends_with F \"b\")", "....T.")]
    [InlineData("(wildcard F \"*\")", "...TT.")]
    [InlineData("(regex F \"\")", "...TT.")]
    [InlineData("(cidr F 0.0.0.0/0)", "......")]
    [InlineData("(lt F 5 :as literal)", "......")]
    [InlineData("(ge F \"\" :as literal)", "...TT.")]
    [InlineData("(present F)", ".TTTTT")]
    [InlineData("(missing F)", "T.....")]
    [InlineData("(has_value F)", "...TTT")]
    [InlineData("(is_empty F)", "TTTT..")]
    [InlineData("(not (eq F \"a\"))", "TTTT.T")]
    [InlineData("(eq F)", "......")]
    [InlineData("(eq F :all)", "......")]
    [InlineData("(eq F null)", "......")]
    public void Absence_and_shape(string predicate, string expected)
        => Assert.Equal(expected, Row(predicate, null, Value.Null.Instance, List(), Text(""), List(Text("a"), Text("b")), new Value.Map([])));

    /// <summary>Columns: "5", "05", 5, 5.0, " 5", "5x", true, "true".</summary>
    [Theory]
    [InlineData("(eq F 5)", "T.TT....")]
    [InlineData("(eq F 5 :as literal)", "TTTTT...")]
    [InlineData("(eq F \"5\")", "T.TT....")]
    [InlineData("(eq F true)", "......TT")]
    [InlineData("(eq F true :as literal)", "......TT")]
    [InlineData("(lt F 6 :as literal)", "TTTTT...")]
    [InlineData("(gt F 4)", "TTTTT...")]
    [InlineData("(ge F 5.0 :as literal)", "TTTTT...")]
    [InlineData("(le F 4 :as literal)", "........")]
    [InlineData("(contains F \"5\")", "TTTTTT..")]
    public void Numbers_and_text(string predicate, string expected)
        => Assert.Equal(expected, Row(predicate, Text("5"), Text("05"), new Value.Integer(5), new Value.Real(5.0), Text(" 5"), Text("5x"), new Value.Boolean(true), Text("true")));

    /// <summary>Columns: "ab", ["a","b"], ["ab","c"], [["a"],["b"]], [null,"a"].</summary>
    [Theory]
    [InlineData("(contains F \"a\" \"b\" :all)", "TTTT.")]
    [InlineData("(contains F \"a\" \"b\")", "TTTTT")]
    [InlineData("(eq F \"a\" \"b\" :all)", ".T.T.")]
    [InlineData("(eq F (external_value two))", ".T.TT")]
    [InlineData("(eq F (external_value two) :all)", ".T.T.")]
    [InlineData("(eq F (external_value none))", ".....")]
    [InlineData("(eq F (external_value none) :all)", ".....")]
    [InlineData("(eq F (external_value unknown))", ".....")]
    [InlineData("(contains F (concat \"a\" (external_value two)))", "T.T..")]
    [InlineData("(and (contains F \"a\") (contains F \"c\"))", "..T..")]
    public void Operands_and_lists(string predicate, string expected)
        => Assert.Equal(expected, Row(predicate, Text("ab"), List(Text("a"), Text("b")), List(Text("ab"), Text("c")), List(List(Text("a")), List(Text("b"))), List(Value.Null.Instance, Text("a"))));

    [Theory]
    [InlineData("(eq~ F \"\u00c9\")", "\u00e9", true)]
    [InlineData("(eq F \"\u00c9\")", "\u00e9", false)]
    [InlineData("(eq~ F \"\u00df\")", "ss", false)]
    [InlineData("(eq~ F \"k\")", "\u212a", false)]
    [InlineData("(contains~ F \"\\\\WINDOWS\\\\\")", "c:\\windows\\x", true)]
    [InlineData("(wildcard~ F \"*\\\\\\\\TEMP\\\\\\\\?.exe\")", "c:\\temp\\a.exe", true)]
    [InlineData("(wildcard F \"a\\\\*\")", "a*", true)]
    [InlineData("(wildcard F \"a\\\\*\")", "ab", false)]
    public void Case_and_wildcards(string predicate, string value, bool expected) => Assert.Equal(expected ? "T" : ".", Row(predicate, Text(value)));

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", true)]
    [InlineData("10.0.0.0/8", "10.0.0.1:443", false)]
    [InlineData("10.0.0.0/8", "10.0.0", false)]
    [InlineData("10.0.0.0/8", "010.0.0.1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    public void Addresses(string prefix, string value, bool expected) => Assert.Equal(expected ? "T" : ".", Row($"(cidr F {prefix})", Text(value)));

    [Theory]
    [InlineData("(eq F G)", true)]
    [InlineData("(eq~ F H)", true)]
    [InlineData("(starts_with H G)", false)]
    [InlineData("(starts_with~ H G)", true)]
    [InlineData("(eq F Absent)", false)]
    [InlineData("(eq Absent Absent2)", false)]
    [InlineData("(contains F G Absent :all)", false)]
    [InlineData("(eq Many F)", true)]
    [InlineData("(eq F Many)", true)]
    public void A_field_against_a_field_needs_some_pair(string predicate, bool expected)
    {
        var item = new MapEvent(new Value.Map([new("F", Text("a")), new("G", Text("a")), new("H", Text("A")), new("Many", List(Text("x"), Text("a")))]));
        Assert.Equal(expected ? Truth.True : Truth.False, Evaluator.Evaluate(Read(predicate), item));
    }

    [Theory]
    [InlineData("(contains~ (anywhere values) \"DEEP\")", true)]
    [InlineData("(contains~ (anywhere values) \"inner\")", false)]
    [InlineData("(contains~ (anywhere raw) \"inner\")", true)]
    [InlineData("(contains~ (anywhere both) \"deep\" \"7\" :all)", true)]
    [InlineData("(eq (anywhere values) 7)", true)]
    [InlineData("(contains (anywhere raw) \"7\")", false)]
    public void A_keyword_looks_through_all_values(string predicate, bool expected)
    {
        var item = new MapEvent(new Value.Map([new("outer", new Value.Map([new("inner", List(Text("a deep one"), new Value.Integer(7)))]))]), rawText: "inner");
        Assert.Equal(expected ? Truth.True : Truth.False, Evaluator.Evaluate(Read(predicate), item));
    }

    private static string Row(string predicate, params Value?[] values)
    {
        var read = Read(predicate);
        return string.Concat(values.Select(value => Evaluator.Evaluate(read, new MapEvent(new Value.Map(value is null ? [] : [new("F", value)]))) switch
        {
            Truth.True => "T",
            Truth.False => ".",
            _ => "?",
        }));
    }

    private static Predicate Read(string text)
    {
        var reading = IrText.ReadPredicate(text);
        Assert.True(reading.Value is not null, string.Join(", ", reading.Diagnostics.Select(diagnostic => diagnostic.Message)) + ": " + text);
        return reading.Value;
    }

    private static Value.Text Text(string text) => new(text);

    private static Value.List List(params Value[] items) => new(items);
}
