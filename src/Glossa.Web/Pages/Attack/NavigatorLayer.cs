using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Glossa.Catalog;
using Glossa.Web.Components.Attack;
using Glossa.Web.Text;

namespace Glossa.Web.Pages.Attack;

/// <summary>
/// A layer of the ATT&amp;CK Navigator: https://github.com/mitre-attack/attack-navigator/blob/master/layers/LAYERFORMATv4_5.md. Of its properties those
/// that say something here. The colour tells the state and the score the rules; a place without a rule has neither.
/// </summary>
/// <param name="Sorting">3: by score, the highest first.</param>
internal sealed record NavigatorLayer(
    string Name,
    LayerVersions Versions,
    string Domain,
    string Description,
    int Sorting,
    LayerLayout Layout,
    IReadOnlyList<LayerTechnique> Techniques,
    LayerGradient Gradient,
    IReadOnlyList<LayerLegendItem> LegendItems,
    bool SelectTechniquesAcrossTactics,
    bool SelectSubtechniquesWithParent)
{
    /// <summary>As the page shows them in the light.</summary>
    private static readonly (string State, string Colour)[] Colours = [("tested", "#86bbdf"), ("exact", "#c8e0f0"), ("tagged", "#eef4f9")];

    public static string Write(AttackMatrixRecord matrix)
    {
        // A technique stands in several tactics and has the same rules in each: without a tactic its entry holds for all of them.
        var techniques = matrix.Tactics.SelectMany(tactic => tactic.Techniques).SelectMany(cell => cell.SubTechniques.Prepend(cell))
            .DistinctBy(cell => cell.Id).OrderBy(cell => cell.Id, StringComparer.Ordinal)
            .Select(cell => new LayerTechnique(
                cell.Id,
                cell.Counts.Rules == 0 ? null : cell.Counts.Rules,
                Array.Find(Colours, colour => colour.State == cell.Counts.State).Colour ?? "",
                Comment(cell.Counts),
                Enabled: true,
                ShowSubtechniques: false))
            .ToList();
        var layer = new NavigatorLayer(
            matrix.Families.Count == 0 ? "Glossa: detection rules" : "Glossa: detection rules of " + string.Join(", ", matrix.Families.Select(Names.Family)),
            new LayerVersions(matrix.Version, "4.9.0", "4.5"),
            "enterprise-attack",
            "Rules that name each technique or one below it. Tested: an exactly understood rule fired on an event made from its logic.",
            Sorting: 3,
            new LayerLayout("side", ShowID: true, ShowName: true),
            techniques,
            new LayerGradient(["#ffffff", Colours[0].Colour], 0, Math.Max(1, techniques.Select(technique => technique.Score ?? 0).DefaultIfEmpty().Max())),
            [.. Colours.Select(colour => new LayerLegendItem(AttackNames.State(colour.State), colour.Colour))],
            SelectTechniquesAcrossTactics: true,
            SelectSubtechniquesWithParent: false);
        return JsonSerializer.Serialize(layer, LayerJson.Indented.NavigatorLayer);
    }

    private static string Comment(AttackCounts counts)
        => counts.Rules == 0 ? "no rule"
            : string.Create(CultureInfo.InvariantCulture, $"{counts.Rules} rules, {counts.Exact} exact, {counts.Tested} tested; ")
                + string.Join(", ", counts.ByFamily.Select(family => string.Create(CultureInfo.InvariantCulture, $"{family.Key} {family.Value}")));
}

internal sealed record LayerVersions(string Attack, string Navigator, string Layer);

internal sealed record LayerLayout(string Layout, bool ShowID, bool ShowName);

internal sealed record LayerTechnique(
    [property: JsonPropertyName("techniqueID")] string TechniqueId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Score,
    string Color,
    string Comment,
    bool Enabled,
    bool ShowSubtechniques);

internal sealed record LayerGradient(IReadOnlyList<string> Colors, int MinValue, int MaxValue);

internal sealed record LayerLegendItem(string Label, string Color);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NavigatorLayer))]
internal sealed partial class LayerJson : JsonSerializerContext
{
    public static LayerJson Indented { get; } = new(RecordJson.OptionsFor(isIndented: true));
}
