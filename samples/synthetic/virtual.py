"""Virtual machines and switches as an administrator would describe them; how WMI shows them is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

GIB = 2**30


@dataclass(slots=True)
class Disk:
    """A virtual disk. `parent` makes it differencing; `location` is its place on the controller."""

    path: str
    size_gib: int = 60
    used_gib: int = 24
    kind: str = "dynamic"
    controller: str = "SCSI"
    location: int = 0
    parent: Disk | None = None
    physical_sector: int = 4096
    written_days_ago: float = 0.02
    exists: bool = True


@dataclass(slots=True)
class Adapter:
    """A network adapter of a VM, or of the management OS when it stands in `Switch.host_adapters`."""

    switch: str | None
    mac: str
    vlan: int = 0
    legacy: bool = False
    dhcp_guard: bool = False
    router_guard: bool = False
    spoofing: bool = False
    mirror: int = 0
    trunk: list[int] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    bandwidth: int = 0
    name: str | None = None


@dataclass(slots=True)
class Checkpoint:
    """`disks` are the files that the checkpoint froze; the live disks of the VM are children of them."""

    name: str
    days_ago: float
    disks: list[Disk]
    recovery: bool = False


@dataclass(slots=True)
class Guest:
    """What the guest says of itself."""

    os_name: str
    version: str
    build: str
    fqdn: str
    addresses: str
    product_type: int = 3
    services_version: str = "10.0.20348"
    service_pack: int = 0
    linux: bool = False


@dataclass(slots=True)
class Vm:
    name: str
    home: str
    disks: list[Disk]
    adapters: list[Adapter]
    guest: Guest | None = None
    generation: int = 2
    state: str = "Running"
    version: str = "10.0"
    cpus: int = 2
    memory_mib: int = 4096
    dynamic: tuple[int, int] | None = None
    up_hours: float = 200
    changed_days_ago: float = 8.4
    created_days_ago: float = 300
    backup_days_ago: float | None = 0.4
    dvd: str | None = None
    floppy: str | None = None
    com_pipe: str | None = None
    checkpoints: list[Checkpoint] = field(default_factory=list)
    services_off: set[str] = field(default_factory=lambda: {"GuestServiceInterface"})
    services_silent: set[str] = field(default_factory=set)
    secure_boot: bool = True
    linux_template: bool = False
    tpm: bool = False
    encrypt_migration: bool = False
    host_resource_protection: bool = False
    nested: bool = False
    full_scsi: bool = False
    scope: str = ""
    console_users: list[str] = field(default_factory=list)
    clustered: bool = False
    demand_percent: int = 55


@dataclass(slots=True)
class Switch:
    """`uplinks` are names of host adapters; `host_adapters` make it shared with the management OS."""

    name: str
    uplinks: list[str] = field(default_factory=list)
    host_adapters: list[Adapter] = field(default_factory=list)
    embedded_team: bool = False
    iov: bool = False
    scope: str = ""
