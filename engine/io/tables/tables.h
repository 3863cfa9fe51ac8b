/* tables.h - bodies from the rows of a text file; private to engine/io.
 *
 *     lines.c      the file as lines: byte-order marks, line ends
 *     cut.c        a line as fields: separators, quotes
 *     columns.c    what a column means: names, units, what is left out
 *     cells.c      one cell: number, date, blank
 *     where.c      which rows are taken: where, only, first
 *     blanks.c     cells without a value
 *     settle.c     elements given more than once
 *     observed.c   orbits as they are published of planets of other stars
 *     rows.c       a row as a body; `table:` and `catalogue:` as a whole
 *
 * A format (struct orr_catalogue; the plain table is one too) turns its file into rows of cells
 * under headings; all the rest is the same for every one.  One row is in memory at a time. */
#ifndef ORRERY_IO_TABLES_H
#define ORRERY_IO_TABLES_H

#include <stdio.h>

#include "io/scenario/internal.h"

/* What a column can mean; the names are in columns.c. */
enum {
    COL_NAME,
    COL_HOST,
    COL_GM,
    COL_MASS,
    COL_RADIUS,
    COL_DIAMETER,
    COL_DENSITY,
    COL_X,
    COL_Y,
    COL_Z,
    COL_VX,
    COL_VY,
    COL_VZ,
    COL_EPOCH,
    COL_TRANSIT,
    COL_STAR_OMEGA,
    COL_STAR_MASS,
    COL_STAR_RADIUS,
    COL_ELEMENTS,
    COL_COUNT = COL_ELEMENTS + EL_COUNT,
    COL_UNUSED = -1
};

enum { ORR_MOST_COLUMNS = 2000, ORR_LONGEST_LINE = 1 << 18, ORR_LONGEST_HEADING = 80 };
enum { ORR_MOST_COPIES = ORR_LONGEST_LINE + 4 * ORR_MOST_COLUMNS };

/* ---- lines.c ---- */

/* A text file, line by line, whatever ends its lines. */
typedef struct orr_lines {
    FILE *file;
    char *buffer;
    size_t at, filled; /* what is read and not yet given */
    bool ended, zero;  /* zero: a zero byte was met */
    const char *wrong; /* why no line came */
    char *line;        /* the present one, ended by 0 */
    size_t length;
    int number; /* of the line, from 1 */
} orr_lines;

/* ORR_E_FILE: it cannot be opened, and *reason says why. */
orr_status orr_lines_open(orr_lines *lines, const char *path, const char **reason);
/* False at the end of the file, or with lines->wrong set. */
bool orr_lines_next(orr_lines *lines);
void orr_lines_close(orr_lines *lines);

/* ---- a table ---- */

typedef struct orr_cell {
    char *text;   /* ended by 0; "" is blank */
    int line, at; /* where it stands, from 1 */
} orr_cell;

typedef enum orr_form {
    FORM_NUMBER,
    FORM_TEXT,
    FORM_DATE,     /* a date; a bare number is what the meaning makes of it */
    FORM_JD,       /* a number is a Julian date, */
    FORM_MJD,      /* or a modified one */
    FORM_CALENDAR, /* 20200531.25 */
    FORM_INTERVAL, /* a number is a time after the start */
    FORM_PACKED    /* K205V, the Minor Planet Center's */
} orr_form;

typedef struct orr_column {
    char heading[ORR_LONGEST_HEADING]; /* in the file, without its unit */
    int meaning;                       /* COL_... */
    int rank;                          /* of columns that mean the same, the lowest that is given */
    orr_form form;
    double factor;   /* cell times factor is in the units of the scenario */
    char unit[32];   /* as written; "" is none */
    char scale[8];   /* of dates; "": as the scenario's */
    bool bare_angle; /* an angle without a unit, which only 0 can do without */
} orr_column;

typedef struct orr_condition {
    size_t column;
    char sign; /* < > = ! ~, and l g for <= and >= */
    bool is_number;
    bool converted; /* the number has a unit: compare in the units of the scenario */
    double number;
    const char *text;
} orr_condition;

enum { ORR_MOST_CONDITIONS = 16 };

typedef struct orr_catalogue orr_catalogue;

typedef struct orr_table {
    loader *l;
    const orr_group *group;
    const orr_catalogue *format;
    const char *path;
    orr_lines lines;
    char excerpt[256]; /* the beginning of the present line, uncut */
    char separator;    /* , ; | tab, or blank for columns between blanks; 0: not known yet */
    bool decimal_comma;
    bool waiting;  /* the first row is in the line already */
    bool detected; /* a plain table that turned out to be a catalogue's */
    size_t n_columns;
    orr_column *columns;        /* [n_columns] */
    orr_cell *cells;            /* [ORR_MOST_COLUMNS] of the present row */
    char *copies;               /* [ORR_MOST_COPIES] room for cells that are not in the line */
    bool has[COL_COUNT];        /* a column with this meaning */
    bool falls_back[COL_COUNT]; /* the group states a default */
    double fallback[COL_COUNT];
    orr_condition conditions[ORR_MOST_CONDITIONS];
    size_t n_conditions;
    const orr_yaml *only;
    bool *found; /* [only->n] */
    size_t first, rows, taken;
    double mu;          /* of the file's elements; 0: by the masses */
    orr_primary centre; /* rows are relative to it */
    orr_plane plane;
    bool turned;                 /* the axes of the file are not those of the scenario */
    bool has_several[COL_COUNT]; /* more than one column with this meaning */
    void *own;                   /* [format->own_size] of the format, zero at first */
    double last_time;            /* of the last date, */
    char last_date[64];          /* since most rows have the same */
    bool was_date;               /* the last value was one */
    /* rows in which something was decided, see tell() */
    size_t n_circular, n_points, n_massless, n_epochless, n_phaseless, n_edge_on, n_unused;
} orr_table;

/* One row as numbers in the units of the scenario. */
typedef struct orr_row {
    char name[ORR_LONGEST_NAME + 24];
    char host[ORR_LONGEST_NAME + 24];
    orr_role role;
    double value[COL_COUNT];
    bool has[COL_COUNT];   /* a value, from the cell or the default */
    bool peri_is_date;     /* T was written as one */
    int column[COL_COUNT]; /* the column it stands in, given or blank; -1: none */
    int rank[COL_COUNT];
} orr_row;

typedef struct orr_alias {
    const char *heading;
    int meaning;
    const char *unit; /* "JD" too */
} orr_alias;

enum {
    ORR_REST_UNUSED = 1,     /* unknown headings are left out */
    ORR_TEST_BODIES = 2,     /* test bodies unless the group says otherwise */
    ORR_MASS_OR_TEST = 4,    /* a body without mass is a test body */
    ORR_ECLIPTIC = 8,        /* axes: ecliptic of J2000.0 (IAU 1976), as JPL and the MPC have it */
    ORR_MAKES_PRIMARY = 32,  /* without `around:` it makes the body that is orbited */
    ORR_EPOCH_OR_START = 64, /* elements without an epoch hold at the start */
    ORR_PHASE_OR_PERICENTRE = 128, /* without a place on the orbit it starts at the pericentre */
    ORR_AXES_IN_FILE = 256,
    ORR_COMPLETE = 512 /* all six elements and their epoch are known, or it is another file */
};

/* A format.  Register it in catalogues/catalogues.def. */
struct orr_catalogue {
    orr_catalogue_entry entry;
    unsigned traits;
    const orr_alias *aliases; /* headings; earlier ones win where several mean the same */
    bool (*recognise)(const char *line); /* is this the first line of such a file?  NULL: no */
    const char *const *signature;        /* headings by which a plain table is known to be this */
    const char *scale;                   /* of its dates */
    size_t own_size;                     /* of table->own */
    orr_status (*head)(orr_table *t);    /* read what is before the rows; make the columns */
    orr_status (*next)(orr_table *t, bool *more);     /* the next row, into t->cells */
    orr_status (*skip)(orr_table *t, bool *skip);     /* leave this row out?  NULL: none */
    orr_status (*finish)(orr_table *t, orr_row *row); /* its conventions; NULL: none */
};
extern const orr_catalogue orr_plain_table;
/* A registered format by its place, or NULL. */
const orr_catalogue *orr_catalogue_format(size_t i);

/* An error in the present row, at a cell (NULL: its beginning). */
orr_status orr_table_fail(const orr_table *t, const orr_cell *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The next line, its beginning kept for messages; *more is false at the end. */
orr_status orr_table_line(orr_table *t, bool *more);
/* The same, without blank lines and comments (#). */
orr_status orr_table_content(orr_table *t, bool *more);

/* ---- cut.c ---- */

/* What separates the fields of this heading line. */
orr_status orr_find_separator(orr_table *t);
/* Cut the present line into t->cells at the separator. */
orr_status orr_cut(orr_table *t, size_t *n);
/* The heads and rows of separated files. */
orr_status orr_separated_head(orr_table *t);
orr_status orr_separated_next(orr_table *t, bool *more);
/* Blanks around a text go. */
char *orr_trim(char *text);
/* Some bytes of the present line as cell k, trimmed; *room is in t->copies and moves on. */
orr_status orr_copy_cell(orr_table *t, size_t k, const char *text, size_t length, char **room);
/* The same from column `from` to `to`, counted from 1, as far as the line goes. */
orr_status orr_take_columns(orr_table *t, size_t k, int from, int to, char **room);

/* ---- columns.c ---- */

const char *orr_column_name(int meaning);
orr_dimension orr_column_dimension(int meaning);
bool orr_column_is_time(int meaning);
/* Room for n columns. */
orr_status orr_make_columns(orr_table *t, size_t n);
/* Column k, whose heading stands at a cell. */
orr_status orr_read_heading(orr_table *t, size_t k, const orr_cell *at);
/* Does the format, or the plain table, or the group know this heading?  It is changed. */
bool orr_knows_heading(const orr_table *t, char *heading);
/* Columns that a format has without headings: n aliases, under these names. */
orr_status orr_fixed_columns(orr_table *t, const orr_alias *columns, size_t n);
/* Group's keys about columns name columns that there are; defaults. */
orr_status orr_check_columns(orr_table *t);

/* ---- cells.c ---- */

bool orr_is_blank(const char *text);
/* A number with 1.5D+00 too; false if the text is anything else. */
bool orr_plain_number(const char *text, double *value);
orr_status orr_cell_value(orr_table *t, size_t k, double *out);
/* A date in words that the scenario knows, as time after its start. */
orr_status orr_table_date(orr_table *t, const orr_cell *at, const char *text, double *out);
/* "K205V" -> "2020-05-31". */
bool orr_unpack_date(const char *packed, char text[16]);

/* ---- where.c ---- */

orr_status orr_read_where(orr_table *t);
bool orr_row_wanted(orr_table *t);
orr_status orr_check_wanted(orr_table *t);
/* "433 Eros (A898 PA)" is meant by all of it, "433 Eros", "Eros" and "433". */
bool orr_same_body(const char *name, const char *wanted);

/* ---- rows.c, blanks.c ---- */

/* An error if the present line, the first, is no heading but that of a known other kind of file. */
orr_status orr_recognise(orr_table *t);
/* Whether a plain table, cut into n headings, is a catalogue's. */
orr_status orr_detect_format(orr_table *t, size_t n);
/* Axes of the file: "ecliptic" or "equator"; NULL: those that `plane:` states. */
orr_status orr_table_axes(orr_table *t, const char *axes);
orr_status orr_table_append(orr_table *t, const char *name, orr_body body);
/* When what a row says holds [time]: at its epoch, the group's, a T that is a date, or the start.
 */
double orr_row_holds_at(const orr_table *t, const orr_row *row);
orr_status orr_fill_blanks(orr_table *t, orr_row *row);
/* Complain if an element has neither a column nor a default. */
orr_status orr_check_complete(orr_table *t);

/* ---- settle.c, observed.c ---- */

/* A time of transit as a time of pericentre, the star's omega as the planet's. */
orr_status orr_settle_observed(orr_table *t, orr_row *row, double mu);
/* Leave one of several elements that say the same; complain about those that do not. */
orr_status orr_settle_elements(orr_table *t, orr_row *row, double mu);

#endif
