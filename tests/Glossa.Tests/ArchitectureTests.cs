using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Glossa.Tests;

/// <summary>
/// The shape of the house. A project may refer to a lower floor only; both what it asks for (its project file) and what
/// it uses (its assembly) are read, since the compiler drops a reference that nobody uses.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["Glossa.Core"] = 1,
        ["Glossa.Languages"] = 2,
        ["Glossa.Python"] = 2,
        ["Glossa.Analysis"] = 2,
        ["Glossa.Execution"] = 2,
        ["Glossa.Catalog"] = 3,
        ["Glossa.Web"] = 3,
        ["Glossa.Cli"] = 4,
    };

    /// <summary>References within one floor. The pages show what the catalog holds; nothing else earns one.</summary>
    private static readonly HashSet<(string From, string To)> Exceptions = [("Glossa.Web", "Glossa.Catalog")];

    /// <summary>
    /// What each folder of Core may use. Text knows nothing; Diagnostics points into text; the taxonomy is tables with
    /// positions. The IR, the events and the rules speak of each other, but not of what is done with them; that is the
    /// evaluator's and the rewriters' part.
    /// </summary>
    private static readonly Dictionary<string, string[]> CoreFolders = new()
    {
        ["Text"] = [],
        ["Diagnostics"] = ["Text"],
        ["Taxonomy"] = ["Text", "Diagnostics"],
        ["Events"] = ["Text", "Diagnostics", "Taxonomy", "Ir", "Rules"],
        ["Ir"] = ["Text", "Diagnostics", "Taxonomy", "Events", "Rules"],
        ["Rules"] = ["Text", "Diagnostics", "Taxonomy", "Events", "Ir"],
        ["Semantics"] = ["Text", "Diagnostics", "Taxonomy", "Events", "Ir", "Rules"],
        ["Rewrites"] = ["Text", "Diagnostics", "Taxonomy", "Events", "Ir", "Rules", "Semantics"],
    };

    /// <summary>Folders of Glossa.Languages that serve every language.</summary>
    private static readonly HashSet<string> SharedLanguageFolders = ["Common", "Formats"];

    public static TheoryData<string> Projects
        => new(ProjectFiles().Select(Path.GetFileNameWithoutExtension).OfType<string>());

    public static TheoryData<string> FoldersOfCore => new(CoreFolders.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_has_a_floor(string project) => Assert.Contains(project, Floors);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_file_names_lower_floors_only(string project)
        => Assert.DoesNotContain(
            References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))),
            target => !MayRefer(project, target));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_uses_lower_floors_only(string project)
        => Assert.DoesNotContain(
            Load(project).GetReferencedAssemblies().Select(reference => ProjectOf(reference.Name!)),
            target => target.StartsWith("Glossa.", StringComparison.Ordinal) && !MayRefer(project, target));

    [Fact]
    public void Core_has_no_packages() => Assert.Empty(References("Glossa.Core", "PackageReference"));

    [Fact]
    public void Core_has_no_folder_without_a_place_in_the_order()
        => Assert.DoesNotContain(
            Directory.EnumerateDirectories(ProjectFolder("Glossa.Core")).Select(Path.GetFileName),
            folder => !CoreFolders.ContainsKey(folder!));

    [Theory]
    [MemberData(nameof(FoldersOfCore))]
    public void Core_folder_uses_lower_folders_only(string folder)
        => AssertNone(
            from file in SourceFiles(Path.Combine(ProjectFolder("Glossa.Core"), folder))
            from used in CoreNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups["folder"].Value)
            where used != folder && CoreFolders.ContainsKey(used) && !CoreFolders[folder].Contains(used)
            select $"{RelativePath(file)} uses Glossa.Core.{used}");

    [Fact]
    public void Core_file_has_the_namespace_of_its_folder()
        => AssertNone(
            from folder in CoreFolders.Keys
            from file in SourceFiles(Path.Combine(ProjectFolder("Glossa.Core"), folder))
            let declared = NamespaceDeclaration().Match(File.ReadAllText(file)).Groups["name"].Value
            where declared != $"Glossa.Core.{folder}"
                && !declared.StartsWith($"Glossa.Core.{folder}.", StringComparison.Ordinal)
            select $"{RelativePath(file)} declares '{declared}'");

    [Fact]
    public void Language_folder_names_no_other_language()
    {
        var languages = Directory.EnumerateDirectories(ProjectFolder("Glossa.Languages"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => !SharedLanguageFolders.Contains(folder))
            .ToHashSet();
        AssertNone(
            from folder in languages
            from file in SourceFiles(Path.Combine(ProjectFolder("Glossa.Languages"), folder))
            from used in LanguageNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups["folder"].Value)
            where used != folder && languages.Contains(used)
            select $"{RelativePath(file)} uses Glossa.Languages.{used}");
    }

    // Not Assert.Empty: it cuts each line short, and the end of the line is what one needs to read.
    private static void AssertNone(IEnumerable<string> offenders)
    {
        var lines = string.Join('\n', offenders);
        Assert.True(lines.Length == 0, lines);
    }

    private static bool MayRefer(string from, string to)
        => Floors.TryGetValue(to, out var floor) && (floor < Floors[from] || Exceptions.Contains((from, to)));

    private static IEnumerable<string> ProjectFiles()
        => Directory.EnumerateFiles(Path.Combine(TestPaths.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    private static string ProjectFolder(string project) => Path.Combine(TestPaths.Root, "src", project);

    private static IEnumerable<string> SourceFiles(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories) : [];

    private static string RelativePath(string file) => Path.GetRelativePath(TestPaths.Root, file);

    private static IEnumerable<string> References(string project, string kind)
        => XDocument.Load(Path.Combine(ProjectFolder(project), project + ".csproj"))
            .Descendants(kind)
            .Select(reference => (string)reference.Attribute("Include")!);

    private static Assembly Load(string project) => Assembly.Load(AssemblyOf(project));

    // The executable carries the command's name; every other assembly is called like its project.
    private static string AssemblyOf(string project) => project == "Glossa.Cli" ? "glossa" : project;

    private static string ProjectOf(string assembly) => assembly == "glossa" ? "Glossa.Cli" : assembly;

    [GeneratedRegex(@"\bGlossa\.Core\.(?<folder>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"\bGlossa\.Languages\.(?<folder>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LanguageNamespace();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceDeclaration();
}
