/* kepler.h - the universal Kepler drift for any orbit and any step, one body at a time: the careful
 * way, for what the vector code of kernels/wisdom_holman/kepler.inc.h does not cover. */
#ifndef ORRERY_CORE_KEPLER_H
#define ORRERY_CORE_KEPLER_H

/* out = { f - 1, g, fdot, gdot - 1 }, so that x += out[0] x + out[1] v, v += out[2] x + out[3] v,
 * after time h [time] about a centre of strength mu >= 0; x must not be 0.  NaN in, NaN out. */
void orr_kepler_any(const double x[3], const double v[3], double mu, double h, double out[4]);

#endif
