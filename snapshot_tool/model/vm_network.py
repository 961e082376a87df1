"""Adapters of virtual machines and of the management OS, and what is set on their ports."""

from enum import StrEnum

from snapshot_tool.model.switch import PortMirroring, VMSwitch
from snapshot_tool.model.vm import VM, AdapterStatus, OnOff, VMOwned, VMState
from snapshot_tool.snapshot import Row
from snapshot_tool.verdict import NotOffered, undetermined


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

    @property
    def serves_machine(self) -> bool:
        """A connected adapter of a virtual machine. Raises NotAssessed."""
        return not self.is_management_os and self.connected

    @property
    def serves_host(self) -> bool:
        """A connected adapter of the management OS. Raises NotAssessed."""
        return self.is_management_os and self.connected

    @property
    def has_running_machine(self) -> bool:
        """Whether the virtual machine that it belongs to runs. Raises NotAssessed."""
        vm = self.vm
        if vm is None:
            raise undetermined(f"the virtual machine of {self} is not known", table="vm")
        return vm.state is VMState.RUNNING

    @property
    def is_on_unknown_switch(self) -> bool:
        """Connected through a pool: only the running system knows the switch. Raises NotAssessed."""
        return self.connected and self.switch_id is None

    @property
    def switch(self) -> VMSwitch | None:
        """The switch; None while not connected. Raises NotAssessed."""
        identifier = self.switch_id
        if identifier is None:
            if self.connected:
                raise undetermined(f"the switch of {self} is not known", table=self.table_name, column="SwitchId")
            return None
        switch = self.host.find(VMSwitch, id=identifier)
        if switch is None:
            raise undetermined(f"the switch of {self} is not in the snapshot", table="vswitch")
        return switch

    @property
    def vlan(self) -> "VMNetworkAdapterVlan":
        """What is set for VLANs on its port. Raises NotAssessed."""
        found = self.host.find(VMNetworkAdapterVlan, adapter_id=self.id)
        if found is None:
            raise undetermined(f"the VLAN of {self} is not known", table="vm_network_adapter_vlan")
        return found

    @property
    def isolation_vlan(self) -> int | None:
        """The VLAN that its isolation sets; None where isolation works otherwise or not at all. Raises NotAssessed."""
        isolation = self._isolation
        if isolation is None or isolation.isolation_mode is not IsolationMode.VLAN:
            return None
        return isolation.default_isolation_id

    @property
    def is_in_virtual_subnet(self) -> bool:
        """Whether a virtual subnet and not a VLAN keeps its traffic apart. Raises NotAssessed."""
        isolation = self._isolation
        return isolation is not None and isolation.isolation_mode not in (IsolationMode.NONE, IsolationMode.VLAN)

    @property
    def effective_vlans(self) -> frozenset[int]:
        """The VLANs whose frames reach it: one, those of a private VLAN or a trunk, 0 for untagged. Raises NotAssessed."""
        isolated = self.isolation_vlan
        return frozenset({isolated}) if isolated is not None else self.vlan.vlans

    @property
    def _isolation(self) -> "VMNetworkAdapterIsolation | None":
        try:
            found = self.host.find(VMNetworkAdapterIsolation, adapter_id=self.id)
        except NotOffered:
            return None
        if found is None:
            raise undetermined(f"the isolation of {self} is not known", table="vm_network_adapter_isolation")
        return found


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

    @property
    def vlans(self) -> frozenset[int]:
        """The VLANs of the port, 0 for untagged. Raises NotAssessed."""
        match self.operation_mode:
            case VlanMode.UNTAGGED:
                return frozenset({0})
            case VlanMode.ACCESS:
                return frozenset({self._told(self.access_vlan_id, "AccessVlanId")})
            case VlanMode.TRUNK:
                return frozenset({*self.allowed_vlan_id_list, self._told(self.native_vlan_id, "NativeVlanId")})
            case _:
                return frozenset({self.primary, *self.secondaries})

    @property
    def primary(self) -> int:
        """The primary VLAN of a private port. Raises NotAssessed."""
        return self._told(self.primary_vlan_id, "PrimaryVlanId")

    @property
    def secondaries(self) -> tuple[int, ...]:
        """The secondary VLANs of a private port: one, or those of a promiscuous port. Raises NotAssessed."""
        if self.private_vlan_mode is PrivateVlanMode.PROMISCUOUS:
            return self.secondary_vlan_id_list
        return (self._told(self.secondary_vlan_id, "SecondaryVlanId"),)

    def _told(self, number: int | None, column: str) -> int:
        if number is None:
            raise undetermined(f"the VLAN of {self} is not known", table=self.table_name, column=column)
        return number


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
