/* orrery.h - Orrery, an N-body engine.  Reading order of the API:
 *
 *   status.h      status codes; the place of an error
 *   version.h     what was built; abi.h: does it fit these headers?
 *   units.h       units and constants; dates.h: instants
 *   elements.h    Keplerian elements <-> state
 *   bodies.h      the state; primaries.h, osculating.h, planes.h: which orbits which, and how
 *   field.h       how options are described
 *   problem.h     what an integrator sees
 *   integrator.h  how a method is described; the registry
 *   force.h       how a force is described; the registry
 *   force_error.h how good approximate gravity is, and how long it takes
 *   vector.h      operations on flat vectors; splitting.h: Kepler drifts and kicks of planets
 *   generator.h   groups of bodies made from a few numbers
 *   sim.h         create, configure, run, inspect; collisions.h: contacts and removal;
 *                 boundary.h: boxes whose sides are joined
 *   isa.h         the instruction set of the kernels
 *   snapshot.h    what writers and viewers see
 *   orbit_scales.h  time scales of a system
 *   scenario.h, io.h   files: scenarios in, HDF5 out (where ORR_WITH_IO)
 *   run.h         a run from its scenario to its file: outputs, checkpoints, the way on
 *   advise.h, compare.h   which method, which step; ephemeris.h   where bodies are seen;
 *   verify.h   problems with known answers
 */
#ifndef ORRERY_ORRERY_H
#define ORRERY_ORRERY_H

#include <orrery/abi.h>
#include <orrery/bodies.h>
#include <orrery/boundary.h>
#include <orrery/collisions.h>
#include <orrery/dates.h>
#include <orrery/elements.h>
#include <orrery/field.h>
#include <orrery/force.h>
#include <orrery/force_error.h>
#include <orrery/generator.h>
#include <orrery/integrator.h>
#include <orrery/isa.h>
#include <orrery/orbit_scales.h>
#include <orrery/osculating.h>
#include <orrery/planes.h>
#include <orrery/primaries.h>
#include <orrery/problem.h>
#include <orrery/sim.h>
#include <orrery/snapshot.h>
#include <orrery/splitting.h>
#include <orrery/status.h>
#include <orrery/units.h>
#include <orrery/vector.h>
#include <orrery/version.h>
#if ORR_WITH_IO
#include <orrery/advise.h>
#include <orrery/compare.h>
#include <orrery/ephemeris.h>
#include <orrery/io.h>
#include <orrery/run.h>
#include <orrery/scenario.h>
#include <orrery/verify.h>
#endif

#endif
