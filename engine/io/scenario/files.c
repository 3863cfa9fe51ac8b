/* files.c - reading files whole, and `include:`.
 *
 * An included file gives what the scenario does not say itself; its bodies, groups, forces and
 * expectations come before the scenario's own.  Numbers keep their meaning: where a file with such
 * lists says units, epoch or frame, the file that includes it says the same. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

#define LARGEST_FILE ((off_t)64 << 20)

enum { DEEPEST_INCLUDE = 8 };

static orr_status cannot_read(orr_diagnosis *why, const char *path, const char *reason)
{
    *why = (orr_diagnosis){0};
    snprintf(why->file, sizeof why->file, "%s", path);
    snprintf(why->text, sizeof why->text, "cannot read this scenario: %s", reason);
    return ORR_E_FILE;
}

orr_status orr_read_file(const char *path, char **text, size_t *size, orr_diagnosis *why)
{
    *text = NULL;
    *size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return cannot_read(why, path, strerror(errno));
    struct stat info;
    orr_status status = ORR_OK;
    size_t room = 1 << 20; /* of a pipe, whose size is not known */
    if (fstat(file, &info) != 0)
        status = cannot_read(why, path, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        status = cannot_read(why, path, "it is a folder");
    else if (info.st_size > LARGEST_FILE)
        status = cannot_read(why, path, "it is larger than 64 MiB; put bodies into a table");
    else if (S_ISREG(info.st_mode))
        room = (size_t)info.st_size + 1;
    if (status == ORR_OK && !(*text = malloc(room)))
        status = cannot_read(why, path, "out of memory");
    while (status == ORR_OK) {
        ssize_t got = read(file, *text + *size, room - *size);
        if (got < 0)
            status = cannot_read(why, path, strerror(errno));
        else if (got == 0)
            break;
        else if ((*size += (size_t)got) == room)
            status = cannot_read(why, path, "it grew while it was read, or is too long for a pipe");
    }
    close(file);
    if (status != ORR_OK) {
        free(*text);
        *text = NULL;
    }
    return status;
}

char *orr_path_beside(loader *l, const orr_yaml *node)
{
    const char *base = node->source->argument ? l->s->path : node->source->file;
    const char *slash = strrchr(base, '/');
    size_t folder = node->text[0] != '/' && slash ? (size_t)(slash - base) + 1 : 0;
    size_t size = folder + strlen(node->text) + 1;
    char *path = orr_arena_alloc(l->doc.memory, size);
    orr_input *input = orr_arena_alloc(l->doc.memory, sizeof *input);
    if (!path || !input)
        return NULL;
    snprintf(path, size, "%.*s%s", (int)folder, base, node->text);
    *input = (orr_input){.path = path, .next = l->s->inputs};
    l->s->inputs = input;
    return path;
}

/* ---- include ---- */

static bool joins(const char *key)
{
    static const char *const lists[] = {"bodies", "groups", "forces", "expect"};
    for (size_t k = 0; k < LENGTH_OF(lists); k++)
        if (strcmp(key, lists[k]) == 0)
            return true;
    return false;
}

static void append(orr_yaml *parent, orr_yaml *child)
{
    orr_yaml **slot = &parent->first;
    while (*slot)
        slot = &(*slot)->next;
    *slot = child;
    child->next = NULL;
    parent->n++;
}

/* Put the items of `from` before those of `into`. */
static void prepend_items(orr_yaml *into, orr_yaml *from)
{
    orr_yaml **end = &from->first;
    while (*end)
        end = &(*end)->next;
    *end = into->first;
    into->first = from->first;
    into->n += from->n;
}

static bool same_date(const char *a, const char *b)
{
    orr_date date[2];
    char message[256];
    return orr_date_read(a, ORR_TDB, &date[0], message, sizeof message) == ORR_OK &&
           orr_date_read(b, ORR_TDB, &date[1], message, sizeof message) == ORR_OK &&
           orr_date_after(&date[0], &date[1], 1) == 0;
}

/* Whether what `included` says of units, epoch or frame is so in `own`, too. */
static bool agree(const orr_yaml *own, const orr_yaml *included)
{
    if (own->kind != included->kind || own->kind == ORR_LIST)
        return false;
    if (own->kind == ORR_SCALAR)
        return strcmp(own->text, included->text) == 0 ||
               (strcmp(own->key, "epoch") == 0 && same_date(own->text, included->text));
    for (const orr_yaml *unit = included->first; unit; unit = unit->next) {
        const orr_yaml *same = orr_yaml_find(own, unit->key);
        if (same ? !agree(same, unit) : strcmp(unit->key, "angle") != 0) /* those cannot be bare */
            return false;
    }
    return true;
}

/* Numbers of the included file were written for its units, epoch and frame: under others they would
 * mean something else, without a word. */
static orr_status keep_meaning(const loader *l, const orr_yaml *root, const orr_yaml *included)
{
    static const char *const keys[] = {"units", "epoch", "frame"};
    bool numbers = false;
    for (const orr_yaml *child = included->first; child; child = child->next)
        numbers |= joins(child->key);
    for (size_t k = 0; k < LENGTH_OF(keys) && numbers; k++) {
        const orr_yaml *own = orr_yaml_find(root, keys[k]), *its = orr_yaml_find(included, keys[k]);
        if (own && its && !agree(own, its))
            return orr_yaml_fail_key(&l->doc, own, ORR_E_FORMAT,
                                     "'%s' is another here than in '%s' (line %d), whose numbers "
                                     "hold in that; say the same, or leave it out",
                                     keys[k], its->source->file, its->key_line);
    }
    return ORR_OK;
}

static orr_status merge(loader *l, orr_yaml *root, orr_yaml *included)
{
    ORR_TRY(keep_meaning(l, root, included));
    for (orr_yaml *child = included->first, *next; child; child = next) {
        next = child->next;
        orr_yaml *own = orr_yaml_find(root, child->key);
        if (!own) {
            append(root, child);
        } else if (joins(child->key)) {
            ORR_TRY(orr_need_kind(l, own, ORR_LIST));
            ORR_TRY(orr_need_kind(l, child, ORR_LIST));
            prepend_items(own, child);
        }
    }
    return ORR_OK;
}

static orr_status include(loader *l, orr_yaml *root, orr_yaml *name, int depth)
{
    ORR_TRY(orr_need_kind(l, name, ORR_SCALAR));
    if (l->changes && l->changes->no_files)
        return orr_yaml_fail(&l->doc, name, ORR_E_FORMAT, "files are not allowed here");
    if (depth == DEEPEST_INCLUDE)
        return orr_yaml_fail(&l->doc, name, ORR_E_FORMAT,
                             "files include files more than %d levels deep; in a circle?",
                             DEEPEST_INCLUDE);
    char *path = orr_path_beside(l, name), *text;
    orr_yaml_source *source = orr_arena_alloc(l->doc.memory, sizeof *source);
    if (!path || !source)
        return ORR_E_NO_MEMORY;
    size_t size;
    orr_diagnosis why;
    if (orr_read_file(path, &text, &size, &why) != ORR_OK)
        return orr_yaml_fail(&l->doc, name, ORR_E_FILE, "cannot include '%s': %s", path, why.text);
    char *kept = orr_arena_alloc(l->doc.memory, size + 1);
    if (kept)
        memcpy(kept, text, size);
    free(text);
    if (!kept)
        return ORR_E_NO_MEMORY;
    *source = (orr_yaml_source){.file = path, .text = kept, .size = size};
    orr_yaml *included;
    ORR_TRY(orr_yaml_parse_source(&l->doc, source, &included));
    ORR_TRY(orr_read_includes(l, included, depth + 1));
    return merge(l, root, included);
}

orr_status orr_read_includes(loader *l, orr_yaml *root, int depth)
{
    orr_yaml *names = orr_yaml_get(root, "include");
    if (!names)
        return ORR_OK;
    if (names->kind == ORR_SCALAR)
        return include(l, root, names, depth);
    ORR_TRY(orr_need_kind(l, names, ORR_LIST));
    for (orr_yaml *name = names->first; name; name = name->next)
        ORR_TRY(include(l, root, name, depth));
    return ORR_OK;
}
