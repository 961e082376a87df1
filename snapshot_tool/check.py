"""The `@check` decorator: a judgement, what it is asked of, and its documentation, in one function.

The annotation of the first parameter says what the check is asked of: each row of a model's table, or the whole `Snapshot`.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from snapshot_tool.snapshot import Row, Snapshot
from snapshot_tool.verdict import Severity, Verdict

Judge = Callable[[Any], Verdict | Sequence[Verdict]]

_ID = re.compile(r"HV-[A-Z]+-\d{3}\Z")


@dataclass(frozen=True)
class Check:
    """One question of the catalogue.

    `title` is true when passed. `severity` is the highest that the catalogue's row allows without context, or its base; a failure may
    carry its own. `since` and `until` are eras, inclusive; outside of them the check is not applicable and reads nothing.
    """

    id: str
    title: str
    severity: Severity
    refs: tuple[str, ...]
    since: str
    until: str | None
    judge: Judge

    def __call__(self, subject: Any) -> Verdict | Sequence[Verdict]:
        return self.judge(subject)

    @cached_property
    def model(self) -> type[Row] | None:
        """The model whose rows are judged one by one; None when the host as a whole is."""
        annotation = next(iter(inspect.get_annotations(self.judge).values()))
        return annotation if issubclass(annotation, Row) else None

    @property
    def area(self) -> str:
        """`SVC` of `HV-SVC-001`."""
        return self.id.split("-")[1]

    @cached_property
    def rationale(self) -> str:
        """The docstring without its remediation: why it matters."""
        return _docstring(self.judge).partition("\nRemediation:")[0].strip()

    @cached_property
    def remediation(self) -> str:
        """How to mend it."""
        return inspect.cleandoc(_docstring(self.judge).partition("\nRemediation:")[2]).strip()


def check(
    id: str,  # noqa: A002 - the catalogue's word
    *,
    title: str,
    severity: Severity,
    refs: tuple[str, ...] = (),
    since: str = "2008",
    until: str | None = None,
) -> Callable[[Judge], Check]:
    """Declares a check; see `Check` for the parameters. Raises ValueError for an id or a first parameter that is none."""
    if not _ID.match(id):
        raise ValueError(f"{id} is not the id of a check")

    def declare(judge: Judge) -> Check:
        annotation = next(iter(inspect.get_annotations(judge).values()), None)
        if not (isinstance(annotation, type) and issubclass(annotation, Row | Snapshot)):
            raise ValueError(f"{id} must say by the annotation of its first parameter what it is asked of")
        return Check(id, title, severity, refs, since, until, judge)

    return declare


def _docstring(judge: Judge) -> str:
    return inspect.getdoc(judge) or ""
