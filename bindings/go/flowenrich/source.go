// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"strings"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Source tells where flow log text comes from. What isn't known is empty. Of a Key of AWS's layout, or a
// path that ends with one, account, region and flow log are read.
type Source struct {
	Identity    string // equal when the same thing is delivered again
	Account     string // of the flow log, not of a record
	Region      string
	LogGroup    string
	LogStream   string
	InterfaceID string
	Bucket      string
	Key         string // of the S3 object, as S3 spells it
	FlowLog     string // "fl-…"
}

// packed is a source as the binding has it: texts, each with its zero; none = nothing is known.
func (s *Source) packed() []byte {
	if s == nil {
		return nil
	}
	return packed(s.Identity, s.Account, s.Region, s.LogGroup, s.LogStream, s.InterfaceID, s.Bucket,
		s.Key, s.FlowLog)
}

// packed is a list of texts as the binding has it. A text ends at a zero that is in it.
func packed(texts ...string) []byte {
	var list []byte
	for _, text := range texts {
		if end := strings.IndexByte(text, 0); end >= 0 {
			text = text[:end]
		}
		list = append(append(list, text...), 0)
	}
	return list
}

func sourceOf(c *cflow.Source) Source {
	return Source{
		Identity:    textOf(c.Identity),
		Account:     textOf(c.Account),
		Region:      textOf(c.Region),
		LogGroup:    textOf(c.LogGroup),
		LogStream:   textOf(c.LogStream),
		InterfaceID: textOf(c.InterfaceID),
		Bucket:      textOf(c.Bucket),
		Key:         textOf(c.Key),
		FlowLog:     textOf(c.FlowLog),
	}
}

func textOf(t cflow.Text) string {
	return string(view[byte](unsafe.Pointer(t.Data), t.Len))
}

// textUpTo is a text of C's that ends with a zero.
func textUpTo(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

// A Reject is a line that couldn't be read.
type Reject struct {
	Line   int64  // from 1, in its input
	Offset int64  // of the line's first byte, in its input
	Reason string // "bad_number"
	Field  string // the path of the field that couldn't be read, or ""
	Text   string // the line, or its first 240 bytes
	Place  string // which part of a payload it was in
}

func rejectOf(c *cflow.Reject) Reject {
	return Reject{
		Line:   int64(c.Line),
		Offset: int64(c.Offset),
		Reason: textUpTo(c.Reason),
		Field:  textUpTo(c.Field),
		Text:   textOf(c.Text),
		Place:  textOf(c.Place),
	}
}

// rejects collects what at gives, until it fails.
func rejects(at func(index int, out *cflow.Reject) int) []Reject {
	var list []Reject
	c := &cflow.Reject{Size: int(unsafe.Sizeof(cflow.Reject{}))}
	for at(len(list), c) == 0 {
		list = append(list, rejectOf(c))
	}
	return list
}

// counts collects the counters that fill gives.
func counts(fill func(out []cflow.Stat) int) map[string]uint64 {
	list := make([]cflow.Stat, 128)
	n := fill(list)
	if n > len(list) {
		list = make([]cflow.Stat, n)
		n = fill(list)
	}
	counts := make(map[string]uint64, n)
	for _, stat := range list[:n] {
		counts[textUpTo(stat.Name)] = stat.Value
	}
	return counts
}

// A LoadOption tells of a document besides its bytes.
type LoadOption func(*cflow.Document)

// ObservedAt says when AWS said what is in a document; it wins over a date in the document.
func ObservedAt(t time.Time) LoadOption {
	return func(d *cflow.Document) { d.ObservedAt = seconds(t) }
}

// ModifiedAt says when a document was written, used if nothing else has a date.
func ModifiedAt(t time.Time) LoadOption {
	return func(d *cflow.Document) { d.ModifiedAt = seconds(t) }
}

func document(options []LoadOption) *cflow.Document {
	d := &cflow.Document{
		Size:       int(unsafe.Sizeof(cflow.Document{})),
		ObservedAt: cflow.TimeAbsent,
		ModifiedAt: cflow.TimeAbsent,
	}
	for _, option := range options {
		option(d)
	}
	return d
}
