/* Dormand & Prince's method of order 5 with an embedded error estimate of order 4 and dense output
 * of order 4: the standard choice for moderate accuracy.  Dormand & Prince 1980, J. Comput. Appl.
 * Math. 6, 19, doi 10.1016/0771-050X(80)90013-3; dense output: Hairer, Norsett & Wanner 1993,
 * II.6. */
#include "shared/embedded.h"

enum { STAGES = 6, ALL = 7 };

/* clang-format off */
static const double c[ALL] = {0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1};
static const double a[ALL * ALL] = {
    [1 * ALL] = 1. / 5,
    [2 * ALL] = 3. / 40, 9. / 40,
    [3 * ALL] = 44. / 45, -56. / 15, 32. / 9,
    [4 * ALL] = 19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729,
    [5 * ALL] = 9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656,
    [6 * ALL] = 35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84,
};
static const double b[STAGES] = {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84};
static const double e5[STAGES + 1] = {
    71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40};
static const double dense[ALL] = {
    -12715105075. / 11282082432, 0, 87487479700. / 32700410799, -10690763975. / 1880347072,
    701980252875. / 199316789632, -1453857185. / 822651844, 69997945. / 29380423};
/* clang-format on */
static const orr_embedded_table table = {.stages = STAGES,
                                         .all = ALL,
                                         .a = a,
                                         .c = c,
                                         .b = b,
                                         .e5 = e5,
                                         .error_order = 5,
                                         .rows = 1,
                                         .dense = dense};

ORR_EMBEDDED_METHOD(dopri5, "dopri5", 5, 1e-9, table,
                    "Dormand-Prince 5(4): adaptive, for moderate accuracy and any force.",
                    "10.1016/0771-050X(80)90013-3")
