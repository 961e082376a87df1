"""Services, drivers, processes, tasks and the binaries behind them."""

import re
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from snapshot_tool.model.paths import folded_path, parent_of
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import NotAssessed, undetermined

_PROGRAM = re.compile(r".*?\.exe", re.IGNORECASE | re.DOTALL)
_BLANK = re.compile(r"[ \t]")
_COMMAND = re.compile(r'\s*(?:"([^"]*)"|(.*?\.(?:exe|cmd|bat|com))(?=\s|$)|(\S+))(.*)', re.IGNORECASE | re.DOTALL)
_ABSOLUTE = re.compile(r'"((?:[a-z]:|%|\\\\)[^"]*)"|((?:[a-z]:[\\/]|%|\\\\)[^\s",;&|]*)', re.IGNORECASE)
_INTERPRETERS = frozenset({"cmd", "cscript", "mshta", "powershell", "pwsh", "regsvr32", "rundll32", "wscript"})
_PER_USER = 0x40 | 0x80
_REDACTED = "<redacted>"
_RUN = re.compile(r"\.(?:bat|cmd|com|dll|exe|hta|js|jse|ps1|psm1|vbe|vbs|wsf)$")
"""Endings of files that an interpreter runs; other paths among its arguments are data."""
_MICROSOFT = re.compile(r"(?:^|,)\s*O=Microsoft Corporation(?:,|$)")


class ServiceState(StrEnum):
    """`services.State`."""

    STOPPED = "Stopped"
    START_PENDING = "StartPending"
    STOP_PENDING = "StopPending"
    RUNNING = "Running"
    CONTINUE_PENDING = "ContinuePending"
    PAUSE_PENDING = "PausePending"
    PAUSED = "Paused"
    UNKNOWN = "Unknown"


class ServiceStartType(IntEnum):
    """`services.StartType`."""

    BOOT = 0
    SYSTEM = 1
    AUTOMATIC = 2
    MANUAL = 3
    DISABLED = 4


class ServiceServiceSidType(IntEnum):
    """`services.ServiceSidType`."""

    NONE = 0
    UNRESTRICTED = 1
    RESTRICTED = 3


class ServiceLaunchProtected(IntEnum):
    """`services.LaunchProtected`."""

    NONE = 0
    WINDOWS = 1
    WINDOWS_LIGHT = 2
    ANTIMALWARE_LIGHT = 3


class DriverStartType(IntEnum):
    """`drivers.StartType`."""

    BOOT = 0
    SYSTEM = 1
    AUTOMATIC = 2
    MANUAL = 3
    DISABLED = 4


class DriverState(StrEnum):
    """`drivers.State`."""

    STOPPED = "Stopped"
    START_PENDING = "StartPending"
    STOP_PENDING = "StopPending"
    RUNNING = "Running"
    CONTINUE_PENDING = "ContinuePending"
    PAUSE_PENDING = "PausePending"
    PAUSED = "Paused"
    UNKNOWN = "Unknown"


class BinaryRoles(StrEnum):
    """`binaries.Roles`."""

    HYPERVISOR = "hypervisor"
    HYPERV = "hyperv"
    KERNEL = "kernel"
    SERVICE = "service"
    SERVICE_DLL = "serviceDll"
    DRIVER = "driver"
    TASK_ACTION = "taskAction"
    FIREWALL_APP = "firewallApp"
    FAILURE_COMMAND = "failureCommand"
    PROCESS = "process"


class BinarySignatureStatus(StrEnum):
    """`binaries.SignatureStatus`."""

    VALID = "Valid"
    NOT_SIGNED = "NotSigned"
    HASH_MISMATCH = "HashMismatch"
    NOT_TRUSTED = "NotTrusted"
    NOT_SUPPORTED_FILE_FORMAT = "NotSupportedFileFormat"
    INCOMPATIBLE = "Incompatible"
    UNKNOWN_ERROR = "UnknownError"
    NOT_CHECKED = "NotChecked"


class BinarySignatureType(StrEnum):
    """`binaries.SignatureType`."""

    AUTHENTICODE = "Authenticode"
    CATALOG = "Catalog"
    NONE = "None"


class ScheduledTaskState(IntEnum):
    """`scheduled_tasks.State`."""

    UNKNOWN = 0
    DISABLED = 1
    QUEUED = 2
    READY = 3
    RUNNING = 4


class ScheduledTaskLogonType(IntEnum):
    """`scheduled_tasks.LogonType`."""

    NONE = 0
    STORED_PASSWORD = 1
    S4U = 2
    INTERACTIVE_TOKEN = 3
    GROUP = 4
    SERVICE_ACCOUNT = 5
    INTERACTIVE_TOKEN_OR_PASSWORD = 6


class ScheduledTaskRunLevel(IntEnum):
    """`scheduled_tasks.RunLevel`."""

    LEAST_PRIVILEGE = 0
    HIGHEST = 1


class EndpointProtocol(StrEnum):
    """`endpoints.Protocol`."""

    TCP = "tcp"
    UDP = "udp"


class EndpointFamily(StrEnum):
    """`endpoints.Family`."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class EndpointState(IntEnum):
    """`endpoints.State`."""

    LISTEN = 2


class Service(Row, table="services"):
    """Win32 services: one row is service (kernel drivers are in drivers)."""

    __slots__ = ()
    name_column = "Name"

    name: str
    display_name_raw: str | None
    display_name: str | None
    state: ServiceState | None
    start_type: ServiceStartType
    delayed_auto_start: bool
    trigger_start: bool
    type: int
    error_control: int
    image_path_raw: str | None
    resolved_path: str | None
    service_dll: str | None
    service_dll_resolved: str | None
    account: str | None
    account_sid: str | None
    process_id: int
    service_sid_type: ServiceServiceSidType | None
    required_privileges: tuple[str, ...] | None
    launch_protected: ServiceLaunchProtected | None
    depend_on_service: tuple[str, ...]
    failure_actions: bytes
    failure_command: str | None
    redacted: bool
    sddl_wmi: str
    sd_registry: bytes | None
    reg_key_sddl: str

    @property
    def programs(self) -> tuple[str, ...]:
        """Its program and its library, as far as it has them. Raises NotAssessed."""
        return tuple(path for path in (self.resolved_path, self.service_dll_resolved) if path is not None)

    @property
    def recovery_programs(self) -> tuple[str, ...]:
        """Folded paths of what its recovery command runs: its program, and what an interpreter is given to run.

        A bare name is none, for Windows looks in System32 first. Raises NotAssessed where a secret was taken out of a path.
        """
        command = _COMMAND.match(self.failure_command or "")
        if command is None:
            return ()
        program = command[1] or command[2] or command[3] or ""
        found = [program] if "\\" in program or "/" in program[1:] else []
        name = program.replace("/", "\\").rpartition("\\")[2].casefold().removesuffix(".exe")
        if name in _INTERPRETERS:
            found += [quoted or plain for quoted, plain in _ABSOLUTE.findall(command[4])]
        if any(_REDACTED in path for path in found):
            raise undetermined(
                f"the recovery command of {self} was shortened", table="services", column="FailureCommand"
            )
        return tuple(folded_path(self.host, path) for path in found)

    @property
    def is_per_user(self) -> bool:
        """A template or an instance of a service that runs once per logged-on user."""
        return bool(self.type & _PER_USER)

    @property
    def shorter_programs(self) -> tuple[str, ...]:
        """Programs that Windows tries before the intended one, because the path is not quoted and has blanks; folded paths.

        Empty for a quoted path and for blanks in the arguments only.
        """
        command = self.image_path_raw
        if command is None or command.lstrip().startswith('"'):
            return ()
        program = _PROGRAM.match(command)
        # Of the variables only those of the program folders may bring a blank, for Windows is not set up in a folder with one.
        if program is None or not (_BLANK.search(program[0].strip()) or "%programfiles" in program[0].casefold()):
            return ()
        expanded = _PROGRAM.match(folded_path(self.host, command))
        path = expanded[0] if expanded is not None else ""
        shorter = dict.fromkeys(path[: blank.start()].rstrip() for blank in _BLANK.finditer(path))
        return tuple(found if found.endswith(".exe") else f"{found}.exe" for found in shorter if found)


class Driver(Row, table="drivers"):
    """Kernel and file-system drivers: one row is driver service."""

    __slots__ = ()
    name_column = "Name"

    name: str
    image_path: str | None
    resolved_path: str | None
    start_type: DriverStartType
    type: int
    state: DriverState | None
    group: str | None


class Process(Row, table="processes"):
    """Processes of the Hyper-V stack and owners of sockets: one row is process."""

    __slots__ = ()
    name_column = "Name"

    pid: int
    parent_pid: int
    name: str
    path: str | None
    session_id: int
    start_utc: datetime
    owner_sid: str
    vm_id: str | None
    services: tuple[str, ...]


class Binary(Row, table="binaries"):
    """Executable files that matter: one row is distinct file path."""

    __slots__ = ()

    path: str
    roles: tuple[BinaryRoles, ...]
    exists: bool | None
    file_version: str | None
    product_version: str | None
    company_name: str | None
    original_filename: str | None
    size_bytes: int
    creation_utc: datetime
    last_write_utc: datetime
    signature_status: BinarySignatureStatus
    signature_type: BinarySignatureType | None
    catalog_checked: bool
    is_os_binary: bool
    signer_subject: str | None
    signer_issuer: str | None
    signer_thumbprint: str | None
    sha256: str | None

    @property
    def folded_path(self) -> str:
        """The path as paths compare."""
        return folded_path(self.host, self.path)

    @property
    def is_microsofts(self) -> bool:
        """Whether Microsoft signed the file, as the catalogue's signature rule has it.

        False for a broken or foreign signature and for an unsigned file where catalogs were consulted; raises NotAssessed
        where the host could not tell.
        """
        status = self.signature_status
        signer = self.signer_subject
        if status is BinarySignatureStatus.HASH_MISMATCH:
            return False
        if status is BinarySignatureStatus.NOT_SIGNED and self.catalog_checked:
            return False
        if signer is not None and not _MICROSOFT.search(signer):
            return False
        if status is BinarySignatureStatus.VALID and signer is not None:
            return True
        raise undetermined(f"the signature of {self} is {status.value}", table="binaries", column="SignatureStatus")

    @property
    def is_signed(self) -> bool:
        """Whether anybody whom the host trusts signed the file, whole. Raises NotAssessed where the host could not tell."""
        match self.signature_status:
            case BinarySignatureStatus.VALID:
                return True
            case BinarySignatureStatus.HASH_MISMATCH:
                return False
            case BinarySignatureStatus.NOT_SIGNED if self.catalog_checked:
                return False
            case status:
                raise undetermined(
                    f"the signature of {self} is {status.value}", table="binaries", column="SignatureStatus"
                )


class ScheduledTask(Row, table="scheduled_tasks"):
    """Scheduled tasks: one row is task."""

    __slots__ = ()
    name_column = "Path"

    path: str
    name: str
    enabled: bool
    state: ScheduledTaskState
    author: str | None
    run_as_sid: str | None
    run_as_name: str | None
    group_sid: str | None
    logon_type: ScheduledTaskLogonType
    run_level: ScheduledTaskRunLevel
    actions: tuple[dict[str, Any], ...]
    triggers: tuple[dict[str, Any], ...]
    hidden: bool
    last_run_utc: datetime
    next_run_utc: datetime
    last_result: int
    redacted: bool
    sddl: str

    @property
    def programs(self) -> tuple[str, ...]:
        """Folded paths of the programs of its actions, and of the files that an interpreter among them is given to run.

        Raises NotAssessed where a secret was taken out of such a path.
        """
        found: list[str] = []
        for action in self.actions:
            program = action.get("ResolvedPath")
            if program is None:
                continue
            path = folded_path(self.host, program)
            found.append(path)
            if path.rpartition("\\")[2].removesuffix(".exe") in _INTERPRETERS:
                found += self._run_by_interpreter(action.get("Arguments") or "")
        return tuple(dict.fromkeys(found))

    def _run_by_interpreter(self, arguments: str) -> list[str]:
        paths = [quoted or plain for quoted, plain in _ABSOLUTE.findall(arguments.replace("'", '"'))]
        files = [path for path in paths if _RUN.search(path.casefold())]
        if any(_REDACTED in path for path in files):
            raise undetermined(f"the arguments of {self} were shortened", table="scheduled_tasks", column="Actions")
        return [folded_path(self.host, path) for path in files]


class Endpoint(Row, table="endpoints"):
    """Listening and bound sockets: one row is socket."""

    __slots__ = ()

    protocol: EndpointProtocol
    local_address: str
    local_port: int
    family: EndpointFamily
    state: EndpointState | None
    pid: int


def services_in(host: Snapshot, folder: str) -> list[str]:
    """Names of the services whose program or library lies in the folded folder or below it, for messages; no evidence."""
    index: dict[str, list[str]] | None = host.cache.get(services_in)
    if index is None:
        index = host.cache[services_in] = _by_folder(host)
    return sorted(set(index.get(folder, ())), key=str.casefold)


def _by_folder(host: Snapshot) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    trace, host.trace = host.trace, []
    try:
        for service in host.rows(Service).known:
            for attribute in ("resolved_path", "service_dll_resolved"):
                try:
                    path = getattr(service, attribute)
                    folder = None if path is None else parent_of(folded_path(host, path))
                except NotAssessed:
                    continue
                while folder is not None:
                    index.setdefault(folder, []).append(str(service))
                    folder = parent_of(folder)
    finally:
        host.trace = trace
    return index


def surely_without_hyperv(host: Snapshot) -> bool:
    """Whether the host has no service vmms; services that could not be read say nothing."""
    try:
        return host.find(Service, name="vmms") is None
    except NotAssessed:
        return False
