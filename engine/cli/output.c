/* output.c - messages for people and for programs. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "io/lock.h"
#include "io/quoting.h"

bool use_color(FILE *out)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(fileno(out)) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static void label(const char *word, const char *color)
{
    if (use_color(stderr))
        fprintf(stderr, "\033[1;%sm%s:\033[0m ", color, word);
    else
        fprintf(stderr, "%s: ", word);
}

/* Names and paths come from outside: nothing of them may steer the terminal. */
static void write_safely(FILE *out, const char *format, va_list list)
{
    char *text;
    if (vasprintf(&text, format, list) < 0) {
        fputs("out of memory", out);
        return;
    }
    orr_write_terminal(out, text);
    free(text);
}

void print_text(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    write_safely(stdout, format, list);
    va_end(list);
}

void print_error(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("orrery: ", stderr);
    label("error", "31");
    write_safely(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
}

void print_warning(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    label("warning", "33");
    write_safely(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
}

void print_notes(const orr_scenario *s)
{
    static bool told; /* a scenario may be read again, for a copy of it */
    for (size_t k = 0; k < s->n_notes && !told; k++) {
        label("note", "36");
        fprintf(stderr, "%s\n", s->notes[k]);
    }
    told = told || s->n_notes > 0;
}

void print_diagnosis(const orr_diagnosis *d)
{
    orr_write_terminal(stderr, *d->file ? d->file : "orrery");
    if (d->line > 0)
        fprintf(stderr, ":%d:%d", d->line, d->column);
    fputs(": ", stderr);
    label("error", "31");
    orr_write_terminal(stderr, d->text);
    fputc('\n', stderr);
    if (*d->excerpt && d->line > 0) {
        fprintf(stderr, "%5d | ", d->line);
        orr_write_terminal(stderr, d->excerpt);
        fputs("\n      | ", stderr);
        /* columns count bytes or characters; a caret under a multi-byte text may be off by a few */
        for (int k = 1; k < d->column && k <= (int)strlen(d->excerpt); k++)
            fputc(' ', stderr);
        fputs("^\n", stderr);
    }
    if (*d->hint) {
        fputs("      ", stderr);
        orr_write_terminal(stderr, d->hint);
        fputc('\n', stderr);
    }
}

void print_at_expectation(const orr_expectation *e, const char *format, ...)
{
    orr_diagnosis d = {.line = e->line, .column = 1};
    va_list list;
    va_start(list, format);
    snprintf(d.file, sizeof d.file, "%s", e->file);
    vsnprintf(d.text, sizeof d.text, format, list);
    va_end(list);
    print_diagnosis(&d);
}

void print_paragraph(const char *text)
{
    enum { WIDTH = 88 };
    while (*text) {
        size_t length = strlen(text), cut = length;
        if (length > WIDTH)
            for (cut = WIDTH; cut > 0 && text[cut] != ' '; cut--)
                ;
        cut = cut ? cut : length;
        printf("  %.*s\n", (int)cut, text);
        text += cut + (text[cut] == ' ');
    }
}

bool open_run(const char *path, orr_reader **out)
{
    orr_diagnosis why;
    if (orr_reader_open(path, out, &why) != ORR_OK) {
        print_diagnosis(&why);
        return false;
    }
    const orr_file_info *i = orr_reader_info(*out);
    if (*i->missing)
        print_warning("the run goes on in '%s', which is not there: this is what comes before",
                      i->missing);
    if (i->masses_damaged)
        print_warning("'%s': what masses became in mergers is damaged: later ones are not known",
                      path);
    if (i->segment > 0)
        print_warning("'%s' is a later part of a run (number %d); its first file shows all of it",
                      path, i->segment);
    return true;
}

void output_beside(const arguments *a, const char *source, const char *ending, char path[4200])
{
    const char *output = value_of(a, "output"), *dot = strrchr(source, '.');
    const char *slash = strrchr(source, '/');
    int stem = dot && (!slash || dot > slash) ? (int)(dot - source) : (int)strlen(source);
    if (output)
        snprintf(path, 4200, "%.4096s", output);
    else
        snprintf(path, 4200, "%.*s.%s", stem < 4096 ? stem : 4096, source, ending);
}

bool may_replace(const char *path, const char *source, const orr_input *inputs)
{
    struct stat there;
    orr_diagnosis why;
    if (stat(path, &there) != 0)
        return true;
    char first[4096]; /* of a run that goes on in NAME.0001.h5, ... all are read */
    bool read = orr_is_same_file(path, source) ||
                (orr_first_of(path, first) && orr_is_same_file(first, source));
    for (; inputs && !read; inputs = inputs->next)
        read = orr_is_same_file(path, inputs->path);
    if (S_ISDIR(there.st_mode))
        print_error("'%s' is a folder; name a file in it with -o", path);
    else if (!S_ISREG(there.st_mode))
        print_error("'%s' is no file that could be replaced", path);
    else if (read)
        print_error("'%s' is read by this command: choose another name with -o", path);
    else if (orr_lock_ask(path, &why) != ORR_OK)
        print_error("%s", why.text);
    else
        return true;
    return false;
}

/* ---- JSON lines ---- */

void json_begin(const char *event)
{
    fputs("{\"event\":", stdout);
    orr_write_json(stdout, event);
}

void json_text(const char *key, const char *value)
{
    putchar(',');
    orr_write_json(stdout, key);
    putchar(':');
    orr_write_json(stdout, value);
}

void json_number(const char *key, double value)
{
    putchar(',');
    orr_write_json(stdout, key);
    if (isfinite(value))
        printf(":%.17g", value);
    else
        fputs(":null", stdout);
}

void json_end(void)
{
    puts("}");
    fflush(stdout);
}

/* ---- numbers for people ---- */

const char *human_bytes(double bytes, char buffer[32])
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    int k = 0;
    for (; bytes >= 999.5 && k < 5; k++)
        bytes /= 1000;
    snprintf(buffer, 32, k ? "%.3g %s" : "%.0f %s", bytes, units[k]);
    return buffer;
}

const char *human_seconds(double s, char buffer[32])
{
    if (!(s < 1e11))
        snprintf(buffer, 32, "ages");
    else if (s < 60)
        snprintf(buffer, 32, s < 10 ? "%.2f s" : "%.0f s", s);
    else if (s < 3600)
        snprintf(buffer, 32, "%d min %02d s", (int)(s / 60), (int)fmod(s, 60));
    else if (s < 86400)
        snprintf(buffer, 32, "%d h %02d min", (int)(s / 3600), (int)fmod(s / 60, 60));
    else
        snprintf(buffer, 32, "%.0f d %02d h", floor(s / 86400), (int)fmod(s / 3600, 24));
    return buffer;
}

bool parse_count(const char *option, const char *text, long least, long most, long *out)
{
    char *end;
    *out = strtol(text, &end, 10);
    if (end != text && *end == 0 && *out >= least && *out <= most)
        return true;
    print_error("--%s takes a whole number from %ld to %ld, not '%s'", option, least, most, text);
    return false;
}

const char *human_short(double s, char buffer[32])
{
    if (!(s < 0.1))
        return human_seconds(s, buffer);
    snprintf(buffer, 32, "%.2g ms", 1000 * s);
    return buffer;
}
