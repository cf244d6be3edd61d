# Two images from one file: `docker build --target engine .` and `docker build --target runner .`
# Debian-slim, because the embedded store ships its binary for glibc.

FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY build ./build
COPY engine ./engine
COPY runner ./runner
COPY demo ./demo
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim AS engine
WORKDIR /kuiper
# One arena of malloc: each of node's threads would keep some MB in its own.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1
COPY --from=build /src/package.json ./package.json
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY configs/etc ./etc
RUN mkdir -p data sources/devices && chown 10001:10001 data
USER 10001:10001
VOLUME /kuiper/data
EXPOSE 9081
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:9081/ping').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/engine.js"]
CMD ["--etc", "/kuiper/etc", "--data", "/kuiper/data"]

FROM node:22-bookworm-slim AS runner
WORKDIR /runner
# One arena of malloc: each of node's threads would keep some MB in its own.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1
COPY --from=build /src/package.json ./package.json
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
RUN mkdir state commands && chown 10001:10001 state
USER 10001:10001
VOLUME /runner/state
EXPOSE 9082
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", "fetch('http://127.0.0.1:9082/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/runner.js"]
CMD ["watch", "/runner/cf.yaml"]
