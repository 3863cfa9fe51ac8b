/* cmd_list.c - `orrery list`: all that a scenario can name. */
#include <math.h>
#include <string.h>

#include <orrery/generator.h>

#include "cli/cli.h"
#include "io/suggest.h"

static void unit_of(orr_dimension d, char *buffer, size_t size)
{
    const orr_units generic = {.length_name = "length", .mass_name = "mass", .time_name = "time"};
    orr_units_name(&generic, d, buffer, size);
}

void field_words(const orr_field *f, char unit[64], char value[600])
{
    char word[64];
    unit_of(f->dim, unit, 64);
    if (f->role & ORR_REQUIRED)
        snprintf(value, 600, "required");
    else if (f->type == ORR_BODY)
        snprintf(value, 600, "a body");
    else if (f->type == ORR_CHOICE && orr_field_choice(f, (int)f->fallback, word, sizeof word))
        snprintf(value, 600, "default %s; one of %s", word, f->choices);
    else if (f->type == ORR_BOOL)
        snprintf(value, 600, "default %s", f->fallback != 0 ? "true" : "false");
    else
        snprintf(value, 600, "default %g", f->fallback);
}

static void list_fields(const orr_field *fields)
{
    for (const orr_field *f = fields; f->name; f++) {
        if (!(f->role & ORR_OPTION) || f->role & ORR_MOVED)
            continue;
        char unit[64], value[600];
        field_words(f, unit, value);
        printf("    %-18s %s%s%s%s (%s)\n", f->name, f->doc, *unit ? " [" : "", unit,
               *unit ? "]" : "", value);
    }
}

static void traits_of(unsigned traits)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{ORR_SYMPLECTIC, "symplectic"},
                 {ORR_REVERSIBLE, "time-reversible"},
                 {ORR_ADAPTIVE, "adaptive step"},
                 {ORR_TAKES_VELOCITY_FORCES, "takes velocity-dependent forces"}};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (traits & names[k].bit)
            printf(", %s", names[k].name);
}

/* A number, or "var." where the method chooses. */
static const char *count_text(int number, char buffer[16])
{
    if (number == 0)
        return "var.";
    snprintf(buffer, 16, "%d", number);
    return buffer;
}

static void show_integrator(const orr_integrator *m)
{
    char order[16], cost[16];
    printf("%s (integrator): %s\n    %s, order %s, force evaluations a step: %s", m->name,
           m->summary, m->kind, m->order ? count_text(m->order, order) : "chosen as it goes",
           m->evaluations ? count_text(m->evaluations, cost) : "as many as it takes");
    traits_of(m->traits);
    printf("\n    reference: %s\n  options:\n", m->reference);
    if (!(m->traits & ORR_ADAPTIVE))
        printf("    %-18s length of a step [time] (required)\n", "step");
    list_fields(m->fields);
}

static void show_force(const orr_force *f)
{
    printf("%s (%s): %s\n    reference: %s\n  options:\n", f->name,
           f->traits & ORR_SELF_GRAVITY ? "gravity solver" : "force", f->summary, f->reference);
    list_fields(f->fields);
}

static void show_generator(const orr_generator *g)
{
    printf("%s (generator): %s\n    reference: %s\n  options, beside count, seed, name, role, "
           "around, plane, position, velocity, mass:\n",
           g->name, g->summary, g->reference);
    list_fields(g->fields);
}

static void list_integrators(void)
{
    const orr_integrator *m;
    printf("  %-18s %-5s %-20s %-5s %s\n", "", "order", "kind", "cost",
           "(force evaluations a step)");
    for (size_t i = 0; (m = orr_integrator_at(i)); i++)
        printf("  %-18s %-5s %-20s %-5s %s\n", m->name, count_text(m->order, (char[16]){0}),
               m->kind, count_text(m->evaluations, (char[16]){0}), m->summary);
}

static void list_forces(void)
{
    const orr_force *f;
    for (size_t i = 0; (f = orr_force_at(i)); i++)
        printf("  %-18s %s\n", f->name, f->summary);
}

static void list_generators(void)
{
    const orr_generator *g;
    for (size_t i = 0; (g = orr_generator_at(i)); i++)
        printf("  %-18s %s\n", g->name, g->summary);
}

static const orr_catalogue_entry *find_catalogue(const char *name)
{
    const orr_catalogue_entry *c;
    for (size_t i = 0; (c = orr_catalogue_at(i)); i++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static const orr_catalogue_entry *find_snapshot_format(const char *name)
{
    const orr_catalogue_entry *c;
    for (size_t i = 0; (c = orr_snapshot_format_at(i)); i++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void list_snapshots(void)
{
    const orr_catalogue_entry *c;
    for (size_t i = 0; (c = orr_snapshot_format_at(i)); i++)
        printf("  %-18s %s\n  %-18s %s\n", c->name, c->summary, "", c->reference);
    puts("  groups: - { snapshot: snap.hdf5, name: halo, types: [halo, disk] }\n"
         "  The format is found out by what is in the file; `orrery help scenario` has the keys.\n"
         "  `orrery export --for gadget` (or tipsy, nemo) writes such files.");
}

static void show_snapshot_format(const orr_catalogue_entry *c)
{
    printf(
        "%s (snapshot): %s\n    reference: %s\n%s\n    groups: - { snapshot: FILE, format: %s }\n",
        c->name, c->summary, c->reference, c->doc, c->name);
}

static void list_catalogues(void)
{
    const orr_catalogue_entry *c;
    for (size_t i = 0; (c = orr_catalogue_at(i)); i++)
        printf("  %-18s %s\n  %-18s %s\n", c->name, c->summary, "", c->reference);
    puts("  groups: - { catalogue: mpcorb, file: MPCORB.DAT, around: Sun, where: [ \"a < 3\", \"H "
         "< 15\" ] }\n"
         "  Rows: where: (< <= > >= = != ~), only: [Ceres, Pallas], first: 1000.  Columns, also of "
         "a\n"
         "  'table:': ignore, columns, units, default, separator, decimal.");
}

static void show_catalogue(const orr_catalogue_entry *c)
{
    printf(
        "%s (catalogue): %s\n    reference: %s\n%s\n    groups: - { catalogue: %s, file: FILE }\n",
        c->name, c->summary, c->reference, c->doc, c->name);
}

static void list_units(void)
{
    const orr_unit *u;
    for (size_t i = 0; (u = orr_unit_at(i)); i++) {
        const char *si = u->dim.length ? "m"
                         : u->dim.time ? "s"
                         : u->dim.mass ? "m3 s-2 (GM)"
                                       : "rad";
        printf("  %-10s %.12g %s: %s\n", u->name, u->si, si, u->doc);
    }
    puts("Units combine: km/s, au^3/day^2, km3 s-2.");
}

static void list_quantities(void)
{
    const orr_quantity *q;
    for (size_t i = 0; (q = orr_quantity_at(i)); i++)
        printf("  %-24s %s\n", q->name, q->doc);
}

/* The first comment line of a scenario says what it shows. */
static void list_scenarios(void)
{
    static char names[256][64];
    size_t n = gallery_names(names, 256);
    if (!n) {
        print_warning("the gallery is not installed");
        return;
    }
    for (size_t k = 0; k < n; k++) {
        char path[4400], line[200] = "";
        snprintf(path, sizeof path, "%s/%s.yaml", gallery_folder(), names[k]);
        FILE *file = fopen(path, "r");
        if (file && fgets(line, sizeof line, file))
            line[strcspn(line, "\n")] = 0;
        if (file)
            fclose(file);
        printf("  %-18s %s\n", names[k], *line == '#' ? line + 2 : "");
    }
    printf("They are in %s; `orrery run NAME` runs one.\n", gallery_folder());
}

static const struct {
    const char *name;
    void (*list)(void);
    const char *what;
} lists[] = {{"integrators", list_integrators, "integrator.method"},
             {"forces", list_forces, "gravity.solver, forces"},
             {"generators", list_generators, "groups: generate"},
             {"catalogues", list_catalogues, "groups: catalogue"},
             {"snapshots", list_snapshots, "groups: snapshot, of other N-body codes"},
             {"units", list_units, "units of all values"},
             {"quantities", list_quantities,
              "expect; from a on: output.elements, plot --show, export --elements"},
             {"scenarios", list_scenarios, "the gallery"}};

enum { N_LISTS = sizeof lists / sizeof *lists };

static exit_code run(const arguments *a)
{
    if (a->n_words == 0) {
        for (int k = 0; k < N_LISTS; k++) {
            printf("%s%s (%s):\n", k ? "\n" : "", lists[k].name, lists[k].what);
            lists[k].list();
        }
        return EXIT_OK;
    }
    const char *name = a->words[0];
    for (int k = 0; k < N_LISTS; k++)
        if (strcmp(lists[k].name, name) == 0) {
            lists[k].list();
            return EXIT_OK;
        }
    if (orr_integrator_find(name))
        show_integrator(orr_integrator_find(name));
    else if (orr_force_find(name))
        show_force(orr_force_find(name));
    else if (orr_generator_find(name))
        show_generator(orr_generator_find(name));
    else if (find_catalogue(name))
        show_catalogue(find_catalogue(name));
    else if (find_snapshot_format(name))
        show_snapshot_format(find_snapshot_format(name));
    else {
        const char *all[128];
        size_t n = 0;
        for (int k = 0; k < N_LISTS; k++)
            all[n++] = lists[k].name;
        for (size_t i = 0; orr_integrator_at(i) && n < 120; i++)
            all[n++] = orr_integrator_at(i)->name;
        for (size_t i = 0; orr_force_at(i) && n < 120; i++)
            all[n++] = orr_force_at(i)->name;
        for (size_t i = 0; orr_generator_at(i) && n < 120; i++)
            all[n++] = orr_generator_at(i)->name;
        for (size_t i = 0; orr_catalogue_at(i) && n < 120; i++)
            all[n++] = orr_catalogue_at(i)->name;
        for (size_t i = 0; orr_snapshot_format_at(i) && n < 120; i++)
            all[n++] = orr_snapshot_format_at(i)->name;
        char hint[400];
        orr_suggest(name, all, n, hint, sizeof hint);
        print_error("there is nothing called '%s'; %s", name, hint);
        return EXIT_USAGE;
    }
    return EXIT_OK;
}

const command command_list = {
    .name = "list",
    .summary = "what a scenario can name: integrators, forces, units, ...",
    .usage =
        "list [integrators|forces|generators|catalogues|snapshots|units|quantities|scenarios|NAME]",
    .help = "Without a word lists everything; with the name of one integrator, force, generator,\n"
            "catalogue or kind of snapshot shows its options with defaults and units, and its "
            "reference.",
    .most_words = 1,
    .run = run,
};
