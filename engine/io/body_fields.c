#include "body_fields.h"

#include <string.h>

#include "quoting.h"

static bool has_own_place(const orr_body_field *f)
{
    static const char *const names[] = {"pos", "vel", "gm", "radius", "id"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(f->name, names[k]) == 0)
            return true;
    return f->is_integer;
}

static bool lasts(const orr_body_field *f)
{
    return !f->moves && !f->is_integer;
}

static bool moves(const orr_body_field *f)
{
    return f->moves && !has_own_place(f);
}

static bool is_extra(const orr_body_field *f)
{
    return !has_own_place(f);
}

/* The i-th of those that are so. */
static const orr_body_field *filtered(size_t i, bool (*is_so)(const orr_body_field *))
{
    const orr_body_field *f;
    for (size_t k = 0; i < ORR_MOST_FIELDS && (f = orr_body_field_at(k)); k++)
        if (is_so(f) && i-- == 0)
            return f;
    return NULL;
}

const orr_body_field *orr_extra_field_at(size_t i)
{
    return filtered(i, is_extra);
}

const orr_body_field *orr_lasting_field_at(size_t i)
{
    return filtered(i, lasts);
}

const orr_body_field *orr_moving_field_at(size_t i)
{
    return filtered(i, moves);
}

double *orr_body_values(orr_body *body, const orr_body_field *field)
{
    return (double *)(void *)((char *)body + field->in_body);
}

double orr_field_value(const orr_bodies *b, const orr_body_field *field, size_t i, size_t c)
{
    return ((const double *)orr_bodies_array(b, field))[c * b->stride + i];
}

bool orr_field_is_set(const orr_bodies *b, const orr_body_field *field)
{
    for (size_t c = 0; c < field->components; c++)
        for (size_t i = 0; i < b->n; i++)
            if (orr_field_value(b, field, i, c) != 0)
                return true;
    return false;
}

void orr_copy_lasting_fields(orr_bodies *to, const orr_bodies *from)
{
    const orr_body_field *f;
    for (size_t k = 0; (f = orr_lasting_field_at(k)); k++)
        for (size_t c = 0; c < f->components && from->n > 0; c++)
            memcpy((double *)orr_bodies_array(to, f) + c * to->stride,
                   (const double *)orr_bodies_array(from, f) + c * from->stride,
                   from->n * sizeof(double));
}

/* ---- as YAML ---- */

/* Bare numbers are in the units of the scenario; angles need theirs. */
static void write_values(FILE *out, const double *v, size_t n, const char *unit)
{
    char text[32];
    if (n == 1) {
        fprintf(out, "%s%s", orr_shortest(v[0], text), unit);
        return;
    }
    for (size_t k = 0; k < n; k++)
        fprintf(out, "%s%s%s", k ? ", " : "[", orr_shortest(v[k], text), unit);
    fputc(']', out);
}

void orr_write_body(FILE *out, const char *name, const orr_body *body, unsigned color)
{
    static const char *const roles[] = {"active", "passive", "test"};
    orr_body b = *body;
    const orr_body_field *f;
    char number[32];
    fputs("  - { name: ", out);
    orr_write_yaml(out, name);
    fprintf(out, ", role: %s", roles[b.role]);
    if (b.role != ORR_TEST)
        fprintf(out, ", GM: %s", orr_shortest(b.gm, number));
    if (b.radius > 0)
        fprintf(out, ", radius: %s", orr_shortest(b.radius, number));
    for (size_t k = 0; (f = orr_extra_field_at(k)); k++) {
        const double *v = orr_body_values(&b, f);
        bool set = false;
        for (size_t c = 0; c < f->components; c++)
            set = set || v[c] != 0;
        if (!set)
            continue;
        fprintf(out, ", %s: ", f->name);
        write_values(out, v, f->components, f->dim.angle ? " rad" : "");
    }
    if (color)
        fprintf(out, ", color: \"#%06x\"", color);
    fputs(",\n      position: ", out);
    write_values(out, b.pos, 3, "");
    fputs(",\n      velocity: ", out);
    write_values(out, b.vel, 3, "");
    fputs(" }\n", out);
}
