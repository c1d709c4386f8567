// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// pods answers who 10.0.0.9 is, and counts how often it is asked.
type pods struct {
	asked []Question
	ctx   context.Context
}

func (r *pods) Resolve(ctx context.Context, questions []Question, answers []Answer) error {
	r.ctx = ctx
	r.asked = append(r.asked, questions...)
	for i, q := range questions {
		if q.Addr == netip.MustParseAddr("10.0.0.9") {
			answers[i].Set("type", "k8s:pod")
			answers[i].Set("tags.app", "web")
			answers[i].Sure(Exact)
			answers[i].Behind("eni-0c3")
			answers[i].Hold(q.From, time.Time{})
		} else {
			answers[i].Refuse("nobody_knows")
		}
	}
	return nil
}

const named = "fields: [client.reason, server.type, server.tags.app, server.behind, server.by, server.sure]"

func TestAResolverIsAskedWhatIsOpen(t *testing.T) {
	p, r := pipeline(t, named), new(pods)
	ok(t, p.AddResolver("pods", r, nil))
	ctx := context.WithValue(background, r, "mine")
	var out strings.Builder
	ok(t, p.Copy(ctx, &out, strings.NewReader(strings.Repeat(record, 10)), nil))
	ok(t, p.Flush(ctx, &out))
	want := `{"Client":{"Reason":"nobody_knows"},"Server":{"Type":"k8s:pod","Tags":{"app":"web"},` +
		`"Behind":"eni-0c3","By":"pods","Sure":"exact"}}` + "\n"
	if out.String() != strings.Repeat(want, 10) {
		t.Error(out.String())
	}
	if len(r.asked) != 2 || r.ctx.Value(r) != "mine" {
		t.Errorf("%+v", r.asked)
	}
	q := r.asked[0]
	if q.Observer != "eni-0a1" || q.From != timeOf(1772452800-60) || q.Until != timeOf(1772452860+60) {
		t.Errorf("%+v", q)
	}
}

func TestACacheHasItAskedOnce(t *testing.T) {
	p, r := pipeline(t, named), new(pods)
	ok(t, p.AddResolver("pods", r, &Cache{TTL: time.Hour, NegativeTTL: time.Hour}))
	for i := 0; i < 5; i++ {
		run(t, p, record)
	}
	if len(r.asked) != 2 {
		t.Error(len(r.asked))
	}
}

func TestWhatFailsInAResolverIsTheCause(t *testing.T) {
	down := errors.New("down")
	for name, c := range map[string]struct {
		resolve ResolverFunc
		message string
	}{
		"an error": {func(context.Context, []Question, []Answer) error { return down }, "down"},
		"a panic":  {func(context.Context, []Question, []Answer) error { panic("oh") }, "oh"},
		"a path nobody has": {func(_ context.Context, _ []Question, a []Answer) error {
			a[0].Set("no.such", "x")
			return nil
		}, "'no.such'"},
	} {
		p := pipeline(t, "")
		ok(t, p.AddResolver("failing", c.resolve, nil))
		err := p.Copy(background, io.Discard, strings.NewReader(strings.Repeat(record, 5000)), nil)
		var e *Error
		if !errors.As(err, &e) || e.Status != ErrResolver || !strings.Contains(err.Error(), c.message) {
			t.Error(name, err)
		}
		if errors.Is(err, down) != (c.message == "down") {
			t.Error(name, err)
		}
		if _, err := p.Feed([]byte(record)); err != e {
			t.Error(name, "then:", err)
		}
	}
}

func TestAnEnricherAsksToo(t *testing.T) {
	e, r := must[*Enricher](t)(NewEnricher(Slack(0))), new(pods)
	ok(t, e.AddResolver("pods", r, nil))
	batch := records(t, record)
	ok(t, e.Enrich(batch))
	if c := column(t, batch, "server.type"); c.Text(0) != "k8s:pod" || r.asked[0].From != timeOf(1772452800) {
		t.Errorf("%q %+v", c.Text(0), r.asked)
	}
}

// A forgotten pipeline is freed, though the library can call its resolver.
func TestAForgottenObjectIsClosed(t *testing.T) {
	freed := make(chan bool)
	func() {
		p, err := NewPipeline(nil)
		ok(t, err)
		r := new(pods)
		runtime.SetFinalizer(r, func(*pods) { close(freed) })
		ok(t, p.AddResolver("pods", r, nil))
	}()
	for i := 0; i < 100; i++ {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the resolver is still there")
}

func TestQuestionsAreGoOnesOwn(t *testing.T) {
	p, r := pipeline(t, ""), new(pods)
	ok(t, p.AddResolver("pods", r, nil))
	run(t, p, record)
	asked := append([]Question(nil), r.asked...)
	p.Close()
	if !reflect.DeepEqual(asked, r.asked) || asked[0].Observer != "eni-0a1" {
		t.Errorf("%+v", asked)
	}
}
