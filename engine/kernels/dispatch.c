/* dispatch.c - which instruction set the kernels use. */
#include <orrery/isa.h>
#include <orrery/vector.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

static bool runs_here(const orr_kernels *k)
{
#if defined(ORR_HAVE_X86_VARIANTS)
    __builtin_cpu_init();
    if (k == &orr_kernels_avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    if (k == &orr_kernels_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return k == &orr_kernels_portable;
}

const orr_kernels *orr_kernels_at(size_t i)
{
    static const orr_kernels *const all[] = { /* best first */
#if defined(ORR_HAVE_X86_VARIANTS)
                                              &orr_kernels_avx512,
                                              &orr_kernels_avx2,
#endif
                                              &orr_kernels_portable
    };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (runs_here(all[k]) && i-- == 0)
            return all[k];
    return NULL;
}

static const orr_kernels *find(const char *name)
{
    const orr_kernels *k;
    for (size_t i = 0; (k = orr_kernels_at(i)); i++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

/* Set on first use; every choice gives the same bits, so a race here is harmless. */
static _Atomic(const orr_kernels *) selected;

const orr_kernels *orr_kernels_selected(void)
{
    const orr_kernels *k = atomic_load(&selected);
    if (k)
        return k;
    const char *wish = getenv("ORR_ISA"); /* the one documented look at the environment */
    k = wish ? find(wish) : NULL;
    if (!k)
        k = orr_kernels_at(0);
    atomic_store(&selected, k);
    return k;
}

void orr_predict(size_t n, size_t stride, const double *dt, size_t terms, const double *const f[],
                 size_t outputs, double *const out[])
{
    orr_kernels_selected()->predict(n, stride, dt, terms, f, outputs, out);
}

const char *orr_isa(void)
{
    return orr_kernels_selected()->name;
}

orr_status orr_isa_select(const char *name)
{
    const orr_kernels *k = find(name);
    if (!k)
        return ORR_E_UNKNOWN_NAME;
    atomic_store(&selected, k);
    return ORR_OK;
}
