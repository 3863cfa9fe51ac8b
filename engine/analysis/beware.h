/* beware.h - the warnings of an advice. */
#ifndef ORRERY_ANALYSIS_BEWARE_H
#define ORRERY_ANALYSIS_BEWARE_H

#include <orrery/advise.h>

/* Adds warnings to an advice that has looked at the orbits. */
void orr_beware(const orr_scenario *s, orr_advice *a);

#endif
