"""Listings of the old namespace from a real French host, which hold three classes and no others."""

import re
from pathlib import Path
from typing import Any

from hyperv.folder import NOT_COLLECTED, dump, host_of, shown_table
from real_data import real_folder

from snapshot_tool.hyperv.canonical import HyperV
from snapshot_tool.snapshot import Table

_LISTS = frozenset({"OperationalStatus"})
# What the collector makes of a DMTF date.
_DMTF = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.\d{6}-000")


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return [int(number) for number in re.findall(r"\d+", text)]
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if (date := _DMTF.fullmatch(text)) is not None:
        return "{}-{}-{}T{}:{}:{}.000Z".format(*date.groups())
    if text.isdigit() and name not in ("Name", "ElementName"):
        return int(text)
    return text or None


def _rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{}]
    for line in path.read_text("utf-16").splitlines():
        name, found, text = line.partition("=")
        if found:
            rows[-1][name] = _value(name, text)
        elif rows[-1]:
            rows.append({})
    return [row for row in rows if row]


def _hyperv() -> HyperV:
    tables: dict[str, Table] = {}
    for stem in ("ComputerSystem", "MemorySettingData", "ProcessorSettingData"):
        rows = _rows(real_folder("wmi") / f"2008-MSVM_{stem}.wmi")
        tables[f"hv/Msvm_{stem}"] = dump(f"hv/Msvm_{stem}", sorted(rows[0]), rows)

    def table(name: str) -> Table:
        return tables.get(name) or Table(name, {}, gap=NOT_COLLECTED)

    return HyperV(table, host_of(7601), other=table, namespace_of=lambda _name: "root\\virtualization")


def test_a_real_host_of_the_old_namespace_has_one_machine() -> None:
    [vm] = shown_table(_hyperv().table("vm"))["rows"]
    assert (vm["Name"], vm["State"], vm["PrimaryOperationalStatus"]) == ("vm-0450-glpi", "Off", "Ok")


def test_templates_of_a_real_host_say_dynamic_memory_and_are_no_machines() -> None:
    [memory] = shown_table(_hyperv().table("vm_memory"))["rows"]
    assert memory == {
        "VMId": "6a257fa0-fa76-4bf4-a3fb-67aee79316bd",
        "VMName": "vm-0450-glpi",
        "DynamicMemoryEnabled": False,
        "Startup": 2147483648,
        "Minimum": 536870912,
        "Maximum": 1099511627776,
        "Buffer": 20,
        "Priority": 50,
    }


def test_the_processors_of_a_real_machine_are_counted_as_windows_does() -> None:
    [processor] = shown_table(_hyperv().table("vm_processor"))["rows"]
    assert [processor[name] for name in ("Count", "Maximum", "Reserve", "RelativeWeight")] == [2, 100, 0, 100]


def test_what_the_listings_do_not_hold_is_a_gap() -> None:
    hyperv = _hyperv()
    assert "AutomaticStartAction" in shown_table(hyperv.table("vm"))["gaps"]
    assert hyperv.table("vm_network_adapter").gap is not None
