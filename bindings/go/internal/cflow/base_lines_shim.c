/* SPDX-License-Identifier: Apache-2.0 */
//go:build !flowenrich_system

#include "../../../../lib/base/lines.c"
