package check

import (
	"math"
	"strings"
	"testing"
)

func TestThreshold(t *testing.T) {
	const d = day
	for _, tt := range []struct {
		text   string
		side   Side
		rng    string
		limit  string
		alerts []float64
		fine   []float64
	}{
		{"20%", AtLeast, "20:", "<20% life", []float64{19.9, 0, -1}, []float64{20, 100}},
		{"30d", AtLeast, "30:", "<30d", []float64{29 * d, -d}, []float64{30 * d, 400 * d}},
		{"30", AtLeast, "30:", "<30d", []float64{29 * d}, []float64{30 * d}},
		{"3d", AtMost, "3", ">3d", []float64{4 * d}, []float64{0, 3 * d}},
		{"36h", AtMost, "1.5", ">1.5d", []float64{1.6 * d}, []float64{1.5 * d}},
		{"2w", AtMost, "14", ">14d", []float64{15 * d}, []float64{14 * d}},
		{"90m", AtMost, "0.06", ">0.06d", []float64{2 * 3600}, []float64{3600}},
		{"10:", AtMost, "10:", "<10d", []float64{9 * d}, []float64{10 * d, 11 * d}},
		{"~:10", AtLeast, "~:10", ">10d", []float64{11 * d}, []float64{-5 * d, 10 * d}},
		{"10:20", AtLeast, "10:20", "range 10:20", []float64{9 * d, 21 * d}, []float64{10 * d, 15 * d, 20 * d}},
		{"10:20%", AtLeast, "10:20", "range 10:20%", []float64{9, 21}, []float64{10, 20}},
		{"@10:20", AtLeast, "@10:20", "range @10:20", []float64{10 * d, 15 * d, 20 * d}, []float64{9 * d, 21 * d}},
		{"@10", AtLeast, "@0:10", "range @10", []float64{0, 10 * d}, []float64{-d, 11 * d}},
		{":10", AtLeast, "10", ">10d", []float64{-1, 11 * d}, []float64{0, 10 * d}},
		{"-5:", AtLeast, "-5:", "<-5d", []float64{-6 * d}, []float64{-5 * d, 0}},
		{" 12h:2d ", AtLeast, "0.5:2", "range 12h:2d", []float64{0, 3 * d}, []float64{d}},
		{"", AtLeast, "", "", nil, []float64{-100, 0, 100}},
	} {
		got, err := ParseThreshold(tt.text, tt.side)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		if got.Range() != tt.rng || got.Limit() != tt.limit {
			t.Errorf("%q: range %q, limit %q, want %q and %q", tt.text, got.Range(), got.Limit(), tt.rng, tt.limit)
		}
		for _, v := range tt.alerts {
			if !got.Alerts(v) {
				t.Errorf("%q does not alert for %v", tt.text, v)
			}
		}
		for _, v := range tt.fine {
			if got.Alerts(v) {
				t.Errorf("%q alerts for %v", tt.text, v)
			}
		}
		if got.Alerts(math.NaN()) {
			t.Errorf("%q alerts for what is no number", tt.text)
		}
	}
}

func TestThresholdErrors(t *testing.T) {
	for _, text := range []string{
		"x", "20%%", "%", "d", "@", "@@10", "~", "~:", ":", "~:~", "10:~", "20:10", "10%:5d", "10d:20%", "1e3", "0x10", "NaN", "inf", "+5",
		"10 %", "5s", "5M", "5dd", "10:20:30", "--5", "9999999999999999999", "\x00", "10|", "\u0661",
	} {
		for _, side := range []Side{AtLeast, AtMost} {
			if got, err := ParseThreshold(text, side); err == nil {
				t.Errorf("%q is %+v", text, got)
			} else if !strings.Contains(err.Error(), "threshold") {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

// FuzzThreshold: whatever is understood says one thing in performance data and
// judges by it, and is understood the same when it is read again.
func FuzzThreshold(f *testing.F) {
	for _, seed := range []string{"20%", "30d", "@10:20", "10:", "~:10", ":10", "-5:5d", "0.5h:2w", "", "@", "~:~"} {
		f.Add(seed, false, 12.5)
	}
	f.Fuzz(func(t *testing.T, text string, most bool, value float64) {
		side := AtLeast
		if most {
			side = AtMost
		}
		got, err := ParseThreshold(text, side)
		if err != nil {
			return
		}
		if strings.ContainsFunc(got.Range(), func(r rune) bool { return !strings.ContainsRune("@~:-.0123456789", r) }) {
			t.Errorf("%q: range %q", text, got.Range())
		}
		again, err := ParseThreshold(got.String(), side)
		if err != nil || again.Alerts(value) != got.Alerts(value) || again.Range() != got.Range() {
			t.Errorf("%q: %+v, again %+v, %v", text, got, again, err)
		}
		if got.Set && got.Low > got.High {
			t.Errorf("%q: from %v to %v", text, got.Low, got.High)
		}
		if ascii(got.Limit()) != got.Limit() {
			t.Errorf("%q: limit %q", text, got.Limit())
		}
	})
}
