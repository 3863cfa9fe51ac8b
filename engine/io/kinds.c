#include "kinds.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenario/keys.h"

/* Signatures of formats, by their own specifications. */
static const struct {
    const char *bytes;
    size_t n, at;
    orr_file_kind kind;
    const char *what;
} signatures[] = {
    {"\x89HDF\r\n\x1a\n", 8, 0, ORR_FILE_OUTPUT, "an output file (HDF5)"},
    {"ORRCKP", 6, 0, ORR_FILE_CHECKPOINT, "a checkpoint"},
    {"\x89PNG\r\n\x1a\n", 8, 0, ORR_FILE_FOREIGN, "a picture (PNG)"},
    {"\xff\xd8\xff", 3, 0, ORR_FILE_FOREIGN, "a picture (JPEG)"},
    {"GIF8", 4, 0, ORR_FILE_FOREIGN, "a picture (GIF)"},
    {"<svg", 4, 0, ORR_FILE_FOREIGN, "a picture (SVG)"},
    {"<?xml", 5, 0, ORR_FILE_FOREIGN, "an XML file"},
    {"<!doctype html", 14, 0, ORR_FILE_FOREIGN, "a web page"},
    {"<!DOCTYPE html", 14, 0, ORR_FILE_FOREIGN, "a web page"},
    {"%PDF", 4, 0, ORR_FILE_FOREIGN, "a PDF document"},
    {"ftyp", 4, 4, ORR_FILE_FOREIGN, "a film (MP4)"},
    {"\x1f\x8b", 2, 0, ORR_FILE_FOREIGN, "a compressed file (gzip)"},
    {"PK\x03\x04", 4, 0, ORR_FILE_FOREIGN, "an archive (zip)"},
    {"\x7f"
     "ELF",
     4, 0, ORR_FILE_FOREIGN, "a program or a library"},
};

static bool is_text(const char *start, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if ((unsigned char)start[k] < ' ' && !strchr("\t\r\n", start[k] ? start[k] : 1))
            return false;
    return true;
}

/* Does this line begin with a key of the top level of scenarios? */
static bool begins_with_key(const char *line, size_t n)
{
    const orr_key_doc *key;
    for (size_t i = 0; (key = orr_key_at(i)); i++) {
        size_t length = strlen(key->key);
        if (key->part == ORR_IN_TOP && length < n && strncmp(line, key->key, length) == 0 &&
            line[length] == ':')
            return true;
    }
    return false;
}

/* "word:" at the beginning, as an unfinished scenario has; or YAML in braces. */
static bool is_like_yaml(const char *line, size_t n)
{
    size_t k = 0;
    while (k < n && (isalnum((unsigned char)line[k]) || line[k] == '_' || line[k] == '"'))
        k++;
    return *line == '{' || *line == '[' || (k > 0 && k < n && line[k] == ':');
}

/* By its lines: a scenario has keys, the first line of a table that is no comment has commas. */
static orr_file_kind kind_of_text(const char *text, size_t n, const char **what)
{
    enum { NOTHING, WORDS, COLUMNS, YAML } looks = NOTHING;
    bool whole = n < ORR_KIND_BYTES;
    if (n > 2 && memcmp(text, "\xef\xbb\xbf", 3) == 0) /* byte-order mark */
        text += 3, n -= 3;
    for (size_t at = 0; at < n;) {
        const char *line = text + at, *newline = memchr(line, '\n', n - at);
        size_t length = newline ? (size_t)(newline - line) : n - at;
        at += length + 1;
        if (begins_with_key(line, length)) {
            *what = "a scenario";
            return ORR_FILE_SCENARIO;
        }
        if (length == 0 || *line == '#' || *line == '\r' || looks != NOTHING)
            continue;
        bool columns =
            memchr(line, ',', length) || memchr(line, ';', length) || memchr(line, '\t', length);
        looks = is_like_yaml(line, length) ? YAML : columns ? COLUMNS : WORDS;
    }
    if (looks == YAML || (looks == NOTHING && !whole))
        return ORR_FILE_UNKNOWN;
    *what = looks == COLUMNS ? "a table" : looks == WORDS ? "a text" : "an empty file";
    return looks == COLUMNS ? ORR_FILE_TABLE : looks == WORDS ? ORR_FILE_TEXT : ORR_FILE_EMPTY;
}

orr_file_kind orr_kind_of_bytes(const char *start, size_t n, const char **what)
{
    *what = "a file of another kind";
    n = n < ORR_KIND_BYTES ? n : ORR_KIND_BYTES;
    for (size_t k = 0; k < sizeof signatures / sizeof *signatures; k++)
        if (n >= signatures[k].at + signatures[k].n &&
            memcmp(start + signatures[k].at, signatures[k].bytes, signatures[k].n) == 0) {
            *what = signatures[k].what;
            return signatures[k].kind;
        }
    return is_text(start, n) ? kind_of_text(start, n, what) : ORR_FILE_UNKNOWN;
}

orr_file_kind orr_kind_of_file(const char *path, const char **what)
{
    struct stat info;
    *what = "a file of another kind";
    if (stat(path, &info) != 0)
        return ORR_FILE_MISSING;
    if (S_ISDIR(info.st_mode)) {
        *what = "a folder";
        return ORR_FILE_FOLDER;
    }
    if (!S_ISREG(info.st_mode))
        return ORR_FILE_SPECIAL;
    char start[ORR_KIND_BYTES];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = file < 0 ? -1 : read(file, start, sizeof start);
    if (file >= 0)
        close(file);
    return n < 0 ? ORR_FILE_UNKNOWN : orr_kind_of_bytes(start, (size_t)n, what);
}
