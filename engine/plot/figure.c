#include "figure.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Okabe & Ito 2008, without the yellow that paper does not show; then some of Tol's muted ones. */
static const uint32_t colors[] = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9,
                                  0x000000, 0x888888, 0x882255, 0x44aa99, 0x999933, 0x332288};
static const int marks[][2] = {{7, 6},   {5, 4},   {9, 8},
                               {13, 12}, {11, 10}, {15, 14}}; /* full, hollow */

enum { N_COLORS = sizeof colors / sizeof *colors, N_MARKS = sizeof marks / sizeof *marks };

/* Marks on a curve: not more than can be told apart. */
enum { MOST_MARKS = 40 };

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A string for gnuplot: in single quotes, which are doubled inside; control characters are
 * concatenated to it in double quotes (paths may have them). */
static void quote(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; text && *text; text++) {
        if ((unsigned char)*text < ' ') {
            fprintf(out, "'.\"\\%03o\".'", (unsigned)*text);
            continue;
        }
        fputc(*text, out);
        if (*text == '\'')
            fputc('\'', out);
    }
    fputc('\'', out);
}

static uint32_t color_of(const orr_curve *c)
{
    return c->color ? c->color : colors[c->style % N_COLORS];
}

static const int *mark_of(const orr_curve *c)
{
    return marks[(c->style + c->style / N_COLORS) % N_MARKS]; /* no pair twice for a while */
}

/* Which point of [first, last) is shown: the one that is farthest from 0. */
static size_t most_of(const orr_curve *c, size_t first, size_t last)
{
    size_t most = first;
    for (size_t i = first; i < last; i++)
        if (!isfinite(c->y[most]) || fabs(c->y[i]) > fabs(c->y[most]))
            most = i;
    return most;
}

/* Curves with sign that are longer than can be told apart show the largest of each interval. */
enum { MOST_SIGNED = 300 };

/* The data of a curve: x, y, and for signed ones |y|, y where it gets a mark and is positive, the
 * same where it is negative.  Marks keep their distance on the axis as it is drawn. */
static void data(FILE *out, const orr_panel *p, size_t k)
{
    const orr_curve *c = &p->curves[k];
    size_t block = c->drawing == ORR_SIGNED ? c->n / MOST_SIGNED + 1 : 1,
           first = p->log_x && c->n > 1;
    double last = -INFINITY, span = c->n > 1 ? c->x[c->n - 1] - c->x[0] : 0;
    if (p->log_x && c->n > 1 && c->x[first] > 0)
        span = log(c->x[c->n - 1] / c->x[first]);
    fprintf(out, "$d%zu << EOD\n", k);
    for (size_t start = 0; start < c->n; start += block) {
        size_t i = most_of(c, start, start + block < c->n ? start + block : c->n);
        double x = c->x[i], y = c->y[i];
        if (!isfinite(x) || !isfinite(y) || (p->log_x && !(x > 0)) || (p->log_y && y == 0)) {
            fputs("\n", out);
            continue;
        }
        double where = p->log_x ? log(x) : x;
        bool mark = c->n <= MOST_MARKS || fabs(where - last) >= fabs(span) / MOST_MARKS;
        if (mark)
            last = where;
        fprintf(out, "%.10g %.10g ", x, p->log_y ? fabs(y) : y);
        fprintf(out, mark && y > 0 ? "%.10g " : "NaN ", fabs(y));
        fprintf(out, mark && y < 0 ? "%.10g\n" : "NaN\n", fabs(y));
    }
    fputs("EOD\n", out);
}

static void plot_curve(FILE *out, const orr_panel *p, size_t k)
{
    const orr_curve *c = &p->curves[k];
    const int *mark = mark_of(c);
    uint32_t color = color_of(c);
    double width = c->thin ? 1 : 1.8;
    const char *name = p->legend && c->name ? c->name : NULL;
    switch (c->drawing) {
    case ORR_LINE:
        fprintf(out, "$d%zu using 1:2 with lines lw %g lc rgb '#%06x'", k, width, color);
        break;
    case ORR_DOTS:
        fprintf(out, "$d%zu using 1:2 with points pt 7 ps 0.2 lc rgb '#60%06x'", k, color);
        break;
    case ORR_MARKS:
        fprintf(out, "$d%zu using 1:2 with points pt %d ps 1.1 lw 1.5 lc rgb '#%06x'", k, mark[0],
                color);
        break;
    case ORR_LINE_AND_MARKS:
        fprintf(out, "$d%zu using 1:2 with linespoints pt %d ps 1 lw %g lc rgb '#%06x'", k, mark[0],
                width, color);
        break;
    case ORR_SIGNED:
        fprintf(out, "$d%zu using 1:2 with lines lw 1 lc rgb '#90%06x' notitle, ", k, color);
        fprintf(out, "$d%zu using 1:4 with points pt %d ps 0.7 lw 1.2 lc rgb '#%06x' notitle, ", k,
                mark[1], color);
        fprintf(out, "$d%zu using 1:3 with points pt %d ps 0.7 lc rgb '#%06x' notitle, ", k,
                mark[0], color);
        fprintf(out, "NaN with linespoints pt %d ps 0.9 lw 1.8 lc rgb '#%06x'", mark[0], color);
        break;
    }
    fputs(name ? " title " : " notitle", out);
    if (name)
        quote(out, name);
}

static void axis(FILE *out, char which, const char *label, bool logarithmic)
{
    fprintf(out, "set %clabel ", which);
    quote(out, label);
    fprintf(out, " noenhanced offset %s\n", which == 'x' ? "0,0.3" : "1,0");
    fprintf(out,
            logarithmic ? "set logscale %c; set format %c '%s'; set m%ctics 10\n"
                        : "unset logscale %c; set format %c '%s'; set m%ctics default\n",
            which, which, logarithmic ? "10^{%L}" : "%g", which);
}

static bool is_empty(const orr_panel *p)
{
    for (size_t k = 0; k < p->n; k++)
        for (size_t i = 0; i < p->curves[k].n; i++) {
            double x = p->curves[k].x[i], y = p->curves[k].y[i];
            if (isfinite(x) && isfinite(y) && !(p->log_x && !(x > 0)) && !(p->log_y && y == 0))
                return false;
        }
    return true;
}

static void panel(FILE *out, const orr_panel *p)
{
    fputs("set title ", out);
    quote(out, p->title);
    fputs(" noenhanced offset 0,-0.4\nset autoscale\n", out);
    axis(out, 'x', p->x_label, p->log_x);
    axis(out, 'y', p->y_label, p->log_y);
    fprintf(out, p->same_scale ? "set size ratio -1\n" : "set size noratio\n");
    fputs("unset object\n", out);
    if (p->x_range[0] < p->x_range[1])
        fprintf(out, "set xrange [%g:%g]\n", p->x_range[0], p->x_range[1]);
    if (p->y_range[0] < p->y_range[1])
        fprintf(out, "set yrange [%g:%g]\n", p->y_range[0], p->y_range[1]);
    if (p->floor > 0)
        fprintf(out,
                "set object 1 rectangle from graph 0, graph 0 to graph 1, first %g behind "
                "fillcolor rgb '#dddddd' fillstyle solid noborder\n",
                p->floor);
    fputs(p->legend ? "set key on\n" : "set key off\n", out);
    if (is_empty(p)) { /* gnuplot would refuse */
        fputs("set xrange [1:10]\nset yrange [1:10]\nset key off\n"
              "set label 1 'nothing to show' at graph 0.5, graph 0.5 center\n"
              "plot 0.5 notitle\nunset label 1\n",
              out);
        return;
    }
    for (size_t k = 0; k < p->n; k++)
        data(out, p, k);
    fputs("plot ", out);
    for (size_t k = 0; k < p->n; k++) {
        if (k)
            fputs(", ", out);
        plot_curve(out, p, k);
    }
    if (p->n == 0)
        fputs("NaN notitle", out);
    fputc('\n', out);
}

/* gnuplot does not notice that a disk is full: is the end of the picture there? */
static bool is_complete(const char *part, bool svg)
{
    char tail[16] = "";
    const char *end = svg ? "</svg>" : "IEND";
    FILE *in = fopen(part, "rb");
    size_t n = in && fseek(in, -12, SEEK_END) == 0 ? fread(tail, 1, 12, in) : 0;
    if (in)
        fclose(in);
    for (size_t k = 0; k + strlen(end) <= n; k++)
        if (memcmp(tail + k, end, strlen(end)) == 0)
            return true;
    return false;
}

/* Drawn into `part`, in the form that the ending of `path` names. */
static void head(FILE *out, const orr_figure *f, const char *path, const char *part)
{
    size_t columns = f->columns ? f->columns : 1, rows = (f->n + columns - 1) / columns;
    int width = f->width * (int)columns, height = f->height * (int)rows + (f->title ? 36 : 0);
    if (ends_with(path, ".svg")) /* scales with the page; its text stays text */
        fprintf(out,
                "set terminal svg size %d,%d dynamic font 'DejaVu Sans,13' background "
                "rgb 'white'\n",
                width, height);
    else /* twice as many pixels as on screen: for print */
        fprintf(out,
                "set terminal pngcairo size %d,%d fontscale 2 linewidth 2 pointscale 2 font "
                "'DejaVu Sans,10'\n",
                2 * width, 2 * height);
    fputs("set output ", out);
    quote(out, part);
    fputs("\nset encoding utf8\nset border 3 lc rgb '#444444'\nset tics nomirror\n"
          "set grid xtics ytics lc rgb '#dddddd' lw 0.5 dt 1\n"
          "set key Left reverse samplen 1.4 spacing 1.1 noenhanced\n",
          out);
    fputs(f->n > 1 ? "set key outside right top vertical maxrows 24 notitle\n"
                   : "set key bmargin center horizontal width 2 title ' '\n",
          out);
    fprintf(out, "set multiplot layout %zu,%zu", rows, columns);
    if (f->title) {
        fputs(" title ", out);
        quote(out, f->title);
        fputs(" noenhanced", out);
    }
    fputc('\n', out);
}

bool orr_figure_write(const orr_figure *f, const char *path, char *why, size_t size)
{
    char complaints[1024] = "", command[80], file[] = "/tmp/orrery-gnuplot-XXXXXX";
    if (!ends_with(path, ".svg") && !ends_with(path, ".png")) {
        snprintf(why, size, "'%s': figures are written as .png or .svg", path);
        return false;
    }
    char part[4300];
    snprintf(part, sizeof part, "%.4200s.part-%ld", path, (long)getpid());
    FILE *test = fopen(part, "wb"); /* gnuplot itself would not say why */
    if (!test) {
        snprintf(why, size, "cannot write '%s': %s", path, strerror(errno));
        return false;
    }
    fclose(test);
    int log = mkstemp(file);
    if (log < 0) {
        unlink(part);
        snprintf(why, size, "there is no room in /tmp");
        return false;
    }
    snprintf(command, sizeof command, "exec gnuplot -d 2>%s", file);
    FILE *out = popen(command, "w");
    if (out) {
        head(out, f, path, part);
        for (size_t k = 0; k < f->n; k++)
            panel(out, &f->panels[k]);
        fputs("unset multiplot\nunset output\n", out);
    }
    int status = out ? pclose(out) : -1;
    ssize_t n = read(log, complaints, sizeof complaints - 1);
    complaints[n > 0 ? n : 0] = 0;
    close(log);
    unlink(file);
    bool complete = status == 0 && is_complete(part, ends_with(path, ".svg"));
    if (complete && rename(part, path) == 0)
        return true;
    unlink(part);
    if (status == 127 * 256)
        snprintf(why, size, "figures need the program gnuplot; install the package gnuplot-nox");
    else if (status == 0)
        snprintf(why, size, "cannot write '%s': is the disk full?", path);
    else
        snprintf(why, size, "gnuplot could not draw '%s': %.700s", path,
                 complaints + strspn(complaints, " \n"));
    return false;
}
