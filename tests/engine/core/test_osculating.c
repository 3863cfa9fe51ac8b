/* Osculating elements against values computed with mpmath (60 digits), and their centres: bodies,
 * barycentres, Jacobi's, primaries; planes; light. */
#include "check.h"

#include <orrery/osculating.h>
#include <orrery/primaries.h>

#include "core/math/reproducible.h"

enum { A, E, I, NODE, ARGUMENT, PERI, MEAN, TRUE_, ECC, LONG, PASSAGE, PERIOD, Q, FAR, N };

static double of(const double values[ORR_ORBITALS], const char *name)
{
    size_t k = orr_orbital_find(name, strlen(name));
    CHECK(k < ORR_ORBITALS);
    return values[k];
}

static void the_table(void **state)
{
    (void)state;
    for (size_t k = 0; k < ORR_ORBITALS; k++) {
        const orr_quantity *q = orr_orbital_at(k);
        CHECK(q && orr_orbital_find(q->name, strlen(q->name)) == k);
        CHECK(q->bodies == 1 && q->components == 1 && *q->doc);
    }
    CHECK(orr_orbital_at(ORR_ORBITALS) == NULL);
    CHECK(orr_orbital_find("period", 6) == PERIOD && orr_orbital_find("P", 1) == PERIOD);
    CHECK(orr_orbital_find("x", 1) == ORR_ORBITALS && orr_orbital_find("", 0) == ORR_ORBITALS);
    CHECK(orr_orbital_find("omegas", 5) == ARGUMENT); /* so many bytes */
}

/* At t = 12.5; the last digits of the states decide about those of small e, i and far anomalies. */
static const struct {
    orr_state s;
    double mu, values[ORR_ORBITALS], tolerance;
} known[] = {
    {{{-0.34639121735012346, -0.2248732860033712, 0.05258054382470842},
      {0.6704571493758053, -1.4755242254736576, -0.4211301781654205}},
     1.0,
     {0.49999999999999993654, 0.1999999999999999029, 0.30000000000000001134, 1.0000000000000000032,
      1.9999999999999996756, 2.9999999999999996787, 0.46983201122974761089, 0.70000000000000028439,
      0.57932362024474061378, 3.4698320112297472896, 12.33388929942046569, 2.2214414690791827006,
      0.39999999999999999778, 0.5999999999999998753, 2.8284271247461906361},
     1e-14},
    {{{-0.9694278568049896, -5.258048799069613, 0.037827640748955324},
      {0.007300620150511274, -0.001013496863561603, -0.00014007979406845212}},
     0.00029591220828559115,
     {5.2521008403361336899, 0.048000000000000040265, 0.020000000000000000738,
      1.7500000000000000229, 4.7800000000000023572, 0.24681469282041590324, -1.9114103308987871271,
      -2.0000000000000021346, -1.9558948788687406197, 4.6185896691012152531, 1349.9331126550127187,
      4396.4082159260913197, 4.9999999999999990613, 5.5042016806722683185,
      0.0014291633075424163594},
     3e-14},
    {{{-10.32761490019114, 28.223629654647766, -8.511270564848497},
      {0.09520750626903769, -0.134165495690481, 0.05425537424458784}},
     1.0,
     {29.393939393939368199, 0.96699999999999997032, 2.7999999999999998164, 0.99999999999999993103,
      1.9499999999999998905, 2.9499999999999998215, -0.67067338969906954882, -2.8999999999999999043,
      -1.6356410619962698414, 2.2793266103009302727, 119.38032525551086278, 1001.3054037723554557,
      0.97000000000000002285, 57.817878787878736376, 0.0062749939064625827239},
     1e-13},
    {{{1.0308154333913118, 1.6439217237044057, -1.6637633014853712},
      {1.317570125514448, 0.8564543375175717, -0.3582600726834414}},
     1.0,
     {-0.55084745762711865401, 3.359999999999999971, 2.1400000000000001608, 0.42999999999999996396,
      4.2000000000000001658, 4.6300000000000001297, 3.4225466879296259152, 1.1999999999999999903,
      1.1075211003159385522, 1.769361380750039568, 11.10074648939960397, INFINITY,
      1.3000000000000000075, INFINITY, 2.4459804188456664892},
     1e-14},
    {{{-0.05858281435048563, 0.19558336760982753, -0.8751144874999747},
      {2.058529820976353, -6.935898778429483, 8.190115508287064}},
     39.47,
     {-1.2500000000000002526, 1.200000000000000017, 1.57000000000000005, 4.9999999999999999474,
      0.099999999999999864635, 5.0999999999999998121, -0.33134622233396380853,
      -1.8999999999999997548, -0.89934123480809553902, 4.7686537776660360035, 12.573707805285649554,
      INFINITY, 0.25000000000000007182, INFINITY, 4.4954020954748850101},
     2e-14},
    {{{-0.8754774363987753, 0.48736757671555603, 2.233339025302338e-05},
      {-0.4857976200953337, -0.8723672700481065, -9.733605190338131e-05}},
     1.0,
     {1.0010010010010008706, 0.0010000000000001069225, 0.00010000000000000001091,
      5.9999999999999999805, 6.2000000000000146276, 5.9168146928204281312, 2.9997175502847504216,
      2.9999999999999855593, 2.9998588100683761574, 2.6333469359255920759, 9.4957772423501438682,
      6.2926218798727530015, 0.99999999999999976267, 1.0020020020020019785, 0.99850037506252364438},
     4e-13}};

static void against_mpmath(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof known / sizeof *known; c++) {
        orr_elements el;
        double got[ORR_ORBITALS];
        CHECK_OK(orr_elements_from_state(&known[c].s, known[c].mu, &el));
        orr_orbitals(&el, known[c].mu, 12.5, got);
        for (size_t k = 0; k < ORR_ORBITALS; k++) {
            double want = known[c].values[k], scale = fmax(1, fabs(want));
            if (isinf(want))
                CHECK(isinf(got[k]) && got[k] > 0);
            else
                CHECK_NEAR(got[k], want, known[c].tolerance * scale);
        }
    }
}

/* Elements that are there by nature come back, for orbits of every kind. */
static void there_and_back(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int k = 0; k < 20000; k++) {
        double e = k % 3 == 0 ? 3 * check_random(&seed) : 0.05 + 0.9 * check_random(&seed);
        if (fabs(e - 1) < 0.02)
            continue;
        double edge = e < 1 ? 3.1 : 0.9 * acos(-1 / e), mu = 0.1 + check_random(&seed);
        orr_elements el = {.q = 0.1 + check_random(&seed),
                           .e = e,
                           .i = 0.05 + 3 * check_random(&seed),
                           .Omega = 6.28 * check_random(&seed),
                           .omega = 6.28 * check_random(&seed),
                           .f = edge * (2 * check_random(&seed) - 1)},
                     back;
        orr_state s;
        double got[ORR_ORBITALS];
        CHECK_OK(orr_state_from_elements(&el, mu, &s));
        CHECK_OK(orr_elements_from_state(&s, mu, &back));
        orr_orbitals(&back, mu, 0, got);
        CHECK_NEAR(of(got, "q"), el.q, 1e-12);
        CHECK_NEAR(of(got, "e"), el.e, 1e-12);
        CHECK_NEAR(of(got, "i"), el.i, 1e-12);
        CHECK_NEAR(remainder(of(got, "Omega") - el.Omega, 2 * ORR_PI), 0, 1e-12);
        CHECK_NEAR(remainder(of(got, "omega") - el.omega, 2 * ORR_PI), 0, 1e-11);
        CHECK_NEAR(remainder(of(got, "f") - el.f, 2 * ORR_PI), 0, 1e-11);
        /* T is a pericentre: from there to now n (t - T) is M, and no other is nearer */
        CHECK_NEAR(-of(got, "T") * of(got, "n"), of(got, "M"), 1e-12 * fmax(1, fabs(got[MEAN])));
        CHECK(e > 1 || fabs(of(got, "T")) <= 0.5 * of(got, "P") * (1 + 1e-12));
    }
}

/* On a circle in the plane nothing but L has a meaning, and L turns evenly. */
static void conventions(void **state)
{
    (void)state;
    double before = 0;
    for (int k = 0; k <= 100; k++) {
        double s, c, angle = 0.0628 * k, got[ORR_ORBITALS];
        orr_sincos(angle, &s, &c);
        orr_state x = {{c, s, 0}, {-s, c, 0}};
        orr_elements el;
        CHECK_OK(orr_elements_from_state(&x, 1, &el));
        orr_orbitals(&el, 1, 0, got);
        CHECK(got[I] == 0 && got[NODE] == 0 && got[E] < 1e-15);
        CHECK_NEAR(remainder(of(got, "L") - angle, 2 * ORR_PI), 0, 2e-15);
        CHECK_NEAR(remainder(got[PERI] - got[ARGUMENT] - got[NODE], 2 * ORR_PI), 0, 1e-15);
        CHECK(k == 0 || remainder(of(got, "L") - before, 2 * ORR_PI) > 0.06);
        before = of(got, "L");
    }
    /* a parabola, at rest far away: v^2 = 2 mu / r */
    orr_state x = {{2, 0, 0}, {0, 1, 0}};
    orr_elements el;
    double got[ORR_ORBITALS];
    CHECK_OK(orr_elements_from_state(&x, 1, &el));
    CHECK(el.e == 1);
    orr_orbitals(&el, 1, 7, got);
    CHECK(isinf(got[A]) && isinf(got[PERIOD]) && isinf(got[FAR]));
    CHECK_NEAR(got[Q], 2, 1e-15);
    CHECK_NEAR(got[PASSAGE], 7, 1e-15);
}

/* ---- centres ---- */

static orr_bodies two_suns(void)
{
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 5));
    /* ids are the order of the scenario: the test body stands between those with mass */
    const orr_body all[] = {
        {.gm = 0.7, .pos = {-0.03, 0, 0}, .vel = {0, -0.3, 0}, .id = 0},
        {.pos = {0, 3, 0}, .vel = {-0.6, 0, 0.1}, .id = 1, .role = ORR_TEST},
        {.gm = 0.3, .pos = {0.07, 0, 0}, .vel = {0, 0.7, 0}, .id = 2},
        {.gm = 1e-3, .pos = {1, 0, 0}, .vel = {0, 1, 0}, .id = 3},
        {.gm = 1e-5, .pos = {0, 5, 1}, .vel = {-0.4, 0, 0}, .id = 4, .role = ORR_PASSIVE}};
    for (int k = 0; k < 5; k++)
        CHECK_OK(orr_bodies_add(&b, all[k], NULL));
    return b;
}

/* mu and the state that the library takes, seen from the outside: r and v by the elements. */
static void relative(const orr_bodies *b, const orr_about *about, uint64_t id, double pos[3],
                     double *mu)
{
    orr_centres c = {0};
    orr_elements el;
    orr_state s;
    CHECK_OK(orr_centres_find(&c, about, b));
    CHECK_OK(orr_osculating(&c, orr_bodies_find(b, id), &el, mu));
    CHECK_OK(orr_state_from_elements(&el, *mu, &s));
    memcpy(pos, s.pos, sizeof s.pos);
    orr_centres_free(&c);
}

static void centres(void **state)
{
    (void)state;
    orr_bodies b = two_suns();
    double x[3], mu;
    const uint64_t sun[1] = {0}, suns[2] = {0, 2};
    orr_about about = {.kind = ORR_ABOUT_BODIES, .ids = sun, .n_ids = 1};
    relative(&b, &about, 3, x, &mu);
    CHECK_NEAR(x[0], 1.03, 1e-14);
    CHECK_NEAR(mu, 0.701, 1e-16);

    about.ids = suns, about.n_ids = 2; /* the barycentre is the origin, at rest */
    relative(&b, &about, 3, x, &mu);
    CHECK_NEAR(x[0], 1, 1e-14);
    CHECK_NEAR(mu, 1.001, 1e-15);
    relative(&b, &about, 1, x, &mu); /* a test body adds nothing */
    CHECK_NEAR(x[1], 3, 1e-14);
    CHECK_NEAR(mu, 1, 1e-15);
    relative(&b, &about, 2, x, &mu); /* part of it: its mass is in the sum already */
    CHECK_NEAR(x[0], 0.07, 1e-15);
    CHECK_NEAR(mu, 1, 1e-15);

    about = (orr_about){.kind = ORR_ABOUT_BARYCENTRE};
    relative(&b, &about, 3, x, &mu);
    CHECK_NEAR(mu, 1.00101, 1e-15);
    CHECK_NEAR(x[0], 1 - 1e-3 / 1.00101, 1e-14);
    CHECK_NEAR(x[1], -5e-5 / 1.00101, 1e-15);

    about.kind = ORR_ABOUT_JACOBI;
    relative(&b, &about, 1, x, &mu); /* after the first sun, before the second */
    CHECK_NEAR(x[0], 0.03, 1e-14);
    CHECK_NEAR(mu, 0.7, 1e-16);
    relative(&b, &about, 2, x, &mu);
    CHECK_NEAR(x[0], 0.1, 1e-15);
    CHECK_NEAR(mu, 1, 1e-15);
    relative(&b, &about, 4, x, &mu); /* after all: of another role */
    CHECK_NEAR(x[0], -1e-3 / 1.001, 1e-14);
    CHECK_NEAR(mu, 1.00101, 1e-15);

    about.kind = ORR_ABOUT_DOMINANT;
    relative(&b, &about, 2, x, &mu);
    CHECK_NEAR(x[0], 0.1, 1e-15);
    orr_bodies_free(&b);
}

static void nobody(void **state)
{
    (void)state;
    orr_bodies b = two_suns();
    orr_centres c = {0};
    orr_elements el;
    double mu;
    uint64_t one[1] = {0};
    orr_about about = {.kind = ORR_ABOUT_BODIES, .ids = one, .n_ids = 1};
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 0, &el, &mu) == ORR_E_INCOMPATIBLE); /* its own centre */
    b.pos[2] = NAN;                                               /* body 3 is no more */
    CHECK(orr_osculating(&c, 2, &el, &mu) == ORR_E_INCOMPATIBLE);
    about.kind = ORR_ABOUT_BARYCENTRE;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 1, &el, &mu) == ORR_OK);
    CHECK_NEAR(mu, 1.00001, 1e-15); /* without it */
    about.kind = ORR_ABOUT_JACOBI;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 0, &el, &mu) == ORR_E_INCOMPATIBLE); /* the first */
    about.kind = ORR_ABOUT_BODIES;
    one[0] = 77;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 1, &el, &mu) == ORR_E_INCOMPATIBLE); /* nobody of that id */
    one[0] = 0;
    for (size_t k = 0; k < 3; k++) /* at rest beside it: a straight line */
        b.vel[1 + k * b.stride] = b.vel[k * b.stride];
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 1, &el, &mu) == ORR_E_ARGUMENT);
    orr_centres_free(&c);
    orr_bodies_free(&b);
}

/* A grain on a circle for 0.9 GM: its speed is as if gravity were that. */
static void light(void **state)
{
    (void)state;
    orr_bodies b;
    CHECK_OK(orr_bodies_init(&b, 3));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1, .id = 0}, NULL));
    CHECK_OK(orr_bodies_add(
        &b, (orr_body){.pos = {1}, .vel = {0, sqrt(0.9)}, .id = 1, .role = ORR_TEST}, NULL));
    CHECK_OK(orr_bodies_add(
        &b, (orr_body){.pos = {2}, .vel = {0, sqrt(0.5)}, .id = 2, .role = ORR_TEST}, NULL));
    const uint64_t sun[1] = {0};
    orr_pressure p = {.of = 0, .on = 1, .beta = 0.1};
    orr_about about = {
        .kind = ORR_ABOUT_BODIES, .ids = sun, .n_ids = 1, .pressures = &p, .n_pressures = 1};
    orr_centres c = {0};
    orr_elements el;
    double mu;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK_OK(orr_osculating(&c, 1, &el, &mu));
    CHECK_NEAR(mu, 0.9, 1e-16);
    CHECK_NEAR(el.e, 0, 3e-16);
    CHECK_OK(orr_osculating(&c, 2, &el, &mu)); /* on the other it does not shine */
    CHECK_NEAR(mu, 1, 0);
    p.on_tests = true;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK_OK(orr_osculating(&c, 2, &el, &mu));
    CHECK_NEAR(mu, 0.9, 1e-16);
    p.beta = 1.5; /* it is blown away: not an orbit of Kepler's */
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK(orr_osculating(&c, 2, &el, &mu) == ORR_E_ARGUMENT);
    about.n_pressures = 0;
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK_OK(orr_osculating(&c, 1, &el, &mu));
    CHECK_NEAR(el.e, 0.1, 1e-15); /* v^2 = 0.9 at the far end: e = 1 - 0.9 */
    orr_centres_free(&c);
    orr_bodies_free(&b);
}

static void planes(void **state)
{
    (void)state;
    orr_bodies b = two_suns();
    orr_centres c = {0};
    orr_elements el;
    double mu, s, co;
    const uint64_t sun[1] = {0};
    orr_sincos(0.4, &s, &co); /* tilted about x by 0.4: all that is in xy has that inclination */
    orr_about about = {.kind = ORR_ABOUT_BODIES,
                       .ids = sun,
                       .n_ids = 1,
                       .has_plane = true,
                       .plane = {{1, 0, 0}, {0, co, -s}, {0, s, co}}};
    CHECK_OK(orr_centres_find(&c, &about, &b));
    CHECK_OK(orr_osculating(&c, 2, &el, &mu));
    CHECK_NEAR(el.i, 0.4, 1e-15);
    CHECK_NEAR(remainder(el.Omega, ORR_PI), 0, 1e-15);

    /* the sum of r x m v is along the pole of the invariable plane */
    orr_bodies two;
    CHECK_OK(orr_bodies_init(&two, 2));
    CHECK_OK(orr_bodies_add(&two, (orr_body){.gm = 1, .id = 0, .vel = {0, 0, 5}}, NULL));
    CHECK_OK(orr_bodies_add(
        &two, (orr_body){.gm = 0.1, .id = 1, .pos = {1, 2, 0}, .vel = {0.1, -0.3, 5.4}}, NULL));
    about = (orr_about){.kind = ORR_ABOUT_BODIES, .ids = sun, .n_ids = 1, .invariable = true};
    CHECK_OK(orr_centres_find(&c, &about, &two));
    CHECK_OK(orr_osculating(&c, 1, &el, &mu));
    CHECK_NEAR(el.i, 0, 1e-15); /* two bodies: their orbit is it */
    for (int r = 0; r < 3; r++) /* a rotation, x in the xy plane */
        for (int q = 0; q < 3; q++) {
            double dot = 0;
            for (int k = 0; k < 3; k++)
                dot += c.plane[k][r] * c.plane[k][q];
            CHECK_NEAR(dot, r == q, 1e-15);
        }
    CHECK(c.plane[2][0] == 0);
    orr_centres_free(&c);
    orr_bodies_free(&two);
    orr_bodies_free(&b);
}

static void heavy(void **state)
{
    (void)state;
    orr_bodies b = two_suns();
    size_t most[ORR_MOST_PRIMARIES];
    double total;
    CHECK(orr_heaviest(&b, most, &total) == 3 && most[0] == 0 && most[1] == 1 && most[2] == 2);
    CHECK_NEAR(total, 1.001, 1e-15);
    CHECK(orr_dominant_body(&b, ORR_PART_OUTWEIGHS) == 0);
    CHECK(orr_dominant_body(&b, ORR_PART_CENTRE) == 0); /* 0.7 of 1.00101 */
    CHECK(orr_dominant_body(&b, ORR_PART_KEPLERIAN) == SIZE_MAX);
    CHECK(orr_dominant_body(&b, 0.7 / 1.00101 - 1e-9) == 0);
    CHECK(orr_dominant_body(&b, 0.7 / 1.00101 + 1e-9) == SIZE_MAX);
    b.gm[2] = 0.8;
    CHECK(orr_heaviest_body(&b) == 2 && orr_dominant_body(&b, 0.5) == SIZE_MAX);
    b.gm[3] = 50; /* passive: attracts, but no passive ones */
    CHECK(orr_heaviest_body(&b) == 2 && orr_dominant_body(&b, 0.9) == 3);
    b.gm[2] = 1e-3, b.gm[3] = 1e-5;
    b.gm[0] = 0.5, b.gm[1] = 0.5;
    CHECK(orr_dominant_body(&b, ORR_PART_CENTRE) == SIZE_MAX);
    CHECK(orr_heaviest_body(&b) == 0); /* of equal ones the first */
    CHECK_NEAR(orr_separation(&b, 0, 1), 0.1, 1e-15);
    orr_bodies_free(&b);
}

static void centre_of_mass(void **state)
{
    (void)state;
    orr_bodies b = two_suns();
    orr_state center;
    CHECK_NEAR(orr_barycentre(&b, &center), 1.00101, 1e-15);
    CHECK_NEAR(center.pos[0], 1e-3 / 1.00101, 1e-17); /* the suns are at 0, at rest */
    CHECK_NEAR(center.pos[1], 5e-5 / 1.00101, 1e-17);
    CHECK_NEAR(center.vel[1], 1e-3 / 1.00101, 1e-16);
    b.pos[2] = NAN; /* in files: no more */
    CHECK_NEAR(orr_barycentre(&b, &center), 1.00001, 1e-15);
    CHECK_NEAR(center.pos[0], 0, 1e-17);
    for (size_t i = 0; i < b.n; i++)
        b.gm[i] = 0;
    CHECK(orr_barycentre(&b, &center) == 0 && center.pos[0] == 0 && center.vel[1] == 0);
    orr_bodies_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),      cmocka_unit_test(against_mpmath),
        cmocka_unit_test(there_and_back), cmocka_unit_test(conventions),
        cmocka_unit_test(centres),        cmocka_unit_test(nobody),
        cmocka_unit_test(light),          cmocka_unit_test(planes),
        cmocka_unit_test(heavy),          cmocka_unit_test(centre_of_mass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
