namespace Glossa.Tests;

/// <summary>A fact about the published executable; skipped where the tests run without ./test, which publishes it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExecutableFactAttribute : FactAttribute
{
    public ExecutableFactAttribute() => Skip = ExecutableSkip.Reason;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExecutableTheoryAttribute : TheoryAttribute
{
    public ExecutableTheoryAttribute() => Skip = ExecutableSkip.Reason;
}

internal static class ExecutableSkip
{
    public static string? Reason { get; } = TestPaths.Executable is null ? "GLOSSA_EXE does not name the published executable; ./test sets it." : null;
}
