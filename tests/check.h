/* check.h - checks that print both values, on top of cmocka. */
#ifndef ORRERY_TESTS_CHECK_H
#define ORRERY_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* |a - b| <= tolerance, absolute */
#define CHECK_NEAR(a, b, tolerance)                                                                \
    do {                                                                                           \
        double check_a = (a), check_b = (b), check_tol = (tolerance);                              \
        if (!(fabs(check_a - check_b) <= check_tol)) {                                             \
            print_error("%s:%d: %s = %.17g, %s = %.17g, |a-b| = %.3g > %.3g\n", __FILE__,          \
                        __LINE__, #a, check_a, #b, check_b, fabs(check_a - check_b), check_tol);   \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* equal bits */
#define CHECK_BITS(a, b)                                                                           \
    do {                                                                                           \
        double check_a = (a), check_b = (b);                                                       \
        if (memcmp(&check_a, &check_b, sizeof check_a) != 0) {                                     \
            print_error("%s:%d: %s = %a, %s = %a differ by %.3g\n", __FILE__, __LINE__, #a,        \
                        check_a, #b, check_b, check_a - check_b);                                  \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define CHECK_OK(expression)                                                                       \
    do {                                                                                           \
        int check_status = (int)(expression);                                                      \
        if (check_status != 0) {                                                                   \
            print_error("%s:%d: %s returned %d\n", __FILE__, __LINE__, #expression, check_status); \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                  \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

/* A small reproducible random number in (0, 1) for test data. */
static inline double check_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*state >> 12) + 0.5) * 0x1p-52;
}

#endif
