package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestAlertRules: the rules of docs/monitoring.md are understood by promtool, and
// each fires when it should and not before.
func TestAlertRules(t *testing.T) {
	t.Parallel()
	promtool := tool(t, "promtool")
	b := bench{dir: t.TempDir()}
	rules := sample(t, "monitoring.md", "alert: CertificateExpires")
	b.write(t, "rules.yaml", rules)
	b.run(t, promtool, "check", "rules", "rules.yaml")
	cases := read(t, filepath.Join("testdata", "alerts.yaml"))
	b.write(t, "alerts.yaml", cases)
	b.run(t, promtool, "test", "rules", "alerts.yaml")
	for line := range strings.Lines(rules) {
		if _, name, ok := strings.Cut(line, "alert: "); ok && !strings.Contains(cases, "alertname: "+strings.TrimSpace(name)) {
			t.Errorf("%s is not tried in testdata/alerts.yaml", strings.TrimSpace(name))
		}
	}
}

// TestPrometheus: promtool finds nothing to complain of in the metrics, the node
// exporter serves the file, and a real Prometheus scrapes it and raises the
// alerts of docs/monitoring.md.
func TestPrometheus(t *testing.T) {
	t.Parallel()
	promtool, prometheus, exporter := tool(t, "promtool"), tool(t, "prometheus"), tool(t, "prometheus-node-exporter")
	b := newBench(t)
	if err := os.Mkdir(b.path("textfile"), 0o700); err != nil {
		t.Fatal(err)
	}
	b.run(t, b.program, "metrics", "--config", b.config, "--subjects", "--to", b.path("textfile/certty.prom"))
	lint := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	lint.Stdin = strings.NewReader(read(t, b.path("textfile/certty.prom")))
	if out, err := lint.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
	exporterAt := b.listening(t, b.daemon(t, exporter, "--collector.disable-defaults", "--collector.textfile",
		"--collector.textfile.directory", b.path("textfile"), "--web.listen-address", "127.0.0.1:0"))
	b.write(t, "rules.yaml", strings.ReplaceAll(sample(t, "monitoring.md", "alert: CertificateExpires"), "for: 15m", "for: 0s"))
	config := b.write(t, "prometheus.yaml", fmt.Sprintf(`global: {scrape_interval: 100ms, evaluation_interval: 100ms}
rule_files: [rules.yaml]
scrape_configs:
  - job_name: node
    static_configs: [{targets: ["%s"]}]
`, exporterAt))
	prometheusAt := b.listening(t, b.daemon(t, prometheus, "--config.file", config, "--storage.tsdb.path", b.path("series"),
		"--web.listen-address", "127.0.0.1:0"))
	query := func(expression string) []string {
		var answer struct {
			Data struct {
				Result []struct {
					Metric map[string]string `json:"metric"`
				} `json:"result"`
			} `json:"data"`
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+prometheusAt+"/api/v1/query?query="+url.QueryEscape(expression), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
		if err != nil {
			return nil // it has not begun to listen
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			return nil // it is not ready
		}
		var out []string
		for _, r := range answer.Data.Result {
			out = append(out, cmp.Or(r.Metric["alertname"], r.Metric["__name__"])+" "+r.Metric["target"]+"/"+r.Metric["name"])
		}
		return out
	}
	for _, want := range []string{
		"CertificateExpires prod/old-blog", "CertificateExpires sectigo/1010", "CertificateRequestFailed prod/", "CertificateRequestFailed sectigo/",
	} {
		b.soon(t, want, func() bool { return slices.Contains(query(`ALERTS{alertstate="firing"}`), want) })
	}
	if got := query("node_textfile_scrape_error == 0"); len(got) != 1 {
		t.Errorf("the collector did not take the file: %q", got)
	}
	if got := query("certty_target_up == 1"); len(got) != 2 {
		t.Errorf("targets that are read: %q", got)
	}
	if got := query(`ALERTS{alertname=~"CertificateTargetDown|CerttyMetricsStale"}`); len(got) != 0 {
		t.Errorf("raised without need: %q", got)
	}
}
