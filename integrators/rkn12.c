/* Dormand, El-Mikkawy & Prince's Runge-Kutta-Nystrom pair of orders 12 and 10, for forces that do
 * not depend on velocities: seventeen stages, long smooth steps.
 *
 * Dormand, El-Mikkawy & Prince 1987, IMA J. Numer. Anal. 7, 423, doi 10.1093/imanum/7.4.423;
 * Brankin et al. 1989, Algorithm 670, doi 10.1145/62038.69650.  The digits satisfy the row
 * conditions sum_j a_ij c_j^k = c_i^(k+2) / ((k+1)(k+2)), k = 0 .. 4, and the quadrature conditions
 * of both orders, to 1e-29. */
#include "shared/adaptive.h"

#include <string.h>

#include "core/math/reproducible.h"

enum { STAGES = 17 };

/* clang-format off */
static const double c[STAGES] = {
    0, 0.02, 0.04, 0.1, 0.1333333333333333333333333, 0.16, 0.05, 0.2, 0.25,
    0.3333333333333333333333333, 0.5, 0.5555555555555555555555556, 0.75,
    0.8571428571428571428571429, 0.9452162222720143401299574, 1.0, 1.0};
static const double a[STAGES * STAGES] = {
    [1 * STAGES] = 0.0002,
    [2 * STAGES] = 0.0002666666666666666666666667, 0.0005333333333333333333333333,
    [3 * STAGES] = 0.002916666666666666666666667, -0.004166666666666666666666667, 0.00625,
    [4 * STAGES] = 0.001646090534979423868312757, 0, 0.005486968449931412894375857,
        0.001755829903978052126200274,
    [5 * STAGES] = 0.0019456, 0, 0.007151746031746031746031746, 0.002912711111111111111111111,
        0.0007899428571428571428571429,
    [6 * STAGES] = 0.00056640625, 0, 0.0008809730489417989417989418,
        -0.0004369212962962962962962963, 0.0003390066964285714285714286,
        -0.00009946469907407407407407407,
    [7 * STAGES] = 0.003083333333333333333333333, 0, 0, 0.001777777777777777777777778, 0.0027,
        0.001578282828282828282828283, 0.01086060606060606060606061,
    [8 * STAGES] = 0.003651839374801129713751192, 0, 0.003965171714072343066175573,
        0.003197258262930628223500934, 0.008221467306855435369687019,
        -0.001313092695957237983620139, 0.009771586968064867815626095,
        0.003755769069232833794879326,
    [9 * STAGES] = 0.003707241068718500810195655, 0, 0.005082045854555285980761082,
        0.001174708002175412044735691, -0.02114762991512699149962298,
        0.06010463698107880812225735, 0.02010573476850618818467487,
        -0.02835075012293358084303668, 0.01487956891858193275559056,
    [10 * STAGES] = 0.03512537656073344153113083, 0, -0.008615749195138479103405761,
        -0.005791448051007916521676323, 1.945554823782615842394388, -3.435123867456513596367872,
        -0.1093070110747522175838926, 2.349638311899516639432016, -0.7560094086870229780271907,
        0.109528972221569264246502,
    [11 * STAGES] = 0.02052779253748249665097206, 0, -0.007286446764480179917782479,
        -0.002115355607961840240692596, 0.927580796872352224256768, -1.652282484425736679073027,
        -0.02107956300568656981919144, 1.206536432620787154477088, -0.4137144770010661413246625,
        0.09079873982809653759567957, 0.005355552600533985049168707,
    [12 * STAGES] = -0.1432407887554551504589211, 0, 0.01252870377309181727784645,
        0.006826019163969827128681124, -4.799555395574387265502163, 5.698625043951941433791698,
        0.755343036952364522249444, -0.1275548785828108371754008, -1.960592605111738432891333,
        0.9185609056635262409762343, -0.238800855052844310534827, 0.1591108135723421551387402,
    [13 * STAGES] = 0.8045019205520489486972308, 0, -0.01665852706701124517785163,
        -0.02141583404262973481173144, 16.82723592896246587020094, -11.1728353571760979267883,
        -3.377159297226323741488565, -15.24332665536084564618177, 17.17983573821541656202477,
        -5.437719239823994645354137, 1.387867161836465575512568, -0.592582773265281165347677,
        0.02960387317129735279615928,
    [14 * STAGES] = -0.9132967666973580820962505, 0, 0.002411272575780517839244899,
        0.01765812269386174198206988, -14.85164977972038382461286, 2.158970867004575600307822,
        3.997915583117879901152828, 28.43415180023223189845425, -25.25936435494159843788434,
        7.733878542362237365534001, -1.891302894847867461038258, 1.00148450702247178036686,
        0.004641199599109051905105182, 0.01121875502214895703397505,
    [15 * STAGES] = -0.2751962972055939382060652, 0, 0.03661188877915492013422933,
        0.009789519688231562624650997, -12.29306234588621030421473, 14.20722645393790269429297,
        1.58664769067895368322482, 2.457773532759594543903243, -8.935193694403271905522591,
        4.373672731613406948393271, -1.834718176544949163043444, 1.159208528906149120780832,
        -0.01729025316538392215180034, 0.01932597790446076667276499,
        0.005204442937554993111849264,
    [16 * STAGES] = 1.307639184740405758799946, 0, 0.017364109189745841867088,
        -0.01854445645426579502436212, 14.81152203286772689684784, 9.383176308482470907879222,
        -5.228426199944542254147402, -48.95128052584765080400935, 38.29709603433792256255839,
        -10.5873813369759797091619, 2.433230437622627635851196, -1.045340604257544428486525,
        0.07177320950867259451981849, 0.002162210970808278269055053,
        0.007009595759602514236992828,
};
/* order 12 for positions and velocities; order 10 */
static const double b[STAGES] = {
    0.01212786851718541497688904, 0, 0, 0, 0, 0, 0.08629746251568874443637923,
    0.2525469581187147194323434, -0.197418679932682303358308, 0.2031869190789725908092616,
    -0.02077580807771491661219336, 0.1096780487450201362501112, 0.03806513252646650573448787,
    0.01163406880432422964409277, 0.004658029704024878686936152, 0, 0};
static const double bv[STAGES] = {
    0.01212786851718541497688904, 0, 0, 0, 0, 0, 0.09083943422704078361724129,
    0.3156836976483933992904293, -0.2632249065769097378110773, 0.3047803786184588862138923,
    -0.04155161615542983322438671, 0.2467756096762953065627503, 0.1522605301058660229379515,
    0.0814384816302696075086494, 0.08502571193890811280080183, -0.009155189630077962873141003,
    0.025};
static const double low_b[STAGES] = {
    0.01700870190700699175275446, 0, 0, 0, 0, 0, 0.07225933593083140694886,
    0.3720261773267530453882105, -0.4018211450093035214393402, 0.335455068301351666696584,
    -0.1313065010753318084302818, 0.1894319066160486527226598, 0.02684080204002904790536917,
    0.01630566560591792389351809, 0.003799988356696594561665974, 0, 0};
static const double low_bv[STAGES] = {
    0.01700870190700699175275446, 0, 0, 0, 0, 0, 0.07606245887455937573564211,
    0.4650327216584413067352631, -0.5357615266790713619191203, 0.5031826024520275000448761,
    -0.2626130021506636168605637, 0.4262217898861094686259846, 0.1073632081601161916214767,
    0.1141396592414254672546267, 0.06936338665004867700906029, 0.02, 0};
/* clang-format on */

typedef struct rkn12 {
    orr_adaptive adaptive;
    double error;          /* of the last step, for the controller */
    double *f;             /* [STAGES][3 stride] accelerations */
    double *start;         /* [6 stride] positions, velocities */
    double *moved, *wrong; /* [6 stride] increments, and their estimated errors */
} rkn12;

static orr_status prepare(void *state, orr_problem *p)
{
    rkn12 *self = state;
    const size_t n = orr_motion_length(p);
    orr_keep(p->memory, &self->f, STAGES * n);
    orr_keep(p->memory, &self->start, 2 * n);
    orr_keep(p->memory, &self->moved, 2 * n);
    orr_keep(p->memory, &self->wrong, 2 * n);
    self->error = 1;
    return orr_adaptive_prepare(&self->adaptive, p);
}

static void weigh(size_t n, double *out, const double *weights, size_t count, const double *f,
                  int threads)
{
    memset(out, 0, n * sizeof *out);
    for (size_t j = 0; j < count; j++)
        if (weights[j] != 0)
            orr_axpy(n, out, weights[j], f + j * n, threads);
}

static orr_status stages(rkn12 *self, orr_problem *p, double h, orr_step_report *report)
{
    const size_t n = orr_motion_length(p);
    const double *x0 = self->start, *v0 = x0 + n, *low = self->adaptive.motion.pos_low;
    double *pos = p->bodies->pos;
    for (size_t s = 1; s < STAGES; s++) {
        weigh(n, pos, a + s * STAGES, s, self->f, p->threads);
        for (size_t i = 0; i < n; i++) {
            double way = c[s] * h * v0[i] + h * h * pos[i];
            pos[i] = x0[i] + (low ? way + low[i] : way);
        }
        ORR_TRY(orr_accelerate(p, p->t + c[s] * h, self->f + s * n, report));
    }
    return ORR_OK;
}

/* Increments of order 12 in `moved`, what separates them from order 10 in `wrong`. */
static void results(rkn12 *self, size_t n, double h, int threads)
{
    double *dx = self->moved, *dv = dx + n, *ex = self->wrong, *ev = ex + n;
    weigh(n, ex, low_b, STAGES, self->f, threads);
    weigh(n, ev, low_bv, STAGES, self->f, threads);
    weigh(n, dx, b, STAGES, self->f, threads);
    weigh(n, dv, bv, STAGES, self->f, threads);
    for (size_t i = 0; i < n; i++) {
        ex[i] = h * h * (dx[i] - ex[i]);
        ev[i] = h * (dv[i] - ev[i]);
        dx[i] = h * (self->start[n + i] + h * dx[i]);
        dv[i] = h * dv[i];
    }
}

static orr_status step(void *state, orr_problem *p, double limit, orr_step_report *report)
{
    rkn12 *self = state;
    orr_adaptive *adaptive = &self->adaptive;
    const size_t n = orr_motion_length(p), bytes = n * sizeof(double);
    const double exponent = 1.0 / 11;
    memcpy(self->start, p->bodies->pos, bytes);
    memcpy(self->start + n, p->bodies->vel, bytes);
    ORR_TRY(orr_accelerate(p, p->t, self->f, report));
    double first = adaptive->h > 0 ? 0 : 0.05 * orr_time_scale(p, self->f, NULL);
    double h = orr_adaptive_begin(adaptive, limit, isfinite(first) ? first : 1);
    bool rejected = false;
    for (;; report->rejected++) {
        if (orr_adaptive_too_short(adaptive, p->t, h) && h < fabs(limit))
            return ORR_E_STEP_TOO_SMALL;
        double signed_h = copysign(h, limit);
        ORR_TRY(stages(self, p, signed_h, report));
        memcpy(p->bodies->pos, self->start, bytes);
        results(self, n, signed_h, p->threads);
        double error = orr_worst_error(p, signed_h, self->start + n, self->moved, self->wrong) /
                       adaptive->tolerance;
        if (error <= 1) {
            error = fmax(error, 1e-10);
            double factor =
                0.9 * orr_pow(error, -0.7 * exponent) * orr_pow(self->error, 0.4 * exponent);
            self->error = error;
            orr_drift(&adaptive->motion, p, 1, self->moved);
            orr_kick(&adaptive->motion, p, 1, self->moved + n);
            orr_adaptive_accept(adaptive, h, h * fmin(fmax(factor, 0.2), rejected ? 1 : 4), limit);
            report->h_done = signed_h;
            return ORR_OK;
        }
        rejected = true;
        h *= isfinite(error) ? fmax(0.1, 0.9 * orr_pow(error, -exponent)) : 0.1;
    }
}

static const orr_field fields[] = {
    ORR_ADAPTIVE_FIELDS(1e-13, 1e-15, "error of a step, relative to what it moves"),
    ORR_STATE_VALUE(rkn12, error),
    ORR_STATE_ROOM(rkn12, f),
    ORR_STATE_ROOM(rkn12, start),
    ORR_STATE_ROOM(rkn12, moved),
    ORR_STATE_ROOM(rkn12, wrong),
    {0}};

const orr_integrator orr_integrator_rkn12 = {
    .name = "rkn12",
    .summary = "Runge-Kutta-Nystrom 12(10): smooth orbits to many digits in long steps.",
    .reference = "10.1093/imanum/7.4.423",
    .kind = "Runge-Kutta-Nystrom",
    .order = 12,
    .evaluations = STAGES,
    .traits = ORR_ADAPTIVE | ORR_COUPLES_BODIES | ORR_SEEKS_DIGITS,
    .fields = fields,
    .state_size = sizeof(rkn12),
    .prepare = prepare,
    .step = step,
};
