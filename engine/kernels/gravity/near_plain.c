/* near_plain.c - near.h as a plain loop in double, for tests and as what is aimed at. */
#include <math.h>

#include <orrery/problem.h>

#include "kernels/gravity/near.h"
#include "kernels/gravity/pair.h"

/* Of the compact law's potential with H = 1 (softening.c): minus its derivatives over r. */
static void compact(double r2, double out[3])
{
    double r = sqrt(r2);
    out[1] = 14 + r2 * (-84 + r * (140 + r * (-90 + 21 * r)));
    out[2] = 168 + r * (-420 + r * (360 - 105 * r));
}

/* 1/r and its derivatives, of the law. */
static void law(const orr_softening *s, double r2, double out[3])
{
    double H = 3 * s->eps;
    out[0] = orr_softening_potential(s, r2);
    if (s->law == ORR_SOFTEN_COMPACT && r2 < H * H) {
        compact(r2 / (H * H), out);
        out[1] /= H * H * H;
        out[2] /= H * H * H * H * H;
        return;
    }
    if (s->law == ORR_SOFTEN_PLUMMER)
        r2 += s->eps * s->eps;
    out[1] = r2 > 0 ? out[0] / r2 : 0;
    out[2] = r2 > 0 ? 3 * out[1] / r2 : 0;
}

size_t orr_near_room(size_t sources)
{
    return (sources + 48) * (4 * sizeof(float) + sizeof(uint32_t));
}

void orr_near_pair(const orr_near *l, size_t i, size_t j)
{
    double d[3] = {l->x[j] - l->tx[i], l->y[j] - l->ty[i], l->z[j] - l->tz[i]}, f[3];
    law(&l->softening, d[0] * d[0] + d[1] * d[1] + d[2] * d[2], f);
    if (l->want & ORR_WANT_ACC) {
        l->ax[i] += l->gm[j] * f[1] * d[0];
        l->ay[i] += l->gm[j] * f[1] * d[1];
        l->az[i] += l->gm[j] * f[1] * d[2];
    }
    if (l->want & ORR_WANT_POTENTIAL)
        l->phi[i] -= l->gm[j] * f[0];
    for (size_t c = 0, a = 0; a < 3 && l->want & ORR_WANT_TIDES; a++)
        for (size_t b = a; b < 3; b++, c++)
            l->tides[c][i] += l->gm[j] * (f[2] * d[a] * d[b] - (a == b ? f[1] : 0));
}

void orr_near_plain(const orr_near *l)
{
    for (size_t i = 0; i < l->n_targets; i++)
        for (size_t k = 0; k < l->n_spans; k++)
            for (uint32_t j = l->spans[k].begin; j < l->spans[k].begin + l->spans[k].n; j++)
                orr_near_pair(l, i, j);
}
