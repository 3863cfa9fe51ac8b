/* Groups as wholes: on orbits about each other, in planes, in colours. */
#include "scenario_of_text.h"

#define HEAD                                                                                       \
    "units: { length: kpc, mass: Msun, time: Myr }\n"                                              \
    "integrator: { method: leapfrog, step: 1 Myr }\nrun: { to: 1 Myr }\ngroups:\n"

/* Mass, place and velocity of the centre of mass of the bodies first <= id < last. */
static void centre_of(const orr_scenario *s, uint64_t first, uint64_t last, double *gm,
                      double pos[3], double vel[3])
{
    const orr_bodies *b = &s->bodies;
    *gm = 0;
    for (size_t c = 0; c < 3; c++)
        pos[c] = vel[c] = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->id[i] < first || b->id[i] >= last)
            continue;
        *gm += b->gm[i];
        for (size_t c = 0; c < 3; c++) {
            pos[c] += b->gm[i] * b->pos[i + c * b->stride];
            vel[c] += b->gm[i] * b->vel[i + c * b->stride];
        }
    }
    for (size_t c = 0; c < 3; c++)
        pos[c] /= *gm, vel[c] /= *gm;
}

/* A parabola: no energy, and the angular momentum of its pericentre; so far apart as the time says. */
static void two_galaxies(void **state)
{
    (void)state;
    orr_scenario s = good(
        HEAD "  - { generate: galaxy, name: A, count: 600, mass: 3e11 Msun, disc_length: 3 kpc, "
             "halo_length: 20 kpc, disc_count: 0.5, color: '#ff8000', position: [1 kpc, 2 kpc, 3 "
             "kpc] }\n"
             "  - { generate: hernquist, name: B, count: 300, mass: 1e11 Msun, radius: 5 kpc, "
             "color: '#0080ff', "
             "orbit: { around: A, q: 8 kpc, e: 1, i: 40 deg, Omega: 20 deg, T: 250 Myr } }\n");
    double gm[2], pos[2][3], vel[2][3], r2 = 0, v2 = 0, h[3], h2 = 0;
    centre_of(&s, 0, 600, &gm[0], pos[0], vel[0]);
    centre_of(&s, 600, 900, &gm[1], pos[1], vel[1]);
    CHECK_NEAR(gm[0] / gm[1], 3, 1e-9); /* the masses of both parts of A are in it */
    CHECK_NEAR(pos[0][0], 1, 1e-9);
    CHECK_NEAR(pos[0][2], 3, 1e-9);
    for (int c = 0; c < 3; c++) {
        pos[1][c] -= pos[0][c];
        vel[1][c] -= vel[0][c];
        r2 += pos[1][c] * pos[1][c];
        v2 += vel[1][c] * vel[1][c];
    }
    for (int c = 0; c < 3; c++) {
        h[c] =
            pos[1][(c + 1) % 3] * vel[1][(c + 2) % 3] - pos[1][(c + 2) % 3] * vel[1][(c + 1) % 3];
        h2 += h[c] * h[c];
    }
    double mu = gm[0] + gm[1], r = sqrt(r2);
    CHECK_NEAR(v2 / 2 - mu / r, 0, 1e-9 * mu / r);
    CHECK_NEAR(h2, 2 * mu * 8, 1e-9 * h2);
    CHECK_NEAR(h[2] / sqrt(h2), cos(40 / 57.29577951308232), 1e-9);
    /* Barker's equation: t = sqrt(2 q^3/mu) (D + D^3/3), r = q (1 + D^2), 250 Myr before */
    double D = sqrt(r / 8 - 1);
    CHECK_NEAR(sqrt(2 * 512 / mu) * (D + D * D * D / 3), 250, 1e-7 * 250);
    CHECK(s.n_colors == 900 && s.colors[0] == 0xff8000 && s.colors[599] == 0xff8000 &&
          s.colors[600] == 0x0080ff);
    orr_scenario_free(&s);
}

/* A disc in a plane: its spin is along the plane's north. */
static void tilted_disc(void **state)
{
    (void)state;
    orr_scenario s = good(
        HEAD "  - { generate: galaxy, name: A, count: 8000, mass: 3e11 Msun, disc_length: 3 kpc, "
             "halo_length: 20 kpc, disc_count: 0.5, plane: { i: 60 deg, Omega: 30 deg } }\n");
    const orr_bodies *b = &s.bodies;
    double l[3] = {0}, size = 0;
    for (size_t i = 0; i < 4000; i++)
        for (size_t c = 0; c < 3; c++) {
            size_t u = (c + 1) % 3, w = (c + 2) % 3;
            l[c] += b->pos[i + u * b->stride] * b->vel[i + w * b->stride] -
                    b->pos[i + w * b->stride] * b->vel[i + u * b->stride];
        }
    for (int c = 0; c < 3; c++)
        size += l[c] * l[c];
    const double si = 0.8660254037844386, north[3] = {si * 0.5, -si * 0.8660254037844386, 0.5};
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(l[c] / sqrt(size), north[c], 0.03);
    orr_scenario_free(&s);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"  - { generate: hernquist, name: B, count: 3, mass: 1 Msun, radius: 5 kpc, orbit: { "
         "around: A, q: 1 kpc, e: 1 } }\n",
         "called 'A'"},
        {"  - { generate: hernquist, name: B, count: 3, mass: 1 Msun, radius: 5 kpc, orbit: { q: 1 "
         "kpc, e: 1 } }\n",
         "'around' is missing"},
        {"  - { generate: hernquist, name: A, count: 3, mass: 1 Msun, radius: 5 kpc }\n"
         "  - { generate: hernquist, name: B, count: 3, mass: 1 Msun, radius: 5 kpc, orbit: { "
         "around: A, e: 1 } }\n",
         NULL},
        {"  - { generate: hernquist, name: B, count: 3, mass: 1 Msun, radius: 5 kpc, color: blue "
         "}\n",
         "#rrggbb"},
        {"  - { generate: galaxy, name: B, count: 3, mass: 1 Msun, disc_length: 1 kpc, "
         "halo_length: 5 kpc, disc_mass: 0.8, bulge_mass: 0.3 }\n",
         "cannot work with these numbers"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        char text[1200];
        orr_scenario s;
        orr_diagnosis why;
        snprintf(text, sizeof text, "%s%s", HEAD, bad[k].text);
        CHECK(orr_scenario_parse("test.yaml", text, strlen(text), NULL, &s, &why) == ORR_E_FORMAT);
        CHECK(why.line >= 5);
        if (bad[k].says && !strstr(why.text, bad[k].says))
            print_error("%s\n", why.text);
        CHECK(!bad[k].says || strstr(why.text, bad[k].says));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_galaxies),
                                       cmocka_unit_test(tilted_disc), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
