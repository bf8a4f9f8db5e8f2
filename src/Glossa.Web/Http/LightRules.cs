using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Glossa.Web.Http;

/// <summary>
/// A click on a predicate's number moves to its words, and a click on the words to the predicate; both sides are to light up, without a script.
/// That takes a rule a number, so a page carries those it needs, and its policy names their hash: the page stays the same byte for byte.
/// </summary>
internal static class LightRules
{
    /// <summary>How many predicates light up together with their words; beyond it only what was clicked does.</summary>
    public const int Most = 64;

    public static string For(int predicates)
    {
        if (predicates == 0)
        {
            return "";
        }

        var rules = new StringBuilder();
        for (var i = 1; i <= Math.Min(predicates, Most); i++)
        {
            rules.Append(i == 1 ? "" : ",").Append(CultureInfo.InvariantCulture, $":root:has(#s{i}:target) :is(#p{i},.s{i}),:root:has(#p{i}:target) .s{i}");
        }

        return rules.Append("{background:var(--mark)}").ToString();
    }

    /// <summary>As the policy names a style that stands in the page.</summary>
    public static string Source(string rules) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(rules)))}'";
}
