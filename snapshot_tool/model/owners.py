"""Whose virtual machines a host runs: groups of machines stand for owners or classes of protection."""

from snapshot_tool.model.host_hyperv import VMGroup
from snapshot_tool.model.vm import VM
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import NotOffered


def mixed_owners(host: Snapshot) -> bool | None:
    """Whether the host mixes owners: at least two groups with machines of this host. None where nobody said. Raises NotAssessed.

    One group tells of a single owner only if it has every machine.
    """
    try:
        groups = [group for group in host.rows(VMGroup) if any(host.find(VM, id=member) for member in group.members)]
    except NotOffered:
        return None
    if len(groups) > 1:
        return True
    members = {member for group in groups for member in group.members}
    return False if groups and all(vm.id in members for vm in host.rows(VM)) else None
