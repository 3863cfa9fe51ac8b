/* run.h - a run, from its scenario to its output file: snapshots and diagnostics when they are due,
 * events, expectations, checkpoints, and the way on from one.  One simulation, one with a shadow
 * beside it, or all members of an ensemble.
 *
 *     orr_run_def def = orr_run_def_default();
 *     def.scenario = &scenario;                       loaded by orr_scenario_load() or _parse()
 *     status = orr_run_create(&def, &run, &why);      or orr_run_resume("name.h5", &def, ...)
 *     status = orr_run_go(run);
 *     const orr_run_report *r = orr_run_result(run);
 *     orr_run_destroy(run);
 *
 * Nothing is printed, no signal is caught, nothing is global: runs in different threads do not know
 * of each other (HDF5 must be a thread-safe build then, as Debian's is).  A run belongs to one
 * thread at a time, but for orr_run_request_stop() and orr_run_request_checkpoint(), which any
 * thread and any signal handler may call. */
#ifndef ORRERY_RUN_H
#define ORRERY_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <orrery/io.h>
#include <orrery/scenario.h>
#include <orrery/sim.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_run orr_run;

/* How far a run is. */
typedef struct orr_run_progress {
    double t;            /* [time] of the last whole step; of an ensemble: that all came to */
    double fraction;     /* of the way from the start of the run to its end, 0 to 1 */
    uint64_t steps;      /* whole ones, of all members */
    double energy_error; /* (E - E0) / |E0| in the last row of diagnostics; NAN: tells nothing */
    double wall_seconds; /* since the run was created */
    size_t members;      /* of an ensemble; 0: it is none */
} orr_run_progress;

typedef void orr_run_progress_fn(void *user, const orr_run_progress *p);

/* A sentence for people, without a line break at its end; borrowed for the call. */
typedef void orr_run_text_fn(void *user, const char *text);

/* The simulation at a whole step: its state, energies and counters may be asked for, nothing may be
 * changed.  false: there is no need to call again. */
typedef bool orr_run_show_fn(void *user, orr_sim *sim);

/* What a run is to do.  Texts are copied, and may go after create or resume. */
typedef struct orr_run_def {
    /* ---- of a run that begins: orr_run_create() ---- */
    orr_scenario *scenario;              /* taken in any case: the struct is left empty */
    const orr_scenario_changes *changes; /* with which it was read; NULL: none */
    long member;        /* which one of an ensemble it is (orr_scenario_member()); -1: it is none */
    const char *shadow; /* a copy beside the run that tells until when positions are known: "step"
                           takes half the step, "ulp" begins one unit in the last place away; NULL:
                           there is none.  Not of ensembles */
    bool replace;       /* an existing output file */

    /* ---- of a run that goes on: orr_run_resume() ---- */
    const char *until;  /* another end, as run.to in a scenario; NULL: the old one */
    bool allow_plugins; /* as in orr_scenario_changes, where the scenario has some */

    /* ---- of both ---- */
    const char *output;       /* NULL: what the scenario says; resume: the file it was in */
    int threads;              /* 0: as many as there are processors; changes no bit */
    double checkpoint_every;  /* [s] of wall time; 0: not by the clock; < 0: as in the scenario */
    const char *checkpoint;   /* that file; NULL: the output's name with .checkpoint */
    bool keep_checkpoint;     /* when the run has ended, so that it can be made longer */
    const char *command_line; /* for the file's provenance; NULL: none */

    /* ---- callbacks: each may be NULL; called in the thread that runs, unless said ---- */
    void *user;
    orr_run_progress_fn *progress; /* about every millisecond at most, from inside of a step's end;
                                      of an ensemble: when all members came to an output time */
    orr_run_text_fn *message;      /* worth knowing */
    orr_run_text_fn *warning;      /* something is not as it should be; the run goes on */
    orr_run_show_fn *show;         /* a picture every show_every [s] of wall time, at the start and
                                      at the end.  Not of ensembles */
    double show_every;
} orr_run_def;

ORR_API orr_run_def orr_run_def_default(void);

/* Read what is needed, claim and create the output file and build the simulations.  *why tells what
 * went wrong; why may be NULL, here and in the rest of this header:
 *   ORR_E_ARGUMENT      the definition asks for what cannot be
 *   ORR_E_INCOMPATIBLE  the scenario cannot be run: its method does not take it, an expectation
 *                       cannot be measured, a member of the ensemble is wrong
 *   ORR_E_EXISTS, ORR_E_BUSY, ORR_E_FILE   the output or the checkpoint
 *   ORR_E_NO_MEMORY */
ORR_API ORR_CHECKED orr_status orr_run_create(orr_run_def *def, orr_run **out, orr_diagnosis *why);

/* All that orr_run_create() would read and check, without a file being touched.  The scenario is
 * not taken.  *bytes gets the size of the output, as from orr_output_bytes(). */
ORR_API ORR_CHECKED orr_status orr_run_check(const orr_run_def *def, double *bytes,
                                             orr_diagnosis *why);

/* Go on with the run that writes or wrote `path`, from its last whole checkpoint, with the bits of
 * a run that was never stopped.  One that was killed before its first checkpoint begins again.
 * Gives ORR_OK and *out NULL if it has come to its end and there is nothing left to be done.
 * Errors as of orr_run_create(); ORR_E_FILE also where there is no checkpoint, or another run's;
 * ORR_E_INCOMPATIBLE also where tables or included files are not those of the run any more. */
ORR_API ORR_CHECKED orr_status orr_run_resume(const char *path, const orr_run_def *def,
                                              orr_run **out, orr_diagnosis *why);

/* From where the run is to its end, or until it is stopped; closes the output file.  Once a run.
 * Gives ORR_OK, or why it ended: ORR_E_STOPPED, ORR_E_COLLISION, the error of a step that failed
 * (ORR_E_STEP_TOO_SMALL, ORR_E_NOT_FINITE, ...), or that of the output file; orr_run_diagnosis()
 * has it in words.  All but an end of itself leaves a checkpoint, where the run keeps some. */
ORR_API ORR_CHECKED orr_status orr_run_go(orr_run *run);

/* Ask it to end at the next whole step, with the state there in the file and a checkpoint.  reason,
 * a text that lives as long as the run, is what the report tells; NULL: "stopped on request". */
ORR_API void orr_run_request_stop(orr_run *run, const char *reason);

/* Ask for a checkpoint at the next whole step, if the run keeps some. */
ORR_API void orr_run_request_checkpoint(orr_run *run);

/* A run that never went leaves its output file behind as "stopped".  NULL is allowed. */
ORR_API void orr_run_destroy(orr_run *run);

/* ---- what can be asked of a run, before and after orr_run_go(); borrowed until it is destroyed */

/* Its scenario; the bodies have moved into the simulation. */
ORR_API const orr_scenario *orr_run_scenario(const orr_run *run);

/* The output file that is written now, or was at last. */
ORR_API const char *orr_run_output(const orr_run *run);

typedef enum orr_run_end {
    ORR_RUN_GOES_ON,   /* it did not go, or is on its way */
    ORR_RUN_FINISHED,  /* at the end of the run */
    ORR_RUN_STOPPED,   /* on request */
    ORR_RUN_COLLISION, /* bodies touched, and the scenario lets the run stop there */
    ORR_RUN_NUMERICAL, /* a step failed, or all members of an ensemble did */
    ORR_RUN_FILES      /* the output file could not be written */
} orr_run_end;

/* Energy that is won or lost in such a part of all is a sign that the result is none. */
#define ORR_RUN_MUCH_ENERGY 0.01

typedef struct orr_run_report {
    orr_run_end end;
    const char *reason;     /* why it did not come to its end, in words; "" if it did */
    const char *output;     /* the file that was written last */
    const char *first;      /* the first of the run's files: what orr_run_resume() takes */
    const char *checkpoint; /* "": this run keeps none */
    bool checkpoint_beside; /* it has the output's name: def.checkpoint was not given */
    bool has_checkpoint;    /* on the disk, now */

    size_t members, failed; /* of an ensemble; 0: it is none */
    size_t bodies, active, passive;
    double t;       /* [time] of the last state shown; of an ensemble: the last output time */
    double reached; /* [time] from the start, with its sign: of the last state in the file */
    orr_sim_counters count;   /* of all members; last, shortest and longest of the first */
    uint64_t steps_before;    /* that others did before this run was resumed */
    double wall_seconds;      /* since it was created */
    uint64_t frames;          /* snapshots */
    size_t events, unwritten; /* seen; of them found no room in the file */

    /* |E - E0| / |E0|: at the end and at most, over all members that did not fail.  Without sense
     * if energy_tells is false: nothing massive moves under a force */
    bool energy_tells;
    double energy_error_final, energy_error_max;
    size_t
        energy_lost; /* members whose energy is off by more than ORR_RUN_MUCH_ENERGY of all, or of
                           that of motion: that is no solution; not under forces that change it */

    bool has_shadow;
    const char *shadow;       /* its kind */
    double shadow_distance;   /* [length] rms, at the end */
    double shadow_size;       /* [length] rms size of the system at the start */
    double positions_lost_at; /* [time] when it was above a hundredth of that; NAN: never */

    size_t expected, missed; /* expectations that were measured, and not met */
    uint64_t state_hash;     /* orr_bodies_hash(), of all members */
} orr_run_report;

ORR_API const orr_run_report *orr_run_result(const orr_run *run);

/* What went wrong, with the place where it has one. */
ORR_API const orr_diagnosis *orr_run_diagnosis(const orr_run *run);

/* Member k of an ensemble, or the run itself (k = 0). */
typedef struct orr_run_member {
    orr_status status;   /* ORR_OK, or why it failed */
    const char *message; /* of the failure; "" */
    const orr_scenario *scenario;
    orr_snapshot now; /* bodies NULL: it could not be made */
    orr_sim_counters count;
    double energy_error_final, energy_error_max, angular_momentum_error_max;
    size_t events;
    size_t n_expect;
} orr_run_member;
ORR_API orr_run_member orr_run_member_result(const orr_run *run, size_t k);

/* Expectation number i (below n_expect) of member k. */
typedef struct orr_run_expectation {
    const orr_expectation *asked;
    bool measured, met;
    const char *text; /* "quantity: expected ..., obtained ..." */
} orr_run_expectation;
ORR_API orr_run_expectation orr_run_expected(const orr_run *run, size_t k, size_t i);

/* ---- files of runs ---- */

/* The first file of the run to which the output file `path` belongs: the one that has the
 * checkpoint beside it. */
ORR_API void orr_run_first_file(const char *path, char first[4200]);

/* [time] of the last whole checkpoint of an output file (of the slowest member of an ensemble);
 * checkpoint NULL: the one beside it.  ORR_E_FILE: *why tells what is wrong with it; its text is
 * empty if there is none. */
ORR_API ORR_CHECKED orr_status orr_run_checkpoint_time(const char *path, const char *checkpoint,
                                                       double *t, orr_diagnosis *why);

/* A scenario that goes on from snapshot k of an output file: all values as the file holds them, and
 * the bodies as they are there, to the last bit; of an ensemble, of the member that is selected.
 * The epoch stays, and with it the time of what depends on it.  Its end is `until` (as in a
 * scenario); NULL: the end of the run or, where that is reached, as far again.  path names the
 * file in messages.  ORR_E_FILE, with *why; ORR_E_NO_MEMORY. */
ORR_API ORR_CHECKED orr_status orr_run_restart_scenario(orr_reader *r, const char *path, size_t k,
                                                        const char *until, FILE *out,
                                                        orr_diagnosis *why);

/* The run itself once more: the first snapshot is its beginning. */
ORR_API ORR_CHECKED orr_status orr_run_repeat_scenario(orr_reader *r, const char *path, FILE *out,
                                                       orr_diagnosis *why);

#ifdef __cplusplus
}
#endif

#endif
