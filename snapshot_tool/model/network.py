"""Adapters, addresses, profiles, teams and NAT of the management operating system."""

from datetime import datetime
from enum import IntEnum, StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface

from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, undetermined


class NetAdapterConnectionStatus(IntEnum):
    """`net_adapters.ConnectionStatus`."""

    DISCONNECTED = 0
    CONNECTING = 1
    CONNECTED = 2
    DISCONNECTING = 3
    HARDWARE_NOT_PRESENT = 4
    HARDWARE_DISABLED = 5
    HARDWARE_MALFUNCTION = 6
    MEDIA_DISCONNECTED = 7
    AUTHENTICATING = 8
    AUTHENTICATION_SUCCEEDED = 9
    AUTHENTICATION_FAILED = 10
    INVALID_ADDRESS = 11
    CREDENTIALS_REQUIRED = 12


class NetAdapterAdminStatus(IntEnum):
    """`net_adapters.AdminStatus`."""

    UP = 1
    DOWN = 2
    TESTING = 3


class NetAdapterOperStatus(IntEnum):
    """`net_adapters.OperStatus`."""

    UP = 1
    DOWN = 2
    TESTING = 3
    UNKNOWN = 4
    DORMANT = 5
    NOT_PRESENT = 6
    LOWER_LAYER_DOWN = 7


class NetAdapterMediaState(IntEnum):
    """`net_adapters.MediaState`."""

    UNKNOWN = 0
    CONNECTED = 1
    DISCONNECTED = 2


class NetAdapterSriovSupport(IntEnum):
    """`net_adapters.SriovSupport`."""

    UNKNOWN = 0
    SUPPORTED = 1
    MISSING_ACS = 2
    MISSING_PF_DRIVER = 3
    NO_BUS_RESOURCES = 4
    NO_IOMMU = 5
    NO_VF_BAR_SPACE = 6
    NO_OS_SUPPORT = 7


class NetIPAddressFamily(StrEnum):
    """`net_ip.Family`."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class NetIPAddressPrefixOrigin(IntEnum):
    """`net_ip.PrefixOrigin`."""

    OTHER = 0
    MANUAL = 1
    WELL_KNOWN = 2
    DHCP = 3
    ROUTER_ADVERTISEMENT = 4


class NetIPAddressAddressState(IntEnum):
    """`net_ip.AddressState`."""

    INVALID = 0
    TENTATIVE = 1
    DUPLICATE = 2
    DEPRECATED = 3
    PREFERRED = 4


class NetIPInterfaceFamily(StrEnum):
    """`net_interfaces.Family`."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class NetIPInterfaceConnectionState(IntEnum):
    """`net_interfaces.ConnectionState`."""

    DISCONNECTED = 0
    CONNECTED = 1


class NetIPInterfaceForwarding(IntEnum):
    """`net_interfaces.Forwarding`."""

    DISABLED = 0
    ENABLED = 1


class NetIPInterfaceWeakHostSend(IntEnum):
    """`net_interfaces.WeakHostSend`."""

    DISABLED = 0
    ENABLED = 1


class NetIPInterfaceNetBios(IntEnum):
    """`net_interfaces.NetBios`."""

    BY_DHCP = 0
    ON = 1
    OFF = 2


class NetConnectionProfileCategory(IntEnum):
    """`net_profile.Category`."""

    PUBLIC = 0
    PRIVATE = 1
    DOMAIN_AUTHENTICATED = 2


class NetConnectionProfileIPv4Connectivity(IntEnum):
    """`net_profile.IPv4Connectivity`."""

    DISCONNECTED = 0
    NO_TRAFFIC = 1
    SUBNET = 2
    LOCAL_NETWORK = 3
    INTERNET = 4


class NetConnectionProfileIPv6Connectivity(IntEnum):
    """`net_profile.IPv6Connectivity`."""

    DISCONNECTED = 0
    NO_TRAFFIC = 1
    SUBNET = 2
    LOCAL_NETWORK = 3
    INTERNET = 4


class LbfoTeamMode(IntEnum):
    """`net_teams.Mode`."""

    STATIC = 0
    SWITCH_INDEPENDENT = 1
    LACP = 2


class LbfoTeamAlgorithm(IntEnum):
    """`net_teams.Algorithm`."""

    TRANSPORT_PORTS = 0
    IP_ADDRESSES = 2
    MAC_ADDRESSES = 3
    HYPER_V_PORT = 4
    DYNAMIC = 5


class LbfoTeamStatus(IntEnum):
    """`net_teams.Status`."""

    UP = 0
    DOWN = 1
    DEGRADED = 2


class NetQosPolicySource(StrEnum):
    """`net_qos_policies.Source`."""

    GPO = "gpo"
    WMI = "wmi"


class NetAdapter(Row, table="net_adapters"):
    """Network adapters: one row is adapter."""

    __slots__ = ()
    name_column = "Name"

    interface_guid: str
    interface_index: int
    name: str | None
    description: str | None
    mac: str | None
    permanent_mac: str | None
    pnp_id: str | None
    component_id: str | None
    is_physical: bool
    virtual: bool
    speed_bps: int | None
    connection_status: NetAdapterConnectionStatus
    config_manager_error_code: int
    admin_status: NetAdapterAdminStatus
    oper_status: NetAdapterOperStatus
    media_state: NetAdapterMediaState
    driver_version: str | None
    driver_date_utc: datetime
    driver_provider: str | None
    vlan_id: int | None
    mtu_bytes: int
    vmq_enabled: bool | None
    vmq_receive_queues: int
    sriov_enabled: bool | None
    sriov_support: NetAdapterSriovSupport
    sriov_num_vfs: int
    rdma_enabled: bool | None

    @property
    def is_physical_port(self) -> bool:
        """A port of a network card that is in the machine; USB, Bluetooth and software adapters are none. Raises NotAssessed."""
        if not self.is_physical:
            return False
        device = self.pnp_id
        if device is None:
            raise undetermined(f"the device of {self} is not known", table=self.table_name, column="PnpId")
        if device.upper().startswith(_NO_CARD):
            return False
        return self.connection_status is not NetAdapterConnectionStatus.HARDWARE_NOT_PRESENT

    @property
    def is_linked(self) -> bool:
        """Whether the adapter has a link. Raises NotAssessed."""
        return self.connection_status in _LINKED


_NO_CARD = ("ROOT\\", "SWD\\", "COMPOSITEBUS\\", "BTH\\", "USB\\")
_LINKED = frozenset(
    {
        NetAdapterConnectionStatus.CONNECTED,
        NetAdapterConnectionStatus.AUTHENTICATING,
        NetAdapterConnectionStatus.AUTHENTICATION_SUCCEEDED,
        NetAdapterConnectionStatus.AUTHENTICATION_FAILED,
        NetAdapterConnectionStatus.INVALID_ADDRESS,
        NetAdapterConnectionStatus.CREDENTIALS_REQUIRED,
    }
)


class NetIPAddress(Row, table="net_ip"):
    """IP addresses: one row is address."""

    __slots__ = ()

    interface_index: int
    interface_guid: str | None
    interface_alias: str | None
    address: str
    prefix_length: int
    family: NetIPAddressFamily
    prefix_origin: NetIPAddressPrefixOrigin
    address_state: NetIPAddressAddressState
    skip_as_source: bool

    @property
    def network(self) -> IPv4Network | IPv6Network | None:
        """Its subnet; None for loopback and link-local addresses. Raises NotAssessed (unreadable) for text that is no address."""
        text, length = self.address, self.prefix_length
        try:
            found = ip_interface(f"{text}/{length}")
        except ValueError:
            raise NotAssessed(Gap(Cause.UNREADABLE, f"{text!r} is no address", self.table_name, "Address")) from None
        return None if found.is_loopback or found.is_link_local or found.is_unspecified else found.network

    @property
    def is_public(self) -> bool:
        """A global unicast address, one that the Internet routes. Raises NotAssessed (unreadable) for text that is no address."""
        try:
            address = ip_address(self.address)
        except ValueError:
            raise NotAssessed(
                Gap(Cause.UNREADABLE, f"{self.address!r} is no address", self.table_name, "Address")
            ) from None
        if isinstance(address, IPv6Address):
            return address in _GLOBAL_IPV6
        return not any(address in network for network in _SPECIAL_IPV4)

    @property
    def category(self) -> NetConnectionProfileCategory:
        """Category of the network behind the address. What Windows cannot identify is Public to the firewall."""
        if self.interface_guid is None:
            raise undetermined("the adapter of an address is not known", table=self.table_name, column="InterfaceGuid")
        network = self.host.find(NetConnectionProfile, interface_guid=self.interface_guid)
        return NetConnectionProfileCategory.PUBLIC if network is None else network.category

    @property
    def has_gateway(self) -> bool:
        """Whether the address's interface has a default gateway, of either family."""
        return bool(self.host.where(NetIPInterface, interface_index=self.interface_index).matching(_has_gateway))


class NetIPInterface(Row, table="net_interfaces"):
    """IP interface settings: one row is interface x address family."""

    __slots__ = ()
    name_column = "InterfaceAlias"

    interface_index: int
    interface_guid: str
    interface_alias: str | None
    family: NetIPInterfaceFamily
    dhcp: bool
    connection_state: NetIPInterfaceConnectionState
    forwarding: NetIPInterfaceForwarding
    weak_host_send: NetIPInterfaceWeakHostSend
    metric: int
    gateways: tuple[str, ...]
    dns_servers: tuple[str, ...]
    dns_suffix: str | None
    register_dns: bool | None
    net_bios: NetIPInterfaceNetBios | None


class NetConnectionProfile(Row, table="net_profile"):
    """Network location per connection: one row is connected network."""

    __slots__ = ()
    name_column = "InterfaceAlias"

    interface_guid: str | None
    interface_index: int
    interface_alias: str | None
    network_name: str | None
    category: NetConnectionProfileCategory
    ipv4_connectivity: NetConnectionProfileIPv4Connectivity
    ipv6_connectivity: NetConnectionProfileIPv6Connectivity

    @property
    def has_gateway(self) -> bool:
        """Whether the connection has a default gateway: networks for storage, clusters and migration have none."""
        if self.interface_guid is None:
            raise undetermined("the adapter of a network is not known", table=self.table_name, column="InterfaceGuid")
        return bool(self.host.where(NetIPInterface, interface_guid=self.interface_guid).matching(_has_gateway))


# Networks that are not global unicast: RFC 1918, 6598, 3927, 1122, 5737, multicast and reserved.
_SPECIAL_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")


def _has_gateway(interface: NetIPInterface) -> bool:
    return bool(interface.gateways)


def has_adapter_on_public(host: Snapshot) -> bool:
    """Whether an adapter of the management operating system that has a gateway is on a network of category Public."""

    def is_on_public(network: NetConnectionProfile) -> bool:
        return network.category is NetConnectionProfileCategory.PUBLIC and network.has_gateway

    return bool(host.rows(NetConnectionProfile).matching(is_on_public))


class LbfoTeam(Row, table="net_teams"):
    """LBFO teams: one row is team."""

    __slots__ = ()

    team: str
    mode: LbfoTeamMode
    algorithm: LbfoTeamAlgorithm
    status: LbfoTeamStatus
    members: tuple[str, ...]
    member_descriptions: tuple[str, ...]


class LbfoTeamNic(Row, table="net_team_nics"):
    """LBFO team interfaces: one row is team interface."""

    __slots__ = ()

    name: str
    team: str
    interface_description: str | None
    vlan_id: int | None
    primary: bool
    default: bool


class NetAdapterBinding(Row, table="net_bindings"):
    """Protocol and filter bindings: one row is adapter x component."""

    __slots__ = ()

    interface_guid: str
    name: str
    interface_description: str | None
    component_id: str
    enabled: bool


class NetNat(Row, table="net_nat"):
    """NAT instances: one row is NAT."""

    __slots__ = ()

    name: str
    internal_prefix: str | None
    external_prefix: str | None
    active: bool


class NetQosPolicy(Row, table="net_qos_policies"):
    """QoS throttling policies: one row is policy."""

    __slots__ = ()

    name: str
    source: NetQosPolicySource
    app_path: str | None
    protocol: str | None
    dst_port_start: int | None
    dst_port_end: int | None
    dst_prefix: str | None
    template: str | None
    throttle_rate_bps: int | None
    dscp_value: int | None
    min_bandwidth_weight: int | None
    priority_value: int | None
