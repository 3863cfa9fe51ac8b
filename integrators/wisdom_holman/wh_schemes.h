/* wh_schemes.h - splittings of a nearly Keplerian problem as data, and the programs of kicks and
 * drifts that they mean. */
#ifndef ORRERY_SHARED_SCHEMES_H
#define ORRERY_SHARED_SCHEMES_H

#include <stdbool.h>

#include <orrery/splitting.h>

/* One step of length 1: drifts a and kicks b by turns, symmetric about the middle, the first half
 * given.  The commutator of kick, drift and kick enters with `commutator`: half of it at each end
 * (SABAC) or, if `inside`, all with the kick. */
typedef struct orr_scheme {
    const char *name;
    int kicks;
    bool kick_first;
    double a[6], b[5];
    double commutator;
    const char *reference;
} orr_scheme;

/* In the order of ORR_SCHEME_NAMES. */
const orr_scheme *orr_scheme_at(int i);

#define ORR_SCHEME_NAMES                                                                           \
    "leapfrog|modified-kick|lazy|composition|"                                                     \
    "saba2|saba3|saba4|saba5|saba6|saba8|saba10|sabac1|sabac2|sabac3|sabac4|"                      \
    "saba-8-4|saba-10-4|saba-8-6-4|saba-10-6-4|"                                                   \
    "sbab1|sbab2|sbab3|sbab4|sbab5|sbab6|sbabc1|sbabc2|sbabc3|sbabc4"
enum { ORR_LEAPFROG, ORR_MODIFIED_KICK, ORR_LAZY, ORR_COMPOSITION };

enum { ORR_MOST_OPS = 80 };

typedef struct orr_program {
    orr_splitting_op ops[ORR_MOST_OPS];
    int n;
} orr_program;

/* What brings the true state into the one that whole steps of length h go on with (corrector of the
 * given order, 0 or 3, 5, ... 17; opening drift), a whole step, and the way back. */
typedef struct orr_programs {
    orr_program start, step, finish;
} orr_programs;

void orr_programs_make(orr_programs *p, const orr_scheme *s, int corrector, double h);

#endif
