/* h5.h - small things on top of HDF5: strings of fixed length, described datasets, whole-file
 * properties.  (Variable-length strings live in the part of a file that a killed writer breaks.) */
#ifndef ORRERY_IO_H5_H
#define ORRERY_IO_H5_H

#include <hdf5.h>
#include <stdbool.h>

#include <orrery/io.h>
#include <orrery/units.h>

/* HDF5 prints its errors to stderr unless told not to: silence it, and restore. */
typedef struct orr_h5_silence {
    H5E_auto2_t function;
    void *data;
} orr_h5_silence;
orr_h5_silence orr_h5_begin(void);
void orr_h5_end(orr_h5_silence s);

/* File access without locks: others may read while we write. */
hid_t orr_h5_access(void);

bool orr_h5_attribute_text(hid_t object, const char *name, const char *text);
bool orr_h5_attribute_double(hid_t object, const char *name, double value);
bool orr_h5_attribute_int(hid_t object, const char *name, const int *values, hsize_t n);

/* A new group, without the time of its making: the same run makes the same bytes. */
hid_t orr_h5_group(hid_t parent, const char *name);

/* A dataset of rank 0..4, contiguous, allocated at once, not filled. */
hid_t orr_h5_dataset(hid_t group, const char *name, hid_t type, int rank, const hsize_t *dims);

/* units, si_factor, description. */
bool orr_h5_describe(hid_t dataset, const orr_units *u, orr_dimension dim, const char *text);

/* One fixed-length UTF-8 text as a scalar dataset. */
bool orr_h5_text(hid_t group, const char *name, const char *text, const char *description);

/* Close what was written.  HDF5 holds back the last small rows of a dataset until then, so this can
 * fail for want of space like a write; of something that is not open it is true. */
bool orr_h5_close(hid_t dataset);

/* Write a scalar or a whole dataset. */
bool orr_h5_write(hid_t dataset, hid_t type, const void *data);

/* Write or read rows [row, row + count) of a dataset of rank 1..4. */
bool orr_h5_write_rows(hid_t dataset, hid_t type, hsize_t row, hsize_t count, const void *data);
bool orr_h5_read_rows(hid_t dataset, hid_t type, hsize_t row, hsize_t count, void *data);

/* Open a dataset of numbers with the given rank; dims gets its shape. */
hid_t orr_h5_numbers(hid_t file, const char *path, int rank, hsize_t dims[4]);

/* Open the snapshots [time](member)[body][3] of a file; their rank, or 0 if they are not there or
 * do not fit each other.  What was opened is to be closed in any case (-1: nothing). */
int orr_h5_frames(hid_t file, hid_t *position, hid_t *velocity, hsize_t dims[4]);

/* Is snapshot k as it was written?  n numbers a row; buffer[n] is overwritten.  sums < 0: only a
 * row of zeros, or without a time, is known to be lost. */
orr_row_state orr_h5_row_is_whole(hid_t position, hid_t velocity, hid_t time, hid_t sums, size_t k,
                                  size_t n, double *buffer);

/* Integers or floating-point numbers of a usual size (HDF5 allows any, such as a gigabyte). */
bool orr_h5_is_number(hid_t type);

/* For orr_io_opening(); NULL: done. */
void orr_h5_opening(const char *path);
/* It gets on. */
void orr_h5_beat(void);

/* Read a text attribute or dataset into buffer; false if absent, of another type, or too long. */
bool orr_h5_read_attribute_text(hid_t object, const char *name, char *buffer, size_t size);
bool orr_h5_read_attribute_double(hid_t object, const char *name, double *value);

/* The checksum of a snapshot: begun with its time, then over all velocities [..][body][3], then all
 * positions.  Fletcher's sums (of the words, and of the sums so far), modulo 2^64, in eight lanes
 * that take turns, folded as in FNV-1a.  A word is a double, rounded to float where it is stored
 * so; any NaN counts as 1. */
uint64_t orr_h5_sum_begin(double t);
uint64_t orr_h5_sum(uint64_t sum, const double *values, size_t n, bool stored_as_float);

#endif
