"""The failover cluster that the host belongs to; every table is empty on a stand-alone host."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network

from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import undetermined


class NodeState(StrEnum):
    UP = "Up"
    DOWN = "Down"
    PAUSED = "Paused"
    JOINING = "Joining"


class ClusterRights(StrEnum):
    READ = "Read"
    FULL = "Full"


class ClusterNetworkRole(StrEnum):
    NONE = "None"
    CLUSTER = "Cluster"
    CLUSTER_AND_CLIENT = "ClusterAndClient"


class ResourceState(StrEnum):
    ONLINE = "Online"
    OFFLINE = "Offline"
    FAILED = "Failed"


class AffinityRuleType(StrEnum):
    SAME_FAULT_DOMAIN = "SameFaultDomain"
    SAME_NODE = "SameNode"
    DIFFERENT_FAULT_DOMAIN = "DifferentFaultDomain"
    DIFFERENT_NODE = "DifferentNode"


class Cluster(Row, table="cluster"):
    """`Get-Cluster`."""

    __slots__ = ()

    name: str
    fqdn: str
    security_level: int
    security_level_for_storage: int
    cluster_functional_level: int
    quorum_type: str
    quorum_type_value: int
    witness_type: str | None
    witness_share_path: str | None
    dynamic_quorum: int
    witness_dynamic_weight: int
    shared_volumes_root: str
    s2d_enabled: bool | None
    migration_exclude_networks: tuple[str, ...]
    migration_network_order: tuple[str, ...]
    migration_authentication_type: int | None


class ClusterNode(Row, table="cluster_node"):
    """`Get-ClusterNode`."""

    __slots__ = ()

    name: str
    id: str
    state: NodeState
    major_version: int
    minor_version: int
    build_number: int
    node_weight: int
    dynamic_weight: int
    node_highest_version: int


class ClusterAccess(Row, table="cluster_access"):
    """`Get-ClusterAccess`."""

    __slots__ = ()

    identity_reference: str
    cluster_rights: ClusterRights


class ClusterNetwork(Row, table="cluster_network"):
    """`Get-ClusterNetwork`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    role: ClusterNetworkRole
    address: str
    address_mask: str
    ipv4_addresses: tuple[str, ...]
    ipv4_prefix_lengths: tuple[int, ...]
    metric: int
    state: int
    excluded_from_migration: bool

    def holds(self, address: str | None) -> bool:
        """Whether an IPv4 address is in the network; text that is none is in no network. Raises NotAssessed."""
        try:
            wanted = IPv4Address((address or "").partition("%")[0])
        except ValueError:
            return False
        return any(wanted in subnet for subnet in self._subnets)

    @property
    def _subnets(self) -> list[IPv4Network]:
        pairs = zip(self.ipv4_addresses, self.ipv4_prefix_lengths, strict=False)
        try:
            found = [IPv4Network(f"{address}/{length}", strict=False) for address, length in pairs]
        except ValueError:
            found = []
        if not found:
            raise undetermined(f"the subnets of {self} are not known", table=self.table_name, column="Ipv4Addresses")
        return found


class ClusterNetworkInterface(Row, table="cluster_network_interface"):
    """`Get-ClusterNetworkInterface`."""

    __slots__ = ()

    name: str
    node: str
    network: str
    adapter_id: str
    address: str


class ClusterGroup(Row, table="cluster_group"):
    """`Get-ClusterGroup`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    group_type: int
    owner_node: str
    state: int
    priority: int
    anti_affinity_class_names: tuple[str, ...]
    is_core_group: bool


class ClusterAffinityRule(Row, table="cluster_affinity_rule"):
    """`Get-ClusterAffinityRule`; `groups` are names or ids of groups."""

    __slots__ = ()
    name_column = "Name"

    name: str
    rule_type: AffinityRuleType
    groups: tuple[str, ...]
    enabled: bool

    @property
    def keeps_apart(self) -> bool:
        """Whether the cluster puts the groups of the rule on different nodes. Raises NotAssessed."""
        apart = (AffinityRuleType.DIFFERENT_NODE, AffinityRuleType.DIFFERENT_FAULT_DOMAIN)
        return self.enabled and self.rule_type in apart


class ClusterResource(Row, table="cluster_resource"):
    """`Get-ClusterResource`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    resource_type: str
    state: ResourceState
    owner_group: str
    owner_node: str
    vm_id: str | None
    is_cluster_shared_volume: bool
    core_resource: bool


class ClusterSharedVolume(Row, table="cluster_csv"):
    """`Get-ClusterSharedVolume`."""

    __slots__ = ()
    name_column = "Name"

    name: str
    path: str
    owner_node: str
    fault_state: int
    backup_state: int
    size: int
    free_space: int
    percent_free: float


def is_clustered(host: Snapshot) -> bool:
    """Whether the host is a node of a cluster. Raises NotAssessed."""
    return bool(host.rows(Cluster))
