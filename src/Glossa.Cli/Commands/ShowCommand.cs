using System.CommandLine;
using System.Text.Json;
using Glossa.Catalog;
using Glossa.Cli.Output;

namespace Glossa.Cli.Commands;

/// <summary><c>glossa show RULE</c>: a rule's page in the terminal.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var rule = new Argument<string>("RULE") { Description = "Id, address (family/slug), title or file of a rule." };
        var database = CatalogOptions.Database();
        var rules = CatalogOptions.Rules();
        var placeholders = CatalogOptions.Placeholders();
        var json = CatalogOptions.Json();
        var command = new Command("show", "Shows what is known of a rule.") { rule, database, rules, placeholders, json };
        command.SetAction(parsed => CatalogOptions.WithCatalog(
            parsed.GetValue(database),
            parsed.GetValue(rules) ?? [],
            parsed.GetValue(placeholders) ?? [],
            catalog => Run(catalog, parsed.GetValue(rule)!, parsed.GetValue(json))));
        return command;
    }

    private static int Run(CatalogDatabase catalog, string word, bool json)
    {
        var reader = new RuleRecordReader(catalog);
        var found = reader.Resolve(word);
        if (found.Count == 0)
        {
            return CatalogOptions.Fail($"No rule has the id, address, title or file '{word}'. Try: glossa search \"{word}\"", ExitCode.Usage);
        }

        if (found.Count > 1)
        {
            Console.Error.WriteLine($"glossa: '{TerminalText.Clean(word)}' means {found.Count} rules; name one by its address:");
            foreach (var rule in found.Take(20))
            {
                Console.Error.WriteLine($"  {rule.Family}/{rule.Slug}  {TerminalText.Clean(rule.Title)}  ({TerminalText.Clean(rule.File)})");
            }

            return ExitCode.Usage;
        }

        if (reader.Read(found[0].Family, found[0].Slug) is not { } record)
        {
            return CatalogOptions.Fail($"The catalog {catalog.Path} has no record of {found[0].Family}/{found[0].Slug}.", ExitCode.Fault);
        }

        return ResultWriter.Write(writer =>
        {
            if (json)
            {
                writer.WriteLine(JsonSerializer.Serialize(record, RecordJson.Indented.RuleRecord));
            }
            else
            {
                new RulePrinter(writer).Write(record);
            }
        });
    }
}
