// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

const line = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK\n"

func TestBytesGoInAndEncodedBytesComeOut(t *testing.T) {
	p, err := NewPipeline([]byte("enrich: false\nfields: [bytes]\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var out bytes.Buffer
	if err := p.Copy(context.Background(), &out, strings.NewReader(line), nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Flush(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != "{\"bytes\":420}\n" {
		t.Error(out.String())
	}
}

func TestColumns(t *testing.T) {
	p, err := NewPipeline([]byte("encoder: none\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	n := 0
	each := func(b *Batch) error {
		return b.View(func(v View) error {
			c, err := v.Column("bytes")
			if err != nil {
				return err
			}
			a, err := v.Column("srcaddr")
			if err != nil {
				return err
			}
			n += b.Rows()
			t.Log(b.Paths())
			t.Log(c.Uint(0), a.Addr(0))
			return err
		})
	}
	if err := p.Read(context.Background(), strings.NewReader(line), nil, each); err != nil {
		t.Fatal(err)
	}
	if err := p.Finish(context.Background(), each); err != nil {
		t.Fatal(err)
	}
	if n != 1 {
		t.Error(n)
	}
}
