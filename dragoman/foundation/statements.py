"""Database statements whose SQL is made once.

Django builds the SQL of a queryset anew each time it runs, which takes many times
what SQLite takes to answer it. On the ways that every reader takes
that is most of the time, so these are written with what stands here. The
querysets themselves say what is asked, for both kinds of database.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connections, models, router
from django.db.models import Expression, Model, QuerySet
from django.db.models import query as django_query
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

from dragoman.foundation.sql import Row, Text

# The stubs are those of a newer Django, where it takes one more.
_populators: Any = django_query.get_related_populators
_Found = TypeVar("_Found")
_Model = TypeVar("_Model", bound=Model)
_MOST_INTEGER = 2**63 - 1
_FEW = 20  # rows
_MOST_VALUES = 30_000  # of one statement; SQLite takes 32,766, PostgreSQL 65,535


class Parameter(Expression):
    """Stands for a value in a queryset that is compiled once; ``place`` for one of a list's."""

    def __init__(self, number: int, place: int = 0) -> None:
        super().__init__()
        self.number, self.place = number, place

    def resolve_expression(self, *args: Any, **kwargs: Any) -> "Parameter":
        """There is nothing in it to resolve."""
        return self

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder whose value comes later."""
        return "%s", (self,)


class _Compiled:
    """A statement for one kind of database."""

    def __init__(self, queryset: "QuerySet[Any, Any]", alias: str) -> None:
        compiler = queryset.query.get_compiler(alias)
        sql, values = compiler.as_sql()
        self.text = Text(sql)
        self._values = list(values)
        self._parameters = [(place, one) for place, one in enumerate(values) if isinstance(one, Parameter)]
        self._compiler = compiler
        self._converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])

    def values(self, given: Sequence[Any]) -> list[Any]:
        """With the parameters in their places."""
        values = self._values.copy()
        for place, one in self._parameters:
            value = given[one.number]
            values[place] = value[one.place] if isinstance(value, list) else value
        return values

    def rows(self, found: Iterable[Row]) -> list[Row]:
        """As Python has them: SQLite knows no dates and no booleans."""
        if not self._converters:
            return list(found)
        return [tuple(row) for row in self._compiler.apply_converters(found, self._converters)]

    def objects(self, found: Iterable[Row]) -> list[Any]:
        """As instances, put together as Django does it, with those that they belong to where these are selected."""
        model, names, alias, others = self._kind
        made = []
        for row in self.rows(found):
            one = model.from_db(alias, names, row[: len(names)])
            for other in others:
                other.populate(row, one)
            made.append(one)
        return made

    @cached_property
    def _kind(self) -> tuple[Any, list[str], str, list[Any]]:
        """The model, its columns, the database, and what puts those together that belong to it."""
        told, alias = self._compiler.klass_info, self._compiler.connection.alias
        columns = self._compiler.select[told["select_fields"][0] : told["select_fields"][-1] + 1]
        others = _populators(told, self._compiler.select, alias)
        return told["model"], [one[0].target.attname for one in columns], alias, others


class _Statement(Generic[_Found]):
    """A query of always the same shape, made of a function.

    The function gets a :class:`Parameter` for each value, a list of them where the value is a list. An instance is
    called with the values: numbers, strings, moments, or lists of them, which must not be empty. A list of keys is
    compared with the other row's own (``comment__pk__in``): Django wants numbers for a foreign key.
    """

    def __init__(self, query: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self._query = query
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}
        self._database: Callable[[], str] | None = None

    def __call__(self, *values: Any) -> list[_Found]:
        """What is found."""
        if any(isinstance(value, int) and not -_MOST_INTEGER <= value <= _MOST_INTEGER for value in values):
            return []  # no column holds it, and SQLite would not take it
        given = [_padded(value) if isinstance(value, list) else value for value in values]
        sizes = tuple(len(value) if isinstance(value, list) else 0 for value in given)
        if self._database is None:
            self._database = _database_of(self._made(sizes))
        alias = self._database()
        connection = connections[alias]
        key = (alias, *sizes)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._made(sizes).using(alias), alias)
        adapt = connection.ops.adapt_datetimefield_value
        told = [adapt(one) if isinstance(one, datetime) else one for one in compiled.values(given)]
        return self._read(compiled, compiled.text.rows(connection, told))

    def first(self, *values: Any) -> _Found | None:
        """The first of them, if there is one."""
        found = self(*values)
        return found[0] if found else None

    def _read(self, compiled: _Compiled, found: Iterable[Row]) -> list[_Found]:
        raise NotImplementedError

    def _made(self, sizes: Sequence[int]) -> "QuerySet[Any, Any]":
        told = [
            [Parameter(number, place) for place in range(size)] if size else Parameter(number)
            for number, size in enumerate(sizes)
        ]
        return self._query(*told)


class Select(_Statement[Row]):
    """Rows: ``Select(lambda key: Thread.objects.filter(key=key).values_list("id"))``."""

    def _read(self, compiled: _Compiled, found: Iterable[Row]) -> list[Row]:
        return compiled.rows(found)


class SelectModels(_Statement[_Model]):
    """Instances: ``SelectModels[Thread](lambda key: Thread.objects.filter(key=key))``, without prefetches."""

    def _read(self, compiled: _Compiled, found: Iterable[Row]) -> list[_Model]:
        return compiled.objects(found)


def _database_of(queryset: "QuerySet[Any, Any]") -> Callable[[], str]:
    model, locks = queryset.model, queryset.query.select_for_update
    return lambda: router.db_for_write(model) if locks else router.db_for_read(model)


def _padded(values: list[Any]) -> list[Any]:
    """To the next power of two, by the last value again: lists of any length make a few statements only."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values))


def insert(rows: Sequence[Model], *, known_by: Sequence[str] = ()) -> None:
    """Write new rows of one model and give them their ids, as ``bulk_create`` does.

    Where a row may be there already by a unique key of the columns ``known_by``, it gets that one's id. Such rows
    should be in the order of the key: two writers wait for each other otherwise.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    head, one, fields, key = _insert_of(model, connection)
    again = _kept_as_it_is(model, known_by) if known_by else ""
    at_once = max(1, _MOST_VALUES // len(fields))
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        values = [field.value(row, connection) for row in part for field in fields]
        # What an import writes is long, and not kept.
        made = _text if len(part) <= _FEW else _text.__wrapped__
        text = made(head, one, len(part), f"{again}RETURNING {key}")
        for row, (found,) in zip(part, text.rows(connection, values), strict=True):
            row.pk = found
            row._state.adding, row._state.db = False, connection.alias


def _kept_as_it_is(model: type[Model], known_by: Sequence[str]) -> str:
    """Writing one column as it is makes a row that is there tell its id.

    One that belongs to no key: PostgreSQL would lock the row against all who are about to refer to it. Two who lock
    the same thread, of whom one refers to a sentence that the other one found there, would wait for each other.
    """
    meta = model._meta
    column = next(
        field.column for field in meta.local_concrete_fields if field.name not in known_by and not field.unique
    )
    return f"ON CONFLICT ({', '.join(known_by)}) DO UPDATE SET {column} = {meta.db_table}.{column} "


class _Column:
    """A field, and how its value gets to the database."""

    # Values of these types are written as they are: Django's field would only look at them.
    _PLAIN = ((models.CharField, str), (models.TextField, str), (models.IntegerField, int), (models.ForeignKey, int))

    def __init__(self, field: Any) -> None:
        self.field = field
        self._name = field.attname
        self._plain = {kind for fields, kind in self._PLAIN if isinstance(field, fields)}

    def value(self, row: Model, connection: Any) -> Any:
        """A row's, as it is saved."""
        value = getattr(row, self._name)
        if type(value) in self._plain:
            return value
        return self.field.get_db_prep_save(self.field.pre_save(row, add=row._state.adding), connection=connection)


_Insert: TypeAlias = tuple[str, str, list[_Column], str]
_inserts: dict[tuple[str, type[Model]], _Insert] = {}


@lru_cache(maxsize=256)
def _text(head: str, row: str, rows: int, tail: str) -> Text:
    return Text(f"{head} {', '.join([row] * rows)} {tail}")


def _insert_of(model: type[Model], connection: Any) -> _Insert:
    found = _inserts.get((connection.vendor, model))
    if found is None:
        quoted, meta = connection.ops.quote_name, model._meta
        fields = [_Column(field) for field in meta.local_concrete_fields if field is not meta.pk]
        columns = ", ".join(quoted(one.field.column) for one in fields)
        head = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES"
        row = f"({', '.join(['%s'] * len(fields))})"
        found = _inserts[(connection.vendor, model)] = (head, row, fields, quoted(meta.pk.column))
    return found


def update(row: Model, *names: str) -> None:
    """Write some fields of a row, as ``save(update_fields=…)`` does."""
    model: Any = type(row)
    connection = connections[router.db_for_write(model)]
    text, order, fields = _update_of(model, connection, names)
    values = [field.value(row, connection) for field in fields]
    if not text.count(connection, [values[one.number] for one in order]):
        raise model.DoesNotExist


_Update: TypeAlias = tuple[Text, Sequence[Parameter], Sequence[_Column]]
_updates: dict[tuple[str, type[Model], tuple[str, ...]], _Update] = {}


def _update_of(model: type[Model], connection: Any, names: tuple[str, ...]) -> _Update:
    found = _updates.get((connection.vendor, model, names))
    if found is None:
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        query: Any = model._base_manager.filter(pk=Parameter(len(names))).query.chain(UpdateQuery)
        query.add_update_fields([(field, None, Parameter(number)) for number, field in enumerate(fields)])
        sql, order = query.get_compiler(connection.alias).as_sql()
        found = _updates[(connection.vendor, model, names)] = (
            Text(sql),
            order,
            [_Column(field) for field in (*fields, model._meta.pk)],
        )
    return found
