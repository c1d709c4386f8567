#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the sample (examples/data and truth.json), or a big log of the same shape."""

import argparse
import random
from pathlib import Path

import big
import company
import documents
import flows
import ipranges
import logs
import truth
import workload

HERE = Path(__file__).resolve().parent
SEED = 20261120
CONFIG = """\
version: 1
networks:
  - {cidr: 192.0.2.0/24, name: office, tags: {site: hq}}
  - {cidr: 172.20.0.0/16, name: datacenter}
listeners:
  - {protocol: tcp, port: 8443, name: internal-api}
"""

# Production was described before and after the hour, the shared account only once.
BEFORE = company.HOUR - 5 * 60 + 3
AFTER = company.HOUR + 65 * 60 + 4
TWICE = ("describe-network-interfaces", "describe-instances")


def write_inventory(estate, folder):
    """Every document of both accounts, a second apart as a script would ask for them."""
    for number, call in enumerate(documents.CALLS):
        documents.write(call, estate, company.PRODUCTION, BEFORE + number, folder)
        documents.write(call, estate, company.SHARED, BEFORE + 60 + number, folder)
        if call in TWICE:
            documents.write(call, estate, company.PRODUCTION, AFTER + number, folder)
    documents.write_json(folder / "ip-ranges.json", ipranges.document())


def write_sample(folder, truth_path, seed=SEED):
    """The same seed gives the same bytes."""
    rng = random.Random(seed)
    estate = company.build()
    records = [record for conversation in workload.hour(estate, rng)
               for record in flows.records_of(conversation, estate["nat"], company.HOUR)]
    notices = list(flows.silences(estate.interfaces.values(), records, company.HOUR))
    records, skipped = flows.skip(records, estate["web-2"], 41, company.HOUR)
    notices.append(skipped)
    logs.write(records + notices, estate.flow_logs, folder / "logs", rng)
    write_inventory(estate, folder / "inventory")
    (folder / "flowenrich.yaml").write_text(CONFIG, encoding="utf-8")
    documents.write_json(truth_path, truth.answers(estate, records, notices))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, help="folder to write to (examples/data)")
    parser.add_argument("--truth", type=Path, default=HERE / "truth.json")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--big", type=int, metavar="N",
                        help="write N records of 5,000 interfaces, for benchmarks")
    parser.add_argument("--format", choices=big.FORMATS, default="v5", help="with --big")
    arguments = parser.parse_args()
    if arguments.big:
        if not arguments.output:
            parser.error("--big needs --output")
        big.write(arguments.big, arguments.format, arguments.output, arguments.seed)
    else:
        write_sample(arguments.output or HERE.parents[1] / "examples" / "data",
                     arguments.truth, arguments.seed)


if __name__ == "__main__":
    main()
