using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Glossa.Catalog;

/// <summary>
/// One prepared statement, bound by position and run many times. Straight on SQLite's C interface: a build runs a quarter of a million of them, and the
/// parameter objects of the ADO layer cost more than SQLite itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement));
    }

    public Statement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value) => value is { } number ? Bind(number) : BindNull();

    /// <summary>Characters that are half of a pair become U+FFFD, as everywhere on the way to UTF-8.</summary>
    public Statement Bind(string? value)
    {
        if (value is null)
        {
            return BindNull();
        }

        byte[]? rented = null;
        var longest = Encoding.UTF8.GetMaxByteCount(value.Length);
        var buffer = longest <= 1024 ? stackalloc byte[1024] : (rented = ArrayPool<byte>.Shared.Rent(longest));
        var length = Encoding.UTF8.GetBytes(value, buffer);
        BindUtf8(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return this;
    }

    public Statement BindUtf8(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite takes that for null.
        Check(value.IsEmpty ? raw.sqlite3_bind_text(_statement, ++_bound, "") : raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    public void Run()
    {
        var result = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        _bound = 0;
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            Check(result);
        }
    }

    public void Dispose() => _statement.Dispose();

    private Statement BindNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException(
                raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), result & 0xFF, raw.sqlite3_extended_errcode(_connection.Handle));
        }
    }
}
