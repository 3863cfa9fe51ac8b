/* abi.c - the sizes of public structures, to be compared with those that a program knows. */
#include <orrery/abi.h>

#include <stdio.h>
#include <string.h>

#define SIZE(type) {#type, sizeof(type)},
static const orr_type_size sizes[] = {ORR_ABI_TYPES(SIZE)};
enum { SIZES = sizeof sizes / sizeof *sizes };

const orr_type_size *orr_type_size_at(size_t i)
{
    return i < SIZES ? &sizes[i] : NULL;
}

/* 0: the library has no such structure. */
static size_t size_of(const char *name)
{
    for (size_t k = 0; k < SIZES; k++)
        if (strcmp(sizes[k].name, name) == 0)
            return sizes[k].size;
    return 0;
}

orr_status orr_abi_compare(const char *version, const orr_type_size *theirs, size_t n,
                           char *message, size_t size)
{
    if (size > 0)
        *message = 0;
    if (strcmp(version, ORR_VERSION) != 0) {
        snprintf(message, size,
                 "the program was compiled for Orrery %.20s, the library is %s; compile it anew",
                 version, ORR_VERSION);
        return ORR_E_INCOMPATIBLE;
    }
    for (size_t k = 0; k < n; k++) {
        size_t here = size_of(theirs[k].name);
        if (here == theirs[k].size)
            continue;
        if (here == 0)
            snprintf(message, size,
                     "the library has no structure '%.60s'; compile the program anew",
                     theirs[k].name);
        else
            snprintf(message, size,
                     "'%.60s' is %zu bytes in the program and %zu in the library; compile the "
                     "program anew",
                     theirs[k].name, theirs[k].size, here);
        return ORR_E_INCOMPATIBLE;
    }
    return ORR_OK;
}
