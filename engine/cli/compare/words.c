/* What follows from a comparison, in sentences. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"

const trial *nearest_in_work(const comparison *c, const char *method, double evaluations)
{
    const trial *best = NULL;
    for (size_t k = 0; k < c->n; k++) {
        const trial *t = c->trials[k];
        if (t->outcome != DONE || strcmp(t->method->name, method) != 0 || t->evaluations == 0)
            continue;
        double far = fabs(log((double)t->evaluations / evaluations));
        if (!best || far < fabs(log((double)best->evaluations / evaluations)))
            best = t;
    }
    return best;
}

static const char *named(const trial *t, char text[160])
{
    snprintf(text, 160, "%s with %s", t->method->name, t->label);
    return text;
}

/* The least work of those that are good enough, or NULL. */
static const trial *cheapest(const comparison *c, bool (*good)(const trial *))
{
    const trial *best = NULL;
    for (size_t k = 0; k < c->n; k++) {
        const trial *t = c->trials[k];
        if (t->outcome == DONE && good(t) && (!best || t->seconds < best->seconds))
            best = t;
    }
    return best;
}

/* Off by less, a run is taken to know where the bodies are, and to hold the energy. */
static const double good_enough = 1e-3;

static bool knows_places(const trial *t)
{
    return t->position[TIMES - 1] < good_enough;
}

static const trial *best_energy(const comparison *c)
{
    const trial *best = NULL;
    for (size_t k = 0; k < c->n; k++)
        if (c->trials[k]->outcome == DONE && (!best || c->trials[k]->energy_max < best->energy_max))
            best = c->trials[k];
    return best;
}

/* Only of a symplectic or reversible method is it known that a bounded error stays so. */
static bool holds_energy(const trial *t)
{
    bool stays = t->method->traits & (ORR_SYMPLECTIC | ORR_REVERSIBLE);
    return ((t->growth == BOUNDED && stays) || t->growth == ROUND_OFF) &&
           t->energy_max < good_enough;
}

/* Times are since the start of the run. */
static const char *when(const comparison *c, double t, char text[64])
{
    snprintf(text, 64, "%.3g%s%s", c->s.t_start + t, *c->unit ? " " : "", c->unit);
    return text;
}

static void what_to_use(const comparison *c, FILE *out)
{
    char name[160], end[64];
    const trial *places = c->truth.there ? cheapest(c, knows_places) : NULL;
    const trial *energy = cheapest(c, holds_energy), *nearest = NULL;
    when(c, c->s.t_end - c->s.t_start, end);
    if (places) {
        fprintf(
            out,
            "To know where the bodies are at t = %s to a thousandth (%g) of the size of the "
            "system, take %s: of those that are good enough it takes the least work (%llu force "
            "evaluations), and is off by %.1e.\n",
            end, good_enough, named(places, name), (unsigned long long)places->evaluations,
            places->position[TIMES - 1]);
    } else if (c->truth.there) {
        for (size_t k = 0; k < c->n; k++)
            if (c->trials[k]->outcome == DONE &&
                (!nearest || c->trials[k]->position[TIMES - 1] < nearest->position[TIMES - 1]))
                nearest = c->trials[k];
        if (nearest && nearest->position[TIMES - 1] > 0.1)
            fprintf(out, "None of these runs knows where the bodies are at t = %s.\n", end);
        else if (nearest)
            fprintf(
                out,
                "None of these runs knows where the bodies are at t = %s to a thousandth of the "
                "size of the system; the nearest is %s, off by %.1e.\n",
                end, named(nearest, name), nearest->position[TIMES - 1]);
    }
    if (!c->energy_tells)
        fputs("Nothing massive moves under a force, so the energy says nothing.\n", out);
    else if (energy)
        fprintf(out,
                "To hold the energy to a thousandth (%g), however long the run, take %s: of those "
                "whose error does not grow it takes the least work, and stays below %.1e.\n",
                good_enough, named(energy, name), energy->energy_max);
    else if ((energy = best_energy(c)) != NULL)
        fprintf(out,
                "The energy error of no run is bounded below a thousandth; over this time the "
                "smallest is that of %s, %.1e at most.\n",
                named(energy, name), energy->energy_max);
}

/* The last time until which b's energy error is below the greatest that a ever has. */
static double crossing(const comparison *c, const trial *a, const trial *b)
{
    for (size_t k = TIMES - 1; k > 0; k--)
        if (fabs(b->energy[k]) <= a->energy_max)
            return k + 1 < TIMES ? c->t[k + 1] : INFINITY;
    return 0;
}

bool find_story(const comparison *c, const trial *pair[2])
{
    int best = 0;
    pair[0] = NULL;
    for (size_t k = 0; k < c->n; k++) { /* from the longest step on: there they cross first */
        const trial *a = c->trials[k];
        if (a->outcome != DONE || strcmp(a->method->name, "leapfrog") != 0)
            continue;
        const trial *b = nearest_in_work(c, "rk4", (double)a->evaluations);
        if (!b || fabs(log((double)b->evaluations / (double)a->evaluations)) > 0.3)
            continue;
        double cross = crossing(c, a, b);
        bool crosses = cross > 0 && isfinite(cross);
        int rank = !crosses ? 1 : a->growth == BOUNDED && b->growth == LINEAR ? 3 : 2;
        if (rank > best) {
            best = rank;
            pair[0] = a, pair[1] = b;
        }
    }
    return pair[0] != NULL;
}

/* A time after which a short run has ended: an orbit, or a hundredth of this one. */
static size_t early(const comparison *c)
{
    double enough = c->period > 0 ? c->period : orr_scenario_span(&c->s) / 100;
    size_t k = 1;
    while (k + 1 < TIMES && fabs(c->t[k]) < enough)
        k++;
    return k;
}

/* The classroom's question: a symplectic method of low order, and one of higher order that is not.
 */
static void short_and_long(const comparison *c, FILE *out)
{
    char at[64], name[2][160], growth[2][40];
    const trial *pair[2];
    const double few = 10; /* orbits: too short a run to tell of */
    if (!c->energy_tells || !(orr_scenario_span(&c->s) > few * c->period) || !find_story(c, pair))
        return;
    const trial *a = pair[0], *b = pair[1];
    size_t k = early(c);
    fprintf(out, "%s and %s do about the same work (%llu and %llu force evaluations). ",
            named(a, name[0]), named(b, name[1]), (unsigned long long)a->evaluations,
            (unsigned long long)b->evaluations);
    if (c->truth.there)
        fprintf(
            out,
            "In the short run %s is the better one: at t = %s its bodies are %.1e of the size of "
            "the system from where they should be, those of %s %.1e. ",
            b->position[k] < a->position[k] ? "rk4" : "leapfrog", when(c, c->t[k], at),
            fmin(a->position[k], b->position[k]),
            b->position[k] < a->position[k] ? "leapfrog" : "rk4",
            fmax(a->position[k], b->position[k]));
    if (b->position[k] < a->position[k])
        fputs("Its order is four, that of leapfrog two: an error in one step is far smaller.\n",
              out);
    else
        fputs("\n", out);
    fprintf(
        out,
        "In the long run: the energy error of leapfrog is %s (%.1e at most), that of rk4 %s (%.1e "
        "at the end). ",
        law_text(a, growth[0]), a->energy_max, law_text(b, growth[1]), fabs(b->energy_end));
    double cross = crossing(c, a, b);
    if (a->growth == BOUNDED && b->growth != BOUNDED && b->growth != ROUND_OFF) {
        fputs("rk4 errs in the same direction in every orbit, so its error grows without end. "
              "Leapfrog is symplectic: its energy goes up and down with every orbit and comes "
              "back, and so it can run for ever. ",
              out);
        if (isfinite(cross))
            fprintf(out, "From t = %s on leapfrog holds the energy better.\n", when(c, cross, at));
        else
            fprintf(out, "The two cross near t = %s, after the end of this run.\n",
                    when(c, (c->s.t_end - c->s.t_start) * a->energy_max / fabs(b->energy_end), at));
    } else {
        fputs("\n", out);
    }
}

static void put_in_words(const comparison *c, FILE *out)
{
    what_to_use(c, out);
    short_and_long(c, out);
    if (!c->truth.there)
        fprintf(out, "There is no reference, so nothing is known about positions: %s.\n",
                c->truth.why);
    else if (!c->truth.converged)
        fputs("The reference itself is not converged: errors of positions mean nothing beyond the "
              "time at which its own error (in the figure) is of the order of the system.\n",
              out);
}

void each_sentence(const comparison *c, void (*say)(const char *sentence, void *user), void *user)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return;
    put_in_words(c, memory);
    fclose(memory);
    for (char *rest = text, *sentence; (sentence = strsep(&rest, "\n")) != NULL;)
        if (*sentence)
            say(sentence, user);
    free(text);
}
