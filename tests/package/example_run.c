/* A scenario from text, run with an output file and checkpoints, watched, stopped, resumed, read. */
#include <orrery/orrery.h>
#include <stdio.h>
#include <string.h>

static const char text[] =
    "units: { length: au, mass: Msun, time: yr }\n"
    "integrator: { method: leapfrog, step: 1e-4 yr }\n"
    "run: { to: 20 yr }\n"
    "bodies:\n"
    "  - { name: Sun, mass: 1 }\n"
    "  - { name: Earth, mass: 3e-6, orbit: { around: Sun, a: 1, e: 0.02 } }\n"
    "output: { every: 0.5 yr, checkpoint: 1 s }\n";

static void watch(void *user, const orr_run_progress *p)
{
    orr_run **run = user;
    if (p->fraction > 0.1 && *run)
        orr_run_request_stop(*run, "a tenth is enough for now");
}

static int failed(const char *what, const orr_diagnosis *why)
{
    fprintf(stderr, "%s: %s\n", what, why->text);
    return 1;
}

int main(void)
{
    orr_scenario scenario;
    orr_diagnosis why;
    orr_run *run = NULL;
    orr_run_def def = orr_run_def_default();
    if (orr_scenario_parse("earth.yaml", text, strlen(text), NULL, &scenario, &why))
        return failed("scenario", &why);
    def.scenario = &scenario;
    def.output = "earth.h5";
    def.replace = true;
    def.progress = watch;
    def.user = &run;
    if (orr_run_create(&def, &run, &why))
        return failed("create", &why);
    orr_status status = orr_run_go(run);
    printf("t = %.2f yr: %s\n", orr_run_result(run)->t, orr_run_result(run)->reason);
    orr_run_destroy(run);
    if (status != ORR_E_STOPPED)
        return 1;

    def = orr_run_def_default();
    if (orr_run_resume("earth.h5", &def, &run, &why))
        return failed("resume", &why);
    if (orr_run_go(run))
        return failed("go", orr_run_diagnosis(run));
    printf("to the end, energy error %.1e\n", orr_run_result(run)->energy_error_max);
    orr_run_destroy(run);

    orr_reader *reader;
    if (orr_reader_open("earth.h5", &reader, &why))
        return failed("read", &why);
    size_t rows = orr_reader_info(reader)->n_frames;
    printf("%zu snapshots, %s\n", rows, orr_reader_info(reader)->state);
    orr_reader_close(reader);
    return rows != 41; /* that of the stop gave way */
}
