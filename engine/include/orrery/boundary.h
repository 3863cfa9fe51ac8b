/* boundary.h - a box whose sides are joined: what leaves it comes in on the other side.
 *
 * The box has its middle at the origin.  Around it lie images of it; in a shearing sheet those
 * farther out move past it, as circular orbits do, by -3/2 Omega x (Wisdom & Tremaine 1988,
 * doi 10.1086/114690): x points away from the planet, y along the orbit, z up.
 *
 *      image (-1, 0)  |    box     |  image (1, 0)
 *         ^ + S       |            |    v - S          S = 3/2 Omega Lx t, modulo Ly
 *
 * A body that leaves through +x becomes its image (-1, 0): it is set back by Lx, on by S, and
 * faster by 3/2 Omega Lx.  S is counted from time zero of the simulation, and lies between -Ly/2
 * and Ly/2. */
#ifndef ORRERY_BOUNDARY_H
#define ORRERY_BOUNDARY_H

#include <stdbool.h>

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_sim orr_sim;

typedef enum orr_boundary_kind {
    ORR_BOUNDARY_NONE,
    ORR_PERIODIC,
    ORR_SHEARING_SHEET /* x and y must be closed */
} orr_boundary_kind;

enum orr_most_ghosts { ORR_MOST_GHOSTS = 50 };

typedef struct orr_boundary {
    orr_boundary_kind kind;
    double size[3]; /* [length] of the box; 0: open in this direction */
    int ghosts[3];  /* how many images on each side pull (0 to ORR_MOST_GHOSTS); contacts across the
                       boundary need none */
    double shear;   /* [1/time] 3/2 Omega of a sheet: set by the simulation, from the method */
} orr_boundary;

/* Bodies outside of the box are moved in at the next step.  ORR_E_ARGUMENT or ORR_E_INCOMPATIBLE
 * (orr_sim_message() says why): a size that cannot be, or a method or a force that cannot take it.
 * To be called after the method and the forces are chosen. */
ORR_API ORR_CHECKED orr_status orr_sim_set_boundary(orr_sim *sim, const orr_boundary *boundary);
/* As set; `shear` as it is in the present step. */
ORR_API orr_boundary orr_sim_boundary(const orr_sim *sim);

/* The image n of the box at time t: it is shifted by `shift` [length], and moves in y by what this
 * returns [length/time]. */
ORR_API double orr_image_of_box(const orr_boundary *boundary, double t, const int n[3],
                                double shift[3]);

#ifdef __cplusplus
}
#endif

#endif
