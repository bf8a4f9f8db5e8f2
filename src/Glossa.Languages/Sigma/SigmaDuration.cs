using System.Globalization;

namespace Glossa.Languages.Sigma;

/// <summary>Lengths of time: a number and s, m, h, d of the specification, or w, M, y of pySigma (a month is 2,629,746 s, a year 31,556,952 s).</summary>
internal static class SigmaDuration
{
    public const string Expected = "a whole number and one of s, m, h, d (or w, M, y), such as 90m";

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (text.Length < 2 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var seconds = text[^1] switch
        {
            's' => 1L,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            'M' => 2_629_746,
            'y' => 31_556_952,
            _ => 0,
        };

        // A hundred years: nothing that a clock could count is longer, and nothing overflows on the way.
        if (seconds == 0 || count == 0 || count > 3_155_695_200L / seconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds);
        return true;
    }
}
