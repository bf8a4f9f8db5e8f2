using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Glossa.Core.Diagnostics;
using Glossa.Core.Events;
using Glossa.Core.Rules;
using Glossa.Core.Text;

namespace Glossa.Core.Ir;

/// <summary>What was read, or why not.</summary>
/// <param name="Value">Null where the text is no IR; then there is a diagnostic.</param>
public sealed record IrReading<T>(T? Value, IReadOnlyList<Diagnostic> Diagnostics)
    where T : class;

/// <summary>Reads what <see cref="IrText"/> writes. Stops at the first fault: the text is ours, not a person's to be helped along.</summary>
internal sealed class IrTextReader
{
    public static readonly DiagnosticDescriptor NotIr = new("IRT0001", "The text is not the IR's", DiagnosticSeverity.Error);

    /// <summary>Deeper than any rule the readers let through, and shallow enough for any thread's stack.</summary>
    private const int MaxDepth = 1_000;

    private static readonly Dictionary<string, LeafOperator> Operators = Enum.GetValues<LeafOperator>().ToDictionary(IrText.Word, StringComparer.Ordinal);

    private static readonly Dictionary<string, OriginKind> Origins = Enum.GetValues<OriginKind>()
        .Where(kind => IrText.OriginWord(kind) is not null)
        .ToDictionary(kind => IrText.OriginWord(kind)!, StringComparer.Ordinal);

    private readonly string _text;
    private int _position;
    private int _depth;
    private Token _current;

    private IrTextReader(string text)
    {
        _text = text;
        _current = Scan();
    }

    private enum TokenKind
    {
        Open,
        Close,
        OpenBracket,
        CloseBracket,
        Word,
        Text,
        Assign,
        End,
    }

    private readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span);

    public static IrReading<T> Read<T>(string text, Func<IrTextReader, T> read)
        where T : class
    {
        try
        {
            var reader = new IrTextReader(text);
            var value = read(reader);
            if (reader._current.Kind != TokenKind.End)
            {
                throw reader.Fault("the end");
            }

            return new IrReading<T>(value, []);
        }
        catch (NotIrException fault)
        {
            return new IrReading<T>(null, [Diagnostic.At(NotIr, fault.Message, QueryText.FromText(text, "<ir>"), fault.Span)]);
        }
    }

    public DetectionLogic Logic()
    {
        if (!IsList("logic"))
        {
            return new DetectionLogic([], Plan(), [], [], null, Fidelity.Exact);
        }

        var bindings = new List<PlanBinding>();
        var parameters = new List<string>();
        var inputs = new List<ExternalInput>();
        Plan? root = null;
        InList("logic", () =>
        {
            while (true)
            {
                if (IsList("let"))
                {
                    InList("let", () =>
                    {
                        var id = Name();
                        var name = Accept(":name") ? Text() : id;
                        bindings.Add(new PlanBinding(id, name, Plan()));
                        return 0;
                    });
                }
                else if (IsList("parameter"))
                {
                    parameters.Add(InList("parameter", Name));
                }
                else if (IsList("input"))
                {
                    inputs.Add(InList("input", () =>
                    {
                        var id = Name();
                        Expect("value_list");
                        return new ExternalInput(id, ExternalInputKind.ValueList, Text(), Accept(":required"));
                    }));
                }
                else
                {
                    root = Plan();
                    return 0;
                }
            }
        });
        return new DetectionLogic([.. bindings], root!, [.. parameters], [.. inputs], null, Fidelity.Exact);
    }

    public Predicate Predicate()
    {
        if (Accept("true"))
        {
            return new Predicate.Constant(true);
        }

        if (Accept("false"))
        {
            return new Predicate.Constant(false);
        }

        return Nested(() =>
        {
            Take(TokenKind.Open, "'('");
            var head = Word("an operator");
            var origin = OriginMark();
            Predicate predicate = head.Text switch
            {
                "and" => new Predicate.And(Predicates()),
                "or" => new Predicate.Or(Predicates()),
                "not" => new Predicate.Not(Predicate()),
                "at_least" => new Predicate.AtLeast(Count(), Predicates()),
                "named" => new Predicate.Named(Name(), NameKind.Selection, Predicate()),
                "opaque" => new Predicate.Opaque(Text(), Paths()),
                _ => Leaf(head),
            };
            Take(TokenKind.Close, "')'");
            return predicate with { Origin = origin };
        });
    }

    public Plan Plan() => Nested(() =>
    {
        Take(TokenKind.Open, "'('");
        var head = Word("a stage");
        var origin = OriginMark();
        Plan plan;
        switch (head.Text)
        {
            case "scan":
                var source = LogSource();
                var time = Accept(":time") ? Name() : FieldPath.TimeColumn;
                plan = new Plan.Scan(source, time, Accept(":gate") ? Predicate() : null);
                break;
            case "filter":
                plan = new Plan.Filter(Plan(), Predicate());
                break;
            case "extend":
                plan = new Plan.Extend(Plan(), [.. InBrackets(() => new NamedExpression(Assigned(), Expression()))]);
                break;
            case "union":
                plan = new Plan.Union(Plans());
                break;
            case "reference":
                plan = new Plan.Reference(Name());
                break;
            case "window":
                var input = Plan();
                Expect(":partition");
                var partition = Keys();
                Expect(":order");
                var order = Name();
                Expect(":range");
                plan = new Plan.Window(input, partition, order, Duration(), Aggregates());
                break;
            case "summarize":
                plan = new Plan.Summarize(Plan(), Keys(), Aggregates());
                break;
            case "sequence":
                plan = Sequence();
                break;
            case "opaque":
                var construct = Text();
                var reason = Text();
                plan = new Plan.Opaque(Plans(), construct, reason);
                break;
            default:
                throw new NotIrException($"no stage is called '{head.Text}'", head.Span);
        }

        Take(TokenKind.Close, "')'");
        return plan with { Origin = origin };
    });

    public ValueExpression Expression()
    {
        switch (_current.Kind)
        {
            case TokenKind.Word when IrText.IsWord(_current.Text):
                return new ValueExpression.Field(FieldPath.Named(Next().Text));
            case TokenKind.Word or TokenKind.Text:
                return new ValueExpression.Literal(Atom());
        }

        return Nested<ValueExpression>(() =>
        {
            var head = _current.Kind == TokenKind.Open ? PeekWord() : throw Fault("an expression");
            switch (head)
            {
                case "field" or "anywhere":
                    return new ValueExpression.Field(Path());
                case "decimal" or "real" or "ticks" or "address" or "prefix" or "list" or "map":
                    return new ValueExpression.Literal(Form());
                case "parameter":
                    return new ValueExpression.Parameter(InList("parameter", Name));
                case "external_value":
                    return InList(head, () => new ValueExpression.ExternalValue(Name(), Expressions()));
                case "opaque":
                    return InList(head, () => new ValueExpression.Opaque(Text(), Paths()));
                default:
                    var call = Call();
                    return new ValueExpression.Call(call.Function, call.Arguments);
            }
        });
    }

    private (string Function, IrList<ValueExpression> Arguments) Call() => Nested(() =>
    {
        Take(TokenKind.Open, "'('");
        var head = Word("a function");
        var function = head.Text == "call" ? Text() : head.Text;
        if (head.Text != "call" && (!IrText.IsWord(function) || IrText.IsReservedHead(function)))
        {
            throw new NotIrException($"no function can be called '{function}'", head.Span);
        }

        var arguments = Expressions();
        Take(TokenKind.Close, "')'");
        return (function, arguments);
    });

    private Predicate.Leaf Leaf(Token head)
    {
        var folds = head.Text.EndsWith('~');
        if (!Operators.TryGetValue(folds ? head.Text[..^1] : head.Text, out var leafOperator))
        {
            throw new NotIrException($"no operator is called '{head.Text}'", head.Span);
        }

        var subject = Expression();
        var operands = Expressions();
        var match = Accept(":all") ? MatchMode.All : MatchMode.Any;
        var typing = Typing.Text;
        if (Accept(":as"))
        {
            Expect("literal");
            typing = Typing.Literal;
        }

        var form = leafOperator == LeafOperator.Regex ? new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None) : null;
        if (Accept(":form"))
        {
            form = Accept("none") ? null : new RegexForm(RegexDialect.Pcre, RegexAnchor.Search, RegexOptionSet.None);
            if (form is not null)
            {
                Expect("pcre");
            }
        }

        if (Accept(":flags"))
        {
            var flags = Word("flags");
            if (form is null || flags.Text is not ("m" or "s" or "ms"))
            {
                throw new NotIrException("the flags of a pattern are m, s or ms", flags.Span);
            }

            form = form with
            {
                Options = (flags.Text.Contains('m', StringComparison.Ordinal) ? RegexOptionSet.Multiline : RegexOptionSet.None)
                    | (flags.Text.Contains('s', StringComparison.Ordinal) ? RegexOptionSet.DotAll : RegexOptionSet.None),
            };
        }

        return new Predicate.Leaf(leafOperator, subject, operands, match, folds ? CaseRule.Fold : CaseRule.Exact, Quantifier.Any, typing, form);
    }

    private Plan.Sequence Sequence()
    {
        var order = Accept("ordered") ? SequenceOrder.Ordered : Accept("unordered") ? SequenceOrder.Unordered : throw Fault("'ordered' or 'unordered'");
        var span = Accept(":span") ? Duration() : (TimeSpan?)null;
        var steps = new List<SequenceStep>();
        while (IsList("step"))
        {
            steps.Add(InList("step", () => new SequenceStep(Name(), Plan(), _current.Kind == TokenKind.OpenBracket ? Keys() : [], Accept(":missing"))));
        }

        return new Plan.Sequence(order, [.. steps], span);
    }

    private ScanSource.LogSource LogSource() => InList("log_source", () =>
    {
        string? product = null, category = null, service = null;
        while (_current.Kind == TokenKind.Word)
        {
            if (Accept(":product"))
            {
                product = Name();
            }
            else if (Accept(":category"))
            {
                category = Name();
            }
            else
            {
                Expect(":service");
                service = Name();
            }
        }

        return new ScanSource.LogSource(product, category, service);
    });

    private FieldPath Path()
    {
        if (_current.Kind == TokenKind.Word && IrText.IsWord(_current.Text))
        {
            return FieldPath.Named(Next().Text);
        }

        PathRoot root = PathRoot.Row.Instance;
        var lookup = FieldLookup.Lenient;
        if (_current.Kind != TokenKind.Open || PeekWord() is not ("field" or "anywhere"))
        {
            throw Fault("a field");
        }

        Next();
        if (Accept("anywhere"))
        {
            root = new PathRoot.Anywhere(Accept("values") ? AnywhereScope.Values : Accept("raw") ? AnywhereScope.Raw : Accept("both") ? AnywhereScope.Both : throw Fault("'values', 'raw' or 'both'"));
            lookup = default;
        }
        else
        {
            Next();
        }

        var steps = new List<PathStep>();
        while (_current.Kind == TokenKind.Text || (_current.Kind == TokenKind.Word && IrText.IsWord(_current.Text)))
        {
            steps.Add(new PathStep.Key(Name()));
        }

        if (Accept(":match"))
        {
            lookup = lookup with { IgnoreCaseNext = Either("any_case", "exact") };
        }

        if (Accept(":dots"))
        {
            lookup = lookup with { DottedNested = Either("nested", "key") };
        }

        if (Accept(":lists"))
        {
            lookup = lookup with { FlattenLists = Either("flatten", "stop") };
        }

        Take(TokenKind.Close, "')'");
        return new FieldPath(root, [.. steps], lookup);
    }

    private IrList<GroupKey> Keys() => [.. InBrackets(() =>
    {
        string name;
        ValueExpression expression;
        if (_current.Kind == TokenKind.Assign)
        {
            name = Assigned();
            expression = Expression();
        }
        else
        {
            name = Name();
            expression = new ValueExpression.Field(FieldPath.Named(name));
        }

        return new GroupKey(name, expression, Accept(":drop") ? NullKeys.Drop : NullKeys.Group);
    })];

    private IrList<NamedAggregate> Aggregates() => [.. InBrackets(() =>
    {
        var name = Assigned();
        var call = Call();
        return new NamedAggregate(name, new AggregateCall(call.Function, call.Arguments));
    })];

    /// <summary>A literal that is one token.</summary>
    private Value Atom()
    {
        var token = Next();
        if (token.Kind == TokenKind.Text)
        {
            return new Value.Text(token.Text);
        }

        var text = token.Text;
        switch (text)
        {
            case "true":
                return new Value.Boolean(true);
            case "false":
                return new Value.Boolean(false);
            case "null":
                return Value.Null.Instance;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return new Value.Integer(whole);
        }

        if (text.AsSpan().IndexOfAny('.', 'E') >= 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
        {
            return new Value.Real(real);
        }

        if (text.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(text, out var network))
        {
            return new Value.Prefix(network);
        }

        if (text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return new Value.Instant(instant);
        }

        return DurationOf(text) is { } duration ? new Value.Duration(duration) : throw new NotIrException($"'{text}' is neither a name nor a literal", token.Span);
    }

    /// <summary>A literal in parentheses, or any other.</summary>
    private Value Literal() => _current.Kind is TokenKind.Word or TokenKind.Text ? Atom() : Nested(Form);

    private Value Form()
    {
        var at = _current.Span;
        Take(TokenKind.Open, "'('");
        var head = Word("a literal");
        Value? value = null;
        switch (head.Text)
        {
            case "decimal":
                value = decimal.TryParse(Text(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? new Value.Decimal(number) : null;
                break;
            case "real":
                value = double.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? new Value.Real(real) : null;
                break;
            case "ticks":
                value = Atom() is Value.Integer ticks ? new Value.Duration(new TimeSpan(ticks.Content)) : null;
                break;
            case "address":
                value = IPAddress.TryParse(Text(), out var address) ? new Value.Address(address) : null;
                break;
            case "prefix":
                value = IPNetwork.TryParse(Text(), out var network) ? new Value.Prefix(network) : null;
                break;
            case "list":
                var items = new List<Value>();
                while (_current.Kind != TokenKind.Close)
                {
                    items.Add(Literal());
                }

                value = new Value.List(items);
                break;
            case "map":
                var entries = new List<KeyValuePair<string, Value>>();
                while (_current.Kind != TokenKind.Close)
                {
                    entries.Add(KeyValuePair.Create(Text(), Literal()));
                }

                value = new Value.Map(entries);
                break;
        }

        Take(TokenKind.Close, "')'");
        return value ?? throw new NotIrException("this is no literal", at);
    }

    private TimeSpan Duration()
    {
        var at = _current.Span;
        return Literal() is Value.Duration duration ? duration.Content : throw new NotIrException("a duration is expected here", at);
    }

    private static TimeSpan? DurationOf(string text)
    {
        foreach (var (unit, length) in IrText.DurationUnits)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            {
                var ticks = (Int128)count * length.Ticks;
                return ticks >= long.MinValue && ticks <= long.MaxValue ? new TimeSpan((long)ticks) : null;
            }
        }

        return null;
    }

    private int Count()
    {
        var at = _current.Span;
        return Atom() is Value.Integer { Content: >= int.MinValue and <= int.MaxValue } count ? (int)count.Content : throw new NotIrException("a count is expected here", at);
    }

    private IrList<Predicate> Predicates()
    {
        var children = new List<Predicate>();
        while (_current.Kind != TokenKind.Close)
        {
            children.Add(Predicate());
        }

        return [.. children];
    }

    private IrList<Plan> Plans()
    {
        var plans = new List<Plan>();
        while (_current.Kind == TokenKind.Open)
        {
            plans.Add(Plan());
        }

        return [.. plans];
    }

    private IrList<FieldPath> Paths()
    {
        var paths = new List<FieldPath>();
        while (_current.Kind != TokenKind.Close)
        {
            paths.Add(Path());
        }

        return [.. paths];
    }

    private IrList<ValueExpression> Expressions()
    {
        var expressions = new List<ValueExpression>();
        while (_current.Kind is TokenKind.Open or TokenKind.Text || (_current.Kind == TokenKind.Word && !_current.Text.StartsWith(':')))
        {
            expressions.Add(Expression());
        }

        return [.. expressions];
    }

    private Origin OriginMark()
        => _current.Kind == TokenKind.Word && Origins.TryGetValue(_current.Text, out var kind) && Accept(_current.Text) ? Origin.Of(default, kind) : Origin.None;

    private string Assigned() => _current.Kind == TokenKind.Assign ? Next().Text : throw Fault("name=");

    private string Name()
        => _current.Kind == TokenKind.Text || (_current.Kind == TokenKind.Word && IrText.IsWord(_current.Text)) ? Next().Text : throw Fault("a name");

    private string Text() => _current.Kind == TokenKind.Text ? Next().Text : throw Fault("a text in quotes");

    private Token Word(string what) => _current.Kind == TokenKind.Word ? Next() : throw Fault(what);

    private bool Either(string yes, string no) => Accept(yes) || (Accept(no) ? false : throw Fault($"'{yes}' or '{no}'"));

    private bool Accept(string word)
    {
        if (_current.Kind != TokenKind.Word || _current.Text != word)
        {
            return false;
        }

        Next();
        return true;
    }

    private void Expect(string word)
    {
        if (!Accept(word))
        {
            throw Fault($"'{word}'");
        }
    }

    private void Take(TokenKind kind, string what)
    {
        if (_current.Kind != kind)
        {
            throw Fault(what);
        }

        Next();
    }

    private bool IsList(string head) => _current.Kind == TokenKind.Open && PeekWord() == head;

    private T InList<T>(string head, Func<T> read) => Nested(() =>
    {
        if (!IsList(head))
        {
            throw Fault($"'({head}'");
        }

        Next();
        Next();
        var value = read();
        Take(TokenKind.Close, "')'");
        return value;
    });

    private List<T> InBrackets<T>(Func<T> read)
    {
        Take(TokenKind.OpenBracket, "'['");
        var items = new List<T>();
        while (_current.Kind != TokenKind.CloseBracket)
        {
            items.Add(read());
        }

        Next();
        return items;
    }

    private T Nested<T>(Func<T> read)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new NotIrException($"the text is nested deeper than {MaxDepth}", _current.Span);
        }

        var value = read();
        _depth--;
        return value;
    }

    private NotIrException Fault(string expected) => new($"{expected} is expected here", _current.Span);

    private Token Next()
    {
        var token = _current;
        _current = Scan();
        return token;
    }

    /// <summary>The word after the parenthesis that is the current token, or null.</summary>
    private string? PeekWord()
    {
        var position = _position;
        var token = Scan();
        _position = position;
        return token.Kind == TokenKind.Word ? token.Text : null;
    }

    private Token Scan()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }

        var start = _position;
        if (start == _text.Length)
        {
            return new Token(TokenKind.End, "", new SourceSpan(start, 0));
        }

        TokenKind? single = _text[start] switch
        {
            '(' => TokenKind.Open,
            ')' => TokenKind.Close,
            '[' => TokenKind.OpenBracket,
            ']' => TokenKind.CloseBracket,
            _ => null,
        };
        if (single is { } kind)
        {
            _position++;
            return new Token(kind, _text[start].ToString(), new SourceSpan(start, 1));
        }

        if (_text[start] == '"')
        {
            return AfterName(TokenKind.Text, ScanText(), start);
        }

        while (_position < _text.Length && !char.IsWhiteSpace(_text[_position]) && _text[_position] is not ('(' or ')' or '[' or ']' or '"' or '='))
        {
            _position++;
        }

        return AfterName(TokenKind.Word, _text[start.._position], start);
    }

    private Token AfterName(TokenKind kind, string text, int start)
    {
        if (_position < _text.Length && _text[_position] == '=')
        {
            _position++;
            kind = TokenKind.Assign;
        }

        return new Token(kind, text, SourceSpan.FromBounds(start, _position));
    }

    private string ScanText()
    {
        var start = _position++;
        var content = new StringBuilder();
        while (_position < _text.Length)
        {
            var character = _text[_position++];
            if (character == '"')
            {
                return content.ToString();
            }

            if (character != '\\')
            {
                content.Append(character);
                continue;
            }

            var at = _position - 1;
            var escape = _position < _text.Length ? _text[_position++] : '\0';
            switch (escape)
            {
                case '"' or '\\':
                    content.Append(escape);
                    break;
                case 'n':
                    content.Append('\n');
                    break;
                case 'r':
                    content.Append('\r');
                    break;
                case 't':
                    content.Append('\t');
                    break;
                case 'u' when _text.IndexOf('}', _position) is var end && end - _position is >= 2 and <= 5 && _text[_position] == '{'
                    && ushort.TryParse(_text.AsSpan((_position + 1)..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                    content.Append((char)unit);
                    _position = end + 1;
                    break;
                default:
                    throw new NotIrException("no character is escaped like this", SourceSpan.FromBounds(at, _position));
            }
        }

        throw new NotIrException("the text is not closed", SourceSpan.FromBounds(start, _text.Length));
    }

    private sealed class NotIrException(string message, SourceSpan span) : Exception(message)
    {
        public SourceSpan Span { get; } = span;
    }
}
