/* A planet around a star for a year, with the library alone. */
#include <orrery/orrery.h>
#include <stdio.h>

int main(void)
{
    char why[300];
    if (orr_check_abi(why, sizeof why)) /* headers and library fit */
        return 2;
    orr_bodies bodies;
    orr_state planet;
    orr_elements orbit = {.q = 0.9, .e = 0.1};
    if (orr_bodies_init(&bodies, 2) || orr_state_from_elements(&orbit, 1, &planet))
        return 1;
    orr_body p = {.gm = 0, .role = ORR_TEST, .id = 1};
    for (int k = 0; k < 3; k++)
        p.pos[k] = planet.pos[k], p.vel[k] = planet.vel[k];
    if (orr_bodies_add(&bodies, (orr_body){.gm = 1}, NULL) || orr_bodies_add(&bodies, p, NULL))
        return 1;

    orr_sim_def def = orr_sim_def_default();
    def.bodies = &bodies;
    def.step = 0.001;
    orr_sim *sim;
    if (orr_sim_create(&def, &sim) || orr_sim_add_force(sim, orr_force_find("direct"), NULL, 0))
        return 1;
    orr_status status = orr_sim_run_until(sim, 6.283185307179586); /* one period */
    orr_body end = orr_bodies_get(orr_sim_snapshot(sim).bodies, 1);
    printf("back at x = %.6f, y = %.6f: %s\n", end.pos[0], end.pos[1], orr_status_text(status));
    orr_sim_destroy(sim);
    return status != ORR_OK || end.pos[0] < 0.8999 || end.pos[0] > 0.9001;
}
