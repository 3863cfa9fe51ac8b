/* sim.h - a simulation: bodies, forces, one integrator, and time.
 *
 * Thread safety: one thread per simulation (orr_sim_request_stop() excepted); different simulations
 * are independent. */
#ifndef ORRERY_SIM_H
#define ORRERY_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include <orrery/bodies.h>
#include <orrery/force.h>
#include <orrery/integrator.h>
#include <orrery/snapshot.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_sim orr_sim;

/* The name of a body for messages, borrowed; NULL: none. */
typedef const char *orr_name_fn(const void *user, uint64_t id);

typedef struct orr_sim_def {
    orr_bodies *bodies;    /* taken: the simulation moves the arrays out and leaves this empty */
    double G;              /* gravitational constant, turns GM into mass in energies; > 0 */
    double t;              /* [time] of the initial state */
    double step;           /* [time], > 0; its direction follows from the target time; 0: none, for
                              adaptive methods */
    int threads;           /* 0: as many as there are processors */
    double speed_of_light; /* [length/time]; 0: unknown, so there is no relativity */
    orr_name_fn *name;     /* optional; with name_user it must outlive the simulation */
    const void *name_user;
    const char *time_unit, *length_unit; /* their names in messages, at most 15 bytes; NULL: none */
    orr_diagnosis *why; /* optional: gets a sentence where orr_sim_create() fails */
} orr_sim_def;

ORR_API orr_sim_def orr_sim_def_default(void);

/* Gives a simulation that has no forces yet and the integrator "leapfrog". */
ORR_API ORR_CHECKED orr_status orr_sim_create(const orr_sim_def *def, orr_sim **out);
ORR_API void orr_sim_destroy(orr_sim *sim);

/* Choose method and options, to go on from the state that is shown.  Unknown or out-of-range
 * options leave the old method in place. */
ORR_API ORR_CHECKED orr_status orr_sim_set_integrator(orr_sim *sim, const orr_integrator *type,
                                                      const orr_option *options, size_t n);

/* Another length of the steps [time], > 0, from the state that is shown. */
ORR_API ORR_CHECKED orr_status orr_sim_set_step(orr_sim *sim, double step);

ORR_API ORR_CHECKED orr_status orr_sim_add_force(orr_sim *sim, const orr_force *type,
                                                 const orr_option *options, size_t n);

/* Change bodies of a running simulation: edit() gets the synchronised bodies; afterwards forces and
 * integrator are prepared afresh, and the simulation goes on from there.  If edit() returns an
 * error (or leaves no bodies) nothing has happened. */
typedef orr_status orr_edit_fn(orr_bodies *bodies, void *user);
ORR_API ORR_CHECKED orr_status orr_sim_edit(orr_sim *sim, orr_edit_fn *edit, void *user);

/* One whole step in the given direction (+1 or -1): of size `step`, or as the method chooses. */
ORR_API ORR_CHECKED orr_status orr_sim_step(orr_sim *sim, int direction);

/* Advance to exactly t_end [time], forwards or backwards.
 *
 * Whole steps are taken (on the grid t0 + k step, or of the method's own choice) as far as they go;
 * what remains is covered on the side, by the method's dense output if it has one, else by
 * shortened steps: the state at t_end is what is shown, while the next call goes on from the last
 * whole step. So the trajectory does not depend on where runs land.
 *
 * Returns ORR_OK; ORR_E_STOPPED after orr_sim_request_stop(), at a whole step; or the error of a
 * step that failed: orr_sim_message() says when and why, and which bodies were closest.  After
 * ORR_E_STEP_TOO_SMALL the state of the last whole step is shown; after others it is lost.  What
 * was written before is whole. */
ORR_API ORR_CHECKED orr_status orr_sim_run_until(orr_sim *sim, double t_end);

/* Several simulations that do not know of each other, each to exactly t_end with the bits of
 * orr_sim_run_until(): members whose method can are advanced together, groups of them on `threads`
 * threads (0: all).  Each simulation should have been made with one thread.  status[k] gets the
 * result of member k; one that was not ORR_OK before the call is left alone. */
ORR_API void orr_sims_run_until(orr_sim *const *sims, size_t n, double t_end, int threads,
                                orr_status *status);

/* Dense output: the state at any time t [time] inside the last whole step, as accurate as the
 * method, by its interpolant or, where it has none, by a shortened step from the nearer end.  pos
 * and vel [3 * stride] are laid out like those of the bodies; what is shown does not change.
 * ORR_E_ARGUMENT if t is not inside the last step. */
ORR_API ORR_CHECKED orr_status orr_sim_state_at(orr_sim *sim, double t, double *pos, double *vel);

/* Called after every whole step, or every few hundred where a method takes many at once (see the
 * counters); must not change the simulation.  fn NULL: nobody. */
typedef void orr_observe_fn(const orr_sim *sim, void *user);
ORR_API void orr_sim_observe(orr_sim *sim, orr_observe_fn *fn, void *user);

/* Ask orr_sim_run_until() to return after the current step.  Async-signal-safe. */
ORR_API void orr_sim_request_stop(orr_sim *sim);

/* ---- what was set ---- */

/* The definition as it holds now: `step` after orr_sim_set_step(), `threads` as a number of them, t
 * as shown; bodies and why are NULL (orr_sim_snapshot() shows the bodies).  The names of units are
 * borrowed until the simulation is destroyed. */
ORR_API orr_sim_def orr_sim_definition(const orr_sim *sim);

/* The name of a body, NULL: it has none.  Borrowed as by def->name. */
ORR_API const char *orr_sim_name(const orr_sim *sim, uint64_t id);

/* The method, and the value of one of its options as orr_sim_set_integrator() takes it.  text gets
 * the name of a choice, to which out->text then points.  ORR_E_UNKNOWN_NAME: no such option. */
ORR_API const orr_integrator *orr_sim_integrator(const orr_sim *sim);
ORR_API ORR_CHECKED orr_status orr_sim_integrator_option(const orr_sim *sim, const char *name,
                                                         orr_option *out,
                                                         char text[ORR_MOST_CHOICE_TEXT]);

/* The forces in the order in which they were added: iterate with k from 0 until NULL; their options
 * likewise.  ORR_E_ARGUMENT: no force k. */
ORR_API const orr_force *orr_sim_force(const orr_sim *sim, size_t k);
ORR_API ORR_CHECKED orr_status orr_sim_force_option(const orr_sim *sim, size_t k, const char *name,
                                                    orr_option *out,
                                                    char text[ORR_MOST_CHOICE_TEXT]);

/* Who observes, NULL: nobody; *user (may be NULL) gets what it is called with. */
ORR_API orr_observe_fn *orr_sim_observer(const orr_sim *sim, void **user);

/* A stop was asked for, and no run has ended for it yet. */
ORR_API bool orr_sim_stop_requested(const orr_sim *sim);

/* The time of the last whole step, exactly: the sum high + low [time], not rounded to a double, so
 * that 1e10 steps do not blur it.  What is shown may be ahead of it: see orr_sim_run_until(). */
typedef struct orr_time {
    double high, low;
} orr_time;
ORR_API orr_time orr_sim_time(const orr_sim *sim);

/* Where the last whole step went: +1 forwards, -1 backwards; 0: there was none since the method was
 * prepared. */
ORR_API int orr_sim_direction(const orr_sim *sim);

typedef struct orr_conserved {
    double kinetic, potential; /* [mass length2/time2] */
    double momentum[3], angular_momentum[3], center_of_mass[3], center_velocity[3];
    double mass; /* total [mass] */
} orr_conserved;

/* Conserved quantities of the state shown now, by compensated sums. */
ORR_API ORR_CHECKED orr_status orr_sim_conserved(orr_sim *sim, orr_conserved *out);

/* The state shown now; borrowed until the next call that takes a non-const sim. */
ORR_API orr_snapshot orr_sim_snapshot(const orr_sim *sim);

typedef struct orr_sim_counters {
    uint64_t steps;                 /* whole steps */
    uint64_t evaluations;           /* of the forces, side steps included */
    uint64_t rejected;              /* steps tried and thrown away by adaptive methods */
    double last, shortest, longest; /* whole steps [time], without their sign; 0: none yet */
} orr_sim_counters;
ORR_API orr_sim_counters orr_sim_count(const orr_sim *sim);

/* What happened on the whole steps so far (energies as losses [mass length2/time2]), in the order
 * of time; borrowed until the next call that takes a non-const sim. */
ORR_API const orr_event *orr_sim_events(const orr_sim *sim, size_t *n);

/* The whole state at the last whole step (which is shown afterwards): bodies, time, method, forces,
 * counters, events, to the last bit.  *data is to be freed by the caller. */
ORR_API ORR_CHECKED orr_status orr_sim_save(orr_sim *sim, void **data, size_t *size);

/* Nothing of a saved state was lost or changed since.  True of states in the form of another version
 * too, which orr_sim_restore() refuses. */
ORR_API bool orr_saved_is_whole(const void *data, size_t size);

/* Go on from a saved state, with the bits of a simulation that was never stopped.  sim was made in
 * the same way (method, forces, options, step); compiler, build type, threads, instruction set and
 * machine may differ, and the version of orrery, if its method and forces keep the same state by
 * the same names.  ORR_E_FORMAT, ORR_E_NO_MEMORY, with nothing changed: orr_sim_message() says who
 * saved it and why it is refused. */
ORR_API ORR_CHECKED orr_status orr_sim_restore(orr_sim *sim, const void *data, size_t size);

/* Detail of the last error; valid until the next call; never NULL. */
ORR_API const char *orr_sim_message(const orr_sim *sim);

#ifdef __cplusplus
}
#endif

#endif
