/* main.c - `orrery COMMAND ...`, in the manner of git. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

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

enum { N_COMMANDS = sizeof all_commands / sizeof *all_commands - 1 };

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
    arguments a = {0};
    for (int k = 0; k < argc; k++) {
        size_t used = strlen(a.command_line);
        snprintf(a.command_line + used, sizeof a.command_line - used, "%s%s", k ? " " : "",
                 argv[k]);
    }
    code = parse_arguments(c, argc - 1, argv + 1, &a);
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
