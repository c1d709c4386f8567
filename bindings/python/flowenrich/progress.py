# SPDX-License-Identifier: Apache-2.0
"""How far a long reading is: a bar of tqdm's, or a call of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from .optional import need
from .sources import Input

# Bytes so far, and all there are if that is known.
Tell: TypeAlias = Callable[[int, int | None], None]
Progress: TypeAlias = bool | Tell


@contextmanager
def shown(
    progress: Progress, inputs: Iterable[Input]
) -> Iterator[tuple[Iterable[Input], Callable[[int], object]]]:
    """The inputs, and what is to be told how many more bytes have been read."""
    if not progress:
        yield inputs, lambda more: None
        return
    inputs = list(inputs)
    sizes = [item.size for item in inputs if item.size is not None]
    total = sum(sizes) if len(sizes) == len(inputs) else None
    if callable(progress):
        yield inputs, _teller(progress, total)
        return
    bar = need("tqdm", "progress=True").tqdm(total=total, unit="B", unit_scale=True)
    with bar:
        yield inputs, bar.update


def _teller(tell: Tell, total: int | None) -> Callable[[int], None]:
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        tell(done, total)

    return advance
