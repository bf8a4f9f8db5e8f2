using Glossa.Core.Ir;

namespace Glossa.Languages.Sigma;

/// <summary>What an item compares with: each excludes the others.</summary>
internal enum SigmaItemKind
{
    Text,
    Regex,
    Cidr,
    Order,
    Exists,
    FieldReference,
}

internal enum SigmaTextPlace
{
    Whole,
    Contains,
    StartsWith,
    EndsWith,
}

internal enum SigmaTransform
{
    WinDash,
    Base64,
    Base64Offset,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>Little endian after a byte order mark.</summary>
    Utf16,
    Expand,
}

/// <summary>
/// The modifiers of one item, in the order they were written and checked against each other
/// (https://github.com/SigmaHQ/sigma-specification, specification/sigma-appendix-modifiers.md, version 2.1.0).
/// </summary>
internal sealed class SigmaModifiers
{
    private static readonly Dictionary<string, SigmaTransform> Transforms = new(StringComparer.Ordinal)
    {
        ["windash"] = SigmaTransform.WinDash,
        ["base64"] = SigmaTransform.Base64,
        ["base64offset"] = SigmaTransform.Base64Offset,
        ["wide"] = SigmaTransform.Utf16LittleEndian,
        ["utf16le"] = SigmaTransform.Utf16LittleEndian,
        ["utf16be"] = SigmaTransform.Utf16BigEndian,
        ["utf16"] = SigmaTransform.Utf16,
        ["expand"] = SigmaTransform.Expand,
    };

    private static readonly Dictionary<string, LeafOperator> Orders = new(StringComparer.Ordinal)
    {
        ["lt"] = LeafOperator.Lt,
        ["lte"] = LeafOperator.Le,
        ["gt"] = LeafOperator.Gt,
        ["gte"] = LeafOperator.Ge,
    };

    private static readonly Dictionary<string, RegexOptionSet?> RegexFlags = new(StringComparer.Ordinal)
    {
        ["i"] = null,
        ["ignorecase"] = null,
        ["m"] = RegexOptionSet.Multiline,
        ["multiline"] = RegexOptionSet.Multiline,
        ["s"] = RegexOptionSet.DotAll,
        ["dotall"] = RegexOptionSet.DotAll,
    };

    private static readonly string[] TimeParts = ["minute", "hour", "day", "week", "month", "year"];

    private static readonly string[] Others = ["contains", "startswith", "endswith", "all", "exists", "cased", "re", "cidr", "neq", "fieldref"];

    private readonly List<SigmaTransform> _transforms = [];

    public static IReadOnlyList<string> Names { get; } = [.. Others, .. Transforms.Keys, .. Orders.Keys, .. RegexFlags.Keys, .. TimeParts];

    public SigmaItemKind Kind { get; private set; } = SigmaItemKind.Text;

    public SigmaTextPlace Place { get; private set; } = SigmaTextPlace.Whole;

    public LeafOperator Order { get; private set; }

    public IReadOnlyList<SigmaTransform> Transformations => _transforms;

    public RegexOptionSet RegexOptions { get; private set; }

    public bool RegexIgnoresCase { get; private set; }

    public bool All { get; private set; }

    public bool Cased { get; private set; }

    public bool Negated { get; private set; }

    public bool Expands => _transforms.Contains(SigmaTransform.Expand);

    public bool WinDashes => _transforms.Contains(SigmaTransform.WinDash);

    public bool Encodes => _transforms.Exists(transform => transform is not (SigmaTransform.WinDash or SigmaTransform.Expand));

    /// <summary><c>minute</c> … <c>year</c>; null where the field is compared as it is.</summary>
    public string? TimePart { get; private set; }

    private bool IsBare => Kind == SigmaItemKind.Text && Place == SigmaTextPlace.Whole && _transforms.Count == 0 && TimePart is null;

    /// <summary>The name one slip away from what was written, or null.</summary>
    public static string? Nearest(string name) => NearNames.Find(name.ToLowerInvariant(), Names);

    public static bool IsKnown(string name)
        => Transforms.ContainsKey(name) || Orders.ContainsKey(name) || RegexFlags.ContainsKey(name) || TimeParts.Contains(name, StringComparer.Ordinal) || Others.Contains(name, StringComparer.Ordinal);

    /// <summary>Adds the next modifier. Null when it fits; else why not.</summary>
    public string? Add(string name)
    {
        switch (name)
        {
            case "all":
                All = true;
                return Kind == SigmaItemKind.Exists ? "'exists' stands alone" : null;
            case "neq":
                Negated = true;
                return Kind == SigmaItemKind.Exists ? "'exists' stands alone" : null;
            case "cased":
                Cased = true;
                return Kind switch
                {
                    SigmaItemKind.Text or SigmaItemKind.FieldReference => null,
                    SigmaItemKind.Regex => "a regular expression keeps case unless 'i' follows it",
                    _ => "only texts have a case",
                };
            case "contains" or "startswith" or "endswith":
                return AddPlace(name);
            case "re":
                return Claim(SigmaItemKind.Regex, "'re' must be the first modifier, since its value is a pattern and no text");
            case "cidr":
                return Claim(SigmaItemKind.Cidr, "'cidr' stands alone, since its value is a network and no text");
            case "exists":
                return All || Negated || Cased
                    ? "'exists' stands alone"
                    : Claim(SigmaItemKind.Exists, "'exists' stands alone");
            case "fieldref":
                return Claim(SigmaItemKind.FieldReference, "'fieldref' must be the first modifier, since its value is a field's name and no text");
        }

        if (Kind == SigmaItemKind.Exists)
        {
            return "'exists' stands alone";
        }

        if (Orders.TryGetValue(name, out var order))
        {
            if (!(Kind == SigmaItemKind.Text && Place == SigmaTextPlace.Whole && _transforms.Count == 0) || Cased)
            {
                return $"'{name}' compares numbers; it follows nothing but a time part";
            }

            Kind = SigmaItemKind.Order;
            Order = order;
            return null;
        }

        if (RegexFlags.TryGetValue(name, out var flag))
        {
            if (Kind != SigmaItemKind.Regex)
            {
                return $"'{name}' is a flag of 're' and must follow it";
            }

            if (flag is { } option)
            {
                RegexOptions |= option;
            }
            else
            {
                RegexIgnoresCase = true;
            }

            return null;
        }

        if (Array.IndexOf(TimeParts, name) >= 0)
        {
            if (!IsBare)
            {
                return $"'{name}' takes a number out of a time; it must be the first modifier";
            }

            TimePart = name;
            return null;
        }

        return AddTransform(name, Transforms[name]);
    }

    private string? AddPlace(string name)
    {
        if (TimePart is not null || Kind is not (SigmaItemKind.Text or SigmaItemKind.FieldReference or SigmaItemKind.Regex))
        {
            return $"'{name}' compares texts";
        }

        if (Place != SigmaTextPlace.Whole)
        {
            return $"'{name}' cannot follow another of 'contains', 'startswith', 'endswith'";
        }

        Place = name switch
        {
            "contains" => SigmaTextPlace.Contains,
            "startswith" => SigmaTextPlace.StartsWith,
            _ => SigmaTextPlace.EndsWith,
        };
        return null;
    }

    private string? Claim(SigmaItemKind kind, string otherwise)
    {
        if (!IsBare)
        {
            return otherwise;
        }

        Kind = kind;
        return null;
    }

    private string? AddTransform(string name, SigmaTransform transform)
    {
        if (TimePart is not null || Kind != SigmaItemKind.Text)
        {
            return $"'{name}' changes texts";
        }

        var encodes = transform is not (SigmaTransform.WinDash or SigmaTransform.Expand);
        if (encodes && Place != SigmaTextPlace.Whole)
        {
            return $"'{name}' must stand before 'contains', 'startswith' and 'endswith', which add wildcards that cannot be encoded";
        }

        if (encodes && Expands)
        {
            return $"'{name}' cannot follow 'expand', whose values are not known here";
        }

        if (!encodes && Encodes)
        {
            return $"'{name}' cannot follow an encoding";
        }

        if (_transforms.Exists(known => known is SigmaTransform.Base64Offset)
            || (_transforms.Contains(SigmaTransform.Base64) && transform != SigmaTransform.Base64 && transform != SigmaTransform.Base64Offset))
        {
            return $"'{name}' cannot follow Base64";
        }

        if (transform is SigmaTransform.Utf16 or SigmaTransform.Utf16BigEndian or SigmaTransform.Utf16LittleEndian
            && _transforms.Exists(known => known is SigmaTransform.Utf16 or SigmaTransform.Utf16BigEndian or SigmaTransform.Utf16LittleEndian))
        {
            return $"'{name}' cannot follow another re-encoding";
        }

        _transforms.Add(transform);
        return null;
    }
}

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearNames
{
    /// <summary>The name with the fewest changes, if they are few against its length; null otherwise.</summary>
    public static string? Find(string name, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = Math.Max(1, Math.Min(name.Length, 24) / 3) + 1;
        foreach (var candidate in names)
        {
            if (Math.Abs(candidate.Length - name.Length) < bestDistance && name.Length <= 100)
            {
                var distance = Distance(name, candidate, bestDistance);
                if (distance < bestDistance)
                {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }

        return best;
    }

    // Levenshtein, given up where every way is already too long.
    private static int Distance(string left, string right, int limit)
    {
        var previous = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            var least = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
                least = Math.Min(least, current[j]);
            }

            if (least >= limit)
            {
                return limit;
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
