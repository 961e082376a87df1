"""A recorded Hyper-V host, wholly synthetic: what the operating-system layer of collector.ps1 would answer, as one JSON-able mapping.

Every place where a real host keeps a secret holds a text that begins with CANARY-; none of them may leave the host.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from powershell import contract

if TYPE_CHECKING:
    from pathlib import Path

Item = dict[str, Any]

NOW = dt.datetime(2026, 11, 22, 0, 41, 2, tzinfo=dt.UTC)
ERAS = ["2008", "2008R2", "2012", "2012R2", "2016", "2019", "2022", "2025"]
BUILDS = {"2008R2": 7601, "2012": 9200, "2012R2": 9600, "2016": 14393, "2019": 17763, "2022": 20348, "2025": 26100}
NAMES = {"2008R2": "2008 R2", "2012": "2012", "2012R2": "2012 R2"}

MACHINE = "S-1-5-21-1004336348-1177238915-682003330"
DOMAIN = "S-1-5-21-2718281828-3141592653-1618033988"
OPEN_SDDL = "O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)"
VM_SDDL = "O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)"
#: O:SYG:SYD:(A;;GA;;;SY), self-relative.
DESCRIPTOR = bytes.fromhex(
    "010004801400000020000000000000002c00000001010000000000051200000001010000000000051200000002001c00"
    "010000000000140000000010010100000000000512000000"
)
SERVICES = "HKLM\\SYSTEM\\CurrentControlSet\\Services"
VERSION = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
FIREWALL = f"{SERVICES}\\SharedAccess\\Parameters\\FirewallPolicy"
WSMAN = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WSMAN"
HYPERV_FOLDER = "C:\\ProgramData\\Microsoft\\Windows\\Hyper-V"


def date(value: dt.datetime) -> Item:
    return {"$date": value.strftime("%Y-%m-%dT%H:%M:%S.000Z")}


def ago(**span: float) -> Item:
    return date(NOW - dt.timedelta(**span))


def hexed(data: bytes) -> Item:
    return {"$hex": data.hex()}


def guid(*parts: object) -> str:
    """A stable upper-case GUID made from any parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, parts)))).upper()


def embedded(name: str, values: Item) -> str:
    """An embedded instance as WMI methods hand it out: XML with the CIM type of each property."""
    out = []
    for key, value in values.items():
        kind = "boolean" if isinstance(value, bool) else "uint64" if isinstance(value, int) else "string"
        text = (
            "" if value is None else f"<VALUE>{str(value).upper() if kind == 'boolean' else escape(str(value))}</VALUE>"
        )
        out.append(f'<PROPERTY NAME="{key}" TYPE="{kind}">{text}</PROPERTY>')
    return f'<INSTANCE CLASSNAME="{name}">{"".join(out)}</INSTANCE>'


class Host:
    """Collects keys, files and WMI classes; `mapping` is the whole."""

    def __init__(
        self, era: str = "2025", *, vms: int = 3, services: int = 4, rules: int = 6, files_per_vm: int = 0
    ) -> None:
        self.era, self.build = era, BUILDS[era]
        self.registry: dict[str, Item] = {}
        self.files: dict[str, Item] = {}
        self.wmi: dict[str, dict[str, Item]] = {}
        self.methods: dict[str, Item] = {}
        self.spec, self.hv = contract.definition()
        self.rest: Item = {}
        self._classes()
        self._context()
        self._system()
        self._services(services)
        self._firewall(rules)
        self._accounts()
        self._remote()
        self._storage()
        self._network()
        self._hyperv(vms, files_per_vm)

    def mapping(self) -> Item:
        """The recorded host as recorded_layer.ps1 reads it."""
        for key in list(self.registry):
            parent, _, _child = key.rpartition("\\")
            if parent in self.registry and self.registry[key]["name"] not in self.registry[parent]["subKeys"]:
                self.registry[parent]["subKeys"].append(self.registry[key]["name"])
        for key, file in self.files.items():
            parent = key.rpartition("\\")[0]
            parent = parent + "\\" if parent.endswith(":") else parent
            if parent in self.files and key != parent:
                self.files[parent]["children"].append(key)
            file["children"] = sorted(file["children"])
        return {**self.rest, "registry": self.registry, "files": self.files, "wmi": self.wmi, "methods": self.methods}

    def since(self, era: str) -> bool:
        return ERAS.index(self.era) >= ERAS.index(era)

    # --- the three stores -------------------------------------------------------------------------------------------

    def key(self, path: str, **values: object) -> None:
        """A registry key with its parents; a value is a text, a number, bytes, a list, or (kind, data)."""
        parts = path.split("\\")
        for n in range(1, len(parts) + 1):
            part = "\\".join(parts[:n]).lower()
            self.registry.setdefault(part, {"name": parts[n - 1], "subKeys": [], "values": {}})
        self.values(path, values)

    def values(self, path: str, values: Item) -> None:
        if path.lower() not in self.registry:
            self.key(path)
        for name, value in values.items():
            kind, data = value if isinstance(value, tuple) else (_kind(value), value)
            self.registry[path.lower()]["values"][name] = {
                "kind": kind,
                "data": hexed(data) if isinstance(data, bytes) else data,
            }

    def file(
        self,
        path: str,
        *,
        length: int = 1000,
        folder: bool = False,
        content: Item | None = None,
        sddl: str = OPEN_SDDL,
        version: str | None = None,
    ) -> None:
        """A file or folder with its parents. Without content, reading it is an error of the script."""
        parts = path.rstrip("\\").split("\\")
        for n in range(1, len(parts)):
            parent = "\\".join(parts[:n]) + ("\\" if n == 1 else "")
            self.files.setdefault(parent.lower(), _folder(parent))
        made = (
            _folder(path)
            if folder
            else {
                "path": path,
                "folder": False,
                "length": length,
                "children": [],
                "attributes": 32,
                "written": ago(days=3),
                "sddl": sddl,
            }
        )
        made |= {"content": content, "version": version, "company": "Synthetic" if version else None, "sddl": sddl}
        self.files[path.lower()] = made

    def rows(self, namespace: str, name: str, *rows: Item) -> None:
        """Rows of a class that the format reads; further properties, as secrets have them, are added to the class."""
        if namespace.lower() not in self.wmi or name.lower() not in self.wmi[namespace.lower()]:
            return
        known = self.wmi[namespace.lower()][name.lower()]
        for row in rows:
            late = {p: v for p, v in row.items() if p.split(".")[0] not in known["properties"]}
            if any(isinstance(v, str) and "CANARY-" in v for v in late.values()):
                known["properties"] += [p for p in late if p.split(".")[0] not in known["properties"]]
            known["rows"].append({p: v for p, v in row.items() if p.split(".")[0] in known["properties"]})

    def _classes(self) -> None:
        """Every class of the era with the properties it has there."""
        for c in self.spec["wmiClasses"]:
            if c["namespace"] != "*" and self._there(c):
                self._class(c["namespace"], c["class"], c["properties"])
        modern = self.since("2012")
        for part in ("v2", "v1", "cluster"):
            namespace = self.hv["namespaces"][part].split(" (")[0]
            for c in self.hv[part]:
                if part == "cluster" or not self._there(c) or c.get("sinceBuild", 0) > self.build:
                    continue
                if (part == "v2" and not modern) or (
                    part == "v1" and modern and not (c.get("also2012") and self.era == "2012")
                ):
                    continue
                newer, build = c.get("newer", {}), c.get("newerBuild", {})
                self._class(
                    namespace,
                    c["class"],
                    [p for p in c["properties"] if self.since(newer.get(p, "2008")) and build.get(p, 0) <= self.build],
                )
        virtual = "root\\virtualization\\v2" if modern else "root\\virtualization"
        for name in (
            "Msvm_VirtualSystemManagementService",
            "Msvm_TerminalService",
            "Msvm_ReplicationService",
            "Msvm_SummaryInformation",
        ):
            self._class(virtual, name, ["Name"])
        for space in ("root", "root\\subscription"):
            self.wmi.setdefault(space, {})

    def _class(self, namespace: str, name: str, properties: list[str]) -> None:
        parents = namespace.lower().split("\\")
        for n in range(1, len(parents) + 1):
            self.wmi.setdefault("\\".join(parents[:n]), {})
        known = self.wmi[namespace.lower()].setdefault(name.lower(), {"properties": [], "rows": []})
        known["properties"] += [
            p for p in dict.fromkeys(q.split(".")[0] for q in properties) if p not in known["properties"]
        ]

    def _there(self, item: Item) -> bool:
        at = ERAS.index(self.era)
        return ERAS.index(item.get("since") or "2008") <= at <= ERAS.index(item.get("until") or "2025")

    # --- the host ---------------------------------------------------------------------------------------------------

    def _context(self) -> None:
        self.rest |= {
            "now": date(NOW),
            "languageMode": "FullLanguage",
            "environment": {
                "IsWindows": True,
                "Is64BitProcess": True,
                "IsWow64": False,
                "MachineName": "HV01",
                "OsVersion": f"10.0.{self.build}" if self.since("2016") else f"6.1.{self.build}",
                "Architecture": "AMD64",
                "SystemRoot": "C:\\Windows",
                "SystemDrive": "C:",
                "ProgramData": "C:\\ProgramData",
                "ProgramFiles": "C:\\Program Files",
                "ProgramFilesX86": "C:\\Program Files (x86)",
                "Public": "C:\\Users\\Public",
                "Temp": "C:\\Windows\\Temp",
                "PsVersion": "5.1.26100.1",
                "PsEdition": "Desktop",
                "Clr": "4.0.30319.42000",
                "Culture": "de-DE",
                "UiCulture": "en-US",
                "Remoting": False,
            },
            "identity": {"Sid": f"{DOMAIN}-1105", "Name": "CORP\\audit", "Elevated": True},
            "objectSddl": "O:SYG:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)",
            "namespaceSddl": "O:BAG:BAD:(A;CI;CCDCLCSWRPWPRCWD;;;BA)(A;CI;CCDCRP;;;NS)(A;CI;CCDCRP;;;LS)(A;CI;CCDCRP;;;AU)",
            "keySddl": "O:BAG:SYD:PAI(A;CI;KA;;;SY)(A;CI;KA;;;BA)(A;CI;KR;;;BU)",
            "drives": ["C:\\", "D:\\"],
            "secedit": {
                "$text16": '[Unicode]\r\nUnicode=yes\r\n[System Access]\r\nMinimumPasswordLength = 14\r\n[Event Audit]\r\nAuditLogonEvents = 3\r\n[Registry Values]\r\n[Privilege Rights]\r\nSeDebugPrivilege = *S-1-5-32-544\r\n[Version]\r\nsignature="$CHICAGO$"\r\n'
            },
            "auditpol": {
                "$text8": "Computername,Richtlinienziel,Unterkategorie,GUID,x,y,z\r\nHV01,System,Anmelden,{0cce9215-69ae-11d9-bed3-505054503030},Erfolg,,3\r\n"
            },
            "netstat": "\r\nAktive Verbindungen\r\n\r\n  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n"
            "  TCP    0.0.0.0:135            0.0.0.0:0              ABH\u00d6REN         800\r\n  TCP    [::]:2179              [::]:0                 ABH\u00d6REN         1400\r\n"
            "  TCP    10.0.0.5:50000         10.0.0.9:445           HERGESTELLT     4\r\n  UDP    0.0.0.0:123            *:*                                    900\r\n",
            "vssadmin": 'Verfassername: "System Writer"\r\n   Verfasserkennung: {e8132975-6f93-4464-a53e-1050253ae220}\r\n   Verfasserinstanzkennung: {77d3f5c5-0f0e-4d43-9a5e-0d8f0a6d2c11}\r\n   Status: [1] Stabil\r\n   Letzter Fehler: Kein Fehler\r\n',
            "taskXml": '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task><Actions><Exec><Command>agent.exe</Command><Arguments>--password CANARY-task-xml --run</Arguments></Exec></Actions></Task>',
            "sids": {
                "S-1-5-32-544": "BUILTIN\\Administrators",
                "S-1-5-32-578": "BUILTIN\\Hyper-V Administrators",
                "S-1-5-18": "NT AUTHORITY\\SYSTEM",
                "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
                "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
                "S-1-1-0": "Everyone",
                "S-1-5-11": "NT AUTHORITY\\Authenticated Users",
                f"{DOMAIN}-1105": "CORP\\audit",
                f"{DOMAIN}-512": "CORP\\Domain Admins",
                f"{DOMAIN}-1600": "corp.example\\HV01$",
                f"{MACHINE}-500": "HV01\\Administrator",
                "S-1-5-83-0": "NT VIRTUAL MACHINE\\Virtual Machines",
            },
            "directory": {
                f"{DOMAIN}-1600": {
                    "objectClass": ["top", "computer"],
                    "userAccountControl": [4096],
                    "servicePrincipalName": ["HOST/HV01", "Hyper-V Replica Service/HV01"],
                    "dNSHostName": ["hv01.corp.example"],
                    "whenCreated": [ago(days=800)],
                    "pwdLastSet": [134397060620000000],
                },
                f"{DOMAIN}-1105": {"objectClass": ["top", "person", "user"]},
                f"{DOMAIN}-512": {"objectClass": ["top", "group"]},
            },
            "directoryMembers": [{"Sid": f"{DOMAIN}-1105", "Name": "audit", "Class": "user"}],
            "events": {
                "System": [
                    {
                        "Provider": "Microsoft-Windows-Hyper-V-Hypervisor",
                        "Id": 2,
                        "Level": 4,
                        "TimeUtc": ago(days=4),
                        "Data": {"SchedulerType": "3"},
                    }
                ]
            },
            "updates": [
                {"Title": "Synthetic update (KB5000001)", "DateUtc": ago(days=20), "ResultCode": 2, "Operation": 1}
            ],
        }

    def _system(self) -> None:
        # A kind of value that none of the listed ones is: PowerShell names it only from .NET 4 on.
        levels = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Server\\ServerLevels"
        self.key(levels, ServerCore=1, Unusual=("REG_NONE", b"\1\2"))
        cim, label = "root\\cimv2", f"Microsoft Windows Server {NAMES.get(self.era, self.era)} Datacenter"
        current: Item = {
            "CurrentBuildNumber": str(self.build),
            "EditionID": "ServerDatacenter",
            "InstallationType": "Server",
            "ProductName": label,
            "InstallDate": 1700000000,
            "CSDVersion": "",
            "SystemRoot": "C:\\Windows",
        }
        if self.since("2016"):
            current |= {"UBR": 2033, "ReleaseId": "2009", "DisplayVersion": "24H2"}
        self.values(VERSION, current)
        self.key("HKLM\\SYSTEM\\CurrentControlSet\\Control\\ProductOptions", ProductType="ServerNT")
        self.key(
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation",
            ActiveTimeBias=4294967236,
            TimeZoneKeyName="W. Europe Standard Time",
        )
        self.key(
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment",
            Path=("REG_EXPAND_SZ", "%SystemRoot%\\system32;%SystemRoot%;D:\\Tools"),
        )
        self.key(
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management",
            FeatureSettingsOverride=72,
            FeatureSettingsOverrideMask=3,
        )
        self.key("HKLM\\SYSTEM\\CurrentControlSet\\Control", PEFirmwareType=2)
        self.key("HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State", UEFISecureBootEnabled=1)
        self.key(
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa",
            RunAsPPL=1,
            NoLmHash=1,
            LmCompatibilityLevel=5,
            LsaCfgFlags=1,
        )
        self.key(
            "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon",
            AutoAdminLogon="0",
            DefaultPassword="CANARY-winlogon",
            AltDefaultPassword="CANARY-winlogon-alt",
            DefaultUserName="kiosk",
        )
        self.key(
            "HKLM\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0",
            Identifier="Intel64 Family 6 Model 106 Stepping 6",
            **{"Update Revision": bytes.fromhex("00000000d4030d00"), "ProcessorNameString": "Synthetic CPU"},
        )
        self.key(
            "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization",
            StoreLocation=f"msxml://{HYPERV_FOLDER}\\InitialStore.xml",
            ServiceApplication="Hyper-V services",
        )
        entry = "HKLM\\BCD00000000\\Objects\\{11111111-2222-3333-4444-555555555555}"
        self.key(entry + "\\Description", Type=0x10200003)
        self.key(entry + "\\Elements\\250000f0", Element=("REG_BINARY", (1).to_bytes(8, "little")))
        self.key(entry + "\\Elements\\16000049", Element=("REG_BINARY", b"\0"))
        manager = "HKLM\\BCD00000000\\Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}"
        self.key(manager + "\\Description", Type=0x10100002)
        self.key(manager + "\\Elements\\23000003", Element="{11111111-2222-3333-4444-555555555555}")
        uninstall = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
        self.key(
            f"HKLM\\{uninstall}\\{{0A0A0A0A-0000-0000-0000-000000000001}}",
            DisplayName="Backup Agent \u00fc",
            DisplayVersion="7.1",
            Publisher="Synthetic",
            InstallDate="20260101",
            WindowsInstaller=1,
            UninstallString="agent.exe /pwd:CANARY-uninstall",
        )
        self.key("HKU\\S-1-5-18")
        self.key(f"HKU\\{DOMAIN}-1105\\{uninstall}\\Tool", DisplayName="Tool", DisplayVersion="1")
        self.key(
            "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate",
            WUServer="https://wsus.corp.example:8531",
            WUStatusServer="https://wsus.corp.example:8531",
        )
        self.key("HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU", UseWUServer=1, AUOptions=3)
        self.key(
            "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\Results\\Install",
            LastSuccessTime="2026-11-01 03:00:00",
        )
        package = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages\\Package_for_RollupFix~31bf3856ad364e35~amd64~~26100.2033.1.6"
        self.key(package, CurrentState=112, InstallTimeHigh=31140000, InstallTimeLow=12345, InstallName="x.mum")
        state = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine"
        self.key(
            f"{state}\\GPO-List\\0",
            DisplayName="Default Domain Policy",
            GPOName="{31B2F340-016D-11D2-945F-00C04FB984F9}",
            Link="LDAP://DC=corp,DC=example",
            Version=65537,
        )
        self.key(
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e972-e325-11ce-bfc1-08002be10318}\\0001",
            DriverVersion="1.2.3.4",
            DriverDate="6-21-2024",
            ProviderName="Synthetic",
            NetCfgInstanceId="{66DCBAB5-328F-4D99-A342-9729472F237A}",
            ComponentId="pci\\ven_8086",
        )

        self.rows(
            cim,
            "Win32_OperatingSystem",
            {
                "BuildNumber": str(self.build),
                "Caption": label + " \u2013 deutsch",
                "CSDVersion": None,
                "DataExecutionPrevention_SupportPolicy": 3,
                "LastBootUpTime": ago(days=10),
                "LocalDateTime": date(NOW),
                "MUILanguages": ["de-DE", "en-US"],
                "OperatingSystemSKU": 8,
                "OSLanguage": 1031,
                "ProductType": 3,
                "ServicePackMajorVersion": 0,
                "SystemDrive": "C:",
                "Version": f"10.0.{self.build}",
                "WindowsDirectory": "C:\\Windows",
                "CurrentTimeZone": 60,
            },
        )
        self.rows(
            cim,
            "Win32_ComputerSystem",
            {
                "DNSHostName": "hv01",
                "Domain": "corp.example",
                "DomainRole": 3,
                "HypervisorPresent": True,
                "Manufacturer": "Synthetic",
                "Model": "R1",
                "Name": "HV01",
                "NumberOfLogicalProcessors": 64,
                "NumberOfProcessors": 2,
                "PartOfDomain": True,
                "TotalPhysicalMemory": 549755813888,
                "Workgroup": None,
                "PrimaryOwnerContact": "CANARY-owner",
            },
        )
        self.rows(
            cim,
            "Win32_ComputerSystemProduct",
            {"IdentifyingNumber": "SN0001", "UUID": guid("machine"), "Vendor": "Synthetic", "Name": "R1"},
        )
        self.rows(
            cim,
            "Win32_BIOS",
            {
                "Manufacturer": "Synthetic",
                "ReleaseDate": ago(days=400),
                "SerialNumber": "SN0001",
                "SMBIOSBIOSVersion": "2.1",
            },
        )
        self.rows(
            cim,
            "Win32_Processor",
            *(
                {
                    "DeviceID": f"CPU{n}",
                    "Manufacturer": "GenuineIntel",
                    "Name": "Synthetic CPU",
                    "NumberOfCores": 16,
                    "NumberOfLogicalProcessors": 32,
                    "SecondLevelAddressTranslationExtensions": True,
                    "SocketDesignation": f"S{n}",
                    "VirtualizationFirmwareEnabled": True,
                }
                for n in (0, 1)
            ),
        )
        self.rows(
            cim, "Win32_PhysicalMemoryArray", {"MemoryErrorCorrection": 6, "Tag": "0", "Use": 3, "MemoryDevices": 16}
        )
        self.rows(
            "root\\cimv2\\Security\\MicrosoftTpm",
            "Win32_Tpm",
            {
                "IsActivated_InitialValue": True,
                "IsEnabled_InitialValue": True,
                "IsOwned_InitialValue": True,
                "ManufacturerId": 1229346816,
                "ManufacturerVersion": "7.2.3.1",
                "SpecVersion": "2.0, 0, 1.38",
            },
        )
        self.methods["Win32_Tpm.IsReady"] = {"ReturnValue": 0, "IsReady": True}
        self.rows(
            "root\\Microsoft\\Windows\\DeviceGuard",
            "Win32_DeviceGuard",
            {
                "AvailableSecurityProperties": [1, 2, 3],
                "CodeIntegrityPolicyEnforcementStatus": 0,
                "RequiredSecurityProperties": [1],
                "SecurityServicesConfigured": [1],
                "SecurityServicesRunning": [1],
                "UsermodeCodeIntegrityPolicyEnforcementStatus": 0,
                "VirtualizationBasedSecurityStatus": 2,
            },
        )
        self.rows("root\\wmi", "BcdStore", {"FilePath": ""})
        self.methods["BcdStore.OpenStore"] = {"ReturnValue": True, "Store": {"FilePath": ""}}
        self.methods["BcdStore.OpenObject"] = {
            "ReturnValue": True,
            "Object": {"Id": "{11111111-2222-3333-4444-555555555555}"},
        }
        self.rows(
            cim,
            "Win32_OptionalFeature",
            {"InstallState": 1, "Name": "Microsoft-Hyper-V"},
            {"InstallState": 2, "Name": "SMB1Protocol"},
        )
        self.rows(cim, "Win32_ServerFeature", {"ID": 20, "ParentID": 0})
        self.rows(
            cim,
            "Win32_QuickFixEngineering",
            {"Description": "Security Update", "HotFixID": "KB5000001", "InstalledOn": "11/1/2026"},
        )

    def _services(self, count: int) -> None:
        state = []
        known = [
            ("vmms", "%SystemRoot%\\system32\\vmms.exe", "LocalSystem", 1400),
            (
                "MpsSvc",
                "%SystemRoot%\\system32\\svchost.exe -k LocalServiceNoNetworkFirewall -p",
                "NT Authority\\LocalService",
                1500,
            ),
            (
                "BFE",
                "%SystemRoot%\\system32\\svchost.exe -k LocalServiceNoNetwork -p",
                "NT AUTHORITY\\LocalService",
                1501,
            ),
            (
                "WinDefend",
                '"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\MsMpEng.exe"',
                "LocalSystem",
                1502,
            ),
            ("W32Time", "%SystemRoot%\\system32\\svchost.exe -k LocalService", "NT AUTHORITY\\LocalService", 1503),
            ("SNMP", "%SystemRoot%\\System32\\snmp.exe", "LocalSystem", 1504),
            (
                "AgentSvc",
                "C:\\Program Files\\Agent One\\agent.exe --password CANARY-service-argument --run",
                "CORP\\audit",
                1505,
            ),
        ]
        known += [
            (f"Svc{n:04}", f"C:\\Program Files\\App {n}\\svc.exe", "LocalSystem", 0)
            for n in range(max(0, count - len(known)))
        ]
        for name, image, account, pid in known:
            self.key(
                f"{SERVICES}\\{name}",
                Type=16,
                Start=2,
                ErrorControl=1,
                ImagePath=("REG_EXPAND_SZ", image),
                ObjectName=account,
                DisplayName=f"@%SystemRoot%\\x.dll,-{pid}",
                ServiceSidType=1,
                DependOnService=("REG_MULTI_SZ", ["RpcSs"]),
                RequiredPrivileges=("REG_MULTI_SZ", ["SeChangeNotifyPrivilege"]),
                FailureActions=bytes(20),
                Description="CANARY-service-description",
            )
            state.append(
                {
                    "Name": name,
                    "ProcessId": pid,
                    "StartName": account,
                    "State": "Running" if pid else "Stopped",
                    "PathName": "CANARY-path-name",
                }
            )
        self.values(f"{SERVICES}\\AgentSvc", {"FailureCommand": "notify.exe /pwd:CANARY-failure-command"})
        self.key(f"{SERVICES}\\vmms\\Security", Security=DESCRIPTOR)
        self.key(f"{SERVICES}\\MpsSvc\\Parameters", ServiceDll=("REG_EXPAND_SZ", "%SystemRoot%\\system32\\mpssvc.dll"))
        self.key(
            f"{SERVICES}\\vmswitch",
            Type=1,
            Start=0,
            ErrorControl=1,
            ImagePath=("REG_EXPAND_SZ", "System32\\drivers\\vmswitch.sys"),
            Group="NDIS",
        )
        self.rows("root\\cimv2", "Win32_Service", *state)
        self.rows("root\\cimv2", "Win32_SystemDriver", {"Name": "vmswitch", "State": "Running"})
        self.rows(
            "root\\cimv2",
            "Win32_Process",
            *(
                {
                    "CommandLine": line,
                    "CreationDate": ago(days=10),
                    "ExecutablePath": f"C:\\Windows\\System32\\{name}",
                    "Name": name,
                    "ParentProcessId": 700,
                    "ProcessId": pid,
                    "SessionId": 0,
                }
                for name, pid, line in (
                    ("vmms.exe", 1400, "C:\\Windows\\system32\\vmms.exe CANARY-command-line"),
                    ("vmwp.exe", 2000, f"C:\\Windows\\System32\\vmwp.exe {guid('vm', 0)} CANARY-worker"),
                    ("svchost.exe", 800, "svchost CANARY-svchost"),
                )
            ),
        )
        self.methods["Win32_Process.GetOwnerSid"] = {"ReturnValue": 0, "Sid": "S-1-5-18"}
        self.rest["tasks"] = [
            {
                "Path": "\\Backup\\Nightly",
                "Name": "Nightly",
                "Enabled": True,
                "State": 3,
                "Author": "CORP\\audit",
                "UserId": "SYSTEM",
                "GroupId": None,
                "LogonType": 5,
                "RunLevel": 1,
                "Hidden": False,
                "LastRun": ago(days=1),
                "NextRun": None,
                "LastResult": 0,
                "Sddl": "O:BAG:SYD:AI(A;;FA;;;BA)(A;;FA;;;SY)",
                "Actions": [
                    {
                        "Type": 0,
                        "Path": "%SystemRoot%\\System32\\agent.exe",
                        "Arguments": "--token CANARY-task-argument",
                        "WorkingDir": None,
                        "ClassId": None,
                    }
                ],
                "Triggers": [
                    {"Type": 2, "Enabled": True, "StartBoundary": "2026-01-01T03:00:00", "RepetitionInterval": "PT1H"}
                ],
            }
        ]
        for path in (
            "vmms.exe",
            "vmwp.exe",
            "hvix64.exe",
            "hvax64.exe",
            "ntoskrnl.exe",
            "svchost.exe",
            "snmp.exe",
            "mpssvc.dll",
            "vid.dll",
            "drivers\\vmswitch.sys",
            "drivers\\vid.sys",
        ):
            self.file(f"C:\\Windows\\System32\\{path}", version=f"10.0.{self.build}.2033")
        self.file("C:\\Program Files\\Agent One\\agent.exe", version="7.1.0.0")
        self.file("D:\\Tools", folder=True)
        self.file("C:\\Windows\\Cluster", folder=True)
        self.file("C:\\Windows\\SysWOW64", folder=True)
        self.file("C:\\Windows\\Panther\\unattend.xml", length=2000)
        self.file("C:\\Users\\audit\\Desktop\\bitlocker-recovery.txt", length=500)

    def _firewall(self, count: int) -> None:
        for profile in ("DomainProfile", "StandardProfile", "PublicProfile"):
            self.key(f"{FIREWALL}\\{profile}", EnableFirewall=1, DefaultInboundAction=1, DisableNotifications=1)
            self.key(
                f"{FIREWALL}\\{profile}\\Logging",
                LogFilePath=("REG_EXPAND_SZ", "%systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log"),
                LogFileSize=16384,
                LogDroppedPackets=1,
            )
        rule = "v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort={}|App=%SystemRoot%\\system32\\svchost.exe|Svc=Svc|Name=@FirewallAPI.dll,-{}|"
        self.key(
            f"{FIREWALL}\\FirewallRules", **{f"Rule-{n:04}-In-TCP": rule.format(1024 + n, n) for n in range(count)}
        )
        self.key(
            "HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules",
            **{"{GPO-RULE}": "v2.33|Action=Block|Active=TRUE|Dir=In|RPort=445|Name=Sperre \u00fc|"},
        )
        self.key("HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\DomainProfile", EnableFirewall=1)
        self.key(
            f"{FIREWALL}\\RestrictedServices\\Static\\System",
            **{"WD-1": "v2.0|Action=Block|Dir=In|App=%SystemRoot%\\x.exe|Name=W|"},
        )
        self.key(f"{FIREWALL}\\ConSecRules", **{"{CS}": "v2.33|Action=SecureServer|Active=TRUE|Auth1Set={A1}|Name=C|"})
        self.key(f"{FIREWALL}\\Phase1AuthenticationSet\\{{A1}}\\0000", Method="PreSharedKey", SHKey="CANARY-preshared")
        self.rest["firewall"] = [
            {
                "Profile": p,
                "IsCurrent": p == 1,
                "Enabled": True,
                "DefaultInbound": 0,
                "DefaultOutbound": 1,
                "BlockAllInbound": False,
                "NotificationsDisabled": True,
                "UnicastDisabled": False,
                "Interfaces": [],
            }
            for p in (1, 2, 4)
        ]
        self.rest["connections"] = [
            {"AdapterId": "{66DCBAB5-328F-4D99-A342-9729472F237A}", "Name": "corp.example", "Category": 2}
        ]
        space = "root\\StandardCimv2"
        self.rows(
            space,
            "MSFT_NetFirewallHyperVVMCreator",
            {
                "FriendlyName": "WSL",
                "InstanceID": "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}",
                "VMCreatorId": "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}",
            },
        )
        self.rows(
            space,
            "MSFT_NetFirewallHyperVProfile",
            {
                "AllowLocalFirewallRules": 1,
                "DefaultInboundAction": 4,
                "DefaultOutboundAction": 2,
                "Enabled": 1,
                "InstanceID": "x|Domain",
                "Name": "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}",
                "Profile": 1,
            },
        )
        self.rows(
            space,
            "MSFT_NetTCPConnection",
            {"LocalAddress": "0.0.0.0", "LocalPort": 135, "OwningProcess": 800, "State": 2},
            {"LocalAddress": "::", "LocalPort": 2179, "OwningProcess": 1400, "State": 2},
            {"LocalAddress": "10.0.0.5", "LocalPort": 50000, "OwningProcess": 4, "State": 5},
        )
        self.rows(space, "MSFT_NetUDPEndpoint", {"LocalAddress": "0.0.0.0", "LocalPort": 123, "OwningProcess": 800})

    def _accounts(self) -> None:
        self.rest["groups"] = [
            {
                "Sid": "S-1-5-32-544",
                "Name": "Administratoren",
                "Description": "Administratoren haben uneingeschr\u00e4nkten Zugriff",
            },
            {"Sid": "S-1-5-32-578", "Name": "Hyper-V-Administratoren", "Description": ""},
        ]
        self.rest["members"] = {
            "Administratoren": [
                {
                    "Sid": f"{MACHINE}-500",
                    "Name": "Administrator",
                    "Path": "WinNT://CORP/HV01/Administrator",
                    "Class": "User",
                },
                {
                    "Sid": f"{DOMAIN}-512",
                    "Name": "Domain Admins",
                    "Path": "WinNT://CORP/Domain Admins",
                    "Class": "Group",
                },
            ],
            "Hyper-V-Administratoren": [
                {"Sid": None, "Name": f"{DOMAIN}-9999", "Path": f"WinNT://{DOMAIN}-9999", "Class": "User"}
            ],
        }
        self.rest["accountPolicy"] = {
            "MinPasswordLength": 14,
            "PasswordHistoryLength": 24,
            "MaxPasswordAge": 5184000,
            "MinPasswordAge": 86400,
            "MaxBadPasswordsAllowed": 10,
            "AutoUnlockInterval": 900,
            "LockoutObservationInterval": 900,
        }
        self.rows(
            "root\\cimv2",
            "Win32_UserAccount",
            {
                "Disabled": False,
                "LocalAccount": True,
                "Lockout": False,
                "Name": "Administrator",
                "PasswordExpires": True,
                "PasswordRequired": True,
                "SID": f"{MACHINE}-500",
                "Description": "CANARY-user-description",
            },
        )
        self.rows(
            "root\\cimv2",
            "Win32_UserProfile",
            {
                "LastUseTime": ago(days=2),
                "Loaded": True,
                "LocalPath": "C:\\Users\\audit",
                "SID": f"{DOMAIN}-1105",
                "Special": False,
            },
        )

    def _remote(self) -> None:
        terminal = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server"
        self.key(terminal, fDenyTSConnections=0)
        self.key(
            f"{terminal}\\WinStations\\RDP-Tcp",
            PortNumber=3389,
            SecurityLayer=2,
            UserAuthentication=1,
            MinEncryptionLevel=3,
            SSLCertificateSHA1Hash=bytes.fromhex("AB" * 20),
            Security=DESCRIPTOR,
            Password="CANARY-rdp-password",
            Username="CANARY-rdp-user",
        )
        self.key(f"{WSMAN}\\Service", allow_remote_requests=1, auth_basic=0)
        self.key(f"{WSMAN}\\Client", trusted_hosts="hv02.corp.example")
        self.key(f"{WSMAN}\\Listener\\*+HTTP", Port=5985, enabled=1, uriprefix="wsman")
        xml = '<PlugInConfiguration Name="microsoft.powershell" Enabled="true" xmlns="http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration" RunAsUser="CORP\\svc" RunAsPassword="CANARY-runas"><Resources><Resource ResourceUri="http://schemas.microsoft.com/powershell/microsoft.powershell"><Security Sddl="O:NSG:BAD:P(A;;GA;;;BA)S:P(AU;FA;GA;;;WD)"/></Resource></Resources></PlugInConfiguration>'
        self.key(f"{WSMAN}\\Plugin\\microsoft.powershell", ConfigXML=xml)
        self.key(f"{SERVICES}\\SNMP\\Parameters\\ValidCommunities", **{"CANARY-community": 8, "public": 4})
        self.key(f"{SERVICES}\\SNMP\\Parameters\\PermittedManagers", **{"1": "10.0.0.9"})
        self.key(f"{SERVICES}\\W32Time\\Parameters", Type="NT5DS", NtpServer="time.windows.com,0x8")
        self.key(
            f"{SERVICES}\\W32Time\\Config", AnnounceFlags=10, MaxPosPhaseCorrection=172800, MaxNegPhaseCorrection=172800
        )
        self.key(f"{SERVICES}\\W32Time\\TimeProviders\\VMICTimeProvider", Enabled=1)
        for channel in ("Application", "Security", "System"):
            self.key(
                f"{SERVICES}\\EventLog\\{channel}",
                MaxSize=20971520,
                Retention=0,
                File=("REG_EXPAND_SZ", f"%SystemRoot%\\System32\\Winevt\\Logs\\{channel}.evtx"),
            )
        self.key(
            "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\Microsoft-Windows-Hyper-V-VMMS-Admin",
            Enabled=1,
            Type=0,
            MaxSize=1052672,
            ChannelAccess="O:BAG:SYD:(A;;0xf0007;;;SY)",
        )
        self.key("HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths", **{"D:\\VMs": 0})
        smb = "root\\Microsoft\\Windows\\SMB"
        server = dict.fromkeys(self._properties(smb, "MSFT_SmbServerConfiguration"), True) | {
            "EnableSMB1Protocol": False,
            "SmbServerNameHardeningLevel": 0,
            "EncryptionCiphers": "AES_128_GCM, AES_256_GCM",
            "Smb2DialectMin": 0,
            "Smb2DialectMax": 0,
        }
        client = dict.fromkeys(self._properties(smb, "MSFT_SmbClientConfiguration"), True) | {
            "EncryptionCiphers": "AES_128_GCM",
            "Smb2DialectMin": 0,
            "Smb2DialectMax": 0,
        }
        self.methods["MSFT_SmbServerConfiguration.GetConfiguration"] = {"ReturnValue": 0, "Output": server}
        self.methods["MSFT_SmbClientConfiguration.GetConfiguration"] = {"ReturnValue": 0, "Output": client}
        share = {
            "CachingMode": 0,
            "ContinuouslyAvailable": False,
            "Description": "",
            "EncryptData": True,
            "FolderEnumerationMode": 1,
            "ScopeName": "*",
            "Scoped": False,
            "SecurityDescriptor": "O:SYG:SYD:(A;;FA;;;BA)",
            "ShareType": 0,
        }
        self.rows(
            smb,
            "MSFT_SmbShare",
            share | {"Name": "VMs$", "Path": "D:\\VMs", "Special": False},
            share | {"Name": "C$", "Path": "C:\\", "Special": True},
        )
        self.rows(
            smb,
            "MSFT_SmbConnection",
            {
                "ContinuouslyAvailable": False,
                "Dialect": "3.1.1",
                "Encrypted": True,
                "NumOpens": 2,
                "ServerName": "fs01",
                "ShareName": "vms",
                "Signed": True,
                "UserName": "CANARY-smb-user",
                "Credential": "CANARY-smb-credential",
            },
        )
        self.rows(
            "root\\cimv2",
            "Win32_Share",
            {"Description": "", "Name": "VMs$", "Path": "D:\\VMs", "Type": 0},
            {"Description": "", "Name": "C$", "Path": "C:\\", "Type": 2147483648},
        )
        self.rows("root\\cimv2", "Win32_LogicalShareSecuritySetting", {"Name": "VMs$"})
        defender = "root\\Microsoft\\Windows\\Defender"
        self.rows(
            defender,
            "MSFT_MpComputerStatus",
            {
                "AMEngineVersion": "1.1.24000.1",
                "AMProductVersion": "4.18.24000.1",
                "AMRunningMode": "Normal",
                "AMServiceEnabled": True,
                "AntivirusEnabled": True,
                "AntivirusSignatureAge": 0,
                "AntivirusSignatureLastUpdated": ago(hours=5),
                "AntivirusSignatureVersion": "1.400.1.0",
                "BehaviorMonitorEnabled": True,
                "IoavProtectionEnabled": True,
                "IsTamperProtected": True,
                "OnAccessProtectionEnabled": True,
                "RealTimeProtectionEnabled": True,
            },
        )
        self.rows(
            defender,
            "MSFT_MpPreference",
            {
                "AttackSurfaceReductionOnlyExclusions": None,
                "DisableAutoExclusions": False,
                "DisableBehaviorMonitoring": False,
                "DisableIOAVProtection": False,
                "DisableRealtimeMonitoring": False,
                "DisableScriptScanning": False,
                "EnableControlledFolderAccess": 0,
                "EnableNetworkProtection": 1,
                "ExclusionExtension": ["vhdx"],
                "ExclusionIpAddress": None,
                "ExclusionPath": ["D:\\VMs"],
                "ExclusionProcess": None,
                "MAPSReporting": 2,
                "PUAProtection": 1,
            },
        )
        certificate = {
            "Thumbprint": "AB" * 20,
            "Subject": "CN=hv01.corp.example",
            "Issuer": "CN=Synthetic CA",
            "NotBefore": ago(days=100),
            "NotAfter": date(NOW + dt.timedelta(days=265)),
            "SigAlg": "1.2.840.113549.1.1.11",
            "KeyAlg": "1.2.840.113549.1.1.1",
            "KeyBits": 2048,
            "HasPrivateKey": True,
            "Eku": ["1.3.6.1.5.5.7.3.1"],
            "SanRaw": hexed(bytes.fromhex("3013821168763031") + b".corp.example"),
        }
        self.rest["certificates"] = {"My": [certificate]}

    def _properties(self, namespace: str, name: str) -> list[str]:
        return list(self.wmi.get(namespace.lower(), {}).get(name.lower(), {}).get("properties", []))

    def _storage(self) -> None:
        store, cim = "root\\Microsoft\\Windows\\Storage", "root\\cimv2"
        self.rows(
            store,
            "MSFT_Disk",
            *(
                {
                    "BusType": 17,
                    "FriendlyName": f"NVMe {n}",
                    "HealthStatus": 0,
                    "IsBoot": n == 0,
                    "IsClustered": False,
                    "IsOffline": False,
                    "IsReadOnly": False,
                    "IsSystem": n == 0,
                    "Location": f"PCI Slot {n}",
                    "LogicalSectorSize": 512,
                    "Model": "NVMe",
                    "Number": n,
                    "PartitionStyle": 2,
                    "Path": f"\\\\?\\disk{n}",
                    "PhysicalSectorSize": 4096,
                    "SerialNumber": f"DISK{n}",
                    "Size": 1000204886016,
                    "UniqueId": f"eui.{n}",
                }
                for n in (0, 1)
            ),
        )
        self.rows(
            store,
            "MSFT_Partition",
            *(
                {
                    "AccessPaths": [f"{letter}:\\", f"\\\\?\\Volume{{{guid('volume', letter).lower()}}}\\"],
                    "DiskNumber": n,
                }
                for n, letter in enumerate("CD")
            ),
        )
        self.rows(
            cim,
            "Win32_DiskDrive",
            {
                "BytesPerSector": 512,
                "DeviceID": "\\\\.\\PHYSICALDRIVE0",
                "Index": 0,
                "InterfaceType": "SCSI",
                "Model": "NVMe",
                "SerialNumber": "DISK0",
                "Size": 1000204886016,
            },
        )
        self.rows(
            cim,
            "Win32_Volume",
            *(
                {
                    "BlockSize": 4096,
                    "BootVolume": letter == "C",
                    "Capacity": 999000000000,
                    "DeviceID": f"\\\\?\\Volume{{{guid('volume', letter).lower()}}}\\",
                    "DriveLetter": f"{letter}:",
                    "DriveType": 3,
                    "FileSystem": "NTFS",
                    "FreeSpace": 400000000000,
                    "Label": "Daten",
                    "Name": f"{letter}:\\",
                    "SystemVolume": letter == "C",
                }
                for letter in "CD"
            ),
        )
        self.rows(
            store,
            "MSFT_iSCSISession",
            {
                "AuthenticationType": "NONE",
                "InitiatorNodeAddress": "iqn.1991-05.com.microsoft:hv01",
                "InitiatorPortalAddress": "10.0.0.5",
                "IsConnected": True,
                "IsDataDigest": False,
                "IsHeaderDigest": False,
                "IsPersistent": True,
                "SessionIdentifier": "ffff-1",
                "TargetNodeAddress": "iqn.2000-01.example:t1",
                "ChapSecret": "CANARY-chap",
            },
        )
        self.rows(
            store,
            "MSFT_iSCSIConnection",
            {
                "ConnectionIdentifier": "ffff-1-0",
                "InitiatorAddress": "10.0.0.5",
                "InitiatorPortNumber": 50001,
                "TargetAddress": "10.0.0.9",
                "TargetPortNumber": 3260,
            },
        )
        volume = "root\\cimv2\\Security\\MicrosoftVolumeEncryption"
        self.rows(
            volume,
            "Win32_EncryptableVolume",
            *(
                {
                    "DeviceID": f"\\\\?\\Volume{{{guid('volume', letter).lower()}}}\\",
                    "DriveLetter": f"{letter}:",
                    "ProtectionStatus": 1,
                    "VolumeType": n,
                }
                for n, letter in enumerate("CD")
            ),
        )
        self.methods |= {
            "Win32_EncryptableVolume.GetProtectionStatus": {"ReturnValue": 0, "ProtectionStatus": 1},
            "Win32_EncryptableVolume.GetConversionStatus": {
                "ReturnValue": 0,
                "ConversionStatus": 1,
                "EncryptionPercentage": 100,
                "EncryptionFlags": 0,
                "WipingStatus": 0,
                "WipingPercentage": 0,
            },
            "Win32_EncryptableVolume.GetEncryptionMethod": {"ReturnValue": 0, "EncryptionMethod": 7},
            "Win32_EncryptableVolume.GetLockStatus": {"ReturnValue": 0, "LockStatus": 0},
            "Win32_EncryptableVolume.GetKeyProtectors": {
                "ReturnValue": 0,
                "VolumeKeyProtectorID": ["{CANARY-protector-id}"],
            },
            "Win32_EncryptableVolume.GetKeyProtectorAdSidInformation": {
                "ReturnValue": 0,
                "SidString": "S-1-5-32-544",
                "Flags": 0,
            },
            "Win32_EncryptableVolume.GetSuspendCount": {"ReturnValue": 0, "SuspendCount": 0},
        }

    def _network(self) -> None:
        space, cim, nic = "root\\StandardCimv2", "root\\cimv2", "{66DCBAB5-328F-4D99-A342-9729472F237A}"
        self.key(
            "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\QoS\\Migration",
            **{
                "Version": "1.0",
                "Application Name": "*",
                "Protocol": "TCP",
                "Remote IP": "10.1.0.0/16",
                "Remote Port": "6600:6610",
                "DSCP Value": "46",
                "Throttle Rate": "1000",
            },
        )
        self.rows(
            cim,
            "Win32_NetworkAdapter",
            {
                "ConfigManagerErrorCode": 0,
                "Description": "Synthetic 10G",
                "GUID": nic,
                "Index": 1,
                "InterfaceIndex": 12,
                "MACAddress": "A0:36:9F:C8:75:AC",
                "NetConnectionID": "NIC1",
                "NetConnectionStatus": 2,
                "PhysicalAdapter": True,
                "PNPDeviceID": "PCI\\VEN_8086",
                "ServiceName": "ixgbe",
                "Speed": 10000000000,
            },
        )
        self.rows(
            cim,
            "Win32_NetworkAdapterConfiguration",
            {
                "DefaultIPGateway": ["10.0.0.1"],
                "Description": "Synthetic 10G",
                "DHCPEnabled": False,
                "DNSDomain": "corp.example",
                "DNSServerSearchOrder": ["10.0.0.2"],
                "FullDNSRegistrationEnabled": True,
                "Index": 1,
                "InterfaceIndex": 12,
                "IPAddress": ["10.0.0.5", "fe80::1"],
                "IPConnectionMetric": 10,
                "IPEnabled": True,
                "IPSubnet": ["255.255.255.0", "64"],
                "MACAddress": "A0:36:9F:C8:75:AC",
                "SettingID": nic,
                "TcpipNetbiosOptions": 0,
            },
        )
        self.rows(
            space,
            "MSFT_NetAdapter",
            {
                "ComponentID": "pci\\ven_8086",
                "DriverDate": "2024-06-21",
                "DriverProvider": "Synthetic",
                "DriverVersionString": "1.2.3.4",
                "HardwareInterface": True,
                "Hidden": False,
                "InterfaceAdminStatus": 1,
                "InterfaceDescription": "Synthetic 10G",
                "InterfaceGuid": nic,
                "InterfaceIndex": 12,
                "InterfaceOperationalStatus": 1,
                "MediaConnectState": 1,
                "MtuSize": 1500,
                "Name": "NIC1",
                "PermanentAddress": "A0369FC875AC",
                "PnPDeviceID": "PCI\\VEN_8086",
                "ReceiveLinkSpeed": 10000000000,
                "Virtual": False,
                "VlanID": 0,
            },
        )
        self.rows(
            space,
            "MSFT_NetAdapterVmqSettingData",
            {"Enabled": True, "InterfaceDescription": "Synthetic 10G", "Name": "NIC1", "NumberOfReceiveQueues": 31},
        )
        self.rows(
            space,
            "MSFT_NetAdapterSriovSettingData",
            {"Enabled": True, "InterfaceDescription": "Synthetic 10G", "Name": "NIC1", "NumVFs": 63, "SriovSupport": 0},
        )
        self.rows(
            space,
            "MSFT_NetAdapterRdmaSettingData",
            {"Enabled": False, "InterfaceDescription": "Synthetic 10G", "Name": "NIC1"},
        )
        self.rows(
            space,
            "MSFT_NetIPAddress",
            {
                "AddressFamily": 2,
                "AddressState": 4,
                "InterfaceAlias": "NIC1",
                "InterfaceIndex": 12,
                "IPAddress": "10.0.0.5",
                "PrefixLength": 24,
                "PrefixOrigin": 1,
                "SkipAsSource": False,
            },
        )
        self.rows(
            space,
            "MSFT_NetIPInterface",
            {
                "AddressFamily": 2,
                "ConnectionState": 1,
                "Dhcp": 0,
                "Forwarding": 0,
                "InterfaceAlias": "NIC1",
                "InterfaceIndex": 12,
                "InterfaceMetric": 10,
                "WeakHostSend": 0,
            },
        )
        self.rows(
            space,
            "MSFT_DNSClientServerAddress",
            {"AddressFamily": 2, "InterfaceAlias": "NIC1", "InterfaceIndex": 12, "ServerAddresses": ["10.0.0.2"]},
        )
        self.rows(
            space,
            "MSFT_NetConnectionProfile",
            {
                "InterfaceAlias": "NIC1",
                "InterfaceIndex": 12,
                "IPv4Connectivity": 4,
                "IPv6Connectivity": 1,
                "Name": "corp.example",
                "NetworkCategory": 2,
            },
        )
        self.rows(
            space,
            "MSFT_NetAdapterBindingSettingData",
            {
                "ComponentID": "vms_pp",
                "Enabled": True,
                "InstanceID": f"{nic}::vms_pp",
                "InterfaceDescription": "Synthetic 10G",
                "Name": "NIC1",
            },
        )
        self.rows(
            space, "MSFT_NetLbfoTeam", {"LoadBalancingAlgorithm": 5, "Name": "Team1", "Status": 0, "TeamingMode": 1}
        )
        self.rows(
            space, "MSFT_NetLbfoTeamMember", {"InterfaceDescription": "Synthetic 10G", "Name": "NIC1", "Team": "Team1"}
        )
        self.rows(
            space,
            "MSFT_NetLbfoTeamNic",
            {
                "Default": True,
                "InterfaceDescription": "Team",
                "Name": "Team1",
                "Primary": True,
                "Team": "Team1",
                "VlanID": None,
            },
        )
        self.rows(
            space,
            "MSFT_NetQosPolicySettingData",
            {
                "AppPathNameMatchCondition": None,
                "DSCPAction": 46,
                "IPDstPortEndMatchCondition": None,
                "IPDstPortStartMatchCondition": 445,
                "IPDstPrefixMatchCondition": None,
                "IPProtocolMatchCondition": 1,
                "MinBandwidthWeightAction": 20,
                "Name": "SMB",
                "PriorityValue8021Action": 3,
                "TemplateMatchCondition": 0,
                "ThrottleRateAction": None,
            },
        )
        self.rows("root\\Microsoft\\Windows\\Hgs", "MSFT_HgsClientConfiguration", {"IsHostGuarded": False})
        self.methods["MSFT_HgsClientConfiguration.Get"] = {
            "ReturnValue": 0,
            "Output": {
                "AttestationOperationMode": 0,
                "AttestationServerUrl": "",
                "AttestationStatus": 0,
                "AttestationSubstatus": [],
                "FallbackAttestationServerUrl": "",
                "FallbackKeyProtectionServerUrl": "",
                "IsHostGuarded": False,
                "KeyProtectionServerUrl": "",
                "Mode": 0,
            },
        }

    # --- Hyper-V ----------------------------------------------------------------------------------------------------

    def _hyperv(self, vms: int, files_per_vm: int) -> None:
        v2 = self.since("2012")
        space = "root\\virtualization\\v2" if v2 else "root\\virtualization"
        subtype = "Microsoft:Hyper-V:" if v2 else "Microsoft "
        switch, empty = (
            guid("switch"),
            {"EnabledState": 2, "HealthState": 5, "OperationalStatus": [2], "StatusDescriptions": ["OK"]},
        )
        store = '<?xml version="1.0" encoding="utf-8"?>\r\n<AzAdminManager MajorVersion="1" MinorVersion="0"><AzApplication Guid="4d1b8ad1-0000-0000-0000-000000000001" Name="Hyper-V services"/></AzAdminManager>\r\n'
        self.file(f"{HYPERV_FOLDER}\\InitialStore.xml", length=len(store), content={"$text8": store}, sddl=VM_SDDL)
        self.file(f"{HYPERV_FOLDER}\\Virtual Machines", folder=True)
        self.file(f"{HYPERV_FOLDER}\\Snapshots", folder=True)
        self.file("D:\\VMs", folder=True, sddl=VM_SDDL)
        self.rows(
            space,
            "Msvm_ComputerSystem",
            empty | {"Name": "HV01", "ElementName": "HV01", "Caption": "Hostcomputersystem", "RequestedState": 12},
        )
        self.rows(
            space,
            "Msvm_VirtualSystemManagementServiceSettingData",
            {
                "InstanceID": "Microsoft:HV01",
                "DefaultExternalDataRoot": "D:\\VMs",
                "DefaultVirtualHardDiskPath": "D:\\VMs\\Disks",
                "MinimumMacAddress": "00155D010000",
                "MaximumMacAddress": "00155D01FFFF",
                "NumaSpanningEnabled": True,
                "EnhancedSessionModeEnabled": False,
                "PrimaryOwnerName": "Administratoren",
                "BiosLockString": "CANARY-bios-lock",
            },
        )
        self.rows(
            space,
            "Msvm_VirtualEthernetSwitch" if v2 else "Msvm_VirtualSwitch",
            empty | {"Name": switch, "ElementName": "vSwitch [1]"},
        )
        self.rows(
            space,
            "Msvm_VirtualEthernetSwitchSettingData",
            {
                "InstanceID": f"Microsoft:{switch}",
                "ElementName": "vSwitch [1]",
                "VirtualSystemIdentifier": switch,
                "CreationTime": ago(days=300),
                "IOVPreferred": False,
                "BandwidthReservationMode": 1,
                "Notes": "CANARY-switch-notes",
                "TeamingEnabled": True,
            },
        )
        self.rows(
            space,
            "Msvm_VirtualSystemSettingData",
            {
                "InstanceID": "Microsoft:Definition\\22A88E5C-3A76-413D-A14D-5BDEF46B3DC2\\Default",
                "ElementName": "Template",
                "Notes": None,
            },
        )
        self.rows(
            space,
            "Msvm_ReplicationServiceSettingData",
            {
                "InstanceID": "Microsoft:HV01\\HVR",
                "RecoveryServerEnabled": False,
                "AllowedAuthenticationType": 0,
                "CertificateThumbPrint": "",
                "HttpPort": 80,
                "HttpsPort": 443,
            },
        )
        self.rows(
            space,
            "Msvm_VirtualSystemMigrationServiceSettingData",
            {
                "InstanceID": "Microsoft:HV01",
                "EnableVirtualSystemMigration": True,
                "AuthenticationType": 1,
                "MaximumActiveVirtualSystemMigration": 2,
                "MaximumActiveStorageMigration": 2,
            },
        )
        self.rows(
            space,
            "Msvm_TerminalServiceSettingData",
            {
                "InstanceID": "Microsoft:HV01",
                "ListenerPort": 2179,
                "DisableSelfSignedCertificateGeneration": False,
                "AuthCertificateHash": "",
                "TrustedIssuerCertificateHashes": [],
            },
        )
        for n in range(vms):
            self._vm(n, space, subtype, switch, empty, files_per_vm)
        summary = [
            {
                "Name": guid("vm", n),
                "ElementName": f"VM{n}",
                "EnabledState": 2,
                "HealthState": 5,
                "Heartbeat": 2,
                "UpTime": 864000000,
                "NumberOfProcessors": 2,
                "MemoryUsage": 4096,
                "OperationalStatus": [2],
                "StatusDescriptions": ["Betrieb normal"],
                "Version": "12.0",
                "Notes": "CANARY-summary-notes",
                "ThumbnailImage": [1],
            }
            for n in range(vms)
        ]
        self.methods["Msvm_VirtualSystemManagementService.GetSummaryInformation"] = {
            "ReturnValue": 0,
            "SummaryInformation": summary,
        }
        self.methods["Msvm_TerminalService.GetInteractiveSessionACL"] = {
            "ReturnValue": 0,
            "AccessControlList": [embedded("Msvm_InteractiveSessionACE", {"Trustee": "S-1-5-32-578", "AccessType": 0})],
        }
        settings = {
            "Path": None,
            "Format": 3,
            "Type": 3,
            "ParentPath": None,
            "ParentIdentifier": None,
            "ParentTimestamp": None,
            "MaxInternalSize": 136365211648,
            "BlockSize": 33554432,
            "LogicalSectorSize": 512,
            "PhysicalSectorSize": 4096,
            "VirtualDiskId": guid("disk"),
            "DataAlignment": 0,
            "IsPmemCompatible": False,
        }
        self.methods["Msvm_ImageManagementService.GetVirtualHardDiskSettingData"] = {
            "ReturnValue": 0,
            "SettingData": embedded("Msvm_VirtualHardDiskSettingData", settings),
        }
        self.methods["Msvm_ImageManagementService.GetVirtualHardDiskState"] = {
            "ReturnValue": 0,
            "State": embedded(
                "Msvm_VirtualHardDiskState",
                {
                    "FileSize": 40000000000,
                    "InUse": True,
                    "MinInternalSize": 1,
                    "PhysicalSectorSize": 4096,
                    "Alignment": 1,
                    "FragmentationPercentage": 3,
                },
            ),
        }
        self.methods["Msvm_ImageManagementService.GetVirtualHardDiskInfo"] = {
            "ReturnValue": 0,
            "Info": embedded(
                "Msvm_VirtualHardDiskInfo",
                {
                    "MaxInternalSize": 136365211648,
                    "FileSize": 40000000000,
                    "Type": 3,
                    "ParentPath": "",
                    "InUse": True,
                    "InSavedState": False,
                },
            ),
        }

    def _vm(self, n: int, space: str, subtype: str, switch: str, empty: Item, files: int) -> None:
        vm, nic, _disk = guid("vm", n), guid("nic", n), guid("disk", n)
        root, path = f"D:\\VMs\\VM{n}", f"D:\\VMs\\VM{n}\\Disks\\system.vhdx"
        instance = f"Microsoft:{vm}"
        name = f"VM{n} [/b] \u00fc\U0001f600" if n == 0 else f"VM{n}"
        self.rows(
            space,
            "Msvm_ComputerSystem",
            empty
            | {
                "Name": vm,
                "ElementName": name,
                "Caption": "Virtueller Computer",
                "RequestedState": 12,
                "OnTimeInMilliseconds": 864000000,
                "InstallDate": ago(days=200),
                "ProcessID": 2000 + n,
                "ReplicationMode": 0,
                "ReplicationState": 0,
                "ReplicationHealth": 0,
                "TimeOfLastStateChange": ago(days=10),
            },
        )
        self.rows(
            space,
            "Msvm_VirtualSystemSettingData",
            {
                "InstanceID": instance,
                "ElementName": name,
                "VirtualSystemIdentifier": vm,
                "SystemName": vm,
                "VirtualSystemType": "Microsoft:Hyper-V:System:Realized",
                "VirtualSystemSubType": "Microsoft:Hyper-V:SubType:2",
                "SettingType": 3,
                "Version": "12.0",
                "CreationTime": ago(days=200),
                "ConfigurationDataRoot": root,
                "ConfigurationFile": f"Virtual Machines\\{vm}.vmcx",
                "SnapshotDataRoot": root,
                "SwapFileDataRoot": root,
                "SecureBootEnabled": True,
                "AutomaticStartupAction": 3,
                "AutomaticShutdownAction": 3,
                "AutomaticStartupActionDelay": 0.0,
                "BootSourceOrder": [],
                "BootOrder": [0, 1, 2, 3],
                "UserSnapshotType": 3,
                "AutomaticSnapshotsEnabled": False,
                "LockOnDisconnect": False,
                "AllowFullSCSICommandSet": False,
                "AllowReducedFCRedundancy": False,
                "DebugPortEnabled": 0,
                "GuestControlledCacheTypes": False,
                "IncrementalBackupEnabled": True,
                "AutomaticCriticalErrorAction": 1,
                "AutomaticCriticalErrorActionTimeout": 1800.0,
                "EnhancedSessionTransportType": 0,
                "Notes": f"CANARY-vm-notes password={n}",
                "BIOSGUID": "CANARY-bios-guid",
                "BIOSSerialNumber": "CANARY-serial",
                "ChassisAssetTag": "CANARY-asset",
            },
        )
        self.rows(
            "root\\virtualization",
            "Msvm_VirtualSystemGlobalSettingData",
            {
                "InstanceID": f"Microsoft:{vm}",
                "SystemName": vm,
                "ExternalDataRoot": root,
                "SnapshotDataRoot": root,
                "AutomaticStartupAction": 1,
                "AutomaticStartupActionDelay": 0.0,
                "AutomaticShutdownAction": 1,
                "AllowFullSCSICommandSet": False,
                "DebugPortEnabled": 0,
                "Version": "2.0",
                "ScopeOfResidence": "",
            },
        )
        self.rows(
            space,
            "Msvm_ProcessorSettingData",
            {
                "InstanceID": f"{instance}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0",
                "ResourceType": 3,
                "VirtualQuantity": 2,
                "Reservation": 0,
                "Limit": 100000,
                "Weight": 100,
                "CpuGroupId": "00000000-0000-0000-0000-000000000000",
                "LimitCPUID": False,
                "LimitProcessorFeatures": False,
                "ExposeVirtualizationExtensions": False,
                "EnableHostResourceProtection": False,
                "HwThreadsPerCore": 0,
                "HideHypervisorPresent": False,
                "DisableSpeculationControls": False,
                "EnablePerfmonPmu": False,
                "EnablePerfmonLbr": False,
                "EnablePerfmonPebs": False,
                "EnablePerfmonIpt": False,
                "EnableLegacyApicMode": False,
                "AllowACountMCount": True,
            },
        )
        self.rows(
            space,
            "Msvm_MemorySettingData",
            {
                "InstanceID": f"{instance}\\4764334d-e001-4176-82ee-5594ec9b530e",
                "ResourceType": 4,
                "VirtualQuantity": 4096,
                "Reservation": 2048,
                "Limit": 8192,
                "Weight": 5000,
                "DynamicMemoryEnabled": True,
                "TargetMemoryBuffer": 20,
            },
        )
        self.rows(
            space,
            "Msvm_SecuritySettingData",
            {
                "InstanceID": f"{instance}\\4D95B3B3-7EE6-4211-A8F8-81724B26E015",
                "TpmEnabled": True,
                "KsdEnabled": False,
                "ShieldingRequested": False,
                "DataProtectionRequested": False,
                "EncryptStateAndVmMigrationTraffic": True,
                "VirtualizationBasedSecurityOptOut": False,
                "BindToHostTpm": False,
                "KeyProtector": "CANARY-key-protector",
            },
        )
        self.rows(
            space,
            "Msvm_TPMSettingData",
            {
                "InstanceID": f"{instance}\\TPM",
                "TpmEnabled": True,
                "KeyProtector": "CANARY-tpm-key",
                "LastKnownGoodKeyProtector": "CANARY-tpm-last",
            },
        )
        self.rows(
            space,
            "Msvm_SecurityElement",
            {"SystemName": vm, "Name": "Security", "Shielded": False, "EncryptStateAndVmMigrationTrafficEnabled": True},
        )
        controller = f"{instance}\\{guid('scsi', n)}\\0"
        drive = f"{instance}\\{guid('scsi', n)}\\0\\0\\D"
        reference = f'\\\\HV01\\{space}:Msvm_ResourceAllocationSettingData.InstanceID="{{}}"'
        self.rows(
            space,
            "Msvm_ResourceAllocationSettingData",
            {
                "InstanceID": controller,
                "ElementName": "SCSI-Controller",
                "ResourceType": 6,
                "ResourceSubType": subtype + "Synthetic SCSI Controller",
                "HostResource": [],
                "Connection": [],
                "VirtualQuantity": 1,
            },
            {
                "InstanceID": drive,
                "ElementName": "Festplatte",
                "ResourceType": 17,
                "ResourceSubType": subtype + "Synthetic Disk Drive",
                "Parent": reference.format(controller.replace("\\", "\\\\")),
                "AddressOnParent": "0",
                "HostResource": [],
                "Connection": [],
                "VirtualQuantity": 1,
            },
            *(
                []
                if self.since("2012")
                else [
                    {
                        "InstanceID": drive + "\\L",
                        "ElementName": "Datei",
                        "ResourceType": 21,
                        "ResourceSubType": "Microsoft Virtual Hard Disk",
                        "Parent": reference.format(drive.replace("\\", "\\\\")),
                        "Connection": [path],
                        "HostResource": [],
                    }
                ]
            ),
        )
        self.rows(
            space,
            "Msvm_StorageAllocationSettingData",
            {
                "InstanceID": drive + "\\L",
                "ElementName": "Datei",
                "ResourceType": 31,
                "ResourceSubType": subtype + "Virtual Hard Disk",
                "Parent": reference.format(drive.replace("\\", "\\\\")),
                "HostResource": [path],
                "Access": 3,
                "IOPSLimit": 0,
                "IOPSReservation": 0,
                "PersistentReservationsSupported": False,
                "WriteHardeningMethod": 0,
            },
        )
        self.rows(
            space,
            "Msvm_SyntheticEthernetPortSettingData",
            {
                "InstanceID": f"{instance}\\{nic}",
                "ElementName": "Netzwerkkarte",
                "ResourceType": 10,
                "ResourceSubType": subtype + "Synthetic Ethernet Port",
                "Address": f"00155D01{n:04X}",
                "StaticMacAddress": False,
                "ClusterMonitored": True,
                "VirtualSystemIdentifiers": [f"{{{nic}}}"],
            },
        )
        self.rows(
            space,
            "Msvm_EthernetPortAllocationSettingData",
            {
                "InstanceID": f"{instance}\\{nic}\\C",
                "ElementName": "Dynamic Ethernet Switch Port",
                "ResourceType": 33,
                "ResourceSubType": subtype + "Ethernet Connection",
                "EnabledState": 2,
                "LastKnownSwitchName": "vSwitch [1]",
                "Parent": f'\\\\HV01\\{space}:Msvm_SyntheticEthernetPortSettingData.InstanceID="Microsoft:{vm}\\\\{nic}"',
                "HostResource": [
                    f'\\\\HV01\\{space}:Msvm_VirtualEthernetSwitch.CreationClassName="Msvm_VirtualEthernetSwitch",Name="{switch}"'
                ],
                "Connection": [],
            },
        )
        self.rows(
            space,
            "Msvm_EthernetSwitchPortSecuritySettingData",
            {
                "InstanceID": f"{instance}\\{nic}\\C\\776E0BA7-94A1-41C8-8F28-951F524251B5\\{guid('sec', n)}",
                "AllowMacSpoofing": False,
                "EnableDhcpGuard": True,
                "EnableRouterGuard": True,
                "MonitorMode": 0,
                "AllowIeeePriorityTag": False,
                "AllowTeaming": False,
                "VirtualSubnetId": 0,
                "DynamicIPAddressLimit": 0,
                "StormLimit": 0,
            },
        )
        for part, device in (
            ("Shutdown", "9F8233AC-BE49-4C79-8EE3-E7E1985B2077"),
            ("TimeSync", "2497F4DE-E9FA-4204-80E4-4B75C46419C0"),
            ("KvpExchange", "2A34B1C2-FD73-4043-8A5B-DD2159BC743F"),
            ("Heartbeat", "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47"),
            ("Vss", "5CED1297-4598-4915-A5FC-AD21BB4D02A4"),
        ):
            setting: Item = {"InstanceID": f"{instance}\\{device}", "ElementName": part, "EnabledState": 2}
            running: Item = empty | {"SystemName": vm, "DeviceID": f"{instance}\\{device}"}
            if part == "KvpExchange":
                setting |= {"HostExchangeItems": "CANARY-host-items", "HostOnlyItems": "CANARY-host-only"}
                running |= {
                    "GuestIntrinsicExchangeItems": [
                        '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Data" TYPE="string"><VALUE>Windows Server</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>OSName</VALUE></PROPERTY></INSTANCE>'
                    ],
                    "GuestExchangeItems": "CANARY-guest-items",
                }
            self.rows(space, f"Msvm_{part}ComponentSettingData", setting)
            self.rows(space, f"Msvm_{part}Component", running)
        extension = "vmcx" if self.since("2016") else "xml"
        folder = f"{HYPERV_FOLDER}\\Virtual Machines" if extension == "xml" else f"{root}\\Virtual Machines"
        text = f'<?xml version="1.0" encoding="UTF-16" standalone="yes"?><configuration><properties><name type="string">VM{n}</name></properties></configuration>'
        self.file(f"{folder}\\{vm}.{extension}", content={"$text16": text}, length=2 + 2 * len(text), sddl=VM_SDDL)
        self.file(f"{root}\\Virtual Machines\\{vm}.vmgs", length=4194816, sddl=VM_SDDL)
        self.file(f"{root}\\Virtual Machines\\{vm}.vmrs", length=45000, sddl=VM_SDDL)
        self.file(path, length=40000000000, sddl=VM_SDDL)
        for extra in range(files):
            self.file(f"{root}\\Virtual Machines\\{guid('extra', n, extra)}.vmrs", length=45000 + extra, sddl=VM_SDDL)


def _kind(value: object) -> str:
    match value:
        case int():
            return "REG_DWORD"
        case bytes():
            return "REG_BINARY"
        case list():
            return "REG_MULTI_SZ"
    return "REG_SZ"


def _folder(path: str) -> Item:
    return {
        "path": path,
        "folder": True,
        "length": 0,
        "children": [],
        "attributes": 16,
        "written": ago(days=30),
        "sddl": OPEN_SDDL,
        "content": None,
        "version": None,
        "company": None,
    }


def write(mapping: Item, path: Path) -> Path:
    """Writes a recorded host where recorded_layer.ps1 reads it."""
    path.write_text(json.dumps(mapping), encoding="utf-8")
    return path
