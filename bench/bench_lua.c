/* SPDX-License-Identifier: Apache-2.0 */
/* bench_lua MODULE [RECORDS [ROUNDS]]: CPU time a record of the Lua module, beside C's. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "measuring.h"

#define MOST_ROUNDS 99
#define PIECE ((size_t)1 << 20)
#define EACH 10 /* one record in so many is also made a table of */

static const char yaml[] = "input: text\n";

typedef enum way { WAY_C, WAY_FEED, WAY_ENRICH, N_WAYS } way;

typedef struct bench {
    made_up_text log, document;
    size_t records;
    lua_State *lua;
} bench;

/* As in Lua: a catalog of its own. */
static void run_c(const bench *b)
{
    flowenrich_document document = FLOWENRICH_DOCUMENT_INIT;
    flowenrich_pipeline *pipeline;
    size_t at = 0, used, out = 0;
    flowenrich_error error;
    int32_t done = 0;

    document.observed_at = MADE_UP_START;
    check(flowenrich_pipeline_new(&pipeline, yaml, strlen(yaml), NULL, &error), &error);
    check(flowenrich_pipeline_load(pipeline, b->document.data, b->document.len, &document, NULL,
                                   &error),
          &error);
    for (; at < b->log.len; at += used) {
        check(flowenrich_pipeline_feed(pipeline, b->log.data + at, b->log.len - at, &used, &error),
              &error);
        out += flowenrich_pipeline_output(pipeline).len;
    }
    while (!done) {
        check(flowenrich_pipeline_advance(pipeline, FLOWENRICH_TIME_END, &done, &error), &error);
        out += flowenrich_pipeline_output(pipeline).len;
    }
    flowenrich_pipeline_free(pipeline);
    if (out < b->records) {
        fprintf(stderr, "bench: %zu bytes of %zu records\n", out, b->records);
        exit(1);
    }
}

static void run_lua(const bench *b, const char *function)
{
    lua_getglobal(b->lua, function);
    if (lua_pcall(b->lua, 0, 0, 0) != 0) {
        fprintf(stderr, "bench: %s\n", lua_tostring(b->lua, -1));
        exit(1);
    }
}

static const char script[] =
    "local flowenrich = require('flowenrich')\n"
    "local function new()\n"
    "    local p = flowenrich.pipeline(yaml)\n"
    "    p:load(document, {observed_at = start})\n"
    "    return p\n"
    "end\n"
    "local n\n"
    "function feed()\n"
    "    local p = new()\n"
    "    n = 0\n"
    "    for at = 1, #log, piece do n = n + #p:feed(log:sub(at, at + piece - 1)) end\n"
    "    n = n + #p:finish()\n"
    "end\n"
    "function enrich()\n"
    "    local p, i = new(), 0\n"
    "    for line in log:gmatch('[^\\n]+') do\n"
    "        i = i + 1\n"
    "        if i % each == 0 then assert(p:enrich(line)) end\n"
    "    end\n"
    "end\n";

static void open_lua(bench *b, const char *module)
{
    lua_State *L = luaL_newstate();

    luaL_openlibs(L);
    lua_getglobal(L, "package");
    lua_pushstring(L, module);
    lua_setfield(L, -2, "cpath");
    lua_pushstring(L, yaml);
    lua_setglobal(L, "yaml");
    lua_pushlstring(L, b->document.data, b->document.len);
    lua_setglobal(L, "document");
    lua_pushlstring(L, b->log.data, b->log.len);
    lua_setglobal(L, "log");
    lua_pushnumber(L, MADE_UP_START);
    lua_setglobal(L, "start");
    lua_pushinteger(L, (lua_Integer)PIECE);
    lua_setglobal(L, "piece");
    lua_pushinteger(L, EACH);
    lua_setglobal(L, "each");
    b->lua = L;
    if (luaL_dostring(L, script)) {
        fprintf(stderr, "bench: %s\n", lua_tostring(L, -1));
        exit(1);
    }
}

static void run(const bench *b, way by)
{
    if (by == WAY_C)
        run_c(b);
    else
        run_lua(b, by == WAY_FEED ? "feed" : "enrich");
}

int main(int argc, char **argv)
{
    static const char *const names[] = { "C", "Lua, feed", "Lua, enrich" };
    const size_t rounds = number(argc > 3 ? argv[3] : "7", MOST_ROUNDS);
    double took[N_WAYS][MOST_ROUNDS], ratios[N_WAYS][MOST_ROUNDS];
    bench b = { .records = number(argc > 2 ? argv[2] : "250000", 5000000) };

    if (argc < 2)
        return 2;
    b.log = made_up_log(b.records, 0);
    b.document = made_up_interfaces();
    open_lua(&b, argv[1]);
    for (size_t round = 0; round < rounds; round++)
        for (way by = 0; by < N_WAYS; by++) {
            const clock_t start = clock();

            run(&b, by);
            took[by][round] = 1e9 * (double)(clock() - start) / CLOCKS_PER_SEC /
                              (double)(b.records / (by == WAY_ENRICH ? EACH : 1));
            ratios[by][round] = took[by][round] / took[WAY_C][round];
        }
    printf("Lua, 14 fields (version 2): %zu records, both ends named, all of a record as JSON\n",
           b.records);
    for (way by = 0; by < N_WAYS; by++)
        printf("  %-14s %8.0f ns a record, %5.2f times C's\n", names[by], median(took[by], rounds),
               median(ratios[by], rounds));
    lua_close(b.lua);
    free(b.log.data);
    free(b.document.data);
    return 0;
}
