/* sort.h - sorting by 64-bit keys, in time proportional to the number. */
#ifndef ORRERY_BASE_SORT_H
#define ORRERY_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct orr_keyed {
    uint64_t key;
    size_t value;
} orr_keyed;

/* Sort items[n] by their keys; equal ones stay in their order.  room[n] is overwritten. */
void orr_sort_keyed(orr_keyed *items, orr_keyed *room, size_t n);

/* A key that orders numbers as < does (0 and -0 are equal); x must not be NaN. */
uint64_t orr_key_of_double(double x);
double orr_double_of_key(uint64_t key);

#endif
