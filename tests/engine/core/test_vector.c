#include "check.h"

#include <orrery/vector.h>

#include <stdlib.h>

enum { N = 200000 };

static double *vector(uint64_t seed)
{
    double *v = aligned_alloc(64, N * sizeof *v);
    for (size_t k = 0; k < N; k++)
        v[k] = check_random(&seed) - 0.5;
    return v;
}

static void same_bits_for_any_threads(void **state)
{
    (void)state;
    for (int threads = 2; threads <= 5; threads++) {
        double *y1 = vector(1), *y2 = vector(1), *low1 = vector(2), *low2 = vector(2);
        double *x = vector(3);
        orr_axpy_compensated(N, y1, low1, 0.1, x, 1);
        orr_axpy_compensated(N, y2, low2, 0.1, x, threads);
        orr_axpy(N, low1, 3, y1, 1);
        orr_axpy(N, low2, 3, y2, threads);
        CHECK(memcmp(y1, y2, N * 8) == 0 && memcmp(low1, low2, N * 8) == 0);
        free(y1), free(y2), free(low1), free(low2), free(x);
    }
}

static void compensation_keeps_what_rounding_takes(void **state)
{
    (void)state;
    double y[8] = {0}, low[8] = {0}, plain[8] = {0}, x[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    y[0] = plain[0] = 1e10;
    for (int k = 0; k < 1000000; k++) {
        orr_axpy_compensated(8, y, low, 1e-7, x, 1);
        orr_axpy(8, plain, 1e-7, x, 1);
    }
    CHECK_NEAR((y[0] - 1e10) + low[0], 0.1, 1e-12);
    CHECK(fabs(plain[0] - 1e10 - 0.1) > 1e-3); /* so the test can tell the difference */
}

/* y + low carries a x without any error beyond twice the precision; against fma, which is exact. */
static void exact_products(void **state)
{
    (void)state;
    double *y = vector(4), *low = vector(5), *x = vector(6), *y0 = vector(4), *low0 = vector(5);
    const double a = 0.1234567890123456789;
    for (size_t k = 0; k < N; k++)
        low[k] = low0[k] = low0[k] * 1e-17;
    orr_axpy_exact(N, y, low, a, x, 2);
    for (size_t k = 0; k < N; k++) {
        double product = a * x[k], rest = fma(a, x[k], -product);
        long double want = (long double)y0[k] + product, got = (long double)y[k];
        double left = (double)(want - got) + rest + low0[k]; /* what must be in low */
        CHECK(fabs(low[k]) <= fabs(y[k]) * 0x1p-53 + 1e-300);
        CHECK(fabs(left - low[k]) < 1e-19);
    }
    free(y), free(low), free(x), free(y0), free(low0);
}

static void polynomials(void **state)
{
    (void)state;
    double c[5 * 16], out[16];
    uint64_t seed = 7;
    for (int k = 0; k < 5 * 16; k++)
        c[k] = check_random(&seed);
    for (int derivative = 0; derivative < 2; derivative++)
        for (size_t first = 0; first < 4; first++) {
            orr_polynomial(16, out, first, 5, c, 0.3, derivative);
            for (size_t i = 0; i < 16; i++) {
                double sum = 0;
                for (size_t k = first; k < 5; k++)
                    sum += (derivative ? (double)k : 1) * c[k * 16 + i] *
                           pow(0.3, (double)(k - first));
                CHECK_NEAR(out[i], sum, 1e-14);
            }
        }
}

static void finds_what_is_not_finite(void **state)
{
    (void)state;
    for (size_t n = 1; n < 40; n++)
        for (size_t bad = 0; bad < n; bad++) {
            double x[40] = {0};
            for (size_t k = 0; k < n; k++)
                x[k] = k % 2 ? 1e300 : -1e300;
            CHECK(orr_all_finite(n, x));
            x[bad] = bad % 2 ? NAN : INFINITY;
            CHECK(!orr_all_finite(n, x));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bits_for_any_threads),
        cmocka_unit_test(compensation_keeps_what_rounding_takes), cmocka_unit_test(exact_products),
        cmocka_unit_test(polynomials), cmocka_unit_test(finds_what_is_not_finite)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
