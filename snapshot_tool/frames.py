"""Tables that leave the program: results as CSV and XLSX. The sole importer of pandas, and only when one of them is asked for.

Text that a spreadsheet would take for a formula gets an apostrophe in front (CSV) or is stored as text (XLSX).
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from snapshot_tool.engine import Result
from snapshot_tool.report.assessment import Assessment
from snapshot_tool.report.foreign import harmless
from snapshot_tool.report.localized import Wording
from snapshot_tool.verdict import Status

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source",
    "host",
    "check",
    "title",
    "status",
    "severity",
    "table",
    "key",
    "part",
    "name",
    "message",
    "cause",
    "evidence",
    "remediation",
    "references",
    "waiver",
    "fingerprint",
    "count",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
EVIDENCE_SHOWN = 5
# Limits of the XLSX format.
_XLSX_ROWS = 1_048_000
_XLSX_TEXT = 32_000


def results_frame(assessments: Iterable[Assessment], wording: Wording, *, only_failed: bool = False) -> "pd.DataFrame":
    """One row per result, folded ones left out; columns as `COLUMNS`, all text but `count`."""
    import pandas as pd

    rows = [_row(one, result, wording) for one in assessments for result in _told(one, only_failed=only_failed)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def write_csv(
    assessments: Sequence[Assessment], wording: Wording, out: IO[bytes], *, only_failed: bool = False
) -> None:
    """UTF-8 with BOM, for Excel takes a file without one for the code page of the day."""
    frame = results_frame(assessments, wording, only_failed=only_failed)
    guarded = frame.map(lambda value: "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value)
    out.write(guarded.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "backslashreplace"))


def write_xlsx(
    assessments: Sequence[Assessment], wording: Wording, out: IO[bytes], *, only_failed: bool = False
) -> None:
    """Sheets: findings, gaps, and the tables of the inventory where it was taken."""
    import pandas as pd

    texts = wording.texts
    sheets: list[tuple[str, pd.DataFrame]] = [
        (texts["findings"], results_frame(assessments, wording, only_failed=only_failed)),
        (texts["gaps"], _gaps_frame(assessments)),
    ]
    for name, frame in _inventory_frames(assessments).items():
        sheets.append((texts.words.get(f"table_{name}", name), frame))
    # Written at once: a zip that cannot be finished complains a second time when it is thrown away.
    whole = io.BytesIO()
    with pd.ExcelWriter(whole, engine="openpyxl") as book:
        for title, frame in sheets:
            shown = frame.head(_XLSX_ROWS).map(lambda value: value[:_XLSX_TEXT] if isinstance(value, str) else value)
            shown.to_excel(book, sheet_name=title[:31], index=False, freeze_panes=(1, 0))
            _as_text(book.sheets[title[:31]], shown)
    out.write(whole.getvalue())


def _as_text(sheet: Any, frame: "pd.DataFrame") -> None:
    """No cell is a formula, whatever it begins with; columns as wide as their text, within reason."""
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    for place, column in enumerate(frame.columns):
        longest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))])
        sheet.column_dimensions[sheet.cell(row=1, column=place + 1).column_letter].width = min(60, longest + 2)
    sheet.auto_filter.ref = sheet.dimensions


def _gaps_frame(assessments: Sequence[Assessment]) -> "pd.DataFrame":
    import pandas as pd

    rows = [
        (harmless(one.source), gap.dataset, gap.cause.value, harmless(gap.detail), gap.remedy)
        for one in assessments
        for gap in one.gaps
    ]
    return pd.DataFrame(rows, columns=["source", "dataset", "cause", "detail", "remedy"])


def _inventory_frames(assessments: Sequence[Assessment]) -> "dict[str, pd.DataFrame]":
    import pandas as pd

    found: dict[str, list[pd.DataFrame]] = {}
    for one in assessments:
        for table in one.inventory.tables if one.inventory else ():
            columns = ["source", *(name or f"column {place}" for place, name in enumerate(table.columns, 1))]
            rows = [[harmless(one.source), *(harmless(cell) for cell in row)] for row in table.rows]
            found.setdefault(table.name, []).append(pd.DataFrame(rows, columns=columns))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}


def _told(assessment: Assessment, *, only_failed: bool) -> Iterator[Result]:
    for result in assessment.shown:
        if not only_failed or result.status is Status.FAIL:
            yield result


def _row(assessment: Assessment, result: Result, wording: Wording) -> tuple[Any, ...]:
    subject, waiver = result.subject, result.waiver
    failed = result.status is Status.FAIL
    evidence = [f"{item.file} {item.path} = {json.dumps(item.value, default=str)}" for item in result.evidence]
    return (
        harmless(assessment.source),
        harmless(assessment.host.name or ""),
        result.check.id,
        wording.title(result.check),
        result.status.word,
        result.severity.word,
        subject.table if subject else "",
        harmless(json.dumps(dict(subject.key), ensure_ascii=False, default=str)) if subject else "",
        harmless(subject.part or "") if subject else "",
        harmless(subject.name) if subject else "",
        harmless(wording.message(result), limit=1000),
        result.gap.cause.value if result.gap and result.status is Status.NOT_ASSESSED else "",
        harmless("; ".join(evidence[-EVIDENCE_SHOWN:]), limit=2000),
        " ".join(wording.remediation(result.check).split()) if failed else "",
        ", ".join(result.check.refs),
        harmless(f"{waiver.reason} ({waiver.owner}, {waiver.expires})") if waiver else "",
        result.fingerprint if failed else "",
        result.count if result.count is not None else 1,
    )
