"""The JSON report, schema version 1: stable order, same bytes for the same input."""

import json
from collections.abc import Iterable
from typing import Any

from snapshot_tool import __version__
from snapshot_tool.engine import Result
from snapshot_tool.knowledge import KNOWLEDGE_DATE
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.verdict import Status

SCHEMA_VERSION = 1


def render(assessments: Iterable[Assessment], *, only_failed: bool = False) -> bytes:
    """UTF-8 JSON with a final line feed; text that no encoding can hold (lone surrogates) stays escaped."""
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": "snapshot-tool", "version": __version__, "knowledgeDate": KNOWLEDGE_DATE},
        "snapshots": [_snapshot(assessment, only_failed=only_failed) for assessment in assessments],
    }
    return (_layout(document, 0) + "\n").encode("ascii")


def _layout(value: Any, depth: int) -> str:
    """Objects and lists of the upper levels one member a line; below, one line each, written by the fast encoder."""
    if depth < 4 and value and isinstance(value, dict | list):
        pad = " " * (depth + 1)
        if isinstance(value, dict):
            members = [f"{json.dumps(name)}: {_layout(member, depth + 1)}" for name, member in value.items()]
            return "{\n" + ",\n".join(pad + member for member in members) + "\n" + " " * depth + "}"
        return "[\n" + ",\n".join(pad + _layout(item, depth + 1) for item in value) + "\n" + " " * depth + "]"
    return json.dumps(value)


def _snapshot(assessment: Assessment, *, only_failed: bool) -> dict[str, Any]:
    host = assessment.host
    return {
        "source": assessment.source,
        "sha256": assessment.sha256,
        "host": {"name": host.name, "build": host.build, "os": host.os, "installationType": host.installation_type},
        "collectedUtc": assessment.collected_utc,
        "coverage": assessment.coverage,
        "summary": {severity.word: count for severity, count in assessment.summary.items()},
        "results": [
            _result(result) for result in assessment.results if not only_failed or result.status is Status.FAIL
        ],
        "gaps": [
            {"dataset": gap.dataset, "cause": gap.cause.value, "detail": gap.detail, "remedy": gap.remedy}
            for gap in assessment.gaps
        ],
        "notes": list(assessment.notes),
    }


def _result(result: Result) -> dict[str, Any]:
    subject = result.subject
    document: dict[str, Any] = {
        "check": result.check.id,
        "status": result.status.word,
        "severity": result.severity.word,
        "subject": subject
        and {"table": subject.table, "key": dict(subject.key), "part": subject.part, "name": subject.name},
        "message": result.message,
        "evidence": [{"file": item.file, "path": item.path, "value": item.value} for item in result.evidence],
        "cause": result.gap.cause.value if result.status is Status.NOT_ASSESSED and result.gap is not None else None,
        "waiver": result.waiver
        and {"reason": result.waiver.reason, "owner": result.waiver.owner, "expires": result.waiver.expires},
        "foldedInto": result.folded_into,
    }
    if result.status is Status.FAIL:
        document["fingerprint"] = result.fingerprint
    if result.count is not None:
        document["count"] = result.count
    return document
