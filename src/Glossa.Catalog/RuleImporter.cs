using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Languages;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Glossa.Catalog;

public sealed record ImportOptions
{
    public RepositoryOptions Repository { get; init; } = new();

    /// <summary>Read everything again, whatever the old catalog holds.</summary>
    public bool ReadAll { get; init; }

    /// <summary>The most pages of 4096 bytes the file may have; 0 without a limit. Beyond it the build fails as on a full disk.</summary>
    public long MaxPages { get; init; }
}

/// <param name="Phase">What is going on, for people: <c>Reading rules</c>.</param>
public readonly record struct BuildProgress(string Phase, int Done, int Total);

/// <summary>A finding as it is kept: in the fresh file's words, without its text.</summary>
/// <param name="Line">With <paramref name="Column"/> from 1; null where the whole file is meant.</param>
public sealed record StoredDiagnostic(DiagnosticSeverity Severity, string Code, string Message, string Path, int? Line, int? Column, IReadOnlyList<string> Notes)
{
    public static StoredDiagnostic Of(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        return new StoredDiagnostic(
            diagnostic.Severity,
            diagnostic.Id,
            diagnostic.Message,
            diagnostic.Path,
            diagnostic.Position?.Line,
            diagnostic.Position?.Column,
            [.. diagnostic.Notes.Select(DiagnosticFormatter.NoteText)]);
    }
}

/// <param name="IsUnchanged">Nothing had changed, and the catalog was left as it is.</param>
/// <param name="NoPathReadable">None of the given paths could be read, and no catalog was written.</param>
/// <param name="Read">Files read in this build; the rest were as the old catalog knew them.</param>
/// <param name="Fresh">Findings in the files that were read now, with their text at hand.</param>
/// <param name="Diagnostics">All findings, those of unchanged files too.</param>
public sealed record BuildReport(
    string Target,
    bool NoPathReadable,
    bool IsUnchanged,
    int Files,
    int Read,
    int Removed,
    StatsReport Stats,
    IReadOnlyList<Diagnostic> Fresh,
    IReadOnlyList<StoredDiagnostic> Diagnostics,
    long Bytes,
    TimeSpan Elapsed);

/// <summary>
/// Rule files into a catalog. A new file takes the old one's place in one step, so whoever reads meanwhile, and whoever comes after a build that was
/// killed, has a whole catalog. A file is read again only when it, or something it asked other files for, has changed.
/// </summary>
public static class RuleImporter
{
    /// <summary>SIGXFSZ, the same number on Linux and macOS.</summary>
    private const int FileSizeSignal = 25;

    /// <summary>
    /// A write beyond the limit of the size of files (ulimit -f) ends a process, unless it says that it wants to see the error. Said once and for good:
    /// a signal is handled a little after the write, and must not find that nobody cares any more.
    /// </summary>
    private static readonly Lazy<PosixSignalRegistration?> FileSizeErrors = new(
        () => OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)FileSizeSignal, signal => signal.Cancel = true));

    /// <summary>Below this age a file's time stamp cannot tell two writes apart.</summary>
    private static readonly TimeSpan TimeStampGrain = TimeSpan.FromSeconds(2);

    /// <exception cref="CatalogException">The target cannot be written: the disk is full, a limit is met, another build is at it, it is no catalog of ours.</exception>
    public static BuildReport Build(
        IReadOnlyList<string> paths, string target, ImportOptions? options = null, IProgress<BuildProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentException.ThrowIfNullOrEmpty(target);
        options ??= new ImportOptions();
        var watch = Stopwatch.StartNew();
        progress?.Report(new BuildProgress("Looking for rule files", 0, 0));
        var repository = RuleRepository.Open(paths, options.Repository);
        if (repository.NoPathReadable)
        {
            return new BuildReport(
                target, true, false, 0, 0, 0, new StatsCollector(false).Report(0), repository.Diagnostics, [.. repository.Diagnostics.Select(StoredDiagnostic.Of)], 0, watch.Elapsed);
        }

        using var temporary = TemporaryFile.Beside(target);

        _ = FileSizeErrors.Value;
        try
        {
            var old = options.ReadAll ? null : PreviousCatalog.Load(target, ListsHash(options.Repository));
            var changes = FileChanges.Between(old, repository.Files, options.Repository.MaxFileBytes);
            if (old is not null && !changes.Any && old.SameGeneralFindings(repository.Diagnostics) && old.ListsAreSame)
            {
                return Report(target, isUnchanged: true, repository.Files.Count, 0, 0, repository.Diagnostics, watch);
            }

            var before = RuleStates.Load(target);
            var fresh = new List<Diagnostic>(repository.Diagnostics);
            var read = 0;
            using (var connection = OpenTemporary(temporary, old is null ? null : target, options.MaxPages))
            {
                using (var writer = new CatalogWriter(connection, old is null))
                {
                    if (old is null)
                    {
                        Take(repository.Files);
                    }
                    else
                    {
                        // First what changed itself, then what asked for something that did.
                        var changed = ReadAll(changes.Fresh);
                        var dirty = changes.DirtyDefinitions(old, changed);
                        var dependents = changes.Unchanged.Where(file => old.Asks(file.Old, dirty)).ToList();
                        writer.Remove([.. changes.Outdated.Select(file => file.Id), .. dependents.Select(file => file.Old.Id)]);
                        foreach (var file in changed)
                        {
                            Keep(file);
                        }

                        Take([.. dependents.Select(file => file.New)]);
                    }

                    foreach (var diagnostic in repository.Diagnostics)
                    {
                        writer.Add(diagnostic);
                    }

                    writer.SetMeta("built_by", Builder);
                    var builtAt = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
                    writer.SetMeta("built_at", builtAt);
                    writer.SetMeta("inputs", JsonSerializer.Serialize([.. paths], RecordJson.Compact.IReadOnlyListString));
                    writer.SetMeta("value_lists", ListsHash(options.Repository));
                    progress?.Report(new BuildProgress("Indexing", read, read));
                    writer.Finish(old is null, before, builtAt);

                    void Take(IReadOnlyList<RuleFile> files) => FileReading.Run(repository, files, withRecords: true, Keep, cancellation);

                    List<ReadFile> ReadAll(IReadOnlyList<RuleFile> files)
                    {
                        var results = new List<ReadFile>(files.Count);
                        FileReading.Run(repository, files, withRecords: true, results.Add, cancellation);
                        return results;
                    }

                    void Keep(ReadFile file)
                    {
                        writer.Add(file);
                        fresh.AddRange(file.Result.Diagnostics);
                        read++;
                        progress?.Report(new BuildProgress("Reading rules", read, old is null ? repository.Files.Count : changes.Fresh.Count));
                    }
                }
            }

            cancellation.ThrowIfCancellationRequested();
            temporary.MoveTo(target);
            return Report(target, isUnchanged: false, repository.Files.Count, read, changes.Vanished, fresh, watch);
        }
        catch (SqliteException error)
        {
            throw new CatalogException($"{target} was not written: {Reason(error)} The catalog that was there, if any, is as it was.", error);
        }
        catch (IOException error)
        {
            throw new CatalogException($"{target} was not written: {error.Message} The catalog that was there, if any, is as it was.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CatalogException($"{target} was not written: {error.Message} The catalog that was there, if any, is as it was.", error);
        }
    }

    /// <summary>Figures about rule files without a catalog. Null when no path could be read; the findings say why.</summary>
    public static (StatsReport? Stats, IReadOnlyList<Diagnostic> Diagnostics) Measure(
        IReadOnlyList<string> paths, RepositoryOptions? options = null, bool withFiles = false, IProgress<BuildProgress>? progress = null, CancellationToken cancellation = default)
    {
        var watch = Stopwatch.StartNew();
        var repository = RuleRepository.Open(paths, options);
        var diagnostics = new List<Diagnostic>(repository.Diagnostics);
        if (repository.NoPathReadable)
        {
            return (null, diagnostics);
        }

        var collector = new StatsCollector(withFiles);
        var done = 0;
        FileReading.Run(
            repository,
            repository.Files,
            withRecords: false,
            file =>
            {
                diagnostics.AddRange(file.Result.Diagnostics);
                if (file.Family is { } family)
                {
                    collector.AddFile(family);
                }

                foreach (var rule in file.Rules.Select(read => read.Rule))
                {
                    collector.AddRule(rule.Metadata.Family, rule.Language, Words.Of(rule.Fidelity.Level), 0, rule.Fidelity.Reasons.Select(reason => reason.Construct));
                }

                foreach (var query in file.Result.Queries)
                {
                    collector.AddQuery(file.Result.File.Path, query.Index, file.Family ?? query.Language, query.Language, query.Parsed, file.FidelityOf(query.Index), query.Operators);
                }

                progress?.Report(new BuildProgress("Reading rules", ++done, repository.Files.Count));
            },
            cancellation);
        return (collector.Report(watch.ElapsedMilliseconds), diagnostics);
    }

    /// <summary>The code that reads rules: another one may read them otherwise, so its catalogs are read anew.</summary>
    internal static string Builder { get; } = string.Join(
        ' ',
        new[] { typeof(DetectionRule), typeof(RuleRepository), typeof(Analysis.RuleAnalysis), typeof(RuleImporter) }.Select(type => type.Module.ModuleVersionId.ToString("N")));

    private static BuildReport Report(string target, bool isUnchanged, int files, int read, int removed, IReadOnlyList<Diagnostic> fresh, Stopwatch watch)
    {
        using var database = CatalogDatabase.Open(target);
        var stats = CatalogStats.Read(database);
        return new BuildReport(
            target,
            false,
            isUnchanged,
            files,
            read,
            removed,
            stats with { ElapsedMs = watch.ElapsedMilliseconds },
            fresh,
            database.ReadDiagnostics(),
            new FileInfo(target).Length,
            watch.Elapsed);
    }

    private static SqliteConnection OpenTemporary(TemporaryFile temporary, string? copyOf, long maxPages)
    {
        if (copyOf is not null)
        {
            temporary.Fill(copyOf);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = temporary.Path, Pooling = false }.ToString());
        try
        {
            connection.Open();

            // The file is thrown away whole when anything fails, so it needs no journal; it is flushed once, before it takes its place.
            CatalogSchema.Execute(
                connection,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -48000;{(maxPages > 0 ? $" PRAGMA max_page_count = {maxPages};" : "")}"));
            if (copyOf is null)
            {
                CatalogSchema.CreateTables(connection);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string Reason(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "there is no room for it (the disk is full, or a limit of its size is met).",
        raw.SQLITE_IOERR => $"the disk did not take it (no room, a limit of the size of files, or a fault; SQLite says {error.SqliteExtendedErrorCode}: {error.Message.TrimEnd('.')}).",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN => "its folder cannot be written to.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the catalog that is there is damaged. Delete it and build again.",
        _ => $"SQLite says {error.SqliteExtendedErrorCode}: {error.Message.TrimEnd('.')}.",
    };

    private static string ListsHash(RepositoryOptions options)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in options.ValueLists.OrderBy(list => list.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append('\0').AppendJoin('\u0001', values).Append('\0');
        }

        text.Append(options.MaxFileBytes);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>A file as the old catalog knows it.</summary>
    private sealed record OldFile(long Id, string Root, string Path, long Size, long Modified, string ContentHash);

    /// <summary>What the old catalog says of the files it was made from.</summary>
    private sealed class PreviousCatalog
    {
        private readonly Dictionary<long, HashSet<DefinitionKey>> _asks = [];
        private readonly Dictionary<long, List<DefinitionKey>> _provides = [];
        private readonly HashSet<(string Code, string Message, string Path)> _general = [];

        public Dictionary<(string Root, string Path), OldFile> Files { get; } = [];

        public DateTime BuiltAt { get; private set; }

        /// <summary>The values given for placeholders are what they were.</summary>
        public bool ListsAreSame { get; private set; }

        /// <summary>Null where there is none, or one that another version made: then everything is read.</summary>
        public static PreviousCatalog? Load(string target, string listsHash)
        {
            if (!File.Exists(target))
            {
                return null;
            }

            try
            {
                using var database = CatalogDatabase.Open(target);
                using var lease = database.Rent();
                var meta = new Dictionary<string, string>(StringComparer.Ordinal);
                Each(lease.Connection, "SELECT name, value FROM meta", row => meta[row.GetString(0)] = row.GetString(1));
                if (meta.GetValueOrDefault("built_by") != Builder
                    || !DateTime.TryParse(meta.GetValueOrDefault("built_at"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var builtAt))
                {
                    return null;
                }

                var old = new PreviousCatalog { BuiltAt = builtAt, ListsAreSame = meta.GetValueOrDefault("value_lists") == listsHash };
                Each(
                    lease.Connection,
                    "SELECT id, root, path, size, modified, content_hash FROM file",
                    row => old.Files[(row.GetString(1), row.GetString(2))] = new OldFile(
                        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5)));
                Each(
                    lease.Connection,
                    "SELECT file_id, role, kind, name FROM definition",
                    row =>
                    {
                        if (!Enum.TryParse<DefinitionKind>(row.GetString(2), out var kind))
                        {
                            return;
                        }

                        var key = new DefinitionKey(kind, row.GetString(3));
                        if (row.GetString(1) == "asks")
                        {
                            (old._asks.TryGetValue(row.GetInt64(0), out var asks) ? asks : old._asks[row.GetInt64(0)] = []).Add(key);
                        }
                        else
                        {
                            (old._provides.TryGetValue(row.GetInt64(0), out var provides) ? provides : old._provides[row.GetInt64(0)] = []).Add(key);
                        }
                    });
                Each(
                    lease.Connection,
                    "SELECT code, message, path FROM diagnostic WHERE file_id IS NULL",
                    row => old._general.Add((row.GetString(0), row.GetString(1), row.GetString(2))));
                return old;
            }
            catch (Exception error) when (error is CatalogException or SqliteException)
            {
                return null;
            }
        }

        public bool SameGeneralFindings(IReadOnlyList<Diagnostic> diagnostics)
            => _general.SetEquals(diagnostics.Select(diagnostic => (diagnostic.Id, diagnostic.Message, diagnostic.Path)));

        public bool Asks(OldFile file, HashSet<DefinitionKey> definitions)
            => _asks.TryGetValue(file.Id, out var asks)
                && (asks.Overlaps(definitions) || (!ListsAreSame && asks.Any(key => key.Kind == DefinitionKind.ValueList)));

        public List<DefinitionKey> Provides(OldFile file) => _provides.GetValueOrDefault(file.Id) ?? [];

        private static void Each(SqliteConnection connection, string sql, Action<SqliteDataReader> row)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                row(reader);
            }
        }
    }

    /// <summary>Which files are as they were.</summary>
    private sealed class FileChanges
    {
        /// <summary>New files, and those whose content is another.</summary>
        public List<RuleFile> Fresh { get; } = [];

        /// <summary>What the old catalog must forget of these and of vanished ones.</summary>
        public List<OldFile> Outdated { get; } = [];

        public List<(RuleFile New, OldFile Old)> Unchanged { get; } = [];

        public int Vanished { get; private set; }

        public bool Any => Fresh.Count > 0 || Outdated.Count > 0;

        public static FileChanges Between(PreviousCatalog? old, IReadOnlyList<RuleFile> files, long maxFileBytes)
        {
            var changes = new FileChanges();
            if (old is null)
            {
                changes.Fresh.AddRange(files);
                return changes;
            }

            var left = new HashSet<(string, string)>(old.Files.Keys);
            foreach (var file in files)
            {
                left.Remove((file.Root, file.Path));
                if (!old.Files.TryGetValue((file.Root, file.Path), out var before))
                {
                    changes.Fresh.Add(file);
                }
                else if (IsSame(file, before, old.BuiltAt, maxFileBytes))
                {
                    changes.Unchanged.Add((file, before));
                }
                else
                {
                    changes.Fresh.Add(file);
                    changes.Outdated.Add(before);
                }
            }

            changes.Vanished = left.Count;
            changes.Outdated.AddRange(left.Select(key => old.Files[key]));
            return changes;
        }

        private static bool CanRead(RuleFile file)
        {
            try
            {
                using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        /// <summary>Every definition that a changed file gave or gives.</summary>
        public HashSet<DefinitionKey> DirtyDefinitions(PreviousCatalog old, List<ReadFile> fresh)
            => [.. Outdated.SelectMany(old.Provides), .. fresh.SelectMany(file => file.Result.Provides)];

        private static bool IsSame(RuleFile file, OldFile before, DateTime builtAt, long maxFileBytes)
        {
            if (file.Size != before.Size)
            {
                return false;
            }

            // It could not be read; that changes with its rights, which leave no trace in its time stamp.
            if (before.ContentHash.Length == 0)
            {
                return file.ModifiedTicksUtc == before.Modified && (file.Size > maxFileBytes || !CanRead(file));
            }

            // A file written while it was being read, or right after, may have the time stamp we know and other content.
            if (file.ModifiedTicksUtc == before.Modified && new DateTime(before.Modified, DateTimeKind.Utc) < builtAt - TimeStampGrain)
            {
                return true;
            }

            try
            {
                using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return string.Equals(Convert.ToHexString(SHA256.HashData(stream)), before.ContentHash, StringComparison.OrdinalIgnoreCase);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
