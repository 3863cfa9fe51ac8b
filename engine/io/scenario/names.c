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
    orr_name_index fresh = {.capacity = index->capacity ? 2 * index->capacity : 64};
    fresh.slots = calloc(fresh.capacity, sizeof *fresh.slots);
    if (!fresh.slots)
        return ORR_E_NO_MEMORY;
    for (size_t id = 0; id < names->n; id++)
        *lookup(names, &fresh, orr_names_get(names, id)) = id + 1;
    free(index->slots);
    *index = fresh;
    return ORR_OK;
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
    if (2 * (names->n + 1) > index->capacity)
        ORR_TRY(reindex(names, index));
    size_t *slot = lookup(names, index, name), size = strlen(name) + 1;
    if (*slot)
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
    return ORR_OK;
}

size_t orr_names_find(const orr_names *names, const orr_name_index *index, const char *name)
{
    if (!index->capacity)
        return names->n;
    size_t slot = *lookup(names, index, name);
    return slot ? slot - 1 : names->n;
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
    *index = (orr_name_index){0};
}
