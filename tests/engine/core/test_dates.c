/* test_dates.c - calendars, time scales and the reader of dates, against published values. */
#include "check.h"

#include <orrery/dates.h>
#include <orrery/planes.h>

static orr_date date(const char *text)
{
    orr_date d = {0};
    char message[300] = "";
    if (orr_date_read(text, ORR_TDB, &d, message, sizeof message) != ORR_OK)
        fail_msg("%s", message);
    return d;
}

/* Julian dates: IAU (J2000), the Explanatory Supplement (MJD 0, JD 0, the reform of the calendar),
 * Meeus 1998, Astronomical Algorithms, ch. 7 (the others). */
static void julian_dates(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double jd;
    } known[] = {{"2000-01-01T12:00", 2451545.0},  {"J2000.0", 2451545.0},
                 {"1858-11-17", 2400000.5},        {"MJD 0", 2400000.5},
                 {"MJD -678881.5", 1721119},       {"-4712-01-01T12:00", 0},
                 {"B.C. 4713-Jan-01 12:00", 0},    {"1582-10-04", 2299159.5},
                 {"1582-10-15", 2299160.5},        {"1957-10-04.81", 2436116.31},
                 {"333-01-27T12:00", 1842713.0},   {"1987-06-19T12:00", 2446966.0},
                 {"1600-12-31", 2305812.5},        {"837-04-10.3", 2026871.8},
                 {"-1000-07-12T12:00", 1356001.0}, {"-1001-08-17.9", 1355671.4},
                 {"-0123-12-31", 1676496.5},       {"-4712-01-01T12:00", 0.0},
                 {"JD -100.25", -100.25},          {"2026-11-21T06:30:30.5", 2461365.771186342592}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        orr_date d = date(known[k].text);
        CHECK_NEAR(orr_date_jd(&d), known[k].jd, 5e-10);
        CHECK(d.scale == ORR_TDB);
    }
}

/* The same instant however it is written: 2006-03-23 17:30 in TDB. */
static void forms(void **state)
{
    (void)state;
    static const char *const same[] = {"2006-03-23T17:30",
                                       "2006-03-23 17:30",
                                       "2006-03-23  17:30:00.000 TDB",
                                       "2006/03/23 17:30 (TDB)",
                                       "2006-Mar-23 17:30",
                                       "2006 March 23 17:30",
                                       "2006 Mar. 23 17:30",
                                       "2006-3-23 17:30",
                                       "+2006-03-23T17:30",
                                       "A.D. 2006-Mar-23 17:30:00.0000",
                                       "AD 2006-Mar-23 17:30:00.0000 TDB",
                                       " 2006-mar-23 17:30:00.0000 tdb ",
                                       "2006-03-23.729166666666666666666667",
                                       "2006 03 23.729166666666666666666667",
                                       "MJD 53817.7291666666666666667",
                                       "JD 2453818.2291666666666666667 TDB",
                                       "JDTDB 2453818.2291666666666666667",
                                       "2453818.2291666666666666667 JD"};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        orr_date d = date(same[k]);
        CHECK_BITS(d.day, 2453817.5);
        CHECK_NEAR(d.seconds, 63000, 1e-9);
        CHECK(orr_date_is_meant(same[k]));
    }
    CHECK_BITS(date("JD 2453818.7").seconds, 0.2 * 86400); /* no digit of .7 is lost */
    orr_date zulu = date("2006-03-23T17:30Z"), east = date("2006-03-24T01:30+08:00"),
             west = date("2006-03-23T14:00:00-0330");
    CHECK(zulu.scale == ORR_UTC && east.scale == ORR_UTC);
    CHECK_BITS(orr_date_after(&east, &zulu, 1), 0.0);
    CHECK_BITS(orr_date_after(&west, &zulu, 1), 0.0);
    orr_date early = date("B.C. 44-Mar-15"), count = date("-0043-03-15");
    CHECK_BITS(orr_date_after(&early, &count, 1), 0.0);
    CHECK_BITS(orr_date_jd(&early), 1705425.5); /* the Ides of March */
    const orr_date_form *f;
    for (size_t k = 0; (f = orr_date_form_at(k)); k++) {
        date(f->example);
        CHECK(orr_date_is_meant(f->example) && *f->doc);
    }
}

static void refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *says;
    } wrong[] = {{"2000-13-01", "no month 13"},
                 {"MJD 2453817.7", "write JD 2453817"},
                 {"2006-02-30", "28 days"},
                 {"1900-02-29", "28 days"},
                 {"2001-04-31", "30 days"},
                 {"2001-04-00", "30 days"},
                 {"1582-10-05", "1582-10-15"},
                 {"1582-10-14T12:00", "1582-10-15"},
                 {"2000-01-01T25:00", "time of day"},
                 {"2000-01-01T12:60", "time of day"},
                 {"2000-01-01T24:00", "next day"},
                 {"2000-01-01T12", "17:30"},
                 {"2000-01-01 5:30 PM", "00 to 23"},
                 {"2000-01-01T12:00 GMT", "write UTC"},
                 {"2000-01-01T12:00 UT1", "write UTC"},
                 {"2000-01-01T12:00 ET", "TDB"},
                 {"2000-01-01T12:00 CET", "no time scale 'CET'"},
                 {"2000-01-01T12:00Z TDB", "UTC, not TDB"},
                 {"2000-01-01T12:00+15:00", "zone"},
                 {"2000-01-01.5 12:00", "decimals of a day and a clock"},
                 {"2006-082", "2006-03-23"},
                 {"2006-W12-4", "weeks"},
                 {"2006-03", "day is missing"},
                 {"23.3.2006", "first: 2006-03-23"},
                 {"3.4.2006", "first: 2006-04-03"},
                 {"23/03/2006 12:00", "first: 2006-03-23"},
                 {"03/04/2006", "2006-03-04 or 2006-04-03"},
                 {"23 March 2006", "first: 2006-Mar-23"},
                 {"2006.03.23", "dashes"},
                 {"03/23/2006", "first: 2006-03-23"},
                 {"06-03-23", "four digits"},
                 {"Mar 23, 2006", "year first"},
                 {"2006-Mrz-23", "no month 'Mrz'"},
                 {"20060323", "2006-03-23"},
                 {"20060323T1730", "2006-03-23"},
                 {"20060323.72", "2006-03-23"},
                 {"-44-03-15", "four digits"},
                 {"A.D. 0-Jan-01", "1 B.C."},
                 {"B.C. 0-Jan-01", "1 B.C."},
                 {"2453817.5", "JD 2453817.5"},
                 {"2453817.5 TDB", "JD 2453817.5"},
                 {"2453817.5 = A.D. 2006-Mar-23 00:00:00.0000 TDB", "twice"},
                 {"BJD 2453817.5", "JD"},
                 {"B1950.0", "Besselian"},
                 {"JD", "missing"},
                 {"JDTDB 2453817.5 UTC", "two time scales"},
                 {"2453817.5 JDTT TDB", "two time scales"},
                 {"JD 2.4e6", "exponent"},
                 {"JD 12345678901", "1e9"},
                 {"2016-12-31T23:59:60 TT", "only UTC"},
                 {"2015-12-31T23:59:60Z", "no leap second"},
                 {"2016-12-31T12:59:60Z", "no leap second"},
                 {"2016-12-31T23:59:61Z", "no leap second"},
                 {"1960-12-31 UTC", "1961"},
                 {"yesterday", "2000-01-01"},
                 {"", "2000-01-01"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        orr_date d;
        char message[300] = "";
        CHECK(orr_date_read(wrong[k].text, ORR_TDB, &d, message, sizeof message) == ORR_E_FORMAT);
        if (!strstr(message, wrong[k].says))
            fail_msg("'%s': %s", message, wrong[k].says);
    }
    static const char *const others[] = {"30 day", "1e3 yr",    "-5 d", "2006",   "1.5",
                                         "5 km/s", "1 t",       "2e6",  "1/3 yr", "1,5 yr",
                                         "epoch",  "yesterday", ""};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        CHECK(!orr_date_is_meant(others[k]));
}

/* Every leap second from both sides; TAI - UTC behind each as the IERS lists it. */
static void leap_seconds(void **state)
{
    (void)state;
    static const char *const days[] = {
        "1972-06-30", "1972-12-31", "1973-12-31", "1974-12-31", "1975-12-31", "1976-12-31",
        "1977-12-31", "1978-12-31", "1979-12-31", "1981-06-30", "1982-06-30", "1983-06-30",
        "1985-06-30", "1987-12-31", "1989-12-31", "1990-12-31", "1992-06-30", "1993-06-30",
        "1994-06-30", "1995-12-31", "1997-06-30", "1998-12-31", "2005-12-31", "2008-12-31",
        "2012-06-30", "2015-06-30", "2016-12-31"};
    double behind = 10;
    for (size_t k = 0; k < sizeof days / sizeof *days; k++) {
        char text[64];
        double at[3];
        static const char *const clocks[] = {"23:59:59", "23:59:60", "23:59:60.5"};
        orr_date first = date(days[k]), last = first, tai;
        for (int i = 0; i < 3; i++) {
            snprintf(text, sizeof text, "%sT%s UTC", days[k], clocks[i]);
            last = date(text);
            tai = orr_date_in(&last, ORR_TAI);
            at[i] = (tai.day - first.day) * 86400 + tai.seconds;
            orr_date back = orr_date_in(&tai, ORR_UTC);
            CHECK_BITS(back.day, last.day);
            CHECK_BITS(back.seconds, last.seconds);
        }
        CHECK_BITS(at[0], 86399 + behind);
        CHECK_BITS(at[1], 86400 + behind);
        CHECK_BITS(at[2], 86400.5 + behind);
        behind++;
        orr_date next = {first.day + 1, 0, ORR_UTC};
        tai = orr_date_in(&next, ORR_TAI);
        CHECK_BITS((tai.day - first.day) * 86400 + tai.seconds, 86400 + behind);
        CHECK_BITS(orr_date_after(&next, &last, 1), 0.5);
        orr_date_text(&last, 1, text, sizeof text);
        CHECK(strstr(text, "T23:59:60.5"));
        orr_date_text(&last, -1, text, sizeof text); /* to the minute: the next day */
        CHECK(strstr(text, "T00:00"));
    }
    CHECK_BITS(behind, 37.0);
    orr_date a = date("2016-12-31T12:00 UTC"), b = date("2017-01-01T12:00 UTC");
    CHECK_BITS(orr_date_after(&b, &a, 1), 86401.0);
    orr_date again = orr_date_plus(&a, 86401, 1);
    CHECK_BITS(again.day, b.day);
    CHECK_BITS(again.seconds, b.seconds);
    CHECK(again.scale == ORR_UTC);
    const char *source;
    orr_date known = orr_leap_seconds_known(&source);
    CHECK(orr_date_after(&known, &b, 86400) > 3000 && strstr(source, "Bulletin C"));
    char note[200], day[64];
    orr_date later = orr_date_plus(&known, 1e4, 86400); /* continued, and said */
    CHECK_BITS(later.seconds, known.seconds);
    CHECK(orr_leap_seconds_note(&later, note, sizeof note) && strstr(note, source));
    orr_date_text(&known, -1, day, sizeof day);
    *strchr(day, 'T') = 0;
    CHECK(strstr(note, day));
    CHECK(!orr_leap_seconds_note(&b, note, sizeof note) && !*note);
}

/* tai-utc.dat of the US Naval Observatory: TAI - UTC at the end of 1961 .. 1971; the minute of
 * 1971-12-31 23:59 had 60.107758 s of TAI. */
static void rubber_seconds(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double ahead;
    } known[] = {{"1961-01-01 UTC", 1.4228180},
                 {"1962-01-01 UTC", 1.8458580},
                 {"1965-03-01 UTC", 3.6401300 + 59 * 0.001296},
                 {"1968-02-01 UTC", 4.2131700 + 761 * 0.002592},
                 {"1972-01-01 UTC", 10}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        orr_date d = date(known[k].text), tai = orr_date_in(&d, ORR_TAI);
        CHECK_NEAR(tai.seconds, known[k].ahead, 1e-11);
        orr_date back = orr_date_in(&tai, ORR_UTC);
        CHECK_NEAR(back.seconds + 86400 * (back.day - d.day), 0, 1e-11);
    }
    orr_date a = date("1971-12-31T23:59 UTC"), b = date("1972-01-01 UTC");
    CHECK_NEAR(orr_date_after(&b, &a, 1), 60.107758 + 60 * 0.002592 / 86400, 1e-9);
    orr_date old = date("1950-01-01 TT"), utc = orr_date_in(&old, ORR_UTC);
    CHECK(utc.scale == ORR_TT); /* there is none, and it says so */
    CHECK_NEAR(orr_date_after(&utc, &old, 1), 0, 1e-10);
}

/* SOFA Time Scale and Calendar Tools, ch. 4 (a worked example), and the value with which the
 * authors test iauDtdb; GPS time began at 1980-01-06 with TAI - GPS = 19 s. */
static void scales(void **state)
{
    (void)state;
    orr_date utc = date("2006-01-15T21:24:37.5 UTC"), tai = orr_date_in(&utc, ORR_TAI),
             tt = orr_date_in(&utc, ORR_TT), tdb = orr_date_in(&utc, ORR_TDB);
    const double clock = 21 * 3600 + 25 * 60;
    CHECK_BITS(tai.seconds, clock + 10.5);
    CHECK_NEAR(tt.seconds, clock + 42.684, 2e-11);
    CHECK_NEAR(tdb.seconds, clock + 42.684373, 12e-6);
    orr_date then = date("JD 2448939.623 TT"), seen = orr_date_in(&then, ORR_TDB);
    CHECK_NEAR(seen.seconds - then.seconds, -0.001280368, 12e-6);
    orr_date gps = date("1980-01-06 UTC"), since = orr_date_in(&gps, ORR_TAI);
    CHECK_BITS(since.seconds, 19.0);
    orr_date j2000 = date("2000-01-01T11:58:55.816 UTC"), noon = orr_date_in(&j2000, ORR_TT);
    CHECK_NEAR(noon.seconds, 43200, 2e-11);
    /* in the scale of the epoch: a day of TT and a day of TDB differ by 28 us at most */
    orr_date from = date("2017-01-01 TT"), to = date("2017-01-02 TT"), tdb0 = date("2017-01-01");
    CHECK_BITS(orr_date_after(&to, &from, 86400), 1.0);
    CHECK_NEAR(orr_date_after(&to, &tdb0, 1) - orr_date_after(&from, &tdb0, 1), 86400, 3e-5);
    for (size_t k = 0; k < 4; k++)
        CHECK(orr_timescale_at(k)->name && orr_timescale_at(k)->doc);
    CHECK(!orr_timescale_at(4) && !orr_date_form_at(100) && !orr_plane_at(100));
}

/* Over the years -4800 to 9999, in every scale: text and back, other scales and back, and days that
 * follow each other without a gap. */
static void round_trips(void **state)
{
    (void)state;
    uint64_t seed = 1;
    long year0 = 0;
    int month0 = 0, day0 = 0;
    for (double day = -31739.5; day < 5373484; day += 1) {
        orr_date d = {day, 0, ORR_TDB};
        orr_calendar c = orr_calendar_of(&d, 0);
        bool next = c.year == year0 && c.month == month0 && c.day == day0 + 1;
        bool turns = c.day == 1 && day0 >= 28 &&
                     ((c.year == year0 && c.month == month0 + 1) ||
                      (c.year == year0 + 1 && c.month == 1 && month0 == 12));
        bool reform = day == 2299160.5 && day0 == 4 && c.day == 15;
        if (day > -31739.5 && next + turns + reform != 1)
            fail_msg("after %ld-%d-%d: %ld-%d-%d", year0, month0, day0, c.year, c.month, c.day);
        year0 = c.year, month0 = c.month, day0 = c.day;
        if (fmod(day + 0.5, 97) != 0)
            continue;
        for (int k = 0; k < 4; k++) {
            char text[64];
            d = (orr_date){day, 86400 * check_random(&seed), (orr_timescale)k};
            if (k == ORR_UTC && day < 2437300.5)
                continue;
            orr_date_exact_text(&d, text, sizeof text);
            orr_date back = date(text);
            CHECK_BITS(back.day, d.day);
            CHECK_BITS(back.seconds, d.seconds);
            CHECK(back.scale == d.scale);
            for (int other = 0; other < 4; other++) {
                orr_date there = orr_date_in(&d, (orr_timescale)other);
                CHECK_NEAR(orr_date_after(&there, &d, 1), 0, 1e-10);
            }
            orr_date sum = orr_date_plus(&d, 1e5, 86400);
            CHECK_NEAR(orr_date_after(&sum, &d, 86400), 1e5, 1e-10);
        }
    }
}

static void written(void **state)
{
    (void)state;
    char text[64];
    orr_date d = date("2017-01-01T12:34:59.9996 TT");
    orr_date_text(&d, 3, text, sizeof text);
    assert_string_equal(text, "2017-01-01T12:35:00.000");
    orr_date_text(&d, 0, text, sizeof text);
    assert_string_equal(text, "2017-01-01T12:35:00");
    orr_date_text(&d, 4, text, sizeof text);
    assert_string_equal(text, "2017-01-01T12:34:59.9996");
    d = date("2017-12-31T23:59:59.6");
    orr_date_text(&d, 0, text, sizeof text);
    assert_string_equal(text, "2018-01-01T00:00:00");
    d = date("B.C. 44-Mar-15 12:00");
    orr_date_text(&d, -1, text, sizeof text);
    assert_string_equal(text, "-0043-03-15T12:00");
    orr_date_exact_text(&d, text, sizeof text);
    assert_string_equal(text, "JD 1705426.0 TDB");
    d = date("2016-12-31T23:59:60.25 UTC");
    orr_date_exact_text(&d, text, sizeof text);
    assert_string_equal(text, "2016-12-31T23:59:60.25 UTC");
    d = orr_date_plus(&d, 1e300, 86400);
    orr_date_text(&d, 0, text, sizeof text);
    assert_string_equal(text, "?");
}

/* A time of a problem: a date or a number with a unit. */
static void times(void **state)
{
    (void)state;
    orr_units u = {.length = 1, .mass = 1, .time = 86400};
    orr_date tdb = date("JD 2451545.0"), utc = date("2000-01-01T12:00 UTC");
    char message[300];
    double t;
    CHECK_OK(orr_time_read("2000-01-11T12:00", &u, &tdb, &t, message, sizeof message));
    CHECK_BITS(t, 10.0);
    CHECK_OK(orr_time_read("2000-01-11T12:00", &u, &utc, &t, message, sizeof message));
    CHECK_BITS(t, 10.0); /* no scale: that of the epoch */
    CHECK_OK(orr_time_read("2000-01-11T12:00 UTC", &u, &tdb, &t, message, sizeof message));
    CHECK_NEAR((t - 10) * 86400, 64.184, 0.002);
    CHECK_OK(orr_time_read("2 h", &u, NULL, &t, message, sizeof message));
    CHECK_NEAR(t, 2.0 / 24, 1e-16);
    CHECK_OK(orr_time_read("2", &u, NULL, &t, message, sizeof message));
    CHECK_BITS(t, 2.0);
    CHECK(orr_time_read("2000-01-11", &u, NULL, &t, message, sizeof message) == ORR_E_FORMAT &&
          strstr(message, "'epoch:'"));
    CHECK(orr_time_read("2451555", &u, &tdb, &t, message, sizeof message) == ORR_E_FORMAT &&
          strstr(message, "JD 2451555"));
    CHECK(orr_time_read("20060323.5", &u, &tdb, &t, message, sizeof message) == ORR_E_FORMAT &&
          strstr(message, "write 2006-03-23.5"));
    CHECK(!orr_is_bare_date("20061323") && !orr_is_bare_date("20060323 day") &&
          !orr_is_bare_date("3000000") && orr_is_bare_date("2440000.5"));
    CHECK_OK(orr_time_read("2451555 day", &u, &tdb, &t, message, sizeof message));
    CHECK(orr_time_read("yesterday", &u, &tdb, &t, message, sizeof message) == ORR_E_FORMAT &&
          strstr(message, "neither a time"));
    CHECK(orr_time_read("JD 51554.5", &u, &tdb, &t, message, sizeof message) == ORR_E_FORMAT &&
          strstr(message, "is written MJD"));
    CHECK_OK(orr_time_read("JD 625360.5", &u, &tdb, &t, message, sizeof message));
    CHECK(orr_time_read("1 km", &u, &tdb, &t, message, sizeof message) == ORR_E_INCOMPATIBLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(julian_dates), cmocka_unit_test(forms),          cmocka_unit_test(refused),
        cmocka_unit_test(leap_seconds), cmocka_unit_test(rubber_seconds), cmocka_unit_test(scales),
        cmocka_unit_test(round_trips),  cmocka_unit_test(written),        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
