using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glossa.Core.Text;

namespace Glossa.Core.Diagnostics;

/// <summary>
/// Diagnostics for people and for programs. What comes from rules is shown and never obeyed: control characters, and characters that
/// turn or hide text, appear as signs.
/// </summary>
public static class DiagnosticFormatter
{
    /// <summary>Columns of the source excerpt in <see cref="ToText"/>; a longer line is cut around what is marked.</summary>
    private const int ExcerptWidth = 100;

    private const int TabWidth = 4;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>
    /// <c>path:line:column: severity ID: message</c>, then for each label its line with carets under the marked part, then the
    /// notes. Lines end in <c>\n</c>, the last one too.
    /// </summary>
    /// <param name="withExcerpts">False: without the lines of the source.</param>
    public static string ToText(Diagnostic diagnostic, bool withExcerpts = true)
    {
        var text = new StringBuilder();
        AppendVisible(text, diagnostic.Path);
        if (diagnostic.Position is { } position)
        {
            text.Append(CultureInfo.InvariantCulture, $":{position.Line}:{position.Column}");
        }

        text.Append(CultureInfo.InvariantCulture, $": {Word(diagnostic.Severity)} {diagnostic.Id}: ");
        AppendVisible(text, diagnostic.Message);
        text.Append('\n');
        foreach (var label in withExcerpts ? diagnostic.Labels : [])
        {
            AppendExcerpt(text, label, diagnostic.Path);
        }

        foreach (var note in diagnostic.Notes)
        {
            text.Append("  = ").Append(NoteText(note)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary><c>help: what to do</c></summary>
    public static string NoteText(DiagnosticNote note) => $"{Word(note.Kind)}: {Visible(note.Text)}";

    /// <summary>One line for each, without excerpts: <c>path:line:column: severity ID: message</c>.</summary>
    public static string ToLine(Diagnostic diagnostic)
    {
        var text = ToText(diagnostic with { Notes = [] }, withExcerpts: false);
        return text[..text.IndexOf('\n', StringComparison.Ordinal)];
    }

    /// <summary>
    /// An array of <c>{"id","severity","message","path","line","column","endLine","endColumn","labels":[…],"notes":[…]}</c>;
    /// lines and columns from 1, absent where the finding is about the file as a whole.
    /// </summary>
    public static string ToJson(IEnumerable<Diagnostic> diagnostics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            writer.WriteStartArray();
            foreach (var diagnostic in diagnostics)
            {
                WriteJson(writer, diagnostic);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes one diagnostic as the value the writer stands at.</summary>
    public static void WriteJson(Utf8JsonWriter writer, Diagnostic diagnostic)
    {
        writer.WriteStartObject();
        writer.WriteString("id", diagnostic.Id);
        writer.WriteString("severity", Word(diagnostic.Severity));
        WriteText(writer, "message", diagnostic.Message);
        WriteText(writer, "path", diagnostic.Path);
        if (diagnostic.Labels.FirstOrDefault(label => label.IsPrimary) is { } primary)
        {
            WriteRange(writer, primary.Range, "line", "column", "endLine", "endColumn");
        }

        writer.WriteStartArray("labels");
        foreach (var label in diagnostic.Labels)
        {
            writer.WriteStartObject();
            WriteText(writer, "path", label.Range.File.Path);
            WriteRange(writer, label.Range, "line", "column", "endLine", "endColumn");
            WriteText(writer, "text", label.Text);
            writer.WriteBoolean("primary", label.IsPrimary);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in diagnostic.Notes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", Word(note.Kind));
            WriteText(writer, "text", note.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// A SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) with one run. Paths become relative URIs
    /// with <c>/</c>; columns are UTF-16 units.
    /// </summary>
    /// <param name="toolVersion">Of the tool that found them: <c>0.1.0</c>.</param>
    public static string ToSarif(IEnumerable<Diagnostic> diagnostics, string toolVersion)
    {
        var results = diagnostics.ToArray();
        var rules = results.Select(result => result.Descriptor).DistinctBy(descriptor => descriptor.Id, StringComparer.Ordinal).OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            writer.WriteString("version", "2.1.0");
            writer.WriteStartArray("runs");
            writer.WriteStartObject();
            writer.WriteStartObject("tool");
            writer.WriteStartObject("driver");
            writer.WriteString("name", "glossa");
            writer.WriteString("version", toolVersion);
            writer.WriteStartArray("rules");
            foreach (var rule in rules)
            {
                writer.WriteStartObject();
                writer.WriteString("id", rule.Id);
                WriteMessage(writer, "shortDescription", rule.Title);
                writer.WriteStartObject("defaultConfiguration");
                writer.WriteString("level", Level(rule.Severity));
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteString("columnKind", "utf16CodeUnits");
            writer.WriteStartArray("results");
            foreach (var result in results)
            {
                WriteResult(writer, result, Array.FindIndex(rules, rule => rule.Id == result.Id));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// Text as it may be shown: control characters as their signs (␀ … ␡), others that would turn, break or hide text as
    /// <c>&lt;U+202E&gt;</c>, half surrogate pairs too. Tabs and line breaks count as control characters.
    /// </summary>
    public static string Visible(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        AppendVisible(visible, text);
        return visible.ToString();
    }

    private static void WriteResult(Utf8JsonWriter writer, Diagnostic result, int ruleIndex)
    {
        writer.WriteStartObject();
        writer.WriteString("ruleId", result.Id);
        writer.WriteNumber("ruleIndex", ruleIndex);
        writer.WriteString("level", Level(result.Severity));
        WriteMessage(writer, "message", string.Join('\n', result.Notes.Select(note => $"{Word(note.Kind)}: {note.Text}").Prepend(result.Message)));
        writer.WriteStartArray("locations");
        var primaries = result.Labels.Where(label => label.IsPrimary).ToArray();
        foreach (var label in primaries)
        {
            WriteLocation(writer, label.Range.File.Path, label, id: null);
        }

        if (primaries.Length == 0 && result.Path.Length > 0)
        {
            WriteLocation(writer, result.Path, label: null, id: null);
        }

        writer.WriteEndArray();
        var others = result.Labels.Where(label => !label.IsPrimary).ToArray();
        if (others.Length > 0)
        {
            writer.WriteStartArray("relatedLocations");
            for (var i = 0; i < others.Length; i++)
            {
                WriteLocation(writer, others[i].Range.File.Path, others[i], id: i + 1);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter writer, string path, DiagnosticLabel? label, int? id)
    {
        writer.WriteStartObject();
        if (id is { } number)
        {
            writer.WriteNumber("id", number);
        }

        writer.WriteStartObject("physicalLocation");
        writer.WriteStartObject("artifactLocation");
        writer.WriteString("uri", string.Join('/', path.Replace('\\', '/').Split('/').Select(part => Uri.EscapeDataString(part.ToWellFormed()))));
        writer.WriteEndObject();
        if (label is not null)
        {
            writer.WriteStartObject("region");
            WriteRange(writer, label.Range, "startLine", "startColumn", "endLine", "endColumn");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (label is { Text.Length: > 0 })
        {
            WriteMessage(writer, "message", label.Text);
        }

        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string name, string text)
    {
        writer.WriteStartObject(name);
        WriteText(writer, "text", text);
        writer.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter writer, FileRange range, string line, string column, string endLine, string endColumn)
    {
        var start = range.Start;
        var end = range.File.Position(range.Span.End);
        writer.WriteNumber(line, start.Line);
        writer.WriteNumber(column, start.Column);
        writer.WriteNumber(endLine, end.Line);
        writer.WriteNumber(endColumn, end.Column);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string text) => writer.WriteString(name, text.ToWellFormed());

    /// <summary>Half surrogate pairs have no UTF-8; they become U+FFFD.</summary>
    private static string ToWellFormed(this string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void AppendExcerpt(StringBuilder text, DiagnosticLabel label, string shownPath)
    {
        var file = label.Range.File;
        var start = label.Range.Start;
        var line = file.Line(start.Line);
        var from = Math.Min(start.Column - 1, line.Length);

        // A range over several lines is marked to the end of its first.
        var to = Math.Min(line.Length, from + label.Range.Span.Length);
        var number = start.Line.ToString(CultureInfo.InvariantCulture);
        if (!string.Equals(file.Path, shownPath, StringComparison.Ordinal))
        {
            text.Append(' ', number.Length).Append("--> ");
            AppendVisible(text, file.Path);
            text.Append(CultureInfo.InvariantCulture, $":{start.Line}:{start.Column}\n");
        }

        var excerpt = Excerpt.Of(line, from, to);
        text.Append(number).Append(" | ").Append(excerpt.Text).Append('\n');
        text.Append(' ', number.Length).Append(" | ").Append(' ', excerpt.MarkStart).Append(label.IsPrimary ? '^' : '-', excerpt.MarkWidth);
        if (label.Text.Length > 0)
        {
            text.Append(' ');
            AppendVisible(text, label.Text);
        }

        text.Append('\n');
    }

    private static void AppendVisible(StringBuilder text, ReadOnlySpan<char> shown)
    {
        var column = 0;
        for (var i = 0; i < shown.Length;)
        {
            text.Append(Cell.Read(shown[i..], column, expandTabs: false, out var length).Text);
            i += length;
        }
    }

    private static string Word(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Info => "info",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };

    private static string Word(DiagnosticNoteKind kind) => kind switch
    {
        DiagnosticNoteKind.Note => "note",
        DiagnosticNoteKind.Help => "help",
        DiagnosticNoteKind.Documentation => "see",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Level(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Info => "note",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };

    /// <summary>One character as a terminal shows it.</summary>
    private readonly record struct Cell(string Text, int Width)
    {
        public static Cell Read(ReadOnlySpan<char> text, int column, bool expandTabs, out int length)
        {
            length = 1;
            var first = text[0];
            if (first == '\t' && expandTabs)
            {
                var width = TabWidth - (column % TabWidth);
                return new Cell(new string(' ', width), width);
            }

            if (first < 0x20)
            {
                return new Cell(((char)(0x2400 + first)).ToString(), 1);
            }

            if (first == 0x7F)
            {
                return new Cell("\u2421", 1);
            }

            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done)
            {
                return Named(first);
            }

            length = consumed;
            switch (Rune.GetUnicodeCategory(rune))
            {
                // A zero-width joiner holds emoji together, but it also hides between letters; the sign is honest in both.
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate:
                    return Named(rune.Value);
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                    return new Cell(rune.ToString(), 0);
                default:
                    return new Cell(rune.ToString(), IsWide(rune.Value) ? 2 : 1);
            }
        }

        private static Cell Named(int value)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"<U+{value:X4}>");
            return new Cell(name, name.Length);
        }

        /// <summary>The blocks of Unicode's East Asian Width W and F (https://www.unicode.org/reports/tr11/), without their gaps.</summary>
        private static bool IsWide(int value) => value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F)
            or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
            or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
    }

    /// <summary>A line as it is shown, and where its mark stands below it, in columns.</summary>
    private readonly record struct Excerpt(string Text, int MarkStart, int MarkWidth)
    {
        private const char Cut = '…';

        public static Excerpt Of(ReadOnlySpan<char> line, int from, int to)
        {
            // Far from the mark nothing is shown, so nothing is measured: a line may be megabytes long.
            var first = Math.Max(0, from - ExcerptWidth);
            first += first < line.Length && first > 0 && char.IsLowSurrogate(line[first]) ? 1 : 0;
            var window = line[first..Math.Min(line.Length, Math.Max(from, Math.Min(to, from + ExcerptWidth)) + ExcerptWidth)];
            var cells = new List<(Cell Cell, int Position)>();
            var column = 0;
            for (var i = 0; i < window.Length;)
            {
                var cell = Cell.Read(window[i..], column, expandTabs: true, out var length);
                cells.Add((cell, first + i));
                column += cell.Width;
                i += length;
            }

            var markStart = cells.Where(item => item.Position < from).Sum(item => item.Cell.Width);
            var markWidth = Math.Max(1, cells.Where(item => item.Position >= from && item.Position < to).Sum(item => item.Cell.Width));

            // Cut so that the mark's start stands in the left third, unless everything before it fits.
            var leading = markStart + Math.Min(markWidth, ExcerptWidth / 3) <= ExcerptWidth && first == 0 ? 0 : Math.Max(0, markStart - (ExcerptWidth / 3));
            var shown = new StringBuilder();
            var isCutBefore = leading > 0 || first > 0;
            if (isCutBefore)
            {
                shown.Append(Cut);
            }

            int at = 0, skipped = 0, width = 0;
            var isCutAfter = first + window.Length < line.Length;
            foreach (var (cell, _) in cells)
            {
                at += cell.Width;
                if (at <= leading && leading > 0)
                {
                    skipped += cell.Width;
                    continue;
                }

                if (width + cell.Width > ExcerptWidth)
                {
                    isCutAfter = true;
                    break;
                }

                shown.Append(cell.Text);
                width += cell.Width;
            }

            if (isCutAfter)
            {
                shown.Append(Cut);
            }

            var start = markStart - skipped;
            return new Excerpt(shown.ToString(), start + (isCutBefore ? 1 : 0), Math.Max(1, Math.Min(markWidth, Math.Max(1, width - start))));
        }
    }
}
