#include "checkpoint_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- when ---- */

void orr_checkpoints_configure(checkpoint_writer *w, const orr_run_def *def, const orr_scenario *s)
{
    w->every = def->checkpoint_every < 0 ? s->output.checkpoint : def->checkpoint_every;
    w->every_steps = s->output.checkpoint_steps;
    w->marks = (schedule){.every = s->output.checkpoint_time, .span = orr_scenario_span(s), .k = 1};
    w->to_the_end = def->keep_checkpoint;
    w->on = w->every > 0 || w->every_steps > 0 || w->marks.every > 0;
}

static void name_with(const checkpoint_writer *w, const char *ending, char name[4300])
{
    snprintf(name, 4300, "%s%s", w->path, ending);
}

void orr_checkpoints_leave_older(const checkpoint_writer *w, bool replaced)
{
    static const char *const endings[] = {"", ".before"};
    char name[4300], old[4320];
    for (int i = 0; i < 2; i++) {
        name_with(w, endings[i], name);
        if (access(name, F_OK) != 0)
            continue;
        snprintf(old, sizeof old, "%s.old", name);
        if (replaced)
            unlink(name);
        else if (rename(name, old) == 0)
            orr_warn(&w->listener, "'%s' is of an earlier run; it is '%s' now", name, old);
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

static orr_status claim(checkpoint_writer *w, const char *first, orr_diagnosis *why)
{
    if (!w->elsewhere)
        return orr_lock_ask(w->path, why);
    if (strcmp(w->path, first) == 0 || orr_is_same_file(w->path, first))
        return orr_refuse(ORR_E_EXISTS, why, "the checkpoint cannot be the output file itself");
    ORR_TRY(ask_output(w->path, why));
    return orr_lock_take(&w->lock, w->path, why);
}

orr_status orr_checkpoints_claim(checkpoint_writer *w, const char *first, const char *wish,
                                 orr_diagnosis *why)
{
    w->elsewhere = wish != NULL;
    orr_checkpoint_path(first, wish, w->path);
    ORR_TRY(claim(w, first, why));
    if (access(w->path, F_OK) == 0 && !orr_checkpoint_is_one(w->path))
        return orr_refuse(
            ORR_E_EXISTS, why,
            "'%.300s' is there and is no checkpoint; choose another file with --checkpoint",
            w->path);
    return ORR_OK;
}

void orr_checkpoints_end(checkpoint_writer *w)
{
    orr_checkpoints_wait(w);
    orr_lock_release(&w->lock);
}

void orr_checkpoints_start(checkpoint_writer *w, uint64_t steps)
{
    w->next = w->every > 0 ? orr_clock() + w->every : INFINITY;
    w->next_step = w->every_steps > 0 ? (steps / w->every_steps + 1) * w->every_steps : UINT64_MAX;
}

bool orr_checkpoints_due(const checkpoint_writer *w, double now, uint64_t steps)
{
    return w->on && (now >= w->next || steps >= w->next_step);
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

static bool write_part(const checkpoint_writer *w, const char *part)
{
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return false;
    bool good = write_bytes(fd, w->head, w->head_size);
    for (size_t i = 0; i < w->n_runs && good; i++)
        good = write_bytes(fd, w->runs[i].image, w->runs[i].image_size);
    good = good && fsync(fd) == 0;
    int reason = errno;
    good = close(fd) == 0 && good;
    errno = good ? errno : reason;
    return good;
}

static void *write_it(void *user)
{
    checkpoint_writer *w = user;
    char part[4300], before[4300];
    name_with(w, ".part", part);
    name_with(w, ".before", before);
    errno = 0;
    w->good = sync_file(w->output) && write_part(w, part);
    if (w->good &&
        access(w->path, F_OK) == 0) { /* a second name, so that the first always is there */
        unlink(before);
        w->good = link(w->path, before) == 0 || rename(w->path, before) == 0;
    }
    w->good = w->good && rename(part, w->path) == 0;
    if (!w->good) {
        snprintf(w->why, sizeof w->why,
                 "'%.300s' could not be written: %s; the one before is still there", w->path,
                 errno ? strerror(errno) : "unknown reason");
        unlink(part);
    }
    sync_folder(w->path);
    free(w->head);
    orr_checkpoint_free_runs(w->runs, w->n_runs);
    w->head = NULL, w->runs = NULL;
    return NULL;
}

static void tell(const checkpoint_writer *w)
{
    if (!w->good)
        orr_warn(&w->listener, "no checkpoint: %s", w->why);
}

void orr_checkpoints_wait(checkpoint_writer *w)
{
    if (!w->writing)
        return;
    pthread_join(w->thread, NULL);
    w->writing = false;
    tell(w);
}

void orr_checkpoints_keep(checkpoint_writer *w, const checkpoint *c, uint64_t steps, bool wait)
{
    orr_checkpoints_wait(w); /* for the disk, if it is that slow */
    w->head = orr_checkpoint_pack(c, &w->head_size);
    w->runs = c->runs, w->n_runs = c->n_runs;
    snprintf(w->output, sizeof w->output, "%s", c->output);
    orr_checkpoints_start(w, steps);
    if (!w->head) {
        orr_checkpoint_free_runs(w->runs, w->n_runs);
        orr_warn(&w->listener, "no checkpoint: out of memory");
        return;
    }
    w->writing = !wait && pthread_create(&w->thread, NULL, write_it, w) == 0;
    if (!w->writing) {
        write_it(w);
        tell(w);
    }
}

/* ---- afterwards ---- */

bool orr_checkpoints_has_one(const checkpoint_writer *w)
{
    char before[4300];
    name_with(w, ".before", before);
    return w->on && (access(w->path, F_OK) == 0 || access(before, F_OK) == 0);
}

void orr_checkpoints_remove(const checkpoint_writer *w)
{
    static const char *const endings[] = {"", ".before", ".part"};
    char name[4300];
    for (int i = 0; i < 3; i++) {
        name_with(w, endings[i], name);
        unlink(name);
    }
}

orr_status orr_checkpoints_read(const char *output, const char *wish, bool put_aside,
                                const orr_listener *listener, checkpoint *c, char *why, size_t size)
{
    checkpoint_writer w = {0};
    char before[4300], damaged[4300], ignored[700];
    orr_checkpoint_path(output, wish, w.path);
    orr_status status = orr_checkpoint_read(w.path, c, why, size);
    if (status != ORR_E_FILE)
        return status;
    name_with(&w, ".before", before);
    if (orr_checkpoint_read(before, c, ignored, sizeof ignored) != ORR_OK)
        return status;
    if (access(w.path, F_OK) != 0)
        return ORR_OK; /* killed just when the next was to get its name */
    orr_warn(listener, "%s; taking the one before it", why);
    name_with(&w, ".damaged", damaged);
    if (put_aside) /* else it would become the one before */
        (void)rename(w.path, damaged);
    return ORR_OK;
}
