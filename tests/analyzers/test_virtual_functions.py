"""HV-NET, SR-IOV: each check passes, fails and is not assessed."""

from hosts import FAIL, GAP, NA, PASS
from machines import HIDDEN, LINUX, guest, machine
from networks import INFO, LOW, adapter, switch, worst

from analyzers import virtual_functions


def functions(check, *, weight=100, told=None, era="2022", on=True, count=2, used=0, **changed):
    tables = {
        "vm": [machine()],
        "vm_network_adapter": [adapter(IovWeight=weight, **changed)],
        "vswitch": [switch(IovEnabled=on, IovVirtualFunctionCount=count, IovVirtualFunctionsInUse=used)],
        "vm_guest_kvp": [] if told is None else [told],
    }
    return worst(check, era, **tables)


X64, X86 = {"ProcessorArchitecture": "9"}, {"ProcessorArchitecture": "0"}


def test_functions_are_for_guests_that_support_them():
    check = virtual_functions.functions_for_guests_that_support_them
    assert functions(check, told=guest(**X64)) is PASS
    assert functions(check, told=guest(**X86)) == (FAIL, LOW)
    assert functions(check, told=guest("6.1.7601", **X64)) == (FAIL, LOW)
    assert functions(check, told=LINUX) is PASS
    assert functions(check, told=LINUX, era="2012R2") == (FAIL, LOW)
    assert functions(check) is GAP
    assert functions(check, told=guest("6.1.7601", **X64), on=False) is NA
    assert functions(check, told=guest(**X86), weight=0) is NA


def test_functions_suffice_for_running_machines():
    check = virtual_functions.enough_functions
    assert functions(check) is PASS
    assert functions(check, count=0) == (FAIL, LOW)
    assert functions(check, count=None) is GAP
    assert functions(check, count=0, weight=HIDDEN) is GAP
    assert functions(check, on=False) is NA


def test_free_functions_are_a_note_for_a_guest_that_could_use_one():
    check = virtual_functions.functions_are_used
    assert functions(check) is PASS
    assert functions(check, weight=0, told=guest(**X64)) == (FAIL, INFO)
    assert functions(check, weight=0, told=guest("6.1.7601", **X64)) is PASS
    assert functions(check, weight=0, told=guest(**X64), used=2) is PASS
    assert functions(check, weight=0, told=guest(**X64), IsLegacy=True) is PASS
    assert functions(check, weight=0) is GAP
    assert functions(check, weight=0, count=None) is GAP


def test_a_function_without_driver_fails_and_none_at_all_is_a_note():
    check = virtual_functions.functions_work
    assert functions(check) is PASS
    assert functions(check, Status=["IovGuestDriversNeeded"]) == (FAIL, LOW)
    assert functions(check, VFDataPathActive=False) == (FAIL, LOW)
    assert functions(check, IovUsage=0, VFDataPathActive=False) == (FAIL, INFO)
    assert functions(check, IovUsage=0, Status=HIDDEN) == (FAIL, LOW)
    assert functions(check, IovUsage=HIDDEN) is GAP
    assert functions(check, weight=0) is NA
