/* fuzz_file.c - target for AFL++ and libFuzzer: any bytes as an output file.  Everything that the
 * reader offers is asked for; what it does not understand must be an error with words. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/io.h>

#include "cli/guard.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    guard_against_damaged_files(); /* of the program: an exit where HDF5 crashes or runs away */
    snprintf(path, sizeof path, "/dev/shm/orrery-fuzz-%ld.h5", (long)getpid());
    return 0;
}

static void need(orr_status status, const orr_diagnosis *why)
{
    if (status != ORR_OK && !*why->text)
        abort(); /* an error without a word */
}

static void read_all(orr_reader *r)
{
    static const char *const columns[] = {"time", "energy_error", "momentum", "shadow_distance"};
    const orr_file_info *info = orr_reader_info(r);
    const orr_bodies *b = orr_reader_bodies(r);
    orr_diagnosis why = {0};
    orr_event event;
    double t;
    for (size_t i = 0; i < b->n && i < 100; i++)
        if ((double)strlen(orr_reader_name(r, i)) > info->bytes)
            abort();
    for (size_t k = 0; k < info->n_frames && k < 3; k++)
        need(orr_reader_read(r, k, &t, &why), &why);
    for (size_t k = 0; k < info->n_events && k < 3; k++)
        need(orr_reader_event(r, k, &event, NULL, &why), &why);
    double *values = malloc((info->n_diagnostics + info->n_frames + 1) * sizeof *values);
    if (values) {
        need(orr_reader_times(r, values, &why), &why);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            need(orr_reader_column(r, columns[c], 2, values, &why), &why);
    }
    free(values);
    for (size_t q = 0; q < ORR_ORBITALS && info->n_elements && info->n_frames; q++) {
        double *rows = malloc(info->n_elements * sizeof *rows);
        uint64_t *ids = malloc(info->n_elements * sizeof *ids);
        if (rows && ids)
            need(orr_reader_elements(r, info->n_frames - 1, q, rows, ids, &why), &why);
        free(rows), free(ids);
    }
    orr_element_choice choice;
    need(orr_reader_choose(r, NULL, &choice, &why), &why);
    orr_element_choice_free(&choice);
    if (info->n_members > 1)
        need(orr_reader_select(r, info->n_members - 1, &why), &why);
    free(orr_reader_colors(r));
    free(orr_reader_scenario(r, false));
    free(orr_reader_scenario(r, true));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return 0;
    fwrite(data, 1, size, out);
    fclose(out);
    orr_reader *r;
    orr_diagnosis why = {0};
    orr_status status = orr_reader_open(path, &r, &why);
    need(status, &why);
    if (status == ORR_OK) {
        read_all(r);
        orr_reader_close(r);
    }
    unlink(path);
    return 0;
}
