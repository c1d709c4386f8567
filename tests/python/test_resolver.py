# SPDX-License-Identifier: Apache-2.0
"""Resolvers in Python: asked in batches, answered with dicts."""

import weakref
from datetime import UTC, datetime

import pytest

import flowenrich
from conftest import LOGS, line


def enriched(resolver, logs=None):
    return list(flowenrich.enrich(logs or line(), resolvers={"cmdb": resolver}))


def test_a_resolver_names_ends():
    def resolver(keys):
        answer = {
            "type": "corp:host",
            "arns": ["arn:one", "arn:two"],
            "tags": {"app": "shop", "a.b": "c"},
            "sure": "exact",
        }
        return [answer if key.address == "10.0.1.5" else None for key in keys]

    (row,) = enriched(resolver)
    client = row["client"]
    assert (client["type"], client["by"], client["sure"]) == ("corp:host", "cmdb", "exact")
    assert client["arns"] == ["arn:one", "arn:two"]
    assert client["tags"] == {"app": "shop", "a.b": "c"}
    assert row["server"]["by"] is None


def test_a_key_says_who_asks_and_when():
    asked = []
    enriched(lambda keys: asked.extend(keys) or [None] * len(keys))
    key = next(key for key in asked if key.address == "10.0.1.5")
    assert key.observer == "eni-1"
    assert key.start == datetime(2026, 11, 20, 9, 59, tzinfo=UTC)
    assert key.end == datetime(2026, 11, 20, 10, 2, tzinfo=UTC)


def test_it_is_asked_once_for_many_rows():
    calls = []
    enriched(lambda keys: calls.append(len(keys)) or [None] * len(keys), line() * 1000)
    assert len(calls) == 1


def test_a_refusal_gives_a_reason():
    (row,) = enriched(lambda keys: [flowenrich.Refusal("on_leave")] * len(keys))
    assert row["client"]["reason"] == "on_leave"


@pytest.mark.parametrize(
    ("resolver", "error"),
    [
        (lambda keys: 1 / 0, ZeroDivisionError),
        (lambda keys: [], ValueError),
        (lambda keys: [{"no_such_path": "x"}] * len(keys), flowenrich.ArgumentError),
        (lambda keys: [{"sure": "very"}] * len(keys), KeyError),
        (lambda keys: [{"type": b"bytes"}] * len(keys), TypeError),
        (lambda keys: None, TypeError),
    ],
)
def test_what_goes_wrong_in_it_is_raised(resolver, error):
    with pytest.raises(error):
        enriched(resolver)


def test_a_reading_of_the_sample_can_fail_midway():
    calls = []

    def resolver(keys):
        calls.append(keys)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return [None] * len(keys)

    with pytest.raises(KeyboardInterrupt):
        enriched(resolver, LOGS)
    assert len(calls) == 3


def test_it_is_let_go_with_its_pipeline():
    class Resolver:
        def __call__(self, keys):
            return [None] * len(keys)

    resolver = Resolver()
    pipeline = flowenrich.Pipeline(resolvers={"mine": resolver})
    gone = weakref.ref(resolver)
    del resolver
    assert gone() is not None
    del pipeline
    assert gone() is None
