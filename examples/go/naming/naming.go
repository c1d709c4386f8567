// SPDX-License-Identifier: Apache-2.0

// Package naming is what the examples share: payloads in, lines of JSON that name both ends out.
package naming

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

// A Namer has what all requests share. Many goroutines may use it.
type Namer struct {
	config   []byte
	snapshot *flowenrich.Snapshot
}

// FromEnvironment reads the configuration at FLOWENRICH_CONFIG, and the documents below FLOWENRICH_INVENTORY.
func FromEnvironment() (*Namer, error) {
	var config []byte
	if path := os.Getenv("FLOWENRICH_CONFIG"); path != "" {
		var err error
		if config, err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	return New(config, os.Getenv("FLOWENRICH_INVENTORY"))
}

// New makes a namer of a configuration, nil = all defaults, and a folder of what AWS's tools printed, "" = none.
func New(config []byte, inventory string) (*Namer, error) {
	catalog, err := flowenrich.NewCatalog()
	if err != nil {
		return nil, err
	}
	defer catalog.Close()
	if inventory != "" {
		if err := load(catalog, inventory); err != nil {
			return nil, err
		}
	}
	snapshot, err := catalog.Publish()
	if err != nil {
		return nil, err
	}
	return &Namer{config, snapshot}, nil
}

func load(catalog *flowenrich.Catalog, inventory string) error {
	return filepath.WalkDir(inventory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".json") {
			return err
		}
		document, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		_, err = catalog.Load(document, flowenrich.ModifiedAt(info.ModTime()))
		if errors.Is(err, flowenrich.ErrUnsupported) {
			log.Printf("%s: %v", path, err) // AWS's, but of no use
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}

// Name writes a line for each record of a payload, in whatever it was delivered. What is broken is logged, and
// the rest comes out. Each request has a pipeline of its own, so none waits for another.
func (n *Namer) Name(ctx context.Context, dst io.Writer, payload []byte) error {
	pipeline, err := flowenrich.NewPipeline(n.config)
	if err != nil {
		return err
	}
	defer pipeline.Close()
	if err := pipeline.SetSnapshot(n.snapshot); err != nil {
		return err
	}
	err = pipeline.Copy(ctx, dst, bytes.NewReader(payload), nil)
	var partial *flowenrich.PartialError
	if errors.As(err, &partial) {
		for _, part := range partial.Parts {
			log.Print(part)
		}
		err = nil
	}
	if err != nil {
		return err
	}
	return pipeline.Flush(ctx, dst)
}
