package page

import (
	"html/template"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/document"
)

// text is a document as HTML, and the origins that its embeds are loaded from when a reader asks for
// them, in order. Nothing is loaded before.
func (s *Site) text(d document.Doc, o document.HTMLOptions) (body template.HTML, players []string) {
	if s.alone {
		return document.HTML(d, o), nil
	}
	o.Frame = func(address string) (string, bool) {
		u, ok := s.player(address)
		if !ok {
			return "", false
		}
		players = append(players, "https://"+u.Host)
		return u.String(), true
	}
	body = document.HTML(d, o)
	slices.Sort(players)
	return body, slices.Compact(players)
}

// plainHost is stricter than package url, which takes a host with a semicolon: a policy ends there.
var plainHost = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)

// player finds what is put in a frame for the address of an embed: the host's own player if we know
// it, else the page itself. Without one the embed stays a link: its host isn't allowed any more, or
// the page is one that its host lets nobody frame.
func (s *Site) player(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" {
		return nil, false
	}
	u.Host = strings.ToLower(u.Host) // with a port it isn't plain
	if !plainHost.MatchString(u.Host) || !s.embeds(u.Host) {
		return nil, false
	}
	var at string
	switch strings.TrimPrefix(u.Host, "www.") {
	case "youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com", "youtu.be":
		at = youTube(u)
	case "vimeo.com", "player.vimeo.com":
		at = vimeo(u)
	case "openstreetmap.org":
		at = openStreetMap(u)
	default:
		return u, true
	}
	if at == "" {
		return nil, false
	}
	u, err = url.Parse(at)
	return u, err == nil
}

// embeds reports whether the paper lets foreign content in from the host: it is on the list or
// under one that is. The paper's own pages never are: in a frame of the same origin, a script could
// take off the sandbox.
func (s *Site) embeds(host string) bool {
	if own, err := url.Parse(s.Paper.BaseURL); err == nil && strings.EqualFold(own.Hostname(), host) {
		return false
	}
	return slices.ContainsFunc(s.Paper.EmbedHosts, func(allowed string) bool {
		return host == allowed || strings.HasSuffix(host, "."+allowed)
	})
}

var (
	tubeVideo  = regexp.MustCompile(`^[A-Za-z0-9_-]{11}$`)
	tubeList   = regexp.MustCompile(`^[A-Za-z0-9_-]{12,64}$`)
	vimeoVideo = regexp.MustCompile(`/(\d{3,12})(?:/([0-9a-f]{6,20}))?/?$`)
)

// youTube is the player of a video or a list of them, on the host that sets no cookies before the
// video is played.
func youTube(u *url.URL) string {
	const player = "https://www.youtube-nocookie.com/embed/"
	q := u.Query()
	kind, id, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	switch {
	case u.Host == "youtu.be" || u.Host == "www.youtu.be":
		id = kind
	case kind == "watch":
		id = q.Get("v")
	case kind == "playlist", kind == "embed" && id == "videoseries":
		if list := q.Get("list"); tubeList.MatchString(list) {
			return player + "videoseries?list=" + list
		}
		return ""
	case !slices.Contains([]string{"embed", "shorts", "live", "v"}, kind):
		return ""
	}
	if !tubeVideo.MatchString(id) {
		return ""
	}
	for _, name := range []string{"t", "start"} {
		if at := seconds(q.Get(name)); at > 0 {
			return player + id + "?start=" + strconv.Itoa(at)
		}
	}
	return player + id
}

// seconds reads "90", "90s" and "1m30s".
func seconds(t string) int {
	if n, err := strconv.Atoi(t); err == nil {
		return n
	}
	d, err := time.ParseDuration(t)
	if err != nil {
		return 0
	}
	return int(d / time.Second)
}

// vimeo is the player of a video, asked not to follow the reader. Unlisted videos have a second key
// behind their number.
func vimeo(u *url.URL) string {
	m := vimeoVideo.FindStringSubmatch(u.Path)
	if m == nil {
		return ""
	}
	q := url.Values{"dnt": {"1"}}
	if key := m[2]; key != "" {
		q.Set("h", key)
	} else if key := u.Query().Get("h"); key != "" {
		q.Set("h", key)
	}
	return "https://player.vimeo.com/video/" + m[1] + "?" + q.Encode()
}

// The map's frame in the text, in pixels: what a zoom level shows depends on it. A little less than
// it has, so that the map isn't shown a level smaller for the sake of a pixel.
const (
	mapWidth  = 560
	mapHeight = 315
)

// openStreetMap is the map that an address shows: where its fragment or query says, and with the pin
// that is set in it.
func openStreetMap(u *url.URL) string {
	const embed = "https://www.openstreetmap.org/export/embed.html"
	q := u.Query()
	if u.Path == "/export/embed.html" && q.Get("bbox") != "" {
		return embed + "?" + q.Encode()
	}
	fragment, _ := url.ParseQuery(u.Fragment) // what can't be read is no place
	var pin string
	if lat, lon, ok := coordinates(q.Get("mlat"), q.Get("mlon")); ok {
		pin = decimal(lat) + "," + decimal(lon)
	}
	at := strings.Split(fragment.Get("map"), "/")
	if len(at) != 3 {
		at = []string{q.Get("zoom"), q.Get("lat"), q.Get("lon")}
	}
	if at[1] == "" && pin != "" {
		at = []string{"15", q.Get("mlat"), q.Get("mlon")}
	}
	zoom, err := strconv.ParseFloat(at[0], 64)
	lat, lon, ok := coordinates(at[1], at[2])
	if err != nil || !(zoom >= 0 && zoom <= 22) || !ok {
		return ""
	}
	degrees := 360 / (256 * math.Exp2(zoom)) // of longitude, to a pixel
	x, y := degrees*mapWidth/2, degrees*mapHeight/2*math.Cos(lat*math.Pi/180)
	out := url.Values{"layer": {"mapnik"}, "bbox": {strings.Join([]string{
		decimal(max(lon-x, -180)), decimal(max(lat-y, -85)), decimal(min(lon+x, 180)), decimal(min(lat+y, 85)),
	}, ",")}}
	if pin != "" {
		out.Set("marker", pin)
	}
	return embed + "?" + out.Encode()
}

// coordinates reads a place on the map, which ends short of the poles.
func coordinates(latitude, longitude string) (lat, lon float64, ok bool) {
	lat, err := strconv.ParseFloat(latitude, 64)
	lon, err2 := strconv.ParseFloat(longitude, 64)
	return lat, lon, err == nil && err2 == nil && math.Abs(lat) <= 85 && math.Abs(lon) <= 180
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }
