"""Firewall rules as checks read them."""

import pytest

from snapshot_tool.cells import decoder
from snapshot_tool.model.firewall import FirewallRule
from snapshot_tool.model.rule_text import TCP, Direction, is_switched_on, rule_text
from snapshot_tool.snapshot import Column, Host, Origin, Record, Snapshot, Table
from snapshot_tool.verdict import Cause, NotAssessed


class Tables:
    def __init__(self, store, text):
        cells = {"Store": store, "ValueName": "rule", "Rule": text}
        columns = {name: Column(name, decoder("string"), nullable=False) for name in cells}
        record = Record(cells, Origin("data/firewall_rules_raw.json", "rows[0]"))
        self.found = Table("firewall_rules_raw", columns, [record], key=("Store", "ValueName"))

    def table(self, _name):
        return self.found


def row_of(text, store="local"):
    snapshot = Snapshot(Tables(store, text), Host())
    return snapshot, snapshot.rows(FirewallRule).known[0]


def test_the_text_is_read_and_is_evidence():
    snapshot, row = row_of("v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|")
    rule = rule_text(row)
    assert (rule.direction, rule.protocol, rule.local_ports) == (Direction.IN, TCP, ("445",))
    assert [column for _, column, _ in snapshot.trace] == ["Rule"]


@pytest.mark.parametrize(
    ("store", "expected"), [("local", False), ("gpo", False), ("svcStatic", True), ("svcConfigurable", True)]
)
def test_a_rule_without_active_is_on_in_the_lists_of_restricted_services_only(store, expected):
    assert is_switched_on(row_of("V2.0|Action=Block|Dir=in|", store)[1]) is expected


def test_text_that_is_no_rule_is_a_gap_of_its_cell():
    _, row = row_of("Action=Allow|Dir=In|")
    with pytest.raises(NotAssessed) as missing:
        rule_text(row)
    assert (missing.value.gap.cause, missing.value.gap.table, missing.value.gap.column) == (
        Cause.UNREADABLE,
        "firewall_rules_raw",
        "Rule",
    )
