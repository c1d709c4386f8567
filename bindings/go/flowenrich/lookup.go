// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// LookUp says who addresses or interfaces were, as the ends of records are named: it clears a batch and fills it with a
// row for each question. Of a question count Addr or InterfaceID, From and Until (zero: at any time), and of an
// address Space or else VPC: as seen from there. The columns are what an end of a record has, without a prefix.
//
// Many goroutines may look up, each with a batch of its own.
func (s *Snapshot) LookUp(batch *Batch, questions ...Question) error {
	if s.c == nil || batch.c == nil {
		return ErrClosed
	}
	keys, texts := placed(questions)
	err := batch.calls.check(s.c.Look_up_all(keys, texts, batch.c, &batch.calls.error))
	runtime.KeepAlive(s)
	runtime.KeepAlive(batch)
	return err
}

// History says who ever held an address, or a prefix over it: it clears a batch and fills it with a row for each
// interval. Begin with cursor 0, and go on with the one that it gives until no row comes.
func (s *Snapshot) History(batch *Batch, question Question, cursor uint64) (next uint64, err error) {
	if s.c == nil || batch.c == nil {
		return cursor, ErrClosed
	}
	keys, texts := placed([]Question{question})
	at := new(uint64)
	*at = cursor
	err = batch.calls.check(s.c.History_of(keys, texts, at, batch.c, &batch.calls.error))
	runtime.KeepAlive(s)
	runtime.KeepAlive(batch)
	return *at, err
}

// placed is what the binding takes for questions: keys whose texts are places in the bytes.
func placed(questions []Question) ([]cflow.PlacedKey, []byte) {
	keys := make([]cflow.PlacedKey, len(questions))
	var texts []byte
	place := func(text string) cflow.Place {
		texts = append(texts, text...)
		return cflow.Place{At: len(texts) - len(text), Len: len(text)}
	}
	for i, q := range questions {
		keys[i] = cflow.PlacedKey{
			Size:     int(unsafe.Sizeof(cflow.PlacedKey{})),
			Kind:     cflow.KeyInterface,
			Space:    q.Space,
			ID:       place(q.InterfaceID),
			Observer: place(q.Observer),
			VPC:      place(q.VPC),
			From:     seconds(q.From),
			Until:    seconds(q.Until),
		}
		if q.Addr.IsValid() {
			keys[i].Kind = cflow.KeyAddress
			keys[i].Address = q.Addr.As16()
		}
	}
	return keys, texts
}

// At is a question's time that is a moment: From and Until.
func (q Question) At(moment time.Time) Question {
	q.From, q.Until = moment, moment
	return q
}
