package app

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/media"
)

// TestNewsroomIsKilledWhileRendering kills the whole server while it makes pictures' files, again and
// again: every picture that was taken in is complete in the end, and each file it offers is there.
func TestNewsroomIsKilledWhileRendering(t *testing.T) {
	if n := victim(t); n != nil {
		n.servesAndTells()
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		n, cfg := killable(t, o)
		const pictures = 3
		for i := range pictures {
			if _, err := n.Media.Upload(t.Context(), killedChief, media.Upload{Name: "bild.jpg", R: bytes.NewReader(gradient(t, uint8(40*i))), Credit: "N. N."}); err != nil {
				t.Fatal(err)
			}
		}
		for ready := 1; ready < pictures; ready++ {
			n.killedRendering(cfg, ready)
		}
		n.run()
		b := &browser{newsroom: n}
		b.until("all pictures are complete", func() bool {
			return n.count(`SELECT COUNT(*) FROM picture WHERE state = 'ready'`) == pictures
		})
		n.allThere(pictures)
	})
}

// gradient is a photograph of many colours, unlike the others.
func gradient(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 1300, 900))
	for y := range 900 {
		for x := range 1300 {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 6), uint8(y / 4), shade, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// killedRendering runs the server in a process of its own until so many pictures are complete, or more,
// and kills it at work at the others.
func (n *newsroom) killedRendering(cfg config.Config, ready int) {
	n.t.Helper()
	cmd := child(n.t, cfg)
	out, err := cmd.StdoutPipe()
	if err != nil {
		n.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for done := 0; done < ready && lines.Scan(); {
		if _, err := fmt.Sscanf(lines.Text(), "complete: %d", &done); err != nil && strings.Contains(lines.Text(), "FAIL") {
			n.t.Error(lines.Text())
		}
	}
	kills(n.t, cmd)
}

// servesAndTells is the server that is killed; it says how many pictures are complete.
func (n *newsroom) servesAndTells() {
	n.t.Helper()
	woken, end := n.DB.Signals("events")
	defer end()
	go func() {
		for {
			var complete int
			err := n.DB.Read().QueryRowContext(n.t.Context(), `SELECT COUNT(*) FROM picture WHERE state = 'ready'`).Scan(&complete)
			fmt.Println("complete:", complete, err)
			<-woken
		}
	}()
	n.serves()
}

// allThere opens each file that the pictures offer.
func (n *newsroom) allThere(pictures int) {
	n.t.Helper()
	list, err := n.Media.List(n.t.Context(), n.DB.Read(), media.Filter{Limit: 100})
	if err != nil || len(list) != pictures {
		n.t.Fatalf("%d pictures, %v", len(list), err)
	}
	for _, p := range list {
		for _, ext := range p.Formats {
			for _, w := range p.Widths {
				f, err := n.Media.Open(n.t.Context(), strings.TrimPrefix(p.URL(w, ext), media.Prefix))
				if err != nil {
					n.t.Errorf("%s at %d: %v", ext, w, err)
					continue
				}
				if f.Size == 0 {
					n.t.Errorf("%s at %d: %d bytes", ext, w, f.Size)
				}
				f.Close()
			}
		}
	}
}
