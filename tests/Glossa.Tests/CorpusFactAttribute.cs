namespace Glossa.Tests;

/// <summary>A fact about a corpus that a fresh clone does not have: where the corpus is absent, it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus)
    {
        Corpus = corpus;
        Skip = CorpusSkip.Reason(corpus);
    }

    public string Corpus { get; }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusTheoryAttribute : TheoryAttribute
{
    public CorpusTheoryAttribute(string corpus)
    {
        Corpus = corpus;
        Skip = CorpusSkip.Reason(corpus);
    }

    public string Corpus { get; }
}

internal static class CorpusSkip
{
    public static string? Reason(string corpus)
        => TestPaths.Corpus(corpus) is null
            ? $"The corpus '{corpus}' is neither in the shared folder (GLOSSA_SHARED, or ../shared) nor in GLOSSA_CHECKOUTS."
            : null;
}
