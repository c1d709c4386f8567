# SPDX-License-Identifier: Apache-2.0
"""The largest groups of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import cflow
from .settings import HASH_SEED

_MANY = 65536


def grouped(batches: Iterator[cflow.Batch], by: Sequence[str], most: int) -> Iterator[cflow.Batch]:
    """The sums of all rows by some paths, those with most bytes first; `most` 0 is all."""
    sums = cflow.Aggregator(list(by), HASH_SEED)
    for batch in batches:
        sums.add(batch)
    groups = cflow.Batch(most or _MANY)
    sums.take(groups)
    while groups.rows():
        yield groups
        if most:
            return
        sums.take(groups)
