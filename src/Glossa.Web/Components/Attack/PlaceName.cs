using Glossa.Web.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Glossa.Web.Components.Attack;

/// <summary>A name out of our own table of ATT&amp;CK, made to break in a narrow column: after a slash, and between syllables of long words.</summary>
public sealed class PlaceName : ComponentBase
{
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var parts = Name.Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            builder.AddContent(0, Hyphens.In(parts[i]));
            if (i + 1 < parts.Length)
            {
                builder.AddContent(1, "/");
                builder.OpenElement(2, "wbr");
                builder.CloseElement();
            }
        }
    }
}
