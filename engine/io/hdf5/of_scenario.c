/* of_scenario.c - the output file of a run of a scenario: what the writer has to know of it. */
#include <math.h>
#include <stdio.h>

#include "writer.h"

/* Rows for times 0, every, 2 every, ... and the end, and one for an interrupted run. */
static size_t count_rows(double span, double every)
{
    return (size_t)floor(span / every * (1 + 1e-12)) + 3;
}

orr_writer_def orr_writer_def_of(const orr_scenario *s, const orr_provenance *provenance)
{
    orr_contact_rule rule = s->collisions.rule; /* pairs that cannot part merge, too */
    double span = orr_scenario_span(s);
    return (orr_writer_def){.units = s->units,
                            .t_start = s->t_start,
                            .frames = count_rows(span, s->output.every),
                            .diagnostics = count_rows(span, s->output.diagnostics),
                            .title = s->title,
                            .frame = s->frame,
                            .origin = s->origin,
                            .method = s->integrator->name,
                            .epoch = s->has_epoch ? &s->epoch : NULL,
                            .name = orr_names_get,
                            .name_user = &s->names,
                            .colors = s->colors,
                            .n_colors = s->n_colors,
                            .float_positions = s->output.float_positions,
                            .compression = s->output.compression,
                            .segment_bytes = s->output.segment_bytes,
                            .elements = &s->output.elements,
                            .boundary = s->boundary,
                            .bodies_merge = rule == ORR_CONTACT_MERGE || rule == ORR_CONTACT_BOUNCE,
                            .ensemble = s->ensemble.members ? &s->ensemble : NULL,
                            .yaml = s->yaml,
                            .resolved = s->resolved,
                            .yaml_size = s->yaml_size,
                            .yaml_path = s->path,
                            .inputs = s->inputs,
                            .provenance = *provenance};
}

/* As one run, whatever the scenario says of an ensemble. */
static orr_writer_def single(const orr_scenario *s, const orr_provenance *provenance)
{
    orr_writer_def def = orr_writer_def_of(s, provenance);
    def.ensemble = NULL;
    return def;
}

orr_status orr_writer_open(const char *path, const orr_scenario *s, const orr_bodies *bodies,
                           const orr_provenance *provenance, bool force, orr_writer **out,
                           orr_diagnosis *why)
{
    const orr_writer_def def = single(s, provenance);
    return orr_writer_create(path ? path : s->output.file, &def, bodies, force, out, why);
}

orr_status orr_writer_open_ensemble(const char *path, const orr_scenario *s,
                                    const orr_bodies *bodies, const orr_provenance *provenance,
                                    bool force, orr_writer **out, orr_diagnosis *why)
{
    const orr_writer_def def = orr_writer_def_of(s, provenance);
    return orr_writer_create(path ? path : s->output.file, &def, bodies, force, out, why);
}

orr_status orr_writer_reopen(const char *path, const orr_scenario *s, const orr_bodies *bodies,
                             const orr_provenance *provenance, const orr_writer_place *place,
                             orr_writer **out, orr_diagnosis *why)
{
    const orr_writer_def def = single(s, provenance);
    return orr_writer_resume(path, &def, bodies, NULL, place, out, why);
}

orr_status orr_writer_reopen_ensemble(const char *path, const orr_scenario *s,
                                      const orr_bodies *bodies, const orr_status *status,
                                      const orr_provenance *provenance,
                                      const orr_writer_place *place, orr_writer **out,
                                      orr_diagnosis *why)
{
    const orr_writer_def def = orr_writer_def_of(s, provenance);
    return orr_writer_resume(path, &def, bodies, status, place, out, why);
}

double orr_output_bytes(const orr_scenario *s, const orr_bodies *bodies, bool shadow)
{
    const orr_writer_def def = orr_writer_def_of(s, &(orr_provenance){.shadow = shadow});
    orr_diagnosis why;
    orr_writer *w;
    if (orr_writer_new(s->output.file, &def, bodies, &w, &why) != ORR_OK)
        return NAN;
    orr_h5_silence silence = orr_h5_begin();
    double bytes = orr_writer_bytes(w);
    orr_h5_end(silence);
    orr_writer_release(w);
    return bytes;
}
