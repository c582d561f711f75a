package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/store"
)

// limitsCommand is the command of the process that shows the limits: it does the same work without being a ticket system.
type limitsCommand struct {
	Body string // what GET /bytes writes
	Read string // the database of GET /row and GET /page
	Work string // the database of the loops
}

type limits struct {
	body       []byte
	read, work *postgres.Pool
	desk       *store.Store
	answers    answerMaker
	open       []uuid.UUID // tickets that the next loop decides
}

func (b limitsCommand) Run(ctx context.Context) error {
	l := &limits{body: []byte(b.Body), answers: answerMaker{seed: 2}}
	for url, pool := range map[string]**postgres.Pool{b.Read: &l.read, b.Work: &l.work} {
		var err error
		if *pool, err = connectPool(ctx, url); err != nil {
			return err
		}
	}
	l.desk = store.New(l.work, slog.New(slog.DiscardHandler))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	slog.New(slog.NewJSONHandler(os.Stderr, nil)).Info("ready", "url", "http://"+listener.Addr().String())
	server := &http.Server{Handler: l.routes(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // the process ends
	return server.Serve(listener)
}

// connectPool opens a pool for 32 workers at once.
func connectPool(ctx context.Context, url string) (*postgres.Pool, error) {
	return postgres.Connect(ctx, url+"&pool_max_conns=32")
}

func (l *limits) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bytes", l.serveBytes)
	mux.HandleFunc("GET /row/{user}", l.serveRow)
	mux.HandleFunc("GET /page", l.servePage)
	mux.HandleFunc("POST /loop/{name}", l.serveLoop)
	return mux
}

func (l *limits) serveBytes(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(l.body) // the client may be gone
}

// latestRow is the JSON of a user's latest approval.
type latestRow struct {
	UserID      string          `json:"user_id"`
	TicketID    uuid.UUID       `json:"ticket_id"`
	Status      string          `json:"status"`
	Extra       json.RawMessage `json:"extra"`
	DecidedBy   string          `json:"decided_by"`
	DecidedAtMS int64           `json:"decided_at_ms"`
	CreatedAtMS int64           `json:"created_at_ms"`
	UpdatedAtMS int64           `json:"updated_at_ms"`
}

func (l *limits) serveRow(w http.ResponseWriter, r *http.Request) {
	a := latestRow{Status: "approved"}
	err := l.read.QueryRow(r.Context(), "SELECT user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms FROM user_tickets WHERE user_id = $1",
		r.PathValue("user")).Scan(&a.UserID, &a.TicketID, &a.Extra, &a.DecidedBy, &a.CreatedAtMS, &a.UpdatedAtMS)
	a.DecidedAtMS = a.UpdatedAtMS
	writeJSON(w, a, err)
}

// servePage reads 50 tickets after a cursor, as the queue does.
func (l *limits) servePage(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseInt(r.URL.Query().Get("after_ms"), 10, 64)
	if err != nil {
		writeJSON(w, nil, err)
		return
	}
	rows, err := l.read.Query(r.Context(), `SELECT * FROM tickets
		WHERE status = $1 AND created_at_ms < $2 AND (created_at_ms, id) > ($3::bigint, $4::uuid)
		ORDER BY created_at_ms, id LIMIT $5`, "processing", time.Now().UnixMilli(), after, uuid.Nil, 51)
	if err != nil {
		writeJSON(w, nil, err)
		return
	}
	page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[db.Ticket])
	writeJSON(w, len(page), err)
}

func writeJSON(w http.ResponseWriter, body any, err error) {
	b, jsonErr := json.Marshal(body)
	if err != nil || jsonErr != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b) // the client may be gone
}
