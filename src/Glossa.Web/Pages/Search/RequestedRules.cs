using System.Globalization;
using System.Text;
using Glossa.Catalog;
using Glossa.Web.Http;

namespace Glossa.Web.Pages.Search;

/// <summary>A list of rules as its address names it, and the addresses of those beside it.</summary>
/// <param name="Choices">As the catalog writes them, none twice.</param>
/// <param name="Page">From 1.</param>
public sealed record RequestedRules(string Query, IReadOnlyList<FacetChoice> Choices, SearchSort Sort, int Page)
{
    private const int MaxChoices = 40;

    private static readonly string[] Sorts = ["best", "severity", "changed", "title"];

    public static RequestedRules All { get; } = new("", [], SearchSort.Best, 1);

    /// <summary>
    /// Where the query is so long that a page of links to this list with something more chosen would outgrow its budget, it has none of them.
    /// </summary>
    public bool IsLong => Address.Length > 700;

    /// <summary>Where even a handful of links to this list would: only its pages are linked.</summary>
    public bool IsVeryLong => Address.Length > 4000;

    public string Address
    {
        get
        {
            var address = new StringBuilder("/rules");
            Add("q", Query);
            foreach (var choice in Choices)
            {
                Add(choice.Key, choice.Value);
            }

            Add("sort", Sort == SearchSort.Best ? "" : Sorts[(int)Sort]);
            Add("page", Page == 1 ? "" : Page.ToString(CultureInfo.InvariantCulture));
            return address.ToString();

            void Add(string name, string value)
            {
                if (value.Length > 0)
                {
                    address.Append(address.Length == "/rules".Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
                }
            }
        }
    }

    /// <summary>The same list from its start with the value chosen, or no longer chosen.</summary>
    public RequestedRules Toggle(FacetChoice choice)
    {
        var rest = Choices.Where(other => other != choice).ToList();
        if (rest.Count == Choices.Count)
        {
            // "At least" two severities is at least the lower one: another takes the place of the first.
            rest.RemoveAll(other => other.Key == "severity" && choice.Key == "severity");
            rest.Add(choice);
        }

        return this with { Choices = Ordered(rest), Page = 1 };
    }

    /// <summary>The same list from its start with this value instead of all others of its facet.</summary>
    public RequestedRules Only(FacetChoice choice)
        => this with { Choices = Ordered(Choices.Where(other => other.Key != choice.Key).Append(choice)), Page = 1 };

    public SearchRequest ToRequest() => new(Query)
    {
        Choices = Choices,
        Sort = Sort,
        Limit = RequestLimits.PageSize,
        Offset = (Page - 1) * RequestLimits.PageSize,
    };

    /// <summary>What the address asks for, or what is wrong with it.</summary>
    internal static (RequestedRules? Rules, string Problem) Of(HttpRequest request, RuleSearch search)
    {
        var query = request.Query["q"].Count > 0 ? request.Query["q"][0] ?? "" : "";
        if (query.Length > RequestLimits.QueryLength)
        {
            return (null, $"A query has at most {RequestLimits.QueryLength} characters; this one has {query.Length}.");
        }

        var choices = new List<FacetChoice>();
        foreach (var key in RuleSearch.FacetKeys)
        {
            foreach (var value in request.Query[key].OfType<string>().Where(value => !string.IsNullOrWhiteSpace(value)))
            {
                var (choice, problem) = search.Resolve(key, value);
                if (choice is null)
                {
                    return (null, problem!);
                }

                if (!choices.Contains(choice))
                {
                    choices.Add(choice);
                }

                if (choices.Count > MaxChoices)
                {
                    return (null, $"At most {MaxChoices} values can be chosen.");
                }
            }
        }

        var sort = 0;
        if (request.Query["sort"].Count > 0)
        {
            sort = Array.IndexOf(Sorts, request.Query["sort"][0]);
            if (sort < 0)
            {
                return (null, $"sort is one of {string.Join(", ", Sorts)}.");
            }
        }

        var page = request.Query.TryGetValue("page", out var asked) ? RequestedList.Number(asked, RequestLimits.HighestPage) : 1;
        return page is null
            ? (null, $"page is a number from 1 to {RequestLimits.HighestPage}.")
            : (new RequestedRules(query.Trim(), Ordered(choices), (SearchSort)sort, page.Value), "");
    }

    private static List<FacetChoice> Ordered(IEnumerable<FacetChoice> choices)
        => [.. choices.OrderBy(choice => RuleSearch.FacetKeys.ToList().IndexOf(choice.Key)).ThenBy(choice => choice.Value, StringComparer.Ordinal)];
}
