namespace Glossa.Core.Events;

public static partial class EventShapes
{
    // A UserData element holds one element of the provider's, which holds the fields; nothing real is deeper.
    private const int MaximumUserDataDepth = 4;

    /// <summary>As an event log viewer exports it: <c>{"Event": {"System": …, "EventData": …}}</c>, attributes under <c>#attributes</c> or with <c>@</c>.</summary>
    private static EventEnvelope WindowsNested<TNode, TSink>(TNode @event, TNode system, TSink sink, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        // System first: it names the channel the record was read from; a cleared log has another Channel in its UserData.
        TNode? eventId = null;
        DateTimeOffset? time = null;
        ReadOnlySpan<char> channel = [];
        for (var more = system.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            switch (child.Name)
            {
                case "EventID":
                    eventId = Content(child) ?? child;
                    sink.Add("EventID", eventId.Value);
                    break;
                case "Channel":
                    channel = child.Text;
                    sink.Add(child);
                    break;
                case "TimeCreated":
                    var created = Attribute<TNode>(child, "SystemTime") ?? child;
                    time = TimeOf<TNode>(created);
                    sink.Add("TimeCreated", created);
                    break;
                case "#attributes" or "xmlns":
                    break;
                default:
                    if (child.Kind == RecordKind.Map)
                    {
                        AddAttributes(child, sink);
                    }
                    else if (child.Kind != RecordKind.Null)
                    {
                        sink.Add(child);
                    }

                    break;
            }
        }

        if (Get(@event, "EventData") is { } eventData)
        {
            AddEventData(eventData, sink);
        }

        if (Get(@event, "UserData") is { } userData)
        {
            AddLeaves(userData, sink, MaximumUserDataDepth);
        }

        if (Get(@event, "RenderingInfo") is { Kind: RecordKind.Map } rendering && Get(rendering, "Message") is { } message)
        {
            sink.Add(message);
        }

        var source = cache.Windows(channel, NumberOf(eventId), "windows-event");
        return new EventEnvelope(source.Facts, time, source.Aliases);
    }

    /// <summary>One object a record with the fields at its top: Sysmon and Security data as NXLog, PowerShell and the public data sets write it.</summary>
    private static EventEnvelope? WindowsFlat<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        TNode? channel = null, eventId = null, provider = null, computer = null, eventData = null, userData = null;
        for (var more = record.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            switch (child.Name)
            {
                case "Channel" or "channel" or "LogName" or "log_name" or "Log_Name":
                    channel ??= child;
                    break;
                case "EventID" or "EventId" or "event_id" or "Event_ID" or "Event_Id" or "eventid":
                    eventId = child;
                    break;
                case "Id":
                    eventId ??= child;
                    break;
                case "Provider_Name" or "ProviderName" or "SourceName" or "source_name" or "Provider":
                    provider ??= child;
                    break;
                case "Computer" or "Hostname" or "MachineName" or "computer_name" or "ComputerName":
                    computer ??= child;
                    break;
                case "EventData" or "event_data":
                    eventData = child;
                    break;
                case "UserData" or "user_data":
                    userData = child;
                    break;
            }
        }

        if (channel is not { Kind: RecordKind.Text } log || eventId is not { } id || NumberOf<TNode>(Content(id) ?? id) < 0)
        {
            return null;
        }

        var number = Content(id) ?? id;
        sink.Add("Channel", log);
        sink.Add("EventID", number);
        AddUnless("Provider_Name", provider, sink);
        AddUnless("Computer", computer, sink);
        if (eventData is { } data)
        {
            AddEventData(data, sink);
        }

        if (userData is { } user)
        {
            AddLeaves(user, sink, MaximumUserDataDepth);
        }

        for (var more = record.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            if (child.Name is not ("Channel" or "EventID" or "EventData" or "event_data" or "UserData" or "user_data" or "Provider_Name" or "Computer"))
            {
                AddEntry(child, sink);
            }
        }

        var source = cache.Windows(log.Text, NumberOf<TNode>(number), "windows-flat");
        return new EventEnvelope(source.Facts, TimeOf(record, keys), source.Aliases);
    }

    /// <summary>Winlogbeat and the Elastic agent: <c>winlog.event_data</c> holds the fields, and Elastic's own names stand beside it.</summary>
    private static EventEnvelope Winlogbeat<TNode, TSink>(TNode record, TNode winlog, TSink sink, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        var channel = Get(winlog, "channel");
        var eventId = Get(winlog, "event_id") ?? Get(record, "event", "code");
        AddUnless("Channel", channel, sink);
        AddUnless<TNode, TSink>("EventID", eventId is { } id ? Content(id) ?? id : null, sink);
        AddUnless("Provider_Name", Get(winlog, "provider_name"), sink);
        AddUnless("Computer", Get(winlog, "computer_name") ?? Get(record, "host", "name"), sink);
        if (Get(winlog, "event_data") is { } data)
        {
            AddEventData(data, sink);
        }

        if (Get(winlog, "user_data") is { } user)
        {
            AddLeaves(user, sink, MaximumUserDataDepth);
        }

        AddAll(record, sink);
        var source = cache.Winlogbeat(TextOf(channel), NumberOf(eventId));
        return new EventEnvelope(source.Facts, TimeOf(Get<TNode>(record, "@timestamp")), source.Aliases);
    }

    private static void AddUnless<TNode, TSink>(string name, TNode? node, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (node is { } present && present.Kind != RecordKind.Null)
        {
            sink.Add(name, present);
        }
    }

    /// <summary>The text of an element that also has attributes.</summary>
    private static TNode? Content<TNode>(TNode element)
        where TNode : struct, IRecordNode<TNode>
        => element.Kind != RecordKind.Map ? null : Get(element, "#text") ?? Get(element, "_text") ?? Get(element, "Value") ?? Get(element, "value");

    private static TNode? Attribute<TNode>(TNode element, string name)
        where TNode : struct, IRecordNode<TNode>
    {
        if (element.Kind != RecordKind.Map)
        {
            return null;
        }

        for (var more = element.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            var key = child.Name;
            if (key is "#attributes" or "@attributes" or "$")
            {
                if (Get(child, name) is { } found)
                {
                    return found;
                }
            }
            else if (key.SequenceEqual(name) || (key.Length == name.Length + 1 && key[0] == '@' && key[1..].SequenceEqual(name)))
            {
                return child;
            }
        }

        return null;
    }

    /// <summary><c>Provider</c> with the attribute <c>Name</c> is <c>Provider_Name</c>; text beside attributes keeps the element's name.</summary>
    private static void AddAttributes<TNode, TSink>(TNode element, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Content(element) is { } text)
        {
            sink.Add(element.Name, text);
        }

        for (var more = element.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            if (child.Name is "#attributes" or "@attributes" or "$")
            {
                for (var inner = child.TryGetFirst(out var attribute); inner; inner = attribute.TryGetNext(out attribute))
                {
                    AddJoined(element.Name, attribute.Name, attribute, sink);
                }
            }
            else if (child.Name is not ("#text" or "_text" or "Value" or "value"))
            {
                AddJoined(element.Name, child.Name.TrimStart('@'), child, sink);
            }
        }
    }

    private static void AddJoined<TNode, TSink>(ReadOnlySpan<char> element, ReadOnlySpan<char> attribute, TNode node, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        var length = element.Length + 1 + attribute.Length;
        if (length > 256)
        {
            return;
        }

        Span<char> name = stackalloc char[length];
        element.CopyTo(name);
        name[element.Length] = '_';
        attribute.CopyTo(name[(element.Length + 1)..]);
        sink.Add(name, node);
    }

    private static void AddEventData<TNode, TSink>(TNode data, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        switch (data.Kind)
        {
            case RecordKind.Map:
                for (var more = data.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
                {
                    if (child.Name is "Data" && child.Kind is RecordKind.List or RecordKind.Map)
                    {
                        AddData(child, sink);
                    }
                    else if (child.Name is not ("#attributes" or "@xmlns" or "xmlns"))
                    {
                        AddEntry(child, sink);
                    }
                }

                break;
            case RecordKind.List:
                AddData(data, sink);
                break;
            case RecordKind.Null:
                break;
            default:
                sink.Add("EventData", data);
                break;
        }
    }

    /// <summary>The elements <c>Data</c>: with a name they are fields, without one they stay together under <c>Data</c>.</summary>
    private static void AddData<TNode, TSink>(TNode data, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (data.Kind == RecordKind.Map)
        {
            AddDataElement(data, sink);
            return;
        }

        var named = false;
        for (var more = data.TryGetFirst(out var item); more; more = item.TryGetNext(out item))
        {
            named |= AddDataElement(item, sink);
        }

        if (!named)
        {
            sink.Add("Data", data);
        }
    }

    private static bool AddDataElement<TNode, TSink>(TNode element, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Attribute<TNode>(element, "Name") is { Kind: RecordKind.Text } name)
        {
            // An element without text is an empty field: there is no node for it, and an absent field means the same to a rule.
            if (Content(element) is { } text)
            {
                AddSpelled(name.Text, text, sink);
            }

            return true;
        }

        return false;
    }

    /// <summary>The scalars and lists below an element, each under its own name.</summary>
    private static void AddLeaves<TNode, TSink>(TNode element, TSink sink, int depth)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        for (var more = element.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            if (child.Name is "#attributes" or "xmlns" or "@xmlns" or "xml_name")
            {
                continue;
            }

            if (child.Kind == RecordKind.Map && Content(child) is { } text)
            {
                sink.Add(child.Name, text);
            }
            else if (child.Kind == RecordKind.Map)
            {
                if (depth > 0)
                {
                    AddLeaves(child, sink, depth - 1);
                }
            }
            else
            {
                AddEntry(child, sink);
            }
        }
    }

    private static void AddEntry<TNode, TSink>(TNode child, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        sink.Add(child);
        if (child.Name.Contains(' '))
        {
            AddRespelled(child.Name, child, sink);
        }
    }

    private static void AddSpelled<TNode, TSink>(ReadOnlySpan<char> name, TNode node, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        sink.Add(name, node);
        if (name.Contains(' '))
        {
            AddRespelled(name, node, sink);
        }
    }

    /// <summary>Defender writes <c>Threat Name</c>; rules write <c>ThreatName</c>, some <c>Threat_Name</c>.</summary>
    private static void AddRespelled<TNode, TSink>(ReadOnlySpan<char> name, TNode node, TSink sink)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (name.Length > 256)
        {
            return;
        }

        Span<char> spelled = stackalloc char[name.Length];
        var length = 0;
        foreach (var character in name)
        {
            if (character != ' ')
            {
                spelled[length++] = character;
            }
        }

        sink.Add(spelled[..length], node);
        name.Replace(spelled, ' ', '_');
        sink.Add(spelled, node);
    }
}
