#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

const char *orr_names_get(const void *user, uint64_t id)
{
    const orr_names *names = user;
    return id < names->n ? names->text + names->start[id] : "?";
}

static size_t hash(const char *name)
{
    uint64_t h = orr_hash_bytes(ORR_HASH_START, name, strlen(name));
    return (size_t)(h ^ (h >> 31)); /* slots are chosen by its low bits */
}

/* The slot of a name, or the empty slot where it would go. */
static size_t *lookup(const orr_names *names, const orr_name_index *index, const char *name)
{
    size_t mask = index->capacity - 1;
    for (size_t k = hash(name) & mask;; k = (k + 1) & mask) {
        size_t *slot = &index->slots[k];
        if (*slot == 0 || strcmp(orr_names_get(names, *slot - 1), name) == 0)
            return slot;
    }
}

static orr_status reindex(const orr_names *names, orr_name_index *index)
{
    orr_name_index fresh = *index;
    fresh.capacity = index->capacity ? 2 * index->capacity : 64;
    fresh.slots = calloc(fresh.capacity, sizeof *fresh.slots);
    if (!fresh.slots)
        return ORR_E_NO_MEMORY;
    for (size_t k = 0; k < index->capacity; k++)
        if (index->slots[k])
            *lookup(names, &fresh, orr_names_get(names, index->slots[k] - 1)) = index->slots[k];
    free(index->slots);
    *index = fresh;
    return ORR_OK;
}

/* Is it PREFIX-NUMBER? */
static bool has_form(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(name, prefix, n) != 0 || name[n] != '-')
        return false;
    const char *digits = name + n + 1;
    return *digits && !digits[strspn(digits, "0123456789")];
}

static const orr_name_series *series_of(const orr_name_index *index, const char *name)
{
    for (size_t k = 0; k < index->n_series; k++)
        if (has_form(name, index->series[k].prefix))
            return &index->series[k];
    return NULL;
}

/* Room for needed items; NULL if there is no memory (array is then as it was). */
static void *reserve(void *array, size_t *capacity, size_t needed, size_t item)
{
    if (needed <= *capacity)
        return array;
    size_t grown = needed + needed / 4 + 64;
    void *p = realloc(array, grown * item);
    if (p)
        *capacity = grown;
    return p;
}

orr_status orr_names_add(orr_names *names, orr_name_index *index, const char *name)
{
    if (2 * (index->n + 1) > index->capacity)
        ORR_TRY(reindex(names, index));
    size_t *slot = lookup(names, index, name), size = strlen(name) + 1;
    if (*slot || series_of(index, name))
        return ORR_E_EXISTS;
    char *text = reserve(names->text, &names->text_capacity, names->length + size, 1);
    if (!text)
        return ORR_E_NO_MEMORY;
    names->text = text;
    size_t *start = reserve(names->start, &names->start_capacity, names->n + 1, sizeof *start);
    if (!start)
        return ORR_E_NO_MEMORY;
    names->start = start;
    memcpy(names->text + names->length, name, size);
    names->start[names->n++] = names->length;
    names->length += size;
    *slot = names->n;
    index->n++;
    return ORR_OK;
}

/* The digits of a number; how many there are. */
static size_t put_number(uint64_t number, char out[20])
{
    char reversed[20];
    size_t n = 0;
    do
        reversed[n++] = (char)('0' + number % 10);
    while (number /= 10);
    for (size_t k = 0; k < n; k++)
        out[k] = reversed[n - 1 - k];
    return n;
}

static orr_status note_series(orr_name_index *index, orr_name_series series)
{
    orr_name_series *all = realloc(index->series, (index->n_series + 1) * sizeof *all);
    if (!all)
        return ORR_E_NO_MEMORY;
    index->series = all;
    all[index->n_series++] = series;
    return ORR_OK;
}

orr_status orr_names_add_series(orr_names *names, orr_name_index *index, const char *prefix,
                                const uint64_t *numbers, size_t n, size_t *taken)
{
    size_t length = strlen(prefix), bytes = 0;
    char digits[20];
    for (*taken = 0; *taken < names->n; ++*taken)
        if (has_form(orr_names_get(names, *taken), prefix))
            return ORR_E_EXISTS;
    for (size_t k = 0; k < n; k++)
        bytes += length + 2 + put_number(numbers ? numbers[k] : k + 1, digits);
    char *text = reserve(names->text, &names->text_capacity, names->length + bytes, 1);
    if (!text)
        return ORR_E_NO_MEMORY;
    names->text = text;
    size_t *start = reserve(names->start, &names->start_capacity, names->n + n, sizeof *start);
    if (!start)
        return ORR_E_NO_MEMORY;
    names->start = start;
    ORR_TRY(note_series(index, (orr_name_series){prefix, names->n, n}));
    for (size_t k = 0; k < n; k++) {
        char *to = names->text + names->length;
        memcpy(to, prefix, length);
        to[length] = '-';
        size_t size = put_number(numbers ? numbers[k] : k + 1, digits);
        memcpy(to + length + 1, digits, size);
        to[length + 1 + size] = 0;
        names->start[names->n++] = names->length;
        names->length += length + size + 2;
    }
    return ORR_OK;
}

size_t orr_names_find(const orr_names *names, const orr_name_index *index, const char *name)
{
    size_t slot = index->capacity ? *lookup(names, index, name) : 0;
    if (slot)
        return slot - 1;
    const orr_name_series *s = series_of(index, name);
    for (size_t id = s ? s->first : 0; s && id < s->first + s->n; id++)
        if (strcmp(orr_names_get(names, id), name) == 0)
            return id;
    return names->n;
}

void orr_names_free(orr_names *names)
{
    free(names->text);
    free(names->start);
    *names = (orr_names){0};
}

void orr_name_index_free(orr_name_index *index)
{
    free(index->slots);
    free(index->series);
    *index = (orr_name_index){0};
}
