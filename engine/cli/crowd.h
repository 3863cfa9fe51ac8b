/* crowd.h - an ensemble on its way: all members to every output time, one file for all.  Shared by
 * run_ensemble.c, which takes it to its end, and crowd_saved.c, which keeps it and brings it back.
 */
#ifndef ORRERY_CLI_CROWD_H
#define ORRERY_CLI_CROWD_H

#include "keeper.h"

typedef struct crowd crowd;

typedef struct member {
    crowd *all;
    uint64_t steps; /* that are in all->steps */
    orr_scenario s;
    orr_sim *sim; /* NULL: could not be made */
    orr_status status;
    measured m;
    size_t events; /* seen so far */
} member;

struct crowd {
    const arguments *a;
    const orr_scenario *s;
    bool energy_tells; /* something massive moves under a force */
    size_t n, failed, missed, events, unwritten;
    member *members;
    orr_sim **sims;               /* [n] */
    orr_status *status;           /* [n] */
    orr_bodies *bodies;           /* [n] initial, until the writer is open */
    orr_snapshot *now;            /* [n] */
    orr_diagnostics *diagnostics; /* [n] */
    orr_writer *writer;
    schedule frames, checks;
    keeper keeper;
    const checkpoint *from; /* NULL: it begins now */
    double direction, started;
    uint64_t steps_before; /* of those who ran it until now */
    int threads;
    _Atomic uint64_t steps; /* of all members */
    char detail[800];
};

uint64_t crowd_steps(const crowd *c);

/* The members at their start; who cannot be made fails. */
void crowd_populate(crowd *c);

/* A checkpoint of all members, each at its last whole step. */
void crowd_save(crowd *c, bool wait);

/* The members as the checkpoint c->from has them, and their file.  False, with a message: they
 * cannot be. */
bool crowd_restore(crowd *c);

#endif
