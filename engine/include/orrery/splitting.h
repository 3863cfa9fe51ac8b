/* splitting.h - what a Wisdom-Holman splitting does thousands of times: drift along Kepler orbits,
 * kick by the planets.  The mathematics of coordinates and schemes is in integrators/wh.c; this is
 * the part that is written for the vector units (engine/kernels/wisdom_holman: splitting.inc.h,
 * kepler.inc.h).
 *
 * Planets lie across lanes.  A system takes `span` lanes: 2, 4, 8 or a multiple of 8; several
 * systems (an ensemble) follow each other, each with its own constants, and no system's bits depend
 * on its neighbours.  Lanes without a planet have live = gm = mu = 0, finite positions that differ
 * and velocity 0: they stay where they are and act on nobody. */
#ifndef ORRERY_SPLITTING_H
#define ORRERY_SPLITTING_H

#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum orr_coordinates {
    ORR_JACOBI,     /* each body from the centre of mass of all inside it */
    ORR_DEMOCRATIC, /* heliocentric positions, barycentric velocities */
    ORR_WHDS,       /* the same positions; velocities that make two bodies exact */
    ORR_BARYCENTRIC /* barycentric positions, heliocentric velocities */
} orr_coordinates;

/* Kick, then drift; either may be 0. */
typedef struct orr_splitting_op {
    double kick;    /* [time] */
    double tangent; /* [time3]: adds tangent (da/dq) a to velocities; Jacobi only */
    double lazy;    /* [time2]: the kick is evaluated at positions q + lazy a(q); Jacobi only */
    double drift;   /* [time] */
} orr_splitting_op;

/* All arrays are 64-byte aligned, 8 * blocks long unless it says otherwise; units of GM. */
typedef struct orr_planets {
    orr_coordinates coordinates;
    size_t span, blocks;
    double *q[3], *w[3];         /* coordinates [length] and their velocities [length/time] */
    double *q_low[3], *w_low[3]; /* what rounding took from them */
    const double *mu;            /* of the Kepler drift */
    const double *gm;            /* [64 * blocks]: of the planet k lanes on, k = 0 .. 7 */
    const double *star;          /* GM of the star */
    const double *live;          /* 1: a planet, 0: an empty lane */
    const double *weight;  /* Jacobi m/eta; democratic m/m0; WHDS m/(m0 + m); barycentric m/M */
    const double *weight0; /* barycentric: m/m0 */
    const double *factor;  /* of the direct acceleration: Jacobi eta(k)/eta(k-1), WHDS 1 + m/m0 */
    const double *inverse; /* Jacobi: 1/(G eta(k-1)) */
    const double *gr;      /* 6 (G m0)^2/c^2 [length4/time2], or 0: relativity, see wh.c */
    int relativity;        /* gr is used */
} orr_planets;

enum orr_most_planets { ORR_MOST_PLANETS = 512 };

/* What test particles feel in one operation: the planets about the star, and how the particles'
 * coordinates hang on them.  x = q + offset[k] is the position about the star of a particle with k
 * planets inside (k = 0 but in Jacobi coordinates). */
typedef struct orr_field_of_planets {
    double kick, drift;         /* [time] */
    double before[3], after[3]; /* [length] jumps of all particles, before and after the kick */
    const double *x;            /* [3 * planets]: x0 y0 z0 x1 .. [length] */
    const double *offset;       /* [3 * (planets + 1)] [length] */
    const double *common;       /* [3 * (planets + 1)] acceleration of all with k planets inside */
    /* Who comes close is looked for on straight lines up to `reach` before and after the kick: */
    double reach;           /* [time] */
    const double *v;        /* [3 * planets] velocities about the star [length/time] */
    const double *v_offset; /* [3 * (planets + 1)] of w to the velocity about the star */
} orr_field_of_planets;

typedef struct orr_particles {
    size_t blocks;       /* of eight lanes; empty lanes have `gone` set */
    double *q[3], *w[3]; /* [8 * blocks] */
    double *q_low[3], *w_low[3];
    double *gone;           /* 0: there; else 1 + the operation in which it was removed */
    double *why;            /* -2: far away, -1: by the star, j: by planet j */
    const uint32_t *inside; /* [blocks] k above */
    size_t planets;
    const double *gm;    /* [planets] */
    double star, mu;     /* GM of the star; of the particles' Kepler drift */
    double gr;           /* 6 (G m0)^2/c^2, or 0 */
    int central;         /* the star's pull is kicked less the drift's: Jacobi, barycentric */
    double far2;         /* [length2] remove beyond; 0: never */
    double star_radius;  /* [length] remove those whose pericentre was inside; 0: never */
    int looks;           /* some near2 is not 0 */
    const double *near2; /* [planets] remove within */
} orr_particles;

/* Particles through n operations of the planets' field, threaded over blocks. */
ORR_API void orr_split_particles(const orr_particles *p, const orr_field_of_planets *f, size_t n,
                                 int threads);

/* `repeat` times the sequence of n operations. */
ORR_API void orr_split(const orr_planets *p, const orr_splitting_op *ops, size_t n,
                       uint64_t repeat);

/* Kepler drift of n bodies by time h [time] about fixed centres of strength mu [length3/time2]; any
 * orbit, any h.  x and v: three arrays each, 64-byte aligned and padded to a multiple of 8 with
 * finite, non-zero positions; changed in place. */
ORR_API void orr_kepler(size_t n, double *const x[3], double *const v[3], const double *mu,
                        double h);

#ifdef __cplusplus
}
#endif

#endif
