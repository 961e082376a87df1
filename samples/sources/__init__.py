"""The hosts: each source says what differs from a stock installation, and why."""
