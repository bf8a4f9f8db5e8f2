using Glossa.Catalog;

namespace Glossa.Web.Text;

/// <summary>Searches that a page offers.</summary>
internal static class Queries
{
    /// <summary>The rules with a predicate that says this, spelled as here.</summary>
    public static string Same(IndicatorRecord value)
    {
        List<string> terms = [];
        if (value.Field.Length > 0)
        {
            terms.Add(Addresses.Term("field", value.Field));
        }

        terms.Add(Addresses.Term("op", value.Kind));
        if (Names.HasValue(value.Kind))
        {
            terms.Add(Addresses.Term("value", value.Value));
        }

        return string.Join(' ', terms);
    }
}
