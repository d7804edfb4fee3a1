# One image for `pmobot migrate`, `pmobot run` and every other command of pmobot.
FROM python:3.11-slim AS built
WORKDIR /source
RUN python -m venv /pmobot
COPY requirements/runtime.txt requirements/
RUN /pmobot/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE slack_manifest.json ./
COPY bot bot
COPY handlers handlers
COPY jobs jobs
COPY message_templates message_templates
COPY domain domain
COPY models models
COPY migrations migrations
COPY sandbox sandbox
COPY demo demo
COPY knowledge knowledge
RUN /pmobot/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
COPY --from=built /pmobot /pmobot
RUN useradd --create-home --home-dir /data --uid 10001 pmobot
USER pmobot
# Files named without a folder (an SQLite database, a portfolio to import) are looked for here.
WORKDIR /data
VOLUME /data
ENV PATH=/pmobot/bin:$PATH PYTHONUNBUFFERED=1 PMOBOT_HOST=0.0.0.0 PMOBOT_PORT=3000
EXPOSE 3000
# A stop finishes what is in hand: up to 10 s for Slack's requests, 15 s for deliveries.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "bot.ready"]
ENTRYPOINT ["pmobot"]
CMD ["run"]
