# One image for every process of the portal; docker-compose.yml says which one a container runs.
ARG PYTHON=3.13

# psycopg2 is built against the libpq that it will run with, as its authors advise for production.
FROM python:${PYTHON}-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/iem
COPY requirements/production.lock /tmp/production.lock
RUN /opt/iem/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/production.lock
WORKDIR /app
COPY . .
RUN /opt/iem/bin/python script/messages && /opt/iem/bin/python -m compileall -q .

FROM python:${PYTHON}-slim
RUN apt-get update && apt-get install --yes --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app iem && install -d -o iem -m 700 /data
COPY --from=build /opt/iem /opt/iem
COPY --from=build /app /app
ENV PATH=/opt/iem/bin:$PATH PYTHONUNBUFFERED=1 IEM_DATA_DIR=/data
WORKDIR /app
USER iem
EXPOSE 8000
# --workers 2: connections and safety, not speed; one process carries thousands of streams.
CMD ["uvicorn", "iem_portal.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--loop", "uvloop", "--http", "httptools", "--backlog", "4096", "--timeout-graceful-shutdown", "5", "--no-access-log"]
