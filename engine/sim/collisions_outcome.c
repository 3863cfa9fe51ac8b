/* collisions_outcome.c - what a contact makes of two bodies, and how it is told. */
#include <math.h>
#include <string.h>

#include <orrery/primaries.h>

#include "collisions_internal.h"
#include "core/math/reproducible.h"

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

size_t orr_lighter(const orr_bodies *b, size_t i, size_t j)
{
    size_t first = i < j ? i : j, last = i < j ? j : i;
    return b->gm[first] < b->gm[last] ? first : last;
}

void orr_put_on_arc(const orr_bodies *b, double *pos, double *vel, size_t light, size_t heavy,
                    const double d[3], const double v[3])
{
    double gm = b->gm[light] + b->gm[heavy], part = gm > 0 ? b->gm[light] / gm : 0;
    for (size_t c = 0; c < 3; c++) {
        size_t i = light + c * b->stride, j = heavy + c * b->stride;
        double x = part * pos[i] + (1 - part) * pos[j], w = part * vel[i] + (1 - part) * vel[j];
        pos[j] = x + part * d[c];
        vel[j] = w + part * v[c];
        pos[i] = x - (1 - part) * d[c];
        vel[i] = w - (1 - part) * v[c];
    }
}

/* ---- events ---- */

/* Speed, angle and distance from positions and velocities. */
static void measure(orr_event *e)
{
    double d[3], v[3];
    for (int c = 0; c < 3; c++) {
        d[c] = e->pos[0][c] - e->pos[1][c];
        v[c] = e->vel[0][c] - e->vel[1][c];
    }
    e->separation = sqrt(dot(d, d));
    e->speed = sqrt(dot(v, v));
    double across[3] = {d[1] * v[2] - d[2] * v[1], d[2] * v[0] - d[0] * v[2],
                        d[0] * v[1] - d[1] * v[0]};
    double size = sqrt(dot(across, across));
    if (size > 0 || dot(d, v) != 0)
        e->angle = orr_atan2(size, -dot(d, v));
}

orr_event orr_event_of_pair(const orr_body *first, const orr_body *second, double t)
{
    const orr_body *who[2] = {first, second};
    orr_event e = {.t = t, .a = first->id, .b = second->id};
    for (int k = 0; k < 2; k++) {
        e.gm[k] = e.gm_after[k] = who[k]->gm;
        e.radius[k] = e.radius_after[k] = who[k]->radius;
        memcpy(e.pos[k], who[k]->pos, sizeof e.pos[k]);
        memcpy(e.vel[k], who[k]->vel, sizeof e.vel[k]);
    }
    measure(&e);
    return e;
}

orr_body orr_body_in(const orr_bodies *b, const orr_sample *at, size_t i)
{
    orr_body one = orr_bodies_get(b, i);
    for (size_t c = 0; c < 3; c++) {
        one.pos[c] = at->pos[i + c * b->stride];
        one.vel[c] = at->vel[i + c * b->stride];
    }
    return one;
}

orr_event orr_event_of(const orr_sim *sim, const orr_sample *at, size_t i, size_t j, double t)
{
    const orr_body first = orr_body_in(&sim->bodies, at, i),
                   second = orr_body_in(&sim->bodies, at, j);
    return orr_event_of_pair(&first, &second, t);
}

orr_status orr_tell(orr_sim *sim, const orr_event *e)
{
    orr_status status = sim->problem.record(&sim->problem, e);
    return status == ORR_OK ? ORR_OK : orr_sim_fail(sim, status, "out of memory for an event");
}

/* ---- outcomes ---- */

/* What is left of a normal velocity: the same part of all, or that of icy spheres, which fades with
 * the speed. */
static double restitution_at(const orr_collisions *r, double speed)
{
    if (!(r->restitution_speed > 0) || !(speed > r->restitution_speed))
        return r->restitution;
    return r->restitution * orr_pow(speed / r->restitution_speed, ORR_RESTITUTION_POWER);
}

/* Hard spheres without friction: the normal part of the relative velocity is reversed, less what
 * the impact takes. */
bool orr_bounce(orr_contact *x, const orr_collisions *rules, bool attract, bool elastic)
{
    const double tremble = 0.05;
    double gm = x->a.gm + x->b.gm, d[3], v[3];
    double part = gm > 0 ? x->a.gm / gm : x->a.role == ORR_TEST ? 0 : 0.5;
    for (int c = 0; c < 3; c++) {
        d[c] = x->a.pos[c] - x->b.pos[c];
        v[c] = x->a.vel[c] - x->b.vel[c];
    }
    double apart = sqrt(dot(d, d)), normal = apart > 0 ? dot(d, v) / apart : 0;
    double v2 = dot(v, v), circular2 = apart > 0 && attract ? gm / apart : 0;
    double e = elastic ? 1 : restitution_at(rules, fabs(normal));
    if (!(apart > 0) || (e < 1 && e * normal * (e * normal) < tremble * tremble * 2 * circular2 &&
                         v2 - normal * normal < circular2))
        return false;
    for (int c = 0; c < 3 && normal < 0; c++) {
        double push = -(1 + e) * normal * d[c] / apart;
        x->a.vel[c] += (1 - part) * push;
        x->b.vel[c] -= part * push;
    }
    return true;
}

/* The lighter one becomes part of the other.  Angular momentum about the common centre of mass goes
 * into the spin: gm_a gm_b / (gm_a + gm_b) d x v. */
static void merge(orr_contact *x)
{
    orr_body *a = &x->a, *b = &x->b;
    double gm = a->gm + b->gm, part = gm > 0 ? a->gm / gm : 0, d[3], v[3];
    for (int c = 0; c < 3; c++) {
        d[c] = a->pos[c] - b->pos[c];
        v[c] = a->vel[c] - b->vel[c];
    }
    const double reduced = part * b->gm;
    const double turn[3] = {d[1] * v[2] - d[2] * v[1], d[2] * v[0] - d[0] * v[2],
                            d[0] * v[1] - d[1] * v[0]};
    for (int c = 0; c < 3; c++) {
        b->pos[c] += part * d[c];
        b->vel[c] += part * v[c];
        b->spin[c] += a->spin[c] + reduced * turn[c];
    }
    if (a->gm > 0)
        b->radius = orr_cbrt(a->radius * a->radius * a->radius + b->radius * b->radius * b->radius);
    b->gm = gm;
    x->a_stays = false;
}

double orr_energy_of_contact(const orr_sim *sim, const orr_contact *x, size_t i, size_t j)
{
    const orr_bodies *b = &sim->bodies;
    const orr_body *two[2] = {&x->a, &x->b};
    const bool stays[2] = {x->a_stays, x->b_stays};
    const orr_softening soft = orr_sim_softening(sim);
    double energy = 0;
    for (int k = 0; k < 2; k++) {
        if (!stays[k])
            continue;
        energy += two[k]->gm * dot(two[k]->vel, two[k]->vel) / 2;
        for (size_t m = 0; m < b->n_active + b->n_passive && soft.eps >= 0 && two[k]->gm > 0; m++) {
            double d[3];
            for (size_t c = 0; c < 3; c++)
                d[c] = b->pos[m + c * b->stride] - two[k]->pos[c];
            double inverse = orr_softening_potential(&soft, dot(d, d));
            bool feels = two[k]->role == ORR_ACTIVE || m < b->n_active;
            if (m != i && m != j && feels)
                energy -= two[k]->gm * b->gm[m] * inverse;
        }
    }
    if (stays[0] && stays[1] && soft.eps >= 0) {
        double d[3];
        for (int c = 0; c < 3; c++)
            d[c] = x->a.pos[c] - x->b.pos[c];
        energy -= x->a.gm * x->b.gm * orr_softening_potential(&soft, dot(d, d));
    }
    return energy;
}

static void put(orr_bodies *b, size_t i, const orr_body *x)
{
    orr_bodies_move(b, i, x->pos, x->vel);
    b->gm[i] = x->gm;
    b->radius[i] = x->radius;
    for (size_t c = 0; c < 3; c++)
        b->spin[i + c * b->stride] = x->spin[c];
}

/* What the rule makes of them; *stop: the run ends. */
orr_status orr_contact_apply(orr_sim *sim, orr_contact *x, orr_event *e, bool *stop)
{
    const orr_collisions *r = &sim->contacts->rules;
    e->kind = ORR_COLLISION;
    if (r->decide) {
        orr_body was[2] = {x->a, x->b};
        orr_status status = r->decide(r->user, x, stop);
        if (status != ORR_OK)
            return orr_sim_fail(sim, status, "the rule for collisions: %s",
                                orr_status_text(status));
        bool kept = x->a.id == was[0].id && x->b.id == was[1].id && x->a.role == was[0].role &&
                    x->b.role == was[1].role;
        for (int k = 0; k < 2; k++) {
            const orr_body *y = k == 0 ? &x->a : &x->b;
            kept = kept && y->gm >= 0 && y->radius >= 0 && isfinite(y->gm + y->radius) &&
                   (y->role != ORR_TEST || y->gm == 0);
            for (int c = 0; c < 3; c++)
                kept = kept && isfinite(y->pos[c] + y->vel[c] + y->spin[c]);
        }
        if (!kept)
            return orr_sim_fail(sim, ORR_E_ARGUMENT,
                                "the rule for collisions gave a body that cannot be: another id or "
                                "role, a negative or infinite value, or mass to a test body");
        if (!x->a_stays || !x->b_stays)
            e->kind = x->b.gm > was[1].gm || x->a.gm > was[0].gm ? ORR_MERGER : ORR_REMOVAL;
        return ORR_OK;
    }
    switch (r->rule) {
    case ORR_CONTACT_MERGE:
        merge(x);
        e->kind = ORR_MERGER;
        break;
    case ORR_CONTACT_BOUNCE:
        if (!orr_bounce(x, r, sim->problem.softening >= 0, false)) {
            merge(x);
            e->kind = ORR_MERGER;
        }
        break;
    case ORR_CONTACT_REMOVE:
        x->a_stays = false;
        e->kind = ORR_REMOVAL;
        break;
    case ORR_CONTACT_STOP:
        *stop = true;
        break;
    default:
        break;
    }
    return ORR_OK;
}

static orr_status stop_at(orr_sim *sim, const orr_event *e)
{
    char when[64];
    return orr_sim_fail(sim, ORR_E_COLLISION,
                        "%s and %s touched at %s; the run stops there, as the "
                        "scenario says",
                        orr_sim_name_of(sim, e->a, (char[64]){0}),
                        orr_sim_name_of(sim, e->b, (char[64]){0}),
                        orr_sim_time_text(sim, e->t, when));
}

void orr_event_after(orr_event *e, const orr_contact *x)
{
    e->gm_after[0] = x->a_stays ? x->a.gm : 0;
    e->gm_after[1] = x->b_stays ? x->b.gm : 0;
    e->radius_after[0] = x->a_stays ? x->a.radius : 0;
    e->radius_after[1] = x->b_stays ? x->b.radius : 0;
}

/* A rule of one's own has left it as it was. */
static bool same_body(const orr_body *x, bool stays, const orr_bodies *b, size_t i)
{
    const orr_body was = orr_bodies_get(b, i);
    bool same = stays && x->gm == was.gm && x->radius == was.radius;
    for (int c = 0; c < 3; c++)
        same =
            same && x->pos[c] == was.pos[c] && x->vel[c] == was.vel[c] && x->spin[c] == was.spin[c];
    return same;
}

orr_status orr_collide_now(orr_sim *sim, const orr_found *f)
{
    orr_bodies *b = &sim->bodies;
    size_t i = orr_bodies_find(b, f->lighter), j = orr_bodies_find(b, f->heavier);
    if (i >= b->n || j >= b->n)
        return ORR_OK;
    if (f->on_arc)
        orr_put_on_arc(b, b->pos, b->vel, i, j, f->d, f->v);
    const bool test = j >= b->n_active + b->n_passive || i >= b->n_active + b->n_passive;
    orr_contact x = {.t = sim->t.high, .a_stays = true, .b_stays = true};
    x.a = orr_bodies_get(b, i);
    x.b = orr_bodies_get(b, j);
    orr_event e = orr_event_of(sim, &(orr_sample){.pos = b->pos, .vel = b->vel}, i, j, x.t);
    double before = orr_energy_of_contact(sim, &x, i, j);
    bool stop = false;
    ORR_TRY(orr_contact_apply(sim, &x, &e, &stop));
    e.energy = before - orr_energy_of_contact(sim, &x, i, j);
    orr_event_after(&e, &x);
    sim->keep_massive = test && same_body(&x.b, x.b_stays, b, j);
    put(b, i, &x.a);
    put(b, j, &x.b);
    ORR_TRY(orr_tell(sim, &e));
    if (!x.a_stays)
        ORR_TRY(orr_sim_remove_now(sim, e.a));
    if (!x.b_stays)
        ORR_TRY(orr_sim_remove_now(sim, e.b));
    ORR_TRY(orr_drop_gone(sim));
    sim->prepared = false;
    sim->contacts->fresh = sim->contacts->fresh && !stop;
    return stop ? stop_at(sim, &e) : ORR_OK;
}

orr_status orr_dismiss(orr_sim *sim)
{
    const orr_bodies *b = &sim->bodies;
    const orr_contacts *look = sim->contacts;
    double far = sim->contacts->rules.remove_beyond, from[3] = {0}, gm = 0;
    if (!(far > 0))
        return ORR_OK;
    size_t star = orr_dominant_body(b, ORR_PART_CENTRE);
    orr_sample now = {.pos = b->pos, .vel = b->vel};
    if (sim->unsynchronised) {
        ORR_TRY(orr_look_before(sim));
        now = look->samples[0];
    }
    size_t last = look->by_method ? b->n_active + b->n_passive : b->n;
    for (size_t i = 0; i < b->n_active + b->n_passive; i++)
        gm += b->gm[i];
    for (size_t c = 0; c < 3; c++) {
        const double *x = now.pos + c * b->stride;
        for (size_t i = 0; i < b->n && star >= b->n && gm > 0; i++)
            from[c] += b->gm[i] / gm * x[i];
        if (star < b->n)
            from[c] = x[star];
    }
    sim->n_removed = 0;
    for (size_t i = sim->massive ? b->n_active + b->n_passive : 0; i < last; i++) {
        double d[3];
        for (size_t c = 0; c < 3; c++)
            d[c] = now.pos[i + c * b->stride] - from[c];
        if (!(dot(d, d) > far * far) || i == star)
            continue;
        orr_event e = orr_event_of(sim, &now, i, star < b->n ? star : i, sim->t.high);
        e.kind = ORR_ESCAPE;
        e.separation = sqrt(dot(d, d));
        e.gm_after[0] = e.radius_after[0] = 0;
        ORR_TRY(orr_tell(sim, &e));
        ORR_TRY(sim->problem.remove(&sim->problem, e.a));
    }
    return orr_sim_remove_marked(sim);
}
