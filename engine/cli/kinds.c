/* kinds.c - a command was given the wrong kind of file: what it is, and which command takes it. */
#include "io/kinds.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io/suggest.h"

/* "sun.h5.checkpoint" -> "sun.h5", "sun.yaml" -> "sun". */
static void without_ending(const char *path, char out[1024])
{
    snprintf(out, 1024, "%s", path);
    char *dot = strrchr(out, '.'), *slash = strrchr(out, '/');
    if (dot && dot > out && (!slash || dot > slash + 1))
        *dot = 0;
}

static void advise_scenario(const char *path, orr_diagnosis *why)
{
    char stem[1024], output[1100];
    without_ending(path, stem);
    snprintf(output, sizeof output, "%s.h5", stem);
    if (access(output, F_OK) == 0)
        snprintf(why->hint, sizeof why->hint, "did you mean '%.200s'?", output);
    else
        snprintf(why->hint, sizeof why->hint,
                 "`orrery run %.200s` runs it, and writes an output file", path);
}

/* Which command takes it. */
static void advise(orr_file_kind kind, const char *path, orr_diagnosis *why)
{
    char stem[1024];
    without_ending(path, stem);
    switch (kind) {
    case ORR_FILE_OUTPUT:
        snprintf(why->hint, sizeof why->hint,
                 "`orrery info %.100s` tells what is in it; `orrery view`, `plot`, `rerun` and "
                 "`export` take it, too",
                 path);
        return;
    case ORR_FILE_SCENARIO:
        advise_scenario(path, why);
        return;
    case ORR_FILE_CHECKPOINT:
        snprintf(why->hint, sizeof why->hint, "`orrery resume %.200s` goes on from it", stem);
        return;
    case ORR_FILE_TABLE:
        snprintf(
            why->hint, sizeof why->hint,
            "a scenario takes tables in: groups: [ { table: %.200s, around: Sun, role: test } ]",
            path);
        return;
    case ORR_FILE_FOLDER:
        snprintf(why->hint, sizeof why->hint, "name a file in it: %.200s/...", path);
        return;
    case ORR_FILE_EMPTY:
    case ORR_FILE_TEXT:
        snprintf(why->hint, sizeof why->hint,
                 "`orrery new NAME` writes a scenario to start from; `orrery run` makes an output "
                 "file of it");
        return;
    default:
        return;
    }
}

bool suggest_file(const char *missing, const char *ending, char *hint, size_t size)
{
    enum { MOST = 400 };
    static char names[MOST][256];
    const char *list[MOST], *slash = strrchr(missing, '/');
    char folder[1024] = ".";
    size_t n = 0, e = strlen(ending);
    if (slash)
        snprintf(folder, sizeof folder, "%.*s/", (int)(slash - missing), missing);
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && n < MOST && (entry = readdir(dir))) {
        size_t length = strlen(entry->d_name);
        if (length <= e || strcmp(entry->d_name + length - e, ending) != 0)
            continue;
        snprintf(names[n], sizeof names[n], "%.*s", (int)(length - e), entry->d_name);
        list[n] = names[n];
        n++;
    }
    if (dir)
        closedir(dir);
    char bare[256];
    snprintf(bare, sizeof bare, "%s", slash ? slash + 1 : missing);
    size_t length = strlen(bare);
    if (length > e && strcmp(bare + length - e, ending) == 0)
        bare[length - e] = 0;
    const char *near = orr_nearest(bare, list, n);
    if (near)
        snprintf(hint, size, "did you mean '%s%.200s%s'?", slash ? folder : "", near, ending);
    return near != NULL;
}

/* An output file that is not there; `resume` may do with its checkpoint. */
static bool is_there(const arguments *a, const char *path)
{
    char checkpoint[4200];
    snprintf(checkpoint, sizeof checkpoint, "%.4096s.checkpoint", path);
    if (given(a, "checkpoint") || access(checkpoint, F_OK) == 0)
        return true;
    orr_diagnosis why = {.text = "there is no such file"};
    snprintf(why.file, sizeof why.file, "%.500s", path);
    suggest_file(path, ".h5", why.hint, sizeof why.hint);
    print_diagnosis(&why);
    return false;
}

/* A file that is damaged is left to its reader, and so is a scenario that may be of the gallery. */
bool is_right_kind(const command *c, const arguments *a, const char *path)
{
    const char *what;
    if (c->takes == TAKES_WORDS)
        return true;
    orr_file_kind kind = orr_kind_of_file(path, &what);
    if (kind == ORR_FILE_MISSING && c->takes == TAKES_OUTPUT)
        return is_there(a, path);
    bool scenario = c->takes != TAKES_OUTPUT, output = c->takes != TAKES_SCENARIO;
    if (kind == ORR_FILE_UNKNOWN || kind == ORR_FILE_SPECIAL || kind == ORR_FILE_MISSING ||
        (scenario && kind == ORR_FILE_SCENARIO) || (output && kind == ORR_FILE_OUTPUT))
        return true;
    size_t length = strlen(path);
    if (scenario && length > 5 &&
        (strcmp(path + length - 5, ".yaml") == 0 || strcmp(path + length - 4, ".yml") == 0) &&
        (kind == ORR_FILE_TEXT || kind == ORR_FILE_TABLE || kind == ORR_FILE_EMPTY))
        return true; /* what is wrong with it is said line by line */
    orr_diagnosis why = {0};
    snprintf(why.file, sizeof why.file, "%.500s", path);
    snprintf(why.text, sizeof why.text, "this is %s, not %s", what,
             scenario && output ? "a scenario or an output file"
             : scenario         ? "a scenario"
                                : "the output file of a run");
    advise(kind, path, &why);
    print_diagnosis(&why);
    return false;
}
