using Glossa.Core.Text;

namespace Glossa.Languages.Common;

internal enum TokenKind
{
    /// <summary>A run of characters that are neither blank nor a sign of the language.</summary>
    Word,

    /// <summary>A sign of the language: a parenthesis, a comma, a comparison.</summary>
    Sign,

    End,
}

/// <param name="Span">In the text the parser was given.</param>
internal readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span);

/// <summary>
/// Walks over tokens and remembers what was asked for at the place it stands, so that an error can say "expected one of".
/// The last token is always <see cref="TokenKind.End"/>.
/// </summary>
internal sealed class TokenCursor(IReadOnlyList<Token> tokens)
{
    private readonly List<string> _expected = [];
    private int _position;

    public Token Current => tokens[_position];

    public bool AtEnd => Current.Kind == TokenKind.End;

    public Token Next(int distance = 1) => tokens[Math.Min(_position + distance, tokens.Count - 1)];

    public Token Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End)
        {
            _position++;
        }

        _expected.Clear();
        return token;
    }

    public bool TryTakeSign(string sign, out Token token)
    {
        token = Current;
        if (token.Kind == TokenKind.Sign && token.Text == sign)
        {
            Take();
            return true;
        }

        Expect($"'{sign}'");
        return false;
    }

    /// <summary>A word without regard to case.</summary>
    public bool TryTakeWord(string word, out Token token)
    {
        token = Current;
        if (IsWord(token, word))
        {
            Take();
            return true;
        }

        Expect($"'{word}'");
        return false;
    }

    public static bool IsWord(Token token, string word)
        => token.Kind == TokenKind.Word && token.Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes what would have fitted here.</summary>
    public void Expect(string what)
    {
        if (!_expected.Contains(what, StringComparer.Ordinal))
        {
            _expected.Add(what);
        }
    }

    /// <summary>What was asked for since the last token was taken: <c>expected one of 'and', 'or', end of condition</c>.</summary>
    public string DescribeExpected() => _expected.Count switch
    {
        0 => "expected nothing more",
        1 => $"expected {_expected[0]}",
        _ => $"expected one of {string.Join(", ", _expected)}",
    };
}
