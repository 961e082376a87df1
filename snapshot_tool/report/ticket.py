"""Findings of one check out of a JSON report, as Markdown for a ticket, with the waiver that would accept each."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snapshot_tool.check import Check
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.localized import Wording
from snapshot_tool.report.markdown import code, text

MAX_BYTES = 512 * 1024 * 1024


class TicketError(ValueError):
    """The report cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """One failing result of the report."""

    source: str
    result: dict[str, Any]


def tickets(report: Path, check: Check, wording: Wording) -> str:
    """Markdown about every finding of the check. Raises TicketError."""
    found = _findings(report, check)
    texts = wording.texts
    lines = [f"# {check.id}: {wording.title(check)}", ""]
    if not found:
        return "\n".join([*lines, texts["nothing"]]) + "\n"
    for finding in found:
        result = finding.result
        lines.append(
            f"- **{texts[result['severity']]}**, {text(finding.source)}: {text(wording.told(result['message']), limit=600)}"
        )
        lines += [f"  - {code(e['file'])} {code(e['path'])} = {code(e['value'])}" for e in result["evidence"][-5:]]
    lines += ["", f"**{texts['reason']}.** {' '.join(wording.rationale(check).split())}"]
    lines += ["", f"**{texts['remediation']}.** {' '.join(wording.remediation(check).split())}"]
    lines += ["", f"{texts['references']}: {', '.join(check.refs)}", "", texts["waiverHint"], "", "```toml"]
    for finding in found:
        lines += [*_waiver(finding.result), ""]
    return "\n".join([*lines[:-1], "```"]) + "\n"


def _findings(report: Path, check: Check) -> list[_Finding]:
    try:
        if report.stat().st_size > MAX_BYTES:
            raise TicketError(f"is larger than {MAX_BYTES // 1024 // 1024} MiB")
        document = json.loads(report.read_bytes())
    except OSError as error:
        raise TicketError(f"cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise TicketError("is no JSON report") from None
    try:
        return [
            _Finding(str(snapshot["source"]), result)
            for snapshot in document["snapshots"]
            for result in snapshot["results"]
            if result["check"] == check.id and result["status"] == "fail" and _complete(result)
        ]
    except (KeyError, TypeError):
        raise TicketError("is no report of snapshot-tool analyze --json") from None


def _complete(result: dict[str, Any]) -> bool:
    return all(name in result for name in ("severity", "message", "evidence", "fingerprint"))


def _waiver(result: dict[str, Any]) -> list[str]:
    lines = ["[[waiver]]", f"check = {_toml(result['check'])}", f"observed = {_toml(result['fingerprint'])}"]
    subject = result.get("subject")
    if subject:
        lines.append(f"table = {_toml(subject['table'])}")
        pairs = [f"{_toml(name)} = {_toml(value)}" for name, value in subject["key"].items() if value is not None]
        if pairs:
            lines.append(f"key = {{ {', '.join(pairs)} }}")
        if subject.get("part"):
            lines.append(f"part = {_toml(subject['part'])}")
    return [*lines, 'owner = "who accepts it"', 'reason = "why"', "expires = 2027-12-31"]


def _toml(value: Any) -> str:
    """A basic string or a number; JSON's escapes are TOML's for what `harmless` leaves."""
    return json.dumps(harmless(value, limit=2000)) if isinstance(value, str) else json.dumps(value)
