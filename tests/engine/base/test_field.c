#include "check.h"

#include <orrery/field.h>

typedef struct block {
    double length;
    int count, form;
    bool on;
    double range[2];
} block;

static const orr_field fields[] = {
    {.name = "length",
     .offset = offsetof(block, length),
     .fallback = 2,
     .min = 0,
     .max = 5,
     .role = ORR_OPTION},
    {.name = "count",
     .type = ORR_INT,
     .offset = offsetof(block, count),
     .fallback = 3,
     .min = 1,
     .max = 9,
     .role = ORR_OPTION},
    {.name = "form",
     .type = ORR_CHOICE,
     .offset = offsetof(block, form),
     .fallback = 1,
     .choices = "red|green|blue",
     .role = ORR_OPTION},
    {.name = "on",
     .type = ORR_BOOL,
     .offset = offsetof(block, on),
     .fallback = 1,
     .role = ORR_OPTION},
    {.name = "range",
     .type = ORR_RANGE,
     .offset = offsetof(block, range),
     .fallback = 0.5,
     .max = 1,
     .role = ORR_OPTION},
    {.name = "hidden", .offset = offsetof(block, length), .role = ORR_STATE},
    {0}};

static void defaults_and_values(void **state)
{
    (void)state;
    block b = {0};
    orr_fields_defaults(fields, &b);
    CHECK(b.length == 2 && b.count == 3 && b.form == 1 && b.on && b.range[1] == 0.5);
    CHECK_OK(orr_fields_set(fields, &b, &(orr_option){"length", 4.5, 0, NULL}));
    CHECK_OK(orr_fields_set(fields, &b, &(orr_option){"form", 0, 0, "blue"}));
    CHECK_OK(orr_fields_set(fields, &b, &(orr_option){"range", 0.25, 0.75, NULL}));
    CHECK_OK(orr_fields_set(fields, &b, &(orr_option){"on", 0, 0, NULL}));
    CHECK(b.length == 4.5 && b.form == 2 && b.range[0] == 0.25 && b.range[1] == 0.75 && !b.on);
    CHECK(orr_field_get(orr_field_find(fields, "form"), &b) == 2);
    char name[8];
    CHECK(orr_field_choice(&fields[2], 2, name, sizeof name) && strcmp(name, "blue") == 0);
    CHECK(!orr_field_choice(&fields[2], 3, name, sizeof name));
}

static void refuses(void **state)
{
    (void)state;
    block b = {0}, before;
    orr_fields_defaults(fields, &b);
    before = b;
    const orr_option wrong[] = {{"length", -1, 0, NULL},   {"length", 6, 0, NULL},
                                {"length", NAN, 0, NULL},  {"count", 1.5, 0, NULL},
                                {"form", 0, 0, "purple"},  {"form", 0, 0, NULL},
                                {"range", 0.7, 0.2, NULL}, {"range", 0.7, 2, NULL}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        CHECK(orr_fields_set(fields, &b, &wrong[k]) == ORR_E_ARGUMENT);
    CHECK(orr_fields_set(fields, &b, &(orr_option){"nothing", 1, 0, NULL}) == ORR_E_UNKNOWN_NAME);
    CHECK(orr_fields_set(fields, &b, &(orr_option){"hidden", 1, 0, NULL}) == ORR_E_UNKNOWN_NAME);
    CHECK(memcmp(&b, &before, sizeof b) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_and_values),
                                       cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
