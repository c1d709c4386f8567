# SPDX-License-Identifier: Apache-2.0
"""Configurations: a file, YAML or a dict, and the arguments of a call laid over it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

# Differs from run to run as that of Python's own tables, unless PYTHONHASHSEED is set.
HASH_SEED = hash("flowenrich") & (1 << 64) - 1

Config: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | None
Filter: TypeAlias = str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]]

_PAIRS = re.compile(r"""\blevel\b["']?\s*:\s*["']?conversation\b""")
_HOLD = re.compile(r"""\bhold\b["']?\s*:""")  # the key


def settings(config: Config, format: str | Sequence[str] | None = None, **arguments: Any) -> bytes:
    """The configuration of a result's pipeline, as YAML.

    A str with a newline or `: ` in it is YAML, any other is the path of a file. What the arguments
    say replaces what it says.
    """
    said = {key: value for key, value in arguments.items() if value not in (None, (), [])}
    if format is not None:
        said["formats"] = [format] if isinstance(format, str) else list(format)
    said["encoder"] = "none"
    before = text(config)
    if said.get("level") == "conversation" and not _HOLD.search(before):
        said["hold"] = "off"  # all of it is read before rows are due
    return f"{before}\n---\n{text(said)}".encode()


def pairs(config: bytes) -> bool:
    """Whether rows are conversations, which several logs have in common."""
    return bool(_PAIRS.search(config.decode()))


def text(config: Config) -> str:
    """A configuration as YAML."""
    if config is None:
        return "{}"
    if isinstance(config, Mapping):
        return json.dumps(config, ensure_ascii=False, default=_seconds)  # JSON is YAML
    if isinstance(config, str) and ("\n" in config or ": " in config):
        return config
    with open(config, encoding="utf-8") as file:
        return file.read()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
