/* settings.c - see settings.h: lines "name value".  Only what belongs to the screen and the eyes
 * before it is kept; what is shown of one scenario says nothing about the next. */
#include "settings.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum kind { FLAG, NUMBER, COUNT } kind;

static const struct {
    const char *name;
    kind kind;
    size_t offset;
    double least, most;
} table[] = {{"paper", FLAG, offsetof(settings, light), 0, 1},
             {"fullscreen", FLAG, offsetof(settings, fullscreen), 0, 1},
             {"font-size", NUMBER, offsetof(settings, font_size), 8, 60},
             {"width", COUNT, offsetof(settings, width), 200, 16384},
             {"height", COUNT, offsetof(settings, height), 150, 16384}};
enum { ROWS = sizeof table / sizeof *table };

settings settings_default(void)
{
    return (settings){.trails = true,
                      .orbits = true,
                      .labels = true,
                      .graphs = true,
                      .trail_orbits = 0.7,
                      .font_size = 15,
                      .width = 1280,
                      .height = 800};
}

static double get(const settings *s, int row)
{
    const char *at = (const char *)s + table[row].offset;
    return table[row].kind == FLAG    ? *(const bool *)at
           : table[row].kind == COUNT ? *(const int *)at
                                      : *(const double *)at;
}

static void set(settings *s, int row, double value)
{
    char *at = (char *)s + table[row].offset;
    if (!(value >= table[row].least && value <= table[row].most))
        return;
    if (table[row].kind == FLAG)
        *(bool *)at = value != 0;
    else if (table[row].kind == COUNT)
        *(int *)at = (int)value;
    else
        *(double *)at = value;
}

/* False: there is no home.  `make`: the folders, too. */
static bool find_path(char path[4200], bool make)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/')
        snprintf(path, 4200, "%.4000s", state);
    else if (home && *home == '/')
        snprintf(path, 4200, "%.4000s/.local/state", home);
    else
        return false;
    strcat(path, "/orrery/");
    for (char *p = path + 1; make && *p; p++)
        if (*p == '/') {
            *p = 0;
            mkdir(path, 0755);
            *p = '/';
        }
    strcat(path, "viewer");
    return true;
}

void settings_load(settings *s)
{
    char path[4200], name[32];
    double value;
    FILE *in = find_path(path, false) ? fopen(path, "r") : NULL;
    while (in && fscanf(in, "%31s %lf", name, &value) == 2)
        for (int k = 0; k < ROWS; k++)
            if (strcmp(name, table[k].name) == 0)
                set(s, k, value);
    if (in)
        fclose(in);
}

settings settings_changed(const settings *loaded, const settings *begun, const settings *now)
{
    settings kept = *loaded;
    for (int k = 0; k < ROWS; k++)
        if (get(begun, k) != get(now, k))
            set(&kept, k, get(now, k));
    return kept;
}

void settings_forget(void)
{
    char path[4200];
    if (find_path(path, false))
        (void)unlink(path); /* it may not be there */
}

bool settings_save(const settings *s)
{
    char path[4200], fresh[4220];
    if (!find_path(path, true))
        return false;
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *out = fopen(fresh, "w");
    if (!out)
        return false;
    for (int k = 0; k < ROWS; k++)
        fprintf(out, "%s %.17g\n", table[k].name, get(s, k));
    bool good = !ferror(out);
    good = fclose(out) == 0 && good && rename(fresh, path) == 0;
    if (!good)
        unlink(fresh);
    return good;
}
