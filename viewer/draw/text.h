/* text.h - letters from a packaged font, as coverage; made once for each size. */
#ifndef ORRERY_VIEWER_TEXT_H
#define ORRERY_VIEWER_TEXT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct font font;

typedef struct glyph {
    uint32_t codepoint;
    int size;          /* [pixels] height of the letters' box */
    int width, height; /* of the coverage */
    int left, top;     /* of its first pixel from the pen, y down */
    float advance;
    uint8_t *coverage; /* [height][width] 0 .. 255 */
} glyph;

/* Load a TrueType file; NULL: the one that the build found.  On error NULL, and why gets a
 * sentence. */
font *font_load(const char *path, char *why, int size);
void font_free(font *f);

/* One letter; NULL without memory.  Lives as long as the font. */
const glyph *font_glyph(font *f, uint32_t codepoint, float size);

/* How wide a line is [pixels]; text is UTF-8 (what is not shows as '?'). */
float font_width(font *f, float size, const char *text);

/* The next character of UTF-8 text; moves on.  0 at the end. */
uint32_t text_next(const char **text);

#endif
