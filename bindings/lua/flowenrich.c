/* SPDX-License-Identifier: Apache-2.0 */
/* The module flowenrich, for Lua 5.4 and for 5.1 and LuaJIT. */
#include <lauxlib.h>
#include <lua.h>
#include <stdlib.h>
#include <string.h>

#include "flowenrich.h"
#include "json.h"

#define CLASS "flowenrich.pipeline"

/* A userdata. */
typedef struct object {
    flowenrich_pipeline *pipeline; /* NULL: it was closed, or failed and is good for nothing more */
    /* What a call has put out; Lua's own buffers would take it byte by byte in 5.1. */
    char *out;
    size_t len, capacity;
    char complaint[sizeof((flowenrich_error *)0)->message]; /* the call's first */
} object;

static void close_object(object *o)
{
    flowenrich_pipeline_free(o->pipeline);
    free(o->out);
    *o = (object){ 0 };
}

/* Raise what went wrong. A pipeline that fails can only be freed. */
static int fail(lua_State *L, object *o, const flowenrich_error *error)
{
    if (o)
        close_object(o);
    if (error->line > 0)
        return luaL_error(L, "line %d, column %d: %s", (int)error->line, (int)error->column,
                          error->message);
    return luaL_error(L, "%s", error->message);
}

static object *check_open(lua_State *L)
{
    object *o = luaL_checkudata(L, 1, CLASS);

    luaL_argcheck(L, o->pipeline, 1, "the pipeline was closed, or failed before");
    return o;
}

/* A refused part of a payload: the next call goes on behind it. A limit of lines is the end. */
static bool is_passing(const flowenrich_error *error)
{
    return error->status == FLOWENRICH_ERR_SYNTAX || error->status == FLOWENRICH_ERR_UNSUPPORTED ||
           (error->status == FLOWENRICH_ERR_LIMIT && error->line == 0);
}

static void begin(object *o)
{
    o->len = 0;
    o->complaint[0] = '\0';
}

static void append(lua_State *L, object *o, flowenrich_text text)
{
    if (text.len > o->capacity - o->len) {
        const size_t capacity = 2 * o->capacity + text.len;
        char *out = realloc(o->out, capacity);

        if (!out)
            luaL_error(L, "out of memory");
        o->out = out;
        o->capacity = capacity;
    }
    if (text.len > 0)
        memcpy(o->out + o->len, text.data, text.len);
    o->len += text.len;
}

static void gather(lua_State *L, object *o, flowenrich_status status, const flowenrich_error *error)
{
    append(L, o, flowenrich_pipeline_output(o->pipeline));
    if (status == FLOWENRICH_OK)
        return;
    if (!is_passing(error))
        fail(L, o, error);
    if (!*o->complaint)
        memcpy(o->complaint, error->message, sizeof o->complaint);
}

static void feed(lua_State *L, object *o, const char *data, size_t len)
{
    while (len > 0) {
        flowenrich_error error;
        size_t used = 0;
        const flowenrich_status status =
            flowenrich_pipeline_feed(o->pipeline, data, len, &used, &error);

        gather(L, o, status, &error);
        data += used;
        len -= used;
    }
}

/* End the input, and let all rows out. */
static void finish(lua_State *L, object *o)
{
    int32_t done = 0;

    while (!done) {
        flowenrich_error error;
        const flowenrich_status status =
            flowenrich_pipeline_advance(o->pipeline, FLOWENRICH_TIME_END, &done, &error);

        gather(L, o, status, &error);
    }
}

/* The output, and the complaint or nil. */
static int give(lua_State *L, const object *o)
{
    lua_pushlstring(L, o->len > 0 ? o->out : "", o->len);
    if (*o->complaint)
        lua_pushstring(L, o->complaint);
    else
        lua_pushnil(L);
    return 2;
}

/* pipeline:feed(bytes): a piece of an input, cut anywhere. */
static int method_feed(lua_State *L)
{
    object *o = check_open(L);
    size_t len;
    const char *data = luaL_checklstring(L, 2, &len);

    begin(o);
    feed(L, o, data, len);
    return give(L, o);
}

/* pipeline:finish(): the input is over, and all that is held comes out. */
static int method_finish(lua_State *L)
{
    object *o = check_open(L);

    begin(o);
    finish(L, o);
    return give(L, o);
}

/* pipeline:run(bytes): an input that is there whole. */
static int method_run(lua_State *L)
{
    object *o = check_open(L);
    size_t len;
    const char *data = luaL_checklstring(L, 2, &len);

    begin(o);
    feed(L, o, data, len);
    finish(L, o);
    return give(L, o);
}

/* What came of a line, so far. */
typedef struct outcome {
    int rows; /* of which the first is pushed */
    flowenrich_reject reject;
} outcome;

static void look(lua_State *L, object *o, outcome *of)
{
    const flowenrich_text json = flowenrich_pipeline_output(o->pipeline);
    const char *newline = memchr(json.data, '\n', json.len);

    (void)flowenrich_pipeline_reject(o->pipeline, 0, &of->reject, NULL);
    if (!newline || of->rows++ > 0)
        return;
    if (!json_push(L, (flowenrich_text){ json.data, (size_t)(newline - json.data) }))
        luaL_error(L, "the configuration's encoder writes no JSON");
}

/* Nothing, and why. */
static int give_reason(lua_State *L, const char *reason, const char *field)
{
    lua_pushnil(L);
    if (field && *field)
        lua_pushfstring(L, "%s in %s", reason, field);
    else
        lua_pushstring(L, reason ? reason : "left out");
    return 2;
}

/* pipeline:enrich(line): one record as a table. */
static int method_enrich(lua_State *L)
{
    object *o = check_open(L);
    outcome of = { 0, { .size = sizeof of.reject } };
    flowenrich_error error;
    int32_t done = 0;
    size_t len;
    const char *line = luaL_checklstring(L, 2, &len);

    luaL_argcheck(L, len > 0 && !memchr(line, '\n', len - 1), 2, "one line is wanted");
    if (flowenrich_pipeline_begin(o->pipeline, NULL, &error) != FLOWENRICH_OK)
        return fail(L, NULL, &error); /* an input is under way, and may go on */
    while (len > 0) {
        size_t used;

        if (flowenrich_pipeline_feed(o->pipeline, line, len, &used, &error) != FLOWENRICH_OK)
            return fail(L, o, &error);
        look(L, o, &of);
        line += used;
        len -= used;
    }
    while (!done) {
        if (flowenrich_pipeline_advance(o->pipeline, FLOWENRICH_TIME_END, &done, &error) !=
            FLOWENRICH_OK)
            return fail(L, o, &error);
        look(L, o, &of);
    }
    return of.rows > 0 ? 1 : give_reason(L, of.reject.reason, of.reject.field);
}

static void read_time(lua_State *L, int table, const char *key, flowenrich_time *out)
{
    lua_getfield(L, table, key);
    if (!lua_isnil(L, -1))
        *out = (flowenrich_time)luaL_checknumber(L, -1);
    lua_pop(L, 1);
}

/* pipeline:load(document, times): what an AWS tool printed. */
static int method_load(lua_State *L)
{
    object *o = check_open(L);
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_error error;
    size_t len;
    const char *data = luaL_checklstring(L, 2, &len);

    if (!lua_isnoneornil(L, 3)) {
        luaL_checktype(L, 3, LUA_TTABLE);
        read_time(L, 3, "observed_at", &document.observed_at);
        read_time(L, 3, "modified_at", &document.modified_at);
    }
    if (flowenrich_pipeline_load(o->pipeline, data, len, &document, NULL, &error) != FLOWENRICH_OK)
        return fail(L, NULL, &error); /* after which it is as before */
    return 0;
}

/* pipeline:stats(): counts by name. */
static int method_stats(lua_State *L)
{
    const object *o = check_open(L);
    flowenrich_stat stats[128];
    const size_t n = flowenrich_pipeline_stats(o->pipeline, stats, 128);

    lua_createtable(L, 0, (int)n);
    for (size_t i = 0; i < n && i < 128; i++) {
        lua_pushnumber(L, (lua_Number)stats[i].value);
        lua_setfield(L, -2, stats[i].name);
    }
    return 1;
}

static int method_close(lua_State *L)
{
    close_object(luaL_checkudata(L, 1, CLASS));
    return 0;
}

/* flowenrich.pipeline(yaml) */
static int new_pipeline(lua_State *L)
{
    size_t len = 0;
    const char *yaml = luaL_optlstring(L, 1, "", &len);
    object *o = lua_newuserdata(L, sizeof *o);
    flowenrich_error error;

    *o = (object){ 0 };
    luaL_getmetatable(L, CLASS);
    lua_setmetatable(L, -2);
    if (flowenrich_pipeline_new(&o->pipeline, yaml, len, NULL, &error) != FLOWENRICH_OK)
        return fail(L, NULL, &error);
    return 1;
}

static void set_functions(lua_State *L, const luaL_Reg *functions)
{
    for (; functions->name; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

__attribute__((visibility("default"))) int luaopen_flowenrich(lua_State *L);

int luaopen_flowenrich(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "feed", method_feed },     { "finish", method_finish }, { "run", method_run },
        { "enrich", method_enrich }, { "load", method_load },     { "stats", method_stats },
        { "close", method_close },   { NULL, NULL },
    };
    static const luaL_Reg hooks[] = {
        { "__gc", method_close },
        { "__close", method_close },
        { NULL, NULL },
    };
    static const luaL_Reg functions[] = {
        { "pipeline", new_pipeline },
        { NULL, NULL },
    };

    luaL_newmetatable(L, CLASS);
    set_functions(L, hooks);
    lua_newtable(L);
    set_functions(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);

    lua_newtable(L);
    set_functions(L, functions);
    lua_pushstring(L, flowenrich_version());
    lua_setfield(L, -2, "version");
    return 1;
}
