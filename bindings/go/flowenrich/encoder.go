// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"io"
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// An Encoder turns batches into bytes.
type Encoder struct {
	c     cflow.Encoder
	calls *calls
	buf   []byte
}

// NewEncoder makes an encoder, "json" or another of docs/output.md, that writes some paths, in order; without any,
// what it writes by itself.
func NewEncoder(name string, fields ...string) (*Encoder, error) {
	e := &Encoder{calls: new(calls), buf: make([]byte, pieceLen)}
	e.c = cflow.NewEncoder(zeroEnded(name), packed(fields...), &e.calls.error)
	if e.c.Swigcptr() == 0 {
		return nil, e.calls.failure()
	}
	runtime.SetFinalizer(e, (*Encoder).Close)
	return e, nil
}

// Close frees the encoder.
func (e *Encoder) Close() error {
	if e.c != nil {
		cflow.DeleteEncoder(e.c)
		e.c = nil
		runtime.SetFinalizer(e, nil)
	}
	return nil
}

// Encode writes the rows of a batch to w.
func (e *Encoder) Encode(w io.Writer, batch *Batch) error {
	if e.c == nil || batch.c == nil {
		return ErrClosed
	}
	row := new(int)
	for rows := batch.Rows(); *row < rows; {
		e.calls.used = 0
		status := e.c.Encode(batch.c, row, e.buf, &e.calls.used, &e.calls.error)
		if status == cflow.ErrLimit && e.calls.used > len(e.buf) {
			e.buf = make([]byte, e.calls.used)
			continue
		}
		if err := e.calls.check(status); err != nil {
			return err
		}
		if _, err := w.Write(e.buf[:e.calls.used]); err != nil {
			return err
		}
	}
	runtime.KeepAlive(batch)
	runtime.KeepAlive(e)
	return nil
}
