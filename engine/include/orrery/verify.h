/* verify.h - problems with published answers, and how many digits agree: what `orrery verify`
 * solves.  (library orrery_analysis)
 *
 *     for (size_t i = 0; (p = orr_known_problem_at(i)) != NULL; i++)
 *         if (!p->takes_long && orr_known_problem_solve(p, gallery, NULL, &s, &why) == ORR_OK)
 *             printf("%s: %.1f digits\n", p->name, s.digits); */
#ifndef ORRERY_VERIFY_H
#define ORRERY_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include <orrery/scenario.h>
#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum orr_solution_limits { ORR_MOST_ANSWERS = 24 };

typedef struct orr_known_problem {
    const char *name;
    const char *source;   /* where the answers come from */
    const char *scenario; /* its name in the gallery; NULL: it is built in */
    const char *method;   /* what stands behind integrator.method; NULL: that of the scenario */
    double digits;        /* that are to agree */
    size_t n;             /* numbers, at most ORR_MOST_ANSWERS */
    bool takes_long;      /* minutes */
} orr_known_problem;

/* Iterate with i from 0 until NULL. */
ORR_API const orr_known_problem *orr_known_problem_at(size_t i);

/* One number of a problem. */
typedef struct orr_answer {
    double expected, obtained;
    double scale; /* digits are those of |obtained - expected| / scale: the distance of the body
                     from the origin, or the size of the number */
} orr_answer;

/* Digits that agree: up to 16; -INFINITY if there is no number. */
ORR_API double orr_answer_digits(const orr_answer *a);

typedef struct orr_solution {
    orr_answer answers[ORR_MOST_ANSWERS];
    size_t n, worst; /* worst: the one with the fewest digits */
    double digits;   /* of the worst */
    bool good;       /* it has as many as the problem needs */
    double seconds;
} orr_solution;

/* Who watches; all may be 0. */
typedef struct orr_solving {
    orr_loading_fn *progress; /* of problems that take long */
    void *progress_user;
    const int *cancel; /* once it is not 0 (set by another thread or by a signal handler) the work
                          ends soon with ORR_E_STOPPED */
} orr_solving;

/* Solves it.  gallery: the folder of the scenarios; NULL: there is none.  solving: NULL: nobody
 * watches.  On an error *why says what happened, and *out has no digits. */
ORR_API ORR_CHECKED orr_status orr_known_problem_solve(const orr_known_problem *p,
                                                       const char *gallery,
                                                       const orr_solving *solving,
                                                       orr_solution *out, orr_diagnosis *why);

#ifdef __cplusplus
}
#endif

#endif
