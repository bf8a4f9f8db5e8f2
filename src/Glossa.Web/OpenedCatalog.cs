using System.Globalization;
using Glossa.Catalog;

namespace Glossa.Web;

/// <summary>What tells a file from the one that was there before; a catalog is replaced whole, never changed.</summary>
internal readonly record struct CatalogStamp(DateTime Written, DateTime Created, long Length)
{
    public static CatalogStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new CatalogStamp(file.LastWriteTimeUtc, file.CreationTimeUtc, file.Length) : default;
    }
}

/// <summary>One catalog file and its readers, open until nobody holds it.</summary>
internal sealed class OpenedCatalog(CatalogDatabase database, CatalogStamp stamp)
{
    private readonly Lazy<StatsReport> _stats = new(() => CatalogStats.Read(database), LazyThreadSafetyMode.PublicationOnly);

    private HomeReader? _home;

    /// <summary>The reader itself holds it once.</summary>
    private int _holders = 1;

    public CatalogStamp Stamp => stamp;

    public RuleRecordReader Rules { get; } = new(database);

    public RuleSearch Search { get; } = new(database);

    public IndicatorReader Indicators { get; } = new(database);

    public AttackReader Attack { get; } = new(database);

    public RuleSuggestions Suggestions => field ??= new(Search);

    public FieldsReader Fields { get; } = new(database);

    public ChangeReader Changes { get; } = new(database);

    public HomeReader Home => LazyInitializer.EnsureInitialized(ref _home, () => new HomeReader(database, Rules, Attack));

    public SourcesReader Sources => Fields.Sources;

    public CoverageReader Coverage { get; } = new(database);

    public AboutReader About { get; } = new(database);

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
