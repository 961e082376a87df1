"""Windows paths compared as Windows does: variables expanded from the snapshot, without regard to case and spelling."""

import re
from functools import lru_cache

from snapshot_tool.model.host import Collection, OperatingSystem
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import NotAssessed, NotOffered

_VARIABLE = re.compile(r"%([^%\\/]+)%")
_ENVIRONMENT = {
    "systemroot": "system_root",
    "windir": "system_root",
    "systemdrive": "system_drive",
    "programdata": "program_data",
    "allusersprofile": "program_data",
    "programfiles": "program_files",
    "programw6432": "program_files",
    "programfiles(x86)": "program_files_x86",
    "public": "public",
}


def folded_path(host: Snapshot, text: str) -> str:
    r"""The form in which paths compare: `%X%` expanded, `\\?\` and a trailing `\` gone, `/` as `\`, lower case.

    Raises NotAssessed when a variable must be expanded and its value was not collected. Unknown variables stay.
    """
    if "%" not in text and not text.casefold().strip().startswith(_SYSTEM_ROOT):
        return _folded(text)

    def expand(match: re.Match[str]) -> str:
        attribute = _ENVIRONMENT.get(match.group(1).casefold())
        value = _environment(host, attribute) if attribute else None
        return match.group() if value is None else str(value)

    path = _VARIABLE.sub(expand, text.strip()).replace("/", "\\")
    for prefix in _SYSTEM_ROOT:
        if path.casefold().startswith(prefix):
            path = str(_environment(host, "system_root")).rstrip("\\") + path[len(prefix) - 1 :]
    return _folded(path)


def _environment(host: Snapshot, attribute: str) -> str | None:
    """A variable of the run context; of where Windows is set up the table `os` tells as well. Raises NotAssessed."""
    try:
        value: str | None = getattr(host.one(Collection), attribute)
    except NotAssessed as missing:
        elsewhere = _OPERATING_SYSTEM.get(attribute)
        if elsewhere is None:
            raise
        try:
            value = getattr(host.one(OperatingSystem), elsewhere)
        except (NotAssessed, NotOffered):
            raise missing from None
    return value


_OPERATING_SYSTEM = {"system_root": "windows_directory", "system_drive": "system_drive"}
_SYSTEM_ROOT = ("\\systemroot\\", "\\\\?\\systemroot\\", "\\??\\systemroot\\", "/systemroot/")


@lru_cache(maxsize=16384)
def _folded(text: str) -> str:
    """The part that needs no host: a snapshot names the same paths again and again."""
    path = text.strip().replace("/", "\\")
    for prefix in ("\\\\?\\unc\\", "\\??\\unc\\"):
        if path.casefold().startswith(prefix):
            path = "\\\\" + path[len(prefix) :]
    for prefix in ("\\\\?\\", "\\??\\"):
        if path.startswith(prefix) and not path.casefold().startswith("\\\\?\\volume{"):
            path = path[len(prefix) :]
    while len(path) > 3 and path.endswith("\\") and not path.endswith(":\\"):
        path = path[:-1]
    return path.casefold()


def is_below(path: str, folder: str) -> bool:
    """Whether a folded path is the folded folder or lies in it."""
    return path == folder or path.startswith(folder if folder.endswith("\\") else folder + "\\")


def parent_of(path: str) -> str | None:
    r"""The folder of a folded path; `c:\` has none."""
    head, _, name = path.rpartition("\\")
    if not name or not head or head.endswith("\\"):
        return None
    return head + "\\" if head.endswith(":") else head


def is_unc(path: str) -> bool:
    """Whether a path lies on a file server."""
    return path.startswith("\\\\") and not path.startswith(("\\\\?\\", "\\\\.\\"))
