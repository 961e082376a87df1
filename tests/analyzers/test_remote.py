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
    assert verdict(check, host(drivers=[{"Name": "disk"}], features=failed())).status is PASS
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
        (EVERYONE_FULL, [{"Path": "C:\\Windows", "Exists": True}], FAIL, Severity.LOW),
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


def test_guest_logons_must_be_refused():
    check = remote.client_refuses_guests
    key = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\LanmanWorkstation"
    for allowed, policy, status in ((False, None, PASS), (True, None, FAIL), (True, 0, PASS), (False, 1, FAIL)):
        rows = [value(key, "AllowInsecureGuestAuth", policy)]
        found = verdict(check, host(smb_client=[{"EnableInsecureGuestLogons": allowed}], registry_values=rows))
        assert found.status is status
    assert verdict(check, host(smb_client=failed(), registry_values=failed())).status is GAP


def test_encrypted_shares_must_stay_encrypted():
    check = remote.unencrypted_access_is_refused
    assert verdict(check, host(smb_server=[{"RejectUnencryptedAccess": True}])).status is PASS
    assert verdict(check, host(smb_server=[{"RejectUnencryptedAccess": False}])).status is FAIL
    assert verdict(check, host(smb_server=failed())).status is GAP


def listed(name, names):
    row = value(SERVER, name)
    return row if names is None else row | {"Exists": True, "Kind": "REG_MULTI_SZ", "ListValue": names}


def null_sessions(*, restrict=None, pipes=(), shares=None, role=3):
    rows = [value(SERVER, "RestrictNullSessAccess", restrict), listed("NullSessionPipes", list(pipes))]
    rows.append(listed("NullSessionShares", shares))
    return host(registry_values=rows, computer=[{"DomainRole": role}])


def test_nothing_may_be_open_to_anonymous_sessions():
    check = remote.no_null_sessions
    assert verdict(check, null_sessions()).status is PASS
    assert verdict(check, null_sessions(restrict=1)).status is PASS
    assert verdict(check, null_sessions(restrict=0)).status is FAIL
    assert verdict(check, null_sessions(shares=["Data"])).status is FAIL
    pipes = ["netlogon", "samr", "lsarpc"]
    assert verdict(check, null_sessions(pipes=pipes)).status is FAIL
    assert verdict(check, null_sessions(pipes=pipes, role=5)).status is PASS
    assert verdict(check, host(registry_values=failed())).status is GAP


def desktop(**cells):
    names = ["RdpSecurityLayer", "RdpMinEncryptionLevel", "RdpDisableDrives", "RdpPromptForPassword"]
    unset = dict.fromkeys([*names, *(f"{name}Policy" for name in names), "RdpEncryptRpcPolicy"])
    return access(RdpDenyConnections=0)[0] | unset | cells


def test_remote_desktop_must_be_encrypted():
    check = remote.rdp_is_encrypted
    strict = desktop(RdpSecurityLayer=0, RdpSecurityLayerPolicy=2, RdpMinEncryptionLevel=3)
    assert verdict(check, host(remote_access=[strict])).status is PASS
    assert verdict(check, host(remote_access=[strict | {"RdpSecurityLayerPolicy": 1}])).status is FAIL
    assert verdict(check, host(remote_access=[strict | {"RdpMinEncryptionLevel": None}])).status is FAIL
    assert verdict(check, host(remote_access=[strict | {"RdpDenyConnections": 1}])).status is NA
    unset = strict | {"RdpSecurityLayerPolicy": None, "RdpSecurityLayer": None}
    assert verdict(check, host(remote_access=[unset])).status is PASS
    assert verdict(check, host("2008R2", remote_access=[unset])).severity is Severity.INFO
    assert verdict(check, host(remote_access=failed())).status is GAP


def test_remote_desktop_must_redirect_nothing():
    check = remote.rdp_redirects_nothing
    strict = desktop(RdpDisableDrivesPolicy=1, RdpPromptForPassword=1, RdpEncryptRpcPolicy=1)
    assert verdict(check, host(remote_access=[strict])).status is PASS
    for cell in ("RdpDisableDrivesPolicy", "RdpPromptForPassword", "RdpEncryptRpcPolicy"):
        assert verdict(check, host(remote_access=[strict | {cell: 0}])).status is FAIL
        assert verdict(check, host(remote_access=[strict | {cell: None}])).status is FAIL
    assert verdict(check, host(remote_access=failed())).status is GAP


def client(**cells):
    names = ["WinRmClientAllowUnencrypted", "WinRmClientBasic", "WinRmClientDigest"]
    return host(remote_access=[dict.fromkeys([*names, *(f"{name}Policy" for name in names)]) | cells])


def test_the_winrm_client_weighs_by_what_was_chosen():
    check = remote.winrm_client_is_strict
    assert verdict(check, client()).severity is Severity.LOW
    assert verdict(check, client(WinRmClientAllowUnencrypted=1)).severity is Severity.MEDIUM
    strict = {"WinRmClientBasicPolicy": 0, "WinRmClientDigestPolicy": 0}
    assert verdict(check, client(**strict)).status is PASS
    assert verdict(check, client(**strict, WinRmClientBasic=1)).status is PASS
    assert verdict(check, host(remote_access=failed())).status is GAP


def test_credssp_must_be_off():
    check = remote.winrm_takes_no_credssp
    unset = {"WinRmServiceCredSSP": None, "WinRmServiceCredSSPPolicy": None}
    assert verdict(check, host(remote_access=[unset])).status is PASS
    assert verdict(check, host(remote_access=[unset | {"WinRmServiceCredSSP": 1}])).status is FAIL
    overruled = {"WinRmServiceCredSSP": 1, "WinRmServiceCredSSPPolicy": 0}
    assert verdict(check, host(remote_access=[overruled])).status is PASS
    assert verdict(check, host(remote_access=failed())).status is GAP


def storing(policy=1, *, domain=True, transports=("HTTP",)):
    return host(
        services=[{"Name": "WinRM", "State": "Running", "StartType": 2}],
        winrm_listeners=[{"Address": "*", "Transport": one, "Enabled": True} for one in transports],
        remote_access=[{"WinRmDisableRunAsPolicy": policy}],
        computer=[{"PartOfDomain": domain}],
    )


def test_winrm_must_not_store_credentials_nor_hide_who_it_is():
    check = remote.winrm_stores_no_credentials
    assert verdict(check, storing()).status is PASS
    assert verdict(check, storing(policy=None)).status is FAIL
    assert verdict(check, storing(domain=False)).status is FAIL
    assert verdict(check, storing(domain=False, transports=("HTTP", "HTTPS"))).status is PASS
    assert verdict(check, storing(domain=False, transports=())).status is PASS
    assert verdict(check, host(remote_access=failed())).status is GAP


def endpoint(sddl, **cells):
    row = {"Name": "ops", "Enabled": True, "Sddl": sddl, "RunAsVirtualAccount": False, "LanguageMode": None}
    return host(ps_endpoints=[row | cells])


SHIPPED = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;IU)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)"


@pytest.mark.parametrize(
    ("sddl", "cells", "status"),
    [
        (SHIPPED, {}, PASS),
        ("O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;AU)", {}, FAIL),
        ("O:NSG:BAD:P(D;;GA;;;NU)(A;;GA;;;BA)(A;;GA;;;AU)", {}, PASS),
        ("O:NSG:BAD:P(A;;GA;;;AU)", {"Enabled": False}, NA),
        (SHIPPED, {"RunAsVirtualAccount": True, "LanguageMode": "NoLanguage"}, PASS),
        (SHIPPED, {"RunAsVirtualAccount": True, "LanguageMode": "FullLanguage"}, FAIL),
        (SHIPPED, {"RunAsVirtualAccount": True}, GAP),
    ],
)
def test_endpoints_must_be_closed_to_ordinary_users(sddl, cells, status):
    assert verdict(remote.endpoint_is_closed, endpoint(sddl, **cells)).status is status
    assert verdict(remote.endpoint_is_closed, host(ps_endpoints=failed())).status is GAP


OLE = r"HKLM\SOFTWARE\Microsoft\Ole"
DCOM = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DCOM"
ACCESS = "O:BAG:BAD:(A;;CCDCLC;;;WD)(A;;CCDC;;;AN)"
LAUNCH = "O:BAG:BAD:(A;;CCDCLCSWRP;;;BA)(A;;CCDCSW;;;WD)"


def dcom(access_limit=ACCESS, launch_limit=LAUNCH, policy=None):
    given = {(OLE, "MachineAccessRestriction"): access_limit, (OLE, "MachineLaunchRestriction"): launch_limit}
    given |= {(DCOM, "MachineAccessRestriction"): policy, (DCOM, "MachineLaunchRestriction"): None}
    rows = []
    for (key, name), sddl in given.items():
        row = value(key, name)
        set_to = {"Exists": True, "Kind": "REG_SZ", "TextValue": sddl, "Sddl": sddl}
        rows.append(row if sddl is None else row | set_to)
    return host(registry_values=rows)


def test_dcom_must_keep_anonymous_callers_out():
    check = remote.dcom_is_limited
    assert verdict(check, dcom()).status is PASS
    assert verdict(check, dcom(None, None)).status is PASS
    assert verdict(check, dcom(access_limit="D:(A;;CCDCLC;;;AN)")).status is FAIL
    assert verdict(check, dcom(launch_limit="D:(A;;CCDCLCSWRP;;;WD)")).status is FAIL
    assert verdict(check, dcom(access_limit="D:(A;;CCDCLC;;;AN)", policy=ACCESS)).status is PASS
    limit = value(OLE, "MachineAccessRestriction") | {"Exists": True, "Kind": "REG_BINARY", "HexValue": None}
    others = [value(DCOM, "MachineAccessRestriction"), value(DCOM, "MachineLaunchRestriction")]
    others.append(value(OLE, "MachineLaunchRestriction"))
    rendered = limit | {"Sddl": "D:(A;;CCDCLC;;;AN)"}
    assert verdict(check, host(registry_values=[rendered, *others])).status is FAIL
    assert verdict(check, host(registry_values=[limit | {"Sddl": None}, *others])).status is GAP
    assert verdict(check, host(registry_values=failed())).status is GAP


def wmi(sddl, namespace="ROOT\\virtualization\\v2"):
    rows = [{"Namespace": namespace, "Exists": sddl is not None, "Sddl": sddl}]
    return host(wmi_security=rows, local_group_members=[], sids=[])


@pytest.mark.parametrize(
    ("sddl", "status", "severity"),
    [
        ("O:BAG:BAD:(A;CI;CCDCLCSWRPWPRCWD;;;BA)(A;CI;CCDCRP;;;AU)(A;CI;CCDCWP;;;S-1-5-32-578)", PASS, None),
        ("O:BAG:BAD:(A;CI;CCDCWP;;;AU)", FAIL, Severity.HIGH),
        ("O:BAG:BAD:(A;CI;CCDCWP;;;S-1-5-21-1-2-3-1104)", FAIL, Severity.MEDIUM),
        ("O:BAG:BAD:(A;CI;CCDCWP;;;S-1-5-21-1-2-3-512)", PASS, None),
        (None, NA, None),
    ],
)
def test_wmi_from_afar_must_be_for_administrators(sddl, status, severity):
    found = verdict(remote.wmi_is_for_administrators, wmi(sddl))
    assert (found.status, found.severity if status is FAIL else None) == (status, severity)
    assert verdict(remote.wmi_is_for_administrators, host(wmi_security=failed())).status is GAP


def test_rpc_must_ask_who_calls():
    key = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Rpc"
    for clients, mapper, status in ((1, 1, PASS), (2, 1, PASS), (None, 1, FAIL), (0, 1, FAIL), (1, None, FAIL)):
        rows = [value(key, "RestrictRemoteClients", clients), value(key, "EnableAuthEpResolution", mapper)]
        assert verdict(remote.rpc_is_authenticated, host(registry_values=rows)).status is status
    assert verdict(remote.rpc_is_authenticated, host(registry_values=failed())).status is GAP


SCHANNEL = r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"


def schannel(**set_to):
    """Registry rows of the four protocols; `TLS10=(enabled, disabled_by_default)`."""
    rows = []
    for protocol in ("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1"):
        enabled, disabled = set_to.get(protocol.replace(" ", "").replace(".", ""), (None, None))
        key = rf"{SCHANNEL}\{protocol}\Server"
        rows += [value(key, "Enabled", enabled), value(key, "DisabledByDefault", disabled)]
    return rows


@pytest.mark.parametrize(
    ("era", "on"),
    [
        ("2008", ["SSL 2.0", "SSL 3.0", "TLS 1.0"]),
        ("2012", ["SSL 3.0", "TLS 1.0", "TLS 1.1"]),
        ("2022", ["TLS 1.0", "TLS 1.1"]),
        ("2025", []),
    ],
)
def test_outdated_protocols_that_nothing_sets_are_those_of_the_release(era, on):
    found = verdict(remote.outdated_tls_is_off, host(era, registry_values=schannel()))
    assert found.message == "; ".join(f"{protocol} is on by default" for protocol in on)


def test_outdated_protocols_must_be_off():
    check = remote.outdated_tls_is_off
    off = schannel(TLS10=(0, None), TLS11=(None, 1))
    assert verdict(check, host(registry_values=off)).status is PASS
    found = verdict(check, host("2025", registry_values=schannel(SSL30=(1, None))))
    assert (found.status, found.message) == (FAIL, "SSL 3.0 is on")
    assert verdict(check, host(registry_values=failed())).status is GAP


HARDENED = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider\HardenedPaths"
BOTH = "RequireMutualAuthentication=1, RequireIntegrity=1"


def hardened(paths, member=True):
    row = {"Key": HARDENED, "ListKey": HARDENED, "Mode": "allValues", "KeyExists": bool(paths), "View": 64}
    rows = [
        row | {"Name": name, "Exists": True, "Kind": "REG_SZ", "TextValue": text} for name, text in paths.items()
    ] or [row | {"Name": None, "Exists": False, "Kind": None}]
    return host(registry_values=rows, computer=[{"PartOfDomain": member}])


def test_shares_of_policies_must_be_hardened():
    check = remote.policy_shares_are_hardened
    good = {"\\\\*\\SYSVOL": BOTH, "\\\\*\\NETLOGON": BOTH.replace(" ", "").upper()}
    assert verdict(check, hardened(good)).status is PASS
    assert verdict(check, hardened({"\\\\*\\*": BOTH})).status is PASS
    found = verdict(check, hardened({}))
    assert (found.status, found.severity) == (FAIL, Severity.LOW)
    weak = verdict(check, hardened(good | {"\\\\*\\SYSVOL": "RequireMutualAuthentication=1"}))
    assert (weak.status, "SYSVOL" in weak.message, "NETLOGON" in weak.message) == (FAIL, True, False)
    assert "NETLOGON" in verdict(check, hardened({"\\\\*\\SYSVOL": BOTH})).message
    assert verdict(check, hardened({}, member=False)).status is NA
    assert verdict(check, host(registry_values=failed(), computer=[{"PartOfDomain": True}])).status is GAP
    assert verdict(check, host(registry_values=[], computer=[{"PartOfDomain": True}])).status is GAP


LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"
DELEGATION = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation"


def test_remote_desktop_must_offer_protected_credentials():
    check = remote.rdp_offers_protected_credentials
    on = [{"RdpDenyConnections": 0, "RdpDenyConnectionsPolicy": None}]

    def judged(restricted, guard, era="2019", rdp=on):
        rows = [value(LSA, "DisableRestrictedAdmin", restricted)]
        if era != "2012R2":
            rows.append(value(DELEGATION, "AllowProtectedCreds", guard))
        return verdict(check, host(era, registry_values=rows, remote_access=rdp))

    found = judged(None, None)
    assert (found.status, found.severity) == (FAIL, Severity.LOW)
    assert judged(1, 0).status is FAIL
    assert judged(0, None).status is PASS
    assert judged(None, 1).status is PASS
    assert judged(None, None, "2012R2").status is FAIL
    assert judged(0, None, "2012R2").status is PASS
    assert judged(None, None, rdp=[{"RdpDenyConnections": 1, "RdpDenyConnectionsPolicy": None}]).status is NA
    assert verdict(check, host(registry_values=failed(), remote_access=on)).status is GAP


POINT_AND_PRINT = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Printers\PointAndPrint"


def printing(warning=None, restrict=None, privacy=None, start=2, updated="2026-10-14"):
    rows = [
        value(POINT_AND_PRINT, "NoWarningNoElevationOnInstall", warning),
        value(POINT_AND_PRINT, "RestrictDriverInstallationToAdministrators", restrict),
        value(r"HKLM\SYSTEM\CurrentControlSet\Control\Print", "RpcAuthnLevelPrivacyEnabled", privacy),
    ]
    update = {"HotFixId": "KB5000001", "Source": "qfe", "PackageName": None, "State": None}
    update |= {"InstalledOnUtc": f"{updated}T00:00:00.000Z", "InstalledOnRaw": None}
    return host(
        "2012R2",
        services=[{"Name": "Spooler", "State": "Running", "StartType": start}],
        registry_values=rows,
        os=[{"Build": 9600, "UBR": None, "KernelFileVersion": None, "ProductType": 3, "EditionId": None}],
        hotfixes=[update],
    )


def test_a_spooler_that_is_kept_must_be_hardened():
    check = remote.print_spooler_is_hardened
    assert verdict(check, printing()).status is PASS
    assert verdict(check, printing(warning=0, restrict=1, privacy=1, updated="2020-01-01")).status is PASS
    for weak in ({"warning": 1}, {"restrict": 0}, {"privacy": 0}):
        found = verdict(check, printing(**weak))
        assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    assert verdict(check, printing(updated="2021-08-01")).status is GAP
    assert verdict(check, printing(start=4, restrict=0)).status is NA
    assert verdict(check, host(services=SERVICE)).status is NA
    assert verdict(check, host(services=failed())).status is GAP
    spooler = [{"Name": "Spooler", "State": "Running", "StartType": 2}]
    assert verdict(check, host(services=spooler, registry_values=failed())).status is GAP
