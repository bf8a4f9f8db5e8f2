namespace Glossa.Tests;

/// <summary>A fact that needs node and the packages of tests/node, which ./test installs; skipped with the reason where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
        => Skip = Variable("GLOSSA_SKIP_BROWSER")
            ?? (Variable("GLOSSA_NODE_MODULES") is null ? "GLOSSA_NODE_MODULES names no folder with the packages of tests/node; ./test sets it." : null);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
