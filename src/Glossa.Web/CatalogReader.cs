using Glossa.Catalog;
using Microsoft.Data.Sqlite;

namespace Glossa.Web;

/// <summary>
/// The catalog as pages ask for it. The file is looked at before each question: when another one stands in its place, it
/// is opened, and the old one is closed after the last question to it. Safe for several threads.
/// </summary>
internal sealed class CatalogReader(SiteOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private OpenedCatalog? _current;

    public StatsReport Stats() => Ask(opened => opened.Stats);

    /// <summary>UTC; null where the catalog does not say, or cannot be read.</summary>
    public string? BuiltAt
    {
        get
        {
            try
            {
                return Ask(opened => opened.BuiltAt);
            }
            catch (CatalogException)
            {
                return null;
            }
        }
    }

    public RuleRecord? Rule(string family, string slug) => Ask(opened => opened.Rules.Read(family, slug));

    public void Dispose() => _current?.Release();

    /// <exception cref="CatalogException">There is no catalog, or it cannot be read.</exception>
    public T Ask<T>(Func<OpenedCatalog, T> question)
    {
        OpenedCatalog opened;
        lock (_lock)
        {
            opened = Current();
            opened.Hold();
        }

        try
        {
            return question(opened);
        }
        catch (SqliteException fault)
        {
            throw new CatalogException($"{options.CatalogPath} cannot be read ({fault.SqliteErrorCode}: {fault.Message.TrimEnd('.')}).", fault);
        }
        finally
        {
            opened.Release();
        }
    }

    private OpenedCatalog Current()
    {
        var stamp = CatalogStamp.Of(options.CatalogPath);
        if (_current is { } current)
        {
            if (current.Stamp == stamp)
            {
                return current;
            }

            _current = null;
            current.Release();
        }

        var opened = new OpenedCatalog(CatalogDatabase.Open(options.CatalogPath), stamp);
        _current = opened;
        opened.Hold();
        _ = Task.Run(() => Warm(opened));
        return opened;
    }

    /// <summary>Beside the first requests; where it fails, they will say why.</summary>
    private static void Warm(OpenedCatalog opened)
    {
        try
        {
            opened.Search.Warm();
            opened.Home.Read(opened.Stats, opened.Changes.Read(pageSize: 1));
        }
        catch (Exception fault) when (fault is CatalogException or SqliteException or InvalidOperationException or InvalidCastException)
        {
            // As above.
        }
        finally
        {
            opened.Release();
        }
    }
}
