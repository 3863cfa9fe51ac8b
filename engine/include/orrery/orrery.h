/* orrery.h - Orrery, an N-body engine.  Reading order of the API:
 *
 *   status.h      status codes; the place of an error
 *   units.h       units and constants
 *   elements.h    Keplerian elements <-> state
 *   bodies.h      the state
 *   field.h       how options are described
 *   problem.h     what an integrator sees
 *   integrator.h  how a method is described; the registry
 *   force.h       how a force is described; the registry
 *   vector.h      operations on flat vectors
 *   generator.h   groups of bodies made from a few numbers
 *   sim.h         create, configure, run, inspect
 *   snapshot.h    what writers and viewers see
 *   scenario.h, io.h   files: scenarios in, HDF5 out (library orrery_io)
 */
#ifndef ORRERY_ORRERY_H
#define ORRERY_ORRERY_H

#include <orrery/bodies.h>
#include <orrery/collisions.h>
#include <orrery/elements.h>
#include <orrery/field.h>
#include <orrery/force.h>
#include <orrery/generator.h>
#include <orrery/integrator.h>
#include <orrery/problem.h>
#include <orrery/sim.h>
#include <orrery/snapshot.h>
#include <orrery/status.h>
#include <orrery/units.h>
#include <orrery/vector.h>
#include <orrery/version.h>

#endif
