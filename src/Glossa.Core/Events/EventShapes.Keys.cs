namespace Glossa.Core.Events;

public static partial class EventShapes
{
    // In order of trust: what the shipper or the source calls the time of the event before what it may have added.
    private static readonly string[] TimeNames =
    [
        "@timestamp", "TimeCreated", "eventTime", "published", "TimeGenerated", "EventTime", "UtcTime", "requestReceivedTimestamp", "stageTimestamp",
        "eventTimestamp", "timestamp", "Timestamp", "time", "Time", "ts", "CreationTime", "createdDateTime", "CreatedDateTime", "activityDateTime", "ActivityDateTime", "created_at", "date", "datetime",
        "event_time", "_time", "__REALTIME_TIMESTAMP", "utc_time", "local_time",
    ];

    /// <summary>Which of the keys that shapes are told by a record has. One pass over the record instead of one a question.</summary>
    [Flags]
    private enum Keys : ulong
    {
        None = 0,
        Event = 1UL << 0,
        System = 1UL << 1,
        EventData = 1UL << 2,
        UserData = 1UL << 3,
        Winlog = 1UL << 4,
        Channel = 1UL << 5,
        LogName = 1UL << 6,
        EventId = 1UL << 7,
        OldEventData = 1UL << 8,
        Time = 1UL << 9,
        EcsVersion = 1UL << 10,
        EcsEvent = 1UL << 11,
        AtTimestamp = 1UL << 12,
        EventSource = 1UL << 13,
        EventName = 1UL << 14,
        AwsDetail = 1UL << 15,
        EventType = 1UL << 16,
        Published = 1UL << 17,
        OktaDetail = 1UL << 18,
        Action = 1UL << 19,
        Actor = 1UL << 20,
        GitHubDetail = 1UL << 21,
        Category = 1UL << 22,
        Type = 1UL << 23,
        OperationName = 1UL << 24,
        Properties = 1UL << 25,
        CreatedDateTime = 1UL << 26,
        SigninDetail = 1UL << 27,
        ActivityDateTime = 1UL << 28,
        ActivityDisplayName = 1UL << 29,
        RiskEventType = 1UL << 30,
        ResourceId = 1UL << 31,
        ProtoPayload = 1UL << 32,
        Kind = 1UL << 33,
        ApiVersion = 1UL << 34,
        AuditId = 1UL << 35,
        Verb = 1UL << 36,
        KubernetesDetail = 1UL << 37,
        Workload = 1UL << 38,
        Operation = 1UL << 39,
        M365Detail = 1UL << 40,
        AuditdDetail = 1UL << 41,
        Program = 1UL << 42,
        Message = 1UL << 43,
        CsMethod = 1UL << 44,
        CsUri = 1UL << 45,
        CUri = 1UL << 46,
        WebDetail = 1UL << 47,
        ZeekPath = 1UL << 48,
        Uid = 1UL << 49,
        Events = 1UL << 50,
        WorkspaceId = 1UL << 51,
        AuditType = 1UL << 52,
        LogType = 1UL << 53,
        NodeId = 1UL << 54,
        GraphDetail = 1UL << 55,
        ChannelAny = Channel | LogName,
        EventIdAny = EventId,
    }

    private static Keys KeysOf<TNode>(TNode record)
        where TNode : struct, IRecordNode<TNode>
    {
        var keys = Keys.None;
        for (var more = record.TryGetFirst(out var child); more; more = child.TryGetNext(out child))
        {
            keys |= KeyOf(child.Name);
        }

        return keys;
    }

    private static Keys KeyOf(ReadOnlySpan<char> name) => name switch
    {
        "Event" => Keys.Event,
        "System" => Keys.System,
        "EventData" => Keys.EventData,
        "UserData" => Keys.UserData,
        "winlog" => Keys.Winlog,
        "Channel" or "channel" => Keys.Channel,
        "LogName" or "log_name" or "Log_Name" => Keys.LogName,
        "EventID" or "EventId" or "event_id" or "Event_ID" or "Event_Id" or "eventid" or "Id" => Keys.EventId,
        "event_data" => Keys.OldEventData,
        "ecs" or "ecs.version" => Keys.EcsVersion,
        "event" or "event.category" or "event.kind" or "event.code" or "event.dataset" or "event.module" => Keys.EcsEvent,
        "@timestamp" => Keys.AtTimestamp | Keys.Time,
        "eventSource" => Keys.EventSource,
        "eventName" => Keys.EventName,
        "awsRegion" or "userIdentity" or "eventVersion" or "recipientAccountId" => Keys.AwsDetail,
        "eventType" => Keys.EventType,
        "published" => Keys.Published | Keys.Time,
        "legacyEventType" or "displayMessage" or "debugContext" or "authenticationContext" => Keys.OktaDetail,
        "action" => Keys.Action,
        "actor" => Keys.Actor,
        "org" or "repo" or "business" or "_document_id" or "enterprise" => Keys.GitHubDetail,
        "Category" or "category" or "CategoryValue" => Keys.Category,
        "Type" or "type" => Keys.Type,
        "OperationName" or "operationName" or "operationNameValue" or "OperationNameValue" => Keys.OperationName,
        "properties" or "Properties" => Keys.Properties,
        "createdDateTime" or "CreatedDateTime" => Keys.CreatedDateTime | Keys.Time,
        "userPrincipalName" or "appDisplayName" or "clientAppUsed" or "conditionalAccessStatus"
            or "UserPrincipalName" or "AppDisplayName" or "ClientAppUsed" or "ConditionalAccessStatus" => Keys.SigninDetail,
        "activityDateTime" or "ActivityDateTime" => Keys.ActivityDateTime | Keys.Time,
        "activityDisplayName" or "ActivityDisplayName" => Keys.ActivityDisplayName,
        "riskEventType" or "RiskEventType" => Keys.RiskEventType,
        "resourceId" or "ResourceId" or "_ResourceId" => Keys.ResourceId,
        "protoPayload" => Keys.ProtoPayload,
        "kind" => Keys.Kind,
        "apiVersion" => Keys.ApiVersion,
        "auditID" => Keys.AuditId,
        "verb" => Keys.Verb,
        "objectRef" or "requestURI" or "responseStatus" => Keys.KubernetesDetail,
        "Workload" => Keys.Workload,
        "Operation" => Keys.Operation,
        "RecordType" or "OrganizationId" => Keys.M365Detail,
        "CreationTime" => Keys.M365Detail | Keys.Time,
        "serial" or "auid" or "syscall" or "SYSCALL" or "argc" or "ses" => Keys.AuditdDetail,
        "program" or "PROGRAM" or "appname" or "ident" or "SYSLOG_IDENTIFIER" => Keys.Program,
        "message" or "MESSAGE" or "msg" => Keys.Message,
        "cs-method" => Keys.CsMethod,
        "cs-uri-stem" or "cs-uri-query" or "cs-uri" => Keys.CsUri,
        "c-uri" => Keys.CUri,
        "c-useragent" or "cs-host" or "cs-bytes" or "r-dns" => Keys.WebDetail,
        "_path" => Keys.ZeekPath,
        "uid" => Keys.Uid,
        "events" => Keys.Events,
        "id" => Keys.WorkspaceId,
        "auditType" => Keys.AuditType,
        "logtype" => Keys.LogType,
        "node_id" => Keys.NodeId,
        "initiatedBy" or "targetResources" => Keys.GraphDetail,
        "TimeCreated" or "eventTime" or "TimeGenerated" or "EventTime" or "UtcTime" or "requestReceivedTimestamp" or "stageTimestamp" or "eventTimestamp"
            or "timestamp" or "Timestamp" or "time" or "Time" or "ts" or "created_at" or "date" or "datetime" or "event_time" or "_time"
            or "__REALTIME_TIMESTAMP" or "utc_time" or "local_time" => Keys.Time,
        _ => Keys.None,
    };
}
