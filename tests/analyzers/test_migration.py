"""HV-MIG: each check passes, fails and is not assessed."""

from hosts import FAIL, GAP, NA, PASS, failed
from machines import HIDDEN, machine, of
from migrations import (
    CLUSTERED,
    COMPUTER,
    GUIDS,
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
