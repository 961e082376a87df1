"""HV-MIG: each check passes, fails and is not assessed."""

from hosts import FAIL, GAP, NA, PASS, absent, failed
from machines import HIDDEN, machine, of
from migrations import (
    CLUSTERED,
    COMPUTER,
    GUIDS,
    HIGH,
    INFO,
    LOW,
    MEDIUM,
    OFF,
    RULE,
    address,
    card,
    migration_network,
    settings,
    worst,
)

from analyzers import migration


def test_credssp_fails_in_a_domain():
    check = migration.migration_uses_kerberos
    credssp = settings(VirtualMachineMigrationAuthenticationType="CredSSP")
    assert worst(check) is PASS
    assert worst(check, host_hyperv=credssp) == (FAIL, MEDIUM)
    assert worst(check, host_hyperv=credssp, cluster=CLUSTERED) == (FAIL, LOW)
    assert worst(check, host_hyperv=credssp, cluster=HIDDEN) == (FAIL, MEDIUM)
    assert worst(check, host_hyperv=credssp, computer=[COMPUTER | {"PartOfDomain": False}]) is NA
    assert worst(check, host_hyperv=credssp, computer=failed()) is GAP
    assert worst(check, host_hyperv=OFF) is NA
    assert worst(check, host_hyperv=settings(VirtualMachineMigrationAuthenticationType=HIDDEN)) is GAP


ANY = settings(UseAnyNetworkForMigration=True)


def test_any_network_fails_except_in_a_cluster():
    check = migration.migration_uses_chosen_networks
    assert worst(check) is PASS
    assert worst(check, host_hyperv=ANY) == (FAIL, MEDIUM)
    assert worst(check, host_hyperv=ANY, net_ip=[address(), address("169.254.1.1", 2, 16)]) == (FAIL, LOW)
    assert worst(check, host_hyperv=ANY, net_ip=failed()) == (FAIL, MEDIUM)
    assert worst(check, host_hyperv=ANY, cluster=CLUSTERED) is NA
    assert worst(check, host_hyperv=ANY, cluster=HIDDEN) is GAP
    assert worst(check, host_hyperv=OFF) is NA


def serving(text, **changed):
    row = of(Id="a", Name="NIC", IsManagementOs=False, Connected=True, IPAddresses=[text], **changed)
    return {"vm_network_adapter": [row]}


def test_a_migration_network_serves_neither_management_nor_guests():
    check = migration.migration_networks_are_apart
    assert worst(check) is PASS
    assert worst(check, migration_network=[migration_network("10.0.0.0/24")]) == (FAIL, MEDIUM)
    flat = {"migration_network": [migration_network("10.0.0.0/24")], "net_ip": [address()]}
    assert worst(check, **flat) == (FAIL, LOW)
    assert worst(check, **serving("10.40.0.77")) == (FAIL, MEDIUM)
    assert worst(check, **serving("10.41.0.77")) is PASS
    assert worst(check, **serving("no address")) is PASS
    assert worst(check, **serving("10.40.0.77"), vm=[machine(State="Off")]) is PASS
    assert worst(check, vm_network_adapter=HIDDEN) is GAP
    assert worst(check, host_hyperv=ANY) is NA
    assert worst(check, cluster=CLUSTERED) is NA


SLOW = 100_000_000


def test_slow_migration_networks_weigh_by_whether_a_fast_one_is_there():
    check = migration.migration_networks_are_fast
    slow = [card(1), card(2, SLOW)]
    assert worst(check) is PASS
    assert worst(check, net_adapters=slow) == (FAIL, MEDIUM)
    both = [migration_network(), migration_network("10.0.0.0/24")]
    assert worst(check, net_adapters=slow, migration_network=both) == (FAIL, LOW)
    assert worst(check, net_adapters=slow, host_hyperv=ANY) == (FAIL, LOW)
    assert worst(check, net_adapters=[card(1), card(2, None)]) is GAP
    assert worst(check, net_adapters=[card(1)]) is GAP
    assert worst(check, net_adapters=failed()) is GAP
    assert worst(check, host_hyperv=OFF) is NA


def test_in_a_cluster_the_networks_of_the_cluster_count():
    def of_cluster(excluded, speed=SLOW, node="HV01"):
        network = {"Id": GUIDS[3], "Name": "Migration", "ExcludedFromMigration": excluded}
        port = {"Name": "p", "Node": node, "Network": "Migration", "AdapterId": GUIDS[2], "Address": "10.40.0.5"}
        tables = {"cluster": CLUSTERED, "cluster_network": [network], "cluster_network_interface": [port]}
        return worst(migration.migration_networks_are_fast, **tables, net_adapters=[card(2, speed)])

    assert of_cluster(False) == (FAIL, MEDIUM)
    assert of_cluster(False, 10_000_000_000) is PASS
    assert of_cluster(True) is NA
    assert of_cluster(False, node="HV02") is NA
    assert of_cluster(HIDDEN) is GAP


IPSEC = [RULE | {"Rule": "v2.29|Action=SecureServer|Active=TRUE|EP2Port=6600|Protocol=6|"}]


def test_migration_is_encrypted_one_way_or_another():
    check = migration.migration_is_encrypted
    open_network = {"migration_network": [migration_network("10.0.0.0/24")]}
    assert worst(check, **open_network) == (FAIL, MEDIUM)
    assert worst(check) == (FAIL, LOW)
    assert worst(check, cluster=CLUSTERED) == (FAIL, MEDIUM)
    assert worst(check, firewall_consec_raw=IPSEC) is PASS
    assert worst(check, vm_security=[of(EncryptStateAndVmMigrationTraffic=True)]) is PASS
    smb = settings(VirtualMachineMigrationPerformanceOption="SMB")
    assert worst(check, host_hyperv=smb, smb_server=[{"EncryptData": True}]) is PASS
    assert worst(check, host_hyperv=smb, smb_server=[{"EncryptData": False}]) == (FAIL, LOW)
    assert worst(check, host_hyperv=smb, smb_server=failed()) is GAP
    assert worst(check, firewall_consec_raw=failed()) is GAP
    assert worst(check, vm_security=HIDDEN) is GAP
    assert worst(check, "2012R2", vm_security=None) == (FAIL, LOW)
    assert worst(check, host_hyperv=OFF) is NA


CREDSSP = settings(VirtualMachineMigrationAuthenticationType="CredSSP")


def test_credssp_fails_where_credential_guard_runs():
    def with_guard(*running, **changed):
        guard = [{"SecurityServicesRunning": list(running)}]
        return worst(migration.migration_works_with_credential_guard, **({"platform_security": guard} | changed))

    assert with_guard(1, 2) is PASS
    assert with_guard(1, 2, host_hyperv=CREDSSP) == (FAIL, HIGH)
    assert with_guard(1, host_hyperv=CREDSSP, cluster=CLUSTERED) == (FAIL, LOW)
    assert with_guard(1, host_hyperv=CREDSSP, cluster=HIDDEN) == (FAIL, HIGH)
    assert with_guard(2, host_hyperv=CREDSSP) is PASS
    assert with_guard(1, host_hyperv=CREDSSP, computer=[COMPUTER | {"PartOfDomain": False}]) is NA
    assert with_guard(1, host_hyperv=CREDSSP, platform_security=failed()) is GAP
    assert with_guard(1, host_hyperv=OFF) is NA
    assert with_guard(1, host_hyperv=CREDSSP, era="2012R2") is NA


def account(*targets, bits=0x1000, resource=False):
    row = {"ObjectSid": "S-1-5-21-1-2-3-1104", "UserAccountControl": bits, "AllowedToDelegateTo": list(targets)}
    return [row | {"ResourceBasedDelegation": resource}]


PARTNER = ("cifs/hv02.corp.example", "Microsoft Virtual System Migration Service/hv02.corp.example")


def test_live_migration_without_a_partner_fails():
    check = migration.migration_has_a_partner
    assert worst(check, ad_computer=account(*PARTNER)) is PASS
    assert worst(check, ad_computer=account(resource=True)) is PASS
    assert worst(check, ad_computer=account(bits=0x81000)) is PASS
    assert worst(check, ad_computer=account()) == (FAIL, LOW)
    assert worst(check, ad_computer=account("cifs/fs01")) == (FAIL, LOW)
    assert worst(check, ad_computer=account(), host_hyperv=CREDSSP) == (FAIL, INFO)
    assert worst(check, computer=[COMPUTER | {"PartOfDomain": False}]) == (FAIL, LOW)
    assert worst(check, ad_computer=account(), cluster=CLUSTERED) is PASS
    assert worst(check, ad_computer=account(), host_hyperv=OFF) is PASS
    assert worst(check, ad_computer=failed()) is GAP
    assert worst(check, ad_computer=account(), cluster=HIDDEN) is GAP


def test_delegation_of_the_account_is_for_live_migration_only():
    check = migration.delegation_is_narrow
    assert worst(check, ad_computer=account()) is PASS
    assert worst(check, ad_computer=account(*PARTNER, bits=0x1001000)) is PASS
    assert worst(check, ad_computer=account(*PARTNER, "MSSQLSvc/db01:1433")) == (FAIL, MEDIUM)
    assert worst(check, ad_computer=account(bits=0x81000)) == (FAIL, HIGH)
    assert worst(check, ad_computer=account(bits=0x82000)) is PASS
    assert worst(check, ad_computer=absent("notDomainJoined")) is NA
    assert worst(check, ad_computer=failed()) is GAP


def test_many_moves_at_once_are_a_note_on_slow_networks():
    def moving(machines=2, storage=2, **changed):
        limits = settings(MaximumVirtualMachineMigrations=machines, MaximumStorageMigrations=storage)
        return worst(migration.moves_fit_the_network, **({"host_hyperv": limits} | changed))

    gigabit = [card(1), card(2, 1_000_000_000)]
    assert moving(10, net_adapters=gigabit) == (FAIL, INFO)
    assert moving(4, 5, net_adapters=gigabit) == (FAIL, INFO)
    assert moving(4, 4, net_adapters=gigabit) is PASS
    assert moving(10) is PASS
    assert moving(10, net_adapters=failed()) is GAP
    assert moving(HIDDEN, net_adapters=gigabit) is GAP
    assert moving(HIDDEN, 5, net_adapters=gigabit) == (FAIL, INFO)
    assert worst(migration.moves_fit_the_network, host_hyperv=OFF) is NA


def names_event(last="2026-10-30T10:00:00.000Z", **changed):
    row = {"Channel": migration.VMMS_LOG, "Provider": migration.VMMS_PROVIDER, "EventId": 14050, "LastUtc": last}
    return row | {"Level": 2, "Count": 1, "FirstUtc": last, "WindowDays": 7, "LastData": {}, "Capped": False} | changed


def kept(oldest="2026-05-01T10:00:00.000Z", size=1_052_672):
    row = {"Channel": migration.VMMS_LOG, "OldestRecordUtc": oldest, "FileSizeBytes": size, "MaxSizeBytes": None}
    return [row]


def test_names_that_could_not_be_registered_fail_for_a_week():
    def told(*events, log=None):
        tables = {"event_summary": list(events), "eventlogs": kept() if log is None else log}
        return worst(migration.names_are_registered, **tables)

    assert told() is PASS
    assert told(names_event()) == (FAIL, LOW)
    assert told(names_event("2026-10-20T10:00:00.000Z")) is PASS
    assert told(names_event(EventId=14098)) is PASS
    assert told(log=kept("2026-10-31T10:00:00.000Z")) is GAP
    assert told(log=kept("2026-10-31T10:00:00.000Z", 69_632)) is PASS
    assert told(log=[]) is GAP
    assert told(log=failed()) is GAP
    assert worst(migration.names_are_registered, event_summary=failed(), eventlogs=kept()) is GAP


def value(key, name, number=None, text=None):
    there = number is not None or text is not None
    kind = "REG_DWORD" if number is not None else "REG_SZ" if text is not None else None
    return {
        "Key": key,
        "Name": name,
        "KeyExists": there,
        "Exists": there,
        "Kind": kind,
        "IntValue": number,
        "TextValue": text,
    }


def policies(oracle=None, **lists):
    rows = [value(migration.CREDSSP_PARAMETERS, "AllowEncryptionOracle", oracle)]
    for name in migration.DELEGATION_POLICIES:
        on, targets = lists.get(name, (None, ()))
        key = f"{migration.CREDENTIALS_DELEGATION}\\{name}"
        rows.append(value(migration.CREDENTIALS_DELEGATION, name, on))
        rows += [value(key, str(number), text=text) for number, text in enumerate(targets, 1)] or [value(key, None)]
    return rows


def test_credentials_go_to_named_servers_only():
    def told(rows):
        return worst(migration.delegation_policies_name_servers, registry_values=rows)

    assert told(policies()) is PASS
    assert told(policies(AllowFreshCredentials=(1, ["wsman/hv02.corp.example", "wsman/*.corp.example"]))) is PASS
    assert told(policies(AllowFreshCredentials=(1, ["wsman/hv02", "WSMAN/*"]))) == (FAIL, HIGH)
    assert told(policies(AllowSavedCredentialsWhenNTLMOnly=(1, ["*"]))) == (FAIL, HIGH)
    assert told(policies(AllowFreshCredentials=(0, ["wsman/*"]))) is PASS
    assert told(policies(oracle=2)) == (FAIL, HIGH)
    assert told(policies(oracle=1)) is PASS
    assert told(policies(oracle=2)[:1]) == (FAIL, HIGH)
    assert told(policies()[:-1]) is PASS
    assert told(policies()[1:]) is GAP
    assert told([row for row in policies(AllowFreshCredentials=(1, ["*"])) if row["TextValue"] is None]) is GAP
    assert told(failed()) is GAP
