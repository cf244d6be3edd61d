// Fills golden.json: what Go's own text/template with sprig makes of each case.
//
//	cd test/support/go-templates && go run . ../../engine/templates/golden.json
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
)

type goldenFile struct {
	Data  map[string]json.RawMessage `json:"data"`
	Cases []golden                   `json:"cases"`
}

type golden struct {
	Template string  `json:"template"`
	Data     string  `json:"data"`
	Output   *string `json:"output,omitempty"`
	// Error: it fails on the data. Invalid: it cannot be parsed.
	Error   bool `json:"error,omitempty"`
	Invalid bool `json:"invalid,omitempty"`
}

func main() {
	path := os.Args[1]
	time.Local = time.UTC
	text, err := os.ReadFile(path)
	check(err)
	var file goldenFile
	check(json.Unmarshal(text, &file))
	var out bytes.Buffer
	out.WriteString("{\n  \"data\": {\n")
	names := slices.Sorted(maps.Keys(file.Data))
	for i, name := range names {
		fmt.Fprintf(&out, "    %q: %s%s\n", name, line(file.Data[name]), comma(i, len(names)))
	}
	out.WriteString("  },\n  \"cases\": [\n")
	for i := range file.Cases {
		one := &file.Cases[i]
		one.Output, one.Error, one.Invalid = nil, false, false
		fill(one, file.Data[one.Data])
		fmt.Fprintf(&out, "    %s%s\n", line(one), comma(i, len(file.Cases)))
	}
	out.WriteString("  ]\n}\n")
	check(os.WriteFile(path, out.Bytes(), 0o644))
}

func line(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	check(encoder.Encode(value))
	return bytes.TrimSpace(text.Bytes())
}

func comma(i, count int) string {
	if i < count-1 {
		return ","
	}
	return ""
}

func fill(one *golden, data json.RawMessage) {
	functions := template.FuncMap(sprig.FuncMap())
	functions["json"] = functions["toJson"]
	functions["base64"] = encode
	parsed, err := template.New("case").Funcs(functions).Parse(one.Template)
	if err != nil {
		one.Invalid = true
		fmt.Println(one.Template, "→", err)
		return
	}
	var raw any
	check(json.Unmarshal(data, &raw))
	var text bytes.Buffer
	if err := parsed.Execute(&text, ints(raw)); err != nil {
		one.Error = true
		fmt.Println(one.Template, "→", err)
		return
	}
	output := text.String()
	one.Output = &output
}

// ints makes an int of {"$int": "5"}; a rule's output is []map at the top.
func ints(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if digits, ok := v["$int"].(string); ok && len(v) == 1 {
			n, err := strconv.ParseInt(digits, 10, 64)
			check(err)
			return n
		}
		for key, member := range v {
			v[key] = ints(member)
		}
		return v
	case []any:
		for i, item := range v {
			v[i] = ints(item)
		}
		return v
	}
	return value
}

// encode is what Kuiper rules know as base64.
func encode(value any) (string, error) {
	v := reflect.ValueOf(value)
	text := ""
	switch v.Kind() {
	case reflect.Bool:
		text = strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int64:
		text = strconv.FormatInt(v.Int(), 10)
	case reflect.Float64:
		text = strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.String:
		text = v.String()
	case reflect.Map:
		bytes, err := json.Marshal(value)
		if err != nil {
			return "", err
		}
		text = string(bytes)
	default:
		return "", fmt.Errorf("unsupported data type %s for base64 function", v.Kind())
	}
	return base64.StdEncoding.EncodeToString([]byte(text)), nil
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
