#include <argon2.h>

/* A macro that Swift cannot read. */
static const uint32_t cargon2_clear_password = ARGON2_FLAG_CLEAR_PASSWORD;
