#!/bin/bash
# Runs once, when the primary's data are made: lets the replicas of the network of this compose file follow it.
set -euo pipefail
echo "host replication $POSTGRES_USER samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
