using System.Text;

namespace Glossa.Cli.Output;

/// <summary>Results to stdout. Whoever reads may stop whenever it likes: that is success, not an error.</summary>
internal static class ResultWriter
{
    public static int Write(Action<TextWriter> write, int exitCode = ExitCode.Done)
    {
        try
        {
            using var writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
            write(writer);
            writer.Flush();
        }
        catch (IOException)
        {
            // The pipe is closed. What could not be written nobody wanted.
        }

        return exitCode;
    }
}
