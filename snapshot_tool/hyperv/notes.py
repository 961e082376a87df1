"""What is told about a VM's notes without their text: length, hash, and whether they look like a secret."""

import re
from hashlib import sha256
from typing import Any

_SECRET = re.compile(r"password|passwort|pwd|kennwort|secret|key\s*=", re.IGNORECASE)


def described_notes(text: str) -> dict[str, Any]:
    """The columns NotesLength (as PowerShell counts: UTF-16 units), NotesSha256 (of the UTF-8 text, null for none), NotesSuspicious."""
    return {
        "NotesLength": len(text.encode("utf-16-le")) // 2,
        "NotesSha256": sha256(text.encode()).hexdigest() if text else None,
        "NotesSuspicious": _SECRET.search(text) is not None,
    }
