"""Ways to reach the host: SMB, RDP, WinRM, WMI, SNMP."""

import re
from enum import IntEnum, StrEnum

from snapshot_tool.knowledge import rights
from snapshot_tool.knowledge.sids import EVERYONE, LOCAL_LOGONS
from snapshot_tool.model.paths import folded_path
from snapshot_tool.model.security import Grant, ObjectKind, descriptor_of, granted, holding, low_privilege
from snapshot_tool.model.services import Service, ServiceStartType, ServiceState
from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import undetermined

RDP_PORT = 3389
SMB_PORTS = (445, 139)
WINRM_PORTS = (5985, 5986)
_ADMINISTRATIVE = 0x8000_0000
_KIND = 0x3
_OF_CLUSTER = re.compile(r"(?i:clusterstorage|\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?(?:-\d+)?)\$")


class SmbShareFolderEnumerationMode(IntEnum):
    """`smb_shares.FolderEnumerationMode`."""

    ACCESS_BASED = 0
    UNRESTRICTED = 1


class SmbShareCachingMode(IntEnum):
    """`smb_shares.CachingMode`."""

    NONE = 0
    MANUAL = 1
    DOCUMENTS = 2
    PROGRAMS = 3
    BRANCHCACHE = 4
    UNKNOWN = 5


class RemoteAccessRdpSecurityLayer(IntEnum):
    """`remote_access.RdpSecurityLayer`."""

    RDP_SECURITY = 0
    NEGOTIATE = 1
    TLS = 2


class WinRMListenerTransport(StrEnum):
    """`winrm_listeners.Transport`."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"


class SnmpServiceDefaultCommunityNames(StrEnum):
    """`snmp.DefaultCommunityNames`."""

    PUBLIC = "public"
    PRIVATE = "private"


class SmbServerConfiguration(Row, table="smb_server"):
    """Effective SMB server configuration: one row is the machine."""

    __slots__ = ()

    enable_smb1_protocol: bool
    enable_smb2_protocol: bool
    require_security_signature: bool
    enable_security_signature: bool
    encrypt_data: bool
    reject_unencrypted_access: bool
    audit_smb1_access: bool
    auto_share_server: bool
    enable_authenticate_user_sharing: bool
    smb_server_name_hardening_level: int
    server_hidden: bool
    enable_multi_channel: bool
    enable_smbquic: bool
    restrict_namedpipe_access_via_quic: bool
    disable_smb_encryption_on_secure_connection: bool
    encryption_ciphers: tuple[str, ...]
    smb2_dialect_min: str | None
    smb2_dialect_max: str | None
    audit_client_does_not_support_encryption: bool
    audit_client_does_not_support_signing: bool


class SmbClientConfiguration(Row, table="smb_client"):
    """Effective SMB client configuration: one row is the machine."""

    __slots__ = ()

    require_security_signature: bool
    enable_security_signature: bool
    enable_insecure_guest_logons: bool
    enable_multi_channel: bool
    encryption_ciphers: tuple[str, ...]
    require_encryption: bool
    block_ntlm: bool
    smb2_dialect_min: str | None
    smb2_dialect_max: str | None


class SmbShare(Row, table="smb_shares"):
    """SMB shares: one row is share."""

    __slots__ = ()

    name: str
    path: str | None
    type: int
    description: str | None
    special: bool
    scoped: bool
    scope_name: str | None
    continuously_available: bool
    encrypt_data: bool
    folder_enumeration_mode: SmbShareFolderEnumerationMode
    caching_mode: SmbShareCachingMode
    share_sddl: str | None

    @property
    def folded_path(self) -> str:
        """The shared folder in the form in which paths compare; empty for a share of no folder."""
        return folded_path(self.host, self.path or "")

    @property
    def is_ordinary(self) -> bool:
        """A folder that somebody shared: no administrative share, printer, pipe or hidden share of a cluster."""
        if self.special or self.type & _ADMINISTRATIVE or self.type & _KIND or not self.path:
            return False
        return not _OF_CLUSTER.fullmatch(self.name)

    def low_grants(self, wanted: int) -> tuple[Grant, ...]:
        """What the share permissions give to ordinary users over the network; without a descriptor Everyone may read."""
        if self.share_sddl is None:
            grants: tuple[Grant, ...] = (Grant(EVERYONE, rights.FILE_READ_AND_EXECUTE),)
        else:
            grants = low_privilege(granted(descriptor_of(self, "share_sddl"), ObjectKind.SHARE))
        return tuple(grant for grant in holding(grants, wanted) if grant.sid not in LOCAL_LOGONS)


class SmbConnection(Row, table="smb_connections"):
    """Outgoing SMB connections: one row is connection."""

    __slots__ = ()

    server_name: str
    share_name: str
    dialect: str | None
    num_opens: int
    continuously_available: bool
    encrypted: bool
    signed: bool

    def __str__(self) -> str:
        r"""`\\server\share`, as people write it; never raises and is no evidence."""
        server, share = (self.subject_key.get(column) for column in ("ServerName", "ShareName"))
        return rf"\\{server}\{share}" if server and share else super().__str__()


class RemoteAccess(Row, table="remote_access"):
    """RDP and WinRM configuration: one row is the machine."""

    __slots__ = ()

    rdp_deny_connections: int | None
    rdp_deny_connections_policy: int | None
    rdp_port: int | None
    rdp_security_layer: RemoteAccessRdpSecurityLayer | None
    rdp_security_layer_policy: int | None
    rdp_user_authentication: int | None
    rdp_user_authentication_policy: int | None
    rdp_min_encryption_level: int | None
    rdp_min_encryption_level_policy: int | None
    rdp_certificate_hash: str | None
    rdp_sddl: str | None
    rdp_disable_drives: int | None
    rdp_disable_drives_policy: int | None
    rdp_prompt_for_password: int | None
    rdp_prompt_for_password_policy: int | None
    rdp_encrypt_rpc_policy: int | None
    rdp_disable_clipboard_policy: int | None
    win_rm_allow_remote: int | None
    win_rm_service_allow_unencrypted: int | None
    win_rm_service_allow_unencrypted_policy: int | None
    win_rm_service_basic: int | None
    win_rm_service_basic_policy: int | None
    win_rm_service_cred_ssp: int | None
    win_rm_service_cred_ssp_policy: int | None
    win_rm_service_negotiate: int | None
    win_rm_service_kerberos: int | None
    win_rm_service_certificate: int | None
    win_rm_cbt_hardening_level: str | None
    win_rm_cbt_hardening_level_policy: str | None
    win_rm_root_sddl: str | None
    win_rm_service_certificate_hash: str | None
    win_rm_disable_run_as_policy: int | None
    win_rm_allow_auto_config_policy: int | None
    win_rm_ipv4_filter_policy: str | None
    win_rm_ipv6_filter_policy: str | None
    win_rm_trusted_hosts: str | None
    win_rm_trusted_hosts_policy: str | None
    win_rm_client_allow_unencrypted: int | None
    win_rm_client_allow_unencrypted_policy: int | None
    win_rm_client_basic: int | None
    win_rm_client_basic_policy: int | None
    win_rm_client_digest: int | None
    win_rm_client_digest_policy: int | None
    win_rm_client_cred_ssp: int | None
    win_rm_client_cred_ssp_policy: int | None
    ps_remoting_open_ssh: bool

    @property
    def rdp_is_on(self) -> bool:
        """Whether Remote Desktop accepts connections: policy, else the local value, which is off unless set."""
        denied = self.rdp_deny_connections_policy
        return (self.rdp_deny_connections if denied is None else denied) == 0

    @property
    def rdp_authentication(self) -> int | None:
        """Effective UserAuthentication, 1 asks for network-level authentication; None where neither policy nor host sets it."""
        set_by_policy = self.rdp_user_authentication_policy
        return self.rdp_user_authentication if set_by_policy is None else set_by_policy

    @property
    def win_rm_accepts_unencrypted(self) -> bool:
        """Whether the WinRM service takes unencrypted messages: policy, else the local value, which is off unless set."""
        set_by_policy = self.win_rm_service_allow_unencrypted_policy
        return bool(self.win_rm_service_allow_unencrypted if set_by_policy is None else set_by_policy)

    @property
    def win_rm_accepts_basic(self) -> bool:
        """Whether the WinRM service takes Basic authentication: policy, else the local value, which is off unless set."""
        set_by_policy = self.win_rm_service_basic_policy
        return bool(self.win_rm_service_basic if set_by_policy is None else set_by_policy)

    @property
    def win_rm_accepts_cred_ssp(self) -> bool:
        """Whether the WinRM service takes CredSSP: policy, else the local value, which is off unless set."""
        set_by_policy = self.win_rm_service_cred_ssp_policy
        return bool(self.win_rm_service_cred_ssp if set_by_policy is None else set_by_policy)

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The effective TrustedHosts of the WinRM client, empty when neither policy nor host sets any."""
        set_by_policy = self.win_rm_trusted_hosts_policy
        text = self.win_rm_trusted_hosts if set_by_policy is None else set_by_policy
        return tuple(entry for part in (text or "").split(",") if (entry := part.strip()))


class WinRMListener(Row, table="winrm_listeners"):
    """WinRM listeners: one row is listener."""

    __slots__ = ()

    address: str
    transport: WinRMListenerTransport
    port: int | None
    enabled: bool
    host_name: str | None
    uri_prefix: str | None
    certificate_thumbprint: str | None

    @property
    def effective_port(self) -> int:
        """The port, where it is not set that of the transport."""
        if self.port is not None:
            return self.port
        return WINRM_PORTS[self.transport is WinRMListenerTransport.HTTPS]


def winrm_listens(host: Snapshot) -> bool:
    """Whether the WinRM service runs and has a listener. Raises NotAssessed when its state is not known."""
    service = host.find(Service, name="WinRM")
    if service is None or service.start_type is ServiceStartType.DISABLED:
        return False
    match service.state:
        case ServiceState.STOPPED:
            return False
        case None | ServiceState.UNKNOWN:
            raise undetermined("the state of the service WinRM is not known", table="services", column="State")
        case _:
            return bool(host.rows(WinRMListener).matching(lambda listener: listener.enabled))


class PSSessionConfiguration(Row, table="ps_endpoints"):
    """PowerShell remoting endpoints: one row is endpoint."""

    __slots__ = ()

    name: str
    enabled: bool
    uri: str | None
    sddl: str
    config_file_path: str | None
    run_as_virtual_account: bool
    run_as_gmsa: bool
    has_run_as_user: bool
    language_mode: str | None


class WmiNamespaceSecurity(Row, table="wmi_security"):
    """WMI namespace permissions: one row is namespace."""

    __slots__ = ()

    namespace: str
    exists: bool
    sddl: str


class SnmpService(Row, table="snmp"):
    """SNMP service exposure: one row is the machine."""

    __slots__ = ()

    community_count: int
    default_community_names: tuple[SnmpServiceDefaultCommunityNames, ...]
    writable_community_count: int
    permitted_managers: tuple[str, ...]
    policy_present: bool
