namespace Glossa.Catalog;

/// <summary>
/// The file a build writes before it takes the target's place: hidden, in the same folder, always of the same name, and locked. A build that was
/// killed leaves it behind without a lock, and the next one writes over it.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly FileStream _lock;
    private bool _isMoved;

    private TemporaryFile(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    /// <exception cref="CatalogException">The folder cannot be written to, or another build holds the file.</exception>
    public static TemporaryFile Beside(string target)
    {
        if (Directory.Exists(target))
        {
            throw new CatalogException($"{target} is a folder; -o names the catalog's file.");
        }

        var full = System.IO.Path.GetFullPath(target);
        var folder = System.IO.Path.GetDirectoryName(full)!;
        var path = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(full)}.building");
        try
        {
            // FileShare.None is an advisory lock (flock) that ends with the process; SQLite's own locks are of another kind and do not see it.
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            stream.SetLength(0);
            return new TemporaryFile(path, stream);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new CatalogException($"{target} cannot be written: there is no folder {folder}.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CatalogException($"{target} cannot be written: its folder {folder} is not ours to write to.", error);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new CatalogException($"{target} cannot be written: another build of it is under way (it holds {path}), or the folder is read-only.", error);
        }
        catch (IOException error)
        {
            throw new CatalogException($"{target} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Begins it as a copy. Through the stream that holds the lock: a second one, of this process too, is kept out by it.</summary>
    public void Fill(string copyOf)
    {
        using var from = new FileStream(copyOf, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _lock.Position = 0;
        from.CopyTo(_lock);
        _lock.Flush();
    }

    /// <summary>To disk first, then into place: a machine that stops in between has the old file or the new one.</summary>
    public void MoveTo(string target)
    {
        _lock.Flush(flushToDisk: true);
        File.Move(Path, target, overwrite: true);
        _isMoved = true;
    }

    public void Dispose()
    {
        if (!_isMoved)
        {
            try
            {
                File.Delete(Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next build writes over it.
            }
        }

        _lock.Dispose();
    }
}
