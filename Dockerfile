# Messnetz in a container; docker-compose.yml builds and runs it.
#
# The same Python as on Debian 12, with which everything is tested. First stage: the environment, from the pins
# with their hashes; wheels only, so that no compiler is needed. Second stage: Python and that environment.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /source
RUN python -m venv /opt/messnetz
COPY requirements.txt ./
RUN /opt/messnetz/bin/python -m pip install --disable-pip-version-check --no-cache-dir --no-input --only-binary :all: --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY config/sample ./config/sample
COPY devices ./devices
COPY ingest ./ingest
COPY publish ./publish
RUN /opt/messnetz/bin/python -m pip install --disable-pip-version-check --no-cache-dir --no-input --no-deps --no-build-isolation .
RUN /opt/messnetz/bin/python -m compileall -q /opt/messnetz

FROM python:3.11.14-slim-bookworm
# The number is that of ingest/setup/owner.py; docker-compose.yml puts the owner of the files in its place.
RUN useradd --uid 10001 --no-create-home --home-dir /messnetz --shell /usr/sbin/nologin messnetz
COPY --from=build /opt/messnetz /opt/messnetz
ENV PATH=/opt/messnetz/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /messnetz
USER 10001:10001
ENTRYPOINT ["messnetz"]
CMD ["run"]
