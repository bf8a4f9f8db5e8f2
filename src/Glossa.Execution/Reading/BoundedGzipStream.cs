using System.IO.Compression;

namespace Glossa.Execution.Reading;

/// <summary>Inflates, and stops at a limit of size or of ratio: a few kilobytes can stand for gigabytes.</summary>
internal sealed class BoundedGzipStream : ForwardStream
{
    // Below this much output no ratio is asked: a small file of one repeated line is no attack.
    private const long FreeOutput = 64L << 20;

    private readonly CountingStream _input;
    private readonly GZipStream _inflated;
    private readonly long _maximumBytes;
    private readonly int _maximumRatio;
    private long _output;

    public BoundedGzipStream(Stream input, long maximumBytes, int maximumRatio)
    {
        _input = new CountingStream(input);
        _inflated = new GZipStream(_input, CompressionMode.Decompress);
        _maximumBytes = maximumBytes;
        _maximumRatio = maximumRatio;
    }

    /// <exception cref="InvalidDataException">The data is damaged, or grows past a limit, which the message names.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = _inflated.Read(buffer);
        _output += read;
        if (_output > _maximumBytes)
        {
            throw new InvalidDataException($"The compressed log grows past the limit of {_maximumBytes >> 20} MiB.");
        }

        if (_output > FreeOutput && _output / _maximumRatio > _input.Count)
        {
            throw new InvalidDataException($"The compressed log grows to more than {_maximumRatio} times its size, which is the limit.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflated.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class CountingStream(Stream inner) : ForwardStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
