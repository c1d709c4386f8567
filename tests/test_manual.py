#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What README, docs/ and each command's help show of the tool is run, as it is printed."""

import gzip
import json
import os
import re
import shutil
import subprocess

import tooling
from tooling import DATA, LOGS, ROOT, TIMEOUT_SECONDS, CliTest

PAGES = ["README.md", "examples/data/README.md",
         *(f"docs/{name}.md" for name in ("costs", "questions", "tool", "watch"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# Of AWS, without an end, of other programs, or shown with its output.
NOT_RUN = re.compile(r"\baws\b|^ *AWS_PROFILE|^(for|done|alias|ask|make|cc|\./run|examples/)\b|\btail -F"
                     r"|\bjq\b|^\$|^[a-z-]+  ")


def blocks(page, kind):
    text = (ROOT / page).read_text(encoding="utf-8")
    return [block[2] for block in BLOCK.finditer(text) if block[1] == kind]


def commands(text):
    """Its lines, those joined that go on in the next."""
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


class Manual(CliTest):
    """In a folder that has what the examples name."""

    def setUp(self):
        super().setUp()
        for folder in ("examples", "data"):
            (self.folder / folder).symlink_to(ROOT / folder)
        (self.folder / "inventory").symlink_to(DATA / "inventory")
        (self.folder / "logs").symlink_to(LOGS)
        (self.folder / "build").mkdir()
        (self.folder / "build" / "flowenrich").symlink_to(tooling.TOOL)
        log = next(LOGS.rglob("*111122223333*0900Z*.gz"))
        for name in ("flow.log.gz", "FILE.log.gz"):
            shutil.copy(log, self.folder / name)
        document = next((DATA / "inventory").rglob("describe-network-interfaces*.json"))
        for name in ("eni.json", "interfaces.json"):
            shutil.copy(document, self.folder / name)
        self.write("mine.txt", "10.0.0.1 10.0.0.2 5\n")
        self.write("policy.yaml", blocks("docs/watch.md", "yaml")[0])
        self.write("contract.yaml", blocks("docs/costs.md", "yaml")[0])

    def shell(self, command, stdin=b"", status=0):
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, input=stdin, capture_output=True, check=False,
            timeout=TIMEOUT_SECONDS, env=dict(os.environ, PATH=f"build:{os.environ['PATH']}"))
        self.assertEqual(done.returncode, status, f"{command}\n{done.stderr.decode()}")
        return done.stdout.decode()

    def test_each_command_of_the_pages(self):
        for page in PAGES:
            lines = [line for kind in ("sh", "") for block in blocks(page, kind) for line in commands(block)
                     if "flowenrich" in line and not NOT_RUN.search(line)]
            self.assertTrue(lines, page)
            for line in lines:
                with self.subTest(page=page, command=line):
                    self.shell(line, status=4 if "--policy" in line else 0)

    def test_each_example_of_the_help(self):
        self.write("policy.yaml", "edges: {allow: [client.tags.app == 'finance']}")
        (self.folder / "logs").unlink()
        shutil.copytree(LOGS, self.folder / "logs" / "monday")
        stdin = gzip.decompress((self.folder / "flow.log.gz").read_bytes())
        self.shell("flowenrich catalog build -q -o yesterday.image inventory/")
        self.shell("flowenrich aggregate -q --by scope --save-state tuesday.sums logs/")
        names = re.findall(r"^  ([a-z]+) +\w", self.shell("flowenrich help"), re.MULTILINE)
        for command in [name for name in names if name not in ("aws", "flowenrich")]:
            examples = self.shell(f"flowenrich help {command}").partition("\nExamples:\n")[2]
            for line in commands(examples.partition("\nExit status:")[0]):
                with self.subTest(command=line):
                    if not NOT_RUN.search(line):
                        self.shell(line, stdin, status=4 if "--policy" in line else 0)

    def test_the_answer_that_the_readme_shows_is_what_comes_out(self):
        (shown,) = [block for block in blocks("README.md", "sh") if block.startswith("$ ")]
        command, *lines = shown.splitlines()
        answer = self.shell(command[2:]).splitlines()
        self.assertEqual(len(answer), len(lines))
        for line, printed in zip(lines, answer):
            self.assertTrue(printed.startswith(line.removesuffix(" ...")), f"{line}\n{printed}")

    def test_the_tables_that_follow_a_command_are_what_comes_out(self):
        text = (ROOT / "docs/costs.md").read_text(encoding="utf-8")
        shown = re.findall(r"```sh\n(.*?)\n```\n```text\n(.*?)```", text, re.DOTALL)
        self.assertEqual(len(shown), 4)
        for command, table in shown:
            self.assertEqual(self.shell(command), table, command)

    def test_the_alarms_that_the_manual_shows_are_what_comes_out(self):
        (command,), (shown,) = blocks("docs/watch.md", "sh"), blocks("docs/watch.md", "json")
        alarms = self.shell(command, status=4).splitlines()
        self.assertEqual([json.loads(alarm) for alarm in alarms],
                         [json.loads(alarm) for alarm in re.findall(r"^\{.*?\}$", shown, re.M | re.S)])

    def test_the_summary_that_the_manual_shows_is_what_comes_out(self):
        (shown,) = [block for block in blocks("docs/tool.md", "") if block.startswith('{"Files"')]
        shown = json.loads(shown.replace(',...', ''))
        self.shell("flowenrich enrich -q -i inventory -c examples/data/flowenrich.yaml "
                   "--summary-json summary.json logs >/dev/null")
        summary = json.loads((self.folder / "summary.json").read_text())
        del shown["Diagnosis"]
        for of in ("Named", "Sure"):
            for name, n in shown["Ends"].pop(of).items():
                self.assertEqual(summary["Ends"][of][name], n)
        shown["Ends"] = {**summary["Ends"], **shown["Ends"]}
        self.assertEqual({name: summary[name] for name in shown}, shown)

    def test_configurations_of_the_pages(self):
        for page in ("docs/filter.md", "docs/tool.md"):
            for text in blocks(page, "yaml"):
                path = self.write("pipeline.yaml", text)
                self.run_tool("enrich", "-q", "-i", DATA / "inventory", "-c", path, LOGS)


if __name__ == "__main__":
    tooling.main()
