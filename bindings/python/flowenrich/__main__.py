# SPDX-License-Identifier: Apache-2.0
"""`python -m flowenrich`, and the command `flowenrich`: the tool, which the package brings."""

import os
import sys
from pathlib import Path

TOOL = Path(__file__).with_name("flowenrich")


def main() -> None:
    """Become the tool."""
    os.execv(TOOL, ["flowenrich", *sys.argv[1:]])


if __name__ == "__main__":
    main()
