#!/bin/bash
# Makes a replica's data from the primary where there are none, and runs it with the settings that are given.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	rm -rf "$PGDATA"
	PGPASSWORD=$(cat /secrets/replication_password) pg_basebackup --pgdata="$PGDATA" --write-recovery-conf --checkpoint=fast --wal-method=stream \
		--dbname="host=primary user=docket_replication application_name=$HOSTNAME sslmode=verify-full sslrootcert=/secrets/ca.crt"
	chmod 0700 "$PGDATA"
fi
exec postgres -c hot_standby=on -c hot_standby_feedback=on -c max_standby_streaming_delay=5s "$@"
