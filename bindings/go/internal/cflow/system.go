// SPDX-License-Identifier: Apache-2.0

//go:build flowenrich_system

package cflow

// An installed library is linked.

/*
#cgo pkg-config: flowenrich
*/
import "C"
