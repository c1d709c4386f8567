// SPDX-License-Identifier: Apache-2.0

package flowenrich_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

// What docs/go.md shows: TestManual sees that it is this.

func nameEnds(ctx context.Context, inventory []byte, log io.Reader) error {
	pipeline, err := flowenrich.NewPipeline([]byte("fields: [start, client.tags.app, server.addr, bytes]"))
	if err != nil {
		return err // with the line and column of what is wrong
	}
	defer pipeline.Close()
	if _, err = pipeline.Load(inventory, flowenrich.ObservedAt(time.Now())); err != nil {
		return err
	}
	if err = pipeline.Copy(ctx, os.Stdout, log, nil); err != nil { // for each log
		return err
	}
	return pipeline.Flush(ctx, os.Stdout)
}

func sumBytes(ctx context.Context, pipeline *flowenrich.Pipeline, log io.Reader) (total uint64, err error) {
	each := func(batch *flowenrich.Batch) error {
		return batch.View(func(view flowenrich.View) error { // nothing is copied
			bytes, err := view.Column("bytes")
			if err != nil {
				return err
			}
			for _, n := range bytes.U64 {
				total += n
			}
			return nil
		})
	}
	if err = pipeline.Read(ctx, log, nil, each); err != nil { // for each log
		return total, err
	}
	return total, pipeline.Finish(ctx, each) // what is due when no more logs come
}

func Example_namesOfEnds() {
	line := "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK\n"
	check(nameEnds(context.Background(), []byte(inventory), strings.NewReader(line)))
	// Output:
	// {"Start":1772452800,"Client":{"Tags":{"app":"orders"}},"Server":{"Addr":"10.0.0.9"},"Bytes":420}
}

func TestSumOfColumns(t *testing.T) {
	p, err := flowenrich.NewPipeline([]byte("encoder: none"))
	check(err)
	defer p.Close()
	total, err := sumBytes(context.Background(), p, strings.NewReader(log))
	check(err)
	if total != 519 {
		t.Errorf("%d bytes, not 519", total)
	}
}

func TestManual(t *testing.T) {
	manual, err := os.ReadFile("../../../docs/go.md")
	if err != nil {
		t.Skip("the manual isn't here: ", err)
	}
	source, err := os.ReadFile("docs_test.go")
	check(err)
	indents := regexp.MustCompile(`(?m)^\t+`)
	flat := indents.ReplaceAll(source, nil)
	shown := regexp.MustCompile("(?s)```go\n(?:import .*?\n\n)?(.*?)```").FindAllSubmatch(manual, -1)
	if len(shown) != 3 { // the last is about Arrow, and in its module
		t.Fatalf("docs/go.md has %d blocks of Go, not 3", len(shown))
	}
	for _, block := range shown[:2] {
		if !bytes.Contains(flat, indents.ReplaceAll(block[1], nil)) {
			t.Errorf("docs/go.md shows what isn't here:\n%s", block[1])
		}
	}
}
