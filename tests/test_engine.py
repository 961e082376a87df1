"""The engine: every check answers, absence is told with its cause, crashes are contained, folds hide nothing else."""

import json
from dataclasses import replace

import pytest
from hosts import FAIL, GAP, NA, PASS, absent, failed, host, partial, skipped, told

from snapshot_tool.check import check
from snapshot_tool.engine import judge
from snapshot_tool.model.services import Service, ServiceState
from snapshot_tool.model.storage import BitLockerVolume
from snapshot_tool.policy import WaiverRule
from snapshot_tool.snapshot import Snapshot
from snapshot_tool.verdict import (
    PASS as PASSED,
)
from snapshot_tool.verdict import (
    Cause,
    NotAssessed,
    Severity,
    Verdict,
    fail,
    graded,
    settle,
    undetermined,
)

ROW = {"Name": "a", "State": "Running", "StartType": 2, "Account": None}


def made(judgement, severity=Severity.MEDIUM, **more):
    return check(more.pop("id", "HV-SVC-900"), title="t", severity=severity, **more)(judgement)


def running(service: Service) -> Verdict:
    return PASSED if service.state is ServiceState.RUNNING else fail(f"{service} does not run")


def results(checks, snapshot, **more):
    return [told(result) for result in judge(snapshot, checks, folds=more.pop("folds", {}), **more)]


def one(judgement, snapshot, **more):
    (found,) = results([made(judgement, **more)], snapshot)
    return found


def test_each_row_is_judged_and_a_gap_in_one_hides_no_other():
    rows = [ROW, ROW | {"Name": "b", "State": "Stopped"}, {"Name": "c", "_err": {"State": "accessDenied"}}]
    found = results([made(running)], host(services=rows), full=True)
    assert [(r.status, r.key) for r in found] == [(FAIL, {"Name": "b"}), (GAP, {"Name": "c"}), (PASS, {"Name": "a"})]
    assert found[1].cause is Cause.ACCESS_DENIED


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        (failed("accessDenied"), Cause.ACCESS_DENIED),
        (failed("timeout"), Cause.COLLECTION_FAILED),
        (skipped("excluded"), Cause.NOT_COLLECTED),
        (skipped("notElevated"), Cause.ACCESS_DENIED),
        (skipped("redact"), Cause.REDACTED),
    ],
)
def test_a_lost_table_is_one_result_with_its_cause(entry, cause):
    found = one(running, host(services=entry))
    assert (found.status, found.cause) == (GAP, cause)


def test_a_table_without_an_entry_was_not_collected():
    assert one(running, host()).cause is Cause.NOT_COLLECTED


def test_a_lost_column_is_one_result_and_not_one_per_row():
    rows = [ROW | {"Name": name, "State": None} for name in "abc"]
    found = results([made(running)], host(services=partial(rows, complete=True, unread={"State": "accessDenied"})))
    assert [(r.status, r.cause, r.part) for r in found] == [(GAP, Cause.ACCESS_DENIED, "State")]


def test_missing_rows_are_told_beside_the_rows_that_are_there():
    found = results([made(running)], host(services=partial([ROW | {"State": "Stopped"}])))
    assert sorted(r.status for r in found) == [GAP, FAIL]


def test_an_empty_table_and_a_thing_that_does_not_exist_are_not_applicable():
    def encrypted(volume: BitLockerVolume) -> Verdict:
        return fail(f"{volume} is open")

    assert one(encrypted, host(bitlocker=[])).status is NA
    assert one(encrypted, host(bitlocker=absent())).status is NA


def test_what_every_windows_has_is_a_gap_when_the_manifest_denies_it():
    for denied in (absent(), []):
        found = one(running, host(services=denied))
        assert (found.status, found.cause) == (GAP, Cause.UNREADABLE)


def test_another_era_asks_nothing():
    assert one(running, host("2008", services=failed()), since="2012").status is NA
    assert one(running, host("2019", services=failed()), until="2008R2").status is NA


def crashing(service: Service) -> Verdict:
    raise ZeroDivisionError(service.name)


def test_a_crash_is_contained_and_visible():
    found = results([made(crashing), made(running, id="HV-SVC-901")], host(services=[ROW]))
    assert [(r.status, r.cause) for r in found] == [(GAP, Cause.CRASHED), (PASS, None)]


def test_a_failure_shows_the_cells_that_it_rests_on():
    found = one(running, host(services=[ROW | {"State": "Stopped"}]))
    assert [(e.file, e.path, e.value) for e in found.evidence] == [("data/services.json", "rows[0].State", "Stopped")]


def test_a_value_of_the_wrong_type_or_an_unknown_token_is_unreadable():
    for state in (7, "Laufend", ["Running"]):
        assert one(running, host(services=[ROW | {"State": state}])).cause is Cause.UNREADABLE


def test_a_code_that_no_table_knows_is_undetermined():
    def starts(service: Service) -> Verdict:
        return fail("x") if service.start_type else PASSED

    assert one(starts, host(services=[ROW | {"StartType": 99}])).cause is Cause.UNDETERMINED


def raises(cause=Cause.UNREADABLE):
    raise NotAssessed(undetermined("gone").gap)


def test_settle_keeps_the_worst_failure_whatever_is_unreadable():
    def asked(host: Snapshot) -> Verdict:
        return settle(raises, lambda: fail("low thing", Severity.LOW), lambda: None)

    found = one(asked, host(), severity=Severity.HIGH)
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)
    assert "low thing" in found.message
    assert "gone" in found.message


def test_settle_passes_only_when_every_question_was_answered():
    def asked(host: Snapshot) -> Verdict:
        return settle(lambda: None, raises)

    assert one(asked, host()).status is GAP


def test_an_unreadable_weight_is_the_worst_in_question():
    def asked(host: Snapshot) -> Verdict:
        return graded("stands", Severity.HIGH, raises)

    found = one(asked, host())
    assert (found.status, found.severity) == (FAIL, Severity.HIGH)


def lame(service: Service) -> Verdict:
    return fail(f"{service} is lame", Severity.LOW)


FOLDS = {"HV-SVC-901": (("HV-SVC-900", "subject"),)}


def test_a_fold_needs_a_failing_parent_on_the_same_subject_with_at_least_the_severity():
    checks = [made(running), made(lame, id="HV-SVC-901")]
    rows = [ROW, ROW | {"Name": "b", "State": "Stopped"}]
    found = judge(host(services=rows), checks, folds=FOLDS)
    folded = {dict(r.subject.key)["Name"]: r.folded_into for r in found if r.check.id == "HV-SVC-901"}
    assert folded == {"a": None, "b": "HV-SVC-900"}
    heavy = [made(running, severity=Severity.INFO), made(lame, id="HV-SVC-901")]
    assert all(r.folded_into is None for r in judge(host(services=rows), heavy, folds=FOLDS))


def test_findings_of_one_cause_fold_whatever_they_are_about():
    def caused(cause):
        def judged(service: Service) -> Verdict:
            return replace(fail(f"{service} is lame"), shared=cause)

        return judged

    def folded(parent, child):
        checks = [made(caused(parent)), made(caused(child), id="HV-SVC-901")]
        found = judge(host(services=[ROW]), checks, folds={"HV-SVC-901": (("HV-SVC-900", "shared"),)})
        return [result.folded_into for result in found if result.check.id == "HV-SVC-901"]

    assert folded("one", "one") == ["HV-SVC-900"]
    assert folded("one", "other") == [None]
    assert folded(None, None) == [None]


def stopped(**changed):
    return host(services=[ROW | {"State": "Stopped"} | changed])


def rule(snapshot, **changed):
    (found,) = judge(snapshot, [made(running)], folds={})
    values = {
        "check": "HV-SVC-900",
        "observed": found.fingerprint,
        "owner": "o",
        "reason": "r",
        "expires": snapshot.host.started.date(),
        "key": {"Name": "A"},
    }
    return WaiverRule(**(values | changed))


def waiver_of(snapshot, accepted):
    (found,) = judge(snapshot, [made(running)], folds={}, waivers=[accepted])
    return found.waiver


def test_a_waiver_holds_for_its_value_its_subject_and_its_time():
    accepted = rule(stopped())
    assert waiver_of(stopped(), accepted) is not None
    assert waiver_of(stopped(State="Paused"), accepted) is None
    assert waiver_of(stopped(Name="b"), accepted) is None
    assert waiver_of(host(services=[ROW | {"State": "Stopped"}], started="2026-11-02T00:00:00.000Z"), accepted) is None


def test_what_a_policy_accepts_does_not_hide_what_nobody_did():
    checks = [made(running, severity=Severity.HIGH), made(lame, id="HV-SVC-901")]
    found = judge(stopped(), checks, folds=FOLDS, waivers=[rule(stopped(), observed=None)])
    (parent,) = judge(stopped(), checks[:1], folds={})
    accepted = rule(stopped(), observed=parent.fingerprint)
    found = judge(stopped(), checks, folds=FOLDS, waivers=[accepted])
    assert [r.folded_into for r in found if r.check.id == "HV-SVC-901"] == [None]


def test_a_check_that_is_switched_off_still_answers():
    (found,) = judge(stopped(), [made(running)], folds={}, off={"HV-SVC-900": "not ours"})
    assert (found.status, found.message) == (NA, "switched off by the policy: not ours")


def test_two_runs_give_the_same_results():
    rows = [ROW | {"Name": name, "State": "Stopped"} for name in "cab"]
    first, second = (judge(host(services=rows), [made(running)], folds={}) for _ in range(2))
    assert [json.dumps(r.identity) for r in first] == [json.dumps(r.identity) for r in second]
    assert [r.identity for r in first] == sorted(r.identity for r in first)


@pytest.mark.parametrize("wrong", ["HV-SVC-1", "SVC-001", "hv-svc-001"])
def test_an_id_must_have_its_form(wrong):
    with pytest.raises(ValueError, match="is not the id"):
        check(wrong, title="t", severity=Severity.LOW)


def test_a_check_must_say_what_it_is_asked_of():
    with pytest.raises(ValueError, match="must say"):
        check("HV-SVC-999", title="t", severity=Severity.LOW)(lambda host: PASSED)
