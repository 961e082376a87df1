"""Adapters of virtual machines and of the management OS, and what is set on their ports."""

from enum import StrEnum

from snapshot_tool.model.switch import PortMirroring
from snapshot_tool.model.vm import VM, AdapterStatus, OnOff, VMOwned
from snapshot_tool.snapshot import Row


class VlanMode(StrEnum):
    UNTAGGED = "Untagged"
    ACCESS = "Access"
    TRUNK = "Trunk"
    PRIVATE = "Private"


class PrivateVlanMode(StrEnum):
    ISOLATED = "Isolated"
    COMMUNITY = "Community"
    PROMISCUOUS = "Promiscuous"


class IsolationMode(StrEnum):
    NONE = "None"
    NATIVE_VIRTUAL_SUBNET = "NativeVirtualSubnet"
    EXTERNAL_VIRTUAL_SUBNET = "ExternalVirtualSubnet"
    VLAN = "Vlan"


class AclDirection(StrEnum):
    INBOUND = "Inbound"
    OUTBOUND = "Outbound"


class AclAction(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"
    METER = "Meter"


class AclAddressType(StrEnum):
    MAC = "Mac"
    IPV4 = "IPv4"
    IPV6 = "IPv6"


class ExtendedAclAction(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"


class FailoverProtocol(StrEnum):
    IPV4 = "IPv4"
    IPV6 = "IPv6"
    BOTH = "both"


class PortOwned(Row):
    """A row about an adapter of a VM, or of the management OS, which is no VM."""

    __slots__ = ()

    vm_id: str | None
    vm_name: str | None

    @property
    def vm(self) -> VM | None:
        """The VM; None for the management OS. Raises NotAssessed."""
        identifier = self.vm_id
        return None if identifier is None else self.host.find(VM, id=identifier)

    def __str__(self) -> str:
        cells = self.record.cells
        parts = (cells.get("VMName") or "management OS", cells.get("Name"))
        return ": ".join(str(part) for part in parts if part)


class VMNetworkAdapter(PortOwned, table="vm_network_adapter"):
    """`Get-VMNetworkAdapter -All`: adapters of VMs and of the management OS."""

    __slots__ = ()

    id: str
    name: str
    is_management_os: bool
    device_id: str | None
    is_legacy: bool
    mac_address: str
    dynamic_mac_address_enabled: bool | None
    connected: bool
    switch_id: str | None
    switch_name: str | None
    last_known_switch_name: str | None
    pool_name: str | None
    mac_address_spoofing: OnOff
    dhcp_guard: OnOff
    router_guard: OnOff
    ieee_priority_tag: OnOff
    allow_teaming: OnOff
    port_mirroring_mode: PortMirroring
    storm_limit: int
    dynamic_ip_address_limit: int
    virtual_subnet_id: int
    maximum_bandwidth: int
    minimum_bandwidth_absolute: int
    minimum_bandwidth_weight: int
    iov_weight: int
    vmq_weight: int
    ipsec_offload_max_sa: int
    iov_usage: int | None
    vmq_usage: int | None
    vf_data_path_active: bool | None
    cluster_monitored: bool | None
    device_naming: OnOff | None
    test_replica_switch_name: str | None
    mandatory_feature_id: tuple[str, ...]
    ip_addresses: tuple[str, ...] | None
    dhcp_enabled: bool | None
    status: tuple[AdapterStatus, ...] | None
    team_mapping: str | None
    prevent_ip_spoofing: bool
    allowed_ipv4_addresses: tuple[str, ...]


class VMNetworkAdapterVlan(PortOwned, table="vm_network_adapter_vlan"):
    """`Get-VMNetworkAdapterVlan`."""

    __slots__ = ()

    adapter_id: str
    operation_mode: VlanMode
    access_vlan_id: int | None
    native_vlan_id: int | None
    allowed_vlan_id_list: tuple[int, ...]
    private_vlan_mode: PrivateVlanMode | None
    primary_vlan_id: int | None
    secondary_vlan_id: int | None
    secondary_vlan_id_list: tuple[int, ...]


class VMNetworkAdapterIsolation(PortOwned, table="vm_network_adapter_isolation"):
    """`Get-VMNetworkAdapterIsolation`."""

    __slots__ = ()

    adapter_id: str
    isolation_mode: IsolationMode
    allow_untagged_traffic: bool
    default_isolation_id: int
    multi_tenant_stack: OnOff


class VMNetworkAdapterAcl(PortOwned, table="vm_network_adapter_acl"):
    """`Get-VMNetworkAdapterAcl`."""

    __slots__ = ()

    adapter_id: str
    direction: AclDirection
    action: AclAction
    local_address: str
    remote_address: str
    local_address_type: AclAddressType | None
    remote_address_type: AclAddressType | None


class VMNetworkAdapterExtendedAcl(PortOwned, table="vm_network_adapter_extended_acl"):
    """`Get-VMNetworkAdapterExtendedAcl`."""

    __slots__ = ()

    adapter_id: str
    direction: AclDirection
    action: ExtendedAclAction
    local_ip_address: str
    remote_ip_address: str
    local_port: str
    remote_port: str
    protocol: str
    weight: int
    stateful: bool
    idle_session_timeout: int
    isolation_id: int


class VMNetworkAdapterFailover(VMOwned, table="vm_network_adapter_failover"):
    """`Get-VMNetworkAdapterFailoverConfiguration`."""

    __slots__ = ()

    adapter_id: str
    protocol_if_type: FailoverProtocol
    ip_addresses: tuple[str, ...]
    subnets: tuple[str, ...]
    default_gateways: tuple[str, ...]
    dns_servers: tuple[str, ...]
