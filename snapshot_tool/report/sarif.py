"""SARIF 2.1.0 (OASIS): rules are checks, results are findings and gaps, places are members of the snapshot."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from snapshot_tool import __version__
from snapshot_tool.check import Check
from snapshot_tool.engine import Result
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.localized import Wording
from snapshot_tool.verdict import Cause, Severity, Status

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
EVIDENCE_SHOWN = 20
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# The scale of `security-severity` that code-scanning services read: 0.0 to 10.0.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}


def render(assessments: Iterable[Assessment], wording: Wording) -> bytes:
    """One run per snapshot; ASCII JSON."""
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(one, wording) for one in assessments]}
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _run(assessment: Assessment, wording: Wording) -> dict[str, Any]:
    results = [*assessment.failures, *assessment.waived, *assessment.unassessed, *assessment.questions]
    checks = sorted({result.check.id: result.check for result in results}.values(), key=lambda check: check.id)
    numbers = {check.id: number for number, check in enumerate(checks)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "snapshot-tool",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(check, wording) for check in checks],
            }
        },
        "language": wording.texts.language,
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"snapshot-tool/{quote(assessment.host.name or assessment.source)}/"},
        "results": [_result(result, numbers, wording) for result in results],
    }
    artifact: dict[str, Any] = {"location": {"uri": quote(assessment.source)}}
    if assessment.sha256:
        artifact["hashes"] = {"sha-256": assessment.sha256}
    run["artifacts"] = [artifact]
    return run


def _rule(check: Check, wording: Wording) -> dict[str, Any]:
    return {
        "id": check.id,
        "name": check.id.replace("-", ""),
        "shortDescription": {"text": wording.title(check)},
        "fullDescription": {"text": wording.rationale(check) or wording.title(check)},
        "help": {"text": wording.remediation(check) or "-", "markdown": wording.remediation(check) or "-"},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"tags": list(dict.fromkeys(check.refs)), "security-severity": _SCORES[check.severity]},
    }


def _result(result: Result, numbers: dict[str, int], wording: Wording) -> dict[str, Any]:
    failed = result.status is Status.FAIL
    asked = result.gap is not None and result.gap.cause is Cause.MANUAL
    document: dict[str, Any] = {
        "ruleId": result.check.id,
        "ruleIndex": numbers[result.check.id],
        "kind": "fail" if failed else "review" if asked else "open",
        "level": _LEVELS[result.severity] if failed else "none",
        "message": {"text": harmless(wording.message(result), limit=1000) or wording.title(result.check)},
        "partialFingerprints": {"identity/v1": _identity(result), "observed/v1": result.fingerprint},
        "properties": {"severity": result.severity.word},
    }
    locations = _locations(result)
    if locations:
        document["locations"] = locations[:1]
        if len(locations) > 1:
            document["relatedLocations"] = locations[1:]
    if result.gap is not None and not failed:
        document["properties"]["cause"] = result.gap.cause.value
    if result.waiver is not None:
        why = f"{result.waiver.reason} ({result.waiver.owner}, until {result.waiver.expires})"
        # Without a status it is an accepted one; drafts of the schema disagree on that member's name.
        document["suppressions"] = [{"kind": "external", "justification": harmless(why)}]
    return document


def _locations(result: Result) -> list[dict[str, Any]]:
    logical: list[dict[str, Any]] = []
    if result.subject is not None:
        key = " ".join(f"{name}={value}" for name, value in result.subject.key.items())
        qualified = harmless(f"{result.subject.table}: {key or result.subject.name}")
        logical = [{"name": harmless(result.subject.name), "fullyQualifiedName": qualified, "kind": "resource"}]
    places: Sequence[dict[str, Any]] = [
        {
            "physicalLocation": {"artifactLocation": {"uri": quote(item.file)}},
            "message": {"text": harmless(f"{item.path} = {json.dumps(item.value, default=str)}")},
        }
        for item in result.evidence[:EVIDENCE_SHOWN]
        if item.file
    ]
    # The schema wants each place once; values of one derived row can come from one and the same cell.
    places = list({json.dumps(place): place for place in places}.values())
    if logical:
        return [{"logicalLocations": logical, **(places[0] if places else {})}, *places[1:]]
    return list(places)


def _identity(result: Result) -> str:
    return "|".join(result.identity)
