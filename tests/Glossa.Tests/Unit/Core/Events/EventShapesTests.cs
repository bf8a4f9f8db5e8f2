using System.Globalization;
using System.Text;
using Glossa.Core.Events;
using Glossa.Execution.Reading;

namespace Glossa.Tests.Unit.Core.Events;

/// <summary>What each shape of log says of its source, its time and its fields: as the vendors document the formats, in events of our own.</summary>
public sealed class EventShapesTests
{
    /// <param name="facts">product/service/category, with - where nothing is known.</param>
    /// <param name="fields">Name=value, parted by a bar; a name with <c>=-</c> is missing.</param>
    [Theory]
    [InlineData(
        "windows-event",
        """{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,"TimeCreated":{"#attributes":{"SystemTime":"2026-05-04T03:02:01.123456700Z"}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"desk-1"},"EventData":{"Image":"C:\\bin\\a.exe","CommandLine":"a -b"}}}""",
        "windows/sysmon/process_creation",
        "2026-05-04T03:02:01.1234567Z",
        @"Image=C:\bin\a.exe|CommandLine=a -b|Provider_Name=Microsoft-Windows-Sysmon|Computer=desk-1|EventID=1")]
    [InlineData(
        "windows-event",
        """{"Event":{"System":{"Provider":{"@Name":"Microsoft-Windows-Security-Auditing"},"EventID":{"#text":"4688","@Qualifiers":"0"},"TimeCreated":{"@SystemTime":"2026-05-04T03:02:01Z"},"Channel":"Security"},"EventData":{"Data":[{"@Name":"NewProcessName","#text":"C:\\bin\\a.exe"},{"@Name":"SubjectUserName","#text":"ada"},{"@Name":"TargetUserName"}]}}}""",
        "windows/security/process_creation",
        "2026-05-04T03:02:01Z",
        @"NewProcessName=C:\bin\a.exe|SubjectUserName=ada|EventID=4688|TargetUserName=-|Image=C:\bin\a.exe")]
    [InlineData(
        "windows-event",
        """{"System":{"EventID":11,"Channel":"Microsoft-Windows-Sysmon/Operational","TimeCreated":{"SystemTime":"2026-05-04T03:02:01Z"}},"EventData":{"TargetFilename":"C:\\x.txt","Image":"C:\\bin\\a.exe"}}""",
        "windows/sysmon/file_event",
        "2026-05-04T03:02:01Z",
        @"TargetFilename=C:\x.txt|Image=C:\bin\a.exe")]
    [InlineData(
        "windows-event",
        """{"Event":{"System":{"EventID":1102,"Channel":"Security","TimeCreated":{"SystemTime":"2026-05-04T03:02:01Z"}},"UserData":{"LogFileCleared":{"SubjectUserName":"ada","SubjectDomainName":"HOME"}}}}""",
        "windows/security/-",
        "2026-05-04T03:02:01Z",
        "SubjectUserName=ada|SubjectDomainName=HOME")]
    [InlineData(
        "windows-flat",
        """{"EventTime":"2026-05-04 03:02:01","Hostname":"desk-1","EventID":3,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational","DestinationIp":"203.0.113.7","Image":"C:\\bin\\a.exe"}""",
        "windows/sysmon/network_connection",
        "2026-05-04T03:02:01Z",
        "DestinationIp=203.0.113.7|Computer=desk-1|Provider_Name=Microsoft-Windows-Sysmon")]
    [InlineData(
        "windows-flat",
        """{"Id":7045,"LogName":"System","ProviderName":"Service Control Manager","MachineName":"desk-1","TimeCreated":"/Date(1777863721123)/","Message":"A service was installed"}""",
        "windows/system/-",
        "2026-05-04T03:02:01.123Z",
        "EventID=7045|Provider_Name=Service Control Manager|Message=A service was installed")]
    [InlineData(
        "winlogbeat",
        """{"@timestamp":"2026-05-04T03:02:01.000Z","ecs":{"version":"8.0.0"},"event":{"code":"1","provider":"Microsoft-Windows-Sysmon"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","computer_name":"desk-1","event_data":{"ParentImage":"C:\\p.exe"}},"process":{"executable":"C:\\bin\\a.exe","command_line":"a -b"}}""",
        "windows/sysmon/process_creation",
        "2026-05-04T03:02:01Z",
        @"ParentImage=C:\p.exe|CommandLine=a -b|Image=C:\bin\a.exe|EventID=1")]
    [InlineData(
        "ecs",
        """{"@timestamp":"2026-05-04T03:02:01.5Z","ecs":{"version":"8.11"},"event":{"category":["process"],"type":["start"]},"host":{"os":{"type":"linux"}},"process":{"executable":"/bin/a","command_line":"a -b"}}""",
        "linux/-/process_creation",
        "2026-05-04T03:02:01.5Z",
        "Image=/bin/a|CommandLine=a -b")]
    [InlineData(
        "ecs",
        """{"@timestamp":"2026-05-04T03:02:01Z","event.category":"process","event.type":"end","host.os.type":"macos","process.executable":"/bin/a"}""",
        "macos/-/process_termination",
        "2026-05-04T03:02:01Z",
        "Image=/bin/a")]
    [InlineData(
        "ecs",
        """{"@timestamp":"2026-05-04T03:02:01Z","event":{"category":["process"],"type":["change"]},"host":{"os":{"type":"linux"}},"process":{"executable":"/bin/a"}}""",
        "linux/-/-",
        "2026-05-04T03:02:01Z",
        "process.executable=/bin/a")]
    [InlineData(
        "ecs",
        """{"@timestamp":"2026-05-04T03:02:01Z","event":{"category":["file"],"type":["change"],"action":"rename"},"host":{"os":{"type":"windows"}},"file":{"path":"C:\\x"}}""",
        "windows/-/file_rename",
        "2026-05-04T03:02:01Z",
        @"TargetFilename=C:\x")]
    [InlineData(
        "cloudtrail",
        """{"eventVersion":"1.09","userIdentity":{"type":"Root","accountId":"111122223333"},"eventTime":"2026-05-04T03:02:01Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"eu-central-1"}""",
        "aws/cloudtrail/-",
        "2026-05-04T03:02:01Z",
        "eventName=ConsoleLogin|userIdentity.type=Root")]
    [InlineData(
        "okta",
        """{"uuid":"1","published":"2026-05-04T03:02:01.250Z","eventType":"user.mfa.factor.deactivate","displayMessage":"x","actor":{"alternateId":"ada@example.org"},"outcome":{"result":"SUCCESS"}}""",
        "okta/okta/-",
        "2026-05-04T03:02:01.25Z",
        "eventtype=user.mfa.factor.deactivate|actor.alternateId=ada@example.org")]
    [InlineData(
        "github-audit",
        """{"@timestamp":1777863721123,"_document_id":"x","action":"workflows.created_workflow_run","actor":"ada","event":"push","org":"home","repo":"home/site"}""",
        "github/audit/-",
        "2026-05-04T03:02:01.123Z",
        "action=workflows.created_workflow_run|repo=home/site")]
    [InlineData(
        "azure",
        """{"time":"2026-05-04T03:02:01.0Z","resourceId":"/tenants/1/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","resultType":"50126","properties":{"userPrincipalName":"ada@example.org","clientAppUsed":"IMAP4"}}""",
        "azure/signinlogs/-",
        "2026-05-04T03:02:01Z",
        "userPrincipalName=ada@example.org|ResultType=50126|properties.clientAppUsed=IMAP4")]
    [InlineData(
        "azure",
        """{"time":"2026-05-04T03:02:01Z","resourceId":"/tenants/1/providers/Microsoft.aadiam","operationName":"Add member to role","category":"AuditLogs","properties":{"category":"RoleManagement","result":"success"}}""",
        "azure/auditlogs/-",
        "2026-05-04T03:02:01Z",
        "operationName=Add member to role|properties.message=Add member to role|result=success")]
    [InlineData(
        "azure",
        """{"TimeGenerated":"2026-05-04T03:02:01Z","ResourceId":"/tenants/1/providers/Microsoft.aadiam","OperationName":"Add user","ActivityDateTime":"2026-05-04T03:02:00Z","ActivityDisplayName":"Add user","Category":"UserManagement"}""",
        "azure/auditlogs/-",
        "2026-05-04T03:02:01Z",
        "OperationName=Add user")]
    [InlineData(
        "azure",
        """{"id":"1","createdDateTime":"2026-05-04T03:02:01Z","userPrincipalName":"ada@example.org","appDisplayName":"Portal","status":{"errorCode":50126}}""",
        "azure/signinlogs/-",
        "2026-05-04T03:02:01Z",
        "appDisplayName=Portal|status.errorCode=50126")]
    [InlineData(
        "azure",
        """{"time":"2026-05-04T03:02:01Z","resourceId":"/SUBSCRIPTIONS/1/X","operationName":"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE","category":"Administrative","resultType":"Success","identity":{"claims":{}}}""",
        "azure/activitylogs/-",
        "2026-05-04T03:02:01Z",
        "operationName=MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE|resultType=Success")]
    [InlineData(
        "azure",
        """{"caller":"ada@example.org","category":{"value":"Administrative","localizedValue":"Verwaltung"},"eventTimestamp":"2026-05-04T03:02:01Z","operationName":{"value":"Microsoft.Compute/disks/write","localizedValue":"x"},"resourceId":"/subscriptions/1/x","status":{"value":"Succeeded"}}""",
        "azure/activitylogs/-",
        "2026-05-04T03:02:01Z",
        "caller=ada@example.org|operationName.value=Microsoft.Compute/disks/write|operationName=Microsoft.Compute/disks/write")]
    [InlineData(
        "azure",
        """{"time":"2026-05-04T03:02:01Z","category":"AuditEvent","resourceId":"/SUBSCRIPTIONS/1/X","operationName":"SecretGet","resultType":"Success"}""",
        "azure/-/-",
        "2026-05-04T03:02:01Z",
        "operationName=SecretGet|resultType=Success")]
    [InlineData(
        "azure",
        """{"id":"1","riskEventType":"unfamiliarFeatures","riskLevel":"high","activityDateTime":"2026-05-04T03:02:01Z","userPrincipalName":"ada@example.org"}""",
        "azure/riskdetection/-",
        "2026-05-04T03:02:01Z",
        "riskEventType=unfamiliarFeatures|riskLevel=high")]
    [InlineData(
        "gcp-audit",
        """{"insertId":"1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"compute.googleapis.com","methodName":"v1.compute.firewalls.delete","authenticationInfo":{"principalEmail":"ada@example.org"}},"resource":{"type":"gce_firewall_rule"},"timestamp":"2026-05-04T03:02:01.123456789Z","severity":"NOTICE"}""",
        "gcp/gcp.audit/-",
        "2026-05-04T03:02:01.1234567Z",
        "gcp.audit.method_name=v1.compute.firewalls.delete|data.protoPayload.serviceName=compute.googleapis.com|protoPayload.authenticationInfo.principalEmail=ada@example.org")]
    [InlineData(
        "gcp-log",
        """{"protoPayload":{"@type":"type.googleapis.com/google.appengine.logging.v1.RequestLog","method":"GET","resource":"/x"},"timestamp":"2026-05-04T03:02:01Z"}""",
        "gcp/-/-",
        "2026-05-04T03:02:01Z",
        "protoPayload.method=GET|protoPayload.resource=/x")]
    [InlineData(
        "google-workspace",
        """{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"admin.googleapis.com","methodName":"google.admin.AdminService.addPrivilege","metadata":{"event":[{"eventName":"ADD_PRIVILEGE","eventType":"DELEGATED_ADMIN_SETTINGS"}]}},"timestamp":"2026-05-04T03:02:01Z"}""",
        "gcp/google_workspace.admin/-",
        "2026-05-04T03:02:01Z",
        "eventService=admin.googleapis.com|eventName=ADD_PRIVILEGE")]
    [InlineData(
        "google-workspace",
        """{"kind":"admin#reports#activity","id":{"time":"2026-05-04T03:02:01.000Z","applicationName":"login"},"actor":{"email":"ada@example.org"},"events":[{"type":"login","name":"login_failure"}]}""",
        "gcp/google_workspace.login/-",
        "2026-05-04T03:02:01Z",
        "eventName=login_failure|actor.email=ada@example.org")]
    [InlineData(
        "m365-audit",
        """{"CreationTime":"2026-05-04T03:02:01","Id":"1","Operation":"New-InboxRule","OrganizationId":"2","RecordType":1,"ResultStatus":"True","UserId":"ada@example.org","Workload":"Exchange"}""",
        "m365/exchange/-",
        "2026-05-04T03:02:01Z",
        "eventName=New-InboxRule|eventSource=Exchange|UserId=ada@example.org")]
    [InlineData(
        "m365-audit",
        """{"CreationTime":"2026-05-04T03:02:01","Id":"1","Operation":"Add domain to company.","OrganizationId":"2","RecordType":8,"UserId":"ada@example.org","Workload":"AzureActiveDirectory"}""",
        "m365/audit/-",
        "2026-05-04T03:02:01Z",
        "Operation=Add domain to company.|Workload=AzureActiveDirectory")]
    [InlineData(
        "kubernetes-audit",
        """{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/kube-system/pods","verb":"create","user":{"username":"ada"},"objectRef":{"resource":"pods","namespace":"kube-system","apiVersion":"v1"},"requestReceivedTimestamp":"2026-05-04T03:02:01.123456Z","stageTimestamp":"2026-05-04T03:02:02.123456Z"}""",
        "kubernetes/audit/application",
        "2026-05-04T03:02:01.123456Z",
        "verb=create|objectRef.namespace=kube-system")]
    [InlineData(
        "zeek",
        """{"_path":"dns","_write_ts":"2026-05-04T03:02:05Z","ts":1777863721.123456,"uid":"C1","id.orig_h":"192.0.2.4","query":"example.org"}""",
        "zeek/dns/-",
        "2026-05-04T03:02:01.123456Z",
        "query=example.org|id.orig_h=192.0.2.4")]
    [InlineData(
        "auditd",
        """{"type":"EXECVE","serial":7,"time":"2026-05-04T03:02:01.5Z","argc":"2","a0":"chmod","a1":"u+s"}""",
        "linux/auditd/-",
        "2026-05-04T03:02:01.5Z",
        "a0=chmod|a1=u+s")]
    [InlineData(
        "windows-event",
        """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Linux-Sysmon"}},"EventID":1,"Channel":"Linux-Sysmon/Operational","TimeCreated":{"#attributes":{"SystemTime":"2026-05-04T03:02:01Z"}}},"EventData":{"Data":[{"#attributes":{"Name":"Image"},"#text":"/bin/a"},{"#attributes":{"Name":"CommandLine"},"#text":"a -b"}]}}}""",
        "linux/sysmon/process_creation",
        "2026-05-04T03:02:01Z",
        "Image=/bin/a|CommandLine=a -b")]
    [InlineData(
        "syslog",
        """{"timestamp":"2026-05-04T05:02:01+02:00","host":"h","program":"sshd","message":"Failed password for ada"}""",
        "linux/sshd/-",
        "2026-05-04T03:02:01Z",
        "message=Failed password for ada|program=sshd")]
    [InlineData(null, """{"time":"2026-05-04T03:02:01Z","what":"door","open":true}""", "-/-/-", "2026-05-04T03:02:01Z", "what=door|open=true")]
    [InlineData(null, """{"what":"door","open":true}""", "-/-/-", null, "what=door")]
    public void Shape_says_source_time_and_fields(string? shape, string json, string facts, string? time, string fields)
    {
        var current = Assert.Single(Read(json));
        Assert.Equal(shape, current.Source.DetectedBy);
        Assert.Equal(facts, $"{current.Source.Product ?? "-"}/{current.Source.Service ?? "-"}/{current.Source.Category ?? "-"}");
        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), current.Time);
        foreach (var pair in fields.Split('|'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var value = current.Find(pair[..at], FieldLookup.Lenient);
            Assert.Equal((pair[..at], pair[(at + 1)..]), (pair[..at], Text(value)));
        }
    }

    /// <summary>Envelopes that hold several records: each is an event of the shape it has by itself.</summary>
    [Theory]
    [InlineData("""{"Records":[{"eventVersion":"1.09","eventTime":"2026-05-04T03:02:01Z","eventSource":"s3.amazonaws.com","eventName":"GetObject"},{"eventVersion":"1.09","eventTime":"2026-05-04T03:02:02Z","eventSource":"s3.amazonaws.com","eventName":"PutObject"}]}""", "cloudtrail", 2)]
    [InlineData("""{"records":[{"time":"2026-05-04T03:02:01Z","category":"SignInLogs","operationName":"Sign-in activity","resourceId":"/tenants/1"}]}""", "azure", 1)]
    [InlineData("""{"x":1,"records":[{"time":"2026-05-04T03:02:01Z","category":"SignInLogs","operationName":"Sign-in activity","resourceId":"/tenants/1"}]}""", "azure", 1)]
    [InlineData("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"level":"Metadata","auditID":"1","verb":"get","requestURI":"/api"},{"level":"Metadata","auditID":"2","verb":"get","requestURI":"/api"}]}""", "kubernetes-audit", 2)]
    [InlineData("""{"@odata.context":"https://graph.example/auditLogs/signIns","value":[{"createdDateTime":"2026-05-04T03:02:01Z","userPrincipalName":"ada@example.org","appDisplayName":"Portal"}]}""", "azure", 1)]
    [InlineData("""{"kind":"basket","items":[{"auditID":"1","verb":"get","requestURI":"/api"}]}""", null, 1)]
    [InlineData("""{"value":[{"createdDateTime":"2026-05-04T03:02:01Z","userPrincipalName":"ada@example.org","appDisplayName":"Portal"}]}""", null, 1)]
    public void Records_in_an_envelope_are_events(string json, string? shape, int count)
    {
        var events = Read(json);
        Assert.Equal(count, events.Count);
        Assert.All(events, current => Assert.Equal(shape, current.Source.DetectedBy));
    }

    /// <summary>What the user says wins over the shape; other facts of the shape stay unless the products differ.</summary>
    [Fact]
    public void What_the_user_says_wins()
    {
        var record = """{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"},"EventData":{"Image":"a"}}""";
        var source = Assert.Single(Read(record, new SourceFacts(Service: "mine"))).Source;
        Assert.Equal(("windows", "mine", "process_creation"), (source.Product, source.Service, source.Category));

        source = Assert.Single(Read(record, new SourceFacts(Product: "linux"))).Source;
        Assert.Equal(("linux", null, null), (source.Product, source.Service, source.Category));
    }

    private static string Text(Value? value) => value switch
    {
        null => "-",
        Value.List { Items: [var only] } => Text(only),
        _ => value.ToCanonicalText() ?? value.GetType().Name,
    };

    private static List<MapEvent> Read(string json, SourceFacts? facts = null)
    {
        var problems = new List<LogProblem>();
        var events = new List<MapEvent>();
        using var reader = LogReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), new LogInput("-", "log", facts), new LogReaderOptions(), new JsonEvent(new FieldTable()), problems)!;
        while (reader.TryRead())
        {
            events.Add(reader.Current.ToMapEvent());
        }

        Assert.Empty(problems);
        return events;
    }
}
