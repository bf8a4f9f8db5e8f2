using Glossa.Core.Diagnostics;
using Glossa.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Glossa.Languages.Formats.Yaml;

/// <summary>
/// Builds our nodes from YamlDotNet's events. Its deserialiser is never used: it recurses without a limit, and YAML 1.1 types
/// change texts (<c>00000429</c>). A broken document costs itself: reading goes on at the next <c>---</c>.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 100;
    private const int MaxNodesWithAliases = 100_000;
    private const int MaxBrokenDocuments = 100;

    private readonly SourceFile _file;
    private readonly DiagnosticBag _diagnostics;
    private readonly List<YamlDocument> _documents = [];
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openAnchors = new(StringComparer.Ordinal);

    private Parser _parser = null!;
    private YamlDocument _document = null!;

    // Where the text given to the parser begins in the file.
    private int _base;

    // Nodes of this document, every alias counted with all it stands for.
    private long _nodes;
    private bool _stopped;
    private bool _isInDocument;
    private int _documentEnd;
    private int _broken;

    private YamlReader(SourceFile file, DiagnosticBag diagnostics)
    {
        _file = file;
        _diagnostics = diagnostics;
    }

    public static IReadOnlyList<YamlDocument> Read(SourceFile file, DiagnosticBag diagnostics)
    {
        var reader = new YamlReader(file, diagnostics);
        reader.ReadAll();
        return reader._documents;
    }

    private void ReadAll()
    {
        while (_base <= _file.Text.Length)
        {
            if (ReadFrom())
            {
                break;
            }

            // What follows the next marker is a document of its own, however the one before it is broken:
            // YAML allows the marker inside no value.
            var next = FindMarker(Math.Max(_documents[^1].Span.Start, _base) + 1);
            if (next < 0)
            {
                break;
            }

            if (++_broken == MaxBrokenDocuments)
            {
                Report(YamlDiagnostics.Broken, $"{MaxBrokenDocuments} documents of this file are broken; the rest, from here on, is not read.", new SourceSpan(next, 0));
                break;
            }

            _base = next;
        }

        for (var i = 0; i < _documents.Count; i++)
        {
            var start = i == 0 ? 0 : _documents[i].Span.Start;
            _documents[i].Span = SourceSpan.FromBounds(start, i + 1 < _documents.Count ? Math.Max(start, _documents[i + 1].Span.Start) : _file.Text.Length);
        }
    }

    /// <summary>False when a document was broken and the parser is of no more use.</summary>
    private bool ReadFrom()
    {
        _parser = new Parser(new Scanner(_base == 0 ? new StringReader(_file.Text) : new RestReader(_file.Text, _base), skipComments: true));
        _stopped = false;
        try
        {
            while (_parser.MoveNext())
            {
                switch (_parser.Current)
                {
                    case DocumentStart start:
                        BeginDocument(_base + (int)start.Start.Index);
                        break;
                    case DocumentEnd end:
                        _isInDocument = false;
                        _documentEnd = _base + (int)end.End.Index;
                        break;
                    case NodeEvent or AnchorAlias:
                        _document.Root = ReadNode(1).Node;
                        if (_stopped)
                        {
                            _document.Root = null;
                            _isInDocument = false;
                            return false;
                        }

                        break;
                }
            }

            return true;
        }
        catch (YamlException exception)
        {
            Break(exception.Message, (int)exception.Start.Index, (int)exception.End.Index);
            return false;
        }
#pragma warning disable CA1031 // The parser is not ours and the text is hostile: whatever it throws means that it cannot read this text.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            // What happened inside the parser helps nobody find the place in the text.
            var end = (int)(_parser.Current?.End.Index ?? 0);
            Break("what follows does not fit what stands before; a bracket or a quote may not be closed.", end, end);
            return false;
        }
    }

    private void BeginDocument(int start)
    {
        _document = new YamlDocument(_file, _documents.Count) { Span = new SourceSpan(start, 0) };
        _documents.Add(_document);
        _isInDocument = true;
        _anchors.Clear();
        _openAnchors.Clear();
        _nodes = 0;
    }

    private void Break(string message, int start, int end)
    {
        start = Math.Clamp(_base + start, 0, _file.Text.Length);
        if (!_isInDocument)
        {
            // Broken before its document was announced.
            var marker = FindMarker(Math.Max(_base, _documentEnd));
            BeginDocument(marker >= 0 && marker <= start ? marker : Math.Max(_base, _documentEnd));
        }

        _documents[^1].Root = null;
        _isInDocument = false;
        end = Math.Clamp(_base + end, start, _file.Text.Length);

        // A quote that is never closed reaches to the end of the file; its first line is enough to point at.
        var newline = _file.Text.AsSpan(start, end - start).IndexOfAny('\r', '\n');
        end = newline > 0 ? start + newline : end;
        Report(YamlDiagnostics.Broken, Sentence(message), SourceSpan.FromBounds(start, end));
    }

    // "While scanning a quoted scalar, found unexpected end of stream." is how YamlDotNet says it; only the tail of positions goes.
    private static string Sentence(string message)
    {
        var cut = message.IndexOf(" (Line:", StringComparison.Ordinal);
        message = cut > 0 ? message[..cut] : message;
        return $"The YAML cannot be read here: {char.ToLowerInvariant(message.Length > 0 ? message[0] : ' ')}{(message.Length > 1 ? message[1..] : "")}";
    }

    /// <summary>Reads the node the parser stands on, with its height (a scalar has 1).</summary>
    private (YamlNode Node, int Height) ReadNode(int depth)
    {
        if (_parser.Current is AnchorAlias alias)
        {
            return Resolve(alias, depth);
        }

        var current = (NodeEvent)_parser.Current!;
        _nodes++;
        var before = _nodes;
        var anchor = current.Anchor.IsEmpty ? null : current.Anchor.Value;
        if (anchor is not null)
        {
            _openAnchors.Add(anchor);
        }

        var node = current switch
        {
            Scalar scalar => (ReadScalar(scalar), 1),
            _ when depth >= MaxDepth => TooDeep(current),
            SequenceStart start => ReadSequence(start, depth),
            MappingStart start => ReadMapping(start, depth),
            _ => (Nothing(SpanOf(current)), 1),
        };
        if (anchor is not null)
        {
            _openAnchors.Remove(anchor);
            _anchors[anchor] = new Anchor(node.Item1, node.Item2, _nodes - before + 1);
        }

        return node;
    }

    private (YamlNode Node, int Height) Resolve(AnchorAlias alias, int depth)
    {
        var span = SpanOf(alias);
        var name = alias.Value.Value;
        if (_openAnchors.Contains(name))
        {
            Report(YamlDiagnostics.CyclicAlias, $"The alias '*{name}' stands inside the node that it names; it is read as nothing.", span);
            return (Nothing(span), 1);
        }

        if (!_anchors.TryGetValue(name, out var anchor))
        {
            Report(YamlDiagnostics.UnknownAlias, $"No anchor '&{name}' stands before this alias; it is read as nothing.", span);
            return (Nothing(span), 1);
        }

        if (depth + anchor.Height > MaxDepth)
        {
            Report(YamlDiagnostics.TooDeep, $"With what '*{name}' stands for, the document is nested more than {MaxDepth} deep; the alias is read as nothing.", span);
            return (Nothing(span), 1);
        }

        _nodes += anchor.Nodes;
        if (_nodes > MaxNodesWithAliases && !_stopped)
        {
            Report(YamlDiagnostics.TooManyAliases, $"The aliases of this document stand for more than {MaxNodesWithAliases:N0} nodes; the document is not read.", span);
            _stopped = true;
        }

        return (anchor.Node, anchor.Height);
    }

    private (YamlNode Node, int Height) TooDeep(NodeEvent current)
    {
        Report(YamlDiagnostics.TooDeep, $"The document is nested more than {MaxDepth} deep; it is not read.", SpanOf(current));
        _stopped = true;
        return (Nothing(SpanOf(current)), 1);
    }

    private (YamlNode Node, int Height) ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        var height = 0;
        while (!_stopped && _parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            var (node, itemHeight) = ReadNode(depth + 1);
            items.Add(node);
            height = Math.Max(height, itemHeight);
        }

        var isFlow = start.Style == YamlDotNet.Core.Events.SequenceStyle.Flow;
        var span = isFlow || items.Count == 0
            ? Flow(start)
            : SourceSpan.FromBounds(Begin(start), Math.Max(Begin(start), EndOf(items[^1], start)));
        return (new YamlSequence(_document, span, items), height + 1);
    }

    private (YamlNode Node, int Height) ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        Dictionary<string, int>? places = null;
        List<YamlNode>? merges = null;
        var height = 0;
        while (!_stopped && _parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var (key, keyHeight) = ReadNode(depth + 1);
            if (_stopped || !_parser.MoveNext())
            {
                break;
            }

            var (value, valueHeight) = ReadNode(depth + 1);
            height = Math.Max(height, Math.Max(keyHeight, valueHeight));
            if (key is not YamlScalar scalar)
            {
                Report(YamlDiagnostics.KeyIsNoScalar, $"This key is {key.KindName}; a key must be a single value. Its entry is left out.", key.Span);
            }
            else if (scalar is { IsPlain: true, Text: "<<" })
            {
                (merges ??= []).Add(value);
            }
            else
            {
                Add(entries, ref places, new YamlEntry(scalar, value));
            }
        }

        if (merges is not null)
        {
            Merge(entries, merges);
        }

        var isFlow = start.Style == YamlDotNet.Core.Events.MappingStyle.Flow;
        var span = isFlow || entries.Count == 0
            ? Flow(start)
            : SourceSpan.FromBounds(Begin(start), Math.Max(Begin(start), EndOf(entries[^1].Value, start, entries[^1].Key)));
        return (new YamlMapping(_document, span, entries), height + 1);
    }

    /// <param name="places">Of the keys, once there are many: a map of a hostile file may have a million.</param>
    private void Add(List<YamlEntry> entries, ref Dictionary<string, int>? places, YamlEntry entry)
    {
        if (places is null && entries.Count >= 16)
        {
            places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < entries.Count; i++)
            {
                places[entries[i].Key.Text] = i;
            }
        }

        var place = places is null
            ? entries.FindIndex(known => known.Key.Text == entry.Key.Text)
            : places.GetValueOrDefault(entry.Key.Text, -1);
        if (place < 0)
        {
            places?.Add(entry.Key.Text, entries.Count);
            entries.Add(entry);
            return;
        }

        _diagnostics.Add(new Diagnostic(
            YamlDiagnostics.DuplicateKey,
            $"The key '{Shorten(entry.Key.Text)}' stands twice in this map; only the last is read.",
            _file.Path,
            [
                new DiagnosticLabel(new FileRange(_file, entry.Key.Span), "again here"),
                new DiagnosticLabel(new FileRange(_file, entries[place].Key.Span), "first here", IsPrimary: false),
            ],
            []));
        entries[place] = entry;
    }

    // https://yaml.org/type/merge.html: what the map itself says wins, then the earlier of the merged.
    private void Merge(List<YamlEntry> entries, List<YamlNode> merges)
    {
        var keys = entries.Select(entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var node in merges.SelectMany(merge => merge is YamlSequence sequence ? sequence.Items : [merge]))
        {
            if (node is not YamlMapping mapping)
            {
                Report(YamlDiagnostics.MergeOfNoMap, $"'<<' merges maps; this is {node.KindName}.", node.Span);
                continue;
            }

            foreach (var entry in mapping.Entries)
            {
                if (keys.Add(entry.Key.Text))
                {
                    entries.Add(entry);
                }
            }
        }
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        var span = SpanOf(scalar);
        var style = scalar.Style switch
        {
            ScalarStyle.SingleQuoted => YamlScalarStyle.SingleQuoted,
            ScalarStyle.DoubleQuoted => YamlScalarStyle.DoubleQuoted,
            ScalarStyle.Literal => YamlScalarStyle.Literal,
            ScalarStyle.Folded => YamlScalarStyle.Folded,
            _ => YamlScalarStyle.Plain,
        };
        var saysText = !scalar.Tag.IsEmpty && (scalar.Tag.IsNonSpecific || scalar.Tag.Value is "!" or "tag:yaml.org,2002:str");
        return new YamlScalar(_document, span, scalar.Value, style, style == YamlScalarStyle.Plain && !saysText);
    }

    private YamlScalar Nothing(SourceSpan span) => new(_document, new SourceSpan(span.Start, 0), "", YamlScalarStyle.Plain, isPlain: true);

    private SourceSpan Flow(NodeEvent start)
        => _parser.Current is SequenceEnd or MappingEnd
            ? SourceSpan.FromBounds(Begin(start), Math.Max(Begin(start), Math.Min(_file.Text.Length, FlowEnd(_base + (int)_parser.Current.End.Index, Begin(start)))))
            : new SourceSpan(Begin(start), 0);

    // The end event of a flow collection stands before its bracket.
    private int FlowEnd(int end, int begin)
        => begin < _file.Text.Length && _file.Text[begin] is '[' or '{' && end < _file.Text.Length && _file.Text[end] is ']' or '}' ? end + 1 : end;

    private int EndOf(YamlNode last, NodeEvent start, YamlScalar? key = null)
        => last.Span.Start >= Begin(start) ? last.Span.End : key?.Span.End ?? _base + (int)_parser.Current!.End.Index;

    private int Begin(NodeEvent node) => SpanOf(node).Start;

    /// <summary>An event's range begins with anchor and tag; the node itself begins after them.</summary>
    private SourceSpan SpanOf(ParsingEvent parsingEvent)
    {
        var text = _file.Text;
        var start = Math.Clamp(_base + (int)parsingEvent.Start.Index, 0, text.Length);
        var end = Math.Clamp(_base + (int)parsingEvent.End.Index, start, text.Length);
        if (parsingEvent is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
        {
            var limit = node is Scalar ? end : text.Length;
            while (start < limit && text[start] is '&' or '!')
            {
                while (start < limit && !char.IsWhiteSpace(text[start]))
                {
                    start++;
                }

                while (start < limit && char.IsWhiteSpace(text[start]))
                {
                    start++;
                }
            }

            end = Math.Max(start, end);
        }

        if (parsingEvent is Scalar { Style: ScalarStyle.Literal or ScalarStyle.Folded })
        {
            while (end > start && text[end - 1] is '\n' or '\r' or ' ')
            {
                end--;
            }
        }

        return SourceSpan.FromBounds(start, end);
    }

    private void Report(DiagnosticDescriptor descriptor, string message, SourceSpan span)
        => _diagnostics.Add(Diagnostic.At(descriptor, message, new FileRange(_file, span)));

    /// <summary>The next line that begins with <c>---</c> and nothing joined to it, at or after a position.</summary>
    private int FindMarker(int from)
    {
        for (var at = from; at < _file.Text.Length;)
        {
            at = _file.Text.IndexOf("---", at, StringComparison.Ordinal);
            if (at < 0)
            {
                return -1;
            }

            var startsLine = at == 0 || _file.Text[at - 1] is '\n' or '\r';
            var endsWord = at + 3 == _file.Text.Length || char.IsWhiteSpace(_file.Text[at + 3]);
            if (startsLine && endsWord)
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");

    /// <summary>A text from a position on, without copying it: a file may be broken in many places.</summary>
    private sealed class RestReader(string text, int start) : TextReader
    {
        private int _position = start;

        public override int Peek() => _position < text.Length ? text[_position] : -1;

        public override int Read() => _position < text.Length ? text[_position++] : -1;
    }

    private readonly record struct Anchor(YamlNode Node, int Height, long Nodes);
}
