/* amuse_units.c - units as AMUSE writes them: products, quotients and powers of numbers and of
 *
 *     system.get('S.I.').base('length')      of SI; or get('nbody') of units with G = 1
 *
 * in the notation of Python, whose grammar for that is
 *
 *     product = power { ("*" | "/") power }
 *     power   = factor [ "**" [ "-" ] number ]
 *     factor  = number | base | "(" product ")"
 *
 * Portegies Zwart & McMillan 2018, Astrophysical recipes: the art of AMUSE, doi
 * 10.1088/978-0-7503-1320-9. */
#include "amuse_units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 32 };

static void skip(const char **p)
{
    *p += strspn(*p, " ");
}

static bool eat(const char **p, const char *word)
{
    skip(p);
    size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

/* first + times * second, of exponents; false: too large. */
static bool add(orr_dimension *d, orr_dimension by, int times)
{
    const int sum[3] = {d->length + times * by.length, d->mass + times * by.mass,
                        d->time + times * by.time};
    for (int k = 0; k < 3; k++)
        if (abs(sum[k]) > 100)
            return false;
    *d = (orr_dimension){(signed char)sum[0], (signed char)sum[1], (signed char)sum[2], 0};
    return true;
}

static bool read_product(const char **p, int depth, orr_amuse_unit *out);

static bool read_base(const char **p, orr_amuse_unit *out)
{
    static const struct {
        const char *name;
        orr_dimension dim;
    } bases[] = {{"length'", {1, 0, 0, 0}}, {"mass'", {0, 1, 0, 0}}, {"time'", {0, 0, 1, 0}}};
    *out = (orr_amuse_unit){.factor = 1};
    out->si = eat(p, "system.get('S.I.').base('");
    out->nbody = !out->si && eat(p, "system.get('nbody').base('");
    for (size_t k = 0; (out->si || out->nbody) && k < 3; k++)
        if (eat(p, bases[k].name)) {
            out->dim = bases[k].dim;
            return eat(p, ")");
        }
    return false;
}

static bool read_number(const char **p, double *out)
{
    char *end;
    skip(p);
    if (!strchr("0123456789.-", **p) || !**p)
        return false;
    *out = strtod(*p, &end);
    bool good = end != *p && isfinite(*out);
    *p = end;
    return good;
}

static bool read_factor(const char **p, int depth, orr_amuse_unit *out)
{
    *out = (orr_amuse_unit){0};
    if (depth > DEEPEST)
        return false;
    if (eat(p, "("))
        return read_product(p, depth + 1, out) && eat(p, ")");
    if (strncmp(*p, "system", 6) == 0)
        return read_base(p, out);
    return read_number(p, &out->factor);
}

static bool read_power(const char **p, int depth, orr_amuse_unit *out)
{
    double power;
    if (!read_factor(p, depth, out))
        return false;
    skip(p);
    if (!eat(p, "**"))
        return true;
    if (!read_number(p, &power) || power != floor(power) || fabs(power) > 20)
        return false;
    orr_dimension dim = out->dim;
    out->dim = (orr_dimension){0, 0, 0, 0};
    out->factor = pow(out->factor, power);
    return add(&out->dim, dim, (int)power);
}

static bool read_product(const char **p, int depth, orr_amuse_unit *out)
{
    if (!read_power(p, depth, out))
        return false;
    while (true) {
        bool divided = false;
        skip(p);
        if (!eat(p, "*")) {
            divided = eat(p, "/");
            if (!divided)
                return true;
        }
        orr_amuse_unit next;
        if (!read_power(p, depth, &next) || !add(&out->dim, next.dim, divided ? -1 : 1))
            return false;
        out->factor = divided ? out->factor / next.factor : out->factor * next.factor;
        out->si = out->si || next.si;
        out->nbody = out->nbody || next.nbody;
    }
}

bool orr_amuse_unit_read(const char *text, orr_amuse_unit *out)
{
    const char *p = text;
    if (!read_product(&p, 0, out))
        return false;
    skip(&p);
    return !*p && out->factor > 0 && isfinite(out->factor);
}
