/* fuzz_table.c - libFuzzer target: any bytes as the table of a group, and as every catalogue. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/scenario.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char plain_head[] =
    "units: { G: 1 }\nintegrator: { method: leapfrog, step: 1 }\nrun: { to: 10 }\n"
    "bodies: [ { name: Sun, mass: 1 } ]\n";
static const char head[] =
    "units: { length: au, mass: Msun, time: day }\nframe: ecliptic\nepoch: JD 2458849.5\n"
    "integrator: { method: leapfrog, step: 1000 day }\nrun: { to: 10 day }\n"
    "bodies: [ { name: Sun, mass: 1 } ]\n";

static void read_as(const char *header, const char *group, const char *path)
{
    char text[1200];
    const orr_scenario_changes changes = {.most_bodies = 2000, .most_steps = 100};
    int n = snprintf(text, sizeof text, "%sgroups: [ { %s: %s, name: x } ]\n", header, group, path);
    orr_scenario s;
    orr_diagnosis why;
    if (orr_scenario_parse("fuzz.yaml", text, (size_t)n, &changes, &s, &why) == ORR_OK)
        orr_scenario_free(&s);
    else if (!*why.text)
        abort();
}

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
    read_as(plain_head, "role: test, around: Sun, ignore: [H], table", path);
    read_as(head,
            "around: Sun, ignore: rest, default: { mass: 1, e: 0 }, where: [ 'name != x' ], "
            "decimal: comma, table",
            path);
    char group[200];
    const orr_catalogue_entry *c;
    for (size_t i = 0; (c = orr_catalogue_at(i)); i++) {
        snprintf(group, sizeof group, "around: Sun, role: test, catalogue: %s, file", c->name);
        read_as(head, group, path);
        snprintf(group, sizeof group, "catalogue: %s, first: 3, position: [1, 0, 0], file",
                 c->name);
        read_as(head, group, path);
    }
    return 0;
}
