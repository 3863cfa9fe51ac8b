/* notes.c - what the reader decided where the files say nothing: told, never silent. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum { MOST_NOTES = 64, LONGEST_NOTE = 500 };

orr_status orr_note(loader *l, const char *format, ...)
{
    orr_scenario *s = l->s;
    char text[LONGEST_NOTE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!s->notes)
        s->notes = orr_arena_alloc(l->doc.memory, MOST_NOTES * sizeof *s->notes);
    if (!s->notes)
        return ORR_E_NO_MEMORY;
    if (s->n_notes == MOST_NOTES)
        return ORR_OK;
    char *kept = orr_arena_alloc(l->doc.memory, strlen(text) + 1);
    if (!kept)
        return ORR_E_NO_MEMORY;
    strcpy(kept, text);
    s->notes[s->n_notes++] = kept;
    return ORR_OK;
}
