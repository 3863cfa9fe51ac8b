/* text.c - see text.h; outlines are filled by stb_truetype. */
#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "font_files.h"

enum { BUCKETS = 1024, MOST_BYTES = 64 << 20 };

typedef struct entry {
    glyph g;
    struct entry *next;
} entry;

struct font {
    stbtt_fontinfo info;
    unsigned char *file;
    font_files *others; /* for letters that this one has not */
    entry *buckets[BUCKETS];
};

font *font_load(const char *path, char *why, int size)
{
    path = path ? path : ORR_FONT;
    font *f = calloc(1, sizeof *f);
    FILE *in = fopen(path, "rb");
    long length = 0;
    if (!f || !in) {
        snprintf(why, (size_t)size, "cannot read the font '%s': %s (Debian: fonts-dejavu-core)",
                 path, strerror(errno));
        goto failed;
    }
    fseek(in, 0, SEEK_END);
    length = ftell(in);
    rewind(in);
    f->file = length > 12 && length < MOST_BYTES ? malloc((size_t)length) : NULL;
    if (!f->file || fread(f->file, 1, (size_t)length, in) != (size_t)length ||
        stbtt_GetFontOffsetForIndex(f->file, 0) < 0 ||
        !stbtt_InitFont(&f->info, f->file, stbtt_GetFontOffsetForIndex(f->file, 0))) {
        snprintf(why, (size_t)size, "'%s' is not a TrueType font", path);
        goto failed;
    }
    fclose(in);
    return f;
failed:
    if (in)
        fclose(in);
    font_free(f);
    return NULL;
}

void font_free(font *f)
{
    for (int k = 0; f && k < BUCKETS; k++)
        for (entry *e = f->buckets[k], *next; e; e = next) {
            next = e->next;
            free(e->g.coverage);
            free(e);
        }
    if (f) {
        free(f->file);
        font_files_free(f->others);
    }
    free(f);
}

const glyph *font_glyph(font *f, uint32_t codepoint, float size)
{
    int pixels = (int)lroundf(size);
    uint32_t key = (codepoint * 31 + (uint32_t)pixels) % BUCKETS;
    for (entry *e = f->buckets[key]; e; e = e->next)
        if (e->g.codepoint == codepoint && e->g.size == pixels)
            return &e->g;
    entry *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->g = (glyph){.codepoint = codepoint, .size = pixels};
    int index = stbtt_FindGlyphIndex(&f->info, (int)codepoint), advance, bearing, x1, y1;
    const stbtt_fontinfo *info = index ? NULL : font_files_find(&f->others, codepoint);
    if (info)
        index = stbtt_FindGlyphIndex(info, (int)codepoint);
    else
        info = &f->info;
    float scale = stbtt_ScaleForPixelHeight(info, (float)pixels);
    stbtt_GetGlyphHMetrics(info, index, &advance, &bearing);
    e->g.advance = (float)advance * scale;
    stbtt_GetGlyphBitmapBox(info, index, scale, scale, &e->g.left, &e->g.top, &x1, &y1);
    e->g.width = x1 - e->g.left;
    e->g.height = y1 - e->g.top;
    if (e->g.width > 0 && e->g.height > 0) {
        e->g.coverage = calloc((size_t)e->g.width, (size_t)e->g.height);
        if (!e->g.coverage) {
            free(e);
            return NULL;
        }
        stbtt_MakeGlyphBitmap(info, e->g.coverage, e->g.width, e->g.height, e->g.width, scale,
                              scale, index);
    }
    e->next = f->buckets[key];
    f->buckets[key] = e;
    return &e->g;
}

uint32_t text_next(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    if (!*p)
        return 0;
    int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : -1;
    uint32_t c = more <= 0 ? *p : *p & (0x3fu >> more);
    *text += 1;
    if (more < 0)
        return '?';
    for (int k = 0; k < more; k++) {
        unsigned char next = (unsigned char)**text;
        if ((next & 0xc0) != 0x80)
            return '?';
        c = c << 6 | (next & 0x3f);
        *text += 1;
    }
    return c;
}

float font_width(font *f, float size, const char *text)
{
    float width = 0;
    for (uint32_t c; (c = text_next(&text));) {
        const glyph *g = font_glyph(f, c, size);
        width += g ? g->advance : 0;
    }
    return width;
}
