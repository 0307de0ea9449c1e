# The web server, the worker and every other command of corploan: one image, one user, no root.
FROM python:3.12-slim AS packages
WORKDIR /srv/corploan
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv /opt/corploan \
    && /opt/corploan/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/corploan --create-home corploan \
    && install --directory --owner corploan /var/lib/corploan/documents
COPY --from=packages /opt/corploan /opt/corploan
COPY --chown=root:root . /srv/corploan
RUN /opt/corploan/bin/python -m compileall -q /srv/corploan
ENV PATH=/opt/corploan/bin:$PATH \
    PYTHONPATH=/srv/corploan \
    PYTHONUNBUFFERED=1 \
    CORPLOAN_HOME=/var/lib/corploan \
    CORPLOAN_HOST=0.0.0.0 \
    CORPLOAN_DEMO=no
USER corploan
WORKDIR /var/lib/corploan
VOLUME /var/lib/corploan
EXPOSE 8000
ENTRYPOINT ["python", "-m", "cli"]
CMD ["web"]
