using Glossa.Core.Diagnostics;

namespace Glossa.Languages.Sigma;

/// <summary>Every finding of the Sigma reader. An id is never used again for something else.</summary>
internal static class SigmaDiagnostics
{
    // The document
    public static readonly DiagnosticDescriptor NotARule = new("SIG0001", "The document is no Sigma rule, correlation or filter", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoDetection = new("SIG0002", "The detection section is no map", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NoCondition = new("SIG0003", "The detection has no condition", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnknownAction = new("SIG0004", "The action is not known", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NoTitle = new("SIG0005", "The rule has no title", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoId = new("SIG0006", "The rule has no id of its own", DiagnosticSeverity.Info);
    public static readonly DiagnosticDescriptor UnknownLevel = new("SIG0007", "The level is not known", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor MetadataForm = new("SIG0008", "The value has another form than the specification says", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoLogSource = new("SIG0009", "The rule names no log source", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor GlobalReplaced = new("SIG0010", "The document replaces a part of the global one", DiagnosticSeverity.Warning);

    // Items, modifiers, values
    public static readonly DiagnosticDescriptor UnknownModifier = new("SIG0020", "The modifier is not known", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor ModifierDoesNotFit = new("SIG0021", "The modifier does not fit here", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor ValueDoesNotFit = new("SIG0022", "The value does not fit its modifiers", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor ValueIsNoScalar = new("SIG0023", "A field's value must be a single value or a list", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor InvalidRegex = new("SIG0024", "The regular expression cannot be read", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TooManyVariants = new("SIG0025", "The value stands for too many variants", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor EmptyList = new("SIG0026", "There is nothing to compare with", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NullInList = new("SIG0027", "null stands in a list with other values", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor AllOnOneValue = new("SIG0028", "'all' has only one value", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NestedList = new("SIG0029", "A list stands in a list of values", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TextModifierAfterRegex = new("SIG0030", "A text modifier follows 're'", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor EncodedWhole = new("SIG0031", "An encoded fragment is compared with the whole value", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TooShortForOffset = new("SIG0032", "The value is too short for one of the Base64 positions", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoPlaceholder = new("SIG0033", "'expand' finds no placeholder", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor PlaceholderWithoutValues = new("SIG0034", "The placeholder has no values", DiagnosticSeverity.Info);
    public static readonly DiagnosticDescriptor ModifierTwice = new("SIG0035", "The modifier stands twice", DiagnosticSeverity.Warning);

    // Conditions
    public static readonly DiagnosticDescriptor ConditionSyntax = new("SIG0040", "The condition cannot be read", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UndefinedSelection = new("SIG0041", "The selection is not defined", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor PatternFitsNothing = new("SIG0042", "The pattern fits no selection", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnusedSelection = new("SIG0043", "The selection is not used", DiagnosticSeverity.Info);
    public static readonly DiagnosticDescriptor NestedTooDeep = new("SIG0044", "The condition is nested too deep", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor CountedQuantifier = new("SIG0045", "The specification knows only 1, any and all", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor Aggregation = new("SIG0046", "Aggregations in the condition are no longer part of Sigma", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor Timeframe = new("SIG0047", "The timeframe is no length of time", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor TimeframeWithoutUse = new("SIG0048", "The timeframe has no effect", DiagnosticSeverity.Info);
    public static readonly DiagnosticDescriptor EmptySelection = new("SIG0049", "The selection is empty", DiagnosticSeverity.Error);

    public static readonly DiagnosticDescriptor NearWithoutTimeframe = new("SIG0050", "'near' has no timeframe", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor EarlyCondition = new("SIG0051", "The condition is written in a form that was never specified", DiagnosticSeverity.Warning);

    // Correlations
    public static readonly DiagnosticDescriptor UnknownCorrelation = new("SIG0060", "The correlation type is not known", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor CorrelationPart = new("SIG0061", "A part of the correlation is missing or has another form", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnknownRule = new("SIG0062", "The rule that is named is not there", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor CyclicCorrelation = new("SIG0063", "The correlation is built on itself", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor AmbiguousRule = new("SIG0064", "Several rules have this name", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NeverCounted = new("SIG0065", "A group without events has no count", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NoPercentile = new("SIG0066", "The percentile is not given", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnknownAlias = new("SIG0067", "The alias speaks of a rule that is not correlated", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TooComplexCorrelation = new("SIG0068", "The condition over rules is too complex", DiagnosticSeverity.Error);

    // Filters
    public static readonly DiagnosticDescriptor FilterOfUnknownRule = new("SIG0080", "The filter names a rule that is not there", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor FilterOfOtherLogSource = new("SIG0081", "The filter's log source does not contain the rule's", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor FilterWithoutNot = new("SIG0082", "The filter takes nothing away", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor FilterPart = new("SIG0083", "A part of the filter is missing or has another form", DiagnosticSeverity.Error);

    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        NotARule, NoDetection, NoCondition, UnknownAction, NoTitle, NoId, UnknownLevel, MetadataForm, NoLogSource, GlobalReplaced,
        UnknownModifier, ModifierDoesNotFit, ValueDoesNotFit, ValueIsNoScalar, InvalidRegex, TooManyVariants, EmptyList, NullInList,
        AllOnOneValue, NestedList, TextModifierAfterRegex, EncodedWhole, TooShortForOffset, NoPlaceholder, PlaceholderWithoutValues, ModifierTwice,
        ConditionSyntax, UndefinedSelection, PatternFitsNothing, UnusedSelection, NestedTooDeep, CountedQuantifier, Aggregation,
        Timeframe, TimeframeWithoutUse, EmptySelection, NearWithoutTimeframe, EarlyCondition,
        UnknownCorrelation, CorrelationPart, UnknownRule, CyclicCorrelation, AmbiguousRule, NeverCounted, NoPercentile, UnknownAlias, TooComplexCorrelation,
        FilterOfUnknownRule, FilterOfOtherLogSource, FilterWithoutNot, FilterPart,
    ];
}
