package desk

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/problem"
	"depesche/internal/web"
)

type picturesView struct {
	frame
	MayUpload    bool
	Query, Older string
	Credit, Kind field
	Pictures     []pictureTile
}

type pictureTile struct {
	Href, Thumb, Alt, Name, Credit, Missing string
	Width, Height                           int
}

var pictureKinds = []string{"photo", "illustration", "graphic"}

func (f *frame) pictureKind(value string) field {
	return selectField("kind", f.words.T("desk.picture.kind"), value, wordChoices(f, "desk.picture.kind.", pictureKinds))
}

const picturesPerPage = 60

func (d *Desk) pictures(w http.ResponseWriter, r *http.Request) error {
	return d.showPictures(w, r, http.StatusOK, nil)
}

func (d *Desk) showPictures(w http.ResponseWriter, r *http.Request, status int, wrong error) error {
	q := r.URL.Query()
	list, err := d.Media.List(r.Context(), d.DB.Read(), media.Filter{Text: q.Get("q"), Before: media.ID(q.Get("before")), Limit: picturesPerPage + 1})
	if err != nil {
		return err
	}
	v := picturesView{frame: d.frame(r, "desk.nav.pictures", "/desk/pictures"), Query: q.Get("q"), MayUpload: actor.May(who(r), actor.EditPictures, actor.Scope{})}
	v.setErrors(wrong)
	if len(list) > picturesPerPage {
		list = list[:picturesPerPage]
		v.Older = "/desk/pictures?" + url.Values{"q": {v.Query}, "before": {string(list[len(list)-1].ID)}}.Encode()
	}
	v.Credit = textField("credit", v.words.T("desk.picture.credit"), value(r, "credit")).with(v.Errors)
	v.Kind = v.pictureKind(value(r, "kind"))
	for _, p := range list {
		text := pictureText(p, v.paper.MainLang)
		t := pictureTile{Href: "/desk/pictures/" + string(p.ID), Thumb: thumb(p, 320), Alt: text.Alt, Name: p.FileName, Credit: p.Credit, Width: p.Width, Height: p.Height}
		switch {
		case p.Credit == "":
			t.Missing = v.words.T("desk.picture.no_credit")
		case text.Alt == "":
			t.Missing = v.words.T("desk.picture.no_alt")
		}
		v.Pictures = append(v.Pictures, t)
	}
	return d.show(w, r, status, "pictures", v)
}

// pictureText is the library's text in the wanted language, else in any.
func pictureText(p media.Picture, want lang.Tag) media.Text {
	if t, ok := p.Texts[want]; ok {
		return t
	}
	for _, tag := range sortedTags(p.Texts) {
		return p.Texts[tag]
	}
	return media.Text{}
}

// thumb is the address of the rendition nearest to a width, in the form that every browser shows.
func thumb(p media.Picture, width int) string {
	if p.Format == "svg" {
		return p.Fallback()
	}
	for _, w := range p.Widths {
		if w >= width {
			return p.URL(w, "jpg")
		}
	}
	return p.Fallback()
}

// pictureJSON is a picture as the islands want it.
type pictureJSON struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	Thumb   string `json:"thumb"`
	Alt     string `json:"alt"`
	Credit  string `json:"credit"`
	Caption string `json:"caption"`
	Name    string `json:"name"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
}

func toPictureJSON(p media.Picture, want lang.Tag) pictureJSON {
	t := p.Texts[want]
	credit := t.Credit
	if credit == "" {
		credit = p.Credit
	}
	return pictureJSON{ID: string(p.ID), URL: "/desk/pictures/" + string(p.ID), Thumb: thumb(p, 320), Alt: t.Alt, Credit: credit, Caption: t.Caption, Name: p.FileName, Width: p.Width, Height: p.Height}
}

func (d *Desk) picturesJSON(w http.ResponseWriter, r *http.Request) error {
	list, err := d.Media.List(r.Context(), d.DB.Read(), media.Filter{Text: r.URL.Query().Get("q"), Limit: 24})
	if err != nil {
		return err
	}
	want := lang.Tag(r.URL.Query().Get("lang"))
	out := struct {
		Pictures []pictureJSON `json:"pictures"`
	}{Pictures: []pictureJSON{}}
	for _, p := range list {
		out.Pictures = append(out.Pictures, toPictureJSON(p, want))
	}
	return web.JSON(w, http.StatusOK, out)
}

// uploadPictures takes one or more files of a form. Fields that stand before a file belong to it;
// the islands send one file a request.
func (d *Desk) uploadPictures(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditPictures, actor.Scope{}); err != nil {
		return err
	}
	r.Body = web.Bound(r.Body, 20*d.MaxUpload)
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "multipart/form-data" {
		return problem.New(problem.Invalid, "problem.invalid")
	}
	// Parts beyond 1 MB wait on disk, not in memory; media reads them as a stream.
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problem.New(problem.Invalid, "problem.picture_too_large", "mb", d.MaxUpload>>20)
		}
		return problem.Wrap(problem.Invalid, "problem.invalid", err)
	}
	defer r.MultipartForm.RemoveAll() //nolint:errcheck // the system cleans its temporary folder
	files := r.MultipartForm.File["file"]
	var saved []media.Picture
	var first error
	if len(files) == 0 {
		var wrong problem.Fields
		wrong.Add("file", "problem.required", "")
		first = wrong.Err()
	}
	for _, h := range files {
		p, err := d.uploadOne(r, h)
		if err != nil {
			if !userError(err) {
				return err
			}
			if first == nil {
				first = err
			}
			continue
		}
		saved = append(saved, p)
	}
	if wantsJSON(r) {
		return d.uploadedJSON(w, r, saved, first)
	}
	if first != nil {
		return d.showPictures(w, r, statusOf(first), first)
	}
	d.say(w, "desk.said.uploaded", "n", fmt.Sprint(len(saved)))
	if len(saved) == 1 {
		return web.SeeOther(w, r, "/desk/pictures/"+string(saved[0].ID))
	}
	return web.SeeOther(w, r, "/desk/pictures")
}

func (d *Desk) uploadOne(r *http.Request, h *multipart.FileHeader) (media.Picture, error) {
	f, err := h.Open()
	if err != nil {
		return media.Picture{}, err
	}
	defer f.Close()
	kind := value(r, "kind")
	if kind == "" {
		kind = "photo"
	}
	in := lang.Tag(value(r, "lang"))
	if paper, err := d.Publication.Paper(r.Context()); err == nil && !paper.Has(in) {
		in = paper.MainLang // what the file says about itself is most likely in it
	}
	return d.Media.Upload(r.Context(), who(r), media.Upload{Name: h.Filename, Lang: in, R: f, Kind: media.Kind(kind), Credit: value(r, "credit")})
}

func (d *Desk) uploadedJSON(w http.ResponseWriter, r *http.Request, saved []media.Picture, err error) error {
	if err != nil {
		type fault struct {
			Field   string `json:"field"`
			Message string `json:"message"`
		}
		var out []fault
		for _, e := range fieldErrors(d.Words.In(d.uiLang(r)), err) {
			out = append(out, fault{Field: e.Name, Message: e.Text})
		}
		return web.JSON(w, statusOf(err), map[string]any{"errors": out})
	}
	return web.JSON(w, http.StatusCreated, toPictureJSON(saved[0], lang.Tag(value(r, "lang"))))
}

type pictureView struct {
	frame
	ID, Src, Crop  string
	Version        int64
	Width, Height  int
	FocusX, FocusY int
	Credit, Kind   field
	Texts          []pictureTexts
	Facts          []fact
	MayEdit        bool
	MayDelete      bool
}

type pictureTexts struct {
	Tag, Name              string
	Alt, Caption, CreditIn field
}

type fact struct{ What, Value string }

func (d *Desk) pictureForm(w http.ResponseWriter, r *http.Request) error {
	p, err := d.Media.ByID(r.Context(), d.DB.Read(), media.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.showPicture(w, r, http.StatusOK, p, nil)
}

func (d *Desk) showPicture(w http.ResponseWriter, r *http.Request, status int, p media.Picture, wrong error) error {
	v := pictureView{
		frame: d.frame(r, "="+p.FileName, "/desk/pictures"), ID: string(p.ID), Src: "/desk/pictures/" + string(p.ID) + "/whole", Crop: p.Crop, Version: p.Version,
		Width: p.Width, Height: p.Height, FocusX: p.FocusX, FocusY: p.FocusY, MayEdit: actor.May(who(r), actor.EditPictures, actor.Scope{}), MayDelete: actor.May(who(r), actor.DeletePictures, actor.Scope{}),
	}
	v.setErrors(wrong)
	wt := v.words.T
	v.Credit = textField("credit", wt("desk.picture.credit"), p.Credit).with(v.Errors)
	v.Credit.Hint, v.Credit.Required = wt("desk.picture.credit_hint"), true
	v.Kind = v.pictureKind(string(p.Kind)).with(v.Errors)
	for _, t := range v.paper.Active() {
		text := p.Texts[t]
		alt := areaField("alt."+t.String(), wt("desk.picture.alt"), text.Alt, 2).in(t).with(v.Errors)
		alt.Hint = wt("desk.picture.alt_hint")
		creditIn := textField("credit."+t.String(), wt("desk.picture.credit_in"), text.Credit).in(t).with(v.Errors)
		creditIn.Optional = true
		v.Texts = append(v.Texts, pictureTexts{Tag: t.String(), Name: t.OwnName(), Alt: alt, CreditIn: creditIn,
			Caption: areaField("caption."+t.String(), wt("desk.picture.caption"), text.Caption, 2).in(t).with(v.Errors)})
	}
	v.Facts = []fact{
		{wt("desk.picture.size"), fmt.Sprintf("%s × %s", v.tag.Number(int64(p.Width)), v.tag.Number(int64(p.Height)))},
		{wt("desk.picture.bytes"), v.tag.Bytes(p.Bytes)},
		{wt("desk.picture.format"), strings.ToUpper(p.Format)},
		{wt("desk.picture.uploaded"), v.ago(p.Created)},
	}
	return d.show(w, r, status, "picture", v)
}

func (d *Desk) savePicture(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := allow(r, actor.EditPictures, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.Media.ByID(r.Context(), d.DB.Read(), media.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	p.Version, p.Credit, p.Kind = number(r, "version"), value(r, "credit"), media.Kind(value(r, "kind"))
	p.FocusX, p.FocusY, p.Crop = int(number(r, "focus_x")), int(number(r, "focus_y")), value(r, "crop")
	if p.Texts == nil {
		p.Texts = map[lang.Tag]media.Text{}
	}
	for _, t := range paper.Active() {
		p.Texts[t] = media.Text{Alt: value(r, "alt."+t.String()), Caption: value(r, "caption."+t.String()), Credit: value(r, "credit."+t.String())}
	}
	if _, err := d.Media.Save(r.Context(), who(r), p); err != nil {
		if userError(err) {
			return d.showPicture(w, r, statusOf(err), p, err)
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/pictures/"+string(p.ID))
}

func (d *Desk) deletePicture(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	pid := media.ID(r.PathValue("id"))
	used := func(ctx context.Context, q db.Conn, id media.ID, since time.Time) (bool, error) {
		return d.Editions.PictureUsed(ctx, q, string(id), since)
	}
	if err := d.Media.Delete(r.Context(), who(r), pid, number(r, "version"), used); err != nil {
		if userError(err) {
			return d.askPicture(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, "/desk/pictures")
}

// wholePicture shows a picture without its crop, so that another can be chosen; a drawing as it is.
func (d *Desk) wholePicture(w http.ResponseWriter, r *http.Request) error {
	p, err := d.Media.ByID(r.Context(), d.DB.Read(), media.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if p.Format == "svg" {
		return web.SeeOther(w, r, p.Fallback())
	}
	f, err := d.Media.Whole(r.Context(), p.ID)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", f.Type)
	http.ServeContent(w, r, "", f.Modified, f)
	return nil
}
