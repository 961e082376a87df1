"""Texts of checks in the language of a report; English stands in the checks themselves."""

from dataclasses import dataclass

from snapshot_tool.check import Check
from snapshot_tool.engine import Result
from snapshot_tool.report.texts import Texts, texts


@dataclass(frozen=True)
class Wording:
    """Titles, reasons, remediation and messages in one language."""

    texts: Texts

    def title(self, check: Check) -> str:
        """What is true when the check passed."""
        return check.title

    def rationale(self, check: Check) -> str:
        """Why it matters."""
        return check.rationale

    def remediation(self, check: Check) -> str:
        """How to mend it; code in backticks."""
        return check.remediation

    def message(self, result: Result) -> str:
        """What was found."""
        return self.told(result.check, result.message)

    def told(self, check: Check, message: str) -> str:  # noqa: ARG002 - English stands in the check
        """A message of a check."""
        return message


def wording(language: str = "en") -> Wording:
    """The texts of a language. Raises KeyError for an unknown one."""
    return Wording(texts(language))
