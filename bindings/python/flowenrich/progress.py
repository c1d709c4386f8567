# SPDX-License-Identifier: Apache-2.0
"""How far a long reading is: a bar of tqdm's, or a call of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from .optional import need
from .sources import Source, inputs, is_repeatable

# Bytes so far, and all there are if that is known.
Tell: TypeAlias = Callable[[int, int | None], None]
Progress: TypeAlias = bool | Tell


@contextmanager
def shown(progress: Progress, source: Source) -> Iterator[Callable[[int], object]]:
    """What is to be told how many more bytes of a source have been read."""
    if not progress:
        yield lambda more: None
    elif callable(progress):
        yield _teller(progress, _total(source))
    else:
        tqdm = need("tqdm", "progress=True").tqdm
        with tqdm(total=_total(source), unit="B", unit_scale=True) as bar:
            yield bar.update


def _total(source: Source) -> int | None:
    sizes = [item.size for item in inputs(source)] if is_repeatable(source) else [None]
    return None if None in sizes else sum(size or 0 for size in sizes)


def _teller(tell: Tell, total: int | None) -> Callable[[int], None]:
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        tell(done, total)

    return advance
