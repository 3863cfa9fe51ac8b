/* figure.h - figures of panels of curves, drawn by gnuplot through a pipe.  (library orrery_plot)
 *
 * Colours are those of Okabe and Ito, which colour-blind people tell apart; curves differ in their
 * marks as well, for print without colours. */
#ifndef ORRERY_PLOT_FIGURE_H
#define ORRERY_PLOT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum orr_drawing {
    ORR_LINE,
    ORR_MARKS,
    ORR_LINE_AND_MARKS,
    ORR_DOTS,  /* many small ones */
    ORR_SIGNED /* |y| on a logarithmic axis: filled marks where y > 0, hollow ones where y < 0 */
} orr_drawing;

typedef struct orr_curve {
    const char *name; /* in the legend; NULL: not there */
    orr_drawing drawing;
    const double *x, *y; /* [n] borrowed until the figure is written; NaN: a gap */
    size_t n;
    int style;      /* which colour and mark; curves of the same method have the same */
    uint32_t color; /* 0xRRGGBB instead of the style's; 0: none */
    bool thin;
} orr_curve;

typedef struct orr_panel {
    const char *title, *x_label, *y_label;
    bool log_x, log_y, same_scale; /* same_scale: a circle looks like one */
    bool legend;
    double floor;                  /* log_y: shaded below, what cannot be told; 0: nothing */
    double x_range[2], y_range[2]; /* both 0: as the curves need */
    const orr_curve *curves;
    size_t n;
} orr_panel;

typedef struct orr_figure {
    const char *title;
    const orr_panel *panels;
    size_t n, columns;
    int width, height; /* of a panel [pixels] */
} orr_figure;

/* Write a figure: the ending of path, ".svg" or ".png", says how.  False: *why says what is wrong
 * (no gnuplot, no right to write, another ending). */
bool orr_figure_write(const orr_figure *f, const char *path, char *why, size_t size);

#endif
