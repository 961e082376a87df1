"""Windows Firewall: profiles and rules by store."""

from enum import IntEnum, StrEnum

from snapshot_tool.snapshot import Row


class FirewallProfileProfile(StrEnum):
    """`firewall_profiles.Profile`."""

    DOMAIN = "Domain"
    PRIVATE = "Private"
    PUBLIC = "Public"
    STANDARD = "Standard"


class FirewallProfileStore(StrEnum):
    """`firewall_profiles.Store`."""

    LOCAL = "local"
    GPO = "gpo"
    ACTIVE = "active"


class FirewallProfileDefaultInbound(StrEnum):
    """`firewall_profiles.DefaultInbound`."""

    ALLOW = "Allow"
    BLOCK = "Block"


class FirewallProfileDefaultOutbound(StrEnum):
    """`firewall_profiles.DefaultOutbound`."""

    ALLOW = "Allow"
    BLOCK = "Block"


class FirewallRuleStore(StrEnum):
    """`firewall_rules_raw.Store`."""

    LOCAL = "local"
    GPO = "gpo"
    MDM = "mdm"
    APPISO = "appiso"
    SVC_STATIC = "svcStatic"
    SVC_CONFIGURABLE = "svcConfigurable"
    DEFAULTS = "defaults"


class ConnectionSecurityRuleStore(StrEnum):
    """`firewall_consec_raw.Store`."""

    LOCAL = "local"
    GPO = "gpo"


class ConnectionSecurityRuleKind(StrEnum):
    """`firewall_consec_raw.Kind`."""

    CON_SEC_RULE = "conSecRule"
    MAIN_MODE_RULE = "mainModeRule"
    AUTH_METHOD = "authMethod"


class HyperVFirewallRowKind(StrEnum):
    """`firewall_hyperv.RowKind`."""

    CREATOR = "creator"
    SETTING = "setting"
    PROFILE = "profile"
    RULE = "rule"


class HyperVFirewallEnabled(IntEnum):
    """`firewall_hyperv.Enabled`."""

    DISABLED = 0
    ENABLED = 1
    NOT_CONFIGURED = 2


class HyperVFirewallDefaultInboundAction(IntEnum):
    """`firewall_hyperv.DefaultInboundAction`."""

    NOT_CONFIGURED = 0
    ALLOW = 2
    BLOCK = 4


class HyperVFirewallDefaultOutboundAction(IntEnum):
    """`firewall_hyperv.DefaultOutboundAction`."""

    NOT_CONFIGURED = 0
    ALLOW = 2
    BLOCK = 4


class HyperVFirewallLoopbackEnabled(IntEnum):
    """`firewall_hyperv.LoopbackEnabled`."""

    DISABLED = 0
    ENABLED = 1
    NOT_CONFIGURED = 2


class HyperVFirewallAllowHostPolicyMerge(IntEnum):
    """`firewall_hyperv.AllowHostPolicyMerge`."""

    DISABLED = 0
    ENABLED = 1
    NOT_CONFIGURED = 2


class HyperVFirewallDirection(IntEnum):
    """`firewall_hyperv.Direction`."""

    INBOUND = 1
    OUTBOUND = 2


class HyperVFirewallAction(IntEnum):
    """`firewall_hyperv.Action`."""

    ALLOW = 2
    BLOCK = 4


class FirewallProfile(Row, table="firewall_profiles"):
    """Firewall profiles per store: one row is profile x store."""

    __slots__ = ()

    profile: FirewallProfileProfile
    store: FirewallProfileStore
    key_exists: bool
    is_current: bool | None
    enabled: bool | None
    default_inbound: FirewallProfileDefaultInbound | None
    default_outbound: FirewallProfileDefaultOutbound | None
    block_all_inbound: bool | None
    allow_local_rules: bool | None
    allow_local_ipsec_rules: bool | None
    notify_on_listen: bool | None
    disable_unicast_responses: bool | None
    disable_stealth_mode: bool | None
    disable_stealth_mode_ipsec: bool | None
    log_file: str | None
    log_max_kb: int | None
    log_dropped: bool | None
    log_allowed: bool | None
    disabled_interfaces: tuple[str, ...]


class FirewallRule(Row, table="firewall_rules_raw"):
    """Firewall rule strings: one row is registry value."""

    __slots__ = ()
    name_column = "ValueName"

    store: FirewallRuleStore
    value_name: str
    rule: str


class ConnectionSecurityRule(Row, table="firewall_consec_raw"):
    """Connection security rules and IPsec authentication methods: one row is registry value."""

    __slots__ = ()

    store: ConnectionSecurityRuleStore
    kind: ConnectionSecurityRuleKind
    value_name: str
    rule: str


class HyperVFirewall(Row, table="firewall_hyperv"):
    """Hyper-V firewall (containers, WSL): one row is creator, setting, profile or rule."""

    __slots__ = ()

    row_kind: HyperVFirewallRowKind
    instance_id: str
    vm_creator_id: str | None
    friendly_name: str | None
    profile: int
    enabled: HyperVFirewallEnabled
    default_inbound_action: HyperVFirewallDefaultInboundAction
    default_outbound_action: HyperVFirewallDefaultOutboundAction
    loopback_enabled: HyperVFirewallLoopbackEnabled
    allow_host_policy_merge: HyperVFirewallAllowHostPolicyMerge
    direction: HyperVFirewallDirection
    action: HyperVFirewallAction
    protocol: str | None
    local_ports: tuple[str, ...]
    remote_ports: tuple[str, ...]
    local_addresses: tuple[str, ...]
    remote_addresses: tuple[str, ...]
