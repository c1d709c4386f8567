# SPDX-License-Identifier: Apache-2.0
"""AWS flow logs with both ends named, as tables: who talked to whom, and what are they?

>>> import flowenrich
>>> logs = flowenrich.enrich("logs/", inventory="inventory/")
>>> logs.to_pandas()
"""

from __future__ import annotations

from . import cflow
from .api import enrich, explain, parse, top
from .catalog import Catalog
from .errors import (
    ArgumentError,
    CorruptError,
    Error,
    InputError,
    LeftOutWarning,
    LimitError,
    OutOfMemoryError,
    ResolverError,
    UnsupportedError,
)
from .groups import Aggregator, Watcher
from .pipeline import Pipeline
from .reading import Reject
from .resolver import Key, Refusal
from .result import Result
from .table import Table

__all__ = [
    "Aggregator",
    "ArgumentError",
    "Catalog",
    "CorruptError",
    "Error",
    "InputError",
    "Key",
    "LeftOutWarning",
    "LimitError",
    "OutOfMemoryError",
    "Pipeline",
    "Refusal",
    "Reject",
    "ResolverError",
    "Result",
    "Table",
    "UnsupportedError",
    "Watcher",
    "enrich",
    "explain",
    "parse",
    "top",
]

__version__ = cflow.version()
