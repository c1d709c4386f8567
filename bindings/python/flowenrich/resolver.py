# SPDX-License-Identifier: Apache-2.0
"""Sources of identities in Python, which are asked what the inventory leaves open.

A resolver is called with a list of keys, once for many rows, and returns as many answers: a dict
of paths (`type`, `arns`, `tags`...; `sure` is "assumed", "sighted" or "exact"), None for "not
mine", or a Refusal. What it raises ends the reading. Its name is what the `by` of an end says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from . import cflow

Raw: TypeAlias = tuple[int, int, bytes, str, str, str, int, int]
Said: TypeAlias = tuple[int, str, str]


class Key(NamedTuple):
    """Who was this, throughout this time, as seen from there?"""

    address: str | None
    interface_id: str | None  # instead of an address
    observer: str  # the interface or attachment that logged it
    vpc: str  # of the observer, "" if unknown
    space: int  # number of its address space, 0 if unknown
    start: datetime | None
    end: datetime | None


class Refusal(str):
    """Nobody is to be named, nor anybody else asked, for this reason."""


Value: TypeAlias = str | Iterable[str] | Mapping[str, str]
Answer: TypeAlias = Mapping[str, Value] | Refusal | None

Resolver: TypeAlias = Callable[[list[Key]], Sequence[Answer]]
NONE: Mapping[str, Resolver] = MappingProxyType({})

_SURE = {"assumed": "1", "sighted": "2", "exact": "3"}
_MAPPED = bytes(10) + b"\xff\xff"


def bridge(resolver: Resolver) -> Callable[[list[Raw]], list[Said]]:
    """What the extension calls: plain keys in, and out (number of the key, path, value)."""

    def ask(raw: list[Raw]) -> list[Said]:
        answers = resolver([_key(*key) for key in raw])
        if len(answers) != len(raw):
            raise ValueError(f"the resolver was asked {len(raw)} keys, it gave {len(answers)}")
        return [(i, *said) for i, answer in enumerate(answers) for said in _said(answer)]

    return ask


def _key(
    kind: int, space: int, address: bytes, id: str, observer: str, vpc: str, start: int, end: int
) -> Key:
    return Key(
        None if id else _address(address),
        id or None,
        observer,
        vpc,
        space,
        _time(start),
        _time(end),
    )


def _address(address: bytes) -> str:
    import socket

    if address.startswith(_MAPPED):
        return socket.inet_ntop(socket.AF_INET, address[12:])
    return socket.inet_ntop(socket.AF_INET6, address)


def _time(seconds: int) -> datetime | None:
    return None if seconds == cflow.TIME_ABSENT else datetime.fromtimestamp(seconds, UTC)


def _said(answer: Answer) -> Iterator[tuple[str, str]]:
    if answer is None:
        return
    if isinstance(answer, Refusal):
        yield "reason", answer
        return
    for path, value in answer.items():
        if path == "sure":
            yield path, _SURE[str(value)]
        elif isinstance(value, str):
            yield path, value
        elif isinstance(value, Mapping):
            yield from ((f"{path}.{key}", text) for key, text in value.items())
        else:
            yield from ((path, text) for text in value)
