using System.Text;
using Glossa.Core.Diagnostics;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages;

/// <summary>A file of values for placeholders: a YAML map from a name to a list of values, or to a single one.</summary>
public static class ValueListFile
{
    private static readonly DiagnosticDescriptor Form = new("VAL0001", "The file is no map of value lists", DiagnosticSeverity.Error);
    private static readonly DiagnosticDescriptor Unusable = new("VAL0002", "The value cannot be used", DiagnosticSeverity.Error);

    /// <summary>Reads what can be read; what cannot is a diagnostic. For <see cref="RepositoryOptions.ValueLists"/>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(diagnostics);
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        string text;
        try
        {
            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Add(Diagnostic.OfFile(RepositoryDiagnostics.Unreadable, $"The file cannot be read: {exception.Message}", path));
            return lists;
        }

        var file = new SourceFile(path, text);
        foreach (var document in YamlReader.Read(file, diagnostics))
        {
            if (document.Root is not YamlMapping mapping)
            {
                if (document.Root is { } other)
                {
                    Report(Form, $"Value lists are a map from names to lists; this is {other.KindName}.", other);
                }

                continue;
            }

            foreach (var entry in mapping.Entries)
            {
                var values = new List<string>();
                foreach (var node in entry.Value is YamlSequence sequence ? sequence.Items : [entry.Value])
                {
                    if (node is not YamlScalar scalar)
                    {
                        Report(Form, $"A value list holds single values; this is {node.KindName}.", node);
                    }
                    else if (scalar.Text.Contains('\n', StringComparison.Ordinal))
                    {
                        Report(Unusable, "A value cannot hold a line break.", scalar);
                    }
                    else if (!scalar.IsNull && scalar.Text.Length > 0)
                    {
                        values.Add(scalar.Text);
                    }
                }

                lists[entry.Key.Text] = values;
            }
        }

        return lists;

        void Report(DiagnosticDescriptor descriptor, string message, YamlNode node)
            => diagnostics.Add(Diagnostic.At(descriptor, message, new FileRange(file, node.Span)));
    }
}
