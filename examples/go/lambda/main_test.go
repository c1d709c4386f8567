// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/flowenrich/libflowenrich/examples/go/naming"
)

const inventory = `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0a1", "VpcId": "vpc-1",
	"PrivateIpAddress": "10.0.0.5", "TagSet": [{"Key": "app", "Value": "orders"}]}]}`

// subscription is an event of CloudWatch Logs' with these messages.
func subscription(t *testing.T, messages ...string) json.RawMessage {
	t.Helper()
	data := events.CloudwatchLogsData{MessageType: "DATA_MESSAGE", Owner: "111122223333", LogGroup: "vpc",
		LogStream: "eni-0a1-all"}
	for i, message := range messages {
		data.LogEvents = append(data.LogEvents, events.CloudwatchLogsLogEvent{
			ID: string(rune('a' + i)), Timestamp: 1772452800000, Message: message})
	}
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(text)
	w.Close()
	event, err := json.Marshal(map[string]any{"awslogs": map[string]any{"data": packed.Bytes()}})
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func newFunction(t *testing.T, config string) (*function, *bytes.Buffer) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "interfaces.json"), []byte(inventory), 0o600); err != nil {
		t.Fatal(err)
	}
	namer, err := naming.New([]byte(config), folder)
	if err != nil {
		t.Fatal(err)
	}
	out := new(bytes.Buffer)
	return &function{namer, out}, out
}

func TestASubscriptionsRecordsAreNamed(t *testing.T) {
	f, out := newFunction(t, "fields: [client.tags.app, server.addr, flow_log.stream, bytes]")
	records, err := f.handle(context.Background(), subscription(t,
		"2 111122223333 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK",
		"2 111122223333 eni-0a1 - - - - - - - 1772452800 1772452860 - NODATA"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Client":{"Tags":{"app":"orders"}},"Server":{"Addr":"10.0.0.9"},"FlowLog":{"Stream":"eni-0a1-all"},"Bytes":420}`
	if len(records) != 1 || string(records[0]) != want || out.String() != want+"\n" {
		t.Errorf("%s\n%s", records, out)
	}
}

func TestControlMessagesHaveNoRecords(t *testing.T) {
	f, _ := newFunction(t, "")
	records, err := f.handle(context.Background(), json.RawMessage(
		`{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination"}]}`))
	if err != nil || len(records) != 0 || records == nil {
		t.Error(records, err)
	}
}

func TestTheEventOfAWSsOwnLibraryIsRead(t *testing.T) {
	const path = "../../../../shared/containers/aws-lambda-go_cloudwatch-logs-event.json"
	event, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("../shared isn't here")
	}
	if err != nil {
		t.Fatal(err)
	}
	f, _ := newFunction(t, "")
	records, err := f.handle(context.Background(), event) // whose messages are no flow logs
	if err != nil || len(records) != 0 {
		t.Error(records, err)
	}
	replaced := strings.Replace(string(event), `"data"`, `"data": "x", "was"`, 1)
	if _, err := f.handle(context.Background(), json.RawMessage(replaced)); err != nil {
		t.Error("what is broken is logged:", err)
	}
}
