#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Arrow at the border, as pyarrow, Polars, DuckDB and pandas see it, over the C library itself."""

import argparse
import ctypes
import gc
import io
import json
import os
import sys
import threading
import unittest
from ctypes import POINTER, byref, c_char_p, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

LIBRARY = None

HEADER = ("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
          "start end action log-status my-field")
LINES = [
    "2 123456789010 eni-1235b8ca123456789 10.0.1.5 10.0.2.7 41276 443 6 20 4249 1418530010 "
    "1418530070 ACCEPT OK x",
    "2 123456789010 eni-1235b8ca123456789 2001:db8::1 172.31.16.139 0 0 58 1 84 1418530010 "
    "1418530071 REJECT OK caf\u00e9-with-a-long-name",
    "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA -",
    "2 - - 255.255.255.255 0.0.0.0 65535 1 17 4294967296 18446744073709551615 0 1 ACCEPT OK -",
]
LOG = "\n".join([HEADER, *LINES]) + "\n"
INTERFACES = json.dumps({"NetworkInterfaces": [{
    "NetworkInterfaceId": "eni-1235b8ca123456789", "InterfaceType": "interface",
    "OwnerId": "123456789010", "VpcId": "vpc-aaaa0000", "SubnetId": "subnet-aaaa1111",
    "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
    "Attachment": {"InstanceId": "i-1", "Status": "attached"},
    "TagSet": [{"Key": "app", "Value": "shop"}, {"Key": "team", "Value": "web"}],
    "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.5", "Primary": True}]}]})


class Allocator(ctypes.Structure):
    ALLOC = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_size_t)
    REALLOC = ctypes.CFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t, c_size_t)
    FREE = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
    _fields_ = [("size", c_size_t), ("ctx", c_void_p), ("alloc", ALLOC), ("realloc", REALLOC),
                ("free", FREE)]


class Options(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("allocator", POINTER(Allocator)), ("hash_seed", c_uint64)]


class ArrowOptions(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("fields", POINTER(c_char_p)), ("field_count", c_size_t),
                ("nested", c_uint32), ("addresses", c_uint32)]


class Document(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("observed_at", c_int64), ("modified_at", c_int64)]


class Memory:
    """An allocator that knows what is live. Its lock lets any thread release."""

    def __init__(self):
        libc = ctypes.CDLL(None)
        libc.malloc.restype = c_void_p
        libc.malloc.argtypes = [c_size_t]
        libc.free.argtypes = [c_void_p]
        self.live, self.freed_twice, self.lock = set(), 0, threading.Lock()

        def alloc(_, size):
            memory = libc.malloc(size)
            with self.lock:
                self.live.add(memory)
            return memory

        def free(_, memory):
            with self.lock:
                self.freed_twice += memory not in self.live
                self.live.discard(memory)
            libc.free(memory)

        def realloc(_, memory, old, size):
            moved = alloc(None, size)
            ctypes.memmove(moved, memory, min(old, size))
            free(None, memory)
            return moved

        self.table = Allocator(ctypes.sizeof(Allocator), None, Allocator.ALLOC(alloc),
                               Allocator.REALLOC(realloc), Allocator.FREE(free))
        self.options = Options(ctypes.sizeof(Options), ctypes.pointer(self.table), 0)


def call(name, *arguments):
    """Call the library; a failure raises what its error says."""
    error = ctypes.create_string_buffer(256)
    if getattr(LIBRARY, name)(*arguments, error) != 0:
        raise ValueError(error.raw[24:].split(b"\0")[0].decode())


def arrow_options(fields=None, nested=False, addresses=0):
    options = ArrowOptions(ctypes.sizeof(ArrowOptions), None, 0, nested, addresses)
    if fields is not None:
        options.fields = (c_char_p * len(fields))(*[field.encode() for field in fields])
        options.field_count = len(fields)
    return options


class Batch:
    def __init__(self, capacity=100, memory=None):
        self.handle = c_void_p()
        options = byref(memory.options) if memory else None
        call("flowenrich_batch_new", byref(self.handle), c_size_t(capacity), options)

    def __del__(self):
        LIBRARY.flowenrich_batch_free(self.handle)

    def __len__(self):
        return LIBRARY.flowenrich_batch_rows(self.handle)

    def parse(self, text=LOG):
        parser, used, data = c_void_p(), c_size_t(), text.encode()
        call("flowenrich_parser_new", byref(parser), None)
        call("flowenrich_parser_parse", parser, data, c_size_t(len(data)), byref(used), self.handle)
        call("flowenrich_parser_finish", parser, self.handle, None)
        LIBRARY.flowenrich_parser_free(parser)
        return self

    def enrich(self):
        catalog, snapshot, enricher = c_void_p(), c_void_p(), c_void_p()
        call("flowenrich_catalog_new", byref(catalog), None)
        document = Document(ctypes.sizeof(Document), 1418530000, 1418530000)
        call("flowenrich_catalog_load", catalog, INTERFACES.encode(), c_size_t(len(INTERFACES)),
             byref(document), None)
        call("flowenrich_catalog_publish", catalog, byref(snapshot))
        LIBRARY.flowenrich_catalog_free(catalog)
        call("flowenrich_enricher_new", byref(enricher), None)
        call("flowenrich_enricher_set_snapshot", enricher, snapshot)
        call("flowenrich_enricher_enrich", enricher, self.handle)
        LIBRARY.flowenrich_enricher_free(enricher)
        LIBRARY.flowenrich_snapshot_free(snapshot)
        return self

    def export(self, **options):
        """One record batch of pyarrow's, fully validated."""
        schema, array = ctypes.create_string_buffer(72), ctypes.create_string_buffer(80)
        call("flowenrich_batch_export", self.handle, byref(arrow_options(**options)), schema, array)
        out = pyarrow.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))
        out.validate(full=True)
        return out

    def read(self, record_batch):
        """Import all rows of a record batch of pyarrow's."""
        schema, array = ctypes.create_string_buffer(72), ctypes.create_string_buffer(80)
        record_batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
        row = c_size_t(0)
        try:
            call("flowenrich_batch_import", self.handle, schema, array, byref(row))
        finally:
            for struct, at in (schema, 56), (array, 64):
                release = c_uint64.from_buffer(struct, at).value
                ctypes.CFUNCTYPE(None, c_void_p)(release)(ctypes.addressof(struct))
        return self

    def rejects(self):
        return LIBRARY.flowenrich_batch_rejects(self.handle)

    def json(self):
        """The rows as the encoder json-flat writes them."""
        encoder, row, length = c_void_p(), c_size_t(0), c_size_t()
        out = ctypes.create_string_buffer(1 << 20)
        call("flowenrich_encoder_new", byref(encoder), b"json-flat", None)
        call("flowenrich_encoder_encode", encoder, self.handle, byref(row), out,
             c_size_t(len(out)), byref(length))
        LIBRARY.flowenrich_encoder_free(encoder)
        return [json.loads(line) for line in out.raw[:length.value].splitlines()]


class Table:
    """Consumers call __arrow_c_stream__, and get the library's own stream."""

    def __init__(self, memory=None, **options):
        self.handle = c_void_p()
        call("flowenrich_table_new", byref(self.handle), byref(arrow_options(**options)),
             byref(memory.options) if memory else None)

    def __del__(self):
        LIBRARY.flowenrich_table_free(self.handle)

    def add(self, batch):
        call("flowenrich_table_add", self.handle, batch.handle)
        return self

    def __arrow_c_stream__(self, requested_schema=None):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [c_void_p, c_char_p, c_void_p]
        libc = ctypes.CDLL(None)
        libc.malloc.restype = c_void_p
        stream = libc.malloc(40)
        call("flowenrich_table_stream", self.handle, c_void_p(stream))
        return new(stream, b"arrow_array_stream", None)


def table_of_two():
    """An enriched batch, and one that lacks what enrichment adds."""
    return Table(addresses=1).add(Batch().parse().enrich()).add(Batch().parse())


class ExportTest(unittest.TestCase):
    def test_types_and_values_are_as_documented(self):
        batch = Batch().parse().export()
        types = {"version": "uint32", "account_id": "string_view", "bytes": "uint64",
                 "srcaddr": "fixed_size_binary[16]", "start": "timestamp[s, tz=UTC]"}
        for name, expected in types.items():
            self.assertEqual(str(batch.schema.field(name).type), expected)
        self.assertEqual(batch["bytes"].to_pylist(), [4249, 84, None, 2**64 - 1])
        self.assertEqual(batch["srcaddr"][0].as_py(), bytes(10) + b"\xff\xff\x0a\x00\x01\x05")
        self.assertEqual(batch["my_field"].to_pylist(), ["x", "caf\u00e9-with-a-long-name", None,
                                                         None])
        self.assertEqual([column.null_count for column in batch],
                         [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 2])
        self.assertEqual(batch.schema.field("srcaddr").metadata[b"flowenrich.type"], b"address")

    def test_addresses_in_writing(self):
        batch = Batch().parse().export(addresses=1, fields=["srcaddr", "dstaddr"])
        self.assertEqual(batch.to_pylist(), [
            {"srcaddr": "10.0.1.5", "dstaddr": "10.0.2.7"},
            {"srcaddr": "2001:db8::1", "dstaddr": "172.31.16.139"},
            {"srcaddr": None, "dstaddr": None},
            {"srcaddr": "255.255.255.255", "dstaddr": "0.0.0.0"}])

    def test_ends_are_columns_or_structs(self):
        flat = Batch().parse().enrich().export().to_pylist()[0]
        self.assertEqual(flat["client.type"], "ec2:instance")
        self.assertEqual(flat["client.tags"], [("app", "shop"), ("team", "web")])
        self.assertEqual(flat["client.security_group_ids"], ["sg-1", "sg-2"])
        nested = Batch().parse().enrich().export(nested=True).to_pylist()[0]
        self.assertEqual(nested["client"]["type"], "ec2:instance")
        self.assertEqual(nested["client"]["tags"], flat["client.tags"])
        self.assertEqual(nested["direction"]["by"], flat["direction.by"])

    def test_an_empty_batch_is_an_empty_table(self):
        batch = Batch(10).parse("").export(fields=["bytes", "client.type", "srcaddr", "nobodys"])
        self.assertEqual(batch.num_rows, 0)
        log = pyarrow.Table.from_batches([batch])
        self.assertEqual(polars.from_arrow(log).shape, (0, 4))
        self.assertEqual(duckdb.sql("SELECT count(*) FROM log").fetchall(), [(0,)])

    def test_a_slice_is_read_as_a_slice(self):
        batch = Batch().parse().enrich().export().slice(1, 2)
        self.assertEqual(batch["bytes"].to_pylist(), [84, None])
        self.assertEqual(polars.from_arrow(batch)["srcport"].to_list(), [0, None])
        self.assertEqual(Batch().read(batch).json()[0]["srcaddr"], "2001:db8::1")


class ConsumersTest(unittest.TestCase):
    """Each reads the stream by itself, two chunks of it, one without ends."""

    def setUp(self):
        reader = pyarrow.RecordBatchReader.from_stream(table_of_two())
        self.expected = reader.read_all()
        self.expected.validate(full=True)
        self.assertEqual(self.expected.num_rows, 8)
        self.assertEqual(self.expected["client.type"].to_pylist(),
                         ["ec2:instance", "internet", None, "private"] + [None] * 4)

    def test_polars(self):
        frame = polars.DataFrame(table_of_two())
        self.assertEqual(frame.columns, self.expected.column_names)
        for name in "bytes", "srcaddr", "client.type", "my_field", "client.rfc1918", "scope":
            self.assertEqual(frame[name].to_list(), self.expected[name].to_pylist(), name)
        self.assertEqual(frame["client.security_group_ids"][0].to_list(), ["sg-1", "sg-2"])
        known = frame.filter(polars.col("client.type") == "ec2:instance")
        self.assertEqual(known["bytes"].to_list(), [4249])

    def test_duckdb(self):
        log = table_of_two()
        rows = duckdb.sql('SELECT bytes, srcaddr, "client.type", my_field FROM log').fetchall()
        names = "bytes", "srcaddr", "client.type", "my_field"
        self.assertEqual(rows, list(zip(*(self.expected[name].to_pylist() for name in names))))
        tag = duckdb.sql("""SELECT "client.tags"['app'], len("client.security_group_ids")
                            FROM log WHERE "client.tags" IS NOT NULL""").fetchall()
        self.assertEqual(tag, [("shop", 2)])
        all_columns = duckdb.sql("SELECT * FROM log").to_arrow_table()
        self.assertEqual(all_columns.num_rows, 8)

    def test_pandas(self):
        frame = pandas.DataFrame.from_arrow(table_of_two())
        self.assertEqual(list(frame.columns), self.expected.column_names)
        self.assertEqual(frame["srcaddr"].dropna().tolist()[:2], ["10.0.1.5", "2001:db8::1"])
        self.assertEqual(frame["client.type"].tolist()[0], "ec2:instance")
        self.assertEqual(frame["client.security_group_ids"].notna().sum(), 1)
        self.assertEqual(str(frame["start"].dtype), "datetime64[s, UTC]")

    def test_pyarrow_writes_what_it_read(self):
        out = io.BytesIO()
        pyarrow.parquet.write_table(self.expected, out)
        self.assertEqual(pyarrow.parquet.read_table(out).to_pylist(), self.expected.to_pylist())
        out = io.BytesIO()
        with pyarrow.ipc.new_stream(out, self.expected.schema) as writer:
            writer.write_table(self.expected)
        out.seek(0)
        self.assertEqual(pyarrow.ipc.open_stream(out).read_all().to_pylist(),
                         self.expected.to_pylist())
        self.assertEqual(self.expected.combine_chunks().unify_dictionaries().num_rows, 8)


class ImportTest(unittest.TestCase):
    """Whoever wrote the columns: the records are those of the text."""

    def setUp(self):
        self.text = Batch().parse().json()

    def must_read(self, table):
        batch = Batch()
        for piece in table.to_batches():
            batch.read(piece)
        self.assertEqual(batch.rejects(), 0)
        self.assertEqual(batch.json(), self.text)

    def aws(self):
        """As AWS writes it to Parquet: names with underscores, signed integers, strings."""
        rows = [dict(zip(HEADER.replace("-", "_").split(), line.split())) for line in LINES[:3]]
        table = pyarrow.Table.from_pylist(rows)
        narrow = ["version", "srcport", "dstport", "protocol"]
        for at, name in enumerate(table.column_names):
            column = pyarrow.array([None if v == "-" else v for v in table[name].to_pylist()])
            if name in narrow or name in ("packets", "bytes", "start", "end"):
                column = column.cast(pyarrow.int32() if name in narrow else pyarrow.int64())
            table = table.set_column(at, name, column)
        self.text = self.text[:3]
        return table

    def test_our_own_export(self):
        for addresses in 0, 1:
            self.must_read(pyarrow.Table.from_batches([Batch().parse().export(
                addresses=addresses)]))

    def test_parquet_of_ours(self):
        out = io.BytesIO()
        pyarrow.parquet.write_table(
            pyarrow.Table.from_batches([Batch().parse().export(addresses=1)]), out)
        self.must_read(pyarrow.parquet.read_table(out))

    def test_parquet_of_aws(self):
        out = io.BytesIO()
        pyarrow.parquet.write_table(self.aws(), out)
        self.must_read(pyarrow.parquet.read_table(out))
        self.must_read(pyarrow.parquet.read_table(out, read_dictionary=["srcaddr", "action"]))

    def test_polars(self):
        self.must_read(polars.from_arrow(self.aws()).to_arrow())

    def test_duckdb(self):
        log = self.aws()
        self.must_read(duckdb.sql(
            'SELECT * REPLACE (to_timestamp("start") AT TIME ZONE \'UTC\' AS "start") FROM log'
        ).to_arrow_table())

    def test_pandas(self):
        self.must_read(pyarrow.Table.from_pandas(self.aws().to_pandas()))

    def test_timestamps_of_all_units(self):
        for unit in "s", "ms", "us", "ns":
            table = self.aws()
            at = table.column_names.index("end")
            column = table["end"].cast(pyarrow.timestamp("s", "UTC")).cast(
                pyarrow.timestamp(unit, "UTC"))
            self.must_read(table.set_column(at, "end", column))

    def test_what_cannot_be_read(self):
        batch = Batch().read(pyarrow.RecordBatch.from_pydict({"srcaddr": ["10.0.0.1", "x", None],
                                                              "srcport": [-1, 2, 3]}))
        self.assertEqual((len(batch), batch.rejects()), (1, 2))
        with self.assertRaisesRegex(ValueError, "'bytes' is of the Arrow type"):
            Batch().read(pyarrow.RecordBatch.from_pydict({"bytes": [[1]]}))


class MemoryTest(unittest.TestCase):
    def setUp(self):
        self.memory = Memory()

    def must_be_free(self):
        gc.collect()
        self.assertEqual(self.memory.freed_twice, 0)
        self.assertEqual(len(self.memory.live), 0)

    def test_each_struct_is_released_once(self):
        for use in (lambda batch: batch, polars.from_arrow, lambda batch: batch.to_pandas(),
                    lambda batch: batch.slice(1), lambda batch: batch["client.type"].dictionary):
            batch = Batch(memory=self.memory).parse().enrich()
            exported = batch.export()
            kept = use(exported)
            del batch, exported
            gc.collect()
            self.assertIsNotNone(kept)
            del kept
            self.must_be_free()

    def test_streams_outlive_their_table(self):
        for _ in range(2):
            table = Table(self.memory, addresses=1)
            table.add(Batch(memory=self.memory).parse().enrich())
            table.add(Batch(memory=self.memory).parse())
            first, second = (pyarrow.RecordBatchReader.from_stream(table) for _ in range(2))
            del table
            gc.collect()
            self.assertEqual(first.read_next_batch().num_rows, 4)
            del first
            self.assertEqual(second.read_all().num_rows, 8)
            del second
            self.must_be_free()

    def test_children_are_released_on_other_threads(self):
        batch = Batch(memory=self.memory).parse().enrich()
        exported = batch.export()
        columns = [[column] for column in exported]
        del batch, exported
        threads = [threading.Thread(target=column.clear) for column in columns]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.must_be_free()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--library", required=True)
    known, rest = options.parse_known_args()
    LIBRARY = ctypes.CDLL(known.library)
    LIBRARY.flowenrich_batch_rows.restype = LIBRARY.flowenrich_batch_rejects.restype = c_size_t
    program = unittest.main(argv=[sys.argv[0], *rest], exit=False)
    # pyarrow's threads now and then end the process by a signal when it ends by itself.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(not program.result.wasSuccessful())
