// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"errors"
	"net/netip"
	"sync"
	"testing"
)

func TestASnapshotTellsWhoAnAddressWas(t *testing.T) {
	s, batch := snapshot(t), must[*Batch](t)(NewBatch(0))
	address := netip.MustParseAddr("10.0.0.5")
	ok(t, s.LookUp(batch,
		Question{Addr: address, VPC: "vpc-1"}.At(timeOf(observed)),
		Question{Addr: netip.MustParseAddr("10.0.0.6"), VPC: "vpc-1"},
		Question{InterfaceID: "eni-0a1"},
	))
	apps, reasons := column(t, batch, "tags.app"), column(t, batch, "reason")
	if batch.Rows() != 3 || apps.Text(0) != "orders" || apps.Text(2) != "orders" || reasons.Text(1) == "" {
		t.Error(batch.Rows(), apps.Text(0), apps.Text(2), reasons.Text(1))
	}
	if err := s.LookUp(must[*Batch](t)(NewBatch(1)), make([]Question, 2)...); !errors.Is(err, ErrArg) {
		t.Error("more than the batch holds:", err)
	}

	cursor, rows := uint64(0), 0
	for {
		var err error
		cursor, err = s.History(batch, Question{Addr: address}, cursor)
		ok(t, err)
		if batch.Rows() == 0 {
			break
		}
		rows += batch.Rows()
		if id := column(t, batch, "interface_id"); id.Text(0) != "eni-0a1" {
			t.Error(id.Text(0))
		}
	}
	if rows != 1 {
		t.Error(rows)
	}
}

func TestManyGoroutinesLookUp(t *testing.T) {
	s := snapshot(t)
	var wait sync.WaitGroup
	for i := 0; i < 8; i++ {
		batch := must[*Batch](t)(NewBatch(0))
		wait.Add(1)
		go func() {
			defer wait.Done()
			for n := 0; n < 100; n++ {
				if err := s.LookUp(batch, Question{InterfaceID: "eni-0a1"}); err != nil || batch.Rows() != 1 {
					t.Error(batch.Rows(), err)
				}
			}
		}()
	}
	wait.Wait()
}
