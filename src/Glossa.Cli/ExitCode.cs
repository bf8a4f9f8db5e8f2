namespace Glossa.Cli;

/// <summary>What the process says to the shell. Documented in the README: scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done, also when single files were bad: those are in the report.</summary>
    public const int Done = 0;

    /// <summary>Done, and what was asked for found something: lint findings, a failing test, a difference.</summary>
    public const int Findings = 1;

    /// <summary>The command line was wrong, or no given path could be read.</summary>
    public const int Usage = 2;

    /// <summary>Our own fault.</summary>
    public const int Fault = 3;
}
