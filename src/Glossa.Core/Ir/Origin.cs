using Glossa.Core.Text;

namespace Glossa.Core.Ir;

/// <summary>Why a node is there.</summary>
public enum OriginKind
{
    /// <summary>The author wrote it.</summary>
    Authored,

    /// <summary>Computed from what the author wrote (windash, base64, re-encoding); the span is the written value.</summary>
    Derived,

    /// <summary>Put there by a rewrite from three truth values to two; makes no row on a page.</summary>
    Guard,

    /// <summary>What a log source stands for; shown in the header only.</summary>
    Gate,

    /// <summary>From another document that applies to this rule (a Sigma filter).</summary>
    Inherited,

    /// <summary>A vendor's default, written out.</summary>
    Default,
}

/// <summary>An expansion that is not text: a let, function, helper, data model, lookup definition, wildcard or loop.</summary>
public sealed record Expansion(string Kind, string Name, SourceSpan CallSite);

/// <summary>Where a node comes from. Never part of a node's equality: the same meaning written elsewhere is the same IR.</summary>
/// <param name="Span">In the rule's <see cref="QueryText"/>.</param>
/// <param name="StandsFor">In a normal form: the authored nodes (numbers of <see cref="AuthoredNodes"/>) this one means.</param>
public sealed record Origin(SourceSpan Span, OriginKind Kind, IrList<Expansion> Expansions, IrList<int> StandsFor)
{
    public static Origin None { get; } = new(default, OriginKind.Authored, [], []);

    public static Origin Of(SourceSpan span, OriginKind kind = OriginKind.Authored) => new(span, kind, [], []);
}
