/* part_elements.c - the osculating elements that are stored in a file; layout in elements.c.
 */
#include <stdio.h>

#include "part_internal.h"

/* The elements [time](member)[body] of a quantity; -1: they are not stored. */
static hid_t open_elements(const orr_part *r, size_t quantity, hsize_t *bodies)
{
    const orr_file_info *i = &r->info;
    char path[80];
    hsize_t dims[4] = {0};
    int axis = i->n_members > 0;
    snprintf(path, sizeof path, "particles/all/elements/%s/value", orr_orbital_at(quantity)->name);
    hid_t d = orr_h5_numbers(r->file, path, 2 + axis, dims);
    bool fits = d >= 0 && dims[0] == i->room_frames && dims[1 + axis] > 0 &&
                dims[1 + axis] <= i->n_bodies && (!axis || dims[1] == i->n_members);
    *bodies = dims[1 + axis];
    if (fits)
        return d;
    if (d >= 0)
        H5Dclose(d);
    return -1;
}

/* Which elements are stored, in words. */
void orr_part_find_elements(orr_part *r)
{
    orr_file_info *i = &r->info;
    char centre[120], plane[80];
    size_t used = 0;
    for (size_t k = 0; k < ORR_ORBITALS; k++) {
        hsize_t bodies;
        hid_t d = open_elements(r, k, &bodies);
        if (d < 0)
            continue;
        H5Dclose(d);
        i->n_elements = bodies;
        used += (size_t)snprintf(i->elements + used, 8, "%s%s", used ? ", " : "",
                                 orr_orbital_at(k)->name);
    }
    if (i->n_elements == 0)
        return;
    orr_part_attribute(r->file, "particles/all/elements", "centre", centre, sizeof centre);
    orr_part_attribute(r->file, "particles/all/elements", "plane", plane, sizeof plane);
    snprintf(i->elements + used, sizeof i->elements - used, " about %s, plane %s",
             *centre ? centre : "?", *plane ? plane : "?");
}

orr_status orr_part_elements(orr_part *r, size_t k, size_t quantity, double *values, uint64_t *ids,
                             orr_diagnosis *why)
{
    hsize_t n, dims[4];
    orr_h5_silence silence = orr_h5_begin();
    hid_t d = open_elements(r, quantity, &n);
    bool stored = d >= 0, good = stored && n == r->info.n_elements;
    size_t copies = r->info.n_members ? r->info.n_members : 1; /* the buffer has room for all */
    good = good && n <= 3 * r->info.n_bodies &&
           orr_h5_read_rows(d, H5T_NATIVE_DOUBLE, k, 1, r->buffer);
    for (size_t m = 0; m < n && good; m++)
        values[m] = r->buffer[(copies > 1 ? r->member : 0) * n + m];
    if (d >= 0)
        H5Dclose(d);
    d = ids ? orr_h5_numbers(r->file, "particles/all/elements/id", 1, dims) : -1;
    if (ids)
        good = good && d >= 0 && dims[0] == n && orr_h5_read_rows(d, H5T_NATIVE_UINT64, 0, n, ids);
    if (d >= 0)
        H5Dclose(d);
    orr_h5_end(silence);
    if (good)
        return ORR_OK;
    return stored ? orr_part_fail(r, why, ORR_E_FORMAT, "damaged: elements cannot be read")
                  : orr_part_fail(r, why, ORR_E_ARGUMENT, "the element '%s' is not stored in it",
                                  orr_orbital_at(quantity)->name);
}
