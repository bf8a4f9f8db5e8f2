using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>A rule as lists show it.</summary>
/// <param name="Severity"><c>info low medium high critical</c>, or null.</param>
/// <param name="Matched">The predicates for which it stands in the list, the first few.</param>
public sealed record ListedRule(
    string Id,
    string Title,
    string Family,
    string Slug,
    string File,
    string? Severity,
    string? Status,
    string Fidelity,
    string? Product,
    string? Service,
    string? Category,
    IReadOnlyList<SearchMatch> Matched)
{
    /// <summary><c>rule.id</c>, which holds within one catalog file only.</summary>
    [JsonIgnore]
    internal long Key { get; init; }
}

/// <summary>One page of a list of rules.</summary>
/// <param name="Total">On all pages.</param>
/// <param name="Page">From 1; a page has <see cref="PageSize"/> rules.</param>
public sealed record RuleList(int Total, int Page, IReadOnlyList<ListedRule> Rules)
{
    public const int PageSize = 25;

    /// <summary>Predicates shown of one rule.</summary>
    internal const int MaxMatches = 3;

    /// <summary>The rules that a statement names, each once, by family and title.</summary>
    /// <param name="ids">Text of ours with bound parameters; its one column is <c>rule_id</c>.</param>
    /// <param name="size">Rules a page.</param>
    internal static RuleList Read(SqliteConnection connection, string ids, IReadOnlyList<(string Name, object Value)> parameters, int page, int size = PageSize)
    {
        using var command = connection.CreateCommand();
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.CommandText = $"SELECT count(DISTINCT rule_id) FROM ({ids})";
        var total = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        command.CommandText = $"""
            SELECT r.id, r.rule_id, r.title, r.family, r.slug, f.path, r.severity, r.status, r.fidelity, r.product, r.service, r.category
            FROM rule AS r JOIN file AS f ON f.id = r.file_id
            WHERE r.id IN ({ids})
            ORDER BY r.family, r.title, r.slug
            LIMIT $size OFFSET $offset
            """;
        command.Parameters.AddWithValue("$size", size);
        command.Parameters.AddWithValue("$offset", ((long)page - 1) * size);
        using var reader = command.ExecuteReader();
        List<ListedRule> rules = [];
        while (reader.Read())
        {
            rules.Add(Rule(reader, []));
        }

        return new RuleList(total, page, rules);
    }

    /// <summary>The rules of predicates, each once, by family and title, with the first few of its predicates.</summary>
    internal static RuleList Read(SqliteConnection connection, IReadOnlyList<(long Rule, SearchMatch Match)> matches, int page)
    {
        var byRule = matches.ToLookup(match => match.Rule, match => match.Match);
        var list = Read(connection, "SELECT value AS rule_id FROM json_each($ids)", [("$ids", $"[{string.Join(',', byRule.Select(rule => rule.Key))}]")], page);
        return list with { Rules = [.. list.Rules.Select(rule => rule with { Matched = [.. byRule[rule.Key].Take(MaxMatches)] })] };
    }

    private static ListedRule Rule(SqliteDataReader reader, IReadOnlyList<SearchMatch> matched)
        => new(
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetString(5),
            RuleRecordReader.SeverityWord(reader, 6),
            RuleRecordReader.Text(reader, 7),
            reader.GetString(8),
            RuleRecordReader.Text(reader, 9),
            RuleRecordReader.Text(reader, 10),
            RuleRecordReader.Text(reader, 11),
            matched)
        {
            Key = reader.GetInt64(0),
        };
}
