/* graph.h - a quantity over time, kept thin, and its picture. */
#ifndef ORRERY_VIEWER_GRAPH_H
#define ORRERY_VIEWER_GRAPH_H

#include <stdbool.h>

#include "draw.h"

enum { GRAPH_ROOM = 2048, GRAPH_MARKS = 16 };

typedef struct graph {
    double t[GRAPH_ROOM], value[GRAPH_ROOM];
    bool torn[GRAPH_ROOM]; /* between this one and the one before nobody looked for too long */
    int n;
    double gap, last_t;  /* [time] what too long is (0: nothing); when somebody looked last */
    bool tears;          /* so it was since the last sample that is kept */
    int stride, skipped; /* every stride-th sample is kept: half of all when it is full */
    double mark_t[GRAPH_MARKS]; /* where something changed */
    char mark_text[GRAPH_MARKS][16];
    int n_marks;
} graph;

/* NaN is not kept.  Going back in time forgets what was after that. */
void graph_add(graph *g, double t, double value);
void graph_mark(graph *g, double t, const char *text);
void graph_clear(graph *g);

/* The newest value that is not later than t; NAN: none is kept. */
double graph_at(const graph *g, double t);

/* Inks of a picture, 0xAARRGGBB. */
typedef struct inks {
    uint32_t text, dim, panel, line, accent, alarm;
} inks;

typedef struct graph_look {
    const char *title, *unit_t;
    bool logarithmic;                /* of the absolute value */
    double now;                      /* a line there; NAN: none */
    double value;                    /* that is written: the newest, which may not be kept */
    float x, y, width, height, size; /* size: of letters */
    const inks *inks;
    uint32_t color;
    const graph *second; /* another curve of the same quantity; NULL: none */
    const char *second_title;
    uint32_t second_color;
} graph_look;

/* One, two or five of a power of ten, of which at most `most` fit into the range (> 0). */
double graph_tick(double range, int most);

void graph_draw(const graph *g, const graph_look *look, font *f, draw_list *l);

/* A number as people write it: 12.3, 0.0042, 3.1e-15. */
void number_text(double value, char out[32]);

#endif
