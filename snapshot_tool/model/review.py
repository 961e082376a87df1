"""Named accounts and groups that are neither ordinary users nor known administrators: rights of theirs are listed for review."""

from collections.abc import Iterable

from snapshot_tool.knowledge.rights import EVENT_LOG_ALL_ACCESS, FILE_ALL_ACCESS, KEY_ALL_ACCESS, SERVICE_ALL_ACCESS
from snapshot_tool.knowledge.sids import HYPERV_ADMINISTRATORS, Standing, standing
from snapshot_tool.model.accounts import KnownSid, KnownSidClass, LocalGroupMember, account_name, administrators_member
from snapshot_tool.model.security import Grant, ObjectKind, rights_text
from snapshot_tool.snapshot import Snapshot

_NAMED = ("S-1-5-21-", "S-1-12-1-", "S-1-5-32-", "S-1-5-82-")
_MACHINES = {KnownSidClass.COMPUTER, KnownSidClass.MANAGED_SERVICE_ACCOUNT}


def to_review(host: Snapshot, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants to named accounts and groups of which nothing says that they administer the host. Raises NotAssessed."""
    return tuple(grant for grant in grants if _is_to_review(host, grant.sid))


def who(host: Snapshot, grants: Iterable[Grant]) -> str:
    """The trustees of grants by name, each once, for a message; no evidence."""
    return ", ".join(dict.fromkeys(account_name(host, grant.sid) for grant in grants))


def may(grants: Iterable[Grant], kind: ObjectKind, wanted: int) -> str:
    """What the grants let their trustees do, of the rights in question, for a message: `may add files, delete`."""
    found = tuple(grants)
    everything = _EVERYTHING.get(kind, FILE_ALL_ACCESS)
    if any(grant.mask & everything == everything for grant in found):
        return "has full control"
    return f"may {rights_text(found, kind, wanted)}"


_EVERYTHING = {
    ObjectKind.KEY: KEY_ALL_ACCESS,
    ObjectKind.SERVICE: SERVICE_ALL_ACCESS,
    ObjectKind.EVENT_LOG: EVENT_LOG_ALL_ACCESS,
}


def _is_to_review(host: Snapshot, sid: str) -> bool:
    if not sid.startswith(_NAMED) or standing(sid) is not Standing.OTHER or administrators_member(host, sid):
        return False
    if host.find(LocalGroupMember, group_sid=HYPERV_ADMINISTRATORS, member_sid=sid) is not None:
        return False
    known = host.find(KnownSid, sid=sid)
    return known is None or known.class_ not in _MACHINES
