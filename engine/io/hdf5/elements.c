/* elements.c - osculating elements in the output file, one row a snapshot:
 *
 *     particles/all/elements           attributes: centre, plane
 *         id u64[n]                    the bodies that they are of
 *         a/value f64[T](members)[n]   one group a quantity, as H5MD has it, with the clock of the
 *         a/time, a/step               positions; angles in radians
 *
 * NaN: the body is its own centre, has no orbit, or is no more. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "writer.h"

static const orr_element_choice *choice_of(const orr_writer *w)
{
    static const orr_element_choice none = {0};
    return w->def.elements ? w->def.elements : &none;
}

orr_status orr_elements_prepare(orr_writer *w)
{
    const orr_element_choice *c = choice_of(w);
    if (c->n_quantities == 0)
        return ORR_OK;
    size_t n = c->of ? c->n_of : w->n;
    w->element_place = malloc(n * sizeof *w->element_place);
    w->element_rows = malloc(c->n_quantities * w->copies * n * sizeof *w->element_rows);
    if (!w->element_place || !w->element_rows)
        return orr_writer_fail(w, ORR_E_NO_MEMORY, "out of memory for the elements");
    for (size_t k = 0, i = 0; k < n; k++, i++) { /* most often one behind the other */
        for (size_t tries = 0; c->of && tries < w->n && w->ids[i % w->n] != c->of[k]; tries++)
            i++;
        w->element_place[k] = i % w->n;
    }
    w->n_elements = n;
    return ORR_OK;
}

void orr_elements_release(orr_writer *w)
{
    free(w->element_place), free(w->element_rows);
    orr_centres_free(&w->centres);
}

double orr_elements_bytes(const orr_writer *w)
{
    return (double)choice_of(w)->n_quantities * (double)(w->copies * w->n_elements) *
           (double)sizeof(double);
}

static bool write_ids(const orr_writer *w, hid_t elements)
{
    const hsize_t n = w->n_elements;
    uint64_t *ids = malloc(n * sizeof *ids);
    hid_t d = orr_h5_dataset(elements, "id", H5T_NATIVE_UINT64, 1, &n);
    for (size_t k = 0; ids && k < n; k++)
        ids[k] = w->element_place[k] < w->n ? w->ids[w->element_place[k]] : 0;
    bool good = ids && d >= 0 && orr_h5_write(d, H5T_NATIVE_UINT64, ids) &&
                orr_h5_attribute_text(d, "description", "the bodies that these elements are of");
    free(ids);
    return orr_h5_close(d) && good;
}

static bool create_one(orr_writer *w, hid_t all, hid_t elements, size_t k)
{
    const orr_quantity *q = orr_orbital_at(choice_of(w)->quantities[k]);
    const hsize_t plain[2] = {w->room_frames, w->n_elements},
                  each[3] = {w->room_frames, w->members, w->n_elements};
    hid_t g = orr_h5_group(elements, q->name);
    w->element[k] =
        orr_h5_dataset(g, "value", H5T_IEEE_F64LE, w->members ? 3 : 2, w->members ? each : plain);
    bool good = w->element[k] >= 0 &&
                orr_h5_describe(w->element[k], &w->def.units, q->dim, q->doc) &&
                H5Lcreate_hard(all, "position/time", g, "time", H5P_DEFAULT, H5P_DEFAULT) >= 0 &&
                H5Lcreate_hard(all, "position/step", g, "step", H5P_DEFAULT, H5P_DEFAULT) >= 0;
    H5Gclose(g);
    return good;
}

bool orr_elements_create(orr_writer *w, hid_t all)
{
    const orr_element_choice *c = choice_of(w);
    if (w->n_elements == 0)
        return true;
    hid_t elements = orr_h5_group(all, "elements");
    bool good = orr_h5_attribute_text(elements, "centre", c->centre) &&
                orr_h5_attribute_text(elements, "plane", c->plane) && write_ids(w, elements);
    for (size_t k = 0; k < c->n_quantities && good; k++)
        good = create_one(w, all, elements, k);
    H5Gclose(elements);
    return good;
}

bool orr_elements_open(orr_writer *w)
{
    const orr_element_choice *c = choice_of(w);
    const hsize_t tail[2] = {w->members, w->n_elements};
    for (size_t k = 0; k < c->n_quantities; k++) {
        char name[80];
        snprintf(name, sizeof name, "particles/all/elements/%s",
                 orr_orbital_at(c->quantities[k])->name);
        w->element[k] = orr_writer_open_rows(w, w->room_frames, w->members ? 2 : 1,
                                             w->members ? tail : tail + 1, name, "value");
        if (w->element[k] < 0)
            return false;
    }
    return true;
}

bool orr_elements_close(orr_writer *w)
{
    bool good = true;
    for (size_t k = 0; k < ORR_ORBITALS; k++) {
        good = orr_h5_close(w->element[k]) && good;
        w->element[k] = 0;
    }
    return good;
}

/* The elements of one member, or NaN. */
static orr_status measure(orr_writer *w, size_t member, const orr_snapshot *s)
{
    const orr_element_choice *c = choice_of(w);
    const orr_bodies *b = s->bodies;
    size_t stride = w->copies * w->n_elements;
    if (b)
        ORR_TRY(orr_centres_find(&w->centres, &c->about, b));
    orr_writer_find_all(w, b);
    for (size_t k = 0; k < w->n_elements; k++) {
        double *to = w->element_rows + member * w->n_elements + k, values[ORR_ORBITALS], mu;
        size_t place = w->element_place[k] < w->n ? w->where[w->element_place[k]] : SIZE_MAX;
        orr_elements el;
        bool good = place != SIZE_MAX && orr_osculating(&w->centres, place, &el, &mu) == ORR_OK;
        if (good)
            orr_orbitals(&el, mu, s->t, values);
        for (size_t q = 0; q < c->n_quantities; q++)
            to[q * stride] = good ? values[c->quantities[q]] : NAN;
    }
    return ORR_OK;
}

orr_status orr_elements_append(orr_writer *w, const orr_snapshot *members)
{
    size_t stride = w->copies * w->n_elements;
    for (size_t k = 0; k < w->copies && w->n_elements; k++)
        if (measure(w, k, &members[k]) != ORR_OK)
            return orr_writer_fail(w, ORR_E_NO_MEMORY, "out of memory for the elements");
    for (size_t q = 0; q < choice_of(w)->n_quantities; q++)
        if (!orr_h5_write_rows(w->element[q], H5T_NATIVE_DOUBLE, w->frames, 1,
                               w->element_rows + q * stride))
            return orr_writer_write_failed(w);
    return ORR_OK;
}
