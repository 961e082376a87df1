"""HV-SMB: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, host, partial, verdict

from analyzers import remote
from snapshot_tool.verdict import Severity

SERVICE = [{"Name": "LanmanServer", "State": "Running", "StartType": 2}]
SERVER = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
WORKSTATION = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters"


def value(key, name, number=None):
    row = {"Key": key, "Name": name, "ListKey": key, "Mode": "value", "KeyExists": True, "Exists": number is not None}
    return row | {"Kind": None if number is None else "REG_DWORD", "IntValue": number, "View": 64}


def feature(name, installed, kind="optional"):
    return {"Kind": kind, "Name": name, "Installed": installed, "ServerFeatureId": None}


SMB1_ON = [{"EnableSMB1Protocol": True}]


def test_the_smb1_server_must_be_off():
    check = remote.smb1_server_is_off
    assert verdict(check, host(services=SERVICE, smb_server=[{"EnableSMB1Protocol": False}])).status is PASS
    installed = [feature("SMB1Protocol", True)]
    assert verdict(check, host(services=SERVICE, smb_server=SMB1_ON, features=installed)).status is FAIL
    assert verdict(check, host("2012", services=SERVICE, smb_server=SMB1_ON)).status is FAIL
    disabled = [SERVICE[0] | {"StartType": 4}]
    assert verdict(check, host(services=disabled, smb_server=SMB1_ON)).status is NA
    assert verdict(check, host(services=SERVICE, smb_server=failed())).status is GAP
    assert verdict(check, host(services=failed(), smb_server=SMB1_ON)).status is GAP


def test_a_removed_component_of_smb1_cannot_serve():
    check = remote.smb1_server_is_off
    rows = [feature("SMB1Protocol", True), feature("SMB1Protocol-Server", False), feature("FS-SMB1", True, "component")]
    assert verdict(check, host(services=SERVICE, smb_server=SMB1_ON, features=rows)).status is PASS
    assert verdict(check, host(services=SERVICE, smb_server=SMB1_ON, features=rows[2:])).status is FAIL
    assert verdict(check, host(services=SERVICE, smb_server=SMB1_ON, features=[])).status is GAP
    assert verdict(check, host(services=SERVICE, smb_server=SMB1_ON, features=failed())).status is GAP


@pytest.mark.parametrize(("number", "status"), [(0, PASS), (1, FAIL), (None, FAIL)])
def test_up_to_2008_r2_the_registry_tells_of_smb1(number, status):
    snapshot = host("2008R2", services=SERVICE, registry_values=[value(SERVER, "SMB1", number)])
    assert verdict(remote.smb1_server_is_off, snapshot).status is status


def driver(start):
    return [{"Name": "mrxsmb10", "StartType": start}]


def test_the_smb1_client_weighs_by_its_driver():
    check = remote.smb1_client_is_off
    removed = [feature("SMB1Protocol", False)]
    installed = [feature("SMB1Protocol", True), feature("SMB1Protocol-Client", True)]
    assert verdict(check, host(drivers=[], features=failed())).status is PASS
    assert verdict(check, host(drivers=driver(4), features=removed)).status is PASS
    found = verdict(check, host(drivers=driver(2), features=installed))
    assert (found.severity, "FS-SMB1" in found.message) == (Severity.MEDIUM, True)
    assert verdict(check, host(drivers=driver(2), features=failed())).severity is Severity.MEDIUM
    assert verdict(check, host(drivers=driver(4), features=installed)).severity is Severity.LOW
    assert verdict(check, host("2012", drivers=driver(4))).status is PASS
    assert verdict(check, host("2008R2", drivers=driver(3))).severity is Severity.MEDIUM
    assert verdict(check, host(drivers=failed())).status is GAP


@pytest.mark.parametrize(
    ("check", "table", "key"),
    [
        (remote.server_requires_signing, "smb_server", SERVER),
        (remote.client_requires_signing, "smb_client", WORKSTATION),
    ],
)
def test_signing_must_be_required(check, table, key):
    unencrypted = {"EncryptData": False, "RejectUnencryptedAccess": True} if table == "smb_server" else {}
    for required, status in ((True, PASS), (False, FAIL)):
        row = {"RequireSecuritySignature": required} | unencrypted
        assert verdict(check, host(**{table: [row]})).status is status
    assert verdict(check, host(**{table: failed()})).status is GAP
    for number, status in ((1, PASS), (0, FAIL), (None, FAIL)):
        old = host("2008R2", registry_values=[value(key, "RequireSecuritySignature", number)])
        assert verdict(check, old).status is status
    assert verdict(check, host("2008R2", registry_values=failed())).status is GAP


def test_encryption_stands_for_signing():
    row = {"RequireSecuritySignature": False, "EncryptData": True, "RejectUnencryptedAccess": True}
    assert verdict(remote.server_requires_signing, host(smb_server=[row])).status is PASS
    row |= {"RejectUnencryptedAccess": False}
    assert verdict(remote.server_requires_signing, host(smb_server=[row])).status is FAIL


USERS_ADD = "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CI;DC;;;BU)"
USERS_READ = "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)"
TIGHT = "O:BAG:SYD:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"


def shared(share_sddl, folder, **changed):
    """A share of D:\\Data with these permissions; `folder` is the descriptor of the folder, or the entry of `acls`."""
    share = {"Name": "Data", "Path": "D:\\Data", "Type": 0, "Special": False, "ShareSddl": share_sddl}
    row = {"Path": "d:\\data\\", "Kind": "dir", "Roles": ["shareDir"], "Exists": True, "Sddl": folder}
    return host(smb_shares=[share | changed], acls=[row] if isinstance(folder, str) else folder)


EVERYONE_FULL = "D:(A;;FA;;;WD)"
EVERYONE_READ = "D:(A;;0x1200a9;;;WD)"


@pytest.mark.parametrize(
    ("share", "folder", "status", "severity"),
    [
        (EVERYONE_FULL, USERS_ADD, FAIL, Severity.MEDIUM),
        ("D:(A;;0x1301bf;;;AN)", USERS_ADD, FAIL, Severity.MEDIUM),
        (EVERYONE_FULL, USERS_READ, FAIL, Severity.LOW),
        (EVERYONE_READ, USERS_ADD, FAIL, Severity.LOW),
        (EVERYONE_FULL, TIGHT, PASS, None),
        ("D:(A;;FA;;;AU)", USERS_ADD, PASS, None),
        ("D:(D;;FA;;;WD)(A;;FA;;;WD)", USERS_ADD, PASS, None),
        (EVERYONE_FULL, [], FAIL, Severity.LOW),
        # Nothing stored is the default of the release, which is not verified.
        (None, USERS_ADD, FAIL, Severity.INFO),
        (None, TIGHT, PASS, None),
        # The folder is a gap: the share's own permissions stand.
        (EVERYONE_FULL, failed(), FAIL, Severity.MEDIUM),
        (EVERYONE_READ, failed(), FAIL, Severity.LOW),
    ],
)
def test_a_share_weighs_by_both_of_its_permissions(share, folder, status, severity):
    found = verdict(remote.no_share_is_open_to_everyone, shared(share, folder))
    assert (found.status, found.severity if status is FAIL else None) == (status, severity)


@pytest.mark.parametrize(
    "changed",
    [
        {"Special": True},
        {"Type": 1},
        {"Name": "PRINT$"},
        {"Name": "ClusterStorage$"},
        {"Name": "5f0f86ee-1884-4b6d-9c93-5bdc81fc8b99-135266304$"},
    ],
)
def test_shares_of_windows_itself_are_not_asked(changed):
    assert verdict(remote.no_share_is_open_to_everyone, shared(EVERYONE_FULL, USERS_ADD, **changed)).status is NA


def test_lost_shares_are_not_assessed():
    assert verdict(remote.no_share_is_open_to_everyone, host(smb_shares=failed())).status is GAP
    assert verdict(remote.no_share_is_open_to_everyone, host(smb_shares=partial([]))).status is GAP


def access(**cells):
    names = [
        *("RdpDenyConnections", "RdpUserAuthentication", "WinRmServiceAllowUnencrypted", "WinRmServiceBasic"),
        "WinRmTrustedHosts",
    ]
    return [dict.fromkeys([*names, *(f"{name}Policy" for name in names)]) | cells]


@pytest.mark.parametrize(
    ("era", "cells", "status", "severity"),
    [
        ("2019", {"RdpUserAuthentication": 1}, PASS, None),
        ("2019", {"RdpUserAuthentication": 0}, FAIL, Severity.MEDIUM),
        ("2008R2", {"RdpUserAuthentication": 0}, FAIL, Severity.HIGH),
        ("2019", {"RdpUserAuthentication": 0, "RdpUserAuthenticationPolicy": 1}, PASS, None),
        ("2019", {"RdpUserAuthentication": 1, "RdpUserAuthenticationPolicy": 0}, FAIL, Severity.MEDIUM),
        ("2012", {}, PASS, None),
        ("2008R2", {}, FAIL, Severity.INFO),
        ("2019", {"RdpUserAuthentication": 0, "RdpDenyConnectionsPolicy": 1}, NA, None),
        ("2019", {"RdpUserAuthentication": 0, "RdpDenyConnections": None}, NA, None),
    ],
)
def test_remote_desktop_must_ask_for_authentication_first(era, cells, status, severity):
    found = verdict(
        remote.rdp_asks_for_authentication, host(era, remote_access=access(**{"RdpDenyConnections": 0} | cells))
    )
    assert (found.status, found.severity if status is FAIL else None) == (status, severity)


def test_an_unreadable_policy_is_no_fall_back_to_the_local_value():
    rows = access(RdpDenyConnections=0, RdpUserAuthentication=1)
    rows[0]["_err"] = {"RdpUserAuthenticationPolicy": "accessDenied"}
    assert verdict(remote.rdp_asks_for_authentication, host(remote_access=rows)).status is GAP
    assert verdict(remote.rdp_asks_for_authentication, host(remote_access=failed())).status is GAP


def winrm(state="Running", transports=("HTTP",), **cells):
    return host(
        services=[{"Name": "WinRM", "State": state, "StartType": 2}],
        winrm_listeners=[{"Address": "*", "Transport": one, "Port": None, "Enabled": True} for one in transports],
        remote_access=access(**cells),
    )


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"WinRmServiceAllowUnencrypted": 1}, Severity.HIGH),
        ({"WinRmServiceAllowUnencrypted": 1, "WinRmServiceBasic": 1}, Severity.HIGH),
        ({"WinRmServiceBasic": 1}, Severity.MEDIUM),
        ({"WinRmServiceBasic": 1, "transports": ["HTTPS"]}, Severity.LOW),
        ({"WinRmServiceBasic": 1, "transports": ["HTTPS", "HTTP"]}, Severity.MEDIUM),
        ({"WinRmServiceAllowUnencrypted": 1, "transports": []}, Severity.LOW),
        ({"WinRmServiceAllowUnencrypted": 1, "state": "Stopped"}, Severity.LOW),
        ({"WinRmServiceAllowUnencrypted": 1, "state": None}, Severity.HIGH),
        ({"WinRmServiceBasicPolicy": 1, "WinRmServiceBasic": 0}, Severity.MEDIUM),
    ],
)
def test_a_winrm_service_that_accepts_clear_text_fails(given, severity):
    found = verdict(remote.winrm_service_is_encrypted, winrm(**given))
    assert (found.status, found.severity) == (FAIL, severity)


def test_a_winrm_service_as_shipped_passes():
    check = remote.winrm_service_is_encrypted
    assert verdict(check, winrm()).status is PASS
    overruled = winrm(WinRmServiceAllowUnencrypted=1, WinRmServiceAllowUnencryptedPolicy=0)
    assert verdict(check, overruled).status is PASS
    assert verdict(check, host(remote_access=failed())).status is GAP
    rows = access(WinRmServiceBasic=1)
    rows[0]["_err"] = {"WinRmServiceAllowUnencrypted": "accessDenied"}
    assert verdict(check, host(remote_access=rows, services=failed())).severity is Severity.HIGH


@pytest.mark.parametrize(
    ("text", "status", "severity"),
    [
        (None, PASS, None),
        ("", PASS, None),
        ("<local>, host1,host2.example", PASS, None),
        ("10.0.0.7", PASS, None),
        ("fe80::1", PASS, None),
        ("*", FAIL, Severity.MEDIUM),
        ("host1, *", FAIL, Severity.MEDIUM),
        ("*.example", FAIL, Severity.LOW),
        ("10.0.0.*", FAIL, Severity.LOW),
        ("10.0.0.0/24", FAIL, Severity.LOW),
        ("10.0.0.1-10.0.0.9", FAIL, Severity.LOW),
    ],
)
def test_trusted_hosts_must_be_named(text, status, severity):
    found = verdict(remote.winrm_trusts_named_hosts, host(remote_access=access(WinRmTrustedHosts=text)))
    assert (found.status, found.severity if status is FAIL else None) == (status, severity)


def test_policy_wins_for_trusted_hosts():
    check = remote.winrm_trusts_named_hosts
    rows = access(WinRmTrustedHosts="*", WinRmTrustedHostsPolicy="host1")
    assert verdict(check, host(remote_access=rows)).status is PASS
    assert verdict(check, host(remote_access=failed())).status is GAP
