"""Access masks of Windows by their names, and the notions that checks use: create, replace, modify, change.

Sources: MS-DTYP 2.4.3, winnt.h and winsvc.h as documented on Microsoft Learn (File Access Rights Constants, Registry Key Security
and Access Rights, Service Security and Access Rights), 2026-11-22; Event Logging Security and `wevtutil` (`/ca`), 2026-11-25.
"""

from dataclasses import dataclass
from typing import Final

DELETE: Final = 0x0001_0000
READ_CONTROL: Final = 0x0002_0000
WRITE_DAC: Final = 0x0004_0000
WRITE_OWNER: Final = 0x0008_0000
SYNCHRONIZE: Final = 0x0010_0000
ACCESS_SYSTEM_SECURITY: Final = 0x0100_0000
MAXIMUM_ALLOWED: Final = 0x0200_0000
GENERIC_ALL: Final = 0x1000_0000
GENERIC_EXECUTE: Final = 0x2000_0000
GENERIC_WRITE: Final = 0x4000_0000
GENERIC_READ: Final = 0x8000_0000
EVERY_RIGHT: Final = 0xFFFF_FFFF

# Files and folders share the bits, not their meaning.
FILE_READ_DATA: Final = 0x1
FILE_LIST_DIRECTORY: Final = 0x1
FILE_WRITE_DATA: Final = 0x2
FILE_ADD_FILE: Final = 0x2
FILE_APPEND_DATA: Final = 0x4
FILE_ADD_SUBDIRECTORY: Final = 0x4
FILE_READ_EA: Final = 0x8
FILE_WRITE_EA: Final = 0x10
FILE_EXECUTE: Final = 0x20
FILE_TRAVERSE: Final = 0x20
FILE_DELETE_CHILD: Final = 0x40
FILE_READ_ATTRIBUTES: Final = 0x80
FILE_WRITE_ATTRIBUTES: Final = 0x100
FILE_ALL_ACCESS: Final = 0x001F_01FF
FILE_GENERIC_READ: Final = 0x0012_0089
FILE_GENERIC_WRITE: Final = 0x0012_0116
FILE_GENERIC_EXECUTE: Final = 0x0012_00A0
FILE_MODIFY: Final = 0x0013_01BF
"""What icacls calls M."""
FILE_READ_AND_EXECUTE: Final = 0x0012_00A9
"""What icacls calls RX."""

KEY_QUERY_VALUE: Final = 0x1
KEY_SET_VALUE: Final = 0x2
KEY_CREATE_SUB_KEY: Final = 0x4
KEY_ENUMERATE_SUB_KEYS: Final = 0x8
KEY_NOTIFY: Final = 0x10
KEY_CREATE_LINK: Final = 0x20
KEY_ALL_ACCESS: Final = 0x000F_003F
KEY_READ: Final = 0x0002_0019
KEY_WRITE: Final = 0x0002_0006
KEY_EXECUTE: Final = 0x0002_0019

SERVICE_QUERY_CONFIG: Final = 0x1
SERVICE_CHANGE_CONFIG: Final = 0x2
SERVICE_QUERY_STATUS: Final = 0x4
SERVICE_ENUMERATE_DEPENDENTS: Final = 0x8
SERVICE_START: Final = 0x10
SERVICE_STOP: Final = 0x20
SERVICE_PAUSE_CONTINUE: Final = 0x40
SERVICE_INTERROGATE: Final = 0x80
SERVICE_USER_DEFINED_CONTROL: Final = 0x100
SERVICE_ALL_ACCESS: Final = 0x000F_01FF
SERVICE_GENERIC_READ: Final = 0x0002_008D
SERVICE_GENERIC_WRITE: Final = 0x0002_0002
SERVICE_GENERIC_EXECUTE: Final = 0x0002_0170

EVENT_LOG_READ: Final = 0x1
EVENT_LOG_WRITE: Final = 0x2
EVENT_LOG_CLEAR: Final = 0x4
EVENT_LOG_ALL_ACCESS: Final = 0x000F_0007

CREATE: Final = FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY
"""On a folder: put something new into it. What every user may do on a freshly formatted data volume."""
REPLACE: Final = FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER
"""On a folder: take away what is in it, or the folder itself, and put something else in its place."""
MODIFY: Final = FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE | WRITE_DAC | WRITE_OWNER
"""On a file: change what it says, remove it, or give oneself the right to."""
PLANT: Final = FILE_ADD_FILE | WRITE_DAC | WRITE_OWNER
"""On a folder: add a file to it, or give oneself the right to."""
VHD_FOLDER_2008: Final = 0x0003_01DE
"""On a folder: what the security guide of 2009 gives INTERACTIVE, SERVICE and BATCH on the folder of virtual disks."""
READ: Final = FILE_READ_DATA
"""On a file: read what it says."""
CHANGE_KEY: Final = KEY_SET_VALUE | KEY_CREATE_SUB_KEY | WRITE_DAC | WRITE_OWNER
"""On a registry key: change what it says, or give oneself the right to."""
CHANGE_SERVICE: Final = SERVICE_CHANGE_CONFIG | WRITE_DAC | WRITE_OWNER
"""On a service: run a program of one's own in its place, or give oneself the right to."""
CHANGE_EVENT_LOG: Final = EVENT_LOG_CLEAR | DELETE | WRITE_DAC | WRITE_OWNER
"""On an event log: clear it, or give oneself the right to."""


@dataclass(frozen=True, slots=True)
class GenericMapping:
    """What the four generic rights mean on one kind of object."""

    read: int
    write: int
    execute: int
    everything: int

    def map(self, mask: int) -> int:
        """The mask with every generic right replaced by the specific ones; MS-DTYP 2.5.3.2."""
        if not mask & 0xF000_0000:
            return mask
        if mask & GENERIC_READ:
            mask |= self.read
        if mask & GENERIC_WRITE:
            mask |= self.write
        if mask & GENERIC_EXECUTE:
            mask |= self.execute
        if mask & GENERIC_ALL:
            mask |= self.everything
        return mask & 0x0FFF_FFFF


FILE_MAPPING: Final = GenericMapping(FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS)
KEY_MAPPING: Final = GenericMapping(KEY_READ, KEY_WRITE, KEY_EXECUTE, KEY_ALL_ACCESS)
SERVICE_MAPPING: Final = GenericMapping(
    SERVICE_GENERIC_READ, SERVICE_GENERIC_WRITE, SERVICE_GENERIC_EXECUTE, SERVICE_ALL_ACCESS
)

EVENT_LOG_MAPPING: Final = GenericMapping(
    READ_CONTROL | EVENT_LOG_READ, READ_CONTROL | EVENT_LOG_WRITE, READ_CONTROL, EVENT_LOG_ALL_ACCESS
)


def described(mask: int, words: dict[int, str]) -> str:
    """The rights of a mask in words, for messages: `add files, delete`; `full control` where nothing is missing."""
    if not words.keys() - {bit for bit in words if mask & bit}:
        return "full control"
    return ", ".join(word for bit, word in words.items() if mask & bit) or f"0x{mask:x}"


_STANDARD_WORDS: Final = {
    DELETE: "delete",
    READ_CONTROL: "read permissions",
    WRITE_DAC: "change permissions",
    WRITE_OWNER: "take ownership",
}
FILE_WORDS: Final = {
    FILE_READ_DATA: "read",
    FILE_WRITE_DATA: "write",
    FILE_APPEND_DATA: "append",
    FILE_READ_EA: "read extended attributes",
    FILE_WRITE_EA: "write extended attributes",
    FILE_EXECUTE: "execute",
    FILE_READ_ATTRIBUTES: "read attributes",
    FILE_WRITE_ATTRIBUTES: "write attributes",
    **_STANDARD_WORDS,
}
FOLDER_WORDS: Final = {
    FILE_LIST_DIRECTORY: "list",
    FILE_ADD_FILE: "add files",
    FILE_ADD_SUBDIRECTORY: "add folders",
    FILE_READ_EA: "read extended attributes",
    FILE_WRITE_EA: "write extended attributes",
    FILE_TRAVERSE: "traverse",
    FILE_DELETE_CHILD: "delete what is in it",
    FILE_READ_ATTRIBUTES: "read attributes",
    FILE_WRITE_ATTRIBUTES: "write attributes",
    **_STANDARD_WORDS,
}
KEY_WORDS: Final = {
    KEY_QUERY_VALUE: "read values",
    KEY_SET_VALUE: "set values",
    KEY_CREATE_SUB_KEY: "create sub-keys",
    KEY_ENUMERATE_SUB_KEYS: "list sub-keys",
    KEY_NOTIFY: "watch",
    KEY_CREATE_LINK: "create links",
    **_STANDARD_WORDS,
}
SERVICE_WORDS: Final = {
    SERVICE_QUERY_CONFIG: "read configuration",
    SERVICE_CHANGE_CONFIG: "change configuration",
    SERVICE_QUERY_STATUS: "read status",
    SERVICE_ENUMERATE_DEPENDENTS: "list dependents",
    SERVICE_START: "start",
    SERVICE_STOP: "stop",
    SERVICE_PAUSE_CONTINUE: "pause",
    SERVICE_INTERROGATE: "interrogate",
    SERVICE_USER_DEFINED_CONTROL: "send control codes",
    **_STANDARD_WORDS,
}
EVENT_LOG_WORDS: Final = {
    EVENT_LOG_READ: "read",
    EVENT_LOG_WRITE: "write",
    EVENT_LOG_CLEAR: "clear",
    **_STANDARD_WORDS,
}
