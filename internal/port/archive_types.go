package port

import (
	"time"

	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// The types of this file are the archive's format: fields are only ever added. Its README.txt tells
// of them.

type paperOut struct {
	Depesche   int              `json:"depesche_archive"` // version of the format
	Created    time.Time        `json:"created"`
	Name       string           `json:"name"`
	MainLang   lang.Tag         `json:"mainLang"`
	TimeZone   string           `json:"timeZone"`
	BaseURL    string           `json:"baseURL"`
	Languages  []languageOut    `json:"languages"`
	Look       publication.Look `json:"look"`
	EmbedHosts []string         `json:"embedHosts"`
	Sections   []sectionOut     `json:"sections"`
	Topics     []topicOut       `json:"topics"`
	Authors    []authorOut      `json:"authors"`
	Pages      []pageOut        `json:"pages"`
	Staff      []staffOut       `json:"staff"`
}

type languageOut struct {
	Lang       lang.Tag `json:"lang"`
	Active     bool     `json:"active"`
	Name       string   `json:"name,omitempty"`
	About      string   `json:"about,omitempty"`
	MachineOut bool     `json:"machineOut,omitempty"`
}

type nameOut struct {
	Name  string `json:"name"`
	Slug  string `json:"slug"`
	About string `json:"about,omitempty"`
}

type sectionOut struct {
	ID       publication.SectionID `json:"id"`
	Position int                   `json:"position"`
	Active   bool                  `json:"active"`
	Names    map[lang.Tag]nameOut  `json:"names"`
}

type topicOut struct {
	ID     topic.ID             `json:"id"`
	Kind   topic.Kind           `json:"kind"`
	Active bool                 `json:"active"`
	Names  map[lang.Tag]nameOut `json:"names"`
}

type authorOut struct {
	ID     people.AuthorID      `json:"id"`
	Staff  people.StaffID       `json:"staff,omitempty"`
	Kind   people.Kind          `json:"kind"`
	Active bool                 `json:"active"`
	Names  map[lang.Tag]nameOut `json:"names"`
}

type staffOut struct {
	ID       people.StaffID `json:"id"`
	Name     string         `json:"name"`
	Email    string         `json:"email"`
	Role     people.Role    `json:"role"`
	Langs    []lang.Tag     `json:"langs,omitempty"`
	Sections []string       `json:"sections,omitempty"`
	Active   bool           `json:"active"`
	Created  time.Time      `json:"created"`
}

type pageOut struct {
	ID       string    `json:"id"`
	Key      string    `json:"key"`
	Lang     lang.Tag  `json:"lang"`
	Slug     string    `json:"slug"`
	Title    string    `json:"title"`
	Position int       `json:"position"`
	Footer   bool      `json:"footer"`
	Updated  time.Time `json:"updated"`
	File     string    `json:"file"` // without .json and .md
}

type storyOut struct {
	ID           story.ID              `json:"id"`
	Number       int64                 `json:"number"`
	Kind         story.Kind            `json:"kind"`
	Section      publication.SectionID `json:"section,omitempty"`
	OriginalLang lang.Tag              `json:"originalLang"`
	Embargo      *time.Time            `json:"embargo,omitempty"`
	Authors      []people.AuthorID     `json:"authors"`
	Topics       []topic.ID            `json:"topics"`
	Sources      []sourceOut           `json:"sources"`
	Corrections  []correctionOut       `json:"corrections"`
	Releases     []releaseOut          `json:"releases"`
	Editions     []editionOut          `json:"editions"`
	Live         *liveOut              `json:"live,omitempty"`  // it runs live, or did
	Entry        *entryOut             `json:"entry,omitempty"` // it is an entry of a running story
	CreatedBy    string                `json:"createdBy"`
	Created      time.Time             `json:"created"`
	Updated      time.Time             `json:"updated"`
}

type liveOut struct {
	Began time.Time  `json:"began"`
	Ended *time.Time `json:"ended,omitempty"`
	Open  bool       `json:"open"` // reporters and translators send entries out themselves
}

type entryOut struct {
	Of       story.ID  `json:"of"` // the running story
	Happened time.Time `json:"happened"`
	Pinned   bool      `json:"pinned"`
}

type sourceOut struct {
	ID       string                        `json:"id"`
	Kind     story.SourceKind              `json:"kind"`
	Name     string                        `json:"name"`
	URL      string                        `json:"url,omitempty"`
	Lang     lang.Tag                      `json:"lang,omitempty"`
	Date     string                        `json:"date,omitempty"`
	Accessed string                        `json:"accessed,omitempty"`
	Texts    map[lang.Tag]story.SourceText `json:"texts"`
}

type correctionOut struct {
	ID        correction.ID `json:"id"`
	Edition   edition.ID    `json:"edition"`
	Lang      lang.Tag      `json:"lang"`
	At        time.Time     `json:"at"`
	Prominent bool          `json:"prominent"`
	Text      string        `json:"text"`
}

type releaseOut struct {
	ID        string        `json:"id"`
	Act       string        `json:"act"`
	Due       *time.Time    `json:"due,omitempty"`
	Done      *time.Time    `json:"done,omitempty"`
	Cancelled bool          `json:"cancelled,omitempty"`
	Why       string        `json:"why,omitempty"`
	By        string        `json:"by"`
	ByName    string        `json:"byName"`
	Created   time.Time     `json:"created"`
	Editions  []partOut     `json:"editions"`
	Overrides []overrideOut `json:"overrides,omitempty"`
}

type partOut struct {
	Edition  edition.ID `json:"edition"`
	Lang     lang.Tag   `json:"lang"`
	Revision int64      `json:"revision"`
}

type overrideOut struct {
	Edition edition.ID       `json:"edition"`
	Code    string           `json:"code"`
	Address document.Address `json:"address,omitempty"`
	Reason  string           `json:"reason"`
	By      string           `json:"by"`
	ByName  string           `json:"byName"`
}

type editionOut struct {
	ID             edition.ID    `json:"id"`
	Lang           lang.Tag      `json:"lang"`
	State          edition.State `json:"state"`
	Made           edition.Made  `json:"made"`
	Headline       string        `json:"headline"`
	Slug           string        `json:"slug,omitempty"`
	Translator     string        `json:"translator,omitempty"`
	Revision       int64         `json:"revision"`
	PublishedRev   int64         `json:"publishedRevision,omitempty"`
	FirstPublished *time.Time    `json:"firstPublished,omitempty"`
	Published      *time.Time    `json:"published,omitempty"`
	Updated        *time.Time    `json:"updated,omitempty"`
	Scheduled      *time.Time    `json:"scheduled,omitempty"`
	Withdrawn      *time.Time    `json:"withdrawn,omitempty"`
	WithdrawnWhy   string        `json:"withdrawnWhy,omitempty"`
	Saved          time.Time     `json:"saved"`
	Units          []unitOut     `json:"units,omitempty"`  // of a translation
	Checks         []checkOut    `json:"checks,omitempty"` // of a translation
}

// checkOut says that somebody checked a revision of a translation.
type checkOut struct {
	Revision int64     `json:"revision"`
	By       string    `json:"by"`
	ByName   string    `json:"byName"`
	At       time.Time `json:"at"`
}

type unitOut struct {
	Address   document.Address `json:"address"`
	Source    edition.ID       `json:"source"`
	SourceRev int64            `json:"sourceRevision"`
	TargetRev int64            `json:"targetRevision"`
	Answer    string           `json:"answer"`
	Reason    string           `json:"reason,omitempty"`
	By        string           `json:"by"`
	At        time.Time        `json:"at"`
}

type revisionOut struct {
	Number int64        `json:"number"`
	Parent int64        `json:"parent"`
	Kind   string       `json:"kind"`
	By     string       `json:"by"`
	ByName string       `json:"byName"`
	Why    string       `json:"why,omitempty"`
	At     time.Time    `json:"at"`
	Doc    document.Doc `json:"doc"`
}

type pictureOut struct {
	ID         media.ID                `json:"id"`
	File       string                  `json:"file,omitempty"`
	Missing    bool                    `json:"missing,omitempty"`
	FileName   string                  `json:"fileName"`
	Format     string                  `json:"format"`
	Width      int                     `json:"width"`
	Height     int                     `json:"height"`
	Kind       media.Kind              `json:"kind"`
	Credit     string                  `json:"credit"`
	Focus      [2]int                  `json:"focus"` // thousandths from the left and the top
	Crop       string                  `json:"crop,omitempty"`
	UploadedBy string                  `json:"uploadedBy"`
	Created    time.Time               `json:"created"`
	Texts      map[lang.Tag]pictureFor `json:"texts"`
}

type pictureFor struct {
	Caption string `json:"caption,omitempty"`
	Alt     string `json:"alt,omitempty"`
	Credit  string `json:"credit,omitempty"`
}
