/* solver.c - `gravity: { solver: auto }`: direct for few bodies, fmm for many.
 *
 * Its options are those of fmm; where direct is chosen, those that it has not are left out.  The
 * choice hangs on the scenario alone, and the resolved scenario names it. */
#include <string.h>

#include "internal.h"

/* Bodies from which on fmm is faster (measured: Plummer spheres, points and softened, one thread,
 * AVX-512; both laws). */
static double crossover(double accuracy)
{
    return accuracy >= 1e-4 ? 4000 : accuracy >= 1e-5 ? 6000 : 12000;
}

orr_status orr_take_auto_solver(loader *l)
{
    orr_yaml *gravity = orr_yaml_get(l->doc.root, "gravity"), *solver;
    solver = gravity && gravity->kind == ORR_MAP ? orr_yaml_get(gravity, "solver") : NULL;
    l->chooses_solver = solver && solver->kind == ORR_SCALAR && strcmp(solver->text, "auto") == 0;
    if (l->chooses_solver)
        solver->text = "fmm";
    return ORR_OK;
}

static const orr_option *option_of(const orr_force_choice *f, const char *name)
{
    for (size_t k = 0; k < f->n_options; k++)
        if (strcmp(f->options[k].name, name) == 0)
            return &f->options[k];
    return NULL;
}

/* f is fmm with its options; it stays that, or becomes direct. */
static orr_status settle(loader *l, const orr_scenario *s, orr_force_choice *f)
{
    const orr_force *direct = orr_force_find("direct");
    const unsigned own = ORR_OWN_GRAVITY | ORR_NEEDS_JERK | ORR_NEEDS_SERIES;
    const orr_option *softening = option_of(f, "softening"), *law = option_of(f, "softening_law");
    const orr_option *given = option_of(f, "accuracy");
    double accuracy = given ? given->number : orr_field_find(f->type->fields, "accuracy")->fallback;
    bool compact = softening && softening->number > 0 && law && strcmp(law->text, "compact") == 0;
    bool needed = s->integrator->traits & own;
    bool same_law = !compact || orr_field_find(direct->fields, "softening_law");
    if (!needed && (!same_law || (double)s->bodies.n > crossover(accuracy)))
        return ORR_OK;
    if (!same_law)
        return orr_yaml_fail(
            &l->doc, orr_yaml_get(l->doc.root, "gravity"), ORR_E_FORMAT,
            "%s needs 'solver: direct', which softens by Plummer's law alone: leave out "
            "'softening_law: compact'",
            s->integrator->name);
    size_t kept = 0;
    for (size_t k = 0; k < f->n_options; k++)
        if (orr_field_find(direct->fields, f->options[k].name))
            f->options[kept++] = f->options[k];
    f->n_options = kept;
    f->type = direct;
    return ORR_OK;
}

orr_status orr_settle_auto_solver(loader *l)
{
    return l->chooses_solver ? settle(l, l->s, &l->s->forces[0]) : ORR_OK;
}
