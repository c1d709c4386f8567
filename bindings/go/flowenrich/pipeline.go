// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"errors"
	"runtime"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Pipeline is all stages in one object, made from a configuration: bytes in, bytes or batches out.
//
// [Pipeline.Copy] and [Pipeline.Read] take an input whole, from a reader, and [Pipeline.Flush] and
// [Pipeline.Finish] give what is left after the last. Begin, Feed and End take an input in pieces; what came
// out of each of these, of Advance and of Drain, is Output or Batch.
//
// After an error of one of these the pipeline can only be closed, with three exceptions. What is broken in a
// payload is left out alone: ErrSyntax, ErrUnsupported, or ErrLimit without a Line; the next call goes on
// behind it. ErrArg: nothing was done. After too many bad lines, ErrLimit with a Line, the rows before them
// may still be drained.
type Pipeline struct {
	c      cflow.Pipeline
	owner  *pipelineOwner
	calls  *calls
	asked  *asked
	batch  *Batch
	failed error
	piece  []byte
}

// NewPipeline makes a pipeline of a configuration in YAML, which docs/pipeline.md describes; nil is all
// defaults. An error of the configuration has a line and a column.
func NewPipeline(yaml []byte) (*Pipeline, error) {
	p := &Pipeline{calls: new(calls), asked: new(asked)}
	p.c = cflow.NewPipeline(yaml, hashSeed, &p.calls.error)
	if p.c.Swigcptr() == 0 {
		return nil, p.calls.failure()
	}
	p.owner = &pipelineOwner{p.c}
	runtime.SetFinalizer(p.owner, (*pipelineOwner).free)
	p.batch = &Batch{calls: new(calls), owner: p.owner}
	return p, nil
}

// A pipelineOwner has the finalizer: the batch needs it, too, and a cycle would never be collected.
type pipelineOwner struct {
	c cflow.Pipeline
}

func (o *pipelineOwner) free() {
	runtime.SetFinalizer(o, nil)
	cflow.DeletePipeline(o.c)
}

// Close frees the pipeline and what it still holds.
func (p *Pipeline) Close() error {
	if p.failed != ErrClosed {
		p.failed = ErrClosed
		p.owner.free()
	}
	return nil
}

// check is the error of a call after which the pipeline stays usable.
func (p *Pipeline) check(status int) error {
	err := p.calls.check(status)
	runtime.KeepAlive(p)
	return err
}

// Load loads what an AWS tool printed, or events, into the pipeline's own catalog, and tells the newest time
// that its facts have. What was loaded counts from the next rows on. After an error all is as before.
func (p *Pipeline) Load(data []byte, options ...LoadOption) (time.Time, error) {
	if p.failed != nil {
		return time.Time{}, p.failed
	}
	err := p.check(p.c.Load(data, document(options), &p.calls.time, &p.calls.error))
	if err != nil {
		return time.Time{}, err
	}
	return timeOf(p.calls.time), nil
}

// LoadRates loads rates, which count from the next rows on: see docs/costs.md.
func (p *Pipeline) LoadRates(rates []byte) error {
	if p.failed != nil {
		return p.failed
	}
	return p.check(p.c.Load_rates(rates, &p.calls.error))
}

// SetLearning says that inputs that begin from now on are only learned from, for the first of two passes; false:
// no longer.
func (p *Pipeline) SetLearning(on bool) error {
	if p.failed != nil {
		return p.failed
	}
	learn := 0
	if on {
		learn = 1
	}
	return p.check(p.c.Set_learning(learn, &p.calls.error))
}

// Begin begins an input: a file, an object, an event. A nil source: nothing is known of where it is from.
func (p *Pipeline) Begin(source *Source) error {
	if p.failed != nil {
		return p.failed
	}
	return p.run(p.c.Begin(source.packed(), &p.calls.error))
}

// Feed takes in a piece of an input, cut anywhere, and tells how many bytes it took. Less than all: take what
// came out, and feed the rest. That is so after an error, too.
func (p *Pipeline) Feed(data []byte) (int, error) {
	if p.failed != nil {
		return 0, p.failed
	}
	p.calls.used = 0
	err := p.run(p.c.Feed(data, &p.calls.used, &p.calls.error))
	return p.calls.used, err
}

// BreakOff says that the input breaks off here: a last line without a newline doesn't count. End it next.
func (p *Pipeline) BreakOff() error {
	if p.failed != nil {
		return p.failed
	}
	return p.run(p.c.Break_off(&p.calls.error))
}

// End ends the input. Call it until it is done, and take what came out each time.
func (p *Pipeline) End() (done bool, err error) {
	if p.failed != nil {
		return true, p.failed
	}
	p.calls.done = 0
	err = p.run(p.c.End(&p.calls.done, &p.calls.error))
	return p.calls.done != 0 || p.failed != nil || errors.Is(err, ErrArg), err
}

// Advance says what time it is: what is due comes out. Call it until it is done, and take what came out each
// time.
func (p *Pipeline) Advance(now time.Time) (done bool, err error) {
	return p.advance(seconds(now))
}

// Drain says that nothing more comes: all is due, and an input that is open is ended. Call it until it is
// done, and take what came out each time.
func (p *Pipeline) Drain() (done bool, err error) {
	return p.advance(cflow.TimeEnd)
}

func (p *Pipeline) advance(now int64) (bool, error) {
	if p.failed != nil && !isTooManyBadLines(p.failed) {
		return true, p.failed
	}
	p.calls.done = 0
	failed := p.failed
	p.failed = nil
	err := p.run(p.c.Advance(now, &p.calls.done, &p.calls.error))
	done := p.calls.done != 0 || p.failed != nil
	if failed != nil {
		p.failed = failed
	}
	return done, err
}

// run is the error of a call that works on an input. One that can't be gone on after stays.
func (p *Pipeline) run(status int) error {
	if status == 0 {
		runtime.KeepAlive(p)
		return nil
	}
	err := p.asked.explain(p.calls.failure())
	runtime.KeepAlive(p)
	if !isOfPart(err) && err.Status != ErrArg {
		p.failed = err
	}
	return err
}

// isOfPart tells whether something broken was refused alone.
func isOfPart(err *Error) bool {
	return err.Status == ErrSyntax || err.Status == ErrUnsupported ||
		err.Status == ErrLimit && err.Line == 0
}

func isTooManyBadLines(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == ErrLimit && e.Line > 0
}

// Output is what the last call of Begin, Feed, End, Advance or Drain put out, encoded: a view, gone at the
// next of these calls.
func (p *Pipeline) Output() []byte {
	if p.failed == ErrClosed {
		return nil
	}
	out := p.c.Output()
	runtime.KeepAlive(p)
	return out
}

// Batch is the same rows before they were encoded, nil if there are none; with `encoder: none` they are all
// there is. It is the pipeline's, and its rows are gone at the next of these calls.
func (p *Pipeline) Batch() *Batch {
	if p.failed == ErrClosed {
		return nil
	}
	found := uintptr(p.c.Current_batch())
	if found == 0 {
		return nil
	}
	if p.batch.c == nil || p.batch.c.Swigcptr() != found {
		p.batch.c = cflow.SwigcptrBatch(found)
	}
	return p.batch
}
