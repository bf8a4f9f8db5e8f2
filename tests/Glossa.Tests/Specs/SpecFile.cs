namespace Glossa.Tests.Specs;

/// <summary>
/// A specification people read and tests run: a Markdown file whose second-level headings are cases, with fenced blocks named by
/// what they hold. Blocks that a reader computes can be written back.
/// </summary>
internal static class SpecFile
{
    public static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_SPECS") == "1";

    public static string PathOf(string name) => Path.Combine(TestPaths.Root, "tests", "Glossa.Tests", "Specs", name);

    /// <summary>The cases in order. Third-level headings are cases; first and second level are chapters.</summary>
    public static IReadOnlyList<SpecCase> Read(string name)
    {
        var cases = new List<SpecCase>();
        var lines = File.ReadAllLines(PathOf(name));
        SpecCase? current = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("### ", StringComparison.Ordinal))
            {
                current = new SpecCase(lines[i][4..].Trim(), []);
                cases.Add(current);
            }
            else if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var kind = lines[i][3..].Trim();
                var end = Array.FindIndex(lines, i + 1, line => line == "```");
                Assert.True(end > 0, $"{name}:{i + 1}: the block is not closed.");
                Assert.True(current is not null, $"{name}:{i + 1}: a block before the first case.");
                Assert.True(current.Blocks.TryAdd(kind, string.Join('\n', lines[(i + 1)..end])), $"{name}:{i + 1}: '{current.Title}' has two blocks '{kind}'.");
                i = end;
            }
        }

        return cases;
    }

    /// <summary>Writes the computed blocks of one case back, each where one of its kind stands, else behind the case's last block.</summary>
    public static void Replace(string name, string title, IReadOnlyDictionary<string, string> computed)
    {
        var lines = File.ReadAllLines(PathOf(name)).ToList();
        var start = lines.FindIndex(line => line == $"### {title}");
        var pending = computed.Where(block => block.Value.Length > 0).ToDictionary(block => block.Key, block => block.Value, StringComparer.Ordinal);
        var after = start + 1;
        for (var i = start + 1; i < lines.Count && !lines[i].StartsWith("## ", StringComparison.Ordinal) && !lines[i].StartsWith("### ", StringComparison.Ordinal); i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var kind = lines[i][3..].Trim();
            var end = lines.FindIndex(i + 1, line => line == "```");
            if (computed.ContainsKey(kind))
            {
                lines.RemoveRange(i, end - i + 1);
                if (pending.Remove(kind, out var text))
                {
                    lines.InsertRange(i, [$"```{kind}", .. text.Split('\n'), "```"]);
                    end = lines.FindIndex(i + 1, line => line == "```");
                }
                else
                {
                    // Nothing to say any more: the blank line before the block goes with it.
                    if (lines[i - 1].Length == 0)
                    {
                        lines.RemoveAt(i - 1);
                        i--;
                    }

                    i--;
                    continue;
                }
            }

            i = end;
            after = end + 1;
        }

        foreach (var (kind, text) in pending)
        {
            string[] block = [$"```{kind}", .. text.Split('\n'), "```"];
            lines.InsertRange(after, block);
            after += block.Length;
        }

        File.WriteAllText(PathOf(name), string.Join('\n', lines) + "\n");
    }
}

internal sealed record SpecCase(string Title, Dictionary<string, string> Blocks);
