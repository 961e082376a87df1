"""A store in plain words: every section is there, foreign names stay raw and whole."""

from snapshot_tool.parsers.azman import parse_azman
from snapshot_tool.report.azman_text import describe_store

# Synthetic.
STORE = b"""<AzAdminManager MajorVersion="1" MinorVersion="0" Description="d">
<AzApplication Guid="app" Name="Hyper-V services">
 <AzOperation Guid="o1" Name="View Switches"><OperationID>265</OperationID></AzOperation>
 <AzOperation Guid="o2" Name="Odd [bold]"><OperationID>9</OperationID></AzOperation>
 <AzTask Guid="t" Name="Watcher" RoleDefinition="True"><OperationLink>o1</OperationLink></AzTask>
 <AzApplicationGroup Guid="g" Name="Team" GroupType="Basic"><Member>S-1-5-21-1-2-3-9</Member><NonMember>S-1-5-21-1-2-3-8</NonMember>
  <AppMemberLink>q</AppMemberLink></AzApplicationGroup>
 <AzApplicationGroup Guid="q" Name="Asked" GroupType="LdapQuery"><LdapQuery>(x=y)</LdapQuery></AzApplicationGroup>
 <AzRole Guid="r" Name="Wat&#10;chers"><TaskLink>t</TaskLink><Member>S-1-1-0</Member><AppMemberLink>g</AppMemberLink></AzRole>
 <AzScope Guid="s" Name="Lab"><AzRole Guid="r2" Name="Lab admins"><OperationLink>o1</OperationLink><OperationLink>o2</OperationLink>
  <TaskLink>gone</TaskLink></AzRole></AzScope>
</AzApplication></AzAdminManager>"""


def sections(data=STORE, names=None):
    return {section.title: section for section in describe_store(parse_azman(data), names)}


def test_a_store_is_told_in_seven_sections():
    assert list(sections()) == [
        "Store",
        "Who may do what",
        "Role definitions and tasks",
        "Scopes",
        "Operations",
        "Application groups",
        "Defects",
    ]


def test_every_row_has_a_cell_for_each_column():
    for section in sections().values():
        assert section.rows
        assert {len(row) for row in section.rows} == {len(section.columns)}


def test_an_assignment_says_who_may_do_what_where():
    watchers, lab = sections(names={"S-1-5-21-1-2-3-9": "CORP\\ann"})["Who may do what"].rows
    assert watchers == (
        "Wat\nchers",
        "default",
        (
            "Everyone (S-1-1-0)",
            "CORP\\ann (S-1-5-21-1-2-3-9), through 1 group",
            'whoever the group "Asked" holds: a directory query decides, its answer is not in the store',
        ),
        ("View Switches (read)",),
        ("Watcher",),
        "AzRole[1], line 9",
    )
    assert lab[:4] == ("Lab admins", "Lab", "nobody", "everything: all 2 operations")


def test_operations_say_what_they_let_and_who_holds_them():
    first, second = sections()["Operations"].rows
    assert first == ("265", "View Switches", "read: see switches", ("Wat\nchers", "Lab admins"))
    assert second == ("9", "Odd [bold]", "not known to ship with Hyper-V", ("Lab admins",))


def test_defects_name_their_place():
    (row,) = sections()["Defects"].rows
    assert row[0] == "dangling-link"
    assert row[2] == "AzScope[1]/AzRole[1]/TaskLink[1], line 11"


def test_an_empty_store_says_so_in_each_section():
    empty = sections(
        b'<AzAdminManager MajorVersion="1" MinorVersion="0"><AzApplication Guid="a" Name="n"/></AzAdminManager>'
    )
    assert empty["Who may do what"].empty.startswith("No role is assigned")
    assert empty["Defects"].empty == "No defects."
    assert [section.title for section in empty.values() if section.rows] == ["Store"]
