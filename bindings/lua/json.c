/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, as the library writes it, to Lua's values. */
#include "json.h"

#include <lauxlib.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LEVELS 32                /* the library nests four deep */
#define MOST_EXACT "9007199254740992" /* 2^53 */

typedef struct reader {
    const char *at, *end;
} reader;

static bool take(reader *r, char c)
{
    const bool there = r->at < r->end && *r->at == c;

    r->at += there;
    return there;
}

static bool take_word(reader *r, const char *word)
{
    const size_t len = strlen(word);
    const bool there = (size_t)(r->end - r->at) >= len && memcmp(r->at, word, len) == 0;

    r->at += there ? len : 0;
    return there;
}

/* Behind a backslash. The library writes all but control characters as they are. */
static bool unescape(reader *r, luaL_Buffer *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char c = r->at < r->end ? *r->at++ : '\0';
    const char *letter = c ? strchr(letters, c) : NULL;
    char digits[5] = "", *end;
    unsigned long code;

    if (letter) {
        luaL_addchar(out, meant[letter - letters]);
        return true;
    }
    if (c != 'u' || r->end - r->at < 4)
        return false;
    memcpy(digits, r->at, 4);
    r->at += 4;
    code = strtoul(digits, &end, 16);
    luaL_addchar(out, (char)code);
    return *end == '\0' && code < 0x80;
}

static bool push_escaped(lua_State *L, reader *r)
{
    bool is_right = true;
    luaL_Buffer out;

    luaL_buffinit(L, &out);
    while (is_right && r->at < r->end && *r->at != '"') {
        const char *start = r->at;

        while (r->at < r->end && *r->at != '"' && *r->at != '\\')
            r->at++;
        luaL_addlstring(&out, start, (size_t)(r->at - start));
        is_right = !take(r, '\\') || unescape(r, &out);
    }
    luaL_pushresult(&out);
    return take(r, '"') && is_right;
}

/* Behind the quote. */
static bool push_string(lua_State *L, reader *r)
{
    const char *quote = memchr(r->at, '"', (size_t)(r->end - r->at));

    if (!quote || memchr(r->at, '\\', (size_t)(quote - r->at)))
        return push_escaped(L, r);
    lua_pushlstring(L, r->at, (size_t)(quote - r->at));
    r->at = quote + 1;
    return true;
}

static bool is_large(const char *digits)
{
    const size_t len = strlen(digits), most = sizeof MOST_EXACT - 1;

    return len > most || (len == most && strcmp(digits, MOST_EXACT) > 0);
}

/* For strtod(), the point is the locale's. */
static bool push_number(lua_State *L, reader *r)
{
    const char *start = r->at;
    char text[64], *end, *point;
    size_t len;

    while (r->at < r->end && strchr("+-.0123456789eE", *r->at))
        r->at++;
    len = (size_t)(r->at - start);
    if (len == 0 || len >= sizeof text)
        return false;
    memcpy(text, start, len);
    text[len] = '\0';
    if (strcspn(text, ".eE") < len) {
        point = strchr(text, '.');
        if (point)
            *point = *localeconv()->decimal_point;
        lua_pushnumber(L, strtod(text, &end));
        return *end == '\0';
    }
    if (is_large(text + (*text == '-')))
        lua_pushlstring(L, start, len);
    else
        lua_pushinteger(L, (lua_Integer)strtoll(text, NULL, 10));
    return true;
}

static bool push_value(lua_State *L, reader *r, unsigned level);

/* A key and its value, or the element with this number, into the table on top. */
static bool set_next(lua_State *L, reader *r, bool is_object, int n, unsigned level)
{
    if (is_object && (!take(r, '"') || !push_string(L, r) || !take(r, ':')))
        return false;
    if (!push_value(L, r, level))
        return false;
    if (is_object)
        lua_rawset(L, -3);
    else
        lua_rawseti(L, -2, n);
    return true;
}

static bool push_table(lua_State *L, reader *r, bool is_object, unsigned level)
{
    const char close = is_object ? '}' : ']';
    int n = 0;

    luaL_checkstack(L, 4, "JSON nests too deep");
    lua_createtable(L, is_object ? 0 : 2, is_object ? 12 : 0);
    if (take(r, close))
        return true;
    do {
        if (!set_next(L, r, is_object, ++n, level))
            return false;
    } while (take(r, ','));
    return take(r, close);
}

static bool push_value(lua_State *L, reader *r, unsigned level)
{
    const bool is_object = take(r, '{');

    if (is_object || take(r, '['))
        return level < MOST_LEVELS && push_table(L, r, is_object, level + 1);
    if (take(r, '"'))
        return push_string(L, r);
    if (take_word(r, "null"))
        lua_pushnil(L);
    else if (take_word(r, "true"))
        lua_pushboolean(L, true);
    else if (take_word(r, "false"))
        lua_pushboolean(L, false);
    else
        return push_number(L, r);
    return true;
}

bool json_push(lua_State *L, flowenrich_text text)
{
    const int top = lua_gettop(L);
    reader r = { text.data, text.data + text.len };

    if (push_value(L, &r, 0) && r.at == r.end)
        return true;
    lua_settop(L, top);
    return false;
}
