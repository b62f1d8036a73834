package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/topic"
	"depesche/internal/web"
)

func (d *Desk) topics(w http.ResponseWriter, r *http.Request) error {
	list, err := d.Topics.All(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := d.namesView(r, "desk.nav.topics", "/desk/topics")
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	for _, tp := range list {
		v.add(namesRow{ID: string(tp.ID), Name: topicName(tp, v.tag, v.paper.MainLang), Tag: v.words.T("desk.topic.kind." + string(tp.Kind))}, tp.Active, func(t lang.Tag) string { return tp.Names[t].Name })
	}
	v.sort()
	return d.show(w, r, http.StatusOK, "topics", v)
}

func topicName(tp topic.Topic, want, main lang.Tag) string {
	return nameIn(tp.Names, func(n topic.Name) string { return n.Name }, string(tp.ID), want, main)
}

func (d *Desk) topic(r *http.Request) (topic.Topic, error) {
	if r.PathValue("id") == "new" {
		return topic.Topic{Kind: "subject", Active: true, Names: map[lang.Tag]topic.Name{}}, nil
	}
	return d.Topics.ByID(r.Context(), d.DB.Read(), topic.ID(r.PathValue("id")))
}

func (d *Desk) topicForm(w http.ResponseWriter, r *http.Request) error {
	tp, err := d.topic(r)
	if err != nil {
		return err
	}
	return d.showTopic(w, r, http.StatusOK, tp, nil)
}

func (d *Desk) showTopic(w http.ResponseWriter, r *http.Request, status int, tp topic.Topic, err error) error {
	title := "desk.topic.new"
	if tp.ID != "" {
		title = "=" + topicName(tp, d.uiLang(r), "")
	}
	v := d.namedView(r, title, "/desk/topics", tp.Version)
	v.setErrors(err)
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	kinds := wordChoices(&v.frame, "desk.topic.kind.", topic.Kinds)
	v.Fields = []field{selectField("kind", v.words.T("desk.topic.kind"), string(tp.Kind), kinds).with(v.Errors)}
	v.nameTexts(v.Errors, func(t lang.Tag) (string, string, string) { return tp.Names[t].Name, tp.Names[t].Slug, "" }, false)
	v.active(tp.Active)
	if tp.ID != "" && v.MayEdit {
		v.Merge = "/desk/topics/" + string(tp.ID) + "/merge"
	}
	return d.show(w, r, status, "named", v)
}

func (d *Desk) saveTopic(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	tp, err := d.topic(r)
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	readNames(r, paper.Active(), tp.Names, func(name, slug string, _ lang.Tag) topic.Name {
		return topic.Name{Name: name, Slug: slug}
	})
	tp.Kind, tp.Active, tp.Version = topic.Kind(value(r, "kind")), value(r, "active") != "", number(r, "version")
	saved, err := d.Topics.Save(r.Context(), who(r), tp)
	if err != nil {
		if userError(err) {
			return d.showTopic(w, r, statusOf(err), tp, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", topicName(saved, d.uiLang(r), paper.MainLang))
	return web.SeeOther(w, r, "/desk/topics")
}
