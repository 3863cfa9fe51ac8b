/* key.h - Morton keys: three numbers of 21 bits in turn, so that cells of an octree are ranges of
 * sorted keys.  Morton 1966. */
#ifndef ORRERY_TREE_KEY_H
#define ORRERY_TREE_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <orrery/status.h>

enum { ORR_KEY_BITS = 21 };

typedef struct orr_cube {
    double low[3], side; /* [length] */
} orr_cube;

/* Where bodies are: their box, and a hash of their positions. */
typedef struct orr_where {
    double low[3], high[3]; /* [length]; low > high: there are none */
    uint64_t hash;
    bool finite;
} orr_where;

/* Of bodies order[first .. first + n), or first ... if order is NULL. */
orr_where orr_where_of(const double *const x[3], const uint32_t *order, size_t first, size_t n);
orr_where orr_where_both(orr_where a, orr_where b);

/* A cube around them, larger by a sixth to a third, and shifted: both by the hash, so that errors
 * of the cells are not the same from step to step and add up.  Side 0 if all are in one place. */
orr_cube orr_cube_around(const orr_where *w);

/* Keys of the same bodies. */
void orr_keys_of(const orr_cube *cube, const double *const x[3], const uint32_t *order,
                 size_t first, size_t n, uint64_t *keys);

/* A stable sort of keys [n] and what goes with them, by digits of 11 bits; spare arrays as long, and
 * counts [ORR_SORT_COUNTS]. */
enum { ORR_SORT_CHUNKS = 32, ORR_SORT_COUNTS = ORR_SORT_CHUNKS << 11 };
void orr_sort_keys(uint64_t *keys, uint32_t *order, size_t n, uint64_t *spare_keys,
                   uint32_t *spare_order, uint32_t *counts, int threads);

#endif
