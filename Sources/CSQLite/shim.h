// SQLite's own header, and the few of its calls that Swift cannot make: variadic ones, and those that take
// the macro SQLITE_TRANSIENT, a pointer that is none.
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

// Sets one on-off option of a connection.
static inline int csqlite_config(sqlite3 *db, int option, int on) {
    return sqlite3_db_config(db, option, on, (int *)0);
}

// Binds a copy of `size` bytes of UTF-8.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *text, sqlite3_uint64 size) {
    return sqlite3_bind_text64(statement, index, (const char *)text, size, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Binds a copy of `size` bytes.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 size) {
    return sqlite3_bind_blob64(statement, index, bytes, size, SQLITE_TRANSIENT);
}

// Binds bytes that stay where they are until the statement is bound anew.
static inline int csqlite_bind_lasting_blob(sqlite3_stmt *statement, int index, const void *bytes, int size) {
    return sqlite3_bind_blob(statement, index, bytes, size, SQLITE_STATIC);
}

#endif
