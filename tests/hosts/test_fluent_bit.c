/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for Fluent Bit: loads flb-filter_flowenrich.so as it does, and calls it as it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "chunks.h"

/* The struct of Fluent Bit 3.2 to 5.1, to be copied with this size. */
typedef struct host_plugin {
    int event_type, flags;
    char *name, *description;
    void *config_map;
    int (*cb_pre_run)(void *, void *, void *);
    int (*cb_init)(void *, void *, void *);
    int (*cb_filter)(const void *, size_t, const char *, int, void **, size_t *, void *, void *,
                     void *, void *);
    int (*cb_exit)(void *, void *);
    int (*cb_notification)(void *, void *, void *);
    void *next, *previous;
    void *appended; /* by a version to come */
} host_plugin;

typedef struct host_instance {
    const char *options[16]; /* name, value, ... */
    void *context;
} host_instance;

static host_plugin plugin;
static char folder[] = "flowenrich-host-XXXXXX";

__attribute__((visibility("default"))) const char *flb_filter_get_property(const char *name,
                                                                           host_instance *filter);
__attribute__((visibility("default"))) void flb_filter_set_context(host_instance *filter,
                                                                   void *context);

const char *flb_filter_get_property(const char *name, host_instance *filter)
{
    for (size_t i = 0; filter->options[i]; i += 2)
        if (strcasecmp(filter->options[i], name) == 0)
            return filter->options[i + 1];
    return NULL;
}

void flb_filter_set_context(host_instance *filter, void *context)
{
    filter->context = context;
}

static const char *in_folder(char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

/* A file whose time of change is `seconds`, put in place at once. */
static void write_file(const char *name, const char *text, time_t seconds)
{
    const struct timespec times[2] = { { seconds, 0 }, { seconds, 0 } };
    char path[256], next[256];
    FILE *file = fopen(in_folder(next, "next"), "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(utimensat(AT_FDCWD, next, times, 0), 0);
    assert_int_equal(rename(next, in_folder(path, name)), 0);
}

#define DOCUMENT(app)                                                                              \
    "{\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-0a1\", \"VpcId\": \"vpc-1\", "        \
    "\"PrivateIpAddress\": \"10.0.0.5\", \"TagSet\": [{\"Key\": \"app\", \"Value\": \"" app        \
    "\"}]}]}"
#define SEEN 1772452830

static const char config[] = "fields: [client.tags.app, server.addr, uploaded]\n"
                             "networks: [{cidr: 10.0.0.9/32, name: office}]\n"
                             "encoder: json-flat\n";

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    write_file("inventory.json", DOCUMENT("orders"), SEEN);
    write_file("broken.json", "{\"NetworkInterfaces\": ", SEEN);
    write_file("config.yaml", config, SEEN);
    write_file("misspelt.yaml", "feilds: [bytes]\n", SEEN);
    write_file("rows.yaml", "encoder: none\n", SEEN);
    write_file("pairs.yaml", "level: conversation\n", SEEN);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = { "inventory.json", "broken.json", "config.yaml",
                                         "misspelt.yaml",  "rows.yaml",   "pairs.yaml",
                                         "stderr" };
    char path[256];
    (void)state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(path, names[i]));
    return rmdir(folder);
}

/* An instance with an option or two, of files in the folder. */
static int start(host_instance *in, char paths[2][256], const char *catalog)
{
    *in = (host_instance){ .options = { "Config", in_folder(paths[0], "config.yaml") } };
    if (catalog) {
        in->options[2] = "catalog";
        in->options[3] = in_folder(paths[1], catalog);
        in->options[4] = "Reload";
        in->options[5] = "1";
    }
    return plugin.cb_init(in, NULL, NULL);
}

/* What becomes of a chunk, as text; NULL if it stays as it is. Its memory is free()'s. */
static char *run(host_instance *in, const buffer *chunk)
{
    void *out = NULL;
    size_t len = 0;
    char *shown;
    const int did = plugin.cb_filter(chunk->data, chunk->len, "vpc", 3, &out, &len, in, NULL,
                                     in->context, NULL);

    assert_in_range(did, 1, 2);
    if (did == 2)
        return NULL;
    shown = chunks_show(out, len);
    free(out);
    return shown;
}

#define ROW(app)                                                                                   \
    "[[<8>,{}],{\"client.tags.app\":" app ",\"server.addr\":\"10.0.0.9\",\"uploaded\":420}]\n"

static void the_filter_names_both_ends(void **state)
{
    char paths[2][256], *shown;
    host_instance in, other;
    buffer chunk = { 0 };
    (void)state;

    chunks_event(&chunk, "log", CHUNKS_LINE);
    assert_int_equal(start(&in, paths, "inventory.json"), 0);
    assert_int_equal(start(&other, paths, NULL), 0);
    shown = run(&in, &chunk);
    assert_string_equal(shown, ROW("\"orders\""));
    free(shown);
    shown = run(&other, &chunk); /* which knows nothing of the first one's catalog */
    assert_string_equal(shown, ROW("null"));
    free(shown);
    assert_int_equal(plugin.cb_exit(in.context, NULL), 0);
    assert_int_equal(plugin.cb_exit(other.context, NULL), 0);
    assert_int_equal(plugin.cb_exit(NULL, NULL), 0); /* as after an init that failed */
    buffer_free(&chunk);
}

/* What cb_init says on stderr, "" if it succeeds. */
static const char *init_says(host_instance *in)
{
    static char text[2048];
    const int kept = dup(2);
    char path[256];
    FILE *file;
    size_t n;
    int did;

    fflush(stderr);
    assert_non_null(freopen(in_folder(path, "stderr"), "w", stderr));
    did = plugin.cb_init(in, NULL, NULL);
    fflush(stderr);
    assert_true(dup2(kept, 2) >= 0);
    close(kept);
    file = fopen(path, "r");
    n = fread(text, 1, sizeof text - 1, file);
    text[n] = '\0';
    fclose(file);
    if (did == 0)
        assert_int_equal(plugin.cb_exit(in->context, NULL), 0);
    assert_int_equal(did == 0, n == 0);
    return text;
}

static void a_wrong_option_stops_the_start_with_a_sentence(void **state)
{
    static const struct {
        const char *name, *value, *says; /* "@" stands for the folder */
    } cases[] = {
        { "Config", "@config.yaml", "" },
        { "Config", "@missing.yaml", "missing.yaml: No such file or directory" },
        { "Config", "@rows.yaml", "rows.yaml: the configuration's encoder writes no objects" },
        { "Config", "@pairs.yaml", "pairs.yaml: the configuration's rows aren't the lines" },
        { "Config", "@misspelt.yaml", "misspelt.yaml:1:1: unknown key 'feilds'" },
        { "Catalog", "@inventory.json", "" },
        { "Catalog", "@inventory.json , @inventory.json", "" },
        { "Catalog", "@", "broken.json:1:" }, /* the folder has that one, too */
        { "Catalog", "@missing.json", "missing.json: No such file or directory" },
        { "Catalog", "@config.yaml", "config.yaml:" },
        { "Catalog", "", "names no file" },
        { "Format", "srcaddr, dstaddr, bytes", "" },
        { "Format", "${srcaddr ${dstaddr}", "Format" },
        { "Format", "bytes bytes", "Format" },
        { "Key", "message", "" },
        { "Key", "", "Key is empty" },
        { "Keep", "On", "" },
        { "Keep", "maybe", "Keep is 'maybe', which is neither on nor off" },
        { "Reload", "0", "" },
        { "Reload", "-1", "Reload is '-1', which isn't a number of seconds" },
        { "Reload", "5m", "Reload is '5m', which isn't a number of seconds" },
        { "Reload", "99999999999999999999", "isn't a number of seconds" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        host_instance in = { .options = { cases[i].name } };
        char value[1024] = "", path[256];
        const char *said;

        for (const char *c = cases[i].value; *c; c++)
            strncat(value, *c == '@' ? in_folder(path, "") : c, *c == '@' ? sizeof path : 1);
        in.options[1] = value;
        said = init_says(&in);
        if (*cases[i].says ? !strstr(said, cases[i].says) : *said)
            fail_msg("%s %s: it says: %s", cases[i].name, cases[i].value, said);
    }
}

/* Only what changed is read, and what can't be read leaves things as they were. */
static void the_catalog_changes_while_the_flow_goes_on(void **state)
{
    static const struct {
        const char *document;
        time_t changed;
        const char *row;
    } steps[] = {
        { DOCUMENT("payments"), SEEN + 1, ROW("\"payments\"") },
        { "{\"NetworkInterfaces\":", SEEN + 2, ROW("\"payments\"") },
        { DOCUMENT("orders"), SEEN, ROW("\"orders\"") },
    };
    char paths[2][256];
    host_instance in;
    buffer chunk = { 0 };
    (void)state;

    chunks_event(&chunk, "log", CHUNKS_LINE);
    assert_int_equal(start(&in, paths, "inventory.json"), 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bool is_there = false;

        write_file("inventory.json", steps[i].document, steps[i].changed);
        for (int tries = 0; tries < 300 && !(is_there && tries > 110); tries++) {
            const struct timespec pause = { 0, 10000000 };
            char *shown = run(&in, &chunk);

            is_there = strcmp(shown, steps[i].row) == 0;
            free(shown);
            nanosleep(&pause, NULL);
        }
        if (!is_there)
            fail_msg("step %zu didn't come about", i);
    }
    assert_int_equal(plugin.cb_exit(in.context, NULL), 0);
    buffer_free(&chunk);
}

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *seed >> 33;
}

/* Some events, one or none of ours, or any bytes. */
static void draw_chunk(buffer *chunk, uint64_t *seed)
{
    static const char *const lines[] = { CHUNKS_LINE, CHUNKS_NODATA, "no flow log" };

    for (uint64_t n = draw(seed) % 4; n > 0; n--)
        chunks_event(chunk, draw(seed) % 8 ? "log" : "other", lines[draw(seed) % 3]);
    for (uint64_t n = draw(seed) % 40; n > 0 && chunk->len == 0; n--)
        buffer_append(chunk, &(char){ (char)draw(seed) }, 1);
}

/* Change, drop or double some bytes. */
static void mutate(buffer *chunk, uint64_t *seed)
{
    for (uint64_t n = draw(seed) % 5; n > 0 && chunk->len > 0; n--) {
        char *at = chunk->data + draw(seed) % chunk->len;
        const size_t behind = (size_t)(chunk->data + chunk->len - at), len = draw(seed) % 16;

        if (draw(seed) % 4) {
            *at = (char)draw(seed);
        } else if (len >= behind) {
            chunk->len -= behind;
        } else if (draw(seed) % 2) {
            memmove(at, at + len, behind - len);
            chunk->len -= len;
        } else {
            char doubled[16];

            memcpy(doubled, at, len);
            buffer_append(chunk, doubled, len);
        }
    }
}

static void pass_mutated(uint64_t rounds, uint64_t seed)
{
    char paths[2][256];
    host_instance in;

    assert_int_equal(start(&in, paths, NULL), 0);
    for (; rounds > 0; rounds--) {
        buffer chunk = { 0 };

        draw_chunk(&chunk, &seed);
        mutate(&chunk, &seed);
        free(run(&in, &chunk));
        buffer_free(&chunk);
    }
    assert_int_equal(plugin.cb_exit(in.context, NULL), 0);
}

static void no_bytes_do_any_harm(void **state)
{
    (void)state;
    pass_mutated(20000, 1);
}

/* What --chunks says. */
static uint64_t asked_rounds, asked_seed;

static void none_of_many_chunks_does_any_harm(void **state)
{
    (void)state;
    pass_mutated(asked_rounds, asked_seed);
}

/* A threaded input has processors of its own: init, run and exit are in its thread. */
static void *in_a_thread(void *context)
{
    const buffer *chunk = context;
    char paths[2][256];
    host_instance in;
    size_t wrong = start(&in, paths, "inventory.json") != 0;

    for (int round = 0; round < 500 && !wrong; round++) {
        char *shown = run(&in, chunk);

        wrong += strcmp(shown, ROW("\"orders\"")) != 0;
        free(shown);
    }
    plugin.cb_exit(in.context, NULL);
    return wrong ? context : NULL;
}

static void two_threads_do_not_meet(void **state)
{
    pthread_t threads[2];
    buffer chunk = { 0 };
    (void)state;

    chunks_event(&chunk, "log", CHUNKS_LINE);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, in_a_thread, &chunk), 0);
    for (size_t i = 0; i < 2; i++) {
        void *wrong;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    buffer_free(&chunk);
}

static void filter_chunk(host_instance *in, buffer *chunk)
{
    size_t len = 0;
    void *out = NULL;

    if (plugin.cb_filter(chunk->data, chunk->len, "vpc", 3, &out, &len, in, NULL, in->context,
                         NULL) == 1)
        fwrite(out, 1, len, stdout);
    else
        fwrite(chunk->data, 1, chunk->len, stdout);
    free(out);
    buffer_clear(chunk);
}

/* What becomes of each line of a file, as the log of an event, is written to stdout. */
static int filter_file(const char *path, char **options)
{
    host_instance in = { .options = { NULL } };
    FILE *file = fopen(path, "r");
    size_t capacity = 0;
    char *line = NULL;
    buffer chunk = { 0 };

    for (size_t i = 0; i < 14 && options[i]; i++)
        in.options[i] = options[i];
    if (!file || plugin.cb_init(&in, NULL, NULL) != 0)
        return 1;
    while (getline(&line, &capacity, file) > 0) {
        chunks_event(&chunk, "log", line);
        if (chunk.len >= 1 << 15) /* as in_tail reads by itself */
            filter_chunk(&in, &chunk);
    }
    filter_chunk(&in, &chunk);
    plugin.cb_exit(in.context, NULL);
    buffer_free(&chunk);
    free(line);
    return fclose(file);
}

/*
 * PLUGIN, whose name tells Fluent Bit what to look up in it; or that, FILE and OPTION VALUE...; or
 * --chunks NUMBER SEED, of mutated ones.
 */
int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_filter_names_both_ends),
        cmocka_unit_test(a_wrong_option_stops_the_start_with_a_sentence),
        cmocka_unit_test(the_catalog_changes_while_the_flow_goes_on),
        cmocka_unit_test(no_bytes_do_any_harm),
        cmocka_unit_test(two_threads_do_not_meet),
    };
    static const struct CMUnitTest many[] = {
        cmocka_unit_test(none_of_many_chunks_does_any_harm),
    };
    const char *path = argc > 1 ? argv[1] : "", *base = strrchr(path, '/');
    char name[64];
    void *library, *symbol;

    if (!base || sscanf(base, "/flb-%50[^.].so", name) != 1) {
        fprintf(stderr, "test_fluent_bit: flb-filter_NAME.so, with its path\n");
        return 2;
    }
    strcat(name, "_plugin");
    library = dlopen(path, RTLD_LAZY);
    symbol = library ? dlsym(library, name) : NULL;
    if (!symbol) {
        fprintf(stderr, "test_fluent_bit: %s\n", dlerror());
        return 1;
    }
    memcpy(&plugin, symbol, sizeof plugin);
    if (argc > 4 && strcmp(argv[2], "--chunks") == 0) {
        asked_rounds = strtoull(argv[3], NULL, 10);
        asked_seed = strtoull(argv[4], NULL, 10);
        return cmocka_run_group_tests(many, set_up, tear_down);
    }
    if (argc > 2)
        return filter_file(argv[2], argv + 3);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
