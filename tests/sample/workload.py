# SPDX-License-Identifier: Apache-2.0
"""Who talks to whom at Larkspur Books between nine and ten, and how."""

from random import Random

from company import API_5_LAUNCHED, HOUR, REPORTS_TERMINATED
from estate import Party
from flows import Burst, Conversation, FIN, ICMP, RST, SYN, SYN_ACK, UDP

SEGMENT = 1408  # payload bytes of a full packet
HEADERS = 52    # of IPv4 and TCP with timestamps
ALL_DAY = (HOUR - 900, HOUR + 4500)
EPHEMERAL = (32768, 61000)
WIDE = (1024, 65536)  # load balancers, NAT gateways and Lambda use nearly every port
RESERVED = (665, 1024)  # an NFS client's

DATACENTER_CLOCK = Party("172.20.0.123", place="datacenter")
DATACENTER_LEDGER = Party("172.20.8.15", place="datacenter")
PAYMENT_PROVIDER = Party("203.0.113.180")
VISITORS = [Party(f"203.0.113.{n}") for n in range(1, 160)]
VISITORS_V6 = [Party(f"2001:db8:beef::{n:x}") for n in range(1, 13)]
SCANNERS = [Party(f"203.0.113.{n}") for n in (201, 207, 214, 215, 222, 230, 241, 249)]
OFFICE = [Party(f"192.0.2.{n}", place="office") for n in range(10, 34)]
S3 = [Party(f"52.216.{n}.{n * 7 % 250}", place="s3", service="S3") for n in range(8, 20)]
DYNAMODB = [Party(f"52.94.{n % 4}.{n * 11}", place="dynamodb", service="DYNAMODB")
            for n in range(1, 7)]


class Traffic:
    """Collects conversations; every random choice of the sample is made here, in order."""

    def __init__(self, estate, rng):
        self.estate = estate
        self.rng = rng
        self.conversations = []

    def moment(self, begin=HOUR, end=HOUR + 3590):
        return self.rng.randrange(begin, end)

    def connect(self, client, server, port, begin, seconds, requests, up, down,
                ports=EPHEMERAL, path=None):
        """
        One TCP connection: handshake, `requests` exchanges of `up` and `down` payload bytes
        (ranges) and the farewell. Those outside the hour are dropped when it is recorded, so a
        connection open all day shows neither handshake nor end.
        """
        conversation = Conversation(client, server, self.rng.randrange(*ports), port,
                                    path=path or route(client, server),
                                    nat_port=self.rng.randrange(*WIDE))
        add = conversation.bursts.append
        add(Burst(begin, True, 1, 60, SYN))
        add(Burst(begin, False, 1, 60, SYN_ACK))
        for _ in range(requests):
            at = begin + self.rng.randrange(max(seconds, 1))
            sent, received = self.rng.randrange(*up), self.rng.randrange(*down)
            for is_up, payload, answered in ((True, sent, received), (False, received, sent)):
                packets = 1 + payload // SEGMENT + answered // SEGMENT // 2
                add(Burst(at, is_up, packets, payload + HEADERS * packets))
        add(Burst(begin + seconds, True, 1, HEADERS, FIN))
        add(Burst(begin + seconds, False, 1, HEADERS, FIN))
        self.conversations.append(conversation)

    def connect_some(self, count, clients, servers, port, seconds, requests, up, down, **more):
        """`count` connections at random moments between random pairs."""
        for _ in range(count):
            begin = self.moment()
            self.connect(self.rng.choice(clients), self.rng.choice(servers), port, begin,
                         self.rng.randrange(*seconds), self.rng.randrange(*requests), up, down,
                         **more)

    def knock(self, client, server, port, client_port, at, tries, refused):
        """A handshake that nobody answers: the SYN is repeated after 1, 2, 4… seconds."""
        conversation = Conversation(client, server, client_port, port,
                                    path=route(client, server), refused=refused)
        for number in range(tries):
            conversation.bursts.append(Burst(at + (1 << number) - 1, True, 1, 60, SYN))
        self.conversations.append(conversation)

    def exchange(self, client, server, protocol, ports, moments, size, path):
        """Single packets answered by single packets: ping and NTP."""
        conversation = Conversation(client, server, *ports, protocol, path)
        for at in moments:
            conversation.bursts.append(Burst(at, True, 1, size))
            conversation.bursts.append(Burst(at, False, 1, size))
        self.conversations.append(conversation)


def route(client, server):
    """The way between two parties that needs no further choice."""
    if client.vpc and server.vpc:
        return "local" if client.vpc is server.vpc else "peering"
    return "igw"


def hour(estate, rng):
    """Every conversation of the hour."""
    traffic = Traffic(estate, rng)
    customers(traffic)
    shop(traffic)
    reused_address(traffic)
    database(traffic)
    outward(traffic)
    upkeep(traffic)
    misconfigured_search(traffic)
    scanners(traffic)
    staging(traffic)
    around_the_balancer(traffic)
    return traffic.conversations


def customers(traffic):
    """The internet and the office reach the shop through its load balancer."""
    balancers = traffic.estate.parties("alb-1", "alb-2", "alb-4")
    page = {"up": (300, 1800), "down": (2000, 90000)}
    traffic.connect_some(620, VISITORS, balancers, 443, (1, 40), (1, 6), **page)
    traffic.connect_some(50, OFFICE, balancers, 443, (1, 90), (1, 9), **page)
    balancers_v6 = [traffic.estate[f"alb-{n}"] for n in (1, 2, 4)]
    traffic.connect_some(30, VISITORS_V6, [b.party(b.ipv6) for b in balancers_v6], 443, (1, 30),
                         (1, 5), **page)


def shop(traffic):
    """Load balancer, web servers, API, recommendations, sessions and shared files."""
    estate = traffic.estate
    balancers = estate.parties("alb-1", "alb-2", "alb-4")
    web = estate.parties("web-1", "web-2", "web-4")
    api = estate.parties("api-1", "api-2", "api-4")
    pods = [estate["node-4"].pod(n) for n in (2, 3, 5)]
    traffic.connect_some(150, balancers, web, 8080, (30, 200), (8, 40), (400, 2000),
                         (3000, 60000), ports=WIDE)
    traffic.connect_some(120, web, api, 8443, (40, 240), (10, 40), (200, 1500), (800, 24000))
    traffic.connect_some(60, api, pods, 50051, (40, 200), (6, 30), (150, 900), (400, 9000))
    for server in api:
        traffic.connect(server, traffic.rng.choice(estate.parties("redis-1", "redis-2")), 6379,
                        ALL_DAY[0], ALL_DAY[1] - ALL_DAY[0], 900, (60, 500), (80, 4000))
    for server in web:
        traffic.connect(server, traffic.rng.choice(estate.parties("efs-1", "efs-2")), 2049,
                        ALL_DAY[0], ALL_DAY[1] - ALL_DAY[0], 240, (200, 3000), (500, 60000),
                        ports=RESERVED)


def reused_address(traffic):
    """First a report worker, then, on the same address, a new API server."""
    estate = traffic.estate
    worker, server = estate["reports"].party(), estate["api-5"].party()
    proxies = estate.parties("proxy-1", "proxy-2")
    gone = REPORTS_TERMINATED - HOUR
    for _ in range(16):
        begin = traffic.moment(HOUR, REPORTS_TERMINATED - 150)
        traffic.connect(worker, traffic.rng.choice(proxies), 5432, begin, 100, 12, (300, 900),
                        (5000, 90000))
    for _ in range(8):
        begin = traffic.moment(HOUR, REPORTS_TERMINATED - 60)
        traffic.connect(worker, traffic.rng.choice(S3), 443, begin, 30, 4, (20000, 400000),
                        (300, 900), path="gateway-endpoint")
    traffic.connect(worker, estate["redis-1"].party(), 6379, HOUR + 120, gone - 200, 60,
                    (60, 500), (80, 4000))
    ready = API_5_LAUNCHED + 90
    for _ in range(24):
        begin = traffic.moment(ready, HOUR + 3300)
        traffic.connect(traffic.rng.choice(estate.parties("web-1", "web-2", "web-4")), server,
                        8443, begin, traffic.rng.randrange(40, 240), 20, (200, 1500),
                        (800, 24000))
    seconds = ALL_DAY[1] - ready
    traffic.connect(server, estate["redis-2"].party(), 6379, ready, seconds, 300, (60, 500),
                    (80, 4000))
    traffic.connect(server, proxies[1], 5432, ready, seconds, 250, (200, 900), (400, 9000))


def database(traffic):
    """Nearly everybody goes through the proxy; one cron job and one function do not."""
    estate = traffic.estate
    rds = estate["rds"].party()
    proxies = estate.parties("proxy-1", "proxy-2")
    seconds = ALL_DAY[1] - ALL_DAY[0]
    for name, proxy in (("api-1", 0), ("api-2", 1), ("api-4", 1)):
        traffic.connect(estate[name].party(), proxies[proxy], 5432, ALL_DAY[0], seconds, 900,
                        (200, 900), (400, 9000))
    traffic.connect(estate["warehouse"].party(), proxies[1], 5432, HOUR + 300, 1500, 300,
                    (200, 600), (20000, 120000))
    traffic.connect_some(50, estate.parties("payments-1", "payments-2"), proxies, 5432, (5, 50),
                         (2, 8), (300, 1200), (200, 3000), ports=WIDE)
    for proxy in proxies:
        for _ in range(2):
            traffic.connect(proxy, rds, 5432, ALL_DAY[0], seconds, 900, (200, 900),
                            (400, 14000))
    export = estate["nightly-export"].party()
    for number in range(12):
        begin = HOUR + 5 + 300 * number
        traffic.connect(export, rds, 5432, begin, traffic.rng.randrange(40, 110), 20,
                        (150, 500), (30000, 300000))
    traffic.connect_some(45, estate.parties("invoices-2"), [rds], 5432, (3, 40), (1, 6),
                         (300, 1500), (500, 20000), ports=WIDE)


def outward(traffic):
    """Through the NAT gateway, the S3 endpoint, and the private line to the data centre."""
    estate = traffic.estate
    traffic.connect_some(70, estate.parties("payments-1", "payments-2"), [PAYMENT_PROVIDER], 443,
                         (2, 40), (1, 4), (800, 3000), (600, 4000), ports=WIDE, path="nat")
    pods = [estate["node-4"].pod(n) for n in (2, 3, 5)]
    traffic.connect_some(50, pods, DYNAMODB, 443, (5, 80), (3, 20), (300, 1200), (400, 12000),
                         path="nat")
    # The invoices function calls the shop by its public name: out and in again.
    traffic.connect_some(12, estate.parties("invoices-1"),
                         [Party("198.51.100.11", estate["alb-1"])], 443, (1, 8), (1, 3),
                         (300, 900), (800, 6000), ports=WIDE, path="nat")
    arriving_by_nat(traffic)
    buckets = estate.parties("api-1", "api-2", "api-4", "finance")
    traffic.connect_some(50, buckets, S3, 443, (1, 40), (1, 6), (300, 200000), (300, 400000),
                         path="gateway-endpoint")
    traffic.connect_some(25, estate.parties("warehouse"), S3, 443, (10, 90), (4, 12),
                         (50000, 900000), (300, 900), path="gateway-endpoint")
    traffic.connect_some(30, estate.parties("finance"), [DATACENTER_LEDGER], 1433, (5, 90),
                         (2, 20), (200, 900), (400, 30000), path="vgw")


def arriving_by_nat(traffic):
    """The load balancer's side of what the NAT gateway sent to its public address."""
    gateway, balancer = traffic.estate["nat"], traffic.estate["alb-1"]
    for out in [c for c in traffic.conversations if c.server.address == balancer.public]:
        arrival = Conversation(Party(gateway.public, place="network"), balancer.party(),
                               out.nat_port, 443, path="igw", bursts=out.bursts)
        traffic.conversations.append(arrival)


def upkeep(traffic):
    """Secrets, clocks, pings, and people with a shell."""
    estate, rng = traffic.estate, traffic.rng
    callers = estate.parties("payments-1", "payments-2", "api-1", "api-2", "api-4", "invoices-2",
                             "finance")
    traffic.connect_some(70, callers, estate.parties("secrets-1", "secrets-2"), 443, (1, 6),
                         (1, 3), (600, 1500), (900, 4000))
    for name in ("web-1", "web-2", "web-4", "api-1", "api-2", "api-4", "finance", "bastion"):
        for begin in range(rng.randrange(900), 3600, 1024):
            traffic.exchange(estate[name].party(), DATACENTER_CLOCK, UDP,
                             (rng.randrange(*EPHEMERAL), 123), [HOUR + begin], 76, "vgw")
    bastion = estate["bastion"].party()
    for name in ("web-1", "api-1"):
        for begin in range(30, 3600, 600):
            traffic.exchange(bastion, estate[name].party(), ICMP, (0, 0),
                             range(HOUR + begin, HOUR + begin + 10), 84, "local")
    traffic.exchange(OFFICE[0], bastion, ICMP, (0, 0), range(HOUR + 700, HOUR + 705), 84, "igw")
    traffic.connect(OFFICE[3], bastion, 22, HOUR + 690, 1100, 140, (60, 300), (80, 2500))
    traffic.connect(bastion, estate["api-4"].party(), 22, HOUR + 735, 900, 90, (60, 300),
                    (80, 2500))


def misconfigured_search(traffic):
    """The search service was never let into the cache's security group, and keeps trying."""
    estate, rng = traffic.estate, traffic.rng
    searchers = (("search-1", "redis-2"), ("search-4", "redis-1"))
    for number, (client, server) in enumerate(searchers):
        for at in range(HOUR + 5 * number, HOUR + 3580, 10):
            traffic.knock(estate[client].party(), estate[server].party(), 6379,
                          rng.randrange(*EPHEMERAL), at, 3, refused=True)


def scanners(traffic):
    """Strangers try every door. One always uses the same source port, as fast scanners do."""
    estate, rng = traffic.estate, traffic.rng
    doors = estate.parties("alb-1", "alb-2", "alb-4", "web-1", "web-2", "web-4", "bastion")
    ports = (22, 23, 81, 445, 1433, 2375, 3306, 3389, 5432, 5900, 6379, 8081, 8888, 9200, 27017)
    for _ in range(380):
        scanner = rng.choice(SCANNERS)
        source = 61000 if scanner is SCANNERS[0] else rng.randrange(*WIDE)
        traffic.knock(scanner, rng.choice(doors), rng.choice(ports), source, traffic.moment(),
                      1, refused=True)
    # Two of them are more stubborn than the rest.
    for count, scanner, door, port in ((64, SCANNERS[3], "bastion", 22),
                                       (38, SCANNERS[6], "web-4", 3389)):
        for _ in range(count):
            traffic.knock(scanner, estate[door].party(), port, rng.randrange(*WIDE),
                          traffic.moment(), 1, refused=True)
    # A NAT gateway drops what it did not ask for, but its log says ACCEPT.
    for _ in range(10):
        traffic.knock(rng.choice(SCANNERS), estate["nat"].party(), rng.choice(ports),
                      rng.randrange(*WIDE), traffic.moment(), 1, refused=False)
    # A visitor's reset after the connection was closed is logged as REJECT too.
    for _ in range(15):
        late = Conversation(rng.choice(VISITORS), estate["alb-2"].party(),
                            rng.randrange(*EPHEMERAL), 443, path="igw", refused=True)
        late.bursts.append(Burst(traffic.moment(), True, 1, 40, RST))
        traffic.conversations.append(late)


def staging(traffic):
    """A small copy of the shop on addresses that production uses too."""
    web, api, postgres = traffic.estate.parties("staging-web", "staging-api", "staging-postgres")
    traffic.connect_some(25, [web], [api], 8443, (20, 120), (3, 12), (200, 1500), (800, 12000))
    seconds = ALL_DAY[1] - ALL_DAY[0]
    traffic.connect(api, postgres, 5432, ALL_DAY[0], seconds, 200, (200, 900), (400, 9000))
    traffic.connect_some(10, [api], S3, 443, (1, 20), (1, 4), (300, 9000), (300, 90000),
                         path="igw")


def around_the_balancer(traffic):
    """Finance reads a price list from a web server itself, of its own zone, every five minutes."""
    client, server = traffic.estate.parties("finance", "web-1")
    # With numbers of its own, what was chosen before stays as it is.
    traffic.rng = Random(8080)
    for number in range(12):
        traffic.connect(client, server, 8080, HOUR + 20 + 300 * number, 30, 3, (300, 600),
                        (20000, 40000))
