# SPDX-License-Identifier: Apache-2.0
"""What goes wrong: one family of exceptions, and warnings about what was left out."""

from __future__ import annotations


class Error(Exception):
    """The base of all that flowenrich raises; `str()` says what is wrong and what helps.

    What isn't known is None: `line` and `column` count from 1, `offset` is the byte in the input,
    `field` the path of the field, `status` the library's name of the failure, "ERR_LIMIT".
    """

    def __init__(
        self,
        message: str,
        *,
        status: str | None = None,
        line: int | None = None,
        column: int | None = None,
        offset: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self._used = 0  # bytes that the call took in nevertheless
        self.status = status
        self.line = line
        self.column = column
        self.offset = offset
        self.field = field


class ArgumentError(Error, ValueError):
    """A value that can't be taken: a path nobody knows, a document without a date."""


class InputError(Error, ValueError):
    """A log, document, format or configuration that can't be read; `line` tells where."""


class LimitError(Error):
    """More than a limit of the configuration allows: bad lines, bytes of a payload."""


class ResolverError(Error):
    """A resolver failed. What it raised itself is raised as it is."""


class UnsupportedError(Error):
    """Right, but beyond this version or this build."""


class CorruptError(Error):
    """A saved state that isn't what it says."""


class OutOfMemoryError(Error, MemoryError):
    """There is no memory left."""


class LeftOutWarning(UserWarning):
    """Something named was passed over: a document of AWS's that isn't read, a damaged payload."""


_BY_STATUS = {
    "ERR_ARG": ArgumentError,
    "ERR_NOMEM": OutOfMemoryError,
    "ERR_SYNTAX": InputError,
    "ERR_LIMIT": LimitError,
    "ERR_RESOLVER": ResolverError,
    "ERR_UNSUPPORTED": UnsupportedError,
    "ERR_CORRUPT": CorruptError,
}


def of_library(status: str, message: str, line: int, column: int, offset: int, used: int) -> Error:
    """The exception for a flowenrich_error; the extension raises it."""
    error = _BY_STATUS.get(status, Error)(
        message,
        status=status,
        line=line or None,
        column=column or None,
        offset=offset if line or offset else None,
    )
    error._used = used
    return error
