#include "suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 63 };

/* Other words for a name, with blanks between. */
static const struct {
    const char *name, *words;
} synonyms[] = {
#define ORR_SYNONYM(name, words) {name, words},
#include "synonyms.def"
};

/* ---- the same name in another spelling, or another word for it ---- */

/* In lower case, without blanks, hyphens, underscores and points. */
static void simplify(const char *text, char out[LONGEST + 1])
{
    size_t n = 0;
    for (; *text && n < LONGEST; text++)
        if (!strchr(" -_.", *text))
            out[n++] = (char)tolower((unsigned char)*text);
    out[n] = 0;
}

/* Without the s of a plural. */
static void make_singular(char *word)
{
    size_t length = strlen(word);
    if (length > 2 && word[length - 1] == 's')
        word[length - 1] = 0;
}

static bool holds_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = words; length && (p = strstr(p, word)); p++)
        if ((p == words || p[-1] == ' ') && (p[length] == ' ' || p[length] == 0))
            return true;
    return false;
}

/* May `target` stand where names may?  "km/s" may where km may. */
static const char *allowed(const char *target, const char *const *names, size_t n)
{
    size_t head = strcspn(target, "/");
    for (size_t k = 0; k < n; k++)
        if (strncmp(names[k], target, head) == 0 && names[k][head] == 0)
            return target[head] ? target : names[k];
    return NULL;
}

static const char *by_spelling(const char *simple, const char *const *names, size_t n)
{
    char name[LONGEST + 1];
    for (size_t k = 0; k < n; k++) {
        simplify(names[k], name);
        make_singular(name);
        if (*name && strcmp(simple, name) == 0)
            return names[k];
    }
    return NULL;
}

static const char *by_meaning(const char *word, const char *const *names, size_t n)
{
    for (size_t k = 0; k < sizeof synonyms / sizeof *synonyms; k++) {
        const char *name =
            holds_word(synonyms[k].words, word) ? allowed(synonyms[k].name, names, n) : NULL;
        if (name)
            return name;
    }
    return NULL;
}

/* The only name that begins or ends with it, as lessons/1-kepler does with 1-kepler. */
static const char *by_part(const char *wrong, const char *const *names, size_t n)
{
    size_t length = strlen(wrong);
    const char *found = NULL;
    for (size_t k = 0; length > 2 && k < n; k++) {
        size_t longer = strlen(names[k]);
        if (longer <= length || (strncmp(names[k], wrong, length) != 0 &&
                                 strcmp(names[k] + longer - length, wrong) != 0))
            continue;
        if (found)
            return NULL;
        found = names[k];
    }
    size_t head = strcspn(wrong, "-_");
    for (size_t k = 0; wrong[head] && head > 2 && !found && k < n; k++) /* output-file: output */
        if (strlen(names[k]) == head && strncmp(names[k], wrong, head) == 0)
            found = names[k];
    return found;
}

/* ---- a slip of the pen ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance (Damerau 1964, doi 10.1145/363958.363994), case counting half as
 * much as another letter, in half units. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return 1000;
    size_t d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = 2 * i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = 2 * j;
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++) {
            char x = a[i - 1], y = b[j - 1];
            size_t change = x == y ? 0
                            : tolower((unsigned char)x) == tolower((unsigned char)y) ||
                                    ((x == '-' || x == '_') && (y == '-' || y == '_'))
                                ? 1
                                : 2;
            d[i][j] = least(d[i - 1][j - 1] + change, least(d[i - 1][j], d[i][j - 1]) + 2);
            if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y)
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 2);
        }
    return d[n][m];
}

/* The nearest; of several the one that begins in the same way. */
static const char *by_letters(const char *wrong, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least_distance = 1000;
    for (size_t k = 0; k < n; k++) {
        size_t d = distance(wrong, names[k]);
        bool better = d < least_distance ||
                      (d == least_distance && best && *names[k] == *wrong && *best != *wrong);
        if (better) {
            least_distance = d;
            best = names[k];
        }
    }
    size_t length = strlen(wrong);
    bool near = least_distance <= 2 * ((length + 2) / 3) && least_distance < 2 * length;
    return near ? best : NULL;
}

const char *orr_nearest(const char *wrong, const char *const *names, size_t n)
{
    char simple[LONGEST + 1], singular[LONGEST + 1];
    simplify(wrong, simple);
    simplify(wrong, singular);
    make_singular(singular);
    const char *found = by_spelling(singular, names, n);
    found = found ? found : by_meaning(simple, names, n);
    found = found ? found : by_meaning(singular, names, n);
    found = found ? found : by_part(wrong, names, n);
    return found ? found : by_letters(wrong, names, n);
}

void orr_suggest(const char *wrong, const char *const *names, size_t n, char *buffer, size_t size)
{
    const char *near = orr_nearest(wrong, names, n);
    if (near) {
        snprintf(buffer, size, "did you mean '%s'?", near);
        return;
    }
    size_t at = (size_t)snprintf(buffer, size, "there is: ");
    for (size_t k = 0; k < n && at < size; k++) {
        if (at + strlen(names[k]) + 8 > size || k >= 40) {
            snprintf(buffer + at, size - at, ", ...");
            return;
        }
        at += (size_t)snprintf(buffer + at, size - at, "%s%s", k ? ", " : "", names[k]);
    }
}
