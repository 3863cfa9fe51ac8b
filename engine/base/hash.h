/* hash.h - FNV-1a of 64 bits: for names, checksums and fingerprints, not against forgery.
 * Fowler, Noll & Vo, RFC 9923.  The values of orr_hash_bytes() are the standard ones.  Words
 * instead of bytes are faster; they mix high bits downwards, which a product alone never does. */
#ifndef ORRERY_BASE_HASH_H
#define ORRERY_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ORR_HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t orr_hash_word(uint64_t hash, uint64_t word)
{
    return (hash ^ word) * UINT64_C(0x100000001b3);
}

/* The same, and its high bits mixed into the low ones. */
static inline uint64_t orr_hash_word_mixed(uint64_t hash, uint64_t word)
{
    hash = orr_hash_word(hash, word);
    return hash ^ hash >> 29;
}

/* The hash so far (ORR_HASH_START at first), and n bytes more. */
static inline uint64_t orr_hash_bytes(uint64_t hash, const void *data, size_t n)
{
    const unsigned char *byte = data;
    for (size_t k = 0; k < n; k++)
        hash = orr_hash_word(hash, byte[k]);
    return hash;
}

/* The same with n words of eight bytes, as they stand in memory. */
static inline uint64_t orr_hash_words(uint64_t hash, const void *data, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        uint64_t word;
        memcpy(&word, (const unsigned char *)data + 8 * k, 8);
        hash = orr_hash_word_mixed(hash, word);
    }
    return hash;
}

#endif
