"""What is offered to guests and what they say of themselves."""

from enum import StrEnum

from snapshot_tool.model.vm import VMOwned


class IntegrationService(StrEnum):
    TIME_SYNCHRONIZATION = "TimeSynchronization"
    HEARTBEAT = "Heartbeat"
    KEY_VALUE_PAIR_EXCHANGE = "KeyValuePairExchange"
    SHUTDOWN = "Shutdown"
    VSS = "VSS"
    GUEST_SERVICE_INTERFACE = "GuestServiceInterface"
    RDV = "RDV"


class ServiceStatus(StrEnum):
    OK = "Ok"
    DEGRADED = "Degraded"
    ERROR = "Error"
    NON_RECOVERABLE_ERROR = "NonRecoverableError"
    NO_CONTACT = "NoContact"
    LOST_COMMUNICATION = "LostCommunication"
    DORMANT = "Dormant"
    PROTOCOL_MISMATCH = "ProtocolMismatch"
    APPLICATION_CRITICAL = "ApplicationCritical"
    COMMUNICATION_TIMED_OUT = "CommunicationTimedOut"
    COMMUNICATION_FAILED = "CommunicationFailed"
    DISABLED = "Disabled"


class VMIntegrationService(VMOwned, table="vm_integration_service"):
    """`Get-VMIntegrationService`."""

    __slots__ = ()

    id: str
    service_id: str
    name: IntegrationService
    enabled: bool
    primary_operational_status: ServiceStatus | None
    secondary_operational_status: ServiceStatus | None
    disable_host_kvp_items: bool | None


class VMGuestKvp(VMOwned, table="vm_guest_kvp"):
    """Key-value pairs: what the guest claims, all of it text."""

    __slots__ = ()

    os_name: str | None
    os_version: str | None
    os_build_number: str | None
    os_major_version: str | None
    os_minor_version: str | None
    os_platform_id: str | None
    os_edition_id: str | None
    service_pack_major: str | None
    suite_mask: str | None
    product_type: str | None
    processor_architecture: str | None
    csd_version: str | None
    fully_qualified_domain_name: str | None
    integration_services_version: str | None
    network_address_ipv4: str | None
    network_address_ipv6: str | None
