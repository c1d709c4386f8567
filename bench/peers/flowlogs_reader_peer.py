# SPDX-License-Identifier: Apache-2.0
"""flowlogs-reader among the parsers that bench/peers compares: `sum FILE`."""

import sys

from flowlogs_reader import FlowRecord


def main():
    records = total = bad = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        fields = tuple(name.replace("-", "_") for name in next(file).split())
        for line in file:
            try:
                record = FlowRecord.from_cwl_event({"message": line}, fields)
            except ValueError:
                bad += 1
                continue
            records += 1
            total += record.bytes or 0
    print(records, total, bad)


main()
