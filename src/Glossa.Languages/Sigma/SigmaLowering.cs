using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages.Common;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>What reading one rule or correlation gives.</summary>
/// <param name="Query">The document, and after it every document the logic also comes from: members and filters.</param>
/// <param name="Operators">Modifiers, value forms and condition forms used, each once.</param>
internal sealed record SigmaReading(
    DetectionLogic Logic,
    QueryText Query,
    ScanSource.LogSource? LogSource,
    Suppression? Suppression,
    Correlation? Correlates,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> Operators);

/// <summary>
/// From a document to its meaning. Modifiers are resolved, nothing is lower-cased, no pattern is compiled for keeps, and every
/// node has its place in the rule's text. What has no meaning here becomes <c>Opaque</c> with a diagnostic.
/// Our choices where the specification is silent: docs/adr/0005-sigma-decisions.md.
/// </summary>
internal sealed partial class SigmaLowering
{
    private readonly IDefinitions _definitions;
    private readonly DiagnosticBag _diagnostics;
    private readonly bool _isTextFixed;
    private readonly QueryText.Builder _text = new();
    private readonly Dictionary<SigmaDocument, int> _offsets = new(ReferenceEqualityComparer.Instance);
    private readonly List<PlanBinding> _bindings = [];
    private readonly List<ExternalInput> _inputs = [];
    private readonly List<string> _needs = [];
    private readonly List<FidelityReason> _reasons = [];
    private readonly List<string> _assumptions = [];
    private readonly List<string> _operators = [];
    private bool _isUnsupported;

    // Set while a document is lowered that is reported on elsewhere.
    private bool _quiet;

    private SigmaLowering(IDefinitions definitions, DiagnosticBag diagnostics, bool isTextFixed)
    {
        _definitions = definitions;
        _diagnostics = diagnostics;
        _isTextFixed = isTextFixed;
    }

    /// <param name="isTextFixed">The rule's text is the document alone, whatever it refers to; nodes from elsewhere get the place they are named at.</param>
    public static SigmaReading Read(SigmaDocument document, IDefinitions definitions, DiagnosticBag diagnostics, bool isTextFixed = false)
    {
        var lowering = new SigmaLowering(definitions, diagnostics, isTextFixed);
        var scope = lowering.Enter(document, OriginKind.Authored, default);
        Suppression? suppression = null;
        Correlation? correlates = null;
        ScanSource.LogSource? source = null;
        Plan root;
        if (document.Kind == SigmaDocumentKind.Correlation)
        {
            root = lowering.LowerCorrelation(scope, out suppression, out correlates);
        }
        else
        {
            root = lowering.LowerRule(scope, out source, out suppression);
        }

        var logic = new DetectionLogic(
            lowering._bindings.ToIrList(),
            root,
            [],
            lowering._inputs.ToIrList(),
            null,
            lowering.Judge(root));
        return new SigmaReading(
            logic,
            lowering._offsets.Count == 1 ? document.Query : lowering._text.ToQueryText(),
            source,
            suppression,
            correlates,
            lowering._needs,
            lowering._operators);
    }

    /// <summary>Lowers a filter by itself, for its diagnostics.</summary>
    public static IReadOnlyList<string> Check(SigmaDocument filter, IDefinitions definitions, DiagnosticBag diagnostics)
    {
        var lowering = new SigmaLowering(definitions, diagnostics, isTextFixed: true);
        lowering.CheckFilter(lowering.Enter(filter, OriginKind.Inherited, default));
        return lowering._operators;
    }

    /// <summary>Puts a document behind the text so far.</summary>
    /// <param name="namedAt">The place in the rule's text that refers to it.</param>
    private SigmaScope Enter(SigmaDocument document, OriginKind kind, SourceSpan namedAt)
    {
        if (!_offsets.TryGetValue(document, out var offset))
        {
            if (_isTextFixed && _offsets.Count > 0)
            {
                return new SigmaScope(document, 0, kind, namedAt);
            }

            offset = _text.Length;
            _offsets.Add(document, offset);
            _text.Append(document.Query);
        }

        return new SigmaScope(document, offset, kind, null);
    }

    private Plan LowerRule(SigmaScope scope, out ScanSource.LogSource source, out Suppression? suppression)
    {
        var document = scope.Document;
        source = LogSourceOf(document, out var sourceSpan);
        if (source is { Product: null, Category: null, Service: null })
        {
            Report(scope, SigmaDiagnostics.NoLogSource, "The rule names no log source, so it looks at every event.", sourceSpan);
        }

        suppression = null;
        var scan = new Plan.Scan(source, FieldPath.TimeColumn, SigmaLogSources.Gate(source, scope.Place(sourceSpan))) { Origin = scope.OriginOf(sourceSpan) };
        if (document.Root.Find("detection") is not YamlMapping detection)
        {
            var span = document.Root.TryFind("detection", out var entry) ? document.SpanOf(entry) : document.SpanOf(document.Root);
            Report(scope, SigmaDiagnostics.NoDetection, "The detection section must be a map of selections and a condition.", span);
            return new Plan.Filter(scan, Opaque(scope, span, "detection", "The detection section is no map.", [])) { Origin = scope.OriginOf(span) };
        }

        return LowerDetection(scope, detection, scan, source, out suppression);
    }

    private static ScanSource.LogSource LogSourceOf(SigmaDocument document, out SourceSpan span)
    {
        if (!document.Root.TryFind("logsource", out var entry) || entry.Value is not YamlMapping mapping)
        {
            span = new SourceSpan(document.SpanOf(document.Root).Start, 0);
            return new ScanSource.LogSource(null, null, null);
        }

        span = document.SpanOf(entry);
        return new ScanSource.LogSource(TextOf("product"), TextOf("category"), TextOf("service"), TextOf("definition"));

        string? TextOf(string key) => mapping.Find(key) is YamlScalar { IsNull: false, Text: not "" } scalar ? scalar.Text : null;
    }

    private void Report(SigmaScope scope, DiagnosticDescriptor descriptor, string message, SourceSpan inDocument, string label = "", params ReadOnlySpan<DiagnosticNote> notes)
    {
        if (!_quiet)
        {
            _diagnostics.Report(descriptor, message, scope.Document.Query, inDocument, label, notes);
        }
    }

    private Predicate.Opaque Opaque(SigmaScope scope, SourceSpan inDocument, string construct, string reason, IrList<FieldPath> reads)
    {
        _reasons.Add(new FidelityReason(scope.Place(inDocument), construct, reason));
        return new Predicate.Opaque(reason, reads) { Origin = scope.OriginOf(inDocument) };
    }

    private Plan.Opaque OpaquePlan(SigmaScope scope, SourceSpan inDocument, IrList<Plan> inputs, string construct, string reason)
    {
        _reasons.Add(new FidelityReason(scope.Place(inDocument), construct, reason));
        _isUnsupported = true;
        return new Plan.Opaque(inputs, construct, reason) { Origin = scope.OriginOf(inDocument) };
    }

    private void Use(string name)
    {
        if (!_operators.Contains(name, StringComparer.Ordinal))
        {
            _operators.Add(name);
        }
    }

    private Fidelity Judge(Plan root)
    {
        if (_reasons.Count == 0)
        {
            return _assumptions.Count == 0 ? Fidelity.Exact : Fidelity.Exact with { Assumptions = _assumptions };
        }

        // A rule that may fire on every event says nothing (IR.md 2.8): the upper bound of a filter is true.
        var isOpen = _isUnsupported
            || root.Predicates().Concat(_bindings.SelectMany(binding => binding.Plan.Predicates())).Any(OpaqueBounds.IsUpperTrue);
        return new Fidelity(isOpen ? FidelityLevel.Unsupported : FidelityLevel.Approximate, _reasons, _assumptions);
    }
}
