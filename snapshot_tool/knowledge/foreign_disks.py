"""Virtual disk files that other parts of Windows, and not virtual machines, own: by name and folder."""

from fnmatch import fnmatchcase

_NAMES = (
    # User profile disks of Remote Desktop Services: UVHD-<SID>.vhdx, UVHD-template.vhdx.
    # https://learn.microsoft.com/windows-server/remote/remote-desktop-services/rds-storage-spaces-direct-deployment, 2026-11
    "uvhd-*",
    # Profile and Office containers of FSLogix. https://learn.microsoft.com/fslogix/concepts-container-types, 2026-11
    "profile_*",
    "odfc_*",
    # Windows Subsystem for Linux. https://learn.microsoft.com/windows/wsl/disk-space, 2026-11
    "ext4.vhdx",
)
_FOLDERS = (
    # Windows Server Backup. https://learn.microsoft.com/windows-server/administration/windows-commands/wbadmin, 2026-11
    "windowsimagebackup",
    # Default folder of the iSCSI target server. https://learn.microsoft.com/powershell/module/iscsitarget/new-iscsivirtualdisk, 2026-11
    "iscsivirtualdisks",
)


def is_foreign_disk(path: str) -> bool:
    """Whether a folded path names a disk file that is none of a virtual machine."""
    *folders, name = path.split("\\")
    return any(fnmatchcase(name, pattern) for pattern in _NAMES) or not set(folders).isdisjoint(_FOLDERS)
