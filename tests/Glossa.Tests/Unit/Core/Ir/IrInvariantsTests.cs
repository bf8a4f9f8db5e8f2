using System.Text.Json;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Tests.Differential;

namespace Glossa.Tests.Unit.Core.Ir;

public sealed class IrInvariantsTests
{
    [Theory]
    [InlineData("(reference m)", "reference-resolves")]
    [InlineData("(logic (let a (reference b)) (let b (scan (log_source))) (reference a))", "reference-resolves")]
    [InlineData("(logic (let a (scan (log_source))) (let a (scan (log_source))) (reference a))", "unique-names")]
    [InlineData("(extend (scan (log_source)) [a=A a=B])", "unique-names")]
    [InlineData("(filter (scan (log_source)) (eq A (external_value x)))", "input-declared")]
    [InlineData("(filter (scan (log_source)) (eq A (parameter x)))", "parameter-declared")]
    [InlineData("(filter (scan (log_source)) (eq A))", "operands")]
    [InlineData("(filter (scan (log_source)) (present A \"x\"))", "operands")]
    [InlineData("(filter (scan (log_source)) (eq A null))", "operand-type")]
    [InlineData("(filter (scan (log_source)) (cidr A \"x\"))", "operand-type")]
    [InlineData("(filter (scan (log_source)) (regex A \"x\" :form none))", "regex-form")]
    [InlineData("(filter (scan (log_source)) (opaque \"\"))", "opaque-says-why")]
    [InlineData("(sequence ordered (step a (scan (log_source)) :missing))", "sequence-steps")]
    [InlineData("(sequence ordered (step a (scan (log_source)) [A]) (step b (scan (log_source)) [A B]))", "sequence-steps")]
    [InlineData("(window (scan (log_source)) :partition [] :order #time :range -5m [])", "window-frame")]
    public void Fault_is_found(string text, string invariant)
        => Assert.Equal([invariant], IrInvariants.Check(IrText.ReadLogic(text).Value!).Select(violation => violation.Invariant).Distinct());

    [Theory]
    [InlineData("(filter (scan (log_source :product p) :gate (eq C 1)) (and (regex~ A \"x\" :flags s) (eq A (parameter RunTime)) (is_empty B)))")]
    [InlineData("(logic (parameter p) (input i value_list \"i\") (let m (scan (log_source))) (filter (reference m) (eq A (external_value i) (parameter p))))")]
    public void A_sound_logic_has_no_fault(string text) => Assert.Empty(IrInvariants.Check(IrText.ReadLogic(text).Value!));

    [Fact]
    public void A_normal_form_has_no_names()
        => Assert.Equal("normal-form", Assert.Single(IrInvariants.CheckNormal(IrText.ReadLogic("(filter (scan (log_source)) (named s (eq A \"x\")))").Value!)).Invariant);

    [Fact]
    public void A_span_beyond_the_text_is_found()
    {
        var plan = new Plan.Scan(new ScanSource.LogSource(null, null, null), FieldPath.TimeColumn, null) { Origin = Origin.Of(new SourceSpan(3, 4)) };
        var logic = new DetectionLogic([], plan, [], [], null, Fidelity.Exact);
        Assert.Empty(IrInvariants.Check(logic, QueryText.FromText("1234567")));
        Assert.Equal("span-in-text", Assert.Single(IrInvariants.Check(logic, QueryText.FromText("123456"))).Invariant);
    }

    [Theory]
    [InlineData("(filter (scan (log_source)) (eq A \"x\")", "')' is expected")]
    [InlineData("(filter (scan (log_source)) (equals A \"x\"))", "no operator is called 'equals'")]
    [InlineData("(flatten (scan (log_source)))", "no stage is called 'flatten'")]
    [InlineData("(filter (scan (log_source)) (eq A 10.0.0.0/99))", "neither a name nor a literal")]
    [InlineData("(filter (scan (log_source)) (eq A \"x))", "not closed")]
    [InlineData("(filter (scan (log_source)) (eq A \"\\q\"))", "no character is escaped")]
    [InlineData("(reference a) b", "the end is expected")]
    public void What_is_no_ir_is_said_where(string text, string words)
    {
        var reading = IrText.ReadLogic(text);
        Assert.Null(reading.Value);
        Assert.Contains(words, Assert.Single(reading.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_text_is_refused()
    {
        var text = string.Concat(Enumerable.Repeat("(not ", 100_000)) + "true" + new string(')', 100_000);
        Assert.Contains("nested deeper", Assert.Single(IrText.ReadPredicate(text).Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_json_for_every_logic()
        => Samples.Hold(
            IrGenerators.Logic,
            logic =>
            {
                using var json = JsonDocument.Parse(IrJson.Write(logic), new JsonDocumentOptions { MaxDepth = 1_000 });
                return json.RootElement.GetProperty("root").GetProperty("node").GetString() is { Length: > 0 } ? null : IrText.Write(logic);
            },
            count: 500);

    [Fact]
    public void Json_of_a_leaf_says_everything()
        => Assert.Equal(
            """{"node":"leaf","origin":"derived","operator":"contains","subject":{"node":"field","path":"A"},"operands":[{"node":"literal","value":"x"}],"match":"all","case":"fold","quantifier":"any","typing":"text"}""",
            IrJson.Write(IrText.ReadPredicate("(contains~ :derived A \"x\" :all)").Value!));

    [Fact]
    public void Indented_text_breaks_where_a_line_would_be_long()
        => Assert.Equal(
            """
            (filter
              (scan (log_source :product windows :category process_creation))
              (and
                (contains~ CommandLine "first long argument" "second long argument")
                (not (named filter (ends_with~ ParentImage "\\a\\parent.exe")))))
            """,
            IrText.WriteIndented(IrText.ReadPlan("""(filter (scan (log_source :product windows :category process_creation)) (and (contains~ CommandLine "first long argument" "second long argument") (not (named filter (ends_with~ ParentImage "\\a\\parent.exe")))))""").Value!));
}
