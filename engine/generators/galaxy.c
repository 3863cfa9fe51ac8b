/* A disc galaxy: an exponential disc with a bulge and a halo, near equilibrium.
 *
 *     disc     Sigma ~ e^(-R/R_d), rho ~ sech^2(z/z_d)
 *     bulge    Hernquist's profile
 *     halo     Hernquist's profile: inside the same as one of Navarro, Frenk & White (Springel, Di
 *              Matteo & Hernquist 2005, doi 10.1111/j.1365-2966.2005.09238.x)
 *
 * Bulge and halo have isotropic velocities from their distribution functions in the potential of all
 * (Eddington's formula, the disc averaged over spheres).  The disc's follow from the moments
 * (Hernquist 1993, doi 10.1086/191784):
 *
 *     sigma_R^2 ~ e^(-R/R_d), with Toomre's Q at 2 R_d
 *     sigma_phi^2 = sigma_R^2 kappa^2/(4 Omega^2)
 *     sigma_z^2 = pi G Sigma z_d + ln 2 (z_d Omega_s)^2    of a sheet, and of the spherical part
 *     v_phi^2 = v_c^2 + sigma_R^2 (1 - kappa^2/(4 Omega^2) - 2 R/R_d)      asymmetric drift
 *
 * Units here: G = 1, mass of all 1, length R_d. */
#include <orrery/generator.h>

#include <math.h>

#include "disc_gravity.h"
#include "spherical.h"

typedef struct galaxy {
    double length, height, halo_length, bulge_length, disc_mass, bulge_mass, disc_count,
        bulge_count;
    double toomre_q;
} galaxy;

enum { DISC, BULGE, HALO, PARTS, RINGS = 600 };

static const double outermost = 12; /* disc lengths; 1e-4 of its mass is beyond */

/* What holds the disc, on rings of equal width. */
typedef struct ring_table {
    double omega2[RINGS + 1], kappa2[RINGS + 1], spherical2[RINGS + 1]; /* squared frequencies */
    double sigma_r2;                                                    /* of R = 0 */
    double mass, height;
} ring_table;

static double ring_at(double k)
{
    return outermost * (k + 0.5) / (RINGS + 1);
}

static double disc_profile(const void *model, double r, double *slope)
{
    (void)model;
    *slope = -1 - r; /* dM/dr ~ r e^-r over a sphere's surface */
    return orr_exp(-r) / r;
}

static double hernquist_profile(const void *model, double r, double *slope)
{
    double a = *(const double *)model, w = a + r;
    *slope = -1 - 3 * r / w;
    return 1 / (r * w * w * w);
}

static void fill_rings(const galaxy *g, const orr_spherical parts[PARTS], ring_table *t)
{
    t->mass = g->disc_mass;
    t->height = g->height / g->length;
    for (int k = 0; k <= RINGS; k++) {
        double R = ring_at(k), sphere = 0;
        for (int p = BULGE; p < PARTS; p++)
            sphere += parts[p].n ? orr_spherical_mass(&parts[p], R) : 0;
        t->spherical2[k] = sphere / (R * R * R);
        t->omega2[k] = t->spherical2[k] + t->mass * orr_disc_circular_square(R) / (R * R);
    }
    for (int k = 0; k <= RINGS; k++) { /* kappa^2 = R d Omega^2/dR + 4 Omega^2 */
        int a = k ? k - 1 : 0, b = k < RINGS ? k + 1 : RINGS;
        double rate = (t->omega2[b] - t->omega2[a]) / (ring_at(b) - ring_at(a));
        double kappa2 = ring_at(k) * rate + 4 * t->omega2[k];
        t->kappa2[k] = fmin(fmax(kappa2, t->omega2[k]), 4 * t->omega2[k]);
    }
    /* Q = sigma_R kappa / (3.36 G Sigma) at two disc lengths */
    const double R = 2;
    double at = R / outermost * (RINGS + 1) - 0.5, surface = t->mass / (2 * ORR_PI) * orr_exp(-R);
    double sigma = g->toomre_q * 3.36 * surface / sqrt(t->kappa2[(int)at]);
    t->sigma_r2 = sigma * sigma * orr_exp(R);
}

/* The radius within which a part u of the disc is: 1 - e^-R (1 + R) = u. */
static double disc_radius(double u)
{
    double low = 0, high = outermost;
    u *= 1 - orr_exp(-outermost) * (1 + outermost);
    for (int k = 0; k < 50; k++) {
        double R = (low + high) / 2;
        *(1 - orr_exp(-R) * (1 + R) < u ? &low : &high) = R;
    }
    return (low + high) / 2;
}

static double normal(orr_random *r)
{
    double s, c;
    orr_sincos(2 * ORR_PI * orr_random_uniform(r), &s, &c);
    return c * sqrt(-2 * orr_log(orr_random_uniform(r)));
}

static void draw_disc(const ring_table *t, orr_random *random, double pos[3], double vel[3])
{
    double R = disc_radius(orr_random_uniform(random)), u = 2 * orr_random_uniform(random) - 1, s,
           c;
    orr_sincos(2 * ORR_PI * orr_random_uniform(random), &s, &c);
    int k = (int)fmin(fmax(R / outermost * (RINGS + 1) - 0.5, 0), RINGS);
    double surface = t->mass / (2 * ORR_PI) * orr_exp(-R),
           ratio = t->kappa2[k] / (4 * t->omega2[k]);
    double sigma_r2 = t->sigma_r2 * orr_exp(-R);
    double sigma_z2 = ORR_PI * surface * t->height +
                      0.69314718055994531 * t->height * t->height * t->spherical2[k];
    double mean2 = t->omega2[k] * R * R + sigma_r2 * (1 - ratio - 2 * R);
    /* a normal distribution has tails that no disc has: cut off where bodies would escape */
    double out = normal(random), along = normal(random), up = normal(random);
    double v_r = sqrt(sigma_r2) * fmin(fmax(out, -3), 3);
    double v_phi = sqrt(fmax(mean2, 0)) + sqrt(sigma_r2 * ratio) * fmin(fmax(along, -3), 3);
    pos[0] = R * c, pos[1] = R * s;
    pos[2] = t->height * 0.5 * orr_log((1 + u) / (1 - u)); /* artanh: of sech^2 */
    vel[0] = v_r * c - v_phi * s, vel[1] = v_r * s + v_phi * c;
    vel[2] = sqrt(sigma_z2) * up;
}

static orr_status tables(const galaxy *g, const double scale[PARTS], const double mass[PARTS],
                         orr_spherical parts[PARTS])
{
    orr_component all[PARTS];
    int of[PARTS];
    size_t n = 0;
    for (int p = 0; p < PARTS; p++)
        if (mass[p] > 0) {
            all[n] =
                (orr_component){p == DISC ? disc_profile : hernquist_profile, &scale[p], mass[p]};
            of[n++] = p;
        }
    double most = fmax(200 * g->halo_length / g->length, 50);
    for (size_t k = 0; k < n; k++)
        if (of[k] != DISC)
            ORR_TRY(orr_spherical_make(all, n, k, 1e-4, most, &parts[of[k]]));
    return ORR_OK;
}

/* How many bodies each part has: as its share of the mass, or as the options say. */
static void share_out(const galaxy *g, size_t count, const double mass[PARTS], size_t n[PARTS])
{
    double disc = g->disc_count > 0 ? g->disc_count : mass[DISC];
    double bulge = g->bulge_count > 0 ? g->bulge_count : mass[BULGE];
    double all = (double)count;
    n[DISC] = (size_t)fmin(all, round(all * disc));
    n[BULGE] = mass[BULGE] > 0 ? (size_t)fmin((double)(count - n[DISC]), round(all * bulge)) : 0;
    n[HALO] = count - n[DISC] - n[BULGE];
}

static orr_status emit_all(const galaxy *g, const orr_generator_context *context,
                           const orr_spherical parts[PARTS], const ring_table *t,
                           const double mass[PARTS], double gm, orr_emit_fn *emit, void *user)
{
    size_t n[PARTS];
    orr_random random = orr_random_seeded(context->seed);
    double speed = sqrt(gm / g->length), held = 0;
    share_out(g, context->count, mass, n);
    for (int p = 0; p < PARTS; p++)
        held += n[p] ? mass[p] : 0; /* what has no body has no mass: the others share it */
    for (int p = 0; p < PARTS; p++)
        for (size_t k = 0; k < n[p]; k++) {
            double pos[3], vel[3];
            if (p == DISC)
                draw_disc(t, &random, pos, vel);
            else
                orr_spherical_draw(&parts[p], INFINITY, &random, pos, vel);
            for (int c = 0; c < 3; c++) {
                pos[c] *= g->length;
                vel[c] *= speed;
            }
            ORR_TRY(emit(user, pos, vel, mass[p] / held * (double)context->count / (double)n[p]));
        }
    return ORR_OK;
}

static orr_status make(const void *state, const orr_generator_context *context, double gm,
                       orr_emit_fn *emit, void *user)
{
    galaxy g = *(const galaxy *)state;
    g.height = g.height > 0 ? g.height : 0.1 * g.length;
    g.bulge_length = g.bulge_length > 0 ? g.bulge_length : 0.2 * g.length;
    const double mass[PARTS] = {g.disc_mass, g.bulge_mass, 1 - g.disc_mass - g.bulge_mass};
    const double scale[PARTS] = {1, g.bulge_length / g.length, g.halo_length / g.length};
    if (!(mass[HALO] > 0) || !(g.disc_count + g.bulge_count < 1))
        return ORR_E_ARGUMENT;
    orr_spherical parts[PARTS] = {{0}};
    ring_table rings;
    orr_status status = tables(&g, scale, mass, parts);
    if (status == ORR_OK) {
        fill_rings(&g, parts, &rings);
        status = emit_all(&g, context, parts, &rings, mass, gm, emit, user);
    }
    for (int p = 0; p < PARTS; p++)
        orr_spherical_free(&parts[p]);
    return status;
}

#define LENGTH_OPTION(name_, member, text)                                                         \
    {                                                                                              \
        .name = name_, .dim = {1, 0, 0, 0}, .offset = offsetof(galaxy, member), .max = 1e300,      \
        .role = ORR_OPTION, .doc = text                                                            \
    }
#define PART_OPTION(name_, member, usual, text)                                                    \
    {                                                                                              \
        .name = name_, .offset = offsetof(galaxy, member), .fallback = usual, .max = 1,            \
        .role = ORR_OPTION, .doc = text                                                            \
    }

static const orr_field fields[] = {
    {.name = "disc_length",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(galaxy, length),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale length R_d of the disc"},
    {.name = "halo_length",
     .dim = {1, 0, 0, 0},
     .offset = offsetof(galaxy, halo_length),
     .min = 1e-300,
     .max = 1e300,
     .role = ORR_OPTION | ORR_REQUIRED,
     .doc = "scale radius of the halo; half of it lies within 2.414 of this"},
    LENGTH_OPTION("disc_height", height, "scale height z_d of the disc (0: 0.1 disc_length)"),
    LENGTH_OPTION("bulge_length", bulge_length, "scale radius of the bulge (0: 0.2 disc_length)"),
    PART_OPTION("disc_mass", disc_mass, 0.05, "share of the disc in the mass of all"),
    PART_OPTION("bulge_mass", bulge_mass, 0, "share of the bulge; the halo has the rest"),
    PART_OPTION("disc_count", disc_count, 0,
                "share of the bodies that are of the disc, which come first (0: as of the mass)"),
    PART_OPTION("bulge_count", bulge_count, 0,
                "share of the bodies that are of the bulge, which come next (0: as of the mass)"),
    {.name = "toomre_q",
     .offset = offsetof(galaxy, toomre_q),
     .fallback = 1.5,
     .max = 100,
     .role = ORR_OPTION,
     .doc = "Toomre's Q of the disc at two disc lengths: below 1 rings break up"},
    {0}};

const orr_generator orr_generator_galaxy = {
    .name = "galaxy",
    .summary = "A disc galaxy with halo and bulge, near equilibrium.",
    .reference = "10.1086/191784",
    .traits = ORR_SELF_BOUND,
    .fields = fields,
    .state_size = sizeof(galaxy),
    .make = make,
};
