using System.Globalization;
using System.Text;

namespace Glossa.Core.Semantics;

/// <param name="Pattern">For .NET; empty where it failed.</param>
/// <param name="NeedsBacktracking">It uses what the non-backtracking engine has not.</param>
/// <param name="FailureAt">Position in the pattern as written, or -1.</param>
internal readonly record struct PcreTranslation(string Pattern, bool NeedsBacktracking, bool UsesWordBoundaries, string? Failure, int FailureAt);

/// <summary>
/// PCRE patterns (https://www.pcre.org/current/doc/html/pcre2pattern.html) in .NET's spelling, for the question "does it match".
/// Classes are ASCII's, as PCRE's are by default: <c>\d \w \s</c> and <c>[[:alpha:]]</c> take no other scripts. Names of groups
/// become numbers, since .NET would number named groups last. What has no equal (recursion, verbs, branch reset, callouts) is a
/// failure that names it.
/// </summary>
internal sealed class PcreTranslator
{
    private const int MaxLength = 65_536;
    private const int MaxNesting = 250;

    private const string WordSet = "A-Za-z0-9_";
    private const string SpaceSet = @"\t-\r ";
    private const string HorizontalSet = @"\t \u00A0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000";
    private const string VerticalSet = @"\n-\r\u0085\u2028\u2029";

    private static readonly Dictionary<string, string> PosixSets = new(StringComparer.Ordinal)
    {
        ["alpha"] = "A-Za-z",
        ["digit"] = "0-9",
        ["alnum"] = "A-Za-z0-9",
        ["upper"] = "A-Z",
        ["lower"] = "a-z",
        ["space"] = SpaceSet,
        ["blank"] = @" \t",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["print"] = " -~",
        ["graph"] = "!-~",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["xdigit"] = "0-9A-Fa-f",
        ["word"] = WordSet,
        ["ascii"] = @"\x00-\x7F",
    };

    private readonly string _source;
    private readonly bool _exactWordBoundaries;
    private readonly StringBuilder _out = new();
    private readonly Stack<Group> _groups = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly int _groupTotal;
    private int _position;
    private int _groupCount;

    /// <summary>Where the last thing a quantifier can stand after begins in the output; -1 where there is none.</summary>
    private int _atom = -1;
    private bool _multiline;
    private bool _extended;
    private bool _needsBacktracking;
    private bool _usesWordBoundaries;

    private PcreTranslator(string source, bool multiline, bool exactWordBoundaries)
    {
        _source = source;
        _multiline = multiline;
        _exactWordBoundaries = exactWordBoundaries;
        _groupTotal = CountGroups(source, _names);
    }

    private readonly record struct Group(int Start, bool Multiline, bool Extended);

    public static PcreTranslation Translate(string pattern, bool multiline, bool exactWordBoundaries)
    {
        if (pattern.Length > MaxLength)
        {
            return new PcreTranslation("", false, false, $"the pattern is longer than {MaxLength} characters", MaxLength);
        }

        var translator = new PcreTranslator(pattern, multiline, exactWordBoundaries);
        try
        {
            translator.Run();
        }
        catch (UnsupportedSyntaxException unsupported)
        {
            return new PcreTranslation("", false, false, unsupported.Message, unsupported.Position);
        }

        return new PcreTranslation(translator._out.ToString(), translator._needsBacktracking, translator._usesWordBoundaries, null, -1);
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            var start = _position;
            var character = _source[_position];
            switch (character)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    CharacterClass();
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    CloseGroup();
                    break;
                case '|':
                    _position++;
                    _out.Append('|');
                    _atom = -1;
                    break;
                case '*' or '+' or '?':
                    _position++;
                    Quantifier(character.ToString(), start);
                    break;
                case '{':
                    Braces();
                    break;
                case '^':
                    _position++;
                    _atom = -1;
                    if (_multiline)
                    {
                        // A circumflex stands after every line break but the last character's.
                        _out.Append(@"(?:\A|^(?!\z))");
                        _needsBacktracking = true;
                    }
                    else
                    {
                        _out.Append('^');
                    }

                    break;
                case '$' or '.':
                    _position++;
                    _atom = character == '.' ? _out.Length : -1;
                    _out.Append(character);
                    break;
                case '#' when _extended:
                    while (_position < _source.Length && _source[_position] != '\n')
                    {
                        _position++;
                    }

                    break;
                case ' ' or '\t' or '\n' or '\r' or '\f' or '\v' when _extended:
                    _position++;
                    break;
                default:
                    _position++;
                    Literal(character);
                    break;
            }
        }

        if (_groups.Count > 0)
        {
            throw new UnsupportedSyntaxException("a group is not closed", _source.Length);
        }
    }

    private void Literal(char character)
    {
        // Half of a surrogate pair is no atom of its own: a quantifier after it takes the whole character.
        if (!(char.IsLowSurrogate(character) && _out.Length > 0 && char.IsHighSurrogate(_out[^1])))
        {
            _atom = _out.Length;
            if (char.IsHighSurrogate(character) && _position < _source.Length && char.IsLowSurrogate(_source[_position]))
            {
                _out.Append("(?:").Append(character).Append(_source[_position++]).Append(')');
                return;
            }
        }

        AppendLiteral(_out, character);
    }

    private static void AppendLiteral(StringBuilder output, char character)
    {
        if (character is '\\' or '*' or '+' or '?' or '|' or '{' or '}' or '[' or ']' or '(' or ')' or '^' or '$' or '.' or '#' or ' ' or '-')
        {
            output.Append('\\').Append(character);
        }
        else if (char.IsControl(character))
        {
            output.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }
        else
        {
            output.Append(character);
        }
    }

    private void Quantifier(string quantifier, int start)
    {
        if (_atom < 0)
        {
            throw new UnsupportedSyntaxException("a quantifier has nothing before it", start);
        }

        var suffix = _position < _source.Length ? _source[_position] : '\0';
        if (suffix == '+')
        {
            _position++;
            _out.Insert(_atom, "(?>").Append(quantifier).Append(')');
            _needsBacktracking = true;
        }
        else if (suffix == '?')
        {
            _position++;
            _out.Append(quantifier).Append('?');
        }
        else
        {
            _out.Append(quantifier);
        }

        _atom = -1;
    }

    private void Braces()
    {
        var end = _source.IndexOf('}', _position);
        var body = end < 0 ? [] : _source.AsSpan(_position + 1, end - _position - 1);
        var comma = body.IndexOf(',');
        var least = comma < 0 ? body : body[..comma];
        var most = comma < 0 ? [] : body[(comma + 1)..];
        if (!Numbers.TryParseDigits(least, out var from) || (!most.IsEmpty && !Numbers.TryParseDigits(most, out _)))
        {
            // Not a quantifier: a brace.
            _position++;
            Literal('{');
            return;
        }

        var start = _position;
        _position = end + 1;
        if (from > 65_535 || (!most.IsEmpty && Numbers.TryParseDigits(most, out var to) && (to > 65_535 || to < from)))
        {
            throw new UnsupportedSyntaxException("a repeat count is out of order or above 65535", start);
        }

        Quantifier($"{{{body}}}", start);
    }

    private void OpenGroup()
    {
        var start = _position;
        if (_groups.Count >= MaxNesting)
        {
            throw new UnsupportedSyntaxException($"groups are nested deeper than {MaxNesting}", start);
        }

        _position++;
        if (Accept("*"))
        {
            throw new UnsupportedSyntaxException("verbs such as (*FAIL) have no equal here", start);
        }

        if (!Accept("?"))
        {
            Push();
            _out.Append('(');
            _groupCount++;
            return;
        }

        if (Accept("#"))
        {
            var end = _source.IndexOf(')', _position);
            _position = end < 0 ? throw new UnsupportedSyntaxException("a comment is not closed", start) : end + 1;
            return;
        }

        foreach (var (opening, backtracks) in new[] { (":", false), (">", true), ("=", true), ("!", true), ("<=", true), ("<!", true) })
        {
            if (Accept(opening))
            {
                Push();
                _out.Append("(?").Append(opening);
                _needsBacktracking |= backtracks;
                return;
            }
        }

        if (Accept("P=") || Accept("P>") || Accept("|") || Accept("R") || Accept("&") || Accept("C") || (_position < _source.Length && (char.IsAsciiDigit(_source[_position]) || _source[_position] == '+')))
        {
            if (_source[_position - 1] == '=' && _source[_position - 2] == 'P')
            {
                var name = Until(')', start);
                BackReference(name, start);
                return;
            }

            throw new UnsupportedSyntaxException("recursion, branch reset and callouts have no equal here", start);
        }

        if (Accept("P<") || Accept("<"))
        {
            GroupName('>', start);
            return;
        }

        if (Accept("'"))
        {
            GroupName('\'', start);
            return;
        }

        if (Accept("("))
        {
            Conditional(start);
            return;
        }

        Flags(start);
    }

    private void GroupName(char end, int start)
    {
        Until(end, start);
        Push();
        _out.Append('(');
        _groupCount++;
    }

    private void Conditional(int start)
    {
        var condition = Until(')', start).Trim('<', '>', '\'');
        if (!Numbers.TryParseDigits(condition, out var number) && !_names.TryGetValue(condition, out number))
        {
            throw new UnsupportedSyntaxException("only a group's number or name is understood as a condition", start);
        }

        Push();
        _needsBacktracking = true;
        _out.Append(CultureInfo.InvariantCulture, $"(?({number})");
    }

    private void Flags(int start)
    {
        var added = new StringBuilder();
        var removed = new StringBuilder();
        bool? multiline = null, extended = null;
        var adding = true;
        while (true)
        {
            if (_position >= _source.Length)
            {
                throw new UnsupportedSyntaxException("a group is not closed", start);
            }

            var flag = _source[_position++];
            switch (flag)
            {
                case 'i' or 's':
                    (adding ? added : removed).Append(flag);
                    continue;
                case 'm':
                    multiline = adding;
                    (adding ? added : removed).Append(flag);
                    continue;
                case 'x':
                    extended = adding;
                    continue;
                case '-' when adding:
                    adding = false;
                    continue;
                case '^' when added.Length == 0 && adding:
                    removed.Append("ims");
                    multiline = false;
                    extended = false;
                    continue;
                case ')':
                    var letters = Letters();
                    if (letters.Length > 0)
                    {
                        _out.Append("(?").Append(letters).Append(')');
                    }

                    _multiline = multiline ?? _multiline;
                    _extended = extended ?? _extended;
                    _atom = -1;
                    return;
                case ':':
                    Push();
                    _out.Append("(?").Append(Letters()).Append(':');
                    _multiline = multiline ?? _multiline;
                    _extended = extended ?? _extended;
                    return;
                default:
                    throw new UnsupportedSyntaxException($"the group (?{flag} is not known", start);
            }
        }

        string Letters()
        {
            foreach (var letter in added.ToString())
            {
                removed.Replace(letter.ToString(), "");
            }

            return removed.Length > 0 ? $"{added}-{removed}" : added.ToString();
        }
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out var group))
        {
            throw new UnsupportedSyntaxException("a parenthesis closes nothing", _position);
        }

        _position++;
        _out.Append(')');
        _atom = group.Start;
        _multiline = group.Multiline;
        _extended = group.Extended;
    }

    private void Push()
    {
        _groups.Push(new Group(_out.Length, _multiline, _extended));
        _atom = -1;
    }

    private void Escape()
    {
        var start = _position++;
        if (_position >= _source.Length)
        {
            throw new UnsupportedSyntaxException("the pattern ends in a backslash", start);
        }

        var character = _source[_position++];
        switch (character)
        {
            case 'Q':
                var end = _source.IndexOf("\\E", _position, StringComparison.Ordinal);
                var stop = end < 0 ? _source.Length : end;
                while (_position < stop)
                {
                    Literal(_source[_position++]);
                }

                _position = end < 0 ? stop : end + 2;
                return;
            case 'E':
                return;
            case 'A' or 'z' or 'Z' or 'G':
                _needsBacktracking |= character == 'G';
                _atom = -1;
                _out.Append('\\').Append(character);
                return;
            case 'b' or 'B':
                WordBoundary(character == 'b');
                return;
            case 'K':
                // It moves the start of what was found; whether something was found stays the same.
                _atom = -1;
                return;
            case 'R':
                Atom(@"(?>\r\n|[\n-\r\u0085\u2028\u2029])");
                _needsBacktracking = true;
                return;
            case 'N' when !(_position < _source.Length && _source[_position] == '{'):
                Atom(@"[^\n]");
                return;
            case 'X' or 'C':
                throw new UnsupportedSyntaxException($"\\{character} has no equal here", start);
            case 'g' or 'k':
                Reference(character, start);
                return;
            case >= '1' and <= '9':
                if (NumberedReference(start))
                {
                    return;
                }

                break;
        }

        if (ClassEscape(character, start) is { } set)
        {
            Atom(set.IsNegated ? $"[^{set.Body}]" : $"[{set.Body}]");
            return;
        }

        _position = start + 1;
        var point = CodePoint(start);
        if (point > 0xFFFF)
        {
            Atom($"(?:{char.ConvertFromUtf32(point)})");
        }
        else
        {
            _atom = _out.Length;
            AppendLiteral(_out, (char)point);
        }
    }

    private void Atom(string pattern)
    {
        _atom = _out.Length;
        _out.Append(pattern);
    }

    private void WordBoundary(bool isBoundary)
    {
        _usesWordBoundaries = true;
        _atom = -1;
        if (!_exactWordBoundaries)
        {
            _out.Append(isBoundary ? @"\b" : @"\B");
            return;
        }

        _needsBacktracking = true;
        _out.Append(isBoundary
            ? $"(?:(?<=[{WordSet}])(?![{WordSet}])|(?<![{WordSet}])(?=[{WordSet}]))"
            : $"(?:(?<=[{WordSet}])(?=[{WordSet}])|(?<![{WordSet}])(?![{WordSet}]))");
    }

    private bool NumberedReference(int start)
    {
        var end = start + 1;
        while (end < _source.Length && end - start <= 3 && char.IsAsciiDigit(_source[end]))
        {
            end++;
        }

        // One digit is always a reference; more are one only where there are so many groups, else octal.
        if (!Numbers.TryParseDigits(_source.AsSpan(start + 1, end - start - 1), out var number) || (number > 9 && number > _groupTotal))
        {
            return false;
        }

        _position = end;
        BackReference(number, start);
        return true;
    }

    private void Reference(char kind, int start)
    {
        if (_position < _source.Length && (_source[_position] is '{' || (kind == 'k' && _source[_position] is '<' or '\'')))
        {
            var close = _source[_position] switch { '{' => '}', '<' => '>', _ => '\'' };
            _position++;
            BackReference(Until(close, start), start);
            return;
        }

        var end = _position;
        if (kind == 'g' && end < _source.Length && _source[end] == '-')
        {
            end++;
        }

        while (end < _source.Length && char.IsAsciiDigit(_source[end]))
        {
            end++;
        }

        if (kind != 'g' || end == _position)
        {
            throw new UnsupportedSyntaxException("calls of groups have no equal here", start);
        }

        var written = _source[_position..end];
        _position = end;
        BackReference(written, start);
    }

    private void BackReference(string written, int start)
    {
        var isRelative = written.StartsWith('-');
        if (Numbers.TryParseDigits(isRelative ? written.AsSpan(1) : written, out var number))
        {
            BackReference(isRelative ? _groupCount + 1 - number : number, start);
        }
        else if (_names.TryGetValue(written, out number))
        {
            BackReference(number, start);
        }
        else
        {
            throw new UnsupportedSyntaxException($"no group is called '{written}'", start);
        }
    }

    private void BackReference(int number, int start)
    {
        if (number < 1 || number > _groupTotal)
        {
            throw new UnsupportedSyntaxException("a reference to a group that is not there", start);
        }

        _needsBacktracking = true;
        Atom($"(?:\\{number})");
    }

    private void CharacterClass()
    {
        var start = _position++;
        var body = new StringBuilder();
        var isNegated = Accept("^");
        var isFirst = true;
        var before = -1;
        while (true)
        {
            if (_position >= _source.Length)
            {
                throw new UnsupportedSyntaxException("a character class is not closed", start);
            }

            var at = _position;
            var character = _source[_position++];
            if (character == ']' && !isFirst)
            {
                break;
            }

            isFirst = false;
            if (character == '[' && PosixClass() is { } posix)
            {
                AppendSet(body, posix.Body, posix.IsNegated, at);
                before = -1;
                continue;
            }

            if (character == '\\')
            {
                if (Accept("Q"))
                {
                    var end = _source.IndexOf("\\E", _position, StringComparison.Ordinal);
                    var stop = end < 0 ? _source.Length : end;
                    while (_position < stop)
                    {
                        AppendLiteral(body, _source[_position++]);
                    }

                    _position = end < 0 ? stop : end + 2;
                    before = -1;
                    continue;
                }

                if (Accept("E"))
                {
                    continue;
                }

                var escaped = _position < _source.Length ? _source[_position++] : throw new UnsupportedSyntaxException("a character class is not closed", start);
                if (ClassEscape(escaped, at) is { } set)
                {
                    AppendSet(body, set.Body, set.IsNegated, at);
                    before = -1;
                    continue;
                }

                _position = at + 1;
                var point = escaped == 'b' ? Skip('\b') : CodePoint(at);
                if (point > 0xFFFF)
                {
                    throw new UnsupportedSyntaxException("a character beyond U+FFFF in a class has no equal here", at);
                }

                AppendLiteral(body, (char)point);
                before = point;
                continue;
            }

            if (char.IsSurrogate(character))
            {
                throw new UnsupportedSyntaxException("a character beyond U+FFFF in a class has no equal here", at);
            }

            // A hyphen between two characters makes a range; after a class, or at an end, it is itself.
            if (character == '-' && before >= 0 && _position < _source.Length && _source[_position] != ']' && RangeEnd() is { } last)
            {
                if (last < before)
                {
                    throw new UnsupportedSyntaxException("a range of a character class is out of order", at);
                }

                body.Append('-');
                AppendLiteral(body, (char)last);
                before = -1;
                continue;
            }

            AppendLiteral(body, character);
            before = character;
        }

        Atom(isNegated ? $"[^{body}]" : $"[{body}]");

        int Skip(char value)
        {
            _position++;
            return value;
        }
    }

    /// <summary>The character that ends a range, or null (with nothing consumed) where a class stands there.</summary>
    private int? RangeEnd()
    {
        var at = _position;
        var character = _source[_position++];
        if (character == '[' && PosixClass() is not null)
        {
            _position = at;
            return null;
        }

        if (character != '\\')
        {
            return character;
        }

        if (_position < _source.Length && ClassEscape(_source[_position++], at) is not null)
        {
            _position = at;
            return null;
        }

        _position = at + 1;
        if (_position < _source.Length && _source[_position] == 'b')
        {
            _position++;
            return '\b';
        }

        var point = CodePoint(at);
        return point <= 0xFFFF ? point : throw new UnsupportedSyntaxException("a character beyond U+FFFF in a class has no equal here", at);
    }

    /// <summary><c>[:name:]</c> after its first bracket, or null with nothing consumed.</summary>
    private (string Body, bool IsNegated)? PosixClass()
    {
        if (_position >= _source.Length || _source[_position] != ':')
        {
            return null;
        }

        var end = _source.IndexOf(":]", _position + 1, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var name = _source[(_position + 1)..end];
        var isNegated = name.StartsWith('^');
        if (!PosixSets.TryGetValue(isNegated ? name[1..] : name, out var body))
        {
            return null;
        }

        _position = end + 2;
        return (body, isNegated);
    }

    private static void AppendSet(StringBuilder body, string set, bool isNegated, int at)
    {
        if (!isNegated)
        {
            body.Append(set);
            return;
        }

        body.Append(set switch
        {
            "0-9" => @"\x00-/:-\uFFFF",
            WordSet => @"\x00-/:-@\[-\^`{-\uFFFF",
            SpaceSet => @"\x00-\x08\x0E-\x1F!-\uFFFF",
            _ when set.StartsWith(@"\p{", StringComparison.Ordinal) => @"\P" + set[2..],
            _ when set.StartsWith(@"\P{", StringComparison.Ordinal) => @"\p" + set[2..],
            _ => throw new UnsupportedSyntaxException("this negated class inside a class has no equal here", at),
        });
    }

    /// <summary>An escape that stands for a set of characters, its letter consumed; null (the position undefined) for any other.</summary>
    private (string Body, bool IsNegated)? ClassEscape(char letter, int start)
    {
        switch (letter)
        {
            case 'd' or 'D':
                return ("0-9", letter == 'D');
            case 'w' or 'W':
                return (WordSet, letter == 'W');
            case 's' or 'S':
                return (SpaceSet, letter == 'S');
            case 'h' or 'H':
                return (HorizontalSet, letter == 'H');
            case 'v' or 'V':
                return (VerticalSet, letter == 'V');
            case 'p' or 'P':
                var isNegated = letter == 'P';
                string name;
                if (Accept("{"))
                {
                    name = Until('}', start);
                }
                else if (_position < _source.Length)
                {
                    name = _source[_position++].ToString();
                }
                else
                {
                    throw new UnsupportedSyntaxException("a property has no name", start);
                }

                if (name.StartsWith('^'))
                {
                    isNegated = !isNegated;
                    name = name[1..];
                }

                return name switch
                {
                    "L&" => (@"\p{Lu}\p{Ll}\p{Lt}", isNegated),
                    "Any" => (@"\x00-\uFFFF", isNegated),
                    "L" or "Lu" or "Ll" or "Lt" or "Lm" or "Lo" or "M" or "Mn" or "Mc" or "Me" or "N" or "Nd" or "Nl" or "No" or "P" or "Pc" or "Pd" or "Ps"
                        or "Pe" or "Pi" or "Pf" or "Po" or "S" or "Sm" or "Sc" or "Sk" or "So" or "Z" or "Zs" or "Zl" or "Zp" or "C" or "Cc" or "Cf" or "Cs"
                        or "Co" or "Cn" => ($"\\p{{{name}}}", isNegated),
                    _ => throw new UnsupportedSyntaxException($"the property {name} has no equal here", start),
                };
            default:
                return null;
        }
    }

    /// <summary>The character an escape stands for; the position is at the letter after the backslash.</summary>
    private int CodePoint(int start)
    {
        var letter = _position < _source.Length ? _source[_position++] : throw new UnsupportedSyntaxException("the pattern ends in a backslash", start);
        switch (letter)
        {
            case 'a':
                return '\a';
            case 'e':
                return '\u001B';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'c' when _position < _source.Length && char.IsAscii(_source[_position]):
                return char.ToUpperInvariant(_source[_position++]) ^ 64;
            case 'x' when _position < _source.Length && _source[_position] == '{':
                _position++;
                return Digits(Until('}', start), NumberStyles.AllowHexSpecifier, start);
            case 'x':
                return Run(2, char.IsAsciiHexDigit, 16);
            case 'u' when _position + 4 <= _source.Length && _source[_position..(_position + 4)].All(char.IsAsciiHexDigit):
                // Not PCRE's, but what rules that came from elsewhere write.
                return Run(4, char.IsAsciiHexDigit, 16);
            case 'N' when Accept("{U+"):
                return Digits(Until('}', start), NumberStyles.AllowHexSpecifier, start);
            case 'o' when Accept("{"):
                var octal = Until('}', start);
                _position -= octal.Length + 1;
                var point = Run(octal.Length, character => character is >= '0' and <= '7', 8);
                return Accept("}") ? point : throw new UnsupportedSyntaxException("an octal number is expected", start);
            case >= '0' and <= '7':
                _position--;
                return Run(3, character => character is >= '0' and <= '7', 8) & 0xFF;
            default:
                return char.IsAsciiLetterOrDigit(letter) ? throw new UnsupportedSyntaxException($"the escape \\{letter} is not known", start) : letter;
        }
    }

    private int Run(int most, Func<char, bool> isDigit, int radix)
    {
        var value = 0;
        for (var i = 0; i < most && _position < _source.Length && isDigit(_source[_position]); i++)
        {
            value = Math.Min((value * radix) + Convert.ToInt32(_source[_position++].ToString(), 16), 0x10FFFF);
        }

        return value;
    }

    private static int Digits(string text, NumberStyles styles, int start)
        => text.Length is > 0 and <= 8 && text.All(char.IsAsciiHexDigit)
            && int.TryParse(text, styles, CultureInfo.InvariantCulture, out var point) && point is >= 0 and <= 0x10FFFF and not (>= 0xD800 and <= 0xDFFF)
            ? point
            : throw new UnsupportedSyntaxException("no character has this number", start);

    private string Until(char end, int start)
    {
        var index = _source.IndexOf(end, _position);
        if (index < 0)
        {
            throw new UnsupportedSyntaxException($"'{end}' is missing", start);
        }

        var text = _source[_position..index];
        _position = index + 1;
        return text;
    }

    private bool Accept(string text)
    {
        if (!_source.AsSpan(_position).StartsWith(text))
        {
            return false;
        }

        _position += text.Length;
        return true;
    }

    /// <summary>How many groups capture, and the numbers of those with names.</summary>
    private static int CountGroups(string source, Dictionary<string, int> names)
    {
        var count = 0;
        for (var i = 0; i < source.Length; i++)
        {
            switch (source[i])
            {
                case '\\' when i + 1 < source.Length && source[i + 1] == 'Q':
                    var quoteEnd = source.IndexOf("\\E", i + 2, StringComparison.Ordinal);
                    i = quoteEnd < 0 ? source.Length : quoteEnd + 1;
                    break;
                case '\\':
                    i++;
                    break;
                case '[':
                    i = EndOfClass(source, i);
                    break;
                case '(' when i + 1 < source.Length && source[i + 1] != '?' && source[i + 1] != '*':
                    count++;
                    break;
                case '(' when NameOf(source, i) is { } name:
                    count++;
                    names.TryAdd(name, count);
                    break;
            }
        }

        return count;
    }

    private static int EndOfClass(string source, int start)
    {
        var i = start + 1;
        if (i < source.Length && source[i] == '^')
        {
            i++;
        }

        for (var first = i; i < source.Length; i++)
        {
            if (source[i] == '\\')
            {
                i++;
            }
            else if (source[i] == '[' && i + 1 < source.Length && source[i + 1] == ':' && source.IndexOf(":]", i + 2, StringComparison.Ordinal) is > 0 and var end)
            {
                i = end + 1;
            }
            else if (source[i] == ']' && i > first)
            {
                return i;
            }
        }

        return source.Length;
    }

    private static string? NameOf(string source, int start)
    {
        foreach (var (opening, close) in new[] { ("(?P<", '>'), ("(?<", '>'), ("(?'", '\'') })
        {
            if (source.AsSpan(start).StartsWith(opening))
            {
                var from = start + opening.Length;
                var end = source.IndexOf(close, from);
                return end > from && source[from] is not ('=' or '!') ? source[from..end] : null;
            }
        }

        return null;
    }

    private sealed class UnsupportedSyntaxException(string message, int position) : Exception(message)
    {
        public int Position { get; } = position;
    }
}
