#!/bin/sh
# Creates Temporal's two databases on the first start and upgrades their tables on later ones.
set -eu

versioned=/etc/temporal/schema/postgresql/v12

sql() {
    database=$1
    shift
    temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" \
        --user "$POSTGRES_USER" --password "$SQL_PASSWORD" --database "$database" "$@"
}

prepare() {
    if said=$(sql "$1" update-schema --schema-dir "$versioned/$2/versioned" 2>&1); then
        echo "$1 is up to date"
        return
    fi
    # Only an empty database may be set up: on a filled one setup-schema would write its version
    # back to 0.0, and every later upgrade would fail on tables that are there.
    case $said in
        *"does not exist"*) ;;
        *) echo "$said" >&2; exit 1 ;;
    esac
    sql "$1" create-database
    sql "$1" setup-schema --version 0.0
    sql "$1" update-schema --schema-dir "$versioned/$2/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
