// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"context"
	"io"
)

const (
	pieceLen  = 256 << 10 // what is read of an input at a time
	keptParts = 64        // broken parts that are told one by one
)

// Copy takes an input from src, and writes what comes out to dst: all rows that are due by then. Rows wait
// for others until a batch is full; [Pipeline.Flush] writes what is left.
//
// A [PartialError] tells that parts of the input were broken and left out. If ctx is done, or src or dst fails,
// the input breaks off there, and what it still had in the pipeline is lost; others may follow.
func (p *Pipeline) Copy(ctx context.Context, dst io.Writer, src io.Reader, source *Source) error {
	return p.readAll(&reading{p: p, ctx: ctx, take: p.writing(dst)}, src, source)
}

// Flush writes what is left once there are no more inputs.
func (p *Pipeline) Flush(ctx context.Context, dst io.Writer) error {
	return p.drain(&reading{p: p, ctx: ctx, take: p.writing(dst)})
}

// Read is Copy for rows: it calls each with batches of those that are due, which are gone when it returns.
// Say `encoder: none` in the configuration, lest all is encoded in vain.
func (p *Pipeline) Read(ctx context.Context, src io.Reader, source *Source,
	each func(*Batch) error) error {
	return p.readAll(&reading{p: p, ctx: ctx, take: p.batches(each)}, src, source)
}

// Finish is Flush for rows.
func (p *Pipeline) Finish(ctx context.Context, each func(*Batch) error) error {
	return p.drain(&reading{p: p, ctx: ctx, take: p.batches(each)})
}

func (p *Pipeline) writing(dst io.Writer) func() error {
	return func() error {
		out := p.Output()
		if len(out) == 0 {
			return nil
		}
		_, err := dst.Write(out)
		return err
	}
}

func (p *Pipeline) batches(each func(*Batch) error) func() error {
	return func() error {
		if batch := p.Batch(); batch != nil {
			return each(batch)
		}
		return nil
	}
}

func (p *Pipeline) readAll(r *reading, src io.Reader, source *Source) error {
	p.asked.ctx = r.ctx
	defer func() { p.asked.ctx = nil }()
	if err := p.Begin(source); err != nil {
		return err
	}
	if p.piece == nil {
		p.piece = make([]byte, pieceLen)
	}
	err := r.after(nil)
	if err == nil {
		_, err = io.CopyBuffer(r, src, p.piece)
	}
	if err == nil {
		err = r.until(p.End)
	}
	if err != nil {
		p.abandon()
	} else {
		err = r.partly()
	}
	return err
}

func (p *Pipeline) drain(r *reading) error {
	p.asked.ctx = r.ctx
	defer func() { p.asked.ctx = nil }()
	if err := r.until(p.Drain); err != nil {
		return err
	}
	return r.partly()
}

// abandon ends an input that nobody goes on with, unless the pipeline has failed.
func (p *Pipeline) abandon() {
	_ = p.BreakOff() // unless it was ending
	for done := false; !done; {
		done, _ = p.End()
	}
}

// A reading goes through an input, and takes what comes out.
type reading struct {
	p     *Pipeline
	ctx   context.Context
	take  func() error
	parts []error
}

// Write feeds a piece of the input.
func (r *reading) Write(data []byte) (int, error) {
	fed := 0
	for fed < len(data) {
		used, err := r.p.Feed(data[fed:])
		fed += used
		if err = r.after(err); err != nil {
			return fed, err
		}
	}
	return fed, nil
}

// until takes steps until they are done.
func (r *reading) until(step func() (bool, error)) error {
	for done := false; !done; {
		var err error
		done, err = step()
		if err = r.after(err); err != nil {
			return err
		}
	}
	return nil
}

// partly is what the parts that were left out make of a reading that came to its end.
func (r *reading) partly() error {
	if r.parts == nil {
		return nil
	}
	return &PartialError{r.parts}
}

// after takes what came out of a step that failed with err, if not nil.
func (r *reading) after(err error) error {
	if e, ok := err.(*Error); ok && isOfPart(e) {
		if len(r.parts) < keptParts {
			r.parts = append(r.parts, e)
		}
		err = nil
	}
	if err == nil {
		err = r.take()
	}
	if err == nil {
		err = r.ctx.Err()
	}
	return err
}
