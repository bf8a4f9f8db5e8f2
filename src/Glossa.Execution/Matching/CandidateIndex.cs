using System.Numerics;
using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;
using Glossa.Execution.Reading;

namespace Glossa.Execution.Matching;

/// <summary>
/// Which feeds of a route an event can match at all, by four characters in a row that one of their literals has and the event must have in the same
/// field. It may name too many, never too few: a feed without such a literal is always named.
/// </summary>
internal sealed class CandidateIndex
{
    /// <summary>Below this many feeds asking each is as fast.</summary>
    public const int FewFeeds = 8;

    private const int GramLength = 4;
    private const int MaximumAlternatives = 5000;

    private readonly Feed[] _feeds;
    private readonly ulong[] _always;
    private readonly ulong[] _candidates;
    private readonly FieldGrams[] _fields;

    public CandidateIndex(IReadOnlyList<Feed> feeds, IReadOnlyList<Predicate> predicates, FieldTable fields)
    {
        _feeds = [.. feeds];
        _always = new ulong[(_feeds.Length + 63) / 64];
        _candidates = new ulong[_always.Length];
        var frequency = new Dictionary<(int, uint), int>();
        foreach (var predicate in predicates)
        {
            CountGrams(predicate, fields, frequency);
        }

        var byField = new Dictionary<int, FieldGrams>();
        for (var i = 0; i < _feeds.Length; i++)
        {
            if (Required(predicates[i], fields, frequency, depth: 0) is not { } required)
            {
                _always[i / 64] |= 1UL << (i % 64);
                continue;
            }

            foreach (var (field, gram) in required.Grams)
            {
                if (!byField.TryGetValue(field, out var grams))
                {
                    grams = new FieldGrams(field);
                    byField.Add(field, grams);
                }

                grams.Add(gram, i);
            }
        }

        _fields = [.. byField.Values];
    }

    /// <summary>Feeds that are named for every event.</summary>
    public int AlwaysCount => _always.Sum(BitOperations.PopCount);

    /// <summary>The feeds that may match, in their order; valid until the next call.</summary>
    public Enumerator Find(JsonEvent current)
    {
        _always.CopyTo(_candidates, 0);
        foreach (var field in _fields)
        {
            field.Collect(current, _candidates);
        }

        return new Enumerator(_feeds, _candidates);
    }

    private static void CountGrams(Predicate predicate, FieldTable fields, Dictionary<(int, uint), int> frequency)
    {
        foreach (var leaf in predicate.DescendantsAndSelf().OfType<Predicate.Leaf>())
        {
            if (Literals(leaf, fields) is not { } literals)
            {
                continue;
            }

            foreach (var gram in literals.Texts.SelectMany(Grams).Distinct())
            {
                frequency[(literals.Field, gram)] = frequency.GetValueOrDefault((literals.Field, gram)) + 1;
            }
        }
    }

    /// <summary>Grams of which an event must have one for the predicate to hold; null where nothing of the kind is required.</summary>
    private static Requirement? Required(Predicate predicate, FieldTable fields, Dictionary<(int, uint), int> frequency, int depth)
    {
        if (depth > 200)
        {
            return null;
        }

        switch (predicate)
        {
            case Predicate.Named named:
                return Required(named.Child, fields, frequency, depth + 1);
            case Predicate.And and:
                Requirement? best = null;
                foreach (var child in and.Children)
                {
                    if (Required(child, fields, frequency, depth + 1) is { } required && (best is null || required.Weight < best.Weight))
                    {
                        best = required;
                    }
                }

                return best;
            case Predicate.Or or:
                return AnyOf(or.Children.Select(child => Required(child, fields, frequency, depth + 1)));
            case Predicate.AtLeast { Count: > 0 } atLeast:
                return AnyOf(atLeast.Children.Select(child => Required(child, fields, frequency, depth + 1)));
            case Predicate.Constant { Value: false }:
                return new Requirement([], 0);
            case Predicate.Leaf leaf when Literals(leaf, fields) is { } literals:
                var choices = literals.Texts.Select(text => Rarest(literals.Field, text, frequency)).ToList();
                if (leaf.Match == MatchMode.Any)
                {
                    return AnyOf(choices);
                }

                return choices.OfType<Requirement>().MinBy(choice => choice.Weight);
            default:
                return null;
        }
    }

    private static Requirement? AnyOf(IEnumerable<Requirement?> alternatives)
    {
        var grams = new List<(int, uint)>();
        var weight = 0L;
        foreach (var alternative in alternatives)
        {
            if (alternative is null || grams.Count > MaximumAlternatives)
            {
                return null;
            }

            grams.AddRange(alternative.Grams);
            weight += alternative.Weight;
        }

        return new Requirement(grams, weight);
    }

    private static Requirement? Rarest(int field, string text, Dictionary<(int, uint), int> frequency)
    {
        Requirement? best = null;
        foreach (var gram in Grams(text))
        {
            var weight = frequency.GetValueOrDefault((field, gram));
            if (best is null || weight < best.Weight)
            {
                best = new Requirement([(field, gram)], weight);
            }
        }

        return best;
    }

    /// <summary>What a leaf looks for as text, one entry an operand; null where it is no comparison of a field with constant texts.</summary>
    private static (int Field, List<string> Texts)? Literals(Predicate.Leaf leaf, FieldTable fields)
    {
        if (leaf.Subject is not ValueExpression.Field { Path: { SimpleName: { } name } path } || name.StartsWith('#')
            || !(leaf.Operator is LeafOperator.Contains or LeafOperator.StartsWith or LeafOperator.EndsWith or LeafOperator.Wildcard
                || (leaf.Operator == LeafOperator.Eq && leaf.Typing == Typing.Text)))
        {
            return null;
        }

        var texts = new List<string>(leaf.Operands.Count);
        foreach (var operand in leaf.Operands)
        {
            if (operand is not ValueExpression.Literal { Value: var value })
            {
                return null;
            }

            foreach (var item in value is Value.List list ? list.Items : [value])
            {
                if (item.ToCanonicalText() is not { } text)
                {
                    return null;
                }

                texts.Add(leaf.Operator == LeafOperator.Wildcard
                    ? WildcardPattern.Parse(text).Where(token => token.Kind == WildcardTokenKind.Literal).Select(token => token.Text).MaxBy(token => token.Length) ?? ""
                    : text);
            }
        }

        return texts.Count > 0 ? (fields.IdOf(name, path.Lookup), texts) : null;
    }

    /// <summary>Four characters in a row, letters as capitals; only where all are ASCII.</summary>
    private static IEnumerable<uint> Grams(string text)
    {
        var (gram, length) = (0u, 0);
        foreach (var character in text)
        {
            var folded = Fold(character);
            (gram, length) = folded < 0x80 ? ((gram << 7) | folded, length + 1) : (0u, 0);
            if (length >= GramLength)
            {
                yield return gram & 0xfffffff;
            }
        }
    }

    // As the comparison that ignores case does it, character by character; a few letters beyond ASCII have a capital within.
    private static uint Fold(char character)
        => character < 0x80 ? (character is >= 'a' and <= 'z' ? character - 32u : character) : char.ToUpperInvariant(character);

    private sealed record Requirement(IReadOnlyList<(int Field, uint Gram)> Grams, long Weight);

    private sealed class FieldGrams(int field)
    {
        private readonly ulong[] _seen = new ulong[1 << 10];
        private readonly Dictionary<uint, int[]> _feeds = [];

        public void Add(uint gram, int feed)
        {
            _seen[Slot(gram) >> 6] |= 1UL << (int)(Slot(gram) & 63);
            _feeds[gram] = _feeds.TryGetValue(gram, out var feeds) ? (feeds[^1] == feed ? feeds : [.. feeds, feed]) : [feed];
        }

        public void Collect(JsonEvent current, ulong[] candidates)
        {
            var slot = current.Slot(field);
            if (slot.IsGathered)
            {
                for (var i = 0; i < slot.Count; i++)
                {
                    CollectNode(current.Tape, current.FoundNode(slot.Node + i), candidates);
                }
            }
            else if (slot.Node >= 0)
            {
                CollectNode(current.Tape, slot.Node, candidates);
            }
        }

        private void CollectNode(JsonTape tape, int node, ulong[] candidates)
        {
            if (tape[node].Kind == RecordKind.List)
            {
                // Objects in the list too: to look at more than is compared names more feeds, which is allowed.
                for (var end = tape[node].End; ++node < end;)
                {
                    Collect(tape.CanonicalText(node), candidates);
                }
            }
            else
            {
                Collect(tape.CanonicalText(node), candidates);
            }
        }

        private void Collect(ReadOnlySpan<char> text, ulong[] candidates)
        {
            var (gram, length) = (0u, 0);
            foreach (var character in text)
            {
                var folded = Fold(character);
                if (folded >= 0x80)
                {
                    length = 0;
                    continue;
                }

                gram = (gram << 7) | folded;
                if (++length < GramLength)
                {
                    continue;
                }

                var slot = Slot(gram & 0xfffffff);
                if ((_seen[slot >> 6] & (1UL << (int)(slot & 63))) != 0 && _feeds.TryGetValue(gram & 0xfffffff, out var feeds))
                {
                    foreach (var feed in feeds)
                    {
                        candidates[feed / 64] |= 1UL << (feed % 64);
                    }
                }
            }
        }

        private static uint Slot(uint gram) => (gram * 2_654_435_761u) >> 16;
    }

    public ref struct Enumerator(Feed[] feeds, ulong[] candidates)
    {
        private ulong _word;
        private int _index = -1;

        public Feed Current { get; private set; } = null!;

        public bool MoveNext()
        {
            while (_word == 0)
            {
                if (++_index >= candidates.Length)
                {
                    return false;
                }

                _word = candidates[_index];
            }

            Current = feeds[(_index * 64) + BitOperations.TrailingZeroCount(_word)];
            _word &= _word - 1;
            return true;
        }
    }
}
