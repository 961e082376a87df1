"""Writes commands.json and members.json from public inventories of PowerShell 2.0 and .NET 3.5: names and argument counts only.

    derive.py desktop-2.0-windows.json dotnet-3.5-members.json

The first is a host inventory as PSScriptAnalyzer carries it, the second {type: {base, members: {name: [signature]}}}.
Only what a script that reads may need is taken over: a command or type that is missing here is missing on purpose.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

#: Commands that change nothing and exist from PowerShell 2.0 to 7.
COMMANDS = [
    "Add-Member",
    "ForEach-Object",
    "Get-AuthenticodeSignature",
    "Get-ChildItem",
    "Get-Command",
    "Get-Date",
    "Get-Item",
    "Get-Member",
    "Get-Variable",
    "Join-Path",
    "Measure-Object",
    "New-Object",
    "Out-Null",
    "Out-String",
    "Select-Object",
    "Set-StrictMode",
    "Sort-Object",
    "Split-Path",
    "Test-Path",
    "Where-Object",
    "Write-Debug",
    "Write-Error",
    "Write-Host",
    "Write-Output",
    "Write-Progress",
    "Write-Verbose",
    "Write-Warning",
]

#: Public types of mscorlib, System, System.Core, System.Xml, System.Management, System.DirectoryServices and
#: System.ServiceProcess that a reader of an operating system may use.
TYPES = [
    "System.Array",
    "System.Attribute",
    "System.BitConverter",
    "System.Boolean",
    "System.Buffer",
    "System.Byte",
    "System.Char",
    "System.Console",
    "System.Convert",
    "System.DateTime",
    "System.DateTimeKind",
    "System.Decimal",
    "System.Double",
    "System.Enum",
    "System.Environment",
    "System.EnvironmentVariableTarget",
    "System.Exception",
    "System.GC",
    "System.Guid",
    "System.IComparable",
    "System.IConvertible",
    "System.IDisposable",
    "System.Int16",
    "System.Int32",
    "System.Int64",
    "System.IntPtr",
    "System.Math",
    "System.Object",
    "System.OperatingSystem",
    "System.PlatformID",
    "System.Random",
    "System.SByte",
    "System.Single",
    "System.String",
    "System.StringComparer",
    "System.StringComparison",
    "System.StringSplitOptions",
    "System.TimeSpan",
    "System.TimeZone",
    "System.Type",
    "System.UInt16",
    "System.UInt32",
    "System.UInt64",
    "System.UnauthorizedAccessException",
    "System.Uri",
    "System.ValueType",
    "System.Version",
    "System.Void",
    "System.Activator",
    "System.Runtime.InteropServices.SafeHandle",
    "System.IAsyncResult",
    "System.ArgumentException",
    "System.InvalidOperationException",
    "System.NotSupportedException",
    "System.NotImplementedException",
    "System.TimeoutException",
    "System.PlatformNotSupportedException",
    "System.FormatException",
    "System.OverflowException",
    "System.OutOfMemoryException",
    "System.InvalidCastException",
    "System.Collections.ArrayList",
    "System.Collections.BitArray",
    "System.Collections.DictionaryEntry",
    "System.Collections.Hashtable",
    "System.Collections.ICollection",
    "System.Collections.IComparer",
    "System.Collections.IDictionary",
    "System.Collections.IDictionaryEnumerator",
    "System.Collections.IEnumerable",
    "System.Collections.IEnumerator",
    "System.Collections.IList",
    "System.Collections.Queue",
    "System.Collections.SortedList",
    "System.Collections.Stack",
    "System.Collections.Specialized.OrderedDictionary",
    "System.Collections.Specialized.StringCollection",
    "System.ComponentModel.Win32Exception",
    "System.Diagnostics.FileVersionInfo",
    "System.Diagnostics.Process",
    "System.Diagnostics.ProcessModule",
    "System.Diagnostics.ProcessStartInfo",
    "System.Diagnostics.Stopwatch",
    "System.Diagnostics.Eventing.Reader.EventBookmark",
    "System.Diagnostics.Eventing.Reader.EventLogConfiguration",
    "System.Diagnostics.Eventing.Reader.EventLogException",
    "System.Diagnostics.Eventing.Reader.EventLogInformation",
    "System.Diagnostics.Eventing.Reader.EventLogNotFoundException",
    "System.Diagnostics.Eventing.Reader.EventLogPropertySelector",
    "System.Diagnostics.Eventing.Reader.EventLogQuery",
    "System.Diagnostics.Eventing.Reader.EventLogReader",
    "System.Diagnostics.Eventing.Reader.EventLogRecord",
    "System.Diagnostics.Eventing.Reader.EventLogSession",
    "System.Diagnostics.Eventing.Reader.EventProperty",
    "System.Diagnostics.Eventing.Reader.EventRecord",
    "System.Diagnostics.Eventing.Reader.PathType",
    "System.DirectoryServices.AuthenticationTypes",
    "System.DirectoryServices.DirectoryEntries",
    "System.DirectoryServices.DirectoryEntry",
    "System.DirectoryServices.DirectorySearcher",
    "System.DirectoryServices.PropertyCollection",
    "System.DirectoryServices.PropertyValueCollection",
    "System.DirectoryServices.ResultPropertyCollection",
    "System.DirectoryServices.ResultPropertyValueCollection",
    "System.DirectoryServices.SearchResult",
    "System.DirectoryServices.SearchResultCollection",
    "System.DirectoryServices.SearchScope",
    "System.Globalization.CalendarAlgorithmType",
    "System.Globalization.CultureInfo",
    "System.Globalization.DateTimeStyles",
    "System.Globalization.NumberStyles",
    "System.IO.BinaryReader",
    "System.IO.BinaryWriter",
    "System.IO.Directory",
    "System.IO.DirectoryInfo",
    "System.IO.DirectoryNotFoundException",
    "System.IO.DriveInfo",
    "System.IO.DriveNotFoundException",
    "System.IO.DriveType",
    "System.IO.EndOfStreamException",
    "System.IO.InvalidDataException",
    "System.IO.File",
    "System.IO.FileAccess",
    "System.IO.FileAttributes",
    "System.IO.FileInfo",
    "System.IO.FileMode",
    "System.IO.FileNotFoundException",
    "System.IO.FileShare",
    "System.IO.FileStream",
    "System.IO.FileSystemInfo",
    "System.IO.IOException",
    "System.IO.MemoryStream",
    "System.IO.Path",
    "System.IO.PathTooLongException",
    "System.IO.SearchOption",
    "System.IO.SeekOrigin",
    "System.IO.Stream",
    "System.IO.StreamReader",
    "System.IO.StreamWriter",
    "System.IO.StringReader",
    "System.IO.StringWriter",
    "System.IO.TextReader",
    "System.IO.TextWriter",
    "System.IO.Compression.CompressionMode",
    "System.IO.Compression.DeflateStream",
    "System.IO.Compression.GZipStream",
    "System.Management.AuthenticationLevel",
    "System.Management.CimType",
    "System.Management.ConnectionOptions",
    "System.Management.EnumerationOptions",
    "System.Management.ImpersonationLevel",
    "System.Management.InvokeMethodOptions",
    "System.Management.ManagementBaseObject",
    "System.Management.ManagementClass",
    "System.Management.ManagementException",
    "System.Management.ManagementObject",
    "System.Management.ManagementObjectCollection",
    "System.Management.ManagementObjectCollection+ManagementObjectEnumerator",
    "System.Management.ManagementObjectSearcher",
    "System.Management.ManagementPath",
    "System.Management.ManagementScope",
    "System.Management.ManagementStatus",
    "System.Management.MethodData",
    "System.Management.MethodDataCollection",
    "System.Management.ObjectGetOptions",
    "System.Management.ObjectQuery",
    "System.Management.PropertyData",
    "System.Management.PropertyDataCollection",
    "System.Management.QualifierDataCollection",
    "System.Management.SelectQuery",
    "System.Management.TextFormat",
    "System.Management.ManagementDateTimeConverter",
    "System.Management.ManagementOptions",
    "System.Net.Dns",
    "System.Net.IPAddress",
    "System.Net.IPEndPoint",
    "System.Net.IPHostEntry",
    "System.Net.NetworkInformation.IPGlobalProperties",
    "System.Net.Sockets.AddressFamily",
    "System.Reflection.Assembly",
    "System.Reflection.BindingFlags",
    "System.Reflection.MemberInfo",
    "System.Reflection.TargetInvocationException",
    "System.Runtime.InteropServices.COMException",
    "System.Runtime.InteropServices.ExternalException",
    "System.Runtime.InteropServices.Marshal",
    "System.Security.AccessControl.AccessControlSections",
    "System.Security.AccessControl.CommonSecurityDescriptor",
    "System.Security.AccessControl.DirectorySecurity",
    "System.Security.AccessControl.FileSecurity",
    "System.Security.AccessControl.FileSystemSecurity",
    "System.Security.AccessControl.GenericSecurityDescriptor",
    "System.Security.AccessControl.NativeObjectSecurity",
    "System.Security.AccessControl.ObjectSecurity",
    "System.Security.AccessControl.PrivilegeNotHeldException",
    "System.Security.AccessControl.RawSecurityDescriptor",
    "System.Security.AccessControl.RegistryRights",
    "System.Security.AccessControl.RegistrySecurity",
    "System.Security.Cryptography.AsymmetricAlgorithm",
    "System.Security.Cryptography.AsnEncodedData",
    "System.Security.Cryptography.CryptographicException",
    "System.Security.Cryptography.HashAlgorithm",
    "System.Security.Cryptography.Oid",
    "System.Security.Cryptography.OidCollection",
    "System.Security.Cryptography.SHA256",
    "System.Security.Cryptography.SHA256CryptoServiceProvider",
    "System.Security.Cryptography.SHA256Managed",
    "System.Security.Cryptography.SHA1CryptoServiceProvider",
    "System.Security.Cryptography.X509Certificates.OpenFlags",
    "System.Security.Cryptography.X509Certificates.PublicKey",
    "System.Security.Cryptography.X509Certificates.StoreLocation",
    "System.Security.Cryptography.X509Certificates.StoreName",
    "System.Security.Cryptography.X509Certificates.X500DistinguishedName",
    "System.Security.Cryptography.X509Certificates.X509Certificate",
    "System.Security.Cryptography.X509Certificates.X509Certificate2",
    "System.Security.Cryptography.X509Certificates.X509Certificate2Collection",
    "System.Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension",
    "System.Security.Cryptography.X509Certificates.X509Extension",
    "System.Security.Cryptography.X509Certificates.X509ExtensionCollection",
    "System.Security.Cryptography.X509Certificates.X509NameType",
    "System.Security.Cryptography.X509Certificates.X509Store",
    "System.Security.Cryptography.X509Certificates.X509FindType",
    "System.Security.Principal.IdentityNotMappedException",
    "System.Security.Principal.IdentityReference",
    "System.Security.Principal.NTAccount",
    "System.Security.Principal.SecurityIdentifier",
    "System.Security.Principal.WellKnownSidType",
    "System.Security.Principal.WindowsBuiltInRole",
    "System.Security.Principal.WindowsIdentity",
    "System.Security.Principal.WindowsPrincipal",
    "System.Security.SecurityException",
    "System.ServiceProcess.ServiceController",
    "System.Text.ASCIIEncoding",
    "System.Text.Decoder",
    "System.Text.DecoderFallback",
    "System.Text.Encoder",
    "System.Text.EncoderFallback",
    "System.Text.Encoding",
    "System.Text.StringBuilder",
    "System.Text.UTF8Encoding",
    "System.Text.UnicodeEncoding",
    "System.Text.RegularExpressions.Capture",
    "System.Text.RegularExpressions.Group",
    "System.Text.RegularExpressions.GroupCollection",
    "System.Text.RegularExpressions.Match",
    "System.Text.RegularExpressions.MatchCollection",
    "System.Text.RegularExpressions.MatchEvaluator",
    "System.Text.RegularExpressions.Regex",
    "System.Text.RegularExpressions.RegexOptions",
    "System.Threading.Thread",
    "System.Threading.ThreadState",
    "System.Threading.WaitHandle",
    "System.Threading.ManualResetEvent",
    "System.Xml.XmlAttribute",
    "System.Xml.XmlAttributeCollection",
    "System.Xml.XmlDocument",
    "System.Xml.XmlElement",
    "System.Xml.XmlException",
    "System.Xml.XmlNamespaceManager",
    "System.Xml.XmlNode",
    "System.Xml.XmlNodeList",
    "System.Xml.XmlReader",
    "System.Xml.XmlReaderSettings",
    "System.Xml.XmlTextReader",
    "System.Xml.ValidationType",
    "Microsoft.Win32.Registry",
    "Microsoft.Win32.RegistryHive",
    "Microsoft.Win32.RegistryKey",
    "Microsoft.Win32.RegistryKeyPermissionCheck",
    "Microsoft.Win32.RegistryValueKind",
    "Microsoft.Win32.RegistryValueOptions",
]

#: Methods whose last parameter is a C# params array, so that PowerShell takes any number there.
OPEN_ENDED = {"AppendFormat", "Concat", "Format", "Join", "Split", "Trim", "TrimEnd", "TrimStart", "Invoke"}

#: Members that a reader has no use for and that hide or run text.
LEFT_OUT = {"FromBase64String", "FromBase64CharArray", "ToBase64String", "ToBase64CharArray"}


def commands(inventory: dict) -> dict[str, list[str]]:
    """Command name to its parameters, common ones included."""
    found: dict[str, set[str]] = {}
    for module in inventory["Modules"]:
        for command in module["ExportedCommands"]:
            sets = str(command.get("ParameterSets") or "")
            found.setdefault(command["Name"], set()).update(re.findall(r"\[?-(\w+)\]?", sets))
    return {name: sorted(found[name]) for name in sorted(COMMANDS)}


def arity(signature: str, name: str) -> str:
    """'p' for a property or field, else the number of arguments, '3+' where the last one is open-ended."""
    inside = re.search(r"\((.*)\)$", signature)
    if not inside:
        return "p"
    depth, count, last = 0, bool(inside[1]), ""
    for char in inside[1]:
        depth += {"<": 1, "[": 1, ">": -1, "]": -1}.get(char, 0)
        if char == "," and depth == 0:
            count, last = count + 1, ""
        else:
            last += char
    return f"{count - 1}+" if name in OPEN_ENDED and last.endswith("[]") else str(int(count))


def members(types: dict) -> dict[str, dict[str, str]]:
    """Type to its members, inherited ones included: name to 'static 1 2' or '0 1' or 'p'."""
    out: dict[str, dict[str, str]] = {}
    for wanted in sorted(TYPES):
        merged: dict[str, set[str]] = {}
        at: str | None = wanted
        while at and at in types:
            for name, signatures in types[at]["members"].items():
                if name in LEFT_OUT or (name == ".ctor" and at != wanted):
                    continue
                for signature in signatures:
                    static = "s" if signature.startswith("static") else ""
                    merged.setdefault(name, set()).add(static + arity(signature, name))
            at = types[at].get("base")
        if wanted not in types:
            sys.stderr.write(f"not in the inventory: {wanted}\n")
            continue
        out[wanted] = {name: " ".join(sorted(kinds)) for name, kinds in sorted(merged.items())}
    return out


def main(arguments: list[str]) -> None:
    """Reads the two inventories and writes the two short lists beside this file."""
    first, second = (json.loads(Path(a).read_text(encoding="utf-8-sig")) for a in arguments)
    for name, table in (("commands.json", commands(first)), ("members.json", members(second))):
        text = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())
        (HERE / name).write_text("{\n" + text + "\n}\n", encoding="ascii", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
