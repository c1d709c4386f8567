// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// An EnricherOption changes what an [Enricher] does.
type EnricherOption interface {
	enricher(*enricherOptions)
}

// A PairerOption changes what a [Pairer] does.
type PairerOption interface {
	pairer(*pairerOptions)
}

// An AggregatorOption changes what an [Aggregator] does.
type AggregatorOption interface {
	aggregator(*aggregatorOptions)
}

// A StageOption is for enrichers and pairers.
type StageOption interface {
	EnricherOption
	PairerOption
}

// A LatenessOption is for pairers and aggregators.
type LatenessOption interface {
	PairerOption
	AggregatorOption
}

// A MemoryOption is for all three.
type MemoryOption interface {
	StageOption
	AggregatorOption
}

type enricherOptions struct {
	config []byte
	c      cflow.EnricherOptions
}

type pairerOptions struct {
	config []byte
	c      cflow.PairerOptions
}

type enricherOption func(*enricherOptions)

func (f enricherOption) enricher(o *enricherOptions) { f(o) }

type pairerOption func(*pairerOptions)

func (f pairerOption) pairer(o *pairerOptions) { f(o) }

type aggregatorOption func(*aggregatorOptions)

func (f aggregatorOption) aggregator(o *aggregatorOptions) { f(o) }

type stageOption struct {
	enricherOption
	pairerOption
}

type latenessOption struct {
	pairerOption
	aggregatorOption
}

type memoryOption struct {
	stageOption
	aggregatorOption
}

// Config is a configuration whose `listeners:` are added to the built-in table.
func Config(yaml []byte) StageOption {
	return stageOption{
		func(o *enricherOptions) { o.config = yaml },
		func(o *pairerOptions) { o.config = yaml },
	}
}

// Slack is how late start and end of a record may be; a minute without it. 0: not at all.
func Slack(d time.Duration) StageOption {
	slack := int32(inSeconds(d))
	if slack == 0 {
		slack = -1
	}
	return stageOption{
		func(o *enricherOptions) { o.c.Slack = slack },
		func(o *pairerOptions) { o.c.Slack = slack },
	}
}

// MaxBytes is about what may be held: of an enricher the records that wait and what is learned from them, of a
// pairer open conversations, of an aggregator groups. 1 GiB without it, of an aggregator 256 MiB.
func MaxBytes(n uint64) MemoryOption {
	return memoryOption{
		stageOption{
			func(o *enricherOptions) { o.c.MaxBytes = n },
			func(o *pairerOptions) { o.c.MaxBytes = n },
		},
		func(o *aggregatorOptions) { o.maxBytes = n },
	}
}

// Strict names nothing that is only assumed.
func Strict() EnricherOption {
	return enricherOption(func(o *enricherOptions) { o.c.Strict = 1 })
}

// Hold is how long [Enricher.Hold] keeps a record after its end; without it, the longest that a record covered so
// far, and 15 minutes.
func Hold(d time.Duration) EnricherOption {
	return enricherOption(func(o *enricherOptions) { o.c.Hold = inSeconds(d) })
}

// ActiveTimeout is what of a conversation one row covers; 30 minutes without it.
func ActiveTimeout(d time.Duration) PairerOption {
	return pairerOption(func(o *pairerOptions) { o.c.ActiveTimeout = uint32(inSeconds(d)) })
}

// IdleTimeout is how long without a record a conversation is over after.
func IdleTimeout(d time.Duration) PairerOption {
	return pairerOption(func(o *pairerOptions) { o.c.IdleTimeout = uint32(inSeconds(d)) })
}

// Lateness is how long a conversation or a window that is over is kept for what comes late.
func Lateness(d time.Duration) LatenessOption {
	return latenessOption{
		func(o *pairerOptions) { o.c.Lateness = uint32(inSeconds(d)) },
		func(o *aggregatorOptions) { o.lateness = uint(inSeconds(d)) },
	}
}

// MismatchPercent is how far apart two ends may count before they are marked `meter_mismatch`; 20 without it.
func MismatchPercent(n uint32) PairerOption {
	return pairerOption(func(o *pairerOptions) { o.c.MismatchPercent = n })
}

func newEnricherOptions(options []EnricherOption) *enricherOptions {
	o := new(enricherOptions)
	o.c.Size = int(unsafe.Sizeof(o.c))
	for _, option := range options {
		option.enricher(o)
	}
	return o
}

func newPairerOptions(options []PairerOption) *pairerOptions {
	o := new(pairerOptions)
	o.c.Size = int(unsafe.Sizeof(o.c))
	for _, option := range options {
		option.pairer(o)
	}
	return o
}
