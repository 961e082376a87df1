"""What a check can answer: statuses, severities, causes of gaps, and the two exceptions that carry absence.

`NotAssessed` is a gap (something that should be readable is not), `NotOffered` a fact (this era or host has no such thing).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, StrEnum
from typing import Any, NamedTuple, Protocol


class Status(IntEnum):
    """Ordered, so that `max` is the honest summary of several answers."""

    NOT_APPLICABLE = 0
    PASS = 1
    NOT_ASSESSED = 2
    FAIL = 3

    @property
    def word(self) -> str:
        """The spelling of the JSON report."""
        return self.name.lower().replace("_", "-")


class Severity(IntEnum):
    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The spelling of the JSON report."""
        return self.name.lower()


class Cause(StrEnum):
    """Why something is not assessed; a closed set, printed with what to do about each."""

    NOT_COLLECTED = "not-collected"
    COLLECTION_FAILED = "collection-failed"
    ACCESS_DENIED = "access-denied"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    UNSUPPORTED_SOURCE = "unsupported-source"
    REDACTED = "redacted"
    UNDETERMINED = "undetermined"
    CRASHED = "crashed"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: `table` and `column` as far as known, `whole` when it concerns every row."""

    cause: Cause
    detail: str = ""
    table: str | None = None
    column: str | None = None
    whole: bool = False

    def __str__(self) -> str:
        place = ".".join(part for part in (self.table, self.column) if part)
        return ": ".join(part for part in (place, self.detail or self.cause.value) if part)


class NotAssessed(Exception):  # noqa: N818 - an answer, not an error
    """Reading met a gap; the engine turns it into a verdict with its cause."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(str(gap))
        self.gap = gap


class NotOffered(Exception):  # noqa: N818 - an answer, not an error
    """This era, edition or machine has no such thing: not applicable."""


class Evidence(NamedTuple):
    """One cell that a verdict rests on: archive member, place inside it, value as it stands there."""

    file: str
    path: str
    value: Any


class Subject(Protocol):
    """What a verdict is about; rows of the model are subjects."""

    @property
    def subject_table(self) -> str | None: ...

    @property
    def subject_key(self) -> dict[str, Any]: ...


class _Unset(Enum):
    UNSET = 0


UNSET = _Unset.UNSET


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question about one subject.

    `severity` None means the severity of the check. `subject` UNSET means what the check was asked of; `part` tells
    several failures of one subject apart. `evidence` is filled by the engine. `at_most`: something beside the failure could not
    be read, so its severity is at least that of the check. `shared`: what findings of several checks come from alike, such as one entry
    that many files inherit; they may fold by it.
    """

    status: Status
    message: str = ""
    severity: Severity | None = None
    part: str | None = None
    gap: Gap | None = None
    subject: Any = UNSET
    evidence: tuple[Any, ...] = ()
    at_most: bool = False
    shared: str | None = None

    def on(self, subject: Subject | None, part: str | None = None) -> "Verdict":
        """The same answer, about another subject (None: the host)."""
        return self.told_of(subject, part if part is not None else self.part, self.evidence)

    def told_of(self, subject: Any, part: str | None, evidence: tuple[Any, ...]) -> "Verdict":
        """The same answer with another subject, part and evidence; spelled out, for it is made once per row."""
        return Verdict(
            self.status, self.message, self.severity, part, self.gap, subject, evidence, self.at_most, self.shared
        )


PASS = Verdict(Status.PASS)
NOT_APPLICABLE = Verdict(Status.NOT_APPLICABLE)


def fail(message: str, severity: Severity | None = None, *, part: str | None = None) -> Verdict:
    """A finding; `severity` where the catalogue lets context decide, else that of the check."""
    return Verdict(Status.FAIL, message, severity, part)


def undetermined(detail: str, *, table: str | None = None, column: str | None = None) -> NotAssessed:
    """To raise where the source was read but does not tell, or the knowledge tables do not know its value."""
    return NotAssessed(Gap(Cause.UNDETERMINED, detail, table, column))


def manual(question: str) -> Verdict:
    """A question that no snapshot can answer."""
    return Verdict(Status.NOT_ASSESSED, question, Severity.INFO, gap=Gap(Cause.MANUAL, question))


def assess(question: Callable[[], Verdict | None]) -> Verdict:
    """Asks one question and turns absence into its verdict; None means that nothing is wrong."""
    try:
        return question() or PASS
    except NotAssessed as answer:
        return Verdict(Status.NOT_ASSESSED, str(answer.gap), gap=answer.gap)
    except NotOffered as answer:
        return Verdict(Status.NOT_APPLICABLE, str(answer))


def settle(*questions: Callable[[], Verdict | None], worst: Severity | None = None) -> Verdict:
    """Asks several questions; the worst failure stands whatever else is unreadable, a pass needs every answer.

    Failures are told in one message. Where a question beside a failure cannot be read, the severity is the highest that was in
    question (`worst`, by default that of the check), for a gap must not make a finding look smaller.
    """
    answers = [assess(question) for question in questions]
    failures = [answer for answer in answers if answer.status is Status.FAIL]
    gaps = [answer for answer in answers if answer.status is Status.NOT_ASSESSED]
    if not failures:
        return max(answers, key=lambda answer: answer.status, default=PASS)
    # A failure without a severity of its own has that of the check, the highest of the row.
    heaviest = max(failures, key=lambda answer: Severity.CRITICAL + 1 if answer.severity is None else answer.severity)
    message = "; ".join(dict.fromkeys(answer.message for answer in failures))
    shared = heaviest.shared if len(failures) == 1 else None
    if not gaps:
        return replace(heaviest, message=message, shared=shared)
    limit = heaviest.severity if worst is None or heaviest.severity is None else max(worst, heaviest.severity)
    return replace(
        heaviest,
        message=f"{message}; not readable: {gaps[0].message}",
        severity=limit,
        at_most=worst is None,
        shared=shared,
    )


def either(*questions: Callable[[], bool]) -> bool:
    """Whether any answer is yes, whatever else is unreadable; no only if every question was answered. Raises the first gap."""
    gap: NotAssessed | None = None
    for question in questions:
        try:
            if question():
                return True
        except NotAssessed as answer:
            gap = gap or answer
        except NotOffered:
            continue
    if gap is not None:
        raise gap
    return False


def graded(message: str, worst: Severity, severity: Callable[[], Severity], *, part: str | None = None) -> Verdict:
    """A finding that stands, whose weight depends on more reading: unreadable weight means the worst in question."""
    try:
        return fail(message, severity(), part=part)
    except NotAssessed as answer:
        return fail(f"{message} (weight not known, at most {worst.word}: {answer.gap})", worst, part=part)
    except NotOffered:
        return fail(message, worst, part=part)


def worst_of(severities: Iterable[Severity]) -> Severity:
    """The highest of several severities; info for none."""
    return max(severities, default=Severity.INFO)


def listed(names: Iterable[str], limit: int = 10) -> str:
    """Names for a message, each once and in order: `a, b and 3 more`; the evidence has all."""
    shown = list(dict.fromkeys(names))
    rest = len(shown) - limit
    return ", ".join(shown) if rest <= 0 else f"{', '.join(shown[:limit])} and {rest} more"
