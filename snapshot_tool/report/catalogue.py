"""The shipped checks for people and programs: the list, one check explained, the generated page."""

import json
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from snapshot_tool.check import Check
from snapshot_tool.report.console import STYLES
from snapshot_tool.report.localized import Wording
from snapshot_tool.report.texts import Texts, texts


def as_table(checks: Sequence[Check]) -> Table:
    """Id, severity and title, one line a check."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("check", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("title")
    for check in checks:
        table.add_row(Text(check.id), Text(check.severity.word, STYLES[check.severity]), Text(check.title))
    return table


def as_json(checks: Sequence[Check]) -> str:
    """A list of objects: id, area, title, severity, since, until, subject table, rationale, remediation, refs."""
    return json.dumps(
        [
            {
                "id": check.id,
                "area": check.area,
                "title": check.title,
                "severity": check.severity.word,
                "since": check.since,
                "until": check.until,
                "table": None if check.model is None else check.model.table_name,
                "rationale": check.rationale,
                "remediation": check.remediation,
                "refs": list(check.refs),
            }
            for check in checks
        ],
        indent=1,
    )


def as_markdown(checks: Sequence[Check]) -> str:
    """The checks by area, each under its own heading: severity, eras, what it is asked of, why, how to mend, references."""
    lines: list[str] = []
    area = None
    for check in checks:
        if check.area != area:
            area = check.area
            lines += ["", f"## HV-{area}: {texts().area(area)}", ""]
        lines += [
            f"### {check.id}: {check.title}",
            "",
            f"*{check.severity.word}*, {era_range(check, texts())}; {asked_of(check, texts())}",
            "",
        ]
        lines += [_paragraphs(check.rationale), "", f"**Remediation.** {_paragraphs(check.remediation)}", ""]
        if check.refs:
            lines += ["References: " + ", ".join(map(_reference, check.refs)), ""]
    return "\n".join(lines).lstrip("\n").rstrip("\n") + "\n"


def explanation(check: Check, wording: Wording) -> RenderableType:
    """Why it matters, what it is asked of, how to mend it, references."""
    head = Text(f"{check.id} ", "bold").append(wording.title(check))
    words = wording.texts
    facts = (words[check.severity.word], era_range(check, words), asked_of(check, words).replace("`", ""))
    return Group(
        head,
        Text(" · ".join(facts), "dim"),
        Padding(Markdown(wording.rationale(check)), (1, 0, 0, 0)),
        Padding(Text(wording.texts["remediation"], "bold"), (1, 0, 0, 0)),
        Markdown(wording.remediation(check) or "-"),
        Padding(Text(wording.texts["references"], "bold"), (1, 0, 0, 0)),
        Text(", ".join(check.refs) or "-"),
    )


def era_range(check: Check, words: Texts) -> str:
    """The eras in words: `2012 R2 and later`, `2008 to 2012`."""
    since, until = (era and era.replace("R2", " R2") for era in (check.since, check.until))
    if until is None:
        return words["era_from"].format(since)
    return f"{since}" if since == until else words["era_to"].format(since, until)


def asked_of(check: Check, words: Texts) -> str:
    """What is judged: `asked of the host`, or of each row of a table, whose name stands in backticks."""
    return words["asked_host"] if check.model is None else words["asked_rows"].format(check.model.table_name)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _reference(reference: str) -> str:
    return f"<{reference}>" if reference.startswith("https://") else reference.replace("*", r"\*")
