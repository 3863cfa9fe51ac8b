/* fuzz_snapshot.c - target for libFuzzer: any bytes as a snapshot of another N-body code, of
 * whichever format they are; for AFL++ those in HDF5, too, whose library crashes and hangs in
 * damaged files, which the program's guard sees. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/scenario.h>

#include "cli/guard.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    guard_against_damaged_files();
    return 0;
}

#ifdef __AFL_COMPILER
static const bool takes_hdf5 = true;
#else
static const bool takes_hdf5 = false;
#endif

static void read_as(const char *units, const char *group, const char *path)
{
    char text[1000];
    const orr_scenario_changes changes = {.most_bodies = 2000};
    int n = snprintf(text, sizeof text,
                     "units: { %s }\nintegrator: { method: leapfrog, step: 1 }\nrun: { to: 10 }\n"
                     "groups: [ { snapshot: %s, %s } ]\n",
                     units, path, group);
    orr_scenario s;
    orr_diagnosis why;
    if (orr_scenario_parse("fuzz.yaml", text, (size_t)n, &changes, &s, &why) == ORR_OK)
        orr_scenario_free(&s);
    else if (!*why.text)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char galactic[] = "length: kpc, mass: Msun, time: Myr";
    static char path[64];
    if (!takes_hdf5 && size > 8 && memcmp(data + 1, "HDF", 3) == 0)
        return 0;
    if (!*path) /* the first of several files, which are the same or missing */
        snprintf(path, sizeof path, "/dev/shm/orrery-fuzz-%ld.0", (long)getpid());
    FILE *out = fopen(path, "wb");
    if (!out)
        return 0;
    fwrite(data, 1, size, out);
    fclose(out);
    read_as("G: 1", "units: scenario, index: 0", path);
    read_as("G: 1", "units: scenario, role: test, types: ['0', '1']", path);
    read_as(galactic, "units: gadget, expansion: with, plane: reference, position: [1, 0, 0]",
            path);
    read_as(galactic, "expansion: without, mass: 1", path);
    return 0;
}
