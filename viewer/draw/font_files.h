/* font_files.h - fonts on this machine that have letters which the viewer's own has not. */
#ifndef ORRERY_VIEWER_FONT_FILES_H
#define ORRERY_VIEWER_FONT_FILES_H

#include <stdint.h>

#include <stb/stb_truetype.h>

typedef struct font_files font_files;

/* A font with this letter, owned by *files, which is made when it is needed first (start with
 * NULL); NULL: there is none here.  Fonts are taken in the order of their paths. */
const stbtt_fontinfo *font_files_find(font_files **files, uint32_t codepoint);

void font_files_free(font_files *files);

#endif
