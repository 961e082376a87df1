"""A message is told in another language whatever the engine joined to it; what the host tells stays as it is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot_tool.report.localized import translations, wording

GERMAN = wording("de")
NAME = r"CORP\ops (S-1-5-21-1-2-3-1104)"

TOLD = {
    # What the engine and the verdicts put around a message.
    "SNMP answers to every host; not readable: snmp: denied; and more": "SNMP antwortet jedem Host; nicht lesbar: snmp: denied; and more",
    "The service RemoteRegistry runs; The service RemoteRegistry starts automatically": "Der Dienst RemoteRegistry läuft; Der Dienst RemoteRegistry startet automatisch",
    "The Print Spooler is not disabled (weight not known, at most medium: services: denied)": "Die Druckwarteschlange ist nicht deaktiviert (Gewicht nicht bekannt, höchstens mittel: services: denied)",
    "switched off by the policy: judged elsewhere": "durch die Policy-Datei abgeschaltet: judged elsewhere",
    "concerns 2008 to 2012": "betrifft 2008 bis 2012",
    "concerns 2012 and later": "betrifft 2012 und neuer",
    # Access lists: a folder, files in it, who, what.
    f"D:\\VM: {NAME} may read, delete; a.vhdx, b.vhdx: {NAME} has full control (at most high, not readable: acls: denied)": f"D:\\VM: Zugriff für {NAME}: Lesen, Löschen; a.vhdx, b.vhdx: Vollzugriff für {NAME} (höchstens hoch, nicht lesbar: acls: denied)",
    f"D:\\: files that are made in it: {NAME} may write; taken over by D:\\VM": f"D:\\: für neu erstellte Dateien: Zugriff für {NAME}: Schreiben; übernommen von D:\\VM",
    f"The service Backup: {NAME} has full control": f"Der Dienst Backup: Vollzugriff für {NAME}",
    # Words of ours inside of a message.
    "The service vmms is Stopped": "Der Dienst vmms ist beendet",
    "The audit policy does not record: Logon (success, failure), System Integrity (success)": "Die Überwachungsrichtlinie zeichnet nicht auf: Anmelden (Erfolg, Fehler), Systemintegrität (Erfolg)",
    # A list that was cut, also where its names are told as they stand.
    "The copy C:\\a.xml of the authorization store can be read by a, b and 3 more": "Die Kopie C:\\a.xml des Autorisierungsspeichers ist lesbar für a, b und 3 weitere",
    # Why something was not read, behind its table, its file, and the line in it.
    "vm_guest_kvp: the guest of ab does not tell its operating system": "vm_guest_kvp: der Gast von ab nennt sein Betriebssystem nicht",
    "services: data/services.json: 3 of 4 rows are there": "services: data/services.json: 3 von 4 Zeilen sind da",
    "secedit_right: raw/secedit.inf: line 3: SeX lists an account without name": "secedit_right: raw/secedit.inf: Zeile 3: SeX führt ein Konto ohne Namen auf",
    "vm: raw/vmconfig/00-1a.vmcx: offset 0x12: a key table is cut short": "vm: raw/vmconfig/00-1a.vmcx: Offset 0x12: eine Schlüsseltabelle ist abgeschnitten",
    "secedit_setting: skipped: notElevated (needs elevation)": "secedit_setting: übersprungen: notElevated (braucht erhöhte Rechte)",
    "The role Operators is assigned to single users: a, b and 3 more": "Die Rolle Operators ist einzelnen Benutzern zugewiesen: a, b und 3 weitere",
}


@pytest.mark.parametrize("message", TOLD)
def test_what_surrounds_a_message_is_told_too(message):
    assert GERMAN.told(message) == TOLD[message]


def test_a_name_that_is_also_a_word_stays_as_it_is():
    assert GERMAN.told("The service disabled runs") == "Der Dienst disabled läuft"
    assert GERMAN.told("The virtual machine read runs, but has no worker process").startswith(
        "Der virtuelle Computer read läuft"
    )


def test_what_no_table_knows_stays_english():
    assert GERMAN.told("a sentence that nobody translated") == "a sentence that nobody translated"
    assert wording("en").told("The service vmms is Stopped") == "The service vmms is Stopped"


TEMPLATES = sorted({english for table in translations("de").values() for english in table.get("messages", {})})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*TEMPLATES, "; ", ": ", " may ", "x", " (", ")"]), max_size=12).map("".join))
def test_telling_never_fails_whatever_a_name_looks_like(message):
    assert GERMAN.told(message) or not message


@pytest.mark.parametrize(
    "piece",
    ["; not readable: ", ": may ", "to be reviewed: ", "x; ", " (services: ", "a: b may c; ", "a: ", " and 3 more"],
)
def test_a_name_that_is_made_of_templates_does_not_hold_the_report_up(piece):
    started = time.perf_counter()
    GERMAN.told("The service " + piece * (20_000 // len(piece)))
    assert time.perf_counter() - started < 5
