"""What every report tells of one snapshot: results, gaps with their commands, counts, and the exit code of a run.

Shapes follow the JSON report, schema version 1; this module judges nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from snapshot_tool.engine import Result
from snapshot_tool.load import HostFacts
from snapshot_tool.report.inventory import Inventory
from snapshot_tool.verdict import Cause, Severity, Status


@dataclass(frozen=True, slots=True)
class DatasetGap:
    """A dataset, or part of one, that could not be read, and the command that closes the gap."""

    dataset: str
    cause: Cause
    detail: str
    remedy: str


@dataclass(frozen=True)
class Assessment:
    """One snapshot, judged."""

    source: str
    sha256: str | None
    host: HostFacts
    collected_utc: str | None
    results: Sequence[Result]
    gaps: Sequence[DatasetGap]
    closing_command: str | None = None
    inventory: Inventory | None = None
    notes: Sequence[str] = ()

    @cached_property
    def shown(self) -> list[Result]:
        """The results that people see: folded ones are said by their parent."""
        return [result for result in self.results if result.folded_into is None]

    @cached_property
    def failures(self) -> list[Result]:
        """Failures that are neither folded nor waived, worst first."""
        return sorted(
            (result for result in self.shown if result.status is Status.FAIL and result.waiver is None),
            key=_worst_first,
        )

    @cached_property
    def waived(self) -> list[Result]:
        """Failures that the policy accepts."""
        return [result for result in self.shown if result.status is Status.FAIL and result.waiver is not None]

    @cached_property
    def unassessed(self) -> list[Result]:
        """What could not be judged, questions for people left out."""
        return [
            result
            for result in self.shown
            if result.status is Status.NOT_ASSESSED and result.gap is not None and result.gap.cause is not Cause.MANUAL
        ]

    @cached_property
    def questions(self) -> list[Result]:
        """What no snapshot can answer."""
        return [
            result
            for result in self.shown
            if result.status is Status.NOT_ASSESSED and result.gap is not None and result.gap.cause is Cause.MANUAL
        ]

    @cached_property
    def summary(self) -> dict[Severity, int]:
        """Failing results by severity, worst first."""
        counts = Counter(result.severity for result in self.failures)
        return {severity: counts[severity] for severity in sorted(Severity, reverse=True)}

    @cached_property
    def coverage(self) -> dict[str, Any]:
        """Checks by their worst status; `manual` apart; causes of gaps by number of checks."""
        worst: dict[str, Status] = {}
        causes: dict[str, set[Cause]] = {}
        asked: set[str] = set()
        for result in self.shown:
            identifier = result.check.id
            if result.gap is not None and result.gap.cause is Cause.MANUAL:
                asked.add(identifier)
                continue
            worst[identifier] = max(worst.get(identifier, Status.NOT_APPLICABLE), result.status)
            if result.gap is not None and result.status is Status.NOT_ASSESSED:
                causes.setdefault(identifier, set()).add(result.gap.cause)
        counts = Counter(worst.values())
        gaps = Counter(cause for found in causes.values() for cause in found)
        return {
            "assessed": counts[Status.PASS] + counts[Status.FAIL],
            "notAssessed": counts[Status.NOT_ASSESSED],
            "notApplicable": counts[Status.NOT_APPLICABLE],
            "manual": len(asked),
            "causes": {cause.value: gaps[cause] for cause in sorted(gaps)},
        }


def _worst_first(result: Result) -> tuple[Any, ...]:
    return (-result.severity, *result.identity)


def exit_code(assessments: Iterable[Assessment], fail_on: Severity | None, *, unreadable: bool) -> int:
    """4 unreadable input, 1 findings at or above the threshold, 3 gaps, 0 else: the first that holds in this order."""
    assessments = list(assessments)
    if unreadable:
        return 4
    if fail_on is not None and any(result.severity >= fail_on for one in assessments for result in one.failures):
        return 1
    if any(one.unassessed for one in assessments):
        return 3
    return 0
