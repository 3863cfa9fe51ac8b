/* cli.h - what the commands of the program share. */
#ifndef ORRERY_CLI_H
#define ORRERY_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <orrery/io.h>

typedef enum exit_code {
#define ORR_EXIT(name, code, text, meaning) EXIT_##name = (code),
#include "exit_codes.def"
} exit_code;

typedef struct option_doc { /* a line of options.def */
    char letter;            /* 0: none */
    const char *name;
    const char *value; /* what stands behind it, such as FILE; [LIST]: may stand; NULL for a flag */
    unsigned commands; /* bit k: number k of all_commands takes it */
    const char *doc;
} option_doc;

enum { MOST_VALUES = 64 };

typedef struct arguments {
    const option_doc *given[MOST_VALUES];
    const char *values[MOST_VALUES]; /* of option given[k]; "" of a flag */
    int n_given;
    char **words; /* what is not an option */
    int n_words;
    char command_line[4096];
} arguments;

/* What the words of a command name. */
typedef enum takes { TAKES_WORDS, TAKES_SCENARIO, TAKES_OUTPUT, TAKES_EITHER } takes;

typedef struct command {
    const char *name, *summary, *usage, *help;
    int least_words, most_words;
    takes takes;
    exit_code (*run)(const arguments *a);
} command;

/* ---- options (options.c) ---- */

/* The option of a command after `previous`, in the order of its help; NULL: the first; no more. */
const option_doc *next_option(const command *c, const option_doc *previous);
/* What a command line says, without the name of the program; prints what is wrong. */
exit_code parse_arguments(const command *c, int argc, char **argv, arguments *a);
bool given(const arguments *a, const char *name);
const char *value_of(const arguments *a, const char *name); /* the last; NULL if not given */
/* All of --set, in their order; returns how many. */
size_t settings_of(const arguments *a, const char *sets[MOST_VALUES]);
/* As if it stood on the command line, at its end; false: there is no room. */
bool give(arguments *a, const char *name, const char *value);

/* An error in the manner of compilers, on stderr. */
void print_diagnosis(const orr_diagnosis *d);
/* At the expectation, in the file where it stands. */
void print_at_expectation(const orr_expectation *e, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What was decided where the scenario's files say nothing, and what was left out; told once. */
void print_notes(const orr_scenario *s);
/* printf() for what has names, titles or paths in it: what would steer a terminal is shown. */
void print_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool use_color(FILE *out);
/* On stdout, two blanks in, broken at 90 columns. */
void print_paragraph(const char *text);

/* One JSON object a line on stdout. */
void json_begin(const char *event);
void json_text(const char *key, const char *value);
void json_number(const char *key, double value); /* null if not finite */
void json_end(void);

/* "12.3 MB", "1 h 5 min" */
const char *human_bytes(double bytes, char buffer[32]);
const char *human_seconds(double seconds, char buffer[32]);
const char *human_short(double seconds, char buffer[32]); /* below 0.1 s in ms */

/* The date of this moment in place of the words "today" and "now", other text as it is. */
const char *or_today(const char *text, char buffer[64]);

/* The time that an option names, in units of time_si seconds after the epoch (NULL: there is none;
 * time_unit "": the problem has no units); false, and a message, if it is none. */
bool parse_time(const char *option, const char *text, double time_si, const char *time_unit,
                const orr_date *epoch, double *out);

/* The unit, the default and the choices of an option, in words (cmd_list.c). */
void field_words(const orr_field *f, char unit[64], char value[600]);

/* `orrery help`, `orrery version` (help.c) */
void print_overview(FILE *out);
void print_help(const command *c);
void print_version(void);
/* A topic that is no command; false: there is none of that name. */
bool print_topic(char **words, int n, exit_code *code);
size_t topic_names(const char **names, size_t most);
extern const command *const all_commands[]; /* ends with NULL (main.c) */

/* Where the bundled scenarios are; NULL if they are nowhere. */
const char *gallery_folder(void);
/* Names without ".yaml", sorted; returns how many. */
size_t gallery_names(char names[][64], size_t most);

/* Is the file one that the command takes?  Prints what it is where it is not (kinds.c). */
bool is_right_kind(const command *c, const arguments *a, const char *path);
/* "did you mean 'x.h5'?": a file beside the one that is missing, with this ending. */
bool suggest_file(const char *missing, const char *ending, char *hint, size_t size);

/* Read the scenario named by a path or, failing that, from the gallery; prints what is wrong. */
exit_code load_scenario(const arguments *a, const char *name, orr_scenario *out);

/* What the options change of it; sets has room for MOST_VALUES. */
orr_scenario_changes changes_of(const arguments *a, const char **sets);

/* Member k of an ensemble that load_scenario() read. */
orr_status load_member(const arguments *a, const orr_scenario *s, size_t k, orr_scenario *out,
                       orr_diagnosis *why);

/* Open an output file, and say what is wrong with it: an error (false), or that it is not all of
 * its run. */
bool open_run(const char *path, orr_reader **out);

/* What --output says, or the source's name with another ending. */
void output_beside(const arguments *a, const char *source, const char *ending, char path[4200]);

/* May that file be replaced at all, whatever --force says?  Not if the command reads it (source, or
 * one of the inputs, which may be NULL), if a run is writing it, or if it is no file.  Prints what
 * is wrong. */
bool may_replace(const char *path, const char *source, const orr_input *inputs);

/* The one that was meant; NULL: none is near. */
const char *nearest_in_gallery(const char *name);

/* "--option: there is no what 'text'; did you mean ...?" (choices.c) */
void no_such(const char *option, const char *what, const char *text, const char *const *names,
             size_t n);
/* One of these words; *out is its index. */
bool parse_word(const char *option, const char *text, const char *const *words, size_t n,
                size_t *out);
/* NULL, with a word, if there is no integrator of this name. */
const orr_integrator *find_method(const char *option, const char *name);

/* Parse a whole number; prints an error naming the option. */
bool parse_count(const char *option, const char *text, long least, long most, long *out);

#endif
