// Writes rows as a service's database writer does: ROWS of them in each transaction, on disk at its end, for SECONDS.
// usage: commits DATABASE ROWS SECONDS
// Prints: rows a second. This is the floor of what SQLite does on the disk with one row for each call of ROWS callers.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(sqlite3 *database, int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "commits: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static void run(sqlite3 *database, const char *sql) { check(database, sqlite3_exec(database, sql, NULL, NULL, NULL)); }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 4) return fprintf(stderr, "usage: commits DATABASE ROWS SECONDS\n"), 64;
    int rows = atoi(arguments[2]);
    double seconds = atof(arguments[3]);
    if (rows < 1 || seconds <= 0) return fprintf(stderr, "commits: bad numbers\n"), 64;
    sqlite3 *database;
    check(database, sqlite3_open(arguments[1], &database));
    run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                  "CREATE TABLE row (id BLOB NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;");
    sqlite3_stmt *insert;
    check(database, sqlite3_prepare_v2(database, "INSERT INTO row VALUES (?, ?)", -1, &insert, NULL));
    // A row of the queue is about as long as this.
    static char bytes[400];
    memset(bytes, 7, sizeof bytes);
    uint64_t id[2] = { 0, 0 };
    double begun = now(), end = begun + seconds;
    while (now() < end) {
        run(database, "BEGIN IMMEDIATE");
        for (int i = 0; i < rows; i++) {
            // Ids rise with time, as the services' do.
            id[0] = __builtin_bswap64(++id[1]);
            check(database, sqlite3_bind_blob(insert, 1, id, sizeof id, SQLITE_STATIC));
            check(database, sqlite3_bind_blob(insert, 2, bytes, sizeof bytes, SQLITE_STATIC));
            check(database, sqlite3_step(insert));
            check(database, sqlite3_reset(insert));
        }
        run(database, "COMMIT");
    }
    printf("%.0f\n", (double)id[1] / (now() - begun));
    sqlite3_finalize(insert);
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
