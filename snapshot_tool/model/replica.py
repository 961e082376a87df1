"""Hyper-V Replica."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.model.vm import ReplicationHealth, ReplicationMode, ReplicationState, VMOwned
from snapshot_tool.snapshot import Row

RECEIVED = frozenset({ReplicationMode.REPLICA, ReplicationMode.EXTENDED_REPLICA})


class RelationshipType(StrEnum):
    SIMPLE = "Simple"
    EXTENDED = "Extended"


class ReplicationAuthentication(StrEnum):
    KERBEROS = "Kerberos"
    CERTIFICATE = "Certificate"


class ReplicaServerAuthentication(StrEnum):
    KERBEROS = "Kerberos"
    CERTIFICATE = "Certificate"
    CERTIFICATE_AND_KERBEROS = "CertificateAndKerberos"


class VMReplication(VMOwned, table="vm_replication"):
    """`Get-VMReplication`: one row per replicated VM, and one per extended relationship."""

    __slots__ = ()

    replication_mode: ReplicationMode
    replication_state: ReplicationState
    replication_health: ReplicationHealth
    replication_relationship_type: RelationshipType
    primary_server_name: str
    replica_server_name: str
    replica_server_port: int
    authentication_type: ReplicationAuthentication
    certificate_thumbprint: str | None
    compression_enabled: bool
    bypass_proxy_server: bool
    replicate_host_kvp_items: bool
    recovery_history: int
    replication_frequency_sec: int
    vss_snapshot_frequency_hour: int
    auto_resynchronize_enabled: bool
    auto_resynchronize_interval_start: int
    auto_resynchronize_interval_end: int
    replicated_disks: tuple[str, ...]
    excluded_disks: tuple[str, ...]
    last_replication_time: datetime | None
    last_applied_log_time: datetime | None
    last_test_failover_initiated_time: datetime | None

    @property
    def is_primary(self) -> bool:
        """Whether the machine runs here and is replicated to another host. Raises NotAssessed."""
        return self.replication_mode is ReplicationMode.PRIMARY

    @property
    def is_received(self) -> bool:
        """Whether another host replicates it here, and this row is about that and not about an onward replica. Raises NotAssessed."""
        if self.replication_mode not in RECEIVED:
            return False
        return self.replication_relationship_type is RelationshipType.SIMPLE

    @property
    def is_test(self) -> bool:
        """Whether it is the copy that a test of a failover makes. Raises NotAssessed."""
        return self.replication_mode is ReplicationMode.TEST_REPLICA


class ReplicaServer(Row, table="replica_server"):
    """`Get-VMReplicationServer`; on a cluster with a broker, the broker."""

    __slots__ = ()

    replication_enabled: bool
    allowed_authentication_type: ReplicaServerAuthentication
    kerberos_authentication_port: int
    certificate_authentication_port: int
    certificate_thumbprint: str | None
    replication_allowed_from_any_server: bool
    default_storage_location: str
    broker: bool

    @property
    def accepts_kerberos(self) -> bool:
        """Whether data may come over HTTP, in clear text. Raises NotAssessed."""
        return self.allowed_authentication_type is not ReplicaServerAuthentication.CERTIFICATE

    @property
    def accepts_certificate(self) -> bool:
        """Whether data may come over HTTPS. Raises NotAssessed."""
        return self.allowed_authentication_type is not ReplicaServerAuthentication.KERBEROS

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that it listens on. Raises NotAssessed."""
        http = (self.kerberos_authentication_port,) if self.accepts_kerberos else ()
        return (*http, self.certificate_authentication_port) if self.accepts_certificate else http


class ReplicaAuthorization(Row, table="replica_authorization"):
    """`Get-VMReplicationAuthorizationEntry`; `*` is any server."""

    __slots__ = ()

    allowed_primary_server: str
    replica_storage_location: str
    trust_group: str
