using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glossa.Core.Diagnostics;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

/// <summary>What a document says of itself: the keys of the specification, and every other one as a fact.</summary>
internal static class SigmaMetadata
{
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];

    // Sections that are read elsewhere, and keys that have a property of their own.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "title", "id", "name", "status", "description", "author", "license", "date", "modified", "tags", "references", "falsepositives",
        "fields", "related", "level", "logsource", "detection", "correlation", "filter", "generate",
    };

    /// <param name="ids">The ids of the file so far: documents under one <c>action: global</c> share what stands there.</param>
    public static RuleMetadata Read(SigmaDocument document, RuleFile file, HashSet<string> ids, DiagnosticBag diagnostics)
    {
        var root = document.Root;
        var title = document.TextOf("title");
        if (string.IsNullOrWhiteSpace(title))
        {
            Report(SigmaDiagnostics.NoTitle, "The rule has no title; its file name stands for it.", root.Find("title"));
            title = Path.GetFileNameWithoutExtension(file.Path);
        }

        var id = document.Id;
        if (string.IsNullOrWhiteSpace(id))
        {
            id = DerivedId($"{file.Path}#{document.Index.ToString(CultureInfo.InvariantCulture)}");
            Report(SigmaDiagnostics.NoId, $"The rule has no id; {id} is derived from its place.", root.Find("id"));
        }
        else if (ids.Contains(id))
        {
            var shared = id;
            id = DerivedId($"{shared}#{document.Index.ToString(CultureInfo.InvariantCulture)}");
            Report(SigmaDiagnostics.NoId, $"Another document of this file has the id {shared}; {id} is derived for this one.", root.Find("id"));
        }

        ids.Add(id);
        var facts = new List<RuleFact>();
        var status = document.TextOf("status");
        if (FolderStatus(file) is { } folder && !string.Equals(status, folder, StringComparison.OrdinalIgnoreCase))
        {
            if (status is not null)
            {
                facts.Add(new RuleFact("status as written", status));
            }

            status = folder;
        }

        foreach (var entry in root.Entries)
        {
            switch (entry.Key.Text)
            {
                case "logsource":
                    AddLogSourceFacts(entry.Value, facts);
                    break;
                case "correlation" when entry.Value is YamlScalar:
                    AddFacts(entry.Key.Text, entry.Value, facts);
                    break;
                case var key when !Known.Contains(key):
                    AddFacts(key, entry.Value, facts);
                    break;
            }
        }

        return new RuleMetadata
        {
            Id = id,
            Title = title,
            Family = "sigma",
            File = file.Path,
            DocumentIndex = document.Index,
            Kind = document.Kind == SigmaDocumentKind.Correlation ? "correlation" : "rule",
            Name = document.Name,
            Description = document.TextOf("description"),
            Status = status,
            Severity = SeverityOf(),
            Author = Single("author"),
            Licence = document.TextOf("license"),
            Created = document.TextOf("date"),
            Modified = document.TextOf("modified"),
            Tags = List("tags"),
            References = List("references"),
            FalsePositives = List("falsepositives"),
            Fields = List("fields"),
            Related = Related(),
            Facts = facts,
        };

        void Report(DiagnosticDescriptor descriptor, string message, YamlNode? node)
            => diagnostics.Report(descriptor, message, document.Query, node is null ? new Core.Text.SourceSpan(document.SpanOf(root).Start, 0) : document.SpanOf(node));

        Severity? SeverityOf()
        {
            if (document.TextOf("level") is not { } level)
            {
                return null;
            }

            var index = Array.FindIndex(Levels, known => known.Equals(level, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
            {
                return (Severity)index;
            }

            Report(SigmaDiagnostics.UnknownLevel, $"The level '{(level.Length > 40 ? level[..40] : level)}' is not known; expected one of {string.Join(", ", Levels)}.", root.Find("level"));
            return null;
        }

        // Older rules list several authors.
        string? Single(string key) => root.Find(key) switch
        {
            YamlScalar { IsNull: false } scalar => scalar.Text,
            YamlSequence sequence => string.Join(", ", sequence.Items.OfType<YamlScalar>().Select(item => item.Text)),
            _ => null,
        };

        IReadOnlyList<string> List(string key)
        {
            switch (root.Find(key))
            {
                case null or YamlScalar { IsNull: true }:
                    return [];
                case YamlSequence sequence:
                    var items = new List<string>(sequence.Items.Count);
                    foreach (var item in sequence.Items)
                    {
                        items.Add(item is YamlScalar scalar ? scalar.Text : Flatten(item));
                        if (item is not YamlScalar)
                        {
                            Report(SigmaDiagnostics.MetadataForm, $"'{key}' is a list of texts; this is {item.KindName}. It is kept as a text.", item);
                        }
                    }

                    return items;
                case YamlScalar scalar:
                    Report(SigmaDiagnostics.MetadataForm, $"'{key}' should be a list; it is read as a list of one.", scalar);
                    return [scalar.Text];
                case { } other:
                    Report(SigmaDiagnostics.MetadataForm, $"'{key}' should be a list; this is {other.KindName}. It is kept as a text.", other);
                    return [Flatten(other)];
            }
        }

        IReadOnlyList<RelatedRule> Related()
        {
            if (root.Find("related") is not { } node || node is YamlScalar { IsNull: true })
            {
                return [];
            }

            var related = new List<RelatedRule>();
            foreach (var item in node is YamlSequence sequence ? sequence.Items : [node])
            {
                if (item is YamlMapping mapping && mapping.Find("id") is YamlScalar other)
                {
                    related.Add(new RelatedRule(other.Text, (mapping.Find("type") as YamlScalar)?.Text ?? ""));
                }
                else
                {
                    Report(SigmaDiagnostics.MetadataForm, "'related' is a list of maps with 'id' and 'type'; this is kept as a fact.", item);
                    facts.Add(new RuleFact("related", Flatten(item)));
                }
            }

            return related;
        }
    }

    /// <summary>Rows to alerts: title, level, ATT&amp;CK ids of the tags, the author's fields as context.</summary>
    public static AlertTemplate AlertOf(SigmaDocument document, RuleMetadata metadata, SigmaReading reading)
    {
        var title = document.Root.Find("title") is YamlScalar written ? Origin.Of(document.SpanOf(written)) : Origin.None;
        return new AlertTemplate(
            new ValueExpression.Literal(new Value.Text(metadata.Title)) { Origin = title },

            // A rule without a level: the middle, as one cannot say less.
            metadata.Severity ?? Severity.Medium,
            reading.Suppression,
            metadata.Fields.Select(field => new NamedExpression(field, new ValueExpression.Field(FieldPath.Named(field)))).ToIrList(),
            TechniquesOf(metadata.Tags));
    }

    /// <summary><c>attack.t1059.001</c> is T1059.001, <c>atlas.aml.t0051</c> AML.T0051; tactics, groups and software are no techniques.</summary>
    private static IrList<string> TechniquesOf(IReadOnlyList<string> tags)
    {
        var techniques = new List<string>();
        foreach (var tag in tags)
        {
            var id = tag.StartsWith("attack.", StringComparison.OrdinalIgnoreCase) ? tag[7..].Trim().ToUpperInvariant()
                : tag.StartsWith("atlas.", StringComparison.OrdinalIgnoreCase) ? tag[6..].Trim().ToUpperInvariant()
                : "";
            var number = id.StartsWith("AML.T", StringComparison.Ordinal) ? id[5..] : id.StartsWith('T') && !id.StartsWith("TA", StringComparison.Ordinal) ? id[1..] : "";
            if (number.Length >= 4 && number.All(character => char.IsAsciiDigit(character) || character == '.') && !techniques.Contains(id, StringComparer.Ordinal))
            {
                techniques.Add(id);
            }
        }

        return techniques.ToIrList();
    }

    // Repositories put rules away by folder: SigmaHQ has deprecated/ and unsupported/.
    private static string? FolderStatus(RuleFile file)
    {
        var folders = $"{Path.GetFileName(file.Root.TrimEnd('/', '\\'))}/{file.Path}".Split('/');
        foreach (var status in (string[])["deprecated", "unsupported"])
        {
            if (folders.SkipLast(1).Contains(status, StringComparer.OrdinalIgnoreCase))
            {
                return status;
            }
        }

        return null;
    }

    private static void AddLogSourceFacts(YamlNode node, List<RuleFact> facts)
    {
        if (node is not YamlMapping mapping)
        {
            AddFacts("logsource", node, facts);
            return;
        }

        foreach (var entry in mapping.Entries)
        {
            if (entry.Key.Text is not ("product" or "category" or "service" or "definition") || entry.Value is not YamlScalar)
            {
                AddFacts($"logsource {entry.Key.Text}", entry.Value, facts);
            }
        }
    }

    /// <summary>A fact for a single value, one for each element of a list.</summary>
    private static void AddFacts(string name, YamlNode node, List<RuleFact> facts)
    {
        if (node is YamlSequence sequence)
        {
            foreach (var item in sequence.Items)
            {
                facts.Add(new RuleFact(name, Flatten(item)));
            }
        }
        else if (node is not YamlScalar { IsNull: true })
        {
            facts.Add(new RuleFact(name, Flatten(node)));
        }
    }

    /// <summary><c>type: x; name: y</c>.</summary>
    private static string Flatten(YamlNode node)
    {
        var text = new StringBuilder();
        Append(node);
        return text.ToString();

        void Append(YamlNode part)
        {
            switch (part)
            {
                case YamlScalar scalar:
                    text.Append(scalar.Text);
                    break;
                case YamlSequence sequence:
                    text.Append('[');
                    for (var i = 0; i < sequence.Items.Count; i++)
                    {
                        text.Append(i == 0 ? "" : ", ");
                        Append(sequence.Items[i]);
                    }

                    text.Append(']');
                    break;
                case YamlMapping mapping:
                    for (var i = 0; i < mapping.Entries.Count; i++)
                    {
                        text.Append(i == 0 ? "" : "; ").Append(mapping.Entries[i].Key.Text).Append(": ");
                        Append(mapping.Entries[i].Value);
                    }

                    break;
            }
        }
    }

    /// <summary>An id that stays while file and position do: version 8 of RFC 9562, over SHA-256.</summary>
    private static string DerivedId(string place)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(place)).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true).ToString();
    }
}
