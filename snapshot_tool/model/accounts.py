"""Local users and groups, their members, and names of SIDs."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.snapshot import Row


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
