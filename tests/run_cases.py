#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the worked cases of tests/cases: log and documents in, records out."""

import argparse
import base64
import gzip
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
SCHEMAS = {kind: ROOT / "docs" / "schema" / f"{kind}.schema.json"
           for kind in ("record", "conversation")}
TIMEOUT_SECONDS = 20
MOST_DIFFERENCES = 40
ABSENT = object()

try:
    import jsonschema
except ImportError:
    jsonschema = None


class CaseError(Exception):
    """The case itself is wrong, or the tool's output can't be read."""


@dataclass
class Block:
    words: list[str]
    text: str


@dataclass
class Case:
    """The fenced blocks of one Markdown file, by their first word."""

    path: Path
    blocks: dict[str, list[Block]] = field(default_factory=dict)

    KNOWN = ("log", "payload", "part", "format", "json", "yaml", "options", "fields", "output",
             "pairs", "parsed", "summary", "status", "two-passes")
    SEVERAL = ("part", "format", "json")

    @classmethod
    def read(cls, path):
        case = cls(path)
        words, lines = None, []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("```"):
                lines.append(line)
            elif words is None:
                words, lines = line[3:].split(), []
                case.check_words(words, number)
            else:
                case.blocks.setdefault(words[0], []).append(Block(words[1:], "\n".join(lines)))
                words = None
        if words is not None:
            raise CaseError("the last block isn't closed")
        if case.has("log") == case.has("payload"):
            raise CaseError("there must be a log block or a payload block")
        if not any(case.has(kind) for kind in ("output", "pairs", "parsed", "summary", "status")):
            raise CaseError("the case expects nothing")
        return case

    def check_words(self, words, number):
        if not words or words[0] not in self.KNOWN:
            raise CaseError(f"line {number}: a block must be one of {', '.join(self.KNOWN)}")
        if words[0] in self.blocks and words[0] not in self.SEVERAL:
            raise CaseError(f"line {number}: a second {words[0]} block")

    def has(self, kind):
        return kind in self.blocks

    def text(self, kind):
        return self.blocks[kind][0].text.strip()

    def log_bytes(self):
        return self.payload_bytes() if self.has("payload") else self.text_bytes()

    def log_name(self):
        """The name that the last word of the block gives the file, as "AWSLogs/..."."""
        words = self.blocks["payload" if self.has("payload") else "log"][0].words
        names = [word for word in words if "/" in word]
        return names[0] if names else "flow.log"

    def payload_bytes(self):
        block = self.blocks["payload"][0]
        data = block.text + "\n"
        for part in self.blocks.get("part", []):
            packed = pack((part.text + "\n").encode(), part.words[1:])
            data = data.replace(f"@{part.words[0]}@", packed.decode())
        return pack(data.encode(), [word for word in block.words if "/" not in word])

    def text_bytes(self):
        block = self.blocks["log"][0]
        unknown = {w for w in block.words if "/" not in w} - {"bom", "crlf", "escaped", "unended"}
        if unknown:
            raise CaseError(f"a log block can't be {', '.join(sorted(unknown))}")
        data = block.text.encode() + (b"" if "unended" in block.words else b"\n")
        if "escaped" in block.words:
            data = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), data)
        if "crlf" in block.words:
            data = data.replace(b"\n", b"\r\n")
        return (b"\xef\xbb\xbf" if "bom" in block.words else b"") + data


def pack(data, words):
    ways = {"gzip": lambda d: gzip.compress(d, mtime=0), "base64": base64.b64encode,
            "string": lambda d: json.dumps(d.decode())[1:-1].encode()}
    for word in words:
        if word not in ways:
            raise CaseError(f"'{word}' is none of {', '.join(ways)}")
        data = ways[word](data)
    return data


def load_json(text, what):
    def no_duplicates(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise CaseError(f"{what}: a key is there twice")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=no_duplicates)
    except ValueError as error:
        raise CaseError(f"{what}: {error}: {text[:100]}") from error


def json_lines(text, what):
    lines = text.splitlines()
    return [load_json(line, f"{what} line {n}") for n, line in enumerate(lines, 1) if line.strip()]


def differences(expected, got, path="", subset=False):
    """Yields (path, expected, got) where the two differ; with subset, only the keys expected."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected if subset else sorted(expected.keys() | got.keys()):
            where = f"{path}.{key}" if path else key
            yield from differences(expected.get(key, ABSENT), got.get(key, ABSENT), where, subset)
    elif isinstance(expected, bool) != isinstance(got, bool) or expected != got:
        yield path, expected, got


def show(value):
    return "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)


def compare_lines(expected, got, what):
    for number in range(max(len(expected), len(got))):
        if number >= len(got):
            yield f"{what} {number + 1}: missing: {show(expected[number])}"
        elif number >= len(expected):
            yield f"{what} {number + 1}: not expected: {show(got[number])}"
        else:
            for path, wanted, had in differences(expected[number], got[number]):
                yield f"{what} {number + 1}: {path}: expected {show(wanted)}, got {show(had)}"


class Runner:
    """Runs the tool on one case in a folder of its own."""

    def __init__(self, tools, case, folder, validators):
        self.tool, self.two_passes = tools
        self.case, self.folder, self.validators = case, folder, validators
        self.problems = []
        self.stderr = ""

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def format_arguments(self):
        return [word for block in self.case.blocks.get("format", [])
                for word in ("--format", block.text.strip())]

    def documents(self):
        """What the example of two passes takes: PATH@SECONDS."""
        given = [name for flag, name in zip(*[iter(self.enrich_arguments())] * 2)]
        split = [name.removesuffix("Z").rpartition("@") for name in given]
        return [f"{path}@{int(datetime.fromisoformat(time + '+00:00').timestamp())}"
                for path, _, time in split]

    def enrich_arguments(self):
        arguments = []
        for number, block in enumerate(self.case.blocks.get("json", []), 1):
            times = [word for word in block.words if word.startswith("@")]
            names = [word for word in block.words if not word.startswith("@")]
            if len(names) != 1:
                raise CaseError("a json block is: json NAME @TIME, or several @TIME, or none")
            path = self.write(f"{number:02}-{names[0]}.json", block.text.encode())
            for time in times or [""]:
                arguments += ["-i", path + time]
        if self.case.has("yaml"):
            config = self.case.blocks["yaml"][0].text + "\n"
            arguments += ["-c", self.write("config.yaml", config.encode())]
        if self.case.has("options"):
            arguments += self.case.text("options").split()
        return arguments

    def call(self, command, arguments, log):
        return self.run_line(command, [self.tool, command, "--quiet", *self.format_arguments(),
                                       *arguments, log])

    def run_line(self, command, line):
        try:
            done = subprocess.run(line, capture_output=True, timeout=TIMEOUT_SECONDS,
                                  cwd=self.folder, check=False)
        except subprocess.TimeoutExpired as error:
            raise CaseError(f"{command} took longer than {TIMEOUT_SECONDS} s") from error
        self.stderr += done.stderr.decode(errors="replace")
        self.check_status(command, done.returncode)
        try:
            return done.stdout.decode()
        except UnicodeDecodeError as error:
            raise CaseError(f"{command}: the output isn't UTF-8: {error}") from error

    def check_status(self, command, got):
        wanted = int(self.case.text("status")) if self.case.has("status") else 0
        if got != wanted:
            self.problems.append(f"{command}: expected exit status {wanted}, got {got}")

    def chooses_fields(self):
        """Rows that aren't whole fit no schema."""
        blocks = self.case.blocks["yaml"] if self.case.has("yaml") else ()
        return any("\nfields:" in "\n" + block.text for block in blocks)

    def validate(self, records, what, kind="record"):
        if self.validators is None or self.chooses_fields():
            return
        for number, record in enumerate(records, 1):
            for error in self.validators[kind].iter_errors(record):
                where = ".".join(map(str, error.absolute_path)) or "the record"
                self.problems.append(f"{what} {number}: schema: {where}: {error.message[:160]}")

    def enrich(self, log):
        arguments = self.enrich_arguments()
        summary = self.folder / "summary.json"
        if self.case.has("summary"):
            arguments += ["--summary-json", str(summary)]
        if self.case.has("two-passes"):
            text = self.run_line("two_passes", [self.two_passes, log, *self.documents()])
        else:
            text = self.call("enrich", arguments, log)
        records = json_lines(text, "output")
        self.validate(records, "output")
        if self.case.has("output"):
            expected = json_lines(self.case.text("output"), "expected output")
            self.validate(expected, "expected output")
            self.problems += compare_lines(expected, records, "output")
        if self.case.has("summary"):
            self.compare_summary(summary)

    def pair(self, log):
        records = json_lines(self.call("pairs", self.enrich_arguments(), log), "pairs")
        expected = json_lines(self.case.text("pairs"), "expected pairs")
        self.validate(records, "pairs", "conversation")
        self.validate(expected, "expected pairs", "conversation")
        self.problems += compare_lines(expected, records, "pairs")

    def compare_summary(self, path):
        if not path.exists():
            raise CaseError("no summary was written")
        expected = load_json(self.case.text("summary"), "expected summary")
        got = load_json(path.read_text(encoding="utf-8"), "summary")
        for where, wanted, had in differences(expected, got, subset=True):
            self.problems.append(f"summary: {where}: expected {show(wanted)}, got {show(had)}")

    def parse(self, log):
        fields = ["--fields", self.case.text("fields")] if self.case.has("fields") else []
        got = json_lines(self.call("parse", fields, log), "parsed")
        expected = json_lines(self.case.text("parsed"), "expected parsed")
        self.problems += compare_lines(expected, got, "parsed")

    def run(self):
        log = self.write(self.case.log_name(), self.case.log_bytes())
        if self.case.has("parsed"):
            self.parse(log)
        if self.case.has("pairs"):
            self.pair(log)
        if any(self.case.has(kind) for kind in ("output", "summary", "status")):
            self.enrich(log)


def run_case(tools, path, validators):
    """Returns what is wrong, line by line; nothing when the case holds."""
    runner = None
    try:
        case = Case.read(path)
        with tempfile.TemporaryDirectory(prefix="flowenrich-case-") as folder:
            runner = Runner(tools, case, Path(folder), validators)
            runner.run()
        problems = runner.problems
    except (CaseError, OSError, ValueError) as error:
        problems = (runner.problems if runner else []) + [str(error)]
    if problems and runner and runner.stderr:
        problems += [f"stderr: {line}" for line in runner.stderr.splitlines()[:5]]
    return problems


def make_validators():
    if jsonschema is None:
        print("the schemas are not checked: the Python module jsonschema is missing")
        return None
    validators = {}
    for kind, path in SCHEMAS.items():
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft202012Validator(schema)
    return validators


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tool", default="build/flowenrich", help="the flowenrich to run")
    options.add_argument("--two-passes", default="build/example_two_passes",
                         help="the example that learns first")
    options.add_argument("cases", nargs="*", type=Path, help="case files; all of them if none")
    arguments = options.parse_args()
    tools = [str(Path(tool).resolve()) for tool in (arguments.tool, arguments.two_passes)]
    paths = arguments.cases or sorted(p for p in CASES.glob("*.md") if p.name != "README.md")
    validators = make_validators()
    failed = 0
    for path in paths:
        problems = run_case(tools, path, validators)
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'ok  '} {path.stem}")
        for problem in problems[:MOST_DIFFERENCES]:
            print(f"     {problem}")
        if len(problems) > MOST_DIFFERENCES:
            print(f"     and {len(problems) - MOST_DIFFERENCES} more")
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
