using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Glossa.Core.Events;
using Glossa.Core.Rules;

namespace Glossa.Execution.Alerts;

/// <summary>What an analyst gets: the same from every engine and family.</summary>
/// <param name="Time">Of the event, or of the last event of several; null where no record says when it was.</param>
/// <param name="Dedup">What folds alerts of the rule together: the values of its keys, else its title.</param>
/// <param name="Count">How many results of the rule this alert stands for.</param>
/// <param name="Source">The record, or the last of several.</param>
/// <param name="Events">The records, each as one line of JSON in UTF-8.</param>
public sealed record Alert(
    DateTimeOffset? Time,
    RuleMetadata Rule,
    Severity Severity,
    string Title,
    string Dedup,
    long Count,
    AlertSource Source,
    IReadOnlyList<string> Techniques,
    IReadOnlyList<AlertMatch> Matched,
    IReadOnlyList<KeyValuePair<string, Value?>> Context,
    IReadOnlyList<ReadOnlyMemory<byte>> Events);

/// <param name="Record">In its file, from 1.</param>
public readonly record struct AlertSource(string File, long Record);

/// <summary>A comparison of the rule that holds on the event.</summary>
/// <param name="Field">As written; <c>keyword</c> where the rule names none.</param>
/// <param name="Kind">As pages name it: <c>eq</c>, <c>contains</c>, <c>ends_with</c>.</param>
/// <param name="Value">The rule's value that fits; null where the comparison has none.</param>
public sealed record AlertMatch(string Field, string Kind, string? Value);

/// <summary>Writes alerts as DESIGN.md says, one line of JSON each.</summary>
public static class AlertWriter
{
    // Everything printable is written as it is; what could steer a terminal, or close a script, is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    public static byte[] ToJson(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, alert);
        }

        return buffer.ToArray();
    }

    internal static Utf8JsonWriter Create(IBufferWriter<byte> target) => new(target, Options);

    internal static void Write(Utf8JsonWriter writer, Alert alert)
    {
        writer.WriteStartObject();
        if (alert.Time is { } time)
        {
            writer.WriteString("time", Timestamp(time));
        }
        else
        {
            writer.WriteNull("time");
        }

        writer.WriteStartObject("rule");
        writer.WriteString("id", alert.Rule.Id);
        writer.WriteString("title", alert.Rule.Title);
        writer.WriteString("family", alert.Rule.Family);
        writer.WriteString("file", alert.Rule.File);
        writer.WriteEndObject();
        writer.WriteString("severity", Name(alert.Severity));
        writer.WriteString("title", alert.Title);
        writer.WriteString("dedup", alert.Dedup);
        writer.WriteNumber("count", alert.Count);
        writer.WriteStartObject("source");
        writer.WriteString("file", alert.Source.File);
        writer.WriteNumber("record", alert.Source.Record);
        writer.WriteEndObject();
        writer.WriteStartArray("techniques");
        foreach (var technique in alert.Techniques)
        {
            writer.WriteStringValue(technique);
        }

        writer.WriteEndArray();

        // Sigma names neither; the families that do fill them.
        writer.WriteStartArray("entities");
        writer.WriteEndArray();
        writer.WriteStartArray("threatObjects");
        writer.WriteEndArray();
        writer.WriteStartArray("matched");
        foreach (var match in alert.Matched)
        {
            writer.WriteStartObject();
            writer.WriteString("field", match.Field);
            writer.WriteString("kind", match.Kind);
            writer.WriteString("value", match.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("context");
        foreach (var (name, value) in alert.Context)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("events");
        foreach (var record in alert.Events)
        {
            writer.WriteRawValue(record.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static string Name(Severity severity) => severity switch
    {
        Severity.Low => "low",
        Severity.Medium => "medium",
        Severity.High => "high",
        Severity.Critical => "critical",
        _ => "info",
    };

    /// <summary>ISO 8601 in UTC with at least milliseconds.</summary>
    public static string Timestamp(DateTimeOffset time)
        => time.UtcDateTime.ToString(time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static void WriteValue(Utf8JsonWriter writer, Value? value)
    {
        switch (value)
        {
            case null or Value.Null:
                writer.WriteNullValue();
                break;
            case Value.Boolean boolean:
                writer.WriteBooleanValue(boolean.Content);
                break;
            case Value.Integer integer:
                writer.WriteNumberValue(integer.Content);
                break;
            case Value.Decimal number:
                writer.WriteNumberValue(number.Content);
                break;
            case Value.Real real when double.IsFinite(real.Content):
                writer.WriteNumberValue(real.Content);
                break;
            case Value.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Value.Map map:
                writer.WriteStartObject();
                foreach (var (name, entry) in map.Entries)
                {
                    writer.WritePropertyName(name);
                    WriteValue(writer, entry);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.ToCanonicalText());
                break;
        }
    }
}
