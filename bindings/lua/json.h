/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, as the library writes it, to Lua's values. */
#ifndef LUA_JSON_H
#define LUA_JSON_H

#include <lua.h>
#include <stdbool.h>

#include "flowenrich.h"

/*
 * Push the value that a text is; nothing if it is none. Absent members (null) are nil, which is to
 * say that there is no such key. An integer beyond 2^53 is a string of its digits: Lua's numbers,
 * or those of the host that reads them, may be doubles.
 */
bool json_push(lua_State *L, flowenrich_text text);

#endif
