namespace Glossa.Core.Events;

public static partial class EventShapes
{
    private static readonly FieldAliases GcpAliases = FieldAliases.OfTable(
        ("gcp.audit.method_name", "protoPayload.methodName"),
        ("gcp.audit.service_name", "protoPayload.serviceName"),
        ("gcp.audit.resource_name", "protoPayload.resourceName"),
        ("gcp.audit.", "protoPayload."),
        ("data.", ""),
        ("methodName", "protoPayload.methodName"),
        ("serviceName", "protoPayload.serviceName"));

    private static readonly FieldAliases WorkspaceAliases = FieldAliases.OfTable(
        ("eventName", "events.name"),
        ("eventService", "id.applicationName"),
        ("google_workspace.admin.", ""),
        ("event.action", "events.name"));

    private static readonly FieldAliases WorkspaceInCloudAliases = FieldAliases.OfTable(
        ("eventService", "protoPayload.serviceName"),
        ("eventName", "protoPayload.metadata.event.eventName"),
        ("google_workspace.admin.", "protoPayload.metadata.event."),
        ("event.action", "protoPayload.metadata.event.eventName"));

    private static readonly FieldAliases AzureAliases = FieldAliases.OfTable(
        ("OperationName", "operationNameValue"),
        ("OperationName", "operationName.value"),
        ("operationName", "operationName.value"),
        ("status", "status.value"),
        ("category", "category.value"),
        ("Operation", "operationName"),
        ("ActivityDisplayName", "OperationName"),
        ("properties.message", "OperationName"),
        ("properties.", ""),
        ("ResultDescription", "resultDescription"));

    private static readonly FieldAliases M365Aliases = FieldAliases.OfTable(
        ("eventSource", "Workload"),
        ("eventName", "Operation"),
        ("status", "ResultStatus"));

    /// <summary>Elastic's schema without a Windows part: product and category come from <c>host.os</c>, <c>event.category</c>, <c>event.dataset</c>.</summary>
    private static EventEnvelope? Ecs<TNode>(TNode record, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
    {
        if (!Has(keys, Keys.AtTimestamp) || (keys & (Keys.EcsVersion | Keys.EcsEvent)) == Keys.None)
        {
            return null;
        }

        // GitHub's audit log has @timestamp too, and names what started a workflow in a text called event.
        if (!Has(keys, Keys.EcsVersion) && Get(record, "event") is { Kind: not RecordKind.Map })
        {
            return null;
        }

        string? product = null, service = null, category = null;
        var dataset = First<TNode>(Get(record, "event", "dataset"));
        switch (dataset)
        {
            case "aws.cloudtrail":
                (product, service) = ("aws", "cloudtrail");
                break;
            case "okta.system":
                (product, service) = ("okta", "okta");
                break;
            case "github.audit":
                (product, service) = ("github", "audit");
                break;
            case "azure.signinlogs":
                (product, service) = ("azure", "signinlogs");
                break;
            case "azure.auditlogs":
                (product, service) = ("azure", "auditlogs");
                break;
            case "azure.activitylogs":
                (product, service) = ("azure", "activitylogs");
                break;
            case "gcp.audit":
                (product, service) = ("gcp", "gcp.audit");
                break;
            case "o365.audit":
                (product, service) = ("m365", "audit");
                break;
            case "kubernetes.audit_logs":
                (product, service, category) = ("kubernetes", "audit", "application");
                break;
            case "zeek.dns" or "zeek.http" or "zeek.rdp" or "zeek.x509" or "zeek.kerberos" or "zeek.smb_files" or "zeek.dce_rpc":
                (product, service) = ("zeek", dataset.ToString()["zeek.".Length..]);
                break;
            case "apache.access" or "nginx.access" or "iis.access":
                category = "webserver";
                break;
            case "system.auth" or "system.syslog":
                (product, service) = ("linux", dataset is "system.auth" ? "auth" : "syslog");
                break;
            default:
                var os = First<TNode>(Get(record, "host", "os") is { Kind: RecordKind.Map } nested
                    ? Get(nested, "type") ?? Get(nested, "platform") ?? Get(nested, "family")
                    : Get(record, "host", "os.type") ?? Get(record, "host.os", "type"));
                product = os switch
                {
                    "windows" => "windows",
                    "linux" or "debian" or "ubuntu" or "rhel" or "centos" => "linux",
                    "macos" or "darwin" => "macos",
                    _ => null,
                };
                if (First<TNode>(Get(record, "event", "module")) is "auditd")
                {
                    (product, service) = ("linux", "auditd");
                }

                category = First<TNode>(Get(record, "event", "category")) switch
                {
                    "process" => IsOrSaysNothing(record, "start") ? "process_creation" : IsOrSaysNothing(record, "end") ? "process_termination" : null,
                    "file" => FileCategory(record),
                    "network" => First<TNode>(Get(record, "network", "protocol")) is "dns" ? "dns_query" : "network_connection",
                    "library" => "image_load",
                    "driver" => "driver_load",
                    "registry" => IsOrSaysNothing(record, "creation") || Contains(Get(record, "event", "type"), "change") ? "registry_set"
                        : Contains(Get(record, "event", "type"), "deletion") ? "registry_delete" : null,
                    "web" => "webserver",
                    _ => null,
                };
                break;
        }

        return new EventEnvelope(cache.Facts(product, service, category, "ecs"), TimeOf(Get<TNode>(record, "@timestamp")), cache.EcsAliases(category));
    }

    /// <summary>Whether <c>event.type</c> has this word, or is not there: some shippers leave it out.</summary>
    private static bool IsOrSaysNothing<TNode>(TNode record, string type)
        where TNode : struct, IRecordNode<TNode>
        => Get(record, "event", "type") is not { } written || Contains<TNode>(written, type);

    // Sysmon's file event, which the category is made after, is of files created and overwritten.
    private static string FileCategory<TNode>(TNode record)
        where TNode : struct, IRecordNode<TNode>
        => Get(record, "event", "type") is not { } type ? "file_event"
            : Contains<TNode>(type, "deletion") ? "file_delete"
            : First<TNode>(Get(record, "event", "action")) is "rename" ? "file_rename"
            : Contains<TNode>(type, "access") && !Contains<TNode>(type, "creation") && !Contains<TNode>(type, "change") ? "file_access"
            : "file_event";

    private static EventEnvelope? Cloud<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Has(keys, Keys.EventSource | Keys.EventName | Keys.AwsDetail))
        {
            return AsIs(record, sink, keys, cache.Facts("aws", "cloudtrail", null, "cloudtrail"));
        }

        if (Has(keys, Keys.EventType | Keys.Published) && (keys & (Keys.OktaDetail | Keys.Actor)) != Keys.None)
        {
            return AsIs(record, sink, keys, cache.Facts("okta", "okta", null, "okta"));
        }

        if (Has(keys, Keys.Action | Keys.GitHubDetail) && (Has(keys, Keys.Actor) || TextOf(record, "action").Contains('.')))
        {
            return AsIs(record, sink, keys, cache.Facts("github", "audit", null, "github-audit"));
        }

        if (Has(keys, Keys.ProtoPayload) && Get(record, "protoPayload") is { Kind: RecordKind.Map } payload)
        {
            return Gcp(record, payload, sink, keys, cache);
        }

        if (Has(keys, Keys.Kind | Keys.WorkspaceId | Keys.Events) && TextOf(record, "kind") is "admin#reports#activity")
        {
            var id = Get(record, "id");
            var application = id is { } of ? TextOf<TNode>(of, "applicationName") : [];
            var facts = cache.Facts("gcp", application is "login" ? "google_workspace.login" : "google_workspace.admin", null, "google-workspace");
            return AsIs(record, sink, keys, facts, WorkspaceAliases) with { Time = id is { } when ? TimeOf(Get<TNode>(when, "time")) : null };
        }

        if ((Has(keys, Keys.AuditId | Keys.Verb) && (keys & (Keys.KubernetesDetail | Keys.ApiVersion)) != Keys.None)
            || (Has(keys, Keys.Kind | Keys.ApiVersion) && TextOf(record, "apiVersion").StartsWith("audit.k8s.io", StringComparison.Ordinal)))
        {
            return AsIs(record, sink, keys, cache.Facts("kubernetes", "audit", "application", "kubernetes-audit"));
        }

        if (Has(keys, Keys.Workload | Keys.Operation | Keys.M365Detail))
        {
            var service = TextOf(record, "Workload") switch
            {
                "Exchange" => "exchange",
                "SecurityComplianceCenter" => "threat_management",
                _ => "audit",
            };
            return AsIs(record, sink, keys, cache.Facts("m365", service, null, "m365-audit"), M365Aliases);
        }

        if (Has(keys, Keys.AuditType) && Get(record, "auditType") is { Kind: RecordKind.Map })
        {
            return AsIs(record, sink, keys, cache.Facts("bitbucket", "audit", null, "bitbucket-audit"));
        }

        return AzureService(record, keys) is { } azure ? Azure(record, sink, keys, cache.Facts("azure", azure.Length > 0 ? azure : null, null, "azure")) : null;
    }

    /// <summary>
    /// An entry of Cloud Logging. Other services write a <c>protoPayload</c> too, of another type. Audit logs of Workspace come the same way, under the names of its two services:
    /// https://cloud.google.com/logging/docs/audit/gsuite-audit-logging
    /// </summary>
    private static EventEnvelope? Gcp<TNode, TSink>(TNode record, TNode payload, TSink sink, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Get(payload, "@type") is { } type && !type.Text.EndsWith("google.cloud.audit.AuditLog", StringComparison.Ordinal))
        {
            return AsIs(record, sink, keys, cache.Facts("gcp", null, null, "gcp-log"), GcpAliases);
        }

        return TextOf(payload, "serviceName") switch
        {
            "admin.googleapis.com" => AsIs(record, sink, keys, cache.Facts("gcp", "google_workspace.admin", null, "google-workspace"), WorkspaceInCloudAliases),
            "login.googleapis.com" => AsIs(record, sink, keys, cache.Facts("gcp", "google_workspace.login", null, "google-workspace"), WorkspaceInCloudAliases),
            _ => AsIs(record, sink, keys, cache.Facts("gcp", "gcp.audit", null, "gcp-audit"), GcpAliases),
        };
    }

    /// <summary>By table or category where the record comes from Azure Monitor, by its keys where it comes from the Graph.</summary>
    private static string? AzureService<TNode>(TNode record, Keys keys)
        where TNode : struct, IRecordNode<TNode>
    {
        if ((keys & (Keys.Type | Keys.Category)) != Keys.None)
        {
            var type = Get(record, "Type") ?? Get(record, "type");

            // Of the activity log's own interface a category is an object of value and localizedValue.
            var category = Get(record, "Category") ?? Get(record, "category") ?? Get(record, "CategoryValue");
            category = category is { Kind: RecordKind.Map } pair ? Get(pair, "value") : category;
            foreach (var name in (ReadOnlySpan<TNode?>)[type, category])
            {
                var text = TextOf(name);
                if (IsOneOf(text, "SigninLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs", "MicrosoftServicePrincipalSignInLogs", "ADFSSignInLogs", "AADNonInteractiveUserSignInLogs", "AADServicePrincipalSignInLogs", "AADManagedIdentitySignInLogs"))
                {
                    return "signinlogs";
                }

                if (IsOneOf(text, "AuditLogs"))
                {
                    return "auditlogs";
                }

                if (IsOneOf(text, "AzureActivity") || (Has(keys, Keys.ResourceId | Keys.OperationName) && IsOneOf(text, "Administrative", "Security", "Policy", "ServiceHealth", "Alert", "Recommendation", "Autoscale", "ResourceHealth")))
                {
                    return "activitylogs";
                }

                if (IsOneOf(text, "AADUserRiskEvents", "UserRiskEvents", "AADRiskyUsers", "RiskyUsers"))
                {
                    return "riskdetection";
                }
            }
        }

        return Has(keys, Keys.RiskEventType) ? "riskdetection"
            : Has(keys, Keys.ActivityDateTime | Keys.ActivityDisplayName) ? "auditlogs"
            : Has(keys, Keys.CreatedDateTime | Keys.SigninDetail) ? "signinlogs"
            : Has(keys, Keys.ResourceId | Keys.OperationName) ? ResourceService(record, keys)
            : null;
    }

    /// <summary>
    /// Resource logs share the envelope of the activity log, and name a category of their own: of them only the product is known (an empty service).
    /// https://learn.microsoft.com/azure/azure-monitor/essentials/resource-logs-schema
    /// </summary>
    private static string? ResourceService<TNode>(TNode record, Keys keys)
        where TNode : struct, IRecordNode<TNode>
    {
        var resource = TextOf(Get(record, "resourceId") ?? Get(record, "ResourceId") ?? Get(record, "_ResourceId"));
        return resource is not ['/', ..] ? null : (keys & Keys.Category) != Keys.None ? "" : "activitylogs";
    }

    /// <summary>Exports of Azure Monitor hold the fields of the table under <c>properties</c>; rules name them without it.</summary>
    private static EventEnvelope Azure<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFacts facts)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        AddAll(record, sink);
        if (Has(keys, Keys.Properties) && (Get(record, "properties") ?? Get(record, "Properties")) is { Kind: RecordKind.Map } properties)
        {
            AddAll(properties, sink);
        }

        return new EventEnvelope(facts, TimeOf(record, keys), AzureAliases);
    }

    private static EventEnvelope? Hosts<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFactsCache cache)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        if (Has(keys, Keys.Type | Keys.AuditdDetail) && IsAuditdType(TextOf(record, "type")))
        {
            return AsIs(record, sink, keys, cache.Facts("linux", "auditd", null, "auditd"));
        }

        if (Has(keys, Keys.ZeekPath | Keys.Time) || Has(keys, Keys.ZeekPath | Keys.Uid))
        {
            var path = TextOf(record, "_path");
            return path.Length is > 0 and < 64 ? AsIs(record, sink, keys, cache.Facts("zeek", path.ToString(), null, "zeek")) : null;
        }

        if (Has(keys, Keys.CsUri) && (keys & (Keys.CsMethod | Keys.WebDetail)) != Keys.None)
        {
            return AsIs(record, sink, keys, cache.Facts(null, null, "webserver", "w3c-extended"));
        }

        if (Has(keys, Keys.CUri) && (keys & (Keys.CsMethod | Keys.WebDetail)) != Keys.None)
        {
            return AsIs(record, sink, keys, cache.Facts(null, null, "proxy", "w3c-extended"));
        }

        if (Has(keys, Keys.LogType | Keys.NodeId))
        {
            return AsIs(record, sink, keys, cache.Facts("opencanary", null, "application", "opencanary"));
        }

        if (Has(keys, Keys.Program | Keys.Message))
        {
            var program = Get(record, "program") ?? Get(record, "PROGRAM") ?? Get(record, "appname") ?? Get(record, "ident") ?? Get(record, "SYSLOG_IDENTIFIER");
            var service = TextOf(program) switch
            {
                "sshd" => "sshd",
                "sudo" => "sudo",
                "cron" or "CRON" or "crond" or "anacron" => "cron",
                "vsftpd" => "vsftpd",
                "clamd" or "freshclam" or "clamav" => "clamav",
                "guacd" or "guacamole" => "guacamole",
                _ => "syslog",
            };
            return AsIs(record, sink, keys, cache.Facts("linux", service, null, "syslog"));
        }

        return null;
    }

    private static bool IsAuditdType(ReadOnlySpan<char> type)
    {
        foreach (var character in type)
        {
            if (!char.IsAsciiLetterUpper(character) && character != '_' && !char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return type.Length > 0;
    }

    private static EventEnvelope AsIs<TNode, TSink>(TNode record, TSink sink, Keys keys, SourceFacts facts, FieldAliases? aliases = null)
        where TNode : struct, IRecordNode<TNode>
        where TSink : IFieldSink<TNode>
    {
        AddAll(record, sink);
        return new EventEnvelope(facts, TimeOf(record, keys), aliases ?? FieldAliases.None);
    }

    /// <summary>A text, or the first text of a list.</summary>
    private static ReadOnlySpan<char> First<TNode>(TNode? node)
        where TNode : struct, IRecordNode<TNode>
        => node is { Kind: RecordKind.List } list && list.TryGetFirst(out var first) ? first.Text : TextOf(node);

    private static bool Contains<TNode>(TNode? node, string text)
        where TNode : struct, IRecordNode<TNode>
    {
        if (node is not { Kind: RecordKind.List } list)
        {
            return TextOf(node).SequenceEqual(text);
        }

        for (var more = list.TryGetFirst(out var item); more; more = item.TryGetNext(out item))
        {
            if (item.Text.SequenceEqual(text))
            {
                return true;
            }
        }

        return false;
    }
}
