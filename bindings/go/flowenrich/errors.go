// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// Status says what kind of failure an [Error] is: errors.Is(err, flowenrich.ErrLimit).
type Status int

// What a call can fail with.
const (
	ErrArg         Status = cflow.ErrArg         // a value that this call can't take
	ErrNoMemory    Status = cflow.ErrNoMemory    // there is no memory left
	ErrSyntax      Status = cflow.ErrSyntax      // a document, payload or format that can't be read
	ErrLimit       Status = cflow.ErrLimit       // a limit set by the caller was passed
	ErrResolver    Status = cflow.ErrResolver    // a resolver failed
	ErrUnsupported Status = cflow.ErrUnsupported // right, but beyond this library or this build
	ErrCorrupt     Status = cflow.ErrCorrupt     // a saved state that isn't what it says
)

// Error is the library's name of it, "ERR_LIMIT".
func (s Status) Error() string {
	return textUpTo(cflow.Status_name(int(s)))
}

// ErrClosed is what an object fails with after Close.
var ErrClosed = errors.New("flowenrich: this object is closed")

// Error is a failure of the library's.
type Error struct {
	Status  Status
	Message string // one sentence: what is wrong and, where there is one, the remedy
	Line    int    // in the input, from 1; 0 = not known
	Column  int    // in that line, from 1; 0 = not known
	Offset  int64  // in the input, in bytes

	cause error // of a resolver
}

func (e *Error) Error() string {
	switch {
	case e.Line > 0 && e.Column > 0:
		return fmt.Sprintf("flowenrich: line %d, column %d: %s", e.Line, e.Column, e.Message)
	case e.Line > 0:
		return fmt.Sprintf("flowenrich: line %d: %s", e.Line, e.Message)
	}
	return "flowenrich: " + e.Message
}

// Is tells that errors.Is(err, e.Status).
func (e *Error) Is(target error) bool {
	return target == e.Status
}

// Unwrap is the error that a [Resolver] returned.
func (e *Error) Unwrap() error {
	return e.cause
}

// A PartialError tells which parts of an input were broken and left out. All of the rest was read.
type PartialError struct {
	Parts []error // each an *Error, its Offset in the input
}

func (e *PartialError) Error() string {
	if len(e.Parts) == 1 {
		return e.Parts[0].Error()
	}
	return fmt.Sprintf("%v (and %d more)", e.Parts[0], len(e.Parts)-1)
}

// Unwrap is the first of them.
func (e *PartialError) Unwrap() error {
	return e.Parts[0]
}

// calls is what calls of an object's fill in, apart from the object: C is only shown what has no pointers
// of Go's.
type calls struct {
	error cflow.Error
	used  int
	done  int32
	time  int64
	out   uintptr
}

// check is the failure of a call that came to status.
func (c *calls) check(status int) error {
	if status == 0 {
		return nil
	}
	return c.failure()
}

func (c *calls) failure() *Error {
	message := c.error.Message[:]
	if end := bytes.IndexByte(message, 0); end >= 0 {
		message = message[:end]
	}
	return &Error{
		Status:  Status(c.error.Status),
		Message: string(message),
		Line:    int(c.error.Line),
		Column:  int(c.error.Column),
		Offset:  int64(c.error.Offset),
	}
}
