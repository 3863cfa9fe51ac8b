/* isa.h - the instruction set that the gravity kernels use.  All give the same bits. */
#ifndef ORRERY_ISA_H
#define ORRERY_ISA_H

#include <orrery/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "portable", "avx2" or "avx512".  Chosen once by what the processor has; the environment variable
 * ORR_ISA overrides. */
ORR_API const char *orr_isa(void);

/* Force a variant for tests and bug reports; ORR_E_UNKNOWN_NAME if unknown or not available. */
ORR_API ORR_CHECKED orr_status orr_isa_select(const char *name);

#ifdef __cplusplus
}
#endif

#endif
