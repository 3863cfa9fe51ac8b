/* snapshot.h - an immutable view of the state: all that a writer or viewer may see. */
#ifndef ORRERY_SNAPSHOT_H
#define ORRERY_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>

typedef struct orr_snapshot {
    double t;                 /* [time] */
    uint64_t step;            /* whole steps done */
    const orr_bodies *bodies; /* borrowed */
} orr_snapshot;

#endif
