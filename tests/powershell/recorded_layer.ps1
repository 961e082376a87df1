# Answers in place of collector.ps1's operating-system layer, out of a recorded host (host.py). For tests; runs on PowerShell 7.
# $global:Recorded holds the host, $global:RecordedFaults what fails (call -> error), $global:RecordedSlow what takes time (call -> milliseconds),
# $global:RecordedCalls every call in order. A call is written Function|argument|argument; a fault may also name Function|* or *.
#
# The functions of the layer, what they take and return ($null where it says so for a thing that is simply not there; a call that fails throws):
#
#   Get-UtcNow                                             datetime, UTC                                            (runs on any system)
#   Get-TickMs                                             long, milliseconds of a clock that only goes forward     (runs on any system)
#   New-RunId                                              string, lower-case GUID                                  (runs on any system)
#   Get-Sha256 Bytes Count                                 string, 64 lower-case hex digits of the first Count bytes (runs on any system)
#   Get-LanguageMode                                       string, FullLanguage ...
#   Get-HostEnvironment                                    hashtable: IsWindows, Is64BitProcess, IsWow64 (bool), MachineName, OsVersion (a.b.c), Architecture (AMD64 ...),
#                                                          SystemRoot, SystemDrive, ProgramData, ProgramFiles, ProgramFilesX86, Public, Temp, PsVersion, PsEdition, Clr, Culture,
#                                                          UiCulture (string or null), Remoting (bool)
#   Get-ProcessIdentity                                    hashtable: Sid, Name (string), Elevated (bool)
#   Get-WmiClassPropertyNames Namespace Class              string[]
#   Invoke-WmiQuery Namespace Class Properties Where Seconds
#                                                          hashtable[]: property name -> value; dates UTC, intervals as seconds (double), uint8 arrays as byte[], embedded objects as
#                                                          hashtables; 'A.B' is member B of the embedded object A. Over the time: TimeoutException, Data['Rows'] = rows read so far
#   Invoke-WmiReadMethod Namespace ObjectPath Method Arguments Outputs Properties
#                                                          hashtable: ReturnValue and each of Outputs that exists; embedded objects as hashtables of Properties.
#                                                          ObjectPath is a class name (static method), Class.Key="value" or Class=* (its only instance). An argument 'text:PATH'
#                                                          passes the object at PATH as text. Only methods of the dataset table
#   Get-WmiObjectSddl Namespace ObjectPath                 string, descriptor of a service or share as SDDL
#   Get-WmiNamespaceSddl Namespace                         string, descriptor of a namespace as SDDL
#   Get-RegistrySubKeyNames Key                            string[], or $null when there is no such key. Key: HKLM\... or HKU\..., HKU alone: the loaded hives
#   Get-RegistryValueNames Key                             string[], or $null when there is no such key
#   Get-RegistryValues Key Names                           $null when there is no such key, else hashtable: name -> hashtable Name (as stored), Kind (REG_...), Value (null, string,
#                                                          string[], byte[], unsigned number). Names that are not there are left out
#   Get-RegistryValueKinds Key Names                       as before, without Value: the data are not read
#   Get-RegistryKeySddl Key                                $null when there is no such key, else string: owner, group, DACL
#   ConvertTo-SddlText Bytes                               string, a self-relative descriptor as SDDL
#   Resolve-SidName Sid                                    string DOMAIN\name, or $null when there is no mapping
#   Resolve-NameSid Name                                   string S-1-..., or $null when there is no mapping
#   Get-FileFacts Path                                     $null when not there, else hashtable: Path, Name, IsFolder (bool), Length, CreationUtc, LastWriteUtc, Attributes (int)
#   Get-FolderEntries Path                                 hashtable[] as above, one for each direct entry; throws when the folder is not there
#   Get-FixedDriveRoots                                    string[], such as C:\
#   Get-LinkTarget Path                                    string or $null
#   Get-FileVersionFacts Path                              hashtable: FileVersion, ProductVersion (a.b.c.d or null), CompanyName, OriginalFilename
#   Get-FileSignatureFacts Path                            hashtable: Status, Type, IsOSBinary, Subject, Issuer, Thumbprint (null where the system does not say)
#   Get-FileSddl Path IsFolder Audit                       string: owner, group, DACL; with Audit the SACL part alone
#   Read-FileBytes Path Limit                              byte[]; throws InvalidDataException with Data['Length'] when the file is larger than Limit
#   Get-SecurityPolicyFile Folder, Get-AuditPolicyFile Folder
#                                                          hashtable: Bytes, MtimeUtc; the program writes one new file in Folder, which is read and deleted again
#   Get-NetstatText, Get-VssWriterText                     string, output of netstat -ano and vssadmin list writers
#   Get-TaskList Seconds                                   hashtable: Tasks (hashtable[]: Path, Name, Enabled, State, Author, UserId, GroupId, LogonType, RunLevel, Hidden, LastRun, NextRun,
#                                                          LastResult, Sddl, Actions (hashtable[]: Type, Path, Arguments, WorkingDir, ClassId), Triggers (hashtable[]: Type, Enabled,
#                                                          StartBoundary, RepetitionInterval)), Errors (hashtable[]: Where, Exception), Complete (bool)
#   Get-TaskXml Path                                       string
#   Get-ActiveFirewallProfiles                             hashtable[3]: Profile (1, 2, 4), IsCurrent, Enabled, DefaultInbound, DefaultOutbound, BlockAllInbound, NotificationsDisabled,
#                                                          UnicastDisabled, Interfaces (string[])
#   Get-NetworkConnections                                 hashtable[]: AdapterId, Name, Category
#   Get-UpdateHistory                                      hashtable[]: Title, DateUtc, ResultCode, Operation
#   Get-AdsiGroups                                         hashtable[]: Sid, Name, Description
#   Get-AdsiGroupMembers Group                             hashtable[]: Sid (or null), Name, Path, Class
#   Get-AdsiUserFacts Name                                 hashtable: UserFlags, PasswordAge (seconds), LastLogin (local datetime); null where not set
#   Get-AdsiAccountPolicy                                  hashtable: MinPasswordLength, PasswordHistoryLength, MaxPasswordAge, MinPasswordAge, MaxBadPasswordsAllowed,
#                                                          AutoUnlockInterval, LockoutObservationInterval
#   Get-DirectoryObject Sid Attributes                     $null when not found, else hashtable: attribute -> array of values (strings, numbers, dates)
#   Get-DirectoryGroupMembers Sid Limit                    hashtable[]: Sid, Name, Class
#   Get-StoreCertificates Store                            $null when there is no such store, else hashtable[]: Thumbprint, Subject, Issuer, NotBefore, NotAfter (local), SigAlg, KeyAlg, KeyBits,
#                                                          HasPrivateKey, Eku (string[] or null), SanRaw (byte[] or null)
#   Get-EventLogFacts Channel                              hashtable: FileSize, RecordCount, OldestUtc, NewestUtc
#   Get-EventFacts Channel Query DataFields Limit Seconds  hashtable[], newest first: Provider, Id, Level, TimeUtc, Data (hashtable: field -> text)
#   Get-SecureBootNames Variable Names                     string[], those of Names that stand in the firmware variable; throws where it cannot be read

function ConvertFrom-Recorded($Value) {
    if ($null -eq $Value -or $Value -is [string] -or $Value -is [bool] -or $Value -is [long] -or $Value -is [double]) { return $Value }
    if ($Value -is [System.Numerics.BigInteger]) { return [uint64]$Value }
    if ($Value -is [System.Collections.IDictionary]) {
        if ($Value.Contains('$date')) { return [datetime]::Parse($Value['$date'], [cultureinfo]::InvariantCulture, 'RoundtripKind') }
        if ($Value.Contains('$hex')) { return , [System.Convert]::FromHexString($Value['$hex']) }
        if ($Value.Contains('$text16')) { return , [byte[]](@(255, 254) + [System.Text.Encoding]::Unicode.GetBytes($Value['$text16'])) }
        if ($Value.Contains('$text8')) { return , [System.Text.Encoding]::UTF8.GetBytes($Value['$text8']) }
        $table = @{}
        foreach ($name in $Value.Keys) { $table[$name] = ConvertFrom-Recorded $Value[$name] }
        return $table
    }
    if ($Value -is [System.Collections.IEnumerable]) {
        $list = [System.Collections.ArrayList]::new()
        foreach ($item in $Value) { [void]$list.Add((ConvertFrom-Recorded $item)) }
        if ($list.Count -and -not ($list | Where-Object { $_ -isnot [string] })) { return , [string[]]$list.ToArray() }
        if ($list.Count -and -not ($list | Where-Object { $_ -isnot [long] })) { return , [uint32[]]$list.ToArray() }
        return , $list.ToArray()
    }
    return $Value
}

function Read-Recorded($Path) {
    return ConvertFrom-Recorded (Get-Content -Raw -LiteralPath $Path -Encoding utf8 | ConvertFrom-Json -AsHashtable -DateKind String -Depth 32)
}

# Throws what the real layer would throw for an error type of the format.
function New-Fault($Type) {
    $numbers = @{ accessDenied = 0x80041003; invalidNamespace = 0x8004100E; invalidClass = 0x80041010; invalidQuery = 0x80041017
        unavailable = 0x800706BA; comError = 0x80040154; notFound = 0x80041002 }
    switch ($Type) {
        'denied' { return [System.UnauthorizedAccessException]::new('Zugriff verweigert (recorded)') }
        'timeout' { return [System.TimeoutException]::new('recorded: over the time') }
        'ioError' { return [System.IO.IOException]::new('recorded: io') }
        'unsupported' { return [System.NotSupportedException]::new('recorded: not supported') }
        'parseError' { return [System.FormatException]::new('recorded: format') }
        'other' { return [System.InvalidOperationException]::new('recorded: anything else') }
        'noFile' { return [System.IO.FileNotFoundException]::new('recorded: no such file') }
        'stopped' { return [System.Management.Automation.PipelineStoppedException]::new() }
    }
    return [System.Runtime.InteropServices.COMException]::new("recorded: $Type", [int]$numbers[$Type])
}

# Notes the call with the dataset that makes it ($d of the calling function), lets the clock run, throws where a fault is wanted.
# What stands under * does not concern what a run asks before its first dataset.
function Enter-Call($Function) {
    $call = $Function
    foreach ($argument in $args) { $call += '|' + ($argument -join ',') }
    $dataset = ''
    if ($d -is [System.Collections.IDictionary] -and $d.Contains('Name')) { $dataset = $d['Name'] }
    [void]$global:RecordedCalls.Add("$dataset`t$call")
    $keys = @($call, "$Function|*")
    if ($dataset) { $keys += '*' }
    foreach ($key in $keys) {
        if ($global:RecordedSlow.Contains($key)) { $global:RecordedClock += [long]$global:RecordedSlow[$key] }
    }
    foreach ($key in $keys) {
        if ($global:RecordedFaults.Contains($key)) { throw (New-Fault $global:RecordedFaults[$key]) }
    }
}

function Get-UtcNow { return $global:Recorded.now.AddMilliseconds($global:RecordedClock) }
function Get-TickMs { return [long]$global:RecordedClock }
function New-RunId { return '5b0c2f44-0f0e-4d43-9a5e-0d8f0a6d2c11' }
function Get-LanguageMode { Enter-Call 'Get-LanguageMode'; return $global:Recorded.languageMode }
function Get-HostEnvironment { Enter-Call 'Get-HostEnvironment'; return $global:Recorded.environment.Clone() }
function Get-ProcessIdentity { Enter-Call 'Get-ProcessIdentity'; return $global:Recorded.identity.Clone() }

function Find-RecordedClass($Namespace, $Class) {
    if (-not $global:Recorded.wmi.Contains($Namespace.ToLowerInvariant())) { throw (New-Fault 'invalidNamespace') }
    $space = $global:Recorded.wmi[$Namespace.ToLowerInvariant()]
    if (-not $space.Contains($Class.ToLowerInvariant())) { throw (New-Fault 'invalidClass') }
    return $space[$Class.ToLowerInvariant()]
}
function Get-WmiClassPropertyNames($Namespace, $Class) {
    Enter-Call 'Get-WmiClassPropertyNames' $Namespace $Class
    return [string[]](Find-RecordedClass $Namespace $Class).properties
}
function Invoke-WmiQuery($Namespace, $Class, $Properties, $Where, $Seconds) {
    Enter-Call 'Invoke-WmiQuery' $Namespace $Class $Where
    $known = Find-RecordedClass $Namespace $Class
    foreach ($property in $Properties) { if ($known.properties -notcontains $property.Split('.')[0]) { throw (New-Fault 'invalidQuery') } }
    $rows = [System.Collections.ArrayList]::new()
    foreach ($source in $known.rows) {
        if ($Where -and $Where -match '^\s*(\w+)\s*=\s*(.+?)\s*$') {
            $wanted = $Matches[2].Trim('"', "'").Replace('\\', '\')
            if ("$($source[$Matches[1]])" -ne $wanted) { continue }
        }
        $row = @{}
        foreach ($property in $Properties) { $row[$property] = $source[$property] }
        [void]$rows.Add($row)
    }
    $stop = "$Namespace`:$Class"
    if ($global:Recorded.Contains('cutAfter') -and $global:Recorded.cutAfter.Contains($stop)) {
        $partial = [System.TimeoutException]::new('recorded: over the time')
        $partial.Data['Rows'] = $rows.GetRange(0, [System.Math]::Min($rows.Count, [int]$global:Recorded.cutAfter[$stop])).ToArray()
        throw $partial
    }
    return $rows.ToArray()
}
function Invoke-WmiReadMethod($Namespace, $ObjectPath, $Method, $Arguments, $Outputs, $Properties) {
    $given = @()
    if ($Arguments) { foreach ($name in @($Arguments.Keys | Sort-Object)) { $given += "$name=$($Arguments[$name] -join ',')" } }
    Enter-Call 'Invoke-WmiReadMethod' $Namespace $ObjectPath $Method ($given -join ';')
    $class = $ObjectPath.Split('.')[0].Split('=')[0]
    [void](Find-RecordedClass $Namespace $class)
    foreach ($key in "$class.$Method|$ObjectPath|$($given -join ';')", "$class.$Method|$($given -join ';')", "$class.$Method|$ObjectPath", "$class.$Method") {
        if (-not $global:Recorded.methods.Contains($key)) { continue }
        $answer = @{}
        foreach ($name in @('ReturnValue') + $Outputs) { if ($global:Recorded.methods[$key].Contains($name)) { $answer[$name] = $global:Recorded.methods[$key][$name] } }
        return $answer
    }
    throw (New-Fault 'notFound')
}
function Get-WmiObjectSddl($Namespace, $ObjectPath) { Enter-Call 'Get-WmiObjectSddl' $Namespace $ObjectPath; return $global:Recorded.objectSddl }
function Get-WmiNamespaceSddl($Namespace) {
    Enter-Call 'Get-WmiNamespaceSddl' $Namespace
    if (-not $global:Recorded.wmi.Contains($Namespace.ToLowerInvariant())) { throw (New-Fault 'invalidNamespace') }
    return $global:Recorded.namespaceSddl
}

function Find-RecordedKey($Key) {
    $name = $Key.TrimEnd('\').ToLowerInvariant()
    if ($global:Recorded.registry.Contains($name)) { return $global:Recorded.registry[$name] }
    return $null
}
function Get-RegistrySubKeyNames($Key) {
    Enter-Call 'Get-RegistrySubKeyNames' $Key
    $found = Find-RecordedKey $Key
    if ($null -eq $found) { return $null }
    return , [string[]]@($found.subKeys)
}
function Get-RegistryValueNames($Key) {
    Enter-Call 'Get-RegistryValueNames' $Key
    $found = Find-RecordedKey $Key
    if ($null -eq $found) { return $null }
    return , [string[]]@($found.values.Keys | Sort-Object)
}
function Select-RecordedValues($Key, $Names, $WithData) {
    $found = Find-RecordedKey $Key
    if ($null -eq $found) { return $null }
    $values = @{}
    foreach ($name in $Names) {
        foreach ($stored in @($found.values.Keys)) {
            if ($stored -ne $name) { continue }
            $values[$name] = @{ Name = $stored; Kind = $found.values[$stored].kind }
            if ($WithData) {
                $data = $found.values[$stored].data
                if ($data -is [long]) { $data = [uint64]$data }
                $values[$name].Value = $data
            }
        }
    }
    return $values
}
function Get-RegistryValues($Key, $Names) { Enter-Call 'Get-RegistryValues' $Key; return Select-RecordedValues $Key $Names $true }
function Get-RegistryValueKinds($Key, $Names) { Enter-Call 'Get-RegistryValueKinds' $Key; return Select-RecordedValues $Key $Names $false }
function Get-RegistryKeySddl($Key) {
    Enter-Call 'Get-RegistryKeySddl' $Key
    if ($null -eq (Find-RecordedKey $Key)) { return $null }
    return $global:Recorded.keySddl
}
function ConvertTo-SddlText($Bytes) { Enter-Call 'ConvertTo-SddlText'; return 'O:SYG:SYD:(A;;CCLCSWLOCRRC;;;SU)' }
function Resolve-SidName($Sid) { Enter-Call 'Resolve-SidName' $Sid; return $global:Recorded.sids[$Sid] }
function Resolve-NameSid($Name) {
    Enter-Call 'Resolve-NameSid' $Name
    foreach ($sid in $global:Recorded.sids.Keys) { if ($global:Recorded.sids[$sid] -eq $Name) { return $sid } }
    return $null
}

function Find-RecordedFile($Path) {
    $name = $Path.Replace('/', '\').ToLowerInvariant()
    if ($name.Length -gt 3) { $name = $name.TrimEnd('\') }
    if ($global:Recorded.files.Contains($name)) { return $global:Recorded.files[$name] }
    return $null
}
function Get-RecordedFacts($File) {
    return @{ Path = $File.path; Name = $File.path.Substring($File.path.LastIndexOf('\') + 1); IsFolder = $File.folder; Length = [long]$File.length
        CreationUtc = $File.written; LastWriteUtc = $File.written; Attributes = [int]$File.attributes }
}
function Get-FileFacts($Path) {
    Enter-Call 'Get-FileFacts' $Path
    $file = Find-RecordedFile $Path
    if ($null -eq $file) { return $null }
    return Get-RecordedFacts $file
}
function Get-FolderEntries($Path) {
    Enter-Call 'Get-FolderEntries' $Path
    $file = Find-RecordedFile $Path
    if ($null -eq $file -or -not $file.folder) { throw [System.IO.DirectoryNotFoundException]::new('recorded: no such folder') }
    $list = [System.Collections.ArrayList]::new()
    foreach ($child in $file.children) { [void]$list.Add((Get-RecordedFacts $global:Recorded.files[$child])) }
    return $list.ToArray()
}
function Get-FixedDriveRoots { Enter-Call 'Get-FixedDriveRoots'; return [string[]]@($global:Recorded.drives) }
function Get-LinkTarget($Path) { Enter-Call 'Get-LinkTarget' $Path; return $null }
function Get-FileVersionFacts($Path) {
    Enter-Call 'Get-FileVersionFacts' $Path
    $file = Find-RecordedFile $Path
    if ($null -eq $file) { throw (New-Fault 'noFile') }
    return @{ FileVersion = $file.version; ProductVersion = $file.version; CompanyName = $file.company; OriginalFilename = $null }
}
function Get-FileSignatureFacts($Path) {
    Enter-Call 'Get-FileSignatureFacts' $Path
    return @{ Status = 'Valid'; Type = 'Catalog'; IsOSBinary = $true; Subject = 'CN=Synthetic Publisher'; Issuer = 'CN=Synthetic CA'; Thumbprint = ('AB' * 20) }
}
function Get-FileSddl($Path, $IsFolder, $Audit) {
    Enter-Call 'Get-FileSddl' $Path $Audit
    $file = Find-RecordedFile $Path
    if ($null -eq $file) { throw (New-Fault 'noFile') }
    if ($Audit) { return 'S:AI(AU;SAFA;FA;;;WD)' }
    return $file.sddl
}
function Read-FileBytes($Path, $Limit) {
    if ($Path -notmatch '^[A-Za-z]:\\[^/]*$|^\\\\' -or (Test-Path -LiteralPath $Path)) { return , [System.IO.File]::ReadAllBytes($Path) }
    Enter-Call 'Read-FileBytes' $Path
    $file = Find-RecordedFile $Path
    if ($null -eq $file -or $file.folder) { throw (New-Fault 'noFile') }
    if ($file.length -gt $Limit) {
        $large = [System.IO.InvalidDataException]::new('recorded: larger than the limit')
        $large.Data['Length'] = [long]$file.length
        throw $large
    }
    if ($null -eq $file.content) { throw [System.InvalidOperationException]::new("recorded: content of $Path must not be read") }
    return , [byte[]]$file.content
}

function Get-SecurityPolicyFile($Folder) { Enter-Call 'Get-SecurityPolicyFile'; return @{ Bytes = [byte[]]$global:Recorded.secedit; MtimeUtc = $global:Recorded.now } }
function Get-AuditPolicyFile($Folder) { Enter-Call 'Get-AuditPolicyFile'; return @{ Bytes = [byte[]]$global:Recorded.auditpol; MtimeUtc = $global:Recorded.now } }
function Get-NetstatText { Enter-Call 'Get-NetstatText'; return $global:Recorded.netstat }
function Get-VssWriterText { Enter-Call 'Get-VssWriterText'; return $global:Recorded.vssadmin }
function Get-TaskList($Seconds) { Enter-Call 'Get-TaskList'; return @{ Tasks = @($global:Recorded.tasks); Errors = @(); Complete = $true } }
function Get-TaskXml($Path) { Enter-Call 'Get-TaskXml' $Path; return $global:Recorded.taskXml }
function Get-ActiveFirewallProfiles { Enter-Call 'Get-ActiveFirewallProfiles'; return @($global:Recorded.firewall) }
function Get-NetworkConnections { Enter-Call 'Get-NetworkConnections'; return @($global:Recorded.connections) }
function Get-UpdateHistory { Enter-Call 'Get-UpdateHistory'; return @($global:Recorded.updates) }
function Get-AdsiGroups { Enter-Call 'Get-AdsiGroups'; return @($global:Recorded.groups) }
function Get-AdsiGroupMembers($Group) { Enter-Call 'Get-AdsiGroupMembers' $Group; return @($global:Recorded.members[$Group]) }
function Get-AdsiUserFacts($Name) { Enter-Call 'Get-AdsiUserFacts' $Name; return @{ UserFlags = [long]513; PasswordAge = [long]864000; LastLogin = $null } }
function Get-AdsiAccountPolicy { Enter-Call 'Get-AdsiAccountPolicy'; return $global:Recorded.accountPolicy.Clone() }
function Get-DirectoryObject($Sid, $Attributes) {
    Enter-Call 'Get-DirectoryObject' $Sid
    if (-not $global:Recorded.directory.Contains($Sid)) { return $null }
    $found = @{}
    foreach ($name in $Attributes) { if ($global:Recorded.directory[$Sid].Contains($name)) { $found[$name] = @($global:Recorded.directory[$Sid][$name]) } }
    return $found
}
function Get-DirectoryGroupMembers($Sid, $Limit) { Enter-Call 'Get-DirectoryGroupMembers' $Sid; return @($global:Recorded.directoryMembers) }
function Get-StoreCertificates($Store) {
    Enter-Call 'Get-StoreCertificates' $Store
    if (-not $global:Recorded.certificates.Contains($Store)) { return $null }
    return , @($global:Recorded.certificates[$Store])
}
function Get-EventLogFacts($Channel) {
    Enter-Call 'Get-EventLogFacts' $Channel
    return @{ FileSize = [long]1052672; RecordCount = [long]1200; OldestUtc = $global:Recorded.now.AddDays(-90); NewestUtc = $global:Recorded.now }
}
function Get-EventFacts($Channel, $Query, $DataFields, $Limit, $Seconds) {
    Enter-Call 'Get-EventFacts' $Channel $Query
    if (-not $global:Recorded.events.Contains($Channel)) { return }
    return @($global:Recorded.events[$Channel] | Where-Object { $Query -match ('EventID=' + $_.Id + '\b') -and $Query.Contains("'" + $_.Provider + "'") })
}
function Get-SecureBootNames($Variable, $Names) { Enter-Call 'Get-SecureBootNames' $Variable; return [string[]]@($Names | Select-Object -First 1) }
