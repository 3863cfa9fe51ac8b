#include "extrapolation.h"

#include <math.h>

#include "core/math/reproducible.h"

static const int FIRST_TARGET = 6;

static int small_steps(int row)
{
    static const int n[ORR_GBS_ROWS] = {2, 4, 6, 10, 16, 24, 36, 54, 80, 120};
    return n[row];
}

void orr_gbs_prepare(orr_gbs *g, size_t n, orr_arena *memory)
{
    g->n = n;
    g->target = FIRST_TARGET;
    g->was_rejected = false;
    for (int k = 0; k < ORR_GBS_ROWS; k++)
        orr_keep(memory, &g->table[k], n);
    orr_keep(memory, &g->correction, n);
}

/* Row `row` of the table has its first column in table[row]; table[k] holds the last entry of row
 * k.  Afterwards table[0] holds the highest order, and correction what that changed. */
static void neville(orr_gbs *g, int row)
{
    for (int k = row - 1; k >= 0; k--) {
        double ratio = (double)small_steps(row) / small_steps(k);
        double divisor = ratio * ratio - 1;
        double *low = g->table[k], *high = g->table[k + 1];
        for (size_t i = 0; i < g->n; i++) {
            double change = (high[i] - low[i]) / divisor;
            low[i] = high[i] + change;
            if (k == 0)
                g->correction[i] = change;
        }
    }
}

/* The step in which row `row` would just do, as a factor, by the error law of its order. */
static double best_factor(int row, double error)
{
    const double safety = 0.94, aim = 0.65, least = 0.02;
    if (error < 1e-30)
        error = 1e-30;
    double factor = safety * orr_pow(aim / error, 1.0 / (2 * row + 1)), exponent = 2 * row + 1;
    double most = orr_pow(least, -1 / exponent);
    return factor > most ? most : factor < 0.02 ? 0.02 : factor;
}

orr_status orr_gbs_try(orr_gbs *g, const orr_gbs_system *system, double H, orr_gbs_result *out)
{
    double work[ORR_GBS_ROWS] = {0}, factor[ORR_GBS_ROWS] = {0}, cost = system->cost;
    int k = g->target, row;
    *out = (orr_gbs_result){.factor = 0.25};
    bool hopeless = false;
    for (row = 0; row <= k + 1 && row < ORR_GBS_ROWS; row++) {
        ORR_TRY(system->march(system->user, H, small_steps(row), g->table[row]));
        neville(g, row);
        cost += small_steps(row);
        if (row == 0)
            continue;
        /* The last correction is what the row before missed over (n / n_0)^2: too hopeful where the
         * sequence is long, that row's own error too strict; the geometric mean serves. */
        double error = system->size(system->user, g->table[0], g->correction);
        error *= (double)small_steps(row) / small_steps(0);
        if (!(error < 1e15)) { /* or NaN */
            hopeless = true;
            break;
        }
        factor[row] = best_factor(row, error);
        work[row] = cost / factor[row];
        if (row < k - 1)
            continue;
        if (error <= 1) {
            out->accepted = true;
            break;
        }
        /* what the rows still to come can gain at most */
        double gain = 1;
        for (int later = row + 1; later <= k + 1; later++)
            gain *= (double)small_steps(later) / small_steps(0);
        if (error > gain * gain)
            break;
    }
    if (hopeless) {
        g->was_rejected = true;
        return ORR_OK;
    }
    if (row > k + 1 || row >= ORR_GBS_ROWS)
        row = k + 1 < ORR_GBS_ROWS ? k + 1 : ORR_GBS_ROWS - 1;

    int best = row;
    if (!out->accepted) {
        best = row < k ? row : k;
        if (best >= 2 && work[best - 1] < 0.8 * work[best])
            best--;
        g->target = best < 2 ? 2 : best;
        out->factor = factor[best] < 0.9 ? factor[best] : 0.5;
        g->was_rejected = true;
        return ORR_OK;
    }
    out->increment = g->table[0];
    double next = factor[row];
    if (row >= 2 && work[row - 1] < 0.8 * work[row]) {
        best = row - 1;
        next = factor[best];
    } else if (row >= 2 && work[row] < 0.9 * work[row - 1] && row + 1 < ORR_GBS_ROWS - 1 &&
               !g->was_rejected) {
        best = row + 1;
        double more = cost + small_steps(best);
        next = factor[row] * more / cost;
    }
    g->target = best < 2 ? 2 : best > ORR_GBS_ROWS - 2 ? ORR_GBS_ROWS - 2 : best;
    out->factor = g->was_rejected && next > 1 ? 1 : next;
    g->was_rejected = false;
    return ORR_OK;
}
