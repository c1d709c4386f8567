// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

// groups are those of an aggregator that are due, as JSON.
func groups(t testing.TB, a *Aggregator, fields ...string) string {
	t.Helper()
	var out bytes.Buffer
	batch, encoder := must[*Batch](t)(NewBatch(2)), must[*Encoder](t)(NewEncoder("json-flat", fields...))
	for {
		ok(t, a.Take(batch))
		if batch.Rows() == 0 {
			return out.String()
		}
		ok(t, encoder.Encode(&out, batch))
	}
}

func TestRowsAreSummedByPaths(t *testing.T) {
	a := must[*Aggregator](t)(NewAggregator([]string{"srcaddr"}, Measures("records", "bytes")))
	ok(t, a.Add(records(t, record+record+answer)))
	want := `{"srcaddr":"10.0.0.5","records":2,"bytes":840}` + "\n" +
		`{"srcaddr":"10.0.0.9","records":1,"bytes":99}` + "\n"
	if got := groups(t, a, "srcaddr", "records", "bytes"); got != want {
		t.Error(got)
	}
	if stats := a.Stats(); stats["rows"] != 3 || stats["groups"] != 2 {
		t.Error(stats)
	}
}

func TestOnlyRowsThatFitCount(t *testing.T) {
	a := must[*Aggregator](t)(NewAggregator(nil, Measures("bytes"), Where("srcport == 5432"), MaxBytes(1<<20)))
	ok(t, a.Add(records(t, record+record+answer)))
	if got := groups(t, a, "bytes"); got != "{\"bytes\":99}\n" {
		t.Error(got)
	}
	if _, err := NewAggregator(nil, Where("srcport ==")); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
	if _, err := NewAggregator([]string{"action", "action"}); !errors.Is(err, ErrArg) {
		t.Error(err)
	}
}

func TestWindowsAreDueByTheWatermark(t *testing.T) {
	a := must[*Aggregator](t)(NewAggregator([]string{"action"}, Measures("bytes"), Window(time.Minute),
		Slide(time.Minute), Lateness(time.Minute), Spread()))
	later := strings.Replace(record, "1772452800 1772452860", "1772452980 1772452990", 1)
	ok(t, a.Add(records(t, record+later)))
	ok(t, a.Advance(timeOf(1772452920)))
	if got := groups(t, a); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"bytes":420`) {
		t.Error(got)
	}
	ok(t, a.Drain())
	if got := groups(t, a); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"bytes":420`) {
		t.Error(got)
	}
}

func TestSumsMergeAndAreSaved(t *testing.T) {
	parts := make([]*Aggregator, 3)
	for i := range parts {
		parts[i] = must[*Aggregator](t)(NewAggregator([]string{"action"}, Measures("bytes")))
		ok(t, parts[i].Add(records(t, record)))
	}
	ok(t, parts[0].Merge(parts[1]))
	state, err := parts[2].Save()
	ok(t, err)
	ok(t, parts[0].Load(state))
	if got := groups(t, parts[0], "action", "bytes"); got != "{\"action\":\"ACCEPT\",\"bytes\":1260}\n" {
		t.Error(got)
	}
	if err := parts[0].Load(state[:len(state)-1]); !errors.Is(err, ErrCorrupt) {
		t.Error(err)
	}
	other := must[*Aggregator](t)(NewAggregator([]string{"srcport"}))
	if err := other.Merge(parts[1]); !errors.Is(err, ErrArg) {
		t.Error(err)
	}
}

func TestAClosedAggregatorSaysSo(t *testing.T) {
	a, b := must[*Aggregator](t)(NewAggregator(nil)), records(t, record)
	ok(t, a.Close())
	ok(t, a.Close())
	_, saving := a.Save()
	for i, err := range []error{a.Add(b), a.Drain(), a.Take(b), a.Merge(a), a.Load(nil), saving} {
		if err != ErrClosed {
			t.Error(i, err)
		}
	}
}
