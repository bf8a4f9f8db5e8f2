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

    /// <summary>Lines a page shows of a file; the rest is a link away.</summary>
    public const int MostLines = 1500;

    /// <summary>Characters it shows of all those lines.</summary>
    public const int MostCharacters = 128 * 1024;

    /// <summary>The part of a file that a page shows: without the break at its end, which ends a line and begins none.</summary>
    public static string Visible(string text)
    {
        var end = text.EndsWith('\n') ? text.Length - 1 : text.Length;
        if (end > MostCharacters)
        {
            end = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        }

        var lines = 0;
        for (var i = 0; i < end; i++)
        {
            if (text[i] == '\n' && ++lines == MostLines)
            {
                return text[..i];
            }
        }

        return text[..end];
    }

    /// <summary>The predicates that have an anchor in <paramref name="text"/>.</summary>
    public static IEnumerable<int> Anchored(string text, IEnumerable<Span> spans)
        => WithoutOverlaps(text, spans).Where(span => span.Number > 0 && !text.AsSpan(span.Start, span.Length).IsWhiteSpace()).Select(span => span.Number);

    /// <summary>
    /// Lines with their runs, without line breaks. Of overlapping spans the one that starts first is shown, of those the
    /// longest. Spans that do not lie in the text are left out.
    /// </summary>
    /// <param name="seen">Predicates that already have their anchor; it is added to.</param>
    public static IEnumerable<IReadOnlyList<Run>> Cut(string text, IReadOnlyList<Highlighting.Token> tokens, IEnumerable<Span> spans, HashSet<int> seen)
    {
        var ordered = WithoutOverlaps(text, spans);
        var token = 0;
        var span = 0;
        var position = 0;
        while (position <= text.Length)
        {
            var end = text.IndexOf('\n', position);
            var next = end < 0 ? text.Length + 1 : end + 1;
            end = end < 0 ? text.Length : end;
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

    private static List<Span> WithoutOverlaps(string text, IEnumerable<Span> spans)
    {
        List<Span> kept = [];
        var end = 0;
        foreach (var span in spans
            .Where(span => span.Start >= 0 && span.Length > 0 && span.Start <= text.Length - span.Length)
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
