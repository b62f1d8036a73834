// Package port is the goods entrance and exit: what comes in from other systems, what goes out as a
// whole, and backups. It works through the rooms' own doors, so that what it brings in is as true as
// what was written at the desk.
package port

import (
	"depesche/internal/blob"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// Rooms are what goods are carried into and out of. An import needs neither Files, Releases,
// Corrections nor Live, and Media only for pictures.
type Rooms struct {
	DB          *db.DB
	Files       blob.Store
	Publication *publication.Service
	People      *people.Service
	Topics      *topic.Service
	Media       *media.Service
	Stories     *story.Service
	Editions    *edition.Service
	Releases    *release.Service
	Corrections *correction.Service
	Live        *live.Service
}

// Progress is told how many bytes of how many are done; of 0 if nobody knows. It is called often and by one goroutine at
// a time.
type Progress func(done, total int64)
