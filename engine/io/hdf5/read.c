/* read.c - one output file, also one that is still being written.  Nothing in it is trusted:
 * every shape and type is checked before memory is taken for it. */
#include "part_internal.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_BODIES = 100000000, LONGEST_TEXT = 100 << 20 };

orr_status orr_part_fail(const orr_part *r, orr_diagnosis *why, orr_status code, const char *format,
                         ...)
{
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%.500s", r->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return code;
}

static bool read_scalar(hid_t file, const char *path, hid_t type, void *out)
{
    hid_t d = orr_h5_numbers(file, path, 0, NULL);
    bool good = d >= 0 && H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
    if (d >= 0)
        H5Dclose(d);
    return good;
}

/* A fixed-length text dataset of one element, or of n elements; NULL if it is anything else. */
char *orr_part_texts(hid_t file, const char *path, hsize_t n, size_t *size)
{
    hid_t d = H5Dopen2(file, path, H5P_DEFAULT);
    if (d < 0)
        return NULL;
    hid_t type = H5Dget_type(d), space = H5Dget_space(d);
    size_t length = H5Tget_size(type);
    char *text = NULL;
    if (H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
        H5Sget_simple_extent_npoints(space) == (hssize_t)n && length > 0 &&
        n * (length + 1) < LONGEST_TEXT + 100 * n && H5Dget_storage_size(d) >= n * length)
        text = calloc(n, length + 1);
    if (text) {
        hid_t memory = H5Tcopy(H5T_C_S1); /* one byte longer, so that each ends with 0 */
        H5Tset_size(memory, length + 1);
        H5Tset_strpad(memory, H5T_STR_NULLTERM);
        H5Tset_cset(memory, H5Tget_cset(type));
        if (H5Dread(d, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) {
            free(text);
            text = NULL;
        }
        H5Tclose(memory);
    }
    *size = length + 1;
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(d);
    return text;
}

void orr_part_attribute(hid_t file, const char *path, const char *name, char *buffer, size_t size)
{
    hid_t object = H5Oopen(file, path, H5P_DEFAULT);
    buffer[0] = 0;
    if (object < 0)
        return;
    orr_h5_read_attribute_text(object, name, buffer, size);
    H5Oclose(object);
}

/* "epoch" is exact; older files have the Julian date alone. */
static void read_epoch(hid_t f, orr_file_info *i)
{
    char text[64] = "", message[200];
    i->has_epoch = orr_h5_read_attribute_double(f, "epoch_jd", &i->epoch_jd);
    orr_h5_read_attribute_text(f, "time_scale", i->time_scale, sizeof i->time_scale);
    orr_h5_read_attribute_text(f, "epoch", text, sizeof text);
    if (!*text) /* 17 digits give the double back */
        snprintf(text, sizeof text, "JD %.12f %s", i->epoch_jd, i->time_scale);
    if (i->has_epoch && orr_date_read(text, ORR_TDB, &i->epoch, message, sizeof message) != ORR_OK)
        i->epoch = orr_date_from_jd(i->epoch_jd, ORR_TDB);
}

static orr_status read_header(orr_part *r, orr_diagnosis *why)
{
    orr_file_info *i = &r->info;
    hid_t f = r->file;
    char format[16];
    if (!orr_h5_read_attribute_text(f, "format", format, sizeof format) ||
        strcmp(format, "orrery") != 0)
        return orr_part_fail(r, why, ORR_E_FORMAT, "this HDF5 file was not written by orrery");
    orr_h5_read_attribute_text(f, "format_version", i->format_version, sizeof i->format_version);
    if (strncmp(i->format_version, "1.", 2) != 0)
        return orr_part_fail(r, why, ORR_E_FORMAT,
                             "format version '%s' is not known here; use a newer orrery",
                             i->format_version);
    orr_h5_read_attribute_text(f, "title", i->title, sizeof i->title);
    orr_h5_read_attribute_text(f, "frame", i->frame, sizeof i->frame);
    read_epoch(f, i);
    const struct {
        const char *name;
        char *out;
        size_t size;
    } made[] = {{"version", i->version, sizeof i->version},
                {"commit", i->commit, sizeof i->commit},
                {"compiler", i->compiler, sizeof i->compiler},
                {"flags", i->flags, sizeof i->flags},
                {"instruction_set", i->isa, sizeof i->isa},
                {"method", i->method, sizeof i->method},
                {"host", i->host, sizeof i->host},
                {"command_line", i->command_line, sizeof i->command_line},
                {"start", i->start, sizeof i->start}};
    for (size_t k = 0; k < sizeof made / sizeof *made; k++)
        orr_part_attribute(f, "provenance", made[k].name, made[k].out, made[k].size);
    hid_t group = H5Oopen(f, "provenance", H5P_DEFAULT);
    double threads = 0, segment = 0;
    if (group >= 0) {
        orr_h5_read_attribute_double(group, "threads", &threads);
        orr_h5_read_attribute_double(group, "segment", &segment);
        H5Oclose(group);
    }
    i->threads = threads >= 0 && threads < 1e6 ? (int)threads : 0;
    i->segment = segment >= 0 && segment < 1e6 ? (int)segment : 0;
    size_t size;
    char *state = orr_part_texts(f, "status/state", 1, &size);
    snprintf(i->state, sizeof i->state, "%.15s", state ? state : "unknown");
    free(state);
    if (!read_scalar(f, "status/wall_seconds", H5T_NATIVE_DOUBLE, &i->wall_seconds))
        i->wall_seconds = NAN;
    return ORR_OK;
}

/* The dataset of that rank whose shape ends in the components; axes counts those before. */
static hid_t open_array(const orr_part *r, const char *name, int axes, size_t components,
                        hsize_t dims[4])
{
    char path[80];
    int rank = axes + (components > 1);
    snprintf(path, sizeof path, "particles/all/%s", name);
    hid_t d = orr_h5_numbers(r->file, path, rank, dims);
    if (d < 0 || components == 1 || dims[rank - 1] == components)
        return d;
    H5Dclose(d);
    return -1;
}

bool orr_part_array(orr_part *r, const char *name, hid_t type, size_t n, size_t components,
                    void *out)
{
    hsize_t dims[4];
    hid_t d = open_array(r, name, 1, components, dims);
    bool good = d >= 0 && dims[0] == n && H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
    if (d >= 0)
        H5Dclose(d);
    if (good || !r->info.n_members)
        return good;
    d = open_array(r, name, 2, components, dims); /* one row a member */
    good = d >= 0 && dims[0] == r->info.n_members && dims[1] == n &&
           orr_h5_read_rows(d, type, r->member, 1, out);
    if (d >= 0)
        H5Dclose(d);
    return good;
}

/* The k-th field that lasts, as the file begins, into the bodies; what not every file has is 0. */
static orr_status read_field(orr_part *r, size_t k)
{
    const orr_body_field *f = orr_lasting_field_at(k);
    const size_t n = r->bodies.n, stride = r->bodies.stride;
    double *to = orr_bodies_array(&r->bodies, f);
    bool one = f->components == 1; /* stands in the file as it stands in memory */
    double *rows = one ? to : malloc(n * f->components * sizeof *rows);
    if (!rows)
        return ORR_E_NO_MEMORY;
    bool there = orr_part_array(r, f->name, H5T_NATIVE_DOUBLE, n, f->components, rows);
    for (size_t c = 0; c < f->components; c++)
        for (size_t i = 0; i < n && (!one || !there); i++)
            to[c * stride + i] = there ? rows[i * f->components + c] : 0;
    if (!one)
        free(rows);
    return there || k > ORR_LASTING_RADIUS ? ORR_OK : ORR_E_FORMAT;
}

orr_status orr_part_fields(orr_part *r)
{
    for (size_t k = 0; orr_lasting_field_at(k); k++)
        ORR_TRY(read_field(r, k));
    return ORR_OK;
}

/* Bodies of these roles, which are sorted by them. */
static orr_status make_bodies(orr_part *r, size_t n, const unsigned char *role, orr_diagnosis *why)
{
    size_t counts[ORR_TEST + 1] = {0}, first;
    for (size_t i = 0; i < n; i++) {
        if (role[i] > ORR_TEST || (i > 0 && role[i] < role[i - 1]))
            return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: bodies are not sorted by role");
        counts[role[i]]++;
    }
    for (size_t k = 0; k <= ORR_TEST; k++)
        ORR_TRY(orr_bodies_extend(&r->bodies, counts[k], (orr_role)k, 0, &first));
    return ORR_OK;
}

static orr_status fill_bodies(orr_part *r, size_t n, unsigned char *role, orr_diagnosis *why)
{
    static const char lacks[] = "damaged: /particles/all lacks gm, radius, id or role";
    if (!orr_part_array(r, "role", H5T_NATIVE_UCHAR, n, 1, role))
        return orr_part_fail(r, why, ORR_E_FORMAT, "%s", lacks);
    ORR_TRY(make_bodies(r, n, role, why));
    orr_status status = orr_part_fields(r);
    if (status == ORR_E_NO_MEMORY)
        return orr_part_fail(r, why, status, "out of memory for %zu bodies", n);
    if (status != ORR_OK || !orr_part_array(r, "id", H5T_NATIVE_UINT64, n, 1, r->bodies.id))
        return orr_part_fail(r, why, ORR_E_FORMAT, "%s", lacks);
    size_t good = orr_bodies_valid(&r->bodies, 0, n);
    return good == n ? ORR_OK
                     : orr_part_fail(r, why, ORR_E_FORMAT,
                                     "damaged: body %zu has an impossible mass", good);
}

static orr_status read_bodies(orr_part *r, size_t n, orr_diagnosis *why)
{
    unsigned char *role = malloc(n);
    orr_status status = role ? orr_bodies_init(&r->bodies, n) : ORR_E_NO_MEMORY;
    if (status == ORR_OK)
        status = fill_bodies(r, n, role, why);
    else
        orr_part_fail(r, why, status, "out of memory for %zu bodies", n);
    free(role);
    return status;
}

static orr_status read_shapes(orr_part *r, orr_diagnosis *why)
{
    orr_file_info *i = &r->info;
    hsize_t dims[4], rows[4];
    int rank = orr_h5_frames(r->file, &r->position, &r->velocity, dims);
    r->time = orr_h5_numbers(r->file, "particles/all/position/time", 1, rows);
    r->sums = orr_h5_numbers(r->file, "particles/all/checksum", 1, rows);
    if (rank == 4) { /* [time][member][body][3] */
        i->n_members = dims[1];
        memmove(dims + 1, dims + 2, 2 * sizeof *dims);
    }
    if (rank == 0 || r->time < 0 || (rank == 4 && i->n_members == 0) ||
        i->n_members > MOST_BODIES || dims[1] == 0 || dims[1] > MOST_BODIES)
        return orr_part_fail(r, why, ORR_E_FORMAT,
                             "damaged: positions or velocities have no usable shape");
    hid_t type = H5Dget_type(r->position);
    i->float_positions = H5Tget_size(type) == 4;
    H5Tclose(type);
    i->n_bodies = dims[1];
    i->room_frames = dims[0];
    int64_t frames = 0, diagnostics = 0, events = 0; /* without a sign before 1.2 */
    if (!read_scalar(r->file, "status/n_frames", H5T_NATIVE_INT64, &frames) ||
        !read_scalar(r->file, "status/n_diagnostics", H5T_NATIVE_INT64, &diagnostics) ||
        frames < 0 || diagnostics < 0 || (hsize_t)frames > dims[0])
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: /status does not fit the data");
    read_scalar(r->file, "status/n_events", H5T_NATIVE_INT64, &events);
    hid_t d = orr_h5_numbers(r->file, "observables/energy_error/value", i->n_members ? 2 : 1, rows);
    if (d >= 0)
        H5Dclose(d);
    if (d < 0 || (hsize_t)diagnostics > rows[0])
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: /observables does not fit /status");
    i->n_frames = (size_t)frames;
    i->n_diagnostics = (size_t)diagnostics;
    i->room_diagnostics = rows[0];
    i->n_events = events > 0 ? (size_t)events : 0;
    /* a sparse file may claim any size: do not believe shapes that the file cannot hold */
    struct stat file;
    if (stat(r->path, &file) == 0)
        i->bytes = (double)file.st_size;
    if (H5Dget_storage_size(r->position) > 0 &&
        (double)dims[1] * (rank == 4 ? (double)i->n_members : 1) * 12 > i->bytes * 100)
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: the file is too short for %llu bodies",
                             (unsigned long long)dims[1]);
    return ORR_OK;
}

static void read_units(orr_part *r)
{
    orr_file_info *i = &r->info;
    orr_part_attribute(r->file, "particles/all/position/value", "units", i->length_unit,
                       sizeof i->length_unit);
    orr_part_attribute(r->file, "particles/all/velocity/value", "units", i->speed_unit,
                       sizeof i->speed_unit);
    orr_part_attribute(r->file, "particles/all/position/time", "units", i->time_unit,
                       sizeof i->time_unit);
    orr_part_attribute(r->file, "particles/all/gm", "units", i->gm_unit, sizeof i->gm_unit);
    orr_part_attribute(r->file, "particles/all/mass", "units", i->mass_unit, sizeof i->mass_unit);
    i->length_si = i->time_si = 1;
    orr_h5_read_attribute_double(r->position, "si_factor", &i->length_si);
    hid_t time = H5Dopen2(r->file, "particles/all/position/time", H5P_DEFAULT);
    if (time >= 0) {
        orr_h5_read_attribute_double(time, "si_factor", &i->time_si);
        H5Dclose(time);
    }
}

orr_row_state orr_h5_row_is_whole(hid_t position, hid_t velocity, hid_t time, hid_t sums, size_t k,
                                  size_t n, double *buffer)
{
    double t;
    uint64_t want, sum;
    hid_t from[2] = {velocity, position};
    if (!orr_h5_read_rows(time, H5T_NATIVE_DOUBLE, k, 1, &t) || !isfinite(t))
        return ORR_ROW_LOST;
    sum = orr_h5_sum_begin(t);
    bool something = false;
    for (int p = 0; p < 2; p++) {
        if (!orr_h5_read_rows(from[p], H5T_NATIVE_DOUBLE, k, 1, buffer))
            return ORR_ROW_LOST;
        sum = orr_h5_sum(sum, buffer, n, false);
        for (size_t i = 0; i < n && !something; i++)
            something = buffer[i] != 0;
    }
    if (sums < 0)
        return something ? ORR_ROW_UNKNOWN : ORR_ROW_LOST;
    if (!orr_h5_read_rows(sums, H5T_NATIVE_UINT64, k, 1, &want))
        return ORR_ROW_LOST;
    return want == sum ? ORR_ROW_WHOLE : ORR_ROW_LOST;
}

orr_row_state orr_part_check(orr_part *r, size_t k)
{
    size_t members = r->info.n_members ? r->info.n_members : 1;
    orr_h5_silence silence = orr_h5_begin();
    orr_row_state state = orr_h5_row_is_whole(r->position, r->velocity, r->time, r->sums, k,
                                              3 * members * r->info.n_bodies, r->buffer);
    orr_h5_end(silence);
    return state;
}

/* The power may have failed under a writer: rows that are counted may never have reached the disk.
 */
static void leave_out_lost_rows(orr_part *r)
{
    orr_file_info *i = &r->info;
    if (strcmp(i->state, "running") != 0)
        return;
    while (i->n_frames > 0 && orr_part_check(r, i->n_frames - 1) == ORR_ROW_LOST) {
        i->n_frames--;
        i->n_lost++;
        orr_h5_beat();
    }
}

double orr_part_time(orr_part *r, size_t k)
{
    hsize_t dims[4];
    double t = NAN;
    hid_t d = orr_h5_numbers(r->file, "particles/all/position/time", 1, dims);
    if (d >= 0) {
        if (!orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, k, 1, &t))
            t = NAN;
        H5Dclose(d);
    }
    return t;
}

/* A change after the last snapshot may not have reached the disk yet. */
static bool lacks_masses(const orr_part *r)
{
    const orr_file_info *i = &r->info;
    if (isnan(r->damaged) || i->n_frames == 0)
        return false;
    if (i->n_frames == 1)
        return r->damaged == i->t_first || r->damaged == 0; /* zeros: a page that was lost */
    return !((r->damaged - i->t_last) * (i->t_last - i->t_first) > 0);
}

orr_status orr_part_summarise(orr_part *r, orr_diagnosis *why)
{
    orr_file_info *i = &r->info;
    i->n_active = r->bodies.n_active;
    i->n_passive = r->bodies.n_passive;
    i->t_first = i->n_frames ? orr_part_time(r, 0) : NAN;
    i->t_last = i->n_frames ? orr_part_time(r, i->n_frames - 1) : NAN;
    i->masses_damaged = lacks_masses(r);
    i->energy_error_max = i->energy_error_last = NAN;
    double *errors = i->n_diagnostics < 100000000 ? calloc(i->n_diagnostics + 1, 8) : NULL;
    orr_diagnosis ignored;
    if (!errors && i->n_diagnostics < 100000000)
        return orr_part_fail(r, why, ORR_E_NO_MEMORY, "out of memory");
    if (errors && i->n_diagnostics &&
        orr_part_column(r, "energy_error", 0, errors, &ignored) == ORR_OK) {
        i->energy_error_max = 0;
        for (size_t k = 0; k < i->n_diagnostics; k++)
            i->energy_error_max = fmax(i->energy_error_max, fabs(errors[k]));
        if (isnan(errors[0])) /* not conserved */
            i->energy_error_max = NAN;
        i->energy_error_last = errors[i->n_diagnostics - 1];
    }
    free(errors);
    return ORR_OK;
}

static orr_status open_file(orr_part *r, orr_diagnosis *why)
{
    struct stat info;
    if (stat(r->path, &info) != 0)
        return orr_part_fail(r, why, ORR_E_FILE, "cannot open: %s", strerror(errno));
    if (!S_ISREG(info.st_mode))
        return orr_part_fail(r, why, ORR_E_FILE, "this is not a file");
    if (info.st_size == 0)
        return orr_part_fail(r, why, ORR_E_FORMAT, "the file is empty");
    FILE *readable = fopen(r->path, "rb");
    if (!readable)
        return orr_part_fail(r, why, ORR_E_FILE, "cannot open: %s", strerror(errno));
    fclose(readable);
    hid_t access = orr_h5_access();
    r->file = H5Fopen(r->path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    if (r->file < 0)
        return orr_part_fail(
            r, why, ORR_E_FORMAT,
            "this is not an HDF5 file, or it is cut off (`orrery repair` saves what it holds)");
    ORR_TRY(read_header(r, why));
    ORR_TRY(read_shapes(r, why));
    ORR_TRY(read_bodies(r, r->info.n_bodies, why));
    errno = 0;
    r->names = orr_part_texts(r->file, "particles/all/name", r->info.n_bodies, &r->name_size);
    if (!r->names && errno == ENOMEM)
        return orr_part_fail(r, why, ORR_E_NO_MEMORY, "out of memory for the names");
    if (!r->names)
        return orr_part_fail(r, why, ORR_E_FORMAT, "damaged: bodies have no names");
    size_t copies = r->info.n_members ? r->info.n_members : 1;
    r->buffer = malloc(3 * copies * r->info.n_bodies * sizeof *r->buffer);
    if (!r->buffer)
        return orr_part_fail(r, why, ORR_E_NO_MEMORY, "out of memory for %zu bodies",
                             r->info.n_bodies);
    orr_status status =
        orr_changes_read(r->file, &r->changes, &r->n_changes, &r->damaged, r->logged);
    if (status != ORR_OK)
        return orr_part_fail(r, why, status,
                             status == ORR_E_NO_MEMORY
                                 ? "out of memory for the changes of masses"
                                 : "damaged: the changes of masses cannot be read");
    read_units(r);
    orr_part_find_elements(r);
    leave_out_lost_rows(r);
    return orr_part_summarise(r, why);
}

orr_status orr_part_open(const char *path, orr_part **out, orr_diagnosis *why)
{
    *out = NULL;
    orr_part *r = calloc(1, sizeof *r);
    if (!r) {
        *why = (orr_diagnosis){.text = "out of memory"};
        return ORR_E_NO_MEMORY;
    }
    r->file = r->position = r->velocity = r->time = r->sums = -1;
    snprintf(r->path, sizeof r->path, "%s", path);
    orr_h5_silence silence = orr_h5_begin();
    orr_h5_opening(path);
    orr_status status = open_file(r, why);
    orr_h5_opening(NULL);
    orr_h5_end(silence);
    if (status != ORR_OK) {
        orr_part_close(r);
        return status;
    }
    *out = r;
    return ORR_OK;
}

const char *orr_part_path(const orr_part *r)
{
    return r->path;
}

const orr_file_info *orr_part_info(const orr_part *r)
{
    return &r->info;
}

const orr_bodies *orr_part_bodies(const orr_part *r)
{
    return &r->bodies;
}

const char *orr_part_name(const orr_part *r, size_t index)
{
    return index < r->info.n_bodies ? r->names + index * r->name_size : "?";
}

void orr_part_close(orr_part *r)
{
    if (!r)
        return;
    orr_h5_silence silence = orr_h5_begin();
    if (r->position >= 0)
        H5Dclose(r->position);
    if (r->velocity >= 0)
        H5Dclose(r->velocity);
    if (r->time >= 0)
        H5Dclose(r->time);
    if (r->sums >= 0)
        H5Dclose(r->sums);
    const orr_table events = {.columns = orr_event_columns, ORR_EVENT_COLUMNS, r->event, 0};
    (void)orr_table_close(&events);
    if (r->file >= 0)
        H5Fclose(r->file);
    orr_h5_end(silence);
    free(r->events);
    orr_bodies_free(&r->bodies);
    free(r->names);
    free(r->buffer);
    free(r->changes);
    free(r);
}
