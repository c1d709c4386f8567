# SPDX-License-Identifier: Apache-2.0
"""Where our parser and VRL's differ on purpose, and how a difference is told from a mistake."""

import ipaddress
import re
from urllib.parse import unquote

from lines import ADDRESS, FIELDS, TAG, TEXT, TIME, U64

# name: who does what, and why ours does.
LISTED = {
    "address": "VRL takes any text for an address (999.1.1.1); ours reads it, or refuses the line",
    "range": "VRL takes any 64-bit number (port 99999); ours what the field can hold",
    "sign": "VRL takes a sign (-4249, +1); no field of AWS's has one",
    "unsigned": "VRL refuses counters of 2^63 and above; ours go to 2^64-1",
    "spaces": "VRL refuses spaces that are doubled or at an end; ours takes them, as they occur",
    "empty": "VRL takes nothing between two spaces for a value; ours misses one",
    "nul": "VRL takes a NUL byte; ours refuses the line, since no log has one",
    "return": "VRL keeps the \\r of a CRLF in the last value; it isn't part of it",
    "spelling": "VRL copies an address; ours writes it as RFC 5952 says, IPv4-mapped as IPv4",
    "milliseconds": "VRL copies a time; ours takes one past the year 5138 for milliseconds",
    "percent": "VRL copies a tag; ours decodes it, since AWS encodes it",
    "utf-8": "For what isn't UTF-8, VRL writes a U+FFFD a sequence, ours one a byte",
    "name": "VRL doesn't know the field (transit gateways'); ours takes any name",
    "no record": "VRL refuses a line that is blank or a header; ours passes over it",
}
LEAST_MILLISECONDS = 10**11


def is_address(word):
    """As text that AWS could have written; Python would take a zone, too."""
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return "%" not in word


def plain_address(word):
    """The address without its spelling."""
    parsed = ipaddress.ip_address(word)
    return getattr(parsed, "ipv4_mapped", None) or parsed


def replaced(text):
    """A text in which the number of U+FFFD in a row doesn't count."""
    return re.sub("\ufffd+", "\ufffd", text)


def of_values(name, theirs, ours):
    """Which difference two values of a field are, or None if none that is listed."""
    kind = FIELDS.get(name, TEXT)
    if theirs is None or isinstance(theirs, int):
        taken = kind == TIME and theirs and theirs >= LEAST_MILLISECONDS
        return "milliseconds" if taken and ours == theirs // 1000 else None
    if kind == ADDRESS:
        same = is_address(theirs) and ours and plain_address(theirs) == plain_address(ours)
        return "spelling" if same else None
    if kind == TAG and unquote(theirs) == ours:
        return "percent"
    if ours and "\ufffd" in theirs and replaced(ours) == replaced(theirs):
        return "utf-8"
    return None


def without_return(words):
    """The words of a line that may have ended in CRLF."""
    return [*words[:-1], words[-1].removesuffix("\r")]


def only_ours(names, words):
    """Why VRL may have refused a line that ours took."""
    if any(name not in FIELDS for name in names):
        yield "name"
    if "" in without_return(words):
        yield "spaces"
    numbers = [(name, word) for name, word in zip(names, filter(None, words))
               if FIELDS.get(name, TEXT) == U64]
    if any(word.isdigit() and 2**63 <= int(word) < 2**64 for _, word in numbers):
        yield "unsigned"
    last = FIELDS.get(names[-1], TEXT)
    if words[-1].endswith("\r") and (last == TIME or isinstance(last, int)):
        yield "return"


def only_theirs(names, words, reason):
    """Why ours may have refused a line that VRL took: the reason it gave must be right."""
    why, _, field = reason.partition(" ")
    words = without_return(words)
    word = dict(zip(names, words)).get(field, "")
    kind = FIELDS.get(field)
    if why == "bad_number" and word[:1] in ("+", "-"):
        yield "sign"
    elif why == "bad_number" and isinstance(kind, int) and word.isdigit() and int(word) > kind:
        yield "range"
    elif why == "bad_address" and not is_address(word):
        yield "address"
    elif why == "nul_byte" and any("\0" in word for word in words):
        yield "nul"
    elif why == "too_few_fields" and "" in words:
        yield "empty"


def of_records(names, theirs, ours):
    """Which differences two records have; None if one isn't listed."""
    found, last = set(), names[-1]
    if set(ours) != set(theirs):
        return None
    if isinstance(theirs[last], str) and theirs[last].endswith("\r"):
        found.add("return")
        bare = theirs[last][:-1]
        theirs = {**theirs, last: None if bare == "-" else bare}
    found |= {of_values(name, theirs[name], ours[name])
              for name in ours if theirs[name] != ours[name]}
    return None if None in found else found


def of_lines(names, line, theirs, ours):
    """Which differences two readings of a line have; None if one isn't listed."""
    words = line.decode("utf-8", "replace").split(" ")
    if theirs is None and ours == "nothing":
        return {"no record"}
    if theirs is None:
        return set() if isinstance(ours, str) else set(only_ours(names, words)) or None
    if isinstance(ours, str):
        return set(only_theirs(names, words, ours)) or None
    return of_records(names, theirs, ours)
