"""HV-MIG: live migration."""

from collections.abc import Callable, Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from snapshot_tool.check import check
from snapshot_tool.model.cluster import ClusterNetwork, ClusterNetworkInterface, is_clustered
from snapshot_tool.model.firewall import (
    requires_ipsec,
)
from snapshot_tool.model.host import ComputerSystem
from snapshot_tool.model.host_hyperv import MigrationAuthentication, MigrationPerformance, VMHost
from snapshot_tool.model.migration import MigrationNetwork
from snapshot_tool.model.network import NetAdapter, NetIPAddress
from snapshot_tool.model.remote import SmbServerConfiguration
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

MIGRATION_PORT = 6600
GIGABIT = 1_000_000_000


def _started(host: Snapshot) -> datetime:
    """When the snapshot was taken. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


def _migrates(host: Snapshot) -> VMHost | None:
    """The settings of a host that moves machines; None where live migration is off."""
    settings = host.one(VMHost)
    return settings if settings.virtual_machine_migration_enabled else None


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
    settings = _migrates(host)
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
    settings = _migrates(host)
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
    settings = _migrates(host)
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
    settings = _migrates(host)
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
    settings = _migrates(host)
    if settings is None:
        return NOT_APPLICABLE

    def over_encrypted_smb() -> bool:
        if settings.virtual_machine_migration_performance_option is not MigrationPerformance.SMB:
            return False
        return host.one(SmbServerConfiguration).encrypt_data

    def by_every_machine() -> bool:
        security = host.rows(VMSecurity)
        # Read in full even where one is not encrypted: the finding names all of them.
        clear = security.select(lambda row: not row.encrypt_state_and_vm_migration_traffic)
        return bool(security) and not clear.known and not len(clear)

    if either(lambda: requires_ipsec(host, MIGRATION_PORT), over_encrypted_smb, by_every_machine):
        return PASS
    clear = _unencrypted(host)
    tail = f": {clear} and every machine that comes" if clear else ""
    message = f"Nothing encrypts machines on their way to another host{tail}"

    def weight() -> Severity:
        if settings.use_any_network_for_migration or is_clustered(host):
            return Severity.MEDIUM
        networks = host.rows(MigrationNetwork)
        return Severity.LOW if networks and not any(_is_shared(network) for network in networks) else Severity.MEDIUM

    return graded(message, Severity.MEDIUM, weight)


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
