"""The AzMan store files."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.snapshot import Row


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
