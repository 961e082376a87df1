"""Which outdated protocols Schannel speaks as a server when the registry says nothing.

Source: "Protocols in TLS/SSL (Schannel SSP)" of Microsoft's Win32 documentation, 2026-11-22. That 2025 has TLS 1.0 and 1.1 off is not verified.
"""

from typing import Final

OUTDATED_PROTOCOLS: Final = ("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1")

ON_BY_DEFAULT: Final[dict[str, tuple[str, str]]] = {
    "SSL 2.0": ("2008", "2008R2"),
    "SSL 3.0": ("2008", "2012R2"),
    "TLS 1.0": ("2008", "2022"),
    "TLS 1.1": ("2012", "2022"),
}
"""Protocol -> first and last era that has it on."""
