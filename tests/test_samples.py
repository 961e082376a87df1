"""The committed samples are what their sources say, are labelled as invented, and follow the format."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(SAMPLES))

from build import HOSTS, build, differences  # noqa: E402
from synthetic.archive import TABLE_SHA256, unpack  # noqa: E402
from synthetic.schema import format_lists  # noqa: E402
from synthetic.texts import LANGUAGES  # noqa: E402

# Members that hold text of the display language and nothing else that may differ; columns that hold it in data files.
DISPLAY_COLUMNS = {
    "os": {"OSLanguageLcid", "MUILanguages"},
    "firewall_rules_raw": {"Rule"},
    "services": {"DisplayName"},
    "local_groups": {"Name", "Description"},
    "local_group_members": {"GroupName", "MemberName", "MemberPath"},
    "local_users": {"Name"},
    "hotfixes": {"Description", "InstalledOnRaw"},
    "net_adapters": {"Name"},
    "net_bindings": {"Name"},
    "net_interfaces": {"InterfaceAlias"},
    "net_ip": {"InterfaceAlias"},
    "net_profile": {"InterfaceAlias", "NetworkName"},
    "smb_shares": {"Description"},
    "sids": {"Name"},
}
DISPLAY_PROPERTIES = {"ElementName", "Caption", "AllocationUnits", "StatusDescriptions", "PrimaryOwnerName"}


@cache
def members(host: str, language: str | None = None) -> dict[str, bytes]:
    return dict(unpack(build(host, language)))


def data_file(raw: bytes) -> dict:
    return json.loads(raw)


@pytest.mark.parametrize("host", HOSTS)
def test_a_rebuild_equals_the_committed_archive(host: str) -> None:
    assert differences(host) == []


@pytest.mark.parametrize("host", HOSTS)
def test_two_builds_give_the_same_bytes(host: str) -> None:
    assert build(host) == build(host)


def test_each_archive_beside_the_builder_has_a_source() -> None:
    assert {p.stem for p in SAMPLES.glob("*.zip")} == set(HOSTS)


@pytest.mark.parametrize("host", HOSTS)
def test_a_sample_says_that_it_is_invented(host: str) -> None:
    manifest = json.loads(members(host)["manifest.json"])
    assert "SYNTH" in manifest["host"]["name"]
    assert manifest["collectorVersion"] == "0.0.0+generated"
    assert any("SYNTHETIC" in line for line in manifest["sideEffects"])
    assert b"SYNTHETIC" in members(host)["log.txt"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_sample_is_small(host: str) -> None:
    assert (SAMPLES / f"{host}.zip").stat().st_size < 400_000


@pytest.mark.parametrize("host", HOSTS)
def test_nothing_of_the_machine_that_built_it_is_in_a_sample(host: str) -> None:
    parts = {
        part for part in (*ROOT.parts[1:3], os.environ.get("HOSTNAME", ""), os.environ.get("USER", "")) if len(part) > 5
    }
    for name, raw in members(host).items():
        text = raw.decode("utf-16" if raw.startswith(b"\xff\xfe") else "latin-1")
        assert not re.search(r"(?<![\\\w])/(?:home|tmp|work|usr|root)/", text), name
        assert not [part for part in parts if part in text], name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("host", HOSTS)
def test_a_variant_differs_in_display_text_alone(host: str, language: str) -> None:
    own, other = members(host), members(host, language)
    assert list(own) == list(other)
    for name, raw in own.items():
        if not name.startswith("data/"):
            continue
        dataset = name.removeprefix("data/").removesuffix(".json")
        shown = DISPLAY_PROPERTIES if "/" in dataset else DISPLAY_COLUMNS.get(dataset, set())
        left, right = data_file(raw), data_file(other[name])
        assert [_without(row, shown) for row in left["rows"]] == [_without(row, shown) for row in right["rows"]], name


def test_a_french_variant_speaks_french() -> None:
    groups = {
        row["Sid"]: row["Name"]
        for row in data_file(members("hardened-2022", "fr-FR")["data/local_groups.json"])["rows"]
    }
    assert groups["S-1-5-32-544"] == "Administrateurs"


@pytest.mark.parametrize("host", HOSTS)
def test_every_reference_that_must_have_a_partner_has_one(host: str) -> None:
    tables = {
        n.removeprefix("data/").removesuffix(".json"): data_file(raw)["rows"]
        for n, raw in members(host).items()
        if n.startswith("data/")
    }
    joins = [join for join in format_lists()["joins"] if join["total"]]
    assert joins
    for join in joins:
        (source, column), (target, key) = join["from"].split("."), join["to"].split(".")
        there = {str(row.get(key)).lower() for row in tables.get(target, [])}
        for row in tables.get(source, []):
            held = row[column] if isinstance(row[column], list) else [row[column]]
            assert not [v for v in held if v is not None and str(v).lower() not in there], join["from"]


def test_the_samples_name_the_table_that_the_collector_carries() -> None:
    collector = ROOT / "collector.ps1"
    if not collector.is_file():
        pytest.skip("collector.ps1 is not there")
    import hashlib

    text = collector.read_text(encoding="utf-8-sig")
    found = re.search(r"# BEGIN DATASET TABLE\n.*?@'\n(.*?)\n'@.*?# END DATASET TABLE", text, re.DOTALL)
    assert found, "no dataset table in the collector"
    assert hashlib.sha256((found.group(1) + "\n").encode("ascii")).hexdigest() == TABLE_SHA256


def test_the_samples_follow_the_format_in_the_eyes_of_another_program() -> None:
    validator = os.environ.get("SNAPSHOT_TOOL_VALIDATOR")
    if not validator:
        pytest.skip("SNAPSHOT_TOOL_VALIDATOR names no validator of snapshots")
    archives = [str(SAMPLES / f"{host}.zip") for host in HOSTS]
    ran = subprocess.run(
        [sys.executable, validator, *archives], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stdout


def _without(row: dict, shown: set[str]) -> dict:
    return {k: v for k, v in row.items() if k not in shown}
