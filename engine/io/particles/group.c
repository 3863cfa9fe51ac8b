/* group.c - `snapshot:` of a group: which particles, in which units, put where the bodies are.
 *
 * What was decided is told in one sentence: which particles were taken, which were left out, that
 * softening was not taken. */
#include <stdlib.h>
#include <string.h>

#include "particles.h"

typedef struct filling {
    loader *l;
    const orr_group *group;
    orr_particle_file *f;
    orr_particle_factors factors;
    size_t first, n;               /* where its bodies are, how many */
    size_t place[ORR_MOST_KINDS];  /* of the first of each kind, among them */
    size_t filled[ORR_MOST_KINDS]; /* so far */
    bool turned;
    uint64_t *ids; /* [n]; NULL: they are counted */
} filling;

/* An error of the file, at the name of it. */
static orr_status say(const loader *l, const orr_yaml *file, const orr_particle_file *f,
                      orr_status status)
{
    if (!*f->wrong || (status != ORR_E_FORMAT && status != ORR_E_FILE))
        return status;
    return orr_yaml_fail(&l->doc, file, status, "'%s': %s", f->path, f->wrong);
}

/* ---- which particles ---- */

static orr_status find_kind(loader *l, const orr_yaml *node, const orr_particle_file *f, size_t *k)
{
    static const char group[] = "PartType";
    ORR_TRY(orr_need_kind(l, node, ORR_SCALAR));
    const char *const *kinds = f->format->kinds;
    size_t n = 0;
    while (n < ORR_MOST_KINDS && kinds[n])
        n++;
    bool numbered = strncmp(node->text, group, sizeof group - 1) == 0;
    const char *number = node->text + (numbered ? sizeof group - 1 : 0);
    if (*number >= '0' && *number < (char)('0' + n) && !number[1]) {
        *k = (size_t)(*number - '0');
        return ORR_OK;
    }
    return orr_read_choice(l, node, "type of particles", kinds, n, k);
}

static orr_status choose_kinds(loader *l, orr_yaml *node, orr_particle_file *f)
{
    orr_yaml *types = orr_yaml_get(node, "types");
    for (size_t k = 0; k < ORR_MOST_KINDS; k++)
        f->wanted[k] = !types;
    const char *const *kinds = f->format->kinds;
    if (!types && f->n[0] > 0 && strcmp(kinds[0], "gas") == 0)
        return orr_yaml_fail(&l->doc, node, ORR_E_FORMAT,
                             "'%s' holds %zu particles of gas: say which types are taken, 'types: "
                             "[%s, %s]' (gas would be bodies without pressure)",
                             f->path, f->n[0], kinds[1], kinds[2]);
    if (types && types->kind == ORR_SCALAR) {
        size_t k;
        ORR_TRY(find_kind(l, types, f, &k));
        f->wanted[k] = true;
    } else if (types) {
        ORR_TRY(orr_need_kind(l, types, ORR_LIST));
        for (const orr_yaml *item = types->first; item; item = item->next) {
            size_t k;
            ORR_TRY(find_kind(l, item, f, &k));
            f->wanted[k] = true;
        }
    }
    return ORR_OK;
}

/* Whether there is something, and room for it, before any is made. */
static orr_status count(filling *w, const orr_yaml *file)
{
    loader *l = w->l;
    const orr_particle_file *f = w->f;
    size_t n = 0, room = l->most_bodies - l->s->bodies.n;
    for (size_t k = 0; k < ORR_MOST_KINDS; k++) {
        w->place[k] = n;
        if (!f->wanted[k] || f->n[k] == 0)
            continue;
        if (f->n[k] > room - n)
            return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT,
                                 "'%s' holds %zu and more bodies, which do not fit into the memory "
                                 "of this machine; at most %zu do",
                                 f->path, n + f->n[k], room);
        n += f->n[k];
    }
    w->n = n;
    if (n == 0)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "'%s' holds no particles of these types",
                             f->path);
    return ORR_OK;
}

/* Each body has a mass, from one place. */
static orr_status check_masses(const filling *w, const orr_yaml *file)
{
    const orr_particle_file *f = w->f;
    const orr_group *g = w->group;
    bool all = true, none = true;
    for (size_t k = 0; k < ORR_MOST_KINDS; k++) {
        if (!f->wanted[k] || f->n[k] == 0)
            continue;
        all = all && f->has_mass[k];
        none = none && !f->has_mass[k];
    }
    if (g->role == ORR_TEST && g->gm > 0)
        return orr_yaml_fail(
            &w->l->doc, g->node, ORR_E_FORMAT,
            "test bodies are massless; leave out the mass, or use 'role: passive'");
    if (g->role == ORR_TEST || (g->gm > 0 ? none : all))
        return ORR_OK;
    if (g->gm > 0)
        return orr_yaml_fail(&w->l->doc, g->node, ORR_E_FORMAT,
                             "'%s' has masses of its own: leave out 'mass'", f->path);
    return orr_yaml_fail(
        &w->l->doc, file, ORR_E_FORMAT,
        "'%s' has no masses%s: give that of each body, 'mass: 1e5 Msun', or 'role: "
        "test'",
        f->path, none ? "" : " of some of these types");
}

/* ---- rows into bodies ---- */

static void turn(const orr_plane *plane, const double from[3], double to[3])
{
    for (int r = 0; r < 3; r++) {
        const double *m = plane->m[r];
        to[r] = m[0] * from[0] + m[1] * from[1] + m[2] * from[2];
    }
}

static void put_states(const filling *w, const orr_rows *rows, size_t at)
{
    orr_bodies *b = &w->l->s->bodies;
    const orr_particle_factors *u = &w->factors;
    const orr_state *centre = &w->group->centre.state;
    for (size_t i = 0; i < rows->n; i++) {
        const double *x = rows->pos + 3 * i, *v = rows->vel + 3 * i;
        double turned[2][3];
        if (w->turned) {
            turn(&w->group->plane, x, turned[0]);
            turn(&w->group->plane, v, turned[1]);
            x = turned[0], v = turned[1];
        }
        for (size_t c = 0; c < 3; c++) {
            double pos = x[c] * u->pos, flow = u->flow > 0 ? u->flow * pos : 0;
            b->pos[c * b->stride + at + i] = pos + centre->pos[c];
            b->vel[c * b->stride + at + i] = v[c] * u->vel + flow + centre->vel[c];
        }
    }
}

static orr_status put(void *user, const orr_rows *rows)
{
    filling *w = user;
    size_t k = rows->kind, place = w->place[k] + rows->first, at = w->first + place;
    if (!w->f->wanted[k] || rows->n > w->f->n[k] || rows->first != w->filled[k] ||
        rows->first > w->f->n[k] - rows->n)
        return orr_particles_fail(w->f, "it changed while it was read");
    orr_bodies *b = &w->l->s->bodies;
    put_states(w, rows, at);
    bool weighed = rows->mass && w->group->role != ORR_TEST;
    for (size_t i = 0; i < rows->n; i++) {
        b->gm[at + i] = weighed ? rows->mass[i] * w->factors.gm : w->group->gm;
        b->radius[at + i] = w->group->radius;
    }
    if (w->ids && rows->id)
        memcpy(w->ids + place, rows->id, rows->n * sizeof *rows->id);
    w->filled[k] += rows->n;
    return ORR_OK;
}

/* ---- names, and what is wrong with a body ---- */

static orr_status name_them(filling *w, const orr_yaml *file)
{
    loader *l = w->l;
    size_t taken;
    uint64_t which;
    bool same = false;
    const char *prefix = w->group->prefix;
    if (w->ids)
        ORR_TRY(orr_find_repeated(w->ids, w->n, &same, &which));
    if (same)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "'%s': the id %llu is there twice",
                             w->f->path, (unsigned long long)which);
    orr_status status = orr_names_add_series(&l->s->names, &l->index, prefix, w->ids, w->n, &taken);
    if (status == ORR_E_EXISTS)
        return orr_yaml_fail(&l->doc, w->group->node, ORR_E_FORMAT,
                             "there is a body '%s' already; give the group another 'name'",
                             orr_names_get(&l->s->names, taken));
    return status;
}

static orr_status check_states(const filling *w, const orr_yaml *file)
{
    const loader *l = w->l;
    const orr_bodies *b = &l->s->bodies;
    size_t good = orr_bodies_valid(b, w->first, w->n), at = w->first + good;
    const double *gm = b->gm + w->first;
    if (good < w->n)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT,
                             "'%s': %s of '%s' is not finite, or out of range in these units",
                             w->f->path, b->gm[at] >= 0 ? "the state" : "the mass",
                             orr_names_get(&l->s->names, b->id[at]));
    for (size_t k = 0; k < w->n && w->group->role != ORR_TEST; k++)
        if (gm[k] == 0)
            return orr_yaml_fail(
                &l->doc, file, ORR_E_FORMAT,
                "'%s': '%s' has no mass: take massless particles with 'role: test'", w->f->path,
                orr_names_get(&l->s->names, b->id[w->first + k]));
    return ORR_OK;
}

/* ---- what was done ---- */

static void list_kinds(const orr_particle_file *f, bool taken, char *out, size_t size)
{
    size_t used = 0;
    *out = 0;
    for (size_t k = 0; k < ORR_MOST_KINDS && used < size; k++)
        if (f->n[k] > 0 && f->wanted[k] == taken)
            used += (size_t)snprintf(out + used, size - used, "%s%zu %s", used ? ", " : "", f->n[k],
                                     f->format->kinds[k]);
}

static orr_status tell(const filling *w)
{
    const orr_particle_file *f = w->f;
    char taken[200], left[200], time[40] = "";
    list_kinds(f, true, taken, sizeof taken);
    list_kinds(f, false, left, sizeof left);
    if (f->has_time)
        snprintf(time, sizeof time, ", time %.9g", f->time);
    const char *masses = w->group->role == ORR_TEST ? "; as test bodies, without their masses" : "";
    return orr_note(w->l, "'%s' (%s%s): %s%s%s%s%s%s", f->path, f->format->entry.name, time, taken,
                    *left ? "; left out: " : "", left, masses, f->untaken ? "; not taken: " : "",
                    f->untaken ? f->untaken : "");
}

static orr_status fill(filling *w, const orr_yaml *file)
{
    loader *l = w->l;
    orr_particle_file *f = w->f;
    ORR_TRY(count(w, file));
    ORR_TRY(check_masses(w, file));
    ORR_TRY(orr_particle_factors_of(l, w->group->node, f, &w->factors));
    uint64_t id = l->s->bodies.n;
    ORR_TRY(orr_bodies_extend(&l->s->bodies, w->n, w->group->role, id, &w->first));
    if (f->has_id) {
        w->ids = malloc(w->n * sizeof *w->ids);
        if (!w->ids)
            return ORR_E_NO_MEMORY;
    }
    ORR_TRY(orr_buffers_make(&f->rows));
    ORR_TRY(say(l, file, f, f->format->read(f, put, w)));
    for (size_t k = 0; k < ORR_MOST_KINDS; k++)
        if (f->wanted[k] && w->filled[k] != f->n[k])
            return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "'%s' changed while it was read",
                                 f->path);
    ORR_TRY(name_them(w, file));
    ORR_TRY(check_states(w, file));
    return tell(w);
}

/* ---- the file ---- */

static orr_status find_format(loader *l, orr_yaml *node, const orr_particle_format **format)
{
    const char *names[16];
    size_t n = 0, chosen;
    const orr_catalogue_entry *entry;
    const orr_yaml *wish = orr_yaml_get(node, "format");
    *format = NULL;
    if (!wish)
        return ORR_OK;
    while ((entry = orr_snapshot_format_at(n)) && n < LENGTH_OF(names))
        names[n++] = entry->name;
    ORR_TRY(orr_read_choice(l, wish, "format of snapshots", names, n, &chosen));
    *format = orr_particle_format_at(chosen);
    return ORR_OK;
}

static orr_status open_and_fill(filling *w, orr_yaml *node, const orr_yaml *file)
{
    loader *l = w->l;
    orr_particle_file *f = w->f;
    const orr_particle_format *wish;
    const orr_yaml *index = orr_yaml_get(node, "index"), *hubble = orr_yaml_get(node, "hubble");
    ORR_TRY(find_format(l, node, &wish));
    f->index_given = index != NULL;
    if (index)
        ORR_TRY(orr_read_count(l, index, 1e9, &f->index));
    ORR_TRY(say(l, file, f, orr_particles_open(f, wish)));
    double h = 0;
    if (hubble)
        ORR_TRY(orr_read_positive(l, hubble, ORR_DIMENSIONLESS, &h));
    if (hubble && f->h > 0 && f->h != h)
        return orr_yaml_fail(&l->doc, hubble, ORR_E_FORMAT, "'%s' says that h is %.9g", f->path,
                             f->h);
    f->h = h > 0 ? h : f->h;
    ORR_TRY(choose_kinds(l, node, f));
    return fill(w, file);
}

orr_status orr_read_snapshot(loader *l, const orr_group *group, const orr_yaml *file)
{
    orr_group g = *group;
    if (l->changes && l->changes->no_files)
        return orr_yaml_fail(&l->doc, file, ORR_E_FORMAT, "files are not allowed here");
    orr_particle_file f = {.path = orr_path_beside(l, file)};
    if (!f.path)
        return ORR_E_NO_MEMORY;
    if (!g.prefix)
        g.prefix = "body";
    filling w = {.l = l, .group = &g, .f = &f, .turned = orr_yaml_find(g.node, "plane") != NULL};
    orr_status status = open_and_fill(&w, g.node, file);
    free(w.ids);
    orr_particles_close(&f);
    return status;
}
