# SPDX-License-Identifier: Apache-2.0
"""Lines for the differential: of all fields that VRL knows, right ones and spoilt ones."""

import ipaddress

TEXT, ADDRESS, TIME, TAG = "text", "address", "time", "tag"
U8, U16, U32, U64 = 255, 65535, 2**32 - 1, 2**64 - 1

# What AWS says may stand in a field: a kind, or the largest number.
FIELDS = {
    "version": U32, "account_id": TEXT, "interface_id": TEXT, "srcaddr": ADDRESS,
    "dstaddr": ADDRESS, "srcport": U16, "dstport": U16, "protocol": U8, "packets": U64,
    "bytes": U64, "start": TIME, "end": TIME, "action": TEXT, "log_status": TEXT,
    "vpc_id": TEXT, "subnet_id": TEXT, "instance_id": TEXT, "tcp_flags": U16, "type": TEXT,
    "pkt_srcaddr": ADDRESS, "pkt_dstaddr": ADDRESS, "region": TEXT, "az_id": TEXT,
    "sublocation_type": TEXT, "sublocation_id": TEXT, "pkt_src_aws_service": TEXT,
    "pkt_dst_aws_service": TEXT, "flow_direction": TEXT, "traffic_path": U32,
    "ecs_cluster_arn": TEXT, "ecs_cluster_name": TEXT, "ecs_container_instance_arn": TEXT,
    "ecs_container_instance_id": TEXT, "ecs_container_id": TEXT, "ecs_second_container_id": TEXT,
    "ecs_service_name": TEXT, "ecs_task_definition_arn": TEXT, "ecs_task_arn": TEXT,
    "ecs_task_id": TEXT, "reject_reason": TEXT, "resource_id": TEXT, "encryption_status": U32,
    "instance_tag": TAG, "instance_tag_2": TAG, "interface_tag": TAG, "interface_tag_2": TAG,
    "asg_tag": TAG, "asg_tag_2": TAG, "interface_type": TEXT, "next_hop_interface_id": TEXT,
    "next_hop_subnet_id": TEXT, "next_hop_az_id": TEXT, "next_hop_vpc_id": TEXT,
    "next_hop_interface_type": TEXT,
}
NAMES = list(FIELDS)
DEFAULT, VERSION_5 = NAMES[:14], NAMES[:29]

WORDS = (b"ACCEPT", b"REJECT", b"OK", b"NODATA", b"eni-0123456789abcdef0", b"123456789010",
         b"arn:aws:ecs:eu-west-1:123456789010:task/shop/0a1b", b"nat_gateway", b"S3", b"FOO")
TAGS = (b"two%20words", b"100%25", b"%zz", b"caf%C3%A9", b"a%2")
ODD_NUMBERS = (b"-1", b"+1", b"-0", b"007", b"256", b"65536", b"99999", b"4294967296", b"0x10",
               b"1e3", b"1.5", b"1700000000123", b"9223372036854775807", b"9223372036854775808",
               b"18446744073709551615", b"18446744073709551616", b"00000000000000000000001",
               "\u0663".encode(), b"-4249", b"OK")
ODD_ADDRESSES = (b"999.1.1.1", b"1.2.3", b"1.2.3.4.5", b"01.2.3.4", b"1.2.3.4:80", b"::",
                 b"2001:DB8::1", b"2001:db8:0:0:0:0:0:1", b"::ffff:1.2.3.4", b"1::2::3",
                 b"fe80::1%eth0", b"12345::", b"1:2:3:4:5:6:7", b"0x7f.1.1.1", b"localhost")
ODD_TEXTS = (b"NODATA", b'"quoted"', b"back\\slash", "gr\u00fc\u00df".encode(), b"\xff\xfe",
             b"\xe2\x82", b"a\tb", b"%41", b"\x01", b"version", b"-OK")


def address(rng):
    """A family at random, spelt as AWS does."""
    if rng.random() < 0.7:
        return str(ipaddress.IPv4Address(rng.getrandbits(32))).encode()
    return str(ipaddress.IPv6Address(rng.getrandbits(128))).encode()


def value(name, rng):
    """What may stand in a field; every eighth is absent."""
    kind = FIELDS[name]
    if rng.randrange(8) == 0:
        return b"-"
    if kind == ADDRESS:
        return address(rng)
    if kind == TIME:
        return b"%d" % rng.randrange(1_400_000_000, 1_900_000_000)
    if kind in (TEXT, TAG):
        return rng.choice(WORDS)
    return b"%d" % rng.randrange(min(kind, 2**40) + 1)


def odd_value(name, rng):
    """What mustn't stand there, or may but is rare."""
    kind = FIELDS[name]
    return rng.choice({ADDRESS: ODD_ADDRESSES, TEXT: ODD_TEXTS, TAG: TAGS}.get(kind, ODD_NUMBERS))


def spoil_values(values, names, rng):
    """Change, drop, double or swap a value."""
    at = rng.randrange(len(values))
    change = rng.randrange(8)
    if change < 5 and at < len(names):
        values[at] = odd_value(names[at], rng)
    elif change == 5:
        del values[at]
    elif change == 6:
        values.insert(at, values[at])
    else:
        values[at], values[0] = values[0], values[at]


def spoil_bytes(line, rng):
    """Change one place of the line, whatever stands there."""
    at = rng.randrange(len(line) + 1)
    space = line.find(b" ", at)
    change = rng.randrange(9)
    if change == 0:
        return line + b"\r"
    if change == 1:
        return line[:at]
    if change == 2:
        return line[:at] + bytes([rng.choice((0, 9, 13, 32, 45, 48, 128, 255))]) + line[at:]
    if change == 3:
        return line[:at] + line[at + 1:]
    if change == 4:
        return b" " + line if rng.randrange(2) else line + b" "
    if space < 0:
        return line
    return line[:space] + (b"  " if change < 7 else b"\t") + line[space + 1:]


def line(names, rng):
    """Half of the lines are right; of the others most have one thing wrong, some two or three."""
    values = [value(name, rng) for name in names]
    times = rng.choice((0, 0, 0, 0, 1, 1, 1, 2, 3))
    in_values = rng.randrange(times + 1)
    for _ in range(in_values):
        if values:
            spoil_values(values, names, rng)
    result = b" ".join(values)
    for _ in range(times - in_values):
        result = spoil_bytes(result, rng)
    return result.replace(b"\n", b"")


def generate(count, rng):
    """Formats with their lines: AWS's two common ones, all fields, and some in any order."""
    formats = [DEFAULT, VERSION_5, NAMES]
    formats += [rng.sample(NAMES, rng.randrange(2, len(NAMES))) for _ in range(5)]
    for names in formats:
        yield names, [line(names, rng) for _ in range(count // len(formats))]
