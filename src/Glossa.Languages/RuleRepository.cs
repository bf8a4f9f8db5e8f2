using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Glossa.Core.Diagnostics;
using Glossa.Core.Rules;
using Glossa.Core.Text;
using Glossa.Languages.Formats;

namespace Glossa.Languages;

/// <summary>
/// Rule files, and the rules in them. Pass 1 reads every file's envelope and indexes what it defines for others; it runs when the
/// first rule is asked for, over all files at once. Pass 2 reads the rules of one file. Each file is read and parsed once.
/// </summary>
public sealed class RuleRepository
{
    private readonly RepositoryOptions _options;
    private readonly HashSet<string> _given;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Lazy<OpenFile>[] _open;
    private readonly Lazy<Index> _index;

    private RuleRepository(RuleFileWalk walk, RepositoryOptions options)
    {
        _options = options;
        _given = walk.Given;
        Files = walk.Files;
        Diagnostics = [.. walk.Diagnostics];
        NoPathReadable = walk.NoPathReadable;
        _open = new Lazy<OpenFile>[Files.Count];
        for (var i = 0; i < Files.Count; i++)
        {
            var file = Files[i];
            _places[file.FullPath] = i;
            _open[i] = new Lazy<OpenFile>(() => Load(file));
        }

        _index = new Lazy<Index>(BuildIndex);
    }

    /// <summary>Every file that may hold rules by its ending, in the order of the paths and names.</summary>
    public IReadOnlyList<RuleFile> Files { get; }

    /// <summary>Of the walk: paths, folders and links. What is found in a file comes with the file.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>None of the given paths could be read.</summary>
    public bool NoPathReadable { get; }

    /// <summary>Walks files and folders. Never throws for a path: what cannot be read is a diagnostic.</summary>
    public static RuleRepository Open(IReadOnlyList<string> paths, RepositoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new RuleRepository(RuleFileWalk.Over(paths), options ?? RepositoryOptions.Default);
    }

    /// <summary>Reads the rules of a file of <see cref="Files"/>. Safe for several threads.</summary>
    /// <exception cref="ArgumentException">The file is none of this repository's.</exception>
    public RuleFileResult Read(RuleFile file)
    {
        var open = OpenOf(file);
        if (open.Content is null)
        {
            return new RuleFileResult(file, [], open.Diagnostics, [], open.ContentHash, []) { IsRuleFile = false };
        }

        var reading = open.Content.IsRuleFile ? open.Content.Read(_index.Value) : RuleFileReading.Empty;
        var diagnostics = new List<Diagnostic>(open.Diagnostics);
        diagnostics.AddRange(reading.Diagnostics);
        if (!open.Content.IsRuleFile && diagnostics.Count == 0 && _given.Contains(file.FullPath))
        {
            diagnostics.Add(Diagnostic.OfFile(RepositoryDiagnostics.NoRuleInFile, "The file holds no rule: none of its documents has a 'detection', 'correlation' or 'filter' section.", file.DisplayPath));
        }

        return new RuleFileResult(
            file,
            reading.Rules,
            diagnostics,
            [.. open.Content.Definitions.Select(definition => definition.Key).Distinct()],
            open.ContentHash,
            reading.Queries)
        {
            IsRuleFile = open.Content.IsRuleFile,
        };
    }

    private OpenFile OpenOf(RuleFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return _places.TryGetValue(file.FullPath, out var place)
            ? _open[place].Value
            : throw new ArgumentException($"'{file.FullPath}' is no file of this repository.", nameof(file));
    }

    private Index BuildIndex()
    {
        Parallel.For(0, _open.Length, index => _ = _open[index].Value);
        var definitions = new Dictionary<DefinitionKey, List<Definition>>();
        foreach (var file in _open)
        {
            foreach (var definition in file.Value.Content?.Definitions ?? [])
            {
                if (definitions.TryGetValue(definition.Key, out var known))
                {
                    known.Add(definition);
                }
                else
                {
                    definitions.Add(definition.Key, [definition]);
                }
            }
        }

        foreach (var (name, values) in _options.ValueLists)
        {
            // A list is handed on as its lines; a value with a line break in it would be two.
            var text = string.Join('\n', values.Where(value => value.Length > 0 && !value.Contains('\n', StringComparison.Ordinal)));
            if (text.Length > 0)
            {
                var key = new DefinitionKey(DefinitionKind.ValueList, name);
                definitions[key] = [new Definition(key, "", QueryText.FromText(text, name))];
            }
        }

        return new Index(definitions.ToFrozenDictionary(pair => pair.Key, pair => (IReadOnlyList<Definition>)pair.Value));
    }

    private OpenFile Load(RuleFile file)
    {
        byte[] bytes;
        try
        {
            if (file.Size > _options.MaxFileBytes)
            {
                return OpenFile.Failed(TooLarge(file));
            }

            bytes = ReadBytes(file);
            if (bytes.Length > _options.MaxFileBytes)
            {
                return OpenFile.Failed(TooLarge(file));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            return OpenFile.Failed(Diagnostic.OfFile(RepositoryDiagnostics.Unreadable, $"The file cannot be read: {exception.Message}", file.DisplayPath));
        }

        var hash = HashOf(bytes);
        var content = bytes.AsSpan();
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content[3..];
        }

        if (!Utf8.IsValid(content) || content.Contains((byte)0))
        {
            var at = FirstInvalid(content) + (bytes.Length - content.Length);
            return OpenFile.Failed(Diagnostic.OfFile(RepositoryDiagnostics.NotUtf8, $"The file is no UTF-8 text: byte {at} (counted from 0) belongs to no character of a text.", file.DisplayPath), hash);
        }

        foreach (var format in LanguageRegistry.Formats)
        {
            if (format.Recognises(file.FullPath) || format.Recognises(file.Path))
            {
                var opened = format.Open(file, new SourceFile(file.DisplayPath, Encoding.UTF8.GetString(content)));
                return new OpenFile(opened, hash, opened.Diagnostics);
            }
        }

        return new OpenFile(null, hash, []);
    }

    private Diagnostic TooLarge(RuleFile file) => Diagnostic.OfFile(
        RepositoryDiagnostics.TooLarge,
        $"The file has {file.Size:N0} bytes; files of more than {_options.MaxFileBytes:N0} bytes are not read.",
        file.DisplayPath);

    private byte[] ReadBytes(RuleFile file)
    {
        // A pipe or a device says it has no bytes, and opening it would wait for ever.
        if (file.Size == 0)
        {
            return [];
        }

        using var stream = new FileStream(file.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var bytes = new byte[Math.Min(stream.Length, _options.MaxFileBytes + 1)];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var zero = bytes.IndexOf((byte)0);
        var valid = zero < 0 ? bytes : bytes[..zero];
        if (Utf8.IsValid(valid))
        {
            return zero;
        }

        var position = 0;
        while (System.Text.Rune.DecodeFromUtf8(valid[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Index(FrozenDictionary<DefinitionKey, IReadOnlyList<Definition>> definitions) : IDefinitions
    {
        public IReadOnlyList<Definition> Find(DefinitionKey key) => definitions.TryGetValue(key, out var found) ? found : [];
    }
}

/// <summary>A file after pass 1.</summary>
/// <param name="Content">Null where it could not be read.</param>
internal sealed record OpenFile(RuleFileContent? Content, string ContentHash, IReadOnlyList<Diagnostic> Diagnostics)
{
    public static OpenFile Failed(Diagnostic diagnostic, string contentHash = "") => new(null, contentHash, [diagnostic]);
}
