"""Hosts that move or replicate machines as literals, of which a test changes what it is about."""

from hosts import FAIL, ask
from machines import machine, machines, of

from snapshot_tool.verdict import Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
GUIDS = [f"44444444-aaaa-4000-8000-00000000000{n}" for n in range(4)]
THUMBPRINT = "9D7CD42BF34EF2EDC8208F9E9A47CFFD1B1334FF"


def address(text="10.0.0.5", index=1, prefix=24):
    return {
        "InterfaceIndex": index,
        "InterfaceGuid": GUIDS[index],
        "Address": text,
        "PrefixLength": prefix,
        "Family": "IPv4",
    }


def card(index=1, speed=10_000_000_000):
    return {"InterfaceGuid": GUIDS[index], "InterfaceIndex": index, "Name": f"NIC{index}", "SpeedBps": speed}


def gateway(index=1, *gateways):
    return {"InterfaceGuid": GUIDS[index], "InterfaceIndex": index, "Family": "IPv4", "Gateways": list(gateways)}


def settings(**changed):
    return [
        {
            "Name": "HV01",
            "VirtualMachineMigrationEnabled": True,
            "VirtualMachineMigrationAuthenticationType": "Kerberos",
            "VirtualMachineMigrationPerformanceOption": "Compression",
            "UseAnyNetworkForMigration": False,
            **changed,
        }
    ]


def migration_network(subnet="10.40.0.0/24"):
    return {"Subnet": subnet, "Priority": 0}


COMPUTER = {"Name": "HV01", "DnsHostName": "hv01", "Domain": "corp.example", "PartOfDomain": True}
BASE = {
    "host_hyperv": settings(),
    "computer": [COMPUTER],
    "cluster": [],
    "vm": [machine()],
    "vm_security": [of(EncryptStateAndVmMigrationTraffic=False)],
    "vm_network_adapter": [],
    "migration_network": [migration_network()],
    "net_ip": [address(), address("10.40.0.5", 2)],
    "net_interfaces": [gateway(1, "10.0.0.1"), gateway(2)],
    "net_adapters": [card(1), card(2)],
    "firewall_consec_raw": [],
}
OFF = settings(VirtualMachineMigrationEnabled=False)
CLUSTERED = [{"Name": "HVCL01"}]


def worst(check, era="2022", unsupported=(), **changed):
    """Status and severity of the worst answer."""
    snapshot = machines(era, unsupported=unsupported, **(BASE | changed))
    found = max(ask(check, snapshot), key=lambda result: (result.status, result.severity))
    return (found.status, found.severity) if found.status is FAIL else found.status


RULE = {"Store": "local", "Kind": "conSecRule", "ValueName": "{1}"}
