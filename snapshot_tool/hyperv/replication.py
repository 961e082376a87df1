"""Replica: relationships of VMs, the replica server and whom it trusts; on a cluster the broker's resource rules."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from snapshot_tool.cells import CellError
from snapshot_tool.hyperv import cluster
from snapshot_tool.hyperv import enumerations as enums
from snapshot_tool.hyperv.dumps import Dump, Source, instance_id, owner, reference, text_of
from snapshot_tool.hyperv.rules import (
    Frame,
    boolean,
    cell,
    integer,
    moment,
    needed,
    seconds,
    symbol,
    text,
    text_or_null,
)
from snapshot_tool.hyperv.tables import missing_table
from snapshot_tool.snapshot import Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

if TYPE_CHECKING:
    from snapshot_tool.hyperv.context import Context

_ANY = "*"
_EMBEDDED = re.compile(
    r'(?:NAME="InstanceID"[^<>]*>\s*<VALUE>([^<>]*)</VALUE>|\bInstanceID\s*=\s*"((?:[^"\\]|\\.)*)")', re.ASCII
)


def by_suffix(context: Context, dump: Dump, suffix: str) -> dict[str, Record]:
    r"""Rows `Microsoft:<VM>\HVR\<suffix>` by VM; 2012 has one relationship without a suffix."""
    live = context.machines.live

    def key(record: Record) -> str | None:
        identifier = instance_id(record) or ""
        machine = owner(identifier)
        if machine is None or machine not in live:
            return None
        last = identifier.rpartition("\\")[2]
        return machine if last == suffix or (last == "hvr" and suffix == "0") else None

    return dump.index(key)


def state_symbol(mode: int, state: int, *, extended: bool) -> str:
    """The cmdlet's symbol for a WMI state; WMI counts differently, and by the role of the VM. Raises CellError."""
    if extended:
        mapping = enums.REPLICATION_STATE_EXTENDED
    elif mode == 1:
        mapping = enums.REPLICATION_STATE_PRIMARY
    else:
        mapping = enums.REPLICATION_STATE_REPLICA
    number = mapping.get(state)
    if number is None:
        raise CellError(f"{state!r} is no known replication state")
    return enums.REPLICATION_STATE[number]


def vm_replication(context: Context) -> Table:
    """`Get-VMReplication`: settings exist for every VM and prove nothing, the mode of the VM decides."""
    machines, dumps = context.machines, context.dumps
    systems = machines.system_dump
    settings = dumps("Msvm_ReplicationSettingData")
    relation = dumps("Msvm_ReplicationRelationship")
    statistics = dumps("Msvm_ReplicationStatistics")
    images = context.drives.images
    gap = systems.gap or machines.gap
    state = systems.state("ReplicationMode")
    if gap is not None and not systems.records:
        return missing_table("vm_replication", gap=gap)
    if isinstance(state, Gap):
        return missing_table("vm_replication", gap=state)
    frame = machines.frame("vm_replication", settings, relation, statistics, images)
    by_relation = statistics.index(lambda record: (text_of(record, "RelationshipInstanceID") or "").lower())
    first, second = (by_suffix(context, settings, suffix) for suffix in "01")
    one, other = (by_suffix(context, relation, suffix) for suffix in "01")
    states = relation.state("ReplicationState")
    for machine in machines.ids:
        system = machines.system(machine)
        try:
            mode = needed(system, "ReplicationMode", integer)
        except (NotAssessed, CellError) as error:
            gap = gap or (
                error.gap if isinstance(error, NotAssessed) else Gap(Cause.UNREADABLE, str(error), systems.name)
            )
            continue
        if mode == 0:
            continue
        wanted = [(first, one, "Simple", f"microsoft:{machine}\\hvr\\0")]
        extended = other.get(machine)
        if isinstance(states, Gap) or (extended is None and relation.gap is not None and machine not in one):
            gap = gap or (states if isinstance(states, Gap) else relation.gap)
        elif extended is not None and "ReplicationState" in extended.gaps:
            gap = gap or extended.gaps["ReplicationState"]
        elif extended is not None and extended.cells.get("ReplicationState") != 0:
            wanted.append((second, other, "Extended", f"microsoft:{machine}\\hvr\\1"))
        for rows, relations, kind, identifier in wanted:
            frame.add(
                system,
                settings.find(rows, machine),
                relation.find(relations, machine),
                statistics.find(by_relation, identifier),
                images.gap,
                VMId=machine,
                ReplicationRelationshipType=kind,
            )
    # The relationship tells of which kind it is; 2012 has only settings.
    frame.known("ReplicationRelationshipType", slot=1 if relation.not_offered is not None else 2)
    machines.name(frame)
    frame.take("ReplicationMode", 0, "ReplicationMode", symbol(enums.REPLICATION_MODE))
    _states(frame, relation)
    _settings(frame)
    _disks(context, frame)
    # 2012 has no relationships; there the machine itself tells, as it does for state and health.
    frame.take("LastReplicationTime", 0 if relation.not_offered is not None else 2, "LastReplicationTime", moment)
    frame.take("LastAppliedLogTime", 2, "LastApplyTime", moment)
    frame.take("LastTestFailoverInitiatedTime", 3, "LastTestFailoverTime", moment, absent=None)
    return frame.build(gap)


def _states(frame: Frame, relation: Dump) -> None:
    health = symbol(enums.REPLICATION_HEALTH)
    slot = 0 if relation.not_offered is not None else 2
    frame.take("ReplicationHealth", slot, "ReplicationHealth", health)
    state = frame.state(((slot, "ReplicationState"), (0, "ReplicationMode")))
    frame.known("ReplicationState", slot=slot, place="ReplicationState")
    if isinstance(state, Gap):
        frame.gap("ReplicationState", state)
        return

    def make(row: int) -> str:
        sources = frame.sources[row]
        mode = needed(sources[0], "ReplicationMode", integer)
        extended = frame.cells[row]["ReplicationRelationshipType"] == "Extended"
        return state_symbol(mode, needed(sources[slot], "ReplicationState", integer), extended=extended)

    for row in range(len(frame.cells)):
        frame.put(row, "ReplicationState", partial(make, row))


def _settings(frame: Frame) -> None:
    frame.take("PrimaryServerName", 1, "PrimaryHostSystem", text)
    frame.take("ReplicaServerName", 1, "RecoveryHostSystem", text)
    frame.take("ReplicaServerPort", 1, "RecoveryServerPortNumber", integer)
    frame.take("AuthenticationType", 1, "AuthenticationType", symbol(enums.REPLICATION_AUTHENTICATION))
    frame.take("CertificateThumbprint", 1, "CertificateThumbPrint", text_or_null)
    for column in ("CompressionEnabled", "BypassProxyServer", "ReplicateHostKvpItems", "AutoResynchronizeEnabled"):
        frame.take(column, 1, column, boolean)
    frame.take("RecoveryHistory", 1, "RecoveryHistory", integer)
    if frame.slots[1].not_offered is None and not isinstance(frame.slots[1].state("ReplicationInterval"), Gap | None):
        # 2012 replicates every five minutes and has no property for it.
        frame.same("ReplicationFrequencySec", 300)
    else:
        frame.take("ReplicationFrequencySec", 1, "ReplicationInterval", integer)
    frame.take("VSSSnapshotFrequencyHour", 1, "ApplicationConsistentSnapshotInterval", integer)
    for column in ("AutoResynchronizeIntervalStart", "AutoResynchronizeIntervalEnd"):
        frame.take(column, 1, column, seconds)


def _disks(context: Context, frame: Frame) -> None:
    drives = context.drives
    by_id = {instance_id(record) or "": record for record in drives.images.records}
    medium = drives.images.state("HostResource")
    needs = ((1, "IncludedDisks"), (4, "HostResource"))
    for column in ("ReplicatedDisks", "ExcludedDisks"):
        frame.known(column, slot=1, place="IncludedDisks")
        state = frame.state(needs)
        if isinstance(state, Gap):
            frame.gap(column, state)

    def included(row: int) -> list[str]:
        value = cell(frame.sources[row][1], "IncludedDisks")
        if value is None:
            return []
        if type(value) is not list:
            raise CellError("is not a list")
        return [_image_id(element) for element in value]

    def replicated(row: int) -> list[str]:
        found = []
        for identifier in included(row):
            record = by_id.get(identifier)
            if record is None:
                raise NotAssessed(
                    drives.images.gap
                    or Gap(Cause.UNREADABLE, "a replicated disk is not in the snapshot", "vm_replication")
                )
            found.append(drives.path(record) or "")
        return found

    def excluded(row: int) -> list[str]:
        if drives.dump.gap or drives.images.gap:
            raise NotAssessed(drives.dump.gap or drives.images.gap)  # type: ignore[arg-type]
        chosen = set(included(row))
        found = []
        for drive in sorted(drives.drives.get(frame.cells[row]["VMId"], ()), key=lambda drive: drive.id.lower()):
            if drive.kind != "HardDisk" or not isinstance(drive.image, Record) or instance_id(drive.image) in chosen:
                continue
            path = drives.path(drive.image)
            if path is not None:
                found.append(path)
        return found

    for row in range(len(frame.cells)):
        frame.put(row, "ReplicatedDisks", partial(replicated, row), medium)
        frame.put(row, "ExcludedDisks", partial(excluded, row), medium)


def _image_id(element: Any) -> str:
    """InstanceID of a replicated image: as it stands, as a reference, or inside an embedded instance."""
    value = text(element)
    if value.lower().startswith("microsoft:"):
        return value.lower()
    target = reference(value)
    if target is not None and "instanceid" in target.keys:
        return target.keys["instanceid"].lower()
    found = _EMBEDDED.search(value)
    if found is None:
        raise CellError("names no image")
    if found[1] is not None:
        return found[1].lower()
    return re.sub(r"\\(.)", r"\1", found[2]).lower()


def replica_server(context: Context) -> Table:
    """`Get-VMReplicationServer`."""
    settings = context.dumps("Msvm_ReplicationServiceSettingData")
    if settings.not_offered is not None:
        return missing_table("replica_server", not_offered=settings.not_offered)
    broker = cluster.broker(context)
    if isinstance(broker, Gap):
        return missing_table("replica_server", gap=broker)
    if broker is not None:
        return _broker_server(context, broker)
    if not settings.records:
        gap = settings.gap or Gap(Cause.UNREADABLE, "the class has no row", settings.name, whole=True)
        return missing_table("replica_server", gap=gap)
    entries = context.dumps("Msvm_ReplicationAuthorizationSettingData")
    frame = Frame("replica_server", settings, entries)
    frame.add(min(settings.records, key=lambda record: repr(record.cells)), entries.gap, Broker=False)
    frame.known("Broker")
    frame.take("ReplicationEnabled", 0, "RecoveryServerEnabled", boolean)
    frame.take("AllowedAuthenticationType", 0, "AllowedAuthenticationType", symbol(enums.REPLICA_SERVER_AUTHENTICATION))
    frame.take("KerberosAuthenticationPort", 0, "HttpPort", integer)
    frame.take("CertificateAuthenticationPort", 0, "HttpsPort", integer)
    frame.take("CertificateThumbprint", 0, "CertificateThumbPrint", text_or_null)

    def from_any(*_sources: Source) -> bool:
        return any(_server(record) == _ANY for record in entries.records)

    def location(*_sources: Source) -> str:
        found = [record for record in entries.records if _server(record) == _ANY]
        return str(needed(found[0], "ReplicaStorageLocation", text)) if found else ""

    frame.derive("ReplicationAllowedFromAnyServer", ((1, "AllowedPrimaryHostSystem"),), from_any)
    frame.derive("DefaultStorageLocation", ((1, "ReplicaStorageLocation"), (1, "AllowedPrimaryHostSystem")), location)
    return frame.build()


def replica_authorization(context: Context) -> Table:
    """`Get-VMReplicationAuthorizationEntry`; `*` stands for any server."""
    entries = context.dumps("Msvm_ReplicationAuthorizationSettingData")
    if entries.not_offered is not None:
        return missing_table("replica_authorization", not_offered=entries.not_offered)
    broker = cluster.broker(context)
    if isinstance(broker, Gap):
        return missing_table("replica_authorization", gap=broker)
    if broker is not None:
        return _broker_authorization(context, broker)
    if entries.missing is not None:
        return missing_table("replica_authorization", gap=entries.missing)
    frame = Frame("replica_authorization", entries)
    for record in entries.records:
        frame.add(record)
    frame.take("AllowedPrimaryServer", 0, "AllowedPrimaryHostSystem", text)
    frame.take("ReplicaStorageLocation", 0, "ReplicaStorageLocation", text)
    frame.take("TrustGroup", 0, "TrustGroup", text)
    return frame.build(entries.gap)


def _server(record: Record) -> str:
    return str(needed(record, "AllowedPrimaryHostSystem", text))


def _broker_server(context: Context, broker: Record) -> Table:
    resources = context.dumps.named("cluster/MSCluster_Resource")
    frame = Frame("replica_server", resources)
    frame.add(broker, Broker=True)
    frame.known("Broker", place="Type")
    private = "PrivateProperties."
    frame.take("ReplicationEnabled", 0, f"{private}RecoveryServerEnabled", lambda value: bool(_number(value)))
    frame.take(
        "AllowedAuthenticationType",
        0,
        f"{private}AuthenticationType",
        lambda value: symbol(enums.REPLICA_SERVER_AUTHENTICATION)(_number(value)),
    )
    frame.take("KerberosAuthenticationPort", 0, f"{private}HttpPort", _number)
    frame.take("CertificateAuthenticationPort", 0, f"{private}HttpsPort", _number)
    frame.take("CertificateThumbprint", 0, f"{private}CertificateThumbPrint", text_or_null)
    name = f"{private}Authorization"
    frame.derive(
        "ReplicationAllowedFromAnyServer",
        ((0, name),),
        lambda row: any(server == _ANY for server, _, _ in _triples(cell(row, name))),
    )
    frame.derive(
        "DefaultStorageLocation",
        ((0, name),),
        lambda row: next((place for server, place, _ in _triples(cell(row, name)) if server == _ANY), ""),
    )
    return frame.build()


def _broker_authorization(context: Context, broker: Record) -> Table:
    resources = context.dumps.named("cluster/MSCluster_Resource")
    name = "PrivateProperties.Authorization"
    state = resources.state(name)
    if isinstance(state, Gap):
        return missing_table("replica_authorization", gap=state)
    frame = Frame("replica_authorization", resources)
    try:
        entries = _triples(cell(broker, name))
    except (CellError, NotAssessed) as error:
        gap = error.gap if isinstance(error, NotAssessed) else Gap(Cause.UNREADABLE, str(error), resources.name, name)
        return missing_table("replica_authorization", gap=gap)
    for server, place, group in entries:
        frame.add(broker, AllowedPrimaryServer=server, ReplicaStorageLocation=place, TrustGroup=group)
    frame.known("AllowedPrimaryServer", "ReplicaStorageLocation", "TrustGroup", place=name)
    return frame.build()


def _triples(value: Any) -> list[tuple[str, str, str]]:
    """Entries of the broker: primary, storage and trust group, separated by no-break spaces."""
    if value is None or value == "":
        return []
    found = text(value).split("\u00a0")
    if not found[-1] and len(found) % 3 == 1:
        found.pop()
    if len(found) % 3:
        raise CellError("is no list of triples")
    return [(found[at], found[at + 1], found[at + 2]) for at in range(0, len(found), 3)]


def _number(value: Any) -> int:
    if type(value) is int:
        return value
    if type(value) is bool:
        return int(value)
    if type(value) is str and value.isascii() and value.isdigit():
        return int(value)
    raise CellError(f"{value!r} is not a number")
