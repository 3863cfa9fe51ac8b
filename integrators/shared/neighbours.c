#include "neighbours.h"

#include <math.h>
#include <string.h>

static const size_t NONE = (size_t)-1;

/* Bodies in cells: a table of lists. */
typedef struct cells {
    const orr_bodies *b;
    double width;
    size_t mask;   /* of the table, whose length is a power of two */
    size_t *head;  /* [mask + 1] a body, or NONE */
    size_t *next;  /* [n] */
    int64_t *cell; /* [3 n] */
} cells;

typedef void pair_fn(void *user, size_t i, size_t j, double distance);

static size_t slot_of(const cells *c, const int64_t at[3])
{
    uint64_t hash = (uint64_t)at[0] * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ (uint64_t)at[1]) * UINT64_C(0xC2B2AE3D27D4EB4F);
    hash = (hash ^ (uint64_t)at[2]) * UINT64_C(0x165667B19E3779F9);
    return (size_t)(hash >> 20) & c->mask;
}

static double between(const orr_bodies *b, size_t i, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k < 3; k++) {
        double d = b->pos[k * b->stride + i] - b->pos[k * b->stride + j];
        sum += d * d;
    }
    return sqrt(sum);
}

static orr_status make_cells(orr_problem *p, size_t n, double width, cells *c)
{
    size_t length = 64;
    while (length < 2 * n)
        length *= 2;
    *c = (cells){.b = p->bodies, .width = width, .mask = length - 1};
    c->head = orr_arena_alloc(p->scratch, length * sizeof *c->head);
    c->next = orr_arena_alloc(p->scratch, n * sizeof *c->next);
    c->cell = orr_arena_alloc(p->scratch, 3 * n * sizeof *c->cell);
    if (!c->head || !c->next || !c->cell)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < length; k++)
        c->head[k] = NONE;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 3; k++) {
            const double far = 1e15; /* whoever is there is alone */
            double at = floor(p->bodies->pos[k * p->bodies->stride + i] / width);
            c->cell[3 * i + k] = (int64_t)fmax(-far, fmin(far, at));
        }
    return ORR_OK;
}

/* All pairs of i with a body that is in the cells already, within one cell of it. */
static void meet(const cells *c, size_t i, pair_fn *fn, void *user)
{
    const int64_t *at = c->cell + 3 * i;
    for (int64_t dx = -1; dx <= 1; dx++)
        for (int64_t dy = -1; dy <= 1; dy++)
            for (int64_t dz = -1; dz <= 1; dz++) {
                int64_t there[3] = {at[0] + dx, at[1] + dy, at[2] + dz};
                for (size_t j = c->head[slot_of(c, there)]; j != NONE; j = c->next[j])
                    if (memcmp(c->cell + 3 * j, there, sizeof there) == 0)
                        fn(user, i, j, between(c->b, i, j));
            }
}

static void enter(const cells *c, size_t i)
{
    size_t slot = slot_of(c, c->cell + 3 * i);
    c->next[i] = c->head[slot];
    c->head[slot] = i;
}

/* ---- nearest ---- */

typedef struct nearest_of {
    size_t *nearest;
    double *distance;
    double radius;
} nearest_of;

static void take_nearer(void *user, size_t i, size_t j, double distance)
{
    const nearest_of *of = user;
    for (int side = 0; side < 2; side++) {
        size_t a = side ? j : i, other = side ? i : j;
        if (distance < of->distance[a] || (distance == of->distance[a] && other < of->nearest[a])) {
            of->distance[a] = distance;
            of->nearest[a] = other;
        }
    }
}

orr_status orr_neighbours_nearest(orr_problem *p, size_t n, double radius, size_t *nearest,
                                  double *distance)
{
    cells c;
    ORR_TRY(make_cells(p, n, radius, &c));
    nearest_of of = {nearest, distance, radius};
    for (size_t i = 0; i < n; i++) {
        nearest[i] = n;
        distance[i] = INFINITY;
    }
    for (size_t i = 0; i < n; i++) {
        meet(&c, i, take_nearer, &of);
        enter(&c, i);
    }
    for (size_t i = 0; i < n; i++)
        if (!(distance[i] <= radius)) {
            nearest[i] = n;
            distance[i] = INFINITY;
        }
    return ORR_OK;
}

/* ---- groups ---- */

typedef struct union_of {
    const double *reach;
    size_t *parent; /* of a tree of bodies; the root is the least index */
} union_of;

static size_t root_of(size_t *parent, size_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void unite(void *user, size_t i, size_t j, double distance)
{
    const union_of *u = user;
    if (!(distance <= u->reach[i] + u->reach[j]))
        return;
    size_t a = root_of(u->parent, i), b = root_of(u->parent, j);
    if (a != b)
        u->parent[a > b ? a : b] = a > b ? b : a;
}

/* The width of cells: twice a reach that one body in `few` exceeds, or the next power of two.  Found
 * by counting powers of two. */
static double cell_width(size_t n, const double *reach)
{
    enum { LOWEST = -1100, POWERS = 2200 };
    const size_t few = 64;
    size_t count[POWERS] = {0}, longer = 0;
    for (size_t i = 0; i < n; i++)
        count[ilogb(fmax(fmin(reach[i], 1e300), 1e-300)) - LOWEST]++;
    int power = POWERS - 1;
    while (power > 0 && longer + count[power] <= n / few)
        longer += count[power--];
    return ldexp(4, power + LOWEST);
}

static orr_status list(orr_problem *p, size_t n, size_t *parent, orr_groups *out)
{
    size_t *members = orr_arena_alloc(p->scratch, n * sizeof *members);
    size_t *place = orr_arena_alloc(p->scratch, n * sizeof *place);
    out->first = orr_arena_alloc(p->scratch, (n / 2 + 1) * sizeof *out->first);
    out->member = orr_arena_alloc(p->scratch, n * sizeof *out->member);
    if (!members || !place || !out->first || !out->member)
        return ORR_E_NO_MEMORY;
    memset(members, 0, n * sizeof *members);
    for (size_t i = 0; i < n; i++)
        members[root_of(parent, i)]++;
    size_t at = 0;
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        if (members[i] > 1) {
            out->first[out->n++] = place[i] = at;
            at += members[i];
        }
    out->first[out->n] = at;
    for (size_t i = 0; i < n; i++) {
        size_t root = root_of(parent, i);
        if (members[root] > 1)
            out->member[place[root]++] = i;
    }
    return ORR_OK;
}

orr_status orr_groups_find(orr_problem *p, size_t n, const double *reach, orr_groups *out)
{
    cells c;
    size_t *parent = orr_arena_alloc(p->scratch, (n + 1) * sizeof *parent);
    if (!parent)
        return ORR_E_NO_MEMORY;
    const double width = cell_width(n, reach);
    ORR_TRY(make_cells(p, n, width, &c));
    union_of u = {reach, parent};
    for (size_t i = 0; i < n; i++)
        parent[i] = i;
    for (size_t i = 0; i < n; i++) {
        if (reach[i] > width / 2) { /* it may meet anyone */
            for (size_t j = 0; j < n; j++)
                if (j < i || (j > i && reach[j] <= width / 2))
                    unite(&u, i, j, between(p->bodies, i, j));
            continue;
        }
        meet(&c, i, unite, &u);
        enter(&c, i);
    }
    return list(p, n, parent, out);
}
