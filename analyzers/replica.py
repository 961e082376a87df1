"""HV-MIG: Hyper-V Replica on both of its sides."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from snapshot_tool.check import check
from snapshot_tool.knowledge.certificates import ANY_USE, CLIENT_USE, RSA, SERVER_USE, SHA1_SIGNATURES
from snapshot_tool.model.certificates import Certificate, CertificateStore
from snapshot_tool.model.cluster import ClusterResource, ResourceState, is_clustered
from snapshot_tool.model.firewall import (
    FirewallProfileDefaultInbound,
    FirewallProfileProfile,
    FirewallRule,
    default_inbound,
    is_on,
    opening_rules,
    requires_ipsec,
)
from snapshot_tool.model.guest import IntegrationService, ServiceStatus, VMGuestKvp, VMIntegrationService
from snapshot_tool.model.host import ComputerSystem
from snapshot_tool.model.network import NetQosPolicy
from snapshot_tool.model.paths import folded_path, is_unc
from snapshot_tool.model.replica import (
    RECEIVED,
    ReplicaAuthorization,
    ReplicaServer,
    ReplicationAuthentication,
    VMReplication,
)
from snapshot_tool.model.storage import is_on_system_volume, volume_of
from snapshot_tool.model.topology import machines_on, shares_vlan_with
from snapshot_tool.model.vm import VM, ReplicationHealth, ReplicationMode, ReplicationState
from snapshot_tool.model.vm_network import VMNetworkAdapter, VMNetworkAdapterFailover
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotAssessed,
    Severity,
    Verdict,
    either,
    fail,
    graded,
    listed,
    settle,
    undetermined,
)

BROKER = "virtual machine replication broker"
OUT_OF_SERVICE = frozenset({ResourceState.OFFLINE, ResourceState.FAILED})
WEAK_RSA_BITS = 2048
EXPIRES_SOON = timedelta(days=30)
LAGGING = timedelta(hours=24)
TEST_DUE = timedelta(days=31)
TEST_LASTS = timedelta(days=3)
TEST_LONG_DUE = timedelta(days=365)
WORKDAY = (8 * 3600, 18 * 3600)
DAY = 24 * 3600
REPLICATED = RECEIVED | {ReplicationMode.PRIMARY}
SILENT = frozenset({ServiceStatus.NO_CONTACT, ServiceStatus.LOST_COMMUNICATION})
PAUSED = frozenset({ReplicationState.SUSPENDED, ReplicationState.RESYNCHRONIZE_SUSPENDED})
ANY_SERVER = "*"


def _started(host: Snapshot) -> datetime:
    """When the snapshot was taken. Raises NotAssessed where nobody knows."""
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    return host.host.started


def _server(host: Snapshot) -> ReplicaServer | None:
    """The settings of a host that takes replicas; None where it does not."""
    server = host.one(ReplicaServer)
    return server if server.replication_enabled else None


@check(
    "HV-MIG-020",
    title="A host with replicas can receive replication",
    severity=Severity.MEDIUM,
    refs=("BPA:B001",),
    since="2012",
)
def replicas_can_be_received(host: Snapshot) -> Verdict:
    """A replica that gets no more changes is old when it is needed.

    Remediation:
        Run `Set-VMReplicationServer -ReplicationEnabled $true`, enter the primary servers with `New-VMReplicationAuthorizationEntry`,
        and enable the firewall rule of the listener.
    """
    replicas = host.rows(VM).matching(lambda vm: vm.replication_mode in RECEIVED)
    if not replicas:
        return NOT_APPLICABLE
    names = listed(sorted(map(str, replicas)))
    server = host.one(ReplicaServer)
    if not server.replication_enabled:
        return fail(f"The host has replicas ({names}), but is not enabled as a Replica server")

    def broker_is_down() -> Verdict | None:
        if not server.broker:
            return None
        down = host.rows(ClusterResource).matching(_is_broker_out_of_service)
        if not down:
            return None
        return fail(f"The host has replicas ({names}), but the Replica broker {down[0]} is out of service")

    def nobody_may_send() -> Verdict | None:
        if server.replication_allowed_from_any_server or host.rows(ReplicaAuthorization):
            return None
        return fail(f"The host has replicas ({names}), but no primary server is authorized")

    def nothing_gets_in() -> Verdict | None:
        if _lets_replication_in(host, server):
            return None
        ports = listed(map(str, server.ports))
        return fail(f"The host has replicas ({names}), but no firewall rule opens port {ports}")

    return settle(broker_is_down, nobody_may_send, nothing_gets_in)


def _is_broker_out_of_service(resource: ClusterResource) -> bool:
    return resource.resource_type.casefold() == BROKER and resource.state in OUT_OF_SERVICE


def _lets_replication_in(host: Snapshot, server: ReplicaServer) -> bool:
    ports = server.ports

    def opens(rule: FirewallRule) -> bool:
        text = rule.text
        if not any(text.covers_local_port(port) for port in ports):
            return False
        for_all = not text.service and (text.program is None or text.program.casefold() == "system")
        return (for_all or any(text.names_local_port(port) for port in ports)) and rule.is_in_effect

    def filters_nothing(profile: FirewallProfileProfile) -> bool:
        return not is_on(host, profile) or default_inbound(host, profile) is FirewallProfileDefaultInbound.ALLOW

    def any_profile_is_open() -> bool:
        profiles = (FirewallProfileProfile.DOMAIN, FirewallProfileProfile.PRIVATE, FirewallProfileProfile.PUBLIC)
        return either(*(_bound(filters_nothing, profile) for profile in profiles))

    return either(lambda: bool(opening_rules(host).matching(opens)), any_profile_is_open)


def _bound(question: Callable[[FirewallProfileProfile], bool], profile: FirewallProfileProfile) -> Callable[[], bool]:
    return lambda: question(profile)


@check(
    "HV-MIG-021",
    title="Only named primary servers may replicate to the host",
    severity=Severity.HIGH,
    refs=("BPA:B064", "ATT&CK:T1199", "NIST:HY-SR-13 (draft)"),
    since="2012",
)
def only_named_servers_replicate(host: Snapshot) -> Verdict:
    """Any computer that can authenticate may fill the host's storage with machines of its own, or replace a replica.

    Remediation:
        Run `Set-VMReplicationServer -ReplicationAllowedFromAnyServer $false`, then `New-VMReplicationAuthorizationEntry` for each primary.
    """
    server = _server(host)
    if server is None:
        return NOT_APPLICABLE
    if server.replication_allowed_from_any_server:
        return fail("Any server that can authenticate may replicate machines to this host")
    return PASS


@check(
    "HV-MIG-022",
    title="Primary servers of different owners have trust groups of their own",
    severity=Severity.LOW,
    refs=("BPA:B015",),
    since="2012",
)
def trust_groups_are_apart(host: Snapshot) -> Sequence[Verdict]:
    """Servers with one trust group may take over each other's replicas.

    Remediation:
        Run `Set-VMReplicationAuthorizationEntry -AllowedPrimaryServer <name> -TrustGroup <group>`. Nodes of one cluster share a group.
    """
    server = _server(host)
    if server is None or server.replication_allowed_from_any_server:
        return [NOT_APPLICABLE]
    rows = host.rows(ReplicaAuthorization)
    gap = rows.gap
    groups: dict[str, dict[str, ReplicaAuthorization]] = {}
    for row in rows.known:
        try:
            name = row.allowed_primary_server.casefold()
            if name != ANY_SERVER:
                groups.setdefault(row.trust_group.strip().casefold(), {}).setdefault(name, row)
        except NotAssessed as missing:
            gap = gap or missing.gap
    verdicts = []
    for entries in groups.values():
        if len(entries) < 2:
            continue
        domains = {name.partition(".")[2] for name in entries}
        first = min(entries.items())[1]
        severity = Severity.LOW if len(domains) > 1 or gap is not None else Severity.INFO
        verdicts.append(
            fail(f"{listed(sorted(entries))} share the trust group {first.trust_group}", severity).on(first)
        )
    if gap is not None and not verdicts:
        raise NotAssessed(gap)
    return verdicts or [PASS]


def _replicated(replication: VMReplication) -> bool:
    return replication.replication_mode in REPLICATED


@check(
    "HV-MIG-023",
    title="Replication is encrypted",
    severity=Severity.MEDIUM,
    refs=("BPA:B028", "BSI:SYS.1.5.A26", "ATT&CK:T1040"),
    since="2012",
)
def replication_is_encrypted(host: Snapshot) -> Sequence[Verdict]:
    """With Kerberos replication runs over HTTP: every change of a disk crosses the network in clear text.

    Remediation:
        Give both hosts a certificate and run `Set-VMReplicationServer -AllowedAuthenticationType Certificate` and
        `Set-VMReplication -VMName <name> -AuthenticationType Certificate -ReplicaServerPort 443 -CertificateThumbprint <thumbprint>`.
    """

    def of_machine(replication: VMReplication) -> Verdict:
        if not _replicated(replication):
            return NOT_APPLICABLE
        if replication.authentication_type is not ReplicationAuthentication.KERBEROS:
            return PASS
        message = f"{replication} is replicated over HTTP, in clear text"
        return graded(message, Severity.MEDIUM, lambda: _weight_of_clear_text(host, replication.replica_server_port))

    def of_server(server: ReplicaServer) -> Verdict:
        if not server.replication_enabled:
            return NOT_APPLICABLE
        if not server.accepts_kerberos:
            return PASS
        message = "The Replica server takes replication over HTTP, in clear text"
        return graded(
            message, Severity.MEDIUM, lambda: _weight_of_clear_text(host, server.kerberos_authentication_port)
        )

    return [*host.rows(VMReplication).each(of_machine), *host.rows(ReplicaServer).each(of_server)]


def _weight_of_clear_text(host: Snapshot, port: int) -> Severity:
    return Severity.LOW if requires_ipsec(host, port) else Severity.MEDIUM


@check(
    "HV-MIG-024",
    title="Replication has a valid certificate",
    severity=Severity.HIGH,
    refs=("BPA:B027", "BSI:SYS.1.5.A26"),
    since="2012",
)
def replication_has_a_certificate(host: Snapshot) -> Sequence[Verdict]:
    """Without a valid certificate replication stops; with a weak one it can be forged.

    Remediation:
        Issue a certificate for server and client authentication with the host's name, with RSA of 2048 bits or more and SHA-256, and run
        `Set-VMReplicationServer -CertificateThumbprint <thumbprint>` and `Set-VMReplication -VMName <name> -CertificateThumbprint
        <thumbprint>`; on a cluster on every node.
    """

    def of_machine(replication: VMReplication) -> Verdict:
        if not replication.is_primary:
            return NOT_APPLICABLE
        if replication.authentication_type is not ReplicationAuthentication.CERTIFICATE:
            return NOT_APPLICABLE
        return _judge_certificate(host, str(replication), replication.certificate_thumbprint)

    def of_server(server: ReplicaServer) -> Verdict:
        if not server.replication_enabled or not server.accepts_certificate:
            return NOT_APPLICABLE
        return _judge_certificate(host, "the Replica server", server.certificate_thumbprint)

    return [*host.rows(VMReplication).each(of_machine), *host.rows(ReplicaServer).each(of_server)]


def _judge_certificate(host: Snapshot, user: str, thumbprint: str | None) -> Verdict:
    wanted = "".join((thumbprint or "").split())
    if not wanted:
        return fail(f"No certificate is chosen for {user}", Severity.HIGH)
    found = host.find(Certificate, store=CertificateStore.MY, thumbprint=wanted)
    if found is None:
        return fail(f"The certificate {wanted} of {user} is not in the host's store", Severity.HIGH)
    return _judge_content(found, f"The certificate {found} ({wanted}) of {user}")


def _judge_content(found: Certificate, name: str) -> Verdict:
    def has_no_key() -> Verdict | None:
        return None if found.has_private_key else fail(f"{name} has no private key", Severity.HIGH)

    def runs_out() -> Verdict | None:
        left = found.not_after_utc - _started(found.host)
        if left < timedelta():
            return fail(f"{name} has expired on {found.not_after_utc:%Y-%m-%d}", Severity.HIGH)
        return fail(f"{name} expires in {left.days} days", Severity.MEDIUM) if left < EXPIRES_SOON else None

    def is_for_something_else() -> Verdict | None:
        uses = found.eku
        if uses is None or ANY_USE in uses:
            return None
        lacking = [word for use, word in ((SERVER_USE, "server"), (CLIENT_USE, "client")) if use not in uses]
        if not lacking:
            return None
        return fail(f"{name} is not meant for {' and '.join(lacking)} authentication", Severity.HIGH)

    def is_short() -> Verdict | None:
        if found.key_alg != RSA:
            return None
        bits = found.key_bits
        if bits is None:
            raise undetermined(f"the size of the key of {found} is not known", table="certificates", column="KeyBits")
        return fail(f"{name} has an RSA key of {bits} bits", Severity.LOW) if bits < WEAK_RSA_BITS else None

    def is_signed_with_sha1() -> Verdict | None:
        weak = found.sig_alg in SHA1_SIGNATURES
        return fail(f"{name} is signed with SHA-1", Severity.LOW) if weak else None

    def names_somebody_else() -> Verdict | None:
        host = found.host
        if is_clustered(host):
            # The name is then the broker's, which only the cluster knows.
            return None
        computer = host.one(ComputerSystem)
        own = ".".join(part for part in (computer.dns_host_name or computer.name, computer.domain) if part).casefold()
        names = {*(name.casefold() for name in found.san_dns), _common_name(found.subject)}
        if own in names or f"*.{own.partition('.')[2]}" in names:
            return None
        return fail(f"{name} does not name this host, {own}", Severity.LOW)

    return settle(
        has_no_key,
        runs_out,
        is_for_something_else,
        is_short,
        is_signed_with_sha1,
        names_somebody_else,
        worst=Severity.HIGH,
    )


def _common_name(subject: str) -> str:
    for part in subject.split(","):
        name, _, value = part.strip().partition("=")
        if name.strip().casefold() == "cn":
            return value.strip().strip('"').casefold()
    return ""


@check(
    "HV-MIG-025",
    title="Replication is compressed",
    severity=Severity.INFO,
    refs=("BPA:B029",),
    since="2012",
)
def replication_is_compressed(replication: VMReplication) -> Verdict:
    """Compression halves the traffic over slow lines.

    Remediation:
        Run `Set-VMReplication -VMName <name> -CompressionEnabled $true`, unless the line compresses by itself.
    """
    if not replication.is_primary:
        return NOT_APPLICABLE
    return PASS if replication.compression_enabled else fail(f"The replication of {replication} is not compressed")


@check(
    "HV-MIG-026",
    title="Replication traffic is limited",
    severity=Severity.INFO,
    refs=("BPA:B030",),
    since="2012",
)
def replication_is_throttled(replication: VMReplication) -> Verdict:
    """Without a limit the first copy of a machine fills the line for days.

    Remediation:
        Run `New-NetQosPolicy -Name Replica -IPDstPortMatchCondition <port> -ThrottleRateActionBitsPerSecond <rate>`, unless replication
        stays in the local network or something else limits it.
    """
    if not replication.is_primary:
        return NOT_APPLICABLE
    port = replication.replica_server_port

    def limits(policy: NetQosPolicy) -> bool:
        if not policy.throttle_rate_bps:
            return False
        program = (policy.app_path or "").replace("/", "\\").rpartition("\\")[2].casefold()
        if program == "vmms.exe":
            return True
        first = policy.dst_port_start
        last = policy.dst_port_end
        return first is not None and first <= port <= (first if last is None else last)

    if replication.host.rows(NetQosPolicy).matching(limits):
        return PASS
    return fail(f"Nothing limits the replication of {replication} to port {port}")


@check(
    "HV-MIG-027",
    title="Machines are resynchronized outside working hours",
    severity=Severity.LOW,
    refs=("BPA:B067",),
    since="2012",
)
def resynchronization_is_at_night(replication: VMReplication) -> Verdict:
    """Resynchronization reads whole disks; in working hours everybody waits, and without it the log grows until somebody acts.

    Remediation:
        Run `Set-VMReplication -VMName <name> -AutoResynchronizeEnabled $true -AutoResynchronizeIntervalStart 18:30:00
        -AutoResynchronizeIntervalEnd 06:00:00`.
    """
    if not replication.is_primary:
        return NOT_APPLICABLE
    if not replication.auto_resynchronize_enabled:
        return fail(f"{replication} is not resynchronized by itself")
    start, end = replication.auto_resynchronize_interval_start % DAY, replication.auto_resynchronize_interval_end % DAY
    spans = [(start, end)] if start < end else [(start, DAY), (0, end)]
    if any(first < WORKDAY[1] and last > WORKDAY[0] for first, last in spans):
        return fail(f"{replication} is resynchronized from {_clock(start)} to {_clock(end)}, in working hours")
    return PASS


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


@check(
    "HV-MIG-028",
    title="Replicated machines have addresses for a failover",
    severity=Severity.INFO,
    refs=("BPA:B042",),
    since="2012",
)
def failover_addresses_are_set(adapter: VMNetworkAdapter) -> Verdict:
    """In another subnet a machine with a static address comes up and nobody reaches it.

    Remediation:
        Run `Set-VMNetworkAdapterFailoverConfiguration -VMName <name> -IPv4Address <address> ...`, unless both sites share the subnet.
    """
    if not adapter.serves_machine or adapter.is_legacy:
        return NOT_APPLICABLE
    vm = adapter.vm
    if vm is None or vm.replication_mode not in REPLICATED:
        return NOT_APPLICABLE
    failover = adapter.host.find(VMNetworkAdapterFailover, adapter_id=adapter.id)
    if failover is not None and failover.ip_addresses:
        return PASS
    return graded(
        f"{adapter} of a replicated machine has no address for a failover",
        Severity.LOW,
        lambda: Severity.LOW if adapter.dhcp_enabled is False else Severity.INFO,
    )


@check(
    "HV-MIG-029",
    title="Guests can take their address at a failover",
    severity=Severity.MEDIUM,
    refs=("BPA:B057",),
    since="2012",
)
def failover_addresses_reach_the_guest(vm: VM) -> Verdict:
    """The address for a failover is handed to the guest by key-value exchange; without it the guest keeps the old one.

    Remediation:
        Run `Get-VMIntegrationService -VMName <name>`, enable key-value pair exchange, and update the integration services (Linux:
        hyperv-daemons).
    """
    if vm.replication_mode is not ReplicationMode.PRIMARY or not vm.is_settled:
        return NOT_APPLICABLE
    if not vm.host.where(VMNetworkAdapterFailover, vm_id=vm.id).matching(lambda row: bool(row.ip_addresses)):
        return NOT_APPLICABLE
    service = _service(vm, IntegrationService.KEY_VALUE_PAIR_EXCHANGE)
    if not service.enabled:
        return fail(f"{vm} has an address for a failover, but key-value exchange is off")
    if service.primary_operational_status not in SILENT or vm.host.find(VMGuestKvp, vm_id=vm.id) is not None:
        return PASS
    return fail(f"{vm} has an address for a failover, but its guest does not answer key-value exchange")


def _service(vm: VM, name: IntegrationService) -> VMIntegrationService:
    service = vm.host.find(VMIntegrationService, vm_id=vm.id, name=name)
    if service is None:
        raise undetermined(f"{vm} does not list the service {name}", table="vm_integration_service")
    return service


@check(
    "HV-MIG-030",
    title="Application-consistent replicas are made by the guest",
    severity=Severity.MEDIUM,
    refs=("BPA:B040",),
    since="2012",
)
def consistent_replicas_work(replication: VMReplication) -> Verdict:
    """Without the guest's shadow copies the recovery points that should be consistent are not, or are not made at all.

    Remediation:
        Run `Enable-VMIntegrationService -VMName <name> -Name VSS` and update the integration services; Linux keeps file systems
        consistent at most.
    """
    if not replication.is_primary or replication.vss_snapshot_frequency_hour <= 0:
        return NOT_APPLICABLE
    vm = replication.owner
    if not vm.is_settled:
        return NOT_APPLICABLE
    service = _service(vm, IntegrationService.VSS)
    if not service.enabled:
        return fail(f"{replication} should have application-consistent replicas, but the service for them is off")
    status = service.primary_operational_status
    if status is None:
        raise undetermined(f"the status of the service of {vm} is not known", table="vm_integration_service")
    if status is ServiceStatus.OK:
        return PASS
    return fail(f"{replication} should have application-consistent replicas, but the service for them reports {status}")


@check(
    "HV-MIG-031",
    title="Replication is healthy and up to date",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1490",),
    since="2012",
)
def replication_is_healthy(replication: VMReplication) -> Verdict:
    """A replica that lags behind loses the time since its last change when it is needed.

    Remediation:
        Run `Measure-VMReplication -VMName <name>`, mend the cause, then `Resume-VMReplication -VMName <name> -Resynchronize`;
        `Reset-VMReplicationStatistics` clears a warning of the past.
    """
    if replication.is_test:
        return NOT_APPLICABLE
    state = replication.replication_state
    if state in PAUSED:
        # Reported as HV-MIG-032.
        return NOT_APPLICABLE

    def is_ill() -> Verdict | None:
        health = replication.replication_health
        if health is ReplicationHealth.CRITICAL:
            return fail(f"The replication of {replication} is critical", Severity.HIGH)
        if health is ReplicationHealth.WARNING:
            return fail(f"The replication of {replication} has warnings", Severity.MEDIUM)
        return None

    def lags() -> Verdict | None:
        if state is not ReplicationState.REPLICATING:
            return None
        last = replication.last_replication_time
        if last is None:
            raise undetermined(f"when {replication} was last replicated is not known", table="vm_replication")
        lag = _started(replication.host) - last
        if lag <= LAGGING:
            return None
        return fail(f"{replication} was last replicated {lag.days * 24 + lag.seconds // 3600} hours ago", Severity.HIGH)

    return settle(is_ill, lags, worst=Severity.HIGH)


@check(
    "HV-MIG-032",
    title="No replication is paused",
    severity=Severity.MEDIUM,
    refs=("BPA:B065",),
    since="2012",
)
def replication_runs(replication: VMReplication) -> Verdict:
    """While replication is paused the replica gets older and the log of changes grows.

    Remediation:
        Run `Resume-VMReplication -VMName <name>`.
    """
    if replication.is_test:
        return NOT_APPLICABLE
    state = replication.replication_state
    return fail(f"The replication of {replication} is paused ({state})") if state in PAUSED else PASS


@check(
    "HV-MIG-033",
    title="The failover of every replica is tested each month",
    severity=Severity.MEDIUM,
    refs=("BPA:B070", "BPA:B071", "BSI:CON.3", "BSI:DER.4"),
    since="2012",
)
def failover_is_tested(replication: VMReplication) -> Verdict:
    """A failover that nobody has tried fails on the day that it is needed.

    Remediation:
        Run `Start-VMFailover -VMName <name> -AsTest` on the Replica server, look at the machine, then `Stop-VMFailover -VMName <name>`.
    """
    if not replication.is_received or replication.replication_state is not ReplicationState.REPLICATING:
        return NOT_APPLICABLE
    tested = replication.last_test_failover_initiated_time
    if tested is None:
        return fail(f"The failover of {replication} was never tested", Severity.MEDIUM)
    age = _started(replication.host) - tested
    if age <= TEST_DUE:
        return PASS
    severity = Severity.MEDIUM if age > TEST_LONG_DUE else Severity.LOW
    return fail(f"The failover of {replication} was last tested {age.days} days ago", severity)


@check(
    "HV-MIG-035",
    title="The disk of the paging file is not replicated",
    severity=Severity.INFO,
    refs=("BPA:B085",),
    since="2012",
)
def paging_file_is_not_replicated(replication: VMReplication) -> Verdict:
    """A paging file on a disk of its own need not be replicated, and causes much of the traffic. Which disk that is cannot be seen.

    Remediation:
        Put the paging file on a disk of its own, and set replication up again without that disk.
    """
    if not replication.is_primary:
        return NOT_APPLICABLE
    if replication.excluded_disks:
        return PASS
    count = len(replication.replicated_disks)
    return fail(f"All {count} disks of {replication} are replicated") if count > 1 else NOT_APPLICABLE


@check(
    "HV-MIG-036",
    title="A clustered host replicates through a broker",
    severity=Severity.HIGH,
    refs=("BPA:B079",),
    since="2012",
)
def cluster_has_a_broker(host: Snapshot) -> Verdict:
    """Without a broker replication of a machine breaks as soon as it moves to another node.

    Remediation:
        Add the role Hyper-V Replica Broker in Failover Cluster Manager.
    """
    if not is_clustered(host):
        return NOT_APPLICABLE
    machines = host.rows(VM).matching(lambda vm: vm.replication_mode in REPLICATED)
    if not machines:
        return NOT_APPLICABLE
    if host.rows(ClusterResource).matching(lambda resource: resource.resource_type.casefold() == BROKER):
        return PASS
    return fail(f"The cluster has no Replica broker, but replicates {listed(sorted(map(str, machines)))}")


@check("HV-MIG-034", title="No virtual machine of a failover test is left behind", severity=Severity.LOW, since="2012")
def failover_test_is_over(vm: VM) -> Verdict:
    """The copy of a test uses up space and memory, and beside the original in its network it has the same name and addresses.

    Remediation:
        Run `Stop-VMFailover -VMName <name of the replica>`; that removes the copy.
    """
    if vm.replication_mode is not ReplicationMode.TEST_REPLICA:
        return NOT_APPLICABLE

    def is_old() -> Verdict | None:
        created = vm.creation_time
        if created is None:
            raise undetermined(f"when {vm} was made is not known", table="vm", column="CreationTime")
        age = _started(vm.host) - created
        return fail(f"{vm}, made to test a failover, is there for {age.days} days") if age > TEST_LASTS else None

    def is_beside_others() -> Verdict | None:
        adapters = vm.host.where(VMNetworkAdapter, vm_id=vm.id).select(lambda adapter: adapter.connected)
        found = adapters.matching(_is_in_production)
        if not found:
            return None
        switches = listed(sorted(str(adapter.switch) for adapter in found))
        return fail(f"{vm}, made to test a failover, is on the switch {switches} of other machines")

    return settle(is_old, is_beside_others)


def _is_in_production(adapter: VMNetworkAdapter) -> bool:
    """Whether others than copies of tests are in its network. Raises NotAssessed."""
    switch = adapter.switch
    if switch is None:
        return False
    others = machines_on(switch).select(
        lambda other: other.vm is not None and other.vm.replication_mode is not ReplicationMode.TEST_REPLICA
    )
    return bool(shares_vlan_with(adapter, others))


@check(
    "HV-MIG-037",
    title="Replicas are kept on encrypted volumes of their own",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A28",),
    since="2012",
)
def replicas_are_kept_safely(host: Snapshot) -> Sequence[Verdict]:
    """A replica is the whole machine, often in a place that is guarded less than the original.

    Remediation:
        Choose a folder on an encrypted volume with `Set-VMReplicationAuthorizationEntry -ReplicaStorageLocation <folder>` or
        `Set-VMReplicationServer -DefaultStorageLocation <folder>`, and move what is there with `Move-VMStorage`. For arrays and disks
        that encrypt themselves, waive the finding.
    """

    def of_server(server: ReplicaServer) -> Verdict:
        if not server.replication_enabled or not server.replication_allowed_from_any_server:
            return NOT_APPLICABLE
        return _judge_place(host, server.default_storage_location)

    def of_entry(entry: ReplicaAuthorization) -> Verdict:
        if _server(host) is None:
            return NOT_APPLICABLE
        return _judge_place(host, entry.replica_storage_location)

    return [*host.rows(ReplicaServer).each(of_server), *host.rows(ReplicaAuthorization).each(of_entry)]


def _judge_place(host: Snapshot, place: str) -> Verdict:
    if not place.strip():
        raise undetermined("where replicas are kept is not known", table="replica_authorization")
    path = folded_path(host, place)
    if is_unc(path):
        return NOT_APPLICABLE

    def is_on_system() -> Verdict | None:
        return fail(f"Replicas are kept on the system volume: {place}") if is_on_system_volume(host, path) else None

    def lies_open() -> Verdict | None:
        volume = volume_of(host, path)
        if volume is None or not volume.is_unprotected:
            return None
        return fail(f"Replicas are kept on a volume without protection by BitLocker: {place}")

    return settle(is_on_system, lies_open)
