"""Dates of updates and products: in order, and as files of real hosts have them."""

import csv
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from real_data import real_folder

import snapshot_tool.knowledge
from snapshot_tool.knowledge.releases import is_released_after, server_release, update_released

TABLE = Path(snapshot_tool.knowledge.__file__).with_name("update_releases.csv")


def test_a_later_revision_of_a_build_never_came_out_earlier():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(int(row["build"]), int(row["revision"]), row["released"]) for row in csv.DictReader(file)]
    assert rows == sorted(set(rows))
    assert all(a[0] != b[0] or a[2] <= b[2] for a, b in pairwise(rows))


def test_real_hosts_were_recorded_within_weeks_of_their_update():
    named = re.compile(r"SystemInfo_WindowsServer\d+_\w+_Standard_(\d{4})(\d\d)(\d\d)_(\d+)\.(\d+)\.txt")
    found = [
        match for path in real_folder("systeminfo").glob("SystemInfo_*.txt") if (match := named.fullmatch(path.name))
    ]
    assert len(found) > 5
    for match in found:
        year, month, day, build, revision = (int(part) for part in match.groups())
        released = update_released(build, revision)
        assert released is not None
        assert 0 <= (date(year, month, day) - released).days < 31


def test_an_unknown_revision_has_no_date_but_its_place():
    assert update_released(17763, 1) is None
    assert is_released_after(17763, 99999, date(2025, 1, 1))
    assert not is_released_after(17763, 1, date(2025, 1, 1))
    assert not is_released_after(9600, 21620, date(2023, 10, 10))
    assert is_released_after(9600, 21621, date(2023, 10, 10))


@pytest.mark.parametrize(
    ("build", "edition", "sku", "name"),
    [
        (17763, "ServerDatacenter", 8, "Windows Server 2019"),
        (17763, "ServerDatacenterACor", 145, "Windows Server, version 1809"),
        (17763, "ServerHyperCore", 42, "Microsoft Hyper-V Server 2019"),
        (20348, "ServerAzureStackHCICor", 406, "Azure Stack HCI 21H2"),
        (20348, "ServerTurbine", 407, "Windows Server 2022"),
        (26100, "ServerAzureStackHCICor", 406, "Azure Local 24H2 (2504+)"),
        (18363, "ServerStandardACor", 146, "Windows Server, version 1909"),
    ],
)
def test_one_build_may_be_several_products(build, edition, sku, name):
    release = server_release(build, edition, sku)
    assert release is not None
    assert release.name == name


def test_a_build_without_its_service_pack_is_supported_no_longer_than_with_it():
    release = server_release(7600, "ServerStandard", 7)
    assert release is not None
    assert (release.extended_end, release.esu_end) == (date(2020, 1, 14), None)
    assert server_release(12345, "ServerStandard", 7) is None
