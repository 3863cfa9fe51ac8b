/* output.c - `run:` and `output:`: from when to when, what is written where, and how often
 * the state is saved. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "internal.h"

#define MOST_FRAMES 1e9

orr_status orr_read_run(loader *l, orr_yaml *map)
{
    orr_scenario *s = l->s;
    if (!map)
        return orr_yaml_fail(&l->doc, NULL, ORR_E_FORMAT,
                             "'run:' is missing; write run: { to: 100 yr }");
    ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *from = orr_yaml_get(map, "from"), *to = orr_yaml_get(map, "to");
    if (from)
        ORR_TRY(orr_read_time(l, from, &s->t_start));
    if (!to)
        return orr_yaml_fail(&l->doc, map, ORR_E_FORMAT, "'to' is missing: when the run ends");
    ORR_TRY(orr_read_time(l, to, &s->t_end));
    if (s->t_end == s->t_start)
        return orr_yaml_fail(&l->doc, to, ORR_E_FORMAT, "the run ends where it begins, at time %g",
                             s->t_start);
    if (s->step > 0 && orr_scenario_span(s) / s->step > 9e15)
        return orr_yaml_fail(&l->doc, to, ORR_E_FORMAT, "this run would take more than 9e15 steps");
    return ORR_OK;
}

/* NAME.yaml -> NAME.h5, in the current folder. */
static orr_status default_file(loader *l)
{
    const char *slash = strrchr(l->s->path, '/'), *base = slash ? slash + 1 : l->s->path;
    const char *dot = strrchr(base, '.');
    size_t length = dot && dot != base ? (size_t)(dot - base) : strlen(base);
    l->s->output.file = orr_arena_alloc(l->doc.memory, length + 8);
    if (!l->s->output.file)
        return ORR_E_NO_MEMORY;
    snprintf(l->s->output.file, length + 8, "%.*s.h5", (int)length, base);
    return ORR_OK;
}

static orr_status read_bytes(loader *l, const orr_yaml *node, double *out)
{
    static const struct {
        const char *name;
        double size;
    } units[] = {{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}};
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char *end;
    double number = strtod(node->text, &end);
    while (*end == ' ')
        end++;
    for (size_t k = 0; k < LENGTH_OF(units); k++)
        if (strcmp(end, units[k].name) == 0 && number * units[k].size >= 1e4 &&
            number * units[k].size <= 1e15) {
            *out = number * units[k].size;
            return ORR_OK;
        }
    return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                         "'%.60s' is not a size; write 4 GB or 100 MB (10 kB to 1000 TB)",
                         node->text);
}

/* "5 min": by the clock on the wall, whatever the units of the problem; 0: never. */
static orr_status read_wall_time(loader *l, const orr_yaml *node, double *seconds)
{
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    char *end;
    orr_dimension dim;
    double number = strtod(node->text, &end), si;
    end += strspn(end, " ");
    bool good = end != node->text && number >= 0 && number < 1e9;
    if (good && number > 0)
        good = orr_unit_parse(end, &dim, &si, NULL, 0) == ORR_OK && dim.time == 1 &&
               dim.length == 0 && dim.mass == 0 && dim.angle == 0;
    if (!good)
        return orr_yaml_fail(
            &l->doc, node, ORR_E_FORMAT,
            "'checkpoint' is a time by the clock on the wall, such as 5 min; 0: none");
    *seconds = number > 0 ? number * si : 0;
    return ORR_OK;
}

/* A time by the clock, or { wall: 5 min, time: 100 yr, steps: 1000000 }, whichever comes first. */
static orr_status read_checkpoint(loader *l, orr_yaml *node, orr_output *o)
{
    if (node->kind != ORR_MAP)
        return read_wall_time(l, node, &o->checkpoint);
    orr_yaml *wall = orr_yaml_get(node, "wall"), *time = orr_yaml_get(node, "time"),
             *steps = orr_yaml_get(node, "steps");
    size_t count = 0;
    o->checkpoint = 0;
    if (wall)
        ORR_TRY(read_wall_time(l, wall, &o->checkpoint));
    if (time)
        ORR_TRY(orr_read_positive(l, time, ORR_TIME, &o->checkpoint_time));
    if (steps)
        ORR_TRY(orr_read_count(l, steps, 1e15, &count));
    o->checkpoint_steps = count;
    return ORR_OK;
}

orr_status orr_read_output(loader *l, orr_yaml *map)
{
    static const char *const keys[] = {"file",        "every",   "diagnostics", "precision",
                                       "compression", "segment", "checkpoint",  "elements"};
    orr_output *o = &l->s->output;
    double span = orr_scenario_span(l->s);
    *o = (orr_output){.every = span / 1000, .segment_bytes = 4e9, .checkpoint = 60};
    ORR_TRY(default_file(l));
    if (map)
        ORR_TRY(orr_need_kind(l, map, ORR_MAP));
    orr_yaml *node[LENGTH_OF(keys)];
    for (size_t k = 0; k < LENGTH_OF(keys); k++)
        node[k] = orr_yaml_get(map, keys[k]);
    size_t chosen = 0;
    if (node[0])
        ORR_TRY(orr_read_text(l, node[0], &o->file));
    if (node[1])
        ORR_TRY(orr_read_positive(l, node[1], ORR_TIME, &o->every));
    o->diagnostics = o->every;
    if (node[2])
        ORR_TRY(orr_read_positive(l, node[2], ORR_TIME, &o->diagnostics));
    if (node[3])
        ORR_TRY(orr_read_word(l, ORR_IN_OUTPUT, node[3], &chosen));
    o->float_positions = chosen == 1;
    chosen = 0;
    if (node[4])
        ORR_TRY(orr_read_word(l, ORR_IN_OUTPUT, node[4], &chosen));
    o->compression = chosen == 1 ? ORR_GZIP : ORR_UNCOMPRESSED;
    if (node[5])
        ORR_TRY(read_bytes(l, node[5], &o->segment_bytes));
    if (node[6])
        ORR_TRY(read_checkpoint(l, node[6], o));
    if (node[0] && !*o->file)
        return orr_yaml_fail(&l->doc, node[0], ORR_E_FORMAT,
                             "the name of the output file is empty");
    for (int k = 1; k < 3; k++)
        if (span / (k == 1 ? o->every : o->diagnostics) > MOST_FRAMES)
            return orr_yaml_fail(&l->doc, node[k] ? node[k] : map, ORR_E_FORMAT,
                                 "that would be more than a billion outputs; make '%s' longer",
                                 keys[k]);
    return ORR_OK;
}
