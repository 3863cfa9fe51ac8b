#include <orrery/collisions.h>
#include <orrery/sim.h>
orr_collisions orr_collisions_default(void)
{
    return (orr_collisions){.restitution = 1};
}
orr_status orr_sim_set_collisions(orr_sim *sim, const orr_collisions *c)
{
    (void)sim;
    (void)c;
    return ORR_OK;
}
