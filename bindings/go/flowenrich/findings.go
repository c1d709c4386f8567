// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// Rejects are the lines that the last call of Begin, Feed, End, Advance or Drain refused, 64 at most.
func (p *Pipeline) Rejects() []Reject {
	if p.failed == ErrClosed {
		return nil
	}
	list := rejects(func(index int, out *cflow.Reject) int {
		return p.c.Reject(index, out, &p.calls.error)
	})
	runtime.KeepAlive(p)
	return list
}

// Objects are the S3 objects that notifications told of in that call: fetch them, and give each to the pipeline
// as an input with this source.
func (p *Pipeline) Objects() []Source {
	if p.failed == ErrClosed {
		return nil
	}
	var list []Source
	found := &cflow.Source{Size: int(unsafe.Sizeof(cflow.Source{}))}
	for p.c.S3_object(len(list), found, &p.calls.error) == 0 {
		list = append(list, sourceOf(found))
	}
	runtime.KeepAlive(p)
	return list
}

// Missing are the paths of `fields:` and `filter:` that no log so far has had.
func (p *Pipeline) Missing() []string {
	if p.failed == ErrClosed {
		return nil
	}
	var list []string
	for {
		path := p.c.Missing(len(list))
		if path == nil {
			runtime.KeepAlive(p)
			return list
		}
		list = append(list, textUpTo(path))
	}
}

// Stats are counts since the pipeline was made, by name, as flowenrich_pipeline_stats() has them.
func (p *Pipeline) Stats() map[string]uint64 {
	if p.failed == ErrClosed {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return p.c.Stats(out) })
	runtime.KeepAlive(p)
	return stats
}

// Explain says in English who the ends of a record are, and why. A header line may stand before the record. What was
// fed isn't touched.
func (p *Pipeline) Explain(record []byte) (string, error) {
	if p.failed != nil {
		return "", p.failed
	}
	text, err := explanation(p.calls, func(buf []byte) int {
		return p.c.Explain(record, buf, &p.calls.used, &p.calls.error)
	})
	runtime.KeepAlive(p)
	return text, err
}

// ExplainRow says the same of a row of the pipeline's batch.
func (p *Pipeline) ExplainRow(row int) (string, error) {
	if p.failed != nil {
		return "", p.failed
	}
	text, err := explanation(p.calls, func(buf []byte) int {
		return p.c.Explain_row(row, buf, &p.calls.used, &p.calls.error)
	})
	runtime.KeepAlive(p)
	return text, err
}

// explanation has a text written, a second time if it turns out longer than most are.
func explanation(calls *calls, write func(buf []byte) int) (string, error) {
	buf := make([]byte, 16<<10)
	status := write(buf)
	if status == cflow.ErrLimit && calls.used > len(buf) {
		buf = make([]byte, calls.used)
		status = write(buf)
	}
	if err := calls.check(status); err != nil {
		return "", err
	}
	return string(buf[:calls.used]), nil
}
