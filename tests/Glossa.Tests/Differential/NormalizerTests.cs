using FsCheck;
using FsCheck.Fluent;
using Glossa.Core.Ir;
using Glossa.Core.Rewrites;
using Glossa.Core.Semantics;

namespace Glossa.Tests.Differential;

public sealed class NormalizerTests
{
    private static readonly ReferenceEvaluator Evaluator = new(IrGenerators.ExternalValues);

    [Fact]
    public void Normal_form_answers_as_the_authored_tree_does()
        => Property(
            from predicate in IrGenerators.Predicate
            from events in IrGenerators.Event.ArrayOf(6)
            select (predicate, events),
            sample =>
            {
                var normal = Normalizer.Normalize(sample.predicate, Nodes(sample.predicate));
                foreach (var item in sample.events)
                {
                    var authored = Evaluator.Evaluate(sample.predicate, item);
                    var answer = Evaluator.Evaluate(normal, item);

                    // Folding may see that an answer does not hang on the opaque part after all; it may not contradict.
                    if (answer != authored && authored != Truth.Undecided)
                    {
                        return $"authored {authored}, normal {answer}: {IrText.Write(sample.predicate)} became {IrText.Write(normal)}";
                    }
                }

                return null;
            },
            count: 4_000);

    [Fact]
    public void Plans_give_the_same_rows_in_normal_form()
        => Property(
            from logic in IrGenerators.Logic
            from events in IrGenerators.Event.ArrayOf(8)
            select (logic, events),
            sample =>
            {
                var normal = Normalizer.Normalize(sample.logic);
                var authored = Evaluator.Run(sample.logic, sample.events, applyGates: true);
                var rows = Evaluator.Run(normal, sample.events, applyGates: true);
                return authored.Undecided > 0 || rows.Select(Describe).SequenceEqual(authored.Select(Describe))
                    ? null
                    : $"{authored.Count} rows became {rows.Count}: {IrText.Write(sample.logic)} became {IrText.Write(normal)}";
            },
            count: 1_000);

    [Fact]
    public void Normal_form_of_a_normal_form_is_itself()
        => Property(
            IrGenerators.Predicate,
            predicate =>
            {
                var once = Normalizer.Normalize(predicate, Nodes(predicate));
                var twice = Normalizer.Normalize(once, Nodes(once));
                return once.Equals(twice) ? null : $"{IrText.Write(once)} became {IrText.Write(twice)}";
            },
            count: 4_000);

    [Fact]
    public void Normal_form_has_no_names_and_negates_only_leaves_and_opaque_parts()
        => Property(
            IrGenerators.Predicate,
            predicate =>
            {
                var normal = Normalizer.Normalize(predicate, Nodes(predicate));
                var offender = normal.DescendantsAndSelf().FirstOrDefault(node => node
                    is Predicate.Named
                    or Predicate.Not { Child: not (Predicate.Leaf or Predicate.Opaque) }
                    or Predicate.Leaf { Operator: LeafOperator.Missing });
                return offender is null ? null : IrText.Write(offender);
            },
            count: 2_000);

    [Fact]
    public void Every_normal_leaf_stands_for_authored_leaves()
        => Property(
            IrGenerators.Predicate,
            predicate =>
            {
                var nodes = Nodes(predicate);
                var normal = Normalizer.Normalize(predicate, nodes);
                var stray = normal.DescendantsAndSelf().OfType<Predicate.Leaf>()
                    .FirstOrDefault(leaf => leaf.Origin.StandsFor.Count == 0 || leaf.Origin.StandsFor.Any(number => nodes[number] is not Predicate.Leaf));
                return stray is null ? null : IrText.Write(stray);
            },
            count: 2_000);

    private static AuthoredNodes Nodes(Predicate predicate) => new([new Plan.Filter(new Plan.Reference("x"), predicate)]);

    private static string Describe(ReferenceRow row)
        => string.Join(' ', row.Columns.Select(column => $"{column.Key}={column.Value}")) + string.Join(',', row.BuildingEvents.Select(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode));

    private static void Property<T>(Gen<T> samples, Func<T, string?> fault, int count) => Samples.Hold(samples, fault, count);
}
