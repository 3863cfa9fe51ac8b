/* gl.h - the sky of a draw list by OpenGL 3.3, for machines with a GPU.  Knows no window: it draws
 * into the context that is current. */
#ifndef ORRERY_VIEWER_GL_H
#define ORRERY_VIEWER_GL_H

#include "viewer/draw/draw.h"

typedef struct gl gl;

/* How to find a function of OpenGL by its name. */
typedef void *gl_find(const char *name);

/* Compile what is needed.  NULL: why says what this OpenGL lacks. */
gl *gl_open(gl_find *find, char *why, int size);
void gl_close(gl *g);

/* Is this OpenGL done by the processor (so that our own pixels are faster)? */
bool gl_is_emulated(gl_find *find);

/* Draw the list and, over it, an overlay of the same size that canvas_render_overlay() made.
 * False: the context was lost, or the picture is too large for it. */
bool gl_render(gl *g, const draw_list *l, const draw_theme *theme, const canvas *overlay);

#endif
