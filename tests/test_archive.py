"""Hostile archives hurt nobody: a broken member costs itself, an unusable whole gives one line, and nothing reaches the disk."""

import hashlib
import os
import random
import stat
import struct
import sys
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from snapshot_tool.archive import MAX_MEMBERS, MIB, Archive, ArchiveError, Kind, MemberError, open_archive

MANIFEST = ("manifest.json", b"{}")
OS = ("data/os.json", b'{"rows":[]}')
NOISE = random.Random(1).randbytes(300_000)


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, content) pairs, duplicates and unlawful names included."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            if not isinstance(name, zipfile.ZipInfo):
                info.filename = name  # zipfile would mend it
                info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def patched(data, signature, offset, layout, value, member=0):
    """The zip with one field overwritten in the header of the nth member."""
    at = -1
    for _ in range(member + 1):
        at = data.index(signature, at + 1)
    changed = bytearray(data)
    struct.pack_into(layout, changed, at + offset, value)
    return bytes(changed)


CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


@pytest.fixture
def opened(tmp_path):
    archives = []

    def open_bytes(data, name="host.zip") -> Archive:
        path = tmp_path / name
        path.write_bytes(data)
        archives.append(open_archive(path))
        return archives[-1]

    yield open_bytes
    for archive in archives:
        archive.close()


def reason(archive, name):
    with pytest.raises(MemberError) as caught:
        archive.read(name)
    assert caught.value.name == name
    return caught.value.reason


def refused(opened, data):
    with pytest.raises(ArchiveError) as caught:
        opened(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_zip_gives_its_members_by_name(opened):
    data = zipped(OS, MANIFEST, ("log.txt", b"x" * 5))
    archive = opened(data)
    assert archive.kind is Kind.ZIP
    assert archive.kind.is_snapshot
    assert list(archive.members) == ["data/os.json", "manifest.json", "log.txt"]
    assert archive.members["log.txt"].size == 5
    assert archive.read("data/os.json") == OS[1]
    assert archive.notes == ()
    assert archive.sha256 == hashlib.sha256(data).hexdigest()


def test_one_common_top_folder_is_stripped(opened):
    archive = opened(zipped(("HV01/data/os.json", b"1"), ("HV01/", b""), ("HV01/manifest.json", b"{}")))
    assert list(archive.members) == ["data/os.json", "manifest.json"]
    assert archive.read("data/os.json") == b"1"


def test_of_two_top_folders_none_is_stripped(opened):
    archive = opened(zipped(("HV01/manifest.json", b"{}"), ("HV02/manifest.json", b"{}")))
    assert "manifest.json" not in archive.members


def test_directory_entries_and_zip64_are_accepted(tmp_path):
    path = tmp_path / "big.zip"
    with zipfile.ZipFile(path, "w") as writer:
        writer.mkdir("data")
        for name, content in (OS, MANIFEST):
            with writer.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
                file.write(content)
    with open_archive(path) as archive:
        assert list(archive.members) == ["data/os.json", "manifest.json"]
        assert archive.read("data/os.json") == OS[1]
        assert archive.notes == ()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("../evil.json", "leads out"),
        ("data/../../evil.json", "leads out"),
        ("/etc/passwd", "absolute"),
        ("C:/Windows/win.ini", "absolute"),
        ("data\\os2.json", "backslash"),
        ("..\\..\\evil.json", "backslash"),
        ("data//os2.json", "empty step"),
        ("./data/os2.json", "empty step"),
        ("data/größe.json", "ASCII"),
        ("data/a\x1b[31m.json", "ASCII"),
        ("data/os2\x00.json", "ASCII"),
        ("data/" + "a" * 180 + ".json", "180 characters"),
    ],
)
def test_an_unlawful_name_is_a_note_and_costs_nothing_else(opened, name, what):
    archive = opened(zipped(OS, (name, b"evil"), MANIFEST))
    assert set(archive.members) == {"data/os.json", "manifest.json"}
    assert archive.read("data/os.json") == OS[1]
    (note,) = archive.notes
    assert what in note.text
    assert note.member.isascii()
    assert note.member.isprintable()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["data/os.json", "DATA/OS.json"])
def test_of_colliding_names_neither_is_read(opened, other):
    archive = opened(zipped(OS, (other, b"other"), MANIFEST))
    for name in {"data/os.json", other}:
        assert "several members" in reason(archive, name)
    assert archive.read("manifest.json") == b"{}"
    assert archive.notes


@pytest.mark.parametrize(("form", "what"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "device"), (stat.S_IFCHR, "device")])
def test_a_link_or_a_device_is_not_read(opened, form, what):
    info = zipfile.ZipInfo("data/services.json")
    info.create_system = 3
    info.external_attr = (form | 0o777) << 16
    archive = opened(zipped((info, b"/etc/passwd"), OS, MANIFEST))
    assert what in reason(archive, "data/services.json")
    assert archive.read("data/os.json") == OS[1]


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_an_encrypted_member_is_not_read(opened, flag):
    data = zipped(OS, MANIFEST)
    data = patched(patched(data, CENTRAL, 8, "<H", flag), LOCAL, 6, "<H", flag)
    assert "encrypted" in reason(opened(data), "data/os.json")


def test_only_stored_and_deflated_members_are_read(opened):
    archive = opened(zipped((zip_info("data/os.json", zipfile.ZIP_BZIP2), b"x"), MANIFEST))
    assert "method" in reason(archive, "data/os.json")


def zip_info(name, method):
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    return info


def test_a_bomb_among_honest_members_costs_itself(opened):
    archive = opened(zipped(("data/bomb.json", bytes(17 * MIB)), ("data/noise.json", NOISE), MANIFEST))
    assert "1,000 times" in reason(archive, "data/bomb.json")
    assert archive.read("data/noise.json") == NOISE


def test_an_archive_that_is_a_bomb_as_a_whole_is_refused(opened):
    members = [(f"data/part{number}.json", bytes(15 * MIB)) for number in range(3)]
    assert "1,000 times" in refused(opened, zipped(*members, MANIFEST))


def test_a_member_that_unpacks_to_more_than_it_declares_is_cut_off_early(opened):
    data = zipped(("data/os.json", bytes(64 * MIB)), ("data/noise.json", NOISE), MANIFEST)
    data = patched(patched(data, CENTRAL, 24, "<I", 100), LOCAL, 22, "<I", 100)
    archive = opened(data)
    tracemalloc.start()
    assert "damaged" in reason(archive, "data/os.json")
    assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    tracemalloc.stop()


def test_a_member_that_holds_less_than_it_declares_is_damaged(opened):
    data = patched(patched(zipped(OS, MANIFEST), CENTRAL, 24, "<I", 5000), LOCAL, 22, "<I", 5000)
    assert "damaged" in reason(opened(data), "data/os.json")


def test_a_member_over_256_mib_costs_itself_and_a_total_over_2_gib_the_archive(opened):
    data = zipped(OS, ("data/noise.json", NOISE * 4), MANIFEST)
    archive = opened(patched(data, CENTRAL, 24, "<I", 257 * MIB))
    assert "256 MiB" in reason(archive, "data/os.json")
    assert "2,048 MiB" in refused(opened, patched(data, CENTRAL, 24, "<I", 2049 * MIB))


def test_20_000_members_are_read_and_20_001_are_refused(opened, tmp_path):
    members = [(f"data/d{number}.json", b"") for number in range(MAX_MEMBERS - 1)]
    assert len(opened(zipped(*members, MANIFEST)).members) == MAX_MEMBERS
    assert "20,000 members" in refused(opened, zipped(*members, OS, MANIFEST))


def test_a_forged_directory_takes_no_memory(opened):
    # 300,000 entries that all point at one member, packed into a directory of 14 MB.
    one = zipped(("a", b""))
    local, central = one[: one.index(CENTRAL)], one[one.index(CENTRAL) : one.index(END)]
    directory = central * 300_000
    end = struct.pack("<4s4H2IH", END, 0, 0, 0xFFFF, 0xFFFF, len(directory), len(local), 0)
    data = local + directory + end
    tracemalloc.start()
    assert "members" in refused(opened, data)
    assert tracemalloc.get_traced_memory()[1] < 64 * MIB
    tracemalloc.stop()
    huge = struct.pack("<4s4H2IH", END, 0, 0, 1, 1, 0xFFFFFFF0, 0, 0)
    assert refused(opened, local + huge)


@pytest.mark.parametrize("kept", [0.2, 0.7, 0.95])
def test_a_truncated_zip_is_refused_in_one_line(opened, kept):
    data = zipped(OS, ("data/noise.json", NOISE), MANIFEST)
    assert "not a complete zip" in refused(opened, data[: int(len(data) * kept)])


def test_a_flipped_bit_costs_its_member_only(opened):
    data = bytearray(zipped(("data/noise.json", NOISE), OS, MANIFEST, method=zipfile.ZIP_STORED))
    data[1000] ^= 1
    archive = opened(bytes(data))
    assert "damaged" in reason(archive, "data/noise.json")
    assert archive.read("data/os.json") == OS[1]


def test_a_header_that_names_another_member_costs_its_member(opened):
    data = zipped(OS, MANIFEST).replace(b"data/os.json", b"data/xx.json", 1)
    assert "damaged" in reason(opened(data), "data/os.json")


@pytest.mark.parametrize(
    "name",
    [
        "raw/vmconfig/4c1d3f7e-0000-4000-8000-000000000001.vmrs",
        "raw/guest.vmgs",
        "raw/save.vsv",
        "raw/save.bin",
        "raw/cert.pfx",
        "raw/cert.P12",
        "raw/sam.hiv",
        "raw/ntds.dit",
        "raw/secpol/other.inf",
        "setup.exe",
        "data/a/b/c.json",
    ],
)
def test_a_forbidden_member_is_reported_and_never_opened(opened, name):
    archive = opened(zipped(OS, (name, b"secret"), MANIFEST))
    assert "a snapshot" in reason(archive, name)
    assert [note.member for note in archive.notes] == [name]


@pytest.mark.parametrize(
    "name",
    [
        "data/hv/Msvm_ComputerSystem.json",
        "data/cluster/MSCluster_Node.json",
        "data/a_dataset_of_tomorrow.json",
        "raw/secpol/secedit.inf",
        "raw/secpol/auditpol.csv",
        "raw/azman/InitialStore.xml",
        "raw/vmconfig/4C1D3F7E-0000-4000-8000-000000000001.vmcx",
        "raw/vmconfig/snapshots/4c1d3f7e-0000-4000-8000-000000000001.xml",
        "raw/tasks/12.xml",
        "log.txt",
    ],
)
def test_every_member_of_the_format_is_read(opened, name):
    archive = opened(zipped((name, b"content"), MANIFEST))
    assert archive.read(name) == b"content"
    assert archive.notes == ()


def test_a_member_that_is_not_there_is_an_error_of_that_member(opened):
    assert reason(opened(zipped(MANIFEST)), "data/os.json") == "is not in the archive"


def test_nothing_is_written_beside_the_archive(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    archive = opened(zipped(("../evil.json", b"x"), OS, MANIFEST))
    for name in archive.members:
        archive.read(name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["host.zip"]
    assert not (tmp_path.parent / "evil.json").exists()


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (None, "absent"),
        ("{sha256}  host.zip\n", "ok"),
        ("{SHA256}  host.zip\r\n", "ok"),
        ("0" * 64 + "  host.zip\n", "mismatch"),
        ("no hash\n", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_the_side_file_is_compared(opened, tmp_path, content, state):
    archive = opened(zipped(MANIFEST))
    if content is not None:
        text = content.format(sha256=archive.sha256, SHA256=archive.sha256.upper())
        (tmp_path / "host.zip.sha256").write_bytes(text.encode())
    assert archive.side_file == state


# Folders


def folder(root: Path, *members):
    for name, content in members:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def test_a_folder_is_read_like_a_zip(tmp_path):
    with open_archive(folder(tmp_path, OS, MANIFEST, ("data/hv/Msvm_X.json", b"2"))) as archive:
        assert archive.kind is Kind.FOLDER
        assert set(archive.members) == {"data/os.json", "manifest.json", "data/hv/Msvm_X.json"}
        assert archive.read("data/hv/Msvm_X.json") == b"2"
        assert archive.sha256 is None


def test_the_folder_around_an_unpacked_snapshot_does_as_well(tmp_path):
    folder(tmp_path / "HV01", OS, MANIFEST)
    with open_archive(tmp_path) as archive:
        assert archive.read("data/os.json") == OS[1]


def test_links_in_a_folder_are_not_followed(tmp_path):
    root = folder(tmp_path / "snapshot", OS, MANIFEST)
    secret = folder(tmp_path / "elsewhere", ("services.json", b"secret"))
    try:
        (root / "data/services.json").symlink_to(secret / "services.json")
        (root / "data/hv").symlink_to(secret, target_is_directory=True)
    except OSError:
        pytest.skip("this system does not permit links")
    with open_archive(root) as archive:
        assert reason(archive, "data/services.json") == "is a link"
        assert reason(archive, "data/hv") == "is a link"
        assert set(archive.members) == {"data/os.json", "manifest.json", "data/services.json", "data/hv"}


def test_a_file_that_becomes_a_link_while_the_folder_is_open_is_not_followed(tmp_path):
    if not hasattr(os, "O_NOFOLLOW"):
        pytest.skip("this system cannot refuse links when it opens a file")
    root = folder(tmp_path / "snapshot", OS, MANIFEST)
    secret = folder(tmp_path, ("secret.json", b"secret")) / "secret.json"
    with open_archive(root) as archive:
        (root / "data/os.json").unlink()
        (root / "data/os.json").symlink_to(secret)
        assert "cannot be read" in reason(archive, "data/os.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_blocks_nothing(tmp_path):
    root = folder(tmp_path, OS, MANIFEST)
    os.mkfifo(root / "data/services.json")
    with open_archive(root) as archive:
        assert reason(archive, "data/services.json") == "is a device"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names differ by more than case here")
def test_names_in_a_folder_collide_without_regard_to_case(tmp_path):
    root = folder(tmp_path, OS, ("data/OS.json", b"x"), MANIFEST)
    with open_archive(root) as archive:
        assert "several members" in reason(archive, "data/os.json")
        assert "several members" in reason(archive, "data/OS.json")


def test_a_folder_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("snapshot_tool.archive.MAX_MEMBERS", 3)
    with pytest.raises(ArchiveError, match="more than 3 members"):
        open_archive(folder(tmp_path, OS, MANIFEST, ("log.txt", b""), ("data/a.json", b"")))


# Bare files and what is none of it


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("InitialStore.xml", b'<?xml version="1.0"?>\n<AzAdminManager MajorVersion="1"/>', Kind.AZMAN),
        ("a.xml", '\ufeff<?xml version="1.0" encoding="UTF-16"?><AzAdminManager/>'.encode("utf-16-le"), Kind.AZMAN),
        ("a.xml", b"<!-- <configuration> --><AzAdminManager/>", Kind.AZMAN),
        ("vm.xml", '\ufeff<?xml version="1.0"?><configuration/>'.encode("utf-16-le"), Kind.VM_CONFIGURATION),
        ("vm.vmcx", struct.pack("<I", 0x01282014) + bytes(100), Kind.VMCX),
        ("vm.vmcx", bytes(0x1000) + struct.pack("<I", 0x01282014), Kind.VMCX),
        ("export.csv", b"Name,State\r\nVM1,Running\r\n", Kind.OTHER),
        ("AzAdminManager.txt", b"AzAdminManager", Kind.OTHER),
    ],
)
def test_a_bare_file_is_known_by_its_content(opened, name, content, kind):
    archive = opened(content, name)
    assert archive.kind is kind
    assert not archive.kind.is_snapshot
    assert list(archive.members) == [name]
    assert archive.read(name) == content
    assert archive.sha256 == hashlib.sha256(content).hexdigest()


def test_a_bare_file_may_have_any_name(opened):
    assert list(opened(b"<AzAdminManager/>", "Größe [1].xml").members) == ["Größe [1].xml"]


def test_what_is_not_there_or_empty_is_told_in_one_line(tmp_path):
    (tmp_path / "empty.zip").write_bytes(b"")
    for path, what in (
        (tmp_path / "none.zip", "no such file"),
        (tmp_path / "empty.zip", "empty"),
        (Path("a\0b"), "not the name"),
    ):
        with pytest.raises(ArchiveError, match=what) as caught:
            open_archive(path)
        assert "\n" not in str(caught.value)


# Fuzz

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = [
    zipped(OS, ("data/noise.json", NOISE[:200]), MANIFEST),
    zipped(OS, MANIFEST, method=zipfile.ZIP_STORED),
    zipped(("HV01/manifest.json", b"{}"), ("HV01/raw/azman/a.xml", b"<a/>")),
]


def read_everything(path):
    complaints = []
    try:
        with open_archive(path) as archive:
            for name, member in archive.members.items():
                try:
                    assert len(archive.read(name)) == member.size
                except MemberError as error:
                    complaints.append(str(error))
    except ArchiveError as error:
        complaints.append(str(error))
    assert not any("\n" in complaint for complaint in complaints)


@FUZZ
@given(content=st.binary(max_size=400), head=st.sampled_from([b"", LOCAL, END, CENTRAL, b"<?xml"]))
def test_any_bytes_are_read_or_refused(tmp_path, content, head):
    path = tmp_path / "fuzz.zip"
    path.write_bytes(head + content)
    read_everything(path)


@FUZZ
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=6),
    cut=st.floats(0.3, 1),
)
def test_a_mutated_zip_is_read_or_refused(tmp_path, seed, changes, cut):
    data = bytearray(seed)
    for place, content in changes:
        at = int(place * len(data))
        data[at : at + len(content)] = content
    path = tmp_path / "fuzz.zip"
    path.write_bytes(data[: int(len(data) * cut)] if cut < 0.9 else data)
    read_everything(path)


@FUZZ
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 45), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_a_zip_with_forged_headers_is_read_or_refused(tmp_path, seed, changes):
    data = bytearray(seed)
    for index, (offset, content) in enumerate(changes):
        at = data.find([CENTRAL, END, LOCAL][index % 3]) + offset
        data[at : at + len(content)] = content
    path = tmp_path / "fuzz.zip"
    path.write_bytes(data)
    read_everything(path)
