"""What the class dumps of every era share: references, states, integration services, guest answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from synthetic.estate import RUNS, worker_pid

if TYPE_CHECKING:
    from synthetic.host import Host
    from synthetic.virtual import Guest, Vm

SERVICES = {
    "TimeSync": "2497F4DE-E9FA-4204-80E4-4B75C46419C0",
    "Heartbeat": "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47",
    "KvpExchange": "2A34B1C2-FD73-4043-8A5B-DD2159BC743F",
    "Shutdown": "9F8233AC-BE49-4C79-8EE3-E7E1985B2077",
    "Vss": "5CED1297-4598-4915-A5FC-AD21BB4D02A4",
    "GuestServiceInterface": "6C09BB55-D683-4DA0-8931-C9BF705F6480",
    "Rdv": "6C5ADDB9-A11A-4E8E-84CB-E6208201DB63",
}
OK, NO_CONTACT, DISABLED = 2, 12, 32896
IDE = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4"
FLOPPY = "8F0D2762-0B00-4E04-AF4F-19010527CB93"
SERIAL = "8E3A359F-559A-4B6A-98A9-1690A6100ED7"
ZERO = "00000000-0000-0000-0000-000000000000"


class Dumps:
    """Adds rows of class dumps, and writes ids and references as WMI has them."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.space = r"root\virtualization\v2" if host.modern else r"root\virtualization"

    def add(self, name: str, **cells: Any) -> None:
        self.host.add(f"hv/Msvm_{name}", **cells)

    def id(self, of: str) -> str:
        return self.host.guid(of).upper()

    def vm(self, vm: Vm) -> str:
        return self.id(f"vm {vm.name}")

    def reference(self, name: str, **keys: str) -> str:
        """A WMI path. Backslashes inside the quotes are doubled."""
        listed = {"CreationClassName": f"Msvm_{name}"} | keys if "InstanceID" not in keys else keys
        text = ",".join('{}="{}"'.format(k, v.replace("\\", "\\\\").replace('"', '\\"')) for k, v in listed.items())
        return f"\\\\{self.host.name}\\{self.space}:Msvm_{name}.{text}"

    def device(self, name: str, device: str, system: str, system_class: str = "Msvm_ComputerSystem") -> str:
        return self.reference(name, DeviceID=device, SystemCreationClassName=system_class, SystemName=system)

    def services(self, vm: Vm, owner: str, *, live: bool) -> None:
        """Settings of the integration services, and of a running machine their state."""
        say, guid = self.host.say, self.vm(vm)
        for stem, service in SERVICES.items():
            if (stem == "GuestServiceInterface" and self.host.build < 9600) or (stem == "Rdv" and not self.host.modern):
                continue
            on = stem not in vm.services_off
            extra: dict[str, Any] = {"DisableHostKVPItems": False} if stem == "KvpExchange" and self.host.modern else {}
            extra |= {"DefaultEnabledStatePolicy": 3} if stem == "GuestServiceInterface" else {}
            self.add(
                f"{stem}ComponentSettingData",
                InstanceID=f"Microsoft:{owner}\\{service}",
                ElementName=say(stem),
                EnabledState=2 if on else 3,
                **extra,
            )
            if not live or vm.state not in RUNS:
                continue
            silent = stem in vm.services_silent or vm.guest is None
            status = DISABLED if not on else NO_CONTACT if silent else OK
            text = say({OK: "status ok", NO_CONTACT: "status no contact", DISABLED: "status disabled"}[status])
            row: dict[str, Any] = {
                "SystemName": guid,
                "DeviceID": f"Microsoft:{guid}\\{service}",
                "EnabledState": 2 if on else 3,
            }
            row |= {"HealthState": 5} if self.host.modern else {}
            row |= {
                "OperationalStatus": [status, OK] if stem == "Heartbeat" and status == OK else [status],
                "StatusDescriptions": [text],
            }
            if stem == "KvpExchange":
                row["GuestIntrinsicExchangeItems"] = answers(vm.guest) if vm.guest and on and not silent else []
            self.add(f"{stem}Component", **row)

    def summary(self, vm: Vm, state: int) -> None:
        runs = vm.state in RUNS
        dynamic = vm.dynamic is not None and vm.state == "Running"
        row: dict[str, Any] = {
            "Name": self.vm(vm), "ElementName": vm.name, "EnabledState": state, "HealthState": 5, "Heartbeat": (OK if vm.guest else NO_CONTACT) if runs else None,
            "UpTime": int(vm.up_hours * 3600 * 1000) if runs else 0, "NumberOfProcessors": vm.cpus, "ProcessorLoad": 4 if runs else 0,
            "MemoryUsage": vm.memory_mib if runs else 0, "MemoryAvailable": 100 - vm.demand_percent if dynamic else None,
            "AvailableMemoryBuffer": 80 if dynamic else None, "GuestOperatingSystem": vm.guest.os_name if vm.guest and runs else None,
            "OperationalStatus": [OK], "StatusDescriptions": [self.host.say("status ok")], "AllocatedGPU": None,
        }  # fmt: skip
        if self.host.modern:
            row |= {
                "SwapFilesInUse": False, "MemorySpansPhysicalNumaNodes": False, "IntegrationServicesVersionState": 1 if vm.guest and runs else 0,
                "ReplicationState": 0, "ReplicationHealth": 0, "ReplicationMode": 0, "EnhancedSessionModeState": 3,
                "VirtualSystemSubType": f"Microsoft:Hyper-V:SubType:{vm.generation}", "Version": vm.version, "Shielded": False,
            }  # fmt: skip
        self.add("SummaryInformation", **row)

    def worker(self, vm: Vm) -> int | None:
        running = [v.name for v in self.host.vms if v.state in RUNS]
        return worker_pid(running.index(vm.name)) if vm.name in running else None


def answers(guest: Guest) -> list[str]:
    """The intrinsic items that a guest answers, each an embedded instance as text."""
    items = {
        "FullyQualifiedDomainName": guest.fqdn, "IntegrationServicesVersion": guest.services_version, "NetworkAddressIPv4": guest.addresses, "NetworkAddressIPv6": "",
        "OSName": guest.os_name, "OSVersion": guest.version, "OSBuildNumber": guest.build, "OSMajorVersion": guest.version.split(".")[0],
        "OSMinorVersion": [*guest.version.split("."), "0"][1], "ProcessorArchitecture": "9", "OSPlatformId": "1" if guest.linux else "2",
    }  # fmt: skip
    if not guest.linux:
        items |= {"ProductType": str(guest.product_type), "ServicePackMajor": str(guest.service_pack), "SuiteMask": "400", "OSEditionId": "7",
                  "CSDVersion": f"Service Pack {guest.service_pack}" if guest.service_pack else ""}  # fmt: skip
    return [_item(name, data) for name, data in sorted(items.items())]


def _item(name: str, data: str) -> str:
    def cell(key: str, value: str, kind: str = "string") -> str:
        return f'<PROPERTY NAME="{key}" TYPE="{kind}"><VALUE>{escape(value)}</VALUE></PROPERTY>'

    caption = '<PROPERTY NAME="Caption" TYPE="string"></PROPERTY>'
    return f'<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">{caption}{cell("Data", data)}{cell("Name", name)}{cell("Source", "2", "uint16")}</INSTANCE>'
