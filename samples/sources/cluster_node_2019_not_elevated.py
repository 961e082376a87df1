"""HV-SYNTH-N1: a node of a Windows Server 2019 cluster, collected by an account without elevation. It shows what a report says about gaps."""

from __future__ import annotations

from synthetic import stock
from synthetic.estate import RUNS
from synthetic.host import ADMINISTRATORS, Host
from synthetic.virtual import Adapter, Disk, Switch, Vm

NAME = "cluster-node-2019-not-elevated"
LANGUAGE = "en-US"
CSV = r"C:\ClusterStorage\Volume1"


def describe(language: str) -> Host:
    host = stock.server(
        "HV-SYNTH-N1",
        build=17763,
        ubr=9240,
        started="2026-10-28T15:20:00.000Z",
        language=language,
        domain="corp.example",
        core=False,
        edition="ServerDatacenter",
        patched_days_ago=62,
        elevated=False,
        clustered=True,
    )
    _hardware(host)
    _cluster(host)
    _settings(host)
    _refusals(host)
    return host


def _hardware(host: Host) -> None:
    stock.disk(host, 0, "Synthetic SSD 480", 447, boot=True)
    stock.disk(host, 1, "Synthetic SAN LUN", 10240, bus=6, clustered=True)
    stock.volume(host, "C:", label="", disk=0, size_gib=446, free_gib=333, boot=True)
    stock.volume(
        host, None, label="CSV1", disk=1, size_gib=10239, free_gib=1320, csv_path=CSV + "\\", file_system="CSVFS"
    )
    dns = ("10.19.0.2", "10.19.0.3")
    stock.nic(
        host,
        "Management",
        "Synthetic Ethernet 1",
        "02535919A001",
        address="10.19.0.11",
        gateway="10.19.0.1",
        dns=dns,
        gbps=10,
    )
    stock.nic(host, "Cluster", "Synthetic Ethernet 2", "02535919A002", address="10.19.40.11", category=0, gbps=10)
    stock.nic(host, "Guests 1", "Synthetic Ethernet 3", "02535919A003", gbps=10)
    stock.nic(host, "Guests 2", "Synthetic Ethernet 4", "02535919A004", gbps=10)
    host.switches.append(Switch("Guests", ["Guests 1", "Guests 2"], embedded_team=True))


def _cluster(host: Host) -> None:
    host.add("features", Kind="component", Name="Failover-Clustering", Installed=True, InstallState=1)
    host.add("features", Kind="optional", Name="FailoverCluster-FullServer", Installed=True, InstallState=1)
    stock.add_service(host, "ClusSvc", r"%SystemRoot%\cluster\clussvc.exe -s", r"C:\Windows\cluster\clussvc.exe")
    host.service("ClusSvc", DisplayName=host.say("svc ClusSvc"), DependOnService=["RpcSs", "NlaSvc"])
    for name, port, program in (
        ("FailoverClustering-NetFt-UDP-In", "3343", "System"),
        ("FailoverClustering-ClusSvc-TCP-In", "3343", r"%systemroot%\cluster\clussvc.exe"),
    ):
        host.rule(name, Active="TRUE", Protocol="17" if "UDP" in name else "6", LPort=port, App=program, Name="@%SystemRoot%\\system32\\clusres.dll,-7002",
                  EmbedCtxt="@%SystemRoot%\\system32\\clusres.dll,-7000")  # fmt: skip
    stock.share(
        host,
        "ClusterStorage$",
        r"C:\ClusterStorage",
        description="Cluster Shared Volumes Default Share",
        kind=0x80000000,
    )
    host.set(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization", "DefaultExternalDataRoot", CSV)
    host.set(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization", "DefaultVirtualHardDiskPath", CSV)
    # What runs here is known only from the worker processes; whose they are, a user may not see.
    for number, name in enumerate(("SYNTH-A1", "SYNTH-A2", "SYNTH-B1"), start=1):
        disk = Disk(rf"{CSV}\{name}\{name}.vhdx")
        host.vms.append(
            Vm(
                name,
                rf"{CSV}\{name}",
                [disk],
                [Adapter("Guests", f"00155D5319{number:02X}", vlan=30)],
                version="9.0",
                clustered=True,
            )
        )
    if not any(vm.state in RUNS for vm in host.vms):
        raise ValueError("the node must run something")


def _settings(host: Host) -> None:
    host.single("smb_server", RequireSecuritySignature=True)
    host.single("remote_access", RdpDenyConnections=0)
    host.rule("RemoteDesktop-UserMode-In-TCP", Active="TRUE", RA4="10.19.0.0/255.255.255.0")
    host.service("Spooler", StartType=4, State="Stopped")
    stock.member(host, ADMINISTRATORS, host.account(1501), r"CORP\HV-Admins", kind="Group")
    stock.member(host, ADMINISTRATORS, host.account(2250), r"CORP\HV-SYNTH-CL$", kind="Computer")
    host.set(r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa", "LmCompatibilityLevel", 5)
    host.add("gpo", Order=1, Name="Hyper-V hosts", Guid="53594e54-0000-4000-8000-00000000c0de", Link="LDAP://OU=Hyper-V,DC=corp,DC=example", Version=0x70007, Extensions=[],
             LastApplyUtc=host.ago(hours=1))  # fmt: skip


def _refusals(host: Host) -> None:
    # Datasets that a user may read in part. What needs elevation as a whole is skipped by the rules of the format.
    denied = host.say("access denied")

    def refusal(where: str) -> dict[str, str]:
        return {"where": where, "type": "accessDenied", "hresult": "0x80070005", "message": denied}

    host.partial["scheduled_tasks"] = refusal("com:Schedule.Service")
    host.partial["vm_files"] = refusal(f"file:{CSV}")
    host.partial["acls"] = refusal(r"wmi:root\virtualization\v2:Msvm_ComputerSystem")
    host.partial["event_summary"] = refusal("eventlog:Security")
