/* softening.h - laws of softened gravity, one meaning for all solvers.
 *
 *     plummer   phi = -GM / sqrt(r^2 + eps^2)                      Plummer 1911; Aarseth 1963
 *     compact   Newton's law beyond H = 3 eps, Wendland's C2 kernel as the density within
 *               (Wendland 1995; Dehnen & Aly 2012, doi 10.1111/j.1365-2966.2012.21439.x)          */
#ifndef ORRERY_KERNELS_GRAVITY_SOFTENING_H
#define ORRERY_KERNELS_GRAVITY_SOFTENING_H

typedef enum orr_softening_law { ORR_SOFTEN_PLUMMER, ORR_SOFTEN_COMPACT } orr_softening_law;

typedef struct orr_softening {
    orr_softening_law law;
    double eps; /* [length]; 0: points */
} orr_softening;

/* Potential over -GM at the squared distance r2 [1/length]; 0 for points at one place. */
double orr_softening_potential(const orr_softening *s, double r2);

/* Potential over -GM at distance 0 [1/length]; 0 for points. */
double orr_softening_self(const orr_softening *s);

#endif
