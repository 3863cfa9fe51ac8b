/* plugin.c - forces from shared libraries.  They stay loaded until the program ends, since
 * simulations may still use them. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* A path is relative to the scenario's folder; with a slash, so that no system library is found. */
static void locate(const char *scenario, const char *path, char out[4200])
{
    const char *slash = strrchr(scenario, '/');
    int folder = slash ? (int)(slash - scenario) : 0;
    if (*path == '/')
        snprintf(out, 4200, "%.4000s", path);
    else if (folder)
        snprintf(out, 4200, "%.*s/%.2000s", folder < 2000 ? folder : 2000, scenario, path);
    else
        snprintf(out, 4200, "./%.4000s", path);
}

/* A plugin may call orr_...(): where this library itself was opened for one caller only (dlopen(),
 * Python), its names are shown to those who come later.  The program shows its names already; of it
 * nothing is found here. */
static void show_own_names(void)
{
    static const char here = 0;
    Dl_info self;
    void *own = dladdr(&here, &self) && self.dli_fname
                    ? dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL)
                    : NULL;
    if (own)
        dlclose(own);
}

const orr_force *orr_plugin_open(const char *scenario, const char *path, char *why, size_t size)
{
    char file[4200];
    locate(scenario, path, file);
    show_own_names();
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(why, size, "the plugin does not load: %.300s", dlerror());
        return NULL;
    }
    const int *version = dlsym(library, "orrery_force_version");
    const orr_force *force = dlsym(library, "orrery_force");
    if (!version || !force)
        snprintf(why, size, "'%.200s' is no force: it lacks the symbol '%s'", path,
                 version ? "orrery_force" : "orrery_force_version");
    else if (*version != ORR_FORCE_VERSION)
        snprintf(
            why, size,
            "'%.200s' was built for version %d of the force contract, this program has %d; build "
            "it anew",
            path, *version, ORR_FORCE_VERSION);
    else if (!force->name || !force->add || !force->fields ||
             (force->traits & ORR_CONSERVATIVE && !force->energy) ||
             force->traits & ORR_SELF_GRAVITY)
        snprintf(
            why, size,
            "'%.200s' is no whole force: it needs name, fields, add(), energy() if conservative, "
            "and cannot be the gravity",
            path);
    else
        return force;
    dlclose(library);
    return NULL;
}
