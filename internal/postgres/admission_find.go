package postgres

import (
	"runtime"
	"sync"
	"weak"

	"github.com/jackc/pgx/v5/pgxpool"
)

// admissions has the *admission of each pool, nil for one that Connect did not open: a pool only tells it in a copy of its whole
// configuration, which costs a third of a query.
var admissions sync.Map // by weak.Pointer[pgxpool.Pool]

// admissionOf finds the admission of a pool; false: Connect did not open it.
func admissionOf(pool *pgxpool.Pool) (*admission, bool) {
	key := weak.Make(pool)
	known, ok := admissions.Load(key)
	if !ok {
		a, _ := pool.Config().ConnConfig.Tracer.(*admission)
		if known, ok = admissions.LoadOrStore(key, a); !ok {
			runtime.AddCleanup(pool, func(key weak.Pointer[pgxpool.Pool]) { admissions.Delete(key) }, key)
		}
	}
	a := known.(*admission)
	return a, a != nil
}
