/* known_measures.c - numbers of problems with published answers that are no positions. */
#include <math.h>

#include <orrery/osculating.h>
#include <orrery/planes.h>

#include "apparent.h"
#include "known_problems.h"

/* The greatest relative energy error at whole steps of so many. */
static orr_status energy_over(orr_sim *sim, uint64_t steps, double *worst)
{
    orr_conserved c;
    *worst = 0;
    ORR_TRY(orr_sim_conserved(sim, &c));
    double e0 = c.kinetic + c.potential;
    for (uint64_t k = 0; k < steps; k++) {
        ORR_TRY(orr_sim_step(sim, 1));
        ORR_TRY(orr_sim_conserved(sim, &c));
        *worst = fmax(*worst, fabs((c.kinetic + c.potential) / e0 - 1));
    }
    return ORR_OK;
}

orr_status orr_measure_energy_of_orbits(const orr_measurement *m)
{
    enum { ORBITS = 100, STEPS = 1000 };
    return energy_over(m->sim, ORBITS * STEPS, &m->out[0].obtained);
}

/* How far the line to the pericentre of body 1 turns in a century. */
orr_status orr_measure_precession(const orr_measurement *m)
{
    enum { SAMPLES = 400 };
    const double century = 36525, arc_second = 206264.80624709636, period = 87.9692;
    double angle[2] = {0}, first = 0;
    for (int k = 0; k < 2; k++) { /* the mean over an orbit, at both ends */
        double sum = 0;
        for (int i = 0; i < SAMPLES; i++) {
            orr_elements el;
            orr_orbit o;
            ORR_TRY(orr_sim_run_until(m->sim, k * century + period * i / SAMPLES));
            ORR_TRY(orr_osculating_pair(orr_sim_snapshot(m->sim).bodies, 1, 0, &el, &o));
            first = k + i == 0 ? o.pomega : first;
            sum += remainder(o.pomega - first, 6.283185307179586) / SAMPLES;
        }
        angle[k] = sum;
    }
    m->out[0].obtained = (angle[1] - angle[0]) * arc_second;
    return ORR_OK;
}

enum { EARTH = 3, MOON = 4 }; /* of solar-system-jpl */

/* Node and argument of the perigee of the Moon at time t. */
static orr_status moon_at(orr_sim *sim, double t, orr_centres *centres, const orr_about *about,
                          double out[2])
{
    orr_elements el;
    double mu;
    ORR_TRY(orr_sim_run_until(sim, t));
    ORR_TRY(orr_centres_find(centres, about, orr_sim_snapshot(sim).bodies));
    ORR_TRY(orr_osculating(centres, MOON, &el, &mu));
    out[0] = el.Omega;
    out[1] = el.Omega + el.omega;
    return ORR_OK;
}

/* Periods [Julian years] in which the node of the Moon goes round backwards and its perigee
 * forwards, on the ecliptic: slopes of least squares over a revolution of the node. */
orr_status orr_measure_month(const orr_measurement *m)
{
    const double span = 18.613 * 365.25, tau = 6.283185307179586, mean_t = span / 2;
    const double ecliptic = orr_plane_find("ecliptic")->obliquity;
    const uint64_t earth = orr_sim_snapshot(m->sim).bodies->id[EARTH];
    double before[2] = {0}, turned[2] = {0}, st[2] = {0}, stt = 0;
    orr_about about = {.kind = ORR_ABOUT_BODIES,
                       .ids = &earth,
                       .n_ids = 1,
                       .has_plane = true,
                       .plane = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (int k = 0; k < 3; k++)
        orr_turn_to_plane(about.plane[k], ecliptic);
    orr_centres centres = {0};
    orr_status status = ORR_OK;
    for (double t = 0; t <= span && status == ORR_OK; t += 2) {
        double now[2] = {0};
        status = moon_at(m->sim, t, &centres, &about, now);
        for (int k = 0; k < 2; k++) {
            turned[k] += t > 0 ? remainder(now[k] - before[k], tau) : 0;
            before[k] = now[k];
            st[k] += (t - mean_t) * turned[k];
        }
        stt += (t - mean_t) * (t - mean_t);
    }
    orr_centres_free(&centres);
    for (int k = 0; k < 2; k++)
        m->out[k].obtained = tau / fabs(st[k] / stt) / 365.25;
    return status;
}

/* The planet of `kozai-lidov`. */
orr_status orr_measure_eccentricity(const orr_measurement *m)
{
    enum { SAMPLES = 1000 };
    for (int k = 0; k <= SAMPLES; k++) {
        orr_elements el;
        orr_orbit o;
        ORR_TRY(orr_sim_run_until(m->sim, m->t_end * k / SAMPLES));
        ORR_TRY(orr_osculating_pair(orr_sim_snapshot(m->sim).bodies, 1, 0, &el, &o));
        m->out[0].obtained = fmax(m->out[0].obtained, el.e);
    }
    return ORR_OK;
}
