# The service on its development server, for trying it out and for integration tests of clients.
# Production is `npm run deploy`.
FROM node:24-slim
# The runtime does not start without certificates, and the slim image has none.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir /app /data && chown node:node /app /data
USER node
WORKDIR /app
COPY --chown=node:node package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY --chown=node:node . .
VOLUME /data
EXPOSE 8787
CMD ["npm", "start", "--", "--ip", "0.0.0.0", "--port", "8787", "--persist-to", "/data"]
