using System.Text;
using Glossa.Core.Semantics;

namespace Glossa.Languages.Sigma;

/// <summary>
/// A value with its escapes settled: characters, some of which are wildcards or stand for a placeholder.
/// In Sigma <c>\</c> escapes only <c>*</c>, <c>?</c> and itself; before anything else, or last, it is itself
/// (specification/sigma-rules-specification.md, Escape Character).
/// </summary>
internal sealed class SigmaText
{
    private const byte Literal = 0;
    private const byte Wild = 1;
    private const byte Held = 2;

    // Of each character what it is; null where all are themselves.
    private readonly byte[]? _kinds;

    private SigmaText(string characters, byte[]? kinds, IReadOnlyList<string> placeholders)
    {
        Characters = characters;
        _kinds = kinds;
        Placeholders = placeholders;
    }

    /// <summary>Wildcards stand here as <c>*</c> and <c>?</c>, each placeholder as one <c>%</c>.</summary>
    public string Characters { get; }

    /// <summary>The names of the placeholders, in order.</summary>
    public IReadOnlyList<string> Placeholders { get; }

    public bool HasWildcards => _kinds is not null && _kinds.AsSpan().Contains(Wild);

    public bool IsLoneStar => Characters == "*" && HasWildcards;

    public static SigmaText Plain(string text) => new(text, null, []);

    /// <param name="withPlaceholders"><c>%name%</c> is a placeholder, and <c>\%</c> a percent sign.</param>
    public static SigmaText Parse(string text, bool withPlaceholders = false)
    {
        if (text.AsSpan().IndexOfAny('\\', '*', '?') < 0 && (!withPlaceholders || !text.Contains('%', StringComparison.Ordinal)))
        {
            return new SigmaText(text, null, []);
        }

        var characters = new StringBuilder(text.Length);
        var kinds = new List<byte>(text.Length);
        List<string>? placeholders = null;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\' && i + 1 < text.Length && (text[i + 1] is '*' or '?' or '\\' || (withPlaceholders && text[i + 1] == '%')))
            {
                characters.Append(text[++i]);
                kinds.Add(Literal);
            }
            else if (character is '*' or '?')
            {
                characters.Append(character);
                kinds.Add(Wild);
            }
            else if (withPlaceholders && character == '%' && TryPlaceholder(text, i, out var name))
            {
                characters.Append('%');
                kinds.Add(Held);
                (placeholders ??= []).Add(name);
                i += name.Length + 1;
            }
            else
            {
                characters.Append(character);
                kinds.Add(Literal);
            }
        }

        return new SigmaText(
            characters.ToString(),
            kinds.TrueForAll(kind => kind == Literal) ? null : [.. kinds],
            placeholders ?? (IReadOnlyList<string>)[]);
    }

    /// <summary>The tokens of a pattern, with any run before or after where a modifier asks for it.</summary>
    public IEnumerable<WildcardToken> Tokens(bool anyBefore, bool anyAfter)
    {
        var any = new WildcardToken(WildcardTokenKind.AnyRun, "");
        var lastWasAny = anyBefore;
        if (anyBefore)
        {
            yield return any;
        }

        for (var i = 0; i < Characters.Length;)
        {
            if (KindAt(i) == Wild)
            {
                if (Characters[i] == '?')
                {
                    yield return new WildcardToken(WildcardTokenKind.AnyOne, "");
                    lastWasAny = false;
                }
                else if (!lastWasAny)
                {
                    yield return any;
                    lastWasAny = true;
                }

                i++;
                continue;
            }

            var start = i;
            while (i < Characters.Length && KindAt(i) != Wild)
            {
                i++;
            }

            yield return new WildcardToken(WildcardTokenKind.Literal, Characters[start..i]);
            lastWasAny = false;
        }

        if (anyAfter && !lastWasAny)
        {
            yield return any;
        }
    }

    /// <summary>The places of <c>-</c> and <c>/</c> that begin an option: a word follows, and none stands before (pySigma's <c>\B[-/]\b</c>).</summary>
    public List<int> Dashes()
    {
        var places = new List<int>();
        for (var i = 0; i + 1 < Characters.Length; i++)
        {
            if (Characters[i] is '-' or '/' && KindAt(i) == Literal && IsWord(i + 1) && (i == 0 || !IsWord(i - 1)))
            {
                places.Add(i);
            }
        }

        return places;

        bool IsWord(int index) => KindAt(index) == Held || (KindAt(index) == Literal && (char.IsLetterOrDigit(Characters[index]) || Characters[index] == '_'));
    }

    /// <summary>With other characters at some places; the kinds stay.</summary>
    public SigmaText WithCharacters(IReadOnlyList<int> places, ReadOnlySpan<char> characters)
    {
        var changed = Characters.ToCharArray();
        for (var i = 0; i < places.Count; i++)
        {
            changed[places[i]] = characters[i];
        }

        return new SigmaText(new string(changed), _kinds, Placeholders);
    }

    /// <summary>With the placeholders' values in their places, as plain text.</summary>
    public SigmaText Fill(IReadOnlyList<string> values)
    {
        var characters = new StringBuilder();
        var kinds = new List<byte>();
        var next = 0;
        for (var i = 0; i < Characters.Length; i++)
        {
            if (KindAt(i) == Held)
            {
                characters.Append(values[next]);
                kinds.AddRange(Enumerable.Repeat(Literal, values[next].Length));
                next++;
            }
            else
            {
                characters.Append(Characters[i]);
                kinds.Add(KindAt(i));
            }
        }

        return new SigmaText(characters.ToString(), kinds.TrueForAll(kind => kind == Literal) ? null : [.. kinds], []);
    }

    /// <summary>Literal pieces and the placeholders between them, for a text without wildcards inside.</summary>
    public IEnumerable<(string Text, bool IsPlaceholder)> Pieces()
    {
        var piece = new StringBuilder();
        var next = 0;
        for (var i = 0; i < Characters.Length; i++)
        {
            if (KindAt(i) != Held)
            {
                piece.Append(Characters[i]);
                continue;
            }

            if (piece.Length > 0)
            {
                yield return (piece.ToString(), false);
                piece.Clear();
            }

            yield return (Placeholders[next++], true);
        }

        if (piece.Length > 0)
        {
            yield return (piece.ToString(), false);
        }
    }

    /// <summary>Without a <c>*</c> at its ends; says which were there.</summary>
    public SigmaText TrimStars(out bool before, out bool after)
    {
        int start = 0, end = Characters.Length;
        while (start < end && Characters[start] == '*' && KindAt(start) == Wild)
        {
            start++;
        }

        while (end > start && Characters[end - 1] == '*' && KindAt(end - 1) == Wild)
        {
            end--;
        }

        before = start > 0;
        after = end < Characters.Length;
        return new SigmaText(Characters[start..end], _kinds?[start..end], Placeholders);
    }

    private byte KindAt(int index) => _kinds is null ? Literal : _kinds[index];

    private static bool TryPlaceholder(string text, int percent, out string name)
    {
        var end = percent + 1;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
        {
            end++;
        }

        name = end < text.Length && text[end] == '%' && end > percent + 1 ? text[(percent + 1)..end] : "";
        return name.Length > 0;
    }
}
