using Glossa.Core.Text;

namespace Glossa.Core.Diagnostics;

public enum DiagnosticSeverity
{
    /// <summary>A fact worth knowing; nothing was lost.</summary>
    Info,

    /// <summary>Read, but perhaps not as the author meant.</summary>
    Warning,

    /// <summary>Not understood: the rule, or the part named, has no meaning here.</summary>
    Error,
}

/// <summary>What can be said: a stable id that is never used again for something else, and its usual severity.</summary>
/// <param name="Id">Letters of the reader and four digits: <c>SIG0012</c>.</param>
/// <param name="Title">The finding in general, one line, without a value of the input.</param>
public sealed record DiagnosticDescriptor(string Id, string Title, DiagnosticSeverity Severity);

/// <summary>A range of a file with a few words at it.</summary>
/// <param name="IsPrimary">The place the message speaks of; the others explain it.</param>
public sealed record DiagnosticLabel(FileRange Range, string Text, bool IsPrimary = true);

public enum DiagnosticNoteKind
{
    Note,
    Help,
    Documentation,
}

public sealed record DiagnosticNote(DiagnosticNoteKind Kind, string Text);

/// <summary>One finding about one input: a value, never an exception.</summary>
/// <param name="Path">The file it is about; also where no range can be given (a file that cannot be read).</param>
public sealed record Diagnostic(
    DiagnosticDescriptor Descriptor,
    string Message,
    string Path,
    IReadOnlyList<DiagnosticLabel> Labels,
    IReadOnlyList<DiagnosticNote> Notes)
{
    public DiagnosticSeverity Severity => Descriptor.Severity;

    public string Id => Descriptor.Id;

    /// <summary>Line and column of the primary label, or null where the finding is about the file as a whole.</summary>
    public LinePosition? Position
    {
        get
        {
            foreach (var label in Labels)
            {
                if (label.IsPrimary)
                {
                    return label.Range.Start;
                }
            }

            return null;
        }
    }

    public static Diagnostic At(DiagnosticDescriptor descriptor, string message, QueryText query, SourceSpan span, string label = "", params ReadOnlySpan<DiagnosticNote> notes)
    {
        var ranges = query.Locate(span);
        var labels = new DiagnosticLabel[ranges.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new DiagnosticLabel(ranges[i], i == 0 ? label : "", i == 0);
        }

        return new Diagnostic(descriptor, message, ranges.Count > 0 ? ranges[0].File.Path : "", labels, [.. notes]);
    }

    public static Diagnostic At(DiagnosticDescriptor descriptor, string message, FileRange range, string label = "", params ReadOnlySpan<DiagnosticNote> notes)
        => new(descriptor, message, range.File.Path, [new DiagnosticLabel(range, label)], [.. notes]);

    public static Diagnostic OfFile(DiagnosticDescriptor descriptor, string message, string path, params ReadOnlySpan<DiagnosticNote> notes)
        => new(descriptor, message, path, [], [.. notes]);
}

/// <summary>Collects what is found while a walk goes on; travels beside the data, never inside it. Not safe for several threads: one a file.</summary>
public sealed class DiagnosticBag : IReadOnlyCollection<Diagnostic>
{
    private readonly List<Diagnostic> _diagnostics = [];

    public int Count => _diagnostics.Count;

    public bool HasErrors { get; private set; }

    public void Add(Diagnostic diagnostic)
    {
        _diagnostics.Add(diagnostic);
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Add(diagnostic);
        }
    }

    public void Report(DiagnosticDescriptor descriptor, string message, QueryText query, SourceSpan span, string label = "", params ReadOnlySpan<DiagnosticNote> notes)
        => Add(Diagnostic.At(descriptor, message, query, span, label, notes));

    public IEnumerator<Diagnostic> GetEnumerator() => _diagnostics.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
