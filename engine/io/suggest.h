/* suggest.h - what commands know of base/suggest.h. */
#ifndef ORRERY_IO_SUGGEST_H
#define ORRERY_IO_SUGGEST_H

#include "base/suggest.h"

#endif
