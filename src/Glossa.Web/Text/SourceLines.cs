namespace Glossa.Web.Text;

/// <summary>A source text cut for the page: lines, in them runs of one look.</summary>
public static class SourceLines
{
    /// <param name="Number">The predicate whose words these are; 0 for none.</param>
    /// <param name="IsFirst">Its first run, which carries the anchor.</param>
    /// <param name="Class">Class of the highlighting; empty for none.</param>
    public readonly record struct Run(int Start, int Length, string Class, int Number, bool IsFirst, bool IsExclusion, bool IsOpaque);

    /// <param name="Number">Of a predicate; 0 for words that were not understood.</param>
    public readonly record struct Span(int Start, int Length, int Number, bool IsExclusion);

    /// <param name="Start">Position of its first character; <paramref name="End"/> is behind its last, before the line break.</param>
    /// <param name="FirstLine">Number of its first line, from 1.</param>
    /// <param name="Lines">How many lines it has, of <paramref name="AllLines"/>.</param>
    /// <param name="IsCut">Its only line goes on.</param>
    public readonly record struct Window(int Start, int End, int FirstLine, int Lines, int AllLines, bool IsCut);

    /// <summary>Lines a page shows of a file; the rest is a link away.</summary>
    public const int MostLines = 400;

    /// <summary>Characters it shows of all those lines; of a longer line only its beginning.</summary>
    public const int MostCharacters = 24 * 1024;

    /// <summary>Lines above the first words of a predicate, where the file is too long to be shown from its beginning.</summary>
    private const int Above = 20;

    /// <summary>
    /// The part of a file that a page shows: all of it where it fits, else from some lines above the first words of a predicate. The break at the end
    /// of a file ends a line and begins none.
    /// </summary>
    /// <param name="from">The line to begin with instead, from 1; clamped to the file.</param>
    /// <param name="most">Characters, where there is less room than usual.</param>
    public static Window WindowOf(string text, IEnumerable<Span> spans, int? from = null, int most = MostCharacters)
    {
        var length = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        List<int> starts = [0];
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0 && i < length; i = text.IndexOf('\n', i + 1))
        {
            starts.Add(i + 1);
        }

        var first = 0;
        if (from is { } line)
        {
            first = Math.Clamp(line - 1, 0, starts.Count - 1);
        }
        else if (End(0) < starts.Count)
        {
            var words = spans.Where(span => span.Number > 0 && span.Start >= 0 && span.Start <= length).Select(span => span.Start).DefaultIfEmpty().Min();
            var at = starts.BinarySearch(words);
            first = Math.Max((at < 0 ? ~at - 1 : at) - Above, 0);

            // What lies before the words does not matter when they end the file: then the page is filled from its end.
            while (first > 0 && End(first - 1) == starts.Count)
            {
                first--;
            }
        }

        var end = End(first);
        var behind = end < starts.Count ? starts[end] - 1 : length;
        var isCut = behind - starts[first] > most;
        if (isCut)
        {
            behind = starts[first] + most - (char.IsHighSurrogate(text[starts[first] + most - 1]) ? 1 : 0);
        }

        return new Window(starts[first], behind, first + 1, end - first, starts.Count, isCut);

        int End(int begin)
        {
            var last = begin + 1;
            while (last < starts.Count && last - begin < MostLines && (last + 1 < starts.Count ? starts[last + 1] : length) - starts[begin] <= most)
            {
                last++;
            }

            return last;
        }
    }

    /// <summary>The predicates that have an anchor in the part of <paramref name="text"/> that is shown.</summary>
    public static IEnumerable<int> Anchored(string text, IEnumerable<Span> spans, Window window)
        => WithoutOverlaps(text, spans, window)
            .Where(span => span.Number > 0 && !text.AsSpan(Math.Max(span.Start, window.Start)..Math.Min(span.Start + span.Length, window.End)).IsWhiteSpace())
            .Select(span => span.Number);

    /// <summary>All lines; see the other overload.</summary>
    public static IEnumerable<IReadOnlyList<Run>> Cut(string text, IReadOnlyList<Highlighting.Token> tokens, IEnumerable<Span> spans, HashSet<int> seen)
        => Cut(text, tokens, spans, seen, new Window(0, text.Length, 1, 0, 0, false));

    /// <summary>
    /// Lines with their runs, without line breaks. Of overlapping spans the one that starts first is shown, of those the
    /// longest. Spans that do not lie in the text are left out.
    /// </summary>
    /// <param name="seen">Predicates that already have their anchor; it is added to.</param>
    public static IEnumerable<IReadOnlyList<Run>> Cut(string text, IReadOnlyList<Highlighting.Token> tokens, IEnumerable<Span> spans, HashSet<int> seen, Window window)
    {
        var ordered = WithoutOverlaps(text, spans, window);
        var token = 0;
        var span = 0;
        var position = window.Start;
        while (position <= window.End)
        {
            var end = text.IndexOf('\n', position, window.End - position);
            var next = end < 0 ? window.End + 1 : end + 1;
            end = end < 0 ? window.End : end;
            if (end > position && text[end - 1] == '\r')
            {
                end--;
            }

            List<Run> runs = [];
            while (position < end)
            {
                while (token < tokens.Count && tokens[token].Start + tokens[token].Length <= position)
                {
                    token++;
                }

                while (span < ordered.Count && ordered[span].Start + ordered[span].Length <= position)
                {
                    span++;
                }

                var stop = end;
                var look = "";
                if (token < tokens.Count)
                {
                    var (start, length, kind) = tokens[token];
                    if (start <= position)
                    {
                        look = kind;
                        stop = Math.Min(stop, start + length);
                    }
                    else
                    {
                        stop = Math.Min(stop, start);
                    }
                }

                var number = 0;
                var isFirst = false;
                var isExclusion = false;
                var isOpaque = false;
                if (span < ordered.Count)
                {
                    var current = ordered[span];
                    if (current.Start <= position)
                    {
                        stop = Math.Min(stop, current.Start + current.Length);

                        // Not the indentation of a continuation line.
                        if (IsIndentation(text, position, stop) && runs.Count == 0)
                        {
                            stop = position + Indentation(text, position, stop);
                        }
                        else
                        {
                            number = current.Number;
                            isOpaque = number == 0;
                            isExclusion = current.IsExclusion;
                            isFirst = number > 0 && seen.Add(number);
                        }
                    }
                    else
                    {
                        stop = Math.Min(stop, current.Start);
                    }
                }

                runs.Add(new Run(position, stop - position, look, number, isFirst, isExclusion, isOpaque));
                position = stop;
            }

            yield return runs;
            position = next;
        }
    }

    private static bool IsIndentation(string text, int start, int end) => Indentation(text, start, end) > 0;

    private static int Indentation(string text, int start, int end)
    {
        var length = 0;
        while (start + length < end && text[start + length] is ' ' or '\t')
        {
            length++;
        }

        return length;
    }

    private static List<Span> WithoutOverlaps(string text, IEnumerable<Span> spans, Window window)
    {
        List<Span> kept = [];
        var end = 0;
        foreach (var span in spans
            .Where(span => span.Start >= 0 && span.Length > 0 && span.Start <= text.Length - span.Length)
            .Where(span => span.Start < window.End && span.Start + span.Length > window.Start)
            .OrderBy(span => span.Start).ThenByDescending(span => span.Length))
        {
            if (span.Start >= end)
            {
                kept.Add(span);
                end = span.Start + span.Length;
            }
        }

        return kept;
    }
}
