// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"io"
	"runtime"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// An Envelope takes apart what flow logs are delivered in, which it tells from the bytes: payloads of CloudWatch
// Logs, events of Lambda, Kinesis, Firehose, SQS, SNS and Kafka, notifications of S3, and what docs/envelopes.md
// lists besides, each gzipped or not. Anything else is text, and comes out as it is.
//
// A [Pipeline] opens envelopes by itself. This is for programs that fetch S3 objects, have a [Parser] of their own,
// or answer a delivery record by record.
type Envelope struct {
	c     cflow.Envelope
	calls *calls
	found *cflow.Message
}

type envelopeOptions struct {
	maxBytes uint64
	maxRatio uint
}

// An EnvelopeOption changes what an [Envelope] takes.
type EnvelopeOption func(*envelopeOptions)

// MaxDecoded bounds what decoded payloads may hold at a time; 256 MiB without it.
func MaxDecoded(bytes uint64) EnvelopeOption {
	return func(o *envelopeOptions) { o.maxBytes = bytes }
}

// MaxRatio bounds how many times its input gzip may grow, past a MiB; 500 without it.
func MaxRatio(times uint) EnvelopeOption {
	return func(o *envelopeOptions) { o.maxRatio = times }
}

// NewEnvelope makes an envelope, which any number of payloads may go through.
func NewEnvelope(options ...EnvelopeOption) (*Envelope, error) {
	var o envelopeOptions
	for _, option := range options {
		option(&o)
	}
	e := &Envelope{calls: new(calls), found: &cflow.Message{Size: int(unsafe.Sizeof(cflow.Message{}))}}
	e.c = cflow.NewEnvelope(o.maxBytes, o.maxRatio, &e.calls.error)
	if e.c.Swigcptr() == 0 {
		return nil, e.calls.failure()
	}
	runtime.SetFinalizer(e, (*Envelope).Close)
	return e, nil
}

// Close frees the envelope.
func (e *Envelope) Close() error {
	if e.c != nil {
		cflow.DeleteEnvelope(e.c)
		e.c = nil
		runtime.SetFinalizer(e, nil)
	}
	return nil
}

// A Message is what an envelope held: lines of a flow log, or an object of S3's that has some.
type Message struct {
	Text     []byte    // lines, the last of which may lack its newline; gone at the envelope's next call
	IsObject bool      // Source tells the Bucket and Key: fetch it, and read it as the next payload
	Part     int       // 0 begins an input of a parser's; more goes on with the last
	Record   string    // the carrier's name of it, to answer by: recordId, messageId
	Source   Source    // of an object, the region is its bucket's
	Time     time.Time // of the first line's event, else of the delivery; zero if neither has one
}

// Reset begins a payload, which is copied: an event, an object's content, a value of Kafka's. Messages have what is
// known of its source, unless they know better.
func (e *Envelope) Reset(payload []byte, source *Source) error {
	if e.c == nil {
		return ErrClosed
	}
	err := e.calls.check(e.c.Begin(payload, source.packed(), &e.calls.error))
	runtime.KeepAlive(e)
	return err
}

// Next takes the next message out of the payload; at its end it is io.EOF.
//
// What is broken is refused alone, by an [Error] of ErrSyntax, ErrLimit or ErrUnsupported, beside a message that
// tells the Record and Source of it. Call Next again: it goes on behind it.
func (e *Envelope) Next() (*Message, error) {
	if e.c == nil {
		return nil, ErrClosed
	}
	err := e.calls.check(e.c.Read(e.found, &e.calls.error))
	m := messageOf(e.found)
	runtime.KeepAlive(e)
	if err == nil && e.found.Kind == cflow.MessageNone {
		return nil, io.EOF
	}
	return m, err
}

func messageOf(c *cflow.Message) *Message {
	m := &Message{
		IsObject: c.Kind == cflow.MessageObject,
		Part:     int(c.Part),
		Record:   textOf(c.Record),
	}
	if c.Kind == cflow.MessageText {
		m.Text = view[byte](unsafe.Pointer(c.Text.Data), c.Text.Len)
	}
	if c.Source != nil {
		m.Source = sourceOf(c.Source)
	}
	if c.Time != cflow.TimeAbsent {
		m.Time = timeOf(c.Time)
	}
	return m
}

// Stats are counts since the envelope was made, by name, as flowenrich_envelope_stats() has them.
func (e *Envelope) Stats() map[string]uint64 {
	if e.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return e.c.Stats(out) })
	runtime.KeepAlive(e)
	return stats
}
