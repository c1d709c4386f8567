// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"errors"
	"testing"
	"time"
)

func TestWhoTalksUnexpectedlyIsTold(t *testing.T) {
	by := []string{"srcaddr", "dstport"}
	a := must[*Aggregator](t)(NewAggregator(by, Window(time.Minute)))
	ok(t, a.Add(records(t, record+answer)))
	ok(t, a.Drain())
	groups, alarms := must[*Batch](t)(NewBatch(0)), must[*Batch](t)(NewBatch(1))
	ok(t, a.Take(groups))

	policy := []byte("edges: {where: dstport == 5432 or dstport == 40000, allow: [dstport == 40000]}")
	w := must[*Watcher](t)(NewWatcher(policy, by, Slide(time.Minute), MaxBytes(1<<20)))
	told := 0
	for row := 0; row < groups.Rows(); {
		var err error
		row, err = w.Watch(groups, row, alarms)
		ok(t, err)
		for i := 0; i < alarms.Rows(); i++ {
			kind, port := column(t, alarms, "alarm.kind"), column(t, alarms, "dstport")
			if told++; kind.Text(i) != "unexpected" || port.Uint(i) != 5432 {
				t.Error(kind.Text(i), port.Uint(i))
			}
		}
	}
	if told != 1 || w.Stats()["unexpected"] != 1 {
		t.Error(told, w.Stats())
	}
}

func TestAWatcherSaysWhatIsWrong(t *testing.T) {
	var e *Error
	if _, err := NewWatcher([]byte("spikez: []"), nil); !errors.As(err, &e) || e.Status != ErrSyntax || e.Line != 1 {
		t.Error(err)
	}
	w, batch := must[*Watcher](t)(NewWatcher(nil, nil)), records(t, record)
	if _, err := w.Watch(batch, 0, must[*Batch](t)(NewBatch(0))); !errors.Is(err, ErrArg) {
		t.Error("no groups:", err)
	}
	ok(t, w.Close())
	ok(t, w.Close())
	if _, err := w.Watch(batch, 0, batch); err != ErrClosed {
		t.Error(err)
	}
}
