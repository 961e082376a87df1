"""Live migration."""

from snapshot_tool.snapshot import Row


class MigrationNetwork(Row, table="migration_network"):
    """`Get-VMMigrationNetwork`."""

    __slots__ = ()

    subnet: str
    priority: int
    tags: tuple[str, ...]
