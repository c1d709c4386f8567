// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// An Enricher names both ends of records and conversations.
type Enricher struct {
	c     cflow.Enricher
	calls *calls
	asked *asked
}

// NewEnricher makes an enricher.
func NewEnricher(options ...EnricherOption) (*Enricher, error) {
	o := newEnricherOptions(options)
	e := &Enricher{calls: new(calls), asked: new(asked)}
	given := o.c // apart from the configuration, which is Go's
	e.c = cflow.NewEnricher(o.config, hashSeed, &given, &e.calls.error)
	if e.c.Swigcptr() == 0 {
		return nil, e.calls.failure()
	}
	runtime.SetFinalizer(e, (*Enricher).Close)
	return e, nil
}

// Close frees the enricher.
func (e *Enricher) Close() error {
	if e.c != nil {
		cflow.DeleteEnricher(e.c)
		e.c = nil
		runtime.SetFinalizer(e, nil)
	}
	return nil
}

func (e *Enricher) check(status int) error {
	if status == 0 {
		runtime.KeepAlive(e)
		return nil
	}
	err := e.asked.explain(e.calls.failure())
	runtime.KeepAlive(e)
	return err
}

// SetSnapshot uses a snapshot from the next batch on; nil: none.
func (e *Enricher) SetSnapshot(s *Snapshot) error {
	if e.c == nil {
		return ErrClosed
	}
	c, err := s.pointer()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(s)
	return e.check(e.c.Set_snapshot(c, &e.calls.error))
}

// Enrich adds to a batch of records or conversations, in place, what docs/output.md describes: who is at both ends.
func (e *Enricher) Enrich(batch *Batch) error {
	if e.c == nil || batch.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(batch)
	return e.check(e.c.Enrich(batch.c, &e.calls.error))
}

// Hold keeps records until those of the other ends may have come, and learns from them meanwhile: what two passes do
// for files, for a stream. Begin with row 0, and go on with the row that it gives until that is
// records.Rows(); take what is due after each call.
func (e *Enricher) Hold(records *Batch, row int) (next int, err error) {
	if e.c == nil || records.c == nil {
		return row, ErrClosed
	}
	e.calls.used = row
	err = e.check(e.c.Hold(records.c, &e.calls.used, &e.calls.error))
	runtime.KeepAlive(records)
	return e.calls.used, err
}

// Advance says how late it is, in the records' time, for when none come.
func (e *Enricher) Advance(now time.Time) error {
	return e.advance(seconds(now))
}

// Drain says that no more records come: all that are held are due.
func (e *Enricher) Drain() error {
	return e.advance(cflow.TimeEnd)
}

func (e *Enricher) advance(now int64) error {
	if e.c == nil {
		return ErrClosed
	}
	return e.check(e.c.Advance(now, &e.calls.error))
}

// Take clears a batch and fills it with held records that are due, enriched. No rows: none are.
func (e *Enricher) Take(batch *Batch) error {
	if e.c == nil || batch.c == nil {
		return ErrClosed
	}
	batch.Clear()
	defer runtime.KeepAlive(batch)
	return e.check(e.c.Take(batch.c, &e.calls.error))
}

// Explain says in English why the ends of a row that was enriched are named as they are.
func (e *Enricher) Explain(batch *Batch, row int) (string, error) {
	if e.c == nil || batch.c == nil {
		return "", ErrClosed
	}
	text, err := explanation(e.calls, func(buf []byte) int {
		return e.c.Explain(batch.c, row, buf, &e.calls.used, &e.calls.error)
	})
	runtime.KeepAlive(batch)
	runtime.KeepAlive(e)
	return text, err
}

// Stats are counts since the enricher was made, by name, as flowenrich_enricher_stats() has them.
func (e *Enricher) Stats() map[string]uint64 {
	if e.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return e.c.Stats(out) })
	runtime.KeepAlive(e)
	return stats
}
