"""A manifest is believed where it agrees with itself; where it lies or lacks something, nothing looks better for it."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot_tool.archive import ArchiveError, MemberError, open_archive
from snapshot_tool.knowledge.format import dataset_names, datasets
from snapshot_tool.manifest import (
    DatasetEntry,
    ErrorObject,
    FileEntry,
    ManifestError,
    cause_of_cell,
    cause_of_entry,
    cause_of_error,
    closing_command,
    listing_notes,
    member_states,
    parse_manifest,
    read_manifest,
    remedy,
)
from snapshot_tool.verdict import Cause

SHORTEST = {
    "format": "hvsnap",
    "formatVersion": 1,
    "startedUtc": "2026-11-02T06:30:00.000Z",
    "os": {"build": 17763},
    "elevated": True,
}
ENTRY = {
    "name": "services",
    "kind": "rows",
    "schema": 1,
    "status": "ok",
    "rowsComplete": True,
    "file": "data/services.json",
    "files": [],
    "rows": 214,
    "ms": 4180,
    "collectedUtc": "2026-11-22T00:41:08.977Z",
    "source": "reg",
    "missingColumns": [],
    "unreadColumns": {},
    "errors": [],
    "truncated": False,
    "truncatedBy": None,
    "skippedReason": None,
    "notApplicableReason": None,
}
DENIED = {"where": "wmi:root\\cimv2", "type": "accessDenied", "hresult": "0x80041003", "message": "Zugriff verweigert"}
WHOLE = SHORTEST | {
    "collectorVersion": "1.0.0",
    "collectorSha256": None,
    "tableSha256": "0" * 64,
    "runId": "5b0c2f44-0f0e-4d43-9a5e-0d8f0a6d2c11",
    "finishedUtc": "2026-11-02T06:31:00.000Z",
    "host": {
        "name": "HV01",
        "fqdn": "hv01.corp.example",
        "domain": "corp.example",
        "workgroup": None,
        "partOfDomain": True,
    },
    "os": {
        "build": 17763,
        "ubr": 5830,
        "productType": 3,
        "installationType": "Server Core",
        "editionId": "ServerDatacenter",
        "caption": "Microsoft Windows Server 2019 Datacenter",
    },
    "psVersion": "5.1.17763.5830",
    "psEdition": "Desktop",
    "clr": "4.0.30319.42000",
    "languageMode": "FullLanguage",
    "is64BitProcess": True,
    "remoting": False,
    "aborted": False,
    "user": {"sid": "S-1-5-21-1-2-3-1105", "name": "CORP\\audit"},
    "culture": "de-DE",
    "uiCulture": "en-US",
    "parameters": {"Quiet": True, "Exclude": ["applications"]},
    "datasets": [ENTRY],
    "files": [
        {"path": "data/services.json", "bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest(), "mtimeUtc": None}
    ],
    "totals": {},
    "redaction": None,
    "sideEffects": ["secedit appended to scesrv.log"],
    "errors": [],
}


def parsed(*entries, **members):
    return parse_manifest(json.dumps(WHOLE | {"datasets": [ENTRY | entry for entry in entries]} | members).encode())


def entry_of(**members):
    name = members.get("name", "services")
    dataset = datasets().get(name)
    own = {"name": name, "kind": dataset.kind, "file": dataset.file} if dataset else {}
    return parsed(own | members).datasets[name]


def texts(manifest):
    return [str(note) for note in manifest.notes]


def test_a_whole_manifest_is_read_without_a_note():
    manifest = parsed({})
    assert manifest.notes == ()
    assert (manifest.build, manifest.ubr, manifest.product_type, manifest.elevated) == (17763, 5830, 3, True)
    assert (manifest.host_name, manifest.part_of_domain, manifest.installation_type) == ("HV01", True, "Server Core")
    assert manifest.started_utc == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
    assert manifest.started_text == "2026-11-02T06:30:00Z"
    assert manifest.parameters == {"Quiet": True, "Exclude": ["applications"]}
    assert manifest.datasets["services"] == DatasetEntry(
        name="services",
        status="ok",
        kind="rows",
        schema=1,
        rows_complete=True,
        file="data/services.json",
        rows=214,
        ms=4180,
        collected_utc=datetime(2026, 11, 22, 0, 41, 8, 977000, tzinfo=UTC),
        source="reg",
    )
    assert not manifest.datasets["services"].lacks_rows


@pytest.mark.parametrize(
    ("status", "defaults"),
    [
        ("ok", DatasetEntry("services", "ok", rows_complete=True, file="data/services.json")),
        ("empty", DatasetEntry("services", "empty", rows_complete=True, file="data/services.json")),
        ("partial", DatasetEntry("services", "partial", file="data/services.json")),
        ("failed", DatasetEntry("services", "failed")),
        ("skipped", DatasetEntry("services", "skipped")),
    ],
)
def test_a_shortened_entry_gets_the_defaults_of_the_format(status, defaults):
    manifest = parse_manifest(json.dumps(SHORTEST | {"datasets": [{"name": "services", "status": status}]}).encode())
    assert manifest.datasets == {"services": defaults}
    assert manifest.files is None
    assert any("dataset entries without" in text and "rowsComplete" in text for text in texts(manifest))


def test_a_shortened_raw_entry_has_the_fixed_file_of_its_dataset():
    members = SHORTEST | {"datasets": [{"name": "secedit", "status": "ok"}]}
    entry = parse_manifest(json.dumps(members).encode()).datasets["secedit"]
    assert (entry.kind, entry.files, entry.defect) == ("raw", ("raw/secpol/secedit.inf",), None)


def test_what_the_shortest_manifest_does_not_tell_is_none_with_a_note():
    manifest = parse_manifest(json.dumps(SHORTEST).encode())
    assert (manifest.build, manifest.elevated, manifest.host_name, manifest.redacted_by) == (17763, True, None, None)
    assert manifest.datasets == {}
    assert any("collectorVersion" in text for text in texts(manifest))
    assert any("host without" in text for text in texts(manifest))


@pytest.mark.parametrize("member", ["startedUtc", "os", "elevated"])
@pytest.mark.parametrize("value", [None, 7.5, "yesterday", [], {"build": "many"}])
def test_a_wrong_fact_about_the_run_is_unknown_and_stops_nothing(member, value):
    manifest = parsed({}, **{member: value})
    found = {"startedUtc": manifest.started_utc, "os": manifest.build, "elevated": manifest.elevated}
    assert found[member] is None
    assert manifest.datasets["services"].status == "ok"
    assert value is None or manifest.notes


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"[]", "hvsnap"),
        (b"{}", "hvsnap"),
        (b'{"format": "other", "formatVersion": 1}', "hvsnap"),
        (b'{"format": "hvsnap"}', "version"),
        (b'{"format": "hvsnap", "formatVersion": true}', "version"),
        (b'{"format": "hvsnap", "formatVersion": "1"}', "version"),
        (b'{"format": "hvsnap", "formatVersion": 0}', "version"),
        (b'{"format": "hvsnap", "formatVersion": 2}', "format 2"),
        (b"hello", "not JSON"),
        (b'{"format": "hvsnap", "format": "hvsnap", "formatVersion": 1}', "twice"),
        ("größe".encode("latin-1"), "UTF-8"),
        (None, "no manifest.json"),
    ],
)
def test_a_foreign_missing_or_newer_manifest_makes_the_archive_unreadable(tmp_path, content, what):
    (tmp_path / "log.txt").write_text("", encoding="ascii")
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with open_archive(tmp_path) as archive, pytest.raises(ManifestError, match=what) as caught:
        read_manifest(archive)
    assert isinstance(caught.value, ArchiveError)
    assert "\n" not in str(caught.value)


LIES = [
    ({"status": "fine"}, "status"),
    ({"status": None}, "status"),
    ({"status": 1}, "status"),
    ({"schema": "1"}, "schema"),
    ({"schema": 0}, "schema"),
    ({"schema": None}, "schema"),
    ({"schema": True}, "schema"),
    ({"rowsComplete": "yes"}, "rowsComplete"),
    ({"kind": "raw"}, "kind"),
    ({"kind": []}, "kind"),
    ({"file": None}, "file"),
    ({"file": "data/drivers.json"}, "file"),
    ({"file": "../services.json"}, "file"),
    ({"file": 7}, "file"),
    ({"files": "data/services.json"}, "files"),
    ({"missingColumns": "State"}, "missingColumns"),
    ({"missingColumns": [1]}, "missingColumns"),
    ({"unreadColumns": ["State"]}, "unreadColumns"),
    ({"unreadColumns": {"State": 5}}, "unreadColumns"),
    ({"truncated": "no"}, "truncated"),
    ({"skippedReason": {}}, "skippedReason"),
    ({"name": "os", "file": "data/os.json", "status": "empty"}, "one row"),
    ({"name": "secedit", "kind": "raw", "file": None, "files": []}, "names no file"),
    ({"name": "secedit", "kind": "raw", "file": None, "files": ["log.txt"]}, "another kind"),
    (
        {"name": "secedit", "kind": "raw", "file": None, "status": "empty", "files": ["raw/secpol/secedit.inf"]},
        "names a file",
    ),
]


@pytest.mark.parametrize(("lie", "what"), LIES, ids=[str(lie) for lie, _ in LIES])
def test_an_entry_that_contradicts_itself_is_unreadable(lie, what):
    manifest = parsed(lie)
    (entry,) = manifest.datasets.values()
    assert entry.lacks_rows
    assert (entry.status, entry.rows_complete, entry.file, entry.files) == ("failed", False, None, ())
    cause, detail = cause_of_entry(entry)
    assert cause is Cause.UNREADABLE
    assert what in detail
    assert manifest.notes


def test_rows_that_are_missing_are_missing_whatever_the_status_says():
    for status in ("ok", "empty"):
        for lie in ({"rowsComplete": False}, {"truncated": True}):
            entry = entry_of(status=status, **lie)
            assert (entry.status, entry.rows_complete, entry.lacks_rows) == ("partial", False, True)
    assert entry_of(status="partial", truncated=True, rowsComplete=True).lacks_rows
    assert not entry_of(status="partial", rowsComplete=True).lacks_rows
    assert not entry_of(status="failed", rowsComplete=True).rows_complete


def test_of_two_entries_of_one_dataset_none_is_believed():
    manifest = parsed({"status": "failed", "file": None}, {})
    assert cause_of_entry(manifest.datasets["services"])[0] is Cause.UNREADABLE


def test_entries_that_are_none_are_ignored_with_a_note():
    manifest = parse_manifest(json.dumps(WHOLE | {"datasets": [None, 1, {}, {"name": 5}, ENTRY]}).encode())
    assert list(manifest.datasets) == ["services"]
    assert texts(manifest) == ["manifest.json: 4 dataset entries: without a name; ignored"]


def test_a_dataset_of_tomorrow_is_kept_with_a_note():
    manifest = parsed({"name": "tomorrow", "file": "data/tomorrow.json"})
    assert manifest.datasets["tomorrow"].status == "ok"
    assert "does not know" in texts(manifest)[0]


def test_a_newer_schema_is_an_unsupported_source():
    cause, detail = cause_of_entry(entry_of(schema=2))
    assert cause is Cause.UNSUPPORTED_SOURCE
    assert "schema 2" in detail


@pytest.mark.parametrize(
    ("name", "build", "reason", "cause"),
    [
        ("firewall_hyperv", 17763, "osTooOld", None),
        ("firewall_hyperv", 20348, "osTooOld", Cause.UNSUPPORTED_SOURCE),
        ("services", 17763, "osTooOld", Cause.UNSUPPORTED_SOURCE),
        ("hv/Msvm_SwitchPort", 17763, "osTooNew", None),
        ("hv/Msvm_SwitchPort", 7601, "osTooNew", Cause.UNSUPPORTED_SOURCE),
        ("hv/Msvm_SecuritySettingData", 9200, "osTooOld", None),
        ("bitlocker", 17763, "featureAbsent", None),
        ("bitlocker", 17763, "because", Cause.UNDETERMINED),
        ("bitlocker", 17763, None, Cause.UNDETERMINED),
    ],
)
def test_not_applicable_is_a_fact_only_where_the_reason_can_be_true(name, build, reason, cause):
    entry = {"name": name, "status": "notApplicable", "file": None, "notApplicableReason": reason}
    found = parsed(entry, os=WHOLE["os"] | {"build": build}).datasets[name]
    if cause is None:
        assert (found.status, found.not_applicable_reason, found.lacks_rows) == ("notApplicable", reason, False)
    else:
        assert found.lacks_rows
        assert cause_of_entry(found)[0] is cause


CAUSES = [
    ({"status": "failed", "errors": [{"type": "timeout"}, DENIED]}, Cause.ACCESS_DENIED, "Zugriff verweigert"),
    ({"status": "partial", "rowsComplete": False, "errors": [DENIED]}, Cause.ACCESS_DENIED, "0x80041003"),
    ({"status": "skipped", "skippedReason": "notElevated"}, Cause.ACCESS_DENIED, "needs elevation"),
    (
        {"status": "failed", "errors": [{"where": "exec:x", "type": "timeout"}]},
        Cause.COLLECTION_FAILED,
        "exec:x: timeout",
    ),
    ({"status": "failed"}, Cause.COLLECTION_FAILED, "no reason"),
    ({"status": "partial", "rowsComplete": False}, Cause.COLLECTION_FAILED, ""),
    ({"status": "skipped", "skippedReason": "excluded"}, Cause.NOT_COLLECTED, "-Exclude"),
    ({"status": "skipped", "skippedReason": "optional"}, Cause.NOT_COLLECTED, "switch"),
    ({"status": "skipped", "skippedReason": "timeBudget"}, Cause.NOT_COLLECTED, "budget"),
    ({"status": "skipped", "skippedReason": "aborted"}, Cause.NOT_COLLECTED, "stopped"),
    ({"status": "skipped", "skippedReason": "dependency"}, Cause.NOT_COLLECTED, "needs"),
    ({"status": "skipped", "skippedReason": "tomorrow"}, Cause.NOT_COLLECTED, "tomorrow"),
    ({"status": "skipped"}, Cause.NOT_COLLECTED, "no reason"),
    ({"status": "skipped", "skippedReason": "redact"}, Cause.REDACTED, "redact"),
    (
        {
            "status": "partial",
            "rowsComplete": False,
            "truncated": True,
            "truncatedBy": "rows",
            "errors": [{"type": "truncated", "message": "5000 of 7312 objects"}],
        },
        Cause.TRUNCATED,
        "5000 of 7312",
    ),
    ({"status": "partial", "rowsComplete": False, "truncated": True, "truncatedBy": "bytes"}, Cause.TRUNCATED, "bytes"),
]


@pytest.mark.parametrize(("members", "cause", "detail"), CAUSES, ids=[str(members) for members, _, _ in CAUSES])
def test_each_situation_has_the_cause_of_the_format(members, cause, detail):
    entry = entry_of(**members)
    assert entry.lacks_rows
    found, text = cause_of_entry(entry)
    assert found is cause
    assert detail in text


def test_no_entry_means_not_collected():
    assert cause_of_entry(None)[0] is Cause.NOT_COLLECTED


def test_errors_of_columns_and_cells_have_causes():
    assert cause_of_error("accessDenied") is Cause.ACCESS_DENIED
    assert cause_of_error("timeout") is Cause.COLLECTION_FAILED
    assert [cause_of_cell(code) for code in ("accessDenied", "tooLong", "budget", "redacted", "parseError", "?")] == [
        Cause.ACCESS_DENIED,
        Cause.TRUNCATED,
        Cause.TRUNCATED,
        Cause.REDACTED,
        Cause.UNREADABLE,
        Cause.UNREADABLE,
    ]


def test_an_error_object_keeps_what_can_be_shown():
    entry = entry_of(
        status="failed", errors=[DENIED | {"message": "x" * 900}, 5, {"type": 3}, {"type": "other", "hresult": 1}]
    )
    assert entry.errors == (
        ErrorObject(DENIED["where"], "accessDenied", "0x80041003", "x" * 500),
        ErrorObject("?", "other"),
    )


# Hashes


def listed(**members):
    return parsed({}, files=[WHOLE["files"][0] | members])


@pytest.mark.parametrize(
    ("members", "data", "state"),
    [
        ({}, b"{}", "ok"),
        ({}, b"[]", "mismatch"),
        ({}, b"{} ", "mismatch"),
        ({"bytes": 3}, b"{}", "mismatch"),
        ({"sha256": WHOLE["files"][0]["sha256"].upper()}, b"{}", "ok"),
        ({"sha256": None}, b"{}", "not verifiable"),
        ({"sha256": None}, b"longer", "mismatch"),
        ({"sha256": "abc"}, b"{}", "mismatch"),
        ({"sha256": 5}, b"{}", "mismatch"),
        ({"bytes": -1}, b"{}", "mismatch"),
        ({"bytes": "2"}, b"{}", "mismatch"),
        ({"path": "data/os.json"}, b"{}", "unlisted"),
    ],
)
def test_bytes_are_compared_with_the_manifest(members, data, state):
    assert listed(**members).verify("data/services.json", data) == state


def test_a_member_listed_twice_is_not_believed():
    file = WHOLE["files"][0]
    assert parsed({}, files=[file, file]).verify("data/services.json", b"{}") == "mismatch"


def test_a_manifest_without_files_is_not_hash_checked():
    members = {name: value for name, value in WHOLE.items() if name != "files"}
    manifest = parse_manifest(json.dumps(members).encode())
    assert manifest.verify("data/services.json", b"anything") == "not verifiable"


def test_file_entries_that_are_none_are_ignored_and_their_members_with_them():
    manifest = parsed({}, files=[None, {"bytes": 2}, "data/services.json"])
    assert manifest.files == {}
    assert manifest.verify("data/services.json", b"{}") == "unlisted"
    assert manifest.notes


def test_a_file_list_of_a_wrong_type_verifies_nothing_and_lists_nothing():
    assert parsed({}, files="all").verify("data/services.json", b"{}") == "unlisted"


def test_archive_and_manifest_are_compared_member_by_member(tmp_path):
    def file(name, content, digest=None):
        return {
            "path": name,
            "bytes": len(content),
            "sha256": digest or hashlib.sha256(content).hexdigest(),
            "mtimeUtc": None,
        }

    (tmp_path / "data").mkdir()
    for name in ("services", "drivers", "os"):
        (tmp_path / f"data/{name}.json").write_bytes(b"{}")
    (tmp_path / "log.exe").write_bytes(b"MZ")
    files = [
        file("data/services.json", b"{}"),
        file("data/drivers.json", b"{}", "0" * 64),
        file("data/volumes.json", b"{}"),
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(WHOLE | {"files": files}), encoding="ascii")
    with open_archive(tmp_path) as archive:
        manifest = read_manifest(archive)
        states = {name: state for name, state, _ in member_states(archive, manifest)}
        notes = {note.member: note.text for note in listing_notes(archive, manifest)}
    assert states == {
        "data/services.json": "ok",
        "data/drivers.json": "mismatch",
        "data/os.json": "unlisted",
        "data/volumes.json": "missing",
        "log.exe": "unreadable",
    }
    assert set(notes) == {"data/os.json", "data/volumes.json", "log.exe"}


# Remedies

RUN = "powershell -NoProfile -ExecutionPolicy Bypass -File collector.ps1"


def test_a_denied_dataset_is_collected_again_elevated():
    assert remedy("bitlocker", Cause.ACCESS_DENIED).endswith(f"{RUN} -Include bitlocker")
    assert "elevated" in remedy("bitlocker", Cause.ACCESS_DENIED)


@pytest.mark.parametrize(
    ("dataset", "cause", "entry", "command"),
    [
        ("vmconfig", Cause.NOT_COLLECTED, None, f"{RUN} -Include vmconfig -IncludeVmcx"),
        ("task_xml", Cause.NOT_COLLECTED, None, f"{RUN} -Include task_xml -IncludeTaskXml"),
        ("hv/Msvm_ComputerSystem", Cause.NOT_COLLECTED, None, f"{RUN} -Include hv/Msvm_ComputerSystem"),
        (
            "os",
            Cause.NOT_COLLECTED,
            DatasetEntry("os", "skipped", skipped_reason="timeBudget"),
            f"{RUN} -Include os -TimeBudgetSeconds 3600",
        ),
        ("acls", Cause.TRUNCATED, None, f"{RUN} -MaxAclFiles 50000"),
        ("vhds", Cause.TRUNCATED, None, f"{RUN} -MaxVhdSeconds 1800"),
        ("services", Cause.UNREADABLE, None, f"{RUN} -Include services"),
        ("services", Cause.COLLECTION_FAILED, None, f"{RUN} -Include services"),
    ],
)
def test_the_remedy_is_the_exact_command(dataset, cause, entry, command):
    assert remedy(dataset, cause, entry).endswith(command)


def test_a_fixed_limit_has_no_command():
    assert "collector.ps1" not in remedy("services", Cause.TRUNCATED)


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("dataset", ["services", "bitlocker", "acls", "vmconfig", "cluster/MSCluster_Node"])
def test_every_cause_has_a_remedy_in_one_line(dataset, cause):
    text = remedy(dataset, cause)
    assert text
    assert text.isprintable()


def test_a_name_that_the_format_does_not_know_never_enters_a_command():
    assert remedy("x; Remove-Item C:\\", Cause.NOT_COLLECTED) == ""
    assert closing_command([("x; Remove-Item C:\\", Cause.NOT_COLLECTED, None)]) is None


def test_one_command_closes_what_can_be_closed():
    gaps = [
        ("services", Cause.UNDETERMINED, None),
        ("services", Cause.TRUNCATED, None),
        ("secedit", Cause.ACCESS_DENIED, None),
        ("bitlocker", Cause.ACCESS_DENIED, None),
        ("vmconfig", Cause.NOT_COLLECTED, None),
    ]
    assert closing_command(gaps) == f"{RUN} -Include bitlocker,secedit,vmconfig -IncludeVmcx"
    assert closing_command([*gaps, ("acls", Cause.TRUNCATED, None)]) == f"{RUN} -IncludeVmcx -MaxAclFiles 50000"
    assert closing_command(gaps[:2]) is None


# Fuzz

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.text(max_size=5)
    | st.sampled_from(["ok", "services", "accessDenied", "2026-11-02T06:30:00.000Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "status", "path", "type", "build"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(
    top=st.dictionaries(
        st.sampled_from(sorted(WHOLE.keys() - {"format", "formatVersion", "datasets"})), JUNK, max_size=4
    ),
    entries=st.lists(
        JUNK | st.dictionaries(st.sampled_from(sorted(ENTRY)), JUNK, max_size=5).map(lambda junk: ENTRY | junk),
        max_size=4,
    ),
)
def test_any_manifest_is_read_and_junk_is_never_an_unlimited_ok(top, entries):
    manifest = parse_manifest(json.dumps(WHOLE | top | {"datasets": entries}).encode())
    for name, entry in manifest.datasets.items():
        if name not in dataset_names() or entry.lacks_rows or entry.status == "notApplicable":
            continue
        assert entry.status in ("ok", "empty", "partial")
        assert entry.rows_complete
        assert not entry.truncated
        assert entry.file == datasets()[name].file
    for entry in manifest.datasets.values():
        cause, detail = cause_of_entry(entry)
        assert isinstance(cause, Cause)
        assert isinstance(detail, str)


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(
        lambda text: b'{"format": "hvsnap", "formatVersion": 1, "datasets": ' + text.encode("utf-8", "replace") + b"}"
    )
)
def test_any_bytes_are_a_manifest_or_one_line(data):
    try:
        parse_manifest(data)
    except (ManifestError, MemberError) as error:
        message = str(error)
    else:
        message = ""
    assert "\n" not in message


def test_file_entries_compare_by_value():
    assert listed().files == {"data/services.json": FileEntry("data/services.json", 2, WHOLE["files"][0]["sha256"])}
