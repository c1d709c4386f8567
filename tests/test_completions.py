#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shells' completions, as they are typed: what a line with tabs becomes before it runs."""

import os
import pty
import select
import shutil
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

COMPLETIONS = Path(__file__).resolve().parent.parent / "cli" / "completions"
TIMEOUT_SECONDS = 30

# What each shell is started with, and reads first; 'flowenrich' says what it was called with.
SHELLS = {
    "bash": (["bash", "--noprofile", "--rcfile", "{home}/start", "-i"], """
flowenrich() { echo "ran: $*."; }
. {completions}/flowenrich.bash
PS1=ready:
"""),
    "zsh": (["zsh", "-d", "-i"], """
flowenrich() { print -r -- "ran: $*." }
fpath=({completions} $fpath)
autoload -Uz compinit && compinit -u -D
PS1=ready:
"""),
    "fish": (["fish", "--no-config", "--private", "--interactive", "--init-command",
              "source {home}/start"], """
function flowenrich; echo "ran: $argv."; end
source {completions}/flowenrich.fish
function fish_prompt; echo -n ready:; end
"""),
}

CASES = (
    ("en\t", "enrich"),
    ("help exp\t", "help explain"),
    ("enrich --inv\tflow\t", "enrich --inventory flow.log"),
    ("enrich --lev\tconv\t", "enrich --level conversation"),
    ("pai\t", "pairs"),
    ("parse --progress al\t", "parse --progress always"),
    ("top --gr\t5 flow\t", "top --groups 5 flow.log"),
    ("agg\t--infl\t", "aggregate --influx"),
    ("watc\t--pol\tflow\t", "watch --policy flow.log"),
    ("ask cross\t--aft\t", "ask cross-az --after"),
    ("explain --stri\t", "explain --strict"),
    ("format --li\t", "format --list"),
)


class Terminal:
    """A shell in a terminal."""

    def __init__(self, command, home):
        self.seen = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(home)
            environment = dict(os.environ, HOME=home, ZDOTDIR=home, TERM="dumb", INPUTRC="/dev/null")
            os.execvpe(command[0], command, environment)

    def wait_for(self, *ends):
        """All that comes until one of the ends does."""
        until = time.monotonic() + TIMEOUT_SECONDS
        while not any(end in self.seen for end in ends):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                raise TimeoutError(f"none of {ends} in {self.seen!r}")
            self.seen += os.read(self.terminal, 4096).decode(errors="replace")
        seen, self.seen = self.seen, ""
        return seen

    def type(self, text):
        os.write(self.terminal, text.encode())

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.process, 0)


class Completions(unittest.TestCase):
    def skip(self, why):
        """Also tell the gate, which lists what wasn't run."""
        with open(os.environ.get("CHECK_SKIPS", os.devnull), "a", encoding="utf-8") as skips:
            skips.write(f"{self.id()}: {why}\n")
        self.skipTest(why)

    def complete_all(self, shell):
        if not shutil.which(shell):
            self.skip(f"no {shell} here")
        with tempfile.TemporaryDirectory(prefix="flowenrich-completions-") as home:
            command, start = SHELLS[shell]
            for name in ("start", ".zshrc"):
                text = start.replace("{completions}", str(COMPLETIONS))
                Path(home, name).write_text(text, encoding="utf-8")
            Path(home, "flow.log").touch()
            terminal = Terminal([word.replace("{home}", home) for word in command], home)
            self.addCleanup(terminal.close)
            terminal.wait_for("ready:")
            for typed, meant in CASES:
                terminal.type(f"flowenrich {typed}\n")
                ran = terminal.wait_for(".\r\n").rpartition("ran: ")[2].rpartition(".")[0]
                self.assertEqual(" ".join(ran.split()), meant, typed)

    def test_bash(self):
        self.complete_all("bash")

    def test_zsh(self):
        self.complete_all("zsh")

    def test_fish(self):
        self.complete_all("fish")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
