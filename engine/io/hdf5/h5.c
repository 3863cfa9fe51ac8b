#include "h5.h"

#include <signal.h>

#include <orrery/io.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"

static _Thread_local volatile sig_atomic_t depth; /* of calls to HDF5 in this thread */

bool orr_io_in_hdf5(void)
{
    return depth > 0;
}

static _Atomic double opening;

double orr_io_opening(void)
{
    return opening;
}

static double next_part(void) /* from 1 to 2 */
{
    static _Atomic unsigned serial;
    return 1 + (serial++ % 1024) / 1024.0;
}

void orr_h5_opening(const char *path)
{
    struct stat info;
    opening = path && stat(path, &info) == 0 ? (double)info.st_size + next_part() : 0;
}

void orr_h5_beat(void)
{
    double now = opening;
    if (now > 0)
        opening = floor(now) - 1 + next_part();
}

orr_h5_silence orr_h5_begin(void)
{
    depth = depth + 1;
    /* After a failed write HDF5 1.10 cannot close the file, and its own tidying up at exit then
     * crashes the program.  All that we open we close ourselves.  (No effect where HDF5 is in use
     * already.) */
    static bool asked;
    if (!asked)
        H5dont_atexit();
    asked = true;
    orr_h5_silence s = {NULL, NULL};
    H5Eget_auto2(H5E_DEFAULT, &s.function, &s.data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return s;
}

void orr_h5_end(orr_h5_silence s)
{
    H5Eset_auto2(H5E_DEFAULT, s.function, s.data);
    depth = depth - 1;
}

hid_t orr_h5_access(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
#if H5_VERSION_GE(1, 10, 7)
    if (access >= 0)
        H5Pset_file_locking(access, false, true);
#endif
    return access;
}

static hid_t text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size ? size : 1);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

static bool attribute(hid_t object, const char *name, hid_t type, hid_t space, const void *data)
{
    hid_t a = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool good = a >= 0 && H5Awrite(a, type, data) >= 0;
    if (a >= 0)
        good = H5Aclose(a) >= 0 && good;
    H5Sclose(space);
    return good;
}

bool orr_h5_attribute_text(hid_t object, const char *name, const char *text)
{
    hid_t type = text_type(strlen(text));
    bool good = attribute(object, name, type, H5Screate(H5S_SCALAR), *text ? text : "\0");
    H5Tclose(type);
    return good;
}

bool orr_h5_attribute_double(hid_t object, const char *name, double value)
{
    return attribute(object, name, H5T_NATIVE_DOUBLE, H5Screate(H5S_SCALAR), &value);
}

bool orr_h5_attribute_int(hid_t object, const char *name, const int *values, hsize_t n)
{
    hid_t space = n == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, NULL);
    return attribute(object, name, H5T_NATIVE_INT, space, values);
}

hid_t orr_h5_dataset(hid_t group, const char *name, hid_t type, int rank, const hsize_t *dims)
{
    hid_t space = rank ? H5Screate_simple(rank, dims, NULL) : H5Screate(H5S_SCALAR);
    hid_t create = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_layout(create, H5D_CONTIGUOUS);
    H5Pset_alloc_time(create, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(create, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(create, false);
    hid_t d = H5Dcreate2(group, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
    H5Pclose(create);
    H5Sclose(space);
    return d;
}

bool orr_h5_describe(hid_t dataset, const orr_units *u, orr_dimension dim, const char *text)
{
    char name[64];
    orr_units_name(u, dim, name, sizeof name);
    return dataset >= 0 && orr_h5_attribute_text(dataset, "units", name) &&
           orr_h5_attribute_double(dataset, "si_factor", orr_units_si(u, dim)) &&
           orr_h5_attribute_text(dataset, "description", text);
}

bool orr_h5_write(hid_t dataset, hid_t type, const void *data)
{
    return H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
}

bool orr_h5_close(hid_t dataset)
{
    return dataset <= 0 || H5Dclose(dataset) >= 0;
}

bool orr_h5_text(hid_t group, const char *name, const char *text, const char *description)
{
    hid_t type = text_type(strlen(text));
    hid_t d = orr_h5_dataset(group, name, type, 0, NULL);
    bool good = d >= 0 && orr_h5_write(d, type, *text ? text : "\0") &&
                orr_h5_attribute_text(d, "description", description);
    good = orr_h5_close(d) && good;
    H5Tclose(type);
    return good;
}

static bool rows(hid_t dataset, hid_t type, hsize_t row, hsize_t count, void *data, bool write)
{
    hid_t space = H5Dget_space(dataset);
    hsize_t dims[4] = {1, 1, 1, 1}, start[4] = {row, 0, 0, 0};
    int rank = H5Sget_simple_extent_ndims(space);
    bool good = rank >= 1 && rank <= 4 && H5Sget_simple_extent_dims(space, dims, NULL) >= 0 &&
                row + count <= dims[0];
    dims[0] = count;
    hid_t memory = good ? H5Screate_simple(rank, dims, NULL) : -1;
    good = good && memory >= 0 &&
           H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, dims, NULL) >= 0;
    if (good && write)
        good = H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, data) >= 0;
    else if (good)
        good = H5Dread(dataset, type, memory, space, H5P_DEFAULT, data) >= 0;
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return good;
}

bool orr_h5_write_rows(hid_t dataset, hid_t type, hsize_t row, hsize_t count, const void *data)
{
    return rows(dataset, type, row, count, (void *)(uintptr_t)data, true);
}

bool orr_h5_read_rows(hid_t dataset, hid_t type, hsize_t row, hsize_t count, void *data)
{
    return rows(dataset, type, row, count, data, false);
}

bool orr_h5_is_number(hid_t type)
{
    H5T_class_t class = H5Tget_class(type);
    return (class == H5T_FLOAT || class == H5T_INTEGER) && H5Tget_size(type) <= 8;
}

hid_t orr_h5_numbers(hid_t file, const char *path, int rank, hsize_t dims[4])
{
    hid_t d = H5Dopen2(file, path, H5P_DEFAULT);
    if (d < 0)
        return -1;
    hid_t type = H5Dget_type(d), space = H5Dget_space(d);
    bool good = orr_h5_is_number(type) && H5Sget_simple_extent_ndims(space) == rank &&
                (rank == 0 || H5Sget_simple_extent_dims(space, dims, NULL) >= 0);
    H5Tclose(type);
    H5Sclose(space);
    if (good)
        return d;
    H5Dclose(d);
    return -1;
}

int orr_h5_frames(hid_t file, hid_t *position, hid_t *velocity, hsize_t dims[4])
{
    hsize_t other[4] = {0};
    int rank = 3;
    memset(dims, 0, 4 * sizeof *dims);
    *position = orr_h5_numbers(file, "particles/all/position/value", rank, dims);
    if (*position < 0)
        *position = orr_h5_numbers(file, "particles/all/position/value", rank = 4, dims);
    *velocity = orr_h5_numbers(file, "particles/all/velocity/value", rank, other);
    bool fit = *position >= 0 && *velocity >= 0 && memcmp(dims, other, sizeof other) == 0;
    return fit && dims[rank - 1] == 3 ? rank : 0;
}

bool orr_h5_read_attribute_text(hid_t object, const char *name, char *buffer, size_t size)
{
    buffer[0] = 0;
    hid_t a = H5Aopen(object, name, H5P_DEFAULT);
    if (a < 0)
        return false;
    hid_t type = H5Aget_type(a), space = H5Aget_space(a);
    size_t length = H5Tget_size(type);
    bool good = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
                H5Sget_simple_extent_npoints(space) == 1 && length < size &&
                H5Aread(a, type, buffer) >= 0;
    buffer[good ? length : 0] = 0;
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(a);
    return good;
}

bool orr_h5_read_attribute_double(hid_t object, const char *name, double *value)
{
    hid_t a = H5Aopen(object, name, H5P_DEFAULT);
    if (a < 0)
        return false;
    hid_t space = H5Aget_space(a), type = H5Aget_type(a);
    bool good = orr_h5_is_number(type) && H5Sget_simple_extent_npoints(space) == 1 &&
                H5Aread(a, H5T_NATIVE_DOUBLE, value) >= 0;
    H5Tclose(type);
    H5Sclose(space);
    H5Aclose(a);
    return good;
}

static inline uint64_t word_of(double value, bool stored_as_float)
{
    uint64_t word;
    value = stored_as_float ? (double)(float)value : value;
    memcpy(&word, &value, sizeof word);
    return value == value ? word : 1;
}

uint64_t orr_h5_sum_begin(double t)
{
    return orr_hash_word(ORR_HASH_START, word_of(t, false));
}

static inline uint64_t sum_of(uint64_t sum, const double *values, size_t n, bool stored_as_float)
{
    enum { LANES = 8 }; /* loops over them become vector instructions */
    uint64_t once[LANES] = {0}, twice[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= n; k += LANES)
        for (size_t i = 0; i < LANES; i++) {
            once[i] += word_of(values[k + i], stored_as_float);
            twice[i] += once[i];
        }
    for (size_t i = 0; k + i < n; i++) {
        once[i] += word_of(values[k + i], stored_as_float);
        twice[i] += once[i];
    }
    for (size_t i = 0; i < LANES; i++)
        sum = orr_hash_word(orr_hash_word(sum, once[i]), twice[i]);
    return sum;
}

uint64_t orr_h5_sum(uint64_t sum, const double *values, size_t n, bool stored_as_float)
{
    return stored_as_float ? sum_of(sum, values, n, true) : sum_of(sum, values, n, false);
}

hid_t orr_h5_group(hid_t parent, const char *name)
{
    hid_t create = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_obj_track_times(create, false);
    hid_t g = H5Gcreate2(parent, name, H5P_DEFAULT, create, H5P_DEFAULT);
    H5Pclose(create);
    return g;
}
