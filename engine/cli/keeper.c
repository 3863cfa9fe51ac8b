#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "origin.h"
#include "progress.h"

/* ---- when ---- */

bool keeper_configure(keeper *k, const arguments *a, const orr_scenario *s)
{
    const char *text = value_of(a, "checkpoint-every");
    char *end = NULL;
    k->every = text ? strtod(text, &end) : s->output.checkpoint;
    k->every_steps = s->output.checkpoint_steps;
    k->marks = (schedule){.every = s->output.checkpoint_time, .span = orr_scenario_span(s), .k = 1};
    k->to_the_end = given(a, "keep-checkpoint");
    if (text && (end == text || *end || !(k->every >= 0))) {
        print_error("--checkpoint-every is a number of seconds, 0 for none, not '%s'", text);
        return false;
    }
    k->on = k->every > 0 || k->every_steps > 0 || k->marks.every > 0;
    return true;
}

static void name_with(const keeper *k, const char *ending, char name[4300])
{
    snprintf(name, 4300, "%s%s", k->path, ending);
}

void keeper_leave_older(const keeper *k, bool replaced)
{
    static const char *const endings[] = {"", ".before"};
    char name[4300], old[4320];
    for (int i = 0; i < 2; i++) {
        name_with(k, endings[i], name);
        if (access(name, F_OK) != 0)
            continue;
        snprintf(old, sizeof old, "%s.old", name);
        if (replaced)
            unlink(name);
        else if (rename(name, old) == 0)
            print_warning("'%s' is of an earlier run; it is '%s' now", name, old);
    }
}

/* Whoever writes the output of the same name writes that checkpoint, too. */
static orr_status ask_output(const char *path, orr_diagnosis *why)
{
    char output[4200];
    const size_t n = strlen(path), m = strlen(".checkpoint");
    if (n <= m || strcmp(path + n - m, ".checkpoint") != 0)
        return ORR_OK;
    snprintf(output, sizeof output, "%.*s", (int)(n - m), path);
    return orr_lock_ask(output, why);
}

static bool claim(keeper *k)
{
    orr_diagnosis why;
    const char *text = why.text;
    orr_status status;
    if (!k->elsewhere)
        status = orr_lock_ask(k->path, &why);
    else if (strcmp(k->path, k->first) == 0 || orr_is_same_file(k->path, k->first))
        status = ORR_E_EXISTS, text = "the checkpoint cannot be the output file itself";
    else if ((status = ask_output(k->path, &why)) == ORR_OK)
        status = orr_lock_take(&k->lock, k->path, &why);
    if (status == ORR_OK && access(k->path, F_OK) == 0 && !checkpoint_is_one(k->path)) {
        status = ORR_E_EXISTS;
        snprintf(why.text, sizeof why.text,
                 "'%.300s' is there and is no checkpoint; choose another file with --checkpoint",
                 k->path);
    }
    if (status != ORR_OK)
        print_error("%s", text);
    return status == ORR_OK;
}

static bool tell_origin(keeper *k)
{
    origin o = {.every = k->every};
    snprintf(o.checkpoint, sizeof o.checkpoint, "%.4100s", k->elsewhere ? k->elsewhere : "");
    k->text = origin_write(&k->origin, &o);
    if (!k->text)
        print_error("out of memory");
    return k->text;
}

void keeper_end(keeper *k)
{
    orr_lock_release(&k->lock);
    free(k->text);
    k->text = NULL;
}

bool keeper_begin(keeper *k, const arguments *a, const orr_scenario *s, uint64_t bodies,
                  const char *output)
{
    checkpoint *c = &k->origin;
    checkpoint_until(s, k->until); /* "today" is another day tomorrow */
    char *whole = realpath(s->path, NULL);
    snprintf(k->scenario, sizeof k->scenario, "%.4096s", whole ? whole : s->path);
    free(whole);
    *c = (checkpoint){.scenario = k->scenario,
                      .yaml = s->yaml,
                      .yaml_size = s->yaml_size,
                      .until = k->until,
                      .bodies = bodies,
                      .member = given(a, "member") ? atol(value_of(a, "member")) : -1};
    for (int i = 0; i < a->n_given && c->n_sets < MOST_SETS; i++)
        if (strcmp(a->options[a->given[i]].name, "set") == 0)
            c->sets[c->n_sets++] = (char *)(uintptr_t)a->values[i];
    c->shadow = (char *)(uintptr_t)value_of(a, "shadow");
    k->elsewhere = value_of(a, "checkpoint");
    checkpoint_path(output, k->elsewhere, k->path);
    snprintf(k->first, sizeof k->first, "%.4096s", output);
    return tell_origin(k) && claim(k);
}

bool keeper_go_on(keeper *k, const arguments *a, const checkpoint *c)
{
    k->origin = *c;
    if (c->marks.every > 0)
        k->marks = c->marks;
    k->origin.runs = NULL;
    const char *fresh = value_of(a, "output");
    snprintf(k->first, sizeof k->first, "%.4096s", fresh ? fresh : a->words[0]);
    k->elsewhere = fresh ? NULL : value_of(a, "checkpoint");
    checkpoint_path(k->first, k->elsewhere, k->path);
    return tell_origin(k) && claim(k);
}

void keeper_start(keeper *k, uint64_t steps)
{
    k->next = k->every > 0 ? wall_clock() + k->every : INFINITY;
    k->next_step = k->every_steps > 0 ? (steps / k->every_steps + 1) * k->every_steps : UINT64_MAX;
}

bool keeper_due(const keeper *k, double now, uint64_t steps)
{
    return k->on && (now >= k->next || steps >= k->next_step);
}

/* ---- how ---- */

/* So that a new name survives a power cut; where folders cannot be synced the old one may be back.
 */
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

static bool sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    return good;
}

static bool write_bytes(int fd, const void *data, size_t n)
{
    for (const char *p = data; n > 0;) {
        ssize_t done = write(fd, p, n < 1u << 30 ? n : 1u << 30);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        p += done, n -= (size_t)done;
    }
    return true;
}

static bool write_part(const keeper *k, const char *part)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    bool good = write_bytes(fd, k->head, k->head_size);
    for (size_t i = 0; i < k->n_runs && good; i++)
        good = write_bytes(fd, k->runs[i].image, k->runs[i].image_size);
    good = good && fsync(fd) == 0;
    int reason = errno;
    good = close(fd) == 0 && good;
    errno = good ? errno : reason;
    return good;
}

static void *write_it(void *user)
{
    keeper *k = user;
    char part[4300], before[4300];
    name_with(k, ".part", part);
    name_with(k, ".before", before);
    errno = 0;
    k->good = sync_file(k->output) && write_part(k, part);
    if (k->good &&
        access(k->path, F_OK) == 0) { /* a second name, so that the first always is there */
        unlink(before);
        k->good = link(k->path, before) == 0 || rename(k->path, before) == 0;
    }
    k->good = k->good && rename(part, k->path) == 0;
    if (!k->good) {
        snprintf(k->why, sizeof k->why,
                 "'%.300s' could not be written: %s; the one before is still there", k->path,
                 errno ? strerror(errno) : "unknown reason");
        unlink(part);
    }
    sync_folder(k->path);
    free(k->head);
    checkpoint_free_runs(k->runs, k->n_runs);
    k->head = NULL, k->runs = NULL;
    return NULL;
}

static void tell(const keeper *k)
{
    if (!k->good)
        print_warning("no checkpoint: %s", k->why);
}

void keeper_wait(keeper *k)
{
    if (!k->writing)
        return;
    pthread_join(k->thread, NULL);
    k->writing = false;
    tell(k);
}

void keeper_keep(keeper *k, const checkpoint *c, uint64_t steps, bool wait)
{
    keeper_wait(k); /* for the disk, if it is that slow */
    k->head = checkpoint_pack(c, &k->head_size);
    k->runs = c->runs, k->n_runs = c->n_runs;
    snprintf(k->output, sizeof k->output, "%s", c->output);
    keeper_start(k, steps);
    if (!k->head) {
        checkpoint_free_runs(k->runs, k->n_runs);
        print_warning("no checkpoint: out of memory");
        return;
    }
    k->writing = !wait && pthread_create(&k->thread, NULL, write_it, k) == 0;
    if (!k->writing) {
        write_it(k);
        tell(k);
    }
}

/* ---- afterwards ---- */

void keeper_say(const keeper *k)
{
    if (k->on)
        print_warning("`orrery resume %s%s%s` goes on from there", k->first,
                      k->elsewhere ? " --checkpoint " : "", k->elsewhere ? k->elsewhere : "");
}

bool keeper_has_one(const keeper *k)
{
    char before[4300];
    name_with(k, ".before", before);
    return k->on && (access(k->path, F_OK) == 0 || access(before, F_OK) == 0);
}

void keeper_remove(const keeper *k)
{
    static const char *const endings[] = {"", ".before", ".part"};
    char name[4300];
    for (int i = 0; i < 3; i++) {
        name_with(k, endings[i], name);
        unlink(name);
    }
}

bool keeper_read(const arguments *a, const char *output, bool put_aside, checkpoint *c, char *why,
                 size_t size)
{
    keeper k = {0};
    char before[4300], damaged[4300], ignored[700];
    checkpoint_path(output, value_of(a, "checkpoint"), k.path);
    if (checkpoint_read(k.path, c, why, size))
        return true;
    name_with(&k, ".before", before);
    if (!checkpoint_read(before, c, ignored, sizeof ignored))
        return false;
    if (access(k.path, F_OK) != 0)
        return true; /* killed just when the next was to get its name */
    print_warning("%s; taking the one before it", why);
    name_with(&k, ".damaged", damaged);
    if (put_aside) /* else it would become the one before */
        (void)rename(k.path, damaged);
    return true;
}
