using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class FieldConceptsTests
{
    private static readonly FieldConcepts Concepts = FieldConcepts.Instance;

    [Theory]
    [InlineData("sigma", "CommandLine")]
    [InlineData("sigma", "commandline")]
    [InlineData("ecs", "process.command_line")]
    [InlineData("elastic", "process.command_line")]
    [InlineData("splunk", "Processes.process")]
    [InlineData("microsoft", "DeviceProcessEvents.ProcessCommandLine")]
    [InlineData("microsoft", "ProcessCommandLine")]
    [InlineData("chronicle", "target.process.command_line")]
    public void A_command_line_is_one_concept_in_every_family(string family, string field)
        => Assert.Equal("process.command_line", Concepts.ConceptOf(family, field));

    [Fact]
    public void The_class_of_the_event_says_whose_image_it_is()
    {
        Assert.Equal("process.executable", Concepts.ConceptOf("sigma", "Image"));
        Assert.Equal("file.process.executable", Concepts.ConceptOf("sigma", "Image", "file_event"));
        Assert.Equal("process.executable", Concepts.ConceptOf("sigma", "Image", "no_such_class"));
    }

    [Fact]
    public void A_table_says_which_column_it_is()
    {
        Assert.Equal("file.name", Concepts.ConceptOf("microsoft", "DeviceFileEvents.FileName"));
        Assert.Equal("process.name", Concepts.ConceptOf("microsoft", "DeviceProcessEvents.FileName"));
    }

    [Fact]
    public void A_field_that_is_only_part_of_a_concept_is_not_its_name()
    {
        Assert.Empty(Concepts.Names("process.name", "sigma"));
        var part = Assert.Single(Concepts.Entries("process.name", "sigma"));
        Assert.Equal(("Image", "basename"), (part.Name, part.Qualifier));
        Assert.Equal("registry.path", Concepts.ConceptOf("sigma", "TargetObject"));
    }

    [Fact]
    public void An_unknown_field_or_family_has_no_concept()
    {
        Assert.Null(Concepts.ConceptOf("sigma", "NoSuchField"));
        Assert.Null(Concepts.ConceptOf("nobody", "CommandLine"));
        Assert.Empty(Concepts.Names("no.such.concept", "sigma"));
    }

    [Fact]
    public void Sigma_and_ecs_translate_both_ways()
    {
        Assert.Equal("process.executable", Concepts.SigmaToEcs("Image")[0]);
        Assert.Equal(["file.path"], Concepts.SigmaToEcs("TargetFilename"));
        Assert.Contains("DestinationIp", Concepts.EcsToSigma("destination.ip"));
        Assert.Contains("Image", Concepts.EcsToSigma("process.executable"));
        Assert.Empty(Concepts.EcsToSigma("process.name", "process_creation"));   // Sigma has the name only as the end of Image
    }
}
