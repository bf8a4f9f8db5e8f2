using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>What became of rules from build to build; <c>/changes.json</c>.</summary>
/// <param name="BuiltAt">The build of this catalog: UTC, ISO 8601.</param>
/// <param name="ComparedWith">The build before; null where there was no catalog to compare with.</param>
/// <param name="Total">All that are kept, on other pages too.</param>
/// <param name="InLastBuild">How many of them this build found.</param>
/// <param name="Page">From 1; 25 a page.</param>
/// <param name="Changes">The newest build first; within it changed logic first, changed texts last.</param>
public sealed record ChangeList(string BuiltAt, string? ComparedWith, int Total, int InLastBuild, int Page, IReadOnlyList<RuleChange> Changes);

/// <param name="BuiltAt">The build that found it.</param>
/// <param name="Previous">The build it was compared with.</param>
/// <param name="Kind"><c>new removed changed</c>.</param>
/// <param name="Slug">The address of the rule today; null where it is gone.</param>
/// <param name="Logic">It looks for something else.</param>
/// <param name="Severity">Null where it is as it was.</param>
/// <param name="Fidelity">Null where it is as it was.</param>
/// <param name="IsReadOtherwise">Its file is as it was: Glossa reads it otherwise, or what it refers to changed.</param>
public sealed record RuleChange(
    string BuiltAt, string Previous, string Kind, string Family, string Id, string? Slug, string Title, bool Logic, ValueChange? Severity, ValueChange? Fidelity, bool IsReadOtherwise);

/// <param name="Before">Null where there was none.</param>
/// <param name="After">Null where there is none.</param>
public sealed record ValueChange(string? Before, string? After);

/// <summary>Reads what builds wrote down of each other. Safe for several threads.</summary>
public sealed class ChangeReader(CatalogDatabase database)
{
    /// <param name="page">From 1.</param>
    public ChangeList Read(int page = 1, int pageSize = 25)
    {
        using var lease = database.Rent();
        using var command = lease.Connection.CreateCommand();
        command.CommandText = "SELECT (SELECT value FROM meta WHERE name = 'built_at'), (SELECT value FROM meta WHERE name = 'compared_with'), (SELECT count(*) FROM change)";
        string builtAt;
        string? comparedWith;
        int total;
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            (builtAt, comparedWith, total) = (RuleRecordReader.Text(reader, 0) ?? "", RuleRecordReader.Text(reader, 1), reader.GetInt32(2));
        }

        command.Parameters.AddWithValue("$built", builtAt);
        command.Parameters.AddWithValue("$size", pageSize);
        command.Parameters.AddWithValue("$skip", (page - 1L) * pageSize);
        command.CommandText = "SELECT count(*) FROM change WHERE built_at = $built";
        var inLast = Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);

        // The address of its time may be another's today; its id leads to it wherever it went.
        command.CommandText = """
            SELECT c.built_at, c.previous, c.kind, c.family, c.rule_id, c.title, c.logic, c.severity_before, c.severity_after, c.fidelity_before, c.fidelity_after, c.same_file,
                   coalesce(
                       (SELECT r.slug FROM rule AS r WHERE r.family = c.family AND r.slug = c.slug AND r.rule_id = c.rule_id),
                       (SELECT min(r.slug) FROM rule AS r WHERE r.rule_id = c.rule_id AND r.family = c.family AND r.document = c.document))
            FROM change AS c ORDER BY c.built_at DESC, c.id LIMIT $size OFFSET $skip
            """;
        var changes = new List<RuleChange>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                changes.Add(new RuleChange(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    RuleRecordReader.Text(reader, 12),
                    reader.GetString(5),
                    reader.GetBoolean(6),
                    Value(reader, 7),
                    Value(reader, 9),
                    reader.GetString(2) == "changed" && reader.GetBoolean(11)));
            }
        }

        return new ChangeList(builtAt, comparedWith, total, inLast, page, changes);
    }

    private static ValueChange? Value(SqliteDataReader reader, int column)
        => reader.IsDBNull(column) && reader.IsDBNull(column + 1) ? null
            : new ValueChange(NullIfEmpty(RuleRecordReader.Text(reader, column)), NullIfEmpty(RuleRecordReader.Text(reader, column + 1)));

    private static string? NullIfEmpty(string? text) => text is { Length: > 0 } ? text : null;
}

/// <summary>The JSON of the front page and of changes, indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChangeList))]
[JsonSerializable(typeof(HomeRecord))]
public sealed partial class HomeJson : JsonSerializerContext
{
    public static HomeJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));
}
