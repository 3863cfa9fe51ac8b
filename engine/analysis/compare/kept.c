/* kept.c - what a trial found is kept in a folder, under a name that tells what it belongs to. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <orrery/isa.h>
#include <orrery/version.h>

#include "base/hash.h"
#include "comparing.h"

/* What decides the numbers: the scenario with all its values, the program, and how it is measured.
 */
static bool path_of(const comparing *w, size_t k, char path[4300])
{
    orr_scenario s;
    orr_diagnosis why;
    if (!w->def.folder || orr_compare_load_trial(w, k, &s, &why) != ORR_OK)
        return false;
    orr_build build = orr_build_info();
    uint64_t hash = orr_hash_bytes(ORR_HASH_START, s.resolved, strlen(s.resolved));
    hash = orr_hash_bytes(hash, build.commit, strlen(build.commit));
    hash = orr_hash_bytes(hash, w->times, sizeof w->times);
    hash = orr_hash_bytes(hash, w->c.reference.method, strlen(w->c.reference.method));
    orr_scenario_free(&s);
    snprintf(path, 4300, "%.4096s/%.40s-%016llx.csv", w->def.folder, w->trials[k].method->name,
             (unsigned long long)hash);
    return true;
}

void orr_compare_keep(const comparing *w, size_t k)
{
    const orr_trial *t = &w->trials[k];
    char path[4300], part[4310];
    if (!path_of(w, k, path))
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
    for (size_t i = 0; i < t->n; i++)
        fprintf(f, "%.17g,%.17g,%.17g,%.17g\n", w->times[i], t->energy[i], t->momentum[i],
                t->position[i]);
    bool good = !ferror(f);
    if (fclose(f) == 0 && good)
        rename(part, path);
    else
        unlink(part);
}

bool orr_compare_recall(const comparing *w, size_t k)
{
    orr_trial *t = &w->trials[k];
    char path[4300], line[600];
    orr_trial found = {0};
    int state;
    unsigned long long steps, evaluations;
    if (!path_of(w, k, path))
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
    if (!good || state < ORR_TRIAL_DONE || state > ORR_TRIAL_SKIPPED ||
        (state == ORR_TRIAL_DONE && found.n != TIMES))
        return false;
    t->outcome = (orr_trial_outcome)state;
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
    for (size_t i = 0; i < t->n; i++)
        t->momentum_max = fmax(t->momentum_max, t->momentum[i]);
    return true;
}
