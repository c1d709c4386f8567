// SPDX-License-Identifier: Apache-2.0

// Command fluentbit holds a chunk, as Fluent Bit's own decoder for Go reads it, against lines of JSON.
package main

import "C"

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"github.com/fluent/fluent-bit-go/output"
)

// show writes a decoded value so that equal values, of whatever Go types, are equal strings.
func show(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case []byte:
		return strconv.Quote(string(v))
	case string:
		return strconv.Quote(v)
	case float64:
		return "f" + strconv.FormatFloat(v, 'g', -1, 64)
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			f, err := v.Float64()
			must(err)
			return show(f)
		}
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = show(v[i])
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		members := make(map[any]any, len(v))
		for key := range v {
			members[key] = v[key]
		}
		return show(members)
	case map[any]any:
		members := make(map[string]string, len(v))
		for key := range v {
			members[show(key)] = show(v[key])
		}
		return fmt.Sprint(members) // which sorts the keys
	default:
		return fmt.Sprint(v)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "fluentbit:", err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) != 3 {
		must(fmt.Errorf("a chunk and lines of JSON are wanted"))
	}
	chunk, err := os.ReadFile(os.Args[1])
	must(err)
	text, err := os.ReadFile(os.Args[2])
	must(err)
	lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	if len(chunk) == 0 {
		must(fmt.Errorf("the chunk is empty"))
	}

	decoder := output.NewDecoder(unsafe.Pointer(&chunk[0]), len(chunk))
	for i, line := range lines {
		status, _, record := output.GetRecord(decoder)
		if status != 0 {
			must(fmt.Errorf("record %d: the decoder says %d", i, status))
		}
		var wanted any
		reader := json.NewDecoder(bytes.NewReader(line))
		reader.UseNumber()
		must(reader.Decode(&wanted))
		if got := show(record); got != show(wanted) {
			must(fmt.Errorf("record %d is\n%s\nwanted was\n%s", i, got, show(wanted)))
		}
	}
	if status, _, _ := output.GetRecord(decoder); status != -1 {
		must(fmt.Errorf("there are more than %d records", len(lines)))
	}
	fmt.Println(len(lines), "records are equal")
}
