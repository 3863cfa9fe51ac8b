/* images.c - images of a box whose sides are joined. */
#include "images.h"

#include <math.h>

double orr_image_of_box(const orr_boundary *b, double t, const int n[3], double shift[3])
{
    double speed = -n[0] * b->shear * b->size[0];
    for (int c = 0; c < 3; c++)
        shift[c] = n[c] * b->size[c];
    if (b->kind != ORR_SHEARING_SHEET)
        return 0;
    shift[1] -= remainder(n[0] * b->shear * b->size[0] * t, b->size[1]); /* least in size */
    return speed;
}

bool orr_wrap(const orr_boundary *b, double t, double pos[3], double vel[3])
{
    bool outside = false;
    for (int c = 0; c < 3; c++) { /* x first: it shifts y */
        double half = b->size[c] / 2;
        if (!(half > 0) || (pos[c] >= -half && pos[c] < half))
            continue;
        double boxes = floor(pos[c] / b->size[c] + 0.5);
        outside = true;
        if (!(fabs(boxes) < 1e9)) {
            pos[c] = remainder(pos[c], b->size[c]);
            continue;
        }
        double shift[3];
        const int n[3] = {c == 0 ? -(int)boxes : 0, c == 1 ? -(int)boxes : 0,
                          c == 2 ? -(int)boxes : 0};
        vel[1] += orr_image_of_box(b, t, n, shift);
        for (int k = 0; k < 3; k++)
            pos[k] += shift[k];
    }
    return outside;
}

bool orr_ghost_at(const orr_boundary *b, size_t k, int n[3])
{
    if (b->kind == ORR_BOUNDARY_NONE)
        return false;
    size_t wide[3], all = 1;
    for (int c = 0; c < 3; c++) {
        wide[c] = b->size[c] > 0 ? 2 * (size_t)b->ghosts[c] + 1 : 1;
        all *= wide[c];
    }
    k += k >= all / 2; /* the middle one is the box itself */
    if (k >= all)
        return false;
    n[2] = (int)(k % wide[2]) - (int)(wide[2] / 2);
    n[1] = (int)(k / wide[2] % wide[1]) - (int)(wide[1] / 2);
    n[0] = (int)(k / wide[2] / wide[1]) - (int)(wide[0] / 2);
    return true;
}
