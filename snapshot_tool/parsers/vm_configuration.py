"""A VM's configuration as a tree of keys: what the XML of 2008 to 2012 R2 and the container since 2016 both become.

Only values on a list of paths are kept: a configuration may embed the key protector of a virtual TPM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Scalar: TypeAlias = bool | int | float | str | bytes

MAX_KEYS = 200_000
MAX_DEPTH = 64
MAX_VALUE = 1024 * 1024


class VMConfigurationError(ValueError):
    """The file is no VM configuration that can be read; the message says what is wrong and where in the file."""


class AmbiguousKeyError(VMConfigurationError):
    """Several siblings bear the name of a key that must be single."""


class Kind(Enum):
    """What a file is, told by the names of its keys."""

    VM = "configuration of a VM"
    CHECKPOINT = "configuration of a checkpoint"
    RUN_STATE = "run state of a VM, no configuration"
    VM_LIST = "list of the VMs of a host, no configuration"


class Container(Enum):
    XML = "XML"
    VMCX = "VMCX"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that has not the form of its type."""

    reason: str


@dataclass(frozen=True, slots=True)
class Key:
    """One key; `folded` is its name for comparison, `value` None for a node and for a value that is not kept.

    `place` is the line in an XML file, the offset in bytes in a VMCX. Siblings keep their order; names may repeat.
    """

    name: str
    folded: str
    place: int
    value: Scalar | Unreadable | None
    children: tuple[Key, ...]

    def named(self, name: str) -> list[Key]:
        """All children of that name, without regard to case."""
        folded = name.casefold()
        return [child for child in self.children if child.folded == folded]

    def child(self, name: str) -> Key | None:
        """The child of that name. Raises AmbiguousKeyError when there are several."""
        found = self.named(name)
        if len(found) > 1:
            raise AmbiguousKeyError(f"{name} stands {len(found)} times below {self.name}")
        return found[0] if found else None

    def find(self, path: str) -> Key | None:
        """The key at a path such as `settings/memory/bank/size`. Raises AmbiguousKeyError."""
        key: Key | None = self
        for name in path.split("/"):
            if key is None:
                return None
            key = key.child(name)
        return key


@dataclass(frozen=True, slots=True)
class VMConfiguration:
    """One file: `root` is the key `configuration` (of a list of VMs `Configurations`); a run state has no values.

    `notes` are irregularities that did not keep the file from being read.
    """

    kind: Kind
    container: Container
    root: Key
    notes: tuple[str, ...] = ()

    def walk(self) -> Iterator[tuple[str, Key]]:
        """Every key with its path, parents first; the second of two siblings with one name is `name[2]`."""
        pending = [("/" + self.root.name, self.root)]
        while pending:
            path, key = pending.pop()
            yield path, key
            seen: dict[str, int] = {}
            found = []
            for child in key.children:
                number = seen[child.name] = seen.get(child.name, 0) + 1
                found.append((f"{path}/{child.name}" + (f"[{number}]" if number > 1 else ""), child))
            pending.extend(reversed(found))

    def place(self, key: Key) -> str:
        """Where a key stands, for people."""
        return f"line {key.place}" if self.container is Container.XML else f"offset 0x{key.place:x}"


class Source(Protocol):
    """A key as a reader of bytes finds it: the value is decoded only when it is asked for."""

    @property
    def name(self) -> str: ...

    @property
    def place(self) -> int: ...

    @property
    def children(self) -> Sequence[Source]: ...

    def value(self) -> Scalar | Unreadable | None: ...


def configuration_of(root: Source, container: Container, notes: Sequence[str] = ()) -> VMConfiguration:
    """Build the tree from what a reader found.

    Raises:
        VMConfigurationError: the root key belongs to no known kind of file.
    """
    kind = _kind_of(root)
    kept = _KEPT_OF[kind]
    tree = _tree(root, kept)
    type_id = tree.find("properties/type_id") if kind is Kind.VM and _unique(root, "properties") else None
    if type_id is not None and isinstance(type_id.value, str) and type_id.value.casefold() == "snapshots":
        kind = Kind.CHECKPOINT
    return VMConfiguration(kind, container, tree, tuple(notes))


# A run state shares the root with a configuration, but has neither the name nor the id of a VM.
_IDENTITY = frozenset({"global_id", "name"})


def _kind_of(root: Source) -> Kind:
    match root.name.casefold():
        case "configuration":
            known = {
                child.name.casefold()
                for properties in root.children
                if properties.name.casefold() == "properties"
                for child in properties.children
            }
            return Kind.VM if known & _IDENTITY else Kind.RUN_STATE
        case "configurations":
            return Kind.VM_LIST
        case _:
            raise VMConfigurationError(f"the root key is {root.name[:60]!r}; a VM configuration has 'configuration'")


def _unique(root: Source, name: str) -> bool:
    found = [child for child in root.children if child.name.casefold() == name]
    return len(found) == 1 and len([c for c in found[0].children if c.name.casefold() == "type_id"]) == 1


@dataclass(frozen=True, slots=True)
class _Kept:
    """One level of the list of kept paths; `value`: the key itself is kept, `data`: also when it holds bytes."""

    below: dict[str, _Kept]
    value: bool = False
    data: bool = False


_NOTHING = _Kept({})


def _tree(source: Source, kept: _Kept) -> Key:
    below = kept.below
    if below:
        children = tuple([_tree(child, below.get(_shape(child.name), _NOTHING)) for child in source.children])
    else:
        children = tuple([_tree(child, _NOTHING) for child in source.children])
    value = source.value() if kept.value else None
    if isinstance(value, bytes) and not kept.data:
        value = None
    return Key(source.name, _folded(source.name), source.place, value, children)


# A few hundred names make up all configurations of a host.
@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.casefold()


_GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DEVICE = re.compile(f"_{_GUID}_")
_SETTING = re.compile(f"setting_{_GUID}")
_NUMBERED = re.compile("(controller|drive|vdev|port|device)[0-9]+")


@lru_cache(maxsize=4096)
def _shape(name: str) -> str:
    """A name as the list of kept paths writes it: GUIDs and numbers as a star."""
    folded = _folded(name)
    if _DEVICE.fullmatch(folded):
        return "_*_"
    if _SETTING.fullmatch(folded):
        return "setting_*"
    numbered = _NUMBERED.fullmatch(folded)
    return f"{numbered[1]}*" if numbered else folded


def _kept(paths: str, data: str = "") -> _Kept:
    root = _Kept({})
    for path in [*paths.split(), *data.split()]:
        *nodes, last = path.split("/")
        level = root.below
        for node in nodes:
            level = level.setdefault(node, _Kept({})).below
        level[last] = _Kept({}, value=True, data=path in data.split())
    return root


_KEPT_OF = {
    Kind.VM: _kept(
        """
        properties/global_id properties/name properties/type_id properties/subtype properties/version properties/notes
        properties/highly_available properties/last_state_change_time
        settings/processors/count settings/processors/limit settings/processors/reservation settings/processors/weight
        settings/processors/features/limit settings/processors/limit_cpuid settings/processors/hwthreads
        settings/processors/nested_virtualization/enabled settings/processors/enable_perfmon_pmu
        settings/processors/enable_perfmon_lbr settings/processors/enable_perfmon_pebs
        settings/processors/cpu_group_guid settings/processors/hide_hypervisor_present
        settings/memory/bank/dynamic_memory_enabled settings/memory/bank/size settings/memory/bank/reservation
        settings/memory/bank/limit settings/memory/bank/target_memory_buffer settings/memory/bank/priority
        settings/memory/vnuma/max_size_per_node
        settings/guest_controlled_cache_types
        global_settings/power/host_startup/action global_settings/power/host_startup/delay
        global_settings/power/host_shutdown/action
        global_settings/critical_error/action global_settings/critical_error/timeout
        global_settings/snapshots/user_type global_settings/snapshots/enable_automatic
        global_settings/snapshots/list/size
        global_settings/devices/lock_on_disconnect global_settings/devices/storage_allow_full_scsi_command_set
        global_settings/devices/allow_reduced_fc_redundancy global_settings/devices/host_resource_protection_enabled
        manifest/vdev*/device manifest/vdev*/instance
        _*_/secure_boot_enabled _*_/secure_boot_template_id _*_/num_lock _*_/pxe_preferred_protocol
        _*_/pause_after_boot_failure _*_/boot/device*
        _*_/enabled
        _*_/port*/connection
        _*_/controller*/drive*/type _*_/controller*/drive*/pathname _*_/controller*/drive*/iops_limit
        _*_/controller*/drive*/iops_reservation _*_/controller*/drive*/persistent_reservations_supported
        _*_/controller*/drive*/qos_policy_id _*_/controller*/drive*/write_hardening_method
        _*_/friendlyname _*_/macaddress _*_/macaddressisstatic _*_/isconnected _*_/switchname _*_/clustermonitored
        _*_/devicenamingenabled
        _*_/connection/altswitchname _*_/connection/poolid _*_/connection/testreplicaswitchname
        _*_/connection/preventipspoofing _*_/connection/features/id
        """,
        # The offload feature of a switch port is the only one whose bytes have a known layout.
        data="""
        properties/creation_time
        _*_/connection/feature_c885bfd1-abb7-418f-8163-9f379c9f7166/setting_*/data
        """,
    ),
    Kind.RUN_STATE: _NOTHING,
    Kind.VM_LIST: _kept("formatversion virtualmachines/_*_"),
}
