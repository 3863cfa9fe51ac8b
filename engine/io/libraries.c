/* libraries.c - the libraries behind files. */
#include <orrery/io.h>

#include <hdf5.h>
#include <libfyaml.h>
#include <stdio.h>

const char *orr_io_libraries(char *buffer, size_t size)
{
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(buffer, size, "HDF5 %u.%u.%u, libfyaml %s", major, minor, release,
             fy_library_version());
    return buffer;
}
