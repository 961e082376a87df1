"""One path -> one `Assessment`: opens, judges, applies the policy and collects the gaps. The only place where they meet."""

from collections.abc import Sequence
from pathlib import Path

from analyzers import folds
from snapshot_tool import engine
from snapshot_tool.check import Check
from snapshot_tool.load import Opened, open_snapshot
from snapshot_tool.manifest import DatasetEntry, closing_command, remedy
from snapshot_tool.policy import NO_SETTINGS, Settings
from snapshot_tool.report.assessment import Assessment, DatasetGap
from snapshot_tool.report.inventory import take_inventory
from snapshot_tool.verdict import Cause, Status


def analyze(
    path: Path,
    checks: Sequence[Check],
    *,
    full: bool = False,
    inventory: bool = False,
    settings: Settings = NO_SETTINGS,
) -> Assessment:
    """Judges one snapshot or bare file; with `inventory` also takes stock. Raises ArchiveError when it is unusable as a whole."""
    with open_snapshot(path, policy=settings.policy) as opened:
        results = engine.judge(
            opened.snapshot, checks, folds=folds.FOLDS, full=full, off=settings.off, waivers=settings.waivers
        )
        gaps = _gaps(opened, results)
        stock = engine.contained(lambda: take_inventory(opened.snapshot)) if inventory else None
        notes = [*opened.notes, *([f"the inventory could not be made: {stock}"] if isinstance(stock, str) else [])]
        return Assessment(
            source=path.name,
            sha256=opened.sha256,
            host=opened.facts,
            collected_utc=opened.collected_utc,
            results=results,
            gaps=gaps,
            closing_command=closing_command((gap.dataset, gap.cause, _entry(opened, gap.dataset)) for gap in gaps),
            inventory=None if isinstance(stock, str) else stock,
            notes=tuple(notes),
        )


def _gaps(opened: Opened, results: Sequence[engine.Result]) -> list[DatasetGap]:
    """Each dataset that cost a verdict, once per cause, with the command that closes the gap."""
    found: dict[tuple[str, Cause], str] = {}
    for result in results:
        gap = result.gap
        if result.status is not Status.NOT_ASSESSED or gap is None or gap.cause in (Cause.MANUAL, Cause.CRASHED):
            continue
        for dataset in opened.datasets_behind(gap.table) if gap.table else ():
            found.setdefault((dataset, gap.cause), gap.detail)
    return [
        DatasetGap(dataset, cause, detail, remedy(dataset, cause, _entry(opened, dataset)))
        for (dataset, cause), detail in sorted(found.items())
    ]


def _entry(opened: Opened, dataset: str) -> DatasetEntry | None:
    return opened.source.manifest.datasets.get(dataset)
