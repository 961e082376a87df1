"""Hosts as literals: datasets and raw files made in a test go through the real loader, without a zip.

A dataset that a test does not name was not collected; a cell that a row does not name is unreadable. So a test says all that its check may read.
"""

import json
from types import SimpleNamespace

from snapshot_tool.archive import Archive, MemberError
from snapshot_tool.engine import judge
from snapshot_tool.knowledge.format import dataset_format, era_of
from snapshot_tool.load.derived import DERIVED
from snapshot_tool.load.source import ArchiveSource
from snapshot_tool.manifest import parse_manifest
from snapshot_tool.snapshot import Host, Snapshot
from snapshot_tool.verdict import Status

BUILDS = {
    "2008": 6002,
    "2008R2": 7601,
    "2012": 9200,
    "2012R2": 9600,
    "2016": 14393,
    "2019": 17763,
    "2022": 20348,
    "2025": 26100,
}
COLLECTION = {
    "HostName": "HV01",
    "SystemRoot": "C:\\Windows",
    "SystemDrive": "C:",
    "ProgramData": "C:\\ProgramData",
    "ProgramFiles": "C:\\Program Files",
    "ProgramFilesX86": "C:\\Program Files (x86)",
    "Public": "C:\\Users\\Public",
    "UsersRoot": "C:\\Users",
    "MachinePath": [],
}


class Members:
    """Stands for an opened archive: members by name, bytes or rows to be written as JSON."""

    def __init__(self, members):
        self.members = dict(members)
        self.notes = ()

    def read(self, name):
        if name not in self.members:
            raise MemberError(name, "is not in the archive")
        return self.members[name]


def failed(error="unavailable"):
    """The entry of a dataset that could not be read."""
    return {
        "status": "failed",
        "errors": [{"where": "test", "type": error, "hresult": None, "message": "made to fail"}],
    }


def absent(reason="featureAbsent"):
    """The entry of a dataset that says: the host has no such thing."""
    return {"status": "notApplicable", "notApplicableReason": reason}


def skipped(reason="excluded"):
    """The entry of a dataset that was not tried."""
    return {"status": "skipped", "skippedReason": reason}


def partial(rows, *, complete=False, unread=None):
    """Rows of which some, or whole columns, are missing."""
    return {
        "status": "partial",
        "rowsComplete": complete,
        "unreadColumns": unread or {},
        "errors": [{"where": "test", "type": "unavailable", "hresult": None, "message": "made to fail"}],
        "rows": rows,
    }


def host(era="2022", *, started="2026-11-01T08:15:00.000Z", elevated=True, raw=None, build=None, **tables):
    """A snapshot of a host of that era.

    `tables`: dataset name (`hv__Msvm_X` for `hv/Msvm_X`) -> rows, or an entry of `failed`, `absent`, `skipped`, `partial`.
    `raw`: member name -> bytes; its dataset is told by the folder. The run context is there unless given as None.
    """
    build = build or BUILDS[era]
    tables = {name.replace("__", "/"): rows for name, rows in tables.items()}
    if tables.get("collection", ()) is None:
        del tables["collection"]
    else:
        tables.setdefault("collection", [COLLECTION])
    members, entries = {}, []
    for name, given in tables.items():
        definition = dataset_format(name, era)
        assert definition is not None, f"{name} is no dataset"
        entry = {"name": name, **({} if isinstance(given, list) else given)}
        rows = given if isinstance(given, list) else entry.pop("rows", None)
        entry.setdefault("status", "ok" if rows else "empty")
        offered = [column for column in definition.columns.values() if column.offered_in(era, build)]
        entry.setdefault("missingColumns", [c.name for c in definition.columns.values() if c not in offered])
        if definition.namespace:
            spaces = {
                "v1": "wmi:root\\virtualization",
                "v2": "wmi:root\\virtualization\\v2",
                "cluster": "wmi:root\\MSCluster",
            }
            entry.setdefault("source", spaces[definition.namespace])
        if rows is not None:
            for row in rows:
                unknown = set(row) - set(definition.columns) - {"_err"}
                assert not unknown, f"{name} has no column {unknown}"
            columns = [column.name for column in offered]
            document = {"dataset": name, "schema": definition.schema, "source": "", "columns": columns, "rows": rows}
            entry["file"] = definition.file
            members[definition.file] = json.dumps(document).encode()
        entries.append(entry)
    folders = {"azman": "azman_store", "vmconfig": "vmconfig", "tasks": "task_xml"}
    for member, data in (raw or {}).items():
        name = member.split("/")[-1].split(".")[0] if "/secpol/" in member else folders[member.split("/")[1]]
        known = next((entry for entry in entries if entry["name"] == name), None)
        if known is None:
            known = {"name": name, "kind": "raw", "status": "ok", "files": []}
            entries.append(known)
        known["files"].append(member)
        members[member] = data
    document = {
        "format": "hvsnap",
        "formatVersion": 1,
        "startedUtc": started,
        "elevated": elevated,
        "os": {"build": build, "productType": 3},
        "datasets": entries,
    }
    return opened(Members(members), json.dumps(document).encode())


def opened(archive: Archive | Members, manifest: bytes) -> Snapshot:
    """The snapshot behind an archive and the bytes of its manifest."""
    told = parse_manifest(manifest)
    facts = Host(told.build, era_of(told.build), told.started_utc, told.elevated)
    return Snapshot(ArchiveSource(archive, told, facts, DERIVED), facts)


def ask(check, snapshot):
    """Every result of one check, passes one by one."""
    return judge(snapshot, [check], folds={}, full=True)


def verdict(check, snapshot):
    """The one result of a check that must have exactly one: status, severity, message, cause, key, part, evidence."""
    results = ask(check, snapshot)
    assert len(results) == 1, [(r.status, r.message) for r in results]
    return told(results[0])


def told(result):
    return SimpleNamespace(
        status=result.status,
        severity=result.severity,
        message=result.message,
        cause=result.gap.cause if result.gap else None,
        key=dict(result.subject.key) if result.subject else None,
        part=result.subject.part if result.subject else None,
        evidence=result.evidence,
    )


def statuses(check, snapshot):
    """The statuses of all results of a check, worst first."""
    return sorted((result.status for result in ask(check, snapshot)), reverse=True)


PASS, FAIL, GAP, NA = Status.PASS, Status.FAIL, Status.NOT_ASSESSED, Status.NOT_APPLICABLE
