#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char magic[8] = "ORRCKP1";

void checkpoint_path(const char *output, const char *wish, char path[4200])
{
    if (wish)
        snprintf(path, 4200, "%.4096s", wish);
    else
        snprintf(path, 4200, "%.4096s.checkpoint", output);
}

/* ---- bytes ---- */

typedef struct stream {
    FILE *file;
    bool good;
    uint64_t sum; /* FNV-1a of all bytes so far */
} stream;

static void sum(stream *s, const void *data, size_t n)
{
    const unsigned char *p = data;
    for (size_t k = 0; k < n; k++)
        s->sum = (s->sum ^ p[k]) * 1099511628211u;
}

static void put(stream *s, const void *data, size_t n)
{
    s->good = s->good && (n == 0 || fwrite(data, 1, n, s->file) == n);
    sum(s, data, n);
}

static void put_bytes(stream *s, const void *data, uint64_t n)
{
    put(s, &n, sizeof n);
    put(s, data, n);
}

static void put_text(stream *s, const char *text)
{
    put_bytes(s, text ? text : "", strlen(text ? text : ""));
}

static void get(stream *s, void *data, size_t n)
{
    s->good = s->good && (n == 0 || fread(data, 1, n, s->file) == n);
    if (s->good)
        sum(s, data, n);
}

/* A piece of any length that the file can hold, with a 0 behind it. */
static void *get_bytes(stream *s, size_t *n)
{
    uint64_t size = 0;
    get(s, &size, sizeof size);
    long here = ftell(s->file);
    fseek(s->file, 0, SEEK_END);
    long end = ftell(s->file);
    fseek(s->file, here, SEEK_SET);
    if (!s->good || here < 0 || end < here || size > (uint64_t)(end - here)) {
        s->good = false;
        return NULL;
    }
    char *data = malloc((size_t)size + 1);
    if (!data) {
        s->good = false;
        return NULL;
    }
    get(s, data, (size_t)size);
    data[size] = 0;
    *n = (size_t)size;
    return data;
}

static char *get_text(stream *s)
{
    size_t n;
    return get_bytes(s, &n);
}

/* ---- one file ---- */

/* So that the new name survives a power cut; where folders cannot be synced the old one may be
 * back. */
static void sync_folder(const char *path)
{
    char folder[4300];
    snprintf(folder, sizeof folder, "%.4200s", path);
    char *slash = strrchr(folder, '/');
    snprintf(slash ? slash + 1 : folder, 2, ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

bool checkpoint_write(const char *path, const checkpoint *c, char *why, size_t size)
{
    char part[4300];
    snprintf(part, sizeof part, "%s.part", path);
    stream s = {.file = fopen(part, "wb"), .good = true, .sum = 14695981039346656037u};
    uint64_t n_sets = c->n_sets, n_expect = c->n_expect;
    if (!s.file) {
        snprintf(why, size, "'%.300s' cannot be written: %s", part, strerror(errno));
        return false;
    }
    put(&s, magic, sizeof magic);
    put_text(&s, c->output);
    put_text(&s, c->scenario);
    put_bytes(&s, c->yaml, c->yaml_size);
    put(&s, &n_sets, sizeof n_sets);
    for (size_t k = 0; k < c->n_sets; k++)
        put_text(&s, c->sets[k]);
    put_text(&s, c->until);
    put(&s, &c->member, sizeof c->member);
    put(&s, &c->place, sizeof c->place);
    put(&s, &c->frames, sizeof c->frames);
    put(&s, &c->checks, sizeof c->checks);
    put(&s, &c->m, sizeof c->m);
    put(&s, &c->events, sizeof c->events);
    put(&s, &c->unwritten, sizeof c->unwritten);
    put(&s, &n_expect, sizeof n_expect);
    put_bytes(&s, c->attended, n_expect);
    put_bytes(&s, c->met, n_expect);
    put_bytes(&s, c->texts, 512 * n_expect);
    put_bytes(&s, c->image, c->image_size);
    uint64_t all = s.sum;
    put(&s, &all, sizeof all);
    bool good = s.good && fflush(s.file) == 0 && fsync(fileno(s.file)) == 0;
    good = fclose(s.file) == 0 && good && rename(part, path) == 0;
    sync_folder(path);
    if (!good) {
        snprintf(why, size, "'%.300s' could not be written: %s; the one before is still there",
                 path, strerror(errno));
        unlink(part);
    }
    return good;
}

bool checkpoint_read(const char *path, checkpoint *c, char *why, size_t size)
{
    char start[8] = "";
    uint64_t n_sets = 0, n_expect = 0, all = 0;
    size_t n[3] = {0};
    *c = (checkpoint){.member = -1};
    stream s = {.file = fopen(path, "rb"), .good = true, .sum = 14695981039346656037u};
    if (!s.file) {
        snprintf(why, size, "there is no checkpoint '%.300s': %s", path, strerror(errno));
        return false;
    }
    get(&s, start, sizeof start);
    if (!s.good || memcmp(start, magic, sizeof magic) != 0) {
        fclose(s.file);
        snprintf(why, size, "'%.300s' is no checkpoint", path);
        return false;
    }
    c->output = get_text(&s);
    c->scenario = get_text(&s);
    c->yaml = get_bytes(&s, &c->yaml_size);
    get(&s, &n_sets, sizeof n_sets);
    s.good = s.good && n_sets <= MOST_SETS;
    for (; s.good && c->n_sets < n_sets; c->n_sets++)
        c->sets[c->n_sets] = get_text(&s);
    c->until = get_text(&s);
    get(&s, &c->member, sizeof c->member);
    get(&s, &c->place, sizeof c->place);
    get(&s, &c->frames, sizeof c->frames);
    get(&s, &c->checks, sizeof c->checks);
    get(&s, &c->m, sizeof c->m);
    get(&s, &c->events, sizeof c->events);
    get(&s, &c->unwritten, sizeof c->unwritten);
    get(&s, &n_expect, sizeof n_expect);
    c->attended = get_bytes(&s, &n[0]);
    c->met = get_bytes(&s, &n[1]);
    c->texts = get_bytes(&s, &n[2]);
    c->image = get_bytes(&s, &c->image_size);
    c->m.watch.initial = NULL;
    c->n_expect = (size_t)n_expect;
    uint64_t want = s.sum;
    get(&s, &all, sizeof all);
    fclose(s.file);
    bool whole =
        s.good && all == want && n[0] == n_expect && n[1] == n_expect && n[2] == 512 * n_expect;
    if (!whole) {
        snprintf(why, size, "the checkpoint '%.300s' is damaged", path);
        checkpoint_free(c);
    }
    return whole;
}

void checkpoint_free(checkpoint *c)
{
    for (size_t k = 0; k < c->n_sets; k++)
        free(c->sets[k]);
    free(c->output), free(c->scenario), free(c->yaml), free(c->until);
    free(c->attended), free(c->met), free(c->texts), free(c->image);
    *c = (checkpoint){.member = -1};
}
