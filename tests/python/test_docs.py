# SPDX-License-Identifier: Apache-2.0
"""What these pages show is run, and prints what stands below it."""

import contextlib
import io
import re

import pytest

from conftest import ROOT

PAGES = [ROOT / f"docs/{name}.md" for name in ("catalog", "python", "questions")]
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_block_of_a_page(monkeypatch, path):
    monkeypatch.chdir(ROOT)
    page = path.read_text(encoding="utf-8")
    names = {"__name__": "page"}
    for block in BLOCK.finditer(page):
        code, printed = block.groups(default="")
        where = page[: block.start()].count("\n") + 1
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("\n" * where + code, str(path), "exec"), names)
        assert _plain(said.getvalue()) == _plain(printed), f"{path}:{where}"


def test_sql_tells_the_numbers_of_the_tool():
    """Each row of an answer in SQL has the numbers of one of the tool's, but for shares of time."""
    page = (ROOT / "docs/questions.md").read_text(encoding="utf-8")
    tool, _, sql = page.partition("## In SQL")
    answers = re.split("^## ", tool, flags=re.MULTILINE)[1:]
    for answer in answers:
        question, *shown = answer.splitlines()
        if question == "Why did transfer grow?":
            continue
        rows = [_numbers(line) for line in shown]
        (block,) = re.findall(
            re.escape(f"**{question}**") + r".*?```text\n(.*?)```", sql, re.DOTALL
        )
        table = [_numbers(line) for line in block.splitlines() if re.search(r"│ +\d", line)]
        assert table, question
        for numbers in table:
            assert any(numbers <= row for row in rows), f"{question} {numbers}"


def _numbers(line: str) -> set[int]:
    """Counts and nano-units; tables of the tool have money in whole units."""
    return {
        int(digits.removeprefix("0."))
        for digits in re.findall(r"(?<![\w.:-])\d+(?:\.\d{9})?(?![\w.:-])", line)
    }


def _plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_the_readme_says_the_same(monkeypatch):
    monkeypatch.chdir(ROOT)
    (block,) = BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
    exec(block[1], {})


if __name__ == "__main__":
    pytest.main([__file__])
