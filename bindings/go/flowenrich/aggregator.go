// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// An Aggregator sums records, conversations, or what these are charged, by any paths: docs/groups.md.
//
// Without windows, add batches, then take the groups. With windows, say how far time has gone on, and take what is
// due then. Those of several goroutines, processes or machines merge into one.
type Aggregator struct {
	c     cflow.Aggregator
	calls *calls
}

type aggregatorOptions struct {
	measures                []string
	where                   *byte
	maxBytes                uint64
	window, slide, lateness uint
	spread                  uint
}

// Measures are what is told of each group, in order: `bytes`, `distinct(client.addr)`, `p99(duration)`,
// `top10(server.port)`… Without them, the sums there are.
func Measures(names ...string) AggregatorOption {
	return aggregatorOption(func(o *aggregatorOptions) { o.measures = names })
}

// Where says which rows count: an expression, see docs/filter.md.
func Where(expression string) AggregatorOption {
	return aggregatorOption(func(o *aggregatorOptions) { o.where = zeroEnded(expression) })
}

// Window is how long one is; without it, all of time is one.
func Window(d time.Duration) AggregatorOption {
	return aggregatorOption(func(o *aggregatorOptions) { o.window = uint(inSeconds(d)) })
}

// Slide is how long after a window the next one starts; without it, as long as it is.
func Slide(d time.Duration) AggregatorOption {
	return aggregatorOption(func(o *aggregatorOptions) { o.slide = uint(inSeconds(d)) })
}

// Spread divides bytes, packets and amounts of a row evenly over its time; without it, they belong to the window
// that it starts in.
func Spread() AggregatorOption {
	return aggregatorOption(func(o *aggregatorOptions) { o.spread = 1 })
}

// NewAggregator makes an aggregator. Rows with equal values of the paths are one group; without paths, all are.
func NewAggregator(by []string, options ...AggregatorOption) (*Aggregator, error) {
	var o aggregatorOptions
	for _, option := range options {
		option.aggregator(&o)
	}
	a := &Aggregator{calls: new(calls)}
	a.c = cflow.NewAggregator(packed(by...), packed(o.measures...), o.where, o.maxBytes, o.window, o.slide,
		o.lateness, o.spread, hashSeed, &a.calls.error)
	if a.c.Swigcptr() == 0 {
		return nil, a.calls.failure()
	}
	runtime.SetFinalizer(a, (*Aggregator).Close)
	return a, nil
}

// Close frees the aggregator, and what isn't taken.
func (a *Aggregator) Close() error {
	if a.c != nil {
		cflow.DeleteAggregator(a.c)
		a.c = nil
		runtime.SetFinalizer(a, nil)
	}
	return nil
}

func (a *Aggregator) check(status int) error {
	err := a.calls.check(status)
	runtime.KeepAlive(a)
	return err
}

// Add adds the rows of a batch that are traffic. ErrArg: rows are due that weren't taken, or these are of
// another kind than those before.
func (a *Aggregator) Add(batch *Batch) error {
	if a.c == nil || batch.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(batch)
	return a.check(a.c.Add(batch.c, &a.calls.error))
}

// Advance says until when all rows have come, in their own time, but for late ones.
func (a *Aggregator) Advance(watermark time.Time) error {
	return a.advance(seconds(watermark))
}

// Drain says that no more rows come: all groups are due.
func (a *Aggregator) Drain() error {
	return a.advance(cflow.TimeEnd)
}

func (a *Aggregator) advance(watermark int64) error {
	if a.c == nil {
		return ErrClosed
	}
	return a.check(a.c.Advance(watermark, &a.calls.error))
}

// Take clears a batch and fills it with groups that are due, the largest first. No rows: none are left, and what
// came out is forgotten. Without windows, all are due at the first call.
func (a *Aggregator) Take(groups *Batch) error {
	if a.c == nil || groups.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(groups)
	return a.check(a.c.Take(groups.c, &a.calls.error))
}

// Merge adds all that another aggregator of the same options holds.
func (a *Aggregator) Merge(from *Aggregator) error {
	if a.c == nil || from.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(from)
	return a.check(a.c.Merge(from.c, &a.calls.error))
}

// Save is all that the aggregator holds, for [Aggregator.Load] on any machine.
func (a *Aggregator) Save() ([]byte, error) {
	if a.c == nil {
		return nil, ErrClosed
	}
	state := make([]byte, a.c.Size())
	a.calls.used = 0
	if err := a.check(a.c.Write(state, &a.calls.used, &a.calls.error)); err != nil {
		return nil, err
	}
	return state[:a.calls.used], nil
}

// Load merges what another aggregator saved. ErrCorrupt: it isn't that, or damaged.
func (a *Aggregator) Load(state []byte) error {
	if a.c == nil {
		return ErrClosed
	}
	return a.check(a.c.Load(state, &a.calls.error))
}

// Stats are counts since the aggregator was made, by name, as flowenrich_aggregator_stats() has them.
func (a *Aggregator) Stats() map[string]uint64 {
	if a.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return a.c.Stats(out) })
	runtime.KeepAlive(a)
	return stats
}
