using Glossa.Core.Ir;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>A document while it is lowered: where its text stands in the rule's text, and why its nodes are there.</summary>
/// <param name="Offset">Of the document's text in the rule's.</param>
/// <param name="Kind">Authored, or Inherited for a filter.</param>
/// <param name="Collapsed">Where the rule's text is fixed and lacks this document: the place it was named at.</param>
internal sealed record SigmaScope(SigmaDocument Document, int Offset, OriginKind Kind, SourceSpan? Collapsed)
{
    public SourceSpan Place(SourceSpan inDocument)
        => Collapsed ?? new SourceSpan(inDocument.Start + Offset, inDocument.Length);

    public Origin OriginOf(SourceSpan inDocument, OriginKind? kind = null) => Origin.Of(Place(inDocument), kind ?? Kind);

    public Origin OriginOf(YamlNode node, OriginKind? kind = null) => OriginOf(Document.SpanOf(node), kind);

    public Origin OriginOf(YamlScalar scalar, SourceSpan decoded) => OriginOf(Document.SpanOf(scalar, decoded));

    public Origin ContentOf(YamlScalar scalar, OriginKind? kind = null) => OriginOf(Document.ContentOf(scalar), kind);
}
