"""The shipped operations of Hyper-V."""

from snapshot_tool.knowledge.azman import Access, Mark, by_name, by_number, shipped_operations


def test_2008_ships_33_operations_and_2008_r2_one_more():
    assert [len(shipped_operations(build)) for build in (6001, 6002, 6003, 7600, 7601, 9200, None)] == [
        33,
        33,
        33,
        34,
        34,
        34,
        34,
    ]


def test_names_and_numbers_are_unique():
    table = shipped_operations()
    numbers = [operation.number for operation in table if operation.number is not None]
    assert len({operation.name.casefold() for operation in table}) == 34
    assert len(set(numbers)) == len(numbers) == 33


def test_an_operation_is_found_by_name_without_regard_to_case_and_blanks():
    assert by_name(" start  VIRTUAL machine ").marks == {Mark.RUN}
    assert by_name("Start") is None
    assert by_number(345).access is Access.READ


def test_connecting_an_adapter_is_no_change_of_the_host_network():
    marked = {operation.name for operation in shipped_operations() if Mark.HOST_NETWORK in operation.marks}
    assert len(marked) == 11
    assert not {"Connect Virtual Switch Port", "Disconnect Virtual Switch Port"} & marked


def test_every_row_names_its_source_and_date():
    assert all(operation.source and operation.date for operation in shipped_operations())
