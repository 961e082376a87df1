"""HV-SMB: file sharing, Remote Desktop, Windows Remote Management and WMI of the host."""

import re
from collections.abc import Iterable
from datetime import date
from functools import partial

from snapshot_tool.check import check
from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.knowledge.sids import LOCAL_LOGONS
from snapshot_tool.knowledge.tls import ON_BY_DEFAULT, OUTDATED_PROTOCOLS
from snapshot_tool.model.filesystem import FileAcl
from snapshot_tool.model.host import ComputerSystem, ComputerSystemDomainRole, Feature, FeatureKind
from snapshot_tool.model.patching import newest_update
from snapshot_tool.model.paths import folded_path
from snapshot_tool.model.registry import RegistryValue, registry_number, registry_value
from snapshot_tool.model.remote import (
    PSSessionConfiguration,
    RemoteAccess,
    RemoteAccessRdpSecurityLayer,
    SmbClientConfiguration,
    SmbServerConfiguration,
    SmbShare,
    WinRMListener,
    WinRMListenerTransport,
    WmiNamespaceSecurity,
    winrm_listens,
)
from snapshot_tool.model.review import to_review, who
from snapshot_tool.model.security import (
    Grant,
    ObjectKind,
    descriptor_of,
    granted,
    granted_to_new_files,
    holding,
    low_privilege,
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
    either,
    fail,
    graded,
    settle,
    undetermined,
)

SERVER = r"HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters"
WORKSTATION_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\LanmanWorkstation"
DCOM_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DCOM"
OLE = r"HKLM\SOFTWARE\Microsoft\Ole"
SCHANNEL = r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols"
HARDENED_PATHS = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider\HardenedPaths"
LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"
DELEGATION_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation"
PRINT = r"HKLM\SYSTEM\CurrentControlSet\Control\Print"
PRINTERS_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Printers"
RPC_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Rpc"
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
        if value is None:
            return fail("The SMB 1 server is on, as by default")
        return fail("The SMB 1 server is on") if value else PASS
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


@check(
    "HV-SMB-005",
    title="The SMB client refuses guest logons",
    severity=Severity.HIGH,
    refs=("STIG:WN22-CC-000070", "CIS:18.6.8.1"),
    since="2016",
)
def client_refuses_guests(host: Snapshot) -> Verdict:
    """A guest logon is neither signed nor encrypted: any machine that answers for the server can serve what it likes.

    Remediation:
        Run `Set-SmbClientConfiguration -EnableInsecureGuestLogons $false`. A setting of Group Policy must be changed there.
    """
    policy = registry_number(host, WORKSTATION_POLICY, "AllowInsecureGuestAuth")
    if policy is None:
        allowed = host.one(SmbClientConfiguration).enable_insecure_guest_logons
        return fail("The SMB client accepts guest logons") if allowed else PASS
    return fail("Policy lets the SMB client accept guest logons") if policy else PASS


@check(
    "HV-SMB-006",
    title="Unencrypted access to encrypted shares is refused",
    severity=Severity.LOW,
    refs=("https://learn.microsoft.com/windows-server/storage/file-server/smb-security",),
    since="2012",
)
def unencrypted_access_is_refused(host: Snapshot) -> Verdict:
    """Clients that cannot encrypt are let in all the same, and whoever stands in between can make a client one of those.

    Remediation:
        Run `Set-SmbServerConfiguration -RejectUnencryptedAccess $true`.
    """
    if host.one(SmbServerConfiguration).reject_unencrypted_access:
        return PASS
    return fail("The SMB server lets clients that do not encrypt use encrypted shares")


_CONTROLLERS = frozenset(
    {ComputerSystemDomainRole.BACKUP_DOMAIN_CONTROLLER, ComputerSystemDomainRole.PRIMARY_DOMAIN_CONTROLLER}
)
_PIPES_OF_DOMAIN_CONTROLLERS = frozenset({"netlogon", "samr", "lsarpc"})


@check(
    "HV-SMB-007",
    title="Nothing is open to anonymous sessions",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-SO-000250", "CIS:2.3.10.7", "CIS:2.3.10.10", "CIS:2.3.10.12"),
)
def no_null_sessions(host: Snapshot) -> Verdict:
    r"""Who needs no account reads what these pipes and shares tell, or talks to the service behind them.

    Remediation:
        Clear `NullSessionPipes` and `NullSessionShares` and set `RestrictNullSessAccess` to 1, all below
        `HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`, then restart the service Server.
    """

    def is_restricted() -> Verdict | None:
        open_ = registry_number(host, SERVER, "RestrictNullSessAccess") == 0
        return (
            fail("Every pipe and share is open to anonymous sessions (RestrictNullSessAccess is 0)") if open_ else None
        )

    def lists_nothing(name: str) -> Verdict | None:
        listed = registry_value(host, SERVER, name).data or ()
        if isinstance(listed, str):
            listed = (listed,)
        if not isinstance(listed, tuple):
            raise undetermined(f"{name} is no list", table="registry_values")
        names = [one for one in listed if one]
        if names and name == "NullSessionPipes" and host.one(ComputerSystem).domain_role in _CONTROLLERS:
            names = [one for one in names if one.casefold() not in _PIPES_OF_DOMAIN_CONTROLLERS]
        return fail(f"{name} is not empty: {', '.join(names[:10])}") if names else None

    return settle(is_restricted, lambda: lists_nothing("NullSessionPipes"), lambda: lists_nothing("NullSessionShares"))


_HARDENED_FLAGS = frozenset({"requiremutualauthentication=1", "requireintegrity=1"})


@check(
    "HV-SMB-008",
    title="Group policies and logon scripts come from servers that prove who they are",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000080", "CIS:18.6.14.1"),
)
def policy_shares_are_hardened(host: Snapshot) -> Verdict:
    r"""Who answers for SYSVOL or NETLOGON in the name of a domain controller gives the host policies and scripts, run as SYSTEM.

    Windows Server 2016 and later have a default of their own for both shares; a policy makes sure of it.

    Remediation:
        In the policy "Hardened UNC Paths" set `\\*\SYSVOL` and `\\*\NETLOGON` to `RequireMutualAuthentication=1, RequireIntegrity=1`.
    """
    if not host.one(ComputerSystem).part_of_domain:
        raise NotOffered("the host is in no domain")

    def is_hardened(share: str) -> Verdict | None:
        # One row per value, or one without a name where the key has none.
        rows = host.where(RegistryValue, key=HARDENED_PATHS)
        if not rows:
            raise undetermined(HARDENED_PATHS, table="registry_values")
        entries = [row for row in rows if row.name is not None and _share_of(row.name) in {share.casefold(), "*"}]
        weak = [row.name for row in entries if not _flags(row.text) >= _HARDENED_FLAGS]
        if weak:
            return fail(
                f"The policy for {', '.join(map(str, weak))} requires less than mutual authentication and integrity"
            )
        return None if entries else fail(f"No policy requires mutual authentication and integrity of {share}")

    return settle(lambda: is_hardened("SYSVOL"), lambda: is_hardened("NETLOGON"))


def _share_of(pattern: str) -> str:
    return pattern.casefold().strip("\\").rpartition("\\")[2]


def _flags(text: str | None) -> frozenset[str]:
    return frozenset(re.sub(r"\s", "", flag).casefold() for flag in (text or "").split(","))


_ANYBODY = frozenset({"S-1-1-0", "S-1-5-7", "S-1-5-32-546", "WD", "AN", "BG"})
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
    if not share.is_ordinary or share.name.casefold() in _SHIPPED_SHARES:
        return NOT_APPLICABLE
    if share.share_sddl is None:
        return _judge_default(share)
    grants = granted(descriptor_of(share, "share_sddl"), ObjectKind.SHARE)
    anybody = holding((one for one in grants if one.sid in _ANYBODY), rights.READ | rights.CREATE | rights.MODIFY)
    if not anybody:
        return PASS
    writes, names = bool(holding(anybody, rights.CREATE | rights.MODIFY)), who(share.host, anybody)
    answer = assess(lambda: _judge_folder(share, names, writes=writes))
    if answer.status is not Status.NOT_ASSESSED:
        return answer
    message = f"The share {share} is open to {names}, and the permissions of its folder could not be read"
    return fail(message, Severity.MEDIUM if writes else Severity.LOW)


def _judge_default(share: SmbShare) -> Verdict:
    """Nothing is stored: new shares let everyone read. Not verified for every release, so it is told as a note at most."""
    answer = assess(lambda: _judge_folder(share, "Everyone", writes=False))
    if answer.status is Status.PASS:
        return PASS
    return fail(
        f"The share {share} has the default permissions, which may let everyone read (not verified)", Severity.INFO
    )


def _judge_folder(share: SmbShare, names: str, *, writes: bool) -> Verdict:
    if share.path is None:
        raise undetermined(f"the folder of the share {share} is not known", table="smb_shares", column="Path")
    folder = share.host.find(FileAcl, folded_path=folded_path(share.host, share.path))
    if folder is None or folder.exists is False:
        return fail(f"The share {share} is open to {names}, and its folder was not examined", Severity.LOW)
    descriptor = descriptor_of(folder)
    users = _from_afar(granted(descriptor, ObjectKind.FOLDER))
    new_files = _from_afar(granted_to_new_files(descriptor))
    if writes and (holding(users, rights.CREATE | rights.REPLACE) or holding(new_files, rights.MODIFY)):
        return fail(f"The share {share} lets {names} write to {folder}, and the folder's permissions do so too")
    if holding(users, rights.READ) or holding(new_files, rights.READ):
        return fail(
            f"The share {share} lets {names} read {folder}, and the folder's permissions do so too", Severity.LOW
        )
    return PASS


def _from_afar(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """What ordinary users are granted over the network."""
    return tuple(grant for grant in low_privilege(grants) if grant.sid not in LOCAL_LOGONS)


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
    "HV-SMB-021",
    title="Remote Desktop uses TLS and strong encryption",
    severity=Severity.MEDIUM,
    refs=("STIG:WN22-CC-000380", "CIS:18.10.56.3.9.3", "CIS:18.10.56.3.9.5"),
)
def rdp_is_encrypted(host: Snapshot) -> Verdict:
    """RDP's own security does not prove who the server is; a weak level lets old clients choose weak keys.

    Remediation:
        Set the policies "Require use of specific security layer for remote (RDP) connections" to SSL and "Set client connection
        encryption level" to High.
    """
    remote = host.one(RemoteAccess)
    if not remote.rdp_is_on:
        raise NotOffered("Remote Desktop is off")

    def layer_is_tls() -> Verdict | None:
        policy, local = remote.rdp_security_layer_policy, None
        if policy is None:
            local = remote.rdp_security_layer
        layer = policy if policy is not None else local
        if layer is None:
            # Not verified for every release: what nothing sets is told as a note at most.
            message = "Nothing sets Remote Desktop's security layer (its default is not verified)"
            return fail(message, Severity.INFO) if _is_before(host, "2012R2") else None
        return None if layer == RemoteAccessRdpSecurityLayer.TLS else fail("Remote Desktop does not insist on TLS")

    def level_is_high() -> Verdict | None:
        policy = remote.rdp_min_encryption_level_policy
        level = remote.rdp_min_encryption_level if policy is None else policy
        if level is not None and level >= _HIGH_ENCRYPTION:
            return None
        return fail("Remote Desktop's encryption level is below high")

    return settle(layer_is_tls, level_is_high)


_HIGH_ENCRYPTION = 3


@check(
    "HV-SMB-022",
    title="Remote Desktop redirects no drives and always asks for the password",
    severity=Severity.LOW,
    refs=(
        "BSI:SYS.1.2.3.A6",
        "STIG:WN22-CC-000350",
        "STIG:WN22-CC-000360",
        "STIG:WN22-CC-000370",
        "CIS:18.10.56.3.3.3",
        "CIS:18.10.56.3.9.1",
        "CIS:18.10.56.3.9.2",
    ),
)
def rdp_redirects_nothing(host: Snapshot) -> Verdict:
    """Drives of the administrator's machine in a session carry files, and malware, both ways; a stored password opens it.

    Remediation:
        Set the policies "Do not allow drive redirection", "Always prompt for password upon connection" and "Require secure RPC
        communication".
    """
    remote = host.one(RemoteAccess)
    if not remote.rdp_is_on:
        raise NotOffered("Remote Desktop is off")

    def drives() -> Verdict | None:
        policy = remote.rdp_disable_drives_policy
        value = remote.rdp_disable_drives if policy is None else policy
        return None if value == 1 else fail("Remote Desktop redirects drives")

    def password() -> Verdict | None:
        policy = remote.rdp_prompt_for_password_policy
        value = remote.rdp_prompt_for_password if policy is None else policy
        return None if value == 1 else fail("Remote Desktop takes stored passwords")

    def rpc() -> Verdict | None:
        return None if remote.rdp_encrypt_rpc_policy == 1 else fail("Remote Desktop does not require secure RPC")

    return settle(drives, password, rpc)


@check(
    "HV-SMB-023",
    title="Administrators can use Remote Desktop without leaving their credentials on the host",
    severity=Severity.LOW,
    refs=("BSI:SYS.1.2.3.A6", "STIG:WN22-CC-000100", "CIS:18.9.4.2"),
    since="2012R2",
)
def rdp_offers_protected_credentials(host: Snapshot) -> Verdict:
    """In an ordinary session the credentials lie in the memory of the host, for every attacker who owns it.

    Remediation:
        Set the policy "Remote host allows delegation of non-exportable credentials", then connect with `mstsc /remoteGuard`; on 2012 R2 set
        the DWORD `DisableRestrictedAdmin` of the key Lsa to 0, then connect with `mstsc /restrictedAdmin`.
    """
    if not host.one(RemoteAccess).rdp_is_on:
        raise NotOffered("Remote Desktop is off")

    def restricted_admin() -> bool:
        return registry_number(host, LSA, "DisableRestrictedAdmin") == 0

    def remote_guard() -> bool:
        return not _is_before(host, "2016") and registry_number(host, DELEGATION_POLICY, "AllowProtectedCreds") == 1

    if either(restricted_admin, remote_guard):
        return PASS
    return fail("Remote Desktop offers neither Restricted Admin nor Remote Credential Guard")


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


@check(
    "HV-SMB-031",
    title="The WinRM client sends neither clear text nor Basic or Digest credentials",
    severity=Severity.MEDIUM,
    refs=(
        "STIG:WN22-CC-000470",
        "STIG:WN22-CC-000480",
        "STIG:WN22-CC-000490",
        "CIS:18.10.88.1.1",
        "CIS:18.10.88.1.2",
        "CIS:18.10.88.1.3",
    ),
    since="2008R2",
)
def winrm_client_is_strict(host: Snapshot) -> Verdict:
    """A server that an administrator is lured to may ask for the password itself; as shipped, over HTTPS, the client sends it.

    What is as shipped weighs low.

    Remediation:
        Set the policies of the WinRM client "Allow Basic authentication" and "Allow unencrypted traffic" to disabled and "Disallow
        Digest authentication" to enabled.
    """
    remote = host.one(RemoteAccess)

    def sends_clear_text() -> Verdict | None:
        policy = remote.win_rm_client_allow_unencrypted_policy
        value = remote.win_rm_client_allow_unencrypted if policy is None else policy
        return fail("The WinRM client sends clear text", Severity.MEDIUM) if value else None

    def uses_basic() -> Verdict | None:
        policy = remote.win_rm_client_basic_policy
        value = remote.win_rm_client_basic if policy is None else policy
        if value is None:
            return fail("The WinRM client uses Basic authentication, as shipped", Severity.LOW)
        return fail("The WinRM client uses Basic authentication", Severity.MEDIUM) if value else None

    def uses_digest() -> Verdict | None:
        policy = remote.win_rm_client_digest_policy
        value = remote.win_rm_client_digest if policy is None else policy
        if value is None:
            return fail("The WinRM client uses Digest authentication, as shipped", Severity.LOW)
        return fail("The WinRM client uses Digest authentication", Severity.MEDIUM) if value else None

    return settle(sends_clear_text, uses_basic, uses_digest, worst=Severity.MEDIUM)


@check(
    "HV-SMB-033",
    title="The WinRM service does not take CredSSP",
    severity=Severity.MEDIUM,
    refs=("ATT&CK:T1550",),
    since="2008R2",
)
def winrm_takes_no_credssp(host: Snapshot) -> Verdict:
    """With CredSSP the password of whoever connects lies in the memory of the host, for every attacker who gets there.

    Remediation:
        Run `Disable-WSManCredSSP -Role Server`; use Kerberos delegation for second hops.
    """
    return fail("The WinRM service accepts CredSSP") if host.one(RemoteAccess).win_rm_accepts_cred_ssp else PASS


@check(
    "HV-SMB-034",
    title="WinRM stores no credentials, and a workgroup host has an HTTPS listener",
    severity=Severity.LOW,
    refs=("STIG:WN22-CC-000520", "CIS:18.10.88.2.4"),
    since="2008R2",
)
def winrm_stores_no_credentials(host: Snapshot) -> Verdict:
    r"""Stored RunAs credentials can be taken from the host; without a domain only a certificate proves who the host is.

    Remediation:
        Set the policy "Disallow WinRM from storing RunAs credentials"; in a workgroup add an HTTPS listener with
        `New-Item WSMan:\localhost\Listener -Transport HTTPS -Address * -CertificateThumbPrint <thumbprint>`.
    """

    def stores_nothing() -> Verdict | None:
        if host.one(RemoteAccess).win_rm_disable_run_as_policy == 1:
            return None
        return fail("WinRM may store RunAs credentials")

    def proves_itself() -> Verdict | None:
        if host.one(ComputerSystem).part_of_domain or not winrm_listens(host):
            return None
        https = host.rows(WinRMListener).matching(
            lambda one: one.enabled and one.transport is WinRMListenerTransport.HTTPS
        )
        return None if https else fail("A workgroup host has listeners for HTTP only")

    return settle(stores_nothing, proves_itself)


_NETWORK = frozenset({"S-1-5-2", "NU"})


@check(
    "HV-SMB-035",
    title="Remoting endpoints are closed to ordinary users",
    severity=Severity.HIGH,
    refs=("BSI:SYS.1.2.3.A7", "NIST:HY-SR-13 (draft)", "ATT&CK:T1021.006"),
    since="2012",
)
def endpoint_is_closed(endpoint: PSSessionConfiguration) -> Verdict:
    """Who may use an endpoint runs commands on the host; under a virtual account that is not confined, as an administrator.

    Remediation:
        Run `Set-PSSessionConfiguration -Name <endpoint> -SecurityDescriptorSddl <descriptor>`, and give endpoints with a virtual
        account `-LanguageMode NoLanguage`.
    """
    if not endpoint.enabled:
        return NOT_APPLICABLE

    def is_closed() -> Verdict | None:
        descriptor = descriptor_of(endpoint)
        aces = () if descriptor.dacl is None else descriptor.dacl.aces
        if any(ace.type.denies and ace.trustee in _NETWORK for ace in aces):
            return None
        users = _from_afar(granted(descriptor, ObjectKind.SERVICE))
        return fail(f"The endpoint {endpoint} is open to {who(endpoint.host, users)}") if users else None

    def is_confined() -> Verdict | None:
        if not endpoint.run_as_virtual_account:
            return None
        mode = endpoint.language_mode
        if mode is None:
            raise undetermined(f"the language mode of {endpoint} is not known", table="ps_endpoints")
        if mode.casefold() in {"nolanguage", "restrictedlanguage", "constrainedlanguage"}:
            return None
        return fail(f"The endpoint {endpoint} runs as a virtual account in language mode {mode}")

    return settle(is_closed, is_confined)


_REMOTE_ACCESS, _REMOTE_LAUNCH, _REMOTE_ACTIVATION = 0x4, 0x4, 0x10
_EVERYONE = frozenset({"S-1-1-0", "WD"})
_ANONYMOUS = frozenset({"S-1-5-7", "AN"})


@check(
    "HV-SMB-036",
    title="DCOM's limits keep anonymous callers out",
    severity=Severity.HIGH,
    refs=("seed:G19", "BSI:SYS.1.5.A5", "ATT&CK:T1021.003"),
)
def dcom_is_limited(host: Snapshot) -> Verdict:
    """Old recipes for remote management in a workgroup open DCOM to everybody; every DCOM server of the host answers then.

    Remediation:
        Take the remote rights of ANONYMOUS LOGON and Everyone away in `dcomcnfg` (COM Security, Edit Limits), or delete the value.
    """

    def limits(name: str) -> tuple[Grant, ...]:
        for key in (DCOM_POLICY, OLE):
            row = registry_value(host, key, name)
            if row.key_exists and row.exists:
                return granted(descriptor_of(row), ObjectKind.KEY)
        return ()

    def access() -> Verdict | None:
        open_ = [one for one in holding(limits("MachineAccessRestriction"), _REMOTE_ACCESS) if one.sid in _ANONYMOUS]
        return fail("ANONYMOUS LOGON may use DCOM from afar") if open_ else None

    def launch() -> Verdict | None:
        grants = holding(limits("MachineLaunchRestriction"), _REMOTE_LAUNCH | _REMOTE_ACTIVATION)
        open_ = [one for one in grants if one.sid in _ANONYMOUS | _EVERYONE]
        return fail(f"{who(host, open_)} may launch DCOM servers from afar") if open_ else None

    return settle(access, launch)


_REMOTE_ENABLE = 0x20
_WATCHED_NAMESPACES = frozenset({"root\\virtualization", "root\\virtualization\\v2", "root\\cimv2"})


@check(
    "HV-SMB-037",
    title="WMI from afar is for administrators",
    severity=Severity.HIGH,
    refs=("seed:G19", "NIST:HY-SR-13 (draft)", "ATT&CK:T1047"),
)
def wmi_is_for_administrators(namespace: WmiNamespaceSecurity) -> Verdict:
    """Who may call methods of these namespaces from afar manages the virtual machines, or runs programs on the host.

    Remediation:
        Open `wmimgmt.msc`, choose the namespace's security, and take Remote Enable away from whoever is no administrator.
    """
    if namespace.namespace.casefold() not in _WATCHED_NAMESPACES or not namespace.exists:
        return NOT_APPLICABLE
    grants = holding(granted(descriptor_of(namespace), ObjectKind.KEY), _REMOTE_ENABLE)
    users = low_privilege(grants)
    if users:
        return fail(f"{who(namespace.host, users)} may use {namespace} from afar")
    named = to_review(namespace.host, grants)
    if named:
        return fail(f"{who(namespace.host, named)} may use {namespace} from afar: is that wanted?", Severity.MEDIUM)
    return PASS


@check(
    "HV-SMB-038",
    title="RPC asks callers who they are",
    severity=Severity.LOW,
    refs=("STIG:WN22-MS-000040", "CIS:18.9.36.1", "CIS:18.9.36.2"),
)
def rpc_is_authenticated(host: Snapshot) -> Verdict:
    """Anonymous callers learn from the endpoint mapper what the host runs, and reach interfaces that do not ask themselves.

    Remediation:
        Set the policies "Restrict Unauthenticated RPC clients" to Authenticated and "Enable RPC Endpoint Mapper Client
        Authentication" to enabled.
    """

    def clients() -> Verdict | None:
        # A member server that nothing sets restricts nobody.
        if registry_number(host, RPC_POLICY, "RestrictRemoteClients") in {1, 2}:
            return None
        return fail("RPC takes unauthenticated clients")

    def mapper() -> Verdict | None:
        if registry_number(host, RPC_POLICY, "EnableAuthEpResolution") == 1:
            return None
        return fail("RPC clients do not authenticate to the endpoint mapper")

    return settle(clients, mapper)


@check(
    "HV-SMB-039",
    title="Outdated TLS and SSL are off",
    severity=Severity.MEDIUM,
    refs=("BSI:SYS.1.5.A26",),
)
def outdated_tls_is_off(host: Snapshot) -> Verdict:
    r"""Replica and WinRM over HTTPS and the virtual machine console accept what the weakest protocol allows.

    Remediation:
        Below `HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\<protocol>\Server` set `Enabled` to 0 and
        `DisabledByDefault` to 1, and restart the host. First see to it that everything that connects speaks TLS 1.2.
    """

    def is_off(protocol: str) -> Verdict | None:
        key = rf"{SCHANNEL}\{protocol}\Server"
        enabled = registry_number(host, key, "Enabled")
        if enabled is not None:
            return fail(f"{protocol} is on") if enabled else None
        if registry_number(host, key, "DisabledByDefault"):
            return None
        if host.host.era is None:
            raise undetermined(f"whether {protocol} is on by default depends on the release, which is not known")
        since, until = ON_BY_DEFAULT[protocol]
        return fail(f"{protocol} is on by default") if in_era(since, until, host.host.era) else None

    return settle(*(partial(is_off, protocol) for protocol in OUTDATED_PROTOCOLS))


_PRINT_UPDATES = date(2021, 9, 14)
"""From then on updates have both defaults. Source: KB5005652 (2021-08-10), KB4599464 (enforcement 2021-09-14)."""


@check(
    "HV-SMB-040",
    title="The Print Spooler installs no drivers for users and asks callers who they are",
    severity=Severity.HIGH,
    refs=("CIS:18.7.8", "CIS:18.7.10", "CIS:18.4.2", "ATT&CK:T1068"),
)
def print_spooler_is_hardened(host: Snapshot) -> Verdict:
    """Printer drivers run as SYSTEM: who may install one (PrintNightmare) owns the host.

    Remediation:
        Disable the spooler (HV-SVC-013). Where it is needed, set `RestrictDriverInstallationToAdministrators` to 1 and
        `NoWarningNoElevationOnInstall` to 0 in the policies for Point and Print, and delete `RpcAuthnLevelPrivacyEnabled` of the key Print.
    """
    service = host.find(Service, name="Spooler")
    if service is None or service.start_type is ServiceStartType.DISABLED:
        raise NotOffered("the Print Spooler is not there or disabled")

    def asks_before_installing() -> Verdict | None:
        name = "NoWarningNoElevationOnInstall"
        value = registry_number(host, rf"{PRINTERS_POLICY}\PointAndPrint", name)
        return fail(f"Printer drivers are installed without a question ({name} is {value})") if value else None

    def drivers_are_for_administrators() -> Verdict | None:
        name = "RestrictDriverInstallationToAdministrators"
        value = registry_number(host, rf"{PRINTERS_POLICY}\PointAndPrint", name)
        if value is None:
            need_updates(name)
            return None
        return None if value else fail(f"Users may install printer drivers ({name} is 0)")

    def calls_are_protected() -> Verdict | None:
        name = "RpcAuthnLevelPrivacyEnabled"
        value = registry_number(host, PRINT, name)
        if value is None:
            need_updates(name)
            return None
        return None if value == 1 else fail(f"The spooler takes unprotected remote calls ({name} is {value})")

    def need_updates(name: str) -> None:
        newest, gap = newest_update(host)
        if newest >= _PRINT_UPDATES:
            return
        if gap is not None:
            raise gap
        raise undetermined(f"{name} is not set, and its default is not safe before the updates of September 2021")

    return settle(asks_before_installing, drivers_are_for_administrators, calls_are_protected).on(service)
