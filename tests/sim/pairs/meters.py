# SPDX-License-Identifier: Apache-2.0
"""What observers count: lines of flow logs, before they are written or lost."""

import dataclasses
import zlib

from world import Attachment


@dataclasses.dataclass(eq=False, slots=True)
class Line:
    """What one observer's flow log has of one wire tuple, direction and verdict in one window."""

    observer: object
    log: int
    direction: str
    refused: bool
    wire: tuple
    protocol: int
    window: int
    first: int
    near: object  # the interface that is next on the way
    story: str
    packets: int = 0
    bytes: int = 0
    flags: int = 0
    last: int = 0
    shares: dict = dataclasses.field(default_factory=dict)  # of (talk, leg, up)
    lost: bool = False
    start: int = 0
    end: int = 0


def noise(*of):
    """A number from 0 to 1 that only depends on what it is of."""
    return zlib.crc32(repr(of).encode()) / 2**32


class Meters:
    def __init__(self, knobs):
        self.knobs = knobs
        self.lines = {}

    def window(self, observer, log):
        return 60 if isinstance(observer, Attachment) else observer.vpc.windows[log]

    def count(self, talk, up, touch, burst, refused, near):
        observer = touch.observer
        leg = talk.leg(touch.wire)
        for log in observer.logs:
            length = self.window(observer, log)
            phase = int(noise(self.knobs.seed, observer.id, log) * length)
            window = (burst.time + length - phase) // length
            key = (observer.id, log, touch.direction, refused, touch.wire, talk.protocol, window)
            line = self.lines.get(key)
            if line is None:
                line = self.lines[key] = Line(observer, *key[1:], burst.time, near, talk.story)
                line.end = line.window * length + phase
                line.start = line.end - length
            line.packets += burst.packets
            line.bytes += burst.bytes
            line.flags |= burst.flags
            line.first = min(line.first, burst.time)
            line.last = max(line.last, burst.time)
            share = line.shares.setdefault((talk, leg, up), [0, 0])
            share[0] += burst.packets
            share[1] += burst.bytes

    def finish(self):
        """The lines, with their times: bounds of the window or of packets, late as they come."""
        for line in self.lines.values():
            late = [
                int(
                    noise(self.knobs.seed, line.observer.id, line.log, line.window, which)
                    * (self.knobs.late + 1)
                )
                for which in (0, 1)
            ]
            if self.knobs.packet_times:
                line.start, line.end = line.first, line.last
            line.start, line.end = line.start + late[0], line.end + late[1]
            line.start = min(line.start, line.end)
        return list(self.lines.values())
