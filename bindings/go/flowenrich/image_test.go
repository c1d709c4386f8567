// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func app(t *testing.T, s *Snapshot) string {
	t.Helper()
	batch := must[*Batch](t)(NewBatch(0))
	ok(t, s.LookUp(batch, Question{InterfaceID: "eni-0a1"}))
	return column(t, batch, "tags.app").Text(0)
}

func TestAnImageIsASnapshotAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.image")
	s := snapshot(t)
	ok(t, s.Save(path))
	opened := must[*Snapshot](t)(OpenSnapshot(path, Verify()))
	if got := app(t, opened); got != "orders" {
		t.Error(got)
	}
	ok(t, opened.Save(path)) // in the place of the file that is mapped
	if got := app(t, opened); got != "orders" {
		t.Error(got)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
	var image bytes.Buffer
	n, err := s.WriteTo(&image)
	ok(t, err)
	if saved := content(t, path); n != int64(len(saved)) || !bytes.Equal(saved, image.Bytes()) {
		t.Error("other bytes")
	}
	ok(t, s.Close())
	if err = s.Save(path); err != ErrClosed {
		t.Error(err)
	}
}

func TestWhatIsNoImageIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "catalog.image")
	if _, err := OpenSnapshot(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	var image bytes.Buffer
	_, err := snapshot(t).WriteTo(&image)
	ok(t, err)
	whole := image.Bytes()
	whole[len(whole)-1] ^= 1
	for _, bytes := range [][]byte{nil, []byte("no image"), whole[:len(whole)/2], whole} {
		ok(t, os.WriteFile(path, bytes, 0o644))
		if _, err := OpenSnapshot(path, Verify()); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrArg) {
			t.Error(len(bytes), err)
		}
	}
}
