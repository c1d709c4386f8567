#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every option of the header can be said in Python and in Go, or the table tells why not.

    test_options.py

Python's pipelines, parsers and the rest of the stages are asked for by a configuration, so what it
can say is what the schema of configurations has.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

STRUCT = re.compile(r"typedef struct flowenrich_(\w+)_options \{(.*?)\n\} flowenrich_\w+;", re.S)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
MEMBER = re.compile(r"(\w+);")

# Of all of them: of the C interface alone, or given by the binding itself.
EVERYWHERE = {"size", "allocator", "hash_seed"}

# By member: what says it in Python, or the configuration; and in Go. A list's or text's length goes with it.
OPTIONS = {
    "envelope.max_bytes": ('"payload"', "func MaxDecoded("),
    "envelope.max_ratio": ('"ratio"', "func MaxRatio("),
    "parser.fields": ('"fields"', "func Fields("),
    "parser.max_bad_lines": ('"bad_lines"', "func MaxBadLines("),
    "parser.max_line": ('"line"', "func MaxLine("),
    "arrow.fields": ("fields: Sequence[str]", "Fields []string"),
    "arrow.nested": ("nested: bool", "Nested bool"),
    "arrow.addresses": (None, "Bytes  bool"),  # Python's tables always have them in writing
    "catalog.kinds": (None, None),  # whoever has kinds of his own gives them to the C library
    "catalog.assume": ("assume: int | None", "func Assume("),
    "catalog.max_learned_bytes": (None, None),  # who learns of more than fits has a pipeline hold
    "catalog.event_slack": ("event_slack: int | None", "func EventSlack("),
    "pairer.config": ('"listeners"', "func Config("),
    "pairer.max_bytes": ('"paired"', "func MaxBytes("),
    "pairer.active_timeout": ('"active"', "func ActiveTimeout("),
    "pairer.idle_timeout": ('"idle"', "func IdleTimeout("),
    "pairer.lateness": ('"lateness"', "func Lateness("),
    "pairer.slack": ('"slack"', "func Slack("),
    "pairer.mismatch_percent": (None, "func MismatchPercent("),  # what it marks can be filtered
    "cache.max_bytes": (None, "CacheOptions"),  # Python's resolvers have Python's caches
    "cache.ttl": (None, "CacheOptions"),
    "cache.negative_ttl": (None, "CacheOptions"),
    "enricher.config": ('"listeners"', "func Config("),
    "enricher.slack": ('"slack"', "func Slack("),
    "enricher.strict": ('"strict"', "func Strict("),
    "enricher.hold": ('"hold"', "func Hold("),
    "enricher.max_bytes": ('"held"', "func MaxBytes("),
    "aggregator.by": ("by: Sequence[str]", "func NewAggregator("),
    "aggregator.measures": ("measures: Sequence[str]", "func Measures("),
    "aggregator.where": ("where: str | None", "func Where("),
    "aggregator.max_bytes": ("max_bytes: int", "func MaxBytes("),
    "aggregator.window": ("window: Duration", "func Window("),
    "aggregator.slide": ("slide: Duration", "func Slide("),
    "aggregator.lateness": ("lateness: Duration", "func Lateness("),
    "aggregator.spread": ("spread: bool", "func Spread("),
    "watcher.policy": ("policy: Config", "func NewWatcher("),
    "watcher.by": ("by: Sequence[str]", "func NewWatcher("),
    "watcher.max_bytes": ("max_bytes: int", "func MaxBytes("),
    "watcher.slide": ("slide: Duration", "func Slide("),
    "encoder.fields": ('"fields"', "func NewEncoder("),
}


def sources(*patterns):
    return "\n".join(
        path.read_text() for pattern in patterns for path in sorted(ROOT.glob(pattern))
    )


def options_of(header):
    """All of them, `catalog.assume`, without what goes with another: `kinds_len`, `field_count`."""
    for name, body in STRUCT.findall(header):
        members = MEMBER.findall(COMMENT.sub("", body))
        for member in members:
            if member not in EVERYWHERE and not re.search(r"_(len|count)$", member):
                yield f"{name}.{member}"


def main():
    header = sources("include/flowenrich/*.h")
    said = {
        "Python": sources("bindings/python/flowenrich/*.py", "docs/schema/pipeline.schema.json"),
        "Go": sources("bindings/go/flowenrich/*.go"),
    }
    options = list(options_of(header))
    wrong = [f"{option}: not in the table" for option in options if option not in OPTIONS]
    wrong += [f"{option}: not in the header" for option in OPTIONS if option not in options]
    for option, ways in OPTIONS.items():
        for (language, text), way in zip(said.items(), ways):
            if way is not None and way not in text:
                wrong.append(f"{option}: nothing in {language} is {way}")
    for line in wrong:
        print(line)
    return 1 if wrong or not options else 0


if __name__ == "__main__":
    sys.exit(main())
