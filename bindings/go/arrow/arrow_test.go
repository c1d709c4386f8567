// SPDX-License-Identifier: Apache-2.0

package arrow

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

const line = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK\n"

func pipeline(t *testing.T, yaml string) *flowenrich.Pipeline {
	t.Helper()
	p, err := flowenrich.NewPipeline([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// enriched is a record of all rows of a log.
func enriched(t *testing.T, log string, options flowenrich.ArrowOptions) arrow.RecordBatch {
	t.Helper()
	var record arrow.RecordBatch
	p := pipeline(t, "encoder: none")
	each := func(batch *flowenrich.Batch) (err error) {
		record, err = Record(batch, options)
		return err
	}
	err := p.Read(context.Background(), strings.NewReader(log), nil, each)
	if err == nil {
		err = p.Finish(context.Background(), each)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(record.Release)
	return record
}

func TestABatchBecomesARecord(t *testing.T) {
	const rows = 1000
	record := enriched(t, strings.Repeat(line, rows), flowenrich.ArrowOptions{
		Fields: []string{"bytes", "client.addr", "start", "interface_id", "no.such"},
	})
	if record.NumRows() != rows || record.NumCols() != 5 {
		t.Fatal(record)
	}
	for i, want := range []string{"420", "10.0.0.5", "2026-03-02T12:00:00Z", "eni-0a1", array.NullValueStr} {
		if got := record.Column(i).ValueStr(rows - 1); got != want {
			t.Errorf("%s: %s, not %s", record.ColumnName(i), got, want)
		}
	}
	if path, ok := record.Schema().Field(1).Metadata.GetValue("flowenrich.path"); !ok || path != "client.addr" {
		t.Error(path)
	}
}

func TestEndsAreStructsIfNested(t *testing.T) {
	record := enriched(t, line, flowenrich.ArrowOptions{Nested: true})
	at := record.Schema().FieldIndices("client")
	if len(at) != 1 || record.Column(at[0]).DataType().ID() != arrow.STRUCT {
		t.Error(record.Schema())
	}
}

func TestRowsOfARecordAreRead(t *testing.T) {
	const rows = 5000 // several batches
	b := array.NewRecordBuilder(mallocator.NewMallocator(), arrow.NewSchema([]arrow.Field{
		{Name: "srcaddr", Type: arrow.BinaryTypes.String},
		{Name: "bytes", Type: arrow.PrimitiveTypes.Int64},
	}, nil))
	defer b.Release()
	for i := 0; i < rows; i++ {
		b.Field(0).(*array.StringBuilder).Append("10.0.0.5")
		b.Field(1).(*array.Int64Builder).Append(int64(i))
	}
	record := b.NewRecordBatch()
	defer record.Release()

	p, n, sum := pipeline(t, "enrich: false\nencoder: none"), 0, uint64(0)
	each := func(batch *flowenrich.Batch) error {
		c, err := batch.Column("bytes")
		for row := 0; err == nil && row < c.Rows; row++ {
			n, sum = n+1, sum+c.Uint(row)
		}
		return err
	}
	if err := Feed(p, record, each); err != nil {
		t.Fatal(err)
	}
	if err := p.Finish(context.Background(), each); err != nil {
		t.Fatal(err)
	}
	if n != rows || sum != rows*(rows-1)/2 {
		t.Error(n, sum)
	}
}

func TestWhatCannotBeReadSaysWhy(t *testing.T) {
	b := array.NewRecordBuilder(mallocator.NewMallocator(), arrow.NewSchema([]arrow.Field{
		{Name: "bytes", Type: arrow.ListOf(arrow.PrimitiveTypes.Int64)},
	}, nil))
	defer b.Release()
	b.Field(0).AppendNull()
	record := b.NewRecordBatch()
	defer record.Release()
	err := Feed(pipeline(t, "encoder: none"), record, func(*flowenrich.Batch) error { return nil })
	if !errors.Is(err, flowenrich.ErrUnsupported) {
		t.Error(err)
	}
}
