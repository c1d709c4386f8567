// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"io"
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Parser turns flow log text into records. [Parser.Reset] and [Parser.Read] go through a reader; [Parser.Parse]
// and [Parser.End] take what is there.
type Parser struct {
	c     cflow.Parser
	calls *calls
	input io.Reader
	piece []byte // what of the input is read at a time
	left  []byte // of the piece, what isn't parsed yet
	isEnd bool   // nothing is left of the input
}

// A ParserOption changes what a parser does.
type ParserOption func(*parserOptions)

type parserOptions struct {
	fields      []string
	formats     []string
	maxBadLines uint64
	maxLine     uint
}

// Fields are the paths of the fields to make columns of. The others are passed over unread.
func Fields(paths ...string) ParserOption {
	return func(o *parserOptions) { o.fields = paths }
}

// Formats are those of text without a header, in any spelling that AWS's tools have, the likeliest first.
func Formats(formats ...string) ParserOption {
	return func(o *parserOptions) { o.formats = formats }
}

// MaxBadLines fails with ErrLimit at more lines that can't be read.
func MaxBadLines(n uint64) ParserOption {
	return func(o *parserOptions) { o.maxBadLines = n }
}

// MaxLine is how many bytes the longest line has that is read; 65536 without it.
func MaxLine(n uint) ParserOption {
	return func(o *parserOptions) { o.maxLine = n }
}

// NewParser makes a parser.
func NewParser(options ...ParserOption) (*Parser, error) {
	var o parserOptions
	for _, option := range options {
		option(&o)
	}
	p := &Parser{calls: new(calls)}
	p.c = cflow.NewParser(packed(o.fields...), o.maxBadLines, o.maxLine, hashSeed, &p.calls.error)
	if p.c.Swigcptr() == 0 {
		return nil, p.calls.failure()
	}
	runtime.SetFinalizer(p, (*Parser).Close)
	for _, format := range o.formats {
		if err := p.check(p.c.May_have([]byte(format), &p.calls.error)); err != nil {
			p.Close()
			return nil, err
		}
	}
	return p, nil
}

// Close frees the parser.
func (p *Parser) Close() error {
	if p.c != nil {
		cflow.DeleteParser(p.c)
		p.c = nil
		runtime.SetFinalizer(p, nil)
	}
	return nil
}

func (p *Parser) check(status int) error {
	err := p.calls.check(status)
	runtime.KeepAlive(p)
	return err
}

// Reset begins an input, whose text [Parser.Read] reads from r. What is known of its source becomes columns
// `flow_log.…` of its rows.
func (p *Parser) Reset(r io.Reader, source *Source) error {
	if p.c == nil {
		return ErrClosed
	}
	p.input, p.left, p.isEnd = r, nil, false
	return p.check(p.c.Begin(source.packed(), &p.calls.error))
}

// Read clears a batch and fills it with the next records of the input. At its end, without any, it is io.EOF.
func (p *Parser) Read(batch *Batch) error {
	batch.Clear()
	for p.input != nil {
		if len(p.left) == 0 && !p.isEnd {
			if err := p.readPiece(); err != nil {
				return err
			}
		}
		if p.isEnd {
			done, err := p.End(batch)
			if done {
				p.input = nil
			}
			if err != nil || !done {
				return err
			}
			break
		}
		used, err := p.Parse(p.left, batch)
		p.left = p.left[used:]
		if err != nil || len(p.left) > 0 {
			return err
		}
	}
	if batch.Rows() == 0 {
		return io.EOF
	}
	return nil
}

func (p *Parser) readPiece() error {
	if p.piece == nil {
		p.piece = make([]byte, pieceLen)
	}
	n, err := p.input.Read(p.piece)
	p.left = p.piece[:n]
	if err == io.EOF {
		p.isEnd = n == 0
		err = nil
	}
	return err
}

// Parse appends the records of a piece of text, cut anywhere, to a batch, and tells how many bytes it took. Less
// than all: the batch is full; take its rows, clear it, and give the rest.
func (p *Parser) Parse(text []byte, batch *Batch) (int, error) {
	if p.c == nil || batch.c == nil {
		return 0, ErrClosed
	}
	p.calls.used = 0
	err := p.check(p.c.Parse(text, &p.calls.used, batch.c, &p.calls.error))
	runtime.KeepAlive(batch)
	return p.calls.used, err
}

// End ends an input: a last line without a newline is parsed. If it isn't done the batch was too full for that
// line: take its rows, clear it, and call again.
func (p *Parser) End(batch *Batch) (done bool, err error) {
	if p.c == nil || batch.c == nil {
		return true, ErrClosed
	}
	p.calls.done = 0
	err = p.check(p.c.Finish(batch.c, &p.calls.done, &p.calls.error))
	runtime.KeepAlive(batch)
	return p.calls.done != 0 || err != nil, err
}

// Stats are counts since the parser was made, by name, as flowenrich_parser_stats() has them.
func (p *Parser) Stats() map[string]uint64 {
	if p.c == nil {
		return nil
	}
	stats := counts(func(out []cflow.Stat) int { return p.c.Stats(out) })
	runtime.KeepAlive(p)
	return stats
}
