namespace Glossa.Web.Pages.Fields;

/// <summary>The pages of what rules look for, where, and what of them is not understood.</summary>
internal static class FieldsRoutes
{
    public static void MapFields(this WebApplication site)
    {
        site.MapValues();
        site.MapIndicators();
    }
}
