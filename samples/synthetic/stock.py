"""A freshly installed Hyper-V host of each era, in a domain or a workgroup: what the source of a host need not repeat."""

from __future__ import annotations

from typing import Any

from synthetic.host import (
    ADMINISTRATORS,
    DOMAIN_SID,
    EVERYONE,
    LOCAL_SERVICE,
    MACHINE_SID,
    NETWORK_SERVICE,
    SYSTEM,
    USERS,
    VIRTUAL_MACHINES,
    Host,
)
from synthetic.schema import format_lists, reason_outside
from synthetic.texts import table

WINDOWS, SYSTEM32 = r"C:\Windows", r"C:\Windows\System32"
HYPERV_ROOT = r"C:\ProgramData\Microsoft\Windows\Hyper-V"
GIB = 2**30

_NAMES = {
    7601: ("Windows Server 2008 R2", "6.1.7601", "2.10", "6.1.7601.17514"),
    14393: ("Windows Server 2016", "10.0.14393", "2.26", None),
    17763: ("Windows Server 2019", "10.0.17763", "2.29", None),
    20348: ("Windows Server 2022", "10.0.20348", "2.31", None),
}
_GROUPS_SINCE = {
    "2008": (544, 545, 546, 547, 550, 551, 552, 555, 556, 558, 559, 562, 568, 569, 573, 574),
    "2012": (575, 578, 579, 580),
    "2016": (582,),
}
# The descriptor that services without one of their own have.
SERVICE_SDDL = "O:SYG:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)"
KEY_SDDL = "O:BAG:SYD:AI(A;CIID;KR;;;BU)(A;CIID;KA;;;BA)(A;CIID;KA;;;SY)(A;CIIOID;KA;;;CO)"
WMI_SDDL = "O:BAG:BAD:(A;CI;CCDCLCSWRPWPRCWD;;;BA)(A;CI;CCDCRP;;;NS)(A;CI;CCDCRP;;;LS)(A;CI;CCDCRP;;;AU)"
WMI_ADMIN_SDDL = "O:BAG:BAD:(A;CI;CCDCLCSWRPWPRCWD;;;BA)(A;CI;CCDCLCSWRPWPRC;;;SY)"

STOCK_RIGHTS = {
    "SeNetworkLogonRight": [EVERYONE, ADMINISTRATORS, USERS, "S-1-5-32-551"],
    "SeInteractiveLogonRight": [ADMINISTRATORS, USERS, "S-1-5-32-551"],
    "SeRemoteInteractiveLogonRight": [ADMINISTRATORS, "S-1-5-32-555"],
    "SeBackupPrivilege": [ADMINISTRATORS, "S-1-5-32-551"],
    "SeRestorePrivilege": [ADMINISTRATORS, "S-1-5-32-551"],
    "SeChangeNotifyPrivilege": [EVERYONE, LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, USERS, "S-1-5-32-551"],
    "SeSystemtimePrivilege": [LOCAL_SERVICE, ADMINISTRATORS],
    "SeTimeZonePrivilege": [LOCAL_SERVICE, ADMINISTRATORS],
    "SeCreatePagefilePrivilege": [ADMINISTRATORS],
    "SeCreateGlobalPrivilege": [LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, "S-1-5-6"],
    "SeCreateSymbolicLinkPrivilege": [ADMINISTRATORS],
    "SeDebugPrivilege": [ADMINISTRATORS],
    "SeRemoteShutdownPrivilege": [ADMINISTRATORS],
    "SeAuditPrivilege": [LOCAL_SERVICE, NETWORK_SERVICE],
    "SeIncreaseQuotaPrivilege": [LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS],
    "SeIncreaseBasePriorityPrivilege": [ADMINISTRATORS],
    "SeLoadDriverPrivilege": [ADMINISTRATORS],
    "SeBatchLogonRight": [ADMINISTRATORS, "S-1-5-32-551", "S-1-5-32-559"],
    "SeServiceLogonRight": ["S-1-5-80-0"],
    "SeSecurityPrivilege": [ADMINISTRATORS],
    "SeSystemEnvironmentPrivilege": [ADMINISTRATORS],
    "SeManageVolumePrivilege": [ADMINISTRATORS],
    "SeProfileSingleProcessPrivilege": [ADMINISTRATORS],
    "SeSystemProfilePrivilege": [ADMINISTRATORS],
    "SeAssignPrimaryTokenPrivilege": [LOCAL_SERVICE, NETWORK_SERVICE],
    "SeShutdownPrivilege": [ADMINISTRATORS, "S-1-5-32-551"],
    "SeTakeOwnershipPrivilege": [ADMINISTRATORS],
    "SeUndockPrivilege": [ADMINISTRATORS],
    "SeIncreaseWorkingSetPrivilege": [USERS],
    "SeImpersonatePrivilege": [LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, "S-1-5-6"],
}


def server(
    name: str,
    *,
    build: int,
    ubr: int | None,
    started: str,
    language: str,
    domain: str | None,
    core: bool,
    edition: str,
    patched_days_ago: float,
    elevated: bool = True,
    clustered: bool = False,
) -> Host:
    """A stock host with the Hyper-V role, no VM, one network adapter yet to be added."""
    host = Host(name, build, language, started, domain=domain, core=core, elevated=elevated, clustered=clustered)
    if not host.modern:
        host.ps_version, host.clr = "2.0", "2.0.50727.5485"
    elif ubr:
        host.ps_version = f"5.1.{build}.{ubr}"
    _identity(host, ubr, edition)
    _platform(host)
    _services(host)
    _drivers(host)
    _firewall(host)
    _accounts(host)
    _registry(host)
    _network_settings(host)
    _events(host)
    _patches(host, ubr, patched_days_ago)
    _rest(host)
    return host


def nic(
    host: Host,
    name: str,
    description: str,
    mac: str,
    *,
    address: str | None = None,
    prefix: int = 24,
    gateway: str | None = None,
    dns: tuple[str, ...] = (),
    category: int = 2,
    gbps: float | None = 1,
    physical: bool = True,
    netbios: int = 0,
    network: str = "network",
) -> None:
    """A host adapter with its address. `gbps` None: no link. `physical` False: the host's end of a virtual switch."""
    index = 4 + 2 * len(host.rows.get("net_adapters", []))
    guid = host.guid(f"nic {mac}")
    up = gbps is not None
    host.add(
        "net_adapters",
        InterfaceGuid=guid, InterfaceIndex=index, Name=name, Description=description, Mac=mac, PermanentMac=mac,
        PnpId=f"PCI\\VEN_FFFF&DEV_{index:04X}\\{index}" if physical else f"ROOT\\VMS_MP\\{index:04d}",
        ComponentId=f"pci\\ven_ffff&dev_{index:04x}" if physical else "vms_mp",
        IsPhysical=physical, Virtual=not physical, SpeedBps=int((gbps or 0) * 10**9) if up else None,
        ConnectionStatus=2 if up else 7, ConfigManagerErrorCode=0, AdminStatus=1, OperStatus=1 if up else 2,
        MediaState=1 if up else 2, DriverVersion="2.14.7.1", DriverDateUtc=host.ago(days=400)[:10] + "T00:00:00.000Z",
        DriverProvider="Synthetic Networks" if physical else "Microsoft", MtuBytes=1500,
        VmqEnabled=(gbps or 0) >= 10 if physical else None, VmqReceiveQueues=31 if physical and (gbps or 0) >= 10 else 0,
        SriovEnabled=False if physical else None, SriovSupport=7 if physical else None, SriovNumVfs=0 if physical else None,
        RdmaEnabled=None,
    )  # fmt: skip
    for component in ("ms_tcpip", "ms_tcpip6", "ms_server", "ms_msclient"):
        host.add(
            "net_bindings",
            InterfaceGuid=guid, Name=name, InterfaceDescription=description, ComponentId=component, Enabled=bool(address),
        )  # fmt: skip
    if not address:
        return
    host.add(
        "net_ip",
        InterfaceIndex=index, InterfaceGuid=guid, InterfaceAlias=name, Address=address, PrefixLength=prefix, Family="IPv4",
        PrefixOrigin=1, AddressState=4, SkipAsSource=False,
    )  # fmt: skip
    host.add(
        "net_interfaces",
        InterfaceIndex=index, InterfaceGuid=guid, InterfaceAlias=name, Family="IPv4", Dhcp=False, ConnectionState=int(up),
        Forwarding=0, WeakHostSend=0, Metric=25, Gateways=[gateway] if gateway else [], DnsServers=list(dns),
        DnsSuffix=host.domain or "", RegisterDns=bool(gateway), NetBios=netbios,
    )  # fmt: skip
    host.add(
        "net_profile",
        InterfaceGuid=guid, InterfaceIndex=index, InterfaceAlias=name, Category=category, IPv4Connectivity=3, IPv6Connectivity=1,
        NetworkName=host.domain if category == 2 else host.say(network if gateway else "unidentified network"),
    )  # fmt: skip


def volume(
    host: Host,
    letter: str | None,
    *,
    label: str,
    disk: int,
    size_gib: int,
    free_gib: int,
    boot: bool = False,
    system: bool = False,
    csv_path: str | None = None,
    file_system: str = "NTFS",
) -> str:
    """A volume; returns its device id."""
    device = "\\\\?\\Volume{" + host.guid(f"volume {letter or label}") + "}\\"
    host.add(
        "volumes",
        DeviceId=device, DriveLetter=letter, MountPaths=[csv_path] if csv_path else [], Label=label, FileSystem=file_system,
        SizeBytes=size_gib * GIB, FreeBytes=free_gib * GIB, BlockSize=4096 if boot or system else 65536, DriveType=3,
        IsSystem=system, IsBoot=boot, IsCsv=bool(csv_path), DiskNumbers=[disk], DedupEnabled=None, DedupUsageType=None,
    )  # fmt: skip
    return device


def disk(
    host: Host, number: int, model: str, size_gib: int, *, bus: int = 11, boot: bool = False, clustered: bool = False
) -> None:
    host.add(
        "disks",
        Number=number, Model=model, SerialHash=(host.guid(f"disk {number}").replace("-", "") * 2), UniqueId=f"53594E5448{number:06X}",
        BusType=bus, SizeBytes=size_gib * GIB, LogicalSectorBytes=512, PhysicalSectorBytes=4096 if host.modern else 512,
        PartitionStyle=2 if host.modern else 1, Health=0, IsClustered=clustered, IsBoot=boot, IsSystem=boot, IsOffline=False,
        IsReadOnly=False, Location=f"PCI Slot 1 : Disk {number}", Path=f"\\\\?\\scsi#disk&ven_synthetic#{number}",
    )  # fmt: skip


def _identity(host: Host, ubr: int | None, edition: str) -> None:
    product, version, _, kernel = _NAMES[host.build]
    run = host.guid("run")
    fqdn = f"{host.name.lower()}.{host.domain}" if host.domain else None
    flat = (host.domain or host.name).split(".")[0].upper()
    host.single(
        "collection",
        HostName=host.name, Fqdn=fqdn, RunId=run, StartedUtc=host.started, CollectorVersion="0.0.0+generated", Elevated=host.elevated,
        UserSid=host.account(1105) if host.domain else host.account(1001, domain=False), UserName=f"{flat}\\synth-auditor", Remoting=False,
        SystemRoot=WINDOWS, SystemDrive="C:", ProgramData=r"C:\ProgramData", ProgramFiles=r"C:\Program Files",
        ProgramFilesX86=r"C:\Program Files (x86)", Public=r"C:\Users\Public", UsersRoot=r"C:\Users",
        MachinePath=[r"%SystemRoot%\system32", "%SystemRoot%", r"%SystemRoot%\System32\Wbem", r"%SYSTEMROOT%\System32\WindowsPowerShell\v1.0"+"\\"],
    )  # fmt: skip
    caption = f"Microsoft {product} {edition.removeprefix('Server')}"
    host.single(
        "os",
        Caption=caption, ProductName=caption.removeprefix("Microsoft "), Version=version, Build=host.build, UBR=ubr,
        KernelFileVersion=kernel or f"{version}.{ubr}", ReleaseId={14393: "1607", 17763: "1809", 20348: "2009"}.get(host.build),
        DisplayVersion="21H2" if host.build == 20348 else None, EditionId=edition, ProductType=3,
        InstallationType="Server Core" if host.core else "Server",
        OperatingSystemSKU={"ServerDatacenter": 8, "ServerStandard": 7, "ServerEnterprise": 10}[edition] if not host.core or host.modern else 12,
        OSArchitecture="x64", ServicePack="Service Pack 1" if host.build == 7601 else None, ServicePackMajor=int(host.build == 7601),
        OSLanguageLcid=int(host.say("lcid")), MUILanguages=[host.language], InstallDateUtc=host.ago(days=900), LastBootUtc=host.ago(days=12, hours=3),
        TimeZoneBiasMin=-60, TimeZoneId="W. Europe Standard Time", DepSupportPolicy=3, WindowsDirectory=WINDOWS, SystemDrive="C:", PendingReboot=[],
    )  # fmt: skip
    host.single(
        "computer",
        Name=host.name, DnsHostName=host.name.lower(), Domain=host.domain, PartOfDomain=bool(host.domain), DomainRole=3 if host.domain else 2,
        Workgroup=None if host.domain else "SYNTHETIC", DomainReachable=True if host.domain else None, MachineSid=MACHINE_SID,
        DomainSid=DOMAIN_SID if host.domain else None, ForestRootDomainSid=DOMAIN_SID if host.domain else None,
        Manufacturer="Synthetic Systems", Model="Invented Server 1", SerialNumber="SYNTHETIC", UUID=host.guid("smbios"),
        BiosVendor="Synthetic Systems", BiosVersion="2.19", BiosDateUtc=host.ago(days=200)[:10] + "T00:00:00.000Z", FirmwareType="UEFI",
        TotalPhysicalMemoryBytes=256 * GIB, MemoryErrorCorrection=[6], Sockets=2, Cores=32, LogicalProcessors=64,
        CpuName="Intel(R) Xeon(R) Synthetic CPU @ 2.60GHz", CpuManufacturer="GenuineIntel",
        CpuSignature="Intel64 Family 6 Model 106 Stepping 6", MicrocodeRevision="hex:00000000F1030D00", SlatSupported=True,
        VirtFirmwareEnabled=True, HypervisorPresent=True,
    )  # fmt: skip


def _platform(host: Host) -> None:
    host.single(
        "platform_security",
        SecureBootEnabled=True, SecureBootDbCaNames=["Microsoft Windows Production PCA 2011", "Microsoft Corporation UEFI CA 2011"],
        SecureBootKekCaNames=["Microsoft Corporation KEK CA 2011"], TpmPresent=True, TpmEnabled=True, TpmActivated=True, TpmOwned=True,
        TpmReady=True, TpmSpecVersion="2.0, 0, 1.38", TpmManufacturerId=0x53594E54, TpmManufacturerVersion="7.2.2.0", VbsStatus=0,
        VbsRequiredProps=[0], VbsAvailableProps=[1, 2, 3, 5, 7], SecurityServicesConfigured=[0], SecurityServicesRunning=[0],
        CodeIntegrityPolicyStatus=0, UmciStatus=0, LsaCfgFlags=None, FeatureSettingsOverride=None, FeatureSettingsOverrideMask=None,
        MinVmVersionForCpuBasedMitigations=None,
    )  # fmt: skip
    manager, loader = "9dea862c-5cdd-4e70-acc1-f32b344d4795", host.guid("boot loader")
    boot: list[tuple[str, int, str, str, str, Any]] = [
        (manager, 0x10100002, "0x23000003", "default", "GuidListValue", [loader]),
        (loader, 0x10200003, "0x250000f0", "hypervisorlaunchtype", "IntValue", 1),
        (loader, 0x10200003, "0x25000020", "nx", "IntValue", 1),
    ]
    for owner, kind, element, name, cell, value in boot:
        host.add(
            "boot_entries",
            **{"ObjectId": owner, "ObjectType": kind, "ElementId": element, "ElementName": name, cell: value},
            IsDefault=owner == loader, IsCurrent=owner == loader,
        )  # fmt: skip
    for feature, parent in ((20, 0), *(((481, 0), (482, 481)) if host.modern else ())):
        host.add("features", Kind="server", Installed=True, ServerFeatureId=feature, ServerFeatureParentId=parent)
    optional = {"Microsoft-Hyper-V": 1, "BitLocker": 2, "IIS-WebServerRole": 2, "NetFx3": 2, "TelnetClient": 2}
    if host.modern:
        optional |= {
            "SMB1Protocol": 1 if host.build < 17763 else 2,
            "MicrosoftWindowsPowerShellV2": 1,
            "Windows-Defender": 1,
        }
        for name in ("Hyper-V", "FileAndStorage-Services", "Storage-Services"):
            host.add("features", Kind="component", Name=name, Installed=True, InstallState=1)
    for name, state in optional.items():
        host.add("features", Kind="optional", Name=name, Installed=state == 1, InstallState=state)


def feature(host: Host, name: str, *, installed: bool) -> None:
    """Switch an optional feature on or off."""
    host.find("features", Kind="optional", Name=name).update(Installed=installed, InstallState=1 if installed else 2)


def _offered(row: dict[str, str], host: Host) -> bool:
    span = {k: row[k] for k in ("since", "until") if row[k]}
    return reason_outside(span, host.build) is None and not (host.core and row.get("gui"))


def _services(host: Host) -> None:
    pids: dict[str, int] = {}
    accounts = {
        "S": (None, SYSTEM),
        "L": (r"NT AUTHORITY\LocalService", LOCAL_SERVICE),
        "N": (r"NT AUTHORITY\NetworkService", NETWORK_SERVICE),
    }
    for row in table("stock/services.csv"):
        if not _offered(row, host):
            continue
        account, sid = accounts[row["account"]]
        account = account or "LocalSystem"
        if row["group"]:
            suffix = " -p" if host.build >= 17763 and not row["group"].startswith(("virtsvcs", "nvspwmi")) else ""
            image, resolved = (
                rf"%SystemRoot%\system32\svchost.exe -k {row['group']}{suffix}",
                rf"{WINDOWS}\system32\svchost.exe",
            )
        else:
            folder = WINDOWS if row["file"].startswith("..\\") else rf"{WINDOWS}\system32"
            file = row["file"].removeprefix("..\\")
            image, resolved = folder.replace(WINDOWS, "%SystemRoot%") + "\\" + file, f"{folder}\\{file}"
        library = rf"%SystemRoot%\system32\{row['file']}" if row["group"] else None
        library_path = rf"{WINDOWS}\system32\{row['file']}" if row["group"] else None
        pid = pids.setdefault(row["group"] or row["file"], 600 + 44 * len(pids)) if row["running"] else 0
        host.add(
            "services",
            Name=row["name"], DisplayNameRaw=rf"@%SystemRoot%\system32\{row['file'].split(chr(92))[-1]},-100",
            DisplayName=host.say(f"svc {row['name']}", row["display"]), State="Running" if row["running"] else "Stopped",
            StartType=int(row["start"]), DelayedAutoStart=row["name"] in ("sppsvc", "MSDTC", "wuauserv"), TriggerStart=row["name"].startswith("vmic"),
            Type=0x20 if row["group"] else 0x10, ErrorControl=1, ImagePathRaw=image, ResolvedPath=resolved, ServiceDll=library,
            ServiceDllResolved=library_path, Account=account, AccountSid=sid, ProcessId=pid, ServiceSidType=1 if row["group"] else 0,
            DependOnService=["RpcSs"] if row["start"] == "2" and row["name"] not in ("RpcSs", "DcomLaunch", "RpcEptMapper", "PlugPlay", "Power") else [],
            Redacted=False, SddlWmi=SERVICE_SDDL, RegKeySddl=KEY_SDDL,
        )  # fmt: skip
    if host.modern and host.build >= 14393:
        for name, display, file, light in (
            ("WinDefend", "Windows Defender Antivirus Service", "MsMpEng.exe", 3),
            ("WdNisSvc", "Windows Defender Antivirus Network Inspection Service", "NisSrv.exe", 3),
        ):
            folder = r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26090.11-0"
            host.add(
                "services",
                Name=name, DisplayNameRaw=display, DisplayName=display, State="Running", StartType=2 if name == "WinDefend" else 3,
                DelayedAutoStart=False, TriggerStart=False, Type=0x10, ErrorControl=1, ImagePathRaw=f'"{folder}\\{file}"',
                ResolvedPath=f"{folder}\\{file}", Account="LocalSystem" if name == "WinDefend" else r"NT AUTHORITY\LocalService",
                AccountSid=SYSTEM if name == "WinDefend" else LOCAL_SERVICE, ProcessId=3000 + len(name), ServiceSidType=1, LaunchProtected=light,
                DependOnService=[], Redacted=False, SddlWmi=SERVICE_SDDL, RegKeySddl=KEY_SDDL,
            )  # fmt: skip


def add_service(
    host: Host,
    name: str,
    image: str,
    resolved: str,
    *,
    account: str = "LocalSystem",
    sid: str | None = SYSTEM,
    start: int = 2,
) -> None:
    """A service that does not come with Windows; it runs."""
    host.add(
        "services",
        Name=name, DisplayNameRaw=name, DisplayName=name, State="Running", StartType=start, DelayedAutoStart=False, TriggerStart=False,
        Type=0x10, ErrorControl=1, ImagePathRaw=image, ResolvedPath=resolved, Account=account, AccountSid=sid,
        ProcessId=4000 + 4 * len(host.rows["services"]), ServiceSidType=0, DependOnService=[], Redacted=False, SddlWmi=SERVICE_SDDL,
        RegKeySddl=KEY_SDDL,
    )  # fmt: skip


def _drivers(host: Host) -> None:
    for row in table("stock/drivers.csv"):
        if _offered(row, host):
            host.add(
                "drivers",
                Name=row["name"], ImagePath=rf"system32\drivers\{row['file']}", ResolvedPath=rf"{SYSTEM32}\drivers\{row['file']}",
                StartType=int(row["start"]), Type=int(row["type"]), State="Running" if row["running"] else "Stopped", Group=row["group"] or None,
            )  # fmt: skip
    if host.build < 17763:
        host.add(
            "drivers",
            Name="mrxsmb10", ImagePath=r"system32\DRIVERS\mrxsmb10.sys", ResolvedPath=rf"{SYSTEM32}\drivers\mrxsmb10.sys", StartType=2,
            Type=2, State="Running", Group="Network",
        )  # fmt: skip


def schema_prefix(host: Host) -> str:
    """Version prefix of firewall rule strings, such as `v2.31`."""
    return "v" + _NAMES[host.build][2]


def _firewall(host: Host) -> None:
    for row in table("stock/firewall_rules.csv"):
        if not _offered(row, host):
            continue
        hyperv = row["id"].startswith("VIRT")
        fields = {
            "Action": "Allow", "Active": "TRUE" if row["active"] else "FALSE", "Dir": row["dir"], "Protocol": row["protocol"],
            "Profile": row["profiles"].split(), "LPort": row["lport"], "RPort": row["rport"], "RA4": row["scope"], "RA6": row["scope"],
            "App": row["app"], "Svc": row["svc"],
            "Name": host.say(f"fw {row['id']}", host.say("fw replica")) if hyperv else row["name"],
            "EmbedCtxt": host.say("fw hyper-v") if hyperv else row["group"],
        }  # fmt: skip
        host.firewall["local", row["id"]] = dict(fields)
        if not hyperv:
            host.firewall["defaults", row["id"]] = dict(fields)
    for profile in ("Domain", "Private", "Public"):
        current = profile == ("Domain" if host.domain else "Private")
        host.add(
            "firewall_profiles",
            Profile=profile, Store="local", KeyExists=True, Enabled=True, DefaultInbound=None, DefaultOutbound=None, NotifyOnListen=False,
            LogFile=r"%systemroot%\system32\LogFiles\Firewall\pfirewall.log", LogMaxKB=4096, LogDropped=False, LogAllowed=False,
            DisabledInterfaces=[],
        )  # fmt: skip
        host.add(
            "firewall_profiles",
            Profile=profile, Store="active", KeyExists=True, IsCurrent=current, Enabled=True, DefaultInbound="Block", DefaultOutbound="Allow",
            BlockAllInbound=False, NotifyOnListen=False, DisableUnicastResponses=False, DisabledInterfaces=[],
        )  # fmt: skip
    for profile in ("Domain", "Private", "Public", "Standard"):
        host.add("firewall_profiles", Profile=profile, Store="gpo", KeyExists=False, DisabledInterfaces=[])
    host.absent["firewall_hyperv"] = "featureAbsent"


def _accounts(host: Host) -> None:
    for since, rids in _GROUPS_SINCE.items():
        if reason_outside({"since": since}, host.build):
            continue
        for rid in rids:
            sid = f"S-1-5-32-{rid}"
            host.add(
                "local_groups", Sid=sid, Name=host.say(sid), Description=host.say("group description"), MemberCount=0
            )
    user(host, 500, host.say("rid-500"), logon_days_ago=2)
    user(host, 501, host.say("rid-501"), enabled=False, password_days_ago=None)
    member(host, ADMINISTRATORS, host.account(500, domain=False), f"{host.name}\\{host.say('rid-500')}")
    if host.domain:
        flat = host.domain.split(".")[0].upper()
        member(host, ADMINISTRATORS, host.account(512), f"{flat}\\{host.say('domain admins')}", kind="Group")
        member(host, USERS, host.account(513), f"{flat}\\{host.say('domain users')}", kind="Group")
    member(host, USERS, "S-1-5-11", f"{host.say('nt authority')}\\{host.say('S-1-5-11')}", kind="Group")
    member(host, USERS, "S-1-5-4", f"{host.say('nt authority')}\\{host.say('S-1-5-4')}", kind="Group")
    member(host, "S-1-5-32-546", host.account(501, domain=False), f"{host.name}\\{host.say('rid-501')}")
    host.single("account_policy", MinPasswordLength=0, PasswordHistoryLength=0, MaxPasswordAgeSeconds=42 * 86400, MinPasswordAgeSeconds=0,
                LockoutThreshold=0, LockoutDurationSeconds=1800, LockoutWindowSeconds=1800)  # fmt: skip
    host.system_access = {
        "MinimumPasswordAge": 0, "MaximumPasswordAge": 42, "MinimumPasswordLength": 0, "PasswordComplexity": 1, "PasswordHistorySize": 0,
        "LockoutBadCount": 0, "RequireLogonToChangePassword": 0, "ForceLogoffWhenHourExpire": 0,
        "NewAdministratorName": host.say("rid-500"), "NewGuestName": host.say("rid-501"), "ClearTextPassword": 0, "LSAAnonymousNameLookup": 0,
        "EnableAdminAccount": 1, "EnableGuestAccount": 0,
    }  # fmt: skip
    if host.domain:
        host.system_access |= {"MinimumPasswordLength": 7, "PasswordHistorySize": 24}
    host.rights = {name: list(holders) for name, holders in STOCK_RIGHTS.items()}
    if host.modern:
        host.rights["SeServiceLogonRight"].append(VIRTUAL_MACHINES)
        host.rights["SeCreateSymbolicLinkPrivilege"].append(VIRTUAL_MACHINES)
    host.audit_policy = {row["guid"]: int(row["stock"]) for row in table("stock/audit_subcategories.csv")}
    auditor = host.single("collection")
    profile_name = str(auditor["UserName"]).split("\\")[-1]
    for sid, path, special, loaded in (
        (SYSTEM, r"%systemroot%\system32\config\systemprofile", True, True),
        (host.account(500, domain=False), r"C:\Users\Administrator", False, False),
        (str(auditor["UserSid"]), rf"C:\Users\{profile_name}", False, True),
    ):
        host.add("user_profiles", Sid=sid, LocalPath=path, LastUseUtc=host.ago(days=1), Special=special, Loaded=loaded)


def user(
    host: Host,
    rid: int,
    name: str,
    *,
    enabled: bool = True,
    password_days_ago: float | None = 200,
    logon_days_ago: float | None = None,
) -> None:
    """A local account."""
    host.add(
        "local_users",
        Sid=host.account(rid, domain=False), Name=name, Enabled=enabled, LockedOut=False, PasswordRequired=rid != 501,
        PasswordNeverExpires=rid in (500, 501), PasswordLastSetUtc=None if password_days_ago is None else host.ago(days=password_days_ago),
        LastLogonUtc=None if logon_days_ago is None else host.ago(days=logon_days_ago), UserFlags=0x10201 if enabled else 0x10203,
    )  # fmt: skip


def member(host: Host, group: str, sid: str, name: str | None, *, kind: str = "User") -> None:
    """A direct member of a local group. `name` None: the SID does not resolve."""
    row = host.find("local_groups", Sid=group)
    row["MemberCount"] += 1
    host.add(
        "local_group_members",
        GroupSid=group, GroupName=row["Name"], MemberSid=sid, MemberName=name or sid, MemberPath="WinNT://" + (name or sid).replace("\\", "/"),
        Class=kind if name else "Unknown", Resolved=name is not None, Depth=0,
    )  # fmt: skip
    classes = {"User": "user", "Group": "group", "Computer": "computer"}
    if sid.startswith("S-1-5-21-"):
        host.sid_names[sid] = (name, classes[kind] if name else None)


def _registry(host: Host) -> None:
    lsa, policies = (
        r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa",
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
    )
    winlogon = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    server = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
    workstation = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters"
    netlogon = r"HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters"
    for key, name, value in (
        (lsa, "LimitBlankPasswordUse", 1), (lsa, "NoLMHash", 1), (lsa, "RestrictAnonymousSAM", 1), (lsa, "RestrictAnonymous", 0),
        (lsa, "EveryoneIncludesAnonymous", 0), (lsa, "CrashOnAuditFail", 0), (lsa, "ForceGuest", 0), (lsa, "DisableDomainCreds", 0),
        (rf"{lsa}\MSV1_0", "NTLMMinClientSec", 0x20000000), (rf"{lsa}\MSV1_0", "NTLMMinServerSec", 0x20000000),
        (netlogon, "RequireSignOrSeal", 1), (netlogon, "RequireStrongKey", 1), (netlogon, "SealSecureChannel", 1), (netlogon, "SignSecureChannel", 1),
        (winlogon, "AutoAdminLogon", "0"), (winlogon, "CachedLogonsCount", "10"), (winlogon, "DefaultUserName", ""),
        (policies, "EnableLUA", 1), (policies, "ConsentPromptBehaviorAdmin", 5), (policies, "ConsentPromptBehaviorUser", 3),
        (policies, "PromptOnSecureDesktop", 1), (policies, "EnableInstallerDetection", 1), (policies, "EnableSecureUIAPaths", 1),
        (policies, "EnableVirtualization", 1), (server, "EnableSecuritySignature", 0), (server, "RequireSecuritySignature", 0),
        (server, "NullSessionPipes", []), (server, "RestrictNullSessAccess", 1), (workstation, "EnableSecuritySignature", 1),
        (workstation, "RequireSecuritySignature", 0), (workstation, "EnablePlainTextPassword", 0),
        (r"HKLM\SYSTEM\CurrentControlSet\Control\CrashControl", "CrashDumpEnabled", 7 if host.modern else 2),
        (virtualization, "DefaultExternalDataRoot", HYPERV_ROOT),
        (virtualization, "DefaultVirtualHardDiskPath", r"C:\Users\Public\Documents\Hyper-V\Virtual Hard Disks"),
        (r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", "IPEnableRouter", 0),
        (r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", "EnableICMPRedirect", 1),
        (r"HKLM\SOFTWARE\Microsoft\Ole", "EnableDCOM", "Y"),
        (r"HKLM\SYSTEM\CurrentControlSet\Control", "SystemStartOptions", " NOEXECUTE=OPTOUT  HYPERVISORLAUNCHTYPE=AUTO" if host.modern else " NOEXECUTE=OPTOUT"),
        (r"HKLM\SOFTWARE\Microsoft\PowerShell\1\PowerShellEngine", "PowerShellVersion", "2.0"),
    ):  # fmt: skip
        host.set(key, name, value)
    if host.modern:
        host.set(r"HKLM\SOFTWARE\Microsoft\PowerShell\3\PowerShellEngine", "PowerShellVersion", host.ps_version)
        for name in ("ServerCore", *(() if host.core else ("Server-Gui-Mgmt", "Server-Gui-Shell"))):
            host.set(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Server\ServerLevels", name, 1)
    elif not host.core:
        host.set(
            r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestInstaller\Version",
            "Microsoft-Hyper-V-Guest-Installer-Win6x-Package",
            "6.1.7601.17514",
        )
    for entry in format_lists()["registryAclTargets"]:
        exists = not entry["key"].endswith("SilentProcessExit") and (
            host.modern or not entry["key"].startswith(r"HKLM\BCD")
        )
        sddl = (
            KEY_SDDL.replace("AI", "PAI").replace("CIIOID", "CIIO").replace("CIID", "CI")
            if entry["subKeys"] != "none" or entry["role"] == "hiveRoot"
            else KEY_SDDL
        )
        if entry["key"] in (r"HKLM\SECURITY", r"HKLM\BCD00000000"):
            sddl = "O:BAG:SYD:PAI(A;CI;KA;;;SY)(A;CI;RCWD;;;BA)"
        if entry["role"] == "remoteRegistry":
            sddl = "O:BAG:SYD:PAI(A;;KA;;;BA)(A;;KR;;;LS)(A;CI;KR;;;S-1-5-32-551)"
        host.add(
            "registry_acls",
            Key=entry["key"],
            Role=entry["role"],
            Exists=exists,
            OwnerSid=ADMINISTRATORS if exists else None,
            Sddl=sddl if exists else None,
        )
    for below in ("Worker", "GuestCommunicationServices") if host.modern else ("GuestInstaller",):
        host.add(
            "registry_acls",
            Key=rf"{virtualization}\{below}",
            Role="virtualization",
            Exists=True,
            OwnerSid=ADMINISTRATORS,
            Sddl=KEY_SDDL,
        )


def _network_settings(host: Host) -> None:
    host.single(
        "remote_access",
        RdpDenyConnections=1, RdpPort=3389, RdpSecurityLayer=2 if host.modern else 1, RdpUserAuthentication=1 if host.modern else 0,
        RdpMinEncryptionLevel=2, RdpDisableDrives=0, RdpPromptForPassword=0, WinRmAllowRemote=1, PsRemotingOpenSsh=False,
    )  # fmt: skip
    host.add(
        "winrm_listeners",
        Address="*",
        Transport="HTTP",
        Port=5985,
        Enabled=True,
        HostName="",
        UriPrefix="wsman",
        CertificateThumbprint=None,
    )
    endpoint = (
        "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;S-1-5-32-580)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
        if host.modern
        else "O:NSG:BAD:P(A;;GA;;;BA)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"
    )
    host.add("ps_endpoints", Name="microsoft.powershell", Enabled=True, Uri="http://schemas.microsoft.com/powershell/microsoft.powershell", Sddl=endpoint,
             RunAsVirtualAccount=False, RunAsGmsa=False, HasRunAsUser=False)  # fmt: skip
    namespaces = {
        "root": WMI_SDDL, r"root\cimv2": WMI_SDDL, r"root\virtualization": None if host.modern else WMI_ADMIN_SDDL,
        r"root\virtualization\v2": WMI_ADMIN_SDDL if host.modern else None, r"root\MSCluster": WMI_ADMIN_SDDL if host.clustered else None,
        r"root\StandardCimv2": WMI_SDDL if host.modern else None, r"root\Microsoft\Windows\Hyper-V": None,
        r"root\Microsoft\Windows\Storage": WMI_SDDL if host.modern else None,
        r"root\Microsoft\Windows\Defender": WMI_SDDL if host.build >= 14393 else None, r"root\subscription": WMI_ADMIN_SDDL,
    }  # fmt: skip
    for namespace, sddl in namespaces.items():
        host.add("wmi_security", Namespace=namespace, Exists=sddl is not None, Sddl=sddl)
    host.single(
        "smb_server",
        EnableSMB1Protocol=host.build < 17763, EnableSMB2Protocol=True, RequireSecuritySignature=False, EnableSecuritySignature=False,
        EncryptData=False, RejectUnencryptedAccess=True, AuditSmb1Access=False, AutoShareServer=True, EnableAuthenticateUserSharing=False,
        SmbServerNameHardeningLevel=0, ServerHidden=True, EnableMultiChannel=True, EnableSMBQUIC=True, RestrictNamedpipeAccessViaQuic=True,
        DisableSmbEncryptionOnSecureConnection=True, EncryptionCiphers=["AES_128_GCM", "AES_128_CCM", "AES_256_GCM", "AES_256_CCM"],
    )  # fmt: skip
    host.single(
        "smb_client",
        RequireSecuritySignature=False, EnableSecuritySignature=True, EnableInsecureGuestLogons=host.build < 17763, EnableMultiChannel=True,
        EncryptionCiphers=["AES_128_GCM", "AES_128_CCM", "AES_256_GCM", "AES_256_CCM"],
    )  # fmt: skip
    share(host, "ADMIN$", WINDOWS, description=host.say("remote admin"), kind=0x80000000)
    share(host, "C$", "C:\\", description=host.say("default share"), kind=0x80000000)
    share(host, "IPC$", "", description=host.say("remote ipc"), kind=0x80000003)
    host.single(
        "time_service",
        Type="NT5DS" if host.domain else "NTP", NtpServer="time.windows.com,0x8", AnnounceFlags=10, MaxPosPhaseCorrection=172800,
        MaxNegPhaseCorrection=172800, NtpClientEnabled=1, NtpServerEnabled=0, VmicTimeProviderEnabled=1, SpecialPollInterval=3600,
    )  # fmt: skip


def share(host: Host, name: str, path: str, *, description: str = "", kind: int = 0, sddl: str | None = None) -> None:
    host.add(
        "smb_shares",
        Name=name, Path=path, Type=kind, Description=description, Special=kind >= 0x80000000, Scoped=False, ScopeName="*",
        ContinuouslyAvailable=False, EncryptData=False, FolderEnumerationMode=1, CachingMode=1, ShareSddl=sddl,
    )  # fmt: skip


def _events(host: Host) -> None:
    for row in table("stock/eventlogs.csv"):
        if not _offered(row, host):
            continue
        file = row["channel"].replace("/", "%4")
        host.add(
            "eventlogs",
            Channel=row["channel"], Enabled=bool(row["enabled"]), MaxSizeBytes=int(row["max"]), Retention=0, AutoBackup=False,
            File=rf"%SystemRoot%\System32\Winevt\Logs\{file}.evtx", ChannelAccess="O:BAG:SYD:(A;;0xf0007;;;SY)(A;;0x7;;;BA)(A;;0x1;;;S-1-5-32-573)",
            Type=int(row["type"]), FileSizeBytes=1052672 if row["enabled"] else 69632, RecordCount=1300 if row["enabled"] else 0,
            OldestRecordUtc=host.ago(days=45) if row["enabled"] else None, NewestRecordUtc=host.ago(hours=1) if row["enabled"] else None,
        )  # fmt: skip
    event(host, "System", "Microsoft-Windows-Hyper-V-Hypervisor", 1, level=4, window=400, days_ago=12.1)
    if host.modern:
        event(
            host,
            "System",
            "Microsoft-Windows-Hyper-V-Hypervisor",
            2,
            level=4,
            window=400,
            days_ago=12.1,
            scheduler=3 if host.build >= 17763 else 2,
        )


def event(
    host: Host, channel: str, provider: str, number: int, *, level: int, window: int, days_ago: float, count: int = 1, scheduler: int | None = None,
    subject: str | None = None,
) -> None:  # fmt: skip
    """One row of the event summary."""
    host.add(
        "event_summary",
        Channel=channel, Provider=provider, EventId=number, Level=level, Count=count, FirstUtc=host.ago(days=days_ago + (0 if count == 1 else 5)),
        LastUtc=host.ago(days=days_ago), WindowDays=window, LastData={"SchedulerType": scheduler, "SubjectUserSid": subject}, Capped=False,
    )  # fmt: skip


def _patches(host: Host, ubr: int | None, days_ago: float) -> None:
    when = host.ago(days=days_ago)
    if host.modern:
        package = f"Package_for_RollupFix~31bf3856ad364e35~amd64~~{host.build}.{ubr}.1.7"
        host.add("hotfixes", HotFixId="KB9900001", PackageName=package, InstalledOnUtc=when, State=112, Source="cbs")
        host.add(
            "hotfixes",
            HotFixId="KB9900001",
            Description=host.say("security update"),
            InstalledOnRaw=_local_date(host, when),
            Source="qfe",
        )
    else:
        package = "Package_for_KB9900001~31bf3856ad364e35~amd64~~6.1.1.2"
        host.add("hotfixes", HotFixId="KB9900001", PackageName=package, InstalledOnUtc=when, State=112, Source="cbs")
        host.add(
            "hotfixes",
            HotFixId="KB976902",
            Description=host.say("update"),
            InstalledOnRaw=_local_date(host, host.ago(days=4000)),
            Source="qfe",
        )
    host.single("update_settings", AUOptionsLocal=3 if not host.modern else None, LastDetectSuccessUtc=when, LastInstallSuccessUtc=when,
                LastInstallSuccessSource="cbs" if host.modern else "results")  # fmt: skip


def _local_date(host: Host, when: str) -> str:
    year, month, day = when[:10].split("-")
    return {
        "en-US": f"{int(month)}/{int(day)}/{year}",
        "ja-JP": f"{year}/{month}/{day}",
        "de-DE": f"{day}.{month}.{year}",
    }.get(host.language, f"{day}/{month}/{year}")


def _rest(host: Host) -> None:
    if host.domain:
        flat = host.domain.split(".")
        host.single(
            "ad_computer",
            ObjectSid=host.account(2201), DistinguishedName=f"CN={host.name},OU=Hyper-V,DC=" + ",DC=".join(flat), UserAccountControl=0x1000,
            AllowedToDelegateTo=[], ResourceBasedDelegation=False,
            ServicePrincipalNames=[f"HOST/{host.name}", f"HOST/{host.name.lower()}.{host.domain}", f"Hyper-V Replica Service/{host.name}"],
            PwdLastSetUtc=host.ago(days=11), WhenCreatedUtc=host.ago(days=900),
        )  # fmt: skip
        host.add("gpo", Order=0, Name="Default Domain Policy", Guid="31b2f340-016d-11d2-945f-00c04fb984f9", Link="LDAP://DC=" + ",DC=".join(flat),
                 Version=0x30003, Extensions=["827d319e-6eac-11d2-a4ea-00c04f79f83a"], LastApplyUtc=host.ago(hours=1))  # fmt: skip
    else:
        host.absent["ad_computer"] = "notDomainJoined"
        host.add("gpo", Order=0, Name="Local Group Policy", Version=0, Extensions=[], LastApplyUtc=host.ago(hours=1))
    for dataset in ("snmp", "hgs", "bitlocker"):
        host.absent[dataset] = "featureAbsent"
    if host.build >= 14393:
        host.single(
            "antivirus",
            Product="defender", AMRunningMode="Normal", AMServiceEnabled=True, AntivirusEnabled=True, RealTimeProtectionEnabled=True,
            OnAccessProtectionEnabled=True, BehaviorMonitorEnabled=True, IoavProtectionEnabled=True, IsTamperProtected=False,
            AMProductVersion="4.18.26090.11", AMEngineVersion="1.1.26090.3", AntivirusSignatureVersion="1.459.210.0",
            AntivirusSignatureLastUpdatedUtc=host.ago(hours=9), AntivirusSignatureAge=0, DisableAutoExclusions=False,
            DisableRealtimeMonitoring=False, DisableBehaviorMonitoring=False, DisableIOAVProtection=False, DisableScriptScanning=False,
            MAPSReporting=2, PUAProtection=0, EnableNetworkProtection=0, EnableControlledFolderAccess=0, ExclusionsHidden=False,
        )  # fmt: skip
    else:
        host.single("antivirus", Product="none", ExclusionsHidden=False)
        host.absent["defender_exclusions"] = "featureAbsent"
    for path, run_as, program, arguments in (
        (r"\Microsoft\Windows\Defrag\ScheduledDefrag", SYSTEM, r"%windir%\system32\defrag.exe", "-c"),
        (
            r"\Microsoft\Windows\Time Synchronization\SynchronizeTime",
            LOCAL_SERVICE,
            r"%windir%\system32\sc.exe",
            "start w32time task_started",
        ),
    ):
        task(host, path, run_as, program, arguments)
    store = rf"{HYPERV_ROOT}\InitialStore.xml"
    host.add(
        "azman",
        StoreRole="active", StoreLocation=None if host.modern else "msxml://C:\\ProgramData\\Microsoft\\Windows\\Hyper-V\\InitialStore.xml",
        LocationSource="default" if host.modern else "registry", ServiceApplication=None if host.modern else "Hyper-V services",
        Scheme="msxml", StorePath=store, Exists=False,
    )  # fmt: skip


def task(host: Host, path: str, run_as: str, program: str, arguments: str | None = None, **cells: Any) -> None:
    """A scheduled task that runs daily."""
    resolved = program.strip('"').replace("%windir%", WINDOWS)
    names = {SYSTEM: "SYSTEM", LOCAL_SERVICE: "LOCAL SERVICE"}
    host.add(
        "scheduled_tasks",
        **{
            "Path": path, "Name": path.rsplit("\\", 1)[-1], "Enabled": True, "State": 3, "Author": "Microsoft Corporation", "RunAsSid": run_as,
            "RunAsName": names.get(run_as, run_as), "LogonType": 5, "RunLevel": 1,
            "Actions": [{"Type": 0, "Path": program, "ResolvedPath": resolved, "Arguments": arguments, "WorkingDir": None, "ClassId": None}],
            "Triggers": [{"Type": 2, "Enabled": True, "StartBoundary": "2024-01-01T03:00:00", "RepetitionInterval": None}], "Hidden": False,
            "LastRunUtc": host.ago(hours=5), "NextRunUtc": host.ago(hours=-19), "LastResult": 0, "Redacted": False,
            "Sddl": "O:BAG:SYD:AI(A;;FR;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;SY)",
        } | cells,
    )  # fmt: skip
