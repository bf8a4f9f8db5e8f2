using System.Globalization;
using System.Text;
using Glossa.Core.Ir;

namespace Glossa.Analysis.Witnesses;

/// <param name="AtStart">The pattern asks that nothing stands before the text.</param>
/// <param name="AtEnd">The pattern asks that nothing stands behind it.</param>
internal readonly record struct RegexSample(string Text, bool AtStart, bool AtEnd);

/// <summary>
/// Writes texts that a regular expression is likely to match: classes, quantifiers, groups, alternatives, anchors, inline flags, back
/// references; of a lookahead the text it asks for is put into the next gap, a lookbehind and a word boundary are passed over.
/// The caller tests what it gets with the real engine, so a guess that fails costs a try and never a wrong answer.
/// </summary>
internal sealed class RegexSampler
{
    /// <summary>Longest text written; a rule that counts to 1,000 needs some, one that counts to a million gets none.</summary>
    private const int MaxLength = 16_384;

    private const int MaxSteps = 100_000;

    private readonly Node _root;

    private RegexSampler(Node root) => _root = root;

    /// <summary>Null where the pattern is not one we read; it may still be a good one.</summary>
    public static RegexSampler? Create(string pattern, RegexOptionSet options)
        => new Reader(pattern, options).ReadAll() is { } root ? new RegexSampler(root) : null;

    /// <param name="variant">0 is the shortest spelling: first alternatives, fewest repetitions; others draw by a fixed sequence.</param>
    /// <param name="inserts">Texts to put into the gaps of the pattern (<c>.*</c>, <c>[^x]+</c>) where they fit.</param>
    /// <returns>Null where this variant leads nowhere.</returns>
    public RegexSample? Sample(int variant, IReadOnlyList<string> inserts)
    {
        var writer = new Writer(variant, inserts);
        return writer.Write(_root) && (writer.EndAt < 0 || writer.EndAt == writer.Text.Length)
            ? new RegexSample(writer.Text.ToString(), writer.AtStart, writer.EndAt >= 0)
            : null;
    }

    private abstract record Node;

    private sealed record Set(CharacterSet Characters) : Node;

    private sealed record Sequence(IReadOnlyList<Node> Parts) : Node;

    private sealed record Choice(IReadOnlyList<Node> Alternatives) : Node;

    private sealed record Repeat(Node Part, int Minimum, int Maximum) : Node;

    private sealed record Capture(Node Part, int Number, string? Name) : Node;

    private sealed record BackReference(int Number, string? Name) : Node;

    private sealed record LookAhead(Node Part) : Node;

    private sealed record Start(bool EveryLine) : Node;

    private sealed record End(bool EveryLine) : Node;

    private sealed class CharacterSet(bool negated)
    {
        private const string Preferred = "aA1 -_.:/\\=,;\"'()[]{}<>|&%$#@!+*?~^`";

        private readonly List<(char First, char Last)> _ranges = [];
        private readonly List<CharacterSet> _sets = [];

        public void Add(char first, char last) => _ranges.Add((first, last));

        public void Add(CharacterSet set) => _sets.Add(set);

        public bool Contains(char character)
            => (_ranges.Exists(range => range.First <= character && character <= range.Last)
                || _sets.Exists(set => set.Contains(character))) != negated;

        /// <summary>A member that reads well; null where there is none outside the surrogates.</summary>
        public char? Choose(ref Draw draw)
        {
            if (draw.IsFirst)
            {
                foreach (var character in Preferred)
                {
                    if (Contains(character))
                    {
                        return character;
                    }
                }
            }
            else
            {
                // A few draws among the printable ones, so that variants differ.
                for (var attempt = 0; attempt < 64; attempt++)
                {
                    var character = (char)(' ' + draw.Next(95));
                    if (Contains(character))
                    {
                        return character;
                    }
                }
            }

            for (var character = '\t'; character < '\ud800'; character++)
            {
                if (Contains(character))
                {
                    return character;
                }
            }

            return null;
        }
    }

    // The same variant gives the same text on every machine: not System.Random.
    private struct Draw(int variant)
    {
        private uint _state = ((uint)variant * 2_654_435_769) | 1;

        public readonly bool IsFirst => variant == 0;

        public int Next(int below)
        {
            if (variant == 0)
            {
                return 0;
            }

            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)(_state % (uint)below);
        }
    }

    private sealed class Writer(int variant, IReadOnlyList<string> inserts)
    {
        private readonly List<string> _inserts = [.. inserts];
        private readonly Dictionary<int, string> _captures = [];
        private readonly Dictionary<string, string> _namedCaptures = new(StringComparer.Ordinal);
        private Draw _draw = new(variant);
        private int _steps;

        public StringBuilder Text { get; } = new();

        public bool AtStart { get; private set; }

        public int EndAt { get; private set; } = -1;

        // The tree is as deep as the reader allowed, so the recursion is bounded.
        public bool Write(Node node)
        {
            // Counted apart from the length: an empty group can be repeated for ever.
            if (Text.Length > MaxLength || ++_steps > MaxSteps)
            {
                return false;
            }

            switch (node)
            {
                case Set set:
                    if (set.Characters.Choose(ref _draw) is not { } character)
                    {
                        return false;
                    }

                    Text.Append(character);
                    return true;
                case Sequence sequence:
                    foreach (var part in sequence.Parts)
                    {
                        if (!Write(part))
                        {
                            return false;
                        }
                    }

                    return true;
                case Choice choice:
                    return Write(choice.Alternatives[_draw.Next(choice.Alternatives.Count)]);
                case Repeat repeat:
                    return WriteRepeat(repeat);
                case Capture capture:
                    var from = Text.Length;
                    if (!Write(capture.Part))
                    {
                        return false;
                    }

                    var captured = Text.ToString(from, Text.Length - from);
                    _captures[capture.Number] = captured;
                    if (capture.Name is not null)
                    {
                        _namedCaptures[capture.Name] = captured;
                    }

                    return true;
                case BackReference reference:
                    var found = reference.Name is not null
                        ? _namedCaptures.GetValueOrDefault(reference.Name)
                        : _captures.GetValueOrDefault(reference.Number);
                    Text.Append(found);
                    return found is not null;
                case LookAhead ahead:
                    var wanted = new Writer(variant, []);
                    if (wanted.Write(ahead.Part) && wanted.Text.Length > 0)
                    {
                        _inserts.Add(wanted.Text.ToString());
                    }

                    return true;
                case Start start:
                    if (Text.Length == 0)
                    {
                        AtStart = true;
                        return true;
                    }

                    if (start.EveryLine && Text[^1] != '\n')
                    {
                        Text.Append('\n');
                    }

                    return start.EveryLine;
                case End end:
                    if (!end.EveryLine)
                    {
                        EndAt = Text.Length;
                    }

                    return true;
                default:
                    return true;
            }
        }

        private bool WriteRepeat(Repeat repeat)
        {
            var part = repeat.Part;
            while (part is Capture { Part: var inner })
            {
                part = inner;
            }

            var written = 0;
            if (part is Set gap)
            {
                for (var i = 0; i < _inserts.Count; i++)
                {
                    if (_inserts[i].Length <= repeat.Maximum - written && _inserts[i].All(gap.Characters.Contains))
                    {
                        Text.Append(_inserts[i]);
                        written += _inserts[i].Length;
                        _inserts.RemoveAt(i--);
                    }
                }
            }

            var spread = (int)Math.Min(3, (long)repeat.Maximum - repeat.Minimum);
            for (var count = repeat.Minimum + _draw.Next(spread + 1); written < count; written++)
            {
                if (!Write(repeat.Part))
                {
                    return false;
                }

                if (repeat.Part is Start or End or LookAhead)
                {
                    break;
                }
            }

            return Text.Length <= MaxLength;
        }
    }

    private sealed class Reader(string pattern, RegexOptionSet options)
    {
        private const int MaxDepth = 128;
        private const int MaxQuantifiers = 4;

        private bool _everyLine = options.HasFlag(RegexOptionSet.Multiline);
        private bool _dotAll = options.HasFlag(RegexOptionSet.DotAll);
        private bool _free;
        private int _position;
        private int _depth;
        private int _captures;
        private bool _failed;

        public Node? ReadAll()
        {
            var root = ReadChoice();
            return _failed || _position < pattern.Length ? null : root;
        }

        private bool More => _position < pattern.Length;

        private char Current => pattern[_position];

        private bool Take(string text)
        {
            if (string.CompareOrdinal(pattern, _position, text, 0, text.Length) != 0)
            {
                return false;
            }

            _position += text.Length;
            return true;
        }

        // choice = sequence {"|" sequence}; flags set inside hold to the end of the group.
        private Node ReadChoice()
        {
            if (++_depth > MaxDepth)
            {
                _failed = true;
                _position = pattern.Length;
                return new Sequence([]);
            }

            var (everyLine, dotAll, free) = (_everyLine, _dotAll, _free);
            var alternatives = new List<Node> { ReadSequence() };
            while (Take("|"))
            {
                alternatives.Add(ReadSequence());
            }

            (_everyLine, _dotAll, _free) = (everyLine, dotAll, free);
            _depth--;
            return alternatives.Count == 1 ? alternatives[0] : new Choice(alternatives);
        }

        private Sequence ReadSequence()
        {
            var parts = new List<Node>();
            while (More && Current is not ('|' or ')'))
            {
                if (_free && (char.IsWhiteSpace(Current) || Current == '#'))
                {
                    var end = Current == '#' ? pattern.IndexOf('\n', _position) : _position;
                    _position = end < 0 ? pattern.Length : end + 1;
                    continue;
                }

                if (ReadAtom() is { } atom)
                {
                    parts.Add(ReadQuantifiers(atom));
                }
            }

            return new Sequence(parts);
        }

        private Node ReadQuantifiers(Node atom)
        {
            for (var count = 0; More; count++)
            {
                var start = _position;
                int minimum, maximum;
                if (Take("*"))
                {
                    (minimum, maximum) = (0, int.MaxValue);
                }
                else if (Take("+"))
                {
                    (minimum, maximum) = (1, int.MaxValue);
                }
                else if (Take("?"))
                {
                    (minimum, maximum) = (0, 1);
                }
                else if (!ReadBounds(out minimum, out maximum))
                {
                    _position = start;
                    return atom;
                }

                // Lazy and possessive change which text is found first, not which texts fit (possessive: rarely).
                if (!Take("?"))
                {
                    Take("+");
                }

                atom = new Repeat(atom, minimum, maximum);
                if (count > MaxQuantifiers)
                {
                    Fail();
                }
            }

            return atom;
        }

        private bool ReadBounds(out int minimum, out int maximum)
        {
            maximum = minimum = 0;
            var close = More && Current == '{' ? pattern.IndexOf('}', _position) : -1;
            if (close < 0)
            {
                return false;
            }

            var bounds = pattern.AsSpan(_position + 1, close - _position - 1);
            var comma = bounds.IndexOf(',');
            if (comma < 0)
            {
                if (!int.TryParse(bounds, NumberStyles.None, CultureInfo.InvariantCulture, out minimum))
                {
                    return false;
                }

                maximum = minimum;
            }
            else
            {
                maximum = int.MaxValue;
                if ((comma > 0 && !int.TryParse(bounds[..comma], NumberStyles.None, CultureInfo.InvariantCulture, out minimum))
                    || (comma + 1 < bounds.Length && !int.TryParse(bounds[(comma + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out maximum))
                    || bounds.Length == 1)
                {
                    return false;
                }
            }

            _position = close + 1;
            return true;
        }

        private Node? ReadAtom()
        {
            var character = pattern[_position++];
            switch (character)
            {
                case '.':
                    var dot = new CharacterSet(negated: true);
                    if (!_dotAll)
                    {
                        dot.Add('\n', '\n');
                    }

                    return new Set(dot);
                case '^':
                    return new Start(_everyLine);
                case '$':
                    return new End(_everyLine);
                case '[':
                    return ReadSet();
                case '(':
                    return ReadGroup();
                case '\\':
                    return ReadEscape();
                default:
                    return Single(character);
            }
        }

        private static Set Single(char character)
        {
            var set = new CharacterSet(negated: false);
            set.Add(character, character);
            return new Set(set);
        }

        private Node? ReadGroup()
        {
            if (Take("?#"))
            {
                var end = pattern.IndexOf(')', _position);
                _position = end < 0 ? pattern.Length : end + 1;
                return null;
            }

            if (Take("?=") || Take("?!") || Take("?<=") || Take("?<!"))
            {
                var ahead = pattern[_position - 1] == '=' && pattern[_position - 2] == '?';
                var look = Close(ReadChoice());
                return ahead ? new LookAhead(look) : null;
            }

            if (Take("?:") || Take("?>") || Take("?|"))
            {
                return Close(ReadChoice());
            }

            if (Take("?P=") || Take("?P>") || Take("?(") || Take("?&") || Take("*"))
            {
                return Fail();
            }

            if (Take("?P<") || Take("?<") || Take("?'"))
            {
                var end = pattern.AsSpan(_position).IndexOfAny('>', '\'');
                if (end < 0)
                {
                    return Fail();
                }

                var name = pattern.Substring(_position, end);
                _position += end + 1;
                var number = ++_captures;
                return new Capture(Close(ReadChoice()), number, name);
            }

            if (Take("?"))
            {
                return ReadFlags();
            }

            var own = ++_captures;
            return new Capture(Close(ReadChoice()), own, null);
        }

        // (?i), (?s-m), (?x: …)
        private Node? ReadFlags()
        {
            var (everyLine, dotAll, free) = (_everyLine, _dotAll, _free);
            var on = true;
            while (More)
            {
                switch (pattern[_position++])
                {
                    case '-':
                        on = false;
                        break;
                    case 'm':
                        _everyLine = on;
                        break;
                    case 's':
                        _dotAll = on;
                        break;
                    case 'x':
                        _free = on;
                        break;
                    case 'i' or 'n' or 'J' or 'U' or 'u' or '^':
                        break;
                    case ')':
                        return null;
                    case ':':
                        var body = Close(ReadChoice());
                        (_everyLine, _dotAll, _free) = (everyLine, dotAll, free);
                        return body;
                    default:
                        return Fail();
                }
            }

            return Fail();
        }

        private Node Close(Node node)
        {
            if (!Take(")"))
            {
                Fail();
            }

            return node;
        }

        private Node? Fail()
        {
            _failed = true;
            _position = pattern.Length;
            return null;
        }

        private Node? ReadSet()
        {
            var set = new CharacterSet(Take("^"));
            for (var first = true; More && (first || Current != ']'); first = false)
            {
                if (Take("[:"))
                {
                    var end = pattern.IndexOf(":]", _position, StringComparison.Ordinal);
                    if (end < 0 || Posix(pattern[_position..end]) is not { } posix)
                    {
                        return Fail();
                    }

                    set.Add(posix);
                    _position = end + 2;
                    continue;
                }

                if (ReadMember(out var member) is { } named)
                {
                    set.Add(named);
                    continue;
                }

                var start = _position;
                if (Take("-") && More && Current != ']')
                {
                    if (ReadMember(out var last) is null && last >= member)
                    {
                        set.Add(member, last);
                        continue;
                    }

                    _position = start;
                }
                else
                {
                    _position = start;
                }

                set.Add(member, member);
            }

            return Take("]") ? new Set(set) : Fail();
        }

        // A member of a class: a character, or the set an escape stands for.
        private CharacterSet? ReadMember(out char character)
        {
            character = pattern[_position++];
            if (character != '\\' || !More)
            {
                return null;
            }

            var letter = pattern[_position++];
            if (Named(letter) is { } set)
            {
                return set;
            }

            character = letter == 'b' ? '\b' : Escaped(letter);
            return null;
        }

        private Node? ReadEscape()
        {
            if (!More)
            {
                return Fail();
            }

            var letter = pattern[_position++];
            switch (letter)
            {
                case 'A' or 'G':
                    return new Start(false);
                case 'z' or 'Z':
                    return new End(false);
                case 'b' or 'B' or 'K':
                    return null;
                case 'Q':
                    var end = pattern.IndexOf("\\E", _position, StringComparison.Ordinal);
                    var quoted = end < 0 ? pattern[_position..] : pattern[_position..end];
                    _position = end < 0 ? pattern.Length : end + 2;
                    return new Sequence([.. quoted.Select(Single)]);
                case 'E':
                    return null;
                case 'k' when More && Current is '<' or '{' or '\'':
                    var close = pattern.AsSpan(_position + 1).IndexOfAny('>', '}', '\'');
                    if (close < 0)
                    {
                        return Fail();
                    }

                    var name = pattern.Substring(_position + 1, close);
                    _position += close + 2;
                    return new BackReference(0, name);
                case >= '1' and <= '9':
                    return new BackReference(letter - '0', null);
                default:
                    return Named(letter) is { } set ? new Set(set) : Single(Escaped(letter));
            }
        }

        private char Escaped(char letter)
        {
            switch (letter)
            {
                case 't':
                    return '\t';
                case 'n':
                    return '\n';
                case 'r':
                    return '\r';
                case 'f':
                    return '\f';
                case 'a':
                    return '\a';
                case 'e':
                    return '\u001b';
                case '0':
                    return '\0';
                case 'c' when More:
                    return (char)(pattern[_position++] & 0x1f);
                case 'x' when More && Current == '{':
                    var close = pattern.IndexOf('}', _position);
                    var inner = close < 0 ? "" : pattern[(_position + 1)..close];
                    _position = close < 0 ? pattern.Length : close + 1;
                    return Code(inner);
                case 'x':
                    return TakeCode(2);
                case 'u':
                    return TakeCode(4);
                default:
                    return letter;
            }
        }

        private char TakeCode(int digits)
        {
            var length = Math.Min(digits, pattern.Length - _position);
            var code = Code(pattern.Substring(_position, length));
            _position += length;
            return code;
        }

        private char Code(string hexadecimal)
        {
            if (ushort.TryParse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                return (char)code;
            }

            _failed = true;
            return '\0';
        }

        private CharacterSet? Named(char letter)
        {
            switch (letter)
            {
                case 'd' or 'D':
                    return Ranges(letter == 'D', ('0', '9'));
                case 'w' or 'W':
                    return Ranges(letter == 'W', ('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'));
                case 's' or 'S':
                    return Ranges(letter == 'S', (' ', ' '), ('\t', '\r'));
                case 'h' or 'H':
                    return Ranges(letter == 'H', (' ', ' '), ('\t', '\t'));
                case 'v' or 'V':
                    return Ranges(letter == 'V', ('\n', '\r'));
                case 'R':
                    return Ranges(false, ('\n', '\n'));
                case 'N':
                    return Ranges(true, ('\n', '\n'));
                case 'p' or 'P':
                    return Property(letter == 'P');
                default:
                    return null;
            }
        }

        // Of the Unicode properties the ASCII part is enough to write an example.
        private CharacterSet? Property(bool negated)
        {
            string name;
            if (Take("{"))
            {
                var close = pattern.IndexOf('}', _position);
                if (close < 0)
                {
                    Fail();
                    return null;
                }

                name = pattern[_position..close];
                _position = close + 1;
            }
            else if (More)
            {
                name = pattern[_position++].ToString();
            }
            else
            {
                Fail();
                return null;
            }

            var set = name.TrimStart('^') switch
            {
                "L" or "L&" or "Latin" => Ranges(negated, ('a', 'z'), ('A', 'Z')),
                "Lu" => Ranges(negated, ('A', 'Z')),
                "Ll" => Ranges(negated, ('a', 'z')),
                "N" or "Nd" => Ranges(negated, ('0', '9')),
                "P" or "Po" => Ranges(negated, ('!', '!'), ('.', '.'), (',', ',')),
                "Z" or "Zs" => Ranges(negated, (' ', ' ')),
                "Cyrillic" => Ranges(negated, ('\u0410', '\u044f')),
                "Greek" => Ranges(negated, ('\u0391', '\u03a9')),
                "Han" => Ranges(negated, ('\u4e00', '\u9fa5')),
                _ => null,
            };
            if (set is null)
            {
                Fail();
            }

            return set;
        }

        private static CharacterSet? Posix(string name) => name switch
        {
            "alpha" => Ranges(false, ('a', 'z'), ('A', 'Z')),
            "digit" => Ranges(false, ('0', '9')),
            "alnum" => Ranges(false, ('a', 'z'), ('A', 'Z'), ('0', '9')),
            "xdigit" => Ranges(false, ('a', 'f'), ('A', 'F'), ('0', '9')),
            "space" => Ranges(false, (' ', ' '), ('\t', '\r')),
            "upper" => Ranges(false, ('A', 'Z')),
            "lower" => Ranges(false, ('a', 'z')),
            "punct" => Ranges(false, ('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
            "word" => Ranges(false, ('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')),
            _ => null,
        };

        private static CharacterSet Ranges(bool negated, params ReadOnlySpan<(char First, char Last)> ranges)
        {
            var set = new CharacterSet(negated);
            foreach (var (first, last) in ranges)
            {
                set.Add(first, last);
            }

            return set;
        }
    }
}
