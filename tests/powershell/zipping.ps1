# Writes the files of a folder into an archive with collector.ps1's own functions, in the order of a list of names.
param($Collector, $Folder, $Archive)
. $Collector
Initialize-Run
Open-Snapshot $Archive $false
foreach ($name in Get-Content -LiteralPath "$Folder/names.txt") {
    $bytes = [System.IO.File]::ReadAllBytes("$Folder/$name")
    Add-SnapshotFile "data/$name" $bytes $bytes.Length $null
}
Close-Snapshot
ConvertTo-Json @($script:Files) -Compress | Set-Content -LiteralPath "$Folder/files.json" -Encoding utf8NoBOM
