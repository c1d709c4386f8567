# SPDX-License-Identifier: Apache-2.0
"""Long calls run without the interpreter's lock, and Ctrl-C ends them."""

import os
import signal
import subprocess
import sys
import threading
import time

import flowenrich
from conftest import LOGS, line

MANY = line() * 300_000


def test_others_run_meanwhile():
    """One call of C takes all of it: only without the lock can this thread work as well."""
    pipeline = flowenrich.Pipeline({"enrich": False, "limits": {"rows": 1_000_000}})
    thread = threading.Thread(target=lambda: list(pipeline.read(MANY)))
    all_before, own_before = time.process_time(), time.thread_time()
    thread.start()
    while thread.is_alive():
        pass
    own = time.thread_time() - own_before
    call = time.process_time() - all_before - own
    assert own > call / 4


def test_one_result_may_be_read_by_several(catalog):
    result = flowenrich.enrich(LOGS, inventory=catalog)
    tables = []
    threads = [threading.Thread(target=lambda: tables.append(result.to_arrow())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(table.equals(tables[0]) for table in tables)
    assert result.stats["enriched"] == 15080


ENDLESS = """
import flowenrich, itertools, sys
print("ready", flush=True)
flowenrich.enrich(itertools.repeat(sys.argv[1].encode() * 10000)).num_rows
"""


def test_ctrl_c_ends_it_within_a_second():
    program = [sys.executable, "-c", ENDLESS, line().decode()]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout.readline() == b"ready\n"
        time.sleep(0.5)
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=10)
        assert time.monotonic() - began < 1
    assert b"KeyboardInterrupt" in said
    assert running.returncode == -signal.SIGINT


def test_a_fork_reads_on(catalog):
    result = flowenrich.enrich(line(), inventory=catalog)
    pid = os.fork()
    if pid == 0:
        os._exit(0 if result.num_rows == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert result.num_rows == 1
