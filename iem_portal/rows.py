"""How are thousands of rows written within one short transaction? One INSERT, each distinct value converted once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

# So many rows in one statement on PostgreSQL: its text is made in memory, here and there.
MOST_ROWS = 5_000


def insert(instances: Sequence[models.Model]) -> None:
    """Write unsaved rows of one model; they get no primary key, and no `auto_now` or `pre_save` is run.

    For append-only tables on the path of a deadline: a fifth of the time of `bulk_create`, which prepares
    every value of every row on its own. Constraints hold as ever: a broken one raises IntegrityError.
    """
    if instances:
        model = type(instances[0])
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        insert_values(model, names, list(map(attrgetter(*names), instances)))


def insert_values(model: type[models.Model], names: Sequence[str], values: Sequence[tuple]) -> None:
    """The same without instances: one tuple a row, in the order of the column names (`engagement_id`)."""
    if not values:
        return
    fields = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    head = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) "
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = list(zip(*map(_converted, fields, zip(*values, strict=True)), strict=True))
            cursor.executemany(f"{head}VALUES ({', '.join(['%s'] * len(fields))})", rows)
            return
        for first in range(0, len(values), MOST_ROWS):
            chunk = zip(*values[first : first + MOST_ROWS], strict=True)
            cursor.execute(*_by_columns(head, fields, columns, list(map(_converted, fields, chunk))))


def _by_columns(
    head: str, fields: Sequence[models.Field], columns: Sequence[str], values: Sequence[Sequence]
) -> tuple[str, list]:
    """The statement for PostgreSQL: an array for each column, and one value where all rows have the same.

    Half the work of `VALUES (…), (…)`, in which the server parses and types every value of every row on its own.
    """
    chosen, arrays, aliases, alone, listed = [], [], [], [], []
    for field, column, found in zip(fields, columns, values, strict=True):
        kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
        # A cast to varchar(60) would cut a longer text short instead of refusing it.
        kind = "text" if kind.startswith("varchar") else kind
        if all(value == found[0] for value in found):
            chosen.append(f"%s::{kind}")
            alone.append(found[0])
        else:
            chosen.append(f"u.{column}")
            arrays.append(f"%s::{kind}[]")
            aliases.append(column)
            listed.append(list(found))
    source = f"unnest({', '.join(arrays)}) AS u({', '.join(aliases)})"
    if not arrays:  # a single row, or rows that are all alike
        source, listed = "generate_series(1, %s)", [len(values[0])]
    return f"{head}SELECT {', '.join(chosen)} FROM {source}", [*alone, *listed]  # noqa: S608 (names of ours)


def _converted(field: models.Field, column: Sequence[Any]) -> Sequence[Any]:
    """One column as the database driver takes it; values that many rows share are converted once."""
    if isinstance(field, models.DateTimeField):
        known = {value: connection.ops.adapt_datetimefield_value(value) for value in set(column)}
        return [known[value] for value in column]
    if isinstance(field, models.JSONField):
        # The column keeps its values alive, so an identity means one value.
        texts = {id(value): value for value in column}
        known = {key: None if value is None else json.dumps(value) for key, value in texts.items()}
        return [known[id(value)] for value in column]
    return column
