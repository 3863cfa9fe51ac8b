/* One method with one step or tolerance: once with measuring, and once for the time it takes.  What
 * was found is kept in the folder, under a name that tells what it belongs to. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <orrery/version.h>

#include "run/measure.h"
#include "cli/progress.h"
#include "compare.h"

/* Energies are looked at this often, but not for more than so many pairs of bodies. */
static const double most_looks = 20000, most_pairs = 4e9;

/* A relative energy error beyond this means nothing. */
static const double wild = 100;

static double thread_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool over_budget(const comparison *c, const trial *t)
{
    return atomic_load(&c->stop) != GO_ON ||
           wall_clock() - c->started > 0.1 * (atomic_load(&t->started) - 1) + c->budget;
}

/* How a run ended that did not come to its end. */
static void note(const comparison *c, trial *t, orr_status status, const orr_sim *sim)
{
    if (status == ORR_E_STOPPED) {
        t->outcome = CUT_OFF;
        snprintf(t->why, sizeof t->why,
                 atomic_load(&c->stop) == STOP_INTERRUPTED ? "interrupted"
                                                           : "took more than the budget of %g s",
                 fmin(c->budget, c->total));
        return;
    }
    t->outcome = status == ORR_E_INCOMPATIBLE ? SKIPPED
                 : status == ORR_E_NOT_FINITE ? DIVERGED
                                              : FAILED;
    snprintf(t->why, sizeof t->why, "%.380s", orr_sim_message(sim));
}

/* Energies between times k - 1 and k, at whole steps. */
static orr_status measured_way(comparison *c, trial *t, orr_sim *sim, measured *m, size_t k,
                               double stride)
{
    double from = k ? c->t[k - 1] : 0, to = c->t[k], worst = 0, sign = to < from ? -1 : 1;
    orr_diagnostics d;
    for (double i = floor(fabs(from) / stride) + 1;; i++) {
        double at = sign * i * stride;
        bool last = k == 0 || fabs(at) >= fabs(to) * (1 - 1e-12);
        orr_status status = orr_sim_run_until(sim, c->s.t_start + (last ? to : at));
        if (status != ORR_OK)
            return status;
        if (!orr_measure(sim, 0, k == 0, m, &d))
            return ORR_E_NO_MEMORY;
        t->energy_rms += d.energy_error * d.energy_error;
        worst = fabs(d.energy_error) > fabs(worst) ? d.energy_error : worst;
        t->steps++; /* for now: of looks */
        if (last)
            break;
        if (over_budget(c, t))
            return ORR_E_STOPPED;
    }
    const double *l = d.conserved.angular_momentum;
    double change = 0, size = 0;
    for (int i = 0; i < 3; i++) {
        change += (l[i] - m->l0[i]) * (l[i] - m->l0[i]);
        size += m->l0[i] * m->l0[i];
    }
    t->energy[k] = worst;
    t->energy_end = d.energy_error;
    t->momentum[k] = sqrt(size > 0 ? change / size : change);
    t->position[k] = position_error(&c->truth, orr_sim_snapshot(sim).bodies, k);
    t->energy_max = fmax(t->energy_max, fabs(worst));
    t->momentum_max = fmax(t->momentum_max, t->momentum[k]);
    t->n = k + 1;
    if (fabs(worst) > wild) {
        t->outcome = DIVERGED;
        snprintf(t->why, sizeof t->why, "the energy is off by a factor of %.2g at t = %.4g",
                 fabs(worst), c->t[k]);
    }
    return ORR_OK;
}

double most_energies(const comparison *c)
{
    double n = (double)c->n_bodies;
    return fmax(TIMES, fmin(most_looks, most_pairs / (n * n)));
}

/* On whole steps where there are any, as often as is useful. */
static double looks(const comparison *c, const orr_scenario *s)
{
    double span = orr_scenario_span(s), most = most_energies(c);
    return s->step > 0 ? s->step * ceil(span / s->step / most) : span / fmin(most, 4000);
}

static orr_status make(comparison *c, trial *t, orr_scenario *s, orr_sim **sim)
{
    const char *sets[3] = {t->set[0], t->set[1], t->set[2]};
    orr_diagnosis why;
    orr_status status = load_changed(c, sets, 3, s, &why);
    if (status == ORR_OK)
        status = orr_sim_from_scenario(s, 1, sim, &why);
    if (status != ORR_OK) {
        t->outcome = SKIPPED;
        snprintf(t->why, sizeof t->why, "%.300s%s%.90s", why.text, *why.hint ? "; " : "", why.hint);
    }
    return status;
}

static orr_status with_measuring(comparison *c, trial *t)
{
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    measured m = {0};
    orr_status status = make(c, t, &s, &sim);
    if (status != ORR_OK) {
        orr_scenario_free(&s);
        return status;
    }
    if (s.step > 0)
        t->parameter = s.step;
    double stride = looks(c, &s);
    expose(t, sim);
    for (size_t k = 0; k < TIMES && status == ORR_OK && t->outcome == DONE; k++)
        status = measured_way(c, t, sim, &m, k, stride);
    expose(t, NULL);
    if (status != ORR_OK)
        note(c, t, status, sim);
    t->energy_rms = sqrt(t->energy_rms / (double)(t->steps ? t->steps : 1));
    orr_sim_counters count = orr_sim_count(sim);
    t->steps = count.steps;
    t->evaluations = count.evaluations;
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
    return status == ORR_OK && t->outcome != DONE ? ORR_E_NOT_FINITE : status;
}

static void for_the_time(comparison *c, trial *t)
{
    orr_scenario s = {0};
    orr_sim *sim = NULL;
    orr_status status = make(c, t, &s, &sim);
    double least = INFINITY, all = 0;
    for (int k = 0; k < 5 && status == ORR_OK && (k == 0 || all < 0.2);
         k++) { /* short ones again */
        if (k > 0) {
            orr_sim_destroy(sim);
            orr_scenario_free(&s);
            status = make(c, t, &s, &sim);
        }
        double start = thread_time();
        expose(t, sim);
        if (status == ORR_OK)
            status = orr_sim_run_until(sim, s.t_end);
        expose(t, NULL);
        double took = thread_time() - start;
        least = fmin(least, took);
        all += took;
    }
    if (status == ORR_OK) {
        orr_sim_counters count = orr_sim_count(sim);
        t->seconds = least;
        t->steps = count.steps;
        t->evaluations = count.evaluations;
    } else {
        note(c, t, status, sim);
    }
    orr_sim_destroy(sim);
    orr_scenario_free(&s);
}

/* ---- what is kept ---- */

static uint64_t mix(uint64_t hash, const void *data, size_t n)
{
    const unsigned char *p = data;
    for (size_t k = 0; k < n; k++)
        hash = (hash ^ p[k]) * 1099511628211u;
    return hash;
}

/* What decides the numbers: the scenario with all its values, the program, and how it is measured.
 */
static bool cache_path(const comparison *c, const trial *t, char path[4300])
{
    const char *sets[3] = {t->set[0], t->set[1], t->set[2]};
    orr_scenario s;
    orr_diagnosis why;
    if (load_changed(c, sets, 3, &s, &why) != ORR_OK)
        return false;
    orr_build build = orr_build_info();
    uint64_t hash = mix(14695981039346656037u, s.resolved, strlen(s.resolved));
    hash = mix(hash, build.commit, strlen(build.commit));
    hash = mix(hash, c->t, sizeof c->t);
    hash = mix(hash, c->truth.method, strlen(c->truth.method));
    orr_scenario_free(&s);
    snprintf(path, 4300, "%.4096s/runs/%.40s-%016llx.csv", c->folder, t->method->name,
             (unsigned long long)hash);
    return true;
}

static void keep(const comparison *c, const trial *t)
{
    char path[4300], part[4310];
    if (!cache_path(c, t, path))
        return;
    snprintf(part, sizeof part, "%s.part", path);
    FILE *f = fopen(part, "w");
    if (!f)
        return;
    fprintf(f, "# %s, %s\n# outcome %d\n# why %s\n# steps %llu evaluations %llu seconds %.17g\n",
            t->method->name, t->label, (int)t->outcome, t->why, (unsigned long long)t->steps,
            (unsigned long long)t->evaluations, t->seconds);
    fprintf(f, "# energy max %.17g rms %.17g end %.17g parameter %.17g\n", t->energy_max,
            t->energy_rms, t->energy_end, t->parameter);
    fputs("t,energy_error,angular_momentum_error,position_error\n", f);
    for (size_t k = 0; k < t->n; k++)
        fprintf(f, "%.17g,%.17g,%.17g,%.17g\n", c->t[k], t->energy[k], t->momentum[k],
                t->position[k]);
    bool good = !ferror(f);
    if (fclose(f) == 0 && good)
        rename(part, path);
    else
        unlink(part);
}

static bool recall(const comparison *c, trial *t)
{
    char path[4300], line[600];
    trial found = {0};
    int state;
    unsigned long long steps, evaluations;
    if (!cache_path(c, t, path))
        return false;
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    bool good = fgets(line, sizeof line, f) && fscanf(f, "# outcome %d\n", &state) == 1 &&
                fgets(line, sizeof line, f) && strncmp(line, "# why", 5) == 0;
    if (good)
        snprintf(found.why, sizeof found.why, "%.*s", (int)strcspn(line + 5, "\n"),
                 line + (line[5] == ' ' ? 6 : 5));
    good = good && fscanf(f, "# steps %llu evaluations %llu seconds %lf\n", &steps, &evaluations,
                          &found.seconds) == 3;
    good = good && fscanf(f, "# energy max %lf rms %lf end %lf parameter %lf\n", &found.energy_max,
                          &found.energy_rms, &found.energy_end, &found.parameter) == 4;
    good = good && fgets(line, sizeof line, f);
    for (double at; good && found.n < TIMES; found.n++)
        if (fscanf(f, "%lf,%lf,%lf,%lf\n", &at, &found.energy[found.n], &found.momentum[found.n],
                   &found.position[found.n]) != 4)
            break;
    fclose(f);
    if (!good || state < DONE || state > SKIPPED || (state == DONE && found.n != TIMES))
        return false;
    t->outcome = (outcome)state;
    t->n = found.n;
    t->seconds = found.seconds;
    t->steps = steps;
    t->evaluations = evaluations;
    t->energy_max = found.energy_max, t->energy_rms = found.energy_rms;
    t->energy_end = found.energy_end, t->parameter = found.parameter;
    memcpy(t->why, found.why, sizeof t->why);
    memcpy(t->energy, found.energy, sizeof t->energy);
    memcpy(t->momentum, found.momentum, sizeof t->momentum);
    memcpy(t->position, found.position, sizeof t->position);
    for (size_t k = 0; k < t->n; k++)
        t->momentum_max = fmax(t->momentum_max, t->momentum[k]);
    return true;
}

void run_trial(comparison *c, trial *t)
{
    t->cached = recall(c, t);
    if (t->cached)
        return;
    t->outcome = DONE;
    if (with_measuring(c, t) == ORR_OK)
        for_the_time(c, t);
    if (t->outcome != CUT_OFF && t->outcome != SKIPPED)
        keep(c, t); /* another budget may let them finish; and a refusal is quickly found again */
}
