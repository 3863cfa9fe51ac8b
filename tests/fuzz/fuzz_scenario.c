/* fuzz_scenario.c - libFuzzer target: any bytes as a scenario give a scenario or an error. */
#include <stdint.h>
#include <stdlib.h>

#include <orrery/advise.h>
#include <orrery/scenario.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const orr_scenario_changes changes = {.most_bodies = 2000, .most_steps = 100, .no_files = true};
    orr_scenario s;
    orr_diagnosis why;
    orr_status status =
        orr_scenario_parse("fuzz.yaml", (const char *)data, size, &changes, &s, &why);
    if (status != ORR_OK) {
        if (!*why.text)
            abort(); /* an error without a word */
        return 0;
    }
    orr_advice advice = orr_scenario_advise(&s);
    if (!advice.method)
        abort();
    orr_scenario_free(&s);
    return 0;
}
