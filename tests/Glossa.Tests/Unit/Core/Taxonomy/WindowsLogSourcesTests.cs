using Glossa.Core.Taxonomy;

namespace Glossa.Tests.Unit.Core.Taxonomy;

public sealed class WindowsLogSourcesTests
{
    private const string Sysmon = "Microsoft-Windows-Sysmon/Operational";
    private const string Defender = "Microsoft-Windows-Windows Defender/Operational";
    private static readonly WindowsLogSources Sources = WindowsLogSources.Instance;

    /// <summary>Every category SigmaHQ's rules name for Windows, and those its table has beside.</summary>
    [Theory]
    [InlineData("process_creation")]
    [InlineData("registry_set")]
    [InlineData("file_event")]
    [InlineData("ps_script")]
    [InlineData("image_load")]
    [InlineData("network_connection")]
    [InlineData("registry_event")]
    [InlineData("ps_module")]
    [InlineData("process_access")]
    [InlineData("dns_query")]
    [InlineData("pipe_created")]
    [InlineData("create_remote_thread")]
    [InlineData("file_delete")]
    [InlineData("ps_classic_start")]
    [InlineData("driver_load")]
    [InlineData("registry_delete")]
    [InlineData("create_stream_hash")]
    [InlineData("registry_add")]
    [InlineData("wmi_event")]
    [InlineData("file_change")]
    [InlineData("sysmon_status")]
    [InlineData("raw_access_thread")]
    [InlineData("process_tampering")]
    [InlineData("file_executable_detected")]
    [InlineData("sysmon_error")]
    [InlineData("ps_classic_provider_start")]
    [InlineData("process_termination")]
    [InlineData("registry_rename")]
    [InlineData("clipboard_change")]
    [InlineData("file_delete_detected")]
    [InlineData("file_block_executable")]
    [InlineData("file_block_shredding")]
    [InlineData("ps_classic_script")]
    [InlineData("antivirus")]
    public void A_category_has_a_gate(string category)
    {
        Assert.True(Sources.TryGetCategory(category, out var gates));
        Assert.All(gates, gate => Assert.NotEmpty(gate.Channels));
        Assert.All(gates, gate => Assert.NotEmpty(gate.EventIds));
    }

    [Theory]
    [InlineData("file_access")]
    [InlineData("file_rename")]
    public void A_category_no_channel_carries_has_none(string category)
    {
        Assert.False(Sources.TryGetCategory(category, out var gates));
        Assert.Empty(gates);
    }

    [Fact]
    public void A_process_creation_is_sysmon_1_or_security_4688()
    {
        Assert.True(Sources.TryGetCategory("process_creation", out var gates));

        Assert.Equal([(Sysmon, 1), ("Security", 4688)], gates.Select(gate => (gate.Channels.Single(), gate.EventIds.Single())));
        Assert.All(gates, gate => Assert.Null(gate.Condition));
    }

    [Theory]
    [InlineData("registry_delete", "DeleteKey,DeleteValue")]
    [InlineData("registry_add", "CreateKey")]
    public void Sysmon_12_is_told_apart_by_its_event_type(string category, string values)
    {
        Assert.True(Sources.TryGetCategory(category, out var gates));

        var gate = Assert.Single(gates);
        Assert.Equal([12], gate.EventIds);
        Assert.Equal(("EventType", values), (gate.Condition?.Field, string.Join(',', gate.Condition?.Values ?? [])));
    }

    [Theory]
    [InlineData("network_connection")]
    [InlineData("registry_set")]
    [InlineData("registry_event")]
    [InlineData("registry_add")]
    public void The_security_log_is_no_source_of_network_and_registry_events(string category)
    {
        Assert.True(Sources.TryGetCategory(category, out var gates));
        Assert.All(gates, gate => Assert.Equal([Sysmon], gate.Channels));
    }

    [Theory]
    [InlineData("Security", "Security")]
    [InlineData("powershell", "Microsoft-Windows-PowerShell/Operational|PowerShellCore/Operational")]
    [InlineData("dns-server", "DNS Server")]
    [InlineData("driver-framework", "Microsoft-Windows-DriverFrameworks-UserMode/Operational")]
    public void A_service_has_its_channels(string service, string channels)
    {
        Assert.True(Sources.TryGetService(service, out var found));
        Assert.Equal(channels, string.Join('|', found));
    }

    [Fact]
    public void A_service_of_another_product_has_none() => Assert.False(Sources.TryGetService("auditd", out _));

    [Theory]
    [InlineData("Security", 4688, "Image", "NewProcessName")]
    [InlineData("security", 4688, "ParentImage", "ParentProcessName")]
    [InlineData("Security", 5156, "DestinationIp", "DestAddress")]
    [InlineData("Security", 4657, "Details", "NewValue")]
    [InlineData(Defender, 1119, "Signature", "ThreatName")]
    public void An_event_is_read_under_the_names_of_the_rules(string channel, int eventId, string ruleField, string eventField)
        => Assert.Contains(new FieldAlias(ruleField, eventField), Sources.AliasesFor(channel, eventId));

    [Fact]
    public void Other_events_have_no_aliases()
    {
        Assert.Empty(Sources.AliasesFor("Security", 4624));
        Assert.Empty(Sources.AliasesFor(Sysmon, 1));
        Assert.Empty(Sources.AliasesFor("No such channel", 4688));
    }

    [Theory]
    [InlineData(Sysmon, 12, "sysmon", "registry_event,registry_add,registry_delete")]
    [InlineData(Defender, 1116, "windefend", "antivirus")]
    [InlineData("Security", 4624, "security", "")]
    [InlineData("Microsoft-ServiceBus-Client/Admin", 1, "servicebus-client", "")]
    [InlineData("No such channel", 1, null, "")]
    public void An_event_is_described_in_sigmas_words(string channel, int eventId, string? service, string categories)
    {
        var kind = Sources.Describe(channel, eventId);

        Assert.Equal((service, categories), (kind.Service, string.Join(',', kind.Categories)));
    }
}
