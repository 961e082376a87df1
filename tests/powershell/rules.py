"""The tables of the static gate: what the text of collector.ps1 may call, and the exact places where it may write."""

from __future__ import annotations

import json
import re
from pathlib import Path

INVENTORY = Path(__file__).resolve().parent / "inventory"

TABLE_BEGIN, TABLE_END = "# BEGIN DATASET TABLE", "# END DATASET TABLE"
LAYER_BEGIN, LAYER_END = "# BEGIN OPERATING SYSTEM LAYER", "# END OPERATING SYSTEM LAYER"
LINES_WITHOUT_TABLE = 1600

#: Command to its parameters as PowerShell 2.0 has them; only commands that change nothing are in it.
COMMANDS: dict[str, list[str]] = json.loads((INVENTORY / "commands.json").read_text(encoding="ascii"))
#: Type to member to kinds: 'p' property or field, a number of arguments, '3+' open-ended, 's' before it for static.
MEMBERS: dict[str, dict[str, str]] = json.loads((INVENTORY / "members.json").read_text(encoding="ascii"))

#: Commands younger than PowerShell 2.0 that the format names as optional sources; all of them read.
OPTIONAL_COMMANDS = {"Get-SecureBootUEFI": ["Name", "ErrorAction"]}

#: Short names of types that PowerShell 2.0 knows. Other names are looked up as they are, then below System.
SHORT_TYPES = {
    "array": "System.Array",
    "bool": "System.Boolean",
    "float": "System.Single",
    "hashtable": "System.Collections.Hashtable",
    "int": "System.Int32",
    "long": "System.Int64",
    "regex": "System.Text.RegularExpressions.Regex",
    "xml": "System.Xml.XmlDocument",
    "adsi": "System.DirectoryServices.DirectoryEntry",
    "adsisearcher": "System.DirectoryServices.DirectorySearcher",
    "wmisearcher": "System.Management.ManagementObjectSearcher",
}
#: PowerShell's own types, there since 2.0, and their static members with argument counts.
POWERSHELL_TYPES: dict[str, dict[str, str]] = {
    "switch": {},
    "scriptblock": {},
    "psobject": {},
    "System.Management.Automation.PSObject": {},
    "System.Management.Automation.WildcardPattern": {"Escape": "s1"},
    "System.Management.Automation.PipelineStoppedException": {},
    "System.Management.Automation.PSReference": {},
    "System.Management.Automation.RuntimeException": {},
    "System.Management.Automation.SwitchParameter": {},
}
ATTRIBUTES = {"CmdletBinding", "Parameter", "Alias", "ValidateRange", "ValidateSet", "AllowNull", "AllowEmptyString"}

#: Members of PowerShell's own objects ($MyInvocation, $ExecutionContext, error records, signatures, matches).
POWERSHELL_PROPERTIES = {
    "Exception",
    "InvocationInfo",
    "CategoryInfo",
    "MyCommand",
    "ScriptBlock",
    "Definition",
    "BoundParameters",
    "InvocationName",
    "SessionState",
    "LanguageMode",
    "PSVersion",
    "PSEdition",
    "CLRVersion",
    "ScriptName",
    "PSObject",
    "psbase",
    "Signature",
    "SignerCertificate",
    "Status",
    "StatusMessage",
    "SignatureType",
    "IsOSBinary",
    "ScriptLineNumber",
    "PositionMessage",
    "PSComputerName",
}
#: Members of the COM objects and directory objects that the format lists (comObjects); all of them read.
COM_METHODS = {
    "Connect": "0",
    "GetFolder": "1",
    "GetFolders": "1",
    "GetTasks": "1",
    "GetSecurityDescriptor": "1",
    "GetNetworkConnections": "0",
    "GetAdapterId": "0",
    "GetNetwork": "0",
    "GetCategory": "0",
    "GetName": "0",
    "CreateUpdateSearcher": "0",
    "GetTotalHistoryCount": "0",
    "QueryHistory": "2",
    "FirewallEnabled": "1",
    "DefaultInboundAction": "1",
    "DefaultOutboundAction": "1",
    "BlockAllInboundTraffic": "1",
    "NotificationsDisabled": "1",
    "UnicastResponsesToMulticastBroadcastDisabled": "1",
    "ExcludedInterfaces": "1",
}
COM_PROPERTIES = {
    "CurrentProfileTypes",
    "Enabled",
    "State",
    "LastRunTime",
    "NextRunTime",
    "LastTaskResult",
    "RegistrationInfo",
    "Author",
    "Principal",
    "UserId",
    "GroupId",
    "LogonType",
    "RunLevel",
    "Actions",
    "Triggers",
    "Settings",
    "Hidden",
    "Type",
    "Arguments",
    "WorkingDirectory",
    "ClassId",
    "StartBoundary",
    "EndBoundary",
    "Repetition",
    "Interval",
    "Duration",
    "Xml",
    "Title",
    "Date",
    "ResultCode",
    "Operation",
    "Definition",
    "Path",
    "Name",
}
#: Methods of PowerShell's own objects.
POWERSHELL_METHODS = {"GetUnresolvedProviderPathFromPSPath": "1", "Item": "1"}
COM_OBJECTS = {"Schedule.Service", "HNetCfg.FwPolicy2", "Microsoft.Update.Session"}
COM_CLASS_IDS = {"DCB00C01-570F-4A9B-8D69-199FDBA5723B"}

#: Instance methods that read, compute, or fill memory of the script itself. What is in no list may not be called.
READING_METHODS = {
    "Add",
    "AddDays",
    "AddHours",
    "AddMilliseconds",
    "AddMinutes",
    "AddMonths",
    "AddSeconds",
    "AddTicks",
    "AddYears",
    "AddRange",
    "Append",
    "AppendFormat",
    "AppendLine",
    "BinarySearch",
    "Clear",
    "Clone",
    "Close",
    "CompareTo",
    "ComputeHash",
    "Contains",
    "ContainsKey",
    "ContainsValue",
    "CopyTo",
    "Dequeue",
    "Dispose",
    "EndsWith",
    "Enqueue",
    "Equals",
    "FindAll",
    "FindOne",
    "Format",
    "Get",
    "GetAccessControl",
    "GetAttribute",
    "GetBinaryForm",
    "GetBytes",
    "GetChars",
    "GetDirectories",
    "GetElementsByTagName",
    "GetEnumerator",
    "GetFiles",
    "GetFileSystemInfos",
    "GetInstances",
    "GetKeyAlgorithm",
    "GetLogInformation",
    "GetMethodParameters",
    "GetNameInfo",
    "GetPropertyValue",
    "GetSecurityDescriptorSddlForm",
    "GetSddlForm",
    "GetBuffer",
    "GetString",
    "GetSubKeyNames",
    "GetText",
    "GetType",
    "GetValue",
    "GetValueKind",
    "GetValueNames",
    "IndexOf",
    "IndexOfAny",
    "Insert",
    "Item",
    "IsInRole",
    "IsMatch",
    "IsWellKnown",
    "LastIndexOf",
    "Match",
    "Matches",
    "MoveNext",
    "NextResult",
    "OpenSubKey",
    "PadLeft",
    "PadRight",
    "Peek",
    "Pop",
    "Push",
    "Read",
    "ReadByte",
    "ReadBytes",
    "ReadEvent",
    "ReadInt32",
    "ReadLine",
    "ReadToEnd",
    "ReadUInt16",
    "ReadUInt32",
    "Remove",
    "RemoveAt",
    "RemoveRange",
    "Replace",
    "Reset",
    "Reverse",
    "Seek",
    "SelectNodes",
    "SelectSingleNode",
    "Sort",
    "Split",
    "StartsWith",
    "Subtract",
    "Substring",
    "ToArray",
    "ToCharArray",
    "ToInt32",
    "ToLocalTime",
    "ToLower",
    "ToLowerInvariant",
    "ToString",
    "ToUniversalTime",
    "ToUpper",
    "ToUpperInvariant",
    "TransformBlock",
    "TransformFinalBlock",
    "Translate",
    "Trim",
    "TrimEnd",
    "TrimStart",
    "ToXml",
}
#: Types all of whose static methods only compute.
PURE_TYPES = {
    "System.Array",
    "System.BitConverter",
    "System.Boolean",
    "System.Buffer",
    "System.Byte",
    "System.Char",
    "System.Convert",
    "System.DateTime",
    "System.Decimal",
    "System.Double",
    "System.Enum",
    "System.Guid",
    "System.Int16",
    "System.Int32",
    "System.Int64",
    "System.Math",
    "System.Object",
    "System.SByte",
    "System.Single",
    "System.String",
    "System.StringComparer",
    "System.TimeSpan",
    "System.UInt16",
    "System.UInt32",
    "System.UInt64",
    "System.Uri",
    "System.Version",
    "System.Collections.ArrayList",
    "System.Diagnostics.Stopwatch",
    "System.Globalization.CultureInfo",
    "System.IO.Path",
    "System.Net.IPAddress",
    "System.Text.Encoding",
    "System.Text.RegularExpressions.Regex",
    "System.Management.ManagementDateTimeConverter",
    "System.Management.Automation.WildcardPattern",
    "System.Security.AccessControl.RawSecurityDescriptor",
    "System.Security.Cryptography.SHA256",
}
#: Static methods of other types that read.
READING_STATIC = {
    "System.IO.File": {"Exists", "GetAttributes", "GetLastWriteTimeUtc", "GetCreationTimeUtc"},
    "System.IO.Directory": {"Exists", "GetFiles", "GetDirectories", "GetFileSystemEntries", "GetParent"},
    "System.IO.DriveInfo": {"GetDrives"},
    "System.Environment": {
        "ExpandEnvironmentVariables",
        "GetEnvironmentVariable",
        "GetEnvironmentVariables",
        "GetFolderPath",
    },
    "System.Diagnostics.FileVersionInfo": {"GetVersionInfo"},
    "System.Diagnostics.Process": {"GetCurrentProcess"},
    "System.Security.Principal.WindowsIdentity": {"GetCurrent"},
    "System.Net.Dns": {"GetHostName", "GetHostEntry"},
    "System.GC": {"Collect", "GetTotalMemory"},
    "System.Threading.Thread": {"Sleep"},
    "System.Runtime.InteropServices.Marshal": {"GetHRForException", "ReleaseComObject"},
}


def _only(*functions: str) -> frozenset[str]:
    return frozenset(f.lower() for f in functions)


#: The exact places where the script writes, starts or ends something, or reaches what only some values of an argument
#: make harmless: method, as Type::Method for static calls, to the functions that may call it. Nothing else may.
ALLOWANCES: dict[str, frozenset[str]] = {
    # The archive, its side file, the folder form: bytes of the script's own streams.
    "Write": _only(
        "Write-DataFile", "Add-SnapshotFile", "Add-ZipEntry", "Close-Snapshot", "Write-SideFile", "Invoke-SystemProgram"
    ),
    "System.IO.Directory::CreateDirectory": _only("Open-Snapshot", "Add-SnapshotFile", "Get-OutputFolder"),
    # Files that the script made itself: the probe of a folder, the two temporary files, an archive that cannot be finished.
    "System.IO.File::Delete": _only("Get-ProgramFile", "Get-OutputFolder", "Invoke-Run"),
    # A folder that this run made and could not finish.
    "System.IO.Directory::Delete": _only("Invoke-Run"),
    # The child processes of the format.
    "System.Diagnostics.Process::Start": _only("Invoke-SystemProgram"),
    "Kill": _only("Invoke-SystemProgram"),
    "WaitForExit": _only("Invoke-SystemProgram"),
    "WaitOne": _only("Invoke-SystemProgram"),
    "BeginRead": _only("Invoke-SystemProgram"),
    "EndRead": _only("Invoke-SystemProgram"),
    # WMI: the method is in the table, or stands in the call.
    "InvokeMethod": _only("Invoke-WmiReadMethod", "Get-WmiObjectSddl"),
    "SetPropertyValue": _only("Invoke-WmiReadMethod", "Get-WmiObjectSddl"),
    # The members of a local group, by name.
    "Invoke": _only("Get-AdsiGroupMembers"),
    # Certificate stores, read-only.
    "Open": _only("Get-StoreCertificates"),
    # System.Core holds the SHA-256 provider; the network list manager has no ProgID.
    "System.Reflection.Assembly::LoadWithPartialName": _only("Get-Sha256"),
    "System.Type::GetTypeFromCLSID": _only("Get-NetworkConnections"),
    "System.Activator::CreateInstance": _only("Get-NetworkConnections"),
    # XML that the script has read from the host; a rule of its own holds that no resolver is there.
    "LoadXml": _only("Get-EventFacts", "Read-PsEndpoints", "ConvertFrom-EmbeddedInstance"),
    # Turns the path that the user gave into a full one.
    "GetUnresolvedProviderPathFromPSPath": _only("Get-OutputFolder"),
}
#: Arguments that such a call must have: method to a pattern of the text of its arguments.
ARGUMENTS = {
    "Open": r"\[System\.Security\.Cryptography\.X509Certificates\.OpenFlags\]'ReadOnly, OpenExistingOnly'",
    "Invoke": r"'Members', \$null",
    "System.Reflection.Assembly::LoadWithPartialName": r"'System\.Core'",
    "System.Type::GetTypeFromCLSID": r"\[guid\]'DCB00C01-570F-4A9B-8D69-199FDBA5723B'",
    "InvokeMethod": r"(\$Method|'GetSecurityDescriptor'|'Win32SDToSDDL'), .*",
}
#: Constructors that can open something for writing, to the functions that may call them, and how they must be called.
WRITING_TYPES: dict[str, dict[str, str]] = {
    "System.IO.FileStream": {
        "read-filebytes": r"\$Path, \[System\.IO\.FileMode\]::Open, \[System\.IO\.FileAccess\]::Read, .*",
        "open-snapshot": r"\$Path, \[System\.IO\.FileMode\]::CreateNew, .*",
        "add-snapshotfile": r"\$path, \[System\.IO\.FileMode\]::CreateNew",
        "get-outputfolder": r"\$probe, \[System\.IO\.FileMode\]::CreateNew",
        "write-sidefile": r"\(?\$Path( \+ '\.sha256'\), \[System\.IO\.FileMode\]::Create|, \[System\.IO\.FileMode\]::Open, \[System\.IO\.FileAccess\]::Read)",
    },
    "System.IO.StreamWriter": {},
    "System.Diagnostics.Process": {},
}
#: Properties that may be set on objects other than hashtables of the script, to the functions that may do so.
SETTABLE: dict[str, frozenset[str]] = {
    **dict.fromkeys(("Timeout", "ReturnImmediately", "Rewindable"), _only("Invoke-WmiQuery")),
    **dict.fromkeys(
        ("FileName", "Arguments", "UseShellExecute", "CreateNoWindow", "RedirectStandardOutput"),
        _only("Invoke-SystemProgram"),
    ),
    **dict.fromkeys(
        ("Filter", "ClientTimeout", "ServerTimeLimit", "SizeLimit"),
        _only("Search-Directory"),
    ),
    "XmlResolver": _only("Get-EventFacts", "Read-PsEndpoints", "ConvertFrom-EmbeddedInstance"),
    "ReverseDirection": _only("Get-EventFacts"),
    "Length": _only("Write-DataFile"),
}
#: Variables that hold hashtables of the script: the state of a dataset, facts about the host, options. Their members are its own.
HASHTABLES = {"$d", "$facts", "$options", "$sum", "$group"}
#: `& $variable` runs what a variable names: only these functions may, with a block or name out of the script itself.
DISPATCHERS: dict[str, str] = {
    "invoke-source": "$Block",
    "read-rawfile": "$Block",
    "read-registrykey": "$Block",
    "invoke-dataset": "$collector",
    "invoke-selftest": "$script:SelfTests[$name]",
    "get-securebootnames": "$command",
}
#: Functions of the layer that call a WMI method: each call gives its name as text, or stands in a function that takes the
#: name from the table.
WMI_METHOD_FUNCTIONS: frozenset[str] = frozenset({"Invoke-WmiReadMethod"})
WMI_METHOD_FROM_TABLE: frozenset[str] = _only("Read-Objects", "Read-Bitlocker", "Read-Method")
#: What the layer must do first with the name of a method: refuse it unless the table holds it.
WMI_METHOD_GUARD = "if (-not $script:ReadMethods.ContainsKey($Method)) { throw"

#: Names of secrets (format chapter 7) that may not occur outside the table; the table itself is made from the definition.
FORBIDDEN_TEXT = re.compile(
    r"""(?ix)
    (?<!Get)KeyProtector\b(?!s|AdSid) | LastKnownGoodKeyProtector | GetKeyProtector\b | GetKeyProtectorNumericalPassword
    | GetKeyProtectorExternalKey | GetKeyProtectorCertificate | GetKeyPackage | RecoveryPassword | SaveExternalKey | BackupRecovery
    | \bGuestExchangeItems | HostExchangeItems | HostOnlyItems | BIOSGUID | BIOSSerialNumber | BaseBoardSerialNumber
    | ChassisSerialNumber | ChassisAssetTag | FirmwareFile\b | FirmwareParameters | OptionalData\b | ThumbnailImage | BiosLockString
    | AdditionalSettings | ProfileData\b | ChapSecret | ChapUser | CryptoCheckpoints | RegistryCheckpoints
    | (?<!\w)DefaultPassword | AltDefaultPassword | \bSHKey\b(?!\s+is\snever) | cpassword | ms-Mcs-AdmPwd | msLAPS | unicodePwd
    | \.PrivateKey\b | ExportCspBlob | \bConvertFrom-SecureString | \bGet-Credential | SELECT\s+\*
    | HKLM\\(SAM|SECURITY)\b | DllImport | FromBase64 | -EncodedCommand | Add-Type | Invoke-Expression | \biex\b
    | Win32_Product\b | Net\.WebClient | Invoke-WebRequest | Invoke-RestMethod | Start-Process | \bsc\.exe | \breg(\.exe)?\s+(add|save|export)
    """
)
#: A run of letters and digits as long as this could hide a payload.
ENCODED = re.compile(r"[A-Za-z0-9+/=]{80,}")
