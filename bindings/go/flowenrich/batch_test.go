// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A batch whose first row's client is in the inventory, and whose second one is no traffic.
func enriched(t testing.TB) *Batch {
	t.Helper()
	batch := records(t, record+nodata)
	e := must[*Enricher](t)(NewEnricher())
	ok(t, e.SetSnapshot(snapshot(t)))
	ok(t, e.Enrich(batch))
	return batch
}

func TestEachTypeHasItsValues(t *testing.T) {
	b := enriched(t)
	if b.Rows() != 2 || b.Line(1) != 2 {
		t.Fatal(b.Rows(), b.Line(1))
	}
	for _, c := range []struct {
		path string
		kind Type
		read func(*Column, int) any
		want any // of the first row
		none any // of the second, which has none
	}{
		{"dstport", TypeU32, func(c *Column, i int) any { return c.Uint(i) }, uint64(5432), uint64(0)},
		{"bytes", TypeU64, func(c *Column, i int) any { return c.Uint(i) }, uint64(420), uint64(0)},
		{"direction.confidence", TypeF64, func(c *Column, i int) any { return c.Float(i) }, 0.8, 0.0},
		{"srcaddr", TypeAddress, func(c *Column, i int) any { return c.Addr(i).String() }, "10.0.0.5", "invalid IP"},
		{"interface_id", TypeText, func(c *Column, i int) any { return c.Text(i) }, "eni-0a1", nil}, // both have it
		{"client.tags.app", TypeText, func(c *Column, i int) any { return c.Text(i) }, "orders", ""},
		{"client.rfc1918", TypeBool, func(c *Column, i int) any { return c.Bool(i) }, true, false},
		{"client.tags", TypeMap, func(c *Column, i int) any { return c.Map(i) }, map[string]string{"app": "orders"}, map[string]string(nil)},
		{"start", TypeTime, func(c *Column, i int) any { return c.Time(i) }, time.Unix(1772452800, 0).UTC(), nil},
	} {
		check := func(how string, col *Column) {
			if col.Type != c.kind || col.Rows != 2 {
				t.Errorf("%s %s: type %d, %d rows", how, c.path, col.Type, col.Rows)
			}
			if got := c.read(col, 0); !col.Has(0) || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s %s: %v", how, c.path, got)
			}
			if got := c.read(col, 1); c.none != nil && (col.Has(1) || !reflect.DeepEqual(got, c.none)) {
				t.Errorf("%s %s: %v, of a row without", how, c.path, got)
			}
		}
		ok(t, b.View(func(v View) error {
			col, err := v.Column(c.path)
			if err == nil {
				check("view of", col)
			}
			return err
		}))
		check("copy of", column(t, b, c.path))
	}
}

func TestListsHaveItems(t *testing.T) {
	pairer, rows := must[*Pairer](t)(NewPairer()), must[*Batch](t)(NewBatch(0))
	ok(t, pairer.Pair(records(t, record+answer)))
	ok(t, pairer.Drain())
	ok(t, pairer.Take(rows))
	if rows.Rows() != 1 {
		t.Fatal(rows.Rows())
	}
	for path, want := range map[string]any{
		"meters.observer": []string{"eni-0a1", "eni-0a1"},
		"meters.bytes":    []uint64{420, 99},
	} {
		c := column(t, rows, path)
		var got any
		if c.Item == TypeU64 {
			got = c.Uints(0)
		} else {
			got = c.Texts(0)
		}
		if c.Type != TypeList || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestACopyOutlivesItsBatchAndAViewDoesNot(t *testing.T) {
	b := enriched(t)
	ids, apps := column(t, b, "interface_id"), column(t, b, "client.tags.app")
	var view *Column
	ok(t, b.View(func(v View) (err error) {
		view, err = v.Column("bytes")
		return err
	}))
	if view.Rows != 0 || view.U64 != nil {
		t.Error("the view has rows:", view.Rows)
	}
	b.Clear()
	b.Close()
	if ids.Text(0) != "eni-0a1" || apps.Text(0) != "orders" {
		t.Error(ids.Text(0), apps.Text(0))
	}
}

func TestAColumnIsReadAgainInItsOwnMemory(t *testing.T) {
	few, many := records(t, record), records(t, strings.Repeat(answer, 100))
	var c Column
	for _, b := range []*Batch{many, few, many} {
		for _, path := range []string{"bytes", "interface_id", "dstaddr"} {
			ok(t, b.ReadColumn(path, &c))
			if c.Rows != b.Rows() || !c.Has(c.Rows-1) || path == "interface_id" && c.Text(c.Rows-1) != "eni-0a1" {
				t.Error(path, c.Rows)
			}
		}
	}
	allocations := testing.AllocsPerRun(100, func() {
		ok(t, many.ReadColumn("interface_id", &c))
		ok(t, many.ReadColumn("bytes", &c))
	})
	if allocations != 0 {
		t.Error(allocations, "allocations")
	}
}

func TestPathsThatABatchLacksAreErrArg(t *testing.T) {
	b := records(t, record)
	if _, err := b.Column("no.such"); !errors.Is(err, ErrArg) {
		t.Error(err)
	}
	if paths := b.Paths(); len(paths) != 14 || paths[0] != "version" {
		t.Error(paths)
	}
}

func TestRowsAreKept(t *testing.T) {
	b := records(t, strings.Repeat(record+answer, 10))
	ok(t, b.Keep(func(row int) bool { return row%2 == 1 }))
	c := column(t, b, "bytes")
	if b.Rows() != 10 || c.U64[0] != 99 || c.U64[9] != 99 {
		t.Error(b.Rows(), c.U64)
	}
}

func TestABatchHasACapacity(t *testing.T) {
	if _, err := NewBatch(1<<20 + 1); !errors.Is(err, ErrArg) {
		t.Error(err)
	}
}
