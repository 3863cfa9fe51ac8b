/* h5_columns.h - attributes and columns of HDF5 files of others; private to engine/io/particles.
 * Nothing of such a file is believed: sizes are compared before anything is read. */
#ifndef ORRERY_IO_H5_COLUMNS_H
#define ORRERY_IO_H5_COLUMNS_H

#include "io/hdf5/h5.h"
#include "particles.h"

/* Open the file of a snapshot, or -1 with the sentence in f->wrong.  From here to the closing the
 * program watches that HDF5 gets on, which hangs in some damaged files. */
hid_t orr_h5_file_open(orr_particle_file *f, const char *path);
void orr_h5_file_close(hid_t file);

/* The numbers of an attribute, as many as there are up to `most`; how many (0: it is not there, or
 * something else). */
size_t orr_h5_attribute_reals(hid_t object, const char *name, double *out, size_t most);
size_t orr_h5_attribute_counts(hid_t object, const char *name, uint64_t *out, size_t most);
/* A text of fixed or variable length. */
bool orr_h5_attribute_words(hid_t object, const char *name, char *out, size_t size);

/* Open a group or dataset, or -1, in silence: only for what may be absent. */
bool orr_h5_there(hid_t place, const char *path);

/* A column of `width` numbers a row, [n] or [n][width]. */
typedef struct orr_h5_column {
    hid_t dataset; /* <= 0: it is not there */
    hsize_t rows;
} orr_h5_column;

/* ORR_OK with dataset <= 0 where it is absent; ORR_E_FORMAT where it is there and unfit. */
orr_status orr_h5_column_open(orr_particle_file *f, hid_t place, const char *path, size_t width,
                              orr_h5_column *out);
void orr_h5_column_close(orr_h5_column *c);
orr_status orr_h5_column_reals(orr_particle_file *f, const orr_h5_column *c, size_t row, size_t n,
                               double *out);
orr_status orr_h5_column_ids(orr_particle_file *f, const orr_h5_column *c, size_t row, size_t n,
                             uint64_t *out);

#endif
