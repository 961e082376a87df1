"""What is offered to guests and what they say of themselves."""

import re
from enum import StrEnum

from snapshot_tool.knowledge.guests import CLIENT, SERVER, GuestRelease, guest_release
from snapshot_tool.model.owners import Tag, is_tagged
from snapshot_tool.model.vm import VM, VMOwned
from snapshot_tool.verdict import Cause, NotAssessed, NotOffered, undetermined

_WORKSTATION, _DOMAIN_CONTROLLER, _SERVER = "1", "2", "3"
_NUMBERS = re.compile(r"(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)


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

    @property
    def is_windows(self) -> bool:
        """Whether the guest says that it runs Windows; only Windows tells its product type and platform. Raises NotAssessed."""
        if self.product_type in (_WORKSTATION, _DOMAIN_CONTROLLER, _SERVER) or self.os_platform_id == "2":
            return True
        name = self.os_name
        if name is None or "windows" in name.casefold():
            raise undetermined(f"{self} does not tell its operating system", table="vm_guest_kvp")
        return False

    @property
    def family(self) -> str:
        """`client` or `server`, of a Windows guest. Raises NotAssessed."""
        match self.product_type:
            case "1":
                return CLIENT
            case "2" | "3":
                return SERVER
            case _:
                raise undetermined(f"{self} does not tell its product type", table="vm_guest_kvp", column="ProductType")

    @property
    def is_domain_controller(self) -> bool:
        """Whether the guest says that it is a domain controller. Raises NotAssessed."""
        return self.is_windows and self.family == SERVER and self.product_type == _DOMAIN_CONTROLLER

    @property
    def version(self) -> tuple[int, int]:
        """Version of Windows: (10, 0). Raises NotAssessed."""
        found = _NUMBERS.match(self.os_version or f"{self.os_major_version}.{self.os_minor_version}")
        if found is None:
            raise undetermined(f"{self} does not tell its version", table="vm_guest_kvp", column="OSVersion")
        return int(found[1]), int(found[2])

    @property
    def build(self) -> int:
        """Build of Windows. Raises NotAssessed."""
        text = self.os_build_number
        if not text:
            found = _NUMBERS.match(self.os_version or "")
            text = found[3] if found is not None else None
        if text is None or not (text.isascii() and text.isdigit() and len(text) < 10):
            raise undetermined(f"{self} does not tell its build", table="vm_guest_kvp", column="OSBuildNumber")
        return int(text)

    @property
    def release(self) -> GuestRelease:
        """The release of Windows. Raises NotAssessed where the guest does not tell it or the table does not know it."""
        version = self.version
        build = self.build if version >= (10, 0) else None
        release = guest_release(self.family, version, build)
        if release is None:
            told = ".".join(map(str, (*version, *([] if build is None else [build]))))
            raise undetermined(f"{self} runs Windows {told}, which the tables do not know", table="vm_guest_kvp")
        return release


def guest_of(vm: VM) -> VMGuestKvp:
    """What the guest tells of itself. Raises NotAssessed where it tells nothing: off, no integration services, exchange off."""
    guest = vm.host.find(VMGuestKvp, vm_id=vm.id)
    if guest is None:
        raise undetermined(f"the guest of {vm} does not tell its operating system", table="vm_guest_kvp")
    return guest


def is_domain_controller(vm: VM) -> bool:
    """Whether the machine is a domain controller: the operator sheet or the guest says so. Raises NotAssessed."""
    return is_tagged(vm, Tag.DOMAIN_CONTROLLER) or guest_of(vm).is_domain_controller


def is_known_domain_controller(vm: VM) -> bool:
    """Whether somebody says that it is a domain controller; for exceptions: what is not known makes none."""
    try:
        return is_domain_controller(vm)
    except (NotAssessed, NotOffered):
        return False


def says_domain_controller(vm: VM) -> bool:
    """Whether somebody says that it is a domain controller; a guest that is silent is none.

    Raises NotAssessed where what the guest tells could not be read: that is a gap, and not silence.
    """
    try:
        return is_domain_controller(vm)
    except NotAssessed as missing:
        if missing.gap.cause is Cause.UNDETERMINED:
            return False
        raise
