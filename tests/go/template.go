// Fills templates as Grafana and Prometheus do: text/template with their functions, as far as we use them.
//
// Reads one JSON document from standard input and writes a list of texts to standard output:
// {"annotations": [{"template", "labels", "values"}], "messages": [{"template", "name", "data"}]}
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"text/template"
	"time"
)

type value struct {
	Labels map[string]string
	Value  float64
}

type annotation struct {
	Template string             `json:"template"`
	Labels   map[string]string  `json:"labels"`
	Values   map[string]float64 `json:"values"`
}

type alert struct {
	Status      string
	Labels      map[string]string
	Annotations map[string]string
	StartsAt    time.Time
	EndsAt      time.Time
}

type alerts []alert

func (all alerts) with(status string) []alert {
	var found []alert
	for _, one := range all {
		if one.Status == status {
			found = append(found, one)
		}
	}
	return found
}

func (all alerts) Firing() []alert   { return all.with("firing") }
func (all alerts) Resolved() []alert { return all.with("resolved") }

type message struct {
	Template string `json:"template"`
	Name     string `json:"name"`
	Data     struct {
		Status       string
		Alerts       alerts
		CommonLabels map[string]string
	} `json:"data"`
}

func seconds(duration float64) string {
	if math.Abs(duration) < 60 {
		return fmt.Sprintf("%.4gs", duration)
	}
	whole := int64(duration)
	parts := []struct {
		size int64
		name string
	}{{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}}
	var said []string
	for _, part := range parts {
		count := whole / part.size
		whole %= part.size
		if count > 0 || len(said) > 0 || part.size == 1 {
			said = append(said, fmt.Sprintf("%d%s", count, part.name))
		}
	}
	return strings.Join(said, " ")
}

func binary(number float64) string {
	for _, prefix := range []string{"", "ki", "Mi", "Gi", "Ti"} {
		if math.Abs(number) < 1024 {
			return fmt.Sprintf("%.4g%s", number, prefix)
		}
		number /= 1024
	}
	return fmt.Sprintf("%.4gPi", number)
}

var functions = template.FuncMap{"humanizeDuration": seconds, "humanize1024": binary}

func fill(name, text string, data any) (string, error) {
	// Grafana's own option for annotations: what is missing is no error
	parsed, err := template.New(name).Option("missingkey=invalid").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, data)
	return out.String(), err
}

func main() {
	var asked struct {
		Annotations []annotation `json:"annotations"`
		Messages    []message    `json:"messages"`
	}
	said := []string{}
	err := json.NewDecoder(os.Stdin).Decode(&asked)
	for _, one := range asked.Annotations {
		if err != nil {
			break
		}
		values := map[string]value{}
		for ref, number := range one.Values {
			values[ref] = value{one.Labels, number}
		}
		data := struct {
			Labels map[string]string
			Values map[string]value
		}{one.Labels, values}
		var text string
		text, err = fill("annotation", "{{- $labels := .Labels -}}{{- $values := .Values -}}"+one.Template, data)
		said = append(said, text)
	}
	for _, one := range asked.Messages {
		if err != nil {
			break
		}
		var text string
		text, err = fill("message", one.Template+`{{ template "`+one.Name+`" . }}`, one.Data)
		said = append(said, text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(said)
}
