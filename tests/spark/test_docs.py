# SPDX-License-Identifier: Apache-2.0
"""What docs/spark.md shows is run, and prints what stands below it."""

import contextlib
import io
import re

from conftest import ROOT

PAGE = ROOT / "docs/spark.md"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def test_every_block_of_the_page(spark, monkeypatch):
    monkeypatch.chdir(ROOT)
    page = PAGE.read_text(encoding="utf-8")
    names = {"__name__": "page", "spark": spark}
    for block in BLOCK.finditer(page):
        code, printed = block.groups(default="")
        where = page[: block.start()].count("\n") + 1
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("\n" * where + code, str(PAGE), "exec"), names)
        assert said.getvalue().split() == printed.split(), f"{PAGE}:{where}"
