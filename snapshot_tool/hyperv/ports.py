r"""`root\virtualization\\v2`: port allocations of VMs and switches, and the run-time ports behind them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv.dumps import (
    Dump,
    Source,
    elements,
    guids,
    instance_id,
    link,
    only_guid,
    owner,
    reference,
    references,
    text_of,
)
from snapshot_tool.hyperv.rules import (
    cell,
    integer,
    needed,
    text_or_null,
)
from snapshot_tool.snapshot import Record
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from snapshot_tool.hyperv.context import Context

_EXTERNAL = frozenset({"msvm_externalethernetport", "msvm_wifiport"})
_INTERNAL = "msvm_internalethernetport"
OFF, RUNNING = 3, 2


@dataclass(slots=True)
class Adapter:
    """An adapter: `row` is its settings (None for the management OS), `port` its connection."""

    id: str
    machine: str | None
    row: Record | None
    legacy: bool
    port: Source
    switch: str | None


class Ports:
    """Port allocations of VMs and switches, and the features that were set on them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        dumps = context.dumps
        self.dump = dumps("Msvm_EthernetPortAllocationSettingData")
        self.switch_dump = dumps("Msvm_VirtualEthernetSwitch")
        self.synthetic = dumps("Msvm_SyntheticEthernetPortSettingData")
        self.emulated = dumps("Msvm_EmulatedEthernetPortSettingData")
        self.switches = self.switch_dump.index(lambda record: folded_guid(record, "Name"))
        self.switch_ports: dict[str, list[Record]] = {}
        by_id: dict[str, Record] = {}
        by_parent: dict[str, Record] = {}
        live = context.machines.live
        for record in self.dump.records:
            identifier = instance_id(record) or ""
            possessor = owner(identifier)
            if possessor is None:
                continue
            if possessor in live:
                keep(by_id, identifier, record)
                parent = reference(record.cells.get("Parent"))
                if parent is not None:
                    keep(by_parent, parent.keys.get("instanceid", "").lower(), record)
            elif possessor in self.switches:
                self.switch_ports.setdefault(possessor, []).append(record)
        self.adapters: list[Adapter] = []
        for dump, legacy in ((self.synthetic, False), (self.emulated, True)):
            for machine, record in context.machines.owned(dump):
                identifier = text_of(record, "InstanceID") or ""
                key = identifier.lower()
                port = (
                    by_parent.get(key) or by_id.get(f"{key}\\c") or by_id.get(f"{key.removesuffix(chr(92) + '0')}\\c")
                )
                self.adapters.append(Adapter(identifier, machine, record, legacy, port or self.dump.gap, None))
        self._unbound: dict[str, Gap] = {}
        for switch, records in self.switch_ports.items():
            for record in records:
                if "HostResource" in record.gaps or "HostResource" not in record.cells:
                    lacking = Gap(Cause.UNREADABLE, "the row lacks this cell", self.dump.name, "HostResource")
                    self._unbound.setdefault(switch, record.gaps.get("HostResource", lacking))
                kinds = [found.class_name.lower() for found in references(record.cells.get("HostResource"))]
                if "msvm_computersystem" in kinds:
                    identifier = text_of(record, "InstanceID") or ""
                    self.adapters.append(Adapter(identifier, None, None, False, record, switch))
        self._ids = {instance_id(record) or "" for record in self.dump.records}

    @property
    def adapters_gap(self) -> Gap | None:
        """Why there may be adapters that nobody listed."""
        resource = self.dump.state("HostResource")
        return (
            self.synthetic.gap
            or self.emulated.gap
            or self.context.machines.gap
            or self.dump.gap
            or self.switch_dump.gap
            or (resource if isinstance(resource, Gap) else None)
            or next(iter(self._unbound.values()), None)
        )

    @property
    def unlisted(self) -> Gap | None:
        """Why no adapter at all could be listed."""
        return self.adapters_gap if not self.adapters else None

    def features(self, class_name: str) -> tuple[Dump, dict[str, list[Record]]]:
        """Rows of a feature class by the port they are set on."""
        dump = self.context.dumps(class_name)
        found: dict[str, list[Record]] = {}
        for record in dump.records:
            key = instance_id(record) or ""
            while "\\" in key:
                key = key.rpartition("\\")[0]
                if key in self._ids:
                    found.setdefault(key, []).append(record)
                    break
        return dump, found

    def feature(self, dump: Dump, found: dict[str, list[Record]], port: Source) -> Source:
        """The one row set on a port; None where nothing was ever set."""
        if not isinstance(port, Record):
            return port
        rows = found.get(instance_id(port) or "")
        if not rows:
            return dump.gap
        return rows[0] if len(rows) == 1 else min(rows, key=lambda record: instance_id(record) or "")

    @cached_property
    def bindings(self) -> tuple[Dump, str]:
        """The dump and its column that tell what switches are bound to: port allocations, else what runs."""
        by_runtime = self.dump.missing is not None and self.context.runtime.complete
        return (self.context.runtime.associations[0], "Antecedent") if by_runtime else (self.dump, "HostResource")

    def externals(self, switch: str) -> dict[str, Record]:
        """External ports of a switch: GUID of the host's adapter to the row that binds it. Raises NotAssessed."""
        self._demand_bound(switch)
        if self.dump.missing is not None:
            return self._running(switch, _EXTERNAL)
        found: dict[str, Record] = {}
        for record in self.switch_ports.get(switch, ()):
            for target in references(record.cells.get("HostResource")):
                if target.class_name.lower() in _EXTERNAL:
                    identifier = only_guid(target.keys.get("deviceid"))
                    if identifier is None:
                        raise CellError("an external port has no GUID")
                    keep(found, identifier, record)
        return dict(sorted(found.items()))

    def telling(self, switch: str) -> Source:
        """The row that says most about what a switch is bound to: of an external port, else of an internal one."""
        if self.dump.missing is not None:
            ports = self.context.runtime.host_ports.get(switch, {})
            told = sorted(ports, key=lambda port: (port[0] not in _EXTERNAL, port))
            return ports[told[0]] if told and self.context.runtime.complete else self.dump.missing
        if self.dump.gap is not None:
            return self.dump.gap
        found = sorted(self.switch_ports.get(switch, ()), key=lambda record: instance_id(record) or "")
        kinds = {
            target.class_name.lower() in _EXTERNAL: record
            for record in reversed(found)
            for target in references(record.cells.get("HostResource"))
        }
        return kinds.get(True) or kinds.get(False)

    def has_internal(self, switch: str) -> bool:
        """Whether the management OS has an adapter on the switch. Raises NotAssessed."""
        self._demand_bound(switch)
        if self.dump.missing is not None:
            return bool(self._running(switch, frozenset({_INTERNAL})))
        return any(
            target.class_name.lower() == "msvm_computersystem"
            for record in self.switch_ports.get(switch, ())
            for target in references(record.cells.get("HostResource"))
        )

    def _running(self, switch: str, classes: frozenset[str]) -> dict[str, Record]:
        """Ports of the host that run on a switch. That one runs is proof; that none does is not. Raises NotAssessed."""
        ports = self.context.runtime.host_ports.get(switch, {})
        found = {device: record for (kind, device), record in sorted(ports.items()) if kind in classes}
        if self.dump.missing is not None and not (found and self.context.runtime.complete):
            raise NotAssessed(self.dump.missing)
        return found

    def _demand_bound(self, switch: str) -> None:
        """What one port of a switch is bound to decides about the whole switch."""
        if switch in self._unbound:
            raise NotAssessed(self._unbound[switch])


def connected(port: Source) -> bool:
    """Whether an adapter is plugged into a switch or a pool and switched on. Raises NotAssessed and CellError."""
    if port is None:
        return False
    if needed(port, "EnabledState", integer) == OFF:
        return False
    return bool(elements(cell(port, "HostResource"))) or bool(cell(port, "PoolID", text_or_null))


class RunTime:
    """Run-time adapters of VMs and the switch ports they are plugged into, as far as associations tell."""

    def __init__(self, context: Context) -> None:
        dumps = context.dumps
        self.adapters: dict[str, Record] = {}
        self.dumps = (dumps("Msvm_SyntheticEthernetPort"), dumps("Msvm_EmulatedEthernetPort"))
        for dump in self.dumps:
            for record in dump.records:
                machine, device = only_guid(text_of(record, "SystemName")), only_guid(text_of(record, "DeviceID"))
                if machine and device:
                    keep(self.adapters, f"{machine}\\{device}", record)
        self.ports = dumps("Msvm_EthernetSwitchPort")
        self.by_port = self.ports.index(lambda record: only_guid(text_of(record, "DeviceID")))
        self.offload = dumps("Msvm_EthernetSwitchPortOffloadData")
        self.by_offload = self.offload.index(lambda record: only_guid(text_of(record, "DeviceID")))
        self.associations = (dumps("Msvm_EthernetDeviceSAPImplementation"), dumps("Msvm_DeviceSAPImplementation"))
        self.connections = dumps("Msvm_ActiveConnection")
        self._endpoints: dict[str, str] = {}
        self._devices: dict[str, str] = {}
        for dump in self.associations:
            for record in dump.records:
                self._associate(record)
        self._peers: dict[str, str] = {}
        for record in self.connections.records:
            ends = [reference(record.cells.get(end)) for end in ("Antecedent", "Dependent")]
            if all(ends):
                one, other = (_endpoint(end.keys) for end in ends if end)
                link(self._peers, one, other)
                link(self._peers, other, one)

    def _associate(self, record: Record) -> None:
        ends = [reference(record.cells.get(end)) for end in ("Antecedent", "Dependent")]
        endpoints = [end for end in ends if end and end.class_name.lower() == "msvm_lanendpoint"]
        devices = [end for end in ends if end and end.class_name.lower() != "msvm_lanendpoint"]
        if len(endpoints) == len(devices) == 1:
            device, endpoint = devices[0], _endpoint(endpoints[0].keys)
            name = only_guid(device.keys.get("deviceid")) or ""
            system = only_guid(device.keys.get("systemname")) or ""
            key = name if device.class_name.lower() == "msvm_ethernetswitchport" else f"{system}\\{name}"
            link(self._endpoints, key, endpoint)
            link(self._devices, endpoint, key)

    @property
    def complete(self) -> bool:
        """Whether every association that the host has is in the snapshot."""
        return all(dump.gap is None and dump.not_offered is None for dump in (self.associations[0], self.connections))

    @cached_property
    def host_ports(self) -> dict[str, dict[tuple[str, str], Record]]:
        """Ports of the host by the GUID of the switch they are plugged into: (folded class, GUID) to the association."""
        found: dict[str, dict[tuple[str, str], Record]] = {}
        for record in self.associations[0].records:
            ends = [reference(record.cells.get(end)) for end in ("Antecedent", "Dependent")]
            devices = [end for end in ends if end and end.class_name.lower() in {*_EXTERNAL, _INTERNAL}]
            endpoints = [end for end in ends if end and end.class_name.lower() == "msvm_lanendpoint"]
            if len(devices) == len(endpoints) == 1:
                device = only_guid(devices[0].keys.get("deviceid"))
                switch = self._peers.get(_endpoint(endpoints[0].keys), "").partition("\\")[0]
                if device and switch:
                    found.setdefault(switch, {})[devices[0].class_name.lower(), device] = record
        return found

    @property
    def gap(self) -> Gap | None:
        """Why no adapter's port can be told."""
        first, second = self.associations
        if first.missing is not None and not second.records:
            return first.missing
        return self.connections.missing

    def port(self, adapter: Adapter) -> str:
        """GUID of the switch port an adapter is plugged into. Raises NotAssessed."""
        if adapter.machine is None:
            found = parts_guid(adapter.id)
            if found:
                return found
        pair = device_key(adapter.id) or ""
        end = self._peers.get(self._endpoints.get(pair, ""), "")
        port = self._devices.get(end)
        if port is None:
            missing = next((dump.gap for dump in (*self.associations, self.connections) if dump.gap is not None), None)
            raise NotAssessed(missing or Gap(Cause.UNDETERMINED, "no association leads to its switch port"))
        return port


def parts_guid(identifier: str) -> str | None:
    r"""The port GUID of `Microsoft:<switch GUID>\<port GUID>`."""
    found = guids(identifier)
    return found[1] if len(found) > 1 else None


def keep(found: dict[str, Record], key: str, record: Record) -> None:
    """Of several rows with one key, the first in the order of their text, whatever the order of the file."""
    other = found.get(key)
    if other is None or repr(record.cells) < repr(other.cells):
        found[key] = record


def device_key(identifier: str | None) -> str | None:
    """The first two GUIDs of an id: VM and adapter."""
    found = guids(identifier)
    return f"{found[0]}\\{found[1]}" if len(found) > 1 else None


def folded_guid(record: Record, column: str) -> str | None:
    """A GUID in lower case without braces."""
    value = text_of(record, column)
    return None if not value else value.strip("{}").lower()


def _endpoint(keys: dict[str, str]) -> str:
    return f"{keys.get('systemname', '').lower()}\\{keys.get('name', '').lower()}"
