package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/people"
	"depesche/tools/figures"
)

// What an editor uploads: twelve megapixels, as a camera and as a phone's screen write them.
const (
	pictureWide = 4000
	pictureTall = 3000
)

const (
	photographer = "photographer@bench.example"
	password     = "a long way to the printing press" //nolint:gosec // of a paper that lives for a minute
)

// uploads sends pictures to the server as the desk does, with the encoder in the binary alone and
// with vipsthumbnail beside it.
func uploads(ctx context.Context, bin, dir string) ([]figures.Row, error) {
	fmt.Fprintln(os.Stderr, "drawing pictures of twelve megapixels")
	files, err := photographs()
	if err != nil {
		return nil, err
	}
	var rows []figures.Row
	for _, way := range []struct {
		name, vips string
		formats    []string
	}{
		{"by the binary alone", "-", []string{"jpg", "webp"}},
		{"with vipsthumbnail", "", []string{"jpg", "webp", "avif"}},
	} {
		if _, err := exec.LookPath("vipsthumbnail"); way.vips == "" && err != nil {
			rows = append(rows, figures.Row{"pictures " + way.name, "", "not run here"})
			continue
		}
		for _, f := range files {
			fmt.Fprintln(os.Stderr, "uploading", f.name, way.name)
			data := filepath.Join(dir, "pictures-"+way.name+f.name)
			r, err := upload(ctx, bin, data, way.vips, f, way.formats)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", f.name, way.name, err)
			}
			what := fmt.Sprintf("%s of 12 megapixels, %.1f MB, %s: ", f.kind, float64(len(f.data))/1e6, way.name)
			rows = append(rows,
				figures.Row{what + "shown in the desk, the text and the first renditions", "under 3 s", r.usable.Round(10 * time.Millisecond).String()},
				figures.Row{what + "all of " + strings.Join(way.formats, ", ") + " there", "under 20 s", r.complete.Round(10 * time.Millisecond).String()},
				figures.Row{what + "computing time for all of it, of the server and what it starts", "", r.cpu.Round(10 * time.Millisecond).String()},
				figures.Row{what + "highest memory of the server meanwhile, resident", "", fmt.Sprintf("%.0f MB", float64(r.peak)/1e6)})
			if r.child > 0 {
				rows = append(rows, figures.Row{what + "highest of vipsthumbnail", "", fmt.Sprintf("%.0f MB", float64(r.child)/1e6)})
			}
		}
	}
	return rows, nil
}

type photograph struct {
	kind, name string
	data       []byte
}

// photographs draws one picture and writes it as a camera would, and as a PNG.
func photographs() ([]photograph, error) {
	img := scene()
	var j, p bytes.Buffer
	if err := jpeg.Encode(&j, img, &jpeg.Options{Quality: 92}); err != nil {
		return nil, err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&p, img); err != nil {
		return nil, err
	}
	return []photograph{{"JPEG", "scene.jpg", withEXIF(j.Bytes())}, {"PNG", "scene.png", p.Bytes()}}, nil
}

// scene has what photographs have: large calm parts, fine structure, edges, and the noise of a sensor.
func scene() *image.RGBA {
	r := rand.New(rand.NewPCG(4, 12)) //nolint:gosec // the same picture each time
	img := image.NewRGBA(image.Rect(0, 0, pictureWide, pictureTall))
	for y := range pictureTall {
		for x := range pictureWide {
			fx, fy := float64(x)/pictureWide, float64(y)/pictureTall
			sky := 150 + 60*fy + 12*math.Sin(9*fx+4*fy)
			leaf := 0.0
			if ground := 0.55 + 0.08*math.Sin(5*fx); fy > ground {
				leaf = 40*math.Sin(float64(x)*0.31+9*math.Sin(float64(y)*0.05)) + 25*math.Sin(float64(y)*0.7)
				sky = 90 - 50*(fy-ground)
			}
			if (x/170+y/230)%5 == 0 && fy > 0.3 && fy < 0.7 {
				sky = 60 + 20*float64((x/17)%2)
			}
			noise := 2.2 * r.NormFloat64()
			at := img.PixOffset(x, y)
			for c, tint := range [3]float64{0.92, 1, 1.08 - 0.3*fy} {
				img.Pix[at+c] = uint8(max(0, min(255, (sky+leaf)*tint+noise+1.2*r.NormFloat64())))
			}
			img.Pix[at+3] = 255
		}
	}
	return img
}

// withEXIF says who made a JPEG, and that it is upright.
func withEXIF(file []byte) []byte {
	const name = "Bench\x00"
	le := binary.LittleEndian
	t := []byte("II*\x00\x08\x00\x00\x00\x02\x00")
	entry := func(tag, kind uint16, n, v uint32) {
		t = le.AppendUint16(le.AppendUint16(t, tag), kind)
		t = le.AppendUint32(le.AppendUint32(t, n), v)
	}
	entry(0x0112, 3, 1, 1)
	entry(0x013b, 2, uint32(len(name)), 8+2+2*12+4)
	t = append(append(t, 0, 0, 0, 0), name...)
	body := append([]byte("Exif\x00\x00"), t...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), file[2:]...)
}

type uploaded struct {
	usable, complete time.Duration
	cpu              time.Duration // told beside the clock's, which other work of the machine stretches
	peak, child      int64
}

// computing is how long a process and the children that it has waited for have had a processor.
func computing(pid int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:])) // from the third on
	const tick = 10 * time.Millisecond
	var sum time.Duration
	for _, f := range fields[11:15] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// upload starts a server on a new paper and sends it one picture.
func upload(ctx context.Context, bin, data, vips string, f photograph, formats []string) (out uploaded, err error) {
	if err := fill(ctx, data, 1); err != nil {
		return out, err
	}
	if err := employ(ctx, data); err != nil {
		return out, err
	}
	const base = "http://127.0.0.1:18091"
	cmd := exec.CommandContext(ctx, bin, "serve", "--data", data, "--addr", strings.TrimPrefix(base, "http://"), "--log-level", "error")
	cmd.Stderr = os.Stderr
	if vips == "-" {
		cmd.Env = append(os.Environ(), "PATH=/nowhere")
	}
	if err := cmd.Start(); err != nil {
		return out, err
	}
	defer func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}()
	c, err := signIn(ctx, base)
	if err != nil {
		return out, err
	}
	watched, stop := context.WithCancel(ctx)
	highest := watchChildren(watched, cmd.Process.Pid)
	before, err := computing(cmd.Process.Pid)
	if err != nil {
		stop()
		return out, err
	}
	began := time.Now()
	thumb, err := send(ctx, c, base, f)
	if err != nil {
		stop()
		return out, err
	}
	folder := base + thumb[:strings.LastIndexByte(thumb, '/')+1]
	see := func(address string) error { return until(ctx, c, address) }
	err = errors.Join(see(base+thumb), see(base+"/desk/pictures"), see(folder+"960.jpg"), see(folder+"1920.jpg"))
	out.usable = time.Since(began)
	for _, format := range formats {
		for _, w := range []int{320, 640, 960, 1280, 1920} {
			err = errors.Join(err, see(folder+strconv.Itoa(w)+"."+format))
		}
	}
	out.complete = time.Since(began)
	stop()
	out.child = <-highest
	after, err2 := computing(cmd.Process.Pid)
	out.cpu = after - before
	peak, err3 := memory(cmd.Process.Pid, "VmHWM:")
	out.peak = peak
	return out, errors.Join(err, err2, err3)
}

// employ gives the paper a photographer.
func employ(ctx context.Context, data string) error {
	a, err := open(ctx, data)
	if err != nil {
		return err
	}
	_, err = a.People.CreateStaff(ctx, actor.System("bench"), people.NewStaff{Name: "Bench", Email: photographer, Password: password, Role: actor.Editor, UILang: "en"})
	return errors.Join(err, a.Close())
}

// signIn waits for the server and signs in.
func signIn(ctx context.Context, base string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar}
	if err := until(ctx, c, base+"/healthz"); err != nil {
		return nil, err
	}
	form := url.Values{"email": {photographer}, "password": {password}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/desk/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || strings.Contains(res.Request.URL.Path, "sign-in") {
		return nil, fmt.Errorf("sign in: %s at %s", res.Status, res.Request.URL)
	}
	return c, nil
}

// send uploads a file as the editor's island does, and returns the address of its thumbnail.
func send(ctx context.Context, c *http.Client, base string, f photograph) (thumb string, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", f.name)
	if err == nil {
		_, err = part.Write(f.data)
	}
	if err := errors.Join(err, form.Close()); err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/desk/pictures", &body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Accept", "application/json")
	res, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	var p struct {
		Thumb string `json:"thumb"`
	}
	if err := json.Unmarshal(raw, &p); err != nil || p.Thumb == "" {
		return "", fmt.Errorf("upload: %s: %.200s", res.Status, raw)
	}
	return p.Thumb, nil
}

// until waits until the address answers with something, whole.
func until(ctx context.Context, c *http.Client, address string) error {
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(5 * time.Millisecond) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		res, err := c.Do(req)
		if err != nil {
			continue
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err == nil && n > 0 && res.StatusCode == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("%s doesn't come", address)
}

// watchChildren finds the highest memory of any child of the process until ctx ends.
func watchChildren(ctx context.Context, pid int) <-chan int64 {
	out := make(chan int64, 1)
	go func() {
		var most int64
		for ctx.Err() == nil {
			list, _ := filepath.Glob("/proc/[0-9]*/status")
			for _, file := range list {
				raw, err := os.ReadFile(file)
				if err == nil && bytes.Contains(raw, fmt.Appendf(nil, "\nPPid:\t%d\n", pid)) {
					if n, err := fieldOf(string(raw), "VmHWM:"); err == nil {
						most = max(most, n)
					}
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
		out <- most
	}()
	return out
}
