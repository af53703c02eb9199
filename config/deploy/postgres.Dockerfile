# PostgreSQL that seals its own log into the backup's place: see docs/operations.md. The group 10001 is the portal's.
FROM postgres:18
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-cryptography \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 portal && usermod --append --groups portal postgres
COPY config/__init__.py /portal/config/__init__.py
COPY config/keeping /portal/config/keeping
ENV PYTHONPATH=/portal
# A base is streamed to the keeper from another container; the image's own rules admit no replication from there.
RUN printf '%s\n' 'echo "host replication all samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"' \
    > /docker-entrypoint-initdb.d/10-replication.sh
