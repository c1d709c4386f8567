// SPDX-License-Identifier: Apache-2.0

// Elastic Beats among the parsers that bench/peers compares: `sum FILE`.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/elastic/beats/v7/libbeat/beat"
	"github.com/elastic/beats/v7/x-pack/filebeat/processors/aws_vpcflow"
	"github.com/elastic/elastic-agent-libs/config"
	"github.com/elastic/elastic-agent-libs/mapstr"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "beats:", err)
		os.Exit(1)
	}
}

// "original" is the mode that does least: the fields with their types, no second set by ECS names.
func newProcessor(format string) beat.Processor {
	settings, err := config.NewConfigFrom(mapstr.M{
		"format": format, "mode": "original", "target_field": "flow",
	})
	check(err)
	processor, err := aws_vpcflow.New(settings)
	check(err)
	return processor
}

func main() {
	var records, total, bad int64

	data, err := os.ReadFile(os.Args[2])
	check(err)
	header, rest, _ := strings.Cut(string(data), "\n")
	processor := newProcessor(header)
	for len(rest) > 0 {
		var line string

		line, rest, _ = strings.Cut(rest, "\n")
		event, err := processor.Run(&beat.Event{Fields: mapstr.M{"message": line}})
		if err != nil {
			bad++
			continue
		}
		records++
		if bytes, ok := event.Fields["flow"].(mapstr.M)["bytes"].(int64); ok {
			total += bytes
		}
	}
	fmt.Println(records, total, bad)
}
