"""`python -m snapshot_tool`."""

from snapshot_tool.cli import main

main()
