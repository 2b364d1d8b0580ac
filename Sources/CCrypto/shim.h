/* The hash functions that need no look-up of an algorithm at each call are marked as deprecated since libcrypto 3.0;
   they are still part of it, and on 64 bytes three times as fast as the ones that replace them. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
