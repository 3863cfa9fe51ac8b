/* help.c - `orrery help` and `orrery version`.  All of it comes from the tables that the program
 * works by. */
#include "help.h"

#include <string.h>
#include <unistd.h>

#include <orrery/dates.h>
#include <orrery/isa.h>
#include <orrery/planes.h>
#include <orrery/version.h>

/* ---- laying out ---- */

/* Characters, not bytes, of UTF-8. */
static int columns(const char *text, size_t n)
{
    int count = 0;
    for (size_t k = 0; k < n; k++)
        count += ((unsigned char)text[k] & 0xc0) != 0x80;
    return count;
}

void print_wrapped(const char *text, int at, int indent)
{
    bool first = true;
    while (*text) {
        size_t length = strcspn(text, " \n");
        int width = columns(text, length);
        if (!first && at + 1 + width > HELP_WIDTH) {
            printf("\n%*s", indent, "");
            at = indent;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        printf("%.*s", (int)length, text);
        at += width;
        first = false;
        text += length + strspn(text + length, " \n");
    }
    putchar('\n');
}

void print_row(const char *left, int left_width, const char *middle, int middle_width,
               const char *text)
{
    int at = 2 + left_width + 1 + middle_width + 1, indent = at;
    int used = columns(left, strlen(left)), middle_used = columns(middle, strlen(middle));
    bool below = used > left_width || middle_used > middle_width; /* there the text begins */
    if (middle_width == 0)
        at = indent = 2 + left_width + 1;
    bool bare = below && middle_width == 0;
    printf("  %s%*s%s", left, bare ? 0 : used < left_width ? left_width - used + 1 : 1, "", middle);
    if (below)
        printf("\n%*s", indent, "");
    else if (middle_width > 0)
        printf("%*s", middle_width - middle_used + 1, "");
    print_wrapped(text, at, indent);
}

/* ---- topics ---- */

static const struct {
    int code;
    const char *text, *meaning;
} exit_codes[] = {
#define ORR_EXIT(name, code, text, meaning) {code, text, meaning},
#include "exit_codes.def"
};

enum { N_EXIT_CODES = sizeof exit_codes / sizeof *exit_codes };

static void print_exit_codes(void)
{
    puts("What `orrery` returns to the shell (echo $?):\n");
    for (size_t k = 0; k < N_EXIT_CODES; k++) {
        char code[16];
        snprintf(code, sizeof code, "%d", exit_codes[k].code);
        print_row(code, 4, exit_codes[k].text, 24, exit_codes[k].meaning);
    }
}

/* "0 ok, 1 usage, ...", as the README has it. */
static void print_exit_line(FILE *out)
{
    fputs("exit codes:", out);
    for (size_t k = 0; k < N_EXIT_CODES; k++)
        fprintf(out, "%s %d %s%s", k == 4 ? "\n           " : "", exit_codes[k].code,
                exit_codes[k].text, k + 1 < N_EXIT_CODES ? "," : "\n");
}

static const struct {
    const char *title, *si;
    orr_dimension dim;
} dimensions[] = {{"length", "m", {1, 0, 0, 0}},
                  {"mass (known by GM)", "m3 s-2", {0, 1, 0, 0}},
                  {"time", "s", {0, 0, 1, 0}},
                  {"angle", "rad", {0, 0, 0, 1}}};

/* "also AU": units whose description is "= au". */
static void other_names(const char *name, char out[100])
{
    const orr_unit *u;
    out[0] = 0;
    for (size_t i = 0; (u = orr_unit_at(i)); i++)
        if (strncmp(u->doc, "= ", 2) == 0 && strcmp(u->doc + 2, name) == 0) {
            size_t used = strlen(out);
            snprintf(out + used, 100 - used, "%s%s", used ? ", " : "; also written ", u->name);
        }
}

static void print_units(void)
{
    const orr_unit *u;
    puts("Any value of a scenario may carry its unit: 384400 km, 30 km/s, 5 deg, 2 Myr.\n"
         "Units combine: km/s, au^3/day^2, km3 s-2. Bare numbers are in the scenario's `units:`.");
    for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
        printf("\n%s:\n", dimensions[d].title);
        for (size_t i = 0; (u = orr_unit_at(i)); i++) {
            char value[64], text[300], also[100];
            if (memcmp(&u->dim, &dimensions[d].dim, sizeof u->dim) != 0 ||
                strncmp(u->doc, "= ", 2) == 0)
                continue;
            other_names(u->name, also);
            snprintf(value, sizeof value, "%.12g %s", u->si, dimensions[d].si);
            snprintf(text, sizeof text, "%s%s", u->doc, also);
            print_row(u->name, 10, value, 24, text);
        }
    }
}

static void print_dates(void)
{
    const orr_date_form *form;
    const orr_timescale_entry *scale;
    const char *source;
    char known[40];
    puts("How dates may be written, in scenarios, tables and options:\n");
    for (size_t i = 0; (form = orr_date_form_at(i)); i++)
        print_row(form->example, 32, "", 0, form->doc);
    puts("\nscales, behind the date:");
    for (size_t i = 0; (scale = orr_timescale_at(i)); i++)
        print_row(scale->name, 32, "", 0, scale->doc);
    orr_date last = orr_leap_seconds_known(&source);
    orr_date_text(&last, -1, known, sizeof known);
    printf(
        "\nLeap seconds are known up to %.10s (%s).\n"
        "Dates need an `epoch:` in the scenario, which is time zero; a date without a scale is in\n"
        "that of the epoch. Before 1582-10-15 the calendar is the Julian one.\n",
        known, source);
}

static void print_planes(void)
{
    const orr_named_plane *p;
    puts("Planes that elements can refer to (`plane:`, --axes), in scenarios with frame: icrf\n"
         "(or ecliptic); others by numbers: `orrery help scenario plane`.\n");
    print_row("reference", 16, "", 24, "the xy plane of the scenario, whatever its axes");
    for (size_t i = 0; (p = orr_plane_at(i)); i++) {
        char tilt[40];
        snprintf(tilt, sizeof tilt, "%.10g arcsec", p->obliquity);
        print_row(p->name, 16, tilt, 24, p->doc);
    }
}

static void print_about_help(void);

static const struct {
    const char *name, *doc;
    void (*print)(void);
} topics[] = {
    {"scenario", "every key of a scenario; `orrery help scenario PART` or KEY: some of them", NULL},
    {"units", "the units of values", print_units},
    {"dates", "how dates are written, and their scales", print_dates},
    {"planes", "the planes that have a name", print_planes},
    {"exit-codes", "what the program returns", print_exit_codes},
    {"help", "this", print_about_help},
};

enum { N_TOPICS = sizeof topics / sizeof *topics };

static void print_about_help(void)
{
    puts("usage: orrery help [COMMAND | TOPIC]\n\n"
         "`orrery help COMMAND` explains a command and its options, as `orrery COMMAND --help` "
         "does.\n"
         "Values have their help where they are named: `orrery list` (integrators, forces,\n"
         "generators, quantities, scenarios), `orrery list NAME` for one of them.\n\ntopics:");
    for (size_t k = 0; k < N_TOPICS; k++)
        print_row(topics[k].name, 12, "", 0, topics[k].doc);
}

size_t topic_names(const char **names, size_t most)
{
    size_t n = 0;
    for (size_t k = 0; k < N_TOPICS && n < most; k++)
        names[n++] = topics[k].name;
    return n;
}

bool print_topic(char **words, int n, exit_code *code)
{
    *code = EXIT_OK;
    for (size_t k = 0; k < N_TOPICS; k++)
        if (strcmp(words[0], topics[k].name) == 0) {
            if (topics[k].print)
                topics[k].print();
            else
                *code = print_scenario_help(words + 1, n - 1);
            return true;
        }
    return false;
}

/* ---- commands ---- */

void print_overview(FILE *out)
{
    fputs("usage: orrery COMMAND [options] ...\n\n"
          "Simulates orbits: a scenario file in, an HDF5 file out.\n\ncommands:\n",
          out);
    for (const command *const *c = all_commands; *c; c++)
        fprintf(out, "  %-9s %s\n", (*c)->name, (*c)->summary);
    fputs("  help      explain a command, or a topic: ", out);
    for (size_t k = 0; k < N_TOPICS; k++)
        fprintf(out, "%s%s", k ? ", " : "", topics[k].name);
    fputs("\n  version   which version, made how\n\n"
          "start here:\n"
          "  orrery list scenarios        what comes with it\n"
          "  orrery run solar-system      one of them\n"
          "  orrery help run              the options of a command\n"
          "  orrery help scenario         what can stand in a scenario\n\n",
          out);
    print_exit_line(out);
}

void print_help(const command *c)
{
    printf("usage: orrery %s\n\n%s\n", c->usage, c->help);
    const option_doc *o = next_option(c, NULL);
    if (!o)
        return;
    puts("\noptions:");
    for (; o; o = next_option(c, o)) {
        char left[64];
        int n = o->letter ? snprintf(left, sizeof left, "-%c, ", o->letter)
                          : snprintf(left, sizeof left, "    ");
        n += snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", o->name, o->value ? " " : "",
                      o->value ? o->value : "");
        printf("  %-26s ", left);
        print_wrapped(o->doc, n > 27 ? n + 3 : 29, 29);
    }
}

void print_version(void)
{
    orr_build b = orr_build_info();
    char libraries[120];
    printf("orrery %s (commit %s, %s, kernels: %s)\n", b.version, b.commit, b.compiler, orr_isa());
    printf("  flags      %s\n", b.flags);
    printf("  libraries  %s\n", orr_io_libraries(libraries, sizeof libraries));
    printf("  threads    %ld by default (--threads)\n", sysconf(_SC_NPROCESSORS_ONLN));
    printf("  gallery    %s\n", gallery_folder() ? gallery_folder() : "not installed");
}
