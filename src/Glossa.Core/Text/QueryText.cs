using System.Text;

namespace Glossa.Core.Text;

/// <summary>
/// The decoded text of a query with the map back to its files. YAML folds lines, TOML unescapes and macros expand, so a position
/// in the query is not a position in a file; every span in syntax and IR is a position here, and <see cref="Locate"/> is the only way out.
/// </summary>
public sealed class QueryText
{
    private readonly Segment[] _segments;

    private QueryText(string text, Segment[] segments)
    {
        Text = text;
        _segments = segments;
    }

    public string Text { get; }

    public int Length => Text.Length;

    /// <summary>The whole file, or a range of it, read as written.</summary>
    public static QueryText FromFile(SourceFile file, SourceSpan? range = null)
    {
        var span = range ?? new SourceSpan(0, file.Text.Length);
        return new QueryText(file.Text.Substring(span.Start, span.Length), [new Segment(0, span.Length, file, span.Start, span.Length, null)]);
    }

    /// <summary>A text that stands in no file (a command line argument, a test); its positions are its own.</summary>
    public static QueryText FromText(string text, string name = "<query>") => FromFile(new SourceFile(name, text));

    public ReadOnlySpan<char> Slice(SourceSpan span) => Text.AsSpan(span.Start, span.Length);

    /// <summary>
    /// The file ranges a span stands for, in order, adjacent ones joined. A span inside text that was decoded from an escape gives
    /// the whole escape; a span inside an expansion gives its place in the definition (<see cref="CallChain"/> gives the calls).
    /// </summary>
    public IReadOnlyList<FileRange> Locate(SourceSpan span)
    {
        var ranges = new List<FileRange>();
        for (var i = FindSegment(span.Start); i < _segments.Length; i++)
        {
            var segment = _segments[i];
            if (segment.Start > span.End || (segment.Start == span.End && ranges.Count > 0))
            {
                break;
            }

            var from = Math.Max(span.Start, segment.Start);
            var to = Math.Min(span.End, segment.End);
            if (to < from || (to == from && span.Length > 0))
            {
                continue;
            }

            var raw = segment.IsVerbatim
                ? SourceSpan.FromBounds(segment.RawStart + (from - segment.Start), segment.RawStart + (to - segment.Start))
                : new SourceSpan(segment.RawStart, segment.RawLength);
            if (ranges.Count > 0 && ReferenceEquals(ranges[^1].File, segment.File) && ranges[^1].Span.End == raw.Start)
            {
                ranges[^1] = new FileRange(segment.File, SourceSpan.FromBounds(ranges[^1].Span.Start, raw.End));
            }
            else
            {
                ranges.Add(new FileRange(segment.File, raw));
            }

            if (span.Length == 0)
            {
                break;
            }
        }

        return ranges;
    }

    /// <summary>The macro or function calls a position came through, innermost first; empty for text written in place.</summary>
    public IReadOnlyList<TextExpansion> CallChain(int position)
    {
        var chain = new List<TextExpansion>();
        var index = FindSegment(position);
        for (var expansion = index < _segments.Length ? _segments[index].Expansion : null; expansion is not null; expansion = expansion.Caller)
        {
            chain.Add(expansion);
        }

        return chain;
    }

    private int FindSegment(int position)
    {
        int low = 0, high = _segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].End <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <param name="Start">Position in the decoded text.</param>
    /// <param name="RawLength">Equal to <paramref name="Length"/> and verbatim, or the extent of the whole escape or fold.</param>
    private readonly record struct Segment(int Start, int Length, SourceFile File, int RawStart, int RawLength, TextExpansion? Expansion)
    {
        public int End => Start + Length;

        // Equal lengths mean equal characters: the builder never records a one-character escape as verbatim.
        public bool IsVerbatim => Length == RawLength && File.Text.Length >= RawStart + RawLength;
    }

    /// <summary>Puts a <see cref="QueryText"/> together, piece by piece, remembering where each came from.</summary>
    public sealed class Builder
    {
        private readonly StringBuilder _text = new();
        private readonly List<Segment> _segments = [];

        public int Length => _text.Length;

        /// <summary>Text that stands in the file just so.</summary>
        public Builder Verbatim(SourceFile file, SourceSpan raw, TextExpansion? expansion = null)
        {
            if (raw.Length > 0)
            {
                var last = _segments.Count > 0 ? _segments[^1] : default;
                if (_segments.Count > 0 && last.IsVerbatim && ReferenceEquals(last.File, file) && last.RawStart + last.RawLength == raw.Start && last.Expansion == expansion)
                {
                    _segments[^1] = last with { Length = last.Length + raw.Length, RawLength = last.RawLength + raw.Length };
                }
                else
                {
                    _segments.Add(new Segment(_text.Length, raw.Length, file, raw.Start, raw.Length, expansion));
                }

                _text.Append(file.Text, raw.Start, raw.Length);
            }

            return this;
        }

        /// <summary>Text that the file spells otherwise: an escape, a fold, an entity.</summary>
        public Builder Decoded(string decoded, SourceFile file, SourceSpan raw, TextExpansion? expansion = null)
        {
            if (decoded.Length == 0)
            {
                return this;
            }

            if (decoded.Length == raw.Length && file.Text.AsSpan(raw.Start, raw.Length).SequenceEqual(decoded))
            {
                return Verbatim(file, raw, expansion);
            }

            // A one-to-one replacement of equal length would look verbatim; piece by piece it maps to the same place and stays honest.
            if (decoded.Length == raw.Length && raw.Length > 1)
            {
                for (var i = 0; i < decoded.Length; i++)
                {
                    _segments.Add(new Segment(_text.Length + i, 1, file, raw.Start + i, 1, expansion));
                }
            }
            else
            {
                _segments.Add(new Segment(_text.Length, decoded.Length, file, raw.Start, raw.Length, expansion));
            }

            _text.Append(decoded);
            return this;
        }

        /// <summary>Everything of another query text, with its own map.</summary>
        public Builder Append(QueryText other)
        {
            foreach (var segment in other._segments)
            {
                _segments.Add(segment with { Start = segment.Start + _text.Length });
            }

            _text.Append(other.Text);
            return this;
        }

        public QueryText ToQueryText() => new(_text.ToString(), [.. _segments]);
    }
}

/// <summary>A call that put text into a query: the macro's or function's name, and where it was called.</summary>
/// <param name="CallSite">In the file of the caller.</param>
/// <param name="Caller">The expansion the call itself stands in, or null.</param>
public sealed record TextExpansion(string Kind, string Name, FileRange CallSite, TextExpansion? Caller);
