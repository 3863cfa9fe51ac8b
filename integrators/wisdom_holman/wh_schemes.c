/* Splittings H = A + eps B of nearly Keplerian motion.  Coefficients solve their order conditions
 * to 60 digits (nodes of Gauss-Legendre and Gauss-Lobatto quadrature for SABA and SBAB):
 *
 *   saba n, sbab n    errors eps h^2n, eps^2 h^2        Laskar & Robutel 2001
 *   sabac n, sbabc n  errors eps h^2n, eps^2 h^4        the same, with the commutator {{A,B},B}
 *   saba-8-4 ...      errors eps h^8, eps^2 h^4 ...     Blanes et al. 2013, Farres et al. 2013
 *   composition, modified-kick, lazy: eps^2 h^4 with a corrector; Wisdom, Holman & Touma 1996;
 *                     Rein, Tamayo & Brown 2019, doi 10.1093/mnras/stz2503
 *
 * Correctors (Wisdom, Holman & Touma 1996; Wisdom 2006, doi 10.1086/500829).  To first order in B a
 * step D(h/2) K(h) D(h/2) follows H~ = A + [x / sinh x] B, x = h L_A/2, in place of A + B.  The map
 *
 *     Z(a, b) = D(a) K(b) D(-2a) K(-b) D(a) = exp(2 b sinh(a L_A) B + ...)
 *
 * generates odd powers of L_A; a product over a_i = i sqrt(7/40) h of Z(a_i, b_i) Z(-a_i, -b_i),
 * whose second orders cancel, matches the first n of them: what is left is O(eps h^(2n + 2) + eps^2
 * h^2). */
#include "wh_schemes.h"

#include <math.h>

static const orr_scheme schemes[] = {
    {"leapfrog", 1, false, {0.5}, {1}, 0, "10.1086/115978"},
    {"modified-kick", 1, false, {0.5}, {1}, 0, "10.1093/mnras/stz2503"},
    {"lazy", 1, false, {0.5}, {1}, 0, "10.1093/mnras/stz2503"},
    {"composition", 1, false, {0.5}, {1}, 0, "10.1093/mnras/stz2503"},
    {"saba2",
     2,
     false,
     {0.21132486540518711, 0.57735026918962573},
     {0.5},
     0,
     "10.1023/A:1012098603882"},
    {"saba3",
     3,
     false,
     {0.11270166537925831, 0.3872983346207417},
     {0.27777777777777779, 0.44444444444444442},
     0,
     "10.1023/A:1012098603882"},
    {"saba4",
     4,
     false,
     {0.069431844202973714, 0.26057763400459816, 0.33998104358485626},
     {0.17392742256872692, 0.32607257743127305},
     0,
     "10.1023/A:1012098603882"},
    {"saba5",
     5,
     false,
     {0.046910077030668004, 0.18385526791649046, 0.26923465505284155},
     {0.11846344252809454, 0.23931433524968324, 0.28444444444444444},
     0,
     "10.1023/A:1012098603882"},
    {"saba6",
     6,
     false,
     {0.033765242898423989, 0.13563006386844376, 0.2112951001915338, 0.2386191860831969},
     {0.085662246189585178, 0.1803807865240693, 0.23395696728634552},
     0,
     "10.1023/A:1012098603882"},
    {"saba8",
     8,
     false,
     {0.019855071751231884, 0.081811689541954752, 0.13556703374864887, 0.17104888371033958,
      0.18343464249564981},
     {0.050614268145188129, 0.11119051722668724, 0.15685332293894363, 0.181341891689181},
     0,
     "10.1023/A:1012098603882"},
    {"saba10",
     10,
     false,
     {0.01304673574141414, 0.054421580914093604, 0.09282689919498005, 0.12300708708488861,
      0.142260527573808, 0.14887433898163122},
     {0.033335672154344069, 0.074725674575290293, 0.10954318125799102, 0.13463335965499817,
      0.14776211235737644},
     0,
     "10.1023/A:1012098603882"},
    {"sabac1", 1, false, {0.5}, {1}, 0.083333333333333329, "10.1023/A:1012098603882"},
    {"sabac2",
     2,
     false,
     {0.21132486540518711, 0.57735026918962573},
     {0.5},
     0.011164549684630112,
     "10.1023/A:1012098603882"},
    {"sabac3",
     3,
     false,
     {0.11270166537925831, 0.3872983346207417},
     {0.27777777777777779, 0.44444444444444442},
     0.005634593363122809,
     "10.1023/A:1012098603882"},
    {"sabac4",
     4,
     false,
     {0.069431844202973714, 0.26057763400459816, 0.33998104358485626},
     {0.17392742256872692, 0.32607257743127305},
     0.0033967750482086015,
     "10.1023/A:1012098603882"},
    {"saba-8-4",
     5,
     false,
     {0.07534696026989289, 0.51791685468825677, -0.093263814958149671},
     {0.19022593937367663, 0.84652407044352629, -1.0735000196344058},
     0,
     "10.1007/s10569-013-9479-6"},
    {"saba-10-4",
     7,
     false,
     {0.047067100645972505, 0.1847569354170881, 0.28270600567983623, -0.014530041742896819},
     {0.11888191736819702, 0.24105046055150156, -0.27328666670532381, 0.82670857757125049},
     0,
     "10.1007/s10569-013-9479-6"},
    {"saba-8-6-4",
     7,
     false,
     {0.071133426498223115, 0.2411534279566401, 0.52141176177281479, -0.33369861622767799},
     {0.18308368747219722, 0.31078285989857485, -0.0265646185119588, 0.065396142282373421},
     0,
     "10.1007/s10569-013-9479-6"},
    {"saba-10-6-4",
     8,
     false,
     {0.038094497422412193, 0.14529871611691375, 0.20762769572554124, 0.43590970365152615,
      -0.65386122583278672},
     {0.095858880837075208, 0.20444615314299877, 0.21707034797899111, -0.017375381959065093},
     0,
     "10.1007/s10569-013-9479-6"},
    {"sbab1", 2, true, {1}, {0.5}, 0, "10.1023/A:1012098603882"},
    {"sbab2",
     3,
     true,
     {0.5},
     {0.16666666666666666, 0.66666666666666663},
     0,
     "10.1023/A:1012098603882"},
    {"sbab3",
     4,
     true,
     {0.27639320225002101, 0.44721359549995793},
     {0.083333333333333329, 0.41666666666666669},
     0,
     "10.1023/A:1012098603882"},
    {"sbab4",
     5,
     true,
     {0.17267316464601143, 0.3273268353539886},
     {0.050000000000000003, 0.2722222222222222, 0.35555555555555557},
     0,
     "10.1023/A:1012098603882"},
    {"sbab5",
     6,
     true,
     {0.11747233803526766, 0.23991190372440979, 0.2852315164806451},
     {0.033333333333333333, 0.1892374781489235, 0.27742918851774317},
     0,
     "10.1023/A:1012098603882"},
    {"sbab6",
     7,
     true,
     {0.084888051860716532, 0.18068755140392637, 0.23442439673535712},
     {0.023809523809523808, 0.13841302368078298, 0.21587269060493131, 0.24380952380952381},
     0,
     "10.1023/A:1012098603882"},
    {"sbabc1", 2, true, {1}, {0.5}, -0.041666666666666664, "10.1023/A:1012098603882"},
    {"sbabc2",
     3,
     true,
     {0.5},
     {0.16666666666666666, 0.66666666666666663},
     0.013888888888888888,
     "10.1023/A:1012098603882"},
    {"sbabc3",
     4,
     true,
     {0.27639320225002101, 0.44721359549995793},
     {0.083333333333333329, 0.41666666666666669},
     0.0063182642795175398,
     "10.1023/A:1012098603882"},
    {"sbabc4",
     5,
     true,
     {0.17267316464601143, 0.3273268353539886},
     {0.050000000000000003, 0.2722222222222222, 0.35555555555555557},
     0.0036447936001532495,
     "10.1023/A:1012098603882"},
};

const orr_scheme *orr_scheme_at(int i)
{
    return &schemes[i];
}

/* b_i of the corrector with n terms. */
static const double correctors[8][8] = {
    {-0.024900596027799867},
    {-0.041500993379666444, 0.0083001986759332885},
    {-0.053964399093127502, 0.018270923246702132, -0.0024926811426922105},
    {-0.064041531296743781, 0.028348055450318418, -0.0068114520870991907, 0.00071979515740116335},
    {-0.072593394748842743, 0.038121613681288649, -0.012309078592019946, 0.0023487215292295354,
     -0.00020361579647854651},
    {-0.080100684699257282, 0.047505726119306826, -0.018565153550698727, 0.004851151512701048,
     -0.00077234988363116311, 5.6873408715261656e-05},
    {-0.086857423358733532, 0.056514710998608504, -0.025321892210174987, 0.0081271460142652956,
     -0.0017960981653699904, 0.00024587309149781439, -1.5749973565212725e-05},
    {-0.093056103771425952, 0.065192863576377894, -0.032422198864713578, 0.012071760822342291,
     -0.0033132577069380654, 0.0006359998307581766, -7.6436355227935742e-05,
     4.3347415473373582e-06},
};

static void kick(orr_program *p, double kick, double tangent, double lazy)
{
    p->ops[p->n++] = (orr_splitting_op){.kick = kick, .tangent = tangent, .lazy = lazy};
}

static void drift(orr_program *p, double h)
{
    if (p->n == 0)
        kick(p, 0, 0, 0);
    p->ops[p->n - 1].drift += h;
}

static void corrector_stage(orr_program *p, double a, double b)
{
    drift(p, a);
    kick(p, b, 0, 0);
    drift(p, -2 * a);
    kick(p, -b, 0, 0);
    drift(p, a);
}

/* inverse: undo it, in the opposite order */
static void correct(orr_program *p, int order, double h, bool inverse)
{
    const double spacing = 0.41833001326703778 * h; /* sqrt(7/40) */
    int n = (order - 1) / 2;
    for (int k = 0; k < n; k++) {
        int i = inverse ? n - 1 - k : k;
        double a = (i + 1) * spacing, b = correctors[n - 1][i] * h, s = inverse ? -1 : 1;
        corrector_stage(p, s * a, b);
        corrector_stage(p, -s * a, -b);
    }
}

/* The kick of a step, and what replaces it in schemes that make it more than that. */
static void kernel(orr_program *p, int scheme, double h)
{
    static const double composed[][2] = {
        {1. / 8, -1. / 6}, {-1. / 4, 1. / 6}, {1. / 8, 1}, {-1. / 8, -1. / 6}, {1. / 4, 1. / 6}};
    switch (scheme) {
    case ORR_MODIFIED_KICK:
        kick(p, h, h * h * h / 12, 0);
        break;
    case ORR_LAZY:
        kick(p, h, 0, h * h / 12);
        break;
    case ORR_COMPOSITION:
        for (int k = 0; k < 5; k++) {
            drift(p, composed[k][0] * h);
            kick(p, composed[k][1] * h, 0, 0);
        }
        drift(p, -1. / 8 * h);
        break;
    default:
        kick(p, h, 0, 0);
    }
}

/* The inside of a step, without its first and last part. */
static void inside(orr_program *p, const orr_scheme *s, double h)
{
    int drifts = s->kick_first ? s->kicks - 1 : s->kicks + 1;
    if (s->kick_first) {
        for (int k = 0; k < drifts; k++) {
            drift(p, s->a[k < drifts - 1 - k ? k : drifts - 1 - k] * h);
            int i = k + 1;
            if (k < drifts - 1)
                kick(p, s->b[i < s->kicks - 1 - i ? i : s->kicks - 1 - i] * h, 0, 0);
        }
        return;
    }
    if (s->kicks == 1) {
        kernel(p, (int)(s - schemes), h);
        return;
    }
    for (int k = 0; k < s->kicks; k++) {
        kick(p, s->b[k < s->kicks - 1 - k ? k : s->kicks - 1 - k] * h, 0, 0);
        int i = k + 1;
        if (k < s->kicks - 1)
            drift(p, s->a[i < drifts - 1 - i ? i : drifts - 1 - i] * h);
    }
}

void orr_programs_make(orr_programs *p, const orr_scheme *s, int corrector, double h)
{
    double end = s->commutator * h * h * h; /* at each end: half of 2 * commutator, see wh.c */
    *p = (orr_programs){0};
    correct(&p->start, corrector, h, false);
    if (s->kick_first) { /* K(b0) [ D ... D K(2 b0) ] K(-b0) */
        kick(&p->start, s->b[0] * h, end, 0);
        inside(&p->step, s, h);
        kick(&p->step, 2 * s->b[0] * h, 2 * end, 0);
        kick(&p->finish, -s->b[0] * h, -end, 0);
    } else { /* D(a0) [ K ... K D(2 a0) ] D(-a0) */
        if (end != 0)
            kick(&p->start, 0, end, 0);
        drift(&p->start, s->a[0] * h);
        inside(&p->step, s, h);
        drift(&p->step, (end == 0 ? 2 : 1) * s->a[0] * h);
        if (end != 0) {
            kick(&p->step, 0, 2 * end, 0);
            drift(&p->step, s->a[0] * h);
        }
        drift(&p->finish, -s->a[0] * h);
        if (end != 0)
            kick(&p->finish, 0, -end, 0);
    }
    correct(&p->finish, corrector, h, true);
}
