package desk

import (
	"net/http"

	"depesche/internal/web"
)

// routes is the desk's table. What one may do there is asked in each handler, since it depends on
// the language and section of what is touched.
func (d *Desk) routes() {
	d.open("GET /desk/sign-in", d.signInForm)
	d.open("POST /desk/sign-in", d.signIn)
	d.open("GET /desk/setup", d.setupForm)
	d.open("POST /desk/setup", d.setUp)
	d.handle("POST /desk/sign-out", d.signOut)

	d.handle("GET /desk/{$}", d.today)
	d.handle("GET /desk/menu", d.menu)
	d.handle("GET /desk/stories", d.storyList)
	d.handle("GET /desk/stories.json", d.storiesJSON)
	d.handle("GET /desk/stories/new", d.newStoryForm)
	d.handle("POST /desk/stories/new", d.newStory)
	d.handle("GET /desk/stories/{number}", d.storyDetails)
	d.handle("POST /desk/stories/{number}", d.saveStory)
	d.handle("POST /desk/stories/{number}/editions", d.newEdition)
	d.handle("POST /desk/stories/{number}/changes", d.decideChange)
	d.handle("POST /desk/editions/{id}/aside", d.setAside)
	d.handle("POST /desk/editions/{id}/draft", d.draft)
	d.handle("GET /desk/editions/{id}/drafting.json", d.draftingJSON)
	d.handle("POST /desk/editions/{id}/propose.json", d.proposeJSON)
	d.handle("GET /desk/stories/{number}/release", d.releaseForm)
	d.handle("POST /desk/stories/{number}/release", d.release)
	d.handle("GET /desk/stories/{number}/sources/new", d.sourceForm)
	d.handle("POST /desk/stories/{number}/sources/new", d.saveSource)
	d.handle("GET /desk/stories/{number}/sources/{source}", d.sourceForm)
	d.handle("POST /desk/stories/{number}/sources/{source}", d.saveSource)
	d.handle("POST /desk/stories/{number}/sources/{source}/move", d.moveSource)
	d.handle("GET /desk/stories/{number}/sources/{source}/delete", asks(d.askSource))
	d.handle("POST /desk/stories/{number}/sources/{source}/delete", d.deleteSource)

	d.handle("GET /desk/editions/{id}", d.editionForm)
	d.handle("POST /desk/editions/{id}", d.saveEdition)
	d.handle("POST /desk/editions/{id}/save.json", d.saveEditionJSON)
	d.handle("POST /desk/editions/{id}/resolve", d.resolveEdition)
	d.handle("POST /desk/editions/{id}/presence", d.presence)
	d.handle("GET /desk/editions/{id}/delete", asks(d.askEdition))
	d.handle("POST /desk/editions/{id}/delete", d.discard)
	d.handle("GET /desk/editions/{id}/credit", d.creditForm)
	d.handle("POST /desk/editions/{id}/credit", d.saveCredit)
	d.handle("GET /desk/editions/{id}/preview", d.preview)
	d.handle("GET /desk/editions/{id}/both", d.both)
	d.handle("GET /desk/editions/{id}/revisions", d.revisions)
	d.handle("GET /desk/editions/{id}/revisions/{n}", d.revision)
	d.handle("GET /desk/editions/{id}/revisions/{n}/restore", d.restoreForm)
	d.handle("POST /desk/editions/{id}/revisions/{n}/restore", d.restore)
	d.handle("GET /desk/editions/{id}/compare", d.compare)
	d.handle("GET /desk/editions/{id}/translate", d.translateForm)
	d.handle("POST /desk/editions/{id}/units", d.saveUnits)
	d.handle("POST /desk/editions/{id}/units.json", d.saveUnitJSON)
	d.handle("GET /desk/translations", d.translations)
	d.handle("GET /desk/memory", d.memory)
	d.handle("POST /desk/memory", d.importMemory)
	d.handle("GET /desk/memory.tmx", d.exportMemory)
	d.handle("GET /desk/memory/{id}/delete", asks(d.askMemory))
	d.handle("POST /desk/memory/{id}/delete", d.deleteMemory)

	d.handle("GET /desk/pictures", d.pictures)
	d.handle("GET /desk/pictures.json", d.picturesJSON)
	d.handle("POST /desk/pictures", d.uploadPictures)
	d.handle("POST /desk/pictures.json", d.uploadPictures)
	d.handle("GET /desk/pictures/{id}", d.pictureForm)
	d.handle("GET /desk/pictures/{id}/whole", d.wholePicture)
	d.handle("POST /desk/pictures/{id}", d.savePicture)
	d.handle("GET /desk/pictures/{id}/delete", asks(d.askPicture))
	d.handle("POST /desk/pictures/{id}/delete", d.deletePicture)

	d.handle("GET /desk/sections", d.sections)
	d.handle("GET /desk/sections/{id}", d.sectionForm)
	d.handle("POST /desk/sections/{id}", d.saveSection)
	d.handle("POST /desk/sections/{id}/move", d.moveSection)
	d.handle("GET /desk/sections/{id}/delete", asks(d.askSection))
	d.handle("POST /desk/sections/{id}/delete", d.deleteSection)
	d.handle("GET /desk/topics", d.topics)
	d.handle("GET /desk/topics/{id}", d.topicForm)
	d.handle("POST /desk/topics/{id}", d.saveTopic)
	d.handle("GET /desk/topics/{id}/merge", d.mergeForm)
	d.handle("POST /desk/topics/{id}/merge", d.merge)
	d.handle("GET /desk/register", d.registerList)
	d.handle("GET /desk/register/export", d.exportRegister)
	d.handle("POST /desk/register/import", d.importRegister)
	d.handle("GET /desk/register/{id}", d.registerForm)
	d.handle("POST /desk/register/{id}", d.saveRegisterEntry)
	d.handle("POST /desk/register/{id}/approve", d.approveRegisterEntry)
	d.handle("GET /desk/register/{id}/delete", asks(d.askRegisterEntry))
	d.handle("POST /desk/register/{id}/delete", d.deleteRegisterEntry)
	d.handle("GET /desk/authors", d.authors)
	d.handle("GET /desk/authors/{id}", d.authorForm)
	d.handle("POST /desk/authors/{id}", d.saveAuthor)
	d.handle("GET /desk/pages", d.pages)
	d.handle("GET /desk/pages/{id}", d.pageForm)
	d.handle("POST /desk/pages/{id}", d.savePage)
	d.handle("GET /desk/pages/{id}/delete", asks(d.askPage))
	d.handle("POST /desk/pages/{id}/delete", d.deletePage)
	d.handle("GET /desk/staff", d.staff)
	d.handle("GET /desk/staff/{id}", d.staffForm)
	d.handle("POST /desk/staff/{id}", d.saveStaff)
	d.handle("GET /desk/redirects", d.redirects)
	d.handle("POST /desk/redirects", d.saveRedirect)
	d.handle("GET /desk/redirects/delete", asks(d.askRedirect))
	d.handle("POST /desk/redirects/delete", d.deleteRedirect)
	d.handle("GET /desk/engines", d.engines)
	d.handle("POST /desk/engines/orders", d.addEngineOrder)
	d.handle("POST /desk/engines/orders/remove", d.removeEngineOrder)
	d.handle("GET /desk/engines/{id}", d.engineForm)
	d.handle("POST /desk/engines/{id}", d.saveEngine)
	d.handle("POST /desk/engines/{id}/move", d.moveEngine)
	d.handle("POST /desk/engines/{id}/try", d.tryEngine)
	d.handle("GET /desk/engines/{id}/delete", asks(d.askEngine))
	d.handle("POST /desk/engines/{id}/delete", d.deleteEngine)
	d.handle("GET /desk/audit", d.auditLog)
	d.handle("GET /desk/settings", d.settingsForm)
	d.handle("POST /desk/settings", d.saveSettings)
	d.handle("GET /desk/me", d.me)
	d.handle("POST /desk/me", d.saveMe)
	d.handle("POST /desk/me/password", d.changePassword)
	d.handle("POST /desk/me/sessions/end", d.endSession)

	d.mux.Handle("/desk/", d.guard(d.site.Handle(func(http.ResponseWriter, *http.Request) error { return notFound() })))
	d.mux.Handle("/desk", http.RedirectHandler("/desk/", http.StatusSeeOther))
}

func (d *Desk) menu(w http.ResponseWriter, r *http.Request) error {
	f := d.frame(r, "desk.nav.label", "/desk/menu")
	d.settingsNav(&f, r, "")
	icons := map[string]string{"/desk/topics": "topics", "/desk/register": "translations", "/desk/authors": "user", "/desk/sections": "sections", "/desk/pages": "pages", "/desk/staff": "staff", "/desk/redirects": "link", "/desk/audit": "history", "/desk/settings": "settings", "/desk/engines": "machine"}
	nav := f.Nav[:len(f.Nav)-1]
	for _, s := range f.Sub {
		s.Icon = icons[s.Href]
		nav = append(nav, s)
	}
	f.Nav = nav
	return d.show(w, r, http.StatusOK, "menu", menuView{frame: f})
}

type menuView struct{ frame }

var _ web.Handler = (*Desk)(nil).menu
