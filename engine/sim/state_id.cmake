# state_id.cmake - written into every saved state (save.c): a fingerprint of the sources that say
# what a state looks like and what follows from it.  Equal sources, whatever the compiler, flags and
# machine, understand each other's states.
#     cmake -DOUT=state_id.h -DFILES="a.c;b.h" -P state_id.cmake
set(all "")
foreach(file IN LISTS FILES)
  file(SHA256 ${file} sum)
  string(APPEND all "${sum}\n")
endforeach()
string(SHA256 id "${all}")
string(SUBSTRING ${id} 0 32 id)
file(CONFIGURE OUTPUT ${OUT} CONTENT "#define ORR_STATE_ID \"${id}\"\n")
