"""What is told about notes without their text."""

import pytest

from snapshot_tool.hyperv.notes import described_notes


@pytest.mark.parametrize(
    ("text", "suspicious"),
    [
        ("", False),
        ("web server of the shop", False),
        ("Passwort: Sommer", True),
        ("PWD hunter2", True),
        ("key = 5", True),
        ("key account of sales", False),
    ],
)
def test_notes_look_like_a_secret_by_the_words_that_the_collector_knows(text: str, suspicious: bool) -> None:
    assert described_notes(text)["NotesSuspicious"] is suspicious


def test_length_counts_as_powershell_does_and_no_text_has_no_hash() -> None:
    assert described_notes("a\U0001f600")["NotesLength"] == 3
    assert described_notes("")["NotesSha256"] is None
