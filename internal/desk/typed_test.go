package desk

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
)

func TestTyped(t *testing.T) {
	r := &http.Request{Method: http.MethodPost, PostForm: url.Values{
		"text": {"Was jemand schrieb."}, "sent": {"01m8gq21qb6xyp1rqgw4cf1pf6"}, "edition": {"01m8gpkfzfdvrsxshazh3n3kr2"}, "was.text": {"Was dort stand, früher."},
		"password": {"correct horse battery"}, "beside": {"uk"}, "headline": {"Eine lange Überschrift"},
	}}
	got := typedIn(r)
	if !slices.Equal(got, []typed{{"headline", "Eine lange Überschrift", 2}, {"text", "Was jemand schrieb.", 2}}) {
		t.Errorf("%+v", got)
	}
}
