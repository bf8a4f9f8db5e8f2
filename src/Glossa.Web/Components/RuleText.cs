using Glossa.Core.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Glossa.Web.Components;

/// <summary>
/// Somebody else's words on our page: encoded, set apart so that their direction does not spill over, and with every
/// hidden character shown by its name.
/// </summary>
public sealed class RuleText : ComponentBase
{
    [Parameter]
    public string? Value { get; set; }

    /// <summary>Code keeps its spaces and reads from left to right.</summary>
    [Parameter]
    public bool Code { get; set; }

    [Parameter]
    public string? Class { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, Code ? "code" : "bdi");
        builder.AddAttribute(1, "class", Class);
        AddText(builder, Value ?? "");
        builder.CloseElement();
    }

    internal static void AddText(RenderTreeBuilder builder, string text)
    {
        foreach (var piece in HiddenCharacters.Split(text))
        {
            if (piece.Name is null)
            {
                builder.AddContent(2, piece.Text);
            }
            else
            {
                builder.OpenElement(3, "span");
                builder.AddAttribute(4, "class", "unseen");
                builder.AddContent(5, piece.Name);
                builder.CloseElement();
            }
        }
    }
}
