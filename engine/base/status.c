#include <orrery/status.h>
#include <orrery/version.h>

#include "build_info.h" /* written by CMake: ORR_COMMIT, ORR_COMPILER, ORR_FLAGS */

const char *orr_status_text(orr_status s)
{
    switch (s) {
#define ORR_STATUS_CASE(name, value, text)                                                         \
    case ORR_##name:                                                                               \
        return text;
        ORR_STATUS_LIST(ORR_STATUS_CASE)
#undef ORR_STATUS_CASE
    }
    return "unknown status";
}

orr_build orr_build_info(void)
{
    return (orr_build){
        .version = ORR_VERSION, .commit = ORR_COMMIT, .compiler = ORR_COMPILER, .flags = ORR_FLAGS};
}
