"""HV-SYNTH-08: Windows Server 2008 R2 SP1 with a German display language that nobody has looked after for years.

Everything that a consultant dreads is here once: an authorization store full of mistakes, an open firewall, weak services and ACLs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from synthetic import stock
from synthetic.estate import found
from synthetic.host import ADMINISTRATORS, DOMAIN_SID, EVERYONE, USERS, Host
from synthetic.virtual import Adapter, Checkpoint, Disk, Guest, Switch, Vm

NAME = "neglected-2008r2-de"
LANGUAGE = "de-DE"
STORE = Path(__file__).with_name("neglected_2008r2_de.InitialStore.xml")
PUBLIC_DISKS = r"C:\Users\Public\Documents\Hyper-V\Virtual Hard Disks"
EVERYONE_FULL = "O:BAG:SYD:AI(A;OICI;FA;;;WD)(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)"


def describe(language: str) -> Host:
    host = stock.server(
        "HV-SYNTH-08",
        build=7601,
        ubr=None,
        started="2026-10-27T13:05:00.000Z",
        language=language,
        domain="alt.example",
        core=False,
        edition="ServerEnterprise",
        patched_days_ago=2900,
    )
    _platform(host)
    _storage(host)
    _network(host)
    _services(host)
    _firewall(host)
    _accounts(host)
    _policies(host)
    _azman(host)
    _acls(host)
    _machines(host)
    return host


def _platform(host: Host) -> None:
    # An old machine: no TPM, no UEFI, no ECC memory, clock on its own; the restart after an update is years late.
    host.single("computer", FirmwareType="BIOS", MemoryErrorCorrection=[3], TotalPhysicalMemoryBytes=48 * stock.GIB, Sockets=1, Cores=8, LogicalProcessors=16,
                CpuName="Intel(R) Xeon(R) Synthetic CPU E5 @ 2.40GHz", CpuSignature="Intel64 Family 6 Model 44 Stepping 2")  # fmt: skip
    host.single("platform_security", TpmPresent=False, TpmEnabled=None, TpmActivated=None, TpmOwned=None, TpmSpecVersion=None, TpmManufacturerId=None,
                TpmManufacturerVersion=None)  # fmt: skip
    host.single("os", PendingReboot=["cbs", "windowsUpdate", "fileRename"], LastBootUtc=host.ago(days=611))
    host.single("time_service", Type="NoSync")
    host.service("W32Time", StartType=4, State="Stopped")
    for feature, parent in ((2, 0), (140, 2), (6, 0), (100, 6), (7, 0), (45, 0)):
        host.add("features", Kind="server", Installed=True, ServerFeatureId=feature, ServerFeatureParentId=parent)
    stock.feature(host, "IIS-WebServerRole", installed=True)
    stock.feature(host, "TelnetClient", installed=True)
    loader = host.guid("boot loader")
    host.add(
        "boot_entries",
        ObjectId=loader,
        ObjectType=0x10200003,
        ElementId="0x16000049",
        ElementName="testsigning",
        BoolValue=True,
        IsDefault=True,
        IsCurrent=True,
    )
    host.find("boot_entries", ElementName="nx").update(IntValue=2)
    for key, display, version, publisher in (
        (
            "Microsoft SQL Server 10 Release",
            "Microsoft SQL Server 2008 R2 (64-bit)",
            "10.50.1600.1",
            "Microsoft Corporation",
        ),
        (
            "{90140000-0011-0000-1000-0000000FF1CE}",
            "Microsoft Office Professional Plus 2010",
            "14.0.4763.1000",
            "Microsoft Corporation",
        ),
        ("Mozilla Firefox 17.0 (x86 de)", "Mozilla Firefox 17.0 (x86 de)", "17.0", "Mozilla"),
        ("{AC76BA86-7AD7-1031-7B44-AA1000000001}", "Adobe Reader X - Deutsch", "10.0.0", "Adobe Systems Incorporated"),
        ("SynthBackup", "Synth Backup Agent", "4.2.1", "Synthetic Software"),
    ):
        host.add("applications", KeyName=key, DisplayName=display, DisplayVersion=version, Publisher=publisher, InstallDate="20130412", View=64,
                 Scope="machine", SystemComponent=False, WindowsInstaller=False)  # fmt: skip


def _storage(host: Host) -> None:
    # D: is nearly full and wide open; the disks of most machines lie in the public documents on C:.
    stock.disk(host, 0, "Synthetic SAS 300", 279, boot=True)
    stock.disk(host, 1, "Synthetic SAS 900", 838)
    stock.volume(host, "C:", label="System", disk=0, size_gib=278, free_gib=9, boot=True, system=True)
    stock.volume(host, "D:", label="Daten", disk=1, size_gib=837, free_gib=14)
    host.open_volumes.add("D:")
    host.set(
        r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization", "DefaultVirtualHardDiskPath", PUBLIC_DISKS
    )


def _network(host: Host) -> None:
    # One cable for everything, and Windows takes the network for a public one.
    name = host.say("lan connection")
    stock.nic(host, name, "Synthetic Gigabit", "02535908A001", gbps=1)
    stock.nic(host, f"{name} 2", "Synthetic Gigabit #2", "02535908A002", gbps=None)
    stock.nic(host, f"{name} 3", "Virtual LAN", "02535908A003", address="192.168.8.10", gateway="192.168.8.1", dns=("192.168.8.2",), category=0, gbps=1,
              physical=False)  # fmt: skip
    for profile in ("Domain", "Private", "Public"):
        host.find("firewall_profiles", Profile=profile, Store="active")["IsCurrent"] = profile == "Public"


def _services(host: Host) -> None:
    host.service("vhdsvc", StartType=3, State="Stopped")
    # Installed by hand: path without quotes, descriptor that lets every user change it, key and folder writable, a domain account.
    stock.add_service(
        host,
        "SynthBackup",
        r"C:\Synth Tools\Backup Agent\agent.exe -run",
        r"C:\Synth Tools\Backup Agent\agent.exe",
        account=r"ALT\svc-backup",
        sid=host.account(1180),
    )
    host.service("SynthBackup", SddlWmi="O:SYG:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;AU)",
                 RegKeySddl="O:BAG:SYD:AI(A;CI;KA;;;BU)(A;CIID;KA;;;BA)(A;CIID;KA;;;SY)")  # fmt: skip
    stock.add_service(host, "SynthMonitor", r'"C:\Program Files\Synth Monitor\monitor.exe"', r"C:\Program Files\Synth Monitor\monitor.exe", account=r".\svc-monitor",
                      sid=host.account(1003, domain=False))  # fmt: skip
    host.sid_names[host.account(1180)] = (r"ALT\svc-backup", "user")
    stock.task(host, r"\SynthNightly", host.account(1190), r"D:\Skripte\nightly.cmd")


def _firewall(host: Host) -> None:
    host.find("firewall_profiles", Profile="Public", Store="active")["Enabled"] = False
    host.find("firewall_profiles", Profile="Public", Store="local")["Enabled"] = False
    host.find("firewall_profiles", Profile="Domain", Store="active")["DefaultInbound"] = "Allow"
    host.find("firewall_profiles", Profile="Domain", Store="local")["DefaultInbound"] = "Allow"
    host.rule("{53594E54-0000-4000-8000-0000000000A1}", Active="TRUE", Name=host.say("fw own rule"), EmbedCtxt="")
    for name in ("RemoteDesktop-In-TCP", "FPS-SMB-In-TCP-NoScope", "FPS-SMB-In-TCP", "WINRM-HTTP-In-TCP-NoScope"):
        host.rule(name, Active="TRUE", Profile=[], RA4="", RA6="")
    # Somebody pointed the console rule at another program.
    host.rule("VIRT-REMOTEDESKTOP-In-TCP-NoScope", App=r"D:\Skripte\konsole.exe", Svc="")
    for name, port, program in (
        ("ASYNC", "", r"wbem\unsecapp.exe"),
        ("RPCSS", "135", "svchost.exe"),
        ("WINMGMT", "", "svchost.exe"),
    ):
        host.rule(f"VIRTCL-WMI-{name}-In-TCP-NoScope", Active="TRUE", Protocol="6", LPort=port, App=rf"%SystemRoot%\system32\{program}", Name=host.say("fw clients"),
                  EmbedCtxt=host.say("fw clients"))  # fmt: skip


def _accounts(host: Host) -> None:
    local = host.find("local_users", Sid=host.account(501, domain=False))
    local.update(Enabled=True, PasswordLastSetUtc=host.ago(days=3000))
    host.find("local_users", Sid=host.account(500, domain=False)).update(
        PasswordLastSetUtc=host.ago(days=2700), LastLogonUtc=host.ago(days=1)
    )
    stock.user(host, 1002, "hotline", password_days_ago=2500, logon_days_ago=3)
    stock.user(host, 1003, "svc-monitor", password_days_ago=2500)
    flat = "ALT"
    stock.member(host, ADMINISTRATORS, host.account(513), f"{flat}\\{host.say('domain users')}", kind="Group")
    for rid, name in ((1190, "meier"), (1191, "schulze"), (1192, "krause"), (1194, "lehmann")):
        stock.member(host, ADMINISTRATORS, host.account(rid), f"{flat}\\{name}")
    stock.member(host, ADMINISTRATORS, f"{DOMAIN_SID}-4711", None)
    stock.member(host, ADMINISTRATORS, host.account(1002, domain=False), f"{host.name}\\hotline")
    stock.member(host, "S-1-5-32-551", host.account(1180), f"{flat}\\svc-backup")
    stock.member(host, "S-1-5-32-562", "S-1-5-11", f"{host.say('nt authority')}\\{host.say('S-1-5-11')}", kind="Group")
    stock.member(host, "S-1-5-32-555", host.account(513), f"{flat}\\{host.say('domain users')}", kind="Group")
    for rid in range(3101, 3113):
        host.sid_names[host.account(rid)] = (f"{flat}\\leitstand{rid - 3100:02}", "user")
    host.sid_names |= {
        host.account(3121): (f"{flat}\\bereitschaft", "user"),
        host.account(1193): (f"{flat}\\webmaster", "user"),
        host.account(1195): (f"{flat}\\kunze", "user"),
        host.account(9999): (None, None),
    }
    host.single(
        "account_policy",
        MinPasswordLength=6,
        PasswordHistoryLength=1,
        MaxPasswordAgeSeconds=None,
        MinPasswordAgeSeconds=0,
        LockoutThreshold=0,
    )
    host.system_access |= {
        "MaximumPasswordAge": -1,
        "MinimumPasswordLength": 6,
        "PasswordComplexity": 0,
        "PasswordHistorySize": 1,
        "ClearTextPassword": 1,
        "EnableGuestAccount": 1,
    }
    host.rights["SeDebugPrivilege"].append(USERS)
    host.rights["SeTakeOwnershipPrivilege"].append(host.account(1190))
    host.rights["SeRemoteInteractiveLogonRight"].append(EVERYONE)
    host.rights["SeLoadDriverPrivilege"].append("S-1-5-32-550")


def _policies(host: Host) -> None:
    winlogon, lsa = (
        r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon",
        r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa",
    )
    server = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
    for key, name, value in (
        (winlogon, "AutoAdminLogon", "1"), (winlogon, "DefaultUserName", "hotline"), (winlogon, "DefaultPassword", True), (lsa, "LmCompatibilityLevel", 1),
        (lsa, "NoLMHash", 0), (lsa, "RestrictAnonymousSAM", 0), (lsa, "EveryoneIncludesAnonymous", 1),
        (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System", "EnableLUA", 0),
        (r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System", "LocalAccountTokenFilterPolicy", 1),
        (server, "NullSessionShares", ["Austausch"]), (server, "RestrictNullSessAccess", 0),
        (r"HKLM\SYSTEM\CurrentControlSet\Control", "SystemStartOptions", " TESTSIGNING  NOEXECUTE=ALWAYSOFF"),
    ):  # fmt: skip
        host.set(key, name, value)
    host.single(
        "remote_access",
        RdpDenyConnections=0, RdpUserAuthentication=0, RdpSecurityLayer=0, RdpMinEncryptionLevel=1, WinRmServiceAllowUnencrypted=1, WinRmServiceBasic=1,
        WinRmTrustedHosts="*", WinRmClientBasic=1, WinRmClientAllowUnencrypted=1,
    )  # fmt: skip
    stock.share(host, "Austausch", r"D:\Austausch", description="Austausch", sddl="O:BAG:SYD:(A;;FA;;;WD)")
    stock.share(host, "VHDs", r"C:\Users\Public\Documents\Hyper-V", description="", sddl="O:BAG:SYD:(A;;FA;;;WD)")
    host.find("eventlogs", Channel="Microsoft-Windows-Hyper-V-Worker-Admin").update(Enabled=False)
    host.find("eventlogs", Channel="Security").update(
        MaxSizeBytes=1052672, OldestRecordUtc=host.ago(hours=20), RecordCount=2100
    )
    stock.event(
        host,
        "Security",
        "Microsoft-Windows-Eventlog",
        1102,
        level=4,
        window=30,
        days_ago=4,
        subject=host.account(1002, domain=False),
    )
    stock.event(
        host,
        "Microsoft-Windows-Hyper-V-VMMS-Admin",
        "Microsoft-Windows-Hyper-V-VMMS",
        14050,
        level=2,
        window=7,
        days_ago=1,
        count=40,
    )
    host.audit_policy.update(dict.fromkeys(host.audit_policy, 0))
    host.audit_policy["9215"] = 1


def _azman(host: Host) -> None:
    data = STORE.read_text(encoding="utf-8").encode("utf-8")
    host.raw["azman_store"] = {"raw/azman/InitialStore.xml": data}
    host.find("azman", StoreRole="active").update(
        Exists=True, SizeBytes=len(data), LastWriteUtc=host.ago(days=1900), RawFile="raw/azman/InitialStore.xml",
        Sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def _acls(host: Host) -> None:
    store = r"C:\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml"
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    for path, sddl in {
        store: "O:BAG:SYD:AI(A;;0x1301bf;;;BU)(A;ID;FA;;;BA)(A;ID;FA;;;SY)",
        PUBLIC_DISKS: EVERYONE_FULL,
        rf"{PUBLIC_DISKS}\web08.vhd": "O:BAG:SYD:AI(A;ID;FA;;;WD)(A;ID;FA;;;SY)(A;ID;FA;;;BA)",
        r"C:\Users\Public\Documents\Hyper-V": EVERYONE_FULL,
        r"C:\Synth Tools\Backup Agent": "O:BAG:SYD:AI(A;OICI;0x1301bf;;;BU)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)",
        r"C:\Synth Tools\Backup Agent\agent.exe": "O:BAG:SYD:AI(A;ID;0x1301bf;;;BU)(A;ID;FA;;;BA)(A;ID;FA;;;SY)",
        r"C:\Synth Tools": "O:BAG:SYD:AI(A;OICI;0x1301bf;;;BU)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)",
    }.items():
        host.sddl[path.lower()] = sddl
    host.find("registry_acls", Key=virtualization)["Sddl"] = "O:BAG:SYD:PAI(A;CI;KA;;;BU)(A;CI;KA;;;BA)(A;CI;KA;;;SY)"
    host.add("vm_files", Path=r"C:\ProgramData\Microsoft\Windows\Hyper-V\InitialStore.xml.bak", Kind="azmanCopy", FoundBy=["azmanFolder"], SizeBytes=9120,
             CreationUtc=host.ago(days=2400), LastWriteUtc=host.ago(days=2400), Attributes=[])  # fmt: skip
    host.add("vm_files", Path=r"C:\unattend.xml", Kind="answerFile", FoundBy=["secretNames"], SizeBytes=4011, CreationUtc=host.ago(days=3900),
             LastWriteUtc=host.ago(days=3900), Attributes=[])  # fmt: skip


def _guest(
    name: str, system: str, version: str, address: str, *, role: int = 3, services: str = "6.1.7600.16385"
) -> Guest:
    return Guest(
        system,
        version,
        version.rsplit(".", 1)[-1],
        f"{name}.alt.example",
        address,
        product_type=role,
        services_version=services,
    )


def _machines(host: Host) -> None:
    lan = host.say("lan connection")
    host.switches.append(Switch("LAN", [lan], host_adapters=[Adapter(None, "02535908A003", name="LAN")]))

    # Disks in the public documents, MAC spoofing on, in the scope that the store knows.
    web = Disk(rf"{PUBLIC_DISKS}\web08.vhd", 40, 31, controller="IDE")
    host.vms.append(
        Vm("web08", r"C:\ProgramData\Microsoft\Windows\Hyper-V", [web], [Adapter("LAN", "00155D080801", spoofing=True)],
           _guest("web08", "Windows Server 2003 R2", "5.2.3790", "192.168.8.21"), generation=1, scope="Web", memory_mib=1024, com_pipe=r"\\srv-synth\pipe\web08",
           services_silent={"Vss"}, created_days_ago=4700)
    )  # fmt: skip
    # A domain controller that takes its time from the host and has had a snapshot for four years.
    base = Disk(r"D:\VMs\dc-alt\dc-alt.vhd", 60, 44, controller="IDE", written_days_ago=1500)
    live = Disk(r"D:\VMs\dc-alt\dc-alt_8A1F.avhd", 60, 58, kind="differencing", controller="IDE", parent=base)
    host.vms.append(
        Vm("dc-alt", r"D:\VMs\dc-alt", [live], [Adapter("LAN", "00155D080802", vlan=8)], _guest("dc-alt", "Windows Server 2008 R2 Standard", "6.1.7601", "192.168.8.2", role=2),
           generation=1, memory_mib=2048, checkpoints=[Checkpoint("vor dem Update", 1500, [base])], created_days_ago=4600)
    )  # fmt: skip
    # A database with a legacy adapter, the address of web08, an image in the drive, a disk that is gone and every SCSI command let through.
    host.vms.append(
        Vm("sql08", r"D:\VMs\sql08", [Disk(r"D:\VMs\sql08\sql08.vhd", 80, 80, kind="fixed", controller="IDE"), Disk(r"E:\Daten\sql08-daten.vhd", 200, 0, exists=False)],
           [Adapter("LAN", "00155D080801", legacy=True)], _guest("sql08", "Windows Server 2008 Standard", "6.0.6002", "192.168.8.22", services="6.0.6002.18005"), generation=1,
           cpus=4, memory_mib=8192, dvd=r"D:\ISO\sql2008.iso", full_scsi=True, services_off={"Vss", "Heartbeat"}, created_days_ago=4500)
    )  # fmt: skip
    # Paused years ago, in a scope that nobody has defined.
    host.vms.append(
        Vm("test-alt", r"D:\VMs\test-alt", [Disk(r"D:\VMs\test-alt\test-alt.vhd", 30, 12, controller="IDE", written_days_ago=900)], [Adapter("LAN", "00155D080803")],
           _guest("test-alt", "Windows 7 Professional", "6.1.7600", "192.168.8.40", role=1), generation=1, state="Paused", scope="Nirgends", memory_mib=512,
           dynamic=(128, 65536), floppy=r"D:\ISO\treiber.vfd", created_days_ago=4000)
    )  # fmt: skip
    # Off for three years.
    host.vms.append(
        Vm("ablage", r"D:\VMs\ablage", [Disk(r"D:\VMs\ablage\ablage.vhd", 100, 60, controller="IDE", written_days_ago=1100)], [Adapter(None, "00155D080805")], generation=1,
           state="Off", changed_days_ago=1100, created_days_ago=3900)
    )  # fmt: skip
    found(host, r"D:\VMs\fileserver-alt\fileserver-alt.vhd", days_ago=2200, size_gib=120)
    found(host, r"D:\VMs\sql08\sql08_77C2.avhd", days_ago=1300, size_gib=9, by="diskFolder")
