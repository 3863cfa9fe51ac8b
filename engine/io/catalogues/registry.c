/* registry.c - the catalogues by name. */
#include "io/tables/tables.h"

#define ORR_CATALOGUE(name) extern const orr_catalogue orr_catalogue_##name;
#include "catalogues.def"
#undef ORR_CATALOGUE

static const orr_catalogue *const catalogues[] = {
#define ORR_CATALOGUE(name) &orr_catalogue_##name,
#include "catalogues.def"
#undef ORR_CATALOGUE
};

const orr_catalogue *orr_catalogue_format(size_t i)
{
    return i < LENGTH_OF(catalogues) ? catalogues[i] : NULL;
}

const orr_catalogue_entry *orr_catalogue_at(size_t i)
{
    return i < LENGTH_OF(catalogues) ? &catalogues[i]->entry : NULL;
}
