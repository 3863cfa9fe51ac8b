/* poles.c - the equators of oblate bodies, as the force `harmonics` knows them. */
#include <math.h>
#include <string.h>

#include <orrery/primaries.h>

#include "feed.h"

static double option_of(const orr_force_choice *f, const char *name)
{
    for (size_t k = 0; k < f->n_options; k++)
        if (strcmp(f->options[k].name, name) == 0)
            return f->options[k].number;
    return orr_field_find(f->type->fields, name)->fallback;
}

void subject_find_poles(const orr_scenario *s, subject *out)
{
    out->n_poles = 0;
    for (size_t k = 0; k < s->n_forces && out->n_poles < SUBJECT_POLES; k++) {
        const orr_force_choice *f = &s->forces[k];
        if (strcmp(f->type->name, "harmonics") != 0 || s->bodies.n_active == 0)
            continue;
        double of = option_of(f, "of"), ra = option_of(f, "pole_ra"),
               dec = option_of(f, "pole_dec");
        out->poles[out->n_poles++] = (subject_pole){
            .body = of < 0 ? s->bodies.id[orr_heaviest_body(&s->bodies)] : (uint64_t)of,
            .north = {cos(dec) * cos(ra), cos(dec) * sin(ra), sin(dec)},
            .flattening = option_of(f, "J2")};
    }
}
