/* plan.h - the plan of a comparison. */
#ifndef ORRERY_ANALYSIS_PLAN_H
#define ORRERY_ANALYSIS_PLAN_H

#include <orrery/orbit_scales.h>

#include "comparing.h"

/* Fills trials, what they change, times, and what the scenario tells; w->def and its arrays are
 * set. */
orr_status orr_compare_plan(comparing *w, orr_diagnosis *why);

#endif
