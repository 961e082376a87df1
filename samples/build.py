"""Builds the sample snapshots from the sources below `sources/`. All of them are invented; nothing was collected anywhere.

python samples/build.py                        writes the archives beside this file
python samples/build.py --check                compares the archives beside this file with a fresh build
python samples/build.py --language fr-FR OUT   writes every host in that display language to the folder OUT
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from synthetic.archive import pack, unpack  # noqa: E402
from synthetic.complete import complete  # noqa: E402
from synthetic.texts import LANGUAGES  # noqa: E402

HOSTS = ("neglected-2008r2-de", "hardened-2022", "ordinary-2016", "cluster-node-2019-not-elevated")


def build(host: str, language: str | None = None) -> bytes:
    """The archive of one host of `HOSTS`, in its own display language or in one of `LANGUAGES`.

    Raises:
        ValueError: no such host or language.
    """
    if host not in HOSTS:
        raise ValueError(f"no host {host}; there are {', '.join(HOSTS)}")
    if language not in (None, *LANGUAGES):
        raise ValueError(f"no language {language}; there are {', '.join(LANGUAGES)}")
    source = importlib.import_module("sources." + host.replace("-", "_"))
    described = source.describe(language or source.LANGUAGE)
    complete(described)
    return pack(described)


def differences(host: str) -> list[str]:
    """Members in which the archive beside this file differs from a fresh build; deflate itself may differ between libraries."""
    path = HERE / f"{host}.zip"
    if not path.is_file():
        return [f"{path.name} is not there"]
    there, fresh = unpack(path.read_bytes()), unpack(build(host))
    if [name for name, _ in there] != [name for name, _ in fresh]:
        return [f"{path.name}: other members, or another order"]
    return [f"{path.name}: {name}" for (name, old), (_, new) in zip(there, fresh, strict=True) if old != new]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the sample snapshots.")
    parser.add_argument("--check", action="store_true", help="compare with the archives that are there, write nothing")
    parser.add_argument("--language", choices=LANGUAGES, help="display language; default: the host's own")
    parser.add_argument("out", nargs="?", type=Path, default=HERE, help="folder to write to; default: beside this file")
    given = parser.parse_args(arguments)
    if given.check:
        found = [line for host in HOSTS for line in differences(host)]
        print("\n".join(found) if found else f"{len(HOSTS)} samples are as their sources say")
        return 1 if found else 0
    if given.language and given.out == HERE:
        parser.error("--language needs a folder OUT: the archives beside this file keep their own language")
    given.out.mkdir(parents=True, exist_ok=True)
    for host in HOSTS:
        data = build(host, given.language)
        suffix = f".{given.language}" if given.language else ""
        (given.out / f"{host}{suffix}.zip").write_bytes(data)
        print(f"{host}{suffix}.zip: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
