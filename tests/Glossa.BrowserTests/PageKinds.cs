namespace Glossa.BrowserTests;

/// <summary>An address of every kind of page over the catalog of the samples.</summary>
internal static class PageKinds
{
    /// <summary>A rule with selections, a list of maps, filters and a long text.</summary>
    public const string RichRule = "/rules/sigma/win_powershell_hidden_encoded";

    /// <summary>Pages that there are.</summary>
    public static readonly string[] Found =
    [
        "/", "/changes", "/about",
        "/rules", "/rules?q=powershell&severity=medium&product=windows", "/rules?q=nothingatall+powershell",
        RichRule, RichRule + "/values", RichRule + "/values/1", RichRule + "/source?from=1", RichRule + "/others/1/1",
        "/rules/sigma/correlation_guessing", "/rules/sigma/correlation_packed_and_sent", "/rules/sigma/lnx_shell_over_socket",
        "/attack", "/attack?show=sub", "/attack?show=gaps", "/attack/T1059", "/attack/T1027.010", "/attack/TA0002",
        "/fields", "/fields/sigma/Image", "/concepts", "/concepts/process.executable", "/indicators/ends_with/process.executable?v=%5CPOWERSHELL.EXE",
        "/sources", "/sources/windows", "/sources/windows/process_creation", "/coverage",
    ];

    /// <summary>Answers to addresses that are wrong.</summary>
    public static readonly string[] Wrong =
    [
        "/nothing", "/rules?q=nosuchkey:x", "/rules?page=0", "/rules/sigma/win_powershell", "/attack/T9999", "/fields/sigma/Imag", "/indicators/eq/process.executable?v=nothing",
    ];

    public static readonly string[] All = [.. Found, .. Wrong];
}
