/* origin.c - see origin.h. */
#include "origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(FILE *out, const char *word, const char *value)
{
    if (!value || !*value)
        return;
    fprintf(out, "%s ", word);
    for (; *value; value++)
        if (*value == '\n')
            fputs("\\n", out);
        else
            fprintf(out, *value == '\\' ? "\\%c" : "%c", *value);
    fputc('\n', out);
}

char *orr_origin_write(const checkpoint *c, const origin *o)
{
    char *text = NULL, number[24] = "", every[40] = "";
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (c->member >= 0)
        snprintf(number, sizeof number, "%lld", (long long)c->member);
    put(out, "scenario", c->scenario);
    for (size_t k = 0; k < c->n_sets; k++)
        put(out, "set", c->sets[k]);
    put(out, "until", c->until);
    put(out, "shadow", c->shadow);
    put(out, "member", number);
    if (o->every > 0)
        snprintf(every, sizeof every, "%.9g", o->every);
    put(out, "checkpoint-every", every);
    put(out, "checkpoint", o->checkpoint);
    bool good = !ferror(out);
    good = fclose(out) == 0 && good;
    if (good)
        return text;
    free(text);
    return NULL;
}

/* The value of a line, in place. */
static char *unescape(char *value)
{
    char *to = value;
    for (const char *from = value; *from; from++)
        if (*from == '\\' && from[1])
            *to++ = *++from == 'n' ? '\n' : *from;
        else
            *to++ = *from;
    *to = 0;
    return value;
}

static bool take(const char *word, const char *value, checkpoint *c, origin *o)
{
    char **slot = strcmp(word, "scenario") == 0 ? &c->scenario
                  : strcmp(word, "until") == 0  ? &c->until
                  : strcmp(word, "shadow") == 0 ? &c->shadow
                                                : NULL;
    if (strcmp(word, "set") == 0 && c->n_sets < MOST_SETS)
        slot = &c->sets[c->n_sets];
    if (slot) {
        if (*slot || !(*slot = strdup(value)))
            return false;
        c->n_sets += slot == &c->sets[c->n_sets];
    } else if (strcmp(word, "member") == 0) {
        c->member = strtoll(value, NULL, 10);
    } else if (strcmp(word, "checkpoint-every") == 0) {
        o->every = strtod(value, NULL);
    } else if (strcmp(word, "checkpoint") == 0) {
        snprintf(o->checkpoint, sizeof o->checkpoint, "%.4100s", value);
    } else {
        return false;
    }
    return true;
}

bool orr_origin_read(const char *text, checkpoint *c, origin *o)
{
    *c = (checkpoint){.member = -1};
    *o = (origin){0};
    char *copy = strdup(text), *rest = NULL;
    bool good = copy != NULL;
    for (char *line = good ? strtok_r(copy, "\n", &rest) : NULL; line && good;
         line = strtok_r(NULL, "\n", &rest)) {
        char *blank = strchr(line, ' ');
        good = blank != NULL;
        if (good) {
            *blank = 0;
            good = take(line, unescape(blank + 1), c, o);
        }
    }
    free(copy);
    if (!c->shadow)
        c->shadow = strdup("");
    return good && c->scenario && *c->scenario && c->until && *c->until && c->shadow;
}
