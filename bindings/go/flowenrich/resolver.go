// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// A Resolver is a source of identities of your own. It is asked what the snapshot left open: the distinct questions
// of one batch at a time. It fills in answers[i], or leaves it alone: "not mine, go on".
//
// It must not use the object that asks. An error fails the call that asked, which unwraps to it.
type Resolver interface {
	Resolve(ctx context.Context, questions []Question, answers []Answer) error
}

// ResolverFunc is a function that is a [Resolver].
type ResolverFunc func(ctx context.Context, questions []Question, answers []Answer) error

// Resolve calls f.
func (f ResolverFunc) Resolve(ctx context.Context, questions []Question, answers []Answer) error {
	return f(ctx, questions, answers)
}

// A Question is: who was this, throughout this time, seen from there?
type Question struct {
	Addr        netip.Addr // or, if it isn't valid,
	InterfaceID string
	Space       uint32 // number of the observer's address space in the snapshot; 0 = unknown
	Observer    string // who logged it: interface id, resource-id/az-id, or attachment
	VPC         string // the observer's; "" if unknown
	From, Until time.Time
}

// Sure says how sure an answer is.
type Sure int32

// From the least to the most.
const (
	Assumed Sure = cflow.SureAssumed // before the first or after the last sighting
	Sighted Sure = cflow.SureSighted // between two sightings of one owner; what is taken if nothing is said
	Exact   Sure = cflow.SureExact   // an event, or the record's own interface
)

// An Answer is what a resolver fills in for one question, before it returns.
type Answer struct {
	c     cflow.SwigcptrAnswer
	asked *asked
}

// Set says what the owner is: `type`, `arns`, `interface_id`, `vpc_id`, `network`, `tags.KEY`… It replaces what
// was said of a path before; `arns` and `security_group_ids` get one more value.
func (a *Answer) Set(path, value string) {
	a.asked.check(a.c.Set(zeroEnded(path), []byte(value)), "'%s' is no path of an answer", path)
}

// Sure says how sure the answer is.
func (a *Answer) Sure(sure Sure) {
	a.c.Set_sure(int(sure))
}

// Behind says that the end is reached through an interface that doesn't own it: a pod through its node.
func (a *Answer) Behind(interfaceID string) {
	a.asked.check(a.c.Behind([]byte(interfaceID)), "'%s' is no interface", interfaceID)
}

// Hold says how long the answer holds, or that there is none. A zero until: for good.
func (a *Answer) Hold(from, until time.Time) {
	end := int64(cflow.TimeEnd)
	if !until.IsZero() {
		end = until.Unix()
	}
	a.c.Hold(seconds(from), end)
}

// Refuse says that the owner can't be named, why, and that nobody else is to be asked.
func (a *Answer) Refuse(reason string) {
	a.asked.check(a.c.Refuse([]byte(reason)), "'%s' is no reason", reason)
}

// A Cache before a slow resolver has it asked once for as long as an answer holds, in the records' time.
type Cache struct {
	MaxBytes    uint64        // 0 = 64 MiB
	TTL         time.Duration // 0 = 5 minutes; negative: an answer that doesn't say so itself isn't kept
	NegativeTTL time.Duration // the same of what was left open or refused; 0 = a minute
}

func (c *Cache) options() *cflow.CacheOptions {
	if c == nil {
		return nil
	}
	return &cflow.CacheOptions{
		Size:        int(unsafe.Sizeof(cflow.CacheOptions{})),
		HashSeed:    hashSeed,
		MaxBytes:    c.MaxBytes,
		TTL:         int32(inSeconds(c.TTL)),
		NegativeTTL: int32(inSeconds(c.NegativeTTL)),
	}
}

// inSeconds is a duration as options have it: -1 is none, 0 what they take by themselves.
func inSeconds(d time.Duration) int64 {
	if d < 0 {
		return -1
	}
	return int64((d + time.Second - 1) / time.Second)
}

// asked is what an object's resolvers share with its calls, apart from the object, so that it can be forgotten.
type asked struct {
	ctx context.Context
	err error // of the resolver that failed last
}

// check keeps what is wrong with an answer.
func (a *asked) check(status int, format string, value string) {
	if status != 0 && a.err == nil {
		a.err = fmt.Errorf("flowenrich: "+format, value)
	}
}

// asking is r as the library asks it.
func (a *asked) asking(r Resolver) cflow.Resolver {
	return func(keys []cflow.Key, handles []cflow.SwigcptrAnswer) (why string) {
		defer func() {
			if panicked := recover(); panicked != nil {
				a.err = fmt.Errorf("flowenrich: a resolver panicked: %v", panicked)
				why = a.err.Error()
			}
		}()
		answers := make([]Answer, len(handles))
		for i, handle := range handles {
			answers[i] = Answer{handle, a}
		}
		a.err = nil
		if err := r.Resolve(a.context(), questions(keys), answers); err != nil {
			a.err = err
		}
		if a.err != nil {
			return "the resolver failed: " + a.err.Error()
		}
		return ""
	}
}

func (a *asked) context() context.Context {
	if a.ctx == nil {
		return context.Background()
	}
	return a.ctx
}

// explain has the failure of a resolver unwrap to its error.
func (a *asked) explain(err *Error) *Error {
	if err.Status == ErrResolver {
		err.cause = a.err
	}
	return err
}

func questions(keys []cflow.Key) []Question {
	list := make([]Question, len(keys))
	for i := range keys {
		key := &keys[i]
		list[i] = Question{
			InterfaceID: textOf(key.ID),
			Space:       key.Space,
			Observer:    textOf(key.Observer),
			VPC:         textOf(key.VPC),
			From:        timeOf(key.From),
			Until:       timeOf(key.Until),
		}
		if key.Kind == cflow.KeyAddress {
			list[i].Addr = netip.AddrFrom16(key.Address).Unmap()
		}
	}
	return list
}

// AddResolver has r asked what the snapshot and the resolvers before it left open; name is what `By` says then.
// With a cache that isn't nil, it is asked once for as long as an answer holds.
func (p *Pipeline) AddResolver(name string, r Resolver, cache *Cache) error {
	if p.failed != nil {
		return p.failed
	}
	handle := p.asked.asking(r).Handle()
	return p.check(p.c.Ask(zeroEnded(name), handle, cache.options(), &p.calls.error))
}

// AddResolver has r asked, as [Pipeline.AddResolver].
func (e *Enricher) AddResolver(name string, r Resolver, cache *Cache) error {
	if e.c == nil {
		return ErrClosed
	}
	handle := e.asked.asking(r).Handle()
	err := e.calls.check(e.c.Ask(zeroEnded(name), handle, cache.options(), &e.calls.error))
	runtime.KeepAlive(e)
	return err
}
