#!/bin/bash
# Makes the token of Messnetz, which may read and write its three buckets and do nothing else, and puts it where
# Messnetz reads it; older ones of this script's end. Runs after buckets.sh, when InfluxDB is set up; later, for
# another token:
#   docker compose exec influxdb /docker-entrypoint-initdb.d/token.sh
# InfluxDB chooses tokens itself: none can be given to it.
set -euo pipefail
umask 077

description="Messnetz, made by token.sh"
allowed=()
for bucket in "$DOCKER_INFLUXDB_INIT_BUCKET" hours bays; do
  id=$(influx bucket list --org "$DOCKER_INFLUXDB_INIT_ORG" --name "$bucket" --hide-headers | cut -f 1)
  allowed+=(--read-bucket "$id" --write-bucket "$id")
done
older=$(influx auth list --org "$DOCKER_INFLUXDB_INIT_ORG" --hide-headers |
  awk -F '\t+' -v ours="$description" '$2 == ours {print $1}')

influx auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --user "$DOCKER_INFLUXDB_INIT_USERNAME" \
  --description "$description" "${allowed[@]}" --json |
  sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' > /messnetz/token.new
if [ ! -s /messnetz/token.new ]; then
  echo "influx auth create showed no token" >&2
  exit 1
fi
mv /messnetz/token.new /messnetz/token

for id in $older; do
  influx auth delete --id "$id" > /dev/null
done
