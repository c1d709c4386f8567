# SPDX-License-Identifier: Apache-2.0
"""The packets of an exchange, second by second, and who counts them."""

import copy
import dataclasses

import ways
from traffic import FIN, RST, SYN, SYN_ACK, spread
from world import Attachment

LIVES = {"short": 45, "some": 30, "long": 15, "before": 10}
FATES = {
    "answered": 91,
    "server": 3,
    "client": 2,
    "reply_client": 1,
    "reply_server": 1,
    "unanswered": 2,
}


@dataclasses.dataclass(slots=True)
class Burst:
    """Packets of one second in one direction; a tail comes when all is over."""

    time: int
    up: bool
    packets: int
    bytes: int
    flags: int = 0
    tail: bool = False


def draw_burst(draw, time, up, flags=0, most=40):
    packets = draw.randint(1, most)
    return Burst(time, up, packets, packets * draw.randint(40, 1400), flags)


def connection(draw, begin, end, until):
    """TCP, from its SYN to its FINs. What lies before the logs begin is nobody's."""
    found = [Burst(begin, True, 1, 60, SYN), Burst(begin, False, 1, 60, SYN_ACK)]
    time = begin
    while time < end:
        found += [draw_burst(draw, time, True), draw_burst(draw, time, False)]
        time += draw.randint(1, 20 if end - begin < 300 else 60)
    found += [Burst(end, up, 2, 104, FIN) for up in (True, False)]
    if draw.random() < 0.1:
        found.append(
            Burst(
                end + draw.randint(5, 50),
                draw.random() < 0.5,
                1,
                40,
                draw.choice([0, FIN, RST]),
                True,
            )
        )
    return [burst for burst in found if 0 <= burst.time < until]


def attempts(draw, begin, until, answer):
    """SYNs that don't lead to anything."""
    found = []
    for wait in (0, 1, 3, 7)[: draw.randint(1, 4)]:
        found.append(Burst(begin + wait, True, 1, 60, SYN))
        if answer:
            found.append(Burst(begin + wait, False, 1, 60 if answer == SYN_ACK else 40, answer))
        if answer == RST:
            break
    return [burst for burst in found if burst.time < until]


def chatter(draw, begin, end, both):
    """What has neither beginning nor end: UDP, ICMP, overlays."""
    found, time = [], begin
    while True:
        found.append(draw_burst(draw, time, True, most=12))
        if both:
            found.append(draw_burst(draw, time, False, most=12))
        time += draw.randint(5, 30)
        if time > end:
            return found


def poll(begin):
    """The same few packets each time."""
    return [
        Burst(begin, True, 1, 60, SYN),
        Burst(begin, False, 1, 60, SYN_ACK),
        Burst(begin, True, 9, 1180, FIN),
        Burst(begin, False, 9, 5240, FIN),
    ]


class Lives:
    """Gives each exchange its time and its packets."""

    def __init__(self, knobs, draw):
        self.knobs, self.draw, self.until = knobs, draw, knobs.minutes * 60

    def span(self):
        draw = self.draw
        life = spread(draw, LIVES)
        if life == "before":
            return -draw.randint(10, 300), draw.randint(60, self.until - 1)
        begin = draw.randrange(self.until)
        most = {"short": 5, "some": 120, "long": self.until}[life]
        return begin, min(begin + draw.randint(0, most), self.until - 1)

    def live(self, talk, span=None):
        draw = self.draw
        begin, end = span or self.span()
        if talk.kind == "probe":
            begin = max(begin, 0)
            talk.bursts = attempts(draw, begin, self.until, RST if talk.fate == "reset" else 0)
        elif talk.kind == "poll":
            talk.bursts = poll(max(begin, 0))
        elif talk.protocol != ways.TCP:
            both = bool(talk.backward) and (talk.server_port != 514)
            talk.bursts = chatter(draw, max(begin, 0), end, both)
        elif self.choose_fate(talk) == "answered":
            talk.bursts = connection(draw, begin, end, self.until)
        else:
            talk.bursts = attempts(
                draw, max(begin, 0), self.until, SYN_ACK if talk.fate.startswith("reply") else 0
            )
        talk.bursts.sort(key=lambda burst: burst.time)

    def choose_fate(self, talk):
        if not talk.client.interface or not talk.server.interface or talk.outside or talk.front:
            return talk.fate
        talk.fate = spread(self.draw, FATES)
        if talk.story in ("router", "gwlb") and talk.fate == "client":
            talk.fate = "hop"
        return talk.fate

    def again(self, talk):
        """The same two ends and ports once more: soon, or when nobody waits for the first."""
        draw = self.draw
        if (
            talk.protocol != ways.TCP
            or talk.fate != "answered"
            or not talk.bursts
            or (talk.outside or talk.story in ("twins", "same_port_pods"))
        ):
            return None
        longest = max(600 if self.knobs.second_log else 0, self.knobs.window)
        last = talk.bursts[-1].time
        begin = last + draw.choice(
            [draw.randint(2, 20), 2 * self.knobs.window + 130, 2 * longest + 140]
        )
        if begin >= self.until - 5:
            return None
        after = copy.copy(talk)
        after.generation = talk.generation + 1
        self.live(after, (begin, min(begin + draw.randint(0, 60), self.until - 1)))
        return after if after.bursts else None


def refusals(talk, up, touches):
    """The place on the way at which packets are refused, or None."""
    forwards = [i for i, touch in enumerate(touches) if touch.direction == "ingress"]
    where = {
        (True, "client"): 0,
        (False, "reply_server"): 0,
        (True, "server"): len(touches) - 1,
        (False, "reply_client"): len(touches) - 1,
        (True, "hop"): forwards[0] if forwards else None,
    }
    return where.get((up, talk.fate))


def play(talk, knobs, draw, count):
    """Send the packets of an exchange; `count` gets each sight of them."""
    ways_of = {up: list(talk.touches(up)) for up in (True, False)}
    for burst in talk.bursts:
        touches = ways_of[burst.up]
        at = refusals(talk, burst.up, touches)
        if burst.tail:
            at = len(touches) - 1 if touches and touches[-1].direction == "ingress" else None
        lost_after = (
            draw.randrange(len(touches)) if (touches and draw.random() * 100 < knobs.loss) else None
        )
        left = burst
        for i, touch in enumerate(touches):
            count(talk, burst.up, touch, left, i == at, neighbour(touches, i))
            if i == at:
                break
            if i == lost_after and left.packets > 1:
                kept = draw.randint(1, left.packets - 1)
                left = dataclasses.replace(
                    left, packets=kept, bytes=left.bytes * kept // left.packets
                )


def neighbour(touches, i):
    """The interface that packets come from or go to next."""
    step = 1 if touches[i].direction == "egress" else -1
    at = i + step
    while 0 <= at < len(touches) and isinstance(touches[at].observer, Attachment):
        at += step
    return touches[at].observer if 0 <= at < len(touches) else None
