/* claim.c - what the output of a run may be: nobody's own, and written by nobody else. */
#include <stdio.h>
#include <sys/stat.h>

#include "writer.h"

static orr_status not_an_input(orr_writer *w)
{
    struct stat there;
    bool is_there = stat(w->path, &there) == 0;
    if (is_there && S_ISDIR(there.st_mode))
        return orr_writer_fail(w, ORR_E_FILE, "'%s' is a folder; name a file in it with -o",
                               w->path);
    if (is_there && !S_ISREG(there.st_mode))
        return orr_writer_fail(w, ORR_E_FILE, "'%s' is no file that a run could be written to",
                               w->path);
    if (w->def.yaml_path && orr_is_same_file(w->def.yaml_path, w->path))
        return orr_writer_fail(
            w, ORR_E_EXISTS, "'%s' is the scenario itself; choose another output with -o", w->path);
    for (const orr_input *i = w->def.inputs; i; i = i->next)
        if (orr_is_same_file(i->path, w->path))
            return orr_writer_fail(
                w, ORR_E_EXISTS,
                "'%s' is a file that the scenario reads ('%s'); choose another output with -o",
                w->path, i->path);
    return ORR_OK;
}

static orr_status keep_message(orr_writer *w, orr_status status, const orr_diagnosis *why)
{
    return status == ORR_OK ? status : orr_writer_fail(w, status, "%s", why->text);
}

orr_status orr_writer_claim(orr_writer *w)
{
    orr_diagnosis why;
    char first[4096];
    ORR_TRY(not_an_input(w));
    bool numbered = orr_first_of(w->path, first);
    if (w->segment > 0) { /* the first file's lock is that of the run */
        orr_lock_release(&w->segment_lock);
        if (!w->lock.held && numbered)
            ORR_TRY(keep_message(w, orr_lock_take(&w->lock, first, &why), &why));
        return keep_message(w, orr_lock_take(&w->segment_lock, w->path, &why), &why);
    }
    if (numbered) /* of a run that is at a later part now? */
        ORR_TRY(keep_message(w, orr_lock_ask(first, &why), &why));
    return keep_message(w, orr_lock_take(&w->lock, w->path, &why), &why);
}
