#pragma once
#include <libpq-fe.h>

// Field codes of PQresultErrorField are character constants in postgres_ext.h, which Swift does not import.
static const int dossier_pg_diag_sqlstate = PG_DIAG_SQLSTATE;

// Notices are not errors and have no place on standard error.
static void dossier_pg_ignore_notice(void *context, const char *message) {}
static inline void dossier_pg_silence(PGconn *connection) {
    PQsetNoticeProcessor(connection, dossier_pg_ignore_notice, 0);
}
