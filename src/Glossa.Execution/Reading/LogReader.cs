using System.Buffers;
using System.Text;
using System.Text.Json;
using Glossa.Core.Diagnostics;
using Glossa.Core.Events;

namespace Glossa.Execution.Reading;

/// <summary>Bounds on what a log may be.</summary>
public sealed record LogReaderOptions
{
    public int MaximumRecordBytes { get; init; } = 16 << 20;

    public int MaximumDepth { get; init; } = 64;

    public long MaximumInflatedBytes { get; init; } = 256L << 30;

    /// <summary>Output bytes for one byte of compressed input; logs of the same line over and over reach 200.</summary>
    public int MaximumInflationRatio { get; init; } = 500;

    /// <summary>Messages about single records of one log; further ones are counted.</summary>
    public int MaximumMessages { get; init; } = 20;
}

/// <summary>
/// One log, record by record, in bounded memory. What it holds is told by its content: JSON objects one a line, over several lines, one after the other,
/// in an array, in <c>{"Records": […]}</c>; any of them through gzip. A record that cannot be read costs itself, with a message; reading goes on where the next one begins.
/// </summary>
internal sealed class LogReader : IDisposable
{
    public static readonly DiagnosticDescriptor BadRecord = new("LOG0002", "A record cannot be read", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnsupportedFormat = new("LOG0003", "A log format is not supported", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TooLarge = new("LOG0004", "A record or log exceeds a limit", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor Incomplete = new("LOG0005", "A log ends early", DiagnosticSeverity.Warning);

    private const int InitialBuffer = 1 << 18;

    private readonly LogInput _input;
    private readonly LogReaderOptions _options;
    private readonly JsonEvent _event;
    private readonly ICollection<LogProblem> _problems;
    private Stream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private bool _isEnd;
    private bool _isBroken;
    private long _line = 1;
    private long _column = 1;
    private int _arrays;
    private int _envelopeArray;
    private int _messages;
    private (int Start, int Length) _record;
    private int _nested = -1;
    private int _nestedEnd;

    private LogReader(Stream stream, LogInput input, LogReaderOptions options, JsonEvent jsonEvent, ICollection<LogProblem> problems)
    {
        _stream = stream;
        _input = input;
        _options = options;
        _event = jsonEvent;
        _problems = problems;
    }

    /// <summary>Records so far, those that could not be read too; the current one's number, from 1.</summary>
    public long RecordNumber { get; private set; }

    public long BadRecords { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The bytes of the current record, or of the record it stands in; until the next is read.</summary>
    public ReadOnlySpan<byte> RecordBytes => _buffer.AsSpan(_record.Start, _record.Length);

    /// <summary>Whether the current event is one of several in <see cref="RecordBytes"/>.</summary>
    public bool IsPartOfRecord => _nested >= 0;

    public JsonEvent Current => _event;

    /// <summary>The node of the current event on the tape.</summary>
    public int Node => Math.Max(0, _nested);

    /// <summary>Null, with a diagnostic, where the log cannot be opened or is of a format that is not read.</summary>
    public static LogReader? Open(LogInput input, LogReaderOptions options, JsonEvent jsonEvent, ICollection<LogProblem> problems)
    {
        Stream? stream = null;
        try
        {
            stream = input.IsStandardInput
                ? Console.OpenStandardInput()
                : new FileStream(input.FullPath, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
            return Open(stream, input, options, jsonEvent, problems);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            stream?.Dispose();
            problems.Add(new LogProblem(LogInputs.Unreadable, input.Name, problem.Message));
            return null;
        }
    }

    public static LogReader? Open(Stream stream, LogInput input, LogReaderOptions options, JsonEvent jsonEvent, ICollection<LogProblem> problems)
    {
        var reader = new LogReader(stream, input, options, jsonEvent, problems);
        if (reader.Recognise())
        {
            return reader;
        }

        reader.Dispose();
        return null;
    }

    /// <summary>Moves to the next record; false at the end of the log. Never throws because of what the log holds.</summary>
    public bool TryRead()
    {
        if (NextNested())
        {
            return true;
        }

        while (SkipToRecord())
        {
            RecordNumber++;
            if (ReadRecord())
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    // A record that holds others under "Records" behind other keys than the first; with that key first, the reader walks into it.
    private bool NextNested()
    {
        if (_nested < 0)
        {
            return false;
        }

        _nested = _event.Tape[_nested].End;
        while (_nested < _nestedEnd)
        {
            RecordNumber++;
            if (_event.Tape[_nested].Kind == RecordKind.Map)
            {
                _event.Present(_input.As, _nested);
                return true;
            }

            Bad("Expected a JSON object.", _line, _column);
            _nested = _event.Tape[_nested].End;
        }

        _nested = -1;
        return false;
    }

    private bool Recognise()
    {
        Fill(8);
        var head = _buffer.AsSpan(_start, _end - _start);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            _stream = new BoundedGzipStream(new PrefixedStream(head.ToArray(), _stream), _options.MaximumInflatedBytes, _options.MaximumInflationRatio);
            _start = _end = 0;
            Bytes = 0;
            Fill(8);
            head = _buffer.AsSpan(_start, _end - _start);
        }

        if (Unsupported(head) is { } format)
        {
            _problems.Add(new LogProblem(UnsupportedFormat, _input.Name, $"unsupported log format {format}; read are JSON and NDJSON, plain or compressed with gzip"));
            return false;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || head.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
        {
            var encoding = head[0] == 0xff ? Encoding.Unicode : Encoding.BigEndianUnicode;
            var rest = new PrefixedStream(head[2..].ToArray(), _stream);
            _stream = Encoding.CreateTranscodingStream(rest, encoding, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            _start = _end = 0;
            Bytes = 0;
        }
        else if (head.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
        {
            _start += 3;
        }

        return true;
    }

    private static string? Unsupported(ReadOnlySpan<byte> head)
        => head.StartsWith("ElfFile\0"u8) ? "evtx"
            : head.StartsWith("PK\u0003\u0004"u8) ? "zip"
            : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? "zstd"
            : head.StartsWith((ReadOnlySpan<byte>)[0xfd, 0x37, 0x7a, 0x58, 0x5a]) ? "xz"
            : head.StartsWith("BZh"u8) ? "bzip2"
            : head.StartsWith("PAR1"u8) ? "parquet"
            : head.StartsWith("<?xml"u8) || head.StartsWith("<Event"u8) ? "xml"
            : head.Length > 0 && head[0] is 0 or 0x7f ? "binary"
            : null;

    /// <summary>To the first byte of the next record; what stands between records (blanks, commas, brackets of arrays) is taken, anything else is a bad line.</summary>
    private bool SkipToRecord()
    {
        while (Fill(1))
        {
            var current = _buffer[_start];
            switch (current)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or 0x1e:
                    Take(1);
                    break;
                case (byte)'[':
                    _arrays++;
                    Take(1);
                    break;
                case (byte)']' when _arrays > 0:
                    Take(1);
                    if (_arrays-- == _envelopeArray)
                    {
                        _envelopeArray = 0;
                        SkipRestOfObject();
                    }

                    break;
                case (byte)'{':
                    if (EnvelopeLength() is var envelope and > 0)
                    {
                        Take(envelope);
                        _envelopeArray = ++_arrays;
                        break;
                    }

                    return true;
                default:
                    RecordNumber++;
                    Bad($"Expected a JSON object, found {Describe(current)}.", _line, _column);
                    SkipLine();
                    break;
            }
        }

        if (_arrays > 0)
        {
            _arrays = 0;
            Report(Incomplete, "The log ends before its array does. Expected ']'.", _line, _column);
        }

        return false;
    }

    /// <summary>The length of <c>{"Records": [</c> where the record begins so; else 0.</summary>
    private int EnvelopeLength()
    {
        if (_envelopeArray > 0)
        {
            return 0;
        }

        Fill(64);
        var text = _buffer.AsSpan(_start, Math.Min(_end - _start, 64));
        var at = 1;
        Blanks(text, ref at);
        if (!text[at..].StartsWith("\"Records\""u8) && !text[at..].StartsWith("\"records\""u8))
        {
            return 0;
        }

        at += "\"Records\""u8.Length;
        Blanks(text, ref at);
        if (at >= text.Length || text[at] != ':')
        {
            return 0;
        }

        at++;
        Blanks(text, ref at);
        return at < text.Length && text[at] == '[' ? at + 1 : 0;

        static void Blanks(ReadOnlySpan<byte> text, ref int at)
        {
            while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                at++;
            }
        }
    }

    // What an envelope says after its records is not a record. Strings are stepped over, so that a brace in one does not count.
    private void SkipRestOfObject()
    {
        var depth = 1;
        var isText = false;
        while (Fill(1))
        {
            var current = _buffer[_start];
            if (isText)
            {
                if (current == '\\' && Fill(2))
                {
                    Take(1);
                }

                isText = current != '"';
            }
            else
            {
                depth += current is (byte)'{' or (byte)'[' ? 1 : current is (byte)'}' or (byte)']' ? -1 : 0;
                isText = current == '"';
            }

            Take(1);
            if (depth == 0)
            {
                return;
            }
        }
    }

    private bool ReadRecord()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isEnd, new JsonReaderState(new JsonReaderOptions { MaxDepth = _options.MaximumDepth }));
            _event.Tape.Clear();
            try
            {
                if (_event.Tape.TryRead(ref reader))
                {
                    _record = (_start, (int)reader.BytesConsumed);
                    Take(_record.Length);
                    return Present();
                }
            }
            catch (JsonException problem)
            {
                var line = problem.LineNumber ?? 0;
                Bad(Wording(problem.Message, _line), _line + line, (line == 0 ? _column : 1) + (problem.BytePositionInLine ?? 0));
                Resynchronise();
                return false;
            }

            if (_end - _start >= _options.MaximumRecordBytes)
            {
                BadRecords++;
                Report(TooLarge, $"The record is larger than {_options.MaximumRecordBytes:N0} bytes, which is the limit.", _line, _column);
                Resynchronise();
                return false;
            }

            if (!Fill(_end - _start + 1) && !_isEnd)
            {
                return false;
            }
        }
    }

    private bool Present()
    {
        var tape = _event.Tape;
        for (var child = 1; child < tape.Count; child = tape[child].End)
        {
            if (tape[child].Kind == RecordKind.List && HoldsRecords(tape, child))
            {
                _nested = child + 1;
                _nestedEnd = tape[child].End;
                if (_nested < _nestedEnd && tape[_nested].Kind == RecordKind.Map)
                {
                    _event.Present(_input.As, _nested);
                    return true;
                }

                _nested = -1;
                break;
            }
        }

        _event.Present(_input.As);
        return true;
    }

    // CloudTrail and Azure Monitor have a word of their own; that of Kubernetes, of Google's reports and of Microsoft's Graph is common, and needs the word beside it.
    private static bool HoldsRecords(JsonTape tape, int list) => tape.NameOf(list) switch
    {
        "Records" or "records" => true,
        "items" => TextBeside(tape, "kind") is "EventList" or "admin#reports#activities",
        "value" => TextBeside(tape, "@odata.context").Length > 0,
        _ => false,
    };

    private static ReadOnlySpan<char> TextBeside(JsonTape tape, string name)
    {
        for (var child = 1; child < tape.Count; child = tape[child].End)
        {
            if (tape[child].Kind == RecordKind.Text && tape.NameOf(child).SequenceEqual(name))
            {
                return tape.CanonicalText(child);
            }
        }

        return [];
    }

    /// <summary>
    /// To where the next record seems to begin: the first line after this one's first that starts with a brace at the same column. With one record a line
    /// that is the next line; with records over several lines it is not a nested object, which stands further in.
    /// </summary>
    private void Resynchronise()
    {
        var column = _column;
        while (true)
        {
            SkipLine();
            if (!Fill((int)Math.Min(column, 256)))
            {
                if (_start == _end)
                {
                    return;
                }
            }

            var line = _buffer.AsSpan(_start, Math.Min(_end - _start, (int)Math.Min(column, 256)));
            var blanks = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (blanks >= 0 && line[blanks] == '{' && (blanks == column - 1 || (blanks < column - 1 && column <= 256)))
            {
                return;
            }

            // The array the record stands in may end first.
            if (_arrays > 0 && blanks >= 0 && line[blanks] == ']' && blanks < column - 1)
            {
                return;
            }
        }
    }

    private void SkipLine()
    {
        while (Fill(1))
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(newline + 1);
                return;
            }

            Take(_end - _start);
        }
    }

    /// <summary>Moves on, keeping count of lines and columns.</summary>
    private void Take(int count)
    {
        var taken = _buffer.AsSpan(_start, count);
        var last = taken.LastIndexOf((byte)'\n');
        if (last >= 0)
        {
            _line += taken.Count((byte)'\n');
            _column = count - last;
        }
        else
        {
            _column += count;
        }

        _start += count;
    }

    /// <summary>Sees to it that so many bytes lie ready; false where the log ends before.</summary>
    private bool Fill(int count)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        if (_isEnd)
        {
            return false;
        }

        if (_start > 0 && _buffer.Length - _start < Math.Max(count, _buffer.Length / 2))
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            if (_end == _buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
                _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
                _end -= _start;
                _start = 0;
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }

            var read = ReadStream(_buffer.AsSpan(_end));
            if (read == 0)
            {
                _isEnd = true;
                return _end - _start >= count;
            }

            Bytes += read;
            _end += read;
        }

        return true;
    }

    private int ReadStream(Span<byte> target)
    {
        try
        {
            return _stream.Read(target);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _problems.Add(new LogProblem(problem is InvalidDataException ? Incomplete : LogInputs.Unreadable, _input.Name, $"{problem.Message} Reading stopped after record {RecordNumber}."));
            _isBroken = true;
            return 0;
        }
    }

    private void Bad(string message, long line, long column)
    {
        BadRecords++;
        Report(BadRecord, message, line, column);
    }

    private void Report(DiagnosticDescriptor descriptor, string message, long line, long column)
    {
        // What follows from an early end needs no message of its own.
        if (!_isBroken && _messages++ < _options.MaximumMessages)
        {
            _problems.Add(new LogProblem(descriptor, _input.Name, message, line, column));
        }
    }

    // The reader of .NET ends its messages with the position, which stands before ours.
    private static string Wording(string message, long firstLine)
    {
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
        {
            return $"The record that begins on line {firstLine} is not closed.";
        }

        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position > 0 ? message[..position] : message;
    }

    private static string Describe(byte current)
        => current is > 0x20 and < 0x7f ? $"'{(char)current}'" : $"byte 0x{current:x2}";

    /// <summary>Bytes that were read to look at them, then the rest.</summary>
    private sealed class PrefixedStream(byte[] prefix, Stream rest) : ForwardStream
    {
        private int _taken;

        public override int Read(Span<byte> buffer)
        {
            if (_taken < prefix.Length)
            {
                var count = Math.Min(buffer.Length, prefix.Length - _taken);
                prefix.AsSpan(_taken, count).CopyTo(buffer);
                _taken += count;
                return count;
            }

            return rest.Read(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                rest.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
