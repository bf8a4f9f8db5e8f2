using Glossa.Core.Diagnostics;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>https://github.com/SigmaHQ/sigma-specification, specification/sigma-filters-specification.md; joined as written (docs/adr/0005).</summary>
internal sealed partial class SigmaLowering
{
    /// <summary>What a filter for every rule is found under.</summary>
    public const string AnyRule = "*";

    /// <summary>The conditions of the filters that name a rule and whose log source contains the rule's.</summary>
    private IEnumerable<Predicate> FiltersOf(SigmaScope scope, ScanSource.LogSource source)
    {
        if (scope.Document.Kind != SigmaDocumentKind.Rule)
        {
            yield break;
        }

        var applied = new HashSet<SigmaDocument>();
        foreach (var (name, isAny) in NamesOf(scope.Document).Select(name => (name, false)).Append((AnyRule, true)))
        {
            foreach (var definition in _definitions.Find(new DefinitionKey(DefinitionKind.FiltersOfRule, name)))
            {
                if (SigmaDocument.Of(definition.Query) is not { Kind: SigmaDocumentKind.Filter } filter || !applied.Add(filter))
                {
                    continue;
                }

                if (!SigmaLogSources.Contains(LogSourceOf(filter, out var sourceSpan), source))
                {
                    if (!isAny)
                    {
                        _diagnostics.Report(
                            SigmaDiagnostics.FilterOfOtherLogSource,
                            $"This filter names the rule '{Shorten(name)}', but its log source does not contain the rule's, so it is not applied there.",
                            filter.Query,
                            sourceSpan);
                    }

                    continue;
                }

                if (filter.Root.Find("filter") is YamlMapping section)
                {
                    Use("filter");
                    var inner = Enter(filter, OriginKind.Inherited, scope.Place(new Core.Text.SourceSpan(0, 0)));

                    // Its diagnostics are made where the filter itself is read, not with every rule.
                    yield return Quietly(() => LowerConditions(new Selections(inner, section, isFilter: true), out _, out _));
                }
            }
        }
    }

    private void CheckFilter(SigmaScope scope)
    {
        var document = scope.Document;
        if (!document.Root.TryFind("filter", out var entry) || entry.Value is not YamlMapping section)
        {
            Report(scope, SigmaDiagnostics.FilterPart, "The filter section must be a map of rules, selections and a condition.", document.SpanOf(document.Root.TryFind("filter", out entry) ? entry.Value : document.Root));
            return;
        }

        Use("filter");
        if (!document.Root.TryFind("logsource", out _))
        {
            Report(scope, SigmaDiagnostics.NoLogSource, "The filter names no log source, so it applies to every rule it names.", document.SpanOf(entry));
        }

        var names = RulesOfFilter(document);
        if (names.Count == 0 && !AppliesToAny(document))
        {
            Report(scope, SigmaDiagnostics.FilterPart, "'rules' must name the rules the filter applies to, or be 'any'.", document.SpanOf(entry));
        }

        foreach (var name in names)
        {
            if (_definitions.Find(new DefinitionKey(DefinitionKind.Rule, RuleKey(name.Text))).Count == 0)
            {
                Report(scope, SigmaDiagnostics.FilterOfUnknownRule, $"No rule has the id or name '{Shorten(name.Text)}'.", document.SpanOf(name));
            }
        }

        var selections = new Selections(scope, section, isFilter: true);
        var predicate = LowerConditions(selections, out var pipe, out var text);
        if (pipe is not null && text is not null)
        {
            Report(scope, SigmaDiagnostics.FilterPart, "A filter cannot count.", document.SpanOf(text, pipe.Span));
        }

        if (!predicate.DescendantsAndSelf().Any(node => node is Predicate.Not or Predicate.Opaque))
        {
            Report(
                scope,
                SigmaDiagnostics.FilterWithoutNot,
                "The filter's condition has no 'not': joined as written, it keeps only the events that it selects.",
                section.TryFind("condition", out var condition) ? document.SpanOf(condition) : document.SpanOf(section),
                "",
                new DiagnosticNote(DiagnosticNoteKind.Help, "To leave out what it selects, write 'not' before the selection."));
        }

        ReportUnused(selections);
    }

    /// <summary>The rules a filter names, as written.</summary>
    public static IReadOnlyList<YamlScalar> RulesOfFilter(SigmaDocument filter)
        => (filter.Root.Find("filter") as YamlMapping)?.Find("rules") switch
        {
            YamlSequence sequence => [.. sequence.Items.OfType<YamlScalar>()],
            YamlScalar { IsNull: false } scalar when !IsAny(scalar) => [scalar],
            _ => [],
        };

    /// <summary>pySigma reads <c>any</c>, and an empty list, as every rule.</summary>
    public static bool AppliesToAny(SigmaDocument filter)
        => (filter.Root.Find("filter") as YamlMapping)?.Find("rules") switch
        {
            YamlSequence sequence => sequence.Items.Count == 0,
            YamlScalar scalar => IsAny(scalar),
            _ => false,
        };

    /// <summary>The key a rule is found by: an id in lower case, a name as it is.</summary>
    public static string RuleKey(string idOrName) => Guid.TryParseExact(idOrName, "D", out _) ? idOrName.ToLowerInvariant() : idOrName;

    private static IEnumerable<string> NamesOf(SigmaDocument document)
    {
        if (document.Id is { } id)
        {
            yield return RuleKey(id);
        }

        if (document.Name is { } name)
        {
            yield return RuleKey(name);
        }
    }

    private static bool IsAny(YamlScalar scalar) => scalar.Text.Equals("any", StringComparison.OrdinalIgnoreCase);

    private T Quietly<T>(Func<T> lower)
    {
        var loud = _quiet;
        _quiet = true;
        try
        {
            return lower();
        }
        finally
        {
            _quiet = loud;
        }
    }
}
