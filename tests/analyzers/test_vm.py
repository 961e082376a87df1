"""HV-VM: each check passes, fails and is not assessed."""

import pytest
from hosts import FAIL, GAP, NA, PASS, failed, verdict
from machines import HIDDEN, LINUX, WEB, guest, machine, machines, of, sheet

from analyzers import vm
from snapshot_tool.policy import NO_POLICY
from snapshot_tool.verdict import Cause, Severity

HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO


def told(check, policy=NO_POLICY, **tables):
    found = verdict(check, machines(policy=policy, **{"vm": [machine()], **tables}))
    return found.status, found.severity


def of_vm(check, era="2022", **changed):
    found = verdict(check, machines(era, vm=[machine(**changed)]))
    return found.status, found.severity


def test_a_paused_machine_fails_and_a_pause_of_minutes_is_a_note():
    assert of_vm(vm.not_paused)[0] is PASS
    assert of_vm(vm.not_paused, State="Paused") == (FAIL, LOW)
    assert of_vm(vm.not_paused, State="Paused", TimeOfLastStateChange="2026-11-01T08:10:00.000Z") == (FAIL, INFO)
    assert of_vm(vm.not_paused, State="Paused", TimeOfLastStateChange=HIDDEN) == (FAIL, LOW)
    assert of_vm(vm.not_paused, State="PausedCritical")[0] is PASS
    assert of_vm(vm.not_paused, State=HIDDEN)[0] is GAP


def test_a_critical_state_or_status_fails_whatever_else_is_hidden():
    assert of_vm(vm.not_critical)[0] is PASS
    assert of_vm(vm.not_critical, State="OffCritical") == (FAIL, HIGH)
    assert of_vm(vm.not_critical, SecondaryOperationalStatus="CriticalIoError", State=HIDDEN) == (FAIL, HIGH)
    assert of_vm(vm.not_critical, PrimaryOperationalStatus=HIDDEN)[0] is GAP


def checkpoint(created="2026-10-15T08:15:00.000Z", kind="Standard", **changed):
    return of(Id=WEB, Name="before", SnapshotType=kind, CreationTime=created, **changed)


@pytest.mark.parametrize(
    ("created", "kind", "expected"),
    [
        ("2026-10-31T08:15:00.000Z", "Standard", PASS),
        ("2026-10-28T08:15:00.000Z", "Standard", LOW),
        ("2026-10-20T08:15:00.000Z", "Standard", MEDIUM),
        ("2026-09-01T08:15:00.000Z", "Standard", HIGH),
        ("2026-10-31T20:15:00.000Z", "Recovery", PASS),
        ("2026-10-30T08:15:00.000Z", "Recovery", LOW),
        ("2026-10-20T08:15:00.000Z", "Recovery", MEDIUM),
        ("2020-01-01T00:00:00.000Z", "AppConsistentReplica", PASS),
    ],
)
def test_checkpoints_weigh_by_age_and_kind(created, kind, expected):
    status, severity = told(vm.no_old_checkpoints, vm_checkpoint=[checkpoint(created, kind)], vm_guest_kvp=[guest()])
    assert (status if status is not FAIL else severity) is expected


def test_a_checkpoint_of_unknown_age_is_a_gap_and_makes_a_finding_no_milder():
    low, hidden = checkpoint("2026-10-28T08:15:00.000Z"), checkpoint(HIDDEN)
    assert told(vm.no_old_checkpoints, vm_checkpoint=[hidden])[0] is GAP
    assert told(vm.no_old_checkpoints, vm_checkpoint=[low, hidden], vm_guest_kvp=[]) == (FAIL, HIGH)
    assert told(vm.no_old_checkpoints, vm_checkpoint=HIDDEN)[0] is GAP


def test_checkpoints_of_replicas_and_domain_controllers_are_not_reported_here():
    replica, controller = [machine(ReplicationMode="Replica")], [guest(product="2")]
    assert told(vm.no_old_checkpoints, vm=replica, vm_checkpoint=[checkpoint()])[0] is NA
    assert told(vm.no_old_checkpoints, vm_checkpoint=[checkpoint()], vm_guest_kvp=controller)[0] is NA
    assert told(vm.no_old_checkpoints, vm_checkpoint=[checkpoint()], vm_guest_kvp=HIDDEN) == (FAIL, MEDIUM)


def test_recovery_points_after_a_failover_fail():
    waiting = [of(ReplicationState="FailedOverWaitingCompletion", ReplicationRelationshipType="Simple")]
    running = [of(ReplicationState="Replicating", ReplicationRelationshipType="Simple")]
    points = [checkpoint(kind="Replica")]
    assert told(vm.failover_is_completed, vm_replication=waiting, vm_checkpoint=points) == (FAIL, LOW)
    assert told(vm.failover_is_completed, vm_replication=running, vm_checkpoint=points)[0] is PASS
    assert told(vm.failover_is_completed, vm_replication=waiting, vm_checkpoint=[checkpoint()])[0] is PASS
    assert told(vm.failover_is_completed, vm_replication=waiting, vm_checkpoint=HIDDEN)[0] is GAP


VERSIONS = ["8.0", "8.1", "9.0", "10.0"]


def version(text, *, supported=VERSIONS, alone=True, **tables):
    tables = {"host_hyperv": [{"Name": "HV01", "SupportedVmVersions": supported}], **tables}
    absent = ["cluster", "cluster_node"] if alone else []
    found = verdict(vm.configuration_version, machines(vm=[machine(Version=text)], absent=absent, **tables))
    return found.status, found.severity


def test_a_version_that_the_host_refuses_is_critical_and_an_old_one_a_note():
    assert version("10.0")[0] is PASS
    assert version("9.0") == (FAIL, INFO)
    assert version("5.0") == (FAIL, Severity.CRITICAL)
    assert version("5.0", supported=["5.0", "8.0", "9.0"]) == (FAIL, MEDIUM)
    assert version("nine")[0] is GAP
    assert version(HIDDEN)[0] is GAP
    assert version("9.0", host_hyperv=HIDDEN)[0] is GAP


def test_an_old_version_is_right_while_nodes_of_an_older_release_share_the_cluster():
    nodes = [{"Name": "A", "Id": "1", "BuildNumber": 17763}, {"Name": "B", "Id": "2", "BuildNumber": 20348}]
    behind, raised = [{"Name": "CL", "ClusterFunctionalLevel": 10}], [{"Name": "CL", "ClusterFunctionalLevel": 11}]
    assert version("9.0", alone=False, cluster=raised, cluster_node=nodes)[0] is PASS
    assert version("9.0", alone=False, cluster=behind, cluster_node=nodes[1:])[0] is PASS
    assert version("9.0", alone=False, cluster=raised, cluster_node=nodes[1:]) == (FAIL, INFO)
    assert version("9.0", alone=False, cluster=raised, cluster_node=HIDDEN)[0] is GAP
    assert version("5.0", alone=False, cluster=HIDDEN) == (FAIL, Severity.CRITICAL)


def controller(kind="SCSI"):
    return [of(Id="c", ControllerType=kind, ControllerNumber=0)]


def disk(written="2026-10-30T00:00:00.000Z", path="D:\\web.vhdx"):
    return {
        "vm_hard_disk": [of(Id="k", Path=path)],
        "vhd": [{"Path": "D:\\WEB.vhdx", "LastWriteTime": written}],
    }


def test_a_backup_must_be_younger_than_a_week():
    def backup(moment, **changed):
        host = machines(vm=[machine(LastSuccessfulBackupTime=moment, **changed)], **disk("2026-06-01T00:00:00.000Z"))
        return verdict(vm.backed_up, host)

    assert backup("2026-10-31T00:00:00.000Z").status is PASS
    assert backup("2026-10-01T00:00:00.000Z").severity is HIGH
    assert backup(None).cause is Cause.MANUAL
    assert backup(HIDDEN).cause is Cause.ACCESS_DENIED
    assert backup("2026-10-01T00:00:00.000Z", State="Off").status is NA
    assert backup("2026-05-01T00:00:00.000Z", State="Off").status is FAIL
    assert backup("2026-05-01T00:00:00.000Z", CreationTime="2026-10-30T00:00:00.000Z").status is NA
    assert backup("2026-05-01T00:00:00.000Z", ReplicationMode="Replica").status is NA
    old = machines("2008R2", vm=[machine()], unsupported=["vm.LastSuccessfulBackupTime", "vm.ReplicationMode"])
    assert verdict(vm.backed_up, old).cause is Cause.MANUAL


@pytest.mark.parametrize(
    ("written", "abandoned", "outdated"),
    [
        ("2026-10-30T00:00:00.000Z", PASS, PASS),
        ("2026-08-01T00:00:00.000Z", PASS, FAIL),
        ("2026-01-01T00:00:00.000Z", FAIL, NA),
        (HIDDEN, GAP, GAP),
    ],
)
def test_machines_that_are_off_for_long_fail(written, abandoned, outdated):
    off = [machine(State="Off")]
    assert told(vm.not_abandoned, vm=off, **disk(written))[0] is abandoned
    assert told(vm.not_outdated, vm=off, **disk(written))[0] is outdated
    assert told(vm.not_abandoned, **disk(written))[0] is NA
    assert told(vm.not_outdated, vm=[machine(State="Off", ReplicationMode="Replica")], **disk(written))[0] is NA


def test_an_unreadable_disk_matters_only_if_no_other_was_written_lately():
    tables = disk()
    tables["vm_hard_disk"] = [*tables["vm_hard_disk"], of(Id="l", Path=None)]
    off = [machine(State="Off")]
    assert told(vm.not_abandoned, vm=off, **tables)[0] is PASS
    tables["vhd"] = [tables["vhd"][0] | {"LastWriteTime": "2026-01-01T00:00:00.000Z"}]
    assert told(vm.not_abandoned, vm=off, **tables)[0] is GAP
    assert told(vm.not_abandoned, vm=off, vm_hard_disk=[], vhd=[])[0] is GAP


def test_the_operator_sheet_takes_machines_out_of_rules_for_production():
    old = {"vm_checkpoint": [checkpoint()], "vm_guest_kvp": []}
    off = [machine(State="Off", LastSuccessfulBackupTime=None)]
    for tag in ("lab", "template"):
        assert told(vm.no_old_checkpoints, policy=sheet(tag), **old)[0] is NA
        assert told(vm.backed_up, policy=sheet(tag), vm=off)[0] is NA
        assert told(vm.not_abandoned, policy=sheet(tag), vm=off, **disk("2026-01-01T00:00:00.000Z"))[0] is NA
    assert told(vm.no_old_checkpoints, policy=sheet("other"), **old)[0] is FAIL
    assert told(vm.not_outdated, policy=sheet("standby"), vm=off, **disk("2026-08-01T00:00:00.000Z"))[0] is NA


def test_a_machine_that_is_saved_for_more_than_a_week_fails():
    assert of_vm(vm.not_saved_for_long)[0] is PASS
    assert of_vm(vm.not_saved_for_long, State="Saved")[0] is PASS
    assert of_vm(vm.not_saved_for_long, State="Saved", TimeOfLastStateChange="2026-10-01T00:00:00.000Z") == (FAIL, LOW)
    assert of_vm(vm.not_saved_for_long, State="Saved", TimeOfLastStateChange=None)[0] is GAP


def test_the_files_of_a_saved_machine_tell_how_long_when_nothing_else_does():
    def written(*times, name=WEB, kind="runtime", **changed):
        files = [
            {"Path": f"D:\\{number}\\{name.upper()}.vmrs", "Kind": kind, "LastWriteUtc": time}
            for number, time in enumerate(times)
        ]
        saved = [machine(State="Saved", TimeOfLastStateChange=None)]
        return told(vm.not_saved_for_long, **{"vm": saved, "vm_files": files, **changed})

    old, new = "2026-10-01T00:00:00.000Z", "2026-10-31T00:00:00.000Z"
    assert written(old) == (FAIL, LOW)
    assert written(old, new)[0] is PASS
    assert written(old, name="other")[0] is GAP
    assert written(old, kind="config")[0] is GAP
    assert written(vm_files=failed())[0] is GAP


def test_kinds_of_checkpoints_that_a_machine_takes():
    assert told(vm.production_checkpoints, vm=[machine(CheckpointType="Production")])[0] is PASS
    standard = [machine(CheckpointType="Standard")]
    assert told(vm.production_checkpoints, vm=standard, vm_guest_kvp=[guest()]) == (FAIL, LOW)
    assert told(vm.production_checkpoints, vm=standard, vm_guest_kvp=[guest(product="2")])[0] is NA
    assert told(vm.production_checkpoints, vm=standard, vm_guest_kvp=None) == (FAIL, LOW)
    assert told(vm.production_checkpoints, vm=[machine(CheckpointType=HIDDEN)])[0] is GAP
    automatic = [machine(AutomaticCheckpointsEnabled=True)]
    assert told(vm.no_automatic_checkpoints, vm=automatic, os=[{"ProductType": 3}]) == (FAIL, LOW)
    assert told(vm.no_automatic_checkpoints, vm=automatic, os=[{"ProductType": 1}])[0] is NA
    assert told(vm.no_automatic_checkpoints, vm=[machine(AutomaticCheckpointsEnabled=False)])[0] is PASS
    assert told(vm.no_automatic_checkpoints, vm=[machine(AutomaticCheckpointsEnabled=HIDDEN)])[0] is GAP


def test_a_machine_must_not_be_turned_off_with_the_host():
    def stopped(action, product="3"):
        tables = {"vm": [machine(AutomaticStopAction=action)], "vm_guest_kvp": [guest(product=product)]}
        return told(vm.shut_down_with_the_host, **tables)

    assert stopped("ShutDown")[0] is PASS
    assert stopped("Save")[0] is PASS
    assert stopped("TurnOff") == (FAIL, MEDIUM)
    assert stopped("Save", "2") == (FAIL, MEDIUM)
    assert stopped(HIDDEN)[0] is GAP


def test_notes_and_the_console():
    assert of_vm(vm.no_secrets_in_notes, NotesSuspicious=True) == (FAIL, MEDIUM)
    assert of_vm(vm.no_secrets_in_notes, NotesSuspicious=False)[0] is PASS
    assert of_vm(vm.no_secrets_in_notes, NotesSuspicious=HIDDEN)[0] is GAP
    assert of_vm(vm.no_secrets_in_notes, NotesSuspicious=False, Name="web Kennwort=Sommer") == (FAIL, MEDIUM)
    assert of_vm(vm.no_secrets_in_notes, NotesSuspicious=False, Name="Secret Server 01")[0] is PASS
    assert of_vm(vm.console_is_locked, LockOnDisconnect="Off") == (FAIL, LOW)
    assert of_vm(vm.console_is_locked, LockOnDisconnect="On")[0] is PASS
    assert of_vm(vm.console_is_locked, LockOnDisconnect=HIDDEN)[0] is GAP


def test_more_than_forty_checkpoints_fail_whatever_else_is_hidden():
    def having(count, *more):
        rows = [checkpoint() | {"Name": f"number {n}"} for n in range(count)]
        return told(vm.few_checkpoints, vm_checkpoint=[*rows, *more])

    hidden = checkpoint() | {"VMId": HIDDEN}
    assert having(0)[0] is PASS
    assert having(40)[0] is PASS
    assert having(41) == (FAIL, LOW)
    assert having(41, hidden) == (FAIL, LOW)
    assert having(40, hidden)[0] is GAP
    assert told(vm.few_checkpoints, vm_checkpoint=HIDDEN)[0] is GAP


def starting(action="Nothing", who=None, policy=NO_POLICY, **changed):
    answers = who if who is HIDDEN else [who] if who else []
    row = machine(AutomaticStartAction=action, **changed)
    return told(vm.infrastructure_starts_with_the_host, policy, vm=[row], vm_guest_kvp=answers)


def test_a_domain_controller_starts_with_the_host_unless_a_cluster_starts_it():
    controller = guest(product="2")
    assert starting(who=controller) == (FAIL, LOW)
    assert starting(policy=sheet("router")) == (FAIL, LOW)
    assert starting("StartIfRunning", controller)[0] is PASS
    assert starting(who=guest())[0] is PASS
    assert starting(who=controller, IsClustered=True)[0] is NA
    assert starting(who=controller, ReplicationMode="Replica")[0] is NA
    assert starting(who=HIDDEN)[0] is GAP
    assert starting(HIDDEN, controller)[0] is GAP


def test_a_guest_that_could_be_of_generation_2_fails_in_generation_1():
    def of_generation(number=1, who=None):
        answers = [] if who is None else [who]
        return told(vm.newest_generation, vm=[machine(Generation=number)], vm_guest_kvp=answers)

    client = guest("10.0.19045", product="1")
    assert of_generation(2)[0] is PASS
    assert of_generation(who=guest("6.2.9200")) == (FAIL, LOW)
    assert of_generation(who=guest("6.1.7601"))[0] is NA
    assert of_generation(who=client | {"ProcessorArchitecture": "9"}) == (FAIL, LOW)
    assert of_generation(who=client | {"ProcessorArchitecture": "0"})[0] is NA
    assert of_generation(who=client | {"ProcessorArchitecture": HIDDEN})[0] is GAP
    assert of_generation(who=client | {"ProcessorArchitecture": None})[0] is GAP
    assert of_generation(who=LINUX)[0] is NA
    assert of_generation()[0] is GAP
    assert of_generation(HIDDEN, guest())[0] is GAP
