/* lines.c - a text file as lines: LF, CR LF or CR, with or without a byte-order mark of UTF-8. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tables.h"

enum { ROOM = 2 * ORR_LONGEST_LINE };

static void fill(orr_lines *lines)
{
    memmove(lines->buffer, lines->buffer + lines->at, lines->filled - lines->at);
    lines->filled -= lines->at;
    lines->at = 0;
    size_t got = fread(lines->buffer + lines->filled, 1, ROOM - lines->filled, lines->file);
    lines->filled += got;
    lines->buffer[lines->filled] = 0;
    lines->ended = lines->filled < ROOM;
    if (ferror(lines->file))
        lines->wrong = strerror(errno);
}

static bool begins(const orr_lines *lines, const char *bytes, size_t n)
{
    return lines->filled >= n && memcmp(lines->buffer, bytes, n) == 0;
}

orr_status orr_lines_open(orr_lines *lines, const char *path, const char **reason)
{
    *lines = (orr_lines){0};
    struct stat info;
    if (stat(path, &info) != 0) {
        *reason = strerror(errno);
        return ORR_E_FILE;
    }
    *reason = "it is not a file";
    if (!S_ISREG(info.st_mode))
        return ORR_E_FILE;
    lines->buffer = malloc(ROOM + 1);
    if (!lines->buffer)
        return ORR_E_NO_MEMORY;
    lines->file = fopen(path, "r");
    if (!lines->file) {
        *reason = strerror(errno);
        return ORR_E_FILE;
    }
    fill(lines);
    if (begins(lines, "\xef\xbb\xbf", 3))
        lines->at = 3;
    else if (begins(lines, "\xff\xfe", 2) || begins(lines, "\xfe\xff", 2))
        lines->wrong = "this file is in UTF-16; save it as UTF-8 (`iconv -f UTF-16 -t UTF-8`)";
    else if (begins(lines, "\x1f\x8b", 2) || begins(lines, "PK\3\4", 4))
        lines->wrong = "this file is compressed; unpack it (`gunzip` or `unzip`)";
    return ORR_OK;
}

bool orr_lines_next(orr_lines *lines)
{
    if (lines->wrong)
        return false;
    if (!lines->ended && lines->filled - lines->at < ORR_LONGEST_LINE)
        fill(lines);
    size_t left = lines->filled - lines->at;
    if (left == 0 || lines->wrong)
        return false;
    char *start = lines->buffer + lines->at;
    size_t length = strcspn(start, "\r\n");
    lines->number++;
    lines->line = start;
    lines->length = length;
    if (length >= ORR_LONGEST_LINE) {
        start[ORR_LONGEST_LINE - 1] = 0;
        lines->wrong = "this line is longer than 262143 bytes";
        return false;
    }
    if (length < left && !start[length]) {
        lines->wrong = "a zero byte: this is not a text file";
        return false;
    }
    size_t end = length + (length < left);
    if (start[length] == '\r' && start[length + 1] == '\n')
        end++;
    start[length] = 0;
    lines->at += end;
    return true;
}

void orr_lines_close(orr_lines *lines)
{
    if (lines->file)
        fclose(lines->file);
    free(lines->buffer);
}
