# SPDX-License-Identifier: Apache-2.0
"""What docs/python.md and docs/questions.md show is run, and prints what stands below it."""

import contextlib
import io
import re

import pytest

from conftest import ROOT

PAGES = [ROOT / "docs/python.md", ROOT / "docs/questions.md"]
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


def _plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_the_readme_says_the_same(monkeypatch):
    monkeypatch.chdir(ROOT)
    (block,) = BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
    exec(block[1], {})


if __name__ == "__main__":
    pytest.main([__file__])
