/* images.c - the pull of images of all bodies around a box.
 *
 * The sum goes over the images that the boundary names, and no farther: what is beyond them does not
 * pull (there is no Ewald sum, doi 10.1002/andp.19213690304).  For a box of many bodies in a sheet or
 * a disc it is what shearing-box codes do (Wisdom & Tremaine 1988; Salo 1995,
 * doi 10.1006/icar.1995.1157). */
#include "images.h"

#include <string.h>

#include "core/images.h"
#include "core/math/accurate_sum.h"

/* The bodies, and behind them their images: coordinates and GM. */
typedef struct doubled {
    double *at[4];
} doubled;

static orr_status make_doubled(const orr_bodies *b, orr_arena *scratch, doubled *out)
{
    size_t s = b->stride;
    double *room = orr_arena_alloc(scratch, 8 * s * sizeof *room);
    if (!room)
        return ORR_E_NO_MEMORY;
    for (size_t c = 0; c < 4; c++) {
        out->at[c] = room + 2 * s * c;
        memcpy(out->at[c], c < 3 ? b->pos + c * s : b->gm, s * sizeof *room);
        memcpy(out->at[c] + s, out->at[c], s * sizeof *room);
    }
    return ORR_OK;
}

static void shift_images(const doubled *d, const orr_bodies *b, const double shift[3])
{
    for (size_t c = 0; c < 3; c++)
        for (size_t i = 0; i < b->n_active + b->n_passive; i++)
            d->at[c][b->stride + i] = d->at[c][i] + shift[c];
}

orr_status orr_pull_of_images(const orr_boundary *box, double t, orr_pull *kernel, const orr_p2p *g,
                              const orr_bodies *b, int threads, orr_arena *scratch,
                              orr_pull_range_fn *pull)
{
    int n[3];
    if (!box || !orr_ghost_at(box, 0, n))
        return ORR_OK;
    doubled d;
    ORR_TRY(make_doubled(b, scratch, &d));
    orr_p2p both = *g;
    both.x = d.at[0], both.y = d.at[1], both.z = d.at[2], both.gm = d.at[3];
    size_t s = b->stride, na = b->n_active;
    for (size_t k = 0; orr_ghost_at(box, k, n); k++) {
        double shift[3];
        (void)orr_image_of_box(box, t, n, shift);
        shift_images(&d, b, shift);
        pull(kernel, &both, 0, b->n, s, s + na, threads);
        pull(kernel, &both, 0, na, s + na, s + na + b->n_passive, threads);
    }
    return ORR_OK;
}

orr_status orr_energy_of_images(const orr_boundary *box, double t, orr_pull *potential,
                                const orr_p2p *g, const orr_bodies *b, int threads,
                                orr_arena *scratch, orr_pull_range_fn *pull, double *out)
{
    *out = 0;
    int n[3];
    if (!box || !orr_ghost_at(box, 0, n))
        return ORR_OK;
    orr_p2p field = *g;
    field.phi = orr_arena_alloc(scratch, b->stride * sizeof *field.phi);
    if (!field.phi)
        return ORR_E_NO_MEMORY;
    memset(field.phi, 0, b->stride * sizeof *field.phi);
    ORR_TRY(orr_pull_of_images(box, t, potential, &field, b, threads, scratch, pull));
    orr_sum sum = {0}; /* pairs of active and passive bodies are seen from both sides, too */
    for (size_t i = 0; i < b->n_active + b->n_passive; i++)
        orr_sum_add(&sum, b->gm[i] * field.phi[i] / 2);
    *out = orr_sum_value(&sum);
    return ORR_OK;
}
