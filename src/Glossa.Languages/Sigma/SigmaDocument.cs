using System.Runtime.CompilerServices;
using Glossa.Core.Diagnostics;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

internal enum SigmaDocumentKind
{
    Rule,
    Correlation,
    Filter,

    /// <summary>YAML that has none of the three sections.</summary>
    Other,
}

/// <summary>One document with the global parts that older files lay under it, and the text that its spans are positions in.</summary>
internal sealed class SigmaDocument
{
    private static readonly ConditionalWeakTable<QueryText, SigmaDocument> Known = [];

    // Where each YAML document begins in the query text: position there minus position in the file.
    private readonly IReadOnlyList<(YamlDocument Document, int Shift)> _places;

    private SigmaDocument(YamlMapping root, QueryText query, int index, string file, IReadOnlyList<(YamlDocument Document, int Shift)> places)
    {
        Root = root;
        Query = query;
        Index = index;
        File = file;
        _places = places;
        Kind = root.Find("correlation") is YamlMapping ? SigmaDocumentKind.Correlation
            : root.Find("filter") is YamlMapping ? SigmaDocumentKind.Filter
            : root.Find("detection") is not null ? SigmaDocumentKind.Rule
            : root.Find("correlation") is not null ? SigmaDocumentKind.Correlation
            : root.Find("filter") is not null ? SigmaDocumentKind.Filter
            : SigmaDocumentKind.Other;
    }

    public YamlMapping Root { get; }

    public QueryText Query { get; }

    /// <summary>Of the YAML document in its file.</summary>
    public int Index { get; }

    /// <summary>The path of its file, as messages show it.</summary>
    public string File { get; }

    public SigmaDocumentKind Kind { get; }

    public string? Id => TextOf("id");

    public string? Name => TextOf("name");

    public string? TextOf(string key) => Root.Find(key) is YamlScalar { IsNull: false } scalar ? scalar.Text : null;

    /// <summary>
    /// The documents of a file. <c>action: global</c> lays a document under all that follow, <c>reset</c> takes that away,
    /// <c>repeat</c> lays the document before under this one (Sigma 1; no longer part of the specification).
    /// </summary>
    public static IReadOnlyList<SigmaDocument> Of(IReadOnlyList<YamlDocument> documents, DiagnosticBag diagnostics)
    {
        var result = new List<SigmaDocument>();
        YamlMapping? global = null;
        YamlMapping? previous = null;
        var globalParts = new List<YamlDocument>();
        var previousParts = new List<YamlDocument>();
        foreach (var document in documents)
        {
            if (document.Root is not YamlMapping root)
            {
                continue;
            }

            var parts = new List<YamlDocument>(globalParts);
            var below = global;
            switch ((root.Find("action") as YamlScalar)?.Text)
            {
                case "global":
                    global = global is null ? root : Lay(global, root);
                    globalParts.Add(document);
                    continue;
                case "reset":
                    global = null;
                    globalParts.Clear();
                    parts.Clear();
                    below = null;
                    break;
                case "repeat":
                    below = previous ?? global;
                    parts = [.. previousParts.Count > 0 ? previousParts : globalParts];
                    break;
                case { } other when root.Find("detection") is not null:
                    diagnostics.Add(Diagnostic.At(
                        SigmaDiagnostics.UnknownAction,
                        $"The action '{other}' is not known; expected one of 'global', 'reset', 'repeat'.",
                        new FileRange(document.File, root.Find("action")!.Span)));
                    break;
            }

            parts.Add(document);
            if (global is not null && ReferenceEquals(below, global))
            {
                ReportReplaced(global, root, diagnostics);
            }

            var merged = below is null ? root : Lay(below, root);
            if (merged.Entries.Count > 0)
            {
                result.Add(Create(merged, parts, document));
            }

            previous = merged;
            previousParts = parts;
        }

        return result;
    }

    /// <summary>A document by the text it was made of; read from that text where it is not at hand.</summary>
    public static SigmaDocument? Of(QueryText query)
    {
        if (Known.TryGetValue(query, out var known))
        {
            return known;
        }

        var file = new SourceFile(query.Locate(new SourceSpan(0, 0)) is [var first, ..] ? first.File.Path : "", query.Text);
        var diagnostics = new DiagnosticBag();
        var yaml = YamlReader.Read(file, diagnostics);
        var documents = Of(yaml, diagnostics);
        if (documents.Count == 0)
        {
            return null;
        }

        var last = documents[^1];
        var document = new SigmaDocument(last.Root, query, last.Index, file.Path, [.. yaml.Select(part => (part, 0))]);
        Known.AddOrUpdate(query, document);
        return document;
    }

    /// <summary>Where a node stands in <see cref="Query"/>.</summary>
    public SourceSpan SpanOf(YamlNode node) => Shift(node.Document, node.Span);

    /// <summary>The content of a scalar, without its quotes.</summary>
    public SourceSpan ContentOf(YamlScalar scalar) => Shift(scalar.Document, scalar.ContentSpan);

    /// <summary>A part of a scalar's decoded text.</summary>
    public SourceSpan SpanOf(YamlScalar scalar, SourceSpan decoded) => Shift(scalar.Document, scalar.Map.Locate(decoded));

    public SourceSpan SpanOf(YamlEntry entry) => Shift(entry.Key.Document, entry.Span);

    private SourceSpan Shift(YamlDocument document, SourceSpan span)
    {
        foreach (var (known, shift) in _places)
        {
            if (ReferenceEquals(known, document))
            {
                return new SourceSpan(span.Start + shift, span.Length);
            }
        }

        return default;
    }

    private static SigmaDocument Create(YamlMapping root, List<YamlDocument> parts, YamlDocument own)
    {
        QueryText query;
        var places = new (YamlDocument, int)[parts.Count];
        if (parts.Count == 1)
        {
            query = QueryText.FromFile(own.File, own.Span);
            places[0] = (own, -own.Span.Start);
        }
        else
        {
            var builder = new QueryText.Builder();
            for (var i = 0; i < parts.Count; i++)
            {
                places[i] = (parts[i], builder.Length - parts[i].Span.Start);
                builder.Verbatim(parts[i].File, parts[i].Span);
            }

            query = builder.ToQueryText();
        }

        var document = new SigmaDocument(root, query, own.Index, own.File.Path, places);
        Known.AddOrUpdate(query, document);
        return document;
    }

    /// <summary>Names what a document says otherwise than the global part under it, at any depth.</summary>
    private static void ReportReplaced(YamlMapping below, YamlMapping above, DiagnosticBag diagnostics)
    {
        // The reader bounds the depth of what it returns.
        var pending = new Stack<(YamlMapping Below, YamlMapping Above)>();
        pending.Push((below, above));
        while (pending.TryPop(out var pair))
        {
            foreach (var own in pair.Above.Entries)
            {
                if (own.Key.Text == "action" || !pair.Below.TryFind(own.Key.Text, out var entry))
                {
                    continue;
                }

                if (entry.Value is YamlMapping lower && own.Value is YamlMapping upper)
                {
                    pending.Push((lower, upper));
                }
                else if (entry.Value is not YamlScalar was || own.Value is not YamlScalar now || was.Text != now.Text)
                {
                    diagnostics.Add(Diagnostic.At(
                        SigmaDiagnostics.GlobalReplaced,
                        $"'{own.Key.Text}' is also given by the global part of the file; what this document says holds.",
                        new FileRange(own.Key.Document.File, own.Key.Span)));
                }
            }
        }
    }

    // Maps are laid over each other key by key, the log source too; anything else is replaced.
    private static YamlMapping Lay(YamlMapping below, YamlMapping above)
    {
        var entries = new List<YamlEntry>();
        foreach (var entry in below.Entries)
        {
            if (entry.Key.Text == "action")
            {
                continue;
            }

            if (!above.TryFind(entry.Key.Text, out var own))
            {
                entries.Add(entry);
            }
            else if (entry.Value is YamlMapping lower && own.Value is YamlMapping upper)
            {
                entries.Add(new YamlEntry(own.Key, Lay(lower, upper)));
            }
            else
            {
                entries.Add(own);
            }
        }

        foreach (var entry in above.Entries)
        {
            if (entry.Key.Text != "action" && !below.TryFind(entry.Key.Text, out _))
            {
                entries.Add(entry);
            }
        }

        return new YamlMapping(above.Document, above.Span, entries);
    }
}
