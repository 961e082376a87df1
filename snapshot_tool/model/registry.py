"""Registry values, keys and group policy objects."""

from datetime import datetime
from enum import IntEnum, StrEnum

from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed


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

    @property
    def data(self) -> int | str | tuple[str, ...] | bytes | None:
        """The value's data whatever its type; None when the value does not exist, which is a fact."""
        if not self.key_exists or not self.exists:
            return None
        match self.kind:
            case RegistryValueKind.REG_DWORD | RegistryValueKind.REG_QWORD:
                return self.int_value
            case RegistryValueKind.REG_SZ | RegistryValueKind.REG_EXPAND_SZ:
                return self.text_value
            case RegistryValueKind.REG_MULTI_SZ:
                return self.list_value
            case _:
                return self.hex_value

    @property
    def number(self) -> int | None:
        """REG_DWORD or REG_QWORD; None when the value does not exist. Raises NotAssessed for another type."""
        data = self.data
        if data is None or isinstance(data, int):
            return data
        raise NotAssessed(Gap(Cause.UNREADABLE, f"{self} is not a number", "registry_values", "IntValue"))

    @property
    def text(self) -> str | None:
        """REG_SZ or REG_EXPAND_SZ; None when the value does not exist. Raises NotAssessed for another type."""
        data = self.data
        if data is None or isinstance(data, str):
            return data
        raise NotAssessed(Gap(Cause.UNREADABLE, f"{self} is not text", "registry_values", "TextValue"))


def registry_value(host: Snapshot, key: str, name: str) -> RegistryValue:
    r"""The row of a listed value (`HKLM\...`, 64-bit view). Raises NotAssessed when it was not collected."""
    row = host.find(RegistryValue, key=key, name=name)
    if row is None:
        raise NotAssessed(Gap(Cause.NOT_COLLECTED, f"{key}\\{name}", "registry_values"))
    return row


def registry_number(host: Snapshot, key: str, name: str) -> int | None:
    """A DWORD; None when the value (or its key) does not exist, a fact that means the default."""
    return registry_value(host, key, name).number


def registry_text(host: Snapshot, key: str, name: str) -> str | None:
    """A string; None when the value (or its key) does not exist, a fact that means the default."""
    return registry_value(host, key, name).text


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
