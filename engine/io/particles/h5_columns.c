/* h5_columns.c - attributes and columns of HDF5 files of others. */
#include "h5_columns.h"

#include <string.h>

hid_t orr_h5_file_open(orr_particle_file *f, const char *path)
{
    orr_h5_opening(path);
    hid_t access = orr_h5_access(), file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    if (file >= 0)
        return file;
    orr_h5_opening(NULL);
    (void)orr_particles_fail(f, "'%.200s' cannot be opened as HDF5: it is not there, or cut off",
                             path);
    return -1;
}

void orr_h5_file_close(hid_t file)
{
    if (file >= 0)
        H5Fclose(file);
    orr_h5_opening(NULL);
}

/* The numbers of an attribute as `type`; how many. */
static size_t read_numbers(hid_t object, const char *name, hid_t type, void *out, size_t most)
{
    if (H5Aexists(object, name) <= 0)
        return 0;
    hid_t a = H5Aopen(object, name, H5P_DEFAULT);
    if (a < 0)
        return 0;
    hid_t own = H5Aget_type(a), space = H5Aget_space(a);
    hssize_t n = H5Sget_simple_extent_npoints(space);
    bool good = orr_h5_is_number(own) && n > 0 && (size_t)n <= most && H5Aread(a, type, out) >= 0;
    H5Tclose(own);
    H5Sclose(space);
    H5Aclose(a);
    return good ? (size_t)n : 0;
}

size_t orr_h5_attribute_reals(hid_t object, const char *name, double *out, size_t most)
{
    return read_numbers(object, name, H5T_NATIVE_DOUBLE, out, most);
}

size_t orr_h5_attribute_counts(hid_t object, const char *name, uint64_t *out, size_t most)
{
    return read_numbers(object, name, H5T_NATIVE_UINT64, out, most);
}

static bool read_variable(hid_t a, hid_t type, char *out, size_t size)
{
    char *text = NULL;
    hid_t memory = H5Tcopy(type);
    bool good = H5Aread(a, memory, &text) >= 0 && text;
    if (good)
        snprintf(out, size, "%s", text);
    if (text)
        H5free_memory(text);
    H5Tclose(memory);
    return good;
}

bool orr_h5_attribute_words(hid_t object, const char *name, char *out, size_t size)
{
    out[0] = 0;
    if (H5Aexists(object, name) <= 0)
        return false;
    hid_t a = H5Aopen(object, name, H5P_DEFAULT);
    if (a < 0)
        return false;
    hid_t type = H5Aget_type(a), space = H5Aget_space(a);
    bool one = H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1;
    bool variable = one && H5Tis_variable_str(type) > 0;
    bool good = variable ? read_variable(a, type, out, size)
                         : one && orr_h5_read_attribute_text(object, name, out, size);
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(a);
    return good;
}

bool orr_h5_there(hid_t place, const char *path)
{
    char part[200];
    for (const char *p = path; *p; p++)
        if (*p == '/') {
            snprintf(part, sizeof part, "%.*s", (int)(p - path), path);
            if (H5Lexists(place, part, H5P_DEFAULT) <= 0)
                return false;
        }
    return H5Lexists(place, path, H5P_DEFAULT) > 0;
}

/* Rows are read in order: a chunk that is compressed is to be unpacked once, not for each of its
 * parts. */
static hid_t with_cache_for_chunks(hid_t dataset, hid_t place, const char *path)
{
    enum { MOST_BYTES = 256 << 20 };
    hsize_t dims[4];
    hid_t create = H5Dget_create_plist(dataset), type = H5Dget_type(dataset);
    size_t bytes = H5Tget_size(type);
    int rank = H5Pget_layout(create) == H5D_CHUNKED ? H5Pget_chunk(create, 4, dims) : 0;
    for (int k = 0; k < rank && k < 4 && bytes <= MOST_BYTES; k++)
        bytes *= dims[k] < MOST_BYTES ? (size_t)dims[k] : (size_t)MOST_BYTES;
    H5Pclose(create);
    H5Tclose(type);
    if (rank <= 0 || bytes < (1 << 19) || bytes > MOST_BYTES / 2)
        return dataset;
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    H5Pset_chunk_cache(access, 521, 2 * bytes, 1);
    H5Dclose(dataset);
    dataset = H5Dopen2(place, path, access);
    H5Pclose(access);
    return dataset;
}

orr_status orr_h5_column_open(orr_particle_file *f, hid_t place, const char *path, size_t width,
                              orr_h5_column *out)
{
    *out = (orr_h5_column){0};
    if (!orr_h5_there(place, path))
        return ORR_OK;
    hid_t d = H5Dopen2(place, path, H5P_DEFAULT);
    if (d < 0)
        return orr_particles_fail(f, "damaged: '%s' cannot be opened", path);
    hsize_t dims[4] = {0, 1, 0, 0};
    hid_t type = H5Dget_type(d), space = H5Dget_space(d);
    int rank = H5Sget_simple_extent_ndims(space);
    bool good = orr_h5_is_number(type) && (rank == 1 || rank == 2) &&
                H5Sget_simple_extent_dims(space, dims, NULL) >= 0 && dims[1] == width;
    H5Tclose(type);
    H5Sclose(space);
    if (!good) {
        H5Dclose(d);
        return orr_particles_fail(f, "'%s' is not %zu number%s a particle", path, width,
                                  width > 1 ? "s" : "");
    }
    d = with_cache_for_chunks(d, place, path);
    if (d < 0)
        return orr_particles_fail(f, "damaged: '%s' cannot be opened", path);
    *out = (orr_h5_column){d, dims[0]};
    return ORR_OK;
}

void orr_h5_column_close(orr_h5_column *c)
{
    if (c->dataset > 0)
        H5Dclose(c->dataset);
    *c = (orr_h5_column){0};
}

orr_status orr_h5_column_reals(orr_particle_file *f, const orr_h5_column *c, size_t row, size_t n,
                               double *out)
{
    orr_h5_beat();
    if (orr_h5_read_rows(c->dataset, H5T_NATIVE_DOUBLE, row, n, out))
        return ORR_OK;
    return orr_particles_fail(f, "cut off or damaged: its rows cannot be read");
}

orr_status orr_h5_column_ids(orr_particle_file *f, const orr_h5_column *c, size_t row, size_t n,
                             uint64_t *out)
{
    if (orr_h5_read_rows(c->dataset, H5T_NATIVE_UINT64, row, n, out))
        return ORR_OK;
    return orr_particles_fail(f, "cut off or damaged: its ids cannot be read");
}
