using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Glossa.Core.Events;

namespace Glossa.Execution.Alerts;

/// <summary>A record as one line of JSON: numbers and texts as they were written, without the blanks between them.</summary>
internal static class RawRecord
{
    /// <param name="record">One JSON value that a reader has accepted.</param>
    public static byte[] OneLine(ReadOnlySpan<byte> record)
    {
        if (!Utf8.IsValid(record))
        {
            // Half characters of truncated logs: what the reader saw is what is shown.
            record = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(record));
        }

        var line = new byte[record.Length];
        var length = 0;
        var isText = false;
        for (var i = 0; i < record.Length; i++)
        {
            var current = record[i];
            if (!isText)
            {
                isText = current == '"';
                if (current is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                {
                    continue;
                }
            }
            else if (current == '\\')
            {
                line[length++] = current;
                current = record[++i];
            }
            else if (current == '"')
            {
                isText = false;
            }
            else if (current == 0x7f || (current == 0xc2 && record[i + 1] is >= 0x80 and < 0xa0))
            {
                return Escaped(record);
            }

            line[length++] = current;
        }

        return line.AsSpan(0, length).ToArray();
    }

    public static byte[] OneLine(Value value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            AlertWriter.WriteValue(writer, value);
        }

        return buffer.ToArray();
    }

    // Control characters of the second kind steer terminals as those of the first do, and JSON lets them through.
    private static byte[] Escaped(ReadOnlySpan<byte> record)
    {
        var text = new StringBuilder(record.Length + 64);
        foreach (var character in Encoding.UTF8.GetString(record))
        {
            if (character is >= '\u007f' and < '\u00a0')
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                text.Append(character);
            }
        }

        return OneLine(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
