// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/flowenrich/libflowenrich/examples/go/naming"
)

const line = "2 111122223333 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK"

// request is what Firehose sends, with a record for each payload.
func request(t *testing.T, payloads ...string) []byte {
	t.Helper()
	type record struct {
		Data []byte `json:"data"`
	}
	var records []record
	for _, payload := range payloads {
		records = append(records, record{[]byte(payload)})
	}
	body, err := json.Marshal(map[string]any{"requestId": "r1", "timestamp": 1772452800000, "records": records})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func newEndpoint(t *testing.T) (*endpoint, *bytes.Buffer) {
	t.Helper()
	namer, err := naming.New([]byte("fields: [server.addr, bytes]"), "")
	if err != nil {
		t.Fatal(err)
	}
	out := new(bytes.Buffer)
	return &endpoint{namer: namer, key: "secret", out: out}, out
}

func send(e *endpoint, key string, body []byte) (int, answer) {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Firehose-Request-Id", "r1")
	r.Header.Set("X-Amz-Firehose-Access-Key", key)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	var got answer
	_ = json.Unmarshal(w.Body.Bytes(), &got) // else it is empty, and no test's
	return w.Code, got
}

const named = "{\"Server\":{\"Addr\":\"10.0.0.9\"},\"Bytes\":420}\n"

func TestRecordsAreNamed(t *testing.T) {
	e, out := newEndpoint(t)
	code, got := send(e, "secret", request(t, `{"message":"`+line+`"}`, `{"message":"`+line+`"}`))
	if code != 200 || got.RequestID != "r1" || got.Timestamp == 0 || got.Message != "" {
		t.Error(code, got)
	}
	if out.String() != named+named {
		t.Error(out.String())
	}
}

func TestManyRequestsComeAtATime(t *testing.T) {
	e, out := newEndpoint(t)
	body := request(t, strings.Repeat(`{"message":"`+line+`"}`, 100))
	var wait sync.WaitGroup
	for i := 0; i < 8; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if code, got := send(e, "secret", body); code != 200 {
				t.Error(code, got)
			}
		}()
	}
	wait.Wait()
	if out.String() != strings.Repeat(named, 800) {
		t.Error(out.Len())
	}
}

func TestWhatIsNotFirehosesIsRefused(t *testing.T) {
	e, out := newEndpoint(t)
	if code, got := send(e, "other", request(t, line)); code != 401 || got.Message == "" {
		t.Error(code, got)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 405 || out.Len() != 0 {
		t.Error(w.Code, out)
	}
}

func TestTheEventOfAWSsOwnLibraryIsRead(t *testing.T) {
	event, err := os.ReadFile("../../../../shared/containers/aws-lambda-go_kinesis-firehose-event.json")
	if os.IsNotExist(err) {
		t.Skip("../shared isn't here")
	}
	if err != nil {
		t.Fatal(err)
	}
	e, out := newEndpoint(t)
	if code, got := send(e, "secret", event); code != 200 || out.Len() != 0 { // it says hello
		t.Error(code, got, out)
	}
}
