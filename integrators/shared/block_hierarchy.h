/* block_hierarchy.h - kick-drift-kick by a splitting of the Hamiltonian in which two bodies pull each
 * other with the longer of their steps, so that action is reaction at any time: momentum and angular
 * momentum stay, to what the forces themselves keep of them.
 *
 * Pelupessy, Janes & Portegies Zwart 2012, New Astron. 17, 711, doi 10.1016/j.newast.2012.05.009
 * (HOLD), here with the kicks at the ends; forces as in Springel et al. 2021, doi
 * 10.1093/mnras/stab1855, section 4:
 *
 *     A_k: bodies of level k and higher            a_k: pull of A_k on its own members
 *
 *     step(A_k, h):  v += h/2 (a_k - a_k+1 on members of A_k+1)        pairs with a member of level k
 *                    x += h v of the bodies of level k;  step(A_k+1, h/2) twice
 *                    v += h/2 (a_k - a_k+1)
 *
 * All that is asked of gravity are the pulls of a set of bodies on itself: sources that do not move
 * now are not looked at. */
#ifndef ORRERY_INTEGRATORS_BLOCK_HIERARCHY_H
#define ORRERY_INTEGRATORS_BLOCK_HIERARCHY_H

#include "block_steps.h"

typedef struct orr_block_hierarchy {
    const orr_motion *motion;
    orr_block_steps *steps;
    unsigned char *level; /* [n], where levels are written */
    double *pull; /* [3 stride], or [9 stride] with tides: of all on all, at the start of the
                           * step, and then at its end */
} orr_block_hierarchy;

/* One step of all bodies.  Wishes of steps are known at its start, and known at its end. */
orr_status orr_block_hierarchy_step(const orr_block_hierarchy *self, orr_problem *p, double h,
                                    orr_step_report *report);

#endif
