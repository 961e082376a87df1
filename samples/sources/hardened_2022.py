"""HV-SYNTH-22: Windows Server 2022, Server Core, run as the guides advise. Nothing above low is to be found here."""

from __future__ import annotations

from synthetic import stock
from synthetic.host import ADMINISTRATORS, LOCAL_SERVICE, NETWORK_SERVICE, VIRTUAL_MACHINES, Host
from synthetic.virtual import Adapter, Disk, Guest, Switch, Vm

NAME = "hardened-2022"
LANGUAGE = "en-US"
MANAGEMENT, MIGRATION = "10.20.30.0/255.255.255.0", "10.20.40.0/255.255.255.0"
HOME = r"V:\VMs"


def describe(language: str) -> Host:
    host = stock.server(
        "HV-SYNTH-22",
        build=20348,
        ubr=5735,
        started="2026-10-28T06:30:00.000Z",
        language=language,
        domain="corp.example",
        core=True,
        edition="ServerDatacenter",
        patched_days_ago=13,
    )
    _platform(host)
    _storage(host)
    _network(host)
    _services_and_firewall(host)
    _accounts(host)
    _policies(host)
    _logging(host)
    _machines(host)
    return host


def _platform(host: Host) -> None:
    # Firmware certificates of 2023 are in place; VBS, HVCI and Credential Guard run; the firmware is recent.
    host.single(
        "platform_security",
        SecureBootDbCaNames=["Windows UEFI CA 2023", "Microsoft UEFI CA 2023", "Microsoft Windows Production PCA 2011", "Microsoft Corporation UEFI CA 2011"],
        SecureBootKekCaNames=["Microsoft Corporation KEK CA 2011", "Microsoft Corporation KEK 2K CA 2023"],
        VbsStatus=2, VbsRequiredProps=[1, 2], SecurityServicesConfigured=[1, 2, 3], SecurityServicesRunning=[1, 2, 3],
        CodeIntegrityPolicyStatus=2, LsaCfgFlags=1, FeatureSettingsOverride=72, FeatureSettingsOverrideMask=3, MinVmVersionForCpuBasedMitigations="1.0",
    )  # fmt: skip
    servicing = r"HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\Servicing"
    host.set(servicing, "UEFICA2023Status", "Updated")
    host.set(servicing, "WindowsUEFICA2023Capable", 2)
    stock.feature(host, "MicrosoftWindowsPowerShellV2", installed=False)
    stock.feature(host, "BitLocker", installed=True)
    host.add("features", Kind="component", Name="BitLocker", Installed=True, InstallState=1)
    host.set(r"HKLM\SYSTEM\CurrentControlSet\Control\CrashControl", "CrashDumpEnabled", 2)
    host.set(r"HKLM\SYSTEM\CurrentControlSet\Control\CrashControl", "DumpEncryptionEnabled", 1)
    guard = r"HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard"
    for key, name, value in (
        (guard, "EnableVirtualizationBasedSecurity", 1),
        (guard, "RequirePlatformSecurityFeatures", 3),
        (guard, "Locked", 1),
        (rf"{guard}\Scenarios\HypervisorEnforcedCodeIntegrity", "Enabled", 1),
        (rf"{guard}\Scenarios\CredentialGuard", "Enabled", 1),
        (rf"{guard}\Scenarios\SystemGuard", "Enabled", 1),
        (r"HKLM\SYSTEM\CurrentControlSet\Control\CI\Config", "VulnerableDriverBlocklistEnable", 1),
        (r"HKLM\SOFTWARE\Policies\Microsoft\Windows\Kernel DMA Protection", "DeviceEnumerationPolicy", 0),
    ):
        host.set(key, name, value)


def _storage(host: Host) -> None:
    # Windows on a mirror of its own; machines on V:, whose root gives ordinary users nothing.
    stock.disk(host, 0, "Synthetic SSD 480", 447, boot=True)
    stock.disk(host, 1, "Synthetic NVMe 8T", 7452, bus=17)
    system = stock.volume(host, "C:", label="System", disk=0, size_gib=446, free_gib=371, boot=True)
    stock.volume(host, None, label="EFI", disk=0, size_gib=1, free_gib=1, system=True, file_system="FAT32")
    data = stock.volume(host, "V:", label="VMs", disk=1, size_gib=7451, free_gib=6180)
    host.closed_volumes.add("V:")
    del host.absent["bitlocker"]
    for device, letter, kind, protectors in ((system, "C:", 0, [1, 3]), (data, "V:", 1, [2, 3])):
        host.add(
            "bitlocker",
            DeviceId=device, MountPoint=letter, VolumeType=kind, ProtectionStatus=1, ConversionStatus=1, EncryptionPercentage=100, EncryptionMethod=7,
            LockStatus=0, SuspendCount=0, ProtectorTypes=protectors, AdProtectorSids=[],
        )  # fmt: skip
    fve = r"HKLM\SOFTWARE\Policies\Microsoft\FVE"
    for name, value in (
        ("OSActiveDirectoryBackup", 1), ("OSRequireActiveDirectoryBackup", 1), ("FDVActiveDirectoryBackup", 1), ("FDVRequireActiveDirectoryBackup", 1),
        ("EncryptionMethodWithXtsOs", 7), ("EncryptionMethodWithXtsFdv", 7), ("OSHardwareEncryption", 0), ("FDVHardwareEncryption", 0),
        ("UseAdvancedStartup", 1), ("EnableBDEWithNoTPM", 0), ("UseTPM", 2), ("UseTPMPIN", 2),
    ):  # fmt: skip
        host.set(fve, name, value)
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    host.set(virtualization, "DefaultExternalDataRoot", HOME)
    host.set(virtualization, "DefaultVirtualHardDiskPath", HOME)


def _network(host: Host) -> None:
    # Management and live migration have adapters of their own; guests leave through a switch-embedded team.
    dns = ("10.20.30.2", "10.20.30.3")
    stock.nic(
        host,
        "Management",
        "Synthetic Ethernet 1",
        "02535948A001",
        address="10.20.30.22",
        gateway="10.20.30.1",
        dns=dns,
        gbps=10,
        netbios=2,
    )
    stock.nic(host, "Migration", "Synthetic Ethernet 2", "02535948A002", address="10.20.40.22", gbps=25, netbios=2)
    stock.nic(host, "Guests 1", "Synthetic Ethernet 3", "02535948A003", gbps=25)
    stock.nic(host, "Guests 2", "Synthetic Ethernet 4", "02535948A004", gbps=25)


def _services_and_firewall(host: Host) -> None:
    host.service("Spooler", StartType=4, State="Stopped")
    host.service("RemoteRegistry", StartType=4, State="Stopped")
    for profile in ("Domain", "Private", "Public"):
        host.find("firewall_profiles", Profile=profile, Store="gpo").update(
            KeyExists=True, Enabled=True, DefaultInbound="Block", DefaultOutbound="Allow", AllowLocalRules=profile != "Public",
            AllowLocalIPsecRules=profile != "Public", NotifyOnListen=False, LogFile=r"%systemroot%\system32\LogFiles\Firewall\pfirewall.log",
            LogMaxKB=32767, LogDropped=True, LogAllowed=True,
        )  # fmt: skip
        host.find("firewall_profiles", Profile=profile, Store="local").update(
            LogMaxKB=32767, LogDropped=True, LogAllowed=True
        )
    # The shipped Hyper-V and WinRM rules stay, but only for the management subnet; 6600 only for the migration network.
    for store, name in list(host.firewall):
        if store == "local" and name.startswith(("VIRT-WMI", "VIRT-VMMS", "VIRT-REMOTE", "WINRM-HTTP-In-TCP")):
            host.rule(name, RA4=MANAGEMENT, RA6="LocalSubnet")
    host.rule("VIRT-MIGL-In-TCP-NoScope", RA4=MIGRATION, RA6="LocalSubnet")
    host.rule("WINRM-HTTP-In-TCP-PUBLIC", Active="FALSE")
    for suffix in ("Teredo-In", "IPHTTPS-In"):
        host.rule(f"CoreNet-{suffix}", Active="FALSE")
    # Traffic of live migration is authenticated and encrypted by IPsec.
    host.add(
        "firewall_consec_raw",
        Store="gpo", Kind="conSecRule", ValueName="{53594E54-0000-4000-8000-000000006600}",
        Rule=f"v2.31|Action=SecureServer|Active=TRUE|Protocol=6|EP1Port=6600|EP1_4={MIGRATION}|EP2_4={MIGRATION}|Auth1Set={{53594E54-0000-4000-8000-000000000001}}|"
             "Crypto2Set={53594E54-0000-4000-8000-000000000002}|Name=Live migration is encrypted|",
    )  # fmt: skip


def _accounts(host: Host) -> None:
    # RID 500 is off, the account that LAPS keeps is the only local administrator beside it.
    host.find("local_users", Sid=host.account(500, domain=False)).update(
        Enabled=False, PasswordLastSetUtc=host.ago(days=40), LastLogonUtc=None
    )
    stock.user(host, 1001, "synth-laps", password_days_ago=6)
    stock.member(host, ADMINISTRATORS, host.account(1001, domain=False), f"{host.name}\\synth-laps")
    host.single("account_policy", MinPasswordLength=14, PasswordHistoryLength=24, MaxPasswordAgeSeconds=60 * 86400, MinPasswordAgeSeconds=86400,
                LockoutThreshold=3, LockoutDurationSeconds=900, LockoutWindowSeconds=900)  # fmt: skip
    host.system_access |= {
        "MinimumPasswordAge": 1, "MaximumPasswordAge": 60, "MinimumPasswordLength": 14, "PasswordComplexity": 1, "PasswordHistorySize": 24,
        "LockoutBadCount": 3, "ResetLockoutCount": 15, "LockoutDuration": 15, "NewAdministratorName": "synth-500", "EnableAdminAccount": 0,
    }  # fmt: skip
    host.find("local_users", Sid=host.account(500, domain=False))["Name"] = "synth-500"
    for right, held in {
        "SeNetworkLogonRight": ["S-1-5-11", ADMINISTRATORS], "SeInteractiveLogonRight": [ADMINISTRATORS], "SeRemoteInteractiveLogonRight": [ADMINISTRATORS],
        "SeBackupPrivilege": [ADMINISTRATORS], "SeRestorePrivilege": [ADMINISTRATORS], "SeShutdownPrivilege": [ADMINISTRATORS],
        "SeBatchLogonRight": [ADMINISTRATORS], "SeImpersonatePrivilege": [LOCAL_SERVICE, NETWORK_SERVICE, ADMINISTRATORS, "S-1-5-6"],
        "SeDenyNetworkLogonRight": ["S-1-5-32-546"], "SeDenyInteractiveLogonRight": ["S-1-5-32-546"], "SeDenyBatchLogonRight": ["S-1-5-32-546"],
        "SeDenyServiceLogonRight": ["S-1-5-32-546"], "SeDenyRemoteInteractiveLogonRight": ["S-1-5-32-546"],
        "SeServiceLogonRight": ["S-1-5-80-0", VIRTUAL_MACHINES], "SeCreateSymbolicLinkPrivilege": [ADMINISTRATORS, VIRTUAL_MACHINES],
    }.items():  # fmt: skip
        host.rights[right] = held
    laps = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS"
    for name, value in (
        ("BackupDirectory", 2),
        ("AdministratorAccountName", "synth-laps"),
        ("PasswordAgeDays", 30),
        ("PasswordLength", 24),
        ("ADPasswordEncryptionEnabled", 1),
    ):
        host.set(laps, name, value)


def _policies(host: Host) -> None:
    lsa, control = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa", r"HKLM\SYSTEM\CurrentControlSet\Control"
    policies, system = (
        r"HKLM\SOFTWARE\Policies\Microsoft",
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
    )
    server, workstation = (
        rf"HKLM\SYSTEM\CurrentControlSet\Services\{n}\Parameters" for n in ("LanmanServer", "LanmanWorkstation")
    )
    tcpip = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip"
    for key, name, value in (
        (lsa, "LmCompatibilityLevel", 5), (lsa, "RestrictAnonymous", 1), (lsa, "RestrictRemoteSAM", "O:BAG:BAD:(A;;RC;;;BA)"), (lsa, "RunAsPPL", 1),
        (lsa, "RunAsPPLBoot", 1), (lsa, "SCENoApplyLegacyAuditPolicy", 1), (lsa, "DisableRestrictedAdmin", 0), (lsa, "DisableDomainCreds", 1),
        (rf"{lsa}\MSV1_0", "NTLMMinClientSec", 0x20080000), (rf"{lsa}\MSV1_0", "NTLMMinServerSec", 0x20080000),
        (rf"{lsa}\MSV1_0", "AuditReceivingNTLMTraffic", 2), (rf"{lsa}\MSV1_0", "RestrictSendingNTLMTraffic", 1),
        (rf"{lsa}\MSV1_0", "AllowNullSessionFallback", 0), (rf"{control}\SecurityProviders\WDigest", "UseLogonCredential", 0),
        (system, "FilterAdministratorToken", 1), (system, "ConsentPromptBehaviorAdmin", 2), (system, "ConsentPromptBehaviorUser", 0),
        (system, "LocalAccountTokenFilterPolicy", 0), (system, "InactivityTimeoutSecs", 900), (system, "NoConnectedUser", 3),
        (rf"{system}\Kerberos\Parameters", "SupportedEncryptionTypes", 0x7FFFFFF8), (rf"{system}\CredSSP\Parameters", "AllowEncryptionOracle", 0),
        (rf"{system}\Audit", "ProcessCreationIncludeCmdLine_Enabled", 1),
        (r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", "CachedLogonsCount", "1"),
        (rf"{policies}\Windows\Installer", "AlwaysInstallElevated", 0), (rf"{policies}\Windows\CredentialsDelegation", "AllowProtectedCreds", 1),
        (rf"{policies}\Windows NT\DNSClient", "EnableMulticast", 0), (rf"{policies}\Windows NT\Rpc", "RestrictRemoteClients", 1),
        (rf"{policies}\Windows NT\Rpc", "EnableAuthEpResolution", 1), (rf"{policies}\Windows\DataCollection", "AllowTelemetry", 1),
        (rf"{policies}\Windows NT\Printers", "RegisterSpoolerRemoteRpcEndPoint", 2),
        (rf"{policies}\Windows\LanmanWorkstation", "AllowInsecureGuestAuth", 0),
        (rf"{policies}\Windows\NetworkProvider\HardenedPaths", r"\\*\NETLOGON", "RequireMutualAuthentication=1,RequireIntegrity=1,RequirePrivacy=1"),
        (rf"{policies}\Windows\NetworkProvider\HardenedPaths", r"\\*\SYSVOL", "RequireMutualAuthentication=1,RequireIntegrity=1,RequirePrivacy=1"),
        (server, "RequireSecuritySignature", 1), (server, "EnableSecuritySignature", 1), (server, "SMB1", 0), (server, "SmbServerNameHardeningLevel", 1),
        (workstation, "RequireSecuritySignature", 1), (workstation, "EnableSecuritySignature", 1), (workstation, "AllowInsecureGuestAuth", 0),
        (rf"{tcpip}\Parameters", "EnableICMPRedirect", 0), (rf"{tcpip}\Parameters", "DisableIPSourceRouting", 2),
        (rf"{tcpip}6\Parameters", "DisableIPSourceRouting", 2), (r"HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters", "NodeType", 2),
        (r"HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters", "NoNameReleaseOnDemand", 1),
        (r"HKLM\SYSTEM\CurrentControlSet\Services\Dnscache\Parameters", "EnableMDNS", 0),
    ):  # fmt: skip
        host.set(key, name, value)
    channel = rf"{control}\SecurityProviders\SCHANNEL\Protocols"
    for version, enabled in (
        ("SSL 2.0", 0),
        ("SSL 3.0", 0),
        ("TLS 1.0", 0),
        ("TLS 1.1", 0),
        ("TLS 1.2", 1),
        ("TLS 1.3", 1),
    ):
        for side in ("Server", "Client"):
            host.set(rf"{channel}\{version}\{side}", "Enabled", enabled)
            host.set(rf"{channel}\{version}\{side}", "DisabledByDefault", 1 - enabled)
    host.single(
        "smb_server",
        RequireSecuritySignature=True,
        EnableSecuritySignature=True,
        EncryptData=True,
        AuditSmb1Access=True,
        SmbServerNameHardeningLevel=1,
    )
    host.single("smb_client", RequireSecuritySignature=True, EnableInsecureGuestLogons=False)
    host.single(
        "remote_access",
        RdpDenyConnectionsPolicy=1, RdpSecurityLayerPolicy=2, RdpUserAuthenticationPolicy=1, RdpMinEncryptionLevelPolicy=3, RdpDisableDrivesPolicy=1,
        RdpPromptForPasswordPolicy=1, RdpEncryptRpcPolicy=1, WinRmServiceAllowUnencryptedPolicy=0, WinRmServiceBasicPolicy=0, WinRmServiceCredSSPPolicy=0,
        WinRmDisableRunAsPolicy=1, WinRmAllowAutoConfigPolicy=1, WinRmIPv4FilterPolicy="10.20.30.1-10.20.30.254", WinRmIPv6FilterPolicy="",
        WinRmClientAllowUnencryptedPolicy=0, WinRmClientBasicPolicy=0, WinRmClientDigestPolicy=0, WinRmClientCredSSPPolicy=0,
        WinRmCbtHardeningLevelPolicy="Strict",
    )  # fmt: skip
    host.single("antivirus", IsTamperProtected=True, PUAProtection=1, EnableNetworkProtection=1)
    # Exactly what KB3105657 asks for: the processes of Hyper-V and the folder of the machines.
    for process in ("vmms.exe", "vmwp.exe", "vmsp.exe", "vmcompute.exe"):
        for source in ("policy", "effective"):
            host.add(
                "defender_exclusions",
                Kind="process",
                Value=rf"C:\Windows\System32\{process}",
                Source=source,
                Hidden=False,
            )
    for source in ("policy", "effective"):
        host.add("defender_exclusions", Kind="path", Value=HOME, Source=source, Hidden=False)
    host.single("update_settings", NoAutoUpdatePolicy=0, AUOptionsPolicy=3, UseWUServer=1, WUServer="https://wsus.corp.example:8531",
                WUStatusServer="https://wsus.corp.example:8531", TargetGroup="Hyper-V hosts", DoNotConnectToWindowsUpdateInternetLocations=1)  # fmt: skip


def _logging(host: Host) -> None:
    for guid, wanted in {
        "9211": 1, "9212": 3, "9213": 3, "9215": 3, "9217": 2, "921B": 1, "921C": 3, "9224": 3, "9227": 3, "9228": 3, "922B": 1, "922F": 3, "9230": 1,
        "9231": 1, "9232": 3, "9234": 2, "9235": 3, "9236": 1, "9237": 1, "923A": 1, "923F": 3, "9244": 2, "9245": 3, "9248": 1, "9249": 1, "921D": 3, "9210": 1,
    }.items():  # fmt: skip
        host.audit_policy[guid] = wanted
    host.audit["AUDITED"] = "every folder of machines has a SACL"
    for row in host.rows["eventlogs"]:
        if row["Channel"] == "Security":
            row.update(
                MaxSizeBytes=1073741824, FileSizeBytes=734003200, RecordCount=910000, OldestRecordUtc=host.ago(days=31)
            )
        elif row["Channel"] in ("Application", "System", "Setup") or ("Hyper-V" in row["Channel"] and row["Enabled"]):
            row["MaxSizeBytes"] = 67108864
    log = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog"
    for channel, size in (("Application", 65536), ("Security", 1048576), ("System", 65536), ("Setup", 65536)):
        host.set(rf"{log}\{channel}", "MaxSize", size)
    host.set(
        rf"{log}\EventForwarding\SubscriptionManager",
        "1",
        "Server=https://wec.corp.example:5986/wsman/SubscriptionManager/WEC,Refresh=60",
    )
    shell = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell"
    for key, name, value in (
        (rf"{shell}\ScriptBlockLogging", "EnableScriptBlockLogging", 1),
        (rf"{shell}\ModuleLogging", "EnableModuleLogging", 1),
        (rf"{shell}\Transcription", "EnableTranscripting", 1),
        (rf"{shell}\Transcription", "EnableInvocationHeader", 1),
        (rf"{shell}\Transcription", "OutputDirectory", r"C:\Transcripts"),
        (shell, "EnableScripts", 1),
        (shell, "ExecutionPolicy", "RemoteSigned"),
    ):
        host.set(key, name, value)


SERVER_2022 = "Windows Server 2022 Standard"
MACHINES = (
    # name, VLAN, last byte of the address, disks in GiB, vCPUs, memory in MiB, guest
    ("SYNTH-APP01", 110, 11, (80, 200), 4, 8192, SERVER_2022),
    ("SYNTH-WEB01", 120, 21, (80,), 2, 4096, SERVER_2022),
    ("SYNTH-WEB02", 120, 22, (80,), 2, 4096, SERVER_2022),
    ("SYNTH-SQL01", 130, 31, (80, 400), 8, 32768, SERVER_2022),
    ("SYNTH-LNX01", 110, 12, (60,), 2, 4096, "Ubuntu 24.04.3 LTS"),
)


def _machines(host: Host) -> None:
    # Every adapter is tagged and guarded, every machine is of generation 2 with Secure Boot; live migration is Kerberos on its own network.
    services = ("cifs", "Microsoft Virtual System Migration Service")
    host.single("ad_computer", AllowedToDelegateTo=[f"{service}/HV-SYNTH-23.corp.example" for service in services])
    host.migration = {"kerberos": True, "networks": [("10.20.40.0", 24)]}
    host.switches.append(Switch("Guests", ["Guests 1", "Guests 2"], embedded_team=True))
    for number, (name, vlan, last, sizes, cpus, memory, system) in enumerate(MACHINES, start=1):
        home, linux, address = rf"{HOME}\{name}", "Ubuntu" in system, f"10.20.{vlan}.{last}"
        disks = [
            Disk(rf"{home}\Virtual Hard Disks\{name}-{n}.vhdx", size, size // 3, location=n)
            for n, size in enumerate(sizes)
        ]
        adapter = Adapter(
            "Guests",
            f"00155D5322{number:02X}",
            vlan=vlan,
            dhcp_guard=True,
            router_guard=True,
            addresses=[address],
            bandwidth=1000000000,
        )
        guest = Guest(
            system,
            "6.8.0" if linux else "10.0.20348",
            "" if linux else "20348",
            f"{name.lower()}.corp.example",
            address,
            linux=linux,
            services_version="6.8.0-generic" if linux else "10.0.20348",
        )
        host.vms.append(
            Vm(
                name,
                home,
                disks,
                [adapter],
                guest,
                cpus=cpus,
                memory_mib=memory,
                linux_template=linux,
                tpm=not linux,
                encrypt_migration=True,
                host_resource_protection=True,
                dynamic=(2048, 16384) if name.startswith("SYNTH-APP") else None,
            )
        )
    # The guardian of this host, with which the virtual TPMs open; both certificates are exported and good for years.
    for purpose in ("Encryption", "Signing"):
        subject = f"CN=Shielded VM {purpose} Certificate (UntrustedGuardian) ({host.name})"
        host.add(
            "certificates",
            Store="Shielded VM Local Certificates", Thumbprint=(host.guid(purpose).replace("-", "") + "0" * 8).upper(), Subject=subject, Issuer=subject, SanDns=[],
            NotBeforeUtc=host.ago(days=420), NotAfterUtc=host.ago(days=-3230), SigAlg="1.2.840.113549.1.1.11", KeyAlg="1.2.840.113549.1.1.1", KeyBits=2048,
            Eku=["1.3.6.1.4.1.311.76.9.2.1"], HasPrivateKey=True, SelfSigned=True,
        )  # fmt: skip
