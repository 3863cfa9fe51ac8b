/* sim_internal.h - what a simulation is made of; private to engine/sim. */
#ifndef ORRERY_SIM_INTERNAL_H
#define ORRERY_SIM_INTERNAL_H

#include <orrery/sim.h>

#include <stdatomic.h>

#include "base/arena.h"
#include "kernels/gravity/softening.h"

enum { ORR_MOST_FORCES = 16 };

typedef struct orr_force_use {
    const orr_force *type;
    void *state;
} orr_force_use;

typedef struct orr_contacts orr_contacts;

/* A copy of all that moves: bodies, integrator state and memory, time. */
typedef struct orr_saved {
    bool valid;
    void *motion; /* the fields of the bodies that move with the steps, one after another */
    size_t motion_size;
    void *integrator; /* state_size bytes, then the content of `memory` */
    size_t integrator_size;
    orr_time t;
    double last;
    bool unsynchronised;
} orr_saved;

/* The way of all bodies from one grid point of the massive ones to the next, see test_bodies.c. */
typedef struct orr_leg {
    bool open, ahead; /* ahead: the massive bodies are at its end */
    bool returns;     /* it leads back to the grid point where they are */
    bool cut;         /* a contact of massive bodies is at its end; done when all have arrived */
    int direction;
    double h; /* [time] */
    orr_time end;
} orr_leg;

struct orr_sim {
    orr_problem problem; /* first: eval() gets from it to the simulation */
    orr_bodies bodies;
    double G, step;
    orr_time t;
    double last;    /* [time] the last whole step, with its sign; 0: none since prepare() */
    double free[2]; /* length of the next whole step forwards, backwards, where it is known */
    orr_boundary boundary;
    bool stays_outside; /* bodies that leave the box are not brought in yet */
    orr_force_use forces[ORR_MOST_FORCES];
    size_t n_forces;
    const orr_integrator *method;
    void *state; /* of the method */
    orr_arena memory, scratch, force_memory;
    orr_saved grid; /* the last whole step, while a state off the grid is shown */
    bool prepared, unsynchronised;
    orr_sim *massive; /* the massive bodies alone, where test bodies would change them; or NULL */
    orr_leg leg;
    size_t n_carried;       /* events of the massive bodies that are told here already */
    bool keep_massive;      /* while the rest is prepared afresh */
    bool alone;             /* this is such a simulation of massive bodies alone */
    uint64_t watched;       /* steps since progress was looked at, see progress.c */
    double longest_watched; /* [time] of them */
    orr_sim_counters counters;
    orr_event *events;
    size_t n_events, room_events;
    uint64_t *removed; /* ids of bodies to be removed after this step */
    size_t n_removed, room_removed;
    orr_contacts *contacts; /* the rules for bodies that meet; NULL: nobody looks */
    orr_time goal;          /* of a step that a contact cut in two: the grid point after it; */
    bool is_partial;        /* only then */
    double failed_after;    /* [time] into the last step tried, if it failed and the method knows */
    atomic_int stop;
    orr_observe_fn *observe;
    void *observe_user;
    orr_name_fn *name;
    const void *name_user;
    char message[700];
    char time_unit[16], length_unit[16]; /* for messages; "": none */
};

/* Of the force that softens most, with its law; eps negative if there is neither gravity nor a
 * method that has its own. */
orr_softening orr_sim_softening(const orr_sim *sim);

/* Write the message of an error and hand its code on. */
orr_status orr_sim_fail(orr_sim *sim, orr_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The name of a body, for messages; may use the buffer. */
const char *orr_sim_name_of(const orr_sim *sim, uint64_t id, char buffer[64]);

/* "t = 217.76 day" */
const char *orr_sim_time_text(const orr_sim *sim, double t, char text[64]);

/* Say when and where a step failed; the report may know more exactly than the simulation. */
orr_status orr_sim_not_finite(orr_sim *sim, const orr_step_report *report);
orr_status orr_sim_failed(orr_sim *sim, orr_status status, const orr_step_report *report);

/* ---- step.c ---- */

/* One step, or n of a method that takes several at once; *done [time]: each of them. */
orr_status orr_sim_advance(orr_sim *sim, double h, uint64_t n, double *done);

/* The same, whatever becomes of the massive bodies. */
orr_status orr_sim_advance_all(orr_sim *sim, double h, uint64_t n, double *done);

/* After n steps of the method: books, checks, time, and those who were removed. */
orr_status orr_sim_arrive(orr_sim *sim, orr_status status, const orr_step_report *report,
                          uint64_t n);

/* Take out the bodies that are no more, and go on with the others. */
orr_status orr_sim_remove_marked(orr_sim *sim);
/* One of them; the method is to be prepared after it. */
orr_status orr_sim_remove_now(orr_sim *sim, uint64_t id);
/* ---- test_bodies.c ---- */

/* The method would let test bodies change what massive ones do. */
bool orr_sim_is_to_be_divided(const orr_sim *sim);

/* Make, or take down, the simulation of the massive bodies alone; before the method is prepared. */
orr_status orr_sim_divide(orr_sim *sim);
void orr_sim_undivide(orr_sim *sim);

/* Its saved state (NULL: there is none; to be freed), and such a simulation from that. */
orr_status orr_sim_save_massive(orr_sim *sim, void **data, size_t *size);
orr_status orr_sim_restore_massive(orr_sim *sim, const void *data, size_t size, orr_sim **out);

/* One whole step of all, as far as the end of the leg. */
orr_status orr_sim_advance_divided(orr_sim *sim, double h, double *done);

/* Where somebody looks, before a step: begin the leg that it is in.  Without dense output a turn in
 * the middle of a leg goes back; with it, *direction is that of the leg, which is ended first. */
orr_status orr_sim_begin_leg(orr_sim *sim, int *direction);
/* All have arrived: the step of the massive bodies stands, and what they met there is done. */
orr_status orr_sim_close_leg(orr_sim *sim);

/* All bodies are not yet where the massive ones have their next grid point. */
bool orr_sim_is_inside_leg(const orr_sim *sim);
/* The direction of a step that the massive bodies have done and all bodies not; 0: there is none. */
int orr_sim_unfinished(const orr_sim *sim);
/* t is inside the step of the massive bodies, where all bodies have been already. */
bool orr_sim_is_behind(orr_sim *sim, double t);

/* All bodies are shown at t: show the massive ones as they would be alone; or write them over pos
 * and vel [3 stride].  Nothing, if the simulation is not divided. */
orr_status orr_sim_show_massive(orr_sim *sim, double t);
orr_status orr_sim_massive_at(orr_sim *sim, double t, double *pos, double *vel);

/* ---- boundary.c ---- */

/* The method, the forces and the boundary that are set go together.  ORR_E_INCOMPATIBLE. */
orr_status orr_boundary_check(orr_sim *sim);
/* Bring bodies that have left the box in on the other side. */
void orr_sim_wrap(orr_sim *sim);
/* The rules for contacts, the method and the boundary go together (collisions_many.c).
 * ORR_E_INCOMPATIBLE. */
orr_status orr_contacts_check(orr_sim *sim);

/* ---- progress.c ---- */

/* After a whole step h [time] of an adaptive method: ORR_E_STEP_TOO_SMALL, with a message, if it
 * makes no progress any more. */
orr_status orr_sim_watch(orr_sim *sim, double h);

/* ---- sim.c, run.c, grid.c ---- */

/* Go on from what is shown; all is prepared afresh. */
orr_status orr_sim_begin_afresh(orr_sim *sim);

/* Bring the method up to date after a change of bodies, forces or options. */
orr_status orr_sim_prepare(orr_sim *sim);

/* The parts of a run with fixed steps: how many steps a method may take at once on the way to t_end
 * (0: what is left is less than a step), what follows n steps, and the state to be shown. */
uint64_t orr_sim_steps_to(const orr_sim *sim, double t_end);
orr_status orr_sim_stepped(orr_sim *sim, orr_status status, const orr_step_report *report,
                           uint64_t n);
orr_status orr_sim_show(orr_sim *sim, double t_end);

/* The other parts of a run: whole steps, with their books; a state inside the last step by dense
 * output, to be shown, into arrays, or for the bodies to go on from; from here by s [time] by
 * shortened steps, to synchronised bodies; the run where nobody looks for collisions. */
orr_status orr_sim_whole_steps(orr_sim *sim, int direction, uint64_t n);
void orr_sim_counted(orr_sim *sim, double h, uint64_t n);
orr_status orr_sim_look_back(orr_sim *sim, double t_end);
orr_status orr_sim_interpolate(orr_sim *sim, double s, double *pos, double *vel);
orr_status orr_sim_interpolate_to_bodies(orr_sim *sim, double s);
orr_status orr_sim_go(orr_sim *sim, double s);
orr_status orr_sim_synchronize(orr_sim *sim);
orr_status orr_run_plain(orr_sim *sim, double t_end);
bool orr_sim_must_stop(const orr_sim *sim);
orr_status orr_sim_stop_here(orr_sim *sim);

/* Go back to the grid, if a state off it is shown. */
void orr_sim_return_to_grid(orr_sim *sim);

/* Keep the state of the last whole step aside. */
orr_status orr_sim_leave_grid(orr_sim *sim);
void orr_saved_free(orr_saved *s);

/* Copy all that moves, and put it back. */
orr_status orr_saved_take(orr_sim *sim, orr_saved *s);
void orr_saved_put(orr_sim *sim, const orr_saved *s);

#endif
