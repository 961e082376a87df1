"""The snapshot as checks see it: tables of rows whose cells are read one by one.

Every read is recorded as evidence; reading what is not there raises `NotAssessed` or `NotOffered`. Nothing here knows files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from inspect import get_annotations
from types import UnionType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, get_args, get_origin, overload

from snapshot_tool.cells import CellError, Decoder
from snapshot_tool.policy import NO_POLICY, Policy
from snapshot_tool.verdict import Cause, Evidence, Gap, NotAssessed, NotOffered, Status, Verdict, assess


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a cell came from: archive member and place inside it."""

    file: str
    path: str


class Record:
    """One row as it was read: raw cells by column name, gaps of single cells, and where each cell came from.

    `origin` is one place for the whole row (a cell's place is then `<path>.<column>`) or a mapping per column.
    """

    __slots__ = ("cells", "gaps", "origin")

    def __init__(
        self, cells: Mapping[str, Any], origin: Origin | Mapping[str, Origin], gaps: Mapping[str, Gap] = {}
    ) -> None:
        self.cells = cells
        self.origin = origin
        self.gaps = gaps

    def place(self, column: str) -> Origin:
        """Member and place of one cell."""
        if isinstance(self.origin, Origin):
            return Origin(self.origin.file, f"{self.origin.path}.{column}")
        return self.origin.get(column) or next(iter(self.origin.values()), Origin("", column))


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column of one table of one snapshot.

    `gap`: no row has it although the era offers it. `not_offered`: the era (or the source) has no such thing.
    """

    name: str
    decode: Decoder
    nullable: bool = True
    gap: Gap | None = None
    not_offered: bool = False


@dataclass(slots=True)
class Table:
    """Rows of one dataset or derived table, and what is missing of it.

    `gap`: rows are missing (all of them when `records` is empty). `absent`: the thing does not exist on this host, a fact
    (reason token). `not_offered`: the era has no such thing. `key` columns that hold display text are left out.
    """

    name: str
    columns: Mapping[str, Column]
    records: Sequence[Record] = ()
    key: tuple[str, ...] = ()
    single: bool = False
    gap: Gap | None = None
    absent: str | None = None
    not_offered: str | None = None
    by_attribute: dict[str, Column] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.by_attribute = {name.casefold(): column for name, column in self.columns.items()}


class Source(Protocol):
    """Who provides tables; `load` for archives, literals in tests."""

    def table(self, name: str) -> Table: ...


@dataclass(frozen=True, slots=True)
class Host:
    """What the manifest tells about the host; None where a bare file does not tell it."""

    build: int | None = None
    era: str | None = None
    started: datetime | None = None
    elevated: bool | None = None


class Snapshot:
    """One host at one moment. `trace` collects what is read while a check runs."""

    def __init__(self, source: Source, host: Host, policy: Policy = NO_POLICY) -> None:
        self.source = source
        self.host = host
        self.policy = policy
        self.trace: list[tuple[Record, str, Any]] = []
        self._tables: dict[str, Table | Exception] = {}
        self._rows: dict[type[Row], Rows[Any]] = {}
        self._indexes: dict[tuple[type[Row], tuple[str, ...]], _Index] = {}
        self.cache: dict[Any, Any] = {}

    def table(self, name: str) -> Table:
        """The table, built when first asked for; a builder that crashes crashes each asker alike."""
        known = self._tables.get(name)
        if known is None:
            try:
                known = self.source.table(name)
            except Exception as error:  # noqa: BLE001 - kept and raised again to everybody who asks
                known = error
            self._tables[name] = known
        if isinstance(known, Exception):
            raise known
        return known

    def rows(self, model: "type[R]") -> "Rows[R]":
        """All rows of a table; iterating them raises at the end when rows are missing. Raises NotOffered."""
        found = self._rows.get(model)
        if found is None:
            table = self.table(model.table_name)
            if table.not_offered is not None:
                raise NotOffered(f"{table.name}: {table.not_offered}")
            found = Rows(tuple(model(self, table, record) for record in table.records), table.gap)
            self._rows[model] = found
        return found

    def one(self, model: "type[R]") -> "R":
        """The row of a table that has exactly one. Raises NotAssessed, or NotOffered where the thing does not exist."""
        for row in self.rows(model):
            return row
        table = self.table(model.table_name)
        if table.absent is not None:
            raise NotOffered(f"{table.name}: {table.absent}")
        raise NotAssessed(Gap(Cause.UNREADABLE, "the table has no row", table.name, whole=True))

    def absent(self, model: "type[Row]") -> str | None:
        """Why the thing does not exist on this host (featureAbsent, roleAbsent, notDomainJoined); None when it may."""
        return self.table(model.table_name).absent

    def find(self, model: "type[R]", **key: Any) -> "R | None":
        """The row with these values (text without regard to case); None only if there surely is no such row."""
        index = self._index(model, tuple(key))
        rows = index.rows.get(tuple(_folded(value) for value in key.values()))
        if rows:
            row: R = rows[0]
            for attribute in key:
                getattr(row, attribute)
            return row
        if index.gap is not None:
            raise NotAssessed(index.gap)
        return None

    def where(self, model: "type[R]", **key: Any) -> "Rows[R]":
        """All rows with these values, honest about rows that could not be read."""
        index = self._index(model, tuple(key))
        return Rows(tuple(index.rows.get(tuple(_folded(value) for value in key.values()), ())), index.gap)

    def _index(self, model: "type[Row]", attributes: tuple[str, ...]) -> "_Index":
        index = self._indexes.get((model, attributes))
        if index is None:
            rows = self.rows(model)
            found: dict[tuple[Any, ...], list[Any]] = {}
            gap = rows.gap
            kept, self.trace = self.trace, []
            try:
                for row in rows.known:
                    try:
                        key = tuple(_folded(getattr(row, attribute)) for attribute in attributes)
                    except NotAssessed as missing:
                        gap = gap or missing.gap
                        continue
                    found.setdefault(key, []).append(row)
            finally:
                self.trace = kept
            index = self._indexes[model, attributes] = _Index(found, gap)
        return index


@dataclass(frozen=True, slots=True)
class _Index:
    rows: dict[tuple[Any, ...], list[Any]]
    gap: Gap | None


def _folded(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return value.casefold()
    return value


class Row:
    """Base of the models: a subclass only annotates its columns, reading an attribute reads the cell.

    `X | None` says that null has a meaning; without it a null is not assessed. Models say `__slots__ = ()` and, where the key
    columns are not the right name for people, `name_column`.
    """

    __slots__ = ("_record", "_snapshot", "_table")

    table_name: ClassVar[str]
    name_column: ClassVar[str] = ""
    fields: ClassVar[dict[str, "Field"]]

    def __init_subclass__(cls, table: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if table:
            cls.table_name = table
        cls.fields = dict(getattr(cls, "fields", {}))
        for attribute, annotation in get_annotations(cls).items():  # models annotate cells and nothing else
            cls.fields[attribute] = Field(attribute, annotation)
            setattr(cls, attribute, cls.fields[attribute])

    def __init__(self, snapshot: Snapshot, table: Table, record: Record) -> None:
        self._snapshot = snapshot
        self._table = table
        self._record = record

    @property
    def host(self) -> Snapshot:
        """The snapshot this row belongs to: the way to other tables."""
        return self._snapshot

    @property
    def record(self) -> Record:
        return self._record

    @property
    def subject_table(self) -> str | None:
        return None if self._table.single else self._table.name

    @property
    def subject_key(self) -> dict[str, Any]:
        """The table's key columns with their values as they stand, GUIDs and SIDs folded."""
        key = {}
        for name in self._table.key:
            column = self._table.columns.get(name)
            if column is None or column.not_offered:
                continue
            value = self._record.cells.get(name)
            if value is not None:
                try:
                    decoded = column.decode(value)
                    value = decoded if isinstance(decoded, str) else value
                except CellError:
                    pass
            key[name] = value
        return key

    def __str__(self) -> str:
        """The row's name for people; never raises and is no evidence."""
        if self.name_column:
            value = self._record.cells.get(self.name_column)
            if value not in (None, ""):
                return str(value)
        shown = [str(value) for value in self.subject_key.values() if value not in (None, "")]
        return " ".join(shown) or self._table.name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def derive(self, key: Any, build: Callable[[], Any]) -> Any:
        """A value computed once per snapshot, such as a parsed descriptor; must not read cells."""
        cache = self._snapshot.cache
        if key not in cache:
            cache[key] = build()
        return cache[key]


class Field:
    """The descriptor behind an annotation: looks the cell up, records it, raises when it is not there, else converts it."""

    __slots__ = ("attribute", "convert", "folded", "optional")

    def __init__(self, attribute: str, annotation: Any) -> None:
        self.attribute = attribute
        self.folded = attribute.replace("_", "").casefold()
        choices = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
        self.optional = type(None) in choices
        self.convert = _converter(next(choice for choice in choices if choice is not type(None)))

    @overload
    def __get__(self, row: None, owner: type[Row]) -> Self: ...
    @overload
    def __get__(self, row: Row, owner: type[Row]) -> Any: ...
    def __get__(self, row: Row | None, owner: type[Row]) -> Any:
        if row is None:
            return self
        table, record = row._table, row._record  # noqa: SLF001 - the descriptor is part of the row
        column = table.by_attribute.get(self.folded)
        if column is None:
            raise NotAssessed(
                Gap(Cause.NOT_COLLECTED, "the table has no such column", table.name, self.attribute, whole=True)
            )
        if column.not_offered:
            raise NotOffered(f"{table.name}.{column.name}: not offered by this era")
        if column.gap is not None:
            raise NotAssessed(column.gap)
        name = column.name
        if record.gaps and name in record.gaps:
            raise NotAssessed(record.gaps[name])
        try:
            raw = record.cells[name]
        except KeyError:
            raise NotAssessed(Gap(Cause.UNREADABLE, "the row lacks this cell", table.name, name)) from None
        trace = row._snapshot.trace  # noqa: SLF001
        if raw is None:
            if not column.nullable:
                raise NotAssessed(Gap(Cause.UNREADABLE, "null where a value must be", table.name, name))
            if not self.optional:
                raise NotAssessed(Gap(Cause.UNDETERMINED, "the host gave no value", table.name, name))
            trace.append((record, name, None))
            return None
        try:
            value = column.decode(raw)
        except CellError as error:
            raise NotAssessed(Gap(Cause.UNREADABLE, str(error), table.name, name)) from None
        if self.convert is not None:
            try:
                value = self.convert(value)
            except (ValueError, KeyError):
                raise NotAssessed(Gap(Cause.UNDETERMINED, f"{raw!r} is not a known value", table.name, name)) from None
        trace.append((record, name, raw))
        return value

    def __set__(self, row: Row, value: Any) -> None:
        raise AttributeError(f"{self.attribute} is a cell of a snapshot")


def _converter(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if get_origin(kind) in (tuple, list):
        element = _converter(get_args(kind)[0])
        if element is not None:
            return lambda values: tuple(element(value) for value in values)
    return None


R = TypeVar("R", bound=Row)


class Rows(Generic[R]):
    """Rows that are honest about what is missing: iterating raises NotAssessed at the end when rows could not be read.

    So a loop that finds something may stop early, and a loop that finds nothing proves it.
    """

    __slots__ = ("gap", "known")

    def __init__(self, known: tuple[R, ...], gap: Gap | None = None) -> None:
        self.known = known
        self.gap = gap

    def __iter__(self) -> Iterator[R]:
        yield from self.known
        if self.gap is not None:
            raise NotAssessed(self.gap)

    def __len__(self) -> int:
        if self.gap is not None:
            raise NotAssessed(self.gap)
        return len(self.known)

    def __bool__(self) -> bool:
        return bool(self.known) or bool(len(self))

    def matching(self, predicate: Callable[[R], bool]) -> list[R]:
        """Rows for which the predicate holds; a row that cannot be judged matters only if no other row holds.

        Raises NotAssessed when nothing matched and something could not be read. For "at least one" and "none", not for counting.
        """
        hits: list[R] = []
        gap = self.gap
        for row in self.known:
            try:
                if predicate(row):
                    hits.append(row)
            except NotAssessed as missing:
                gap = gap or missing.gap
        if not hits and gap is not None:
            raise NotAssessed(gap)
        return hits

    def select(self, predicate: Callable[[R], bool]) -> "Rows[R]":
        """The rows for which the predicate holds, with a gap when one could not be judged."""
        hits: list[R] = []
        gap = self.gap
        for row in self.known:
            try:
                if predicate(row):
                    hits.append(row)
            except NotAssessed as missing:
                gap = gap or missing.gap
        return Rows(tuple(hits), gap)

    def each(self, question: Callable[[R], Verdict | None]) -> list[Verdict]:
        """One answer per row about that row, and one for rows that could not be read."""
        answers = []
        for row in self.known:
            trace = row.host.trace
            start = len(trace)
            answer = assess(lambda row=row: question(row))  # type: ignore[misc]
            answers.append(answer.told_of(row, answer.part, tuple(trace[start:])))
            del trace[start:]
        if self.gap is not None:
            answers.append(Verdict(Status.NOT_ASSESSED, str(self.gap), gap=self.gap))
        return answers


def evidence_of(trace: Sequence[tuple[Record, str, Any]]) -> tuple[Evidence, ...]:
    """What was read, each cell once, in the order of reading."""
    seen: dict[tuple[int, str], Evidence] = {}
    for record, column, value in trace:
        key = (id(record), column)
        if key not in seen:
            origin = record.origin
            if isinstance(origin, Origin):
                seen[key] = Evidence(origin.file, f"{origin.path}.{column}", value)
            else:
                place = record.place(column)
                seen[key] = Evidence(place.file, place.path, value)
    return tuple(seen.values())
