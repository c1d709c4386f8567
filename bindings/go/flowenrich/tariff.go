// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Tariff says what bytes cost: rates by region and day, and who is charged for what. docs/costs.md tells what
// can't be known.
type Tariff struct {
	c     cflow.Tariff
	calls *calls
}

// NewTariff makes a tariff of the built-in rates, before which those go that are given, if not nil.
func NewTariff(rates []byte) (*Tariff, error) {
	t := &Tariff{calls: new(calls)}
	t.c = cflow.NewTariff(rates, &t.calls.error)
	if t.c.Swigcptr() == 0 {
		return nil, t.calls.failure()
	}
	runtime.SetFinalizer(t, (*Tariff).Close)
	return t, nil
}

// Close frees the tariff.
func (t *Tariff) Close() error {
	if t.c != nil {
		cflow.DeleteTariff(t.c)
		t.c = nil
		runtime.SetFinalizer(t, nil)
	}
	return nil
}

// Load loads rates, in YAML or as AWS's price list files, which go before those that are there.
func (t *Tariff) Load(rates []byte) error {
	if t.c == nil {
		return ErrClosed
	}
	err := t.calls.check(t.c.Load(rates, &t.calls.error))
	runtime.KeepAlive(t)
	return err
}

// Charge adds to conversations whose ends are named what their bytes cost.
func (t *Tariff) Charge(conversations *Batch) error {
	if t.c == nil || conversations.c == nil {
		return ErrClosed
	}
	err := t.calls.check(t.c.Charge(conversations.c, &t.calls.error))
	runtime.KeepAlive(conversations)
	runtime.KeepAlive(t)
	return err
}
