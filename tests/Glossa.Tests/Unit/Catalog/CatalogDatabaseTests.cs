using Glossa.Catalog;
using Microsoft.Data.Sqlite;

namespace Glossa.Tests.Unit.Catalog;

public sealed class CatalogDatabaseTests
{
    [Fact]
    public void Missing_file_says_how_to_make_one()
    {
        using var folder = new RuleFolder();

        var error = Assert.Throws<CatalogException>(() => CatalogDatabase.Open(folder.Catalog("none.db")));

        Assert.Contains("glossa build", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_no_catalog()
    {
        using var folder = new RuleFolder();
        File.WriteAllText(folder.Catalog(), new string('x', 5000));

        Assert.Contains("is not a catalog of Glossa", Assert.Throws<CatalogException>(() => CatalogDatabase.Open(folder.Catalog())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE rule (id)", "is not a catalog of Glossa")]
    [InlineData("PRAGMA application_id = 0x476C6F73; PRAGMA user_version = 99", "version 99")]
    public void Another_database_is_no_catalog(string sql, string message)
    {
        using var folder = new RuleFolder();
        Execute(folder.Catalog(), sql);

        Assert.Contains(message, Assert.Throws<CatalogException>(() => CatalogDatabase.Open(folder.Catalog())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TRIGGER t AFTER DELETE ON rule BEGIN DELETE FROM file; END")]
    [InlineData("CREATE VIEW v AS SELECT load_extension('x') FROM rule")]
    [InlineData("DROP TABLE tag; CREATE VIEW tag AS SELECT 1 AS rule_id, 'x' AS tag")]
    [InlineData("ALTER TABLE rule ADD COLUMN extra TEXT")]
    public void A_schema_that_is_not_ours_is_refused(string sql)
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        CatalogDatabase.Open(folder.Catalog()).Dispose();
        Execute(folder.Catalog(), sql);

        Assert.Contains("not those of a catalog", Assert.Throws<CatalogException>(() => CatalogDatabase.Open(folder.Catalog())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opened_catalog_cannot_be_written()
    {
        using var folder = new RuleFolder();
        folder.Write("one.yml", RuleFolder.Rule(1, "One", @"\one.exe"));
        folder.Build();
        using var database = CatalogDatabase.Open(folder.Catalog());
        using var lease = database.Rent();

        Assert.Throws<SqliteException>(() => CatalogSchema.Execute(lease.Connection, "DELETE FROM rule"));
        Assert.Equal(0, CatalogSchema.Number(lease.Connection, "PRAGMA trusted_schema"));
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        CatalogSchema.Execute(connection, sql);
    }
}
