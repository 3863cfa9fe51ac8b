/* resolved.c - the scenario as it was understood: every default, every number, as YAML. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/body_fields.h"
#include "io/quoting.h"
#include "internal.h"

/* Above this many bodies the list stops; the output file holds them all in /particles/all. */
enum { MOST_LISTED = 1000 };

/* The shortest decimal that reads back as the same bits. */
static void bare(FILE *out, double value)
{
    char text[32];
    fputs(orr_shortest(value, text), out);
}

static void number(FILE *out, double value, const orr_units *u, orr_dimension dim)
{
    char unit[64];
    orr_units_name(u, dim, unit, sizeof unit);
    bare(out, value);
    fprintf(out, "%s%s", *unit ? " " : "", unit);
}

static void options(FILE *out, const orr_scenario *s, const orr_field *fields, size_t state_size,
                    const orr_option *set, size_t n)
{
    void *state = calloc(1, state_size + 1);
    if (!state)
        return;
    orr_fields_defaults(fields, state);
    for (size_t k = 0; k < n; k++)
        if (orr_fields_set(fields, state, &set[k]) != ORR_OK)
            continue;
    for (const orr_field *f = fields; f->name; f++) {
        if (!(f->role & ORR_OPTION) || f->role & ORR_MOVED)
            continue;
        char word[64];
        double value = orr_field_get(f, state);
        if (f->type == ORR_BODY && value < 0)
            continue; /* left to the force */
        fprintf(out, ", %s: ", f->name);
        if (f->type == ORR_CHOICE && orr_field_choice(f, (int)value, word, sizeof word))
            fputs(word, out);
        else if (f->type == ORR_BOOL)
            fputs(value != 0 ? "true" : "false", out);
        else if (f->type == ORR_BODY)
            orr_write_yaml(out, orr_names_get(&s->names, (uint64_t)value));
        else
            number(out, value, &s->units, f->dim);
    }
    free(state);
}

static void body(FILE *out, const orr_scenario *s, size_t i)
{
    orr_body b = orr_bodies_get(&s->bodies, i);
    orr_write_body(out, orr_names_get(&s->names, b.id), &b,
                   s->colors && b.id < s->n_colors ? s->colors[b.id] : 0);
}

static void checkpoint(FILE *out, const orr_scenario *s)
{
    const orr_output *o = &s->output;
    if (o->checkpoint_time == 0 && o->checkpoint_steps == 0) {
        fprintf(out, "%.10g s", o->checkpoint);
        return;
    }
    fprintf(out, "{ wall: %.10g s", o->checkpoint);
    if (o->checkpoint_time > 0) {
        fputs(", time: ", out);
        number(out, o->checkpoint_time, &s->units, ORR_TIME);
    }
    if (o->checkpoint_steps > 0)
        fprintf(out, ", steps: %llu", (unsigned long long)o->checkpoint_steps);
    fputs(" }", out);
}

static void collisions(FILE *out, const orr_scenario *s)
{
    const orr_collisions *c = &s->collisions;
    char word[16] = "";
    (void)orr_field_choice(&(orr_field){.choices = ORR_CONTACT_RULE_NAMES}, (int)c->rule, word,
                           sizeof word);
    fprintf(out, "collisions: { do: %s", word);
    if (c->rule == ORR_CONTACT_BOUNCE) {
        fputs(", restitution: ", out);
        if (c->restitution_speed > 0)
            fputs("bridges", out);
        else
            bare(out, c->restitution);
    }
    for (size_t k = 0; k < c->n_within; k++) {
        fputs(k ? ", " : ", within: [", out);
        if (c->within[k].hill > 0) {
            bare(out, c->within[k].hill);
            fputs(" hill", out);
        } else {
            number(out, c->within[k].distance, &s->units, ORR_LENGTH);
        }
    }
    fputs(c->n_within ? "], remove_beyond: " : ", remove_beyond: ", out);
    number(out, c->remove_beyond, &s->units, ORR_LENGTH);
    fputs(", remove_within_hill: ", out);
    bare(out, c->remove_within_hill);
    if (c->resolve != ORR_RESOLVE_AUTO)
        fprintf(out, ", resolve: %s", c->resolve == ORR_RESOLVE_INSIDE ? "inside" : "step");
    fputs(c->unrecorded ? ", record: no }\n" : " }\n", out);
}

static void boundary(FILE *out, const orr_scenario *s)
{
    const orr_boundary *b = &s->boundary;
    if (b->kind == ORR_BOUNDARY_NONE)
        return;
    fprintf(out, "boundary: { %s: [", b->kind == ORR_PERIODIC ? "periodic" : "shearing_sheet");
    for (int c = 0; c < 3; c++) {
        fputs(c ? ", " : "", out);
        if (b->size[c] > 0)
            number(out, b->size[c], &s->units, ORR_LENGTH);
        else
            fputs("none", out);
    }
    fprintf(out, "], ghosts: [%d, %d, %d] }\n", b->ghosts[0], b->ghosts[1], b->ghosts[2]);
}

static void write(FILE *out, const orr_scenario *s)
{
    const orr_units *u = &s->units;
    fputs("title: ", out);
    orr_write_yaml(out, s->title);
    fputc('\n', out);
    if (s->has_epoch) {
        char date[64];
        orr_date_exact_text(&s->epoch, date, sizeof date);
        fprintf(out, "epoch: %s\n", date);
    }
    fprintf(out, "frame: %s\n", s->frame);
    fputs("units: { ", out);
    if (!u->dimensionless)
        fprintf(out, "length: %s, mass: %s, time: %s, ", u->length_name, u->mass_name,
                u->time_name);
    fputs("G: ", out);
    bare(out, u->G);
    fputs(" }\n", out);
    fprintf(out, "integrator: { method: %s", s->integrator->name);
    if (s->step > 0) {
        fputs(", step: ", out);
        number(out, s->step, u, ORR_TIME);
    }
    options(out, s, s->integrator->fields, s->integrator->state_size, s->integrator_options,
            s->n_integrator_options);
    fputs(" }\n", out);
    for (size_t k = 0; k < s->n_forces; k++) {
        const orr_force_choice *f = &s->forces[k];
        if (k == 1)
            fputs("forces:\n", out);
        if (f->plugin) {
            fputs("  - { plugin: ", out);
            orr_write_yaml(out, f->plugin);
        } else {
            fprintf(out, k == 0 ? "gravity: { solver: %s" : "  - { force: %s", f->type->name);
        }
        options(out, s, f->type->fields, f->type->state_size, f->options, f->n_options);
        fputs(" }\n", out);
    }
    collisions(out, s);
    boundary(out, s);
    fputs("run: { ", out);
    if (s->t_start != 0) {
        fputs("from: ", out);
        number(out, s->t_start, u, ORR_TIME);
        fputs(", ", out);
    }
    fputs("to: ", out);
    number(out, s->t_end, u, ORR_TIME);
    fputs(" }\noutput: { file: ", out);
    orr_write_yaml(out, s->output.file);
    fputs(", every: ", out);
    number(out, s->output.every, u, ORR_TIME);
    fputs(", diagnostics: ", out);
    number(out, s->output.diagnostics, u, ORR_TIME);
    fprintf(out, ", precision: %s, compression: %s, checkpoint: ",
            s->output.float_positions ? "float" : "double",
            s->output.compression == ORR_GZIP ? "gzip" : "none");
    checkpoint(out, s);
    fputs(", segment: ", out);
    bool mega = s->output.segment_bytes >= 1e6;
    bare(out, s->output.segment_bytes / (mega ? 1e6 : 1e3));
    fputs(mega ? " MB" : " kB", out);
    if (s->output.elements.n_quantities)
        fprintf(out, ", elements: %s", s->output.elements.yaml);
    fputs(" }\n", out);
    fprintf(out, "# %zu bodies: %zu active, %zu passive, %zu test\nbodies:\n", s->bodies.n,
            s->bodies.n_active, s->bodies.n_passive,
            s->bodies.n - s->bodies.n_active - s->bodies.n_passive);
    for (size_t i = 0; i < s->bodies.n && i < MOST_LISTED; i++)
        body(out, s, i);
    if (s->bodies.n > MOST_LISTED)
        fprintf(out, "# ... and %zu more: see /particles/all\n", s->bodies.n - MOST_LISTED);
    if (s->ensemble.members)
        fprintf(out, "# an ensemble of %zu members; what differs is in /ensemble/parameters\n",
                s->ensemble.members);
}

orr_status orr_write_resolved(orr_scenario *s)
{
    size_t size = 0;
    FILE *out = open_memstream(&s->resolved, &size);
    if (!out)
        return ORR_E_NO_MEMORY;
    write(out, s);
    return fclose(out) == 0 ? ORR_OK : ORR_E_NO_MEMORY;
}
