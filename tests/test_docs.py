"""The generated pages are what the sources say, and no page points to nothing."""

import importlib.util
import re
from pathlib import Path

import pytest

from snapshot_tool.hyperv.tables import SCHEMAS
from snapshot_tool.load.derived import DERIVED

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "samples/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "docs/build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current(build):
    assert build.stale() == [], "run `python docs/build.py` and commit what it writes"


def test_every_table_is_told_once(build):
    page = build.tables_page()
    for name in {*SCHEMAS, *DERIVED}:
        assert page.count(f"| `{name}` |") == 1


def test_every_check_is_told_with_its_sources(build):
    page = build.checks_page()
    for check in build.all_checks():
        assert page.count(f"### {check.id}: {check.title}\n") == 1
        for reference in check.refs:
            assert reference.replace("*", r"\*") in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(build, page):
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        path, _, fragment = target.partition("#")
        if path.startswith("https:"):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment in {build._anchor(heading) for heading in headings}, target
