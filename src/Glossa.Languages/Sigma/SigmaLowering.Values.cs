using System.Globalization;
using System.Net;
using System.Text;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Rules;
using Glossa.Core.Semantics;
using Glossa.Core.Text;
using Glossa.Languages.Formats.Yaml;

namespace Glossa.Languages.Sigma;

internal sealed partial class SigmaLowering
{
    /// <summary>Spellings of one written value; beyond this a rule is a list nobody meant.</summary>
    private const int MaxVariants = 4096;

    private static readonly RegexForm[] RegexForms =
    [
        new(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None),
        new(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.Multiline),
        new(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.DotAll),
        new(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.Multiline | RegexOptionSet.DotAll),
    ];

    // The signs that open an option on Windows: hyphen, slash, en dash, em dash, horizontal bar (modifiers appendix, windash).
    private const string DashSigns = "-/\u2013\u2014\u2015";

    private Failure? LowerValue(SigmaScope scope, bool isKeyword, SigmaModifiers modifiers, YamlScalar value, List<Alternative> alternatives)
    {
        switch (modifiers.Kind)
        {
            case SigmaItemKind.Regex:
                return LowerRegex(scope, modifiers, value, alternatives);
            case SigmaItemKind.Cidr:
                return LowerCidr(scope, value, alternatives);
            case SigmaItemKind.Order:
                if (!TryNumber(value, out var limit))
                {
                    return Misfit(scope, value, "order of a text", "'lt', 'lte', 'gt' and 'gte' compare with a number");
                }

                alternatives.Add(new Alternative(modifiers.Order, LiteralOf(scope, value, limit), Typing: Typing.Literal));
                return null;
            case SigmaItemKind.Exists:
                if (!bool.TryParse(value.Text, out var exists))
                {
                    return Misfit(scope, value, "exists without a Boolean", "'exists' asks for true or false");
                }

                alternatives.Add(new Alternative(exists ? LeafOperator.Present : LeafOperator.Missing, null));
                return null;
            case SigmaItemKind.FieldReference:
                return LowerFieldReference(scope, modifiers, value, alternatives);
        }

        if (modifiers.TimePart is not null)
        {
            if (!long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return Misfit(scope, value, "time part without a number", "a part of a time is compared with a whole number");
            }

            alternatives.Add(new Alternative(LeafOperator.Eq, LiteralOf(scope, value, new Value.Integer(number)), Typing: Typing.Literal));
            return null;
        }

        return LowerText(scope, isKeyword, modifiers, value, alternatives);
    }

    private Failure? LowerText(SigmaScope scope, bool isKeyword, SigmaModifiers modifiers, YamlScalar value, List<Alternative> alternatives)
    {
        var foldOrNot = modifiers.Cased ? CaseRule.Exact : CaseRule.Fold;
        var isBare = modifiers.Place == SigmaTextPlace.Whole && modifiers.Transformations.Count == 0 && !isKeyword;
        if (value.IsNull)
        {
            if (!isBare)
            {
                return Misfit(scope, value, "null with a text modifier", "null is no text");
            }

            Use("null");
            alternatives.Add(new Alternative(LeafOperator.IsEmpty, null));
            return null;
        }

        if (isKeyword && value.Text.Length == 0)
        {
            return Misfit(scope, value, "empty keyword", "an empty keyword stands in every event");
        }

        if (isBare && value.IsPlain && PlainValue(value) is { } typed)
        {
            Use(typed is Value.Boolean ? "boolean" : "number");
            alternatives.Add(new Alternative(LeafOperator.Eq, LiteralOf(scope, value, typed), foldOrNot));
            return null;
        }

        if (isBare && value.Text.Length == 0)
        {
            Use("empty text");
        }

        var text = SigmaText.Parse(value.Text, modifiers.Expands);
        if (modifiers.Transformations.Count == 0)
        {
            AddText(scope, isKeyword, modifiers.Place, foldOrNot, value, text, OriginKind.Authored, alternatives);
            return null;
        }

        if (modifiers.Expands && text.Placeholders.Count == 0)
        {
            Report(scope, SigmaDiagnostics.NoPlaceholder, "'expand' finds no '%name%' in this value.", scope.Document.SpanOf(value));
        }

        var variants = new List<SigmaText> { text };
        if (modifiers.WinDashes && !TryVaryDashes(text, variants))
        {
            Report(scope, SigmaDiagnostics.TooManyVariants, $"With every spelling of its dashes this value stands for more than {MaxVariants:N0} texts.", scope.Document.SpanOf(value));
            return new Failure("windash of many dashes", "The value has too many dashes.");
        }

        if (modifiers.Encodes)
        {
            foreach (var variant in variants)
            {
                if (LowerEncoded(scope, isKeyword, modifiers, foldOrNot, value, variant, alternatives) is { } failure)
                {
                    return failure;
                }
            }

            return null;
        }

        for (var i = 0; i < variants.Count; i++)
        {
            var kind = i == 0 ? OriginKind.Authored : OriginKind.Derived;
            if (variants[i].Placeholders.Count == 0)
            {
                AddText(scope, isKeyword, modifiers.Place, foldOrNot, value, variants[i], kind, alternatives);
            }
            else if (ExpandPlaceholders(scope, isKeyword, modifiers.Place, foldOrNot, value, variants[i], alternatives) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>A text with its wildcards in the place that its modifier says.</summary>
    private void AddText(
        SigmaScope scope,
        bool isKeyword,
        SigmaTextPlace place,
        CaseRule caseRule,
        YamlScalar written,
        SigmaText text,
        OriginKind kind,
        List<Alternative> alternatives)
    {
        place = isKeyword ? SigmaTextPlace.Contains : place;
        if (!text.HasWildcards)
        {
            alternatives.Add(new Alternative(OperatorOf(place), TextLiteral(scope, written, text.Characters, kind), caseRule));
            return;
        }

        Use("wildcard");
        if (text.IsLoneStar)
        {
            alternatives.Add(new Alternative(LeafOperator.HasValue, null));
            return;
        }

        var pattern = WildcardPattern.Write(text.Tokens(
            anyBefore: place is SigmaTextPlace.Contains or SigmaTextPlace.EndsWith,
            anyAfter: place is SigmaTextPlace.Contains or SigmaTextPlace.StartsWith));
        alternatives.Add(new Alternative(LeafOperator.Wildcard, TextLiteral(scope, written, pattern, kind), caseRule));
    }

    private static LeafOperator OperatorOf(SigmaTextPlace place) => place switch
    {
        SigmaTextPlace.Contains => LeafOperator.Contains,
        SigmaTextPlace.StartsWith => LeafOperator.StartsWith,
        SigmaTextPlace.EndsWith => LeafOperator.EndsWith,
        _ => LeafOperator.Eq,
    };

    private static bool TryVaryDashes(SigmaText text, List<SigmaText> variants)
    {
        var places = text.Dashes();
        if (places.Count == 0)
        {
            return true;
        }

        var count = 1;
        foreach (var _ in places)
        {
            count *= DashSigns.Length;
            if (count > MaxVariants)
            {
                return false;
            }
        }

        var signs = new char[places.Count];
        for (var number = 0; number < count; number++)
        {
            var rest = number;
            var isWritten = true;
            for (var i = 0; i < signs.Length; i++)
            {
                signs[i] = DashSigns[rest % DashSigns.Length];
                rest /= DashSigns.Length;
                isWritten &= signs[i] == text.Characters[places[i]];
            }

            // What was written stands first already.
            if (!isWritten)
            {
                variants.Add(text.WithCharacters(places, signs));
            }
        }

        return true;
    }

    private Failure? LowerEncoded(
        SigmaScope scope,
        bool isKeyword,
        SigmaModifiers modifiers,
        CaseRule caseRule,
        YamlScalar value,
        SigmaText text,
        List<Alternative> alternatives)
    {
        if (text.HasWildcards)
        {
            return Misfit(scope, value, "encoded wildcard", "a wildcard cannot be encoded");
        }

        var bytes = Encoding.UTF8.GetBytes(text.Characters);
        var isBytes = false;
        var fragments = new List<string>();
        foreach (var transform in modifiers.Transformations)
        {
            switch (transform)
            {
                case SigmaTransform.Utf16LittleEndian:
                    bytes = Encoding.Unicode.GetBytes(text.Characters);
                    isBytes = true;
                    break;
                case SigmaTransform.Utf16BigEndian:
                    bytes = Encoding.BigEndianUnicode.GetBytes(text.Characters);
                    isBytes = true;
                    break;
                case SigmaTransform.Utf16:
                    bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text.Characters)];
                    isBytes = true;
                    break;
                case SigmaTransform.Base64:
                    bytes = Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));
                    isBytes = true;
                    break;
                case SigmaTransform.Base64Offset:
                    AddBase64Offsets(scope, value, bytes, fragments);
                    break;
            }
        }

        if (fragments.Count == 0 && modifiers.Transformations.Contains(SigmaTransform.Base64Offset))
        {
            return new Failure("base64offset of a short value", "The value is too short to be recognised in Base64.");
        }

        if (fragments.Count == 0)
        {
            // Bytes that no Base64 follows are compared as the characters of the same numbers.
            fragments.Add(isBytes ? Encoding.Latin1.GetString(bytes) : text.Characters);
        }
        else if (modifiers.Place == SigmaTextPlace.Whole && !isKeyword)
        {
            Report(scope, SigmaDiagnostics.EncodedWhole, "A fragment of Base64 is compared with the whole value; 'contains' is probably meant.", scope.Document.SpanOf(value));
        }

        var place = isKeyword ? SigmaTextPlace.Contains : modifiers.Place;
        foreach (var fragment in fragments)
        {
            alternatives.Add(new Alternative(OperatorOf(place), TextLiteral(scope, value, fragment, OriginKind.Derived), caseRule));
        }

        return null;
    }

    /// <summary>
    /// The part of the Base64 text that stays the same wherever the value begins in a group of three bytes:
    /// 0, 2, 3 characters are cut at the start, none, 3, 2 at the end (pySigma, which counts characters where this counts bytes).
    /// </summary>
    private void AddBase64Offsets(SigmaScope scope, YamlScalar value, byte[] bytes, List<string> fragments)
    {
        ReadOnlySpan<int> startCuts = [0, 2, 3];
        ReadOnlySpan<int> endCuts = [0, 3, 2];
        for (var offset = 0; offset < 3; offset++)
        {
            var padded = new byte[bytes.Length + offset];
            padded.AsSpan(0, offset).Fill((byte)' ');
            bytes.CopyTo(padded, offset);
            var encoded = Convert.ToBase64String(padded);
            var start = startCuts[offset];
            var length = encoded.Length - start - endCuts[padded.Length % 3];
            if (length > 0)
            {
                fragments.Add(encoded.Substring(start, length));
            }
            else
            {
                Report(scope, SigmaDiagnostics.TooShortForOffset, $"The value is too short: at offset {offset} no character of its Base64 is certain, so that position is not looked for.", scope.Document.SpanOf(value));
            }
        }
    }

    /// <summary>With values, the texts they make; without, an input the rule needs.</summary>
    private Failure? ExpandPlaceholders(
        SigmaScope scope,
        bool isKeyword,
        SigmaTextPlace place,
        CaseRule caseRule,
        YamlScalar written,
        SigmaText text,
        List<Alternative> alternatives)
    {
        var lists = new List<string[]>();
        var count = 1L;
        var isComplete = true;
        foreach (var name in text.Placeholders)
        {
            var values = ValuesOf(name);
            if (values is null)
            {
                isComplete = false;
                if (!_inputs.Exists(input => input.Id == name))
                {
                    _inputs.Add(new ExternalInput(name, ExternalInputKind.ValueList, name, RequiredAsRows: false));
                    _needs.Add($"placeholder {name}");
                    Report(scope, SigmaDiagnostics.PlaceholderWithoutValues, $"The placeholder '{name}' has no values yet; the rule is not run until it has.", scope.Document.SpanOf(written));
                }
            }
            else
            {
                lists.Add(values);
                count = Math.Min(count * values.Length, MaxVariants + 1L);
            }
        }

        if (isComplete)
        {
            if (count > MaxVariants)
            {
                Report(scope, SigmaDiagnostics.TooManyVariants, $"With the values of its placeholders this value stands for more than {MaxVariants:N0} texts.", scope.Document.SpanOf(written));
                return new Failure("placeholder with many values", "The placeholders have too many values.");
            }

            var chosen = new string[lists.Count];
            for (var number = 0L; number < count; number++)
            {
                var rest = number;
                for (var i = 0; i < chosen.Length; i++)
                {
                    chosen[i] = lists[i][(int)(rest % lists[i].Length)];
                    rest /= lists[i].Length;
                }

                AddText(scope, isKeyword, place, caseRule, written, text.Fill(chosen), OriginKind.Derived, alternatives);
            }

            return null;
        }

        var inner = text.TrimStars(out var before, out var after);
        if (inner.HasWildcards)
        {
            return Misfit(scope, written, "placeholder inside a pattern", "a placeholder without values cannot stand inside a pattern");
        }

        before |= place is SigmaTextPlace.Contains or SigmaTextPlace.EndsWith || isKeyword;
        after |= place is SigmaTextPlace.Contains or SigmaTextPlace.StartsWith || isKeyword;
        var leafOperator = (before, after) switch
        {
            (true, true) => LeafOperator.Contains,
            (true, false) => LeafOperator.EndsWith,
            (false, true) => LeafOperator.StartsWith,
            _ => LeafOperator.Eq,
        };
        var origin = scope.ContentOf(written);
        var pieces = inner.Pieces()
            .Select(piece => piece.IsPlaceholder
                ? (ValueExpression)new ValueExpression.ExternalValue(piece.Text, []) { Origin = origin }
                : new ValueExpression.Literal(new Value.Text(piece.Text)) { Origin = origin })
            .ToIrList();
        var operand = pieces.Count == 1 ? pieces[0] : new ValueExpression.Call("concat", pieces) { Origin = origin };
        alternatives.Add(new Alternative(leafOperator, operand, caseRule));
        return null;
    }

    private string[]? ValuesOf(string placeholder)
        => _definitions.Find(new DefinitionKey(DefinitionKind.ValueList, placeholder)) is [var definition, ..]
            ? definition.Query.Text.Split('\n')
            : null;

    private Failure? LowerRegex(SigmaScope scope, SigmaModifiers modifiers, YamlScalar value, List<Alternative> alternatives)
    {
        if (value.IsNull)
        {
            return Misfit(scope, value, "null as pattern", "a regular expression is a text");
        }

        var pattern = value.Text;
        var caseRule = modifiers.RegexIgnoresCase ? CaseRule.Fold : CaseRule.Exact;
        var form = RegexForms[(int)modifiers.RegexOptions];
        if (RegexPatterns.Compile(form, caseRule, pattern) is { Failure: { } fault } compiled)
        {
            var at = Math.Clamp(compiled.FailureAt, 0, pattern.Length);
            Report(scope, SigmaDiagnostics.InvalidRegex, $"The regular expression cannot be used: {fault}", scope.Document.SpanOf(value, new SourceSpan(at, Math.Min(1, pattern.Length - at))));
            return new Failure("regular expression", "The regular expression cannot be read.");
        }

        // As pySigma does: searched for anywhere, so that only an end of its own could hold it back.
        pattern = modifiers.Place switch
        {
            SigmaTextPlace.Contains => $".*{pattern}.*",
            SigmaTextPlace.StartsWith => $"{pattern}.*",
            SigmaTextPlace.EndsWith => $".*{pattern}",
            _ => pattern,
        };
        var kind = modifiers.Place == SigmaTextPlace.Whole ? OriginKind.Authored : OriginKind.Derived;
        alternatives.Add(new Alternative(LeafOperator.Regex, TextLiteral(scope, value, pattern, kind), caseRule, Regex: form));
        return null;
    }

    private Failure? LowerCidr(SigmaScope scope, YamlScalar value, List<Alternative> alternatives)
    {
        if (!TryNetwork(value.Text, out var network))
        {
            return Misfit(scope, value, "cidr without a network", "'cidr' asks for a network such as 192.0.2.0/24 or 2001:db8::/32");
        }

        alternatives.Add(new Alternative(LeafOperator.Cidr, LiteralOf(scope, value, new Value.Prefix(network))));
        return null;
    }

    private Failure? LowerFieldReference(SigmaScope scope, SigmaModifiers modifiers, YamlScalar value, List<Alternative> alternatives)
    {
        if (value.IsNull || value.Text.Length == 0 || SigmaText.Parse(value.Text).HasWildcards)
        {
            return Misfit(scope, value, "fieldref without a field", "'fieldref' asks for the name of a field, without wildcards");
        }

        var operand = new ValueExpression.Field(FieldPath.Named(value.Text)) { Origin = scope.ContentOf(value) };
        alternatives.Add(new Alternative(OperatorOf(modifiers.Place), operand, modifiers.Cased ? CaseRule.Exact : CaseRule.Fold));
        return null;
    }

    private Failure Misfit(SigmaScope scope, YamlScalar value, string construct, string why)
    {
        Report(scope, SigmaDiagnostics.ValueDoesNotFit, $"The value does not fit its modifiers: {why}.", scope.Document.SpanOf(value));
        return new Failure(construct, $"The value does not fit its modifiers: {why}.");
    }

    private static ValueExpression.Literal TextLiteral(SigmaScope scope, YamlScalar written, string text, OriginKind kind)
        => new(new Value.Text(text), kind == OriginKind.Authored && text != written.Text ? written.Text : null)
        {
            Origin = scope.ContentOf(written, kind == OriginKind.Authored ? null : kind),
        };

    private static ValueExpression.Literal LiteralOf(SigmaScope scope, YamlScalar written, Value value)
        => new(value, value.ToCanonicalText() == written.Text ? null : written.Text) { Origin = scope.ContentOf(written) };

    /// <summary>
    /// A plain scalar that is a Boolean, or a number spelled as numbers are; null for a text. <c>00000429</c>, <c>0x1f</c>, <c>1e3</c>,
    /// <c>yes</c> stay texts: the value of an event is compared as text, and its text is the one that was written.
    /// </summary>
    private static Value? PlainValue(YamlScalar scalar)
    {
        switch (scalar.Text)
        {
            case "true" or "True" or "TRUE":
                return new Value.Boolean(true);
            case "false" or "False" or "FALSE":
                return new Value.Boolean(false);
            case [>= '0' and <= '9', ..] or ['-', >= '0' and <= '9', ..]:
                return TryNumber(scalar, out var number) && number.ToCanonicalText() == scalar.Text ? number : null;
            default:
                return null;
        }
    }

    private static bool TryNumber(YamlScalar scalar, out Value number)
    {
        const NumberStyles WithPoint = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            number = new Value.Integer(integer);
        }
        else if (decimal.TryParse(scalar.Text, WithPoint, CultureInfo.InvariantCulture, out var exact))
        {
            number = new Value.Decimal(exact);
        }
        else if (double.TryParse(scalar.Text, WithPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
        {
            number = new Value.Real(real);
        }
        else
        {
            number = Value.Null.Instance;
            return false;
        }

        return true;
    }

    /// <summary>A network, host bits cleared; an address alone is the network of itself.</summary>
    private static bool TryNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var addressText = slash < 0 ? text : text[..slash];

        // IPAddress reads "10" and "10.1" as addresses, which no network in a rule is.
        if (!IPAddress.TryParse(addressText, out var address) || (!addressText.Contains(':', StringComparison.Ordinal) && addressText.Count(character => character == '.') != 3))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        var length = bytes.Length * 8;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bytes.Length * 8))
        {
            return false;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }

        network = new IPNetwork(new IPAddress(bytes), length);
        return true;
    }
}
