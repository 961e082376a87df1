"""The script on recorded hosts: whole hosts of four generations, and what happens when calls fail, refuse, hang or end early."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from powershell import contract, host, recorded, sound
from powershell.recorded import Archive, Outcome, Scenario

ERAS = ["2008R2", "2012", "2016", "2025"]


@pytest.fixture(scope="module")
def mappings() -> dict[str, dict[str, Any]]:
    return {era: host.Host(era).mapping() for era in ERAS}


@pytest.fixture(scope="module")
def outcomes(mappings: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    modern = mappings["2025"]
    emptied = {
        **modern,
        "wmi": {
            n: {c: {"properties": v["properties"], "rows": []} for c, v in space.items()}
            for n, space in modern["wmi"].items()
        },
        "methods": {
            **modern["methods"],
            "Msvm_VirtualSystemManagementService.GetSummaryInformation": {"ReturnValue": 0, "SummaryInformation": []},
        },
    }
    user = {"identity": {"Sid": f"{host.DOMAIN}-1106", "Name": "CORP\\reader", "Elevated": False}}
    scenarios = [Scenario(era, mappings[era], recorded.EVERYTHING) for era in ERAS]
    scenarios += [
        Scenario("default", modern),
        Scenario("again", modern),
        Scenario("folder", modern, {"NoZip": True}),
        Scenario("notes", modern, {"IncludeNotes": True, "Include": ["hv"]}),
        Scenario("no rows in WMI", emptied),
        Scenario("not elevated", modern, patch=user),
        Scenario("all fail", modern, faults={"*": "other"}),
        Scenario("all denied", modern, faults={"*": "denied"}),
        Scenario("all late", modern, {"TimeBudgetSeconds": 99_999_999}, slow={"*": 61_000}),
        Scenario("few seconds", modern, {"TimeBudgetSeconds": 100}, slow={"*": 5_000}),
        Scenario("hash fails", modern, {"Include": ["os", "services"]}, patch={"hashing": "broken"}),
        Scenario("properties lacking", _without_properties(modern)),
        Scenario("few acls", modern, {"MaxAclFiles": 5}),
        Scenario("excluded", modern, {"Include": ["os,services", "hv"], "Exclude": ["hv/Msvm_ComputerSystem"]}),
        Scenario(
            "cut", modern, {"Include": ["services", "volumes"]}, patch={"cutAfter": {"root\\cimv2:Win32_Volume": 1}}
        ),
    ]
    return recorded.run_in_two(scenarios, tmp_path_factory.mktemp("recorded"))


def _without_properties(mapping: dict[str, Any]) -> dict[str, Any]:
    """Each class with one property less, as an older build or a smaller edition has it."""
    wmi: dict[str, Any] = {}
    for namespace, classes in mapping["wmi"].items():
        wmi[namespace] = {}
        for name, known in classes.items():
            gone = known["properties"][-1:] if len(known["properties"]) > 2 else []
            rows = [{k: v for k, v in row.items() if k.split(".")[0] not in gone} for row in known["rows"]]
            wmi[namespace][name] = {"properties": [p for p in known["properties"] if p not in gone], "rows": rows}
    return {**mapping, "wmi": wmi}


def statuses(archive: Archive) -> dict[str, str]:
    return {name: entry["status"] for name, entry in archive.entries.items()}


# --- whole hosts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("era", ERAS)
def test_a_whole_host_is_read_without_a_gap(era: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[era]
    assert outcome.failure is None
    gaps = {
        n: (e["status"], e["unreadColumns"], e["errors"][:2])
        for n, e in outcome.archive.entries.items()
        if e["status"] in ("failed", "partial")
    }
    assert gaps == {}
    assert outcome.code == 0, outcome.text
    skipped = {n: e["skippedReason"] for n, e in outcome.archive.entries.items() if e["status"] == "skipped"}
    assert skipped == {}


@pytest.mark.parametrize("era", ERAS)
def test_its_archive_keeps_every_rule_of_the_format(era: str, outcomes: dict[str, Outcome]) -> None:
    assert sound.defects(outcomes[era].archive) == []


@pytest.mark.parametrize("era", ERAS)
def test_datasets_outside_the_era_are_not_applicable_for_that_reason(era: str, outcomes: dict[str, Outcome]) -> None:
    spec, _ = contract.definition()
    at = host.ERAS.index(era)
    for dataset in spec["datasets"]:
        entry = outcomes[era].archive.entries[dataset["name"]]
        reason = None
        if at < host.ERAS.index(dataset["since"]):
            reason = "osTooOld"
        elif at > host.ERAS.index(dataset.get("until") or "2025"):
            reason = "osTooNew"
        if reason:
            assert (entry["status"], entry["notApplicableReason"]) == ("notApplicable", reason), dataset["name"]
        else:
            assert entry["notApplicableReason"] not in ("osTooOld", "osTooNew"), dataset["name"]
        for column in dataset["columns"]:
            if entry["file"] and not host.ERAS.index(column.get("since") or "2008") <= at <= host.ERAS.index(
                column.get("until") or "2025"
            ):
                assert column["name"] in entry["missingColumns"], (dataset["name"], column["name"])


def test_what_the_host_holds_is_in_the_rows(outcomes: dict[str, Outcome]) -> None:
    archive = outcomes["2025"].archive
    system = archive.rows("os")[0]
    assert (system["Build"], system["UBR"], system["TimeZoneBiasMin"], system["OSLanguageLcid"]) == (
        26100,
        2033,
        -60,
        1031,
    )
    services = {r["Name"]: r for r in archive.rows("services")}
    assert services["vmms"]["State"] == "Running"
    assert services["MpsSvc"]["ServiceDllResolved"].lower() == "c:\\windows\\system32\\mpssvc.dll"
    assert services["vmms"]["DependOnService"] == ["RpcSs"]
    assert services["AgentSvc"]["ImagePathRaw"] == "C:\\Program Files\\Agent One\\agent.exe --password <redacted> --run"
    assert services["AgentSvc"]["FailureCommand"] == "notify.exe /pwd:<redacted>"
    assert services["AgentSvc"]["Redacted"] is True
    assert services["vmms"]["Redacted"] is False
    assert "vmswitch" in {r["Name"] for r in archive.rows("drivers")} - set(services)
    rules = {(r["Store"], r["ValueName"]) for r in archive.rows("firewall_rules_raw")}
    assert {("local", "Rule-0000-In-TCP"), ("gpo", "{GPO-RULE}"), ("svcStatic", "WD-1")} <= rules
    assert {(r["Protocol"], r["LocalPort"]) for r in archive.rows("endpoints")} == {
        ("tcp", 135),
        ("tcp", 2179),
        ("udp", 123),
    }
    assert {(r["LocalPort"]) for r in outcomes["2008R2"].archive.rows("endpoints")} == {135, 2179, 123}
    groups = {r["Sid"]: r["MemberCount"] for r in archive.rows("local_groups")}
    assert groups == {"S-1-5-32-544": 2, "S-1-5-32-578": 1}
    members = archive.rows("local_group_members")
    assert {r["Resolved"] for r in members if r["GroupSid"] == "S-1-5-32-578"} == {False}
    assert {r["Depth"] for r in members} == {0, 1}
    snmp = archive.rows("snmp")[0]
    assert (snmp["CommunityCount"], snmp["DefaultCommunityNames"], snmp["WritableCommunityCount"]) == (2, ["public"], 1)
    policies = {(r["Source"], r["Name"]): r for r in archive.rows("net_qos_policies")}
    migration = policies["gpo", "Migration"]
    assert (migration["DstPortStart"], migration["DstPortEnd"], migration["DstPrefix"]) == (6600, 6610, "10.1.0.0/16")
    assert (migration["DscpValue"], migration["ThrottleRateBps"]) == (46, 8_192_000)
    assert policies["wmi", "SMB"]["DstPortStart"] == 445
    machines = [r for r in archive.rows("hv/Msvm_ComputerSystem") if r["Name"] != "HV01"]
    assert {r["ElementName"] for r in machines} == {"VM0 [/b] \u00fc\U0001f600", "VM1", "VM2"}
    settings = archive.rows("hv/Msvm_VirtualSystemSettingData")
    _, hv = contract.definition()
    for c in hv["v2"]:
        if c.get("excludeTemplates") and archive.entries["hv/" + c["class"]]["file"]:
            assert not [
                r for r in archive.rows("hv/" + c["class"]) if r["InstanceID"].startswith("Microsoft:Definition")
            ], c["class"]
    machines = [r for r in settings if not r["InstanceID"].startswith("Microsoft:Definition")]
    assert {r["NotesLength"] for r in machines} == {len("CANARY-vm-notes password=0")}
    assert all(r["NotesSuspicious"] for r in machines)
    disks = {r["Path"].lower() for r in archive.rows("vhds")}
    assert disks == {f"d:\\vms\\vm{n}\\disks\\system.vhdx" for n in range(3)}
    roles = {r["Path"].lower(): set(r["Roles"]) for r in archive.rows("acls")}
    assert "vhd" in roles["d:\\vms\\vm0\\disks\\system.vhdx"]
    assert {"hostDefaultDir", "parentDir"} <= roles["d:\\vms"]
    assert {r["Trustee"] for r in archive.rows("hv/Msvm_InteractiveSessionACE")} == {"S-1-5-32-578"}
    assert "azmanFile" in roles[f"{host.HYPERV_FOLDER}\\InitialStore.xml".lower()]
    assert archive.members["raw/secpol/secedit.inf"].startswith(b"\xff\xfe[\0U\0")
    assert archive.members["raw/azman/InitialStore.xml"].startswith(b"<?xml")
    assert {n for n in archive.members if n.startswith("raw/vmconfig/")} == {
        f"raw/vmconfig/{host.guid('vm', n).upper()}.vmcx" for n in range(3)
    } or {n.lower() for n in archive.members if n.startswith("raw/vmconfig/")} == {
        f"raw/vmconfig/{host.guid('vm', n).lower()}.vmcx" for n in range(3)
    }


def test_two_runs_give_the_same_data_bytes(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["default"].archive.data == outcomes["again"].archive.data


def test_the_folder_form_is_the_same_tree_with_the_same_bytes(outcomes: dict[str, Outcome]) -> None:
    (root,) = [p for p in outcomes["folder"].folder.iterdir() if p.is_dir()]
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    zipped = outcomes["default"].archive
    assert set(found) == set(zipped.members)
    assert {n: b for n, b in found.items() if n.startswith(("data/", "raw/"))} == zipped.data


@pytest.mark.parametrize("name", [*ERAS, "default", "not elevated", "all denied", "properties lacking"])
def test_no_secret_of_the_host_is_in_the_archive(name: str, outcomes: dict[str, Outcome]) -> None:
    archive = outcomes[name].archive
    raw = archive.path.read_bytes()
    for member, body in [*archive.members.items(), ("the zip", raw)]:
        for encoding in ("ascii", "utf-16-le", "utf-16-be"):
            assert "CANARY".encode(encoding) not in body, (
                name,
                member,
                body[max(0, body.find(b"CANARY") - 80) :][:160],
            )


def test_notes_come_only_with_their_switch_and_only_into_their_column(outcomes: dict[str, Outcome]) -> None:
    archive = outcomes["notes"].archive
    rows = archive.rows("hv/Msvm_VirtualSystemSettingData")
    assert {r["Notes"] for r in rows} >= {"CANARY-vm-notes password=0"}
    for name, body in archive.members.items():
        left = re.sub(rb'"Notes":"(\\.|[^"\\])*"', b"", body)
        assert b"CANARY" not in left, name


def test_the_manifest_names_what_the_run_did(outcomes: dict[str, Outcome]) -> None:
    manifest = outcomes["default"].archive.manifest
    table = contract.sha256(contract.table_text(*contract.definition()))
    assert manifest["tableSha256"] == table
    assert manifest["runId"] == "5b0c2f44-0f0e-4d43-9a5e-0d8f0a6d2c11"
    assert manifest["startedUtc"] == "2026-11-22T00:41:02.000Z"
    assert manifest["host"] == {
        "name": "HV01",
        "fqdn": manifest["host"]["fqdn"],
        "domain": "corp.example",
        "workgroup": None,
        "partOfDomain": True,
    }
    assert (manifest["os"]["build"], manifest["os"]["productType"], manifest["os"]["editionId"]) == (
        26100,
        3,
        "ServerDatacenter",
    )
    assert any("scesrv.log" in effect for effect in manifest["sideEffects"])
    assert manifest["aborted"] is False
    assert outcomes["default"].archive.path.name == "HV01_hvsnap_20261122T004102Z.zip"


# --- statuses -----------------------------------------------------------------------------------------------------


def test_a_host_that_has_none_of_it_gives_empty_and_never_ok_or_failed(outcomes: dict[str, Outcome]) -> None:
    archive = outcomes["no rows in WMI"].archive
    assert sound.defects(archive) == []
    for name, entry in archive.entries.items():
        if name.startswith("hv/") and entry["status"] != "notApplicable":
            assert entry["status"] == "empty", (name, entry)
    for name in ("net_ip", "net_teams", "net_nat", "smb_connections", "iscsi_sessions", "user_profiles"):
        assert archive.entries[name]["status"] == "empty", archive.entries[name]


def test_without_elevation_what_needs_it_is_skipped_and_the_code_is_3(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["not elevated"]
    spec, _ = contract.definition()
    assert outcome.code == 3
    assert sound.defects(outcome.archive) == []
    entries = outcome.archive.entries
    for dataset in spec["datasets"]:
        entry = entries[dataset["name"]]
        if dataset["elevation"] and entry["status"] != "notApplicable":
            assert (entry["status"], entry["skippedReason"]) in {("skipped", "notElevated"), ("skipped", "optional")}, (
                dataset["name"]
            )
        for column in dataset["columns"]:
            if column.get("elevation") and entry["file"] and column["name"] not in entry["missingColumns"]:
                assert entry["unreadColumns"].get(column["name"]) == "accessDenied", (dataset["name"], column["name"])
    assert {e["status"] for n, e in entries.items() if n.startswith("hv/")} <= {"skipped", "notApplicable"}


#: Datasets that the run fills from what it knows already, or that say in a column of their own why a look-up failed.
OWN_KNOWLEDGE = {"collection", "sids"}


@pytest.mark.parametrize(("name", "types"), [("all fail", {"other"}), ("all denied", {"accessDenied"})])
def test_a_host_that_answers_nothing_gives_no_ok_and_no_empty(
    name: str, types: set[str], outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes[name]
    assert outcome.code == 1
    assert sound.defects(outcome.archive) == []
    wrong = []
    for dataset, entry in outcome.archive.entries.items():
        absent = entry["notApplicableReason"] not in (None, "osTooOld", "osTooNew") and not dataset.startswith(
            "cluster/"
        )
        caused = (
            entry["status"] != "failed" or dataset in recorded.CONSUMERS or {e["type"] for e in entry["errors"]} & types
        )
        if dataset not in OWN_KNOWLEDGE and (entry["status"] in ("ok", "empty") or absent or not caused):
            wrong.append((dataset, entry["status"], entry["notApplicableReason"], entry["errors"][:1]))
    assert wrong == []


def test_a_dataset_over_its_time_is_cut_and_says_so(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["all late"]
    assert sound.defects(outcome.archive) == []
    cut = {n: e for n, e in outcome.archive.entries.items() if any(x["type"] == "truncated" for x in e["errors"])}
    for name, entry in cut.items():
        expected = {("partial", "seconds", False), ("failed", None, False)}
        assert (entry["status"], entry["truncatedBy"], entry["rowsComplete"]) in expected, (name, entry)
        assert entry["status"] == "partial" or entry["rows"] == 0, (name, entry)
    assert {"services", "acls", "registry_values", "eventlogs", "bitlocker", "vhds", "sids"} <= set(cut), set(cut)


def test_what_the_time_budget_leaves_out_is_named(outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes["few seconds"]
    entries = list(outcome.archive.entries.values())
    skipped = [
        e["skippedReason"] == "timeBudget"
        for e in entries
        if e["status"] == "skipped" and e["skippedReason"] != "optional"
    ]
    assert all(skipped)
    assert len(skipped) > 100
    assert outcome.archive.entries["os"]["status"] in ("ok", "partial")
    assert sound.defects(outcome.archive) == []


def test_a_class_that_lacks_a_property_has_it_in_missing_columns_and_loses_nothing_else(
    outcomes: dict[str, Outcome],
) -> None:
    archive, whole = outcomes["properties lacking"].archive, outcomes["default"].archive
    assert sound.defects(archive) == []
    assert not [n for n, s in statuses(archive).items() if s == "failed"]
    machine = archive.entries["hv/Msvm_ComputerSystem"]
    assert machine["status"] == "ok"
    assert set(machine["missingColumns"]) > set(whole.entries["hv/Msvm_ComputerSystem"]["missingColumns"])
    assert machine["rows"] == whole.entries["hv/Msvm_ComputerSystem"]["rows"]


def test_a_row_limit_is_told_with_the_numbers(outcomes: dict[str, Outcome]) -> None:
    entry = outcomes["few acls"].archive.entries["acls"]
    assert (entry["status"], entry["rows"], entry["truncated"], entry["truncatedBy"], entry["rowsComplete"]) == (
        "partial",
        5,
        True,
        "rows",
        False,
    )
    assert any(re.search(r"5 of \d+", e["message"]) for e in entry["errors"])
    first = outcomes["few acls"].archive.rows("acls")
    assert any("azmanFile" in r["Roles"] for r in first)


def test_include_and_exclude_take_names_and_groups_split_at_commas(outcomes: dict[str, Outcome]) -> None:
    entries = outcomes["excluded"].archive.entries
    tried = {n for n, e in entries.items() if e["status"] not in ("skipped", "notApplicable")}
    assert {"os", "services", "hv/Msvm_MemorySettingData"} <= tried
    assert all(n in ("os", "services") or n.startswith("hv/") for n in tried)
    assert entries["hv/Msvm_ComputerSystem"]["skippedReason"] == "excluded"
    assert entries["firewall_hyperv"]["skippedReason"] == "excluded"


def test_rows_read_before_a_time_limit_are_kept(outcomes: dict[str, Outcome]) -> None:
    entry = outcomes["cut"].archive.entries["volumes"]
    assert (entry["status"], entry["rows"], entry["rowsComplete"]) == ("partial", 1, False)
    assert any(e["type"] == "timeout" for e in entry["errors"])


# --- what reviewers of the script found ---------------------------------------------------------------------------


def test_gaps_of_single_keys_cost_nothing_else_and_are_no_facts(
    mappings: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    modern = mappings["2025"]
    entry = next(k for k in modern["registry"] if re.fullmatch(r"hklm\\bcd00000000\\objects\\\{[^\\]+\}", k))
    service = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\vmms"
    channel = "Microsoft-Windows-Hyper-V-VMMS-Admin"
    winevt = f"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\{channel}"
    twice = host.Host("2025")
    twice.key(winevt, Enabled=0, MaxSize=4096)
    twice.key(f"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\{channel}", MaxSize=1)
    nothing = dict.fromkeys(
        ["MinPasswordLength", "PasswordHistoryLength", "MaxPasswordAge", "MinPasswordAge", "MaxBadPasswordsAllowed"]
    )
    done = recorded.run(
        [
            Scenario(
                "boot",
                modern,
                {"Include": ["boot_entries"]},
                {f"Get-RegistryValues|{entry}\\Description": "denied"},
            ),
            Scenario("service", modern, {"Include": ["services"]}, {f"Get-RegistrySubKeyNames|{service}": "denied"}),
            Scenario("late", modern, {"Include": ["services"]}, slow={"Get-WmiObjectSddl|*": 61_000}),
            Scenario("channel", twice.mapping(), {"Include": ["eventlogs"]}),
            Scenario("policy", modern, {"Include": ["account_policy"]}, patch={"accountPolicy": nothing}),
            Scenario("budget", modern, {"TimeBudgetSeconds": 1}, slow={"*": 2_000}),
        ],
        tmp_path,
    )
    rows = done["boot"].archive.rows("boot_entries")
    assert len(rows) > 2
    assert {r["IsDefault"] for r in rows} >= {True}
    assert [e["where"].split(":")[0] for e in done["boot"].archive.entries["boot_entries"]["errors"]] == ["reg"]
    services = done["service"].archive
    assert "vmms" not in {r["Name"] for r in services.rows("services")}
    assert services.entries["services"]["rowsComplete"] is False
    assert len(done["late"].archive.rows("services")) == 1
    logs = {r["Channel"]: r for r in done["channel"].archive.rows("eventlogs")}
    assert (logs[channel]["Enabled"], logs[channel]["MaxSizeBytes"]) == (False, 4096)
    assert done["policy"].archive.entries["account_policy"]["status"] == "failed"
    assert done["budget"].code == 1


def test_a_secret_between_entities_does_not_stay_in_a_task_definition(
    mappings: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    modern = mappings["2025"]
    text = (
        '<t:Task xmlns:t="x"><t:Arguments a="1">-password=&quot;My Secret Word&quot; &amp; run</t:Arguments>'
        "<Command>x.exe -pwd hunter2</Command></t:Task>"
    )
    done = recorded.run([Scenario("tasks", {**modern, "taskXml": text}, recorded.EVERYTHING)], tmp_path)["tasks"]
    copies = [body.decode("utf-8") for name, body in done.archive.members.items() if name.startswith("raw/tasks/")]
    assert copies
    for copy in copies:
        assert "Secret" not in copy
        assert "hunter2" not in copy
        assert "-password=&lt;redacted&gt; &amp; run</t:Arguments>" in copy


# --- the process: exit codes, gates, interruption -----------------------------------------------------------------


def started(folder: Path, mapping: dict[str, Any], *arguments: str, **changes: Any) -> tuple[int, str, Path]:
    """Exit code and text of `pwsh -File` on a copy of the script whose layer answers from a recorded host."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    script = recorded.standalone(folder, {**mapping, **changes})
    command = [
        recorded.pwsh(),
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(script),
        "-OutputPath",
        str(out),
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace")
    return done.returncode, done.stdout + done.stderr, out


def test_exit_code_0_and_progress_for_each_dataset(mappings: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    code, text, out = started(tmp_path, mappings["2025"], "-Include", "os,services")
    assert code == 0, text
    assert re.search(r"ok +os\b", text)
    assert re.search(r"ok +services\b", text)
    assert len(list(out.glob("*.zip"))) == len(list(out.glob("*.zip.sha256"))) == 1
    digest = re.search(r"[0-9a-f]{64}", text)
    assert digest is not None
    assert next(out.glob("*.sha256")).read_text(encoding="ascii").startswith(digest[0])


def environment(mapping: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"environment": {**mapping["environment"], **changes}}


def gated() -> dict[str, tuple[dict[str, Any], str]]:
    """A host that stops the run before it begins, and what the message must hold."""
    whole = host.Host("2025").mapping()
    bare = {k: v for k, v in whole["registry"].items() if "\\services\\vmms" not in k}
    return {
        "constrained language": ({**whole, "languageMode": "ConstrainedLanguage"}, "ConstrainedLanguage"),
        "32-bit": ({**whole, **environment(whole, IsWow64=True, Is64BitProcess=False)}, "sysnative"),
        "not Windows": ({**whole, **environment(whole, IsWindows=False)}, "Windows"),
        "no role": ({**whole, "registry": bare}, "-Force"),
    }


def test_a_gate_ends_with_4_says_what_to_do_and_writes_nothing(tmp_path: Path) -> None:
    gates = gated()
    done = recorded.run([Scenario(name, mapping) for name, (mapping, _) in gates.items()], tmp_path / "batch")
    for name, (_, hint) in gates.items():
        assert (done[name].code, done[name].failure) == (4, None), name
        assert hint in done[name].text, name
        assert not list(done[name].folder.iterdir()), name
    code, text, out = started(tmp_path, gates["no role"][0])
    assert (code, list(out.iterdir())) == (4, []), text


def test_with_force_it_goes_on_without_the_role(tmp_path: Path) -> None:
    mapping = host.Host("2025", vms=0).mapping()
    mapping["registry"] = {k: v for k, v in mapping["registry"].items() if "\\services\\vmms" not in k}
    mapping["wmi"] = {n: v for n, v in mapping["wmi"].items() if "virtualization" not in n}
    code, text, out = started(tmp_path, mapping, "-Force", "-Include", "os,hv")
    assert code in (0, 1), text
    archive = Archive.read(next(out.glob("*.zip")))
    assert sound.defects(archive) == []
    assert archive.entries["hv/Msvm_ComputerSystem"]["notApplicableReason"] == "roleAbsent"


def test_exit_code_2_when_nothing_can_be_written(mappings: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    script = recorded.standalone(tmp_path, mappings["2025"])
    command = [
        recorded.pwsh(),
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(script),
        str(tmp_path / "file" / "below"),
        "-Quiet",
    ]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 2, done.stdout
    assert not list(tmp_path.glob("**/*.zip"))


def test_a_folder_that_cannot_be_finished_goes_again(mappings: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    script = recorded.standalone(tmp_path, mappings["2025"])
    text = script.read_text(encoding="ascii")
    full = "function Add-SnapshotFile($Name, $Bytes, $Count, $Mtime) { if ($Name -eq 'log.txt') { throw 'disk full' }"
    head = re.search(r"function Add-SnapshotFile\([^)]*\) \{", text)
    assert head is not None
    script.write_text(text.replace(head[0], full), encoding="ascii")
    (tmp_path / "out").mkdir()
    command = [recorded.pwsh(), "-NoProfile", "-NonInteractive", "-File", str(script), str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "-NoZip", "-Include", "os", "-Quiet"], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "disk full" in done.stdout
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "wanted", "unwanted"),
    [
        (["-WhatIf", "-Include", "os", "-NoZip"], 0, r"would read os .*\n(?s:.*)the folder <HOST>_hvsnap", "services"),
        (["-WhatIf", "-Exclude", "hv", "-NoAcl"], 0, r"would read services", r"would read (hv/|acls )"),
        (["-Include", ","], 64, "names no dataset", "written"),
        (["-AsJson"], 64, "belongs to -ListDatasets", "written"),
    ],
)
def test_parameters_mean_what_they_say(
    arguments: list[str], code: int, wanted: str, unwanted: str, mappings: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    done, text, out = started(tmp_path, mappings["2025"], *arguments)
    assert done == code, text
    assert re.search(wanted, text), text
    assert not re.search(unwanted, text), text
    assert list(out.iterdir()) == []


def test_pass_thru_returns_one_object(mappings: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    script = recorded.standalone(tmp_path, mappings["2025"])
    (tmp_path / "out").mkdir()
    call = f"& '{script}' '{tmp_path / 'out'}' -Quiet -PassThru -Include os | ConvertTo-Json -Compress"
    done = subprocess.run(
        [recorded.pwsh(), "-NoProfile", "-NonInteractive", "-Command", call],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    made = json.loads(done.stdout)
    assert set(made) == {"Path", "Sha256", "Bytes", "Status"}
    assert Path(made["Path"]).stat().st_size == made["Bytes"]


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
@pytest.mark.parametrize("at", ["scheduled_tasks", "acls"])
def test_ctrl_c_closes_the_archive_with_what_there_is(
    at: str, mappings: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    script = recorded.standalone(tmp_path, mappings["2025"])
    function = {"scheduled_tasks": "Get-TaskList", "acls": "Get-FileSddl"}[at]
    text = script.read_text(encoding="ascii")
    hang = f"\nfunction {function} {{ [System.IO.File]::WriteAllText('{tmp_path}/there', 'x'); Start-Sleep -Seconds 60 }}\n"
    end = text.index("\n$global:Recorded = Read-Recorded")
    script.write_text(text[:end] + hang + text[end:], encoding="ascii")
    (tmp_path / "out").mkdir()
    include = f"os,services,{at}"
    command = [
        recorded.pwsh(),
        "-NoProfile",
        "-NonInteractive",
        "-File",
        str(script),
        str(tmp_path / "out"),
        "-Quiet",
        "-Include",
        include,
    ]
    # A job in the background ignores SIGINT and hands that on: here it must arrive.
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no thread runs here
    )
    try:
        end_time = time.monotonic() + 60
        while not (tmp_path / "there").exists() and time.monotonic() < end_time and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=90)
    finally:
        process.kill()
        process.wait()
    archive = Archive.read(next((tmp_path / "out").glob("*.zip")))
    assert sound.defects(archive) == []
    assert archive.manifest["aborted"] is True
    assert archive.entries["services"]["status"] == "ok"
    assert archive.entries[at]["status"] in ("skipped", "failed", "partial")
    assert archive.entries[at]["skippedReason"] in (None, "aborted")


# --- other readers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *ERAS,
        "all denied",
        "not elevated",
        "properties lacking",
        "few seconds",
        "few acls",
        "no rows in WMI",
        "excluded",
    ],
)
def test_an_independent_validator_finds_no_defect(name: str, outcomes: dict[str, Outcome]) -> None:
    validator = os.environ.get("SNAPSHOT_TOOL_VALIDATOR")
    if not validator:
        pytest.skip("SNAPSHOT_TOOL_VALIDATOR names no validator")
    done = subprocess.run(
        [sys.executable, validator, str(outcomes[name].archive.path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("command", ["verify", "analyze"])
def test_the_product_reads_every_cell(era: str, command: str, outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    if importlib.util.find_spec("snapshot_tool.cli") is None:
        pytest.skip("snapshot_tool.cli is not there")
    report = tmp_path / "report.json"
    options = ["--json", str(report), "--quiet"] if command == "analyze" else []
    call = [sys.executable, "-m", "snapshot_tool", command, str(outcomes[era].archive.path), *options]
    done = subprocess.run(call, capture_output=True, check=False, encoding="utf-8", cwd=contract.ROOT)
    if "No such command" in done.stderr:
        pytest.skip(f"snapshot-tool has no command {command} yet")
    assert done.returncode in ((0, 3) if command == "verify" else (0, 1, 3)), done.stderr[-1500:] + done.stdout[-1500:]
    if command == "analyze":
        read = json.loads(report.read_text(encoding="utf-8"))["snapshots"][0]
        assert [(r["check"], r["message"]) for r in read["results"] if r["cause"] in ("unreadable", "crashed")] == []
        assert read["host"]["build"] == host.BUILDS[era]
