// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const flat = "enrich: false\nfields: [bytes]\n"

func TestBytesGoInAndEncodedBytesComeOut(t *testing.T) {
	p := pipeline(t, flat)
	if out := run(t, p, record+nodata+answer); out != "{\"bytes\":420}\n{\"bytes\":null}\n{\"bytes\":99}\n" {
		t.Error(out)
	}
	if out := run(t, p, ""); out != "" {
		t.Error(out)
	}
	if stats := p.Stats(); stats["records"] != 2 || stats["nodata"] != 1 {
		t.Error(stats)
	}
}

func TestRowsComeInBatches(t *testing.T) {
	p := pipeline(t, "encoder: none")
	rows, sum := 0, uint64(0)
	each := func(b *Batch) error {
		return b.View(func(v View) error {
			c, err := v.Column("bytes")
			for row := 0; err == nil && row < b.Rows(); row++ {
				rows, sum = rows+1, sum+c.Uint(row)
			}
			return err
		})
	}
	log := strings.Repeat(record, 5000)
	ok(t, p.Read(background, strings.NewReader(log), nil, each))
	ok(t, p.Finish(background, each))
	if rows != 5000 || sum != 5000*420 {
		t.Errorf("%d rows, %d bytes", rows, sum)
	}
}

// The configuration, documents and logs of the sample, as they are given to the tool.
func TestTheToolWritesTheSameHoweverTheInputIsCut(t *testing.T) {
	tool := os.Getenv("FLOWENRICH_TOOL")
	if tool == "" {
		t.Skip("FLOWENRICH_TOOL isn't the path of a tool to compare with")
	}
	config := filepath.Join(sample, "flowenrich.yaml")
	yaml := content(t, config)
	logs := files(t, "logs", ".gz")
	for i, size := range []int{1, 7, 4093, 1 << 20} {
		log := logs[i%len(logs)]
		want, err := exec.Command(tool, "enrich", "-q", "--no-learn", "-i", filepath.Join(sample, "inventory"),
			"-c", config, log).Output()
		ok(t, err)

		p := pipeline(t, string(yaml))
		for _, path := range files(t, "inventory", ".json") {
			info, err := os.Stat(path)
			ok(t, err)
			_, err = p.Load(content(t, path), ModifiedAt(info.ModTime()))
			ok(t, err)
		}
		var got bytes.Buffer
		ok(t, p.Copy(background, &got, pieces{bytes.NewReader(content(t, log)), size}, &Source{Key: log}))
		ok(t, p.Flush(background, &got))
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s in pieces of %d bytes: %d bytes, the tool writes %d", log, size, got.Len(), len(want))
		}
	}
}

// pieces reads so many bytes at a time.
type pieces struct {
	from io.Reader
	size int
}

func (p pieces) Read(buf []byte) (int, error) {
	if len(buf) > p.size {
		buf = buf[:p.size]
	}
	return p.from.Read(buf)
}

func TestAWrongConfigurationHasLineAndColumn(t *testing.T) {
	_, err := NewPipeline([]byte("encoder: json\nfieldz: [bytes]\n"))
	var e *Error
	if !errors.As(err, &e) || e.Status != ErrSyntax || e.Line != 2 || e.Column != 1 {
		t.Fatalf("%#v", err)
	}
	if !errors.Is(err, ErrSyntax) || errors.Is(err, ErrLimit) || ErrSyntax.Error() != "ERR_SYNTAX" {
		t.Error(err)
	}
	if !strings.Contains(err.Error(), "line 2, column 1") || !strings.Contains(err.Error(), "fieldz") {
		t.Error(err)
	}
}

func TestDocumentsNameEnds(t *testing.T) {
	p := pipeline(t, "fields: [client.tags.app, server.addr]")
	if _, err := p.Load([]byte(inventory)); !errors.Is(err, ErrArg) {
		t.Error("a document without a date:", err)
	}
	dated, err := p.Load([]byte(inventory), ObservedAt(time.Unix(observed, 0)))
	ok(t, err)
	if dated.Unix() != observed {
		t.Error(dated)
	}
	want := "{\"Client\":{\"Tags\":{\"app\":\"orders\"}},\"Server\":{\"Addr\":\"10.0.0.9\"}}\n"
	if out := run(t, p, record); out != want {
		t.Error(out)
	}
	text, err := p.Explain([]byte(record))
	ok(t, err)
	if !strings.Contains(text, "eni-0a1") {
		t.Error(text)
	}
	if _, err := p.Explain([]byte("hello")); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}

func TestWhatIsBrokenIsLeftOutAlone(t *testing.T) {
	p := pipeline(t, "enrich: false\nfields: [bytes]")
	payload := `{"records": [{"data": "MiAx", "recordId": "r1"}, {"data": "%%%", "recordId": "r2"},` +
		`{"data": "` + "MiAxMjM0NTY3ODkwMTIgZW5pLTBhMSAxMC4wLjAuNSAxMC4wLjAuOSA0MDAwMCA1NDMyIDYgMyA0MjAgMTc3MjQ1MjgwMCAxNzcyNDUyODYwIEFDQ0VQVCBPSwo=" +
		`", "recordId": "r3"}]}`
	var out bytes.Buffer
	err := p.Copy(background, &out, strings.NewReader(payload), nil)
	var partial *PartialError
	var e *Error
	if !errors.As(err, &partial) || len(partial.Parts) != 1 || !errors.As(err, &e) || e.Status != ErrSyntax {
		t.Fatal(err)
	}
	if !strings.Contains(err.Error(), "records[1]") {
		t.Error(err)
	}
	ok(t, p.Flush(background, &out))
	if out.String() != "{\"bytes\":420}\n" {
		t.Error(out.String())
	}
	if stats := p.Stats(); stats["payload_failed"] != 1 {
		t.Error(stats)
	}
}

func TestLinesThatAreRefusedSayWhy(t *testing.T) {
	p := pipeline(t, flat)
	ok(t, p.Begin(nil))
	_, err := p.Feed([]byte(strings.Replace(record, "420", "x", 1)))
	ok(t, err)
	list := p.Rejects()
	if len(list) != 1 || list[0].Line != 1 || list[0].Reason == "" || list[0].Text+"\n" == record {
		t.Errorf("%+v", list)
	}
}

func TestTooManyBadLinesStillGiveTheRowsBefore(t *testing.T) {
	p := pipeline(t, flat+"limits: {bad_lines: 1}")
	var out bytes.Buffer
	err := p.Copy(background, &out, strings.NewReader(record+"hello\nhello\n"+record), nil)
	var e *Error
	if !errors.As(err, &e) || e.Status != ErrLimit || e.Line != 3 {
		t.Fatal(err)
	}
	ok(t, p.Flush(background, &out))
	if out.String() != "{\"bytes\":420}\n" {
		t.Error(out.String())
	}
	if _, err := p.Feed([]byte(record)); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

func TestAnInputThatBreaksOffIsLeft(t *testing.T) {
	broken := errors.New("broken")
	for name, src := range map[string]io.Reader{
		"in a line": io.MultiReader(strings.NewReader(record+record[:40]), iotest.ErrReader(broken)),
		"at once":   iotest.ErrReader(broken),
	} {
		p := pipeline(t, flat)
		if err := p.Copy(background, io.Discard, src, nil); !errors.Is(err, broken) {
			t.Error(name, err)
		}
		if out := run(t, p, answer); !strings.HasSuffix(out, "{\"bytes\":99}\n") {
			t.Error(name, out)
		}
	}
}

func TestACancelledContextEndsAnInput(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	cancel()
	p := pipeline(t, flat)
	err := p.Copy(ctx, io.Discard, strings.NewReader(record), nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if out := run(t, p, answer); !strings.HasSuffix(out, "{\"bytes\":99}\n") {
		t.Error(out)
	}
}

func TestASinkThatFailsEndsAnInput(t *testing.T) {
	full := errors.New("full")
	p := pipeline(t, "encoder: none")
	err := p.Read(background, strings.NewReader(strings.Repeat(record, 9000)), nil, func(*Batch) error { return full })
	if !errors.Is(err, full) {
		t.Error(err)
	}
	rows := 0
	count := func(b *Batch) error { rows += b.Rows(); return nil }
	ok(t, p.Read(background, strings.NewReader(record), nil, count))
	ok(t, p.Finish(background, count))
	if rows == 0 {
		t.Error("no rows")
	}
}

func TestWhatIsDueByAClockComesOut(t *testing.T) {
	p := pipeline(t, "level: conversation\nhold: 60\nfields: [uploaded, downloaded]")
	ok(t, p.Begin(nil))
	_, err := p.Feed([]byte(record + answer))
	ok(t, err)
	var out []byte
	for _, now := range []int64{1772452900, 1772452900 + 86400} {
		for done := false; !done; {
			done, err = p.Advance(timeOf(now))
			ok(t, err)
			out = append(out, p.Output()...)
		}
	}
	if string(out) != "{\"Uploaded\":420,\"Downloaded\":99}\n" {
		t.Errorf("%s", out)
	}
}

func TestNotificationsTellOfObjects(t *testing.T) {
	p := pipeline(t, "")
	ok(t, p.Begin(nil))
	event := `{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","awsRegion":"us-east-1",` +
		`"s3":{"bucket":{"name":"logs"},"object":{"key":"a+b%2Bc.log.gz"}}}]}`
	_, err := p.Feed([]byte(event))
	ok(t, err)
	var objects []Source
	for done := false; !done; {
		done, err = p.End()
		ok(t, err)
		objects = append(objects, p.Objects()...)
	}
	want := []Source{{Region: "us-east-1", Bucket: "logs", Key: "a b+c.log.gz"}}
	if !reflect.DeepEqual(objects, want) {
		t.Errorf("%+v", objects)
	}
}

func TestASourceBecomesColumns(t *testing.T) {
	const key = "AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/11/20/" +
		"111122223333_vpcflowlogs_us-east-1_fl-0a1b2c3d_20261120T0900Z_fe123456.log.gz"
	p := pipeline(t, "enrich: false\nfields: [flow_log.account, flow_log.region, flow_log.id, flow_log.bucket]")
	var out bytes.Buffer
	ok(t, p.Copy(background, &out, strings.NewReader(record), &Source{Key: key, Bucket: "b", Region: "mine"}))
	ok(t, p.Flush(background, &out))
	want := `{"flow_log.account":"111122223333","flow_log.region":"mine","flow_log.id":"fl-0a1b2c3d","flow_log.bucket":"b"}` + "\n"
	if out.String() != want {
		t.Error(out.String())
	}
}

func TestPathsThatNoLogHadAreMissing(t *testing.T) {
	p := pipeline(t, "enrich: false\nfields: [bytes, vpc_id]")
	run(t, p, record)
	if missing := p.Missing(); !reflect.DeepEqual(missing, []string{"vpc_id"}) {
		t.Error(missing)
	}
}

func TestLearningNamesWhoLoggedThePackets(t *testing.T) {
	log := strings.Replace(record, "eni-0a1", "eni-0b2", 1) + record
	p := pipeline(t, "fields: [client.interface_id]")
	ok(t, p.SetLearning(true))
	run(t, p, log)
	ok(t, p.SetLearning(false))
	run(t, p, log)
	if stats := p.Stats(); stats["learned_records"] == 0 {
		t.Error(stats)
	}
}

func TestAClosedPipelineSaysSo(t *testing.T) {
	p := pipeline(t, "")
	ok(t, p.Close())
	ok(t, p.Close())
	_, loading := p.Load(nil)
	_, feeding := p.Feed(nil)
	_, advancing := p.Advance(time.Now())
	_, explaining := p.Explain(nil)
	for i, err := range []error{loading, feeding, advancing, explaining, p.Begin(nil), p.SetSnapshot(nil),
		p.Copy(background, io.Discard, strings.NewReader(""), nil), p.Flush(background, io.Discard)} {
		if err != ErrClosed {
			t.Error(i, err)
		}
	}
	if p.Output() != nil || p.Batch() != nil || p.Stats() != nil || p.Missing() != nil || p.Rejects() != nil {
		t.Error("it has something")
	}
}
