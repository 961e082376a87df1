"""Runs collector.ps1, unchanged, with PowerShell for Windows under Wine: a launcher lays out a drive C: and imports a registry."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from powershell import contract
from powershell.recorded import Archive

ROOTS = {"hklm": "HKEY_LOCAL_MACHINE", "hku": "HKEY_USERS"}
KINDS = {"REG_NONE": 0, "REG_EXPAND_SZ": 2, "REG_BINARY": 3, "REG_MULTI_SZ": 7, "REG_QWORD": 11}


def launcher() -> Path:
    """The program that SNAPSHOT_TOOL_WINHOST names; skips with the reason where there is none."""
    named = os.environ.get("SNAPSHOT_TOOL_WINHOST")
    if not named:
        pytest.skip("SNAPSHOT_TOOL_WINHOST names no launcher of PowerShell for Windows")
    if not Path(named).is_file():
        pytest.skip(f"SNAPSHOT_TOOL_WINHOST: no file {named}")
    return Path(named)


@dataclass(frozen=True, slots=True)
class Run:
    """Exit code, text and output folder of one run."""

    code: int
    text: str
    folder: Path

    @property
    def archive(self) -> Archive:
        found = sorted(self.folder.glob("*.zip"))
        assert len(found) == 1, self.text[-3000:]
        return Archive.read(found[0])


def run(folder: Path, mapping: dict[str, Any], *arguments: str, seconds: int = 240) -> Run:
    """Imports the recorded registry, lays out the recorded small files, runs the script with C:\\out as its output folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "host.reg").write_bytes(("\ufeff" + registry_text(mapping["registry"])).encode("utf-16-le"))
    _lay_out(folder / "c", mapping["files"])
    command = [
        str(launcher()),
        "-r",
        str(folder / "host.reg"),
        "-f",
        str(folder / "c"),
        "-o",
        str(folder / "out"),
        "-t",
        str(seconds),
    ]
    command += [str(contract.COLLECTOR), "-OutputPath", "C:\\out", *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=seconds + 120)
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode == 69:
        pytest.skip(text.strip().splitlines()[-1])
    return Run(done.returncode, text, folder / "out")


def registry_text(registry: dict[str, Any]) -> str:
    """The recorded keys as regedit text."""
    out = ["Windows Registry Editor Version 5.00", ""]
    for path, key in registry.items():
        parts = _spelled(registry, path)
        out.append("[" + "\\".join([ROOTS[parts[0].lower()], *parts[1:]]) + "]")
        for name, value in key["values"].items():
            out.append(f'"{_quoted(name)}"={_data(value)}')
        out.append("")
    return "\r\n".join(out)


def _spelled(registry: dict[str, Any], path: str) -> list[str]:
    parts = path.split("\\")
    return [registry["\\".join(parts[: n + 1])]["name"] for n in range(len(parts))]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _data(value: dict[str, Any]) -> str:
    kind, data = value["kind"], value["data"]
    if kind == "REG_DWORD":
        return f"dword:{data & 0xFFFFFFFF:08x}"
    if kind == "REG_SZ":
        return f'"{_quoted(data)}"'
    if kind in ("REG_BINARY", "REG_NONE"):
        raw = bytes.fromhex(data["$hex"])
    elif kind == "REG_MULTI_SZ":
        raw = "".join(f"{d}\0" for d in [*data, ""]).encode("utf-16-le")
    else:
        raw = (data + "\0").encode("utf-16-le")
    prefix = "hex" if kind == "REG_BINARY" else f"hex({KINDS[kind]})"
    return f"{prefix}:" + ",".join(f"{b:02x}" for b in raw)


def content(file: dict[str, Any]) -> bytes:
    """Bytes of a recorded file; of one without content, zeros up to 4 KiB."""
    match file["content"]:
        case {"$text16": text}:
            return b"\xff\xfe" + text.encode("utf-16-le")
        case {"$text8": text}:
            return text.encode("utf-8")
    return bytes(min(file["length"], 4096))


def _lay_out(target: Path, files: dict[str, Any]) -> None:
    for file in files.values():
        if not file["path"].lower().startswith("c:\\"):
            continue
        relative = file["path"][3:].replace("\\", "/")
        relative = re.sub(r"(?i)^windows/system32", "windows/system32", relative)
        relative = relative.lower() if relative.lower().startswith("windows/") else relative
        place = target / relative
        if file["folder"]:
            place.mkdir(parents=True, exist_ok=True)
        elif not relative.startswith("windows/") or "panther" in relative:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content(file))
