# SPDX-License-Identifier: Apache-2.0
"""What a program says of conversations: its rows, added up by id."""

import collections
import json

PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "ipv6-icmp": 58, "esp": 50, "gre": 47, "ipv4": 4}
AMOUNTS = ("Uploaded", "Downloaded", "UploadedPackets", "DownloadedPackets")


class Answer:
    """One conversation, as all of its rows say together."""

    def __init__(self, name):
        self.id = name
        self.amounts = collections.Counter()
        self.records = self.rows = 0
        self.observers, self.marks = set(), set()
        self.start = self.end = self.last = None
        self.faults = []
        self.charges = collections.Counter()  # by meter and payer
        self.charge_lines = collections.Counter()
        self.uncosted = 0

    def add(self, row):
        if row.get("Sequence") != self.rows:
            self.faults.append(f"row {row.get('Sequence')} comes as number {self.rows}")
        self.rows += 1
        back = row.get("Reversal", False)
        if back:
            self._take_back(row)
        for key in AMOUNTS:
            if key in row:
                self.amounts[key] += -row[key] if back else row[key]
        self.records += -row.get("Records", 0) if back else row.get("Records", 0)
        for line in row.get("Charges", ()):
            key = line["Meter"], line.get("Payer")
            self.charges[key] += -line["Amount"] if back else line["Amount"]
            self.charge_lines[key] += 1
        self.uncosted += -row.get("UncostedBytes", 0) if back else row.get("UncostedBytes", 0)
        self.observers.update(row.get("Observers", ()))
        self.marks.update(row.get("Marks", ()))
        self.start = row["Start"] if self.start is None else min(self.start, row["Start"])
        self.end = row["End"] if self.end is None else max(self.end, row["End"])
        if not back:
            self.last = row

    def _take_back(self, row):
        """A reversal says what was said before, all of it."""
        said = {key: self.amounts[key] for key in AMOUNTS if self.amounts[key]}
        if said != {key: row[key] for key in AMOUNTS if row.get(key)}:
            self.faults.append(f"takes back {row}, but {said} was said")

    def _end(self, which):
        end = self.last[which]
        return end.get("Addr"), end.get("Port", 0)

    @property
    def client(self):
        return self._end("Client")

    @property
    def server(self):
        return self._end("Server")

    @property
    def name(self):
        return self._name(self.client, self.server)

    @property
    def outside_names(self):
        """The tuple between a NAT gateway and the server, if it is said to belong here: whichever
        end is taken for the server."""
        outside = self.last.get("Outside")
        ends = (self.client, self.server) if outside else ()
        return [self._name((outside["Addr"], outside["Port"]), end) for end in ends]

    def _name(self, *ends):
        protocol = self.last["Protocol"]
        one, other = sorted(f"{addr}:{port}" for addr, port in ends)
        return f"{PROTOCOLS.get(protocol, protocol)} {one} {other}"

    def sent(self, up):
        """[packets, bytes] of a direction, None if it is said that nobody saw it."""
        way = "Uploaded" if up else "Downloaded"
        if way not in self.amounts:
            return None
        return [self.amounts[way + "Packets"], self.amounts[way]]

    @property
    def outside(self):
        return self.last.get("Nat") == "outside" or self.dropped

    @property
    def dropped(self):
        return self.last.get("Verdict") == "dropped_at_nat"


def read(file):
    """[Answer] of a file of JSON lines."""
    found = {}
    for line in file:
        row = json.loads(line)
        found.setdefault(row["Id"], Answer(row["Id"])).add(row)
    return list(found.values())
