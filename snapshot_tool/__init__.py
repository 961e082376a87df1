"""Offline configuration analyzer for Hyper-V hosts."""

__version__ = "0.1.0"
