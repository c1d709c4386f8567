// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"runtime"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Batch is the one table that moves between the stages: columns of many rows, by their paths (`bytes`,
// `client.tags.app`), which docs/output.md lists.
type Batch struct {
	c     cflow.Batch
	calls *calls
	found *cflow.Column // C's pointers are looked at in each call that is given this
	views map[string]*pathView
	owner any // of a batch that isn't the caller's
}

type pathView struct {
	path   *byte // as C has it
	column Column
}

// DefaultCapacity is the one that serves the caches best.
const DefaultCapacity = 2048

// NewBatch makes an empty batch of at most capacity rows, 1 to 1048576; 0 is [DefaultCapacity].
func NewBatch(capacity int) (*Batch, error) {
	if capacity == 0 {
		capacity = DefaultCapacity
	}
	b := &Batch{calls: new(calls)}
	b.c = cflow.NewBatch(capacity, &b.calls.error)
	if b.c.Swigcptr() == 0 {
		return nil, b.calls.failure()
	}
	runtime.SetFinalizer(b, (*Batch).Close)
	return b, nil
}

// Close frees the batch. That of a pipeline is the pipeline's: nothing happens then.
func (b *Batch) Close() error {
	if b.owner == nil && b.c != nil {
		cflow.DeleteBatch(b.c)
		b.c = nil
		runtime.SetFinalizer(b, nil)
	}
	return nil
}

// Clear drops the rows, and keeps the memory for others.
func (b *Batch) Clear() {
	b.c.Clear()
	runtime.KeepAlive(b)
}

// Rows is the number of rows.
func (b *Batch) Rows() int {
	n := b.c.Rows()
	runtime.KeepAlive(b)
	return n
}

// Line is the line that a row was in its input, from 1; 0 of a conversation or a group.
func (b *Batch) Line(row int) int64 {
	line := b.c.Line(row)
	runtime.KeepAlive(b)
	return int64(line)
}

// Paths lists the columns, and what ends are known by. Tags aren't listed one by one: `client.tags` is, and
// `client.tags.app` may be asked for.
func (b *Batch) Paths() []string {
	var paths []string
	for {
		path := b.c.Path(len(paths))
		if path == nil {
			runtime.KeepAlive(b)
			return paths
		}
		paths = append(paths, textUpTo(path))
	}
}

// Keep drops the rows that keep says no to.
func (b *Batch) Keep(keep func(row int) bool) error {
	rows := b.Rows()
	bits := make([]byte, rows/8+1)
	for row := 0; row < rows; row++ {
		if keep(row) {
			bits[row>>3] |= 1 << (row & 7)
		}
	}
	err := b.calls.check(b.c.Keep(bits, &b.calls.error))
	runtime.KeepAlive(b)
	return err
}

// Column is a copy of a column. ErrArg: the batch has no such path.
func (b *Batch) Column(path string) (*Column, error) {
	c := new(Column)
	return c, b.ReadColumn(path, c)
}

// ReadColumn copies a column into one that was read before, to use its memory again: what was taken of its
// texts changes with it.
func (b *Batch) ReadColumn(path string, into *Column) error {
	view, err := b.view(path)
	if err == nil {
		into.copyOf(view)
		*view = Column{}
	}
	runtime.KeepAlive(b)
	return err
}

// A View shows the columns of a batch where they are.
type View struct {
	b *Batch
}

// View calls read with a view, and returns what that does. Nothing is copied: columns, and the texts in
// them, are gone when read returns, and may not be written to.
func (b *Batch) View(read func(View) error) error {
	defer b.unview()
	return read(View{b})
}

// Column is a view of a column. ErrArg: the batch has no such path.
func (v View) Column(path string) (*Column, error) {
	return v.b.view(path)
}

func (b *Batch) view(path string) (*Column, error) {
	view := b.views[path]
	if view == nil {
		view = &pathView{path: zeroEnded(path)}
		if b.views == nil {
			b.views = make(map[string]*pathView)
		}
		b.views[path] = view
	}
	if b.found == nil {
		b.found = &cflow.Column{Size: int(unsafe.Sizeof(cflow.Column{}))}
	}
	if status := b.c.Column(view.path, b.found, &b.calls.error); status != 0 {
		return nil, b.calls.failure()
	}
	view.column.view(b.found)
	return &view.column, nil
}

// unview makes what a view showed empty, so that who kept it is told at once.
func (b *Batch) unview() {
	for _, view := range b.views {
		view.column = Column{}
	}
	runtime.KeepAlive(b)
}

// zeroEnded is a text as C has it.
func zeroEnded(text string) *byte {
	return &append([]byte(text), 0)[0]
}

// Rejects are the lines that were refused since the batch was cleared, 64 at most.
func (b *Batch) Rejects() []Reject {
	list := rejects(func(index int, out *cflow.Reject) int {
		return b.c.Reject(index, out, &b.calls.error)
	})
	runtime.KeepAlive(b)
	return list
}
