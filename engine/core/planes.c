#include <orrery/planes.h>

#include <string.h>

static const orr_named_plane planes[] = {
    {"equator", 0, "the xy plane of the ICRF, within 0.02\" the mean equator of J2000"},
    {"ecliptic", 84381.448,
     "of J2000 as JPL Horizons, SBDB and the MPC have it: IAU 1976 (Lieske et al. 1977)"},
    {"ecliptic-iau1976", 84381.448, "the same by its full name"},
    {"ecliptic-iau2006", 84381.406,
     "of J2000 by IAU 2006 (Capitaine, Wallace & Chapront 2003; Hilton et al. 2006)"},
};

const orr_named_plane *orr_plane_at(size_t i)
{
    return i < sizeof planes / sizeof *planes ? &planes[i] : NULL;
}

const orr_named_plane *orr_plane_find(const char *name)
{
    const orr_named_plane *p;
    for (size_t i = 0; (p = orr_plane_at(i)); i++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}
