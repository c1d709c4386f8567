// SPDX-License-Identifier: Apache-2.0

// Feed is what tests/hosts/feed.lua and feed.py are, in Go:
//
//	feed CONFIG INVENTORY TIME LOG SIZE
package main

import (
	"context"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

// pieces reads so many bytes at a time.
type pieces struct {
	file io.Reader
	size int
}

func (p pieces) Read(buf []byte) (int, error) {
	return p.file.Read(buf[:p.size])
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	check(err)
	return n
}

func main() {
	config, err := os.ReadFile(os.Args[1])
	check(err)
	pipeline, err := flowenrich.NewPipeline(config)
	check(err)
	defer pipeline.Close()
	inventory, err := os.ReadFile(os.Args[2])
	check(err)
	_, err = pipeline.Load(inventory, flowenrich.ObservedAt(time.Unix(int64(number(os.Args[3])), 0)))
	check(err)
	file, err := os.Open(os.Args[4])
	check(err)
	defer file.Close()
	check(pipeline.Copy(context.Background(), os.Stdout, pieces{file, number(os.Args[5])}, nil))
	check(pipeline.Flush(context.Background(), os.Stdout))
}
