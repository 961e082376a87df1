"""Dated facts of Windows and Hyper-V, each with its source: tables as CSV, rules as code."""

KNOWLEDGE_DATE = "2026-11-24"
