using System.Text;

namespace Glossa.Web.Http;

/// <summary>The sheet is written to be read and sent without what only readers need.</summary>
internal static class StyleSheet
{
    /// <summary>Without comments, line breaks and the blanks that mean nothing. Strings stay as they are; a blank in a selector has a meaning.</summary>
    public static string Compact(string sheet)
    {
        var compact = new StringBuilder(sheet.Length);
        var isValue = false;
        for (var i = 0; i < sheet.Length; i++)
        {
            var c = sheet[i];
            if (c == '/' && i + 1 < sheet.Length && sheet[i + 1] == '*')
            {
                var end = sheet.IndexOf("*/", i + 2, StringComparison.Ordinal);
                i = end < 0 ? sheet.Length : end + 1;
                continue;
            }

            if (c is '"' or '\'')
            {
                var end = sheet.IndexOf(c, i + 1);
                end = end < 0 ? sheet.Length - 1 : end;
                compact.Append(sheet, i, end - i + 1);
                i = end;
                continue;
            }

            if (char.IsWhiteSpace(c))
            {
                if (compact.Length > 0 && compact[^1] is not (' ' or '{' or '}' or ';' or ',') && !(isValue && compact[^1] == ':'))
                {
                    compact.Append(' ');
                }

                continue;
            }

            if (c is '{' or '}' or ';' or ',' && compact.Length > 0 && compact[^1] == ' ')
            {
                compact.Length--;
            }

            if (c == '}' && compact.Length > 0 && compact[^1] == ';')
            {
                compact.Length--;
            }

            if (c is '{' or '}' or ';')
            {
                isValue = IsDeclaration(sheet, i + 1);
            }

            compact.Append(c);
        }

        return compact.ToString().Trim();
    }

    /// <summary>Whether what begins here is a property and its value, and no selector.</summary>
    private static bool IsDeclaration(string sheet, int from)
    {
        var end = sheet.AsSpan(from).IndexOfAny(";{}");
        return end >= 0 && sheet[from + end] != '{';
    }
}
