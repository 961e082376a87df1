<#
.SYNOPSIS
Writes the configuration of a Hyper-V host into one zip file, for analysis on another machine.
.DESCRIPTION
Reads settings of the operating system, of Hyper-V and of its surroundings (services, firewall, accounts, shares, access rights, boot and
platform security, network, storage, event log settings) and writes them as plain JSON, together with byte copies of the local
security policy, the audit policy, the AzMan store and, up to Windows Server 2012 R2, the configuration files of the virtual machines.
It changes nothing on the host. It writes one zip (or folder) and its SHA-256, and two temporary files beside it that it deletes again.
It takes no secret: every WMI property, registry value and file is named in the table at the end of this script; nothing else is read.
It needs no module and no network, runs on Windows PowerShell 2.0 to 5.1 and PowerShell 7, on Windows Server 2008 R2 to 2025, Server Core too.
Run it elevated; without elevation it finishes, says what it could not read, and ends with exit code 3.
Order of this file: parameters, operating system layer, errors and values, JSON, output files, table, collecting functions by subject,
the run, the table itself.
.EXAMPLE
powershell -NoProfile -ExecutionPolicy Bypass -File collector.ps1 C:\Temp
.EXAMPLE
Invoke-Command -ComputerName HV01,HV02 -FilePath .\collector.ps1
.NOTES
Exit codes: 0 all read; 1 finished, something could not be read; 2 failed, nothing written; 3 finished without elevation; 4 cannot run here; 64 wrong parameters.
#>
param(
    <# Folder for the zip. Default: %windir%\Temp, where that is not writable %TEMP%. #> $OutputPath,
    <# Prints the datasets and ends; reads and writes nothing. #> [switch]$ListDatasets,
    <# With -ListDatasets: as JSON. #> [switch]$AsJson,
    <# Prints what would be read and written, and ends. #> [switch]$WhatIf,
    <# Makes every operating system call once, prints PASS or FAIL for each, writes no snapshot. #> [switch]$SelfTest,
    <# Writes a folder instead of a zip. #> [switch]$NoZip,
    <# Leaves out the access rights of files and folders. #> [switch]$NoAcl,
    <# Also lists shadow copy writers; this starts services. #> [switch]$IncludeVssWriters,
    <# Also copies task definitions (filtered). #> [switch]$IncludeTaskXml,
    <# Also copies .vmcx files (Windows Server 2016 and later; they may hold a wrapped key protector). #> [switch]$IncludeVmcx,
    <# Also takes the text of VM and switch notes. #> [switch]$IncludeNotes,
    <# Also takes the history of Windows Update. #> [switch]$IncludeUpdateHistory,
    <# Also lists members of domain groups that are members of local groups. #> [switch]$ExpandDomainGroups,
    <# Goes on where the host has no Hyper-V role. #> [switch]$Force,
    <# Prints nothing. #> [switch]$Quiet,
    <# Returns an object with Path, Sha256, Bytes and Status. #> [switch]$PassThru,
    <# Only these datasets (names, or the part before the slash, separated by commas). #> $Include,
    <# Not these datasets; wins over Include. #> $Exclude,
    <# Most files and folders whose access rights are read. #> $MaxAclFiles = 5000,
    <# Most seconds for reading virtual disk headers. #> $MaxVhdSeconds = 180,
    <# Most seconds for the whole run; what has not begun by then is left out and marked. #> $TimeBudgetSeconds = 900
)
$script:CollectorVersion = '1.0.0'; $script:SelfPath = $MyInvocation.MyCommand.Path; $script:Clock = $null; $script:Hasher = $null
$script:RegistryKinds = @{ 0 = 'REG_NONE'; 1 = 'REG_SZ'; 2 = 'REG_EXPAND_SZ'; 3 = 'REG_BINARY'; 4 = 'REG_DWORD'; 7 = 'REG_MULTI_SZ'; 11 = 'REG_QWORD' }

# BEGIN OPERATING SYSTEM LAYER
# Every call that leaves PowerShell for the operating system stands here, and only here; none writes to the host. Plain parameters go in, plain data come out (text,
# numbers, bytes, UTC dates, arrays and hashtables of them); a call that fails throws, and what is simply not there is $null where the function says so. Arrays may
# come back empty: callers wrap calls in @(...). Whoever defines functions of these names after this section runs the rest of the script on recorded answers.
# The time now, UTC.
function Get-UtcNow { return [datetime]::UtcNow }
# Milliseconds of a clock that only goes forward.
function Get-TickMs { return $script:Clock.ElapsedMilliseconds }
# A new identifier for this run, a lower-case GUID.
function New-RunId { return [guid]::NewGuid().ToString() }
# SHA-256 of the first Count bytes in lower-case hex, through the provider that also works under FIPS policy, else through the runtime's own.
function Get-Sha256($Bytes, $Count) {
    if (-not $script:Hasher) { [void][System.Reflection.Assembly]::LoadWithPartialName('System.Core') }
    if (-not $script:Hasher) { try { $script:Hasher = New-Object Security.Cryptography.SHA256CryptoServiceProvider } catch { $script:Hasher = [Security.Cryptography.SHA256]::Create() } }
    return [BitConverter]::ToString($script:Hasher.ComputeHash($Bytes, 0, $Count)).Replace('-', '').ToLowerInvariant()
}
# Language mode of this PowerShell; anything but FullLanguage cannot run the collector.
function Get-LanguageMode { return [string]$ExecutionContext.SessionState.LanguageMode }
# Names and folders of this machine and facts about this PowerShell.
function Get-HostEnvironment {
    $system = [Environment]::OSVersion; $edition = $(if ($PSVersionTable.ContainsKey('PSEdition')) { [string]$PSVersionTable['PSEdition'] } else { 'Desktop' })
    return @{
        IsWindows = ($system.Platform -eq [PlatformID]::Win32NT); OsVersion = $system.Version.ToString(3); MachineName = [Environment]::MachineName; Architecture = $env:PROCESSOR_ARCHITECTURE
        Is64BitProcess = ([IntPtr]::Size -eq 8); IsWow64 = ([IntPtr]::Size -eq 4 -and [bool]$env:PROCESSOR_ARCHITEW6432); SystemRoot = $env:SystemRoot; SystemDrive = $env:SystemDrive
        ProgramData = $env:ProgramData; ProgramFiles = $env:ProgramFiles; ProgramFilesX86 = [Environment]::GetEnvironmentVariable('ProgramFiles(x86)'); Public = $env:PUBLIC; Temp = $env:TEMP
        PsVersion = [string]$PSVersionTable['PSVersion']; PsEdition = $edition; Clr = [string][Environment]::Version; Remoting = [bool](Get-Variable -Name PSSenderInfo -ErrorAction SilentlyContinue)
        Culture = [Globalization.CultureInfo]::CurrentCulture.Name; UiCulture = [Globalization.CultureInfo]::CurrentUICulture.Name
    }
}
# Who runs this (Sid, Name), and whether the token holds the Administrators group enabled (Elevated).
function Get-ProcessIdentity {
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent(); $principal = New-Object Security.Principal.WindowsPrincipal($identity)
    return @{ Sid = $identity.User.Value; Name = $identity.Name; Elevated = $principal.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-544') }
}
# An exception that carries a value beside its message, in its Data.
function New-Failure($Exception, $Name, $Value) { $Exception.Data[$Name] = $Value; return $Exception }
# One WMI value as plain data: dates as UTC, intervals as seconds, embedded objects as hashtables of the named properties.
function ConvertFrom-WmiValue($Value, $Type, $Properties) {
    $embedded = [Management.ManagementBaseObject]
    if ($Value -is [array] -and ($Type -eq 'DateTime' -or $Value[0] -is $embedded)) { return , @($Value | ForEach-Object { ConvertFrom-WmiValue $_ $Type $Properties }) }
    if ($Value -is $embedded) { return ConvertFrom-WmiObject $Value $Properties }
    if ($Value -is [string] -and $Type -eq 'DateTime') { return ConvertFrom-DmtfText $Value }
    if ($Value -is [char]) { return [string]$Value } else { return , $Value }
}
# The named properties of one WMI object as a hashtable (without names: all); 'A.B' is member B of the embedded object A.
function ConvertFrom-WmiObject($Object, $Properties) {
    $row = @{}
    foreach ($property in $Object.psbase.Properties) {
        $name = $property.Name; $value = ConvertFrom-WmiValue $property.Value ([string]$property.Type) $null
        if ($null -eq $Properties -or $Properties -contains $name) { $row[$name] = $value }
        if ($value -is [hashtable]) { foreach ($inner in $value.Keys) { if ($Properties -contains ($name + '.' + $inner)) { $row[$name + '.' + $inner] = $value[$inner] } } }
    }
    return $row
}
# A connected scope of a local namespace.
function Get-WmiScope($Namespace) { $scope = New-Object Management.ManagementScope('\\.\' + $Namespace); $scope.Connect(); return $scope }
# A WMI object: Class for a class itself, Class.Key="value" for an instance, Class=* for the only instance of a class.
function Open-WmiObject($Namespace, $ObjectPath) {
    $scope = Get-WmiScope $Namespace; $name = $ObjectPath.Replace('=*', ''); $path = New-Object Management.ManagementPath($name)
    if (-not $ObjectPath.Contains('=')) { return (New-Object Management.ManagementClass($scope, $path, $null)) }
    if ($name -eq $ObjectPath) { return (New-Object Management.ManagementObject($scope, $path, $null)) }
    foreach ($object in (New-Object Management.ManagementObjectSearcher($scope, (New-Object Management.ObjectQuery('SELECT Name FROM ' + $name)))).Get()) { return $object }
    throw (New-Object IO.FileNotFoundException('no instance of ' + $name))
}
# Names of the properties that a class of this host has.
function Get-WmiClassPropertyNames($Namespace, $Class) { return @((Open-WmiObject $Namespace $Class).psbase.Properties | ForEach-Object { $_.Name }) }
# All instances of one class as hashtables of the listed properties, never more. Over the time: TimeoutException whose Data['Rows'] holds the rows read so far.
function Invoke-WmiQuery($Namespace, $Class, $Properties, $Where, $Seconds) {
    $text = 'SELECT ' + [string]::Join(',', [string[]]@($Properties | ForEach-Object { $_.Split('.')[0] } | Sort-Object -Unique)) + ' FROM ' + $Class + $(if ($Where) { ' WHERE ' + $Where })
    $rows = New-Object Collections.ArrayList; $end = (Get-TickMs) + 1000 * $Seconds; $options = New-Object Management.EnumerationOptions
    $options.Timeout = New-Object TimeSpan(0, 0, $Seconds); $options.ReturnImmediately = $true; $options.Rewindable = $false
    $searcher = New-Object Management.ManagementObjectSearcher((Get-WmiScope $Namespace), (New-Object Management.ObjectQuery($text)), $options)
    foreach ($object in $searcher.Get()) {
        [void]$rows.Add((ConvertFrom-WmiObject $object $Properties)); $object.psbase.Dispose()
        if ((Get-TickMs) -gt $end) { throw (New-Failure (New-Object TimeoutException('time limit after ' + $rows.Count + ' instances')) 'Rows' ($rows.ToArray())) }
    }
    return $rows.ToArray()
}
# One method call, only of methods in the dataset table, all of which read: ReturnValue and each of Outputs that exists, embedded objects as hashtables of Properties.
# ObjectPath as in Open-WmiObject; an argument 'text:PATH' passes the object at PATH as text.
function Invoke-WmiReadMethod($Namespace, $ObjectPath, $Method, $Arguments, $Outputs, $Properties) {
    if (-not $script:ReadMethods.ContainsKey($Method)) { throw (New-Object NotSupportedException('method is not in the table: ' + $Method)) }
    $object = Open-WmiObject $Namespace $ObjectPath; $in = $object.psbase.GetMethodParameters($Method); $result = @{ ReturnValue = $null }
    foreach ($name in $Arguments.Keys) {
        $value = $Arguments[$name]
        if ($value -is [string] -and $value.StartsWith('text:')) { $value = (Open-WmiObject $Namespace ($value.Substring(5))).psbase.GetText('CimDtd20') }
        $in.psbase.SetPropertyValue($name, $value)
    }
    $options = New-Object Management.InvokeMethodOptions($null, (New-Object TimeSpan(0, 0, 60)))
    foreach ($property in $object.psbase.InvokeMethod($Method, $in, $options).psbase.Properties) {
        if (@('ReturnValue') + $Outputs -contains $property.Name) { $result[$property.Name] = ConvertFrom-WmiValue $property.Value ([string]$property.Type) $Properties }
    }
    return $result
}
# Security descriptor of a service or share as SDDL, rendered by WMI itself.
function Get-WmiObjectSddl($Namespace, $ObjectPath) {
    $answer = (Open-WmiObject $Namespace $ObjectPath).psbase.InvokeMethod('GetSecurityDescriptor', $null, $null)
    if ($answer.psbase.Item('ReturnValue') -ne 0) { throw (New-Object ComponentModel.Win32Exception([int]$answer.psbase.Item('ReturnValue'))) }
    $helper = Open-WmiObject $Namespace 'Win32_SecurityDescriptorHelper'; $in = $helper.psbase.GetMethodParameters('Win32SDToSDDL')
    $in.psbase.SetPropertyValue('Descriptor', $answer.psbase.Item('Descriptor'))
    return [string]$helper.psbase.InvokeMethod('Win32SDToSDDL', $in, $null).psbase.Item('SDDL')
}
# Security descriptor of a WMI namespace as SDDL.
function Get-WmiNamespaceSddl($Namespace) { return ConvertTo-SddlText ((Invoke-WmiReadMethod $Namespace '__SystemSecurity=@' 'GetSD' @{} @('SD') $null)['SD']) }
# What a block reads from a registry key ($opened; HKLM\... or HKU\..., HKU alone for the loaded hives), $null when there is no such key.
function Read-RegistryKey($Key, $Block) {
    $root, $path = $Key.Split([char[]]'\', 2); $opened = [Microsoft.Win32.Registry]::LocalMachine
    if ($root -eq 'HKU') { $opened = [Microsoft.Win32.Registry]::Users }
    if ($path) { $opened = $opened.OpenSubKey($path, $false) }
    if ($null -ne $opened) { try { return , (& $Block) } finally { $opened.Close() } }
}
# Names of the direct sub-keys.
function Get-RegistrySubKeyNames($Key) { return Read-RegistryKey $Key { , $opened.GetSubKeyNames() } }
# Names of the values of a key.
function Get-RegistryValueNames($Key) { return Read-RegistryKey $Key { , $opened.GetValueNames() } }
# Owner, group and DACL of a registry key as SDDL.
function Get-RegistryKeySddl($Key) { return Read-RegistryKey $Key { $opened.GetAccessControl('Owner, Group, Access').GetSecurityDescriptorSddlForm('Owner, Group, Access') } }
# As Get-RegistryValues, without Value: the data are never read.
function Get-RegistryValueKinds($Key, $Names) { return Get-RegistryValues $Key $Names $true }
# Those of the named values that are there: name -> Name (as stored), Kind (REG_...), Value (variables unexpanded, numbers unsigned).
function Get-RegistryValues($Key, $Names, $WithoutData) {
    return Read-RegistryKey $Key {
        $wanted = @{}; $found = @{}
        foreach ($name in $Names) { $wanted[$name] = $name }
        foreach ($stored in $opened.GetValueNames()) {
            if (-not $wanted.ContainsKey($stored)) { continue }
            $kind = $script:RegistryKinds[[int]$opened.GetValueKind($stored)]; $data = $null
            if ($kind -and -not $WithoutData) { $data = $opened.GetValue($stored, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames) }
            if ($data -is [int]) { $data = [long]$data -band 4294967295 }
            if ($data -is [long] -and $data -lt 0) { $data = [BitConverter]::ToUInt64([BitConverter]::GetBytes($data), 0) }
            if (-not $kind) { $kind = 'REG_OTHER' }
            $found[$wanted[$stored]] = @{ Name = $stored; Kind = $kind; Value = $data }
        }
        $found
    }
}
# A self-relative security descriptor as SDDL.
function ConvertTo-SddlText($Bytes) {
    if ($Bytes.Length -lt 20 -or $Bytes[0] -ne 1 -or -not ($Bytes[3] -band 128)) { throw (New-Object FormatException('no security descriptor')) }
    return (New-Object Security.AccessControl.RawSecurityDescriptor([byte[]]$Bytes, 0)).GetSddlForm([Security.AccessControl.AccessControlSections]::All)
}
# A SID or an account as the other of the two; $null when there is no mapping.
function Convert-Identity($Identity, $Type) {
    try { return [string]$Identity.Translate($Type).Value } catch { if ((Get-InnerException $_.Exception) -isnot [Security.Principal.IdentityNotMappedException]) { throw } }
}
# DOMAIN\name of a SID, $null when there is no mapping.
function Resolve-SidName($Sid) {
    if ($Sid -match '^S-1-\d{1,14}(-\d{1,10}){1,15}$') { return Convert-Identity ([Security.Principal.SecurityIdentifier]$Sid) ([Security.Principal.NTAccount]) }
}
# SID of an account name, $null when there is no mapping.
function Resolve-NameSid($Name) { return Convert-Identity ([Security.Principal.NTAccount]$Name) ([Security.Principal.SecurityIdentifier]) }
# Facts about a file or folder, $null when it is not there: Path, Name, IsFolder, Length, CreationUtc, LastWriteUtc, Attributes (number).
function Get-FileFacts($Path) {
    try { $attributes = [IO.File]::GetAttributes($Path) } catch { if ((Get-FaultType $_) -eq 'notFound') { return $null } else { throw } }
    if ($attributes -band 16) { return ConvertFrom-FileSystemInfo ([IO.DirectoryInfo]$Path) } else { return ConvertFrom-FileSystemInfo ([IO.FileInfo]$Path) }
}
# Direct entries of a folder, as Get-FileFacts; throws when the folder is not there.
function Get-FolderEntries($Path) { return @(([IO.DirectoryInfo]$Path).GetFileSystemInfos() | ForEach-Object { ConvertFrom-FileSystemInfo $_ }) }
# The facts of one file system object as a hashtable.
function ConvertFrom-FileSystemInfo($Info) {
    $facts = @{ Path = $Info.FullName; Name = $Info.Name; IsFolder = ($Info -is [IO.DirectoryInfo]); Length = $null; Attributes = [int]$Info.Attributes }
    $facts.CreationUtc = $Info.CreationTimeUtc; $facts.LastWriteUtc = $Info.LastWriteTimeUtc
    if (-not $facts.IsFolder) { $facts.Length = $Info.Length }
    return $facts
}
# Roots of the fixed drives.
function Get-FixedDriveRoots { return @([IO.DriveInfo]::GetDrives() | Where-Object { $_.DriveType -eq [IO.DriveType]::Fixed } | ForEach-Object { $_.Name }) }
# Where a link points to, on PowerShell versions that tell, else $null.
function Get-LinkTarget($Path) { foreach ($target in @((Get-Item -LiteralPath $Path -Force).Target)) { if ($target) { return [string]$target } } }
# Versions of a version resource as a.b.c.d (FileVersion, ProductVersion), and two of its texts (CompanyName, OriginalFilename).
function Get-FileVersionFacts($Path) {
    $info = [Diagnostics.FileVersionInfo]::GetVersionInfo($Path); $file = $null; $product = $null
    if ($info.FileVersion) { $file = '{0}.{1}.{2}.{3}' -f $info.FileMajorPart, $info.FileMinorPart, $info.FileBuildPart, $info.FilePrivatePart }
    if ($info.ProductVersion) { $product = '{0}.{1}.{2}.{3}' -f $info.ProductMajorPart, $info.ProductMinorPart, $info.ProductBuildPart, $info.ProductPrivatePart }
    return @{ FileVersion = $file; ProductVersion = $product; CompanyName = $info.CompanyName; OriginalFilename = $info.OriginalFilename }
}
# Authenticode signature of a file: Status, Type, IsOSBinary, Subject, Issuer, Thumbprint; $null where the system does not say.
function Get-FileSignatureFacts($Path) {
    $signature = Get-AuthenticodeSignature -FilePath ($Path.Replace('`', '``').Replace('[', '`[').Replace(']', '`]')); $signer = $signature.SignerCertificate; $type = $null
    if ($null -ne $signature.SignatureType) { $type = [string]$signature.SignatureType }
    return @{ Status = [string]$signature.Status; Type = $type; IsOSBinary = $signature.IsOSBinary; Subject = $signer.Subject; Issuer = $signer.Issuer; Thumbprint = $signer.Thumbprint }
}
# Owner, group and DACL of a file or folder as SDDL; with Audit the SACL alone. A first SACL that is refused tells that the token lacks the right: no other is asked for.
function Get-FileSddl($Path, $IsFolder, $Audit) {
    $sections = [Security.AccessControl.AccessControlSections]'Owner, Group, Access'
    if ($Audit) { $sections = [Security.AccessControl.AccessControlSections]::Audit; if ($script:AuditRefusal) { throw $script:AuditRefusal } }
    try {
        if ($IsFolder) { $security = New-Object Security.AccessControl.DirectorySecurity($Path, $sections) } else { $security = New-Object Security.AccessControl.FileSecurity($Path, $sections) }
    }
    catch { if ($Audit -and -not $script:AuditRead -and (Get-FaultType $_) -eq 'accessDenied') { $script:AuditRefusal = Get-InnerException $_.Exception }; throw }
    if ($Audit) { $script:AuditRead = $true }
    return $security.GetSecurityDescriptorSddlForm($sections)
}
# Bytes of a file that others may hold open; InvalidDataException with Data['Length'] when it is larger than Limit.
function Read-FileBytes($Path, $Limit) {
    [void][IO.File]::GetAttributes($Path)
    $stream = New-Object IO.FileStream($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, ([IO.FileShare]'ReadWrite, Delete'))
    try {
        if ($stream.Length -le $Limit) { return , (New-Object IO.BinaryReader($stream)).ReadBytes([int]$stream.Length) }
        throw (New-Failure (New-Object IO.InvalidDataException('file has ' + $stream.Length + ' bytes, limit ' + $Limit)) 'Length' $stream.Length)
    }
    finally { $stream.Close() }
}
# Runs one program of System32 without a window and returns ExitCode and Output.
function Invoke-SystemProgram($Name, $Arguments, $Seconds) {
    $start = New-Object Diagnostics.ProcessStartInfo([IO.Path]::Combine([Environment]::SystemDirectory, $Name), $Arguments)
    $start.UseShellExecute = $false; $start.CreateNoWindow = $true; $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start); $end = (Get-TickMs) + 1000 * $Seconds
    try {
        $stream = $process.StandardOutput.BaseStream; $output = New-Object IO.MemoryStream; $buffer = New-Object byte[] 16384
        do {
            $pending = $stream.BeginRead($buffer, 0, $buffer.Length, $null, $null); $left = [int][Math]::Max(0, $end - (Get-TickMs))
            if (-not $pending.AsyncWaitHandle.WaitOne($left, $false)) { throw (New-Object TimeoutException($Name + ' did not end within ' + $Seconds + ' s')) }
            $got = $stream.EndRead($pending); $output.Write($buffer, 0, $got)
        } while ($got -gt 0)
        if (-not $process.WaitForExit(5000)) { throw (New-Object TimeoutException($Name + ' closed its output and did not end')) }
        return @{ ExitCode = $process.ExitCode; Output = $process.StandardOutput.CurrentEncoding.GetString($output.ToArray()) }
    }
    finally { if (-not $process.HasExited) { $process.Kill() }; $process.Close() }
}
# Lets a program write one new file, reads it (Bytes, MtimeUtc) and deletes it again.
function Get-ProgramFile($Folder, $Program, $Before, $After, $Extension) {
    $path = [IO.Path]::Combine($Folder, 'hvsnap-' + [guid]::NewGuid().ToString('N') + $Extension)
    try {
        $run = Invoke-SystemProgram $Program ($Before + '"' + $path + '"' + $After) 60; $facts = Get-FileFacts $path
        if ($null -eq $facts) { throw (New-Object InvalidOperationException($Program + ' ended with code ' + $run.ExitCode + ' and wrote no file')) }
        return @{ Bytes = (Read-FileBytes $path 4194304); MtimeUtc = $facts.LastWriteUtc }
    }
    finally { [IO.File]::Delete($path) }
}
# Local security policy and user rights as secedit exports them.
function Get-SecurityPolicyFile($Folder) { return Get-ProgramFile $Folder 'secedit.exe' '/export /cfg ' ' /areas SECURITYPOLICY USER_RIGHTS /quiet' '.inf' }
# Audit policy as auditpol backs it up.
function Get-AuditPolicyFile($Folder) { return Get-ProgramFile $Folder 'auditpol.exe' '/backup /file:' '' '.csv' }
# Sockets and their owners before Windows Server 2012.
function Get-NetstatText { return (Invoke-SystemProgram 'netstat.exe' '-ano' 60).Output }
# Shadow copy writers; starts services, therefore only on demand.
function Get-VssWriterText { return (Invoke-SystemProgram 'vssadmin.exe' 'list writers' 120).Output }
# The connected task scheduler.
function Open-TaskService { $service = New-Object -ComObject 'Schedule.Service'; $service.Connect(); return $service }
# All registered tasks (Tasks), what could not be read (Errors: Where, Exception), and whether the time sufficed (Complete).
function Get-TaskList($Seconds) {
    $end = (Get-TickMs) + 1000 * $Seconds; $tasks = New-Object Collections.ArrayList; $errors = New-Object Collections.ArrayList; $folders = New-Object Collections.ArrayList
    [void]$folders.Add((Open-TaskService).GetFolder('\'))
    for ($i = 0; $i -lt $folders.Count; $i++) {
        $listed = @(); $folder = $folders[$i]
        try { foreach ($inner in $folder.GetFolders(0)) { [void]$folders.Add($inner) }; $listed = @($folder.GetTasks(1)) } catch { [void]$errors.Add(@{ Where = [string]$folder.Path; Exception = $_.Exception }) }
        foreach ($task in $listed) {
            if ((Get-TickMs) -gt $end) { return @{ Tasks = $tasks.ToArray(); Errors = $errors.ToArray(); Complete = $false } }
            try { [void]$tasks.Add((ConvertFrom-TaskObject $task)) } catch { [void]$errors.Add(@{ Where = [string]$task.Path; Exception = $_.Exception }) }
        }
    }
    return @{ Tasks = $tasks.ToArray(); Errors = $errors.ToArray(); Complete = $true }
}
# One task as a hashtable, with its Actions and Triggers as hashtables; SddlError (an exception) in place of a descriptor that cannot be read.
function ConvertFrom-TaskObject($Task) {
    $definition = $Task.Definition; $user = $definition.Principal
    $row = @{
        Path = [string]$Task.Path; Name = [string]$Task.Name; Enabled = [bool]$Task.Enabled; State = [int]$Task.State; LastRun = $Task.LastRunTime; NextRun = $Task.NextRunTime
        LastResult = ([long]$Task.LastTaskResult -band 4294967295); Author = $definition.RegistrationInfo.Author; Hidden = [bool]$definition.Settings.Hidden; Sddl = $null
        UserId = $user.UserId; GroupId = $user.GroupId; LogonType = [int]$user.LogonType; RunLevel = [int]$user.RunLevel; Actions = @(); Triggers = @()
    }
    foreach ($one in $definition.Actions) { $row.Actions += @{ Type = [int]$one.Type; Path = $one.Path; Arguments = $one.Arguments; WorkingDir = $one.WorkingDirectory; ClassId = $one.ClassId } }
    foreach ($one in $definition.Triggers) { $row.Triggers += @{ Type = [int]$one.Type; Enabled = [bool]$one.Enabled; StartBoundary = $one.StartBoundary; RepetitionInterval = $one.Repetition.Interval } }
    try { $row['Sddl'] = [string]$Task.GetSecurityDescriptor(7) } catch { $row['SddlError'] = $_.Exception }
    return $row
}
# Definition of one task as XML.
function Get-TaskXml($Path) {
    $folder = $Path.Substring(0, [Math]::Max(1, $Path.LastIndexOf('\')))
    foreach ($task in (Open-TaskService).GetFolder($folder).GetTasks(1)) { if ($task.Path -eq $Path) { return [string]$task.Xml } }
    throw (New-Object IO.FileNotFoundException('no such task: ' + $Path))
}
# What the Windows Firewall says about its three profiles (Profile 1, 2, 4).
function Get-ActiveFirewallProfiles {
    $policy = New-Object -ComObject 'HNetCfg.FwPolicy2'; $current = [int]$policy.CurrentProfileTypes
    foreach ($code in 1, 2, 4) {
        @{
            Profile = $code; IsCurrent = (($current -band $code) -ne 0); Enabled = [bool]$policy.FirewallEnabled($code); DefaultInbound = [int]$policy.DefaultInboundAction($code)
            DefaultOutbound = [int]$policy.DefaultOutboundAction($code); BlockAllInbound = [bool]$policy.BlockAllInboundTraffic($code)
            NotificationsDisabled = [bool]$policy.NotificationsDisabled($code); UnicastDisabled = [bool]$policy.UnicastResponsesToMulticastBroadcastDisabled($code)
            Interfaces = @($policy.ExcludedInterfaces($code) | Where-Object { $_ } | ForEach-Object { [string]$_ })
        }
    }
}
# Networks that the network list manager knows (before Windows Server 2012): AdapterId, Name, Category.
function Get-NetworkConnections {
    foreach ($connection in [Activator]::CreateInstance([Type]::GetTypeFromCLSID([guid]'DCB00C01-570F-4A9B-8D69-199FDBA5723B')).GetNetworkConnections()) {
        $network = $connection.GetNetwork()
        @{ AdapterId = [string]$connection.GetAdapterId(); Name = [string]$network.GetName(); Category = [int]$network.GetCategory() }
    }
}
# History of Windows Update (Title, DateUtc, ResultCode, Operation); only on demand.
function Get-UpdateHistory {
    $searcher = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher(); $count = [Math]::Min([int]$searcher.GetTotalHistoryCount(), 2000)
    if ($count) { $searcher.QueryHistory(0, $count) | ForEach-Object { @{ Title = [string]$_.Title; DateUtc = $_.Date; ResultCode = [int]$_.ResultCode; Operation = [int]$_.Operation } } }
}
# The account database of this computer (tail ',computer') or something in it, such as '/NAME,group'.
function Open-LocalEntry($Tail) { return (New-Object DirectoryServices.DirectoryEntry('WinNT://' + [Environment]::MachineName + $Tail)) }
# A directory entry as a hashtable: Sid (or $null), Name, Path, Class and the named properties ($null where there is none).
function ConvertFrom-Entry($Entry, $Names) {
    $row = @{ Sid = $Entry.psbase.Properties['objectSid'].Value; Name = [string]$Entry.psbase.Name; Path = [string]$Entry.psbase.Path; Class = [string]$Entry.psbase.SchemaClassName }
    if ($null -ne $row.Sid) { $row.Sid = (New-Object Security.Principal.SecurityIdentifier([byte[]]$row.Sid, 0)).Value }
    foreach ($name in @($Names | Where-Object { $_ })) { $row[$name] = $Entry.psbase.Properties[$name].Value }
    return $row
}
# Local groups of this computer, with Description.
function Get-AdsiGroups {
    $children = (Open-LocalEntry ',computer').psbase.Children; [void]$children.SchemaFilter.Add('group')
    foreach ($group in $children) { ConvertFrom-Entry $group @('Description') }
}
# Direct members of one local group.
function Get-AdsiGroupMembers($Group) {
    foreach ($member in (Open-LocalEntry ('/' + $Group + ',group')).psbase.Invoke('Members', $null)) { ConvertFrom-Entry (New-Object DirectoryServices.DirectoryEntry($member)) }
}
# Flags and ages (seconds) of one local account.
function Get-AdsiUserFacts($Name) { return ConvertFrom-Entry (Open-LocalEntry ('/' + $Name + ',user')) @('UserFlags', 'PasswordAge', 'LastLogin') }
# Password and lockout policy of the local account database.
function Get-AdsiAccountPolicy {
    $names = 'MinPasswordLength', 'PasswordHistoryLength', 'MaxPasswordAge', 'MinPasswordAge', 'MaxBadPasswordsAllowed', 'AutoUnlockInterval', 'LockoutObservationInterval'
    return ConvertFrom-Entry (Open-LocalEntry ',computer') $names
}
# What the directory finds for a filter: the listed attributes, each an array. A domain controller must answer within ten seconds.
function Search-Directory($Filter, $Attributes, $Limit) {
    $searcher = New-Object DirectoryServices.DirectorySearcher; $seconds = New-Object TimeSpan(0, 0, 10)
    $searcher.Filter = $Filter; $searcher.SizeLimit = $Limit; $searcher.ClientTimeout = $seconds; $searcher.ServerTimeLimit = $seconds
    foreach ($name in $Attributes) { [void]$searcher.PropertiesToLoad.Add($name) }
    foreach ($found in $searcher.FindAll()) {
        $row = @{}; foreach ($name in $Attributes) { if ($found.Properties[$name].Count -gt 0) { $row[$name] = @($found.Properties[$name] | ForEach-Object { , $_ }) } }; $row
    }
}
# The directory object with a SID, $null when there is none.
function Get-DirectoryObject($Sid, $Attributes) { foreach ($row in (Search-Directory ('(objectSid=' + $Sid + ')') $Attributes 1)) { return $row } }
# Direct members of a domain group (Sid, Name, Class), at most Limit; only on demand.
function Get-DirectoryGroupMembers($Sid, $Limit) {
    $group = Get-DirectoryObject $Sid @('distinguishedName')
    if ($null -eq $group) { return }
    $escaped = $group['distinguishedName'][0].Replace('\', '\5c').Replace('*', '\2a').Replace('(', '\28').Replace(')', '\29')
    foreach ($row in (Search-Directory ('(memberOf=' + $escaped + ')') @('objectSid', 'sAMAccountName', 'objectClass') $Limit)) {
        @{ Sid = (New-Object Security.Principal.SecurityIdentifier([byte[]]$row['objectSid'][0], 0)).Value; Name = [string]$row['sAMAccountName'][0]; Class = [string]$row['objectClass'][-1] }
    }
}
# Certificates of one store of the computer (Eku string[] or $null, SanRaw byte[] or $null), $null when there is no such store; private keys are never touched.
function Get-StoreCertificates($Store) {
    $opened = New-Object Security.Cryptography.X509Certificates.X509Store($Store, [Security.Cryptography.X509Certificates.StoreLocation]::LocalMachine)
    try { $opened.Open([System.Security.Cryptography.X509Certificates.OpenFlags]'ReadOnly, OpenExistingOnly') } catch { if ((Get-FaultType $_) -eq 'notFound') { return $null } else { throw } }
    $rows = @(foreach ($certificate in $opened.Certificates) {
            $row = @{
                Thumbprint = $certificate.Thumbprint; Subject = $certificate.Subject; Issuer = $certificate.Issuer; NotBefore = $certificate.NotBefore; NotAfter = $certificate.NotAfter
                KeyBits = $null; SigAlg = $certificate.SignatureAlgorithm.Value; KeyAlg = $certificate.PublicKey.Oid.Value; HasPrivateKey = $certificate.HasPrivateKey; Eku = $null; SanRaw = $null
            }
            try { $row['KeyBits'] = $certificate.PublicKey.Key.KeySize } catch { $row['KeyBits'] = $null }
            foreach ($extension in $certificate.Extensions) {
                if ($extension.Oid.Value -eq '2.5.29.37') { $row['Eku'] = @($extension.EnhancedKeyUsages | ForEach-Object { $_.Value }) }
                if ($extension.Oid.Value -eq '2.5.29.17') { $row['SanRaw'] = $extension.RawData }
            }
            $row
        })
    $opened.Close()
    return , $rows
}
# State of an event log; throws when there is none. Asked first: a reader that cannot be made may never end.
function Get-LogState($Channel) { return [Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession.GetLogInformation($Channel, 'LogName') }
# FileSize and RecordCount of one event log, OldestUtc and NewestUtc of its records.
function Get-EventLogFacts($Channel) {
    $log = Get-LogState $Channel; $oldest = $null; $newest = $null
    if ($log.RecordCount) { $oldest = @(Get-EventFacts $Channel '*' @() 1 5 $true)[0]; $newest = @(Get-EventFacts $Channel '*' @() 1 5)[0] }
    return @{ FileSize = $log.FileSize; RecordCount = $log.RecordCount; OldestUtc = $oldest.TimeUtc; NewestUtc = $newest.TimeUtc }
}
# Events that a query selects, newest first: Provider, Id, Level, TimeUtc and the listed data fields (Data), never a message text.
function Get-EventFacts($Channel, $Query, $DataFields, $Limit, $Seconds, $OldestFirst) {
    [void](Get-LogState $Channel)
    $selection = New-Object Diagnostics.Eventing.Reader.EventLogQuery($Channel, 'LogName', $Query); $selection.ReverseDirection = (-not $OldestFirst)
    $end = (Get-TickMs) + 1000 * $Seconds; $rows = New-Object Collections.ArrayList; $reader = New-Object Diagnostics.Eventing.Reader.EventLogReader($selection)
    try {
        while ($rows.Count -lt $Limit -and (Get-TickMs) -lt $end) {
            $record = $reader.ReadEvent()
            if ($null -eq $record) { break }
            $row = @{ Provider = [string]$record.ProviderName; Id = [int]$record.Id; Level = [int]$record.Level; TimeUtc = $null; Data = @{} }
            if ($null -ne $record.TimeCreated) { $row.TimeUtc = ([datetime]$record.TimeCreated).ToUniversalTime() }
            $document = New-Object Xml.XmlDocument; $document.XmlResolver = $null
            if (@($DataFields).Length -gt 0) { $document.LoadXml($record.ToXml()) }
            foreach ($node in $document.GetElementsByTagName('*')) {
                foreach ($name in $node.LocalName, $node.GetAttribute('Name')) { if ($name -and $DataFields -contains $name) { $row.Data[$name] = $node.InnerText } }
            }
            [void]$rows.Add($row); $record.Dispose()
        }
        return $rows.ToArray()
    }
    finally { $reader.Dispose() }
}
# Which of some certificate names stand in a Secure Boot variable (needs the SecureBoot module and a UEFI machine).
function Get-SecureBootNames($Variable, $Names) {
    $command = Get-Command -Name 'Get-SecureBootUEFI' -ErrorAction SilentlyContinue
    if ($null -eq $command) { throw (New-Object NotSupportedException('Get-SecureBootUEFI is not there')) }
    $text = [Text.Encoding]::GetEncoding('iso-8859-1').GetString((& $command -Name $Variable -ErrorAction Stop).Bytes)
    return @($Names | Where-Object { $text.Contains($_) })
}
# END OPERATING SYSTEM LAYER

# ---- Errors and values ----

# The exception that matters: PowerShell wraps what .NET methods throw.
function Get-InnerException($Exception) {
    while ($null -ne $Exception.InnerException -and $Exception -is [System.Management.Automation.RuntimeException]) { $Exception = $Exception.InnerException }
    return $Exception
}
# The Windows error number of an exception. HResult is public from .NET 4.5 on; the older way to it ends PowerShell 7 with an assertion on some systems.
function Get-ExceptionCode($Exception) {
    foreach ($name in 'ErrorCode', 'HResult') { $code = $Exception.psobject.Properties[$name].Value -as [int]; if ($code) { return ([long]$code -band 4294967295) } }
    return ([long][System.Runtime.InteropServices.Marshal]::GetHRForException($Exception) -band 4294967295)
}
# One of the format's error types for an exception.
function Get-ErrorType($Exception) {
    $code = Get-ExceptionCode $Exception; $native = $Exception.psobject.Properties['NativeErrorCode']
    if ($null -ne $native -and -not $script:ErrorCodes.ContainsKey($code)) { $code = [long]2147942400 + $native.Value }
    if ($script:ErrorCodes.ContainsKey($code)) { return $script:ErrorCodes[$code] }
    for ($i = 0; $i -lt $script:ExceptionTypes.Length; $i += 2) { if ($Exception -is $script:ExceptionTypes[$i]) { return $script:ExceptionTypes[$i + 1] } }
    if ($Exception.GetType().Name -eq 'ManagementException') { return 'comError' } else { return 'other' }
}
# Error type of a caught error record.
function Get-FaultType($Record) { return Get-ErrorType (Get-InnerException $Record.Exception) }
# Adds one entry to the error list of a dataset or of the run; at most 50 are listed.
function Add-ErrorEntry($d, $Where, $Type, $Code, $Message) {
    Write-Log ($d.Name + ': ' + $Type + ' at ' + $Where + ': ' + $Message)
    if ($d.Errors.Count -eq 50) { $Where = 'errors'; $Type = 'truncated'; $Code = $null; $Message = 'further errors are not listed' } elseif ($d.Errors.Count -gt 50) { return }
    $text = [string]$Message; $number = $null
    if ($text.Length -gt 500) { $text = $text.Substring(0, 500) }
    if ($null -ne $Code -and $Code -ge 2147483648) { $number = '0x{0:x8}' -f $Code }
    [void]$d.Errors.Add((New-Ordered @('where', $Where, 'type', $Type, 'hresult', $number, 'message', $text)))
}
# Notes an exception in the error list of a dataset or of the run ($script:Run) and returns its type.
function Add-DatasetError($d, $Where, $Exception) {
    $inner = Get-InnerException $Exception; $type = Get-ErrorType $inner
    Add-ErrorEntry $d $Where $type (Get-ExceptionCode $inner) $inner.Message
    return $type
}
# Notes that a limit (rows, seconds or bytes) cut a dataset.
function Set-Truncated($d, $Limit, $Message) {
    $d.Truncated = $true; $d.TruncatedBy = $Limit
    Add-ErrorEntry $d ('limit:' + $Limit) 'truncated' $null $Message
}
# Whether the dataset used up its time; notes the limit once.
function Test-Late($d) {
    $late = ((Get-TickMs) -gt $d.End)
    if ($late -and -not $d.Truncated) { Set-Truncated $d 'seconds' ('stopped after ' + $d.Seconds + ' s with ' + $d.Rows.Count + ' rows') }
    return $late
}
# Runs one reading step of a dataset. When it fails: with a row, its named cells say why; else the error is noted, and the named columns count as unread or,
# without names, rows may be missing. With a row the value goes into the (one) named cell. Blocks see the variables of their caller. Nothing is read over time.
function Invoke-Source($d, $SourceName, $SourceColumns, $Block, $TargetRow) {
    $sourceFault = 'timeout'
    try {
        if ((Get-TickMs) -le $d.End -or -not (Test-Late $d)) {
            $sourceValue = & $Block
            $d.Answered++
            if ($TargetRow -and -not $SourceColumns.Contains(',')) { Set-Cell $d $TargetRow $SourceColumns $sourceValue }
            return @{ Ok = $true; Value = $sourceValue; Type = $null }
        }
        if ($TargetRow) { Set-CellFault $d $TargetRow $SourceColumns 'budget' }
    }
    catch { if ($TargetRow) { $sourceFault = Get-FaultType $_; Set-CellFault $d $TargetRow $SourceColumns $sourceFault } else { $sourceFault = Add-DatasetError $d $SourceName $_.Exception } }
    if (-not $TargetRow) { if ($SourceColumns) { Set-Unread $d $SourceColumns $sourceFault } else { $d.Lost = $true } }
    return @{ Ok = $false; Value = $null; Type = $sourceFault }
}
# Reads one cell of a row; a failure is noted in the cell.
function Read-Cell($d, $TargetRow, $SourceColumns, $Block) { [void](Invoke-Source $d '' $SourceColumns $Block $TargetRow) }
# Marks cells (columns separated by commas) as not readable: for the cause of a caught error record, or for an error type.
function Set-CellFault($d, $Row, $Columns, $Cause) {
    foreach ($column in $Columns.Split(',')) { if (-not $d.Missing.ContainsKey($column)) { Set-CellError $Row $column $(if ($Cause -is [string]) { $Cause } else { Get-FaultType $Cause }) } }
}
# Marks one cell of a row as not readable.
function Set-CellError($Row, $Column, $Type) {
    if ($null -eq $Row['_err']) { $Row['_err'] = @{} }
    $Row['_err'][$Column] = $(if ($script:CellErrorCodes -contains $Type) { $Type } else { 'other: ' + $Type })
    $Row[$Column] = $null
}
# Marks columns (separated by commas) as offered by the system but not readable.
function Set-Unread($d, $Columns, $Type) { foreach ($name in $Columns.Split(',')) { if (-not $d.Missing.ContainsKey($name) -and -not $d.Unread.ContainsKey($name)) { $d.Unread[$name] = $Type } } }
# An ordered map from a flat list of names and values.
function New-Ordered($Pairs) {
    $map = New-Object System.Collections.Specialized.OrderedDictionary
    for ($i = 0; $i -lt $Pairs.Length; $i += 2) { $map.Add($Pairs[$i], $Pairs[$i + 1]) }
    return $map
}
# WMI date text (yyyymmddHHMMSS.ffffff+uuu, or an interval with :000) as UTC date or seconds; $null when it is none.
function ConvertFrom-DmtfText($Text) {
    if ([string]$Text -notmatch '^(\d{4})(\d\d)(\d\d)(..)(..)(..)\.(.{6})([:+-])(...)') { return $null }
    $year, $month, $day, $hour, $minute, $second, $fraction = @($matches[1..7] | ForEach-Object { $_.Replace('*', '0') })
    if ($matches[8] -eq ':') { return [double]([long]($year + $month + $day) * 86400 + [int]$hour * 3600 + [int]$minute * 60 + [int]$second) + [double]('0.' + $fraction) }
    if ([int]$year -lt 1602) { return $null }
    $date = New-Object System.DateTime([int]$year, [int]$month, [int]$day, [int]$hour, [int]$minute, [int]$second, [int]$fraction.Substring(0, 3), [System.DateTimeKind]::Utc)
    if ($matches[9] -match '^\d+$') { return $date.AddMinutes( - [int]($matches[8] + $matches[9])) }
    return $date
}
# GUID text in the format's form, or $null when it is none.
function ConvertTo-GuidText($Text) { if ([string]$Text -match '^\s*\{?([0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12})\}?\s*$') { $matches[1].ToLowerInvariant() } }
# A FILETIME number as UTC date, or $null for none.
function ConvertFrom-FileTime($Number) { if ($null -ne $Number -and [decimal]$Number -gt 0 -and [decimal]$Number -le 2650467743990000000) { [datetime]::FromFileTimeUtc([long]$Number) } }
# A value in the form that the type of its column asks for; a null stays null. What does not fit the type throws.
function ConvertTo-Cell($Value, $Type) {
    if ($null -eq $Value) { return $null }
    if ($Type.StartsWith('list<')) {
        $inner = $Type.Substring(5, $Type.Length - 6)
        return , @(foreach ($one in @($Value)) { $cell = $one; if ($inner -ne '' -or $one -isnot [string]) { $cell = ConvertTo-Cell $one $inner }; if ($null -ne $cell) { , $cell } })
    }
    if ($Type -eq 'hex') { return , [byte[]]$Value }
    if ($Value -is [array]) { throw (New-Object System.FormatException('a list where one value belongs')) }
    if ($Type -eq 'object' -or ($Type -eq 'datetime' -and $Value -is [datetime])) { return $Value }
    $text = ([string]$Value).Trim()
    if ($Type -eq 'bool') { return ('true', '1' -contains $text -or ($Value -isnot [string] -and $Value -ne 0)) }
    if ($Type -eq 'int') {
        if ($Value -is [double] -or $Value -is [bool] -or $text -match '^-?\d{1,18}$') { return [long]$Value }
        if ($Value -is [string]) { return [System.UInt64]::Parse($text) } else { return $Value }
    }
    if ($Type -eq 'guid') { if ($text) { return ([guid]$text).ToString() } else { return $null } }
    if ($Type -ne 'datetime') { return [string]$Value }
    if ($text -match '^\d{14}\.') { return ConvertFrom-DmtfText $text }
    return [datetime]::Parse($text, $script:Invariant, [System.Globalization.DateTimeStyles]'AdjustToUniversal, AssumeUniversal')
}
# Puts a value into a row in the form of its column; what does not fit becomes a cell error.
function Set-Cell($d, $Row, $Column, $Value) {
    if ($d.Missing.ContainsKey($Column)) { return }
    try { $Row[$Column] = ConvertTo-Cell $Value $d.Types[$Column] } catch { Set-CellError $Row $Column 'parseError' }
}
# Copies members of a map into columns of a row, 'Column=Member,...' (Column alone: same name). What has the form of its column already is not converted.
function Copy-Map($d, $Row, $Source, $Map) {
    foreach ($pair in $Map.Split(',')) {
        $names = $pair.Split('='); $column = $names[0]; $value = $Source[$names[-1]]; $type = $d.Types[$column]
        if ($null -ne $value -and ($value -isnot [string] -or $type -ne '') -and ($type -ne 'int' -or ($value -isnot [long] -and $value -isnot [System.UInt64]))) { Set-Cell $d $Row $column $value }
        elseif (-not $d.Missing.ContainsKey($column)) { $Row[$column] = $value }
    }
}
# Adds a row to a dataset and returns it.
function Add-Row($d, $Row) { [void]$d.Rows.Add($Row); return $Row }
# Command lines and paths without the secrets that the filter patterns of the table find.
function Protect-Text($Text) { if ($null -ne $Text) { foreach ($filter in $script:Filters) { $Text = $filter.Regex.Replace($Text, $filter.Replacement) } }; return $Text }
# Path with environment variables of the system expanded and native prefixes turned into a Win32 path.
function Expand-SystemPath($Path) {
    if (-not $Path) { return $null }
    $text = [string]$Path; $root = $script:Variables['SystemRoot'] + '\'
    foreach ($name in $script:Variables.Keys) { if ($text.Contains('%')) { $text = $text -replace ('%' + [regex]::Escape($name) + '%'), $script:Variables[$name].Replace('$', '$$') } }
    if ($text.StartsWith('\??\')) { $text = $text.Substring(4) }
    if ($text -match '^\\?SystemRoot\\(.*)$') { return ($root + $matches[1]) } elseif ($text -match '^\\?system32\\(.*)$') { return ($root + 'System32\' + $matches[1]) } else { return $text }
}
# The executable of a command line without its arguments, or $null when it cannot be told apart.
function Get-CommandPath($CommandLine) {
    $text = ([string](Expand-SystemPath $CommandLine)).Trim()
    if ($text -match '^"([^"]+)"') { return Expand-SystemPath $matches[1] }
    if ($text -match '^(.+?\.(?:exe|com|cmd|bat|dll|sys|ps1|vbs|scr))(?:[\s,]|$)') { return $matches[1] }
    if ($text -and $text -notmatch '\s') { return $text }
}

# ---- JSON ----

# A string as JSON, pure ASCII.
function ConvertTo-JsonString($Text) {
    $safe = ([string]$Text).Replace('\', '\\').Replace('"', '\"')
    if ($script:NotPlain.IsMatch($safe)) { $safe = $script:NotPlain.Replace($safe, $script:ToEscape) }
    return '"' + $safe + '"'
}
# Any value as JSON: for headers, the manifest, and what is rare in rows. Dates that mean none become null.
function ConvertTo-JsonText($Value) {
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [datetime]) {
        $utc = $Value
        if ($utc.Kind -ne [System.DateTimeKind]::Utc) { $utc = $utc.ToUniversalTime() }
        if ($utc.Year -le 1601 -or $utc.Year -ge 9999 -or $utc.Year -eq 1899) { return 'null' } else { return $utc.ToString("'""'yyyy-MM-dd'T'HH:mm:ss.fff'Z""'", $script:Invariant) }
    }
    if ($Value -is [bool] -or $Value -is [switch]) { if ($Value) { return 'true' } else { return 'false' } }
    if ($Value -is [byte[]]) { return '"hex:' + [System.BitConverter]::ToString($Value).Replace('-', '') + '"' }
    if ($Value -is [double] -or $Value -is [single]) { if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { return 'null' } else { return $Value.ToString('R', $script:Invariant) } }
    if ($Value -is [System.Collections.IDictionary]) {
        $keys = @($Value.Keys)
        if ($Value -is [hashtable]) { $keys = @($keys | Sort-Object) }
        return '{' + [string]::Join(',', [string[]]@(foreach ($key in $keys) { (ConvertTo-JsonString $key) + ':' + (ConvertTo-JsonText $Value[$key]) })) + '}'
    }
    if ($Value -is [System.Collections.IEnumerable] -and $Value -isnot [string]) { return '[' + [string]::Join(',', [string[]]@(foreach ($one in $Value) { if ($null -ne $one) { ConvertTo-JsonText $one } })) + ']' }
    if ($Value -is [System.IConvertible] -and $Value -isnot [string] -and $Value -isnot [char]) { return [System.Convert]::ToString($Value, $script:Invariant) }
    return ConvertTo-JsonString $Value
}
# Writes the rows of one dataset. One loop without function calls for what is frequent: it runs once for every cell of the snapshot.
function Write-DataFile($d, $Columns, $File) {
    $names = [string[]]@($Columns | ForEach-Object { $_.Name }); $count = $names.Length; $written = 0; $comma = ''; $special = $script:NotPlain; $escape = $script:ToEscape; $invariant = $script:Invariant
    $heads = [string[]]@($names | ForEach-Object { ',' + (ConvertTo-JsonString $_) + ':' }); $unread = [bool[]]@($names | ForEach-Object { $d.Unread.ContainsKey($_) })
    if ($count -gt 0) { $heads[0] = $heads[0].Substring(1) }
    $stream = New-Object System.IO.MemoryStream; $text = New-Object System.Text.StringBuilder
    [void]$text.Append((ConvertTo-JsonText (New-Ordered @('dataset', $d.Name, 'schema', $d.Schema, 'source', $d.Source, 'collectedUtc', $d.CollectedUtc, 'columns', $names))).TrimEnd('}') + ',"rows":[')
    foreach ($row in $d.Rows) {
        $start = $text.Length; $errors = $row['_err']
        [void]$text.Append($comma).Append("`n{")
        for ($i = 0; $i -lt $count; $i++) {
            $value = $row[$names[$i]]; $fault = $null
            if ($unread[$i]) { $cell = 'null' }
            elseif ($value -is [string]) {
                $cell = '"' + $value.Replace('\', '\\').Replace('"', '\"') + '"'
                if ($special.IsMatch($cell)) { $cell = $special.Replace($cell, $escape) }
                if ($value.Length -gt 65536) { $fault = 'tooLong' }
            }
            elseif ($null -eq $value) { $cell = 'null'; if (-not $Columns[$i].Nullable) { $fault = 'other: no value' } }
            elseif ($value -is [bool]) { if ($value) { $cell = 'true' } else { $cell = 'false' } }
            elseif ($value -is [int] -or $value -is [long]) { $cell = $value.ToString($invariant) }
            elseif ($value -is [array] -and $value -isnot [byte[]]) {
                $cell = ''; if ($value.Length -gt 10000) { $fault = 'tooLong'; $value = @() }
                foreach ($one in $value) {
                    if ($one -is [string] -and -not $special.IsMatch($one)) { $cell = $cell + ',"' + $one.Replace('\', '\\').Replace('"', '\"') + '"' } elseif ($null -ne $one) { $cell = $cell + ',' + (ConvertTo-JsonText $one) }
                }
                $cell = '[' + $cell.TrimStart(',') + ']'
            }
            else { $cell = ConvertTo-JsonText $value }
            if ($fault) {
                $cell = 'null'
                if ($null -eq $errors) { $errors = @{} }
                if (-not $errors.ContainsKey($names[$i])) { $errors[$names[$i]] = $fault }
            }
            [void]$text.Append($heads[$i]).Append($cell)
        }
        if ($null -ne $errors) {
            $cell = [string]::Join(',', [string[]]@(for ($i = 0; $i -lt $count; $i++) { if ($errors.ContainsKey($names[$i]) -and -not $unread[$i]) { $heads[$i].TrimStart(',') + '"' + $errors[$names[$i]] + '"' } }))
            if ($cell) { [void]$text.Append(',"_err":{').Append($cell).Append('}') }
        }
        [void]$text.Append('}')
        if ($stream.Length + $text.Length + 8 -gt $script:MemberLimit) { $text.Length = $start; break }
        $comma = ','; $written++
        if ($text.Length -gt 200000 -or $written -eq $d.Rows.Count) {
            $bytes = [System.Text.Encoding]::ASCII.GetBytes($text.ToString()); $stream.Write($bytes, 0, $bytes.Length); $text.Length = 0
        }
    }
    $bytes = [System.Text.Encoding]::ASCII.GetBytes($text.ToString() + "`n]}`n"); $stream.Write($bytes, 0, $bytes.Length)
    if ($written -lt $d.Rows.Count) { Set-Truncated $d 'bytes' ([string]$written + ' of ' + $d.Rows.Count + ' rows'); $d.Rows.RemoveRange($written, $d.Rows.Count - $written) }
    Add-SnapshotFile $File ($stream.GetBuffer()) ([int]$stream.Length) $null
}

# ---- Output files ----

# Adds one line to the log.
function Write-Log($Text) { [void]$script:LogText.Append((ConvertTo-JsonText (Get-UtcNow)).Trim('"') + ' ' + (ConvertTo-JsonString $Text).Trim('"') + "`n") }
# Opens the zip (or folder) that this run writes.
function Open-Snapshot($Path, $AsFolder) {
    $script:Files = New-Object System.Collections.ArrayList; $script:Output = @{ Path = $Path; AsFolder = $AsFolder; Entries = (New-Object System.Collections.ArrayList); Writer = $null }
    if (-not $AsFolder) { $script:Output.Writer = New-Object System.IO.BinaryWriter((New-Object System.IO.FileStream($Path, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::ReadWrite))) }
    elseif ([System.IO.Directory]::Exists($Path)) { throw (New-Object System.IO.IOException('folder exists: ' + $Path)) }
    else { [void][System.IO.Directory]::CreateDirectory($Path) }
}
# Adds one file: its hash to the list of files, its bytes to the zip or folder.
function Add-SnapshotFile($Name, $Bytes, $Count, $Mtime) {
    $hash = $null
    try { $hash = Get-Sha256 $Bytes $Count } catch { Add-ErrorEntry $script:Run ('hash:' + $Name) 'unsupported' $null (Get-InnerException $_.Exception).Message }
    if ($script:Output.AsFolder) {
        $path = [System.IO.Path]::Combine($script:Output.Path, $Name.Replace('/', [string][System.IO.Path]::DirectorySeparatorChar))
        [void][System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
        $stream = New-Object System.IO.FileStream($path, [System.IO.FileMode]::CreateNew)
        try { $stream.Write($Bytes, 0, $Count) } finally { $stream.Close() }
    }
    else { Add-ZipEntry $Name $Bytes $Count }
    $script:TotalBytes += $Count
    [void]$script:Files.Add((New-Ordered @('path', $Name, 'bytes', $Count, 'sha256', $hash, 'mtimeUtc', $Mtime)))
}
# One member of the zip. A gzip stream is a ten byte header, the compressed data, their CRC-32 and their length: just what a zip member needs.
function Add-ZipEntry($Name, $Bytes, $Count) {
    $crc = New-Object byte[] 4; $packed = $Bytes; $size = $Count; $method = 0; $from = 0; $writer = $script:Output.Writer; $offset = $writer.BaseStream.Position
    if ($Count -gt 0) {
        $memory = New-Object System.IO.MemoryStream; $gzip = New-Object System.IO.Compression.GZipStream($memory, [System.IO.Compression.CompressionMode]::Compress, $true)
        $gzip.Write($Bytes, 0, $Count); $gzip.Close()
        $all = $memory.GetBuffer(); $end = [int]$memory.Length
        if ($all[0] -ne 0x1F -or $all[1] -ne 0x8B -or $all[3] -ne 0) { throw (New-Object System.InvalidOperationException('unexpected gzip header')) }
        [System.Array]::Copy($all, $end - 8, $crc, 0, 4)
        if ($end - 18 -lt $Count) { $packed = $all; $from = 10; $size = $end - 18; $method = 8 }
    }
    if ($offset + $size -gt 2147000000) { throw (New-Object System.IO.IOException('the archive would exceed 2 GiB')) }
    # Version 2.0, names in UTF-8, method, 1980-01-01, CRC, sizes, length of the name: the same bytes before the data and in the directory.
    $nameBytes = [System.Text.Encoding]::ASCII.GetBytes($Name)
    $head = [byte[]](@(20, 0, 0, 8, $method, 0, 0, 0, 33, 0) + $crc + [System.BitConverter]::GetBytes([uint32]$size) + [System.BitConverter]::GetBytes([uint32]$Count) + [System.BitConverter]::GetBytes([uint16]$nameBytes.Length) + @(0, 0))
    $writer.Write([uint32]0x04034B50); $writer.Write($head, 0, $head.Length); $writer.Write($nameBytes, 0, $nameBytes.Length); $writer.Write($packed, $from, $size)
    [void]$script:Output.Entries.Add(@{ Head = $head; Name = $nameBytes; Offset = [uint32]$offset })
}
# Writes the directory of the zip and closes it.
function Close-Snapshot {
    $writer = $script:Output.Writer; $number = [uint16]$script:Output.Entries.Count
    if ($null -eq $writer) { return }
    $start = [uint32]$writer.BaseStream.Position
    foreach ($entry in $script:Output.Entries) {
        $writer.Write([uint32]0x02014B50); $writer.Write([uint16]20); $writer.Write($entry.Head, 0, $entry.Head.Length); $writer.Write((New-Object byte[] 10), 0, 10)
        $writer.Write($entry.Offset); $writer.Write($entry.Name, 0, $entry.Name.Length)
    }
    $size = [uint32]($writer.BaseStream.Position - $start)
    $writer.Write([uint32]0x06054B50); $writer.Write([uint32]0); $writer.Write($number); $writer.Write($number); $writer.Write($size); $writer.Write($start); $writer.Write([uint16]0)
    $writer.Close()
}

# ---- The table ----

# The kinds of lines in the table and their fields: ? marks yes or no, # a number, * a list. The rest of a line is the last field.
$script:LineKinds = @{
    Y = 'Name Build#'; D = 'Name Files Schema# Order# Kind One? Elevation? Since Until MaxRows# Seconds# LimitSwitch Switch Keys*'; C = 'Columns'; R = 'Key Mode AsSddl? Since Until Names*'
    W = 'Namespace Class Properties* Methods* Where Since Until'; H = 'Namespace Class Columns Computed* Flags* Since Until'; M = 'Namespace Method Name Columns Since'; B = 'Id Name Kind'
    T = 'Path Role Since Until'; K = 'Key Role SubKeys'; A = 'Role Recursion WithParents? Audit?'; E = 'Name Prefix?'; V = 'Channel Provider Ids* Days# Fields*'; F = 'Replacement Pattern'; S = 'Pattern'
}
# Reads the table at the end of this script into lists of hashtables.
function Import-Table {
    $lists = @{}; $script:WmiClasses = @{}; $script:ReadMethods = @{ GetReplicationStatistics = $true }; $script:Columns = New-Object System.Collections.Hashtable
    foreach ($kind in $script:LineKinds.Keys) { $lists[$kind] = New-Object System.Collections.ArrayList }
    foreach ($line in @($script:TableText.Replace("`r", '').Split("`n") | Where-Object { $_ })) {
        $kind = $line.Substring(0, 1); $fields = $script:LineKinds[$kind].Split(' '); $texts = $line.Split([char[]]'|', $fields.Length + 1); $record = @{ Build = 0 }
        for ($i = 0; $i -lt $fields.Length; $i++) {
            $value = $texts[$i + 1]
            switch ($fields[$i].Substring($fields[$i].Length - 1)) {
                '*' { $value = @($value.Split(',') | Where-Object { $_ }) }
                '?' { $value = ('1', 'one', 'prefix' -contains $value) }
                '#' { $value = [int]$value }
                default { if ($value -eq '') { $value = $null } }
            }
            $record[$fields[$i].Trim('*', '?', '#')] = $value
        }
        if ($kind -eq 'C') { $dataset.Columns = $record.Columns } else { [void]$lists[$kind].Add($record) }
        if ($kind -eq 'D') { $dataset = $record }
    }
    $script:Eras = $lists['Y']; $script:DatasetList = $lists['D']; $script:RegistryList = $lists['R']; $script:BootElements = $lists['B']; $script:BinaryTargets = $lists['T']
    $script:KeyTargets = $lists['K']; $script:AclRoles = $lists['A']; $script:EventChannels = $lists['E']; $script:EventSelection = $lists['V']; $script:EraNames = @($lists['Y'] | ForEach-Object { $_.Name })
    $script:SecretName = [regex]$lists['S'][0].Pattern; $script:Filters = @($lists['F'] | ForEach-Object { @{ Regex = [regex]$_.Pattern; Replacement = $_.Replacement.Replace('{1}', '${1}') } })
    foreach ($record in $lists['W']) { $script:WmiClasses[$record.Namespace + '|' + $record.Class] = $record; foreach ($name in $record.Methods) { $script:ReadMethods[$name] = $true } }
    foreach ($record in $lists['M']) { $name = $record.Method.Split('.')[1]; $script:ReadMethods[$name] = $true; $record.Namespace = 'method' }
    foreach ($record in $lists['H']) { $record.Name = $(if ($record.Namespace -eq 'root\MSCluster') { 'cluster/' } else { 'hv/' }) + $record.Class; $since = $record.Since.Split('#'); $record.Since = $since[0]; $record.Build = [int]$since[1] }
    $script:ClassDumps = @($lists['H']) + @($lists['M'] | Where-Object { $_.Name.StartsWith('hv/') })
}
# One column of the table: name:type, then ? nullable, ! needs elevation, @ eras (since#build-until). Each is taken apart once.
function Get-Column($Text) {
    if (-not $script:Columns.ContainsKey($Text)) {
        [void]($Text -match '^([^:@]+)(?::([^?!@]+))?(\??)(!?)(?:@([^#-]*)(?:#(\d+))?(?:-(.*))?)?$')
        $script:Columns[$Text] = @{ Name = $matches[1]; Type = [string]$matches[2]; Nullable = ($matches[3] -eq '?' -or -not $matches[2]); Elevation = ($matches[4] -eq '!'); Since = $matches[5]; Build = [int]$matches[6]; Until = $matches[7] }
    }
    return $script:Columns[$Text]
}
# Position of an era in the list.
function Get-EraIndex($Name) { return [System.Array]::IndexOf($script:EraNames, $Name) }
# Empty when this system lies in the era range of an item, else osTooOld or osTooNew.
function Test-Era($Item) {
    if (($Item.Since -and $script:EraIndex -lt (Get-EraIndex $Item.Since)) -or ($Item.Build -and $script:Build -lt $Item.Build)) { return 'osTooOld' }
    if ($Item.Until -and $script:EraIndex -gt (Get-EraIndex $Item.Until)) { return 'osTooNew' } else { return '' }
}
# Sorts keys by character code and items with them.
function Sort-ByKey($Keys, $Items) { [System.Array]::Sort([array]$Keys, [array]$Items, [System.Collections.IComparer][System.StringComparer]::Ordinal) }
# All datasets in run order in a fresh working state: those of the table and one for each name of a class dump. Not for a known host: as -ListDatasets prints them.
function Get-AllDatasets($Known) {
    $modern = (-not $Known -or $script:EraIndex -ge (Get-EraIndex '2012')); $v1 = 'root\virtualization'; $v2 = 'root\virtualization\v2'; $script:AllByName = @{}
    foreach ($d in $script:DatasetList) { if ($d.Switch) { $d.Switch, $d.SwitchSince = $d.Switch.Split('@') }; $script:AllByName[$d.Name] = $d }
    foreach ($space in $(if ($modern) { $v2, $v1 } else { $v1, $v2 }) + 'root\MSCluster' + 'method') {
        foreach ($d in @($script:ClassDumps | Where-Object { $_.Namespace -eq $space })) {
            $first = $script:AllByName[$d.Name]
            if ($first) { if (-not $Known -and (Get-EraIndex $d.Since) -lt (Get-EraIndex $first.Since)) { $first.Since = $d.Since }; continue }
            if ($space -eq $v1 -and $modern) { $d.Until = $(if ($d.Flags -contains 'also2012') { '2012' } else { '2008R2' }) } elseif ($space -eq $v2 -and -not $modern) { $d.Since = '2012' }
            if ($space -eq 'method') { $d.Namespace = $(if ($modern) { $v2 } else { $v1 }) }
            if ($d.Computed) { $d.Columns = $d.Columns + ',' + [string]::Join(',', $d.Computed) + $(if ($Known -and $script:Options.IncludeNotes) { ',Notes' }) }
            $d.Files = 'data/' + $d.Name + '.json'; $d.Schema = 1; $d.Kind = 'rows'; $d.One = $false; $d.Elevation = $true; $d.Keys = @(); $d.Order = $(if ($space -eq 'root\MSCluster') { 650 } else { 600 })
            $script:AllByName[$d.Name] = $d
        }
    }
    $all = [object[]]@($script:AllByName.Values); Sort-ByKey ([string[]]@($all | ForEach-Object { '{0:D4} {1}' -f $_.Order, $_.Name })) $all
    foreach ($d in $all) {
        foreach ($name in 'Rows', 'Copies', 'Errors') { $d[$name] = New-Object System.Collections.ArrayList }
        foreach ($name in 'Unread', 'Missing', 'Types') { $d[$name] = @{} }
        foreach ($name in 'TruncatedBy', 'Skipped', 'Absent', 'Status', 'CollectedUtc', 'Written') { $d[$name] = $null }
        $d.Lost = $false; $d.Truncated = $false; $d.Answered = 0; $d.Ms = 0; $d.End = 0
        if ($d.Name -eq 'acls') { $d.MaxRows = $script:Options.MaxAclFiles } elseif (-not $d.MaxRows) { $d.MaxRows = 50000 }
        if ($d.Name -eq 'vhds') { $d.Seconds = $script:Options.MaxVhdSeconds } elseif (-not $d.Seconds) { $d.Seconds = 60 }
        $d.Source = $(if ($d.Namespace) { 'wmi:' + $d.Namespace } elseif ($script:SourceTexts.ContainsKey($d.Name)) { $script:SourceTexts[$d.Name] } else { 'reg' })
        $d.Columns = @(([string]$d.Columns).Split(',') | Where-Object { $_ } | ForEach-Object { Get-Column $_ })
        foreach ($column in $d.Columns) { $d.Types[$column.Name] = $column.Type -replace '\b(string|path|sid|sddl|enum\.token)\b', '' -replace 'enum\.int', 'int'; if ($Known -and (Test-Era $column)) { $d.Missing[$column.Name] = $true } }
    }
    return $all
}

# ---- Helpers of the collecting functions ----

# Where plain columns come from, a step a line (one that begins with blanks goes on): dataset|source|columns.
# Dataset: name@eras; steps of name.part are read when the function of the dataset asks for them. Source: a registry key, key\* (a row for each sub-key), key\= (a row for each
# text in it), or namespace:class, with ? behind where its absence means an absent feature. Columns: Column=Property:form (Column alone: same name), Column='constant.
$script:SourceTable = @'
collection|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList|UsersRoot=ProfilesDirectory:expand
collection|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment|MachinePath=Path:parts
os|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion|ProductName,UBR,ReleaseId,DisplayVersion,EditionId=EditionID,InstallationType,ServicePack=CSDVersion,InstallDateUtc=InstallDate:unix
os|HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation|TimeZoneBiasMin=ActiveTimeBias:signed,TimeZoneId=TimeZoneKeyName:text
os|root\cimv2:Win32_OperatingSystem|Caption,OperatingSystemSKU,ServicePackMajor=ServicePackMajorVersion,OSLanguageLcid=OSLanguage,MUILanguages,LastBootUtc=LastBootUpTime,
  DepSupportPolicy=DataExecutionPrevention_SupportPolicy
computer|root\cimv2:Win32_ComputerSystem|DnsHostName=DNSHostName,Domain,Workgroup,PartOfDomain,DomainRole,Manufacturer,Model,TotalPhysicalMemoryBytes=TotalPhysicalMemory,Sockets=NumberOfProcessors,
  HypervisorPresent
computer|root\cimv2:Win32_ComputerSystemProduct|UUID
computer|root\cimv2:Win32_BIOS|SerialNumber,BiosVendor=Manufacturer,BiosVersion=SMBIOSBIOSVersion,BiosDateUtc=ReleaseDate:day
computer|root\cimv2:Win32_Processor|CpuName=Name,CpuManufacturer=Manufacturer,SlatSupported=SecondLevelAddressTranslationExtensions,VirtFirmwareEnabled=VirtualizationFirmwareEnabled,Cores=NumberOfCores,
  LogicalProcessors=NumberOfLogicalProcessors
computer|HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0|CpuSignature=Identifier,MicrocodeRevision=Update Revision
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State|SecureBootEnabled=UEFISecureBootEnabled
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|LsaCfgFlags
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management|FeatureSettingsOverride,FeatureSettingsOverrideMask
platform_security|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization|MinVmVersionForCpuBasedMitigations
platform_security@2016|root\Microsoft\Windows\DeviceGuard:Win32_DeviceGuard|VbsStatus=VirtualizationBasedSecurityStatus,VbsRequiredProps=RequiredSecurityProperties,VbsAvailableProps=AvailableSecurityProperties,
  SecurityServicesConfigured,SecurityServicesRunning,CodeIntegrityPolicyStatus=CodeIntegrityPolicyEnforcementStatus,UmciStatus=UsermodeCodeIntegrityPolicyEnforcementStatus
platform_security.tpm|root\cimv2\Security\MicrosoftTpm:Win32_Tpm|TpmEnabled=IsEnabled_InitialValue,TpmActivated=IsActivated_InitialValue,TpmOwned=IsOwned_InitialValue,TpmSpecVersion=SpecVersion,
  TpmManufacturerId=ManufacturerId,TpmManufacturerVersion=ManufacturerVersion
update_settings|HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU|NoAutoUpdatePolicy=NoAutoUpdate,AUOptionsPolicy=AUOptions,UseWUServer
update_settings|HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate|WUServer,WUStatusServer,TargetGroup,DoNotConnectToWindowsUpdateInternetLocations,DisableWindowsUpdateAccess
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update|AUOptionsLocal=AUOptions
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results\Detect|LastDetectSuccessUtc=LastSuccessTime
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results\Install|LastInstallSuccessUtc=LastSuccessTime
features.server|root\cimv2:Win32_ServerFeature|Kind='server,Installed='true,ServerFeatureId=ID,ServerFeatureParentId=ParentID
features@2008R2|root\cimv2:Win32_OptionalFeature|Kind='optional,Name,InstallState,Installed=InstallState:one
features@2012|HKLM\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache\*|Kind='component,Name=*,InstallState,Installed=InstallState:one
hotfixes|root\cimv2:Win32_QuickFixEngineering|Source='qfe,HotFixId=HotFixID:kb,Description,InstalledOnRaw=InstalledOn
services.key|*|Type,StartType=Start,DisplayNameRaw=DisplayName,DisplayName=DisplayName:plain,ErrorControl,Account=ObjectName,AccountSid=ObjectName:sid,ServiceSidType,RequiredPrivileges,LaunchProtected,
  FailureActions,DependOnService=DependOnService:list,ServiceDll
drivers|HKLM\SYSTEM\CurrentControlSet\Services\*|Name=*,Type,StartType=Start,ImagePath,Group
endpoints@2012|root\StandardCimv2:MSFT_NetTCPConnection|Protocol='tcp,State='2,LocalAddress=LocalAddress:zone,Family=LocalAddress:family,LocalPort,Pid=OwningProcess
endpoints@2012|root\StandardCimv2:MSFT_NetUDPEndpoint|Protocol='udp,LocalAddress=LocalAddress:zone,Family=LocalAddress:family,LocalPort,Pid=OwningProcess
firewall_profiles.key|*|Enabled=EnableFirewall,BlockAllInbound=DoNotAllowExceptions,AllowLocalRules=AllowLocalPolicyMerge,AllowLocalIPsecRules=AllowLocalIPsecPolicyMerge,NotifyOnListen=DisableNotifications:not,
  DisableUnicastResponses=DisableUnicastResponsesToMulticastBroadcast,DisableStealthMode,DisableStealthModeIPsec=DisableStealthModeIPsecSecuredPacketExemption
firewall_profiles.log|*|LogFile=LogFilePath,LogMaxKB=LogFileSize,LogDropped=LogDroppedPackets,LogAllowed=LogSuccessfulConnections
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules\=|Store='local,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules\=|Store='gpo,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\Mdm\FirewallRules\=|Store='mdm,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\RestrictedServices\AppIso\FirewallRules\=|Store='appiso,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\RestrictedServices\Static\System\=|Store='svcStatic,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\RestrictedServices\Configurable\System\=|Store='svcConfigurable,ValueName=Name,Rule=Value
firewall_rules_raw|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Defaults\FirewallPolicy\FirewallRules\=|Store='defaults,ValueName=Name,Rule=Value
firewall_hyperv|root\StandardCimv2:MSFT_NetFirewallHyperVVMCreator?|RowKind='creator,InstanceId=InstanceID,VMCreatorId,FriendlyName
firewall_hyperv|root\StandardCimv2:MSFT_NetFirewallHyperVVMSetting?|RowKind='setting,InstanceId=InstanceID,Enabled,DefaultInboundAction,DefaultOutboundAction,LoopbackEnabled,AllowHostPolicyMerge
firewall_hyperv|root\StandardCimv2:MSFT_NetFirewallHyperVProfile?|RowKind='profile,InstanceId=InstanceID,Profile,Enabled,DefaultInboundAction,DefaultOutboundAction
firewall_hyperv|root\StandardCimv2:MSFT_NetFirewallHyperVRule?|RowKind='rule,InstanceId=InstanceID,VMCreatorId,FriendlyName=DisplayName,Profile=Profiles,Enabled,Direction,Action,Protocol,LocalPorts,RemotePorts,
  LocalAddresses,RemoteAddresses
local_users|root\cimv2:Win32_UserAccount|Sid=SID,Name,Enabled=Disabled:not,LockedOut=Lockout,PasswordRequired,PasswordNeverExpires=PasswordExpires:not
account_policy.adsi|*|MinPasswordLength,PasswordHistoryLength,MaxPasswordAgeSeconds=MaxPasswordAge:positive,MinPasswordAgeSeconds=MinPasswordAge:positive,LockoutThreshold=MaxBadPasswordsAllowed,
  LockoutDurationSeconds=AutoUnlockInterval:positive,LockoutWindowSeconds=LockoutObservationInterval:positive
user_profiles|root\cimv2:Win32_UserProfile|Sid=SID,LocalPath,LastUseUtc=LastUseTime,Special,Loaded
smb_shares@-2008R2|root\cimv2:Win32_Share|Name,Path,Type,Description=Description:short
smb_shares@2012|root\Microsoft\Windows\SMB:MSFT_SmbShare|Name,Path,Type=ShareType,Description=Description:short,Special,Scoped,ScopeName,ContinuouslyAvailable,EncryptData,FolderEnumerationMode,CachingMode,
  ShareSddl=SecurityDescriptor
smb_server|root\Microsoft\Windows\SMB:MSFT_SmbServerConfiguration.GetConfiguration|*
smb_client|root\Microsoft\Windows\SMB:MSFT_SmbClientConfiguration.GetConfiguration|*
smb_connections|root\Microsoft\Windows\SMB:MSFT_SmbConnection|ServerName,ShareName,Dialect,NumOpens,ContinuouslyAvailable,Encrypted,Signed
remote_access|HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server|RdpDenyConnections=fDenyTSConnections
remote_access|HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp|RdpPort=PortNumber,RdpSecurityLayer=SecurityLayer,RdpUserAuthentication=UserAuthentication,
  RdpMinEncryptionLevel=MinEncryptionLevel,RdpDisableDrives=fDisableCdm,RdpPromptForPassword=fPromptForPassword,RdpCertificateHash=SSLCertificateSHA1Hash:thumbprint,RdpSddl=Security:sddl
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services|RdpDenyConnectionsPolicy=fDenyTSConnections,RdpSecurityLayerPolicy=SecurityLayer,RdpUserAuthenticationPolicy=UserAuthentication,
  RdpMinEncryptionLevelPolicy=MinEncryptionLevel,RdpDisableDrivesPolicy=fDisableCdm,RdpPromptForPasswordPolicy=fPromptForPassword,RdpEncryptRpcPolicy=fEncryptRPCTraffic,RdpDisableClipboardPolicy=fDisableClip
remote_access|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Service|WinRmAllowRemote=allow_remote_requests,WinRmServiceAllowUnencrypted=allow_unencrypted,WinRmServiceBasic=auth_basic,
  WinRmServiceCredSSP=auth_credssp,WinRmServiceNegotiate=auth_negotiate,WinRmServiceKerberos=auth_kerberos,WinRmServiceCertificate=auth_certificate,WinRmCbtHardeningLevel=cbt_hardening_level,
  WinRmRootSddl=rootSDDL,WinRmServiceCertificateHash=certThumbprint:thumbprint
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows\WinRM\Service|WinRmServiceAllowUnencryptedPolicy=AllowUnencryptedTraffic,WinRmServiceBasicPolicy=AllowBasic,WinRmServiceCredSSPPolicy=AllowCredSSP,
  WinRmCbtHardeningLevelPolicy=CbtHardeningLevel,WinRmDisableRunAsPolicy=DisableRunAs,WinRmAllowAutoConfigPolicy=AllowAutoConfig,WinRmIPv4FilterPolicy=IPv4Filter,WinRmIPv6FilterPolicy=IPv6Filter
remote_access|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Client|WinRmTrustedHosts=trusted_hosts,WinRmClientAllowUnencrypted=allow_unencrypted,WinRmClientBasic=auth_basic,WinRmClientDigest=auth_digest,
  WinRmClientCredSSP=auth_credssp
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows\WinRM\Client|WinRmTrustedHostsPolicy=TrustedHostsList,WinRmClientAllowUnencryptedPolicy=AllowUnencryptedTraffic,WinRmClientBasicPolicy=AllowBasic,
  WinRmClientDigestPolicy=AllowDigest,WinRmClientCredSSPPolicy=AllowCredSSP
remote_access|HKLM\SYSTEM\CurrentControlSet\Services\sshd|PsRemotingOpenSsh=Type:there
antivirus.state|root\Microsoft\Windows\Defender:MSFT_MpComputerStatus|AMRunningMode,AMServiceEnabled,AntivirusEnabled,RealTimeProtectionEnabled,OnAccessProtectionEnabled,BehaviorMonitorEnabled,
  IoavProtectionEnabled,IsTamperProtected,AMProductVersion,AMEngineVersion,AntivirusSignatureVersion,AntivirusSignatureLastUpdatedUtc=AntivirusSignatureLastUpdated,AntivirusSignatureAge
antivirus.state|root\Microsoft\Windows\Defender:MSFT_MpPreference|DisableAutoExclusions,DisableRealtimeMonitoring,DisableBehaviorMonitoring,DisableIOAVProtection,DisableScriptScanning,MAPSReporting,
  PUAProtection,EnableNetworkProtection,EnableControlledFolderAccess
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters|Type=Type:NT5DS/NTP/AllSync/NoSync,NtpServer
time_service|HKLM\SOFTWARE\Policies\Microsoft\W32Time\Parameters|TypePolicy=Type,NtpServerPolicy=NtpServer
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Config|AnnounceFlags,MaxPosPhaseCorrection,MaxNegPhaseCorrection
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpClient|NtpClientEnabled=Enabled,SpecialPollInterval
time_service|HKLM\SOFTWARE\Policies\Microsoft\W32Time\TimeProviders\NtpClient|NtpClientEnabledPolicy=Enabled
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpServer|NtpServerEnabled=Enabled
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider|VmicTimeProviderEnabled=Enabled
disks@-2008R2|root\cimv2:Win32_DiskDrive|Number=Index,Model,SizeBytes=Size,LogicalSectorBytes=BytesPerSector,SerialHash=SerialNumber:hash
disks@2012|root\Microsoft\Windows\Storage:MSFT_Disk|Number,Model=FriendlyName,UniqueId,BusType,SizeBytes=Size,LogicalSectorBytes=LogicalSectorSize,PhysicalSectorBytes=PhysicalSectorSize,PartitionStyle,
  Health=HealthStatus,IsClustered,IsBoot,IsSystem,IsOffline,IsReadOnly,Location,Path,SerialHash=SerialNumber:hash
volumes|root\cimv2:Win32_Volume|DeviceId=DeviceID,DriveLetter,Label,FileSystem,SizeBytes=Capacity,FreeBytes=FreeSpace,BlockSize,DriveType,IsSystem=SystemVolume:flag,IsBoot=BootVolume:flag
iscsi_sessions@-2008R2|root\wmi:MSiSCSIInitiator_SessionClass|SessionIdentifier=SessionId:iscsi,TargetNodeAddress=TargetName,InitiatorNodeAddress=InitiatorName,IsConnected=ConnectionInformation:any
iscsi_sessions@2012|root\Microsoft\Windows\Storage:MSFT_iSCSISession|SessionIdentifier,TargetNodeAddress,InitiatorNodeAddress,InitiatorPortalAddress=InitiatorPortalAddress:address,AuthenticationType,
  IsConnected,IsPersistent,IsHeaderDigest,IsDataDigest
iscsi_connections@2012|root\Microsoft\Windows\Storage:MSFT_iSCSIConnection|ConnectionIdentifier,SessionIdentifier,InitiatorAddress,InitiatorPort=InitiatorPortNumber,TargetAddress,TargetPort=TargetPortNumber
net_adapters@2012|root\StandardCimv2:MSFT_NetAdapter|InterfaceGuid,InterfaceIndex,Name,Description=InterfaceDescription,PermanentMac=PermanentAddress:mac,PnpId=PnPDeviceID,ComponentId=ComponentID,
  IsPhysical=HardwareInterface,Virtual,AdminStatus=InterfaceAdminStatus,OperStatus=InterfaceOperationalStatus,MediaState=MediaConnectState,DriverVersion=DriverVersionString,DriverDateUtc=DriverDate:date,
  DriverProvider,VlanId=VlanID,MtuBytes=MtuSize
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterVmqSettingData|VmqEnabled=Enabled,VmqReceiveQueues=NumberOfReceiveQueues
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterSriovSettingData|SriovEnabled=Enabled,SriovSupport,SriovNumVfs=NumVFs
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterRdmaSettingData|RdmaEnabled=Enabled
net_ip@2012|root\StandardCimv2:MSFT_NetIPAddress|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,Address=IPAddress:zone,Family=IPAddress:family,PrefixLength,PrefixOrigin,AddressState,
  SkipAsSource
net_interfaces@2012|root\StandardCimv2:MSFT_NetIPInterface|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,Dhcp,ConnectionState,Forwarding,WeakHostSend,Metric=InterfaceMetric
net_profile@2012|root\StandardCimv2:MSFT_NetConnectionProfile|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,NetworkName=Name,Category=NetworkCategory,IPv4Connectivity,IPv6Connectivity
net_teams|root\StandardCimv2:MSFT_NetLbfoTeam?|Team=Name,Mode=TeamingMode,Algorithm=LoadBalancingAlgorithm,Status
net_team_nics|root\StandardCimv2:MSFT_NetLbfoTeamNic?|Name,Team,InterfaceDescription,VlanId=VlanID,Primary,Default
net_nat|root\StandardCimv2:MSFT_NetNat?|Name,InternalPrefix=InternalIPInterfaceAddressPrefix,ExternalPrefix=ExternalIPInterfaceAddressPrefix,Active
net_bindings|root\StandardCimv2:MSFT_NetAdapterBindingSettingData|Name,InterfaceDescription,ComponentId=ComponentID,Enabled,InterfaceGuid=InstanceID:guid
net_qos_policies|HKLM\SOFTWARE\Policies\Microsoft\Windows\QoS\*|Source='gpo,Name=*,AppPath=Application Name,Protocol,DstPrefix=Remote IP,DscpValue=DSCP Value:number,DstPortStart=Remote Port:portfrom,
  DstPortEnd=Remote Port:portto,ThrottleRateBps=Throttle Rate:rate
net_qos_policies@2012|root\StandardCimv2:MSFT_NetQosPolicySettingData|Source='wmi,Name,AppPath=AppPathNameMatchCondition,Protocol=IPProtocolMatchCondition,DstPortStart=IPDstPortStartMatchCondition,
  DstPortEnd=IPDstPortEndMatchCondition,DstPrefix=IPDstPrefixMatchCondition,Template=TemplateMatchCondition,ThrottleRateBps=ThrottleRateAction,DscpValue=DSCPAction,MinBandwidthWeight=MinBandwidthWeightAction,
  PriorityValue=PriorityValue8021Action
eventlogs.key|*|MaxSizeBytes=MaxSize,Retention,AutoBackup=AutoBackupLogFiles,File,Type,OwningPublisher,ChannelAccess
ad_computer.object|*|DistinguishedName=distinguishedName:first,UserAccountControl=userAccountControl:first,AllowedToDelegateTo=msDS-AllowedToDelegateTo:list,ServicePrincipalNames=servicePrincipalName:list,
  PwdLastSetUtc=pwdLastSet:filetime,WhenCreatedUtc=whenCreated:first,ResourceBasedDelegation=msDS-AllowedToActOnBehalfOfOtherIdentity:there
hgs|root\Microsoft\Windows\Hgs:MSFT_HgsClientConfiguration.Get?|IsHostGuarded,Mode,AttestationStatus,AttestationSubstatus=AttestationSubstatus:list,AttestationOperationMode,AttestationServerUrl,
  KeyProtectionServerUrl,FallbackAttestationServerUrl,FallbackKeyProtectionServerUrl
bitlocker|root\cimv2\Security\MicrosoftVolumeEncryption:Win32_EncryptableVolume?|DeviceId=DeviceID,MountPoint=DriveLetter,VolumeType,ProtectionStatus
'@ -replace "\r?\n +", ''
# Datasets that the table holds whole.
$script:PlainDatasets = 'firewall_rules_raw', 'user_profiles', 'iscsi_sessions', 'smb_server', 'smb_client', 'smb_connections', 'remote_access', 'time_service', 'net_team_nics', 'net_nat', 'net_bindings', 'net_qos_policies', 'hgs'
# The steps of the table for a dataset, or a part of it, on this system.
function Get-Steps($Name) {
    foreach ($found in [regex]::Matches($script:SourceTable, '(?m)^(' + [regex]::Escape($Name) + '(?:@[^|]+)?)\|([^|]+)\|([^\r\n]+)')) {
        if (-not (Test-Era (Get-Column $found.Groups[1].Value))) { @{ Source = $found.Groups[2].Value; Map = $found.Groups[3].Value } }
    }
}
# Reads the steps of a dataset: each object into a row of its own, or the first object of each step into the one row. Returns Row, Object and Source of every object.
function Read-Steps($d, $Row, $Name = $d.Name) {
    $steps = @(Get-Steps $Name)
    foreach ($step in $steps) {
        $answer = Read-Objects $d $step.Source $step.Map; $filled = $false
        if (-not $d.One -and $steps.Length -gt 1) { $answer.Has = $null }
        foreach ($object in $answer.Rows) {
            if (-not $d.One -or -not $Row) { $Row = Add-Row $d @{} }
            if (-not $filled) { Copy-Properties $d $Row $answer $object $step.Map; $filled = $d.One }
            @{ Row = $Row; Object = $object; Source = $step.Source }
        }
        if ($step.Source.EndsWith('?')) { Set-Absence $d }
    }
}
# The objects of a source of the table in Rows; for a class Has and Ok as Read-Wmi gives them. In a dataset of one row the columns of a failed source are unread.
function Read-Objects($d, $Source, $Map, $Columns = $(if ($d.One) { $Map -replace '=[^,]*', '' })) {
    $key = $Source -replace '\\[*=]$|\?$', ''; $names = @(Get-MapNames $Map); $rows = @()
    if (-not $key.StartsWith('HK')) {
        $namespace, $class, $method = $key.Split(':.'.ToCharArray()); $outputs = 'Output', 'cmdletOutput', 'Configuration'
        if (-not $method) { return Read-Wmi $d $namespace $class $Columns }
        $answer = Invoke-Source $d ('wmi:' + $key) $null { Invoke-WmiReadMethod $namespace $class $method @{} $outputs $script:WmiClasses[$namespace + '|' + $class].Properties }
        if ($answer.Ok) { $rows = @($outputs | ForEach-Object { $answer.Value[$_] } | Where-Object { $_ -is [hashtable] } | Select-Object -First 1) }
        return @{ Rows = $rows; Has = @($rows | ForEach-Object { $_.Keys }) }
    }
    if ($Source.EndsWith('\*')) { $rows = @(foreach ($name in @(Read-SubKeys $d $key)) { $data = Read-KeyData $d ($key + '\' + $name) $names; if ($null -ne $data) { $data['*'] = $name; $data } }) }
    elseif ($Source.EndsWith('\=')) {
        $values = (Invoke-Source $d ('reg:' + $key) $null { $names = @(Get-ValueNames $key | Where-Object { $_ }); if ($names.Length -gt 0) { Get-RegistryValues $key $names } }).Value
        if ($null -ne $values) { $rows = @($values.Keys | Sort-Object | ForEach-Object { $values[$_] } | Where-Object { $_.Value -is [string] }) }
    }
    else { $answer = Invoke-Source $d ('reg:' + $key) $Columns { Get-KeyData $key $names }; if ($answer.Ok) { $rows = @($answer.Value) } }
    return @{ Rows = $rows; Has = $null }
}
# All instances of a class of the table. Columns as in Invoke-Source. Has: the listed properties that this system's class offers. A class that MayLack is no error.
function Read-Wmi($d, $Namespace, $Class, $Columns, $MayLack) {
    $entry = $script:WmiClasses[$Namespace + '|' + $Class]; $where = 'wmi:' + $Namespace + ':' + $Class
    $answer = Invoke-Source $d $where $Columns {
        $offered = @(); $rows = @(); $condition = $entry['Where']
        try { $offered = @(Get-WmiClassPropertyNames $Namespace $Class) } catch { if (-not $MayLack -or 'invalidNamespace', 'invalidClass' -notcontains (Get-FaultType $_)) { throw } }
        $has = @($entry.Properties | Where-Object { $offered -contains $_.Split('.')[0] })
        if ($has.Length -gt 0) { $rows = @(Read-WmiRows $d $where $Namespace $Class $has $condition) }
        @{ Ok = $true; Has = $has; Rows = $rows }
    }
    if ($answer.Ok) { return $answer.Value } else { return @{ Ok = $false; Has = @(); Rows = @() } }
}
# The query itself; rows that were read before a time limit are kept.
function Read-WmiRows($d, $Where, $Namespace, $Class, $Properties, $Filter) {
    try { return Invoke-WmiQuery $Namespace $Class $Properties $Filter ([System.Math]::Max(1, [int](($d.End - (Get-TickMs)) / 1000))) }
    catch {
        $late = Get-InnerException $_.Exception; if ($late -isnot [System.TimeoutException] -or $null -eq $late.Data['Rows']) { throw }
        $d.Lost = $true; [void](Add-DatasetError $d $Where $late); return $late.Data['Rows']
    }
}
# Copies properties into the columns of a map of the table. Properties that the class of the answer lacks make the column missing.
function Copy-Properties($d, $Row, $Answer, $Object, $Map) {
    if ($Map -eq '*') { $Map = [string]::Join(',', [string[]]@($d.Columns | ForEach-Object { $_.Name })) }
    foreach ($part in $Map.Split(',')) {
        $names = $part.Split('='); $column = $names[0]; $property, $form = $names[-1].Split(':')
        if ($property.StartsWith("'")) { Set-Cell $d $Row $column ($property.Substring(1)) }
        elseif ($null -ne $Answer -and $null -ne $Answer.Has -and $Answer.Has -notcontains $property) { $d.Missing[$column] = $true }
        elseif ($d.Unread.ContainsKey($column)) { continue }
        elseif (-not $form) { Set-Cell $d $Row $column $Object[$property] }
        else { try { Set-Cell $d $Row $column (Convert-Value $Object[$property] $form) } catch { Set-CellFault $d $Row $column $_ } }
    }
}
# Adds a row with columns copied from an object, and returns it.
function Add-ObjectRow($d, $Row, $Object, $Map) { [void]$d.Rows.Add($Row); Copy-Properties $d $Row $null $Object $Map; return $Row }
# Reads an object into cells of a row by a map; a failure is noted in the cells.
function Read-Cells($d, $TargetRow, $CellMap, $CellBlock) {
    $answer = Invoke-Source $d '' ($CellMap -replace '=[^,]*', '') $CellBlock $TargetRow
    if ($answer.Ok -and $answer.Value) { Copy-Properties $d $TargetRow $null $answer.Value $CellMap }
}
# The names of the properties that a map of the table asks for.
function Get-MapNames($Map) { ($Map -replace '(^|,)[^,=]*=', '$1' -replace ':[^,]*', '').Split(',') | Where-Object { $_ -notmatch "^['*]" } }
# A value in a form that the table names. Tokens with slashes between them: the token that it is.
function Convert-Value($Value, $Form) {
    $text = [string]$Value
    switch ($Form) {
        'adapter' { if ($null -eq $script:InterfaceGuids) { $script:InterfaceGuids = @{}; foreach ($row in (Get-Rows 'net_adapters')) { $script:InterfaceGuids[[string]$row['InterfaceIndex']] = $row['InterfaceGuid'] } }; $script:InterfaceGuids[$text] }
        'address' { if ($text -match '^[0-9A-Fa-f.:]*$') { $text } }; 'ago' { if ($text) { (Get-UtcNow).AddSeconds( - [double]$Value) } }
        'any' { @($Value | Where-Object { $_ }).Length -gt 0 }
        'date' { if ($text -match '^(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d\d-\d\d)') { [datetime]::ParseExact($matches[1], [string[]]('M-d-yyyy', 'yyyy-MM-dd'), $script:Invariant, [System.Globalization.DateTimeStyles]'AdjustToUniversal, AssumeUniversal') } }
        'day' { if ($Value -is [datetime]) { [datetime]::SpecifyKind($Value.ToUniversalTime().Date, [System.DateTimeKind]::Utc) } }; 'expand' { Expand-SystemPath $text }
        'family' { if ($text.Contains(':')) { 'IPv6' } else { 'IPv4' } }; 'filetime' { ConvertFrom-FileTime @($Value)[0] }; 'first' { @($Value)[0] }; 'flag' { [bool]$Value }
        'guid' { if ($text -match '\{[^}]*\}') { $matches[0] } }; 'hash' { if ($text.Trim()) { Get-TextHash ($text.Trim()) } }
        'iscsi' { if ($Value -is [hashtable]) { '{0:x16}-{1:x16}' -f $Value['AdapterUnique'], $Value['AdapterSpecific'] } else { $text } }
        'kb' { if ($text -match 'KB\d{6,}') { $matches[0].ToUpperInvariant() } }; 'list' { , @($Value | Where-Object { $_ }) }
        'mac' { $digits = $text -replace '[^0-9A-Fa-f]', ''; if ($digits.Length -eq 12) { $digits.ToUpperInvariant() } }; 'not' { if ($null -ne $Value) { -not $Value } }
        'number' { if ($text -match '^\d+$') { [long]$text } }; 'one' { $Value -eq 1 }; 'parts' { , @($text.Split(';') | Where-Object { $_.Trim() }) }
        'plain' { if (-not $text.StartsWith('@')) { $Value } }; 'port' { if ($text -match '^(\d+)(:\d+)?$') { $matches[1] } }
        'portEnd' { if ($text -match '^(\d+:)?(\d+)$') { $matches[2] } }; 'positive' { if ($Value -ge 0) { $Value } }
        'prefix' { if ($text -match '^\d{1,3}$') { [int]$text } elseif ($text -match '^\d{1,3}(\.\d{1,3}){3}$') { [string]::Join('', [string[]]@($text.Split('.') | ForEach-Object { [System.Convert]::ToString([int]$_, 2).PadLeft(8, '0') })).TrimEnd('0').Length } }
        'rate' { if ($text -match '^\d+$') { [long]$text * 8192 } }; 'sddl' { if ($Value -is [byte[]]) { ConvertTo-SddlText $Value } }
        'short' { if ($text.Length -gt 200) { $text.Substring(0, 200) } else { $Value } }; 'sid' { Get-AccountSid $text }
        'signed' { if ($Value -gt 2147483647) { $Value - 4294967296 } else { $Value } }; 'text' { if ($text) { $text.Split([char]0)[0] } }; 'there' { $null -ne $Value }
        'thumbprint' { if ($Value -is [byte[]]) { $text = [System.BitConverter]::ToString($Value) }; if ($text -replace '[ -]', '' -match '^[0-9A-Fa-f]{40}$') { $matches[0].ToUpperInvariant() } }
        'unix' { if ($text) { (New-Object System.DateTime(1970, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc)).AddSeconds([double]$Value) } }
        'zone' { $text.Split('%/'.ToCharArray())[0].Trim('[', ']') }
        default { $token = @($Form.Split('/') | Where-Object { $_ -eq $text }); if ($text -and $token.Length -eq 0) { throw (New-Object System.FormatException('not one of ' + $Form)) } else { $token } }
    }
}
# A dataset whose class or namespace this system does not have is not applicable; teams of network adapters are no part of client systems.
function Set-Absence($d) {
    if ($d.Answered -eq 0 -and $d.Errors.Count -gt 0 -and 'invalidClass', 'invalidNamespace' -contains $d.Errors[0]['type']) { $d.Absent = 'featureAbsent' }
    if ($d.Name -like 'net_team*' -and $script:HostFacts.ProductType -eq 1) { $d.Absent = 'clientOs' }
}
# Data of named values of a key: name -> data; empty when the key is missing. Names: a list, or text separated by commas.
function Get-KeyData($Key, $Names) {
    if ($Names -is [string]) { $Names = $Names.Split(',') }
    $data = @{}; $values = Get-RegistryValues $Key $Names
    if ($null -ne $values) { foreach ($name in @($values.Keys)) { $data[$name] = $values[$name].Value } }
    return $data
}
# Data of all values of a key that have a name.
function Get-AllData($Key) { return Get-KeyData $Key @(Get-ValueNames $Key | Where-Object { $_ }) }
# Data of named values of a key as a step of a dataset; $null when it failed.
function Read-KeyData($d, $Key, $Names) { return (Invoke-Source $d ('reg:' + $Key) $null { Get-KeyData $Key $Names }).Value }
# One value of a key as a step of a dataset; $null when it failed.
function Read-KeyValue($d, $Key, $Name) { return (Invoke-Source $d ('reg:' + $Key) $null { (Get-KeyData $Key $Name)[$Name] }).Value }
# Names of the sub-keys of a key one by one; none when the key is missing.
function Get-SubKeys($Key) { $names = Get-RegistrySubKeyNames $Key; foreach ($name in $names) { if ($null -ne $name) { $name } } }
# Names of the values of a key one by one; none when the key is missing.
function Get-ValueNames($Key) { $names = Get-RegistryValueNames $Key; foreach ($name in $names) { if ($null -ne $name) { $name } } }
# Names of the sub-keys of a key as a step of a dataset, sorted; none when the key is missing.
function Read-SubKeys($d, $Key) { (Invoke-Source $d ('reg:' + $Key) $null { Get-SubKeys $Key }).Value | Where-Object { $null -ne $_ } | Sort-Object }
# What a step of a dataset returns, one by one without nulls; nothing when it failed.
function Read-List($d, $Where, $ListBlock) { (Invoke-Source $d $Where $null $ListBlock).Value | Where-Object { $null -ne $_ } }
# Whether a service of this name is installed.
function Test-ServiceKey($Name) { return ($null -ne (Get-RegistryValues ('HKLM\SYSTEM\CurrentControlSet\Services\' + $Name) @('Type'))) }
# Whether this system is of an era or later.
function Test-Since($Era) { return ($script:EraIndex -ge (Get-EraIndex $Era)) }
# SID of an account name, each name looked up once. Failures throw again for each caller.
function Get-AccountSid($Name) {
    if (-not $Name) { return $null } elseif ($Name -match '^S-1-\d+(-\d+)*$') { return $Name }
    $text = $Name -replace '^\.\\', ($script:HostName + '\')
    if ($script:WellKnownAccounts.ContainsKey($text)) { return $script:WellKnownAccounts[$text] }
    if (-not $script:AccountSids.ContainsKey($text)) { try { $script:AccountSids[$text] = Resolve-NameSid $text } catch { $script:AccountSids[$text] = $_.Exception } }
    if ($script:AccountSids[$text] -is [System.Exception]) { throw $script:AccountSids[$text] } else { return $script:AccountSids[$text] }
}
# Owner SID of an SDDL text; the two-letter forms of the usual owners are translated.
function Get-SddlOwner($Sddl) {
    if ([string]$Sddl -notmatch '^O:(S-1-[0-9-]+|[A-Z]{2})') { return $null } elseif ($matches[1].Length -gt 2) { return $matches[1] }
    if ($matches[1] -eq 'LA' -and $script:MachineSid) { return ($script:MachineSid + '-500') } elseif ($matches[1] -eq 'DA' -and $script:DomainSid) { return ($script:DomainSid + '-512') }
    return $script:SddlAliases[$matches[1]]
}
# Rows of a dataset of this run, none when it was not collected.
function Get-Rows($Name) { if ($script:Done.ContainsKey($Name)) { return , $script:Done[$Name].Rows.ToArray() } else { return , @() } }
# SHA-256 of the UTF-8 bytes of a text.
function Get-TextHash($Text) { $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text); return Get-Sha256 $bytes $bytes.Length }

# ---- System ----

# The run itself and the folders of this host.
function Read-Collection($d) {
    $row = Add-Row $d @{ HostName = $script:HostName; Fqdn = $script:HostFacts.Fqdn; RunId = $script:RunId; StartedUtc = $script:StartedUtc; CollectorVersion = $script:CollectorVersion; Elevated = $script:Elevated
        UserSid = $script:Identity.Sid; UserName = $script:Identity.Name; Remoting = [bool]$script:HostEnvironment.Remoting; ProgramFilesX86 = $script:HostEnvironment.ProgramFilesX86 }
    foreach ($name in 'SystemRoot', 'SystemDrive', 'ProgramData', 'ProgramFiles', 'Public') { if ($script:Variables[$name]) { $row[$name] = $script:Variables[$name] } }
    Read-Steps $d $row
}
# The running Windows, and the markers that a restart is pending.
function Read-Os($d) {
    $windows = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion'; $control = 'HKLM\SYSTEM\CurrentControlSet\Control'
    $row = Add-Row $d @{ Build = $script:Build; Version = $script:HostEnvironment.OsVersion; ProductType = $script:HostFacts.ProductType; WindowsDirectory = $script:Variables['SystemRoot']
        OSArchitecture = @{ AMD64 = 'x64'; x86 = 'x86'; ARM64 = 'arm64' }[[string]$script:HostEnvironment.Architecture]; SystemDrive = $script:Variables['SystemDrive'] }
    foreach ($step in @(Read-Steps $d $row)) { foreach ($name in 'Version', 'WindowsDirectory') { if ($step.Object[$name]) { $row[$name] = $step.Object[$name] } } }
    $row['KernelFileVersion'] = (Invoke-Source $d 'file:ntoskrnl.exe' 'KernelFileVersion' { (Get-FileVersionFacts (Expand-SystemPath '%SystemRoot%\System32\ntoskrnl.exe')).FileVersion }).Value
    $pending = Invoke-Source $d 'reg:pending restart' 'PendingReboot' {
        if ($null -ne (Get-RegistrySubKeyNames ($windows + '\Component Based Servicing\RebootPending'))) { 'cbs' }
        if ($null -ne (Get-RegistrySubKeyNames ($windows + '\WindowsUpdate\Auto Update\RebootRequired'))) { 'windowsUpdate' }
        if ((Get-KeyData ($control + '\Session Manager') 'PendingFileRenameOperations')['PendingFileRenameOperations'] | Where-Object { $_ }) { 'fileRename' }
        if ((Get-KeyData ($control + '\ComputerName\ActiveComputerName') 'ComputerName')['ComputerName'] -ne (Get-KeyData ($control + '\ComputerName\ComputerName') 'ComputerName')['ComputerName']) { 'computerRename' }
        $joining = Get-RegistryValueKinds 'HKLM\SYSTEM\CurrentControlSet\Services\Netlogon' @('JoinDomain', 'AvoidSpnSet'); if ($null -ne $joining -and $joining.Count -gt 0) { 'domainJoin' }
    }
    if ($pending.Ok) { $row['PendingReboot'] = @($pending.Value | Where-Object { $_ }) }
}
# Machine, firmware, processors, and the domain with the SIDs that a domain controller knows.
function Read-Computer($d) {
    $row = Add-Row $d @{ Name = $script:HostName }; $control = 'HKLM\SYSTEM\CurrentControlSet\Control'
    foreach ($step in @(Read-Steps $d $row | Where-Object { $_.Source -like '*:Win32_Processor' } | Select-Object -Skip 1)) {
        foreach ($pair in @(@('Cores', 'NumberOfCores'), @('LogicalProcessors', 'NumberOfLogicalProcessors'))) { if ($null -ne $step.Object[$pair[1]]) { $row[$pair[0]] += $step.Object[$pair[1]] } }
    }
    foreach ($user in (Read-Wmi $d 'root\cimv2' 'Win32_UserAccount' 'MachineSid').Rows) { if ([string]$user['SID'] -match '^(S-1-5-21-\d+-\d+-\d+)-500$') { $row['MachineSid'] = $script:MachineSid = $matches[1] } }
    $memory = Read-Wmi $d 'root\cimv2' 'Win32_PhysicalMemoryArray' 'MemoryErrorCorrection'
    if ($memory.Ok) { $row['MemoryErrorCorrection'] = @($memory.Rows | ForEach-Object { $_['MemoryErrorCorrection'] }) }
    $row['FirmwareType'] = (Invoke-Source $d ('reg:' + $control) 'FirmwareType' {
        $code = (Get-KeyData $control 'PEFirmwareType')['PEFirmwareType']
        if ($code -eq 1) { 'BIOS' } elseif ($code -eq 2 -or $null -ne (Get-RegistrySubKeyNames ($control + '\SecureBoot\State'))) { 'UEFI' }
    }).Value
    if ($d.Unread.ContainsKey('Domain')) { Set-Unread $d 'DomainReachable,DomainSid' $d.Unread['Domain'] }
    $script:HostFacts.Joined = $row['PartOfDomain']
    if ($script:HostFacts.Joined) {
        $account = Invoke-Source $d 'other:SID of the computer account' 'DomainReachable,DomainSid' { Get-AccountSid ($row['Domain'] + '\' + $script:HostName + '$') }
        $row['Workgroup'] = $null; $row['DomainReachable'] = ($null -ne $account.Value)
        if ($account.Value) { $script:ComputerSid = [string]$account.Value; $row['DomainSid'] = $script:DomainSid = $script:ComputerSid -replace '-\d+$', '' }
    }
    elseif ($null -ne $script:HostFacts.Joined) { $row['Workgroup'] = $(if ($row['Workgroup']) { $row['Workgroup'] } else { $row['Domain'] }); $row['Domain'] = $null }
}
# Secure Boot with the known certificates that the firmware trusts (null where the system does not offer to say it), TPM, virtualization-based security.
function Read-PlatformSecurity($d) {
    $row = Add-Row $d @{}; $space = 'root\cimv2\Security\MicrosoftTpm'; Read-Steps $d $row
    if ($script:Elevated) { $chips = @(Read-Steps $d $row 'platform_security.tpm') } else { return }
    if ($d.Unread.ContainsKey('TpmSpecVersion')) { Set-Unread $d 'TpmPresent,TpmReady' $d.Unread['TpmSpecVersion'] } else { $row['TpmPresent'] = ($chips.Length -gt 0) }
    if ($chips.Length -gt 0 -and -not $d.Missing.ContainsKey('TpmReady')) { $row['TpmReady'] = (Invoke-Source $d 'wmi:Win32_Tpm.IsReady' 'TpmReady' { (Invoke-WmiReadMethod $space 'Win32_Tpm=@' 'IsReady' @{} @('IsReady') @())['IsReady'] }).Value }
    if ($null -eq $row['SecureBootEnabled']) { return }
    try {
        $row['SecureBootDbCaNames'] = @(Get-SecureBootNames 'db' @('Windows UEFI CA 2023', 'Microsoft UEFI CA 2023', 'Microsoft Option ROM UEFI CA 2023', 'Microsoft Windows Production PCA 2011', 'Microsoft Corporation UEFI CA 2011'))
        $row['SecureBootKekCaNames'] = @(Get-SecureBootNames 'KEK' @('Microsoft Corporation KEK CA 2011', 'Microsoft Corporation KEK 2K CA 2023'))
    }
    catch { if ((Get-FaultType $_) -ne 'unsupported') { Set-Unread $d 'SecureBootDbCaNames,SecureBootKekCaNames' (Add-DatasetError $d 'other:Get-SecureBootUEFI' $_.Exception) } }
}
# Boot configuration elements of the table, from the registry form of the boot store.
function Read-BootEntries($d) {
    $root = 'HKLM\BCD00000000\Objects'; $default = $null
    $current = Invoke-Source $d 'wmi:root\wmi:BcdStore.OpenObject' 'IsCurrent' { ConvertTo-GuidText (Invoke-WmiReadMethod 'root\wmi' 'BcdStore.FilePath=""' 'OpenObject' @{ Id = '{fa926493-6f1c-4193-a414-58f0b2456d1e}' } @('Object') @('Id'))['Object']['Id'] }
    foreach ($name in @(Read-SubKeys $d $root)) {
        $key = $root + '\' + $name; $type = Read-KeyValue $d ($key + '\Description') 'Type'
        foreach ($element in $script:BootElements) {
            $data = @(Read-KeyValue $d ($key + '\Elements\' + $element.Id.Substring(2)) 'Element')
            if ($null -eq $data[0]) { continue }
            $row = Add-Row $d @{ ObjectId = (ConvertTo-GuidText $name); ObjectType = $type; ElementId = $element.Id; ElementName = $element.Name }
            if ($element.Kind -eq 'boolean') { $row['BoolValue'] = ($data[0] -ne 0) }
            elseif ($element.Kind -eq 'integer') { $row['IntValue'] = [System.BitConverter]::ToUInt64([byte[]]($data + @(0) * 8)[0..7], 0) }
            else { Set-Cell $d $row 'GuidListValue' $data }
            if ($element.Name -eq 'default' -and $row['ObjectId'] -eq '9dea862c-5cdd-4e70-acc1-f32b344d4795') { $default = ConvertTo-GuidText $data[0] }
        }
    }
    foreach ($row in $d.Rows) { $row['IsDefault'] = ($row['ObjectId'] -eq $default); if ($current.Value) { $row['IsCurrent'] = ($row['ObjectId'] -eq $current.Value) } }
}
# Installed programs of the machine and of loaded profiles.
function Read-Applications($d) {
    $map = 'KeyName=*,DisplayName,DisplayVersion,Publisher,InstallDate,InstallLocation,ReleaseType,ParentKeyName,SystemComponent=SystemComponent:one,WindowsInstaller=WindowsInstaller:one'
    foreach ($root in @('HKLM') + @(Read-List $d 'reg:HKU' { Expand-KeyPattern 'HKU\*' }) | ForEach-Object { $_ + '\SOFTWARE'; $_ + '\SOFTWARE\WOW6432Node' }) {
        $cells = @{ View = $(if ($root -like '*Node') { 32 } else { 64 }); Scope = ($root -replace '^HKLM.*$', 'machine' -replace '^HKU\\([^\\]*).*$', '$1') }
        foreach ($object in (Read-Objects $d ($root + '\Microsoft\Windows\CurrentVersion\Uninstall\*') $map).Rows) { Add-ObjectRow $d ($cells.Clone()) $object $map }
    }
}
# Windows Update policy and last success.
function Read-UpdateSettings($d) {
    $row = Add-Row $d @{}; Read-Steps $d $row
    if ($row['LastInstallSuccessUtc']) { $row['LastInstallSuccessSource'] = 'results' }
    $packages = (Invoke-Source $d 'reg:Component Based Servicing\Packages' 'LastInstallSuccessUtc,LastInstallSuccessSource' { Get-CbsPackages $d }).Value
    $newest = @($packages | Where-Object { $_ -and $_.Name -match 'RollupFix|ServicingStack' -and $_.Time } | ForEach-Object { $_.Time })
    if ($newest.Length -gt 0 -and ($null -eq $row['LastInstallSuccessUtc'] -or $newest[0] -gt $row['LastInstallSuccessUtc'])) { $row['LastInstallSuccessUtc'] = $newest[0]; $row['LastInstallSuccessSource'] = 'cbs' }
}
# Update packages that component based servicing knows, newest first; read once and kept.
function Get-CbsPackages($d) {
    if ($null -ne $script:CbsPackages) { return $script:CbsPackages }
    $root = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages'
    $packages = @(foreach ($name in @(Get-SubKeys $root | Where-Object { $_ -match 'KB\d{6,}|Rollup|ServicingStack|Cumulative' })) {
        if (Test-Late $d) { break }
        $data = Get-KeyData ($root + '\' + $name) 'InstallTimeHigh,InstallTimeLow,CurrentState'
        New-Object PSObject -Property @{ Name = $name; State = $data['CurrentState']; Time = (ConvertFrom-FileTime ([decimal]$data['InstallTimeHigh'] * 4294967296 + [decimal]$data['InstallTimeLow'])) }
    })
    $script:CbsPackages = @($packages | Sort-Object -Property Time, Name -Descending)
    return $script:CbsPackages
}
# Roles and optional features; clients have no roles.
function Read-Features($d) { if ($script:HostFacts.ProductType -ne 1) { Read-Steps $d $null 'features.server' }; Read-Steps $d }
# Installed updates, by the lists of Windows, of component based servicing and, on demand, of Windows Update.
function Read-Hotfixes($d) {
    $servicing = 'reg:Component Based Servicing\Packages'
    foreach ($row in @(Read-Steps $d | ForEach-Object { $_.Row })) {
        if ([string]$row['InstalledOnRaw'] -match '^[0-9a-fA-F]{16}$') { $row['InstalledOnUtc'] = ConvertFrom-FileTime ([System.Convert]::ToInt64($row['InstalledOnRaw'], 16)) }
        elseif ([string]$row['InstalledOnRaw'] -match '^\d{4}-\d\d-\d\d') { Set-Cell $d $row 'InstalledOnUtc' $row['InstalledOnRaw'] }
    }
    if ($script:Elevated) { foreach ($one in @(Read-List $d $servicing { Get-CbsPackages $d })) { Add-Row $d @{ Source = 'cbs'; PackageName = $one.Name; InstalledOnUtc = $one.Time; State = $one.State; HotFixId = (Convert-Value $one.Name 'kb') } } }
    else { $d.Lost = $true; Add-ErrorEntry $d $servicing 'accessDenied' $null 'not elevated' }
    if (-not $script:Options.IncludeUpdateHistory) { return }
    foreach ($one in @(Read-List $d 'com:Microsoft.Update.Session' { Get-UpdateHistory })) { Add-Row $d @{ Source = 'wuhistory'; PackageName = $one.Title; InstalledOnUtc = $one.DateUtc; State = $one.ResultCode; HotFixId = (Convert-Value $one.Title 'kb') } }
}
# Every registry value of the table. A pattern that no key fits is listed as a key that is not there.
function Read-RegistryValues($d) {
    foreach ($entry in @($script:RegistryList | Where-Object { -not (Test-Era $_) })) {
        $answer = Invoke-Source $d ('reg:' + $entry.Key) $null { Expand-KeyPattern $entry.Key }; $keys = @($answer.Value | Where-Object { $_ })
        if ($answer.Ok -and $keys.Length -eq 0) { $keys = @($entry.Key) }
        foreach ($key in $keys) { Read-RegistryEntry $d $entry $key }
    }
}
# The keys that a pattern stands for; * is every sub-key, below HKU every loaded user hive.
function Expand-KeyPattern($Pattern) {
    $head, $tail = $Pattern -split '\\\*', 2
    if ($null -eq $tail) { return $head }
    foreach ($name in @(Get-SubKeys $head | Where-Object { $head -ne 'HKU' -or ($_ -match '^S-1-(5-21|12-1)-' -and $_ -notmatch '_Classes$') } | Sort-Object)) { Expand-KeyPattern ($head + '\' + $name + $tail) }
}
# One key of an entry of the list: a row for each value. Of values that the list or their name calls secret only the kind is read.
function Read-RegistryEntry($d, $Entry, $Key) {
    $kinds = @{ REG_DWORD = 'IntValue'; REG_QWORD = 'IntValue'; REG_SZ = 'TextValue'; REG_EXPAND_SZ = 'TextValue'; REG_MULTI_SZ = 'ListValue' }
    $all = ($Entry.Mode -eq 'allValues'); $names = $Entry.Names; $exists = $true; $values = @{}; $fault = $null
    try {
        if ($all) { $names = Get-RegistryValueNames $Key; $exists = ($null -ne $names); $names = @($names | Sort-Object) }
        $hidden = @($names | Where-Object { $Entry.Mode -eq 'presence' -or ($all -and $script:SecretName.IsMatch($_)) }); $open = @($names | Where-Object { $hidden -notcontains $_ })
        $values = $(if ($open.Length -gt 0) { Get-RegistryValues $Key $open } else { @{} })
        if ($hidden.Length -gt 0 -and $null -ne $values) { $known = Get-RegistryValueKinds $Key $hidden; if ($null -eq $known) { $values = $null } else { $values = $values + $known } }
        if ($null -eq $values) { $exists = $false; $values = @{} }
    }
    catch { $fault = Get-FaultType $_; $values = @{}; Write-Log ('registry_values: ' + $fault + ' at ' + $Key) }
    if ($all -and ($fault -or @($names).Length -eq 0)) { $names = @($null) }
    foreach ($name in $names) {
        $value = $values[[string]$name]; $row = Add-Row $d @{ Key = $Key; Name = $name; ListKey = $Entry.Key; Mode = $Entry.Mode; KeyExists = $exists; Exists = ($null -ne $value); View = 64 }
        if ($fault) { Set-CellError $row 'Exists' $fault }
        if ($null -eq $value) { continue }
        $row['Kind'] = $value.Kind; $data = $value.Value
        if ($all) { $row['Name'] = $value.Name }
        if ($hidden -contains $name) { $row['Mode'] = 'presence'; continue }
        $column = $kinds[$value.Kind]
        if ($column -eq 'ListValue') { $data = @($data | Where-Object { $_ }) } elseif (-not $column) { $column = 'HexValue' }
        if ($column -eq 'HexValue' -and $data -isnot [byte[]]) { Set-CellError $row $column 'unsupported' } else { Set-Cell $d $row $column $data }
        if (-not $Entry.AsSddl) { continue }
        try { if ($data -is [byte[]]) { $row['Sddl'] = ConvertTo-SddlText $data } elseif ([string]$data -match '^(O|G|D|S):') { $row['Sddl'] = [string]$data } } catch { Set-CellError $row 'Sddl' 'parseError' }
    }
}
# Security of the registry keys of the table.
function Read-RegistryAcls($d) {
    foreach ($target in $script:KeyTargets) {
        $keys = @($target.Key)
        if ($target.SubKeys -like 'direct*') { foreach ($name in @(Read-SubKeys $d $target.Key)) { $key = $target.Key + '\' + $name; $keys += @($key) + @(Read-SubKeys $d $key | ForEach-Object { $key + '\' + $_ }) } }
        elseif ($target.SubKeys -ne 'none') { $keys += $target.Key + '\' + $target.SubKeys }
        foreach ($key in $keys) {
            $row = Add-Row $d @{ Key = $key; Role = $target.Role; Exists = $true }
            try { $row['Sddl'] = Get-RegistryKeySddl $key; $row['Exists'] = ($null -ne $row['Sddl']); $row['OwnerSid'] = Get-SddlOwner $row['Sddl']; $d.Answered++ }
            catch { Set-CellFault $d $row 'Sddl,OwnerSid' (Add-DatasetError $d ('reg:' + $key) $_.Exception) }
        }
    }
}

# ---- Services, drivers, processes ----

# Services: configuration from the registry, state from WMI.
function Read-Services($d) {
    $root = 'HKLM\SYSTEM\CurrentControlSet\Services\'; $states = @{}; $map = @(Get-Steps 'services.key')[0].Map
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_Service' 'State,ProcessId,SddlWmi').Rows) { $states[[string]$object['Name']] = $object }
    foreach ($name in @(Read-SubKeys $d ($root.TrimEnd('\')))) {
        $key = $root + $name
        $answer = Invoke-Source $d ('reg:' + $key) $null { @{ Data = (Get-KeyData $key (@(Get-MapNames $map) + @('DelayedAutoStart', 'ImagePath', 'FailureCommand'))); SubKeys = @(Get-SubKeys $key) } }
        if (-not $answer.Ok -or $answer.Value.Data['Type'] -isnot [System.ValueType] -or -not ($answer.Value.Data['Type'] -band 0x30)) { continue }
        $data = $answer.Value.Data; $inner = $answer.Value.SubKeys; $state = $states[$name]; $path = $data['ImagePath']; $command = $data['FailureCommand']
        $row = Add-ObjectRow $d @{ Name = $name; TriggerStart = ($inner -contains 'TriggerInfo'); DelayedAutoStart = ($data['DelayedAutoStart'] -eq 1); ResolvedPath = (Get-CommandPath $path); ImagePathRaw = (Protect-Text $path); FailureCommand = (Protect-Text $command) } $data $map
        $row['Redacted'] = ($row['ImagePathRaw'] -cne $path -or $row['FailureCommand'] -cne $command)
        if ($null -eq $row['StartType']) { $row['StartType'] = 3 }
        if (-not $row['Account']) { $row['AccountSid'] = 'S-1-5-18' }
        if ($inner -contains 'Parameters') { Read-Cell $d $row 'ServiceDll' { $dll = (Get-KeyData ($key + '\Parameters') 'ServiceDll')['ServiceDll']; if ($dll) { $dll } else { $row['ServiceDll'] } } }
        $row['ServiceDllResolved'] = Expand-SystemPath $row['ServiceDll']
        if ($script:Elevated -and $inner -contains 'Security') { Read-Cell $d $row 'SdRegistry' { (Get-KeyData ($key + '\Security') 'Security')['Security'] } }
        Read-Cell $d $row 'RegKeySddl' { Get-RegistryKeySddl $key }
        if ($null -eq $state) { continue }
        $row['ProcessId'] = $state['ProcessId']; $row['State'] = $(if ($state['State']) { ([string]$state['State']).Replace(' ', '') } else { 'Unknown' })
        Read-Cell $d $row 'SddlWmi' { Get-WmiObjectSddl 'root\cimv2' ('Win32_Service.Name="' + $name + '"') }
    }
}
# Drivers: configuration from the registry, state from WMI.
function Read-Drivers($d) {
    $states = @{}
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_SystemDriver' 'State').Rows) { $states[[string]$object['Name']] = ([string]$object['State']).Replace(' ', '') }
    foreach ($row in @(Read-Steps $d | ForEach-Object { $_.Row })) {
        if (1, 2, 4, 8 -notcontains $row['Type']) { $d.Rows.Remove($row); continue }
        if ($null -eq $row['StartType']) { $row['StartType'] = 3 }
        $row['State'] = $states[$row['Name']]; $row['ResolvedPath'] = Expand-SystemPath $(if ($row['ImagePath']) { $row['ImagePath'] } else { '%SystemRoot%\System32\drivers\' + $row['Name'] + '.sys' })
    }
}
# Processes of Hyper-V and owners of sockets. The command line is searched for a VM id and dropped.
function Read-Processes($d) {
    $endpoints = Get-Rows 'endpoints'; $services = Get-Rows 'services'; $owners = @($endpoints | ForEach-Object { [string]$_['Pid'] }); $answer = Read-Wmi $d 'root\cimv2' 'Win32_Process'
    foreach ($object in $answer.Rows) {
        $name = [string]$object['Name']; $id = [string]$object['ProcessId']
        if ($name -notmatch '^(vmms|vmwp|vmsp|vmcompute|vmmem.*|vmconnect)(\.exe)?$' -and $owners -notcontains $id) { continue }
        $row = Add-Row $d @{ Services = @($services | Where-Object { $_['ProcessId'] -and [string]$_['ProcessId'] -eq $id } | ForEach-Object { $_['Name'] } | Sort-Object) }
        Copy-Properties $d $row $answer $object 'Pid=ProcessId,ParentPid=ParentProcessId,Name,Path=ExecutablePath,SessionId,StartUtc=CreationDate'
        if ($name -match '^(vmwp|vmsp|vmmem)' -and [string]$object['CommandLine'] -match '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}') { $row['VmId'] = ConvertTo-GuidText $matches[0] }
        if ($script:Elevated) { Read-Cell $d $row 'OwnerSid' { (Invoke-WmiReadMethod 'root\cimv2' ('Win32_Process.Handle="' + $id + '"') 'GetOwnerSid' @{} @('Sid') @())['Sid'] } }
    }
}
# Listening and bound sockets; before Windows Server 2012 from the text of netstat.
function Read-Endpoints($d) {
    Read-Steps $d
    if (Test-Since '2012') { return }
    foreach ($line in ([string](Invoke-Source $d 'exec:netstat' $null { Get-NetstatText }).Value).Split("`n")) {
        if ($line -notmatch '^\s*(?<protocol>TCP|UDP)\s+(?<address>\S+):(?<port>\d+)\s+(?<remote>\S+)(?:\s+\S+)?\s+(?<process>\d+)\s*$' -or ($matches['protocol'] -eq 'TCP' -and '0.0.0.0:0', '[::]:0' -notcontains $matches['remote'])) { continue }
        Add-ObjectRow $d @{ Protocol = $matches['protocol'].ToLowerInvariant(); State = @{ TCP = 2 }[$matches['protocol']] } $matches 'LocalAddress=address:zone,Family=address:family,LocalPort=port,Pid=process'
    }
}
# Scheduled tasks.
function Read-ScheduledTasks($d) {
    $answer = Invoke-Source $d 'com:Schedule.Service' $null { Get-TaskList ([System.Math]::Max(1, [int](($d.End - (Get-TickMs)) / 1000))) }
    if (-not $answer.Ok) { return }
    foreach ($failure in $answer.Value.Errors) { $d.Lost = $true; [void](Add-DatasetError $d ('com:' + $failure['Where']) $failure['Exception']) }
    if (-not $answer.Value.Complete) { Set-Truncated $d 'seconds' 'the list of tasks is not complete' }
    if (-not $script:Elevated) { $d.Lost = $true; Add-ErrorEntry $d 'com:Schedule.Service' 'accessDenied' $null 'not elevated: only tasks that this user may see' }
    foreach ($task in $answer.Value.Tasks) {
        $row = Add-ObjectRow $d @{ Redacted = $false } $task 'Path,Name,Enabled,State,Author,LogonType,RunLevel,Hidden,LastResult,Sddl,LastRunUtc=LastRun,NextRunUtc=NextRun,RunAsName=UserId,RunAsSid=UserId:sid,GroupSid=GroupId:sid'
        if ($null -ne $task['SddlError']) { Set-CellError $row 'Sddl' (Get-ErrorType (Get-InnerException $task['SddlError'])) }
        $row['Actions'] = @(foreach ($action in $task.Actions) {
            $arguments = Protect-Text $action.Arguments; $path = ([string]$action.Path).Trim().Trim('"')
            if ($arguments -cne $action.Arguments) { $row['Redacted'] = $true }
            New-Ordered @('Type', $action.Type, 'Path', $action.Path, 'ResolvedPath', (Expand-SystemPath $path), 'Arguments', $arguments, 'WorkingDir', $action.WorkingDir, 'ClassId', (ConvertTo-GuidText $action.ClassId))
        })
        $row['Triggers'] = @(foreach ($trigger in $task.Triggers) { New-Ordered @('Type', $trigger.Type, 'Enabled', $trigger.Enabled, 'StartBoundary', $trigger.StartBoundary, 'RepetitionInterval', $(if ($trigger.RepetitionInterval) { $trigger.RepetitionInterval })) })
    }
}
# Task definitions through the argument filter; only on demand.
function Read-TaskXml($d) {
    if (-not $script:Done.ContainsKey('scheduled_tasks') -or 'failed', 'skipped' -contains $script:Done['scheduled_tasks'].Status) { $d.Skipped = 'dependency'; return }
    $number = -1; $d.Answered++
    foreach ($row in (Get-Rows 'scheduled_tasks')) {
        $answer = Invoke-Source $d ('com:' + $row['Path']) $null { Get-TaskXml $row['Path'] }; $number++
        if (-not $answer.Ok) { continue }
        $filtered = [regex]::Replace([string]$answer.Value, '(?s)(<(Arguments|Data)(?:\s[^>]*)?>)(.*?)(</\2>)', { param($found) $found.Groups[1].Value + (Protect-Text $found.Groups[3].Value) + $found.Groups[4].Value })
        Add-Copy $d ('raw/tasks/' + $number + '.xml') ([System.Text.Encoding]::UTF8.GetBytes($filtered.Replace('encoding="UTF-16"', 'encoding="UTF-8"'))) $null
    }
}
# Adds one raw file to the snapshot.
function Add-Copy($d, $Name, $Bytes, $Mtime) { Add-SnapshotFile $Name $Bytes $Bytes.Length $Mtime; [void]$d.Copies.Add($Name) }
# Program files: version and signature. The order is the order of the limit: services and drivers outside the Windows folder come before those inside.
function Read-Binaries($d) {
    $order = @('hypervisor', 'hyperv', 'kernel', 'service', 'serviceDll', 'driver', 'taskAction', 'firewallApp', 'failureCommand', 'process'); $targets = New-Object System.Collections.Specialized.OrderedDictionary
    $system = '^\w+\|' + [regex]::Escape($script:Variables['SystemRoot'] + '\'); $services = Get-Rows 'services'; $drivers = Get-Rows 'drivers'
    $programs = @($services | ForEach-Object { 'service|' + $_['ResolvedPath']; 'serviceDll|' + $_['ServiceDllResolved'] }); $drivers = @($drivers | ForEach-Object { 'driver|' + $_['ResolvedPath'] })
    $found = @(
        foreach ($role in 'hypervisor', 'hyperv', 'kernel') { foreach ($target in $script:BinaryTargets) { if ($target.Role -eq $role -and -not (Test-Era $target)) { $role + '|' + (Expand-SystemPath $target.Path) } } }
        $programs -notmatch $system
        foreach ($row in (Get-Rows 'scheduled_tasks')) { foreach ($action in @($row['Actions'] | Where-Object { $_ })) { 'taskAction|' + (Get-CommandPath $action['ResolvedPath']) } }
        $services | ForEach-Object { 'failureCommand|' + (Get-CommandPath $_['FailureCommand']) }
        Get-FirewallPrograms | ForEach-Object { 'firewallApp|' + $_ }
        $drivers -notmatch $system; $programs -match $system; $drivers -match $system
        foreach ($row in (Get-Rows 'processes')) { 'process|' + $row['Path'] }
    )
    foreach ($text in @($found -match '^\w+\|[A-Za-z]:\\')) {
        $role, $path = $text.Split('|'); $id = $path.ToLowerInvariant()
        if (-not $targets.Contains($id)) { $targets.Add($id, @{ Path = $path; Roles = @{} }) }
        $targets[$id].Roles[$role] = $true
    }
    foreach ($target in @($targets.Values)) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { break }
        Read-BinaryFile $d (Add-Row $d @{ Path = $target.Path; Roles = @(Select-Roles $order $target.Roles); SignatureStatus = 'NotChecked'; CatalogChecked = $false })
    }
    Test-Cut $d $targets.Count
}
# Notes a row limit that a collecting function kept itself.
function Test-Cut($d, $Number) { if ($d.Rows.Count -lt $Number -and -not $d.Truncated) { Set-Truncated $d 'rows' ([string]$d.Rows.Count + ' of ' + $Number + ' objects') } }
# Facts of one program file; the hash of files of Hyper-V, the signature of these and of files outside the Windows folder.
function Read-BinaryFile($d, $Row) {
    $path = $Row['Path']; $ours = ($Row['Roles'] -contains 'hypervisor' -or $Row['Roles'] -contains 'hyperv')
    $answer = Invoke-Source $d '' 'Exists,SizeBytes,CreationUtc,LastWriteUtc' { Get-FileFacts $path } $Row
    if ($answer.Ok) { $Row['Exists'] = ($null -ne $answer.Value -and -not $answer.Value.IsFolder) }
    if (-not $Row['Exists']) { return }
    Copy-Properties $d $Row $null $answer.Value 'SizeBytes=Length,CreationUtc,LastWriteUtc'
    Read-Cells $d $Row 'FileVersion,ProductVersion,CompanyName,OriginalFilename' { Get-FileVersionFacts $path }
    if ($ours) { Read-Cell $d $Row 'Sha256' { $bytes = Read-FileBytes $path 67108864; Get-Sha256 $bytes $bytes.Length } } elseif ($path -like ($script:Variables['SystemRoot'] + '\*')) { return }
    $answer = Invoke-Source $d '' 'SignerSubject,SignerIssuer,SignerThumbprint,SignatureType,IsOSBinary' { Get-FileSignatureFacts $path } $Row; $signature = $answer.Value; $Row['SignatureStatus'] = 'UnknownError'
    if (-not $answer.Ok) { return }
    if ('Valid', 'NotSigned', 'HashMismatch', 'NotTrusted', 'NotSupportedFileFormat', 'Incompatible' -contains $signature.Status) { $Row['SignatureStatus'] = $signature.Status }
    if ('Authenticode', 'Catalog', 'None' -contains $signature.Type) { Set-Cell $d $Row 'SignatureType' $signature.Type }
    if (-not $d.Missing.ContainsKey('IsOSBinary')) { $Row['IsOSBinary'] = $signature.IsOSBinary; $Row['CatalogChecked'] = ($null -ne $signature.Type) }
    Copy-Properties $d $Row $null $signature 'SignerSubject=Subject,SignerIssuer=Issuer,SignerThumbprint=Thumbprint'
}

# ---- Firewall ----

$script:FirewallRoot = 'HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'; $script:FirewallPolicy = 'HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall'
# Profiles: local policy, group policy, effective.
function Read-FirewallProfiles($d) {
    $map = @(Get-Steps 'firewall_profiles.key')[0].Map; $logging = @(Get-Steps 'firewall_profiles.log')[0].Map; $actions = @{ '0' = 'Allow'; '1' = 'Block' }
    foreach ($place in 'local|Domain|DomainProfile', 'local|Private|StandardProfile', 'local|Public|PublicProfile', 'gpo|Domain|DomainProfile', 'gpo|Private|PrivateProfile', 'gpo|Standard|StandardProfile', 'gpo|Public|PublicProfile') {
        $store, $profile, $name = $place.Split('|'); $key = @{ local = $script:FirewallRoot; gpo = $script:FirewallPolicy }[$store] + '\' + $name
        $answer = Invoke-Source $d ('reg:' + $key) $null {
            @{ Data = (Get-KeyData $key (@(Get-MapNames $map) + @('DefaultInboundAction', 'DefaultOutboundAction', 'DisabledInterfaces'))); Log = (Get-KeyData ($key + '\Logging') (Get-MapNames $logging)); Exists = ($null -ne (Get-RegistryValues $key @('EnableFirewall'))) }
        }
        if (-not $answer.Ok) { continue }
        $data = $answer.Value.Data; $row = Add-ObjectRow $d @{ Store = $store; Profile = $profile; KeyExists = $answer.Value.Exists; DefaultInbound = $actions[[string]$data['DefaultInboundAction']]; DefaultOutbound = $actions[[string]$data['DefaultOutboundAction']] } $data $map
        $row['DisabledInterfaces'] = @($data['DisabledInterfaces'] | Where-Object { $_ } | ForEach-Object { $_.Split(',') } | Where-Object { $_.Trim() })
        Copy-Properties $d $row $null $answer.Value.Log $logging
    }
    $actions = @{ '0' = 'Block'; '1' = 'Allow' }; $profiles = @{ '1' = 'Domain'; '2' = 'Private'; '4' = 'Public' }
    foreach ($profile in @(Read-List $d 'com:HNetCfg.FwPolicy2' { Get-ActiveFirewallProfiles })) {
        Add-ObjectRow $d @{ Store = 'active'; Profile = $profiles[[string]$profile.Profile]; KeyExists = $true; DefaultInbound = $actions[[string]$profile.DefaultInbound]; DefaultOutbound = $actions[[string]$profile.DefaultOutbound] } $profile (
            'IsCurrent,Enabled,BlockAllInbound,NotifyOnListen=NotificationsDisabled:not,DisableUnicastResponses=UnicastDisabled,DisabledInterfaces=Interfaces:list')
    }
}
# Programs of inbound allow rules in force, from the rule strings.
function Get-FirewallPrograms {
    foreach ($row in (Get-Rows 'firewall_rules_raw')) {
        if ('local', 'gpo' -notcontains $row['Store'] -or @('|Dir=In|', '|Action=Allow|', '|Active=TRUE|' | Where-Object { $row['Rule'] -notlike ('*' + $_ + '*') }).Length -gt 0) { continue }
        if ($row['Rule'] -match '\|App=([^|]+)\|' -and $matches[1] -ne 'System') { Expand-SystemPath $matches[1] }
    }
}
# Connection security rules, main mode rules, and the method of each authentication suite. Pre-shared keys are never read.
function Read-FirewallConsecRaw($d) {
    foreach ($store in @(@('local', $script:FirewallRoot), @('gpo', $script:FirewallPolicy))) {
        foreach ($kind in 'ConSecRules', 'ConSecRule', 'MainModeRules', 'MainModeRule') {
            foreach ($rule in (Read-Objects $d ($store[1] + '\' + $kind + '\=') '').Rows) { Add-Row $d @{ Store = $store[0]; Kind = $(if ($kind -like 'Con*') { 'conSecRule' } else { 'mainModeRule' }); ValueName = $rule.Name; Rule = $rule.Value } }
        }
        foreach ($phase in 'Phase1AuthenticationSet', 'Phase1AuthenticationSets', 'Phase2AuthenticationSet', 'Phase2AuthenticationSets') {
            foreach ($set in @(Read-SubKeys $d ($store[1] + '\' + $phase))) {
                foreach ($suite in @((Read-Objects $d ($store[1] + '\' + $phase + '\' + $set + '\*') 'Method').Rows | Where-Object { $_['Method'] })) {
                    Add-Row $d @{ Store = $store[0]; Kind = 'authMethod'; ValueName = ($phase.Substring(0, 6) + '\' + $set + '\' + $suite['*']); Rule = [string]$suite['Method'] }
                }
            }
        }
    }
}
# Firewall for virtual machines (newer systems).
function Read-FirewallHyperv($d) {
    foreach ($step in @(Read-Steps $d)) {
        $row = $step.Row; foreach ($column in 'LocalPorts', 'RemotePorts', 'LocalAddresses', 'RemoteAddresses') { if ($null -eq $row[$column]) { $row[$column] = @() } }
        if ([string]$step.Object['Name'] -match '\{[^}]*\}') { $row['VMCreatorId'] = ConvertTo-GuidText $matches[0] }
        if (-not $row['InstanceId']) { $row['InstanceId'] = [string]$step.Object['VMCreatorId'] }
    }
}

# ---- Accounts and policy ----

# Local groups with their members, read once for two datasets.
function Get-LocalGroupData($d) {
    if ($null -eq $script:LocalGroups) {
        $groups = @(Get-AdsiGroups)
        foreach ($group in $groups) {
            $group.Members = $null; $group.Failure = $null
            try { if (Test-Late $d) { throw (New-Object System.TimeoutException('time limit')) } else { $group.Members = @(Get-AdsiGroupMembers $group.Name) } } catch { $group.Failure = $_.Exception }
        }
        $script:LocalGroups = $groups
    }
    foreach ($group in $script:LocalGroups) { if ($null -ne $group.Failure) { $d.Lost = $true; [void](Add-DatasetError $d ('com:WinNT://' + $group.Name) $group.Failure) } }
    return $script:LocalGroups
}
# Local groups.
function Read-LocalGroups($d) {
    foreach ($group in @(Read-List $d 'com:WinNT' { Get-LocalGroupData $d })) { Add-ObjectRow $d @{ MemberCount = $(if ($null -ne $group.Members) { $group.Members.Length }) } $group 'Sid,Name,Description=Description:short' }
}
# Members of local groups; members of nested domain groups on demand.
function Read-LocalGroupMembers($d) {
    foreach ($group in @(Read-List $d 'com:WinNT' { Get-LocalGroupData $d })) {
        foreach ($member in @($group.Members | Where-Object { $_ })) {
            $parts = @(([string]$member.Path -replace '^WinNT://', '').Split('/') | Where-Object { $_ }); $last = [string]($parts | Select-Object -Last 1); $sid = $member.Sid
            if (-not $sid -and $last -match '^S-1-\d+(-\d+)+$') { $sid = $last }
            $row = Add-Row $d @{ GroupSid = $group.Sid; GroupName = $group.Name; MemberSid = $sid; MemberPath = $member.Path; MemberName = $sid; Depth = 0; Class = 'Unknown'; Resolved = ($last -ne '' -and $last -notmatch '^S-1-') }
            if ($row['Resolved']) { $row['MemberName'] = [string]::Join('\', [string[]]@($parts | Select-Object -Last 2)); $row['Class'] = Get-MemberClass $member }
            if (-not $sid) { Set-CellError $row 'MemberSid' 'notFound' }
            if ($script:Options.ExpandDomainGroups -and $row['Class'] -eq 'Group' -and $sid -match '^S-1-5-21-' -and -not ($script:MachineSid -and $sid.StartsWith($script:MachineSid + '-'))) { Expand-DomainGroup $d $group $sid }
        }
    }
}
# The class of a member in the words of the format.
function Get-MemberClass($Member) { return @(@('User', 'Group', 'Computer' | Where-Object { $_ -eq $Member.Class }) + @('Unknown'))[0] }
# Members of a domain group and of the groups in it, at most 500 each.
function Expand-DomainGroup($d, $Group, $Sid) {
    $queue = @(@{ Sid = $Sid; Depth = 1 })
    for ($i = 0; $i -lt $queue.Length -and $queue[$i].Depth -le 20; $i++) {
        $via = $queue[$i]; $where = 'com:LDAP group ' + $via.Sid; $members = @(Read-List $d $where { Get-DirectoryGroupMembers $via.Sid 500 })
        if ($members.Length -ge 500) { $d.Lost = $true; Add-ErrorEntry $d $where 'truncated' $null 'only 500 members of this group are listed' }
        foreach ($member in $members) {
            $row = Add-ObjectRow $d @{ GroupSid = $Group.Sid; GroupName = $Group.Name; Class = (Get-MemberClass $member); Resolved = $true; Depth = $via.Depth; ViaSid = $via.Sid } $member 'MemberSid=Sid,MemberName=Name'
            if ($row['Class'] -eq 'Group' -and @($queue | Where-Object { $_.Sid -eq $member.Sid }).Length -eq 0) { $queue += @{ Sid = $member.Sid; Depth = $via.Depth + 1 } }
        }
    }
}
# Local user accounts.
function Read-LocalUsers($d) {
    if ($script:HostFacts.ProductType -eq 2) { $d.Absent = 'domainController'; return }
    foreach ($step in @(Read-Steps $d)) { Read-Cells $d $step.Row 'UserFlags,LastLogonUtc=LastLogin,PasswordLastSetUtc=PasswordAge:ago' { Get-AdsiUserFacts $step.Row['Name'] } }
}
# Password and lockout policy; negative numbers stand for none.
function Read-AccountPolicy($d) {
    $map = @(Get-Steps 'account_policy.adsi')[0].Map; $answer = Invoke-Source $d 'com:WinNT' ($map -replace '=[^,]*', '') { Get-AdsiAccountPolicy }
    if ($answer.Ok) { Add-ObjectRow $d @{} $answer.Value $map }
}
# Applied computer policies.
function Read-Gpo($d) {
    $root = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy'; $state = $root + '\State\Machine'
    $applied = @(foreach ($extension in @(Read-SubKeys $d ($root + '\History'))) {
        foreach ($object in (Read-Objects $d ($root + '\History\' + $extension + '\*') 'GPOName').Rows) { @{ Extension = (ConvertTo-GuidText $extension); Policy = [string]$object['GPOName'] } }
    })
    $ended = Invoke-Source $d ('reg:' + $state + '\Extension-List') 'LastApplyUtc' {
        $data = Get-KeyData ($state + '\Extension-List\{00000000-0000-0000-0000-000000000000}') 'endTimeHi,endTimeLo'; ConvertFrom-FileTime ([decimal]$data['endTimeHi'] * 4294967296 + [decimal]$data['endTimeLo'])
    }
    foreach ($data in @((Read-Objects $d ($state + '\GPO-List\*') 'DisplayName,GPOID,GPOName,SOM,Link,Version').Rows | Where-Object { $_['*'] -match '^\d+$' })) {
        $id = [string]$(if (ConvertTo-GuidText $data['GPOID']) { $data['GPOID'] } else { $data['GPOName'] }); $row = Add-ObjectRow $d @{ Guid = (ConvertTo-GuidText $id); LastApplyUtc = $ended.Value } $data 'Order=*,Name=DisplayName,Link=SOM,Version'
        if (-not $row['Name']) { $row['Name'] = $id }
        if (-not $row['Link']) { $row['Link'] = $data['Link'] }
        $row['Extensions'] = @($applied | Where-Object { $_.Policy -and ($_.Policy -eq $id -or $_.Policy -eq $data['GPOName']) } | ForEach-Object { $_.Extension } | Sort-Object -Unique)
    }
}

# ---- Shares, remote access, protection ----

# Shares and their permissions; these come from WMI, or from the registry where WMI does not answer, and are null for a share without its own.
function Read-SmbShares($d) {
    $modern = Test-Since '2012'; $types = @{}; $steps = @(Read-Steps $d)
    if ($modern -and $steps.Length -gt 0) { foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_Share' 'Type').Rows) { $types[[string]$object['Name']] = $object['Type'] }; $d.Unread.Remove('Type') }
    foreach ($step in $steps) {
        $row = $step.Row; $name = [string]$row['Name']
        if ($modern) { $row['Type'] = $(if ($null -ne $types[$name]) { $types[$name] } elseif ($row['Special']) { [long]$step.Object['ShareType'] -bor 2147483648 } else { [long]$step.Object['ShareType'] }); continue }
        $row['Special'] = ([long]$row['Type'] -ge 2147483648)
        if ($row['Special']) { continue }
        Read-Cell $d $row 'ShareSddl' {
            try { Get-WmiObjectSddl 'root\cimv2' ('Win32_LogicalShareSecuritySetting.Name="' + $name + '"') }
            catch {
                $bytes = (Get-KeyData 'HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Shares\Security' $name)[$name]
                if ($bytes -is [byte[]]) { ConvertTo-SddlText $bytes } elseif ((Get-FaultType $_) -ne 'notFound') { throw }
            }
        }
    }
}
# WinRM listeners.
function Read-WinrmListeners($d) {
    foreach ($data in (Read-Objects $d 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*' 'Port,enabled,hostname,uriprefix,certThumbprint').Rows) {
        if ($null -eq $data['enabled']) { $data['enabled'] = $true }
        if ($data['*'] -match '^(.*)\+(HTTPS?)$') { Add-ObjectRow $d @{ Address = $matches[1]; Transport = $matches[2].ToUpperInvariant() } $data 'Port,HostName=hostname,UriPrefix=uriprefix,Enabled=enabled,CertificateThumbprint=certThumbprint:thumbprint' }
    }
}
# PowerShell remoting endpoints: listed facts out of ConfigXML, which itself never leaves this function.
function Read-PsEndpoints($d) {
    $root = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Plugin'
    foreach ($name in @(Read-SubKeys $d $root)) {
        $answer = Invoke-Source $d ('reg:' + $root + '\' + $name) $null {
            $text = [string](Get-KeyData ($root + '\' + $name) 'ConfigXML')['ConfigXML']
            if ($text) { $xml = New-Object System.Xml.XmlDocument; $xml.XmlResolver = $null; $xml.LoadXml($text); @{ Top = $xml.DocumentElement } }
        }
        if ($null -eq $answer.Value) { continue }
        $top = $answer.Value.Top; $parameters = @{}; foreach ($node in $top.GetElementsByTagName('Param')) { $parameters[$node.GetAttribute('Name')] = $node.GetAttribute('Value') }
        $row = Add-Row $d @{ Name = $name; Enabled = ($top.GetAttribute('Enabled') -ne 'false'); HasRunAsUser = [bool]$top.GetAttribute('RunAsUser'); RunAsVirtualAccount = ('true' -eq $parameters['RunAsVirtualAccount'] -or 'true' -eq $top.GetAttribute('RunAsVirtualAccount'))
            RunAsGmsa = [bool]([string]$parameters['GroupManagedServiceAccount'] + $top.GetAttribute('GroupManagedServiceAccount')) }
        foreach ($node in $top.GetElementsByTagName('Resource')) { $row['Uri'] = $node.GetAttribute('ResourceUri'); break }
        foreach ($node in $top.GetElementsByTagName('Security')) { if ($node.GetAttribute('Sddl')) { $row['Sddl'] = $node.GetAttribute('Sddl') }; break }
        if (-not $parameters['configfilepath']) { continue }
        $row['ConfigFilePath'] = $parameters['configfilepath']
        Read-Cell $d $row 'LanguageMode' {
            $text = [System.Text.Encoding]::UTF8.GetString((Read-FileBytes (Expand-SystemPath $row['ConfigFilePath']) 1048576)).Replace([string][char]0, '')
            if ($text -match '(?m)^\s*LanguageMode\s*=\s*["'']?(\w+)') { $matches[1] }
        }
    }
}
# Security of WMI namespaces.
function Read-WmiSecurity($d) {
    foreach ($name in 'root', 'root\cimv2', 'root\virtualization', 'root\virtualization\v2', 'root\MSCluster', 'root\StandardCimv2', 'root\Microsoft\Windows\Hyper-V', 'root\Microsoft\Windows\Storage', 'root\Microsoft\Windows\Defender', 'root\subscription') {
        $answer = Invoke-Source $d ('wmi:' + $name) $null { try { Get-WmiNamespaceSddl $name } catch { if ((Get-FaultType $_) -ne 'invalidNamespace') { throw } } }
        if ($answer.Ok) { Add-Row $d @{ Namespace = $name; Exists = ($null -ne $answer.Value); Sddl = $answer.Value } }
    }
}
# SNMP: how many communities, never their names.
function Read-Snmp($d) {
    $service = 'HKLM\SYSTEM\CurrentControlSet\Services\SNMP\Parameters'; $policy = 'HKLM\SOFTWARE\Policies\SNMP\Parameters'
    $answer = Invoke-Source $d ('reg:' + $service) $null {
        if (Test-ServiceKey 'SNMP') {
            $rights = Get-AllData ($service + '\ValidCommunities'); $names = @($rights.Keys) + @((Get-AllData ($policy + '\ValidCommunities')).Values | ForEach-Object { [string]$_ })
            $managers = @(foreach ($root in $service, $policy) { $texts = Get-AllData ($root + '\PermittedManagers'); $texts.Keys | Sort-Object | ForEach-Object { [string]$texts[$_] } })
            @{ CommunityCount = $names.Length; DefaultCommunityNames = @('public', 'private' | Where-Object { $names -contains $_ }); WritableCommunityCount = @($rights.Values | Where-Object { 8, 16 -contains $_ }).Length; PermittedManagers = $managers; PolicyPresent = ($null -ne (Get-RegistrySubKeyNames $policy)) }
        }
    }
    if ($null -ne $answer.Value) { Add-Row $d $answer.Value } elseif ($answer.Ok) { $d.Absent = 'featureAbsent' }
}
# Which Microsoft antivirus is there: defender, scep or none.
function Get-AntivirusProduct { if (Test-ServiceKey 'MsMpSvc') { 'scep' } elseif (Test-ServiceKey 'WinDefend') { 'defender' } else { 'none' } }
# Microsoft antivirus: state and preferences. A text that begins with N/A: means that the product hides its exclusions.
function Read-Antivirus($d) {
    $product = Invoke-Source $d 'reg:HKLM\SYSTEM\CurrentControlSet\Services' 'Product' { Get-AntivirusProduct }; $row = Add-Row $d @{ Product = $product.Value; ExclusionsHidden = $false }
    if ($product.Value -ne 'defender' -or -not (Test-Since '2016')) { return }
    $objects = @(Read-Steps $d $row 'antivirus.state' | ForEach-Object { $_.Object })
    if ($d.Unread.ContainsKey('DisableAutoExclusions')) { Set-Unread $d 'ExclusionsHidden' $d.Unread['DisableAutoExclusions'] }
    $row['ExclusionsHidden'] = (@('ExclusionPath', 'ExclusionProcess', 'ExclusionExtension', 'ExclusionIpAddress' | ForEach-Object { foreach ($object in $objects) { $object[$_] } } | Where-Object { [string]$_ -like 'N/A:*' }).Length -gt 0)
}
# Antivirus exclusions: local, by policy, effective.
function Read-DefenderExclusions($d) {
    $product = Invoke-Source $d 'reg:HKLM\SYSTEM\CurrentControlSet\Services' $null { Get-AntivirusProduct }
    if ($product.Value -eq 'none') { $d.Absent = 'featureAbsent'; return }
    $modern = Test-Since '2016'; $keys = @{ local = 'HKLM\SOFTWARE\Microsoft\Microsoft Antimalware\Exclusions' }; $preferences = @()
    if ($modern) { $keys = @{ local = 'HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions'; policy = 'HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions' }; $preferences = @((Read-Wmi $d 'root\Microsoft\Windows\Defender' 'MSFT_MpPreference').Rows) }
    foreach ($kind in @(@('path', 'Paths', 'ExclusionPath'), @('process', 'Processes', 'ExclusionProcess'), @('extension', 'Extensions', 'ExclusionExtension'), @('ip', 'IpAddresses', 'ExclusionIpAddress'), @('asrOnly', $null, 'AttackSurfaceReductionOnlyExclusions'))) {
        $found = @{ effective = @($preferences | ForEach-Object { $_[$kind[2]] }) }
        foreach ($source in @($keys.Keys | Where-Object { $kind[1] })) { $key = $keys[$source] + '\' + $kind[1]; $found[$source] = @(Read-List $d ('reg:' + $key) { Get-ValueNames $key }) }
        foreach ($source in $found.Keys) {
            foreach ($value in @($found[$source] | Where-Object { $_ })) { $hidden = ($value -like 'N/A:*'); Add-Row $d @{ Kind = $kind[0]; Source = $source; Value = $(if (-not $hidden) { [string]$value }); Hidden = $hidden } }
        }
    }
}
# Certificates of three computer stores.
function Read-Certificates($d) {
    foreach ($store in 'My', 'Remote Desktop', 'Shielded VM Local Certificates') {
        foreach ($found in @(Read-List $d ('other:certificate store ' + $store) { Get-StoreCertificates $store })) {
            Add-ObjectRow $d @{ Store = $store; SelfSigned = ($found.Subject -eq $found.Issuer); SanDns = @(Get-DnsNames $found.SanRaw) } $found 'Thumbprint,Subject,Issuer,SigAlg,KeyAlg,KeyBits,Eku,HasPrivateKey,NotBeforeUtc=NotBefore,NotAfterUtc=NotAfter'
        }
    }
}
# DNS names (context tag 2) in the DER bytes of a subject alternative name extension, which is a sequence (tag 0x30) of names.
function Get-DnsNames($Bytes) {
    $at = 0
    while ($null -ne $Bytes -and $at + 1 -lt $Bytes.Length) {
        $tag = $Bytes[$at]; $length = [int]$Bytes[$at + 1]; $at += 2
        if ($length -ge 0x80) { $digits = $length - 0x80; $length = [double]0; for (; $digits -gt 0 -and $at -lt $Bytes.Length; $digits--) { $length = $length * 256 + $Bytes[$at]; $at++ } }
        if ($tag -eq 0x82 -and $at + $length -le $Bytes.Length) { [System.Text.Encoding]::ASCII.GetString($Bytes, $at, $length) }
        if ($tag -ne 0x30) { $at += $length }
    }
}

# ---- Storage and network ----

# Physical disks with bus, size and health.
function Read-Disks($d) { foreach ($step in @(Read-Steps $d)) { if (-not $step.Row['Model']) { $step.Row['Model'] = $step.Object['Model'] } } }
# Volumes with mount folders, disks and deduplication.
function Read-Volumes($d) {
    $folders = @{}; $disks = @{}; $savings = @{}; $steps = @(Read-Steps $d)
    if ($steps.Length -eq 0) { return }
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_MountPoint' 'MountPaths').Rows) {
        if (([string]$object['Volume'] + ' ' + $object['Directory']) -match 'DeviceID="(.+)" .*Name="(.+)"') { $id = $matches[1].Replace('\\', '\'); $folders[$id] = @($folders[$id]) + @($matches[2].Replace('\\', '\')) }
    }
    if (Test-Since '2012') {
        foreach ($object in (Read-Wmi $d 'root\Microsoft\Windows\Storage' 'MSFT_Partition' 'DiskNumbers').Rows) { foreach ($path in @($object['AccessPaths'] | Where-Object { $_ })) { $disks[$path] = @($disks[$path]) + @([int]$object['DiskNumber']) } }
        foreach ($object in (Read-Wmi $d 'root\Microsoft\Windows\Deduplication' 'MSFT_DedupVolume' 'DedupEnabled,DedupUsageType' $true).Rows) { $savings[(Get-VolumeGuid $object['VolumeId'])] = $object }
    }
    else {
        foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_LogicalDiskToPartition' 'DiskNumbers').Rows) {
            if (([string]$object['Antecedent'] + ' ' + $object['Dependent']) -match 'Disk #(\d+).* .*DeviceID="([A-Z]:)"') { $path = $matches[2] + '\'; $disks[$path] = @($disks[$path]) + @([int]$matches[1]) }
        }
    }
    foreach ($step in $steps) {
        $row = $step.Row; $id = [string]$row['DeviceId']; $letter = [string]$row['DriveLetter']; $saving = $savings[(Get-VolumeGuid $id)]
        $row['MountPaths'] = @($folders[$id] | Where-Object { $_ -and $_.TrimEnd('\') -ne $letter } | Sort-Object)
        $row['IsCsv'] = ($row['FileSystem'] -eq 'CSVFS' -or @($row['MountPaths'] -like ($script:Variables['SystemDrive'] + '\ClusterStorage\*')).Length -gt 0)
        foreach ($path in $id, ($letter + '\')) { if ($null -eq $row['DiskNumbers'] -and $disks.ContainsKey($path)) { $row['DiskNumbers'] = @($disks[$path] | Where-Object { $null -ne $_ } | Sort-Object -Unique) } }
        if ($null -ne $saving) { Copy-Properties $d $row $null $saving 'DedupEnabled=Enabled,DedupUsageType=UsageType' }
    }
}
# The GUID in the name of a volume.
function Get-VolumeGuid($Name) { return [string](ConvertTo-GuidText ([string]$Name -replace '^.*Volume|\\$', '')) }
# iSCSI connections; before Windows Server 2012 they stand in their sessions.
function Read-IscsiConnections($d) {
    Read-Steps $d
    if (Test-Since '2012') { return }
    foreach ($object in (Read-Wmi $d 'root\wmi' 'MSiSCSIInitiator_SessionClass').Rows) {
        foreach ($one in @($object['ConnectionInformation'] | Where-Object { $_ -is [hashtable] })) { Add-ObjectRow $d @{ SessionIdentifier = (Convert-Value $object['SessionId'] 'iscsi') } $one 'ConnectionIdentifier=ConnectionId:iscsi,InitiatorAddress,InitiatorPort,TargetAddress,TargetPort' }
    }
}
# Network adapters without those of remote access: from the newer class with VMQ, SR-IOV and RDMA, else from the older one and the registry.
function Read-NetAdapters($d) {
    $root = 'HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}'; $virtual = '^(ms_(ndiswan|l2tp|pptp|pppoe|sstp|agilevpn)|\*?msloop)'
    $common = 'Mac=MACAddress:mac,ConnectionStatus=NetConnectionStatus,ConfigManagerErrorCode'; $byGuid = @{}; $classes = @{}
    $old = Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapter' 'Mac,ConnectionStatus,ConfigManagerErrorCode'
    foreach ($object in @($old.Rows | Where-Object { $_['GUID'] })) { $byGuid[[string](ConvertTo-GuidText $object['GUID'])] = $object }
    foreach ($step in @(Get-Steps 'net_adapters')) {
        $modern = Read-Objects $d $step.Source $step.Map $(if ($old.Ok) { 'PermanentMac,Virtual,AdminStatus,OperStatus,MediaState,VlanId,MtuBytes' })
        foreach ($object in @($modern.Rows | Where-Object { [string]$_['ComponentID'] -notmatch $virtual })) {
            $guid = [string](ConvertTo-GuidText $object['InterfaceGuid']); if (-not $guid) { continue }
            $row = Add-Row $d @{}; Copy-Properties $d $row $modern $object $step.Map
            if ($row['OperStatus'] -eq 1) { $row['SpeedBps'] = $object['ReceiveLinkSpeed'] }
            if ($byGuid.ContainsKey($guid)) { Copy-Properties $d $row $old $byGuid[$guid] $common }
        }
        if (-not $modern.Ok) { continue }
        foreach ($feature in @(Get-Steps 'net_adapters.feature')) {
            $answer = Read-Objects $d $feature.Source $feature.Map ($feature.Map -replace '=[^,]*', ''); $byName = @{}; foreach ($object in $answer.Rows) { $byName[[string]$object['Name']] = $object }
            foreach ($row in $d.Rows) { if ($byName.ContainsKey([string]$row['Name'])) { Copy-Properties $d $row $answer $byName[[string]$row['Name']] $feature.Map } }
        }
        return
    }
    foreach ($number in @(Read-SubKeys $d $root | Where-Object { $_ -match '^\d{4}$' })) {
        foreach ($data in (Read-Objects $d ($root + '\' + $number) 'NetCfgInstanceId,ComponentId,DriverVersion,DriverDate,ProviderName' 'ComponentId,DriverVersion,DriverDateUtc,DriverProvider').Rows) { $classes[[string](ConvertTo-GuidText $data['NetCfgInstanceId'])] = $data }
    }
    foreach ($guid in @($byGuid.Keys | Where-Object { $_ } | Sort-Object)) {
        $data = $(if ($classes.ContainsKey($guid)) { $classes[$guid] } else { @{} }); if ([string]$data['ComponentId'] -match $virtual) { continue }
        $row = Add-ObjectRow $d @{} $data 'ComponentId,DriverVersion,DriverProvider=ProviderName,DriverDateUtc=DriverDate:date'
        Copy-Properties $d $row $old $byGuid[$guid] ('InterfaceGuid=GUID,InterfaceIndex,Name=NetConnectionID,Description,PnpId=PNPDeviceID,IsPhysical=PhysicalAdapter,' + $common)
        if ($row['ConnectionStatus'] -eq 2) { $row['SpeedBps'] = $byGuid[$guid]['Speed'] }
    }
}
# IP addresses.
function Read-NetIp($d) {
    Read-Steps $d
    if (Test-Since '2012') { return }
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapterConfiguration').Rows) {
        $masks = @($object['IPSubnet']); $at = 0
        foreach ($address in @($object['IPAddress'] | Where-Object { $_ })) { Add-ObjectRow $d @{} (@{ Address = $address; Mask = $masks[$at++] } + $object) 'InterfaceIndex,InterfaceGuid=SettingID,Address=Address:zone,Family=Address:family,PrefixLength=Mask:prefix' }
    }
}
# Interfaces with gateways, DNS and forwarding; some columns come from the older class on every system.
function Read-NetInterfaces($d) {
    $byIndex = @{}; $servers = @{}; $modern = Test-Since '2012'; $old = Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapterConfiguration' $(if ($modern) { 'Gateways,DnsSuffix,RegisterDns,NetBios' })
    foreach ($object in $old.Rows) { $byIndex[[string]$object['InterfaceIndex']] = $object }
    if ($modern) { foreach ($object in (Read-Wmi $d 'root\StandardCimv2' 'MSFT_DNSClientServerAddress' 'DnsServers').Rows) { $servers[[string]$object['InterfaceIndex'] + ' ' + $object['AddressFamily']] = $object['ServerAddresses'] } }
    foreach ($step in @(Read-Steps $d)) {
        $step.Row['Family'] = @{ '2' = 'IPv4'; '23' = 'IPv6' }[[string]$step.Object['AddressFamily']]; $step.Row['DnsServers'] = @($servers[[string]$step.Object['InterfaceIndex'] + ' ' + $step.Object['AddressFamily']] | Where-Object { $_ })
    }
    foreach ($object in @($old.Rows | Where-Object { -not $modern -and $_['IPEnabled'] })) {
        foreach ($family in @(@($object['IPAddress'] | Where-Object { $_ } | ForEach-Object { Convert-Value $_ 'family' }) | Sort-Object -Unique)) {
            $row = Add-ObjectRow $d @{ Family = $family; DnsServers = @($object['DNSServerSearchOrder'] | Where-Object { $_ -and (Convert-Value $_ 'family') -eq $family }) } $object 'InterfaceIndex,InterfaceGuid=SettingID,Metric=IPConnectionMetric'
            if ($family -eq 'IPv4') { $row['Dhcp'] = $object['DHCPEnabled'] }
        }
    }
    foreach ($row in $d.Rows) {
        $object = $byIndex[[string]$row['InterfaceIndex']]; $family = $row['Family']; $row['Gateways'] = @(); if ($null -eq $object) { continue }
        $row['DnsSuffix'] = $object['DNSDomain']; $row['Gateways'] = @($object['DefaultIPGateway'] | Where-Object { $_ -and (Convert-Value $_ 'family') -eq $family })
        if ($family -eq 'IPv4') { $row['RegisterDns'] = $object['FullDNSRegistrationEnabled']; $row['NetBios'] = $object['TcpipNetbiosOptions'] }
    }
}
# Network categories.
function Read-NetProfile($d) {
    Read-Steps $d
    if (-not (Test-Since '2012')) { foreach ($one in @(Read-List $d 'com:NetworkListManager' { Get-NetworkConnections })) { Add-ObjectRow $d @{} $one 'InterfaceGuid=AdapterId,NetworkName=Name,Category' } }
}
# Teams with their members.
function Read-NetTeams($d) {
    Read-Steps $d
    if ($d.Absent -or $d.Errors.Count -gt 0) { return }
    $members = @((Read-Wmi $d 'root\StandardCimv2' 'MSFT_NetLbfoTeamMember' 'Members,MemberDescriptions').Rows | Sort-Object { [string]$_['Name'] })
    foreach ($row in $d.Rows) {
        $own = @($members | Where-Object { $_['Team'] -eq $row['Team'] })
        $row['Members'] = @($own | ForEach-Object { [string]$_['Name'] }); $row['MemberDescriptions'] = @($own | ForEach-Object { [string]$_['InterfaceDescription'] })
    }
}

# ---- Event logs, directory, encryption, policy files ----

# Settings of the event logs of the table.
function Read-Eventlogs($d) {
    $channels = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels'; $classic = 'HKLM\SYSTEM\CurrentControlSet\Services\EventLog'; $map = @(Get-Steps 'eventlogs.key')[0].Map
    $modern = @(Read-SubKeys $d $channels); $old = @(Read-SubKeys $d $classic); $wanted = @{}
    foreach ($entry in $script:EventChannels) {
        if ($old -contains $entry.Name -and -not $entry.Prefix) { $wanted[$entry.Name] = $classic + '\' + $entry.Name; continue }
        foreach ($name in @($modern -like ($entry.Name + $(if ($entry.Prefix) { '*' })))) { $wanted[$name] = $channels + '\' + $name }
    }
    foreach ($name in @($wanted.Keys | Sort-Object)) {
        $data = Read-KeyData $d $wanted[$name] (@(Get-MapNames $map) + @('Enabled', 'CustomSD', 'Security')); if ($null -eq $data) { continue }
        $row = Add-ObjectRow $d @{ Channel = $name; Enabled = ($wanted[$name].StartsWith($classic) -or $data['Enabled'] -eq 1) } $data $map
        if (-not $row['ChannelAccess']) { Copy-Properties $d $row $null $data $(if ($data['CustomSD']) { 'ChannelAccess=CustomSD' } else { 'ChannelAccess=Security:sddl' }) }
        if ($script:Elevated) { Read-Cells $d $row 'FileSizeBytes=FileSize,RecordCount,OldestRecordUtc=OldestUtc,NewestRecordUtc=NewestUtc' { Get-EventLogFacts $name } }
    }
}
# Counts of the selected events. No text of an event leaves the host.
function Read-EventSummary($d) {
    foreach ($entry in $script:EventSelection) {
        $ids = @($entry.Ids | Where-Object { $_ -match '^\d+$' } | ForEach-Object { 'EventID=' + $_ }); if ($entry.Ids[0] -eq 'allErrorsAndWarnings') { $ids = @('Level=1', 'Level=2', 'Level=3') }
        $query = $(if ($entry.Provider -ne '*') { "Provider[@Name='" + $entry.Provider + "'] and " }) + $(if ($ids.Length -gt 0) { '(' + [string]::Join(' or ', $ids) + ') and ' }) + 'TimeCreated[timediff(@SystemTime) <= ' + ([long]$entry.Days * 86400000) + ']'
        $events = @(Read-List $d ('other:event log ' + $entry.Channel) { try { Get-EventFacts $entry.Channel ('*[System[' + $query + ']]') $entry.Fields 1000 20 } catch { if ((Get-FaultType $_) -ne 'notFound') { throw } } }); $found = @{}
        foreach ($event in $events) {
            $id = $event.Provider + '|' + $event.Id; $scheduler = $null; $user = $null
            if ([string]$event.Data['SchedulerType'] -match '^(0x[0-9a-fA-F]+|\d+)$') { $scheduler = [int]$event.Data['SchedulerType'] }
            if ([string]$event.Data['SubjectUserSid'] -match '^S-1-[0-9-]+$') { $user = $event.Data['SubjectUserSid'] }
            if (-not $found.ContainsKey($id)) {
                $found[$id] = Add-Row $d @{ Channel = $entry.Channel; Provider = $event.Provider; EventId = $event.Id; Level = $event.Level; Count = 0; FirstUtc = $event.TimeUtc; LastUtc = $event.TimeUtc; WindowDays = $entry.Days
                    Capped = ($events.Length -ge 1000); LastData = (New-Ordered @('SchedulerType', $scheduler, 'SubjectUserSid', $user)) }
            }
            $row = $found[$id]; $row['Count']++; $row['Level'] = [System.Math]::Min($row['Level'], $event.Level); if ($event.TimeUtc -lt $row['FirstUtc']) { $row['FirstUtc'] = $event.TimeUtc }
        }
    }
}
# Own computer account in the directory.
function Read-AdComputer($d) {
    if ($false -eq $script:HostFacts.Joined) { $d.Absent = 'notDomainJoined'; return }
    if (-not $script:ComputerSid) {
        $cause = @(@($script:Done['computer'] | Where-Object { $_ } | ForEach-Object { $_.Errors } | ForEach-Object { $_['type'] }) + @('unavailable'))[0]; $d.Lost = $true
        Add-ErrorEntry $d 'com:LDAP' $cause $null 'the computer account could not be looked up'; return
    }
    $map = @(Get-Steps 'ad_computer.object')[0].Map; $answer = Invoke-Source $d 'com:LDAP' $null { Get-DirectoryObject $script:ComputerSid @(@('objectSid') + @(Get-MapNames $map)) }
    if ($answer.Ok -and $null -eq $answer.Value) { Add-ErrorEntry $d 'com:LDAP' 'notFound' $null 'no computer account' }
    if ($null -eq $answer.Value) { return }
    Add-ObjectRow $d @{ ObjectSid = $script:ComputerSid } $answer.Value $map
}
# BitLocker state, the kinds of key protectors of each volume and the SIDs of those bound to accounts. Protector ids are counted and dropped.
function Read-Bitlocker($d) {
    $space = 'root\cimv2\Security\MicrosoftVolumeEncryption'
    foreach ($step in @(Read-Steps $d)) {
        $row = $step.Row; $path = 'Win32_EncryptableVolume.DeviceID="' + ([string]$step.Object['DeviceID']).Replace('\', '\\') + '"'
        foreach ($call in 'GetProtectionStatus|ProtectionStatus', 'GetConversionStatus|ConversionStatus,EncryptionPercentage', 'GetEncryptionMethod|EncryptionMethod', 'GetLockStatus|LockStatus', 'GetSuspendCount|SuspendCount') {
            $method, $columns = $call.Split('|')
            if (-not $d.Missing.ContainsKey($columns) -and -not (Test-Late $d)) { Read-Cells $d $row $columns { Invoke-WmiReadMethod $space $path $method @{} ($columns.Split(',')) @() } }
        }
        if ($row['LockStatus'] -eq 1 -or (Test-Late $d)) { continue }
        Read-Cells $d $row 'ProtectorTypes,AdProtectorSids' {
            $types = @(); $sids = @()
            for ($type = 1; $type -le 10; $type++) {
                $ids = @((Invoke-WmiReadMethod $space $path 'GetKeyProtectors' @{ KeyProtectorType = [uint32]$type } @('VolumeKeyProtectorID') @())['VolumeKeyProtectorID'] | Where-Object { $_ })
                if ($ids.Length -gt 0) { $types += $type }
                if ($type -eq 10) { foreach ($id in $ids) { $sids += @((Invoke-WmiReadMethod $space $path 'GetKeyProtectorAdSidInformation' @{ VolumeKeyProtectorID = $id } @('SidString') @())['SidString'] | Where-Object { $_ }) } }
            }
            @{ ProtectorTypes = $types; AdProtectorSids = $sids }
        }
    }
}
# A step that yields one raw file, with the size limit of raw files.
function Read-RawFile($d, $Where, $Name, $Block) {
    try { $file = & $Block; $d.Answered++ }
    catch {
        $inner = Get-InnerException $_.Exception
        if ($null -ne $inner.Data['Length']) { $d.Truncated = $true; $d.TruncatedBy = 'bytes'; Add-ErrorEntry $d $Where 'truncated' $null $inner.Message } else { $d.Lost = $true; [void](Add-DatasetError $d $Where $inner) }
        return
    }
    Add-Copy $d $Name $file.Bytes $file.MtimeUtc
    return , $file.Bytes
}
# Security policy and user rights.
function Read-Secedit($d) {
    [void]$script:SideEffects.Add('secedit appended to ' + $script:Variables['SystemRoot'] + '\security\logs\scesrv.log; one temporary file in the output folder, deleted again')
    $bytes = Read-RawFile $d 'exec:secedit' 'raw/secpol/secedit.inf' { Get-SecurityPolicyFile $script:WorkFolder }
    if ($bytes) { $script:SecurityPolicy = [System.Text.Encoding]::Unicode.GetString($bytes) }
}
# Audit policy.
function Read-Auditpol($d) {
    [void]$script:SideEffects.Add('auditpol wrote one temporary file in the output folder, deleted again')
    [void](Read-RawFile $d 'exec:auditpol' 'raw/secpol/auditpol.csv' { Get-AuditPolicyFile $script:WorkFolder })
}
# Authorization stores of Hyper-V: where they are, and the facts of their files.
function Read-Azman($d) {
    $data = Read-KeyData $d 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization' 'StoreLocation,ServiceApplication'
    if ($null -eq $data) { return }
    $location = [string]$data['StoreLocation']; $default = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V\InitialStore.xml'; $common = @{ StoreLocation = $data['StoreLocation']; ServiceApplication = $data['ServiceApplication'] }
    $row = Add-Row $d (@{ StoreRole = 'active'; LocationSource = 'default'; Scheme = 'msxml'; StorePath = $default } + $common)
    if ($location) { $row['LocationSource'] = 'registry'; $row['Scheme'] = 'other'; $row['StorePath'] = $null }
    if ($location -match '^(msxml|msldap|mssql)://') { $row['Scheme'] = $matches[1].ToLowerInvariant() }
    if ($location -match '^msxml://(.*)$') { $row['StorePath'] = Expand-SystemPath ($matches[1].Replace('|', ':').Replace('/', '\').Replace('%20', ' ').TrimStart('\')) }
    if ($row['StorePath']) { Read-StoreFile $d $row }
    if ($row['StorePath'] -eq $default) { return }
    $second = Add-Row $d (@{ StoreRole = 'default'; LocationSource = 'default'; Scheme = 'msxml'; StorePath = $default } + $common)
    Read-StoreFile $d $second
    if ($false -eq $second['Exists']) { $d.Rows.Remove($second) }
}
# Facts of a store file; its bytes are kept for the copy.
function Read-StoreFile($d, $Row) {
    $path = $Row['StorePath']
    try {
        $facts = Get-FileFacts $path
        $Row['Exists'] = ($null -ne $facts)
        if ($null -eq $facts) { return }
        Copy-Properties $d $Row $null $facts 'SizeBytes=Length,LastWriteUtc'
        $bytes = Read-FileBytes $path 16777216
        Read-Cell $d $Row 'Sha256' { Get-Sha256 $bytes $bytes.Length }
        $script:AzmanBytes[$path] = @{ Bytes = $bytes; Mtime = $facts.LastWriteUtc; Row = $Row; Failure = $null }
        if (Test-Unwanted $script:AllByName['azman_store']) { return }
        $name = ($path -replace '^.*\\|\.[^.\\]*$', '' -replace '[^A-Za-z0-9_.-]', '_') + '.xml'
        if (@($script:AzmanBytes.Values | Where-Object { $_.Row['RawFile'] -eq ('raw/azman/' + $name) }).Length -gt 0) { $name = 'default_' + $name }
        $Row['RawFile'] = 'raw/azman/' + $name
    }
    catch {
        $inner = Get-InnerException $_.Exception; $type = $(if ($null -ne $inner.Data['Length']) { 'tooLong' } else { Get-ErrorType $inner })
        foreach ($column in 'Exists', 'SizeBytes', 'LastWriteUtc', 'Sha256') { if ($null -eq $Row[$column]) { Set-CellError $Row $column $type } }
        $script:AzmanBytes[$path] = @{ Bytes = $null; Failure = $inner; Row = $Row }
    }
}
# Byte copies of the stores.
function Read-AzmanStore($d) {
    if (-not $script:Done.ContainsKey('azman') -or $script:Done['azman'].Status -eq 'failed') { $d.Skipped = 'dependency'; return }
    $d.Answered++
    foreach ($path in @($script:AzmanBytes.Keys | Sort-Object)) {
        $store = $script:AzmanBytes[$path]
        if ($null -ne $store.Failure) { $failure = $store.Failure; [void](Read-RawFile $d ('file:' + $path) '' { throw $failure }) }
        elseif ($store.Row['RawFile']) { Add-Copy $d $store.Row['RawFile'] $store.Bytes $store.Mtime }
    }
}
# Shadow copy writers; only on demand.
function Read-VssWriters($d) {
    [void]$script:SideEffects.Add('vssadmin list writers started the shadow copy service and asked every writer'); $row = $null
    foreach ($line in ([string](Invoke-Source $d 'exec:vssadmin' $null { Get-VssWriterText }).Value).Split("`n")) {
        if ($line -match '\{([0-9A-Fa-f-]{36})\}') { if ($null -eq $row -or $null -ne $row['InstanceId']) { $row = Add-Row $d @{ WriterId = (ConvertTo-GuidText $matches[1]) } } else { $row['InstanceId'] = ConvertTo-GuidText $matches[1] } }
        elseif ($null -ne $row -and $null -eq $row['StateCode'] -and $line -match '\[(\d+)\]') { $row['StateCode'] = [int]$matches[1] }
    }
}

# ---- Hyper-V and cluster ----

# Whether the role (of the datasets of the cluster: the cluster service) is certainly not here; sets the reason.
function Test-RoleAbsent($d) {
    if ($false -eq $script:HostFacts[$(if ($d.Name.StartsWith('cluster/')) { 'Clustered' } else { 'HasRole' })]) { $d.Absent = 'roleAbsent' }
    return [bool]$d.Absent
}
# Rows of a Hyper-V dump that another dataset needs. $null when there is none: the role is absent, or the dataset skipped.
function Get-NeededRows($d, $Name) {
    $dump = $script:Done[$Name]
    if (Test-RoleAbsent $d) { return $null }
    if ($null -eq $dump -or 'ok', 'empty', 'partial' -notcontains $dump.Status) { $d.Skipped = 'dependency'; return $null }
    if ($dump.Status -eq 'partial' -and ($dump.Lost -or $dump.Truncated)) { $d.Lost = $true; Add-ErrorEntry $d ('other:' + $Name) 'unavailable' $null 'that dataset is not complete' }
    $d.Answered++
    return , $dump.Rows.ToArray()
}
# Columns of a dataset that this system can have.
function Get-OfferedColumns($d) { return @($d.Columns | ForEach-Object { $_.Name } | Where-Object { -not $d.Missing.ContainsKey($_) }) }
# One class of Hyper-V or the cluster with the properties of the table. Templates, and resource types other than that of VMs, are left out.
function Read-ClassDump($d) {
    if (Test-RoleAbsent $d) { return }
    $where = $d.Source + ':' + $d.Class; $noted = ($d.Computed.Length -gt 0); $plain = @(Get-OfferedColumns $d | Where-Object { -not $noted -or -not $_.StartsWith('Notes') })
    $answer = Invoke-Source $d $where $null {
        $offered = @(Get-WmiClassPropertyNames $d.Namespace $d.Class); $has = @($plain | Where-Object { $offered -contains $_.Split('.')[0] })
        @{ Has = $has; Rows = @(Read-WmiRows $d $where $d.Namespace $d.Class @($has + @('Notes' | Where-Object { $noted -and $offered -contains $_ })) $null) }
    }
    if ('invalidNamespace', 'invalidClass' -contains $answer.Type -and $d.Name.StartsWith('cluster/')) {
        try { if ($null -eq (Get-RegistrySubKeyNames 'HKLM\Cluster')) { $d.Absent = 'roleAbsent' } } catch { Write-Log 'cluster hive cannot be read' }
    }
    if (-not $answer.Ok) { return }
    foreach ($name in $plain) { if ($answer.Value.Has -notcontains $name) { $d.Missing[$name] = $true } }
    foreach ($row in $answer.Value.Rows) {
        if ($d.Flags -contains 'excludeTemplates' -and [string]$row['InstanceID'] -like 'Microsoft:Definition\*') { continue }
        if ($d.Class -eq 'MSCluster_ResourceType' -and $row['Name'] -ne 'Virtual Machine') { continue }
        if ($noted -and $null -ne $row['Notes']) { Add-NotesColumns $row }
        [void]$d.Rows.Add($row)
    }
}
# Length, hash and a hint at secrets of the notes of a VM or switch; the text itself only with -IncludeNotes.
function Add-NotesColumns($Row) {
    $text = [string]::Join("`n", [string[]]@($Row['Notes'])); $Row['Notes'] = $(if ($script:Options.IncludeNotes) { $text })
    $Row['NotesLength'] = $text.Length; $Row['NotesSuspicious'] = ($text -match 'password|passwort|pwd|kennwort|secret|key\s*=')
    if ($text) { try { $Row['NotesSha256'] = Get-TextHash $text } catch { Set-CellError $Row 'NotesSha256' 'unsupported' } }
}
# What a method of a Hyper-V service puts out, one hashtable for each object; none when it fails. Older: arguments for a host that refuses newer ones (32773).
function Read-Method($d, $Service, $Method, $Arguments, $Outputs, $Members, $Older) {
    $answer = Invoke-Source $d ($d.Source + ':' + $Service + '.' + $Method) $null {
        $out = Invoke-WmiReadMethod $d.Namespace ($Service + '=*') $Method $Arguments $Outputs $Members
        if ($Older -and $out['ReturnValue'] -eq 32773) { $out = Invoke-WmiReadMethod $d.Namespace ($Service + '=*') $Method $Older $Outputs $Members }
        if ($out['ReturnValue']) { throw (New-Object InvalidOperationException($Method + ' returned ' + $out['ReturnValue'])) }
        foreach ($name in $Outputs) { ConvertFrom-EmbeddedInstance $out[$name] }
    }
    return , @($answer.Value | Where-Object { $_ })
}
# Embedded objects as hashtables, where they are not yet: embedded instances as XML text.
function ConvertFrom-EmbeddedInstance($Value) {
    foreach ($one in @($Value | Where-Object { $_ })) {
        if ($one -is [hashtable]) { $one; continue }
        $row = @{}; $xml = New-Object Xml.XmlDocument; $xml.XmlResolver = $null; $xml.LoadXml([string]$one)
        foreach ($node in $xml.SelectNodes('//PROPERTY[VALUE]')) {
            $cell = $node.SelectSingleNode('VALUE').InnerText; $type = $node.GetAttribute('TYPE')
            if ($type -eq 'boolean') { $cell = ($cell -eq 'TRUE') } elseif ($type -eq 'datetime') { $cell = ConvertFrom-DmtfText $cell }
            $row[$node.GetAttribute('NAME')] = $(if ($type -match '^[us]int') { ConvertTo-Cell $cell 'int' } else { $cell })
        }
        $row
    }
}
# Summary of all VMs in one call: what no enumerable class holds.
function Read-HvMsvmSummaryInformation($d) {
    if (Test-RoleAbsent $d) { return }
    $columns = Get-OfferedColumns $d; $codes = @(0, 1, 4, 100, 101, 103, 104, 105, 106, 109, 110, 111, 112, 113); $newer = @()
    if (Test-Since '2012') { $codes += @(8, 114, 115, 116); $newer = @(10, 11, 117, 118, 119, 120, 121, 123, 132, 133) }
    $asked = @{ RequestedInformation = [uint32[]]($codes + $newer) }; $older = @{ RequestedInformation = [uint32[]]$codes }
    foreach ($row in (Read-Method $d 'Msvm_VirtualSystemManagementService' 'GetSummaryInformation' $asked @('SummaryInformation') $columns $older)) { [void]$d.Rows.Add($row) }
    if ($d.Rows.Count -gt 0) { foreach ($name in $columns) { if (@($d.Rows | Where-Object { $_.ContainsKey($name) }).Length -eq 0) { $d.Missing[$name] = $true } } }
}
# The argument that names a VM to a method.
function Get-VmArgument($d, $Id) { return @{ ComputerSystem = ('\\.\' + $d.Namespace + ':Msvm_ComputerSystem.CreationClassName="Msvm_ComputerSystem",Name="' + $Id + '"') } }
# Who may connect to the console of each VM.
function Read-HvMsvmInteractiveSessionACE($d) {
    foreach ($system in (Get-NeededRows $d 'hv/Msvm_ComputerSystem')) {
        if (-not $system -or -not (ConvertTo-GuidText $system['Name'])) { continue }
        $entries = Read-Method $d 'Msvm_TerminalService' 'GetInteractiveSessionACL' (Get-VmArgument $d $system['Name']) @('AccessControlList') @('Trustee', 'AccessType')
        foreach ($entry in $entries) { if ($entry['Trustee']) { [void]$d.Rows.Add(@{ VMId = $system['Name']; Trustee = $entry['Trustee']; AccessType = $entry['AccessType'] }) } }
    }
}
# Replication statistics of each relationship in use; before 2012 R2 of each VM.
function Read-HvMsvmReplicationStatistics($d) {
    $method = 'GetReplicationStatisticsEx'; $dump = 'hv/Msvm_ReplicationRelationship'; $key = 'InstanceID'; $columns = Get-OfferedColumns $d
    if (-not (Test-Since '2012R2')) { $method = 'GetReplicationStatistics'; $dump = 'hv/Msvm_ComputerSystem'; $key = 'Name' }
    foreach ($relation in (Get-NeededRows $d $dump)) {
        if (-not $relation -or -not $relation['ReplicationState'] -or [string]$relation[$key] -notmatch '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}') { continue }
        $id = $matches[0]; $arguments = Get-VmArgument $d $id
        if ($key -eq 'InstanceID') { $arguments['ReplicationRelationship'] = 'text:Msvm_ReplicationRelationship.InstanceID="' + $relation[$key].Replace('\', '\\') + '"' }
        foreach ($entry in (Read-Method $d 'Msvm_ReplicationService' $method $arguments @('ReplicationStatistics') $columns)) {
            $row = Add-Row $d @{ VMId = $id }
            if ($key -eq 'InstanceID') { $row['RelationshipInstanceID'] = $relation[$key] }
            foreach ($name in $columns) { if (-not $row.ContainsKey($name)) { $row[$name] = $entry[$name] } }
        }
    }
}
# Settings of all VMs and checkpoints with their folders: Id, Live, ConfigRoot, ConfigFile, SnapshotRoot, SwapRoot. Before 2012 the folders stand in a class of their own.
function Get-VmFolders {
    foreach ($row in (Get-Rows 'hv/Msvm_VirtualSystemGlobalSettingData')) {
        if (Test-Since '2012') { break }
        @{ Id = [string]$row['SystemName']; Live = $true; ConfigRoot = $row['ExternalDataRoot']; ConfigFile = ('Virtual Machines\' + $row['SystemName'] + '.xml'); SnapshotRoot = $row['SnapshotDataRoot'] }
    }
    foreach ($row in (Get-Rows 'hv/Msvm_VirtualSystemSettingData')) {
        if ([string]$row['InstanceID'] -notmatch '^Microsoft:([0-9A-Fa-f-]{36})$') { continue }
        $vm = @{ Id = $matches[1]; Live = ($row['SettingType'] -eq 3 -or $row['VirtualSystemType'] -like 'Microsoft:Hyper-V:System:*'); ConfigRoot = $row['ConfigurationDataRoot'] }
        $vm + @{ ConfigFile = $row['ConfigurationFile']; SnapshotRoot = $row['SnapshotDataRoot']; SwapRoot = $row['SwapFileDataRoot'] }
    }
}
# Path made of a folder and a name.
function Join-WindowsPath($Folder, $Name) { return ([string]$Folder).TrimEnd('\') + '\' + $Name }
# Folder of a path, or $null at the root of a volume or share.
function Get-ParentFolder($Path) {
    $clean = ([string]$Path).TrimEnd('\'); $cut = $clean.LastIndexOf('\')
    if ($cut -lt 2 -or ($clean.StartsWith('\\') -and $clean.IndexOf('\', 2) -eq $cut)) { return $null }
    if ($cut -eq 2) { return $clean.Substring(0, 3) } else { return $clean.Substring(0, $cut) }
}
# Direct entries of a folder as a step of a dataset; none when it is not there.
function Read-Folder($d, $Folder) {
    $answer = Invoke-Source $d ('file:' + $Folder) $null { try { Get-FolderEntries $Folder } catch { if ((Get-FaultType $_) -ne 'notFound') { throw } } }
    return , @($answer.Value | Where-Object { $_ })
}
# Byte copies of VM configuration files: those in the folders of the service, then those at the places that the settings name.
function Read-Vmconfig($d) {
    $extension = $(if (Test-Since '2016') { '.vmcx' } else { '.xml' }); $files = @{}; $root = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V'
    if (Test-RoleAbsent $d) { return }
    foreach ($entry in (Read-Folder $d ($root + '\Virtual Machines'))) { $files[$entry.Name.ToLowerInvariant()] = $entry.Path }
    foreach ($entry in (Read-Folder $d ($root + '\Snapshots'))) { $files['snapshots/' + $entry.Name.ToLowerInvariant()] = $entry.Path }
    foreach ($vm in @(Get-VmFolders | Where-Object { $_.ConfigRoot -and $_.ConfigFile })) {
        $name = $(if (-not $vm.Live) { 'snapshots/' }) + $vm.ConfigFile.Substring($vm.ConfigFile.LastIndexOf('\') + 1).ToLowerInvariant()
        if (-not $files.ContainsKey($name)) { $files[$name] = Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile }
    }
    foreach ($name in @($files.Keys | Where-Object { $_.EndsWith($extension) -and (ConvertTo-GuidText ($_ -replace '^snapshots/|\.[a-z]+$', '')) } | Sort-Object)) {
        if (Test-Late $d) { break } else { $path = $files[$name] }
        [void](Read-RawFile $d ('file:' + $path) ('raw/vmconfig/' + $name) { @{ Bytes = (Read-FileBytes $path 16777216); MtimeUtc = (Get-FileFacts $path).LastWriteUtc } })
    }
}
# Adds an image to the list, or a reference to an image that is listed.
function Add-Image($List, $Path, $Reference, $Depth) {
    if (-not $List.Contains($Path.ToLowerInvariant())) { $List.Add($Path.ToLowerInvariant(), @{ Path = $Path; References = @{}; Depth = $Depth }) }
    $List[$Path.ToLowerInvariant()].References[$Reference] = $true
}
# Virtual disks, ISO and floppy images that VMs refer to, with their parents; then disk files beside them that nothing refers to.
function Read-Vhds($d) {
    $modern = (Test-Since '2012'); $dump = 'hv/Msvm_StorageAllocationSettingData'; $property = 'HostResource'; $live = @{}; $folders = @{}
    if (-not $modern) { $dump = 'hv/Msvm_ResourceAllocationSettingData'; $property = 'Connection' }
    $images = Get-NeededRows $d $dump; $list = New-Object Collections.Specialized.OrderedDictionary; $order = @('vmDisk', 'snapshotDisk', 'parent', 'dvd', 'floppy', 'keyStorage')
    if ($null -eq $images) { return }
    foreach ($vm in @(Get-VmFolders)) { $live[$vm.Id] = ($vm.Live -or $live[$vm.Id]) }
    foreach ($image in $images) {
        if ([string]$image['InstanceID'] -notmatch '^Microsoft:([0-9A-Fa-f-]{36})\\' -or -not $live.ContainsKey($matches[1])) { continue }
        $type = [string]$image['ResourceSubType']; $reference = $(if ($live[$matches[1]]) { 'vmDisk' } else { 'snapshotDisk' })
        if ($type -match 'CD/DVD Disk|ISO Disk Image') { $reference = 'dvd' } elseif ($type -match 'Floppy') { $reference = 'floppy' }
        if ($type -match 'Key Storage') { $reference = 'keyStorage' } elseif ($type -notmatch 'Virtual Hard Disk|CD/DVD Disk|ISO Disk Image|Floppy') { continue }
        $paths = @($image[$property] | Where-Object { $_ -match '^([A-Za-z]:|\\)\\' -and $_ -notmatch '^\\\\[^\\]+\\root\\virtualization' })
        foreach ($path in $paths) { Add-Image $list ([string]$path) $reference 0 }
    }
    for ($i = 0; $i -lt $list.Count; $i++) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { break }
        $image = $list[$i]; $row = Add-Row $d @{ Path = $image.Path; Kind = (Get-DiskKind $image.Path) }
        $file = Invoke-Source $d '' 'Exists,FileSizeBytes,CreationUtc,LastWriteUtc' { Get-FileFacts $image.Path } $row
        if ($file.Ok) { $row['Exists'] = [bool]$file.Value; $row['Error'] = $(if (-not $file.Value) { 'notFound' }) }
        if ($file.Value) { Copy-Map $d $row $file.Value 'FileSizeBytes=Length,CreationUtc,LastWriteUtc' }
        if ('iso', 'vfd', 'other' -notcontains $row['Kind']) { if ($row['Error']) { Set-DiskGap $d $row 'notFound' } else { Read-DiskHeader $d $row $modern } }
        if ($row['ParentPath'] -and $image.Depth -lt 64) { Add-Image $list $row['ParentPath'] 'parent' ($image.Depth + 1) }
    }
    Test-Cut $d $list.Count
    for ($i = 0; $i -lt $d.Rows.Count; $i++) { $d.Rows[$i]['References'] = @(Select-Roles $order $list[$i].References) }
    foreach ($image in @($list.Values)) { $folder = Get-ParentFolder $image.Path; if ($folder -and -not $folder.StartsWith('\\')) { $folders[$folder] = $true } }
    foreach ($folder in @($folders.Keys | Sort-Object)) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { return }
        foreach ($entry in (Read-Folder $d $folder)) {
            $kind = Get-DiskKind $entry.Name
            if ($entry.IsFolder -or 'other', 'iso', 'vfd' -contains $kind -or $list.Contains($entry.Path.ToLowerInvariant())) { continue }
            Copy-Map $d (Add-Row $d @{ Kind = $kind; References = @('folder'); Exists = $true }) $entry 'Path,FileSizeBytes=Length,CreationUtc,LastWriteUtc'
        }
    }
}
# Kind of an image by its extension.
function Get-DiskKind($Path) { if ($Path -match '\.(vhd|vhdx|avhd|avhdx|vhds|vhdpmem|iso|vfd)$') { return $matches[1].ToLowerInvariant() } else { return 'other' } }
# Says for every header column why it is null.
function Set-DiskGap($d, $Row, $Type) {
    $Row['Error'] = $(if ('accessDenied', 'notFound', 'unsupported', 'timeout', 'inUseElsewhere', 'corrupt' -contains $Type) { $Type } else { 'other' })
    if ('inUseElsewhere', 'corrupt' -contains $Type) { $Type = 'unavailable' } elseif (-not $Type) { $Type = 'other' }
    $known = 'Path', 'Kind', 'References', 'Exists', 'FileSizeBytes', 'CreationUtc', 'LastWriteUtc', 'Error'
    foreach ($name in (Get-OfferedColumns $d)) { if ($known -notcontains $name) { Set-CellError $Row $name $Type } }
}
# Error types of return values of the image service, and of numbers of Windows about images.
$script:ImageErrors = @{
    '32769' = 'accessDenied'; '32770' = 'unsupported'; '32772' = 'timeout'; '32774' = 'inUseElsewhere'; '32779' = 'notFound'
    '2147942432' = 'inUseElsewhere'; '2147942433' = 'inUseElsewhere'; '2147943785' = 'corrupt'; '3224504321' = 'corrupt'
}
# Header of an image, from the image service of the era.
function Read-DiskHeader($d, $Row, $Modern) {
    $service = 'Msvm_ImageManagementService=*'; $path = @{ Path = $Row['Path'] }; $map = 'Type,MaxInternalSizeBytes=MaxInternalSize,ParentPath'
    $more = ',Format,LogicalSector=LogicalSectorSize,PhysicalSector=PhysicalSectorSize,VirtualDiskId,IsPmemCompatible,ParentIdentifier,ParentTimestampUtc=ParentTimestamp,BlockSize'
    $state = 'InUse,MinInternalSizeBytes=MinInternalSize,HostPhysicalSector=PhysicalSectorSize,Alignment,FragmentationPercentage'; $members = ($map + $more + ',' + $state).Split([char[]]',=')
    try {
        if ($Modern) { $map = $map + $more; $out = Invoke-WmiReadMethod 'root\virtualization\v2' $service 'GetVirtualHardDiskSettingData' $path @('SettingData') $members }
        else { $map = $map + ',InUse'; $out = Invoke-WmiReadMethod 'root\virtualization' $service 'GetVirtualHardDiskInfo' $path @('Info') $members }
        if ($out['ReturnValue'] -gt 0) { Set-DiskGap $d $Row $script:ImageErrors[[string]$out['ReturnValue']]; return }
        foreach ($found in @(ConvertFrom-EmbeddedInstance @($out['SettingData'], $out['Info']))) { Copy-Map $d $Row $found $map }
        if ($Row['BlockSize'] -eq 0) { $Row['BlockSize'] = $null }
        if (-not $Row['ParentPath']) { foreach ($column in 'ParentPath', 'ParentIdentifier', 'ParentTimestampUtc') { $Row[$column] = $null } }
        if (-not $Modern) { return }
        $out = Invoke-WmiReadMethod 'root\virtualization\v2' $service 'GetVirtualHardDiskState' $path @('State') $members
        foreach ($found in @(ConvertFrom-EmbeddedInstance $out['State'])) { Copy-Map $d $Row $found $state }
    }
    catch {
        $type = Add-DatasetError $d ('wmi:image ' + $Row['Path']) $_.Exception; $known = $script:ImageErrors[[string](Get-ExceptionCode (Get-InnerException $_.Exception))]
        Set-DiskGap $d $Row $(if ($known) { $known } else { $type })
    }
}

# ---- Files and their access rights ----

# Kinds of the files of vm_files: the search that finds them, a pattern of their names, the kind; the first that fits.
$script:FileKinds = @(
    @('azmanFolder', '^(InitialStore|HyperVAuthStore).*\.xml$|\.bak$', 'azmanCopy'), @('azmanFolder', '', 'other'), @('clusterReports', '', 'clusterReport'), @('secretNames', '\.(pfx|p12)$', 'certificate'),
    @('secretNames', '^(unattend|autounattend)\.xml$|^sysprep\.inf$', 'answerFile'), @('secretNames', '', 'recoveryKey'), @('*', '\.(vhd|vhdx|avhd|avhdx|vhds|vhdpmem)$', 'disk'),
    @('*', '\.(vmrs|bin|vsv)$', 'runtime'), @('*', '\.iso$', 'iso'), @('*', '\.vfd$', 'floppy'), @('*', '\.vmgs$', 'guestState'), @('*', '\.(rct|mrt)$', 'changeTracking'),
    @('*', '\.slp$', 'smartPaging'), @('*', '\.(xml|vmcx)$', 'config'), @('*', '', 'other'))
# Files of folders whose names match, down to a depth. Links are listed, not followed; a search looks into a folder once; folders that are not there are passed over.
function Search-Folder($d, $Found, $Search, $Folders, $Pattern, $Depth) {
    foreach ($folder in $Folders) {
        $visit = $Search + $Pattern + '|' + $folder
        if (-not $folder -or $Found.Visits.ContainsKey($visit)) { continue } else { $Found.Visits[$visit] = $true }
        foreach ($entry in (Read-Folder $d $folder)) {
            $id = $entry.Path.ToLowerInvariant(); $passed = ($Search -eq 'volumeScan' -and $entry.Name -match '^(Windows|Program Files.*|\$Recycle\.Bin|System Volume Information)$')
            if ($entry.IsFolder -and $Depth -gt 1 -and -not $passed -and -not ($entry.Attributes -band 1024)) { Search-Folder $d $Found $Search $entry.Path $Pattern ($Depth - 1) }
            if ($entry.IsFolder -or $entry.Name -notmatch $Pattern) { continue }
            if ($Found.Files.ContainsKey($id)) { $Found.Files[$id].FoundBy[$Search] = $true; continue }
            if ($Found.Files.Count -gt $d.MaxRows) { break }
            foreach ($kind in $script:FileKinds) { if ($Search -like $kind[0] -and $entry.Name -match $kind[1]) { break } }
            $Found.Files[$id] = @{ Entry = $entry; Kind = $kind[2]; FoundBy = @{ $Search = $true } }
        }
    }
}
# Values of a column of a dataset of this run, one by one.
function Get-Cells($Name, $Column) { foreach ($row in (Get-Rows $Name)) { $row[$Column] } }
# Files of VMs and names of secrets. Contents are never opened.
function Read-VmFiles($d) {
    $f = @{ Files = @{}; Visits = @{} }; $system = $script:Variables['SystemRoot']; $attributes = @{}
    $pattern = '(?i)\.(vhd|vhdx|avhd|avhdx|vhds|vhdpmem|iso|vfd|vmgs|vmrs|bin|vsv|rct|mrt|slp|vmcx|xml)$'
    $secret = '(?i)\.(pfx|p12)$|^(unattend|autounattend)\.xml$|^sysprep\.inf$|BitLocker.*Recovery|Recovery.*BitLocker'
    foreach ($vm in @(Get-VmFolders)) {
        $folder = Get-ParentFolder (Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile)
        if ($vm.ConfigRoot) { Search-Folder $d $f 'configRoot' $vm.ConfigRoot, $folder $pattern 1; Search-Folder $d $f 'configRoot' (Join-WindowsPath $folder $vm.Id) '.' 1 }
        $folder = Join-WindowsPath $vm.SnapshotRoot 'Snapshots'
        if ($vm.SnapshotRoot) { Search-Folder $d $f 'snapshotRoot' $vm.SnapshotRoot, $folder, ($folder + '\' + $vm.Id) $pattern 1 }
        Search-Folder $d $f 'swapRoot' $vm.SwapRoot '(?i)\.slp$' 1
    }
    foreach ($path in @(Get-Cells 'vhds' 'Path')) { Search-Folder $d $f 'diskFolder' (Get-ParentFolder $path) $pattern 1 }
    Search-Folder $d $f 'hostDefault' @(Get-HostFolders) $pattern 1
    foreach ($path in @(Get-Cells 'azman' 'StorePath' | Where-Object { $_ })) {
        Search-Folder $d $f 'azmanFolder' (Get-ParentFolder $path) '(?i)^(InitialStore|HyperVAuthStore)|\.bak$' 1
        if ($f.Files.ContainsKey($path.ToLowerInvariant())) { $f.Files[$path.ToLowerInvariant()].Kind = 'azmanStore' }
    }
    Search-Folder $d $f 'clusterReports' ($system + '\Cluster\Reports') '(?i)\.(htm|html|xml)$' 1
    Search-Folder $d $f 'secretNames' 'C:\', ($system + '\Panther'), ($system + '\System32\Sysprep') $secret 1
    $root = @(@(Get-Cells 'collection' 'UsersRoot') + 'C:\Users' | Where-Object { $_ })[0]
    $users = @((Invoke-Source $d ('file:' + $root) $null { Get-FolderEntries $root }).Value | Where-Object { $_ -and $_.IsFolder -and -not ($_.Attributes -band 1024) } | ForEach-Object { $_.Path })
    foreach ($user in $users) { Search-Folder $d $f 'secretNames' ($user + '\Desktop'), ($user + '\Documents'), ($user + '\Downloads') $secret 1 }
    foreach ($volume in @(Get-FixedVolumes $d)) {
        Search-Folder $d $f 'recycleBin' (Join-WindowsPath $volume '$Recycle.Bin') '(?i)\.(vhd|avhd).*$|\.vhds$' 2
        Search-Folder $d $f 'volumeScan' $volume '(?i)\.(vhd|avhd)[^.]*$|\.(vhds|iso|vmcx|vmrs|vmgs)$' 3
    }
    $order = @('configRoot', 'snapshotRoot', 'swapRoot', 'diskFolder', 'hostDefault', 'volumeScan', 'recycleBin', 'azmanFolder', 'clusterReports', 'secretNames')
    $flags = @(@(1, 'readOnly'), @(2, 'hidden'), @(4, 'system'), @(2048, 'compressed'), @(16384, 'encrypted'), @(512, 'sparse'), @(1024, 'reparse'), @(4096, 'offline'))
    foreach ($id in @($f.Files.Keys | Sort-Object)) {
        $file = $f.Files[$id]; $entry = $file.Entry; $bits = $entry.Attributes
        if (-not $attributes.ContainsKey($bits)) { $attributes[$bits] = @($flags | Where-Object { $bits -band $_[0] } | ForEach-Object { $_[1] }) }
        $row = Add-Row $d @{ Kind = $file.Kind; FoundBy = @(Select-Roles $order $file.FoundBy); Attributes = $attributes[$bits] }
        Copy-Map $d $row $entry 'Path,SizeBytes=Length,CreationUtc,LastWriteUtc'
        if ($bits -band 1024) { Read-Cell $d $row 'ReparseTarget' { Get-LinkTarget $entry.Path } }
    }
}
# Roots of fixed volumes and cluster shared volumes.
function Get-FixedVolumes($d) {
    $rows = Get-Rows 'volumes'
    if ($rows.Length -eq 0) { return @((Invoke-Source $d 'file:fixed drives' $null { Get-FixedDriveRoots }).Value | Where-Object { $_ }) }
    foreach ($row in $rows) { if ($row['DriveType'] -eq 3 -and $row['DriveLetter']) { $row['DriveLetter'] + '\' } }
    foreach ($row in $rows) { if ($row['IsCsv']) { $row['MountPaths'] } }
}
# Default folders of the host for VMs and disks.
function Get-HostFolders {
    foreach ($name in 'DefaultExternalDataRoot', 'DefaultVirtualHardDiskPath') {
        Get-Cells 'hv/Msvm_VirtualSystemManagementServiceSettingData' $name
        foreach ($row in (Get-Rows 'registry_values')) { if ($row['Name'] -eq $name) { Expand-SystemPath $row['TextValue'] } }
    }
}
# The names of an ordered list that a map holds.
function Select-Roles($Names, $Map) { foreach ($name in $Names) { if ($Map.ContainsKey($name)) { $name } } }
# Adds the objects at some paths to the targets of acls with a role, and their folders with another.
function Add-AclTarget($Targets, $Role, $Paths, $FolderRole) {
    foreach ($path in $Paths) {
        if ([string]$path -notmatch '^([A-Za-z]:|\\\\[^\\]+\\[^\\]+)(\\|$)') { continue }
        $clean = ([string]$path).TrimEnd('\'); $id = $clean.ToLowerInvariant()
        if ($id.Length -eq 2) { $clean = $clean + '\'; $id = $id + '\' }
        if (-not $Targets.Paths.ContainsKey($id)) { $Targets.Paths[$id] = $clean }
        $Targets.Roles[$id] = $Targets.Roles[$id] -bor $Targets.Bits[$Role]
        if ($FolderRole) { Add-AclTarget $Targets $FolderRole (Get-ParentFolder $clean) }
    }
}
# Everything whose access rights are read, from the datasets before: by path in lower case its spelling (Paths) and its roles (Roles, one bit for each of Bits).
function Get-AclTargets($d) {
    $t = @{ Paths = @{}; Roles = @{}; Bits = @{} }; $system = $script:Variables['SystemRoot']; $hyperv = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V'; $parents = [long]0
    foreach ($role in $script:AclRoles) { $t.Bits[$role.Role] = [long][Math]::Pow(2, $t.Bits.Count); if ($role.WithParents) { $parents = $parents -bor $t.Bits[$role.Role] } }
    Add-AclTarget $t 'hvRoot' $hyperv
    foreach ($entry in (Read-Folder $d $hyperv)) { if ($entry.IsFolder) { Add-AclTarget $t 'hvRoot' $entry.Path } }
    Add-AclTarget $t 'hostDefaultDir' @(Get-HostFolders)
    foreach ($vm in @(Get-VmFolders)) {
        $file = $(if ($vm.Live -and $vm.ConfigRoot) { Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile })
        Add-AclTarget $t 'vmConfigFile' $file 'vmConfigDir'
        if ($file) { Add-AclTarget $t 'vmConfigDir' $vm.ConfigRoot, (Join-WindowsPath (Get-ParentFolder $file) $vm.Id) }
        if ($vm.SnapshotRoot) { Add-AclTarget $t 'snapshotDir' $vm.SnapshotRoot, (Join-WindowsPath $vm.SnapshotRoot ('Snapshots\' + $vm.Id)) }
        Add-AclTarget $t 'swapDir' $vm.SwapRoot
    }
    foreach ($row in (Get-Rows 'vm_files')) {
        $role = $null; $by = $row['FoundBy']
        if ('config', 'runtime', 'guestState' -contains $row['Kind']) { if ($by -contains 'configRoot') { $role = 'vmConfigFile' } elseif ($by -contains 'snapshotRoot') { $role = 'snapshotFile' } }
        if ('certificate', 'answerFile', 'recoveryKey' -contains $row['Kind']) { $role = 'secretFile' } elseif ($row['Kind'] -eq 'azmanCopy') { $role = 'azmanCopy' }
        if ($role) { Add-AclTarget $t $role $row['Path'] }
    }
    foreach ($row in (Get-Rows 'vhds')) {
        if ('iso', 'vfd' -contains $row['Kind']) { Add-AclTarget $t 'media' $row['Path'] 'mediaDir' }
        elseif ($row['Exists']) { Add-AclTarget $t 'vhd' $row['Path'] 'vhdDir' } else { Add-AclTarget $t 'vhdDir' (Get-ParentFolder $row['Path']) }
    }
    Add-AclTarget $t 'replicaDir' @(Get-Cells 'hv/Msvm_ReplicationAuthorizationSettingData' 'ReplicaStorageLocation')
    Add-AclTarget $t 'azmanFile' @(Get-Cells 'azman' 'StorePath') 'azmanDir'
    Add-AclTarget $t 'volumeRoot' @(Get-FixedVolumes $d)
    Add-AclTarget $t 'systemDir' ($script:Variables['SystemDrive'] + '\'), $system, ($system + '\System32'), ($system + '\SysWOW64'), ($system + '\System32\drivers')
    Add-AclTarget $t 'programDir' $script:Variables['ProgramFiles'], $script:Variables['ProgramFiles(x86)'], $script:Variables['ProgramData']
    foreach ($row in (Get-Rows 'services')) {
        Add-AclTarget $t 'svcBin' $row['ResolvedPath'], $row['ServiceDllResolved'] 'svcDir'
        $image = Expand-SystemPath $row['ImagePathRaw']
        if (-not $image -or $image.StartsWith('"') -or $image -notmatch '^(.+?)\.exe') { continue }
        $words = $matches[1].Split(' ')
        for ($i = 1; $i -lt $words.Length; $i++) { Add-AclTarget $t 'svcPathCandidate' (Get-ParentFolder ([string]::Join(' ', $words, 0, $i) + '.exe')) }
    }
    foreach ($action in @(Get-Cells 'scheduled_tasks' 'Actions' | Where-Object { $_ })) { Add-AclTarget $t 'taskBin' $action['ResolvedPath'] 'taskDir' }
    foreach ($folder in @(Get-Cells 'collection' 'MachinePath')) { Add-AclTarget $t 'pathDir' (Expand-SystemPath $folder) }
    foreach ($row in (Get-Rows 'smb_shares')) { if (-not $row['Special']) { Add-AclTarget $t 'shareDir' $row['Path'] } }
    Add-AclTarget $t 'fwApp' @(Get-FirewallPrograms) 'fwAppDir'
    foreach ($row in (Get-Rows 'binaries')) { if ($row['Roles'] -match '^(hypervisor|hyperv)$') { Add-AclTarget $t 'hypervisorBin' $row['Path'] } }
    foreach ($row in (Get-Rows 'eventlogs')) { if ($row['Channel'] -match '^(Application|Security|System)$|Hyper-V') { Add-AclTarget $t 'eventLogFile' (Expand-SystemPath $row['File']) } }
    Add-AclTarget $t 'clusterDir' ($system + '\Cluster')
    $ids = [string[]]@($t.Paths.Keys); [Array]::Sort([array]$ids, [Collections.IComparer][StringComparer]::Ordinal)
    foreach ($id in $ids) {
        $folder = $(if ($t.Roles[$id] -band $parents) { Get-ParentFolder $t.Paths[$id] })
        while ($folder -and -not ($t.Roles[$folder.ToLowerInvariant()] -band $t.Bits['parentDir'])) { Add-AclTarget $t 'parentDir' $folder; $folder = Get-ParentFolder $folder }
    }
    return $t
}
# Access rights of files and folders, the important roles first. Rows with the same roles share one list of them.
function Read-Acls($d) {
    $targets = Get-AclTargets $d; $sets = @{}; $ids = [string[]]@($targets.Paths.Keys); $ranks = New-Object string[] $ids.Length
    $first = @('azmanFile', 'hvRoot', 'vmConfigDir', 'vhdDir', 'vhd', 'vmConfigFile', 'svcBin') + @($script:AclRoles | ForEach-Object { $_.Role })
    for ($i = 0; $i -lt $ids.Length; $i++) {
        $bits = $targets.Roles[$ids[$i]]
        if (-not $sets.ContainsKey($bits)) {
            $held = @($script:AclRoles | Where-Object { $bits -band $targets.Bits[$_.Role] }); $names = @($held | ForEach-Object { $_.Role }); $audit = @($held | Where-Object { $_.Audit })
            $rank = '{0:D2} ' -f [Array]::IndexOf($first, @($first | Where-Object { $names -contains $_ })[0])
            $sets[$bits] = @{ Roles = $names; Rank = $rank; Audit = ($script:Elevated -and $audit.Length -gt 0) }
        }
        $ranks[$i] = $sets[$bits].Rank + $ids[$i]
    }
    Sort-ByKey $ranks $ids
    foreach ($id in $ids) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { break }
        $set = $sets[$targets.Roles[$id]]; $path = $targets.Paths[$id]; $row = Add-Row $d @{ Path = $path; Roles = $set.Roles }
        try {
            $facts = Get-FileFacts $path; $row['Exists'] = ($null -ne $facts); $d.Answered++
            if ($null -eq $facts) { continue }
            if ($facts.IsFolder) { $row['Kind'] = 'dir' } else { $row['Kind'] = 'file' }
            $row['IsReparsePoint'] = (($facts.Attributes -band 1024) -ne 0)
            $row['Sddl'] = Get-FileSddl $path $facts.IsFolder $false; $row['OwnerSid'] = Get-SddlOwner $row['Sddl']
        }
        catch { foreach ($name in 'Exists', 'Sddl', 'OwnerSid') { if ($null -eq $row[$name]) { Set-CellFault $d $row $name $_ } }; continue }
        if ($set.Audit) { Read-Cell $d $row 'AuditSddl' { [string](Get-FileSddl $path $facts.IsFolder $true) } }
    }
    Test-Cut $d $ids.Length
}

# ---- SIDs ----

# All SIDs of this run that are worth a name, members of privileged groups first.
function Get-SidsInUse {
    $kinds = 'S-1-(5-21|12|5-80|5-83|5-32)-'; $pattern = New-Object Text.RegularExpressions.Regex($kinds + '[0-9-]*[0-9]'); $first = @{}; $rest = @{ 'S-1-5-83-0' = $true }; $texts = @{}
    foreach ($row in (Get-Rows 'local_group_members')) { if ('S-1-5-32-544', 'S-1-5-32-578' -contains $row['GroupSid'] -and $row['MemberSid'] -match ('^' + $kinds)) { $first[$row['MemberSid']] = $true } }
    foreach ($d in @($script:Done.Values)) {
        foreach ($column in $d.Columns) {
            if ('sid', 'sddl', 'list<sid>' -notcontains $column.Type -and $column.Name -ne 'Trustee') { continue }
            foreach ($row in $d.Rows) { foreach ($text in $row[$column.Name]) { if ($text) { $texts[$text] = $true } } }
        }
    }
    $texts[$script:SecurityPolicy] = $true
    foreach ($store in $script:AzmanBytes.Values) { if ($store.Bytes) { $text = [Text.Encoding]::UTF8.GetString($store.Bytes).Replace([string][char]0, ''); $texts[$text] = $true } }
    foreach ($text in $texts.Keys) { foreach ($match in $pattern.Matches($text)) { $rest[$match.Value] = $true } }
    foreach ($sid in @($first.Keys | Sort-Object)) { $sid; $rest.Remove($sid) }
    $rest.Keys | Sort-Object
}
# Names of SIDs as this host resolves them, and what kind of account each is.
function Read-Sids($d) {
    $classes = @{ 'S-1-5-32' = 'alias'; 'S-1-5-80' = 'service'; 'S-1-5-83' = 'virtualMachine' }; $directory = ($false -ne $script:HostFacts.Joined); $d.Answered++
    $kinds = @{ user = 'user'; group = 'group'; computer = 'computer'; 'msDS-GroupManagedServiceAccount' = 'managedServiceAccount'; 'msDS-ManagedServiceAccount' = 'managedServiceAccount' }
    foreach ($sid in @(Get-Cells 'local_users' 'Sid')) { if ($sid) { $classes[$sid] = 'user' } }
    foreach ($sid in @(Get-SidsInUse)) {
        $row = Add-Row $d @{ Sid = $sid; Resolved = $false }
        if ($d.Rows.Count -gt $d.MaxRows) { break }
        if (Test-Late $d) { $row['LookupError'] = 'budget'; continue }
        if ($script:MachineSid -and $sid.StartsWith($script:MachineSid + '-')) { $row['Class'] = 'alias' }
        foreach ($key in $sid, $sid.Substring(0, 8)) { if ($classes.ContainsKey($key)) { $row['Class'] = $classes[$key] } }
        try { $row['Name'] = Resolve-SidName $sid; $row['Resolved'] = [bool]$row['Name']; if (-not $row['Name']) { $row['LookupError'] = 'notFound' } }
        catch { $row['LookupError'] = $(if ((Get-FaultType $_) -eq 'timeout') { 'timeout' } else { 'other' }); Set-CellFault $d $row 'Name' $_ }
        if ($row['Class'] -or -not $directory -or -not $row['Resolved'] -or $sid -notlike 'S-1-5-21-*') { continue }
        try { $found = Get-DirectoryObject $sid @('objectClass'); if ($null -ne $found) { $row['Class'] = $kinds[[string]@($found['objectClass'])[-1]] } }
        catch { $directory = $false; Set-CellFault $d $row 'Class' $_ }
    }
}
# Short texts that say where datasets come from; all others come from the registry.
$script:SourceTexts = @{}
foreach ($pair in 'wmi+reg=os computer platform_security services drivers features hotfixes net_adapters boot_entries antivirus defender_exclusions net_qos_policies',
    'wmi=firewall_hyperv user_profiles smb_server smb_client smb_shares smb_connections wmi_security disks volumes iscsi_sessions iscsi_connections net_ip net_interfaces',
    'wmi=net_profile net_teams net_team_nics net_bindings net_nat endpoints bitlocker hgs', 'wmi+file=vhds', 'com+reg=firewall_profiles', 'wmi+com=local_users', 'net+reg=collection',
    'com=scheduled_tasks task_xml local_groups local_group_members account_policy ad_computer', 'exec=secedit auditpol vss_writers', 'file=binaries vmconfig vm_files acls azman_store',
    'reg+file=azman', 'reg+eventlog=eventlogs', 'eventlog=event_summary', 'store=certificates', 'lsa=sids') {
    foreach ($name in $pair.Split('=')[1].Split(' ')) { $script:SourceTexts[$name] = $pair.Split('=')[0] }
}
# One harmless call of each function of the operating system layer, for -SelfTest.
$script:SelfTests = @{}
foreach ($call in { Get-UtcNow }, { Get-TickMs }, { New-RunId }, { Get-Sha256 ([byte[]](1, 2)) 2 }, { Get-LanguageMode }, { Get-HostEnvironment }, { Get-ProcessIdentity }, { Get-WmiNamespaceSddl 'root\cimv2' },
    { Get-WmiClassPropertyNames 'root\cimv2' 'Win32_OperatingSystem' }, { Invoke-WmiQuery 'root\cimv2' 'Win32_OperatingSystem' @('Version') $null 30 }, { Resolve-SidName 'S-1-5-18' },
    { Invoke-WmiReadMethod 'root\cimv2' ('Win32_Process.Handle="' + $PID + '"') 'GetOwnerSid' @{} @('Sid') @() }, { Get-WmiObjectSddl 'root\cimv2' 'Win32_Service.Name="EventLog"' },
    { Get-RegistrySubKeyNames 'HKLM\SOFTWARE' }, { Get-RegistryValueNames 'HKLM\SOFTWARE' }, { Get-RegistryValues 'HKLM\SYSTEM\CurrentControlSet\Control' @('SystemStartOptions') }, { Resolve-NameSid 'Everyone' },
    { Get-RegistryValueKinds 'HKLM\SYSTEM\CurrentControlSet\Control' @('SystemStartOptions') }, { Get-RegistryKeySddl 'HKLM\SOFTWARE' }, { Get-FileSddl $env:SystemRoot $true $false },
    { ConvertTo-SddlText ([byte[]](1, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) }, { Get-FileFacts $env:SystemRoot }, { Get-FolderEntries $env:SystemRoot }, { Get-FixedDriveRoots },
    { Get-LinkTarget $env:SystemRoot }, { Get-FileVersionFacts ($env:SystemRoot + '\System32\kernel32.dll') }, { Get-FileSignatureFacts ($env:SystemRoot + '\System32\kernel32.dll') },
    { Read-FileBytes ($env:SystemRoot + '\win.ini') 1048576 }, { Get-SecurityPolicyFile $env:TEMP }, { Get-AuditPolicyFile $env:TEMP }, { Get-NetstatText }, { Get-TaskList 30 }, { Get-ActiveFirewallProfiles },
    { Get-NetworkConnections }, { Get-AdsiGroups }, { Get-AdsiAccountPolicy }, { Get-StoreCertificates 'My' }, { Get-EventLogFacts 'System' }, { Get-EventFacts 'System' '*[System[EventID=1]]' @() 1 5 }) {
    $script:SelfTests[$call.ToString().Trim().Split(' ')[0]] = $call
}

# ---- The run ----

# Why a dataset is not collected at all: sets Absent or Skipped.
function Test-Unwanted($d) {
    $options = $script:Options; $group = $d.Name.Split('/')[0]; $era = Test-Era $d
    if ($era) { $d.Absent = $era; return $true }
    $wanted = ($options.Include.Length -eq 0 -or $options.Include -contains $d.Name -or $options.Include -contains $group)
    if (-not $wanted -or $options.Exclude -contains $d.Name -or $options.Exclude -contains $group -or ($d.Name -eq 'acls' -and $options.NoAcl)) { $d.Skipped = 'excluded' }
    elseif ([string]$d.Switch -like '-Include*' -and -not (Test-Era @{ Since = $d.SwitchSince }) -and -not $options[$d.Switch.Substring(1)]) { $d.Skipped = 'optional' }
    elseif ($d.Elevation -and -not $script:Elevated) { $d.Skipped = 'notElevated' }
    elseif ($script:Aborted) { $d.Skipped = 'aborted' }
    elseif ((Get-TickMs) -gt 1000 * $options.TimeBudgetSeconds) { $d.Skipped = 'timeBudget' }
    return [bool]$d.Skipped
}
# Collects one dataset with the function that bears its name, or with one of those for many classes, and writes its file.
function Invoke-Dataset($d) {
    $start = Get-TickMs; $d.End = $start + 1000 * $d.Seconds; $script:Done[$d.Name] = $d; $collector = 'Read-' + $d.Name.Replace('_', '').Replace('/', '')
    if ($d.Namespace -and $d.Class) { $collector = 'Read-ClassDump' } elseif ($script:PlainDatasets -contains $d.Name) { $collector = 'Read-Steps' }
    try { & $collector $d | Out-Null } catch { [void](Add-DatasetError $d ('collector:' + $d.Name) $_.Exception); $d.Lost = $true }
    $d.CollectedUtc = Get-UtcNow
    Complete-Dataset $d
    $d.Ms = (Get-TickMs) - $start
}
# Ends a dataset that has no rows to write: not applicable, skipped or failed.
function Close-Dataset($d) {
    $d.Status = $(if ($d.Absent) { 'notApplicable' } elseif ($d.Skipped) { 'skipped' } else { 'failed' })
    if ($d.Status -ne 'failed') { $d.Errors.Clear() } elseif ($d.Errors.Count -eq 0) { Add-ErrorEntry $d ('collector:' + $d.Name) 'other' $null 'no source answered' }
    $d.Rows.Clear(); $d.Unread.Clear(); $d.Truncated = $false; $d.TruncatedBy = $null
}
# Limits, gaps, order and status of a dataset whose rows are read; writes the data file.
function Complete-Dataset($d) {
    $rows = $d.Rows; $columns = @($d.Columns | Where-Object { -not $d.Missing.ContainsKey($_.Name) }); $found = @{}
    if ($rows.Count -gt $d.MaxRows) { Set-Truncated $d 'rows' ([string]$d.MaxRows + ' of ' + $rows.Count + ' objects'); $rows.RemoveRange($d.MaxRows, $rows.Count - $d.MaxRows) }
    foreach ($name in @($d.Missing.Keys)) { $d.Unread.Remove($name) }
    # A column that no row could read is unread, and so is what needs elevation in a run without it.
    foreach ($row in $rows) { if ($row['_err']) { foreach ($name in $row['_err'].Keys) { $found[$name] = [int]$found[$name] + 1 } } }
    foreach ($name in @($found.Keys | Where-Object { $found[$_] -eq $rows.Count })) {
        $type = ([string]$rows[0]['_err'][$name]).Split(':')[0].Replace('budget', 'timeout')
        if ('redacted', 'tooLong' -notcontains $type) { Set-Unread $d $name $type; foreach ($row in $rows) { $row['_err'].Remove($name) } }
    }
    foreach ($column in @($columns | Where-Object { $rows.Count -gt 0 })) {
        if ($column.Elevation -and -not $script:Elevated) { $d.Unread[$column.Name] = 'accessDenied' }
        if ($d.One -and -not $column.Nullable -and $null -eq $rows[0][$column.Name]) { Set-Unread $d $column.Name 'other' }
    }
    $nothing = ($rows.Count + $d.Copies.Count -eq 0); $failed = ($nothing -and -not $d.Truncated -and $d.Errors.Count -gt 0 -and ($d.Answered -eq 0 -or $d.Kind -eq 'raw'))
    if ($d.Skipped -or $d.Absent -or $failed -or ($d.One -and ($rows.Count -eq 0 -or $d.Unread.Count -ge $columns.Length))) { Close-Dataset $d; return }
    if ($d.Kind -eq 'rows') { Sort-DatasetRows $d; Write-DataFile $d $columns $d.Files; $d.Written = $d.Files }
    $d.Status = $(if ($d.Errors.Count -gt 0 -or $d.Unread.Count -gt 0 -or $d.Truncated) { 'partial' } elseif ($nothing) { 'empty' } else { 'ok' })
}
# Sorts the rows by the key columns of the table, by character code.
function Sort-DatasetRows($d) {
    $names = @($d.Keys | Where-Object { -not $d.Missing.ContainsKey($_) }); $rows = $d.Rows.ToArray(); $keys = New-Object string[] $rows.Length
    if ($names.Length -eq 0) { $names = @($d.Columns[0].Name) }
    for ($i = 0; $i -lt $rows.Length; $i++) {
        foreach ($name in $names) { $value = $rows[$i][$name]; if ($value -is [int] -or $value -is [long]) { $value = ([long]$value).ToString('D20') }; $keys[$i] = $keys[$i] + $value + [char]1 }
        $keys[$i] = $keys[$i] + $i.ToString('D9')
    }
    Sort-ByKey $keys $rows
    $d.Rows.Clear(); $d.Rows.AddRange($rows)
}
# Log and manifest: the last two members. Datasets that were not reached are skipped. Returns how many datasets have each status.
function Complete-Snapshot($Datasets) {
    $counts = New-Ordered @(); $rows = 0; $self = $null; $table = ('0' * 64); $e = $script:HostEnvironment; $facts = $script:HostFacts
    $entries = @(foreach ($d in $Datasets) {
        if ($null -eq $d.Status) { if (-not (Test-Unwanted $d)) { $d.Skipped = 'aborted' }; Close-Dataset $d }
        $read = ('ok', 'empty', 'partial' -contains $d.Status); $unread = New-Ordered @(); $number = $(if ($d.Kind -eq 'raw') { $d.Copies.Count } else { $d.Rows.Count }); $rows += $number
        foreach ($column in $d.Columns) { if ($d.Unread.ContainsKey($column.Name)) { $unread.Add($column.Name, $d.Unread[$column.Name]) } }
        New-Ordered @('name', $d.Name, 'kind', $d.Kind, 'schema', $d.Schema, 'status', $d.Status, 'rowsComplete', ('ok', 'empty', 'notApplicable' -contains $d.Status -or ($d.Status -eq 'partial' -and -not $d.Lost -and -not $d.Truncated)),
            'file', $d.Written, 'files', $d.Copies.ToArray(), 'rows', $number, 'ms', $d.Ms, 'collectedUtc', $d.CollectedUtc, 'source', $d.Source, 'missingColumns', @($d.Columns | Where-Object { $read -and $d.Missing.ContainsKey($_.Name) } | ForEach-Object { $_.Name }),
            'unreadColumns', $unread, 'errors', $d.Errors.ToArray(), 'truncated', $d.Truncated, 'truncatedBy', $d.TruncatedBy, 'skippedReason', $d.Skipped, 'notApplicableReason', $d.Absent)
    })
    foreach ($status in 'ok', 'partial', 'empty', 'failed', 'skipped', 'notApplicable') { $number = @($Datasets | Where-Object { $_.Status -eq $status }).Length; if ($number -gt 0) { $counts.Add($status, $number) } }
    $finished = Get-UtcNow
    Write-Log 'end'
    $bytes = [System.Text.Encoding]::ASCII.GetBytes($script:LogText.ToString()); Add-SnapshotFile 'log.txt' $bytes $bytes.Length $null
    $computer = @{}; $caption = $facts.ProductName
    foreach ($row in (Get-Rows 'computer')) { $computer = $row }
    foreach ($row in (Get-Rows 'os')) { if ($row['Caption']) { $caption = $row['Caption'] } }
    $bytes = [System.Text.Encoding]::ASCII.GetBytes($script:TableText.Replace("`r", '') + "`n")
    try { $table = Get-Sha256 $bytes $bytes.Length; if ($script:SelfPath) { $bytes = Read-FileBytes $script:SelfPath 16777216; $self = Get-Sha256 $bytes $bytes.Length } } catch { [void](Add-DatasetError $script:Run 'hash:collector.ps1' $_.Exception) }
    $manifest = New-Ordered @('format', 'hvsnap', 'formatVersion', 1, 'collectorVersion', $script:CollectorVersion, 'collectorSha256', $self, 'tableSha256', $table, 'runId', $script:RunId, 'startedUtc', $script:StartedUtc, 'finishedUtc', $finished,
        'host', (New-Ordered @('name', $script:HostName, 'fqdn', $facts.Fqdn, 'domain', $computer['Domain'], 'workgroup', $computer['Workgroup'], 'partOfDomain', $computer['PartOfDomain'])),
        'os', (New-Ordered @('build', $script:Build, 'ubr', $facts.Ubr, 'productType', $facts.ProductType, 'installationType', $facts.InstallationType, 'editionId', $facts.EditionId, 'caption', $caption)),
        'psVersion', [string]$e.PsVersion, 'psEdition', [string]$e.PsEdition, 'clr', [string]$e.Clr, 'languageMode', [string]$script:LanguageMode, 'is64BitProcess', [bool]$e.Is64BitProcess, 'elevated', $script:Elevated, 'remoting', [bool]$e.Remoting,
        'aborted', $script:Aborted, 'user', (New-Ordered @('sid', $script:Identity.Sid, 'name', $script:Identity.Name)), 'culture', [string]$e.Culture, 'uiCulture', [string]$e.UiCulture, 'parameters', $script:Options.Given,
        'datasets', $entries, 'files', $script:Files.ToArray(), 'totals', (New-Ordered @('datasets', $entries.Length, 'rows', $rows, 'files', $script:Files.Count, 'bytes', $script:TotalBytes, 'ms', (Get-TickMs), 'statusCounts', $counts)),
        'redaction', $null, 'sideEffects', $script:SideEffects.ToArray(), 'errors', $script:Run.Errors.ToArray())
    $bytes = [System.Text.Encoding]::ASCII.GetBytes((ConvertTo-JsonText $manifest) + "`n"); Add-SnapshotFile 'manifest.json' $bytes $bytes.Length $null
    Close-Snapshot
    return $counts
}
# Facts about the host that the run itself needs. Each may fail; the manifest then says so.
function Read-HostFacts {
    $data = @{}; $facts = @{ Build = 0; ProductType = 0; Fqdn = $null; Joined = $null; HasRole = $null; Clustered = $null }; $service = 'HKLM\SYSTEM\CurrentControlSet\Services'
    $keys = @(@('HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion', 'CurrentBuildNumber,UBR,InstallationType,EditionID,ProductName'), @('HKLM\SYSTEM\CurrentControlSet\Control\ProductOptions', 'ProductType'), @(($service + '\Tcpip\Parameters'), 'Hostname,Domain'))
    foreach ($pair in $keys) { try { $data += Get-KeyData $pair[0] $pair[1] } catch { [void](Add-DatasetError $script:Run ('reg:' + $pair[0]) $_.Exception) } }
    try { $facts.HasRole = Test-ServiceKey 'vmms'; $facts.Clustered = Test-ServiceKey 'ClusSvc' } catch { [void](Add-DatasetError $script:Run ('reg:' + $service) $_.Exception) }
    $facts.Ubr = $data['UBR']; $facts.InstallationType = $data['InstallationType']; $facts.EditionId = $data['EditionID']; $facts.ProductName = $data['ProductName']
    if ($data['CurrentBuildNumber'] -match '^\d+$' -or [string]$script:HostEnvironment.OsVersion -match '\d+$') { $facts.Build = [int]$matches[0] }
    if ($data['ProductType']) { $facts.ProductType = [int]@{ WinNT = 1; LanmanNT = 2; ServerNT = 3 }[[string]$data['ProductType']] }
    if ($data['Hostname'] -and $data['Domain']) { $facts.Fqdn = $data['Hostname'] + '.' + $data['Domain'] }
    return $facts
}
# Prints a line for the person at the console.
function Write-Text($Text) { if (-not $script:Options.Quiet) { Write-Host $Text } }
# Ends before anything is read or written: says why and returns the exit code.
function Stop-Run($Code, $Text) { if ($Text) { Write-Host ('collector.ps1: ' + $Text) }; return @{ ExitCode = $Code; Result = $null } }
# Sets up everything that a run needs before it reads from the host.
function Initialize-Run {
    $script:Clock = [System.Diagnostics.Stopwatch]::StartNew(); $script:Invariant = [System.Globalization.CultureInfo]::InvariantCulture; $script:LogText = New-Object System.Text.StringBuilder
    $script:NotPlain = New-Object System.Text.RegularExpressions.Regex('[\x00-\x1f\x7f-\uffff]'); $script:ToEscape = [System.Text.RegularExpressions.MatchEvaluator] { param($found) '\u{0:x4}' -f [int][char]$found.Value }
    $script:Run = @{ Name = 'run'; Errors = (New-Object System.Collections.ArrayList) }; $script:SideEffects = New-Object System.Collections.ArrayList; $script:TotalBytes = [long]0; $script:MemberLimit = 268000000; $script:Aborted = $false
    $script:Done = @{}; $script:CbsPackages = $null; $script:LocalGroups = $null; $script:AzmanBytes = @{}; $script:SecurityPolicy = ''; $script:InterfaceGuids = $null; $script:MachineSid = $null; $script:DomainSid = $null; $script:ComputerSid = $null
    $script:AccountSids = @{}; $script:ErrorCodes = @{}
    foreach ($type in $script:ErrorNumbers.Keys) { foreach ($number in $script:ErrorNumbers[$type].Split(' ')) { $script:ErrorCodes[[System.Convert]::ToInt64($number, 16)] = $type } }
    # Types of exceptions that name an error type; the first that fits counts.
    $script:ExceptionTypes = @([System.UnauthorizedAccessException], 'accessDenied', [System.Security.SecurityException], 'accessDenied', [System.TimeoutException], 'timeout', [System.IO.FileNotFoundException], 'notFound',
        [System.IO.DirectoryNotFoundException], 'notFound', [System.NotSupportedException], 'unsupported', [System.NotImplementedException], 'unsupported', [System.FormatException], 'parseError', [System.Xml.XmlException], 'parseError',
        [System.Runtime.InteropServices.ExternalException], 'comError', [System.IO.IOException], 'ioError')
    Import-Table
}
# Reads and checks the parameters. Returns a text that says what is wrong, or nothing.
function Read-Options($Given) {
    $options = @{ Include = @(); Exclude = @(); MaxAclFiles = 5000; MaxVhdSeconds = 180; TimeBudgetSeconds = 900; OutputPath = $null; Given = (New-Ordered @()) }; $script:Options = $options
    foreach ($name in @($Given.Keys | Sort-Object)) {
        $value = $Given[$name]
        if ('Include', 'Exclude' -contains $name) { $value = @($value | ForEach-Object { ([string]$_).Split(',') } | ForEach-Object { $_.Trim() } | Where-Object { $_ }) }
        elseif ('MaxAclFiles', 'MaxVhdSeconds', 'TimeBudgetSeconds' -contains $name) { if ([string]$value -match '^\d{1,8}$') { $value = [int][string]$value } else { return ('-' + $name + ' must be a number, not ' + $value) } }
        elseif ($name -eq 'OutputPath') { $value = [string]$value } else { $value = [bool]$value }
        $options[$name] = $value; $options.Given.Add($name, $value)
    }
    $known = @(@($script:DatasetList) + $script:ClassDumps | ForEach-Object { $_.Name; $_.Name.Split('/')[0] })
    foreach ($name in $options.Include + $options.Exclude) { if ($known -notcontains $name) { return ('there is no dataset ' + $name + '; -ListDatasets prints them') } }
}
# Where the snapshot goes: the folder asked for, or the temporary folder of Windows, or that of the user.
function Get-OutputFolder {
    if ($script:Options.OutputPath) { $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($script:Options.OutputPath); [void][System.IO.Directory]::CreateDirectory($folder); return $folder }
    $folder = [System.IO.Path]::Combine([string]$script:HostEnvironment.SystemRoot, 'Temp'); $probe = [System.IO.Path]::Combine($folder, 'hvsnap-' + $script:RunId + '.tmp')
    try { (New-Object System.IO.FileStream($probe, [System.IO.FileMode]::CreateNew)).Close(); [System.IO.File]::Delete($probe); return $folder } catch { return [string]$script:HostEnvironment.Temp }
}
# What -ListDatasets and -WhatIf print; nothing is read.
function Get-Plan {
    $all = Get-AllDatasets $false
    if ($script:Options.ListDatasets -and $script:Options.AsJson) {
        return ConvertTo-JsonText (New-Ordered @('datasets', @($all | ForEach-Object { New-Ordered @('name', $_.Name, 'kind', $_.Kind, 'schema', $_.Schema, 'order', $_.Order, 'since', $_.Since, 'until', $_.Until, 'elevation', $_.Elevation,
            'switch', $_.Switch, 'columns', @($_.Columns | ForEach-Object { $_.Name })) })))
    }
    if ($script:Options.ListDatasets) { return @($all | ForEach-Object { $_.Name }) }
    foreach ($d in $all) { Write-Host ('would read ' + $d.Name + ' from ' + $d.Source + $(if ($d.Elevation) { ' (needs elevation)' }) + $(if ([string]$d.Switch -like '-Include*') { ' (with ' + $d.Switch + ')' })) }
    Write-Host ('would write <HOST>_hvsnap_<time>.zip and its .sha256 to ' + $(if ($script:Options.OutputPath) { $script:Options.OutputPath } else { '%windir%\Temp' }))
}
# Makes every operating system call once; returns the exit code.
function Invoke-SelfTest {
    $code = 0
    foreach ($name in @($script:SelfTests.Keys | Sort-Object)) {
        try { [void](& $script:SelfTests[$name]); Write-Host ('PASS  ' + $name) } catch { $code = 1; Write-Host ('FAIL  ' + $name + '  ' + (Get-FaultType $_) + ': ' + (Get-InnerException $_.Exception).Message) }
    }
    return $code
}
# The whole run. Returns the exit code and the object for -PassThru.
function Invoke-Collector($Given) {
    $script:LanguageMode = Get-LanguageMode
    if ($script:LanguageMode -ne 'FullLanguage') { return Stop-Run 4 ('PowerShell runs in ' + $script:LanguageMode + ' mode (AppLocker, WDAC or JEA). Sign the script or allow it in the policy, then run it again.') }
    Initialize-Run
    $wrong = Read-Options $Given
    if ($wrong) { return Stop-Run 64 $wrong }
    if ($script:Options.ListDatasets -or $script:Options.WhatIf) { return @{ ExitCode = 0; Result = (Get-Plan) } }
    $script:RunId = New-RunId; $script:StartedUtc = Get-UtcNow; $script:HostEnvironment = @{ IsWindows = $true; MachineName = 'UNKNOWN' }; $script:Identity = @{ Sid = $null; Name = $null; Elevated = $false }; $script:Variables = @{}
    try { $script:HostEnvironment = Get-HostEnvironment } catch { [void](Add-DatasetError $script:Run 'environment' $_.Exception) }
    $e = $script:HostEnvironment; $script:HostName = ([string]$e.MachineName).ToUpperInvariant()
    foreach ($name in 'SystemRoot', 'SystemDrive', 'ProgramData', 'ProgramFiles', 'Public') { $script:Variables[$name] = [string]$e[$name] }
    $script:Variables['windir'] = [string]$e.SystemRoot; $script:Variables['ProgramFiles(x86)'] = [string]$e.ProgramFilesX86
    if (-not $e.IsWindows) { return Stop-Run 4 'This is not Windows.' }
    if ($e.IsWow64) { return Stop-Run 4 ('This is a 32-bit PowerShell on 64-bit Windows. Run it with ' + $e.SystemRoot + '\sysnative\WindowsPowerShell\v1.0\powershell.exe -File collector.ps1') }
    if ($script:Options.SelfTest) { return Stop-Run (Invoke-SelfTest) }
    try { $script:Identity = Get-ProcessIdentity } catch { [void](Add-DatasetError $script:Run 'token' $_.Exception) }
    $script:Elevated = [bool]$script:Identity.Elevated; $script:HostFacts = Read-HostFacts; $script:Build = $script:HostFacts.Build; $script:EraIndex = 0
    if ($false -eq $script:HostFacts.HasRole -and -not $script:Options.Force) { return Stop-Run 4 'this host has no Hyper-V role (service vmms). Use -Force to collect it all the same.' }
    for ($i = 0; $i -lt $script:Eras.Count; $i++) { if ($script:Eras[$i].Build -le $script:Build) { $script:EraIndex = $i } }
    return Invoke-Run
}
# Collects all datasets into one new file or folder. Also after Ctrl-C the file is closed with what was read.
function Invoke-Run {
    $datasets = Get-AllDatasets $true; $opened = $false; $finished = $false; $number = 0
    try {
        $script:WorkFolder = Get-OutputFolder; $name = ($script:HostName -replace '[^A-Z0-9-]', '_') + '_hvsnap_' + $script:StartedUtc.ToString("yyyyMMdd'T'HHmmss'Z'", $script:Invariant)
        $path = [System.IO.Path]::Combine($script:WorkFolder, $name + $(if (-not $script:Options.NoZip) { '.zip' }))
        Open-Snapshot $path ([bool]$script:Options.NoZip); $opened = $true
        Write-Log ('collector ' + $script:CollectorVersion + ' on ' + $script:HostName + ', build ' + $script:Build + ', PowerShell ' + $script:HostEnvironment.PsVersion + ', elevated ' + $script:Elevated)
        foreach ($d in $datasets) {
            $number++
            if (-not $script:Options.Quiet) { Write-Progress -Activity 'Collecting' -Status $d.Name -PercentComplete (100 * $number / $datasets.Length) }
            if (Test-Unwanted $d) { Close-Dataset $d } else { Invoke-Dataset $d }
            Write-Log ($d.Name + ': ' + $d.Status + ', ' + $d.Rows.Count + ' rows, ' + $d.Ms + ' ms')
            Write-Text ('[{0,3}/{1}] {2,-14} {3} ({4} rows, {5} ms)' -f $number, $datasets.Length, $d.Status, $d.Name, ($d.Rows.Count + $d.Copies.Count), $d.Ms)
        }
        $counts = Complete-Snapshot $datasets; $finished = $true
    }
    catch {
        if ($opened -and $null -ne $script:Output.Writer) { $script:Output.Writer.Close(); [System.IO.File]::Delete($path); $opened = $false }
        return Stop-Run 2 (Get-InnerException $_.Exception).Message
    }
    finally { if ($opened -and -not $finished) { $script:Aborted = $true; [void](Complete-Snapshot $datasets); [void](Write-SideFile $path) } }
    $sum = Write-SideFile $path; $code = 0; $result = $null
    Write-Text ('written: ' + $path)
    if ($sum.Sha256) { Write-Text ('SHA-256: ' + $sum.Sha256) }
    if ($counts.Contains('failed') -or $counts.Contains('partial')) { $code = 1 }
    if (-not $script:Elevated) { $code = 3; Write-Text 'not elevated: some datasets are missing; run it again in an elevated PowerShell.' }
    if ($script:Options.PassThru -or $script:HostEnvironment.Remoting) { $result = New-Object PSObject -Property @{ Path = $path; Sha256 = $sum.Sha256; Bytes = $sum.Bytes; Status = $code } }
    return @{ ExitCode = $code; Result = $result }
}
# The hash of the zip in a file beside it.
function Write-SideFile($Path) {
    $sum = @{ Sha256 = $null; Bytes = $script:TotalBytes }
    if ($script:Output.AsFolder) { return $sum }
    try {
        $bytes = Read-FileBytes $Path 2147000000; $sum.Bytes = $bytes.Length; $sum.Sha256 = Get-Sha256 $bytes $bytes.Length
        $line = [System.Text.Encoding]::ASCII.GetBytes($sum.Sha256 + '  ' + [System.IO.Path]::GetFileName($Path) + "`n"); $stream = New-Object System.IO.FileStream(($Path + '.sha256'), [System.IO.FileMode]::Create)
        try { $stream.Write($line, 0, $line.Length) } finally { $stream.Close() }
    }
    catch { Write-Host ('collector.ps1: no hash file: ' + (Get-InnerException $_.Exception).Message) }
    return $sum
}
# Error numbers of WMI, COM and Windows that name an error type.
$script:ErrorNumbers = @{
    accessDenied = '80041003 80070005 80041062'; notFound = '80041002 80070002 80070003 80070035'; invalidNamespace = '8004100e'; invalidClass = '80041010'; invalidQuery = '80041017 80041018'
    timeout = '80041069 800705b4 80040fff'; unavailable = '800706ba 800706bf 80041015 80041014 8007203a 8007054b 80072020 80070422'; unsupported = '80041024 80041055 80070032'; cancelled = '80041032'
}
$script:CellErrorCodes = @('accessDenied', 'notFound', 'timeout', 'unavailable', 'parseError', 'unsupported', 'tooLong', 'redacted', 'budget', 'other')
$script:WellKnownAccounts = @{ 'LocalSystem' = 'S-1-5-18'; 'NT AUTHORITY\SYSTEM' = 'S-1-5-18'; 'SYSTEM' = 'S-1-5-18'; 'NT AUTHORITY\LocalService' = 'S-1-5-19'; 'NT AUTHORITY\NetworkService' = 'S-1-5-20' }
$script:SddlAliases = @{ BA = 'S-1-5-32-544'; SY = 'S-1-5-18'; BU = 'S-1-5-32-545'; LS = 'S-1-5-19'; NS = 'S-1-5-20'; CO = 'S-1-3-0'; WD = 'S-1-1-0'; AU = 'S-1-5-11' }

# What is read. Made from the format definition; never edited by hand.
# BEGIN DATASET TABLE
$script:TableText = @'
Y|2008|6001
Y|2008R2|7600
Y|2012|9200
Y|2012R2|9600
Y|2016|10240
Y|2019|17763
Y|2022|20348
Y|2025|26100
D|collection|data/collection.json|1|10|rows|one|0|2008||||||RunId
C|HostName:string,Fqdn:string?,RunId:guid,StartedUtc:datetime,CollectorVersion:string,Elevated:bool,UserSid:sid,UserName:string?,Remoting:bool,SystemRoot:path,SystemDrive:path,ProgramData:path,ProgramFiles:path,ProgramFilesX86:path?,Public:path,UsersRoot:path?,MachinePath:list<path>
D|os|data/os.json|1|20|rows|one|0|2008||||||Build
C|Caption:string?,ProductName:string?,Version:string,Build:int,UBR:int?@2012R2,KernelFileVersion:string?,ReleaseId:string?@2016,DisplayVersion:string?@2022,EditionId:string,InstallationType:string?@2008R2,ProductType:enum.int,OperatingSystemSKU:int,OSArchitecture:enum.token,ServicePack:string?,ServicePackMajor:int,OSLanguageLcid:int?,MUILanguages:list<string>?,InstallDateUtc:datetime?,LastBootUtc:datetime?,TimeZoneBiasMin:int?,TimeZoneId:string?,DepSupportPolicy:enum.int?,WindowsDirectory:path,SystemDrive:path,PendingReboot:list<enum.token>?
D|computer|data/computer.json|1|30|rows|one|0|2008||||||Name
C|Name:string,DnsHostName:string?,Domain:string?,PartOfDomain:bool,DomainRole:enum.int,Workgroup:string?,DomainReachable:bool?,MachineSid:sid?,DomainSid:sid?,ForestRootDomainSid:sid?,Manufacturer:string?,Model:string?,SerialNumber:string?,UUID:guid?,BiosVendor:string?,BiosVersion:string?,BiosDateUtc:datetime?,FirmwareType:enum.token?,TotalPhysicalMemoryBytes:int,MemoryErrorCorrection:list<enum.int>?,Sockets:int,Cores:int?,LogicalProcessors:int?,CpuName:string?,CpuManufacturer:string?,CpuSignature:string?,MicrocodeRevision:hex?,SlatSupported:bool?@2012,VirtFirmwareEnabled:bool?@2012,HypervisorPresent:bool?@2012
D|platform_security|data/platform_security.json|1|40|rows|one|0|2008||||||TpmPresent
C|SecureBootEnabled:bool?@2012,SecureBootDbCaNames:list<string>?!@2012,SecureBootKekCaNames:list<string>?!@2012,TpmPresent:bool?!,TpmEnabled:bool?!@2008R2,TpmActivated:bool?!@2008R2,TpmOwned:bool?!@2008R2,TpmReady:bool?!@2012,TpmSpecVersion:string?!,TpmManufacturerId:int?!,TpmManufacturerVersion:string?!,VbsStatus:enum.int?@2016,VbsRequiredProps:list<enum.int>?@2016,VbsAvailableProps:list<enum.int>?@2016,SecurityServicesConfigured:list<enum.int>?@2016,SecurityServicesRunning:list<enum.int>?@2016,CodeIntegrityPolicyStatus:enum.int?@2016,UmciStatus:enum.int?@2016,LsaCfgFlags:int?@2016,FeatureSettingsOverride:int?,FeatureSettingsOverrideMask:int?,MinVmVersionForCpuBasedMitigations:string?@2016
D|boot_entries|data/boot_entries.json|1|50|rows|many|1|2008||||||ObjectId,ElementId
C|ObjectId:guid,ObjectType:int,ElementId:string,ElementName:string,BoolValue:bool?,IntValue:int?,GuidListValue:list<guid>?,IsDefault:bool,IsCurrent:bool?
D|applications|data/applications.json|1|70|rows|many|0|2008||||||Scope,View,KeyName
C|KeyName:string,DisplayName:string?,DisplayVersion:string?,Publisher:string?,InstallDate:string?,InstallLocation:path?,View:enum.int,Scope:string,SystemComponent:bool,WindowsInstaller:bool,ReleaseType:string?,ParentKeyName:string?
D|update_settings|data/update_settings.json|1|90|rows|one|0|2008||||||LastInstallSuccessUtc
C|NoAutoUpdatePolicy:int?,AUOptionsPolicy:enum.int?,AUOptionsLocal:int?@-2012R2,UseWUServer:int?,WUServer:string?,WUStatusServer:string?,TargetGroup:string?,DoNotConnectToWindowsUpdateInternetLocations:int?@2012R2,DisableWindowsUpdateAccess:int?,LastDetectSuccessUtc:datetime?@-2012R2,LastInstallSuccessUtc:datetime?,LastInstallSuccessSource:enum.token?
D|services|data/services.json|1|100|rows|many|0|2008||2000||||Name
C|Name:string,DisplayNameRaw:string?,DisplayName:string?,State:enum.token?,StartType:enum.int,DelayedAutoStart:bool,TriggerStart:bool@2008R2,Type:int,ErrorControl:int?,ImagePathRaw:string?,ResolvedPath:path?,ServiceDll:path?,ServiceDllResolved:path?,Account:string?,AccountSid:sid?,ProcessId:int?,ServiceSidType:enum.int?,RequiredPrivileges:list<string>?,LaunchProtected:enum.int?@2012R2,DependOnService:list<string>,FailureActions:hex?,FailureCommand:string?!,Redacted:bool,SddlWmi:sddl?,SdRegistry:hex?!,RegKeySddl:sddl?
D|drivers|data/drivers.json|1|110|rows|many|0|2008||3000||||Name
C|Name:string,ImagePath:string?,ResolvedPath:path?,StartType:enum.int,Type:int,State:enum.token?,Group:string?
D|firewall_profiles|data/firewall_profiles.json|1|160|rows|many|0|2008||||||Profile,Store
C|Profile:enum.token,Store:enum.token,KeyExists:bool,IsCurrent:bool?,Enabled:bool?,DefaultInbound:enum.token?,DefaultOutbound:enum.token?,BlockAllInbound:bool?,AllowLocalRules:bool?,AllowLocalIPsecRules:bool?,NotifyOnListen:bool?,DisableUnicastResponses:bool?,DisableStealthMode:bool?,DisableStealthModeIPsec:bool?,LogFile:path?,LogMaxKB:int?,LogDropped:bool?,LogAllowed:bool?,DisabledInterfaces:list<string>
D|firewall_rules_raw|data/firewall_rules_raw.json|1|170|rows|many|0|2008||20000||||Store,ValueName
C|Store:enum.token,ValueName:string,Rule:string
D|firewall_consec_raw|data/firewall_consec_raw.json|1|180|rows|many|0|2008||5000||||Store,Kind,ValueName
C|Store:enum.token,Kind:enum.token,ValueName:string,Rule:string
D|firewall_hyperv|data/firewall_hyperv.json|1|190|rows|many|0|2022||||||RowKind,InstanceId
C|RowKind:enum.token,InstanceId:string,VMCreatorId:guid?,FriendlyName:string?,Profile:int?,Enabled:enum.int?,DefaultInboundAction:enum.int?,DefaultOutboundAction:enum.int?,LoopbackEnabled:enum.int?,AllowHostPolicyMerge:enum.int?,Direction:enum.int?,Action:enum.int?,Protocol:string?,LocalPorts:list<string>,RemotePorts:list<string>,LocalAddresses:list<string>,RemoteAddresses:list<string>
D|local_groups|data/local_groups.json|1|200|rows|many|0|2008||||||Sid
C|Sid:sid,Name:string,Description:string?,MemberCount:int?
D|local_group_members|data/local_group_members.json|1|210|rows|many|0|2008||10000|60|||GroupSid,MemberSid,ViaSid
C|GroupSid:sid,GroupName:string,MemberSid:sid?,MemberName:string?,MemberPath:string?,Class:enum.token,Resolved:bool,Depth:int,ViaSid:sid?
D|local_users|data/local_users.json|1|220|rows|many|0|2008||||||Sid
C|Sid:sid,Name:string,Enabled:bool,LockedOut:bool?,PasswordRequired:bool?,PasswordNeverExpires:bool?,PasswordLastSetUtc:datetime?,LastLogonUtc:datetime?,UserFlags:int?
D|account_policy|data/account_policy.json|1|230|rows|one|0|2008||||||LockoutThreshold
C|MinPasswordLength:int,PasswordHistoryLength:int,MaxPasswordAgeSeconds:int?,MinPasswordAgeSeconds:int?,LockoutThreshold:int,LockoutDurationSeconds:int?,LockoutWindowSeconds:int?
D|user_profiles|data/user_profiles.json|1|240|rows|many|0|2008||||||Sid
C|Sid:sid,LocalPath:path?,LastUseUtc:datetime?,Special:bool,Loaded:bool?
D|registry_values|data/registry_values.json|1|260|rows|many|0|2008||3000||||View,Key,Name
C|Key:string,Name:string?,ListKey:string,Mode:enum.token,KeyExists:bool,Exists:bool,Kind:enum.token?,IntValue:int?,TextValue:string?,ListValue:list<string>?,HexValue:hex?,Sddl:sddl?,View:enum.int
D|registry_acls|data/registry_acls.json|1|270|rows|many|0|2008||500||||Key
C|Key:string,Role:enum.token,Exists:bool,OwnerSid:sid?,Sddl:sddl?
D|gpo|data/gpo.json|1|280|rows|many|0|2008||||||Order
C|Order:int,Name:string,Guid:guid?,Link:string?,Version:int?,Extensions:list<guid>,LastApplyUtc:datetime?
D|smb_server|data/smb_server.json|1|290|rows|one|0|2012||||||RequireSecuritySignature
C|EnableSMB1Protocol:bool?,EnableSMB2Protocol:bool?,RequireSecuritySignature:bool?,EnableSecuritySignature:bool?,EncryptData:bool?,RejectUnencryptedAccess:bool?,AuditSmb1Access:bool?@2016,AutoShareServer:bool?,EnableAuthenticateUserSharing:bool?,SmbServerNameHardeningLevel:int?,ServerHidden:bool?,EnableMultiChannel:bool?,EnableSMBQUIC:bool?@2022,RestrictNamedpipeAccessViaQuic:bool?@2022,DisableSmbEncryptionOnSecureConnection:bool?@2022,EncryptionCiphers:list<string>?@2022,Smb2DialectMin:string?@2025,Smb2DialectMax:string?@2025,AuditClientDoesNotSupportEncryption:bool?@2025,AuditClientDoesNotSupportSigning:bool?@2025
D|smb_client|data/smb_client.json|1|300|rows|one|0|2012||||||RequireSecuritySignature
C|RequireSecuritySignature:bool?,EnableSecuritySignature:bool?,EnableInsecureGuestLogons:bool?@2016,EnableMultiChannel:bool?,EncryptionCiphers:list<string>?@2022,RequireEncryption:bool?@2025,BlockNTLM:bool?@2025,Smb2DialectMin:string?@2025,Smb2DialectMax:string?@2025
D|smb_shares|data/smb_shares.json|1|310|rows|many|0|2008||2000||||ScopeName,Name
C|Name:string,Path:path?,Type:int,Description:string?,Special:bool,Scoped:bool?@2012,ScopeName:string?@2012,ContinuouslyAvailable:bool?@2012,EncryptData:bool?@2012,FolderEnumerationMode:enum.int?@2012,CachingMode:enum.int?@2012,ShareSddl:sddl?
D|smb_connections|data/smb_connections.json|1|320|rows|many|1|2012||2000||||ServerName,ShareName
C|ServerName:string,ShareName:string,Dialect:string?,NumOpens:int?,ContinuouslyAvailable:bool?,Encrypted:bool?,Signed:bool?@2016
D|remote_access|data/remote_access.json|1|330|rows|one|0|2008||||||RdpPort
C|RdpDenyConnections:int?,RdpDenyConnectionsPolicy:int?,RdpPort:int?,RdpSecurityLayer:enum.int?,RdpSecurityLayerPolicy:int?,RdpUserAuthentication:int?,RdpUserAuthenticationPolicy:int?,RdpMinEncryptionLevel:int?,RdpMinEncryptionLevelPolicy:int?,RdpCertificateHash:string?,RdpSddl:sddl?,RdpDisableDrives:int?,RdpDisableDrivesPolicy:int?,RdpPromptForPassword:int?,RdpPromptForPasswordPolicy:int?,RdpEncryptRpcPolicy:int?,RdpDisableClipboardPolicy:int?,WinRmAllowRemote:int?,WinRmServiceAllowUnencrypted:int?,WinRmServiceAllowUnencryptedPolicy:int?,WinRmServiceBasic:int?,WinRmServiceBasicPolicy:int?,WinRmServiceCredSSP:int?,WinRmServiceCredSSPPolicy:int?,WinRmServiceNegotiate:int?,WinRmServiceKerberos:int?,WinRmServiceCertificate:int?,WinRmCbtHardeningLevel:string?,WinRmCbtHardeningLevelPolicy:string?,WinRmRootSddl:sddl?,WinRmServiceCertificateHash:string?,WinRmDisableRunAsPolicy:int?,WinRmAllowAutoConfigPolicy:int?,WinRmIPv4FilterPolicy:string?,WinRmIPv6FilterPolicy:string?,WinRmTrustedHosts:string?,WinRmTrustedHostsPolicy:string?,WinRmClientAllowUnencrypted:int?,WinRmClientAllowUnencryptedPolicy:int?,WinRmClientBasic:int?,WinRmClientBasicPolicy:int?,WinRmClientDigest:int?,WinRmClientDigestPolicy:int?,WinRmClientCredSSP:int?,WinRmClientCredSSPPolicy:int?,PsRemotingOpenSsh:bool?
D|winrm_listeners|data/winrm_listeners.json|1|340|rows|many|0|2008R2||||||Address,Transport
C|Address:string,Transport:enum.token,Port:int?,Enabled:bool,HostName:string?,UriPrefix:string?,CertificateThumbprint:string?
D|ps_endpoints|data/ps_endpoints.json|1|350|rows|many|1|2008R2||||||Name
C|Name:string,Enabled:bool,Uri:string?,Sddl:sddl?,ConfigFilePath:path?,RunAsVirtualAccount:bool,RunAsGmsa:bool,HasRunAsUser:bool,LanguageMode:string?
D|wmi_security|data/wmi_security.json|1|360|rows|many|1|2008||||||Namespace
C|Namespace:string,Exists:bool,Sddl:sddl?
D|snmp|data/snmp.json|1|370|rows|one|0|2008||||||CommunityCount
C|CommunityCount:int,DefaultCommunityNames:list<enum.token>,WritableCommunityCount:int,PermittedManagers:list<string>,PolicyPresent:bool
D|antivirus|data/antivirus.json|1|400|rows|one|0|2008||||||Product
C|Product:enum.token,AMRunningMode:string?@2016,AMServiceEnabled:bool?@2016,AntivirusEnabled:bool?@2016,RealTimeProtectionEnabled:bool?@2016,OnAccessProtectionEnabled:bool?@2016,BehaviorMonitorEnabled:bool?@2016,IoavProtectionEnabled:bool?@2016,IsTamperProtected:bool?@2019,AMProductVersion:string?@2016,AMEngineVersion:string?@2016,AntivirusSignatureVersion:string?@2016,AntivirusSignatureLastUpdatedUtc:datetime?@2016,AntivirusSignatureAge:int?@2016,DisableAutoExclusions:bool?@2016,DisableRealtimeMonitoring:bool?@2016,DisableBehaviorMonitoring:bool?@2016,DisableIOAVProtection:bool?@2016,DisableScriptScanning:bool?@2016,MAPSReporting:int?@2016,PUAProtection:int?@2016,EnableNetworkProtection:int?@2019,EnableControlledFolderAccess:int?@2019,ExclusionsHidden:bool
D|defender_exclusions|data/defender_exclusions.json|1|410|rows|many|1|2008R2||5000||||Source,Kind,Value
C|Kind:enum.token,Value:string?,Source:enum.token,Hidden:bool
D|time_service|data/time_service.json|1|430|rows|one|0|2008||||||Type
C|Type:enum.token?,TypePolicy:string?,NtpServer:string?,NtpServerPolicy:string?,AnnounceFlags:int?,MaxPosPhaseCorrection:int?,MaxNegPhaseCorrection:int?,NtpClientEnabled:int?,NtpClientEnabledPolicy:int?,NtpServerEnabled:int?,VmicTimeProviderEnabled:int?,SpecialPollInterval:int?
D|certificates|data/certificates.json|1|440|rows|many|0|2008||2000||||Store,Thumbprint
C|Store:enum.token,Thumbprint:string,Subject:string,Issuer:string,SanDns:list<string>,NotBeforeUtc:datetime,NotAfterUtc:datetime,SigAlg:string?,KeyAlg:string?,KeyBits:int?,Eku:list<string>?,HasPrivateKey:bool,SelfSigned:bool
D|disks|data/disks.json|1|450|rows|many|0|2008||2000||||Number,Path
C|Number:int?,Model:string?,SerialHash:string?,UniqueId:string?@2012,BusType:enum.int?@2012,SizeBytes:int?,LogicalSectorBytes:int?,PhysicalSectorBytes:int?@2012,PartitionStyle:enum.int?@2012,Health:enum.int?@2012,IsClustered:bool?@2012,IsBoot:bool?@2012,IsSystem:bool?@2012,IsOffline:bool?@2012,IsReadOnly:bool?@2012,Location:string?@2012,Path:string?@2012
D|volumes|data/volumes.json|1|460|rows|many|0|2008||2000||||DeviceId
C|DeviceId:string,DriveLetter:path?,MountPaths:list<path>,Label:string?,FileSystem:string?,SizeBytes:int?,FreeBytes:int?,BlockSize:int?,DriveType:enum.int,IsSystem:bool,IsBoot:bool,IsCsv:bool,DiskNumbers:list<int>?,DedupEnabled:bool?@2012,DedupUsageType:string?@2012R2
D|iscsi_sessions|data/iscsi_sessions.json|1|470|rows|many|1|2008||1000||||SessionIdentifier
C|SessionIdentifier:string,TargetNodeAddress:string,InitiatorNodeAddress:string?,InitiatorPortalAddress:string?,AuthenticationType:string?@2012,IsConnected:bool?,IsPersistent:bool?,IsHeaderDigest:bool?,IsDataDigest:bool?
D|iscsi_connections|data/iscsi_connections.json|1|480|rows|many|1|2008||1000||||ConnectionIdentifier
C|ConnectionIdentifier:string,SessionIdentifier:string?,InitiatorAddress:string?,InitiatorPort:int?,TargetAddress:string?,TargetPort:int?
D|net_adapters|data/net_adapters.json|1|490|rows|many|0|2008||2000||||InterfaceGuid
C|InterfaceGuid:guid,InterfaceIndex:int?,Name:string?,Description:string?,Mac:string?,PermanentMac:string?@2012,PnpId:string?,ComponentId:string?,IsPhysical:bool,Virtual:bool?@2012,SpeedBps:int?,ConnectionStatus:enum.int?,ConfigManagerErrorCode:int?,AdminStatus:enum.int?@2012,OperStatus:enum.int?@2012,MediaState:enum.int?@2012,DriverVersion:string?,DriverDateUtc:datetime?,DriverProvider:string?,VlanId:int?@2012,MtuBytes:int?@2012,VmqEnabled:bool?@2012,VmqReceiveQueues:int?@2012,SriovEnabled:bool?@2012,SriovSupport:enum.int?@2012,SriovNumVfs:int?@2012,RdmaEnabled:bool?@2012
D|net_ip|data/net_ip.json|1|500|rows|many|0|2008||5000||||InterfaceIndex,Address
C|InterfaceIndex:int,InterfaceGuid:guid?,InterfaceAlias:string?,Address:string,PrefixLength:int?,Family:enum.token,PrefixOrigin:enum.int?@2012,AddressState:enum.int?@2012,SkipAsSource:bool?@2012
D|net_interfaces|data/net_interfaces.json|1|510|rows|many|0|2008||5000||||InterfaceIndex,Family
C|InterfaceIndex:int,InterfaceGuid:guid?,InterfaceAlias:string?,Family:enum.token,Dhcp:bool?,ConnectionState:enum.int?@2012,Forwarding:enum.int?@2012,WeakHostSend:enum.int?@2012,Metric:int?,Gateways:list<string>,DnsServers:list<string>,DnsSuffix:string?,RegisterDns:bool?,NetBios:enum.int?
D|net_profile|data/net_profile.json|1|520|rows|many|0|2008||||||InterfaceGuid,NetworkName
C|InterfaceGuid:guid?,InterfaceIndex:int?@2012,InterfaceAlias:string?@2012,NetworkName:string?,Category:enum.int,IPv4Connectivity:enum.int?@2012,IPv6Connectivity:enum.int?@2012
D|net_teams|data/net_teams.json|1|530|rows|many|0|2012||||||Team
C|Team:string,Mode:enum.int,Algorithm:enum.int,Status:enum.int?,Members:list<string>,MemberDescriptions:list<string>
D|net_team_nics|data/net_team_nics.json|1|540|rows|many|0|2012||||||Team,Name
C|Name:string,Team:string,InterfaceDescription:string?,VlanId:int?,Primary:bool,Default:bool?
D|net_bindings|data/net_bindings.json|1|550|rows|many|0|2012||10000||||Name,InterfaceDescription,ComponentId
C|InterfaceGuid:guid?,Name:string,InterfaceDescription:string?,ComponentId:string,Enabled:bool
D|net_nat|data/net_nat.json|1|560|rows|many|0|2012R2||||||Name
C|Name:string,InternalPrefix:string?,ExternalPrefix:string?,Active:bool?
D|net_qos_policies|data/net_qos_policies.json|1|570|rows|many|0|2008R2||||||Source,Name
C|Name:string,Source:enum.token,AppPath:string?,Protocol:string?,DstPortStart:int?,DstPortEnd:int?,DstPrefix:string?,Template:string?@2012,ThrottleRateBps:int?,DscpValue:int?,MinBandwidthWeight:int?@2012,PriorityValue:int?@2012
D|features|data/features.json|1|700|rows|many|0|2008||||||Kind,Name,ServerFeatureId
C|Kind:enum.token,Name:string?,Installed:bool,InstallState:int?,ServerFeatureId:int?,ServerFeatureParentId:int?
D|hotfixes|data/hotfixes.json|1|705|rows|many|0|2008||5000||||Source,HotFixId,PackageName
C|HotFixId:string?,PackageName:string?,Description:string?,InstalledOnRaw:string?,InstalledOnUtc:datetime?,State:int?,Source:enum.token
D|endpoints|data/endpoints.json|1|710|rows|many|0|2008||5000||||Protocol,LocalAddress,LocalPort,Pid
C|Protocol:enum.token,LocalAddress:string,LocalPort:int,Family:enum.token,State:enum.int?,Pid:int?
D|scheduled_tasks|data/scheduled_tasks.json|1|715|rows|many|0|2008||3000||||Path
C|Path:string,Name:string,Enabled:bool,State:enum.int?,Author:string?,RunAsSid:sid?,RunAsName:string?,GroupSid:sid?,LogonType:enum.int?,RunLevel:enum.int?,Actions:list<object>,Triggers:list<object>,Hidden:bool,LastRunUtc:datetime?,NextRunUtc:datetime?,LastResult:int?,Redacted:bool,Sddl:sddl?
D|processes|data/processes.json|1|720|rows|many|0|2008||3000||||Pid,StartUtc
C|Pid:int,ParentPid:int?,Name:string,Path:path?!,SessionId:int?,StartUtc:datetime?,OwnerSid:sid?!,VmId:guid?,Services:list<string>
D|binaries|data/binaries.json|1|725|rows|many|0|2008||4000|90|||Path
C|Path:path,Roles:list<enum.token>,Exists:bool?,FileVersion:string?,ProductVersion:string?,CompanyName:string?,OriginalFilename:string?,SizeBytes:int?,CreationUtc:datetime?,LastWriteUtc:datetime?,SignatureStatus:enum.token,SignatureType:enum.token?@2016,CatalogChecked:bool,IsOSBinary:bool?@2016,SignerSubject:string?,SignerIssuer:string?,SignerThumbprint:string?,Sha256:string?
D|eventlogs|data/eventlogs.json|1|730|rows|many|0|2008||300|30|||Channel
C|Channel:string,Enabled:bool,MaxSizeBytes:int?,Retention:int?,AutoBackup:bool?,File:path?,ChannelAccess:sddl?,Type:enum.int?,OwningPublisher:guid?,FileSizeBytes:int?!,RecordCount:int?!,OldestRecordUtc:datetime?!,NewestRecordUtc:datetime?!
D|event_summary|data/event_summary.json|1|735|rows|many|0|2008||2000|60|||Channel,Provider,EventId
C|Channel:string,Provider:string,EventId:int,Level:int,Count:int,FirstUtc:datetime,LastUtc:datetime,WindowDays:int,LastData:object,Capped:bool
D|ad_computer|data/ad_computer.json|1|740|rows|one|0|2008||||||ObjectSid
C|ObjectSid:sid,DistinguishedName:string?,UserAccountControl:int,AllowedToDelegateTo:list<string>,ResourceBasedDelegation:bool?@2012,ServicePrincipalNames:list<string>,PwdLastSetUtc:datetime?,WhenCreatedUtc:datetime?
D|bitlocker|data/bitlocker.json|1|745|rows|many|1|2008||||||DeviceId
C|DeviceId:string,MountPoint:path?,VolumeType:enum.int?@2012,ProtectionStatus:enum.int?,ConversionStatus:enum.int?,EncryptionPercentage:int?,EncryptionMethod:enum.int?,LockStatus:enum.int?,SuspendCount:int?@2012,ProtectorTypes:list<enum.int>?,AdProtectorSids:list<sid>?@2012
D|secedit|raw/secpol/secedit.inf|1|900|raw|many|1|2008||||||
D|auditpol|raw/secpol/auditpol.csv|1|910|raw|many|1|2008||||||
D|azman|data/azman.json|1|920|rows|many|0|2008||||||StoreRole
C|StoreRole:enum.token,StoreLocation:string?,LocationSource:enum.token,ServiceApplication:string?,Scheme:enum.token?,StorePath:path?,Exists:bool?,SizeBytes:int?,LastWriteUtc:datetime?,Sha256:string?,RawFile:string?
D|azman_store|raw/azman/<file name>.xml|1|925|raw|many|1|2008||||||
D|hgs|data/hgs.json|1|930|rows|one|1|2016||||||IsHostGuarded
C|IsHostGuarded:bool?,Mode:string?,AttestationOperationMode:string?,AttestationStatus:string?,AttestationSubstatus:list<string>,AttestationServerUrl:string?,KeyProtectionServerUrl:string?,FallbackAttestationServerUrl:string?,FallbackKeyProtectionServerUrl:string?
D|vmconfig|raw/vmconfig/<VM GUID>.xml,raw/vmconfig/<VM GUID>.vmcx,raw/vmconfig/snapshots/<checkpoint GUID>.xml,raw/vmconfig/snapshots/<checkpoint GUID>.vmcx|1|935|raw|many|1|2008|||||-IncludeVmcx@2016|
D|vhds|data/vhds.json|1|940|rows|many|1|2008||5000|180|-MaxVhdSeconds||Path
C|Path:path,Kind:enum.token,References:list<enum.token>,Exists:bool?,FileSizeBytes:int?,CreationUtc:datetime?,LastWriteUtc:datetime?,Format:enum.int?@2012,Type:enum.int?,MaxInternalSizeBytes:int?,MinInternalSizeBytes:int?@2012,ParentPath:path?,ParentIdentifier:guid?@2012,ParentTimestampUtc:datetime?@2012,VirtualDiskId:guid?@2012,LogicalSector:int?@2012,PhysicalSector:int?@2012,HostPhysicalSector:int?@2012,BlockSize:int?@2012,Alignment:int?@2012,FragmentationPercentage:int?@2012,IsPmemCompatible:bool?@2019,InUse:bool?,Error:enum.token?
D|vm_files|data/vm_files.json|1|950|rows|many|0|2008||20000|60|||Path
C|Path:path,Kind:enum.token,FoundBy:list<enum.token>,SizeBytes:int?,CreationUtc:datetime?,LastWriteUtc:datetime?,Attributes:list<enum.token>,ReparseTarget:path?
D|acls|data/acls.json|1|960|rows|many|0|2008||5000||-MaxAclFiles||Path
C|Path:path,Kind:enum.token?,Roles:list<enum.token>,Exists:bool?,OwnerSid:sid?,Sddl:sddl?,AuditSddl:sddl?,IsReparsePoint:bool?
D|vss_writers|data/vss_writers.json|1|970|rows|many|1|2008|||||-IncludeVssWriters|WriterId,InstanceId
C|WriterId:guid,InstanceId:guid?,StateCode:int?
D|task_xml|raw/tasks/<n>.xml|1|980|raw|many|1|2008|||||-IncludeTaskXml|
D|sids|data/sids.json|1|990|rows|many|0|2008||2000|30|||Sid
C|Sid:sid,Name:string?,Class:enum.token?,Resolved:bool,LookupError:enum.token?
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization|value|0|2008R2||MemoryReserve
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization|value|0|||Version,DefaultExternalDataRoot,DefaultVirtualHardDiskPath,MinimumMacAddress,MaximumMacAddress
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestInstaller\Version|allValues|0||2012R2|*
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\GuestCommunicationServices\*|value|0|2016||ElementName
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\HyperV|value|0|2016||RequireSecureDeviceAssignment,RequireSupportedDeviceAssignment
R|HKLM\SYSTEM\CurrentControlSet\Services\vmsmp\Parameters|value|0|2008R2||BelowTenGigVmqEnabled,TenGigVmqEnabled
R|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\kernel|value|0|||DisableExceptionChainValidation
R|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\kernel|value|0|2012R2||MitigationOptions
R|HKLM\SYSTEM\CurrentControlSet\Control\CI\Config|value|0|2016||VulnerableDriverBlocklistEnable
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Server\ServerLevels|allValues|0|2008R2||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\DataCollection|value|0|2016||AllowTelemetry
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\DataCollection|value|0|2016||AllowTelemetry
R|HKLM\SYSTEM\CurrentControlSet\Control\CrashControl|value|0|2016||DumpEncryptionEnabled
R|HKLM\SYSTEM\CurrentControlSet\Control\CrashControl|value|0|||CrashDumpEnabled
R|HKLM\SYSTEM\CurrentControlSet\Control\CrashControl\ForceDumpsDisabled|value|0|2016||GuardedHost
R|HKLM\SYSTEM\CurrentControlSet\Control\FileSystem|value|0|2008R2||NtfsEncryptPagingFile
R|HKLM\SYSTEM\CurrentControlSet\Policies|value|0|2008R2||NtfsEncryptPagingFile
R|HKLM\SYSTEM\CurrentControlSet\Control\Power|value|0|||HibernateEnabled
R|HKLM\SYSTEM\CurrentControlSet\Control|value|0|||SystemStartOptions
R|HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot|value|0|2012||AvailableUpdates,AvailableUpdatesPolicy,HighConfidenceOptOut,MicrosoftUpdateManagedOptIn
R|HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\Servicing|value|0|2012||UEFICA2023Status,WindowsUEFICA2023Capable,UEFICA2023Error,UEFICA2023ErrorEvent,ConfidenceLevel
R|HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard|value|0|2016||EnableVirtualizationBasedSecurity,RequirePlatformSecurityFeatures,Locked,Mandatory
R|HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\HypervisorEnforcedCodeIntegrity|value|0|2016||Enabled,Locked
R|HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\CredentialGuard|value|0|2016||Enabled
R|HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\SystemGuard|value|0|2019||Enabled
R|HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard\Scenarios\KernelShadowStacks|value|0|2022||Enabled
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard|value|0|2016||EnableVirtualizationBasedSecurity,RequirePlatformSecurityFeatures,HypervisorEnforcedCodeIntegrity,LsaCfgFlags,DeployConfigCIPolicy,ConfigCIPolicyFilePath
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard|value|0|2019||ConfigureSystemGuardLaunch
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard|value|0|2022||ConfigureKernelShadowStacksLaunch
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\Kernel DMA Protection|value|0|2019||DeviceEnumerationPolicy
R|HKLM\SYSTEM\CurrentControlSet\Policies\EarlyLaunch|value|0|2012||DriverLoadPolicy
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU|value|0|||ScheduledInstallDay,ScheduledInstallTime,NoAutoRebootWithLoggedOnUsers
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Printers|value|0|||RegisterSpoolerRemoteRpcEndPoint
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Printers\PointAndPrint|value|0|||RestrictDriverInstallationToAdministrators,NoWarningNoElevationOnInstall,UpdatePromptSettings,Restricted,TrustedServers,ServerList
R|HKLM\SYSTEM\CurrentControlSet\Control\Print|value|0|||RpcAuthnLevelPrivacyEnabled
R|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|value|0|||LimitBlankPasswordUse,LmCompatibilityLevel,NoLMHash,RestrictAnonymousSAM,RestrictAnonymous,EveryoneIncludesAnonymous,RestrictRemoteSAM,SCENoApplyLegacyAuditPolicy,CrashOnAuditFail,DisableDomainCreds,ForceGuest
R|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|value|0|2012R2||RunAsPPL,DisableRestrictedAdmin,DisableRestrictedAdminOutboundCreds
R|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|value|0|2022||RunAsPPLBoot
R|HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0|value|0|||NTLMMinClientSec,NTLMMinServerSec
R|HKLM\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0|value|0|2008R2||RestrictSendingNTLMTraffic,RestrictReceivingNTLMTraffic,AuditReceivingNTLMTraffic,AllowNullSessionFallback
R|HKLM\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters|value|0|||RequireSignOrSeal,RequireStrongKey,SealSecureChannel,SignSecureChannel
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest|value|0|||UseLogonCredential
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon|value|0|||AutoAdminLogon,ForceAutoLogon,DefaultUserName,CachedLogonsCount
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon|presence|0|||DefaultPassword,AltDefaultPassword
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System|value|0|||EnableLUA,ConsentPromptBehaviorAdmin,ConsentPromptBehaviorUser,FilterAdministratorToken,PromptOnSecureDesktop,EnableInstallerDetection,EnableSecureUIAPaths,EnableVirtualization,LocalAccountTokenFilterPolicy
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System|value|0|2012||InactivityTimeoutSecs,NoConnectedUser
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Kerberos\Parameters|value|0|||SupportedEncryptionTypes
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters|value|0|||AllowEncryptionOracle
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit|value|0|2012R2||ProcessCreationIncludeCmdLine_Enabled
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\Installer|value|0|||AlwaysInstallElevated
R|HKU\*\SOFTWARE\Policies\Microsoft\Windows\Installer|value|0|||AlwaysInstallElevated
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS|value|0|2019||BackupDirectory,AdministratorAccountName,PasswordAgeDays,PasswordLength,ADPasswordEncryptionEnabled
R|HKLM\SOFTWARE\Microsoft\Policies\LAPS|value|0|2019||BackupDirectory,AdministratorAccountName,PasswordAgeDays,PasswordLength,ADPasswordEncryptionEnabled
R|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config|value|0|2019||BackupDirectory,AdministratorAccountName,PasswordAgeDays,PasswordLength,ADPasswordEncryptionEnabled
R|HKLM\SOFTWARE\Policies\Microsoft Services\AdmPwd|value|0|||AdmPwdEnabled,AdminAccountName,PasswordAgeDays,PasswordLength
R|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\GPExtensions\{D76B9641-3288-4f75-942D-087DE603E3EA}|value|0|||DllName
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation|value|0|2016||AllowProtectedCreds
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation|value|0|2012R2||RestrictedRemoteAdministration,RestrictedRemoteAdministrationType
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation|value|0|||AllowDefaultCredentials,AllowDefaultCredentialsWhenNTLMOnly,AllowFreshCredentials,AllowFreshCredentialsWhenNTLMOnly,AllowSavedCredentials,AllowSavedCredentialsWhenNTLMOnly
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowDefaultCredentials|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowDefaultCredentialsWhenNTLMOnly|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowFreshCredentials|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowFreshCredentialsWhenNTLMOnly|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowSavedCredentials|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\AllowSavedCredentialsWhenNTLMOnly|allValues|0|||*
R|HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters|value|0|||IPEnableRouter,EnableICMPRedirect,DisableIPSourceRouting
R|HKLM\SYSTEM\CurrentControlSet\Services\Tcpip6\Parameters|value|0|||DisableIPSourceRouting,DisabledComponents
R|HKLM\SYSTEM\CurrentControlSet\Services\NetBT\Parameters|value|0|||NodeType,NoNameReleaseOnDemand
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient|value|0|||EnableMulticast
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient|value|0|2022||EnableNetbios,EnableMDNS
R|HKLM\SYSTEM\CurrentControlSet\Services\Dnscache\Parameters|value|0|2016||EnableMDNS
R|HKLM\SOFTWARE\Policies\Microsoft\FVE|value|0|2008R2||OSActiveDirectoryBackup,OSRequireActiveDirectoryBackup,FDVActiveDirectoryBackup,FDVRequireActiveDirectoryBackup
R|HKLM\SOFTWARE\Policies\Microsoft\FVE|value|0|||ActiveDirectoryBackup,RequireActiveDirectoryBackup,EncryptionMethod,UseAdvancedStartup,EnableBDEWithNoTPM,UseTPM,UseTPMPIN
R|HKLM\SOFTWARE\Policies\Microsoft\FVE|value|0|2016||EncryptionMethodWithXtsOs,EncryptionMethodWithXtsFdv
R|HKLM\SOFTWARE\Policies\Microsoft\FVE|value|0|2012||OSHardwareEncryption,FDVHardwareEncryption
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\Application|value|0|||MaxSize,Retention
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\Security|value|0|||MaxSize,Retention
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\System|value|0|||MaxSize,Retention
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\Setup|value|0|||MaxSize,Retention
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\EventLog\EventForwarding\SubscriptionManager|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell|value|0|||EnableScripts,ExecutionPolicy
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging|value|0|||EnableScriptBlockLogging,EnableScriptBlockInvocationLogging
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging|value|0|||EnableModuleLogging
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription|value|0|||EnableTranscripting,EnableInvocationHeader,OutputDirectory
R|HKLM\SOFTWARE\Policies\Microsoft\PowerShellCore\ScriptBlockLogging|value|0|||EnableScriptBlockLogging,UseWindowsPowerShellPolicySetting
R|HKLM\SOFTWARE\Policies\Microsoft\PowerShellCore\Transcription|value|0|||EnableTranscripting,UseWindowsPowerShellPolicySetting
R|HKLM\SOFTWARE\Microsoft\PowerShell\1\ShellIds\Microsoft.PowerShell|value|0|||ExecutionPolicy
R|HKLM\SOFTWARE\Microsoft\PowerShell\1\PowerShellEngine|value|0|||PowerShellVersion
R|HKLM\SOFTWARE\Microsoft\PowerShell\3\PowerShellEngine|value|0|||PowerShellVersion
R|HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters|value|0|||SMB1,SMB2,RequireSecuritySignature,EnableSecuritySignature,NullSessionPipes,NullSessionShares,RestrictNullSessAccess,AutoShareServer
R|HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters|value|0|2008R2||SmbServerNameHardeningLevel
R|HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters|value|0|2012||EncryptData,RejectUnencryptedAccess
R|HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters|value|0|||RequireSecuritySignature,EnableSecuritySignature,EnablePlainTextPassword
R|HKLM\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters|value|0|2016||AllowInsecureGuestAuth
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\LanmanWorkstation|value|0|2016||AllowInsecureGuestAuth
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\LanmanWorkstation|value|0|2025||RequireEncryption,BlockNTLM
R|HKLM\SOFTWARE\Policies\Microsoft\Windows\NetworkProvider\HardenedPaths|allValues|0|||*
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Rpc|value|0|||RestrictRemoteClients,EnableAuthEpResolution
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\SSL 2.0\Server|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\SSL 2.0\Client|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\SSL 3.0\Server|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\SSL 3.0\Client|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Server|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.0\Client|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Server|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.1\Client|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client|value|0|||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.3\Server|value|0|2022||Enabled,DisabledByDefault
R|HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.3\Client|value|0|2022||Enabled,DisabledByDefault
R|HKLM\SOFTWARE\Microsoft\Ole|value|1|||MachineAccessRestriction,MachineLaunchRestriction,DefaultAccessPermission,DefaultLaunchPermission
R|HKLM\SOFTWARE\Microsoft\Ole|value|0|||EnableDCOM
R|HKLM\SOFTWARE\Microsoft\Ole\AppCompat|value|0|||RequireIntegrityActivationAuthenticationLevel
R|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\DCOM|value|1|||MachineAccessRestriction,MachineLaunchRestriction
R|HKLM\SOFTWARE\Policies\Microsoft\Windows Defender|value|0|2016||DisableAntiSpyware,DisableAntiVirus,DisableLocalAdminMerge,HideExclusionsFromLocalAdmins
R|HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Exclusions|value|0|2016||DisableAutoExclusions
R|HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Real-Time Protection|value|0|2016||DisableRealtimeMonitoring,DisableBehaviorMonitoring,DisableOnAccessProtection,DisableScanOnRealtimeEnable,DisableIOAVProtection
R|HKLM\SOFTWARE\Microsoft\Windows Defender|value|0|2016||DisableAntiSpyware
R|HKLM\SOFTWARE\Policies\Microsoft\Windows Advanced Threat Protection|value|0|2016||ForceDefenderPassiveMode
W|root\cimv2|Win32_OperatingSystem|BuildNumber,Caption,CSDVersion,DataExecutionPrevention_SupportPolicy,LastBootUpTime,LocalDateTime,MUILanguages,OperatingSystemSKU,OSLanguage,ProductType,ServicePackMajorVersion,SystemDrive,Version,WindowsDirectory,CurrentTimeZone|||2008|
W|root\cimv2|Win32_ComputerSystem|DNSHostName,Domain,DomainRole,HypervisorPresent,Manufacturer,Model,Name,NumberOfLogicalProcessors,NumberOfProcessors,PartOfDomain,TotalPhysicalMemory,Workgroup|||2008|
W|root\cimv2|Win32_ComputerSystemProduct|IdentifyingNumber,UUID,Vendor,Name|||2008|
W|root\cimv2|Win32_BIOS|Manufacturer,ReleaseDate,SerialNumber,SMBIOSBIOSVersion|||2008|
W|root\cimv2|Win32_Processor|DeviceID,Manufacturer,Name,NumberOfCores,NumberOfLogicalProcessors,SecondLevelAddressTranslationExtensions,SocketDesignation,VirtualizationFirmwareEnabled|||2008|
W|root\cimv2|Win32_PhysicalMemoryArray|MemoryErrorCorrection,Tag,Use,MemoryDevices|||2008|
W|root\cimv2\Security\MicrosoftTpm|Win32_Tpm|IsActivated_InitialValue,IsEnabled_InitialValue,IsOwned_InitialValue,ManufacturerId,ManufacturerVersion,SpecVersion|IsReady||2008|
W|root\Microsoft\Windows\DeviceGuard|Win32_DeviceGuard|AvailableSecurityProperties,CodeIntegrityPolicyEnforcementStatus,RequiredSecurityProperties,SecurityServicesConfigured,SecurityServicesRunning,UsermodeCodeIntegrityPolicyEnforcementStatus,VirtualizationBasedSecurityStatus|||2016|
W|root\wmi|BcdStore|FilePath|OpenStore,OpenObject||2008|
W|root\cimv2|Win32_OptionalFeature|InstallState,Name|||2008R2|
W|root\cimv2|Win32_ServerFeature|ID,ParentID|||2008|
W|root\cimv2|Win32_QuickFixEngineering|Description,HotFixID,InstalledOn|||2008|
W|root\cimv2|Win32_Service|Name,ProcessId,StartName,State|GetSecurityDescriptor||2008|
W|root\cimv2|Win32_SecurityDescriptorHelper||Win32SDToSDDL,BinarySDToSDDL||2008|
W|root\cimv2|Win32_SystemDriver|Name,State|||2008|
W|root\cimv2|Win32_Process|CommandLine,CreationDate,ExecutablePath,Name,ParentProcessId,ProcessId,SessionId|GetOwnerSid||2008|
W|root\StandardCimv2|MSFT_NetTCPConnection|LocalAddress,LocalPort,OwningProcess,State||State=2|2012|
W|root\StandardCimv2|MSFT_NetUDPEndpoint|LocalAddress,LocalPort,OwningProcess|||2012|
W|root\StandardCimv2|MSFT_NetFirewallHyperVVMCreator|FriendlyName,InstanceID,VMCreatorId|||2022|
W|root\StandardCimv2|MSFT_NetFirewallHyperVVMSetting|AllowHostPolicyMerge,DefaultInboundAction,DefaultOutboundAction,Enabled,InstanceID,LoopbackEnabled,Name|||2022|
W|root\StandardCimv2|MSFT_NetFirewallHyperVProfile|AllowLocalFirewallRules,DefaultInboundAction,DefaultOutboundAction,Enabled,InstanceID,Name,Profile|||2022|
W|root\StandardCimv2|MSFT_NetFirewallHyperVRule|Action,Direction,DisplayName,Enabled,InstanceID,LocalAddresses,LocalPorts,Profiles,Protocol,RemoteAddresses,RemotePorts,VMCreatorId|||2022|
W|root\cimv2|Win32_UserAccount|Disabled,LocalAccount,Lockout,Name,PasswordExpires,PasswordRequired,SID||LocalAccount=TRUE|2008|
W|root\cimv2|Win32_UserProfile|LastUseTime,Loaded,LocalPath,SID,Special|||2008|
W|root\Microsoft\Windows\SMB|MSFT_SmbServerConfiguration|AuditClientDoesNotSupportEncryption,AuditClientDoesNotSupportSigning,AuditSmb1Access,AutoShareServer,DisableSmbEncryptionOnSecureConnection,EnableAuthenticateUserSharing,EnableMultiChannel,EnableSecuritySignature,EnableSMB1Protocol,EnableSMB2Protocol,EnableSMBQUIC,EncryptData,EncryptionCiphers,RejectUnencryptedAccess,RequireSecuritySignature,RestrictNamedpipeAccessViaQuic,ServerHidden,Smb2DialectMax,Smb2DialectMin,SmbServerNameHardeningLevel|GetConfiguration||2012|
W|root\Microsoft\Windows\SMB|MSFT_SmbClientConfiguration|BlockNTLM,EnableInsecureGuestLogons,EnableMultiChannel,EnableSecuritySignature,EncryptionCiphers,RequireEncryption,RequireSecuritySignature,Smb2DialectMax,Smb2DialectMin|GetConfiguration||2012|
W|root\Microsoft\Windows\SMB|MSFT_SmbShare|CachingMode,ContinuouslyAvailable,Description,EncryptData,FolderEnumerationMode,Name,Path,ScopeName,Scoped,SecurityDescriptor,ShareType,Special|||2012|
W|root\Microsoft\Windows\SMB|MSFT_SmbConnection|ContinuouslyAvailable,Dialect,Encrypted,NumOpens,ServerName,ShareName,Signed|||2012|
W|root\cimv2|Win32_Share|Description,Name,Path,Type|||2008|
W|root\cimv2|Win32_LogicalShareSecuritySetting|Name|GetSecurityDescriptor||2008|2008R2
W|*|__SystemSecurity||GetSD||2008|
W|root\Microsoft\Windows\Defender|MSFT_MpComputerStatus|AMEngineVersion,AMProductVersion,AMRunningMode,AMServiceEnabled,AntivirusEnabled,AntivirusSignatureAge,AntivirusSignatureLastUpdated,AntivirusSignatureVersion,BehaviorMonitorEnabled,IoavProtectionEnabled,IsTamperProtected,OnAccessProtectionEnabled,RealTimeProtectionEnabled|||2016|
W|root\Microsoft\Windows\Defender|MSFT_MpPreference|AttackSurfaceReductionOnlyExclusions,DisableAutoExclusions,DisableBehaviorMonitoring,DisableIOAVProtection,DisableRealtimeMonitoring,DisableScriptScanning,EnableControlledFolderAccess,EnableNetworkProtection,ExclusionExtension,ExclusionIpAddress,ExclusionPath,ExclusionProcess,MAPSReporting,PUAProtection|||2016|
W|root\cimv2\Security\MicrosoftVolumeEncryption|Win32_EncryptableVolume|DeviceID,DriveLetter,ProtectionStatus,VolumeType|GetProtectionStatus,GetConversionStatus,GetEncryptionMethod,GetLockStatus,GetKeyProtectors,GetKeyProtectorAdSidInformation,GetSuspendCount||2008|
W|root\cimv2|Win32_DiskDrive|BytesPerSector,DeviceID,Index,InterfaceType,Model,SerialNumber,Size|||2008|2008R2
W|root\Microsoft\Windows\Storage|MSFT_Disk|BusType,FriendlyName,HealthStatus,IsBoot,IsClustered,IsOffline,IsReadOnly,IsSystem,Location,LogicalSectorSize,Model,Number,PartitionStyle,Path,PhysicalSectorSize,SerialNumber,Size,UniqueId|||2012|
W|root\Microsoft\Windows\Storage|MSFT_Partition|AccessPaths,DiskNumber|||2012|
W|root\cimv2|Win32_Volume|BlockSize,BootVolume,Capacity,DeviceID,DriveLetter,DriveType,FileSystem,FreeSpace,Label,Name,SystemVolume|||2008|
W|root\cimv2|Win32_MountPoint|Directory,Volume|||2008|
W|root\cimv2|Win32_LogicalDiskToPartition|Antecedent,Dependent|||2008|2008R2
W|root\Microsoft\Windows\Deduplication|MSFT_DedupVolume|Enabled,UsageType,Volume,VolumeId|||2012|
W|root\wmi|MSiSCSIInitiator_SessionClass|ConnectionInformation,InitiatorName,SessionId,TargetName|||2008|2008R2
W|root\Microsoft\Windows\Storage|MSFT_iSCSISession|AuthenticationType,InitiatorNodeAddress,InitiatorPortalAddress,IsConnected,IsDataDigest,IsHeaderDigest,IsPersistent,SessionIdentifier,TargetNodeAddress|||2012|
W|root\Microsoft\Windows\Storage|MSFT_iSCSIConnection|ConnectionIdentifier,InitiatorAddress,InitiatorPortNumber,TargetAddress,TargetPortNumber|||2012|
W|root\cimv2|Win32_NetworkAdapter|ConfigManagerErrorCode,Description,GUID,Index,InterfaceIndex,MACAddress,NetConnectionID,NetConnectionStatus,PhysicalAdapter,PNPDeviceID,ServiceName,Speed|||2008|
W|root\cimv2|Win32_NetworkAdapterConfiguration|DefaultIPGateway,Description,DHCPEnabled,DNSDomain,DNSServerSearchOrder,FullDNSRegistrationEnabled,Index,InterfaceIndex,IPAddress,IPConnectionMetric,IPEnabled,IPSubnet,MACAddress,SettingID,TcpipNetbiosOptions|||2008|
W|root\StandardCimv2|MSFT_NetAdapter|ComponentID,DriverDate,DriverProvider,DriverVersionString,HardwareInterface,Hidden,InterfaceAdminStatus,InterfaceDescription,InterfaceGuid,InterfaceIndex,InterfaceOperationalStatus,MediaConnectState,MtuSize,Name,PermanentAddress,PnPDeviceID,ReceiveLinkSpeed,Virtual,VlanID|||2012|
W|root\StandardCimv2|MSFT_NetAdapterVmqSettingData|Enabled,InterfaceDescription,Name,NumberOfReceiveQueues|||2012|
W|root\StandardCimv2|MSFT_NetAdapterSriovSettingData|Enabled,InterfaceDescription,Name,NumVFs,SriovSupport|||2012|
W|root\StandardCimv2|MSFT_NetAdapterRdmaSettingData|Enabled,InterfaceDescription,Name|||2012|
W|root\StandardCimv2|MSFT_NetIPAddress|AddressFamily,AddressState,InterfaceAlias,InterfaceIndex,IPAddress,PrefixLength,PrefixOrigin,SkipAsSource|||2012|
W|root\StandardCimv2|MSFT_NetIPInterface|AddressFamily,ConnectionState,Dhcp,Forwarding,InterfaceAlias,InterfaceIndex,InterfaceMetric,WeakHostSend|||2012|
W|root\StandardCimv2|MSFT_DNSClientServerAddress|AddressFamily,InterfaceAlias,InterfaceIndex,ServerAddresses|||2012|
W|root\StandardCimv2|MSFT_NetConnectionProfile|InterfaceAlias,InterfaceIndex,IPv4Connectivity,IPv6Connectivity,Name,NetworkCategory|||2012|
W|root\StandardCimv2|MSFT_NetLbfoTeam|LoadBalancingAlgorithm,Name,Status,TeamingMode|||2012|
W|root\StandardCimv2|MSFT_NetLbfoTeamMember|InterfaceDescription,Name,Team|||2012|
W|root\StandardCimv2|MSFT_NetLbfoTeamNic|Default,InterfaceDescription,Name,Primary,Team,VlanID|||2012|
W|root\StandardCimv2|MSFT_NetAdapterBindingSettingData|ComponentID,Enabled,InstanceID,InterfaceDescription,Name|||2012|
W|root\StandardCimv2|MSFT_NetNat|Active,ExternalIPInterfaceAddressPrefix,InternalIPInterfaceAddressPrefix,Name|||2012R2|
W|root\StandardCimv2|MSFT_NetQosPolicySettingData|AppPathNameMatchCondition,DSCPAction,IPDstPortEndMatchCondition,IPDstPortStartMatchCondition,IPDstPrefixMatchCondition,IPProtocolMatchCondition,MinBandwidthWeightAction,Name,PriorityValue8021Action,TemplateMatchCondition,ThrottleRateAction|||2012|
W|root\Microsoft\Windows\Hgs|MSFT_HgsClientConfiguration|AttestationOperationMode,AttestationServerUrl,AttestationStatus,AttestationSubstatus,FallbackAttestationServerUrl,FallbackKeyProtectionServerUrl,IsHostGuarded,KeyProtectionServerUrl,Mode|Get||2016|
W|root\virtualization|Msvm_ImageManagementService|Name|GetVirtualHardDiskInfo||2008|2008R2
W|root\virtualization\v2|Msvm_ImageManagementService|Name|GetVirtualHardDiskSettingData,GetVirtualHardDiskState||2012|
H|root\virtualization\v2|Msvm_ComputerSystem|Name,ElementName,Caption,EnabledState,OtherEnabledState,RequestedState,HealthState,OperationalStatus,OnTimeInMilliseconds,TimeOfLastStateChange,TimeOfLastConfigurationChange,InstallDate,ProcessID,NumberOfNumaNodes,ReplicationState,ReplicationHealth,ReplicationMode,FailedOverReplicationType,LastReplicationType,LastReplicationTime,LastApplicationConsistentReplicationTime,LastSuccessfulBackupTime@2012R2,EnhancedSessionModeState@2012R2,HwThreadsPerCoreRealized@2019|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemSettingData|InstanceID,ElementName,VirtualSystemIdentifier,VirtualSystemType,VirtualSystemSubType@2012R2,Version,CreationTime,Parent,ConfigurationID,ConfigurationDataRoot,ConfigurationFile,SnapshotDataRoot,SuspendDataRoot,SwapFileDataRoot,LogDataRoot,AutomaticStartupAction,AutomaticStartupActionDelay,AutomaticStartupActionSequenceNumber,AutomaticShutdownAction,AutomaticRecoveryAction,AutomaticCriticalErrorAction@2016,AutomaticCriticalErrorActionTimeout@2016,BIOSNumLock,BootOrder,BootSourceOrder@2012R2,NetworkBootPreferredProtocol@2012R2,PauseAfterBootFailure@2012R2,SecureBootEnabled@2012R2,SecureBootTemplateId@2016,ConsoleMode@2016,DebugChannelId,DebugPort,DebugPortEnabled,AllowFullSCSICommandSet,AllowReducedFcRedundancy,GuestControlledCacheTypes@2016,LockOnDisconnect@2016,IncrementalBackupEnabled,VirtualNumaEnabled,UserSnapshotType@2016,AutomaticSnapshotsEnabled@2019,IsAutomaticSnapshot@2019,IsSaved@2016,GuestStateDataRoot@2019,GuestStateFile@2019,Architecture@2019,EnhancedSessionTransportType@2019,LowMmioGapSize@2012R2,HighMmioGapSize@2016,EnableHibernation@2019,TurnOffOnGuestRestart@2019,GuestStateIsolationEnabled@2025,GuestStateIsolationMode@2025,GuestStateIsolationType@2025|NotesLength,NotesSha256,NotesSuspicious||2012|
H|root\virtualization\v2|Msvm_ProcessorSettingData|InstanceID,ResourceType,ResourceSubType,PoolID,VirtualQuantity,Reservation,Limit,Weight,LimitCPUID,LimitProcessorFeatures,MaxProcessorsPerNumaNode,MaxNumaNodesPerSocket,HwThreadsPerCore@2016,EnableHostResourceProtection@2016,CpuGroupId@2019,HideHypervisorPresent@2019,ExposeVirtualizationExtensions@2016,DisableSpeculationControls@2019,EnablePerfmonPmu@2019,EnablePerfmonLbr@2019,EnablePerfmonPebs@2019,EnablePerfmonIpt@2022,EnableLegacyApicMode@2022,AllowACountMCount@2022,LimitProcessorFeaturesMode@2025||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_MemorySettingData|InstanceID,ResourceType,ResourceSubType,PoolID,AllocationUnits,VirtualQuantity,VirtualQuantityUnits,Reservation,Limit,Weight,DynamicMemoryEnabled,TargetMemoryBuffer,MaxMemoryBlocksPerNumaNode,SwapFilesInUse,IsVirtualized,HugePagesEnabled@2016,MemoryEncryptionPolicy@2025||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_SecuritySettingData|InstanceID,TpmEnabled,KsdEnabled,ShieldingRequested,DataProtectionRequested,EncryptStateAndVmMigrationTraffic,VirtualizationBasedSecurityOptOut,BindToHostTpm@2019,AppContainerLaunchOptOut@2025||excludeTemplates|2016|
H|root\virtualization\v2|Msvm_SecurityElement|SystemName,Name,Shielded,EncryptStateAndVmMigrationTrafficEnabled|||2016|
H|root\virtualization\v2|Msvm_TPMSettingData|InstanceID,EnabledState,Shielded,DataProtected|||2016|2016
H|root\virtualization\v2|Msvm_ResourceAllocationSettingData|InstanceID,ElementName,ResourceType,OtherResourceType,ResourceSubType,PoolID,Parent,Address,AddressOnParent,HostResource,Connection,VirtualQuantity,VirtualSystemIdentifiers||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_StorageAllocationSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Parent,Address,AddressOnParent,HostResource,Access,IOPSLimit@2012R2,IOPSReservation@2012R2,IOPSAllocationUnits@2012R2,PersistentReservationsSupported@2012R2,StorageQoSPolicyID@2016,CachingMode@2016,SnapshotId@2016,IgnoreFlushes@2019,WriteHardeningMethod@2019,VirtualResourceBlockSize||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_DiskDrive|DeviceID,SystemName,ElementName,Name,DriveNumber,EnabledState,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_MountedStorageImage|Name,Type,Access,PortNumber,PathId,TargetId,Lun,PnpDevicePath,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_SerialPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,Parent,Address,Connection,DebuggerMode||excludeTemplates|2016|
H|root\virtualization\v2|Msvm_Synthetic3DDisplayControllerSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,MaximumMonitors,MaximumScreenResolution,VRAMSizeBytes@2016||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_PciExpressSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,HostResource,VirtualFunctions,VirtualSystemIdentifiers||excludeTemplates|2016|
H|root\virtualization\v2|Msvm_PciExpress|DeviceID,SystemName,ElementName,DeviceInstancePath,LocationPath,FunctionNumber,EnabledState,OperationalStatus|||2016|
H|root\virtualization\v2|Msvm_GpuPartitionSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,HostResource||excludeTemplates|2019|
H|root\virtualization\v2|Msvm_SyntheticFcPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,VirtualPortWWPN,VirtualPortWWNN,SecondaryWWPN,SecondaryWWNN,ChapEnabled,VirtualSystemIdentifiers||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_FcPortAllocationSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Parent,HostResource||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_VirtualFcSwitch|Name,ElementName,EnabledState,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_ExternalFcPort|DeviceID,SystemName,ElementName,IsHyperVCapable,EnabledState,OperationalStatus,WWPN,WWNN|||2012|
H|root\virtualization\v2|Msvm_SyntheticEthernetPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Address,StaticMacAddress,ClusterMonitored@2012R2,DeviceNamingEnabled@2016,AllowPacketDirect@2016,VirtualSystemIdentifiers,InterruptModeration@2019,MediaType@2019,NumaAwarePlacement@2019||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EmulatedEthernetPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Address,StaticMacAddress,ClusterMonitored@2012R2||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetPortAllocationSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Parent,HostResource,Address,Connection,EnabledState,LastKnownSwitchName@2016,RequiredFeatures,RequiredFeatureHints,TestReplicaPoolID,TestReplicaSwitchName,CompartmentGuid@2016,PortName@2025||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortSecuritySettingData|InstanceID,AllowMacSpoofing,EnableDhcpGuard,EnableRouterGuard,MonitorMode,MonitorSession,AllowIeeePriorityTag,VirtualSubnetId,AllowTeaming,TeamName@2012R2,TeamNumber@2012R2,DynamicIPAddressLimit@2012R2,StormLimit@2012R2,EnableFixSpeed10G@2016||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortVlanSettingData|InstanceID,OperationMode,AccessVlanId,NativeVlanId,PvlanMode,PrimaryVlanId,SecondaryVlanId,TrunkVlanIdArray,PruneVlanIdArray,SecondaryVlanIdArray||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortAclSettingData|InstanceID,Name,Direction,Applicability,AclType,Action,LocalAddress,LocalAddressPrefixLength,RemoteAddress,RemoteAddressPrefixLength||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortExtendedAclSettingData|InstanceID,Name,Direction,Action,LocalIPAddress,RemoteIPAddress,LocalPort,RemotePort,Protocol,Weight,Stateful,IdleSessionTimeout,IsolationID||excludeTemplates|2012R2|
H|root\virtualization\v2|Msvm_EthernetSwitchPortBandwidthSettingData|InstanceID,Reservation,Weight,Limit,BurstLimit,BurstSize||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortOffloadSettingData|InstanceID,VMQOffloadWeight,IOVOffloadWeight,IOVQueuePairsRequested,IOVInterruptModeration,IPSecOffloadLimit,VmmqEnabled@2019,VmmqQueuePairs@2019,VrssEnabled@2019||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortOffloadData|DeviceID,SystemName,Name,IovOffloadUsage,VMQOffloadUsage,IovVfId,IovVfDataPathActive@2019,IovQueuePairUsage|||2012|
H|root\virtualization\v2|Msvm_EthernetSwitchPortIsolationSettingData|InstanceID,IsolationMode,AllowUntaggedTraffic,DefaultIsolationId,EnableMultiTenantStack||excludeTemplates|2012R2|
H|root\virtualization\v2|Msvm_EthernetSwitchPortRoutingDomainSettingData|InstanceID,RoutingDomainGuid,RoutingDomainName,IsolationIdList,IsolationIdNameList||excludeTemplates|2012R2|
H|root\virtualization\v2|Msvm_EthernetSwitchPortTeamMappingSettingData|InstanceID,NetAdapterName,NetAdapterDeviceId,DisableOnFailover@2025||excludeTemplates|2016|
H|root\virtualization\v2|Msvm_EthernetSwitchPort|DeviceID,SystemName,ElementName,EnabledState,OperationalStatus,StatusDescriptions,VMQOffloadUsage,IOVOffloadUsage|||2012|
H|root\virtualization\v2|Msvm_VirtualEthernetSwitch|Name,ElementName,EnabledState,HealthState,OperationalStatus,MaxVMQOffloads,MaxIOVOffloads|||2012|
H|root\virtualization\v2|Msvm_VirtualEthernetSwitchSettingData|InstanceID,ElementName,VirtualSystemIdentifier,VirtualSystemType,CreationTime,AssociatedResourcePool,ExtensionOrder,IOVPreferred,BandwidthReservationMode,MaxNumMACAddress,TeamingEnabled@2016,PacketDirectEnabled@2016,AllowNetLbfoTeams@2022,BypassExtensionStack@2025,RequiredExtensionIds@2025|NotesLength,NotesSha256,NotesSuspicious||2012|
H|root\virtualization\v2|Msvm_VirtualEthernetSwitchNicTeamingSettingData|InstanceID,TeamingMode,LoadBalancingAlgorithm|||2016|
H|root\virtualization\v2|Msvm_EthernetSwitchHardwareOffloadData|SystemName,Name,IovVfCapacity,IovVfUsage,IovQueuePairCapacity,IovQueuePairUsage,VmqCapacity,VmqUsage,IPsecSACapacity,IPsecSAUsage,PacketDirectInUse@2016|||2012|
H|root\virtualization\v2|Msvm_EthernetSwitchExtension|Name,SystemName,ElementName,Vendor,Version,ExtensionType,EnabledState,HealthState,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_InstalledEthernetSwitchExtension|Name,ElementName,Vendor,Version,ExtensionType,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_EthernetSwitchFeatureCapabilities|InstanceID,ElementName,FeatureId,Applicability,Version|||2012|
H|root\virtualization\v2|Msvm_ExternalEthernetPort|DeviceID,SystemName,ElementName,Name,EnabledState,IsBound,PermanentAddress,Speed,MaxSpeed,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_WiFiPort|DeviceID,SystemName,ElementName,Name,EnabledState,IsBound,PermanentAddress|||2012|
H|root\virtualization\v2|Msvm_InternalEthernetPort|DeviceID,SystemName,ElementName,Name,EnabledState,PermanentAddress,OperationalStatus|||2012|
H|root\virtualization\v2|Msvm_ExternalEthernetPortCapabilities|InstanceID,ElementName,IOVSupport,IOVSupportReasons|||2012|
H|root\virtualization\v2|Msvm_LANEndpoint|Name,SystemName,SystemCreationClassName,MACAddress,Connected,EnabledState|||2012|
H|root\virtualization\v2|Msvm_ActiveConnection|Antecedent,Dependent|||2012|
H|root\virtualization\v2|Msvm_EthernetDeviceSAPImplementation|Antecedent,Dependent|||2012|
H|root\virtualization\v2|Msvm_DeviceSAPImplementation|Antecedent,Dependent|||2012|
H|root\virtualization\v2|Msvm_SyntheticEthernetPort|DeviceID,SystemName,ElementName,EnabledState,HealthState,OperationalStatus,StatusDescriptions,PermanentAddress|||2012|
H|root\virtualization\v2|Msvm_EmulatedEthernetPort|DeviceID,SystemName,ElementName,EnabledState,HealthState,OperationalStatus,StatusDescriptions,PermanentAddress|||2012|
H|root\virtualization\v2|Msvm_SyntheticDisplayController|DeviceID,SystemName,ElementName,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_GuestNetworkAdapterConfiguration|InstanceID,ProtocolIFType,DHCPEnabled,IPAddresses,Subnets,DefaultGateways,DNSServers,IPAddressOrigins|||2012|
H|root\virtualization\v2|Msvm_FailoverNetworkAdapterSettingData|InstanceID,ProtocolIFType,DHCPEnabled,IPAddresses,Subnets,DefaultGateways,DNSServers|||2012|
H|root\virtualization\v2|Msvm_BootSourceSettingData|InstanceID,ElementName,BootSourceType,BootSourceDescription,FirmwareDevicePath,OtherLocation||excludeTemplates|2012R2|
H|root\virtualization\v2|Msvm_LogicalIdentity|SameElement,SystemElement|||2012|
H|root\virtualization\v2|Msvm_ShutdownComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_TimeSyncComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_KvpExchangeComponentSettingData|InstanceID,ElementName,EnabledState,DisableHostKVPItems@2019||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_HeartbeatComponentSettingData|InstanceID,ElementName,EnabledState,Interval,Latency,ErrorThreshold||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_VssComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_GuestServiceInterfaceComponentSettingData|InstanceID,ElementName,EnabledState,DefaultEnabledStatePolicy@2016||excludeTemplates|2012R2|
H|root\virtualization\v2|Msvm_RdvComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2012|
H|root\virtualization\v2|Msvm_ShutdownComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_TimeSyncComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_KvpExchangeComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions,GuestIntrinsicExchangeItems|||2012|
H|root\virtualization\v2|Msvm_HeartbeatComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_VssComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_GuestServiceInterfaceComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012R2|
H|root\virtualization\v2|Msvm_RdvComponent|SystemName,DeviceID,EnabledState,HealthState,OperationalStatus,StatusDescriptions|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemManagementServiceSettingData|InstanceID,DefaultExternalDataRoot,DefaultVirtualHardDiskPath,MinimumMacAddress,MaximumMacAddress,NumaSpanningEnabled,EnhancedSessionModeEnabled@2012R2,HypervisorRootSchedulerEnabled@2019,PrimaryOwnerName,MinimumWWPNAddress,MaximumWWPNAddress,CurrentWWNNAddress,DefaultVirtualHardDiskCachingMode@2016,HypervisorSnpStatus@2025,HypervisorTdxStatus@2025|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemMigrationServiceSettingData|InstanceID,EnableVirtualSystemMigration,MaximumActiveVirtualSystemMigration,MaximumActiveStorageMigration,AuthenticationType,EnableCompression@2012R2,EnableSmbTransport@2012R2|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemMigrationNetworkSettingData|InstanceID,SubnetNumber,PrefixLength,Metric,Tags|||2012|
H|root\virtualization\v2|Msvm_ReplicationServiceSettingData|InstanceID,RecoveryServerEnabled,AllowedAuthenticationType,CertificateThumbPrint,HttpPort,HttpsPort,MonitoringInterval,MonitoringStartTime|||2012|
H|root\virtualization\v2|Msvm_ReplicationAuthorizationSettingData|InstanceID,AllowedPrimaryHostSystem,TrustGroup,ReplicaStorageLocation|||2012|
H|root\virtualization\v2|Msvm_ReplicationSettingData|InstanceID,VirtualSystemIdentifier,VirtualSystemType,AuthenticationType,CertificateThumbPrint,RootCertificateThumbPrint,CompressionEnabled,BypassProxyServer,PrimaryHostSystem,PrimaryConnectionPoint,RecoveryHostSystem,RecoveryConnectionPoint,RecoveryServerPortNumber,ReplicateHostKvpItems,ApplicationConsistentSnapshotInterval,RecoveryHistory,IncludedDisks,AutoResynchronizeEnabled,AutoResynchronizeIntervalStart,AutoResynchronizeIntervalEnd,EnableWriteOrderPreservationAcrossDisks@2012R2,ReplicationProvider@2012R2,ReplicationInterval@2012R2|||2012|
H|root\virtualization\v2|Msvm_ReplicationRelationship|InstanceID,ReplicationState,ReplicationHealth,FailedOverReplicationType,LastReplicationType,LastReplicationTime,LastApplicationConsistentReplicationTime,LastApplyTime|||2012R2|
H|root\virtualization\v2|Msvm_TerminalServiceSettingData|InstanceID,ListenerPort,DisableSelfSignedCertificateGeneration,AuthCertificateHash,TrustedIssuerCertificateHashes@2012R2,AllowedHashAlgorithms@2012R2|||2012|
H|root\virtualization\v2|Msvm_ResourcePool|InstanceID,ElementName,PoolID,Primordial,ResourceType,OtherResourceType,ResourceSubType|||2012|
H|root\virtualization\v2|Msvm_ResourcePoolSettingData|InstanceID,ElementName,PoolID,ResourceType,ResourceSubType|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemCollection|InstanceID,CollectionID,ElementName|||2016|
H|root\virtualization\v2|Msvm_CollectedVirtualSystems|Collection,Member|||2016|
H|root\virtualization\v2|Msvm_SnapshotOfVirtualSystem|Antecedent,Dependent|||2012|
H|root\virtualization\v2|Msvm_MostCurrentSnapshotInBranch|Antecedent,Dependent|||2012|
H|root\virtualization\v2|Msvm_VirtualSystemReferencePoint|InstanceID,ReferencePointType,ConsistencyLevel,VirtualSystemIdentifier|||2016|
H|root\virtualization|Msvm_ComputerSystem|Name,ElementName,Caption,EnabledState,HealthState,OperationalStatus,OnTimeInMilliseconds,TimeOfLastStateChange,TimeOfLastConfigurationChange,InstallDate,ProcessID|||2008|
H|root\virtualization|Msvm_VirtualSystemSettingData|InstanceID,ElementName,SystemName,SettingType,VirtualSystemType,CreationTime,Parent,BIOSNumLock,BootOrder,AutoActivate|NotesLength,NotesSha256,NotesSuspicious|excludeTemplates|2008|
H|root\virtualization|Msvm_VirtualSystemGlobalSettingData|InstanceID,SystemName,ElementName,ExternalDataRoot,SnapshotDataRoot,AutomaticStartupAction,AutomaticStartupActionDelay,AutomaticShutdownAction,AutomaticRecoveryAction,ScopeOfResidence,DebugChannelId,DebugPort,DebugPortEnabled,AllowFullSCSICommandSet@2008R2,Version||excludeTemplates,also2012|2008|
H|root\virtualization|Msvm_VirtualSystemManagementServiceSettingData|InstanceID,DefaultExternalDataRoot,DefaultVirtualHardDiskPath,MinimumMacAddress,MaximumMacAddress,ScopeOfResidence,NumaSpanningEnabled@2008R2,PrimaryOwnerName|||2008|
H|root\virtualization|Msvm_ProcessorSettingData|InstanceID,ResourceSubType,PoolID,VirtualQuantity,Reservation,Limit,Weight,ProcessorsPerSocket,SocketCount,ThreadsEnabled,LimitCPUID,LimitProcessorFeatures@2008R2||excludeTemplates|2008|
H|root\virtualization|Msvm_MemorySettingData|InstanceID,ResourceSubType,PoolID,AllocationUnits,VirtualQuantity,Reservation,Limit,Weight,IsVirtualized,DynamicMemoryEnabled@2008R2#7601,TargetMemoryBuffer@2008R2#7601||excludeTemplates|2008|
H|root\virtualization|Msvm_ResourceAllocationSettingData|InstanceID,ElementName,ResourceType,OtherResourceType,ResourceSubType,PoolID,Parent,Address,HostResource,Connection,VirtualQuantity||excludeTemplates|2008|
H|root\virtualization|Msvm_SyntheticEthernetPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Address,StaticMacAddress,Connection||excludeTemplates|2008|
H|root\virtualization|Msvm_EmulatedEthernetPortSettingData|InstanceID,ElementName,ResourceType,ResourceSubType,PoolID,Address,StaticMacAddress,Connection||excludeTemplates|2008|
H|root\virtualization|Msvm_VirtualSwitch|Name,ElementName,EnabledState,HealthState,OperationalStatus,NumLearnableAddresses,ScopeOfResidence,MaxVMQOffloads@2008R2,MaxChimneyOffloads@2008R2|||2008|
H|root\virtualization|Msvm_SwitchPort|Name,ElementName,SystemName,EnabledState,ScopeOfResidence,AllowMacSpoofing@2008R2,PreventIPSpoofing@2008R2,AllowedIPv4Addresses@2008R2,AllowedIPv6Addresses@2008R2,VMQOffloadWeight@2008R2,ChimneyOffloadWeight@2008R2|||2008|
H|root\virtualization|Msvm_InternalEthernetPort|DeviceID,SystemName,ElementName,Name,EnabledState,PermanentAddress|||2008|
H|root\virtualization|Msvm_ExternalEthernetPort|DeviceID,SystemName,ElementName,Name,EnabledState,IsBound,PermanentAddress,Speed|||2008|
H|root\virtualization|Msvm_SwitchLANEndpoint|Name,SystemName,SystemCreationClassName,MACAddress|||2008|
H|root\virtualization|Msvm_ActiveConnection|Antecedent,Dependent|||2008|
H|root\virtualization|Msvm_GlobalEthernetPortSAPImplementation|Antecedent,Dependent|||2008|
H|root\virtualization|Msvm_BindsTo|Antecedent,Dependent|||2008|
H|root\virtualization|Msvm_VLANEndpoint|Name,SystemName,DesiredEndpointMode,OperationalEndpointMode|||2008|
H|root\virtualization|Msvm_NetworkElementSettingData|ManagedElement,SettingData|||2008|
H|root\virtualization|Msvm_VLANEndpointSettingData|InstanceID,ElementName,AccessVLAN,NativeVLAN,DefaultVLAN,TrunkedVLANList,PruneEligibleVLANList,PrimaryVlan,SecondaryVlan,PVlanMode|||2008|
H|root\virtualization|Msvm_ShutdownComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2008|
H|root\virtualization|Msvm_TimeSyncComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2008|
H|root\virtualization|Msvm_KvpExchangeComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2008|
H|root\virtualization|Msvm_HeartbeatComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2008|
H|root\virtualization|Msvm_VssComponentSettingData|InstanceID,ElementName,EnabledState||excludeTemplates|2008|
H|root\virtualization|Msvm_ShutdownComponent|SystemName,DeviceID,EnabledState,OperationalStatus,StatusDescriptions|||2008|
H|root\virtualization|Msvm_TimeSyncComponent|SystemName,DeviceID,EnabledState,OperationalStatus,StatusDescriptions|||2008|
H|root\virtualization|Msvm_KvpExchangeComponent|SystemName,DeviceID,EnabledState,OperationalStatus,StatusDescriptions,GuestIntrinsicExchangeItems|||2008|
H|root\virtualization|Msvm_HeartbeatComponent|SystemName,DeviceID,EnabledState,OperationalStatus,StatusDescriptions|||2008|
H|root\virtualization|Msvm_VssComponent|SystemName,DeviceID,EnabledState,OperationalStatus,StatusDescriptions|||2008|
H|root\virtualization|Msvm_Synthetic3DDisplayControllerSettingData|InstanceID,ElementName,ResourceSubType,MaximumMonitors,MaximumScreenResolution||excludeTemplates|2008R2#7601|
H|root\virtualization|Msvm_SyntheticEthernetPort|DeviceID,SystemName,ElementName,EnabledState,OperationalStatus,PermanentAddress|||2008|
H|root\virtualization|Msvm_EmulatedEthernetPort|DeviceID,SystemName,ElementName,EnabledState,OperationalStatus,PermanentAddress|||2008|
H|root\virtualization|Msvm_SyntheticDisplayController|DeviceID,SystemName,ElementName,EnabledState,OperationalStatus|||2008|
H|root\MSCluster|MSCluster_Cluster|Name,Fqdn,MaxNumberOfNodes,ClusterFunctionalLevel@2016,ClusterUpgradeVersion@2016,SecurityLevel,SecurityLevelForStorage@2019,NetftIPSecEnabled,QuorumType,QuorumTypeValue,QuorumPath,DynamicQuorumEnabled@2012,WitnessDynamicWeight@2012R2,ClusterEnforcedAntiAffinity,EnableSharedVolumes@2008R2,SharedVolumesRoot@2008R2,AdminAccessPoint@2012R2,S2DEnabled@2016,AutoBalancerMode@2016,PreferredSite@2016,Security_Descriptor@2012|||2008|
H|root\MSCluster|MSCluster_Node|Name,Id,NodeInstanceID,State,MajorVersion,MinorVersion,BuildNumber,NodeHighestVersion,NodeLowestVersion,NodeWeight@2008R2,DynamicWeight@2012,NodeDrainStatus@2012,StatusInformation@2012R2,FaultDomain@2016|||2008|
H|root\MSCluster|MSCluster_Network|Id,Name,Description,Role,State,Address,AddressMask,IPv4Addresses,IPv4PrefixLengths,IPv6Addresses,IPv6PrefixLengths,Metric,AutoMetric|||2008|
H|root\MSCluster|MSCluster_NetworkInterface|Id,Name,Node,Network,Adapter,AdapterId,Address,IPv4Addresses,IPv6Addresses,DhcpEnabled,State|||2008|
H|root\MSCluster|MSCluster_ResourceGroup|Id,Name,GroupType@2008R2,IsCore@2012,State,OwnerNode,DefaultOwner,Priority@2012,AntiAffinityClassNames,AutoFailbackType,FailoverThreshold,FailoverPeriod,PersistentState,FaultDomain@2016,PreferredSite@2016,StatusInformation|||2008|
H|root\MSCluster|MSCluster_Resource|Id,Name,Type,State,OwnerGroup,OwnerNode,IsClusterSharedVolume,CoreResource,ResourceClass,Characteristics,PrivateProperties.VmID,PrivateProperties.RecoveryServerEnabled,PrivateProperties.AuthenticationType,PrivateProperties.HttpPort,PrivateProperties.HttpsPort,PrivateProperties.CertificateThumbPrint,PrivateProperties.Authorization,PrivateProperties.ListenerPortMapping,PrivateProperties.MonitoringInterval,PrivateProperties.MonitoringStartTime,PrivateProperties.SharePath,PrivateProperties.Address,PrivateProperties.Network|||2008|
H|root\MSCluster|MSCluster_ResourceType|Name,DisplayName,PrivateProperties.MigrationExcludeNetworks,PrivateProperties.MigrationNetworkOrder,PrivateProperties.MigrationAuthenticationType|||2008|
H|root\MSCluster|MSCluster_ClusterSharedVolume|Name,VolumeName,VolumeOffset,FaultState,BackupState|||2012|
H|root\MSCluster|MSCluster_ClusterSharedVolumeToResource|GroupComponent,PartComponent|||2012|
H|root\MSCluster|MSCluster_ClusterSharedVolumeToPartition|GroupComponent,PartComponent|||2012|
H|root\MSCluster|MSCluster_DiskPartition|Name,Path,VolumeLabel,VolumeGuid@2012,FileSystem,TotalSize,FreeSpace,MountPoints|||2008|
H|root\MSCluster|MSCluster_ClusterToQuorumResource|GroupComponent,PartComponent|||2008|
H|root\MSCluster|MSCluster_ResourceGroupToResource|GroupComponent,PartComponent|||2008|
H|root\MSCluster|MSCluster_ResourceGroupToPreferredNode|GroupComponent,PartComponent|||2008|
H|root\MSCluster|MSCluster_ResourceToPossibleOwner|GroupComponent,PartComponent|||2008|
H|root\MSCluster|MSCluster_AffinityRule|Name,RuleType,Groups,Enabled|||2022|
M|v1, v2|Msvm_VirtualSystemManagementService.GetSummaryInformation|hv/Msvm_SummaryInformation|Name,ElementName,EnabledState,OtherEnabledState@2012,HealthState,Heartbeat,UpTime,NumberOfProcessors,ProcessorLoad,MemoryUsage,MemoryAvailable@2008R2#7601,AvailableMemoryBuffer@2008R2#7601,SwapFilesInUse@2012,MemorySpansPhysicalNumaNodes@2012,GuestOperatingSystem,IntegrationServicesVersionState@2012,OperationalStatus,StatusDescriptions,ReplicationState@2012,ReplicationHealth@2012,ReplicationMode@2012,ReplicationStateEx@2012R2,ReplicationHealthEx@2012R2,ApplicationHealth@2012,EnhancedSessionModeState@2012R2,VirtualSystemSubType@2012R2,Version@2016,Shielded@2016,AllocatedGPU@2008R2#7601|2008
M|v2 (2012+); v1: GetVirtualHardDiskInfo|Msvm_ImageManagementService.GetVirtualHardDiskSettingData|vhds|Path,Format,Type,ParentPath,ParentIdentifier,ParentTimestamp,MaxInternalSize,BlockSize,LogicalSectorSize,PhysicalSectorSize,VirtualDiskId,DataAlignment,IsPmemCompatible|2008
M|v2 (2012+)|Msvm_ImageManagementService.GetVirtualHardDiskState|vhds|FileSize,InUse,MinInternalSize,PhysicalSectorSize,Alignment,FragmentationPercentage|2012
M|v2 (2012+)|Msvm_TerminalService.GetInteractiveSessionACL|hv/Msvm_InteractiveSessionACE|VMId,Trustee,AccessType|2012
M|v2 (2012 R2+); 2012: GetReplicationStatistics|Msvm_ReplicationService.GetReplicationStatisticsEx|hv/Msvm_ReplicationStatistics|VMId,RelationshipInstanceID,StartStatisticTime,EndStatisticTime,ReplicationSuccessCount,ReplicationMissCount,ReplicationFailureCount,NetworkFailureCount,ReplicationSize,MaxReplicationSize,ReplicationLatency,MaxReplicationLatency,PendingReplicationSize,ApplicationConsistentSnapshotFailureCount,ReplicationHealth,LastTestFailoverTime|2012
M|root\Microsoft\Windows\Hgs (2016+)|MSFT_HgsClientConfiguration.Get|hgs|IsHostGuarded,Mode,AttestationStatus,AttestationSubstatus,AttestationOperationMode,AttestationServerUrl,KeyProtectionServerUrl,FallbackAttestationServerUrl,FallbackKeyProtectionServerUrl|2016
B|0x14000006|inherit|objectList
B|0x23000003|default|object
B|0x16000010|bootdebug|boolean
B|0x16000048|nointegritychecks|boolean
B|0x16000049|testsigning|boolean
B|0x25000020|nx|integer
B|0x26000022|winpe|boolean
B|0x25000080|safeboot|integer
B|0x260000a0|debug|boolean
B|0x260000b0|ems|boolean
B|0x260000e1|disableelamdrivers|boolean
B|0x250000f0|hypervisorlaunchtype|integer
B|0x260000f2|hypervisordebug|boolean
B|0x260000f8|hypervisordisableslat|boolean
B|0x250000fa|hypervisornumproc|integer
B|0x25000113|hypervisorrootproc|integer
B|0x25000115|hypervisoriommupolicy|integer
B|0x2500011a|hypervisorschedulertype|integer
B|0x25000142|vsmlaunchtype|integer
T|%SystemRoot%\System32\hvix64.exe|hypervisor|2008|
T|%SystemRoot%\System32\hvax64.exe|hypervisor|2008|
T|%SystemRoot%\System32\hvaa64.exe|hypervisor|2022|
T|%SystemRoot%\System32\hvloader.dll|hypervisor|2012|
T|%SystemRoot%\System32\drivers\hvboot.sys|hypervisor|2008|2008R2
T|%SystemRoot%\System32\ntoskrnl.exe|kernel|2008|
T|%SystemRoot%\System32\vmms.exe|hyperv|2008|
T|%SystemRoot%\System32\vmwp.exe|hyperv|2008|
T|%SystemRoot%\System32\vid.dll|hyperv|2008|
T|%SystemRoot%\System32\vmsp.exe|hyperv|2016|
T|%SystemRoot%\System32\vmcompute.exe|hyperv|2016|
T|%SystemRoot%\System32\vmcompute.dll|hyperv|2016|
T|%SystemRoot%\System32\vhdsvc.dll|hyperv|2008|2008R2
T|%SystemRoot%\System32\nvspwmi.dll|hyperv|2008|2008R2
T|%SystemRoot%\System32\drivers\vid.sys|hyperv|2008|
T|%SystemRoot%\System32\drivers\storvsp.sys|hyperv|2008|
T|%SystemRoot%\System32\drivers\vmswitch.sys|hyperv|2008|
T|%SystemRoot%\System32\drivers\vmbus.sys|hyperv|2008|
T|%SystemRoot%\System32\drivers\vhdmp.sys|hyperv|2008R2|
T|%SystemRoot%\System32\drivers\winhv.sys|hyperv|2008R2|
T|%SystemRoot%\System32\drivers\vmbusr.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\winhvr.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\vpcivsp.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\passthruparser.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\vhdparser.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\fsdepends.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\lunparser.sys|hyperv|2012|
T|%SystemRoot%\System32\drivers\hvservice.sys|hyperv|2016|
T|%SystemRoot%\System32\drivers\hvsocketcontrol.sys|hyperv|2016|
T|%SystemRoot%\System32\drivers\hvcrash.sys|hyperv|2016|
T|%SystemRoot%\System32\drivers\vmsproxy.sys|hyperv|2016|
T|%SystemRoot%\System32\drivers\vmsproxyhnic.sys|hyperv|2016|
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization|virtualization|direct and second level
K|HKLM\SYSTEM\CurrentControlSet\Services|servicesRoot|none
K|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run|autostart|none
K|HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Run|autostart|none
K|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce|autostart|none
K|HKLM\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\RunOnce|autostart|none
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options|debugger|none
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SilentProcessExit|debugger|none
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon|winlogon|none
K|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|lsa|none
K|HKLM\SOFTWARE|hiveRoot|none
K|HKLM\SYSTEM|hiveRoot|none
K|HKLM\SECURITY|hiveRoot|none
K|HKLM\SYSTEM\CurrentControlSet\Control\SecurePipeServers\winreg|remoteRegistry|none
K|HKLM\SOFTWARE\Policies|policy|none
K|HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall|policy|none
K|HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy|firewall|FirewallRules
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Svchost|svchost|none
K|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache|taskCache|none
K|HKLM\BCD00000000|bcd|none
A|hvRoot|direct sub-folders|1|1
A|hostDefaultDir|none|1|0
A|vmConfigDir|per-VM folder only|1|1
A|vmConfigFile|none|0|0
A|snapshotDir|per-VM folder only|1|0
A|snapshotFile|none|0|0
A|swapDir|none|0|0
A|vhdDir|none|1|1
A|vhd|none|0|0
A|mediaDir|none|0|0
A|media|none|0|0
A|replicaDir|none|1|0
A|azmanFile|none|0|1
A|azmanDir|none|1|1
A|azmanCopy|none|0|0
A|volumeRoot|none|0|0
A|systemDir|none|0|0
A|programDir|none|0|0
A|svcBin|none|0|0
A|svcDir|none|1|0
A|svcPathCandidate|none|0|0
A|taskBin|none|0|0
A|taskDir|none|1|0
A|pathDir|none|0|0
A|shareDir|none|0|0
A|fwApp|none|0|0
A|fwAppDir|none|1|0
A|hypervisorBin|none|0|0
A|eventLogFile|none|0|0
A|secretFile|none|0|0
A|clusterDir|none|0|0
A|parentDir|none|0|0
E|Application|exact
E|Security|exact
E|System|exact
E|Setup|exact
E|ForwardedEvents|exact
E|Windows PowerShell|exact
E|Microsoft-Windows-PowerShell/Operational|exact
E|PowerShellCore/Operational|exact
E|Microsoft-Windows-WinRM/Operational|exact
E|Microsoft-Windows-TerminalServices-LocalSessionManager/Operational|exact
E|Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational|exact
E|Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational|exact
E|Microsoft-Windows-SMBServer/Audit|exact
E|Microsoft-Windows-SMBServer/Connectivity|exact
E|Microsoft-Windows-SMBServer/Operational|exact
E|Microsoft-Windows-SMBServer/Security|exact
E|Microsoft-Windows-SmbClient/Audit|exact
E|Microsoft-Windows-SmbClient/Connectivity|exact
E|Microsoft-Windows-SmbClient/Security|exact
E|Microsoft-Windows-NTLM/Operational|exact
E|Microsoft-Windows-WMI-Activity/Operational|exact
E|Microsoft-Windows-TaskScheduler/Operational|exact
E|Microsoft-Windows-Windows Firewall With Advanced Security/Firewall|exact
E|Microsoft-Windows-Windows Defender/Operational|exact
E|Microsoft-Windows-CodeIntegrity/Operational|exact
E|Microsoft-Windows-DeviceGuard/Operational|exact
E|Microsoft-Windows-BitLocker/BitLocker Management|exact
E|Microsoft-Windows-Eventlog-ForwardingPlugin/Operational|exact
E|Microsoft-Windows-FailoverClustering/Operational|exact
E|Microsoft-Windows-GroupPolicy/Operational|exact
E|Microsoft-Windows-Time-Service/Operational|exact
E|Microsoft-Windows-Sysmon/Operational|exact
E|OpenSSH/Operational|exact
E|Microsoft-Windows-Backup|exact
E|Microsoft-Windows-Hyper-V-|prefix
E|Microsoft-Windows-VHDMP|prefix
E|Microsoft-Windows-HostGuardian|prefix
V|System|Microsoft-Windows-Hyper-V-Hypervisor|1,2,3,4,41,42|400|SchedulerType
V|System|Microsoft-Windows-Hyper-V-VmSwitch|106|30|
V|System|Microsoft-Windows-Eventlog|104|30|SubjectUserSid
V|Security|Microsoft-Windows-Eventlog|1102|30|SubjectUserSid
V|System|Microsoft-Windows-TPM-WMI|1795,1796,1801,1808|400|
V|Microsoft-Windows-Hyper-V-VMMS-Admin|Microsoft-Windows-Hyper-V-VMMS|14050|7|
V|Microsoft-Windows-Hyper-V-VMMS-Admin|*|allErrorsAndWarnings|30|
V|Microsoft-Windows-Hyper-V-Worker-Admin|*|allErrorsAndWarnings|30|
V|Microsoft-Windows-Backup|*|all|30|
F|{1}<redacted>|(?i)((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|key|cred(?:ential)?s?)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"';,]+)
F|{1}<redacted>|(?i)((?:^|\s)[-/]{1,2}(?:pass(?:word|wd|phrase)?|pwd|pw|rp|p|secret|token|api[-_]?key|key|cred(?:ential)?s?)(?:\s+|[:=]))(?![-/])("[^"]*"|'[^']*'|[^\s"']+)
F|{1}<redacted>@|(://)[^/\s:@]+:[^/\s@]+@
F|<redacted>|(?<![\\/.\w{-])(?!\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b)(?=[A-Za-z0-9+/_=-]*[0-9])(?=[A-Za-z0-9+/_=-]*[a-z])(?=[A-Za-z0-9+/_=-]*[A-Z])[A-Za-z0-9+/_=-]{20,}
S|(?i)passw|passphrase|pwd|secret|token|credential|cpassword|private.?key|shkey|communit
'@
# END DATASET TABLE

if ($MyInvocation.InvocationName -ne '.') {
    if ($args.Length -gt 0) { $run = @{ ExitCode = 64; Result = $null }; Write-Host ('collector.ps1: unknown parameter ' + $args[0] + '; Get-Help .\collector.ps1 -Full lists them') }
    else { $run = Invoke-Collector $PSBoundParameters }
    if ($null -ne $run.Result) { $run.Result }
    if ($script:SelfPath -and $null -eq (Get-Variable -Name PSSenderInfo -ErrorAction SilentlyContinue)) { exit $run.ExitCode }
}
