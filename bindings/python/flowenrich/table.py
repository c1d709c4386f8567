# SPDX-License-Identifier: Apache-2.0
"""Columns in Arrow's layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from . import cflow
from .optional import need

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Columns:
    """What pyarrow, pandas, Polars and DuckDB read, any number of times."""

    def _table(self) -> cflow.Table:
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface, by which they do so; the columns are shared, not copied."""
        return self._table().stream()

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return self._table().rows()

    def to_arrow(self) -> pyarrow.Table:
        """As a table of pyarrow's."""
        return need("pyarrow", "to_arrow()").table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a data frame of pandas', with its nullable types for numbers; tags are dicts."""
        arrow, frames = need("pyarrow", "to_pandas()"), need("pandas", "to_pandas()")
        types = {
            arrow.uint32(): frames.UInt32Dtype(),
            arrow.uint64(): frames.UInt64Dtype(),
            arrow.bool_(): frames.BooleanDtype(),
        }
        made = self.to_arrow().to_pandas(types_mapper=types.get, maps_as_pydicts="strict")
        return cast("pandas.DataFrame", made)

    def to_polars(self) -> polars.DataFrame:
        """As a data frame of Polars'."""
        return cast("polars.DataFrame", need("polars", "to_polars()").DataFrame(self))


class Table(Columns):
    """Some rows of a result."""

    def __init__(self, table: cflow.Table) -> None:
        self._own = table

    def _table(self) -> cflow.Table:
        return self._own


def tables(
    batches: Iterable[cflow.Batch], fields: list[str], nested: bool, rows: int = 65536
) -> Iterator[Table]:
    """The columns of about so many rows at a time."""
    table = cflow.Table(fields, nested)
    for batch in batches:
        table.add(batch)
        if table.rows() >= rows:
            yield Table(table)
            table = cflow.Table(fields, nested)
    if table.rows():
        yield Table(table)
