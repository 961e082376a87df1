"""Who holds what: closures end on any graph, refusals win, open questions stay visible."""

from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot_tool.knowledge.azman import Mark, shipped_operations
from snapshot_tool.model.azman_closure import (
    Power,
    RecognisedBy,
    assignments,
    delegated,
    hyperv_application,
    is_shipped_shape,
    power,
    reach,
    recognise,
    role_model_used,
)
from snapshot_tool.parsers.azman import parse_azman

ADMIN = "S-1-5-32-544"
ANN, BOB = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"


def app(inside):
    parsed = parse_azman(
        f'<AzAdminManager MajorVersion="2" MinorVersion="0">'
        f'<AzApplication Guid="app" Name="Hyper-V Services">{inside}</AzApplication></AzAdminManager>'.encode()
    )
    return parsed, parsed.applications[0]


def closed(inside):
    return assignments(*app(inside))


def op(guid, name="", number=1):
    return f'<AzOperation Guid="{guid}" Name="{name or guid}"><OperationID>{number}</OperationID></AzOperation>'


def task(guid, *links, rule=""):
    inside = "".join(f"<TaskLink>{link}</TaskLink><OperationLink>{link}</OperationLink>" for link in links)
    return f'<AzTask Guid="{guid}" Name="{guid}">{inside}<BizRule>{rule}</BizRule></AzTask>'


def role(guid, members=(), tasks=(), groups=(), operations=()):
    return (
        f'<AzRole Guid="{guid}" Name="{guid}">'
        + "".join(f"<Member>{sid}</Member>" for sid in members)
        + "".join(f"<TaskLink>{link}</TaskLink>" for link in tasks)
        + "".join(f"<OperationLink>{link}</OperationLink>" for link in operations)
        + "".join(f"<AppMemberLink>{link}</AppMemberLink>" for link in groups)
        + "</AzRole>"
    )


def group(guid, members=(), refused=(), groups=(), kind="Basic"):
    return (
        f'<AzApplicationGroup Guid="{guid}" Name="{guid}" GroupType="{kind}">'
        + "".join(f"<Member>{sid}</Member>" for sid in members)
        + "".join(f"<NonMember>{sid}</NonMember>" for sid in refused)
        + "".join(f"<AppMemberLink>{link}</AppMemberLink>" for link in groups)
        + "</AzApplicationGroup>"
    )


def held(assignment):
    return {reached.operation.name: reached.conditional for reached in assignment.operations}


def paths(way):
    return [place.path for place in way]


def test_operations_are_reached_through_nested_tasks_with_the_way_that_leads_there():
    (found,) = closed(op("a") + op("b", number=2) + task("t", "u") + task("u", "a") + role("r", tasks=["t"]))
    assert held(found) == {"a": False}
    assert paths(found.operations[0].way) == [
        "AzRole[1]/TaskLink[1]",
        "AzTask[1]/TaskLink[1]",
        "AzTask[2]/OperationLink[1]",
    ]
    assert not found.full


def test_an_assignment_is_full_if_it_holds_every_operation_of_the_store():
    (found,) = closed(op("a") + op("b", number=2) + task("t", "a") + role("r", tasks=["t"], operations=["b"]))
    assert found.full


def test_a_store_without_operations_gives_nobody_full_rights():
    (found,) = closed(role("r", members=[ANN]))
    assert not found.full
    assert power(found, recognise(app("")[1])) is Power.NONE


def test_what_only_a_script_lets_through_is_conditional():
    (found,) = closed(
        op("a") + op("b", number=2) + task("t", "a", "b", rule="x") + task("u", "b") + role("r", tasks=["t", "u"])
    )
    assert held(found) == {"a": True, "b": False}


def test_loops_end_and_add_nothing_twice():
    (found,) = closed(
        op("a") + task("t", "u", "a") + task("u", "t", "a") + role("r", tasks=["t", "u"], groups=["g"])
        + group("g", [ANN], groups=["h"]) + group("h", [ANN, BOB], groups=["g"])
    )  # fmt: skip
    assert held(found) == {"a": False}
    assert [member.sid for member in found.members] == [ANN, BOB]


def test_members_come_through_nested_groups_with_their_way():
    (found,) = closed(role("r", groups=["g"]) + group("g", groups=["h"]) + group("h", [ANN]))
    (member,) = found.members
    assert not member.direct
    assert paths(member.way) == [
        "AzRole[1]/AppMemberLink[1]",
        "AzApplicationGroup[1]/AppMemberLink[1]",
        "AzApplicationGroup[2]/Member[1]",
    ]
    assert member.place.path == "AzApplicationGroup[2]/Member[1]"


def test_a_refused_principal_is_no_member_also_where_an_outer_group_refuses_it():
    (found,) = closed(role("r", groups=["g"]) + group("g", refused=[ANN], groups=["h"]) + group("h", [ANN, BOB]))
    assert found.membership.sids == {BOB}
    assert [member.sid for member in found.membership.refused] == [ANN]


def test_a_refusal_holds_for_its_group_only():
    inside = group("g", [ANN], refused=[ANN]) + group("h", groups=["g", "i"]) + group("i", [ANN])
    (through_other, direct) = closed(role("r", groups=["g", "h"]) + role("s", [ANN], groups=["g"]) + inside)
    assert through_other.membership.sids == {ANN}
    assert paths(through_other.members[0].way) == [
        "AzRole[1]/AppMemberLink[2]",
        "AzApplicationGroup[2]/AppMemberLink[2]",
        "AzApplicationGroup[3]/Member[1]",
    ]
    assert direct.membership.sids == {ANN}
    assert direct.members[0].direct


def test_queries_and_scripts_leave_the_membership_open():
    (found,) = closed(role("r", groups=["q", "s"]) + group("q", [ANN], kind="LdapQuery") + group("s", kind="Bizrule"))
    assert not found.members
    assert not found.membership.empty
    assert [each.group.name for each in found.membership.undetermined] == ["q", "s"]


def test_roles_of_scopes_use_definitions_and_groups_of_the_application():
    scope = f'<AzScope Guid="sc" Name="Team">{role("r", tasks=["t"], groups=["g"])}</AzScope>'
    (found,) = closed(op("a") + task("t", "a") + group("g", [ANN]) + scope)
    assert found.scope.name == "Team"
    assert (held(found), found.membership.sids) == ({"a": False}, {ANN})


def test_elements_of_the_same_guid_are_all_meant():
    (found,) = closed(op("a") + op("b", number=2) + task("t", "a") + task("T", "b") + role("r", tasks=["t"]))
    assert set(held(found)) == {"a", "b"}


def shipped_store(*roles):
    operations = "".join(op(f"o{n}", each.name, n) for n, each in enumerate(shipped_operations()))
    return operations + task("all", *(f"o{n}" for n in range(34))) + "".join(roles)


def guid_of(name):
    return next(f"o{n}" for n, each in enumerate(shipped_operations()) if each.name == name)


def test_the_installed_store_has_one_full_assignment_and_uses_no_roles():
    parsed, application = app(shipped_store(role("r", [ADMIN], ["all"])))
    found = assignments(parsed, application)
    recognised = recognise(application)
    assert found[0].full
    assert power(found[0], recognised) is Power.MODIFY
    assert is_shipped_shape(application, found)
    assert not role_model_used(found)
    assert not delegated(found)
    assert not recognised.missing(7601)
    assert [operation.name for operation in shipped_operations() if operation not in shipped_operations(6002)] == [
        "Allow Virtual Machine Snapshot"
    ]


def test_operators_are_told_by_what_their_operations_are_called():
    console, watch, rescope = map(
        guid_of,
        ["Allow Input to Virtual Machine", "View Switches", "Change Virtual Machine Authorization Scope"],
    )
    parsed, application = app(
        shipped_store(
            role("admins", [ADMIN, BOB], ["all"]),
            role("operators", [ANN], operations=[console, rescope]),
            role("watchers", ["S-1-5-11"], operations=[watch]),
        )
    )
    found = assignments(parsed, application)
    recognised = recognise(application)
    admins, operators, watchers = found
    assert [power(each, recognised) for each in found] == [Power.MODIFY, Power.MODIFY, Power.READ]
    assert [member.sid for member in admins.beyond_administrators()] == [BOB]
    assert not admins.beyond_administrators({BOB})
    assert [each.operation.name for each in recognised.marked(operators, Mark.AUTHORIZATION)] == [
        "Change Virtual Machine Authorization Scope"
    ]
    assert not recognised.marked(operators, Mark.HOST_NETWORK)
    assert [member.sid for member in watchers.broad_members] == ["S-1-5-11"]
    assert delegated(found) == (operators, watchers)
    assert reach(found, recognised, Mark.CONSOLE_INPUT).sids == {ANN}
    assert not is_shipped_shape(application, found)


def test_numbers_are_a_hint_only_where_no_name_is_known():
    _, german = app(op("a", "Dienstkonfiguration lesen", 100) + op("b", "Dienst umkonfigurieren", 105))
    _, english = app(op("a", "READ  service configuration", 7) + op("b", "Reconfigure something", 105))
    _, foreign = app(op("a", "Expense", 1))
    assert [recognise(each).by for each in (german, english, foreign)] == [
        RecognisedBy.NUMBER,
        RecognisedBy.NAME,
        RecognisedBy.NOTHING,
    ]
    assert recognise(german).known["AzOperation[2]"].name == "Reconfigure Service"
    assert [operation.name for operation in recognise(english).unknown] == ["Reconfigure something"]


def test_an_unknown_operation_leaves_read_rights_undetermined():
    parsed, application = app(op("a", "View Switches") + op("b", "Odd", 2) + role("r", [ANN], operations=["a", "b"]))
    assert power(assignments(parsed, application)[0], recognise(application)) is Power.UNDETERMINED


def test_the_application_is_found_by_its_configured_name_without_regard_to_case():
    parsed, application = app("")
    assert hyperv_application(parsed) is application
    assert hyperv_application(parsed, "HYPER-V SERVICES") is application
    assert hyperv_application(parsed, "Expense") is None


NODES = range(7)
GRAPHS = st.fixed_dictionaries({
    "links": st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=25),
    "members": st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from([ANN, BOB])), max_size=6),
    "refused": st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from([ANN, BOB])), max_size=4),
    "roots": st.lists(st.sampled_from(NODES), max_size=3),
})  # fmt: skip


def holds(graph, node, sid, on_the_way=frozenset()):
    """The definition, followed along every path: members minus refused, nested; a loop adds nothing."""
    if node in on_the_way or (node, sid) in graph["refused"]:
        return False
    inner = [target for source, target in graph["links"] if source == node]
    return (node, sid) in graph["members"] or any(holds(graph, each, sid, on_the_way | {node}) for each in inner)


@given(GRAPHS)
@settings(max_examples=80, deadline=None)
def test_on_any_graph_of_groups_membership_is_what_the_definition_says(graph):
    inside = "".join(
        group(
            f"g{node}",
            [sid for owner, sid in graph["members"] if owner == node],
            [sid for owner, sid in graph["refused"] if owner == node],
            [f"g{target}" for source, target in graph["links"] if source == node],
        )
        for node in NODES
    )
    (found,) = closed(inside + role("r", groups=[f"g{root}" for root in graph["roots"]]))
    expected = {sid for sid in (ANN, BOB) if any(holds(graph, root, sid) for root in graph["roots"])}
    assert found.membership.sids == expected
    for member in found.members:
        steps = [path.split("/")[0] for path in paths(member.way)]
        assert len(steps) == len(set(steps)), "a way passes no group twice"


@given(GRAPHS)
@settings(max_examples=60, deadline=None)
def test_on_any_graph_of_tasks_the_closure_is_what_can_be_reached(graph):
    inside = "".join(op(f"o{node}", number=node) for node in NODES)
    inside += "".join(
        task(f"t{node}", f"o{node}", *(f"t{target}" for source, target in graph["links"] if source == node))
        for node in NODES
    )
    (found,) = closed(inside + role("r", tasks=[f"t{root}" for root in graph["roots"]]))
    reached, open_nodes = set(), set(graph["roots"])
    while open_nodes:
        reached |= open_nodes
        open_nodes = {target for source, target in graph["links"] if source in reached} - reached
    assert set(held(found)) == {f"o{node}" for node in reached}


def test_long_chains_of_tasks_and_groups_are_followed_without_recursion():
    length = 5000
    inside = op("a") + "".join(task(f"t{n}", f"t{n + 1}", "a" if n == length - 1 else "none") for n in range(length))
    inside += "".join(group(f"g{n}", [ANN] if n == length - 1 else [], groups=[f"g{n + 1}"]) for n in range(length))
    (found,) = closed(inside + role("r", tasks=["t0"], groups=["g0"]))
    assert len(found.operations[0].way) == length + 1
    assert found.membership.sids == {ANN}
