"""Shipped firewall rules."""

from real_data import real_folder

from snapshot_tool.knowledge import firewall_rules
from snapshot_tool.knowledge.firewall_rules import default_rule, default_rules, is_hyperv_rule
from snapshot_tool.parsers.firewall_rule import parse_firewall_rule


def test_a_rule_is_found_by_its_id_without_regard_to_case():
    rule = default_rule("virt-remotedesktop-in-tcp-noscope")
    assert (rule.id, rule.protocol, rule.local_ports, rule.service) == (
        firewall_rules.CONSOLE_RULE,
        6,
        ("2179",),
        "vmms",
    )
    assert (rule.profiles, rule.remote_addresses, rule.enabled) == ((), (), True)
    assert rule.verified == {"program"}
    assert default_rule("no-such-rule") is None


def test_hyperv_rules_are_known_by_their_prefix():
    assert is_hyperv_rule("VIRT-MIGL-In-TCP-NoScope")
    assert is_hyperv_rule("virtcl-wmi-async-in-tcp-noscope")
    assert not is_hyperv_rule("vm-monitoring-rpc")


def test_every_id_in_the_code_is_in_the_table():
    named = [*firewall_rules.WMI_RULES, *firewall_rules.VMMS_RPC_RULES, firewall_rules.CONSOLE_RULE]
    named += [firewall_rules.LIVE_MIGRATION_RULE, firewall_rules.REPLICA_HTTP_RULE, firewall_rules.REPLICA_HTTPS_RULE]
    assert [rule_id for rule_id in named if default_rule(rule_id) is None] == []


def test_the_table_names_its_sources_and_fields_of_rules():
    rules = default_rules()
    assert len(rules) == 46
    assert all(rule.source and rule.date for rule in rules.values())
    fields = {"direction", "protocol", "local_ports", "program", "service"}
    assert all(rule.verified <= fields and rule.direction in {"In", "Out"} for rule in rules.values())


def test_verified_fields_are_those_of_real_registries():
    compared = 0
    for path in sorted(real_folder("firewall").glob("*Defaults-FirewallRules.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            rule_id, text = line.split("\t", 1)
            shipped = default_rule(rule_id)
            if shipped is None or "program" not in shipped.verified:
                continue
            compared += 1
            rule = parse_firewall_rule(text)
            assert (rule.direction, rule.protocol, rule.local_ports) == (
                shipped.direction,
                shipped.protocol,
                shipped.local_ports,
            ), rule_id
            assert (rule.program or "").lower() == shipped.program.lower(), rule_id
            assert (rule.service or "").lower() == shipped.service.lower(), rule_id
    assert compared > 20
