"""The whole program: exit codes, one clear line per error, no network, code pages, every command on samples."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from snapshot_tool import __version__
from snapshot_tool.cli import app

SAMPLES = Path(__file__).parent.parent / "samples"
HARDENED = SAMPLES / "hardened-2022.zip"
NEGLECTED = SAMPLES / "neglected-2008r2-de.zip"


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_version_is_told():
    assert run("--version").stdout.strip() == f"snapshot-tool {__version__}"


def test_findings_give_1_and_gaps_3_and_the_threshold_counts(tmp_path):
    assert run("analyze", NEGLECTED, "-q").exit_code == 1
    assert run("analyze", HARDENED, "-q").exit_code in (0, 3)
    assert run("analyze", NEGLECTED, "-q", "--fail-on", "never").exit_code in (0, 3)
    assert run("analyze", NEGLECTED, "-q", "--check", "HV-SVC-001").exit_code == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty"), (b"PK\x03\x04 cut", "not a complete zip"), (b"hello", "is no snapshot")],
)
def test_an_unusable_input_gives_4_and_one_line(tmp_path, content, told):
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    found = run("analyze", path)
    assert found.exit_code == 4
    assert told in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert "Traceback" not in found.output


def test_a_file_that_is_not_there_gives_4():
    found = run("analyze", "no-such-file.zip")
    assert (found.exit_code, "there is no such file" in found.stderr) == (4, True)


def test_one_bad_input_does_not_cost_the_others(tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK")
    report = tmp_path / "r.json"
    found = run("analyze", bad, HARDENED, "--json", report, "-q")
    assert found.exit_code == 4
    assert [s["source"] for s in json.loads(report.read_text())["snapshots"]] == ["hardened-2022.zip"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--check", "HV-NO-001"),
        ("--area", "NONE"),
        ("--json", "-", "--md", "-"),
        ("--xlsx", "-"),
        ("--fail-on", "sometimes"),
        ("--policy", "no-such.toml"),
        ("--json", "no-such-folder/x/r.json"),
    ],
)
def test_wrong_usage_gives_2(arguments):
    found = run("analyze", HARDENED, "-q", *arguments)
    assert found.exit_code == 2
    assert "Traceback" not in found.output


def test_standard_output_holds_the_report_alone():
    found = run("analyze", HARDENED, "--json", "-")
    assert json.loads(found.stdout)["schemaVersion"] == 1


def test_every_report_at_once(tmp_path):
    files = {kind: tmp_path / f"r.{kind}" for kind in ("json", "html", "md", "csv", "sarif", "xlsx")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", path)]
    assert run("analyze", NEGLECTED, "-q", "--lang", "de", *options).exit_code == 1
    assert all(path.stat().st_size > 1000 for path in files.values())


def test_every_check_has_a_result_for_every_sample(tmp_path):
    from analyzers import all_checks

    for sample in sorted(SAMPLES.glob("*.zip")):
        report = tmp_path / f"{sample.stem}.json"
        run("analyze", sample, "--json", report, "-q")
        (snapshot,) = json.loads(report.read_text())["snapshots"]
        assert {result["check"] for result in snapshot["results"]} == {check.id for check in all_checks()}
        keys = [
            json.dumps([r["check"], r["subject"] and {**r["subject"], "name": None}, r["cause"]])
            for r in snapshot["results"]
            if r["status"] == "fail"
        ]
        assert len(keys) == len(set(keys))


def test_two_runs_give_the_same_bytes(tmp_path):
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    for path in (first, second):
        run("analyze", NEGLECTED, "--json", path, "-q")
    assert first.read_bytes() == second.read_bytes()


def test_full_tells_passes_one_by_one():
    short, full = (json.loads(run("analyze", HARDENED, "--json", "-", *more).stdout) for more in ((), ("--full",)))
    count = [len(document["snapshots"][0]["results"]) for document in (short, full)]
    assert count[1] > 2 * count[0]


def test_verify_tells_a_whole_and_a_damaged_snapshot(tmp_path):
    assert run("verify", HARDENED).exit_code in (0, 3)
    data = bytearray(HARDENED.read_bytes())
    data[len(data) // 3] ^= 0xFF
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(data)
    assert run("verify", damaged).exit_code in (1, 4)
    assert "Traceback" not in run("analyze", damaged).output


def test_show_lists_tables_and_filters_rows():
    assert "services" in run("show", HARDENED).stdout
    found = json.loads(run("show", HARDENED, "services", "--where", "Name=VMMS", "--format", "json").stdout)
    assert [row["Name"] for row in found["rows"]] == ["vmms"]
    text = run(
        "show", HARDENED, "services", "--where", "Name=vmms", "--columns", "Name,State", "--format", "csv"
    ).stdout
    assert text.splitlines() == ["Name,State", "vmms,Running"]
    canonical = json.loads(run("show", HARDENED, "--format", "json").stdout)
    assert canonical["tables"]["vm"]["rows"]


def test_show_takes_one_of_several_values_and_a_column_once():
    found = run(
        "show",
        HARDENED,
        "services",
        "--where",
        "Name=vmms",
        "--where",
        "name=VMCOMPUTE",
        "--columns",
        "Name,Name",
        "--format",
        "csv",
    )
    assert found.stdout.split() == ["Name", "vmcompute", "vmms"]


def test_show_prints_rows_that_are_too_wide_as_cards_and_says_that_there_are_none(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    found = run("show", HARDENED, "services", "--where", "Name=vmms")
    assert "• vmms" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80
    assert "services: no such rows" in run("show", HARDENED, "services", "--where", "Name=none").output


def test_what_was_not_read_is_no_empty_cell_and_equals_no_value():
    node = HARDENED.with_name("cluster-node-2019-not-elevated.zip")
    told = run("show", node, "processes", "--columns", "Name,Path", "--format", "csv").stdout
    assert "svchost.exe,⟨access-denied⟩" in told
    assert run("show", node, "processes", "--where", "Path=", "--format", "csv").stdout.count("\n") == 1
    assert "not read: access-denied" in run("show", node, "vm_gpu_partition_adapter", "--format", "csv").output


def test_a_terminal_of_no_width_still_gets_lines(monkeypatch):
    monkeypatch.setenv("COLUMNS", "0")
    assert "HV-SVC-001" in run("checks", "--area", "SVC").stdout.replace("\n", "")


def test_a_folder_where_a_file_belongs_is_wrong_usage_before_the_work_begins(tmp_path):
    found = run("analyze", tmp_path / "never-looked-at.zip", "--html", tmp_path)
    assert (found.exit_code, "it is a folder" in found.output) == (2, True)
    found = run("analyze", tmp_path / "never-looked-at.zip", "--html", tmp_path / "none" / "r.html")
    assert (found.exit_code, "there is no folder" in found.output) == (2, True)
    (tmp_path / "file").write_text("")
    assert run("collector", "-o", tmp_path / "file").exit_code == 2


def test_a_report_never_takes_the_place_of_an_input_or_of_another_report(tmp_path, monkeypatch):
    snapshot, sheet, folder = tmp_path / "k.zip", tmp_path / "sheet.toml", tmp_path / "unpacked"
    snapshot.write_bytes(HARDENED.read_bytes())
    sheet.write_text("", "utf-8")
    with zipfile.ZipFile(HARDENED) as archive:
        archive.extractall(folder)
    monkeypatch.chdir(tmp_path)
    assert run("analyze", snapshot, "-q", "--json", "k.zip").exit_code == 2
    assert run("analyze", folder, "-q", "--json", folder / "manifest.json").exit_code == 2
    assert run("analyze", snapshot, "-q", "--policy", sheet, "--md", "sheet.toml").exit_code == 2
    assert run("analyze", snapshot, "-q", "--json", "o", "--html", tmp_path / "o").exit_code == 2
    assert run("analyze", snapshot, "-q", "--json", "b" * 300).exit_code == 2
    assert snapshot.read_bytes() == HARDENED.read_bytes()
    assert sheet.read_text("utf-8") == ""


@pytest.mark.parametrize("command", ["show", "verify", "azman", "analyze"])
def test_a_path_that_the_system_refuses_is_one_line_and_4(command):
    found = run(command, "x" * 300)
    assert (found.exit_code, found.output.count("\n")) == (4, 1)


def test_one_broken_store_does_not_hide_the_others(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(NEGLECTED) as source, zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            if name == "manifest.json":
                told = json.loads(source.read(name))
                told.pop("files")
                next(e for e in told["datasets"] if e["name"] == "azman_store")["files"].append("raw/azman/second.xml")
                out.writestr(name, json.dumps(told))
            else:
                out.writestr(name, source.read(name))
        out.writestr("raw/azman/second.xml", "<AzAdminManager")
    found = run("azman", path)
    assert found.exit_code == 4
    assert "Who may do what" in found.stdout
    assert "second.xml is no readable AzMan store" in found.output


def test_show_names_what_is_not_there():
    assert run("show", HARDENED, "nonsense").exit_code == 2
    assert run("show", HARDENED, "services", "--where", "Nonsense=1").exit_code == 2
    assert run("show", HARDENED, "services", "--columns", "Nonsense").exit_code == 2


def test_azman_tells_a_store():
    found = run("azman", NEGLECTED)
    assert found.exit_code == 0
    assert "Who may do what" in found.stdout
    assert run("azman", HARDENED).exit_code == 4


def test_checks_and_explain():
    assert "HV-SVC-001" in run("checks", "--area", "SVC").stdout
    assert json.loads(run("checks", "--format", "json").stdout)[0]["id"].startswith("HV-")
    assert run("checks", "--format", "md").stdout.startswith("## HV-")
    assert "vmms" in run("explain", "hv-svc-001").stdout
    assert run("explain", "HV-XX-001").exit_code == 2
    assert "kritisch · 2008 und neuer" in run("explain", "HV-SVC-001", "--lang", "de").stdout


def test_explain_from_a_report_writes_a_ticket_whose_waiver_works(tmp_path):
    report, policy = tmp_path / "r.json", tmp_path / "policy.toml"
    run("analyze", NEGLECTED, "--json", report, "-q", "--check", "HV-SVC-013")
    ticket = run("explain", "HV-SVC-013", "--from", report).stdout
    policy.write_text(ticket.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    run("analyze", NEGLECTED, "--json", report, "-q", "--check", "HV-SVC-013", "--policy", policy)
    (snapshot,) = json.loads(report.read_text())["snapshots"]
    assert [r["waiver"]["owner"] for r in snapshot["results"] if r["status"] == "fail"] == ["who accepts it"]
    assert sum(snapshot["summary"].values()) == 0


@pytest.mark.parametrize("junk", [b"{}", b"[]", b"not json", b'{"snapshots": [{"results": [1]}]}', b'{"snapshots": 7}'])
def test_explain_refuses_what_is_no_report(tmp_path, junk):
    report = tmp_path / "r.json"
    report.write_bytes(junk)
    found = run("explain", "HV-SVC-013", "--from", report)
    assert found.exit_code in (0, 4)
    assert "Traceback" not in found.output
    assert found.exception is None or isinstance(found.exception, SystemExit)


def test_the_collector_is_written_with_its_hash(tmp_path):
    from hashlib import sha256

    found = run("collector", "-o", tmp_path)
    assert found.exit_code == 0
    assert found.stdout.split()[0] == sha256((tmp_path / "collector.ps1").read_bytes()).hexdigest()


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_an_old_code_page_gets_replacements_and_no_traceback(encoding):
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for command in (
        ["analyze", str(NEGLECTED)],
        ["checks"],
        ["azman", str(NEGLECTED)],
        ["explain", "HV-SVC-001"],
        ["show", str(NEGLECTED), "services"],
        ["analyze", str(NEGLECTED), "--md", "-"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "snapshot_tool", *command], capture_output=True, env=environment, timeout=120
        )
        assert b"Traceback" not in done.stderr, (command, done.stderr[-500:])
        assert done.stdout


NO_NETWORK = """
import socket, sys
def refused(*_, **__): raise AssertionError("a network was asked for")
class Refused(socket.socket):
    def __new__(cls, *_, **__): refused()
socket.socket, socket.create_connection, socket.getaddrinfo = Refused, refused, refused
from snapshot_tool.cli import main
sys.argv = ["snapshot-tool", "analyze", sys.argv[1], "--html", sys.argv[2], "--xlsx", sys.argv[3], "--quiet"]
main()
"""


def test_analyze_asks_for_no_network(tmp_path):
    command = [sys.executable, "-c", NO_NETWORK, str(HARDENED), str(tmp_path / "r.html"), str(tmp_path / "r.xlsx")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 3), done.stderr[-800:]


def test_pandas_is_not_on_the_way_of_analyze():
    code = "import sys; from snapshot_tool.cli import app; sys.argv=['x','analyze',sys.argv[1],'-q']\ntry: app()\nexcept SystemExit: pass\nprint('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(HARDENED)], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "False"


def changed(tmp_path, member=None, change=None, manifest=None):
    """The hardened sample with one data file and its manifest changed, hashes left out."""
    members = {}
    with zipfile.ZipFile(HARDENED) as source:
        members = {name: source.read(name) for name in source.namelist()}
    told = json.loads(members["manifest.json"])
    told.pop("files")
    if member:
        document = json.loads(members[member])
        change(document)
        members[member] = json.dumps(document).encode()
    if manifest:
        manifest(told)
    members["manifest.json"] = json.dumps(told).encode()
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def test_an_odd_cell_costs_no_report(tmp_path):
    path = changed(tmp_path, "data/net_adapters.json", lambda d: d["rows"][0].update(InterfaceGuid=[], Name={"a": 1}))
    found = run("analyze", path, "-q", "--html", tmp_path / "o.html", "--json", tmp_path / "o.json")
    assert found.exit_code in (0, 1, 3)
    assert (tmp_path / "o.html").stat().st_size > 1000


@pytest.mark.parametrize("junk", ["x", 7, True, ["Sddl"]])
def test_cell_errors_that_are_no_object_are_gaps(tmp_path, junk):
    path = changed(tmp_path, "data/acls.json", lambda d: d["rows"][0].update(_err=junk))
    report = tmp_path / "o.json"
    assert run("show", path, "acls").exit_code == 0
    run("analyze", path, "-q", "--json", report)
    assert [r for r in json.loads(report.read_text())["snapshots"][0]["results"] if r["cause"] == "crashed"] == []


def test_datasets_that_nobody_knows_are_not_listed(tmp_path):
    path = changed(tmp_path, manifest=lambda m: m["datasets"].append({"name": "x/y", "status": "ok"}))
    assert run("show", path).exit_code == 0
    assert run("show", path, "x/y").exit_code == 2


def test_a_snapshot_that_says_nothing_is_not_whole(tmp_path):
    assert run("verify", changed(tmp_path, manifest=lambda m: m.update(datasets=[]))).exit_code == 3


def test_what_every_windows_has_cannot_be_absent(tmp_path):
    def deny(manifest):
        for entry in manifest["datasets"]:
            entry.update(status="notApplicable", notApplicableReason="featureAbsent", file=None, files=[])

    report = tmp_path / "o.json"
    found = run("analyze", changed(tmp_path, manifest=deny), "--json", report, "-q", "--check", "HV-FW-001")
    assert found.exit_code == 3


def test_a_file_of_what_is_said_not_to_exist_is_named(tmp_path):
    def deny(manifest):
        entry = next(entry for entry in manifest["datasets"] if entry["name"] == "smb_shares")
        entry.update(status="notApplicable", notApplicableReason="featureAbsent", file=None)

    assert "data/smb_shares.json: is not read" in run("verify", changed(tmp_path, manifest=deny)).output


def test_what_every_windows_has_cannot_be_without_rows(tmp_path):
    report = tmp_path / "o.json"

    def empty(manifest):
        next(entry for entry in manifest["datasets"] if entry["name"] == "services").update(rows=0)

    path = changed(tmp_path, "data/services.json", lambda d: d.update(rows=[]), manifest=empty)
    found = run("analyze", path, "--json", report, "-q", "--check", "HV-SVC-001")
    assert found.exit_code == 3
    assert "every Windows has some" in report.read_text()


def test_two_reports_into_one_file_and_an_unknown_severity_are_wrong_usage(tmp_path):
    assert run("analyze", HARDENED, "-q", "--json", tmp_path / "x", "--csv", tmp_path / "x").exit_code == 2
    assert run("checks", "--severity", "junk").exit_code == 2
    assert "HV-" in run("checks", "--severity", "critical").stdout
