/* plot_data.h - what `orrery plot` shows: what was asked for, and the rows of the file for it. */
#ifndef ORRERY_CLI_PLOT_DATA_H
#define ORRERY_CLI_PLOT_DATA_H

#include "cli.h"

enum { MOST_CHOSEN = 12, MOST_FRAMES = 3000, MOST_PANELS = 24, MOST_TERMS = 8, MOST_SWARM = 20000 };

/* What a panel shows; from ELEMENT on, the osculating elements in the order of their table. */
typedef enum view {
    ORBITS,
    ENERGY,
    MOMENTUM,
    SEPARATION,
    RESONANCE,
    SHADOW,
    ELEMENT,
    N_VIEWS = ELEMENT + ORR_ORBITALS
} view;

const char *view_name(view v);

/* k times the mean longitude, or the longitude of the pericentre, of a body. */
typedef struct term {
    double k;
    bool pericentre;
    size_t body; /* index into chosen */
} term;

typedef struct plotter {
    orr_reader *r;
    const orr_file_info *info;
    size_t chosen[MOST_CHOSEN], n_chosen; /* index in the bodies */
    orr_element_choice elements;          /* about what */
    orr_about center_of;                  /* what orbits are drawn about */
    const char *center_name;
    orr_diagnosis vague; /* why it is not known what elements are about; text empty: it is known */
    int plane[2];
    view views[MOST_PANELS];
    size_t n_views;
    term terms[MOST_TERMS];
    size_t n_terms;
    const char *resonance;
    size_t n_frames;
    double *t;                    /* [n_frames] */
    orr_body *track[MOST_CHOSEN]; /* [n_frames] as they are */
    double *orbital[MOST_CHOSEN]; /* [n_frames][ORR_ORBITALS], NaN where there is no orbit */
    orr_state *center;            /* [n_frames] */
    double *swarm[2];             /* the others at the end, if they are many */
    size_t n_swarm;
    double *pool[4 * MOST_PANELS * MOST_CHOSEN]; /* what is to be freed */
    size_t n_pool;
    char labels[MOST_PANELS][4][200];
} plotter;

/* Room for n numbers that is freed with the plotter; NULL: no memory. */
double *plot_numbers(plotter *p, size_t n);

/* What the options ask for; false: it was told what is wrong with them. */
bool plot_parse(plotter *p, const arguments *a);
exit_code plot_read(plotter *p);
void plot_free(plotter *p);

#endif
