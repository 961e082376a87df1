"""One snapshot's dumps and what several canonical tables share, each made once."""

from collections.abc import Callable
from functools import cached_property

from snapshot_tool.hyperv.dumps import Dumps
from snapshot_tool.hyperv.guests import Guests
from snapshot_tool.hyperv.machines import Machines
from snapshot_tool.hyperv.ports import Ports, RunTime
from snapshot_tool.hyperv.storage import Drives
from snapshot_tool.snapshot import Host, Table


class Context:
    r"""`other`: tables outside Hyper-V, such as `computer`. `old`: the dumps are of `root\virtualization`."""

    def __init__(self, dumps: Dumps, host: Host, other: Callable[[str], Table], *, old: bool) -> None:
        self.dumps = dumps
        self.host = host
        self.other = other
        self.old = old

    @cached_property
    def machines(self) -> Machines:
        """The VMs of the host."""
        return Machines(self)

    @cached_property
    def drives(self) -> Drives:
        """Controllers, drives and images."""
        return Drives(self)

    @cached_property
    def guests(self) -> Guests:
        """What guests say of themselves."""
        return Guests(self)

    @cached_property
    def ports(self) -> Ports:
        """Adapters, ports and switches of the newer namespace."""
        return Ports(self)

    @cached_property
    def runtime(self) -> RunTime:
        """Run-time adapters and their switch ports."""
        return RunTime(self)
