#!/bin/bash
# Makes a replica's data from the primary where there are none, and runs it.
set -euo pipefail
export PGPASSWORD=$POSTGRES_PASSWORD
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	rm -rf "$PGDATA"
	pg_basebackup --pgdata="$PGDATA" --write-recovery-conf --checkpoint=fast --wal-method=stream \
		--dbname="host=primary user=$POSTGRES_USER application_name=$HOSTNAME"
	chmod 0700 "$PGDATA"
fi
exec postgres -c hot_standby=on -c hot_standby_feedback=on -c max_standby_streaming_delay=5s
