# SPDX-License-Identifier: Apache-2.0
"""The package as it is installed."""

import subprocess
import sys
from pathlib import Path

import flowenrich
from conftest import CONFIG, INVENTORY, LOGS

OTHERS = ("pyarrow", "pandas", "polars", "duckdb", "fsspec", "tqdm", "numpy")


def run(*arguments, **settings):
    return subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, **settings
    ).stdout


def test_importing_it_imports_no_other_package():
    code = f"import sys, flowenrich; print([n for n in {OTHERS} if n in sys.modules])"
    assert run("-c", code) == "[]\n"


def test_it_is_imported_at_once():
    """In 50 ms of a quiet machine; one that is busy takes longer for the same."""
    code = "import time; t = time.process_time(); import flowenrich; print(time.process_time() - t)"
    assert min(float(run("-c", code)) for _ in range(3)) < 0.1


def test_it_is_typed():
    assert Path(flowenrich.__file__).with_name("py.typed").exists()


def test_what_is_public_is_documented():
    for name in flowenrich.__all__:
        assert getattr(flowenrich, name).__doc__, name


def test_it_is_the_tool():
    command = ["-m", "flowenrich", "top", "-q", "--by", "client.tags.app", "--json"]
    said = run(*command, "-i", INVENTORY, "-c", CONFIG, LOGS)
    assert '"Tags":{"app":"storefront"}' in said.splitlines()[0]
    assert run("-m", "flowenrich", "version").startswith(f"flowenrich {flowenrich.__version__}")
