"""HV-STOR: where files of virtual machines lie, whether there is room for them, and how the host reaches its storage."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from snapshot_tool.check import check
from snapshot_tool.model.filesystem import VMFile, VMFileAttributes, VMFileFoundBy, VMFileKind
from snapshot_tool.model.host import Collection
from snapshot_tool.model.host_hyperv import MountedImage, PoolType, ResourcePool, VirtualSan
from snapshot_tool.model.leftovers import is_checkpoint_link, is_left_over
from snapshot_tool.model.network import NetIPAddress, NetIPInterface
from snapshot_tool.model.owners import mixed_owners
from snapshot_tool.model.paths import folded_path, is_below
from snapshot_tool.model.remote import SmbClientConfiguration, SmbConnection
from snapshot_tool.model.storage import (
    Disk,
    DiskBusType,
    IscsiConnection,
    IscsiSession,
    VHDError,
    VHDFile,
    VHDKind,
    VHDReferences,
    Volume,
    has_single_volume,
    is_on_shared_storage,
    is_on_system_volume,
    volume_of,
)
from snapshot_tool.model.topology import has_one_port, machines_on, shares_vlan_with
from snapshot_tool.model.vm import VM, VMFibreChannelHba, VMState, VMStatus
from snapshot_tool.model.vm_network import VMNetworkAdapter
from snapshot_tool.model.vm_storage import (
    VHD,
    DriveKind,
    VhdFormat,
    VhdType,
    VMCheckpointDisk,
    VMHardDisk,
    lying_on,
    place_of,
    shares_without_connection,
    vm_shares,
)
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    Cause,
    Gap,
    NotAssessed,
    NotOffered,
    Severity,
    Status,
    Verdict,
    either,
    fail,
    graded,
    listed,
    manual,
    settle,
    undetermined,
)

GIB = 1 << 30
SURELY_TIGHT = 20 * GIB
NEVER_TIGHT = 200 * GIB
TIGHT_SHARE = 10
LONG_CHAIN = 3
ORPHANED = timedelta(days=30)
SECTOR_512 = 512
SMB_3 = (3, 0)
POOLS_OF_FILES = frozenset({PoolType.VHD, PoolType.ISO, PoolType.VFD})
MEDIA = frozenset({VHDKind.ISO, VHDKind.VFD})
DISK_REFERENCES = frozenset({VHDReferences.VM_DISK, VHDReferences.SNAPSHOT_DISK, VHDReferences.KEY_STORAGE})
MEDIA_REFERENCES = frozenset({VHDReferences.DVD, VHDReferences.FLOPPY})
NO_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what the initiator says when it has not chosen


def _names(rows: Iterable[object]) -> str:
    return listed(sorted(map(str, rows)))


@check(
    "HV-STOR-001",
    title="No files of virtual machines lie on the system volume",
    severity=Severity.MEDIUM,
    refs=("MS-Plan", "ATT&CK:T1499"),
)
def files_are_not_on_the_system_volume(vm: VM) -> Verdict:
    r"""A disk or checkpoint that grows until the system volume is full stops the host, and with it every machine.

    Remediation:
        Give the host a volume for virtual machines and run `Move-VMStorage -VMName <name> -DestinationStoragePath D:\VMs\<name>`.
    """
    host = vm.host

    def on_system(path: str | None) -> bool:
        return path is not None and path != "" and is_on_system_volume(host, path)

    def disks() -> Verdict | None:
        drives = host.where(VMHardDisk, vm_id=vm.id).select(lambda drive: on_system(drive.folded_path))
        kept = host.where(VMCheckpointDisk, vm_id=vm.id).select(
            lambda disk: disk.kind is DriveKind.HARD_DISK and on_system(disk.folded_path)
        )
        paths = {drive.path for drive in drives.known} | {disk.path for disk in kept.known}
        if not paths:
            len(drives)
            len(kept)
            return None

        def weight() -> Severity:
            return Severity.LOW if has_single_volume(host) else Severity.MEDIUM

        return graded(f"Disks of {vm} lie on the system volume: {_names(paths)}", Severity.MEDIUM, weight)

    def folder(what: str, path: Callable[[], str]) -> Verdict | None:
        place = path()
        if not on_system(folded_path(host, place)):
            return None
        return fail(f"{what} of {vm} lies on the system volume: {place}", Severity.LOW)

    return settle(
        disks,
        lambda: folder("The configuration", lambda: vm.configuration_location),
        lambda: folder("The folder for checkpoints", lambda: vm.snapshot_file_location),
        worst=Severity.MEDIUM,
    )


@check(
    "HV-STOR-002",
    title="Smart Paging files are not on the system volume",
    severity=Severity.LOW,
    refs=("BPA:B023",),
    since="2012",
)
def smart_paging_is_not_on_the_system_volume(vm: VM) -> Verdict:
    r"""When many machines restart at once their paging files fill the volume that Windows needs, and load its disk.

    Remediation:
        Run `Set-VM -Name <name> -SmartPagingFilePath D:\VMs\<name>`, with the machine off.
    """
    memory = vm.memory
    if not memory.dynamic_memory_enabled or memory.minimum >= memory.startup:
        return NOT_APPLICABLE
    host, path = vm.host, vm.smart_paging_file_path
    if not is_on_system_volume(host, folded_path(host, path)):
        return PASS

    def weight() -> Severity:
        return Severity.INFO if has_single_volume(host) else Severity.LOW

    return graded(f"The Smart Paging file of {vm} lies on the system volume: {path}", Severity.LOW, weight)


def _is_tight(volume: Volume) -> bool:
    """Whether growing disks will soon fill the volume. Raises NotAssessed."""
    free = volume.free_bytes
    if free < SURELY_TIGHT:
        return True
    return free < NEVER_TIGHT and free * 100 < volume.size_bytes * TIGHT_SHARE


def _free(volume: Volume) -> str:
    return f"{volume.free_bytes // GIB} GB"


@check(
    "HV-STOR-003",
    title="Volumes have room for dynamic disks to grow",
    severity=Severity.MEDIUM,
    refs=("BPA:B053", "BSI:SYS.1.5.A21", "ATT&CK:T1499"),
)
def dynamic_disks_have_room(volume: Volume) -> Verdict:
    """When the volume is full every machine with a disk on it pauses.

    Remediation:
        Make the volume larger or move disks away; `Convert-VHD -VHDType Fixed` keeps a disk from growing.
    """
    attached = lying_on(volume, VMHardDisk)
    if not attached.known and attached.gap is None:
        return NOT_APPLICABLE

    def grows(drive: VMHardDisk) -> bool:
        vhd = drive.vhd
        return vhd is not None and not vhd.is_gone and vhd.vhd_type is VhdType.DYNAMIC

    if _is_tight(volume):
        dynamic = attached.select(grows)
        if not dynamic.known:
            len(dynamic)
            return PASS
        free = _free(volume)
        return fail(f"{volume} has only {free} free, and dynamic disks of {_names(dynamic.known)} grow on it")
    promised: dict[str, int] = {}

    def promises(drive: VMHardDisk) -> bool:
        if not grows(drive):
            return False
        vhd = drive.vhd
        if vhd is not None:
            promised[vhd.folded_path] = max(0, vhd.size - vhd.file_size)
        return True

    dynamic = attached.select(promises)
    free_bytes, total = volume.free_bytes, sum(promised.values())
    if total > free_bytes:
        return fail(
            f"{volume} has {_free(volume)} free, and dynamic disks of {_names(dynamic.known)} may grow by {total // GIB} GB",
            Severity.LOW,
        )
    len(dynamic)
    return PASS


@check(
    "HV-STOR-004",
    title="Volumes have room for differencing disks to grow",
    severity=Severity.MEDIUM,
    refs=("BPA:B052",),
)
def differencing_disks_have_room(volume: Volume) -> Verdict:
    """Differencing disks, those of checkpoints above all, grow with every change; a full volume pauses the machines.

    Remediation:
        Checkpoints: run `Remove-VMSnapshot`, and let the disks merge. A disk of its own, with the machine off: `Merge-VHD`. Never merge a
        disk of a checkpoint by hand, nor into a parent that other disks build on: both destroy the chain.
    """
    files = lying_on(volume, VHD)
    if not files.known and files.gap is None:
        return NOT_APPLICABLE
    if not _is_tight(volume):
        return PASS
    found = files.select(lambda vhd: not vhd.is_gone and vhd.is_in_use and vhd.vhd_type is VhdType.DIFFERENCING)
    if not found.known:
        len(found)
        return PASS
    return fail(f"{volume} has only {_free(volume)} free, and differencing disks grow on it: {_names(found.known)}")


def _drive_with(vhd: VHD, kind: VhdType) -> VMHardDisk | None:
    """The drive of a virtual machine with an old-format disk of this kind; None for any other disk. Raises NotAssessed."""
    drive = None if vhd.is_gone else vhd.drive
    if drive is None or vhd.vhd_format is not VhdFormat.VHD or vhd.vhd_type is not kind:
        return None
    return drive


@check(
    "HV-STOR-005",
    title="Dynamic disks have the newer VHDX format",
    severity=Severity.LOW,
    refs=("BPA:B084",),
    since="2012",
)
def no_dynamic_vhd(vhd: VHD) -> Verdict:
    """The old format survives a power failure worse, is slower on today's disks, and ends at 2 TB.

    Remediation:
        With the machine off and without checkpoints run `Convert-VHD -Path a.vhd -DestinationPath a.vhdx` and attach the new file. Disks
        for Azure or for hosts before 2012 must stay: waive the finding.
    """
    drive = _drive_with(vhd, VhdType.DYNAMIC)
    return PASS if drive is None else fail(f"The dynamic disk {vhd} of {drive} has the old VHD format")


@check(
    "HV-STOR-006",
    title="Differencing disks have the newer VHDX format",
    severity=Severity.LOW,
    refs=("BPA:B025",),
    since="2012",
)
def no_differencing_vhd(vhd: VHD) -> Verdict:
    """The old format survives a power failure worse, and a chain of disks has more places to break.

    Remediation:
        With the machine off run `Convert-VHD` for the parent, then for the child with `-ParentPath`; delete checkpoints instead.
    """
    drive = _drive_with(vhd, VhdType.DIFFERENCING)
    if drive is None:
        return PASS
    severity = Severity.INFO if vhd.is_checkpoint_link else Severity.LOW
    return fail(f"The differencing disk {vhd} of {drive} has the old VHD format", severity)


@check(
    "HV-STOR-007",
    title="Chains of differencing disks are whole and short",
    severity=Severity.HIGH,
    refs=("ATT&CK:T1565.001",),
)
def chain_is_whole(vhd: VHD) -> Verdict:
    """Without its parent, or with one that changed, a differencing disk is lost; long chains are slow and break more easily.

    Remediation:
        Bring the parent back, or point to it with `Set-VHD -Path <child> -ParentPath <parent>`; shorten chains with `Merge-VHD`. Where the
        parent was changed, restore both from a backup.
    """
    if vhd.is_gone or not vhd.is_in_use or vhd.vhd_type is not VhdType.DIFFERENCING:
        return NOT_APPLICABLE
    parent = vhd.parent
    if parent is None:
        raise undetermined(f"the parent of {vhd} is not known", table="vhd", column="ParentPath")

    def is_there() -> Verdict | None:
        if not parent.is_gone:
            if parent.exists is None:
                raise undetermined(f"whether {parent}, the parent of {vhd}, exists is not known", table="vhd")
            return None
        return fail(f"{parent}, the parent of {vhd}, is gone", Severity.CRITICAL)

    def is_the_same() -> Verdict | None:
        if parent.is_gone:
            return None
        wanted, found = vhd.parent_identifier, parent.disk_identifier
        if wanted is None:
            raise undetermined(f"which parent {vhd} builds on is not known", table="vhd", column="ParentIdentifier")
        if wanted.casefold() == found.casefold():
            return None
        return fail(f"{parent} is not the disk that {vhd} was made from", Severity.HIGH)

    def is_short() -> Verdict | None:
        if vhd.is_checkpoint_link:
            return None
        links = 0
        for disk in vhd.chain:
            if disk.is_gone:
                return None
            if disk.vhd_type is VhdType.DIFFERENCING and not disk.is_checkpoint_link:
                links += 1
        # A longer chain is told of the disk in which it becomes too long.
        if links != LONG_CHAIN + 1:
            return None
        return fail(f"{vhd} is the last of a chain of {links} differencing disks", Severity.LOW)

    return settle(is_there, is_the_same, is_short, worst=Severity.CRITICAL)


@check(
    "HV-STOR-008",
    title="Sectors of virtual disks are not smaller than those of the disk below",
    severity=Severity.LOW,
    refs=("BPA:B026",),
    since="2012",
)
def sectors_fit(vhd: VHD) -> Verdict:
    """Writes smaller than a sector of the disk make it read, change and write back: slow for every machine on it.

    Remediation:
        VHDX, with the machine off: `Set-VHD -Path <path> -PhysicalSectorSizeBytes 4096`. Convert a VHD to VHDX.
    """
    if vhd.is_gone:
        return NOT_APPLICABLE
    drive = vhd.drive
    if drive is None:
        return NOT_APPLICABLE
    if not vhd.is_below_host_sector:
        return PASS
    return fail(
        f"{vhd} of {drive} has sectors of {vhd.physical_sector_size} bytes, smaller than those of the disk below"
    )


@check(
    "HV-STOR-009",
    title="Blocks of virtual disks are aligned",
    severity=Severity.LOW,
    refs=("BPA:B016",),
    since="2012",
)
def blocks_are_aligned(vhd: VHD) -> Verdict:
    """Blocks that begin inside a sector of the disk below make every write touch two of them.

    Remediation:
        Make a new disk from it: `Convert-VHD -Path <old> -DestinationPath <new>`.
    """
    if vhd.is_gone or not vhd.is_in_use or vhd.vhd_type is VhdType.FIXED:
        return NOT_APPLICABLE
    if vhd.alignment != 0:
        return PASS

    def weight() -> Severity:
        return Severity.INFO if vhd.host_sector == SECTOR_512 else Severity.LOW

    return graded(f"The blocks of {vhd} are not aligned to sectors of 4 KB", Severity.LOW, weight)


def _physical_disks(vm: VM) -> bool:
    return bool(vm.host.where(VMHardDisk, vm_id=vm.id).matching(lambda drive: drive.pass_through))


def _has_fibre_channel(vm: VM) -> bool:
    try:
        return bool(vm.host.where(VMFibreChannelHba, vm_id=vm.id))
    except NotOffered:
        return False


@check(
    "HV-STOR-010",
    title="No physical disk is passed to a virtual machine",
    severity=Severity.MEDIUM,
    refs=("seed:G32", "NIST:HY-SR-5 (draft)", "BSI:SYS.1.5.A3"),
)
def no_physical_disk(drive: VMHardDisk) -> Verdict:
    """A disk that belongs to a guest escapes checkpoints, backup through the host and the host's encryption.

    Remediation:
        Copy it into a VHDX (`New-VHD -SourceDisk <number>`) and attach that.
    """
    if not drive.pass_through:
        return PASS
    return fail(f"A physical disk is passed to {drive}")


@check(
    "HV-STOR-011",
    title="Guests may not send unfiltered SCSI commands",
    severity=Severity.MEDIUM,
    refs=("seed:G32", "seed:G38", "BPA:B017", "NIST:HY-SR-5 (draft)", "ATT&CK:T1611"),
    since="2008R2",
)
def scsi_commands_are_filtered(vm: VM) -> Verdict:
    """Raw commands reach the device past the host: firmware, reservations and data of others are within reach.

    Remediation:
        Set `AllowFullSCSICommandSet` to false through WMI: `ModifySystemSettings` of `Msvm_VirtualSystemManagementService` (up to
        2008 R2 `ModifyVirtualSystem`). Guests that manage a storage array may need it: ask its vendor, then waive.
    """
    if not vm.allow_full_scsi_command_set:
        return PASS

    def weight() -> Severity:
        reaches = either(lambda: _physical_disks(vm), lambda: _has_fibre_channel(vm))
        return Severity.HIGH if reaches else Severity.MEDIUM

    return graded(f"The guest of {vm} may send any SCSI command", Severity.HIGH, weight)


@check(
    "HV-STOR-012",
    title="Disks shared by virtual machines are VHD sets of one owner",
    severity=Severity.INFO,
    refs=("seed:G32", "seed:G39", "BSI:SYS.1.5.A2", "BSI:SYS.1.5.A15"),
    since="2012R2",
)
def shared_disks(vhd: VHD) -> Verdict:
    """What one machine writes the other reads, past every network rule. Clusters of guests need it; a VHD set can be backed up by the host.

    Remediation:
        Run `Convert-VHD` to a `.vhds` file on 2016 and later; give machines of different owners disks of their own.
    """
    host = vhd.host
    drives = host.where(VMHardDisk, folded_path=vhd.folded_path)
    machines = {drive.vm_id: drive.vm_name for drive in drives.known}
    shared = len(machines) > 1 or bool(drives.matching(lambda drive: drive.support_persistent_reservations))
    if not shared:
        len(drives)
        return PASS
    told = [host.policy.tags_of(vm_id, vm_name) for vm_id, vm_name in machines.items()]
    owners = {tags.owner.casefold() for tags in told if tags is not None and tags.owner}
    names = listed(sorted(machines.values()))
    if len(owners) > 1:
        return fail(f"{vhd} is shared by machines of different owners: {names}", Severity.MEDIUM)
    len(drives)
    if host.host.era in ("2012", "2012R2") or vhd.folded_path.endswith(".vhds"):
        return PASS
    return fail(f"{vhd} is shared by {names} and is no VHD set")


@check(
    "HV-STOR-013",
    title="No disk image is mounted in the management operating system",
    severity=Severity.HIGH,
    refs=("MS-Plan", "ATT&CK:T1204"),
    since="2012",
)
def no_image_is_mounted(host: Snapshot) -> Sequence[Verdict]:
    """The host reads the file system of a guest, with drivers that trust it, and whoever works on the host reads its data.

    Remediation:
        Run `Dismount-VHD -Path <path>`, unless a backup has mounted it just now.
    """

    def of_image(image: MountedImage) -> Verdict:
        path = folded_path(host, image.path)
        if path.endswith(".iso"):
            return NOT_APPLICABLE
        return _judged_mount(host, path, image.path)

    def of_disk(disk: Disk) -> Verdict | None:
        if disk.bus_type is not DiskBusType.FILE_BACKED_VIRTUAL:
            return None
        place = disk.location
        if not place:
            raise undetermined(f"which file the disk {disk} is made of is not known", table="disks", column="Location")
        path = folded_path(host, place)
        return None if path in told else _judged_mount(host, path, place)

    images = host.rows(MountedImage)
    told = set()
    for image in images.known:
        try:
            told.add(folded_path(host, image.path))
        except NotAssessed:
            continue  # its own answer says so
    answers = [*images.each(of_image), *host.rows(Disk).each(of_disk)]
    return answers or [NOT_APPLICABLE]


def _judged_mount(host: Snapshot, path: str, shown: str) -> Verdict:
    users = host.where(VMHardDisk, folded_path=path).matching(lambda drive: drive.owner.state is VMState.RUNNING)
    if users:
        return PASS
    return fail(f"{shown} is mounted in the management operating system, and no running machine uses it")


def _weight_if_shared(file: VMFile | VHDFile, alone: Severity) -> Callable[[], Severity]:
    """Info where machines of other hosts may use the file: this snapshot does not know them."""
    return lambda: Severity.INFO if is_on_shared_storage(file.host, file.folded_path) else alone


def _is_in_recycle_bin(file: VMFile) -> bool:
    return VMFileFoundBy.RECYCLE_BIN in file.found_by or "\\$recycle.bin\\" in file.folded_path


@check(
    "HV-STOR-014",
    title="No virtual disks are left over",
    severity=Severity.LOW,
    refs=("seed:G35", "BSI:SYS.1.5.A10", "ATT&CK:T1005"),
)
def no_orphaned_disks(file: VMFile) -> Verdict:
    """A disk whose machine is gone keeps its data, passwords included, where nobody looks after it any more.

    Remediation:
        Archive the file or delete it securely, once no machine of another host needs it. Waive templates and libraries.
    """
    if file.kind is not VMFileKind.DISK:
        return NOT_APPLICABLE
    host = file.host
    if host.host.started is None:
        raise undetermined("the time of collection is not known")
    age = host.host.started - file.last_write_utc
    if age <= ORPHANED or not is_left_over(file):
        return PASS
    message = f"No machine of this host uses {file}, written {age.days} days ago"
    return graded(message, Severity.LOW, _weight_if_shared(file, Severity.LOW))


@check(
    "HV-STOR-015",
    title="No checkpoint disks are left over, and none waits to be merged",
    severity=Severity.MEDIUM,
    refs=("seed:G35", "seed:G36"),
)
def no_leftover_checkpoint_disks(host: Snapshot) -> Sequence[Verdict]:
    """A checkpoint disk in no chain is what a failed merge or restore leaves: data that may be missed, or should be gone.

    Remediation:
        Find out which disk it belongs to (`Get-VHD`, `ParentPath`); shut the machine down to let a pending merge run. Use `Merge-VHD` only
        for a disk that no machine and no checkpoint refers to.
    """

    def message(file: VMFile | VHDFile) -> str:
        return f"{file} belongs to no disk and no checkpoint of this host"

    def of_file(file: VMFile) -> Verdict:
        if _is_in_recycle_bin(file) or not is_left_over(file):
            return PASS

        def weight() -> Severity:
            # A backup may have made it after the machines were asked.
            if host.host.started is not None and file.creation_utc >= host.host.started:
                return Severity.INFO
            return _weight_if_shared(file, Severity.MEDIUM)()

        return graded(message(file), Severity.MEDIUM, weight)

    def of_listed(file: VHDFile) -> Verdict:
        if set(file.references) - {VHDReferences.FOLDER} or file.exists is False or not is_left_over(file):
            return PASS
        if host.find(VMFile, folded_path=file.folded_path) is not None:
            return PASS
        return graded(message(file), Severity.MEDIUM, _weight_if_shared(file, Severity.MEDIUM))

    def of_machine(vm: VM) -> Verdict | None:
        def merges(status: VMStatus | None) -> Verdict | None:
            if status is VMStatus.MERGING_DISKS:
                return fail(f"{vm} merges disks of a deleted checkpoint", Severity.INFO)
            return None

        return settle(
            lambda: merges(vm.secondary_operational_status),
            lambda: merges(vm.primary_operational_status),
            worst=Severity.INFO,
        )

    files = host.rows(VMFile).select(lambda file: file.kind is VMFileKind.DISK and is_checkpoint_link(file.folded_path))
    known = host.rows(VHDFile).select(lambda file: file.kind in (VHDKind.AVHD, VHDKind.AVHDX))
    return [*files.each(of_file), *known.each(of_listed), *host.rows(VM).each(of_machine)]


@check(
    "HV-STOR-016",
    title="No virtual disks lie in a recycle bin",
    severity=Severity.LOW,
    refs=("seed:G35", "BSI:SYS.1.5.A10", "ATT&CK:T1005"),
)
def no_disks_in_a_recycle_bin(file: VMFile) -> Verdict:
    """A machine that was deleted this way is not gone: whoever opens the bin has its disk.

    Remediation:
        Empty the bin (`Clear-RecycleBin -DriveLetter D`), once nobody needs the disk.
    """
    if file.kind is not VMFileKind.DISK or not _is_in_recycle_bin(file):
        return NOT_APPLICABLE
    return fail(f"{file} lies in a recycle bin")


@check(
    "HV-STOR-017",
    title="Volumes with virtual disks have a file system with access control",
    severity=Severity.HIGH,
    refs=("STIG:WN22-00-000130",),
)
def file_system_is_supported(volume: Volume) -> Verdict:
    """Without NTFS, ReFS or CSVFS nothing keeps one user from the disks of another, and large disks are not possible.

    Remediation:
        Move the machines away, then format the volume anew, or run `convert <drive> /fs:ntfs`.
    """
    attached = lying_on(volume, VMHardDisk)
    if not attached:
        return NOT_APPLICABLE
    system = volume.file_system
    if system is None:
        raise undetermined(f"the file system of {volume} is not known", table="volumes", column="FileSystem")
    if system.upper() in ("NTFS", "REFS", "CSVFS"):
        return PASS
    return fail(f"{volume} with disks of {_names(attached.known)} has the file system {system}")


def _of_vm_shares(host: Snapshot, question: Callable[[SmbConnection, str], Verdict | None]) -> Sequence[Verdict]:
    """One answer per connection to a share with files of virtual machines, and one per such share without a connection."""
    shares = vm_shares(host)
    connections = host.rows(SmbConnection)

    def asked(connection: SmbConnection) -> Verdict | None:
        machines = shares.behind(connection)
        return question(connection, listed(machines)) if machines else NOT_APPLICABLE

    answers = connections.each(asked)
    for server, share, gap in shares_without_connection(host):
        told = Verdict(Status.NOT_ASSESSED, str(gap), part=f"\\\\{server}\\{share}", gap=gap)
        answers.append(told.on(None))
    if shares.gap is not None:
        answers.append(Verdict(Status.NOT_ASSESSED, str(shares.gap), gap=shares.gap))
    return answers


def _version(connection: SmbConnection) -> tuple[int, ...]:
    text = connection.dialect or ""
    parts = text.strip().split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise undetermined(f"{text!r} is no version of SMB", table="smb_connections", column="Dialect")
    return tuple(map(int, parts))


@check(
    "HV-STOR-018",
    title="Shares with files of virtual machines are reached with SMB 3",
    severity=Severity.HIGH,
    refs=("BPA:B082", "ATT&CK:T1557"),
    since="2012",
)
def vm_shares_use_smb_3(host: Snapshot) -> Sequence[Verdict]:
    """Before SMB 3 there is no encryption, and Hyper-V over it is not supported: a hiccup of the network can damage disks.

    Remediation:
        Put the machines on a file server that speaks SMB 3, or switch SMB 3 on there.
    """

    def speaks_smb_3(connection: SmbConnection, machines: str) -> Verdict | None:
        if _version(connection) >= SMB_3:
            return None
        return fail(f"{connection} with files of {machines} is reached with SMB {connection.dialect}")

    return _of_vm_shares(host, speaks_smb_3)


@check(
    "HV-STOR-019",
    title="Shares with files of virtual machines are continuously available",
    severity=Severity.LOW,
    refs=("BPA:B081",),
    since="2012",
)
def vm_shares_are_continuously_available(host: Snapshot) -> Sequence[Verdict]:
    """Otherwise a failover of the file server pauses or stops the machines.

    Remediation:
        On a clustered file server run `Set-SmbShare -Name <share> -ContinuouslyAvailable $true`. Waive where the server cannot.
    """

    def stays(connection: SmbConnection, machines: str) -> Verdict | None:
        if connection.continuously_available:
            return None
        return fail(f"{connection} with files of {machines} is not continuously available")

    return _of_vm_shares(host, stays)


@check(
    "HV-STOR-020",
    title="Traffic to shares with files of virtual machines is encrypted or signed",
    severity=Severity.MEDIUM,
    refs=("MS-Plan", "ATT&CK:T1557", "ATT&CK:T1040"),
    since="2012",
)
def vm_shares_are_protected(host: Snapshot) -> Sequence[Verdict]:
    """Whoever sits on the way reads the disks of the machines, and may change them.

    Remediation:
        Run `Set-SmbShare -Name <share> -EncryptData $true` on the file server; with RDMA it stays direct from 2022 on.
    """

    def is_protected(connection: SmbConnection, machines: str) -> Verdict | None:
        if connection.encrypted:
            return None
        try:
            signed = connection.signed
        except NotOffered:
            if host.one(SmbClientConfiguration).require_security_signature:
                return None
            raise undetermined(
                f"whether traffic to {connection} is signed is not known", table="smb_connections", column="Signed"
            ) from None
        if signed:
            return None
        return fail(
            f"Traffic to {connection} with files of {machines} is neither encrypted nor signed; "
            "this weighs more in a network of machines or of management, and less in one of its own"
        )

    return _of_vm_shares(host, is_protected)


@check(
    "HV-STOR-021",
    title="Disks with a rule for storage traffic lie on one volume with their parents",
    severity=Severity.LOW,
    refs=("BPA:B018",),
    since="2012R2",
)
def limited_disks_lie_with_their_parents(drive: VMHardDisk) -> Verdict:
    """Reads from a parent on another volume are outside of the rule: neither the limit nor the reserve holds.

    Remediation:
        Run `Set-VMHardDiskDrive -MaximumIOPS 0 -MinimumIOPS 0` (with a policy: `-QoSPolicyID $null`), or move the parent.
    """
    if not drive.has_io_rule:
        return PASS
    vhd = drive.vhd
    if vhd is None or vhd.is_gone:
        return NOT_APPLICABLE
    own = place_of(drive.host, vhd.folded_path)
    for ancestor in vhd.chain:
        if place_of(drive.host, ancestor.folded_path) != own:
            return fail(f"{vhd} of {drive} has a rule for its traffic, but builds on {ancestor} on another volume")
    return PASS


@check(
    "HV-STOR-022",
    title="No folder belongs to several storage resource pools",
    severity=Severity.LOW,
    refs=("BPA:B021",),
    since="2012",
)
def pools_do_not_overlap(host: Snapshot) -> Verdict:
    """What is measured and limited for one pool then counts for another as well.

    Remediation:
        Run `Remove-VMStoragePath -Path <path> -ResourcePoolName <pool> -ResourcePoolType VHD`.
    """
    pools = host.rows(ResourcePool).matching(
        lambda pool: not pool.primordial and pool.resource_pool_type in POOLS_OF_FILES
    )
    if not pools:
        return PASS
    raise undetermined(
        f"how the host tells the folders of its storage pools is unverified: {_names(pools)}",
        table="resource_pool",
        column="Paths",
    )


@check(
    "HV-STOR-023",
    title="Virtual storage networks have a host bus adapter",
    severity=Severity.MEDIUM,
    refs=("BPA:B011",),
    since="2012",
)
def san_has_an_adapter(san: VirtualSan) -> Verdict:
    """Machines on it do not reach their storage, and do not start.

    Remediation:
        Run `Set-VMSan -Name <name> -HostBusAdapter (Get-InitiatorPort)` with the ports meant, or remove the network.
    """
    if san.hbas:
        return PASS
    return fail(f"The virtual storage network {san} has no host bus adapter")


@check(
    "HV-STOR-024",
    title="Live migration may not cost redundancy of Fibre Channel",
    severity=Severity.LOW,
    refs=("BPA:B019",),
    since="2012",
)
def redundancy_is_kept(vm: VM) -> Verdict:
    """After a move to a host with fewer paths one more fault cuts the machine off from its storage.

    Remediation:
        Set `AllowReducedFcRedundancy` to false through WMI (`ModifySystemSettings` of `Msvm_VirtualSystemManagementService`).
    """
    if not vm.allow_reduced_fc_redundancy:
        return PASS
    if not _has_fibre_channel(vm):
        return NOT_APPLICABLE
    return fail(f"{vm} may move to a host with fewer Fibre Channel paths")


@check(
    "HV-STOR-025",
    title="Virtual machines reach Fibre Channel over several adapters",
    severity=Severity.INFO,
    refs=("BPA:B087",),
    since="2012",
)
def fibre_channel_is_redundant(vm: VM) -> Verdict:
    """One fault of a cable, port or adapter then cuts the machine off from its storage.

    Remediation:
        Run `Add-VMFibreChannelHba -VMName <name> -SanName <second SAN>` and install MPIO in the guest.
    """
    adapters = vm.host.where(VMFibreChannelHba, vm_id=vm.id)
    if not adapters:
        return NOT_APPLICABLE
    if len(adapters) < 2:
        return fail(f"{vm} has a single Fibre Channel adapter")
    ports: set[str] = set()
    for adapter in adapters:
        name = adapter.san_name
        san = None if name is None else vm.host.find(VirtualSan, name=name)
        if san is None:
            raise undetermined(
                f"the storage network of {vm} is not known", table="vm_fibre_channel_hba", column="SanName"
            )
        ports |= {port.casefold() for port in san.hbas}
    return fail(f"All Fibre Channel adapters of {vm} lead to one port of the host") if len(ports) < 2 else PASS


@check(
    "HV-STOR-026",
    title="Disks of virtual machines of different owners have a limit of storage traffic",
    severity=Severity.LOW,
    refs=("seed:G40", "seed:G42", "NIST:HY-SR-9 (draft)", "ATT&CK:T1499"),
    since="2012R2",
)
def storage_traffic_is_limited(host: Snapshot) -> Verdict:
    """Where owners share a host, one of them can take the storage from the others.

    Remediation:
        Run `Set-VMHardDiskDrive -VMName <name> -MaximumIOPS <number>` for machines that are not trusted.
    """
    drives = host.rows(VMHardDisk)

    def is_limited(drive: VMHardDisk) -> bool:
        def by_policy() -> bool:
            return drive.qos_policy_id is not None

        return either(lambda: drive.maximum_iops > 0, by_policy)

    if drives.matching(is_limited):
        return PASS
    count = len(drives)
    if not count:
        return NOT_APPLICABLE
    mixed = mixed_owners(host)
    if mixed is None:
        return manual(
            f"Do machines of different owners share the host? None of its {count} disks has a limit of traffic"
        )
    if not mixed:
        return NOT_APPLICABLE
    return fail(f"None of {count} disks has a limit of traffic, though owners share the host")


def _interface_of(connection: IscsiConnection) -> NetIPAddress | None:
    """The host's address that a session starts from; None for a target on the host itself. Raises NotAssessed."""
    host, own, target = connection.host, connection.initiator_address, connection.target_address
    if target is not None and (target.startswith("127.") or host.find(NetIPAddress, address=target) is not None):
        return None
    if own is None or own in NO_ADDRESS:
        raise undetermined(
            f"the address that {connection} starts from is not known",
            table="iscsi_connections",
            column="InitiatorAddress",
        )
    found = host.find(NetIPAddress, address=own)
    if found is None:
        raise undetermined(f"{own} is no address of the host", table="net_ip", column="Address")
    return found


@check(
    "HV-STOR-027",
    title="iSCSI has a network of its own",
    severity=Severity.MEDIUM,
    refs=("seed:G11", "BSI:SYS.1.5.A9"),
)
def iscsi_has_its_own_network(connection: IscsiConnection) -> Verdict:
    """Next to management or to machines the traffic of the storage can be read, changed and crowded out.

    Remediation:
        Bind the sessions to a network card for storage (`New-IscsiTargetPortal -InitiatorPortalAddress`,
        `Connect-IscsiTarget -InitiatorPortalAddress`), or give the host adapter a VLAN of its own.
    """
    host = connection.host
    source = _interface_of(connection)
    if source is None:
        return NOT_APPLICABLE
    where = source.address
    guid = source.interface_guid

    def is_managed() -> Verdict | None:
        interfaces = host.where(NetIPInterface, interface_index=source.interface_index)
        if interfaces.matching(lambda interface: bool(interface.gateways)):
            return fail(f"iSCSI runs over {where}, the interface with the default gateway")
        return None

    def is_among_machines() -> Verdict | None:
        if guid is None:
            raise undetermined(f"the interface of {where} is not known", table="net_ip", column="InterfaceGuid")
        adapter = host.find(VMNetworkAdapter, device_id=guid)
        switch = None if adapter is None else adapter.switch
        if adapter is None or switch is None:
            return None
        machines = machines_on(switch)
        sharing = shares_vlan_with(adapter, machines)
        if sharing:
            return fail(f"iSCSI runs over {where} on {adapter}, in one VLAN with {_names(sharing)}")
        if not machines:
            return None
        return fail(
            f"iSCSI runs over {where} on {adapter}, in a VLAN of its own on the switch of {_names(machines.known)}",
            Severity.INFO,
        )

    answer = settle(is_managed, is_among_machines, worst=Severity.MEDIUM)
    # With one port nothing can be kept apart by cable; that is told by HV-NET-001.
    return NOT_APPLICABLE if answer.status is Status.FAIL and has_one_port(host) else answer


@check(
    "HV-STOR-028",
    title="iSCSI sessions are authenticated",
    severity=Severity.MEDIUM,
    refs=("seed:G11", "ATT&CK:T1557"),
    since="2012",
)
def iscsi_is_authenticated(session: IscsiSession) -> Verdict:
    """Without CHAP any computer that claims the host's name gets its disks, and any that claims the target's gets its writes.

    Remediation:
        Set a secret on the target, then run `Connect-IscsiTarget -AuthenticationType ONEWAYCHAP` (better `MUTUALCHAP`) and
        `Register-IscsiSession`.
    """
    kind = session.authentication_type
    if kind is None:
        raise undetermined(f"how {session} is authenticated is not known", table="iscsi_sessions")
    if kind.casefold() != "none":
        return PASS
    target = session.target_node_address
    return fail(f"The iSCSI session to {target} is not authenticated; this weighs less in a network of its own")


@check(
    "HV-STOR-029",
    title="Virtual disk files are neither compressed nor encrypted nor sparse",
    severity=Severity.MEDIUM,
)
def disk_files_are_plain(file: VMFile) -> Verdict:
    """Hyper-V refuses compressed and encrypted disk files, and sparse ones on NTFS: the machine does not start again.

    Remediation:
        With the machine off run `compact /u /f <path>`, or `cipher /d <path>`; copy a sparse file.
    """
    if file.kind is not VMFileKind.DISK:
        return NOT_APPLICABLE
    found = set(file.attributes)
    if VMFileAttributes.COMPRESSED in found:
        return fail(f"{file} is compressed")
    if VMFileAttributes.ENCRYPTED in found:
        return fail(f"{file} is encrypted with EFS")
    if VMFileAttributes.SPARSE in found:
        volume = volume_of(file.host, file.folded_path)
        if volume is not None and (volume.file_system or "").upper() == "NTFS":
            return fail(f"{file} is sparse, on NTFS", Severity.LOW)
    return PASS


@check(
    "HV-STOR-030",
    title="Volumes with virtual disks are deduplicated for that use only",
    severity=Severity.LOW,
    since="2012",
)
def deduplication_fits(volume: Volume) -> Verdict:
    """Deduplication for general files touches disks that are in use, and is supported for desktops and backup only.

    Remediation:
        Run `Set-DedupVolume -Volume <volume> -UsageType HyperV` where all machines are virtual desktops, else
        `Disable-DedupVolume -Volume <volume>` and `Start-DedupJob -Type Unoptimization -Volume <volume>`.
    """
    attached = lying_on(volume, VMHardDisk)
    if not attached.known and attached.gap is None:
        return NOT_APPLICABLE
    if not volume.dedup_enabled:
        return PASS
    if not attached:
        return NOT_APPLICABLE
    try:
        usage = volume.dedup_usage_type
    except NotOffered:
        usage = "Default"  # 2012 knows no other
    match (usage or "").casefold():
        case "hyperv" | "backup":
            return PASS
        case "default":
            return fail(f"{volume} with disks of {_names(attached.known)} is deduplicated for general files")
        case _:  # the numbers that some hosts give stand in no documentation
            raise undetermined(
                f"what {volume} is deduplicated for is not known", table="volumes", column="DedupUsageType"
            )


@check(
    "HV-STOR-031",
    title="Disks of virtual machines do not lie in profiles or folders for temporary files",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A2",),
)
def disks_do_not_lie_in_profiles(drive: VMHardDisk) -> Verdict:
    r"""A user, or a clean-up of temporary files, deletes or reads the disk there.

    Remediation:
        Run `Move-VMStorage -VMName <name> -DestinationStoragePath D:\VMs\<name>`.
    """
    path, shown = drive.folded_path, drive.path
    if path is None:
        return PASS
    host = drive.host
    usual = folded_path(host, r"%SystemDrive%\Users")
    if is_below(path, usual + r"\public"):
        return PASS  # told by HV-ACL-015
    folders = path.split("\\")[1:-1]
    named = not _FOR_A_WHILE.isdisjoint(folders)
    message = f"The disk {shown} of {drive} lies in a profile or a folder for temporary files"
    if is_below(path, usual) or (named and "public" not in folders):
        return fail(message)
    run = host.one(Collection)
    if is_below(path, folded_path(host, run.public)):
        return PASS
    users = run.users_root
    in_profile = users is not None and is_below(path, folded_path(host, users))
    return fail(message) if named or in_profile else PASS


_FOR_A_WHILE = frozenset({"temp", "tmp", "desktop", "downloads"})


@check(
    "HV-STOR-033",
    title="The files that virtual machines refer to exist",
    severity=Severity.HIGH,
    refs=("seed:G32",),
)
def files_exist(file: VHDFile) -> Verdict:
    """A machine whose disk is gone does not start, a checkpoint cannot be applied; the data may be lost.

    Remediation:
        Bring the file back from a backup, correct the path (`Set-VMHardDiskDrive -Path`), or run `Remove-VMHardDiskDrive`; for an image
        run `Set-VMDvdDrive -Path $null`.
    """
    references = set(file.references)
    if not references & (DISK_REFERENCES | MEDIA_REFERENCES):
        return NOT_APPLICABLE
    if file.exists:
        return PASS
    if file.exists is None:
        error = file.error
        cause = Cause.ACCESS_DENIED if error is VHDError.ACCESS_DENIED else Cause.UNDETERMINED
        raise NotAssessed(Gap(cause, f"whether {file} exists is not known", "vhds", "Exists"))
    severity = Severity.HIGH if references & DISK_REFERENCES else Severity.LOW
    users = listed(sorted({str(drive) for drive in file.host.where(VMHardDisk, folded_path=file.folded_path).known}))
    whose = f" of {users}" if users else ""
    what = "The disk" if references & DISK_REFERENCES else "The image"
    return fail(f"{what} {file}{whose} is gone", severity)
