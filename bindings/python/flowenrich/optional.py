# SPDX-License-Identifier: Apache-2.0
"""Other packages, which are imported only when something asks for them."""

from importlib import import_module
from typing import Any

from .errors import UnsupportedError


def need(module: str, what: str) -> Any:
    """The module, or an error that says what it is missing for."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise UnsupportedError(f"{what}: this needs {package} (pip install {package})") from error
