/* cmd_new.c - `orrery new`: a commented scenario to start from. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const char starter[] =
    "# A star, a planet and its moon. Change what you like; `orrery check %s` tells what it "
    "means.\n"
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
    "output: { file: %s.h5, every: 1 day }\n"
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
    "  - { quantity: a, of: Planet, around: Star, value: 1 au, within: 0.01 au }\n";

static exit_code cannot(const char *path)
{
    print_error(
        errno == EEXIST ? "'%s' exists already and is left as it is" : "cannot write '%s': %s",
        path, strerror(errno));
    return EXIT_FILES;
}

static exit_code copy(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wxb") : NULL;
    exit_code code = out ? EXIT_OK : cannot(in ? to : from);
    char buffer[65536];
    for (size_t n; code == EXIT_OK && (n = fread(buffer, 1, sizeof buffer, in)) > 0;)
        if (fwrite(buffer, 1, n, out) != n)
            code = cannot(to);
    if (in)
        fclose(in);
    if (out && fclose(out) != 0 && code == EXIT_OK)
        code = cannot(to);
    return code;
}

static exit_code from_gallery(const char *name, const char *path)
{
    char source[4400], table[4400], beside[200];
    const char *folder = gallery_folder();
    snprintf(source, sizeof source, "%s/%.100s.yaml", folder ? folder : ".", name);
    if (access(source, R_OK) != 0) {
        const char *near = nearest_in_gallery(name);
        print_error("there is no scenario '%s' in the gallery; %s%s%s", name,
                    near ? "did you mean '" : "`orrery list scenarios` shows it", near ? near : "",
                    near ? "'?" : "");
        return EXIT_USAGE;
    }
    exit_code code = copy(source, path);
    static const char *const endings[] = {"csv", "dat", "txt"}; /* its tables and catalogues */
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        snprintf(table, sizeof table, "%s/%.100s.%s", folder, name, endings[k]);
        snprintf(beside, sizeof beside, "%.100s.%s", name, endings[k]);
        if (code == EXIT_OK && access(table, R_OK) == 0 && access(beside, F_OK) != 0)
            code = copy(table, beside);
    }
    return code;
}

static exit_code run(const arguments *a)
{
    char name[240], path[256];
    snprintf(name, sizeof name, "%.200s", a->words[0]);
    size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
        name[length - 5] = 0;
    snprintf(path, sizeof path, "%s.yaml", name);
    exit_code code = EXIT_OK;
    if (given(a, "from")) {
        code = from_gallery(value_of(a, "from"), path);
    } else {
        FILE *out = fopen(path, "wx");
        if (!out)
            return cannot(path);
        const char *slash = strrchr(name, '/');
        fprintf(out, starter, path, slash ? slash + 1 : name);
        if (fclose(out) != 0)
            code = cannot(path);
    }
    if (code == EXIT_OK)
        print_text("wrote %s; next: orrery check %s, orrery run %s\n", path, path, path);
    return code;
}

static const option_doc options[] = {{0, "from", "SCENARIO", "copy one of the gallery instead"},
                                     {0}};

const command command_new = {
    .name = "new",
    .summary = "write a commented scenario to start from",
    .usage = "new [--from SCENARIO] NAME",
    .help = "Writes NAME.yaml; never over an existing file.",
    .options = options,
    .least_words = 1,
    .most_words = 1,
    .run = run,
};
