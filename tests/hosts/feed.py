# SPDX-License-Identifier: Apache-2.0
"""feed.py CONFIG INVENTORY TIME LOG SIZE: a log through a pipeline, SIZE bytes at a time."""

import sys
from datetime import datetime, timedelta, timezone

import flowenrich

config, inventory, at, log, size = sys.argv[1:]


class Pieces:
    def __init__(self, file):
        self._file = file

    def read(self, _):
        return self._file.read(int(size))


pipeline = flowenrich.Pipeline(config)
now = datetime.fromtimestamp(int(at), timezone.utc)
pipeline.load(inventory, at=now)
with open(log, "rb") as file:
    for lines in pipeline.read(Pieces(file), now=now):
        sys.stdout.buffer.write(lines)
# Then a year passes without records.
for lines in pipeline.read(b"", now=now + timedelta(days=365)):
    sys.stdout.buffer.write(lines)
