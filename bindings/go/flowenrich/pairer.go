// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Pairer makes conversations of records: both directions of one exchange, once, however many interfaces logged it.
//
// After Pair, and after Advance and Drain, take the rows that are due until there are none; an [Enricher] names their
// ends, and a [Tariff] says what they cost.
type Pairer struct {
	c     cflow.Pairer
	calls *calls
}

// NewPairer makes a pairer.
func NewPairer(options ...PairerOption) (*Pairer, error) {
	o := newPairerOptions(options)
	p := &Pairer{calls: new(calls)}
	given := o.c // apart from the configuration, which is Go's
	p.c = cflow.NewPairer(o.config, hashSeed, &given, &p.calls.error)
	if p.c.Swigcptr() == 0 {
		return nil, p.calls.failure()
	}
	runtime.SetFinalizer(p, (*Pairer).Close)
	return p, nil
}

// Close frees the pairer, and what isn't taken.
func (p *Pairer) Close() error {
	if p.c != nil {
		cflow.DeletePairer(p.c)
		p.c = nil
		runtime.SetFinalizer(p, nil)
	}
	return nil
}

func (p *Pairer) check(status int) error {
	err := p.calls.check(status)
	runtime.KeepAlive(p)
	return err
}

// SetSnapshot tells from the next record on in which VPCs observers are; nil: that isn't known.
func (p *Pairer) SetSnapshot(s *Snapshot) error {
	if p.c == nil {
		return ErrClosed
	}
	c, err := s.pointer()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(s)
	return p.check(p.c.Set_snapshot(c, &p.calls.error))
}

// Pair adds records to their conversations. ErrArg: rows are due that weren't taken.
func (p *Pairer) Pair(records *Batch) error {
	if p.c == nil || records.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(records)
	return p.check(p.c.Pair(records.c, &p.calls.error))
}

// Advance says until when all records have come, in their own time, but for late ones.
func (p *Pairer) Advance(watermark time.Time) error {
	return p.advance(seconds(watermark))
}

// Drain says that no more records come: all conversations are due.
func (p *Pairer) Drain() error {
	return p.advance(cflow.TimeEnd)
}

func (p *Pairer) advance(watermark int64) error {
	if p.c == nil {
		return ErrClosed
	}
	return p.check(p.c.Advance(watermark, &p.calls.error))
}

// Take clears a batch and fills it with rows that are due. No rows: none are.
func (p *Pairer) Take(rows *Batch) error {
	if p.c == nil || rows.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(rows)
	return p.check(p.c.Take(rows.c, &p.calls.error))
}

// Stats are counts since the pairer was made, by name, as flowenrich_pairer_stats() has them.
func (p *Pairer) Stats() map[string]uint64 {
	if p.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return p.c.Stats(out) })
	runtime.KeepAlive(p)
	return stats
}
