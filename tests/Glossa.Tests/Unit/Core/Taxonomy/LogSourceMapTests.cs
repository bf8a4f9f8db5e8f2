using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class LogSourceMapTests
{
    [Theory]
    [InlineData("sigma", "windows/process_creation/*")]
    [InlineData("microsoft", "DeviceProcessEvents")]
    [InlineData("elastic", "logs-endpoint.events.process-*")]
    [InlineData("splunk", "Sysmon EventID 1")]
    public void Sources_of_process_creations_share_a_class(string family, string source)
        => Assert.Equal("process_creation", LogSourceMap.Instance.Find(family, source)?.Class);

    [Fact]
    public void A_log_wins_over_a_configuration_of_the_same_name()
    {
        Assert.Equal(("aws", "cloudtrail"), LogSourceMap.Instance.Find("panther", "aws.cloudtrail") is { } log ? (log.Product, log.Service) : default);
        Assert.Equal("cloud_resource", LogSourceMap.Instance.Find("panther", "AWS.CloudTrail", "resource")?.Class);
    }

    [Fact]
    public void What_is_not_said_is_null() => Assert.Null(LogSourceMap.Instance.Find("sigma", "jvm/application/*")?.Service);

    [Fact]
    public void An_unknown_source_is_not_found() => Assert.Null(LogSourceMap.Instance.Find("sigma", "no/such/source"));
}
