"""Whose virtual machines a host runs, and what the operator says that they are for.

Owners and classes of protection come from the operator sheet; without it groups of machines stand for them.
"""

from enum import StrEnum

from snapshot_tool.model.host_hyperv import VMGroup
from snapshot_tool.model.vm import VM
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import NotAssessed, NotOffered


class Tag(StrEnum):
    """Words of the operator sheet that explain how a machine is set up."""

    LAB = "lab"
    TEMPLATE = "template"
    STANDBY = "standby"
    NESTED = "nested"
    DOMAIN_CONTROLLER = "domain-controller"
    DHCP_SERVER = "dhcp-server"
    ROUTER = "router"
    GATEWAY = "gateway"
    FIREWALL = "firewall"
    MAC_SPOOFING = "mac-spoofing"
    TRUNK = "trunk"
    SENSOR = "sensor"


def is_tagged(vm: VM | None, *tags: Tag) -> bool:
    """Whether the operator sheet gives the machine one of these tags; reads nothing without a sheet. Raises NotAssessed."""
    if vm is None or not vm.host.policy.vms:
        return False
    told = vm.host.policy.tags_of(vm.id, vm.name)
    return told is not None and any(tag.casefold() in tags for tag in told.tags)


def is_production(vm: VM) -> bool:
    """Whether rules for production hold for the machine: the operator sheet calls it neither laboratory nor template."""
    return not is_tagged(vm, Tag.LAB, Tag.TEMPLATE)


def mixed_owners(host: Snapshot) -> bool | None:
    """Whether the host mixes owners or classes of protection. None where nobody said. Raises NotAssessed.

    The operator sheet counts for the machines that it names. Else at least two groups with machines of this host are mixed, and one
    group tells of a single owner only if it has every machine.
    """
    if mixed_owners not in host.cache:
        # Asked once for each machine, so answered once for all; the groups that tell it are read again below, as evidence.
        trace, host.trace = host.trace, []
        answer: bool | NotAssessed | None
        try:
            answer = _mixed_owners(host)
        except NotAssessed as missing:
            answer = missing
        finally:
            host.trace = trace
        host.cache[mixed_owners] = answer
    known = host.cache[mixed_owners]
    if isinstance(known, NotAssessed):
        raise NotAssessed(known.gap)
    if known is not None and not host.policy.vms:
        for group in host.rows(VMGroup):
            group.members  # noqa: B018 - reading is noting
    return None if known is None else bool(known)


def _mixed_owners(host: Snapshot) -> bool | None:
    declared = _declared(host) if host.policy.vms else None
    if declared is not None:
        return declared
    try:
        groups = [group for group in host.rows(VMGroup) if any(host.find(VM, id=member) for member in group.members)]
    except NotOffered:
        return None
    if len(groups) > 1:
        return True
    members = {member for group in groups for member in group.members}
    return False if groups and all(vm.id in members for vm in host.rows(VM)) else None


def _declared(host: Snapshot) -> bool | None:
    owners: set[str] = set()
    protections: set[str] = set()
    silent = False
    for vm in host.rows(VM):
        told = host.policy.tags_of(vm.id, vm.name)
        owners |= {told.owner.casefold()} if told is not None and told.owner else set()
        protections |= {told.protection.casefold()} if told is not None and told.protection else set()
        if len(owners) > 1 or len(protections) > 1:
            return True
        silent = silent or told is None or told.owner is None
    return None if silent else False


def have_same_owner(one: VM, other: VM) -> bool:
    """Whether somebody said that two machines belong to one owner and class of protection: the sheet, else a group. Raises NotAssessed."""
    policy = one.host.policy
    if policy.vms:
        told, rest = policy.tags_of(one.id, one.name), policy.tags_of(other.id, other.name)
        if told is None or rest is None or not (told.owner or told.protection):
            return False
        return _folded(told.owner) == _folded(rest.owner) and _folded(told.protection) == _folded(rest.protection)
    try:
        groups = one.host.rows(VMGroup).matching(lambda group: one.id in group.members and other.id in group.members)
    except NotOffered:
        return False
    return bool(groups)


def _folded(text: str | None) -> str:
    return (text or "").casefold()
