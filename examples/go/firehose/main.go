// SPDX-License-Identifier: Apache-2.0

// Firehose is an HTTP endpoint that a delivery stream of Amazon Data Firehose sends to: it writes a line of JSON for each
// record of a flow log to its standard output.
//
//	FLOWENRICH_INVENTORY=inventory FIREHOSE_KEY=secret firehose 127.0.0.1:8080
package main

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/flowenrich/libflowenrich/examples/go/naming"
)

const mostBytes = 64 << 20 // what Firehose sends at most in a request

type endpoint struct {
	namer *naming.Namer
	key   string // what the delivery stream is configured with; "" = none is asked for

	mutex sync.Mutex // of out: requests come at a time
	out   io.Writer
}

// What Firehose asks for in each answer.
type answer struct {
	RequestID string `json:"requestId"`
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"errorMessage,omitempty"`
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, message := e.take(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	err := json.NewEncoder(w).Encode(answer{
		RequestID: r.Header.Get("X-Amz-Firehose-Request-Id"),
		Timestamp: time.Now().UnixMilli(),
		Message:   message,
	})
	if err != nil {
		log.Print(err)
	}
}

// take is the status to answer with, and why. What isn't 200 Firehose sends again.
func (e *endpoint) take(w http.ResponseWriter, r *http.Request) (int, string) {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed, "only POST is for Firehose"
	}
	key := r.Header.Get("X-Amz-Firehose-Access-Key")
	if subtle.ConstantTimeCompare([]byte(key), []byte(e.key)) == 0 {
		return http.StatusUnauthorized, "another access key is wanted"
	}
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBytes))
	if err != nil {
		return http.StatusBadRequest, err.Error()
	}
	var lines bytes.Buffer
	if err := e.namer.Name(r.Context(), &lines, request); err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if _, err := e.out.Write(lines.Bytes()); err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	return http.StatusOK, ""
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: firehose ADDRESS")
	}
	namer, err := naming.FromEnvironment()
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              os.Args[1],
		Handler:           &endpoint{namer: namer, key: os.Getenv("FIREHOSE_KEY"), out: os.Stdout},
		ReadHeaderTimeout: 10 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
