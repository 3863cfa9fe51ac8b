#include "decimal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

/* ---- powers of ten ---- */

/* floor(log2(10^k)), floor(log10(2^e)), floor(log10(3/4 2^e)), for all exponents of doubles. */
static int log2_of_power(int k)
{
    return (k * 1741647) >> 19;
}

static int log10_of_power(int e)
{
    return (e * 1262611) >> 22;
}

static int log10_of_three_quarters(int e)
{
    return (e * 1262611 - 524031) >> 22;
}

/* A long number in base 2^32, the lowest digit first. */
enum { DIGITS = 48 };

static void multiply(uint32_t x[DIGITS], uint32_t factor)
{
    uint64_t carry = 0;
    for (int k = 0; k < DIGITS; k++) {
        carry += (uint64_t)x[k] * factor;
        x[k] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void divide(uint32_t x[DIGITS], uint32_t divisor)
{
    uint64_t rest = 0;
    for (int k = DIGITS - 1; k >= 0; k--) {
        rest = rest << 32 | x[k];
        x[k] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
}

/* Its first 128 bits; exact: nothing is cut off below what x holds. */
static void leading(const uint32_t x[DIGITS], bool exact, uint64_t *high, uint64_t *low)
{
    int top = DIGITS - 1, shift;
    while (top > 0 && x[top] == 0)
        top--;
    shift = __builtin_clz(x[top]);
    uint32_t word[5];
    for (int k = 0; k < 5; k++)
        word[k] = top - k >= 0 ? x[top - k] : 0;
    uint128 bits = 0;
    for (int k = 0; k < 4; k++) {
        uint64_t pair = (uint64_t)word[k] << 32 | word[k + 1];
        bits = bits << 32 | (uint32_t)(pair << shift >> 32);
    }
    bool rest = !exact || (uint32_t)((uint64_t)word[4] << shift) != 0;
    for (int k = top - 5; k >= 0; k--)
        rest = rest || x[k] != 0;
    bits += rest;
    *high = (uint64_t)(bits >> 64);
    *low = (uint64_t)bits;
}

void orr_powers_fill(orr_powers *p)
{
    uint32_t x[DIGITS] = {1};
    for (int k = 0; k <= ORR_MOST_POWER; k++, multiply(x, 10))
        leading(x, true, &p->of[k - ORR_LEAST_POWER].high, &p->of[k - ORR_LEAST_POWER].low);
    memset(x, 0, sizeof x);
    x[DIGITS - 1] = 1; /* 2^1504 / 10^k: of 10^-292 more than 500 bits are left */
    for (int k = -1; k >= ORR_LEAST_POWER; k--) {
        divide(x, 10);
        leading(x, false, &p->of[k - ORR_LEAST_POWER].high, &p->of[k - ORR_LEAST_POWER].low);
    }
}

/* ---- one number ---- */

/* g times c over 2^128, the bits below it squeezed into the last one. */
static uint64_t round_to_odd(uint64_t high, uint64_t low, uint64_t c)
{
    uint128 upper = (uint128)high * c + (uint64_t)(((uint128)low * c) >> 64);
    return (uint64_t)(upper >> 64) | ((uint64_t)upper > 1);
}

/* value = digits 10^exponent, for value > 0, finite. */
static uint64_t shortest(const orr_powers *p, double value, int *exponent)
{
    uint64_t bits, c;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int field = (int)(bits >> 52), q = field ? field - 1075 : -1074;
    c = field ? fraction | UINT64_C(1) << 52 : fraction;
    bool is_even = c % 2 == 0, near_below = fraction == 0 && field > 1;
    uint64_t left = 4 * c - 2 + near_below, middle = 4 * c, right = 4 * c + 2;
    int k = near_below ? log10_of_three_quarters(q) : log10_of_power(q);
    int h = q + log2_of_power(-k) + 1;
    uint64_t high = p->of[-k - ORR_LEAST_POWER].high, low = p->of[-k - ORR_LEAST_POWER].low;
    uint64_t vl = round_to_odd(high, low, left << h), v = round_to_odd(high, low, middle << h),
             vr = round_to_odd(high, low, right << h);
    uint64_t lower = vl + !is_even, upper = vr - !is_even, s = v / 4;
    *exponent = k;
    if (s >= 10) { /* one digit less? */
        uint64_t sp = s / 10;
        bool below = lower <= 40 * sp, above = 40 * sp + 40 <= upper;
        if (below != above) {
            *exponent = k + 1;
            return sp + above;
        }
    }
    bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above)
        return s + above;
    uint64_t half = 4 * s + 2;
    return s + (v > half || (v == half && s % 2 == 1));
}

/* The digits of a number, two at a time. */
static int write_digits(uint64_t number, char digits[20])
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    char reversed[20];
    int n = 20;
    while (number >= 10) {
        memcpy(reversed + (n -= 2), pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number > 0)
        reversed[--n] = (char)('0' + number);
    if (reversed[n] == '0')
        n++;
    memcpy(digits, reversed + n, (size_t)(20 - n));
    return 20 - n;
}

size_t orr_decimal(const orr_powers *p, double value, char *out)
{
    char digits[20], *to = out;
    if (signbit(value) && !isnan(value))
        *to++ = '-';
    if (!isfinite(value) || value == 0) {
        const char *word = isnan(value) ? "nan" : isinf(value) ? "inf" : "0";
        size_t length = strlen(word);
        memcpy(to, word, length);
        return (size_t)(to - out) + length;
    }
    int exponent, n = write_digits(shortest(p, fabs(value), &exponent), digits);
    int first = exponent + n - 1; /* power of the first digit */
    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (first >= -4 && first < 0) {
        memcpy(to, "0.0000", 6);
        to += 1 - first;
    }
    bool scientific = first < -4 || first >= 17;
    int before = scientific ? 1 : first < 0 ? 0 : first + 1; /* digits before the point */
    for (int k = 0; k < n || k < before; k++) {
        if (k == before && k > 0)
            *to++ = '.';
        *to++ = k < n ? digits[k] : '0';
    }
    if (!scientific)
        return (size_t)(to - out);
    *to++ = 'e';
    *to++ = first < 0 ? '-' : '+';
    unsigned power = (unsigned)(first < 0 ? -first : first);
    if (power >= 100)
        *to++ = (char)('0' + power / 100);
    *to++ = (char)('0' + power / 10 % 10);
    *to++ = (char)('0' + power % 10);
    return (size_t)(to - out);
}
