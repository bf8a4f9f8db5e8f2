namespace Glossa.Core.Text;

/// <summary>A file as it was read: its path as shown to people, and its text (UTF-8 decoded, byte order mark removed).</summary>
public sealed class SourceFile(string path, string text)
{
    private int[]? _lineStarts;

    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>Line and column of an offset, both counted from 1; an offset past the end is taken as the end.</summary>
    public LinePosition Position(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var starts = _lineStarts ??= FindLineStarts(Text);
        var index = Array.BinarySearch(starts, offset);
        if (index < 0)
        {
            index = ~index - 1;
        }

        return new LinePosition(index + 1, offset - starts[index] + 1);
    }

    /// <summary>The text of a line (counted from 1) without its line break; empty when there is no such line.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        var starts = _lineStarts ??= FindLineStarts(Text);
        if (line < 1 || line > starts.Length)
        {
            return [];
        }

        var end = line < starts.Length ? starts[line] : Text.Length;
        return Text.AsSpan(starts[line - 1], end - starts[line - 1]).TrimEnd("\r\n");
    }

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}

/// <summary>A place a person can go to: line and column, both counted from 1.</summary>
public readonly record struct LinePosition(int Line, int Column);

/// <summary>A range of a file, in UTF-16 positions of its decoded text.</summary>
public readonly record struct FileRange(SourceFile File, SourceSpan Span)
{
    public LinePosition Start => File.Position(Span.Start);

    public ReadOnlySpan<char> Text => File.Text.AsSpan(Span.Start, Span.Length);
}
