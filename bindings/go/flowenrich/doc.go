// SPDX-License-Identifier: Apache-2.0

// Package flowenrich turns AWS VPC and transit gateway flow logs into records that say who and what is at
// both ends: libflowenrich for Go.
//
// Most programs make one [Pipeline] of one YAML document, which is all stages in one object:
//
//	pipeline, err := flowenrich.NewPipeline([]byte("encoder: json-flat"))
//	if err != nil { ... }
//	defer pipeline.Close()
//	_, err = pipeline.Load(inventory)
//	err = pipeline.Copy(ctx, os.Stdout, log, nil)
//	err = pipeline.Flush(ctx, os.Stdout)
//
// A program that wants rows rather than bytes reads batches, typed columns of many rows: of a pipeline by
// [Pipeline.Read], or of a [Parser] followed by the other stages one by one.
//
// # Memory
//
// What a method returns is Go's own, unless it says that it is a view. A view is memory of the library's: it
// must not be written to, nor used after what it is a view of has changed. Objects hold memory that the
// garbage collector doesn't see: call Close. It may be called twice, and a finalizer calls it for an object
// that was forgotten. After Close an object must not be used.
//
// # Goroutines
//
// One goroutine at a time per object, different objects freely; a [Snapshot] is safe for many. The library
// starts no thread, and calls run as long as they have bytes or rows to work on: give large ones in pieces.
package flowenrich

import (
	"hash/maphash"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// The committed output of SWIG is for machines of 64 bits, as the library's structs are laid out here.
const _ = uint(1) << 63

// Version is that of the library that runs, "0.1.0".
func Version() string {
	return textUpTo(cflow.Version())
}

// hashSeed keeps those who choose the input from slowing hash tables down. The output never depends on it.
var hashSeed = new(maphash.Hash).Sum64()

// seconds is a time as the library has it; the zero time is absent.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return cflow.TimeAbsent
	}
	return t.Unix()
}

func timeOf(seconds int64) time.Time {
	if seconds == cflow.TimeAbsent {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
