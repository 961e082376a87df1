"""HV-SYNTH-16: Windows Server 2016 with Desktop Experience, set up once, patched, otherwise left as it came. The host one usually meets."""

from __future__ import annotations

from synthetic import stock
from synthetic.estate import found
from synthetic.host import ADMINISTRATORS, Host
from synthetic.virtual import Adapter, Checkpoint, Disk, Guest, Switch, Vm

NAME = "ordinary-2016"
LANGUAGE = "en-US"
HOME = r"D:\Hyper-V"


def describe(language: str) -> Host:
    host = stock.server(
        "HV-SYNTH-16",
        build=14393,
        ubr=9560,
        started="2026-10-27T09:40:00.000Z",
        language=language,
        domain="corp.example",
        core=False,
        edition="ServerStandard",
        patched_days_ago=41,
    )
    _hardware(host)
    _settings(host)
    _machines(host)
    return host


def _hardware(host: Host) -> None:
    host.single("computer", TotalPhysicalMemoryBytes=128 * stock.GIB, Sockets=1, Cores=16, LogicalProcessors=32)
    stock.disk(host, 0, "Synthetic SATA 480", 447, boot=True)
    stock.disk(host, 1, "Synthetic RAID 4T", 3725, bus=8)
    system = stock.volume(host, "C:", label="", disk=0, size_gib=446, free_gib=290, boot=True)
    data = stock.volume(host, "D:", label="Data", disk=1, size_gib=3724, free_gib=610)
    # The BitLocker feature was added, but nobody switched it on.
    stock.feature(host, "BitLocker", installed=True)
    del host.absent["bitlocker"]
    for device, letter, kind in ((system, "C:", 0), (data, "D:", 1)):
        host.add("bitlocker", DeviceId=device, MountPoint=letter, VolumeType=kind, ProtectionStatus=0, ConversionStatus=0, EncryptionPercentage=0, EncryptionMethod=0,
                 LockStatus=0, SuspendCount=0, ProtectorTypes=[], AdProtectorSids=[])  # fmt: skip
    # Two ports, one switch shared with the management OS; the second port is not plugged in.
    name = host.say("ethernet")
    stock.nic(host, name, "Synthetic Gigabit", "02535916A001", gbps=1)
    stock.nic(host, f"{name} 2", "Synthetic Gigabit #2", "02535916A002", gbps=None)
    stock.nic(host, "vEthernet (LAN)", "Hyper-V Virtual Ethernet Adapter", "00155D5316F0", address="10.16.0.10", gateway="10.16.0.1", dns=("10.16.0.11", "10.16.0.12"), gbps=1,
              physical=False)  # fmt: skip
    host.switches.append(Switch("LAN", [name], host_adapters=[Adapter(None, "00155D5316F0", name="LAN")]))


def _settings(host: Host) -> None:
    # Machines were moved to D:, the disks of new ones still go to the public documents.
    host.set(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization", "DefaultExternalDataRoot", HOME)
    host.single("os", LastBootUtc=host.ago(days=40), PendingReboot=["fileRename"])
    # Remote Desktop is on, for everybody who can reach the host.
    host.single("remote_access", RdpDenyConnections=0, RdpUserAuthentication=1)
    host.rule("RemoteDesktop-UserMode-In-TCP", Active="TRUE")
    host.rule("FPS-SMB-In-TCP-NoScope", Active="TRUE")
    thumbprint = (host.guid("rdp certificate").replace("-", "") + "0" * 8).upper()
    subject = f"CN={host.name.lower()}.corp.example"
    host.add("certificates", Store="Remote Desktop", Thumbprint=thumbprint, Subject=subject, Issuer=subject, SanDns=[], NotBeforeUtc=host.ago(days=60),
             NotAfterUtc=host.ago(days=-122), SigAlg="1.2.840.113549.1.1.11", KeyAlg="1.2.840.113549.1.1.1", KeyBits=2048, Eku=["1.3.6.1.5.5.7.3.1"], HasPrivateKey=True,
             SelfSigned=True)  # fmt: skip
    host.single("remote_access", RdpCertificateHash=thumbprint)
    stock.member(host, ADMINISTRATORS, host.account(1301), r"CORP\j.synth")
    stock.member(host, "S-1-5-32-578", host.account(1302), r"CORP\HV-Operators", kind="Group")
    stock.member(host, "S-1-5-32-555", host.account(1302), r"CORP\HV-Operators", kind="Group")
    host.find("local_users", Sid=host.account(500, domain=False)).update(
        PasswordLastSetUtc=host.ago(days=610), LastLogonUtc=host.ago(days=4)
    )
    # A backup agent with a path in quotes, a monitoring service under a managed account: both as they should be.
    stock.add_service(
        host, "SynthBackup", r'"C:\Program Files\Synth Backup\agent.exe"', r"C:\Program Files\Synth Backup\agent.exe"
    )
    stock.add_service(host, "SynthMonitor", r'"C:\Program Files\Synth Monitor\monitor.exe"', r"C:\Program Files\Synth Monitor\monitor.exe", account=r"CORP\gmsa-monitor$",
                      sid=host.account(1410))  # fmt: skip
    host.sid_names[host.account(1410)] = (r"CORP\gmsa-monitor$", "managedServiceAccount")
    for key, display, publisher in (
        ("SynthBackup", "Synth Backup Agent", "Synthetic Software"),
        ("7-Zip", "7-Zip 19.00 (x64)", "Igor Pavlov"),
        ("Google Chrome", "Google Chrome", "Google LLC"),
        ("Notepad++", "Notepad++ (64-bit x64)", "Notepad++ Team"),
    ):
        host.add("applications", KeyName=key, DisplayName=display, DisplayVersion="1.0", Publisher=publisher, InstallDate="20230318", View=64, Scope="machine",
                 SystemComponent=False, WindowsInstaller=False)  # fmt: skip
    stock.share(host, "ISO", r"D:\ISO", description="", sddl="O:BAG:SYD:(A;;0x1200a9;;;WD)(A;;FA;;;BA)")
    # Defender scans, its automatic exclusions are on; somebody excluded the whole of D: besides.
    for source in ("local", "effective"):
        host.add("defender_exclusions", Kind="path", Value="D:\\", Source=source, Hidden=False)
    host.find("eventlogs", Channel="Security").update(
        OldestRecordUtc=host.ago(days=3), RecordCount=31000, FileSizeBytes=20971520
    )


def _machines(host: Host) -> None:
    host.migration = {"any": True}

    def place(name: str, file: str) -> str:
        return rf"{HOME}\{name}\Virtual Hard Disks\{file}"

    def windows(name: str, address: str, *, role: int = 3) -> Guest:
        return Guest(
            "Windows Server 2016 Standard",
            "10.0.14393",
            "14393",
            f"{name.lower()}.corp.example",
            address,
            product_type=role,
            services_version="10.0.14393",
        )

    host.vms.append(
        Vm("SYNTH-DC1", rf"{HOME}\SYNTH-DC1", [Disk(place("SYNTH-DC1", "dc1.vhdx"), 80, 31)], [Adapter("LAN", "00155D531601", addresses=["10.16.0.11"])],
           windows("SYNTH-DC1", "10.16.0.11", role=2), version="8.0", services_off={"TimeSync", "GuestServiceInterface"})
    )  # fmt: skip
    # A checkpoint from before a migration that was never deleted, dynamic memory without a limit.
    base = Disk(place("SYNTH-FS1", "fs1.vhdx"), 800, 420, written_days_ago=37)
    live = Disk(
        place("SYNTH-FS1", "fs1_5B1C2D3E-0000-4000-8000-53594E544846.avhdx"), 800, 96, kind="differencing", parent=base
    )
    host.vms.append(
        Vm("SYNTH-FS1", rf"{HOME}\SYNTH-FS1", [live], [Adapter("LAN", "00155D531602", addresses=["10.16.0.21"])], windows("SYNTH-FS1", "10.16.0.21"), version="8.0",
           memory_mib=8192, dynamic=(1024, 1048576), checkpoints=[Checkpoint("before migration", 37, [base])])
    )  # fmt: skip
    # Generation 1, moved here from an older host and never upgraded, an installation image still in the drive, not backed up.
    host.vms.append(
        Vm("SYNTH-ERP", rf"{HOME}\SYNTH-ERP", [Disk(place("SYNTH-ERP", "erp.vhdx"), 200, 140, controller="IDE")],
           [Adapter("LAN", "00155D531603", addresses=["10.16.0.31"]), Adapter("LAN", "00155D531604", legacy=True)],
           Guest("Windows Server 2012 R2 Standard", "6.3.9600", "9600", "synth-erp.corp.example", "10.16.0.31", services_version="6.3.9600.18398"), generation=1, version="5.0",
           cpus=4, memory_mib=16384, dvd=r"D:\ISO\setup-2016.iso", backup_days_ago=19)
    )  # fmt: skip
    # Linux without Secure Boot.
    host.vms.append(
        Vm("SYNTH-MON", rf"{HOME}\SYNTH-MON", [Disk(place("SYNTH-MON", "mon.vhdx"), 40, 12)], [Adapter("LAN", "00155D531605", vlan=20)],
           Guest("Debian GNU/Linux 12", "6.1.0", "", "synth-mon", "10.16.20.5", services_version="6.1.0-25-amd64", linux=True), version="8.0", memory_mib=2048,
           secure_boot=False, services_silent={"Vss"})
    )  # fmt: skip
    host.vms.append(
        Vm("SYNTH-OLD", rf"{HOME}\SYNTH-OLD", [Disk(place("SYNTH-OLD", "old.vhdx"), 60, 44, written_days_ago=260)], [Adapter("LAN", "00155D531606")], version="8.0", state="Off",
           changed_days_ago=260, backup_days_ago=None)
    )  # fmt: skip
    found(host, rf"{HOME}\SYNTH-TMP\Virtual Hard Disks\tmp.vhdx", days_ago=410, size_gib=35)
