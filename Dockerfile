# One image for every part: web, worker, beat and the local reader. Built as `docker build -t sinwon .`
FROM python:3.11-slim-bookworm AS built
WORKDIR /opt/sinwon
COPY requirements.txt ./
# Pinned with hashes: what is installed is what was tested.
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/sinwon --create-home --shell /usr/sbin/nologin sinwon
COPY --from=built /opt/venv /opt/venv
WORKDIR /opt/sinwon
COPY manage.py ./
COPY config config
COPY kyc kyc
COPY ocr_integration ocr_integration
COPY templates templates
COPY static static
COPY locale locale
COPY deploy/catalogue.py deploy/catalogue.py
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ORT_DISABLE_TELEMETRY=1 \
    SINWON_VAR=/var/lib/sinwon \
    STATIC_ROOT=/opt/sinwon/collected \
    LOG_FORMAT=json
RUN python deploy/catalogue.py compile && SECRET_KEY=build SINWON_VAR=/tmp/build python manage.py collectstatic --no-input -v 0 \
    && rm -rf /tmp/build && python -m compileall -q config kyc ocr_integration
USER 10001
VOLUME /var/lib/sinwon
EXPOSE 8000
HEALTHCHECK NONE
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--timeout", "60", "--no-control-socket"]
