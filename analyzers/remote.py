"""HV-SMB: file sharing, Remote Desktop, Windows Remote Management and WMI of the host."""

import re
from dataclasses import replace

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.model.filesystem import FileAcl
from snapshot_tool.model.host import Feature, FeatureKind
from snapshot_tool.model.paths import folded_path
from snapshot_tool.model.registry import registry_number
from snapshot_tool.model.remote import (
    RemoteAccess,
    SmbClientConfiguration,
    SmbServerConfiguration,
    SmbShare,
    WinRMListener,
    WinRMListenerTransport,
    winrm_listens,
)
from snapshot_tool.model.security import (
    ObjectKind,
    descriptor_of,
    granted,
    granted_to_new_files,
    holding,
    low_privilege,
    trustees,
)
from snapshot_tool.model.services import Driver, DriverStartType, Service, ServiceStartType
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    NOT_APPLICABLE,
    PASS,
    NotOffered,
    Severity,
    Status,
    Verdict,
    assess,
    fail,
    graded,
    settle,
    undetermined,
)

SERVER = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
WORKSTATION = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters"


def _is_before(host: Snapshot, era: str) -> bool:
    """Whether the host is older than the era. A bare file without an era counts as new: its tables say what they lack."""
    return host.host.era is not None and not in_era(era, None, host.host.era)


@check(
    "HV-SMB-001",
    title="The SMB 1 server is off",
    severity=Severity.HIGH,
    refs=("STIG:WN22-00-000390", "CIS:18.4.4", "MS-Plan", "ATT&CK:T1210"),
)
def smb1_server_is_off(host: Snapshot) -> Verdict:
    r"""SMB 1 has no protection against a man in the middle, carried WannaCry, and lets an attacker talk encrypted shares down.

    Remediation:
        See who uses it first (`Set-SmbServerConfiguration -AuditSmb1Access $true` from 2016 on), then run
        `Set-SmbServerConfiguration -EnableSMB1Protocol $false`. Up to 2008 R2 set the DWORD `SMB1` below
        `HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters` to 0 and restart the host.
    """
    service = host.find(Service, name="LanmanServer")
    if service is None or service.start_type is ServiceStartType.DISABLED:
        raise NotOffered("the service Server does not run")
    if _is_before(host, "2012"):
        value = registry_number(host, SERVER, "SMB1")
        return PASS if value == 0 else fail("The SMB 1 server is on" + (", as by default" if value is None else ""))
    if not host.one(SmbServerConfiguration).enable_smb1_protocol:
        return PASS
    if not _is_before(host, "2012R2") and not _smb1_component(host, "SMB1Protocol-Server"):
        return PASS
    return fail("The SMB 1 server is on")


def _smb1_component(host: Snapshot, part: str) -> str | None:
    """The installed component of SMB 1 by name; None when it is removed. `part` is the half that newer releases split off.

    The optional feature decides; Server Manager's cache only where the host lists no feature.
    """
    for kind, name in (
        (FeatureKind.OPTIONAL, part),
        (FeatureKind.OPTIONAL, "SMB1Protocol"),
        (FeatureKind.COMPONENT, "FS-SMB1"),
    ):
        feature = host.find(Feature, kind=kind, name=name)
        if feature is not None:
            return name if feature.installed else None
    raise undetermined("the host lists no component of SMB 1", table="features")


@check(
    "HV-SMB-002",
    title="The SMB 1 client is not installed",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000380", "STIG:WN22-00-000400", "CIS:18.4.3"),
)
def smb1_client_is_off(host: Snapshot) -> Verdict:
    """A host that still speaks SMB 1 can be made to, by any server it is lured to.

    Remediation:
        From 2012 R2 on run `Uninstall-WindowsFeature FS-SMB1`. Up to 2012 run first
        `sc.exe config lanmanworkstation depend= bowser/mrxsmb20/nsi`, then `sc.exe config mrxsmb10 start= disabled`: in the other order
        the Workstation service does not start any more.
    """
    driver = host.find(Driver, name="mrxsmb10")
    if driver is None:
        return PASS

    def is_disabled() -> Verdict | None:
        if driver.start_type is DriverStartType.DISABLED:
            return None
        return fail("The SMB 1 client driver mrxsmb10 is not disabled", Severity.MEDIUM)

    def is_removed() -> Verdict | None:
        if _is_before(host, "2012R2"):
            return None
        component = _smb1_component(host, "SMB1Protocol-Client")
        return fail(f"The component of SMB 1 (FS-SMB1, {component}) is installed", Severity.LOW) if component else None

    return settle(is_disabled, is_removed, worst=Severity.MEDIUM).on(driver)


@check(
    "HV-SMB-003",
    title="The SMB server requires signing",
    severity=Severity.MEDIUM,
    refs=("seed:G12", "STIG:WN22-SO-000190", "CIS:2.3.9.2", "ATT&CK:T1557.001"),
)
def server_requires_signing(host: Snapshot) -> Verdict:
    """Without signing somebody in between changes what the host serves, or passes a logon of an administrator on to it.

    Remediation:
        Run `Set-SmbServerConfiguration -RequireSecuritySignature $true`. Before 2022 signing costs RDMA its throughput: on nodes of
        Storage Spaces Direct or a Scale-Out File Server decide on the encryption of the storage network instead.
    """
    if _is_before(host, "2012"):
        if registry_number(host, SERVER, "RequireSecuritySignature") == 1:
            return PASS
        return fail("The SMB server does not require signing")
    server = host.one(SmbServerConfiguration)
    if server.require_security_signature or (server.encrypt_data and server.reject_unencrypted_access):
        return PASS
    return fail("The SMB server does not require signing")


@check(
    "HV-SMB-004",
    title="The SMB client requires signing",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-SO-000160", "CIS:2.3.8.1", "ATT&CK:T1557.001"),
)
def client_requires_signing(host: Snapshot) -> Verdict:
    """With Hyper-V over SMB the host is the client: who stands in between could change virtual disks on their way.

    Remediation:
        Run `Set-SmbClientConfiguration -RequireSecuritySignature $true`; first make sure that storage of other makers can sign.
    """
    if _is_before(host, "2012"):
        if registry_number(host, WORKSTATION, "RequireSecuritySignature") == 1:
            return PASS
        return fail("The SMB client does not require signing")
    if host.one(SmbClientConfiguration).require_security_signature:
        return PASS
    return fail("The SMB client does not require signing")


_ANYBODY = frozenset({"S-1-1-0", "S-1-5-7", "S-1-5-32-546", "WD", "AN", "BG"})
_CLUSTER_SHARE = re.compile(r"clusterstorage\$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+\$", re.IGNORECASE)
_SHIPPED_SHARES = frozenset({"print$", "sysvol", "netlogon"})


@check(
    "HV-SMB-009",
    title="No share is open to everyone",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-00-000230", "ATT&CK:T1021.002"),
)
def no_share_is_open_to_everyone(share: SmbShare) -> Verdict:
    """What everybody may write is where malware is put for administrators to find; what everybody may read will be read.

    Remediation:
        Run `Revoke-SmbShareAccess -Name <share> -AccountName Everyone` and grant the groups that need it; tighten the folder as well.
    """
    name = share.name.casefold()
    if share.special or share.type & 0x0FFF_FFFF != 0 or name in _SHIPPED_SHARES or _CLUSTER_SHARE.fullmatch(name):
        return NOT_APPLICABLE
    default = share.share_sddl is None
    if default:
        # Nothing stored: new shares let everyone read. Not verified for every release, so it is told as a note at most.
        writes, who = False, "everyone (by default, not verified)"
    else:
        grants = granted(descriptor_of(share, "share_sddl"), ObjectKind.SHARE)
        anybody = holding((one for one in grants if one.sid in _ANYBODY), rights.READ | rights.CREATE | rights.MODIFY)
        if not anybody:
            return PASS
        writes, who = bool(holding(anybody, rights.CREATE | rights.MODIFY)), trustees(anybody)
    answer = assess(lambda: _judge_folder(share, who, writes=writes))
    if answer.status is Status.NOT_ASSESSED:
        message = f"The share {share} is open to {who}; who may use its folder could not be read: {answer.message}"
        answer = fail(message, Severity.MEDIUM if writes else Severity.LOW)
    return replace(answer, severity=Severity.INFO) if default and answer.status is Status.FAIL else answer


def _judge_folder(share: SmbShare, who: str, *, writes: bool) -> Verdict:
    if share.path is None:
        raise undetermined(f"the folder of the share {share} is not known", table="smb_shares", column="Path")
    folder = share.host.find(FileAcl, folded_path=folded_path(share.host, share.path))
    if folder is None or folder.exists is False:
        return fail(f"The share {share} is open to {who}; its folder was not examined", Severity.LOW)
    descriptor = descriptor_of(folder)
    users = low_privilege(granted(descriptor, ObjectKind.FOLDER))
    new_files = low_privilege(granted_to_new_files(descriptor))
    if writes and (holding(users, rights.CREATE | rights.REPLACE) or holding(new_files, rights.MODIFY)):
        return fail(f"The share {share} lets {who} write to {folder}, and the folder's permissions do so too")
    if holding(users, rights.READ) or holding(new_files, rights.READ):
        return fail(f"The share {share} lets {who} read {folder}, and the folder's permissions do so too", Severity.LOW)
    return PASS


@check(
    "HV-SMB-020",
    title="Remote Desktop asks for network-level authentication",
    severity=Severity.HIGH,
    refs=("CIS:18.10.56.3.9.4", "BSI:SYS.1.2.3.A6", "ATT&CK:T1021.001", "ATT&CK:T1210"),
)
def rdp_asks_for_authentication(host: Snapshot) -> Verdict:
    r"""Without it everybody who reaches the port gets a logon screen, and with it the whole code behind it.

    Remediation:
        Run `reg add "HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp" /v UserAuthentication
        /t REG_DWORD /d 1 /f`. A setting of Group Policy must be changed there.
    """
    remote = host.one(RemoteAccess)
    if not remote.rdp_is_on:
        raise NotOffered("Remote Desktop is off")
    old = _is_before(host, "2012")
    set_to = remote.rdp_authentication
    if set_to is None and old:
        message = (
            "Remote Desktop does not ask for network-level authentication, as nothing sets it (default not verified)"
        )
        return fail(message, Severity.INFO)
    if set_to == 0:
        message = "Remote Desktop does not ask for network-level authentication"
        return fail(message, Severity.HIGH if old else Severity.MEDIUM)
    return PASS


@check(
    "HV-SMB-030",
    title="The WinRM service takes neither unencrypted messages nor Basic authentication",
    severity=Severity.HIGH,
    refs=(
        "seed:M04",
        "STIG:WN22-CC-000500",
        "STIG:WN22-CC-000510",
        "CIS:18.10.88.2.1",
        "CIS:18.10.88.2.3",
        "ATT&CK:T1021.006",
    ),
    since="2008R2",
)
def winrm_service_is_encrypted(host: Snapshot) -> Verdict:
    r"""Basic sends the password itself; without encryption everybody on the way reads it, and the session with it.

    Remediation:
        Run `Set-Item WSMan:\localhost\Service\AllowUnencrypted $false` and `Set-Item WSMan:\localhost\Service\Auth\Basic $false`.
        Ansible and some monitoring use Basic over HTTPS: look before switching it off.
    """
    remote = host.one(RemoteAccess)

    def takes_unencrypted() -> Verdict | None:
        if not remote.win_rm_accepts_unencrypted:
            return None

        def weight() -> Severity:
            return Severity.HIGH if winrm_listens(host) else Severity.LOW

        return graded("The WinRM service accepts unencrypted messages", Severity.HIGH, weight)

    def takes_basic() -> Verdict | None:
        if not remote.win_rm_accepts_basic:
            return None

        def weight() -> Severity:
            if not winrm_listens(host):
                return Severity.LOW
            http = host.rows(WinRMListener).matching(lambda listener: listener.transport is WinRMListenerTransport.HTTP)
            return Severity.MEDIUM if http else Severity.LOW

        return graded("The WinRM service accepts Basic authentication", Severity.MEDIUM, weight)

    return settle(takes_unencrypted, takes_basic, worst=Severity.HIGH)


_RANGE = re.compile(r"[\d.]+(?:/\d+|-[\d.]+)|[0-9a-f:]+/\d+|.*\*.*", re.IGNORECASE)


@check(
    "HV-SMB-032",
    title="The WinRM client trusts named hosts only",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1021.006", "ATT&CK:T1557"),
    since="2008R2",
)
def winrm_trusts_named_hosts(host: Snapshot) -> Verdict:
    r"""To a trusted host the client sends credentials without knowing who answers; with `*` that is everybody.

    Remediation:
        Run `Set-Item WSMan:\localhost\Client\TrustedHosts -Value "host1,host2"`.
    """
    hosts = host.one(RemoteAccess).trusted_hosts
    if "*" in hosts:
        return fail("The WinRM client trusts every host (*)")
    ranges = [entry for entry in hosts if _RANGE.fullmatch(entry)]
    if ranges:
        return fail(f"The WinRM client trusts whole ranges: {', '.join(ranges[:10])}", Severity.LOW)
    return PASS
