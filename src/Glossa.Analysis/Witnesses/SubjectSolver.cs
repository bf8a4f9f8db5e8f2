using System.Globalization;
using System.Net;
using System.Numerics;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

/// <summary>
/// Finds a value for one place of an event: proposes candidates, the most natural first, and lets the evaluator judge each.
/// So a wrong proposal costs a step and a found value is always right.
/// </summary>
/// <param name="judge">Knows the values of <paramref name="lists"/>.</param>
/// <param name="lists">The one value that each list from outside is given.</param>
/// <param name="steps">Counts every judged candidate.</param>
internal sealed class SubjectSolver(ReferenceEvaluator judge, IReadOnlyDictionary<string, string> lists, StepBudget steps)
{
    /// <summary>Candidates for one subject in one state: a pair of value lists that never fit must not eat the whole budget.</summary>
    private const int MaxCandidates = 600;

    private const int RegexVariants = 6;

    private static readonly Value[] Fillers =
    [
        .. new[] { "sample", "x", "q7", "0", "1", "zz_9", "-", " ", "/srv/sample", "\\", "@", "\u00fc", "192.0.2.44" }.Select(text => new Value.Text(text)),
        new Value.Integer(0), new Value.Integer(7_331), new Value.Boolean(true),
    ];

    /// <param name="everywhere">Keywords that must not occur in any value.</param>
    /// <param name="others">The places solved before, for leaves that compare two of them.</param>
    /// <param name="wishes">Literals that would be good to fit too; dropped where nothing fits them.</param>
    public Subject Solve(Subject subject, IReadOnlyList<Literal> everywhere, EventDraft others, IReadOnlyList<Literal> wishes)
    {
        if (wishes.Count > 0)
        {
            var wished = Search(subject with { Literals = [.. subject.Literals, .. wishes] }, everywhere, others);
            if (wished.Solved)
            {
                return subject with { Solved = true, Value = wished.Value };
            }
        }

        return Search(subject, everywhere, others);
    }

    private Subject Search(Subject subject, IReadOnlyList<Literal> everywhere, EventDraft others)
    {
        var tried = new HashSet<Value>();
        var candidates = 0;
        if ((subject.Key.Kind == SubjectKind.Anywhere || !subject.Literals.Any(literal => literal.Compares)) && Holds(subject, null, everywhere, others))
        {
            return subject with { Solved = true, Value = null };
        }

        foreach (var candidate in Candidates(subject, everywhere, others))
        {
            if (!tried.Add(candidate))
            {
                continue;
            }

            if (++candidates > MaxCandidates || steps.Exhausted)
            {
                break;
            }

            if (Holds(subject, candidate, everywhere, others))
            {
                return subject with { Solved = true, Value = candidate };
            }
        }

        return subject with { Solved = false };
    }

    private bool Holds(Subject subject, Value? candidate, IReadOnlyList<Literal> everywhere, EventDraft others)
    {
        steps.Take();
        var e = others.ToEvent(candidate is null ? null : (subject.Key, candidate), timeless: subject.Key.Kind == SubjectKind.Time);
        return Hold(subject.Literals, e) && Hold(everywhere, e);
    }

    private bool Hold(IReadOnlyList<Literal> literals, MapEvent e)
    {
        for (var i = 0; i < literals.Count; i++)
        {
            if (judge.Evaluate(literals[i].Leaf, e) != (literals[i].Positive ? Truth.True : Truth.False))
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<Value> Candidates(Subject subject, IReadOnlyList<Literal> everywhere, EventDraft others)
    {
        var comparing = subject.Literals.Where(literal => literal.Compares).ToArray();
        if (subject.Key.Kind == SubjectKind.Time || subject.Literals.Any(literal => literal.Leaf.Subject is ValueExpression.Call))
        {
            foreach (var instant in Instants(subject))
            {
                yield return new Value.Instant(instant);
                yield return new Value.Text(instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }
        }

        if (comparing.Any(literal => literal.Leaf.Operator == LeafOperator.Cidr))
        {
            foreach (var address in Addresses(subject, others))
            {
                yield return new Value.Text(address);
            }
        }

        if (subject.Literals.Any(literal => literal.Leaf.Operator is LeafOperator.Lt or LeafOperator.Le or LeafOperator.Gt or LeafOperator.Ge))
        {
            foreach (var number in Ordered(subject, others))
            {
                yield return number;
            }
        }

        // A scalar that equals something is one of the things it may equal.
        var equal = comparing.Where(literal => literal.Leaf.Operator == LeafOperator.Eq && literal.Leaf.Subject is ValueExpression.Field).ToArray();
        foreach (var literal in equal)
        {
            foreach (var value in literal.Leaf.Operands.SelectMany(operand => Values(operand, others)))
            {
                yield return value;
                if (value is Value.Text { Content: var text } && literal.Leaf.Case == CaseRule.Fold)
                {
                    yield return new Value.Text(text.ToLowerInvariant());
                    yield return new Value.Text(text.ToUpperInvariant());
                }
            }
        }

        if (equal.Length == 0 && comparing.Length > 0)
        {
            // The first way of each leaf does nearly always; the others are written out only when it does not.
            var words = Words(subject.Key);
            foreach (var text in Texts([.. comparing.SelectMany(literal => Requirements(literal.Leaf, others, maxWays: 1))], words))
            {
                yield return new Value.Text(text);
            }

            var groups = comparing.SelectMany(literal => Requirements(literal.Leaf, others, MaxCandidates)).ToArray();
            foreach (var text in Texts(groups, words).Take(MaxCandidates / 2).Concat(Filled(comparing, groups, others, words)).Take(MaxCandidates - 100))
            {
                yield return new Value.Text(text);
            }
        }

        // Also where something is compared: an empty text, or the field with itself, is met by anything.
        yield return new Value.Text(FieldExample(subject.Key));
        foreach (var filler in Fillers)
        {
            yield return filler;
        }

        yield return new Value.Text("");
        yield return Value.Null.Instance;
        if (subject.Key.Kind is SubjectKind.Field or SubjectKind.Anywhere && Several(subject, comparing, everywhere, others) is { } list)
        {
            yield return list;
        }
    }

    /// <summary>Several values in one field, each for one thing that is asked: a leaf asks for some value, so none has to do it all.</summary>
    private Value.List? Several(Subject subject, IReadOnlyList<Literal> comparing, IReadOnlyList<Literal> everywhere, EventDraft others)
    {
        var parts = comparing.SelectMany(Parts).ToArray();

        // What a log source stands for (Channel, EventID) has one value in every event: two would hide that a rule contradicts its source.
        if (parts.Length < 2 || subject.Literals.Any(literal => literal.Leaf.Origin.Kind == OriginKind.Gate))
        {
            return null;
        }

        // What must not be true, must not be true of any of the values. Presence is judged of the whole list at the end.
        var forbidden = subject.Literals.Where(literal => !literal.Positive && !LeafSemantics.AsksForPresence(literal.Leaf.Operator)).ToArray();
        var values = new List<Value>();
        foreach (var part in parts)
        {
            if (values.Exists(value => Holds(subject with { Literals = [part] }, value, [], others)))
            {
                continue;
            }

            var alone = Search(subject with { Literals = [part, .. forbidden] }, everywhere, others);
            if (!alone.Solved || alone.Value is null)
            {
                return null;
            }

            values.Add(alone.Value);
        }

        return new Value.List(values);

        static IEnumerable<Literal> Parts(Literal literal)
            => literal.Leaf is { Match: MatchMode.All, Operands.Count: > 1 }
                ? literal.Leaf.Operands.Select(operand => literal with { Leaf = literal.Leaf with { Operands = [operand] } })
                : [literal];
    }

    private IEnumerable<Value> Values(ValueExpression operand, EventDraft others)
    {
        switch (operand)
        {
            case ValueExpression.Literal { Value: Value.List list }:
                return list.Items;
            case ValueExpression.Literal literal:
                return [literal.Value];
            case ValueExpression.ExternalValue external when lists.TryGetValue(external.Input, out var bound):
                return [new Value.Text(bound)];
            case ValueExpression.Call { Function: "concat" } concat:
                var parts = concat.Arguments.Select(argument => Values(argument, others).FirstOrDefault()?.ToCanonicalText()).ToArray();
                return parts.Contains(null) ? [] : [new Value.Text(string.Concat(parts))];
            case ValueExpression.Field when SubjectKey.Of(operand) is { } key:
                return LeafSemantics.Bag(others.Find(key));
            default:
                return [];
        }
    }

    // What one leaf asks of a text, each with the ways to meet it; a way is the pieces that must stand in the text.
    private IEnumerable<IReadOnlyList<Piece[]>> Requirements(Predicate.Leaf leaf, EventDraft others, int maxWays)
    {
        if (leaf.Subject is not ValueExpression.Field)
        {
            yield break;
        }

        if (leaf.Match == MatchMode.All)
        {
            foreach (var operand in leaf.Operands)
            {
                if (Ways(leaf, [operand], others, maxWays) is { Count: > 0 } one)
                {
                    yield return one;
                }
            }
        }
        else if (Ways(leaf, leaf.Operands, others, maxWays) is { Count: > 0 } any)
        {
            yield return any;
        }
    }

    private List<Piece[]> Ways(Predicate.Leaf leaf, IReadOnlyList<ValueExpression> operands, EventDraft others, int maxWays)
    {
        var ways = new List<Piece[]>();
        foreach (var value in operands.SelectMany(operand => Values(operand, others)))
        {
            if (ways.Count >= maxWays)
            {
                break;
            }

            if (value.ToCanonicalText() is not { } text)
            {
                continue;
            }

            switch (leaf.Operator)
            {
                case LeafOperator.Eq:
                    ways.Add([new Piece(PieceKind.Whole, text, leaf.Case)]);
                    break;
                case LeafOperator.Contains:
                    ways.Add([new Piece(PieceKind.Inside, text, leaf.Case)]);
                    break;
                case LeafOperator.StartsWith:
                    ways.Add([new Piece(PieceKind.Start, text, leaf.Case)]);
                    break;
                case LeafOperator.EndsWith:
                    ways.Add([new Piece(PieceKind.End, text, leaf.Case)]);
                    break;
                case LeafOperator.Wildcard:
                    ways.Add([.. TextAssembly.PiecesOf(WildcardPattern.Parse(text), leaf.Case)]);
                    break;
                case LeafOperator.Regex when leaf.Regex is { } form:
                    if (RegexSampler.Create(text, form.Options) is { } sampler)
                    {
                        for (var variant = 0; variant < RegexVariants && ways.Count < maxWays; variant++)
                        {
                            if (sampler.Sample(variant, []) is { } sample)
                            {
                                ways.Add([PieceOf(sample)]);
                            }
                        }
                    }

                    break;
            }
        }

        return ways;
    }

    private static Piece PieceOf(RegexSample sample) => new(
        (sample.AtStart, sample.AtEnd) switch
        {
            (true, true) => PieceKind.Whole,
            (true, false) => PieceKind.Start,
            (false, true) => PieceKind.End,
            _ => PieceKind.Inside,
        },
        sample.Text,
        CaseRule.Exact);

    private static IEnumerable<string> Texts(IReadOnlyList<Piece[]>[] groups, bool words)
    {
        foreach (var choice in Choices(groups))
        {
            var pieces = new List<Piece>();
            for (var group = 0; group < groups.Length; group++)
            {
                pieces.AddRange(groups[group][choice[group]]);
            }

            foreach (var text in TextAssembly.Spellings(pieces, words))
            {
                yield return text;
            }
        }
    }

    // What other leaves ask for, put into the gaps of a pattern: the only way where the pattern covers the whole text.
    private IEnumerable<string> Filled(IReadOnlyList<Literal> comparing, IReadOnlyList<Piece[]>[] groups, EventDraft others, bool words)
    {
        var pieces = groups.SelectMany(group => group[0]).ToArray();
        var inserts = pieces.Where(piece => piece.Kind != PieceKind.Whole).Select(piece => piece.Text).ToArray();
        foreach (var leaf in comparing.Select(literal => literal.Leaf).Where(leaf => leaf is { Operator: LeafOperator.Regex, Regex: not null }))
        {
            foreach (var pattern in leaf.Operands.SelectMany(operand => Values(operand, others)).OfType<Value.Text>().Take(16))
            {
                var sampler = RegexSampler.Create(pattern.Content, leaf.Regex!.Options);
                for (var variant = 0; variant < RegexVariants && sampler is not null; variant++)
                {
                    if (sampler.Sample(variant, inserts) is { } sample)
                    {
                        foreach (var text in TextAssembly.Spellings([PieceOf(sample), .. pieces.Where(piece => piece.Kind is PieceKind.Start or PieceKind.End)], words))
                        {
                            yield return text;
                        }
                    }
                }
            }
        }
    }

    /// <summary>The first way of each, then one of them changed, then two: most conflicts are between two leaves.</summary>
    private static IEnumerable<int[]> Choices(IReadOnlyList<Piece[]>[] groups)
    {
        var choice = new int[groups.Length];
        yield return choice;
        for (var first = 0; first < groups.Length; first++)
        {
            for (choice[first] = 1; choice[first] < groups[first].Count; choice[first]++)
            {
                yield return choice;
            }

            choice[first] = 0;
        }

        for (var first = 0; first < groups.Length; first++)
        {
            for (var second = first + 1; second < groups.Length; second++)
            {
                for (choice[first] = 1; choice[first] < Math.Min(groups[first].Count, 12); choice[first]++)
                {
                    for (choice[second] = 1; choice[second] < Math.Min(groups[second].Count, 12); choice[second]++)
                    {
                        yield return choice;
                    }

                    choice[second] = 0;
                }

                choice[first] = 0;
            }
        }
    }

    private IEnumerable<Value> Ordered(Subject subject, EventDraft others)
    {
        var limits = subject.Literals.SelectMany(literal => literal.Leaf.Operands).SelectMany(operand => Values(operand, others)).Take(MaxCandidates).ToArray();
        var numbers = new SortedSet<decimal>();
        foreach (var limit in limits)
        {
            switch (limit)
            {
                case Value.Instant { Content: var instant }:
                    yield return limit;
                    if (instant > DateTimeOffset.MinValue.AddDays(1) && instant < DateTimeOffset.MaxValue.AddDays(-1))
                    {
                        yield return new Value.Instant(instant.AddSeconds(1));
                        yield return new Value.Instant(instant.AddSeconds(-1));
                    }

                    break;
                case Value.Duration { Content: var span }:
                    yield return limit;
                    if (span < TimeSpan.MaxValue / 2 && span > TimeSpan.MinValue / 2)
                    {
                        yield return new Value.Duration(span + TimeSpan.FromSeconds(1));
                        yield return new Value.Duration(span - TimeSpan.FromSeconds(1));
                    }

                    break;
                default:
                    if (Numbers.TryConvert(limit, out var number) && Math.Abs(number.ToDouble()) < 1e27)
                    {
                        numbers.Add(number.ToDecimal());
                    }
                    else if (limit is Value.Text text)
                    {
                        yield return text;
                        yield return new Value.Text(text.Content + "x");
                        yield return new Value.Text(text.Content.Length > 0 ? text.Content[..^1] : "");
                    }

                    break;
            }
        }

        decimal? before = null;
        foreach (var number in numbers)
        {
            foreach (var near in new[] { number, number + 1, number - 1, (before ?? number - 2) + ((number - (before ?? number - 2)) / 2) })
            {
                yield return near == decimal.Truncate(near) && near is >= long.MinValue and <= long.MaxValue ? new Value.Integer((long)near) : new Value.Decimal(near);
            }

            before = number;
        }
    }

    private IEnumerable<string> Addresses(Subject subject, EventDraft others)
    {
        var blocks = new List<(bool Positive, CidrBlock Block)>();
        foreach (var literal in subject.Literals.Where(literal => literal.Leaf.Operator == LeafOperator.Cidr))
        {
            foreach (var value in literal.Leaf.Operands.SelectMany(operand => Values(operand, others)).Take(MaxCandidates))
            {
                if (Cidr.TryConvert(value, out CidrBlock block))
                {
                    blocks.Add((literal.Positive, block));
                }
            }
        }

        foreach (var (_, block) in blocks.Where(block => block.Positive))
        {
            var size = (block.Network.IsVersion4 ? 32 : 128) - block.Length;
            for (var step = 0; step <= Math.Min(size, 127); step++)
            {
                // .1, .2, .4 …: spread over the block, so that an excluded part is left soon.
                yield return Written(block.Network.Bits + (UInt128.One << step) - (step == size ? UInt128.One : 0), block.Network.IsVersion4);
            }

            yield return Written(block.Network.Bits, block.Network.IsVersion4);
        }

        foreach (var (_, block) in blocks.Where(block => !block.Positive))
        {
            var size = (block.Network.IsVersion4 ? 32 : 128) - block.Length;
            if (size < 128)
            {
                yield return Written(block.Network.Bits + (UInt128.One << size), block.Network.IsVersion4);
            }

            yield return Written(block.Network.Bits - UInt128.One, block.Network.IsVersion4);
        }
    }

    private static string Written(UInt128 bits, bool version4)
    {
        Span<byte> bytes = stackalloc byte[16];
        ((BigInteger)bits).TryWriteBytes(bytes, out var written, isUnsigned: true, isBigEndian: true);
        Span<byte> address = stackalloc byte[16];
        bytes[..written].CopyTo(address[(16 - written)..]);
        return new IPAddress(version4 ? address[12..] : address).ToString();
    }

    // Points in time made of the parts that leaves ask for, and of their neighbours.
    private static IEnumerable<DateTimeOffset> Instants(Subject subject)
    {
        yield return EventDraft.DefaultTime;
        var wanted = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var leaf in subject.Literals.Select(literal => literal.Leaf))
        {
            if (leaf.Subject is not ValueExpression.Call call
                || call.Arguments.OfType<ValueExpression.Literal>().Select(argument => argument.Value).OfType<Value.Text>().FirstOrDefault() is not { Content: var part })
            {
                continue;
            }

            var values = wanted.TryGetValue(part, out var known) ? known : wanted[part] = [];
            foreach (var operand in leaf.Operands.OfType<ValueExpression.Literal>().Take(64))
            {
                if (Numbers.TryConvert(operand.Value, out var number) && Math.Abs(number.ToDouble()) < 10_000)
                {
                    var value = (int)number.ToDecimal();
                    values.UnionWith([value, value + 1, value - 1]);
                }
            }
        }

        var start = EventDraft.DefaultTime;
        foreach (var year in Wanted("year", start.Year, 1, 9_999))
        {
            var days = wanted.ContainsKey("week")
                ? Wanted("week", 1, 1, ISOWeek.GetWeeksInYear(year)).Select(week => ISOWeek.ToDateTime(year, week, DayOfWeek.Thursday))
                : from month in Wanted("month", start.Month, 1, 12)
                  from day in Wanted("day", start.Day, 1, DateTime.DaysInMonth(year, month))
                  select new DateTime(year, month, day);
            foreach (var day in days)
            {
                foreach (var hour in Wanted("hour", start.Hour, 0, 23))
                {
                    foreach (var minute in Wanted("minute", start.Minute, 0, 59))
                    {
                        yield return new DateTimeOffset(day.Year, day.Month, day.Day, hour, minute, start.Second, TimeSpan.Zero);
                    }
                }
            }
        }

        IEnumerable<int> Wanted(string part, int standard, int first, int last)
            => (wanted.TryGetValue(part, out var values) ? values.Append(standard) : [standard]).Where(value => value >= first && value <= last);
    }

    private static bool Words(SubjectKey key) => key.Kind != SubjectKind.Field || !LooksLikePath(key.Name);

    private static bool LooksLikePath(string name)
        => name.EndsWith("Image", StringComparison.OrdinalIgnoreCase)
            || name.Contains("Path", StringComparison.OrdinalIgnoreCase)
            || name.Contains("File", StringComparison.OrdinalIgnoreCase)
            || name.Contains("TargetObject", StringComparison.OrdinalIgnoreCase)
            || name.Contains("uri", StringComparison.OrdinalIgnoreCase)
            || name.Contains("url", StringComparison.OrdinalIgnoreCase)
            || name.Contains("Domain", StringComparison.OrdinalIgnoreCase);

    // Something a reader would believe in this field, when anything will do.
    internal static string FieldExample(SubjectKey key)
    {
        var name = key.Kind == SubjectKind.Field ? key.Name : "";
        return name switch
        {
            _ when name.EndsWith("Image", StringComparison.OrdinalIgnoreCase) => @"C:\Users\alice\sample.exe",
            _ when name.Contains("CommandLine", StringComparison.OrdinalIgnoreCase) => "sample.exe /run",
            _ when name.Contains("User", StringComparison.OrdinalIgnoreCase) => "alice",
            _ when name.Contains("Port", StringComparison.OrdinalIgnoreCase) => "8443",
            _ when name.EndsWith("ip", StringComparison.OrdinalIgnoreCase) || name.Contains("Address", StringComparison.OrdinalIgnoreCase) => "192.0.2.10",
            _ when name.Contains("Host", StringComparison.OrdinalIgnoreCase) || name.Contains("Computer", StringComparison.OrdinalIgnoreCase) => "ws-01.example.com",
            _ => "sample",
        };
    }
}
