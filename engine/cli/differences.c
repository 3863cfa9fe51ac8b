#include "differences.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct verdict {
    bool any;
    char first[400]; /* what is different first */
    double most, at; /* greatest distance of a body from itself [length], and when */
    char who[100];
    size_t frames; /* compared */
} verdict;

/* Keeps the first. */
__attribute__((format(printf, 2, 3))) static void note(verdict *v, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (!v->any)
        vsnprintf(v->first, sizeof v->first, format, list);
    va_end(list);
    v->any = true;
}

/* Bit by bit; two that are not a number (a body that is no more) are alike. */
static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void compare_body(verdict *v, const char *name, orr_body a, orr_body b, double t)
{
    static const char *const parts[] = {"x", "y", "z", "vx", "vy", "vz"};
    double d2 = 0;
    for (int c = 0; c < 6; c++) {
        double x = c < 3 ? a.pos[c] : a.vel[c - 3], y = c < 3 ? b.pos[c] : b.vel[c - 3];
        if (!same(x, y))
            note(v, "%s: %s at t = %.10g is %.17g and %.17g (off by %.2g)", name, parts[c], t, x, y,
                 fabs(x - y));
        if (c < 3)
            d2 += (x - y) * (x - y);
    }
    if (!same(a.gm, b.gm))
        note(v, "%s: GM at t = %.10g is %.17g and %.17g", name, t, a.gm, b.gm);
    if (!same(a.radius, b.radius))
        note(v, "%s: the radius at t = %.10g is %.17g and %.17g", name, t, a.radius, b.radius);
    if (sqrt(d2) > v->most) {
        v->most = sqrt(d2);
        v->at = t;
        snprintf(v->who, sizeof v->who, "%.99s", name);
    }
}

static bool compare_frame(verdict *v, orr_reader *a, orr_reader *b, size_t k)
{
    double t[2];
    orr_diagnosis why;
    if (orr_reader_read(a, k, &t[0], &why) != ORR_OK ||
        orr_reader_read(b, k, &t[1], &why) != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    if (!same(t[0], t[1]))
        note(v, "snapshot %zu is of t = %.17g and %.17g", k, t[0], t[1]);
    const orr_bodies *x = orr_reader_bodies(a), *y = orr_reader_bodies(b);
    for (size_t i = 0; i < x->n; i++) {
        size_t j = i < y->n && y->id[i] == x->id[i] ? i : orr_bodies_find(y, x->id[i]);
        if (j < y->n)
            compare_body(v, orr_reader_name(a, i), orr_bodies_get(x, i), orr_bodies_get(y, j),
                         t[0]);
        else
            note(v, "%s is not in the other file", orr_reader_name(a, i));
    }
    v->frames++;
    return true;
}

exit_code tell_differences(const char *one, const char *other, bool quiet, bool json)
{
    orr_reader *a = NULL, *b = NULL;
    verdict v = {.any = false};
    if (!open_run(one, &a) || !open_run(other, &b)) {
        orr_reader_close(a);
        return EXIT_FILES;
    }
    const orr_file_info *p = orr_reader_info(a), *q = orr_reader_info(b);
    bool good = true;
    if (p->n_bodies != q->n_bodies)
        note(&v, "%zu bodies and %zu", p->n_bodies, q->n_bodies);
    for (size_t k = 0; k < p->n_frames && k < q->n_frames && good; k++)
        good = compare_frame(&v, a, b, k);
    if (p->n_frames != q->n_frames)
        note(&v, "%zu snapshots and %zu", p->n_frames, q->n_frames);
    if (good && json) {
        json_begin(v.any ? "different" : "same");
        json_number("snapshots", (double)v.frames);
        json_text("first", v.first);
        json_number("greatest_distance", v.most);
        json_number("at", v.at);
        json_text("of", v.who);
        json_end();
    } else if (good && !v.any && !quiet) {
        printf("the same to the last bit: %zu snapshots of %zu bodies\n", v.frames, p->n_bodies);
    } else if (good && v.any) {
        print_text("first difference: %s\n", v.first);
        if (v.most > 0)
            print_text("greatest        : %s is %.3g %s from itself at t = %.10g\n", v.who, v.most,
                       p->length_unit, v.at);
    }
    orr_reader_close(a);
    orr_reader_close(b);
    return !good ? EXIT_FILES : v.any ? EXIT_MISSED : EXIT_OK;
}
