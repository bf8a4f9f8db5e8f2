using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Glossa.Core.Events;

namespace Glossa.Execution.Reading;

/// <summary>
/// One JSON value taken apart in one pass: its nodes in the order they were written, all names and texts decoded into one buffer.
/// Used again for every record, so that reading allocates nothing once the buffers have grown.
/// </summary>
internal sealed class JsonTape
{
    private JsonTapeNode[] _nodes = new JsonTapeNode[256];
    private char[] _characters = new char[8192];
    private int[] _open = new int[64];
    private int _nodeCount;
    private int _characterCount;
    private int _openCount;
    private (int Start, int Length) _pendingName;

    public int Count => _nodeCount;

    public JsonNode Root => new(this, 0);

    public ref readonly JsonTapeNode this[int index] => ref _nodes[index];

    public ReadOnlySpan<char> Characters(int start, int length) => _characters.AsSpan(start, length);

    public void Clear()
    {
        _nodeCount = 0;
        _characterCount = 0;
        _openCount = 0;
        _pendingName = default;
    }

    /// <summary>Reads one value. False when the reader needs more bytes: then the tape is to be cleared, and the value read from its start again.</summary>
    /// <exception cref="JsonException">The text is no JSON, or too deep for the reader's options.</exception>
    public bool TryRead(ref Utf8JsonReader reader)
    {
        do
        {
            if (!reader.Read())
            {
                return false;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    Open(RecordKind.Map);
                    break;
                case JsonTokenType.StartArray:
                    Open(RecordKind.List);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _nodes[_open[--_openCount]].End = _nodeCount;
                    break;
                case JsonTokenType.PropertyName:
                    _pendingName = Decode(ref reader);
                    break;
                case JsonTokenType.String:
                    Add(RecordKind.Text, Decode(ref reader));
                    break;
                case JsonTokenType.Number:
                    Add(RecordKind.Number, Decode(ref reader));
                    break;
                case JsonTokenType.True:
                    Add(RecordKind.Boolean, (0, 1));
                    break;
                case JsonTokenType.False:
                    Add(RecordKind.Boolean, (0, 0));
                    break;
                default:
                    Add(RecordKind.Null, default);
                    break;
            }
        }
        while (_openCount > 0);

        return true;
    }

    /// <summary>Puts text of our own beside that of the record; its range lives until the tape is cleared.</summary>
    public (int Start, int Length) Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        text.CopyTo(_characters.AsSpan(_characterCount));
        _characterCount += text.Length;
        return (_characterCount - text.Length, text.Length);
    }

    /// <summary>What <see cref="Value.ToCanonicalText"/> says of the same value; empty for what is no scalar.</summary>
    public ReadOnlySpan<char> CanonicalText(int index)
    {
        ref var node = ref _nodes[index];
        switch (node.Kind)
        {
            case RecordKind.Text:
                return _characters.AsSpan(node.Start, node.Length);
            case RecordKind.Boolean:
                return node.Length == 1 ? "true" : "false";
            case RecordKind.Number:
                var written = _characters.AsSpan(node.Start, node.Length);
                if (IsShortWhole(written))
                {
                    return written;
                }

                // Kept beside what was written: 1.0 is the text 1, but stays a real.
                if (node.CanonicalLength == 0)
                {
                    (node.CanonicalStart, node.CanonicalLength) = Append(JsonNumber.Parse(written).ToCanonicalText());
                }

                return _characters.AsSpan(node.CanonicalStart, node.CanonicalLength);
            default:
                return [];
        }
    }

    public Value NumberAt(int index)
    {
        ref readonly var node = ref _nodes[index];
        return JsonNumber.Parse(_characters.AsSpan(node.Start, node.Length));
    }

    public Value ToValue(int index)
    {
        ref readonly var node = ref _nodes[index];
        switch (node.Kind)
        {
            case RecordKind.Null:
                return Value.Null.Instance;
            case RecordKind.Boolean:
                return new Value.Boolean(node.Length == 1);
            case RecordKind.Number:
                return NumberAt(index);
            case RecordKind.Text:
                return new Value.Text(_characters.AsSpan(node.Start, node.Length).ToString());
            case RecordKind.List:
                var items = new List<Value>();
                for (var child = index + 1; child < node.End; child = _nodes[child].End)
                {
                    items.Add(ToValue(child));
                }

                return new Value.List(items);
            default:
                var entries = new List<KeyValuePair<string, Value>>();
                for (var child = index + 1; child < node.End; child = _nodes[child].End)
                {
                    entries.Add(new(NameOf(child).ToString(), ToValue(child)));
                }

                return new Value.Map(entries);
        }
    }

    public ReadOnlySpan<char> NameOf(int index)
    {
        ref readonly var node = ref _nodes[index];
        return _characters.AsSpan(node.NameStart, node.NameLength);
    }

    // Up to 18 digits fit 64 bits whatever they are, and JSON allows no leading zero.
    private static bool IsShortWhole(ReadOnlySpan<char> number)
        => number.Length <= 18 && number[0] != '-' && number.IndexOfAnyExceptInRange('0', '9') < 0;

    private void Open(RecordKind kind)
    {
        if (_openCount == _open.Length)
        {
            Array.Resize(ref _open, _open.Length * 2);
        }

        _open[_openCount++] = _nodeCount;
        Add(kind, default);
    }

    private void Add(RecordKind kind, (int Start, int Length) content)
    {
        if (_nodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        ref var node = ref _nodes[_nodeCount++];
        node.Kind = kind;
        node.CanonicalLength = 0;
        (node.Start, node.Length) = content;
        (node.NameStart, node.NameLength) = _pendingName;
        node.End = _nodeCount;
        _pendingName = default;
    }

    private (int Start, int Length) Decode(ref Utf8JsonReader reader)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        Reserve(bytes.Length);
        var start = _characterCount;

        // Not CopyString: it refuses half surrogates and bytes that are no UTF-8, which truncated log values have.
        _characterCount += reader.ValueIsEscaped
            ? Unescape(bytes, _characters.AsSpan(start))
            : Encoding.UTF8.GetChars(bytes, _characters.AsSpan(start));
        return (start, _characterCount - start);
    }

    private static int Unescape(ReadOnlySpan<byte> bytes, Span<char> target)
    {
        var length = 0;
        while (!bytes.IsEmpty)
        {
            var plain = bytes.IndexOf((byte)'\\');
            if (plain < 0)
            {
                plain = bytes.Length;
            }

            length += Encoding.UTF8.GetChars(bytes[..plain], target[length..]);
            bytes = bytes[plain..];
            if (bytes.Length < 2)
            {
                break;
            }

            var taken = 2;
            switch (bytes[1])
            {
                case (byte)'u' when bytes.Length >= 6 && ushort.TryParse(bytes[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                    target[length++] = (char)unit;
                    taken = 6;
                    break;
                case (byte)'n':
                    target[length++] = '\n';
                    break;
                case (byte)'r':
                    target[length++] = '\r';
                    break;
                case (byte)'t':
                    target[length++] = '\t';
                    break;
                case (byte)'b':
                    target[length++] = '\b';
                    break;
                case (byte)'f':
                    target[length++] = '\f';
                    break;
                default:
                    target[length++] = (char)bytes[1];
                    break;
            }

            bytes = bytes[taken..];
        }

        return length;
    }

    private void Reserve(int length)
    {
        if (_characters.Length - _characterCount < length)
        {
            Array.Resize(ref _characters, Math.Max(_characters.Length * 2, _characterCount + length));
        }
    }
}

internal struct JsonTapeNode
{
    /// <summary>Of its text or number, in the tape's characters; a Boolean's <see cref="Length"/> is 1 for true.</summary>
    public int Start;
    public int Length;
    public int NameStart;
    public int NameLength;

    /// <summary>The node after its last descendant.</summary>
    public int End;
    public RecordKind Kind;

    /// <summary>Of a number whose canonical text was asked for and is not what was written; else the length is 0.</summary>
    public int CanonicalStart;
    public int CanonicalLength;
}

/// <summary>A node of a tape as <see cref="EventShapes"/> reads it.</summary>
internal readonly struct JsonNode(JsonTape tape, int index, int end = -1) : IRecordNode<JsonNode>
{
    public int Index => index;

    public RecordKind Kind => tape[index].Kind;

    public ReadOnlySpan<char> Name => tape.NameOf(index);

    public ReadOnlySpan<char> Text => tape[index].Kind == RecordKind.Text ? tape.CanonicalText(index) : [];

    public bool TryGetInteger(out long number)
    {
        ref readonly var node = ref tape[index];
        number = 0;
        return node.Kind == RecordKind.Number && long.TryParse(tape.Characters(node.Start, node.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    public bool TryGetReal(out double number)
    {
        ref readonly var node = ref tape[index];
        number = 0;
        if (node.Kind != RecordKind.Number)
        {
            return false;
        }

        var text = tape.Characters(node.Start, node.Length);
        return text.IndexOfAny('.', 'e', 'E') >= 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    public bool TryGetFirst(out JsonNode child)
    {
        ref readonly var node = ref tape[index];
        var has = node.End > index + 1;
        child = has ? new JsonNode(tape, index + 1, node.End) : default;
        return has;
    }

    public bool TryGetNext(out JsonNode sibling)
    {
        var next = tape[index].End;
        var has = next < end;
        sibling = has ? new JsonNode(tape, next, end) : default;
        return has;
    }
}

/// <summary>What a JSON number is as a value.</summary>
internal static class JsonNumber
{
    /// <summary>Whole numbers of 64 bits; larger ones as decimals while they fit, then as reals; anything with a point or an exponent is a real.</summary>
    public static Value Parse(ReadOnlySpan<char> text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return new Value.Integer(integer);
        }

        if (text.IndexOfAny('.', 'e', 'E') < 0 && decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return new Value.Decimal(number);
        }

        return new Value.Real(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : 0);
    }
}
