using Glossa.Analysis;

namespace Glossa.Tests.Unit.Analysis;

/// <summary>A reader who takes the lines of a stage for what they say must not be led to another rule.</summary>
public sealed class StageLinesTests
{
    [Fact]
    public void Alternatives_and_what_is_excluded_together_are_said_to_be()
    {
        var rule = Rules.Of("""
            (and
              (named selection_img (or (ends_with~ Image "\\a.exe") (and (eq~ Company "Lab") (eq~ Product "Kit"))))
              (named selection_cli (contains~ CommandLine "go"))
              (not (or
                (named filter_one (eq~ User "mara"))
                (named filter_two (and (eq~ User "ruiz") (eq~ Host "h1"))))))
            """);

        Assert.Equal(
            [
                "at least one of these:",
                @"- Image ends with \a.exe",
                "- Company is Lab",
                "- and Product is Kit",
                "CommandLine contains go",
                "not User is mara",
                "not all of these together:",
                "- User is ruiz",
                "- Host is h1",
            ],
            RuleAnalyzer.Analyze(rule).Stages.SelectMany(stage => stage.Predicates));
    }
}
