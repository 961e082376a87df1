"""Checks x snapshot -> results: every check answers, whatever is missing and whatever crashes.

The only module that catches every exception; a crash is contained in the result that it cost, and visible there.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from snapshot_tool.check import Check
from snapshot_tool.knowledge.format import in_era
from snapshot_tool.policy import WaiverRule
from snapshot_tool.snapshot import Record, Row, Rows, Snapshot, evidence_of
from snapshot_tool.verdict import UNSET, Cause, Evidence, Gap, NotAssessed, NotOffered, Severity, Status, Verdict

T = TypeVar("T")
Folds = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a result is about: table, its key columns, part (where one row can fail twice), name for people."""

    table: str
    key: Mapping[str, Any]
    part: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a failure is accepted, by whom and until when (ISO date)."""

    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Result:
    """One answer of one check; `count` > 1 for passes and not-applicable rows told together."""

    check: Check
    status: Status
    severity: Severity
    subject: Subject | None = None
    message: str = ""
    evidence: tuple[Evidence, ...] = ()
    gap: Gap | None = None
    waiver: Waiver | None = None
    folded_into: str | None = None
    count: int | None = None
    shared: str | None = None

    @property
    def fingerprint(self) -> str:
        """What was observed, in 12 digits: a waiver is bound to it, and the finding comes back when a value changes."""
        observed = [
            self.check.id,
            self.severity.word,
            sorted(json.dumps(item.value, default=str) for item in self.evidence),
        ]
        return sha256(json.dumps(observed).encode()).hexdigest()[:12]

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """(check, table, key, part): unique in a snapshot and stable between runs, languages and row orders."""
        if self.subject is None:
            return (self.check.id, "", "", "")
        key = json.dumps(self.subject.key, sort_keys=True, default=str)
        return (self.check.id, self.subject.table, key, self.subject.part or "")


_QUIET = frozenset({Status.PASS, Status.NOT_APPLICABLE})


def judge(
    snapshot: Snapshot,
    checks: Iterable[Check],
    *,
    folds: Folds,
    full: bool = False,
    off: Mapping[str, str] = {},
    waivers: Sequence[WaiverRule] = (),
) -> list[Result]:
    """Asks every check; results in a stable order. `full` keeps one result per subject for passes too.

    `off`: checks that the policy does not want asked, with the reason. `waivers`: failures that it accepts.
    """
    results: list[Result] = []
    for check in checks:
        if check.id in off:
            results.append(_single(check, Status.NOT_APPLICABLE, f"switched off by the policy: {off[check.id]}"))
        else:
            results.extend(_answers(snapshot, check, full=full))
    results.sort(key=_order)
    if waivers:
        results = [_waived(result, waivers, snapshot.host.started) for result in results]
    return _fold(results, folds)


def contained(build: Callable[[], T]) -> T | str:
    """What `build` gives, or why it crashed: for parts of a report that must not cost the whole."""
    try:
        return build()
    except Exception as error:  # noqa: BLE001 - told in the report's notes
        return f"{type(error).__name__}: {str(error)[:200]}"


def _waived(result: Result, waivers: Sequence[WaiverRule], moment: datetime | None) -> Result:
    """The result with the first waiver that fits and had not expired when the snapshot was taken."""
    if result.status is not Status.FAIL:
        return result
    for rule in waivers:
        if rule.check != result.check.id or rule.observed != result.fingerprint:
            continue
        if moment is not None and moment.date() > rule.expires:
            continue
        if _fits(rule, result.subject):
            return replace(result, waiver=Waiver(rule.reason, rule.owner, rule.expires.isoformat()))
    return result


def _fits(rule: WaiverRule, subject: Subject | None) -> bool:
    if subject is None:
        return rule.table is None and not rule.key and rule.part is None
    if rule.table not in (None, subject.table) or rule.part not in (None, subject.part):
        return False
    return all(str(subject.key.get(name)).casefold() == str(value).casefold() for name, value in rule.key.items())


def _answers(snapshot: Snapshot, check: Check, *, full: bool) -> list[Result]:
    era = snapshot.host.era
    if era is not None and not in_era(check.since, check.until, era, snapshot.host.build):
        return [_single(check, Status.NOT_APPLICABLE, f"concerns {_era_range(check)}")]
    found: dict[tuple[str, str, str, str], Result] = {}
    quiet: dict[Status, int] = {}
    for subject, verdict, trace in _verdicts(snapshot, check):
        if not full and verdict.status in _QUIET:
            quiet[verdict.status] = quiet.get(verdict.status, 0) + 1
            continue
        result = _result(check, subject, verdict, trace, full=full)
        known = found.get(result.identity)
        if known is None or (result.status, result.severity) > (known.status, known.severity):
            found[result.identity] = result
    results = list(found.values())
    # Passes and rows that do not apply are told as one result; nothing at all is "not applicable".
    if quiet.get(Status.PASS):
        results.append(replace(_single(check, Status.PASS), count=quiet[Status.PASS]))
    if quiet.get(Status.NOT_APPLICABLE) and not results:
        results.append(replace(_single(check, Status.NOT_APPLICABLE), count=quiet[Status.NOT_APPLICABLE]))
    return results or [_single(check, Status.NOT_APPLICABLE, "the host has nothing that this check is asked of")]


def _verdicts(snapshot: Snapshot, check: Check) -> Iterable[tuple[Any, Verdict, Sequence[Any]]]:
    model = check.model
    if model is None:
        yield from _asked(snapshot, check, None, snapshot)
        return
    snapshot.trace = []
    try:
        rows: Rows[Any] = snapshot.rows(model)
    except NotOffered as answer:
        yield None, Verdict(Status.NOT_APPLICABLE, str(answer)), ()
        return
    except NotAssessed as answer:
        yield None, _gap_verdict(answer.gap), ()
        return
    except Exception as error:  # noqa: BLE001 - a table that crashes must not end the run
        yield None, _crash(error, model.table_name), ()
        return
    for row in rows.known:
        yield from _asked(snapshot, check, row, row)
    if rows.gap is not None:
        yield None, _gap_verdict(rows.gap), ()


def _asked(
    snapshot: Snapshot, check: Check, subject: Row | None, asked: Row | Snapshot
) -> Iterable[tuple[Any, Verdict, Sequence[Any]]]:
    trace: list[tuple[Record, str, Any]] = []
    snapshot.trace = trace
    try:
        answer = check(asked)
    except NotAssessed as missing:
        answer = _gap_verdict(missing.gap)
    except NotOffered as fact:
        answer = Verdict(Status.NOT_APPLICABLE, str(fact))
    except Exception as error:  # noqa: BLE001 - contained and visible: cause `crashed`
        answer = _crash(error, None)
    for verdict in (answer,) if isinstance(answer, Verdict) else answer:
        about = subject if verdict.subject is UNSET else verdict.subject
        yield about, verdict, [*trace, *verdict.evidence]


def _gap_verdict(gap: Gap) -> Verdict:
    return Verdict(Status.NOT_ASSESSED, str(gap), gap=gap)


def _crash(error: Exception, table: str | None) -> Verdict:
    place = ""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is not None:
        place = f" in {frame.tb_frame.f_code.co_name}"
    return _gap_verdict(
        Gap(Cause.CRASHED, f"{type(error).__name__}{place}: {str(error)[:200]}", table, whole=table is not None)
    )


def _result(
    check: Check, row: Row | None, verdict: Verdict, trace: Sequence[tuple[Record, str, Any]], *, full: bool
) -> Result:
    severity = check.severity if verdict.severity is None else verdict.severity
    if verdict.at_most:
        severity = max(severity, check.severity)
    subject = None
    gap = verdict.gap
    if gap is not None and gap.whole:
        # One result for a gap of a whole column or table, not one per row.
        name = f"{gap.table}.{gap.column}" if gap.column else str(gap.table)
        subject = Subject(gap.table or "", {}, gap.column, name) if gap.table else None
    elif row is not None and row.subject_table is not None:
        subject = Subject(row.subject_table, row.subject_key, verdict.part, str(row))
    elif verdict.part is not None:
        subject = Subject("computer", {}, verdict.part, verdict.part)
    evidence = evidence_of(trace) if verdict.status is Status.FAIL or full else ()
    return Result(check, verdict.status, severity, subject, verdict.message, evidence, gap, shared=verdict.shared)


def _single(check: Check, status: Status, message: str = "") -> Result:
    return Result(check, status, check.severity, message=message, count=1)


def _era_range(check: Check) -> str:
    if check.until is None:
        return f"{check.since} and later"
    return check.until if check.since == check.until else f"{check.since} to {check.until}"


def _order(result: Result) -> tuple[Any, ...]:
    return (*result.identity[:1], -result.status, *result.identity[1:], result.gap.cause if result.gap else "")


def _fold(results: list[Result], folds: Folds) -> list[Result]:
    """Marks failures that a failing parent says as well, with at least their severity, in the scope of the fold."""
    failing: dict[str, list[Result]] = {}
    for result in results:
        if result.status is Status.FAIL:
            failing.setdefault(result.check.id, []).append(result)
    marked = []
    for result in results:
        parent = _parent(result, folds, failing) if result.status is Status.FAIL else None
        marked.append(result if parent is None else replace(result, folded_into=parent))
    return marked


def _parent(result: Result, folds: Folds, failing: Mapping[str, list[Result]]) -> str | None:
    for parent, scope in folds.get(result.check.id, ()):
        for other in failing.get(parent, ()):
            if other.waiver is not None and result.waiver is None:
                continue  # what somebody accepted must not hide what nobody did
            if _is_in_scope(scope, other, result) and other.severity >= result.severity:
                return parent
    return None


def _is_in_scope(scope: str, parent: Result, child: Result) -> bool:
    match scope:
        case "host":
            return True
        case "shared":
            return child.shared is not None and parent.shared == child.shared
        case _:
            return parent.identity[1:3] == child.identity[1:3]
