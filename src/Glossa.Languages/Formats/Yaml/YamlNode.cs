using Glossa.Core.Text;

namespace Glossa.Languages.Formats.Yaml;

/// <summary>A node of a YAML document with its place. An aliased node stands in the tree more than once, as the same object.</summary>
internal abstract class YamlNode(YamlDocument document, SourceSpan span)
{
    public YamlDocument Document { get; } = document;

    /// <summary>In the document's file; without anchor and tag. A collection reaches from its first to its last child.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>What it is, for messages.</summary>
    public abstract string KindName { get; }
}

internal enum YamlScalarStyle
{
    /// <summary>Without quotes: the source text decides what it is.</summary>
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
    Folded,
}

/// <param name="text">Decoded; for a plain scalar its source text, whatever type YAML would give it.</param>
/// <param name="isPlain">No quotes and no tag that says it is a text.</param>
internal sealed class YamlScalar(YamlDocument document, SourceSpan span, string text, YamlScalarStyle style, bool isPlain) : YamlNode(document, span)
{
    private ScalarMap? _map;

    public string Text { get; } = text;

    public YamlScalarStyle Style { get; } = style;

    public bool IsPlain { get; } = isPlain;

    public override string KindName => "a single value";

    /// <summary>The spellings of YAML 1.1 and 1.2: nothing, <c>~</c>, <c>null</c>, <c>Null</c>, <c>NULL</c>.</summary>
    public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");

    /// <summary>Where the decoded characters stand in the file.</summary>
    public ScalarMap Map => _map ??= ScalarMap.Of(this);

    /// <summary>The characters of the value in the file, without quotes and block header.</summary>
    public SourceSpan ContentSpan => Text.Length == 0 ? Span : Map.Locate(new SourceSpan(0, Text.Length));

    /// <summary>The decoded text with its map: how a query that is a value of YAML reaches its parser.</summary>
    public QueryText ToQueryText() => Map.ToQueryText();
}

internal sealed class YamlSequence(YamlDocument document, SourceSpan span, IReadOnlyList<YamlNode> items) : YamlNode(document, span)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string KindName => "a list";
}

internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value)
{
    public SourceSpan Span => ReferenceEquals(Key.Document, Value.Document) && Value.Span.Start >= Key.Span.Start
        ? Key.Span.Union(Value.Span)
        : Key.Span;
}

/// <summary>Entries in the order written, each key once.</summary>
internal sealed class YamlMapping(YamlDocument document, SourceSpan span, IReadOnlyList<YamlEntry> entries) : YamlNode(document, span)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public override string KindName => "a map";

    public YamlNode? Find(string key) => TryFind(key, out var entry) ? entry.Value : null;

    public bool TryFind(string key, out YamlEntry entry)
    {
        foreach (var candidate in Entries)
        {
            if (candidate.Key.Text == key)
            {
                entry = candidate;
                return true;
            }
        }

        entry = default;
        return false;
    }
}

/// <summary>One document of a file.</summary>
internal sealed class YamlDocument(SourceFile file, int index)
{
    public SourceFile File { get; } = file;

    /// <summary>From 0, broken documents counted.</summary>
    public int Index { get; } = index;

    /// <summary>From its <c>---</c>, or the end of the document before it, to the next document.</summary>
    public SourceSpan Span { get; set; }

    /// <summary>Null for a document that is empty or broken.</summary>
    public YamlNode? Root { get; set; }
}
