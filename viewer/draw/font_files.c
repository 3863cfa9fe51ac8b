/* font_files.c - see font_files.h.  Looked for where Debian and users keep them; each is mapped
 * only while it is asked, and kept when it had a letter. */
#include "font_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_FILES = 2000, DEEPEST = 6, MOST_BYTES = 64 << 20 };

typedef struct font_file {
    char *path;
    stbtt_fontinfo info;
    void *data; /* NULL: not mapped */
    size_t size;
    bool broken;
} font_file;

struct font_files {
    font_file *list;
    size_t n;
};

static bool is_font(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".ttf") == 0 || strcasecmp(dot, ".otf") == 0 ||
                   strcasecmp(dot, ".ttc") == 0);
}

static void add(font_files *f, const char *path)
{
    font_file *more = f->n < MOST_FILES ? realloc(f->list, (f->n + 1) * sizeof *more) : NULL;
    char *copy = more ? strdup(path) : NULL;
    f->list = more ? more : f->list;
    if (copy)
        f->list[f->n++] = (font_file){.path = copy};
}

static void look_in(font_files *f, const char *folder, int depth)
{
    DIR *d = depth < DEEPEST ? opendir(folder) : NULL;
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[1024];
        struct stat s;
        if (*e->d_name == '.' ||
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name) >= (int)sizeof path ||
            stat(path, &s) != 0)
            continue;
        if (S_ISDIR(s.st_mode))
            look_in(f, path, depth + 1);
        else if (is_font(e->d_name) && s.st_size > 12 && s.st_size < MOST_BYTES)
            add(f, path);
    }
    if (d)
        closedir(d);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const font_file *)a)->path, ((const font_file *)b)->path);
}

static font_files *look_around(void)
{
    font_files *f = calloc(1, sizeof *f);
    const char *home = getenv("HOME");
    char own[1000];
    if (!f)
        return NULL;
    look_in(f, "/usr/share/fonts", 0);
    look_in(f, "/usr/local/share/fonts", 0);
    if (home && snprintf(own, sizeof own, "%s/.local/share/fonts", home) < (int)sizeof own)
        look_in(f, own, 0);
    if (f->n)
        qsort(f->list, f->n, sizeof *f->list, by_path);
    return f;
}

static bool map(font_file *f)
{
    struct stat s;
    int fd = f->broken || f->data ? -1 : open(f->path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &s) == 0) {
        f->size = (size_t)s.st_size;
        f->data = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0);
        f->data = f->data == MAP_FAILED ? NULL : f->data;
        int offset = f->data ? stbtt_GetFontOffsetForIndex(f->data, 0) : -1;
        f->broken = offset < 0 || !stbtt_InitFont(&f->info, f->data, offset);
    }
    if (fd >= 0)
        close(fd);
    return f->data && !f->broken;
}

static void unmap(font_file *f)
{
    if (f->data)
        munmap(f->data, f->size);
    f->data = NULL;
}

const stbtt_fontinfo *font_files_find(font_files **files, uint32_t codepoint)
{
    if (!*files)
        *files = look_around();
    for (size_t k = 0; *files && k < (*files)->n; k++) {
        font_file *f = &(*files)->list[k];
        bool kept = f->data != NULL;
        if (kept ? stbtt_FindGlyphIndex(&f->info, (int)codepoint) != 0
                 : map(f) && stbtt_FindGlyphIndex(&f->info, (int)codepoint) != 0)
            return &f->info;
        if (!kept)
            unmap(f);
    }
    return NULL;
}

void font_files_free(font_files *files)
{
    for (size_t k = 0; files && k < files->n; k++) {
        unmap(&files->list[k]);
        free(files->list[k].path);
    }
    if (files)
        free(files->list);
    free(files);
}
