/* help_scenario.c - `orrery help scenario`: every key, from the table that the reader checks by,
 * and every option, from the tables of integrators, forces and generators. */
#include <math.h>
#include <string.h>

#include "help.h"
#include "io/scenario/keys.h"
#include "io/suggest.h"

enum { KEY_WIDTH = 16, VALUE_WIDTH = 26, MOST_OWNERS = 64 };

static void print_key(const orr_key_doc *k)
{
    char text[600], also[80] = "";
    const char *key = strcmp(k->key, "*") == 0 ? "KEY.PATH" : k->key;
    if (k->inside != ORR_IN_NOTHING)
        snprintf(also, sizeof also, "; see '%s'", orr_part_at(k->inside)->name);
    bool silent = !*k->fallback || strcmp(k->fallback, "none") == 0;
    bool required = strncmp(k->fallback, "required", 8) == 0;
    snprintf(text, sizeof text, "%s%s%s%s%s%s", k->doc, also, silent ? "" : " (",
             silent || required ? "" : "default: ", silent ? "" : k->fallback, silent ? "" : ")");
    print_row(key, KEY_WIDTH, k->value, VALUE_WIDTH, text);
}

/* ---- options ---- */

/* The same option of several owners: the same name and meaning. */
static const orr_field *same_option(const orr_field *fields, const orr_field *f)
{
    const orr_field *other = fields ? orr_field_find(fields, f->name) : NULL;
    return other && other->role & ORR_OPTION && strcmp(other->doc, f->doc) == 0 ? other : NULL;
}

/* Once for all that have it, unless an earlier one had it already. */
static void print_option(orr_part part, size_t first, const orr_field *f, const char *heading)
{
    char owners[500] = "", unit[64], value[600], text[1400];
    const char *name;
    const orr_field *fields;
    const char *name_of_first = "";
    bool differs = false;
    for (size_t i = 0; orr_owner_at(part, i, &name, &fields); i++) {
        const orr_field *same = same_option(fields, f);
        if (!same)
            continue;
        if (i < first)
            return;
        size_t used = strlen(owners);
        name_of_first = used ? name_of_first : name;
        differs = differs || same->fallback != f->fallback;
        snprintf(owners + used, sizeof owners - used, "%s%s", used ? ", " : "", name);
    }
    field_words(f, unit, value);
    static const char *const kinds[] = {
        [ORR_DOUBLE] = "number", [ORR_INT] = "whole number",        [ORR_BOOL] = "yes or no",
        [ORR_CHOICE] = "word",   [ORR_RANGE] = "[lowest, highest]", [ORR_BODY] = "body"};
    char kind[120];
    snprintf(kind, sizeof kind, "%s%s%s%s", kinds[f->type], *unit ? " [" : "", unit,
             *unit ? "]" : "");
    if (differs)
        snprintf(value, sizeof value, "defaults differ: `orrery list %s`", name_of_first);
    char *bar = value; /* choices break at blanks */
    for (; (bar = strchr(bar, '|')); bar++)
        *bar = ' ';
    bool plain = f->type == ORR_BODY && !(f->role & ORR_REQUIRED);
    snprintf(text, sizeof text, "%s%s%s%s - of %s", f->doc, plain ? "" : " (", plain ? "" : value,
             plain ? "" : ")", owners);
    if (heading)
        printf("%s\n", heading);
    print_row(f->name, KEY_WIDTH, kind, VALUE_WIDTH, text);
}

static void print_options(orr_part part)
{
    const char *name;
    const orr_field *fields;
    for (size_t i = 0; orr_owner_at(part, i, &name, &fields); i++)
        for (const orr_field *f = fields; f && f->name; f++)
            if (f->role & ORR_OPTION)
                print_option(part, i, f, NULL);
}

/* ---- parts ---- */

static void print_part(orr_part part)
{
    const orr_part_doc *p = orr_part_at(part);
    const orr_key_doc *k;
    printf("%s (%s)\n  ", p->name, p->where);
    print_wrapped(p->doc, 2, 2);
    for (size_t i = 0; (k = orr_key_at(i)); i++)
        if (k->part == part)
            print_key(k);
    print_options(part);
    puts("\n  example:");
    for (const char *line = p->example; *line;) {
        size_t length = strcspn(line, "\n");
        printf("    %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static bool print_one(const char *word)
{
    const orr_part_doc *p;
    const orr_key_doc *k;
    for (size_t i = 0; (p = orr_part_at(i)); i++)
        if (strcmp(p->name, word) == 0) {
            print_part((orr_part)i);
            return true;
        }
    bool found = false;
    for (size_t i = 0; (k = orr_key_at(i)); i++)
        if (strcmp(k->key, word) == 0) {
            printf("%s\n", orr_part_at(k->part)->where);
            print_key(k);
            found = true;
        }
    static const orr_part with_options[] = {ORR_IN_INTEGRATOR, ORR_IN_GRAVITY, ORR_IN_FORCE,
                                            ORR_IN_GENERATOR};
    const char *name;
    const orr_field *fields;
    for (size_t n = 0; n < sizeof with_options / sizeof *with_options; n++)
        for (size_t i = 0; orr_owner_at(with_options[n], i, &name, &fields); i++) {
            const orr_field *f = fields ? orr_field_find(fields, word) : NULL;
            if (!f || !(f->role & ORR_OPTION))
                continue;
            print_option(with_options[n], i, f, orr_part_at(with_options[n])->where);
            found = true;
        }
    return found;
}

static void no_such_part(const char *word)
{
    enum { MOST = 400 };
    const char *names[MOST];
    char hint[500];
    size_t n = 0;
    for (size_t i = 0; orr_part_at(i) && n < MOST; i++)
        names[n++] = orr_part_at(i)->name;
    for (size_t i = 0; orr_key_at(i) && n < MOST; i++)
        names[n++] = orr_key_at(i)->key;
    orr_suggest(word, names, n, hint, sizeof hint);
    print_error("there is no part or key '%s' of scenarios; %s", word, hint);
}

exit_code print_scenario_help(char **words, int n)
{
    for (int k = 0; k < n; k++)
        if (!print_one(words[k])) {
            no_such_part(words[k]);
            return EXIT_USAGE;
        }
    if (n > 0)
        return EXIT_OK;
    puts(
        "A scenario is a YAML file. Every key that there is, part by part; values may carry units\n"
        "(`orrery help units`). `orrery new NAME` writes one to start from, `orrery check` tells\n"
        "what one means, with all defaults.\n");
    for (size_t i = 0; orr_part_at(i); i++) {
        print_part((orr_part)i);
        putchar('\n');
    }
    return EXIT_OK;
}
