// SPDX-License-Identifier: Apache-2.0

package cflow

/*
#include <flowenrich.h>
*/
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Key is flowenrich_key.
type Key struct {
	Size              int
	Kind, Space       uint32
	Address           [16]byte
	ID, Observer, VPC Text
	From, Until       int64
}

// PlacedKey is a Key with places of texts instead of texts: C may not be shown what points to Go's.
type PlacedKey struct {
	Size              int
	Kind, Space       uint32
	Address           [16]byte
	ID, Observer, VPC Place
	From, Until       int64
}

// Place is a Text that begins so many bytes behind another.
type Place struct {
	At, Len int
}

// What is asked about.
const (
	KeyAddress   = C.FLOWENRICH_KEY_ADDRESS
	KeyInterface = C.FLOWENRICH_KEY_INTERFACE
)

// How sure an answer is.
const (
	SureAssumed = C.FLOWENRICH_SURE_ASSUMED
	SureSighted = C.FLOWENRICH_SURE_SIGHTED
	SureExact   = C.FLOWENRICH_SURE_EXACT
)

// CacheOptions is flowenrich_cache_options.
type CacheOptions struct {
	Size             int
	allocator        uintptr
	HashSeed         uint64
	MaxBytes         uint64
	TTL, NegativeTTL int32
}

const (
	_ = -(unsafe.Sizeof(Key{}) ^ unsafe.Sizeof(C.flowenrich_key{}))
	_ = -(unsafe.Sizeof(PlacedKey{}) ^ unsafe.Sizeof(C.flowenrich_key{}))
	_ = -(unsafe.Offsetof(CacheOptions{}.NegativeTTL) ^
		unsafe.Offsetof(C.flowenrich_cache_options{}.negative_ttl))
)

// A Resolver is asked by the library. What it returns is why it failed, or "".
type Resolver func(keys []Key, answers []SwigcptrAnswer) string

// Handle is what C knows a resolver by, until it forgets it.
func (r Resolver) Handle() uint64 {
	return uint64(cgo.NewHandle(r))
}

//export flowenrichGoResolve
func flowenrichGoResolve(handle C.uint64_t, keys unsafe.Pointer, n C.size_t, answers unsafe.Pointer,
	failure unsafe.Pointer) C.int {
	resolver := cgo.Handle(handle).Value().(Resolver)
	why := resolver(unsafe.Slice((*Key)(keys), int(n)),
		unsafe.Slice((*SwigcptrAnswer)(answers), int(n)))
	if why == "" {
		return 0
	}
	if failure != nil {
		e := (*Error)(failure)
		*e = Error{Status: ErrResolver}
		copy(e.Message[:len(e.Message)-1], why)
	}
	return ErrResolver
}

//export flowenrichGoForget
func flowenrichGoForget(handle C.uint64_t) {
	cgo.Handle(handle).Delete()
}
