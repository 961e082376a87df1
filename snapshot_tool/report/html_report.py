"""The HTML report: one self-contained file that asks nothing of any network, its data compressed inside and shown by a script.

Foreign text goes into the compressed JSON and, made harmless, into the escaped text of the drawing; the script makes text nodes of it.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import IO, Any

from snapshot_tool import __version__
from snapshot_tool.check import Check
from snapshot_tool.engine import Result
from snapshot_tool.knowledge import KNOWLEDGE_DATE
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.drawing import network_svg
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.inventory import Inventory
from snapshot_tool.report.localized import Wording
from snapshot_tool.verdict import Status

EVIDENCE_SHOWN = 25
TEXT_SHOWN = 600
TABLE_ROWS = 2000
BATCH = 500


def write(assessments: Sequence[Assessment], wording: Wording, out: IO[bytes]) -> None:
    """Writes the page; the data pass through the compressor piece by piece, for there may be 100,000 findings."""
    style, script = _asset("style.css").strip(), _asset("script.js").strip()
    texts = wording.texts
    title = (
        texts["title"]
        if len(assessments) != 1
        else f"{texts['title']}: {assessments[0].host.name or assessments[0].source}"
    )
    drawings = "".join(f"<div>{_drawing(assessment.inventory)}</div>" for assessment in assessments)
    filled = {
        "LANG": texts.language,
        "VERSION": __version__,
        "TITLE": escape(harmless(title)),
        "NOSCRIPT": escape(texts["noscript"]),
        "STYLE_HASH": _csp_hash(style),
        "SCRIPT_HASH": _csp_hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "DRAWINGS": drawings,
    }
    before, after = _asset("page.html").split("@DATA@")
    for name in ("LANG", "VERSION", "TITLE", "NOSCRIPT", "STYLE_HASH", "SCRIPT_HASH", "DRAWINGS", "STYLE"):
        before = before.replace(f"@{name}@", filled[name])
    out.write(before.encode())
    for piece in _packed(_pieces(assessments, wording)):
        out.write(piece)
    out.write(after.replace("@SCRIPT@", script).encode())


def _packed(pieces: Iterable[str]) -> Iterator[bytes]:
    """Gzip, then Base64 in pieces whose length is a multiple of three."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    left = b""
    for piece in pieces:
        left += packer.compress(piece.encode("utf-8", "surrogatepass"))
        if len(left) >= 48 * 1024:
            whole = len(left) // 3 * 3
            yield base64.b64encode(left[:whole])
            left = left[whole:]
    yield base64.b64encode(left + packer.flush())


def _pieces(assessments: Sequence[Assessment], wording: Wording) -> Iterator[str]:
    head = {"texts": dict(wording.texts.words), "knowledgeDate": KNOWLEDGE_DATE, "version": __version__}
    yield json.dumps(head)[:-1] + ', "snapshots": ['
    for place, assessment in enumerate(assessments):
        yield ("," if place else "") + json.dumps(_snapshot(assessment, wording))[:-1] + ', "results": ['
        numbers = {check.id: number for number, check in enumerate(_told_checks(assessment))}
        remedies = {(gap.dataset, gap.cause): wording.told(gap.remedy) for gap in assessment.gaps}
        batch: list[list[Any]] = []
        comma = ""
        for result in _told(assessment):
            batch.append(_result(result, numbers, remedies, wording))
            if len(batch) == BATCH:
                yield comma + json.dumps(batch, default=str)[1:-1]
                batch, comma = [], ","
        if batch:
            yield comma + json.dumps(batch, default=str)[1:-1]
        yield "]}"
    yield "]}"


def _told(assessment: Assessment) -> Iterator[Result]:
    yield from assessment.failures
    yield from assessment.waived
    yield from assessment.unassessed
    yield from assessment.questions


def _told_checks(assessment: Assessment) -> list[Check]:
    return list({result.check.id: result.check for result in _told(assessment)}.values())


def _snapshot(assessment: Assessment, wording: Wording) -> dict[str, Any]:
    host = assessment.host
    worst: dict[str, Result] = {}
    for result in assessment.shown:
        known = worst.get(result.check.id)
        if known is None or result.status > known.status:
            worst[result.check.id] = result
    areas = sorted({result.check.area for result in worst.values()})
    return {
        "source": harmless(assessment.source),
        "host": {
            "name": host.name and harmless(host.name),
            "os": host.os,
            "build": host.build,
            "installationType": host.installation_type and harmless(host.installation_type),
        },
        "collectedUtc": assessment.collected_utc,
        "coverage": assessment.coverage,
        "summary": {severity.word: count for severity, count in assessment.summary.items()},
        "areas": {area: wording.texts.area(area) for area in areas},
        "command": assessment.closing_command,
        "checks": [
            {
                "id": check.id,
                "area": check.area,
                "title": wording.title(check),
                "rationale": wording.rationale(check),
                "remediation": wording.remediation(check),
                "refs": list(check.refs),
            }
            for check in _told_checks(assessment)
        ],
        "all": [
            [result.check.id, wording.title(result.check), result.status.word] for _, result in sorted(worst.items())
        ],
        "gaps": [
            [gap.dataset, gap.cause.value, harmless(wording.told(gap.detail)), wording.told(gap.remedy)]
            for gap in assessment.gaps
        ],
        "notes": [harmless(note) for note in assessment.notes],
        "inventory": _inventory(assessment.inventory),
    }


def _inventory(inventory: Inventory | None) -> list[dict[str, Any]]:
    return [
        {
            "name": table.name,
            "columns": list(table.columns),
            "rows": [[harmless(cell) for cell in row] for row in table.rows[:TABLE_ROWS]],
            "gap": table.gap,
        }
        for table in (inventory.tables if inventory else ())
    ]


def _result(result: Result, numbers: dict[str, int], remedies: dict[Any, str], wording: Wording) -> list[Any]:
    gap = result.gap if result.status is Status.NOT_ASSESSED else None
    evidence = [
        [harmless(item.file), harmless(item.path), harmless(_value(item.value))]
        for item in result.evidence[:EVIDENCE_SHOWN]
    ]
    waiver = result.waiver
    subject = result.subject
    return [
        numbers[result.check.id],
        result.status.word,
        result.severity.word,
        harmless(subject.name) if subject else "",
        subject.table if subject else "",
        harmless(wording.message(result), limit=TEXT_SHOWN),
        evidence,
        max(0, len(result.evidence) - EVIDENCE_SHOWN),
        gap.cause.value if gap else None,
        waiver and {"reason": harmless(waiver.reason), "owner": harmless(waiver.owner), "expires": waiver.expires},
        remedies.get((gap.table, gap.cause), "") if gap else "",
    ]


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _drawing(inventory: Inventory | None) -> str:
    return network_svg(inventory) if inventory else ""


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return (Path(__file__).with_name("html") / name).read_text(encoding="utf-8")
