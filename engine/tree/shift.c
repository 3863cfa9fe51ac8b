/* shift.c - a tree of targets somewhere else.
 *
 * What an image of sources pulls on targets is what the sources pull on targets that are shifted the
 * other way: so the sources keep their expansions, which know where they are. */
#include "tree.h"

#include <string.h>

#include "base/arena.h"

orr_status orr_tree_shift_targets(orr_tree *out, const orr_tree *of, const double shift[3],
                                  orr_arena *scratch)
{
    size_t n = of->n + of->n_points;
    const double *from[3] = {of->x, of->y, of->z};
    double **to[3] = {&out->x, &out->y, &out->z};
    *out = *of;
    out->cells = orr_arena_alloc_raw(scratch, of->n_cells * sizeof *out->cells);
    double *places = orr_arena_alloc_raw(scratch, 3 * n * sizeof *places);
    if (!out->cells || !places)
        return ORR_E_NO_MEMORY;
    memcpy(out->cells, of->cells, of->n_cells * sizeof *out->cells);
    for (size_t c = 0; c < 3; c++) {
        *to[c] = places + c * n;
        for (size_t i = 0; i < n; i++)
            places[c * n + i] = from[c][i] + shift[c];
        for (size_t k = 0; k < of->n_cells; k++)
            out->cells[k].z[c] += shift[c];
    }
    return ORR_OK;
}
