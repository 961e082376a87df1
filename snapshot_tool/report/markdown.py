"""The Markdown report: for tickets, wikis and diffs. Foreign text cannot become markup, links or HTML here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from snapshot_tool.engine import Result
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.localized import Wording

SUBJECTS_SHOWN = 50
EVIDENCE_SHOWN = 5
# Markup, and what GitHub's flavour makes links of: schemes, www. and mail addresses.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@]|:(?=//)|(?<=www)\.|^[-+](?=\s)|(?<=^\d)[.)])", re.IGNORECASE)


def render(assessments: Iterable[Assessment], wording: Wording) -> bytes:
    """UTF-8 with a final line feed."""
    lines: list[str] = []
    for assessment in assessments:
        lines += _snapshot(assessment, wording)
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "backslashreplace")


def text(value: object, *, limit: int = 300) -> str:
    """Foreign text as Markdown text: one line, every character that could be markup escaped."""
    return _SPECIAL.sub(r"\\\1", harmless(value, limit=limit))


def code(value: object, *, limit: int = 300) -> str:
    """Foreign text in a code span, with a fence longer than any run of backticks in it."""
    shown = harmless(value, limit=limit)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _snapshot(assessment: Assessment, wording: Wording) -> list[str]:
    texts = wording.texts
    host = assessment.host
    facts = [host.name, host.os, host.installation_type, host.build and f"{texts['build']} {host.build}"]
    lines = [f"# {texts['title']}: {text(host.name or assessment.source)}", ""]
    lines += [" · ".join(text(fact) for fact in facts if fact) or text(assessment.source), ""]
    lines += [f"{text(assessment.source)}, {texts['collected']} {text(assessment.collected_utc or '?')}", ""]
    severities = list(assessment.summary)
    lines.append("| " + " | ".join(texts[severity.word] for severity in severities) + " |")
    lines.append("|" + " ---: |" * len(severities))
    lines += ["| " + " | ".join(str(assessment.summary[severity]) for severity in severities) + " |", ""]
    coverage = assessment.coverage
    told = ("assessed", "notAssessed", "notApplicable")
    counts = [f"{coverage[name]} {texts[name]}" for name in told]
    lines += [", ".join([*counts, f"{coverage['manual']} {texts['toAsk']}"]), ""]
    lines += [f"## {texts['findings']}", ""]
    if not assessment.failures:
        lines += [texts["nothing"], ""]
    for _, group in groupby(assessment.failures, key=lambda result: (result.severity, result.check.id)):
        results = list(group)
        first = results[0]
        lines += [f"### {texts[first.severity.word]}: {first.check.id} {text(wording.title(first.check))}", ""]
        lines += list(_finding(results, wording))
    if assessment.waived:
        lines += [f"## {texts['waived']}", ""]
        for result in assessment.waived:
            waiver = result.waiver
            if waiver is not None:
                why = f"{text(waiver.reason)} ({text(waiver.owner)}, {texts['until']} {waiver.expires})"
                lines.append(f"- {result.check.id}: {text(wording.message(result))}: {why}")
        lines.append("")
    if assessment.gaps or assessment.unassessed:
        lines += [f"## {texts['gaps']}", ""]
        lines += [f"| {texts['dataset']} | {texts['cause']} | {texts['detail']} |", "| --- | --- | --- |"]
        for gap in assessment.gaps:
            lines.append(
                f"| {text(gap.dataset)} | {texts[f'cause_{gap.cause.value}']} | {text(wording.told(gap.detail))} |"
            )
        lines.append("")
        if assessment.closing_command:
            lines += [texts["close"], "", "```powershell", harmless(assessment.closing_command, limit=4000), "```", ""]
    if assessment.questions:
        lines += [f"## {texts['questions']}", ""]
        lines += [f"- {result.check.id}: {text(wording.message(result))}" for result in assessment.questions] + [""]
    return lines


def _finding(results: Sequence[Result], wording: Wording) -> Iterator[str]:
    texts = wording.texts
    check = results[0].check
    for result in results[:SUBJECTS_SHOWN]:
        yield f"- {text(wording.message(result), limit=600)}"
        for item in result.evidence[-EVIDENCE_SHOWN:]:
            yield f"  - {code(item.file)} {code(item.path)} = {code(item.value)}"
    if len(results) > SUBJECTS_SHOWN:
        yield f"- … +{len(results) - SUBJECTS_SHOWN}"
    yield ""
    # Texts of checks are the project's own Markdown.
    yield f"**{texts['reason']}.** {' '.join(wording.rationale(check).split())}"
    yield ""
    yield f"**{texts['remediation']}.** {' '.join(wording.remediation(check).split())}"
    yield ""
    if check.refs:
        yield f"{texts['references']}: {', '.join(check.refs)}"
        yield ""
