#!/bin/bash
# Makes what the parts of compose.yaml need to know each other, in the folder SECRETS: passwords, the session key, and
# certificates of a certificate authority of their own. What is there stays; certificates that end within 30 days are made
# anew, all of them. The key of the authority is not kept: nobody can make another certificate with it.
#
# As root, each file belongs to the user who reads it: POSTGRES_UID, DOCKET_UID, NGINX_UID.
set -euo pipefail
umask 077
cd "${SECRETS:?the folder to write to}"
days=${CERTIFICATE_DAYS:-825}

# restrict_to USER FILE...: only that user reads the files.
restrict_to() {
	local user=$1
	shift
	chmod 0400 "$@"
	if [ "$(id -u)" = 0 ] && [ -n "$user" ]; then
		chown "$user" "$@"
	fi
}

# certify NAME...: a key and a certificate for the host names, in files called by the first of them.
certify() {
	local name=$1 names
	names=$(printf 'DNS:%s,' "$@")
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=$name" -keyout "$work/$name.key" -out "$work/$name.csr" 2>/dev/null
	openssl x509 -req -in "$work/$name.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days "$days" -out "$work/$name.crt" \
		-extfile <(printf 'subjectAltName=%s\nbasicConstraints=critical,CA:false\nextendedKeyUsage=serverAuth\n' "${names%,}") 2>/dev/null
}

if ! openssl x509 -checkend $((30 * 24 * 3600)) -noout -in ca.crt >/dev/null 2>&1; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=docket private CA" -days "$days" \
		-addext basicConstraints=critical,CA:true,pathlen:0 -addext keyUsage=critical,keyCertSign -keyout "$work/ca.key" -out "$work/ca.crt" 2>/dev/null
	for part in primary replica-1 replica-2; do
		certify "$part"
	done
	certify balancer localhost
	restrict_to "${POSTGRES_UID:-}" "$work"/{primary,replica-1,replica-2}.{crt,key}
	restrict_to "${NGINX_UID:-}" "$work"/balancer.{crt,key}
	chmod 0444 "$work/ca.crt" # everybody's
	mv -f "$work"/{primary,replica-1,replica-2,balancer}.{crt,key} .
	mv -f "$work/ca.crt" . # the last: it says that all are there
	echo "made certificates for $days days; restart the parts that ran with older ones"
fi

# make_password FILE: a random password of a PostgreSQL role.
make_password() {
	[ -s "$1" ] || openssl rand -hex 32 >"$1"
	restrict_to "${POSTGRES_UID:-}" "$1"
}
make_password owner_password
make_password replication_password
make_password app_password
[ -s session_key ] || openssl rand -base64 32 >session_key
restrict_to "${DOCKET_UID:-}" session_key

# write_addresses FILE ROLE PASSWORD HOST...: where docket reaches databases, for DATABASE_URL_FILE and REPLICA_URL_FILE.
write_addresses() {
	local file=$1 role=$2 password=$3 text=
	shift 3
	for host in "$@"; do
		text+="${text:+,}postgres://$role:$password@$host/docket?sslmode=verify-full&sslrootcert=/secrets/ca.crt"
	done
	echo "$text" >"$file.new"
	mv -f "$file.new" "$file"
	restrict_to "${DOCKET_UID:-}" "$file"
}
write_addresses owner_url docket "$(cat owner_password)" primary
write_addresses database_url docket_app "$(cat app_password)" primary
write_addresses replica_url docket_app "$(cat app_password)" replica-1 replica-2
chmod 0755 . # each file has its own reader
