"""Firewall rule strings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import real_folder

from snapshot_tool.parsers.firewall_rule import (
    ANY_PROTOCOL,
    Action,
    Direction,
    FirewallRule,
    FirewallRuleError,
    ProfileType,
    parse_firewall_rule,
)


def test_every_field_is_read():
    rule = parse_firewall_rule(
        r"v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|Profile=Private|LPort=445|LPort=5000-5020,139|LPort2_10=IPTLSIn"
        r"|RPort=1024-65535|LA4=10.0.0.1|RA4=LocalSubnet|RA42=IntrAnet|RA6=fe80::/64|RA62=IntErnet|LA6=ff02::1|App=System|Svc=LanmanServer"
        r"|Name=@FirewallAPI.dll,-28502|Desc=Tür = offen|EmbedCtxt=@FirewallAPI.dll,-28502|Edge=TRUE|Defer=App|IFType=Lan|IF={1}"
        r"|AppPkgId=S-1-15-2-1|LUOwn=S-1-5-21-1-2-3-1000|LUAuth=O:LSD:(A;;CC;;;WD)|RUAuth=D:(A;;CC;;;BA)|RMAuth=D:(A;;CC;;;DC)"
        r"|Security=Authenticate|Platform=2:6:2|Platform2=GTEQ|TTK2_22=WFDPrint|LSM=TRUE|"
    )
    assert rule == FirewallRule(
        version=(2, 33),
        action=Action.ALLOW,
        direction=Direction.IN,
        active=True,
        protocol=6,
        profiles=frozenset({ProfileType.DOMAIN, ProfileType.PRIVATE}),
        local_ports=("445", "5000-5020", "139", "IPTLSIn"),
        remote_ports=("1024-65535",),
        local_addresses_v4=("10.0.0.1",),
        local_addresses_v6=("ff02::1",),
        remote_addresses_v4=("LocalSubnet", "IntrAnet"),
        remote_addresses_v6=("fe80::/64", "IntErnet"),
        program="System",
        service="LanmanServer",
        interface_types=("Lan",),
        interfaces=("{1}",),
        edge_traversal=True,
        deferred_to=("App",),
        package_sid="S-1-15-2-1",
        local_user_owner="S-1-5-21-1-2-3-1000",
        local_user_sddl="O:LSD:(A;;CC;;;WD)",
        remote_user_sddl="D:(A;;CC;;;BA)",
        remote_machine_sddl="D:(A;;CC;;;DC)",
        security=("Authenticate",),
        platforms=("2:6:2",),
        platform_operator="GTEQ",
        trust_tuple_keywords=("WFDPrint",),
        name="@FirewallAPI.dll,-28502",
        description="Tür = offen",
        group="@FirewallAPI.dll,-28502",
        unknown=(("LSM", "TRUE"),),
    )


def test_absent_fields_mean_no_limit_and_not_active():
    rule = parse_firewall_rule("V2.0|Action=Block|Dir=in|app=%windir%\\x.exe|Name=x|")
    assert (rule.active, rule.protocol, rule.edge_traversal, rule.profiles) == (None, ANY_PROTOCOL, False, frozenset())
    assert rule.any_remote_address
    assert rule.any_local_port
    assert all(rule.covers(profile) for profile in ProfileType)
    assert rule.program == "%windir%\\x.exe"


@pytest.mark.parametrize("store", ["local", "gpo", "mdm", "appiso", "defaults"])
def test_without_active_a_rule_is_off_but_in_the_restricted_service_lists(store):
    rule = parse_firewall_rule("v2.10|Action=Allow|Dir=In|")
    assert not rule.in_force(store)
    assert rule.in_force("svcStatic")
    assert rule.in_force("svcConfigurable")
    assert not parse_firewall_rule("v2.10|Action=Allow|Dir=In|Active=FALSE|").in_force("svcStatic")
    assert parse_firewall_rule("v2.10|Action=Allow|Dir=In|Active=TRUE|").in_force(store)


def test_ports_are_numbers_ranges_and_keywords():
    rule = parse_firewall_rule("v2.10|Action=Allow|Dir=In|LPort=RPC|LPort=5000-5020|lport=3389|Protocol=6|")
    assert [rule.covers_local_port(port) for port in (5000, 5010, 5020, 5021, 3389, 135)] == [
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert not rule.covers_local_port(3389, protocol=17)
    anything = parse_firewall_rule("v2.10|Action=Allow|Dir=In|")
    assert anything.covers_local_port(3389)
    assert not anything.names_local_port(3389)
    assert rule.names_local_port(3389)


@pytest.mark.parametrize("address", ["*", "0.0.0.0/0", "0.0.0.0-255.255.255.255", "::/0"])
def test_an_address_that_covers_all_is_no_limit(address):
    assert parse_firewall_rule(f"v2.10|Action=Allow|Dir=In|RA4=10.0.0.0/8|RA4={address}|").any_remote_address
    assert not parse_firewall_rule("v2.10|Action=Allow|Dir=In|RA6=LocalSubnet|").any_remote_address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Action=Allow|Dir=In|",
        "v2|Action=Allow|Dir=In|",
        "v2.10|Dir=In|",
        "v2.10|Action=Allow|",
        "v2.10|Action=Maybe|Dir=In|",
        "v2.10|Action=Allow|Dir=In|Active=perhaps|",
        "v2.10|Action=Allow|Dir=In|Protocol=257|",
        "v2.10|Action=Allow|Dir=In|Protocol=-1|",
        "v2.10|Action=Allow|Dir=In|Profile=Office|",
    ],
)
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(FirewallRuleError):
        parse_firewall_rule(text)


fields = st.fixed_dictionaries(
    {"Action": st.sampled_from(["Allow", "Block"]), "Dir": st.sampled_from(["In", "Out"])},
    optional={
        "Protocol": st.integers(0, 256).map(str),
        "Active": st.sampled_from(["TRUE", "FALSE"]),
        "LPort": st.sampled_from(["80", "RPC", "1-2"]),
        "RA4": st.sampled_from(["LocalSubnet", "10.0.0.1"]),
        "App": st.sampled_from(["System", "C:\\a=b.exe"]),
        "Profile": st.sampled_from(["Domain", "Public"]),
        "Edge": st.sampled_from(["TRUE", "FALSE"]),
    },
)


@given(fields, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_neither_order_nor_case_of_field_names_matters(values, random):
    plain = parse_firewall_rule("v2.10|" + "".join(f"{name}={value}|" for name, value in values.items()))
    shuffled = list(values.items())
    random.shuffle(shuffled)
    other = "V2.10|" + "|".join(f"{random.choice([name.upper(), name.lower()])}={value}" for name, value in shuffled)
    assert parse_firewall_rule(other) == plain


@given(
    st.text(max_size=120),
    st.lists(st.sampled_from(["Action=Allow", "Dir=In", "Protocol=", "LPort=x", "RA42=", "=", "Edge"])),
)
@settings(max_examples=150, deadline=None)
def test_junk_raises_nothing_but_its_error(text, words):
    for junk in (text, f"v2.10|Action=Allow|Dir=In|{text}|", "|".join(["v2.30", *words, text])):
        try:
            rule = parse_firewall_rule(junk)
        except FirewallRuleError:
            continue
        assert rule.covers_local_port(80) in {True, False}


def test_every_rule_of_two_real_registries_is_read():
    rules = [
        parse_firewall_rule(line.split("\t", 1)[1])
        for path in sorted(real_folder("firewall").glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
    ]
    assert len(rules) == 2176
    assert [rule.unknown for rule in rules if rule.unknown] == [(("LOM", "TRUE"),)]
    assert {rule.version for rule in rules} >= {(2, 0), (2, 10), (2, 30), (4, 0)}
    assert sum(rule.active is None for rule in rules) == 306
    assert sum(rule.direction is Direction.IN for rule in rules) == 1154
    assert sum(rule.protocol == 6 for rule in rules) == 806
