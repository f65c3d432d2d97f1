# The portal as one image: the same for the server and for the worker (see compose.yaml and docs/operating.md).
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock pyproject.toml ./
# The lock names what tests and the embedded PostgreSQL need too; one lock, checked by hash, is worth the megabytes.
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.lock
COPY . .
# No database is touched: these two need settings, not a server.
RUN DJANGO_SETTINGS_MODULE=clavet.settings.production DATABASE_URL=postgres:///build SECRET_KEY=build ALLOWED_HOSTS=build VAR=/build \
    /venv/bin/python -c "import django; django.setup(); from clavet import catalogues; catalogues.compile_stale(); from translations import search; search.warm()" \
 && DJANGO_SETTINGS_MODULE=clavet.settings.production DATABASE_URL=postgres:///build SECRET_KEY=build ALLOWED_HOSTS=build VAR=/build \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && /venv/bin/python -m compileall -q /app

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=clavet.settings.production VAR=/var/lib/clavet BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /var/lib/clavet --create-home clavet
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=clavet /build/static /var/lib/clavet/static
COPY --from=build --chown=clavet /build/lemmas /var/lib/clavet/lemmas
RUN mkdir /var/lib/clavet/media && chown clavet /var/lib/clavet/media
WORKDIR /app
USER clavet
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': __import__('os').environ['ALLOWED_HOSTS'].split(',')[0]}))"]
CMD ["gunicorn", "-c", "clavet/gunicorn.py", "clavet.wsgi"]
