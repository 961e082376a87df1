"""Object identifiers of certificates: uses (RFC 5280, 4.2.1.12) and algorithms (RFC 3279, RFC 8017, OIW)."""

from typing import Final

SERVER_USE: Final = "1.3.6.1.5.5.7.3.1"
CLIENT_USE: Final = "1.3.6.1.5.5.7.3.2"
ANY_USE: Final = "2.5.29.37.0"
RSA: Final = "1.2.840.113549.1.1.1"
SHA1_SIGNATURES: Final = frozenset(
    {
        "1.2.840.113549.1.1.5",  # RSA
        "1.3.14.3.2.29",  # RSA, as OIW has it
        "1.2.840.10040.4.3",  # DSA
        "1.2.840.10045.4.1",  # ECDSA
    }
)
