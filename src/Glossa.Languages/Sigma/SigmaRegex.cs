using System.Text.RegularExpressions;
using Glossa.Core.Ir;

namespace Glossa.Languages.Sigma;

/// <summary>Whether a pattern can be read at all. What it means is said by the leaf; this only asks.</summary>
internal static class SigmaRegex
{
    /// <summary>What is wrong with a pattern, or null.</summary>
    public static string? Fault(string pattern, RegexForm form, CaseRule caseRule)
    {
        var options = RegexOptions.CultureInvariant
            | (form.Options.HasFlag(RegexOptionSet.Multiline) ? RegexOptions.Multiline : RegexOptions.None)
            | (form.Options.HasFlag(RegexOptionSet.DotAll) ? RegexOptions.Singleline : RegexOptions.None)
            | (caseRule == CaseRule.Fold ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            _ = new Regex(pattern, options, TimeSpan.FromSeconds(1));
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
