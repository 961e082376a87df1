"""Event logs, their settings and counts of selected events."""

from datetime import datetime
from enum import IntEnum
from typing import Any

from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import undetermined


class EventLogType(IntEnum):
    """`eventlogs.Type`."""

    ADMIN = 0
    OPERATIONAL = 1
    ANALYTIC = 2
    DEBUG = 3


class EventLog(Row, table="eventlogs"):
    """Event log channels: one row is channel of the eventLogChannels list."""

    __slots__ = ()
    name_column = "Channel"

    channel: str
    enabled: bool
    max_size_bytes: int | None
    retention: int | None
    auto_backup: bool | None
    file: str | None
    channel_access: str | None
    type: EventLogType | None
    owning_publisher: str
    file_size_bytes: int
    record_count: int
    oldest_record_utc: datetime | None
    newest_record_utc: datetime


class HypervisorScheduler(IntEnum):
    """How the hypervisor gives out processors: `SchedulerType` of event 2 of its provider."""

    CLASSIC_WITHOUT_SMT = 1
    CLASSIC = 2
    CORE = 3
    ROOT = 4


class EventSummary(Row, table="event_summary"):
    """Counts of selected events: one row is channel x provider x event id."""

    __slots__ = ()

    channel: str
    provider: str
    event_id: int
    level: int
    count: int
    first_utc: datetime
    last_utc: datetime
    window_days: int
    last_data: dict[str, Any]
    capped: bool


HYPERVISOR_PROVIDER = "Microsoft-Windows-Hyper-V-Hypervisor"
_SCHEDULER_CHOSEN = 2


def hypervisor_scheduler(host: Snapshot) -> HypervisorScheduler:
    """The scheduler that the hypervisor chose at its last start. Raises NotAssessed where it left no such event."""
    event = host.find(EventSummary, channel="System", provider=HYPERVISOR_PROVIDER, event_id=_SCHEDULER_CHOSEN)
    kind = event.last_data.get("SchedulerType") if event is not None else None
    for scheduler in HypervisorScheduler:
        if scheduler == kind:
            return scheduler
    raise undetermined("which scheduler the hypervisor uses is not known", table="event_summary")
