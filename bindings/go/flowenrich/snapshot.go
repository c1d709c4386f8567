// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Snapshot is a catalog as it was when published. It is immutable: many goroutines may use it at a time, and
// many pipelines and enrichers share it. These don't need it open: each takes a reference of its own.
type Snapshot struct {
	c cflow.Snapshot
}

func newSnapshot(pointer uintptr) *Snapshot {
	s := &Snapshot{cflow.SwigcptrSnapshot(pointer)}
	runtime.SetFinalizer(s, (*Snapshot).Close)
	return s
}

// Close drops the snapshot, which no goroutine may be using.
func (s *Snapshot) Close() error {
	if s.c != nil {
		cflow.DeleteSnapshot(s.c)
		s.c = nil
		runtime.SetFinalizer(s, nil)
	}
	return nil
}

// Stats are counts of what the snapshot has, by name.
func (s *Snapshot) Stats() map[string]uint64 {
	if s.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return s.c.Stats(out) })
	runtime.KeepAlive(s)
	return stats
}

// none stands for no snapshot.
var none cflow.Snapshot = cflow.SwigcptrSnapshot(0)

// pointer is the snapshot as C has it; a nil one is none.
func (s *Snapshot) pointer() (cflow.Snapshot, error) {
	switch {
	case s == nil:
		return none, nil
	case s.c == nil:
		return nil, ErrClosed
	}
	return s.c, nil
}

// SetSnapshot uses a snapshot from the next rows on, also amid an input, instead of what was loaded; nil: none.
func (p *Pipeline) SetSnapshot(s *Snapshot) error {
	if p.failed != nil {
		return p.failed
	}
	c, err := s.pointer()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(s)
	return p.check(p.c.Set_snapshot(c, &p.calls.error))
}

// Publish makes a snapshot of all that was loaded into the pipeline, and uses it: other pipelines may share it.
func (p *Pipeline) Publish() (*Snapshot, error) {
	if p.failed != nil {
		return nil, p.failed
	}
	p.calls.out = 0
	if err := p.check(p.c.Publish(&p.calls.out, &p.calls.error)); err != nil {
		return nil, err
	}
	return newSnapshot(p.calls.out), nil
}
