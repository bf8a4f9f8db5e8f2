using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>The schema as <c>Schema/*.sql</c> says it, and whether a file has it.</summary>
internal static class CatalogSchema
{
    public const int Version = 1;

    /// <summary>"Glos", so that <c>file</c> and we tell a catalog from any other database.</summary>
    public const int ApplicationId = 0x476C6F73;

    private static readonly Lazy<HashSet<(string Type, string Name, string Sql)>> Expected = new(Load);

    public static void CreateTables(SqliteConnection connection)
    {
        Execute(connection, Script("catalog.sql"));
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};"));
    }

    public static void CreateIndexes(SqliteConnection connection) => Execute(connection, Script("indexes.sql"));

    /// <summary>Why the file behind a connection is no catalog that can be read here; null when it is one.</summary>
    public static string? Objection(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            return "is not a catalog of Glossa";
        }

        var version = Number(connection, "PRAGMA user_version");
        if (version != Version)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is a catalog of version {version}; this Glossa reads version {Version}. Build it again");
        }

        // A view or a trigger that is not ours would run when we read; a table of another shape would fail later, in the middle of a page.
        return Expected.Value.SetEquals(Objects(connection)) ? null : "has tables that are not those of a catalog. Build it again";
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static HashSet<(string Type, string Name, string Sql)> Load()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        CreateTables(connection);
        CreateIndexes(connection);
        return [.. Objects(connection)];
    }

    private static List<(string Type, string Name, string Sql)> Objects(SqliteConnection connection)
    {
        var objects = new List<(string, string, string)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            objects.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return objects;
    }

    private static string Script(string name)
    {
        using var stream = typeof(CatalogSchema).Assembly.GetManifestResourceStream($"Glossa.Schema.{name}")
            ?? throw new InvalidOperationException($"The schema {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
