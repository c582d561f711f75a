FROM node:22.20.0-bookworm-slim AS npm
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM golang:1.27.3-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=npm /src/node_modules/htmx.org/dist/htmx.min.js static/npm/
COPY --from=npm /src/node_modules/@zxcvbn-ts/language-common/src/passwords.json internal/account/npm/
ARG VERSION=dev
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o /docket . && mkdir /files

# Nothing but docket, which has its time zones with it, and the certificate authorities for S3, mail and databases.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /docket /docket
# A volume that is mounted at /files belongs to whom the folder belongs to.
COPY --from=build --chown=65532:65532 /files /files
COPY --from=build --chown=65532:65532 /files /tmp
USER 65532:65532
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/docket"]
CMD ["serve"]
