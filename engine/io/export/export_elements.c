/* export_elements.c - osculating elements as CSV, one line a body and snapshot:
 *
 *     # elements about Sun, plane reference, radiation's GM (1 - beta) where there is light
 *     time [day],name,a [au],e,i [deg],Omega [deg],omega [deg],M [deg],GM [au3 day-2]
 *     0,Mercury,0.38709...
 *
 * The columns are those of a table in a scenario, with as many digits as a double has.  Who is the
 * centre, has none, or is no more at a snapshot has no line; who moves on a straight line has empty
 * fields.  One snapshot is in memory, and a block of text. */
#include "export_elements.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/decimal.h"
#include "io/quoting.h"

enum { BLOCK = 1 << 18, MOST_COLUMNS = ORR_ORBITALS + 1 };

static const double degree = 57.29577951308232;

/* One number of a row: factor times the quantity; or the date that it is, as a Julian date. */
typedef struct column {
    size_t quantity;
    double factor;
    bool is_date;
} column;

typedef struct sheet {
    FILE *out;
    orr_reader *r;
    const orr_element_choice *choice;
    const orr_file_info *info;
    orr_centres centres;
    orr_powers *powers;
    char *block; /* [BLOCK + longest] what is not yet in the file */
    size_t used;
    column columns[MOST_COLUMNS];
    size_t n_columns;
    bool has_gm, has_around;  /* columns at the end */
    char *names;              /* as fields, one behind the other */
    size_t *name_at;          /* [n_bodies + 1] */
    size_t *places;           /* [n_places] of the bodies that are wanted; NULL: all */
    size_t n_places, longest; /* longest: line, at most [bytes] */
    orr_element_rows *rows;
} sheet;

/* ---- heading ---- */

static void write_heading(sheet *s)
{
    const orr_file_info *i = s->info;
    const char *gap = *i->time_unit ? " " : "";
    fprintf(s->out, "time%s%s%s%s,name", gap, *gap ? "[" : "", i->time_unit, *gap ? "]" : "");
    for (size_t k = 0; k < s->n_columns; k++) {
        const orr_quantity *q = orr_orbital_at(s->columns[k].quantity);
        char unit[60] = "";
        if (s->columns[k].is_date) {
            fprintf(s->out, ",%s_JD [%s]", q->name, i->time_scale);
            continue;
        }
        snprintf(unit, sizeof unit, "%s%s%s",
                 q->dim.angle    ? "deg"
                 : q->dim.length ? i->length_unit
                                 : "",
                 q->dim.angle && q->dim.time && *gap ? "/" : "", q->dim.time ? i->time_unit : "");
        fprintf(s->out, *unit ? ",%s [%s]" : ",%s", q->name, unit);
    }
    if (s->has_gm)
        fprintf(s->out, *i->gm_unit ? ",GM [%s]" : ",GM", i->gm_unit);
    fputs(s->has_around ? ",around\n" : "\n", s->out);
}

static void write_comment(sheet *s)
{
    const orr_element_choice *c = s->choice;
    fputs("# elements about ", s->out);
    orr_write_terminal(s->out, c->centre);
    fputs(", plane ", s->out);
    orr_write_terminal(s->out, c->plane);
    fprintf(s->out, c->about.n_pressures ? ", with radiation's GM (1 - beta)\n" : "\n");
}

static void choose_columns(sheet *s)
{
    size_t passage = orr_orbital_find("T", 1);
    for (size_t k = 0; k < s->choice->n_quantities; k++) {
        size_t q = s->choice->quantities[k];
        s->columns[s->n_columns++] =
            (column){.quantity = q, .factor = orr_orbital_at(q)->dim.angle ? degree : 1};
        if (q == passage && s->info->has_epoch)
            s->columns[s->n_columns++] = (column){.quantity = q, .is_date = true};
    }
    const orr_bodies *b = orr_reader_bodies(s->r);
    for (size_t i = 0; i < b->n && !s->has_gm; i++)
        s->has_gm = b->gm[i] > 0;
    s->has_around = s->choice->about.kind == ORR_ABOUT_PRIMARY;
}

/* ---- what is the same for all snapshots ---- */

static bool keep_names(sheet *s)
{
    size_t n = s->info->n_bodies, size = 0, longest = 0;
    FILE *out = open_memstream(&s->names, &size);
    s->name_at = malloc((n + 1) * sizeof *s->name_at);
    for (size_t i = 0; out && s->name_at && i < n; i++) {
        s->name_at[i] = (size_t)ftell(out);
        orr_write_csv(out, orr_reader_name(s->r, i));
    }
    if (out && s->name_at)
        s->name_at[n] = (size_t)ftell(out);
    if (!out || fclose(out) != 0 || !s->name_at)
        return false;
    for (size_t i = 0; i < n; i++)
        longest = s->name_at[i + 1] - s->name_at[i] > longest ? s->name_at[i + 1] - s->name_at[i]
                                                              : longest;
    s->longest = 2 * longest + (s->n_columns + 3) * (ORR_LONGEST_DECIMAL + 1) + 8;
    s->block = malloc(BLOCK + s->longest);
    return s->block != NULL;
}

static bool keep_places(sheet *s)
{
    const orr_bodies *b = orr_reader_bodies(s->r);
    s->n_places = s->choice->of ? s->choice->n_of : b->n;
    if (!s->choice->of)
        return true;
    s->places = malloc(s->n_places * sizeof *s->places);
    for (size_t k = 0, i = 0; s->places && k < s->n_places; k++, i++) { /* most often in order */
        for (size_t tries = 0; tries < b->n && b->id[i % b->n] != s->choice->of[k]; tries++)
            i++;
        s->places[k] = i % b->n;
    }
    return s->places != NULL;
}

/* ---- rows ---- */

static void put(sheet *s, const char *text, size_t length)
{
    memcpy(s->block + s->used, text, length);
    s->used += length;
}

static void put_name(sheet *s, size_t i)
{
    put(s, s->names + s->name_at[i], s->name_at[i + 1] - s->name_at[i]);
}

static void put_number(sheet *s, double value)
{
    s->used += orr_decimal(s->powers, value, s->block + s->used);
}

/* Of a time of the run, in the scale of its epoch. */
static double julian_date(const sheet *s, double t)
{
    orr_date d = orr_date_plus(&s->info->epoch, t, s->info->time_si);
    return isfinite(t) ? orr_date_jd(&d) : t;
}

static void flush(sheet *s)
{
    fwrite(s->block, 1, s->used, s->out); /* errors stay with the stream */
    s->used = 0;
}

static void put_row(sheet *s, size_t i, double t, const char *time, size_t time_length)
{
    double values[ORR_ORBITALS], mu;
    orr_elements el;
    orr_status status = orr_osculating(&s->centres, i, &el, &mu);
    if (status == ORR_E_INCOMPATIBLE)
        return;
    bool good = status == ORR_OK;
    if (good)
        orr_orbitals(&el, mu, t, values);
    if (s->used > BLOCK)
        flush(s);
    put(s, time, time_length);
    put_name(s, i);
    for (size_t k = 0; k < s->n_columns; k++) {
        const column *c = &s->columns[k];
        put(s, ",", 1);
        if (good)
            put_number(s, c->is_date ? julian_date(s, values[c->quantity])
                                     : values[c->quantity] * c->factor);
    }
    if (s->has_gm) {
        put(s, ",", 1);
        put_number(s, orr_reader_bodies(s->r)->gm[i]);
    }
    if (s->has_around) {
        put(s, ",", 1);
        put_name(s, orr_centre_body(&s->centres, i));
    }
    put(s, "\n", 1);
    s->rows->rows++;
    s->rows->empty += !good;
}

static orr_status write_snapshot(sheet *s, size_t k, orr_diagnosis *why)
{
    double t;
    char time[ORR_LONGEST_DECIMAL + 1];
    ORR_TRY(orr_reader_read(s->r, k, &t, why));
    ORR_TRY(orr_centres_find(&s->centres, &s->choice->about, orr_reader_bodies(s->r)));
    size_t length = orr_decimal(s->powers, t, time);
    time[length++] = ',';
    for (size_t m = 0; m < s->n_places; m++)
        put_row(s, s->places ? s->places[m] : m, t, time, length);
    return ORR_OK;
}

orr_status orr_elements_csv(FILE *out, orr_reader *r, const orr_element_choice *c, size_t first,
                            size_t last, orr_element_rows *rows, orr_diagnosis *why)
{
    sheet s = {.out = out, .r = r, .choice = c, .info = orr_reader_info(r), .rows = rows};
    *rows = (orr_element_rows){0};
    *why = (orr_diagnosis){0};
    choose_columns(&s);
    s.powers = malloc(sizeof *s.powers);
    orr_status status = s.powers && keep_names(&s) && keep_places(&s) ? ORR_OK : ORR_E_NO_MEMORY;
    if (status == ORR_OK) {
        orr_powers_fill(s.powers);
        write_comment(&s);
        write_heading(&s);
    }
    for (size_t k = first; k < last && status == ORR_OK && !ferror(out); k++)
        status = write_snapshot(&s, k, why);
    if (status == ORR_OK)
        flush(&s);
    if (status != ORR_OK && !*why->text)
        snprintf(why->text, sizeof why->text, "%s", orr_status_text(status));
    orr_centres_free(&s.centres);
    free(s.powers), free(s.block), free(s.names), free(s.name_at), free(s.places);
    return status;
}
