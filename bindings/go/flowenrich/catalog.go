// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Catalog holds facts about what there is in AWS, each with the time it was observed. [Catalog.Publish] makes
// snapshots of it for pipelines and enrichers.
type Catalog struct {
	c     cflow.Catalog
	calls *calls
}

// A CatalogOption changes what a catalog does.
type CatalogOption func(*catalogOptions)

type catalogOptions struct {
	assume, eventSlack int64
}

// As the library has it: 0 is its own choice, and none is -1.
func secondsOrNone(d time.Duration) int64 {
	if d < time.Second {
		return -1
	}
	return int64(d / time.Second)
}

// Assume bounds how long before a first or after a last sighting an owner may be assumed to have been there.
// Without it, a day as long as only documents were loaded; not at all for 0.
func Assume(bound time.Duration) CatalogOption {
	return func(o *catalogOptions) { o.assume = secondsOrNone(bound) }
}

// EventSlack is how long after the time of an event AWS may take to do what it says. Without it, a minute.
func EventSlack(d time.Duration) CatalogOption {
	return func(o *catalogOptions) { o.eventSlack = secondsOrNone(d) }
}

// NewCatalog makes an empty catalog.
func NewCatalog(options ...CatalogOption) (*Catalog, error) {
	var o catalogOptions
	for _, option := range options {
		option(&o)
	}
	c := &Catalog{calls: new(calls)}
	c.c = cflow.NewCatalog(o.assume, o.eventSlack, hashSeed, &c.calls.error)
	if c.c.Swigcptr() == 0 {
		return nil, c.calls.failure()
	}
	runtime.SetFinalizer(c, (*Catalog).Close)
	return c, nil
}

// Close frees the catalog. Its snapshots don't need it.
func (c *Catalog) Close() error {
	if c.c != nil {
		cflow.DeleteCatalog(c.c)
		c.c = nil
		runtime.SetFinalizer(c, nil)
	}
	return nil
}

func (c *Catalog) check(status int) error {
	err := c.calls.check(status)
	runtime.KeepAlive(c)
	return err
}

// Load loads what an AWS tool printed, or events, all of it or nothing, and tells the newest time that its facts
// have: see flowenrich_catalog_load().
func (c *Catalog) Load(data []byte, options ...LoadOption) (time.Time, error) {
	if c.c == nil {
		return time.Time{}, ErrClosed
	}
	err := c.check(c.c.Load(data, document(options), &c.calls.time, &c.calls.error))
	if err != nil {
		return time.Time{}, err
	}
	return timeOf(c.calls.time), nil
}

// Learn learns from records who logged which packets, for the first of two passes.
func (c *Catalog) Learn(records *Batch) error {
	if c.c == nil || records.c == nil {
		return ErrClosed
	}
	defer runtime.KeepAlive(records)
	return c.check(c.c.Learn(records.c, &c.calls.error))
}

// Publish makes a snapshot of all that has been loaded and learned.
func (c *Catalog) Publish() (*Snapshot, error) {
	if c.c == nil {
		return nil, ErrClosed
	}
	c.calls.out = 0
	if err := c.check(c.c.Publish(&c.calls.out, &c.calls.error)); err != nil {
		return nil, err
	}
	return newSnapshot(c.calls.out), nil
}

// Stats are counts of what was loaded, by name.
func (c *Catalog) Stats() map[string]uint64 {
	if c.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return c.c.Stats(out) })
	runtime.KeepAlive(c)
	return stats
}
