// SPDX-License-Identifier: Apache-2.0

//go:build !flowenrich_system

package cflow

// The library's sources are compiled in: *_shim.c includes one of them each.

/*
#cgo CFLAGS: -std=gnu11 -fvisibility=hidden
#cgo CFLAGS: -I${SRCDIR}/../../../../include -I${SRCDIR}/../../../../lib
#cgo LDFLAGS: -lyaml -lz
*/
import "C"
