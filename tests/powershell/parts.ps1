# Calls single functions of collector.ps1 for the tests of its writer, zip and filter: what to do in $Orders (JSON), answers in $Answers.
param($Collector, $Orders, $Answers)
$ErrorActionPreference = 'Stop'
. $Collector
Initialize-Run
$orders = Get-Content -Raw -LiteralPath $Orders -Encoding utf8 | ConvertFrom-Json -AsHashtable -DateKind String -Depth 32

function ConvertFrom-Order($Order) {
    $invariant = [cultureinfo]::InvariantCulture
    switch ($Order.t) {
        'null' { return $null }
        'text' { return $Order.v }
        'units' { return -join [char[]]@($Order.v | ForEach-Object { [int]$_ }) }
        'char' { return [char]$Order.v }
        'bool' { return [bool]$Order.v }
        'guid' { return [guid]$Order.v }
        'utc' { return [datetime]::SpecifyKind([datetime]::ParseExact($Order.v, 'o', $invariant, 'RoundtripKind'), 'Utc') }
        'local' { return [datetime]::SpecifyKind([datetime]::ParseExact($Order.v, 'o', $invariant, 'RoundtripKind'), 'Local') }
        'none' { return [datetime]::SpecifyKind([datetime]::ParseExact($Order.v, 'o', $invariant, 'RoundtripKind'), 'Unspecified') }
        'bytes' { return , [System.Convert]::FromHexString($Order.v) }
        'list' {
            $list = [System.Collections.ArrayList]::new()
            foreach ($one in $Order.v) { [void]$list.Add((ConvertFrom-Order $one)) }
            return , $list.ToArray()
        }
        'texts' { return , [string[]]@($Order.v) }
        'object' {
            $flat = [System.Collections.ArrayList]::new()
            foreach ($name in $Order.v.Keys) { [void]$flat.Add($name); [void]$flat.Add((ConvertFrom-Order $Order.v[$name])) }
            return New-Ordered $flat.ToArray()
        }
        'double' { return [double]::Parse($Order.v, $invariant) }
        'single' { return [single]::Parse($Order.v, $invariant) }
        default { return [System.Convert]::ChangeType($Order.v, [type]('System.' + $Order.t), $invariant) }
    }
}

$answer = @{}
if ($orders.Contains('cells')) {
    $global:Captured = $null
    function Add-SnapshotFile($Name, $Bytes, $Count, $Mtime) { $global:Captured = [System.Convert]::ToBase64String($Bytes, 0, $Count) }
    $rows = [System.Collections.ArrayList]::new()
    foreach ($order in $orders.cells) { $value = ConvertFrom-Order $order; [void]$rows.Add(@{ 'V' = $value }) }
    $d = @{ Name = 'services'; Schema = 1; Source = 'reg'; CollectedUtc = [datetime]::new(2026, 11, 22, 0, 41, 2, [System.DateTimeKind]::Utc); Rows = $rows; Unread = @{}; Errors = [System.Collections.ArrayList]::new(); Truncated = $false; TruncatedBy = $null }
    foreach ($culture in $orders.cultures) {
        [cultureinfo]::CurrentCulture = [cultureinfo]::GetCultureInfo($culture)
        Write-DataFile $d @(@{ Name = 'V'; Nullable = $true; Type = 'string' }) 'data/services.json'
        $answer['cells ' + $culture] = $global:Captured
    }
    [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
    $answer['values'] = @(foreach ($row in $rows) { ConvertTo-JsonText $row['V'] })
}
if ($orders.Contains('filter')) {
    $answer['filter'] = @(foreach ($text in $orders.filter) { Protect-Text $text })
}
if ($orders.Contains('dmtf')) {
    [cultureinfo]::CurrentCulture = [cultureinfo]::GetCultureInfo('th-TH')
    $answer['dmtf'] = @(foreach ($text in $orders.dmtf) { ConvertTo-JsonText (ConvertFrom-DmtfText $text) })
    [cultureinfo]::CurrentCulture = [cultureinfo]::InvariantCulture
}
if ($orders.Contains('timed')) {
    function Add-SnapshotFile($Name, $Bytes, $Count, $Mtime) { }
    $answer['timed'] = @(foreach ($table in $orders.timed) {
            $rows = [System.Collections.ArrayList]::new()
            foreach ($line in $table.rows) {
                $row = @{}
                for ($i = 0; $i -lt $table.columns.Count; $i++) { $row[$table.columns[$i]] = $(if ($line[$i] -is [System.Array]) { , [string[]]$line[$i] } else { $line[$i] }) }
                [void]$rows.Add($row)
            }
            $d = @{ Name = $table.name; Schema = 1; Source = 'reg'; CollectedUtc = [datetime]::UtcNow; Rows = $rows; Unread = @{}; Errors = [System.Collections.ArrayList]::new(); Truncated = $false; TruncatedBy = $null }
            $columns = @($table.columns | ForEach-Object { @{ Name = $_; Nullable = $true; Type = 'string' } })
            $best = [double]::MaxValue
            for ($round = 0; $round -lt 3; $round++) {
                $before = [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
                Write-DataFile $d $columns 'data/x.json'
                $best = [System.Math]::Min($best, ([System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $before).TotalSeconds)
            }
            @{ name = $table.name; cells = $rows.Count * $columns.Count; seconds = $best }
        })
}
ConvertTo-Json $answer -Depth 8 -Compress | Set-Content -LiteralPath $Answers -Encoding utf8NoBOM
