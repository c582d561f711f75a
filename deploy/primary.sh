#!/bin/bash
# Runs once, when the primary's data are made: a role for replicas, and connections from elsewhere by TLS alone. docket/role.sh
# makes the role of docket serve after the migrations.
set -euo pipefail
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$(cat /secrets/replication_password)" <<-'SQL'
	CREATE ROLE docket_replication LOGIN REPLICATION PASSWORD :'password';
SQL
cat >"$PGDATA/pg_hba.conf" <<-'HBA'
	local   all         all                                      peer map=container
	hostssl docket      docket,docket_app   samenet              scram-sha-256
	hostssl replication docket_replication  samenet              scram-sha-256
HBA
echo 'container postgres docket' >"$PGDATA/pg_ident.conf"
