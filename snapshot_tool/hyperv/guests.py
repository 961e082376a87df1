"""What the guest says and what is offered to it: integration services and key-value pairs. Text of the guest is a claim."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import NOT_OFFERED, Source, guids, only_guid, text_of
from snapshot_tool.hyperv.rules import Frame, boolean, cell, integer, status
from snapshot_tool.hyperv.tables import SCHEMAS, missing_table
from snapshot_tool.parsers.xml import XmlError, parse_xml
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from snapshot_tool.hyperv.context import Context


_STEMS = ("TimeSync", "Heartbeat", "KvpExchange", "Shutdown", "Vss", "GuestServiceInterface", "Rdv")
_STATUS = (status(enums.SERVICE_STATUS, 0), status(enums.SERVICE_STATUS, 1))
_ITEMS = frozenset(name for name in SCHEMAS["vm_guest_kvp"].columns if name not in ("VMId", "VMName"))

# The form that Windows writes; anything else goes through the XML parser.
_PLAIN_PROPERTY = re.compile(r'<PROPERTY NAME="(\w+)"[^<>]*>(?:<VALUE>([^<>]*)</VALUE>)?</PROPERTY>', re.ASCII)
_PLAIN = re.compile(
    r'\s*<INSTANCE CLASSNAME="\w+"[^<>]*>(?:<PROPERTY NAME="\w+"[^<>]*>(?:<VALUE>[^<>]*</VALUE>)?</PROPERTY>\s*)+</INSTANCE>\s*',
    re.ASCII,
)
_MOF = re.compile(r'\b(Name|Data)\s*=\s*"((?:[^"\\]|\\.)*)"\s*;', re.ASCII)


class Guests:
    """The key-value pairs of each VM, parsed once per text."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.dump = context.dumps("Msvm_KvpExchangeComponent")
        self._rows = context.machines.by_system(self.dump)
        self._known: dict[str, tuple[str, str | None]] = {}

    def component(self, machine: str) -> Source:
        """The VM's run-time component; there is none while the VM does not run."""
        return self.dump.find(self._rows, machine)

    def version(self, frame: Frame, slot: int) -> None:
        """The column IntegrationServicesVersion of vm."""

        def make(*sources: Source) -> str | None:
            source = sources[slot]
            return self.items(source).get("IntegrationServicesVersion") if isinstance(source, Record) else None

        frame.derive("IntegrationServicesVersion", ((slot, "GuestIntrinsicExchangeItems"),), make)

    def items(self, component: Source) -> dict[str, str | None]:
        """Answered items by name; raises CellError when one cannot be parsed."""
        value = cell(component, "GuestIntrinsicExchangeItems")
        if value is None:
            return {}
        if type(value) is not list:
            raise CellError("is not a list")
        found = {}
        for element in value:
            if element in (None, ""):
                continue
            known = self._known.get(element) if type(element) is str else None
            if known is None:
                known = self._known[element] = exchange_item(element)
            found[known[0]] = known[1]
        return found


def exchange_item(text: Any) -> tuple[str, str | None]:
    """Name and data of one embedded Msvm_KvpExchangeDataItem, written as XML or as MOF. Raises CellError."""
    if type(text) is not str:
        raise CellError("is not text")
    if _PLAIN.fullmatch(text) and "&#" not in text:
        found = {name: unescape(value) for name, value in _PLAIN_PROPERTY.findall(text)}
    elif text.lstrip().startswith("<"):
        found = _from_xml(text)
    else:
        found = {name: re.sub(r"\\(.)", r"\1", value) for name, value in _MOF.findall(text)}
    if not found.get("Name"):
        raise CellError("is no key-value pair")
    return found["Name"], found.get("Data", "")


def vm_guest_kvp(context: Context) -> Table:
    """Answers of guests; a VM without answers has no row."""
    machines = context.machines
    guests = context.guests
    gap = guests.dump.gap or machines.gap
    if gap is not None and not guests.dump.records:
        return missing_table("vm_guest_kvp", gap=gap)
    state = guests.dump.state("GuestIntrinsicExchangeItems")
    if isinstance(state, Gap):
        return missing_table("vm_guest_kvp", gap=state)
    frame = machines.frame("vm_guest_kvp", guests.dump)
    for machine in machines.ids:
        source = guests.component(machine)
        if not isinstance(source, Record):
            continue
        try:
            items = guests.items(source)
        except (CellError, NotAssessed) as error:
            row = frame.add(machines.system(machine), source, VMId=machine)
            gap_of_row = (
                error.gap if isinstance(error, NotAssessed) else Gap(Cause.UNREADABLE, str(error), "vm_guest_kvp")
            )
            for column in _ITEMS:
                frame.fail(row, column, gap_of_row)
            continue
        if items:
            frame.add(machines.system(machine), source, VMId=machine, **{name: items.get(name) for name in _ITEMS})
    frame.known(*_ITEMS, slot=1, place="GuestIntrinsicExchangeItems")
    machines.name(frame)
    return frame.build(gap)


def vm_integration_service(context: Context) -> Table:
    """`Get-VMIntegrationService`."""
    machines = context.machines
    services = []
    for stem in _STEMS[:5] if context.old else _STEMS:
        settings, component = context.dumps(f"Msvm_{stem}ComponentSettingData"), context.dumps(f"Msvm_{stem}Component")
        # Remote desktop virtualization is kept where it was dumped; no check waits for it.
        if settings.not_offered is None and (stem != "Rdv" or settings.records):
            services.append((stem, settings, component))
    gap = machines.gap or next((settings.gap for _, settings, _ in services if settings.gap is not None), None)
    if gap is not None and not any(settings.records for _, settings, _ in services):
        return missing_table("vm_integration_service", gap=gap)
    exchange = context.dumps("Msvm_KvpExchangeComponentSettingData")
    # Rows come from several classes; the files of slots 1 and 2 only matter for a row that is not there.
    frame = machines.frame("vm_integration_service", exchange, context.dumps("Msvm_KvpExchangeComponent"))
    host_items = NOT_OFFERED if context.old else exchange.state("DisableHostKVPItems")
    for stem, settings, component in services:
        running = component.index(_service_key)
        enabled, operational = settings.state("EnabledState"), component.state("OperationalStatus")
        for machine, record in machines.owned(settings):
            identifier = text_of(record, "InstanceID") or ""
            service = only_guid(identifier.rpartition("\\")[2])
            if service is None:
                continue
            source = component.find(running, f"{machine}\\{service}")
            row = frame.add(machines.system(machine), record, source, VMId=machine, Id=identifier, ServiceId=service)
            frame.put(row, "Name", partial(_service_name, service))
            frame.put(row, "Enabled", partial(_enabled, record), enabled)
            for position, column in enumerate(("PrimaryOperationalStatus", "SecondaryOperationalStatus")):
                frame.put(row, column, partial(_status, source, position), operational)
            if host_items is not NOT_OFFERED:
                if stem == "KvpExchange":
                    frame.put(
                        row, "DisableHostKVPItems", partial(cell, record, "DisableHostKVPItems", boolean), host_items
                    )
                else:
                    frame.cells[row]["DisableHostKVPItems"] = None
    frame.known("Id", "ServiceId", "Name", slot=1)
    frame.known("Enabled", slot=1, place="EnabledState")
    frame.known("PrimaryOperationalStatus", "SecondaryOperationalStatus", slot=2, place="OperationalStatus")
    if host_items is not NOT_OFFERED:
        frame.known("DisableHostKVPItems", slot=1, place="DisableHostKVPItems")
    machines.name(frame)
    return frame.build(gap)


def _service_name(service: str) -> str:
    name = enums.SERVICES.get(service)
    if name is None:
        raise CellError(f"{service} is no known service")
    return name


def _enabled(settings: Record) -> bool:
    state = cell(settings, "EnabledState", integer)
    if state not in (2, 3):
        raise CellError(f"{state!r} is neither on nor off")
    return bool(state == 2)


def _status(component: Source, position: int) -> str | None:
    if component is None:
        return None
    found: str | None = cell(component, "OperationalStatus", _STATUS[position])
    return found


def _service_key(record: Record) -> str | None:
    found = guids(text_of(record, "DeviceID"))
    machine = only_guid(text_of(record, "SystemName"))
    return f"{machine}\\{found[-1]}" if found and machine else None


def _from_xml(text: str) -> dict[str, str]:
    try:
        root = parse_xml(text.encode("utf-8", "surrogatepass"))
    except (XmlError, UnicodeEncodeError) as error:
        raise CellError(f"is no XML: {error}") from None
    found = {}
    for element in root.iter("PROPERTY"):
        value = element.find("VALUE")
        found[str(element.get("NAME"))] = "" if value is None else str(value.text or "")
    return found
