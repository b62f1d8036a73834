package db

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
)

// Rebuild empties the database, gives it the schema that it had at an older version, has fill put
// into it what was saved then, and migrates that to the present version, as an upgrade would have.
// Everything in our tables is lost; the queue's stay. If fill fails, the database stays empty and is
// migrated when it is opened next.
func (d *DB) Rebuild(ctx context.Context, version int64, fill func(*Tx) error) error {
	if err := d.rebuild(ctx, version); err != nil {
		return fmt.Errorf("rebuild at version %d: %w", version, fault(err))
	}
	if err := d.Write(ctx, fill); err != nil {
		return err
	}
	if err := d.migrate(ctx); err != nil {
		return fmt.Errorf("migrate from version %d: %w", version, fault(err))
	}
	return nil
}

func (d *DB) rebuild(ctx context.Context, version int64) error {
	unlock, err := d.lockMigration(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	tables, err := d.Tables(ctx, d.Read())
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *Tx) error {
		for i := len(tables) - 1; i >= 0; i-- {
			if _, err := tx.ExecContext(ctx, `DROP TABLE "`+tables[i].Name+`"`); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DROP TABLE goose_db_version`)
		return err
	})
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, Migrations(d.engine), goose.WithDisableGlobalRegistry(true), goose.WithSlog(d.log))
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}
