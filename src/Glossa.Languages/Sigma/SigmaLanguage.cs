using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>Sigma has no query text of its own: the query is the YAML document, its condition and selections slices of it.</summary>
internal sealed class SigmaLanguage : IQueryLanguage
{
    public const string Name = "sigma";

    public string Id => Name;

    public DetectionLogic? Read(QueryText query, IDefinitions definitions, DiagnosticBag diagnostics)
    {
        var document = SigmaDocument.Of(query);
        if (document is null)
        {
            var broken = new DiagnosticBag();
            YamlReader.Read(new SourceFile("", query.Text), broken);
            foreach (var diagnostic in broken)
            {
                // Said of the text alone; its places are places of the query.
                var span = diagnostic.Labels.Count > 0 ? diagnostic.Labels[0].Range.Span : default;
                diagnostics.Report(diagnostic.Descriptor, diagnostic.Message, query, span);
            }
        }

        if (document is not { Kind: SigmaDocumentKind.Rule or SigmaDocumentKind.Correlation })
        {
            return null;
        }

        return SigmaLowering.Read(document, definitions, diagnostics, isTextFixed: true).Logic;
    }
}
