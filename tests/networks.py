"""Network cards, switches and adapters as literals: one host with two machines, of which a test changes what it is about."""

from hosts import FAIL, ask
from machines import WEB, machine, machines, of

from snapshot_tool.policy import Policy, VMTags
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
SWITCH = "22222222-aaaa-4000-8000-000000000001"
OTHER_SWITCH = "22222222-aaaa-4000-8000-000000000002"
DB = "11111111-aaaa-4000-8000-000000000002"
DEVICE = "33333333-aaaa-4000-8000-000000000001"
NICS = [f"44444444-aaaa-4000-8000-00000000000{n}" for n in range(4)]


def nic(number=1, **changed):
    return {
        "InterfaceGuid": NICS[number],
        "InterfaceIndex": number,
        "Name": f"NIC{number}",
        "Description": f"Card #{number}",
        "PnpId": f"PCI\\VEN_8086&DEV_1572\\{number}",
        "ComponentId": "pci\\ven_8086&dev_1572",
        "IsPhysical": True,
        "ConnectionStatus": 2,
        "ConfigManagerErrorCode": 0,
        "SpeedBps": 10_000_000_000,
        "VmqEnabled": True,
        **changed,
    }


def vnic(**changed):
    """The interface of the host's adapter on the switch."""
    return nic(0) | {
        "InterfaceGuid": DEVICE,
        "PnpId": "ROOT\\VMS_MP\\0001",
        "ComponentId": "vms_mp",
        "IsPhysical": False,
        **changed,
    }


TWO_PORTS = [nic(1), nic(2)]


def switch(**changed):
    return {
        "Id": SWITCH,
        "Name": "LAN",
        "SwitchType": "External",
        "AllowManagementOS": True,
        "NetAdapterInterfaceDescriptions": ["Card #1"],
        "NetAdapterInterfaceGuid": [NICS[1]],
        "UplinkMirroringMode": ["None"],
        "EmbeddedTeamingEnabled": False,
        "IovEnabled": False,
        "BandwidthReservationMode": "Weight",
        "IovVirtualFunctionCount": 2,
        "IovVirtualFunctionsInUse": 0,
        **changed,
    }


def adapter(name="web", vm=WEB, **changed):
    return {
        "VMId": vm,
        "VMName": name,
        "Id": f"Microsoft:{vm}\\{name}",
        "Name": "Network Adapter",
        "IsManagementOs": False,
        "IsLegacy": False,
        "MacAddress": "00155D010001",
        "DynamicMacAddressEnabled": True,
        "Connected": True,
        "SwitchId": SWITCH,
        "MacAddressSpoofing": "Off",
        "DhcpGuard": "On",
        "RouterGuard": "On",
        "PortMirroringMode": "None",
        "MaximumBandwidth": 0,
        "MinimumBandwidthWeight": 0,
        "MinimumBandwidthAbsolute": 0,
        "IovWeight": 0,
        "IovUsage": 1,
        "VFDataPathActive": True,
        "MandatoryFeatureId": [],
        "Status": ["Ok"],
        **changed,
    }


def host_adapter(name="Management", **changed):
    return adapter(name, None) | {
        "VMName": None,
        "Id": f"host\\{name}",
        "Name": name,
        "IsManagementOs": True,
        "DeviceId": DEVICE,
        "DynamicMacAddressEnabled": None,
        **changed,
    }


def vlan(of_adapter, mode="Untagged", **changed):
    return {
        "VMId": of_adapter["VMId"],
        "VMName": of_adapter["VMName"],
        "AdapterId": of_adapter["Id"],
        "OperationMode": mode,
        "AccessVlanId": None,
        "NativeVlanId": None,
        "AllowedVlanIdList": [],
        "PrivateVlanMode": None,
        "PrimaryVlanId": None,
        "SecondaryVlanId": None,
        "SecondaryVlanIdList": [],
        **changed,
    }


def access(of_adapter, number):
    return vlan(of_adapter, "Access", AccessVlanId=number)


def not_isolated(*adapters, mode="None", number=0):
    return [{"AdapterId": one["Id"], "IsolationMode": mode, "DefaultIsolationID": number} for one in adapters]


def interface(gateways=("10.0.0.1",), device=DEVICE, **changed):
    return {"InterfaceGuid": device, "InterfaceIndex": 0, "Family": "IPv4", "Gateways": list(gateways), **changed}


WEB_ADAPTER, DB_ADAPTER, MANAGEMENT = adapter(), adapter("db", DB, MacAddress="00155D010002"), host_adapter()
BASE = {
    "vm": [machine(), machine(Id=DB, Name="db")],
    "vswitch": [switch()],
    "vm_network_adapter": [WEB_ADAPTER, DB_ADAPTER, MANAGEMENT],
    "vm_network_adapter_vlan": [access(WEB_ADAPTER, 20), access(DB_ADAPTER, 20), access(MANAGEMENT, 10)],
    "vm_network_adapter_isolation": not_isolated(WEB_ADAPTER, DB_ADAPTER, MANAGEMENT),
    "vm_group": [],
    "vm_guest_kvp": [],
    "vm_processor": [of(ExposeVirtualizationExtensions=False), of(VMId=DB, ExposeVirtualizationExtensions=False)],
    "net_adapters": [*TWO_PORTS, vnic()],
    "net_interfaces": [interface()],
    "net_team_nics": [],
    "net_teams": [],
}


def worst(check, era="2022", policy=None, unsupported=(), **changed):
    """Status and severity of the worst answer."""
    snapshot = machines(era, unsupported=unsupported, **(BASE | changed))
    if policy is not None:
        snapshot = Snapshot(snapshot.source, snapshot.host, policy)
    found = max(ask(check, snapshot), key=lambda result: (result.status, result.severity))
    return (found.status, found.severity) if found.status is FAIL else found.status


def of_adapter(check, era="2022", policy=None, **changed):
    """The answer for one adapter of the machine `web`, the only one of the host."""
    only = adapter(**changed)
    tables = {"vm_network_adapter": [only], "vm_network_adapter_isolation": not_isolated(only)}
    if era < "2016":
        tables["vm_network_adapter_isolation"] = None if era == "2012" else tables["vm_network_adapter_isolation"]
    return worst(check, era, policy, **tables)


TWO_OWNERS = Policy(vms={"web": VMTags("sales"), "db": VMTags("research")})


def tagged(tag):
    return Policy(vms={WEB: VMTags(tags=frozenset({tag}))})


def trunk(ids, native=0):
    return [
        vlan(WEB_ADAPTER, "Trunk", NativeVlanId=native, AllowedVlanIdList=list(ids)),
        access(DB_ADAPTER, 20),
        access(MANAGEMENT, 10),
    ]


WFP, CAPTURE, FOREIGN = "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a", "ea24cd6c-d17a-4348-9190-09f0d5be83dd", DB
