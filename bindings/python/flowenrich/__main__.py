# SPDX-License-Identifier: Apache-2.0
"""`python -m flowenrich`, and the command `flowenrich`: the tool, which the package brings.

Where Parquet is among the files, Python does what the tool can't.
"""

import os
import sys
from pathlib import Path

TOOL = Path(__file__).with_name("flowenrich")


def main() -> None:
    """Become the tool, unless Parquet is read or written."""
    arguments = sys.argv[1:]
    if any(argument.endswith(".parquet") for argument in arguments):
        from .parquet import run

        sys.exit(run(arguments))
    os.execv(TOOL, ["flowenrich", *arguments])


if __name__ == "__main__":
    main()
