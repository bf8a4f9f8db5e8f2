using Glossa.Core.Events;
using Glossa.Core.Ir;
using Glossa.Core.Semantics;

namespace Glossa.Analysis.Witnesses;

/// <summary>
/// Looks for an event on which a predicate is true. What must hold is taken apart into literals; where one of several parts is
/// enough, the event found so far is asked first whether some part holds already, and only then is one chosen, with a way back.
/// A filter that the event passes by itself therefore costs one evaluation.
/// </summary>
/// <param name="facts">Of the source of the event; null when it is not known.</param>
/// <param name="judgeWhole">False where the caller runs the whole rule on what is found: then its parts alone are judged here.</param>
internal sealed class PredicateSolver(ReferenceEvaluator judge, IReadOnlyDictionary<string, string> lists, StepBudget steps, SourceFacts? facts, bool judgeWhole = true)
{
    /// <summary>Choices on top of one another; each is a stack frame and a copy of the state.</summary>
    private const int MaxChoices = 256;

    private readonly SubjectSolver _subjects = new(judge, lists, steps);
    private Predicate _goal = new Predicate.Constant(true);
    private bool _backwards;

    /// <summary>The first thing in the way, in words; null after a success.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Null when none was found; <see cref="Obstacle"/> then says what was in the way.</summary>
    public MapEvent? Solve(Predicate goal)
    {
        _goal = goal;
        Obstacle = null;

        // Written order first; the last alternatives first when that led nowhere: a wrong early choice is then made last.
        foreach (var backwards in new[] { false, true })
        {
            _backwards = backwards;
            var state = new State();
            if (Take(state, goal, true) && Search(state, 0) is { } found)
            {
                Obstacle = null;
                return found;
            }

            if (steps.Exhausted)
            {
                Obstacle = $"gave up after {steps.Used} candidates; first in the way: {Obstacle}";
                break;
            }
        }

        Obstacle ??= "no choice of alternatives leads to an event";
        return null;
    }

    private MapEvent? Search(State state, int choices)
    {
        if (!SolveSubjects(state))
        {
            return null;
        }

        var candidate = state.Draft.ToEvent(facts: facts, timeless: state.Timeless);
        var open = state.Choices.FindIndex(choice => !choice.Holds(judge, candidate));
        if (open < 0)
        {
            if (!judgeWhole || judge.Evaluate(_goal, candidate) == Truth.True)
            {
                return candidate;
            }

            Obstacle ??= "the parts can be met one by one, but not together";
            return null;
        }

        if (choices >= MaxChoices)
        {
            Obstacle ??= $"more than {MaxChoices} choices on top of one another";
            return null;
        }

        var chosen = state.Choices[open];
        for (var i = 0; i <= chosen.Children.Count - chosen.From - chosen.Count; i++)
        {
            if (steps.Exhausted)
            {
                return null;
            }

            steps.Take();
            var index = _backwards ? chosen.Children.Count - chosen.Count - i : chosen.From + i;
            var next = state.Copy();
            next.Choices.RemoveAt(open);
            if (chosen.Count > 1)
            {
                next.Choices.Insert(open, chosen with { Count = chosen.Count - 1, From = index + 1 });
            }

            if (Take(next, chosen.Children[index], chosen.Truth) && Search(next, choices + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Takes apart what must be true (or false) until literals and choices are left.</summary>
    private bool Take(State state, Predicate predicate, bool truth)
    {
        var pending = new Stack<(Predicate Predicate, bool Truth)>();
        pending.Push((predicate, truth));
        while (pending.TryPop(out var goal))
        {
            switch (goal.Predicate)
            {
                case Predicate.Named named:
                    pending.Push((named.Child, goal.Truth));
                    break;
                case Predicate.Not not:
                    pending.Push((not.Child, !goal.Truth));
                    break;
                case Predicate.Constant constant:
                    if (constant.Value != goal.Truth)
                    {
                        Obstacle ??= "a part of it is constant";
                        return false;
                    }

                    break;
                case Predicate.And and:
                    if (!TakeCounted(state, pending, and.Children, goal.Truth ? and.Children.Count : 1, goal.Truth))
                    {
                        return false;
                    }

                    break;
                case Predicate.Or or:
                    if (!TakeCounted(state, pending, or.Children, goal.Truth ? 1 : or.Children.Count, goal.Truth))
                    {
                        return false;
                    }

                    break;
                case Predicate.AtLeast atLeast:
                    if (!TakeCounted(state, pending, atLeast.Children, goal.Truth ? atLeast.Count : atLeast.Children.Count - atLeast.Count + 1, goal.Truth))
                    {
                        return false;
                    }

                    break;
                case Predicate.Leaf leaf:
                    TakeLiteral(state, new Literal(leaf, goal.Truth));
                    break;
                case Predicate.Opaque opaque:
                    Obstacle ??= $"a part of it has no meaning here: {opaque.Reason}";
                    return false;
            }
        }

        return true;
    }

    // At least so many of the children must have this truth.
    private bool TakeCounted(State state, Stack<(Predicate Predicate, bool Truth)> pending, IrList<Predicate> children, int count, bool truth)
    {
        if (count <= 0)
        {
            return true;
        }

        if (count > children.Count)
        {
            Obstacle ??= truth ? "it asks for more parts than there are" : "a part of it is always true";
            return false;
        }

        if (count < children.Count)
        {
            state.Choices.Add(new Choice(children, count, 0, truth));
            return true;
        }

        for (var i = children.Count - 1; i >= 0; i--)
        {
            pending.Push((children[i], truth));
        }

        return true;
    }

    private static void TakeLiteral(State state, Literal literal)
    {
        if (SubjectKey.Of(literal.Leaf.Subject) is not { } key)
        {
            // Judged at the end with the whole event.
            return;
        }

        if (!literal.Positive && key.Kind is SubjectKind.Anywhere)
        {
            state.Everywhere.Add(literal);
            state.Forget();
        }

        // A place that is compared with must be there too.
        foreach (var operand in literal.Leaf.Operands)
        {
            if (literal.Positive && SubjectKey.Of(operand) is { } other)
            {
                state.Add(other, new Literal(new Predicate.Leaf(LeafOperator.HasValue, operand, []), true));
            }
        }

        state.Add(key, literal);
    }

    private bool SolveSubjects(State state)
    {
        // Places that others are compared with come first; of a circle the first mentioned.
        var order = new List<SubjectKey>();
        foreach (var key in state.Keys)
        {
            Visit(key, 0);
        }

        var draft = new EventDraft();
        var again = new HashSet<SubjectKey>();
        foreach (var key in order)
        {
            var subject = state[key];
            var compared = References(subject).ToArray();
            if (!subject.Solved || compared.Any(again.Contains))
            {
                var solved = _subjects.Solve(subject, state.Everywhere, draft, Wishes(state, key));
                if (!solved.Solved)
                {
                    Obstacle ??= $"no value found for {key}: {string.Join(", ", subject.Literals.Take(4))}{(subject.Literals.Count > 4 ? ", …" : "")}";
                    return false;
                }

                state[key] = solved;
                again.Add(key);
                subject = solved;
            }

            if (subject.Value is not null)
            {
                draft.Add(key, subject.Value);
            }
        }

        state.Draft = draft;
        return true;

        void Visit(SubjectKey key, int depth)
        {
            if (order.Contains(key) || depth > 8)
            {
                return;
            }

            foreach (var other in References(state[key]))
            {
                if (other != key && state.Has(other))
                {
                    Visit(other, depth + 1);
                }
            }

            if (!order.Contains(key))
            {
                order.Add(key);
            }
        }
    }

    private static IEnumerable<SubjectKey> References(Subject subject)
        => from literal in subject.Literals
           from operand in literal.Leaf.Operands
           where operand is ValueExpression.Field
           let key = SubjectKey.Of(operand)
           where key is not null
           select key.Value;

    // A field that another one must equal does well to fit what is asked of that one.
    private static List<Literal> Wishes(State state, SubjectKey key)
    {
        var wishes = new List<Literal>();
        foreach (var other in state.Keys)
        {
            if (other == key)
            {
                continue;
            }

            foreach (var literal in state[other].Literals)
            {
                if (literal is { Positive: true, Leaf.Operator: LeafOperator.Eq }
                    && literal.Leaf.Operands.FirstOrDefault(operand => SubjectKey.Of(operand) == key) is ValueExpression.Field own)
                {
                    wishes.AddRange(
                        from wish in state[other].Literals
                        where wish.Leaf.Subject is ValueExpression.Field && !wish.Leaf.Operands.Any(operand => operand is ValueExpression.Field)
                        select wish with { Leaf = wish.Leaf with { Subject = own } });
                }
            }
        }

        return wishes;
    }

    /// <summary>So many of the children, from an index on, must have a truth.</summary>
    private sealed record Choice(IrList<Predicate> Children, int Count, int From, bool Truth)
    {
        public bool Holds(ReferenceEvaluator judge, MapEvent e)
        {
            var wanted = Truth ? Core.Semantics.Truth.True : Core.Semantics.Truth.False;
            var missing = Count;
            for (var i = From; i < Children.Count && missing > 0; i++)
            {
                if (judge.Evaluate(Children[i], e) == wanted)
                {
                    missing--;
                }
            }

            return missing == 0;
        }
    }

    private sealed class State
    {
        private readonly Dictionary<SubjectKey, Subject> _subjects = [];
        private readonly List<SubjectKey> _order = [];

        public List<Choice> Choices { get; private init; } = [];

        public List<Literal> Everywhere { get; private init; } = [];

        public EventDraft Draft { get; set; } = new();

        public IReadOnlyList<SubjectKey> Keys => _order;

        /// <summary>Whether something asks for an event without a time.</summary>
        public bool Timeless => _subjects.TryGetValue(new(SubjectKind.Time, ""), out var time) && time.Value is null;

        public Subject this[SubjectKey key]
        {
            get => _subjects[key];
            set => _subjects[key] = value;
        }

        public bool Has(SubjectKey key) => _subjects.ContainsKey(key);

        public void Add(SubjectKey key, Literal literal)
        {
            if (!_subjects.TryGetValue(key, out var subject))
            {
                _order.Add(key);
                _subjects[key] = new Subject(key, [literal]);
            }
            else if (!subject.Literals.Any(own => own.Positive == literal.Positive && ReferenceEquals(own.Leaf, literal.Leaf)))
            {
                _subjects[key] = subject.With(literal);
            }
        }

        /// <summary>Every place is solved again.</summary>
        public void Forget()
        {
            foreach (var key in _order)
            {
                _subjects[key] = _subjects[key] with { Solved = false };
            }
        }

        public State Copy()
        {
            var copy = new State { Choices = [.. Choices], Everywhere = [.. Everywhere] };
            foreach (var key in _order)
            {
                copy._order.Add(key);
                copy._subjects[key] = _subjects[key];
            }

            return copy;
        }
    }
}
