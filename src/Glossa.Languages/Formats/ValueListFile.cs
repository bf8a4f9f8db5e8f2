using System.Text;
using Glossa.Core.Diagnostics;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Formats;

/// <summary>A YAML file of lists by name: the values of the placeholders that rules leave to their user.</summary>
public static class ValueListFile
{
    public static readonly DiagnosticDescriptor Unreadable = new("VAL0001", "A file of values cannot be read", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NotAList = new("VAL0002", "A file of values is a map from names to lists", DiagnosticSeverity.Error);

    private const long MaximumBytes = 64L << 20;

    /// <summary>The lists of a file; what is no list of single values is left out, with a diagnostic. A single value is a list of one.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path, DiagnosticBag diagnostics)
    {
        ArgumentNullException.ThrowIfNull(diagnostics);
        var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        string text;
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
            {
                diagnostics.Add(Diagnostic.OfFile(Unreadable, $"The file is larger than {MaximumBytes >> 20} MiB, which is the limit.", path));
                return lists;
            }

            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Add(Diagnostic.OfFile(Unreadable, problem.Message, path));
            return lists;
        }

        var file = new SourceFile(path, text);
        foreach (var document in YamlReader.Read(file, diagnostics))
        {
            if (document.Root is not YamlMapping map)
            {
                diagnostics.Add(Diagnostic.OfFile(NotAList, $"Expected a map from names to lists, found {document.Root?.KindName ?? "nothing"}.", path));
                continue;
            }

            foreach (var entry in map.Entries)
            {
                var items = entry.Value switch
                {
                    YamlSequence sequence => sequence.Items,
                    YamlScalar { IsNull: true } => [],
                    var single => [single],
                };
                if (entry.Key is YamlScalar name && items.All(item => item is YamlScalar))
                {
                    lists[name.Text] = [.. items.Cast<YamlScalar>().Select(item => item.Text)];
                }
                else
                {
                    diagnostics.Add(Diagnostic.At(NotAList, "Expected a name with a list of single values.", new FileRange(file, entry.Span)));
                }
            }
        }

        return lists;
    }
}
