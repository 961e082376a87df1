"""Local users and groups, their members, and names of SIDs."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.cells import is_sid
from snapshot_tool.knowledge.sids import ADMINISTRATORS, display_name, well_known
from snapshot_tool.model.host import ComputerSystem
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import undetermined


class LocalGroupMemberClass(StrEnum):
    """`local_group_members.Class`."""

    USER = "User"
    GROUP = "Group"
    COMPUTER = "Computer"
    UNKNOWN = "Unknown"


class KnownSidClass(StrEnum):
    """`sids.Class`."""

    USER = "user"
    GROUP = "group"
    COMPUTER = "computer"
    MANAGED_SERVICE_ACCOUNT = "managedServiceAccount"
    ALIAS = "alias"
    WELL_KNOWN = "wellKnown"
    SERVICE = "service"
    VIRTUAL_MACHINE = "virtualMachine"


class KnownSidLookupError(StrEnum):
    """`sids.LookupError`."""

    NOT_FOUND = "notFound"
    TIMEOUT = "timeout"
    BUDGET = "budget"
    OTHER = "other"


class LocalGroup(Row, table="local_groups"):
    """Local groups: one row is group."""

    __slots__ = ()
    name_column = "Name"

    sid: str
    name: str
    description: str | None
    member_count: int | None


class LocalGroupMember(Row, table="local_group_members"):
    """Members of local groups: one row is membership."""

    __slots__ = ()
    name_column = "MemberName"

    group_sid: str
    group_name: str
    member_sid: str | None
    member_name: str | None
    member_path: str | None
    class_: LocalGroupMemberClass
    resolved: bool
    depth: int
    via_sid: str | None

    @property
    def sid(self) -> str:
        """SID of the member. Raises NotAssessed where the host gave none."""
        sid: str | None = self.member_sid
        if sid is None:
            raise undetermined(
                f"a member of {self.group_sid} has no SID", table="local_group_members", column="MemberSid"
            )
        return sid

    @property
    def is_machine_or_service(self) -> bool:
        """Whether the member is a computer account or a managed service account."""
        return self.class_ is LocalGroupMemberClass.COMPUTER or is_machine_or_service(self.host, self.sid)


class LocalUser(Row, table="local_users"):
    """Local user accounts: one row is account."""

    __slots__ = ()
    name_column = "Name"

    sid: str
    name: str
    enabled: bool
    locked_out: bool
    password_required: bool
    password_never_expires: bool
    password_last_set_utc: datetime | None
    last_logon_utc: datetime | None
    user_flags: int

    @property
    def rid(self) -> int:
        """The last number of the SID: 500 built-in Administrator, 501 Guest."""
        return relative_id(self.sid)


class AccountPolicy(Row, table="account_policy"):
    """Password and lockout policy as seen through ADSI: one row is the machine."""

    __slots__ = ()

    min_password_length: int
    password_history_length: int
    max_password_age_seconds: int | None
    min_password_age_seconds: int
    lockout_threshold: int
    lockout_duration_seconds: int | None
    lockout_window_seconds: int


class KnownSid(Row, table="sids"):
    """Names of SIDs found anywhere in the snapshot: one row is distinct SID."""

    __slots__ = ()
    name_column = "Name"

    sid: str
    name: str | None
    class_: KnownSidClass | None
    resolved: bool
    lookup_error: KnownSidLookupError | None


def account_name(host: Snapshot, sid: str) -> str:
    r"""A SID with the name that the host resolved, for messages: `CONTOSO\ops (S-1-5-21-...)`; it is no evidence."""
    if not is_sid(sid) or (well_known(sid) is not None and not sid.startswith("S-1-5-21-")):
        return display_name(sid)
    name = _resolved_names(host).get(sid)
    return display_name(sid) if name is None else f"{name} ({sid})"


def _resolved_names(host: Snapshot) -> dict[str, str]:
    known: dict[str, str] | None = host.cache.get(_resolved_names)
    if known is None:
        known = {}
        for table in ("local_users", "local_groups", "sids"):
            for record in host.table(table).records:
                sid, name = record.cells.get("Sid"), record.cells.get("Name")
                if isinstance(sid, str) and isinstance(name, str):
                    known[sid] = name
        host.cache[_resolved_names] = known
    return known


def relative_id(sid: str) -> int:
    """The last number of a SID."""
    return int(sid.rpartition("-")[2])


def is_machine_or_service(host: Snapshot, sid: str) -> bool:
    """Whether a SID is that of a computer or of a managed service account, as far as the host could tell its class."""
    known = host.find(KnownSid, sid=sid)
    if known is None:
        return False
    if known.class_ is None:
        # The class needs a directory; the names of both kinds of account end in a dollar sign in every language.
        return (known.name or "").endswith("$")
    return known.class_ in {KnownSidClass.COMPUTER, KnownSidClass.MANAGED_SERVICE_ACCOUNT}


def administrators_member(host: Snapshot, sid: str) -> bool:
    """Whether the group Administrators lists the SID, nested groups as far as they were expanded. Raises NotAssessed."""
    return host.find(LocalGroupMember, group_sid=ADMINISTRATORS, member_sid=sid) is not None


def orphaned(host: Snapshot, sid: str, *, unresolved: bool = False) -> bool:
    """Whether the account behind a SID is gone. Raises NotAssessed where its domain did not answer or nobody looked it up.

    `unresolved`: another table says that it was looked up without result.
    """
    if not sid.startswith("S-1-5-21-"):
        return False
    known = host.find(KnownSid, sid=sid)
    if known is None and not unresolved:
        raise undetermined(f"{sid} was not looked up", table="sids")
    if known is not None and known.resolved:
        return False
    if known is not None and known.lookup_error is not KnownSidLookupError.NOT_FOUND:
        raise undetermined(f"the account of {sid} could not be looked up", table="sids", column="LookupError")
    computer = host.one(ComputerSystem)
    if computer.part_of_domain and computer.domain_reachable is not True:
        raise undetermined(f"no domain controller answered when {sid} was looked up", table="sids")
    return True
