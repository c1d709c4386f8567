# SPDX-License-Identifier: Apache-2.0
"""The parsers to compare, and how each is built. What a build fetches stays below build/peers."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "peers"


class NotBuilt(Exception):
    """Why a peer isn't there."""


@dataclass
class Peer:
    """A program that takes `sum FILE`; flowenrich and vrl also `lines FORMAT`."""

    name: str
    steps: tuple  # commands that build it
    command: tuple
    folder: Path = ROOT  # where the steps run

    def build(self):
        """Bring it up to date; NotBuilt tells why it can't be."""
        BUILD.mkdir(parents=True, exist_ok=True)
        for step in self.steps:
            try:
                done = subprocess.run(step, cwd=self.folder, capture_output=True, text=True,
                                      check=False)
            except OSError as error:
                raise NotBuilt(error) from error
            if done.returncode != 0:
                raise NotBuilt((done.stderr or done.stdout).strip().splitlines()[-1])


FLOWENRICH = Peer(
    "flowenrich",
    (("make", "all"),),
    (ROOT / "build" / "release" / "peer_flowenrich",))

# Only what the function needs is compiled: no network, no crypto.
VRL = Peer(
    "vrl 0.38.0, parse_aws_vpc_flow_log",
    (("cargo", "build", "--release", "--target-dir", BUILD / "vrl"),),
    (BUILD / "vrl" / "release" / "vrl-peer",),
    HERE / "vrl")

# The processor came after the last tag of this module, hence a commit of the 8.x line.
BEATS = Peer(
    "Beats 2024-10-22, aws_vpcflow",
    (("go", "build", "-o", BUILD / "beats", "."),),
    (BUILD / "beats",),
    HERE / "beats")

FLOWLOGS_READER = Peer(
    "flowlogs-reader 5.0.1, FlowRecord",
    ((sys.executable, "-m", "venv", BUILD / "venv"),
     (BUILD / "venv" / "bin" / "pip", "install", "-q", "-r", HERE / "requirements.txt")),
    (BUILD / "venv" / "bin" / "python", "-W", "ignore", HERE / "flowlogs_reader_peer.py"))

PEERS = (VRL, BEATS, FLOWLOGS_READER)

# It parses with an internal package, so only the module that holds it would do.
REFUSED = {"OpenTelemetry collector, awslogsencodingextension v0.141.0":
           "the Go module proxy has no such version (v0.141.0: 403 Forbidden, "
           "\"This module version is not available.\"; v0.140.0, v0.157.0: 404 Not Found)"}
