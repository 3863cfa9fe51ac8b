/* against.c - orrery-bench --against OLD.csv NEW.csv: which differences exceed the noise? */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 2000 };

typedef struct result {
    char suite[32], name[128], unit[32];
    long n, threads;
    double median, spread, ratio; /* NAN: there is none */
} result;

typedef struct table {
    char head[400];
    result *rows;
    size_t n;
} table;

/* One field of a line of CSV, which may stand in quotes. */
static char *field(char **rest, char *out, size_t size)
{
    char *p = *rest, *to = out;
    bool quoted = *p == '"';
    for (p += quoted; *p && *p != '\n' && (quoted ? *p != '"' : *p != ','); p++)
        if ((size_t)(to - out) + 1 < size)
            *to++ = *p;
    *to = 0;
    p += quoted && *p == '"';
    *rest = p + (*p == ',');
    return out;
}

/* A name that is not in quotes, though it has commas: what stands before the last seven fields. */
static void long_name(char **rest, char *out, size_t size)
{
    char *end = *rest + strlen(*rest);
    for (int k = 0; k < 7 && end > *rest; k++)
        for (end--; end > *rest && *end != ','; end--)
            ;
    snprintf(out, size, "%.*s", (int)(end - *rest), *rest);
    *rest = end + (*end == ',');
}

static double number(char **rest)
{
    char text[64], *end;
    double x = strtod(field(rest, text, sizeof text), &end);
    return end == text ? NAN : x;
}

static bool read_table(const char *path, table *t)
{
    char line[600], rest_of_line[40];
    FILE *in = fopen(path, "r");
    *t = (table){.rows = calloc(MOST_ROWS, sizeof *t->rows)};
    if (!in || !t->rows) {
        perror(path);
        return false;
    }
    while (fgets(line, sizeof line, in)) {
        char *p = line;
        if (*line == '#') {
            snprintf(t->head, sizeof t->head, "%.*s", (int)strcspn(line + 2, "\n"), line + 2);
            continue;
        }
        if (strncmp(line, "suite,", 6) == 0 || t->n == MOST_ROWS)
            continue;
        result *r = &t->rows[t->n++];
        field(&p, r->suite, sizeof r->suite);
        if (*p == '"')
            field(&p, r->name, sizeof r->name);
        else
            long_name(&p, r->name, sizeof r->name);
        r->n = (long)number(&p);
        r->threads = (long)number(&p);
        field(&p, r->unit, sizeof r->unit);
        r->median = number(&p);
        field(&p, rest_of_line, sizeof rest_of_line); /* best */
        r->spread = number(&p);
        r->ratio = number(&p);
    }
    fclose(in);
    return true;
}

static const result *find(const table *t, const result *r)
{
    for (size_t k = 0; k < t->n; k++) {
        const result *o = &t->rows[k];
        if (o->n == r->n && o->threads == r->threads && strcmp(o->suite, r->suite) == 0 &&
            strcmp(o->name, r->name) == 0 && strcmp(o->unit, r->unit) == 0)
            return o;
    }
    return NULL;
}

/* Ratios to the yardstick of the same run where there are any, else the numbers themselves.  Noise:
 * three times both spreads, and never less than 5 %, which is what ratios wander by from run to run
 * on these machines; errors and counts have none. */
static bool differs(const result *a, const result *b, double *change, double *noise)
{
    bool ratio = a->ratio > 0 && b->ratio > 0 && !(a->ratio == 1 && b->ratio == 1);
    bool count = strcmp(a->unit, "evaluations") == 0 || strcmp(a->unit, "error") == 0;
    double x = ratio ? a->ratio : a->median, y = ratio ? b->ratio : b->median;
    double s = isnan(a->spread) || isnan(b->spread) ? 0 : hypot(a->spread, b->spread);
    *change = y / x - 1;
    *noise = count ? 0 : fmax(0.05, 3 * s);
    /* a yardstick is what the others are measured by: its own change is that of the machine */
    return !(a->ratio == 1 && b->ratio == 1) && fabs(*change) > *noise;
}

int bench_against(const char *old_path, const char *new_path)
{
    table old, new;
    if (!read_table(old_path, &old) || !read_table(new_path, &new))
        return 1;
    printf("old: %s\nnew: %s\n", old.head, new.head);
    size_t same = 0, missing = 0, changed = 0;
    for (size_t k = 0; k < new.n; k++) {
        const result *b = &new.rows[k], *a = find(&old, b);
        double change, noise;
        if (!a) {
            missing++;
        } else if (!differs(a, b, &change, &noise)) {
            same++;
        } else {
            printf("%-12s %-60s N=%-7ld t=%-2ld %-12s %+7.1f %% (noise %.0f %%)\n", b->suite,
                   b->name, b->n, b->threads, b->unit, 100 * change, 100 * noise);
            changed++;
        }
    }
    printf("%zu differences exceed the noise, %zu rows do not, %zu rows are new\n", changed, same,
           missing);
    free(old.rows);
    free(new.rows);
    return 0;
}
