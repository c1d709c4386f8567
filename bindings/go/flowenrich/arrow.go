// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"unsafe"
)

// ArrowOptions say what of a batch goes out to Arrow, and how.
type ArrowOptions struct {
	Fields []string // paths, in order; none = all that the batch lists
	Nested bool     // `client.type` is `type` in a struct `client`; else each is a column
	Bytes  bool     // addresses are their 16 bytes; else they are in writing, "10.0.1.5"
}

// ExportArrow moves the rows of a batch out to structs of Arrow's C data interface: schema is a struct
// ArrowSchema and array a struct ArrowArray, both not in use, which are to be released. The batch is empty
// afterwards. The package bindings/go/arrow makes records of arrow-go's of them.
func (b *Batch) ExportArrow(schema, array unsafe.Pointer, options ArrowOptions) error {
	if b.c == nil {
		return ErrClosed
	}
	nested, addresses := uint(0), uint(1)
	if options.Nested {
		nested = 1
	}
	if options.Bytes {
		addresses = 0
	}
	err := b.calls.check(b.c.Move_out(packed(options.Fields...), nested, addresses, schema, array,
		&b.calls.error))
	runtime.KeepAlive(b)
	return err
}

// ImportArrow reads rows of Arrow as records, from a row on until the batch is full, and tells the row to go on
// with. schema and array are as in [Batch.ExportArrow], and stay as they are.
func (b *Batch) ImportArrow(schema, array unsafe.Pointer, row int) (next int, err error) {
	if b.c == nil {
		return row, ErrClosed
	}
	b.calls.used = row
	err = b.calls.check(b.c.Read_rows(schema, array, &b.calls.used, &b.calls.error))
	runtime.KeepAlive(b)
	return b.calls.used, err
}

// ImportArrow takes in rows of Arrow, a batch at a time, as [Batch.ImportArrow] reads them, between inputs. Take
// what came out after each call.
func (p *Pipeline) ImportArrow(schema, array unsafe.Pointer, row int) (next int, err error) {
	if p.failed != nil {
		return row, p.failed
	}
	p.calls.used = row
	err = p.run(p.c.Read_rows(schema, array, &p.calls.used, &p.calls.error))
	return p.calls.used, err
}
