#include "scenario_internal.h"

orr_status orr_bring_held(loader *l)
{
    (void)l;
    return ORR_OK;
}
