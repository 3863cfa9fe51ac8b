/* status.h - status codes, their text, and the place of an error.
 *
 * Every function that can fail returns an orr_status: 0 is success, negative values are errors.
 * The library never prints and never exits; what went wrong in detail is in orr_sim_message() or in
 * an orr_diagnosis. */
#ifndef ORRERY_STATUS_H
#define ORRERY_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ORR_API     __attribute__((visibility("default")))
#define ORR_CHECKED __attribute__((warn_unused_result))
#else
#define ORR_API
#define ORR_CHECKED
#endif

/* A structure written down in place, ORR_VALUE(type){...}, in C and in C++. */
#ifdef __cplusplus
#define ORR_VALUE(type) type
#else
#define ORR_VALUE(type) (type)
#endif

/* One list, expanded to the enum here and to the texts in status.c. */
#define ORR_STATUS_LIST(X)                                                                         \
    X(OK, 0, "success")                                                                            \
    X(E_NO_MEMORY, -1, "out of memory")                                                            \
    X(E_ARGUMENT, -2, "an argument is outside its documented range")                               \
    X(E_UNKNOWN_NAME, -3, "no integrator, force, generator, unit or option of that name")          \
    X(E_INCOMPATIBLE, -4, "this integrator cannot use one of the forces")                          \
    X(E_STEP_TOO_SMALL, -5, "the time step fell below its minimum")                                \
    X(E_NOT_FINITE, -6, "a position or velocity is not finite")                                    \
    X(E_NO_CONVERGENCE, -7, "an iteration did not converge")                                       \
    X(E_FILE, -8, "a file could not be read or written")                                           \
    X(E_FORMAT, -9, "a file is not what it claims to be")                                          \
    X(E_STOPPED, -10, "stopped on request")                                                        \
    X(E_EXISTS, -11, "the output file exists already")                                             \
    X(E_RANGE, -12, "a coordinate or speed left the range that the method was told to expect")     \
    X(E_COLLISION, -13, "bodies touched, and the run was to stop there")                           \
    X(E_BUSY, -14, "another process is writing that file")

typedef enum orr_status {
#define ORR_STATUS_ENUM(name, value, text) ORR_##name = (value),
    ORR_STATUS_LIST(ORR_STATUS_ENUM)
#undef ORR_STATUS_ENUM
} orr_status;

/* The text of a status code, in English, never NULL; a static string. */
ORR_API const char *orr_status_text(orr_status s);

/* Where and what: filled by functions that read or write files when they fail.  line and column
 * count from 1; 0 means that there is none.  excerpt is the offending source line, hint says what
 * would be right; both may be empty. */
typedef struct orr_diagnosis {
    char file[512];
    int line, column;
    char text[768];
    char excerpt[256];
    char hint[512];
} orr_diagnosis;

/* Hand an error on to the caller. */
#define ORR_TRY(expression)                                                                        \
    do {                                                                                           \
        orr_status orr_try_status = (expression);                                                  \
        if (orr_try_status != ORR_OK)                                                              \
            return orr_try_status;                                                                 \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
