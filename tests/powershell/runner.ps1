# Runs collector.ps1 many times in one process, each time on a recorded host. Reads a list of scenarios, writes a list of outcomes (recorded.py).
param($Collector, $Layer, $Scenarios, $Answers)
. $Collector
. $Layer
$hosts = @{}
$outcomes = foreach ($scenario in (Get-Content -Raw -LiteralPath $Scenarios -Encoding utf8 | ConvertFrom-Json -AsHashtable -DateKind String)) {
    if (-not $hosts.Contains($scenario.host)) { $hosts.Clear(); $hosts[$scenario.host] = Read-Recorded $scenario.host }
    $global:Recorded = $hosts[$scenario.host]
    $global:RecordedFaults = [hashtable]::new([System.StringComparer]::OrdinalIgnoreCase)
    foreach ($key in $scenario.faults.Keys) { $global:RecordedFaults[$key] = $scenario.faults[$key] }
    $global:RecordedSlow = [hashtable]::new([System.StringComparer]::OrdinalIgnoreCase)
    foreach ($key in $scenario.slow.Keys) { $global:RecordedSlow[$key] = $scenario.slow[$key] }
    $global:RecordedCalls = [System.Collections.ArrayList]::new()
    $global:RecordedClock = [long]0
    $before = @{}
    foreach ($path in $scenario.patch.Keys) {
        $before[$path] = $global:Recorded[$path]
        $global:Recorded[$path] = ConvertFrom-Recorded $scenario.patch[$path]
    }
    $parameters = @{}
    foreach ($name in $scenario.parameters.Keys) {
        $value = $scenario.parameters[$name]
        if ($value -is [System.Array]) { $value = [string[]]$value }
        $parameters[$name] = $value
    }
    $failure = $null; $code = $null; $text = @()
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $before_cpu = [System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
    try {
        $ended = $null
        $text = @(Invoke-Collector $parameters *>&1 | ForEach-Object { if ($_ -is [System.Collections.IDictionary] -and $_.Contains('ExitCode')) { $ended = $_ } else { "$_" } })
        $code = $ended.ExitCode
    } catch { $failure = "$($_.Exception.GetType().FullName): $($_.Exception.Message) $($_.InvocationInfo.PositionMessage)" }
    @{ name = $scenario.name; code = $code; failure = $failure; text = ($text -join "`n"); seconds = $watch.Elapsed.TotalSeconds
        cpu = ([System.Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $before_cpu).TotalSeconds; calls = @($global:RecordedCalls); clock = $global:RecordedClock }
    foreach ($path in $before.Keys) { $global:Recorded[$path] = $before[$path] }
}
ConvertTo-Json @($outcomes) -Depth 6 -Compress | Set-Content -LiteralPath $Answers -Encoding utf8NoBOM
