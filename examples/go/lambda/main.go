// SPDX-License-Identifier: Apache-2.0

// Lambda is a function for AWS Lambda that a subscription of CloudWatch Logs calls: it writes a line of JSON for each
// record to its own log, and gives them as its result. Any other event that has flow logs in it will do:
// docs/envelopes.md lists them.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/flowenrich/libflowenrich/examples/go/naming"
)

type function struct {
	namer *naming.Namer
	out   io.Writer
}

func (f *function) handle(ctx context.Context, event json.RawMessage) ([]json.RawMessage, error) {
	var lines bytes.Buffer
	if err := f.namer.Name(ctx, &lines, event); err != nil {
		return nil, err
	}
	if _, err := f.out.Write(lines.Bytes()); err != nil {
		return nil, err
	}
	records := []json.RawMessage{}
	for decoder := json.NewDecoder(&lines); decoder.More(); {
		var record json.RawMessage
		if err := decoder.Decode(&record); err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func main() {
	namer, err := naming.FromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start((&function{namer, os.Stdout}).handle)
}
