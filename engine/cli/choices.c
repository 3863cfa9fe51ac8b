/* choices.c - values of options that are words or names: what was meant, or what there is. */
#include <string.h>

#include "cli.h"
#include "io/suggest.h"

void no_such(const char *option, const char *what, const char *text, const char *const *names,
             size_t n)
{
    char hint[400];
    orr_suggest(text, names, n, hint, sizeof hint);
    print_error("--%s: there is no %s '%s'; %s", option, what, text, hint);
}

bool parse_word(const char *option, const char *text, const char *const *words, size_t n,
                size_t *out)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(text, words[k]) == 0) {
            *out = k;
            return true;
        }
    no_such(option, "choice", text, words, n);
    return false;
}

const orr_integrator *find_method(const char *option, const char *name)
{
    enum { MOST = 128 };
    const char *names[MOST];
    size_t n = 0;
    const orr_integrator *found = orr_integrator_find(name);
    for (; n < MOST && orr_integrator_at(n); n++)
        names[n] = orr_integrator_at(n)->name;
    if (!found)
        no_such(option, "method", name, names, n);
    return found;
}
