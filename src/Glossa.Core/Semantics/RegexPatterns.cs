using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

/// <summary>
/// Patterns of rules as .NET regular expressions. A pattern runs on the non-backtracking engine where it can, and under a time limit
/// where it cannot; patterns are compiled once and kept.
/// </summary>
public static class RegexPatterns
{
    /// <summary>A bound keeps patterns computed from events from filling the memory.</summary>
    private const int MaxCachedPatterns = 65_536;

    private static readonly ConcurrentDictionary<(RegexForm, CaseRule, string), RegexPattern> Patterns = new();

    /// <summary>The pattern, usable or not; never an exception. See <see cref="RegexPattern.Failure"/>.</summary>
    public static RegexPattern Compile(RegexForm form, CaseRule caseRule, string pattern)
    {
        var key = (form, caseRule, pattern);
        if (Patterns.TryGetValue(key, out var known))
        {
            return known;
        }

        var compiled = RegexPattern.Create(form, caseRule, pattern);
        return Patterns.Count < MaxCachedPatterns ? Patterns.GetOrAdd(key, compiled) : compiled;
    }
}

/// <summary>A compiled pattern. Safe for several threads.</summary>
public sealed class RegexPattern
{
    /// <summary>What one value may cost a pattern that looks around, refers back or holds on to what it took.</summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What one value may cost the automaton, whose time is linear: only a value of many megabytes can reach it. The limits count time on
    /// the wall, so a busy machine must not come near this one: a pattern seen first there has taken 0.8 s to be made ready.
    /// </summary>
    public static readonly TimeSpan LinearMatchTimeout = TimeSpan.FromSeconds(10);

    /// <summary>After so many values that ran out of time a pattern matches nothing more: a whole log must not cost a timeout a line.</summary>
    public const int MaxTimeouts = 8;

    private readonly Regex? _regex;
    private readonly Lazy<Regex?>? _beyondAscii;
    private long _timeouts;

    private RegexPattern(Regex? regex, Lazy<Regex?>? beyondAscii, string? failure, int failureAt)
    {
        _regex = regex;
        _beyondAscii = beyondAscii;
        Failure = failure;
        FailureAt = failureAt;
    }

    /// <summary>Why the pattern cannot be used, in words, or null. A pattern that cannot be used matches nothing.</summary>
    public string? Failure { get; }

    /// <summary>Where in the pattern as written, in UTF-16 units.</summary>
    public int FailureAt { get; }

    /// <summary>Time linear in the value's length, whatever the pattern.</summary>
    public bool IsLinear => _regex is not null && _regex.Options.HasFlag(RegexOptions.NonBacktracking);

    /// <summary>How many values ran out of time; each counted as no match.</summary>
    public long Timeouts => Interlocked.Read(ref _timeouts);

    public bool IsGivenUp => Timeouts >= MaxTimeouts;

    public bool IsMatch(ReadOnlySpan<char> value)
    {
        // Word boundaries are ASCII's in PCRE and Unicode's in .NET: the same thing for an ASCII value, and only there.
        var regex = _beyondAscii is null || Ascii.IsValid(value) ? _regex : _beyondAscii.Value ?? _regex;
        if (regex is null || IsGivenUp)
        {
            return false;
        }

        // Its first value also pays for making the pattern ready, so that one is tried twice.
        for (var isFirst = Timeouts == 0; ; isFirst = false)
        {
            try
            {
                return regex.IsMatch(value);
            }
            catch (RegexMatchTimeoutException)
            {
                if (!isFirst)
                {
                    Interlocked.Increment(ref _timeouts);
                    return false;
                }
            }
        }
    }

    internal static RegexPattern Create(RegexForm form, CaseRule caseRule, string pattern)
    {
        var options = RegexOptions.CultureInvariant;
        if (caseRule == CaseRule.Fold)
        {
            options |= RegexOptions.IgnoreCase;
        }

        if (form.Options.HasFlag(RegexOptionSet.Multiline))
        {
            options |= RegexOptions.Multiline;
        }

        if (form.Options.HasFlag(RegexOptionSet.DotAll))
        {
            options |= RegexOptions.Singleline;
        }

        var isMultiline = form.Options.HasFlag(RegexOptionSet.Multiline);
        var translation = PcreTranslator.Translate(pattern, isMultiline, exactWordBoundaries: false);
        if (translation.Failure is { } failure)
        {
            return Failed(failure, translation.FailureAt);
        }

        var regex = Construct(translation, options, out var reason);
        if (regex is null)
        {
            return Failed(reason, 0);
        }

        var beyondAscii = translation.UsesWordBoundaries
            ? new Lazy<Regex?>(() => Construct(PcreTranslator.Translate(pattern, isMultiline, exactWordBoundaries: true), options, out _))
            : null;
        return new RegexPattern(regex, beyondAscii, failure: null, failureAt: -1);
    }

    private static RegexPattern Failed(string failure, int failureAt) => new(null, null, failure, failureAt);

    /// <summary>
    /// Whether a part is repeated 256 times or more. The automaton keeps a state for each of them: measured for <c>.{1000,}</c>, 440 ms
    /// for the first value of 1,000 characters, beyond any good limit; the backtracking engine takes 0.03 ms.
    /// </summary>
    private static bool CountsFar(string pattern)
    {
        for (var open = pattern.IndexOf('{', StringComparison.Ordinal); open >= 0; open = pattern.IndexOf('{', open + 1))
        {
            var digits = 0;
            while (open + digits + 1 < pattern.Length && char.IsAsciiDigit(pattern[open + digits + 1]))
            {
                digits++;
            }

            if (digits > 0 && (digits > 4 || int.Parse(pattern.AsSpan(open + 1, digits), System.Globalization.CultureInfo.InvariantCulture) >= 256))
            {
                return true;
            }
        }

        return false;
    }

    private static Regex? Construct(PcreTranslation translation, RegexOptions options, out string reason)
    {
        reason = "";
        if (!translation.NeedsBacktracking && !CountsFar(translation.Pattern))
        {
            try
            {
                return new Regex(translation.Pattern, options | RegexOptions.NonBacktracking, LinearMatchTimeout);
            }
            catch (NotSupportedException)
            {
                // The automaton would be too large: the other engine takes it, under its time limit.
            }
            catch (ArgumentException exception)
            {
                reason = exception.Message;
                return null;
            }
        }

        try
        {
            return new Regex(translation.Pattern, options, MatchTimeout);
        }
        catch (ArgumentException exception)
        {
            reason = exception.Message;
            return null;
        }
    }
}
