/* fuzz_checkpoint.c - libFuzzer target: checkpoints in which somebody changed what he liked.  The
 * input says where and what: the kind, then words of 4 bytes (place) and 8 bytes (value).  Sums are
 * not compared in this build, so these are forged files, not damaged ones. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <orrery/orrery.h>

#include "run/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static orr_sim *small_system(const char *method)
{
    orr_bodies b = {0};
    orr_body sun = {.gm = 1}, planet = {.gm = 1e-3, .pos = {1, 0, 0}, .vel = {0, 1, 0}, .id = 1};
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim = NULL;
    def.bodies = &b;
    def.step = 0.01;
    if (orr_bodies_init(&b, 2) != ORR_OK || orr_bodies_add(&b, sun, NULL) != ORR_OK ||
        orr_bodies_add(&b, planet, NULL) != ORR_OK || orr_sim_create(&def, &sim) != ORR_OK ||
        orr_sim_set_integrator(sim, orr_integrator_find(method), NULL, 0) != ORR_OK ||
        orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0) != ORR_OK)
        abort();
    return sim;
}

static const char *const methods[] = {"leapfrog", "ias15", "bulirsch-stoer", "wh"};

static void need(bool good)
{
    if (!good)
        abort();
}

static void restore(const char *method, const void *image, size_t size)
{
    orr_sim *sim = small_system(method);
    if (orr_sim_restore(sim, image, size) != ORR_OK)
        need(*orr_sim_message(sim)); /* an error has words */
    orr_sim_destroy(sim);
}

static void change(unsigned char *all, size_t *size, const uint8_t *data, size_t n)
{
    for (size_t k = 0; k + 12 <= n; k += 12) {
        uint32_t where;
        memcpy(&where, data + k, sizeof where);
        if (where % 97 == 96 && k == 0) /* sometimes it is cut off */
            *size = where % *size;
        else if (*size >= 8)
            memcpy(all + where % (*size - 7), data + k + 4, 8);
    }
}

static void *image_of(const char *method, size_t *size)
{
    void *image = NULL;
    orr_sim *sim = small_system(method);
    need(orr_sim_run_until(sim, 0.1) == ORR_OK && orr_sim_save(sim, &image, size) == ORR_OK);
    orr_sim_destroy(sim);
    return image;
}

static void as_image(const char *method, const uint8_t *data, size_t n)
{
    size_t size;
    void *image = image_of(method, &size);
    change(image, &size, data, n);
    restore(method, image, size);
    free(image);
}

static void as_file(const uint8_t *data, size_t n)
{
    char path[64], why[700] = "", text[600] = "x", flag[1] = {1};
    saved_run run = {.m = {.e0 = 1}};
    checkpoint c = {.output = text,
                    .scenario = text,
                    .yaml = text,
                    .yaml_size = 1,
                    .sets = {text, text},
                    .n_sets = 2,
                    .until = text,
                    .frames = {.every = 1, .span = 10},
                    .checks = {.every = 1, .span = 10},
                    .runs = &run,
                    .n_runs = 1,
                    .n_expect = 1,
                    .attended = (unsigned char *)flag,
                    .met = (unsigned char *)flag,
                    .texts = text};
    size_t size, head_size;
    run.image = image_of(methods[0], &run.image_size);
    void *head = orr_checkpoint_pack(&c, &head_size);
    unsigned char *all = malloc(head_size + run.image_size);
    need(head && all);
    memcpy(all, head, head_size);
    memcpy(all + head_size, run.image, run.image_size);
    size = head_size + run.image_size;
    if (n % 2) /* in the head alone, which is small */
        change(all, &head_size, data, n);
    else
        change(all, &size, data, n);
    snprintf(path, sizeof path, "/dev/shm/orrery-fuzz-%ld.checkpoint", (long)getpid());
    FILE *out = fopen(path, "wb");
    need(out && fwrite(all, 1, size, out) == size && fclose(out) == 0);
    checkpoint back;
    bool good = orr_checkpoint_read(path, &back, why, sizeof why) == ORR_OK;
    need(good || *why);
    for (size_t k = 0; good && k < back.n_runs && k < 3; k++)
        if (back.runs[k].image)
            restore(methods[0], back.runs[k].image, back.runs[k].image_size);
    if (good)
        orr_checkpoint_free(&back);
    unlink(path);
    free(head), free(all), free(run.image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] % 5 == 4)
        as_file(data + 1, size - 1);
    else
        as_image(methods[data[0] % 5], data + 1, size - 1);
    return 0;
}
