using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Glossa.Tests.Unit.Web;

/// <summary>Reads pages of a site, compares each number with the list it leads to, and tries every link.</summary>
internal sealed partial class Crawl(HttpClient client)
{
    /// <summary>Rules a list shows on one page.</summary>
    private const int PageSize = 25;

    private readonly ConcurrentDictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Target, int Number), string> _numbers = new();
    private readonly ConcurrentDictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _faults = [];

    /// <summary>What was found wrong, in a stable order.</summary>
    public IReadOnlyList<string> Faults => [.. _faults.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Names and values of some rules are too long for an address: their numbers need not be links.</summary>
    public bool MayLackLinks { get; init; }

    /// <summary>Called with the address and the text of each page that is read.</summary>
    public Action<string, string> OnPage { get; init; } = (_, _) => { };

    /// <summary>Pages read as HTML.</summary>
    public int Pages { get; private set; }

    /// <summary>Numbers compared with lists, each pair once.</summary>
    public int Compared { get; private set; }

    /// <summary>Links that were followed to see whether they lead somewhere.</summary>
    public int Followed { get; private set; }

    /// <summary>Every page that links lead to, but of each shape of address only the first few.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="ofShape">How many pages of a shape are read; single rules are always read.</param>
    /// <param name="most">How many pages at most.</param>
    public async Task SpreadAsync(IEnumerable<string> from, int ofShape, int most)
    {
        Dictionary<string, int> shapes = [];
        HashSet<string> seen = [.. from];
        var next = seen.ToList();
        while (next.Count > 0 && Pages < most)
        {
            var found = await ReadAsync(next);
            next = [.. found.Where(address => seen.Add(address) && IsPage(address)).Order(StringComparer.Ordinal).Where(address =>
            {
                var shape = Shape(address);
                var count = shapes.GetValueOrDefault(shape);
                shapes[shape] = count + 1;
                return count < ofShape || RulePage().IsMatch(address);
            }).Take(most - Pages)];
        }
    }

    /// <summary>Reads these pages and notes their numbers and links; gives the links.</summary>
    public async Task<IReadOnlyCollection<string>> ReadAsync(IReadOnlyCollection<string> addresses)
    {
        ConcurrentDictionary<string, byte> found = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(addresses, async (address, _) =>
        {
            if (await FetchAsync(address) is not { } text)
            {
                return;
            }

            try
            {
                OnPage(address, text);
                using var page = HtmlCheck.Parse(text);
                Note(address, page, found);
            }
#pragma warning disable CA1031 // Whatever is wrong with one page is told with its address, beside the others.
            catch (Exception problem) when (problem is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _faults.Add($"{address}: {problem.Message}");
            }
        });
        Pages += addresses.Count;
        return [.. found.Keys];
    }

    /// <summary>Opens the lists behind the numbers.</summary>
    /// <param name="most">How many lists at most, chosen by <paramref name="random"/>.</param>
    public async Task CompareAsync(int most, Random random)
    {
        var targets = _numbers.Keys.Select(number => number.Target).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        random.Shuffle(targets);
        var chosen = targets.Take(most).ToHashSet(StringComparer.Ordinal);
        var compared = 0;
        await Parallel.ForEachAsync(_numbers.Where(number => chosen.Contains(number.Key.Target)), async (number, _) =>
        {
            var answer = await AskAsync(number.Key.Target);
            Interlocked.Increment(ref compared);
            if (answer.Status != 200)
            {
                _faults.Add($"{number.Value}: {number.Key.Number} leads to {number.Key.Target}, which answers {answer.Status}");
            }
            else if (answer.Total != number.Key.Number)
            {
                _faults.Add($"{number.Value}: {number.Key.Number} leads to {number.Key.Target}, a list of {answer.Total?.ToString(CultureInfo.InvariantCulture) ?? "no total"}");
            }
            else if (answer.Rows is { } rows && rows != Math.Min(PageSize, number.Key.Number))
            {
                _faults.Add($"{number.Key.Target}: says {number.Key.Number} and shows {rows} rows");
            }
        });
        Compared += compared;
    }

    /// <summary>Follows links that were noted.</summary>
    /// <param name="most">How many at most, chosen by <paramref name="random"/>.</param>
    public async Task FollowAsync(int most, Random random)
    {
        var links = _links.OrderBy(link => link.Key, StringComparer.Ordinal).ToArray();
        random.Shuffle(links);
        links = links[..Math.Min(most, links.Length)];
        await Parallel.ForEachAsync(links, async (link, _) =>
        {
            var answer = await AskAsync(link.Key);
            if (answer is { Status: >= 300 and < 400, Redirect: { } further })
            {
                answer = await AskAsync(further);
            }

            if (answer.Status != 200)
            {
                _faults.Add($"{link.Value}: the link {link.Key} answers {answer.Status}");
            }
        });
        Followed += links.Length;
    }

    private void Note(string address, IHtmlDocument page, ConcurrentDictionary<string, byte> found)
    {
        foreach (var link in page.QuerySelectorAll("a[href],link[href],form[action]:not([method])"))
        {
            var href = link.GetAttribute("href") ?? link.GetAttribute("action")!;
            if (href is not ['/', ..])
            {
                continue;
            }

            var target = href.Split('#')[0];
            found.TryAdd(target, 0);
            _links.TryAdd(target, address);
            if (link.LocalName == "a" && NumberOf(link) is { } number)
            {
                _numbers.TryAdd((target, number), address);
            }
        }

        // A number of rules that leads nowhere. Columns that count something else are named here; what has no address of its own has no links either.
        foreach (var cell in page.QuerySelectorAll("td.number,td[data-label='Rules'],.heat td:not(.muted)"))
        {
            if (cell.QuerySelector("a") is null && cell.GetAttribute("data-label") is not ("Names" or "Findings" or "Queries" or "read whole") && !MayLackLinks && Parse(cell.TextContent) is > 0)
            {
                _faults.Add($"{address}: the number {cell.TextContent.Trim()} under {cell.GetAttribute("data-label") ?? "its head"} is no link");
            }
        }
    }

    /// <summary>What a link says it counts; null where it counts nothing.</summary>
    private static int? NumberOf(IElement link)
    {
        // The number of a predicate, words of the source, and a value that is a number.
        if (link.ClassList.Contains("pin") || link.ClassList.Contains("span") || link.QuerySelector(".value,code") is not null)
        {
            return null;
        }

        if (link.QuerySelector(".facet-count") is { } facet)
        {
            // A chosen one leads to the list without it.
            return link.HasAttribute("aria-current") ? null : Parse(facet.ChildNodes[0].TextContent);
        }

        var text = link.TextContent.Trim();
        return link.ClassList.Contains("count") ? Parse(text)
            : Number().IsMatch(text) ? Parse(text)
            : OfFamily().Match(text) is { Success: true } match ? Parse(match.Groups["number"].Value)
            : null;
    }

    private static int? Parse(string text) => int.TryParse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<Answer> AskAsync(string address)
    {
        if (!_answers.TryGetValue(address, out var known))
        {
            await FetchAsync(address);
            known = _answers[address];
        }

        return known;
    }

    /// <summary>The text of a page; null where there is none.</summary>
    private async Task<string?> FetchAsync(string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        var isPage = response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/html" };
        var text = isPage ? await response.Content.ReadAsStringAsync() : null;
        int? total = null;
        int? rows = null;
        if (text is not null)
        {
            total = Total().Match(text) is { Success: true } match ? Parse(match.Groups["number"].Value) : null;
            rows = Row().Count(text) is var count and > 0 && !text.Contains("rel=\"prev\"", StringComparison.Ordinal) ? count : null;
        }

        _answers[address] = new Answer((int)response.StatusCode, total, rows, response.Headers.Location?.OriginalString);
        return text;
    }

    private static bool IsPage(string address)
        => !address.Split('?')[0].EndsWith(".json", StringComparison.Ordinal) && !address.StartsWith("/glossa.", StringComparison.Ordinal) && !address.StartsWith("/mark.", StringComparison.Ordinal)
            && !address.Split('?')[0].EndsWith(".csv", StringComparison.Ordinal) && !address.Split('?')[0].EndsWith("/raw", StringComparison.Ordinal);

    /// <summary>An address with its names taken out: <c>/rules/*/*/others/*/*?as</c>.</summary>
    private static string Shape(string address)
    {
        var parts = address.Split('?', 2);
        var path = parts[0].Split('/').Select((segment, index) => index <= 1 || segment is "values" or "others" or "source" ? segment : "*");
        IEnumerable<string> query = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return string.Join('/', path) + "?" + string.Join('&', query);
    }

    [GeneratedRegex("^/rules/[^/?]+/[^/?]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RulePage();

    [GeneratedRegex("^[0-9][0-9,]*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex("^(?:all|[a-z]+) (?<number>[0-9][0-9,]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfFamily();

    [GeneratedRegex("id=\"total\" data-total=\"(?<number>[0-9]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Total();

    [GeneratedRegex("<article class=\"row\">", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    private sealed record Answer(int Status, int? Total, int? Rows, string? Redirect);
}
