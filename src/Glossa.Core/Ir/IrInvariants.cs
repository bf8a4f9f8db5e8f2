using System.Globalization;
using System.Runtime.CompilerServices;
using Glossa.Core.Events;
using Glossa.Core.Rules;
using Glossa.Core.Text;

namespace Glossa.Core.Ir;

/// <summary>Something a lowering or a rewrite must never produce: a fault of ours, whatever the rule says.</summary>
/// <param name="Invariant">A short stable name: <c>reference-resolves</c>.</param>
/// <param name="Span">Of the node it was found at.</param>
public sealed record IrViolation(string Invariant, string Message, SourceSpan Span);

/// <summary>What holds of every logic, whatever language it came from.</summary>
public static class IrInvariants
{
    /// <summary>More levels than any reader lets through.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>Names of parameters that every run supplies.</summary>
    private static readonly HashSet<string> WellKnownParameters = new(StringComparer.Ordinal) { "RunTime", "WindowStart", "WindowEnd" };

    /// <summary>The faults of a logic as it was lowered, in the order of its nodes; empty where all is well.</summary>
    /// <param name="query">The text its spans point into, where spans are to be checked too.</param>
    public static IReadOnlyList<IrViolation> Check(DetectionLogic logic, QueryText? query = null) => new Checker(logic, query, isNormal: false).Run();

    /// <summary>The same of a normal form, which has no names and no node that means another one.</summary>
    public static IReadOnlyList<IrViolation> CheckNormal(DetectionLogic normal, QueryText? query = null) => new Checker(normal, query, isNormal: true).Run();

    private sealed class Checker(DetectionLogic logic, QueryText? query, bool isNormal)
    {
        private readonly List<IrViolation> _violations = [];
        private readonly HashSet<string> _bindings = new(StringComparer.Ordinal);
        private readonly HashSet<string> _inputs = new(logic.Inputs.Select(input => input.Id), StringComparer.Ordinal);

        public List<IrViolation> Run()
        {
            Unique(logic.Inputs.Select(input => input.Id), "inputs", default);
            foreach (var binding in logic.Bindings)
            {
                Check(binding.Plan, 0);
                if (!_bindings.Add(binding.Id))
                {
                    Add("unique-names", $"two bindings are called {binding.Id}", binding.Plan.Origin.Span);
                }
            }

            Check(logic.Root, 0);
            return _violations;
        }

        private void Check(Plan plan, int depth)
        {
            if (depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                Add("bounded-depth", $"plans are nested deeper than {MaxDepth}", plan.Origin.Span);
                return;
            }

            Check(plan.Origin);
            switch (plan)
            {
                case Plan.Scan { Gate: { } gate }:
                    Check(gate, depth + 1);
                    break;
                case Plan.Filter filter:
                    Check(filter.Predicate, depth + 1);
                    break;
                case Plan.Extend extend:
                    Unique(extend.Assignments.Select(assignment => assignment.Name), "columns", extend.Origin.Span);
                    foreach (var assignment in extend.Assignments)
                    {
                        Check(assignment.Expression, depth + 1);
                    }

                    break;
                case Plan.Reference reference when !_bindings.Contains(reference.Binding):
                    Add("reference-resolves", $"{reference.Binding} is no binding that stands before", reference.Origin.Span);
                    break;
                case Plan.Window window:
                    Check(window.Partition, depth);
                    Check(window.Calls, window.Origin.Span, depth);
                    if (window.Range < TimeSpan.Zero || window.Order.Length == 0)
                    {
                        Add("window-frame", "a window looks back along a column, by a span that is not negative", window.Origin.Span);
                    }

                    break;
                case Plan.Summarize summarize:
                    Check(summarize.Keys, depth);
                    Check(summarize.Aggregates, summarize.Origin.Span, depth);
                    Unique(summarize.Keys.Select(key => key.Name).Concat(summarize.Aggregates.Select(aggregate => aggregate.Name)), "columns", summarize.Origin.Span);
                    break;
                case Plan.Sequence sequence:
                    Check(sequence, depth);
                    break;
                case Plan.Opaque opaque when opaque.Reason.Length == 0 || opaque.Construct.Length == 0:
                    Add("opaque-says-why", "an opaque stage names its construct and a reason", opaque.Origin.Span);
                    break;
            }

            foreach (var input in plan.Inputs())
            {
                Check(input, depth + 1);
            }
        }

        private void Check(Plan.Sequence sequence, int depth)
        {
            if (sequence.Steps.All(step => step.Missing))
            {
                Add("sequence-steps", "a sequence has a step that is there", sequence.Origin.Span);
            }

            if (sequence.MaxSpan < TimeSpan.Zero)
            {
                Add("sequence-steps", "a span is not negative", sequence.Origin.Span);
            }

            Unique(sequence.Steps.Select(step => step.Name), "steps", sequence.Origin.Span);
            var keyCounts = sequence.Steps.Select(step => step.By.Count).Where(count => count > 0).Distinct().Count();
            if (keyCounts > 1)
            {
                Add("sequence-steps", "keys are compared position by position, so each step has as many", sequence.Origin.Span);
            }

            foreach (var step in sequence.Steps)
            {
                Check(step.By, depth);
            }
        }

        private void Check(Predicate predicate, int depth)
        {
            if (depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                Add("bounded-depth", $"predicates are nested deeper than {MaxDepth}", predicate.Origin.Span);
                return;
            }

            Check(predicate.Origin);
            switch (predicate)
            {
                case Predicate.Leaf leaf when !isNormal || leaf.Operator != LeafOperator.Missing:
                    Check(leaf, depth);
                    break;
                case Predicate.Opaque { Reason.Length: 0 }:
                    Add("opaque-says-why", "an opaque part has a reason", predicate.Origin.Span);
                    break;
                case Predicate.Named when isNormal:
                case Predicate.Not { Child: not (Predicate.Leaf or Predicate.Opaque) } when isNormal:
                case Predicate.Leaf { Operator: LeafOperator.Missing } when isNormal:
                    Add("normal-form", $"a normal form has no {IrText.Write(predicate)}", predicate.Origin.Span);
                    break;
            }

            foreach (var child in predicate.Children())
            {
                Check(child, depth + 1);
            }
        }

        private void Check(Predicate.Leaf leaf, int depth)
        {
            var asksForPresence = leaf.Operator is LeafOperator.Present or LeafOperator.Missing or LeafOperator.HasValue or LeafOperator.IsEmpty;
            if (asksForPresence != (leaf.Operands.Count == 0))
            {
                // A comparison without operands is false, and its reader has to say so with a diagnostic and a constant.
                Add("operands", string.Create(CultureInfo.InvariantCulture, $"{IrText.Word(leaf.Operator)} has {leaf.Operands.Count} operands"), leaf.Origin.Span);
            }

            if ((leaf.Operator == LeafOperator.Regex) != (leaf.Regex is not null))
            {
                Add("regex-form", "a pattern, and nothing else, says how it is read", leaf.Origin.Span);
            }

            Check(leaf.Subject, depth + 1);
            foreach (var operand in leaf.Operands)
            {
                Check(operand, depth + 1);
                if (operand is ValueExpression.Literal literal && !Suits(leaf.Operator, literal.Value))
                {
                    Add("operand-type", $"{IrText.Word(leaf.Operator)} has no use for {IrText.Write(literal)}", leaf.Origin.Span);
                }
            }
        }

        private static bool Suits(LeafOperator leafOperator, Value value) => leafOperator switch
        {
            LeafOperator.Cidr => value is Value.Prefix,
            LeafOperator.Wildcard or LeafOperator.Regex => value is Value.Text,
            LeafOperator.Lt or LeafOperator.Le or LeafOperator.Gt or LeafOperator.Ge => value is Value.Integer or Value.Decimal or Value.Real or Value.Instant or Value.Duration or Value.Text,
            _ => value is not (Value.Null or Value.List or Value.Map),
        };

        private void Check(ValueExpression expression, int depth)
        {
            if (depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                Add("bounded-depth", $"expressions are nested deeper than {MaxDepth}", expression.Origin.Span);
                return;
            }

            Check(expression.Origin);
            var arguments = IrList<ValueExpression>.Empty;
            switch (expression)
            {
                case ValueExpression.Parameter parameter when !WellKnownParameters.Contains(parameter.Name) && !logic.Parameters.Contains(parameter.Name):
                    Add("parameter-declared", $"the parameter {parameter.Name} is not declared", expression.Origin.Span);
                    break;
                case ValueExpression.ExternalValue external:
                    arguments = external.Arguments;
                    if (!_inputs.Contains(external.Input))
                    {
                        Add("input-declared", $"the input {external.Input} is not declared", expression.Origin.Span);
                    }

                    break;
                case ValueExpression.Call call:
                    arguments = call.Arguments;
                    break;
                case ValueExpression.Opaque { Reason.Length: 0 }:
                    Add("opaque-says-why", "an opaque value has a reason", expression.Origin.Span);
                    break;
            }

            foreach (var argument in arguments)
            {
                Check(argument, depth + 1);
            }
        }

        private void Check(IrList<GroupKey> keys, int depth)
        {
            foreach (var key in keys)
            {
                Check(key.Expression, depth + 1);
            }
        }

        private void Check(IrList<NamedAggregate> aggregates, SourceSpan span, int depth)
        {
            Unique(aggregates.Select(aggregate => aggregate.Name), "aggregates", span);
            foreach (var argument in aggregates.SelectMany(aggregate => aggregate.Call.Arguments))
            {
                Check(argument, depth + 1);
            }
        }

        private void Check(Origin origin)
        {
            if (query is not null && (origin.Span.Start < 0 || origin.Span.Length < 0 || origin.Span.End > query.Length))
            {
                Add("span-in-text", $"the span {origin.Span} is not in the query", origin.Span);
            }
        }

        private void Unique(IEnumerable<string> names, string what, SourceSpan span)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var name in names)
            {
                if (!seen.Add(name))
                {
                    Add("unique-names", $"two {what} are called {name}", span);
                }
            }
        }

        private void Add(string invariant, string message, SourceSpan span) => _violations.Add(new IrViolation(invariant, message, span));
    }
}
