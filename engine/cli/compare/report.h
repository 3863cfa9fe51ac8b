/* report.h - what `orrery compare` shows of a comparison.
 *
 *     figures.c    the plots
 *     orbits.c     one of them: the orbits, method by method
 *     report.c     report.html, report.md, results.csv, and the table on the terminal */
#ifndef ORRERY_CLI_COMPARE_REPORT_H
#define ORRERY_CLI_COMPARE_REPORT_H

#include <orrery/compare.h>

#include "cli/cli.h"

typedef struct report {
    const arguments *a;
    const char *scenario, *folder;
    const orr_comparison *c;
    size_t n_bodies;
} report;

struct orr_figure;
bool write_figure(const report *r, const char *name, const struct orr_figure *f);
bool draw_orbits(const report *r, const orr_trial *const *runs, size_t n);

enum { N_FIGURES = 7 };
extern const char *const figure_names[N_FIGURES], *const figure_titles[N_FIGURES];
bool draw_figures(const report *r);

bool write_reports(const report *r);
void print_table(const report *r, FILE *out);

#endif
