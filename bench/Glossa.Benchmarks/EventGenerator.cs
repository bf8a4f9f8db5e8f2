using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Glossa.Benchmarks;

/// <summary>
/// Windows events of an invented company, as flat NDJSON: mostly process creations, then files, registry, network, images, DNS questions, logons, scripts.
/// The same seed gives the same bytes. Values vary as in real logs: few programs and folders, many arguments, ids and addresses.
/// </summary>
internal static class EventGenerator
{
    private const string Sysmon = "Microsoft-Windows-Sysmon/Operational";

    private static readonly string[] Programs =
    [
        @"C:\Windows\System32\svchost.exe", @"C:\Windows\System32\conhost.exe", @"C:\Windows\System32\cmd.exe", @"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", @"C:\Windows\explorer.exe",
        @"C:\Program Files\Ledger\ledger.exe", @"C:\Program Files (x86)\Drawing Board\board.exe", @"C:\Users\mara.lindt\AppData\Local\Notes\notes.exe", @"C:\Windows\System32\rundll32.exe", @"C:\Windows\System32\reg.exe",
        @"C:\Windows\System32\schtasks.exe", @"C:\Windows\System32\wbem\WmiPrvSE.exe", @"C:\Windows\System32\net.exe", @"C:\Windows\System32\taskhostw.exe", @"C:\Program Files\Backup\backup-runner.exe",
        @"C:\Windows\System32\msiexec.exe", @"C:\Windows\System32\dllhost.exe", @"C:\ProgramData\Updater\update.exe", @"C:\Windows\System32\sc.exe", @"C:\Windows\System32\certutil.exe",
    ];

    private static readonly string[] Arguments =
    [
        "-k netsvcs -p -s Schedule", "0xffffffff -ForceV1", "/c dir C:\\Shares\\Plans", "-NoProfile -ExecutionPolicy Bypass -File C:\\Tools\\inventory.ps1", "/quiet /norestart", "--type=renderer --lang=de", "query HKLM\\Software\\Ledger /v Version",
        "/query /fo csv", "view \\\\fs-02", "-Embedding", "--sync D:\\Drawings", "/i C:\\Temp\\board.msi", "-urlcache -f https://updates.example.com/list.txt list.txt", "create ledgersvc binPath= C:\\Ledger\\svc.exe", "shell32.dll,Control_RunDLL",
    ];

    private static readonly string[] Users = [@"CORP\mara.lindt", @"CORP\ines.roth", @"NT AUTHORITY\SYSTEM", @"CORP\svc-backup", @"NT AUTHORITY\LOCAL SERVICE", @"CORP\jonas.weil"];

    public static void Write(Stream target, int events, int seed = 1)
    {
        var random = new Random(seed);
        var time = new DateTime(2026, 3, 10, 0, 0, 0, DateTimeKind.Utc);
        using var buffered = new BufferedStream(target, 1 << 20);
        var buffer = new MemoryStream();
        for (var i = 0; i < events; i++)
        {
            buffer.SetLength(0);
            time = time.AddMilliseconds(random.Next(1, 800));
            using (var writer = new Utf8JsonWriter(buffer))
            {
                WriteEvent(writer, random, time);
            }

            buffered.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
            buffered.WriteByte((byte)'\n');
        }
    }

    private static void WriteEvent(Utf8JsonWriter writer, Random random, DateTime time)
    {
        var kind = random.Next(100);
        writer.WriteStartObject();
        writer.WriteString("TimeCreated", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        var (channel, id) = kind switch
        {
            < 30 => (Sysmon, 1),
            < 45 => (Sysmon, 11),
            < 60 => (Sysmon, 13),
            < 68 => (Sysmon, 3),
            < 78 => (Sysmon, 7),
            < 85 => (Sysmon, 22),
            < 88 => (Sysmon, 10),
            < 93 => ("Security", 4624),
            < 96 => ("Security", 4688),
            < 98 => ("Microsoft-Windows-PowerShell/Operational", 4104),
            _ => ("System", 7045),
        };
        writer.WriteString("Channel", channel);
        writer.WriteString("Provider_Name", channel == Sysmon ? "Microsoft-Windows-Sysmon" : channel == "Security" ? "Microsoft-Windows-Security-Auditing" : "Service Control Manager");
        writer.WriteNumber("EventID", id);
        writer.WriteString("Computer", $"WS-{random.Next(400):000}.corp.example.com");
        var image = Pick(random, Programs);
        switch (id)
        {
            case 1:
                var parent = Pick(random, Programs);
                WriteProcess(writer, random, time);
                writer.WriteString("Image", image);
                writer.WriteString("FileVersion", "10.0.19041.1 (WinBuild.160101.0800)");
                writer.WriteString("Description", "Part of an invented program");
                writer.WriteString("Product", "Invented® Program");
                writer.WriteString("Company", "Invented Corporation");
                writer.WriteString("OriginalFileName", image[(image.LastIndexOf('\\') + 1)..]);
                writer.WriteString("CommandLine", $"\"{image}\" {Pick(random, Arguments)} --id {random.Next():x8}");
                writer.WriteString("CurrentDirectory", @"C:\Windows\system32\");
                writer.WriteString("User", Pick(random, Users));
                writer.WriteString("LogonId", $"0x{random.Next(1 << 20):x}");
                writer.WriteString("IntegrityLevel", random.Next(3) == 0 ? "High" : "Medium");
                writer.WriteString("Hashes", $"SHA256={Hex(random, 64)},IMPHASH={Hex(random, 32)}");
                writer.WriteNumber("ParentProcessId", random.Next(30_000));
                writer.WriteString("ParentImage", parent);
                writer.WriteString("ParentCommandLine", $"{parent} {Pick(random, Arguments)}");
                break;
            case 11:
                WriteProcess(writer, random, time);
                writer.WriteString("Image", image);
                writer.WriteString("TargetFilename", $@"C:\Users\ines.roth\AppData\Local\Temp\{Hex(random, 8)}\part{random.Next(1000)}.{Pick(random, "tmp", "dat", "log", "xml", "dll")}");
                break;
            case 13:
                WriteProcess(writer, random, time);
                writer.WriteString("EventType", "SetValue");
                writer.WriteString("Image", image);
                writer.WriteString("TargetObject", $@"HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-21-{random.Next()}\{Hex(random, 6)}");
                writer.WriteString("Details", $"DWORD (0x{random.Next():x8})");
                break;
            case 3:
                WriteProcess(writer, random, time);
                writer.WriteString("Image", image);
                writer.WriteString("Protocol", "tcp");
                writer.WriteString("Initiated", "true");
                writer.WriteString("SourceIp", $"10.20.{random.Next(256)}.{random.Next(256)}");
                writer.WriteNumber("SourcePort", random.Next(49152, 65535));
                writer.WriteString("DestinationIp", $"192.0.2.{random.Next(256)}");
                writer.WriteString("DestinationHostname", $"host{random.Next(500)}.example.com");
                writer.WriteNumber("DestinationPort", Pick(random, 443, 80, 53, 8080));
                break;
            case 7:
                WriteProcess(writer, random, time);
                writer.WriteString("Image", image);
                writer.WriteString("ImageLoaded", $@"C:\Windows\System32\{Pick(random, "kernel32", "ntdll", "user32", "wininet", "amsi", "clr")}.dll");
                writer.WriteString("Signed", "true");
                writer.WriteString("Signature", "Invented Corporation");
                writer.WriteString("Hashes", $"SHA256={Hex(random, 64)}");
                break;
            case 22:
                WriteProcess(writer, random, time);
                writer.WriteString("Image", image);
                writer.WriteString("QueryName", $"{Hex(random, 6)}.example.com");
                writer.WriteString("QueryStatus", "0");
                writer.WriteString("QueryResults", "::ffff:192.0.2.1;");
                break;
            case 10:
                writer.WriteString("SourceImage", image);
                writer.WriteString("TargetImage", Pick(random, Programs));
                writer.WriteString("GrantedAccess", Pick(random, "0x1000", "0x1410", "0x1fffff"));
                writer.WriteString("CallTrace", $@"C:\Windows\SYSTEM32\ntdll.dll+{random.Next(99999):x}|C:\Windows\System32\KERNELBASE.dll+{random.Next(99999):x}");
                break;
            case 4104:
                writer.WriteString("ScriptBlockText", $"$list = Get-ChildItem -Path C:\\Shares -Recurse | Where-Object Length -gt {random.Next(100000)}; $list | Export-Csv C:\\Tools\\{Hex(random, 5)}.csv");
                writer.WriteString("Path", @"C:\Tools\inventory.ps1");
                break;
            case 7045:
                writer.WriteString("ServiceName", $"svc{random.Next(100)}");
                writer.WriteString("ImagePath", image);
                writer.WriteString("StartType", "auto start");
                break;
            default:
                writer.WriteString("SubjectUserName", "svc-backup");
                writer.WriteString("TargetUserName", Pick(random, Users));
                writer.WriteNumber("LogonType", Pick(random, 2, 3, 5));
                writer.WriteString("IpAddress", $"10.20.{random.Next(256)}.{random.Next(256)}");
                if (id == 4688)
                {
                    writer.WriteString("NewProcessName", image);
                    writer.WriteString("CommandLine", $"{image} {Pick(random, Arguments)}");
                    writer.WriteString("ParentProcessName", Pick(random, Programs));
                }

                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter writer, Random random, DateTime time)
    {
        writer.WriteString("RuleName", "-");
        writer.WriteString("UtcTime", time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        writer.WriteString("ProcessGuid", $"{{{Hex(random, 8)}-{Hex(random, 4)}-{Hex(random, 12)}}}");
        writer.WriteNumber("ProcessId", random.Next(30_000));
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static string Hex(Random random, int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            text.Append(CultureInfo.InvariantCulture, $"{random.Next(16):X}");
        }

        return text.ToString();
    }
}
