using Glossa.Web.Text;

namespace Glossa.Web.Components.Fields;

/// <summary>The list of a log source's rules.</summary>
internal static class SourceAddress
{
    /// <summary>Null where no query can say it: in one term, a product ends at its first slash, and an empty part is not taken.</summary>
    /// <param name="product">Null for rules that name none.</param>
    /// <param name="name">Service or category; null for the whole product.</param>
    public static string? Of(string? product, string? name, params IEnumerable<(string, string)> more)
        => product is "" || name is "" || product?.Contains('/', StringComparison.Ordinal) == true || (product is null && name?.Length > Addresses.LongestName)
            ? null
            : Addresses.List([("source", name is null ? product ?? "any" : $"{product ?? "any"}/{name}"), .. more]);
}
