// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Watcher looks at the groups of an [Aggregator] with windows: what is far from a group's own past, and who talks to
// whom though nothing allows it. What comes out are alarms: docs/watch.md.
type Watcher struct {
	c     cflow.Watcher
	calls *calls
}

// NewWatcher makes a watcher of a policy in YAML, nil = spikes of `rejects`, for the groups of an aggregator by these
// paths. The options are those of the aggregator; Slide and MaxBytes count, of which the latter bounds the past of
// groups, to 64 MiB without it.
func NewWatcher(policy []byte, by []string, options ...AggregatorOption) (*Watcher, error) {
	var o aggregatorOptions
	for _, option := range options {
		option.aggregator(&o)
	}
	w := &Watcher{calls: new(calls)}
	w.c = cflow.NewWatcher(policy, packed(by...), o.maxBytes, o.slide, hashSeed, &w.calls.error)
	if w.c.Swigcptr() == 0 {
		return nil, w.calls.failure()
	}
	runtime.SetFinalizer(w, (*Watcher).Close)
	return w, nil
}

// Close frees the watcher.
func (w *Watcher) Close() error {
	if w.c != nil {
		cflow.DeleteWatcher(w.c)
		w.c = nil
		runtime.SetFinalizer(w, nil)
	}
	return nil
}

// Watch looks at groups, from a row on, clears alarms and fills it, and tells the row to go on with once they are taken:
// that is groups.Rows() in the end.
func (w *Watcher) Watch(groups *Batch, row int, alarms *Batch) (next int, err error) {
	if w.c == nil || groups.c == nil || alarms.c == nil {
		return row, ErrClosed
	}
	w.calls.used = row
	err = w.calls.check(w.c.Watch(groups.c, &w.calls.used, alarms.c, &w.calls.error))
	runtime.KeepAlive(groups)
	runtime.KeepAlive(alarms)
	runtime.KeepAlive(w)
	return w.calls.used, err
}

// Stats are counts since the watcher was made, by name, as flowenrich_watcher_stats() has them.
func (w *Watcher) Stats() map[string]uint64 {
	if w.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return w.c.Stats(out) })
	runtime.KeepAlive(w)
	return stats
}
