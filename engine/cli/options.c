/* options.c - the table of options, and what a command line gives of it. */
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io/suggest.h"

enum {
#define ORR_COMMAND(name) COMMAND_##name,
#include "commands/commands.def"
#undef ORR_COMMAND
    COMMANDS
};
_Static_assert(COMMANDS <= 32, "the commands that take an option are bits of a number");

static const option_doc table[] = {
#define ON(command)                                (1u << COMMAND_##command)
#define OPTION(letter, name, value, commands, doc) {letter, name, value, commands, doc},
#include "options.def"
#undef OPTION
#undef ON
};

enum { N_OPTIONS = sizeof table / sizeof *table, LONG_OPTION = 256 /* codes: beyond letters */ };

const option_doc *next_option(const command *c, const option_doc *previous)
{
    unsigned bit = 0;
    for (int k = 0; k < COMMANDS; k++)
        bit |= all_commands[k] == c ? 1u << k : 0;
    for (const option_doc *o = previous ? previous + 1 : table; o < table + N_OPTIONS; o++)
        if (o->commands & bit)
            return o;
    return NULL;
}

/* ---- what was given ---- */

bool given(const arguments *a, const char *name)
{
    return value_of(a, name) != NULL;
}

const char *value_of(const arguments *a, const char *name)
{
    for (int k = a->n_given - 1; k >= 0; k--)
        if (strcmp(a->given[k]->name, name) == 0)
            return a->values[k];
    return NULL;
}

size_t settings_of(const arguments *a, const char *sets[MOST_VALUES])
{
    size_t n = 0;
    for (int k = 0; k < a->n_given; k++)
        if (strcmp(a->given[k]->name, "set") == 0)
            sets[n++] = a->values[k];
    return n;
}

bool give(arguments *a, const char *name, const char *value)
{
    for (const option_doc *o = table; o < table + N_OPTIONS && a->n_given < MOST_VALUES; o++)
        if (strcmp(o->name, name) == 0) {
            a->given[a->n_given] = o;
            a->values[a->n_given++] = value;
            return true;
        }
    return false;
}

/* ---- parsing ---- */

static exit_code unknown_option(const command *c, const char *text)
{
    const char *names[N_OPTIONS];
    size_t n = 0;
    for (const option_doc *o = NULL; (o = next_option(c, o));)
        names[n++] = o->name;
    char bare[64], hint[300];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text + strspn(text, "-"), "="),
             text + strspn(text, "-"));
    for (int k = 0; k < COMMANDS; k++) /* of another command: under its own name */
        for (const option_doc *o = NULL; (o = next_option(all_commands[k], o));)
            if (strcmp(o->name, bare) == 0) {
                print_error("'orrery %s' has no option '%s'; 'orrery %s' has: see 'orrery help %s'",
                            c->name, text, all_commands[k]->name, c->name);
                return EXIT_USAGE;
            }
    orr_suggest(bare, names, n, hint, sizeof hint);
    print_error("'orrery %s' has no option '%s'; %s", c->name, text, hint);
    return EXIT_USAGE;
}

/* What may stand behind an option without '=': not an option, nor a file. */
static bool is_value(const char *word)
{
    size_t length = word ? strlen(word) : 0;
    return length && *word != '-' && access(word, F_OK) != 0 &&
           !(length > 3 && strcmp(word + length - 3, ".h5") == 0);
}

/* Only --set adds up: of any other option all but one would be left out in silence. */
static bool may_be_given(const arguments *a, const option_doc *o, const char *value)
{
    for (int k = 0; k < a->n_given; k++)
        if (a->given[k] == o && strcmp(o->name, "set") != 0 && strcmp(a->values[k], value) != 0)
            return false;
    return true;
}

/* The words that are no options. */
static exit_code take_words(const command *c, arguments *a, char **words, int n)
{
    a->words = words;
    a->n_words = n;
    if (n >= c->least_words && n <= c->most_words)
        return EXIT_OK;
    if (n < c->least_words)
        print_error("something is missing: usage: orrery %s", c->usage);
    else
        print_error("'%s' is too much: usage: orrery %s", words[c->most_words], c->usage);
    return EXIT_USAGE;
}

/* An option and its value; optarg may be the next word where a value may stand. */
static exit_code take_option(arguments *a, const option_doc *o, int argc, char **argv)
{
    const char *value = optarg;
    if (a->n_given == MOST_VALUES) {
        print_error("too many options");
        return EXIT_USAGE;
    }
    if (!value && o->value && *o->value == '[' && optind < argc && is_value(argv[optind]))
        value = argv[optind++];
    value = value ? value : "";
    if (!may_be_given(a, o, value)) {
        print_error("option '--%s' is given twice, as '%s' and as '%s'", o->name,
                    value_of(a, o->name), value);
        return EXIT_USAGE;
    }
    a->given[a->n_given] = o;
    a->values[a->n_given++] = value;
    return EXIT_OK;
}

exit_code parse_arguments(const command *c, int argc, char **argv, arguments *a)
{
    struct option longs[N_OPTIONS + 1] = {{0}};
    char letters[2 * N_OPTIONS + 2] = ":";
    int n = 0;
    for (const option_doc *o = NULL; (o = next_option(c, o)); n++) {
        longs[n] = (struct option){o->name,
                                   !o->value          ? no_argument
                                   : *o->value == '[' ? optional_argument
                                                      : required_argument,
                                   NULL, LONG_OPTION + (int)(o - table)};
        if (o->letter)
            snprintf(letters + strlen(letters), 4, "%c%s", o->letter, o->value ? ":" : "");
    }
    opterr = 0;
    optind = 0; /* glibc: from the start */
    for (;;) {
        int at = optind ? optind : 1, code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            return take_words(c, a, argv + optind, argc - optind);
        if (code == ':') {
            print_error("option '%s' needs a value; see 'orrery help %s'", argv[optind - 1],
                        c->name);
            return EXIT_USAGE;
        }
        if (code == '?')
            return unknown_option(c, argv[optind > at ? optind - 1 : at]);
        const option_doc *o = code >= LONG_OPTION ? table + (code - LONG_OPTION) : NULL;
        while (code < LONG_OPTION && (o = next_option(c, o)) && o->letter != code)
            ;
        exit_code taken = take_option(a, o, argc, argv);
        if (taken != EXIT_OK)
            return taken;
    }
}
