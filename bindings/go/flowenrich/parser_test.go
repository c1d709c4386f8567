// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestAReaderIsReadIntoBatches(t *testing.T) {
	const rows = 1000
	log := strings.TrimSuffix(strings.Repeat(record, rows), "\n") // the last line counts, too
	parser := must[*Parser](t)(NewParser(Fields("bytes", "flow_log.account")))
	for _, size := range []int{1, 7, 4093, 1 << 20} {
		for _, capacity := range []int{1, 3, 999, 1000, 5000} {
			batch := must[*Batch](t)(NewBatch(capacity))
			ok(t, parser.Reset(pieces{strings.NewReader(log), size}, &Source{Account: "1"}))
			n, sum := 0, uint64(0)
			for {
				err := parser.Read(batch)
				if err == io.EOF {
					break
				}
				ok(t, err)
				c := column(t, batch, "bytes")
				for row := 0; row < c.Rows; row++ {
					n, sum = n+1, sum+c.Uint(row)
				}
				if account := column(t, batch, "flow_log.account"); account.Text(0) != "1" {
					t.Error(account.Text(0))
				}
			}
			if n != rows || sum != rows*420 {
				t.Errorf("pieces of %d bytes, batches of %d rows: %d rows, %d bytes", size, capacity, n, sum)
			}
			if err := parser.Read(batch); err != io.EOF {
				t.Error(err)
			}
		}
	}
	if stats := parser.Stats(); stats["records"] != 4*5*rows {
		t.Error(stats)
	}
}

func TestFormatsOfTextWithoutAHeader(t *testing.T) {
	parser := must[*Parser](t)(NewParser(Formats("${srcaddr} ${bytes}", "bytes dstport")))
	batch := must[*Batch](t)(NewBatch(0))
	_, err := parser.Parse([]byte("7 443\n10.0.0.1 8\n"), batch)
	ok(t, err)
	if c := column(t, batch, "bytes"); c.U64[0] != 7 || c.U64[1] != 8 {
		t.Error(c.U64)
	}
	if _, err := NewParser(Formats("${srcaddr")); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}

func TestAParserHasLimits(t *testing.T) {
	parser := must[*Parser](t)(NewParser(MaxBadLines(1), MaxLine(100)))
	batch := must[*Batch](t)(NewBatch(0))
	_, err := parser.Parse([]byte(record+"hello\n"+strings.Repeat("x", 200)+"\n"), batch)
	if !errors.Is(err, ErrLimit) || batch.Rows() != 1 {
		t.Error(err, batch.Rows())
	}
	if list := batch.Rejects(); len(list) != 2 || list[1].Line != 3 {
		t.Errorf("%+v", list)
	}
}

func TestAReaderThatFailsSaysSo(t *testing.T) {
	failing := errors.New("failing")
	parser := must[*Parser](t)(NewParser())
	batch := must[*Batch](t)(NewBatch(0))
	ok(t, parser.Reset(io.MultiReader(strings.NewReader(record), errReader{failing}), nil))
	if err := parser.Read(batch); err != failing {
		t.Error(err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestBatchesAreEncoded(t *testing.T) {
	var out bytes.Buffer
	e := must[*Encoder](t)(NewEncoder("json-flat", "bytes", "action"))
	ok(t, e.Encode(&out, records(t, record+answer)))
	if out.String() != "{\"bytes\":420,\"action\":\"ACCEPT\"}\n{\"bytes\":99,\"action\":\"ACCEPT\"}\n" {
		t.Error(out.String())
	}
	e.buf = e.buf[:10] // too small for any row
	out.Reset()
	ok(t, e.Encode(&out, records(t, strings.Repeat(record, 1000))))
	if lines := bytes.Count(out.Bytes(), []byte("\n")); lines != 1000 {
		t.Error(lines)
	}
	if _, err := NewEncoder("yaml"); !errors.Is(err, ErrArg) {
		t.Error(err)
	}
}
