#!/bin/sh
# Makes the namespace with ten years of history, and the search attributes of the loans.
set -eu

export TEMPORAL_ADDRESS
tries=60
until temporal operator cluster health >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "Temporal did not become healthy" >&2; exit 1; }
    sleep 2
done

if temporal operator namespace describe --namespace "$NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$NAMESPACE" --retention 3650d
else
    temporal operator namespace create --namespace "$NAMESPACE" --retention 3650d
fi

known=$(temporal operator search-attribute list --namespace "$NAMESPACE")
for name in Stage Product Grade AmountBand OfficerId; do
    echo "$known" | grep -qw "$name" || temporal operator search-attribute create \
        --namespace "$NAMESPACE" --name "$name" --type Keyword
done
