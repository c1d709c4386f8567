// SPDX-License-Identifier: Apache-2.0

package flowenrich

import (
	"net/netip"
	"time"
	"unsafe"

	"github.com/flowenrich/libflowenrich/bindings/go/internal/cflow"
)

// Type says what the values of a [Column] are.
type Type uint32

// The types of columns, and what has the value of a row.
const (
	TypeU32     Type = cflow.TypeU32     // U32, or Uint
	TypeU64     Type = cflow.TypeU64     // U64, or Uint
	TypeTime    Type = cflow.TypeTime    // Times, or Time
	TypeF64     Type = cflow.TypeF64     // F64, or Float
	TypeAddress Type = cflow.TypeAddress // Addresses, or Addr
	TypeText    Type = cflow.TypeText    // Text, or Dictionary by Codes
	TypeList    Type = cflow.TypeList    // Texts, or Uints
	TypeMap     Type = cflow.TypeMap     // Map
	TypeBool    Type = cflow.TypeBool    // Bool
)

// Absent is the code of a row without a value.
const Absent = cflow.CodeAbsent

// A Column has the values of one path, a row each. Its methods give that of a row; loops over many rows are
// fastest over the slices.
type Column struct {
	Type Type
	Item Type // of a list, what its items are: TypeText or TypeU64
	Rows int

	// One of these has an element a row. Rows without a value have any.
	U32       []uint32
	U64       []uint64
	Times     []int64 // seconds since 1970
	F64       []float64
	Addresses [][16]byte // IPv4 as ::ffff:a.b.c.d

	// If there are Codes, the text of a row is Dictionary[Codes[row]], or none where that is Absent.
	Codes      []uint32
	Dictionary []string

	validity []byte // bit i is set if row i has a value
	bits     []byte
	slices   []slice
	text     *byte    // what slices point into
	lists    []uint32 // entry e has items lists[e] up to lists[e + 1]
	copied   []byte   // what text and Dictionary point into, in a copy
}

type slice struct{ offset, length uint32 }

// Has tells whether a row has a value.
func (c *Column) Has(row int) bool {
	if len(c.Codes) > 0 {
		return c.Codes[row] != Absent
	}
	return bit(c.validity, row)
}

// Uint is the number of a row of TypeU32 or TypeU64, 0 if it has none.
func (c *Column) Uint(row int) uint64 {
	switch {
	case !c.Has(row):
		return 0
	case c.Type == TypeU32:
		return uint64(c.U32[row])
	}
	return c.U64[row]
}

// Float is the number of a row of TypeF64, 0 if it has none.
func (c *Column) Float(row int) float64 {
	if !c.Has(row) {
		return 0
	}
	return c.F64[row]
}

// Bool is the truth value of a row of TypeBool, false if it has none.
func (c *Column) Bool(row int) bool {
	return c.Has(row) && bit(c.bits, row)
}

// Time is the time of a row of TypeTime, the zero time if it has none.
func (c *Column) Time(row int) time.Time {
	if !c.Has(row) {
		return time.Time{}
	}
	return timeOf(c.Times[row])
}

// Addr is the address of a row of TypeAddress, the zero Addr if it has none.
func (c *Column) Addr(row int) netip.Addr {
	if !c.Has(row) {
		return netip.Addr{}
	}
	return netip.AddrFrom16(c.Addresses[row]).Unmap()
}

// Text is the text of a row of TypeText, "" if it has none. It shares the column's memory.
func (c *Column) Text(row int) string {
	switch {
	case !c.Has(row):
		return ""
	case len(c.Codes) > 0:
		return c.Dictionary[c.Codes[row]]
	}
	return textAt(c.text, c.slices[row])
}

// Texts is the list of a row of TypeList. It shares the column's memory.
func (c *Column) Texts(row int) []string {
	from, to := c.items(row)
	return c.Dictionary[from:to:to]
}

// Uints is the list of a row of TypeList whose Item is TypeU64. It shares the column's memory.
func (c *Column) Uints(row int) []uint64 {
	from, to := c.items(row)
	return c.U64[from:to:to]
}

// Map is the map of a row of TypeMap, nil if it has none. Its texts share the column's memory.
func (c *Column) Map(row int) map[string]string {
	if !c.Has(row) {
		return nil
	}
	from, to := c.items(row)
	pairs := make(map[string]string, (to-from)/2)
	for ; from < to; from += 2 {
		pairs[c.Dictionary[from]] = c.Dictionary[from+1]
	}
	return pairs
}

func (c *Column) items(row int) (from, to uint32) {
	if !c.Has(row) {
		return 0, 0
	}
	if len(c.Codes) > 0 {
		row = int(c.Codes[row])
	}
	return c.lists[row], c.lists[row+1]
}

func bit(bits []byte, i int) bool {
	return bits[i>>3]>>(i&7)&1 != 0
}

func textAt(text *byte, s slice) string {
	if s.length == 0 {
		return ""
	}
	return stringOf(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(text), s.offset)), int(s.length)))
}

// stringOf is a text that shares memory.
func stringOf(b []byte) string {
	return *(*string)(unsafe.Pointer(&b))
}

// view makes c a view of what the library has.
func (c *Column) view(v *cflow.Column) {
	*c = Column{Type: Type(v.Type), Item: Type(v.Item), Rows: v.Rows, copied: c.copied}
	bytes := (v.Rows + 7) / 8
	c.Codes = view[uint32](unsafe.Pointer(v.Codes), v.Rows)
	c.validity = view[byte](unsafe.Pointer(v.Validity), bytes)
	switch {
	case c.Codes != nil:
	case c.Type == TypeU32:
		c.U32 = view[uint32](v.Values, v.Rows)
	case c.Type == TypeU64:
		c.U64 = view[uint64](v.Values, v.Rows)
	case c.Type == TypeTime:
		c.Times = view[int64](v.Values, v.Rows)
	case c.Type == TypeF64:
		c.F64 = view[float64](v.Values, v.Rows)
	case c.Type == TypeAddress:
		c.Addresses = view[[16]byte](v.Values, v.Rows)
	case c.Type == TypeBool:
		c.bits = view[byte](v.Values, bytes)
	case c.Type == TypeText:
		c.slices = view[slice](v.Values, v.Rows)
		c.text = v.Text
	case c.Item == TypeU64:
		c.U64 = view[uint64](v.Values, v.DictionaryLen)
	}
	c.Dictionary = view[string](unsafe.Pointer(v.Dictionary), v.DictionaryLen)
	if v.Lists != nil {
		c.lists = view[uint32](unsafe.Pointer(v.Lists), c.entries()+1)
	}
}

func view[T any](p unsafe.Pointer, n int) []T {
	return unsafe.Slice((*T)(p), present(p, n))
}

// present keeps unsafe.Slice from being asked for elements at nil.
func present(p unsafe.Pointer, n int) int {
	if p == nil {
		return 0
	}
	return n
}

// entries is how many lists rows refer to.
func (c *Column) entries() int {
	if len(c.Codes) == 0 {
		return c.Rows
	}
	n := 0
	for _, code := range c.Codes {
		if code != Absent && int(code) >= n {
			n = int(code) + 1
		}
	}
	return n
}

// copyOf makes c a copy of a view, in the memory that it has as far as that suffices.
func (c *Column) copyOf(v *Column) {
	c.Type, c.Item, c.Rows = v.Type, v.Item, v.Rows
	c.U32 = renewed(c.U32, v.U32)
	c.U64 = renewed(c.U64, v.U64)
	c.Times = renewed(c.Times, v.Times)
	c.F64 = renewed(c.F64, v.F64)
	c.Addresses = renewed(c.Addresses, v.Addresses)
	c.Codes = renewed(c.Codes, v.Codes)
	c.validity = renewed(c.validity, v.validity)
	c.bits = renewed(c.bits, v.bits)
	c.lists = renewed(c.lists, v.lists)
	c.copyTexts(v)
}

// copyTexts copies the texts that v refers to, and no others of its batch.
func (c *Column) copyTexts(v *Column) {
	c.slices = renewed(c.slices, v.slices)
	n := uint32(0)
	for row := range c.slices {
		if !bit(v.validity, row) {
			c.slices[row].length = 0
		}
		c.slices[row].offset = n
		n += c.slices[row].length
	}
	c.Dictionary = renewed(c.Dictionary, v.Dictionary)
	for _, text := range v.Dictionary {
		n += uint32(len(text))
	}
	if int(n) > cap(c.copied) {
		c.copied = make([]byte, 0, n+n/4)
	}
	copied := c.copied[:0]
	for row, s := range v.slices {
		copied = append(copied, textAt(v.text, slice{s.offset, c.slices[row].length})...)
	}
	for i, text := range v.Dictionary {
		at := len(copied)
		copied = append(copied, text...)
		c.Dictionary[i] = stringOf(copied[at:])
	}
	c.copied, c.text = copied, nil
	if n > 0 {
		c.text = &copied[0]
	}
}

// renewed is a copy of src in dst's memory.
func renewed[T any](dst, src []T) []T {
	return append(dst[:0], src...)
}
