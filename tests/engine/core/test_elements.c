/* Elements <-> state over a dense random grid of all conics. */
#include "check.h"

#include <orrery/elements.h>

#include "core/repmath.h"

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
    CHECK_OK(orr_true_from_mean(1, 4.0 / 6, &f)); /* s + s^3/3 = 4/3: s = 1 */
    CHECK_NEAR(f, ORR_PI / 2, 1e-15);
    CHECK_OK(orr_true_from_mean(1, 1e-9, &f));
    CHECK_NEAR(f, 4e-9, 1e-23);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_round_trip),   cmocka_unit_test(elements_round_trip),
        cmocka_unit_test(kepler_equation),    cmocka_unit_test(near_singular_sums_stay_good),
        cmocka_unit_test(derived_quantities), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
