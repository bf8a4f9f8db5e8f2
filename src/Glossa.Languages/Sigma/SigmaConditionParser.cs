using System.Globalization;
using Glossa.Core.Text;
using Glossa.Languages.Common;

namespace Glossa.Languages.Sigma;

/// <summary>
/// The condition language of https://github.com/SigmaHQ/sigma-specification (specification/sigma-rules-specification.md, Condition),
/// with the aggregations of its version 1:
/// <code>
/// condition  = or ["|" pipe]
/// or         = and {"or" and}
/// and        = not {"and" not}
/// not        = {"not"} term
/// term       = "(" or ")" | (number | "any" | "all") "of" ("them" | pattern) | name
/// pipe       = "near" or | function "(" [field] ")" ["by" field {"," field}] comparison number
/// </code>
/// Words are compared without case. A mistake costs its term: reading goes on at the next <c>and</c> or <c>or</c>.
/// </summary>
internal sealed class SigmaConditionParser
{
    private readonly TokenCursor _cursor;
    private readonly Action<string, SourceSpan, bool> _report;
    private NestingGuard _guard = new(NestingGuard.DefaultLimit);
    private bool _isTooDeep;
    private int _lastError = -1;

    private SigmaConditionParser(string text, Action<string, SourceSpan, bool> report)
    {
        _cursor = new TokenCursor(Tokenize(text));
        _report = report;
    }

    /// <param name="report">Gets a message, its place in <paramref name="text"/>, and whether the nesting was the reason.</param>
    public static SigmaConditionSyntax Parse(string text, Action<string, SourceSpan, bool> report)
    {
        var parser = new SigmaConditionParser(text, report);
        if (parser.ParseEarly(text.Length) is { } early)
        {
            return new SigmaConditionSyntax(new SigmaCondition.And([], early.Span), early);
        }

        var root = parser.ParseOr();
        var pipe = parser.ParsePipe();
        if (!parser._cursor.AtEnd && !parser._isTooDeep)
        {
            parser._cursor.Expect("the end of the condition");
            parser.Unexpected();
            root = new SigmaCondition.And([root, new SigmaCondition.Broken(parser._cursor.Current.Span)], root.Span);
        }

        return new SigmaConditionSyntax(root, pipe);
    }

    /// <summary>
    /// <c>write FIELD from … to %list%; then if … -> alert</c> and <c>count(FIELD) per A per B &gt; n …</c>: SigmaHQ keeps four such
    /// rules in its folder of unsupported ones. No word of them is read.
    /// </summary>
    private SigmaPipe.Early? ParseEarly(int length)
    {
        var whole = new SourceSpan(0, length);
        if (TokenCursor.IsWord(_cursor.Current, "write") && _cursor.Next().Kind == TokenKind.Word && TokenCursor.IsWord(_cursor.Next(2), "from"))
        {
            return new SigmaPipe.Early("write … then", whole);
        }

        return TokenCursor.IsWord(_cursor.Current, "count") && _cursor.Next() is { Kind: TokenKind.Sign, Text: "(" } && TokenCursor.IsWord(_cursor.Next(4), "per")
            ? new SigmaPipe.Early("count … per", whole)
            : null;
    }

    private SigmaCondition ParseOr()
    {
        var first = ParseAnd();
        List<SigmaCondition>? children = null;
        while (_cursor.TryTakeWord("or", out _))
        {
            (children ??= [first]).Add(ParseAnd());
        }

        return children is null ? first : new SigmaCondition.Or(children, first.Span.Union(children[^1].Span));
    }

    private SigmaCondition ParseAnd()
    {
        var first = ParseNot();
        List<SigmaCondition>? children = null;
        while (_cursor.TryTakeWord("and", out _))
        {
            (children ??= [first]).Add(ParseNot());
        }

        return children is null ? first : new SigmaCondition.And(children, first.Span.Union(children[^1].Span));
    }

    private SigmaCondition ParseNot()
    {
        if (!_cursor.TryTakeWord("not", out var word))
        {
            return ParseTerm();
        }

        if (!_guard.TryEnter())
        {
            return TooDeep(word.Span);
        }

        var child = ParseNot();
        _guard.Leave();
        return new SigmaCondition.Not(child, word.Span.Union(child.Span));
    }

    private SigmaCondition ParseTerm()
    {
        if (_cursor.TryTakeSign("(", out var open))
        {
            if (!_guard.TryEnter())
            {
                return TooDeep(open.Span);
            }

            var inner = ParseOr();
            _guard.Leave();
            if (_isTooDeep)
            {
                return inner;
            }

            if (!_cursor.TryTakeSign(")", out var close))
            {
                Unexpected();
                return new SigmaCondition.And([inner, new SigmaCondition.Broken(_cursor.Current.Span)], open.Span.Union(inner.Span));
            }

            // A name keeps its own place, which is where a page looks for it.
            return inner is SigmaCondition.Or or SigmaCondition.And ? inner with { Span = open.Span.Union(close.Span) } : inner;
        }

        _cursor.Expect("'1 of'");
        _cursor.Expect("'all of'");
        _cursor.Expect("a selection");
        var token = _cursor.Current;
        if (token.Kind != TokenKind.Word || IsOperator(token))
        {
            Unexpected();
            if (token.Kind == TokenKind.Sign && token.Text is not (")" or "|"))
            {
                // A sign that nothing here begins with: past it, so that one slip is one message.
                _cursor.Take();
            }

            return new SigmaCondition.Broken(token.Span);
        }

        if (TokenCursor.IsWord(_cursor.Next(), "of") && TryQuantifier(token.Text, out var count))
        {
            _cursor.Take();
            var of = _cursor.Take();
            var pattern = _cursor.Current;
            _cursor.Expect("'them'");
            _cursor.Expect("a name with '*'");
            if (pattern.Kind != TokenKind.Word || IsOperator(pattern))
            {
                Unexpected();
                return new SigmaCondition.Broken(token.Span.Union(of.Span));
            }

            _cursor.Take();
            var isThem = TokenCursor.IsWord(pattern, "them");
            return new SigmaCondition.Quantified(count, isThem ? null : pattern.Text, pattern.Span, token.Span.Union(pattern.Span));
        }

        _cursor.Take();
        return new SigmaCondition.Reference(token.Text, token.Span);
    }

    private SigmaPipe? ParsePipe()
    {
        if (!_cursor.TryTakeSign("|", out var bar))
        {
            return null;
        }

        if (_cursor.TryTakeWord("near", out _))
        {
            var condition = ParseOr();
            return new SigmaPipe.Near(condition, bar.Span.Union(condition.Span));
        }

        var function = _cursor.Current;
        foreach (var name in (string[])["count", "sum", "min", "max", "avg"])
        {
            if (!_cursor.TryTakeWord(name, out function))
            {
                continue;
            }

            return ParseAggregate(bar, name);
        }

        Unexpected();
        return BrokenPipe(bar);
    }

    private SigmaPipe ParseAggregate(Token bar, string function)
    {
        SigmaName? field = null;
        if (!_cursor.TryTakeSign("(", out _))
        {
            Unexpected();
            return BrokenPipe(bar);
        }

        if (_cursor.Current.Kind == TokenKind.Word)
        {
            var token = _cursor.Take();
            field = new SigmaName(token.Text, token.Span);
        }
        else if (function != "count")
        {
            _cursor.Expect("a field");
            Unexpected();
            return BrokenPipe(bar);
        }

        if (!_cursor.TryTakeSign(")", out _))
        {
            Unexpected();
            return BrokenPipe(bar);
        }

        var by = new List<SigmaName>();
        if (_cursor.TryTakeWord("by", out _))
        {
            do
            {
                if (_cursor.Current.Kind != TokenKind.Word)
                {
                    _cursor.Expect("a field");
                    Unexpected();
                    return BrokenPipe(bar);
                }

                var token = _cursor.Take();
                by.Add(new SigmaName(token.Text, token.Span));
            }
            while (_cursor.TryTakeSign(",", out _));
        }

        foreach (var (sign, comparison) in Comparisons)
        {
            if (!_cursor.TryTakeSign(sign, out _))
            {
                continue;
            }

            if (_cursor.Current.Kind == TokenKind.Word && decimal.TryParse(_cursor.Current.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            {
                var number = _cursor.Take();
                return new SigmaPipe.Aggregate(function, field, by, comparison, number.Text, bar.Span.Union(number.Span));
            }

            _cursor.Expect("a number");
            break;
        }

        Unexpected();
        return BrokenPipe(bar);
    }

    private static (string Sign, SigmaComparison Comparison)[] Comparisons { get; } =
    [
        (">=", SigmaComparison.GreaterOrEqual), ("<=", SigmaComparison.LessOrEqual), (">", SigmaComparison.Greater),
        ("<", SigmaComparison.Less), ("==", SigmaComparison.Equal), ("=", SigmaComparison.Equal), ("!=", SigmaComparison.NotEqual),
    ];

    private SigmaPipe.Broken BrokenPipe(Token bar)
    {
        while (!_cursor.AtEnd)
        {
            _cursor.Take();
        }

        return new SigmaPipe.Broken(bar.Span);
    }

    private SigmaCondition.Broken TooDeep(SourceSpan span)
    {
        if (!_isTooDeep)
        {
            _isTooDeep = true;
            _report($"The condition is nested more than {_guard.Limit} deep; what is nested deeper is not read.", span, true);
        }

        // Nothing of the rest can be placed any more; every level above ends at once.
        while (!_cursor.AtEnd)
        {
            _cursor.Take();
        }

        return new SigmaCondition.Broken(span);
    }

    private void Unexpected()
    {
        if (_isTooDeep)
        {
            return;
        }

        var token = _cursor.Current;
        if (token.Span.Start == _lastError)
        {
            // One slip is one message, whoever waits for something at this place.
            return;
        }

        _lastError = token.Span.Start;
        var found = token.Kind == TokenKind.End ? "the condition ends here" : $"found '{(token.Text.Length > 40 ? token.Text[..40] : token.Text)}'";
        _report($"The condition cannot be read: {_cursor.DescribeExpected()}, {found}.", token.Span, false);
    }

    private static bool IsOperator(Token token)
        => TokenCursor.IsWord(token, "and") || TokenCursor.IsWord(token, "or") || TokenCursor.IsWord(token, "not");

    private static bool TryQuantifier(string text, out int? count)
    {
        count = null;
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            count = 1;
            return true;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            count = number;
            return true;
        }

        return false;
    }

    private static List<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            var character = text[i];
            if (char.IsWhiteSpace(character))
            {
                i++;
                continue;
            }

            var length = 1;
            if (IsSign(character))
            {
                length = character is '<' or '>' or '=' or '!' && i + 1 < text.Length && text[i + 1] == '=' ? 2 : 1;
                tokens.Add(new Token(TokenKind.Sign, text.Substring(i, length), new SourceSpan(i, length)));
            }
            else
            {
                while (i + length < text.Length && !char.IsWhiteSpace(text[i + length]) && !IsSign(text[i + length]))
                {
                    length++;
                }

                tokens.Add(new Token(TokenKind.Word, text.Substring(i, length), new SourceSpan(i, length)));
            }

            i += length;
        }

        tokens.Add(new Token(TokenKind.End, "", new SourceSpan(text.Length, 0)));
        return tokens;
    }

    private static bool IsSign(char character) => character is '(' or ')' or '|' or ',' or '<' or '>' or '=' or '!';
}
