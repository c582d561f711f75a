#!/bin/bash
# Gives the role of docket serve its rights and its password. Runs after each docket migrate up.
set -euo pipefail
export PGPASSWORD
PGPASSWORD=$(cat /secrets/owner_password)
psql "host=primary user=docket dbname=docket sslmode=verify-full sslrootcert=/secrets/ca.crt" --set ON_ERROR_STOP=1 \
	--set password="$(cat /secrets/app_password)" --file /docs/role.sql --file - <<-'SQL'
	ALTER ROLE docket_app PASSWORD :'password';
SQL
