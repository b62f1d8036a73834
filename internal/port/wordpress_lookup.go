package port

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/port/wptext"
)

// creditOf reads who made a picture from what WordPress read of the file.
func creditOf(meta any) string {
	m, _ := meta.(map[string]any)
	im, _ := m["image_meta"].(map[string]any)
	for _, key := range []string{"credit", "copyright"} {
		if s, _ := im[key].(string); strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

func isImage(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch ext := strings.ToLower(u.Path[strings.LastIndexByte(u.Path, '.')+1:]); ext {
	case "jpg", "jpeg", "png", "gif", "webp", "avif", "svg":
		return true
	}
	return false
}

// post returns what is known of a post.
func (x *index) post(id int64) (post, bool) {
	i, ok := slices.BinarySearchFunc(x.posts, id, func(p post, id int64) int { return cmp.Compare(p.id, id) })
	if !ok {
		return post{}, false
	}
	return x.posts[i], true
}

// postAt returns the post with the address.
func (x *index) postAt(path string) (post, bool) {
	h := hashOf(path)
	i, ok := slices.BinarySearchFunc(x.byPath, h, func(i int32, h uint64) int { return cmp.Compare(x.posts[i].path, h) })
	if !ok {
		return post{}, false
	}
	return x.posts[x.byPath[i]], true
}

// attached returns the pictures uploaded to a post.
func (x *index) attached(id int64) []string {
	i, _ := slices.BinarySearchFunc(x.upload, pair{id, 0}, func(a, b pair) int { return cmp.Or(cmp.Compare(a.parent, b.parent), cmp.Compare(a.child, b.child)) })
	var out []string
	for ; i < len(x.upload) && x.upload[i].parent == id && len(out) < 200; i++ {
		out = append(out, strconv.FormatInt(x.upload[i].child, 10))
	}
	return out
}

// file returns what is known of an attachment.
func (x *index) file(id string) (wptext.Attachment, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return wptext.Attachment{}, false
	}
	at, ok := x.files[n]
	if !ok {
		return wptext.Attachment{}, false
	}
	var a wptext.Attachment
	b, err := x.scrap.get(at)
	if err != nil || json.Unmarshal(b, &a) != nil {
		return wptext.Attachment{}, false
	}
	return a, true
}

// fileAt returns the attachment that an address in a text is of, also if it is one of its smaller
// copies.
func (x *index) fileAt(address string) (wptext.Attachment, bool) {
	if len(x.byURL) == 0 {
		return wptext.Attachment{}, false
	}
	id, ok := x.byURL[hashOf(fileKey(address))]
	if !ok {
		return wptext.Attachment{}, false
	}
	return x.file(strconv.FormatInt(id, 10))
}

func (x *index) block(id string) (string, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return "", false
	}
	at, ok := x.blocks[n]
	if !ok {
		return "", false
	}
	b, err := x.scrap.get(at)
	return string(b), err == nil
}

// copies is what WordPress puts behind the name of a smaller copy of a picture.
var copies = regexp.MustCompile(`(?:-\d{1,5}x\d{1,5}|-scaled|-rotated)(\.[A-Za-z]{3,5})$`)

// fileKey is what all addresses of one file have in common.
func fileKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	return bareHost(u) + copies.ReplaceAllString(u.Path, "$1")
}

func hashOf(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	if n := h.Sum64(); n != 0 {
		return n
	}
	return 1
}

// pathOf returns an address without host, as redirects keep it, and its host.
func pathOf(address string) (path, host string, ok bool) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
		return "", "", false
	}
	path = u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, bareHost(u), path != "/"
}
