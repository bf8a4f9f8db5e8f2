using System.Runtime.CompilerServices;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Core.Rewrites;

/// <summary>How a language with a third truth value joins it.</summary>
public enum ThreeValuedLogic
{
    /// <summary>Unknown is between false and true; <c>and</c> is the lesser, <c>or</c> the greater (SQL, ES|QL).</summary>
    Kleene,

    /// <summary>From left to right: the third value ends the evaluation, and what was decided before it stands (Python, whose third value is "raises").</summary>
    Sequential,
}

/// <summary>
/// Predicates here are true or false. A language with a third value is lowered as if it had two, then rewritten so that the result
/// holds exactly where the original is true: guards say where a leaf is defined, and they appear only under a <c>not</c>.
/// </summary>
/// <remarks>
/// T(e) holds where e is true, F(e) where it is false; D(leaf) where the leaf is defined. A leaf is false where it is not defined, so
/// T needs no guard. T(not a) = F(a), F(not a) = T(a), F(leaf) = D and not leaf.
/// Kleene: T(a and b) = T(a) and T(b), F(a and b) = F(a) or F(b); or the other way round.
/// Sequential: F(a and b) = F(a) or (T(a) and F(b)), T(a or b) = T(a) or (F(a) and T(b)); the rest as Kleene. Where a part cannot be
/// undefined, its F is a plain <c>not</c>, and the Kleene form serves.
/// The F of an <c>or</c> of leaves keeps the author's shape: <c>D(a) and D(b) and not (a or b)</c>, guards beside.
/// </remarks>
public static class ThreeValued
{
    /// <summary>The two-valued predicate that holds exactly where the given one, read with three values, is true.</summary>
    /// <param name="defined">
    /// When a leaf has one of the two values: null for a leaf that always has. A rule of the language; <see cref="HasValueGuard"/> is the
    /// usual one. Its result is marked as guard here.
    /// </param>
    public static Predicate Rewrite(Predicate predicate, ThreeValuedLogic logic, Func<Predicate.Leaf, Predicate?> defined)
        => new Rewriter(logic, defined).True(predicate);

    /// <summary>
    /// Defined where the leaf's subject, and every operand that reads a field, has a value as the leaf reads it; what asks for
    /// presence is always defined.
    /// </summary>
    public static Predicate? HasValueGuard(Predicate.Leaf leaf)
    {
        if (LeafSemantics.AsksForPresence(leaf.Operator))
        {
            return null;
        }

        var guards = leaf.Operands.Where(operand => operand.FieldPaths().Any()).Prepend(leaf.Subject)
            .Select(expression => (Predicate)new Predicate.Leaf(LeafOperator.HasValue, expression, [], Quantifier: leaf.Quantifier, Typing: leaf.Typing))
            .ToIrList();
        return guards.Count == 1 ? guards[0] : new Predicate.And(guards);
    }

    /// <summary>What is false of a predicate, as far as it can be said with one <c>not</c>: guards, and what is negated beside them.</summary>
    private sealed record Guarded(IrList<Predicate> Guards, Predicate Positive);

    private sealed class Rewriter(ThreeValuedLogic logic, Func<Predicate.Leaf, Predicate?> defined)
    {
        // The sequential form needs T and F of the same part; they are shared, or a chain would double with every link.
        private readonly Dictionary<Predicate, Predicate> _true = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Predicate, Predicate> _false = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Predicate, Predicate?> _guards = new(ReferenceEqualityComparer.Instance);

        public Predicate True(Predicate predicate)
        {
            if (_true.TryGetValue(predicate, out var known))
            {
                return known;
            }

            RuntimeHelpers.EnsureSufficientExecutionStack();
            var result = predicate switch
            {
                Predicate.Not not => False(not.Child),
                Predicate.Named named => named with { Child = True(named.Child) },
                Predicate.And conjunction => conjunction with { Children = [.. conjunction.Children.Select(True)] },
                Predicate.Or disjunction => logic == ThreeValuedLogic.Kleene
                    ? disjunction with { Children = [.. disjunction.Children.Select(True)] }
                    : Sequential(disjunction.Children, disjunction.Origin, True, False),
                Predicate.AtLeast atLeast => Counted(atLeast, atLeast with { Children = [.. atLeast.Children.Select(True)] }),
                _ => predicate,
            };
            _true.Add(predicate, result);
            return result;
        }

        private Predicate False(Predicate predicate)
        {
            if (_false.TryGetValue(predicate, out var known))
            {
                return known;
            }

            RuntimeHelpers.EnsureSufficientExecutionStack();
            var result = GuardedFalse(predicate) is { } guarded ? Join(guarded, predicate.Origin) : predicate switch
            {
                Predicate.Not not => True(not.Child),
                Predicate.Named named => named with { Child = False(named.Child) },
                Predicate.And conjunction => logic == ThreeValuedLogic.Kleene
                    ? new Predicate.Or([.. conjunction.Children.Select(False)]) { Origin = conjunction.Origin }
                    : Sequential(conjunction.Children, conjunction.Origin, False, True),
                Predicate.Or disjunction => new Predicate.And([.. disjunction.Children.Select(False)]) { Origin = disjunction.Origin },
                Predicate.AtLeast atLeast => Counted(atLeast, atLeast with { Count = atLeast.Children.Count - atLeast.Count + 1, Children = [.. atLeast.Children.Select(False)] }),
                _ => new Predicate.Not(predicate) { Origin = predicate.Origin },
            };
            _false.Add(predicate, result);
            return result;
        }

        /// <summary>Leaves, constants, opaque parts, and names and alternatives of such: false is one <c>not</c> beside guards.</summary>
        private Guarded? GuardedFalse(Predicate predicate)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            switch (predicate)
            {
                case Predicate.Leaf leaf:
                    return new Guarded(GuardOf(leaf) is { } guard ? [guard] : [], leaf);
                case Predicate.Constant or Predicate.Opaque:
                    return new Guarded([], predicate);
                case Predicate.Named named when GuardedFalse(named.Child) is { } child:
                    return child with { Positive = named with { Child = child.Positive } };
                case Predicate.Or { Children.Count: > 0 } disjunction:
                    var guards = new List<Predicate>();
                    var positives = new List<Predicate>();
                    foreach (var child in disjunction.Children)
                    {
                        if (GuardedFalse(child) is not { } part)
                        {
                            return null;
                        }

                        guards.AddRange(part.Guards);
                        positives.Add(part.Positive);
                    }

                    return new Guarded([.. guards.Distinct()], disjunction with { Children = [.. positives] });
                default:
                    return null;
            }
        }

        private static Predicate Join(Guarded guarded, Origin origin)
        {
            var negation = new Predicate.Not(guarded.Positive) { Origin = origin };
            return guarded.Guards.Count == 0 ? negation : new Predicate.And([.. guarded.Guards, negation]) { Origin = origin };
        }

        /// <summary>
        /// What ends an evaluation from left to right: for <c>or</c> the first true after nothing but false, for <c>and</c> the first
        /// false after nothing but true. <c>e1 or (c1 and (e2 or (c2 and e3)))</c>, with e for what ends and c for what continues.
        /// </summary>
        private Predicate Sequential(IrList<Predicate> children, Origin origin, Func<Predicate, Predicate> ends, Func<Predicate, Predicate> continues)
        {
            if (children.Count == 0)
            {
                return new Predicate.Or([]) { Origin = origin };
            }

            var result = ends(children[^1]);
            for (var i = children.Count - 2; i >= 0; i--)
            {
                // A part that cannot be undefined continues wherever it does not end.
                result = IsAlwaysDefined(children[i])
                    ? new Predicate.Or([ends(children[i]), result]) { Origin = origin }
                    : new Predicate.Or([ends(children[i]), new Predicate.And([continues(children[i]), result])]) { Origin = origin };
            }

            return result;
        }

        /// <summary>Counting evaluates every part: in the sequential logic each has to be defined.</summary>
        private Predicate Counted(Predicate.AtLeast written, Predicate.AtLeast counted)
        {
            if (logic == ThreeValuedLogic.Kleene)
            {
                return counted;
            }

            var known = written.Children.Where(child => !IsAlwaysDefined(child)).Select(child => (Predicate)new Predicate.Or([True(child), False(child)]) { Origin = Origin.Of(default, OriginKind.Guard) });
            return new Predicate.And([.. known, counted]) { Origin = written.Origin };
        }

        private bool IsAlwaysDefined(Predicate predicate)
            => predicate.DescendantsAndSelf().All(node => node is not (Predicate.Leaf or Predicate.Opaque) || (node is Predicate.Leaf leaf && GuardOf(leaf) is null));

        private Predicate? GuardOf(Predicate.Leaf leaf)
        {
            if (!_guards.TryGetValue(leaf, out var guard))
            {
                guard = defined(leaf) is { } known ? known with { Origin = Origin.Of(leaf.Origin.Span, OriginKind.Guard) } : null;
                _guards.Add(leaf, guard);
            }

            return guard;
        }
    }
}
