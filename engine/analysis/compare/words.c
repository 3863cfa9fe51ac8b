/* words.c - what follows from a comparison, in sentences. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "comparing.h"

static const char *named(const orr_trial *t, char text[160])
{
    snprintf(text, 160, "%s with %s", t->method->name, t->label);
    return text;
}

/* The least work of those that are good enough, or NULL. */
static const orr_trial *cheapest(const orr_comparison *c, bool (*good)(const orr_trial *))
{
    const orr_trial *best = NULL;
    for (size_t k = 0; k < c->n; k++) {
        const orr_trial *t = &c->trials[k];
        if (t->outcome == ORR_TRIAL_DONE && good(t) && (!best || t->seconds < best->seconds))
            best = t;
    }
    return best;
}

/* Off by less, a run is taken to know where the bodies are, and to hold the energy. */
static const double good_enough = 1e-3;

static bool knows_places(const orr_trial *t)
{
    return t->position[TIMES - 1] < good_enough;
}

static const orr_trial *best_energy(const orr_comparison *c)
{
    const orr_trial *best = NULL;
    for (size_t k = 0; k < c->n; k++)
        if (c->trials[k].outcome == ORR_TRIAL_DONE &&
            (!best || c->trials[k].energy_max < best->energy_max))
            best = &c->trials[k];
    return best;
}

/* Only of a symplectic or reversible method is it known that a bounded error stays so. */
static bool holds_energy(const orr_trial *t)
{
    bool stays = t->method->traits & (ORR_SYMPLECTIC | ORR_REVERSIBLE);
    return ((t->growth == ORR_GROWTH_BOUNDED && stays) || t->growth == ORR_GROWTH_ROUND_OFF) &&
           t->energy_max < good_enough;
}

/* Times are since the start of the run. */
static const char *when(const orr_comparison *c, double t, char text[64])
{
    snprintf(text, 64, "%.3g%s%s", c->scenario->t_start + t, *c->time_unit ? " " : "",
             c->time_unit);
    return text;
}

static void what_to_use(const orr_comparison *c, FILE *out)
{
    char name[160], end[64];
    const orr_trial *places = c->reference.there ? cheapest(c, knows_places) : NULL;
    const orr_trial *energy = cheapest(c, holds_energy), *nearest = NULL;
    when(c, c->scenario->t_end - c->scenario->t_start, end);
    if (places) {
        fprintf(
            out,
            "To know where the bodies are at t = %s to a thousandth (%g) of the size of the "
            "system, take %s: of those that are good enough it takes the least work (%llu force "
            "evaluations), and is off by %.1e.\n",
            end, good_enough, named(places, name), (unsigned long long)places->evaluations,
            places->position[TIMES - 1]);
    } else if (c->reference.there) {
        for (size_t k = 0; k < c->n; k++)
            if (c->trials[k].outcome == ORR_TRIAL_DONE &&
                (!nearest || c->trials[k].position[TIMES - 1] < nearest->position[TIMES - 1]))
                nearest = &c->trials[k];
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

/* A time after which a short run has ended: an orbit, or a hundredth of this one. */
static size_t early(const orr_comparison *c)
{
    double enough = c->period > 0 ? c->period : orr_scenario_span(c->scenario) / 100;
    size_t k = 1;
    while (k + 1 < TIMES && fabs(c->times[k]) < enough)
        k++;
    return k;
}

/* The classroom's question: a symplectic method of low order, and one of higher order that is not.
 */
static void short_and_long(const orr_comparison *c, FILE *out)
{
    char at[64], name[2][160], growth[2][40];
    const orr_trial *pair[2];
    const double few = 10; /* orbits: too short a run to tell of */
    if (!c->energy_tells || !(orr_scenario_span(c->scenario) > few * c->period) ||
        !orr_compare_classroom_pair(c, pair))
        return;
    const orr_trial *a = pair[0], *b = pair[1];
    size_t k = early(c);
    fprintf(out, "%s and %s do about the same work (%llu and %llu force evaluations). ",
            named(a, name[0]), named(b, name[1]), (unsigned long long)a->evaluations,
            (unsigned long long)b->evaluations);
    if (c->reference.there)
        fprintf(
            out,
            "In the short run %s is the better one: at t = %s its bodies are %.1e of the size of "
            "the system from where they should be, those of %s %.1e. ",
            b->position[k] < a->position[k] ? "rk4" : "leapfrog", when(c, c->times[k], at),
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
        orr_growth_text(a, growth[0]), a->energy_max, orr_growth_text(b, growth[1]),
        fabs(b->energy_end));
    double cross = orr_compare_crossing(c, a, b);
    if (a->growth == ORR_GROWTH_BOUNDED && b->growth != ORR_GROWTH_BOUNDED &&
        b->growth != ORR_GROWTH_ROUND_OFF) {
        fputs("rk4 errs in the same direction in every orbit, so its error grows without end. "
              "Leapfrog is symplectic: its energy goes up and down with every orbit and comes "
              "back, and so it can run for ever. ",
              out);
        if (isfinite(cross))
            fprintf(out, "From t = %s on leapfrog holds the energy better.\n", when(c, cross, at));
        else
            fprintf(out, "The two cross near t = %s, after the end of this run.\n",
                    when(c,
                         (c->scenario->t_end - c->scenario->t_start) * a->energy_max /
                             fabs(b->energy_end),
                         at));
    } else {
        fputs("\n", out);
    }
}

static void put_in_words(const orr_comparison *c, FILE *out)
{
    what_to_use(c, out);
    short_and_long(c, out);
    if (!c->reference.there)
        fprintf(out, "There is no reference, so nothing is known about positions: %s.\n",
                c->reference.why);
    else if (!c->reference.converged)
        fputs("The reference itself is not converged: errors of positions mean nothing beyond the "
              "time at which its own error (in the figure) is of the order of the system.\n",
              out);
}

void orr_comparison_conclude(const orr_comparison *c, orr_sentence_fn *say, void *user)
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
