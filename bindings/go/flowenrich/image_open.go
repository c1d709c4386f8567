// SPDX-License-Identifier: Apache-2.0

//go:build unix

package flowenrich

import (
	"fmt"
	"os"
	"syscall"
)

// An OpenOption changes how [OpenSnapshot] opens an image.
type OpenOption func(*openOptions)

type openOptions struct {
	verify int
}

// Verify reads all of an image first, to see that its bytes are those that were written.
func Verify() OpenOption {
	return func(o *openOptions) { o.verify = 1 }
}

// OpenSnapshot opens an image that [Snapshot.Save] or `flowenrich catalog build` wrote, without reading more of it than
// its table of contents. ErrCorrupt: it is none; ErrUnsupported: it is of another version or machine.
//
// The file is mapped, and stays so until the program ends, since rows that were named by it may outlive the snapshot:
// replace the file, don't write into it.
func OpenSnapshot(path string, options ...OpenOption) (*Snapshot, error) {
	var o openOptions
	for _, option := range options {
		option(&o)
	}
	image, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	s, err := newImage(image, o.verify)
	if err != nil {
		_ = syscall.Munmap(image)
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func mapFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, nil
	}
	image, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, &os.PathError{Op: "mmap", Path: path, Err: err}
	}
	return image, nil
}
