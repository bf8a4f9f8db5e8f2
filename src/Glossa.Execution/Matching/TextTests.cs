using System.Buffers;
using System.Collections.Frozen;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Execution.Matching;

/// <summary>A question about one text, prepared once: what <see cref="LeafSemantics.TextHolds"/> says for any one of its operands.</summary>
internal abstract class TextTest
{
    // Fewer operands are tried one after the other faster than a table is asked.
    private const int FewOperands = 8;

    public abstract bool Test(ReadOnlySpan<char> value);

    /// <summary>True where some operand fits.</summary>
    public static TextTest Create(LeafOperator leafOperator, IReadOnlyList<string> operands, CaseRule caseRule, RegexForm? form)
    {
        switch (leafOperator)
        {
            case LeafOperator.Eq when operands.Count > FewOperands:
                return new OneOf(operands, caseRule);
            case LeafOperator.Contains when operands.Count > 1 && operands.All(operand => operand.Length > 0):
                return new ContainsAny(operands, caseRule);
            case LeafOperator.StartsWith or LeafOperator.EndsWith when operands.Count > FewOperands && operands.All(operand => operand.Length > 0):
                return new EndOneOf(operands, caseRule, atStart: leafOperator == LeafOperator.StartsWith);
            case LeafOperator.Regex:
                return Several([.. operands.Select(operand => new Pattern(form, caseRule, operand))]);
            case LeafOperator.Wildcard:
                return Several([.. operands.Select(operand => new Wildcard(operand, caseRule))]);
            default:
                return Several([.. operands.Select(operand => new Simple(leafOperator, operand, caseRule))]);
        }
    }

    private static TextTest Several(TextTest[] tests) => tests.Length == 1 ? tests[0] : new AnyOf(tests);

    private sealed class Simple(LeafOperator leafOperator, string operand, CaseRule caseRule) : TextTest
    {
        private readonly StringComparison _comparison = CaseRules.Comparison(caseRule);

        public override bool Test(ReadOnlySpan<char> value) => leafOperator switch
        {
            LeafOperator.Eq => value.Length == operand.Length && value.Equals(operand, _comparison),
            LeafOperator.Contains => value.Contains(operand, _comparison),
            LeafOperator.StartsWith => value.StartsWith(operand, _comparison),
            _ => value.EndsWith(operand, _comparison),
        };
    }

    private sealed class AnyOf(TextTest[] tests) : TextTest
    {
        public override bool Test(ReadOnlySpan<char> value)
        {
            foreach (var test in tests)
            {
                if (test.Test(value))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class OneOf : TextTest
    {
        private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _operands;

        public OneOf(IReadOnlyList<string> operands, CaseRule caseRule)
            => _operands = operands.ToFrozenSet(StringComparer.FromComparison(CaseRules.Comparison(caseRule))).GetAlternateLookup<ReadOnlySpan<char>>();

        public override bool Test(ReadOnlySpan<char> value) => _operands.Contains(value);
    }

    private sealed class ContainsAny(IReadOnlyList<string> operands, CaseRule caseRule) : TextTest
    {
        private readonly SearchValues<string> _operands = SearchValues.Create([.. operands], CaseRules.Comparison(caseRule));

        public override bool Test(ReadOnlySpan<char> value) => value.ContainsAny(_operands);
    }

    /// <summary>Many beginnings or endings: one look into a set for each length they have. Folding keeps lengths.</summary>
    private sealed class EndOneOf : TextTest
    {
        private readonly bool _atStart;
        private readonly (int Length, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Ends)[] _byLength;

        public EndOneOf(IReadOnlyList<string> operands, CaseRule caseRule, bool atStart)
        {
            _atStart = atStart;
            var comparer = StringComparer.FromComparison(CaseRules.Comparison(caseRule));
            _byLength = [.. operands.GroupBy(operand => operand.Length).OrderBy(group => group.Key)
                .Select(group => (group.Key, group.ToFrozenSet(comparer).GetAlternateLookup<ReadOnlySpan<char>>()))];
        }

        public override bool Test(ReadOnlySpan<char> value)
        {
            foreach (var (length, ends) in _byLength)
            {
                if (length > value.Length)
                {
                    return false;
                }

                if (ends.Contains(_atStart ? value[..length] : value[^length..]))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class Wildcard(string operand, CaseRule caseRule) : TextTest
    {
        private readonly WildcardToken[] _tokens = [.. WildcardPattern.Parse(operand)];

        public override bool Test(ReadOnlySpan<char> value) => WildcardPattern.IsMatch(_tokens, value, caseRule);
    }

    private sealed class Pattern(RegexForm? form, CaseRule caseRule, string operand) : TextTest
    {
        // Building an automaton costs more than most runs spend on the whole rule: only a rule whose other parts hold needs it.
        private RegexPattern? _pattern;

        public override bool Test(ReadOnlySpan<char> value)
        {
            if (form is null)
            {
                return false;
            }

            return (_pattern ??= RegexPatterns.Compile(form, caseRule, operand)).IsMatch(value);
        }
    }
}
