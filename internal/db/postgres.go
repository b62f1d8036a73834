package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// poolSize is the most connections a node takes, unless the address says pool_max_conns. pgx's
// own default of four is too few for a listener, the queue, snapshots and writes at once.
const poolSize = 16

func (d *DB) openPostgres(ctx context.Context, o Options) error {
	d.engine = Postgres
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		// pgx hides the password in this error.
		return err
	}
	if !strings.Contains(o.URL, "pool_max_conns") {
		cfg.MaxConns = poolSize
	}
	overDeadLines(cfg)
	params := cfg.ConnConfig.RuntimeParams
	if params["application_name"] == "" {
		params["application_name"] = "depesche"
	}
	if o.Loose {
		params["synchronous_commit"] = "off"
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return err
	}
	d.read = stdlib.OpenDBFromPool(d.pool)
	d.write = d.read
	var encoding string
	if err := d.pool.QueryRow(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database is encoded in %s; Depesche needs UTF8: create it with ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	return nil
}

// overDeadLines has connections given up that died without a word, as where a router forgot them: the kernel
// would ask again for a quarter of an hour. pgx tries a connection that has rested before it uses it.
func overDeadLines(cfg *pgxpool.Config) {
	if cfg.PingTimeout == 0 {
		cfg.PingTimeout = 2 * time.Second
	}
	if cfg.ConnConfig.ConnectTimeout > 0 {
		return // the address says how
	}
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	d := &net.Dialer{Timeout: cfg.ConnConfig.ConnectTimeout, KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}}
	cfg.ConnConfig.DialFunc = d.DialContext
}

// pinCollation gives every text column of ours the collation "C" by name. A database may have been
// created with any other, which would sort slugs, times and IDs in another order than SQLite does,
// differently from server to server, and differently again after an upgrade of its C library. It
// costs nothing on new columns, and columns that have it are left alone.
func (d *DB) pinCollation(ctx context.Context) error {
	rows, err := d.pool.Query(ctx, `
		SELECT format('ALTER TABLE %I.%I %s', n.nspname, c.relname,
			string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', a.attname), ', ' ORDER BY a.attnum))
		FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema()
			AND c.relname NOT LIKE 'river\_%' AND c.relname <> 'goose_db_version'
			AND a.attnum > 0 AND NOT a.attisdropped
			AND a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation
		GROUP BY n.nspname, c.relname
		ORDER BY c.relname`)
	if err != nil {
		return err
	}
	var alters []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			rows.Close()
			return err
		}
		alters = append(alters, s)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range alters {
		if _, err := d.pool.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

var errNotPostgres = errors.New("not a PostgreSQL connection")
