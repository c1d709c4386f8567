# SPDX-License-Identifier: Apache-2.0
"""What bench/peers/groups asks of DuckDB: tuples|owners LOG INTERFACES OUT."""

import sys

import duckdb

COLUMNS = {"version": "UTINYINT", "account_id": "VARCHAR", "interface_id": "VARCHAR",
           "srcaddr": "VARCHAR", "dstaddr": "VARCHAR", "srcport": "USMALLINT", "dstport": "USMALLINT",
           "protocol": "UTINYINT", "packets": "UBIGINT", "bytes": "UBIGINT", "start": "BIGINT",
           "end": "BIGINT", "action": "VARCHAR", "log_status": "VARCHAR"}
SUMS = ('count(*) as records, sum(packets) as packets, sum(bytes) as bytes, min(start) as first, '
        'max("end") as last')
OWNERS = """
create table owners as
select i.PrivateIpAddress as addr, list_filter(i.TagSet, lambda tag: tag.Key = 'app')[1].Value as app
from (select unnest(NetworkInterfaces) as i from read_json('{interfaces}', maximum_object_size=1000000000))
"""
QUERIES = {
    "tuples": f"select srcaddr, dstaddr, dstport, {SUMS} from {{log}} group by all",
    "owners": f"""
select source.app as "client.tags.app", destination.app as "server.tags.app", {SUMS}
from {{log}} left join owners source on srcaddr = source.addr
             left join owners destination on dstaddr = destination.addr group by all
"""}


def main():
    question, log, interfaces, out = sys.argv[1:]
    database = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    table = (f"read_csv('{log}', delim=' ', header=true, auto_detect=false, quote='', escape='', "
             f"columns={{{columns}}})")
    if question == "owners":
        database.sql(OWNERS.format(interfaces=interfaces))
    database.sql(f"copy ({QUERIES[question].format(log=table)}) to '{out}' (header)")


if __name__ == "__main__":
    main()
