"""How canonical rows are made of joined raw rows: column by column, each with its place, its gaps and its absence.

A `Frame` holds the joined rows of one table. Nothing here knows a class or a table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from snapshot_tool.cells import CellError, decoder, fold_guid
from snapshot_tool.hyperv.dumps import NOT_OFFERED, ZERO_GUID, Dump, Source, State
from snapshot_tool.hyperv.tables import TableBuilder
from snapshot_tool.snapshot import Origin, Record, Table
from snapshot_tool.verdict import Cause, Gap, NotAssessed

Convert = Callable[[Any], Any]
_DATETIME = decoder("datetime")


class _Required(Exception):  # noqa: N818 - a marker for "there must be a row"
    pass


REQUIRED = _Required
Need = tuple[int, str]


class Origins(Mapping[str, Origin]):
    """Places of the cells of one row, told from its raw rows when somebody asks."""

    __slots__ = ("_places", "_sources")

    def __init__(self, places: "_Places", sources: tuple[Source, ...]) -> None:
        self._places = places
        self._sources = sources

    def __getitem__(self, column: str) -> Origin:
        slot, name = self._places.columns[column]
        source = self._sources[slot]
        if isinstance(source, Record):
            return source.place(name)
        # The cell rests on the fact that the dump has no such row.
        return Origin(self._places.files[slot], "rows")

    def __iter__(self) -> Iterator[str]:
        return iter(self._places.columns)

    def __len__(self) -> int:
        return len(self._places.columns)


class _Places:
    __slots__ = ("columns", "files")

    def __init__(self, files: tuple[str, ...]) -> None:
        self.files = files
        self.columns: dict[str, tuple[int, str]] = {}


class Frame:
    """The rows of one table while it is made. `slots`: the dumps that a row is joined of, in the order of its sources.

    `via`: slot -> slots through which it is reached; when those cannot be read, neither can it.
    """

    def __init__(self, table: str, *slots: Dump, via: Mapping[int, Sequence[int]] | None = None) -> None:
        self.table = table
        self.slots = slots
        self.via = via or {}
        self.sources: list[tuple[Source, ...]] = []
        self.cells: list[dict[str, Any]] = []
        self.gaps: dict[int, dict[str, Gap]] = {}
        self.builder = TableBuilder(table, ())
        self._places = _Places(tuple(dump.file for dump in slots))

    def add(self, *sources: Source, **cells: Any) -> int:
        """One row with its raw rows, one per slot, and cells that the join itself knows."""
        self.sources.append(sources)
        self.cells.append(cells)
        return len(self.cells) - 1

    def known(self, *columns: str, slot: int = 0, place: str = "InstanceID") -> None:
        """Columns whose cells were given with `add`."""
        for column in columns:
            self.builder.offered.add(column)
            self._places.columns[column] = (slot, place)

    def take(
        self,
        column: str,
        slot: int,
        name: str,
        convert: Convert | None = None,
        *,
        absent: Any = REQUIRED,
        null: Any = REQUIRED,
    ) -> None:
        """A column that is one property of one raw row.

        `absent`: the value where there surely is no such row; `null`: the value of null (by default null where the schema allows it).
        """
        if not self._offer(column, ((slot, name),)):
            return
        nullable = self.builder.schema.columns[column].nullable
        cells = self.cells
        table = self.table
        for row, sources in enumerate(self.sources):
            if column in cells[row]:
                continue
            source = sources[slot]
            if type(source) is Record:
                if source.gaps and name in source.gaps:
                    self.fail(row, column, source.gaps[name])
                    continue
                try:
                    value = source.cells[name]
                    if value is not None:
                        cells[row][column] = value if convert is None else convert(value)
                    elif null is not REQUIRED:
                        cells[row][column] = null
                    elif nullable:
                        cells[row][column] = None
                    else:
                        self.fail(row, column, Gap(Cause.UNREADABLE, "null where a value must be", table, column))
                except KeyError:
                    self.fail(row, column, Gap(Cause.UNREADABLE, "the row lacks this cell", table, column))
                except CellError as error:
                    self.fail(row, column, Gap(Cause.UNREADABLE, str(error), table, column))
            elif type(source) is Gap:
                self.fail(row, column, source)
            elif absent is not REQUIRED:
                cells[row][column] = absent
            else:
                detail = f"{self.slots[slot].name} has no row for it"
                self.fail(row, column, Gap(Cause.UNREADABLE, detail, table, column))

    def derive(
        self, column: str, needs: Sequence[Need], make: Callable[..., Any], *, optional: Sequence[int] = ()
    ) -> None:
        """A column made of several raw rows: `make(*sources)`; a Gap among the needed sources is a gap of the cell.

        `needs`: slots and properties without which the column cannot be told; `optional`: slots that `make` looks at itself.
        """
        if not self._offer(column, needs):
            return
        slots = [slot for slot, _ in needs if slot not in optional]
        for row, sources in enumerate(self.sources):
            if column in self.cells[row]:
                continue
            try:
                missing = next((sources[slot] for slot in slots if type(sources[slot]) is Gap), None)
                if isinstance(missing, Gap):
                    self.fail(row, column, missing)
                else:
                    self.cells[row][column] = make(*sources)
            except NotAssessed as answer:
                self.fail(row, column, answer.gap)
            except CellError as error:
                self.fail(row, column, Gap(Cause.UNREADABLE, str(error), self.table, column))

    def compute(
        self, column: str, make: Callable[[dict[str, Any], int], Any], *, place: Need = (0, "InstanceID")
    ) -> None:
        """A column told by the join: `make(cells, row)`; rows that have the cell already keep it."""
        self.builder.offered.add(column)
        self._places.columns[column] = place
        for row, cells in enumerate(self.cells):
            if column in cells:
                continue
            try:
                cells[column] = make(cells, row)
            except NotAssessed as missing:
                self.fail(row, column, missing.gap)
            except CellError as error:
                self.fail(row, column, Gap(Cause.UNREADABLE, str(error), self.table, column))

    def put(self, row: int, column: str, make: Callable[[], Any], state: State = None) -> None:
        """One cell of a row whose columns come from several classes; the column is offered with `known`."""
        if isinstance(state, Gap):
            self.fail(row, column, state)
            return
        try:
            self.cells[row][column] = make()
        except NotAssessed as missing:
            self.fail(row, column, missing.gap)
        except CellError as error:
            self.fail(row, column, Gap(Cause.UNREADABLE, str(error), self.table, column))

    def same(self, column: str, value: Any) -> None:
        """A column with one value in every row."""
        self.known(column)
        for cells in self.cells:
            cells.setdefault(column, value)

    def gap(self, column: str, gap: Gap) -> None:
        """No row has this column."""
        self.builder.offered.add(column)
        self.builder.gap(column, gap)

    def fail(self, row: int, column: str, gap: Gap) -> None:
        """One cell that could not be read."""
        self.cells[row][column] = None
        self.gaps.setdefault(row, {})[column] = gap

    def state(self, needs: Sequence[Need]) -> State:
        """The first of the needs that no row can meet."""
        for slot, name in needs:
            state = self.slots[slot].state(name)
            if state is None:
                state = next(
                    (dump.missing for dump in map(self.slots.__getitem__, self.via.get(slot, ())) if dump.missing), None
                )
            if state is not None:
                return state
        return None

    def build(self, gap: Gap | None = None) -> Table:
        """The table; `gap`: rows are missing."""
        gaps = self.gaps
        if not self.cells:
            # Nothing is asked of a column that has no row.
            self.builder.column_gaps.clear()
        for row, (cells, sources) in enumerate(zip(self.cells, self.sources, strict=True)):
            self.builder.add(cells, Origins(self._places, sources), gaps.get(row))
        return self.builder.build(gap)

    def _offer(self, column: str, needs: Sequence[Need]) -> bool:
        if needs:
            self._places.columns[column] = needs[0]
        state = self.state(needs)
        if state is NOT_OFFERED:
            return False
        self.builder.offered.add(column)
        if isinstance(state, Gap):
            self.builder.gap(column, state)
            return False
        return True


def cell(source: Source, name: str, convert: Convert | None = None) -> Any:
    """One property of a raw row, inside `derive`; None for null. Raises NotAssessed and CellError."""
    if not isinstance(source, Record):
        raise NotAssessed(source if isinstance(source, Gap) else Gap(Cause.UNREADABLE, "there is no row for it"))
    if source.gaps and name in source.gaps:
        raise NotAssessed(source.gaps[name])
    try:
        value = source.cells[name]
    except KeyError:
        raise CellError("the row lacks this cell") from None
    return value if convert is None or value is None else convert(value)


def needed(source: Source, name: str, convert: Convert | None = None) -> Any:
    """The same for a property that must not be null."""
    value = cell(source, name, convert)
    if value is None:
        raise CellError(f"{name} is null")
    return value


def text(value: Any) -> str:
    """Text as it stands."""
    if type(value) is not str:
        raise CellError("is not text")
    return value


def moment(value: Any) -> str:
    """A time as the snapshot format writes it, kept as text."""
    _DATETIME(value)
    return str(value)


def text_or_null(value: Any) -> str | None:
    """Text, "" as null."""
    if type(value) is not str:
        raise CellError("is not text")
    return value or None


def integer(value: Any) -> int:
    """A whole number."""
    if type(value) is not int:
        raise CellError("is not a whole number")
    return value


def boolean(value: Any) -> bool:
    """True or false."""
    if value is not True and value is not False:
        raise CellError("is not true or false")
    return bool(value)


def on_off(value: Any) -> str:
    """PowerShell's OnOffState of a boolean."""
    if value is True:
        return "On"
    if value is False:
        return "Off"
    raise CellError("is not true or false")


def seconds(value: Any) -> int:
    """A duration as whole seconds."""
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value)
    raise CellError("is not a number of seconds")


def guid(value: Any) -> str:
    """A GUID, folded."""
    return fold_guid(text(value))


def guid_or_null(value: Any) -> str | None:
    """A GUID; the zero GUID and "" mean none."""
    if value == "":
        return None
    found = fold_guid(text(value))
    return None if found == ZERO_GUID else found


def guid_or_text(value: Any) -> str:
    """A name that is a GUID on most hosts: then folded, else as it stands."""
    try:
        return fold_guid(text(value))
    except CellError:
        return text(value)


def pool(value: Any) -> str:
    """A resource pool; the primordial one has no name in WMI."""
    return text(value) or "Primordial"


def mac(value: Any) -> str:
    """Twelve hex digits, upper case, without separators."""
    found = text(value).replace("-", "").replace(":", "").upper()
    if len(found) != 12 or not all(digit in "0123456789ABCDEF" for digit in found):
        raise CellError("is not a MAC address")
    return found


def texts(value: Any) -> list[str]:
    """A list of texts."""
    if type(value) is not list or not all(type(element) is str for element in value):
        raise CellError("is not a list of texts")
    return value


def integers(value: Any) -> list[int]:
    """A list of whole numbers."""
    if type(value) is not list or not all(type(element) is int for element in value):
        raise CellError("is not a list of whole numbers")
    return value


def symbol(symbols: Mapping[int, str]) -> Convert:
    """The PowerShell symbol of a number; a number without one is unreadable, never a default."""

    def convert(value: Any) -> str:
        if type(value) is int and value in symbols:
            return symbols[value]
        raise CellError(f"{value!r} is no known value")

    return convert


def status(symbols: Mapping[int, str], position: int) -> Convert:
    """One element of OperationalStatus; None where the list is shorter."""
    find = symbol(symbols)

    def convert(value: Any) -> str | None:
        found = integers(value)
        return find(found[position]) if len(found) > position else None

    return convert


def scaled(factor: int) -> Convert:
    """A whole number times `factor`."""
    return lambda value: integer(value) * factor


def divided(divisor: int) -> Convert:
    """A whole number divided by `divisor`, rounded down."""
    return lambda value: integer(value) // divisor
