"""HV-MIG: live migration."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from snapshot_tool.check import check
from snapshot_tool.model.audit import EventLog, EventSummary
from snapshot_tool.model.cluster import ClusterNetwork, ClusterNetworkInterface, is_clustered
from snapshot_tool.model.host import (
    AdComputer,
    ComputerSystem,
    PlatformSecurity,
    PlatformSecuritySecurityServicesRunning,
)
from snapshot_tool.model.host_hyperv import MigrationAuthentication, VMHost
from snapshot_tool.model.migration import MigrationNetwork, migrates, way_is_encrypted
from snapshot_tool.model.network import NetAdapter, NetIPAddress
from snapshot_tool.model.registry import RegistryValue, registry_number
from snapshot_tool.model.topology import has_one_subnet
from snapshot_tool.model.vm import VM, VMSecurity, VMState
from snapshot_tool.model.vm_network import VMNetworkAdapter
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

GIGABIT = 1_000_000_000
MANY_AT_ONCE = 4
MIGRATION_SERVICE = "microsoft virtual system migration service"
NEEDED_SERVICES = frozenset({"cifs", MIGRATION_SERVICE})
# Bits of userAccountControl, see [MS-ADTS] 2.2.16.
SERVER_TRUST_ACCOUNT = 0x2000
TRUSTED_FOR_DELEGATION = 0x80000
VMMS_LOG = "Microsoft-Windows-Hyper-V-VMMS-Admin"
VMMS_PROVIDER = "Microsoft-Windows-Hyper-V-VMMS"
NAME_NOT_REGISTERED = 14050
RECENT = timedelta(days=7)
DEFAULT_LOG_BYTES = 1_052_672
CREDENTIALS_DELEGATION = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation"
CREDSSP_PARAMETERS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters"
DELEGATION_POLICIES = (
    "AllowFreshCredentials",
    "AllowFreshCredentialsWhenNTLMOnly",
    "AllowSavedCredentials",
    "AllowSavedCredentialsWhenNTLMOnly",
    "AllowDefaultCredentials",
    "AllowDefaultCredentialsWhenNTLMOnly",
)
ANY_TARGET = frozenset({"*", "*/*", "wsman/*"})
VULNERABLE = 2


def _started(host: Snapshot) -> datetime:
    """When the snapshot was taken. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


def _by_subnets(host: Snapshot) -> Callable[[], Severity]:
    """With one subnet nothing can be kept apart, so the finding says less."""
    return lambda: Severity.LOW if has_one_subnet(host) else Severity.MEDIUM


@check(
    "HV-MIG-001",
    title="Live migration authenticates with Kerberos",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1550",),
    since="2012",
)
def migration_uses_kerberos(host: Snapshot) -> Verdict:
    """With CredSSP whoever moves a machine must log on to the source host and leaves credentials there for a thief.

    Remediation:
        Run `Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos`, and allow constrained delegation between the hosts.
    """
    settings = migrates(host)
    if settings is None:
        return NOT_APPLICABLE
    if settings.virtual_machine_migration_authentication_type is not MigrationAuthentication.CREDSSP:
        return PASS
    if not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE
    return graded(
        "Live migration authenticates with CredSSP",
        Severity.MEDIUM,
        lambda: Severity.LOW if is_clustered(host) else Severity.MEDIUM,
    )


@check(
    "HV-MIG-002",
    title="Live migration does not need CredSSP where Credential Guard runs",
    severity=Severity.HIGH,
    refs=(
        "https://learn.microsoft.com/windows/security/identity-protection/credential-guard/considerations-known-issues",
    ),
    since="2016",
)
def migration_works_with_credential_guard(host: Snapshot) -> Verdict:
    """Credential Guard does not let credentials be handed on, so a move that is started on another computer fails with CredSSP.

    From 2025 on it runs by default. Moves inside a cluster run under the cluster's own identity and are not concerned.

    Remediation:
        Run `Set-VMHost -VirtualMachineMigrationAuthenticationType Kerberos`, and allow constrained delegation between the hosts.
    """
    settings = migrates(host)
    if settings is None:
        return NOT_APPLICABLE
    if settings.virtual_machine_migration_authentication_type is not MigrationAuthentication.CREDSSP:
        return PASS
    if not host.one(ComputerSystem).part_of_domain:
        return NOT_APPLICABLE
    if (
        PlatformSecuritySecurityServicesRunning.CREDENTIAL_GUARD
        not in host.one(PlatformSecurity).security_services_running
    ):
        return PASS
    return graded(
        "Live migration authenticates with CredSSP, which fails with Credential Guard",
        Severity.HIGH,
        lambda: Severity.LOW if is_clustered(host) else Severity.HIGH,
    )


@check(
    "HV-MIG-003",
    title="Live migration uses chosen networks",
    severity=Severity.MEDIUM,
    refs=("MS-Plan", "BSI:SYS.1.5.A9", "ATT&CK:T1040"),
    since="2012",
)
def migration_uses_chosen_networks(host: Snapshot) -> Verdict:
    """The memory of machines crosses the network; over any network that means also the one where anybody can listen.

    Remediation:
        Run `Set-VMHost -UseAnyNetworkForMigration $false` and `Add-VMMigrationNetwork <subnet>`.
    """
    settings = migrates(host)
    if settings is None:
        return NOT_APPLICABLE
    if not settings.use_any_network_for_migration:
        return PASS
    if is_clustered(host):
        return NOT_APPLICABLE
    return graded("Live migration may use any network", Severity.MEDIUM, _by_subnets(host))


def _network_of(network: MigrationNetwork) -> IPv4Network | IPv6Network:
    text = network.subnet
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise undetermined(f"{text!r} is no subnet", table="migration_network", column="Subnet") from None


def _holds(subnet: IPv4Network | IPv6Network, text: str) -> bool:
    """Whether an address is in the subnet; addresses of guests are claims, and what is none is in no subnet."""
    try:
        return ip_address(text.partition("%")[0]) in subnet
    except ValueError:
        return False


def _is_shared(network: MigrationNetwork) -> str:
    """Who else is in a migration network, in words; empty when nobody is. Raises NotAssessed."""
    host = network.host
    subnet = _network_of(network)

    def managed() -> Verdict | None:
        found = host.rows(NetIPAddress).matching(lambda row: _holds(subnet, row.address) and row.has_gateway)
        return fail(f"the management address {found[0].address}") if found else None

    def serves_a_guest(adapter: VMNetworkAdapter) -> bool:
        if adapter.is_management_os or not any(_holds(subnet, text) for text in adapter.ip_addresses or ()):
            return False
        vm = adapter.vm
        if vm is None:
            raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
        return vm.state is VMState.RUNNING

    def used_by_guests() -> Verdict | None:
        found = host.rows(VMNetworkAdapter).matching(serves_a_guest)
        return fail(f"the virtual machines' adapters {listed(map(str, found))}") if found else None

    answer = settle(managed, used_by_guests)
    if answer.gap is not None:
        raise NotAssessed(answer.gap)
    return answer.message


@check(
    "HV-MIG-004",
    title="Migration networks serve nothing else",
    severity=Severity.MEDIUM,
    refs=("MS-Plan", "BSI:SYS.1.5.A9", "NIST:HY-SR-21 (draft)"),
    since="2012",
)
def migration_networks_are_apart(network: MigrationNetwork) -> Verdict:
    """In a network that machines or administrators share, others can read and change the memory of machines on its way.

    Remediation:
        Put migration into a subnet and VLAN of its own: `Add-VMMigrationNetwork <subnet>`, `Remove-VMMigrationNetwork <subnet>`.
    """
    host = network.host
    settings = migrates(host)
    if settings is None or settings.use_any_network_for_migration or is_clustered(host):
        return NOT_APPLICABLE
    others = _is_shared(network)
    if not others:
        return PASS
    return graded(f"The migration network {network} also holds {others}", Severity.MEDIUM, _by_subnets(host))


@check(
    "HV-MIG-005",
    title="Migration networks have at least 1 Gb/s",
    severity=Severity.MEDIUM,
    refs=("BPA:B012", "BPA:B014"),
    since="2012",
)
def migration_networks_are_fast(host: Snapshot) -> Sequence[Verdict]:
    """Over a slow network the memory changes faster than it is copied: moves take long, or never end.

    Remediation:
        Use a faster network card, or take the slow network off the list with `Remove-VMMigrationNetwork`.
    """
    settings = migrates(host)
    if settings is None:
        return [NOT_APPLICABLE]
    paths, gap = _migration_paths(host, settings)
    slow: list[tuple[Row, NetAdapter, int]] = []
    fast = False
    for network, adapter in paths:
        try:
            speed = adapter.speed_bps
        except NotAssessed as missing:
            gap = gap or missing.gap
            continue
        fast = fast or (speed is not None and speed >= GIGABIT)
        if speed is not None and speed < GIGABIT:
            slow.append((network, adapter, speed))
    if not slow:
        if gap is not None:
            raise NotAssessed(gap)
        if paths and not fast:
            raise undetermined("no adapter of a migration network has a link", table="net_adapters", column="SpeedBps")
        return [PASS if fast else NOT_APPLICABLE]
    severity = Severity.LOW if fast else Severity.MEDIUM
    verdicts = []
    for network, adapter, speed in slow:
        name = f"the network {network} over {adapter}" if network is not adapter else str(adapter)
        verdicts.append(fail(f"Live migration may use {name} with {speed / 1_000_000:g} Mb/s", severity).on(network))
    return verdicts


def _migration_paths(host: Snapshot, settings: VMHost) -> tuple[list[tuple[Row, NetAdapter]], Gap | None]:
    """The adapters that migration may use, each with the network that says so, and what could not be read of them."""
    if is_clustered(host):
        return _cluster_paths(host)
    paths: dict[tuple[int, int], tuple[Row, NetAdapter]] = {}
    networks: list[tuple[MigrationNetwork | None, IPv4Network | IPv6Network | None]] = [(None, None)]
    gap = None
    if not settings.use_any_network_for_migration:
        rows = host.rows(MigrationNetwork)
        gap = rows.gap
        networks = [(row, _network_of(row)) for row in rows.known]
    addresses = host.rows(NetIPAddress)
    gap = gap or addresses.gap
    for network, subnet in networks:
        for address in addresses.known:
            try:
                usable = address.network is not None if subnet is None else _holds(subnet, address.address)
                if not usable:
                    continue
                adapter = host.find(NetAdapter, interface_index=address.interface_index)
            except NotAssessed as missing:
                gap = gap or missing.gap
                continue
            if adapter is None:
                gap = gap or Gap(Cause.UNDETERMINED, f"the adapter of {address} is not in the snapshot", "net_adapters")
            else:
                paths[id(network), id(adapter)] = (network if network is not None else adapter, adapter)
    return list(paths.values()), gap


def _cluster_paths(host: Snapshot) -> tuple[list[tuple[Row, NetAdapter]], Gap | None]:
    """Adapters of this node in networks of the cluster that migration may use; those of other nodes are not in the snapshot."""
    paths: list[tuple[Row, NetAdapter]] = []
    networks = host.rows(ClusterNetwork)
    gap = networks.gap
    for network in networks.known:
        try:
            if network.excluded_from_migration:
                continue
            interfaces = host.where(ClusterNetworkInterface, network=network.name)
            gap = gap or interfaces.gap
            own = host.one(ComputerSystem).name.casefold()
            for interface in interfaces.known:
                if interface.node.casefold() != own:
                    continue
                adapter = host.find(NetAdapter, interface_guid=interface.adapter_id)
                if adapter is None:
                    raise undetermined(f"the adapter of {interface} is not in the snapshot", table="net_adapters")
                paths.append((network, adapter))
        except NotAssessed as missing:
            gap = gap or missing.gap
    return paths, gap


@check(
    "HV-MIG-006",
    title="Migration traffic is encrypted",
    severity=Severity.MEDIUM,
    refs=("seed:M13", "MS-Plan", "BSI:SYS.1.5.A9", "ATT&CK:T1040"),
    since="2012",
)
def migration_is_encrypted(host: Snapshot) -> Verdict:
    """The memory of a machine holds keys and passwords; in clear text whoever is on the way has them.

    Remediation:
        From 2016 on run `Set-VMSecurity -VMName <name> -EncryptStateAndVmMigrationTraffic $true` for each machine; or a connection
        security rule for TCP 6600; or `Set-VMHost -VirtualMachineMigrationPerformanceOption SMB` with SMB encryption on every host.
    """
    settings = migrates(host)
    if settings is None:
        return NOT_APPLICABLE

    def by_every_machine() -> bool:
        security = host.rows(VMSecurity)
        # Read in full even where one is not encrypted: the finding names all of them.
        clear = security.select(lambda row: not row.encrypt_state_and_vm_migration_traffic)
        return bool(security) and not clear.known and not len(clear)

    if either(lambda: way_is_encrypted(host, settings), by_every_machine):
        return PASS
    clear = _unencrypted(host)
    tail = f": {clear} and every machine that comes" if clear else ""
    message = f"Nothing encrypts machines on their way to another host{tail}"
    return graded(message, Severity.MEDIUM, lambda: _weight_in_clear(host, settings))


def _weight_in_clear(host: Snapshot, settings: VMHost) -> Severity:
    """How much migration in clear text weighs: less in networks where nobody else is. Raises NotAssessed."""
    if settings.use_any_network_for_migration or is_clustered(host):
        return Severity.MEDIUM
    networks = host.rows(MigrationNetwork)
    return Severity.LOW if networks and not any(_is_shared(network) for network in networks) else Severity.MEDIUM


def _unencrypted(host: Snapshot) -> str:
    """The machines of this host without encryption of their own, for a message; all of them before 2016."""
    trace, host.trace = host.trace, []
    try:
        rows = host.rows(VMSecurity).select(lambda row: not row.encrypt_state_and_vm_migration_traffic).known
        return listed(sorted(str(row) for row in rows))
    except NotOffered:
        return listed(sorted(str(row) for row in host.rows(VM).known))
    finally:
        host.trace = trace


@check(
    "HV-MIG-007",
    title="Live migration is on only where there is another host to move to",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.5.A22",),
    since="2012",
)
def migration_has_a_partner(host: Snapshot) -> Verdict:
    """A listener that takes over running machines from the network is a service too many on a host without partners.

    With CredSSP partners need no delegation, so that nothing on this host tells whether there are any.

    Remediation:
        Run `Disable-VMMigration`; moving only the disks of a machine works without it.
    """
    settings = migrates(host)
    if settings is None or is_clustered(host):
        return PASS
    if not host.one(ComputerSystem).part_of_domain:
        return fail("Live migration is on, but a host in a workgroup has no partner for it")
    account = host.one(AdComputer)
    hands_on = any(_service_of(name) == MIGRATION_SERVICE for name in account.allowed_to_delegate_to)
    if hands_on or account.user_account_control & TRUSTED_FOR_DELEGATION:
        return PASS
    if account.resource_based_delegation:
        return PASS
    return graded(
        "Live migration is on, but the host is in no cluster and no delegation names another host",
        Severity.LOW,
        lambda: (
            Severity.INFO
            if settings.virtual_machine_migration_authentication_type is MigrationAuthentication.CREDSSP
            else Severity.LOW
        ),
    )


def _service_of(principal_name: str) -> str:
    return principal_name.partition("/")[0].strip().casefold()


@check(
    "HV-MIG-008",
    title="The host's account may delegate only what live migration needs",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1558", "ATT&CK:T1134"),
    since="2012",
)
def delegation_is_narrow(host: Snapshot) -> Verdict:
    """With unconstrained delegation the host keeps a ticket of everybody who logs on to it, and may be that person anywhere.

    Remediation:
        On the tab Delegation of the computer account choose `Trust this computer for delegation to specified services only` with `cifs`
        and `Microsoft Virtual System Migration Service` of the partners; from 2016 on with `Use any authentication protocol`.
    """
    account = host.one(AdComputer)

    def is_unconstrained() -> Verdict | None:
        bits = account.user_account_control
        # A domain controller always has it; that the host is one is reported as HV-HOST-004.
        if not bits & TRUSTED_FOR_DELEGATION or bits & SERVER_TRUST_ACCOUNT:
            return None
        return fail("The account of the host is trusted for unconstrained delegation", Severity.HIGH)

    def hands_on_too_much() -> Verdict | None:
        others = [name for name in account.allowed_to_delegate_to if _service_of(name) not in NEEDED_SERVICES]
        if not others:
            return None
        return fail(
            f"The account of the host may delegate to services beside live migration: {listed(others)}", Severity.MEDIUM
        )

    return settle(is_unconstrained, hands_on_too_much, worst=Severity.HIGH)


@check(
    "HV-MIG-009",
    title="As many moves run at once as the network carries",
    severity=Severity.INFO,
    since="2012",
)
def moves_fit_the_network(host: Snapshot) -> Verdict:
    """Over 1 Gb/s many moves at once slow each other down until memory changes faster than it is copied.

    Remediation:
        Run `Set-VMHost -MaximumVirtualMachineMigrations 2 -MaximumStorageMigrations 2`, or use a faster network.
    """
    settings = migrates(host)
    if settings is None:
        return NOT_APPLICABLE

    def is_slow() -> bool:
        paths, gap = _migration_paths(host, settings)
        speeds = []
        for _, adapter in paths:
            try:
                speeds.append(adapter.speed_bps or 0)
            except NotAssessed as missing:
                gap = gap or missing.gap
        if any(speed > GIGABIT for speed in speeds):
            return False
        if gap is not None:
            raise NotAssessed(gap)
        return any(speeds)

    def too_many(count: int, message: str) -> Verdict | None:
        return fail(message) if count > MANY_AT_ONCE and is_slow() else None

    def moves() -> Verdict | None:
        count = settings.maximum_virtual_machine_migrations
        return too_many(count, f"{count} live migrations may run at once over 1 Gb/s at most")

    def storage_moves() -> Verdict | None:
        count = settings.maximum_storage_migrations
        return too_many(count, f"{count} moves of storage may run at once over 1 Gb/s at most")

    return settle(moves, storage_moves)


@check(
    "HV-MIG-010",
    title="The management service has registered its names",
    severity=Severity.LOW,
    since="2012",
)
def names_are_registered(host: Snapshot) -> Verdict:
    """Without its service principal names Kerberos finds no service: live migration and replication fail or fall back.

    Remediation:
        Look at the names with `setspn -L <host>`; let the computer account write its own (`Validated write to service principal name`),
        and restart vmms.
    """
    since = _started(host) - RECENT
    events = host.where(EventSummary, channel=VMMS_LOG, event_id=NAME_NOT_REGISTERED).matching(
        lambda event: event.provider.casefold() == VMMS_PROVIDER.casefold() and event.last_utc >= since
    )
    if events:
        last = events[0].last_utc
        return fail(
            f"The management service could not register its names (event {NAME_NOT_REGISTERED}, last on {last:%Y-%m-%d})"
        )
    log = host.find(EventLog, channel=VMMS_LOG)
    if log is None:
        raise undetermined(f"whether {VMMS_LOG} is kept is not known", table="eventlogs")
    oldest = log.oldest_record_utc
    if oldest is not None and oldest > since and _is_full(log):
        raise undetermined(f"{VMMS_LOG} does not reach back seven days", table="eventlogs", column="OldestRecordUtc")
    return PASS


def _is_full(log: EventLog) -> bool:
    limit = log.max_size_bytes
    return bool(log.file_size_bytes * 10 >= (DEFAULT_LOG_BYTES if limit is None else limit) * 9)


@check(
    "HV-MIG-038",
    title="Credentials are handed on only to named servers",
    severity=Severity.HIGH,
    refs=("CIS:18.9.4.1", "ATT&CK:T1550"),
)
def delegation_policies_name_servers(host: Snapshot) -> Verdict:
    r"""A policy that allows every target sends an administrator's password to any server that asks for it.

    Remediation:
        Name the servers in the policies under `System\Credentials Delegation` (`wsman/host.domain`), and set the policy
        `Encryption Oracle Remediation` to `Force Updated Clients` (`AllowEncryptionOracle` 0).
    """
    questions = [_names_any_server(host, policy) for policy in DELEGATION_POLICIES]

    def takes_old_clients() -> Verdict | None:
        if registry_number(host, CREDSSP_PARAMETERS, "AllowEncryptionOracle") != VULNERABLE:
            return None
        return fail("CredSSP takes peers that lack the update against CVE-2018-0886 (AllowEncryptionOracle 2)")

    return settle(*questions, takes_old_clients)


def _names_any_server(host: Snapshot, policy: str) -> Callable[[], Verdict | None]:
    def ask() -> Verdict | None:
        if not registry_number(host, CREDENTIALS_DELEGATION, policy):
            return None
        targets = host.where(RegistryValue, key=f"{CREDENTIALS_DELEGATION}\\{policy}")
        if not targets:
            raise undetermined(f"the servers that {policy} names are not known", table="registry_values")
        wide = targets.matching(lambda row: (row.text or "").strip().casefold() in ANY_TARGET)
        if not wide:
            return None
        return fail(
            f"The policy {policy} hands credentials on to any server ({listed(row.text or '' for row in wide)})"
        )

    return ask
