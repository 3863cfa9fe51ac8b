#include "quoting.h"

#include <stdint.h>
#include <string.h>

/* The first character of a text in UTF-8 (RFC 3629); returns its bytes, 0 if it is none: overlong,
 * a surrogate, cut off, beyond U+10FFFF. */
static size_t decode(const unsigned char *p, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *p < 0x80 ? 1 : *p < 0xc0 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf8 ? 4 : 0;
    *c = n == 1 ? *p : n == 0 ? 0 : *p & (0x7fu >> n);
    for (size_t k = 1; k < n; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        *c = *c << 6 | (p[k] & 0x3fu);
    }
    bool good = n > 0 && *c >= least[n] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff);
    return good ? n : 0;
}

/* C0, DEL and C1 of ISO 6429. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/* What ends a line without being seen, or turns the direction of writing. */
static bool is_hidden(uint32_t c)
{
    return c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void orr_write_csv(FILE *out, const char *text)
{
    size_t n = strlen(text);
    bool outer = n > 0 && (*text == ' ' || *text == '#' || *text == '\'' || text[n - 1] == ' ');
    if (n > 0 && !outer && !strpbrk(text, ",;\t\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void orr_write_yaml(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        uint32_t c;
        size_t n = decode(p, &c);
        if (n == 0) {
            fputc(*p++, out); /* the reader will say so */
            continue;
        }
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", (int)c);
        else if (is_control(c))
            fprintf(out, "\\x%02x", (unsigned)c);
        else if (is_hidden(c))
            fprintf(out, "\\u%04x", (unsigned)c);
        else
            fwrite(p, 1, n, out);
        p += n;
    }
    fputc('"', out);
}

void orr_write_json(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        uint32_t c;
        size_t n = decode(p, &c);
        if (n == 0)
            fputs("\\ufffd", out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", (int)c);
        else if (is_control(c) || is_hidden(c))
            fprintf(out, "\\u%04x", (unsigned)c);
        else
            fwrite(p, 1, n, out);
        p += n ? n : 1;
    }
    fputc('"', out);
}

void orr_write_xml(FILE *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; p && *p;) {
        uint32_t c;
        size_t n = decode(p, &c);
        if (n == 0 || (is_control(c) && c != '\n' && c != '\t'))
            fputs("\xef\xbf\xbd", out);
        else if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
            fprintf(out, "&#%u;", (unsigned)c);
        else
            fwrite(p, 1, n, out);
        p += n ? n : 1;
    }
}

void orr_write_terminal(FILE *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        uint32_t c;
        size_t n = decode(p, &c);
        if (n == 0 || (n == 1 && is_control(c) && c != '\n' && c != '\t'))
            fprintf(out, "\\x%02x", *p);
        else if ((is_control(c) && n > 1) || is_hidden(c))
            fprintf(out, "\\u%04x", (unsigned)c);
        else
            fwrite(p, 1, n, out);
        p += n ? n : 1;
    }
}

bool orr_is_name(const char *text, size_t most, char *why, size_t size)
{
    size_t length = strlen(text);
    if (length == 0 || length > most) {
        snprintf(why, size, "a name has 1 to %zu bytes", most);
        return false;
    }
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        uint32_t c;
        size_t n = decode(p, &c), at = (size_t)(p - (const unsigned char *)text) + 1;
        if (n == 0)
            snprintf(why, size,
                     "this name is not UTF-8: byte %zu is 0x%02x; save the file as UTF-8", at, *p);
        else if (is_control(c) || is_hidden(c))
            snprintf(why, size, "a name has no control characters: U+%04X is at byte %zu",
                     (unsigned)c, at);
        else {
            p += n;
            continue;
        }
        return false;
    }
    return true;
}
