using System.Globalization;
using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;

namespace Glossa.Core.Semantics;

/// <summary>When two rows have the same key: by the canonical text of their values, letter by letter; a list is one value, whole.</summary>
public static class GroupKeys
{
    /// <summary>One text for the values of all keys, equal exactly where the keys are; null where a key without a value drops the row.</summary>
    public static string? Of(IrList<GroupKey> keys, Func<ValueExpression, Value?> resolve)
    {
        var text = new StringBuilder();
        foreach (var key in keys)
        {
            var value = resolve(key.Expression);
            if (!LeafSemantics.HasValue(value))
            {
                if (key.OnNull == NullKeys.Drop)
                {
                    return null;
                }

                text.Append('-');
                continue;
            }

            Append(text, value!, depth: 0);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Value value, int depth)
    {
        switch (value)
        {
            // A list of one is its element: logs write a single address either way.
            case Value.List { Items: [var only] } when depth < 32:
                Append(text, only, depth + 1);
                break;
            case Value.List list when depth < 32:
                text.Append(CultureInfo.InvariantCulture, $"[{list.Items.Count}:");
                foreach (var item in list.Items)
                {
                    Append(text, item, depth + 1);
                }

                break;
            case Value.Map map when depth < 32:
                text.Append(CultureInfo.InvariantCulture, $"{{{map.Entries.Count}:");
                foreach (var (name, entry) in map.Entries)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}");
                    Append(text, entry, depth + 1);
                }

                break;
            case Value.Null:
                text.Append('-');
                break;
            default:
                var written = value.ToCanonicalText() ?? "";
                text.Append(CultureInfo.InvariantCulture, $"{written.Length}:{written}");
                break;
        }
    }
}
