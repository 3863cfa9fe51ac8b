/* Several systems in one batch: their lanes are copied next to each other and back. */
#include <string.h>

#include "wh_parts.h"

/* Copy the lanes of a system to its place in the batch (blocks of its own, or half or a quarter of
 * one), or back. */
static void move_lanes(double *batch, double *own, size_t place, size_t lanes, bool back)
{
    double *at = batch + place;
    memcpy(back ? own : at, back ? at : own, lanes * sizeof *at);
}

orr_status orr_wh_split_batch(orr_wh_system *const *s, size_t systems, orr_arena *scratch,
                              const orr_splitting_op *ops, size_t n, uint64_t repeat)
{
    const orr_planets *model = &s[0]->lanes;
    size_t span = model->span, blocks = (systems * span + 7) / 8, lanes = 8 * blocks;
    orr_planets all = {.coordinates = model->coordinates,
                       .span = span,
                       .blocks = blocks,
                       .relativity = model->relativity};
    double *constants[8], *gm;
    const double **const targets[8] = {&all.mu,      &all.star,   &all.live,    &all.weight,
                                       &all.weight0, &all.factor, &all.inverse, &all.gr};
    for (int k = 0; k < 8; k++) {
        orr_keep(scratch, &constants[k], lanes);
        *targets[k] = constants[k];
    }
    orr_keep(scratch, &gm, 8 * lanes);
    for (int c = 0; c < 3; c++)
        orr_keep_arrays(scratch,
                        (double **const[]){&all.q[c], &all.w[c], &all.q_low[c], &all.w_low[c]}, 4,
                        lanes);
    ORR_TRY(orr_kept(scratch));
    all.gm = gm;
    for (size_t k = systems * span; k < lanes; k++) /* lanes of nobody, at rest */
        for (int c = 0; c < 3; c++)
            all.q[c][k] = (double)(1 + k);
    for (int back = 0; back < 2; back++) {
        for (size_t i = 0; i < systems; i++) {
            orr_planets *o = &s[i]->lanes;
            size_t place = i * span;
            for (int c = 0; c < 3; c++) {
                move_lanes(all.q[c], o->q[c], place, span, back);
                move_lanes(all.w[c], o->w[c], place, span, back);
                move_lanes(all.q_low[c], o->q_low[c], place, span, back);
                move_lanes(all.w_low[c], o->w_low[c], place, span, back);
            }
            if (back)
                continue;
            const double *const own[8] = {o->mu,      o->star,   o->live,    o->weight,
                                          o->weight0, o->factor, o->inverse, o->gr};
            for (int k = 0; k < 8; k++)
                memcpy(constants[k] + place, own[k], span * sizeof(double));
            for (size_t k = 0; k < span; k++)
                for (size_t turn = 0; turn < 8; turn++)
                    gm[64 * ((place + k) / 8) + 8 * turn + (place + k) % 8] =
                        o->gm[64 * (k / 8) + 8 * turn + k % 8];
        }
        if (!back)
            orr_split(&all, ops, n, repeat);
    }
    return ORR_OK;
}
