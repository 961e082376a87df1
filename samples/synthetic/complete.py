"""What follows from a described host: registry rows, rule strings, policy files, binaries, ACLs, processes, names of SIDs."""

from __future__ import annotations

import ntpath
import re
from typing import TYPE_CHECKING, Any

from synthetic import estate, wmi_v1, wmi_v2
from synthetic.host import ADMINISTRATORS, DOMAIN_SID, LOCAL_SERVICE, NETWORK_SERVICE, SYSTEM, Host
from synthetic.schema import format_lists, reason_outside
from synthetic.stock import HYPERV_ROOT, SYSTEM32, WINDOWS, schema_prefix
from synthetic.texts import table

if TYPE_CHECKING:
    from collections.abc import Iterable

TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
FULL_FOLDER = "(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
# Owner, group and protected DACL of Windows' own files and folders.
SYSTEM_FILE = f"O:{TRUSTED_INSTALLER}G:{TRUSTED_INSTALLER}D:PAI(A;;0x1200a9;;;SY)(A;;0x1200a9;;;BA)(A;;0x1200a9;;;BU)(A;;FA;;;{TRUSTED_INSTALLER})"
SYSTEM_FOLDER = (
    f"O:{TRUSTED_INSTALLER}G:{TRUSTED_INSTALLER}D:PAI(A;;FA;;;{TRUSTED_INSTALLER})(A;CIIO;GA;;;{TRUSTED_INSTALLER})(A;;0x1301bf;;;SY)"
    "(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)"
)
SYSTEM_ROOT = f"O:{TRUSTED_INSTALLER}G:{TRUSTED_INSTALLER}D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;OICIIO;GA;;;CO)"
PROGRAM_DATA = (
    "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)"
)
BELOW_PROGRAM_DATA = (
    "O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
)
DATA_ROOT = "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CIIO;DC;;;BU)(A;;0x1200a9;;;WD)"
CLOSED_ROOT = f"O:BAG:SYD:PAI{FULL_FOLDER}(A;OICIIO;GA;;;CO)"
DATA_FOLDER = "O:BAG:SYD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;LC;;;BU)(A;CIID;DC;;;BU)"
CLOSED_FOLDER = "O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)"
# A volume on which somebody gave everyone everything, and the folders that Windows shares between its users.
OPEN_ROOT = "O:BAG:SYD:(A;OICI;FA;;;WD)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"
OPEN_FOLDER = "O:BAG:SYD:AI(A;OICIID;FA;;;WD)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)"
OPEN_FILE = "(A;ID;FA;;;WD)(A;ID;FA;;;BA)(A;ID;FA;;;SY)"
USERS_ROOT = "O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;OICI;0x1200a9;;;WD)"
PUBLIC_FOLDER = (
    "O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)"
    "(A;OICIID;0x1301bf;;;IU)(A;OICIID;0x1301bf;;;SU)(A;OICIID;0x1301bf;;;S-1-5-3)"
)
PROFILE_FOLDER = "O:SYG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)"
DATA_FILE, CLOSED_FILE = "(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)", "(A;ID;FA;;;BA)(A;ID;FA;;;SY)"
EVENT_FILE = (
    "O:LSG:LSD:AI(A;ID;FA;;;S-1-5-80-880578595-1860270145-482643319-2788375705-1540778122)(A;ID;FA;;;SY)(A;ID;FA;;;BA)"
)
HYPERV_FOLDER = f"O:BAG:SYD:PAI{FULL_FOLDER}(A;OICIIO;GA;;;CO)(A;CI;0x1200a9;;;S-1-5-83-0)(A;CI;LC;;;S-1-5-83-0)"
HYPERV_FOLDER_V1 = f"O:BAG:SYD:PAI{FULL_FOLDER}(A;OICIIO;GA;;;CO)"
AUDITED = "S:AI(AU;OICIFA;0xd0156;;;WD)"
ANY_ADDRESS = ".".join("0000")
MICROSOFT = "CN=Microsoft Windows, O=Microsoft Corporation, L=Redmond, S=Washington, C=US"
ISSUER = "CN=Microsoft Windows Production PCA 2011, O=Microsoft Corporation, L=Redmond, S=Washington, C=US"

_RIGHTS_HEAD = "[Unicode]\r\nUnicode=yes\r\n"
_MULTIPLE = {"Profile", "LPort", "RPort", "RA4", "RA6", "LA4", "LA6"}
_ORDER = (
    "Action",
    "Active",
    "Dir",
    "Protocol",
    "Profile",
    "LPort",
    "RPort",
    "LA4",
    "LA6",
    "RA4",
    "RA6",
    "App",
    "Svc",
    "Name",
    "EmbedCtxt",
    "Edge",
)


def complete(host: Host) -> None:
    """Render everything that a source file need not spell out. Called once, last."""
    _switch_bindings(host)
    estate.write(host)
    if host.modern:
        wmi_v2.write(host, migration=host.migration)
    else:
        wmi_v1.write(host)
    _registry_values(host)
    _firewall_rules(host)
    _secedit(host)
    _auditpol(host)
    _endpoints_and_processes(host)
    _binaries(host)
    _acls(host)
    _sids(host)


def _expand(path: str) -> str:
    for name, value in (
        (r"%systemroot%", WINDOWS),
        (r"%windir%", WINDOWS),
        (r"%programdata%", r"C:\ProgramData"),
        (r"%systemdrive%", "C:"),
    ):
        path = re.sub(re.escape(name), value.replace("\\", r"\\"), path, flags=re.IGNORECASE)
    return path


def _switch_bindings(host: Host) -> None:
    """Every physical adapter can carry the switch protocol; it is bound where a switch uses the adapter."""
    used = {name for switch in host.switches for name in switch.uplinks}
    for row in host.rows.get("net_adapters", []):
        if row["IsPhysical"]:
            host.add(
                "net_bindings",
                InterfaceGuid=row["InterfaceGuid"], Name=row["Name"], InterfaceDescription=row["Description"], ComponentId="vms_pp", Enabled=row["Name"] in used,
            )  # fmt: skip


def _registry_values(host: Host) -> None:
    wanted = {(k.lower(), n.lower()): v for (k, n), v in host.registry.items()}
    known_keys = {k for k, _ in wanted}
    spelled = {k.lower(): k for k, _ in host.registry}
    for entry in format_lists()["registryList"]:
        if entry.get("exportedBy") or reason_outside(entry, host.build):
            continue
        key, name, mode = entry["key"], entry["name"], entry["mode"]
        base: dict[str, Any] = {
            "Key": key,
            "Name": name,
            "ListKey": key,
            "Mode": mode,
            "KeyExists": False,
            "Exists": False,
            "View": 64,
        }
        base["KeyExists"] = key.lower() in known_keys or _stock_key(key)
        if mode == "allValues":
            values = [(n, v) for (k, n), v in host.registry.items() if k.lower() == key.lower()]
            for value_name, value in values:
                host.add("registry_values", **(base | _value(value) | {"Name": value_name, "Exists": True}))
            if not values:
                host.add("registry_values", **(base | {"Name": None}))
            continue
        if (key.lower(), name.lower()) in wanted:
            base |= {"Exists": True, "Key": spelled[key.lower()] if "*" in key else key}
            base |= _value(wanted[key.lower(), name.lower()]) if mode == "value" else {"Kind": "REG_SZ"}
        host.add("registry_values", **base)


def _stock_key(key: str) -> bool:
    """Whether a key is there on any installation; policy keys come with the first policy."""
    absent = (
        "\\Policies\\",
        "\\SCHANNEL\\Protocols\\",
        "AdmPwd",
        "\\LAPS",
        "*",
        "GPExtensions",
        "DeviceGuard\\Scenarios",
        "ForceDumps",
        "Servicing",
        "vmsmp",
    )
    return not any(part in key for part in absent)


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, int):
        return {"Kind": "REG_DWORD", "IntValue": value}
    if isinstance(value, str):
        return {"Kind": "REG_SZ", "TextValue": value}
    if isinstance(value, bytes):
        return {"Kind": "REG_BINARY", "HexValue": "hex:" + value.hex().upper()}
    return {"Kind": "REG_MULTI_SZ", "ListValue": list(value)}


def _firewall_rules(host: Host) -> None:
    for (store, name), fields in host.firewall.items():
        text = [schema_prefix(host)]
        for field in (*_ORDER, *(f for f in fields if f not in _ORDER)):
            value = fields.get(field)
            values = value if isinstance(value, list) else [value]
            text += [f"{field}={v}" for v in values if v]
        host.add("firewall_rules_raw", Store=store, ValueName=name, Rule="|".join(text) + "|")


def _secedit(host: Host) -> None:
    lines = ["[System Access]", *(f"{k} = {_inf(v)}" for k, v in host.system_access.items())]
    lines += ["[Event Audit]", *(f"{name} = 0" for name in ("AuditSystemEvents", "AuditLogonEvents", "AuditObjectAccess", "AuditPrivilegeUse",
              "AuditPolicyChange", "AuditAccountManage", "AuditProcessTracking", "AuditDSAccess", "AuditAccountLogon"))]  # fmt: skip
    lines += ["[Registry Values]"]
    lines += [
        f"MACHINE\\{key.removeprefix('HKLM').lstrip(chr(92))}\\{name}=4,{value}"
        for (key, name), value in host.registry.items()
        if isinstance(value, int) and r"Control\Lsa" in key
    ]
    lines += [
        "[Privilege Rights]",
        *(
            f"{right} = {','.join('*' + s if s.startswith('S-1-') else s for s in held)}"
            for right, held in host.rights.items()
            if held
        ),
    ]
    lines += ["[Version]", 'signature="$CHICAGO$"', "Revision=1"]
    text = _RIGHTS_HEAD + "\r\n".join(lines) + "\r\n"
    host.raw["secedit"] = {"raw/secpol/secedit.inf": b"\xff\xfe" + text.encode("utf-16-le")}


def _inf(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


_AUDIT_HEAD = {
    "en-US": ("Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting,Setting Value",
              ("No Auditing", "Success", "Failure", "Success and Failure")),
    "de-DE": ("Computername,Richtlinienziel,Unterkategorie,GUID der Unterkategorie,Aufnahmeeinstellung,Ausschlusseinstellung,Festlegungswert",
              ("Keine Überwachung", "Erfolg", "Fehler", "Erfolg und Fehler")),
    "fr-FR": ("Nom de l'ordinateur,Cible de la stratégie,Sous-catégorie,GUID de sous-catégorie,Paramètre d'inclusion,Paramètre d'exclusion,Valeur de paramètre",
              ("Pas d'audit", "Succès", "Échec", "Succès et échec")),
    "ja-JP": ("コンピューター名,ポリシー ターゲット,サブカテゴリ,サブカテゴリ GUID,包含設定,除外設定,設定値",
              ("監査なし", "成功", "失敗", "成功および失敗")),
}  # fmt: skip


def _auditpol(host: Host) -> None:
    head, words = _AUDIT_HEAD[host.language]
    lines = [head]
    for row in table("stock/audit_subcategories.csv"):
        if reason_outside({"since": row["since"]}, host.build) is None:
            value = host.audit_policy[row["guid"]]
            guid = f"{{0CCE{row['guid']}-69AE-11D9-BED3-505054503030}}"
            lines.append(f"{host.name},System,{row[host.language]},{guid},{words[value]},,{value}")
    lines += [f"{host.name},,Option:CrashOnAuditFail,,{words[0]},,0"]
    encoding = {"ja-JP": "cp932"}.get(host.language, "cp1252")
    host.raw["auditpol"] = {"raw/secpol/auditpol.csv": ("\r\n".join(lines) + "\r\n").encode(encoding)}


def _endpoints_and_processes(host: Host) -> None:
    services = {r["Name"]: r for r in host.rows["services"]}
    shared: dict[int, list[str]] = {}
    for row in host.rows["services"]:
        if row["State"] == "Running":
            shared.setdefault(row["ProcessId"], []).append(row["Name"])
        else:
            row["ProcessId"] = 0
    remote = host.single("remote_access")
    listening = [("RpcSs", "tcp", 135), ("SYSTEM", "tcp", 445), ("EventLog", "tcp", 49665), ("Schedule", "tcp", 49666)]
    listening += [("SYSTEM", "tcp", 5985)] if services["WinRM"]["State"] == "Running" else []
    listening += [("vmms", "tcp", 2179)] + ([("vmms", "tcp", 6600)] if host.migration is not None else [])
    listening += [("W32Time", "udp", 123)] if services["W32Time"]["State"] == "Running" else []
    allowed = remote.get("RdpDenyConnectionsPolicy", remote.get("RdpDenyConnections"))
    listening += [("TermService", "tcp", 3389)] if allowed == 0 else []
    pids: dict[int, tuple[str, str | None, str]] = {4: ("System", None, SYSTEM)}
    for owner, protocol, port in listening:
        pid = 4 if owner == "SYSTEM" else services[owner]["ProcessId"]
        state = 2 if protocol == "tcp" else None
        host.add(
            "endpoints",
            Protocol=protocol,
            LocalAddress=ANY_ADDRESS,
            LocalPort=port,
            Family="IPv4",
            State=state,
            Pid=pid,
        )
        if pid != 4:
            pids[pid] = (
                ntpath.basename(services[owner]["ResolvedPath"]),
                services[owner]["ResolvedPath"],
                services[owner]["AccountSid"],
            )
    for name in ("vmms", "vmcompute"):
        if services.get(name, {}).get("State") == "Running":
            pids[services[name]["ProcessId"]] = (f"{name}.exe", rf"{SYSTEM32}\{name}.exe", SYSTEM)
    for pid, (name, path, owner) in sorted(pids.items()):
        host.add("processes", Pid=pid, ParentPid=0 if pid == 4 else 580, Name=name, Path=path, SessionId=0, StartUtc=host.ago(days=12, hours=3),
                 OwnerSid=owner, Services=sorted(shared.get(pid, [])))  # fmt: skip


def _binaries(host: Host) -> None:
    roles: dict[str, set[str]] = {}
    found: dict[str, str] = {}

    def note(path: str | None, role: str) -> None:
        if path:
            roles.setdefault(path.lower(), set()).add(role)
            found.setdefault(path.lower(), path)

    for target in format_lists()["binaryTargets"]:
        if reason_outside(target, host.build) is None:
            note(_expand(target["path"]), target["role"])
    for row in host.rows["services"]:
        note(row["ResolvedPath"], "service")
        note(row.get("ServiceDllResolved"), "serviceDll")
    for row in host.rows["drivers"]:
        note(row["ResolvedPath"], "driver")
    for row in host.rows.get("scheduled_tasks", []):
        for action in row["Actions"]:
            note(action["ResolvedPath"], "taskAction")
    for path in _firewall_programs(host):
        note(path, "firewallApp")
    for row in host.rows["processes"]:
        note(row.get("Path"), "process")
    other = {"hvax64.exe", "hvaa64.exe"}
    for low, path in sorted(found.items()):
        host.add(
            "binaries",
            **_binary(
                host, path, sorted(roles[low]), exists=ntpath.basename(low) not in other or low.endswith("hvax64.exe")
            ),
        )


def _binary(host: Host, path: str, roles: list[str], *, exists: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "Path": path,
        "Roles": roles,
        "Exists": exists,
        "SignatureStatus": "NotChecked",
        "CatalogChecked": False,
    }
    if not exists:
        return row
    inside = path.lower().startswith(WINDOWS.lower())
    version = str(host.single("os")["KernelFileVersion"]) if inside else "4.2.1.0"
    ours = {"hypervisor", "hyperv"} & set(roles)
    row |= {
        "FileVersion": version, "ProductVersion": version, "CompanyName": "Microsoft Corporation" if inside or "Defender" in path else "Synthetic Software",
        "OriginalFilename": ntpath.basename(path), "SizeBytes": 20480 + 512 * len(path), "CreationUtc": host.ago(days=30), "LastWriteUtc": host.ago(days=30),
    }  # fmt: skip
    checked = bool(ours) or not inside
    if checked and (host.modern and host.build >= 14393):
        signer = MICROSOFT if inside or "Defender" in path else "CN=Synthetic Software, O=Synthetic Software, C=DE"
        row |= {
            "SignatureStatus": "Valid", "SignatureType": "Catalog" if inside else "Authenticode", "CatalogChecked": True, "IsOSBinary": inside,
            "SignerSubject": signer, "SignerIssuer": ISSUER, "SignerThumbprint": (host.guid(signer).replace("-", "") + "0" * 8).upper(),
        }  # fmt: skip
    elif checked:
        row |= {"SignatureStatus": "NotSigned", "CatalogChecked": False}
    if ours:
        row["Sha256"] = host.guid(path).replace("-", "") * 2
    return row


def _firewall_programs(host: Host) -> Iterable[str]:
    for (store, _), fields in host.firewall.items():
        app = fields.get("App")
        if (
            store in ("local", "gpo")
            and fields.get("Active") == "TRUE"
            and fields.get("Dir") == "In"
            and app
            and app != "System"
        ):
            yield _expand(app)


class _Objects:
    """Files and folders with their roles, each once."""

    def __init__(self) -> None:
        self.roles: dict[str, list[str]] = {}
        self.kinds: dict[str, tuple[str, str]] = {}

    def note(self, path: str | None, role: str, kind: str = "file") -> None:
        if not path:
            return
        held = self.roles.setdefault(path.lower(), [])
        if role not in held:
            held.append(role)
        self.kinds.setdefault(path.lower(), (path, kind))

    def folder(self, path: str, role: str) -> None:
        """A folder with its ancestors."""
        self.note(path, role, "dir")
        above = ntpath.dirname(path)
        while above != path:
            path = above
            self.note(path, "parentDir", "dir")
            above = ntpath.dirname(path)


def _acls(host: Host) -> None:
    seen = _Objects()
    for path in ("C:\\", WINDOWS, SYSTEM32, rf"{WINDOWS}\SysWOW64", rf"{SYSTEM32}\drivers"):
        seen.note(path, "systemDir", "dir")
    for path in (r"C:\Program Files", r"C:\Program Files (x86)", r"C:\ProgramData"):
        seen.note(path, "programDir", "dir")
    for row in host.rows.get("volumes", []):
        for root in [row["DriveLetter"] + "\\"] if row["DriveLetter"] else row["MountPaths"]:
            seen.note(root, "volumeRoot", "dir")
    _estate(host, seen)
    for row in host.rows["services"]:
        for file in (row["ResolvedPath"], row.get("ServiceDllResolved")):
            if file:
                seen.note(file, "svcBin")
                seen.folder(ntpath.dirname(file), "svcDir")
        for folder in _candidates(row["ImagePathRaw"] or ""):
            seen.note(folder, "svcPathCandidate", "dir")
    for row in host.rows.get("scheduled_tasks", []):
        for path in (a["ResolvedPath"] for a in row["Actions"] if a["ResolvedPath"]):
            seen.note(path, "taskBin")
            seen.folder(ntpath.dirname(path), "taskDir")
    for path in host.single("collection")["MachinePath"]:
        seen.note(_expand(path).rstrip("\\"), "pathDir", "dir")
    for path in _firewall_programs(host):
        seen.note(path, "fwApp")
        seen.folder(ntpath.dirname(path), "fwAppDir")
    for row in host.rows["binaries"]:
        if row["Exists"] and {"hypervisor", "hyperv"} & set(row["Roles"]):
            seen.note(row["Path"], "hypervisorBin")
    for row in host.rows.get("smb_shares", []):
        if not row["Special"]:
            seen.note(row["Path"], "shareDir", "dir")
    for row in host.rows["eventlogs"]:
        if row["Channel"] in ("Application", "Security", "System") or "Hyper-V" in row["Channel"]:
            seen.note(_expand(row["File"]), "eventLogFile")
    if host.clustered:
        seen.note(rf"{WINDOWS}\Cluster", "clusterDir", "dir")
    targets = {t["role"]: t["audit"] for t in format_lists()["aclTargets"]}
    vm_entries = _vm_entries(host)
    for low, (path, kind) in sorted(seen.kinds.items()):
        roles = seen.roles[low]
        sddl = host.sddl.get(low) or _default_sddl(host, path, kind, vm_entries)
        described: dict[str, Any] = {
            "Path": path,
            "Kind": kind,
            "Roles": roles,
            "Exists": True,
            "OwnerSid": _owner(sddl),
            "Sddl": sddl,
            "IsReparsePoint": False,
        }
        if any(targets.get(role) for role in roles):
            described["AuditSddl"] = host.audit.get(low, AUDITED if "AUDITED" in host.audit else "")
        if not host.elevated:
            _refuse(described)
        host.add("acls", **described)


def _refuse(row: dict[str, Any]) -> None:
    """What an ordinary user may not read of an object: every SACL, and all of an object that gives users nothing."""
    refused = ["AuditSddl"] if "AuditSddl" in row else []
    if not re.search(r";;;(?:BU|AU|WD)\)", row["Sddl"]):
        refused = ["Exists", "OwnerSid", "Sddl", "IsReparsePoint", *refused]
    if refused:
        row |= dict.fromkeys(refused)
        row["_err"] = dict.fromkeys(refused, "accessDenied")


def _estate(host: Host, seen: _Objects) -> None:
    """Folders and files of Hyper-V. Without elevation the dumps say nothing, and the collector knows of no VM."""
    seen.folder(HYPERV_ROOT, "hvRoot")
    below = ["Virtual Machines", "Snapshots"] + (["Resource Types", "Virtual Machines Cache"] if host.modern else [])
    for name in below:
        seen.note(rf"{HYPERV_ROOT}\{name}", "hvRoot", "dir")
    for row in host.rows["azman"]:
        if row["Exists"]:
            seen.note(row["StorePath"], "azmanFile")
            seen.folder(ntpath.dirname(row["StorePath"]), "azmanDir")
    for row in host.rows.get("vm_files", []):
        if row["Kind"] in ("certificate", "answerFile", "recoveryKey"):
            seen.note(row["Path"], "secretFile")
        if row["Kind"] == "azmanCopy":
            seen.note(row["Path"], "azmanCopy")
    if not host.elevated:
        return
    virtualization = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization"
    for name in ("DefaultExternalDataRoot", "DefaultVirtualHardDiskPath"):
        seen.folder(host.registry[virtualization, name], "hostDefaultDir")
    for vm in host.vms:
        guid = host.guid(f"vm {vm.name}").upper()
        extension = (
            ("xml", "bin", "vsv") if not host.modern else ("vmcx", "vmrs") if host.build >= 14393 else ("xml", "bin")
        )
        folder = rf"{vm.home}\Virtual Machines"
        seen.folder(vm.home, "vmConfigDir")
        seen.note(folder, "vmConfigDir", "dir")
        for ending in extension if vm.state != "Off" else extension[:1] if not host.modern else extension:
            seen.note(rf"{folder}\{guid}.{ending}", "vmConfigFile")
        seen.folder(vm.home, "snapshotDir")
        if host.modern:
            seen.note(vm.home, "swapDir", "dir")
    for row in host.rows.get("vhds", []):
        if not row["Exists"]:
            continue
        media = row["Kind"] in ("iso", "vfd")
        seen.note(row["Path"], "media" if media else "vhd")
        if media:
            seen.note(ntpath.dirname(row["Path"]), "mediaDir", "dir")
        else:
            seen.folder(ntpath.dirname(row["Path"]), "vhdDir")


def _candidates(image: str) -> Iterable[str]:
    """Folders in which Windows looks first for an unquoted path with blanks."""
    program = image.split(".exe", 1)[0] if ".exe" in image else ""
    if image.startswith('"') or " " not in program:
        return
    words = program.split(" ")
    for count in range(1, len(words)):
        yield ntpath.dirname(" ".join(words[:count]))


def _owner(sddl: str) -> str:
    owner = sddl.removeprefix("O:").split("G:", 1)[0]
    return {"BA": ADMINISTRATORS, "SY": SYSTEM, "LS": LOCAL_SERVICE, "NS": NETWORK_SERVICE}.get(owner, owner)


def _default_sddl(host: Host, path: str, kind: str, vm_entries: dict[str, str]) -> str:
    low = path.lower()
    if low.endswith(".evtx"):
        return EVENT_FILE
    if low == "c:\\":
        return SYSTEM_ROOT
    if low == r"c:\programdata":
        return PROGRAM_DATA
    if low.startswith(HYPERV_ROOT.lower()):
        folder = HYPERV_FOLDER if host.modern else HYPERV_FOLDER_V1
        return folder if kind == "dir" else "O:BAG:SYD:AI" + CLOSED_FILE
    if low.startswith((WINDOWS.lower(), r"c:\program files")):
        return SYSTEM_FOLDER if kind == "dir" else SYSTEM_FILE
    if low.startswith("c:\\programdata\\microsoft\\windows defender"):
        return SYSTEM_FOLDER if kind == "dir" else SYSTEM_FILE
    if low.startswith("c:\\programdata\\"):
        return BELOW_PROGRAM_DATA if kind == "dir" else "O:SYG:SYD:AI" + DATA_FILE
    if low.startswith("c:\\clusterstorage"):
        return CLOSED_ROOT if kind == "dir" else "O:BAG:SYD:AI" + _vm_ace(vm_entries, low) + CLOSED_FILE
    if low == "c:\\users":
        return USERS_ROOT
    if low.startswith("c:\\users\\") and kind == "dir":
        return PUBLIC_FOLDER if low.startswith("c:\\users\\public") else PROFILE_FOLDER
    drive = path[:2].upper()
    root, folder, file = DATA_ROOT, DATA_FOLDER, DATA_FILE
    if drive in host.closed_volumes:
        root, folder, file = CLOSED_ROOT, CLOSED_FOLDER, CLOSED_FILE
    if drive in host.open_volumes:
        root, folder, file = OPEN_ROOT, OPEN_FOLDER, OPEN_FILE
    if low.endswith(":\\"):
        return root
    return folder if kind == "dir" else "O:BAG:SYD:AI" + _vm_ace(vm_entries, low) + file


_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _vm_entries(host: Host) -> dict[str, str]:
    """The entry that VMMS adds to the files of a VM, by the VM's id and by the path of each of its images, in lower case."""
    entries: dict[str, str] = {}
    for vm in host.vms:
        guid = host.guid(f"vm {vm.name}")
        images = [d.path for d in vm.disks] + [d.path for c in vm.checkpoints for d in c.disks]
        images += [d.parent.path for d in vm.disks if d.parent] + [vm.dvd or "", vm.floppy or ""]
        for key in (guid, *(image.lower() for image in images)):
            entries.setdefault(key, f"(A;;0x12019f;;;{host.vm_sid(guid)})")
    return entries


def _vm_ace(entries: dict[str, str], low: str) -> str:
    return next((entries[key] for key in (low, *_GUID.findall(low)) if key in entries), "")


_SID = re.compile(r"S-1-(?:5-(?:21|80|83|82)|12-1)-[0-9-]*[0-9]")


def _sids(host: Host) -> None:
    found = {"S-1-5-83-0", ADMINISTRATORS, "S-1-5-32-545", SYSTEM}
    for rows in host.rows.values():
        for row in rows:
            found.update(sid for value in row.values() if isinstance(value, str) for sid in _SID.findall(value))
    for held in host.rights.values():
        found.update(sid for text in held for sid in _SID.findall(text))
    for files in host.raw.values():
        for member, data in files.items():
            if member.startswith("raw/azman"):
                found.update(_SID.findall(data.decode("utf-8")))
    found.update(host.sid_names)
    vm_names = {host.vm_sid(host.guid(f"vm {vm.name}")): host.guid(f"vm {vm.name}").upper() for vm in host.vms}
    for sid in sorted(found):
        name, kind = _named(host, sid, vm_names)
        host.add(
            "sids",
            Sid=sid,
            Name=name,
            Class=kind if name else None,
            Resolved=name is not None,
            LookupError=None if name else "notFound",
        )


def _named(host: Host, sid: str, vm_names: dict[str, str]) -> tuple[str | None, str | None]:
    if sid in host.sid_names:
        return host.sid_names[sid]
    if sid in vm_names:
        return f"NT VIRTUAL MACHINE\\{vm_names[sid]}", "virtualMachine"
    if sid.startswith("S-1-5-32-"):
        return f"{host.say('builtin')}\\{host.say(sid)}", "alias"
    if sid == "S-1-5-83-0":
        return f"NT VIRTUAL MACHINE\\{host.say(sid)}", "virtualMachine"
    if sid == SYSTEM:
        return f"{host.say('nt authority')}\\{host.say(sid)}", "wellKnown"
    if sid == TRUSTED_INSTALLER:
        return r"NT SERVICE\TrustedInstaller", "service"
    if sid.startswith("S-1-5-80-"):
        return r"NT SERVICE\EventLog" if sid.endswith("1540778122") else r"NT SERVICE\ALL SERVICES", "service"
    collection = host.single("collection")
    if sid == collection["UserSid"]:
        return collection["UserName"], "user"
    known = {500: "rid-500", 501: "rid-501", 512: "domain admins", 513: "domain users", 519: "enterprise admins"}
    base, rid = sid.rsplit("-", 1)
    if base == DOMAIN_SID and host.domain and int(rid) in known:
        return f"{host.domain.split('.')[0].upper()}\\{host.say(known[int(rid)])}", "group" if int(
            rid
        ) > 501 else "user"
    if base == DOMAIN_SID and host.domain and rid == "2201":
        return f"{host.domain.split('.')[0].upper()}\\{host.name}$", "computer"
    local = [r for r in host.rows["local_users"] if r["Sid"] == sid]
    return (f"{host.name}\\{local[0]['Name']}", "user") if local else (None, None)
