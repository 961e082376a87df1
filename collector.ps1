<#
.SYNOPSIS
Writes the configuration of a Hyper-V host into one zip file, for analysis on another machine.
.DESCRIPTION
Reads settings of the operating system, of Hyper-V and of its surroundings (services, firewall, accounts, shares, access rights, boot and platform security, network,
storage, event log settings) and writes them as plain JSON, together with byte copies of the local security policy, the audit policy, the AzMan store and, up to
Windows Server 2012 R2, the configuration files of the virtual machines.
It changes no setting of the host (-IncludeVssWriters starts services). It writes one zip (or folder) and its SHA-256, and temporary files beside it that it deletes again; what
Windows notes by itself (secedit appends to its log) stands in the manifest. It takes no secret. WMI classes with their properties and methods, and the listed registry values, stand in
the table at the end; the keys of the other datasets in SourceTable and in the functions that bear the names of the datasets. Nothing else is read.
It needs no module and no network, runs on Windows PowerShell 2.0 to 5.1 and PowerShell 7, on Windows Server 2008 R2 to 2025, Server Core too.
Run it elevated; without elevation it finishes, says what it could not read, and ends with exit code 3.
To read it: parameters, operating system layer, errors and values, JSON, output files, table, collecting functions by subject, the run, the table itself. A sentence behind the
head of each function says what it does; indentation shows the blocks, whose closing braces stand behind their last statement.
.EXAMPLE
powershell -NoProfile -ExecutionPolicy Bypass -File collector.ps1 C:\Temp
.EXAMPLE
Invoke-Command -ComputerName HV01,HV02 -FilePath .\collector.ps1
.NOTES
Exit codes: 0 all read; 1 finished, something could not be read; 2 failed, nothing written; 3 finished without elevation; 4 cannot run here; 64 wrong parameters.
#>
param(
    <# Folder for the zip. Default: %windir%\Temp, where that is not writable %TEMP%. #> $OutputPath, <# Writes a folder instead of a zip. #> [switch]$NoZip,
    <# Prints the datasets and ends; reads and writes nothing. #> [switch]$ListDatasets, <# With -ListDatasets: as JSON. #> [switch]$AsJson,
    <# Prints what would be read and written, and ends. #> [switch]$WhatIf, <# Tries the system calls, prints PASS or FAIL for each, writes no snapshot. #> [switch]$SelfTest,
    <# Also lists shadow copy writers; this starts services. #> [switch]$IncludeVssWriters, <# Also copies task definitions (filtered). #> [switch]$IncludeTaskXml,
    <# Also copies .vmcx files (Windows Server 2016 and later; they may hold a wrapped key protector). #> [switch]$IncludeVmcx,
    <# Also takes the text of VM and switch notes. #> [switch]$IncludeNotes, <# Also takes the history of Windows Update. #> [switch]$IncludeUpdateHistory,
    <# Also lists members of domain groups that are members of local groups. #> [switch]$ExpandDomainGroups,
    <# Goes on where the host has no Hyper-V role. #> [switch]$Force, <# Prints nothing but why it ends early. #> [switch]$Quiet,
    <# Returns an object with Path, Sha256, Bytes and Status. #> [switch]$PassThru, <# Leaves out the access rights of files and folders. #> [switch]$NoAcl,
    <# Only these datasets (names, or the part before the slash, separated by commas). #> $Include, <# Not these datasets; wins over Include. #> $Exclude,
    <# Most files and folders whose access rights are read. #> $MaxAclFiles = 5000, <# Most seconds for reading virtual disk headers. #> $MaxVhdSeconds = 180,
    <# Most seconds for the whole run; what has not begun by then is left out and marked. #> $TimeBudgetSeconds = 900
)
$script:CollectorVersion = '1.0.0'; $script:SelfPath = $MyInvocation.MyCommand.Path; $script:Clock = $null; $script:Hasher = $null
$script:RegistryKinds = @{ (-1) = 'REG_NONE'; 1 = 'REG_SZ'; 2 = 'REG_EXPAND_SZ'; 3 = 'REG_BINARY'; 4 = 'REG_DWORD'; 7 = 'REG_MULTI_SZ'; 11 = 'REG_QWORD' }

# BEGIN OPERATING SYSTEM LAYER
# Every call that reads from the operating system stands here, and only here; none writes, but for the temporary files of Get-ProgramFile. Plain data go in and out; a call that fails throws,
# and what is not there is $null where the function says so. Callers wrap calls in @(...). Who defines functions of these names after this section runs the rest on recorded answers.
function Get-UtcNow { return [datetime]::UtcNow } # The time now, UTC.
function Get-TickMs { return $script:Clock.ElapsedMilliseconds } # Milliseconds of a clock that only goes forward.
function New-RunId { return [guid]::NewGuid().ToString() } # A new identifier for this run, a lower-case GUID.
function Get-Sha256($Bytes, $Count) { # SHA-256 of the first Count bytes in lower-case hex, through the provider that also works under FIPS policy, else the runtime's own.
    if (-not $script:Hasher) { [void][System.Reflection.Assembly]::LoadWithPartialName('System.Core') }
    if (-not $script:Hasher) { try { $script:Hasher = New-Object Security.Cryptography.SHA256CryptoServiceProvider } catch { $script:Hasher = [Security.Cryptography.SHA256]::Create() } }
    return [BitConverter]::ToString($script:Hasher.ComputeHash($Bytes, 0, $Count)).Replace('-', '').ToLowerInvariant() }
function Get-LanguageMode { return [string]$ExecutionContext.SessionState.LanguageMode } # Language mode of this PowerShell; anything but FullLanguage cannot run the collector.
function Get-HostEnvironment { # Names and folders of this machine and facts about this PowerShell.
    return @{ IsWindows = ([Environment]::OSVersion.Platform -eq [PlatformID]::Win32NT); OsVersion = [Environment]::OSVersion.Version.ToString(3); MachineName = [Environment]::MachineName
        Architecture = $env:PROCESSOR_ARCHITECTURE; Is64BitProcess = ([IntPtr]::Size -eq 8); IsWow64 = ([IntPtr]::Size -eq 4 -and [bool]$env:PROCESSOR_ARCHITEW6432)
        SystemRoot = $env:SystemRoot; SystemDrive = $env:SystemDrive; ProgramData = $env:ProgramData; ProgramFiles = $env:ProgramFiles; Public = $env:PUBLIC; Temp = $env:TEMP
        ProgramFilesX86 = [Environment]::GetEnvironmentVariable('ProgramFiles(x86)'); Remoting = [bool](Get-Variable -Name PSSenderInfo -ErrorAction SilentlyContinue)
        PsVersion = [string]$PSVersionTable['PSVersion']; PsEdition = $(if ($PSVersionTable['PSEdition']) { [string]$PSVersionTable['PSEdition'] } else { 'Desktop' })
        Clr = [string][Environment]::Version; Culture = [Globalization.CultureInfo]::CurrentCulture.Name; UiCulture = [Globalization.CultureInfo]::CurrentUICulture.Name } }
function Get-ProcessIdentity { # Who runs this (Sid, Name), and whether the token holds the Administrators group enabled (Elevated).
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent(); $principal = New-Object Security.Principal.WindowsPrincipal($identity)
    return @{ Sid = $identity.User.Value; Name = $identity.Name; Elevated = $principal.IsInRole([Security.Principal.SecurityIdentifier]'S-1-5-32-544') } }
function New-Failure($Exception, $Name, $Value) { $Exception.Data[$Name] = $Value; return $Exception } # An exception that carries a value beside its message, in its Data.
function ConvertFrom-WmiValue($Value, $Type, $Properties) { # One WMI value as plain data: dates as UTC, intervals as seconds, embedded objects as hashtables of the named properties.
    $embedded = [Management.ManagementBaseObject]; if ($Value -is $embedded) { return ConvertFrom-WmiObject $Value $Properties }
    if ($Value -is [array] -and ($Type -eq 'DateTime' -or $Value[0] -is $embedded)) { return , @($Value | ForEach-Object { ConvertFrom-WmiValue $_ $Type $Properties }) }
    if ($Value -is [string] -and $Type -eq 'DateTime') { return ConvertFrom-DmtfText $Value }
    if ($Value -is [char]) { return [string]$Value } else { return , $Value } }
function ConvertFrom-WmiObject($Object, $Properties) { # The named properties of one WMI object as a hashtable (without names: all); 'A.B' is member B of the embedded object A.
    $row = @{}; foreach ($property in $Object.psbase.Properties) {
        $name = $property.Name; $value = ConvertFrom-WmiValue $property.Value ([string]$property.Type) $null
        if ($null -eq $Properties -or $Properties -contains $name) { $row[$name] = $value }
        if ($value -is [hashtable]) { foreach ($inner in $value.Keys) { if ($Properties -contains ($name + '.' + $inner)) { $row[$name + '.' + $inner] = $value[$inner] } } } }
    return $row }
function Get-WmiScope($Namespace) { $scope = New-Object Management.ManagementScope('\\.\' + $Namespace); $scope.Connect(); return $scope } # A connected scope of a local namespace.
function Open-WmiObject($Namespace, $ObjectPath) { # A WMI object: Class for a class itself, Class.Key="value" for an instance, Class=* for the only instance of a class.
    $scope = Get-WmiScope $Namespace; $name = $ObjectPath.Replace('=*', ''); $path = New-Object Management.ManagementPath($name)
    if (-not $ObjectPath.Contains('=')) { return (New-Object Management.ManagementClass($scope, $path, $null)) }
    if ($name -eq $ObjectPath) { return (New-Object Management.ManagementObject($scope, $path, $null)) }
    foreach ($object in (New-Object Management.ManagementObjectSearcher($scope, (New-Object Management.ObjectQuery('SELECT Name FROM ' + $name)))).Get()) { return $object }
    throw (New-Object IO.FileNotFoundException('no instance of ' + $name)) }
function Get-WmiClassPropertyNames($Namespace, $Class) { return @((Open-WmiObject $Namespace $Class).psbase.Properties | ForEach-Object { $_.Name }) } # Names of its properties.
function Invoke-WmiQuery($Namespace, $Class, $Properties, $Where, $Seconds) { # All instances as hashtables of the listed properties; when late, Data['Rows'] of the error holds those read.
    $text = 'SELECT ' + [string]::Join(',', [string[]]@($Properties | ForEach-Object { $_.Split('.')[0] } | Sort-Object -Unique)) + ' FROM ' + $Class + $(if ($Where) { ' WHERE ' + $Where })
    $rows = New-Object Collections.ArrayList; $end = (Get-TickMs) + 1000 * $Seconds; $options = New-Object Management.EnumerationOptions
    $options.Timeout = New-Object TimeSpan(0, 0, $Seconds); $options.ReturnImmediately = $true; $options.Rewindable = $false
    $searcher = New-Object Management.ManagementObjectSearcher((Get-WmiScope $Namespace), (New-Object Management.ObjectQuery($text)), $options)
    foreach ($object in $searcher.Get()) {
        [void]$rows.Add((ConvertFrom-WmiObject $object $Properties)); $object.psbase.Dispose()
        if ((Get-TickMs) -gt $end) { throw (New-Failure (New-Object TimeoutException('time limit after ' + $rows.Count + ' instances')) 'Rows' ($rows.ToArray())) } }
    return $rows.ToArray() }
# One call of a method in the dataset table, all of which read: ReturnValue and those of Outputs that exist, embedded objects as hashtables of Properties.
function Invoke-WmiReadMethod($Namespace, $ObjectPath, $Method, $Arguments, $Outputs, $Properties) { # An argument 'text:PATH' passes the object at PATH as text; paths as in Open-WmiObject.
    if (-not $script:ReadMethods.ContainsKey($Method)) { throw (New-Object NotSupportedException('method is not in the table: ' + $Method)) }
    $object = Open-WmiObject $Namespace $ObjectPath; $in = $object.psbase.GetMethodParameters($Method); $result = @{ ReturnValue = $null }
    foreach ($name in $Arguments.Keys) {
        $value = $Arguments[$name]; if ($value -is [string] -and $value.StartsWith('text:')) { $value = (Open-WmiObject $Namespace ($value.Substring(5))).psbase.GetText('CimDtd20') }
        $in.psbase.SetPropertyValue($name, $value) }
    $options = New-Object Management.InvokeMethodOptions($null, (New-Object TimeSpan(0, 0, 60)))
    foreach ($property in $object.psbase.InvokeMethod($Method, $in, $options).psbase.Properties) {
        if (@('ReturnValue') + $Outputs -contains $property.Name) { $result[$property.Name] = ConvertFrom-WmiValue $property.Value ([string]$property.Type) $Properties } }
    return $result }
function Get-WmiObjectSddl($Namespace, $ObjectPath) { # Security descriptor of a service or share as SDDL, rendered by WMI itself.
    $answer = (Open-WmiObject $Namespace $ObjectPath).psbase.InvokeMethod('GetSecurityDescriptor', $null, $null)
    if ($answer.psbase.Item('ReturnValue') -ne 0) { throw (New-Object ComponentModel.Win32Exception([int]$answer.psbase.Item('ReturnValue'))) }
    $helper = Open-WmiObject $Namespace 'Win32_SecurityDescriptorHelper'; $in = $helper.psbase.GetMethodParameters('Win32SDToSDDL')
    $in.psbase.SetPropertyValue('Descriptor', $answer.psbase.Item('Descriptor'))
    return [string]$helper.psbase.InvokeMethod('Win32SDToSDDL', $in, $null).psbase.Item('SDDL') }
function Get-WmiNamespaceSddl($Namespace) { # Security descriptor of a WMI namespace as SDDL.
    return ConvertTo-SddlText ((Invoke-WmiReadMethod $Namespace '__SystemSecurity=@' 'GetSD' @{} @('SD') $null)['SD']) }
function Read-RegistryKey($Key, $Block) { # What a block reads from a registry key ($opened; HKLM\... or HKU\..., HKU alone for the loaded hives), $null when there is no such key.
    $root, $path = $Key.Split([char[]]'\', 2); $opened = $(if ($root -eq 'HKU') { [Microsoft.Win32.Registry]::Users } else { [Microsoft.Win32.Registry]::LocalMachine })
    if ($path) { $opened = $opened.OpenSubKey($path, $false) }
    if ($null -ne $opened) { try { return , (& $Block) } finally { $opened.Close() } } }
function Get-RegistrySubKeyNames($Key) { return Read-RegistryKey $Key { , $opened.GetSubKeyNames() } } # Names of the direct sub-keys.
function Get-RegistryValueNames($Key) { return Read-RegistryKey $Key { , $opened.GetValueNames() } } # Names of the values of a key.
function Get-RegistryKeySddl($Key) { Read-RegistryKey $Key { $opened.GetAccessControl('Owner, Group, Access').GetSecurityDescriptorSddlForm('Owner, Group, Access') } } # SDDL without SACL.
function Get-RegistryValueKinds($Key, $Names) { return Get-RegistryValues $Key $Names $true } # As Get-RegistryValues, without Value: the data are never read.
function Get-RegistryValues($Key, $Names, $WithoutData) { # Those of the values that are there: name -> Name (as stored), Kind (REG_...), Value (variables unexpanded, numbers unsigned).
    return Read-RegistryKey $Key {
        $wanted = @{}; $found = @{}; foreach ($name in $Names) { $wanted[$name] = $name }
        foreach ($stored in @($opened.GetValueNames() | Where-Object { $wanted.ContainsKey($_) })) {
            $kind = $script:RegistryKinds[[int]$opened.GetValueKind($stored)]; $data = $null; if (-not $kind) { $kind = 'REG_OTHER' }
            if ($kind -ne 'REG_OTHER' -and -not $WithoutData) { $data = $opened.GetValue($stored, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames) }
            if ($data -is [int]) { $data = [long]$data -band 4294967295 } elseif ($data -is [long] -and $data -lt 0) { $data = [BitConverter]::ToUInt64([BitConverter]::GetBytes($data), 0) }
            $found[$wanted[$stored]] = @{ Name = $stored; Kind = $kind; Value = $data } }
        $found } }
function ConvertTo-SddlText($Bytes) { # A self-relative security descriptor as SDDL.
    if ($Bytes.Length -lt 20 -or $Bytes[0] -ne 1 -or -not ($Bytes[3] -band 128)) { throw (New-Object FormatException('no security descriptor')) }
    return (New-Object Security.AccessControl.RawSecurityDescriptor([byte[]]$Bytes, 0)).GetSddlForm([Security.AccessControl.AccessControlSections]::All) }
function Convert-Identity($Identity, $Type) { # A SID or an account as the other of the two; $null when there is no mapping.
    try { return [string]$Identity.Translate($Type).Value } catch { if ((Get-InnerException $_.Exception) -isnot [Security.Principal.IdentityNotMappedException]) { throw } } }
function Resolve-SidName($Sid) { # DOMAIN\name of a SID, $null when there is no mapping.
    if ($Sid -match '^S-1-\d{1,14}(-\d{1,10}){1,15}$') { return Convert-Identity ([Security.Principal.SecurityIdentifier]$Sid) ([Security.Principal.NTAccount]) } }
function Resolve-NameSid($Name) { return Convert-Identity ([Security.Principal.NTAccount]$Name) ([Security.Principal.SecurityIdentifier]) } # SID of an account name or $null.
function Get-FileFacts($Path) { # Facts about a file or folder, $null when it is not there: Path, Name, IsFolder, Length, CreationUtc, LastWriteUtc, Attributes (number).
    try { $attributes = [IO.File]::GetAttributes($Path) } catch { if ((Get-FaultType $_) -eq 'notFound') { return $null } else { throw } }
    if ($attributes -band 16) { return ConvertFrom-FileSystemInfo ([IO.DirectoryInfo]$Path) } else { return ConvertFrom-FileSystemInfo ([IO.FileInfo]$Path) } }
function Get-FolderEntries($Path) { return @(([IO.DirectoryInfo]$Path).GetFileSystemInfos() | ForEach-Object { ConvertFrom-FileSystemInfo $_ }) } # Its direct entries; throws without it.
function ConvertFrom-FileSystemInfo($Info) { # The facts of one file system object as a hashtable.
    return @{ Path = $Info.FullName; Name = $Info.Name; IsFolder = ($Info -is [IO.DirectoryInfo]); Length = $(if ($Info -is [IO.FileInfo]) { $Info.Length } else { $null })
        CreationUtc = $Info.CreationTimeUtc; LastWriteUtc = $Info.LastWriteTimeUtc; Attributes = [int]$Info.Attributes } }
function Get-FixedDriveRoots { return @([IO.DriveInfo]::GetDrives() | Where-Object { $_.DriveType -eq [IO.DriveType]::Fixed } | ForEach-Object { $_.Name }) } # Roots of the fixed drives.
function Get-LinkTarget($Path) { foreach ($target in @((Get-Item -LiteralPath $Path -Force).Target)) { if ($target) { return [string]$target } } } # Where a link points to, if it tells.
function Get-FileVersionFacts($Path) { # Versions of a version resource as a.b.c.d (FileVersion, ProductVersion), and two of its texts (CompanyName, OriginalFilename).
    $info = [Diagnostics.FileVersionInfo]::GetVersionInfo($Path); $file = $null; $product = $null
    if ($info.FileVersion) { $file = '{0}.{1}.{2}.{3}' -f $info.FileMajorPart, $info.FileMinorPart, $info.FileBuildPart, $info.FilePrivatePart }
    if ($info.ProductVersion) { $product = '{0}.{1}.{2}.{3}' -f $info.ProductMajorPart, $info.ProductMinorPart, $info.ProductBuildPart, $info.ProductPrivatePart }
    return @{ FileVersion = $file; ProductVersion = $product; CompanyName = $info.CompanyName; OriginalFilename = $info.OriginalFilename } }
function Get-FileSignatureFacts($Path) { # Authenticode signature of a file: Status, Type, IsOSBinary, Subject, Issuer, Thumbprint; $null where the system does not say.
    $signature = Get-AuthenticodeSignature -FilePath ($Path.Replace('`', '``').Replace('[', '`[').Replace(']', '`]')); $signer = $signature.SignerCertificate
    return @{ Status = [string]$signature.Status; Type = $(if ($null -ne $signature.SignatureType) { [string]$signature.SignatureType } else { $null }); IsOSBinary = $signature.IsOSBinary
        Subject = $signer.Subject; Issuer = $signer.Issuer; Thumbprint = $signer.Thumbprint } }
function Get-FileSddl($Path, $IsFolder, $Audit) { # Owner, group and DACL as SDDL; with Audit the SACL alone. Where the first SACL is refused the right is lacking: no other is asked for.
    $sections = [Security.AccessControl.AccessControlSections]'Owner, Group, Access'
    if ($Audit) { $sections = [Security.AccessControl.AccessControlSections]::Audit; if ($script:AuditRefusal) { throw $script:AuditRefusal } }
    try { $security = $(if ($IsFolder) { New-Object Security.AccessControl.DirectorySecurity($Path, $sections) } else { New-Object Security.AccessControl.FileSecurity($Path, $sections) }) }
    catch { if ($Audit -and -not $script:AuditRead -and (Get-FaultType $_) -eq 'accessDenied') { $script:AuditRefusal = Get-InnerException $_.Exception }; throw }
    if ($Audit) { $script:AuditRead = $true }; return $security.GetSecurityDescriptorSddlForm($sections) }
function Read-FileBytes($Path, $Limit) { # Bytes of a file that others may hold open; InvalidDataException with Data['Length'] when it is larger than Limit.
    [void][IO.File]::GetAttributes($Path)
    $stream = New-Object IO.FileStream($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, ([IO.FileShare]'ReadWrite, Delete'))
    try {
        if ($stream.Length -le $Limit) { return , (New-Object IO.BinaryReader($stream)).ReadBytes([int]$stream.Length) }
        throw (New-Failure (New-Object IO.InvalidDataException('file has ' + $stream.Length + ' bytes, limit ' + $Limit)) 'Length' $stream.Length) }
    finally { $stream.Close() } }
function Invoke-SystemProgram($Name, $Arguments, $Seconds) { # Runs one program of System32 without a window and returns ExitCode and Output.
    $start = New-Object Diagnostics.ProcessStartInfo([IO.Path]::Combine([Environment]::SystemDirectory, $Name), $Arguments)
    $start.UseShellExecute = $false; $start.CreateNoWindow = $true; $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start); $end = (Get-TickMs) + 1000 * $Seconds
    try {
        $stream = $process.StandardOutput.BaseStream; $output = New-Object IO.MemoryStream; $buffer = New-Object byte[] 16384
        do {
            $pending = $stream.BeginRead($buffer, 0, $buffer.Length, $null, $null); $left = [int][Math]::Max(0, $end - (Get-TickMs))
            if (-not $pending.AsyncWaitHandle.WaitOne($left, $false)) { throw (New-Object TimeoutException($Name + ' did not end within ' + $Seconds + ' s')) }
            $got = $stream.EndRead($pending); $output.Write($buffer, 0, $got) } while ($got -gt 0)
        if (-not $process.WaitForExit(5000)) { throw (New-Object TimeoutException($Name + ' closed its output and did not end')) }
        return @{ ExitCode = $process.ExitCode; Output = $process.StandardOutput.CurrentEncoding.GetString($output.ToArray()) } }
    finally { if (-not $process.HasExited) { $process.Kill() }; $process.Close() } }
function Get-ProgramFile($Folder, $Program, $Before, $After, $Extension) { # Lets a program write one new file, reads it (Bytes, MtimeUtc) and deletes it again.
    $path = [IO.Path]::Combine($Folder, 'hvsnap-' + [guid]::NewGuid().ToString('N') + $Extension)
    try {
        $run = Invoke-SystemProgram $Program ($Before + '"' + $path + '"' + $After) 60; $facts = Get-FileFacts $path
        if ($null -eq $facts) { throw (New-Object InvalidOperationException($Program + ' ended with code ' + $run.ExitCode + ' and wrote no file')) }
        return @{ Bytes = (Read-FileBytes $path 4194304); MtimeUtc = $facts.LastWriteUtc } }
    finally { [IO.File]::Delete($path) } }
function Get-SecurityPolicyFile($Folder) { return Get-ProgramFile $Folder 'secedit.exe' '/export /cfg ' ' /areas SECURITYPOLICY USER_RIGHTS /quiet' '.inf' } # Security policy, by secedit.
function Get-AuditPolicyFile($Folder) { return Get-ProgramFile $Folder 'auditpol.exe' '/backup /file:' '' '.csv' } # Audit policy as auditpol backs it up.
function Get-NetstatText { return (Invoke-SystemProgram 'netstat.exe' '-ano' 60).Output } # Sockets and their owners before Windows Server 2012.
function Get-VssWriterText { return (Invoke-SystemProgram 'vssadmin.exe' 'list writers' 120).Output } # Shadow copy writers; starts services, therefore only on demand.
function Open-TaskService { $service = New-Object -ComObject 'Schedule.Service'; $service.Connect(); return $service } # The connected task scheduler.
function Get-TaskList($Seconds) { # All registered tasks (Tasks), what could not be read (Errors: Where, Exception), and whether the time sufficed (Complete).
    $end = (Get-TickMs) + 1000 * $Seconds; $answer = @{ Tasks = @(); Errors = @(); Complete = $true }; $folders = New-Object Collections.ArrayList
    [void]$folders.Add((Open-TaskService).GetFolder('\'))
    for ($i = 0; $i -lt $folders.Count; $i++) {
        $listed = @(); $folder = $folders[$i]
        try { foreach ($inner in $folder.GetFolders(0)) { [void]$folders.Add($inner) }; $listed = @($folder.GetTasks(1)) }
        catch { $answer.Errors += @{ Where = [string]$folder.Path; Exception = $_.Exception } }
        foreach ($task in $listed) {
            if ((Get-TickMs) -gt $end) { $answer.Complete = $false; return $answer }
            try { $answer.Tasks += ConvertFrom-TaskObject $task } catch { $answer.Errors += @{ Where = [string]$task.Path; Exception = $_.Exception } } } }
    return $answer }
function ConvertFrom-TaskObject($Task) { # One task as a hashtable, with its Actions and Triggers as hashtables; SddlError (an exception) in place of a descriptor that cannot be read.
    $definition = $Task.Definition; $user = $definition.Principal
    $row = @{ Path = [string]$Task.Path; Name = [string]$Task.Name; Enabled = [bool]$Task.Enabled; State = [int]$Task.State; LastRun = $Task.LastRunTime; NextRun = $Task.NextRunTime
        LastResult = ([long]$Task.LastTaskResult -band 4294967295); Author = $definition.RegistrationInfo.Author; Hidden = [bool]$definition.Settings.Hidden; Sddl = $null
        UserId = $user.UserId; GroupId = $user.GroupId; LogonType = [int]$user.LogonType; RunLevel = [int]$user.RunLevel; Actions = @(); Triggers = @() }
    foreach ($one in $definition.Actions) {
        $row.Actions += @{ Type = [int]$one.Type; Path = $one.Path; Arguments = $one.Arguments; WorkingDir = $one.WorkingDirectory; ClassId = $one.ClassId } }
    foreach ($one in $definition.Triggers) {
        $row.Triggers += @{ Type = [int]$one.Type; Enabled = [bool]$one.Enabled; StartBoundary = $one.StartBoundary; RepetitionInterval = $one.Repetition.Interval } }
    try { $row['Sddl'] = [string]$Task.GetSecurityDescriptor(7) } catch { $row['SddlError'] = $_.Exception }; return $row }
function Get-TaskXml($Path) { # Definition of one task as XML.
    $folder = $Path.Substring(0, [Math]::Max(1, $Path.LastIndexOf('\')))
    foreach ($task in (Open-TaskService).GetFolder($folder).GetTasks(1)) { if ($task.Path -eq $Path) { return [string]$task.Xml } }
    throw (New-Object IO.FileNotFoundException('no such task: ' + $Path)) }
function Get-ActiveFirewallProfiles { # What the Windows Firewall says about its three profiles (Profile 1, 2, 4).
    $policy = New-Object -ComObject 'HNetCfg.FwPolicy2'; $current = [int]$policy.CurrentProfileTypes
    foreach ($code in 1, 2, 4) {
        @{ Profile = $code; IsCurrent = (($current -band $code) -ne 0); Enabled = [bool]$policy.FirewallEnabled($code); DefaultInbound = [int]$policy.DefaultInboundAction($code)
            DefaultOutbound = [int]$policy.DefaultOutboundAction($code); BlockAllInbound = [bool]$policy.BlockAllInboundTraffic($code)
            NotificationsDisabled = [bool]$policy.NotificationsDisabled($code); UnicastDisabled = [bool]$policy.UnicastResponsesToMulticastBroadcastDisabled($code)
            Interfaces = @($policy.ExcludedInterfaces($code) | Where-Object { $_ } | ForEach-Object { [string]$_ }) } } }
function Get-NetworkConnections { # Networks that the network list manager knows (before Windows Server 2012): AdapterId, Name, Category.
    foreach ($connection in [Activator]::CreateInstance([Type]::GetTypeFromCLSID([guid]'DCB00C01-570F-4A9B-8D69-199FDBA5723B')).GetNetworkConnections()) {
        $network = $connection.GetNetwork(); @{ AdapterId = [string]$connection.GetAdapterId(); Name = [string]$network.GetName(); Category = [int]$network.GetCategory() } } }
function Get-UpdateHistory { # History of Windows Update (Title, DateUtc, ResultCode, Operation); only on demand.
    $searcher = (New-Object -ComObject 'Microsoft.Update.Session').CreateUpdateSearcher(); $count = [Math]::Min([int]$searcher.GetTotalHistoryCount(), 2000)
    if ($count) { $searcher.QueryHistory(0, $count) | ForEach-Object { @{ Title = [string]$_.Title; DateUtc = $_.Date; ResultCode = [int]$_.ResultCode; Operation = [int]$_.Operation } } } }
function Open-LocalEntry($Tail) { return (New-Object DirectoryServices.DirectoryEntry('WinNT://' + [Environment]::MachineName + $Tail)) } # ',computer': the accounts; '/NAME,group' in it.
function ConvertFrom-Entry($Entry, $Names) { # A directory entry as a hashtable: Sid (or $null), Name, Path, Class and the named properties ($null where there is none).
    $row = @{ Sid = $Entry.psbase.Properties['objectSid'].Value; Name = [string]$Entry.psbase.Name; Path = [string]$Entry.psbase.Path; Class = [string]$Entry.psbase.SchemaClassName }
    if ($null -ne $row.Sid) { $row.Sid = (New-Object Security.Principal.SecurityIdentifier([byte[]]$row.Sid, 0)).Value }
    foreach ($name in @($Names | Where-Object { $_ })) { $row[$name] = $Entry.psbase.Properties[$name].Value }; return $row }
function Get-AdsiGroups { # Local groups of this computer, with Description.
    $children = (Open-LocalEntry ',computer').psbase.Children; [void]$children.SchemaFilter.Add('group'); foreach ($group in $children) { ConvertFrom-Entry $group @('Description') } }
function Get-AdsiGroupMembers($Group) { # Direct members of one local group.
    foreach ($member in (Open-LocalEntry ('/' + $Group + ',group')).psbase.Invoke('Members', $null)) { ConvertFrom-Entry (New-Object DirectoryServices.DirectoryEntry($member)) } }
function Get-AdsiUserFacts($Name) { return ConvertFrom-Entry (Open-LocalEntry ('/' + $Name + ',user')) @('UserFlags', 'PasswordAge', 'LastLogin') } # Flags, ages of one local account.
function Get-AdsiAccountPolicy { # Password and lockout policy of the local account database.
    $names = 'MinPasswordLength', 'PasswordHistoryLength', 'MaxPasswordAge', 'MinPasswordAge', 'MaxBadPasswordsAllowed', 'AutoUnlockInterval', 'LockoutObservationInterval'
    return ConvertFrom-Entry (Open-LocalEntry ',computer') $names }
function Search-Directory($Filter, $Attributes, $Limit) { # What the directory finds for a filter: the listed attributes, each an array. A domain controller must answer within ten seconds.
    $searcher = New-Object DirectoryServices.DirectorySearcher; $seconds = New-Object TimeSpan(0, 0, 10)
    $searcher.Filter = $Filter; $searcher.SizeLimit = $Limit; $searcher.ClientTimeout = $seconds; $searcher.ServerTimeLimit = $seconds
    foreach ($name in $Attributes) { [void]$searcher.PropertiesToLoad.Add($name) }; foreach ($found in $searcher.FindAll()) {
        $row = @{}; foreach ($name in $Attributes) { if ($found.Properties[$name].Count -gt 0) { $row[$name] = @($found.Properties[$name] | ForEach-Object { , $_ }) } }; $row } }
function Get-DirectoryObject($Sid, $Attributes) { foreach ($row in (Search-Directory ('(objectSid=' + $Sid + ')') $Attributes 1)) { return $row } } # The object with a SID or $null.
function Get-DirectoryGroupMembers($Sid, $Limit) { # Direct members of a domain group (Sid, Name, Class), at most Limit; only on demand.
    $group = Get-DirectoryObject $Sid @('distinguishedName'); if ($null -eq $group) { return }
    $escaped = $group['distinguishedName'][0].Replace('\', '\5c').Replace('*', '\2a').Replace('(', '\28').Replace(')', '\29')
    foreach ($row in (Search-Directory ('(memberOf=' + $escaped + ')') @('objectSid', 'sAMAccountName', 'objectClass') $Limit)) {
        $identity = New-Object Security.Principal.SecurityIdentifier([byte[]]$row['objectSid'][0], 0)
        @{ Sid = $identity.Value; Name = [string]$row['sAMAccountName'][0]; Class = [string]$row['objectClass'][-1] } } }
function Get-StoreCertificates($Store) { # Certificates of a store of the computer (Eku string[], SanRaw byte[] or $null), $null when there is no such store; private keys are never touched.
    $opened = New-Object Security.Cryptography.X509Certificates.X509Store($Store, [Security.Cryptography.X509Certificates.StoreLocation]::LocalMachine)
    try { $opened.Open([System.Security.Cryptography.X509Certificates.OpenFlags]'ReadOnly, OpenExistingOnly') } catch { if ((Get-FaultType $_) -eq 'notFound') { return $null }; throw }
    $rows = @(foreach ($certificate in $opened.Certificates) {
            $row = @{ Thumbprint = $certificate.Thumbprint; Subject = $certificate.Subject; Issuer = $certificate.Issuer; NotBefore = $certificate.NotBefore; NotAfter = $certificate.NotAfter
                SigAlg = $certificate.SignatureAlgorithm.Value; KeyAlg = $certificate.PublicKey.Oid.Value; HasPrivateKey = $certificate.HasPrivateKey; Eku = $null; SanRaw = $null }
            try { $row['KeyBits'] = $certificate.PublicKey.Key.KeySize } catch { $row['KeyBits'] = $null } # A kind of key that .NET does not know.
            foreach ($extension in $certificate.Extensions) {
                if ($extension.Oid.Value -eq '2.5.29.37') { $row['Eku'] = @($extension.EnhancedKeyUsages | ForEach-Object { $_.Value }) }
                if ($extension.Oid.Value -eq '2.5.29.17') { $row['SanRaw'] = $extension.RawData } }
            $row })
    $opened.Close(); return , $rows }
function Get-LogState($Channel) { return [Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession.GetLogInformation($Channel, 'LogName') } # Throws without a log; a reader might hang.
function Get-EventLogFacts($Channel) { # FileSize and RecordCount of one event log, OldestUtc and NewestUtc of its records.
    $log = Get-LogState $Channel; $oldest = $null; $newest = $null
    if ($log.RecordCount) { $oldest = @(Get-EventFacts $Channel '*' @() 1 5 $true)[0]; $newest = @(Get-EventFacts $Channel '*' @() 1 5)[0] }
    return @{ FileSize = $log.FileSize; RecordCount = $log.RecordCount; OldestUtc = $oldest.TimeUtc; NewestUtc = $newest.TimeUtc } }
function Get-EventFacts($Channel, $Query, $DataFields, $Limit, $Seconds, $OldestFirst) { # Events of a query, newest first: Provider, Id, Level, TimeUtc, Data (the listed fields), no texts.
    [void](Get-LogState $Channel); $selection = New-Object Diagnostics.Eventing.Reader.EventLogQuery($Channel, 'LogName', $Query); $selection.ReverseDirection = (-not $OldestFirst)
    $end = (Get-TickMs) + 1000 * $Seconds; $rows = New-Object Collections.ArrayList; $reader = New-Object Diagnostics.Eventing.Reader.EventLogReader($selection)
    try {
        while ($rows.Count -lt $Limit -and (Get-TickMs) -lt $end) {
            $record = $reader.ReadEvent(); if ($null -eq $record) { break }
            $row = @{ Provider = [string]$record.ProviderName; Id = [int]$record.Id; Level = [int]$record.Level; TimeUtc = $null; Data = @{} }
            if ($null -ne $record.TimeCreated) { $row.TimeUtc = ([datetime]$record.TimeCreated).ToUniversalTime() }
            $document = New-Object Xml.XmlDocument; $document.XmlResolver = $null; if (@($DataFields).Length -gt 0) { $document.LoadXml($record.ToXml()) }
            foreach ($node in $document.GetElementsByTagName('*')) {
                foreach ($name in $node.LocalName, $node.GetAttribute('Name')) { if ($name -and $DataFields -contains $name) { $row.Data[$name] = $node.InnerText } } }
            [void]$rows.Add($row); $record.Dispose() }
        return $rows.ToArray() }
    finally { $reader.Dispose() } }
function Get-SecureBootNames($Variable, $Names) { # Which of some certificate names stand in a Secure Boot variable (needs the SecureBoot module and a UEFI machine).
    $command = Get-Command -Name 'Get-SecureBootUEFI' -ErrorAction SilentlyContinue; if ($null -eq $command) { throw (New-Object NotSupportedException('Get-SecureBootUEFI is not there')) }
    $text = [Text.Encoding]::GetEncoding('iso-8859-1').GetString((& $command -Name $Variable -ErrorAction Stop).Bytes)
    return @($Names | Where-Object { $text.Contains($_) }) }
# END OPERATING SYSTEM LAYER

# ---- Errors and values ----
function Get-InnerException($Exception) { # The exception that matters: PowerShell wraps what .NET methods throw.
    while ($Exception.InnerException -and $Exception -is [Management.Automation.RuntimeException]) { $Exception = $Exception.InnerException }; return $Exception }
function Get-ExceptionCode($Exception) { # Its Windows error number. HResult is public from .NET 4.5 on; the older way to it ends PowerShell 7 with an assertion on some systems.
    foreach ($name in 'ErrorCode', 'HResult') { $code = $Exception.psobject.Properties[$name].Value -as [int]; if ($code) { return ([long]$code -band 4294967295) } }
    return ([long][Runtime.InteropServices.Marshal]::GetHRForException($Exception) -band 4294967295) }
function Get-ErrorType($Exception) { # One of the format's error types for an exception: by its number, by the Windows error that it carries, by its .NET type.
    $codes = @((Get-ExceptionCode $Exception), (2147942400 + $Exception.psobject.Properties['NativeErrorCode'].Value)); $types = $script:ExceptionTypes
    foreach ($code in $codes) { if ($script:ErrorCodes.ContainsKey($code)) { return $script:ErrorCodes[$code] } }
    for ($i = 0; $i -lt $types.Length; $i += 2) { if ($Exception -is $types[$i]) { return $types[$i + 1] } }
    if ($Exception.GetType().Name -eq 'ManagementException') { return 'comError' } else { return 'other' } }
function Get-FaultType($Record) { return Get-ErrorType (Get-InnerException $Record.Exception) } # Error type of a caught error record.
function Add-ErrorEntry($d, $Where, $Type, $Code, $Message) { # Adds one entry to the error list of a dataset or of the run; at most 50 are listed.
    Write-Log ($d.Name + ': ' + $Type + ' at ' + $Where + ': ' + $Message)
    if ($d.Errors.Count -gt 50) { return } elseif ($d.Errors.Count -eq 50) { $Where = 'errors'; $Type = 'truncated'; $Code = $null; $Message = 'further errors are not listed' }
    $number = $(if ($Code -ge 2147483648) { '0x{0:x8}' -f $Code }); $text = [string]$Message
    [void]$d.Errors.Add((New-Ordered @('where', $Where, 'type', $Type, 'hresult', $number, 'message', $text.Substring(0, [Math]::Min(500, $text.Length))))) }
function Add-DatasetError($d, $Where, $Exception) { # Notes an exception in the error list of a dataset or of the run ($script:Run) and returns its type.
    $inner = Get-InnerException $Exception; $type = Get-ErrorType $inner
    Add-ErrorEntry $d $Where $type (Get-ExceptionCode $inner) $inner.Message; return $type }
function Set-Truncated($d, $Limit, $Message) { # Notes that a limit (rows, seconds or bytes) cut a dataset.
    $d.Truncated = $true; $d.TruncatedBy = $Limit; Add-ErrorEntry $d ('limit:' + $Limit) 'truncated' $null $Message }
function Test-Late($d) { # Whether the dataset used up its time; notes the limit once.
    $late = ((Get-TickMs) -gt $d.End); if ($late -and -not $d.Truncated) { Set-Truncated $d 'seconds' ('stopped after ' + $d.Seconds + ' s with ' + $d.Rows.Count + ' rows') }
    return $late }
# Runs one reading step of a dataset. When it fails, the named cells of a row say why; without a row the error is noted and the named columns are unread (without names rows may be missing).
function Invoke-Source($d, $SourceName, $SourceColumns, $Block, $TargetRow) { # A value goes into the (one) named cell. Blocks see the variables of their caller. Nothing is read over time.
    $sourceFault = $(if ($TargetRow) { 'budget' } else { 'timeout' })
    try {
        if (-not (Test-Late $d)) {
            $sourceValue = & $Block; $d.Answered++
            if ($TargetRow -and -not $SourceColumns.Contains(',')) { Set-Cell $d $TargetRow $SourceColumns $sourceValue }
            return @{ Ok = $true; Value = $sourceValue; Type = $null } } }
    catch { $sourceFault = $(if ($TargetRow) { Get-FaultType $_ } else { Add-DatasetError $d $SourceName $_.Exception }) }
    if ($TargetRow) { Set-CellFault $d $TargetRow $SourceColumns $sourceFault } elseif ($SourceColumns) { Set-Unread $d $SourceColumns $sourceFault } else { $d.Lost = $true }
    return @{ Ok = $false; Value = $null; Type = $sourceFault } }
function Read-Cell($d, $TargetRow, $SourceColumns, $Block) { [void](Invoke-Source $d '' $SourceColumns $Block $TargetRow) } # Reads one cell of a row; a failure is noted in the cell.
function Set-CellFault($d, $Row, $Columns, $Cause) { # Marks cells (columns separated by commas) as not readable: for the cause of a caught error record, or for an error type.
    if ($Cause -isnot [string]) { $Cause = Get-FaultType $Cause }
    foreach ($column in $Columns.Split(',')) { if (-not $d.Missing.ContainsKey($column)) { Set-CellError $Row $column $Cause } } }
function Set-CellError($Row, $Column, $Type) { # Marks one cell of a row as not readable.
    if (-not $Row['_err']) { $Row['_err'] = @{} }; $Row[$Column] = $null
    $Row['_err'][$Column] = $(if ($script:CellErrorCodes -contains $Type) { $Type } else { 'other: ' + $Type }) }
function Set-Unread($d, $Columns, $Type) { # Marks columns (separated by commas) as offered by the system but not readable.
    foreach ($name in $Columns.Split(',')) { if (-not $d.Missing.ContainsKey($name) -and -not $d.Unread.ContainsKey($name)) { $d.Unread[$name] = $Type } } }
function New-Ordered($Pairs) { # An ordered map from a flat list of names and values.
    $map = New-Object Collections.Specialized.OrderedDictionary; for ($i = 0; $i -lt $Pairs.Length; $i += 2) { $map.Add($Pairs[$i], $Pairs[$i + 1]) }; return $map }
function ConvertFrom-DmtfText($Text) { # WMI date text (yyyymmddHHMMSS.ffffff+uuu, or an interval with :000) as UTC date or seconds; $null when it is none.
    if ([string]$Text -notmatch '^(\d{8})([\d*]{2})([\d*]{2})([\d*]{2})\.([\d*]{6})([:+-])([\d*]{3})') { return $null }
    $day, $hour, $minute, $second, $fraction, $sign, $offset = @($matches[1..7] | ForEach-Object { $_.Replace('*', '0') })
    if ($sign -eq ':') { return [double]([long]$day * 86400 + [int]$hour * 3600 + [int]$minute * 60 + [int]$second) + [double]('0.' + $fraction) }
    $text = $day + $hour + $minute + $second + '.' + $fraction; if ([int]$day -lt 16020000) { return $null }
    return [datetime]::ParseExact($text, 'yyyyMMddHHmmss.ffffff', $script:Invariant, 'AdjustToUniversal, AssumeUniversal').AddMinutes( - [int]($sign + $offset)) }
function ConvertTo-GuidText($Text) { # GUID text in the format's form, or $null when it is none.
    if ([string]$Text -match '^\s*\{?([0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12})\}?\s*$') { $matches[1].ToLowerInvariant() } }
function ConvertFrom-FileTime($Number) { # A FILETIME number as UTC date, or $null for none.
    if ($null -ne $Number -and [decimal]$Number -gt 0 -and [decimal]$Number -le 2650467743990000000) { [datetime]::FromFileTimeUtc([long]$Number) } }
function ConvertTo-Cell($Value, $Type) { # A value in the form that the type of its column asks for; a null stays null. What does not fit the type throws.
    if ($null -eq $Value) { return $null } elseif ($Type -eq 'hex') { return , [byte[]]$Value }
    if ($Type.StartsWith('list<')) {
        $inner = $Type.Substring(5, $Type.Length - 6); return , @(foreach ($one in @($Value)) { $cell = ConvertTo-Cell $one $inner; if ($null -ne $cell) { , $cell } }) }
    if ($Value -is [array]) { throw 'a list where one value belongs' } elseif ($Type -eq 'object' -or ($Type -eq 'datetime' -and $Value -is [datetime])) { return $Value }
    $text = ([string]$Value).Trim(); if ($Type -eq 'bool') { return ('true', '1' -contains $text -or ($Value -isnot [string] -and $Value -ne 0)) }
    if ($Type -eq 'int') {
        if ($Value -is [double] -or $Value -is [bool] -or $text -match '^-?\d{1,18}$') { return [long]$Value }
        if ($Value -is [string]) { return [uint64]::Parse($text) } else { return $Value } }
    if ($Type -eq 'guid') { return $(if ($text) { ([guid]$text).ToString() }) } elseif ($Type -ne 'datetime') { return [string]$Value }
    if ($text -match '^\d{14}\.') { return ConvertFrom-DmtfText $text } else { return [datetime]::Parse($text, $script:Invariant, 'AdjustToUniversal, AssumeUniversal') } }
function Set-Cell($d, $Row, $Column, $Value) { # Puts a value into a row in the form of its column; what does not fit becomes a cell error.
    if ($d.Missing.ContainsKey($Column)) { return }; $type = $d.Types[$Column]
    if ($null -eq $Value -or ($type -eq '' -and $Value -is [string]) -or ($type -eq 'int' -and $Value -is [long])) { $Row[$Column] = $Value } # has its form already
    else { try { $Row[$Column] = ConvertTo-Cell $Value $type } catch { Set-CellError $Row $Column 'parseError' } } }
function Add-Row($d, $Row) { [void]$d.Rows.Add($Row); return $Row } # Adds a row to a dataset and returns it.
function Protect-Text($Text) { # Command lines and paths without the secrets that the filter patterns of the table find.
    if ($null -ne $Text) { foreach ($filter in $script:Filters) { $Text = $filter.Regex.Replace($Text, $filter.Replacement) } }; return $Text }
function Expand-SystemPath($Path) { # Path with environment variables of the system expanded and native prefixes turned into a Win32 path.
    $text = [string]$Path; $root = $script:Variables['SystemRoot'] + '\'; if (-not $text) { return $null } elseif ($text -match '^[A-Za-z]:\\[^%]*$') { return $text }
    foreach ($name in $script:Variables.Keys) { if ($text.Contains('%')) { $text = $text -replace ('%' + [regex]::Escape($name) + '%'), $script:Variables[$name].Replace('$', '$$') } }
    return ($text -replace '^\\\?\?\\' -replace '^\\?SystemRoot\\', $root -replace '^\\?system32\\', ($root + 'System32\')) }
function Get-CommandPath($CommandLine) { # The executable of a command line without its arguments, or $null when it cannot be told apart.
    $text = ([string](Expand-SystemPath $CommandLine)).Trim(); if ($text -match '^"([^"]+)"') { return Expand-SystemPath $matches[1] }
    if ($text -match '^(.+?\.(?:exe|com|cmd|bat|dll|sys|ps1|vbs|scr))(?:[\s,]|$)' -or $text -match '^(\S+)$') { return $matches[1] } }

# ---- JSON ----
function ConvertTo-JsonString($Text) { # A string as JSON, pure ASCII.
    return '"' + $script:NotPlain.Replace(([string]$Text).Replace('\', '\\').Replace('"', '\"'), $script:ToEscape) + '"' }
function ConvertTo-JsonText($Value) { # Any value as JSON: for headers, the manifest, and what is rare in rows. Dates that mean none become null.
    if ($null -eq $Value) { return 'null' } elseif ($Value -is [string] -or $Value -is [char]) { return ConvertTo-JsonString $Value }
    if ($Value -is [byte[]]) { return '"hex:' + [BitConverter]::ToString($Value).Replace('-', '') + '"' }
    if ($Value -is [datetime]) {
        $utc = $Value.ToUniversalTime(); if ($utc.Year -le 1601 -or $utc.Year -ge 9999 -or $utc.Year -eq 1899) { return 'null' }
        return $utc.ToString("'""'yyyy-MM-dd'T'HH:mm:ss.fff'Z""'", $script:Invariant) }
    if ($Value -is [double] -or $Value -is [single]) { return $(if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { 'null' } else { $Value.ToString('R', $script:Invariant) }) }
    if ($Value -is [Collections.IDictionary]) {
        $keys = @(if ($Value -is [hashtable]) { $Value.Keys | Sort-Object } else { $Value.Keys })
        return '{' + (@(foreach ($key in $keys) { (ConvertTo-JsonString $key) + ':' + (ConvertTo-JsonText $Value[$key]) }) -join ',') + '}' }
    if ($Value -is [Collections.IEnumerable]) { return '[' + (@(foreach ($one in $Value) { if ($null -ne $one) { ConvertTo-JsonText $one } }) -join ',') + ']' }
    if ($Value -is [IConvertible]) { return [Convert]::ToString($Value, $script:Invariant).ToLowerInvariant() } else { return ConvertTo-JsonString $Value } } # True becomes true
function Write-DataFile($d, $Columns, $File) { # Writes the rows of one dataset. One loop without function calls for what is frequent: it runs once for every cell of the snapshot.
    $names = [string[]]@($Columns | ForEach-Object { $_.Name }); $count = $names.Length; $unread = [bool[]]@($names | ForEach-Object { $d.Unread.ContainsKey($_) })
    $heads = [string[]]@(for ($i = 0; $i -lt $count; $i++) { $(if ($i) { ',' }) + '"' + $names[$i] + '":' }); $written = 0; $comma = ''
    $special = $script:NotPlain; $escape = $script:ToEscape; $invariant = $script:Invariant; $stream = New-Object IO.MemoryStream; $text = New-Object Text.StringBuilder
    $header = ConvertTo-JsonText (New-Ordered @('dataset', $d.Name, 'schema', $d.Schema, 'source', $d.Source, 'collectedUtc', $d.CollectedUtc, 'columns', $names))
    [void]$text.Append($header.TrimEnd('}')).Append(',"rows":[')
    foreach ($row in $d.Rows) {
        $start = $text.Length; $errors = $row['_err']; [void]$text.Append($comma).Append("`n{")
        for ($i = 0; $i -lt $count; $i++) {
            $value = $row[$names[$i]]; $fault = $null
            if ($unread[$i]) { $cell = 'null' }
            elseif ($value -is [string]) { $cell = $special.Replace('"' + $value.Replace('\', '\\').Replace('"', '\"') + '"', $escape); if ($value.Length -gt 65536) { $fault = 'tooLong' } }
            elseif ($null -eq $value) { $cell = 'null'; if (-not $Columns[$i].Nullable) { $fault = 'no value' } }
            elseif ($value -is [bool]) { if ($value) { $cell = 'true' } else { $cell = 'false' } }
            elseif ($value -is [int] -or $value -is [long]) { $cell = $value.ToString($invariant) }
            elseif ($value -is [array] -and $value -isnot [byte[]]) {
                $items = @(foreach ($one in $value) {
                    if ($one -is [string]) { $special.Replace('"' + $one.Replace('\', '\\').Replace('"', '\"') + '"', $escape) } elseif ($null -ne $one) { ConvertTo-JsonText $one } })
                $cell = '[' + ($items -join ',') + ']'; if ($value.Length -gt 10000) { $fault = 'tooLong' } }
            else { $cell = ConvertTo-JsonText $value }
            if ($fault) { $cell = 'null'; if (-not $errors -or -not $errors.ContainsKey($names[$i])) {
                Set-CellError $row $names[$i] $fault; $row[$names[$i]] = $value; $errors = $row['_err'] } } # Others may need the whole value.
            [void]$text.Append($heads[$i]).Append($cell) }
        if ($errors) {
            $cell = @(for ($i = 0; $i -lt $count; $i++) { if (-not $unread[$i] -and $errors.ContainsKey($names[$i])) { '"' + $names[$i] + '":"' + $errors[$names[$i]] + '"' } }) -join ','
            if ($cell) { [void]$text.Append(',"_err":{').Append($cell).Append('}') } }
        if ($stream.Length + $text.Append('}').Length + 8 -gt $script:MemberLimit) { $text.Length = $start; break }
        $comma = ','; $written++; if ($text.Length -gt 200000) { $bytes = [Text.Encoding]::ASCII.GetBytes($text.ToString()); $stream.Write($bytes, 0, $bytes.Length); $text.Length = 0 } }
    $bytes = [Text.Encoding]::ASCII.GetBytes($text.ToString() + "`n]}`n"); $stream.Write($bytes, 0, $bytes.Length)
    if ($written -lt $d.Rows.Count) { Set-Truncated $d 'bytes' ([string]$written + ' of ' + $d.Rows.Count + ' rows'); $d.Rows.RemoveRange($written, $d.Rows.Count - $written) }
    Add-SnapshotFile $File ($stream.GetBuffer()) ([int]$stream.Length) $null }

# ---- Output files ----
function Write-Log($Text) { [void]$script:LogText.Append((ConvertTo-JsonText (Get-UtcNow)).Trim('"') + ' ' + (ConvertTo-JsonString $Text).Trim('"') + "`n") } # Adds one line to the log.
function Open-Snapshot($Path, $AsFolder) { # Opens the zip (or folder) that this run writes.
    $script:Files = New-Object Collections.ArrayList; $script:Output = @{ Path = $Path; AsFolder = $AsFolder; Directory = (New-Object Collections.ArrayList); Writer = $null }
    if (-not $AsFolder) { $script:Output.Writer = New-Object IO.BinaryWriter((New-Object System.IO.FileStream($Path, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::ReadWrite))) }
    elseif ([IO.Directory]::Exists($Path)) { throw (New-Object IO.IOException('folder exists: ' + $Path)) } else { [void][IO.Directory]::CreateDirectory($Path) } }
function Add-SnapshotFile($Name, $Bytes, $Count, $Mtime) { # Adds one file: its hash to the list of files, its bytes to the zip or folder.
    $hash = $null; $path = [IO.Path]::Combine($script:Output.Path, $Name)
    try { $hash = Get-Sha256 $Bytes $Count } catch { Add-ErrorEntry $script:Run ('hash:' + $Name) 'unsupported' $null (Get-InnerException $_.Exception).Message }
    if (-not $script:Output.AsFolder) { Add-ZipEntry $Name $Bytes $Count }
    else {
        [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path)); $stream = New-Object System.IO.FileStream($path, [System.IO.FileMode]::CreateNew)
        try { $stream.Write($Bytes, 0, $Count) } finally { $stream.Close() } }
    $script:TotalBytes += $Count; [void]$script:Files.Add((New-Ordered @('path', $Name, 'bytes', $Count, 'sha256', $hash, 'mtimeUtc', $Mtime))) }
function Add-ZipEntry($Name, $Bytes, $Count) { # One member of the zip. A gzip stream is ten bytes of header, the compressed data, their CRC-32 and their length: all that it takes.
    $writer = $script:Output.Writer; $offset = $writer.BaseStream.Position; $crc = 0, 0, 0, 0; $packed = $Bytes; $size = $Count; $from = 0; $method = 0
    if ($Count -gt 0) {
        $memory = New-Object IO.MemoryStream; $gzip = New-Object IO.Compression.GZipStream($memory, [IO.Compression.CompressionMode]::Compress)
        $gzip.Write($Bytes, 0, $Count); $gzip.Close(); $all = $memory.ToArray(); $crc = $all[-8..-5]
        if ($all[0] -ne 0x1F -or $all[1] -ne 0x8B -or $all[3] -ne 0) { throw 'unexpected gzip header' }
        if ($all.Length - 18 -lt $Count) { $packed = $all; $size = $all.Length - 18; $from = 10; $method = 8 } }
    if ($offset + $size -gt 2147000000) { throw (New-Object IO.IOException('the archive would exceed 2 GiB')) }
    # Version 2.0, names in UTF-8, method, 1980-01-01, CRC, sizes, length of the name: the same bytes before the data and in the directory.
    $nameBytes = [Text.Encoding]::ASCII.GetBytes($Name); $sizes = [BitConverter]::GetBytes([uint32]$size) + [BitConverter]::GetBytes([uint32]$Count)
    $head = @(20, 0, 0, 8, $method, 0, 0, 0, 33, 0) + $crc + $sizes + [BitConverter]::GetBytes([uint16]$nameBytes.Length) + @(0, 0)
    $writer.Write([byte[]](@(0x50, 0x4B, 3, 4) + $head + $nameBytes)); $writer.Write($packed, $from, $size)
    $script:Output.Directory.AddRange([byte[]](@(0x50, 0x4B, 1, 2, 20, 0) + $head + (New-Object byte[] 10) + [BitConverter]::GetBytes([uint32]$offset) + $nameBytes)) }
function Close-Snapshot { # Writes the directory of the zip and closes it.
    $writer = $script:Output.Writer; if (-not $writer) { return }
    $start = [uint32]$writer.BaseStream.Position; $directory = [byte[]]$script:Output.Directory.ToArray(); $number = [uint16]$script:Files.Count
    $writer.Write($directory); $writer.Write([uint32]0x06054B50); $writer.Write([uint32]0); $writer.Write($number); $writer.Write($number)
    $writer.Write([uint32]$directory.Length); $writer.Write($start); $writer.Write([uint16]0); $writer.Close() }

# ---- The table ----
# The kinds of lines in the table and their fields: ? marks yes or no, # a number, * a list. The rest of a line is the last field.
$script:LineKinds = @{ Y = 'Name Build#'; C = 'Columns*'; D = 'Name Files Schema# Order# Kind One? Elevation? Since Until MaxRows# Seconds# LimitSwitch Switch Keys*'
    R = 'Key Mode AsSddl? Since Until Names*'; B = 'Id Name Kind'; T = 'Path Role Since Until'; K = 'Key Role SubKeys'; A = 'Role Recursion WithParents? Audit?'; E = 'Name Prefix?'
    W = 'Namespace Class Properties* Methods* Where Since Until'; H = 'Namespace Class Columns* Computed* Flags* Since Until'; M = 'Eras Method Name Columns* Since'
    V = 'Channel Provider Ids* Days# Fields*'; F = 'Replacement Pattern'; S = 'Pattern' }
$script:SourceTexts = 'wmi+reg=os computer platform_security services drivers features hotfixes net_adapters boot_entries antivirus defender_exclusions net_qos_policies
    wmi=firewall_hyperv user_profiles smb_server smb_client smb_shares smb_connections wmi_security disks volumes iscsi_sessions iscsi_connections net_ip net_interfaces net_profile
    net_teams net_team_nics net_bindings net_nat endpoints bitlocker hgs com=scheduled_tasks task_xml local_groups local_group_members account_policy ad_computer wmi+file=vhds
    com+reg=firewall_profiles wmi+com=local_users net+reg=collection exec=secedit auditpol vss_writers file=binaries vmconfig vm_files acls azman_store reg+file=azman
    reg+eventlog=eventlogs eventlog=event_summary store=certificates lsa=sids' # What data files say about where their rows come from, and the datasets of each text; all others: reg.
function Import-Table { # Reads the table at the end of this script into lists of hashtables.
    $lists = @{}; foreach ($kind in $script:LineKinds.Keys) { $lists[$kind] = New-Object Collections.ArrayList }
    foreach ($line in @($script:TableText.Replace("`r", '').Split("`n") | Where-Object { $_ })) {
        $kind = $line.Substring(0, 1); $fields = $script:LineKinds[$kind].Split(' '); $texts = $line.Split([char[]]'|', $fields.Length + 1); $record = @{}
        for ($i = 0; $i -lt $fields.Length; $i++) {
            $name = $fields[$i].TrimEnd('*', '?', '#'); $value = $texts[$i + 1]
            if ($fields[$i].EndsWith('*')) { $value = @($value.Split(',') | Where-Object { $_ }) } elseif ($fields[$i].EndsWith('#')) { $value = [int]$value }
            elseif ($fields[$i].EndsWith('?')) { $value = ('1', 'one', 'prefix' -contains $value) } elseif (-not $value) { $value = $null }; $record[$name] = $value }
        if ($kind -eq 'C') { $above.Columns = $record.Columns } else { [void]$lists[$kind].Add($record); $above = $record } } # Columns belong to the dataset in the line above.
    $script:Eras = $lists['Y']; $script:EraNames = @($script:Eras | ForEach-Object { $_.Name }); $script:DatasetList = $lists['D']; $script:RegistryList = $lists['R']
    $script:BootElements = $lists['B']; $script:BinaryTargets = $lists['T']; $script:KeyTargets = $lists['K']; $script:AclRoles = $lists['A']; $script:EventChannels = $lists['E']
    $script:EventSelection = $lists['V']; $script:SecretName = [regex]$lists['S'][0].Pattern
    $script:Filters = @($lists['F'] | ForEach-Object { @{ Regex = [regex]$_.Pattern; Replacement = $_.Replacement.Replace('{1}', '${1}') } })
    $script:WmiClasses = @{}; $script:ReadMethods = @{ GetReplicationStatistics = $true }; foreach ($record in $lists['M']) { $script:ReadMethods[$record.Method.Split('.')[1]] = $true }
    foreach ($record in $lists['W']) { $script:WmiClasses[$record.Namespace + '|' + $record.Class] = $record; foreach ($name in $record.Methods) { $script:ReadMethods[$name] = $true } }
    foreach ($dump in $lists['H']) { $dump.Since, $dump.Build = $dump.Since.Split('#'); $dump.Name = $(if ($dump.Namespace -like '*Cluster') { 'cluster/' } else { 'hv/' }) + $dump.Class }
    $script:ClassDumps = @($lists['H']) + @($lists['M'] | Where-Object { $_.Name -like 'hv/*' }) }
function Get-Column($Text) { # One column of the table: name:type, then ? nullable, ! needs elevation, @ eras (since#build-until).
    [void]($Text -match '^([^:@]+)(?::([^?!@]+))?(\??)(!?)(?:@([^#-]*)(?:#(\d+))?(?:-(.*))?)?$'); $type = [string]$matches[2]
    return @{ Name = $matches[1]; Type = $type; Nullable = ($matches[3] -or -not $type); Elevation = $matches[4]; Since = $matches[5]; Build = $matches[6]; Until = $matches[7] } }
function Test-Since($Era) { return ($script:EraIndex -ge [Array]::IndexOf($script:EraNames, $Era)) } # Whether this system is of an era or later.
function Get-EraGap($Item) { # Why this system does not have an item: osTooOld, osTooNew; nothing when it lies in the era range of the item.
    if (-not (Test-Since $Item.Since) -or $script:Build -lt $Item.Build) { return 'osTooOld' }
    if ($Item.Until -and $script:EraIndex -gt [Array]::IndexOf($script:EraNames, $Item.Until)) { return 'osTooNew' } }
function Sort-ByKey($Keys, $Items) { [Array]::Sort([array]$Keys, [array]$Items, [Collections.IComparer][StringComparer]::Ordinal) } # Sorts keys by character code, items with them.
function Get-AllDatasets($Known) { # All datasets in run order, ready to be read: those of the table and the class dumps. Not for a known host: as -ListDatasets prints them.
    $modern = (-not $Known -or (Test-Since '2012')); $script:AllByName = @{}
    foreach ($d in $script:DatasetList) { if ($d.Switch) { $d.Switch, $d.SwitchSince = $d.Switch.Split('@') }; $script:AllByName[$d.Name] = $d }
    foreach ($d in $script:ClassDumps) { # Classes of the newer namespace come first. One that both have is read from that of the era; a list says since when either has it.
        $newer = $script:AllByName[$d.Name]; if ($newer -and -not $Known) { $newer.Since = $d.Since }
        if ($newer -and $modern) { continue } elseif (-not $d.Namespace) { $d.Namespace = 'root\virtualization' + $(if ($modern) { '\v2' }) }
        $script:AllByName[$d.Name] = $d; if ($d.Computed -and $Known -and $script:Options.IncludeNotes) { $d.Computed += 'Notes' }
        if ($d.Namespace -eq 'root\virtualization' -and $modern) { $d.Until = $(if ($d.Flags -contains 'also2012') { '2012' } else { '2008R2' }) }
        $d.Files = 'data/' + $d.Name + '.json'; $d.Schema = 1; $d.Kind = 'rows'; $d.Elevation = $true; $d.Keys = @(); $d.Order = $(if ($d.Name -like 'cluster/*') { 650 } else { 600 }) }
    $all = [object[]]@($script:AllByName.Values); Sort-ByKey ([string[]]@($all | ForEach-Object { '{0:D4} {1}' -f $_.Order, $_.Name })) $all
    foreach ($d in $all) {
        foreach ($name in 'Rows', 'Copies', 'Errors') { $d[$name] = New-Object Collections.ArrayList }; foreach ($name in 'Unread', 'Missing', 'Types') { $d[$name] = @{} }
        $d.Truncated = $false; $d.Answered = 0; $d.Ms = 0; if (-not $d.MaxRows) { $d.MaxRows = 50000 }; if (-not $d.Seconds) { $d.Seconds = 60 }
        $d.Source = $(if ($d.Namespace) { 'wmi:' + $d.Namespace } elseif ($script:SourceTexts -match ('([a-z+]+)=[^=]*\b' + $d.Name + '\b')) { $matches[1] } else { 'reg' })
        $d.Columns = @(@($d.Columns) + $d.Computed | Where-Object { $_ } | ForEach-Object { Get-Column $_ })
        foreach ($one in $d.Columns) { $d.Types[$one.Name] = $one.Type -replace 'string|path|sid|sddl|enum\.(token)?', ''; if (Get-EraGap $one) { $d.Missing[$one.Name] = $true } } }
    $script:AllByName['acls'].MaxRows = $script:Options.MaxAclFiles; $script:AllByName['vhds'].Seconds = $script:Options.MaxVhdSeconds; return $all }

# ---- Helpers of the collecting functions ----
# Where plain columns come from: dataset|source|columns; lines that begin with blanks go on. Dataset: name@eras; steps of name.part are read when its function asks for them. Source: a key of
# the registry, key\* (a row for each sub-key), key\= (a row for each text), namespace:class (?: absent means no such feature). Columns: Column=Property:form (or Column), Column='constant.
$script:SourceTable = @'
collection|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList|UsersRoot=ProfilesDirectory:expand
collection|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment|MachinePath=Path:parts
os|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion|ProductName,UBR,ReleaseId,DisplayVersion,EditionId=EditionID,InstallationType,ServicePack=CSDVersion,InstallDateUtc=InstallDate:unix
os|HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation|TimeZoneBiasMin=ActiveTimeBias:signed,TimeZoneId=TimeZoneKeyName:text
os|root\cimv2:Win32_OperatingSystem|Caption,OperatingSystemSKU,ServicePackMajor=ServicePackMajorVersion,OSLanguageLcid=OSLanguage,MUILanguages,LastBootUtc=LastBootUpTime,DepSupportPolicy=DataExecutionPrevention_SupportPolicy
computer|root\cimv2:Win32_ComputerSystem|DnsHostName=DNSHostName,Domain,Workgroup,PartOfDomain,DomainRole,Manufacturer,Model,TotalPhysicalMemoryBytes=TotalPhysicalMemory,Sockets=NumberOfProcessors,HypervisorPresent
computer|root\cimv2:Win32_ComputerSystemProduct|UUID
computer|root\cimv2:Win32_BIOS|SerialNumber,BiosVendor=Manufacturer,BiosVersion=SMBIOSBIOSVersion,BiosDateUtc=ReleaseDate:day
computer|root\cimv2:Win32_Processor|CpuName=Name,CpuManufacturer=Manufacturer,SlatSupported=SecondLevelAddressTranslationExtensions,VirtFirmwareEnabled=VirtualizationFirmwareEnabled,Cores=NumberOfCores,LogicalProcessors=NumberOfLogicalProcessors
computer|HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0|CpuSignature=Identifier,MicrocodeRevision=Update Revision
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State|SecureBootEnabled=UEFISecureBootEnabled
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\Lsa|LsaCfgFlags
platform_security|HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management|FeatureSettingsOverride,FeatureSettingsOverrideMask
platform_security|HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization|MinVmVersionForCpuBasedMitigations
platform_security@2016|root\Microsoft\Windows\DeviceGuard:Win32_DeviceGuard|VbsStatus=VirtualizationBasedSecurityStatus,VbsRequiredProps=RequiredSecurityProperties,VbsAvailableProps=AvailableSecurityProperties,SecurityServicesConfigured,SecurityServicesRunning,CodeIntegrityPolicyStatus=CodeIntegrityPolicyEnforcementStatus,UmciStatus=UsermodeCodeIntegrityPolicyEnforcementStatus
platform_security.tpm|root\cimv2\Security\MicrosoftTpm:Win32_Tpm|TpmEnabled=IsEnabled_InitialValue,TpmActivated=IsActivated_InitialValue,TpmOwned=IsOwned_InitialValue,TpmSpecVersion=SpecVersion,TpmManufacturerId=ManufacturerId,TpmManufacturerVersion=ManufacturerVersion
update_settings|HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU|NoAutoUpdatePolicy=NoAutoUpdate,AUOptionsPolicy=AUOptions,UseWUServer
update_settings|HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate|WUServer,WUStatusServer,TargetGroup,DoNotConnectToWindowsUpdateInternetLocations,DisableWindowsUpdateAccess
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update|AUOptionsLocal=AUOptions
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results\Detect|LastDetectSuccessUtc=LastSuccessTime
update_settings|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results\Install|LastInstallSuccessUtc=LastSuccessTime
features.server|root\cimv2:Win32_ServerFeature|Kind='server,Installed='true,ServerFeatureId=ID,ServerFeatureParentId=ParentID
features@2008R2|root\cimv2:Win32_OptionalFeature|Kind='optional,Name,InstallState,Installed=InstallState:one
features@2012|HKLM\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache\*|Kind='component,Name=*,InstallState,Installed=InstallState:one
hotfixes|root\cimv2:Win32_QuickFixEngineering|Source='qfe,HotFixId=HotFixID:kb,Description,InstalledOnRaw=InstalledOn
services.key|HKLM\SYSTEM\CurrentControlSet\Services\*|Name=*,Type,StartType=Start:start,ImagePathRaw=ImagePath:filtered,ResolvedPath=ImagePath:program,DelayedAutoStart=DelayedAutoStart:one,FailureCommand=FailureCommand:filtered,DisplayNameRaw=DisplayName,DisplayName=DisplayName:plain,ErrorControl,Account=ObjectName,AccountSid=ObjectName:sid,ServiceSidType,RequiredPrivileges,LaunchProtected,FailureActions,DependOnService=DependOnService:list,ServiceDll
drivers|HKLM\SYSTEM\CurrentControlSet\Services\*|Name=*,Type,StartType=Start:start,ImagePath,Group
endpoints@2012|root\StandardCimv2:MSFT_NetTCPConnection|Protocol='tcp,State='2,LocalAddress=LocalAddress:zone,Family=LocalAddress:family,LocalPort,Pid=OwningProcess
endpoints@2012|root\StandardCimv2:MSFT_NetUDPEndpoint|Protocol='udp,LocalAddress=LocalAddress:zone,Family=LocalAddress:family,LocalPort,Pid=OwningProcess
firewall_profiles|*|Enabled=EnableFirewall,BlockAllInbound=DoNotAllowExceptions,AllowLocalRules=AllowLocalPolicyMerge,AllowLocalIPsecRules=AllowLocalIPsecPolicyMerge,NotifyOnListen=DisableNotifications:not,DisableUnicastResponses=DisableUnicastResponsesToMulticastBroadcast,DisableStealthMode,DisableStealthModeIPsec=DisableStealthModeIPsecSecuredPacketExemption,DefaultInbound=DefaultInboundAction:allowBlock,DefaultOutbound=DefaultOutboundAction:allowBlock,DisabledInterfaces=DisabledInterfaces:commas
firewall_profiles|*|LogFile=LogFilePath,LogMaxKB=LogFileSize,LogDropped=LogDroppedPackets,LogAllowed=LogSuccessfulConnections
firewall_profiles|*|Store='active,Profile=Profile:profile,KeyExists='true,IsCurrent,Enabled,DefaultInbound=DefaultInbound:blockAllow,DefaultOutbound=DefaultOutbound:blockAllow,BlockAllInbound,NotifyOnListen=NotificationsDisabled:not,DisableUnicastResponses=UnicastDisabled,DisabledInterfaces=Interfaces:list
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
firewall_hyperv|root\StandardCimv2:MSFT_NetFirewallHyperVRule?|RowKind='rule,InstanceId=InstanceID,VMCreatorId,FriendlyName=DisplayName,Profile=Profiles,Enabled,Direction,Action,Protocol,LocalPorts,RemotePorts,LocalAddresses,RemoteAddresses
local_users|root\cimv2:Win32_UserAccount|Sid=SID,Name,Enabled=Disabled:not,LockedOut=Lockout,PasswordRequired,PasswordNeverExpires=PasswordExpires:not
account_policy.adsi|*|MinPasswordLength,PasswordHistoryLength,MaxPasswordAgeSeconds=MaxPasswordAge:positive,MinPasswordAgeSeconds=MinPasswordAge:positive,LockoutThreshold=MaxBadPasswordsAllowed,LockoutDurationSeconds=AutoUnlockInterval:positive,LockoutWindowSeconds=LockoutObservationInterval:positive
user_profiles|root\cimv2:Win32_UserProfile|Sid=SID,LocalPath,LastUseUtc=LastUseTime,Special,Loaded
smb_shares@-2008R2|root\cimv2:Win32_Share|Name,Path,Type,Description=Description:short
smb_shares@2012|root\Microsoft\Windows\SMB:MSFT_SmbShare|Name,Path,Type=ShareType,Description=Description:short,Special,Scoped,ScopeName,ContinuouslyAvailable,EncryptData,FolderEnumerationMode,CachingMode,ShareSddl=SecurityDescriptor
smb_server|root\Microsoft\Windows\SMB:MSFT_SmbServerConfiguration.GetConfiguration|*
smb_client|root\Microsoft\Windows\SMB:MSFT_SmbClientConfiguration.GetConfiguration|*
smb_connections|root\Microsoft\Windows\SMB:MSFT_SmbConnection|ServerName,ShareName,Dialect,NumOpens,ContinuouslyAvailable,Encrypted,Signed
remote_access|HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server|RdpDenyConnections=fDenyTSConnections
remote_access|HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp|RdpPort=PortNumber,RdpSecurityLayer=SecurityLayer,RdpUserAuthentication=UserAuthentication,RdpMinEncryptionLevel=MinEncryptionLevel,RdpDisableDrives=fDisableCdm,RdpPromptForPassword=fPromptForPassword,RdpCertificateHash=SSLCertificateSHA1Hash:thumbprint,RdpSddl=Security:sddl
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services|RdpDenyConnectionsPolicy=fDenyTSConnections,RdpSecurityLayerPolicy=SecurityLayer,RdpUserAuthenticationPolicy=UserAuthentication,RdpMinEncryptionLevelPolicy=MinEncryptionLevel,RdpDisableDrivesPolicy=fDisableCdm,RdpPromptForPasswordPolicy=fPromptForPassword,RdpEncryptRpcPolicy=fEncryptRPCTraffic,RdpDisableClipboardPolicy=fDisableClip
remote_access|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Service|WinRmAllowRemote=allow_remote_requests,WinRmServiceAllowUnencrypted=allow_unencrypted,WinRmServiceBasic=auth_basic,WinRmServiceCredSSP=auth_credssp,WinRmServiceNegotiate=auth_negotiate,WinRmServiceKerberos=auth_kerberos,WinRmServiceCertificate=auth_certificate,WinRmCbtHardeningLevel=cbt_hardening_level,WinRmRootSddl=rootSDDL,WinRmServiceCertificateHash=certThumbprint:thumbprint
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows\WinRM\Service|WinRmServiceAllowUnencryptedPolicy=AllowUnencryptedTraffic,WinRmServiceBasicPolicy=AllowBasic,WinRmServiceCredSSPPolicy=AllowCredSSP,WinRmCbtHardeningLevelPolicy=CbtHardeningLevel,WinRmDisableRunAsPolicy=DisableRunAs,WinRmAllowAutoConfigPolicy=AllowAutoConfig,WinRmIPv4FilterPolicy=IPv4Filter,WinRmIPv6FilterPolicy=IPv6Filter
remote_access|HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Client|WinRmTrustedHosts=trusted_hosts,WinRmClientAllowUnencrypted=allow_unencrypted,WinRmClientBasic=auth_basic,WinRmClientDigest=auth_digest,WinRmClientCredSSP=auth_credssp
remote_access|HKLM\SOFTWARE\Policies\Microsoft\Windows\WinRM\Client|WinRmTrustedHostsPolicy=TrustedHostsList,WinRmClientAllowUnencryptedPolicy=AllowUnencryptedTraffic,WinRmClientBasicPolicy=AllowBasic,WinRmClientDigestPolicy=AllowDigest,WinRmClientCredSSPPolicy=AllowCredSSP
remote_access|HKLM\SYSTEM\CurrentControlSet\Services\sshd|PsRemotingOpenSsh=Type:there
antivirus.state|root\Microsoft\Windows\Defender:MSFT_MpComputerStatus|AMRunningMode,AMServiceEnabled,AntivirusEnabled,RealTimeProtectionEnabled,OnAccessProtectionEnabled,BehaviorMonitorEnabled,IoavProtectionEnabled,IsTamperProtected,AMProductVersion,AMEngineVersion,AntivirusSignatureVersion,AntivirusSignatureLastUpdatedUtc=AntivirusSignatureLastUpdated,AntivirusSignatureAge
antivirus.state|root\Microsoft\Windows\Defender:MSFT_MpPreference|DisableAutoExclusions,DisableRealtimeMonitoring,DisableBehaviorMonitoring,DisableIOAVProtection,DisableScriptScanning,MAPSReporting,PUAProtection,EnableNetworkProtection,EnableControlledFolderAccess
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters|Type=Type:NT5DS/NTP/AllSync/NoSync,NtpServer
time_service|HKLM\SOFTWARE\Policies\Microsoft\W32Time\Parameters|TypePolicy=Type,NtpServerPolicy=NtpServer
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Config|AnnounceFlags,MaxPosPhaseCorrection,MaxNegPhaseCorrection
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpClient|NtpClientEnabled=Enabled,SpecialPollInterval
time_service|HKLM\SOFTWARE\Policies\Microsoft\W32Time\TimeProviders\NtpClient|NtpClientEnabledPolicy=Enabled
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\NtpServer|NtpServerEnabled=Enabled
time_service|HKLM\SYSTEM\CurrentControlSet\Services\W32Time\TimeProviders\VMICTimeProvider|VmicTimeProviderEnabled=Enabled
disks@-2008R2|root\cimv2:Win32_DiskDrive|Number=Index,Model,SizeBytes=Size,LogicalSectorBytes=BytesPerSector,SerialHash=SerialNumber:hash
disks@2012|root\Microsoft\Windows\Storage:MSFT_Disk|Number,Model=FriendlyName,UniqueId,BusType,SizeBytes=Size,LogicalSectorBytes=LogicalSectorSize,PhysicalSectorBytes=PhysicalSectorSize,PartitionStyle,Health=HealthStatus,IsClustered,IsBoot,IsSystem,IsOffline,IsReadOnly,Location,Path,SerialHash=SerialNumber:hash
volumes|root\cimv2:Win32_Volume|DeviceId=DeviceID,DriveLetter,Label,FileSystem,SizeBytes=Capacity,FreeBytes=FreeSpace,BlockSize,DriveType,IsSystem=SystemVolume:flag,IsBoot=BootVolume:flag
iscsi_sessions@-2008R2|root\wmi:MSiSCSIInitiator_SessionClass|SessionIdentifier=SessionId:iscsi,TargetNodeAddress=TargetName,InitiatorNodeAddress=InitiatorName,IsConnected=ConnectionInformation:any
iscsi_sessions@2012|root\Microsoft\Windows\Storage:MSFT_iSCSISession|SessionIdentifier,TargetNodeAddress,InitiatorNodeAddress,InitiatorPortalAddress=InitiatorPortalAddress:address,AuthenticationType,IsConnected,IsPersistent,IsHeaderDigest,IsDataDigest
iscsi_connections@2012|root\Microsoft\Windows\Storage:MSFT_iSCSIConnection|ConnectionIdentifier,SessionIdentifier,InitiatorAddress,InitiatorPort=InitiatorPortNumber,TargetAddress,TargetPort=TargetPortNumber
net_adapters@2012|root\StandardCimv2:MSFT_NetAdapter|InterfaceGuid,InterfaceIndex,Name,Description=InterfaceDescription,PermanentMac=PermanentAddress:mac,PnpId=PnPDeviceID,ComponentId=ComponentID,IsPhysical=HardwareInterface,Virtual,AdminStatus=InterfaceAdminStatus,OperStatus=InterfaceOperationalStatus,MediaState=MediaConnectState,DriverVersion=DriverVersionString,DriverDateUtc=DriverDate:date,DriverProvider,VlanId=VlanID,MtuBytes=MtuSize
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterVmqSettingData|VmqEnabled=Enabled,VmqReceiveQueues=NumberOfReceiveQueues
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterSriovSettingData|SriovEnabled=Enabled,SriovSupport,SriovNumVfs=NumVFs
net_adapters.feature|root\StandardCimv2:MSFT_NetAdapterRdmaSettingData|RdmaEnabled=Enabled
net_ip@2012|root\StandardCimv2:MSFT_NetIPAddress|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,Address=IPAddress:zone,Family=IPAddress:family,PrefixLength,PrefixOrigin,AddressState,SkipAsSource
net_interfaces@2012|root\StandardCimv2:MSFT_NetIPInterface|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,Dhcp,ConnectionState,Forwarding,WeakHostSend,Metric=InterfaceMetric
net_profile@2012|root\StandardCimv2:MSFT_NetConnectionProfile|InterfaceIndex,InterfaceAlias,InterfaceGuid=InterfaceIndex:adapter,NetworkName=Name,Category=NetworkCategory,IPv4Connectivity,IPv6Connectivity
net_teams|root\StandardCimv2:MSFT_NetLbfoTeam?|Team=Name,Mode=TeamingMode,Algorithm=LoadBalancingAlgorithm,Status
net_team_nics|root\StandardCimv2:MSFT_NetLbfoTeamNic?|Name,Team,InterfaceDescription,VlanId=VlanID,Primary,Default
net_nat|root\StandardCimv2:MSFT_NetNat?|Name,InternalPrefix=InternalIPInterfaceAddressPrefix,ExternalPrefix=ExternalIPInterfaceAddressPrefix,Active
net_bindings|root\StandardCimv2:MSFT_NetAdapterBindingSettingData|Name,InterfaceDescription,ComponentId=ComponentID,Enabled,InterfaceGuid=InstanceID:guid
net_qos_policies|HKLM\SOFTWARE\Policies\Microsoft\Windows\QoS\*|Source='gpo,Name=*,AppPath=Application Name,Protocol,DstPrefix=Remote IP,DscpValue=DSCP Value:number,DstPortStart=Remote Port:portfrom,DstPortEnd=Remote Port:portto,ThrottleRateBps=Throttle Rate:rate
net_qos_policies@2012|root\StandardCimv2:MSFT_NetQosPolicySettingData|Source='wmi,Name,AppPath=AppPathNameMatchCondition,Protocol=IPProtocolMatchCondition,DstPortStart=IPDstPortStartMatchCondition,DstPortEnd=IPDstPortEndMatchCondition,DstPrefix=IPDstPrefixMatchCondition,Template=TemplateMatchCondition,ThrottleRateBps=ThrottleRateAction,DscpValue=DSCPAction,MinBandwidthWeight=MinBandwidthWeightAction,PriorityValue=PriorityValue8021Action
eventlogs.key|*|MaxSizeBytes=MaxSize,Retention,AutoBackup=AutoBackupLogFiles,File,Type,OwningPublisher,ChannelAccess
ad_computer.object|*|DistinguishedName=distinguishedName:first,UserAccountControl=userAccountControl:first,AllowedToDelegateTo=msDS-AllowedToDelegateTo:list,ServicePrincipalNames=servicePrincipalName:list,PwdLastSetUtc=pwdLastSet:filetime,WhenCreatedUtc=whenCreated:first,ResourceBasedDelegation=msDS-AllowedToActOnBehalfOfOtherIdentity:there
hgs|root\Microsoft\Windows\Hgs:MSFT_HgsClientConfiguration.Get?|IsHostGuarded,Mode,AttestationStatus,AttestationSubstatus=AttestationSubstatus:list,AttestationOperationMode,AttestationServerUrl,KeyProtectionServerUrl,FallbackAttestationServerUrl,FallbackKeyProtectionServerUrl
bitlocker|root\cimv2\Security\MicrosoftVolumeEncryption:Win32_EncryptableVolume?|DeviceId=DeviceID,MountPoint=DriveLetter,VolumeType,ProtectionStatus
'@
$script:PlainDatasets = ('firewall_rules_raw user_profiles iscsi_sessions smb_server smb_client smb_connections remote_access time_service ' +
    'net_team_nics net_nat net_bindings net_qos_policies hgs').Split(' ') # Datasets that the table holds whole.
function Get-Steps($Name) { # The steps of the table for a dataset, or a part of it, on this system.
    foreach ($found in [regex]::Matches($script:SourceTable, '(?m)^(' + [regex]::Escape($Name) + '(?:@[^|]+)?)\|([^|]+)\|([^\r\n]+)')) {
        if (-not (Get-EraGap (Get-Column $found.Groups[1].Value))) { @{ Source = $found.Groups[2].Value; Map = $found.Groups[3].Value } } } }
function Read-Steps($d, $Row, $Name = $d.Name) { # Reads steps: each object into a new row, or the first object of each step into the one row. Returns Row, Object, Source.
    $steps = @(Get-Steps $Name); foreach ($step in $steps) {
        $answer = Read-Objects $d $step.Source $step.Map; if (-not $d.One -and $steps.Length -gt 1) { $answer.Has = $null }
        foreach ($object in $answer.Rows) {
            if (-not $d.One -or -not $Row) { $Row = Add-Row $d @{} }
            if (-not $d.One -or $object -eq $answer.Rows[0]) { Copy-Properties $d $Row $answer $object $step.Map }
            @{ Row = $Row; Object = $object; Source = $step.Source } }
        if ($step.Source.EndsWith('?') -and $d.Answered -eq 0 -and @($d.Errors | ForEach-Object { $_['type'] })[0] -match '^invalid(Class|Namespace)$') { $d.Absent = 'featureAbsent' } }
    if ($d.Name -like 'net_team*' -and $script:HostFacts.ProductType -eq 1) { $d.Absent = 'clientOs' } }
# The objects of a source of the table in Rows; for a class Has and Ok as Read-Wmi gives them. In a dataset of one row the columns of a failed source are unread.
function Read-Objects($d, $Source, $Map, $Columns = $(if ($d.One) { $Map -replace '=[^,]*', '' })) {
    $key = $Source -replace '\\[*=]$|\?$', ''; $names = @(Get-MapNames $Map); $has = $null; $outputs = 'Output', 'cmdletOutput', 'Configuration'
    if ($Source.EndsWith('\*')) {
        $rows = @(foreach ($name in @(Read-SubKeys $d $key)) { $inner = $key + '\' + $name; Read-List $d ('reg:' + $inner) { (Get-KeyData $inner $names) + @{ '*' = $name } } }) }
    elseif ($Source.EndsWith('\=')) {
        $rows = @(Read-List $d ('reg:' + $key) { $all = Get-AllData $key; $all.Keys | Sort-Object | ForEach-Object { if ($all[$_] -is [string]) { @{ Name = $_; Value = $all[$_] } } } }) }
    elseif ($key.StartsWith('HK')) { $rows = @(Read-List $d ('reg:' + $key) { Get-KeyData $key $names } $Columns) }
    else {
        $namespace, $class, $method = $key.Split(':.'.ToCharArray()); if (-not $method) { return Read-Wmi $d $namespace $class $Columns }
        $answer = Invoke-Source $d ('wmi:' + $key) $null { Invoke-WmiReadMethod $namespace $class $method @{} $outputs $script:WmiClasses[$namespace + '|' + $class].Properties }
        $rows = @($answer.Value.Values | ForEach-Object { $_ } | Where-Object { $_ -is [hashtable] } | Select-Object -First 1); $has = @($rows | ForEach-Object { $_.Keys }) }
    return @{ Rows = $rows; Has = $has } }
function Read-Wmi($d, $Namespace, $Class, $Columns, $MayLack) { # All instances of a class. Has: its properties of the table that exist here. A class that MayLack is no error.
    $entry = $script:WmiClasses[$Namespace + '|' + $Class]; $where = 'wmi:' + $Namespace + ':' + $Class
    $answer = Invoke-Source $d $where $Columns {
        $offered = @(try { Get-WmiClassPropertyNames $Namespace $Class } catch { if (-not $MayLack -or 'invalidNamespace', 'invalidClass' -notcontains (Get-FaultType $_)) { throw } })
        $has = @($entry.Properties | Where-Object { $offered -contains $_.Split('.')[0] })
        @{ Ok = $true; Has = $has; Rows = @(if ($has.Length -gt 0) { Read-WmiRows $d $where $Namespace $Class $has ($entry['Where']) }) } }
    if ($answer.Ok) { return $answer.Value } else { return @{ Ok = $false; Rows = @() } } }
function Read-WmiRows($d, $Where, $Namespace, $Class, $Properties, $Filter) { # The query itself; rows that were read before a time limit are kept.
    try { return Invoke-WmiQuery $Namespace $Class $Properties $Filter ([Math]::Max(1, [int](($d.End - (Get-TickMs)) / 1000))) }
    catch { $read = (Get-InnerException $_.Exception).Data['Rows']; if ($null -eq $read) { throw }; $d.Lost = $true; [void](Add-DatasetError $d $Where $_.Exception); return $read } }
function Copy-Properties($d, $Row, $Answer, $Object, $Map) { # Copies properties into columns by a map. What the class of the answer lacks makes its column missing.
    if ($Map -eq '*') { $Map = [string]::Join(',', [string[]]@($d.Columns | ForEach-Object { $_.Name })) }
    foreach ($part in $Map.Split(',')) {
        $names = $part.Split('='); $column = $names[0]; $property, $form = $names[-1].Split(':'); $value = $Object[$property]
        if ($property.StartsWith("'")) { $value = $property.Substring(1) } elseif ($null -ne $Answer.Has -and $Answer.Has -notcontains $property) { $d.Missing[$column] = $true }
        if ($d.Missing.ContainsKey($column) -or $d.Unread.ContainsKey($column)) { continue }
        try { if ($form) { $value = Convert-Value $value $form }; Set-Cell $d $Row $column $value } catch { Set-CellFault $d $Row $column $_ } } }
function Add-ObjectRow($d, $Row, $Object, $Map) { [void]$d.Rows.Add($Row); Copy-Properties $d $Row $null $Object $Map; return $Row } # Adds a row with columns of an object.
function Read-Cells($d, $TargetRow, $CellMap, $CellBlock) { # Reads an object into cells of a row by a map; a failure is noted in the cells.
    $answer = Invoke-Source $d '' ($CellMap -replace '=[^,]*', '') $CellBlock $TargetRow; if ($answer.Value) { Copy-Properties $d $TargetRow $null $answer.Value $CellMap } }
function Get-MapNames($Map) { ($Map -replace '(^|,)[^,=]*=', '$1' -replace ':[^,]*', '').Split(',') | Where-Object { $_ -notmatch "^['*]" } } # The properties that a map asks for.
function Convert-Value($Value, $Form) { # A value in a form that the table names. Tokens with slashes between them: the token that it is.
    $text = [string]$Value; switch ($Form) {
        'adapter' { foreach ($row in (Get-Rows 'net_adapters')) { if ($row['InterfaceIndex'] -eq $Value) { $row['InterfaceGuid']; break } } }
        'address' { if ($text -match '^[0-9A-Fa-f.:]*$') { $text } }; 'ago' { if ($text) { (Get-UtcNow).AddSeconds( - [double]$Value) } }; 'expand' { Expand-SystemPath $text }
        'any' { @($Value | Where-Object { $_ }).Length -gt 0 }; 'date' { if ($text -match '^(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d\d-\d\d)') { $matches[1] } }
        'day' { if ($Value -is [datetime]) { $Value.ToUniversalTime().Date } }; 'family' { if ($text.Contains(':')) { 'IPv6' } else { 'IPv4' } }; 'first' { @($Value)[0] }
        'filetime' { ConvertFrom-FileTime @($Value)[0] }; 'flag' { [bool]$Value }; 'guid' { if ($text -match '\{[^}]*\}') { $matches[0] } }
        'hash' { if ($text.Trim()) { Get-TextHash ($text.Trim()) } }; 'kb' { if ($text -match 'KB\d{6,}') { $matches[0].ToUpperInvariant() } }; 'one' { $Value -eq 1 }
        'iscsi' { if ($Value -is [hashtable]) { '{0:x16}-{1:x16}' -f $Value['AdapterUnique'], $Value['AdapterSpecific'] } else { $text } }
        'list' { , @($Value | Where-Object { $_ }) }; 'mac' { $digits = $text -replace '[^0-9A-Fa-f]', ''; if ($digits.Length -eq 12) { $digits.ToUpperInvariant() } }
        'not' { if ($null -ne $Value) { -not $Value } }; 'number' { if ($text -match '^\d+$') { $text } }; 'parts' { , @($text.Split(';') | Where-Object { $_.Trim() }) }
        'plain' { if (-not $text.StartsWith('@')) { $Value } }; 'portfrom' { if ($text -match '^(\d+)(:\d+)?$') { $matches[1] } }; 'positive' { if ($Value -ge 0) { $Value } }
        'portto' { if ($text -match '^(\d+:)?(\d+)$') { $matches[2] } }; 'rate' { if ($text -match '^\d+$') { [long]$text * 8192 } }; 'sid' { Get-AccountSid $text }
        'prefix' { if ($text.Contains('.')) { (-join @($text.Split('.') | ForEach-Object { [Convert]::ToString([int]$_, 2) })).Replace('0', '').Length } elseif ($text) { $text } }
        'sddl' { if ($Value -is [byte[]]) { ConvertTo-SddlText $Value } }; 'short' { if ($text.Length -gt 200) { $text.Substring(0, 200) } else { $Value } }
        'signed' { if ($Value -gt 2147483647) { $Value - 4294967296 } else { $Value } }; 'text' { if ($text) { $text.Split([char]0)[0] } }; 'there' { $null -ne $Value }
        'thumbprint' { if ($Value -is [byte[]]) { $text = [BitConverter]::ToString($Value) }; if ($text -replace '[ -]', '' -match '^[0-9A-F]{40}$') { $matches[0].ToUpperInvariant() } }
        'unix' { if ($text) { [datetime]::FromFileTimeUtc(10000000 * [decimal]$Value + 116444736000000000) } }; 'zone' { $text.Split('%/'.ToCharArray())[0].Trim('[', ']') }
        'allowBlock' { @{ '0' = 'Allow'; '1' = 'Block' }[$text] }; 'blockAllow' { @{ '0' = 'Block'; '1' = 'Allow' }[$text] }
        'commas' { , @($Value | Where-Object { $_ } | ForEach-Object { $_.Split(',') } | Where-Object { $_.Trim() }) }; 'count' { if ($null -ne $Value) { @($Value).Length } }
        'member' { @(@('User', 'Group', 'Computer' | Where-Object { $_ -eq $text }) + 'Unknown')[0] }; 'filtered' { Protect-Text $Value }
        'profile' { @{ '1' = 'Domain'; '2' = 'Private'; '4' = 'Public' }[$text] }; 'program' { Get-CommandPath $Value }; 'start' { if ($null -eq $Value) { 3 } else { $Value } }
        'installed' { if ($text -match '^[0-9A-F]{16}$') { ConvertFrom-FileTime ([Convert]::ToInt64($text, 16)) } elseif ($text -match '^\d{4}-\d\d-\d\d') { $text } }
        default { if ($text -and $Form.Split('/') -notcontains $text) { throw (New-Object FormatException('not one of ' + $Form)) } else { $Form.Split('/') -eq $text } } } }
function Get-KeyData($Key, $Names) { # Data of named values of a key: name -> data; empty when the key is missing. Names: a list, or text separated by commas.
    if ($Names -is [string]) { $Names = $Names.Split(',') }; $data = @{}; $values = Get-RegistryValues $Key $Names
    if ($null -ne $values) { foreach ($name in @($values.Keys)) { $data[$name] = $values[$name].Value } }; return $data }
function Get-AllData($Key) { $names = @(Get-ValueNames $Key | Where-Object { $_ }); if ($names.Length -gt 0) { Get-KeyData $Key $names } else { @{} } } # Data of all named values.
function Read-KeyData($d, $Key, $Names) { return (Invoke-Source $d ('reg:' + $Key) $null { Get-KeyData $Key $Names }).Value } # Get-KeyData as a step; $null when it failed.
function Get-SubKeys($Key) { (Get-RegistrySubKeyNames $Key) | Where-Object { $null -ne $_ } } # Names of the sub-keys of a key one by one; none without the key.
function Get-ValueNames($Key) { (Get-RegistryValueNames $Key) | Where-Object { $null -ne $_ } } # Names of the values of a key one by one; none without the key.
function Read-SubKeys($d, $Key) { Read-List $d ('reg:' + $Key) { Get-SubKeys $Key } | Sort-Object } # Names of the sub-keys of a key as a step of a dataset, sorted.
function Read-List($d, $Where, $ListBlock, $ListColumns) { (Invoke-Source $d $Where $ListColumns $ListBlock).Value | Where-Object { $null -ne $_ } } # What a step returns, one by one.
function Test-ServiceKey($Name) { return ($null -ne (Get-RegistryValues ('HKLM\SYSTEM\CurrentControlSet\Services\' + $Name) @('Type'))) } # Whether a service is installed.
function Get-AccountSid($Name) { # SID of an account name, each name looked up once. Failures throw again for each caller.
    if ($Name -match '^(S-1-\d+(-\d+)*)?$') { return $matches[1] }
    $text = $Name -replace '^\.\\', ($script:HostName + '\'); if ($script:WellKnownAccounts.ContainsKey($text)) { return $script:WellKnownAccounts[$text] }
    if (-not $script:AccountSids.ContainsKey($text)) { try { $script:AccountSids[$text] = Resolve-NameSid $text } catch { $script:AccountSids[$text] = $_.Exception } }
    if ($script:AccountSids[$text] -is [Exception]) { throw $script:AccountSids[$text] } else { return $script:AccountSids[$text] } }
function Get-SddlOwner($Sddl) { # Owner SID of an SDDL text; the two-letter forms of the usual owners are translated.
    if ([string]$Sddl -notmatch '^O:(S-1-[0-9-]+|[A-Z]{2})') { return $null } else { $owner = $matches[1] }
    if ($owner -eq 'LA' -and $script:MachineSid) { return ($script:MachineSid + '-500') } elseif ($owner -eq 'DA' -and $script:DomainSid) { return ($script:DomainSid + '-512') }
    if ($owner.Length -gt 2) { return $owner } else { return $script:SddlAliases[$owner] } }
function Get-Rows($Name) { if ($script:Done.ContainsKey($Name)) { return , $script:Done[$Name].Rows.ToArray() } else { return , @() } } # Rows of a dataset, none without it.
function Get-TextHash($Text) { $bytes = [Text.Encoding]::UTF8.GetBytes($Text); return Get-Sha256 $bytes $bytes.Length } # SHA-256 of the UTF-8 bytes of a text.

# ---- System ----
function Read-Collection($d) { # The run itself and the folders of this host.
    $row = Add-Row $d @{ HostName = $script:HostName; Fqdn = $script:HostFacts.Fqdn; RunId = $script:RunId; StartedUtc = $script:StartedUtc; CollectorVersion = $script:CollectorVersion
        Elevated = $script:Elevated; UserSid = $script:Identity.Sid; UserName = $script:Identity.Name }; Read-Steps $d $row
    Copy-Properties $d $row $null $script:HostEnvironment 'Remoting=Remoting:flag,SystemRoot,SystemDrive,ProgramData,ProgramFiles,ProgramFilesX86,Public' }
function Read-Os($d) { # The running Windows, and the markers that a restart is pending.
    $windows = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion'; $control = 'HKLM\SYSTEM\CurrentControlSet\Control'; $names = $control + '\ComputerName\'
    $row = Add-Row $d @{ Build = $script:Build; Version = $script:HostEnvironment.OsVersion; ProductType = $script:HostFacts.ProductType; WindowsDirectory = $script:Variables['SystemRoot']
        OSArchitecture = @{ AMD64 = 'x64'; x86 = 'x86'; ARM64 = 'arm64' }[[string]$script:HostEnvironment.Architecture]; SystemDrive = $script:Variables['SystemDrive'] }
    foreach ($step in @(Read-Steps $d $row)) { foreach ($name in 'Version', 'WindowsDirectory') { if ($step.Object[$name]) { $row[$name] = $step.Object[$name] } } }
    $row['KernelFileVersion'] = Read-List $d 'file:ntoskrnl.exe' { (Get-FileVersionFacts (Expand-SystemPath '%SystemRoot%\System32\ntoskrnl.exe')).FileVersion } 'KernelFileVersion'
    $row['PendingReboot'] = @(Read-List $d 'reg:pending restart' {
        if ($null -ne (Get-RegistrySubKeyNames ($windows + '\Component Based Servicing\RebootPending'))) { 'cbs' }
        if ($null -ne (Get-RegistrySubKeyNames ($windows + '\WindowsUpdate\Auto Update\RebootRequired'))) { 'windowsUpdate' }
        if ((Get-KeyData ($control + '\Session Manager') 'PendingFileRenameOperations').Values | ForEach-Object { $_ } | Where-Object { $_ }) { 'fileRename' }
        if ((Get-KeyData ($names + 'ActiveComputerName') 'ComputerName')['ComputerName'] -ne (Get-KeyData ($names + 'ComputerName') 'ComputerName')['ComputerName']) { 'computerRename' }
        if ((Get-RegistryValueKinds 'HKLM\SYSTEM\CurrentControlSet\Services\Netlogon' @('JoinDomain', 'AvoidSpnSet')).Count) { 'domainJoin' } } 'PendingReboot') }
function Read-Computer($d) { # Machine, firmware, processors, and the domain with the SIDs that a domain controller knows.
    $row = Add-Row $d @{ Name = $script:HostName }; $control = 'HKLM\SYSTEM\CurrentControlSet\Control'
    foreach ($step in @(Read-Steps $d $row | Where-Object { $_.Source -like '*:Win32_Processor' } | Select-Object -Skip 1)) {
        $row['Cores'] += $step.Object['NumberOfCores']; $row['LogicalProcessors'] += $step.Object['NumberOfLogicalProcessors'] }
    foreach ($user in (Read-Wmi $d 'root\cimv2' 'Win32_UserAccount' 'MachineSid').Rows) {
        if ([string]$user['SID'] -match '^(S-1-5-21-\d+-\d+-\d+)-500$') { $row['MachineSid'] = $script:MachineSid = $matches[1] } }
    $row['MemoryErrorCorrection'] = @((Read-Wmi $d 'root\cimv2' 'Win32_PhysicalMemoryArray' 'MemoryErrorCorrection').Rows | ForEach-Object { $_['MemoryErrorCorrection'] })
    $row['FirmwareType'] = Read-List $d ('reg:' + $control) { $code = (Get-KeyData $control 'PEFirmwareType')['PEFirmwareType']
        if ($code -eq 1) { 'BIOS' } elseif ($code -eq 2 -or $null -ne (Get-RegistrySubKeyNames ($control + '\SecureBoot\State'))) { 'UEFI' } } 'FirmwareType'
    $script:HostFacts.Joined = $row['PartOfDomain']; if ($d.Unread.ContainsKey('Domain')) { Set-Unread $d 'DomainReachable,DomainSid' $d.Unread['Domain'] }
    if ($row['PartOfDomain']) { $row['Workgroup'] = $null
        $script:ComputerSid = Read-List $d 'other:SID of the computer account' { Get-AccountSid ($row['Domain'] + '\' + $script:HostName + '$') } 'DomainReachable,DomainSid'
        $row['DomainReachable'] = [bool]$script:ComputerSid; if ($script:ComputerSid) { $row['DomainSid'] = $script:DomainSid = $script:ComputerSid -replace '-\d+$', '' } }
    elseif ($null -ne $row['PartOfDomain']) { if (-not $row['Workgroup']) { $row['Workgroup'] = $row['Domain'] }; $row['Domain'] = $null } }
function Read-PlatformSecurity($d) { # Secure Boot with the known certificates that the firmware trusts (null where the system cannot say it), TPM, virtualization-based security.
    $row = Add-Row $d @{}; Read-Steps $d $row; if (-not $script:Elevated) { return }; $chips = @(Read-Steps $d $row 'platform_security.tpm')
    if ($d.Unread.ContainsKey('TpmSpecVersion')) { Set-Unread $d 'TpmPresent,TpmReady' $d.Unread['TpmSpecVersion'] } else { $row['TpmPresent'] = ($chips.Length -gt 0) }
    $ready = { (Invoke-WmiReadMethod 'root\cimv2\Security\MicrosoftTpm' 'Win32_Tpm=@' 'IsReady' @{} @('IsReady') @())['IsReady'] }
    if ($chips.Length -gt 0 -and -not $d.Missing.ContainsKey('TpmReady')) { $row['TpmReady'] = Read-List $d 'wmi:Win32_Tpm.IsReady' $ready 'TpmReady' }
    $known = 'Windows UEFI CA 2023', 'Microsoft UEFI CA 2023', 'Microsoft Option ROM UEFI CA 2023', 'Microsoft Windows Production PCA 2011', 'Microsoft Corporation UEFI CA 2011'
    if ($null -ne $row['SecureBootEnabled']) { try {
        $row['SecureBootDbCaNames'] = @(Get-SecureBootNames 'db' $known)
        $row['SecureBootKekCaNames'] = @(Get-SecureBootNames 'KEK' @('Microsoft Corporation KEK CA 2011', 'Microsoft Corporation KEK 2K CA 2023')) }
    catch { if ((Get-FaultType $_) -ne 'unsupported') { Set-Unread $d 'SecureBootDbCaNames,SecureBootKekCaNames' (Add-DatasetError $d 'other:Get-SecureBootUEFI' $_.Exception) } } } }
function Read-BootEntries($d) { # Boot configuration elements of the table, from the registry form of the boot store.
    $root = 'HKLM\BCD00000000\Objects'; $default = $null; $current = Read-List $d 'wmi:root\wmi:BcdStore.OpenObject' { $arguments = @{ Id = '{fa926493-6f1c-4193-a414-58f0b2456d1e}' }
        ConvertTo-GuidText (Invoke-WmiReadMethod 'root\wmi' 'BcdStore.FilePath=""' 'OpenObject' $arguments @('Object') @('Id'))['Object']['Id'] } 'IsCurrent'
    foreach ($name in @(Read-SubKeys $d $root)) {
        $key = $root + '\' + $name; $id = ConvertTo-GuidText $name; $type = (Read-KeyData $d ($key + '\Description') 'Type').Type
        foreach ($element in $script:BootElements) {
            $found = Read-KeyData $d ($key + '\Elements\' + $element.Id.Substring(2)) 'Element'; $data = @(if ($found) { $found['Element'] }); if ($null -eq $data[0]) { continue }
            $row = Add-Row $d @{ ObjectId = $id; ObjectType = $type; ElementId = $element.Id; ElementName = $element.Name; IsCurrent = $(if ($current) { $id -eq $current }) }
            if ($element.Kind -eq 'boolean') { $row['BoolValue'] = ($data[0] -ne 0) } elseif ($element.Kind -ne 'integer') { Set-Cell $d $row 'GuidListValue' $data }
            else { $row['IntValue'] = [BitConverter]::ToUInt64([byte[]]($data + @(0) * 8)[0..7], 0) }
            if ($element.Name -eq 'default' -and $id -eq '9dea862c-5cdd-4e70-acc1-f32b344d4795') { $default = ConvertTo-GuidText $data[0] } } }
    foreach ($row in $d.Rows) { $row['IsDefault'] = ($row['ObjectId'] -eq $default) } }
function Read-Applications($d) { # Installed programs of the machine and of loaded profiles.
    $map = 'KeyName=*,DisplayName,DisplayVersion,Publisher,InstallDate,InstallLocation,ReleaseType,ParentKeyName,SystemComponent=SystemComponent:one,WindowsInstaller=WindowsInstaller:one'
    foreach ($root in @('HKLM') + @(Read-List $d 'reg:HKU' { Expand-KeyPattern 'HKU\*' }) | ForEach-Object { $_ + '\SOFTWARE'; $_ + '\SOFTWARE\WOW6432Node' }) {
        $view = $(if ($root -like '*Node') { 32 } else { 64 }); $scope = $root -replace '^HKLM.*$', 'machine' -replace '^HKU\\([^\\]*).*$', '$1'
        foreach ($object in (Read-Objects $d ($root + '\Microsoft\Windows\CurrentVersion\Uninstall\*') $map).Rows) { Add-ObjectRow $d @{ View = $view; Scope = $scope } $object $map } } }
function Read-UpdateSettings($d) { # Windows Update policy and last success.
    $row = Add-Row $d @{}; Read-Steps $d $row; $last = $row['LastInstallSuccessUtc']; if ($last) { $row['LastInstallSuccessSource'] = 'results' }
    $packages = @(Read-List $d 'reg:Component Based Servicing\Packages' { Get-CbsPackages $d } 'LastInstallSuccessUtc,LastInstallSuccessSource')
    $newest = @($packages | Where-Object { $_.Name -match 'RollupFix|ServicingStack' -and $_.Time })[0]
    if ($newest -and (-not $last -or $newest.Time -gt $last)) { $row['LastInstallSuccessUtc'] = $newest.Time; $row['LastInstallSuccessSource'] = 'cbs' } }
function Get-CbsPackages($d) { # Update packages that component based servicing knows, newest first; read once and kept.
    $root = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages'; if ($null -ne $script:CbsPackages) { return $script:CbsPackages }
    $packages = @(foreach ($name in @(Get-SubKeys $root | Where-Object { $_ -match 'KB\d{6,}|Rollup|ServicingStack|Cumulative' })) {
        if (Test-Late $d) { break }; $data = Get-KeyData ($root + '\' + $name) 'InstallTimeHigh,InstallTimeLow,CurrentState'
        @{ Name = $name; State = $data['CurrentState']; Time = (ConvertFrom-FileTime ([decimal]$data['InstallTimeHigh'] * 4294967296 + [decimal]$data['InstallTimeLow'])) } })
    $script:CbsPackages = @($packages | Sort-Object -Property { $_.Time }, { $_.Name } -Descending); return $script:CbsPackages }
function Read-Features($d) { if ($script:HostFacts.ProductType -ne 1) { Read-Steps $d $null 'features.server' }; Read-Steps $d } # Roles and optional features; clients have no roles.
function Read-Hotfixes($d) { # Installed updates, by the lists of Windows, of component based servicing and, on demand, of Windows Update.
    $servicing = 'reg:Component Based Servicing\Packages'; $map = 'PackageName=Name,HotFixId=Name:kb,InstalledOnUtc=Time,State'
    foreach ($step in @(Read-Steps $d)) { Copy-Properties $d $step.Row $null $step.Object 'InstalledOnUtc=InstalledOn:installed' }
    if (-not $script:Elevated) { $d.Lost = $true; Add-ErrorEntry $d $servicing 'accessDenied' $null 'not elevated' }
    else { foreach ($package in @(Read-List $d $servicing { Get-CbsPackages $d })) { Add-ObjectRow $d @{ Source = 'cbs' } $package $map } }
    if ($script:Options.IncludeUpdateHistory) { foreach ($update in @(Read-List $d 'com:Microsoft.Update.Session' { Get-UpdateHistory })) {
        Add-ObjectRow $d @{ Source = 'wuhistory' } $update 'PackageName=Title,HotFixId=Title:kb,InstalledOnUtc=DateUtc,State=ResultCode' } } }
function Read-RegistryValues($d) { # Every registry value of the table. A pattern that no key fits is listed as a key that is not there.
    foreach ($entry in @($script:RegistryList | Where-Object { -not (Get-EraGap $_) })) {
        $keys = @(Read-List $d ('reg:' + $entry.Key) { $found = @(Expand-KeyPattern $entry.Key); if ($found) { $found } else { $entry.Key } })
        foreach ($key in $keys) { Read-RegistryEntry $d $entry $key } } }
function Expand-KeyPattern($Pattern) { # The keys that a pattern stands for; * is every sub-key, below HKU every loaded user hive.
    $head, $tail = $Pattern -split '\\\*', 2; if ($null -eq $tail) { return $head }
    foreach ($name in @(Get-SubKeys $head | Where-Object { $head -ne 'HKU' -or $_ -match '^S-1-(5-21|12-1)-[-\d]+$' } | Sort-Object)) { Expand-KeyPattern ($head + '\' + $name + $tail) } }
function Read-RegistryEntry($d, $Entry, $Key) { # One key of an entry of the list: a row for each value. Of values that the list or their name calls secret only the kind is read.
    $maps = @{ REG_DWORD = 'IntValue=Value'; REG_QWORD = 'IntValue=Value'; REG_SZ = 'TextValue=Value'; REG_EXPAND_SZ = 'TextValue=Value'; REG_MULTI_SZ = 'ListValue=Value:list' }
    $all = ($Entry.Mode -eq 'allValues'); $names = $Entry.Names; $values = @{}; $fault = $null
    try {
        if ($all) { $names = Get-RegistryValueNames $Key; if ($null -eq $names) { $values = $null }; $names = @($names | Sort-Object) }
        $hidden = @($names | Where-Object { $Entry.Mode -eq 'presence' -or ($all -and $script:SecretName.IsMatch($_)) }); $open = @($names | Where-Object { $hidden -notcontains $_ })
        if ($open.Length -gt 0) { $values = Get-RegistryValues $Key $open }
        if ($hidden.Length -gt 0 -and $null -ne $values) { $known = Get-RegistryValueKinds $Key $hidden; $values = $(if ($null -ne $known) { $values + $known }) } }
    catch { $fault = Get-FaultType $_; Write-Log ('registry_values: ' + $fault + ' at ' + $Key); $values = @{} }
    $exists = ($null -ne $values); if ($all -and ($fault -or @($names).Length -eq 0)) { $names = @($null) }
    foreach ($name in $names) {
        $value = $(if ($exists) { $values[[string]$name] }); $data = $value.Value; $map = $maps[[string]$value.Kind]
        $row = Add-Row $d @{ Key = $Key; Name = $name; ListKey = $Entry.Key; Mode = $Entry.Mode; KeyExists = $exists; Exists = ($null -ne $value); View = 64; Kind = $value.Kind }
        if ($fault) { Set-CellError $row 'Exists' $fault }; if ($null -eq $value) { continue } elseif ($hidden -contains $name) { $row['Mode'] = 'presence'; continue }
        if ($map) { Copy-Properties $d $row $null $value $map } elseif ($data -is [byte[]]) { $row['HexValue'] = $data } else { Set-CellError $row 'HexValue' 'unsupported' }
        try { if ($Entry.AsSddl) { $row['Sddl'] = $(if ($data -is [byte[]]) { ConvertTo-SddlText $data } elseif ([string]$data -match '^[OGDS]:') { [string]$data }) } }
        catch { Set-CellError $row 'Sddl' 'parseError' } } }
function Read-RegistryAcls($d) { # Security of the registry keys of the table.
    foreach ($target in $script:KeyTargets) {
        $keys = @($target.Key; if ($target.SubKeys -like 'direct*') {
            foreach ($name in @(Read-SubKeys $d $target.Key)) { $key = $target.Key + '\' + $name; $key; Read-SubKeys $d $key | ForEach-Object { $key + '\' + $_ } } }
        elseif ($target.SubKeys -ne 'none') { $target.Key + '\' + $target.SubKeys })
        foreach ($key in $keys) {
            $row = Add-Row $d @{ Key = $key; Role = $target.Role; Exists = $true }
            try { $row['Sddl'] = Get-RegistryKeySddl $key; $row['Exists'] = ($null -ne $row['Sddl']); $row['OwnerSid'] = Get-SddlOwner $row['Sddl']; $d.Answered++ }
            catch { Set-CellFault $d $row 'Sddl,OwnerSid' (Add-DatasetError $d ('reg:' + $key) $_.Exception) } } } }

# ---- Services, drivers, processes ----
function Read-Services($d) { # Services: configuration from the registry, state from WMI.
    $step = @(Get-Steps 'services.key')[0]; $states = @{}
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_Service' 'State,ProcessId,SddlWmi').Rows) { $states[[string]$object['Name']] = $object }
    foreach ($data in (Read-Objects $d $step.Source $step.Map).Rows) {
        $name = $data['*']; $key = 'HKLM\SYSTEM\CurrentControlSet\Services\' + $name; $state = $states[$name]; if (-not (($data['Type'] -as [long]) -band 0x30)) { continue }
        $list = Invoke-Source $d ('reg:' + $key) $null { Get-SubKeys $key }; if (-not $list.Ok) { continue } else { $inner = @($list.Value) }
        $row = Add-ObjectRow $d @{ TriggerStart = ($inner -contains 'TriggerInfo') } $data $step.Map
        $row['Redacted'] = ($row['ImagePathRaw'] -cne $data['ImagePath'] -or $row['FailureCommand'] -cne $data['FailureCommand']); Read-Cell $d $row 'RegKeySddl' { Get-RegistryKeySddl $key }
        if ($inner -contains 'Parameters') { Read-Cell $d $row 'ServiceDll' { @((Get-KeyData ($key + '\Parameters') 'ServiceDll')['ServiceDll'], $row['ServiceDll'] -match '.')[0] } }
        if (-not $row['Account']) { $row['AccountSid'] = 'S-1-5-18' }; $row['ServiceDllResolved'] = Expand-SystemPath $row['ServiceDll']
        if ($script:Elevated -and $inner -contains 'Security') { Read-Cell $d $row 'SdRegistry' { (Get-KeyData ($key + '\Security') 'Security')['Security'] } }
        if (-not $state) { continue } else { $row['ProcessId'] = $state['ProcessId']; $row['State'] = $(if ($state['State']) { $state['State'].Replace(' ', '') } else { 'Unknown' }) }
        Read-Cell $d $row 'SddlWmi' { Get-WmiObjectSddl 'root\cimv2' ('Win32_Service.Name="' + $name + '"') } } }
function Read-Drivers($d) { # Drivers: configuration from the registry, state from WMI.
    $states = @{}; foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_SystemDriver' 'State').Rows) { $states[[string]$object['Name']] = ([string]$object['State']).Replace(' ', '') }
    foreach ($row in @(Read-Steps $d | ForEach-Object { $_.Row })) {
        $name = $row['Name']; $path = $row['ImagePath']; if (1, 2, 4, 8 -notcontains $row['Type']) { $d.Rows.Remove($row); continue }
        $row['State'] = $states[$name]; $row['ResolvedPath'] = Expand-SystemPath $(if ($path) { $path } else { '%SystemRoot%\System32\drivers\' + $name + '.sys' }) } }
function Read-Processes($d) { # Processes of Hyper-V and owners of sockets. The command line is searched for a VM id and dropped.
    $services = Get-Rows 'services'; $owners = @(Get-Cells 'endpoints' 'Pid'); $answer = Read-Wmi $d 'root\cimv2' 'Win32_Process'
    foreach ($object in @($answer.Rows | Where-Object { $_['Name'] -match '^(vmms|vmwp|vmsp|vmcompute|vmmem.*|vmconnect)(\.exe)?$' -or $owners -contains $_['ProcessId'] })) {
        $id = $object['ProcessId']; $row = Add-Row $d @{ Services = @($services | Where-Object { $id -and $_['ProcessId'] -eq $id } | ForEach-Object { $_['Name'] } | Sort-Object) }
        Copy-Properties $d $row $answer $object 'Pid=ProcessId,ParentPid=ParentProcessId,Name,Path=ExecutablePath,SessionId,StartUtc=CreationDate'
        if ($object['Name'] -match '^(vmwp|vmsp|vmmem)' -and $object['CommandLine'] -match '[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}') { $row['VmId'] = ConvertTo-GuidText $matches[0] }
        if ($script:Elevated) { Read-Cell $d $row 'OwnerSid' { (Invoke-WmiReadMethod 'root\cimv2' ('Win32_Process.Handle="' + $id + '"') 'GetOwnerSid' @{} @('Sid') @())['Sid'] } } } }
function Read-Endpoints($d) { # Listening and bound sockets; before Windows Server 2012 from the text of netstat.
    $map = 'LocalAddress=address:zone,Family=address:family,LocalPort=port,Pid=process'; Read-Steps $d; if (Test-Since '2012') { return }
    $pattern = '^\s*(?<protocol>TCP|UDP)\s+(?<address>\S+):(?<port>\d+)\s+(0\.0\.0\.0:0|\[::\]:0|\*:\*)(\s+\S+)?\s+(?<process>\d+)\s*$'
    foreach ($line in @(Read-List $d 'exec:netstat' { Get-NetstatText }) -split "`n") {
        if ($line -match $pattern) { Add-ObjectRow $d @{ Protocol = $matches['protocol'].ToLowerInvariant(); State = @{ TCP = 2 }[$matches['protocol']] } $matches $map } } }
function Read-ScheduledTasks($d) { # Scheduled tasks.
    $map = 'Path,Name,Enabled,State,Author,LogonType,RunLevel,Hidden,LastResult,Sddl,LastRunUtc=LastRun,NextRunUtc=NextRun,RunAsName=UserId,RunAsSid=UserId:sid,GroupSid=GroupId:sid'
    $list = Read-List $d 'com:Schedule.Service' { Get-TaskList ([Math]::Max(1, [int](($d.End - (Get-TickMs)) / 1000))) }; if (-not $list) { return }
    foreach ($failure in $list.Errors) { $d.Lost = $true; [void](Add-DatasetError $d ('com:' + $failure['Where']) $failure['Exception']) }
    if (-not $list.Complete) { Set-Truncated $d 'seconds' 'the list of tasks is not complete' }
    if (-not $script:Elevated) { $d.Lost = $true; Add-ErrorEntry $d 'com:Schedule.Service' 'accessDenied' $null 'not elevated: only tasks that this user may see' }
    foreach ($task in $list.Tasks) {
        $row = Add-ObjectRow $d @{ Redacted = $false } $task $map; if ($task['SddlError']) { Set-CellError $row 'Sddl' (Get-ErrorType (Get-InnerException $task['SddlError'])) }
        $row['Actions'] = @(foreach ($action in $task.Actions) {
            $shown = $action.Clone(); $shown['Arguments'] = Protect-Text $action.Arguments; if ($shown['Arguments'] -cne $action.Arguments) { $row['Redacted'] = $true }
            $shown['ResolvedPath'] = Expand-SystemPath (([string]$action.Path).Trim().Trim('"')); $shown['ClassId'] = ConvertTo-GuidText $action.ClassId
            Select-Members $shown 'Type,Path,ResolvedPath,Arguments,WorkingDir,ClassId' })
        $row['Triggers'] = @(foreach ($trigger in $task.Triggers) {
            if (-not $trigger['RepetitionInterval']) { $trigger['RepetitionInterval'] = $null }; Select-Members $trigger 'Type,Enabled,StartBoundary,RepetitionInterval' }) } }
function Read-TaskXml($d) { # Task definitions through the argument filter; only on demand.
    if (-not $script:Done.ContainsKey('scheduled_tasks') -or 'failed', 'skipped' -contains $script:Done['scheduled_tasks'].Status) { $d.Skipped = 'dependency'; return }
    $number = 0; $d.Answered++; $replace = { param($found)
        $text = $found.Groups[3].Value.Replace('&lt;', '<').Replace('&gt;', '>').Replace('&quot;', '"').Replace('&apos;', "'").Replace('&amp;', '&'); $safe = Protect-Text $text
        if ($safe -ceq $text) { $found.Value } else { $found.Groups[1].Value + $safe.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;') + $found.Groups[4].Value } }
    foreach ($path in @(Get-Cells 'scheduled_tasks' 'Path')) {
        if (Test-Late $d) { break }; $name = 'raw/tasks/' + $number++ + '.xml'; Read-RawFile $d ('com:' + $path) $name {
            $text = [regex]::Replace((Get-TaskXml $path), '(?s)(<((?:\w+:)?(?:Arguments|Data|Command))(?:\s[^>]*)?>)(.*?)(</\2>)', $replace).Replace('encoding="UTF-16"', 'encoding="UTF-8"')
            @{ Bytes = [Text.Encoding]::UTF8.GetBytes($text) } } } }
function Add-Copy($d, $Name, $Bytes, $Mtime) { Add-SnapshotFile $Name $Bytes $Bytes.Length $Mtime; [void]$d.Copies.Add($Name) } # Adds one raw file to the snapshot.
function Read-Binaries($d) { # Program files: version and signature. The order is the order of the limit: services and drivers outside the Windows folder come before those inside.
    $order = 'hypervisor', 'hyperv', 'kernel', 'service', 'serviceDll', 'driver', 'taskAction', 'firewallApp', 'failureCommand', 'process'; $services = Get-Rows 'services'
    $inside = '^\w+\|' + [regex]::Escape($script:Variables['SystemRoot'] + '\'); $drivers = @(Get-Cells 'drivers' 'ResolvedPath' | ForEach-Object { 'driver|' + $_ })
    $programs = @($services | ForEach-Object { 'service|' + $_['ResolvedPath']; 'serviceDll|' + $_['ServiceDllResolved'] })
    $found = @($script:BinaryTargets | Where-Object { -not (Get-EraGap $_) } | ForEach-Object { $_.Role + '|' + (Expand-SystemPath $_.Path) }
        $programs -notmatch $inside
        Get-Cells 'scheduled_tasks' 'Actions' | ForEach-Object { $_ } | Where-Object { $_ } | ForEach-Object { 'taskAction|' + (Get-CommandPath $_['ResolvedPath']) }
        $services | ForEach-Object { 'failureCommand|' + (Get-CommandPath $_['FailureCommand']) }; Get-FirewallPrograms | ForEach-Object { 'firewallApp|' + $_ }
        $drivers -notmatch $inside; $programs -match $inside; $drivers -match $inside; Get-Cells 'processes' 'Path' | ForEach-Object { 'process|' + $_ })
    $targets = New-Ordered @(); foreach ($text in @($found -match '^\w+\|[A-Za-z]:\\')) {
        $role, $path = $text.Split('|'); $id = $path.ToLowerInvariant(); if (-not $targets[$id]) { $targets[$id] = @{ Path = $path; Roles = @{} } }; $targets[$id].Roles[$role] = $true }
    foreach ($target in @($targets.Values)) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { break }
        Read-BinaryFile $d (Add-Row $d @{ Path = $target.Path; Roles = @(Select-Roles $order $target.Roles); SignatureStatus = 'NotChecked'; CatalogChecked = $false }) }
    Test-Cut $d $targets.Count }
function Test-Cut($d, $Number) { if ($d.Rows.Count -lt $Number -and -not $d.Truncated) { Set-Truncated $d 'rows' ('{0} of {1} objects' -f $d.Rows.Count, $Number) } } # Notes a row limit.
function Read-BinaryFile($d, $Row) { # Facts of one program file; the hash of files of Hyper-V, the signature of these and of files outside the Windows folder.
    $path = $Row['Path']; $facts = Invoke-Source $d '' 'Exists,SizeBytes,CreationUtc,LastWriteUtc' { Get-FileFacts $path } $Row
    if ($facts.Ok) { $Row['Exists'] = ($null -ne $facts.Value -and -not $facts.Value.IsFolder) }; if (-not $Row['Exists']) { return }
    Copy-Properties $d $Row $null $facts.Value 'SizeBytes=Length,CreationUtc,LastWriteUtc'
    Read-Cells $d $Row 'FileVersion,ProductVersion,CompanyName,OriginalFilename' { Get-FileVersionFacts $path }
    if (@($Row['Roles'] -match '^hyper').Length -gt 0) { Read-Cell $d $Row 'Sha256' { $bytes = Read-FileBytes $path 67108864; Get-Sha256 $bytes $bytes.Length } }
    elseif ($path.StartsWith($script:Variables['SystemRoot'] + '\', 'OrdinalIgnoreCase')) { return }
    $answer = Invoke-Source $d '' 'SignerSubject,SignerIssuer,SignerThumbprint,SignatureType,IsOSBinary' { Get-FileSignatureFacts $path } $Row; $signature = $answer.Value
    $known = ('Valid', 'NotSigned', 'HashMismatch', 'NotTrusted', 'NotSupportedFileFormat', 'Incompatible' -contains $signature.Status)
    $Row['SignatureStatus'] = $(if ($known) { $signature.Status } else { 'UnknownError' }); $Row['CatalogChecked'] = (-not $d.Missing.ContainsKey('IsOSBinary') -and $signature.Type)
    if ($answer.Ok) { Copy-Properties $d $Row $null $signature 'SignerSubject=Subject,SignerIssuer=Issuer,SignerThumbprint=Thumbprint,SignatureType=Type,IsOSBinary' } }

# ---- Firewall ----
$script:FirewallKeys = @{ local = 'HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\'; gpo = 'HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall\' }
function Read-FirewallProfiles($d) { # Profiles: local policy, group policy, effective. What the local key calls Standard is the private profile.
    $map, $logging, $effective = @(Get-Steps 'firewall_profiles' | ForEach-Object { $_.Map })
    foreach ($place in 'local|Domain|Domain', 'local|Private|Standard', 'local|Public|Public', 'gpo|Domain|Domain', 'gpo|Private|Private', 'gpo|Standard|Standard', 'gpo|Public|Public') {
        $store, $profile, $name = $place.Split('|'); $key = $script:FirewallKeys[$store] + $name + 'Profile'; $answer = Invoke-Source $d ('reg:' + $key) $null {
            @{ Data = (Get-KeyData $key (Get-MapNames $map)) + (Get-KeyData ($key + '\Logging') (Get-MapNames $logging)); Exists = ($null -ne (Get-RegistryValues $key 'EnableFirewall')) } }
        if ($answer.Ok) { Add-ObjectRow $d @{ Store = $store; Profile = $profile; KeyExists = $answer.Value.Exists } $answer.Value.Data ($map + ',' + $logging) } }
    foreach ($active in @(Read-List $d 'com:HNetCfg.FwPolicy2' { Get-ActiveFirewallProfiles })) { Add-ObjectRow $d @{} $active $effective } }
function Get-FirewallPrograms { # Programs of inbound allow rules in force, from the rule strings.
    $pattern = '(?s)^(?=.*\|Dir=In\|)(?=.*\|Action=Allow\|)(?=.*\|Active=TRUE\|).*?\|App=(?!System\|)([^|]+)\|'
    foreach ($row in (Get-Rows 'firewall_rules_raw')) { if ('local', 'gpo' -contains $row['Store'] -and $row['Rule'] -match $pattern) { Expand-SystemPath $matches[1] } } }
function Read-FirewallConsecRaw($d) { # Connection security rules, main mode rules, and the method of each authentication suite. Pre-shared keys are never read.
    foreach ($store in 'local', 'gpo') { $root = $script:FirewallKeys[$store]
        foreach ($name in 'ConSecRules', 'ConSecRule', 'MainModeRules', 'MainModeRule') { $kind = $(if ($name -like 'Con*') { 'conSecRule' } else { 'mainModeRule' })
            foreach ($rule in (Read-Objects $d ($root + $name + '\=') '').Rows) { Add-ObjectRow $d @{ Store = $store; Kind = $kind } $rule 'ValueName=Name,Rule=Value' } }
        foreach ($name in 'Phase1AuthenticationSet', 'Phase1AuthenticationSets', 'Phase2AuthenticationSet', 'Phase2AuthenticationSets') {
            foreach ($set in @(Read-SubKeys $d ($root + $name))) { $id = $name.Substring(0, 6) + '\' + $set + '\'
                foreach ($suite in @((Read-Objects $d ($root + $name + '\' + $set + '\*') 'Method').Rows | Where-Object { $_['Method'] })) {
                    Add-ObjectRow $d @{ Store = $store; Kind = 'authMethod'; ValueName = $id + $suite['*'] } $suite 'Rule=Method' } } } } }
function Read-FirewallHyperv($d) { # Firewall for virtual machines (newer systems). A name in braces tells for which creator of machines a row is.
    foreach ($step in @(Read-Steps $d)) { $row = $step.Row; if (-not $row['InstanceId']) { $row['InstanceId'] = [string]$step.Object['VMCreatorId'] }
        if ([string]$step.Object['Name'] -match '\{[^}]*\}') { $row['VMCreatorId'] = ConvertTo-GuidText $matches[0] }
        foreach ($column in 'LocalPorts', 'RemotePorts', 'LocalAddresses', 'RemoteAddresses') { if ($null -eq $row[$column]) { $row[$column] = @() } } } }

# ---- Accounts and policy ----
function Get-LocalGroupData($d) { # Local groups with their members, read once for two datasets, which both note what failed.
    if ($null -eq $script:LocalGroups) { $script:LocalGroups = @(Get-AdsiGroups); foreach ($group in $script:LocalGroups) { $group.Members = $null; $group.Failure = $null
            try { if (Test-Late $d) { throw (New-Object TimeoutException('time limit')) }; $group.Members = @(Get-AdsiGroupMembers $group.Name) } catch { $group.Failure = $_.Exception } } }
    foreach ($group in $script:LocalGroups) { if ($group.Failure) { $d.Lost = $true; [void](Add-DatasetError $d ('com:WinNT://' + $group.Name) $group.Failure) }; $group } }
function Read-LocalGroups($d) { # Local groups.
    foreach ($group in @(Read-List $d 'com:WinNT' { Get-LocalGroupData $d })) { Add-ObjectRow $d @{} $group 'Sid,Name,Description=Description:short,MemberCount=Members:count' } }
function Read-LocalGroupMembers($d) { # Members of local groups, on demand also of nested domain groups. A path ends in domain and name, or in the SID of an account without a name.
    foreach ($group in @(Read-List $d 'com:WinNT' { Get-LocalGroupData $d })) { $base = @{ GroupSid = $group.Sid; GroupName = $group.Name }
        foreach ($member in @($group.Members | Where-Object { $_ })) {
            $sid = $member.Sid; $name = [string]$member.Path -replace '^WinNT://(.*/(?=.*/))?', '' -replace '/', '\'; $named = ($name -notmatch '(^|\\)(S-1-[^\\]*)?$')
            if (-not $named) { if (-not $sid -and $name -match 'S-1-\d+(-\d+)+$') { $sid = $matches[0] }; $name = $sid; $member.Class = '' }
            $row = Add-ObjectRow $d ($base + @{ MemberSid = $sid; MemberName = $name; Depth = 0; Resolved = $named }) $member 'MemberPath=Path,Class=Class:member'
            if (-not $sid) { Set-CellError $row 'MemberSid' 'notFound' }; $domain = ($sid -like 'S-1-5-21-*' -and $sid -notlike ($script:MachineSid + '-*'))
            if ($domain -and $member.Class -eq 'Group' -and $script:Options.ExpandDomainGroups) { Expand-DomainGroup $d $base $sid } } } }
function Expand-DomainGroup($d, $Base, $Sid) { # Members of a domain group and of the groups in it, at most 500 each.
    $queue = @(@{ Sid = $Sid; Depth = 1 }); for ($i = 0; $i -lt $queue.Length -and $queue[$i].Depth -le 20; $i++) {
        $via = $queue[$i]; $where = 'com:LDAP group ' + $via.Sid; $members = @(Read-List $d $where { Get-DirectoryGroupMembers $via.Sid 500 })
        if ($members.Length -ge 500) { $d.Lost = $true; Add-ErrorEntry $d $where 'truncated' $null 'only 500 members of this group are listed' }
        foreach ($member in $members) {
            Add-ObjectRow $d ($Base + @{ Resolved = $true; Depth = $via.Depth; ViaSid = $via.Sid }) $member 'MemberSid=Sid,MemberName=Name,Class=Class:member'
            if ($member.Class -eq 'Group' -and @($queue | ForEach-Object { $_.Sid }) -notcontains $member.Sid) { $queue += @{ Sid = $member.Sid; Depth = $via.Depth + 1 } } } } }
function Read-LocalUsers($d) { # Local user accounts.
    if ($script:HostFacts.ProductType -eq 2) { $d.Absent = 'domainController'; return }
    foreach ($step in @(Read-Steps $d)) { Read-Cells $d $step.Row 'UserFlags,LastLogonUtc=LastLogin,PasswordLastSetUtc=PasswordAge:ago' { Get-AdsiUserFacts $step.Row['Name'] } } }
function Read-AccountPolicy($d) { # Password and lockout policy; negative numbers stand for none.
    $map = @(Get-Steps 'account_policy.adsi')[0].Map; $answer = Invoke-Source $d 'com:WinNT' ($map -replace '=[^,]*', '') {
        $policy = Get-AdsiAccountPolicy; if ($null -eq $policy['MinPasswordLength']) { throw 'the account database gave no policy' } else { $policy } }
    if ($answer.Ok) { Add-ObjectRow $d @{} $answer.Value $map } }
function Read-Gpo($d) { # Applied computer policies, each with the extensions whose history names it.
    $root = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\'; $ends = $root + 'State\Machine\Extension-List'; $extensions = @{}
    foreach ($extension in @(Read-SubKeys $d ($root + 'History'))) { foreach ($used in (Read-Objects $d ($root + 'History\' + $extension + '\*') 'GPOName').Rows) {
            if ($used['GPOName']) { $extensions[[string]$used['GPOName']] += @(ConvertTo-GuidText $extension) } } }
    $ended = Invoke-Source $d ('reg:' + $ends) 'LastApplyUtc' { $data = Get-KeyData ($ends + '\{00000000-0000-0000-0000-000000000000}') 'endTimeHi,endTimeLo'
        ConvertFrom-FileTime ([decimal]$data['endTimeHi'] * 4294967296 + [decimal]$data['endTimeLo']) }
    foreach ($data in @((Read-Objects $d ($root + 'State\Machine\GPO-List\*') 'DisplayName,GPOID,GPOName,SOM,Link,Version').Rows | Where-Object { $_['*'] -match '^\d+$' })) {
        $id = [string]$(if (ConvertTo-GuidText $data['GPOID']) { $data['GPOID'] } else { $data['GPOName'] }); if (-not $data['DisplayName']) { $data['DisplayName'] = $id }
        if (-not $data['SOM']) { $data['SOM'] = $data['Link'] }; $own = @($id, [string]$data['GPOName'] | ForEach-Object { $extensions[$_] } | Where-Object { $_ } | Sort-Object -Unique)
        Add-ObjectRow $d @{ Guid = (ConvertTo-GuidText $id); LastApplyUtc = $ended.Value; Extensions = $own } $data 'Order=*,Name=DisplayName,Link=SOM,Version' } }

# ---- Shares, remote access, protection ----
function Read-SmbShares($d) { # Shares and their permissions; these come from WMI, or from the registry where WMI does not answer, and are null for a share without its own.
    $modern = Test-Since '2012'; $types = @{}; $steps = @(Read-Steps $d)
    if ($modern -and $steps) { foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_Share' 'Type').Rows) { $types[[string]$object['Name']] = $object['Type'] }; $d.Unread.Remove('Type') }
    foreach ($step in $steps) { $row = $step.Row; $name = [string]$row['Name']; $type = $types[$name]
        if ($null -eq $type) { $type = [long]$step.Object['ShareType'] -bor $(if ($row['Special']) { 2147483648 } else { 0 }) }; if ($modern) { $row['Type'] = $type; continue }
        $row['Special'] = ([long]$row['Type'] -ge 2147483648); if ($row['Special']) { continue }
        Read-Cell $d $row 'ShareSddl' { try { Get-WmiObjectSddl 'root\cimv2' ('Win32_LogicalShareSecuritySetting.Name="' + $name + '"') } catch {
                $bytes = (Get-KeyData 'HKLM\SYSTEM\CurrentControlSet\Services\LanmanServer\Shares\Security' @($name))[$name]
                if ($bytes -is [byte[]]) { ConvertTo-SddlText $bytes } elseif ((Get-FaultType $_) -ne 'notFound') { throw } } } } }
function Read-WinrmListeners($d) { # WinRM listeners.
    $map = 'Port,HostName=hostname,UriPrefix=uriprefix,Enabled=enabled,CertificateThumbprint=certThumbprint:thumbprint'
    foreach ($data in (Read-Objects $d 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Listener\*' $map).Rows) { if ($null -eq $data['enabled']) { $data['enabled'] = $true }
        if ($data['*'] -match '^(.*)\+(HTTPS?)$') { Add-ObjectRow $d @{ Address = $matches[1]; Transport = $matches[2].ToUpperInvariant() } $data $map } } }
function Read-PsEndpoints($d) { # PowerShell remoting endpoints: listed facts out of ConfigXML, which itself never leaves this function.
    foreach ($name in @(Read-SubKeys $d 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Plugin')) {
        $key = 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WSMAN\Plugin\' + $name; $xml = New-Object Xml.XmlDocument; $xml.XmlResolver = $null
        $top = (Invoke-Source $d ('reg:' + $key) $null { $text = [string](Get-KeyData $key 'ConfigXML')['ConfigXML']; if ($text) { $xml.LoadXml($text); $xml.DocumentElement } }).Value
        if ($null -eq $top) { continue }; $options = @{}; foreach ($node in $top.GetElementsByTagName('Param')) { $options[$node.GetAttribute('Name')] = $node.GetAttribute('Value') }
        $row = Add-Row $d @{ Name = $name; Enabled = ($top.GetAttribute('Enabled') -ne 'false'); HasRunAsUser = [bool]$top.GetAttribute('RunAsUser')
            RunAsVirtualAccount = ($options['RunAsVirtualAccount'], $top.GetAttribute('RunAsVirtualAccount') -contains 'true'); Uri = $top.SelectSingleNode('.//@ResourceUri').Value
            RunAsGmsa = [bool]([string]$options['GroupManagedServiceAccount'] + $top.GetAttribute('GroupManagedServiceAccount')); Sddl = $top.SelectSingleNode('.//@Sddl[. != ""]').Value }
        if ($options['configfilepath']) { $row['ConfigFilePath'] = $options['configfilepath']; Read-Cell $d $row 'LanguageMode' {
                $text = [Text.Encoding]::UTF8.GetString((Read-FileBytes (Expand-SystemPath $row['ConfigFilePath']) 1048576)).Replace([string][char]0, '')
                if ($text -match '(?m)^\s*LanguageMode\s*=\s*["'']?(\w+)') { $matches[1] } } } } }
function Read-WmiSecurity($d) { # Security of WMI namespaces.
    foreach ($name in 'root', 'root\cimv2', 'root\virtualization', 'root\virtualization\v2', 'root\MSCluster', 'root\StandardCimv2', 'root\Microsoft\Windows\Hyper-V',
        'root\Microsoft\Windows\Storage', 'root\Microsoft\Windows\Defender', 'root\subscription') {
        $answer = Invoke-Source $d ('wmi:' + $name) $null { try { Get-WmiNamespaceSddl $name } catch { if ((Get-FaultType $_) -ne 'invalidNamespace') { throw } } }
        if ($answer.Ok) { Add-Row $d @{ Namespace = $name; Exists = ($null -ne $answer.Value); Sddl = $answer.Value } } } }
function Read-Snmp($d) { # SNMP: how many communities, never their names.
    $service = 'HKLM\SYSTEM\CurrentControlSet\Services\SNMP\Parameters'; $policy = 'HKLM\SOFTWARE\Policies\SNMP\Parameters'
    $answer = Invoke-Source $d ('reg:' + $service) $null { if (-not (Test-ServiceKey 'SNMP')) { return }
        $rights = Get-AllData ($service + '\ValidCommunities'); $names = @($rights.Keys) + @((Get-AllData ($policy + '\ValidCommunities')).Values | ForEach-Object { [string]$_ })
        @{ CommunityCount = $names.Length; DefaultCommunityNames = @('public', 'private' | Where-Object { $names -contains $_ })
            WritableCommunityCount = @($rights.Values | Where-Object { 8, 16 -contains $_ }).Length; PolicyPresent = ($null -ne (Get-RegistrySubKeyNames $policy))
            PermittedManagers = @($service, $policy | ForEach-Object { $data = Get-AllData ($_ + '\PermittedManagers'); $data.Keys | Sort-Object | ForEach-Object { [string]$data[$_] } }) } }
    if ($null -ne $answer.Value) { Add-Row $d $answer.Value } elseif ($answer.Ok) { $d.Absent = 'featureAbsent' } }
function Read-AntivirusProduct($d, $Columns) { # Which Microsoft antivirus is there, as Invoke-Source answers: defender, scep or none.
    Invoke-Source $d 'reg:HKLM\SYSTEM\CurrentControlSet\Services' $Columns { if (Test-ServiceKey 'MsMpSvc') { 'scep' } elseif (Test-ServiceKey 'WinDefend') { 'defender' } else { 'none' } } }
function Read-Antivirus($d) { # Microsoft antivirus: state and preferences. A text that begins with N/A: means that the product hides its exclusions.
    $row = Add-Row $d @{ Product = (Read-AntivirusProduct $d 'Product').Value; ExclusionsHidden = $false }; if ($row['Product'] -ne 'defender' -or -not (Test-Since '2016')) { return }
    $texts = @(Read-Steps $d $row 'antivirus.state' | ForEach-Object { foreach ($name in 'Path', 'Process', 'Extension', 'IpAddress') { $_.Object['Exclusion' + $name] } })
    $row['ExclusionsHidden'] = [bool]@($texts -like 'N/A:*'); if ($d.Unread.ContainsKey('DisableAutoExclusions')) { Set-Unread $d 'ExclusionsHidden' $d.Unread['DisableAutoExclusions'] } }
function Read-DefenderExclusions($d) { # Antivirus exclusions: local, by policy, effective.
    $sources = @('local'); $product = 'Microsoft Antimalware'; $effective = @(); if ((Read-AntivirusProduct $d).Value -eq 'none') { $d.Absent = 'featureAbsent'; return }
    if (Test-Since '2016') { $sources = 'local', 'policy'; $product = 'Windows Defender'; $effective = (Read-Wmi $d 'root\Microsoft\Windows\Defender' 'MSFT_MpPreference').Rows }
    foreach ($place in 'path|Path|Paths', 'process|Process|Processes', 'extension|Extension|Extensions', 'ip|IpAddress|IpAddresses', 'asrOnly|AttackSurfaceReductionOnlyExclusions') {
        $kind, $property, $name = $place.Split('|'); if ($name) { $property = 'Exclusion' + $property }; $found = @{ effective = @($effective | ForEach-Object { $_[$property] }) }
        foreach ($source in @($sources | Where-Object { $name })) { $key = 'HKLM\SOFTWARE\' + $(if ($source -eq 'policy') { 'Policies\' }) + 'Microsoft\' + $product + '\Exclusions\' + $name
            $found[$source] = @(Read-List $d ('reg:' + $key) { Get-ValueNames $key }) }
        foreach ($source in $found.Keys) { foreach ($value in @($found[$source] | Where-Object { $_ })) { $hidden = ($value -like 'N/A:*')
                Add-Row $d @{ Kind = $kind; Source = $source; Value = $(if (-not $hidden) { [string]$value }); Hidden = $hidden } } } } }
function Read-Certificates($d) { # Certificates of three computer stores.
    foreach ($store in 'My', 'Remote Desktop', 'Shielded VM Local Certificates') { foreach ($one in @(Read-List $d ('other:certificate store ' + $store) { Get-StoreCertificates $store })) {
            Add-ObjectRow $d @{ Store = $store; SelfSigned = ($one.Subject -eq $one.Issuer); SanDns = @(Get-DnsNames $one.SanRaw) } $one (
                'Thumbprint,Subject,Issuer,SigAlg,KeyAlg,KeyBits,Eku,HasPrivateKey,NotBeforeUtc=NotBefore,NotAfterUtc=NotAfter') } } }
function Get-DnsNames($Bytes) { # DNS names (context tag 2) in the DER bytes of a subject alternative name extension, which is a sequence (tag 0x30) of names.
    for ($at = 0; $at + 1 -lt $Bytes.Length; ) { $tag = $Bytes[$at]; $length = [int]$Bytes[$at + 1]; $at += 2
        if ($length -ge 0x80) { $start = $at + $length - 0x80; for ($length = [double]0; $at -lt $start -and $at -lt $Bytes.Length; $at++) { $length = $length * 256 + $Bytes[$at] } }
        if ($tag -eq 0x82 -and $at + $length -le $Bytes.Length) { [Text.Encoding]::ASCII.GetString($Bytes, $at, $length) }; if ($tag -ne 0x30) { $at += $length } } }

# ---- Storage and network ----
function Read-Disks($d) { foreach ($step in @(Read-Steps $d)) { if (-not $step.Row['Model']) { $step.Row['Model'] = $step.Object['Model'] } } } # Physical disks with bus, size and health.
function Read-Volumes($d) { # Volumes with mount folders, disks and deduplication.
    $modern = Test-Since '2012'; $folders = @{}; $disks = @{}; $rows = @(Read-Steps $d | ForEach-Object { $_.Row }); if ($rows.Length -eq 0) { return }
    foreach ($text in @((Read-Wmi $d 'root\cimv2' 'Win32_MountPoint' 'MountPaths').Rows | ForEach-Object { $_['Volume'] + ' ' + $_['Directory'] -replace '\\\\', '\' })) {
        if ($text -match 'DeviceID="(.+)" .*Name="(.+)"') { $folders[$matches[1]] = @($folders[$matches[1]]) + $matches[2] } }
    $space, $class = $(if ($modern) { 'root\Microsoft\Windows\Storage', 'MSFT_Partition' } else { 'root\cimv2', 'Win32_LogicalDiskToPartition' })
    foreach ($object in (Read-Wmi $d $space $class 'DiskNumbers').Rows) {
        if (($object['Antecedent'] + ' ' + $object['Dependent']) -match 'Disk #(\d+).* .*DeviceID="([A-Z]:)"') { $object = @{ DiskNumber = $matches[1]; AccessPaths = ($matches[2] + '\') } }
        foreach ($path in @($object['AccessPaths'] | Where-Object { $_ })) { $disks[$path] = @($disks[$path]) + [int]$object['DiskNumber'] } }
    $savings = @(if ($modern) { (Read-Wmi $d 'root\Microsoft\Windows\Deduplication' 'MSFT_DedupVolume' 'DedupEnabled,DedupUsageType' $true).Rows | Where-Object { $_['VolumeId'] } })
    foreach ($row in $rows) {
        $id = [string]$row['DeviceId']; $letter = [string]$row['DriveLetter']; $row['MountPaths'] = @($folders[$id] | Where-Object { $_ -and $_.TrimEnd('\') -ne $letter } | Sort-Object)
        $row['IsCsv'] = ($row['FileSystem'] -eq 'CSVFS' -or @($row['MountPaths'] -like ($script:Variables['SystemDrive'] + '\ClusterStorage\*')).Length -gt 0)
        $numbers = @(@($disks[$id]) + $disks[$letter + '\'] | Where-Object { $null -ne $_ } | Sort-Object -Unique); if ($numbers.Length -gt 0) { $row['DiskNumbers'] = $numbers }
        foreach ($one in @($savings | Where-Object { $id -like ('*' + $_['VolumeId'] + '*') })) { Copy-Properties $d $row $null $one 'DedupEnabled=Enabled,DedupUsageType=UsageType' } } }
function Read-IscsiConnections($d) { # iSCSI connections; before Windows Server 2012 they stand in their sessions.
    $map = 'SessionIdentifier=SessionId:iscsi,ConnectionIdentifier=ConnectionId:iscsi,InitiatorAddress,InitiatorPort,TargetAddress,TargetPort'; Read-Steps $d
    foreach ($object in @(if (-not (Test-Since '2012')) { (Read-Wmi $d 'root\wmi' 'MSiSCSIInitiator_SessionClass').Rows })) {
        foreach ($one in @($object['ConnectionInformation'] | Where-Object { $_ })) { $one['SessionId'] = $object['SessionId']; Add-ObjectRow $d @{} $one $map } } }
function Read-NetAdapters($d) { # Network adapters without those of remote access: from the newer class with VMQ, SR-IOV and RDMA, else from the older one and the registry.
    $modern = $null; $objects = @{}; $byGuid = @{}; $byName = @{}; $newColumns = 'PermanentMac,Virtual,AdminStatus,OperStatus,MediaState,VlanId,MtuBytes'
    $oldMap = 'Mac=MACAddress:mac,ConnectionStatus=NetConnectionStatus,ConfigManagerErrorCode'; $old = Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapter' ($oldMap -replace '=[^,]*', '')
    foreach ($object in @($old.Rows | Where-Object { $_['GUID'] })) { $byGuid[[string](ConvertTo-GuidText $object['GUID'])] = $object }
    foreach ($step in @(Get-Steps 'net_adapters')) { $map = $step.Map; $modern = Read-Objects $d $step.Source $map $(if ($old.Ok) { $newColumns }) }
    foreach ($object in @($modern.Rows | Where-Object { $_ })) { $objects[[string](ConvertTo-GuidText $object['InterfaceGuid'])] = $object }
    if (-not $modern.Ok) {
        $modern = $null; $map = 'ComponentId,DriverVersion,DriverProvider=ProviderName,DriverDateUtc=DriverDate:date'
        $oldMap += ',InterfaceGuid=GUID,InterfaceIndex,Name=NetConnectionID,Description,PnpId=PNPDeviceID,IsPhysical=PhysicalAdapter'
        foreach ($guid in $byGuid.Keys) {
            $key = 'HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e972-e325-11ce-bfc1-08002be10318}\' + ([long]$byGuid[$guid]['Index']).ToString('D4')
            $objects[$guid] = @{}; if ($null -eq $byGuid[$guid]['Index']) { continue }
            foreach ($data in (Read-Objects $d $key $map ($map -replace '=[^,]*', '')).Rows) { $objects[$guid] = $data } } }
    foreach ($guid in @($objects.Keys | Where-Object { $_ -and $objects[$_]['ComponentId'] -notmatch '^(ms_(ndiswan|l2tp|pptp|pppoe|sstp|agilevpn)|\*?msloop)' } | Sort-Object)) {
        $object = $objects[$guid]; $older = $byGuid[$guid]; $row = Add-Row $d @{}; Copy-Properties $d $row $modern $object $map; $byName[[string]$row['Name']] = $row
        if ($older) { Copy-Properties $d $row $old $older $oldMap }
        if ($row['OperStatus'] -eq 1) { $row['SpeedBps'] = $object['ReceiveLinkSpeed'] } elseif (-not $modern -and $row['ConnectionStatus'] -eq 2) { $row['SpeedBps'] = $older['Speed'] } }
    foreach ($feature in @(Get-Steps 'net_adapters.feature' | Where-Object { $modern })) {
        $answer = Read-Objects $d $feature.Source $feature.Map ($feature.Map -replace '=[^,]*', '')
        foreach ($object in $answer.Rows) { $row = $byName[[string]$object['Name']]; if ($row) { Copy-Properties $d $row $answer $object $feature.Map } } } }
function Read-NetIp($d) { # IP addresses.
    $map = 'InterfaceIndex,InterfaceGuid=SettingID,Address=Address:zone,Family=Address:family,PrefixLength=Mask:prefix'; Read-Steps $d; if (Test-Since '2012') { return }
    foreach ($object in (Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapterConfiguration').Rows) {
        $masks = @($object['IPSubnet']); $at = 0
        foreach ($address in @($object['IPAddress'] | Where-Object { $_ })) { Add-ObjectRow $d @{} (@{ Address = $address; Mask = $masks[$at++] } + $object) $map } } }
function Read-NetInterfaces($d) { # Interfaces with gateways, DNS and forwarding; some columns come from the older class on every system.
    $modern = Test-Since '2012'; $old = Read-Wmi $d 'root\cimv2' 'Win32_NetworkAdapterConfiguration' $(if ($modern) { 'Gateways,DnsSuffix,RegisterDns,NetBios' })
    $names = $old; $servers = 'DNSServerSearchOrder'; if ($modern) { $names = Read-Wmi $d 'root\StandardCimv2' 'MSFT_DNSClientServerAddress' 'DnsServers'; $servers = 'ServerAddresses' }
    foreach ($step in @(Read-Steps $d)) { $step.Row['Family'] = @{ '2' = 'IPv4'; '23' = 'IPv6' }[[string]$step.Object['AddressFamily']] }
    foreach ($index in @($old.Rows | Where-Object { -not $modern -and $_['IPEnabled'] } | ForEach-Object { $_['InterfaceIndex'] })) {
        foreach ($row in @{ InterfaceIndex = $index; Family = 'IPv4' }, @{ InterfaceIndex = $index; Family = 'IPv6' }) { if (Get-Addresses $old 'IPAddress' $row) { Add-Row $d $row } } }
    foreach ($row in $d.Rows) {
        $row['Gateways'] = @(Get-Addresses $old 'DefaultIPGateway' $row); $row['DnsServers'] = @(Get-Addresses $names $servers $row)
        $map = 'DnsSuffix=DNSDomain' + $(if (-not $modern) { ',InterfaceIndex,InterfaceGuid=SettingID,Metric=IPConnectionMetric' })
        if ($row['Family'] -eq 'IPv4') { $map += ',RegisterDns=FullDNSRegistrationEnabled,NetBios=TcpipNetbiosOptions' + $(if (-not $modern) { ',Dhcp=DHCPEnabled' }) }
        foreach ($object in @($old.Rows | Where-Object { $_['InterfaceIndex'] -eq $row['InterfaceIndex'] })) { Copy-Properties $d $row $null $object $map } } }
function Get-Addresses($Answer, $Name, $Row) { # The addresses in a property of the objects of an answer, for the interface and the family of a row.
    $Answer.Rows | Where-Object { $_['InterfaceIndex'] -eq $Row['InterfaceIndex'] } | ForEach-Object { $_[$Name] } | Where-Object { $_ -and (Convert-Value $_ 'family') -eq $Row['Family'] } }
function Read-NetProfile($d) { # Network categories.
    Read-Steps $d; if (Test-Since '2012') { return }
    foreach ($one in @(Read-List $d 'com:NetworkListManager' { Get-NetworkConnections })) { Add-ObjectRow $d @{} $one 'InterfaceGuid=AdapterId,NetworkName=Name,Category' } }
function Read-NetTeams($d) { # Teams with their members.
    Read-Steps $d; if ($d.Absent -or $d.Errors.Count -gt 0) { return } else { $columns = @{ Members = 'Name'; MemberDescriptions = 'InterfaceDescription' } }
    $members = @((Read-Wmi $d 'root\StandardCimv2' 'MSFT_NetLbfoTeamMember' 'Members,MemberDescriptions').Rows | Sort-Object { [string]$_['Name'] })
    foreach ($row in $d.Rows) {
        foreach ($name in $columns.Keys) { $row[$name] = @($members | Where-Object { $_['Team'] -eq $row['Team'] } | ForEach-Object { [string]$_[$columns[$name]] }) } } }

# ---- Event logs, directory, encryption, policy files ----
function Read-Eventlogs($d) { # Settings of the event logs of the table.
    $classic = 'HKLM\SYSTEM\CurrentControlSet\Services\EventLog'; $keys = @{}; $map = @(Get-Steps 'eventlogs.key')[0].Map
    foreach ($root in 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels', $classic) {
        foreach ($name in @(Read-SubKeys $d $root)) { if (-not $keys[$name] -or $name -notlike 'Microsoft-*') { $keys[$name] = $root + '\' + $name } } }
    $wanted = '^(' + [string]::Join('|', [string[]]@($script:EventChannels | ForEach-Object { [regex]::Escape($_.Name) + $(if (-not $_.Prefix) { '$' }) })) + ')'
    foreach ($name in @(@($keys.Keys) -match $wanted | Sort-Object)) {
        $data = Read-KeyData $d $keys[$name] (@(Get-MapNames $map) + @('Enabled', 'CustomSD', 'Security')); if ($null -eq $data) { continue }
        $row = Add-ObjectRow $d @{ Channel = $name; Enabled = ($keys[$name].StartsWith($classic) -or $data['Enabled'] -eq 1) } $data $map
        if (-not $row['ChannelAccess']) { Copy-Properties $d $row $null $data $(if ($data['CustomSD']) { 'ChannelAccess=CustomSD' } else { 'ChannelAccess=Security:sddl' }) }
        if ($script:Elevated) { Read-Cells $d $row 'FileSizeBytes=FileSize,RecordCount,OldestRecordUtc=OldestUtc,NewestRecordUtc=NewestUtc' { Get-EventLogFacts $name } } } }
function Read-EventSummary($d) { # Counts of the selected events. No text of an event leaves the host.
    foreach ($entry in $script:EventSelection) {
        $channel = $entry.Channel; $ids = @($entry.Ids -match '^\d+$' -replace '^', 'EventID='); if ($entry.Ids[0] -eq 'allErrorsAndWarnings') { $ids = 'Level=1', 'Level=2', 'Level=3' }
        $query = $(if ($entry.Provider -ne '*') { "Provider[@Name='" + $entry.Provider + "'] and " }) + $(if ($ids.Length -gt 0) { '(' + [string]::Join(' or ', $ids) + ') and ' })
        $found = @{}; $query = '*[System[' + $query + 'TimeCreated[timediff(@SystemTime) <= ' + ([long]$entry.Days * 86400000) + ']]]'
        $events = @(Read-List $d ('other:event log ' + $channel) { try { Get-EventFacts $channel $query $entry.Fields 1000 20 } catch { if ((Get-FaultType $_) -ne 'notFound') { throw } } })
        foreach ($event in $events) {
            $id = $event.Provider + '|' + $event.Id; $data = $event.Data; $time = $event.TimeUtc
            if (-not $found.ContainsKey($id)) {
                $scheduler = @(@($data['SchedulerType']) -match '^(0x[0-9a-fA-F]+|\d+)$' | ForEach-Object { [int]$_ })[0]; $user = @(@($data['SubjectUserSid']) -match '^S-1-[0-9-]+$')[0]
                $found[$id] = Add-Row $d @{ Channel = $channel; Provider = $event.Provider; EventId = $event.Id; Level = $event.Level; Count = 0; FirstUtc = $time; LastUtc = $time
                    WindowDays = $entry.Days; Capped = ($events.Length -ge 1000); LastData = (New-Ordered @('SchedulerType', $scheduler, 'SubjectUserSid', $user)) } }
            $row = $found[$id]; $row['Count']++; $row['Level'] = [Math]::Min($row['Level'], $event.Level); if ($time -lt $row['FirstUtc']) { $row['FirstUtc'] = $time } } } }
function Read-AdComputer($d) { # Own computer account in the directory.
    if ($false -eq $script:HostFacts.Joined) { $d.Absent = 'notDomainJoined'; return } else { $sid = $script:ComputerSid; $computer = $script:Done['computer'] }
    $cause = $(if ($computer -and $computer.Errors.Count -gt 0) { $computer.Errors[0]['type'].Replace('truncated', 'timeout') } else { 'unavailable' }) # A limit there is one of time.
    if (-not $sid) { $d.Lost = $true; Add-ErrorEntry $d 'com:LDAP' $cause $null 'the computer account could not be looked up'; return }
    $map = @(Get-Steps 'ad_computer.object')[0].Map; $answer = Invoke-Source $d 'com:LDAP' $null { Get-DirectoryObject $sid @(@('objectSid') + @(Get-MapNames $map)) }
    if ($answer.Value) { Add-ObjectRow $d @{ ObjectSid = $sid } $answer.Value $map } elseif ($answer.Ok) { Add-ErrorEntry $d 'com:LDAP' 'notFound' $null 'no computer account' } }
function Read-Bitlocker($d) { # BitLocker state, the kinds of key protectors of each volume and the SIDs of those bound to accounts. Protector ids are counted and dropped.
    foreach ($step in @(Read-Steps $d)) {
        $row = $step.Row; $root = $step.Source.Split(':')[0]; if (Test-Late $d) { break }
        $path = 'Win32_EncryptableVolume.DeviceID="' + ([string]$step.Object['DeviceID']).Replace('\', '\\') + '"'
        foreach ($columns in 'ProtectionStatus', 'ConversionStatus,EncryptionPercentage', 'EncryptionMethod', 'LockStatus', 'SuspendCount') {
            if (-not $d.Missing.ContainsKey($columns)) { Read-Cells $d $row $columns { Invoke-WmiReadMethod $root $path ('Get' + $columns.Split(',')[0]) @{} ($columns.Split(',')) @() } } }
        if ($row['LockStatus'] -eq 1) { continue }
        Read-Cells $d $row 'ProtectorTypes,AdProtectorSids' {
            $types = @(foreach ($type in [uint32[]](1, 2, 3, 4, 5, 6, 7, 8, 9, 10)) { # 10, the last: protectors bound to accounts.
                $ids = @((Invoke-WmiReadMethod $root $path 'GetKeyProtectors' @{ KeyProtectorType = $type } @('VolumeKeyProtectorID') @())['VolumeKeyProtectorID'] | Where-Object { $_ })
                if ($ids.Length -gt 0) { $type } })
            $sids = @(foreach ($id in $ids) { (Invoke-WmiReadMethod $root $path 'GetKeyProtectorAdSidInformation' @{ VolumeKeyProtectorID = $id } @('SidString') @())['SidString'] })
            @{ ProtectorTypes = $types; AdProtectorSids = @($sids | Where-Object { $_ }) } } } }
function Read-RawFile($d, $Where, $Name, $Block) { # A step that yields one raw file, with the size limit of raw files.
    try { $file = & $Block; $d.Answered++; Add-Copy $d $Name $file.Bytes $file.MtimeUtc; return } catch { $inner = Get-InnerException $_.Exception; $d.Lost = $true }
    if ($null -eq $inner.Data['Length']) { [void](Add-DatasetError $d $Where $inner) } else { Set-Truncated $d 'bytes' ($Where + ': ' + $inner.Message) } }
function Read-Secedit($d) { # Security policy and user rights.
    [void]$script:SideEffects.Add('secedit appended to ' + $script:Variables['SystemRoot'] + '\security\logs\scesrv.log; one temporary file in the output folder, deleted again')
    Read-RawFile $d 'exec:secedit' 'raw/secpol/secedit.inf' {
        $file = Get-SecurityPolicyFile $script:WorkFolder; $script:SecurityPolicy = [Text.Encoding]::Unicode.GetString($file.Bytes); $file } }
function Read-Auditpol($d) { # Audit policy.
    [void]$script:SideEffects.Add('auditpol wrote one temporary file in the output folder, deleted again')
    Read-RawFile $d 'exec:auditpol' 'raw/secpol/auditpol.csv' { Get-AuditPolicyFile $script:WorkFolder } }
function Read-Azman($d) { # Authorization stores of Hyper-V: where they are, and the facts of their files.
    $map = 'StoreLocation,ServiceApplication'; $data = Read-KeyData $d 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization' $map; if ($null -eq $data) { return }
    $default = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V\InitialStore.xml'; $location = [string]$data['StoreLocation']; $source = 'registry'
    if (-not $location) { $location = 'msxml://' + $default; $source = 'default' }
    $scheme = $(if ($location -match '^(msxml|msldap|mssql)://') { $matches[1].ToLowerInvariant() } else { 'other' })
    $path = $(if ($location -match '^msxml://(.*)$') { Expand-SystemPath ($matches[1].Replace('|', ':').Replace('/', '\').Replace('%20', ' ').TrimStart('\')) })
    $row = Add-ObjectRow $d @{ StoreRole = 'active'; LocationSource = $source; Scheme = $scheme; StorePath = $path } $data $map; if ($path) { Read-StoreFile $d $row }
    if ($path -ne $default) { Read-StoreFile $d (Add-ObjectRow $d @{ StoreRole = 'default'; LocationSource = 'default'; Scheme = 'msxml'; StorePath = $default } $data $map) } }
function Read-StoreFile($d, $Row) { # Facts of a store file; its bytes, or why they could not be read, are kept for the copy. A default store that is not in use is listed only if it exists.
    $path = $Row['StorePath']; $name = ($path -replace '^.*\\|\.[^.\\]*$', '' -replace '[^A-Za-z0-9_.-]', '_') + '.xml'; $store = @{ Row = $Row }; $type = $null
    if (@($d.Rows | Where-Object { $_['RawFile'] -eq ('raw/azman/' + $name) }).Length -gt 0) { $name = 'default_' + $name }
    try {
        $facts = Get-FileFacts $path; $Row['Exists'] = ($null -ne $facts); if (-not $facts) { if ($Row['StoreRole'] -eq 'default') { $d.Rows.Remove($Row) }; return }
        Copy-Properties $d $Row $null $facts 'SizeBytes=Length,LastWriteUtc'; $store.Bytes = Read-FileBytes $path 16777216; $store.MtimeUtc = $facts.LastWriteUtc
        Read-Cell $d $Row 'Sha256' { Get-Sha256 $store.Bytes $store.Bytes.Length }; if (-not (Test-Unwanted $script:AllByName['azman_store'])) { $Row['RawFile'] = 'raw/azman/' + $name } }
    catch { $store.Failure = Get-InnerException $_.Exception; $type = $(if ($null -ne $store.Failure.Data['Length']) { 'tooLong' } else { Get-ErrorType $store.Failure }) }
    foreach ($column in @('Exists', 'SizeBytes', 'LastWriteUtc', 'Sha256' | Where-Object { $type -and $null -eq $Row[$_] })) { Set-CellError $Row $column $type }
    $script:AzmanBytes[$path] = $store }
function Read-AzmanStore($d) { # Byte copies of the stores.
    if (-not $script:Done.ContainsKey('azman') -or $script:Done['azman'].Status -eq 'failed') { $d.Skipped = 'dependency'; return }
    foreach ($path in @($script:AzmanBytes.Keys | Sort-Object)) {
        $store = $script:AzmanBytes[$path]; Read-RawFile $d ('file:' + $path) $store.Row['RawFile'] { if ($store.Failure) { throw $store.Failure } else { $store } } } }
function Read-VssWriters($d) { # Shadow copy writers; only on demand.
    [void]$script:SideEffects.Add('vssadmin list writers started the shadow copy service and asked every writer')
    $text = [string](Invoke-Source $d 'exec:vssadmin' $null { Get-VssWriterText }).Value; $pattern = '(?<writer>\{.{36}\})(?:[^{\[]*(?<instance>\{.{36}\}))?(?:[^{\[]*\[(?<state>\d+)\])?'
    foreach ($found in [regex]::Matches($text, $pattern)) { Add-ObjectRow $d @{} $found.Groups 'WriterId=writer,InstanceId=instance,StateCode=state:number' } }

# ---- Hyper-V and cluster ----
function Test-RoleAbsent($d) { # Whether the role (of the datasets of the cluster: the cluster service) is certainly not here; sets the reason.
    if ($false -eq $script:HostFacts[$(if ($d.Name.StartsWith('cluster/')) { 'Clustered' } else { 'HasRole' })]) { $d.Absent = 'roleAbsent' }; return [bool]$d.Absent }
function Get-NeededRows($d, $Name) { # Rows of a Hyper-V dump that another dataset needs, one by one; none when the role is absent or the dataset skipped.
    if (Test-RoleAbsent $d) { return } else { $dump = $script:Done[$Name] }
    if ('ok', 'empty', 'partial' -notcontains $dump.Status) { $d.Skipped = 'dependency'; return } else { $d.Answered++ }
    if ($dump.Status -eq 'partial' -and ($dump.Lost -or $dump.Truncated)) { $d.Lost = $true; Add-ErrorEntry $d ('other:' + $Name) 'unavailable' $null 'that dataset is not complete' }
    foreach ($row in $dump.Rows) { $row } }
function Get-OfferedColumns($d) { return @($d.Columns | ForEach-Object { $_.Name } | Where-Object { -not $d.Missing.ContainsKey($_) }) } # Columns of a dataset that this system can have.
function Read-ClassDump($d) { # One class of Hyper-V or the cluster with the properties of the table. Templates, and resource types other than that of VMs, are left out.
    if (Test-RoleAbsent $d) { return } else { $where = $d.Source + ':' + $d.Class; $noted = ($d.Computed.Length -gt 0) }
    $plain = @(Get-OfferedColumns $d | Where-Object { -not $noted -or -not $_.StartsWith('Notes') })
    $answer = Invoke-Source $d $where $null {
        $offered = @(Get-WmiClassPropertyNames $d.Namespace $d.Class); $has = @($plain | Where-Object { $offered -contains $_.Split('.')[0] })
        @{ Has = $has; Rows = @(Read-WmiRows $d $where $d.Namespace $d.Class @($has + @('Notes' | Where-Object { $noted -and $offered -contains $_ })) $null) } }
    if ('invalidNamespace', 'invalidClass' -contains $answer.Type -and $d.Name.StartsWith('cluster/')) {
        try { if ($null -eq (Get-RegistrySubKeyNames 'HKLM\Cluster')) { $d.Absent = 'roleAbsent' } } catch { Write-Log 'cluster hive cannot be read' } }
    foreach ($name in $plain) { if ($answer.Ok -and $answer.Value.Has -notcontains $name) { $d.Missing[$name] = $true } }
    foreach ($row in @($answer.Value.Rows | Where-Object { $_ })) {
        if ($row['InstanceID'] -like 'Microsoft:Definition\*' -and $d.Flags -contains 'excludeTemplates') { continue }
        if ($d.Class -eq 'MSCluster_ResourceType' -and $row['Name'] -ne 'Virtual Machine') { continue }
        if ($noted -and $null -ne $row['Notes']) { Add-NotesColumns $row }; [void]$d.Rows.Add($row) } }
function Add-NotesColumns($Row) { # Length, hash and a hint at secrets of the notes of a VM or switch; the text itself only with -IncludeNotes.
    $text = [string]::Join("`n", [string[]]@($Row['Notes'])); $Row['Notes'] = $(if ($script:Options.IncludeNotes) { $text })
    $Row['NotesLength'] = $text.Length; $Row['NotesSuspicious'] = ($text -match 'password|passwort|pwd|kennwort|secret|key\s*=')
    if ($text) { try { $Row['NotesSha256'] = Get-TextHash $text } catch { Set-CellError $Row 'NotesSha256' 'unsupported' } } }
# Objects that a method of a Hyper-V service puts out. VmId: the VM that it is asked about. Older: arguments for hosts that refuse the newer ones (32773).
function Read-Method($d, $Service, $Method, $Arguments, $Output, $Members, $VmId, $Older) {
    if ($VmId) { $Arguments['ComputerSystem'] = '\\.\' + $d.Namespace + ':Msvm_ComputerSystem.CreationClassName="Msvm_ComputerSystem",Name="' + $VmId + '"' }
    Read-List $d ($d.Source + ':' + $Service + '.' + $Method) {
        $out = Invoke-WmiReadMethod $d.Namespace ($Service + '=*') $Method $Arguments @($Output) $Members
        if ($Older -and $out['ReturnValue'] -eq 32773) { $out = Invoke-WmiReadMethod $d.Namespace ($Service + '=*') $Method $Older @($Output) $Members }
        if ($out['ReturnValue']) { throw (New-Object InvalidOperationException($Method + ' returned ' + $out['ReturnValue'])) } else { ConvertFrom-EmbeddedInstance $out[$Output] } } }
function ConvertFrom-EmbeddedInstance($Value) { # Embedded objects as hashtables, where they are not yet: embedded instances as XML text.
    foreach ($one in @($Value | Where-Object { $_ })) {
        if ($one -is [hashtable]) { $one; continue } else { $row = @{}; $xml = New-Object Xml.XmlDocument; $xml.XmlResolver = $null; $xml.LoadXml([string]$one) }
        foreach ($node in $xml.SelectNodes('//PROPERTY[VALUE]')) {
            $cell = $node.SelectSingleNode('VALUE').InnerText; $type = $node.GetAttribute('TYPE')
            if ($type -eq 'boolean') { $cell = ($cell -eq 'TRUE') } elseif ($type -eq 'datetime') { $cell = ConvertFrom-DmtfText $cell }
            $row[$node.GetAttribute('NAME')] = $(if ($type -match '^[us]int') { ConvertTo-Cell $cell 'int' } else { $cell }) }; $row } }
function Read-HvMsvmSummaryInformation($d) { # Summary of all VMs in one call: what no enumerable class holds.
    if (Test-RoleAbsent $d) { return } else { $columns = Get-OfferedColumns $d; $newer = @() }
    $codes = @(0, 1, 4, 100, 101, 103, 104, 105, 106, 109, 110, 111, 112, 113)
    if (Test-Since '2012') { $codes += @(8, 114, 115, 116); $newer = @(10, 11, 117, 118, 119, 120, 121, 123, 132, 133) }
    $asked = @{ RequestedInformation = [uint32[]]($codes + $newer) }; $older = @{ RequestedInformation = [uint32[]]$codes }
    $d.Rows.AddRange(@(Read-Method $d 'Msvm_VirtualSystemManagementService' 'GetSummaryInformation' $asked 'SummaryInformation' $columns $null $older))
    foreach ($name in $columns) { if ($d.Rows.Count -gt 0 -and @($d.Rows | Where-Object { $_.ContainsKey($name) }).Length -eq 0) { $d.Missing[$name] = $true } } }
function Read-HvMsvmInteractiveSessionACE($d) { # Who may connect to the console of each VM.
    foreach ($system in @(Get-NeededRows $d 'hv/Msvm_ComputerSystem' | Where-Object { ConvertTo-GuidText $_['Name'] })) {
        $entries = @(Read-Method $d 'Msvm_TerminalService' 'GetInteractiveSessionACL' @{} 'AccessControlList' @('Trustee', 'AccessType') $system['Name'])
        foreach ($entry in $entries) { if ($entry['Trustee']) { [void]$d.Rows.Add(@{ VMId = $system['Name']; Trustee = $entry['Trustee']; AccessType = $entry['AccessType'] }) } } } }
function Read-HvMsvmReplicationStatistics($d) { # Replication statistics of each relationship in use; before 2012 R2 of each VM.
    $dump, $key, $suffix = $(if (Test-Since '2012R2') { 'hv/Msvm_ReplicationRelationship', 'InstanceID', 'Ex' } else { 'hv/Msvm_ComputerSystem', 'Name', '' })
    foreach ($relation in @(Get-NeededRows $d $dump | Where-Object { $_['ReplicationState'] })) {
        if ([string]$relation[$key] -notmatch '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}') { continue } else { $id = $matches[0]; $arguments = @{} }
        if ($key -eq 'InstanceID') { $arguments['ReplicationRelationship'] = 'text:Msvm_ReplicationRelationship.InstanceID="' + $relation[$key].Replace('\', '\\') + '"' }
        foreach ($row in @(Read-Method $d 'Msvm_ReplicationService' ('GetReplicationStatistics' + $suffix) $arguments 'ReplicationStatistics' @(Get-OfferedColumns $d) $id)) {
            $row['VMId'] = $id; $row['RelationshipInstanceID'] = $relation['InstanceID']; [void]$d.Rows.Add($row) } } }
function Get-VmFolders { # VMs and checkpoints: Id, Live, ConfigRoot, ConfigFile, SnapshotRoot, SwapRoot. Before 2012 the folders stand in a class of their own.
    foreach ($row in @((Get-Rows 'hv/Msvm_VirtualSystemGlobalSettingData') | Where-Object { -not (Test-Since '2012') })) {
        @{ Id = [string]$row['SystemName']; Live = $true; ConfigRoot = $row['ExternalDataRoot']; SnapshotRoot = $row['SnapshotDataRoot']
            ConfigFile = "Virtual Machines\$($row['SystemName']).xml" } }
    foreach ($row in (Get-Rows 'hv/Msvm_VirtualSystemSettingData')) {
        if ([string]$row['InstanceID'] -notmatch '^Microsoft:([0-9A-Fa-f-]{36})$') { continue }
        @{ Id = $matches[1]; Live = ($row['SettingType'] -eq 3 -or $row['VirtualSystemType'] -like 'Microsoft:Hyper-V:System:*'); ConfigRoot = $row['ConfigurationDataRoot']
            ConfigFile = $row['ConfigurationFile']; SnapshotRoot = $row['SnapshotDataRoot']; SwapRoot = $row['SwapFileDataRoot'] } } }
function Join-WindowsPath($Folder, $Name) { if ($Folder) { return ([string]$Folder).TrimEnd('\') + '\' + $Name } } # Path made of a folder and a name; nothing without a folder.
function Get-ParentFolder($Path) { # Folder of a path on a drive (C:\ of C:\name) or on a share; nothing at the root of either.
    if (([string]$Path).TrimEnd('\') -match '^([A-Za-z]:\\(?=[^\\]+$)|([A-Za-z]:|\\\\[^\\]+\\[^\\]+).*(?=\\))') { return $matches[1] } }
function Read-Folder($d, $Folder) { # Direct entries of a folder as a step of a dataset, one by one; none when it is not there.
    Read-List $d ('file:' + $Folder) { try { Get-FolderEntries $Folder } catch { if ((Get-FaultType $_) -ne 'notFound') { throw } } } }
function Read-Vmconfig($d) { # Byte copies of VM configuration files: those in the folders of the service, then those at the places that the settings name.
    if (Test-RoleAbsent $d) { return } else { $files = @{}; $root = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V' }
    $extension = $(if (Test-Since '2016') { 'vmcx' } else { 'xml' })
    foreach ($entry in @(Read-Folder $d ($root + '\Virtual Machines'))) { $files[$entry.Name.ToLowerInvariant()] = $entry.Path }
    foreach ($entry in @(Read-Folder $d ($root + '\Snapshots'))) { $files['snapshots/' + $entry.Name.ToLowerInvariant()] = $entry.Path }
    foreach ($vm in @(Get-VmFolders | Where-Object { $_.ConfigRoot -and $_.ConfigFile })) {
        $name = $(if (-not $vm.Live) { 'snapshots/' }) + $vm.ConfigFile.Substring($vm.ConfigFile.LastIndexOf('\') + 1).ToLowerInvariant()
        if (-not $files.ContainsKey($name)) { $files[$name] = Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile } }
    foreach ($name in @($files.Keys | Where-Object { $_ -match ('^(snapshots/)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.' + $extension + '$') } | Sort-Object)) {
        if (Test-Late $d) { break } else { $path = $files[$name] }
        Read-RawFile $d ('file:' + $path) ('raw/vmconfig/' + $name) { @{ Bytes = (Read-FileBytes $path 16777216); MtimeUtc = (Get-FileFacts $path).LastWriteUtc } } } }
function Add-Image($List, $Path, $Reference, $Depth) { # Adds an image to the list, or a reference to an image that is listed.
    $id = $Path.ToLowerInvariant(); if (-not $List.Contains($id)) { $List.Add($id, @{ Path = $Path; References = @{}; Depth = $Depth }) }
    $List[$id].References[$Reference] = $true }
function Read-Vhds($d) { # Virtual disks, ISO and floppy images that VMs refer to, with their parents; then disk files beside them that nothing refers to.
    $modern = (Test-Since '2012'); $list = New-Object Collections.Specialized.OrderedDictionary; $disks = @{}; $folders = @{}
    $dump, $property = $(if ($modern) { 'hv/Msvm_StorageAllocationSettingData', 'HostResource' } else { 'hv/Msvm_ResourceAllocationSettingData', 'Connection' })
    $kinds = @{ 'CD/DVD Disk' = 'dvd'; 'ISO Disk Image' = 'dvd'; 'Floppy' = 'floppy'; 'Key Storage' = 'keyStorage' }
    foreach ($vm in @(Get-VmFolders)) { if ($vm.Live -or -not $disks[$vm.Id]) { $disks[$vm.Id] = $(if ($vm.Live) { 'vmDisk' } else { 'snapshotDisk' }) } }
    foreach ($image in @(Get-NeededRows $d $dump)) {
        $disk = $(if ($image['InstanceID'] -match '^Microsoft:([0-9A-Fa-f-]{36})\\') { $disks[$matches[1]] })
        if (-not $disk -or $image['ResourceSubType'] -notmatch 'Virtual Hard Disk|CD/DVD Disk|ISO Disk Image|Floppy|Key Storage') { continue }
        $reference = $(if ($kinds.ContainsKey($matches[0])) { $kinds[$matches[0]] } else { $disk })
        foreach ($path in @(@($image[$property]) -match '^([A-Za-z]:|\\(?!\\[^\\]+\\root\\virtualization))\\')) { Add-Image $list ([string]$path) $reference 0 } }
    for ($i = 0; $i -lt $list.Count -and $d.Rows.Count -lt $d.MaxRows -and -not (Test-Late $d); $i++) {
        $image = $list[$i]; $row = Add-Row $d @{ Path = $image.Path; Kind = (Get-DiskKind $image.Path) }
        $file = Invoke-Source $d '' 'Exists,FileSizeBytes,CreationUtc,LastWriteUtc' { Get-FileFacts $image.Path } $row
        if ($file.Ok) { $row['Exists'] = [bool]$file.Value }
        if ($file.Value) { Copy-Properties $d $row $null $file.Value 'FileSizeBytes=Length,CreationUtc,LastWriteUtc' } elseif ($file.Ok) { $row['Error'] = 'notFound' }
        if ('iso', 'vfd', 'other' -notcontains $row['Kind']) { Read-DiskHeader $d $row $modern }
        if ($row['ParentPath'] -and $image.Depth -lt 64) { Add-Image $list $row['ParentPath'] 'parent' ($image.Depth + 1) } }
    Test-Cut $d $list.Count
    for ($i = 0; $i -lt $d.Rows.Count; $i++) { $d.Rows[$i]['References'] = @(Select-Roles @('vmDisk', 'snapshotDisk', 'parent', 'dvd', 'floppy', 'keyStorage') $list[$i].References) }
    foreach ($image in @($list.Values)) { $folder = Get-ParentFolder $image.Path; if ($folder -and -not $folder.StartsWith('\\')) { $folders[$folder] = $true } }
    foreach ($folder in @($folders.Keys | Sort-Object)) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { return }
        foreach ($entry in @(Read-Folder $d $folder)) {
            $kind = Get-DiskKind $entry.Name; if ($entry.IsFolder -or 'other', 'iso', 'vfd' -contains $kind -or $list.Contains($entry.Path.ToLowerInvariant())) { continue }
            [void](Add-ObjectRow $d @{ Kind = $kind; References = @('folder'); Exists = $true } $entry 'Path,FileSizeBytes=Length,CreationUtc,LastWriteUtc') } } }
function Get-DiskKind($Path) { if ($Path -match '\.(a?vhdx?|vhds|vhdpmem|iso|vfd)$') { return $matches[1].ToLowerInvariant() } else { return 'other' } } # Kind of an image by its extension.
$script:ImageErrors = @{ '32769' = 'accessDenied'; '32770' = 'unsupported'; '32772' = 'timeout'; '32774' = 'inUseElsewhere'; '32779' = 'notFound' # Of the image service, then of Windows.
    '2147942432' = 'inUseElsewhere'; '2147942433' = 'inUseElsewhere'; '2147943785' = 'corrupt'; '3224504321' = 'corrupt' }
function Read-DiskHeader($d, $Row, $Modern) { # Header of an image, from the image service of the era; where it cannot be read, each of its columns says why.
    $service = 'Msvm_ImageManagementService=*'; $path = @{ Path = $Row['Path'] }; $map = 'Type,MaxInternalSizeBytes=MaxInternalSize,ParentPath'
    $more = ',Format,LogicalSector=LogicalSectorSize,PhysicalSector=PhysicalSectorSize,VirtualDiskId,IsPmemCompatible,ParentIdentifier,ParentTimestampUtc=ParentTimestamp,BlockSize'
    $state = 'InUse,MinInternalSizeBytes=MinInternalSize,HostPhysicalSector=PhysicalSectorSize,Alignment,FragmentationPercentage'
    $all = $map + $more + ',' + $state; $members = $all.Split([char[]]',='); $fault = $Row['Error']
    try {
        if ($fault) { $out = @{} }
        elseif ($Modern) { $map = $map + $more; $out = Invoke-WmiReadMethod 'root\virtualization\v2' $service 'GetVirtualHardDiskSettingData' $path @('SettingData') $members }
        else { $map = $map + ',InUse'; $out = Invoke-WmiReadMethod 'root\virtualization' $service 'GetVirtualHardDiskInfo' $path @('Info') $members }
        if ($out['ReturnValue'] -gt 0) { $fault = $script:ImageErrors[[string]$out['ReturnValue']]; if (-not $fault) { $fault = 'other' } }
        foreach ($found in @(ConvertFrom-EmbeddedInstance @($out['SettingData'], $out['Info']))) { Copy-Properties $d $Row $null $found $map }
        if ($Row['BlockSize'] -eq 0) { $Row['BlockSize'] = $null }
        if (-not $Row['ParentPath']) { foreach ($column in 'ParentPath', 'ParentIdentifier', 'ParentTimestampUtc') { $Row[$column] = $null } }
        if ($Modern -and -not $fault) { $out = Invoke-WmiReadMethod 'root\virtualization\v2' $service 'GetVirtualHardDiskState' $path @('State') $members }
        foreach ($found in @(ConvertFrom-EmbeddedInstance $out['State'])) { Copy-Properties $d $Row $null $found $state } }
    catch {
        $fault = Add-DatasetError $d ('wmi:image ' + $path.Path) $_.Exception; $code = [string](Get-ExceptionCode (Get-InnerException $_.Exception))
        if ($script:ImageErrors.ContainsKey($code)) { $fault = $script:ImageErrors[$code] } }
    if (-not $fault) { return }
    $Row['Error'] = $(if ('accessDenied', 'notFound', 'unsupported', 'timeout', 'inUseElsewhere', 'corrupt' -contains $fault) { $fault } else { 'other' })
    Set-CellFault $d $Row ($all -replace '=[^,]*', '') $(if ('inUseElsewhere', 'corrupt' -contains $fault) { 'unavailable' } else { $fault }) }

# ---- Files and their access rights ----
# Kinds of the files of vm_files: the search that finds them, a pattern of their names, the kind; the first that fits.
$script:FileKinds = @('azmanFolder', '^(InitialStore|HyperVAuthStore).*\.xml$|\.bak$', 'azmanCopy'), @('azmanFolder', '', 'other'), @('clusterReports', '', 'clusterReport'),
    @('secretNames', '\.(pfx|p12)$', 'certificate'), @('secretNames', '^(unattend|autounattend)\.xml$|^sysprep\.inf$', 'answerFile'), @('secretNames', '', 'recoveryKey'),
    @('*', '\.(a?vhdx?|vhds|vhdpmem)$', 'disk'), @('*', '\.(vmrs|bin|vsv)$', 'runtime'), @('*', '\.iso$', 'iso'), @('*', '\.vfd$', 'floppy'), @('*', '\.vmgs$', 'guestState'),
    @('*', '\.(rct|mrt)$', 'changeTracking'), @('*', '\.slp$', 'smartPaging'), @('*', '\.(xml|vmcx)$', 'config'), @('*', '', 'other')
function Search-Folder($d, $Found, $Search, $Folders, $Pattern, $Depth) { # Files whose names match, down to a depth. Links are listed, not followed; each search looks into a folder once.
    foreach ($folder in $Folders) {
        $visit = $Search + $Pattern + '|' + $folder; if (-not $folder -or $Found.Visits.ContainsKey($visit)) { continue } else { $Found.Visits[$visit] = $true }
        foreach ($entry in @(Read-Folder $d $folder)) {
            $id = $entry.Path.ToLowerInvariant(); $passed = ($Search -eq 'volumeScan' -and $entry.Name -match '^(Windows|Program Files.*|\$Recycle\.Bin|System Volume Information)$')
            if ($entry.IsFolder -and $Depth -gt 1 -and -not $passed -and -not ($entry.Attributes -band 1024)) { Search-Folder $d $Found $Search $entry.Path $Pattern ($Depth - 1) }
            if ($entry.IsFolder -or $entry.Name -notmatch $Pattern) { continue } elseif ($Found.Files.ContainsKey($id)) { $Found.Files[$id].FoundBy[$Search] = $true; continue }
            foreach ($kind in $script:FileKinds) { if ($Search -like $kind[0] -and $entry.Name -match $kind[1]) { break } }
            if ($Found.Files.Count -gt $d.MaxRows) { break } else { $Found.Files[$id] = @{ Entry = $entry; Kind = $kind[2]; FoundBy = @{ $Search = $true } } } } } }
function Get-Cells($Name, $Column) { foreach ($row in (Get-Rows $Name)) { $row[$Column] } } # Values of a column of a dataset of this run, one by one.
function Read-VmFiles($d) { # Files of VMs and names of secrets. Contents are never opened.
    $f = @{ Files = @{}; Visits = @{} }; $system = $script:Variables['SystemRoot']; $attributes = @{}
    $pattern = '\.(a?vhdx?|vhds|vhdpmem|iso|vfd|vmgs|vmrs|bin|vsv|rct|mrt|slp|vmcx|xml)$'
    $secret = '\.(pfx|p12)$|^(unattend|autounattend)\.xml$|^sysprep\.inf$|BitLocker.*Recovery|Recovery.*BitLocker'
    foreach ($vm in @(Get-VmFolders)) {
        $folder = Get-ParentFolder (Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile); $snapshots = Join-WindowsPath $vm.SnapshotRoot 'Snapshots'
        Search-Folder $d $f 'configRoot' $vm.ConfigRoot, $folder $pattern 1; Search-Folder $d $f 'configRoot' (Join-WindowsPath $folder $vm.Id) '.' 1
        Search-Folder $d $f 'snapshotRoot' $vm.SnapshotRoot, $snapshots, (Join-WindowsPath $snapshots $vm.Id) $pattern 1; Search-Folder $d $f 'swapRoot' $vm.SwapRoot '\.slp$' 1 }
    Search-Folder $d $f 'diskFolder' @(Get-Cells 'vhds' 'Path' | ForEach-Object { Get-ParentFolder $_ }) $pattern 1; Search-Folder $d $f 'hostDefault' @(Get-HostFolders) $pattern 1
    Search-Folder $d $f 'azmanFolder' @(Get-Cells 'azman' 'StorePath' | ForEach-Object { Get-ParentFolder $_ }) '^(InitialStore|HyperVAuthStore)|\.bak$' 1
    foreach ($path in @(Get-Cells 'azman' 'StorePath' | Where-Object { $_ })) { $id = $path.ToLowerInvariant(); if ($f.Files.ContainsKey($id)) { $f.Files[$id].Kind = 'azmanStore' } }
    Search-Folder $d $f 'clusterReports' ($system + '\Cluster\Reports') '\.(htm|html|xml)$' 1
    Search-Folder $d $f 'secretNames' 'C:\', ($system + '\Panther'), ($system + '\System32\Sysprep') $secret 1
    $root = @(@(Get-Cells 'collection' 'UsersRoot') + 'C:\Users' | Where-Object { $_ })[0]
    foreach ($user in @(Read-List $d ('file:' + $root) { Get-FolderEntries $root } | Where-Object { $_.IsFolder -and -not ($_.Attributes -band 1024) })) {
        Search-Folder $d $f 'secretNames' ($user.Path + '\Desktop'), ($user.Path + '\Documents'), ($user.Path + '\Downloads') $secret 1 }
    foreach ($volume in @(Get-FixedVolumes $d)) {
        Search-Folder $d $f 'recycleBin' (Join-WindowsPath $volume '$Recycle.Bin') '\.(vhd|avhd).*$|\.vhds$' 2
        Search-Folder $d $f 'volumeScan' $volume '\.(vhd|avhd)[^.]*$|\.(vhds|iso|vmcx|vmrs|vmgs)$' 3 }
    $order = @('configRoot', 'snapshotRoot', 'swapRoot', 'diskFolder', 'hostDefault', 'volumeScan', 'recycleBin', 'azmanFolder', 'clusterReports', 'secretNames')
    $flags = @(@(1, 'readOnly'), @(2, 'hidden'), @(4, 'system'), @(2048, 'compressed'), @(16384, 'encrypted'), @(512, 'sparse'), @(1024, 'reparse'), @(4096, 'offline'))
    foreach ($id in @($f.Files.Keys | Sort-Object)) {
        $file = $f.Files[$id]; $entry = $file.Entry; $bits = $entry.Attributes
        if (-not $attributes.ContainsKey($bits)) { $attributes[$bits] = @($flags | Where-Object { $bits -band $_[0] } | ForEach-Object { $_[1] }) }
        $row = Add-Row $d @{ Kind = $file.Kind; FoundBy = @(Select-Roles $order $file.FoundBy); Attributes = $attributes[$bits] }
        Copy-Properties $d $row $null $entry 'Path,SizeBytes=Length,CreationUtc,LastWriteUtc'; if ($bits -band 1024) { Read-Cell $d $row 'ReparseTarget' { Get-LinkTarget $entry.Path } } } }
function Get-FixedVolumes($d) { # Roots of fixed volumes and cluster shared volumes.
    $rows = Get-Rows 'volumes'; if ($rows.Length -eq 0) { Read-List $d 'file:fixed drives' { Get-FixedDriveRoots } }
    foreach ($row in $rows) { if ($row['DriveType'] -eq 3 -and $row['DriveLetter']) { $row['DriveLetter'] + '\' }; if ($row['IsCsv']) { $row['MountPaths'] } } }
function Get-HostFolders { # Default folders of the host for VMs and disks.
    $names = 'DefaultExternalDataRoot', 'DefaultVirtualHardDiskPath'; foreach ($name in $names) { Get-Cells 'hv/Msvm_VirtualSystemManagementServiceSettingData' $name }
    foreach ($row in (Get-Rows 'registry_values')) { if ($names -contains $row['Name']) { Expand-SystemPath $row['TextValue'] } } }
function Select-Roles($Names, $Map) { foreach ($name in $Names) { if ($Map.ContainsKey($name)) { $name } } } # The names of an ordered list that a map holds.
# Targets of acls that stand in columns of datasets: dataset|columns|role|role of the folder, and where not all rows count: |columns|a pattern of their text.
$script:AclSources = 'vm_files|Path|vmConfigFile||Kind,FoundBy|^(config|runtime|guestState) configRoot', 'vm_files|Path|snapshotFile||Kind,FoundBy|^(config|runtime|guestState) snapshotRoot',
    'vm_files|Path|secretFile||Kind|certificate|answerFile|recoveryKey', 'vm_files|Path|azmanCopy||Kind|azmanCopy', 'vhds|Path|media|mediaDir|Kind|iso|vfd',
    'vhds|Path||vhdDir|Kind|^(?!iso|vfd)', 'vhds|Path|vhd||Kind,Exists|^(?!iso|vfd).* True$', 'azman|StorePath|azmanFile|azmanDir', 'services|ResolvedPath,ServiceDllResolved|svcBin|svcDir',
    'smb_shares|Path|shareDir||Special|^(False)?$', 'hv/Msvm_ReplicationAuthorizationSettingData|ReplicaStorageLocation|replicaDir', 'binaries|Path|hypervisorBin||Roles|hyper',
    'collection|MachinePath|pathDir', 'eventlogs|File|eventLogFile||Channel|^(Application|Security|System)$|Hyper-V'
function Add-AclTarget($Targets, $Role, $Paths, $FolderRole) { # Adds the objects at some paths to the targets with a role, their folders with another, and as roles ask all folders above.
    foreach ($path in $Paths) {
        $clean = ([string](Expand-SystemPath $path)).TrimEnd('\') -replace '^[A-Za-z]:$', '$0\'; $id = $clean.ToLowerInvariant()
        if ($clean -notmatch '^([A-Za-z]:|\\\\[^\\]+\\[^\\]+)(\\|$)') { continue } elseif ($FolderRole) { Add-AclTarget $Targets $FolderRole (Get-ParentFolder $clean) }
        if (-not $Role -or $Targets.Roles[$id] -band $Targets.Bits[$Role]) { continue } elseif (-not $Targets.Paths.ContainsKey($id)) { $Targets.Paths[$id] = $clean }
        $Targets.Roles[$id] = $Targets.Roles[$id] -bor $Targets.Bits[$Role]
        if ($Targets.WithParents -contains $Role) { Add-AclTarget $Targets 'parentDir' (Get-ParentFolder $clean) } } }
function Get-AclTargets($d) { # Everything whose access rights are read, from the datasets before: by path in lower case its spelling (Paths) and its roles (Roles, one bit for each of Bits).
    $t = @{ Paths = @{}; Roles = @{}; Bits = @{}; WithParents = @('parentDir') + @($script:AclRoles | Where-Object { $_.WithParents } | ForEach-Object { $_.Role }) }
    foreach ($role in $script:AclRoles) { $t.Bits[$role.Role] = [long][Math]::Pow(2, $t.Bits.Count) }; $hyperv = Expand-SystemPath '%ProgramData%\Microsoft\Windows\Hyper-V'
    Add-AclTarget $t 'hvRoot' @($hyperv; Read-Folder $d $hyperv | Where-Object { $_.IsFolder } | ForEach-Object { $_.Path })
    Add-AclTarget $t 'hostDefaultDir' @(Get-HostFolders); Add-AclTarget $t 'volumeRoot' @(Get-FixedVolumes $d)
    foreach ($vm in @(Get-VmFolders)) {
        $file = $(if ($vm.Live) { Join-WindowsPath $vm.ConfigRoot $vm.ConfigFile }); Add-AclTarget $t 'vmConfigFile' $file 'vmConfigDir'
        if ($file) { Add-AclTarget $t 'vmConfigDir' $vm.ConfigRoot, (Join-WindowsPath (Get-ParentFolder $file) $vm.Id) }
        Add-AclTarget $t 'snapshotDir' $vm.SnapshotRoot, (Join-WindowsPath $vm.SnapshotRoot ('Snapshots\' + $vm.Id)); Add-AclTarget $t 'swapDir' $vm.SwapRoot }
    Add-AclTarget $t 'systemDir' '%SystemDrive%', '%SystemRoot%', '%SystemRoot%\System32', '%SystemRoot%\SysWOW64', '%SystemRoot%\System32\drivers'
    Add-AclTarget $t 'programDir' '%ProgramFiles%', '%ProgramFiles(x86)%', '%ProgramData%'; Add-AclTarget $t 'clusterDir' '%SystemRoot%\Cluster'
    foreach ($source in $script:AclSources) {
        $dataset, $columns, $role, $folderRole, $tested, $pattern = $source.Split([char[]]'|', 6)
        foreach ($row in (Get-Rows $dataset)) {
            $text = ''; foreach ($column in ([string]$tested).Split(',')) { $text = $text + $row[$column] + ' ' }
            if (-not $pattern -or $text.Trim() -match $pattern) { foreach ($column in $columns.Split(',')) { Add-AclTarget $t $role $row[$column] $folderRole } } } }
    foreach ($command in @(Get-Cells 'services' 'ImagePathRaw')) { # Of a path with blanks and without quotes Windows tries the program that ends at each blank.
        if ([string](Expand-SystemPath $command) -notmatch '^([^"].*?)\.exe') { continue } else { $program = $matches[1] }
        foreach ($blank in [regex]::Matches($program, ' ')) { Add-AclTarget $t '' ($program.Substring(0, $blank.Index) + '.exe') 'svcPathCandidate' } }
    foreach ($action in @(Get-Cells 'scheduled_tasks' 'Actions' | Where-Object { $_ })) { Add-AclTarget $t 'taskBin' $action['ResolvedPath'] 'taskDir' }
    Add-AclTarget $t 'fwApp' @(Get-FirewallPrograms) 'fwAppDir'; return $t }
function Read-Acls($d) { # Access rights of files and folders, the important roles first. Rows with the same roles share one list of them.
    $targets = Get-AclTargets $d; $lists = @{}; $ids = [string[]]@($targets.Paths.Keys); $audited = [long]0
    $first = @('azmanFile', 'hvRoot', 'vmConfigDir', 'vhdDir', 'vhd', 'vmConfigFile', 'svcBin') + @($script:AclRoles | ForEach-Object { $_.Role })
    foreach ($role in $script:AclRoles) { if ($role.Audit -and $script:Elevated) { $audited = $audited -bor $targets.Bits[$role.Role] } }
    $ranks = [string[]]@(foreach ($id in $ids) { for ($rank = 0; -not ($targets.Roles[$id] -band $targets.Bits[$first[$rank]]); $rank++) { }; '{0:D2} {1}' -f $rank, $id })
    Sort-ByKey $ranks $ids; foreach ($id in $ids) {
        if ($d.Rows.Count -ge $d.MaxRows -or (Test-Late $d)) { break } else { $path = $targets.Paths[$id]; $bits = $targets.Roles[$id] }
        if (-not $lists.ContainsKey($bits)) { $lists[$bits] = @($script:AclRoles | Where-Object { $bits -band $targets.Bits[$_.Role] } | ForEach-Object { $_.Role }) }
        $row = Add-Row $d @{ Path = $path; Roles = $lists[$bits] }
        try {
            $facts = Get-FileFacts $path; $row['Exists'] = ($null -ne $facts); $d.Answered++
            if ($null -eq $facts) { continue } else { $row['Kind'] = $(if ($facts.IsFolder) { 'dir' } else { 'file' }); $row['IsReparsePoint'] = (($facts.Attributes -band 1024) -ne 0) }
            $row['Sddl'] = Get-FileSddl $path $facts.IsFolder $false; $row['OwnerSid'] = Get-SddlOwner $row['Sddl'] }
        catch { foreach ($name in 'Exists', 'Sddl', 'OwnerSid') { if ($null -eq $row[$name]) { Set-CellFault $d $row $name $_ } }; continue }
        if ($bits -band $audited) { Read-Cell $d $row 'AuditSddl' { [string](Get-FileSddl $path $facts.IsFolder $true) } } }
    Test-Cut $d $ids.Length }

# ---- SIDs ----
function Get-SidsInUse { # All SIDs of this run that are worth a name, members of privileged groups first.
    $pattern = [regex]'S-1-(5-21|12|5-80|5-83|5-32)-[0-9-]*[0-9]'; $texts = @{ ([string]$script:SecurityPolicy) = $true }; $found = @{ 'S-1-5-83-0' = $true }
    foreach ($d in @($script:Done.Values)) { foreach ($column in @($d.Columns | Where-Object { 'sid', 'sddl', 'list<sid>' -contains $_.Type -or $_.Name -eq 'Trustee' })) {
        foreach ($row in $d.Rows) { foreach ($text in $row[$column.Name]) { if ($text) { $texts[$text] = $true } } } } }
    foreach ($store in $script:AzmanBytes.Values) { if ($store.Bytes) { $text = [Text.Encoding]::UTF8.GetString($store.Bytes).Replace([string][char]0, ''); $texts[$text] = $true } }
    foreach ($text in $texts.Keys) { foreach ($match in $pattern.Matches($text)) { $found[$match.Value] = $true } }
    $privileged = @((Get-Rows 'local_group_members') | Where-Object { 'S-1-5-32-544', 'S-1-5-32-578' -contains $_['GroupSid'] } | ForEach-Object { $_['MemberSid'] })
    $found.Keys | Sort-Object -Property { $privileged -notcontains $_ }, { $_ } }
function Read-Sids($d) { # Names of SIDs as this host resolves them, and what kind of account each is.
    $kinds = @{ user = 'user'; group = 'group'; computer = 'computer'; 'msDS-GroupManagedServiceAccount' = 'managedServiceAccount'; 'msDS-ManagedServiceAccount' = 'managedServiceAccount' }
    $classes = @{ ($script:MachineSid + '-') = 'alias'; 'S-1-5-32' = 'alias'; 'S-1-5-80' = 'service'; 'S-1-5-83' = 'virtualMachine' }
    Get-Cells 'local_users' 'Sid' | Where-Object { $_ } | ForEach-Object { $classes[$_] = 'user' }; $directory = ($false -ne $script:HostFacts.Joined); $d.Answered++
    foreach ($sid in @(Get-SidsInUse)) {
        $row = Add-Row $d @{ Sid = $sid; Resolved = $false }; if ($d.Rows.Count -gt $d.MaxRows) { break } elseif (Test-Late $d) { $row['LookupError'] = 'budget'; continue }
        foreach ($key in ($sid -replace '\d+$', ''), $sid, $sid.Substring(0, 8)) { if ($classes.ContainsKey($key)) { $row['Class'] = $classes[$key] } }
        try { $row['Name'] = Resolve-SidName $sid; $row['Resolved'] = [bool]$row['Name']; if (-not $row['Name']) { $row['LookupError'] = 'notFound' } }
        catch { $row['LookupError'] = $(if ((Get-FaultType $_) -eq 'timeout') { 'timeout' } else { 'other' }); Set-CellFault $d $row 'Name' $_ }
        if ($row['Class'] -or -not $directory -or -not $row['Resolved'] -or $sid -notlike 'S-1-5-21-*') { continue }
        try { $found = Get-DirectoryObject $sid @('objectClass'); if ($null -ne $found) { $row['Class'] = $kinds[[string]@($found['objectClass'])[-1]] } }
        catch { $directory = $false; Set-CellFault $d $row 'Class' $_ } } }
# One harmless call of each function of the operating system layer for -SelfTest; those that need the name of an account, a group or a task are left out.
$script:SelfTests = @{}; $wmi = 'root\cimv2'; $key = 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion'; $windows = $env:SystemRoot; $library = $windows + '\System32\kernel32.dll'
foreach ($call in { Get-Sha256 ([byte[]](1, 2)) 2 }, { Get-ProcessIdentity }, { Get-WmiNamespaceSddl $wmi }, { Get-WmiClassPropertyNames $wmi 'Win32_OperatingSystem' },
    { Invoke-WmiQuery $wmi 'Win32_OperatingSystem' @('Version') $null 30 }, { Invoke-WmiReadMethod $wmi ('Win32_Process.Handle="' + $PID + '"') 'GetOwnerSid' @{} @('Sid') @() },
    { Get-WmiObjectSddl $wmi 'Win32_Service.Name="EventLog"' }, { Resolve-SidName 'S-1-5-18' }, { Resolve-NameSid 'Everyone' }, { Get-RegistrySubKeyNames $key }, { Get-NetstatText },
    { Get-RegistryValueNames $key }, { Get-RegistryValues $key @('UBR') }, { Get-RegistryValueKinds $key @('UBR') }, { Get-RegistryKeySddl $key }, { Get-StoreCertificates 'My' },
    { ConvertTo-SddlText ([byte[]](@(1, 0, 0, 128) + @(0) * 16)) }, { Get-FileSddl $windows $true $false }, { Get-FileFacts $windows }, { Get-FolderEntries $windows }, { Get-TaskList 30 },
    { Get-LinkTarget $windows }, { Get-FileVersionFacts $library }, { Get-FileSignatureFacts $library }, { Read-FileBytes ($windows + '\win.ini') 1048576 }, { Get-FixedDriveRoots },
    { Get-SecurityPolicyFile $env:TEMP }, { Get-AuditPolicyFile $env:TEMP }, { Get-ActiveFirewallProfiles }, { Get-NetworkConnections }, { Get-AdsiGroups }, { Get-AdsiAccountPolicy },
    { Get-HostEnvironment }, { Get-EventLogFacts 'System' }, { Get-EventFacts 'System' '*[System[EventID=1]]' @() 1 5 }) { $script:SelfTests[$call.ToString().Trim().Split(' ')[0]] = $call }

# ---- The run ----
function Test-Excluded($d) { # Whether the parameters leave out a dataset.
    $options = $script:Options; $names = $d.Name, $d.Name.Split('/')[0]
    return (($options.Include.Length -gt 0 -and -not ($options.Include | Where-Object { $names -contains $_ })) -or
        ($options.Exclude | Where-Object { $names -contains $_ }) -or ($options.NoAcl -and $d.Name -eq 'acls')) }
function Test-Unwanted($d) { # Why a dataset is not collected at all: sets Absent or Skipped.
    $options = $script:Options; $era = Get-EraGap $d; if ($era) { $d.Absent = $era; return $true }
    if (Test-Excluded $d) { $d.Skipped = 'excluded' }
    elseif ([string]$d.Switch -like '-Include*' -and -not (Get-EraGap @{ Since = $d.SwitchSince }) -and -not $options[$d.Switch.Substring(1)]) { $d.Skipped = 'optional' }
    elseif ($d.Elevation -and -not $script:Elevated) { $d.Skipped = 'notElevated' } elseif ($script:Aborted) { $d.Skipped = 'aborted' }
    elseif ((Get-TickMs) -gt 1000 * $options.TimeBudgetSeconds) { $d.Skipped = 'timeBudget' }; return [bool]$d.Skipped }
function Invoke-Dataset($d) { # Collects one dataset with the function that bears its name, or with one of those for many datasets, and writes its file.
    $start = Get-TickMs; $d.End = $start + 1000 * $d.Seconds; $script:Done[$d.Name] = $d; $collector = 'Read-' + ($d.Name -replace '[_/]', '')
    if ($d.Namespace -and $d.Class) { $collector = 'Read-ClassDump' } elseif ($script:PlainDatasets -contains $d.Name) { $collector = 'Read-Steps' }
    try { & $collector $d | Out-Null } catch { [void](Add-DatasetError $d ('collector:' + $d.Name) $_.Exception); $d.Lost = $true }
    $d.CollectedUtc = Get-UtcNow; Complete-Dataset $d; $d.Ms = (Get-TickMs) - $start }
function Close-Dataset($d) { # Ends a dataset that has no rows to write: not applicable, skipped or failed.
    $d.Status = $(if ($d.Absent) { 'notApplicable' } elseif ($d.Skipped) { 'skipped' } else { 'failed' })
    if ($d.Status -ne 'failed') { $d.Errors.Clear() } elseif ($d.Errors.Count -eq 0) { Add-ErrorEntry $d ('collector:' + $d.Name) 'other' $null 'no source answered' }
    $d.Rows.Clear(); $d.Unread.Clear(); $d.Missing.Clear(); $d.Lost = $false; $d.Truncated = $false; $d.TruncatedBy = $null }
function Complete-Dataset($d) { # Limits, gaps, order and status of a dataset whose rows are read; writes the data file.
    $rows = $d.Rows; $columns = @($d.Columns | Where-Object { -not $d.Missing.ContainsKey($_.Name) }); foreach ($name in $d.Missing.Keys) { $d.Unread.Remove($name) }
    if ($rows.Count -gt $d.MaxRows) { Set-Truncated $d 'rows' ([string]$d.MaxRows + ' of ' + $rows.Count + ' objects'); $rows.RemoveRange($d.MaxRows, $rows.Count - $d.MaxRows) }
    foreach ($column in @($columns | Where-Object { $rows.Count -gt 0 })) { # A column that no row could read is unread, and so is what needs elevation in a run without it.
        $name = $column.Name; $fault = $(if ($rows[0]['_err']) { $rows[0]['_err'][$name] })
        if ($fault -and 'redacted', 'tooLong' -notcontains $fault -and @($rows | Where-Object { -not $_['_err'] -or -not $_['_err'][$name] }).Length -eq 0) {
            Set-Unread $d $name ($fault.Split(':')[0].Replace('budget', 'timeout')); foreach ($row in $rows) { $row['_err'].Remove($name) } }
        if ($column.Elevation -and -not $script:Elevated) { $d.Unread[$name] = 'accessDenied' }
        if ($d.One -and -not $column.Nullable -and $null -eq $rows[0][$name]) { Set-Unread $d $name 'other' } }
    $nothing = ($rows.Count + $d.Copies.Count -eq 0); $failed = ($nothing -and -not $d.Truncated -and $d.Errors.Count -gt 0 -and ($d.Answered -eq 0 -or $d.Kind -eq 'raw'))
    if ($d.Skipped -or $d.Absent -or $failed -or ($d.One -and ($rows.Count -eq 0 -or $d.Unread.Count -ge $columns.Length))) { Close-Dataset $d; return }
    if ($d.Kind -eq 'rows') { Sort-DatasetRows $d; Write-DataFile $d $columns $d.Files; $d.Written = $d.Files; if ($rows.Count -gt 1000) { [GC]::Collect() } }
    $d.Status = $(if ($d.Errors.Count -gt 0 -or $d.Unread.Count -gt 0 -or $d.Truncated) { 'partial' } elseif ($nothing) { 'empty' } else { 'ok' }) }
function Sort-DatasetRows($d) { # Sorts the rows by character code of the key columns of the table, without such by the first column; rows of the same key keep their order.
    $rows = $d.Rows.ToArray(); $number = 0; $names = @($d.Keys | Where-Object { -not $d.Missing.ContainsKey($_) }); if ($names.Length -eq 0) { $names = @($d.Columns[0].Name) }
    $keys = [string[]]@(foreach ($row in $rows) {
        $number++; $texts = @(foreach ($name in $names) { $value = $row[$name]; if ($value -is [int] -or $value -is [long]) { $value.ToString('D20') } else { [string]$value } })
        $texts + $number.ToString('D9') -join [char]1 })
    Sort-ByKey $keys $rows; $d.Rows.Clear(); $d.Rows.AddRange($rows) }
function Select-Members($Source, $Map) { # An ordered map of members of a hashtable, 'name=Member,...' (name alone: same name).
    return New-Ordered @(foreach ($pair in $Map.Split(',')) { $names = $pair.Split('='); $names[0]; , $Source[$names[-1]] }) }
function Complete-Snapshot($Datasets) { # Log and manifest: the last two members. Datasets that were not reached are skipped.
    $rows = 0; $tally = @{}; $self = $null; $table = '0' * 64; $e = $script:HostEnvironment; $facts = $script:HostFacts
    $entries = @(foreach ($d in $Datasets) {
        if ($null -eq $d.Status) { [void](Test-Unwanted $d); Close-Dataset $d }
        $d.Number = $d.Rows.Count + $d.Copies.Count; $rows += $d.Number; $tally[$d.Status]++; $d.Complete = -not ($d.Lost -or $d.Truncated -or 'failed', 'skipped' -contains $d.Status)
        $d.Lacking = @($d.Columns | Where-Object { $d.Missing.ContainsKey($_.Name) } | ForEach-Object { $_.Name })
        $d.Gaps = New-Ordered @($d.Columns | Where-Object { $d.Unread.ContainsKey($_.Name) } | ForEach-Object { $_.Name; $d.Unread[$_.Name] })
        Select-Members $d ('name,kind,schema,status,rowsComplete=Complete,file=Written,files=Copies,rows=Number,ms,collectedUtc,source,missingColumns=Lacking,unreadColumns=Gaps,' +
            'errors,truncated,truncatedBy,skippedReason=Skipped,notApplicableReason=Absent') })
    $counts = New-Ordered @('ok', 'partial', 'empty', 'failed', 'skipped', 'notApplicable' | Where-Object { $tally[$_] } | ForEach-Object { $_; $tally[$_] })
    Write-Log 'end'; $bytes = [Text.Encoding]::ASCII.GetBytes($script:LogText.ToString()); Add-SnapshotFile 'log.txt' $bytes $bytes.Length $null
    try { $table = Get-TextHash ($script:TableText.Replace("`r", '') + "`n")
        if ($script:SelfPath) { $bytes = Read-FileBytes $script:SelfPath 16777216; $self = Get-Sha256 $bytes $bytes.Length } }
    catch { [void](Add-DatasetError $script:Run 'hash:collector.ps1' $_.Exception) }
    $facts.Caption = @(@(Get-Cells 'os' 'Caption') + $facts['ProductName'] | Where-Object { $_ })[0]; $computer = @{}; foreach ($row in (Get-Rows 'computer')) { $computer = $row }
    $manifest = New-Ordered @('format', 'hvsnap', 'formatVersion', 1, 'collectorVersion', $script:CollectorVersion, 'collectorSha256', $self, 'tableSha256', $table,
        'runId', $script:RunId, 'startedUtc', $script:StartedUtc, 'finishedUtc', (Get-UtcNow),
        'host', (New-Ordered @('name', $script:HostName, 'fqdn', $facts.Fqdn, 'domain', $computer['Domain'], 'workgroup', $computer['Workgroup'], 'partOfDomain', $computer['PartOfDomain'])),
        'os', (Select-Members $facts 'build=Build,ubr=UBR,productType=ProductType,installationType=InstallationType,editionId=EditionID,caption=Caption'), 'psVersion', [string]$e.PsVersion,
        'psEdition', [string]$e.PsEdition, 'clr', [string]$e.Clr, 'languageMode', $script:LanguageMode, 'is64BitProcess', [bool]$e.Is64BitProcess, 'elevated', $script:Elevated,
        'remoting', [bool]$e.Remoting, 'aborted', $script:Aborted, 'user', (Select-Members $script:Identity 'sid,name'), 'culture', [string]$e.Culture, 'uiCulture', [string]$e.UiCulture,
        'parameters', $script:Options.Given, 'datasets', $entries, 'files', $script:Files, 'totals', (New-Ordered @('datasets', $entries.Length, 'rows', $rows, 'files', $script:Files.Count,
            'bytes', $script:TotalBytes, 'ms', (Get-TickMs), 'statusCounts', $counts)), 'redaction', $null, 'sideEffects', $script:SideEffects, 'errors', $script:Run.Errors)
    $bytes = [Text.Encoding]::ASCII.GetBytes((ConvertTo-JsonText $manifest) + "`n"); Add-SnapshotFile 'manifest.json' $bytes $bytes.Length $null; Close-Snapshot }
function Read-HostFacts { # Facts about the host that the run itself needs. Each may fail; the manifest then says so.
    $facts = @{ Joined = $null; Build = 0 }; $services = 'HKLM\SYSTEM\CurrentControlSet\Services'
    foreach ($source in 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion|CurrentBuildNumber,UBR,InstallationType,EditionID,ProductName',
        'HKLM\SYSTEM\CurrentControlSet\Control\ProductOptions|ProductType', ($services + '\Tcpip\Parameters|Hostname,Domain')) {
        $key, $names = $source.Split('|'); try { $facts += Get-KeyData $key $names } catch { [void](Add-DatasetError $script:Run ('reg:' + $key) $_.Exception) } }
    try { $facts.HasRole = Test-ServiceKey 'vmms'; $facts.Clustered = Test-ServiceKey 'ClusSvc' } catch { [void](Add-DatasetError $script:Run ('reg:' + $services) $_.Exception) }
    if ($facts['CurrentBuildNumber'] -match '^\d+$' -or [string]$script:HostEnvironment.OsVersion -match '\d+$') { $facts.Build = [int]$matches[0] }
    if ($facts['Hostname'] -and $facts['Domain']) { $facts.Fqdn = $facts['Hostname'] + '.' + $facts['Domain'] }
    $facts.ProductType = [int]@{ WinNT = 1; LanmanNT = 2; ServerNT = 3 }[[string]$facts['ProductType']]; return $facts }
function Write-Text($Text) { Write-Log $Text; if (-not $script:Options.Quiet) { Write-Host $Text } } # A line for the log and for the person at the console.
function Stop-Run($Code, $Text) { if ($Text) { Write-Host ('collector.ps1: ' + $Text) }; return @{ ExitCode = $Code; Result = $null } } # Ends before anything is written; says why.
function Initialize-Run { # Sets up everything that a run needs before it reads from the host.
    $script:Clock = [Diagnostics.Stopwatch]::StartNew(); $script:Invariant = [Globalization.CultureInfo]::InvariantCulture; $script:RunId = New-RunId; $script:StartedUtc = Get-UtcNow
    $script:NotPlain = [regex]'[\x00-\x1f\x7f-\uffff]'; $script:ToEscape = [Text.RegularExpressions.MatchEvaluator] { param($found) '\u{0:x4}' -f [int][char]$found.Value }
    $script:Run = @{ Name = 'run'; Errors = (New-Object Collections.ArrayList) }; $script:LogText = New-Object Text.StringBuilder; $script:SideEffects = New-Object Collections.ArrayList
    $script:TotalBytes = [long]0; $script:MemberLimit = 268000000; $script:Aborted = $false; $script:AzmanBytes = @{}; $script:AccountSids = @{}; $script:ErrorCodes = @{}
    $script:SecurityPolicy = $script:CbsPackages = $script:LocalGroups = $script:MachineSid = $script:DomainSid = $script:ComputerSid = $null; $script:Done = @{}
    foreach ($pair in 'accessDenied=80041003 80070005 80041062 8013150a', 'notFound=80041002 80070002 80070003 80070035', 'invalidNamespace=8004100e', 'invalidClass=80041010',
        'cancelled=80041032', 'invalidQuery=80041017 80041018', 'timeout=80041069 800705b4 80040fff 80131505', 'unsupported=80041024 80041055 80070032 80131515 80131539 80004001',
        'parseError=80131537 80131940', 'unavailable=800706ba 800706bf 80041015 80041014 8007203a 8007054b 80072020 80070422') {
        $type, $codes = $pair.Split('='); foreach ($code in $codes.Split(' ')) { $script:ErrorCodes[[Convert]::ToInt64($code, 16)] = $type } } # Of WMI, COM, Windows and .NET.
    $script:ExceptionTypes = @([Runtime.InteropServices.ExternalException], 'comError', [IO.IOException], 'ioError'); Import-Table }
function Read-Options($Given) { # Reads and checks the parameters. Returns a text that says what is wrong, or nothing.
    $script:Options = $options = @{ Include = @(); Exclude = @(); MaxAclFiles = 5000; MaxVhdSeconds = 180; TimeBudgetSeconds = 900; OutputPath = $null; Given = (New-Ordered @()) }
    foreach ($name in @($Given.Keys | Sort-Object)) {
        $value = $Given[$name]; if ('Include', 'Exclude' -contains $name) { $value = @((@($value) -join ',').Split(',') | ForEach-Object { $_.Trim() } | Where-Object { $_ }) }
        elseif ($name -eq 'OutputPath') { $value = [string]$value } elseif (-not $options.ContainsKey($name)) { $value = [bool]$value }
        elseif ([string]$value -match '^\d{1,8}$') { $value = [int]$matches[0] } else { return ('-' + $name + ' must be a number, not ' + $value) }
        if ($value -is [array] -and $value.Length -eq 0) { return ('-' + $name + ' names no dataset') }
        $options[$name] = $value; $options.Given.Add($name, $value) }
    if ($options['AsJson'] -and -not $options['ListDatasets']) { return '-AsJson belongs to -ListDatasets' }
    $known = @(@($script:DatasetList) + $script:ClassDumps | ForEach-Object { $_.Name; $_.Name.Split('/')[0] })
    foreach ($name in $options.Include + $options.Exclude) { if ($known -notcontains $name) { return ('there is no dataset ' + $name + '; -ListDatasets prints them') } } }
function Get-OutputFolder { # Where the snapshot goes: the folder asked for, or the temporary folder of Windows, or that of the user.
    if ($script:Options.OutputPath) {
        $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($script:Options.OutputPath); [void][IO.Directory]::CreateDirectory($folder); return $folder }
    $folder = [IO.Path]::Combine([string]$script:HostEnvironment.SystemRoot, 'Temp'); $probe = [IO.Path]::Combine($folder, 'hvsnap-' + $script:RunId + '.tmp')
    try { (New-Object IO.FileStream($probe, [System.IO.FileMode]::CreateNew)).Close(); [IO.File]::Delete($probe); return $folder } catch { return [string]$script:HostEnvironment.Temp } }
function Get-Plan { # What -ListDatasets and -WhatIf print; nothing is read.
    $all = Get-AllDatasets $false; $options = $script:Options; $folder = $(if ($options.OutputPath) { $options.OutputPath } else { '%windir%\Temp' })
    if ($options.ListDatasets -and -not $options.AsJson) { return @($all | ForEach-Object { $_.Name }) }
    foreach ($d in $all) { $d.Names = @($d.Columns | ForEach-Object { $_.Name }); $d.Hint = $(if ($d.Elevation) { ' (needs elevation)' }) }
    if ($options.ListDatasets) { return ConvertTo-JsonText @{ datasets = @(foreach ($d in $all) { Select-Members $d 'name,kind,schema,order,since,until,elevation,switch,columns=Names' }) } }
    foreach ($d in @($all | Where-Object { -not (Test-Excluded $_) })) {
        Write-Host "would read $($d.Name) from $($d.Source)$($d.Hint)$(if ([string]$d.Switch -like '-Include*') { ' (with ' + $d.Switch + ')' })" }
    Write-Host "would write $(if ($options.NoZip) { 'the folder <HOST>_hvsnap_<time>' } else { '<HOST>_hvsnap_<time>.zip and its .sha256' }) to $folder" }
function Invoke-SelfTest { # Makes each kind of operating system call once; returns the exit code.
    $code = 0; foreach ($name in @($script:SelfTests.Keys | Sort-Object)) {
        try { [void](& $script:SelfTests[$name]); Write-Host "PASS  $name" }
        catch { $code = 1; Write-Host "FAIL  $name  $(Get-FaultType $_): $((Get-InnerException $_.Exception).Message)" } }
    return $code }
function Invoke-Collector($Given) { # The whole run. Returns the exit code and the object for -PassThru.
    $script:LanguageMode = Get-LanguageMode; if ($script:LanguageMode -ne 'FullLanguage') {
        return Stop-Run 4 "PowerShell runs in $script:LanguageMode mode (AppLocker, WDAC or JEA). Sign the script or allow it in the policy, then run it again." }
    Initialize-Run; $wrong = Read-Options $Given; if ($wrong) { return Stop-Run 64 $wrong }
    if ($script:Options.ListDatasets -or $script:Options.WhatIf) { return @{ ExitCode = 0; Result = (Get-Plan) } }
    try { $e = Get-HostEnvironment } catch { $e = @{ IsWindows = $true; MachineName = 'UNKNOWN' }; [void](Add-DatasetError $script:Run 'environment' $_.Exception) }
    $script:HostEnvironment = $e; if (-not $e.IsWindows) { return Stop-Run 4 'This is not Windows.' }
    $script:HostName = $e.MachineName.ToUpperInvariant(); $script:Variables = @{ windir = [string]$e.SystemRoot; 'ProgramFiles(x86)' = [string]$e.ProgramFilesX86 }
    foreach ($name in 'SystemRoot', 'SystemDrive', 'ProgramData', 'ProgramFiles', 'Public') { $script:Variables[$name] = [string]$e[$name] }
    if ($e.IsWow64) { return Stop-Run 4 "This is a 32-bit PowerShell on 64-bit Windows. Run it with $($e.SystemRoot)\sysnative\WindowsPowerShell\v1.0\powershell.exe -File collector.ps1" }
    if ($script:Options.SelfTest) { return Stop-Run (Invoke-SelfTest) }
    try { $script:Identity = Get-ProcessIdentity } catch { $script:Identity = @{}; [void](Add-DatasetError $script:Run 'token' $_.Exception) }
    $script:Elevated = [bool]$script:Identity.Elevated; $script:HostFacts = Read-HostFacts; $script:Build = $script:HostFacts.Build
    if ($false -eq $script:HostFacts.HasRole -and -not $script:Options.Force) { return Stop-Run 4 'this host has no Hyper-V role (service vmms). Use -Force to collect it all the same.' }
    $script:EraIndex = [Math]::Max(0, @($script:Eras | Where-Object { $_.Build -le $script:Build }).Length - 1); return Invoke-Run }
function Invoke-Run { # Collects all datasets into one new file or folder. Also after Ctrl-C the file is closed with what was read.
    $datasets = Get-AllDatasets $true; $open = $false; $number = 0; $options = $script:Options
    try {
        $script:WorkFolder = Get-OutputFolder; $name = ($script:HostName -replace '[^A-Z0-9-]', '_') + '_hvsnap_' + $script:StartedUtc.ToString("yyyyMMdd'T'HHmmss'Z'", $script:Invariant)
        $path = [IO.Path]::Combine($script:WorkFolder, $name + $(if (-not $options.NoZip) { '.zip' })); Open-Snapshot $path ([bool]$options.NoZip); $open = $true
        Write-Log "collector $script:CollectorVersion on $script:HostName, build $script:Build, PowerShell $($script:HostEnvironment.PsVersion), elevated $script:Elevated"
        foreach ($d in $datasets) {
            $number++; if (-not $options.Quiet) { Write-Progress -Activity 'Collecting' -Status $d.Name -PercentComplete (100 * $number / $datasets.Length) }
            if (Test-Unwanted $d) { Close-Dataset $d } else { Invoke-Dataset $d }
            Write-Text ('[{0,3}/{1}] {2,-14} {3} ({4} rows, {5} ms)' -f $number, $datasets.Length, $d.Status, $d.Name, ($d.Rows.Count + $d.Copies.Count), $d.Ms) }
        Complete-Snapshot $datasets; $open = $false }
    catch { # What this run had begun to write goes again.
        if ($open) { $open = $false; if ($script:Output.Writer) { $script:Output.Writer.Close(); [IO.File]::Delete($path) } else { [IO.Directory]::Delete($path, $true) } }
        return Stop-Run 2 (Get-InnerException $_.Exception).Message }
    finally { if ($open) { $script:Aborted = $true; Complete-Snapshot $datasets; [void](Write-SideFile $path) } }
    $sum = Write-SideFile $path; $left = @($datasets | Where-Object { 'failed', 'partial' -contains $_.Status -or 'timeBudget', 'dependency' -contains $_.Skipped }).Length
    $sum.Status = $(if (-not $script:Elevated) { 3 } elseif ($left) { 1 } else { 0 })
    Write-Text "written: $path"; if ($sum.Sha256) { Write-Text "SHA-256: $($sum.Sha256)" }
    if (-not $script:Elevated) { Write-Text 'not elevated: some datasets are missing; run it again in an elevated PowerShell.' }
    return @{ ExitCode = $sum.Status; Result = $(if ($options.PassThru -or $script:HostEnvironment.Remoting) { New-Object PSObject -Property $sum }) } }
function Write-SideFile($Path) { # The hash of the zip in a file beside it; returns what -PassThru says.
    $sum = @{ Path = $Path; Sha256 = $null; Bytes = $script:TotalBytes }; if ($script:Output.AsFolder) { return $sum }
    try {
        $bytes = Read-FileBytes $Path 2147000000; $sum.Bytes = $bytes.Length; $sum.Sha256 = Get-Sha256 $bytes $bytes.Length
        $line = [Text.Encoding]::ASCII.GetBytes("$($sum.Sha256)  $([IO.Path]::GetFileName($Path))`n")
        $stream = New-Object IO.FileStream(($Path + '.sha256'), [System.IO.FileMode]::Create); try { $stream.Write($line, 0, $line.Length) } finally { $stream.Close() } }
    catch { Write-Host ('collector.ps1: no hash file: ' + (Get-InnerException $_.Exception).Message) }; return $sum }
$script:CellErrorCodes = @('accessDenied', 'notFound', 'timeout', 'unavailable', 'parseError', 'unsupported', 'tooLong', 'redacted', 'budget', 'other')
$script:WellKnownAccounts = @{ LocalSystem = 'S-1-5-18'; SYSTEM = 'S-1-5-18'; 'NT AUTHORITY\SYSTEM' = 'S-1-5-18'; 'NT AUTHORITY\LocalService' = 'S-1-5-19'
    'NT AUTHORITY\NetworkService' = 'S-1-5-20' }
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
    if ($args.Length -gt 0) { $run = Stop-Run 64 ('unknown parameter ' + $args[0] + '; Get-Help .\collector.ps1 -Full lists them') } else { $run = Invoke-Collector $PSBoundParameters }
    if ($null -ne $run.Result) { $run.Result }; if ($script:SelfPath -and $null -eq (Get-Variable -Name PSSenderInfo -ErrorAction SilentlyContinue)) { exit $run.ExitCode } }
