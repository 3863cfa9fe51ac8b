/* temporary_folder.h - a folder for the files of one test program: set-up and tear-down of cmocka.
 */
#ifndef ORRERY_TESTS_TEMPORARY_FOLDER_H
#define ORRERY_TESTS_TEMPORARY_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/orrery-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#endif
