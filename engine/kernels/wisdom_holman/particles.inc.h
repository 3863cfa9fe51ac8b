/* particles.inc.h - massless bodies in the field of planets: particles across the lanes, planets
 * one by one.  A block goes through many operations while it stays in the cache; what the planets
 * did was written down before (orr_field_of_planets).  A particle that leaves or comes too near is
 * frozen at that operation; its neighbours do not notice. */

typedef struct swarm {
    vec q[3], w[3], ql[3], wl[3], gone, why;
} swarm;

/* The square of the least distance on a straight line, up to `reach` before and after now, from
 * d.d, d.e, e.e of distance d and relative velocity e. */
MELT vec least2(vec dd, vec de, vec ee, double reach)
{
    vec limit = vec_set(reach), t = -de / (ee + vec_set(1e-300));
    t = vec_select((vec_mask)(t > limit), limit, t);
    t = vec_select((vec_mask)(t < -limit), -limit, t);
    return dd + t * (de + de + t * ee);
}

/* Inside the star, or a moment ago at a pericentre inside it: r^2/(x.u) is between 1 and 3/2 of the
 * time since then (straight lines, parabolas), and more on ellipses far out. */
MELT vec_mask went_through_star(const orr_particles *p, double reach, vec r2, vec xu, vec u2)
{
    vec mu = vec_set(p->star), radius = vec_set(p->star_radius), h2 = r2 * u2 - xu * xu;
    vec e2 = vec_set(1) + h2 * (u2 - (mu + mu) * vec_inverse_sqrt(r2)) / (mu * mu);
    e2 = vec_select((vec_mask)(e2 > vec_set(1e-30)), e2, vec_set(1e-30));
    vec_mask inside = (vec_mask)(h2 < mu * radius * (vec_set(1) + e2 * vec_inverse_sqrt(e2)));
    return (inside & (vec_mask)(r2 < vec_set(4.5 * reach) * xu)) | (vec_mask)(r2 < radius * radius);
}

MELT void feel(const orr_particles *p, const orr_field_of_planets *f, size_t k, int central,
               double number, swarm *s)
{
    vec a[3], x[3], u[3], q[3], low[3], why = vec_set(0);
    vec_mask hit = (vec_mask)vec_set(0);
    for (int c = 0; c < 3; c++) {
        low[c] = s->ql[c];
        q[c] = add(s->q[c], vec_set(f->before[c]), &low[c]);
        x[c] = q[c] + vec_set(f->offset[3 * k + (size_t)c]);
        a[c] = vec_set(f->common[3 * k + (size_t)c]);
        u[c] = s->w[c] + vec_set(f->v_offset[3 * k + (size_t)c]);
    }
    for (size_t j = 0; j < p->planets; j++) {
        vec d[3];
        for (int c = 0; c < 3; c++)
            d[c] = vec_set(f->x[3 * j + (size_t)c]) - x[c];
        vec d2 = dot(d, d), i = vec_inverse_sqrt(d2), pull = vec_set(p->gm[j]) * (i * i * i);
        if (p->looks) {
            vec e[3];
            for (int c = 0; c < 3; c++)
                e[c] = vec_set(f->v[3 * j + (size_t)c]) - u[c];
            vec_mask near =
                (vec_mask)(least2(d2, dot(d, e), dot(e, e), f->reach) < vec_set(p->near2[j]));
            hit |= near;
            why = vec_select(near, vec_set((double)j), why);
        }
        for (int c = 0; c < 3; c++)
            a[c] = vec_fma(pull, d[c], a[c]);
    }
    vec r2 = dot(x, x);
    if (p->far2 > 0) {
        vec_mask far = (vec_mask)(r2 > vec_set(p->far2));
        hit |= far;
        why = vec_select(far, vec_set(-2), why);
    }
    if (p->star_radius > 0) {
        vec_mask near = went_through_star(p, f->reach, r2, dot(x, u), dot(u, u));
        hit |= near;
        why = vec_select(near, vec_set(-1), why);
    }
    if (central || p->gr > 0) {
        vec i = vec_inverse_sqrt(r2), i2 = i * i, gr = vec_set(p->gr) * (i2 * i2);
        vec k2 = vec_inverse_sqrt(dot(q, q)), pull = vec_set(p->star) * (i2 * i);
        vec drift = vec_set(p->mu) * (k2 * k2 * k2);
        for (int c = 0; c < 3; c++) {
            if (central)
                a[c] += vec_fnma(pull, x[c], drift * q[c]);
            a[c] = vec_fnma(gr, x[c], a[c]);
        }
    }
    vec_mask there = (vec_mask)(s->gone == vec_set(0)), now = hit & there;
    s->gone = vec_select(now, vec_set(number), s->gone);
    s->why = vec_select(now, why, s->why);
    there &= ~hit;
    for (int c = 0; c < 3; c++) {
        vec v_low = s->wl[c];
        vec v = add(s->w[c], vec_set(f->kick) * a[c], &v_low);
        q[c] = add(q[c], vec_set(f->after[c]), &low[c]);
        s->w[c] = vec_select(there, v, s->w[c]);
        s->wl[c] = vec_select(there, v_low, s->wl[c]);
        s->q[c] = vec_select(there, q[c], s->q[c]);
        s->ql[c] = vec_select(there, low[c], s->ql[c]);
    }
}

MELT void fall(const orr_particles *p, double h, swarm *s)
{
    vec_mask there = (vec_mask)(s->gone == vec_set(0));
    kepler_factors k = kepler(s->q, s->w, vec_set(p->mu), (vec)((vec_mask)vec_set(h) & there));
    for (int c = 0; c < 3; c++) {
        vec x = s->q[c], v = s->w[c];
        s->q[c] = add(x, vec_fma(k.f, x, k.g * v), &s->ql[c]);
        s->w[c] = add(v, vec_fma(k.fdot, x, k.gdot * v), &s->wl[c]);
    }
}

MELT void swarms(const orr_particles *p, const orr_field_of_planets *f, size_t n, size_t first,
                 int abreast, int central)
{
    swarm s[2];
    for (int u = 0; u < abreast; u++) {
        size_t at = first + (size_t)u * VEC_DOUBLES;
        for (int c = 0; c < 3; c++) {
            s[u].q[c] = vec_load(p->q[c] + at), s[u].w[c] = vec_load(p->w[c] + at);
            s[u].ql[c] = vec_load(p->q_low[c] + at), s[u].wl[c] = vec_load(p->w_low[c] + at);
        }
        s[u].gone = vec_load(p->gone + at);
        s[u].why = vec_load(p->why + at);
    }
    for (size_t o = 0; o < n; o++) {
        if (f[o].kick != 0)
            for (int u = 0; u < abreast; u++)
                feel(p, f + o, p->inside[(first + (size_t)u * VEC_DOUBLES) / 8], central,
                     (double)(o + 1), s + u);
        if (f[o].drift != 0)
            for (int u = 0; u < abreast; u++)
                fall(p, f[o].drift, s + u);
    }
    for (int u = 0; u < abreast; u++) {
        size_t at = first + (size_t)u * VEC_DOUBLES;
        for (int c = 0; c < 3; c++) {
            vec_store(p->q[c] + at, s[u].q[c]), vec_store(p->w[c] + at, s[u].w[c]);
            vec_store(p->q_low[c] + at, s[u].ql[c]), vec_store(p->w_low[c] + at, s[u].wl[c]);
        }
        vec_store(p->gone + at, s[u].gone);
        vec_store(p->why + at, s[u].why);
    }
}

/* Blocks [first, last). */
static void split_particles(const orr_particles *p, const orr_field_of_planets *f, size_t n,
                            size_t first, size_t last)
{
    size_t i = 8 * first, end = 8 * last;
    if (p->central) {
        for (; i + 2 * VEC_DOUBLES <= end; i += 2 * VEC_DOUBLES)
            swarms(p, f, n, i, 2, 1);
        for (; i < end; i += VEC_DOUBLES)
            swarms(p, f, n, i, 1, 1);
    } else {
        for (; i + 2 * VEC_DOUBLES <= end; i += 2 * VEC_DOUBLES)
            swarms(p, f, n, i, 2, 0);
        for (; i < end; i += VEC_DOUBLES)
            swarms(p, f, n, i, 1, 0);
    }
}
