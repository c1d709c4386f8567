// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// WriteTo writes the snapshot as an image, which [OpenSnapshot] reads in no time and processes can share. It is for
// machines of the same byte order and libraries that read its version: make it from documents again, don't keep it in
// their place.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	c, err := s.pointer()
	if err != nil {
		return 0, err
	}
	calls := new(calls)
	image := make([]byte, c.Image_size())
	err = calls.check(c.Write_image(image, &calls.used, &calls.error))
	runtime.KeepAlive(s)
	if err != nil {
		return 0, err
	}
	n, err := w.Write(image)
	return int64(n), err
}

// Save writes the snapshot as an image to a file, in the place of one that may be there: whoever has that open isn't
// disturbed.
func (s *Snapshot) Save(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".flowenrich-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // unless it has moved
	_, err = s.WriteTo(file)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	return err
}

// newImage is a snapshot of an image, which is no memory of Go's and stays as it is.
func newImage(image []byte, verify int) (*Snapshot, error) {
	calls := new(calls)
	c := cflow.NewSnapshot(image, verify, &calls.error)
	if c.Swigcptr() == 0 {
		return nil, calls.failure()
	}
	s := &Snapshot{c}
	runtime.SetFinalizer(s, (*Snapshot).Close)
	return s, nil
}
