using System.Buffers;

namespace Glossa.Web.Text;

/// <summary>Light colouring of source text, line by line: keys, quoted text, numbers, comments. Never fails; at worst it colours less.</summary>
public static class Highlighting
{
    /// <param name="Class"><c>k</c> key, <c>s</c> text, <c>n</c> number, <c>c</c> comment.</param>
    public readonly record struct Token(int Start, int Length, string Class);

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.-+");

    /// <summary>Tokens in order, none over a line break, none overlapping.</summary>
    public static IReadOnlyList<Token> Of(string text, string language)
    {
        List<Token> tokens = [];
        if (language is not ("yaml" or "sigma" or "panther-yaml"))
        {
            return tokens;
        }

        var block = -1;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            block = Yaml(text, start, end, block, tokens);
            start = end + 1;
        }

        return tokens;
    }

    /// <param name="block">Indentation of the key that a block text hangs under, or -1 outside one.</param>
    /// <returns>The same for the next line.</returns>
    private static int Yaml(string text, int start, int end, int block, List<Token> tokens)
    {
        var i = start;
        while (i < end && text[i] == ' ')
        {
            i++;
        }

        var indentation = i - start;
        if (i == end || text[i] == '\r')
        {
            return block;
        }

        if (block >= 0 && indentation > block)
        {
            return block;
        }

        if (text[i] == '#')
        {
            tokens.Add(new Token(i, end - i, "c"));
            return -1;
        }

        while (i + 1 < end && text[i] == '-' && text[i + 1] == ' ')
        {
            i += 2;
            while (i < end && text[i] == ' ')
            {
                i++;
            }
        }

        var isBlock = false;
        if (i < end && text[i] is not ('\'' or '"' or '[' or '{'))
        {
            var colon = text.AsSpan(i, end - i).IndexOf(':');
            if (colon > 0 && (i + colon + 1 >= end || text[i + colon + 1] is ' ' or '\r'))
            {
                tokens.Add(new Token(i, colon, "k"));
                i += colon + 1;
                while (i < end && text[i] == ' ')
                {
                    i++;
                }

                isBlock = i < end && text[i] is '|' or '>';
            }
        }

        if (isBlock)
        {
            return indentation;
        }

        Scalar(text, i, end, tokens);
        return -1;
    }

    private static void Scalar(string text, int start, int end, List<Token> tokens)
    {
        if (start >= end)
        {
            return;
        }

        var quote = text[start];
        if (quote == '#')
        {
            tokens.Add(new Token(start, end - start, "c"));
            return;
        }

        if (quote is '\'' or '"')
        {
            var i = start + 1;
            while (i < end)
            {
                if (text[i] == quote)
                {
                    // '' inside single quotes is one quote.
                    if (quote == '\'' && i + 1 < end && text[i + 1] == '\'')
                    {
                        i += 2;
                        continue;
                    }

                    i++;
                    break;
                }

                i += quote == '"' && text[i] == '\\' ? 2 : 1;
            }

            i = Math.Min(i, end);
            tokens.Add(new Token(start, i - start, "s"));
            start = i;
        }

        var rest = text.AsSpan(start, end - start);
        var comment = rest.IndexOf(" #", StringComparison.Ordinal);
        var value = (comment >= 0 ? rest[..comment] : rest).TrimEnd();
        if (value.Length > 0 && quote is not ('\'' or '"') && value.IndexOfAnyExcept(NumberCharacters) < 0)
        {
            tokens.Add(new Token(start, value.Length, "n"));
        }

        if (comment >= 0)
        {
            tokens.Add(new Token(start + comment + 1, rest.Length - comment - 1, "c"));
        }
    }
}
