"""Files that real Windows hosts made; they are not part of the project and are found through an environment variable."""

import os
from pathlib import Path

import pytest

VARIABLE = "SNAPSHOT_TOOL_REAL_DATA"


def real_folder(name: str) -> Path:
    """The folder of that name below the real data; skips the test, with the reason, where there is none."""
    root = os.environ.get(VARIABLE)
    if not root:
        pytest.skip(f"{VARIABLE} is not set: no files of real hosts at hand")
    folder = Path(root) / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder
