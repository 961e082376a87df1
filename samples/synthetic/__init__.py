"""Writes invented snapshots: readable descriptions of hosts in, archives of the snapshot format out."""
