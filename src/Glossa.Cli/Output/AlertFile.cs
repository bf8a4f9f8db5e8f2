using Glossa.Execution.Alerts;

namespace Glossa.Cli.Output;

/// <summary>
/// Where <c>-o</c> says that alerts go. They are written to a file beside the target, which takes its place when all are there, so that a run that is
/// killed leaves the old file whole. A link is followed; a device is written to as it is.
/// </summary>
internal sealed class AlertFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _target;
    private bool _isDone;

    private AlertFile(FileStream stream, string target)
    {
        _stream = stream;
        _target = target;
    }

    private bool IsReplaced => !string.Equals(_stream.Name, _target, StringComparison.Ordinal);

    /// <summary>Null, with the reason, where nothing can be written there.</summary>
    public static AlertFile? Open(string path, out string reason)
    {
        reason = "";
        try
        {
            var target = Path.GetFullPath(path);
            target = (File.Exists(target) ? File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName : null) ?? target;
            if (Directory.Exists(target))
            {
                reason = "It is a folder.";
                return null;
            }

            if (!Directory.Exists(Path.GetDirectoryName(target)))
            {
                reason = "There is no such folder.";
                return null;
            }

            // Root could put a file in the place of /dev/null.
            var isDevice = target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal);
            return isDevice
                ? new AlertFile(new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite), target)
                : new AlertFile(new FileStream($"{target}.{Environment.ProcessId}.tmp", FileMode.Create, FileAccess.Write), target);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = problem.Message;
            return null;
        }
    }

    /// <exception cref="IOException">The disk is full, or the target cannot be replaced.</exception>
    public void Write(AlertStore alerts)
    {
        alerts.WriteTo(_stream);
        if (IsReplaced)
        {
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_stream.Name, _target, overwrite: true);
        }
        else
        {
            _stream.Flush();
        }

        _isDone = true;
    }

    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException) when (!_isDone)
        {
            // What could not be written was said when it failed.
        }

        if (IsReplaced && !_isDone)
        {
            File.Delete(_stream.Name);
        }
    }
}
