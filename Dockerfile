# Build: everything from the lock into a virtual environment.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/smallprint
COPY requirements.lock .
RUN /opt/smallprint/bin/pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/smallprint/bin/pip install --quiet --no-deps --no-build-isolation .

# Run: no build tools, no root, one folder that can be written.
FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home smallprint
COPY --from=build /opt/smallprint /opt/smallprint
ENV PATH=/opt/smallprint/bin:$PATH PYTHONUNBUFFERED=1 API_HOST=127.0.0.1 API_PORT=8080
USER smallprint
WORKDIR /data
VOLUME /data
# Running model calls get SHUTDOWN_SECONDS (25) to finish: give `docker stop` 30 seconds (--stop-timeout 30).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"API_PORT\"]}/readyz', timeout=4)"]
ENTRYPOINT ["smallprint"]
CMD ["serve"]
