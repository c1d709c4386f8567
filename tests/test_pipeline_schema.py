#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/schema/pipeline.schema.json and the library take and refuse the same configurations.

    test_pipeline_schema.py TOOL

The YAML in docs/pipeline.md must be taken by both. What only the library can tell (paths,
CIDRs, formats, keys given twice) isn't the schema's to know.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"the Python module {missing.name} is missing")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1 2 ACCEPT OK\n"  # as short as limits may want it

TAKEN = """
version: 1
---
# nothing but a comment
---
formats:
networks:
limits:
---
formats: [default, '${srcaddr} ${bytes}']
---
input: text
---
level: record
---
level: conversation
---
level: conversation
hold: off
pair: {active: 60, idle: 600, lateness: 900}
limits: {paired: 100000000}
---
pair:
---
sources: {idle: 60}
---
sources: {idle: 0}
---
aggregate:
---
aggregate: {by: [client.tags.app, client.addr/24], measures: ["p99(bytes)"], where: bytes > 1, window: 5m, slide: 60}
limits: {aggregated: 1000000}
---
aggregate: {window: 1h, lateness: 90s, spread: true}
---
level: conversation
charge: true
rates: {unit: GiB, usage: {internet: 10240}}
---
charge: false
---
enrich: true
---
strict: false
---
slack: 0
---
assume: 2147483647
---
hold: auto
---
hold: off
---
hold: 'off'
---
hold: 86400
---
filter: {action: ACCEPT, dstport: [443, '80'], client.rfc1918: true, vpc_id: null}
---
filter: {action: {not: REJECT}, vpc_id: {not: [vpc-1, null]}}
---
filter: [{action: ACCEPT}, {action: {not: REJECT}, dstport: 443}]
---
filter: []
---
filter: client.type == "rds:db" and not bytes < 1MB
---
filter: [{action: ACCEPT}, 'bytes > 1 or action absent']
---
since: 2026-11-20T09:00:00Z
until: 1800000000
---
since: '0'
until:
---
fields: [bytes]
---
encoder: json-flat
---
limits: {rows: 1, line: 64, bad_lines: 0, payload: 1000, ratio: 1, held: 1}
---
limits: {rows: 1048576, payload: 4294967295}
---
networks: [{cidr: 10.0.0.0/8, name: a, vpc: vpc-1, tags: {a: b, c: 1}}]
---
listeners: [{protocol: tcp, port: 65535, name: a, type: 'rds:db', address: 10.0.0.0/8}]
---
listeners: [{protocol: 17, port: 1, name: a}]
"""

REFUSED = """
version: 2
---
unknown: 1
---
formats: default
---
formats: ['']
---
formats: [[a]]
---
input: json
---
level: group
---
pair: {active: 60}
---
level: conversation
pair: {idle: 0}
---
level: conversation
pair: {closed: 60}
---
sources: {idle: -1}
---
sources: 60
---
sources: {names: 60}
---
level: conversation
pair: 60
---
level: conversation
charge: 1
---
level: conversation
rates: [1]
---
enrich: maybe
---
strict: 1
---
slack: -1
---
assume: 2147483648
---
hold: on
---
hold: 0
---
hold: 86401
---
hold: 15m
---
filter: {action: []}
---
filter: {action: {a: b}}
---
filter: {action: {}}
---
filter: {action: {not: []}}
---
filter: {action: {not: {not: ACCEPT}}}
---
filter: [[{action: ACCEPT}]]
---
since: noon
---
until: -1
---
since: [1]
---
fields: bytes
---
fields: []
---
fields: ['']
---
aggregate: [bytes]
---
aggregate: {buy: [bytes]}
---
aggregate: {by: bytes}
---
aggregate: {window: soon}
---
aggregate: {window: 0}
---
aggregate: {spread: some}
---
encoder: xml
---
limits: {row: 1}
---
limits: {rows: 0}
---
limits: {rows: 1048577}
---
limits: {line: 63}
---
limits: {payload: 4294967296}
---
networks: [{cidr: 10.0.0.0/8}]
---
networks: [{cidr: 10.0.0.0/8, name: a, tags: [a]}]
---
networks: [{cidr: 10.0.0.0/8, name: a, tag: b}]
---
listeners: [{port: 1, name: a}]
---
listeners: [{protocol: tcp, port: 0, name: a}]
---
listeners: [{protocol: tcp, port: 65536, name: a}]
"""


class Loader(yaml.SafeLoader):
    """Reads a time as the text it is, as YAML 1.2 does."""

    yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def is_taken(tool, text):
    """Does the tool run with this configuration?"""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([tool, "enrich", "--quiet", "--config", file.name, "-"],
                              input=LINE, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode == 0, done.stderr.strip()


def main():
    tool = sys.argv[1]
    schema = json.loads((ROOT / "docs/schema/pipeline.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    manual = (ROOT / "docs/pipeline.md").read_text(encoding="utf-8")
    taken = TAKEN.split("---\n") + re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    problems = 0

    for wanted, texts in ((True, taken), (False, REFUSED.split("---\n"))):
        for text in texts:
            valid = validator.is_valid(yaml.load(text, Loader))
            ran, said = is_taken(tool, text)
            if valid != wanted or ran != wanted:
                print(f"{text}schema: {valid}, library: {ran} {said}, wanted: {wanted}\n")
                problems += 1
    keys = set(schema["properties"])
    told = set(re.findall(r"^\| \[?`(\w+)`", manual, re.MULTILINE))
    for key in sorted(keys - told):
        print(f"docs/pipeline.md doesn't tell the key {key}")
        problems += 1
    return problems > 0


if __name__ == "__main__":
    sys.exit(main())
