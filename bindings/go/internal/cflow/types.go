// SPDX-License-Identifier: Apache-2.0

// Package cflow is the C library as SWIG shows it. It is made by scripts/bindings, but for the types
// here, which lie in memory as those of flowenrich.h that they are named after: C fills them in.
package cflow

/*
#include <flowenrich.h>
*/
import "C"

import "unsafe"

// What a call came to, other than OK.
const (
	ErrArg         = C.FLOWENRICH_ERR_ARG
	ErrNoMemory    = C.FLOWENRICH_ERR_NOMEM
	ErrSyntax      = C.FLOWENRICH_ERR_SYNTAX
	ErrLimit       = C.FLOWENRICH_ERR_LIMIT
	ErrResolver    = C.FLOWENRICH_ERR_RESOLVER
	ErrUnsupported = C.FLOWENRICH_ERR_UNSUPPORTED
	ErrCorrupt     = C.FLOWENRICH_ERR_CORRUPT
)

// What the values of a column are.
const (
	TypeU32     = C.FLOWENRICH_TYPE_U32
	TypeU64     = C.FLOWENRICH_TYPE_U64
	TypeTime    = C.FLOWENRICH_TYPE_TIME
	TypeF64     = C.FLOWENRICH_TYPE_F64
	TypeAddress = C.FLOWENRICH_TYPE_ADDRESS
	TypeText    = C.FLOWENRICH_TYPE_TEXT
	TypeList    = C.FLOWENRICH_TYPE_LIST
	TypeMap     = C.FLOWENRICH_TYPE_MAP
	TypeBool    = C.FLOWENRICH_TYPE_BOOL
)

// Times that are none.
const (
	TimeAbsent = C.FLOWENRICH_TIME_ABSENT
	TimeEnd    = C.FLOWENRICH_TIME_END
)

// CodeAbsent is the code of a row without a value.
const CodeAbsent = 1<<32 - 1

// Error is flowenrich_error.
type Error struct {
	Status   int32
	Line     uint32
	Column   uint32
	reserved uint32
	Offset   uint64
	Message  [232]byte
}

// Text is flowenrich_text, and a Go string as long as C has it.
type Text struct {
	Data *byte
	Len  int
}

// Stat is flowenrich_stat.
type Stat struct {
	Name  *byte
	Value uint64
}

// Document is flowenrich_document.
type Document struct {
	Size                   int
	ObservedAt, ModifiedAt int64
}

// Source is flowenrich_source.
type Source struct {
	Size                                           int
	Identity, Account, Region, LogGroup, LogStream Text
	InterfaceID, Bucket, Key, FlowLog              Text
}

// What a message is.
const (
	MessageNone   = C.FLOWENRICH_MESSAGE_NONE
	MessageText   = C.FLOWENRICH_MESSAGE_TEXT
	MessageObject = C.FLOWENRICH_MESSAGE_OBJECT
)

// Message is flowenrich_message.
type Message struct {
	Size         int
	Kind, Part   uint32
	Text, Record Text
	Source       *Source
	Time         int64
}

// Column is flowenrich_column.
type Column struct {
	Size          int
	Type, Item    uint32
	Rows          int
	Values        unsafe.Pointer
	Validity      *byte
	Text          *byte
	Codes         *uint32
	Dictionary    *string
	DictionaryLen int
	Lists         *uint32
}

// Reject is flowenrich_reject.
type Reject struct {
	Size          int
	Line, Offset  uint64
	Reason, Field *byte
	Text, Place   Text
}

// PairerOptions is flowenrich_pairer_options, without what is given apart.
type PairerOptions struct {
	Size            int
	allocator       uintptr
	hashSeed        uint64
	config          uintptr
	configLen       int
	MaxBytes        uint64
	ActiveTimeout   uint32
	IdleTimeout     uint32
	Lateness        uint32
	Slack           int32
	MismatchPercent uint32
}

// EnricherOptions is flowenrich_enricher_options, without what is given apart.
type EnricherOptions struct {
	Size      int
	allocator uintptr
	hashSeed  uint64
	config    uintptr
	configLen int
	Slack     int32
	Strict    uint32
	Hold      int64
	MaxBytes  uint64
}

// The last members lie where C has them, or this doesn't compile. Structs of C may grow behind them.
const (
	_ = -(unsafe.Offsetof(Error{}.Message) ^ unsafe.Offsetof(C.flowenrich_error{}.message))
	_ = -(unsafe.Sizeof(Error{}) ^ unsafe.Sizeof(C.flowenrich_error{}))
	_ = -(unsafe.Sizeof(Text{}) ^ unsafe.Sizeof(C.flowenrich_text{}))
	_ = -(unsafe.Sizeof(Stat{}) ^ unsafe.Sizeof(C.flowenrich_stat{}))
	_ = -(unsafe.Offsetof(Document{}.ModifiedAt) ^ unsafe.Offsetof(C.flowenrich_document{}.modified_at))
	_ = -(unsafe.Offsetof(Source{}.FlowLog) ^ unsafe.Offsetof(C.flowenrich_source{}.flow_log))
	_ = -(unsafe.Offsetof(Message{}.Time) ^ unsafe.Offsetof(C.flowenrich_message{}.time))
	_ = -(unsafe.Offsetof(Column{}.Lists) ^ unsafe.Offsetof(C.flowenrich_column{}.lists))
	_ = -(unsafe.Offsetof(Reject{}.Place) ^ unsafe.Offsetof(C.flowenrich_reject{}.place))
	_ = -(unsafe.Offsetof(PairerOptions{}.MismatchPercent) ^
		unsafe.Offsetof(C.flowenrich_pairer_options{}.mismatch_percent))
	_ = -(unsafe.Offsetof(EnricherOptions{}.MaxBytes) ^
		unsafe.Offsetof(C.flowenrich_enricher_options{}.max_bytes))
)
