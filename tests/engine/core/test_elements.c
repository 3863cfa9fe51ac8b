/* Elements <-> state over a dense random grid of all conics. */
#include "check.h"

#include <orrery/elements.h>

#include "core/math/reproducible.h"

static double norm(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

static double distance(const double a[3], const double b[3])
{
    double d[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return norm(d);
}

static double turn(double a, double b)
{
    return fabs(remainder(a - b, 2 * ORR_PI));
}

enum { GRID = 300000 };

/* What must hold for every orbit, however close to singular: state -> elements -> state. */
static void state_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 7;
    double worst = 0;
    for (int k = 0; k < GRID; k++) {
        orr_elements el = {.q = exp(10 * (check_random(&seed) - 0.5)),
                           .e = k % 7 == 0   ? 1
                                : k % 7 == 1 ? pow(10, -8 * check_random(&seed))
                                             : 3 * check_random(&seed),
                           .i = ORR_PI * check_random(&seed),
                           .Omega = 2 * ORR_PI * check_random(&seed),
                           .omega = 2 * ORR_PI * check_random(&seed)};
        double reach = el.e < 1 ? ORR_PI : 0.9 * acos(-1 / el.e);
        el.f = reach * (2 * check_random(&seed) - 1);
        if (k % 11 == 0)
            el.i = k % 2 ? 0 : ORR_PI;
        if (k % 13 == 0)
            el.e = 0;
        double mu = exp(4 * check_random(&seed));
        orr_state a, b;
        orr_elements back;
        CHECK_OK(orr_state_from_elements(&el, mu, &a));
        CHECK_OK(orr_elements_from_state(&a, mu, &back));
        CHECK_OK(orr_state_from_elements(&back, mu, &b));
        /* conditioning of an orbit seen far from a pericentre that nearly touches the focus */
        double r = norm(a.pos), loss = 1 + r / back.q / (1 + back.e) + norm(a.vel) / sqrt(mu / r);
        double error = distance(a.pos, b.pos) / r + distance(a.vel, b.vel) / norm(a.vel);
        worst = fmax(worst, error / loss);
    }
    print_message("worst round trip of a state: %.2e\n", worst);
    CHECK(worst < 1e-14);
}

/* Away from the singular cases each element comes back by itself. */
static void elements_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 3;
    double worst[6] = {0};
    for (int k = 0; k < GRID; k++) {
        bool hyperbolic = k % 3 == 0;
        orr_elements el = {
            .q = exp(10 * (check_random(&seed) - 0.5)),
            .e = hyperbolic ? 1.2 + 2 * check_random(&seed) : 0.2 + 0.6 * check_random(&seed),
            .i = 0.3 + (ORR_PI - 0.6) * check_random(&seed),
            .Omega = 2 * ORR_PI * check_random(&seed),
            .omega = 2 * ORR_PI * check_random(&seed)};
        double reach = hyperbolic ? 0.7 * acos(-1 / el.e) : ORR_PI;
        el.f = reach * (2 * check_random(&seed) - 1);
        double mu = exp(4 * check_random(&seed));
        orr_state s;
        orr_elements b;
        CHECK_OK(orr_state_from_elements(&el, mu, &s));
        CHECK_OK(orr_elements_from_state(&s, mu, &b));
        double e[6] = {fabs(b.q / el.q - 1),          fabs(b.e / el.e - 1),
                       fabs(b.i / el.i - 1),          turn(b.Omega, el.Omega) / 6.3,
                       turn(b.omega, el.omega) / 6.3, turn(b.f, el.f) / 6.3};
        for (int c = 0; c < 6; c++)
            worst[c] = fmax(worst[c], e[c]);
    }
    const char *names[] = {"q", "e", "i", "Omega", "omega", "f"};
    for (int c = 0; c < 6; c++) {
        print_message("%-6s %.2e\n", names[c], worst[c]);
        CHECK(worst[c] < 1e-14);
    }
}

static void near_singular_sums_stay_good(void **state)
{
    (void)state;
    orr_elements el = {.q = 1, .e = 1e-12, .i = 1e-9, .Omega = 1, .omega = 2, .f = 0.5}, b;
    orr_state s;
    CHECK_OK(orr_state_from_elements(&el, 1, &s));
    CHECK_OK(orr_elements_from_state(&s, 1, &b));
    CHECK_NEAR(turn(b.Omega + b.omega + b.f, 3.5), 0, 1e-15 * 4);
    CHECK_NEAR(b.i, 1e-9, 1e-22);
    /* circular and coplanar by convention: angles that mean nothing are zero */
    el = (orr_elements){.q = 2, .f = 1.25};
    CHECK_OK(orr_state_from_elements(&el, 1, &s));
    CHECK_OK(orr_elements_from_state(&s, 1, &b));
    CHECK(b.Omega == 0);
    CHECK_NEAR(turn(b.omega + b.f, 1.25), 0, 1e-15);
}

/* Kepler's equation in long double as the judge. */
static void kepler_equation(void **state)
{
    (void)state;
    uint64_t seed = 11;
    double worst = 0;
    for (int k = 0; k < 100000; k++) {
        double e = k % 4 == 0 ? 1 - pow(10, -10 * check_random(&seed)) : check_random(&seed);
        double M =
            k % 5 == 0 ? pow(10, -8 * check_random(&seed)) : ORR_PI * (2 * check_random(&seed) - 1);
        double f;
        CHECK_OK(orr_true_from_mean(e, M, &f));
        long double le = e, E = fabsl((long double)M) + le / 2, lm = fabsl((long double)M);
        long double low = 0, high = acosl(-1.0L);
        for (int n = 0; n < 200; n++) {
            long double g = E - le * sinl(E) - lm;
            if (g > 0)
                high = E;
            else
                low = E;
            long double next = E - g / (1 - le * cosl(E));
            E = next > low && next < high ? next : (low + high) / 2;
        }
        if (M < 0)
            E = -E;
        long double want = 2 * atan2l(sqrtl(1 + le) * sinl(E / 2), sqrtl(1 - le) * cosl(E / 2));
        /* df/dM and df/de: what one rounding of the input does to the answer */
        long double c = 1 - le * cosl(E), slope = sqrtl(1 - le * le) / (c * c);
        double scale = fmax((double)(fabsl(want)), (double)(slope * fabsl((long double)M)));
        worst = fmax(worst, (double)fabsl((long double)f - want) / scale);
    }
    print_message("Kepler's equation: %.2e\n", worst);
    CHECK(worst < 1e-13); /* e within 1e-10 of 1 included: 1 - e has lost six digits there */
    double f;
    CHECK_OK(orr_true_from_mean(1, 4.0 / 3, &f)); /* s + s^3/3 = 4/3: s = 1 */
    CHECK_NEAR(f, ORR_PI / 2, 1e-15);
    CHECK_OK(orr_true_from_mean(1, 1e-9, &f));
    CHECK_NEAR(f, 2e-9, 1e-23);
    CHECK_OK(orr_true_from_mean(2, 2 * sinh(1.5) - 1.5, &f));
    CHECK_NEAR(f, 2 * atan(sqrt(3) * tanh(0.75)), 1e-15 * 4);
    for (int k = 0; k < 4; k++) { /* at the pericentre, exactly */
        CHECK_OK(orr_true_from_mean((double[]){0, 0.5, 1, 2}[k], 0, &f));
        CHECK(f == 0);
    }
    CHECK(orr_true_from_mean(-1, 0, &f) == ORR_E_ARGUMENT);
    CHECK(orr_true_from_mean(0.5, NAN, &f) == ORR_E_ARGUMENT);
}

static void derived_quantities(void **state)
{
    (void)state;
    orr_elements earth = {.q = 1 - 0.0167, .e = 0.0167, .f = 1};
    orr_orbit o = orr_orbit_of(&earth, 4 * ORR_PI * ORR_PI);
    CHECK_NEAR(o.a, 1, 1e-15);
    CHECK_NEAR(o.period, 1, 1e-15);
    for (int k = 0; k < 3; k++) { /* mean anomaly and back, for every conic */
        orr_elements el = {.q = 2, .e = (double[]){0.5, 1, 1.7}[k], .f = -0.75};
        o = orr_orbit_of(&el, 3);
        double f;
        CHECK_OK(orr_true_from_mean(el.e, o.M, &f));
        CHECK_NEAR(f, el.f, 1e-15);
        CHECK_NEAR(o.t_peri * o.n, o.M, 1e-15);
    }
}

static void refuses(void **state)
{
    (void)state;
    orr_state s = {{1, 0, 0}, {1, 0, 0}};
    orr_elements el;
    CHECK(orr_elements_from_state(&s, 1, &el) == ORR_E_ARGUMENT); /* straight line */
    el = (orr_elements){.q = 1, .e = 2, .f = 3};
    CHECK(orr_state_from_elements(&el, 1, &s) == ORR_E_ARGUMENT); /* beyond the asymptote */
    el = (orr_elements){.q = -1};
    CHECK(orr_state_from_elements(&el, 1, &s) == ORR_E_ARGUMENT);
}

/* Time since pericentre of orbits on either side of e = 1, by the integral of (1 + u^2)/(1 + L
 * u^2)^2 with L = (1 - e)/(1 + e), u up to tan(f/2), in 50 digits (mpmath): q = 0.75, mu = 2; e, f,
 * t. */
static const double near_parabolic[][3] = {
    {0.999, -2.9670597283903604, -306.80909404924165},
    {0.999, -0.52359877559829882, -0.17824345012769324},
    {0.999, 0.087266462599716474, 0.028383712850202407},
    {0.999, 1.5707963267948966, 0.86589548837306052},
    {0.999, 2.6179938779914944, 13.577008447950803},
    {0.999, 2.9670597283903604, 306.80909404924165},
    {0.99999899999999997, -2.9670597283903604, -330.70559284775811},
    {0.99999899999999997, -0.52359877559829882, -0.17820327048178022},
    {0.99999899999999997, 0.087266462599716474, 0.028376641160317677},
    {0.99999899999999997, 1.5707963267948966, 0.86602527388061634},
    {0.99999899999999997, 2.6179938779914944, 13.678101346176364},
    {0.99999899999999997, 2.9670597283903604, 330.70559284775811},
    {0.99999999989999999, -2.9670597283903604, -330.7311724294745},
    {0.99999999989999999, -0.52359877559829882, -0.17820323027952978},
    {0.99999999989999999, 0.087266462599716474, 0.028376634084904529},
    {0.99999999989999999, 1.5707963267948966, 0.86602540377144821},
    {0.99999999989999999, 2.6179938779914944, 13.678203220087033},
    {0.99999999989999999, 2.9670597283903604, 330.7311724294745},
    {0.99999999999989997, -2.9670597283903604, -330.73117498530684},
    {0.99999999999989997, -0.52359877559829882, -0.17820323027551319},
    {0.99999999999989997, 0.087266462599716474, 0.028376634084197626},
    {0.99999999999989997, 1.5707963267948966, 0.86602540378442561},
    {0.99999999999989997, 2.6179938779914944, 13.678203230265321},
    {0.99999999999989997, 2.9670597283903604, 330.73117498530684},
    {0.99999999999999989, -2.9670597283903604, -330.7311749878632},
    {0.99999999999999989, -0.52359877559829882, -0.17820323027550916},
    {0.99999999999999989, 0.087266462599716474, 0.028376634084196918},
    {0.99999999999999989, 1.5707963267948966, 0.8660254037844386},
    {0.99999999999999989, 2.6179938779914944, 13.678203230275502},
    {0.99999999999999989, 2.9670597283903604, 330.7311749878632},
    {1, -2.9670597283903604, -330.73117498786604},
    {1, -0.52359877559829882, -0.17820323027550916},
    {1, 0.087266462599716474, 0.028376634084196918},
    {1, 1.5707963267948966, 0.8660254037844386},
    {1, 2.6179938779914944, 13.678203230275512},
    {1, 2.9670597283903604, 330.73117498786604},
    {1.0000000000000002, -2.9670597283903604, -330.73117498787173},
    {1.0000000000000002, -0.52359877559829882, -0.17820323027550913},
    {1.0000000000000002, 0.087266462599716474, 0.028376634084196918},
    {1.0000000000000002, 1.5707963267948966, 0.8660254037844386},
    {1.0000000000000002, 2.6179938779914944, 13.678203230275535},
    {1.0000000000000002, 2.9670597283903604, 330.73117498787173},
    {1.0000000000000999, -2.9670597283903604, -330.7311749904224},
    {1.0000000000000999, -0.52359877559829882, -0.17820323027550514},
    {1.0000000000000999, 0.087266462599716474, 0.02837663408419621},
    {1.0000000000000999, 1.5707963267948966, 0.86602540378445159},
    {1.0000000000000999, 2.6179938779914944, 13.678203230285693},
    {1.0000000000000999, 2.9670597283903604, 330.7311749904224},
    {1.0000000001, -2.9670597283903604, -330.73117754625764},
    {1.0000000001, -0.52359877559829882, -0.17820323027148852},
    {1.0000000001, 0.087266462599716474, 0.028376634083489307},
    {1.0000000001, 1.5707963267948966, 0.86602540379742898},
    {1.0000000001, 2.6179938779914944, 13.678203240463993},
    {1.0000000001, 2.9670597283903604, 330.73117754625764},
    {1.0000009999999999, -2.9670597283903604, -330.75676067505015},
    {1.0000009999999999, -0.52359877559829882, -0.17820319006926527},
    {1.0000009999999999, 0.087266462599716474, 0.028376627008081454},
    {1.0000009999999999, 1.5707963267948966, 0.86602553368823754},
    {1.0000009999999999, 2.6179938779914944, 13.678305115763852},
    {1.0000009999999999, 2.9670597283903604, 330.75676067505015},
    {1.0009999999999999, -2.9670597283903604, -358.21618761767502},
    {1.0009999999999999, -0.52359877559829882, -0.17816303760255017},
    {1.0009999999999999, 0.087266462599716474, 0.02836956061178162},
    {1.0009999999999999, 1.5707963267948966, 0.86615529599870644},
    {1.0009999999999999, 2.6179938779914944, 13.780787274674918},
    {1.0009999999999999, 2.9670597283903604, 358.21618761767502},
};

static void near_parabolas(void **state)
{
    (void)state;
    double worst[4] = {0};
    for (size_t k = 0; k < sizeof near_parabolic / sizeof *near_parabolic; k++) {
        double e = near_parabolic[k][0], f = near_parabolic[k][1], t = near_parabolic[k][2], back;
        orr_elements el = {.q = 0.75, .e = e, .f = f, .i = 0.3, .Omega = 1, .omega = 2}, again;
        orr_orbit o = orr_orbit_of(&el, 2);
        orr_state s;
        worst[0] = fmax(worst[0], fabs(o.t_peri / t - 1));
        CHECK_OK(orr_true_from_mean(e, o.n * t, &back));
        worst[1] = fmax(worst[1], fabs(back / f - 1));
        CHECK_OK(orr_state_from_elements(&el, 2, &s));
        CHECK_OK(orr_elements_from_state(&s, 2, &again));
        worst[2] = fmax(worst[2], fabs(orr_orbit_of(&again, 2).t_peri / t - 1));
        worst[3] = fmax(worst[3], fabs(again.q / 0.75 - 1) + fabs(again.e - e));
    }
    print_message("near parabolas: t %.2e, f %.2e, t of a state %.2e, its q and e %.2e\n", worst[0],
                  worst[1], worst[2], worst[3]);
    CHECK(worst[0] < 2e-15 && worst[1] < 1e-15 && worst[2] < 3e-14 && worst[3] < 2e-15);
}

/* Barker: s + s^3/3 = sqrt(mu / 2 q^3) (t - T), at once and seen from the state. */
static void parabola(void **state)
{
    (void)state;
    for (int k = -3; k <= 3; k++) {
        orr_elements el = {.q = 0.5, .e = 1, .f = 2 * atan(k)}, back;
        orr_state s;
        double n = sqrt(3 / (2 * 0.125)), M = k + k * k * k / 3.0;
        CHECK_NEAR(orr_orbit_of(&el, 3).t_peri, M / n, 1e-14);
        CHECK_NEAR(orr_orbit_of(&el, 3).M, M, 1e-14);
        CHECK_OK(orr_true_from_mean(1, M, &back.f));
        CHECK_NEAR(back.f, el.f, 1e-15);
        CHECK_OK(orr_state_from_elements(&el, 3, &s));
        CHECK_OK(orr_elements_from_state(&s, 3, &back));
        CHECK_NEAR(orr_orbit_of(&back, 3).t_peri, M / n, 1e-13);
    }
}

/* A negative inclination is the orbit with both angles turned by 180 deg. */
static void negative_inclination(void **state)
{
    (void)state;
    orr_elements el = {.q = 1, .e = 0.3, .i = -0.4, .Omega = 1, .omega = 2, .f = 0.5}, same = el;
    same.i = 0.4, same.Omega += ORR_PI, same.omega += ORR_PI;
    orr_state a, b;
    CHECK_OK(orr_state_from_elements(&el, 1, &a));
    CHECK_OK(orr_state_from_elements(&same, 1, &b));
    CHECK(distance(a.pos, b.pos) < 1e-15 && distance(a.vel, b.vel) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_parabolas),
                                       cmocka_unit_test(parabola),
                                       cmocka_unit_test(negative_inclination),
                                       cmocka_unit_test(state_round_trip),
                                       cmocka_unit_test(elements_round_trip),
                                       cmocka_unit_test(kepler_equation),
                                       cmocka_unit_test(near_singular_sums_stay_good),
                                       cmocka_unit_test(derived_quantities),
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
