/* collisions_queue.c - meetings that are foreseen, the next one first. */
#include "collisions_queue.h"

#include <math.h>
#include <stdlib.h>

static bool is_before(const orr_meeting *a, const orr_meeting *b)
{
    if (a->s != b->s)
        return fabs(a->s) < fabs(b->s);
    if (a->i != b->i)
        return a->i < b->i;
    return a->j != b->j ? a->j < b->j : a->image < b->image;
}

orr_status orr_queue_put(orr_queue *q, const orr_meeting *m)
{
    if (q->n == q->room) {
        size_t room = q->room ? 2 * q->room : 1024;
        orr_meeting *more = realloc(q->at, room * sizeof *more);
        if (!more)
            return ORR_E_NO_MEMORY;
        q->at = more;
        q->room = room;
    }
    size_t k = q->n++;
    for (; k > 0 && is_before(m, &q->at[(k - 1) / 2]); k = (k - 1) / 2)
        q->at[k] = q->at[(k - 1) / 2];
    q->at[k] = *m;
    return ORR_OK;
}

bool orr_queue_take(orr_queue *q, orr_meeting *out)
{
    if (q->n == 0)
        return false;
    *out = q->at[0];
    const orr_meeting last = q->at[--q->n];
    size_t k = 0;
    for (size_t next; (next = 2 * k + 1) < q->n; k = next) {
        next += next + 1 < q->n && is_before(&q->at[next + 1], &q->at[next]);
        if (!is_before(&q->at[next], &last))
            break;
        q->at[k] = q->at[next];
    }
    q->at[k] = last;
    return true;
}
