/* report.html (one file, nothing from outside), report.md, results.csv, and the table on the
 * terminal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/isa.h>
#include <orrery/version.h>

#include "report.h"
#include "io/quoting.h"

static const char *const outcomes[] = {"", "cut off", "diverged", "failed", "skipped"};

static FILE *create(const report *r, const char *name)
{
    char path[4300];
    snprintf(path, sizeof path, "%.4096s/%s", r->folder, name);
    FILE *f = fopen(path, "w");
    if (!f)
        print_error("'%s' cannot be written", path);
    return f;
}

static bool finished(FILE *f)
{
    bool good = !ferror(f);
    good = fclose(f) == 0 && good;
    if (!good)
        print_error("the report could not be written: is the disk full?");
    return good;
}

/* A number, or "-" if it is none. */
static const char *figure(char text[24], double x)
{
    if (isfinite(x))
        snprintf(text, 24, "%.1e", x);
    else
        snprintf(text, 24, "-");
    return text;
}

typedef struct row {
    char cells[10][96];
} row;
static const char *const heads[] = {"method",        "step or tolerance", "evaluations", "cpu",
                                    "energy max",    "energy rms",        "energy end",  "growth",
                                    "ang. mom. max", "position end"};
enum { COLUMNS = sizeof heads / sizeof *heads };

static void fill(const orr_trial *t, row *line)
{
    char text[40], number[24];
    snprintf(line->cells[0], 96, "%s", t->method->name);
    snprintf(line->cells[1], 96, "%s", t->label);
    snprintf(line->cells[2], 96, "%llu", (unsigned long long)t->evaluations);
    snprintf(line->cells[3], 96, "%s",
             t->outcome == ORR_TRIAL_DONE ? human_short(t->seconds, text) : "-");
    snprintf(line->cells[4], 96, "%s", figure(number, t->n ? t->energy_max : NAN));
    snprintf(line->cells[5], 96, "%s", figure(number, t->n ? t->energy_rms : NAN));
    snprintf(line->cells[6], 96, "%s",
             t->n && isfinite(t->energy_end)
                 ? (snprintf(number, 24, "%+.1e", t->energy_end), number)
                 : "-");
    snprintf(line->cells[7], 96, "%s",
             t->outcome == ORR_TRIAL_DONE ? orr_growth_text(t, text) : outcomes[t->outcome]);
    snprintf(line->cells[8], 96, "%s", figure(number, t->n ? t->momentum_max : NAN));
    snprintf(
        line->cells[9], 96, "%s",
        figure(number, t->outcome == ORR_TRIAL_DONE ? t->position[ORR_COMPARISON_TIMES - 1] : NAN));
}

void print_table(const report *r, FILE *out)
{
    static const int widths[] = {18, 24, 12, 9, 10, 0, 10, 11, 0, 10};
    for (size_t i = 0; i < COLUMNS; i++)
        if (widths[i])
            fprintf(out, i < 2 ? "%-*s " : "%*s ", widths[i], heads[i]);
    fputc('\n', out);
    for (size_t k = 0; k < r->c->n; k++) {
        row line;
        if (r->c->trials[k].outcome == ORR_TRIAL_SKIPPED)
            continue;
        fill(&r->c->trials[k], &line);
        for (size_t i = 0; i < COLUMNS; i++)
            if (widths[i])
                fprintf(out, i < 2 ? "%-*s " : "%*s ", widths[i], line.cells[i]);
        fputc('\n', out);
    }
}

/* ---- HTML ---- */

static const char style[] =
    "body{font:16px/1.5 system-ui,'DejaVu Sans',sans-serif;color:#222;background:#fff;margin:0 "
    "auto;padding:1rem;max-width:60rem}"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.8rem;white-space:nowrap}"
    "th,td{padding:.25rem .4rem;text-align:right;border-bottom:1px solid #ddd}"
    "th:nth-child(-n+2),td:nth-child(-n+2){text-align:left}"
    "tr.new td{border-top:2px solid #999}figure{margin:1.5rem 0;overflow-x:auto}figure "
    "svg{width:100%;min-width:38rem;height:auto}"
    "figcaption{color:#555;font-size:.9rem}.say{background:#eef4fa;border-left:4px solid "
    "#0072b2;padding:.5rem 1rem}.small{color:#555;font-size:.85rem}"
    "@media print{body{max-width:none;font-size:10pt}figure,table,.say{break-inside:avoid}"
    "h2{break-after:avoid}table{font-size:6.5pt;white-space:normal}th,td{padding:1pt "
    "3pt}.wide,figure{overflow:visible}figure svg{min-width:0}}";

/* Of positions there may be nothing to show, and of many bodies no orbits. */
static bool has_figure(const report *r, int k)
{
    char path[4300];
    snprintf(path, sizeof path, "%.4096s/%s.svg", r->folder, figure_names[k]);
    return access(path, F_OK) == 0 && (r->c->reference.there || (k != 1 && k != 5));
}

/* The drawing itself, without the head of an SVG file, so that the page needs no other file.  Names
 * inside get a prefix: they must differ between the drawings of one page. */
static bool inline_svg(const report *r, const char *name, FILE *out)
{
    char path[4300];
    snprintf(path, sizeof path, "%.4096s/%s.svg", r->folder, name);
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *text = size > 0 ? malloc((size_t)size + 1) : NULL;
    size_t n = text ? fread(text, 1, (size_t)size, f) : 0;
    fclose(f);
    if (!text)
        return false;
    text[n] = 0;
    static const char *const marks[] = {"id=\"",         "id='",  "xlink:href=\"#",
                                        "xlink:href='#", "url(#", "href='#"};
    const char *p = strstr(text, "<svg");
    while (p && *p) {
        size_t k = 0, length = 0;
        for (; k < sizeof marks / sizeof *marks; k++) {
            length = strlen(marks[k]);
            if (strncmp(p, marks[k], length) == 0)
                break;
        }
        if (k < sizeof marks / sizeof *marks) {
            fprintf(out, "%s%s-", marks[k], name);
            p += length;
        } else {
            fputc(*p++, out);
        }
    }
    free(text);
    return true;
}

static void drawing(const report *r, int k, FILE *out)
{
    if (!has_figure(r, k))
        return;
    fputs("<figure>", out);
    if (inline_svg(r, figure_names[k], out))
        fprintf(out, "<figcaption>%s</figcaption>", figure_titles[k]);
    fputs("</figure>\n", out);
}

static void html_paragraph(const char *sentence, void *out)
{
    fputs("<p>", out);
    orr_write_xml(out, sentence);
    fputs("</p>\n", out);
}

static void markdown_paragraph(const char *sentence, void *out)
{
    fprintf(out, "%s\n\n", sentence);
}

static const char *const how_to_read[] = {
    ("Energy errors are relative to the energy at the start and measured at whole steps; "
     "max, rms and the one at the end, with its sign. In the figures a filled mark means "
     "that the energy has risen, a hollow one that it has fallen."),
    ("Position errors are root mean square distances from the reference, over the size of "
     "the system (rms distance from the centre of mass at the start). 1 means: nothing is "
     "known any more."),
    ("Growth: M(t) is the greatest energy error so far, from a thirtieth of the run on. "
     "Bounded: it grows by less than half, or more slowly than t^0.2. Else a + b t^p is "
     "fitted (a, b not negative) for p = 1/2, 1, 3/2, and the best is named if its relative "
     "scatter is below 0.1; if none is, the slope of log M against log t. Exponential: a "
     "straight line in log M against t has less than half the scatter of all these and M "
     "grew a hundredfold. Below 2e-14 it is round-off; above 1/2 the orbit is lost."),
    ("Processor time is of one core, for the run without measuring; runs on a shared machine "
     "differ by some ten per cent from one time to the next.")};

static void orders(const report *r, FILE *out, const char *format)
{
    for (size_t k = 0; k < r->c->n_orders; k++) {
        const orr_fitted_order *o = &r->c->orders[k];
        char order[60], at[64];
        if (o->points == 0)
            snprintf(order, sizeof order, "cannot be told from these steps");
        else if (o->points > 2)
            snprintf(order, sizeof order, "%.2f +- %.2f", o->order, o->uncertainty);
        else
            snprintf(order, sizeof order, "%.2f, from two steps", o->order);
        snprintf(at, sizeof at, "%.3g%s%s", o->at, *r->c->time_unit ? " " : "", r->c->time_unit);
        fprintf(out, format, o->method->name, o->method->order, order, o->points ? at : "-");
    }
}

static bool write_html(const report *r)
{
    FILE *out = create(r, "report.html");
    if (!out)
        return false;
    fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          out);
    orr_write_xml(out, r->c->scenario->title);
    fprintf(out, " - methods compared</title>\n<style>%s</style></head><body>\n<h1>", style);
    orr_write_xml(out, *r->c->scenario->title ? r->c->scenario->title : r->scenario);
    fputs(": which method, which step?</h1>\n<p>", out);
    orr_write_xml(out, r->c->scenario->description);
    fprintf(out, "</p>\n<p class=\"small\">%zu bodies, to t = %.6g%s%s; scenario ", r->n_bodies,
            r->c->scenario->t_end, *r->c->time_unit ? " " : "", r->c->time_unit);
    orr_write_xml(out, r->scenario);
    fputs("</p>\n<h2>What to use</h2>\n<div class=\"say\">\n", out);
    orr_comparison_conclude(r->c, html_paragraph, out);
    fputs("</div>\n", out);
    drawing(r, 6, out); /* those that tell the story, before the table */
    drawing(r, 0, out);
    drawing(r, 1, out);
    fputs("<h2>All runs</h2>\n<div class=\"wide\"><table><tr>", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, "<th>%s</th>", heads[i]);
    fputs("</tr>\n", out);
    for (size_t k = 0; k < r->c->n; k++) {
        row line;
        if (r->c->trials[k].outcome == ORR_TRIAL_SKIPPED)
            continue;
        fill(&r->c->trials[k], &line);
        bool new = k > 0 && r->c->trials[k - 1].method != r->c->trials[k].method;
        fputs(new ? "<tr class=\"new\">" : "<tr>", out);
        for (size_t i = 0; i < COLUMNS; i++) {
            fputs("<td>", out);
            orr_write_xml(out, line.cells[i]);
            fputs("</td>", out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</table></div>\n", out);
    for (int k = 2; k < 6; k++)
        drawing(r, k, out);
    if (r->c->n_orders > 0) {
        fputs("<h2>Orders of convergence</h2>\n<div class=\"wide\"><table><tr><th>method</th>"
              "<th>by theory</th><th>fitted</th><th>at t</th></tr>\n",
              out);
        orders(r, out, "<tr><td>%s</td><td>%d</td><td>%s</td><td>%s</td></tr>\n");
        fputs("</table></div>\n", out);
    }
    bool first = true;
    for (size_t k = 0; k < r->c->n; k++) {
        const orr_trial *t = &r->c->trials[k];
        if (t->outcome == ORR_TRIAL_DONE)
            continue;
        fputs(first ? "<h2>Runs that did not come to the end</h2>\n<ul>\n" : "", out);
        first = false;
        fprintf(out, "<li>%s, ", t->method->name);
        orr_write_xml(out, t->label);
        fprintf(out, ": %s: ", outcomes[t->outcome]);
        orr_write_xml(out, t->why);
        fputs("</li>\n", out);
    }
    fputs(first ? "" : "</ul>\n", out);
    fputs("<h2>How it was measured</h2>\n", out);
    for (size_t k = 0; k < sizeof how_to_read / sizeof *how_to_read; k++)
        fprintf(out, "<p class=\"small\">%s</p>\n", how_to_read[k]);
    orr_build b = orr_build_info();
    fprintf(out,
            "<p class=\"small\">Reference: %s. Made by orrery %s (commit %s, %s kernels).</p>\n"
            "</body></html>\n",
            r->c->reference.there ? r->c->reference.method : "none", b.version, b.commit,
            orr_isa());
    return finished(out);
}

static bool write_markdown(const report *r)
{
    FILE *out = create(r, "report.md");
    if (!out)
        return false;
    fprintf(out, "# %s: which method, which step?\n\n%s\n\n",
            *r->c->scenario->title ? r->c->scenario->title : r->scenario,
            r->c->scenario->description ? r->c->scenario->description : "");
    orr_comparison_conclude(r->c, markdown_paragraph, out);
    fputs("|", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(out, " %s |", heads[i]);
    fputs("\n|", out);
    for (size_t i = 0; i < COLUMNS; i++)
        fputs(i < 2 ? "---|" : "---:|", out);
    for (size_t k = 0; k < r->c->n; k++) {
        row line;
        if (r->c->trials[k].outcome == ORR_TRIAL_SKIPPED)
            continue;
        fill(&r->c->trials[k], &line);
        fputs("\n|", out);
        for (size_t i = 0; i < COLUMNS; i++)
            fprintf(out, " %s |", line.cells[i]);
    }
    fputs("\n\n", out);
    for (int k = 0; k < N_FIGURES; k++)
        if (has_figure(r, k))
            fprintf(out, "![%s](%s.svg)\n\n", figure_titles[k], figure_names[k]);
    orders(r, out, "- order of %s: %d by theory, %s (at t = %s)\n");
    for (size_t k = 0; k < r->c->n; k++)
        if (r->c->trials[k].outcome != ORR_TRIAL_DONE)
            fprintf(out, "- %s, %s: %s: %s\n", r->c->trials[k].method->name, r->c->trials[k].label,
                    outcomes[r->c->trials[k].outcome], r->c->trials[k].why);
    fputc('\n', out);
    for (size_t k = 0; k < sizeof how_to_read / sizeof *how_to_read; k++)
        fprintf(out, "%s\n\n", how_to_read[k]);
    fprintf(out, "Reference: %s.\n", r->c->reference.there ? r->c->reference.method : "none");
    return finished(out);
}

static bool write_csv(const report *r)
{
    FILE *out = create(r, "results.csv");
    if (!out)
        return false;
    fputs("method,parameter,value,outcome,steps,evaluations,cpu_seconds,energy_error_max,"
          "energy_error_rms,energy_error_end,growth,angular_momentum_error_max,"
          "position_error_end\n",
          out);
    for (size_t k = 0; k < r->c->n; k++) {
        const orr_trial *t = &r->c->trials[k];
        char text[40];
        fprintf(out, "%s,%s,%.17g,%s,%llu,%llu,%.6g,%.17g,%.17g,%.17g,%s,%.17g,%.17g\n",
                t->method->name, t->method->traits & ORR_ADAPTIVE ? "tolerance" : "step",
                t->parameter, t->outcome == ORR_TRIAL_DONE ? "done" : outcomes[t->outcome],
                (unsigned long long)t->steps, (unsigned long long)t->evaluations, t->seconds,
                t->energy_max, t->energy_rms, t->energy_end, orr_growth_text(t, text),
                t->momentum_max,
                t->outcome == ORR_TRIAL_DONE ? t->position[ORR_COMPARISON_TIMES - 1] : NAN);
    }
    return finished(out);
}

bool write_reports(const report *r)
{
    return write_csv(r) && write_markdown(r) && write_html(r);
}
