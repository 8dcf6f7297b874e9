#!/bin/bash
# Runs once, when InfluxDB is set up: the buckets beside `readings`, and a user for Grafana that can only read.
# InfluxQL finds a bucket by its name as the database (InfluxDB 2 maps each of them by itself).
set -euo pipefail

influx bucket create --org "$DOCKER_INFLUXDB_INIT_ORG" --name hours --retention "$RETENTION_HOURS"
influx bucket create --org "$DOCKER_INFLUXDB_INIT_ORG" --name bays --retention "$RETENTION_BAYS"

allowed=()
for bucket in "$DOCKER_INFLUXDB_INIT_BUCKET" hours bays; do
  id=$(influx bucket list --org "$DOCKER_INFLUXDB_INIT_ORG" --name "$bucket" --hide-headers | cut -f 1)
  allowed+=(--read-bucket "$id")
done
influx v1 auth create --org "$DOCKER_INFLUXDB_INIT_ORG" --description "Grafana, reads only" \
  --username grafana --password "$(cat /run/secrets/influx_grafana_password)" "${allowed[@]}"
