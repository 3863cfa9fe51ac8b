/* expansions.c - writes the straight-line part of the expansions (far.h): run while building, for
 * one kind; the output is C for far.inc.h, which says what V, FMA, ... are.
 *
 * A component k = (k_x, k_y, k_z) of a tensor is written as three digits: d210.  Names ending in
 * digits are values in registers; the compiler decides which of them it keeps there. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LEAST = 2, MOST = 8, WHOLE = (MOST + 1) * (MOST + 2) * (MOST + 3) / 6, TILE = 8 };

typedef struct component {
    int k[3];
} component;

static bool folded; /* the harmonic kind */

static int order_of(component a)
{
    return a.k[0] + a.k[1] + a.k[2];
}

static component raised(component a, int axis, int by)
{
    a.k[axis] += by;
    return a;
}

static component sum(component a, component b)
{
    return (component){{a.k[0] + b.k[0], a.k[1] + b.k[1], a.k[2] + b.k[2]}};
}

/* Components of order first ... p in the order of rows; whole: also those that folding takes. */
static int components(int first, int p, bool whole, component *out)
{
    int count = 0;
    for (int n = first; n <= p; n++)
        for (int z = 0; z <= (whole || !folded ? n : n < 1 ? n : 1); z++)
            for (int y = 0; y <= n - z; y++)
                out[count++] = (component){{n - z - y, y, z}};
    return count;
}

/* Place among all components. */
static int place(component a)
{
    int n = order_of(a), z = a.k[2];
    return n * (n + 1) * (n + 2) / 6 + z * (n + 1) - z * (z - 1) / 2 + a.k[1];
}

static const char *name(const char *prefix, component a)
{
    static char ring[16][24];
    static int at;
    char *s = ring[at++ % 16];
    snprintf(s, sizeof ring[0], "%s%c%c%c", prefix, '0' + a.k[0], '0' + a.k[1], '0' + a.k[2]);
    return s;
}

static double factorial(int n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

static void powers(const char *v, int first, int p)
{
    for (int n = first; n <= p; n++)
        printf("    V %s%d = %s%d * %s%d;\n", v, n, v, n - 1, v, 1);
}

/* ---- derivatives of 1 / sqrt(r^2 + eps^2) ----
 *
 * e^(j)_(k + e_i) = x_i e^(j+1)_k - k_i e^(j+1)_(k - e_i), e^(j)_0 = (2j-1)!!, with x from the
 * target to the source over sqrt(r^2 + eps^2); d = e^(0). */

enum { LEVELS = MOST + 1 };

/* The axis by which a component is reached cheapest: a factor k_i of 0 or 1 is none. */
static int cheapest(component a)
{
    int best = -1;
    for (int axis = 2; axis >= 0; axis--)
        if (a.k[axis] > 0 && (best < 0 || (a.k[best] > 2 && a.k[axis] < a.k[best])))
            best = axis;
    return best;
}

static void value_of(char *out, size_t size, int level, component a)
{
    if (order_of(a) > 0) {
        snprintf(out, size, level ? "e%d_%s" : "d%.0d%s", level, name("", a));
        return;
    }
    double b = 1;
    for (int j = 1; j <= level; j++)
        b *= 2 * j - 1;
    snprintf(out, size, "S(%.1f)", b);
}

static void derivatives(int p)
{
    static bool need[LEVELS][WHOLE];
    component all[WHOLE];
    int count = components(0, p, true, all);
    memset(need, 0, sizeof need);
    for (int i = 0; i < count; i++)
        need[0][i] = !folded || all[i].k[2] < 2;
    for (int i = count; i-- > 0;)
        for (int level = 0; level < p; level++)
            if (need[level][i] && order_of(all[i]) > 0) {
                int axis = cheapest(all[i]);
                need[level + 1][place(raised(all[i], axis, -1))] = true;
                if (all[i].k[axis] > 1)
                    need[level + 1][place(raised(all[i], axis, -2))] = true;
            }
    printf("    V d000 = S(1.0);\n");
    for (int i = 1; i < count; i++)
        for (int level = 0; level <= p - order_of(all[i]); level++)
            if (need[level][i]) {
                int axis = cheapest(all[i]), k = all[i].k[axis] - 1;
                char to[32], from[32], before[32];
                value_of(to, sizeof to, level, all[i]);
                value_of(from, sizeof from, level + 1, raised(all[i], axis, -1));
                if (k > 0)
                    value_of(before, sizeof before, level + 1, raised(all[i], axis, -2));
                if (k == 0)
                    printf("    V %s = %c * %s;\n", to, "xyz"[axis], from);
                else if (k == 1)
                    printf("    V %s = FMS(%c, %s, %s);\n", to, "xyz"[axis], from, before);
                else
                    printf("    V %s = FMS(%c, %s, %s * S(%d.0));\n", to, "xyz"[axis], from, before,
                           k);
            }
    for (int i = 0; folded && i < count; i++)
        if (all[i].k[2] == 2 && order_of(all[i]) > 2) /* none asks for d002 */
            printf("    V %s = -(%s + %s);\n", name("d", all[i]),
                   name("d", raised(raised(all[i], 2, -2), 0, 2)),
                   name("d", raised(raised(all[i], 2, -2), 1, 2)));
}

/* ---- M2L ---- */

static void m2l(int p)
{
    component m[WHOLE], n[WHOLE];
    int n_m = components(2, p, false, m), n_n = components(0, p, false, n);
    printf("UNCHECKED void m2l_core%d(V x, V y, V z, V a1, V ratio, V w, const V *c, V *f)\n{\n",
           p);
    powers("a", 2, p);
    printf("    V b0 = w, b1 = w * ratio;\n");
    for (int k = 2; k <= p; k++)
        printf("    V b%d = FLUSH(b%d * ratio);\n", k, k - 1);
    for (int i = 0; i < n_m; i++)
        printf("    V m%d = c[%d] * a%d;\n", i, i, order_of(m[i]));
    derivatives(p);
    for (int first = 0; first < n_n; first += TILE) {
        int end = first + TILE < n_n ? first + TILE : n_n;
        for (int o = first; o < end; o++)
            printf("    V f%d = %s;\n", o, name("d", n[o]));
        for (int i = 0; i < n_m; i++)
            for (int o = first; o < end; o++)
                if (order_of(m[i]) + order_of(n[o]) <= p)
                    printf("    f%d = FMA(m%d, %s, f%d);\n", o, i, name("d", sum(m[i], n[o])), o);
        for (int o = first; o < end; o++)
            printf("    f[%d * BLOCKS] = FMA(b%d, f%d, f[%d * BLOCKS]);\n", o, order_of(n[o]), o,
                   o);
    }
    printf("}\n\n");
}

/* ---- what bodies get, in the order of orr_near ---- */

static const char *const wants[] = {"POTENTIAL", "ACC", "TIDES"};
static const component outputs[10] = {{{0, 0, 0}}, {{1, 0, 0}}, {{0, 1, 0}}, {{0, 0, 1}},
                                      {{2, 0, 0}}, {{1, 1, 0}}, {{1, 0, 1}}, {{0, 2, 0}},
                                      {{0, 1, 1}}, {{0, 0, 2}}};

/* ---- M2P: sum over orders n of a^n sum_{|m|=n} M_m D_(m+o) ---- */

static void m2p_output(int p, component o, const char *to, const char *scale)
{
    component m[WHOLE];
    int n_m = components(2, p, false, m);
    for (int k = 2; k <= p - order_of(o); k++) {
        bool started = false;
        printf("        V t%d = ", k);
        for (int i = 0; i < n_m; i++)
            if (order_of(m[i]) == k) {
                const char *d = name("d", sum(m[i], o));
                if (started)
                    printf("        t%d = FMA(S(c[%d]), %s, t%d);\n", k, i, d, k);
                else
                    printf("S(c[%d]) * %s;\n", i, d);
                started = true;
            }
    }
    int top = p - order_of(o);
    printf("        V g = %s;\n", name("d", o));
    if (top >= 2) {
        printf("        V u%d = t%d;\n", top, top);
        for (int k = top - 1; k >= 2; k--)
            printf("        V u%d = FMA(a1, u%d, t%d);\n", k, k + 1, k);
        printf("        g = FMA(a1 * a1, u2, g);\n");
    }
    printf("        %s = FMA(%s, g, %s);\n", to, scale, to);
}

static void m2p(int p)
{
    printf(
        "UNCHECKED void m2p_core%d(V x, V y, V z, V a1, V h, V w, const float *c, unsigned want, "
        "V *f)\n{\n",
        p);
    derivatives(p);
    for (int order = 0; order <= 2; order++) {
        printf("    if (want & ORR_WANT_%s) {\n", wants[order]);
        printf("        V s = w%s;\n", order == 0 ? "" : order == 1 ? " * h" : " * h * h");
        for (int at = 0; at < 10; at++) {
            if (order_of(outputs[at]) != order || (folded && outputs[at].k[2] == 2))
                continue; /* minus xx and yy: once for all sources */
            char to[16];
            snprintf(to, sizeof to, "f[%d]", at);
            printf("        {\n");
            m2p_output(p, outputs[at], to, "s");
            printf("        }\n");
        }
        printf("    }\n");
    }
    printf("}\n\n");
}

/* ---- P2M: gm x^k / k! ---- */

/* x^n / n!, ... : in floats (type V, constant S) or doubles (Y, T) */
static void monomials(int p, char type, char constant)
{
    for (int axis = 0; axis < 3; axis++) {
        char v = "xyz"[axis];
        printf("    %c p%c1 = %c;\n", type, v, v);
        for (int n = 2; n <= p; n++)
            printf("    %c p%c%d = p%c%d * %c * %c(%a);\n", type, v, n, v, n - 1, v, constant,
                   1.0 / n);
    }
}

static void monomial(component a, const char *first)
{
    printf("%s", first);
    for (int axis = 0; axis < 3; axis++)
        if (a.k[axis] > 0)
            printf(" * p%c%d", "xyz"[axis], a.k[axis]);
}

static void p2m(int p)
{
    component all[WHOLE];
    int count = components(2, p, true, all);
    printf("UNCHECKED void p2m_core%d(V x, V y, V z, V gm, V *f)\n{\n", p);
    monomials(p, 'V', 'S');
    for (int y = 0; y <= p; y++)
        for (int x = 0; x + y <= p; x++) {
            printf("    V g%d%d = ", x, y);
            monomial((component){{x, y, 0}}, "gm");
            printf(";\n");
        }
    for (int i = 0; i < count; i++) {
        component a = all[i];
        printf("    V q%d%d%d = g%d%d", a.k[0], a.k[1], a.k[2], a.k[0], a.k[1]);
        if (a.k[2] > 0)
            printf(" * pz%d", a.k[2]);
        printf(";\n");
    }
    printf("    FOLD%d(q)\n", p);
    int n = components(2, p, false, all);
    for (int i = 0; i < n; i++)
        printf("    f[%d * BLOCKS] = f[%d * BLOCKS] + %s;\n", i, i, name("q", all[i]));
    printf("}\n\n");
}

static void fold(int p)
{
    component all[WHOLE];
    int count = components(2, p, true, all);
    printf("#define FOLD%d(q)", p);
    for (int z = p; folded && z >= 2; z--)
        for (int i = 0; i < count; i++)
            if (all[i].k[2] == z)
                for (int axis = 0; axis < 2; axis++) {
                    component to = raised(raised(all[i], 2, -2), axis, 2);
                    printf(" \\\n    %s = %s - %s;", name("q", to), name("q", to),
                           name("q", all[i]));
                }
    printf("\n\n");
}

/* ---- translations, an axis after the other ---- */

/* M2M: to_k = sum_j from_(k - j e) d^j / j! */
static void shift_up(int p, const char *from, const char *to, int axis, bool *have)
{
    component all[WHOLE];
    int count = components(0, p, true, all);
    bool got[WHOLE] = {false};
    for (int i = 0; i < count; i++) {
        const char *v = name(to, all[i]);
        for (int j = 0; j <= all[i].k[axis]; j++) {
            component a = raised(all[i], axis, -j);
            if (!have[place(a)])
                continue;
            if (!got[i] && j == 0)
                printf("    V %s = %s;\n", v, name(from, a));
            else if (!got[i])
                printf("    V %s = %s * p%c%d;\n", v, name(from, a), "xyz"[axis], j);
            else
                printf("    %s = ADD(%s, p%c%d, %s);\n", v, name(from, a), "xyz"[axis], j, v);
            got[i] = true;
        }
    }
    memcpy(have, got, sizeof got);
}

static void m2m(int p)
{
    component all[WHOLE];
    bool have[WHOLE] = {true};
    printf("UNCHECKED void m2m_core%d(V x, V y, V z, V a1, V gm, const V *c, V *f)\n{\n", p);
    powers("a", 2, p);
    monomials(p, 'V', 'S');
    printf("    V r000 = S(1.0);\n");
    int n = components(2, p, false, all);
    for (int i = 0; i < n; i++) {
        printf("    V %s = c[%d] * a%d;\n", name("r", all[i]), i, order_of(all[i]));
        have[place(all[i])] = true;
    }
    shift_up(p, "r", "s", 0, have);
    shift_up(p, "s", "t", 1, have);
    shift_up(p, "t", "q", 2, have);
    printf("    FOLD%d(q)\n", p);
    for (int i = 0; i < n; i++)
        printf("    f[%d * BLOCKS] = gm * %s;\n", i, name("q", all[i]));
    printf("    (void)q100, (void)q010, (void)q001, (void)q000;\n}\n\n");
}

/* L2L: to_k = sum_j from_(k + j e) d^j / j! */
static void shift_down(int p, const char *from, const char *to, int axis, bool whole)
{
    component all[WHOLE];
    int count = components(0, p, whole, all);
    for (int i = 0; i < count; i++) {
        const char *v = name(to, all[i]);
        for (int j = 0; j <= p - order_of(all[i]); j++) {
            char term[32];
            component a = raised(all[i], axis, j);
            if (from)
                snprintf(term, sizeof term, "%s", name(from, a));
            else
                snprintf(term, sizeof term, "T(f[%d])", place(a));
            if (j == 0)
                printf("    Y %s = %s;\n", v, term);
            else
                printf("    %s = ADD(%s, p%c%d, %s);\n", v, term, "xyz"[axis], j, v);
        }
    }
}

static void unfold(int p)
{
    component all[WHOLE];
    int count = components(0, p, true, all), at = 0;
    printf("UNCHECKED void unfold%d(const double *row, double *f)\n{\n", p);
    for (int i = 0; i < count; i++)
        if (!folded || all[i].k[2] < 2)
            printf("    f[%d] = row[%d];\n", i, at++);
    for (int i = 0; folded && i < count; i++)
        if (all[i].k[2] >= 2)
            printf("    f[%d] = -(f[%d] + f[%d]);\n", i, place(raised(raised(all[i], 2, -2), 0, 2)),
                   place(raised(raised(all[i], 2, -2), 1, 2)));
    printf("}\n\n");
}

static void l2l(int p)
{
    printf("UNCHECKED void l2l_core%d(Y x, Y y, Y z, Y a1, const double *f, Y *to)\n{\n", p);
    monomials(p, 'Y', 'T');
    for (int n = 2; n <= p; n++)
        printf("    Y a%d = a%d * a1;\n", n, n - 1);
    shift_down(p, NULL, "r", 0, true);
    shift_down(p, "r", "s", 1, true);
    shift_down(p, "s", "t", 2, false);
    component all[WHOLE];
    int count = components(0, p, false, all);
    for (int i = 0; i < count; i++) {
        printf("    to[%d * LINES] = %s", i, name("t", all[i]));
        if (order_of(all[i]) > 0)
            printf(" * a%d", order_of(all[i]));
        printf(";\n");
    }
    printf("}\n\n");
}

/* ---- L2P ---- */

/* sum_k F_(o + k) r^k / k!, in two chains that do not wait for each other */
static void l2p_output(int p, component o, int at)
{
    component all[WHOLE];
    int count = components(1, p - order_of(o), true, all);
    printf("        {\n        Y g0 = T(f[%d]), g1 = T(0.0);\n", place(o));
    for (int i = 0; i < count; i++)
        printf("        g%d = ADD(T(f[%d]), %s, g%d);\n", i % 2, place(sum(all[i], o)),
               name("q", all[i]), i % 2);
    printf("        to[%d] = g0 + g1;\n        }\n", at);
}

static void l2p(int p)
{
    component all[WHOLE];
    int count = components(1, p, true, all);
    printf("UNCHECKED void l2p_core%d(Y x, Y y, Y z, const double *f, unsigned want, Y *to)\n{\n",
           p);
    monomials(p, 'Y', 'T');
    for (int i = 0; i < count; i++) {
        bool any = false;
        printf("    Y %s = ", name("q", all[i]));
        for (int axis = 0; axis < 3; axis++)
            if (all[i].k[axis] > 0) {
                printf("%sp%c%d", any ? " * " : "", "xyz"[axis], all[i].k[axis]);
                any = true;
            }
        printf(";\n");
    }
    for (int order = 0; order <= 2; order++) {
        printf("    if (want & ORR_WANT_%s) {\n", wants[order]);
        for (int at = 0; at < 10; at++)
            if (order_of(outputs[at]) == order)
                l2p_output(p, outputs[at], at);
        printf("    }\n");
    }
    printf("}\n\n");
}

/* ---- P_n: spherical harmonics ----
 *
 * With s = d/dx + i d/dy, t = d/dx - i d/dy, s t = -(d/dz)^2 on harmonic functions: an order n is
 * sum_m Re(c_m s^m) (d/dz)^(n-m), and P_n^2 = (n! c_0)^2 + sum_m (n-m)! (n+m)! |c_m|^2 / 2
 * (Dehnen 2014, eq. 9). */

static double binomial(int n, int k)
{
    return k < 0 || k > n ? 0 : factorial(n) / (factorial(k) * factorial(n - k));
}

/* Real and imaginary part of c_m of (d/dx)^kx (d/dy)^ky (d/dz)^kz, kz < 2. */
static void spherical(component a, int m, double out[2])
{
    int kx = a.k[0], ky = a.k[1], n = kx + ky;
    out[0] = out[1] = 0;
    if ((n - m) % 2 != 0 || m > n)
        return;
    /* ((s + t)/2)^kx ((s - t)/2i)^ky: the term s^u t^(n-u), u = (n + m)/2 */
    double sum = 0, scale = 1;
    int u = (n + m) / 2, q = (n - m) / 2;
    for (int i = 0; i <= kx; i++)
        sum += binomial(kx, i) * binomial(ky, u - i) * ((ky - (u - i)) % 2 != 0 ? -1 : 1);
    for (int i = 0; i < n; i++)
        scale /= 2;
    if (q % 2 != 0)
        scale = -scale;
    if (m > 0)
        scale *= 2; /* and its conjugate */
    /* over i^ky */
    static const double re[] = {1, 0, -1, 0}, im[] = {0, -1, 0, 1};
    out[0] = re[ky % 4] * sum * scale;
    out[1] = im[ky % 4] * sum * scale;
}

static void power_of_order(int n)
{
    component all[WHOLE];
    int first = components(2, n - 1, false, all), count = components(2, n, false, all);
    printf("    sum = 0;\n");
    for (int m = 0; folded && m <= n; m++)
        for (int part = 0; part < 2; part++) {
            bool any = false;
            for (int i = first; i < count; i++) {
                double c[2];
                spherical(all[i], m, c);
                if (c[part] != 0) {
                    printf("%s%a * (double)m[%d]", any ? " + " : "    v = ", c[part], i);
                    any = true;
                }
            }
            double weight = factorial(n - m) * factorial(n + m) / (m > 0 ? 2 : 1);
            if (any)
                printf(";\n    sum += %a * v * v;\n", weight);
        }
    for (int i = first; !folded && i < count; i++)
        printf("    v = (double)m[%d];\n    sum += %a * v * v;\n", i,
               factorial(n) * factorial(all[i].k[0]) * factorial(all[i].k[1]) *
                   factorial(all[i].k[2]));
    printf("    out[%d] = (float)sqrt(sum);\n", n);
}

static void power(int p)
{
    printf("UNCHECKED void power_core%d(const float *m, float *out)\n{\n    double v, sum;\n", p);
    printf("    out[0] = 1;\n    out[1] = 0;\n");
    for (int n = 2; n <= p; n++)
        power_of_order(n);
    printf("}\n\n");
}

int main(int argc, char **argv)
{
    if (argc != 3 || !freopen(argv[2], "w", stdout)) {
        fprintf(stderr, "usage: expansions harmonic|full FILE\n");
        return 1;
    }
    folded = strcmp(argv[1], "harmonic") == 0;
    for (int p = LEAST; p <= MOST; p++) {
        fold(p);
        p2m(p);
        m2m(p);
        power(p);
        m2l(p);
        m2p(p);
        unfold(p);
        l2l(p);
        l2p(p);
    }
    printf("#define EACH_FAR_ORDER(X)");
    for (int p = LEAST; p <= MOST; p++) {
        component all[WHOLE];
        int multipoles = components(2, p, false, all), locals = components(0, p, false, all);
        printf(" X(%d, %d, %d)", p, multipoles, locals);
    }
    printf("\n");
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
