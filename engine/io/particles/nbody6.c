/* nbody6.c - tables of seven columns, mass x y z vx vy vz, as NBODY6, NBODY6++ (dat.10, fort.10)
 * and many others read them.  Nothing stands above the columns; lines that begin with # are
 * comments; 1.5D+00 is a number, too.
 *
 * Aarseth 2003, Gravitational N-body simulations, ch. 7 (KZ(22) = 2 reads fort.10). */
#include <string.h>

#include "io/tables/tables.h"
#include "particles.h"

enum { COLUMNS = 7 };

/* The numbers of a line, which is changed; how many, or -1 if something else is there. */
static int numbers(char *line, double out[COLUMNS])
{
    int n = 0;
    for (char *rest = line, *word; (word = strsep(&rest, " \t,"));) {
        if (!*word)
            continue;
        if (n == COLUMNS || !orr_plain_number(word, &out[n]))
            return -1;
        n++;
    }
    return n;
}

static bool is_content(const char *line)
{
    const char *p = line + strspn(line, " \t");
    return *p && *p != '#';
}

/* Are there seven numbers in its first line? */
static bool recognise(const orr_particle_file *f, int64_t file)
{
    (void)file;
    char line[512];
    double row[COLUMNS];
    if (f->is_hdf5)
        return false;
    for (size_t at = 0; at < f->started;) {
        const char *begin = (const char *)f->start + at;
        const char *end = memchr(begin, '\n', f->started - at);
        size_t length = end ? (size_t)(end - begin) : f->started - at;
        at += length + 1;
        if (length >= sizeof line || memchr(begin, 0, length))
            return false;
        memcpy(line, begin, length);
        length -= length > 0 && line[length - 1] == '\r';
        line[length] = 0;
        if (is_content(line))
            return numbers(line, row) == COLUMNS;
    }
    return false;
}

static orr_status open_lines(orr_particle_file *f, orr_lines *lines)
{
    const char *reason = "";
    orr_status status = orr_lines_open(lines, f->path, &reason);
    if (status == ORR_E_FILE)
        (void)orr_particles_fail(f, "cannot read: %s", reason);
    if (status != ORR_OK)
        orr_lines_close(lines);
    return status;
}

static orr_status count(orr_particle_file *f)
{
    orr_lines lines;
    ORR_TRY(open_lines(f, &lines));
    while (orr_lines_next(&lines))
        f->n[0] += is_content(lines.line);
    orr_status status =
        lines.wrong ? orr_particles_fail(f, "line %d: %s", lines.number, lines.wrong) : ORR_OK;
    orr_lines_close(&lines);
    f->has_mass[0] = true;
    return status;
}

static orr_status read_lines(orr_particle_file *f, orr_lines *lines, orr_take_rows *take,
                             void *user)
{
    const orr_buffers *b = &f->rows;
    orr_rows rows = {.pos = b->pos, .vel = b->vel, .mass = b->mass};
    bool more = true;
    while (more) {
        more = orr_lines_next(lines);
        double row[COLUMNS];
        if (more && is_content(lines->line)) {
            if (numbers(lines->line, row) != COLUMNS)
                return orr_particles_fail(
                    f, "line %d has not the seven numbers mass x y z vx vy vz", lines->number);
            b->mass[rows.n] = row[0];
            memcpy(&b->pos[3 * rows.n], row + 1, 3 * sizeof *row);
            memcpy(&b->vel[3 * rows.n++], row + 4, 3 * sizeof *row);
        }
        if (rows.n == ORR_MOST_ROWS || (!more && rows.n > 0)) {
            ORR_TRY(take(user, &rows));
            rows.first += rows.n;
            rows.n = 0;
        }
    }
    return lines->wrong ? orr_particles_fail(f, "line %d: %s", lines->number, lines->wrong)
                        : ORR_OK;
}

static orr_status read(orr_particle_file *f, orr_take_rows *take, void *user)
{
    orr_lines lines;
    ORR_TRY(open_lines(f, &lines));
    orr_status status = read_lines(f, &lines, take, user);
    orr_lines_close(&lines);
    return status;
}

static const char *const kinds[ORR_MOST_KINDS] = {"bodies"};

const orr_particle_format orr_particles_nbody6 = {
    .entry =
        {"nbody6", "tables of seven columns, mass x y z vx vy vz: dat.10 or fort.10 of NBODY6",
         "Aarseth 2003, doi 10.1017/CBO9780511535246; Wang et al. 2015, "
         "doi 10.1093/mnras/stv817",
         "    Such a table has no units and no headings (one with headings is a 'table:'): say\n"
         "    them, 'units: { length: pc, speed: 2.07 km/s, G: 1 }', or 'units: nbody' where "
         "lengths "
         "and\n"
         "    speeds are those of the scenario and G = 1.  Bodies are counted by their lines."},
    .kinds = kinds,
    .recognise = recognise,
    .open = count,
    .read = read,
};
