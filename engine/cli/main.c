/* main.c - `orrery COMMAND ...`, in the manner of git. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "guard.h"
#include "io/kinds.h"
#include "io/suggest.h"

#define ORR_COMMAND(name) extern const command command_##name;
#include "commands/commands.def"
#undef ORR_COMMAND

const command *const all_commands[] = {
#define ORR_COMMAND(name) &command_##name,
#include "commands/commands.def"
#undef ORR_COMMAND
    NULL};

enum { N_COMMANDS = sizeof all_commands / sizeof *all_commands - 1, MOST_OPTIONS = 32 };

static const command *find(const char *name, bool help)
{
    for (int k = 0; k < N_COMMANDS; k++)
        if (strcmp(all_commands[k]->name, name) == 0)
            return all_commands[k];
    const char *names[N_COMMANDS + 32];
    size_t n = 0;
    for (; n < N_COMMANDS; n++)
        names[n] = all_commands[n]->name;
    names[n++] = "help";
    names[n++] = "version";
    n += help ? topic_names(names + n, 30) : 0;
    char hint[400];
    const char *what;
    orr_file_kind kind = orr_kind_of_file(name, &what);
    if (kind == ORR_FILE_SCENARIO || kind == ORR_FILE_OUTPUT)
        snprintf(hint, sizeof hint, "it is %s: did you mean 'orrery %s %.200s'?", what,
                 kind == ORR_FILE_SCENARIO ? "run" : "info", name);
    else
        orr_suggest(name, names, n, hint, sizeof hint);
    print_error("there is no command%s '%s'; %s", help ? " or topic" : "", name, hint);
    return NULL;
}

bool given(const arguments *a, const char *option)
{
    return value_of(a, option) != NULL;
}

const char *value_of(const arguments *a, const char *option)
{
    for (int k = a->n_given - 1; k >= 0; k--)
        if (strcmp(a->options[a->given[k]].name, option) == 0)
            return a->values[k];
    return NULL;
}

static exit_code unknown_option(const command *c, const char *text)
{
    const char *names[MOST_OPTIONS];
    size_t n = 0;
    for (const option_doc *o = c->options; o->name && n < MOST_OPTIONS; o++)
        names[n++] = o->name;
    char bare[64], hint[300];
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text + strspn(text, "-"), "="),
             text + strspn(text, "-"));
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
static bool may_be_given(const arguments *a, int index, const char *value)
{
    for (int k = 0; k < a->n_given; k++)
        if (a->given[k] == index && strcmp(a->options[index].name, "set") != 0 &&
            strcmp(a->values[k], value) != 0)
            return false;
    return true;
}

static exit_code parse(const command *c, int argc, char **argv, arguments *a)
{
    struct option longs[MOST_OPTIONS + 1] = {{0}};
    char letters[2 * MOST_OPTIONS + 2] = ":";
    int n = 0;
    for (const option_doc *o = c->options; o->name && n < MOST_OPTIONS; o++, n++) {
        longs[n] = (struct option){o->name,
                                   !o->value          ? no_argument
                                   : *o->value == '[' ? optional_argument
                                                      : required_argument,
                                   NULL, 256 + n};
        if (o->letter)
            snprintf(letters + strlen(letters), 4, "%c%s", o->letter, o->value ? ":" : "");
    }
    opterr = 0;
    optind = 0; /* glibc: from the start */
    for (;;) {
        int at = optind ? optind : 1, code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            break;
        if (code == ':') {
            print_error("option '%s' needs a value; see 'orrery help %s'", argv[optind - 1],
                        c->name);
            return EXIT_USAGE;
        }
        if (code == '?')
            return unknown_option(c, argv[optind > at ? optind - 1 : at]);
        int index = code - 256;
        for (int k = 0; code < 256 && k < n; k++)
            if (c->options[k].letter == code)
                index = k;
        if (a->n_given == MOST_VALUES) {
            print_error("too many options");
            return EXIT_USAGE;
        }
        const char *kind = c->options[index].value;
        if (!optarg && kind && *kind == '[' && optind < argc && is_value(argv[optind]))
            optarg = argv[optind++];
        if (!may_be_given(a, index, optarg ? optarg : "")) {
            print_error("option '--%s' is given twice, as '%s' and as '%s'", c->options[index].name,
                        value_of(a, c->options[index].name), optarg ? optarg : "");
            return EXIT_USAGE;
        }
        a->given[a->n_given] = index;
        a->values[a->n_given++] = optarg ? optarg : "";
    }
    a->words = argv + optind;
    a->n_words = argc - optind;
    if (a->n_words >= c->least_words && a->n_words <= c->most_words)
        return EXIT_OK;
    if (a->n_words < c->least_words)
        print_error("something is missing: usage: orrery %s", c->usage);
    else
        print_error("'%s' is too much: usage: orrery %s", a->words[c->most_words], c->usage);
    return EXIT_USAGE;
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* `orrery run my.yaml --help` */
static bool asks_for_help(int argc, char **argv)
{
    for (int k = 2; k < argc && strcmp(argv[k], "--") != 0; k++)
        if (is_one_of(argv[k], "--help", "-h", "-help"))
            return true;
    return false;
}

int main(int argc, char **argv)
{
    guard_against_damaged_files();
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error code, not a signal; */
    signal(SIGPIPE, SIG_IGN); /* so is a reader of our output that went away */
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (is_one_of(name, "--version", "-V", "version")) {
        print_version();
        return EXIT_OK;
    }
    bool help = is_one_of(name, "help", "--help", "-h");
    if (help && argc < 3) {
        print_overview(stdout);
        return EXIT_OK;
    }
    exit_code code;
    if (help && print_topic(argv + 2, argc - 2, &code))
        return (int)code;
    const command *c = find(help ? argv[2] : name, help);
    if (!c)
        return EXIT_USAGE;
    if (help || asks_for_help(argc, argv)) {
        print_help(c);
        return EXIT_OK;
    }
    arguments a = {.options = c->options};
    for (int k = 0; k < argc; k++) {
        size_t used = strlen(a.command_line);
        snprintf(a.command_line + used, sizeof a.command_line - used, "%s%s", k ? " " : "",
                 argv[k]);
    }
    code = parse(c, argc - 1, argv + 1, &a);
    for (int k = 0; k < a.n_words && code == EXIT_OK; k++)
        code = is_right_kind(c, &a, a.words[k]) ? EXIT_OK : EXIT_FILES;
    if (code == EXIT_OK)
        code = c->run(&a);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (code == EXIT_OK)
            code = EXIT_FILES;
    }
    return (int)code;
}
