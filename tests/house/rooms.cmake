# rooms.cmake - what each room may include: all of itself, and what its line allows, nothing else.  The map of the
# rooms is in CONVENTIONS.md.  Run: cmake -DSOURCE=... -P rooms.cmake
cmake_minimum_required(VERSION 3.21)
file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/engine/*.[ch] ${SOURCE}/integrators/*.[ch] ${SOURCE}/viewer/*.[ch])
set(bad "")
set(left ${files})
set(c_library "complex|ctype|errno|fcntl|float|getopt|inttypes|limits|math|pthread|pwd|sched|setjmp|signal|stdarg|\
stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|unistd|ioctl|mman|resource|stat|statvfs|sysinfo|\
types|utsname|wait|dirent|file|prctl|glob|spawn")

# room(FOLDER [PRIVATE path...] [PUBLIC name...] [OTHERS name...]): paths of the tree (a folder ends with a slash),
# names of headers in engine/include/orrery without .h (* for all), headers of other libraries.
function(room folder)
  cmake_parse_arguments(may "" "" "PRIVATE;PUBLIC;OTHERS" ${ARGN})
  foreach(file ${left})
    if(NOT file MATCHES "^${folder}/")
      continue()
    endif()
    list(REMOVE_ITEM left ${file})
    get_filename_component(here ${SOURCE}/${file} DIRECTORY)
    file(STRINGS ${SOURCE}/${file} lines REGEX "^ *#include [\"<]")
    foreach(line ${lines})
      string(REGEX REPLACE "^ *#include [\"<]([^\">]+).*" "\\1" path "${line}")
      set(good FALSE)
      if(line MATCHES "<orrery/")
        string(REGEX REPLACE "^orrery/([^.]+).*" "\\1" name "${path}")
        if(name IN_LIST may_PUBLIC OR may_PUBLIC STREQUAL "*")
          set(good TRUE)
        endif()
      elseif(line MATCHES "<")
        if(path IN_LIST may_OTHERS OR path MATCHES "^(sys/)?(${c_library})\\.h$")
          set(good TRUE)
        endif()
      elseif(EXISTS ${here}/${path} AND NOT path MATCHES "\\.\\./")
        set(good TRUE) # of its own folder
      else()
        string(REGEX REPLACE "^engine/" "" inside "${folder}")
        foreach(allowed ${may_PRIVATE} ${inside}/)
          string(FIND "${path}" "${allowed}" at)
          if(at EQUAL 0)
            set(good TRUE)
          endif()
        endforeach()
      endif()
      if(NOT good)
        string(APPEND bad "\n  ${file}: ${line}")
      endif()
    endforeach()
  endforeach()
  set(left ${left} PARENT_SCOPE)
  set(bad "${bad}" PARENT_SCOPE)
endfunction()

set(state status field bodies body_fields boundary elements units problem vector)
set(orbits orbit_scales osculating planes primaries)

# ---- mathematics and physics: no files, no words ----
room(engine/base PRIVATE build_info.h PUBLIC status field problem version OTHERS omp.h)
room(engine/core PRIVATE base/ PUBLIC ${state} ${orbits} dates sim) # sim.h: what conserved.c fills
room(engine/kernels PRIVATE core/kepler.h PUBLIC isa problem splitting vector OTHERS immintrin.h)
room(engine/tree PRIVATE base/ kernels/gravity/ PUBLIC bodies problem status)
room(engine/forces PRIVATE tree/tree.h base/ core/images.h core/math/ kernels/kernels.h PUBLIC ${state} force primaries splitting)
room(engine/generators PRIVATE core/math/reproducible.h PUBLIC elements generator status)
room(integrators PRIVATE shared/ wisdom_holman/ base/two_sum.h core/math/reproducible.h
  PUBLIC ${state} integrator primaries splitting)

# ---- simulations; files; what is done with them ----
room(engine/sim PRIVATE base/ core/ kernels/gravity/softening.h shared/adaptive.h state_id.h
  PUBLIC ${state} ${orbits} collisions force integrator sim snapshot version)
room(engine/io PRIVATE base/ core/ generators/random.h
  PUBLIC ${state} ${orbits} collisions dates force generator integrator io isa scenario sim snapshot version
  OTHERS hdf5.h libfyaml.h sha256.h dlfcn.h)
room(engine/run PRIVATE base/ io/ PUBLIC *)
room(engine/analysis PRIVATE base/ io/ run/ PUBLIC *)
room(engine/library PUBLIC *)
room(engine/include/orrery PUBLIC *)

# ---- what is seen ----
room(engine/plot)
room(viewer/model PRIVATE viewer/model/ viewer/draw/ PUBLIC bodies dates elements ${orbits})
room(viewer/draw PRIVATE viewer/draw/ viewer/model/ base/team.h PUBLIC bodies OTHERS stb/stb_truetype.h)
room(viewer/sources PRIVATE viewer/sources/ viewer/model/ base/clock.h PUBLIC *)
room(viewer/screen PRIVATE viewer/ base/clock.h PUBLIC bodies dates elements ${orbits}
  OTHERS SDL.h png.h dlfcn.h GL/glcorearb.h)
room(engine/cli PRIVATE base/clock.h io/ plot/ viewer/screen/ viewer/sources/ PUBLIC *)

foreach(file ${left})
  string(APPEND bad "\n  ${file} is in no room")
endforeach()
if(bad)
  message(FATAL_ERROR "these rooms may not include that (tests/house/rooms.cmake):${bad}")
endif()
message("rooms are clean")
