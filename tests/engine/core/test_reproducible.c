/* Our elementary functions against the C library, in ulp. */
#include "check.h"

#include "core/math/reproducible.h"

static double ulps(double got, double want)
{
    double unit = nextafter(fabs(want), INFINITY) - fabs(want);
    return fabs(got - want) / unit;
}

static void within_two_ulp(void **state)
{
    (void)state;
    uint64_t seed = 1;
    double worst[9] = {0};
    for (int k = 0; k < 400000; k++) {
        double u = check_random(&seed), v = check_random(&seed);
        double angle = (u - 0.5) * (k % 3 == 0 ? 1 : k % 3 == 1 ? 20 : 2e5), s, c;
        orr_sincos(angle, &s, &c);
        /* long double as the truth: a C library's sin may itself be off by half an ulp */
        double e[9];
        e[0] = ulps(s, (double)sinl((long double)angle));
        e[1] = ulps(c, (double)cosl((long double)angle));
        double y = u - 0.5, x = v - 0.5;
        e[2] = ulps(orr_atan2(y, x), (double)atan2l((long double)y, (long double)x));
        double big = (u - 0.5) * 1400;
        e[3] = ulps(orr_exp(big), (double)expl((long double)big));
        double positive = ldexp(u, (int)(v * 200) - 100);
        e[4] = positive == 1 ? 0 : ulps(orr_log(positive), (double)logl((long double)positive));
        e[5] = ulps(orr_cbrt(positive), (double)cbrtl((long double)positive));
        double h = (u - 0.5) * 8;
        e[6] = ulps(orr_sinh(h), (double)sinhl((long double)h));
        e[7] = ulps(orr_cosh(h), (double)coshl((long double)h));
        double w = ldexp(u - 0.5, (int)(v * 40) - 20);
        e[8] = ulps(orr_asinh(w), (double)asinhl((long double)w));
        for (int f = 0; f < 9; f++)
            worst[f] = fmax(worst[f], e[f]);
    }
    const char *names[] = {"sin", "cos", "atan2", "exp", "log", "cbrt", "sinh", "cosh", "asinh"};
    for (int f = 0; f < 9; f++) {
        print_message("%-6s %.2f ulp\n", names[f], worst[f]);
        CHECK(worst[f] <= (f < 6 ? 2 : 4));
    }
}

static void special_values(void **state)
{
    (void)state;
    double s, c;
    orr_sincos(0, &s, &c);
    CHECK_BITS(s, 0.0);
    CHECK_BITS(c, 1.0);
    CHECK_BITS(orr_atan2(0, 1), 0.0);
    CHECK_BITS(orr_atan2(0, -1), ORR_PI);
    CHECK_BITS(orr_atan2(1, 0), ORR_PI / 2);
    CHECK_BITS(orr_atan2(-1, -1), -3 * ORR_PI / 4);
    CHECK(isinf(orr_exp(1000)) && orr_exp(-1000) == 0 && orr_exp(0) == 1 && isnan(orr_exp(NAN)));
    CHECK(orr_log(1) == 0);
    orr_sincos(1e15, &s, &c); /* no digits left, but still on the circle */
    CHECK_NEAR(s * s + c * c, 1, 1e-15);
    for (int k = 0; k < 3; k++) { /* the sanitizers look at what becomes of these */
        double x = k == 0 ? NAN : k == 1 ? INFINITY : -INFINITY;
        orr_sincos(x, &s, &c);
        CHECK(isnan(s) && isnan(c) && isnan(orr_atan2(x, 1)) && isnan(orr_atan2(1, x)));
        CHECK(!isfinite(orr_exp(fabs(x))) && !isfinite(orr_sinh(x)) && !isfinite(orr_cosh(x)));
        (void)orr_log(x), (void)orr_cbrt(x), (void)orr_asinh(x), (void)orr_pow(2, x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(within_two_ulp),
                                       cmocka_unit_test(special_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
