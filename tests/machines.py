"""Hosts with virtual machines as literals: canonical tables made in a test, beside datasets that go through the real loader.

A canonical table that a test does not name was not collected; a cell that no row names is a gap. `unsupported` names columns that the
era does not have.
"""

from hosts import host

from snapshot_tool.hyperv.tables import SCHEMAS, missing_table
from snapshot_tool.hyperv.tables import TableBuilder as Builder
from snapshot_tool.policy import NO_POLICY, Policy, VMTags
from snapshot_tool.snapshot import Origin, Record, Snapshot
from snapshot_tool.verdict import Cause, Gap

WEB = "11111111-aaaa-4000-8000-000000000001"
STARTED = "2026-11-01T08:15:00.000Z"


class Hidden:
    """A table or a cell that could not be read."""


HIDDEN = Hidden()


class _Source:
    def __init__(self, source, tables):
        self.source = source
        self.tables = tables

    def table(self, name):
        known = self.tables.get(name)
        if known is not None:
            return known
        if name in SCHEMAS:
            return missing_table(name, gap=Gap(Cause.NOT_COLLECTED, "not named by the test", name, whole=True))
        return self.source.table(name)


def sheet(*tags, owner=None):
    """What the operator says of that VM."""
    return Policy(vms={"web": VMTags(owner=owner, tags=frozenset(tags))})


def machines(era="2022", *, unsupported=(), absent=(), build=None, policy=NO_POLICY, **tables):
    """A host of that era. `tables`: canonical tables as rows (or HIDDEN, or NotOffered), and datasets as `hosts.host` takes them.

    `unsupported`: `vm.CheckpointType` for columns that the era lacks. `absent`: tables of things that the host does not have.
    """
    datasets = {name: rows for name, rows in tables.items() if name not in SCHEMAS}
    made = {name: _table(name, rows, unsupported) for name, rows in tables.items() if name in SCHEMAS}
    made |= {name: Builder(name, ()).build(absent="roleAbsent") for name in absent}
    snapshot = host(era, build=build, started=STARTED, **datasets)
    return Snapshot(_Source(snapshot.source, made), snapshot.host, policy)


def _table(name, rows, unsupported):
    if rows is HIDDEN:
        return missing_table(name, gap=Gap(Cause.ACCESS_DENIED, "hidden by the test", name, whole=True))
    if rows is None:
        return missing_table(name, not_offered="osTooOld")
    schema = SCHEMAS[name]
    left_out = {column.partition(".")[2] for column in unsupported if column.partition(".")[0] == name}
    builder = Builder(name, ())
    builder.offered.update(set(schema.columns) - left_out)
    for number, row in enumerate(rows):
        assert set(row) <= set(schema.columns), set(row) - set(schema.columns)
        cells = {column: value for column, value in row.items() if value is not HIDDEN}
        gaps = {
            column: Gap(Cause.ACCESS_DENIED, "hidden by the test", name, column)
            for column, value in row.items()
            if value is HIDDEN
        }
        builder.records.append(Record(cells, Origin(f"data/{name}.json", f"rows[{number}]"), gaps))
    return builder.build()


def machine(**changed):
    """One running VM of generation 2 with nothing amiss."""
    return {
        "Id": WEB,
        "Name": "web",
        "State": "Running",
        "PrimaryOperationalStatus": "Ok",
        "SecondaryOperationalStatus": None,
        "Uptime": 86400,
        "TimeOfLastStateChange": "2026-10-31T08:15:00.000Z",
        "CreationTime": "2025-01-01T00:00:00.000Z",
        "Generation": 2,
        "Version": "10.0",
        "ReplicationMode": "None",
        "IsClustered": False,
        **changed,
    }


def of(**cells):
    """A row of that VM."""
    return {"VMId": WEB, "VMName": "web", **cells}


def guest(release="10.0.20348", product="3", **changed):
    """What a Windows guest tells of itself."""
    return of(
        OSName="Windows",
        OSVersion=release,
        OSBuildNumber=release.split(".")[2],
        OSMajorVersion=release.split(".")[0],
        OSMinorVersion=release.split(".")[1],
        OSPlatformId="2",
        OSEditionId="7",
        ProductType=product,
        FullyQualifiedDomainName="web.corp.example",
        IntegrationServicesVersion=release,
        **changed,
    )


LINUX = of(
    OSName="Ubuntu",
    OSVersion="24.04",
    OSBuildNumber="6.8.0-45-generic",
    OSMajorVersion="6",
    OSMinorVersion="8",
    OSPlatformId=None,
    OSEditionId=None,
    ProductType=None,
    FullyQualifiedDomainName="web.corp.example",
    IntegrationServicesVersion="3.1",
)
