"""The canonical Hyper-V tables of one snapshot, each built when it is first asked for, whatever the host's age."""

from collections.abc import Callable, Mapping
from functools import cache

from snapshot_tool.hyperv import cluster, guests, hosts, network, replication, storage, switches, v1, v2_machines
from snapshot_tool.hyperv.context import Context
from snapshot_tool.hyperv.dumps import Dumps
from snapshot_tool.hyperv.tables import SCHEMAS, missing_table
from snapshot_tool.knowledge.format import Namespace, class_formats
from snapshot_tool.snapshot import Host, Table

Builder = Callable[[Context], Table]

_NEWER: Mapping[str, Builder] = {
    "host_hyperv": hosts.host_hyperv,
    "vm": v2_machines.vm,
    "vm_processor": v2_machines.vm_processor,
    "vm_memory": v2_machines.vm_memory,
    "vm_firmware": v2_machines.vm_firmware,
    "vm_security": v2_machines.vm_security,
    "vm_network_adapter": network.vm_network_adapter,
    "vm_network_adapter_vlan": network.vm_network_adapter_vlan,
    "vm_network_adapter_isolation": network.vm_network_adapter_isolation,
    "vm_network_adapter_acl": network.vm_network_adapter_acl,
    "vm_network_adapter_extended_acl": network.vm_network_adapter_extended_acl,
    "vm_network_adapter_failover": network.vm_network_adapter_failover,
    "vm_drive_controller": storage.vm_drive_controller,
    "vm_hard_disk": storage.vm_hard_disk,
    "vm_dvd_drive": storage.vm_dvd_drive,
    "vm_floppy_drive": storage.vm_floppy_drive,
    "vhd": storage.vhd,
    "vm_checkpoint": v2_machines.vm_checkpoint,
    "vm_checkpoint_disk": storage.vm_checkpoint_disk,
    "vm_replication": replication.vm_replication,
    "replica_server": replication.replica_server,
    "replica_authorization": replication.replica_authorization,
    "vm_integration_service": guests.vm_integration_service,
    "vm_guest_kvp": guests.vm_guest_kvp,
    "vm_com_port": storage.vm_com_port,
    "vm_connect_access": hosts.vm_connect_access,
    "vm_assigned_device": hosts.vm_assigned_device,
    "host_assignable_device": hosts.host_assignable_device,
    "vm_gpu_partition_adapter": hosts.vm_gpu_partition_adapter,
    "vm_remotefx_adapter": hosts.vm_remotefx_adapter,
    "vm_fibre_channel_hba": hosts.vm_fibre_channel_hba,
    "virtual_san": hosts.virtual_san,
    "vm_group": hosts.vm_group,
    "resource_pool": hosts.resource_pool,
    "mounted_image": hosts.mounted_image,
    "vm_device_status": network.vm_device_status,
    "vswitch": switches.vswitch,
    "vswitch_extension": switches.vswitch_extension,
    "vswitch_team": switches.vswitch_team,
    "switch_feature": switches.switch_feature,
    "migration_network": hosts.migration_network,
    "cluster": cluster.cluster,
    "cluster_node": cluster.cluster_node,
    "cluster_access": cluster.cluster_access,
    "cluster_network": cluster.cluster_network,
    "cluster_network_interface": cluster.cluster_network_interface,
    "cluster_group": cluster.cluster_group,
    "cluster_affinity_rule": cluster.cluster_affinity_rule,
    "cluster_resource": cluster.cluster_resource,
    "cluster_csv": cluster.cluster_csv,
}

# What the old namespace tells in its own way; None: it does not tell it at all.
_OLDER: Mapping[str, Builder | None] = {
    "vm": v1.vm,
    "vm_firmware": v1.vm_firmware,
    "vm_network_adapter": v1.vm_network_adapter,
    "vm_network_adapter_vlan": v1.vm_network_adapter_vlan,
    "vswitch": v1.vswitch,
    **dict.fromkeys(
        (
            "vm_security",
            "vm_replication",
            "vm_connect_access",
            "replica_server",
            "replica_authorization",
            "migration_network",
            "vswitch_extension",
            "vswitch_team",
            "switch_feature",
            "vm_network_adapter_acl",
            "vm_network_adapter_extended_acl",
            "vm_network_adapter_isolation",
            "vm_network_adapter_failover",
            "vm_group",
            "vm_assigned_device",
            "host_assignable_device",
            "vm_gpu_partition_adapter",
            "vm_fibre_channel_hba",
            "virtual_san",
            "resource_pool",
            "mounted_image",
        )
    ),
}


class HyperV:
    """The canonical tables of one snapshot.

    `dump`: class dumps (`hv/Msvm_ComputerSystem`, `cluster/MSCluster_Node`) as tables. `other`: the other datasets. `namespace_of`:
    the WMI namespace that a dump came from, which tells the old classes from the newer ones. `fallback`: tables of another
    source, taken where WMI tells nothing.
    """

    def __init__(
        self,
        dump: Callable[[str], Table],
        host: Host,
        *,
        other: Callable[[str], Table],
        namespace_of: Callable[[str], str | None] = lambda _name: None,
        fallback: Callable[[str, Table], Table | None] = lambda _name, _table: None,
    ) -> None:
        def named(name: str) -> Table:
            return dump(name) if name.startswith(("hv/", "cluster/")) else other(name)

        old = _is_old(namespace_of, host)

        def offered(name: str, column: str) -> bool:
            """Whether the host's era has a property, for dumps that failed as a whole."""
            part: Namespace = "cluster" if name.startswith("cluster/") else "v1" if old else "v2"
            dataset = class_formats(part).get(name)
            known = dataset.columns.get(column) if dataset is not None else None
            return known is None or host.era is None or known.offered_in(host.era, host.build)

        self._context = Context(Dumps(named, offered), host, other, old=old)
        self._fallback = fallback
        self._tables: dict[str, Table] = {}

    @staticmethod
    def names() -> tuple[str, ...]:
        """All canonical tables, in the order of the model."""
        return tuple(SCHEMAS)

    @property
    def notes(self) -> list[str]:
        """Irregularities of the dumps that no table can show."""
        return self._context.machines.strangers()

    def table(self, name: str) -> Table:
        """The table, built once. Raises KeyError for a name that is none."""
        known = self._tables.get(name)
        if known is None:
            known = self._tables[name] = self._build(name)
        return known

    def _build(self, name: str) -> Table:
        builder = _NEWER[name]
        if self._context.old and name in _OLDER:
            older = _OLDER[name]
            if older is None:
                return missing_table(name, not_offered="osTooOld")
            builder = older
        table = builder(self._context)
        if table.gap is not None and not table.records:
            return self._fallback(name, table) or table
        return table


def _is_old(namespace_of: Callable[[str], str | None], host: Host) -> bool:
    """Whether the dumps are of the old namespace: their source says so, else the build."""
    namespace = namespace_of("hv/Msvm_ComputerSystem") or ""
    if namespace:
        return namespace.lower().replace("wmi:", "").rstrip("\\") == "root\\virtualization"
    return host.build is not None and host.build < 9200


@cache
def is_canonical(name: str) -> bool:
    """Whether a table is one of these."""
    return name in SCHEMAS
