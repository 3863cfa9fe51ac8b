/* whole_file.c - a text file that appears whole or not at all. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "whole_file.h"

static bool cannot(const char *path)
{
    print_error("cannot write '%s': %s", path, strerror(errno));
    return false;
}

bool whole_file_begin(whole_file *w, const char *path, bool force)
{
    *w = (whole_file){0};
    errno = ENAMETOOLONG;
    if (snprintf(w->path, sizeof w->path, "%s", path) >= (int)sizeof w->path)
        return cannot(path);
    if (!force && access(path, F_OK) == 0) {
        print_error("'%s' exists already; choose another name, or replace it with --force", path);
        return false;
    }
    snprintf(w->part, sizeof w->part, "%s.part-%ld", path, (long)getpid());
    w->out = fopen(w->part, "wx");
    return w->out || cannot(path);
}

bool whole_file_close(whole_file *w)
{
    if (!w->out)
        return true;
    errno = EIO;
    bool good = fflush(w->out) == 0 && !ferror(w->out);
    int why = errno;
    if (fclose(w->out) != 0 && good) {
        good = false;
        why = errno;
    }
    w->out = NULL;
    errno = why;
    return good || cannot(w->path);
}

bool whole_file_end(whole_file *w, bool keep)
{
    keep = keep && whole_file_close(w);
    if (keep && rename(w->part, w->path) == 0)
        return true;
    if (keep)
        cannot(w->path);
    if (w->out)
        fclose(w->out);
    w->out = NULL;
    unlink(w->part);
    return false;
}
