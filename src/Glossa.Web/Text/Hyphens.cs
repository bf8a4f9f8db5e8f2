using System.Buffers;
using System.Text;

namespace Glossa.Web.Text;

/// <summary>
/// Where names of our own tables may break in a narrow column. Browsers hyphenate only languages they have a dictionary for, and most have none; this
/// finds places between syllables by vowels and consonants, which is right often enough for the long words of ATT&amp;CK.
/// </summary>
internal static class Hyphens
{
    /// <summary>Shorter words fit the narrowest column.</summary>
    private const int LongWord = 11;
    private const int LeastBefore = 4;
    private const int LeastAfter = 4;
    private const char SoftHyphen = '\u00AD';

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    private static readonly string[] Together = ["th", "sh", "ch", "ph", "tr", "pr", "pl", "cl", "cr", "gr", "br", "bl", "fr", "fl", "st", "sp"];

    /// <summary>With soft hyphens in long words; only for what is shown, never for attributes.</summary>
    public static string In(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length;)
        {
            var start = i;
            while (i < name.Length && char.IsAsciiLetter(name[i]))
            {
                i++;
            }

            if (i == start)
            {
                text.Append(name[i++]);
                continue;
            }

            AppendWord(text, name.AsSpan(start, i - start));
        }

        return text.ToString();
    }

    private static void AppendWord(StringBuilder text, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word.Length >= LongWord && i >= LeastBefore && word.Length - i >= LeastAfter && IsBetweenSyllables(word, i))
            {
                text.Append(SoftHyphen);
            }

            text.Append(word[i]);
        }
    }

    /// <summary>Before a consonant that a vowel follows and a vowel or another syllable's consonant precedes: in-for-ma-tion.</summary>
    private static bool IsBetweenSyllables(ReadOnlySpan<char> word, int at)
    {
        if (IsVowel(word[at]) || IsTogether(word, at - 1))
        {
            return false;
        }

        var onset = IsTogether(word, at) ? 2 : 1;
        return at + onset < word.Length - 1 && IsVowel(word[at + onset]) && word[..at].ContainsAny(Vowels);
    }

    private static bool IsTogether(ReadOnlySpan<char> word, int at)
    {
        foreach (var pair in Together)
        {
            if (at >= 0 && at + 1 < word.Length && word[at..].StartsWith(pair, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsVowel(char letter) => Vowels.Contains(letter);
}
