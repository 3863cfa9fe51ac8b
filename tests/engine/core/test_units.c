#include "check.h"

#include <orrery/units.h>

#include "core/math/reproducible.h"

static const orr_units solar = {.length = ORR_AU,
                                .time = 86400,
                                .mass = ORR_GM_SUN,
                                .length_name = "au",
                                .mass_name = "Msun",
                                .time_name = "day"};

static double read(const char *text, orr_dimension dim)
{
    double value = NAN;
    char message[128];
    CHECK_OK(orr_quantity_parse(text, &solar, dim, &value, message, sizeof message));
    return value;
}

static void quantities(void **state)
{
    (void)state;
    CHECK_BITS(read("1.5 au", ORR_LENGTH), 1.5);
    CHECK_NEAR(read("149597870.7 km", ORR_LENGTH), 1, 2.3e-16); /* two roundings */
    CHECK_BITS(read("2", ORR_LENGTH), 2.0);
    CHECK_BITS(read("0.5 day", ORR_TIME), 0.5);
    CHECK_BITS(read("2 Myr", ORR_TIME), 2e6 * 365.25);
    CHECK_BITS(read("3 au/day", ORR_SPEED), 3.0);
    CHECK_BITS(read("1 au^3/day^2", ORR_GM), 1.0);
    CHECK_BITS(read("1 au3 d-2", ORR_GM), 1.0);
    CHECK_NEAR(read("29.78469 km/s", ORR_SPEED), 0.0172021, 1e-6);
    CHECK_NEAR(read("132712440041.27942 km3/s2", ORR_GM), 2.9591220828411956e-4, 3e-19);
    CHECK_BITS(read("180 deg", ORR_ANGLE), ORR_PI);
    CHECK_NEAR(read("3600 arcsec", ORR_ANGLE), ORR_PI / 180, 1e-18);
    CHECK_BITS(read("1 Msun", ORR_MASS), 1.0);
    CHECK_NEAR(read("1.98841e30 kg", ORR_MASS), 1, 1e-5);
    CHECK_NEAR(read("1 pc", ORR_LENGTH), 206264.80624709636, 1e-9);
}

static void refuses(void **state)
{
    (void)state;
    double v = 42;
    char message[200];
    const struct {
        const char *text;
        orr_dimension dim;
        orr_status status;
        const char *says;
    } cases[] = {{"5 km", ORR_MASS, ORR_E_INCOMPATIBLE, "is a length, but a mass is needed"},
                 {"5 parsnip", ORR_LENGTH, ORR_E_UNKNOWN_NAME, "no unit 'parsnip'"},
                 {"five", ORR_LENGTH, ORR_E_FORMAT, "not a number"},
                 {"nan", ORR_LENGTH, ORR_E_NOT_FINITE, "not a finite number"},
                 {"inf km", ORR_LENGTH, ORR_E_NOT_FINITE, "not a finite number"},
                 {"1e999", ORR_LENGTH, ORR_E_NOT_FINITE, "not a finite number"},
                 {"1 km//s", ORR_SPEED, ORR_E_FORMAT, "not a number with a unit"},
                 {"1 km^", ORR_LENGTH, ORR_E_FORMAT, "not a number with a unit"},
                 {"1 km^99", ORR_LENGTH, ORR_E_FORMAT, "not a number with a unit"},
                 {"", ORR_LENGTH, ORR_E_FORMAT, "no value"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        CHECK(orr_quantity_parse(cases[k].text, &solar, cases[k].dim, &v, message,
                                 sizeof message) == cases[k].status);
        CHECK(strstr(message, cases[k].says));
    }
    orr_units nbody = {.length = 1, .time = 1, .mass = 1, .G = 1, .dimensionless = 1};
    CHECK(orr_quantity_parse("1 km", &nbody, ORR_LENGTH, &v, message, sizeof message) ==
          ORR_E_INCOMPATIBLE);
    CHECK_OK(orr_quantity_parse("90 deg", &nbody, ORR_ANGLE, &v, message, sizeof message));
}

static void names_and_factors(void **state)
{
    (void)state;
    char name[64];
    orr_units_name(&solar, ORR_ENERGY, name, sizeof name);
    assert_string_equal(name, "au2 Msun day-2");
    orr_units_name(&solar, ORR_DIMENSIONLESS, name, sizeof name);
    assert_string_equal(name, "");
    CHECK_BITS(orr_units_si(&solar, ORR_LENGTH), ORR_AU);
    CHECK_NEAR(orr_units_si(&solar, ORR_MASS), 1.98841e30, 1e26);
    const orr_unit *u;
    for (size_t i = 0; (u = orr_unit_at(i)); i++) { /* every unit reads itself */
        orr_dimension d;
        double si;
        CHECK_OK(orr_unit_parse(u->name, &d, &si, NULL, 0));
        CHECK_BITS(si, u->si);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(quantities), cmocka_unit_test(refuses),
                                       cmocka_unit_test(names_and_factors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
