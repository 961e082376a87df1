"""The local security policy: rights and their holders, settings, registry values, and what is audited."""

from snapshot_tool.model.accounts import KnownSid
from snapshot_tool.snapshot import Row
from snapshot_tool.verdict import listed, undetermined


class UserRight(Row, table="secedit_right"):
    """A line of `[Privilege Rights]`: who holds a right.

    `accounts` are written as in the file, `holders` their SIDs. `unknown_names` are accounts that no table of names knows; reading
    them raises NotAssessed where such a table is missing, and so the account may be anybody.
    """

    __slots__ = ()

    right: str
    accounts: tuple[str, ...]
    holders: tuple[str, ...]
    unknown_names: tuple[str, ...]

    def held_by(self, sid: str) -> bool:
        """Whether the account holds the right. Raises NotAssessed where a name that nobody knows may stand for it."""
        if sid in self.holders:
            return True
        names = self.unknown_names
        if names:
            known = self.host.find(KnownSid, sid=sid)
            if known is None or known.name is None:
                raise undetermined(f"{self} is held by {listed(names)}, who may be {sid}", table="secedit_right")
        return False


class SecuritySetting(Row, table="secedit_setting"):
    """A line of `[System Access]` or `[Event Audit]`; `number` is None for text, -1 means never or until unlocked."""

    __slots__ = ()
    name_column = "Name"

    section: str
    name: str
    text: str
    number: int | None


class SecurityRegistryValue(Row, table="secedit_registry"):
    r"""A line of `[Registry Values]`; `path` begins with `MACHINE\`, `kind` is 1 SZ, 2 EXPAND_SZ, 3 BINARY, 4 DWORD, 7 MULTI_SZ."""

    __slots__ = ()
    name_column = "Path"

    path: str
    kind: int
    int_value: int | None
    text_value: str | None
    list_value: tuple[str, ...] | None
    hex_value: bytes | None


class AuditSubcategory(Row, table="audit_policy"):
    """What the machine audits of a subcategory; `subcategory` in lower case without braces, `name` localised."""

    __slots__ = ()
    name_column = "Name"

    subcategory: str
    name: str | None
    setting: int

    @property
    def success(self) -> bool:
        return bool(self.setting & 1)

    @property
    def failure(self) -> bool:
        return bool(self.setting & 2)
