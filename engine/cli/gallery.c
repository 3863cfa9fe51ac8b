/* gallery.c - the scenarios that come with the program, and loading one by name. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "io/suggest.h"
#include "progress.h"

const char *gallery_folder(void)
{
    static char folder[4200];
    if (*folder)
        return folder;
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = 0;
    snprintf(folder, sizeof folder, "%s/../share/orrery/scenarios", self);
    if (access(folder, R_OK) == 0)
        return folder;
    snprintf(folder, sizeof folder, "%s", ORR_SOURCE_SCENARIOS); /* a build tree */
    if (access(folder, R_OK) == 0)
        return folder;
    *folder = 0;
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Of a folder of the gallery ("" or "lessons/"), appended to the names. */
static size_t add_names(const char *sub, char names[][64], size_t n, size_t most)
{
    char path[4400];
    const char *folder = gallery_folder();
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "", sub);
    DIR *dir = folder ? opendir(path) : NULL;
    struct dirent *entry;
    while (dir && n < most && (entry = readdir(dir))) {
        size_t length = strlen(entry->d_name), room = 63 - strlen(sub);
        if (length > 5 && length < room && strcmp(entry->d_name + length - 5, ".yaml") == 0)
            snprintf(names[n++], 64, "%s%.*s", sub, (int)length - 5, entry->d_name);
    }
    if (dir)
        closedir(dir);
    return n;
}

size_t gallery_names(char names[][64], size_t most)
{
    size_t first = add_names("", names, 0, most), n = add_names("lessons/", names, first, most);
    qsort(names, first, sizeof *names, by_name);
    qsort(names + first, n - first, sizeof *names, by_name);
    return n;
}

const char *nearest_in_gallery(const char *name)
{
    static char names[256][64];
    const char *list[256];
    size_t n = gallery_names(names, 256);
    for (size_t k = 0; k < n; k++)
        list[k] = names[k];
    const char *slash = strrchr(name, '/');
    char bare[256];
    snprintf(bare, sizeof bare, "%s", slash ? slash + 1 : name);
    char *dot = strrchr(bare, '.');
    if (dot)
        *dot = 0;
    return orr_nearest(bare, list, n);
}

static void suggest_from_gallery(const char *name, orr_diagnosis *why)
{
    const char *near = nearest_in_gallery(name);
    if (near)
        snprintf(why->hint, sizeof why->hint, "did you mean '%s', from the gallery?", near);
    else if (!suggest_file(name, ".yaml", why->hint, sizeof why->hint))
        snprintf(
            why->hint, sizeof why->hint,
            "`orrery list scenarios` shows what comes with it; `orrery new NAME` starts a new one");
}

orr_scenario_changes changes_of(const arguments *a, const char **sets)
{
    static char now[64];
    orr_scenario_changes changes = {
        .set = sets, .until = value_of(a, "until"), .allow_plugins = given(a, "allow-plugins")};
    if (changes.until)
        changes.until = or_today(changes.until, now);
    changes.n_set = settings_of(a, sets);
    return changes;
}

orr_status load_member(const arguments *a, const orr_scenario *s, size_t k, orr_scenario *out,
                       orr_diagnosis *why)
{
    const char *sets[MOST_VALUES];
    orr_scenario_changes changes = changes_of(a, sets);
    return orr_scenario_member(s, k, &changes, out, why);
}

exit_code load_scenario(const arguments *a, const char *name, orr_scenario *out)
{
    const char *sets[MOST_VALUES];
    orr_scenario_changes changes = changes_of(a, sets);
    char path[4400];
    snprintf(path, sizeof path, "%s", name);
    bool may_be_ours = !strchr(name, '/') || strncmp(name, "lessons/", 8) == 0;
    if (access(name, F_OK) != 0 && may_be_ours && gallery_folder()) {
        snprintf(path, sizeof path, "%s/%.100s.yaml", gallery_folder(), name);
        if (access(path, F_OK) != 0)
            snprintf(path, sizeof path, "%s", name);
    }
    orr_diagnosis why;
    progress shown = loading_begin(given(a, "quiet") || given(a, "json"));
    changes.progress = progress_loading;
    changes.progress_user = &shown;
    orr_status status = orr_scenario_load(path, &changes, out, &why);
    progress_end(&shown);
    if (status == ORR_OK) {
        if (!given(a, "quiet"))
            print_notes(out);
        return EXIT_OK;
    }
    if (access(path, F_OK) != 0)
        suggest_from_gallery(name, &why);
    print_diagnosis(&why);
    return status == ORR_E_FILE ? EXIT_FILES : EXIT_SCENARIO;
}
