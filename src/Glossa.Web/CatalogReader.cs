using System.Globalization;
using Glossa.Catalog;
using Glossa.Web.Http;
using Glossa.Web.Pages;
using Microsoft.Data.Sqlite;

namespace Glossa.Web;

/// <summary>
/// The catalog as pages ask for it. The file is looked at before each question: when another one stands in its place, it
/// is opened, and the old one is closed after the last question to it. Safe for several threads.
/// </summary>
internal sealed class CatalogReader(SiteOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private Opened? _current;

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

    /// <summary>Other rules that look for the same as one value; <paramref name="ordinal"/> is its place in its predicate, from 0.</summary>
    public IReadOnlyList<RuleSummary> Others(RuleRecord rule, IndicatorRecord value, int ordinal)
        => Ask(opened => opened.Rules.Others(rule.Family, rule.Slug, value.Row, ordinal));

    public (SearchResult? Result, SearchError? Error) Search(RequestedList list)
        => Ask(opened => opened.Search.Search(list.Query, RequestLimits.PageSize, (list.Page - 1) * RequestLimits.PageSize));

    public void Dispose() => _current?.Release();

    /// <exception cref="CatalogException">There is no catalog, or it cannot be read.</exception>
    private T Ask<T>(Func<Opened, T> question)
    {
        Opened opened;
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

    private Opened Current()
    {
        var stamp = Stamp.Of(options.CatalogPath);
        if (_current is { } current)
        {
            if (current.Stamp == stamp)
            {
                return current;
            }

            _current = null;
            current.Release();
        }

        _current = new Opened(CatalogDatabase.Open(options.CatalogPath), stamp);
        return _current;
    }

    /// <summary>What tells a file from the one that was there before; a catalog is replaced whole, never changed.</summary>
    private readonly record struct Stamp(DateTime Written, DateTime Created, long Length)
    {
        public static Stamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new Stamp(file.LastWriteTimeUtc, file.CreationTimeUtc, file.Length) : default;
        }
    }

    /// <summary>One file, open until nobody holds it.</summary>
    private sealed class Opened(CatalogDatabase database, Stamp stamp)
    {
        private readonly Lazy<StatsReport> _stats = new(() => CatalogStats.Read(database), LazyThreadSafetyMode.PublicationOnly);

        /// <summary>The reader itself holds it once.</summary>
        private int _holders = 1;

        public Stamp Stamp => stamp;

        public RuleRecordReader Rules { get; } = new(database);

        public RuleSearch Search { get; } = new(database);

        public StatsReport Stats => _stats.Value;

        public string BuiltAt => stamp.Written.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

        public void Hold() => Interlocked.Increment(ref _holders);

        public void Release()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                database.Dispose();
            }
        }
    }
}
