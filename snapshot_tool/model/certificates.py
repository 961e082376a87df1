"""Certificates of the machine stores."""

from datetime import datetime
from enum import StrEnum

from snapshot_tool.snapshot import Row


class CertificateStore(StrEnum):
    """`certificates.Store`."""

    MY = "My"
    REMOTE_DESKTOP = "Remote Desktop"
    SHIELDED_VM_LOCAL_CERTIFICATES = "Shielded VM Local Certificates"


class Certificate(Row, table="certificates"):
    """Certificates of the machine stores in use: one row is certificate x store."""

    __slots__ = ()
    name_column = "Subject"

    store: CertificateStore
    thumbprint: str
    subject: str
    issuer: str
    san_dns: tuple[str, ...]
    not_before_utc: datetime
    not_after_utc: datetime
    sig_alg: str | None
    key_alg: str | None
    key_bits: int | None
    eku: tuple[str, ...] | None
    has_private_key: bool
    self_signed: bool
