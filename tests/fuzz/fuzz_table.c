/* fuzz_table.c - libFuzzer target: any bytes as a CSV table of a group. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/scenario.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[64];
    if (!*path)
        snprintf(path, sizeof path, "/dev/shm/orrery-fuzz-%ld.csv", (long)getpid());
    FILE *out = fopen(path, "wb");
    if (!out)
        return 0;
    fwrite(data, 1, size, out);
    fclose(out);
    char text[512];
    int n = snprintf(text, sizeof text,
                     "units: { G: 1 }\nintegrator: { method: leapfrog, step: 1 }\nrun: { to: 10 }\n"
                     "bodies: [ { name: Sun, mass: 1 } ]\n"
                     "groups: [ { table: %s, role: test, around: Sun, name: x, ignore: [H] } ]\n",
                     path);
    const orr_scenario_changes changes = {.most_bodies = 2000};
    orr_scenario s;
    orr_diagnosis why;
    if (orr_scenario_parse("fuzz.yaml", text, (size_t)n, &changes, &s, &why) == ORR_OK)
        orr_scenario_free(&s);
    else if (!*why.text)
        abort();
    return 0;
}
