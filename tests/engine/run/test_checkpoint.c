/* Checkpoints and origins: what was written comes back, and nothing else is taken for one. */
#include "check.h"

#include <stdlib.h>
#include <unistd.h>

#include <orrery/orrery.h>

#include "run/origin.h"
#include "temporary_folder.h"

static void *image_of(size_t *size)
{
    void *image;
    orr_bodies b = {0};
    orr_sim_def def = orr_sim_def_default();
    orr_sim *sim;
    def.bodies = &b, def.step = 0.01, def.threads = 1;
    CHECK_OK(orr_bodies_init(&b, 2));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 1}, NULL));
    CHECK_OK(orr_bodies_add(&b, (orr_body){.gm = 0.1, .pos = {1}, .vel = {0, 1}, .id = 1}, NULL));
    CHECK_OK(orr_sim_create(&def, &sim));
    CHECK_OK(orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0));
    CHECK_OK(orr_sim_run_until(sim, 0.1));
    CHECK_OK(orr_sim_save(sim, &image, size));
    orr_sim_destroy(sim);
    return image;
}

static char text_[2][512] = {"a: met", "b: missed"};

/* A checkpoint as bytes. */
static unsigned char *pack(size_t *size)
{
    char *sets[] = {"x=1", "y=[a, b]"};
    unsigned char attended[2] = {1, 0}, met[2] = {1, 0};
    saved_run run = {.m = {.e0 = -3, .l0 = {1, 2, 3}}, .events = 7};
    checkpoint c = {.output = "a.h5",
                    .scenario = "/tmp/a.yaml",
                    .yaml = "run: { to: 1 }\n",
                    .yaml_size = 15,
                    .sets = {sets[0], sets[1]},
                    .n_sets = 2,
                    .until = "1 yr",
                    .shadow = "",
                    .member = -1,
                    .bodies = 42,
                    .place = {.frames = 3},
                    .frames = {.every = 1, .span = 10, .k = 3},
                    .checks = {.every = 2, .span = 10, .k = 2},
                    .t = 4.5,
                    .unwritten = 1,
                    .runs = &run,
                    .n_runs = 1,
                    .n_expect = 2,
                    .attended = attended,
                    .met = met,
                    .texts = text_[0]};
    run.image = image_of(&run.image_size);
    size_t head_size;
    void *head = orr_checkpoint_pack(&c, &head_size);
    *size = head_size + run.image_size;
    unsigned char *all = malloc(*size);
    CHECK(head && all);
    memcpy(all, head, head_size);
    memcpy(all + head_size, run.image, run.image_size);
    free(head), free(run.image);
    return all;
}

static orr_status read_bytes(const void *data, size_t size, checkpoint *c, char why[700])
{
    char path[100];
    snprintf(path, sizeof path, "%s/a.h5.checkpoint", folder);
    FILE *out = fopen(path, "wb");
    CHECK(out && fwrite(data, 1, size, out) == size && fclose(out) == 0);
    return orr_checkpoint_read(path, c, why, 700);
}

static void comes_back(void **state)
{
    (void)state;
    size_t size;
    char why[700];
    checkpoint c;
    unsigned char *all = pack(&size);
    CHECK_OK(read_bytes(all, size, &c, why));
    CHECK(strcmp(c.output, "a.h5") == 0 && strcmp(c.scenario, "/tmp/a.yaml") == 0);
    CHECK(c.yaml_size == 15 && strcmp(c.yaml, "run: { to: 1 }\n") == 0);
    CHECK(c.n_sets == 2 && strcmp(c.sets[1], "y=[a, b]") == 0 && strcmp(c.until, "1 yr") == 0);
    CHECK(*c.shadow == 0 && c.member == -1 && c.bodies == 42 && c.place.frames == 3);
    CHECK(c.frames.k == 3 && c.checks.every == 2 && c.t == 4.5 && c.unwritten == 1);
    CHECK(c.n_runs == 1 && c.runs->m.e0 == -3 && c.runs->events == 7 && c.runs->image_size > 100);
    CHECK(c.n_expect == 2 && c.attended[0] && !c.met[1] && strcmp(c.texts + 512, "b: missed") == 0);
    orr_checkpoint_free(&c);
    orr_checkpoint_free(&c); /* does no harm */
    free(all);
}

static void damage_is_noticed(void **state)
{
    (void)state;
    size_t size;
    uint64_t random = 5;
    char why[700];
    checkpoint c;
    unsigned char *all = pack(&size);
    for (int k = 0; k < 300; k++) { /* cut off, or a bit is another one */
        size_t at = (size_t)(check_random(&random) * (double)size);
        *why = 0;
        CHECK(read_bytes(all, at, &c, why) == ORR_E_FILE && *why);
        all[at] ^= 0x10;
        *why = 0;
        CHECK(read_bytes(all, size, &c, why) == ORR_E_FILE && *why);
        all[at] ^= 0x10;
    }
    CHECK_OK(read_bytes(all, size, &c, why)); /* and now it is whole again */
    orr_checkpoint_free(&c);
    all[6] = '1'; /* of the version before */
    CHECK(read_bytes(all, size, &c, why) == ORR_E_FILE);
    CHECK(strstr(why, "no checkpoint of this version"));
    char path[100];
    snprintf(path, sizeof path, "%s/a.h5.checkpoint", folder);
    CHECK(orr_checkpoint_is_one(path)); /* but one of ours */
    CHECK(orr_checkpoint_read("/nowhere/x", &c, why, sizeof why) == ORR_E_FILE);
    CHECK(strstr(why, "there is no checkpoint"));
    free(all);
}

static void origins(void **state)
{
    (void)state;
    char *sets[] = {"title=a\nb\\c"};
    checkpoint c = {.scenario = "/tmp/a b.yaml",
                    .sets = {sets[0]},
                    .n_sets = 1,
                    .until = "1 yr",
                    .shadow = "ulp",
                    .member = 3},
               back;
    origin o = {.every = 12.5}, same;
    snprintf(o.checkpoint, sizeof o.checkpoint, "/scratch/x");
    char *words = orr_origin_write(&c, &o);
    CHECK(words && orr_origin_read(words, &back, &same));
    CHECK(strcmp(back.scenario, c.scenario) == 0 && strcmp(back.sets[0], sets[0]) == 0);
    CHECK(strcmp(back.shadow, "ulp") == 0 && back.member == 3 && same.every == 12.5);
    CHECK(strcmp(same.checkpoint, "/scratch/x") == 0);
    orr_checkpoint_free(&back);
    CHECK(!orr_origin_read("scenario x\nnonsense y\nuntil 1\n", &back, &same));
    orr_checkpoint_free(&back);
    CHECK(!orr_origin_read("scenario x\n", &back, &same)); /* no end */
    orr_checkpoint_free(&back);
    free(words);
}

/* Where files are. */
static void paths(void **state)
{
    (void)state;
    char path[4200];
    orr_checkpoint_path("a.h5", NULL, path);
    CHECK(strcmp(path, "a.h5.checkpoint") == 0);
    orr_checkpoint_path("a.h5", "else", path);
    CHECK(strcmp(path, "else") == 0);
    orr_checkpoint_first("/nowhere/a.0002.h5", path);
    CHECK(strcmp(path, "/nowhere/a.h5") == 0);
    checkpoint c = {.output = "/old/a.0001.h5", .place = {.segment = 1}};
    orr_checkpoint_output(&c, "/new/a.h5", path);
    CHECK(strcmp(path, "/new/a.0001.h5") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back),
                                       cmocka_unit_test(damage_is_noticed),
                                       cmocka_unit_test(origins), cmocka_unit_test(paths)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
