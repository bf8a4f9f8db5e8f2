using System.Collections.Concurrent;
using System.Text.Json;
using Glossa.Core.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Glossa.Catalog;

/// <summary>
/// A catalog file, opened to be read. The file may come from anyone: it is never written, nothing in its schema is trusted, and it is refused
/// unless its schema is exactly ours. Safe for several threads; each borrows a connection of its own.
/// </summary>
public sealed class CatalogDatabase : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly string _connectionString;
    private bool _isDisposed;

    private CatalogDatabase(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,

            // A pool of SQLite's own would hand out a file that was replaced since; ours ends with this object.
            Pooling = false,
        }.ToString();
    }

    public string Path { get; }

    /// <exception cref="CatalogException">There is no such file, or it is no catalog of this version.</exception>
    public static CatalogDatabase Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new CatalogException(Directory.Exists(path)
                ? $"{path} is a folder, not a catalog. Build one from it: glossa build {path} -o glossa.db"
                : $"There is no catalog {path}. Build one: glossa build PATH -o {path}");
        }

        var database = new CatalogDatabase(path);
        try
        {
            using var lease = database.Rent();
            if (CatalogSchema.Objection(lease.Connection) is { } objection)
            {
                throw new CatalogException($"{path} {objection}.");
            }

            return database;
        }
        catch (SqliteException error)
        {
            database.Dispose();
            throw new CatalogException($"{path} is not a catalog of Glossa ({error.SqliteErrorCode}: {error.Message.TrimEnd('.')}).", error);
        }
        catch (CatalogException)
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Every finding of the build, by file, errors first.</summary>
    public IReadOnlyList<StoredDiagnostic> ReadDiagnostics()
    {
        using var lease = Rent();
        using var command = lease.Connection.CreateCommand();
        command.CommandText = "SELECT severity, code, message, path, line, column, notes FROM diagnostic ORDER BY severity DESC, path, line, column, id";
        using var reader = command.ExecuteReader();
        var diagnostics = new List<StoredDiagnostic>();
        while (reader.Read())
        {
            diagnostics.Add(new StoredDiagnostic(
                (DiagnosticSeverity)Math.Clamp(reader.GetInt32(0), 0, 2),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.IsDBNull(5) ? null : reader.GetInt32(5),
                JsonSerializer.Deserialize(reader.GetString(6), RecordJson.Compact.IReadOnlyListString) ?? []));
        }

        return diagnostics;
    }

    /// <summary>A connection for one thread until it is disposed of.</summary>
    internal Lease Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_idle.TryTake(out var connection))
        {
            connection = new SqliteConnection(_connectionString);
            try
            {
                connection.Open();
                CatalogSchema.Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16000;");
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }

        return new Lease(this, connection);
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    internal readonly struct Lease(CatalogDatabase database, SqliteConnection connection) : IDisposable
    {
        public SqliteConnection Connection => connection;

        public void Dispose()
        {
            if (database._isDisposed)
            {
                connection.Dispose();
            }
            else
            {
                database._idle.Add(connection);
            }
        }
    }
}
