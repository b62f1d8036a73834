package port_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/port"
)

// BenchmarkImport takes in exports without pictures and tells posts a second and the highest heap
// (live objects and garbage not yet collected). The database waits for the disk as it does in
// earnest.
func BenchmarkImport(b *testing.B) {
	for _, n := range []int{1_000, 5_000, 10_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				o := dbtest.SQLite(b)
				o.Loose = false
				d, err := db.Open(b.Context(), o)
				if err != nil {
					b.Fatal(err)
				}
				rooms := paper(b, d, "en")
				peak := watchHeap()
				b.StartTimer()
				began := time.Now()
				rep, err := port.ImportWordPress(b.Context(), rooms, []port.File{generated(n)}, port.Options{})
				took := time.Since(began)
				b.StopTimer()
				if err != nil || rep.Stories.New != n {
					b.Fatal(rep.Stories, err)
				}
				b.ReportMetric(float64(n)/took.Seconds(), "posts/s")
				b.ReportMetric(float64(peak())/(1<<20), "MB-peak-heap")
				if err := d.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

// watchHeap looks at the heap until the returned function is called, which tells the most it saw.
func watchHeap() func() uint64 {
	stop := make(chan struct{})
	var most uint64
	var done sync.WaitGroup
	done.Go(func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	})
	return func() uint64 { close(stop); done.Wait(); return most }
}

// generated is an export of n posts, made while it is read.
func generated(n int) port.File {
	var count counted
	writeExport(&count, n)
	return port.File{Name: "generated.xml", Size: int64(count), Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() {
			b := bufio.NewWriterSize(w, 1<<16)
			writeExport(b, n)
			w.CloseWithError(b.Flush())
		}()
		return r, nil
	}}
}

type counted int64

func (c *counted) Write(b []byte) (int, error) { *c += counted(len(b)); return len(b), nil }

var lexicon = strings.Fields(`the a of to in and minister parliament said on Tuesday that government would city council agreed plan for new
	bridge river after years delay costs rise million euros according report residents fear noise while mayor calls it chance for whole region
	opposition demands vote before summer experts doubt figures first time since war ended they were asked about future of energy prices winter`)

func writeExport(w io.Writer, n int) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := func(k int) string {
		list := make([]string, k)
		for i := range list {
			list[i] = lexicon[rnd.IntN(len(lexicon))]
		}
		return strings.ToUpper(list[0][:1]) + list[0][1:] + " " + strings.Join(list[1:], " ")
	}
	io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Bench</title><link>https://bench.example</link><language>en</language><wp:base_blog_url>https://bench.example</wp:base_blog_url>`)
	for a := range 20 {
		fmt.Fprintf(w, `<wp:author><wp:author_id>%d</wp:author_id><wp:author_login>w%d</wp:author_login><wp:author_display_name><![CDATA[Writer %d]]></wp:author_display_name></wp:author>`, a+1, a, a)
	}
	base := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 1; i <= n; i++ {
		at := base.Add(time.Duration(i) * 17 * time.Minute)
		fmt.Fprintf(w, "<item><title>%s</title><link>https://bench.example/%s/p%d/</link><dc:creator>w%d</dc:creator><guid>https://bench.example/?p=%d</guid><content:encoded><![CDATA[", words(8), at.Format("2006/01/02"), i, rnd.IntN(20), i)
		for p := range 6 {
			fmt.Fprintf(w, "%s <strong>%s</strong> %s.", words(30), words(3), words(35))
			if p == 2 && i > 1 {
				j := 1 + rnd.IntN(i-1)
				fmt.Fprintf(w, ` <a href="https://bench.example/%s/p%d/">%s</a>.`, base.Add(time.Duration(j)*17*time.Minute).Format("2006/01/02"), j, words(4))
			}
			io.WriteString(w, "\n\n")
		}
		fmt.Fprintf(w, "]]></content:encoded><excerpt:encoded><![CDATA[%s.]]></excerpt:encoded><wp:post_id>%d</wp:post_id><wp:post_date_gmt>%s</wp:post_date_gmt><wp:post_name>p%d</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>", words(20), i, at.Format(time.DateTime), i)
		fmt.Fprintf(w, `<category domain="category" nicename="c%d"><![CDATA[Section %[1]d]]></category>`, rnd.IntN(8))
		for range 3 {
			fmt.Fprintf(w, `<category domain="post_tag" nicename="t%d"><![CDATA[Topic %[1]d]]></category>`, rnd.IntN(500))
		}
		io.WriteString(w, "<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta></item>\n")
	}
	io.WriteString(w, "</channel></rss>")
}
