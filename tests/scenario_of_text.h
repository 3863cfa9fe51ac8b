/* scenario_of_text.h - a scenario that must be right, from its text. */
#ifndef ORRERY_TESTS_SCENARIO_OF_TEXT_H
#define ORRERY_TESTS_SCENARIO_OF_TEXT_H

#include "check.h"

#include <orrery/scenario.h>

static inline orr_scenario good(const char *text)
{
    orr_scenario s;
    orr_diagnosis why;
    orr_status status = orr_scenario_parse("test.yaml", text, strlen(text), NULL, &s, &why);
    if (status != ORR_OK)
        print_error("%s:%d:%d: %s\n", why.file, why.line, why.column, why.text);
    CHECK_OK(status);
    return s;
}

#endif
