/* SPDX-License-Identifier: Apache-2.0 */
/** @file What all stages share: statuses and errors, memory, texts, counters, times. */
#ifndef FLOWENRICH_BASE_H
#define FLOWENRICH_BASE_H

#include <stddef.h>
#include <stdint.h>

#define FLOWENRICH_VERSION_MAJOR 0
#define FLOWENRICH_VERSION_MINOR 1
#define FLOWENRICH_VERSION_PATCH 0

/** Marks what the shared library exports. */
#ifndef FLOWENRICH_API
#if defined(__GNUC__)
#define FLOWENRICH_API __attribute__((visibility("default")))
#else
#define FLOWENRICH_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What a call came to. 0 is success, everything else is negative. */
typedef enum flowenrich_status {
    FLOWENRICH_OK = 0,
    FLOWENRICH_ERR_ARG = -1,         /**< A value that this call can't take. */
    FLOWENRICH_ERR_NOMEM = -2,       /**< The allocator returned NULL. */
    FLOWENRICH_ERR_SYNTAX = -3,      /**< A document or format that can't be read. */
    FLOWENRICH_ERR_LIMIT = -4,       /**< A caller's limit, or buffer, is too small. */
    FLOWENRICH_ERR_RESOLVER = -5,    /**< A resolver of the caller's failed. */
    FLOWENRICH_ERR_UNSUPPORTED = -6, /**< Right, but beyond this library or this build. */
    FLOWENRICH_ERR_CORRUPT = -7      /**< A saved state, or an image, that isn't whole. */
} flowenrich_status;

/**
 * Details of a failure. 256 bytes, and will stay so.
 *
 * `message` is one English sentence without a newline that says what is wrong
 * and, where there is one, the remedy.
 */
typedef struct flowenrich_error {
    int32_t status;    /**< The flowenrich_status that was returned. */
    uint32_t line;     /**< Line in the input, from 1; 0 = not known. */
    uint32_t column;   /**< In it, from 1; YAML's in characters, others' in bytes. */
    uint32_t reserved; /**< 0. */
    uint64_t offset;   /**< Byte offset in the input; 0 where none is told. */
    char message[232];
} flowenrich_error;

/**
 * Where memory comes from. NULL in the options means malloc, realloc and free.
 *
 * An object hands its allocator on to all that it makes. `ctx` must outlive
 * them. Any call may return NULL, and is reported as ERR_NOMEM; what was to grow is
 * then still there. Memory is aligned as malloc's. Nothing asks for 0 bytes, and neither
 * `realloc` nor `free` gets NULL. It is called by the thread that uses the object: where
 * objects of several threads have one, or share a snapshot, it must bear that.
 */
typedef struct flowenrich_allocator {
    size_t size; /**< sizeof(flowenrich_allocator). */
    void *ctx;   /**< Passed back untouched. */
    void *(*alloc)(void *ctx, size_t len);
    void *(*realloc)(void *ctx, void *memory, size_t old_len, size_t len);
    void (*free)(void *ctx, void *memory);
} flowenrich_allocator;

/** A borrowed piece of text, without a terminating zero. `data` may be NULL if `len` is 0. */
typedef struct flowenrich_text {
    const char *data;
    size_t len;
} flowenrich_text;

/** A counter and its name, which is a static string. */
typedef struct flowenrich_stat {
    const char *name;
    uint64_t value;
} flowenrich_stat;

/** Seconds since 1970, UTC. */
typedef int64_t flowenrich_time;

/** No time: not known, or not given. */
#define FLOWENRICH_TIME_ABSENT INT64_MIN

/** After all times: nothing more will come. */
#define FLOWENRICH_TIME_END INT64_MAX

/** Options of objects that need no others. */
typedef struct flowenrich_options {
    size_t size;                           /**< sizeof(flowenrich_options). */
    const flowenrich_allocator *allocator; /**< NULL = malloc and friends. */
    /** Any number. A random one keeps those who choose the input from slowing hash tables down. */
    uint64_t hash_seed;
} flowenrich_options;

#define FLOWENRICH_OPTIONS_INIT                                                                    \
    {                                                                                              \
        sizeof(flowenrich_options), NULL, 0                                                        \
    }

/** @return The version of the library that runs, "0.1.0"; a static string. */
FLOWENRICH_API const char *flowenrich_version(void);

/** @return The name of a status for logs, "ERR_LIMIT"; "unknown" for any other number. */
FLOWENRICH_API const char *flowenrich_status_name(int32_t status);

#ifdef __cplusplus
}
#endif

#endif /* FLOWENRICH_BASE_H */
