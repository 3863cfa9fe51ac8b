/* scales.c - what the numbers of a snapshot are in the units of the scenario: its own units or
 * those that `units:` says, the powers of h, and those of the scale factor of comoving snapshots,
 *
 *     r = a x,    v = a^p u (+ H(a) r),    H(a) = 100 h km/s/Mpc sqrt(O_m/a^3 + O_k/a^2 + O_L).
 *
 * Nothing is guessed: where the file does not say it, the user does. */
#include <math.h>
#include <string.h>

#include "particles.h"

orr_status orr_particles_expansion(orr_particle_file *f, double redshift)
{
    f->a = 1;
    if (redshift == 0)
        return ORR_OK; /* a = 1, or no expansion at all: every factor is 1 */
    f->comoving = true;
    f->a = f->time;
    if (redshift > -1 && f->time > 0 && fabs(f->time * (1 + redshift) - 1) < 1e-5)
        return ORR_OK;
    return orr_particles_fail(f,
                              "its header has Redshift %g and Time %g, which is the scale factor "
                              "where there is a redshift: they disagree",
                              redshift, f->time);
}

/* What is 1 but for rounding is 1: a snapshot of our own gets back its bits. */
static double settled(double factor)
{
    return fabs(factor - 1) < 1e-14 ? 1 : factor;
}

/* "kpc", "10 kpc", "1e10 Msun/h" as a factor to the units of the scenario. */
static orr_status read_unit(loader *l, orr_yaml *map, const char *key, orr_dimension dim,
                            const orr_particle_file *f, double *out)
{
    const orr_yaml *node = orr_yaml_get(map, key);
    if (!node)
        return orr_yaml_fail(
            &l->doc, map, ORR_E_FORMAT,
            "'%s' is missing: units: { length: kpc, mass: 1e10 Msun, speed: km/s }", key);
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char text[120], message[300];
    size_t length = strlen(node->text);
    bool per_h = dim.time == 0 && length > 2 && strcmp(node->text + length - 2, "/h") == 0;
    snprintf(text, sizeof text, "%.*s", (int)(per_h ? length - 2 : length), node->text);
    const char *number = orr_is_unit(text) ? "1 " : "";
    char quantity[130];
    snprintf(quantity, sizeof quantity, "%s%s", number, text);
    if (orr_quantity_parse(quantity, &l->s->units, dim, out, message, sizeof message) != ORR_OK)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s': %s", key, message);
    if (!(*out > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT, "'%s' must be greater than zero", key);
    if (per_h && !(f->h > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "the file does not say h; give it: 'hubble: 0.7'");
    *out /= per_h ? f->h : 1;
    return ORR_OK;
}

/* Lengths, GM of masses and speeds of the file in units of the scenario, by a map. */
static orr_status named_units(loader *l, orr_yaml *units, const orr_particle_file *f,
                              orr_particle_factors *out)
{
    const orr_yaml *G = orr_yaml_get(units, "G"), *mass = orr_yaml_get(units, "mass");
    double g;
    ORR_TRY(read_unit(l, units, "length", ORR_LENGTH, f, &out->pos));
    ORR_TRY(read_unit(l, units, "speed", ORR_SPEED, f, &out->vel));
    if (G && mass)
        return orr_yaml_fail_key(&l->doc, G, ORR_E_FORMAT,
                                 "G and the units of length and speed make that of mass: leave out "
                                 "one of 'G' and 'mass'");
    if (!G) {
        ORR_TRY(read_unit(l, units, "mass", ORR_MASS, f, &out->gm));
        out->gm *= l->s->units.G;
        return ORR_OK;
    }
    ORR_TRY(orr_read_positive(l, G, ORR_DIMENSIONLESS, &g));
    out->gm = g * out->pos * out->vel * out->vel;
    return ORR_OK;
}

/* GADGET's customary ones. */
static orr_status customary(loader *l, const orr_yaml *units, const orr_particle_file *f,
                            orr_particle_factors *out)
{
    const struct {
        const char *text;
        orr_dimension dim;
        double *to;
    } all[] = {{"1 kpc", ORR_LENGTH, &out->pos},
               {"1e10 Msun", ORR_MASS, &out->gm},
               {"1 km/s", ORR_SPEED, &out->vel}};
    char message[300];
    if (!(f->h > 0))
        return orr_yaml_fail(&l->doc, units, ORR_E_FORMAT,
                             "kpc/h and 1e10 Msun/h need h, which the file does not say: give it, "
                             "'hubble: 0.7' (or 1)");
    for (size_t k = 0; k < LENGTH_OF(all); k++)
        if (orr_quantity_parse(all[k].text, &l->s->units, all[k].dim, all[k].to, message,
                               sizeof message) != ORR_OK)
            return orr_yaml_fail(&l->doc, units, ORR_E_FORMAT, "'units: gadget': %s", message);
    out->pos /= f->h;
    out->gm *= l->s->units.G / f->h;
    return ORR_OK;
}

/* What the user says; nothing that the file says itself. */
static orr_status said_units(loader *l, orr_yaml *units, const orr_particle_file *f,
                             orr_particle_factors *out)
{
    static const char *const words[] = {"scenario", "nbody", "gadget"};
    size_t word;
    if (f->scales.length > 0)
        return orr_yaml_fail_key(&l->doc, units, ORR_E_FORMAT,
                                 "this file says its units itself (lengths in %.9g m, masses in "
                                 "%.9g kg, speeds in %.9g m/s): leave out 'units'",
                                 f->scales.length, f->scales.mass, f->scales.speed);
    if (units->kind == ORR_MAP)
        return named_units(l, units, f, out);
    ORR_TRY(orr_read_choice(l, units, "word for units", words, LENGTH_OF(words), &word));
    if (word == 2)
        return customary(l, units, f, out);
    *out = (orr_particle_factors){.pos = 1, .vel = 1, .gm = word == 0 ? l->s->units.G : 1};
    return ORR_OK;
}

/* What the file says. */
static orr_status own_units(loader *l, const orr_yaml *node, const orr_particle_file *f,
                            orr_particle_factors *out)
{
    const orr_units *u = &l->s->units;
    const orr_particle_scales *s = &f->scales;
    if (u->dimensionless)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "this file has units (lengths in %.9g m), the scenario has none: give "
                             "it some, 'units: { length: kpc, mass: Msun, time: Myr }'",
                             s->length);
    double h = 1;
    if (s->h_power != 0) {
        if (!(f->h > 0))
            return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                                 "the units of this file go with 1/h, and it does not say h: give "
                                 "it, 'hubble: 0.7' (or 1)");
        h = 1 / f->h;
    }
    out->pos = s->length * h / u->length;
    out->vel = s->speed * u->time / u->length;
    out->gm = s->mass * h * ORR_G_SI / (u->length * u->length * u->length) * u->time * u->time;
    return ORR_OK;
}

/* Positions and velocities of a comoving snapshot. */
static orr_status expand(loader *l, orr_yaml *node, const orr_particle_file *f,
                         orr_particle_factors *out)
{
    orr_yaml *expansion = orr_yaml_get(node, "expansion");
    size_t with = 0;
    if (!f->comoving && !expansion)
        return ORR_OK;
    if (!expansion)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "a comoving snapshot, a = %.9g, is set down in physical coordinates, r = a x: say "
            "whether its velocities are to be 'expansion: without' or 'expansion: with' the Hubble "
            "flow H(a) r about the origin of the file",
            f->a);
    ORR_TRY(orr_read_word(l, ORR_IN_SNAPSHOT, expansion, &with));
    out->pos *= f->a;
    out->vel *= f->scales.speed_a_power == 0.5 ? sqrt(f->a) : 1;
    if (!with)
        return ORR_OK;
    if (l->s->units.dimensionless || !(f->h > 0) || !(f->omega_m > 0))
        return orr_yaml_fail(&l->doc, expansion, ORR_E_FORMAT,
                             "H(a) needs h, Omega0 and OmegaLambda in the file, and units in the "
                             "scenario");
    const double a = f->a, curved = 1 - f->omega_m - f->omega_l;
    double per_mpc, square = f->omega_m / (a * a * a) + curved / (a * a) + f->omega_l;
    char message[300];
    ORR_TRY(
        orr_quantity_parse("1 km/s", &l->s->units, ORR_SPEED, &out->flow, message, sizeof message));
    ORR_TRY(
        orr_quantity_parse("1 Mpc", &l->s->units, ORR_LENGTH, &per_mpc, message, sizeof message));
    out->flow *= 100 * f->h / per_mpc * sqrt(square > 0 ? square : 0);
    return ORR_OK;
}

orr_status orr_particle_factors_of(loader *l, orr_yaml *node, const orr_particle_file *f,
                                   orr_particle_factors *out)
{
    *out = (orr_particle_factors){0};
    orr_yaml *units = orr_yaml_get(node, "units");
    if (units) {
        ORR_TRY(said_units(l, units, f, out));
    } else if (f->scales.length > 0) {
        ORR_TRY(own_units(l, node, f, out));
    } else {
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "'%s' does not say its units: say them, units: { length: kpc, mass: "
            "1e10 Msun, speed: km/s }; 'units: gadget' for kpc/h, 1e10 Msun/h, "
            "km/s; 'units: scenario' where they are those of the scenario; 'units: nbody' "
            "where lengths and speeds are, and masses have G = 1",
            f->path);
    }
    ORR_TRY(expand(l, node, f, out));
    out->pos = settled(out->pos);
    out->vel = settled(out->vel);
    out->gm = settled(out->gm);
    if (!isfinite(out->pos) || !isfinite(out->vel) || !isfinite(out->gm) || !(out->pos > 0) ||
        !(out->vel > 0) || !(out->gm > 0))
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "the units of this file are out of range in those of the scenario");
    return ORR_OK;
}
