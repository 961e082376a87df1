"""The script as it is, byte for byte, on PowerShell for Windows under Wine: an imported registry, a drive C:, and no WMI at all."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from powershell import contract, host, sound, wine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def modern(tmp_path_factory: pytest.TempPathFactory) -> tuple[host.Host, wine.Run]:
    """A host of 2025."""
    wine.launcher()
    made = host.Host("2025")
    return made, wine.run(tmp_path_factory.mktemp("modern"), made.mapping(), "-Quiet")


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> tuple[host.Host, wine.Run]:
    """A host of 2012 R2, whose machines have XML configuration files."""
    wine.launcher()
    made = host.Host("2012R2", vms=2)
    return made, wine.run(tmp_path_factory.mktemp("older"), made.mapping(), "-Quiet", "-TimeBudgetSeconds", "600")


def test_the_archive_is_whole_and_valid_though_wmi_is_dead(modern: tuple[host.Host, wine.Run]) -> None:
    _, run = modern
    assert run.code == 1, run.text[-3000:]
    assert sound.defects(run.archive) == []
    assert run.archive.manifest["os"]["build"] == 26100
    assert run.archive.manifest["elevated"] is True


def test_what_rests_on_wmi_alone_failed_with_the_cause(modern: tuple[host.Host, wine.Run]) -> None:
    entries = modern[1].archive.entries
    for name in (
        "volumes",
        "disks",
        "net_ip",
        "smb_shares",
        "local_users",
        "user_profiles",
        "net_bindings",
        "hv/Msvm_ComputerSystem",
        "hv/Msvm_MemorySettingData",
    ):
        entry = entries[name]
        assert entry["status"] == "failed", (name, entry)
        assert any(e["where"].startswith("wmi:") for e in entry["errors"]), entry
    for name in ("local_groups", "scheduled_tasks"):
        assert entries[name]["status"] == "failed", entries[name]
        assert entries[name]["errors"], name


def test_columns_that_only_wmi_gives_are_named_and_the_rest_is_there(modern: tuple[host.Host, wine.Run]) -> None:
    archive = modern[1].archive
    services = archive.entries["services"]
    assert services["status"] == "partial"
    assert services["rowsComplete"] is True
    assert {"State", "ProcessId"} <= set(services["unreadColumns"])
    rows = {r["Name"]: r for r in archive.rows("services")}
    assert rows["vmms"]["ImagePathRaw"] == "%SystemRoot%\\system32\\vmms.exe"
    assert rows["vmms"]["StartType"] == 2
    assert rows["AgentSvc"]["Redacted"] is True
    assert rows["MpsSvc"]["ServiceDllResolved"].lower() == "c:\\windows\\system32\\mpssvc.dll"
    assert archive.entries["os"]["status"] == "partial"
    assert archive.rows("os")[0]["Build"] == 26100


def test_registry_values_come_home_as_they_were_imported(modern: tuple[host.Host, wine.Run]) -> None:
    made, run = modern
    rows = {(r["Key"].lower(), (r["Name"] or "").lower()): r for r in run.archive.rows("registry_values")}
    seen = 0
    for entry in made.spec["registryList"]:
        key = made.registry.get(entry["key"].lower())
        if entry.get("exportedBy") or entry["mode"] != "value" or key is None:
            continue
        value = next((v for n, v in key["values"].items() if n.lower() == entry["name"].lower()), None)
        if value is None:
            continue
        row = rows[entry["key"].lower(), entry["name"].lower()]
        assert (row["Exists"], row["Kind"]) == (True, value["kind"]), row
        if value["kind"] == "REG_DWORD":
            assert row["IntValue"] == value["data"], row
            seen += 1
    assert seen >= 3
    secret = rows["hklm\\software\\microsoft\\windows nt\\currentversion\\winlogon", "defaultpassword"]
    assert (secret["Exists"], secret["TextValue"]) == (True, None)
    odd = rows["hklm\\software\\microsoft\\windows nt\\currentversion\\server\\serverlevels", "unusual"]
    assert (odd["Kind"], odd["HexValue"]) == ("REG_NONE", "hex:0102")


def test_firewall_rule_strings_come_home_unchanged(modern: tuple[host.Host, wine.Run]) -> None:
    made, run = modern
    rows = {(r["Store"], r["ValueName"]): r["Rule"] for r in run.archive.rows("firewall_rules_raw")}
    local = made.registry[f"{host.FIREWALL}\\FirewallRules".lower()]["values"]
    for name, value in local.items():
        assert rows["local", name] == value["data"]
    assert rows["gpo", "{GPO-RULE}"].endswith("Name=Sperre \u00fc|")


def test_the_authorization_store_is_copied_byte_for_byte(modern: tuple[host.Host, wine.Run]) -> None:
    made, run = modern
    store = made.files[f"{host.HYPERV_FOLDER}\\InitialStore.xml".lower()]
    assert run.archive.members["raw/azman/InitialStore.xml"] == wine.content(store)
    row = run.archive.rows("azman")[0]
    assert row["Exists"] is True
    assert row["Scheme"] == "msxml"


def test_permissions_and_identities_are_read(modern: tuple[host.Host, wine.Run]) -> None:
    archive = modern[1].archive
    rows = archive.rows("acls")
    assert len(rows) > 10
    assert any(r["Path"].lower() == f"{host.HYPERV_FOLDER}\\initialstore.xml".lower() for r in rows)
    assert all(r["Sddl"] or "_err" in r or not r["Exists"] for r in rows)
    assert archive.manifest["user"]["sid"].startswith("S-1-")
    names = {r["Sid"]: r["Name"] for r in archive.rows("sids")}
    assert any(name for name in names.values())


def test_configuration_files_of_machines_are_copied_byte_for_byte_up_to_2012_r2(
    older: tuple[host.Host, wine.Run],
) -> None:
    made, run = older
    assert sound.defects(run.archive) == []
    copies = {n: b for n, b in run.archive.members.items() if n.startswith("raw/vmconfig/")}
    wanted = {f"raw/vmconfig/{host.guid('vm', n)}.xml".lower() for n in range(2)}
    assert {n.lower() for n in copies} == wanted
    for n in range(2):
        path = f"{host.HYPERV_FOLDER}\\Virtual Machines\\{host.guid('vm', n)}.xml".lower()
        assert wine.content(made.files[path]) in copies.values()


@pytest.mark.parametrize("which", ["modern", "older"])
def test_no_secret_leaves_the_host(which: str, request: pytest.FixtureRequest) -> None:
    run: wine.Run = request.getfixturevalue(which)[1]
    for name, body in run.archive.members.items():
        assert b"CANARY" not in body, name
        assert "CANARY".encode("utf-16-le") not in body, name


@pytest.mark.parametrize("which", ["modern", "older"])
def test_the_product_analyzes_the_archive(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if importlib.util.find_spec("snapshot_tool.cli") is None:
        pytest.skip("snapshot_tool.cli is not there")
    run: wine.Run = request.getfixturevalue(which)[1]
    report = tmp_path / "report.json"
    command = [
        sys.executable,
        "-m",
        "snapshot_tool",
        "analyze",
        str(run.archive.path),
        "--json",
        str(report),
        "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8")
    assert done.returncode in (1, 3), done.stderr[-2000:]
    read = json.loads(report.read_text(encoding="utf-8"))["snapshots"][0]
    assert read["host"]["build"] == host.BUILDS["2025" if which == "modern" else "2012R2"]
    assert not [r for r in read["results"] if r["cause"] in ("unreadable", "crashed")]


def test_the_self_test_answers_for_every_kind_of_call_and_ends(tmp_path: Path) -> None:
    wine.launcher()
    run = wine.run(tmp_path, host.Host("2025").mapping(), "-SelfTest", seconds=120)
    assert run.code in (0, 1), run.text
    assert "PASS" in run.text
    assert "FAIL" in run.text
    assert not list(run.folder.glob("*.zip"))
    assert contract.COLLECTOR.is_file()
