"""Registry values, keys and group policy objects."""

from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.snapshot import Row


class RegistryValueMode(StrEnum):
    """`registry_values.Mode`."""

    VALUE = "value"
    ALL_VALUES = "allValues"
    PRESENCE = "presence"


class RegistryValueKind(StrEnum):
    """`registry_values.Kind`."""

    REG_NONE = "REG_NONE"
    REG_SZ = "REG_SZ"
    REG_EXPAND_SZ = "REG_EXPAND_SZ"
    REG_BINARY = "REG_BINARY"
    REG_DWORD = "REG_DWORD"
    REG_MULTI_SZ = "REG_MULTI_SZ"
    REG_QWORD = "REG_QWORD"
    REG_OTHER = "REG_OTHER"


class RegistryValueView(IntEnum):
    """`registry_values.View`."""

    N64_BIT = 64
    N32_BIT = 32


class RegistryAclRole(StrEnum):
    """`registry_acls.Role`."""

    VIRTUALIZATION = "virtualization"
    SERVICES_ROOT = "servicesRoot"
    AUTOSTART = "autostart"
    DEBUGGER = "debugger"
    WINLOGON = "winlogon"
    LSA = "lsa"
    HIVE_ROOT = "hiveRoot"
    REMOTE_REGISTRY = "remoteRegistry"
    POLICY = "policy"
    FIREWALL = "firewall"
    SVCHOST = "svchost"
    TASK_CACHE = "taskCache"
    BCD = "bcd"


class RegistryValue(Row, table="registry_values"):
    """Checked registry values: one row is value of the registryList."""

    __slots__ = ()

    key: str
    name: str | None
    list_key: str
    mode: RegistryValueMode
    key_exists: bool
    exists: bool
    kind: RegistryValueKind | None
    int_value: int
    text_value: str | None
    list_value: tuple[str, ...]
    hex_value: bytes | None
    sddl: str
    view: RegistryValueView


class RegistryAcl(Row, table="registry_acls"):
    """Registry key security: one row is registry key of registryAclTargets."""

    __slots__ = ()

    key: str
    role: RegistryAclRole
    exists: bool
    owner_sid: str
    sddl: str


class GroupPolicyObject(Row, table="gpo"):
    """Applied computer group policy objects: one row is applied GPO."""

    __slots__ = ()

    order: int
    name: str
    guid: str | None
    link: str | None
    version: int
    extensions: tuple[str, ...]
    last_apply_utc: datetime
