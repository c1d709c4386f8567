// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestManyGoroutinesShareASnapshot(t *testing.T) {
	s := snapshot(t)
	var wait sync.WaitGroup
	for i := 0; i < 8; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			p, err := NewPipeline([]byte("fields: [client.tags.app]"))
			if err != nil {
				t.Error(err)
				return
			}
			defer p.Close()
			if err := p.SetSnapshot(s); err != nil {
				t.Error(err)
			}
			out := run(t, p, strings.Repeat(record, 100))
			if out != strings.Repeat("{\"Client\":{\"Tags\":{\"app\":\"orders\"}}}\n", 100) {
				t.Error(out)
			}
			if s.Stats()["interfaces"] != 1 {
				t.Error(s.Stats())
			}
		}()
	}
	wait.Wait()
}

func TestASnapshotMayBeClosedBeforeItsPipelines(t *testing.T) {
	p, s := pipeline(t, "fields: [client.tags.app]"), snapshot(t)
	ok(t, p.SetSnapshot(s))
	ok(t, s.Close())
	if out := run(t, p, record); !strings.Contains(out, "orders") {
		t.Error(out)
	}
	if err := p.SetSnapshot(s); err != ErrClosed {
		t.Error(err)
	}
	ok(t, p.SetSnapshot(nil))
	if out := run(t, p, record); strings.Contains(out, "orders") {
		t.Error(out)
	}
}

func TestPipelinesPublishWhatTheyLoaded(t *testing.T) {
	first, second := pipeline(t, ""), pipeline(t, "fields: [client.tags.app]")
	_, err := first.Load([]byte(inventory), ObservedAt(timeOf(observed)))
	ok(t, err)
	ok(t, second.SetSnapshot(must[*Snapshot](t)(first.Publish())))
	if out := run(t, second, record); !strings.Contains(out, "orders") {
		t.Error(out)
	}
}

func TestWhatACatalogCantLoadIsSaid(t *testing.T) {
	c := must[*Catalog](t)(NewCatalog(Assume(0)))
	for document, want := range map[string]Status{
		inventory:               ErrArg, // of no time
		"{":                     ErrSyntax,
		`{"NetworkAcls": [{}]}`: ErrUnsupported,
	} {
		if _, err := c.Load([]byte(document)); !errors.Is(err, want) {
			t.Error(document, err)
		}
	}
	if n := c.Stats()["documents"]; n != 0 {
		t.Error(n)
	}
}

// A day before it is seen first, an address has no owner but one that is assumed.
func TestNothingIsAssumedUnlessAllowed(t *testing.T) {
	const day = 24 * time.Hour
	server := strings.NewReplacer("eni-0a1", "eni-0b2", "10.0.0.5", "10.0.0.9").Replace(inventory)
	for bound, want := range map[time.Duration]string{0: "", 2 * day: "orders"} {
		c := must[*Catalog](t)(NewCatalog(Assume(bound)))
		for _, document := range []string{inventory, server} {
			_, err := c.Load([]byte(document), ModifiedAt(timeOf(observed).Add(day)))
			ok(t, err)
		}
		e, batch := must[*Enricher](t)(NewEnricher()), records(t, record)
		ok(t, e.SetSnapshot(must[*Snapshot](t)(c.Publish())))
		ok(t, e.Enrich(batch))
		if app := column(t, batch, "server.tags.app"); app.Text(0) != want {
			t.Errorf("%v: '%s'", bound, app.Text(0))
		}
	}
}

// Within the slack of an event nobody knows yet whether AWS did what it was asked to.
func TestWhatAnEventSaysTakesItsTime(t *testing.T) {
	const assigned = `{"eventVersion": "1.08", "eventName": "AssignPrivateIpAddresses", "eventTime": "%s",
		"eventID": "event-1", "requestParameters": {"networkInterfaceId": "eni-0b2",
		"privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.0.9"}]}}}`
	server := strings.NewReplacer("eni-0a1", "eni-0b2", "10.0.0.5", "10.0.0.8").Replace(inventory)
	at := timeOf(observed).Add(-10 * time.Minute).UTC().Format(time.RFC3339)
	for slack, want := range map[time.Duration]string{0: "orders", time.Hour: ""} {
		c := must[*Catalog](t)(NewCatalog(Assume(24*time.Hour), EventSlack(slack)))
		for _, document := range []string{inventory, server, fmt.Sprintf(assigned, at)} {
			_, err := c.Load([]byte(document), ModifiedAt(timeOf(observed)))
			ok(t, err)
		}
		e, batch := must[*Enricher](t)(NewEnricher()), records(t, record)
		ok(t, e.SetSnapshot(must[*Snapshot](t)(c.Publish())))
		ok(t, e.Enrich(batch))
		if app := column(t, batch, "server.tags.app"); app.Text(0) != want {
			t.Errorf("%v: '%s'", slack, app.Text(0))
		}
	}
}

func TestACatalogLearnsFromRecords(t *testing.T) {
	c := must[*Catalog](t)(NewCatalog())
	ok(t, c.Learn(records(t, record+answer)))
	if n := c.Stats()["learned_records"]; n == 0 {
		t.Error(c.Stats())
	}
}

func TestRecordsAreHeldForOthers(t *testing.T) {
	e := must[*Enricher](t)(NewEnricher(Hold(time.Minute), MaxBytes(1<<20)))
	ok(t, e.SetSnapshot(snapshot(t)))
	batch, out := records(t, strings.Repeat(record, 10)), must[*Batch](t)(NewBatch(4))
	var took []int
	take := func() {
		for {
			ok(t, e.Take(out))
			if out.Rows() == 0 {
				return
			}
			took = append(took, out.Rows())
		}
	}
	for row := 0; row < batch.Rows(); {
		var err error
		row, err = e.Hold(batch, row)
		ok(t, err)
		take()
	}
	ok(t, e.Advance(timeOf(1772452860)))
	take()
	if took != nil || e.Stats()["held"] != 10 {
		t.Error(took, e.Stats())
	}
	ok(t, e.Drain())
	take()
	if len(took) != 3 || took[2] != 2 || column(t, records(t, record), "bytes").U64[0] != 420 {
		t.Error(took)
	}
}

func TestAnEnricherExplains(t *testing.T) {
	e, batch := must[*Enricher](t)(NewEnricher(Strict())), records(t, record)
	ok(t, e.SetSnapshot(snapshot(t)))
	if _, err := e.Explain(batch, 0); !errors.Is(err, ErrArg) {
		t.Error("not enriched:", err)
	}
	ok(t, e.Enrich(batch))
	text, err := e.Explain(batch, 0)
	ok(t, err)
	if !strings.Contains(text, "eni-0a1") {
		t.Error(text)
	}
}

func TestConversationsAreChargedFor(t *testing.T) {
	pairer := must[*Pairer](t)(NewPairer(ActiveTimeout(time.Hour), IdleTimeout(time.Hour), Lateness(time.Minute),
		MismatchPercent(30), MaxBytes(1<<20)))
	s, rows := snapshot(t), must[*Batch](t)(NewBatch(0))
	ok(t, pairer.SetSnapshot(s))
	ok(t, pairer.Pair(records(t, record+answer)))
	ok(t, pairer.Advance(timeOf(1772452900)))
	ok(t, pairer.Take(rows))
	if rows.Rows() != 0 || pairer.Stats()["open"] != 1 {
		t.Error(rows.Rows(), pairer.Stats())
	}
	ok(t, pairer.Drain())
	ok(t, pairer.Take(rows))
	e, tariff := must[*Enricher](t)(NewEnricher()), must[*Tariff](t)(NewTariff(nil))
	ok(t, e.SetSnapshot(s))
	ok(t, e.Enrich(rows))
	ok(t, tariff.Charge(rows))
	if c := column(t, rows, "uncosted_bytes"); c.Rows != 1 || column(t, rows, "downloaded").U64[0] != 99 {
		t.Error(c.Rows)
	}
	if err := tariff.Charge(records(t, record)); !errors.Is(err, ErrArg) {
		t.Error("records:", err)
	}
	if err := tariff.Load([]byte("rates: 1")); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}

func TestAStageTakesListenersOfAConfiguration(t *testing.T) {
	yaml := []byte("listeners: [{protocol: tcp, port: 40000, name: mine}]")
	log := strings.Replace(record, "5432", "50000", 1)
	for want, e := range map[string]*Enricher{
		"10.0.0.9": must[*Enricher](t)(NewEnricher()),             // one way: the sender is the client
		"10.0.0.5": must[*Enricher](t)(NewEnricher(Config(yaml))), // but for a known listener
	} {
		batch := records(t, log)
		ok(t, e.Enrich(batch))
		if server := column(t, batch, "server.addr"); server.Addr(0).String() != want {
			t.Error(server.Addr(0), want)
		}
	}
	if _, err := NewEnricher(Config([]byte("listenerz: []"))); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
	if _, err := NewPairer(Config([]byte("listenerz: []"))); !errors.Is(err, ErrSyntax) {
		t.Error(err)
	}
}

func TestAClosedBatchTeachesNothing(t *testing.T) {
	c, b := must[*Catalog](t)(NewCatalog()), must[*Batch](t)(NewBatch(1))
	ok(t, b.Close())
	if err := c.Learn(b); err != ErrClosed {
		t.Error(err)
	}
}

func TestStagesThatAreClosedSaySo(t *testing.T) {
	e, p, c := must[*Enricher](t)(NewEnricher()), must[*Pairer](t)(NewPairer()), must[*Catalog](t)(NewCatalog())
	parser, encoder, b := must[*Parser](t)(NewParser()), must[*Encoder](t)(NewEncoder("json")), records(t, record)
	tariff := must[*Tariff](t)(NewTariff(nil))
	for _, closed := range []io.Closer{e, p, c, parser, encoder, tariff} {
		ok(t, closed.Close())
		ok(t, closed.Close())
	}
	_, parsing := parser.Parse(nil, b)
	_, loading := c.Load(nil)
	for i, err := range []error{e.Enrich(b), e.Drain(), e.Take(b), p.Pair(b), p.Drain(), p.Take(b), c.Learn(b),
		encoder.Encode(nil, b), tariff.Charge(b), parsing, loading} {
		if err != ErrClosed {
			t.Error(i, err)
		}
	}
}
