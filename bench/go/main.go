// SPDX-License-Identifier: Apache-2.0

//go:build flowenrich_system

// Bench measures the CPU time a record of the Go package beside C, which use one library in one process:
//
//	go run -tags flowenrich_system ./bench/go [RECORDS [ROUNDS]]
package main

/*
#cgo pkg-config: flowenrich
#cgo CFLAGS: -I${SRCDIR}/..
#include <string.h>
#include <time.h>

#include "measuring.h"

static const char *const columns[] = { "version", "account_id", "interface_id", "srcaddr", "dstaddr",
                                       "srcport", "dstport", "protocol", "packets", "bytes", "start",
                                       "end", "action", "log_status" };

// What a program makes of a batch: all columns are looked up, and the numbers of one added.
static uint64_t see(flowenrich_batch *batch)
{
    flowenrich_column column = { .size = sizeof column };
    flowenrich_error error;
    uint64_t sum = 0;

    if (!batch)
        return 0;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        check(flowenrich_batch_column(batch, columns[i], &column, &error), &error);
        if (i == 9)
            for (size_t row = 0; row < column.rows; row++)
                sum += ((const uint64_t *)column.values)[row];
    }
    return sum;
}

static uint64_t taken(flowenrich_pipeline *pipeline, int rows)
{
    return rows ? see(flowenrich_pipeline_batch(pipeline)) : flowenrich_pipeline_output(pipeline).len;
}

static uint64_t run_c(const char *log, size_t len, const char *yaml, flowenrich_snapshot *snapshot, int rows)
{
    flowenrich_pipeline *pipeline;
    size_t at = 0, used;
    flowenrich_error error;
    int32_t done = 0;
    uint64_t sum = 0;

    check(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, &error), &error);
    if (!rows)
        check(flowenrich_pipeline_set_snapshot(pipeline, snapshot, &error), &error);
    for (; at < len; at += used) {
        check(flowenrich_pipeline_feed(pipeline, log + at, len - at, &used, &error), &error);
        sum += taken(pipeline, rows);
    }
    while (!done) {
        check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error), &error);
        sum += taken(pipeline, rows);
    }
    flowenrich_pipeline_free(pipeline);
    return sum;
}

static double now(int clock)
{
    struct timespec t;

    clock_gettime(clock ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}
*/
import "C"

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

var columns = []string{"version", "account_id", "interface_id", "srcaddr", "dstaddr", "srcport", "dstport",
	"protocol", "packets", "bytes", "start", "end", "action", "log_status"}

type bench struct {
	log      []byte
	records  int
	c        *C.flowenrich_snapshot
	snapshot *flowenrich.Snapshot
	batches  int
	copied   [14]flowenrich.Column
}

// A way is one of going through the log; all of one group come to the same sum.
type way struct {
	name string
	run  func(b *bench) uint64
}

const (
	encoded = "input: text\n"
	rows    = "input: text\nenrich: false\nencoder: none\n"
)

var groups = []struct {
	name string
	ways []way
}{
	{"both ends named, all as JSON", []way{
		{"C", func(b *bench) uint64 { return b.inC(encoded, 0) }},
		{"Go, Copy", (*bench).encode},
	}},
	{"parsed only, 14 columns of each batch", []way{
		{"C", func(b *bench) uint64 { return b.inC(rows, 1) }},
		{"Go, views", func(b *bench) uint64 { return b.read(view) }},
		{"Go, copies", func(b *bench) uint64 { return b.read(b.copy) }},
	}},
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) inC(yaml string, rows C.int) uint64 {
	text := C.CString(yaml)
	defer C.free(unsafe.Pointer(text))
	return uint64(C.run_c((*C.char)(unsafe.Pointer(&b.log[0])), C.size_t(len(b.log)), text, b.c, rows))
}

func (b *bench) pipeline(yaml string) *flowenrich.Pipeline {
	p, err := flowenrich.NewPipeline([]byte(yaml))
	check(err)
	check(p.SetSnapshot(b.snapshot))
	return p
}

type counter uint64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func (b *bench) encode() uint64 {
	p, ctx, sum := b.pipeline(encoded), context.Background(), new(counter)
	defer p.Close()
	check(p.Copy(ctx, sum, bytes.NewReader(b.log), nil))
	check(p.Flush(ctx, sum))
	return uint64(*sum)
}

func (b *bench) read(see func(*flowenrich.Batch) (uint64, error)) uint64 {
	p, err := flowenrich.NewPipeline([]byte(rows))
	check(err)
	defer p.Close()
	ctx, sum := context.Background(), uint64(0)
	each := func(batch *flowenrich.Batch) error {
		n, err := see(batch)
		sum += n
		b.batches++
		return err
	}
	check(p.Read(ctx, bytes.NewReader(b.log), nil, each))
	check(p.Finish(ctx, each))
	return sum
}

func sumOf(numbers []uint64) uint64 {
	sum := uint64(0)
	for _, n := range numbers {
		sum += n
	}
	return sum
}

func view(batch *flowenrich.Batch) (sum uint64, err error) {
	err = batch.View(func(v flowenrich.View) error {
		for i, path := range columns {
			c, err := v.Column(path)
			if err != nil {
				return err
			}
			if i == 9 {
				sum = sumOf(c.U64)
			}
		}
		return nil
	})
	return sum, err
}

func (b *bench) copy(batch *flowenrich.Batch) (uint64, error) {
	for i, path := range columns {
		if err := batch.ReadColumn(path, &b.copied[i]); err != nil {
			return 0, err
		}
	}
	return sumOf(b.copied[9].U64), nil
}

func number(i, otherwise int) int {
	if len(os.Args) <= i {
		return otherwise
	}
	n, err := strconv.Atoi(os.Args[i])
	check(err)
	return n
}

// The document and the log are those of the other benchmarks.
func newBench(records int) *bench {
	b := &bench{records: records, c: C.make_snapshot()}
	log := C.made_up_log(C.size_t(records), 0)
	b.log = unsafe.Slice((*byte)(unsafe.Pointer(log.data)), int(log.len))
	document := C.made_up_interfaces()
	catalog, err := flowenrich.NewCatalog()
	check(err)
	defer catalog.Close()
	_, err = catalog.Load(unsafe.Slice((*byte)(unsafe.Pointer(document.data)), int(document.len)),
		flowenrich.ObservedAt(time.Unix(C.MADE_UP_START, 0)))
	check(err)
	b.snapshot, err = catalog.Publish()
	check(err)
	return b
}

// The clocks of CPU time: of all threads, of which Go's runtime has some, and of the one that works.
const clocks = 2

func now() (at [clocks]float64) {
	for clock := range at {
		at[clock] = float64(C.now(C.int(clock)))
	}
	return at
}

func median(list []float64) float64 {
	sort.Float64s(list)
	return list[len(list)/2]
}

func main() {
	runtime.LockOSThread()
	b, rounds := newBench(number(1, 250000)), number(2, 7)
	for _, group := range groups {
		took := make([][clocks][]float64, len(group.ways))
		over := make([][clocks][]float64, len(group.ways))
		allocations := make([]float64, len(group.ways))
		var sum uint64
		for round := 0; round < rounds; round++ {
			for i, way := range group.ways {
				runtime.GC()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				b.batches = 0
				start := now()
				n := way.run(b)
				end := now()
				runtime.ReadMemStats(&after)
				if round+i == 0 {
					sum = n
				} else if n != sum {
					check(fmt.Errorf("%s comes to %d, C to %d", way.name, n, sum))
				}
				for clock := range end {
					ns := (end[clock] - start[clock]) / float64(b.records)
					took[i][clock] = append(took[i][clock], ns)
					over[i][clock] = append(over[i][clock], ns-took[0][clock][round])
				}
				if b.batches > 0 {
					allocations[i] = float64(after.Mallocs-before.Mallocs) / float64(b.batches)
				}
			}
		}
		fmt.Printf("Go, 14 fields (version 2): %d records, %s\n", b.records, group.name)
		for i, way := range group.ways {
			fmt.Printf("  %-12s %7.1f ns a record, %+5.1f over C, %+5.1f on its own thread, %.2f allocations a batch\n",
				way.name, median(took[i][0]), median(over[i][0]), median(over[i][1]), allocations[i])
		}
	}
}
