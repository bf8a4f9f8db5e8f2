using System.Buffers;
using System.Text.Json;

namespace Glossa.Execution.Alerts;

/// <summary>
/// The alerts of a run, written and put in order: by log, record, and rule. Up to a size they are kept in memory, past it in a temporary file
/// that nobody else can open and that is gone with the process.
/// </summary>
public sealed class AlertStore : IDisposable
{
    private const int MemoryLimit = 64 << 20;

    private readonly List<Entry> _entries = [];

    // Kept from alert to alert: a writer of its own for each was nearly a third of what a scan allocates.
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _writer;
    private Stream _content = new MemoryStream();
    private bool _isSorted;

    public AlertStore() => _writer = AlertWriter.Create(_line);

    public long Count => _entries.Count;

    /// <param name="rule">The place of the rule in the order of ids.</param>
    internal void Add(Alert alert, int log, int rule)
    {
        _line.ResetWrittenCount();
        _writer.Reset();
        AlertWriter.Write(_writer, alert);
        _writer.Flush();
        var line = _line.WrittenSpan;
        if (_content is MemoryStream memory && memory.Length + line.Length > MemoryLimit)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), options);
            memory.Position = 0;
            memory.CopyTo(file);
            memory.Dispose();
            _content = file;
        }

        _entries.Add(new Entry(log, alert.Source.Record, rule, _entries.Count, _content.Length, line.Length));
        _content.Position = _content.Length;
        _content.Write(line);
        _isSorted = false;
    }

    /// <summary>The alerts in order, each as one line of JSON without the line break. The memory is used again for the next.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        if (!_isSorted)
        {
            _entries.Sort();
            _isSorted = true;
        }

        var buffer = Array.Empty<byte>();
        foreach (var entry in _entries)
        {
            if (buffer.Length < entry.Length)
            {
                buffer = new byte[entry.Length * 2];
            }

            _content.Position = entry.Offset;
            _content.ReadExactly(buffer, 0, entry.Length);
            yield return buffer.AsMemory(0, entry.Length);
        }
    }

    /// <summary>Writes all alerts as NDJSON.</summary>
    public void WriteTo(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        using var buffered = new BufferedStream(new Undisposed(target), 1 << 16);
        foreach (var line in Lines())
        {
            buffered.Write(line.Span);
            buffered.WriteByte((byte)'\n');
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _content.Dispose();
    }

    private readonly record struct Entry(int Log, long Record, int Rule, int Number, long Offset, int Length) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
            => Log != other.Log ? Log.CompareTo(other.Log)
                : Record != other.Record ? Record.CompareTo(other.Record)
                : Rule != other.Rule ? Rule.CompareTo(other.Rule)
                : Number.CompareTo(other.Number);

        public static bool operator <(Entry left, Entry right) => left.CompareTo(right) < 0;

        public static bool operator >(Entry left, Entry right) => left.CompareTo(right) > 0;

        public static bool operator <=(Entry left, Entry right) => left.CompareTo(right) <= 0;

        public static bool operator >=(Entry left, Entry right) => left.CompareTo(right) >= 0;
    }

    /// <summary>The target is the caller's to close.</summary>
    private sealed class Undisposed(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
