#include "conserved.h"

#include "math/accurate_sum.h"
#include "math/double_double.h"

void orr_conserved_motion(const orr_bodies *b, double G, orr_conserved *out)
{
    orr_two energy = {0, 0}; /* its changes are looked at to the last digit */
    orr_sum mass = {0}, p[3] = {{0}}, L[3] = {{0}}, c[3] = {{0}};
    const double *x = b->pos, *y = x + b->stride, *z = y + b->stride;
    const double *vx = b->vel, *vy = vx + b->stride, *vz = vy + b->stride;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++) {
        double m = b->gm[i];
        const double r[3] = {x[i], y[i], z[i]}, v[3] = {vx[i], vy[i], vz[i]};
        orr_sum_add(&mass, m);
        orr_two v2 = orr_two_product(v[0], v[0]);
        v2 = orr_two_add(v2, orr_two_product(v[1], v[1]));
        v2 = orr_two_add(v2, orr_two_product(v[2], v[2]));
        energy = orr_two_add(energy, orr_two_multiply(v2, (orr_two){0.5 * m, 0}));
        for (int k = 0; k < 3; k++) {
            int k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            orr_sum_add(&p[k], m * v[k]);
            orr_sum_add(&c[k], m * r[k]);
            orr_sum_add(&L[k], m * r[k1] * v[k2]);
            orr_sum_add(&L[k], -(m * r[k2] * v[k1]));
        }
    }
    double total = orr_sum_value(&mass);
    out->kinetic = energy.high / G;
    out->mass = total / G;
    for (int k = 0; k < 3; k++) {
        out->momentum[k] = orr_sum_value(&p[k]) / G;
        out->angular_momentum[k] = orr_sum_value(&L[k]) / G;
        out->center_of_mass[k] = total > 0 ? orr_sum_value(&c[k]) / total : 0;
        out->center_velocity[k] = total > 0 ? orr_sum_value(&p[k]) / total : 0;
    }
}
