using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

internal sealed partial class SigmaLowering
{
    private Plan LowerDetection(SigmaScope scope, YamlMapping detection, Plan.Scan scan, ScanSource.LogSource source, out Suppression? suppression)
    {
        suppression = null;
        var selections = new Selections(scope, detection);
        var predicate = LowerConditions(selections, out var pipe, out var text);
        foreach (var filter in FiltersOf(scope, source))
        {
            predicate = new Predicate.And([predicate, filter]) { Origin = predicate.Origin };
        }

        var filtered = new Plan.Filter(scan, predicate) { Origin = scope.OriginOf(detection) };
        Plan plan = pipe is null || text is null ? filtered : LowerPipe(selections, text, pipe, filtered, out suppression);
        if (pipe is null && detection.TryFind("timeframe", out var timeframe))
        {
            Report(scope, SigmaDiagnostics.TimeframeWithoutUse, "The timeframe has no effect: the condition counts nothing.", scope.Document.SpanOf(timeframe));
        }

        // A condition that was not understood says nothing about what it leaves out.
        if (pipe is not SigmaPipe.Early && !predicate.DescendantsAndSelf().Any(node => node is Predicate.Opaque))
        {
            ReportUnused(selections);
        }

        return plan;
    }

    private Predicate LowerConditions(Selections selections, out SigmaPipe? pipe, out YamlScalar? text)
    {
        var scope = selections.Scope;
        pipe = null;
        text = null;
        if (!selections.Section.TryFind("condition", out var entry))
        {
            Report(scope, SigmaDiagnostics.NoCondition, "The section has no condition.", scope.Document.SpanOf(selections.Section));
            return Opaque(scope, scope.Document.SpanOf(selections.Section), "condition", "There is no condition.", []);
        }

        var scalars = entry.Value switch
        {
            YamlScalar scalar => [scalar],
            YamlSequence sequence => sequence.Items.OfType<YamlScalar>().ToList(),
            _ => (List<YamlScalar>)[],
        };
        if (scalars.Count == 0 || scalars.Exists(scalar => scalar.IsNull) || (entry.Value is YamlSequence list && list.Items.Count != scalars.Count))
        {
            Report(scope, SigmaDiagnostics.NoCondition, "The condition must be a text, or a list of texts.", scope.Document.SpanOf(entry));
            return Opaque(scope, scope.Document.SpanOf(entry), "condition", "The condition is no text.", []);
        }

        var children = new List<Predicate>();
        foreach (var scalar in scalars)
        {
            var syntax = SigmaConditionParser.Parse(scalar.Text, (message, span, isTooDeep) => Report(
                scope,
                isTooDeep ? SigmaDiagnostics.NestedTooDeep : SigmaDiagnostics.ConditionSyntax,
                message,
                scope.Document.SpanOf(scalar, span)));
            children.Add(Lower(selections, scalar, syntax.Root));
            if (syntax.Pipe is not null)
            {
                pipe = syntax.Pipe;
                text = scalar;
            }
        }

        if (children.Count == 1)
        {
            return children[0];
        }

        if (pipe is not null)
        {
            Report(scope, SigmaDiagnostics.ConditionSyntax, "An aggregation cannot stand in a list of conditions.", scope.Document.SpanOf(entry));
            children.Add(Opaque(scope, scope.Document.SpanOf(entry), "aggregation in a list of conditions", "An aggregation stands in a list of conditions.", []));
            pipe = null;
        }

        Use("condition list");
        return new Predicate.Or(children.ToIrList()) { Origin = scope.OriginOf(entry.Value) };
    }

    private Predicate Lower(Selections selections, YamlScalar text, SigmaCondition condition)
    {
        var scope = selections.Scope;
        var origin = scope.OriginOf(text, condition.Span);
        switch (condition)
        {
            case SigmaCondition.Or or:
                Use("or");
                return new Predicate.Or(or.Children.Select(child => Lower(selections, text, child)).ToIrList()) { Origin = origin };
            case SigmaCondition.And and:
                if (and.Children.Count > 0)
                {
                    Use("and");
                }

                return new Predicate.And(and.Children.Select(child => Lower(selections, text, child)).ToIrList()) { Origin = origin };
            case SigmaCondition.Not not:
                Use("not");
                return new Predicate.Not(Lower(selections, text, not.Child)) { Origin = origin };
            case SigmaCondition.Quantified quantified:
                return LowerQuantified(selections, text, quantified, origin);
            case SigmaCondition.Reference reference:
                return LowerReference(selections, text, reference, origin);
            default:
                return Opaque(scope, scope.Document.SpanOf(text, condition.Span), "condition", "The condition cannot be read.", []);
        }
    }

    private Predicate LowerReference(Selections selections, YamlScalar text, SigmaCondition.Reference reference, Origin origin)
    {
        var scope = selections.Scope;
        if (selections.TryFind(reference.Name, out var entry))
        {
            return new Predicate.Named(entry.Key.Text, NameKind.Selection, SelectionOf(selections, entry)) { Origin = origin };
        }

        var span = scope.Document.SpanOf(text, reference.Span);
        if (reference.Name.Contains('*', StringComparison.Ordinal))
        {
            Report(scope, SigmaDiagnostics.ConditionSyntax, $"'{Shorten(reference.Name)}' is a pattern; it needs '1 of' or 'all of' before it.", span);
        }
        else
        {
            var near = NearNames.Find(reference.Name, selections.Names);
            var known = string.Join(", ", selections.Names.Take(8).Select(name => $"'{Shorten(name)}'"));
            Report(
                scope,
                SigmaDiagnostics.UndefinedSelection,
                near is null ? $"The selection '{Shorten(reference.Name)}' is not defined." : $"The selection '{Shorten(reference.Name)}' is not defined; did you mean '{Shorten(near)}'?",
                span,
                "",
                new DiagnosticNote(DiagnosticNoteKind.Help, known.Length == 0 ? "The section defines no selection." : $"Defined here: {known}."));
        }

        return Opaque(scope, span, "undefined selection", $"The selection '{Shorten(reference.Name)}' is not defined.", []);
    }

    private Predicate LowerQuantified(Selections selections, YamlScalar text, SigmaCondition.Quantified quantified, Origin origin)
    {
        var scope = selections.Scope;
        var form = $"{quantified.Count switch { null => "all", 1 => "1", _ => "n" }} of {(quantified.Pattern is null ? "them" : "pattern")}";
        Use(form);
        var pattern = quantified.Pattern ?? "*";

        // Names with a leading underscore are helpers: left out unless the pattern asks for them (pySigma; the specification says it of `them`).
        var entries = selections.Entries
            .Where(entry => Fits(entry.Key.Text, pattern) && (!entry.Key.Text.StartsWith('_') || pattern.StartsWith('_')))
            .ToList();
        var span = scope.Document.SpanOf(text, quantified.Span);
        if (entries.Count == 0)
        {
            Report(
                scope,
                SigmaDiagnostics.PatternFitsNothing,
                quantified.Pattern is null ? "'them' stands for nothing: the section defines no selection." : $"No selection fits '{Shorten(pattern)}'.",
                scope.Document.SpanOf(text, quantified.PatternSpan));
            return Opaque(scope, span, "pattern without selections", quantified.Pattern is null ? "'them' stands for nothing." : $"No selection fits '{Shorten(pattern)}'.", []);
        }

        var place = scope.Place(scope.Document.SpanOf(text, quantified.PatternSpan));
        var children = entries
            .Select(entry => (Predicate)new Predicate.Named(entry.Key.Text, NameKind.Selection, SelectionOf(selections, entry))
            {
                Origin = new Origin(scope.Place(scope.Document.ContentOf(entry.Key)), scope.Kind, [new Expansion("wildcard", quantified.Pattern ?? "them", place)], []),
            })
            .ToIrList();
        switch (quantified.Count)
        {
            case null:
                return new Predicate.And(children) { Origin = origin };
            case 1:
                return new Predicate.Or(children) { Origin = origin };
            case { } count:
                Report(scope, SigmaDiagnostics.CountedQuantifier, $"The specification knows only '1 of', 'any of' and 'all of'; '{count} of' is read as at least {count}.", span);
                if (count > entries.Count)
                {
                    Report(scope, SigmaDiagnostics.PatternFitsNothing, $"Only {entries.Count} selections fit, so '{count} of' never holds.", span);
                }

                return new Predicate.AtLeast(count, children) { Origin = origin };
        }
    }

    private Predicate SelectionOf(Selections selections, YamlEntry entry)
    {
        if (!selections.Lowered.TryGetValue(entry.Key.Text, out var predicate))
        {
            predicate = LowerSelection(selections.Scope, entry.Key, entry.Value);
            selections.Lowered.Add(entry.Key.Text, predicate);
        }

        return predicate;
    }

    private void ReportUnused(Selections selections)
    {
        foreach (var entry in selections.Entries)
        {
            if (!selections.Lowered.ContainsKey(entry.Key.Text))
            {
                Report(
                    selections.Scope,
                    SigmaDiagnostics.UnusedSelection,
                    $"The condition does not use the selection '{Shorten(entry.Key.Text)}'.",
                    selections.Scope.Document.ContentOf(entry.Key));
            }
        }
    }

    /// <summary>Whether a name fits a pattern in which <c>*</c> is any run; letters compare exactly.</summary>
    private static bool Fits(string name, string pattern)
    {
        int position = 0, at = 0, star = -1, retry = 0;
        while (position < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                retry = position;
            }
            else if (at < pattern.Length && pattern[at] == name[position])
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++retry;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        return at == pattern.Length;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");

    /// <summary>The selections of one section, each lowered once, when it is first asked for.</summary>
    private sealed class Selections(SigmaScope scope, YamlMapping section, bool isFilter = false)
    {
        public SigmaScope Scope { get; } = scope;

        public YamlMapping Section { get; } = section;

        public Dictionary<string, Predicate> Lowered { get; } = new(StringComparer.Ordinal);

        public IEnumerable<YamlEntry> Entries => Section.Entries.Where(entry => !IsReserved(entry.Key.Text));

        public IEnumerable<string> Names => Entries.Select(entry => entry.Key.Text);

        public bool TryFind(string name, out YamlEntry entry)
        {
            entry = default;
            return !IsReserved(name) && Section.TryFind(name, out entry);
        }

        // Keys of the section that are no selections.
        private bool IsReserved(string name) => name is "condition" or "timeframe" || (isFilter && name == "rules");
    }
}
