"""The AzMan store: where it is, whether it can be read, and who is assigned to what in the active one."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.model.azman_closure import Assignment, Recognition, assignments, is_shipped_shape, recognise
from snapshot_tool.parsers.azman_store import GroupKind, Place
from snapshot_tool.snapshot import Origin, Record, Row
from snapshot_tool.verdict import undetermined

__all__ = [
    "AzManGroup",
    "AzManLocation",
    "AzManLocationLocationSource",
    "AzManLocationScheme",
    "AzManLocationStoreRole",
    "AzManRole",
    "AzManScope",
    "AzManStore",
    "AzManStoreState",
    "AzManTask",
    "GroupKind",
]


class AzManLocationStoreRole(StrEnum):
    """`azman.StoreRole`."""

    ACTIVE = "active"
    DEFAULT = "default"


class AzManLocationLocationSource(StrEnum):
    """`azman.LocationSource`."""

    REGISTRY = "registry"
    DEFAULT = "default"


class AzManLocationScheme(StrEnum):
    """`azman.Scheme`."""

    MSXML = "msxml"
    MSLDAP = "msldap"
    MSSQL = "mssql"
    OTHER = "other"


class AzManLocation(Row, table="azman"):
    """Authorization Manager stores: one row is store."""

    __slots__ = ()

    store_role: AzManLocationStoreRole
    store_location: str | None
    location_source: AzManLocationLocationSource
    service_application: str | None
    scheme: AzManLocationScheme
    store_path: str | None
    exists: bool | None
    size_bytes: int
    last_write_utc: datetime
    sha256: str | None
    raw_file: str | None


class AzManStoreState(StrEnum):
    """What became of reading a store: a file that is no store is a fact, one that was refused a gap."""

    OK = "ok"
    MALFORMED = "malformed"
    NOT_A_STORE = "notAStore"


class AzManStore(Row, table="azman_store"):
    """A store that was brought home: the active one, and the default file where it is another."""

    __slots__ = ()
    name_column = "File"

    store_role: AzManLocationStoreRole
    file: str
    state: AzManStoreState
    problem: str | None
    schema_version: str | None
    application_name: str | None
    operations: int | None
    defects: tuple[str, ...]

    @property
    def has_application(self) -> bool:
        """Whether the store holds the application that Hyper-V asks."""
        value = self.record.cells["_value"]
        return value is not None and value[1] is not None

    @property
    def recognition(self) -> Recognition:
        """Which shipped operation each operation of the application is. Raises NotAssessed where there is no application."""
        value = self.record.cells["_value"]
        if value is None or value[1] is None:
            raise undetermined(f"{self} has no application for Hyper-V", table="azman_store")
        found: Recognition = self.derive(("azman recognition", id(self.record)), lambda: recognise(value[1]))
        return found

    @property
    def has_shipped_shape(self) -> bool:
        """Whether the application looks as installed. Raises NotAssessed where there is no application."""
        value = self.record.cells["_value"]
        if value is None or value[1] is None:
            raise undetermined(f"{self} has no application for Hyper-V", table="azman_store")
        return is_shipped_shape(value[1], assignments(*value))


class _StorePart(Row):
    """Something inside the store; `cite` adds a place inside it to the evidence."""

    __slots__ = ()
    name_column = "Name"

    def cite(self, place: Place, value: object) -> None:
        """Records a place of the store as evidence, such as the `Member` element that a finding is about."""
        origin = (
            next(iter(self.record.origin.values()))
            if not isinstance(self.record.origin, Origin)
            else self.record.origin
        )
        cited = Record({"cited": value}, {"cited": Origin(origin.file, place.path)})
        self.host.trace.append((cited, "cited", value))


class AzManRole(_StorePart, table="azman_role"):
    """A role assignment of the active store; key: GUID of the scope (null for the default scope) and of the role."""

    __slots__ = ()

    scope: str | None
    role: str | None
    name: str
    scope_name: str | None
    members: tuple[str, ...]
    operations: tuple[str, ...]
    full: bool

    @property
    def assignment(self) -> Assignment:
        """Its closure: operations and members with the ways that lead to them."""
        found: Assignment = self.record.cells["_value"]
        return found


class AzManTask(_StorePart, table="azman_task"):
    """A task or role definition of the active store."""

    __slots__ = ()

    scope: str | None
    task: str | None
    name: str
    scope_name: str | None
    is_role_definition: bool
    biz_rule_language: str | None
    biz_rule_length: int | None
    biz_rule_imported_path: str | None


class AzManGroup(_StorePart, table="azman_group"):
    """An application group of the active store, the store's global groups included."""

    __slots__ = ()

    scope: str | None
    group: str | None
    name: str
    scope_name: str | None
    kind: str
    members: tuple[str, ...]
    non_members: tuple[str, ...]
    ldap_query: str | None
    biz_rule_language: str | None
    biz_rule_length: int | None
    biz_rule_imported_path: str | None


class AzManScope(_StorePart, table="azman_scope"):
    """A scope of the active store."""

    __slots__ = ()

    scope: str | None
    name: str
