/* export_tables.c - the tables beside the snapshots as CSV: one line a row, the columns of
 * hdf5/columns.def with their units as the file has them. */
#include "export_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/hdf5/columns.h"
#include "io/quoting.h"

static void heading(FILE *out, const orr_column *c, const char *unit)
{
    for (int i = 0; i < c->components; i++) {
        fprintf(out, ",%s", c->name);
        if (c->components > 1)
            fprintf(out, "_%c", 'x' + i);
        if (*unit)
            fprintf(out, " [%s]", unit);
    }
}

/* What is not known is a blank cell. */
static void number(FILE *out, double x)
{
    char text[32];
    if (!isnan(x))
        fputs(orr_shortest(x, text), out);
}

/* ---- events ---- */

typedef struct events {
    FILE *out;
    orr_reader *r;
    double G;
    bool told[ORR_EVENT_COLUMNS];
} events;

static void event_cell(const events *e, size_t k, const orr_event_row *row)
{
    const orr_column *c = &orr_event_columns[k];
    const char *at = (const char *)row + c->offset;
    uint64_t id;
    for (int i = 0; i < c->components; i++) {
        double x;
        fputs(k ? "," : "", e->out);
        switch (k) {
        case ORR_EVENT_COLUMN_type:
            fputs(orr_event_name(row->event.kind), e->out);
            break;
        case ORR_EVENT_COLUMN_a:
        case ORR_EVENT_COLUMN_b:
            memcpy(&id, at, sizeof id);
            orr_write_csv(e->out,
                          orr_reader_name(e->r, orr_bodies_find(orr_reader_bodies(e->r), id)));
            break;
        case ORR_EVENT_COLUMN_member:
            fprintf(e->out, "%llu", (unsigned long long)row->member);
            break;
        default:
            memcpy(&x, at + (size_t)i * sizeof x, sizeof x);
            number(e->out, c->times_G ? x / e->G : x);
        }
    }
}

/* The columns that the file has, by their units and names. */
static void event_heading(events *e)
{
    for (size_t k = 0; k < ORR_EVENT_COLUMNS; k++) {
        const orr_column *c = &orr_event_columns[k];
        char path[80], unit[64];
        snprintf(path, sizeof path, "events/%s", c->name);
        orr_reader_unit(e->r, path, unit, sizeof unit);
        e->told[k] = orr_reader_has(e->r, path) &&
                     (k != ORR_EVENT_COLUMN_member || orr_reader_info(e->r)->n_members > 0);
        if (k == 0)
            fprintf(e->out, *unit ? "%s [%s]" : "%s", c->name, unit);
        else if (e->told[k])
            heading(e->out, c, unit);
    }
    fputc('\n', e->out);
}

orr_status orr_events_csv(FILE *out, orr_reader *r, orr_diagnosis *why)
{
    events e = {.out = out, .r = r, .G = orr_reader_G(r)};
    size_t n = orr_reader_info(r)->n_events;
    event_heading(&e);
    for (size_t k = 0; k < n && !ferror(out); k++) {
        orr_event_row row;
        ORR_TRY(orr_reader_event(r, k, &row.event, &row.member, why));
        for (size_t c = 0; c < ORR_EVENT_COLUMNS; c++)
            if (c == 0 || e.told[c])
                event_cell(&e, c, &row);
        fputc('\n', out);
    }
    return ORR_OK;
}

/* ---- diagnostics ---- */

static orr_status diagnostics(FILE *out, orr_reader *r, double *columns, orr_diagnosis *why)
{
    size_t n = orr_reader_info(r)->n_diagnostics, used = 1;
    char unit[64];
    ORR_TRY(orr_reader_column(r, "time", 0, columns, why));
    orr_reader_unit(r, "observables/energy_error/time", unit, sizeof unit);
    fprintf(out, *unit ? "time [%s]" : "time", unit);
    for (size_t k = 0; k < ORR_OBSERVABLES; k++) {
        const orr_column *c = &orr_observables[k];
        char path[80];
        snprintf(path, sizeof path, "observables/%s/value", c->name);
        if (!orr_reader_has(r, path))
            continue;
        orr_reader_unit(r, path, unit, sizeof unit);
        heading(out, c, unit);
        for (int i = 0; i < c->components; i++)
            ORR_TRY(orr_reader_column(r, c->name, i, columns + n * used++, why));
    }
    fputc('\n', out);
    for (size_t row = 0; row < n && !ferror(out); row++)
        for (size_t k = 0; k < used; k++) {
            number(out, columns[k * n + row]);
            fputc(k + 1 < used ? ',' : '\n', out);
        }
    return ORR_OK;
}

orr_status orr_diagnostics_csv(FILE *out, orr_reader *r, orr_diagnosis *why)
{
    size_t width = 1;
    for (size_t k = 0; k < ORR_OBSERVABLES; k++)
        width += (size_t)orr_observables[k].components;
    double *columns = calloc(orr_reader_info(r)->n_diagnostics + 1, width * sizeof *columns);
    *why = (orr_diagnosis){.text = "out of memory"};
    orr_status status = columns ? diagnostics(out, r, columns, why) : ORR_E_NO_MEMORY;
    free(columns);
    return status;
}
