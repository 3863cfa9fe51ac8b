#include "checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "io/lock.h"

static const char magic[8] = "ORRCKP2";

void orr_checkpoint_path(const char *output, const char *wish, char path[4200])
{
    if (wish)
        snprintf(path, 4200, "%.4096s", wish);
    else
        snprintf(path, 4200, "%.4096s.checkpoint", output);
}

void orr_checkpoint_first(const char *output, char path[4200])
{
    char first[4096];
    orr_checkpoint_path(output, NULL, path);
    bool other = access(path, F_OK) != 0 && orr_first_of(output, first);
    snprintf(path, 4200, "%.4096s", other ? first : output);
}

/* The last part of a path, in the folder of another. */
static void beside(const char *first, const char *path, char out[4200])
{
    const char *slash = strrchr(first, '/'), *name = strrchr(path, '/');
    snprintf(out, 4200, "%.*s%.2000s", slash ? (int)(slash - first) + 1 : 0, first,
             name ? name + 1 : path);
}

void orr_checkpoint_output(const checkpoint *c, const char *first, char path[4200])
{
    beside(first, c->place.segment ? c->output : first, path);
}

void orr_checkpoint_scenario(const checkpoint *c, const char *first, char path[4200])
{
    snprintf(path, 4200, "%.4096s", c->scenario);
    if (access(path, F_OK) != 0)
        beside(first, c->scenario, path);
}

void orr_checkpoint_until(const orr_scenario *s, char out[64])
{
    snprintf(out, 64, "%.17g %s", s->t_end, s->units.time_name);
}

orr_scenario_changes orr_checkpoint_changes(const checkpoint *c, bool plugins)
{
    return (orr_scenario_changes){.set = (const char *const *)c->sets,
                                  .n_set = c->n_sets,
                                  .until = c->until,
                                  .allow_plugins = plugins};
}

/* The items of fixed size, in their order. */
#define FIXED_ITEMS(X) X(member) X(bodies) X(place) X(frames) X(checks) X(marks) X(t) X(unwritten)

/* ---- out ---- */

static void put(FILE *to, const void *data, uint64_t n)
{
    fwrite(&n, sizeof n, 1, to);
    if (n)
        fwrite(data, 1, n, to);
}

static void put_text(FILE *to, const char *text)
{
    put(to, text, text ? strlen(text) : 0);
}

#define PUT(to, item) put(to, &(item), sizeof(item))

void *orr_checkpoint_pack(const checkpoint *c, size_t *size)
{
    char *all = NULL;
    uint64_t n_sets = c->n_sets, n_runs = c->n_runs, length = 0;
    FILE *to = open_memstream(&all, size);
    if (!to)
        return NULL;
    fwrite(magic, sizeof magic, 1, to);
    fwrite(&length, sizeof length, 1, to); /* not known yet */
    put_text(to, c->output);
    put_text(to, c->scenario);
    put(to, c->yaml, c->yaml_size);
    PUT(to, n_sets);
    for (size_t k = 0; k < c->n_sets; k++)
        put_text(to, c->sets[k]);
    put_text(to, c->until);
    put_text(to, c->shadow);
#define PUT_ITEM(name) PUT(to, c->name);
    FIXED_ITEMS(PUT_ITEM)
    PUT(to, n_runs);
    for (size_t k = 0; k < c->n_runs; k++)
        PUT(to, c->runs[k]);
    put(to, c->attended, c->n_expect);
    put(to, c->met, c->n_expect);
    put(to, c->texts, 512 * c->n_expect);
    bool good = fflush(to) == 0 && !ferror(to);
    const size_t front = sizeof magic + sizeof length;
    if (good) {
        length = *size - front;
        uint64_t sum = orr_hash_bytes(ORR_HASH_START, (unsigned char *)all + front, (size_t)length);
        good = fwrite(&sum, sizeof sum, 1, to) == 1;
    }
    good = fclose(to) == 0 && good;
    if (!good) {
        free(all);
        return NULL;
    }
    memcpy(all + sizeof magic, &length, sizeof length);
    return all;
}

/* ---- back ---- */

typedef struct cursor {
    const unsigned char *at, *end;
    bool good;
} cursor;

/* The next item, of any size; NULL if there is none. */
static const void *next(cursor *from, size_t *size)
{
    uint64_t n = 0;
    *size = 0;
    from->good = from->good && (size_t)(from->end - from->at) >= sizeof n;
    if (!from->good)
        return NULL;
    memcpy(&n, from->at, sizeof n);
    from->at += sizeof n;
    from->good = n <= (uint64_t)(from->end - from->at);
    if (!from->good)
        return NULL;
    const unsigned char *item = from->at;
    from->at += n;
    *size = (size_t)n;
    return item;
}

/* A copy with a 0 behind it. */
static void *copy_next(cursor *from, size_t *size)
{
    const void *item = next(from, size);
    char *copy = item ? malloc(*size + 1) : NULL;
    from->good = from->good && copy;
    if (!copy)
        return NULL;
    memcpy(copy, item, *size);
    copy[*size] = 0;
    return copy;
}

static char *text_next(cursor *from)
{
    size_t n;
    return copy_next(from, &n);
}

static void get(cursor *from, void *to, size_t size)
{
    size_t n;
    const void *item = next(from, &n);
    from->good = from->good && n == size;
    if (from->good)
        memcpy(to, item, size);
}

#define GET(from, item) get(from, &(item), sizeof(item))

/* The whole file, without its images. */
static bool parse(cursor *from, checkpoint *c)
{
    size_t n[3] = {0};
    uint64_t n_sets = 0, n_runs = 0;
    c->output = text_next(from);
    c->scenario = text_next(from);
    c->yaml = copy_next(from, &c->yaml_size);
    GET(from, n_sets);
    from->good = from->good && n_sets <= MOST_SETS;
    for (; from->good && c->n_sets < n_sets; c->n_sets++)
        c->sets[c->n_sets] = text_next(from);
    c->until = text_next(from);
    c->shadow = text_next(from);
#define GET_ITEM(name) GET(from, c->name);
    FIXED_ITEMS(GET_ITEM)
    GET(from, n_runs);
    from->good = from->good && n_runs > 0 && n_runs <= (size_t)(from->end - from->at);
    c->runs = from->good ? calloc(n_runs, sizeof *c->runs) : NULL;
    from->good = from->good && c->runs;
    for (; from->good && c->n_runs < n_runs; c->n_runs++) {
        saved_run *r = &c->runs[c->n_runs];
        GET(from, *r);
        r->image = NULL; /* read later */
        r->m.watch.initial = NULL;
    }
    c->attended = copy_next(from, &n[0]);
    c->met = copy_next(from, &n[1]);
    c->texts = copy_next(from, &n[2]);
    c->n_expect = n[0];
    return from->good && from->at == from->end && n[1] == n[0] && n[2] == 512 * n[0] &&
           schedule_is_sound(&c->frames) && schedule_is_sound(&c->checks) &&
           (c->marks.every == 0 || schedule_is_sound(&c->marks));
}

static size_t bytes_left(FILE *file)
{
    long here = ftell(file);
    if (here < 0 || fseek(file, 0, SEEK_END) != 0)
        return 0;
    long end = ftell(file);
    return fseek(file, here, SEEK_SET) == 0 && end > here ? (size_t)(end - here) : 0;
}

static bool read_images(FILE *file, checkpoint *c)
{
    for (size_t k = 0; k < c->n_runs; k++) {
        saved_run *r = &c->runs[k];
        if (r->image_size == 0)
            continue;
        if (r->image_size > bytes_left(file) || !(r->image = malloc(r->image_size)) ||
            fread(r->image, r->image_size, 1, file) != 1 ||
            !orr_saved_is_whole(r->image, r->image_size))
            return false;
    }
    return true;
}

static bool read_all(FILE *file, checkpoint *c, bool *ours)
{
    char start[sizeof magic];
    uint64_t length = 0, sum = 0;
    *ours = fread(start, sizeof start, 1, file) == 1 && memcmp(start, magic, sizeof magic) == 0;
    if (!*ours || fread(&length, sizeof length, 1, file) != 1 || length > bytes_left(file))
        return false;
    unsigned char *head = malloc(length + 1);
    bool good = head && (length == 0 || fread(head, length, 1, file) == 1) &&
                fread(&sum, sizeof sum, 1, file) == 1;
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    good = good && orr_hash_bytes(ORR_HASH_START, head, length) == sum;
#endif
    good = good && parse(&(cursor){.at = head, .end = head + length, .good = true}, c);
    free(head);
    return good && read_images(file, c);
}

bool orr_checkpoint_is_one(const char *path)
{
    char start[sizeof magic] = "";
    FILE *file = fopen(path, "rb");
    bool is_one = file && fread(start, sizeof start, 1, file) == 1 &&
                  memcmp(start, magic, strlen("ORRCKP")) == 0;
    if (file)
        fclose(file);
    return is_one;
}

orr_status orr_checkpoint_read(const char *path, checkpoint *c, char *why, size_t size)
{
    bool ours;
    *c = (checkpoint){.member = -1};
    FILE *file = fopen(path, "rb");
    if (!file) {
        snprintf(why, size, "there is no checkpoint '%.300s': %s", path, strerror(errno));
        return errno == ENOMEM ? ORR_E_NO_MEMORY : ORR_E_FILE;
    }
    errno = 0;
    bool good = read_all(file, c, &ours), no_memory = errno == ENOMEM;
    fclose(file);
    if (good)
        return ORR_OK;
    snprintf(why, size,
             no_memory ? "out of memory for the checkpoint '%.300s'"
             : ours    ? "the checkpoint '%.300s' is damaged"
                       : "'%.300s' is no checkpoint of this version",
             path);
    orr_checkpoint_free(c);
    return no_memory ? ORR_E_NO_MEMORY : ORR_E_FILE;
}

void orr_checkpoint_free_runs(saved_run *runs, size_t n)
{
    for (size_t k = 0; runs && k < n; k++)
        free(runs[k].image);
    free(runs);
}

void orr_checkpoint_free(checkpoint *c)
{
    for (size_t k = 0; k < c->n_sets; k++)
        free(c->sets[k]);
    orr_checkpoint_free_runs(c->runs, c->n_runs);
    free(c->output), free(c->scenario), free(c->yaml), free(c->until), free(c->shadow);
    free(c->attended), free(c->met), free(c->texts);
    *c = (checkpoint){.member = -1};
}
