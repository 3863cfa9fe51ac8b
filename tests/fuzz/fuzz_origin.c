/* fuzz_origin.c - libFuzzer target: what an output file says of how its run was started. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/origin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    checkpoint c, again;
    origin o, same;
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    if (orr_origin_read(text, &c, &o)) { /* written and read again it is the same */
        char *back = orr_origin_write(&c, &o);
        if (!back || !orr_origin_read(back, &again, &same) ||
            strcmp(c.scenario, again.scenario) != 0 || strcmp(c.until, again.until) != 0 ||
            strcmp(o.checkpoint, same.checkpoint) != 0)
            abort();
        free(back);
        orr_checkpoint_free(&again);
    }
    orr_checkpoint_free(&c);
    free(text);
    return 0;
}
