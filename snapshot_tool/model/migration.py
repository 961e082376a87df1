"""Live migration: whether a host moves machines, over which networks, and what protects them on their way."""

from snapshot_tool.model.firewall import requires_ipsec
from snapshot_tool.model.host_hyperv import MigrationPerformance, VMHost
from snapshot_tool.model.remote import SmbServerConfiguration
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import either

_MIGRATION_PORT = 6600


class MigrationNetwork(Row, table="migration_network"):
    """`Get-VMMigrationNetwork`."""

    __slots__ = ()

    subnet: str
    priority: int
    tags: tuple[str, ...]


def migrates(host: Snapshot) -> VMHost | None:
    """The settings of a host that moves machines; None where live migration is off. Raises NotAssessed."""
    settings = host.one(VMHost)
    return settings if settings.virtual_machine_migration_enabled else None


def way_is_encrypted(host: Snapshot, settings: VMHost) -> bool:
    """Whether something encrypts every machine on its way, whatever is set for the machine itself. Raises NotAssessed."""

    def over_encrypted_smb() -> bool:
        if settings.virtual_machine_migration_performance_option is not MigrationPerformance.SMB:
            return False
        return host.one(SmbServerConfiguration).encrypt_data

    return either(lambda: requires_ipsec(host, _MIGRATION_PORT), over_encrypted_smb)
