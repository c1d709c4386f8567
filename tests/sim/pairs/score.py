#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""score.py WORLD ANSWERS: how true are the conversations a program tells, as JSON lines?"""

import argparse
import collections
import json
import os
import sys

import answers
from world import BEGINNING

SLACK = 60

# What must not be, ever: the rest of what is counted are shares.
FAULTS = {
    "above": "more bytes or packets than were sent",
    "unheard": "a direction in which nothing was sent",
    "again": "the outside of a NAT gateway within the sums",
    "strangers": "two exchanges in one conversation",
    "spaces": "an exchange counted in two spaces",
    "invented": "no such exchange",
    "missing": "in the logs, but not said",
    "inexact": "not what was sent, although a meter has all of it",
    "client": "another client, although a SYN is in the logs",
    "named": "an end named as somebody else",
    "outside": "the outside of another exchange joined",
    "charges": "another amount, meter or payer than its way tells, and not said to be uncosted",
    "rows": "rows out of order, or taking back what wasn't said",
}


def load(folder):
    with open(os.path.join(folder, "truth.jsonl"), encoding="ascii") as file:
        return [json.loads(line) for line in file]


class Group:
    """Exchanges of one tuple between the same two ends that answers can't be told apart by, and
    the answers about them."""

    def __init__(self, talks):
        self.talks = talks
        self.answers, self.outsides = [], []
        self.blind = []  # what is left out of the sums, as whose it is isn't told
        self.merged = False  # although they could be told apart: no meter need have all of it then

    def client_right(self, answer):
        """Ports tell, where they differ: the address may be another one of the interface."""
        talk = self.talks[0]
        true, other = (
            (talk[which]["addr"], talk[which].get("port", 0)) for which in ("client", "server")
        )
        return answer.client[1] == true[1] if true[1] != other[1] else answer.client == true

    def said(self, up):
        """What answers say of a direction, whomever they take for the client."""
        found = [answer.sent(up == self.client_right(answer)) for answer in self.answers]
        return [sent for sent in found if sent is not None]

    def is_complete(self, key):
        """Whether one meter has all that was sent, and tells whose it is."""
        meters = [set(talk["complete_" + key]) for talk in self.talks if talk[key]]
        return bool(meters) and bool(set.intersection(*meters))

    def total(self, key, column):
        """The sum over the exchanges; None if each is."""
        found = [talk[key][column] for talk in self.talks if talk[key]]
        return sum(found) if found else None


class Score:
    def __init__(self, talks, said, longest=600, free=()):
        self.longest, self.free = longest, free
        self.charged = any(answer.charges for answer in said)
        self.faults = collections.defaultdict(list)
        self.counts = collections.defaultdict(collections.Counter)  # by story
        self.client_rules = collections.Counter()
        self.wrong_ways = []
        self.verdicts = collections.Counter()  # (true, said) where they differ
        self.by_name = collections.defaultdict(list)
        self.groups = {}
        self.sent = sum(
            talk[way][1] for talk in talks for way in ("up", "down") if talk[way] and talk["lines"]
        )
        self.said = sum(
            sent[1]
            for answer in said
            for sent in map(answer.sent, (True, False))
            if sent and not answer.outside
        )
        self._group(talks)
        for answer in said:
            self._place(answer)
        for group in {id(g): g for g in self.groups.values()}.values():
            self._judge(group)

    def fault(self, kind, story, text):
        self.faults[kind].append(f"{story}: {text}")
        self.counts[story][kind] += 1

    def _group(self, talks):
        clusters = collections.defaultdict(list)
        shown = {}  # the first cluster that showed itself by a tuple that isn't its own
        for talk in talks:
            if not talk["lines"]:
                continue
            names = [name for name, leg in talk["names"].items() if leg == "shown"]
            cluster = talk["cluster"]
            if talk["story"] == "same_port_pods":
                cluster = next((shown[name] for name in names if name in shown), cluster)
            shown.update(dict.fromkeys(names, cluster))
            clusters[cluster].append(talk)
        for cluster in clusters.values():
            cluster.sort(key=lambda talk: talk["generation"])
            run = [cluster[0]]
            for talk in cluster[1:]:
                if self._apart(run[-1], talk):
                    self._add(run)
                    run = []
                run.append(talk)
            self._add(run)

    def _apart(self, talk, after):
        """Whether the logs tell that the second is a new one: it begins with a SYN after the first
        has ended in another window, or long after."""
        gap = after["logged"][0] - talk["logged"][1]
        whole = talk["lines"] == talk["whole"] and after["lines"] == after["whole"]
        return gap > 2 * self.longest + SLACK or (
            gap > SLACK and talk["syn"] and after["syn"] and whole
        )

    def _add(self, talks):
        group = Group(talks)
        for talk in talks:
            self.groups[talk["talk"]] = group
            for name, leg in talk["names"].items():
                self.by_name[name].append((talk, leg))

    def _place(self, answer):
        """Find what an answer is about: by its tuple, its observers and its time."""
        text = f"{answer.id} {answer.name}"
        for problem in answer.faults:
            self.fault("rows", "-", f"{text}: {problem}")
        found, legs = {}, set()
        for talk, leg in self.by_name.get(answer.name, ()):
            first, last = (BEGINNING + time for time in talk["logged"])
            seen = {observer for observer, _ in talk["observers"]}
            if first <= answer.end and last >= answer.start and seen & answer.observers:
                found[id(self.groups[talk["talk"]])] = self.groups[talk["talk"]]
                legs.add(leg)
        if not found:
            self.fault("invented", "-", text)
            return
        groups = list(found.values())
        if len({group.talks[0]["cluster"] for group in groups}) > 1 and "shown" not in legs:
            self.fault(
                "strangers",
                groups[0].talks[0]["story"],
                f"{text}: exchanges {[g.talks[0]['talk'] for g in groups]}",
            )
        elif len(groups) > 1:
            self.counts[groups[0].talks[0]["story"]]["generations merged"] += 1
            groups[0].merged = True
            groups[0].talks += [t for group in groups[1:] for t in group.talks]
            for group in groups[1:]:
                for talk in group.talks:
                    self.groups[talk["talk"]] = groups[0]
                groups[0].answers += group.answers
                groups[0].outsides += group.outsides
                groups[0].blind += group.blind
        group = groups[0]
        if legs == {"outside"}:
            group.outsides.append(answer)
            if not answer.outside:
                self.fault("again", group.talks[0]["story"], text)
        elif answer.outside and not answer.dropped:
            group.blind.append(answer)
        else:
            group.answers.append(answer)

    def _judge(self, group):
        talk = group.talks[0]
        story, count = talk["story"], self.counts[talk["story"]]
        text = f"exchange {talk['talk']} {talk['main']}"
        count["exchanges"] += len(group.talks)
        lines = sum((collections.Counter(t["lines"]) for t in group.talks), collections.Counter())
        if not group.answers:
            sure = group.is_complete("up") or group.is_complete("down")
            if lines["main"] + lines["front"] > 0 and (sure or not group.blind):
                self.fault("missing", story, text)
            return
        count["split"] += max(0, len(group.answers) - len(group.talks))
        self._judge_amounts(group, story, text)
        self._judge_client(group, story, text)
        self._judge_ends(group, story, text)
        self._judge_way(group, story, text)
        self._judge_nat(group, story, text, lines)
        if self.charged:
            self._judge_charges(group, story, text)

    def _judge_amounts(self, group, story, text):
        count = self.counts[story]
        for up, key in ((True, "up"), (False, "down")):
            said = group.said(up)
            for column in (0, 1):
                true, best = group.total(key, column), group.total("best_" + key, column)
                got = sum(each[column] for each in said) if said else None
                if got is None and best is None:
                    continue
                count["amounts"] += 1
                if true is None:
                    self.fault("unheard", story, text)
                elif got is not None and got > true:
                    self.fault("above", story, f"{text}: {key} {got} of {true}")
                    if self._two_spaces(group):
                        self.fault("spaces", story, text)
                elif got == true:
                    count["exact"] += 1
                elif group.is_complete(key) and not group.merged:
                    self.fault("inexact", story, f"{text}: {key} {got} of {true}")
                else:
                    count["as well as any meter" if got == best else "below the best meter"] += 1

    def _two_spaces(self, group):
        vpc_of = {observer: vpc for talk in group.talks for observer, vpc in talk["observers"]}
        vpcs = [{vpc_of.get(observer) for observer in a.observers} for a in group.answers]
        return any(not one & other for i, one in enumerate(vpcs) for other in vpcs[:i])

    def _judge_client(self, group, story, text):
        talk = group.talks[0]
        if not talk["decidable"]:
            self.counts[story]["client undecidable"] += 1
            return
        evidence = (
            "syn"
            if any(t["syn"] for t in group.talks)
            else ("flags, no syn" if talk["flags"] else "no flags")
        )
        if talk["protocol"] != 6:
            evidence = "not tcp"
        for answer in group.answers:
            right = group.client_right(answer)
            by = answer.last.get("Direction", {}).get("By", "none")
            self.client_rules[evidence, by, right] += 1
            if not right and evidence == "syn":
                self.fault("client", story, f"{text}: {answer.id} by {by}")

    def _judge_ends(self, group, story, text):
        """Who the ends are is another world's subject, but pairing must not spoil it."""
        talk, count = group.talks[0], self.counts[story]
        if "front" in talk["names"].values():
            return  # the load balancer is as good an answer as its target
        for answer in group.answers:
            ends = [answer.last["Client"], answer.last["Server"]]
            if not group.client_right(answer):
                ends.reverse()
            for true, said in zip((talk["client"], talk["server"]), ends, strict=True):
                count["ends"] += "eni" in true
                count["ends named"] += "eni" in true and said.get("InterfaceId") == true["eni"]
                if said.get("InterfaceId", true.get("eni")) != true.get("eni") or (
                    "eni" not in true and "Arns" in said
                ):
                    self.fault("named", story, f"{text}: {said} instead of {true}")

    def _judge_way(self, group, story, text):
        talk, answer = group.talks[0], group.answers[0]
        if len(group.talks) == 1 and len(group.answers) == 1:
            hops = answer.last.get("Hops", ())
            said = {
                way: [hop["Observer"] for hop in hops if hop["Direction"] in (way, "both")]
                for way in talk["hops"]
            }
            count = self.counts[story]
            count["ways"] += 1
            count["ways right"] += said == talk["hops"]
            if said != talk["hops"]:
                self.wrong_ways.append(f"{story}: {text}: {said} instead of {talk['hops']}")
            self._judge_fate(talk, answer, count)

    def _judge_fate(self, talk, answer, count):
        refused_by, said = talk["refused_by"], answer.last.get("RefusedBy")
        count["refusals"] += refused_by is not None
        count["refusals right"] += refused_by is not None and said == refused_by
        count["refusals invented"] += refused_by is None and said is not None
        if talk["verdict"]:
            count["verdicts"] += 1
            count["verdicts right"] += answer.last.get("Verdict") == talk["verdict"]
            if answer.last.get("Verdict") != talk["verdict"]:
                self.verdicts[talk["verdict"], answer.last.get("Verdict")] += 1

    def _judge_nat(self, group, story, text, lines):
        count = self.counts[story]
        for answer in group.answers:
            self._judge_outside(group, answer, story, text)
        if any(talk["reused"] for talk in group.talks):
            return  # their lines are counted for each
        if not lines["outside"]:
            records = sum(answer.records for answer in group.answers)
            mine = lines["main"] + lines["front"]
            count["records right"] += records in (mine, mine + lines["tgw"])
            count["records"] += 1
            return
        count["inside legs"] += 1
        whole = len(group.answers) <= len(group.talks) and not group.blind
        count["inside legs joined"] += whole
        if any(answer.outside_names for answer in group.answers):
            count["outside joined"] += 1
        elif group.outsides:
            count["outside apart"] += 1
        else:
            self.fault("outside", story, f"{text}: told nowhere, of {dict(lines)}")

    def _judge_outside(self, group, answer, story, text):
        """What is joined must be its own: those of others may be alike in all but the port."""
        names = answer.outside_names
        legs = {talk["names"].get(name) for talk in group.talks for name in names}
        if names and "outside" not in legs:
            self.fault("outside", story, f"{text}: {answer.id} has {names[1]}")

    def _judge_charges(self, group, story, text):
        """Where amounts are right and nobody on the way is silent, charges must be."""
        talk, count = group.talks[0], self.counts[story]
        seen = {observer for observer, _ in talk["observers"]}
        if len(group.talks) + len(group.answers) != 2 or talk["charges"] is None:
            return
        if sum(talk["lines"].values()) != sum(talk["whole"].values()):
            return
        answer = group.answers[0]
        exact = all(answer.sent(up) == talk[key] for up, key in ((True, "up"), (False, "down")))
        if not exact or not {station for station, _ in talk["stations"]} <= seen:
            return
        count["charged"] += 1
        true = {
            (meter, payer): sent * rate
            for meter, payer, sent, rate in talk["charges"]
            if meter not in self.free
        }
        said = {key: amount for key, amount in answer.charges.items() if key[0] not in self.free}
        wrong = [
            f"{meter} of {payer}: {said.get((meter, payer), 0)} of {amount / 1000}"
            for (meter, payer), amount in {**dict.fromkeys(said, 0), **true}.items()
            if abs(said.get((meter, payer), 0) * 1000 - amount)
            > 1000 * max(1, answer.charge_lines[meter, payer])
        ]
        if not wrong:
            count["charges right"] += 1
        elif answer.uncosted and all(said[key] <= true.get(key, 0) / 1000 + 1 for key in said):
            count["charges uncosted"] += 1
        else:
            self.fault("charges", story, f"{text}: {'; '.join(wrong)}")


def print_table(score):
    columns = [
        "exchanges",
        "amounts",
        "exact",
        "as well as any meter",
        "below the best meter",
        "split",
        "generations merged",
        "ways",
        "ways right",
        "records",
        "records right",
    ]
    print("story            " + "".join(f"{column[:11]:>12}" for column in columns))
    total = collections.Counter()
    for story, count in sorted(score.counts.items()):
        total += count
        print(f"{story:<17}" + "".join(f"{count[column]:>12}" for column in columns))
    print(f"{'all':<17}" + "".join(f"{total[column]:>12}" for column in columns))
    return total


def share(part, whole):
    return f"{100 * part / whole:.2f}" if whole else "-"


def put_row(score, title, path):
    """A row of the table that scripts/sim-pairs makes."""
    total = sum(score.counts.values(), collections.Counter())
    clients = collections.defaultdict(collections.Counter)
    for (evidence, _, right), n in score.client_rules.items():
        clients["syn" if evidence == "syn" else "rest"][right] += n
    faults = [len(score.faults.get(kind, ())) for kind in ("above", "strangers", "spaces")]
    others = sum(map(len, score.faults.values())) - sum(faults)
    cells = [
        title,
        total["exchanges"],
        share(score.said, score.sent),
        share(total["exact"], total["amounts"]),
        *faults,
        others,
        total["split"],
        *(share(clients[k][True], sum(clients[k].values())) for k in ("syn", "rest")),
        share(total["inside legs joined"], total["inside legs"]),
        share(total["outside joined"], total["inside legs"]),
        share(total["ways right"], total["ways"]),
        share(total["charges right"], total["charged"]),
    ]
    with open(path, "a", encoding="utf-8") as file:
        file.write("| " + " | ".join(map(str, cells)) + " |\n")


def print_score(score, show):
    total = print_table(score)
    print(f"bytes said {score.said}, sent {score.sent}: {100 * score.said / score.sent:.2f} %")
    rules = collections.defaultdict(collections.Counter)
    for (evidence, by, right), n in score.client_rules.items():
        rules[evidence][right] += n
        rules[evidence, by][right] += n
    for key, n in sorted(rules.items(), key=str):
        name = key if isinstance(key, str) else f"  {key[0]}, by {key[1]}"
        print(
            f"client right: {name:<40} {n[True]:>8} of {n[True] + n[False]}"
            f" {100 * n[True] / (n[True] + n[False]):.2f} %"
        )
    for text in score.wrong_ways[:show]:
        print(f"way of {text}")
    for (true, said), n in sorted(score.verdicts.items(), key=str):
        print(f"verdict {said} instead of {true}: {n}")
    for key in (
        "ends",
        "ends named",
        "verdicts",
        "verdicts right",
        "refusals",
        "refusals right",
        "refusals invented",
        "inside legs",
        "inside legs joined",
        "outside apart",
        "outside joined",
        "charged",
        "charges right",
        "charges uncosted",
    ):
        print(f"{key}: {total[key]}")
    for kind, about in FAULTS.items():
        found = score.faults.get(kind, [])
        print(f"fault {kind}: {len(found)} ({about})")
        for text in found[:show]:
            print(f"    {text}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world")
    parser.add_argument("answers", help="- is the standard input")
    parser.add_argument("--longest", type=int, default=600, help="the longest window, seconds")
    parser.add_argument("--show", type=int, default=5, help="faults of each kind to show")
    parser.add_argument("--free", default="", help="meters that an allowance makes free, by commas")
    parser.add_argument("--allow", default="", help="faults that don't fail, with commas between")
    parser.add_argument("--row", nargs=2, metavar=("TITLE", "FILE"), help="add a row to a table")
    options = parser.parse_args()
    with sys.stdin if options.answers == "-" else open(options.answers, encoding="utf-8") as file:
        said = answers.read(file)
    score = Score(load(options.world), said, options.longest, options.free.split(","))
    print_score(score, options.show)
    if options.row:
        put_row(score, *options.row)
    bad = {kind for kind in score.faults if kind not in options.allow.split(",")}
    sys.exit(f"not true: {', '.join(sorted(bad))}" if bad else 0)


if __name__ == "__main__":
    main()
