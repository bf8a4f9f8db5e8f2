using Glossa.Core.Diagnostics;
using Glossa.Core.Rewrites;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;
using Glossa.Languages.Sigma;

namespace Glossa.Languages.Formats;

/// <summary>Sigma rules, correlations and filters in YAML files of one or several documents.</summary>
internal sealed class SigmaYaml : IRuleFormat
{
    public string Family => "sigma";

    public bool Recognises(string path)
        => path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase);

    public RuleFileContent Open(RuleFile file, SourceFile source)
    {
        var diagnostics = new DiagnosticBag();
        var yaml = YamlReader.Read(source, diagnostics);
        return new Content(file, SigmaDocument.Of(yaml, diagnostics), diagnostics);
    }

    private sealed class Content : RuleFileContent
    {
        private readonly RuleFile _file;
        private readonly IReadOnlyList<SigmaDocument> _documents;
        private readonly DiagnosticBag _diagnostics;

        public Content(RuleFile file, IReadOnlyList<SigmaDocument> documents, DiagnosticBag diagnostics)
        {
            _file = file;
            _documents = documents;
            _diagnostics = diagnostics;
            IsRuleFile = documents.Any(document => document.Kind != SigmaDocumentKind.Other);
            Definitions = [.. documents.SelectMany(DefinitionsOf)];
        }

        public override bool IsRuleFile { get; }

        public override IReadOnlyList<Diagnostic> Diagnostics => [.. _diagnostics];

        public override IReadOnlyList<Definition> Definitions { get; }

        public override RuleFileReading Read(IDefinitions definitions)
        {
            if (!IsRuleFile)
            {
                return RuleFileReading.Empty;
            }

            var rules = new List<DetectionRule>();
            var diagnostics = new DiagnosticBag();
            var queries = new List<QueryOutcome>();
            var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var document in _documents)
            {
                switch (document.Kind)
                {
                    case SigmaDocumentKind.Rule or SigmaDocumentKind.Correlation:
                        rules.Add(ReadRule(document, definitions, ids, diagnostics, queries));
                        break;
                    case SigmaDocumentKind.Filter:
                        SigmaLowering.Check(document, definitions, diagnostics);
                        break;
                    default:
                        diagnostics.Report(
                            SigmaDiagnostics.NotARule,
                            "This document has none of the sections 'detection', 'correlation' and 'filter'; it is passed over.",
                            document.Query,
                            new SourceSpan(document.SpanOf(document.Root).Start, 0));
                        break;
                }
            }

            return new RuleFileReading(rules, [.. diagnostics], queries);
        }

        private DetectionRule ReadRule(SigmaDocument document, IDefinitions definitions, HashSet<string> ids, DiagnosticBag diagnostics, List<QueryOutcome> queries)
        {
            var own = new DiagnosticBag();
            var metadata = SigmaMetadata.Read(document, _file, ids, own);
            var beforeQuery = own.HasErrors;
            var recorded = new RecordingDefinitions(definitions);
            var reading = SigmaLowering.Read(document, recorded, own);
            diagnostics.AddRange(own);
            queries.Add(new QueryOutcome(queries.Count, SigmaLanguage.Name, !own.HasErrors && !beforeQuery, reading.Operators));
            return new DetectionRule(
                metadata,
                reading.LogSource,
                reading.Query,
                SigmaLanguage.Name,
                reading.Logic,
                Normalizer.Normalize(reading.Logic),
                SigmaMetadata.AlertOf(document, metadata, reading),
                reading.Correlates,
                reading.Logic.Fidelity,
                reading.Needs,
                recorded.Asked);
        }

        private static IEnumerable<Definition> DefinitionsOf(SigmaDocument document)
        {
            switch (document.Kind)
            {
                case SigmaDocumentKind.Rule or SigmaDocumentKind.Correlation:
                    foreach (var name in new[] { document.Id, document.Name })
                    {
                        if (name is not null)
                        {
                            yield return new Definition(new DefinitionKey(DefinitionKind.Rule, SigmaLowering.RuleKey(name)), document.File, document.Query);
                        }
                    }

                    break;
                case SigmaDocumentKind.Filter:
                    foreach (var rule in SigmaLowering.RulesOfFilter(document))
                    {
                        yield return new Definition(new DefinitionKey(DefinitionKind.FiltersOfRule, SigmaLowering.RuleKey(rule.Text)), document.File, document.Query);
                    }

                    if (SigmaLowering.AppliesToAny(document))
                    {
                        yield return new Definition(new DefinitionKey(DefinitionKind.FiltersOfRule, SigmaLowering.AnyRule), document.File, document.Query);
                    }

                    break;
            }
        }
    }
}
