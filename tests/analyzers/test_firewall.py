"""HV-FW: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, ask, failed, host, statuses, told, verdict

from analyzers import firewall
from analyzers.folds import FOLDS
from snapshot_tool.engine import judge
from snapshot_tool.hyperv.tables import TableBuilder
from snapshot_tool.snapshot import Origin
from snapshot_tool.verdict import Cause, Severity

MANAGEMENT = "0f0e0d0c-0000-4000-8000-000000000001"
STORAGE = "0f0e0d0c-0000-4000-8000-000000000002"
OPEN = "v2.29|Action=Allow|Active=TRUE|Dir=In|Protocol=6|"


def rule(name, text, store="local"):
    return {"Store": store, "ValueName": name, "Rule": text}


def profile(name, store, **cells):
    row = {"Profile": name, "Store": store, "KeyExists": store != "gpo", "IsCurrent": None, "DisabledInterfaces": []}
    unset = (
        "Enabled",
        "DefaultInbound",
        "DefaultOutbound",
        "AllowLocalRules",
        "DisableStealthMode",
        "LogDropped",
        "LogMaxKB",
    )
    return row | dict.fromkeys(unset) | cells


def profiles(**changed):
    """Ten rows as a healthy host has them; `gpo_Public={...}` changes the cells of one."""
    rows = {("Domain", "active"): {"IsCurrent": True}}
    for name in ("Domain", "Private", "Public"):
        rows[name, "local"] = {"Enabled": True}
        rows[name, "gpo"] = {}
        rows[name, "active"] = {"IsCurrent": name == "Domain", "Enabled": True, "DefaultInbound": "Block"}
    rows["Standard", "gpo"] = {}
    for key, cells in changed.items():
        store, name = key.split("_")
        if cells is None:
            del rows[name, store]
        else:
            rows[name, store] = rows[name, store] | {"KeyExists": True} | cells
    return [profile(name, store, **cells) for (name, store), cells in rows.items()]


def on_public(category=0):
    """A management adapter with a gateway on a network of this category, and a storage adapter without one on Public."""
    adapters = [(MANAGEMENT, 4, category, ["10.0.0.1"]), (STORAGE, 8, 0, [])]
    return {
        "net_profile": [
            {"InterfaceGuid": guid, "InterfaceIndex": index, "Category": found} for guid, index, found, _ in adapters
        ],
        "net_interfaces": [
            {"InterfaceGuid": guid, "InterfaceIndex": index, "Family": "IPv4", "Gateways": gateways}
            for guid, index, _, gateways in adapters
        ],
    }


def walled(*rules, public=False, **tables):
    """A host with these rules, its management on Public or on the domain's network."""
    given = {"firewall_rules_raw": list(rules), "firewall_profiles": profiles(), **on_public(0 if public else 2)}
    return host(tables.pop("era", "2019"), **given | tables)


RDP_ON = [{"RdpDenyConnections": 0, "RdpDenyConnectionsPolicy": None, "RdpPort": None}]
WINRM = {
    "services": [{"Name": "WinRM", "State": "Running", "StartType": 2}],
    "winrm_listeners": [{"Address": "*", "Transport": "HTTP", "Port": 5985, "Enabled": True}],
}


def test_profiles_that_are_on_pass():
    assert statuses(firewall.firewall_is_on, host(firewall_profiles=profiles())) == [PASS] * 3


@pytest.mark.parametrize(
    ("changed", "severity"),
    [
        ({"active_Domain": {"Enabled": False}}, Severity.HIGH),
        ({"active_Public": {"Enabled": False}}, Severity.MEDIUM),
        ({"active_Public": {"Enabled": False, "IsCurrent": None}}, Severity.HIGH),
        # The service did not answer: policy, else the local value.
        ({"active_Public": None, "gpo_Public": {"Enabled": False}}, Severity.HIGH),
        ({"active_Public": None, "local_Public": {"Enabled": False}}, Severity.HIGH),
        ({"active_Public": None, "gpo_Standard": {"Enabled": False, "KeyExists": True}}, Severity.HIGH),
    ],
)
def test_a_profile_that_is_off_fails(changed, severity):
    found = ask(firewall.firewall_is_on, host(services=[], firewall_profiles=profiles(**changed)))
    failing = [told(r) for r in found if r.status is FAIL]
    assert [(r.severity, r.key["Store"]) for r in failing] == [(severity, "local")]


@pytest.mark.parametrize(
    "changed",
    [
        {"active_Public": None, "gpo_Public": {"Enabled": True}, "local_Public": {"Enabled": False}},
        {"active_Public": None, "local_Public": {"Enabled": None}},
        # StandardProfile counts only if policy has neither PrivateProfile nor PublicProfile.
        {
            "active_Public": None,
            "gpo_Standard": {"Enabled": False, "KeyExists": True},
            "gpo_Private": {"KeyExists": True, "Enabled": True},
        },
    ],
)
def test_policy_wins_and_the_default_is_on(changed):
    assert statuses(firewall.firewall_is_on, host(firewall_profiles=profiles(**changed))) == [PASS] * 3


def test_without_the_services_answer_only_a_registry_that_says_off_is_believed():
    rows = profiles(local_Public={"Enabled": False})
    for row in rows:
        if row["Store"] == "active":
            row["Enabled"], row["_err"] = None, {"Enabled": "timeout"}
    assert statuses(firewall.firewall_is_on, host(services=[], firewall_profiles=rows)) == [FAIL, GAP, GAP]


def test_lost_profiles_are_not_assessed():
    assert verdict(firewall.firewall_is_on, host(firewall_profiles=failed())).status is GAP
    assert verdict(firewall.inbound_is_blocked_by_default, host(firewall_profiles=failed())).status is GAP


def test_another_firewall_that_runs_makes_it_a_question():
    off = profiles(active_Domain={"Enabled": False})
    other = [{"Name": "mfefire", "State": "Running"}]
    results = ask(firewall.firewall_is_on, host(firewall_profiles=off, services=other))
    assert [r.gap.cause for r in results if r.gap] == [Cause.MANUAL]
    results = ask(firewall.firewall_is_on, host(firewall_profiles=off, services=failed()))
    assert [r.severity for r in results if r.status is FAIL] == [Severity.HIGH]


def test_inbound_traffic_without_a_rule_must_be_blocked():
    check = firewall.inbound_is_blocked_by_default
    assert statuses(check, host(firewall_profiles=profiles())) == [PASS] * 3
    allowed = profiles(active_Domain={"DefaultInbound": "Allow"})
    assert statuses(check, host(firewall_profiles=allowed)) == [FAIL, PASS, PASS]
    off = profiles(active_Domain={"DefaultInbound": "Allow", "Enabled": False})
    assert statuses(check, host(firewall_profiles=off)) == [PASS, PASS, NA]


def running(**changed):
    rows = {name: {"Name": name, "State": "Running", "StartType": 2} for name in ("MpsSvc", "BFE")}
    for name, cells in changed.items():
        rows[name] = rows[name] | cells
    return list(rows.values())


def test_the_services_of_the_firewall_must_run():
    check = firewall.firewall_services_run
    assert statuses(check, host(services=running())) == [PASS, PASS]
    assert statuses(check, host(services=running(MpsSvc={"State": "Stopped"}))) == [FAIL, PASS]
    assert statuses(check, host(services=running(BFE={"StartType": 4}))) == [FAIL, PASS]
    assert statuses(check, host(services=running(MpsSvc={"State": None}))) == [GAP, PASS]
    assert statuses(check, host(services=running()[1:])) == [FAIL, PASS]
    assert statuses(check, host(services=failed())) == [GAP]


def test_a_profile_that_is_off_is_not_told_again_when_the_service_stands():
    snapshot = host(
        services=running(MpsSvc={"State": "Stopped"}),
        firewall_profiles=profiles(active_Domain={"Enabled": False}),
    )
    results = judge(snapshot, [firewall.firewall_is_on, firewall.firewall_services_run], folds=FOLDS)
    assert [r.folded_into for r in results if r.status is FAIL] == ["HV-FW-003", None]


@pytest.mark.parametrize(
    "text",
    [
        "v2.29|Action=Allow|Active=TRUE|Dir=In|",
        "v2.29|Action=Allow|Active=TRUE|Dir=In|Protocol=256|Name=x|",
        OPEN,
        "v2.29|Action=Allow|Active=TRUE|Dir=In|Protocol=17|RA4=*|",
    ],
)
def test_a_rule_that_limits_nothing_fails(text):
    found = verdict(firewall.no_rule_allows_everything, walled(rule("{1}", text)))
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    found = verdict(firewall.no_rule_allows_everything, walled(rule("{1}", text), public=True))
    assert (found.status, found.severity) == (FAIL, Severity.CRITICAL)


@pytest.mark.parametrize(
    "text",
    [
        "v2.29|Action=Allow|Active=FALSE|Dir=In|",
        "v2.29|Action=Allow|Dir=In|",
        "v2.29|Action=Allow|Active=TRUE|Dir=Out|",
        "v2.29|Action=Block|Active=TRUE|Dir=In|",
        "v2.29|Action=Allow|Active=TRUE|Dir=In|Protocol=58|",
        "v2.29|Action=Allow|Active=TRUE|Dir=In|LUOwn=S-1-5-21-1-2-3-500|AppPkgId=S-1-15-2-1|",
        "v2.29|Action=Allow|Active=TRUE|Dir=In|RMAuth=O:LSD:(A;;CC;;;DA)|",
        OPEN + "LPort=443|",
        OPEN + "RA4=10.0.0.0/8|",
        OPEN + "RPort=20|",
        OPEN + "App=System|",
        OPEN + "Svc=winmgmt|",
        OPEN + "IFType=Wireless|",
    ],
)
def test_a_rule_that_limits_anything_passes(text):
    assert verdict(firewall.no_rule_allows_everything, walled(rule("{1}", text))).status is PASS


def test_a_local_rule_that_policy_shuts_out_passes():
    shut = profiles(**{f"gpo_{name}": {"AllowLocalRules": False} for name in ("Domain", "Private", "Public")})
    assert verdict(firewall.no_rule_allows_everything, walled(rule("{1}", OPEN), firewall_profiles=shut)).status is PASS
    by_policy = walled(rule("{1}", OPEN, "gpo"), firewall_profiles=shut)
    assert verdict(firewall.no_rule_allows_everything, by_policy).status is FAIL
    unknown = walled(rule("{1}", OPEN), firewall_profiles=failed())
    assert verdict(firewall.no_rule_allows_everything, unknown).status is GAP


def test_text_that_is_no_rule_may_be_anything():
    assert verdict(firewall.no_rule_allows_everything, walled(rule("{1}", "nonsense"))).status is GAP
    assert verdict(firewall.no_rule_allows_everything, walled(rule("{1}", "nonsense", "svcStatic"))).status is PASS


def test_a_gateway_makes_an_adapter_on_public():
    unknown = walled(rule("{1}", OPEN), net_profile=failed())
    found = verdict(firewall.no_rule_allows_everything, unknown)
    assert (found.status, found.severity) == (FAIL, Severity.CRITICAL)


SHIPPED = [
    (firewall.wmi_rules_are_scoped, "VIRT-WMI-WINMGMT-In-TCP-NoScope", OPEN + "Svc=winmgmt|"),
    (firewall.console_rule_is_scoped, "virt-remotedesktop-in-tcp-noscope", OPEN + "LPort=2179|"),
    (firewall.rpc_rules_are_scoped, "VIRT-VMMS-RPC-In-NoScope", OPEN + "LPort=RPC|"),
]


@pytest.mark.parametrize(("check", "name", "text"), SHIPPED)
def test_shipped_rules_open_to_all_weigh_by_the_network(check, name, text):
    assert verdict(check, walled(rule(name, text))).severity is Severity.LOW
    found = verdict(check, walled(rule(name, text), public=True))
    assert (found.severity, name in found.message) == (Severity.MEDIUM, True)
    domain_only = text + "Profile=Domain|"
    assert verdict(check, walled(rule(name, domain_only), public=True)).severity is Severity.LOW
    lost = walled(rule(name, text), net_profile=failed())
    assert verdict(check, lost).severity is Severity.MEDIUM


@pytest.mark.parametrize(("check", "name", "text"), SHIPPED)
def test_shipped_rules_that_are_scoped_off_or_absent_do_not_fail(check, name, text):
    assert verdict(check, walled(rule(name, text + "RA4=10.0.0.0/255.0.0.0|"))).status is PASS
    assert verdict(check, walled(rule(name, text.replace("TRUE", "FALSE")))).status is PASS
    assert verdict(check, walled(rule("other", text), rule(name, text, "defaults"))).status is NA
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def test_hyperv_rules_open_to_all_are_one_finding():
    snapshot = walled(*(rule(name, text) for _, name, text in SHIPPED))
    results = judge(snapshot, [check for check, _, _ in SHIPPED], folds=FOLDS)
    assert [r.folded_into for r in results] == [None, "HV-FW-005", "HV-FW-005"]


def known(snapshot, table, **cells):
    """The snapshot with one row of a canonical Hyper-V table, however it was derived."""
    builder = TableBuilder(table)
    builder.add(cells, Origin("data/hv", table))
    snapshot._tables[table] = builder.build()
    return snapshot


MIGRATION = rule("VIRT-MIGL-In-TCP-NoScope", OPEN + "LPort=6600|")


def test_live_migration_open_to_all_weighs_by_its_use():
    found = verdict(firewall.migration_rule_is_scoped, walled(MIGRATION))
    assert (found.status, found.severity) == (FAIL, Severity.MEDIUM)
    for used, severity in ((True, Severity.MEDIUM), (False, Severity.INFO)):
        snapshot = known(walled(MIGRATION), "host_hyperv", VirtualMachineMigrationEnabled=used)
        assert verdict(firewall.migration_rule_is_scoped, snapshot).severity is severity
    scoped = MIGRATION | {"Rule": MIGRATION["Rule"] + "RA4=10.0.0.2|"}
    assert verdict(firewall.migration_rule_is_scoped, walled(scoped)).status is PASS
    assert verdict(firewall.migration_rule_is_scoped, walled(firewall_rules_raw=failed())).status is GAP


def test_a_replica_listener_open_to_all_fails():
    http = rule("VIRT-HVRHTTPL-In-TCP-NoScope", OPEN + "LPort=80|")
    https = rule("VIRT-HVRHTTPSL-In-TCP-NoScope", OPEN + "LPort=443|")
    check = firewall.replica_rules_are_scoped
    assert [r.severity for r in ask(check, walled(http, https))] == [Severity.MEDIUM, Severity.MEDIUM]
    for used, severity in ((True, Severity.LOW), (False, Severity.MEDIUM)):
        snapshot = known(walled(https), "replica_server", ReplicationEnabled=used)
        assert verdict(check, snapshot).severity is severity
    assert verdict(check, walled(http | {"Rule": http["Rule"].replace("TRUE", "FALSE")})).status is PASS
    assert set(statuses(check, walled(firewall_rules_raw=failed()))) == {GAP}


@pytest.mark.parametrize(
    ("profiles_of_rule", "public", "severity"),
    [
        ("Profile=Domain|Profile=Private|", True, Severity.LOW),
        ("", False, Severity.MEDIUM),
        ("Profile=Public|", True, Severity.HIGH),
    ],
)
def test_winrm_open_to_all_weighs_by_its_networks(profiles_of_rule, public, severity):
    text = OPEN + profiles_of_rule + "LPort=5985|App=System|"
    found = verdict(firewall.winrm_is_scoped, walled(rule("WINRM-HTTP-In-TCP", text), public=public, **WINRM))
    assert (found.status, found.severity) == (FAIL, severity)


def test_winrm_that_is_scoped_or_does_not_listen_does_not_fail():
    check = firewall.winrm_is_scoped
    text = OPEN + "LPort=5985|App=System|"
    assert verdict(check, walled(rule("a", text + "RA4=LocalSubnet|RA6=LocalSubnet|"), **WINRM)).status is PASS
    assert verdict(check, walled(rule("a", text), **WINRM | {"winrm_listeners": []})).status is NA
    stopped = [{"Name": "WinRM", "State": "Stopped", "StartType": 3}]
    assert verdict(check, walled(rule("a", text), **WINRM | {"services": stopped})).status is NA
    assert verdict(check, walled(rule("a", text), **WINRM | {"services": failed()})).status is GAP
    other_port = [WINRM["winrm_listeners"][0] | {"Port": 8080}]
    custom = rule("{custom}", OPEN + "LPort=8000-8100|")
    assert verdict(check, walled(custom, **WINRM | {"winrm_listeners": other_port})).status is FAIL


def test_remote_desktop_open_to_all_fails_where_it_is_on():
    check = firewall.rdp_is_scoped
    tcp = rule("RemoteDesktop-UserMode-In-TCP", OPEN + "LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|")
    assert verdict(check, walled(tcp, remote_access=RDP_ON)).severity is Severity.MEDIUM
    assert verdict(check, walled(tcp, public=True, remote_access=RDP_ON)).severity is Severity.HIGH
    for off in ({"RdpDenyConnections": None}, {"RdpDenyConnections": 1}, {"RdpDenyConnectionsPolicy": 1}):
        assert verdict(check, walled(tcp, remote_access=[RDP_ON[0] | off])).status is NA
    assert verdict(check, walled(tcp, remote_access=[RDP_ON[0] | {"RdpPort": 13389}])).status is PASS
    udp = rule("udp", OPEN.replace("Protocol=6", "Protocol=17") + "LPort=3389|")
    assert verdict(check, walled(udp, remote_access=RDP_ON)).status is FAIL
    assert verdict(check, walled(tcp, remote_access=failed())).status is GAP
    assert verdict(check, walled(remote_access=RDP_ON, firewall_rules_raw=failed())).status is GAP


SMB = rule("FPS-SMB-In-TCP-NoScope", OPEN + "Profile=Domain|LPort=445|App=System|")
NO_NEED = {
    "smb_shares": [{"Name": "C$", "Special": True}],
    "cluster__MSCluster_Cluster": absent("roleAbsent"),
}


def sharing(*rules, option="Compression", **tables):
    snapshot = walled(*rules, **NO_NEED | tables)
    return known(snapshot, "host_hyperv", VirtualMachineMigrationPerformanceOption=option)


def test_smb_open_to_all_without_need_fails():
    check = firewall.smb_is_scoped
    assert verdict(check, sharing(SMB)).severity is Severity.LOW
    assert verdict(check, sharing(SMB, public=True)).severity is Severity.LOW
    everywhere = SMB | {"Rule": SMB["Rule"].replace("Profile=Domain|", "")}
    assert verdict(check, sharing(everywhere, public=True)).severity is Severity.MEDIUM


def test_smb_that_is_needed_or_scoped_passes():
    check = firewall.smb_is_scoped
    assert verdict(check, sharing(SMB, smb_shares=[{"Name": "ISO", "Special": False}])).status is PASS
    assert verdict(check, sharing(SMB, option="SMB")).status is PASS
    assert verdict(check, sharing(SMB | {"Rule": SMB["Rule"] + "RA4=LocalSubnet|"})).status is PASS
    assert verdict(check, sharing(SMB, smb_shares=failed())).status is GAP
    assert verdict(check, sharing(SMB, smb_shares=failed(), option="SMB")).status is PASS


CONSOLE = OPEN + "LPort=2179|App=%systemroot%\\system32\\vmms.exe|Svc=vmms|"


def test_a_rule_that_differs_from_its_default_fails():
    check = firewall.hyperv_rules_are_as_shipped
    name = "VIRT-REMOTEDESKTOP-In-TCP-NoScope"
    default = rule(name, CONSOLE, "defaults")
    scoped = CONSOLE.upper().replace("TRUE", "FALSE").replace("V2.29", "v2.31") + "RA4=10.0.0.0/8|Profile=Domain|"
    assert verdict(check, walled(rule(name, scoped), default)).status is PASS
    resolved = CONSOLE.replace("%systemroot%", "C:\\Windows")
    assert verdict(check, walled(rule(name, resolved), default)).status is PASS
    for changed in (
        CONSOLE.replace("vmms.exe", "vmms2.exe"),
        CONSOLE.replace("2179", "2180"),
        CONSOLE.replace("Svc=vmms|", ""),
    ):
        found = verdict(check, walled(rule(name, changed), default))
        assert (found.status, found.severity) == (FAIL, Severity.HIGH)


def test_without_a_default_only_verified_facts_weigh():
    check = firewall.hyperv_rules_are_as_shipped
    name = "VIRT-REMOTEDESKTOP-In-TCP-NoScope"
    assert verdict(check, walled(rule(name, CONSOLE))).status is PASS
    assert verdict(check, walled(rule(name, CONSOLE.replace("vmms.exe", "x.exe")))).severity is Severity.HIGH
    assert verdict(check, walled(rule(name, CONSOLE.replace("2179", "2180")))).severity is Severity.INFO
    rpc = rule("VIRT-VMMS-RPC-In-NoScope", OPEN + "LPort=RPC|App=System|")
    unverified = verdict(check, walled(rpc, rule("VIRT-NEW-RULE", OPEN)))
    assert (unverified.status, unverified.cause) == (GAP, Cause.UNDETERMINED)
    assert "VIRT-NEW-RULE, VIRT-VMMS-RPC-In-NoScope" in unverified.message
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def test_client_rules_are_a_note_and_low_without_a_desktop():
    check = firewall.client_rules_are_off
    client = rule("VIRTCL-WMI-RPCSS-In-TCP-NoScope", OPEN + "LPort=135|")
    desktop = [{"InstallationType": "Server", "OperatingSystemSKU": 8}]
    assert verdict(check, walled(client, os=desktop)).severity is Severity.INFO
    assert verdict(check, walled(client, os=[{"InstallationType": "Server Core"}])).severity is Severity.LOW
    assert verdict(check, walled(client, os=failed())).severity is Severity.LOW
    out = rule("VIRTCL-WMI-WINMGMT-Out-TCP-NoScope", OPEN.replace("Dir=In", "Dir=Out"))
    assert verdict(check, walled(out)).status is PASS
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def address(text, guid=MANAGEMENT, index=4):
    family = "IPv6" if ":" in text else "IPv4"
    return {"InterfaceGuid": guid, "InterfaceIndex": index, "Address": text, "Family": family}


def test_a_public_address_weighs_by_what_is_open():
    check = firewall.no_public_address
    reachable = [address("8.8.4.4")]
    assert verdict(check, walled(net_ip=reachable)).severity is Severity.MEDIUM
    console = rule("VIRT-REMOTEDESKTOP-In-TCP-NoScope", OPEN + "LPort=2179|")
    assert verdict(check, walled(console, net_ip=reachable)).severity is Severity.CRITICAL
    public_only = console | {"Rule": console["Rule"] + "Profile=Public|"}
    assert verdict(check, walled(public_only, net_ip=reachable)).severity is Severity.MEDIUM
    assert verdict(check, walled(public_only, net_ip=reachable, public=True)).severity is Severity.CRITICAL
    off = profiles(active_Domain={"Enabled": False})
    assert verdict(check, walled(net_ip=reachable, firewall_profiles=off)).severity is Severity.CRITICAL
    assert verdict(check, walled(net_ip=reachable, firewall_rules_raw=failed())).severity is Severity.CRITICAL


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "192.0.2.7", "fe80::1", "fd00::1"]
)
def test_addresses_that_the_internet_does_not_route_pass(text):
    assert verdict(firewall.no_public_address, walled(net_ip=[address(text)])).status is PASS


def test_global_ipv6_alone_is_low_and_one_finding_for_each_adapter():
    check = firewall.no_public_address
    two = [address("2a00:1450::2"), address("2a00:1450::1")]
    failing = [r for r in ask(check, walled(net_ip=two)) if r.status is FAIL]
    assert [(r.severity, r.subject.key["Address"]) for r in failing] == [(Severity.LOW, "2a00:1450::1")]
    assert statuses(check, walled(net_ip=[*two, address("8.8.4.4")])) == [FAIL, NA, NA]
    assert verdict(check, walled(net_ip=[address("2a00:1450::1", STORAGE, 8)])).status is PASS
    assert verdict(check, walled(net_ip=failed())).status is GAP


def test_remote_management_rules_must_be_scoped():
    check = firewall.remote_management_is_scoped
    text = OPEN + "Profile=Domain|LPort=RPC|Svc=Eventlog|"
    found = verdict(check, walled(rule("RemoteEventLogSvc-In-TCP-NoScope", text)))
    assert (found.status, found.severity, "RemoteEventLogSvc" in found.message) == (FAIL, Severity.MEDIUM, True)
    assert verdict(check, walled(rule("RemoteEventLogSvc-In-TCP", text + "RA4=LocalSubnet|"))).status is PASS
    assert verdict(check, walled(rule("VIRT-WMI-RPCSS-In-TCP-NoScope", text))).status is PASS
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def test_a_long_list_of_rules_is_cut():
    rules = [rule(f"WMI-{number:02}", OPEN + "LPort=135|") for number in range(13)]
    assert verdict(firewall.remote_management_is_scoped, walled(*rules)).message.endswith("WMI-09 and 3 more")


def test_management_must_be_closed_on_public():
    check = firewall.management_is_closed_on_public
    rdp = rule("RemoteDesktop-UserMode-In-TCP", OPEN + "LPort=3389|")
    console = rule("VIRT-REMOTEDESKTOP-In-TCP-NoScope", OPEN + "LPort=2179|")
    assert verdict(check, walled(rdp, remote_access=RDP_ON)).severity is Severity.LOW
    assert verdict(check, walled(rdp, public=True, remote_access=RDP_ON)).severity is Severity.HIGH
    assert verdict(check, walled(rdp, net_profile=failed(), remote_access=RDP_ON)).severity is Severity.HIGH
    assert verdict(check, walled(console)).status is PASS
    assert verdict(check, walled(console, public=True)).severity is Severity.HIGH
    domain = rdp | {"Rule": rdp["Rule"] + "Profile=Domain|"}
    assert verdict(check, walled(domain, public=True, remote_access=RDP_ON)).status is PASS
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def test_the_management_network_must_be_the_domains():
    check = firewall.management_network_is_the_domains
    member, workgroup = [{"PartOfDomain": True}], [{"PartOfDomain": False}]
    # The storage adapter has no gateway.
    assert statuses(check, host(computer=member, **on_public(0))) == [FAIL, NA]
    assert statuses(check, host(computer=member, **on_public(2))) == [PASS, NA]
    assert statuses(check, host(computer=workgroup, **on_public(0))) == [NA, NA]
    assert statuses(check, host(computer=failed(), **on_public(0))) == [GAP]


def test_a_rule_without_its_feature_is_surplus():
    check = firewall.no_rule_without_feature
    for used, status in ((True, PASS), (False, FAIL)):
        snapshot = known(walled(MIGRATION), "host_hyperv", VirtualMachineMigrationEnabled=used)
        assert verdict(check, snapshot).status is status
        https = rule("VIRT-HVRHTTPSL-In-TCP-NoScope", OPEN + "LPort=443|")
        assert verdict(check, known(walled(https), "replica_server", ReplicationEnabled=used)).status is status
    assert verdict(check, walled(MIGRATION)).status is GAP


def test_the_log_must_hold_what_is_dropped():
    kept = {"LogDropped": True, "LogMaxKB": 16384}
    good = profiles(local_Domain=kept, local_Private=kept, gpo_Public=kept)
    assert verdict(firewall.dropped_packets_are_logged, host(firewall_profiles=good)).status is PASS
    assert verdict(firewall.log_is_large_enough, host(firewall_profiles=good)).status is PASS
    overruled = profiles(local_Domain=kept, local_Private=kept, local_Public=kept, gpo_Public={"LogDropped": False})
    found = verdict(firewall.dropped_packets_are_logged, host(firewall_profiles=overruled))
    assert (found.status, found.message.endswith(" Public")) == (FAIL, True)
    assert verdict(firewall.log_is_large_enough, host(firewall_profiles=profiles())).status is FAIL
    assert verdict(firewall.dropped_packets_are_logged, host(firewall_profiles=failed())).status is GAP
    assert verdict(firewall.log_is_large_enough, host(firewall_profiles=failed())).status is GAP


def acl(path, sddl, kind="file", role="fwApp"):
    return {"Path": path, "Kind": kind, "Roles": [role], "Exists": True, "Sddl": sddl}


TIGHT = "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"


def test_programs_of_rules_must_not_be_changed_by_users():
    check = firewall.programs_of_rules_are_protected
    tool = rule("{tool}", OPEN + "LPort=80|App=C:\\Tools\\tool.exe|")
    folder = acl("C:\\Tools", TIGHT, "dir", "fwAppDir")
    program = acl("C:\\Tools\\tool.exe", TIGHT)
    assert verdict(check, walled(tool, acls=[folder, program])).status is PASS
    writable = "O:BAG:SYD:(A;;FA;;;BA)(A;;0x1301bf;;;AU)"
    assert verdict(check, walled(tool, acls=[folder, acl("C:\\Tools\\tool.exe", writable)])).status is FAIL
    replaceable = acl("C:\\Tools", writable, "dir", "fwAppDir")
    assert verdict(check, walled(tool, acls=[replaceable, program])).status is FAIL
    assert verdict(check, walled(tool, acls=[folder])).status is GAP
    assert (
        verdict(check, walled(tool, acls=[folder, acl("C:\\Tools\\tool.exe", None) | {"Exists": False}])).status is PASS
    )
    assert verdict(check, walled(rule("{system}", OPEN + "App=System|"), acls=failed())).status is PASS
    assert verdict(check, walled(tool, acls=failed())).status is GAP


def test_hand_made_rules_must_not_open_sensitive_ports():
    check = firewall.no_custom_rule_opens_a_sensitive_port
    assert verdict(check, walled(rule("{1}", OPEN + "LPort=22|App=C:\\ssh.exe|"))).status is FAIL
    assert verdict(check, walled(rule("{1}", OPEN + "LPort=5900-5910|Name=VNC|"))).status is FAIL
    assert verdict(check, walled(rule("{1}", OPEN + "LPort=22|EmbedCtxt=OpenSSH Server|"))).status is PASS
    assert verdict(check, walled(rule("{1}", OPEN + "LPort=22|RA4=10.0.0.0/8|"))).status is PASS
    assert verdict(check, walled(rule("{1}", OPEN + "LPort=8443|"))).status is PASS
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


def test_local_rules_beside_those_of_policy_are_told():
    check = firewall.local_rules_do_not_count_on_public
    policy = rule("{policy}", OPEN + "LPort=443|", store="gpo")
    found = verdict(check, walled(policy))
    assert (found.status, found.severity, "{policy}" in found.message) == (FAIL, Severity.LOW, True)
    shut = profiles(gpo_Public={"AllowLocalRules": False})
    assert verdict(check, walled(policy, firewall_profiles=shut)).status is PASS
    assert verdict(check, walled(rule("{own}", OPEN))).status is NA
    assert verdict(check, walled(policy, firewall_profiles=failed())).status is GAP
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


EDGE = OPEN + "LPort=5000|Edge=TRUE|"


def test_only_rules_of_somebody_may_not_traverse_the_edge():
    check = firewall.no_rule_allows_edge_traversal
    found = verdict(check, walled(rule("{own}", EDGE + "Name=Support|")))
    assert (found.status, found.severity, "{own} (Support)" in found.message) == (FAIL, Severity.MEDIUM, True)
    assert verdict(check, walled(rule("{own}", OPEN + "LPort=5000|"))).status is PASS
    assert verdict(check, walled(rule("{own}", EDGE.replace("TRUE", "FALSE")))).status is PASS
    assert verdict(check, walled(rule("Game-In", EDGE), rule("Game-In", EDGE, store="defaults"))).status is PASS
    assert verdict(check, walled(rule("CoreNet-ICMP6-DU-In", EDGE))).status is PASS
    package = EDGE + "LUOwn=S-1-5-21-1-2-3-1001|AppPkgId=S-1-15-2-1|"
    assert verdict(check, walled(rule("{package}", package))).status is PASS
    assert verdict(check, walled(firewall_rules_raw=failed())).status is GAP


FOLDER = acl("C:\\Tools", TIGHT, "dir", "fwAppDir")
OTHER = [{"Path": "C:\\Windows\\System32\\vmms.exe", "Roles": ["hyperv"], "Exists": True}]


def test_rules_of_programs_that_are_gone_are_told():
    check = firewall.programs_of_rules_exist
    tool = rule("{tool}", OPEN + "LPort=80|App=C:\\Tools\\tool.exe|")
    there, gone = acl("C:\\Tools\\tool.exe", TIGHT), acl("C:\\Tools\\tool.exe", None) | {"Exists": False}
    assert verdict(check, walled(tool, acls=[there], binaries=OTHER)).status is PASS
    found = verdict(check, walled(tool, acls=[gone], binaries=OTHER))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    unseen = gone | {"Exists": None}
    assert verdict(check, walled(tool, acls=[unseen], binaries=OTHER)).status is GAP
    listed_elsewhere = [{"Path": "C:\\Tools\\tool.exe", "Roles": ["firewallApp"], "Exists": False}]
    assert verdict(check, walled(tool, acls=[FOLDER], binaries=listed_elsewhere)).status is FAIL
    assert verdict(check, walled(tool, acls=[FOLDER], binaries=OTHER)).status is GAP
    assert verdict(check, walled(tool, acls=failed(), binaries=OTHER)).status is GAP
    shipped = tool | {"Store": "defaults"}
    assert verdict(check, walled(tool, shipped, acls=[gone], binaries=OTHER)).status is PASS


def test_outbound_traffic_is_a_hint():
    check = firewall.outbound_is_blocked_by_default
    found = verdict(check, host(firewall_profiles=profiles()))
    assert (found.status, found.severity) == (FAIL, Severity.INFO)
    block = {"DefaultOutbound": "Block"}
    active = profiles(active_Domain=block, active_Private=block, active_Public=block)
    assert verdict(check, host(firewall_profiles=active)).status is PASS
    policy = profiles(gpo_Domain=block, gpo_Private=block, gpo_Public=block)
    assert verdict(check, host(firewall_profiles=policy)).status is PASS
    assert verdict(check, host(firewall_profiles=failed())).status is GAP


def test_closed_ports_must_not_answer():
    check = firewall.stealth_mode_is_on
    assert verdict(check, host(firewall_profiles=profiles())).status is PASS
    off = {"DisableStealthMode": True}
    found = verdict(check, host(firewall_profiles=profiles(local_Public=off)))
    assert (found.status, found.severity, "Public" in found.message) == (FAIL, Severity.LOW, True)
    overruled = profiles(local_Public=off, gpo_Public={"DisableStealthMode": False})
    assert verdict(check, host(firewall_profiles=overruled)).status is PASS
    assert verdict(check, host(firewall_profiles=failed())).status is GAP


def test_the_hyperv_firewall_must_block_by_default():
    check = firewall.hyperv_firewall_blocks_inbound

    def setting(action, kind="setting", enabled=1):
        return {"RowKind": kind, "InstanceId": "{wsl}", "Enabled": enabled, "DefaultInboundAction": action}

    for action, status in ((2, FAIL), (4, PASS), (0, PASS), (None, GAP)):
        assert verdict(check, host("2025", firewall_hyperv=[setting(action)])).status is status
    assert verdict(check, host("2025", firewall_hyperv=[setting(2, "profile")])).status is FAIL
    assert verdict(check, host("2025", firewall_hyperv=[setting(2, "profile", 0)])).status is NA
    assert verdict(check, host("2025", firewall_hyperv=[{"RowKind": "creator", "InstanceId": "{wsl}"}])).status is NA
    assert verdict(check, host("2025", firewall_hyperv=absent())).status is NA
    assert verdict(check, host("2025", firewall_hyperv=failed())).status is GAP
