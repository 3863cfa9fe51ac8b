/* apparent.c - where a body is seen. */
#include "apparent.h"

#include <math.h>

static const double arc_second = 4.84813681109536e-6, degree = 0.017453292519943295;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void acceleration(const orr_bodies *b, size_t i, double out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (size_t j = 0; j < b->n_active; j++) {
        double d[3], r2;
        if (j == i)
            continue;
        for (size_t c = 0; c < 3; c++)
            d[c] = b->pos[j + c * b->stride] - b->pos[i + c * b->stride];
        r2 = dot(d, d);
        for (int c = 0; c < 3; c++)
            out[c] += b->gm[j] / (r2 * sqrt(r2)) * d[c];
    }
}

/* Urban & Seidelmann 2013, Explanatory Supplement, section 7.2.3: aberration. */
static void aberrate(double u[3], const double velocity[3], double light)
{
    double beta[3], lorentz, along, size = 0;
    for (int c = 0; c < 3; c++)
        beta[c] = velocity[c] / light;
    lorentz = 1 / sqrt(1 - dot(beta, beta));
    along = dot(u, beta);
    for (int c = 0; c < 3; c++) {
        u[c] = u[c] / lorentz + beta[c] + along / (1 + 1 / lorentz) * beta[c];
        size += u[c] * u[c];
    }
    for (int c = 0; c < 3; c++)
        u[c] /= sqrt(size);
}

orr_sighting orr_apparent_place(const orr_bodies *b, size_t observer, size_t target, double light)
{
    orr_body eye = orr_bodies_get(b, observer), body = orr_bodies_get(b, target);
    double a[3], d[3];
    orr_sighting s = {.light_time = 0};
    acceleration(b, target, a);
    for (int k = 0; k < 6; k++) {
        double t = s.light_time;
        for (int c = 0; c < 3; c++)
            d[c] = body.pos[c] - t * (body.vel[c] - t / 2 * a[c]) - eye.pos[c];
        s.distance = sqrt(dot(d, d));
        s.light_time = s.distance / light;
    }
    for (int c = 0; c < 3; c++)
        s.direction[c] = d[c] / s.distance;
    aberrate(s.direction, eye.vel, light);
    return s;
}

/* Turn the axes by an angle about axis k. */
static void turn(double v[3], int k, double angle)
{
    int i = (k + 1) % 3, j = (k + 2) % 3;
    double s = sin(angle), c = cos(angle), x = v[i], y = v[j];
    v[i] = c * x + s * y;
    v[j] = c * y - s * x;
}

void orr_turn_to_plane(double v[3], double obliquity)
{
    turn(v, 0, obliquity * arc_second);
}

/* Capitaine, Wallace & Chapront 2003, doi 10.1051/0004-6361:20031539, eq. 40; nutation as in Meeus
 * 1998, Astronomical Algorithms, ch. 22. */
void orr_turn_to_equinox(double v[3], double jd)
{
    double T = (jd - 2451545.0) / 36525;
    double zeta = 2.650545 + T * (2306.083227 + T * (0.2988499 + T * 0.01801828));
    double z = -2.650545 + T * (2306.077181 + T * (1.0927348 + T * 0.01826837));
    double theta = T * (2004.191903 + T * (-0.4294934 - T * 0.04182264));
    double node = (125.04452 - 1934.136261 * T) * degree;
    double sun = (280.4665 + 36000.7698 * T) * degree, moon = (218.3165 + 481267.8813 * T) * degree;
    double psi =
        -17.20 * sin(node) - 1.32 * sin(2 * sun) - 0.23 * sin(2 * moon) + 0.21 * sin(2 * node);
    double epsilon =
        9.20 * cos(node) + 0.57 * cos(2 * sun) + 0.10 * cos(2 * moon) - 0.09 * cos(2 * node);
    double obliquity = 84381.406 - 46.836769 * T;
    turn(v, 2, -zeta * arc_second);
    turn(v, 1, theta * arc_second);
    turn(v, 2, -z * arc_second);
    turn(v, 0, obliquity * arc_second);
    turn(v, 2, -psi * arc_second);
    turn(v, 0, -(obliquity + epsilon) * arc_second);
}
