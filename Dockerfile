FROM node:22-slim AS npm
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=npm /src/node_modules/htmx.org/dist/htmx.min.js static/npm/
ARG VERSION=dev
ARG COMMIT=unknown
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o /docket . && mkdir /files

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /docket /docket
# A volume that is mounted here belongs to whom the folder belongs to.
COPY --from=build --chown=nonroot:nonroot /files /files
ENV LISTEN_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/docket"]
CMD ["serve"]
