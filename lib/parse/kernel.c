/* SPDX-License-Identifier: Apache-2.0 */
/* The inner loops of the parser, compiled once for each instruction set. */
#include "parse/kernel.h"

#include <stdatomic.h>
#include <string.h>

#include "parse/digits.h"
#include "parse/ipv4.h"
#include "parse/value.h"

/* What stage one sees of 64 bytes. */
typedef struct fle_look {
    uint64_t ends; /* spaces, newlines, and the control characters, which are odd as well */
    uint64_t newlines;
    uint64_t odd; /* not 0 once a byte was */
} fle_look;

/* Where stage one is. */
typedef struct fle_scan {
    uint32_t n, n_lines; /* so far */
    uint64_t last;       /* is the byte in front an end? */
    uint64_t empty;      /* not 0 once an end followed another */
} fle_scan;

/* For variants that read each value by itself. */
#define NO_FOUR(text, starts, ...) ((void)(text), (void)(starts), (fle_four){ 0, 0 })

/*
 * The places of the bits set, 'first' added. Usual 64 bytes have some eight: twelve are written,
 * whether they are there or not, instead of asking. One more bit keeps the last ones defined.
 */
FLE_INLINE void list(uint32_t *starts, uint64_t ends, uint32_t first)
{
    for (int i = 0; i < 12; i++, ends &= ends - 1)
        *starts++ = first + (uint32_t)__builtin_ctzll(ends | UINT64_C(1) << 63);
    for (; ends != 0; ends &= ends - 1)
        *starts++ = first + (uint32_t)__builtin_ctzll(ends);
}

#define TARGET
#define VARIANT(name) name##_plain
#define VARIANT_NAME "plain"
#include "parse/vector_plain.h"

#include "parse/scan_template.h"

#include "parse/convert_template.h"

#if defined(__SSE2__)
#define TARGET
#define VARIANT(name) name##_sse2
#define VARIANT_NAME "sse2"
#include "parse/vector_sse2.h"

#include "parse/scan_template.h"

#include "parse/convert_template.h"
#endif

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define VARIANT(name) name##_avx2
#define VARIANT_NAME "avx2"
#include "parse/vector_avx2.h"

#include "parse/lanes_avx2.h"

#include "parse/ipv4_avx2.h"

#include "parse/scan_template.h"

#include "parse/convert_template.h"
#endif

#if defined(__aarch64__)
#define TARGET
#define VARIANT(name) name##_neon
#define VARIANT_NAME "neon"
#include "parse/vector_neon.h"

#include "parse/scan_template.h"

#include "parse/convert_template.h"
#endif

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt")))
#define VARIANT(name) name##_avx512
#include "parse/vector_avx512.h"

#include "parse/scan_template.h"

static const fle_kernel kernel_avx512 = {
    "avx512", scan_avx512, u32_avx2, u64_avx2, address_avx2, text_avx2, word_avx2,
};
#undef TARGET
#undef VARIANT
#endif

static bool has_any(void)
{
    return true;
}

#if defined(__x86_64__)
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vbmi2");
}
#endif

/* From the plainest to the best. */
static const struct {
    const fle_kernel *kernel;
    bool (*is_there)(void);
} kernels[] = {
    { &kernel_plain, has_any },
#if defined(__SSE2__)
    { &kernel_sse2, has_any },
#endif
#if defined(__x86_64__)
    { &kernel_avx2, has_avx2 }, { &kernel_avx512, has_avx512 },
#endif
#if defined(__aarch64__)
    { &kernel_neon, has_any },
#endif
};

const fle_kernel *fle_kernel_at(size_t index)
{
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i].is_there() && index-- == 0)
            return kernels[i].kernel;
    return NULL;
}

/* What it points to never changes, and every thread would choose the same: no order is needed. */
static _Atomic(const fle_kernel *) chosen;

void fle_kernel_choose(const fle_kernel *kernel)
{
    atomic_store_explicit(&chosen, kernel, memory_order_relaxed);
}

const fle_kernel *fle_kernel_best(void)
{
    const fle_kernel *kernel = atomic_load_explicit(&chosen, memory_order_relaxed);

    if (kernel == NULL) {
        for (size_t i = 0; fle_kernel_at(i) != NULL; i++)
            kernel = fle_kernel_at(i);
        atomic_store_explicit(&chosen, kernel, memory_order_relaxed);
    }
    return kernel;
}

uint64_t fle_kernel_word(const char *word)
{
    char padded[8] = { 0 };
    const size_t len = strlen(word);

    memcpy(padded + sizeof padded - len, word, len);
    return fle_load8(padded);
}
