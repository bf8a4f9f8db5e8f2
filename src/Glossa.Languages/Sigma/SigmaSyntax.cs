using Glossa.Core.Text;

namespace Glossa.Languages.Sigma;

/// <summary>A condition as written; spans are positions in the condition's text.</summary>
internal abstract record SigmaCondition(SourceSpan Span)
{
    public sealed record Or(IReadOnlyList<SigmaCondition> Children, SourceSpan Span) : SigmaCondition(Span);

    public sealed record And(IReadOnlyList<SigmaCondition> Children, SourceSpan Span) : SigmaCondition(Span);

    public sealed record Not(SigmaCondition Child, SourceSpan Span) : SigmaCondition(Span);

    /// <summary>The name of a selection (or of a rule, in a correlation).</summary>
    public sealed record Reference(string Name, SourceSpan Span) : SigmaCondition(Span);

    /// <summary><c>1 of selection_*</c>, <c>all of them</c>.</summary>
    /// <param name="Count">How many at least; null for all.</param>
    /// <param name="Pattern">A name with <c>*</c> in it; null for <c>them</c>.</param>
    public sealed record Quantified(int? Count, string? Pattern, SourceSpan PatternSpan, SourceSpan Span) : SigmaCondition(Span);

    /// <summary>A place where a term was expected; the diagnostic has been made.</summary>
    public sealed record Broken(SourceSpan Span) : SigmaCondition(Span);
}

internal enum SigmaComparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>What older rules write after a pipe. Sigma 2 has correlations in its place.</summary>
internal abstract record SigmaPipe(SourceSpan Span)
{
    /// <param name="Function"><c>count</c>, <c>sum</c>, <c>min</c>, <c>max</c>, <c>avg</c>, in lower case.</param>
    /// <param name="Field">Null for <c>count()</c>.</param>
    public sealed record Aggregate(
        string Function,
        SigmaName? Field,
        IReadOnlyList<SigmaName> By,
        SigmaComparison Comparison,
        string Number,
        SourceSpan Span) : SigmaPipe(Span);

    /// <summary><c>near a and not b</c>: these, too, within the timeframe.</summary>
    public sealed record Near(SigmaCondition Condition, SourceSpan Span) : SigmaPipe(Span);

    public sealed record Broken(SourceSpan Span) : SigmaPipe(Span);

    /// <summary>The whole condition is in a form that was proposed and never specified; it is recognised, to be named.</summary>
    public sealed record Early(string Form, SourceSpan Span) : SigmaPipe(Span);
}

internal sealed record SigmaName(string Name, SourceSpan Span);

internal sealed record SigmaConditionSyntax(SigmaCondition Root, SigmaPipe? Pipe);

/// <summary>The key of an item, <c>field|modifier|modifier</c>; spans are positions in the key's text.</summary>
internal sealed record SigmaKeySyntax(SigmaName Field, IReadOnlyList<SigmaName> Modifiers)
{
    public static SigmaKeySyntax Parse(string key)
    {
        var bar = key.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0)
        {
            return new SigmaKeySyntax(new SigmaName(key, new SourceSpan(0, key.Length)), []);
        }

        var field = new SigmaName(key[..bar], new SourceSpan(0, bar));
        var modifiers = new List<SigmaName>();
        for (var start = bar + 1; start <= key.Length;)
        {
            var end = key.IndexOf('|', start);
            end = end < 0 ? key.Length : end;
            modifiers.Add(new SigmaName(key[start..end], SourceSpan.FromBounds(start, end)));
            start = end + 1;
        }

        return new SigmaKeySyntax(field, modifiers);
    }
}
