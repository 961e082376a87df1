"""Windows Firewall: profiles and rules by store, and what of them is in effect (MS-GPFAS: policy wins, rules add up).

Effective values are those of the running service, else policy, else the local ones; nothing here says what is right.
"""

from collections.abc import Callable
from enum import IntEnum, StrEnum
from typing import TypeVar

from snapshot_tool.knowledge.firewall_rules import HOST_RULE_PREFIX, is_hyperv_rule, is_remote_management_rule
from snapshot_tool.model.network import has_adapter_on_public
from snapshot_tool.model.remote import RDP_PORT, SMB_PORTS, WINRM_PORTS, RemoteAccess
from snapshot_tool.parsers.firewall_rule import Action, Direction, FirewallRuleError, ProfileType, parse_firewall_rule
from snapshot_tool.parsers.firewall_rule import FirewallRule as RuleText
from snapshot_tool.snapshot import Row, Rows, Snapshot
from snapshot_tool.verdict import Cause, Gap, NotAssessed, either


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
    name_column = "Profile"

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

    @property
    def text(self) -> RuleText:
        """The fields of the rule. Raises NotAssessed (unreadable) for text that is no rule."""
        try:
            return parse_firewall_rule(self.rule)
        except FirewallRuleError as error:
            raise NotAssessed(Gap(Cause.UNREADABLE, str(error), self.table_name, "Rule")) from None

    @property
    def label(self) -> str:
        """The id, with the name that somebody gave the rule; names of Windows' own rules are references to texts and left out."""
        name = self.text.name
        return f"{self} ({name})" if name and not name.startswith("@") else str(self)

    @property
    def is_configured(self) -> bool:
        """Whether the store takes part in filtering as administrators know it; the others are lists of Windows itself."""
        return self.store in _CONFIGURED_STORES

    @property
    def opens_inbound(self) -> bool:
        """A configured rule that is switched on and lets inbound traffic pass; whether it is in effect is another question."""
        if not self.is_configured:
            return False
        text = self.text
        return text.active is True and text.direction is Direction.IN and text.action is Action.ALLOW

    @property
    def is_hyperv(self) -> bool:
        """A configured rule of the Hyper-V role or of its management clients, by its id."""
        return is_hyperv_rule(self.value_name) and self.is_configured

    @property
    def opens_management(self) -> bool:
        """Lets inbound traffic pass to Hyper-V's management or to Windows' own: by its id, or by a port that it names."""
        if not self.opens_inbound:
            return False
        if self.value_name.upper().startswith(HOST_RULE_PREFIX) or is_remote_management_rule(self.value_name):
            return True
        text = self.text
        if any(text.names_local_port(port) for port in (*WINRM_PORTS, *SMB_PORTS, RDP_PORT)):
            return True
        port = self.host.one(RemoteAccess).rdp_port if text.local_ports else None
        return port is not None and text.names_local_port(port)

    @property
    def opens_remote_management(self) -> bool:
        """Lets inbound traffic pass to the event log, services, tasks, volumes, WMI or COM+, by its id."""
        return is_remote_management_rule(self.value_name) and self.opens_inbound

    @property
    def accepts_anybody(self) -> bool:
        """Neither an address nor an IPsec authentication is asked of the other side."""
        text = self.text
        authenticated = text.security or text.remote_machine_sddl or text.remote_user_sddl
        return text.any_remote_address and not authenticated

    @property
    def is_shipped(self) -> bool:
        """Whether Windows keeps a default of this rule on the host. Raises NotAssessed."""
        defaults = FirewallRuleStore.DEFAULTS
        return self.host.find(FirewallRule, store=defaults, value_name=self.value_name) is not None

    @property
    def accepts_local_subnet(self) -> bool:
        """Everybody in the host's own subnets is let in without IPsec; who else is another question."""
        text = self.text
        authenticated = text.security or text.remote_machine_sddl or text.remote_user_sddl
        addresses = (*text.remote_addresses_v4, *text.remote_addresses_v6)
        return not authenticated and any(address.casefold() == _LOCAL_SUBNET for address in addresses)

    def is_in_effect_on(self, profile: ProfileType) -> bool:
        """Whether the rule counts on networks of this profile: policy always, a local rule unless policy shuts it out."""
        if not self.text.covers(profile):
            return False
        return self.store is not FirewallRuleStore.LOCAL or merges_local_rules(self.host, profile)

    @property
    def is_in_effect(self) -> bool:
        """Whether the rule counts on networks of any profile."""
        return either(*(_bound(self.is_in_effect_on, profile) for profile in ProfileType))

    @property
    def is_exposed_on_public(self) -> bool:
        """Whether the rule counts on the Public profile and the host has an adapter with a gateway there."""
        return self.is_in_effect_on(ProfileType.PUBLIC) and has_adapter_on_public(self.host)


_LOCAL_SUBNET = "localsubnet"
_CONFIGURED_STORES = frozenset({FirewallRuleStore.LOCAL, FirewallRuleStore.GPO, FirewallRuleStore.MDM})
_T = TypeVar("_T")


def _bound(question: Callable[[_T], bool], subject: _T) -> Callable[[], bool]:
    return lambda: question(subject)


def opening_rules(host: Snapshot) -> Rows[FirewallRule]:
    """Configured rules that are switched on and let inbound traffic pass, in effect or not."""
    return host.where(FirewallRule, opens_inbound=True)


def rules_named(host: Snapshot, rule_id: str) -> Rows[FirewallRule]:
    """The configured rules of this id, one per store at most."""
    return host.where(FirewallRule, value_name=rule_id, is_configured=True)


def local_profiles(host: Snapshot) -> Rows[FirewallProfile]:
    """The rows of Domain, Private and Public in the local store, which every host has."""
    return host.where(FirewallProfile, store=FirewallProfileStore.LOCAL)


def profile_in_policy(host: Snapshot, profile: FirewallProfileProfile) -> FirewallProfile | None:
    """What Group Policy says for a profile; None when it says nothing.

    Source: MS-GPFAS 2.2.3, the policy's StandardProfile is for Private and Public, if policy has neither of the two.
    """
    row = _profile(host, profile, FirewallProfileStore.GPO)
    if profile is FirewallProfileProfile.DOMAIN:
        return row
    newer = (FirewallProfileProfile.PRIVATE, FirewallProfileProfile.PUBLIC)
    if either(*(_bound(_policy_key_exists(host), name) for name in newer)):
        return row
    return _profile(host, FirewallProfileProfile.STANDARD, FirewallProfileStore.GPO)


def merges_local_rules(host: Snapshot, profile: ProfileType) -> bool:
    """Whether local rules count on this profile: unless policy shuts them out."""
    row = profile_in_policy(host, FirewallProfileProfile(profile.value))
    return row is None or row.allow_local_rules is not False


def logs_dropped(host: Snapshot, profile: FirewallProfileProfile) -> bool:
    """Whether dropped packets are logged. The service does not tell; policy, else the local value."""
    return _configured(host, profile, lambda row: row.log_dropped, default=False)


def log_size_kb(host: Snapshot, profile: FirewallProfileProfile) -> int:
    """How large the log may grow, KiB. The service does not tell; policy, else the local value."""
    return _configured(host, profile, lambda row: row.log_max_kb, default=4096)


def stealth_is_off(host: Snapshot, profile: FirewallProfileProfile) -> bool:
    """Whether closed ports answer. The service does not tell; policy, else the local value."""
    return _configured(host, profile, lambda row: row.disable_stealth_mode, default=False)


def default_outbound(host: Snapshot, profile: FirewallProfileProfile) -> FirewallProfileDefaultOutbound:
    """What happens to outbound traffic that no rule names."""
    allow = FirewallProfileDefaultOutbound.ALLOW

    def configured() -> FirewallProfileDefaultOutbound:
        return _configured(host, profile, lambda row: row.default_outbound, default=allow)

    return _effective(host, profile, lambda row: row.default_outbound, configured, telling=allow)


def is_on(host: Snapshot, profile: FirewallProfileProfile) -> bool:
    """Whether the firewall filters on networks of this profile."""

    def configured() -> bool:
        return _configured(host, profile, lambda row: row.enabled, default=True)

    return _effective(host, profile, lambda row: row.enabled, configured, telling=False)


def default_inbound(host: Snapshot, profile: FirewallProfileProfile) -> FirewallProfileDefaultInbound:
    """What happens to inbound traffic that no rule names."""

    def configured() -> FirewallProfileDefaultInbound:
        return _configured(host, profile, lambda row: row.default_inbound, default=FirewallProfileDefaultInbound.BLOCK)

    return _effective(
        host, profile, lambda row: row.default_inbound, configured, telling=FirewallProfileDefaultInbound.ALLOW
    )


def is_current(host: Snapshot, profile: FirewallProfileProfile) -> bool | None:
    """Whether a network of this profile is connected; None when the firewall service did not tell."""
    row = _profile(host, profile, FirewallProfileStore.ACTIVE)
    return None if row is None else row.is_current


def _profile(host: Snapshot, profile: FirewallProfileProfile, store: FirewallProfileStore) -> FirewallProfile | None:
    return host.find(FirewallProfile, profile=profile, store=store)


def _policy_key_exists(host: Snapshot) -> Callable[[FirewallProfileProfile], bool]:
    def exists(profile: FirewallProfileProfile) -> bool:
        row = _profile(host, profile, FirewallProfileStore.GPO)
        return row is not None and row.key_exists

    return exists


def _configured(
    host: Snapshot, profile: FirewallProfileProfile, read: Callable[[FirewallProfile], _T | None], *, default: _T
) -> _T:
    """What the registry says: policy, else the local value, else the default."""
    for row in (profile_in_policy(host, profile), _profile(host, profile, FirewallProfileStore.LOCAL)):
        value = None if row is None else read(row)
        if value is not None:
            return value
    return default


def _effective(
    host: Snapshot,
    profile: FirewallProfileProfile,
    read: Callable[[FirewallProfile], _T | None],
    configured: Callable[[], _T],
    *,
    telling: _T,
) -> _T:
    """What the service says, else the registry. Where the service's answer is a gap, the registry stands only for `telling`."""
    try:
        row = _profile(host, profile, FirewallProfileStore.ACTIVE)
        value = None if row is None else read(row)
    except NotAssessed as missing:
        if configured() == telling:
            return telling
        raise missing from None
    return configured() if value is None else value


class ConnectionSecurityRule(Row, table="firewall_consec_raw"):
    """Connection security rules and IPsec authentication methods: one row is registry value."""

    __slots__ = ()

    store: ConnectionSecurityRuleStore
    kind: ConnectionSecurityRuleKind
    value_name: str
    rule: str

    def secures(self, port: int) -> bool:
        """Whether IPsec is required of inbound TCP traffic to this port, by a rule that is switched on. Raises NotAssessed.

        Source: MS-GPFAS 2.2.4, connection security rules; `Boundary` only asks for IPsec and takes traffic without it.
        """
        if self.kind is not ConnectionSecurityRuleKind.CON_SEC_RULE:
            return False
        fields: dict[str, list[str]] = {}
        for part in self.rule.split("|"):
            name, _, value = part.partition("=")
            fields.setdefault(name.strip().casefold(), []).append(value.strip().casefold())
        if fields.get("active") != ["true"] or fields.get("action", [""])[0] not in _REQUIRES_IPSEC:
            return False
        if fields.get("protocol", ["6"])[0] not in ("6", "256", "any", "*"):
            return False
        ports = [*fields.get("ep1port", ()), *fields.get("ep2port", ())]
        return not ports or any(_names_port(text, port) for value in ports for text in value.split(","))


def requires_ipsec(host: Snapshot, port: int) -> bool:
    """Whether a connection security rule holds for inbound TCP traffic to the port; for which peers is not judged. Raises NotAssessed."""
    return bool(host.rows(ConnectionSecurityRule).matching(lambda rule: rule.secures(port)))


_REQUIRES_IPSEC = frozenset({"secureserver", "secure"})


def _names_port(text: str, port: int) -> bool:
    first, dash, last = text.strip().partition("-")
    if first in ("*", "any"):
        return True
    if not (first.isascii() and first.isdigit()) or (dash and not (last.isascii() and last.isdigit())):
        return False
    return int(first) <= port <= int(last if dash else first)


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
