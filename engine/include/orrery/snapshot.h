/* snapshot.h - an immutable view of the state, and a channel that hands it to another thread: all
 * that a writer or viewer may see. */
#ifndef ORRERY_SNAPSHOT_H
#define ORRERY_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include <orrery/bodies.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct orr_snapshot {
    double t;                 /* [time] */
    uint64_t step;            /* whole steps done */
    const orr_bodies *bodies; /* borrowed */
} orr_snapshot;

/* A channel from one producer thread to one consumer thread that always has the newest snapshot.
 * Neither side ever waits; snapshots that were not fetched are overwritten. */
typedef struct orr_channel orr_channel;

/* Room for snapshots of up to capacity bodies (kept three times). */
ORR_API ORR_CHECKED orr_status orr_channel_create(size_t capacity, orr_channel **out);

/* Both threads must have finished with it; NULL is allowed. */
ORR_API void orr_channel_destroy(orr_channel *c);

/* Producer: copy the snapshot in.  ORR_E_ARGUMENT if it has more bodies than the channel holds. */
ORR_API ORR_CHECKED orr_status orr_channel_publish(orr_channel *c, const orr_snapshot *s);

/* Consumer: the newest snapshot, NULL before the first; valid until the next call. */
ORR_API const orr_snapshot *orr_channel_latest(orr_channel *c);

#ifdef __cplusplus
}
#endif

#endif
