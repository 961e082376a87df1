"""Virtual switches."""

from enum import StrEnum

from snapshot_tool.snapshot import Row


class SwitchType(StrEnum):
    PRIVATE = "Private"
    INTERNAL = "Internal"
    EXTERNAL = "External"


class PortMirroring(StrEnum):
    NONE = "None"
    DESTINATION = "Destination"
    SOURCE = "Source"


class BandwidthMode(StrEnum):
    DEFAULT = "Default"
    WEIGHT = "Weight"
    ABSOLUTE = "Absolute"
    NONE = "None"


class ExtensionType(StrEnum):
    UNKNOWN = "Unknown"
    CAPTURE = "Capture"
    FILTER = "Filter"
    FORWARDING = "Forwarding"
    MONITORING = "Monitoring"
    NATIVE = "Native"


class TeamingMode(StrEnum):
    SWITCH_INDEPENDENT = "SwitchIndependent"


class LoadBalancing(StrEnum):
    HYPERV_PORT = "HyperVPort"
    DYNAMIC = "Dynamic"


class VMSwitch(Row, table="vswitch"):
    """`Get-VMSwitch`."""

    __slots__ = ()
    name_column = "Name"

    id: str
    name: str
    switch_type: SwitchType
    allow_management_os: bool
    net_adapter_interface_description: str | None
    net_adapter_interface_descriptions: tuple[str, ...]
    net_adapter_interface_guid: tuple[str, ...]
    uplink_mirroring_mode: tuple[PortMirroring, ...]
    embedded_teaming_enabled: bool
    iov_enabled: bool
    iov_support: bool | None
    bandwidth_reservation_mode: BandwidthMode
    iov_virtual_function_count: int | None
    iov_virtual_functions_in_use: int | None
    available_vm_queues: int | None
    number_vmq_allocated: int | None
    packet_direct_enabled: bool
    allow_net_lbfo_teams: bool
    extensions: tuple[str, ...]
    scope_of_residence: str | None


class VMSwitchExtension(Row, table="vswitch_extension"):
    """`Get-VMSwitchExtension`."""

    __slots__ = ()
    name_column = "SwitchName"

    switch_id: str
    switch_name: str
    id: str
    name: str
    vendor: str
    version: str
    extension_type: ExtensionType
    enabled: bool
    running: bool


class VMSwitchTeam(Row, table="vswitch_team"):
    """`Get-VMSwitchTeam`: a switch with embedded teaming."""

    __slots__ = ()

    switch_id: str
    net_adapter_interface_guid: tuple[str, ...]
    teaming_mode: TeamingMode
    load_balancing_algorithm: LoadBalancing


class SwitchFeature(Row, table="switch_feature"):
    """A port feature that the host's switches know."""

    __slots__ = ()
    name_column = "ElementName"

    feature_id: str
    element_name: str | None
