// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// subscription is what CloudWatch Logs sends of a log stream: gzipped JSON, in base64.
func subscription(t testing.TB, stream, line string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprintf(w, `{"messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": "flows", "logStream": %q,
		"logEvents": [{"id": "1", "timestamp": 1772452830000, "message": %q}]}`, stream, strings.TrimSpace(line))
	ok(t, w.Close())
	return base64.StdEncoding.EncodeToString(packed.Bytes())
}

func TestAnEnvelopeGivesTheTextsThatAreInAPayload(t *testing.T) {
	e := must[*Envelope](t)(NewEnvelope())
	event := fmt.Sprintf(`{"deliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/flows", "records": [
		{"recordId": "a", "data": %q}, {"recordId": "b", "data": "H4sIbroken"}, {"recordId": "c", "data": %q}]}`,
		subscription(t, "eni-0a1-all", record), subscription(t, "eni-0a1-all", answer))
	var lines, refused []string
	ok(t, e.Reset([]byte(event), &Source{Region: "us-east-1"}))
	runtime.GC() // the event was copied
	for {
		m, err := e.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			if !errors.Is(err, ErrSyntax) {
				t.Error(err)
			}
			refused = append(refused, m.Record)
			continue
		}
		lines = append(lines, strings.TrimSpace(string(m.Text)))
		if s := m.Source; s.Account != "123456789012" || s.LogGroup != "flows" || s.InterfaceID != "eni-0a1" ||
			s.Region != "us-east-1" || m.Time != timeOf(1772452830) || m.IsObject {
			t.Errorf("%+v", m)
		}
	}
	if strings.Join(lines, "\n")+"\n" != record+answer || len(refused) != 1 || refused[0] != "b" {
		t.Errorf("%q, refused %q", lines, refused)
	}
	if stats := e.Stats(); stats["failed"] != 1 || stats["bytes_out"] == 0 {
		t.Error(stats)
	}
}

func TestAnEnvelopeTellsTheObjectsToFetch(t *testing.T) {
	e := must[*Envelope](t)(NewEnvelope())
	ok(t, e.Reset([]byte(`{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "awsRegion": "eu-west-1",
		"s3": {"bucket": {"name": "logs"}, "object": {"key": "a/b+c.log.gz"}}}]}`), nil))
	m, err := e.Next()
	ok(t, err)
	if !m.IsObject || m.Text != nil || m.Source.Bucket != "logs" || m.Source.Key != "a/b c.log.gz" ||
		m.Source.Region != "eu-west-1" {
		t.Errorf("%+v", m)
	}
	if _, err = e.Next(); err != io.EOF {
		t.Error(err)
	}
}

func TestWhatIsDecodedIsBounded(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := io.WriteString(w, `{"messageType": "`+strings.Repeat("x", 4<<20)+`"}`)
	ok(t, err)
	ok(t, w.Close())
	for _, option := range []EnvelopeOption{MaxRatio(2), MaxDecoded(1 << 16)} {
		e := must[*Envelope](t)(NewEnvelope(option))
		ok(t, e.Reset(packed.Bytes(), nil))
		if _, err := e.Next(); !errors.Is(err, ErrLimit) {
			t.Error(err)
		}
		ok(t, e.Close())
		if _, err := e.Next(); err != ErrClosed {
			t.Error(err)
		}
	}
}
