"""HV-FW: the host's firewall, and who may reach Hyper-V and the host's management through it."""

from collections.abc import Callable, Mapping, Sequence

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.firewall_rules import (
    CLIENT_RULE_PREFIX,
    CONSOLE_RULE,
    LIVE_MIGRATION_RULE,
    REPLICA_HTTP_RULE,
    REPLICA_HTTPS_RULE,
    VMMS_RPC_RULES,
    WMI_RULES,
    default_rule,
    is_hyperv_rule,
    is_shipped_with_edge_traversal,
)
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.third_party_firewalls import third_party_firewalls
from snapshot_tool.model.cluster import Cluster
from snapshot_tool.model.filesystem import FileAcl
from snapshot_tool.model.firewall import (
    FirewallProfile,
    FirewallProfileDefaultInbound,
    FirewallProfileDefaultOutbound,
    FirewallProfileProfile,
    FirewallRule,
    FirewallRuleStore,
    HyperVFirewall,
    HyperVFirewallDefaultInboundAction,
    HyperVFirewallEnabled,
    HyperVFirewallRowKind,
    default_inbound,
    default_outbound,
    is_current,
    is_on,
    local_profiles,
    log_size_kb,
    logs_dropped,
    merges_local_rules,
    opening_rules,
    rules_named,
    stealth_is_off,
)
from snapshot_tool.model.host import ComputerSystem, OperatingSystem
from snapshot_tool.model.host_hyperv import MigrationPerformance, VMHost
from snapshot_tool.model.network import (
    NetConnectionProfile,
    NetConnectionProfileCategory,
    NetIPAddress,
    NetIPAddressFamily,
    has_adapter_on_public,
)
from snapshot_tool.model.paths import folded_path, is_unc, parent_of
from snapshot_tool.model.remote import (
    RDP_PORT,
    SMB_PORTS,
    WINRM_PORTS,
    RemoteAccess,
    SmbShare,
    WinRMListener,
    winrm_listens,
)
from snapshot_tool.model.replica import ReplicaServer
from snapshot_tool.model.review import who
from snapshot_tool.model.rule_text import ANY_PROTOCOL, TCP, UDP, Action, ProfileType, RuleText
from snapshot_tool.model.security import Grant, ObjectKind, descriptor_of, granted, holding, low_privilege
from snapshot_tool.model.services import Binary, Service, ServiceStartType, ServiceState
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    NotOffered,
    Severity,
    Status,
    Verdict,
    assess,
    either,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

_PROFILES = {
    NetConnectionProfileCategory.PUBLIC: ProfileType.PUBLIC,
    NetConnectionProfileCategory.PRIVATE: ProfileType.PRIVATE,
    NetConnectionProfileCategory.DOMAIN_AUTHENTICATED: ProfileType.DOMAIN,
}

_LONGEST_LIST = 10


def _current_weight(host: Snapshot, profile: FirewallProfile) -> Severity:
    """A profile that no network uses now is one reconnection away from use; nobody knows is taken as in use."""
    return Severity.MEDIUM if is_current(host, profile.profile) is False else Severity.HIGH


@check(
    "HV-FW-001",
    title="The firewall is on for every profile",
    severity=Severity.HIGH,
    refs=(
        "seed:G13",
        "STIG:WN22-00-000280",
        "STIG:WNFWA-000001",
        "STIG:WNFWA-000002",
        "STIG:WNFWA-000003",
        "CIS:9.1.1",
        "CIS:9.2.1",
        "CIS:9.3.1",
        "NIST:HY-SR-19 (draft)",
        "ATT&CK:T1562.004",
    ),
)
def firewall_is_on(host: Snapshot) -> list[Verdict]:
    """Without the firewall every service of the host answers to everybody who reaches it, also services of the next update.

    Remediation:
        Run `Set-NetFirewallProfile -All -Enabled True`, up to 2008 R2 `netsh advfirewall set allprofiles state on`. A setting of
        Group Policy must be changed there.
    """

    def judge(profile: FirewallProfile) -> Verdict:
        if is_on(host, profile.profile):
            return PASS
        other = assess(lambda: _ask_for_another_firewall(host))
        if other.gap is not None and other.gap.cause is Cause.MANUAL:
            return other
        message = f"The firewall is off on the {profile} profile"
        return graded(message, Severity.HIGH, lambda: _current_weight(host, profile))

    return local_profiles(host).each(judge)


def _ask_for_another_firewall(host: Snapshot) -> Verdict | None:
    for name, product in third_party_firewalls().items():
        service = host.find(Service, name=name)
        if service is not None and service.state is ServiceState.RUNNING:
            return manual(f"The Windows firewall is off and {product} runs: does it filter inbound traffic?")
    return None


@check(
    "HV-FW-002",
    title="Inbound traffic without a rule is blocked",
    severity=Severity.HIGH,
    refs=(
        "seed:G13",
        "STIG:WNFWA-000004",
        "STIG:WNFWA-000012",
        "STIG:WNFWA-000020",
        "CIS:9.1.2",
        "CIS:9.2.2",
        "CIS:9.3.2",
        "ATT&CK:T1562.004",
    ),
)
def inbound_is_blocked_by_default(host: Snapshot) -> list[Verdict]:
    """A profile that allows what no rule names is a firewall in name only.

    Remediation:
        Review the allow rules first, or the host loses remote access. Then run
        `Set-NetFirewallProfile -All -DefaultInboundAction Block`, up to 2008 R2
        `netsh advfirewall set allprofiles firewallpolicy blockinbound,allowoutbound`.
    """

    def judge(profile: FirewallProfile) -> Verdict:
        if default_inbound(host, profile.profile) is FirewallProfileDefaultInbound.BLOCK:
            return PASS
        if not is_on(host, profile.profile):
            return NOT_APPLICABLE
        message = f"The {profile} profile allows inbound traffic that no rule names"
        return graded(message, Severity.HIGH, lambda: _current_weight(host, profile))

    return local_profiles(host).each(judge)


@check(
    "HV-FW-003",
    title="The services of the firewall run",
    severity=Severity.HIGH,
    refs=("seed:G13", "NIST:HY-SR-19 (draft)", "ATT&CK:T1562.004"),
)
def firewall_services_run(host: Snapshot) -> list[Verdict]:
    """A stopped firewall service filters nothing, whatever profiles and rules say; Microsoft does not support that state.

    Remediation:
        Run `sc.exe config bfe start= auto` and `sc.exe config mpssvc start= auto`, then `Start-Service BFE, MpsSvc`. Where the
        first are refused, set `Start` of both services to 2 in the registry and restart the host.
    """

    def judge(name: str) -> Verdict:
        service = host.find(Service, name=name)
        if service is None:
            return fail(f"The service {name} is missing", part=name)

        def is_running() -> Verdict | None:
            match service.state:
                case ServiceState.RUNNING:
                    return None
                case None | ServiceState.UNKNOWN | ServiceState.START_PENDING:
                    raise undetermined(
                        f"{name} was starting or its state is not known: collect again", table="services"
                    )
                case state:
                    return fail(f"The service {name} is {state}")

        def may_start() -> Verdict | None:
            if service.start_type is ServiceStartType.DISABLED:
                return fail(f"The service {name} is disabled")
            return None

        return settle(is_running, may_start).on(service)

    return [assess(lambda name=name: judge(name)) for name in ("MpsSvc", "BFE")]  # type: ignore[misc]


@check(
    "HV-FW-004",
    title="No rule lets everything in",
    severity=Severity.HIGH,
    refs=("seed:G13", "BSI:SYS.1.5.A22", "ATT&CK:T1562.004"),
)
def no_rule_allows_everything(host: Snapshot) -> list[Verdict]:
    """A rule without port, program, service and address opens the host as if there were no firewall.

    Remediation:
        Run `Disable-NetFirewallRule -Name <rule>` and allow what is needed by program, port and address.
    """

    def judge(rule: FirewallRule) -> Verdict:
        if _is_limited(rule.text) or not rule.is_in_effect:
            return PASS

        def weight() -> Severity:
            return Severity.CRITICAL if rule.is_exposed_on_public else Severity.HIGH

        return graded(f"The rule {rule.label} allows any inbound traffic", Severity.CRITICAL, weight)

    return opening_rules(host).each(judge) or [PASS]


def _is_limited(text: RuleText) -> bool:
    """Whether any field narrows the rule; profiles alone do not. Ports count for TCP and UDP, other protocols are narrow themselves."""
    if text.protocol not in {ANY_PROTOCOL, TCP, UDP}:
        return True
    if text.protocol != ANY_PROTOCOL and not text.any_local_port:
        return True
    return not text.any_remote_address or any(
        (
            text.local_addresses_v4,
            text.local_addresses_v6,
            text.remote_ports,
            text.program,
            text.service,
            text.package_sid,
            text.local_user_owner,
            text.local_user_sddl,
            text.remote_user_sddl,
            text.remote_machine_sddl,
            text.security,
            text.interface_types,
            text.interfaces,
            text.trust_tuple_keywords,
        )
    )


def _is_open(rule: FirewallRule) -> bool:
    return rule.opens_inbound and rule.accepts_anybody and rule.is_in_effect


def _public_weight(rule: FirewallRule, *, public: Severity, else_: Severity) -> Callable[[], Severity]:
    return lambda: public if rule.is_exposed_on_public else else_


def _shipped_rules_are_scoped(
    host: Snapshot,
    rule_ids: tuple[str, ...],
    say: Callable[[FirewallRule], str],
    weight: Callable[[FirewallRule], Severity],
) -> Verdict:
    """One answer for rules that belong together. Not applicable where the host has none of them."""

    def ask(rule_id: str) -> Callable[[], Verdict | None]:
        def is_scoped() -> Verdict | None:
            rules = rules_named(host, rule_id)
            if not rules:
                raise NotOffered(f"there is no rule {rule_id}")
            answers = [
                graded(say(rule), Severity.MEDIUM, lambda rule=rule: weight(rule))  # type: ignore[misc]
                for rule in rules.matching(_is_open)
            ]
            return max(answers, key=lambda answer: answer.severity or Severity.INFO) if answers else None

        return is_scoped

    return settle(*(ask(rule_id) for rule_id in rule_ids), worst=Severity.MEDIUM)


def _exposed_weight(rule: FirewallRule) -> Severity:
    return Severity.MEDIUM if rule.is_exposed_on_public else Severity.LOW


@check(
    "HV-FW-005",
    title="Hyper-V's WMI rules are limited to the management network",
    severity=Severity.MEDIUM,
    refs=(
        "seed:G19",
        "seed:G24",
        "seed:G25",
        "seed:G26",
        "seed:G48",
        "seed:M04",
        "BSI:SYS.1.5.A5",
        "NIST:HY-SR-21 (draft)",
        "ATT&CK:T1047",
    ),
)
def wmi_rules_are_scoped(host: Snapshot) -> Verdict:
    """Hyper-V ships its management rules open to every address on every profile; only administrators' machines need them.

    Remediation:
        Run `Set-NetFirewallRule -Name VIRT-* -RemoteAddress <management subnet>`, up to 2008 R2
        `netsh advfirewall firewall set rule group="..." new remoteip=<subnet>`. Do not remove the rules: VMM, backup and cluster
        tools still use DCOM and WMI.
    """
    return _shipped_rules_are_scoped(
        host, WMI_RULES, lambda rule: f"The rule {rule} opens WMI management to any address", _exposed_weight
    )


@check(
    "HV-FW-006",
    title="The virtual machine console is limited to the management network",
    severity=Severity.MEDIUM,
    refs=("seed:G28", "BSI:SYS.1.5.A5", "BSI:SYS.1.5.A25", "NIST:HY-SR-16 (draft)", "ATT&CK:T1021.001"),
)
def console_rule_is_scoped(host: Snapshot) -> Verdict:
    """Who reaches port 2179 and may connect sits before the screen and keyboard of the guest.

    Remediation:
        Run `Set-NetFirewallRule -Name VIRT-REMOTEDESKTOP-In-TCP-NoScope -RemoteAddress <management subnet>`.
    """
    return _shipped_rules_are_scoped(
        host,
        (CONSOLE_RULE,),
        lambda rule: f"The rule {rule} opens the virtual machine console to any address",
        _exposed_weight,
    )


@check(
    "HV-FW-007",
    title="Live migration is limited to the other hosts",
    severity=Severity.MEDIUM,
    refs=("MS-Plan", "ATT&CK:T1040", "ATT&CK:T1557"),
    since="2012",
)
def migration_rule_is_scoped(host: Snapshot) -> Verdict:
    """The memory of every virtual machine passes port 6600; only the hosts that migrate to each other need it.

    Remediation:
        Run `Set-NetFirewallRule -Name VIRT-MIGL-In-TCP-NoScope -RemoteAddress <addresses of the other hosts>`.
    """

    def weight(_rule: FirewallRule) -> Severity:
        return Severity.MEDIUM if host.one(VMHost).virtual_machine_migration_enabled else Severity.INFO

    return _shipped_rules_are_scoped(
        host, (LIVE_MIGRATION_RULE,), lambda rule: f"The rule {rule} opens live migration to any address", weight
    )


@check(
    "HV-FW-008",
    title="The Replica listener is limited to the primary servers",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1040",),
    since="2012",
)
def replica_rules_are_scoped(host: Snapshot) -> list[Verdict]:
    """Replica data, in clear text over HTTP, comes from a few known servers; nobody else needs the listener.

    Remediation:
        Run `Set-NetFirewallRule -Name VIRT-HVRHTTP* -RemoteAddress <primary servers>`; where the host is no Replica server, run
        `Disable-NetFirewallRule -Name VIRT-HVRHTTPL-In-TCP-NoScope, VIRT-HVRHTTPSL-In-TCP-NoScope`.
    """

    def http(rule: FirewallRule) -> Verdict:
        if not _is_open(rule):
            return PASS
        return fail(f"The rule {rule} opens the Replica listener for HTTP to any address", Severity.MEDIUM)

    def https(rule: FirewallRule) -> Verdict:
        if not _is_open(rule):
            return PASS

        def weight() -> Severity:
            return Severity.LOW if host.one(ReplicaServer).replication_enabled else Severity.MEDIUM

        return graded(f"The rule {rule} opens the Replica listener for HTTPS to any address", Severity.MEDIUM, weight)

    return [
        *rules_named(host, REPLICA_HTTP_RULE).each(http),
        *rules_named(host, REPLICA_HTTPS_RULE).each(https),
    ]


@check(
    "HV-FW-009",
    title="The management service's RPC rules are limited to the management network",
    severity=Severity.MEDIUM,
    refs=("seed:G27", "BSI:SYS.1.5.A5", "NIST:HY-SR-21 (draft)"),
)
def rpc_rules_are_scoped(host: Snapshot) -> Verdict:
    """Remote calls to vmms manage every virtual machine; only administrators' machines and management servers need them.

    Remediation:
        Run `Set-NetFirewallRule -Name VIRT-VMMS-RPC-* -RemoteAddress <management subnet>`.
    """
    return _shipped_rules_are_scoped(
        host, VMMS_RPC_RULES, lambda rule: f"The rule {rule} opens RPC of vmms to any address", _exposed_weight
    )


def _each_open_port(
    host: Snapshot, names_port: Callable[[RuleText], bool], judge: Callable[[FirewallRule], Verdict]
) -> list[Verdict]:
    """Asks `judge` of each rule in effect that names the port and lets anybody in."""

    def ask(rule: FirewallRule) -> Verdict:
        if not names_port(rule.text):
            return NOT_APPLICABLE
        return judge(rule) if rule.accepts_anybody and rule.is_in_effect else PASS

    answers = [answer for answer in opening_rules(host).each(ask) if answer.status is not Status.NOT_APPLICABLE]
    return answers or [PASS]


@check(
    "HV-FW-010",
    title="Windows Remote Management is limited to the management network",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.5.A5", "ATT&CK:T1021.006"),
    since="2008R2",
)
def winrm_is_scoped(host: Snapshot) -> list[Verdict]:
    """WinRM gives an administrator's credentials the whole host; it needs no more callers than there are management machines.

    Remediation:
        Run `Set-NetFirewallRule -Name WINRM-HTTP-In-TCP* -RemoteAddress <management subnet>`.
    """
    if not winrm_listens(host):
        raise NotOffered("WinRM does not run or has no listener")
    ports = {*WINRM_PORTS, *(listener.effective_port for listener in host.rows(WinRMListener) if listener.enabled)}

    def names_port(text: RuleText) -> bool:
        program = (text.program or "system").casefold()
        return program == "system" and any(text.names_local_port(port) for port in ports)

    def judge(rule: FirewallRule) -> Verdict:
        def weight() -> Severity:
            if not rule.is_in_effect_on(ProfileType.PUBLIC):
                return Severity.LOW
            return Severity.HIGH if rule.is_exposed_on_public else Severity.MEDIUM

        return graded(f"The rule {rule.label} opens WinRM to any address", Severity.HIGH, weight)

    return _each_open_port(host, names_port, judge)


@check(
    "HV-FW-011",
    title="Remote Desktop is limited to the jump hosts",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.2.3.A6", "ATT&CK:T1021.001"),
)
def rdp_is_scoped(host: Snapshot) -> list[Verdict]:
    """Remote Desktop is the most attacked way into Windows hosts; who cannot reach it cannot guess its passwords.

    Remediation:
        Run `Set-NetFirewallRule -Name RemoteDesktop-UserMode-In-* -RemoteAddress <jump hosts>`, or switch Remote Desktop off.
    """
    remote = host.one(RemoteAccess)
    if not remote.rdp_is_on:
        raise NotOffered("Remote Desktop is off")
    set_port = remote.rdp_port
    port = RDP_PORT if set_port is None else set_port

    def names_port(text: RuleText) -> bool:
        return text.names_local_port(port, TCP) or text.names_local_port(port, UDP)

    def judge(rule: FirewallRule) -> Verdict:
        message = f"The rule {rule.label} opens Remote Desktop (port {port}) to any address"
        return graded(message, Severity.HIGH, _public_weight(rule, public=Severity.HIGH, else_=Severity.MEDIUM))

    return _each_open_port(host, names_port, judge)


@check(
    "HV-FW-012",
    title="SMB is not open to any address without need",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1021.002",),
)
def smb_is_scoped(host: Snapshot) -> list[Verdict]:
    """A host that shares nothing needs no file-sharing callers from everywhere; the port is the road of most lateral movement.

    Remediation:
        Limit the rules on ports 445 and 139 to backup and management servers (`Set-NetFirewallRule -Name FPS-* -RemoteAddress ...`)
        or disable them.
    """

    def names_port(text: RuleText) -> bool:
        return any(text.names_local_port(port) for port in SMB_PORTS)

    def judge(rule: FirewallRule) -> Verdict:
        if _needs_smb(host):
            return NOT_APPLICABLE
        message = f"The rule {rule.label} opens SMB to any address, though the host shares nothing"
        return graded(message, Severity.MEDIUM, _public_weight(rule, public=Severity.MEDIUM, else_=Severity.LOW))

    return _each_open_port(host, names_port, judge)


def _needs_smb(host: Snapshot) -> bool:
    """Shares of its own, a cluster (CSV redirection uses SMB between nodes), or live migration over SMB."""

    def has_shares() -> bool:
        return bool(host.rows(SmbShare).matching(lambda share: not share.special))

    def is_clustered() -> bool:
        return bool(host.rows(Cluster))

    def migrates_over_smb() -> bool:
        return host.one(VMHost).virtual_machine_migration_performance_option is MigrationPerformance.SMB

    return either(has_shares, is_clustered, migrates_over_smb)


def _named(rules: Sequence[FirewallRule]) -> str:
    names = sorted(str(rule) for rule in rules)
    more = f" and {len(names) - _LONGEST_LIST} more" if len(names) > _LONGEST_LIST else ""
    return ", ".join(names[:_LONGEST_LIST]) + more


@check(
    "HV-FW-013",
    title="Windows' own remote management is limited to the management network",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A5", "ATT&CK:T1047", "ATT&CK:T1021.003"),
)
def remote_management_is_scoped(host: Snapshot) -> Verdict:
    """Event log, services, scheduled tasks, volumes, WMI and COM+ from afar are off by default and needed by few.

    Remediation:
        Run `Set-NetFirewallRule -Name <rule> -RemoteAddress <management subnet>`, or disable the rule.
    """
    rules = host.where(FirewallRule, opens_remote_management=True)
    found = rules.matching(lambda rule: rule.accepts_anybody and rule.is_in_effect)
    return fail(f"Rules for remote management accept any address: {_named(found)}") if found else PASS


@check(
    "HV-FW-014",
    title="Management is closed on the Public profile",
    severity=Severity.HIGH,
    refs=("seed:M12", "ATT&CK:T1133"),
)
def management_is_closed_on_public(host: Snapshot) -> Verdict:
    """The Public profile is for networks that nobody vouches for; management has no business there.

    Hyper-V's own rules are shipped for every profile and count only where an adapter is on Public.

    Remediation:
        Run `Set-NetFirewallRule -Name <rule> -Profile Domain`.
    """
    rules = host.where(FirewallRule, opens_management=True)

    def is_open(rule: FirewallRule) -> bool:
        return rule.accepts_anybody and rule.is_in_effect_on(ProfileType.PUBLIC)

    chosen = rules.matching(lambda rule: not is_hyperv_rule(rule.value_name) and is_open(rule))
    if chosen:
        message = f"Management is open on the Public profile: {_named(chosen)}"
        return graded(message, Severity.HIGH, lambda: Severity.HIGH if has_adapter_on_public(host) else Severity.LOW)
    shipped = rules.matching(is_open)
    if shipped and has_adapter_on_public(host):
        return fail(f"Hyper-V's rules are open on the Public profile, and an adapter is on it: {_named(shipped)}")
    return PASS


@check(
    "HV-FW-015",
    title="The management network is known as the domain's",
    severity=Severity.LOW,
    since="2012",
)
def management_network_is_the_domains(network: NetConnectionProfile) -> Verdict:
    """Where Windows takes the domain's network for another one, rules of the Domain profile do not count: management breaks.

    Remediation:
        Run `Restart-Service nlasvc`, and see to it that DNS and the domain controllers answer when the host starts.
    """
    if network.category is NetConnectionProfileCategory.DOMAIN_AUTHENTICATED:
        return PASS
    if not network.host.one(ComputerSystem).part_of_domain or not network.has_gateway:
        return NOT_APPLICABLE
    return fail(f"The host is in a domain, but its network on {network} is not taken for the domain's")


@check(
    "HV-FW-016",
    title="Hyper-V's rules are as shipped, apart from their scope",
    severity=Severity.HIGH,
    refs=("seed:G24", "seed:G25", "seed:G26", "seed:G27", "seed:G28", "seed:G29", "ATT&CK:T1562.004"),
)
def hyperv_rules_are_as_shipped(host: Snapshot) -> list[Verdict]:
    """A rule with a trusted name and another program or port is a door that nobody looks at.

    Remediation:
        Set program, service and port back with `Set-NetFirewallRule -Name <rule>`; never remove the rule, for enabling its group
        does not bring it back.
    """
    unverified = []

    def judge(rule: FirewallRule) -> Verdict:
        text = rule.text
        shipped = host.find(FirewallRule, store=FirewallRuleStore.DEFAULTS, value_name=rule.value_name)
        if shipped is not None:
            changed = _changed(host, _compared(text), _compared(shipped.text))
            return fail(f"The rule {rule} differs from the shipped one in {', '.join(changed)}") if changed else PASS
        known = default_rule(rule.value_name)
        if known is None or not _is_of(host, known.since, known.until):
            unverified.append(str(rule))
            return NOT_APPLICABLE
        expected = {
            "App": known.program,
            "Svc": known.service,
            "LPort": " ".join(sorted(known.local_ports)),
            "Protocol": str(known.protocol),
            "Dir": known.direction,
            "Action": str(Action.ALLOW),
        }
        changed = _changed(host, _compared(text), expected)
        if any(_FIELDS[name] in known.verified for name in changed):
            return fail(f"The rule {rule} differs from the shipped one in {', '.join(changed)}")
        if changed:
            message = f"The rule {rule} differs in {', '.join(changed)} from what is published (not verified on a host)"
            return fail(message, Severity.INFO)
        if known.verified:
            return PASS
        unverified.append(str(rule))
        return NOT_APPLICABLE

    def nothing_is_unverified() -> Verdict:
        if unverified:
            rules = ", ".join(sorted(unverified))
            raise undetermined(
                f"the host keeps no default, and none is verified, of {rules}", table="firewall_rules_raw"
            )
        return NOT_APPLICABLE

    answers = [*host.where(FirewallRule, is_hyperv=True).each(judge), assess(nothing_is_unverified).on(None)]
    return [answer for answer in answers if answer.status is not Status.NOT_APPLICABLE]


# Fields of a rule -> columns of the table of shipped rules.
_FIELDS = {
    "App": "program",
    "Svc": "service",
    "LPort": "local_ports",
    "Protocol": "protocol",
    "Dir": "direction",
    "Action": "action",
}


def _is_of(host: Snapshot, since: str, until: str) -> bool:
    era = host.host.era
    return era is not None and in_era(since.replace(" ", ""), until.replace(" ", ""), era, host.host.build)


def _compared(text: RuleText) -> dict[str, str]:
    """What makes a rule what it is. Active, profiles, remote addresses and display text are the administrator's."""
    return {
        "App": text.program or "",
        "Svc": text.service or "",
        "LPort": " ".join(sorted(text.local_ports)),
        "Protocol": str(text.protocol),
        "Dir": text.direction,
        "Action": text.action,
    }


def _changed(host: Snapshot, found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    changed = [name for name, value in found.items() if value.casefold() != expected[name].casefold()]
    if "App" in changed and folded_path(host, found["App"]) == folded_path(host, expected["App"]):
        changed.remove("App")
    return changed


@check(
    "HV-FW-017",
    title="Rules of the Hyper-V management clients are off on the host",
    severity=Severity.LOW,
    refs=("seed:G29", "BSI:SYS.1.5.A22"),
)
def client_rules_are_off(host: Snapshot) -> Verdict:
    """They are on wherever the management tools are installed, and needed only where these manage other hosts.

    Remediation:
        Run `Disable-NetFirewallRule -Name VIRTCL-*` where nobody manages other hosts from here.
    """

    def is_client_rule(rule: FirewallRule) -> bool:
        return rule.value_name.upper().startswith(CLIENT_RULE_PREFIX) and rule.opens_inbound and rule.is_in_effect

    rules = host.where(FirewallRule, is_hyperv=True).matching(is_client_rule)
    if not rules:
        return PASS
    names = ", ".join(sorted(str(rule) for rule in rules))

    def weight() -> Severity:
        return Severity.LOW if host.one(OperatingSystem).is_server_core else Severity.INFO

    return graded(f"Rules of the management clients are on: {names}", Severity.LOW, weight)


@check(
    "HV-FW-018",
    title="No rule is on for a feature that is off",
    severity=Severity.LOW,
    since="2012",
)
def no_rule_without_feature(host: Snapshot) -> list[Verdict]:
    """A rule without its feature is a door that opens by itself when somebody tries the feature out.

    Remediation:
        Run `Disable-NetFirewallRule -Name <rule>`, or switch the feature on if it is wanted.
    """

    def is_on(rule: FirewallRule) -> bool:
        return rule.opens_inbound and rule.is_in_effect

    def migration(rule: FirewallRule) -> Verdict:
        if not is_on(rule) or host.one(VMHost).virtual_machine_migration_enabled:
            return PASS
        return fail(f"The rule {rule} is on, but live migration is off")

    def replica(rule: FirewallRule) -> Verdict:
        if not is_on(rule) or host.one(ReplicaServer).replication_enabled:
            return PASS
        return fail(f"The rule {rule} is on, but the host is no Replica server")

    return [
        *rules_named(host, LIVE_MIGRATION_RULE).each(migration),
        *rules_named(host, REPLICA_HTTP_RULE).each(replica),
        *rules_named(host, REPLICA_HTTPS_RULE).each(replica),
    ]


def _profiles_with(host: Snapshot, holds: Callable[[FirewallProfileProfile], bool]) -> str:
    """The names of the profiles for which it holds. Raises NotAssessed when none does and one could not be read."""
    return ", ".join(str(row) for row in local_profiles(host).matching(lambda row: holds(row.profile)))


@check(
    "HV-FW-019",
    title="The firewall logs what it drops",
    severity=Severity.LOW,
    refs=(
        "STIG:WNFWA-000010",
        "STIG:WNFWA-000018",
        "STIG:WNFWA-000028",
        "CIS:9.1.6",
        "CIS:9.2.6",
        "CIS:9.3.8",
        "NIST:HY-SR-20 (draft)",
    ),
)
def dropped_packets_are_logged(host: Snapshot) -> Verdict:
    """The log of dropped packets shows who knocks, and why a service that should answer does not.

    Remediation:
        Run `Set-NetFirewallProfile -All -LogBlocked True`.
    """
    found = _profiles_with(host, lambda profile: not logs_dropped(host, profile))
    return fail(f"Dropped packets are not logged on the profiles {found}") if found else PASS


_SMALLEST_LOG_KB = 16384


@check(
    "HV-FW-020",
    title="The firewall's log holds 16 MB",
    severity=Severity.LOW,
    refs=("CIS:9.1.5", "CIS:9.2.5", "CIS:9.3.7"),
)
def log_is_large_enough(host: Snapshot) -> Verdict:
    """A log of 4 MB, the default, is overwritten before anybody looks for the cause of an incident.

    Remediation:
        Run `Set-NetFirewallProfile -All -LogMaxSizeKilobytes 16384`.
    """
    found = _profiles_with(host, lambda profile: log_size_kb(host, profile) < _SMALLEST_LOG_KB)
    return fail(f"The firewall's log is smaller than 16 MB on the profiles {found}") if found else PASS


@check(
    "HV-FW-021",
    title="Where policy makes the rules, local ones do not count on the Public profile",
    severity=Severity.LOW,
    refs=("STIG:WNFWA-000024", "CIS:9.3.4"),
    since="2012",
)
def local_rules_do_not_count_on_public(host: Snapshot) -> Verdict:
    """Beside the rules of Group Policy every setup and every administrator of the host can open further ports.

    Hyper-V's own rules are local ones too: they stop to count as well.

    Remediation:
        First put the rules that the host needs, those of Hyper-V included, into Group Policy. Then set "Apply local firewall rules" of the
        Public profile to No there.
    """
    names = [rule.value_name for rule in host.where(FirewallRule, store=FirewallRuleStore.GPO)]
    if not names:
        raise NotOffered("Group Policy has no firewall rules")
    if not merges_local_rules(host, ProfileType.PUBLIC):
        return PASS
    return fail(f"Local rules count on the Public profile beside those of Group Policy ({listed(names, 3)})")


@check(
    "HV-FW-022",
    title="No rule of your own takes traffic that crossed a translating router",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1133",),
)
def no_rule_allows_edge_traversal(host: Snapshot) -> list[Verdict]:
    """With edge traversal (Teredo) a program can be reached from the Internet although the host has a private address.

    Rules that Windows ships so, and those of the packages of a logged-on user, do not count.

    Remediation:
        Run `Set-NetFirewallRule -Name <rule> -EdgeTraversalPolicy Block`.
    """

    def judge(rule: FirewallRule) -> Verdict:
        text = rule.text
        if not text.edge_traversal or text.package_sid is not None:
            return NOT_APPLICABLE
        if is_shipped_with_edge_traversal(rule.value_name) or rule.is_shipped or not rule.is_in_effect:
            return PASS
        return fail(f"The rule {rule.label} takes traffic that crossed a translating router (edge traversal)")

    answers = [answer for answer in opening_rules(host).each(judge) if answer.status is not Status.NOT_APPLICABLE]
    return answers or [PASS]


@check(
    "HV-FW-023",
    title="Programs that rules let in cannot be replaced by users",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1562.004", "ATT&CK:T1574.010"),
)
def programs_of_rules_are_protected(host: Snapshot) -> list[Verdict]:
    """Who may replace the program of a rule owns its open port, and often an account that starts it.

    Remediation:
        Remove the rule, or move the program to a folder that only administrators may change.
    """

    def judge(rule: FirewallRule) -> Verdict:
        program = rule.text.program
        if program is None or "\\" not in program or not rule.is_in_effect:
            return NOT_APPLICABLE
        path = folded_path(host, program)

        def file_is_protected() -> Verdict | None:
            grants = _grants(host, path, ObjectKind.FILE)
            users = _users_holding(grants, rights.MODIFY)
            return (
                fail(f"The rule {rule.label} lets {program} in, which {who(host, users)} may change") if users else None
            )

        def folder_is_protected() -> Verdict | None:
            folder = parent_of(path)
            grants = _grants(host, folder, ObjectKind.FOLDER) if folder else ()
            users = _users_holding(grants, rights.REPLACE)
            return (
                fail(f"{who(host, users)} may replace files beside {program}, which the rule {rule.label} lets in")
                if users
                else None
            )

        return settle(file_is_protected, folder_is_protected)

    answers = [answer for answer in opening_rules(host).each(judge) if answer.status is not Status.NOT_APPLICABLE]
    return answers or [PASS]


def _grants(host: Snapshot, path: str, kind: ObjectKind) -> tuple[Grant, ...]:
    """What the object grants; nothing where it does not exist. Raises NotAssessed where its access list was not collected."""
    row = host.find(FileAcl, folded_path=path)
    if row is None:
        raise undetermined(f"the access list of {path} was not collected", table="acls")
    return () if row.exists is False else granted(descriptor_of(row), kind)


def _users_holding(grants: tuple[Grant, ...], wanted: int) -> tuple[Grant, ...]:
    return holding(low_privilege(grants), wanted)


@check(
    "HV-FW-024",
    title="Every program that a rule lets in exists",
    severity=Severity.INFO,
)
def programs_of_rules_exist(host: Snapshot) -> list[Verdict]:
    """A rule that outlived its program opens the port for whoever puts a file of that name there.

    Rules that Windows ships do not count: some are for programs of another edition.

    Remediation:
        Run `Remove-NetFirewallRule -Name <rule>`.
    """
    unlisted: list[str] = []

    def judge(rule: FirewallRule) -> Verdict:
        program = rule.text.program
        if program is None or "\\" not in program or rule.is_shipped or not rule.is_in_effect:
            return NOT_APPLICABLE
        path = folded_path(host, program)
        if is_unc(path):
            return NOT_APPLICABLE
        file = host.find(FileAcl, folded_path=path) or host.find(Binary, folded_path=path)
        if file is None:
            unlisted.append(str(rule))
            return NOT_APPLICABLE
        if file.exists is None:
            raise undetermined(f"whether {program} exists could not be seen", table="acls", column="Exists")
        return PASS if file.exists else fail(f"The rule {rule.label} lets {program} in, which does not exist")

    def nothing_is_unlisted() -> Verdict:
        if unlisted:
            raise undetermined(f"the programs of these rules were not looked for: {listed(unlisted)}", table="acls")
        return NOT_APPLICABLE

    answers = [*opening_rules(host).each(judge), assess(nothing_is_unlisted).on(None)]
    return [answer for answer in answers if answer.status is not Status.NOT_APPLICABLE] or [PASS]


_SENSITIVE_PORTS = (21, 22, 23, 135, 139, 389, 445, 1433, 3389, 5900, 5985, 5986, 8080, 10250)


@check(
    "HV-FW-025",
    title="No rule of your own opens a sensitive port to any address",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1133",),
)
def no_custom_rule_opens_a_sensitive_port(host: Snapshot) -> list[Verdict]:
    """Rules outside the groups of Windows and its roles were made by hand or by a setup, often once and for everybody.

    Remediation:
        Run `Set-NetFirewallRule -Name <rule> -RemoteAddress <those who need it>`.
    """

    def ports_of(text: RuleText) -> list[int]:
        if text.group is not None:
            return []
        return [port for port in _SENSITIVE_PORTS if text.names_local_port(port)]

    def judge(rule: FirewallRule) -> Verdict:
        ports = ", ".join(str(port) for port in ports_of(rule.text))
        return fail(f"The rule {rule.label} opens TCP {ports} to any address")

    return _each_open_port(host, lambda text: bool(ports_of(text)), judge)


@check(
    "HV-FW-026",
    title="Outbound traffic without a rule is blocked",
    severity=Severity.INFO,
    refs=("BSI:SYS.1.5.A22",),
)
def outbound_is_blocked_by_default(host: Snapshot) -> Verdict:
    """As shipped the host may talk to every address, and so may whatever runs on it unasked.

    A firewall or proxy in front of the host does the same; a snapshot does not see it.

    Remediation:
        Review what the host talks to, allow it by rules, then run `Set-NetFirewallProfile -All -DefaultOutboundAction Block`; or keep the
        host from the Internet by the firewall of its network.
    """

    def lets_everything_out(profile: FirewallProfileProfile) -> bool:
        return default_outbound(host, profile) is FirewallProfileDefaultOutbound.ALLOW

    found = _profiles_with(host, lets_everything_out)
    return fail(f"Outbound traffic that no rule names may pass on the profiles {found}") if found else PASS


@check(
    "HV-FW-027",
    title="No address of the host is reachable from the Internet",
    severity=Severity.CRITICAL,
    refs=("seed:G13", "seed:M12", "BSI:SYS.1.5.A11", "ATT&CK:T1190"),
)
def no_public_address(host: Snapshot) -> list[Verdict]:
    """What the Internet can reach is tried within minutes; behind the host's management stand all of its guests.

    Remediation:
        Move the management of the host to a private network or behind a VPN, and limit the rules of its firewall to that network.
    """

    def judge(address: NetIPAddress) -> Verdict:
        where = address.address
        if address.family is NetIPAddressFamily.IPV6:
            same_adapter = host.where(NetIPAddress, interface_index=address.interface_index, is_public=True)
            # IPv4 stands for all, else the lowest address: one finding per adapter.
            if address is not min(same_adapter, key=lambda one: (one.family, one.address)):
                return NOT_APPLICABLE
            if not address.has_gateway:
                return PASS
            return fail(f"The address {where} is a global IPv6 address", Severity.LOW)

        def weight() -> Severity:
            profile = _PROFILES[address.category]

            def is_unfiltered() -> bool:
                return not is_on(host, FirewallProfileProfile(profile.value))

            def management_is_open() -> bool:
                rules = host.where(FirewallRule, opens_management=True)
                return bool(rules.matching(lambda rule: rule.accepts_anybody and rule.is_in_effect_on(profile)))

            return Severity.CRITICAL if either(is_unfiltered, management_is_open) else Severity.MEDIUM

        return graded(f"The host has the public address {where}", Severity.CRITICAL, weight)

    return host.where(NetIPAddress, is_public=True).each(judge) or [PASS]


@check(
    "HV-FW-028",
    title="Closed ports do not answer",
    severity=Severity.LOW,
)
def stealth_mode_is_on(host: Snapshot) -> Verdict:
    """Without stealth mode the host answers for ports that nobody listens on: a scan is quicker and tells more.

    Some clusters of network load balancing need it.

    Remediation:
        Delete the value `DisableStealthMode` of the profile, in Group Policy where it comes from there.
    """
    found = _profiles_with(host, lambda profile: stealth_is_off(host, profile))
    return fail(f"Closed ports answer on the profiles {found} (DisableStealthMode)") if found else PASS


_CREATOR_KINDS = frozenset({HyperVFirewallRowKind.SETTING, HyperVFirewallRowKind.PROFILE})


@check(
    "HV-FW-029",
    title="The Hyper-V firewall blocks what containers and subsystems are not asked for",
    severity=Severity.LOW,
    refs=("https://learn.microsoft.com/windows/win32/fwp/wmi/wfascimprov/msft-netfirewallhypervrule",),
    since="2025",
)
def hyperv_firewall_blocks_inbound(setting: HyperVFirewall) -> Verdict:
    """The Hyper-V firewall filters for containers and Linux subsystems on the host; virtual machines have firewalls of their own.

    Remediation:
        Run `Set-NetFirewallHyperVVMSetting -Name <VM creator> -DefaultInboundAction Block`.
    """
    if setting.row_kind not in _CREATOR_KINDS:
        return NOT_APPLICABLE
    if setting.default_inbound_action is not HyperVFirewallDefaultInboundAction.ALLOW:
        return PASS
    if setting.row_kind is HyperVFirewallRowKind.PROFILE and setting.enabled is HyperVFirewallEnabled.DISABLED:
        return NOT_APPLICABLE
    return fail(f"The Hyper-V firewall lets inbound traffic that no rule names pass for the creator {setting}")
