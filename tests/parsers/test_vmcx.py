"""The container of VM configurations: what was written is read, and damage is refused with its place, never read past."""

import re
import struct
import time
import tracemalloc
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsers import vmcx_writer as writer
from parsers.vmcx_writer import PAGE, Vmcx
from real_data import real_folder

from snapshot_tool.parsers import vmcx
from snapshot_tool.parsers.vm_configuration import Kind, VMConfigurationError
from snapshot_tool.parsers.vmcx import VmcxError, read_vmcx

# Synthetic. Values of every type on kept paths, names that repeat, and a value that must not be kept.
OFFLOAD = "Feature_C885BFD1-ABB7-418F-8163-9F379C9F7166"
TREE = {
    "properties": {
        "global_id": "0A1B2C3D-0000-4000-8000-000000000001",
        "name": "Größe 中 \U0001f5a5",
        "version": 2304,
        "creation_time": b"\xa7\x6e\x45\x66\x9e\x97\xd7\x01",
        "highly_available": True,
        "last_state_change_time": 2**63 + 1,
    },
    "settings": {"processors": {"count": 4, "limit": 100.5, "reservation": -1}},
    "_11111111-0000-4000-8000-000000000001_": {
        "Connection": {OFFLOAD: {"Setting_22222222-0000-4000-8000-000000000001": {"Data": bytes(16)}}},
        "KeyProtector": b"CANARY",
        "Password": "CANARY",
    },
    "metrics": [("devicetype", {"guid": "a"}), ("devicetype", {"guid": "b"}), ("devicetype", {"guid": "c"})],
}
IMAGE = Vmcx(TREE).build()
PLACE = re.compile(r"offset 0x[0-9a-f]+: ")


def content(image):
    """Everything that a reader tells of a file, without its notes."""
    configuration = read_vmcx(image)
    return configuration.kind, [(path, repr(key.value), key.place) for path, key in configuration.walk()]


def test_every_type_of_value_is_read():
    root = read_vmcx(IMAGE).root
    assert root.find("properties/name").value == "Größe 中 \U0001f5a5"
    assert root.find("properties/version").value == 2304
    assert root.find("properties/creation_time").value.hex() == "a76e45669e97d701"
    assert root.find("properties/highly_available").value is True
    assert root.find("properties/last_state_change_time").value == 2**63 + 1
    assert root.find("settings/processors/limit").value == 100.5
    assert root.find("Settings/PROCESSORS/reservation").value == -1


def test_bytes_and_unlisted_values_are_not_kept():
    assert "CANARY" not in repr(read_vmcx(IMAGE))
    device = read_vmcx(IMAGE).root.find("_11111111-0000-4000-8000-000000000001_")
    assert [child.name for child in device.children] == ["Connection", "KeyProtector", "Password"]
    assert device.find(f"Connection/{OFFLOAD}/Setting_22222222-0000-4000-8000-000000000001/Data").value == bytes(16)


def test_siblings_with_one_name_are_all_there_in_order():
    paths = [path for path, _ in read_vmcx(IMAGE).walk() if "metrics" in path]
    assert paths == [
        "/configuration/metrics",
        "/configuration/metrics/devicetype",
        "/configuration/metrics/devicetype/guid",
        "/configuration/metrics/devicetype[2]",
        "/configuration/metrics/devicetype[2]/guid",
        "/configuration/metrics/devicetype[3]",
        "/configuration/metrics/devicetype[3]/guid",
    ]
    with pytest.raises(VMConfigurationError, match="devicetype stands 3 times below metrics"):
        read_vmcx(IMAGE).root.find("metrics/devicetype")


@pytest.mark.parametrize(
    "shape",
    [
        {"entries_per_table": 1},
        {"entries_per_table": 3, "order_reversed": True},
        {"second_object_table": True},
        {"outdated_table": True},
        {"slack": 0},
        {"long": 4},
        {"sequences": (0, 0xFFFF)},
        {"stale_log": [(3 * PAGE, b"\0" * 64)]},
    ],
)
def test_the_layout_does_not_change_what_is_read(shape):
    expected = [(path, key.value) for path, key in read_vmcx(IMAGE).walk()]
    assert [(path, key.value) for path, key in read_vmcx(Vmcx(TREE, **shape).build()).walk()] == expected


names = st.text("abcxyz_-0123456789é中", min_size=1, max_size=12).filter(lambda name: len(name.encode()) < 250)
leaves = st.one_of(st.booleans(), st.integers(-(2**63), 2**64 - 1), st.text(max_size=8), st.binary(max_size=8))
trees = st.recursive(leaves, lambda below: st.lists(st.tuples(names, below), max_size=5), max_leaves=25)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, trees), max_size=4), st.integers(1, 40), st.booleans())
def test_any_tree_comes_back_with_its_names_and_order(tree, per_table, order_reversed):
    def shape(name, value):
        return name, [shape(*child) for child in value] if isinstance(value, list) else []

    def found(key):
        return key.name, [found(child) for child in key.children]

    image = Vmcx(tree, entries_per_table=per_table, order_reversed=order_reversed).build()
    assert found(read_vmcx(image).root) == shape("configuration", tree)


# Of the parts of a file in which every byte is used, each byte; of the rest a draw.
def _used(image):
    ranges = [
        range(0x2E),
        range(PAGE, PAGE + 0x2E),
        range(2 * PAGE, 2 * PAGE + 8 + 18 * 6),
        range(3 * PAGE, 3 * PAGE + 1400),
    ]
    return [at for part in ranges for at in part if at < len(image)]


def _unharmed(image, reference, expected):
    """The damaged file is refused with a place, or says the same; which of both."""
    found, reason = None, ""
    try:
        found = content(image)
    except VmcxError as error:
        reason = str(error)
    assert found == expected or PLACE.match(reason), (reference, reason)
    return found is not None


def test_a_changed_byte_is_refused_or_changes_nothing():
    expected = content(IMAGE)
    refused = 0
    for at in _used(IMAGE):
        for bit in (0x01, 0x80):
            damaged = writer.changed(IMAGE, at, bytes([IMAGE[at] ^ bit]))
            refused += not _unharmed(damaged, hex(at), expected)
    assert refused > 1000


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_damage_is_refused_or_changes_nothing(data):
    start = data.draw(st.integers(0, len(IMAGE) - 1))
    new = data.draw(st.binary(min_size=1, max_size=40))
    _unharmed(writer.changed(IMAGE, start, new)[: len(IMAGE)], hex(start), content(IMAGE))


@settings(max_examples=120, deadline=None)
@given(st.integers(0, len(IMAGE)))
def test_a_file_that_is_cut_short_is_refused_or_whole(size):
    _unharmed(IMAGE[:size], size, content(IMAGE))


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\xfd"])
def test_a_lost_page_is_refused_or_changes_nothing(filler):
    harmless = [
        page
        for page in range(len(IMAGE) // PAGE)
        if _unharmed(writer.changed(IMAGE, page * PAGE, filler * PAGE), page, content(IMAGE))
    ]
    # One copy of the header may go, and what is free; the log has a page of payloads.
    assert set(harmless) <= {0, 1, len(IMAGE) // PAGE - 1}


def test_swapped_pages_are_refused():
    pages = [IMAGE[at : at + PAGE] for at in range(0, len(IMAGE), PAGE)]
    for one in range(2, len(pages) - 1):
        for other in range(one + 1, len(pages) - 1):
            swapped = list(pages)
            swapped[one], swapped[other] = pages[other], pages[one]
            _unharmed(b"".join(swapped), (one, other), content(IMAGE))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"\x14\x20\x28\x01", IMAGE[:0x2E], IMAGE[: 3 * PAGE]]))
def test_junk_is_refused(junk, start):
    with pytest.raises(VmcxError):
        read_vmcx(start + junk)


def test_one_damaged_header_is_a_note():
    assert read_vmcx(IMAGE).notes == ()
    (note,) = read_vmcx(writer.changed(IMAGE, 8, b"\xff")).notes
    assert note == "offset 0x0: this copy of the header is damaged; the other one is used and may be older"


def test_pending_writes_are_applied():
    new = Vmcx(TREE | {"settings": {"processors": {"count": 64, "limit": 100.5, "reservation": -1}}}).build()
    assert len(new) == len(IMAGE)
    writes = [
        (at, new[at : at + PAGE])
        for at in range(3 * PAGE, 5 * PAGE, PAGE)
        if new[at : at + PAGE] != IMAGE[at : at + PAGE]
    ]
    assert writes
    configuration = read_vmcx(Vmcx(TREE, log=writes).build())
    assert configuration.root.find("settings/processors/count").value == 64
    assert re.fullmatch(r"offset 0x[0-9a-f]+: 1 pending writes of the replay log were applied", configuration.notes[0])


def _log_at(image):
    return image.find(struct.pack("<I", 0x01110003))


@pytest.mark.parametrize(
    ("at", "new", "reason"),
    [
        (0x22 + 20, b"\0\0\0\0", "entry of the replay log is damaged"),
        (PAGE, b"\x55", "write in the replay log is damaged"),
        (8, b"\xff", "replay log is damaged"),
    ],
)
def test_a_damaged_pending_write_is_refused(at, new, reason):
    image = Vmcx(TREE, log=[(3 * PAGE, IMAGE[3 * PAGE : 4 * PAGE])]).build()
    with pytest.raises(VmcxError, match=reason):
        read_vmcx(writer.changed(image, _log_at(image) + at, new))


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (struct.pack("<QIQII", 2**40, 4, PAGE, 0, crc32(b"abcd")), "writes outside the file"),
        (struct.pack("<QIQII", 0, 4, 2**63, 0, 0), "points outside the log"),
        (struct.pack("<QIQII", 0, 2**31, 0, 0, 0), "points outside the log"),
    ],
)
def test_a_pending_write_stays_inside_the_file(write, reason):
    image = Vmcx(TREE, log=[(0, b"abcd")]).build()
    with pytest.raises(VmcxError, match=reason):
        read_vmcx(writer.changed(image, _log_at(image) + 0x22, writer.sealed(write, 20)))


def _with_objects(*objects):
    return writer.changed(IMAGE, 2 * PAGE, writer.object_table(objects))


KEYS = 3 * PAGE


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (_with_objects((2, KEYS, PAGE), (2, KEYS, PAGE)), "overlaps"),
        (_with_objects((2, KEYS, PAGE), (2, KEYS + 10, PAGE)), "overlaps"),
        (_with_objects((1, 2 * PAGE, PAGE)), "overlaps"),
        (_with_objects((2, 0, PAGE)), "overlaps"),
        (_with_objects((2, 2**63, PAGE)), "outside the file"),
        (_with_objects((9, KEYS, PAGE)), "objects of type 9"),
        (_with_objects(), "0 roots"),
        (writer.changed(IMAGE, 2 * PAGE + 4, b"\x01"), "has 1 entries"),
        (writer.changed(IMAGE, 0, writer.storage_header(9, 0x500, KEYS, PAGE)), "format version is 0x500"),
        (writer.changed(IMAGE, 0, writer.storage_header(9, 0x400, 2**40, PAGE)), "replay log lies outside"),
        (writer.changed(IMAGE, 0, writer.storage_header(9, 0x400, KEYS, PAGE)), "no replay log"),
        (b"MZ" + bytes(3 * PAGE), "is no VMCX"),
        (b"", "is no VMCX"),
    ],
)
def test_a_broken_structure_is_refused(image, reason):
    with pytest.raises(VmcxError, match=reason):
        read_vmcx(image)


def _single_table(body):
    return writer.changed(IMAGE, KEYS, writer.key_table(1, 9, body))[:-PAGE] + bytes(PAGE)


ROOT = writer.key_entry(9, "configuration", bytes(12), (0, 0))
TEXT = struct.pack("<I", 3) + b"abc"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (writer.key_entry(9, "other", bytes(12), (0, 0)), "root key is 'other'"),
        (ROOT + ROOT, "2 roots"),
        (ROOT + writer.key_entry(3, "a", bytes(8), (1, 11)), "parent of key 'a' is missing"),
        (ROOT + writer.key_entry(3, "a", bytes(8), (7, 10)), "parent of key 'a' is missing"),
        (ROOT + writer.key_entry(9, "a", bytes(12), (1, 10 + len(ROOT))), "do not reach the root"),
        (ROOT + writer.key_entry(6, "a", TEXT, (1, 10)), "odd number of bytes"),
        (ROOT + writer.key_entry(6, "a", struct.pack("<I", 2**31), (1, 10)), "does not fit into its entry"),
        (ROOT + writer.key_entry(2, "a", bytes(8), (1, 10)), "type 2 are not known"),
        (ROOT + writer.key_entry(3, "a", bytes(8), (1, 10), flags=4), "flags 0x04"),
        (ROOT + writer.key_entry(6, "a", struct.pack("<IQ", 8, KEYS), (1, 10), flags=1), "no file object"),
        (ROOT + writer.key_entry(3, "", bytes(8), (1, 10)), "name of an entry"),
        (ROOT + writer.key_entry(3, "a\0b", bytes(8), (1, 10)), "name of an entry"),
        (ROOT + writer.free_entry(30)[:-1] + b"\0", "free entry is not empty"),
        (ROOT + struct.pack("<BBIHIIIB", 3, 0, 0, 0, 0, 0, 0, 2), "does not fit into its key table"),
        (ROOT + writer.free_entry(PAGE - 10 - len(ROOT) - 20) + bytes(20), "header of an entry"),
    ],
)
def test_a_broken_entry_is_refused_with_its_place(body, reason):
    image = _with_objects((2, KEYS, PAGE))
    table = writer.sealed(struct.pack("<HHHI", 2, 1, 9, 0), 6) + body
    rest = PAGE - len(table)
    table += writer.free_entry(rest) if rest >= 21 else bytes(rest)
    with pytest.raises(VMConfigurationError, match=reason):
        read_vmcx(writer.changed(image, KEYS, table))


def test_a_chain_deeper_than_64_keys_is_refused():
    tree = {"leaf": 1}
    for _ in range(62):
        tree = {"n": tree}
    assert sum(1 for _ in read_vmcx(Vmcx(tree, entries_per_table=30).build()).walk()) == 64
    with pytest.raises(VmcxError, match="do not reach the root within 64 steps"):
        read_vmcx(Vmcx({"n": tree}, entries_per_table=30).build())


def test_a_run_state_is_named_and_none_of_its_values_is_read():
    state = {"properties": {"version": 2304}, "savedstate": {"memory": "CANARY" * 1000, "partition": b"CANARY"}}
    configuration = read_vmcx(Vmcx(state).build())
    assert configuration.kind is Kind.RUN_STATE
    assert configuration.kind.value == "run state of a VM, no configuration"
    assert [key.value for _, key in configuration.walk() if key.value is not None] == []


def test_a_list_of_vms_is_named():
    tree = {
        "FormatVersion": 2,
        "VirtualMachines": {"_0A1B2C3D-0000-4000-8000-000000000001_": "D:\\VMs\\x.vmcx"},
    }
    configuration = read_vmcx(Vmcx(tree, root="Configurations").build())
    assert configuration.kind is Kind.VM_LIST
    assert configuration.root.find("VirtualMachines").children[0].value == "D:\\VMs\\x.vmcx"


def test_a_checkpoint_is_named():
    tree = {"properties": {"name": "before the update", "type_id": "Snapshots"}}
    assert read_vmcx(Vmcx(tree).build()).kind is Kind.CHECKPOINT


def _hostile(size):
    """Files full of keys, of free entries, of unused objects, of object tables."""
    entry = writer.key_entry(3, "n" * 100, bytes(8), (1, 10))
    many = writer.changed(bytes(size), 0, IMAGE[: 3 * PAGE])
    keys = ROOT + entry * ((size - 8 * PAGE) // len(entry) - 400)
    body = writer.sealed(struct.pack("<HHHI", 2, 1, 9, 0), 6) + keys
    at = 8 * PAGE
    log = writer.replay_log(())
    header = writer.storage_header(9, 0x400, 5 * PAGE, PAGE)
    base = bytearray(many)
    base[: len(header)] = base[PAGE : PAGE + len(header)] = header
    base[5 * PAGE : 5 * PAGE + len(log)] = log
    full = bytearray(base)
    full[2 * PAGE : 3 * PAGE] = writer.object_table([(2, at, len(body))])
    full[at : at + len(body)] = body
    yield bytes(full)
    free = bytearray(base)
    free_body = writer.sealed(struct.pack("<HHHI", 2, 1, 9, 0), 6) + writer.free_entry(21) * ((size - at - 10) // 21)
    free[2 * PAGE : 3 * PAGE] = writer.object_table([(2, at, len(free_body))])
    free[at : at + len(free_body)] = free_body
    yield bytes(free)
    table_size = size - at
    unused = bytearray(base)
    unused[2 * PAGE : 3 * PAGE] = writer.object_table([(1, at, table_size)])
    unused[at:] = writer.object_table([], table_size)
    yield bytes(unused)
    chain = bytearray(base)
    chain[2 * PAGE : 3 * PAGE] = writer.object_table([(1, at + 26 * n, 26) for n in range(227)])
    for n in range(100_000):
        chain[at + 26 * n : at + 26 * n + 26] = writer.object_table([(1, at + 26 * (n + 227), 26)], 26)
    yield bytes(chain)


def test_a_file_full_of_keys_takes_a_bounded_amount_of_memory(monkeypatch):
    assert vmcx.MAX_KEYS * 500 < 100 * 2**20
    monkeypatch.setattr(vmcx, "MAX_KEYS", 20_000)
    image = next(_hostile(4 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(VmcxError, match="more than 20,000 keys"):
            read_vmcx(image)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000 * 500


def test_a_file_full_of_empty_structures_takes_little_time():
    start = time.perf_counter()
    for image in list(_hostile(4 * 2**20))[1:]:
        with pytest.raises(VmcxError):
            read_vmcx(image)
    assert time.perf_counter() - start < 20


def test_a_file_beyond_the_limit_is_refused_unread():
    with pytest.raises(VmcxError, match="more is a run state"):
        read_vmcx(bytes(vmcx.MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("file", "vm", "path", "keys"),
    [
        (
            "EC04F346-DB96-4700-AF5B-77B3C56C38BD.vmcx",
            "Default Generation 1",
            "C:\\Disks\\Default Generation 1.vhdx",
            409,
        ),
        (
            "test.vmcx",
            "Other Location",
            "C:\\Users\\Public\\Documents\\Hyper-V\\Virtual Hard Disks\\Other Location.vhdx",
            409,
        ),
    ],
)
def test_real_files_hold_what_windows_wrote(file, vm, path, keys):
    configuration = read_vmcx((real_folder("vmconfig") / file).read_bytes())
    assert configuration.kind is Kind.VM
    assert configuration.notes == ()
    assert sum(1 for _ in configuration.walk()) == keys
    root = configuration.root
    assert root.find("properties/name").value == vm
    assert root.find("properties/version").value == 2304
    drive = "_83F8638B-8DCA-4152-9EDA-2CA8B33039B4_/controller0/drive0"
    assert root.find(f"{drive}/pathname").value == path
    assert root.find(f"{drive}/type").value == "VHD"
    assert root.find("settings/processors/limit").value == 100_000
    assert [child.name for child in root.find("global_settings/power").children] == ["host_shutdown", "host_startup"]
    assert root.find("global_settings/generation_id") is None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_real_files_are_refused_or_read_the_same(data):
    image = (real_folder("vmconfig") / "test.vmcx").read_bytes()
    start = data.draw(st.integers(0, len(image) - 1))
    new = data.draw(st.binary(min_size=1, max_size=64))
    damaged = writer.changed(image, start, new)[: data.draw(st.sampled_from([len(image), start + 1]))]
    _unharmed(damaged, hex(start), content(image))
