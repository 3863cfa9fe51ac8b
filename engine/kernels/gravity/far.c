/* far.c - rows of expansions, and the choice of their kernels. */
#include "kernels/gravity/far.h"

static size_t components(orr_expansion kind, int p)
{
    size_t n = (size_t)(p + 1);
    return kind == ORR_HARMONIC ? n * n : n * (n + 1) * (n + 2) / 6;
}

/* Centre and GM (doubles), size, components of orders 2 ... p. */
size_t orr_far_multipoles(orr_expansion kind, int p)
{
    return (9 + components(kind, p) - 4 + 15) / 16 * 16;
}

size_t orr_far_locals(orr_expansion kind, int p)
{
    return (components(kind, p) + 7) / 8 * 8;
}

static const orr_far_kernels *choose(const orr_far_kernels *harmonic, const orr_far_kernels *full,
                                     orr_expansion kind, int p)
{
    if (p < ORR_LEAST_ORDER || p > ORR_MOST_ORDER)
        return NULL;
    return kind == ORR_HARMONIC ? &harmonic[p] : &full[p];
}

const orr_far_kernels *orr_far_portable(orr_expansion kind, int p)
{
    return choose(orr_far_harmonic_portable, orr_far_full_portable, kind, p);
}

#if defined(ORR_HAVE_X86_VARIANTS)
const orr_far_kernels *orr_far_avx2(orr_expansion kind, int p)
{
    return choose(orr_far_harmonic_avx2, orr_far_full_avx2, kind, p);
}

const orr_far_kernels *orr_far_avx512(orr_expansion kind, int p)
{
    return choose(orr_far_harmonic_avx512, orr_far_full_avx512, kind, p);
}
#endif
