"""HV-NET: SR-IOV, the functions of network cards that machines use past their switch."""

from collections.abc import Iterable

from snapshot_tool.check import check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.model.guest import guest_of
from snapshot_tool.model.switch import (
    VMSwitch,
)
from snapshot_tool.model.topology import (
    machines_on,
)
from snapshot_tool.model.vm import VM, AdapterStatus
from snapshot_tool.model.vm_network import (
    VMNetworkAdapter,
)
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Severity,
    Verdict,
    fail,
    listed,
    settle,
    undetermined,
)

X86 = "0"
WINDOWS_8 = (6, 2)


def _names(rows: Iterable[object]) -> str:
    return listed(sorted(map(str, rows)))


def _wants_function(adapter: VMNetworkAdapter) -> bool:
    return adapter.serves_machine and adapter.iov_weight > 0


def _iov_switch(adapter: VMNetworkAdapter) -> VMSwitch | None:
    """The switch of an adapter, if it hands out virtual functions."""
    switch = adapter.switch
    return switch if switch is not None and switch.iov_enabled else None


def _supports_functions(vm: VM) -> bool:
    """Whether the guest can use a virtual function: 64-bit Windows 8 or Server 2012 and later, Linux on hosts of 2016 and later."""
    guest = guest_of(vm)
    if not guest.is_windows:
        return not _is_before_2016(vm.host)
    return guest.version >= WINDOWS_8 and guest.processor_architecture != X86


def _is_before_2016(host: Snapshot) -> bool:
    return host.host.era is not None and not in_era("2016", None, host.host.era)


@check(
    "HV-NET-019",
    title="SR-IOV is requested only for guests that support it",
    severity=Severity.LOW,
    refs=("BPA:B046",),
    since="2012",
)
def functions_for_guests_that_support_them(adapter: VMNetworkAdapter) -> Verdict:
    """A guest that cannot use the function gains nothing, and one that can bypasses extensions and lists of the switch.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 0`.
    """
    if not _wants_function(adapter) or _iov_switch(adapter) is None:
        return NOT_APPLICABLE
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    guest = guest_of(vm)
    if not guest.is_windows:
        if _is_before_2016(adapter.host):
            return fail(f"{adapter} asks for SR-IOV, which Linux guests on this host do not support")
        return PASS

    def is_old() -> Verdict | None:
        version = guest.version
        name = ".".join(map(str, version))
        return fail(f"{adapter} asks for SR-IOV, but its guest runs Windows {name}") if version < WINDOWS_8 else None

    def is_32_bit() -> Verdict | None:
        architecture = guest.processor_architecture
        if architecture is None:
            raise undetermined(f"the guest of {vm} does not tell its architecture", table="vm_guest_kvp")
        return fail(f"{adapter} asks for SR-IOV, but its guest runs 32-bit Windows") if architecture == X86 else None

    return settle(is_old, is_32_bit)


@check(
    "HV-NET-020",
    title="A switch has a virtual function for every running machine that asks for one",
    severity=Severity.LOW,
    refs=("BPA:B076",),
    since="2012",
)
def enough_functions(switch: VMSwitch) -> Verdict:
    """Who comes last gets no function and is slower than planned; which machine that is changes with every start.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 0` for machines that need none, or use a card with more functions.
    """
    if not switch.iov_enabled:
        return NOT_APPLICABLE
    count = switch.iov_virtual_function_count
    if count is None:
        raise undetermined(f"how many functions {switch} has is not known", table="vswitch")
    wanting = machines_on(switch).select(lambda adapter: _wants_function(adapter) and adapter.has_running_machine)
    if len(wanting.known) <= count and len(wanting) <= count:
        return PASS
    return fail(
        f"The switch {switch} has {count} virtual functions, and {len(wanting.known)} adapters of running machines ask "
        f"for one: {_names(wanting.known)}"
    )


@check(
    "HV-NET-021",
    title="Free virtual functions are in use",
    severity=Severity.INFO,
    refs=("BPA:B080",),
    since="2012",
)
def functions_are_used(switch: VMSwitch) -> Verdict:
    """A switch for SR-IOV has functions left that would make machines faster; policy may forbid them, for they bypass the switch.

    Remediation:
        Run `Set-VMNetworkAdapter -VMName <name> -IovWeight 100` where extensions and lists of the switch are not needed.
    """
    if not switch.iov_enabled:
        return NOT_APPLICABLE
    count, used = switch.iov_virtual_function_count, switch.iov_virtual_functions_in_use
    if count is None or used is None:
        raise undetermined(f"how many functions {switch} has is not known", table="vswitch")
    if used >= count:
        return PASS

    def could_use(adapter: VMNetworkAdapter) -> bool:
        vm = adapter.vm
        if adapter.iov_weight > 0 or adapter.is_legacy or not adapter.has_running_machine:
            return False
        return vm is not None and _supports_functions(vm)

    idle = machines_on(switch).matching(could_use)
    if not idle:
        return PASS
    return fail(f"The switch {switch} has {count - used} free virtual functions, and {_names(idle)} uses none")


@check(
    "HV-NET-022",
    title="Virtual functions work in their guests",
    severity=Severity.LOW,
    refs=("BPA:B055",),
    since="2012",
)
def functions_work(adapter: VMNetworkAdapter) -> Verdict:
    """Without a driver the guest falls back to the slow path although the function is taken.

    Remediation:
        Install the driver of the card's virtual function in the guest.
    """
    if not _wants_function(adapter) or _iov_switch(adapter) is None:
        return NOT_APPLICABLE
    vm = adapter.vm
    if vm is None:
        raise undetermined(f"the virtual machine of {adapter} is not known", table="vm")
    if not vm.is_settled:
        return NOT_APPLICABLE

    def needs_a_driver() -> Verdict | None:
        status = adapter.status
        if status is None:
            raise undetermined(f"the status of {adapter} is not known", table="vm_network_adapter", column="Status")
        if AdapterStatus.IOV_GUEST_DRIVERS_NEEDED in status:
            return fail(f"The guest lacks the driver for the virtual function of {adapter}", Severity.LOW)
        return None

    def usage() -> int:
        used = adapter.iov_usage
        if used is None:
            raise undetermined(
                f"the functions of {adapter} are not known", table="vm_network_adapter", column="IovUsage"
            )
        return int(used)

    def bypasses_its_function() -> Verdict | None:
        if adapter.vf_data_path_active is False and usage() > 0:
            return fail(f"{adapter} has a virtual function that carries no traffic", Severity.LOW)
        return None

    def has_none() -> Verdict | None:
        return fail(f"{adapter} asks for a virtual function and got none", Severity.INFO) if usage() == 0 else None

    return settle(needs_a_driver, bypasses_its_function, has_none, worst=Severity.LOW)
