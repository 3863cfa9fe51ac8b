/* cmd_new.c - `orrery new`: a commented scenario to start from. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/quoting.h"
#include "cli/whole_file.h"

/* Before and after the name of the output file. */
static const char *const starter[] = {
    "# A star, a planet and its moon. Change what you like; `orrery check` tells what it means.\n"
    "title: My first system\n"
    "\n"
    "# Bare numbers are in these units; any value may carry its own, such as 384400 km; angles\n"
    "# always do, such as 5 deg.\n"
    "units: { length: au, mass: Msun, time: day }\n"
    "\n"
    "# How to move: `orrery list integrators` shows what there is.\n"
    "integrator: { method: leapfrog, step: 0.1 day }\n"
    "\n"
    "# How long, and what to write: positions every day, energies every day.\n"
    "run: { to: 10 yr }\n"
    "output: { file: ",
    ", every: 1 day }\n"
    "\n"
    "bodies:\n"
    "  - { name: Star, mass: 1 Msun }\n"
    "  - name: Planet\n"
    "    mass: 1 Mearth\n"
    "    orbit: { around: Star, a: 1 au, e: 0.0167, M: 90 deg }\n"
    "  - name: Moon\n"
    "    mass: 1 Mmoon\n"
    "    orbit: { around: Planet, a: 384400 km, e: 0.055, i: 5 deg }\n"
    "\n"
    "# Put the centre of mass at the origin, at rest, so that the system does not wander off.\n"
    "recenter: true\n"
    "\n"
    "# Expectations turn a scenario into a test: `orrery run` fails if one is missed.\n"
    "expect:\n"
    "  - { quantity: energy_error, below: 1e-6 }\n"
    "  - { quantity: a, of: Planet, around: Star, value: 1 au, within: 0.01 au }\n"};

static exit_code copy(const char *from, const char *to)
{
    whole_file file;
    FILE *in = fopen(from, "rb");
    if (!in) {
        print_error("cannot read '%s': %s", from, strerror(errno));
        return EXIT_FILES;
    }
    bool good = whole_file_begin(&file, to, false);
    if (good) {
        char buffer[65536];
        for (size_t n; (n = fread(buffer, 1, sizeof buffer, in)) > 0;)
            fwrite(buffer, 1, n, file.out);
        if (ferror(in))
            print_error("cannot read '%s': %s", from, strerror(errno));
        good = whole_file_end(&file, !ferror(in));
    }
    fclose(in);
    return good ? EXIT_OK : EXIT_FILES;
}

/* A table or catalogue of the gallery's scenario, which looks for it beside itself. */
static exit_code copy_table(const char *source, const char *beside)
{
    if (access(beside, F_OK) != 0)
        return copy(source, beside);
    print_warning("'%s' is there already and is left as it is; the scenario reads it", beside);
    return EXIT_OK;
}

static exit_code from_gallery(const char *name, const char *path)
{
    char source[4400], table[4400], beside[4400];
    const char *folder = gallery_folder(), *slash = strrchr(path, '/');
    int there = slash ? (int)(slash + 1 - path) : 0;
    snprintf(source, sizeof source, "%s/%.100s.yaml", folder ? folder : ".", name);
    if (access(source, R_OK) != 0) {
        const char *near = nearest_in_gallery(name);
        print_error("there is no scenario '%s' in the gallery; %s%s%s", name,
                    near ? "did you mean '" : "`orrery list scenarios` shows it", near ? near : "",
                    near ? "'?" : "");
        return EXIT_USAGE;
    }
    exit_code code = copy(source, path);
    static const char *const endings[] = {"csv", "dat", "txt"};
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        snprintf(table, sizeof table, "%s/%.100s.%s", folder ? folder : ".", name, endings[k]);
        snprintf(beside, sizeof beside, "%.*s%.100s.%s", there, path, name, endings[k]);
        if (code == EXIT_OK && access(table, R_OK) == 0)
            code = copy_table(table, beside);
    }
    return code;
}

static exit_code write_starter(const char *path, const char *output)
{
    whole_file file;
    if (!whole_file_begin(&file, path, false))
        return EXIT_FILES;
    fputs(starter[0], file.out);
    orr_write_yaml(file.out, output);
    fputs(starter[1], file.out);
    return whole_file_end(&file, true) ? EXIT_OK : EXIT_FILES;
}

static exit_code run(const arguments *a)
{
    char path[4200], output[4200];
    const char *name = a->words[0], *slash = strrchr(name, '/');
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        length -= 5;
    if (length == 0 || length > 4000 || name[length - 1] == '/') {
        print_error("'%s' is no name for a file", name);
        return EXIT_USAGE;
    }
    snprintf(path, sizeof path, "%.*s.yaml", (int)length, name);
    if (access(path, F_OK) == 0) {
        print_error("'%s' exists already and is left as it is", path);
        return EXIT_FILES;
    }
    int before = slash ? (int)(slash + 1 - name) : 0;
    snprintf(output, sizeof output, "%.*s.h5", (int)length - before, name + before);
    exit_code code =
        given(a, "from") ? from_gallery(value_of(a, "from"), path) : write_starter(path, output);
    if (code == EXIT_OK)
        print_text("wrote %s; next: orrery check %s, orrery run %s\n", path, path, path);
    return code;
}

const command command_new = {
    .name = "new",
    .summary = "write a commented scenario to start from",
    .usage = "new [--from SCENARIO] NAME",
    .help = "Writes NAME.yaml; never over an existing file.",
    .least_words = 1,
    .most_words = 1,
    .run = run,
};
