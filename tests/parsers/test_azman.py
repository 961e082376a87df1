"""The AzMan parser: schema 1 and 2, places for evidence, defects instead of exceptions."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_data import real_folder

from snapshot_tool.parsers.azman import NotAStoreError, parse_azman
from snapshot_tool.parsers.azman_store import DefectKind, GroupKind
from snapshot_tool.parsers.xml import XmlError, XmlRefusedError

# Synthetic: a store of schema 2 with every kind of element, written in odd case and order.
STORE = """<?xml version="1.0" encoding="utf-8"?>
<AzAdminManager MajorVersion="2" MinorVersion="0">
 <AzApplicationGroup Guid="{AAAAAAAA-0000-0000-0000-000000000001}" Name="Global" GroupType="Basic">
  <Member>s-1-5-021-1-2-3-1000</Member>
 </AzApplicationGroup>
 <AzApplication Guid="aaaaaaaa-0000-0000-0000-000000000002" Name="Hyper-V services" ApplicationVersion="1.0">
  <AzRole Guid="aaaaaaaa-0000-0000-0000-000000000003" Name="Operators">
   <Member>S-1-1-0</Member><Member>S-1-5-32-544</Member>
   <TaskLink>AAAAAAAA-0000-0000-0000-000000000004</TaskLink>
   <OperationLink>{aaaaaaaa-0000-0000-0000-000000000006}</OperationLink>
   <AppMemberLink>aaaaaaaa-0000-0000-0000-000000000001</AppMemberLink>
  </AzRole>
  <AzTask Guid="aaaaaaaa-0000-0000-0000-000000000004" Name="Operator" RoleDefinition="TRUE">
   <TaskLink>aaaaaaaa-0000-0000-0000-000000000005</TaskLink>
   <BizRuleLanguage></BizRuleLanguage>
  </AzTask>
  <AzTask Guid="aaaaaaaa-0000-0000-0000-000000000005" Name="Watch" BizRuleImportedPath="\\\\server\\share\\rule.vbs">
   <OperationLink>aaaaaaaa-0000-0000-0000-000000000006</OperationLink>
   <BizRuleLanguage>VBScript</BizRuleLanguage><BizRule>AzBizRuleContext.BusinessRuleResult = TRUE</BizRule>
  </AzTask>
  <AzOperation Guid="aaaaaaaa-0000-0000-0000-000000000006" Name="View Switches" Description="see">
   <OperationID> 265 </OperationID>
  </AzOperation>
  <AzScope Guid="aaaaaaaa-0000-0000-0000-000000000007" Name="Team A">
   <AzApplicationGroup Guid="aaaaaaaa-0000-0000-0000-000000000008" Name="Asked" GroupType="LdapQuery">
    <LdapQuery>(objectClass=user)</LdapQuery>
   </AzApplicationGroup>
   <AzApplicationGroup Guid="aaaaaaaa-0000-0000-0000-000000000009" Name="Mixed" GroupType="Basic">
    <Member>S-1-5-21-1-2-3-1</Member><NonMember>S-1-5-21-1-2-3-2</NonMember>
    <AppMemberLink>aaaaaaaa-0000-0000-0000-000000000008</AppMemberLink>
    <AppNonMemberLink>aaaaaaaa-0000-0000-0000-000000000001</AppNonMemberLink>
   </AzApplicationGroup>
   <AzRole Guid="aaaaaaaa-0000-0000-0000-00000000000a" Name="Team A operators"/>
  </AzScope>
 </AzApplication>
</AzAdminManager>
"""


def store(inside, version="1"):
    application = f'<AzApplication Guid="app" Name="Hyper-V services">{inside}</AzApplication>'
    return parse_azman(
        f'<AzAdminManager MajorVersion="{version}" MinorVersion="0">{application}</AzAdminManager>'.encode()
    )


def kinds(parsed):
    return [defect.kind for defect in parsed.defects]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_element_is_read_with_its_place(encoding):
    parsed = parse_azman(STORE.replace("utf-8", encoding).encode(encoding))
    assert (parsed.major_version, parsed.minor_version, parsed.guid) == (2, 0, None)
    assert not parsed.defects
    assert not parsed.unknown
    assert [group.place.path for group in parsed.groups] == ["/AzAdminManager/AzApplicationGroup[1]"]
    (application,) = parsed.applications
    assert (application.name, application.version) == ("Hyper-V services", "1.0")
    (role,) = application.roles
    assert [(member.sid, member.place.path, member.place.line) for member in role.members] == [
        ("S-1-1-0", "AzRole[1]/Member[1]", 8),
        ("S-1-5-32-544", "AzRole[1]/Member[2]", 8),
    ]
    assert [link.guid for link in (*role.tasks, *role.operations, *role.groups)] == [
        "aaaaaaaa-0000-0000-0000-000000000004",
        "aaaaaaaa-0000-0000-0000-000000000006",
        "aaaaaaaa-0000-0000-0000-000000000001",
    ]
    definition, task = application.tasks
    assert definition.role_definition
    assert definition.biz_rule is None
    assert not task.role_definition
    assert (task.biz_rule.language, task.biz_rule.length) == ("VBScript", 42)
    assert task.biz_rule.imported_path == r"\\server\share\rule.vbs"
    assert application.operations[0].operation_id == 265
    (scope,) = application.scopes
    asked, mixed = scope.groups
    assert (asked.kind, asked.ldap_query) == (GroupKind.LDAP_QUERY, "(objectClass=user)")
    assert [member.sid for member in mixed.non_members] == ["S-1-5-21-1-2-3-2"]
    assert len(mixed.non_groups) == 1
    assert scope.roles[0].place.path == "AzScope[1]/AzRole[1]"


def test_a_sid_is_brought_into_the_form_windows_prints():
    parsed = parse_azman(STORE.encode())
    assert parsed.groups[0].members[0].sid == "S-1-5-21-1-2-3-1000"


def test_paths_begin_at_the_root_where_a_store_has_two_applications():
    parsed = parse_azman(
        b'<AzAdminManager MajorVersion="1" MinorVersion="0"><AzApplication Guid="1" Name="a"/>'
        b'<AzApplication Guid="2" Name="b"><AzRole Guid="3" Name="r"/></AzApplication></AzAdminManager>'
    )
    assert parsed.applications[1].roles[0].place.path == "/AzAdminManager/AzApplication[2]/AzRole[1]"


@pytest.mark.parametrize(
    ("inside", "kind", "path"),
    [
        ('<AzRole Guid="r" Name="r"><TaskLink>gone</TaskLink></AzRole>', DefectKind.DANGLING_LINK, "AzRole[1]/TaskLink[1]"),
        ('<AzRole Guid="r" Name="r"><TaskLink>r</TaskLink></AzRole>', DefectKind.WRONG_KIND, "AzRole[1]/TaskLink[1]"),
        ('<AzRole Guid="r" Name="r"><TaskLink/></AzRole>', DefectKind.DANGLING_LINK, "AzRole[1]/TaskLink[1]"),
        ('<AzRole Guid="r" Name="r"><Member>Bob</Member></AzRole>', DefectKind.BAD_MEMBER, "AzRole[1]/Member[1]"),
        ('<AzTask Guid="t" Name="t"><TaskLink>T</TaskLink></AzTask>', DefectKind.TASK_LOOP, "AzTask[1]/TaskLink[1]"),
        (
            '<AzTask Guid="t" Name="t"><TaskLink>u</TaskLink></AzTask><AzTask Guid="u" Name="u"><TaskLink>t</TaskLink></AzTask>',
            DefectKind.TASK_LOOP,
            "AzTask[2]/TaskLink[1]",
        ),
        (
            '<AzApplicationGroup Guid="g" Name="g" GroupType="Basic"><AppMemberLink>{G}</AppMemberLink></AzApplicationGroup>',
            DefectKind.GROUP_LOOP,
            "AzApplicationGroup[1]/AppMemberLink[1]",
        ),
        ('<AzApplicationGroup Guid="g" Name="g" GroupType="Odd"/>', DefectKind.BAD_GROUP_TYPE, "AzApplicationGroup[1]"),
        ('<AzOperation Guid="o" Name="o"><OperationID>x</OperationID></AzOperation>', DefectKind.BAD_OPERATION_ID, "AzOperation[1]"),
        ('<AzOperation Guid="o" Name="o"/>', DefectKind.BAD_OPERATION_ID, "AzOperation[1]"),
        (
            ('<AzOperation Guid="o" Name="o"><OperationID>1</OperationID></AzOperation>'
            '<AzOperation Guid="p" Name="p"><OperationID>1</OperationID></AzOperation>'),
            DefectKind.DUPLICATE_OPERATION_ID,
            "AzOperation[2]",
        ),
        ('<AzTask Guid="t" Name="t"/><AzTask Guid="{T}" Name="u"/>', DefectKind.DUPLICATE_GUID, "AzTask[2]"),
        ('<AzTask Guid="t" Name="A"/><AzTask Guid="u" Name="a"/>', DefectKind.DUPLICATE_NAME, "AzTask[2]"),
        ('<AzTask Name="t"/>', DefectKind.MISSING_GUID, "AzTask[1]"),
        ('<AzTask Guid="t"/>', DefectKind.MISSING_NAME, "AzTask[1]"),
        (
            ('<AzScope Guid="s" Name="s"><AzTask Guid="t" Name="t"/></AzScope>'
            '<AzRole Guid="r" Name="r"><TaskLink>t</TaskLink></AzRole>'),
            DefectKind.OUT_OF_REACH,
            "AzRole[1]/TaskLink[1]",
        ),
    ],
)  # fmt: skip
def test_what_contradicts_the_schema_is_one_defect_at_its_place(inside, kind, path):
    parsed = store(inside)
    assert [(defect.kind, defect.place.path) for defect in parsed.defects] == [(kind, path)]


@pytest.mark.parametrize(("version", "known"), [("1", True), ("2", True), ("3", False), ("x", False)])
def test_versions_other_than_1_and_2_are_a_defect(version, known):
    assert kinds(store("", version)) == ([] if known else [DefectKind.VERSION])


def test_the_same_name_in_two_scopes_is_no_defect():
    assert not store(
        '<AzScope Guid="1" Name="a"><AzRole Guid="2" Name="r"/></AzScope><AzRole Guid="3" Name="r"/>'
    ).defects


def test_elements_at_a_place_where_the_format_has_none_are_told_and_not_read():
    parsed = store(
        '<AzScope Guid="s" Name="s"><AzOperation Guid="o" Name="o"/></AzScope><PolicyAdmins>S-1-1-0</PolicyAdmins>'
    )
    assert [(element.tag, element.place.path) for element in parsed.unknown] == [
        ("AzOperation", "AzScope[1]/AzOperation[1]"),
        ("PolicyAdmins", "PolicyAdmins[1]"),
    ]
    assert not parsed.defects


def test_another_root_is_no_store():
    with pytest.raises(NotAStoreError, match="line 1: the root element is"):
        parse_azman(b"<configuration/>")


def test_a_store_that_would_take_minutes_to_follow_is_refused():
    roles = "".join(f'<AzRole Guid="r{n}" Name="r{n}"><TaskLink>t</TaskLink></AzRole>' for n in range(20_000))
    with pytest.raises(XmlRefusedError, match="too much to follow"):
        store(roles)


def test_a_thousand_roles_are_not_too_many():
    roles = "".join(f'<AzRole Guid="r{n}" Name="r{n}"><Member>S-1-5-32-544</Member></AzRole>' for n in range(1000))
    assert len(store(roles).applications[0].roles) == 1000


TAGS = ["AzApplication", "AzApplicationGroup", "AzTask", "AzOperation", "AzRole", "AzScope", "Member", "NonMember", "TaskLink",
        "OperationLink", "AppMemberLink", "BizRule", "OperationID", "LdapQuery", "Other"]  # fmt: skip
ELEMENTS = st.recursive(
    st.tuples(st.sampled_from(TAGS), st.sampled_from(["a", "b", "S-1-1-0", ""]), st.just([])),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.sampled_from(["a", "b", "{A}", ""]), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def written(element):
    tag, text, inside = element
    return f'<{tag} Guid="{text}" Name="{text}">{text}{"".join(map(written, inside))}</{tag}>'


@given(st.lists(ELEMENTS, max_size=5))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_tree_of_azman_elements_is_a_store(elements):
    parsed = parse_azman(f"<AzAdminManager>{''.join(map(written, elements))}</AzAdminManager>".encode())
    assert DefectKind.VERSION in kinds(parsed)


@given(st.integers(0, len(STORE)), st.binary(max_size=6))
@settings(max_examples=60)
def test_a_damaged_store_raises_nothing_but_xml_errors(at, junk):
    data = STORE.encode()
    said = "read"
    try:
        parse_azman(data[:at] + junk + data[at + len(junk) :])
    except XmlError as error:
        said = str(error)
    assert len(said.splitlines()) == 1


def test_the_example_of_the_specification_is_read_without_a_defect():
    data = (real_folder("azman") / "msazmp_spec_example.xml").read_bytes()
    parsed = parse_azman(data)
    (application,) = parsed.applications
    assert not parsed.defects
    assert not parsed.unknown
    assert parsed.major_version == 2
    assert [group.kind for group in application.groups] == [
        GroupKind.BASIC,
        GroupKind.BIZ_RULE,
        GroupKind.LDAP_QUERY,
        GroupKind.BIZ_RULE,
    ]
    assert [group.biz_rule and group.biz_rule.language for group in application.groups] == [
        None,
        "JScript",
        None,
        "VBScript",
    ]
    assert [member.sid[-4:] for member in application.groups[0].non_members] == ["1116", "1119"]
    assert application.roles[0].members[0].place.path == "AzRole[1]/Member[1]"
