/* collisions_meet.c - who may touch whom in a step, and contacts in their order.
 *
 * Boxes around the ways of all bodies, and of their images where those reach into the box, go into
 * cells; pairs that overlap are asked when they touch, and wait in a queue.  After a contact both go
 * on freely to the end of the step, and are asked again about those around.  So a contact costs what
 * its neighbours cost, not what all bodies do.
 * Event-driven collisions in a step: Richardson, Quinn, Stadel & Lake 2000, doi
 * 10.1006/icar.1999.6243; Rein & Liu 2012, doi 10.1051/0004-6361/201118085. */
#include "collisions_many.h"

#include <math.h>
#include <string.h>

#include "sim_time.h"

enum { MOST_EACH = 20000 }; /* contacts of a body, beyond which a step is given up */

static const double margin = 0.1; /* of a radius, around ways: who bounces may stay in his box */

/* ---- who may touch whom ---- */

static bool touches(const orr_collisions *r)
{
    return r->rule != ORR_CONTACT_IGNORE;
}

/* Ask a pair, j as part of an image. */
static orr_status ask(orr_many *m, size_t i, size_t j, uint32_t image)
{
    size_t first_test = m->b->n_active + m->b->n_passive;
    if (i == j || m->gone[i] || m->gone[j] || (i >= first_test && j >= first_test))
        return ORR_OK;
    if (image == 0 && i > j) { /* the same bits, whoever asks */
        size_t other = i;
        i = j, j = other;
    }
    double s = orr_next_touch(m, i, j, image);
    bool told = s == 0 && m->c->rules.rule == ORR_CONTACT_LOG; /* when they came into touch */
    if (isnan(s) || told)
        return ORR_OK;
    return orr_queue_put(&m->c->queue, &(orr_meeting){.s = s,
                                                      .i = (uint32_t)i,
                                                      .j = (uint32_t)j,
                                                      .image = image,
                                                      .age_i = m->age[i],
                                                      .age_j = m->age[j]});
}

/* Two boxes overlap; images meet none of the others. */
static orr_status ask_boxes(void *user, const orr_box *a, const orr_box *b)
{
    if (a->image != 0 && b->image != 0)
        return ORR_OK;
    const orr_box *own = a->image == 0 ? a : b, *other = a->image == 0 ? b : a;
    return ask(user, own->owner, other->owner, other->image);
}

static void widen(orr_box *domain, const orr_box *one)
{
    for (int c = 0; c < 3; c++) {
        double low = domain->middle[c] - domain->half[c], high = low + 2 * domain->half[c];
        double from = one->middle[c] - one->half[c], to = one->middle[c] + one->half[c];
        low = from < low ? from : low, high = to > high ? to : high;
        domain->middle[c] = low + (high - low) / 2;
        domain->half[c] = (high - low) / 2;
    }
}

/* Boxes of images that reach in, into `out` if it is not NULL; gives how many. */
static size_t add_images(const orr_many *m, orr_box *out)
{
    size_t count = 0;
    for (uint32_t image = 1; image < m->n_images; image++)
        for (size_t i = 0; i < m->b->n; i++) {
            const orr_box *one = &m->boxes[i];
            bool reaches = true;
            for (int c = 0; c < 3; c++) {
                double d = one->middle[c] + m->images[image].shift[c] - m->domain.middle[c];
                reaches = reaches & (fabs(d) <= one->half[c] + m->domain.half[c]);
            }
            if (reaches && out)
                out[count] = orr_box_shifted(m, one, image);
            count += reaches;
        }
    return count;
}

/* Boxes of all bodies, then of images that reach in. */
static orr_status find_pairs(orr_many *m)
{
    orr_arena *memory = &m->c->memory;
    size_t n = m->b->n, count = 0, of_images = 0;
    m->boxes = orr_arena_alloc(memory, n * sizeof *m->boxes);
    if (!m->boxes)
        return ORR_E_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        m->boxes[i] = orr_box_of_way(m, i, margin);
        if (!orr_box_is_finite(&m->boxes[i]))
            continue;
        if (count++ == 0)
            m->domain = m->boxes[i];
        widen(&m->domain, &m->boxes[i]);
    }
    for (int pass = 0; pass < 2; pass++) { /* first count them */
        orr_box *all = NULL;
        if (pass == 1) {
            all = orr_arena_alloc(memory, (n + of_images + 1) * sizeof *all);
            if (!all)
                return ORR_E_NO_MEMORY;
            memcpy(all, m->boxes, n * sizeof *all);
        }
        of_images = add_images(m, all ? all + n : NULL);
        if (all)
            ORR_TRY(orr_grid_make(all, n + of_images, memory, &m->cells));
    }
    return orr_grid_pairs(&m->cells, ask_boxes, m);
}

/* ---- after a contact ---- */

static bool is_inside(const orr_box *inner, const orr_box *outer)
{
    bool inside = true;
    for (int c = 0; c < 3; c++)
        inside =
            inside && inner->half[c] - outer->half[c] <= -fabs(inner->middle[c] - outer->middle[c]);
    return inside;
}

/* Body i goes another way: ask it, and its images, about those around. */
static orr_status ask_around(orr_many *m, size_t i)
{
    const orr_box own = orr_box_of_way(m, i, 0);
    bool strays = !is_inside(&own, &m->boxes[i]);
    ORR_TRY(orr_grid_around(&m->cells, &own, ask_boxes, m));
    for (uint32_t image = 1; image < m->n_images; image++) {
        const orr_box one = orr_box_shifted(m, &own, image);
        if (orr_boxes_overlap(&one, &m->domain))
            ORR_TRY(orr_grid_around(&m->cells, &one, ask_boxes, m));
    }
    bool known = false;
    for (size_t k = 0; k < m->n_strays; k++) {
        size_t other = m->strays[k];
        known = known || other == i;
        for (uint32_t image = 0; image < m->n_images; image++) {
            ORR_TRY(ask(m, i, other, image));
            if (image > 0)
                ORR_TRY(ask(m, other, i, image));
        }
    }
    if (strays && !known)
        m->strays[m->n_strays++] = (uint32_t)i;
    return ORR_OK;
}

/* Body i is as x says from s on: its way to the end of the step follows. */
static void set_way(orr_many *m, size_t i, double s, const orr_body *was, const orr_body *x)
{
    double dx[3], dv[3], t = m->h - s;
    for (int c = 0; c < 3; c++) {
        dx[c] = x->pos[c] - was->pos[c];
        dv[c] = x->vel[c] - was->vel[c];
    }
    if (m->sim->method->carry)
        m->sim->method->carry(m->sim->state, t, dx, dv);
    else
        for (int c = 0; c < 3; c++)
            dx[c] += t * dv[c];
    for (size_t c = 0; c < 3; c++) {
        size_t at = i + c * m->b->stride;
        m->from->pos[at] = x->pos[c];
        m->from->vel[at] = x->vel[c];
        m->to->pos[at] += dx[c];
        m->to->vel[at] += dv[c];
    }
    m->begin[i] = s;
}

/* Of the motion about the common centre of mass, which goes on as it was. */
static double motion_of(const orr_contact *x)
{
    double v2 = 0, gm = x->a.gm + x->b.gm;
    for (int c = 0; c < 3; c++)
        v2 += (x->a.vel[c] - x->b.vel[c]) * (x->a.vel[c] - x->b.vel[c]);
    return gm > 0 ? x->a.gm * x->b.gm / gm * v2 / 2 : 0;
}

/* Bounce as the time of the step goes.  Who cannot come off parts without loss. */
static void bounce(const orr_many *m, orr_contact *x, bool elastic)
{
    const orr_collisions *r = &m->c->rules;
    bool attract = m->sim->problem.softening >= 0;
    for (int c = 0; c < 3 && m->h < 0; c++)
        x->a.vel[c] = -x->a.vel[c], x->b.vel[c] = -x->b.vel[c];
    if (!orr_bounce(x, r, attract, elastic))
        (void)orr_bounce(x, r, attract, true);
    for (int c = 0; c < 3 && m->h < 0; c++)
        x->a.vel[c] = -x->a.vel[c], x->b.vel[c] = -x->b.vel[c];
}

/* What the rule makes of i and j, with its event.  *goes_on: they take other ways now. */
static orr_status decide(orr_many *m, orr_contact *x, size_t i, size_t j, bool elastic)
{
    orr_sim *sim = m->sim;
    const orr_collisions *r = &m->c->rules;
    orr_event e = orr_event_of_pair(&x->a, &x->b, x->t);
    e.kind = ORR_COLLISION;
    if (r->rule == ORR_CONTACT_BOUNCE) {
        double before = motion_of(x);
        bounce(m, x, elastic);
        e.energy = before - motion_of(x);
    } else if (r->rule != ORR_CONTACT_LOG) {
        bool stop = false;
        double before = orr_energy_of_contact(sim, x, i, j);
        ORR_TRY(orr_contact_apply(sim, x, &e, &stop));
        e.energy = before - orr_energy_of_contact(sim, x, i, j);
    }
    orr_event_after(&e, x);
    bool recorded = !sim->problem.aside && !(r->unrecorded && x->a_stays && x->b_stays);
    return recorded ? orr_tell(sim, &e) : ORR_OK;
}

static orr_status settle(orr_many *m, size_t i, double s, const orr_body *was, const orr_body *x,
                         bool stays)
{
    m->age[i]++;
    if (!stays) {
        m->gone[i] = true;
        return m->sim->problem.remove(&m->sim->problem, x->id);
    }
    set_way(m, i, s, was, x);
    m->b->gm[i] = x->gm;
    m->b->radius[i] = x->radius;
    for (size_t c = 0; c < 3; c++)
        m->b->spin[i + c * m->b->stride] = x->spin[c];
    return ORR_OK;
}

/* Body i touched somebody just before: no more energy is taken. */
static bool lies(const orr_many *m, size_t i, double s)
{
    return m->age[i] > 0 && fabs(s - m->begin[i]) < ORR_CONTACT_LASTS * fabs(m->h);
}

static bool approach(const orr_many *m, const orr_contact *x)
{
    double rate = 0;
    for (int c = 0; c < 3; c++)
        rate += (x->a.pos[c] - x->b.pos[c]) * (x->a.vel[c] - x->b.vel[c]);
    return m->h < 0 ? rate > 0 : rate < 0;
}

static orr_status touch(orr_many *m, const orr_meeting *now)
{
    const orr_bodies *b = m->b;
    size_t light = orr_lighter(b, now->i, now->j), heavy = light == now->i ? now->j : now->i;
    orr_contact x = {.a_stays = true, .b_stays = true};
    const size_t who[2] = {light, heavy};
    orr_body *two[2] = {&x.a, &x.b}, was[2];
    x.t = orr_time_later(m->c->start, now->s).high;
    for (int k = 0; k < 2; k++) {
        *two[k] = orr_bodies_get(b, who[k]);
        orr_place_at(m, who[k], who[k] == now->j ? now->image : 0, now->s, two[k]->pos,
                     two[k]->vel);
        was[k] = *two[k];
    }
    if (!approach(m, &x)) /* they graze, and rounding has it the other way */
        return ORR_OK;
    ORR_TRY(decide(m, &x, light, heavy, lies(m, light, now->s) || lies(m, heavy, now->s)));
    if (m->c->rules.rule == ORR_CONTACT_LOG)
        return ORR_OK;
    const bool stays[2] = {x.a_stays, x.b_stays};
    for (int k = 0; k < 2; k++) { /* back from the image */
        const orr_image *image = &m->images[who[k] == now->j ? now->image : 0];
        orr_body *both[2] = {&was[k], two[k]};
        for (int w = 0; w < 2; w++) {
            for (int c = 0; c < 3; c++)
                both[w]->pos[c] -= image->shift[c];
            both[w]->pos[1] -= image->speed * now->s;
            both[w]->vel[1] -= image->speed;
        }
        ORR_TRY(settle(m, who[k], now->s, &was[k], two[k], stays[k]));
    }
    for (int k = 0; k < 2; k++)
        if (stays[k])
            ORR_TRY(ask_around(m, who[k]));
    return ORR_OK;
}

orr_status orr_meet_all(orr_many *m)
{
    orr_queue *q = &m->c->queue;
    orr_meeting now;
    q->n = 0;
    if (!touches(&m->c->rules))
        return ORR_OK;
    ORR_TRY(find_pairs(m));
    while (orr_queue_take(q, &now)) {
        if (now.age_i != m->age[now.i] || now.age_j != m->age[now.j])
            continue;
        if (m->age[now.i] > MOST_EACH)
            return ORR_E_NO_CONVERGENCE;
        m->contacts++;
        ORR_TRY(touch(m, &now));
    }
    return ORR_OK;
}
