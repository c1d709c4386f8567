// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What tests share: records, a document, the sample, and making objects that are closed in the end.

const (
	record = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK\n"
	answer = "2 123456789012 eni-0a1 10.0.0.9 10.0.0.5 5432 40000 6 2 99 1772452800 1772452860 ACCEPT OK\n"
	nodata = "2 123456789012 eni-0a1 - - - - - - - 1772452800 1772452860 - NODATA\n"

	inventory = `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0a1", "VpcId": "vpc-1",
		"PrivateIpAddress": "10.0.0.5", "TagSet": [{"Key": "app", "Value": "orders"}]}]}`
	observed = 1772452830

	sample = "../../../examples/data"
)

var background = context.Background()

func must[T any](t testing.TB) func(T, error) T {
	return func(made T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := any(made).(io.Closer); ok {
			t.Cleanup(func() { c.Close() })
		}
		return made
	}
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pipeline(t testing.TB, yaml string) *Pipeline {
	t.Helper()
	return must[*Pipeline](t)(NewPipeline([]byte(yaml)))
}

// snapshot is one of the inventory.
func snapshot(t testing.TB) *Snapshot {
	t.Helper()
	catalog := must[*Catalog](t)(NewCatalog())
	_, err := catalog.Load([]byte(inventory), ObservedAt(timeOf(observed)))
	ok(t, err)
	return must[*Snapshot](t)(catalog.Publish())
}

// run is what comes out of a log, whole.
func run(t testing.TB, p *Pipeline, log string) string {
	t.Helper()
	var out bytes.Buffer
	ok(t, p.Copy(background, &out, strings.NewReader(log), nil))
	ok(t, p.Flush(background, &out))
	return out.String()
}

// records are a batch of a log's.
func records(t testing.TB, log string) *Batch {
	t.Helper()
	parser, batch := must[*Parser](t)(NewParser()), must[*Batch](t)(NewBatch(0))
	_, err := parser.Parse([]byte(log), batch)
	ok(t, err)
	_, err = parser.End(batch)
	ok(t, err)
	return batch
}

func column(t testing.TB, b *Batch, path string) *Column {
	t.Helper()
	c, err := b.Column(path)
	ok(t, err)
	return c
}

// files are the paths of the sample below a folder, in order.
func files(t testing.TB, folder, ending string) []string {
	t.Helper()
	var list []string
	ok(t, filepath.WalkDir(filepath.Join(sample, folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ending) {
			list = append(list, path)
		}
		return err
	}))
	return list
}

func content(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	ok(t, err)
	if !strings.HasSuffix(path, ".gz") {
		return data
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	ok(t, err)
	data, err = io.ReadAll(unpacked)
	ok(t, err)
	return data
}
