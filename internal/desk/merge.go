package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/topic"
	"depesche/internal/web"
)

// mergeView asks into which topic another goes.
type mergeView struct {
	frame
	Action, Back, Text string
	Into               field
}

func (d *Desk) mergeForm(w http.ResponseWriter, r *http.Request) error { return d.showMerge(w, r, nil) }

func (d *Desk) showMerge(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.EditTopics, actor.Scope{}); err != nil {
		return err
	}
	from, err := d.Topics.ByID(r.Context(), d.DB.Read(), topic.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	all, err := d.Topics.All(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := mergeView{frame: d.frame(r, "desk.nav.topics", "/desk/topics"), Action: r.URL.Path, Back: "/desk/topics/" + string(from.ID)}
	d.settingsNav(&v.frame, r, "/desk/topics")
	name := topicName(from, v.tag, v.paper.MainLang)
	v.Title, v.Text = v.words.T("desk.merge.title", "name", name), v.words.T("desk.merge.text", "name", name)
	v.setErrors(refused)
	choices := []choice{{Word: v.words.T("desk.merge.choose")}}
	for _, tp := range all {
		if tp.ID != from.ID {
			choices = append(choices, choice{Value: string(tp.ID), Word: topicName(tp, v.tag, v.paper.MainLang) + ", " + v.words.T("desk.topic.kind."+string(tp.Kind))})
		}
	}
	lang.SortBy(v.tag, choices[1:], func(c choice) string { return c.Word })
	v.Into = selectField("into", v.words.T("desk.merge.into"), value(r, "into"), choices).with(v.Errors)
	v.Into.Required = true
	return d.show(w, r, statusOf(refused), "merge", v)
}

func (d *Desk) merge(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	from, into := topic.ID(r.PathValue("id")), topic.ID(value(r, "into"))
	err := d.Topics.Merge(r.Context(), who(r), from, into, d.Editions.MoveTopic)
	if problem.Is(err, problem.NotFound) { // none was chosen, or it is gone; if from is, its form says so
		var wrong problem.Fields
		wrong.Add("into", "problem.required", string(into))
		err = wrong.Err()
	}
	if err != nil {
		if userError(err) {
			return d.showMerge(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.merged")
	return web.SeeOther(w, r, "/desk/topics/"+string(into))
}
