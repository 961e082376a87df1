r"""`root\MSCluster`: the cluster as the host sees it. A stand-alone host has empty tables, a fact and no gap."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import Dump, Source, folded, link, reference
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    guid,
    guid_or_null,
    integer,
    needed,
    symbol,
    text,
    text_or_null,
    texts,
)
from snapshot_tool.hyperv.tables import TableBuilder, missing_table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from snapshot_tool.hyperv.context import Context
    from snapshot_tool.snapshot import Record, Table

_BROKER = "virtual machine replication broker"
_MIB = 2**20


def is_clustered(context: Context, frame: Frame) -> None:
    """The column IsClustered of vm."""
    gap = absence(context)
    if gap is None:
        frame.same("IsClustered", False)
        return
    resources = _dump(context, "Resource")
    state = resources.state("PrivateProperties.VmID")
    missing = gap if isinstance(gap, Gap) else resources.missing or (state if isinstance(state, Gap) else None)
    if missing is not None:
        frame.gap("IsClustered", missing)
        return
    known = {guid_of(record.cells.get("PrivateProperties.VmID")) for record in resources.records}
    unreadable = next(
        (
            record.gaps["PrivateProperties.VmID"]
            for record in resources.records
            if "PrivateProperties.VmID" in record.gaps
        ),
        None,
    )

    def make(cells: dict[str, Any], _row: int) -> bool:
        if cells["Id"] in known:
            return True
        if resources.gap or unreadable:
            raise NotAssessed(resources.gap or unreadable)  # type: ignore[arg-type]
        return False

    frame.compute("IsClustered", make, place=(0, "Name"))


def absence(context: Context) -> Gap | str | None:
    """None for a stand-alone host, a gap where that is not known, else "present"."""
    dump = _dump(context, "Cluster")
    if dump.absent is not None or dump.not_offered is not None:
        return None
    if dump.missing is not None:
        return dump.missing
    return "present" if dump.records else None


def broker(context: Context) -> Record | Gap | None:
    """The resource of the replication broker; None where there surely is none."""
    status = absence(context)
    if status is None or isinstance(status, Gap):
        return status
    resources = _dump(context, "Resource")
    found = [record for record in resources.records if folded(record, "Type") == _BROKER]
    if found:
        return min(found, key=lambda record: repr(record.cells))
    return resources.gap


def cluster(context: Context) -> Table:
    """`Get-Cluster`."""
    dump = _dump(context, "Cluster")
    early = _early(context, "cluster", dump)
    if early is not None:
        return early
    types, quorum, resources = (
        _dump(context, "ResourceType"),
        _dump(context, "ClusterToQuorumResource"),
        _dump(context, "Resource"),
    )
    frame = Frame("cluster", dump, types, resources, quorum, via={2: (3,)})
    machines = [record for record in types.records if folded(record, "Name") == "virtual machine"]
    witness: Source = quorum.gap
    for record in sorted(quorum.records, key=lambda record: repr(record.cells)):
        target = reference(record.cells.get("PartComponent"))
        witness = _resource(resources, target.keys.get("name") if target else None)
    for record in dump.records:
        frame.add(record, machines[0] if machines else types.gap, witness, quorum.gap)
    frame.take("Name", 0, "Name", text)
    frame.take("Fqdn", 0, "Fqdn", text)
    for column in ("SecurityLevel", "SecurityLevelForStorage", "ClusterFunctionalLevel", "WitnessDynamicWeight"):
        frame.take(column, 0, column, integer)
    frame.take("QuorumType", 0, "QuorumType", text)
    frame.take("QuorumTypeValue", 0, "QuorumTypeValue", integer)
    frame.take("DynamicQuorum", 0, "DynamicQuorumEnabled", integer)
    frame.take("SharedVolumesRoot", 0, "SharedVolumesRoot", text)
    frame.take("S2DEnabled", 0, "S2DEnabled", _truth)
    frame.take("WitnessType", 2, "Type", text, absent=None)
    frame.take("WitnessSharePath", 2, "PrivateProperties.SharePath", text_or_null, absent=None)
    for column in ("MigrationExcludeNetworks", "MigrationNetworkOrder"):
        frame.take(column, 1, f"PrivateProperties.{column}", _network_ids, null=[])
    frame.take("MigrationAuthenticationType", 1, "PrivateProperties.MigrationAuthenticationType", integer)
    return frame.build(dump.gap)


def cluster_node(context: Context) -> Table:
    """`Get-ClusterNode`."""

    def fill(frame: Frame) -> None:
        frame.take("Name", 0, "Name", text)
        frame.take("Id", 0, "Id", text)
        frame.take("State", 0, "State", symbol(enums.NODE_STATE))
        for column in (
            "MajorVersion",
            "MinorVersion",
            "BuildNumber",
            "NodeWeight",
            "DynamicWeight",
            "NodeHighestVersion",
        ):
            frame.take(column, 0, column, integer)

    return _plain(context, "cluster_node", "Node", fill)


def cluster_access(context: Context) -> Table:
    """`Get-ClusterAccess`."""
    dump = _dump(context, "Cluster")
    early = _early(context, "cluster_access", dump)
    if early is not None:
        return early
    name = "Security_Descriptor"
    state = dump.state(name)
    if isinstance(state, Gap):
        return missing_table("cluster_access", gap=state)
    if state is not None:
        return missing_table("cluster_access", not_offered="osTooOld")
    builder = TableBuilder("cluster_access")
    gap = dump.gap
    for record in dump.records:
        try:
            entries = _access_entries(needed(record, name, text))
        except (CellError, NotAssessed) as error:
            gap = error.gap if isinstance(error, NotAssessed) else Gap(Cause.UNREADABLE, str(error), dump.name, name)
            continue
        place = record.place(name)
        for sid, mask in entries:
            found = enums.CLUSTER_RIGHTS.get(mask & 3)
            gaps = (
                {}
                if found
                else {"ClusterRights": Gap(Cause.UNREADABLE, f"mask {mask:#x}", "cluster_access", "ClusterRights")}
            )
            builder.add(
                {"IdentityReference": sid, "ClusterRights": found},
                {"IdentityReference": place, "ClusterRights": place},
                gaps,
            )
    return builder.build(gap)


def cluster_network(context: Context) -> Table:
    """`Get-ClusterNetwork`."""
    types = _dump(context, "ResourceType")

    def fill(frame: Frame) -> None:
        frame.take("Id", 0, "Id", guid)
        frame.take("Name", 0, "Name", text)
        frame.take("Role", 0, "Role", symbol(enums.CLUSTER_NETWORK_ROLE))
        frame.take("Address", 0, "Address", text)
        frame.take("AddressMask", 0, "AddressMask", text)
        frame.take("Ipv4Addresses", 0, "IPv4Addresses", texts)
        frame.take("Ipv4PrefixLengths", 0, "IPv4PrefixLengths", _prefix_lengths)
        frame.take("Metric", 0, "Metric", integer)
        frame.take("State", 0, "State", integer)
        excluded = "PrivateProperties.MigrationExcludeNetworks"
        state = types.state(excluded)
        machines = [record for record in types.records if folded(record, "Name") == "virtual machine"]
        if isinstance(state, Gap):
            frame.gap("ExcludedFromMigration", state)
        elif state is None:
            frame.derive(
                "ExcludedFromMigration",
                ((0, "Id"),),
                lambda row: (
                    needed(row, "Id", guid)
                    in (cell(machines[0] if machines else types.gap, excluded, _network_ids) or [])
                ),
            )

    return _plain(context, "cluster_network", "Network", fill)


def cluster_network_interface(context: Context) -> Table:
    """`Get-ClusterNetworkInterface`."""

    def fill(frame: Frame) -> None:
        for column in ("Name", "Node", "Network"):
            frame.take(column, 0, column, text)
        frame.take("AdapterId", 0, "AdapterId", guid_or_null)
        frame.take("Address", 0, "Address", text)

    return _plain(context, "cluster_network_interface", "NetworkInterface", fill)


def cluster_group(context: Context) -> Table:
    """`Get-ClusterGroup`."""

    def fill(frame: Frame) -> None:
        frame.take("Id", 0, "Id", guid)
        frame.take("Name", 0, "Name", text)
        frame.take("GroupType", 0, "GroupType", integer)
        frame.take("OwnerNode", 0, "OwnerNode", text)
        frame.take("State", 0, "State", integer)
        frame.take("Priority", 0, "Priority", integer)
        frame.take("AntiAffinityClassNames", 0, "AntiAffinityClassNames", texts)
        frame.take("IsCoreGroup", 0, "IsCore", boolean)

    return _plain(context, "cluster_group", "ResourceGroup", fill)


def cluster_affinity_rule(context: Context) -> Table:
    """`Get-ClusterAffinityRule`, since 2022. That `Groups` names groups or their ids, and `Enabled` 0 or 1, is unverified."""

    def fill(frame: Frame) -> None:
        frame.take("Name", 0, "Name", text)
        frame.take("RuleType", 0, "RuleType", _rule_type)
        frame.take("Groups", 0, "Groups", texts)
        frame.take("Enabled", 0, "Enabled", _truth)

    not_offered = _dump(context, "AffinityRule").not_offered
    if not_offered is not None:
        return missing_table("cluster_affinity_rule", not_offered=not_offered)
    return _plain(context, "cluster_affinity_rule", "AffinityRule", fill)


def cluster_resource(context: Context) -> Table:
    """`Get-ClusterResource`."""

    def fill(frame: Frame) -> None:
        frame.take("Id", 0, "Id", guid)
        frame.take("Name", 0, "Name", text)
        frame.take("ResourceType", 0, "Type", text)
        frame.take("State", 0, "State", symbol(enums.RESOURCE_STATE))
        frame.take("OwnerGroup", 0, "OwnerGroup", text)
        frame.take("OwnerNode", 0, "OwnerNode", text)
        frame.take("VMId", 0, "PrivateProperties.VmID", guid_or_null)
        frame.take("IsClusterSharedVolume", 0, "IsClusterSharedVolume", boolean)
        frame.take("CoreResource", 0, "CoreResource", boolean)

    return _plain(context, "cluster_resource", "Resource", fill)


def cluster_csv(context: Context) -> Table:
    """`Get-ClusterSharedVolume`."""
    resources = _dump(context, "Resource")
    early = _early(context, "cluster_csv", resources)
    if early is not None:
        return early
    volumes = _dump(context, "ClusterSharedVolume")
    to_resource = _dump(context, "ClusterSharedVolumeToResource")
    to_partition = _dump(context, "ClusterSharedVolumeToPartition")
    partitions = _dump(context, "DiskPartition")
    if volumes.not_offered is not None:
        return missing_table("cluster_csv", not_offered=volumes.not_offered)
    state = resources.state("IsClusterSharedVolume")
    gap = resources.gap or volumes.gap or to_resource.gap or (state if isinstance(state, Gap) else None)
    if gap is not None and (resources.missing or volumes.missing or to_resource.missing or isinstance(state, Gap)):
        return missing_table("cluster_csv", gap=gap)
    by_name = volumes.index(lambda record: folded(record, "Name"))
    by_path = {
        **partitions.index(lambda record: folded(record, "Name")),
        **partitions.index(lambda record: folded(record, "Path")),
    }
    partition_of = _pairs(to_partition, ("path", "name"))
    frame = Frame("cluster_csv", resources, volumes, partitions, to_partition, via={2: (3,)})
    volumes_of: dict[str, list[str]] = {}
    for record in to_resource.records:
        volume, resource = reference(record.cells.get("GroupComponent")), reference(record.cells.get("PartComponent"))
        if volume is not None and resource is not None:
            volumes_of.setdefault(resource.keys.get("name", "").lower(), []).append(volume.keys.get("name", "").lower())
    for record in resources.records:
        if record.cells.get("IsClusterSharedVolume") is not True:
            if "IsClusterSharedVolume" in record.gaps:
                gap = gap or record.gaps["IsClusterSharedVolume"]
            continue
        names = volumes_of.get(folded(record, "Name") or "")
        for name in sorted(names or [""]):
            partition = (
                partitions.find(by_path, partition_of.get(name, "")) if name in partition_of else to_partition.gap
            )
            frame.add(record, volumes.find(by_name, name), partition, None)
    frame.take("Name", 0, "Name", text)
    frame.take("OwnerNode", 0, "OwnerNode", text)
    frame.take("Path", 1, "VolumeName", text)
    frame.take("FaultState", 1, "FaultState", integer)
    frame.take("BackupState", 1, "BackupState", integer)
    frame.take("Size", 2, "TotalSize", lambda value: integer(value) * _MIB)
    frame.take("FreeSpace", 2, "FreeSpace", lambda value: integer(value) * _MIB)
    frame.derive("PercentFree", ((2, "FreeSpace"), (2, "TotalSize")), lambda *sources: _percent(sources[2]))
    return frame.build(gap)


def guid_of(value: Any) -> str | None:
    """A GUID, folded; None for anything else."""
    try:
        return guid(value)
    except CellError:
        return None


def _dump(context: Context, name: str) -> Dump:
    return context.dumps.named(f"cluster/MSCluster_{name}")


def _early(context: Context, table: str, dump: Dump) -> Table | None:
    """The answer of a stand-alone host, and of a dump that could not be read."""
    status = absence(context)
    if status is None:
        return TableBuilder(table).build(absent="roleAbsent")
    if isinstance(status, Gap):
        return missing_table(table, gap=status)
    if dump.not_offered is not None:
        return missing_table(table, not_offered=dump.not_offered)
    return missing_table(table, gap=dump.missing) if dump.missing is not None else None


def _plain(context: Context, table: str, name: str, fill: Callable[[Frame], None]) -> Table:
    dump = _dump(context, name)
    early = _early(context, table, dump)
    if early is not None:
        return early
    frame = Frame(table, dump)
    for record in dump.records:
        frame.add(record)
    fill(frame)
    return frame.build(dump.gap)


def _resource(resources: Dump, name: str | None) -> Source:
    found = [record for record in resources.records if name and folded(record, "Name") == name.lower()]
    return (
        min(found, key=lambda record: repr(record.cells))
        if found
        else resources.gap or Gap(Cause.UNREADABLE, "the witness is not in the snapshot", resources.name)
    )


def _pairs(dump: Dump, keys: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in dump.records:
        one, other = reference(record.cells.get("GroupComponent")), reference(record.cells.get("PartComponent"))
        if one is not None and other is not None:
            value = next((other.keys[key] for key in keys if key in other.keys), "")
            link(found, one.keys.get("name", "").lower(), value.lower())
    return found


def _truth(value: Any) -> bool:
    if value in (0, 1):
        return bool(value)
    raise CellError(f"{value!r} is neither 0 nor 1")


def _rule_type(value: Any) -> str:
    known = value if type(value) is str and value in enums.AFFINITY_RULE.values() else None
    return known or symbol(enums.AFFINITY_RULE)(value)


def _network_ids(value: Any) -> list[str]:
    return [guid(part) for part in text(value).split(";") if part.strip()]


def _prefix_lengths(value: Any) -> list[int]:
    found = []
    for part in texts(value):
        if not (part.isascii() and part.isdigit()):
            raise CellError(f"{part!r} is no prefix length")
        found.append(int(part))
    return found


def _percent(partition: Source) -> float:
    total = needed(partition, "TotalSize", integer)
    if total <= 0:
        raise CellError("the volume has no size")
    return float(needed(partition, "FreeSpace", integer)) / float(total) * 100


def _access_entries(value: str) -> list[tuple[str, int]]:
    """SIDs and masks of the allowing entries of a self-relative security descriptor ([MS-DTYP] 2.4.6)."""
    if not value.startswith("hex:"):
        raise CellError("is not hex:...")
    try:
        data = bytes.fromhex(value[4:])
        control, _owner, _group, _sacl, dacl = struct.unpack_from("<2xH4I", data)
        if not control & 0x0004 or not dacl:
            raise CellError("has no access list")
        count = struct.unpack_from("<4xH", data, dacl)[0]
        found = []
        at = dacl + 8
        for _ in range(count):
            kind, size, mask = struct.unpack_from("<BxHI", data, at)
            if size < 16 or at + size > len(data):
                raise CellError("is cut short")
            if kind == 0:
                found.append((_sid(data, at + 8, at + size), mask))
            at += size
    except (ValueError, struct.error) as error:
        raise CellError(f"is no security descriptor: {error}") from None
    return found


def _sid(data: bytes, at: int, end: int) -> str:
    revision, count = data[at], data[at + 1]
    if revision != 1 or count > 15 or at + 8 + 4 * count > end:
        raise CellError("is no SID")
    authority = int.from_bytes(data[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}I", data, at + 8)
    return "-".join(["S-1", str(authority), *map(str, parts)])


__all__ = [
    "absence",
    "broker",
    "cluster",
    "cluster_access",
    "cluster_affinity_rule",
    "cluster_csv",
    "cluster_group",
    "cluster_network",
    "cluster_network_interface",
    "cluster_node",
    "cluster_resource",
    "is_clustered",
]
